/** Planned work in the words of an announcement: when, what may be down, what keeps working, what happens to mail. */
import { capital } from '../../alerting/names.ts';
import type { MailLeg } from '../../mail/legs.ts';
import { nextAfter, runningAt } from '../../maintenance/calendar.ts';
import { reachedFrom } from '../../maintenance/reached.ts';
import { describeWindow } from '../../maintenance/words.ts';
import { namesOf } from '../../model/describe-event.ts';
import type { MaintenanceWindow } from '../../model/maintenance.ts';
import type { Subject } from '../../model/plan.ts';
import { clean, listOf } from '../../text.ts';
import { dayKey, dayName } from '../../time.ts';
import type { Block, Draft, Statement } from '../draft.ts';
import { createEvidence, type EvidenceBook, windowKey } from '../evidence.ts';
import { spokenNumber } from '../spoken.ts';
import { type Times, timesOf } from '../times.ts';
import type { DocumentInput } from './index.ts';
import { finish, gap, list, prose, quoted, say, section } from './page.ts';
import { audienceOf, internalNames, isPublic } from './public-words.ts';

/** What an announcement is written with. */
export interface Work {
  input: DocumentInput;
  window: MaintenanceWindow;
  /** The stretch it is about, as far as it is known. */
  from: number | null;
  to: number | null;
  durationMs: number | null;
  state: 'to-come' | 'running' | 'over' | 'cancelled';
  times: Times;
  book: EvidenceBook;
  key: string;
}

/** @returns null where no planned work was named */
export function workOf(input: DocumentInput): Work | null {
  const { window } = input;
  if (!window) return null;
  const { now } = input;
  const next = runningAt(window, now) ?? nextAfter(window, now);
  const single = window.kind !== 'recurring';
  const from = single ? (window.startedAt ?? (window.kind === 'flexible' ? null : window.from)) : (next?.from ?? null);
  const planned = single
    ? (window.to ?? (from !== null && window.durationMs !== null && window.kind !== 'open-ended' ? from + window.durationMs : null))
    : (next?.to ?? null);
  const to =
    window.endedAt ?? (window.kind === 'flexible' && from !== null && window.durationMs !== null ? from + window.durationMs : planned);
  const durationMs = window.durationMs ?? (from !== null && to !== null ? to - from : null);
  const state =
    window.cancelledAt !== null && window.cancelledAt <= now
      ? 'cancelled'
      : window.endedAt !== null && window.endedAt <= now
        ? 'over'
        : from !== null && from <= now
          ? to !== null && to <= now
            ? 'over'
            : 'running'
          : 'to-come';
  const { zone, clock } = input.options;
  const style = { clock, zoned: true, plain: true } as const;
  const anchor = from ?? window.from ?? now;
  const times = timesOf(zone, anchor, to ?? anchor, [], style);
  const windows = [...(input.windows ?? []).filter((it) => it.id !== window.id), window];
  const book = createEvidence({ ...input, windows }, namesOf(input.subjects, input.plans), times);
  return { input, window, from, to, durationMs, state, times, book, key: windowKey(window.id) };
}

/** "Wednesday 16 December 2026, 22:00 to 23:00 PST"; null while the day is not fixed. */
export function dayAndTime({ input, from, to, times }: Work): string | null {
  if (from === null) return null;
  const { zone } = input.options;
  if (to === null) return `${dayName(from, zone)}, from ${clockOf(times, from)}`;
  return dayKey(from, zone) === dayKey(to, zone)
    ? `${dayName(from, zone)}, ${times.span(from, to)}`
    : `${dayName(from, zone)}, ${clockOf(times, from)}, to ${dayName(to, zone)}, ${clockOf(times, to)}`;
}

/** Only the time of day: the day stands beside it. */
const clockOf = (times: Times, at: number): string => times.moment(at).replace(/ on \d+ .*$/, '');

/** "up to one hour", "20 minutes". */
export const howLong = ({ durationMs, times }: Work): string | null => (durationMs === null ? null : times.duration(durationMs));

export function whenBlocks(work: Work): Block[] {
  const { window, key, input, times } = work;
  const day = dayAndTime(work);
  const long = howLong(work);
  const { zone } = input.options;
  if (window.kind === 'recurring') {
    const series = say(`${capital(seriesWords(work))}.`, key);
    return [prose(day === null ? [] : say(`The next time: ${day}.`, key), series)];
  }
  if (window.kind === 'flexible' && window.startedAt === null && window.from !== null && window.to !== null) {
    const span = `between ${clockOf(times, window.from)} on ${dayName(window.from, zone)} and ${clockOf(times, window.to)}${dayKey(window.from, zone) === dayKey(window.to, zone) ? '' : ` on ${dayName(window.to, zone)}`}`;
    return [prose(say(`Some time ${span}${long === null ? '' : `, for about ${long}`}.`, key))];
  }
  if (day === null)
    return [
      prose(say(`The day is not fixed yet${long === null ? '' : `; the work takes about ${long}`}.`, key)),
      gap('Which day is it to be, or from which days is it chosen?'),
      ...(long === null ? [gap('How long will it take?')] : []),
    ];
  const lasts = work.to === null ? '' : long === null ? '' : ` (${long})`;
  const end = work.to === null ? ' until it is finished' : '';
  const verb = { 'to-come': '', running: 'It is under way: ', over: 'It is done: ', cancelled: '' }[work.state];
  return [
    prose(say(`${verb}${verb === '' ? day : day}${lasts}${end}.`, key)),
    ...(work.to === null && work.state !== 'over' ? [gap('How long will it take at most?')] : []),
  ];
}

function seriesWords({ window, input }: Work): string {
  const said = describeWindow(window, input.options.zone, input.now);
  if (input.options.clock === '24h') return said;
  return said.replace(
    /\b(\d{2}):(\d{2})\b/g,
    (_all, hour: string, minute: string) => `${Number(hour) % 12 || 12}:${minute} ${Number(hour) < 12 ? 'AM' : 'PM'}`,
  );
}

/** What customers know of what is down meanwhile. */
export function affectedOf({ input, window }: Pick<Work, 'input' | 'window'>): Subject[] {
  const reached = reachedFrom(input.subjects)(window.affects, window.spares);
  const stacks = new Set(input.subjects.flatMap((it) => (it.leg ? [it.leg.entry] : [])));
  // A stack is told leg by leg.
  return input.subjects.filter((it) => reached.has(it.id) && isPublic(it) && !(stacks.has(it.id) && it.leg === undefined));
}

const services: Partial<Record<MailLeg, string>> = { receiving: 'receiving mail', sending: 'sending mail', reading: 'reading mail' };

/** Names in customers' words; the legs of several domains are told once. */
export function namesOfThings(subjects: readonly Subject[]): string[] {
  const names = subjects.flatMap((it): string[] => {
    if (!it.leg) return [audienceOf(it)];
    const { leg } = it.leg;
    if (leg === 'records' || leg === 'delivery') return [];
    return [services[leg] ?? audienceOf(it).replace(` for ${it.leg.domain}`, '')];
  });
  return [...new Set(names)];
}

const unnamedWords = { host: 'server', link: 'connection to the internet', prefix: 'part of our addresses', site: 'datacenter' } as const;

export function affectedBlocks(work: Work): Block[] {
  const { window, input, key } = work;
  const names = namesOfThings(affectedOf(work));
  const may = {
    'to-come': 'may not work during that time',
    running: 'may not work at the moment',
    over: 'may not have worked during that time',
    cancelled: 'would not have worked',
  }[work.state];
  if (names.length > 0) return [prose(say(`These ${may}:`, key)), list(...names.slice(0, 30).map((name) => say(capital(name), key)))];
  const kinds = [
    ...Map.groupBy(
      window.affects.flatMap((id) => input.subjects.find((it) => it.id === id) ?? []),
      (it) => it.kind,
    ),
  ];
  const things = kinds.flatMap(([kind, those]) =>
    kind === 'host' || kind === 'link' || kind === 'prefix' || kind === 'site'
      ? [those.length === 1 ? `one ${unnamedWords[kind]}` : `${spokenNumber(those.length)} ${unnamedWords[kind]}s`]
      : [],
  );
  return [
    prose(things.length > 0 ? say(`The work is on ${listOf(things, 4)}.`, key) : []),
    gap('What do customers notice? Nothing that the work affects is a service that they know.'),
  ];
}

export function spareBlocks(work: Work): Block[] {
  const { window, input, key } = work;
  const byId = new Map(input.subjects.map((it) => [it.id, it]));
  const hit = new Set(affectedOf(work).map((it) => it.id));
  const spared = window.spares.flatMap((id) => byId.get(id) ?? []).filter(isPublic);
  const named = new Set(spared.map((it) => it.id));
  const others = input.subjects.filter(
    (it) => isPublic(it) && !hit.has(it.id) && !named.has(it.id) && !named.has(it.leg?.entry ?? '') && !window.affects.includes(it.id),
  );
  const legless = others.filter((it) => it.leg !== undefined || !input.subjects.some((one) => one.leg?.entry === it.id));
  const names = namesOfThings(spared);
  const keep = work.state === 'over' ? 'were not part of it' : 'can be used as usual';
  const rest = namesOfThings(legless).filter((name) => !names.includes(name) && !namesOfThings(affectedOf(work)).includes(name));
  return [
    prose(
      names.length > 0 ? say(`${capital(listOf(names, 15))} ${keep}.`, key) : [],
      rest.length > 0 ? say(`The work does not touch ${listOf(rest, 15)}.`, key) : [],
    ),
  ];
}

/** Senders try for 4 to 5 days (RFC 5321, 4.5.4.1): longer work is no case for a promise. */
const sendersTryMs = 4 * 24 * 60 * 60_000;

export function mailBlocks(work: Work): Block[] {
  const { key, durationMs } = work;
  const affected = affectedOf(work).filter((it) => it.kind === 'mail');
  if (affected.length === 0 || work.state === 'cancelled') return [];
  const legs = new Set(affected.map((it) => it.leg?.leg ?? 'whole'));
  const held = legs.has('whole') || legs.has('receiving') || legs.has('delivery');
  const over = work.state === 'over';
  const statements: Statement[][] = [];
  if (held && (durationMs === null || durationMs < sendersTryMs))
    statements.push(
      say(
        over
          ? 'Mail that was sent to you meanwhile is not lost: the sending servers kept it and deliver it now.'
          : 'Mail that is sent to you meanwhile is not lost: the sending servers hold it and deliver it when the work is done. That can take a few hours.',
        key,
      ),
    );
  else if (!held && legs.has('reading'))
    statements.push(
      say(
        over
          ? 'Mail was taken all the time and waits for you.'
          : 'Mail for you is taken all the time; you can read it when the work is done.',
        key,
      ),
    );
  if ((legs.has('whole') || legs.has('sending')) && !over)
    statements.push(
      say(
        'Mail that you want to send stays in the outbox of your mail program; send it again afterwards if it does not go by itself.',
        key,
      ),
    );
  return [
    prose(...statements),
    ...(held && durationMs !== null && durationMs >= sendersTryMs
      ? [gap('The work takes longer than other servers keep mail: where is it taken meanwhile?')]
      : []),
  ];
}

export function reasonBlocks({ window, input, key }: Work): Block[] {
  const reason = clean(window.reason, 600);
  if (reason === '') return [gap('What is done, and what is it good for?')];
  return internalNames({ input, facts: null })(reason)
    ? [gap(`Say in plain words what is done. The plan says: ${reason.slice(0, 300)}`)]
    : [prose(say(`What is done: ${quoted(reason)}`, key))];
}

/** Nobody said which work it is about. */
export function withoutWork(input: DocumentInput, title: string): Draft {
  const times = timesOf(input.options.zone, input.from, input.to, [], { clock: input.options.clock, zoned: true, plain: true });
  const names = namesOf(input.subjects, input.plans);
  const book = createEvidence(input, names, times);
  return finish({ input, times, names, book }, title, section('when', 'When', gap('Which planned work is this about?')));
}

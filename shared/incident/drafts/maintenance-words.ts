/** Planned work in the words of an announcement: when, what may be down, what keeps working, what happens to mail. */
import { capital } from '../../alerting/names.ts';
import { nextAfter, runningAt } from '../../maintenance/calendar.ts';
import { describeWindow } from '../../maintenance/words.ts';
import { namesOf } from '../../model/describe-event.ts';
import type { MaintenanceWindow } from '../../model/maintenance.ts';
import { clean } from '../../text.ts';
import { dayKey, dayName, zoneTitle } from '../../time.ts';
import type { Block, Draft } from '../draft.ts';
import { createEvidence, type EvidenceBook, windowKey } from '../evidence.ts';
import { type Times, timesOf } from '../times.ts';
import type { DocumentInput } from './index.ts';
import { finish, gap, prose, say, section } from './page.ts';
import { internalNames } from './public-words.ts';

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
  // One that takes all of its time has no choice of when to begin.
  const isFree =
    window.kind === 'flexible' && !(window.from !== null && window.to !== null && (window.durationMs ?? 0) >= window.to - window.from);
  const from = single ? (window.startedAt ?? (isFree ? null : window.from)) : (next?.from ?? null);
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
  const known = timesOf(zone, anchor, to ?? anchor, [], style);
  // Without a day there is none to stand in the head.
  const times = from === null && window.from === null ? { ...known, title: `all times ${zoneTitle(now, zone)}` } : known;
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
const howLong = ({ durationMs, times }: Work): string | null => (durationMs === null ? null : times.duration(durationMs));

export function whenBlocks(work: Work): Block[] {
  const { window, key, input, times } = work;
  const day = dayAndTime(work);
  const long = howLong(work);
  const { zone } = input.options;
  if (window.kind === 'recurring') {
    const series = say(`${capital(seriesWords(work))}.`, key);
    return [prose(day === null ? [] : say(`The next time: ${day}.`, key), series)];
  }
  if (work.from === null && window.kind === 'flexible' && window.from !== null && window.to !== null) {
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

export function reasonBlocks({ window, input, key }: Work): Block[] {
  const reason = clean(window.reason, 600);
  if (reason === '') return [gap('What is done, and what is it good for?')];
  return internalNames({ input, facts: null })(reason)
    ? [gap(`Say in plain words what is done. The plan says: ${reason.slice(0, 300)}`)]
    : [prose(say(`${capital(reason).replace(/[.\s]+$/, '')}.`, key))];
}

/** Nobody said which work it is about. */
export function withoutWork(input: DocumentInput, title: string): Draft {
  const times = timesOf(input.options.zone, input.from, input.to, [], { clock: input.options.clock, zoned: true, plain: true });
  const book = createEvidence(input, namesOf(input.subjects, input.plans), times);
  return finish({ input, times, book }, title, section('when', 'When', gap('Which planned work is this about?')));
}

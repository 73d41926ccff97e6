/** What planned work touches, what it spares, and what becomes of mail meanwhile, in words for customers. */
import { capital } from '../../alerting/names.ts';
import type { MailLeg } from '../../mail/legs.ts';
import { reachedFrom } from '../../maintenance/reached.ts';
import type { Subject } from '../../model/plan.ts';
import { listOf } from '../../text.ts';
import type { Block, Statement } from '../draft.ts';
import { spokenNumber } from '../spoken.ts';
import type { Work } from './maintenance-words.ts';
import { gap, list, prose, say } from './page.ts';
import { audienceOf, isPublic } from './public-words.ts';

/** What customers know of what is down meanwhile. */
function affectedOf({ input, window }: Pick<Work, 'input' | 'window'>): Subject[] {
  const reached = reachedFrom(input.subjects)(window.affects, window.spares);
  const stacks = new Set(input.subjects.flatMap((it) => (it.leg ? [it.leg.entry] : [])));
  // A stack is told leg by leg.
  return input.subjects.filter((it) => reached.has(it.id) && isPublic(it) && !(stacks.has(it.id) && it.leg === undefined));
}

const services: Partial<Record<MailLeg, string>> = { receiving: 'receiving mail', sending: 'sending mail', reading: 'reading mail' };

/** Names in customers' words; the legs of several domains are told once. */
function audiencesOf(subjects: readonly Subject[]): string[] {
  const names = subjects.flatMap((it): string[] => {
    if (!it.leg) return [audienceOf(it)];
    const { leg } = it.leg;
    if (leg === 'records' || leg === 'delivery' || leg === 'filters') return [];
    return [services[leg] ?? audienceOf(it).replace(` for ${it.leg.domain}`, '')];
  });
  return [...new Set(names)];
}

const unnamedWords = { host: 'server', link: 'connection to the internet', prefix: 'part of our addresses', site: 'datacenter' } as const;

export function affectedBlocks(work: Work): Block[] {
  const { window, input, key } = work;
  const names = audiencesOf(affectedOf(work));
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
  const names = audiencesOf(spared);
  const rest = audiencesOf(legless).filter((name) => !names.includes(name) && !audiencesOf(affectedOf(work)).includes(name));
  return [
    prose(
      names.length === 0
        ? []
        : say(
            work.state === 'over' ? `The work was not on ${listOf(names, 15)}.` : `${capital(listOf(names, 15))} can be used as usual.`,
            key,
          ),
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

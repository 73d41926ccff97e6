/** Mail: receiving, sending, reading and delivery apart; how late it came; and whether any can be lost. */
import { type MailLeg, mailLegs } from '../../mail/legs.ts';
import type { PlannedCheck, Subject } from '../../model/plan.ts';
import { clean } from '../../text.ts';
import { DAY, humanDuration } from '../../time.ts';
import { coverageKey } from '../evidence.ts';
import type { SeenRun } from '../input.ts';
import { type Spell, worstOf } from '../spells.ts';
import { merge, type Stretch, sumOf } from '../stretches.ts';
import type { AffectedFact, LegFact, MailFact } from './schema-parts.ts';
import { type Context, keys } from './things.ts';
import { workedThroughout } from './ways.ts';
import { isWrongContent } from './wrong-content.ts';

/** RFC 5321, section 4.5.4.1: senders go on trying for at least 4 to 5 days. */
const sendersTryMs = 4 * DAY;
/** Verdicts on an answer that a sending server takes for final: the message goes back to whoever wrote it (RFC 5321, 4.2.1: 5yz). */
const forGood: ReadonlySet<string> = new Set(['recipient-refused', 'sender-refused', 'no-service', 'hello-refused', 'no-mailbox']);

/** RFC 6335's registry: what listens on a port of a mail server. */
const legOfPort: Readonly<Record<number, MailLeg>> = {
  25: 'receiving',
  465: 'sending',
  587: 'sending',
  110: 'reading',
  143: 'reading',
  993: 'reading',
  995: 'reading',
  4190: 'filters',
};

/** Of a mail entry that is watched by checks of its own only. */
function legOfCheck(plan: PlannedCheck): MailLeg | null {
  switch (plan.type as string) {
    case 'smtp':
      return legOfPort[Number(plan.config.port ?? 25)] ?? 'sending';
    case 'tcp':
    case 'tls':
      return legOfPort[Number(plan.config.port)] ?? null;
    case 'imap':
    case 'pop3':
      return 'reading';
    case 'queue':
    case 'roundtrip':
      return 'delivery';
    case 'sieve':
      return 'filters';
    case 'posture':
      return 'records';
    case 'http':
      return 'webmail';
    default:
      return null;
  }
}

export function mailFacts(context: Context, affected: readonly AffectedFact[]): MailFact[] {
  const hit = new Map(affected.map((it) => [it.id, it]));
  const mail = context.input.subjects.filter((it) => it.kind === 'mail');
  const legsOf = Map.groupBy(
    mail.filter((it) => it.leg),
    (it) => it.leg?.entry ?? '',
  );
  return mail.flatMap((entry): MailFact[] => {
    if (entry.leg) return [];
    const subjects = legsOf.get(entry.id) ?? [];
    const legs =
      subjects.length > 0 ? subjects.map((it) => legFact(context, it, hit.get(it.id))) : ownLegs(context, entry, hit.get(entry.id));
    if (!legs.some((it) => it.state !== 'worked' && it.state !== 'not-known')) return [];
    legs.sort((a, b) => mailLegs.indexOf(a.leg) - mailLegs.indexOf(b.leg));
    const queues = queuesOf(context, entry, subjects);
    return [
      {
        entry: entry.id,
        domain: clean(subjects[0]?.leg?.domain ?? entry.note, 120),
        audience: clean(entry.audience, 120),
        legs,
        delay: delayOf(context, queues),
        held: heldOf(context, legs, queues),
      },
    ];
  });
}

function legFact(context: Context, subject: Subject, hit: AffectedFact | undefined): LegFact {
  const leg = subject.leg?.leg as MailLeg;
  const thing = context.thing(subject.id);
  if (hit) {
    const { how, from, to, lastedMs, seen, evidence } = hit;
    return { leg, thing, state: how === 'unknown' ? 'not-known' : how, from, to, lastedMs, seen, evidence };
  }
  const plans = context.plansOf(subject.id);
  return quietLeg(context, leg, subject, plans);
}

function quietLeg(context: Context, leg: MailLeg, subject: Subject, plans: readonly PlannedCheck[]): LegFact {
  const worked = plans.length > 0 && plans.every((plan) => workedThroughout(context, plan));
  const evidence = plans.length > 0 ? [coverageKey(plans.slice(0, 50))] : [`unwatched:${subject.id}`];
  const base = { leg, thing: context.thing(subject.id), from: null, to: null, lastedMs: 0, seen: '', evidence };
  return { ...base, state: worked ? 'worked' : 'not-known' };
}

/** Legs by the types of the checks, where the mail entry has no legs of its own. */
function ownLegs(context: Context, entry: Subject, hit: AffectedFact | undefined): LegFact[] {
  const byLeg = Map.groupBy(context.plansOf(entry.id), legOfCheck);
  return [...byLeg].flatMap(([leg, plans]): LegFact[] => {
    if (leg === null) return [];
    const ids = new Set(plans.map((plan) => plan.id));
    const spells = (context.bySubject.get(entry.id) ?? []).filter((spell) => ids.has(spell.check));
    if (spells.length === 0) {
      if (hit?.how !== 'unreachable') return [quietLeg(context, leg, entry, plans)];
      const { from, to, lastedMs, seen, evidence } = hit;
      return [{ leg, thing: context.thing(entry.id), state: 'unreachable', from, to, lastedMs, seen, evidence }];
    }
    return [spokenLeg(context, leg, entry, plans, spells)];
  });
}

function spokenLeg(context: Context, leg: MailLeg, entry: Subject, plans: readonly PlannedCheck[], spells: readonly Spell[]): LegFact {
  const stretches = merge(spells);
  const level = worstOf(spells);
  const worst = spells.filter((spell) => spell.level === level);
  const failed = new Set(worst.map((spell) => spell.check)).size;
  const seen = worst.find((spell) => spell.text !== '');
  const state: LegFact['state'] =
    level === 'unknown'
      ? 'not-known'
      : level === 'degraded'
        ? 'degraded'
        : isWrongContent(seen?.reason ?? '')
          ? 'wrong-content'
          : failed < plans.length
            ? 'partly'
            : 'down';
  return {
    leg,
    thing: context.thing(entry.id),
    state,
    from: stretches[0]?.from ?? null,
    to: stretches.at(-1)?.to ?? null,
    lastedMs: Math.max(0, sumOf(stretches, context.input.to)),
    seen: clean(seen?.text ?? '', 400),
    evidence: keys(spells.flatMap((spell) => spell.evidence)),
  };
}

/** The queue checks of a mail entry, its legs, and the hosts that carry them. */
function queuesOf(context: Context, entry: Subject, legs: readonly Subject[]): PlannedCheck[] {
  const ids = new Set([entry, ...legs].flatMap((it) => [it.id, ...it.hosts]));
  return [...ids].flatMap((id) => context.plansOf(id).filter((plan) => plan.type === 'queue'));
}

/** The words of the queue check for how late mail comes (see checks/queue.ts). */
const delayed = /mail(?: for \S+)? is delayed by [^;]+/;
const minutesIn = (text: string): number => {
  const last = [...text.matchAll(/(\d+) (minute|hour)/g)].at(-1);
  return last ? Number(last[1]) * (last[2] === 'hour' ? 60 : 1) : 0;
};

function delayOf(context: Context, queues: readonly PlannedCheck[]): MailFact['delay'] {
  const bad = queues.flatMap((plan) => (context.troubled.get(plan.id) ?? []).map((spell) => ({ plan, spell })));
  const runs = queues.flatMap((plan) => (context.input.seen?.[plan.id] ?? []).map((run) => ({ plan, run })));
  if (bad.length === 0 && !runs.some(({ run }) => run.state !== 'ok')) return null;
  const told: { at: number; text: string; evidence: string[] }[] = [];
  const tell = (at: number, text: string, evidence: string[]): void => {
    const found = delayed.exec(text)?.[0];
    if (found !== undefined) told.push({ at, text: clean(found, 200), evidence });
  };
  for (const { spell } of bad) tell(spell.from, spell.text, spell.evidence.slice(0, 1));
  for (const { plan, run } of runs) for (const [at, text] of textsOf(run)) tell(at, text, evidenceAt(context, plan, at));
  told.sort((a, b) => a.at - b.at);
  const most = runs.map(({ run }) => run.most).filter((value) => value !== null);
  const worst = told.reduce<(typeof told)[number] | null>((a, b) => (a && minutesIn(a.text) >= minutesIn(b.text) ? a : b), null);
  return { worst, last: told.at(-1) ?? null, waitingAtMost: most.length > 0 ? Math.max(...most) : null };
}

const textsOf = (run: SeenRun): [at: number, text: string][] => [
  [run.from, run.text],
  [run.to, run.last],
];

/** The line of the trouble that a result belongs to, else the results themselves. */
function evidenceAt(context: Context, plan: PlannedCheck, at: number): string[] {
  const spell = context.troubled.get(plan.id)?.find((it) => it.from <= at && (it.to ?? at) >= at);
  return spell ? spell.evidence.slice(0, 1) : [coverageKey([plan])];
}

/** Of several mail exchangers one is enough. */
const noTaking: ReadonlySet<LegFact['state']> = new Set(['down', 'unreachable']);

/** Where mail was kept meanwhile. Only what follows from what was seen, and from what every sending server must do. */
function heldOf(context: Context, legs: readonly LegFact[], queues: readonly PlannedCheck[]): MailFact['held'] {
  const receiving = legs.find((it) => it.leg === 'receiving' && noTaking.has(it.state));
  const waits = queues.flatMap((plan) => context.troubled.get(plan.id) ?? []).filter((spell) => spell.level !== 'unknown');
  const delivery = legs.find((it) => it.leg === 'delivery' && (noTaking.has(it.state) || it.state === 'degraded' || it.state === 'partly'));
  if (!receiving && !delivery && waits.length === 0) return null;
  const inQueue = merge(waits);
  const own = (ms: number): number => Math.max(0, ms);
  if (!receiving) {
    const stretches: Stretch[] =
      inQueue.length > 0 ? inQueue : delivery ? [{ from: delivery.from ?? 0, to: delivery.to, evidence: delivery.evidence }] : [];
    // Nobody saw the queue itself: a round trip that did not come back may be anywhere.
    const seen = waits.length > 0;
    return {
      where: 'queue',
      fromMs: own(sumOf(stretches, context.input.to)),
      lost: seen ? 'nothing' : 'not-known',
      why: seen ? 'mail that was taken waited in the queue of our own server' : 'mail did not arrive, and no check looks at the queue',
      evidence: keys(stretches.flatMap((it) => it.evidence)),
    };
  }
  const spells = context.bySubject.get(receiving.thing.id) ?? [];
  const final = spells.find((spell) => forGood.has(spell.reason));
  const lastedMs = own(receiving.lastedMs);
  const where = waits.length > 0 ? ('both' as const) : ('senders' as const);
  const evidence = keys([...receiving.evidence, ...inQueue.flatMap((it) => it.evidence)]);
  if (final) return { where, fromMs: lastedMs, lost: 'possibly', why: `mail was refused for good: ${clean(final.text, 200)}`, evidence };
  if (lastedMs >= sendersTryMs)
    return {
      where,
      fromMs: lastedMs,
      lost: 'possibly',
      why: `it lasted ${humanDuration(lastedMs)}, and sending servers may give up after 4 to 5 days`,
      evidence,
    };
  return {
    where,
    fromMs: lastedMs,
    lost: 'nothing',
    why: `no mail could be taken for ${humanDuration(lastedMs)}; sending servers keep it and try again for at least 4 days`,
    evidence,
  };
}

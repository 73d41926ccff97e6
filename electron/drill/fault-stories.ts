/** How each fault of a drill was met: when the desk showed it, named it and was rid of it, and when somebody took it on. */
import type { NightEvent } from '../../shared/model/event.ts';
import type { PlannedCheck } from '../../shared/model/plan.ts';
import type { FaultStory } from '../../shared/scenario/debrief.ts';
import type { Fault } from '../../shared/scenario/scenario.ts';
import { MINUTE } from '../../shared/time.ts';
import { type AlertStory, alertStories } from './alert-stories.ts';
import { faultWords, namesIn } from './fault-words.ts';
import type { ReadScenario } from './read.ts';
import type { Truth } from './truth.ts';
import { checksSeeing } from './truth-seen.ts';
import { isOf, kindOf, type Spell } from './world-faults.ts';

/** All spells of one fault. */
type Spells = [Spell, ...Spell[]];

/**
 * Tells the faults that have begun so far, in the order of their beginnings.
 * @param events of alerts, planned work and gaps, in the order in which they happened
 * @param now epoch ms: what begins or ends later is not told
 */
export function faultStories(read: ReadScenario, truth: Truth, events: readonly NightEvent[], now: number): FaultStory[] {
  const alerts = alertStories(events);
  const names = namesIn(read.inventory.plan);
  return faultsOf(read.spells.filter(({ from }) => from <= now)).map((spells): FaultStory => {
    const faults = spells.map(({ fault }) => fault) as [Fault, ...Fault[]];
    const from = Math.min(...spells.map((it) => it.from));
    const to = Math.max(...spells.map((it) => it.to));
    const story = { what: faultWords(faults, names), from, to: to <= now ? to : null };
    const seeing = new Map(spells.flatMap((spell) => [...checksSeeing(read, spell)]));
    const lastsUntil = Math.min(now, to + heldMs(spells));
    const until = Math.min(now, lastsUntil + patienceMs(seeing));
    const told = isSleep(spells) ? slept(events, from, until) : met({ spells, from, lastsUntil, until, seeing, alerts, events, truth });
    return { ...story, ...told };
  });
}

/** What of a thing is broken in the same way, without a break in between, is one fault: three prefixes of a link, one of which is mended before the others. */
function faultsOf(spells: readonly Spell[]): Spells[] {
  const faults: { spells: Spells; key: string; to: number }[] = [];
  for (const spell of spells.toSorted((a, b) => a.from - b.from)) {
    const key = keyOf(spell);
    const before = faults.findLast((it) => it.key === key && spell.from <= it.to);
    if (before) {
      before.spells.push(spell);
      before.to = Math.max(before.to, spell.to);
    } else faults.push({ spells: [spell], key, to: spell.to });
  }
  return faults.map((it) => it.spells);
}
function keyOf({ fault }: Spell): string {
  const kind = kindOf(fault);
  const { [kind]: subject, mode, server, prefixes, loss, delayMs, jitterMs } = fault as Record<string, unknown>;
  return JSON.stringify([kind, subject, mode ?? [prefixes !== undefined, loss, delayMs, jitterMs], server]);
}

const isSleep = ([first]: Spells): boolean => isOf('desk', first) && first.fault.mode === 'asleep';

/** So long may it take until the desk has told what there is to tell. */
function patienceMs(seeing: ReadonlyMap<string, PlannedCheck>): number {
  const rounds = [...seeing.values()].map((it) => it.intervalMs + it.maxAttempts * it.retryIntervalMs + it.timeoutMs);
  return MINUTE + Math.max(0, ...rounds);
}
/** Mail that is held up comes a while later still: a queue empties five times as fast as it grew. */
const heldMs = (spells: Spells): number =>
  Math.max(0, ...spells.map(({ fault, from, to }) => ('mail' in fault && Number.isFinite(to) ? (to - from) / 5 : 0)));

type Met = Pick<FaultStory, 'shownAt' | 'shownAs' | 'namedAt' | 'namedAs' | 'acknowledgedAt' | 'acknowledgedBy' | 'overAt'>;
type When = { at: number; text: string };
const first = <T extends { at: number }>(all: readonly T[]): T | null => all.reduce<T | null>((a, b) => (a && a.at <= b.at ? a : b), null);

interface Meeting {
  spells: Spells;
  from: number;
  /** What begins to fail later has another cause. */
  lastsUntil: number;
  /** What is told later has nothing to do with it. */
  until: number;
  seeing: ReadonlyMap<string, PlannedCheck>;
  alerts: readonly AlertStory[];
  events: readonly NightEvent[];
  truth: Truth;
}

function met(it: Meeting): Met {
  const { from } = it;
  const grown = grownBy(it);
  const standing = grown.length > 0 ? [] : standingAt(it);
  const own = [...grown, ...standing];
  const shown = first([...own, ...overruns(it)]);
  const named = first(sentencesOf(it));
  // Who had the alert already when it was shown in it has it from then on.
  const taken = first(
    own.flatMap(({ at: shownAt, alert }) =>
      alert.taken.filter(({ to }) => to === null || to > shownAt).map((one) => ({ at: Math.max(one.from, shownAt, from), by: one.by })),
    ),
  );
  const ends = own.map(({ alert }) => alert.endedAt);
  return {
    shownAt: shown?.at ?? null,
    shownAs: shown?.text ?? null,
    namedAt: named?.at ?? null,
    namedAs: named?.text ?? null,
    acknowledgedAt: taken?.at ?? null,
    acknowledgedBy: taken?.by ?? null,
    overAt: ends.length === 0 || ends.includes(null) ? null : Math.max(...ends.map((at) => at ?? 0)),
  };
}

type Shown = When & { alert: AlertStory };

/** Alerts that were raised because of it, or grew by it, and when. */
function grownBy({ alerts, from, lastsUntil, until, seeing }: Meeting): Shown[] {
  const within = (last: number): Shown[] =>
    alerts.flatMap((alert) => {
      const stand = alert.stands.find(({ at, joined }) => at >= from && at <= last && joined.some((id) => seeing.has(id)));
      return stand ? [{ at: stand.at, text: stand.title, alert }] : [];
    });
  const during = within(lastsUntil);
  // Of one that was short: it was over when its alert came.
  return during.length > 0 ? during : within(until);
}

/** Something else had the same checks fail before: it was on show from its first moment. */
function standingAt({ alerts, from, seeing }: Meeting): Shown[] {
  return alerts.flatMap((alert) => {
    const stand = alert.stands.filter(({ at }) => at < from).at(-1);
    const isOpen = alert.endedAt === null || alert.endedAt > from;
    return stand && isOpen && [...stand.checks].some((id) => seeing.has(id)) ? [{ at: from, text: stand.title, alert }] : [];
  });
}

/** Planned work covers what fails in it; the desk shows it when that should be over. */
function overruns({ events, from, until, seeing }: Meeting): When[] {
  const subjects = new Set([...seeing.values()].map(({ subject }) => subject.id));
  return events.flatMap((it) =>
    it.kind === 'maintenance-overrun' && it.at >= from && it.at <= until && it.payload.subjects.some((id) => subjects.has(id))
      ? [{ at: it.at, text: `${it.payload.name} takes longer than planned` }]
      : [],
  );
}

/** Sentences that name it rightly, from then on; also one that stood when it began. */
function sentencesOf({ alerts, from, until, spells, truth }: Meeting): When[] {
  return alerts.flatMap(({ sentences, endedAt }) => {
    const later = sentences.filter(({ at }) => at >= from && at <= until);
    const standing = endedAt === null || endedAt > from ? sentences.filter(({ at }) => at < from).slice(-1) : [];
    return [...standing.map((it) => ({ ...it, at: from })), ...later]
      .filter(({ at, explanation, confidence }) => confidence !== 'unsure' && truth.isRight(explanation, spells, at))
      .map(({ at, explanation }) => ({ at, text: explanation.sentence }));
  });
}

/** A computer that sleeps sees nothing. It tells when it is awake again. */
function slept(events: readonly NightEvent[], from: number, until: number): Met {
  const gap = events.find((it) => it.kind === 'gap' && it.payload.cause === 'asleep-or-frozen' && it.at >= from && it.at <= until);
  const text = gap ? 'Nothing was watched: the computer slept, or stood still' : null;
  const at = gap?.at ?? null;
  return { shownAt: at, shownAs: text, namedAt: at, namedAs: text, acknowledgedAt: null, acknowledgedBy: null, overAt: at };
}

/** What the clock and faults do to planned work: it begins, it ends, it overruns. */
import { z } from 'zod';
import type { EventDraft } from '../model/event.ts';
import type { MaintenanceWindow, Occurrence } from '../model/maintenance.ts';
import { DAY, HOUR } from '../time.ts';
import { latestAt, runningAt } from './calendar.ts';
import { wasFinished } from './change.ts';
import { basisOf } from './merge.ts';

const overrunSchema = z.object({
  window: z.string(),
  name: z.string(),
  /** The time it is about, and when that was over, epoch ms. */
  from: z.number(),
  to: z.number(),
  /** Ids of subjects that were not ok during the work and have not been since. */
  subjects: z.array(z.string()),
});
/** Work whose time is over while what it affects is not back. */
export type Overrun = z.infer<typeof overrunSchema>;

/** What is known from the step before. Plain data: kept in the store. */
export const windowMemorySchema = z.object({
  /** By window: its latest time, whether it was in force, who of those it reaches was not ok, and whether it overran. */
  seen: z.record(
    z.string(),
    z.object({ from: z.number(), running: z.boolean(), bad: z.array(z.string()), overran: z.boolean().default(false) }),
  ),
  overruns: z.array(overrunSchema),
});
export type WindowMemory = z.infer<typeof windowMemorySchema>;
export const emptyWindowMemory: WindowMemory = { seen: {}, overruns: [] };

interface WindowStepInput {
  windows: readonly MaintenanceWindow[];
  before: WindowMemory;
  /** Subjects with a hard problem: since when, epoch ms. */
  bad: ReadonlyMap<string, number>;
  /** What is hit when these are; see reachedFrom. */
  reached(affects: readonly string[], spares: readonly string[]): ReadonlySet<string>;
  now: number;
}
/** A window in force. */
export type RunningWindow = Readonly<Pick<MaintenanceWindow, 'id' | 'name' | 'affects' | 'spares'>>;

interface WindowStep {
  /** Those that changed: flexible ones that began. */
  windows: MaintenanceWindow[];
  /** In force now. */
  running: RunningWindow[];
  overruns: Overrun[];
  events: EventDraft[];
  memory: WindowMemory;
}

/** A fault is known some attempts after its first symptom. */
const lateHardMs = HOUR;
/** A time that nobody saw (the desk was off) is still looked at for an overrun so long after its end. */
const unseenMs = DAY;
/** Longer than a time can still be extended. */
const forgetMs = 8 * DAY;

/**
 * Takes all windows a step on. Beginnings and ends by the clock are told once for each time; what a person did was told by
 * changeWindow. A time that is extended after its end goes on without a second beginning, and ends again.
 * An overrun is told when the time is over (by the clock or by hand) and something that was not ok meanwhile is not back. It stays
 * until all of that is ok, or the time is extended. A fault that began after the end is none.
 */
export function stepWindows({ windows, before, bad, reached, now }: WindowStepInput): WindowStep {
  const changed: MaintenanceWindow[] = [];
  const running: WindowStep['running'] = [];
  const events: EventDraft[] = [];
  const seen: WindowMemory['seen'] = {};
  const overruns = new Map<string, Overrun>();
  const known = new Map(windows.map((it) => [it.id, it]));
  for (const it of before.overruns) {
    const subjects = it.subjects.filter((id) => bad.has(id));
    if (known.has(it.window) && subjects.length > 0) overruns.set(it.window, { ...it, subjects });
  }

  for (const planned of windows) {
    const begun = beginFlexible(planned, bad, reached, now);
    if (begun) changed.push(begun);
    const window = begun ?? planned;
    const ref = { window: window.id, name: window.name };
    const tell = { subject: null, actor: 'engine' } as const;
    const last = before.seen[window.id] ?? null;
    const current = runningAt(window, now);
    const badNow = (): string[] => (bad.size === 0 ? [] : [...reached(window.affects, window.spares)].filter((id) => bad.has(id)));

    const finishUp = (time: Occurrence & { to: number }, badBefore: readonly string[]): void => {
      const subjects = badNow().filter((id) => (bad.get(id) as number) < time.to || badBefore.includes(id));
      if (subjects.length === 0) return;
      overruns.set(window.id, { ...ref, from: time.from, to: time.to, subjects });
      events.push({ ...tell, at: now, kind: 'maintenance-overrun', payload: { ...ref, subjects } });
    };
    const overran = (time: Occurrence): boolean =>
      overruns.get(window.id)?.from === time.from || (last?.from === time.from && !last.running && last.overran);

    if (last?.running && current?.from !== last.from) {
      const time = latestBefore(window, last.from, now);
      if (!endedByHand(window, last.from))
        events.push({ ...tell, at: time.to, kind: 'maintenance-ended', payload: { ...ref, how: 'time', lastedMs: time.to - time.from } });
      finishUp(time, last.bad);
    }
    if (current) {
      running.push({ id: window.id, name: window.name, affects: window.affects, spares: window.spares });
      seen[window.id] = { from: current.from, running: true, bad: badNow(), overran: false };
      if (overruns.get(window.id)?.from === current.from) overruns.delete(window.id);
      const byHand = window.startedAt === current.from && !begun;
      if (last?.from !== current.from && !byHand)
        events.push({
          ...tell,
          at: Math.min(now, Math.max(current.from, window.createdAt)),
          kind: 'maintenance-started',
          payload: { ...ref, to: current.to, affects: window.affects },
        });
      continue;
    }
    const latest = latestAt(window, now);
    if (latest?.to == null) continue;
    // Entered after the fact, it corrects uptime and is no news.
    const unseen = last?.from !== latest.from && now - latest.to < unseenMs && window.createdAt < latest.to;
    if (unseen) finishUp({ ...latest, to: latest.to }, []);
    if (now - latest.to < forgetMs) seen[window.id] = { from: latest.from, running: false, bad: [], overran: overran(latest) };
  }
  const memory = { seen, overruns: [...overruns.values()] };
  return { windows: changed, running, overruns: memory.overruns, events, memory };
}

/** The time that began then, with its end; a time that was taken back altogether ends now. */
function latestBefore(window: MaintenanceWindow, from: number, now: number): Occurrence & { to: number } {
  const time = latestAt(window, from);
  const to = time?.from === from ? time.to : null;
  return { window: window.id, from, to: Math.min(to ?? now, now) };
}

/** So long after its end work that overran can still be finished, so that it goes on record when it really ended. */
const finishableMs = DAY;

/** Until when the last time of a window, which overran, can still be finished; null = it did not overrun, is finished, or that is over too. */
export function finishableUntil(window: MaintenanceWindow, { seen }: WindowMemory, now: number): number | null {
  const last = seen[window.id];
  const time = latestAt(window, now);
  if (!last?.overran || time?.from !== last.from || time.to === null || endedByHand(window, last.from)) return null;
  return now < time.to + finishableMs ? time.to + finishableMs : null;
}

const endedByHand = (window: MaintenanceWindow, from: number): boolean => window.cancelledAt !== null || wasFinished(window, { from });

/** A flexible window begins with the first fault within its time of anything that it reaches. */
function beginFlexible(
  window: MaintenanceWindow,
  bad: ReadonlyMap<string, number>,
  reached: WindowStepInput['reached'],
  now: number,
): MaintenanceWindow | null {
  const { kind, from, to, startedAt, endedAt, cancelledAt } = window;
  if (kind !== 'flexible' || from === null || to === null || startedAt !== null || endedAt !== null || cancelledAt !== null) return null;
  if (bad.size === 0 || now < from || now > to + lateHardMs) return null;
  const first = [...reached(window.affects, window.spares)].reduce((least, id) => {
    const since = bad.get(id);
    return since !== undefined && since >= from && since <= to && since < least ? since : least;
  }, Number.POSITIVE_INFINITY);
  if (first > now) return null;
  return { ...window, startedAt: first, ...(window.source === 'inventory' ? { basis: window.basis ?? basisOf(window) } : {}) };
}

/**
 * What people said beforehand: planned work, silences, changes. Kept here between the store, the inventory and the windows;
 * all rules are pure functions in shared/maintenance and shared/alerting.
 */
import { expireSilences } from '../../shared/alerting/silence.ts';
import { isOver, nextAfter, nextChange, runningAt } from '../../shared/maintenance/calendar.ts';
import { relatedChanges } from '../../shared/maintenance/changes.ts';
import { mergeWindows } from '../../shared/maintenance/merge.ts';
import { reachedFrom } from '../../shared/maintenance/reached.ts';
import { lateRoutine, routinesAt } from '../../shared/maintenance/routines.ts';
import {
  emptyWindowMemory,
  finishableUntil,
  type Overrun,
  type RunningWindow,
  stepWindows,
  type WindowMemory,
  windowMemorySchema,
} from '../../shared/maintenance/step.ts';
import type { Related } from '../../shared/model/alert.ts';
import type { EventDraft, NightEvent } from '../../shared/model/event.ts';
import type { Change, MaintenanceWindow, Routine, Silence } from '../../shared/model/maintenance.ts';
import type { Plan } from '../../shared/model/plan.ts';
import { DAY, stamp } from '../../shared/time.ts';
import type { Journal } from './journal.ts';
import type { Publisher } from './publisher.ts';

export interface Planned {
  /** Every window that is known, over or not, by id. */
  readonly windows: ReadonlyMap<string, MaintenanceWindow>;
  readonly silences: ReadonlyMap<string, Silence>;
  /** Whether a window's time is over and what it affects was not back by then: it can still be finished. */
  overran(window: string): boolean;
  /** Windows and routines in force at the last step. */
  readonly running: readonly RunningWindow[];
  readonly routines: readonly { id: string; name: string; restarts: readonly string[] }[];
  apply(plan: Plan): void;
  /** What people decided is on disk: puts it in force. */
  keepWindows(windows: readonly MaintenanceWindow[]): void;
  keepSilences(silences: readonly Silence[]): void;
  /** Sees changes among new events. */
  notice(event: NightEvent): void;
  /**
   * Takes windows and silences a step on.
   * @param bad ids of subjects that have a hard problem: since when, epoch ms
   */
  step(now: number, bad: ReadonlyMap<string, number>): EventDraft[];
  /** Whether anything begins or ends by now. */
  isDue(now: number): boolean;
  /** What stands beside a fault of some subjects that began at a moment. */
  relatedTo(subjects: readonly string[], firstAt: number): Related[];
}

/** Changes older than this are beside no fault. */
const changesForMs = 8 * DAY;
const mostChanges = 2_000;

export function createPlanned(options: {
  now: () => number;
  journal: Journal;
  publisher: Publisher;
  zone: () => string;
  remembered: { windows: MaintenanceWindow[]; silences: Silence[]; changes: Change[]; document(key: string): string | null };
}): Planned {
  const { journal, publisher, remembered } = options;
  /** What people (or a fault) made of windows, the inventory's ones included; the store has them all. */
  const kept = new Map(remembered.windows.map((it) => [it.id, it]));
  const silences = new Map(remembered.silences.map((it) => [it.id, it]));
  let changes = remembered.changes.toSorted((a, b) => a.at - b.at);
  let fromInventory: MaintenanceWindow[] = [];
  let windows = new Map<string, MaintenanceWindow>();
  let routines: Routine[] = [];
  let reached = reachedFrom([]);
  let memory: WindowMemory = readMemory(remembered.document('windows'));
  let overruns: readonly Overrun[] = [];
  let running: Planned['running'] = [];
  let runningRoutines: Planned['routines'] = [];
  let dueAt = 0;
  let steppedAt = 0;

  const merge = (): void => {
    windows = new Map(mergeWindows(fromInventory, [...kept.values()]).map((it) => [it.id, it]));
    dueAt = 0;
    publish(options.now());
  };
  /** Windows on screens: what is not over, with where it stands. */
  const publish = (now: number): void => {
    for (const id of Object.keys(publisher.tables.windows)) if (!windows.has(id)) publisher.drop('windows', id);
    for (const window of windows.values()) {
      const overrunSince = overruns.find((it) => it.window === window.id)?.to ?? null;
      const overran = finishableUntil(window, memory, now) !== null;
      if (isOver(window, now) && overrunSince === null && !overran) publisher.drop('windows', window.id);
      else {
        const live = { ...window, running: runningAt(window, now), next: nextAfter(window, now), overrunSince, overran };
        if (JSON.stringify(publisher.get('windows', window.id)) !== JSON.stringify(live)) publisher.put('windows', window.id, live);
      }
    }
    for (const [id, silence] of silences) {
      // One whose time ran out goes with the step that tells it.
      if (silence.endedAt !== null) {
        silences.delete(id);
        publisher.drop('silences', id);
      } else if (publisher.get('silences', id) !== silence) publisher.put('silences', id, silence);
    }
  };

  return {
    get windows() {
      return windows;
    },
    silences,
    overran(id) {
      const window = windows.get(id);
      return overruns.some((it) => it.window === id) || (window !== undefined && finishableUntil(window, memory, options.now()) !== null);
    },
    get running() {
      return running;
    },
    get routines() {
      return runningRoutines;
    },
    apply(plan) {
      fromInventory = plan.maintenance;
      routines = plan.routines;
      reached = reachedFrom(plan.subjects);
      merge();
    },
    keepWindows(changed) {
      for (const it of changed) kept.set(it.id, it);
      merge();
    },
    keepSilences(changed) {
      for (const it of changed) silences.set(it.id, it);
      dueAt = 0;
      publish(options.now());
    },
    notice(event) {
      // Those of the last days are remembered already when the newest events are shown at the start.
      if (event.kind !== 'change' || changes.some((it) => it.id === event.id)) return;
      const change: Change = { id: event.id, at: event.at, subject: event.subject?.id ?? null, text: event.payload.text, by: event.actor };
      const since = options.now() - changesForMs;
      changes = [...changes, change].filter((it) => it.at >= since).slice(-mostChanges);
    },
    // A clock that was set back: what was last looked for lies further ahead than it seemed.
    isDue: (now) => now >= dueAt || now < steppedAt,
    step(now, bad) {
      steppedAt = now;
      const stepped = stepWindows({ windows: [...windows.values()], before: memory, bad, reached, now });
      if (stepped.windows.length > 0) {
        for (const it of stepped.windows) {
          kept.set(it.id, it);
          journal.window(it);
        }
        windows = new Map(mergeWindows(fromInventory, [...kept.values()]).map((it) => [it.id, it]));
      }
      if (JSON.stringify(stepped.memory) !== JSON.stringify(memory)) journal.document('windows', JSON.stringify(stepped.memory));
      memory = stepped.memory;
      running = stepped.running;
      overruns = stepped.overruns;
      runningRoutines = routinesAt(routines, now);
      const expired = expireSilences([...silences.values()], now);
      // Its end is told: kept as ended, it is not told again after a restart.
      for (const it of silences.values()) {
        if (it.endedAt !== null || it.until > now) continue;
        const ended = { ...it, endedAt: it.until };
        silences.set(it.id, ended);
        journal.silence(ended);
      }
      publish(now);
      dueAt = Math.min(
        nextChange([...windows.values()], routines, now) ?? Number.POSITIVE_INFINITY,
        ...[...silences.values()].map((it) => it.until),
        ...[...windows.values()].flatMap((it) => finishableUntil(it, memory, now) ?? []),
      );
      return [...stepped.events, ...expired];
    },
    relatedTo(subjects, firstAt) {
      const routine = lateRoutine(routines, subjects, firstAt);
      const late = overruns.filter((it) => it.subjects.some((id) => subjects.includes(id)));
      return [
        ...(routine ? [routine] : []),
        ...late.map(
          (it): Related => ({
            kind: 'maintenance',
            text: `planned work “${it.name}” was to end at ${stamp(it.to, options.zone())}`,
            at: it.to,
          }),
        ),
        ...relatedChanges(changes, subjects, firstAt, (id) => publisher.get('subjects', id)?.name ?? id),
      ];
    },
  };
}

function readMemory(text: string | null): WindowMemory {
  if (text === null) return emptyWindowMemory;
  try {
    return windowMemorySchema.parse(JSON.parse(text));
  } catch {
    // Written by a version that said it otherwise: at worst a beginning is told twice.
    return emptyWindowMemory;
  }
}

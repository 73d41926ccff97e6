/**
 * The live picture that every window mirrors: a few tables of records by id. The engine publishes what changed as a delta;
 * both sides apply it with the same function, so that they cannot disagree.
 */
import type { Cover } from './health/cover.ts';
import type { CheckState } from './health/step.ts';
import type { Alert } from './model/alert.ts';
import type { NightEvent } from './model/event.ts';
import type { ContactChannel, Incident } from './model/incident.ts';
import type { MaintenanceWindow, Occurrence, Silence } from './model/maintenance.ts';
import type { ChannelLive } from './model/notify.ts';
import type { PlannedCheck, Subject } from './model/plan.ts';

/** What a tile and a list need of one check, beside its plan. */
export interface CheckLive {
  id: string;
  state: CheckState;
  /** Why a problem of it does not count against it; null = nothing of the kind. */
  cover: Cover | null;
  /** Newest measured value (unit: that of the check type), or null. */
  value: number | null;
  /** The last values, oldest first, null where there was none; at most `sparkLength`. */
  spark: (number | null)[];
}
export const sparkLength = 40;

/** A place in the inventory file and what was expected there. */
export interface InventoryProblem {
  line: number;
  column: number;
  where: string;
  expected: string;
}

/** Trouble of the desk itself, shown above everything else until it is over. */
export interface DeskTrouble {
  /** Kebab-case, one record per code: `inventory`, `store-full`, `store-set-aside`, `store-newer`, `pinger`. */
  code: string;
  /** What happened, what it means, what to do. */
  text: string;
  since: number;
}

/** The one record about the desk itself (id `desk`). */
export interface DeskLive {
  id: 'desk';
  organization: { name: string; timezone: string };
  version: string;
  startedAt: number;
  inventory: { file: string; loadedAt: number; problems: InventoryProblem[]; starter: boolean };
  /** End of the newest stretch in which every check that was due gave a result; null before the first. */
  lastCompleteCycleAt: number | null;
  /** The engine's wall clock when this record was made: a beat every few seconds, so that a window can tell a frozen engine. */
  beatAt: number;
  troubles: DeskTrouble[];
  /** When the last alert ended, epoch ms; null when there was none yet. */
  lastTroubleAt: number | null;
  /** Since when the desk itself is cut off, epoch ms: nothing remote is known meanwhile. Null = it is connected, as far as its anchors tell. */
  cutOffSince: number | null;
  /** Who is on call now, by rota; `person` null = nobody. `until` epoch ms. */
  onCall: { rota: string; name: string; person: string | null; phone: string | null; until: number | null }[];
  /** What each route of the inventory does, in words, in their order. */
  routes: { id: string; text: string }[];
}

/** Planned work that is not over yet, or that overran within the last day, and how it stands now. */
export interface WindowLive extends MaintenanceWindow {
  /** The time that runs now; null = none. */
  running: Occurrence | null;
  /** The next one; null = none, or its day is not fixed. */
  next: Occurrence | null;
  /** Since when it should be over while what it affects is not back; null = it does not overrun. */
  overrunSince: number | null;
  /** Its last time overran within the last day, and nobody has finished it. */
  overran: boolean;
}

/** Somebody outside wants something of the player of a drill: a provider calls back, customers report. */
export interface DrillCall {
  id: string;
  at: number;
  kind: 'contact' | 'customer-report';
  /** How a contact reaches the player; null = customers, in whatever way. */
  channel: ContactChannel | null;
  /** Who calls: "Bluefin Carrier, routing group", "6 customers". */
  who: string;
  text: string;
  /** The player wrote it down. */
  logged: boolean;
}

/** The drill that is being played, and how (id `drill`). There is none in the real watch. */
export interface DrillLive {
  id: 'drill';
  name: string;
  /** Epoch ms of the drill: its beginning, its end, and how far it is. */
  start: number;
  end: number;
  at: number;
  /** So many times as fast as life. */
  speed: number;
  /** `jumping`: runs as fast as it can to the next thing that happens. */
  state: 'playing' | 'paused' | 'jumping' | 'over';
  /** Who acknowledges, calls and writes: whoever plays, or the people of the script. */
  acts: 'player' | 'script';
  /** The newest 50, oldest first; none where the script acts. */
  calls: DrillCall[];
}

/** Every table of the live picture. */
export interface LiveTables {
  desk: Record<string, DeskLive>;
  subjects: Record<string, Subject>;
  plans: Record<string, PlannedCheck>;
  checks: Record<string, CheckLive>;
  /** Open ones, and those that ended within the last day (at most 200). */
  alerts: Record<string, Alert>;
  /** Those that are not reported yet or still owe something, and those of the last 30 days (at most 200). Merged ones are not here. */
  incidents: Record<string, Incident>;
  /** The newest 500. */
  events: Record<string, NightEvent>;
  /** Planned work that is not over. */
  windows: Record<string, WindowLive>;
  /** Silences in force. */
  silences: Record<string, Silence>;
  /** Every channel of the inventory, and `heartbeat`. */
  channels: Record<string, ChannelLive>;
  /** At most one record, in a drill. */
  drill: Record<string, DrillLive>;
}
export type TableName = keyof LiveTables;
export const tableNames = [
  'desk',
  'subjects',
  'plans',
  'checks',
  'alerts',
  'incidents',
  'events',
  'windows',
  'silences',
  'channels',
  'drill',
] as const satisfies TableName[];

export const emptyTables = (): LiveTables => ({
  desk: {},
  subjects: {},
  plans: {},
  checks: {},
  alerts: {},
  incidents: {},
  events: {},
  windows: {},
  silences: {},
  channels: {},
  drill: {},
});

/** A full picture. `epoch` is new with every start of the engine; `seq` counts deltas within it. */
export interface Snapshot {
  epoch: string;
  seq: number;
  tables: LiveTables;
}

/** What changed since the delta before. */
export interface Delta {
  epoch: string;
  seq: number;
  put: { [T in TableName]?: LiveTables[T] };
  drop: { [T in TableName]?: string[] };
}

/**
 * Applies a delta without touching its input: tables and records that did not change keep their identity, so that a window
 * redraws nothing else.
 */
export function applyDelta(tables: LiveTables, delta: Pick<Delta, 'put' | 'drop'>): LiveTables {
  const next = { ...tables } as Record<TableName, Record<string, unknown>>;
  for (const name of tableNames) {
    const put = delta.put[name];
    const drop = delta.drop[name];
    const gone = drop?.filter((id) => Object.hasOwn(tables[name], id) || (put && Object.hasOwn(put, id))) ?? [];
    if (gone.length === 0 && Object.keys(put ?? {}).length === 0) continue;
    const table: Record<string, unknown> = { ...tables[name], ...put };
    for (const id of gone) delete table[id];
    next[name] = table;
  }
  return next as unknown as LiveTables;
}

/** What a window does with a delta that has come in. */
export type Reception = 'apply' | 'ignore' | 'ask-again';

/** Decides on a delta by where the window stands: older ones are ignored, a gap or a new epoch wants a new snapshot. */
export function receive(have: { epoch: string; seq: number } | null, delta: Pick<Delta, 'epoch' | 'seq'>): Reception {
  if (!have || have.epoch !== delta.epoch) return 'ask-again';
  if (delta.seq <= have.seq) return 'ignore';
  return delta.seq === have.seq + 1 ? 'apply' : 'ask-again';
}

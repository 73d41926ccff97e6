import type { Alert } from '../model/alert.ts';
import type { Coverage } from '../model/coverage.ts';
import type { NightEvent } from '../model/event.ts';
import type { Incident } from '../model/incident.ts';
import type { MaintenanceWindow, Routine } from '../model/maintenance.ts';
import type { PlannedCheck, Subject } from '../model/plan.ts';
import type { Level } from '../model/words.ts';
import type { MonthUptime } from './sla.ts';

/** Results of one check in a row that told the same reason: a page that cannot be reached may come back with the wrong content. */
export interface SeenRun {
  from: number;
  /** Its last result, epoch ms. */
  to: number;
  state: Level;
  /** "" of good results. */
  reason: string;
  /** What its first and its last result said. */
  text: string;
  last: string;
  /** The highest value measured, in the unit of the check. */
  most: number | null;
}

/** Everything a draft is made of. */
export interface DraftInput {
  organization: { name: string };
  /** IANA zone in which its times are written. */
  zone: string;
  /** The stretch of time it is about, epoch ms. */
  from: number;
  to: number;
  now: number;
  /** null: named after the worst alert. */
  title: string | null;
  /** The incident that a human took on, where it is the report of one. */
  incident?: Incident | null;
  /** The alerts it is about; their subjects and those of their checks are what "affected" means. */
  alerts: Alert[];
  /** Ascending, from a little before the range until its end. */
  events: NightEvent[];
  /** There were more events than were read: they begin later than that. */
  eventsCut?: boolean;
  subjects: Subject[];
  plans: PlannedCheck[];
  /** Planned work, of the desk's own and of the inventory: for what was entered afterwards, or began long before the events. */
  windows?: readonly MaintenanceWindow[];
  /** What the samples say about exactly this range, by check id. */
  coverage: Record<string, Coverage>;
  /** Lines of the seven days before: changes, planned work. Ascending; none of them is in `events`. */
  earlier?: readonly NightEvent[];
  /** How many lines of single results (retries, results that did not come) were left out of `events`. */
  leftOut?: number;
  /** Recurring jobs of the servers. */
  routines?: readonly Routine[];
  /** What checks said within the range, where it matters more exactly than their hard states tell: by check id, ascending. */
  seen?: Readonly<Record<string, readonly SeenRun[]>>;
  /** The newest backup that could be restored, as backup checks saw it last before the range: by check id; times in epoch ms. */
  backups?: Readonly<Record<string, { at: number; newestAt: number | null }>>;
  /** Uptime of what has an SLA, for each calendar month that the range touches. */
  months?: readonly MonthUptime[];
}

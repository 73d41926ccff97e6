import type { Alert } from '../model/alert.ts';
import type { Coverage } from '../model/coverage.ts';
import type { NightEvent } from '../model/event.ts';
import type { Incident } from '../model/incident.ts';
import type { MaintenanceWindow } from '../model/maintenance.ts';
import type { PlannedCheck, Subject } from '../model/plan.ts';

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
}

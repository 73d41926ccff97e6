/** What the stages of settle.ts hand on: problems, open alerts, and the groups that become alerts. */
import type { Connection } from '../health/connection.ts';
import type { Cover } from '../health/cover.ts';
import type { Graph, Problem } from '../health/reach.ts';
import type { CheckState } from '../health/step.ts';
import type { Alert, Related } from '../model/alert.ts';
import type { EventDraft } from '../model/event.ts';
import type { Silence } from '../model/maintenance.ts';
import type { PlannedCheck, Subject } from '../model/plan.ts';

/** A problem with what is known of why. */
export interface BoardProblem extends Problem {
  cover: Cover | null;
  /** Ids of the subjects that failed first; its own where nothing else did. */
  roots: readonly string[];
  /** Something it is reached through is being retried: not to be raised yet. */
  hold: boolean;
}

export interface SettleInput {
  /** All of this moment. */
  problems: readonly BoardProblem[];
  /** Open alerts. */
  open: readonly Alert[];
  silences: readonly Silence[];
  graph: Graph;
  siteName(id: string): string | undefined;
  /** With why a problem of it does not count, where that is known. */
  checksOf(subject: string): readonly { plan: PlannedCheck; state: CheckState; cover?: Cover | null }[];
  isWatched(check: string): boolean;
  /** The desk itself is cut off since `since`, as these anchors (check ids) say. */
  cutOff: Connection['cutOff'];
  /** What stands beside a fault that began at `firstAt`, by the ids of what failed and of the hosts that carry it. */
  relatedTo(subjects: readonly string[], firstAt: number): Related[];
  /** Epoch ms. */
  now: number;
  newId(): string;
}

/** One check of an alert. */
export interface Item {
  plan: PlannedCheck;
  subject: Subject;
  state: CheckState;
  /**
   * Why it stays although it would not be raised now: no fresh data, a desk that is cut off, a parent that is being retried, or one
   * that failed (or a routine that began) long after it.
   */
  held: 'no-data' | 'cut-off' | 'parent-retried' | 'older' | null;
}

/** An alert as it is being put together. */
export interface Group {
  /** The alert that it goes on from; null = a new one. */
  open: Alert | null;
  /** What keeps it open, by check id. */
  roots: Map<string, Item>;
  /** Ids of checks that are unreachable because of the roots. */
  consequences: Set<string>;
  /** Planned work that took a problem out of it. */
  covered: Cover | null;
  /** Where a problem of it went, as the consequence of another's. */
  movedTo: Group | null;
  /** The alert that came of it. */
  alert: Alert | null;
}

/** Why a stage decided as it did: for the log, and for tests. `alert` null: of all together. */
export interface Decision {
  stage: string;
  alert: string | null;
  reason: string;
}

/** What the stages have decided so far; they write into it, one after the other. */
export interface Work {
  readonly input: SettleInput;
  readonly problems: ReadonlyMap<string, BoardProblem>;
  /** Open alerts first, new ones behind them. */
  readonly groups: Group[];
  /** The group of which a check was a root, or a consequence, before. */
  readonly rootOf: Map<string, Group>;
  readonly consequenceOf: Map<string, Group>;
  /** Problems that belong into some alert and are in none yet, by subject. */
  readonly unplaced: Map<string, BoardProblem[]>;
  /** Problems that others cause. */
  readonly behind: BoardProblem[];
  /** Alerts that changed, new and ended ones included. */
  readonly changed: Set<Group>;
  readonly events: EventDraft[];
  readonly decisions: Decision[];
}

export const groupFrom = (open: Alert | null): Group => ({
  open,
  roots: new Map(),
  consequences: new Set(),
  covered: null,
  movedTo: null,
  alert: null,
});

/** The site of a subject; a site is at itself. */
export const siteOf = (subject: Pick<Subject, 'kind' | 'id' | 'site'>): string | null =>
  subject.kind === 'site' ? subject.id : subject.site;

/** When the trouble of a check began: with its first symptom, or with its coming and going where it is ok for the moment. */
export const symptomAt = (state: CheckState): number => (state.hard === 'ok' && state.flapping ? state.flapping.since : state.since);

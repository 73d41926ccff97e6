/**
 * Why a problem does not count against a check: the desk is cut off, planned work, a routine, or something failed that it is reached
 * through (Nagios, "Determining Status and Reachability of Network Hosts"). Pure; probing goes on whatever is covered.
 */
import type { PlannedCheck, Subject } from '../model/plan.ts';
import { DAY, MINUTE } from '../time.ts';
import type { Cover } from './cover.ts';
import type { Graph } from './graph.ts';
import { isRemote } from './remote.ts';
import type { CheckState } from './step.ts';
import { createSurvey, type Survey } from './survey.ts';
import { wayOf } from './through.ts';
import { cycleOf, type Judged } from './vitals.ts';

export { type Graph, graphOf } from './graph.ts';
export { isRemote, provesConnection } from './remote.ts';

/** A check that is hard and not ok, or flapping; stale ones with a hard problem too. */
export interface Problem {
  plan: PlannedCheck;
  subject: Subject;
  state: CheckState;
}

/** What must be known of the look before. */
export interface CoverMemory {
  /** Subjects with others behind them that have failed; `desk` while it is cut off. */
  failed: ReadonlySet<string>;
  /** When such a subject came back, epoch ms; kept for one cycle of what is behind it. */
  recovered: ReadonlyMap<string, number>;
}

export interface Covered {
  cover: Cover | null;
  /** Ids of the subjects that failed first, for an unreachable one; `desk` when cut off; else its own subject. */
  roots: readonly string[];
  /** Something that it is reached through is being made sure of: do not raise yet. Ends by itself. */
  hold: boolean;
}

export interface CoverInput {
  graph: Graph;
  problems: readonly Problem[];
  checksOf(subject: string): readonly Judged[];
  /** The desk's own connection, see connection.ts. */
  cutOff: { since: number; anchors: string[] } | null;
  suspected: boolean;
  /** In force now. */
  windows: readonly { id: string; name: string; affects: readonly string[]; spares?: readonly string[] }[];
  routines: readonly { id: string; name: string; restarts: readonly string[] }[];
  memory: CoverMemory;
  now: number;
}

const desk = 'desk';

/** Who names a mail entry means its legs too. */
const withLegs = (graph: Graph, ids: readonly string[]): readonly string[] =>
  ids.flatMap((id) => (graph.subject(id)?.kind === 'mail' ? [id, ...graph.at(id)] : [id]));

/** The longest interval and time-out that an inventory may hold. */
const longestCycleMs = DAY + 10 * MINUTE;

/**
 * Covers by subject id. A site stands for all that is at it, a mail entry for its legs, but for what is spared; where several name a
 * subject, the first one counts.
 */
function named(graph: Graph, all: readonly { cover: Cover; ids: readonly string[]; spares?: readonly string[] }[]): Map<string, Cover> {
  const covers = new Map<string, Cover>();
  for (const { cover, ids, spares = [] } of all) {
    for (const id of ids) {
      if (!graph.subject(id)) continue;
      if (!covers.has(id)) covers.set(id, cover);
      for (const inner of graph.at(id)) if (!covers.has(inner) && !spares.includes(inner)) covers.set(inner, cover);
    }
  }
  return covers;
}

/**
 * What windows in force are about: shown as worked on even while it is ok.
 * @returns covers by subject id, those at an affected site included
 */
export const workedOn = (graph: Graph, windows: CoverInput['windows']): Map<string, Cover> =>
  named(
    graph,
    windows.map(({ id, name, affects, spares = [] }) => ({
      cover: { kind: 'maintenance', by: id, name, always: true },
      ids: affects,
      spares: withLegs(graph, spares),
    })),
  );

const restartedBy = (graph: Graph, routines: CoverInput['routines']): Map<string, Cover> =>
  named(
    graph,
    routines.map(({ id, name, restarts }) => ({ cover: { kind: 'routine', by: id, name, always: false }, ids: restarts })),
  );

/**
 * Finds for each problem why it does not count, if so. First of: cut off (remote checks only), planned work, a routine, unreachable.
 * A subject is unreachable when of something it needs all members have failed as a whole, and for one cycle of its check after
 * they came back; the roots are the topmost that failed. What only comes and goes is covered by a parent that comes and goes.
 * @returns what was found by check id; and the memory for the next look, the very same while nothing in it changed
 */
export function coverProblems(input: CoverInput): { covered: Map<string, Covered>; memory: CoverMemory } {
  const { graph, problems, checksOf, cutOff, suspected, now } = input;
  const memory = deskMemory(input.memory, cutOff !== null, now);
  const windows = input.windows.map((it) => ({ ...it, spares: withLegs(graph, it.spares ?? []) }));
  const isSpared = (window: string, id: string): boolean => windows.some((it) => it.id === window && it.spares.includes(id));
  const survey = createSurvey({
    graph,
    checksOf,
    memory,
    worked: workedOn(graph, input.windows),
    restarted: restartedBy(graph, input.routines),
    spares: isSpared,
    now,
  });
  const deskBackAt = memory.recovered.get(desk) ?? Number.NEGATIVE_INFINITY;
  const covered = new Map<string, Covered>();
  for (const { plan, subject, state } of problems) {
    const found = survey.found(subject.id);
    const remote = isRemote(plan);
    if (remote && (cutOff || now < Math.min(deskBackAt, now) + cycleOf(plan))) {
      const cover: Cover = { kind: 'cut-off', by: desk, name: 'This desk', always: cutOff !== null };
      covered.set(plan.id, { cover, roots: [desk], hold: false });
      continue;
    }
    const way = plan.through ? wayOf(plan, state, { survey, checksOf, now }) : null;
    const planned = found.work ?? found.routine ?? (way?.planned && !isSpared(way.planned.by, subject.id) ? way.planned : null);
    if (planned) {
      covered.set(plan.id, { cover: planned, roots: [subject.id], hold: false });
      continue;
    }
    const behind = survey.behind(subject.id, cycleOf(plan), state.hard === 'ok') ?? way?.behind ?? null;
    const [root] = behind?.roots ?? [];
    // What planned work said it would spare is not excused by it.
    const isPromised = windows.some(
      (it) => it.spares.includes(subject.id) && behind?.roots.every((id) => survey.found(id).work?.by === it.id),
    );
    if (behind && root !== undefined && !isPromised) {
      const cover: Cover = { kind: 'unreachable', by: root, name: graph.subject(root)?.name ?? root, always: false };
      covered.set(plan.id, { cover, roots: behind.roots, hold: behind.held });
    } else {
      const hold = (remote && suspected) || survey.waits(subject.id, state.since) || (way?.waits ?? false);
      covered.set(plan.id, { cover: null, roots: [subject.id], hold });
    }
  }
  return { covered, memory: remember(input, memory, survey) };
}

/** The desk is a parent of all that is remote: when it is connected again, what failed meanwhile gets a cycle to come back too. */
function deskMemory(memory: CoverMemory, isCutOff: boolean, now: number): CoverMemory {
  const { failed, recovered } = memory;
  if (failed.has(desk) === isCutOff) return memory;
  if (isCutOff) return { failed: new Set(failed).add(desk), recovered: without(recovered, desk) };
  return { failed: new Set([...failed].filter((id) => id !== desk)), recovered: new Map(recovered).set(desk, now) };
}

const without = (recovered: ReadonlyMap<string, number>, id: string): ReadonlyMap<string, number> =>
  recovered.has(id) ? new Map([...recovered].filter(([key]) => key !== id)) : recovered;

/** What has failed now, and what came back since the look before. */
function remember({ graph, checksOf, memory: given, now }: CoverInput, before: CoverMemory, survey: Survey): CoverMemory {
  for (const id of before.failed) survey.found(id);
  const failed = new Set<string>();
  const recovered = new Map<string, number>();
  for (const [id, found] of survey.all()) if (found.failed && graph.children(id).length > 0) failed.add(id);
  if (before.failed.has(desk)) failed.add(desk);
  for (const id of before.failed) if (!failed.has(id) && graph.children(id).length > 0) recovered.set(id, now);
  for (const [id, since] of before.recovered) {
    // A clock that went back must not make a cool-down longer.
    const at = Math.min(since, now);
    if (!failed.has(id) && (id === desk ? now < at + longestCycleMs : isWaitedFor(graph, checksOf, id, now - at))) recovered.set(id, at);
  }
  return isSame(given, { failed, recovered }) ? given : { failed, recovered };
}

/** Whether a cycle of some check behind a subject is longer than the time since that came back. */
const isWaitedFor = (graph: Graph, checksOf: CoverInput['checksOf'], id: string, agoMs: number): boolean =>
  graph.children(id).some((child) => checksOf(child).some(({ plan }) => agoMs < cycleOf(plan)));

const isSame = (a: CoverMemory, b: CoverMemory): boolean =>
  a.failed.size === b.failed.size &&
  a.recovered.size === b.recovered.size &&
  [...a.failed].every((id) => b.failed.has(id)) &&
  [...a.recovered].every(([id, at]) => b.recovered.get(id) === at);

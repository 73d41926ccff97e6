/**
 * Looks from subjects up to what they need: what has failed as a whole, where the failure began, what is being worked on. Each subject
 * is judged once per survey, parents first, without recursion: a chain in an inventory may be longer than the call stack.
 */
import { MINUTE } from '../time.ts';
import type { Cover } from './cover.ts';
import type { Graph } from './graph.ts';
import { type Judged, vitalsOf } from './vitals.ts';

export interface SurveyInput {
  graph: Graph;
  checksOf(subject: string): readonly Judged[];
  /** What had failed at the survey before, and when parents came back, epoch ms. */
  memory: { failed: ReadonlySet<string>; recovered: ReadonlyMap<string, number> };
  /** Covers of subjects that are worked on, and of those that a routine restarts. */
  worked: ReadonlyMap<string, Cover>;
  restarted: ReadonlyMap<string, Cover>;
  /** Whether a window spares a subject: that is watched as ever, whatever it is reached through. */
  spares(window: string, id: string): boolean;
  now: number;
}

/** What is known of one subject as a whole. */
interface Found {
  failed: boolean;
  /** Topmost failed subjects of a failed one; itself where nothing above it failed. */
  roots: readonly string[];
  /** Failed, or nothing of it answers while that is being made sure of. */
  shaky: boolean;
  /** Its root may turn out to lie higher: something above is being made sure of. */
  held: boolean;
  flapping: boolean;
  /** Work or a routine, on it or on all ways to it. */
  work: Cover | null;
  routine: Cover | null;
  lookedAt: number;
  dueAt: number;
}

/** Why something cannot be reached. */
export interface Behind {
  roots: readonly string[];
  held: boolean;
}

export interface Survey {
  found(id: string): Found;
  /**
   * Whether a group that the subject needs has failed as a whole. Members that have just come back count as failed for one cycle.
   * @param alsoFlapping members that come and go count too
   */
  behind(id: string, cycleMs: number, alsoFlapping?: boolean): Behind | null;
  /** The same of other groups than those that a subject needs. */
  behindAll(groups: readonly (readonly string[])[], cycleMs: number, alsoFlapping?: boolean): Behind | null;
  /** Whether something that it needs may have failed but is not sure yet. @param since first symptom of the subject's own problem */
  waits(id: string, since: number): boolean;
  waitsFor(groups: readonly (readonly string[])[], since: number): boolean;
  /** Every subject judged so far. */
  all(): IterableIterator<[string, Found]>;
}

/** A parent whose next look is due later than this after a child's first symptom is not waited for, ms. */
const longestWaitMs = MINUTE;

// Not made anew for each of thousands of subjects.
const workOf = (it: Found): Cover | null => it.work;
const routineOf = (it: Found): Cover | null => it.routine;
const isWorkedOn = (it: Found): boolean => it.work !== null;
const never = (): boolean => false;

const fine: Found = {
  failed: false,
  roots: [],
  shaky: false,
  held: false,
  flapping: false,
  work: null,
  routine: null,
  lookedAt: Number.POSITIVE_INFINITY,
  dueAt: Number.NEGATIVE_INFINITY,
};

export function createSurvey({ graph, checksOf, memory, worked, restarted, spares, now }: SurveyInput): Survey {
  const known = new Map<string, Found>();
  // What is not known when it is asked for stands in a circle with who asks.
  const at = (id: string): Found => known.get(id) ?? fine;
  /** Has failed, or came back less than a cycle ago; what had failed at the survey before and has not now comes back with this one. */
  const isOut = (id: string, cycleMs: number): boolean => {
    if (at(id).failed) return true;
    const back = memory.failed.has(id) ? now : memory.recovered.get(id);
    // A clock that went back must not make it longer.
    return back !== undefined && now < Math.min(back, now) + cycleMs;
  };

  const behindAll = (groups: readonly (readonly string[])[], cycleMs: number, alsoFlapping = false): Behind | null => {
    if (groups.length === 0) return null;
    let first: readonly string[] | null = null;
    let more: Set<string> | null = null;
    let held = false;
    for (const group of groups) {
      if (!group.every((member) => isOut(member, cycleMs) || (alsoFlapping && at(member).flapping))) continue;
      for (const member of group) {
        const it = at(member);
        held ||= it.held;
        const roots = it.roots.length > 0 ? it.roots : [member];
        if (first === null) first = roots;
        else if (roots !== first) {
          more ??= new Set(first);
          for (const root of roots) more.add(root);
        }
      }
    }
    return first && { roots: more ? [...more] : first, held };
  };

  const behind = (id: string, cycleMs: number, alsoFlapping = false): Behind | null => behindAll(graph.needs(id), cycleMs, alsoFlapping);

  const waitsFor = (groups: readonly (readonly string[])[], since: number): boolean =>
    groups.some((group) =>
      group.every((member) => {
        const it = at(member);
        return it.shaky || (it.lookedAt < since && now <= it.dueAt && it.dueAt - since <= longestWaitMs);
      }),
    );

  const waits = (id: string, since: number): boolean => waitsFor(graph.needs(id), since);

  /** The cover of what can only be reached through things that are covered themselves, or have failed. */
  const through = (id: string, cycleMs: number, coverOf: (it: Found) => Cover | null, isAside: (it: Found) => boolean): Cover | null => {
    for (const group of graph.needs(id)) {
      let first: Cover | null = null;
      const all = group.every((member) => {
        const it = at(member);
        const cover = coverOf(it);
        first ??= cover;
        return cover !== null || isAside(it) || isOut(member, cycleMs);
      });
      const cover = first as Cover | null;
      if (all && cover && !spares(cover.by, id)) return cover.always ? { ...cover, always: false } : cover;
    }
    return null;
  };

  const judge = (id: string): Found => {
    const subject = graph.subject(id);
    if (!subject) return fine;
    const groups = graph.needs(id);
    const vitals = vitalsOf(subject, checksOf(id));
    const { word, cycleMs } = vitals;
    const isUnclear = word === 'unclear';
    // Without a word of its own it stands as what it needs. What had failed has not come back only because nobody looks any more.
    const failed =
      word === 'failed' ||
      (isUnclear && ((vitals.has && memory.failed.has(id)) || groups.some((group) => group.every((member) => at(member).failed))));
    const above = failed ? behind(id, cycleMs) : null;
    const [lookedAt, dueAt] =
      vitals.has || groups.length === 0 ? [vitals.has ? vitals.lookedAt : fine.lookedAt, vitals.dueAt] : looks(groups);
    return {
      failed,
      roots: above?.roots ?? (failed ? [id] : fine.roots),
      shaky: failed || word === 'retried' || (isUnclear && groups.some((group) => group.every((member) => at(member).shaky))),
      held: above ? above.held : failed && waits(id, vitals.firstAt),
      flapping: vitals.flapping,
      work: worked.get(id) ?? through(id, cycleMs, workOf, never),
      routine: restarted.get(id) ?? through(id, cycleMs, routineOf, isWorkedOn),
      lookedAt,
      dueAt,
    };
  };
  /** Something without checks was seen to work when one of each of its groups was. */
  const looks = (groups: readonly (readonly string[])[]): [number, number] => {
    let lookedAt = Number.POSITIVE_INFINITY;
    let dueAt = Number.NEGATIVE_INFINITY;
    for (const group of groups) {
      let newest = Number.NEGATIVE_INFINITY;
      for (const member of group) {
        newest = Math.max(newest, at(member).lookedAt);
        dueAt = Math.max(dueAt, at(member).dueAt);
      }
      lookedAt = Math.min(lookedAt, newest);
    }
    return [lookedAt, dueAt];
  };

  const areKnown = (id: string): boolean => graph.needs(id).every((group) => group.every((member) => known.has(member)));

  const found = (id: string): Found => {
    const have = known.get(id);
    if (have) return have;
    if (areKnown(id)) {
      const it = judge(id);
      known.set(id, it);
      return it;
    }
    const trail = [id];
    const entered = new Set<string>();
    for (let top = trail.at(-1); top !== undefined; top = trail.at(-1)) {
      if (known.has(top)) trail.pop();
      else if (entered.has(top)) {
        known.set(top, judge(top));
        trail.pop();
      } else {
        entered.add(top);
        for (const group of graph.needs(top))
          for (const member of group) if (!known.has(member) && !entered.has(member)) trail.push(member);
      }
    }
    return at(id);
  };
  return { found, behind, behindAll, waits, waitsFor, all: () => known.entries() };
}

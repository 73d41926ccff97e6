/**
 * What single checks go through, where that is more than their subject needs: the host of one mail exchanger of several, or the doors
 * of a round trip. A check that could not look because its way is broken is a consequence of what the other checks of that way tell.
 */
import type { PlannedCheck } from '../model/plan.ts';
import { MINUTE } from '../time.ts';
import type { Cover } from './cover.ts';
import type { CheckState } from './step.ts';
import type { Behind, Survey } from './survey.ts';
import { cycleOf, type Judged } from './vitals.ts';

export interface Way {
  /** What of it has failed. */
  behind: Behind | null;
  /** Part of it is being worked on. */
  planned: Cover | null;
  /** Part of it may have failed but is not sure yet. */
  waits: boolean;
}
interface Context {
  survey: Survey;
  checksOf(subject: string): readonly Judged[];
  now: number;
}

/** A check whose next look is due later than this after the first symptom is not waited for, ms. */
const longestWaitMs = 2 * MINUTE;

/** Looks along the way of a check that has a problem. */
export function wayOf({ through = [], ...plan }: PlannedCheck, state: CheckState, context: Context): Way {
  const { survey, checksOf, now } = context;
  const cycleMs = cycleOf(plan);
  const roots = new Set<string>();
  let held = false;
  let planned: Cover | null = null;
  let waits = false;
  for (const id of through) {
    const [subject = id] = id.split('/');
    if (subject === id) {
      const group = [[id]];
      const { work, routine } = survey.found(id);
      planned ??= work ?? routine;
      const behind = survey.behindAll(group, cycleMs, state.hard === 'ok');
      for (const root of behind?.roots ?? []) roots.add(root);
      held ||= behind?.held ?? false;
      waits ||= survey.waitsFor(group, state.since);
      continue;
    }
    const door = checksOf(subject).find((it) => it.plan.id === id);
    // What it saw itself is its own to tell, unless the other sees the same without what is special here: mail that is stuck is stuck for lists too.
    if (!door || (state.hard !== 'unknown' && door.plan.type !== plan.type)) continue;
    if (isShut(door.state) || isNewer(door.state, state)) {
      const { work, routine } = survey.found(subject);
      const way = wayOf(door.plan, door.state, context);
      const above = survey.behind(subject, cycleMs) ?? way.behind;
      planned ??= work ?? routine ?? way.planned;
      for (const root of above?.roots ?? [subject]) roots.add(root);
      held ||= above?.held ?? false;
    } else waits ||= isUnsure(door, state.since, now);
  }
  return { behind: roots.size > 0 ? { roots: [...roots], held } : null, planned, waits };
}

const isShut = ({ hard }: CheckState): boolean => hard === 'down' || hard === 'unknown';
/** It came back after the other failed, which has not looked since. */
const isNewer = (door: CheckState, { at, since }: CheckState): boolean =>
  door.hard === 'ok' && door.since > since && at !== null && at <= door.since;

function isUnsure({ plan, state: { soft, at } }: Judged, since: number, now: number): boolean {
  if (soft) return soft.level !== 'degraded';
  const dueAt = at === null ? 0 : at + cycleOf(plan);
  return at !== null && at < since && now <= dueAt && dueAt - since <= longestWaitMs;
}

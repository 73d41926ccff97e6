/** Sorts what is wrong: what stays in its alert, what leaves it, what wants one, and what is only a consequence. */
import { isRemote } from '../health/reach.ts';
import { count } from '../text.ts';
import { subjectIdOf } from './names.ts';
import { type BoardProblem, type Group, groupFrom, type Item, type Work } from './work.ts';

/** How a problem counts now. */
type Part = 'root' | 'consequence' | 'covered' | NonNullable<Item['held']>;

function partOf({ cover, hold, plan, state }: BoardProblem, cutOff: boolean): Part {
  if (cover?.kind === 'cut-off' || (cutOff && isRemote(plan))) return 'cut-off';
  if (cover?.kind === 'maintenance' || cover?.kind === 'routine') return 'covered';
  if (cover?.kind === 'unreachable') return 'consequence';
  if (state.staleSince !== null) return 'no-data';
  return hold ? 'parent-retried' : 'root';
}

export const itemOf = ({ plan, subject, state }: Omit<Item, 'held'>, held: Item['held'] = null): Item => ({ plan, subject, state, held });

/** A check of an alert that is not among the problems: ok again, unless nothing can be said of it now. */
function quietItem({ input }: Work, check: string): Item | null {
  const id = subjectIdOf(check);
  const subject = input.graph.subject(id);
  const it = input.checksOf(id).find(({ plan }) => plan.id === check);
  if (!it || !subject || !input.isWatched(check)) return null;
  if (input.cutOff && isRemote(it.plan)) return itemOf({ ...it, subject }, 'cut-off');
  // No news is neither good nor bad: it takes nothing in and lets nothing go.
  return it.state.staleSince !== null || it.state.hard === 'pending' ? itemOf({ ...it, subject }, 'no-data') : null;
}

export function scope(work: Work): string {
  const { input, problems, groups, rootOf, consequenceOf } = work;
  for (const alert of input.open) {
    if (alert.endedAt !== null || alert.subject.kind === 'desk') continue;
    const group = groupFrom(alert);
    groups.push(group);
    for (const check of alert.checks) if (!rootOf.has(check)) rootOf.set(check, group);
    for (const check of alert.consequences) if (!consequenceOf.has(check)) consequenceOf.set(check, group);
  }
  // A check stands in one alert, in one part.
  for (const check of rootOf.keys()) consequenceOf.delete(check);

  let taken = 0;
  for (const problem of problems.values()) {
    // A single anchor that fails says nothing that a person could act on: the desk is still connected by the others. When all
    // of them fail, that is the alert of the desk itself (desk-offline.ts).
    if (problem.subject.kind === 'desk') continue;
    const { id } = problem.plan;
    const part = partOf(problem, input.cutOff !== null);
    const root = rootOf.get(id);
    const behind = consequenceOf.get(id);
    if (part === 'covered') {
      // A routine excuses what fails with it. What had an alert before is not made good by it, and nobody wants to hear of it anew after it.
      if (root && problem.cover?.kind === 'routine') root.roots.set(id, itemOf(problem, 'older'));
      else if (root) root.covered = problem.cover;
    } else if (part === 'consequence') {
      // Without fresh data it may move, as its parent is known to have failed, but nothing is taken in.
      if (root || behind || problem.state.staleSince === null) work.behind.push(problem);
    } else if (part === 'root') {
      taken += 1;
      if (root) root.roots.set(id, itemOf(problem));
      else {
        const others = work.unplaced.get(problem.subject.id);
        if (others) others.push(problem);
        else work.unplaced.set(problem.subject.id, [problem]);
      }
    } else if (root) root.roots.set(id, itemOf(problem, part));
    else behind?.consequences.add(id);
  }
  const quiet = (check: string, hold: (item: Item) => void): void => {
    if (problems.has(check)) return;
    const item = quietItem(work, check);
    if (item) hold(item);
  };
  for (const [check, group] of rootOf) quiet(check, (item) => group.roots.set(check, item));
  for (const [check, group] of consequenceOf) quiet(check, () => group.consequences.add(check));
  return `${count(problems.size, 'problem')}: ${taken} of their own, ${work.behind.length} behind others`;
}

/** Groups in which something is wrong; the others end. */
export const living = (groups: readonly Group[]): Group[] => groups.filter((it) => it.roots.size > 0);

/** What belongs together: the same root subject, the same cause, the same site and minute. */
import type { CheckState } from '../health/step.ts';
import { count } from '../text.ts';
import { MINUTE } from '../time.ts';
import { subjectIdOf } from './names.ts';
import { itemOf, living } from './scope.ts';
import { type BoardProblem, type Group, groupFrom, siteOf, symptomAt, type Work } from './work.ts';

/** Things of one site that begin to fail within this time are one story. */
const companyMs = MINUTE;
/** A child often goes hard before its parent does; what was down for longer has another story, whatever its parent does now. */
const adoptMs = 5 * MINUTE;

const take = (work: Work, group: Group, subject: string): void => {
  for (const problem of work.unplaced.get(subject) ?? []) group.roots.set(problem.plan.id, itemOf(problem));
  work.unplaced.delete(subject);
};
const sinceOf = (problems: readonly BoardProblem[]): number =>
  problems.reduce((first, it) => Math.min(first, symptomAt(it.state)), Number.POSITIVE_INFINITY);

/** More of a subject that has an alert joins it. */
export function sameSubject(work: Work): string {
  const owners = new Map<string, Group>();
  for (const [check, group] of work.rootOf) if (!owners.has(subjectIdOf(check))) owners.set(subjectIdOf(check), group);
  let joined = 0;
  for (const subject of [...work.unplaced.keys()]) {
    const owner = owners.get(subject);
    if (!owner) continue;
    take(work, owner, subject);
    joined += 1;
  }
  return `${count(joined, 'subject')} in an alert already`;
}

/** The alert of a child becomes that of its cause, where the cause has none: the person who looks at it sees it turn, not vanish. */
export function adopt(work: Work): string {
  const roots = new Map<Group, Set<string>>();
  for (const problem of work.behind) {
    const group = work.rootOf.get(problem.plan.id);
    if (!group?.open || group.roots.size > 0) continue;
    const causes = roots.get(group) ?? new Set();
    for (const id of problem.roots) causes.add(id);
    roots.set(group, causes);
  }
  let adopted = 0;
  const oldestFirst = [...roots].sort(
    ([a], [b]) => (a.open?.firstAt ?? 0) - (b.open?.firstAt ?? 0) || ((a.open?.id ?? '') < (b.open?.id ?? '') ? -1 : 1),
  );
  for (const [group, causes] of oldestFirst) {
    const cause = [...causes].find((id) => {
      const problems = work.unplaced.get(id);
      return problems !== undefined && Math.abs(sinceOf(problems) - (group.open?.firstAt ?? 0)) <= adoptMs;
    });
    if (cause === undefined) continue;
    take(work, group, cause);
    adopted += 1;
  }
  return `${count(adopted, 'alert')} turned into that of a cause`;
}

/** A subject that begins to fail, and whether it may have company. */
interface Newcomer {
  subject: string;
  site: string | null;
  since: number;
  /** It was seen ok before (or reached, until its parent failed). What was there at the first look began nobody knows when. */
  social: boolean;
}

function newcomers(work: Work): Newcomer[] {
  return [...work.unplaced]
    .map(([subject, problems]): Newcomer => {
      const seen = problems.filter((it) => wasOk(it.state) || work.consequenceOf.has(it.plan.id));
      const [first] = problems;
      return {
        subject,
        site: first ? siteOf(first.subject) : null,
        since: sinceOf(seen.length > 0 ? seen : problems),
        social: seen.length > 0,
      };
    })
    .sort((a, b) => a.since - b.since || (a.subject < b.subject ? -1 : 1));
}

/** Seen ok before it failed: only then is it known when that began. */
const wasOk = ({ history }: CheckState): boolean => history.includes('o');

/** New problems join an alert of their site that began in the same minute. */
export function sameSiteAndMinute(work: Work): string {
  const bySite = Map.groupBy(
    // An alert of which nothing fresh is known takes in nothing but more of its own subjects. And nobody knows when that began which was
    // wrong at the first look already.
    living(work.groups).filter((it) => it.open && [...it.roots.values()].some(({ held, state }) => held === null && wasOk(state))),
    ({ open, roots }) => {
      if (open?.subject.kind === 'site') return open.subject.id;
      const [first] = roots.values();
      return first ? siteOf(first.subject) : null;
    },
  );
  let joined = 0;
  for (const { subject, site, since, social } of newcomers(work)) {
    if (!social) continue;
    let nearest: Group | null = null;
    let distance = companyMs;
    for (const group of bySite.get(site) ?? []) {
      const apart = Math.abs((group.open?.firstAt ?? 0) - since);
      if (apart > distance || (apart === distance && nearest)) continue;
      nearest = group;
      distance = apart;
    }
    if (!nearest) continue;
    take(work, nearest, subject);
    joined += 1;
  }
  return `${count(joined, 'subject')} joined an alert of the same site and minute`;
}

/** What is left makes new alerts: together where it is of one site and minute. */
export function gather(work: Work): string {
  const latest = new Map<string | null, { group: Group; since: number }>();
  let made = 0;
  for (const { subject, site, since, social } of newcomers(work)) {
    const company = social ? latest.get(site) : undefined;
    if (company && since - company.since <= companyMs) {
      take(work, company.group, subject);
      continue;
    }
    const group = groupFrom(null);
    work.groups.push(group);
    take(work, group, subject);
    if (social) latest.set(site, { group, since });
    made += 1;
  }
  return `${count(made, 'new group')}`;
}

const beganAt = ({ open, roots }: Group): number =>
  Math.min(open?.firstAt ?? Number.POSITIVE_INFINITY, ...[...roots.values()].map((it) => symptomAt(it.state)));

/** Folds what is unreachable into the alert of what it is reached through. */
export function consequences(work: Work): string {
  const owners = new Map<string, Group>();
  for (const group of living(work.groups))
    for (const { subject } of group.roots.values()) if (!owners.has(subject.id)) owners.set(subject.id, group);
  let folded = 0;
  for (const problem of work.behind) {
    const { id } = problem.plan;
    const own = work.rootOf.get(id);
    const cause = problem.roots.find((it) => owners.has(it));
    const target = cause === undefined ? undefined : owners.get(cause);
    // What was wrong long before has an alert of its own, and who took that has it still.
    if (own && target && own !== target && sinceOf([problem]) < beganAt(target) - adoptMs) own.roots.set(id, itemOf(problem, 'older'));
    else if (target) {
      target.consequences.add(id);
      folded += 1;
      if (own && own !== target) own.movedTo = target;
      // Its cause has no alert (yet): an alert that holds it stays as it is until that is clear.
    } else if (own) own.roots.set(id, itemOf(problem, 'parent-retried'));
  }
  return `${count(folded, 'check')} unreachable behind a root`;
}

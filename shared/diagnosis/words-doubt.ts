/** Why a diagnosis is not surer, in plain words. One line of a table for each doubt. */
import { subjectIdOf } from '../alerting/names.ts';
import { count, listOf } from '../text.ts';
import type { Doubt, Weighed } from './cause.ts';
import type { CauseKind, DiagnosisInput } from './types.ts';
import {
  articled,
  bySubject,
  checkNameOf,
  isPlural,
  longestWorks,
  nameOf,
  nounOfCause,
  orOf,
  shortened,
  started,
  thingOf,
} from './words-parts.ts';
import { sentenceOf } from './words-sentence.ts';

interface Asked {
  best: Weighed;
  runnerUp: Weighed | null;
  input: DiagnosisInput;
  /** Longest name, letters. */
  most: number;
}

/**
 * @param doubt the most telling one @param runnerUp what comes nearest and says something else
 * @returns at most 160 letters without a full stop: "web2, which needs it as well, still works"
 */
export const doubtOf = (doubt: Doubt, best: Weighed, runnerUp: Weighed | null, input: DiagnosisInput): string =>
  shortened((most) => doubts[doubt]({ best, runnerUp, input, most }), longestWorks);

const doubts: Record<Doubt, (asked: Asked) => string> = {
  few: ({ best }) =>
    best.explains.length > 1 ? `Only ${best.explains.length} checks tell of it so far` : 'Only one check tells of it so far',
  contradicted: contradictedSentence,
  near: nearSentence,
  which: ({ best: { cause }, input, most }) => {
    const names = orOf(
      cause.culprits.map((id) => nameOf(input, id, most)),
      nounOfCause[cause.kind],
    );
    const why =
      cause.prefixes.length > 0
        ? `${cause.culprits.length === 2 ? 'both' : 'all of them'} carry these prefixes`
        : 'the same is seen with each';
    return `It may be ${names}: ${why}`;
  },
  unseen: () => 'Much of what should fail with it, or should not, has not been looked at since it began',
  rest: ({ best, input, most }) => {
    const [only, another] = best.unexplained;
    if (only === undefined) return 'Something else fails that it does not explain';
    if (another === undefined) return `It does not explain that ${checkNameOf(input, only, most)} fails`;
    return `It does not explain ${count(best.unexplained.length, 'other failing check')}`;
  },
};

/** How what still works hangs together with the cause. */
const needs = { one: 'needs it as well', many: 'need it as well' };
const alike = { one: 'should fail as well', many: 'should fail as well' };
const there = { one: 'stands there as well', many: 'stand there as well' };
const rides = { one: 'goes the same way', many: 'go the same way' };
const relation: Record<CauseKind, { one: string; many: string }> = {
  desk: alike,
  site: there,
  link: rides,
  'link-prefixes': rides,
  'link-loss': rides,
  prefix: rides,
  host: needs,
  'host-hangs': needs,
  service: needs,
  dependency: needs,
  leg: alike,
  mail: alike,
  'name-server': alike,
  check: alike,
};

/** "web2, which needs it as well, still works": things where all of them passes, else single checks. Those of the culprit itself are checks. */
function contradictedSentence({ best, input, most }: Asked): string {
  const { culprits, kind } = best.cause;
  const signs = bySubject(input.signs);
  let isMany = false;
  const names = [...Map.groupBy(best.contradicts, subjectIdOf)].flatMap(([id, checks]) => {
    const fails = (signs.get(id) ?? []).some((it) => it.word !== 'passes');
    if (fails || culprits.includes(id)) return checks.map((check) => checkNameOf(input, check, most));
    const subject = input.graph.subject(id);
    isMany ||= isPlural(subject, subject?.name ?? '');
    return [started(subject, nameOf(input, subject?.leg ? thingOf(input, id) : id, most))];
  });
  const [first, another] = new Set(names);
  if (first === undefined) return 'Something that should fail with it still works';
  // A check of the thing itself needs nothing of it.
  const { one, many } = best.contradicts.some((id) => culprits.includes(subjectIdOf(id))) ? alike : relation[kind];
  if (another === undefined) return isMany ? `${first}, which ${many}, still work` : `${first}, which ${one}, still works`;
  return `${listOf([...new Set(names)], 2)}, which ${many}, still work`;
}

/** What can be broken by itself. */
const alone: ReadonlySet<CauseKind> = new Set<CauseKind>(['service', 'leg', 'check']);

/** "It may as well be Meridian Transit: both carry these prefixes"; "Not ruled out: web1 is down". */
function nearSentence({ best, runnerUp, input, most }: Asked): string {
  // The narrower story says nothing that the wider one does not: only that it has nothing to do with the rest.
  const known = new Set(best.explains);
  const isNarrower = runnerUp === null || (alone.has(runnerUp.cause.kind) && runnerUp.explains.every((id) => known.has(id)));
  if (best.cause.kind === 'dependency' && isNarrower) return 'Each of them may have a reason of its own';
  if (runnerUp === null) return 'Something else is not ruled out';
  const { cause } = runnerUp;
  const same = cause.kind === 'link-prefixes' && best.cause.kind === cause.kind && cause.prefixes.join() === best.cause.prefixes.join();
  if (same) {
    const names = cause.culprits.map((id) => articled(input.graph.subject(id), nameOf(input, id, most)));
    return `It may as well be ${orOf(names, nounOfCause[cause.kind])}: ${names.length === 1 ? 'both' : 'all of them'} carry these prefixes`;
  }
  return `Not ruled out: ${sentenceOf(runnerUp, input)}`;
}

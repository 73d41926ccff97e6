/** What was not affected, and what nobody can say anything about. Only complete, good results count as "worked". */
import { capital, checkLabel, checkOnSubject } from '../alerting/names.ts';
import type { PlannedCheck, Subject } from '../model/plan.ts';
import type { SubjectKind } from '../model/words.ts';
import { clean, listOf } from '../text.ts';
import { humanDuration } from '../time.ts';
import type { AffectedPart } from './affected.ts';
import { hidingOf } from './cut-off.ts';
import type { Block, Statement } from './draft.ts';
import { type EvidenceBook, few, incidentKey, namesList, tally, wasFine, whyNotKnown } from './evidence.ts';
import type { IncidentFacts } from './facts.ts';
import type { DraftInput } from './input.ts';
import { merge, overlap, sumOf } from './stretches.ts';

const groupNames: Record<SubjectKind, string> = {
  service: 'Services',
  host: 'Servers',
  link: 'Links',
  prefix: 'Address ranges',
  mail: 'Mail',
  site: 'Sites',
  desk: 'Desk',
};
const kinds = ['service', 'host', 'link', 'prefix', 'mail', 'site'] as const;
/** Up to this many subjects have a footnote each; more share one. */
const mostOwnFootnotes = 6;

export interface Judged {
  subject: Subject;
  /** The checks that it is judged by: its own, or those of the hosts that carry it. */
  checks: PlannedCheck[];
  /** Why nothing can be said; null where it worked. */
  why: string | null;
  /** What says so, besides its results. */
  evidence?: string[];
}

/**
 * Judges everything that is not affected: whether it worked, or why nobody can say.
 * @param affected ids of what is accounted for as affected; `unreached`: of these, what could only not be reached
 */
export function judgeOthers(
  input: DraftInput,
  facts: IncidentFacts,
  { subjects: affected, unreached }: { subjects: ReadonlySet<string>; unreached: ReadonlySet<string> },
): { judged: Judged[]; partly: { subject: Subject; working: PlannedCheck[] }[] } {
  const bad = [...facts.spells, ...facts.consequences, ...facts.blind, ...facts.planned.map((it) => it.spell), ...facts.elsewhere];
  const troubled = new Set(bad.map((spell) => spell.check));
  // What came in while the desk was cut off proves nothing, however good it looks.
  const hidden = (plan: PlannedCheck): boolean => hidingOf(facts.cutOffs, plan).length > 0;
  const fine = (plan: PlannedCheck): boolean => !troubled.has(plan.id) && !hidden(plan) && wasFine(input, plan);
  const nameById = new Map(input.subjects.map((it) => [it.id, it.name]));
  const names = (ids: readonly string[]): string => namesList(ids.map((id) => nameById.get(id) ?? id));
  const bySubject = Map.groupBy(input.plans, (plan) => plan.subject.id);
  const plansOf = (id: string): PlannedCheck[] => bySubject.get(id) ?? [];

  const stacks = new Set(input.subjects.map((it) => it.leg?.entry));

  const judged = input.subjects.flatMap((subject): Judged[] => {
    if (affected.has(subject.id)) return [];
    const own = plansOf(subject.id);
    const checks = own.length > 0 ? own : subject.hosts.flatMap(plansOf);
    // It is told leg by leg.
    if (own.length === 0 && stacks.has(subject.id)) return [];
    // A site is a place; without checks of its own there is nothing to say of it.
    if (checks.length === 0) return subject.kind === 'site' ? [] : [{ subject, checks, why: 'nothing watches it' }];
    const hit = own.length > 0 ? undefined : subject.hosts.find((id) => affected.has(id));
    if (hit)
      return [
        {
          subject,
          checks,
          why: `it has no check of its own, and ${names([hit])} ${unreached.has(hit) ? 'could not be reached' : 'was affected'}`,
        },
      ];
    const bare = own.length > 0 ? undefined : subject.hosts.find((id) => plansOf(id).length === 0);
    if (bare) return [{ subject, checks, why: `nothing watches ${clean(bare, 120)}` }];
    // Of things that stand in for each other one is enough.
    const missed =
      own.length > 0 ? undefined : subject.dependsOn.find((group) => group.length > 0 && group.every((id) => affected.has(id)));
    if (missed) {
      const were = missed.every((id) => unreached.has(id))
        ? 'could not be reached'
        : missed.length === 1
          ? 'was affected'
          : 'were all affected';
      return [{ subject, checks, why: `it has no check of its own, and depends on ${names(missed)}, which ${were}` }];
    }
    if (checks.some(hidden)) return [{ subject, checks, why: cutOffWords(input, facts) }];
    const blind = facts.blind.filter((spell) => checks.some((plan) => plan.id === spell.check));
    const [unseeing] = blind;
    const plan = unseeing && checks.find((it) => it.id === unseeing.check);
    if (plan) {
      const why = `${checkLabel(plan)} could not be made${unseeing.text === '' ? '' : ` (${clean(unseeing.text, 200).replace(/\.$/, '')})`}`;
      return [{ subject, checks, why, evidence: few(blind.flatMap((spell) => spell.evidence)) }];
    }
    const wrong = checks.find((it) => !fine(it));
    // Checks do not see everything; whoever says that it was hit may be right.
    if (!wrong && input.incident?.subjects.includes(subject.id))
      return [
        {
          subject,
          checks,
          why: 'people say that it was hit, and its checks saw nothing wrong',
          evidence: [incidentKey(input.incident.id)],
        },
      ];
    return [{ subject, checks, why: wrong ? whyNotKnown(input, wrong) : null }];
  });
  const partly = input.subjects
    .filter((it) => affected.has(it.id) && !unreached.has(it.id))
    .flatMap((subject) => {
      const working = plansOf(subject.id).filter(fine);
      return working.length > 0 ? [{ subject, working }] : [];
    });
  return { judged, partly };
}

/** @param affected what the section before speaks of */
export function unaffectedParts(
  input: DraftInput,
  facts: IncidentFacts,
  affected: Pick<AffectedPart, 'subjects' | 'unreached'>,
  book: EvidenceBook,
): { worked: Block[]; notKnown: Block[] } {
  const { judged, partly } = judgeOthers(input, facts, affected);
  const worked: Statement[] = [];
  for (const kind of kinds) {
    const good = judged.filter((it) => it.subject.kind === kind && it.why === null);
    const [own, carried] = [
      good.filter((it) => it.checks[0]?.subject.id === it.subject.id),
      good.filter((it) => it.checks[0]?.subject.id !== it.subject.id),
    ];
    if (own.length > 0) worked.push(workedStatement(input, kind, own, book));
    worked.push(...carried.slice(0, 20).map((it) => carriedStatement(input, it, book)));
  }
  for (const { subject, working } of partly.slice(0, 20)) {
    const what = checkOnSubject(listOf(working.map(checkLabel), 6), subject);
    worked.push({ text: `${capital(what)} worked throughout (${figures(input, working)}).`, evidence: [book.coverage(what, working)] });
  }
  const notKnown = kinds.flatMap((kind) =>
    notKnownStatements(
      kind,
      judged.filter((it) => it.subject.kind === kind && it.why !== null),
      book,
    ),
  );
  return {
    worked: worked.length > 0 ? [{ kind: 'list', statements: worked }] : [],
    notKnown: notKnown.length > 0 ? [{ kind: 'list', statements: notKnown }] : [],
  };
}

/** "this desk was cut off for 20 min of the time". */
const cutOffWords = (input: DraftInput, { cutOffs }: IncidentFacts): string =>
  `this desk was cut off for ${humanDuration(sumOf(overlap(merge(cutOffs), [{ from: input.from, to: input.to, evidence: [] }]), input.to))} of the time`;

/** In the words of customers where there are any. */
const nameOf = (subject: Subject): string =>
  clean(subject.kind === 'service' || subject.kind === 'mail' ? subject.audience : subject.name, 120);
const startOf = (subject: Subject): string =>
  subject.kind === 'service' || subject.kind === 'mail' ? capital(nameOf(subject)) : nameOf(subject);
const figures = (input: DraftInput, checks: readonly PlannedCheck[]): string => {
  const sum = tally(input, checks);
  return `${sum.ok} of ${sum.n} results ok`;
};

/** A ping or a connect says that something answers, not that it works. */
const answering = new Set(['icmp', 'tcp']);
export const answersOnly = (checks: readonly PlannedCheck[]): boolean => checks.every((plan) => answering.has(plan.type));
const verbOf = (checks: readonly PlannedCheck[]): string => (answersOnly(checks) ? 'answered' : 'worked');

function workedStatement(input: DraftInput, kind: SubjectKind, good: Judged[], book: EvidenceBook): Statement {
  const names = good.map((it) => nameOf(it.subject));
  const all = [...new Set(good.flatMap((it) => it.checks))];
  const [only] = good;
  let head = only && good.length === 1 ? startOf(only.subject) : `${groupNames[kind]}: ${namesList(names)}`;
  // A gateway that answers is not a link that carries traffic.
  if (kind === 'link' && all.every((plan) => plan.name === 'gateway'))
    head = `The gateway${good.length === 1 ? '' : 's'} of ${namesList(names)}`;
  const evidence =
    good.length <= mostOwnFootnotes
      ? good.map((it) => book.coverage(nameOf(it.subject), it.checks))
      : [book.coverage(listOf(names, 60), all)];
  return { text: `${head} ${verbOf(all)} throughout (${figures(input, all)}).`, evidence };
}

/** A service without checks of its own is known by the servers that carry it only, and that is said. */
function carriedStatement(input: DraftInput, { subject, checks }: Judged, book: EvidenceBook): Statement {
  const hosts = namesList(subject.hosts.map((id) => input.subjects.find((it) => it.id === id)?.name ?? id));
  return {
    text: `${startOf(subject)}: ${hosts}, which ${subject.hosts.length === 1 ? 'carries' : 'carry'} it, ${verbOf(checks)} throughout (${figures(input, checks)}).`,
    evidence: [book.coverage(hosts, checks)],
  };
}

/** One statement for each reason: a night without any data must not fill pages. */
function notKnownStatements(kind: SubjectKind, unknown: Judged[], book: EvidenceBook): Statement[] {
  const byReason = new Map<string, Judged[]>();
  // Past a few, the reasons differ in figures only; the footnotes carry those.
  const key = (it: Judged): string =>
    unknown.length <= mostOwnFootnotes || it.checks.length === 0 ? (it.why as string) : 'the results are not complete or not all ok';
  for (const it of unknown) byReason.set(key(it), [...(byReason.get(key(it)) ?? []), it]);
  return [...byReason].map(([why, those]) => {
    const names = those.map((it) => nameOf(it.subject));
    const head = those.length === 1 && those[0] ? startOf(those[0].subject) : `${groupNames[kind]}: ${namesList(names)}`;
    const cite = (it: Judged): string =>
      it.checks.length === 0 ? book.unwatched(it.subject) : book.coverage(nameOf(it.subject), it.checks);
    const watched = those.filter((it) => it.checks.length > 0);
    const evidence =
      those.length <= mostOwnFootnotes || watched.length === 0
        ? those.slice(0, mostOwnFootnotes).map(cite)
        : [
            book.coverage(
              listOf(names, 60),
              watched.flatMap((it) => it.checks),
            ),
          ];
    return { text: `${head}: ${why}.`, evidence: few([...those.flatMap((it) => it.evidence ?? []), ...evidence]) };
  });
}

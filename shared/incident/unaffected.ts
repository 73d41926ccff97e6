/** What was not affected, and what nobody can say anything about. Only complete, good results count as "worked". */
import { capital, checkLabel } from '../alerting/names.ts';
import type { PlannedCheck, Subject } from '../model/plan.ts';
import type { SubjectKind } from '../model/words.ts';
import { clean, listOf } from '../text.ts';
import type { Block, Statement } from './draft.ts';
import { type EvidenceBook, namesList, tally, wasFine, whyNotKnown } from './evidence.ts';
import type { IncidentFacts } from './facts.ts';
import type { DraftInput } from './input.ts';

const groupNames: Record<SubjectKind, string> = { service: 'Services', host: 'Servers', link: 'Links', prefix: 'Address ranges', mail: 'Mail', site: 'Sites', desk: 'Desk' };
const kinds = ['service', 'host', 'link', 'prefix', 'mail', 'site'] as const;
/** Up to this many subjects have a footnote each; more share one. */
const mostOwnFootnotes = 6;

interface Judged {
  subject: Subject;
  /** The checks that it is judged by: its own, or those of the hosts that carry it. */
  checks: PlannedCheck[];
  /** Why nothing can be said; null where it worked. */
  why: string | null;
}

/** @param affected ids of subjects that the section before speaks of */
export function unaffectedParts(input: DraftInput, facts: IncidentFacts, affected: ReadonlySet<string>, book: EvidenceBook): { worked: Block[]; notKnown: Block[] } {
  const troubled = new Set([...facts.spells, ...facts.elsewhere].map((spell) => spell.check));
  const fine = (plan: PlannedCheck): boolean => !troubled.has(plan.id) && wasFine(input, plan);
  const plansOf = (id: string): PlannedCheck[] => input.plans.filter((plan) => plan.subject.id === id);

  const judged = input.subjects.flatMap((subject): Judged[] => {
    if (affected.has(subject.id)) return [];
    const own = plansOf(subject.id);
    const checks = own.length > 0 ? own : subject.hosts.flatMap(plansOf);
    // A site is a place; without checks of its own there is nothing to say of it.
    if (checks.length === 0) return subject.kind === 'site' ? [] : [{ subject, checks, why: 'nothing watches it' }];
    const hit = own.length > 0 ? undefined : subject.hosts.find((id) => affected.has(id));
    if (hit) return [{ subject, checks, why: `it has no check of its own, and ${clean(input.subjects.find((it) => it.id === hit)?.name ?? hit, 120)} was affected` }];
    const bare = own.length > 0 ? undefined : subject.hosts.find((id) => plansOf(id).length === 0);
    if (bare) return [{ subject, checks, why: `nothing watches ${clean(bare, 120)}` }];
    const bad = checks.find((plan) => !fine(plan));
    return [{ subject, checks, why: bad ? `${checkLabel(bad)}: ${whyNotKnown(input, bad)}` : null }];
  });

  const worked: Statement[] = [];
  const partly = input.subjects.filter((it) => affected.has(it.id)).flatMap((subject) => {
    const working = plansOf(subject.id).filter(fine);
    return working.length > 0 ? [{ subject, working }] : [];
  });
  for (const kind of kinds) {
    const good = judged.filter((it) => it.subject.kind === kind && it.why === null);
    if (good.length > 0) worked.push(workedStatement(input, kind, good, book));
  }
  for (const { subject, working } of partly.slice(0, 20)) {
    const labels = listOf(working.map(checkLabel), 6);
    const joint = subject.kind === 'host' || subject.kind === 'site' ? 'On' : 'Of';
    worked.push({ text: `${joint} ${clean(subject.name, 120)}, ${labels} worked throughout (${figures(input, working)}).`, evidence: [book.coverage(`${labels} of ${subject.name}`, working)] });
  }
  const notKnown = kinds.flatMap((kind) => notKnownStatements(kind, judged.filter((it) => it.subject.kind === kind && it.why !== null), book));
  return { worked: worked.length > 0 ? [{ kind: 'list', statements: worked }] : [], notKnown: notKnown.length > 0 ? [{ kind: 'list', statements: notKnown }] : [] };
}

const nameOf = (subject: Subject): string => clean(subject.kind === 'service' || subject.kind === 'mail' ? subject.audience : subject.name, 120);
const figures = (input: DraftInput, checks: readonly PlannedCheck[]): string => {
  const sum = tally(input, checks);
  return `${sum.ok} of ${sum.n} results ok`;
};

function workedStatement(input: DraftInput, kind: SubjectKind, good: Judged[], book: EvidenceBook): Statement {
  const names = good.map((it) => nameOf(it.subject));
  const all = good.flatMap((it) => it.checks);
  const head = good.length === 1 ? capital(names[0] as string) : `${groupNames[kind]}: ${namesList(names)}`;
  const evidence = good.length <= mostOwnFootnotes ? good.map((it) => book.coverage(nameOf(it.subject), it.checks)) : [book.coverage(listOf(names, 60), all)];
  return { text: `${head} worked throughout (${figures(input, [...new Set(all)])}).`, evidence };
}

/** One statement for each reason: a night without any data must not fill pages. */
function notKnownStatements(kind: SubjectKind, unknown: Judged[], book: EvidenceBook): Statement[] {
  const byReason = new Map<string, Judged[]>();
  // Past a few, the reasons differ in figures only; the footnotes carry those.
  const key = (it: Judged): string => (unknown.length <= mostOwnFootnotes || it.checks.length === 0 ? (it.why as string) : 'the results are not complete or not all ok');
  for (const it of unknown) byReason.set(key(it), [...(byReason.get(key(it)) ?? []), it]);
  return [...byReason].map(([why, those]) => {
    const names = those.map((it) => nameOf(it.subject));
    const head = those.length === 1 ? capital(names[0] as string) : `${groupNames[kind]}: ${namesList(names)}`;
    const cite = (it: Judged): string => (it.checks.length === 0 ? book.unwatched(it.subject) : book.coverage(nameOf(it.subject), it.checks));
    const watched = those.filter((it) => it.checks.length > 0);
    const evidence = those.length <= mostOwnFootnotes || watched.length === 0 ? those.slice(0, mostOwnFootnotes).map(cite) : [book.coverage(listOf(names, 60), watched.flatMap((it) => it.checks))];
    return { text: `${head}: ${why}.`, evidence };
  });
}

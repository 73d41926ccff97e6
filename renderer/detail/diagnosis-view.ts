/** What the detail panel says of what is behind an alert, made from the live tables. Pure. */
import { checkLabel, checkOnSubject, subjectIdOf } from '../../shared/alerting/names.ts';
import type { Diagnosis, Explanation } from '../../shared/diagnosis/types.ts';
import type { LiveTables } from '../../shared/live.ts';
import type { Alert } from '../../shared/model/alert.ts';
import { clean, count } from '../../shared/text.ts';

/** A runner-up with so much of the best one's share is weighed against it. */
const nearBy = 0.5;
/** So many checks are named; more are counted. */
const mostNamed = 8;

/** One check that can be opened. */
interface NamedCheck {
  check: string;
  subject: string;
  name: string;
}
export interface NamedChecks {
  shown: NamedCheck[];
  more: number;
}
/** How likely one explanation is. */
interface Likelihood {
  /** 0 to 100; null where that would say more than is known. */
  percent: number | null;
  sentence: string;
}

interface DiagnosisView {
  best: Likelihood;
  confidence: Diagnosis['confidence'];
  /** "Sure", "Likely", "Not sure". */
  word: string;
  works: string | null;
  /** Epoch ms. */
  since: number;
  /** "9 failing checks of 4 things". */
  explains: string;
  contradicts: NamedChecks;
  unexplained: NamedChecks;
  runnerUp: Likelihood | null;
  doubt: string | null;
}

const words: Record<Diagnosis['confidence'], string> = { sure: 'Sure', likely: 'Likely', unsure: 'Not sure' };

/**
 * The open alert that tells what is behind a subject's trouble: its own, or else one that its checks are in, that took it along, or whose
 * cause it is. Undefined where none was looked into.
 */
export function diagnosedAlertOf({ alerts }: Pick<LiveTables, 'alerts'>, subject: string): Alert | undefined {
  const open = Object.values(alerts).filter((it) => it.endedAt === null && it.diagnosis !== undefined);
  const has = (checks: readonly string[]): boolean => checks.some((id) => subjectIdOf(id) === subject);
  const ways: ((alert: Alert) => boolean)[] = [
    (it) => it.subject.id === subject,
    (it) => has(it.checks),
    (it) => it.diagnosis?.best.culprits.includes(subject) ?? false,
    (it) => has(it.consequences),
  ];
  for (const way of ways) {
    const found = open.filter(way).sort((a, b) => a.firstAt - b.firstAt || (a.id < b.id ? -1 : 1))[0];
    if (found) return found;
  }
  return undefined;
}

export function diagnosisView(diagnosis: Diagnosis, tables: Pick<LiveTables, 'plans' | 'subjects'>): DiagnosisView {
  const { best, runnerUp, confidence, doubt, works, unexplained, since } = diagnosis;
  // Unsure though nothing else comes near: too little was seen, and the share of what little there was says nothing.
  const isMeasured = confidence !== 'unsure' || (runnerUp !== null && runnerUp.share >= best.share * nearBy);
  const things = new Set(best.explains.map(subjectIdOf)).size;
  return {
    best: likelihoodOf(best, isMeasured),
    confidence,
    word: words[confidence],
    works: works === null ? null : clean(works, 200),
    since,
    explains: `${count(best.explains.length, 'failing check')}${things > 1 ? ` of ${things} things` : ''}`,
    contradicts: namedChecks(best.contradicts, tables),
    unexplained: namedChecks(unexplained, tables),
    runnerUp: runnerUp && likelihoodOf(runnerUp, isMeasured),
    // What only says that something else is near is said by that.
    doubt: doubt === null || (runnerUp && doubt.endsWith(runnerUp.sentence)) ? null : clean(doubt, 200),
  };
}

/** Never "100 %" of something that others stand beside, nor "0 %" of something that is told. */
const likelihoodOf = ({ share, sentence }: Explanation, isMeasured: boolean): Likelihood => ({
  percent: isMeasured ? Math.max(1, Math.min(99, Math.round(share * 100))) : null,
  sentence: clean(sentence, 200),
});

function namedChecks(ids: readonly string[], { plans, subjects }: Pick<LiveTables, 'plans' | 'subjects'>): NamedChecks {
  const shown = ids.slice(0, mostNamed).map((check): NamedCheck => {
    const plan = plans[check];
    const subject = plan?.subject.id ?? subjectIdOf(check);
    const owner = subjects[subject];
    return { check, subject, name: plan && owner ? checkOnSubject(checkLabel(plan), owner) : clean(check, 120) };
  });
  return { shown, more: ids.length - shown.length };
}

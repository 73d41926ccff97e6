/** What is broken, in one sentence: the explanation that weighs most, with its words. Pure. */
import type { Weighed } from './cause.ts';
import type { Diagnosis, DiagnosisInput, Explanation } from './types.ts';
import { weigh } from './weigh.ts';
import { doubtOf, sentenceOf, worksOf } from './words.ts';

/** Lists of an explanation are bounded: it is kept with its alert. */
const mostListed = 200;

/** @returns null where nothing of the alert fails now */
export function diagnose(input: DiagnosisInput): Diagnosis | null {
  const ranking = weigh(input);
  const best = ranking?.ranked[0];
  if (!ranking || !best) return null;
  const { runnerUp, confidence, doubt } = ranking;
  return {
    best: explanationOf(best, input),
    runnerUp: runnerUp && explanationOf(runnerUp, input),
    confidence,
    doubt: doubt && doubtOf(doubt, best, runnerUp, input),
    works: worksOf(best, input),
    unexplained: best.unexplained.slice(0, mostListed),
    since: sinceOf(best, input),
  };
}

function explanationOf(it: Weighed, input: DiagnosisInput): Explanation {
  const sentence = sentenceOf(it, input);
  return {
    ...it.cause,
    sentence,
    ...(sentence === input.alert.title && { isTitle: true as const }),
    share: Math.round(it.share * 1_000) / 1_000,
    explains: it.explains.slice(0, mostListed),
    contradicts: it.contradicts.slice(0, mostListed),
  };
}

/** First symptom of what it explains, and never before that of the alert. */
function sinceOf({ explains }: Weighed, { signs, alert }: DiagnosisInput): number {
  const first = explains.reduce((least, id) => Math.min(least, signs.get(id)?.since ?? least), Number.POSITIVE_INFINITY);
  return Math.max(alert.firstAt, Number.isFinite(first) ? first : alert.firstAt);
}

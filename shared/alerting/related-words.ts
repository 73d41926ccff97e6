/** What is known beside an alert, in its words: the routine that ran, work that overran, a change made before. */
import type { Alert, Related } from '../model/alert.ts';
import { clean } from '../text.ts';
import { humanDuration, SECOND } from '../time.ts';
import { capital, longestTitle } from './names.ts';

const mostSentences = 2;

type Times = Pick<Alert, 'firstAt' | 'raisedAt'>;

/**
 * Whether it seems to have been gone ever since the routine took it down. When the routine should have been over is not known here: a
 * fault within it is raised no sooner, so that the wait is longer than the head start.
 */
const isStillGone = (it: Related, { firstAt, raisedAt }: Times): boolean => raisedAt - firstAt >= firstAt - it.at;

function sentenceOf(it: Related, times: Times, several: boolean): string {
  const text = clean(it.text, 200).replace(/\.$/, '');
  if (it.kind !== 'routine') return `${capital(text)}.`;
  if (!isStillGone(it, times)) return `${capital(text)} ran just before.`;
  const { raisedAt } = times;
  return `${several ? 'They have' : 'It has'} not come back ${humanDuration(Math.max(SECOND, raisedAt - it.at))} after ${text}.`;
}

/** @returns sentences such as "Weekly log rotation (Sunday 04:00 PST) ran just before." */
export const relatedSentences = (related: readonly Related[], times: Times, several: boolean): string[] =>
  related.slice(0, mostSentences).map((it) => sentenceOf(it, times, several));

/** "web1 is down" → "web1 is down after weekly log rotation", where there is room: a routine is related when the fault began within its run. */
export function withRoutine(title: string, related: readonly Related[]): string {
  const routine = related.find((it) => it.kind === 'routine');
  const name = routine && clean(routine.text, 200).replace(/ \([^()]*\)$/, '');
  const longer = `${title} after ${name}`;
  return name && longer.length <= longestTitle ? longer : title;
}

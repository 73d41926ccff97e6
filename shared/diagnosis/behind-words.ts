/** What is behind an alert, for messages: only what is known well enough, and only where that says more than the title. Pure. */
import type { Alert } from '../model/alert.ts';
import { clean } from '../text.ts';
import { diagnosisOf } from './types.ts';

/** "Behind it: Bluefin Carrier at Norfolk carries nothing for 3 of 5 prefixes; its circuit is up." Null: nothing to say. */
export function behindSentence(alert: Pick<Alert, 'title' | 'diagnosis'>): string | null {
  const diagnosis = diagnosisOf(alert);
  if (!diagnosis || diagnosis.confidence === 'unsure' || diagnosis.best.sentence === alert.title) return null;
  const works = diagnosis.works === null ? '' : `; ${clean(diagnosis.works, 200)}`;
  return `Behind it${diagnosis.confidence === 'sure' ? '' : ', most likely'}: ${clean(diagnosis.best.sentence, 200)}${works}.`;
}

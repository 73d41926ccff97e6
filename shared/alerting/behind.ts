/** What an alert took with it, as far as that is told apart from it. */
import type { Alert } from '../model/alert.ts';
import type { Subject } from '../model/plan.ts';
import { subjectIdOf } from './names.ts';

/**
 * Consequences without those of the same mail stack: how the other legs stand is told in the alert's own sentence, where a round trip
 * that could not be sent makes its leg "not known".
 * @returns ids of checks
 */
export function behindOf(
  { checks, consequences }: Pick<Alert, 'checks' | 'consequences'>,
  subjectOf: (id: string) => Subject | undefined,
): string[] {
  const entryOf = (check: string): string | undefined => subjectOf(subjectIdOf(check))?.leg?.entry;
  const stacks = new Set(checks.map(entryOf));
  return consequences.filter((check) => {
    const entry = entryOf(check);
    return entry === undefined || !stacks.has(entry);
  });
}

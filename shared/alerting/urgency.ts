/** Which alert is told first: one order for the headline and for the list. */
import type { Alert } from '../model/alert.ts';
import { severityOf } from '../model/words.ts';

/** How much is affected, by orders of magnitude: a site behind a dead link comes before one server, two servers do not come before one. */
const breadthOf = ({ checks, consequences }: Pick<Alert, 'checks' | 'consequences'>): number =>
  Math.floor(Math.log10(Math.max(1, checks.length + consequences.length)));

/** Orders alerts: the desk's own connection first, worse before less bad, wide before narrow, longer before shorter. */
export function byUrgency(a: Alert, b: Alert): number {
  return (
    Number(b.subject.kind === 'desk') - Number(a.subject.kind === 'desk') ||
    severityOf(b.severity) - severityOf(a.severity) ||
    breadthOf(b) - breadthOf(a) ||
    a.firstAt - b.firstAt ||
    (a.id < b.id ? -1 : 1)
  );
}

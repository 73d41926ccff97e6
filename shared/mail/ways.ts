/** Which checks of a leg are ways by which people use it, and which only stand beside them. */
import type { PlannedCheck } from '../model/plan.ts';

/** What they see says more than that they fail; a leg works without them. */
const beside: ReadonlySet<string> = new Set(['queue', 'blocklist', 'posture', 'tls']);
/** Settings of an intake mailbox that is watched for what piles up in it. */
const backlog = ['countDegraded', 'countDown', 'oldestDegraded', 'oldestDown', 'newestDegraded', 'growthDegraded'] as const;

export const isWay = ({ type, config }: Pick<PlannedCheck, 'type' | 'config'>): boolean =>
  !beside.has(type) && !backlog.some((key) => config[key] !== undefined);

/** How a mistake in an inventory is written wherever people read it: on screen, on the timeline, on the command line. */
import type { InventoryProblem } from '../live.ts';

/** "line 12, column 7, hosts[2] "web1" › checks[0] › port: expected a number from 1 to 65535". */
export function problemLine(problem: InventoryProblem): string {
  const where = problem.where === '' ? '' : `, ${problem.where}`;
  return `line ${problem.line}, column ${problem.column}${where}: expected ${problem.expected}`;
}

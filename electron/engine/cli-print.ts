import type { InventoryProblem } from '../../shared/live.ts';
import { clean } from '../../shared/text.ts';

/** Prints the problems of an inventory as `file:line:column: where: expected …` (no `where` for the file as a whole). @returns the exit code for it, 2 */
export function printProblems(file: string, problems: InventoryProblem[]): number {
  for (const { line, column, where, expected } of problems) {
    const place = where === '' ? '' : ` ${clean(where)}:`;
    process.stderr.write(`${file}:${line}:${column}:${place} expected ${clean(expected)}\n`);
  }
  return 2;
}

import type { InventoryProblem } from '../../shared/live.ts';
import { clean } from '../../shared/text.ts';

/** A problem with its place as compilers write it: `file:line:column: where: expected …` (no `where` for the file as a whole). */
export function placedProblem(file: string, { line, column, where, expected }: InventoryProblem): string {
  const place = where === '' ? '' : ` ${clean(where)}:`;
  return `${file}:${line}:${column}:${place} expected ${clean(expected)}`;
}

/** Prints the problems of an inventory or of a drill. @returns the exit code for it, 2 */
export function printProblems(file: string, problems: InventoryProblem[]): number {
  for (const problem of problems) process.stderr.write(`${placedProblem(file, problem)}\n`);
  return 2;
}

/** The folder in which a drill keeps its store while it is played: empty at its start, gone at its end. What somebody else put there is never touched. */
import { lstatSync, mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../shared/result.ts';

/** Stands in a folder that is a drill's own; without it nothing is removed. */
const markName = 'drill.txt';
const mark = 'A drill keeps here what it writes while it is played. All of this goes at its end.\n';

/**
 * Makes the folder, or empties what an earlier drill left of it.
 * @returns why it cannot be had: something else is in it, or the disk refuses
 */
export function beginScratch(folder: string): Result<void, string> {
  try {
    const found = look(folder);
    if (found === 'foreign')
      return fail(
        `A drill keeps what it writes in ${folder}, and something else is there. It was not touched: move it elsewhere, and play the drill again.`,
      );
    if (found === 'own') remove(folder);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, markName), mark);
    return ok(undefined);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return fail(`The folder of the drill, ${folder}, cannot be written to (${why}). Look at the rights and the disk there.`);
  }
}

/** Removes it, if it is a drill's own. What cannot be removed stays for the next drill to empty. */
export function endScratch(folder: string): void {
  try {
    if (look(folder) === 'own') remove(folder);
  } catch {
    // See above.
  }
}

function look(folder: string): 'free' | 'own' | 'foreign' {
  const is = lstatSync(folder, { throwIfNoEntry: false });
  if (!is) return 'free';
  // What a link leads to is somebody's.
  if (!is.isDirectory()) return 'foreign';
  const names = readdirSync(folder);
  if (names.length === 0) return 'free';
  return names.includes(markName) ? 'own' : 'foreign';
}

/** The mark goes last: what is left of a removal that was cut short is still a drill's own. */
function remove(folder: string): void {
  for (const name of readdirSync(folder).filter((it) => it !== markName))
    rmSync(join(folder, name), { recursive: true, force: true, maxRetries: 3 });
  rmSync(join(folder, markName));
  rmdirSync(folder);
}

/** A mark beside the file: damage was met while it was in use, so the next start checks all of it, however big it is. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';

const markOf = (file: string): string => `${file}.suspect`;

/** Leaves the mark. Never throws. */
export function suspect(file: string): void {
  try {
    writeFileSync(markOf(file), '');
  } catch {
    // The next start then checks what it always checks.
  }
}

export const isSuspect = (file: string): boolean => existsSync(markOf(file));

/** Takes the mark away. */
export const clear = (file: string): void => rmSync(markOf(file), { force: true });

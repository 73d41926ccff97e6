import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders: string[] = [];

/** A new empty folder that every user may read. It stays until removeTemporaryFolders. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `nightdesk-${name}-`));
  chmodSync(folder, 0o755);
  folders.push(folder);
  return folder;
}

/** For afterAll: vitest ends its workers without an exit event, so nothing goes away by itself. */
export function removeTemporaryFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

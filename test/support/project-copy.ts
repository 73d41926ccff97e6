import { cpSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../electron/setup/paths.ts';
import { temporaryFolder } from './temporary-folder.ts';

const PARTS = ['electron', 'renderer', 'shared', 'assets', 'package.json', 'package-lock.json', 'electron.vite.config.ts'];

/** A copy of our sources, never built, with our node_modules: somewhere that a test may change files and build. */
export function copyProject(name: string): string {
  const copy = temporaryFolder(name);
  const types = readdirSync(projectRoot).filter((file) => /^tsconfig.*\.json$/.test(file));
  for (const part of [...PARTS, ...types]) cpSync(join(projectRoot, part), join(copy, part), { recursive: true });
  symlinkSync(join(projectRoot, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

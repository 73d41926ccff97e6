import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../electron/setup/paths.ts';
import { temporaryFolder } from './temporary-folder.ts';

const PARTS = ['electron', 'renderer', 'shared', 'assets', 'package.json', 'package-lock.json', 'electron.vite.config.ts'];
const TYPES = ['tsconfig.base.json', 'tsconfig.node.json', 'tsconfig.shared.json', 'tsconfig.web.json', 'tsconfig.json'];

/** A copy of our sources, never built, with our node_modules: somewhere that a test may change files and build. */
export function copyProject(name: string): string {
  const copy = temporaryFolder(name);
  for (const part of [...PARTS, ...TYPES]) cpSync(join(projectRoot, part), join(copy, part), { recursive: true });
  symlinkSync(join(projectRoot, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

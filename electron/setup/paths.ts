/** Where things are: the project's folder and what the set-up keeps outside it. */
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The project's root folder, without a slash at its end. */
export const projectRoot = join(import.meta.dirname, '..', '..');

/** A per-user folder for what can be fetched again (XDG base directory specification, section "XDG_CACHE_HOME"). */
export function userCacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const base = env.XDG_CACHE_HOME;
  return join(base?.startsWith('/') ? base : join(homedir(), '.cache'), 'nightdesk');
}

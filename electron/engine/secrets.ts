/**
 * Secrets for the headless engine: the environment (NIGHTDESK_SECRET_<NAME>), or `secrets.json` in the data folder, which must
 * be readable by its owner only. They are asked for by name and never written anywhere.
 */
import { readFileSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { fail, ok, type Result } from '../../shared/result.ts';

interface Secrets {
  lookup(name: string): string | undefined;
  /** All there are, so that they can be taken out of texts. */
  values(): readonly string[];
}

const prefix = 'NIGHTDESK_SECRET_';
/** "web-login" is looked up as NIGHTDESK_SECRET_WEB_LOGIN. */
const variableOf = (name: string): string => `${prefix}${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;

/** @returns the secrets, or a sentence saying what is wrong with the file */
export function openSecrets(folder: string | null, environment: NodeJS.ProcessEnv): Result<Secrets, string> {
  let kept: Record<string, string> = {};
  const file = folder === null ? null : join(folder, 'secrets.json');
  let stat: Stats | undefined;
  try {
    stat = file === null ? undefined : statSync(file, { throwIfNoEntry: false });
  } catch (error) {
    return fail(`${file} cannot be looked at (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
  }
  if (file && stat) {
    if (process.platform !== 'win32' && (stat.mode & 0o077) !== 0) return fail(`${file} can be read by others: run chmod 600 on it`);
    try {
      kept = z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(file, 'utf8')));
    } catch {
      return fail(`${file} is not a JSON object of names and texts`);
    }
  }
  // Read once: nobody can change a process's environment from outside, and going through it for every line of every probe would cost as
  // much as the probe itself.
  const named = new Map<string, string>();
  for (const [name, value] of Object.entries(environment)) if (name.startsWith(prefix) && value !== undefined) named.set(name, value);
  const values = [...named.values(), ...Object.values(kept)];
  return ok({
    lookup: (name) => named.get(variableOf(name)) ?? (Object.hasOwn(kept, name) ? kept[name] : undefined),
    values: () => values,
  });
}

/**
 * Secrets of the desktop: encrypted by the system's keyring (safeStorage), in a file readable by its owner only. Values go to the
 * engine and nowhere else. Without a keyring Chromium only obscures them (`basic_text`); the user is told.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { safeStorage } from 'electron';
import { z } from 'zod';
import { fail, ok, type Result } from '../../shared/result.ts';

export interface SecretsKeeper {
  names(): string[];
  /** For the engine only. */
  all(): Record<string, string>;
  set(name: string, value: string): Result<null, string>;
  remove(name: string): Result<null, string>;
  backend(): { backend: string; weak: boolean };
}

/** Name to encrypted value in base64. */
const fileSchema = z.record(z.string(), z.string());

export function openSecretsKeeper(folder: string): SecretsKeeper {
  // Not secrets.json: that is the headless engine's, in plain text, and both may share a data folder.
  const file = join(folder, 'secrets-encrypted.json');
  // Without a keyring Electron keeps nothing at all unless it is told that obscured is better than not to work; the window says what it means.
  if (process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text') safeStorage.setUsePlainTextEncryption(true);
  let kept: Record<string, string> = {};
  try {
    kept = fileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Not there yet, or damaged: what cannot be read cannot be used; a check that wants a secret then says which one is missing.
    // Put aside, as the next secret that is set would take its place.
    if (existsSync(file)) renameSync(file, `${file}.damaged`);
  }
  const write = (next: Record<string, string>): Result<null, string> => {
    try {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(`${file}.new`, JSON.stringify(next), { mode: 0o600, flush: true });
      renameSync(`${file}.new`, file);
      kept = next;
      return ok(null);
    } catch {
      return fail(`The secret could not be kept: ${file} cannot be written.`);
    }
  };
  return {
    names: () => Object.keys(kept).sort(),
    all() {
      const values: Record<string, string> = {};
      for (const [name, encrypted] of Object.entries(kept)) {
        try {
          values[name] = safeStorage.decryptString(Buffer.from(encrypted, 'base64'));
        } catch {
          // Encrypted by another user's or machine's keyring: as good as not set.
        }
      }
      return values;
    },
    set(name, value) {
      if (!safeStorage.isEncryptionAvailable()) return fail('This computer offers no place to keep secrets.');
      return write({ ...kept, [name]: safeStorage.encryptString(value).toString('base64') });
    },
    remove(name) {
      const { [name]: _gone, ...rest } = kept;
      return write(rest);
    },
    backend() {
      const backend = process.platform === 'linux' ? safeStorage.getSelectedStorageBackend() : 'system';
      return { backend, weak: backend === 'basic_text' || backend === 'unknown' };
    },
  };
}

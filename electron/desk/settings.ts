/** The desk's own settings, kept by electron-store. What is watched is not here but in the inventory. */
import Store from 'electron-store';
import { type Settings, settingsSchema } from '../../shared/contract.ts';

export interface SettingsKeeper {
  get(): Settings;
  /** Merges and keeps; listeners get the whole. Where the disk takes nothing it counts until the end of this run. */
  change(part: Partial<Settings>): Settings;
  onChange(listener: (settings: Settings) => void): void;
}

/** A settings file that was damaged or is of another version counts as far as it can be read; the rest falls back to defaults. */
function readable(raw: unknown): Settings {
  const whole = settingsSchema.safeParse(raw);
  if (whole.success) return whole.data;
  const parts = Object.entries(raw && typeof raw === 'object' ? raw : {}).filter(
    ([key, value]) => settingsSchema.safeParse({ [key]: value }).success,
  );
  return settingsSchema.parse(Object.fromEntries(parts));
}

export function openSettings(folder: string): SettingsKeeper {
  const store = new Store<Record<string, unknown>>({ name: 'settings', cwd: folder, clearInvalidConfig: true });
  let current = readable(store.store);
  const listeners: ((settings: Settings) => void)[] = [];
  return {
    get: () => current,
    change(part) {
      current = settingsSchema.parse({ ...current, ...part });
      try {
        store.store = current;
      } catch (error) {
        console.error(`The settings cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`);
      }
      for (const listener of listeners) listener(current);
      return current;
    },
    onChange: (listener) => void listeners.push(listener),
  };
}

/** The desk's own settings, mirrored from main. `changeSettings` writes through main; every window hears of it. */
import { create } from 'zustand';
import type { Settings } from '../../shared/contract.ts';
import { settingsSchema } from '../../shared/contract.ts';
import { desktop, onDesktop } from './desktop.ts';

export const useSettings = create<Settings>(() => settingsSchema.parse({}));

export async function changeSettings(change: Parameters<(typeof desktop)['changeSettings']>[0]): Promise<void> {
  const reply = await desktop.changeSettings(change);
  if (reply.ok) useSettings.setState(reply.value, true);
}

/** Reads the settings, follows them, and puts the theme on the page. */
export async function startSettings(): Promise<void> {
  const preference = matchMedia('(prefers-color-scheme: light)');
  const paint = () => {
    const { theme } = useSettings.getState();
    document.documentElement.dataset.theme = theme === 'system' ? (preference.matches ? 'light' : 'dark') : theme;
  };
  useSettings.subscribe(paint);
  preference.addEventListener('change', paint);
  onDesktop('settingsChanged', (settings) => useSettings.setState(settings, true));
  const reply = await desktop.settings({});
  if (reply.ok) useSettings.setState(reply.value, true);
  paint();
}

/** What it takes to open a window with a given Electron here, and what to say when it would not. */
import { readFileSync } from 'node:fs';
import { SetupProblem } from './fail.ts';
import { say } from './progress.ts';
import type { Ended } from './run-child.ts';
import { howToInstallLibraries, missingLibraries } from './system-libraries.ts';

/** Throws SetupProblem where no window can open at all. */
export function expectDisplay(): void {
  if (process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY) return;
  throw new SetupProblem(
    'There is no display here: neither DISPLAY nor WAYLAND_DISPLAY is set. Start Nightdesk from a graphical session, or watch without a ' +
      'window: npm run -s nightdesk -- --help',
  );
}

/** Chromium refuses to sandbox root's processes, so root starts without. Says so. */
export function sandboxArguments(): string[] {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return [];
  say(
    'Running as root: the sandbox around the windows is dropped (--no-sandbox), because Chromium cannot sandbox processes of root. ' +
      'Start Nightdesk as an ordinary user to keep it.',
  );
  return ['--no-sandbox'];
}

const NOT_LOADED = 127;

/** After Electron ended badly: throws SetupProblem when we know why, from its exit code and the state of the system. */
export async function explainEnd(executable: string, ended: Ended): Promise<void> {
  if (process.platform !== 'linux') return;
  if (ended.code === NOT_LOADED) {
    const missing = await missingLibraries(executable);
    if (missing.length > 0) throw new SetupProblem(howToInstallLibraries(missing));
  }
  if (ended.signal === 'SIGTRAP' && !canMakeUserNamespaces()) {
    throw new SetupProblem(
      'This system does not let ordinary users make user namespaces, which the sandbox around the windows needs. Allow them ' +
        '(sysctl kernel.unprivileged_userns_clone=1, user.max_user_namespaces above 0, or on Ubuntu ' +
        'kernel.apparmor_restrict_unprivileged_userns=0) and start again.',
    );
  }
}

function canMakeUserNamespaces(): boolean {
  return (
    setting('kernel/unprivileged_userns_clone') !== '0' &&
    setting('user/max_user_namespaces') !== '0' &&
    setting('kernel/apparmor_restrict_unprivileged_userns') !== '1'
  );
}

function setting(path: string): string {
  try {
    return readFileSync(`/proc/sys/${path}`, 'utf8').trim();
  } catch {
    return '';
  }
}

/** `npm run screens`: renews docs/screens/*.png, pictures of the real app, on a screen of its own. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { _electron } from 'playwright';
import { ensureBuilt } from '../electron/setup/build.ts';
import { resolveElectron } from '../electron/setup/electron-runtime.ts';
import { runScript } from '../electron/setup/fail.ts';
import { sandboxArguments } from '../electron/setup/launch.ts';
import { projectRoot } from '../electron/setup/paths.ts';
import { say } from '../electron/setup/progress.ts';
import { ensureSystemPackages } from './support/system-packages.ts';
import { removeTemporaryFolders, temporaryFolder } from './support/temporary-folder.ts';
import { startScreen } from './support/xvfb.ts';

await runScript(async () => {
  await ensureSystemPackages();
  const runtime = await resolveElectron();
  await ensureBuilt();
  const folder = join(projectRoot, 'docs', 'screens');
  mkdirSync(folder, { recursive: true });
  const screen = await startScreen();
  const home = temporaryFolder('screens');
  try {
    const app = await _electron.launch({
      executablePath: runtime.path,
      args: [...sandboxArguments(), projectRoot],
      env: { ...(process.env as Record<string, string>), DISPLAY: screen.display, HOME: home, XDG_CONFIG_HOME: join(home, 'config') },
    });
    const page = await app.firstWindow();
    await page.waitForLoadState('networkidle');
    const picture = join(folder, 'first-start.png');
    await page.screenshot({ path: picture });
    say(`Made ${picture}`);
    await app.close();
  } finally {
    await screen.stop();
    removeTemporaryFolders();
  }
  return 0;
});

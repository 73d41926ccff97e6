/**
 * `npm run dev`: opens the desk from a development server. A change in renderer/ or shared/ shows in the open window, a change in electron/
 * or shared/ builds that side again and restarts the app. Arguments go on to the app.
 */
import { join } from 'node:path';
import { forgetBuild } from './build.ts';
import { resolveElectron } from './electron-runtime.ts';
import { runScript } from './fail.ts';
import { expectDisplay, explainEnd, sandboxArguments } from './launch.ts';
import { projectRoot } from './paths.ts';
import { runChild } from './run-child.ts';

await runScript(async () => {
  expectDisplay();
  const runtime = await resolveElectron();
  // The development server keeps its own half-built output in out/.
  forgetBuild();
  const program = join(projectRoot, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const ended = await runChild(process.execPath, [program, 'dev', '--watch', '--', ...sandboxArguments(), ...process.argv.slice(2)], {
    cwd: projectRoot,
    env: { ...process.env, ELECTRON_EXEC_PATH: runtime.path },
  });
  if (ended.code !== 0) await explainEnd(runtime.path, ended);
  return ended.code;
});

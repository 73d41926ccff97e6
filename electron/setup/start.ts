/** `npm start`: looks after what the desk needs, then opens it. Arguments go on to the app: `npm start -- --inventory FILE`. */
import { ensureBuilt } from './build.ts';
import { resolveElectron } from './electron-runtime.ts';
import { runScript } from './fail.ts';
import { expectDisplay, explainEnd, sandboxArguments } from './launch.ts';
import { projectRoot } from './paths.ts';
import { runChild } from './run-child.ts';

await runScript(async () => {
  expectDisplay();
  const runtime = await resolveElectron();
  await ensureBuilt();
  // The app says in its settings that it runs on a runtime that is not the official one.
  const env = runtime.unofficial ? { ...process.env, NIGHTDESK_UNOFFICIAL_RUNTIME: '1' } : process.env;
  const ended = await runChild(runtime.path, [...sandboxArguments(), projectRoot, ...process.argv.slice(2)], { env });
  if (ended.code !== 0) await explainEnd(runtime.path, ended);
  return ended.code;
});

/** `npm run -s nightdesk -- …`: the engine without a window, under plain Node. stdout, stdin and the exit code belong to it. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './build.ts';
import { runScript } from './fail.ts';
import { projectRoot } from './paths.ts';

const cli = join(projectRoot, 'out', 'main', 'cli.js');
await runScript(async () => {
  await ensureBuilt();
  return 0;
});
if (process.exitCode === 0) {
  process.exitCode = undefined;
  // In this very process: signals, standard streams and the exit code need no carrying over. The command must be the last to speak.
  process.argv[1] = cli;
  await import(pathToFileURL(cli).href);
}

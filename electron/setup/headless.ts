/** `npm run -s nightdesk -- …`: the engine without a window, under plain Node. stdout, stdin and the exit code belong to it. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './build.ts';
import { resolveElectron } from './electron-runtime.ts';
import { runScript, SetupProblem } from './fail.ts';
import { projectRoot } from './paths.ts';
import { say } from './progress.ts';

const cli = join(projectRoot, 'out', 'main', 'cli.js');
await runScript(async () => {
  await ensureBuilt();
  await findPrinter(process.argv.slice(2));
  return 0;
});
if (process.exitCode === 0) {
  process.exitCode = undefined;
  // In this very process: signals, standard streams and the exit code need no carrying over. The command must be the last to speak.
  process.argv[1] = cli;
  await import(pathToFileURL(cli).href);
}

/** PDF is printed by the Electron of the desk. Where there is none the command says so, and writes the rest. */
async function findPrinter(args: readonly string[]): Promise<void> {
  if (args[0] !== 'draft' || process.env.NIGHTDESK_ELECTRON || !args.some((it) => /\b(?:pdf|all)\b/.test(it))) return;
  try {
    process.env.NIGHTDESK_ELECTRON = (await resolveElectron()).path;
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error;
    say(error.message);
  }
}

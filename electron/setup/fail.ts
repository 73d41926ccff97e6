import { say } from './progress.ts';

/** A set-up problem that a person can act on. Its message is a whole sentence or two: what is wrong and what to do. */
export class SetupProblem extends Error {
  override readonly name = 'SetupProblem';
}

/** Runs a command-line script: a SetupProblem ends it with its sentence and exit code 1, anything else is a bug and shows its stack. */
export async function runScript(script: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await script();
  } catch (error) {
    process.exitCode = 1;
    say(error instanceof SetupProblem ? `\n${error.message}` : String(error instanceof Error ? error.stack : error));
  }
}

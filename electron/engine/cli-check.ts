/** `nightdesk check`: every check of an inventory once, without a store. */
import { checkOf } from '../../shared/checks/index.ts';
import type { Verdict } from '../../shared/model/words.ts';
import { clean } from '../../shared/text.ts';
import { readInventoryFile } from '../inventory/read.ts';
import { choosePinger } from '../probes/choose-pinger.ts';
import { probes } from '../probes/index.ts';
import { printProblems } from './cli-print.ts';
import { systemClock } from './clock.ts';
import { createRedactor } from './redact.ts';
import { createRunner, type Run } from './runner.ts';
import { openSecrets } from './secrets.ts';

/** A bug of one check type is told and leaves the others alone. */
function judged(run: Run): Verdict {
  const tell = (bug: string): void => void process.stderr.write(`bug in the check type ${run.check.type}: ${bug}\n`);
  if (run.bug !== null) tell(run.bug);
  try {
    return checkOf(run.check.type).judge(run.facts, run.check.config, systemClock.now());
  } catch (error) {
    tell(clean(error instanceof Error ? (error.stack ?? error.message) : String(error), 1_000));
    return { state: 'unknown', reason: 'internal', text: 'this check has a bug; its result is not known' };
  }
}

/** @returns the exit code: 0 all ok, 1 something is not, 2 the inventory is invalid */
export async function runCheck(file: string, json: boolean): Promise<number> {
  const read = await readInventoryFile(file);
  if (!read.ok) return printProblems(file, read.failure);
  const secrets = openSecrets(null, process.env);
  if (!secrets.ok) {
    process.stderr.write(`${secrets.failure}\n`);
    return 2;
  }
  const { pinger, missing } = await choosePinger();
  if (missing) process.stderr.write(`${missing}\n`);
  const redact = createRedactor(secrets.value.values);
  const runner = createRunner({ clock: systemClock, probes, pinger, secret: secrets.value.lookup, redact });
  let bad = 0;
  const widest = Math.max(8, ...read.value.plan.checks.map((check) => check.id.length));
  await Promise.all(
    read.value.plan.checks.map(async (check) => {
      const run = await runner.run(check);
      const verdict = judged(run);
      if (verdict.state !== 'ok') bad += 1;
      const line = json
        ? JSON.stringify({
            check: check.id,
            type: check.type,
            target: check.target,
            vantage: check.vantage,
            verdict,
            observation: { at: run.at, durationMs: run.durationMs, ...run.facts },
          })
        : `${verdict.state.padEnd(9)} ${check.id.padEnd(widest)}  ${clean(check.target)}  ${clean(verdict.text)}`;
      process.stdout.write(`${line}\n`);
    }),
  );
  pinger.close();
  if (!json) process.stderr.write(`${read.value.plan.checks.length - bad} of ${read.value.plan.checks.length} checks ok\n`);
  return bad === 0 ? 0 : 1;
}

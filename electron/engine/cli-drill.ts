/** `nightdesk drill`: plays an outage through the engine, on a clock of its own. */
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';

import { describeEvent, namesOf } from '../../shared/model/describe-event.ts';
import type { NightEvent } from '../../shared/model/event.ts';
import type { Plan } from '../../shared/model/plan.ts';
import { clean, count } from '../../shared/text.ts';
import { clock, humanDuration, stamp, zoneName } from '../../shared/time.ts';
import { printHeadless } from '../documents/print-headless.ts';
import { writeDrafts } from '../drill/drafts.ts';
import { play } from '../drill/player.ts';
import { readScenario } from '../drill/read.ts';
import { refuse } from './cli-history.ts';
import { printProblems } from './cli-print.ts';

interface DrillOptions {
  speed: number | 'max';
  /** Events as JSON lines; else as lines for people. */
  json: boolean;
  /** Where drafts are written at the end; null = nowhere. */
  draft: string | null;
  /** What is there may go. */
  force: boolean;
}

/** @returns the exit code: 0 without mistakes, 2 with each mistake on standard error */
export async function checkDrill(file: string): Promise<number> {
  const read = await readScenario(file);
  if (!read.ok) return printProblems(read.failure.file, read.failure.problems);
  const { scenario, spells, deeds, inventory } = read.value;
  process.stdout.write(
    `${clean(scenario.name)}: ${count(spells.length, 'fault')}, ${count(deeds.length, 'deed')}, ${count(inventory.plan.checks.length, 'check')}\n`,
  );
  return 0;
}

/** The engine is kept small, as it runs for a year (package.json). A drill is over within a minute: with the same flags it would take twice as long. */
function preferSpeed(): void {
  for (const flag of ['--no-optimize-for-size', '--max-semi-space-size=64', '--semi-space-growth-factor=4']) setFlagsFromString(flag);
}

/** @returns the exit code: 0 played, 2 the drill is wrong or its drafts cannot be written */
export async function runDrill(file: string, { speed, json, draft, force }: DrillOptions): Promise<number> {
  const read = await readScenario(file);
  if (!read.ok) return printProblems(read.failure.file, read.failure.problems);
  const { plan } = read.value.inventory;
  const zone = plan.organization.timezone;
  if (speed === 'max') preferSpeed();
  const began = performance.now();
  const lineOf = linesOf(plan, zone);
  const played = await play(read.value, {
    speed,
    onEvent: (event) => process.stdout.write(json ? `${JSON.stringify(event)}\n` : lineOf(event)),
  });
  if (!played.ok) return refuse(played.failure.code === 'store' ? played.failure.store.text : 'the drill cannot be read');
  const it = played.value;
  const written =
    draft === null
      ? null
      : await writeDrafts(it, draft, {
          overwrite: force,
          print: printHeadless(process.env.NIGHTDESK_ELECTRON || null, join(import.meta.dirname, 'print.js')),
        });
  it.close();
  if (written && !written.ok) {
    const { code, text } = written.failure;
    return refuse(code === 'exists' ? `${text} Say --force to overwrite.` : `--draft: ${text}`);
  }
  if (!json) for (const name of written?.value.files ?? []) process.stdout.write(`${name}\n`);
  for (const { file: name, why } of written?.value.left ?? []) process.stderr.write(`nightdesk: ${name} was not written: ${why}\n`);
  for (const { at, kind, text } of it.refused) process.stderr.write(`${stamp(at, zone)}: ${kind} was not done: ${clean(text)}\n`);
  process.stderr.write(
    `played ${humanDuration(it.now - read.value.start)} in ${humanDuration(performance.now() - began)}, ${count(it.incidents.length, 'incident')}\n`,
  );
  return 0;
}

/** Events as people read them: "03:18:25 EDT  Alert raised  …". */
function linesOf(plan: Plan, zone: string): (event: NightEvent) => string {
  const names = namesOf(plan.subjects, plan.checks);
  return (event) => {
    const { label, text } = describeEvent(event, names);
    return `${clock(event.at, zone)} ${zoneName(event.at, zone)}  ${label.padEnd(16)} ${clean(text)}\n`;
  };
}

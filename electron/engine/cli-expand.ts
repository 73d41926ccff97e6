/** `nightdesk expand`: what an inventory stands for, written out. */
import { stringify } from 'yaml';
import { count } from '../../shared/text.ts';
import { expandedInventory } from '../inventory/expanded.ts';
import { readInventoryFile } from '../inventory/read.ts';
import { printProblems } from './cli-print.ts';

/** @returns the exit code: 0 done, 2 the inventory is invalid */
export async function runExpand(file: string, json: boolean): Promise<number> {
  const read = await readInventoryFile(file);
  if (!read.ok) return printProblems(file, read.failure);
  const { inventory, plan, warnings = [] } = read.value;
  const expanded = expandedInventory(inventory, plan);
  process.stdout.write(json ? `${JSON.stringify(expanded)}\n` : stringify(expanded, { lineWidth: 0, aliasDuplicateObjects: false }));
  for (const warning of warnings) process.stderr.write(`${warning}\n`);
  const perMinute = plan.checks.reduce((sum, check) => sum + 60_000 / check.intervalMs, 0);
  process.stderr.write(`${count(plan.checks.length, 'check')}, ${Math.round(perMinute)} a minute\n`);
  return 0;
}

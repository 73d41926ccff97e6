/** What the probes of databases write down of answers and of log-ins that were not tried. */
import { type DatabaseFacts, meets } from '../../shared/checks/database-facts.ts';
import type { Expect } from '../../shared/checks/database-settings.ts';
import { clean } from '../../shared/text.ts';
import type { NoAccount } from './login-guard.ts';
import type { ProbeContext } from './types.ts';

/** The answer to the check's own question: held against what is expected in full, kept cleaned and short. */
export function recordAnswer(
  { rows, cell }: { rows: number; cell: string | null },
  expect: Expect | undefined,
  facts: DatabaseFacts,
  ctx: ProbeContext,
): void {
  facts.rows = rows;
  if (rows === 0) {
    ctx.note('the question brings nothing');
    return;
  }
  facts.cell = cell === null ? null : clean(cell, 300);
  if (expect) facts.matched = meets(expect, cell);
  ctx.note(`the question is answered by ${cell === null ? 'NULL' : `"${clean(cell, 100)}"`}`);
}

/** Why nobody logged in. */
export function recordNoAccount({ refusals, nextLoginMs, ...failure }: NoAccount, facts: DatabaseFacts): void {
  facts.failure = failure;
  if (refusals === undefined) return;
  Object.assign(facts, { refusals, nextLoginMs, login: 'held-back' });
}

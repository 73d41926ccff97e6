/** This computer: load, memory, disks, temperatures, and whether it was restarted. */
import { z } from 'zod';
import { failureSchema, type Verdict } from '../model/words.ts';
import { listOf } from '../text.ts';
import { verdictOfFindings } from './findings.ts';
import {
  type HostLimits,
  hostAdvice,
  hostFindings,
  hostInShort,
  hostLimits,
  hostLines,
  hostParts,
  hostState,
  restartOf,
} from './host-parts.ts';
import type { CheckDefinition, Explanation, FactLine } from './types.ts';

export type HostConfig = HostLimits;

const observation = hostState.extend({
  failure: failureSchema.optional(),
  notKnown: z.array(z.enum(hostParts)).optional(),
});
export type HostFacts = z.infer<typeof observation>;

function judge(it: HostFacts, config: HostConfig): Verdict {
  if (it.failure) return { state: 'unknown', reason: it.failure.code, text: it.failure.detail };
  const missing = it.notKnown ?? [];
  const unknown = missing.length > 0 ? `; not known: ${listOf(missing, 5)}` : '';
  const [first, ...rest] = hostFindings(it, config);
  if (first) return verdictOfFindings([first, ...rest], unknown);
  // Without memory and disks there is nothing that could carry the word "ok".
  if (it.memoryPercent === undefined && !it.disks?.length)
    return { state: 'unknown', reason: 'nothing-known', text: `this computer tells too little about itself${unknown}` };
  return { state: 'ok', reason: 'ok', text: `${hostInShort(it)}${unknown}` };
}

const advice: Record<string, Omit<Explanation, 'happened'>> = {
  ...hostAdvice,
  ok: { means: 'This computer has room to work.', todo: 'Nothing.' },
  'nothing-known': { means: 'Nothing can be said about this computer.', todo: 'Look at the transcript of the check.' },
};

function facts(it: HostFacts): FactLine[] {
  const lines = hostLines(it);
  if (it.notKnown?.length) lines.push({ label: 'Not known', value: it.notKnown.join(', ') });
  return lines;
}

export const host = {
  title: 'Host',
  summary: 'This computer: load, memory, swap, disks, temperatures, and restarts.',
  config: hostLimits,
  observation,
  slotMs: 0,
  unit: '%',
  target: () => 'this computer',
  judge,
  explain: (_it, verdict) => ({
    happened: `This computer: ${verdict.text}.`,
    ...(advice[verdict.reason] ?? { means: 'Nightdesk could not look at this computer.', todo: 'Look at the transcript of the check.' }),
  }),
  measure: (it) => it.memoryPercent ?? null,
  facts,
  changes(before, after) {
    const restart = restartOf(before, after, 'this computer');
    return restart ? [restart] : [];
  },
} satisfies CheckDefinition<HostConfig, HostFacts>;

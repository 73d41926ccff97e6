/** Propagation: how many resolvers of the world have a changed record already, and when the others will. */
import { z } from 'zod';
import { failureSchema, type Verdict } from '../model/words.ts';
import { count, listOf } from '../text.ts';
import { humanDuration, humanLatency, SECOND } from '../time.ts';
import { dnsName, resolverSetting } from './dns-names.ts';
import { expectationSettings, recordTypes } from './dns-records.ts';
import type { CheckDefinition, Explanation, FactLine } from './types.ts';

const config = z
  .object({
    query: dnsName.describe('Name to ask for'),
    record: z
      .enum(recordTypes, `expected one of ${recordTypes.join(', ')}`)
      .default('A')
      .describe('Kind of record'),
    ...expectationSettings,
    resolvers: z
      .array(resolverSetting)
      .min(1)
      .max(50)
      .describe('The resolvers to ask, by IP address, a port behind a colon where it is not the usual one. All are asked at every probe'),
    degradedBelow: z.number().min(0).max(100).default(100).describe('Degraded when fewer of them (in percent) have the new record'),
    downBelow: z.number().min(0).max(100).default(0).describe('Down when fewer of them (in percent) have the new record; 0 = never'),
  })
  .refine((it) => it.expect !== undefined || it.equals !== undefined || it.oneOf !== undefined, {
    message: 'expected the new record: one of expect, equals and oneOf',
    path: ['expect'],
  });
export type PropagationConfig = z.infer<typeof config>;

const resolverFacts = z.object({
  name: z.string(),
  /** `old` = it answers with something else, or with nothing at all. */
  outcome: z.enum(['seen', 'old', 'failed']),
  /** What it answers, the first few. */
  values: z.array(z.string()).max(5).optional(),
  /** So long it will go on answering that, seconds; also of an answer that there is nothing. */
  ttl: z.int().optional(),
  rcode: z.string().optional(),
  failure: failureSchema.optional(),
  ms: z.number().optional(),
});
export type ResolverFacts = z.infer<typeof resolverFacts>;

const observation = z.object({
  failure: failureSchema.optional(),
  resolvers: z.array(resolverFacts).max(50).optional(),
});
export type PropagationFacts = z.infer<typeof observation>;

/** Counts of the outcomes, and how long the last of the old answers may be kept, seconds. */
function tally(all: readonly ResolverFacts[]) {
  const old = all.filter(({ outcome }) => outcome === 'old');
  return {
    all: all.length,
    seen: all.filter(({ outcome }) => outcome === 'seen').length,
    failed: all.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name),
    old: old.length,
    restExpires: old.some(({ ttl }) => ttl === undefined) ? null : Math.max(0, ...old.map(({ ttl = 0 }) => ttl)),
  };
}

function judge(it: PropagationFacts, config: PropagationConfig): Verdict {
  const all = it.resolvers ?? [];
  if (it.failure) return { state: 'unknown', reason: it.failure.code, text: it.failure.detail };
  if (all.length === 0) return { state: 'unknown', reason: 'no-result', text: 'nobody was asked' };
  const { seen, old, failed, restExpires } = tally(all);
  if (failed.length === all.length) return { state: 'unknown', reason: 'no-answer', text: `none of ${all.length} resolvers has an answer` };
  const parts = [`seen by ${seen} of ${all.length}`];
  if (old > 0 && restExpires !== null) parts.push(`the rest ${old === 1 ? 'expires' : 'expire'} in ${humanDuration(restExpires * SECOND)}`);
  if (failed.length > 0) parts.push(`no answer from ${listOf(failed)}`);
  const text = parts.join(', ');
  // Those without an answer may have it or not: what holds either way is said, else it is not known.
  const [least, most] = [(100 * seen) / all.length, (100 * (seen + failed.length)) / all.length];
  if (most < config.downBelow) return { state: 'down', reason: 'not-seen', text };
  if (most < config.degradedBelow) return { state: 'degraded', reason: 'partly-seen', text };
  return least < config.degradedBelow ? { state: 'unknown', reason: 'resolvers-silent', text } : { state: 'ok', reason: 'ok', text };
}

const advice: Record<string, Pick<Explanation, 'means' | 'todo'>> = {
  ok: {
    means: 'As good as everybody is led to the new place.',
    todo: 'Nothing. The old place may be taken down once the check has been fine for a while.',
  },
  'partly-seen': {
    means: 'Some people are still led to the old place, until what their resolver keeps runs out.',
    todo: 'Keep the old place running until then. If the time does not get shorter, compare the serial numbers of the name servers.',
  },
  'not-seen': {
    means: 'People are still led to the old place.',
    todo: 'Look whether the change was made at all, and whether all name servers of the zone have it.',
  },
  'resolvers-silent': {
    means: 'Some resolvers do not tell, so nobody knows.',
    todo: 'Look whether those resolvers answer this computer at all; else take them off the list.',
  },
};
const lookHere = { means: 'Nothing is known about it.', todo: 'Look whether this computer gets through to any of the resolvers.' };

const target = (config: PropagationConfig): string =>
  `${config.record} of ${config.query} at ${count(config.resolvers.length, 'resolver')}`;

const explain = (_: PropagationFacts, verdict: Verdict, config: PropagationConfig): Explanation => ({
  happened: `${target(config)}: ${verdict.text}.`,
  ...(advice[verdict.reason] ?? lookHere),
});

const words = { seen: 'has it', old: 'has the old one', failed: 'no answer' };

function facts(it: PropagationFacts): FactLine[] {
  const order = { old: 0, failed: 1, seen: 2 };
  return [...(it.resolvers ?? [])]
    .sort((a, b) => order[a.outcome] - order[b.outcome])
    .map(({ name, outcome, values = [], ttl, rcode, failure, ms }) => ({
      label: name,
      value: [
        words[outcome],
        failure?.detail ?? '',
        rcode === undefined || rcode === 'NOERROR' ? '' : rcode,
        values.join(' '),
        ttl === undefined ? '' : `for ${humanDuration(ttl * SECOND)}`,
        ms === undefined ? '' : humanLatency(ms),
      ]
        .filter((part) => part !== '')
        .join(', '),
    }));
}

/** How many have it, in percent. */
function measure({ resolvers = [] }: PropagationFacts): number | null {
  const { seen, all, failed } = tally(resolvers);
  return all === failed.length ? null : Math.round((100 * seen) / all);
}

export const propagation = {
  title: 'DNS propagation',
  summary: 'How many of some resolvers have a changed record already, and when the others will',
  config,
  observation,
  slotMs: 0,
  unit: '%',
  target,
  judge,
  explain,
  measure,
  facts,
} satisfies CheckDefinition<PropagationConfig, PropagationFacts>;

/** Redis and Valkey: does it answer, save, keep its copy fresh, and hold the right value. */
import { z } from 'zod';
import { explainDatabase } from './database-explain.ts';
import { databaseChanges, databaseFactLines, databaseFacts } from './database-facts.ts';
import { type Finding, judgeDatabase, type TurnedAway } from './database-judge.ts';
import { expectSetting, judgeSettings, passwordSetting, replicasSetting, serverSettings } from './database-settings.ts';
import { hostAndPort } from './tls-settings.ts';
import type { CheckDefinition } from './types.ts';

const config = z.object({
  ...serverSettings(6379),
  user: z.string().min(1).max(128).optional().describe('Whom to log in as, where the server knows users; with passwordSecret'),
  passwordSecret: passwordSetting,
  key: z.string().min(1).max(1_000).optional().describe('A key whose value is looked at (GET)'),
  expect: expectSetting.optional().describe('How its value must look; without it the key need only be there'),
  ...judgeSettings,
  replicas: replicasSetting,
  memoryDegraded: z
    .number()
    .min(1)
    .max(100)
    .default(90)
    .describe('Degraded when so many per cent of maxmemory are in use, where there is such a limit'),
});
export type RedisConfig = z.infer<typeof config>;

const observation = z.object({
  ...databaseFacts,
  memoryBytes: z.number().optional(),
  /** 0 = no limit. */
  memoryLimit: z.number().optional(),
  /** What happens at the limit: noeviction refuses, the others throw keys away. */
  memoryPolicy: z.string().optional(),
  /** Whether the newest saving to disk worked. */
  saved: z.boolean().optional(),
  loading: z.boolean().optional(),
  /** The value asked for is not there. */
  absent: z.boolean().optional(),
});
export type RedisFacts = z.infer<typeof observation>;

/** First words of Redis' errors: they are its codes. */
const turnedAway: TurnedAway = {
  LOADING: { reason: 'loading', level: 'down', text: 'reads its data from disk and answers nothing yet' },
  DENIED: { reason: 'host-not-allowed', level: 'unknown', text: 'the server lets nobody in from this computer' },
  MASTERDOWN: { reason: 'replication-stopped', level: 'down', text: 'has lost its primary and answers nothing' },
};

function findings(it: RedisFacts, config: RedisConfig): Finding[] {
  const found: Finding[] = [];
  if (it.loading) found.push({ level: 'down', reason: 'loading', text: 'reads its data from disk and answers nothing yet' });
  if (it.absent) found.push({ level: 'down', reason: 'no-row', text: `the key ${config.key} is not there` });
  if (it.saved === false) found.push({ level: 'degraded', reason: 'save-failed', text: 'could not save its data to disk' });
  const percent = it.memoryLimit ? (100 * (it.memoryBytes ?? 0)) / it.memoryLimit : 0;
  // A cache that throws old keys away is meant to be full.
  if (percent >= config.memoryDegraded && (it.memoryPolicy === undefined || it.memoryPolicy === 'noeviction'))
    found.push({ level: 'degraded', reason: 'memory', text: `memory ${Math.floor(percent)} % in use` });
  return found;
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
const target = (config: RedisConfig): string => `Redis ${hostAndPort(config.address, config.port)}`;

export const redis = {
  title: 'Redis, Valkey',
  summary: 'Whether a Redis or Valkey server answers, lets an account in, saves, replicates, and holds the right value',
  config,
  observation,
  slotMs: 0,
  unit: 'ms',
  target,
  judge: (it, config) => judgeDatabase(it, config, 'Redis', turnedAway, findings(it, config)),
  explain: (_, verdict, config) => explainDatabase(verdict, target(config)),
  measure: (it) => it.totalMs ?? null,
  facts: (it) => {
    const lines = databaseFactLines(it, 'Redis');
    if (it.memoryBytes !== undefined)
      lines.push({
        label: 'Memory',
        value: `${megabytes(it.memoryBytes)}${it.memoryLimit ? ` of ${megabytes(it.memoryLimit)}` : ', no limit'}`,
      });
    if (it.saved !== undefined) lines.push({ label: 'Saved to disk', value: it.saved ? 'yes' : 'the newest attempt failed' });
    return lines;
  },
  changes: databaseChanges,
} satisfies CheckDefinition<RedisConfig, RedisFacts>;

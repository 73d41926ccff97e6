/** PostgreSQL: does it answer, let people in, and keep its copy fresh. */
import { z } from 'zod';
import { explainDatabase } from './database-explain.ts';
import { databaseChanges, databaseFactLines, databaseFacts } from './database-facts.ts';
import { type Finding, judgeDatabase, type TurnedAway } from './database-judge.ts';
import { judgeSettings, querySettings, replicasSetting, serverSettings } from './database-settings.ts';
import { hostAndPort } from './tls-settings.ts';
import type { CheckDefinition } from './types.ts';

const config = z.object({
  ...serverSettings(5432),
  ...querySettings,
  database: querySettings.database.default('postgres'),
  ...judgeSettings,
  replicas: replicasSetting,
  slotMegabytes: z
    .number()
    .min(1)
    .max(100_000_000)
    .optional()
    .describe('On a primary: degraded when a replication slot that nobody reads holds back more log than so many MB'),
});
export type PostgresConfig = z.infer<typeof config>;

const observation = z.object({
  ...databaseFacts,
  /** Replication slots on a primary; the 20 that hold back most. */
  slots: z
    .array(z.object({ name: z.string(), active: z.boolean(), bytes: z.number() }))
    .max(20)
    .optional(),
});
export type PostgresFacts = z.infer<typeof observation>;

/** SQLSTATE codes (appendix A of PostgreSQL's manual). */
const turnedAway: TurnedAway = {
  53300: { reason: 'too-many-connections', level: 'down', text: 'takes no more connections: all are in use' },
  '57P03': { reason: 'starting', level: 'down', text: 'the server is starting up or shutting down and serves nobody' },
  '57P01': { reason: 'starting', level: 'down', text: 'the server is shutting down' },
  '57P02': { reason: 'starting', level: 'down', text: 'the server ended its connections after a crash' },
};

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

function slotFindings(it: PostgresFacts, config: PostgresConfig): Finding[] {
  const most = config.slotMegabytes;
  if (most === undefined || it.stage !== 'done' || it.role === 'replica') return [];
  if (!it.slots) return [{ level: 'unknown', reason: 'slots-unknown', text: 'not known what the replication slots hold back' }];
  return it.slots
    .filter((slot) => !slot.active && slot.bytes > most * 1e6)
    .map((slot) => ({ level: 'degraded', reason: 'slot', text: `slot ${slot.name} is not read and holds back ${megabytes(slot.bytes)}` }));
}

const target = (config: PostgresConfig): string => `PostgreSQL ${hostAndPort(config.address, config.port)}`;

export const postgres = {
  title: 'PostgreSQL',
  summary: 'Whether a PostgreSQL server answers, lets an account in, answers a question as expected, and replicates',
  config,
  observation,
  slotMs: 0,
  unit: 'ms',
  target,
  judge: (it, config) => judgeDatabase(it, config, 'PostgreSQL', turnedAway, slotFindings(it, config)),
  explain: (_, verdict, config) => explainDatabase(verdict, target(config)),
  measure: (it) => it.totalMs ?? null,
  facts: (it) => [
    ...databaseFactLines(it, 'PostgreSQL'),
    ...(it.slots ?? []).map((slot) => ({
      label: `Slot ${slot.name}`,
      value: `${slot.active ? 'read' : 'not read'}, holds back ${megabytes(slot.bytes)}`,
    })),
  ],
  changes: databaseChanges,
} satisfies CheckDefinition<PostgresConfig, PostgresFacts>;

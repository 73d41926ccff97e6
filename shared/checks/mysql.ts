/** MySQL and MariaDB: does it greet, let people in, answer, and keep its copy fresh. */
import { z } from 'zod';
import { explainDatabase } from './database-explain.ts';
import { databaseChanges, databaseFactLines, databaseFacts } from './database-facts.ts';
import { judgeDatabase, type TurnedAway } from './database-judge.ts';
import { judgeSettings, querySettings, serverSettings } from './database-settings.ts';
import { hostAndPort } from './tls-settings.ts';
import type { CheckDefinition } from './types.ts';

const config = z.object({
  ...serverSettings(3306),
  ...querySettings,
  user: querySettings.user.describe(
    'Whom to log in as. Without it only the greeting is looked at; servers count that as a broken connection, and after max_connect_errors (100) in a row may block this computer: better give a user',
  ),
  ...judgeSettings,
});
export type MysqlConfig = z.infer<typeof config>;

const observation = z.object(databaseFacts);
export type MysqlFacts = z.infer<typeof observation>;

/** Error numbers of MySQL and MariaDB (mysqld_error.h). */
const turnedAway: TurnedAway = {
  1040: { reason: 'too-many-connections', level: 'down', text: 'takes no more connections: all are in use' },
  1203: { reason: 'too-many-connections', level: 'degraded', text: 'this account has used up its connections' },
  1226: { reason: 'too-many-connections', level: 'degraded', text: 'this account has used up what it may do' },
  1129: { reason: 'host-blocked', level: 'unknown', text: 'the server has blocked this computer after too many broken connections' },
  1130: { reason: 'host-not-allowed', level: 'unknown', text: 'the server lets nobody in from this computer' },
  1053: { reason: 'starting', level: 'down', text: 'the server is shutting down' },
};

const target = (config: MysqlConfig): string => `MySQL ${hostAndPort(config.address, config.port)}`;

export const mysql = {
  title: 'MySQL, MariaDB',
  summary: 'Whether a MySQL or MariaDB server greets, lets an account in, answers a question as expected, and replicates',
  config,
  observation,
  slotMs: 0,
  unit: 'ms',
  target,
  judge: (it, config) => judgeDatabase(it, config, 'MySQL', turnedAway),
  explain: (_, verdict, config) => explainDatabase(verdict, target(config)),
  measure: (it) => it.totalMs ?? null,
  facts: (it) => databaseFactLines(it, 'MySQL'),
  changes: databaseChanges,
} satisfies CheckDefinition<MysqlConfig, MysqlFacts>;

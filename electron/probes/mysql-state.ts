/** How a MySQL or MariaDB server is, asked of itself; and the check's own question. */
import type { Connection } from 'mysql2';
import type { MysqlConfig, MysqlFacts } from '../../shared/checks/mysql.ts';
import { clean } from '../../shared/text.ts';
import { recordAnswer } from './database-answer.ts';
import { readUpstreams, upstreamQuestions } from './mysql-replication.ts';
import { firstCell, rowsOf } from './mysql-session.ts';
import type { ProbeContext } from './types.ts';
import { withSignal } from './wire.ts';

/** Fills in the facts. Rejects where the connection fails or the check's own question is answered by an error. */
export async function inspectMysql(connection: Connection, config: MysqlConfig, facts: MysqlFacts, ctx: ProbeContext): Promise<void> {
  const ask = (sql: string): Promise<Map<string, string | null>[]> => withSignal(rowsOf(connection, sql), ctx.signal);
  /** A question whose answer a server, a proxy or a lack of rights may withhold. */
  const tryAsk = async (sql: string): Promise<Map<string, string | null>[] | Refusal> => {
    try {
      return await ask(sql);
    } catch (error) {
      const refusal = serverErrorOf(error);
      if (!refusal) throw error;
      return { refusal };
    }
  };
  facts.stage = 'state';
  const notKnown: string[] = [];
  const settings = await tryAsk('SELECT @@global.read_only AS read_only, @@global.max_connections AS most');
  if ('refusal' in settings) notKnown.push(clean(`settings: ${settings.refusal.text}`, 300));
  else {
    facts.readOnly = flagOf(settings[0]?.get('read_only'));
    facts.connectionsLimit = numberOf(settings[0]?.get('most'));
  }
  const status = await tryAsk("SHOW GLOBAL STATUS WHERE Variable_name IN ('Uptime', 'Threads_connected', 'Threads_running')");
  if ('refusal' in status) notKnown.push(clean(`state: ${status.refusal.text}`, 300));
  else {
    const values = new Map(status.map((row) => [row.get('variable_name')?.toLowerCase(), row.get('value')]));
    facts.uptimeSeconds = numberOf(values.get('uptime'));
    facts.connections = numberOf(values.get('threads_connected'));
    facts.active = numberOf(values.get('threads_running'));
  }
  for (const question of upstreamQuestions(facts.product)) {
    const answer = await tryAsk(question);
    if (!('refusal' in answer)) {
      facts.upstreams = readUpstreams(answer);
      facts.role = facts.upstreams.length > 0 ? 'replica' : 'primary';
      break;
    }
    // 1064 = this version does not know the words; the older ones are tried next.
    if (answer.refusal.code !== '1064') {
      notKnown.push(clean(`replication: ${answer.refusal.text}`, 300));
      break;
    }
  }
  if (notKnown.length > 0) facts.notKnown = notKnown;
  if (config.query !== undefined) {
    facts.stage = 'query';
    // A question that outlives its check would pile up on the server with every further one. MySQL before 5.7 knows no limit.
    const seconds = Math.max(1, Math.ceil(ctx.timeoutMs / 1_000));
    await tryAsk(
      facts.product === 'MariaDB' ? `SET SESSION max_statement_time = ${seconds}` : `SET SESSION max_execution_time = ${seconds * 1_000}`,
    );
    await tryAsk('START TRANSACTION READ ONLY');
    recordAnswer(await withSignal(firstCell(connection, config.query), ctx.signal), config.expect, facts, ctx);
  }
  facts.stage = 'done';
}

interface Refusal {
  refusal: { code: string; text: string };
}

const numberOf = (text: string | null | undefined): number | undefined =>
  text !== null && text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
/** read_only is a number in MySQL, and ON, OFF, NO_LOCK and more in newer MariaDB. */
const flagOf = (text: string | null | undefined): boolean | undefined =>
  text === null || text === undefined ? undefined : !['0', 'OFF'].includes(text.toUpperCase());

/** The server's own error; null where the connection itself failed. */
export function serverErrorOf(error: unknown): { code: string; text: string } | null {
  const { errno, sqlMessage } = error as { errno?: unknown; sqlMessage?: unknown };
  return typeof errno === 'number' && typeof sqlMessage === 'string' ? { code: String(errno), text: clean(sqlMessage, 300) } : null;
}

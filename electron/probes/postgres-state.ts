/** How a PostgreSQL server is, asked of itself; and the check's own question. */
import type { Client } from 'pg';
import type { Upstream } from '../../shared/checks/database-facts.ts';
import type { PostgresConfig, PostgresFacts } from '../../shared/checks/postgres.ts';
import { clean } from '../../shared/text.ts';
import { recordAnswer } from './database-answer.ts';
import { firstCell, rowsOf } from './postgres-session.ts';
import type { ProbeContext } from './types.ts';
import { withSignal } from './wire.ts';

/**
 * All in one question. How far behind: nothing where all that was fetched is applied and the stream stands; else the age of the newest
 * change applied, which grows while a primary has nothing to say.
 */
const stateQuestion = `SELECT extract(epoch FROM now() - pg_postmaster_start_time())::bigint AS uptime,
  (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
  (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND state = 'active') AS active,
  current_setting('max_connections') AS most, current_setting('default_transaction_read_only') AS read_only,
  pg_is_in_recovery() AS recovery, (SELECT count(*) FROM pg_stat_replication) AS replicas,
  (SELECT count(*) FROM pg_stat_wal_receiver) AS receivers,
  CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() END AS level,
  CASE WHEN pg_is_in_recovery() THEN (extract(epoch FROM now() - pg_last_xact_replay_timestamp()) * 1000)::bigint END AS behind,
  CASE WHEN pg_is_in_recovery() THEN pg_is_wal_replay_paused() END AS paused`;

const slotQuestion = `SELECT slot_name, active, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::bigint AS bytes
  FROM pg_replication_slots WHERE restart_lsn IS NOT NULL ORDER BY 3 DESC LIMIT 20`;

type Row = Record<string, string | null>;

/** Fills in the facts. Rejects where the connection fails or the check's own question is answered by an error. */
export async function inspectPostgres(client: Client, config: PostgresConfig, facts: PostgresFacts, ctx: ProbeContext): Promise<void> {
  const notKnown: string[] = [];
  /** Null where the server (a pooler, an old version, a lack of rights) withholds the answer. */
  const tryAsk = async (what: string, sql: string): Promise<Row[] | null> => {
    try {
      return await withSignal(rowsOf(client, sql), ctx.signal);
    } catch (error) {
      const said = serverErrorOf(error);
      if (!said) throw error;
      notKnown.push(clean(`${what}: ${said.text}`, 300));
      return null;
    }
  };
  facts.stage = 'state';
  const state = (await tryAsk('state', stateQuestion))?.[0];
  if (state) readState(state, facts);
  if (config.slotMegabytes !== undefined && facts.role === 'primary') {
    const slots = await tryAsk('slots', slotQuestion);
    if (slots)
      facts.slots = slots
        .slice(0, 20)
        .map((row) => ({ name: clean(row.slot_name ?? '', 80), active: row.active === 't', bytes: numberOf(row.bytes) ?? 0 }));
  }
  if (notKnown.length > 0) facts.notKnown = notKnown;
  if (config.query !== undefined) {
    facts.stage = 'query';
    // A question that outlives its check would pile up on the server with every further one.
    await withSignal(rowsOf(client, `BEGIN READ ONLY; SET LOCAL statement_timeout = ${Math.max(1, Math.ceil(ctx.timeoutMs))}`), ctx.signal);
    recordAnswer(await withSignal(firstCell(client, config.query), ctx.signal), config.expect, facts, ctx);
  }
  facts.stage = 'done';
}

const numberOf = (text: string | null | undefined): number | undefined =>
  typeof text === 'string' && /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;

function readState(row: Row, facts: PostgresFacts): void {
  facts.uptimeSeconds = numberOf(row.uptime);
  facts.connections = numberOf(row.connections);
  facts.active = numberOf(row.active);
  facts.connectionsLimit = numberOf(row.most);
  if (row.recovery === 'f') {
    facts.role = 'primary';
    facts.readOnly = row.read_only === 'on';
    facts.replicas = numberOf(row.replicas);
    facts.upstreams = [];
  } else if (row.recovery === 't') {
    facts.role = 'replica';
    facts.readOnly = true;
    facts.upstreams = [upstreamOf(row)];
  }
}

function upstreamOf(row: Row): Upstream {
  const receives = (numberOf(row.receivers) ?? 0) > 0;
  const behind = numberOf(row.behind);
  return {
    name: 'its primary',
    // A replica may live on archived log alone, so a missing stream is told but is no fault by itself: what counts is how old it gets.
    fetching: receives ? true : null,
    applying: row.paused === 't' ? false : row.paused === 'f' ? true : null,
    lagMs: receives && row.level === 't' ? 0 : behind === undefined ? null : Math.max(0, behind),
    ...(receives ? {} : { error: 'no stream from the primary' }),
  };
}

/** The server's own error; null where the connection itself failed. */
export function serverErrorOf(error: unknown): { code: string; text: string } | null {
  const { code, message, severity } = error as { code?: unknown; message?: unknown; severity?: unknown };
  if (typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code) || severity === undefined) return null;
  return { code, text: clean(String(message ?? ''), 300) };
}

/** What a MySQL or MariaDB replica says about the servers it copies from. */
import type { Upstream } from '../../shared/checks/database-facts.ts';
import { clean } from '../../shared/text.ts';
import { SECOND } from '../../shared/time.ts';

/** In the order to try them. MySQL says REPLICA since 8.0.22; MariaDB's "all" brings every named connection. */
export const upstreamQuestions = (product: string | undefined): string[] =>
  product === 'MariaDB' ? ['SHOW ALL SLAVES STATUS', 'SHOW SLAVE STATUS'] : ['SHOW REPLICA STATUS', 'SHOW SLAVE STATUS'];

const mostUpstreams = 20;

type Row = ReadonlyMap<string, string | null>;

/** @param rows by lower-case column, in either vocabulary */
export function readUpstreams(rows: readonly Row[]): Upstream[] {
  return rows.slice(0, mostUpstreams).map((row) => {
    const one = (...names: string[]): string | null =>
      names.map((name) => row.get(name)).find((value) => value !== undefined && value !== null) ?? null;
    const named = one('connection_name', 'channel_name');
    const host = one('source_host', 'master_host');
    const seconds = one('seconds_behind_source', 'seconds_behind_master');
    const error = one('last_io_error') || one('last_sql_error') || '';
    const up: Upstream = {
      name: clean(`${host || 'its primary'}${named ? ` (${named})` : ''}`, 120),
      fetching: runs(one('replica_io_running', 'slave_io_running')),
      applying: runs(one('replica_sql_running', 'slave_sql_running')),
      lagMs: seconds !== null && /^\d{1,12}$/.test(seconds) ? Number(seconds) * SECOND : null,
    };
    return error ? { ...up, error: clean(error, 200) } : up;
  });
}

/** "Yes"; "Connecting" and "Preparing" bring nothing. */
const runs = (text: string | null): boolean | null => (text === null ? null : text === 'Yes');

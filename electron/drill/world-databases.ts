/** What database checks see in a drill's world. */
import type { DatabaseFacts } from '../../shared/checks/database-facts.ts';
import type { Expect } from '../../shared/checks/database-settings.ts';
import type { MysqlConfig, MysqlFacts } from '../../shared/checks/mysql.ts';
import type { PostgresConfig, PostgresFacts } from '../../shared/checks/postgres.ts';
import type { RedisConfig, RedisFacts } from '../../shared/checks/redis.ts';
import type { Failure } from '../../shared/model/words.ts';
import { SECOND } from '../../shared/time.ts';
import { fixedOf, latencyOf } from './random.ts';
import { certificateFor, expiryOf } from './world-certificates.ts';
import { type Answer, type Asked, addressFacts, noAnswer, nothingFrom, reach, type Said, tidy } from './world-contact.ts';
import { numberOf } from './world-values.ts';

interface Product {
  product: string;
  version: string;
  connectionsLimit: number;
  /** How it says that it cannot serve. */
  overload: { code: string; text: string };
}
interface Wanted {
  port: number;
  address: string;
  tls: 'off' | 'encrypt' | 'verify';
  serverName?: string | undefined;
  role: 'any' | 'primary' | 'replica';
  replicas?: number | undefined;
  user?: string | undefined;
  expect?: Expect | undefined;
}

/** A value as it is expected. */
function cellFor({ equals, contains, min, max }: Expect): string {
  if (equals !== undefined) return equals;
  return contains ?? String(min ?? Math.min(max ?? 1, 1));
}

function database(
  asked: Asked<Wanted>,
  { product, version, connectionsLimit, overload }: Product,
  /** Whether it lets anybody in without an account. */
  isOpen: boolean,
  isAsked: boolean,
): Said<DatabaseFacts> {
  const { config, chance, moment, timeoutMs } = asked;
  const contact = reach(asked);
  const none = nothingFrom<DatabaseFacts>(contact, asked, config.port, (connectMs) => ({ connectMs, stage: 'greeting' }));
  if (none) return none.facts.stage ? none : { ...none, facts: { ...none.facts, stage: 'connect' } };
  const { ms, spot, mode, fault, machine } = contact;
  const facts: DatabaseFacts = { ...addressFacts(contact), connectMs: tidy(ms), greetingMs: tidy(ms + 0.4), product, version };
  const broken = (stage: DatabaseFacts['stage'], failure: Failure, more: DatabaseFacts = {}): Said<DatabaseFacts> => ({
    facts: { ...facts, ...more, stage, failure },
    tookMs: failure.code === 'timeout' ? timeoutMs : 3 * ms,
  });
  if (config.tls !== 'off') {
    facts.protocol = 'TLSv1.3';
    const why = config.tls === 'verify' && expiryOf(certificateFor(asked, config.serverName ?? config.address), moment.at);
    if (why) return broken('tls', { code: 'certificate', detail: why });
  }
  if (mode === 'error') {
    const detail = `turns this computer away: ${overload.text}`;
    return broken('login', { code: 'server-error', detail }, { serverError: overload });
  }
  const asks = isOpen || config.user !== undefined;
  if (!asks) return { facts: { ...facts, stage: 'greeting', login: 'none', totalMs: tidy(2 * ms) }, tookMs: 2 * ms };
  if (mode === 'auth-fails' && config.user !== undefined)
    return broken(
      'login',
      { code: 'login-refused', detail: `log-in refused: access denied for ${config.user}` },
      { login: 'refused', refusals: 1 },
    );
  const workMs = latencyOf(fixedOf(`query ${asked.place.check.id}`, 1, 12), chance) + (mode === 'slow' && fault ? numberOf(fault) : 0);
  const totalMs = tidy(4 * ms + workMs);
  if (totalMs >= timeoutMs)
    return broken(isAsked ? 'query' : 'state', noAnswer(spot, config.port), { login: 'accepted', loginMs: tidy(ms) });
  const isWrong = mode === 'wrong-content';
  const cell = !isAsked ? undefined : isWrong ? 'unexpected' : config.expect ? cellFor(config.expect) : '1';
  return {
    facts: {
      ...facts,
      stage: 'done',
      login: config.user === undefined ? 'none' : 'accepted',
      loginMs: tidy(ms),
      totalMs,
      uptimeSeconds: Math.max(1, Math.floor((moment.at - (machine?.bootedAt ?? asked.start)) / SECOND) - 20),
      connections: Math.round(connectionsLimit * (0.15 + 0.1 * chance())),
      active: 2,
      connectionsLimit,
      role: config.role === 'replica' ? 'replica' : 'primary',
      readOnly: config.role === 'replica',
      ...(config.role === 'replica' && {
        upstreams: [{ name: 'primary', fetching: true, applying: true, lagMs: Math.round(200 * chance()) }],
      }),
      ...(config.replicas !== undefined && { replicas: config.replicas }),
      ...(cell !== undefined && { rows: 1, cell, ...(config.expect && { matched: !isWrong }) }),
    },
    tookMs: totalMs,
  };
}

const mariadb: Product = {
  product: 'MariaDB',
  version: '11.8.3',
  connectionsLimit: 151,
  overload: { code: '1040', text: 'Too many connections' },
};
const postgresql: Product = {
  product: 'PostgreSQL',
  version: '18.1',
  connectionsLimit: 100,
  overload: { code: '53300', text: 'sorry, too many clients already' },
};
const valkey: Product = {
  product: 'Valkey',
  version: '9.0.0',
  connectionsLimit: 10_000,
  overload: { code: 'LOADING', text: 'LOADING the dataset is being read into memory' },
};

export const mysqlServer: Answer<MysqlConfig, MysqlFacts> = (asked) => database(asked, mariadb, false, asked.config.query !== undefined);
export const postgresServer: Answer<PostgresConfig, PostgresFacts> = (asked) => {
  const said: Said<PostgresFacts> = database(asked, postgresql, false, asked.config.query !== undefined);
  if (said.facts.stage !== 'done' || asked.config.slotMegabytes === undefined) return said;
  return { ...said, facts: { ...said.facts, slots: [{ name: 'standby', active: true, bytes: 1_200_000 }] } };
};
export const redisServer: Answer<RedisConfig, RedisFacts> = (asked) => {
  const said: Said<RedisFacts> = database(asked, valkey, true, asked.config.key !== undefined);
  if (said.facts.stage !== 'done') return said;
  const memory = { memoryBytes: 91_000_000, memoryLimit: 512_000_000, memoryPolicy: 'noeviction', saved: true, loading: false };
  return { ...said, facts: { ...said.facts, ...memory, ...(asked.config.key !== undefined && { absent: false }) } };
};

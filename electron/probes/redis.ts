/** Connects to a Redis or Valkey server, logs in where told to, and asks how it is and for one key. */
import type { Socket } from 'node:net';
import type { Upstream } from '../../shared/checks/database-facts.ts';
import type { RedisConfig, RedisFacts } from '../../shared/checks/redis.ts';
import { hostAndPort } from '../../shared/checks/tls-settings.ts';
import { clean } from '../../shared/text.ts';
import { SECOND } from '../../shared/time.ts';
import { recordAnswer, recordNoAccount } from './database-answer.ts';
import { type Account, accountFor } from './login-guard.ts';
import { type Reply, readInfo, readReply, writeCommand } from './resp.ts';
import { problemOf, protocolOf, serverNameOf, trustFor } from './secure.ts';
import { asTls, dial, familyOf, type Progress } from './tls-dial.ts';
import type { Probe, ProbeContext } from './types.ts';
import { farewell, hear, since } from './wire.ts';

/** No answer is longer: INFO has some 5 KB, the value of a key may have more. */
const mostBytes = 1_048_576;
/** First words of the errors by which a name or password is refused. */
const refusedCodes: ReadonlySet<string> = new Set(['WRONGPASS', 'NOPERM']);

export const probeRedis: Probe<RedisConfig, RedisFacts> = async (config, ctx) => {
  const facts: RedisFacts = { stage: 'connect' };
  const progress: Progress = { phase: 'dns' };
  const trust = config.tls === 'off' ? null : await trustFor(config, ctx);
  if (trust && !trust.ok) return { ...facts, failure: trust.failure };
  const secure = trust ? { tls: { serverName: serverNameOf(config), context: trust.value.context } } : {};
  const dialled = await dial({ host: config.address, port: config.port, family: familyOf(config.family), ...secure }, progress, ctx);
  Object.assign(facts, { address: progress.address, dnsMs: progress.dnsMs, connectMs: progress.connectMs });
  if (!dialled.ok) {
    if (progress.phase === 'tls') facts.stage = 'tls';
    return { ...facts, failure: dialled.failure };
  }
  const socket = dialled.value;
  const begin = ctx.monotonic() - (progress.connectMs ?? 0) - (progress.tlsMs ?? 0);
  ctx.note(`connected to ${facts.address} port ${config.port}`);
  try {
    if (trust) {
      facts.protocol = protocolOf(asTls(socket));
      const problem = config.tls === 'verify' ? problemOf(asTls(socket), serverNameOf(config), trust.value, ctx.now()) : null;
      if (problem) Object.assign(facts, { failure: problem, stage: 'tls' });
    }
    if (!facts.failure) await converse(socket, config, facts, ctx);
  } finally {
    farewell(socket);
    facts.totalMs = since(begin, ctx);
  }
  if (facts.failure) ctx.note(facts.failure.detail);
  return facts;
};

async function converse(socket: Socket, config: RedisConfig, facts: RedisFacts, ctx: ProbeContext): Promise<void> {
  const whom = { host: config.address, port: config.port, what: 'an answer of Redis' };
  /** @returns null where it failed; the failure is in the facts then */
  const ask = async (...words: string[]): Promise<Reply | null> => {
    const begin = ctx.monotonic();
    socket.write(writeCommand(words));
    const heard = await hear(socket, readReply, mostBytes, whom, ctx.signal);
    if (!heard.ok) {
      facts.failure = heard.failure;
      return null;
    }
    facts.greetingMs ??= since(begin, ctx);
    return heard.value;
  };
  const answerIn = (reply: Reply | null): string | null => {
    if (reply?.kind === 'error') setError(facts, reply.text);
    return reply === null || reply.kind === 'error' ? null : reply.kind === 'value' ? (reply.bytes?.toString('utf8') ?? '') : reply.text;
  };

  facts.stage = 'greeting';
  // A first PING tells a server that hangs from one that does not let us in.
  const first = await ask('PING');
  if (!first) return;
  const code = first.kind === 'error' ? codeOf(first.text) : '';
  if (code !== 'NOAUTH' && code !== 'NOPERM' && answerIn(first) === null) return;
  if (config.passwordSecret === undefined && code !== '') {
    // It answers, but wants a log-in: that is all there is to know.
    facts.login = 'none';
    return;
  }
  if (config.passwordSecret !== undefined) {
    facts.stage = 'login';
    const account = accountFor(`redis ${config.user ?? ''}@${hostAndPort(config.address, config.port)}`, config.passwordSecret, ctx);
    if (!account.ok) {
      recordNoAccount(account.failure, facts);
      return;
    }
    const begin = ctx.monotonic();
    const reply = await ask('AUTH', ...(config.user === undefined ? [] : [config.user]), account.value.secret);
    if (!reply || !judgeLogin(reply, account.value, facts)) return;
    facts.loginMs = since(begin, ctx);
    ctx.note('logged in');
  }

  facts.stage = 'state';
  const info = await ask('INFO');
  if (!info) return;
  // An account may be kept from INFO and yet be allowed to read its key.
  if (info.kind === 'error' && codeOf(info.text) === 'NOPERM') facts.notKnown = ['state: the account may not use INFO'];
  else {
    const text = answerIn(info);
    if (text === null) return;
    readState(readInfo(text), facts, config.address);
  }
  if (config.key !== undefined) {
    facts.stage = 'query';
    const reply = await ask('GET', config.key);
    const text = answerIn(reply);
    if (text === null) return;
    const cell = reply?.kind === 'value' && reply.bytes === null ? null : text;
    facts.absent = cell === null;
    recordAnswer({ rows: cell === null ? 0 : 1, cell }, config.expect, facts, ctx);
  }
  facts.stage = 'done';
}

/** The first word of an error is its code. */
const codeOf = (text: string): string => /^[A-Z]{2,20}(?= |$)/.exec(text)?.[0] ?? 'ERR';

function setError(facts: RedisFacts, text: string): void {
  facts.serverError = { code: codeOf(text), text: clean(text, 300) };
  facts.failure = { code: 'server-error', detail: clean(`the server answers with an error: ${text}`, 400) };
}

function judgeLogin(reply: Reply, account: Account, facts: RedisFacts): boolean {
  if (reply.kind === 'text' && reply.text === 'OK') {
    account.accepted();
    facts.login = 'accepted';
    return true;
  }
  const text = reply.kind === 'value' ? '' : reply.text;
  setError(facts, text);
  // Versions before 6 say "ERR invalid password": any plain error to AUTH counts, as it may lock nothing but says no.
  if (refusedCodes.has(codeOf(text)) || codeOf(text) === 'ERR') {
    facts.login = 'refused';
    facts.refusals = account.refused();
    facts.failure = { code: 'login-refused', detail: clean(`log-in refused: ${text}`, 400) };
  }
  return false;
}

/** Fills in what INFO tells; all of it is text of the server. */
function readState(info: Map<string, string>, facts: RedisFacts, address: string): void {
  const number = (name: string): number | undefined => {
    const text = info.get(name);
    return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  };
  const version = info.get('valkey_version') ?? info.get('redis_version');
  if (version !== undefined) {
    facts.version = clean(version, 60);
    facts.product = info.has('valkey_version') ? 'Valkey' : 'Redis';
  }
  facts.uptimeSeconds = number('uptime_in_seconds');
  facts.connections = number('connected_clients');
  facts.connectionsLimit = number('maxclients');
  facts.memoryBytes = number('used_memory');
  facts.memoryLimit = number('maxmemory');
  const policy = info.get('maxmemory_policy');
  if (policy !== undefined) facts.memoryPolicy = clean(policy, 40);
  if (info.has('loading')) facts.loading = info.get('loading') === '1';
  const saves = [info.get('rdb_last_bgsave_status'), info.get('aof_last_write_status')].filter((it) => it !== undefined);
  if (saves.length > 0) facts.saved = saves.every((it) => it === 'ok');
  const role = info.get('role');
  if (role === 'master') {
    facts.role = 'primary';
    facts.replicas = number('connected_slaves');
    facts.upstreams = [];
  } else if (role === 'slave') {
    facts.role = 'replica';
    facts.readOnly = info.get('slave_read_only') !== '0';
    facts.upstreams = [upstreamOf(info, number, address)];
  }
}

/**
 * Redis keeps no clock of its primary: what is known is when the primary was last heard, which is at most 10 s ago by its own pings
 * where all is well, or for how long the link has been down.
 */
function upstreamOf(info: Map<string, string>, number: (name: string) => number | undefined, address: string): Upstream {
  const up = info.get('master_link_status') === 'up';
  const seconds = up ? number('master_last_io_seconds_ago') : number('master_link_down_since_seconds');
  const syncing = info.get('master_sync_in_progress') === '1';
  return {
    name: clean(hostAndPort(info.get('master_host') ?? address, number('master_port') ?? 0), 120),
    fetching: up,
    applying: null,
    lagMs: seconds === undefined ? null : seconds * SECOND,
    ...(syncing ? { error: 'a full copy is under way' } : {}),
  };
}

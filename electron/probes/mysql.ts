/** Connects to a MySQL or MariaDB server, reads its greeting, logs in, and asks how it is. */
import type { Socket } from 'node:net';
import type { MysqlConfig, MysqlFacts } from '../../shared/checks/mysql.ts';
import { hostAndPort } from '../../shared/checks/tls-settings.ts';
import type { Failure } from '../../shared/model/words.ts';
import { clean } from '../../shared/text.ts';
import { recordNoAccount } from './database-answer.ts';
import { accountFor } from './login-guard.ts';
import { mostGreeting, readMysqlGreeting } from './mysql-greeting.ts';
import { loggedIn, type MysqlSession, openMysql } from './mysql-session.ts';
import { inspectMysql, serverErrorOf } from './mysql-state.ts';
import { encrypt, protocolOf, trustFor } from './secure.ts';
import { failureOf } from './socket-failure.ts';
import { dial, familyOf, type Progress } from './tls-dial.ts';
import type { Probe, ProbeContext } from './types.ts';
import { farewell, hear, Late, since, withSignal } from './wire.ts';

/** All that is read of a server, answers included. */
const mostBytes = 1_048_576;
/** Names or passwords refused, accounts locked or expired (mysqld_error.h of MySQL and MariaDB). */
const refusedCodes: ReadonlySet<number> = new Set([1045, 1698, 1862, 1820, 3118, 3955, 4151, 4166]);

export const probeMysql: Probe<MysqlConfig, MysqlFacts> = async (config, ctx) => {
  const facts: MysqlFacts = { stage: 'connect' };
  const progress: Progress = { phase: 'dns' };
  const dialled = await dial({ host: config.address, port: config.port, family: familyOf(config.family) }, progress, ctx);
  Object.assign(facts, { address: progress.address, dnsMs: progress.dnsMs, connectMs: progress.connectMs });
  if (!dialled.ok) return { ...facts, failure: dialled.failure };
  const begin = ctx.monotonic() - (progress.connectMs ?? 0);
  try {
    await converse(dialled.value, config, facts, ctx);
  } finally {
    farewell(dialled.value);
    facts.totalMs = since(begin, ctx);
  }
  if (facts.failure) ctx.note(facts.failure.detail);
  return facts;
};

async function converse(socket: Socket, config: MysqlConfig, facts: MysqlFacts, ctx: ProbeContext): Promise<void> {
  const where = hostAndPort(config.address, config.port);
  ctx.note(`connected to ${facts.address} port ${config.port}`);
  facts.stage = 'greeting';
  const connectedAt = ctx.monotonic();
  const whom = { host: config.address, port: config.port, what: 'a MySQL greeting' };
  const greeting = await hear(socket, readMysqlGreeting, mostGreeting, whom, ctx.signal);
  if (!greeting.ok) {
    facts.failure = greeting.failure;
    return;
  }
  facts.greetingMs = since(connectedAt, ctx);
  if ('error' in greeting.value) {
    facts.serverError = greeting.value.error;
    facts.failure = { code: 'server-error', detail: clean(`turns this computer away: ${greeting.value.error.text}`, 400) };
    return;
  }
  facts.version = greeting.value.version;
  facts.product = greeting.value.product;
  ctx.note(`greets as ${facts.product} ${facts.version}`);
  if (config.user === undefined) {
    facts.login = 'none';
    return;
  }

  facts.stage = 'login';
  const account = accountFor(`mysql ${config.user}@${where}`, config.passwordSecret, ctx);
  if (!account.ok) {
    recordNoAccount(account.failure, facts);
    return;
  }
  const trust = config.tls === 'off' ? null : await trustFor(config, ctx);
  if (trust && !trust.ok) {
    facts.failure = trust.failure;
    return;
  }
  if (trust && !greeting.value.encrypts) {
    facts.failure = { code: 'tls', detail: `${where} offers no encryption` };
    return;
  }
  const loginAt = ctx.monotonic();
  let session: MysqlSession | null = null;
  try {
    session = await openMysql(socket, {
      user: config.user,
      password: account.value.secret,
      database: config.database,
      most: mostBytes,
      encrypt: trust
        ? async () => {
            const secured = await encrypt(socket, config, trust.value, ctx);
            if (secured.ok) facts.protocol = protocolOf(secured.value);
            return secured;
          }
        : null,
    });
    await withSignal(loggedIn(session.connection), ctx.signal);
    facts.loginMs = since(loginAt, ctx);
    facts.login = 'accepted';
    account.value.accepted();
    ctx.note(`logged in as ${config.user}`);
    await inspectMysql(session.connection, config, facts, ctx);
    // COM_QUIT: the server would count a plain hang-up as an aborted connection.
    session.connection.end();
  } catch (error) {
    facts.failure = failureIn(error, session, facts, where);
    if (facts.login === undefined && facts.serverError && refusedCodes.has(Number(facts.serverError.code))) {
      facts.login = 'refused';
      facts.refusals = account.value.refused();
      facts.failure = { code: 'login-refused', detail: clean(`log-in refused: ${facts.serverError.text}`, 400) };
    }
    session?.connection.destroy();
  }
}

/** ER_STATEMENT_TIMEOUT of MariaDB, ER_QUERY_TIMEOUT of MySQL, and ER_QUERY_INTERRUPTED, as which SLEEP() ends. */
const tooLong: ReadonlySet<string> = new Set(['1969', '3024', '1317']);

function failureIn(error: unknown, session: MysqlSession | null, facts: MysqlFacts, where: string): Failure {
  const broken = session?.broken();
  if (broken) {
    if (broken.code === 'certificate' || broken.code === 'tls') facts.stage = 'tls';
    return broken;
  }
  if (error instanceof Late) return { code: 'timeout', detail: `${where} did not answer in time (${facts.stage})` };
  const said = serverErrorOf(error);
  if (said) {
    // The server's own limit, set to ours, may end the question a moment before we do: that is no other failure.
    if (tooLong.has(said.code)) return { code: 'timeout', detail: `${where} did not answer in time (${facts.stage})` };
    facts.serverError = said;
    return { code: 'server-error', detail: clean(`the server answers with an error: ${said.text}`, 400) };
  }
  const { code } = error as { code?: unknown };
  if (typeof code === 'string' && /^(E[A-Z]+|ERR_[A-Z_]+)$/.test(code)) return failureOf(error, where);
  if (code === 'PROTOCOL_CONNECTION_LOST') return { code: 'closed', detail: `${where} closed the connection` };
  // What is left are mysql2's own codes: log-in methods that it does not know or refuses, packets that make no sense.
  return {
    code: 'protocol',
    detail: clean(`${where} answers in a way that is not understood (${typeof code === 'string' ? code : 'no code'})`, 400),
  };
}

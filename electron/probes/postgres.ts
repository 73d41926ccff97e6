/** Connects to a PostgreSQL server, logs in, and asks how it is. */
import type { Socket } from 'node:net';
import type { PostgresConfig, PostgresFacts } from '../../shared/checks/postgres.ts';
import { hostAndPort } from '../../shared/checks/tls-settings.ts';
import type { Failure } from '../../shared/model/words.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { clean } from '../../shared/text.ts';
import { recordNoAccount } from './database-answer.ts';
import { accountFor } from './login-guard.ts';
import { connected, openPostgres, type PostgresSession } from './postgres-session.ts';
import { inspectPostgres, serverErrorOf } from './postgres-state.ts';
import { encrypt, protocolOf, trustFor } from './secure.ts';
import { failureOf } from './socket-failure.ts';
import { dial, familyOf, type Progress } from './tls-dial.ts';
import type { Probe, ProbeContext } from './types.ts';
import { farewell, hear, Late, type Reading, since, withSignal } from './wire.ts';

/** All that is read of a server, answers included. */
const mostBytes = 1_048_576;
/** SQLSTATE: invalid password, invalid authorization. */
const refusedCodes: ReadonlySet<string> = new Set(['28P01', '28000']);
/** SSLRequest (PostgreSQL manual, "Message Formats"): length 8, code 80877103. */
const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

export const probePostgres: Probe<PostgresConfig, PostgresFacts> = async (config, ctx) => {
  const facts: PostgresFacts = { stage: 'connect' };
  const progress: Progress = { phase: 'dns' };
  const dialled = await dial({ host: config.address, port: config.port, family: familyOf(config.family) }, progress, ctx);
  Object.assign(facts, { address: progress.address, dnsMs: progress.dnsMs, connectMs: progress.connectMs });
  if (!dialled.ok) return { ...facts, failure: dialled.failure };
  const begin = ctx.monotonic() - (progress.connectMs ?? 0);
  try {
    ctx.note(`connected to ${facts.address} port ${config.port}`);
    facts.stage = 'greeting';
    if (config.user === undefined) await greetOnly(dialled.value, config, facts, ctx);
    else await logIn(dialled.value, config.user, config, facts, ctx);
  } finally {
    farewell(dialled.value);
    facts.totalMs = since(begin, ctx);
  }
  if (facts.failure) ctx.note(facts.failure.detail);
  return facts;
};

/** One letter: S = will encrypt, N = will not. Servers too old to know the question answer with an error (E). */
const readOffer = (bytes: Buffer): Reading<'S' | 'N'> => {
  const letter = String.fromCharCode(bytes[0] ?? 0);
  // Whatever came along was not asked for, and must not be taken for something said inside the encryption (CVE-2021-23222).
  return bytes.length === 1 && (letter === 'S' || letter === 'N') ? { value: letter, used: 1 } : 'garbage';
};

/** PostgreSQL says nothing by itself; the question for encryption is the one that needs no account. */
async function offer(socket: Socket, config: PostgresConfig, facts: PostgresFacts, ctx: ProbeContext): Promise<Result<'S' | 'N', Failure>> {
  const askedAt = ctx.monotonic();
  socket.write(sslRequest);
  const heard = await hear(
    socket,
    readOffer,
    1_024,
    { host: config.address, port: config.port, what: 'an answer of PostgreSQL' },
    ctx.signal,
  );
  if (heard.ok) facts.greetingMs = since(askedAt, ctx);
  return heard;
}

async function greetOnly(socket: Socket, config: PostgresConfig, facts: PostgresFacts, ctx: ProbeContext): Promise<void> {
  const offered = await offer(socket, config, facts, ctx);
  if (!offered.ok) facts.failure = offered.failure;
  else facts.login = 'none';
}

async function encrypted(
  socket: Socket,
  config: PostgresConfig,
  facts: PostgresFacts,
  ctx: ProbeContext,
): Promise<Result<Socket, Failure>> {
  const trust = await trustFor(config, ctx);
  if (!trust.ok) return trust;
  const offered = await offer(socket, config, facts, ctx);
  if (!offered.ok) return offered;
  facts.stage = 'tls';
  if (offered.value === 'N') return fail({ code: 'tls', detail: `${hostAndPort(config.address, config.port)} offers no encryption` });
  const secured = await encrypt(socket, config, trust.value, ctx);
  if (!secured.ok) return secured;
  facts.protocol = protocolOf(secured.value);
  facts.stage = 'login';
  return ok(secured.value);
}

async function logIn(socket: Socket, user: string, config: PostgresConfig, facts: PostgresFacts, ctx: ProbeContext): Promise<void> {
  const where = hostAndPort(config.address, config.port);
  const account = accountFor(`postgres ${user}@${where}`, config.passwordSecret, ctx);
  if (!account.ok) {
    // Whether it answers at all is still worth knowing.
    await greetOnly(socket, config, facts, ctx);
    if (facts.failure) return;
    facts.stage = 'login';
    recordNoAccount(account.failure, facts);
    return;
  }
  const line = config.tls === 'off' ? ok(socket) : await encrypted(socket, config, facts, ctx);
  if (!line.ok) {
    facts.failure = line.failure;
    return;
  }
  const loginAt = ctx.monotonic();
  let session: PostgresSession | null = null;
  try {
    session = await openPostgres(line.value, {
      user,
      password: account.value.secret,
      database: config.database,
      encrypted: config.tls !== 'off',
      most: mostBytes,
      onGreeting: () => {
        facts.greetingMs ??= since(loginAt, ctx);
        facts.stage = 'login';
      },
      onVersion: (version) => {
        facts.product = 'PostgreSQL';
        // "15.14 (Debian 15.14-0+deb12u1)": the packager's part says nothing more.
        facts.version = clean(version, 60).replace(/ \(.*$/, '');
      },
    });
    await withSignal(connected(session), ctx.signal);
    facts.loginMs = since(loginAt, ctx);
    facts.login = 'accepted';
    account.value.accepted();
    ctx.note(`logged in as ${user}, PostgreSQL ${facts.version ?? ''}`);
    await inspectPostgres(session.client, config, facts, ctx);
    (session.client as unknown as { connection: { end(): void } }).connection.end();
  } catch (error) {
    facts.failure = failureIn(error, session, facts, where);
    if (facts.login === undefined && facts.serverError && refusedCodes.has(facts.serverError.code)) {
      facts.login = 'refused';
      facts.refusals = account.value.refused();
      facts.failure = { code: 'login-refused', detail: clean(`log-in refused: ${facts.serverError.text}`, 400) };
    }
    socket.destroy();
  } finally {
    if (line.value !== socket) farewell(line.value);
  }
}

/** query_canceled: what statement_timeout ends with (PostgreSQL, appendix A). */
const queryCanceled = '57014';

function failureIn(error: unknown, session: PostgresSession | null, facts: PostgresFacts, where: string): Failure {
  const broken = session?.broken();
  if (broken) return broken;
  if (error instanceof Late) return { code: 'timeout', detail: `${where} did not answer in time (${facts.stage})` };
  const said = serverErrorOf(error);
  if (said) {
    // The server's own limit, set to ours, may end the question a moment before we do: that is no other failure.
    if (said.code === queryCanceled) return { code: 'timeout', detail: `${where} did not answer in time (${facts.stage})` };
    facts.serverError = said;
    return { code: 'server-error', detail: clean(`the server answers with an error: ${said.text}`, 400) };
  }
  const { code } = error as { code?: unknown };
  if (typeof code === 'string' && /^(E[A-Z]+|ERR_[A-Z_]+)$/.test(code)) return failureOf(error, where);
  return { code: 'closed', detail: `${where} closed the connection before it was done` };
}

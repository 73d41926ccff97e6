/** A session with an SSH server: only where its host key is pinned, only with a key, and only to run scripts that stand in our code. */
import { createHash, randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import type { Client, ParsedKey, PublicKeyAuthMethod } from 'ssh2';
import type { LoginFacts } from '../../shared/checks/ssh-login.ts';
import { hostAndPort } from '../../shared/checks/tls-settings.ts';
import type { Failure } from '../../shared/model/words.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { clean } from '../../shared/text.ts';
import { type Account, accountFor } from './login-guard.ts';
import { failureOf } from './socket-failure.ts';
import { algorithmsOf, type Family, familyOfType, fingerprintOf, keepKind, kindsFor, typeOf } from './ssh-key.ts';
import { dial, familyOf, type Progress } from './tls-dial.ts';
import type { ProbeContext } from './types.ts';
import { Late, since, withSignal } from './wire.ts';

export interface Login {
  address: string;
  port: number;
  family: 'auto' | 4 | 6;
  user: string;
  keySecret: string;
  passphraseSecret?: string | undefined;
  fingerprint: string[];
}

/** What came of one script. */
export interface Ran {
  /** As it came, hostile. */
  text: string;
  /** Why there is no more of it; null when the script came to its end. */
  broken: 'no-channel' | 'timeout' | 'too-large' | 'closed' | null;
}

export interface Session {
  /**
   * @param script for `sh -s`, fixed in our code; @param limits ms and bytes of the answer
   * @param into takes a long answer as it comes, at its own pace; `text` is then empty. It is ended, or destroyed where the answer broke off
   */
  run(script: string, limits: { ms: number; bytes: number }, into?: Writable): Promise<Ran>;
  end(): void;
}

/** All that is read of a server in one session, but for one whose caller expects more. */
const usualBytes = 1_048_576;
/** DSS is no longer safe enough to log in. */
const trusted = (kinds: readonly Family[]): Family[] => kinds.filter((it) => it !== 'dss');

/**
 * Logs in. What is learnt on the way goes into `facts`.
 * @returns failures `no-secret` (none, or none that can be read), `login-refused`, `certificate` (another host key, `facts.pinned` is
 *   false), `protocol`, `too-large`, `timeout`, `closed`, or the socket's own
 */
export async function openSession(
  login: Login,
  facts: LoginFacts,
  ctx: ProbeContext,
  mostBytes = usualBytes,
): Promise<Result<Session, Failure>> {
  const account = accountFor(`ssh ${login.user}@${hostAndPort(login.address, login.port)}`, login.keySecret, ctx);
  if (!account.ok) {
    const { refusals, nextLoginMs, ...failure } = account.failure;
    if (refusals !== undefined) Object.assign(facts, { refusals, nextLoginMs, login: 'held-back' });
    return fail(failure);
  }
  const key = await readKey(account.value.secret, login, ctx);
  if (!key.ok) return key;
  const first = await logIn(login, trusted(kindsFor(login)), key.value, account.value, facts, ctx, mostBytes);
  if (first.ok || facts.pinned !== false) return first;
  // A server has a key of each kind and shows one: the pinned one may be of another.
  const shown = familyOfType(facts.keyType ?? '');
  for (const kind of trusted(kindsFor(login)).filter((it) => it !== shown)) {
    if (ctx.signal.aborted) break;
    ctx.note(`the key shown is not pinned; asking for its ${kind} key`);
    const other: LoginFacts = {};
    const next = await logIn(login, [kind], key.value, account.value, other, ctx, mostBytes);
    if (other.pinned !== true) continue;
    keepKind(login, kind);
    Object.assign(facts, other);
    return next;
  }
  return first;
}

/** One connection. */
async function logIn(
  login: Login,
  kinds: Family[],
  key: ParsedKey,
  account: Account,
  facts: LoginFacts,
  ctx: ProbeContext,
  mostBytes: number,
): Promise<Result<Session, Failure>> {
  const where = hostAndPort(login.address, login.port);
  const progress: Progress = { phase: 'dns' };
  const dialled = await dial({ host: login.address, port: login.port, family: familyOf(login.family) }, progress, ctx);
  Object.assign(facts, { address: progress.address, dnsMs: progress.dnsMs, connectMs: progress.connectMs });
  if (!dialled.ok) return dialled;
  ctx.note(`connected to ${progress.address} port ${login.port}`);
  const socket = dialled.value;
  const { Client } = await import('ssh2');
  const client = new Client();
  const begin = ctx.monotonic();
  const state = { tooMuch: false, proven: false };
  const method: PublicKeyAuthMethod = { type: 'publickey', username: login.user, key };
  const work = new Promise<void>((resolve, reject) => {
    client.on('error', reject);
    client.on('close', () => reject(new Closed()));
    client.on('handshake', () => {
      state.proven = true;
      ctx.note(`host key ${facts.keyType} ${facts.fingerprint}, as pinned`);
    });
    client.on('ready', () => resolve());
    boundBytes(socket, state, mostBytes);
    client.connect({
      sock: socket,
      username: login.user,
      algorithms: { serverHostKey: kinds.flatMap((kind) => algorithmsOf[kind]) },
      readyTimeout: 0,
      // Only the key: asking for "none" first would be one refusal more in the server's log.
      authHandler: [method],
      hostVerifier: (shown: Buffer) => {
        const mark = fingerprintOf(shown);
        Object.assign(facts, { keyType: typeOf(shown), fingerprint: mark, pinned: login.fingerprint.includes(mark) });
        return facts.pinned === true;
      },
    });
  });
  try {
    await withSignal(work, ctx.signal);
    account.accepted();
    facts.login = 'accepted';
    facts.loginMs = since(begin, ctx);
    ctx.note(`logged in as ${login.user}`);
    client.on('error', () => {});
    return ok(sessionOf(client, socket, ctx));
  } catch (error) {
    client.on('error', () => {});
    socket.on('error', () => {});
    socket.destroy();
    client.destroy();
    const failure = failureIn(error, where, state, facts);
    if (failure.code === 'login-refused') {
      facts.login = 'refused';
      facts.refusals = account.refused();
    }
    ctx.note(failure.detail);
    return fail(failure);
  }
}

/** Counts along; the library reads the same. */
function boundBytes(socket: Socket, state: { tooMuch: boolean }, mostBytes: number): void {
  let seen = 0;
  socket.on('data', (chunk: Buffer) => {
    seen += chunk.length;
    if (seen <= mostBytes || state.tooMuch) return;
    state.tooMuch = true;
    socket.destroy();
  });
}

/** Reasons of SSH_MSG_DISCONNECT that end a log-in for good: too many failures (OpenSSH says 2), no more methods, illegal user. */
const refusals: ReadonlySet<unknown> = new Set([2, 14, 15]);

function failureIn(error: unknown, where: string, state: { tooMuch: boolean; proven: boolean }, facts: LoginFacts): Failure {
  if (state.tooMuch) return { code: 'too-large', detail: `${where} sends without end` };
  if (facts.pinned === false)
    return { code: 'certificate', detail: clean(`${where} shows another host key: ${facts.keyType} ${facts.fingerprint}`, 400) };
  const stage = state.proven ? 'the log-in' : 'the key exchange';
  if (error instanceof Late) return { code: 'timeout', detail: `${stage} at ${where} came to no end` };
  if (error instanceof Closed) return { code: 'closed', detail: `${where} closed the connection during ${stage}` };
  const { level, code } = error as { level?: unknown; code?: unknown };
  if (state.proven && (level === 'client-authentication' || refusals.has(code)))
    return { code: 'login-refused', detail: `${where} does not take the key` };
  if (typeof code === 'string') return failureOf(error, where);
  return { code: 'protocol', detail: `${stage} with ${where} failed` };
}

function sessionOf(client: Client, socket: Socket, ctx: ProbeContext): Session {
  return {
    run: (script, limits, into) =>
      new Promise((resolve) => {
        const parts: Buffer[] = [];
        let size = 0;
        let stop = (): void => {};
        let over = false;
        const settle = (broken: Ran['broken']): void => {
          if (over) return;
          over = true;
          clearTimeout(timer);
          ctx.signal.removeEventListener('abort', late);
          client.off('close', gone);
          stop();
          if (broken !== null) into?.destroy();
          else into?.end();
          resolve({ text: Buffer.concat(parts).toString('utf8'), broken });
        };
        const late = (): void => settle('timeout');
        const gone = (): void => settle('closed');
        const timer = setTimeout(late, limits.ms);
        if (ctx.signal.aborted || socket.destroyed) return settle(socket.destroyed ? 'closed' : 'timeout');
        ctx.signal.addEventListener('abort', late, { once: true });
        client.once('close', gone);
        try {
          client.exec('sh -s', (error, stream) => {
            if (error) return settle('no-channel');
            stream.on('error', () => {});
            stream.stderr.on('error', () => {}).resume();
            stop = () => void stream.close();
            if (over) return stop();
            stream.on('data', (chunk: Buffer) => {
              if (over) return;
              if (!into) parts.push(chunk.subarray(0, limits.bytes - size));
              else if (!into.write(chunk)) {
                stream.pause();
                into.once('drain', () => stream.resume());
              }
              size += chunk.length;
              if (size > limits.bytes) settle('too-large');
            });
            stream.on('close', () => settle(null));
            stream.end(script);
          });
        } catch {
          // The connection went away in the same moment.
          settle('closed');
        }
      }),
    end: () => {
      client.end();
      // A server that does not hang up is not waited for.
      const timer = setTimeout(() => socket.destroy(), 500);
      timer.unref();
      socket.once('close', () => clearTimeout(timer));
    },
  };
}

/** Keys that were read, as deriving one from a passphrase takes long. By a mark of secret and passphrase. */
const keys = new Map<string, ParsedKey>();
const mostKeys = 50;
const salt = randomBytes(16);

async function readKey(secret: string, login: Login, ctx: ProbeContext): Promise<Result<ParsedKey, Failure>> {
  const passphrase = login.passphraseSecret === undefined ? undefined : ctx.secret(login.passphraseSecret);
  if (login.passphraseSecret !== undefined && passphrase === undefined)
    return fail({ code: 'no-secret', detail: `the secret "${login.passphraseSecret}" is not set on this desk` });
  const mark = createHash('sha256')
    .update(salt)
    .update(JSON.stringify([secret, passphrase ?? null]))
    .digest('base64');
  const known = keys.get(mark);
  if (known) return ok(known);
  const { utils } = await import('ssh2');
  const read = utils.parseKey(inLines(secret), passphrase);
  const key = Array.isArray(read) ? read[0] : read;
  if (!key || key instanceof Error || !key.isPrivateKey())
    return fail({
      code: 'no-secret',
      detail: `the secret "${login.keySecret}" holds no private key that can be read${passphrase === undefined ? '; one with a passphrase needs passphraseSecret' : ', or the passphrase is wrong'}`,
    });
  if (keys.size >= mostKeys) keys.clear();
  keys.set(mark, key);
  return ok(key);
}

/** A field of one line may have eaten the line breaks of a key. */
export function inLines(key: string): string {
  const found = /^\s*(-----BEGIN [A-Z ]{1,40}-----)([A-Za-z0-9+/=\s]+)(-----END [A-Z ]{1,40}-----)\s*$/.exec(key);
  if (!found) return key;
  const [, head = '', body = '', foot = ''] = found;
  return `${head}\n${body.replace(/\s+/g, '').replace(/.{70}/g, '$&\n')}\n${foot}\n`;
}

class Closed extends Error {}

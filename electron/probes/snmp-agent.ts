/** Questions to one SNMP agent: bounded, survivable, and with failures by our codes. */
import * as library from 'net-snmp';
import {
  Authentication,
  AuthProtocols,
  createSession,
  createV3Session,
  PrivProtocols,
  RequestFailedError,
  ResponseInvalidCode,
  ResponseInvalidError,
  SecurityLevel,
  type Session,
  type User,
  type Varbind,
  Version2c,
  Version3,
} from 'net-snmp';
import type { SnmpConfig, SnmpFacts } from '../../shared/checks/snmp-settings.ts';
import type { Failure } from '../../shared/model/words.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { Address } from './addresses.ts';
import { bringOwnDes } from './snmp-des.ts';
import { guardedSocket, type Wanted } from './snmp-guard.ts';
import type { ProbeContext } from './types.ts';

/** Its types leave this class out. */
const { RequestTimedOutError } = library as unknown as { RequestTimedOutError: new () => Error };

type Answer<T> = Result<T, Failure>;
export interface Row {
  /** What stands behind the column's object id: the index of the row. */
  index: string;
  varbind: Varbind;
}
export interface Agent {
  /** @returns one varbind for each object id, in their order; missing objects are varbinds of an error type */
  get(oids: readonly string[]): Promise<Answer<Varbind[]>>;
  /** Reads a column of a table. More than `most` rows are failure `too-large`. */
  column(oid: string, most: number): Promise<Answer<Row[]>>;
}

/** Reads what one kind of check is about. */
export type Reader = (config: SnmpConfig, context: ProbeContext, agent: Agent) => Promise<Answer<Partial<SnmpFacts>>>;

/** sysUpTime: hundredths of a second since the agent was started. */
export const upTimeOid = '1.3.6.1.2.1.1.3.0';

/** Community, or user and passwords; never written down. */
export type Login = { community: string } | { user: User };

/** Passwords of version 3 shorter than this are refused by agents (RFC 3414, section 11.2). */
const leastPassword = 8;
const rowsPerQuestion = 25;
const mostOidLength = 700;
/** The library keeps a key for each agent it has met; agents that make up new names for themselves would fill the memory. */
const mostKeys = 2_000;

bringOwnDes();

/** @returns failure `no-secret` where a secret is missing or cannot be right */
export function loginFor(config: SnmpConfig, context: ProbeContext): Result<Login, Failure> {
  const missing = (name: string, why: string): Result<never, Failure> => fail({ code: 'no-secret', detail: `the secret "${name}" ${why}` });
  const secret = (name: string, least: number): Result<string, Failure> => {
    const value = context.secret(name);
    if (value === undefined) return missing(name, 'is not set on this desk');
    if (value.length < least)
      return missing(name, least > 1 ? `is shorter than ${least} characters, which no SNMP agent takes` : 'is empty');
    return ok(value);
  };
  if (config.version === '2c') {
    const community = secret(config.communitySecret ?? '', 1);
    return community.ok ? ok({ community: community.value }) : community;
  }
  const user: User = { name: config.user ?? '', level: SecurityLevel.noAuthNoPriv };
  if (config.authSecret === undefined) return ok({ user });
  const auth = secret(config.authSecret, leastPassword);
  if (!auth.ok) return auth;
  Object.assign(user, { level: SecurityLevel.authNoPriv, authProtocol: AuthProtocols[config.authProtocol], authKey: auth.value });
  if (config.privSecret === undefined) return ok({ user });
  const priv = secret(config.privSecret, leastPassword);
  if (!priv.ok) return priv;
  Object.assign(user, { level: SecurityLevel.authPriv, privProtocol: PrivProtocols[config.privProtocol], privKey: priv.value });
  return ok({ user });
}

/**
 * Opens a session, lets `work` ask, and closes it whatever happens.
 * @returns what `work` returns; or why there was no session
 */
export function withAgent<T>(
  config: SnmpConfig,
  context: ProbeContext,
  address: Address,
  login: Login,
  work: (agent: Agent) => Promise<Answer<T>>,
): Promise<Answer<T>> {
  const where = `${address.address} port ${config.port}`;
  const wanted: Wanted = {
    version: config.version === '3' ? 3 : 1,
    auth: 'user' in login && login.user.level !== SecurityLevel.noAuthNoPriv,
    priv: 'user' in login && login.user.level === SecurityLevel.authPriv,
  };
  return new Promise((resolve, reject) => {
    let garbage = 0;
    let settled = false;
    const end = (): boolean => {
      if (settled) return false;
      settled = true;
      context.signal.removeEventListener('abort', giveUp);
      guarded.close();
      return true;
    };
    const settle = (answer: Answer<T>): void => {
      if (!end()) return;
      if (!answer.ok) context.note(answer.failure.detail);
      resolve(answer);
    };
    const silence = (): Failure =>
      garbage > 0
        ? { code: 'protocol', detail: `${where} answered with something that is not SNMP, or not secured as it should be` }
        : {
            code: 'timeout',
            detail: `no answer from ${where}${wanted.version === 1 ? '; a wrong community looks the same' : wanted.priv ? '; a wrong password for encryption looks the same' : ''}`,
          };
    const giveUp = (): void => settle(fail(silence()));
    const guarded = guardedSocket({ ...address, port: config.port }, wanted, {
      failure: (failure) => settle(fail(failure)),
      garbage: () => {
        garbage += 1;
      },
      ready(socket) {
        const session = openSession(config, context, address, login, socket.dgram);
        // What cannot be read at all comes here; the right answer may still come.
        session.on('error', () => {
          garbage += 1;
        });
        const failureOf = (error: unknown): Failure => (error instanceof RequestTimedOutError ? silence() : agentFailure(error, where));
        work(agentOf(session, failureOf)).then(settle, (bug) => {
          end();
          reject(bug);
        });
      },
    });
    context.signal.addEventListener('abort', giveUp, { once: true });
    if (context.signal.aborted) giveUp();
  });
}

function openSession(config: SnmpConfig, context: ProbeContext, address: Address, login: Login, dgramModule: unknown): Session {
  const keys = (Authentication as unknown as { authToKeyCache: Record<string, unknown> }).authToKeyCache;
  if (Object.keys(keys).length > mostKeys) for (const key of Object.keys(keys)) delete keys[key];
  const options = {
    port: config.port,
    // Three tries within the time-out.
    retries: 2,
    timeout: Math.max(100, Math.round(context.timeoutMs / 3.2)),
    backwardsGetNexts: false,
    reportOidMismatchErrors: true,
    dgramModule: dgramModule as object,
  };
  if ('community' in login) return createSession(address.address, login.community, { ...options, version: Version2c });
  return createV3Session(address.address, login.user, {
    ...options,
    version: Version3,
    ...(config.context !== undefined && { context: config.context }),
  });
}

function agentFailure(error: unknown, where: string): Failure {
  if (error instanceof ResponseInvalidError) {
    const { code } = error as { code?: ResponseInvalidCode };
    if (code === ResponseInvalidCode.EAuthFailure || code === ResponseInvalidCode.ECouldNotDecrypt)
      return { code: 'login-refused', detail: `${where} does not accept the user, or the password or protocol is wrong` };
    return { code: 'protocol', detail: `${where} answered against the rules of SNMP (${typeof code === 'number' ? code : 'no code'})` };
  }
  if (error instanceof RequestFailedError) {
    const { status } = error as { status?: unknown };
    return {
      code: 'server-error',
      detail: `${where} answers with an error of its own (code ${typeof status === 'number' ? status : 'not known'})`,
    };
  }
  return { code: 'internal', detail: `${where} could not be asked` };
}

const partsOf = (oid: string): number[] => oid.split('.').map(Number);
/** Whether one object id comes after another in the order of tables. */
export function comesAfter(oid: string, before: string): boolean {
  const [a, b] = [partsOf(oid), partsOf(before)];
  for (let i = 0; i < Math.max(a.length, b.length); i += 1) {
    const [x = -1, y = -1] = [a[i], b[i]];
    if (x !== y) return x > y;
  }
  return false;
}

function agentOf(session: Session, failureOf: (error: unknown) => Failure): Agent {
  const get: Agent['get'] = (oids) =>
    new Promise((resolve) => {
      session.get([...oids], (error, found) => resolve(error || !found ? fail(failureOf(error)) : ok(found)));
    });
  const next = (oid: string): Promise<Answer<Varbind[]>> =>
    new Promise((resolve) => {
      session.getBulk([oid], 0, rowsPerQuestion, (error, found) => resolve(error || !found ? fail(failureOf(error)) : ok(found.flat())));
    });
  return {
    get,
    async column(oid, most) {
      const rows: Row[] = [];
      for (let last = oid; ; ) {
        const answer = await next(last);
        if (!answer.ok) return answer;
        const before = last;
        for (const varbind of answer.value) {
          if (!varbind.oid.startsWith(`${oid}.`)) return ok(rows);
          if (varbind.oid.length > mostOidLength || !comesAfter(varbind.oid, last))
            return fail({ code: 'protocol', detail: 'the device lists its tables in a circle' });
          last = varbind.oid;
          // The end of all there is.
          if (varbind.type !== undefined && varbind.type >= 128) return ok(rows);
          rows.push({ index: varbind.oid.slice(oid.length + 1), varbind });
          if (rows.length > most) return fail({ code: 'too-large', detail: `the device lists more than ${most} rows` });
        }
        if (last === before) return ok(rows);
      }
    },
  };
}

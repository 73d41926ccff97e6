/**
 * Keeps checks from locking accounts: after three refused log-ins in a row only one an hour is tried, until one is accepted or the
 * secret changes. Kept in memory only, by account and not by check, as it is accounts that get locked.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Failure } from '../../shared/model/words.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { count } from '../../shared/text.ts';
import { HOUR, humanDuration } from '../../shared/time.ts';
import type { ProbeContext } from './types.ts';

const mostRefusals = 3;
export const usualRestMs = HOUR;
/** The oldest are forgotten beyond this. */
const mostAccounts = 2_000;

interface Refused {
  count: number;
  /** Monotonic ms of the newest. */
  at: number;
  /** Tells whether the secret has changed, without keeping it. */
  mark: string;
}
const refusedBy = new Map<string, Refused>();
const salt = randomBytes(16);
const markOf = (secret: string): string => createHash('sha256').update(salt).update(secret).digest('base64');

export interface Account {
  secret: string;
  /** To be told how the log-in went. */
  accepted(): void;
  /** @returns how many refusals in a row that makes */
  refused(): number;
}
/** Why there is no log-in now; `refusals` where it was refused too often. */
export type NoAccount = Failure & { refusals?: number; nextLoginMs?: number };

/** How many log-ins of an account were refused in a row. */
export const refusalsOf = (who: string): number => refusedBy.get(who)?.count ?? 0;

/**
 * Asks leave to log in.
 * @param who names the account over all checks, such as "mysql noc@192.0.2.1:3306"
 * @param secretName undefined = an account without a password
 * @param restMs how long the account is left alone after three refusals
 */
export function accountFor(
  who: string,
  secretName: string | undefined,
  ctx: Pick<ProbeContext, 'secret' | 'monotonic'>,
  restMs = usualRestMs,
): Result<Account, NoAccount> {
  const secret = secretName === undefined ? '' : ctx.secret(secretName);
  if (secret === undefined) return fail({ code: 'no-secret', detail: `the secret "${secretName}" is not set on this desk` });
  const mark = markOf(secret);
  const before = refusedBy.get(who);
  const same = before?.mark === mark ? before : undefined;
  const wait = same && same.count >= mostRefusals ? restMs - (ctx.monotonic() - same.at) : 0;
  if (same && wait > 0)
    return fail({
      code: 'login-refused',
      detail: `log-in was refused ${count(same.count, 'time')} and is not tried for ${humanDuration(wait)}, so that the account is not locked`,
      refusals: same.count,
      nextLoginMs: Math.round(wait),
    });
  return ok({
    secret,
    accepted: () => void refusedBy.delete(who),
    refused: () => {
      const now = refusedBy.get(who);
      const total = (now?.mark === mark ? now.count : 0) + 1;
      refusedBy.delete(who);
      const oldest = refusedBy.size >= mostAccounts ? refusedBy.keys().next().value : undefined;
      if (oldest !== undefined) refusedBy.delete(oldest);
      refusedBy.set(who, { count: total, at: ctx.monotonic(), mark });
      return total;
    },
  });
}

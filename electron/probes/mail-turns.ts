/** Checks of one mail account do not all log in at the same moment: with a wrong password each would cost an attempt before the first is refused. */
import { refusalsOf } from './login-guard.ts';
import { accountOf } from './mail-account.ts';
import type { ProbeContext } from './types.ts';

/** As many as may be refused before all are held back. */
const mostAtOnce = 3;
/** A server that hangs must not make another look slow. */
const mostWaitMs = 5_000;

interface Turns {
  underway: number;
  /** To be called when one of them has ended. */
  wake: Set<() => void>;
}
/** Accounts with a log-in under way. */
const turns = new Map<string, Turns>();

/**
 * Logs in when refusals and log-ins under way of this account leave room for one more, or after some seconds at the latest.
 * @param work asks leave (mailAccountFor) and logs in
 */
export async function inTurn<T>(
  user: string,
  secretName: string | undefined,
  ctx: Pick<ProbeContext, 'signal' | 'timeoutMs'>,
  work: () => Promise<T>,
): Promise<T> {
  const account = accountOf(user, secretName);
  const isFull = ({ underway }: Turns): boolean => underway > 0 && refusalsOf(account) + underway >= mostAtOnce;
  const own = turns.get(account) ?? { underway: 0, wake: new Set<() => void>() };
  turns.set(account, own);
  if (isFull(own)) await room(own, () => !isFull(own), Math.min(mostWaitMs, ctx.timeoutMs / 4), ctx.signal);
  else own.underway += 1;
  try {
    return await work();
  } finally {
    own.underway -= 1;
    for (const look of [...own.wake]) look();
    if (own.underway === 0) turns.delete(account);
  }
}

/** Waits for a place and takes it: at once when there is one, so that no two take the same; without one when the time or the check is over. */
function room(own: Turns, isThere: () => boolean, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const take = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', take);
      own.wake.delete(look);
      own.underway += 1;
      resolve();
    };
    const look = (): void => void (isThere() && take());
    const timer = setTimeout(take, ms);
    signal.addEventListener('abort', take, { once: true });
    own.wake.add(look);
    if (signal.aborted) take();
  });
}

/** Leave to log in to a mail server. One account is used over many protocols, and is locked as one. */
import type { MailPlace } from '../../shared/checks/mail-settings.ts';
import { hostAndPort } from '../../shared/checks/tls-settings.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { clean } from '../../shared/text.ts';
import { MINUTE } from '../../shared/time.ts';
import { type Account, accountFor, type NoAccount, usualRestMs } from './login-guard.ts';
import type { ProbeContext } from './types.ts';

/** A port that refuses what another has accepted since is tried so often: the account is not locked, and this keeps it so. */
const restMs = 10 * MINUTE;
const mostAccounts = 2_000;
/** Accounts whose passwords could not be checked lately, and what forgets the refusals of each of their ports. */
const doubted = new Map<string, { unchecked: boolean; ports: Map<string, () => void> }>();
/** When an account was accepted last, monotonic ms. */
const acceptedAt = new Map<string, number>();

/** What the guard calls an account over all its ports. */
export const accountOf = (user: string, secretName: string | undefined): string => `mail ${user} ${secretName}`;

export interface MailAccount extends Account {
  /**
   * To be told that the server could not look up passwords. What refused the same account meanwhile could not either, whatever it said, and
   * nothing gets locked by it: the other ports go on, and when one of them accepts the account again all of them are tried again.
   */
  unchecked(): void;
}

/**
 * Asks leave to log in. Three refusals in a row on one port hold that port back, three over all ports of the account hold back all, so
 * that a wrong password costs three attempts and not three for each protocol. A port that is held back while another accepts the same
 * account is tried every ten minutes: Postfix says "535" when Dovecot cannot look up passwords, too, and that gets mended.
 * To be asked within `inTurn` (mail-turns.ts).
 * @param protocol "smtp", "imap", "pop3" or "sieve"
 */
export function mailAccountFor(
  protocol: string,
  place: Pick<MailPlace, 'address' | 'port'>,
  user: string,
  secretName: string | undefined,
  ctx: Pick<ProbeContext, 'secret' | 'monotonic'>,
): Result<MailAccount, NoAccount> {
  // An empty password would be refused, and count.
  if (secretName === undefined) return fail({ code: 'no-secret', detail: `no secret is named for the password of ${clean(user, 100)}` });
  const whole = accountOf(user, secretName);
  const everywhere = accountFor(whole, secretName, ctx);
  if (!everywhere.ok) return everywhere;
  const port = `${protocol} ${user}@${hostAndPort(place.address, place.port)}`;
  const first = accountFor(port, secretName, ctx);
  const refusedAt = first.ok ? 0 : ctx.monotonic() - usualRestMs + (first.failure.nextLoginMs ?? 0);
  const here = !first.ok && (acceptedAt.get(whole) ?? -1) > refusedAt ? accountFor(port, secretName, ctx, restMs) : first;
  if (!here.ok) return here;
  return ok({
    secret: here.value.secret,
    accepted: () => {
      here.value.accepted();
      everywhere.value.accepted();
      const doubt = doubted.get(whole);
      if (doubt?.unchecked) {
        for (const forget of doubt.ports.values()) forget();
        doubted.delete(whole);
      }
      acceptedAt.delete(whole);
      const oldest = acceptedAt.size >= mostAccounts ? acceptedAt.keys().next().value : undefined;
      if (oldest !== undefined) acceptedAt.delete(oldest);
      acceptedAt.set(whole, ctx.monotonic());
    },
    refused: () => {
      const doubt = doubtOf(whole);
      doubt.ports.set(port, here.value.accepted);
      return doubt.unchecked ? here.value.refused() : Math.max(here.value.refused(), everywhere.value.refused());
    },
    unchecked: () => {
      doubtOf(whole).unchecked = true;
      everywhere.value.accepted();
    },
  });
}

function doubtOf(whole: string): NonNullable<ReturnType<(typeof doubted)['get']>> {
  const doubt = doubted.get(whole) ?? { unchecked: false, ports: new Map() };
  doubted.delete(whole);
  const oldest = doubted.size >= mostAccounts ? doubted.keys().next().value : undefined;
  if (oldest !== undefined) doubted.delete(oldest);
  doubted.set(whole, doubt);
  return doubt;
}

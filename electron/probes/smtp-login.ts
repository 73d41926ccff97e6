/** AUTH (RFC 4954): PLAIN (RFC 4616), LOGIN and CRAM-MD5 (RFC 2195), with leave of the guard. */
import { createHmac } from 'node:crypto';
import type { MailPlace } from '../../shared/checks/mail-settings.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { clean } from '../../shared/text.ts';
import type { NoAccount } from './login-guard.ts';
import { mailAccountFor } from './mail-account.ts';
import type { SmtpReply } from './smtp-reply.ts';
import type { SmtpFailure } from './smtp-wire.ts';
import type { ProbeContext } from './types.ts';
import { since } from './wire.ts';

export interface SmtpLogin {
  mechanism: string;
  tookMs: number;
}
/** `login` tells why nobody is logged in; where it is absent the connection broke, or the server answered with an error of its own. */
export type SmtpLoginFailure = SmtpFailure & NoAccount & { login?: 'refused' | 'held-back' | 'not-offered' };

interface Attempt {
  /** `shown` goes into the transcript in place of the line. */
  ask(line: string, shown: string): Promise<Result<SmtpReply, SmtpFailure>>;
  /** Mechanisms that the server offers. */
  offered: readonly string[];
  encrypted: boolean;
  place: MailPlace;
  user: string;
  passwordSecret: string | undefined;
  ctx: ProbeContext;
}

const known = ['PLAIN', 'LOGIN', 'CRAM-MD5'] as const;
/** Where nothing is encrypted, the one that does not send the password goes first. */
const knownInTheClear = ['CRAM-MD5', 'PLAIN', 'LOGIN'] as const;
/** These say that the way to log in is wrong, not that the password is: no account gets locked by them. */
const notAboutPassword: ReadonlySet<number> = new Set([500, 501, 502, 503, 504, 530, 534, 538]);
const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

/** @returns failure `no-secret`; `login-refused` (also while held back); `server-error` (not offered, or an error of the server); or the connection's own */
export async function smtpLogin(attempt: Attempt): Promise<Result<SmtpLogin, SmtpLoginFailure>> {
  const { offered, user, ctx } = attempt;
  const mechanism = (attempt.encrypted ? known : knownInTheClear).find((it) => offered.includes(it));
  if (!mechanism)
    return fail({
      code: 'server-error',
      detail:
        offered.length === 0
          ? 'the server offers no log-in'
          : `the server offers no way to log in that is known here: ${offered.join(', ')}`,
      login: 'not-offered',
    });
  const account = mailAccountFor('smtp', attempt.place, user, attempt.passwordSecret, ctx);
  if (!account.ok) return fail({ ...account.failure, ...(account.failure.refusals === undefined ? {} : { login: 'held-back' as const }) });
  const begin = ctx.monotonic();
  const answer = await speak(mechanism, attempt, account.value.secret);
  if (!answer.ok) return answer;
  const { code, enhanced, text } = answer.value;
  if (code === 235) {
    account.value.accepted();
    return ok({ mechanism, tookMs: since(begin, ctx) });
  }
  const said = [code, enhanced, text].filter(Boolean).join(' ');
  if (code >= 500 && !notAboutPassword.has(code))
    return fail({
      code: 'login-refused',
      detail: clean(`log-in refused: ${said}`, 400),
      reply: answer.value,
      login: 'refused',
      refusals: account.value.refused(),
    });
  if (code === 454) account.value.unchecked();
  return fail({ code: 'server-error', detail: clean(`the server cannot check the log-in: ${said}`, 400), reply: answer.value });
}

/** @returns the answer that ends it: 334 (more is wanted) never does */
async function speak(mechanism: (typeof known)[number], { ask, user }: Attempt, password: string): Promise<Result<SmtpReply, SmtpFailure>> {
  if (mechanism === 'PLAIN') return ended(await ask(`AUTH PLAIN ${base64(`\0${user}\0${password}`)}`, 'AUTH PLAIN'));
  const first = await ask(`AUTH ${mechanism}`, `AUTH ${mechanism}`);
  if (!first.ok || first.value.code !== 334) return ended(first);
  if (mechanism === 'CRAM-MD5') {
    const challenge = Buffer.from(first.value.lines[0] ?? '', 'base64');
    return ended(await ask(base64(`${user} ${createHmac('md5', password).update(challenge).digest('hex')}`), 'digest'));
  }
  const second = await ask(base64(user), 'user');
  if (!second.ok || second.value.code !== 334) return ended(second);
  return ended(await ask(base64(password), 'password'));
}

/** Another question where an end is due is none of SMTP. */
function ended(answer: Result<SmtpReply, SmtpFailure>): Result<SmtpReply, SmtpFailure> {
  if (!answer.ok || answer.value.code !== 334) return answer;
  return fail({ code: 'protocol', detail: 'the server asks for more where the log-in has ended', reply: answer.value });
}

/** Plays a stranger who wants to hand in mail, up to RCPT. */
import { ok, type Result } from '../../shared/result.ts';
import { clean } from '../../shared/text.ts';
import { isGood, type SmtpSession } from './smtp-session.ts';
import type { SmtpFailure } from './smtp-wire.ts';
import type { ProbeContext } from './types.ts';

/** `unclear`: put off, which a later try may turn into either. */
export interface StrangerAnswer {
  answer: 'refused' | 'open' | 'unclear';
  /** Epoch ms. */
  at: number;
  /** What the server said. */
  said: string;
  /** It hung up then: whatever comes next needs another connection. */
  hungUp?: true;
}

const hangUps: ReadonlySet<string> = new Set(['closed', 'reset']);

/**
 * Whether mail of any of these senders for this recipient is taken. The transaction is given up (RSET) each time.
 * @returns the worst answer; a failure only where the connection came to its end before the server refused
 */
export async function playStranger(
  session: SmtpSession,
  senders: readonly string[],
  to: string,
  ctx: Pick<ProbeContext, 'now'>,
): Promise<Result<StrangerAnswer, SmtpFailure>> {
  let found: StrangerAnswer = { answer: 'refused', at: ctx.now(), said: '' };
  for (const sender of senders) {
    const stage = await session.mail(sender);
    const reply = stage.ok && isGood(stage.value) ? await session.rcpt(to) : stage;
    if (!reply.ok) return reply;
    const { code, enhanced, text } = reply.value;
    const answer = isGood(reply.value) ? 'open' : code >= 500 ? 'refused' : 'unclear';
    if (found.said === '' || answer !== 'refused')
      found = { ...found, answer, said: clean([code, enhanced, text].filter(Boolean).join(' '), 200) };
    const reset = await session.rset();
    // Some hang up on whom they do not take mail from: that is an answer, too.
    if (!reset.ok) return answer !== 'open' && hangUps.has(reset.failure.code) ? ok({ ...found, hungUp: true }) : reset;
    if (answer === 'open') break;
  }
  return ok(found);
}

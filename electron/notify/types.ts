/** What every kind of channel is made of: one function that sends one message and says what came of it. */
import type { ChannelOf, ChannelType, Message } from '../../shared/model/notify.ts';
import { fail, ok, type Result } from '../../shared/result.ts';

export interface SendContext {
  /** Looks a secret up by its name. */
  secret(name: string): string | undefined;
  /** Aborted when the desk stops. Each sender keeps its own time besides. */
  signal: AbortSignal;
  /** Addresses it goes to (email). */
  to: readonly string[];
  /** Names of the people who are told this way; none: the channel as such. */
  people: readonly string[];
  /** Epoch ms. */
  now: number;
  /** The same for every attempt to send one message. */
  id: string;
}
export interface SendFailure {
  /** Kebab-case, for programs. */
  code: string;
  /** Short, cleaned, without any secret. */
  text: string;
  /** It is no use to try again. */
  permanent: boolean;
}
/** `reply` is what the other side answered, cleaned, without any secret. */
export type SendResult = Result<{ reply: string }, SendFailure>;
export type Sender<T extends ChannelType> = (channel: ChannelOf<T>, message: Message, context: SendContext) => Promise<SendResult>;

/** @returns the secret, or the failure that says which one is missing */
export function secretOf(context: Pick<SendContext, 'secret'>, name: string): Result<string, SendFailure> {
  const value = context.secret(name);
  if (value !== undefined && value !== '') return ok(value);
  // Tried again: somebody will set it, and what waits goes out then.
  return fail({ code: 'no-secret', text: `the secret "${name}" is not set; set it in Settings`, permanent: false });
}

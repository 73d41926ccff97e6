/** What the three ways to a mail queue share: what one look at it is, and how it fails. */
import type { QueueFacts } from '../../shared/checks/queue-facts.ts';
import type { Failure } from '../../shared/model/words.ts';
import { clean } from '../../shared/text.ts';
import { createLineReader } from './queue-lines.ts';
import type { Tally } from './queue-tally.ts';
import type { ProbeContext } from './types.ts';

/** Of a list, unpacked: some 500,000 messages. */
export const mostBytes = 268_435_456;

/** What came of one look, besides the messages that were counted. */
export interface Look {
  facts: QueueFacts;
  /** Ms that the desk's clock is ahead of the mail server's; 0 where that does not tell. */
  offset: number;
  /** The source gave no list but numbers, or something else. */
  noList?: boolean;
}

/** Clocks are told to the second. */
const closeMs = 2_000;
/** @param serverNow epoch ms by the clock of the mail server */
export function setClock(tally: Tally, serverNow: number, ctx: ProbeContext): number {
  const offset = ctx.now() - serverNow;
  if (Math.abs(offset) < closeMs) return 0;
  tally.begin(serverNow);
  return offset;
}

/** Reads lines: messages are counted, `aside` hears the others. */
export const linesInto = (tally: Tally, aside: (line: string) => void) =>
  createLineReader((line, whole) => (line.startsWith('{') ? tally.message(line, whole) : aside(line)));

export const broken = (code: Failure['code'], detail: string): QueueFacts => ({ failure: { code, detail: clean(detail, 400) } });
export const tooLong = broken('too-large', 'the queue is longer than is read');
export const late = broken('timeout', 'the list of the queue did not come to its end in time');

/**
 * What the exit codes of postqueue mean (137 is timeout(1)'s, 127 the shell's). Its own is 69, whatever the reason.
 * @param said what it printed as its reason, hostile
 */
export function endedWith(code: number, said = ''): QueueFacts {
  if (code === 137) return late;
  if (code === 127) return broken('tool-missing', 'there is no postqueue: Postfix is not installed, or not where programs are looked for');
  const why = clean(said, 200).replace(/^postqueue: (?:fatal: )?/, '');
  return broken('server-error', `Postfix does not list its queue${why === '' ? ` (code ${code})` : `: ${why}`}`);
}

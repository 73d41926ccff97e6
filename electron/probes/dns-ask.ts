/** One question to a name server, or to several in turn: over UDP, once more where a datagram may have got lost, over TCP where it is too long. */
import type { Failure } from '../../shared/model/words.ts';
import { askTcp, askUdp, type Close, type Question, type Server } from './dns-exchange.ts';
import type { Reply } from './dns-reply.ts';
import type { ProbeContext } from './types.ts';

/** So long a question may stay without an answer before it is asked again (of the next server, where there is one). */
const askAgainMs = 2_000;

/** What came of a question: a reply or a failure. */
export interface Asked {
  /** Who answered, or whose failure it is. */
  server: Server;
  reply?: Reply;
  failure?: Failure;
  transport: 'udp' | 'tcp';
  /** The answer did not fit into a datagram. */
  truncated: boolean;
  /** From the question to its answer, without earlier questions that got none. */
  ms?: number;
  /** Questions sent. */
  tries: number;
  /** Servers that were asked before and stayed silent. */
  silent: string[];
}

/** The flags of a reply by their letters. */
export const flagsOf = ({ reply, truncated }: { reply: Reply; truncated: boolean }) => ({
  aa: reply.flag_aa,
  tc: truncated,
  ad: reply.flag_ad,
  ra: reply.flag_ra,
});

/**
 * Asks the servers in turn until one answers: a single one twice, as a datagram may get lost. Earlier questions stay open, so a
 * slow answer to the first still counts. Never rejects; ends with the context's signal at the latest.
 * @param servers at least one
 * @param limitMs gives up after this
 */
export function ask(question: Question, servers: readonly Server[], context: ProbeContext, limitMs = context.timeoutMs): Promise<Asked> {
  const { signal, note, monotonic } = context;
  const first = servers[0] as Server;
  const queue = servers.length === 1 ? [first, first] : [...servers];
  const askNextMs = Math.min(askAgainMs, limitMs / queue.length);
  return new Promise((resolve) => {
    const open: Close[] = [];
    const silent = new Set<string>();
    let tries = 0;
    let pending = 0;
    let garbage = 0;
    let truncatedBy: Server | null = null;
    let failure: Failure | null = null;
    let timer: NodeJS.Timeout | undefined;
    let settled = false;

    const settle = (asked: Omit<Asked, 'silent' | 'tries' | 'truncated'>): void => {
      if (settled) return;
      settled = true;
      signal.removeEventListener('abort', timeUp);
      clearTimeout(timer);
      clearTimeout(limit);
      for (const close of open) close();
      resolve({ ...asked, truncated: truncatedBy !== null, tries, silent: [...silent] });
    };
    const settleFailed = (found: Failure): void =>
      settle({ server: truncatedBy ?? first, failure: found, transport: truncatedBy ? 'tcp' : 'udp' });
    const timeUp = (): void => {
      const who = servers.length === 1 ? first.address : servers.map((it) => it.address).join(' and ');
      if (truncatedBy)
        settleFailed({ code: 'timeout', detail: `the answer of ${truncatedBy.address} is too long for UDP and did not come over TCP` });
      else if (garbage > 0) settleFailed({ code: 'protocol', detail: `${who} answered with something that is not DNS` });
      else settleFailed({ code: 'timeout', detail: `no answer from ${who} to ${tries} questions` });
    };
    const failed = (found: Failure, server: Server): void => {
      note(found.detail);
      silent.add(server.address);
      failure ??= found;
      pending -= 1;
      if (queue.length > 0) askNext();
      else if (pending === 0) settleFailed(failure);
    };
    const askNext = (): void => {
      clearTimeout(timer);
      const server = queue.shift();
      if (!server || settled) return;
      tries += 1;
      pending += 1;
      const begin = monotonic();
      note(`asking ${server.address} port ${server.port} for ${question.type} of ${question.name}`);
      const reply = (transport: 'udp' | 'tcp') => (found: Reply) => {
        const ms = Math.round((monotonic() - begin) * 1_000) / 1_000;
        note(`${server.address} answered ${found.rcode}`);
        silent.delete(server.address);
        settle({ server, reply: found, transport, ms });
      };
      const common = {
        garbage: () => {
          garbage += 1;
        },
        failure: (found: Failure) => failed(found, server),
      };
      const truncated = (): void => {
        note(`${server.address} has more to say than fits: asking over TCP`);
        truncatedBy = server;
        open.push(askTcp(question, server, { ...common, reply: reply('tcp') }));
      };
      open.push(askUdp(question, server, { ...common, truncated, reply: reply('udp') }));
      if (queue.length > 0)
        timer = setTimeout(() => {
          silent.add(server.address);
          askNext();
        }, askNextMs);
    };

    const limit = limitMs < context.timeoutMs ? setTimeout(timeUp, limitMs) : undefined;
    signal.addEventListener('abort', timeUp, { once: true });
    if (signal.aborted) timeUp();
    else askNext();
  });
}

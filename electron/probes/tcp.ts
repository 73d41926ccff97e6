/** Opens one TCP connection, says and hears what was asked for, and hangs up. */
import { connect, type Socket, type TcpNetConnectOpts } from 'node:net';
import { type TcpConfig, type TcpFacts, unescapeText } from '../../shared/checks/tcp.ts';
import type { Failure } from '../../shared/model/words.ts';
import { clean } from '../../shared/text.ts';
import { type Address, resolveAddress } from './addresses.ts';
import { failureOf } from './socket-failure.ts';
import type { Probe, ProbeContext } from './types.ts';

/** No more than this is read of what a server says. */
const mostBytes = 4_096;
/** A server that said whole lines, none of them right, and then nothing for so long has said its greeting. */
const quietMs = 1_000;
/** A name with more addresses than this is tried at the first few. */
const mostAddresses = 4;

/**
 * Connects and, when `expect` or `send` is set, reads until the expected text was seen, 4 KB came, the server closed, or it
 * stopped after whole lines that are wrong.
 */
export const probeTcp: Probe<TcpConfig, TcpFacts> = async (config, context) => {
  const begin = context.monotonic();
  const resolved = await resolveAddress(config.address, config.family === 'auto' ? 0 : config.family, context.signal);
  if (!resolved.ok) return { port: config.port, failure: resolved.failure };
  const facts: TcpFacts = { port: config.port };
  const first = resolved.value[0] as Address;
  if (first.address !== config.address) {
    facts.lookupMs = since(begin, context);
    context.note(`${config.address} is ${resolved.value.map((it) => it.address).join(', ')}`);
  }
  if (context.signal.aborted) return { ...facts, failure: { code: 'timeout', detail: 'no time was left to connect' } };
  return converse(config, context, resolved.value.slice(0, mostAddresses), facts);
};

const since = (begin: number, context: ProbeContext): number => Math.round((context.monotonic() - begin) * 1_000) / 1_000;

function connectionTo(addresses: Address[], port: number, timeoutMs: number): TcpNetConnectOpts {
  const [first] = addresses as [Address];
  if (addresses.length === 1) return { host: first.address, port, family: first.family, autoSelectFamily: false };
  return {
    // The name is looked up already; this only hands its addresses to Node, which tries one after the other.
    host: 'looked-up-already',
    port,
    lookup: (_host, _options, done) => done(null, addresses),
    autoSelectFamily: true,
    // Node gives an address 250 ms, which a far one may need to answer.
    autoSelectFamilyAttemptTimeout: Math.max(250, Math.floor(timeoutMs / (addresses.length + 1))),
  };
}

const readable = (heard: string, most: number): string => clean(Buffer.from(heard, 'latin1').toString(), most);

function converse(config: TcpConfig, context: ProbeContext, addresses: Address[], facts: TcpFacts): Promise<TcpFacts> {
  const { signal, note } = context;
  const where = `${config.address} port ${config.port}`;
  const wantsWords = config.expect !== undefined || config.send !== undefined;
  return new Promise((resolve) => {
    const begin = context.monotonic();
    let connectedAt = 0;
    let heard = '';
    let quiet: NodeJS.Timeout | undefined;
    let settled = false;
    facts.address = addresses[0]?.address;

    const settle = (failure?: Failure): void => {
      if (settled) return;
      settled = true;
      if (failure) facts.failure = failure;
      signal.removeEventListener('abort', giveUp);
      clearTimeout(quiet);
      socket.destroy();
      if (heard !== '') facts.banner = readable(heard, 200);
      resolve(facts);
    };
    const wrongWords = (): void => {
      facts.matched = false;
      note(`"${config.expect}" is not in what it said`);
      settle();
    };
    const giveUp = (): void => {
      if (facts.connectMs === undefined) settle({ code: 'timeout', detail: `no answer from ${where}` });
      else if (config.expect !== undefined && heard.includes('\n')) wrongWords();
      else if (heard === '') settle({ code: 'timeout', detail: `port ${config.port} accepted the connection but sent nothing` });
      else settle({ code: 'timeout', detail: `port ${config.port} sent only "${readable(heard, 100)}" before time ran out` });
    };
    const hear = (chunk: Buffer): void => {
      if (heard === '') facts.bannerMs = since(connectedAt, context);
      // latin1: every byte stays one character, so text may be looked for before all of it is there.
      heard += chunk.toString('latin1', 0, mostBytes - heard.length);
      clearTimeout(quiet);
      if (config.expect === undefined) settle();
      else if (heard.includes(wanted)) {
        facts.matched = true;
        settle();
      } else if (heard.length >= mostBytes) wrongWords();
      else if (heard.endsWith('\n')) quiet = setTimeout(wrongWords, quietMs);
    };

    const wanted = Buffer.from(config.expect ?? '').toString('latin1');
    const socket: Socket = connect(connectionTo(addresses, config.port, context.timeoutMs));
    signal.addEventListener('abort', giveUp, { once: true });
    socket.once('connect', () => {
      connectedAt = context.monotonic();
      facts.connectMs = Math.round((connectedAt - begin) * 1_000) / 1_000;
      facts.address = socket.remoteAddress ?? facts.address;
      note(`connected to ${facts.address} port ${config.port}`);
      if (!wantsWords) {
        settle();
        return;
      }
      socket.on('data', hear);
      socket.once('end', () => {
        if (config.expect !== undefined && heard !== '') wrongWords();
        else settle({ code: 'closed', detail: `port ${config.port} accepted the connection and closed it without a word` });
      });
      if (config.send !== undefined) socket.write(unescapeText(config.send));
    });
    socket.on('error', (error) => {
      if (settled) return;
      const failure = failureOf(error, where);
      note(failure.detail);
      settle(failure);
    });
  });
}

/** The connection of a mailbox check: lines and counted bytes with bounds, encrypted from the start or on the way, never beyond a bad certificate. */
import type { Socket } from 'node:net';
import type { DetailedPeerCertificate } from 'node:tls';
import type { MailPlace } from '../../shared/checks/mail-settings.ts';
import type { MailboxFacts } from '../../shared/checks/mailbox-facts.ts';
import { hostAndPort } from '../../shared/checks/tls-settings.ts';
import type { Failure } from '../../shared/model/words.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { inspectMailTls } from './mail-tls.ts';
import { encrypt } from './secure.ts';
import { failureOf } from './socket-failure.ts';
import { asTls, dial, familyOf, type Progress } from './tls-dial.ts';
import { type Trust, trustOf } from './tls-trust.ts';
import type { ProbeContext } from './types.ts';
import { farewell, since } from './wire.ts';

/** The longest line: IMAP servers put whole lists into one. */
const mostLine = 65_536;
/** All that is read for one question, and how many lines of it. */
const mostBytes = 262_144;
const mostLines = 4_000;

export interface Link {
  where: string;
  /** @param what is awaited, for sentences: "a greeting". @returns the next line without its end */
  line(what: string): Promise<Result<string, Failure>>;
  /** @returns so many bytes; failure `too-large` at once where that is more than one question may bring */
  bytes(count: number, what: string): Promise<Result<Buffer, Failure>>;
  /** Sends, and begins to count what is read anew. */
  say(text: string): void;
  /** Encrypts; certificate and protocol go into the facts. @returns why nothing more may be said, or null */
  startTls(): Promise<Failure | null>;
  /** Bytes that came before anything was asked. */
  early(): number;
  /** Says a last word without waiting for the answer, and ends the connection. */
  end(farewell?: string): void;
}

/** @returns an open connection, encrypted where that comes first; what was learnt on the way is in the facts */
export async function openLink(place: MailPlace, facts: MailboxFacts, ctx: ProbeContext): Promise<Result<Link, Failure>> {
  facts.stage = 'connect';
  const found = place.encryption === 'none' ? null : await trustOf(place.caFile, ctx.monotonic());
  if (found && !found.ok) return found;
  const trust = found?.value ?? null;
  const progress: Progress = { phase: 'dns' };
  const secure =
    trust && place.encryption === 'tls' ? { tls: { serverName: place.serverName ?? place.address, context: trust.context } } : {};
  const dialled = await dial({ host: place.address, port: place.port, family: familyOf(place.family), ...secure }, progress, ctx);
  Object.assign(facts, { address: progress.address, dnsMs: progress.dnsMs, connectMs: progress.connectMs, tlsMs: progress.tlsMs });
  if (!dialled.ok) {
    if (progress.phase === 'tls') facts.stage = 'tls';
    return dialled;
  }
  ctx.note(`connected to ${progress.address} port ${place.port}`);
  if (trust && place.encryption === 'tls') {
    facts.stage = 'tls';
    const problem = inspectMailTls(asTls(dialled.value), progress.certificate, place, trust, facts, ctx);
    if (problem) {
      farewell(dialled.value);
      return fail(problem);
    }
  }
  return ok(linkOn(dialled.value, place, trust, facts, ctx));
}

interface Waiting {
  what: string;
  /** @returns whether it got what it waits for */
  attempt(): boolean;
  refuse(failure: Failure): void;
}

function linkOn(first: Socket, place: MailPlace, trust: Trust | null, facts: MailboxFacts, ctx: ProbeContext): Link {
  const where = hostAndPort(place.address, place.port);
  let socket = first;
  let waiting: Waiting | null = null;
  let broken: ((what: string) => Failure) | null = null;
  // What came and was not read yet: bytes `from` to `to` of the store. It grows by doubling, so that a trickle costs no more than a flood.
  let store: Buffer = Buffer.alloc(0);
  let from = 0;
  let to = 0;
  /** No line end before this. */
  let scanned = 0;
  /** Read since the last question. */
  let bytesRead = 0;
  let linesRead = 0;

  const breakOff = (words: (what: string) => Failure): void => {
    if (broken) return;
    broken = words;
    const waited = waiting;
    waiting = null;
    waited?.refuse(words(waited.what));
  };
  const tooLarge = (what: string): Failure => ({ code: 'too-large', detail: `${where} sends more than ${what} can be` });
  const keep = (chunk: Buffer): void => {
    if (from === to) {
      // Nothing is left over: what came is read where it lies.
      [store, from, to, scanned] = [chunk, 0, chunk.length, 0];
      return;
    }
    if (to + chunk.length > store.length) {
      const grown = Buffer.allocUnsafe(2 * (to - from + chunk.length));
      store.copy(grown, 0, from, to);
      [store, scanned, to, from] = [grown, scanned - from, to - from, 0];
    }
    chunk.copy(store, to);
    to += chunk.length;
  };
  const onData = (chunk: Buffer): void => {
    keep(chunk);
    if (waiting?.attempt()) waiting = null;
    // Nobody asks for so much: the rest stays in the network.
    if (to - from > mostBytes) socket.pause();
  };
  const onError = (error: Error): void => breakOff(() => failureOf(error, where));
  const onEnd = (): void => breakOff((what) => ({ code: 'closed', detail: `${where} closed the connection before ${what} was complete` }));
  const late = (): void => breakOff((what) => ({ code: 'timeout', detail: `${where} did not send ${what} in time` }));
  const listen = (): void => void socket.on('data', onData).on('error', onError).on('end', onEnd).on('close', onEnd);
  const leave = (): void => void socket.off('data', onData).off('error', onError).off('end', onEnd).off('close', onEnd);

  const wait = <T>(what: string, attempt: () => Result<T, Failure> | null): Promise<Result<T, Failure>> => {
    const now = attempt();
    if (now) return Promise.resolve(now);
    if (broken) return Promise.resolve(fail(broken(what)));
    return new Promise((resolve) => {
      waiting = {
        what,
        attempt: () => {
          const result = attempt();
          if (result) resolve(result);
          return result !== null;
        },
        refuse: (failure) => resolve(fail(failure)),
      };
      socket.resume();
    });
  };

  listen();
  if (ctx.signal.aborted) late();
  else ctx.signal.addEventListener('abort', late, { once: true });

  return {
    where,
    line: (what) =>
      wait(what, () => {
        const end = store.subarray(0, to).indexOf(0x0a, Math.max(scanned, from));
        const length = (end < 0 ? to : end) - from;
        scanned = to;
        if (length > mostLine || bytesRead + length > mostBytes || linesRead >= mostLines) return fail(tooLarge(what));
        if (end < 0) return null;
        const line = store.toString('utf8', from, end > from && store[end - 1] === 0x0d ? end - 1 : end);
        scanned = from = end + 1;
        bytesRead += length + 1;
        linesRead += 1;
        return ok(line);
      }),
    bytes: (count, what) =>
      wait(what, () => {
        if (bytesRead + count > mostBytes) return fail(tooLarge(what));
        if (to - from < count) return null;
        const bytes = Buffer.from(store.subarray(from, from + count));
        from += count;
        scanned = from;
        bytesRead += count;
        return ok(bytes);
      }),
    say(text) {
      bytesRead = 0;
      linesRead = 0;
      if (socket.writable) socket.write(text);
    },
    async startTls() {
      if (!trust) return { code: 'internal', detail: 'no authorities at hand' };
      facts.stage = 'tls';
      leave();
      socket.pause();
      // Its errors are the TLS socket's from here on; none must be thrown for want of a listener.
      first.on('error', () => {});
      const begin = ctx.monotonic();
      const shown: { certificate?: DetailedPeerCertificate } = {};
      const secured = await encrypt(
        socket,
        { address: place.address, port: place.port, tls: 'encrypt', serverName: place.serverName },
        trust,
        ctx,
        shown,
      );
      if (!secured.ok) return secured.failure;
      facts.tlsMs = since(begin, ctx);
      socket = secured.value;
      listen();
      return inspectMailTls(secured.value, shown.certificate, place, trust, facts, ctx);
    },
    early: () => to - from,
    end(word) {
      ctx.signal.removeEventListener('abort', late);
      leave();
      socket.on('error', () => {});
      if (word !== undefined && !broken && socket.writable) socket.write(word);
      farewell(socket);
    },
  };
}

/** Sends a datagram, again if need be, and looks at what comes back. */
import { unescapeText } from '../../shared/checks/tcp.ts';
import type { UdpConfig, UdpFacts } from '../../shared/checks/udp.ts';
import type { Failure } from '../../shared/model/words.ts';
import { clean, count } from '../../shared/text.ts';
import { type Address, resolveAddress } from './addresses.ts';
import type { Probe, ProbeContext } from './types.ts';
import { dialUdp } from './udp-dial.ts';

/** So many wrong replies are looked at; a right one may be among them, but a flood is one wrong reply. */
const mostReplies = 32;
/** After a wrong reply the right one has so long to come. */
const patienceMs = 1_000;

export const probeUdp: Probe<UdpConfig, UdpFacts> = async (config, context) => {
  const begin = context.monotonic();
  const resolved = await resolveAddress(config.address, config.family === 'auto' ? 0 : config.family, context.signal);
  if (!resolved.ok) return { failure: resolved.failure };
  const [first] = resolved.value as [Address];
  const facts: UdpFacts = { address: first.address };
  if (first.address !== config.address) {
    facts.lookupMs = Math.round(context.monotonic() - begin);
    context.note(`${config.address} is ${first.address}`);
  }
  if (context.signal.aborted) return { ...facts, failure: { code: 'timeout', detail: 'no time was left to ask' } };
  return ask(config, context, first, facts);
};

const bytesOf = (text: string | undefined, hex: string | undefined): Buffer | null =>
  text !== undefined ? Buffer.from(unescapeText(text)) : hex !== undefined ? Buffer.from(hex.replaceAll(/[^0-9a-fA-F]/g, ''), 'hex') : null;

/** As text where it is some, else as bytes. */
function readable(reply: Buffer): string {
  const head = reply.subarray(0, 400);
  const text = head.toString('utf8');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
  const isText = !/[\x00-\x08\x0e-\x1a\ufffd]/.test(text.slice(0, 100));
  return isText
    ? clean(text, 200)
    : clean(
        head
          .subarray(0, 60)
          .toString('hex')
          .replaceAll(/..(?=.)/g, '$& '),
        200,
      );
}

function ask(config: UdpConfig, context: ProbeContext, to: Address, facts: UdpFacts): Promise<UdpFacts> {
  const { signal, note, monotonic } = context;
  const where = `${to.address} UDP port ${config.port}`;
  const question = bytesOf(config.send, config.sendHex) ?? Buffer.alloc(0);
  const expected = bytesOf(config.expect, config.expectHex);
  const fits = (reply: Buffer): boolean =>
    expected === null || (config.match === 'equals' ? reply.equals(expected) : reply.includes(expected));
  return new Promise((resolve) => {
    let tries = 0;
    let sentAt = 0;
    let wrong = 0;
    let timer: NodeJS.Timeout | undefined;
    let settled = false;

    const settle = (failure?: Failure): void => {
      if (settled) return;
      settled = true;
      signal.removeEventListener('abort', giveUp);
      clearTimeout(timer);
      socket.close();
      if (failure) note(failure.detail);
      resolve({ ...facts, tries, ...(failure && { failure }) });
    };
    const giveUp = (): void => {
      if (wrong > 0) settle();
      else settle({ code: 'timeout', detail: `no reply from ${where}${tries > 1 ? ` to ${count(tries, 'datagram')}` : ''}` });
    };
    const send = (): void => {
      if (settled) return;
      tries += 1;
      note(`sending ${count(question.length, 'byte')} to ${where}`);
      sentAt = monotonic();
      socket.send(question);
      if (tries < config.tries) timer = setTimeout(send, context.timeoutMs / (config.tries + 0.5));
    };
    const hear = (reply: Buffer): void => {
      if (settled) return;
      const right = fits(reply);
      if (right || wrong === 0) {
        facts.ms = Math.round((monotonic() - sentAt) * 1_000) / 1_000;
        facts.bytes = reply.length;
        facts.reply = readable(reply);
        if (expected !== null) facts.matched = right;
        note(`${count(reply.length, 'byte')} came back${right ? '' : ', not what is expected'}`);
      }
      if (!right) wrong += 1;
      if (right || wrong >= mostReplies) settle();
      if (settled || wrong > 1) return;
      clearTimeout(timer);
      timer = setTimeout(giveUp, patienceMs);
    };

    const socket = dialUdp({ ...to, port: config.port }, { ready: send, message: hear, failure: settle });
    signal.addEventListener('abort', giveUp, { once: true });
  });
}

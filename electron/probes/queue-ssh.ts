/** The list of a mail queue from a server, over ssh. */
import { Writable } from 'node:stream';
import { createGunzip, type Gunzip } from 'node:zlib';
import type { QueueConfig, QueueFacts } from '../../shared/checks/queue-facts.ts';
import { queueOf } from './inside-read.ts';
import { queueScript } from './inside-scripts.ts';
import { sectionsOf } from './inside-sections.ts';
import { broken, endedWith, type Look, late, linesInto, mostBytes, setClock, tooLong } from './queue-look.ts';
import type { Tally } from './queue-tally.ts';
import { openSession } from './ssh-session.ts';
import type { ProbeContext } from './types.ts';

/** As it comes. */
const mostPacked = 67_108_864;
/** Lines that are no messages: of those that are wanted there are a handful. */
const mostAside = 8_192;

export async function overSsh(config: QueueConfig, tally: Tally, ctx: ProbeContext): Promise<Look> {
  const facts: QueueFacts = {};
  let offset = 0;
  const look = (more: QueueFacts, noList = false): Look => ({ facts: { ...facts, ...more }, offset, noList });
  const { address, user, keySecret, fingerprint } = config;
  if (address === undefined || user === undefined || keySecret === undefined || fingerprint === undefined)
    return look(broken('internal', 'the check names no address, user, key or fingerprint'), true);
  const session = await openSession({ ...config, address, user, keySecret, fingerprint }, facts, ctx, mostPacked);
  if (!session.ok) return look({ failure: session.failure }, true);
  let aside = '';
  const lines = linesInto(tally, (line) => {
    if (aside === '' && /^@t \d{9,11}$/.test(line)) offset = setClock(tally, Number(line.slice(3)) * 1_000, ctx);
    if (aside.length < mostAside) aside += `${line.slice(0, 300)}\n`;
  });
  const unpacked = unpackInto((piece) => lines.hear(piece));
  try {
    // A little less than is left here, so that the server ends it in order.
    const script = queueScript(ctx.timeoutMs / 1_000 - 1, config.configDir);
    const ran = await session.value.run(script, { ms: ctx.timeoutMs, bytes: mostPacked }, unpacked.into);
    const end = await unpacked.done;
    lines.end();
    const sections = sectionsOf(aside);
    const code = sections.get('queue')?.code ?? null;
    if (code === 0) return look({});
    const total = queueOf(undefined, sections.get('summary'));
    if (total !== undefined) return look({ total }, true);
    if (ran.broken === 'too-large' || end === 'too-large') return look(tooLong);
    if (ran.broken === 'timeout' || ctx.signal.aborted) return look(late);
    if (ran.broken !== null) return look(broken('closed', 'the server ended the connection in the middle of the list'));
    if (code !== null) return look(endedWith(code, sections.get('said')?.lines.join(' ')));
    if (sections.size > 0 || tally.seen() > 0) return look(broken('server-error', 'the list of the queue ended in the middle'));
    return look(broken('server-error', 'logged in, but no commands can be run: "sh -s" gives nothing'), true);
  } finally {
    session.value.end();
  }
}

type Unpacked = 'whole' | 'too-large' | 'broken';

/** Takes what may be packed by gzip or not, and passes it on unpacked, as fast as it is heard. */
function unpackInto(hear: (piece: Buffer) => void) {
  let size = 0;
  let end = 'whole' as Unpacked;
  let gunzip: Gunzip | null | undefined;
  const stop = (why: Unpacked): void => {
    if (end === 'whole') end = why;
    into.destroy();
  };
  const take = (piece: Buffer): void => {
    size += piece.length;
    if (size <= mostBytes) hear(piece);
    else stop('too-large');
  };
  const into = new Writable({
    write(chunk: Buffer, _, done) {
      // The magic number of gzip (RFC 1952) cannot begin a line of ours.
      if (gunzip === undefined) gunzip = chunk[0] === 0x1f ? createGunzip() : null;
      if (gunzip === null) {
        take(chunk);
        return done();
      }
      if (gunzip.listenerCount('data') === 0) gunzip.on('data', take).on('error', () => stop('broken'));
      gunzip.write(chunk, () => done());
    },
    final(done) {
      if (!gunzip) return done();
      gunzip.once('end', () => done()).end();
    },
    destroy(_, done) {
      gunzip?.destroy();
      done(null);
    },
  });
  const done = new Promise<Unpacked>((resolve) => into.on('error', () => {}).once('close', () => resolve(end)));
  return { into, done };
}

import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { probeNtp } from '../../electron/probes/ntp.ts';
import { fromNtpTime, readNtpReply } from '../../electron/probes/ntp-packet.ts';
import { type NtpConfig, ntp } from '../../shared/checks/ntp.ts';
import { probeContext } from '../support/probe-context.ts';
import { freePort, type Started, startUdp } from '../support/servers.ts';
import { startChronyd } from '../support/udp-servers.ts';

const started: Started[] = [];
const keep = <T extends Started>(server: T): T => {
  started.push(server);
  return server;
};
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

async function check(settings: Record<string, unknown>, timeoutMs = 2_000, memory: { value?: unknown } = {}) {
  const config = ntp.config.parse({ address: '127.0.0.1', ...settings }) as NtpConfig;
  const context = probeContext({ timeoutMs, memory });
  const begin = performance.now();
  const facts = await probeNtp(config, context);
  expect(() => ntp.observation.parse(facts)).not.toThrow();
  const verdict = ntp.judge(facts, config);
  expect(ntp.explain(facts, verdict, config).todo).not.toBe('');
  return { facts, verdict, lines: ntp.facts(facts), tookMs: performance.now() - begin, notes: context.lines };
}

const epoch = 2_208_988_800;
/** A reply of a good server whose clock is `offMs` ahead, changed as the test wants it. */
function reply(query: Buffer, change: { offMs?: number; heldMs?: number; edit?: (packet: Buffer) => void } = {}): Buffer {
  const packet = Buffer.alloc(48);
  packet.writeUInt8((4 << 3) | 4, 0);
  packet.writeUInt8(2, 1);
  packet.writeInt8(-20, 3);
  packet.set([192, 0, 2, 1], 12);
  query.copy(packet, 24, 40, 48);
  const put = (at: number, ms: number): void => {
    packet.writeUInt32BE((Math.floor(ms / 1_000) + epoch) % 2 ** 32, at);
    packet.writeUInt32BE(Math.floor(((((ms % 1_000) + 1_000) % 1_000) / 1_000) * 2 ** 32), at + 4);
  };
  const now = Date.now() + (change.offMs ?? 0);
  put(16, now - 60_000);
  put(32, now);
  put(40, now + (change.heldMs ?? 0));
  change.edit?.(packet);
  return packet;
}

describe('a real time server (chronyd)', () => {
  it('agrees with this computer, as it runs on it', async () => {
    const { port } = keep(await startChronyd(['allow', 'local stratum 5']));
    const { facts, verdict, lines } = await check({ port });
    expect(verdict.state).toBe('ok');
    expect(facts).toMatchObject({ address: '127.0.0.1', stratum: 5, leap: 0, version: 4, tries: 1 });
    // Our wall clock counts whole milliseconds.
    expect(Math.abs(facts.offsetMs as number)).toBeLessThan(25);
    expect(facts.delayMs).toBeLessThan(50);
    expect(ntp.measure(facts)).toBe(Math.abs(facts.offsetMs as number));
    expect(lines.map((line) => line.label)).toEqual(expect.arrayContaining(['Clock', 'Stratum', 'Follows']));
  });

  it('is degraded while it has no source of its own', async () => {
    const { port } = keep(await startChronyd(['allow']));
    const { verdict } = await check({ port });
    expect(verdict).toEqual({ state: 'degraded', reason: 'unsynchronized', text: 'the server answers, but is not synchronized itself' });
  });

  it('is down when it is silent', async () => {
    const { port } = keep(await startUdp(() => {}));
    const { verdict, tookMs } = await check({ port }, 400);
    expect(verdict).toMatchObject({ state: 'down', reason: 'timeout' });
    expect(tookMs).toBeLessThan(700);
  });

  it('is refused once it is gone', async () => {
    const server = await startChronyd(['allow', 'local stratum 5']);
    await server.stop();
    const { verdict, tookMs } = await check({ port: server.port });
    expect(verdict).toEqual({ state: 'down', reason: 'refused', text: `nothing answers on port ${server.port} of 127.0.0.1` });
    expect(tookMs).toBeLessThan(1_000);
  });
});

describe('clocks apart', () => {
  it.each([
    [40, 'ok', 'ok'],
    [250, 'degraded', 'offset'],
    [-250, 'degraded', 'offset'],
    [5_000, 'down', 'offset'],
    [-86_400_000, 'down', 'offset'],
    [20 * 365 * 86_400_000, 'down', 'offset'],
  ])('%d ms: %s', async (offMs, state, reason) => {
    const { port } = keep(await startUdp((query, send) => send(reply(query, { offMs }))));
    const { facts, verdict } = await check({ port });
    expect(verdict).toMatchObject({ state, reason });
    expect(Math.abs((facts.offsetMs as number) - offMs)).toBeLessThan(20);
    expect(verdict.text).toContain(offMs > 0 ? 'ahead of' : 'behind');
  });

  it('says nothing of an offset that the way there could have made', async () => {
    const { port } = keep(await startUdp((query, send) => setTimeout(() => send(reply(query)), 400)));
    const { verdict } = await check({ port });
    expect(verdict).toMatchObject({ state: 'unknown', reason: 'imprecise' });
  });

  it('takes the time that the server held the question out of the delay', async () => {
    const { port } = keep(
      await startUdp((query, send) => {
        const came = performance.now();
        setTimeout(() => {
          const heldMs = performance.now() - came;
          send(reply(query, { offMs: -heldMs, heldMs }));
        }, 100);
      }),
    );
    const { facts, verdict } = await check({ port });
    expect(verdict.state).toBe('ok');
    expect(facts.delayMs).toBeLessThan(60);
  });
});

describe('servers that turn people away', () => {
  it.each([
    ['RATE', 'unknown', 'asked-too-often'],
    ['DENY', 'down', 'turned-away'],
    ['RSTR', 'down', 'turned-away'],
    ['INIT', 'degraded', 'unsynchronized'],
    ['STEP', 'degraded', 'unsynchronized'],
  ])('%s', async (code, state, reason) => {
    let asked = 0;
    const { port } = keep(
      await startUdp((query, send) => {
        asked += 1;
        send(
          reply(query, {
            edit: (packet) => {
              packet.writeUInt8(0, 1);
              packet.write(code, 12, 'latin1');
            },
          }),
        );
      }),
    );
    const memory = {};
    const { verdict, facts } = await check({ port }, 1_000, memory);
    expect(verdict).toMatchObject({ state, reason });
    expect(facts.kiss).toBe(code);
    // RFC 5905, section 7.4: whoever is turned away stops asking.
    const again = await check({ port }, 1_000, memory);
    expect(again.verdict).toMatchObject({ state, reason });
    expect(asked).toBe(reason === 'unsynchronized' ? 2 : 1);
    if (reason !== 'unsynchronized') expect(again.facts.pausedMs).toBeGreaterThan(14 * 60_000);
  });

  it.each([
    ['leap 3', (packet: Buffer) => void packet.writeUInt8((3 << 6) | (4 << 3) | 4, 0)],
    ['stratum 16', (packet: Buffer) => void packet.writeUInt8(16, 1)],
  ])('%s is not synchronized', async (_, edit) => {
    const { port } = keep(await startUdp((query, send) => send(reply(query, { edit }))));
    expect((await check({ port })).verdict).toMatchObject({ state: 'degraded', reason: 'unsynchronized' });
  });
});

describe('liars', () => {
  const lies: [string, (query: Buffer) => Buffer][] = [
    ['another origin', (query) => reply(query, { edit: (packet) => packet.fill(7, 24, 32) })],
    ['the question thrown back', (query) => query],
    ['a packet of another mode', (query) => reply(query, { edit: (packet) => void packet.writeUInt8((4 << 3) | 5, 0) })],
    ['version 0', (query) => reply(query, { edit: (packet) => void packet.writeUInt8(4, 0) })],
    ['no time of sending', (query) => reply(query, { edit: (packet) => packet.fill(0, 40, 48) })],
    ['sent before it came', (query) => reply(query, { heldMs: -5_000 })],
    ['held longer than it took', (query) => reply(query, { heldMs: 60_000 })],
    ['cut off', (query) => reply(query).subarray(0, 47)],
    ['nothing', () => Buffer.alloc(0)],
    ['text', () => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'.repeat(4))],
  ];
  it.each(lies)('%s is not believed, and named when nothing else comes', async (_, lie) => {
    const { port } = keep(await startUdp((query, send) => send(lie(query))));
    const { verdict, facts } = await check({ port }, 300);
    expect(verdict).toMatchObject({ state: 'down', reason: 'not-ntp' });
    expect(facts.ignored).toBeGreaterThanOrEqual(1);
  });
  it.each(lies)('%s does not keep the right answer out', async (_, lie) => {
    const { port } = keep(
      await startUdp((query, send) => {
        send(lie(query));
        setTimeout(() => send(reply(query)), 30);
      }),
    );
    expect((await check({ port })).verdict.state).toBe('ok');
  });

  it('a flood is one wrong answer, and soon over', async () => {
    const { port } = keep(
      await startUdp((_query, send) => {
        for (let i = 0; i < 3_000; i += 1) send(Buffer.alloc(1_000, i));
      }),
    );
    const { verdict, tookMs, facts } = await check({ port }, 3_000);
    expect(verdict).toMatchObject({ state: 'down', reason: 'not-ntp' });
    expect(facts.ignored).toBeLessThanOrEqual(1_000);
    expect(tookMs).toBeLessThan(3_400);
  });

  it('asks again when the first question is lost, with another nonce and nothing of our clock', async () => {
    const seen: Buffer[] = [];
    const { port } = keep(
      await startUdp((query, send) => {
        seen.push(query);
        if (seen.length === 2) send(reply(query));
      }),
    );
    const { verdict, facts } = await check({ port }, 1_000);
    expect(verdict.state).toBe('ok');
    expect(facts.tries).toBe(2);
    expect(seen[0]?.subarray(40).equals(seen[1]?.subarray(40) as Buffer)).toBe(false);
    expect(seen.every((query) => query.length === 48 && query[0] === 0x23 && query.subarray(1, 40).every((byte) => byte === 0))).toBe(true);
  });

  it('survives garbage (fuzz over the wire)', async () => {
    let pick = Buffer.alloc(0);
    const { port } = keep(await startUdp((_query, send) => send(pick)));
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        pick = Buffer.from(bytes);
        expect((await check({ port }, 20)).verdict.state).toBe('down');
      }),
      { numRuns: 40 },
    );
  });
});

describe('the parser', () => {
  it('never throws, and believes nothing that is not ours', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.boolean(), fc.double({ noNaN: true, min: 0, max: 4e12 }), (bytes, ours, near) => {
        const found = readNtpReply(Buffer.from(bytes), () => ours, near);
        if (!ours) expect(found).toBeNull();
        if (found) {
          expect(Number.isFinite(found.receivedAt) && Number.isFinite(found.sentAt)).toBe(true);
          expect(found.reference.length).toBeLessThanOrEqual(15);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('finds the era: 2036 comes round', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), fc.integer({ min: -30, max: 30 }), (now, years) => {
        const at = now + years * 365 * 86_400_000;
        const packet = Buffer.alloc(8);
        packet.writeUInt32BE((((Math.floor(at / 1_000) + epoch) % 2 ** 32) + 2 ** 32) % 2 ** 32, 0);
        packet.writeUInt32BE(Math.floor(((((at % 1_000) + 1_000) % 1_000) / 1_000) * 2 ** 32), 4);
        expect(Math.abs(fromNtpTime(packet, 0, now) - at)).toBeLessThan(0.01);
      }),
    );
  });
});

it('leaves no socket or timer behind', async () => {
  const { port } = keep(await startUdp((query, send) => send(reply(query))));
  const gone = await freePort();
  const kinds = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'UDPWrap' || kind === 'Timeout').length;
  const before = kinds();
  for (let round = 0; round < 5; round += 1)
    await Promise.all(Array.from({ length: 40 }, (_, i) => check({ port: i % 2 ? port : gone }, 10_000)));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(kinds()).toBeLessThanOrEqual(before + 1);
});

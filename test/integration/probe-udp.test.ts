import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { probeUdp } from '../../electron/probes/udp.ts';
import { type UdpConfig, udp } from '../../shared/checks/udp.ts';
import { probeContext } from '../support/probe-context.ts';
import { freePort, type Started, startNsd, startUdp } from '../support/servers.ts';

const started: Started[] = [];
const keep = <T extends Started>(server: T): T => {
  started.push(server);
  return server;
};
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

async function check(settings: Record<string, unknown>, timeoutMs = 2_000) {
  const config = udp.config.parse({ address: '127.0.0.1', send: 'ping', ...settings }) as UdpConfig;
  const context = probeContext({ timeoutMs });
  const begin = performance.now();
  const facts = await probeUdp(config, context);
  expect(() => udp.observation.parse(facts)).not.toThrow();
  const verdict = udp.judge(facts, config);
  expect(udp.explain(facts, verdict, config).todo).not.toBe('');
  return { facts, verdict, lines: udp.facts(facts), tookMs: performance.now() - begin };
}
const echo = async () => keep(await startUdp((message, reply) => reply(message)));

describe('a server that answers', () => {
  it.each([
    [{}, 'ok', 'ok'],
    [{ expect: 'pin' }, 'ok', 'ok'],
    [{ expect: 'ping', match: 'equals' }, 'ok', 'ok'],
    [{ expect: 'pin', match: 'equals' }, 'degraded', 'unexpected-reply'],
    [{ expect: 'pong' }, 'degraded', 'unexpected-reply'],
    [{ expectHex: '70 69' }, 'ok', 'ok'],
    [{ expectHex: '70:69:6e:67', match: 'equals' }, 'ok', 'ok'],
    [{ expectHex: 'ff' }, 'degraded', 'unexpected-reply'],
    [{ send: 'a\\r\\n', expectHex: '610d0a', match: 'equals' }, 'ok', 'ok'],
    [{ send: 'a', expect: '\\n' }, 'degraded', 'unexpected-reply'],
    [{ send: undefined, sendHex: 'FF 00 fe', expectHex: '00', match: 'contains' }, 'ok', 'ok'],
    [{ send: undefined, sendHex: '00ff', expect: 'x' }, 'degraded', 'unexpected-reply'],
  ])('%o: %s', async (settings, state, reason) => {
    const { port } = await echo();
    expect((await check({ port, ...settings })).verdict).toMatchObject({ state, reason });
  });

  it('answers a real question: the version of a name server by DNS', async () => {
    const { port } = keep(
      await startNsd({ 'example.test': '@ 300 IN SOA ns1 host 1 3600 900 604800 300\n@ 300 IN NS ns1\nns1 300 IN A 192.0.2.53\n' }),
    );
    const query = '1234 0000 0001 0000 0000 0000 07 6578616d706c65 04 74657374 00 0006 0001'.replaceAll(' ', '');
    const { verdict, facts } = await check({ port, send: undefined, sendHex: query, expectHex: '1234 84' });
    expect(verdict.state).toBe('ok');
    expect(facts.bytes).toBeGreaterThan(40);
    expect(facts.reply).toMatch(/^12 34 84 /);
  });

  it('is named when it is slow', async () => {
    const { port } = keep(await startUdp((message, reply) => setTimeout(() => reply(message), 120)));
    const { verdict, facts } = await check({ port, slowDegraded: '50ms' });
    expect(verdict).toMatchObject({ state: 'degraded', reason: 'slow' });
    expect(udp.measure(facts)).toBeGreaterThan(100);
  });

  it('is asked again when a datagram is lost', async () => {
    let asked = 0;
    const { port } = keep(
      await startUdp((message, reply) => {
        asked += 1;
        if (asked === 3) reply(message);
      }),
    );
    const { verdict, facts } = await check({ port }, 1_000);
    expect(verdict.state).toBe('ok');
    expect(verdict.text).toContain('at the 3rd try');
    expect(facts.tries).toBe(3);
  });

  it('may say something else first', async () => {
    const { port } = keep(
      await startUdp((_message, reply) => {
        reply(Buffer.from('busy'));
        setTimeout(() => reply(Buffer.from('pong')), 50);
      }),
    );
    const { verdict, facts } = await check({ port, expect: 'pong' });
    expect(verdict.state).toBe('ok');
    expect(facts.reply).toBe('pong');
  });
});

describe('no service', () => {
  it('nothing listens: refused by ICMP, at once', async () => {
    const port = await freePort();
    const { verdict, tookMs } = await check({ port });
    expect(verdict).toEqual({ state: 'down', reason: 'refused', text: `nothing listens on UDP port ${port}` });
    expect(tookMs).toBeLessThan(500);
  });
  it('silence', async () => {
    let asked = 0;
    const { port } = keep(
      await startUdp(() => {
        asked += 1;
      }),
    );
    const { verdict, tookMs, facts } = await check({ port, tries: 4 }, 400);
    expect(verdict).toMatchObject({ state: 'down', reason: 'timeout', text: `no reply from 127.0.0.1 UDP port ${port} to 4 datagrams` });
    expect([asked, facts.tries]).toEqual([4, 4]);
    expect(tookMs).toBeLessThan(650);
  });
  it('a name without an address', async () => {
    const config = { ...udp.config.parse({ address: '127.0.0.1', port: 9, send: 'x' }), address: `${'a'.repeat(64)}.example` } as UdpConfig;
    expect(udp.judge(await probeUdp(config, probeContext()), config)).toMatchObject({ state: 'down', reason: 'name-not-found' });
  });
});

describe('hostile replies', () => {
  it('a flood of wrong ones ends soon', async () => {
    const { port } = keep(
      await startUdp((_message, reply) => {
        for (let i = 0; i < 5_000; i += 1) reply(Buffer.alloc(1_000, 0x41));
      }),
    );
    const { verdict, tookMs } = await check({ port, expect: 'pong' }, 5_000);
    expect(verdict.reason).toBe('unexpected-reply');
    expect(verdict.text.length).toBeLessThanOrEqual(300);
    expect(tookMs).toBeLessThan(1_500);
  });
  it('are shown harmless', async () => {
    const { port } = keep(await startUdp((_message, reply) => reply(Buffer.from('\x1b[31mred\u202e <b>'))));
    expect((await check({ port })).facts.reply).toBe('red <b>');
  });
  it('of any bytes are survived', async () => {
    let pick = Buffer.alloc(0);
    const { port } = keep(await startUdp((_message, reply) => reply(pick)));
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (bytes) => {
        pick = Buffer.from(bytes);
        const { verdict, facts } = await check({ port });
        expect(verdict.state).toBe('ok');
        expect(facts.bytes).toBe(bytes.length);
      }),
      { numRuns: 100 },
    );
  });
});

describe('settings', () => {
  it.each([
    [{}],
    [{ send: 'a', sendHex: '61' }],
    [{ send: 'a', expect: 'a', expectHex: '61' }],
    [{ sendHex: 'f' }],
    [{ sendHex: 'xx' }],
    [{ send: '' }],
    [{ send: 'a', tries: 0 }],
    [{ send: 'a', tries: 11 }],
    [{ send: 'a', address: '-h' }],
  ])('%o is refused', (settings) => {
    expect(udp.config.safeParse({ address: '127.0.0.1', port: 9, ...settings }).success).toBe(false);
  });
});

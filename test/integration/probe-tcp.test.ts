import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { probeTcp } from '../../electron/probes/tcp.ts';
import { type TcpConfig, tcp } from '../../shared/checks/tcp.ts';
import { probeContext } from '../support/probe-context.ts';
import { freePort, type Started, startSshd, startTcp } from '../support/servers.ts';

const started: Started[] = [];
const keep = <T extends Started>(server: T): T => {
  started.push(server);
  return server;
};
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

/** Probes as the runner would and judges. */
async function check(settings: Record<string, unknown>, timeoutMs = 2_000) {
  const config = tcp.config.parse({ address: '127.0.0.1', ...settings }) as TcpConfig;
  const context = probeContext({ timeoutMs });
  const begin = performance.now();
  const facts = await probeTcp(config, context);
  expect(() => tcp.observation.parse(facts)).not.toThrow();
  const verdict = tcp.judge(facts, config);
  return { facts, verdict, explanation: tcp.explain(facts, verdict, config), tookMs: performance.now() - begin, lines: context.lines };
}
const scripted = async (script: (socket: Socket) => void, host?: string) => keep(await startTcp(script, host));

describe('a real SSH server', () => {
  it('is reached and greets as expected', async () => {
    const { port } = keep(await startSshd());
    const plain = await check({ port });
    expect(plain.verdict.state).toBe('ok');
    expect(plain.facts).toMatchObject({ address: '127.0.0.1', port });
    expect(plain.facts.banner).toBeUndefined();

    const banner = await check({ port, expect: 'SSH-2.0' });
    expect(banner.verdict.state).toBe('ok');
    expect(banner.facts.banner).toMatch(/^SSH-2\.0-OpenSSH_\S+/);
    expect(banner.facts.matched).toBe(true);

    const wrong = await check({ port, expect: '220 ' }, 5_000);
    expect(wrong.verdict).toMatchObject({ state: 'degraded', reason: 'unexpected-banner' });
    expect(wrong.verdict.text).toContain('SSH-2.0-OpenSSH');
    // It said a whole line and nothing more: there is no need to wait for the time-out.
    expect(wrong.tookMs).toBeLessThan(4_000);
  });

  it('is refused once it is gone', async () => {
    const server = await startSshd();
    expect((await check({ port: server.port })).verdict.state).toBe('ok');
    await server.stop();
    const gone = await check({ port: server.port });
    expect(gone.verdict).toEqual({ state: 'down', reason: 'refused', text: `connection refused on port ${server.port}` });
    expect(gone.explanation.todo).toContain('Start the program');
  });
});

describe('names and families', () => {
  it('tries the next address of a name: localhost listens on ::1 only', async () => {
    const { port } = await scripted((socket) => socket.end(), '::1');
    expect((await check({ port, address: '::1' })).facts.address).toBe('::1');
    expect((await check({ port, address: '::1', family: 4 })).verdict).toMatchObject({ state: 'down', reason: 'name-not-found' });
  });

  it('looks localhost up', async () => {
    const { port } = await scripted((socket) => socket.end());
    const { facts, verdict } = await check({ port, address: 'localhost', family: 4 });
    expect(verdict.state).toBe('ok');
    expect(facts.address).toBe('127.0.0.1');
    expect(facts.lookupMs).toBeGreaterThan(0);
  });

  it('says that a name does not exist', async () => {
    // A label of 64 characters cannot exist (RFC 1035, section 2.3.4): this computer says so without asking a server.
    const config = { ...tcp.config.parse({ address: '127.0.0.1', port: 25 }), address: `${'a'.repeat(64)}.example` } as TcpConfig;
    const facts = await probeTcp(config, probeContext());
    expect(tcp.judge(facts, config)).toMatchObject({ state: 'down', reason: 'name-not-found' });
  });

  it('gives a lookup up when time is over', async () => {
    const config = tcp.config.parse({ address: 'localhost', port: 25 }) as TcpConfig;
    const context = { ...probeContext(), signal: AbortSignal.abort() };
    expect((await probeTcp(config, context)).failure?.code).toBe('timeout');
  });
});

describe('unfriendly servers', () => {
  it('says that a port accepts but never greets', async () => {
    const { port } = await scripted(() => {});
    expect((await check({ port }, 400)).verdict.state).toBe('ok');
    const { verdict, tookMs } = await check({ port, expect: '220' }, 400);
    expect(verdict).toEqual({ state: 'down', reason: 'no-greeting', text: `port ${port} accepted the connection but sent nothing` });
    expect(tookMs).toBeGreaterThanOrEqual(390);
    expect(tookMs).toBeLessThan(700);
  });

  it('does not let a trickling server stretch the time-out', async () => {
    const { port } = await scripted((socket) => {
      const timer = setInterval(() => socket.write('x'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    const { verdict, facts, tookMs } = await check({ port, expect: '220' }, 500);
    expect(verdict).toMatchObject({ state: 'down', reason: 'timeout' });
    expect(verdict.text).toContain('sent only "xxx');
    expect(facts.banner).toMatch(/^x+$/);
    expect(tookMs).toBeLessThan(800);
  });

  it('judges whole lines that never end as a wrong reply', async () => {
    const { port } = await scripted((socket) => {
      const timer = setInterval(() => socket.write('450 busy\r\n'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    expect((await check({ port, expect: '220' }, 500)).verdict).toMatchObject({ state: 'degraded', reason: 'unexpected-banner' });
  });

  it('reads 4 KB of a gigabyte and hangs up', async () => {
    let written = 0;
    const { port } = await scripted((socket) => {
      const megabyte = Buffer.alloc(1 << 20, 0xff);
      const pour = (): void => {
        while (written < 1 << 30 && !socket.destroyed) {
          written += megabyte.length;
          if (!socket.write(megabyte)) return void socket.once('drain', pour);
        }
      };
      pour();
    });
    const before = process.memoryUsage().rss;
    const { verdict, facts, tookMs } = await check({ port, expect: 'SSH' });
    expect(verdict).toMatchObject({ state: 'degraded', reason: 'unexpected-banner' });
    expect(facts.banner?.length).toBeLessThanOrEqual(200);
    expect(tookMs).toBeLessThan(1_000);
    expect(written).toBeLessThan(200 << 20);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 << 20);
  });

  it('makes a hostile greeting harmless', async () => {
    const { port } = await scripted((socket) => socket.end('220 \x1b[31mhi\x07\u202e<script>alert(1)</script>\r\n'));
    const { facts } = await check({ port, expect: '220' });
    expect(facts.banner).toBe('220 hi <script>alert(1)</script>');
  });

  it('tells a closed connection, a reset one and one that says too little apart', async () => {
    const closing = await scripted((socket) => socket.end());
    expect((await check({ port: closing.port, expect: '220' })).verdict).toMatchObject({ state: 'down', reason: 'closed' });
    const resetting = await scripted((socket) => setTimeout(() => socket.resetAndDestroy(), 20));
    expect((await check({ port: resetting.port, expect: '220' })).verdict).toMatchObject({ state: 'down', reason: 'reset' });
    const short = await scripted((socket) => socket.end('554 no'));
    expect((await check({ port: short.port, expect: '220' })).verdict).toMatchObject({ state: 'degraded', reason: 'unexpected-banner' });
  });

  it('finds the expected text across pieces and in a later line', async () => {
    const { port } = await scripted((socket) => {
      socket.write('220-wait\r\n');
      setTimeout(() => socket.write('220 mail.exa'), 50);
      setTimeout(() => socket.write('mple.net ready\r\n'), 100);
    });
    expect((await check({ port, expect: 'mail.example.net' })).verdict.state).toBe('ok');
  });
});

describe('what is sent', () => {
  it('goes out with its escapes turned, and the answer is awaited', async () => {
    const { port } = await scripted((socket) => socket.on('data', (chunk) => socket.write(`got ${JSON.stringify(chunk.toString())}`)));
    const { facts, verdict } = await check({ port, send: 'PING\\r\\n', expect: 'got "PING\\r\\n"' });
    expect(verdict.state).toBe('ok');
    expect(facts.banner).toBe('got "PING\\r\\n"');
    expect((await check({ port, send: 'x' })).facts.banner).toBe('got "x"');
  });
});

describe('many at once', () => {
  it('leaves no socket, listener or timer behind', async () => {
    const server = await scripted((socket) => socket.write('220 hello\r\n'));
    const refused = await freePort();
    const before = process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap' || kind === 'Timeout').length;
    const context = probeContext({ timeoutMs: 20_000 });
    const config = (port: number) => tcp.config.parse({ address: '127.0.0.1', port, expect: '220' }) as TcpConfig;
    for (let round = 0; round < 10; round += 1) {
      const all = await Promise.all(Array.from({ length: 40 }, (_, i) => probeTcp(config(i % 2 ? server.port : refused), context)));
      expect(all.filter((facts) => facts.matched).length).toBe(20);
    }
    expect(server.connections()).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const after = process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap' || kind === 'Timeout').length;
    expect(after).toBeLessThanOrEqual(before + 1);
  });
});

import type { Socket } from 'node:net';
import { type Connection, Server as SshServer, utils } from 'ssh2';
import { afterEach, describe, expect, it } from 'vitest';
import { probeSsh } from '../../electron/probes/ssh.ts';
import { type SshConfig, ssh } from '../../shared/checks/ssh.ts';
import { startSshdWith } from '../support/databases.ts';
import { probeContext } from '../support/probe-context.ts';
import { freePort, type Started, startTcp } from '../support/servers.ts';

const started: Started[] = [];
const keep = <T extends Started>(server: T): T => {
  started.push(server);
  return server;
};
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

async function check(settings: Record<string, unknown>, timeoutMs = 3_000) {
  const config = ssh.config.parse({ address: '127.0.0.1', ...settings }) as SshConfig;
  const context = probeContext({ timeoutMs });
  const begin = performance.now();
  const facts = await probeSsh(config, context);
  expect(() => ssh.observation.parse(facts)).not.toThrow();
  const verdict = ssh.judge(facts, config);
  return { facts, verdict, explanation: ssh.explain(facts, verdict, config), tookMs: performance.now() - begin, lines: context.lines };
}
const scripted = async (script: (socket: Socket) => void) => keep(await startTcp(script));

describe('a real OpenSSH server', () => {
  it('greets and proves its key, as ssh-keygen prints it; nobody logs in', async () => {
    const { port, fingerprints } = keep(await startSshdWith(['ed25519']));
    const { facts, verdict } = await check({ port });
    expect(verdict).toMatchObject({ state: 'ok', reason: 'ok' });
    expect(facts).toMatchObject({ keyType: 'ssh-ed25519', fingerprint: fingerprints.ed25519, protocol: '2.0' });
    expect(facts.banner).toMatch(/^SSH-2\.0-OpenSSH/);
    expect(facts.software).toMatch(/^OpenSSH/);
    for (const ms of [facts.connectMs, facts.bannerMs, facts.kexMs]) expect(ms).toBeGreaterThan(0);
  });
  it('holds the pinned key', async () => {
    const { port, fingerprints } = keep(await startSshdWith(['ed25519']));
    const { verdict, facts } = await check({ port, fingerprint: fingerprints.ed25519 });
    expect(facts.pinned).toBe(true);
    expect(verdict).toMatchObject({ state: 'ok' });
    expect(verdict.text).toContain('as pinned');
  });
  it.each(['rsa', 'ecdsa'])(
    'shows its pinned %s key even where it has an ed25519 one too, the second time in one connection',
    async (kind) => {
      const { port, fingerprints } = keep(await startSshdWith(['ed25519', kind]));
      const first = await check({ port, fingerprint: fingerprints[kind] });
      expect(first.verdict.state).toBe('ok');
      expect(first.facts.fingerprint).toBe(fingerprints[kind]);
      const second = await check({ port, fingerprint: fingerprints[kind] });
      expect(second.verdict.state).toBe('ok');
      expect(second.lines.filter((line) => line.startsWith('connected'))).toHaveLength(1);
    },
  );
  it('is down when its key was replaced, and the change is told without a pin too', async () => {
    const before = keep(await startSshdWith(['ed25519']));
    const was = await check({ port: before.port, fingerprint: before.fingerprints.ed25519 });
    await before.stop();
    started.splice(started.indexOf(before), 1);
    const after = keep(await startSshdWith(['ed25519'], before.port));
    const { verdict, facts, explanation } = await check({ port: after.port, fingerprint: [before.fingerprints.ed25519] });
    expect(verdict).toMatchObject({ state: 'down', reason: 'host-key-changed' });
    expect(verdict.text).toContain(after.fingerprints.ed25519);
    expect(explanation.todo).toContain('Do not log in');
    expect(ssh.changes(was.facts, facts)).toEqual([{ code: 'host-key', text: expect.stringContaining(after.fingerprints.ed25519 ?? '') }]);
    const both = await check({ port: after.port, fingerprint: [before.fingerprints.ed25519, after.fingerprints.ed25519] });
    expect(both.verdict.state).toBe('ok');
  });
  it('greets otherwise than expected', async () => {
    const { port } = keep(await startSshdWith(['ed25519']));
    expect((await check({ port, expect: 'dropbear' })).verdict).toMatchObject({ state: 'degraded', reason: 'unexpected-banner' });
  });
});

describe('servers that go wrong', () => {
  it('nobody listens', async () => {
    const port = await freePort();
    expect((await check({ port })).verdict).toMatchObject({ state: 'down', reason: 'refused', text: `connection refused on port ${port}` });
  });
  it('accepts and never greets', async () => {
    const { port } = await scripted(() => {});
    const { verdict, tookMs } = await check({ port }, 400);
    expect(verdict).toMatchObject({ state: 'down', reason: 'no-greeting' });
    expect(tookMs).toBeLessThan(700);
  });
  it('closes at once', async () => {
    const { port } = await scripted((socket) => socket.end());
    expect((await check({ port })).verdict).toMatchObject({ state: 'down', reason: 'closed' });
  });
  it('greets and then hangs', async () => {
    const { port } = await scripted((socket) => socket.write('SSH-2.0-Stone\r\n'));
    const { verdict, facts } = await check({ port }, 500);
    expect(verdict).toMatchObject({ state: 'down', reason: 'key-exchange-stalled' });
    expect(facts.software).toBe('Stone');
  });
  it('says lines before its greeting, as it may', async () => {
    const { port } = await scripted((socket) => socket.write('Welcome\r\nto \x1b[31mus\r\nSSH-2.0-Stone comment\r\n'));
    const { facts } = await check({ port }, 400);
    expect(facts).toMatchObject({ before: ['Welcome', 'to us'], banner: 'SSH-2.0-Stone comment' });
  });
  it('greets letter by letter', async () => {
    const { port } = await scripted((socket) => {
      let at = 0;
      const timer = setInterval(() => (at < 15 ? socket.write('SSH-2.0-Stone\r\n'[at++] ?? '') : clearInterval(timer)), 5);
      socket.on('close', () => clearInterval(timer));
    });
    expect((await check({ port }, 600)).facts.banner).toBe('SSH-2.0-Stone');
  });
  it.each([
    ['another protocol', 'HTTP/1.1 400 Bad Request\r\n'.repeat(80), 'protocol'],
    ['a line without end', 'x'.repeat(5_000), 'protocol'],
    ['an empty software version', 'SSH-2.0-\r\n', 'protocol'],
  ])('%s', async (_, words, reason) => {
    const { port } = await scripted((socket) => socket.write(words));
    expect((await check({ port }, 1_000)).verdict).toMatchObject({ state: 'down', reason });
  });
  it.each([
    ['before the greeting', ''],
    ['after the greeting', 'SSH-2.0-Flood\r\n'],
  ])('a flood %s is cut off', async (_, first) => {
    const { port } = await scripted((socket) => {
      socket.write(first);
      const more = Buffer.alloc(65_536, 0x41);
      const pump = (): void => {
        while (!socket.destroyed && socket.write(more));
      };
      socket.on('drain', pump);
      pump();
    });
    const before = process.memoryUsage().rss;
    const { verdict, tookMs } = await check({ port }, 3_000);
    expect(verdict.state).toBe('down');
    expect(tookMs).toBeLessThan(2_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(80_000_000);
  });
  it('a flood of packets to be ignored (SSH_MSG_IGNORE) is cut off', async () => {
    const { port } = await scripted((socket) => {
      socket.write('SSH-2.0-Ignore\r\n');
      // Length 2044, padding 10, SSH_MSG_IGNORE with 2028 bytes.
      const one = Buffer.alloc(2_048);
      one.writeUInt32BE(2_044, 0);
      one[4] = 10;
      one[5] = 2;
      one.writeUInt32BE(2_028, 6);
      const more = Buffer.concat(Array<Buffer>(32).fill(one));
      const pump = (): void => {
        while (!socket.destroyed && socket.write(more));
      };
      socket.on('drain', pump);
      pump();
    });
    const { verdict, facts } = await check({ port }, 3_000);
    expect(verdict.state).toBe('down');
    expect(['too-large', 'protocol']).toContain(facts.failure?.code);
  });
  it('a key that is shown but not held is not believed', async () => {
    const held = utils.generateKeyPairSync('ed25519');
    const shown = utils.generateKeyPairSync('ed25519');
    const parsed = utils.parseKey(held.private) as ReturnType<typeof utils.parseKey> & { getPublicSSH(): Buffer };
    const other = utils.parseKey(shown.public) as unknown as { getPublicSSH(): Buffer };
    const port = await freePort();
    const clients: Connection[] = [];
    const server = new SshServer({ hostKeys: [held.private] }, (client) => {
      clients.push(client);
      client.on('error', () => {});
    }).listen(port, '127.0.0.1');
    keep({
      port,
      stop: async () => {
        server.close();
        for (const client of clients) client.end();
      },
    });
    const honest = await check({ port });
    expect(honest.verdict.state).toBe('ok');
    // Between the two stands somebody who puts another public key (one that may be pinned) in place of the server's.
    const between = await scripted((socket) => {
      void import('node:net').then(({ connect }) => {
        const inner = connect(port, '127.0.0.1');
        socket.pipe(inner);
        inner.on('error', () => socket.destroy());
        inner.on('close', () => socket.destroy());
        inner.on('data', (chunk) => {
          const at = chunk.indexOf(parsed.getPublicSSH());
          if (at >= 0) other.getPublicSSH().copy(chunk, at);
          socket.write(chunk);
        });
      });
    });
    const { verdict, facts } = await check({ port: between.port });
    expect(verdict).toMatchObject({ state: 'down', reason: 'key-exchange-failed' });
    expect(facts.fingerprint).toBeUndefined();
  });
});

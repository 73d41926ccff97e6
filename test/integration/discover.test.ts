import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../electron/engine/clock.ts';
import { type DiscoverOptions, type Door, discover, usualDoors } from '../../electron/engine/discover.ts';
import { parseInventory } from '../../electron/inventory/read.ts';
import { addHost } from '../../electron/inventory/write.ts';
import { createFping } from '../../electron/probes/fping.ts';
import { fail, ok } from '../../shared/result.ts';
import { startPostgres, startRedis } from '../support/databases.ts';
import { type MailStack, startMailStack } from '../support/mail-stack.ts';
import { freePort, type Started, startSshd, startTcp } from '../support/servers.ts';
import { makeAuthority, type Nginx, removeFolder, startNginx, trickle, webFolder } from '../support/web-servers.ts';

const folder = webFolder();
const pinger = createFping();
const ports: Record<string, number> = {};
const started: Started[] = [];
let nginx: Nginx;
let stack: MailStack;

const door = (name: string, port = ports[name] ?? 0): Door => ({ ...(usualDoors.find((it) => it.name === name) as Door), port });
const look = (typed: string, doors: Door[], more: Partial<DiscoverOptions> = {}) =>
  discover(typed, { signal: new AbortController().signal, pinger, clock: systemClock, doors, timeoutMs: 2_000, ...more });
const found = async (typed: string, doors: Door[], more: Partial<DiscoverOptions> = {}) => {
  const reply = await look(typed, doors, more);
  if (!reply.ok) throw new Error(reply.failure.text);
  return reply.value;
};
const proposals = async (typed: string, doors: Door[]) => (await found(typed, doors)).proposals.slice(1);

beforeAll(async () => {
  const authority = makeAuthority(folder);
  stack = await startMailStack();
  const authorities = [authority.caFile, stack.caFile].map((file) => readFileSync(file, 'utf8'));
  setDefaultCACertificates([...getCACertificates('default'), ...authorities]);
  const good = authority.issue('good', { altNames: 'DNS:localhost,IP:127.0.0.1', fromDays: -30, toDays: 61.5 });
  const own = authority.selfSigned('own', 'DNS:localhost,IP:127.0.0.1');
  for (const name of ['http', 'broken', 'login', 'https', 'imaps', 'own', 'redirect']) ports[name] = await freePort();
  writeFileSync(
    join(folder, 'index.html'),
    '<!doctype html><html><head><title>Welcome\u202e &amp; hello</title></head><body>x</body></html>',
  );
  const tls = (name: string, it: { certificate: string; key: string }): string =>
    `server { listen 127.0.0.1:${ports[name]} ssl; ssl_certificate ${it.certificate}; ssl_certificate_key ${it.key}; root ${folder}; }`;
  nginx = await startNginx(
    folder,
    `server { listen 127.0.0.1:${ports.http}; root ${folder}; }
     server { listen 127.0.0.1:${ports.broken}; return 503; }
     server { listen 127.0.0.1:${ports.login}; return 401; }
     server { listen 127.0.0.1:${ports.redirect}; return 301 https://localhost:${ports.https}/; }
     ${tls('https', good)} ${tls('imaps', good)} ${tls('own', own)}`,
    ports.http as number,
  );
  const tcp = async (name: string, script: Parameters<typeof startTcp>[0]): Promise<void> => {
    const server = await startTcp(script);
    started.push(server);
    ports[name] = server.port;
  };
  const sshd = await startSshd();
  started.push(sshd);
  ports.ssh = sshd.port;
  await tcp('smtp', (socket) => socket.write('220-mx.example.net \u001b[31mESMTP\r\n220 ready\r\n'));
  await tcp('silent', () => {});
  await tcp('garbage', (socket) => socket.end('\u0000\u0001\u0002 what?\r\n'));
  await tcp('flood', (socket) => {
    const pour = (): void => void (socket.writable && socket.write('x'.repeat(65_536), pour));
    pour();
  });
  await tcp('trickle', trickle('HTTP/1.1 200 OK\r\n', 100));
  ports.closed = await freePort();
}, 30_000);

afterAll(async () => {
  pinger.close();
  await nginx?.stop();
  await stack?.stop();
  for (const server of started) await server.stop();
  removeFolder(folder);
});

describe('discover', () => {
  test('finds what answers, in words, with checks that hold in an inventory and are ticked', async () => {
    const doors = [door('ssh'), door('smtp'), door('http'), door('https'), door('imaps'), door('mysql', ports.silent)];
    const { address, resolved, proposals: all } = await found('localhost', doors);
    expect(address).toBe('localhost');
    expect(resolved).toContain('127.0.0.1');
    expect(all[0]).toMatchObject({
      seen: expect.stringMatching(/^Answers to ping in [\d.]+ ms$/),
      recommended: true,
      check: { type: 'icmp', name: 'ping' },
    });
    expect(all.slice(1).map((it) => it.seen)).toEqual([
      expect.stringMatching(new RegExp(`^SSH on port ${ports.ssh}: SSH-2.0-OpenSSH`)),
      `Incoming mail (SMTP) on port ${ports.smtp}: 220-mx.example.net ESMTP 220 ready`,
      'HTTP, 200, "Welcome & hello"',
      'HTTPS, 200, "Welcome & hello", certificate valid 61 days',
      'Certificate valid for 61 days',
      expect.stringMatching(new RegExp(`^IMAP over TLS on port ${ports.imaps}: certificate good for`)),
      `MySQL or MariaDB: port ${ports.silent} accepts connections`,
    ]);
    expect(all.every((it) => it.recommended)).toBe(true);
    expect(all.map((it) => it.check)).toEqual([
      { type: 'icmp', name: 'ping' },
      { type: 'ssh', name: 'ssh', port: ports.ssh },
      { type: 'tcp', name: 'smtp', port: ports.smtp, expect: '220' },
      { type: 'http', name: 'http', url: `http://localhost:${ports.http}/` },
      { type: 'http', name: 'https', url: `https://localhost:${ports.https}/` },
      { type: 'tls', name: 'certificate', port: ports.https },
      { type: 'tls', name: 'imaps', port: ports.imaps },
      { type: 'tcp', name: 'mysql', port: ports.silent },
    ]);
    // All of them at once stand in an inventory as they are.
    for (const group of ['servers', 'mail'] as const) {
      const made = addHost('', { id: 'a', name: 'mail.example.net', address, site: null, group, checks: all.map((it) => it.check) });
      const read = parseInventory(made.ok ? made.value : made.failure.text, 'x');
      expect(read.ok && read.value.plan.checks.length).toBe(all.length);
    }
  });

  test('takes an IP address, and an address with a port', async () => {
    const { address, resolved, proposals: all } = await found(`127.0.0.1:${ports.silent}`, [door('ssh')]);
    expect([address, resolved]).toEqual(['127.0.0.1', ['127.0.0.1']]);
    expect(all[1]).toEqual({
      seen: `Port ${ports.silent}: port ${ports.silent} accepts connections`,
      recommended: true,
      check: { type: 'tcp', name: `port-${ports.silent}`, port: ports.silent },
    });
  });

  test('a pasted URL is proposed as it is', async () => {
    const [first] = await proposals(`http://localhost:${ports.http}/index.html?a=1#top`, [door('http', ports.closed)]);
    expect(first).toEqual({
      seen: 'HTTP, 200, "Welcome & hello"',
      recommended: true,
      check: { type: 'http', name: 'http', url: `http://localhost:${ports.http}/index.html?a=1` },
    });
  });

  test('a redirect is followed and told', async () => {
    const [first] = await proposals('localhost', [door('http', ports.redirect)]);
    expect(first?.seen).toBe(`HTTP, 200, redirects to https://localhost:${ports.https}/, "Welcome & hello", certificate valid 61 days`);
  });

  test('a page that wants a login is fine as it is; one that fails is left for the person to tick', async () => {
    const [login] = await proposals('localhost', [door('http', ports.login)]);
    expect(login).toEqual({
      seen: 'HTTP, 401, "401 Authorization Required"',
      recommended: true,
      check: { type: 'http', name: 'http', url: `http://localhost:${ports.login}/`, status: [401] },
    });
    const [broken] = await proposals('localhost', [door('http', ports.broken)]);
    expect(broken).toMatchObject({ seen: 'HTTP, 503, "503 Service Temporarily Unavailable"', recommended: false });
  });

  test('a certificate that is not trusted is told apart from the page behind it', async () => {
    const [page, certificate] = await proposals('localhost', [door('https', ports.own)]);
    expect(page).toEqual({
      seen: 'HTTPS, 200, "Welcome & hello", certificate not looked at',
      recommended: true,
      check: { type: 'http', name: 'https', url: `https://localhost:${ports.own}/`, insecure: true },
    });
    expect(certificate).toMatchObject({
      seen: expect.stringMatching(/self-signed/),
      recommended: false,
      check: { type: 'tls', name: 'certificate', port: ports.own },
    });
  });

  test('servers that say nothing, nonsense, or without end are told in one harmless line, in time', async () => {
    const begin = performance.now();
    const doors = [
      door('ssh', ports.silent),
      door('smtp', ports.garbage),
      door('submission', ports.flood),
      door('http', ports.trickle),
      door('https', ports.silent),
      door('imaps', ports.garbage),
    ];
    const all = await proposals('localhost', doors);
    expect(performance.now() - begin).toBeLessThan(4_000);
    expect(all[0]).toEqual({
      seen: `SSH: port ${ports.silent} accepts connections, but says nothing`,
      recommended: false,
      check: { type: 'tcp', name: 'ssh', port: ports.silent },
    });
    expect(all[1]?.seen).toBe(`Incoming mail (SMTP): port ${ports.garbage} accepts connections, and says "what?"`);
    expect(all).toHaveLength(doors.length);
    for (const { seen, recommended, check } of all) {
      expect(recommended, seen).toBe(false);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is the point
      expect(seen).not.toMatch(/[\u0000-\u001f\u202e]/);
      expect(seen.length).toBeLessThan(200);
      expect(check).not.toHaveProperty('expect');
    }
  });

  test('where nothing answers, that is said, and ping is there without its tick', async () => {
    // A pinger of its own kind: nothing is ever sent to an address that answers nothing.
    const quiet = { name: 'fping' as const, ping: () => Promise.resolve({ ok: true as const, rttsMs: [null, null] }), close: () => {} };
    const { proposals: all } = await found(
      'localhost',
      [door('ssh', ports.closed), door('http', ports.closed), door('https', ports.closed), door('imaps', ports.closed)],
      { pinger: quiet },
    );
    expect(all).toEqual([
      {
        seen: 'Nothing answers at this address: neither ping nor any of 4 ports looked at. It may be down, or a firewall may hide it from here.',
        recommended: false,
        check: { type: 'icmp', name: 'ping' },
      },
    ]);
  });

  test.each(['-h', ';reboot', '$(reboot)', 'a b', '', '127.0.0.300', 'https://user:secret@localhost/'])(
    '%s is refused before anything is looked up',
    async (typed) => {
      let asked = 0;
      const resolve = (): Promise<ReturnType<typeof ok<never[]>>> => {
        asked += 1;
        return Promise.resolve(ok([]));
      };
      const reply = await look(typed, [door('ssh')], { resolve });
      expect(reply).toMatchObject({ ok: false, failure: { code: 'bad-address' } });
      expect(asked).toBe(0);
    },
  );

  test('a name that is not there is a failure in words', async () => {
    const reply = await look('web1.example.net', [], { resolve: () => Promise.resolve(fail({ code: 'name-not-found', detail: 'x' })) });
    expect(reply).toEqual(
      fail({ code: 'name-not-found', text: 'There is no web1.example.net: the name has no address. Look at its spelling.' }),
    );
  });

  test('databases that answer are watched as such, without an account; what else is there is a port', async () => {
    const [postgres, redis] = await Promise.all([startPostgres(), startRedis(['--requirepass', 'open sesame'])]);
    try {
      const doors = [door('postgres', postgres.port), door('redis', redis.port), { ...door('redis', ports.silent), name: 'other' }];
      const { proposals } = await found('127.0.0.1', doors);
      expect(proposals.slice(1)).toEqual([
        {
          seen: `PostgreSQL on port ${postgres.port}: answers`,
          recommended: true,
          check: { type: 'postgres', name: 'postgres', port: postgres.port },
        },
        { seen: `Redis on port ${redis.port}: answers`, recommended: true, check: { type: 'redis', name: 'redis', port: redis.port } },
        {
          seen: `Redis: port ${ports.silent} accepts connections, but nothing that speaks Redis answers`,
          recommended: false,
          check: { type: 'tcp', name: 'other', port: ports.silent },
        },
      ]);
      const checks = proposals.map((it) => it.check);
      const made = addHost('', { id: 'db', name: 'db', address: '127.0.0.1', site: null, group: 'servers', checks });
      expect(made.ok && parseInventory(made.value, 'inventory.yaml').ok).toBe(true);
    } finally {
      await Promise.all([postgres.stop(), redis.stop()]);
    }
  });

  test('mail servers are watched by checks that talk to them; where that would fail from the first minute, by their ports', async () => {
    const { ports } = stack;
    const doors = (['smtp', 'submissions', 'submission', 'imap', 'imaps', 'pop3', 'pop3s'] as const).map((name) => door(name, ports[name]));
    const checksOf = async () =>
      (await proposals('localhost', doors)).map((it) => [it.check.type, it.check.name, it.check.encryption, it.recommended]);
    expect(await checksOf()).toEqual([
      ['smtp', 'smtp', 'starttls', true],
      ['smtp', 'submissions', 'tls', true],
      ['smtp', 'submission', 'starttls', true],
      ['imap', 'imap', 'starttls', true],
      ['imap', 'imaps', 'tls', true],
      ['pop3', 'pop3', 'starttls', true],
      ['pop3', 'pop3s', 'tls', true],
    ]);
    await stack.certificate('stranger');
    expect(await checksOf()).toEqual([
      ['smtp', 'smtp', 'starttls', true],
      ['tls', 'submissions', undefined, false],
      ['smtp', 'submission', 'starttls', true],
      ['tcp', 'imap', undefined, true],
      ['tls', 'imaps', undefined, false],
      ['tcp', 'pop3', undefined, true],
      ['tls', 'pop3s', undefined, false],
    ]);
  }, 30_000);

  test('stops at once when it is told to', async () => {
    const stop = new AbortController();
    const begin = performance.now();
    setTimeout(() => stop.abort(), 100);
    expect(
      await look('localhost', [door('ssh', ports.silent), door('https', ports.silent), door('http', ports.trickle)], {
        signal: stop.signal,
        timeoutMs: 5_000,
      }),
    ).toMatchObject({ ok: false, failure: { code: 'aborted' } });
    expect(performance.now() - begin).toBeLessThan(1_500);
  });

  test('looks at few ports, each once', () => {
    expect(usualDoors.length).toBeLessThanOrEqual(14);
    expect(new Set(usualDoors.map((it) => it.port)).size).toBe(usualDoors.length);
    expect(new Set(usualDoors.map((it) => it.name)).size).toBe(usualDoors.length);
  });
});

import { chmodSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';
import { type Connection, Server as SshServer, utils } from 'ssh2';
import { afterEach, describe, expect, it } from 'vitest';
import { probeInside } from '../../electron/probes/inside.ts';
import { inside } from '../../shared/checks/inside.ts';
import type { InsideConfig } from '../../shared/checks/inside-facts.ts';
import { HOUR } from '../../shared/time.ts';
import { probeContext } from '../support/probe-context.ts';
import { freePort, type Started, startTcp } from '../support/servers.ts';
import { type SshAccount, startSshAccount } from '../support/ssh-account.ts';

const started: Started[] = [];
const keep = <T extends Started>(server: T): T => {
  started.push(server);
  return server;
};
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

const settingsFor = ({ port, user, fingerprint }: SshAccount) => ({ address: '127.0.0.1', port, user, keySecret: 'key', fingerprint });

async function check(settings: Record<string, unknown>, secrets: Record<string, string>, timeoutMs = 15_000) {
  const config = inside.config.parse(settings) as InsideConfig;
  const context = probeContext({ timeoutMs, secrets });
  const begin = performance.now();
  const facts = await probeInside(config, context);
  expect(() => inside.observation.parse(facts)).not.toThrow();
  const verdict = inside.judge(facts, config, Date.now());
  const explanation = inside.explain(facts, verdict, config);
  for (const text of Object.values(explanation)) expect(text).toMatch(/^.+\.$/);
  for (const line of context.lines) expect(line).not.toContain('PRIVATE KEY');
  return { facts, verdict, lines: context.lines, shown: inside.facts(facts), tookMs: performance.now() - begin };
}

/** A command of the server that the test brings along. */
function command(server: SshAccount, name: string, lines: string[]): void {
  writeFileSync(join(server.path, 'bin', name), `#!/bin/sh\n${lines.join('\n')}\n`);
  chmodSync(join(server.path, 'bin', name), 0o755);
}

describe('a real server', () => {
  it('tells about itself, in one session', async () => {
    const server = keep(await startSshAccount());
    const { facts, verdict, lines, shown } = await check(settingsFor(server), { key: server.key });
    expect(facts).toMatchObject({ login: 'accepted', pinned: true });
    expect(facts.bootId).toBe(readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
    expect(facts.uptimeSeconds).toBeGreaterThan(1);
    expect(facts.memoryBytes).toBeGreaterThan(freemem());
    expect(facts.memoryPercent).toBeGreaterThan(0);
    expect(facts.load5).toBeGreaterThanOrEqual(0);
    expect(facts.cores).toBeGreaterThan(0);
    expect(facts.disks?.find((disk) => disk.mount === '/')?.percent).toBeGreaterThan(0);
    expect(facts.disks?.find((disk) => disk.mount === '/')?.inodePercent).toBeGreaterThan(0);
    expect(verdict.reason).not.toBe('not-known');
    expect(lines.filter((line) => line.startsWith('connected'))).toHaveLength(1);
    // What a machine like this one has not is named, and nowhere called fine.
    expect(facts.notKnown?.length ?? 0).toBeGreaterThan(0);
    expect(verdict.text).toContain('not known: ');
    expect(shown.find((line) => line.label === 'Not known')).toBeDefined();
  });
  it('is unknown where something is missing that must be known', async () => {
    const server = keep(await startSshAccount());
    command(server, 'zpool', ['echo "no pools available"']);
    const roomy = { memoryDegraded: 100, diskDegraded: 100, diskDown: 100, loadDegraded: 900, ignoreDisks: ['/run/netns'] };
    const { verdict } = await check({ ...settingsFor(server), ...roomy, require: ['raid'] }, { key: server.key });
    expect(verdict).toMatchObject({ state: 'unknown', reason: 'not-known', text: 'the server does not tell: RAID' });
  });
  it('opens a key with its passphrase, and a key that lost its line breaks', async () => {
    const server = keep(await startSshAccount());
    const settings = settingsFor(server);
    const locked = await check({ ...settings, passphraseSecret: 'word' }, { key: server.lockedKey, word: 'open sesame' });
    expect(locked.facts.login).toBe('accepted');
    const flat = await check(settings, { key: server.key.replace(/\n/g, ' ') });
    expect(flat.facts.login).toBe('accepted');
    const wrong = await check({ ...settings, passphraseSecret: 'word' }, { key: server.lockedKey, word: 'knock knock' });
    expect(wrong.verdict).toMatchObject({ state: 'unknown', reason: 'no-secret' });
    const none = await check(settings, { key: server.lockedKey });
    expect(none.verdict.text).toContain('passphraseSecret');
    expect((await check(settings, {})).verdict).toMatchObject({ state: 'unknown', reason: 'no-secret' });
    expect((await check({ ...settings, passphraseSecret: 'word' }, { key: server.lockedKey })).verdict.text).toContain('"word" is not set');
  });
  it('gets by with one session at a time', async () => {
    const server = keep(await startSshAccount(['MaxSessions 1']));
    const { facts } = await check(settingsFor(server), { key: server.key });
    expect(facts.memoryPercent).toBeGreaterThan(0);
    expect(facts.disks?.length).toBeGreaterThan(0);
    expect(facts.troubles ?? []).not.toContainEqual(expect.stringContaining('no channel'));
  });
  it('works with a key that may run "sh -s" only', async () => {
    const server = keep(await startSshAccount(['ForceCommand sh -s', 'DisableForwarding yes', 'PermitTTY no']));
    const marker = join(server.path, 'done');
    writeFileSync(marker, '');
    const { facts } = await check({ ...settingsFor(server), markers: [{ path: marker, maxAge: '1d' }] }, { key: server.key });
    expect(facts.load5).toBeDefined();
    expect(facts.markers?.[0]?.touched).toBeGreaterThan(Date.now() - 60_000);
  });
  it('an account without commands is named', async () => {
    const server = keep(await startSshAccount(['ForceCommand echo no shell for you']));
    const { verdict } = await check(settingsFor(server), { key: server.key });
    expect(verdict).toMatchObject({ state: 'unknown', reason: 'server-error' });
  });
});

describe('faults of the server', () => {
  it('a hanging command costs its own part only, and is named', async () => {
    const server = keep(await startSshAccount());
    command(server, 'zpool', ['sleep 600 &', 'exec sleep 600']);
    command(server, 'df', ['exec sleep 600']);
    const { facts, verdict, tookMs } = await check(settingsFor(server), { key: server.key }, 12_000);
    expect(tookMs).toBeLessThan(10_500);
    expect(facts.memoryPercent).toBeGreaterThan(0);
    expect(facts.notKnown).toEqual(expect.arrayContaining(['disks', 'raid']));
    expect(facts.troubles).toEqual(expect.arrayContaining(['zpool did not answer in time', 'df did not answer in time']));
    expect(verdict.state).not.toBe('ok');
    expect(verdict.text).toContain('disks');
    // Nothing is left behind on the server.
    const left = readdirSync('/proc').filter(
      (pid) => /^\d+$/.test(pid) && nameOf(pid) === 'sleep 600 ' && environmentOf(pid).includes(server.path),
    );
    expect(left).toEqual([]);
  });
  it('a network file system that hangs is told, and hangs nothing else', async () => {
    // A real one: FUSE whose program never says a word. Questions wait for it as they do for an NFS server that is gone.
    const mount = [
      'open(F, "+<", "/dev/fuse") or die; ($d, $from, $kind) = (shift, "filer:/data", "fuse.sshfs"); mkdir $d;',
      '$how = "fd=" . fileno(F) . ",rootmode=40000,user_id=0,group_id=0";',
      `syscall(${process.arch === 'arm64' ? 40 : 165}, $from, $d, $kind, 0, $how) == 0 or die; $| = 1; print "up"; sleep 30`,
    ].join(' ');
    const server = keep(
      await startSshAccount(
        [],
        namespaceWith([
          `setpriv --pdeathsig KILL perl -e '$^F = 9; ${mount}' $folder/far >$folder/mounted & for i in 1 2 3 4 5 6 7 8 9; do grep -q up $folder/mounted || sleep 0.2; done`,
        ]),
      ),
    );
    const { facts, verdict, tookMs } = await check(
      { ...settingsFor(server), ignoreDisks: ['/'], loadDegraded: 900 },
      { key: server.key },
      12_000,
    );
    expect(facts.silentDisks).toEqual([`${server.path}/far`]);
    expect(verdict).toMatchObject({ state: 'degraded', reason: 'disk-silent' });
    expect(tookMs).toBeLessThan(6_000);
    expect(facts.memoryPercent).toBeGreaterThan(0);
    expect(facts.notKnown).not.toContain('mounts');
  });
  it('a read-only file system that fstab wants written to', async () => {
    const server = keep(
      await startSshAccount(
        [],
        namespaceWith([
          'mkdir $folder/data $folder/frozen',
          'mount -t tmpfs -o size=1m tmpfs $folder/data && mount -o remount,ro $folder/data',
          'mount -t tmpfs -o size=1m tmpfs $folder/frozen && mount -o remount,ro $folder/frozen',
          'printf "tmpfs %s tmpfs rw 0 0\\ntmpfs %s tmpfs ro,nofail 0 0\\n" $folder/data $folder/frozen > $folder/fstab',
          'mount --bind $folder/fstab /etc/fstab',
        ]),
      ),
    );
    const { facts, verdict } = await check(settingsFor(server), { key: server.key });
    expect(facts.readOnlyMounts).toContain(`${server.path}/data`);
    expect(facts.readOnlyMounts).not.toContain(`${server.path}/frozen`);
    expect(verdict).toMatchObject({ state: 'down', reason: 'disk-read-only' });
    expect(verdict.text).toContain(`disk ${server.path}/data is read-only`);
  });
  it('a full disk', async () => {
    const server = keep(
      await startSshAccount(
        [],
        namespaceWith([
          'mkdir $folder/small',
          'mount -t tmpfs -o size=64k tmpfs $folder/small',
          'head -c 63000 /dev/zero > $folder/small/a',
          'printf "tmpfs %s tmpfs rw 0 0\\n" $folder/small > $folder/fstab',
          'mount --bind $folder/fstab /etc/fstab',
        ]),
      ),
    );
    const { verdict, facts } = await check(settingsFor(server), { key: server.key });
    expect(facts.disks?.find((disk) => disk.mount.endsWith('/small'))?.percent).toBe(100);
    expect(verdict).toMatchObject({ state: 'down', reason: 'disk-full' });
  });
  it('failed units, a long queue, a lost disk, as the tools say them', async () => {
    const server = keep(await startSshAccount());
    command(server, 'systemctl', [
      'echo "nginx.service loaded failed failed A high performance web server"',
      'echo "motd.service loaded failed failed x"',
    ]);
    command(server, 'postqueue', ['i=0; while [ $i -lt 700 ]; do echo "{\\"queue_name\\": \\"deferred\\"}"; i=$((i+1)); done']);
    command(server, 'zpool', [
      'printf "  pool: tank\\n state: DEGRADED\\nstatus: One or more devices are faulted.\\nerrors: No known data errors\\n"',
    ]);
    const settings = { ...settingsFor(server), ignoreUnits: ['motd.service'], ignoreDisks: ['/'], loadDegraded: 900 };
    const { verdict, facts } = await check(settings, { key: server.key });
    expect(facts).toMatchObject({
      failedUnits: ['nginx.service', 'motd.service'],
      mailQueue: 700,
      pools: [{ name: 'tank', state: 'DEGRADED' }],
    });
    expect(verdict).toMatchObject({ state: 'degraded', reason: 'raid-degraded' });
    expect(verdict.text).toContain('pool tank is DEGRADED; also');
    expect(verdict.text).not.toContain('motd');
  });
  it('old and missing markers; one that nobody can see is not known', async () => {
    const server = keep(await startSshAccount());
    const at = (name: string): string => join(server.path, name);
    writeFileSync(at('fresh'), 'x');
    writeFileSync(at('old'), 'x');
    utimesSync(at('old'), new Date(), new Date(Date.now() - 30 * HOUR));
    const markers = ['fresh', 'old', 'gone'].map((name) => ({ path: at(name), maxAge: '26h' }));
    const { facts, verdict } = await check({ ...settingsFor(server), markers, ignoreDisks: ['/'], loadDegraded: 900 }, { key: server.key });
    const [fresh, old, gone] = facts.markers ?? [];
    expect(Math.abs(Number(fresh?.touched) - statSync(at('fresh')).mtimeMs)).toBeLessThan(5_000);
    expect(Math.abs(Number(old?.touched) - (Date.now() - 30 * HOUR))).toBeLessThan(10_000);
    expect(gone?.touched).toBe('gone');
    expect(verdict).toMatchObject({ state: 'degraded', reason: 'marker-late' });
  });
});

const nameOf = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
  } catch {
    return '';
  }
};
const environmentOf = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
};
const namespaceWith = (lines: string[]) => (folder: string) => [`folder=${folder}`, ...lines].join('\n');

describe('who may log in', () => {
  it('nobody logs in to a server with another host key', async () => {
    const server = keep(await startSshAccount());
    const { verdict, facts } = await check({ ...settingsFor(server), fingerprint: `SHA256:${'A'.repeat(43)}` }, { key: server.key });
    expect(verdict).toMatchObject({ state: 'down', reason: 'host-key-changed' });
    expect(verdict.text).toContain(server.fingerprint);
    expect(facts.login).toBeUndefined();
  });
  it('after three refusals no more log-ins, until the secret changes', async () => {
    const server = keep(await startSshAccount());
    const settings = settingsFor(server);
    for (const refusals of [1, 2, 3])
      expect((await check(settings, { key: server.strangersKey })).facts).toMatchObject({
        login: 'refused',
        refusals,
        failure: { code: 'login-refused' },
      });
    const held = await check(settings, { key: server.strangersKey });
    expect(held.facts).toMatchObject({ login: 'held-back', refusals: 3 });
    expect(held.lines).toEqual([]);
    expect(held.verdict).toMatchObject({ state: 'unknown', reason: 'login-refused' });
    expect((await check(settings, { key: server.key })).facts.login).toBe('accepted');
  });
  it.each([
    ['no fingerprint', { fingerprint: undefined }],
    ['a path with a quote', { markers: [{ path: "/tmp/a'b", maxAge: '1h' }] }],
    ['a path with a command', { markers: [{ path: '/tmp/$(reboot)', maxAge: '1h' }] }],
    ['a path with a line break', { markers: [{ path: '/tmp/a\nreboot', maxAge: '1h' }] }],
    ['a path that is none', { markers: [{ path: 'tmp', maxAge: '1h' }] }],
    ['a path upwards', { markers: [{ path: '/tmp/../etc/shadow', maxAge: '1h' }] }],
    ['a user with an option', { user: '-oProxyCommand=x' }],
  ])('%s is refused', (_, settings) => {
    const good = { address: '192.0.2.1', user: 'noc', keySecret: 'key', fingerprint: `SHA256:${'A'.repeat(43)}` };
    expect(inside.config.safeParse(good).success).toBe(true);
    expect(inside.config.safeParse({ ...good, ...settings }).success).toBe(false);
  });
});

describe('hostile servers', () => {
  /** A server of ssh2 that lets everybody in and answers as the test wants. */
  async function hostile(answer: (stream: import('ssh2').ServerChannel) => void) {
    const host = utils.generateKeyPairSync('ed25519');
    const key = utils.generateKeyPairSync('ed25519');
    const parsed = utils.parseKey(host.private);
    if (parsed instanceof Error) throw parsed;
    const { createHash } = await import('node:crypto');
    const fingerprint = `SHA256:${createHash('sha256').update(parsed.getPublicSSH()).digest('base64').replace(/=+$/, '')}`;
    const port = await freePort();
    const clients = new Set<Connection>();
    const server = new SshServer({ hostKeys: [host.private] }, (client) => {
      clients.add(client);
      client.on('error', () => {});
      client.on('authentication', (it) => it.accept());
      client.on('ready', () =>
        client.on('session', (accept) => {
          accept().on('exec', (yes) => {
            const stream = yes();
            stream.on('error', () => {});
            answer(stream);
          });
        }),
      );
    });
    await new Promise<void>((done) => void server.listen(port, '127.0.0.1', done));
    keep({
      port,
      stop: async () => {
        for (const client of clients) client.end();
        server.close();
      },
    });
    return { settings: { address: '127.0.0.1', port, user: 'noc', keySecret: 'key', fingerprint }, secrets: { key: key.private } };
  }
  const flood = (stream: import('ssh2').ServerChannel, text: string): void => {
    const pump = (): void => {
      while (!stream.destroyed && stream.write(text));
    };
    stream.on('drain', pump);
    pump();
  };

  it.each([
    ['letters', 'x'.repeat(30_000)],
    ['sections', '@@df\n'.repeat(6_000)],
    ['lines', '\n'.repeat(30_000)],
  ])('a flood of %s is cut off', async (_, text) => {
    const { settings, secrets } = await hostile((stream) => flood(stream, text));
    const { verdict, tookMs } = await check(settings, secrets, 5_000);
    expect(verdict.state).not.toBe('ok');
    expect(tookMs).toBeLessThan(4_000);
  });
  it('never answers', async () => {
    const { settings, secrets } = await hostile(() => {});
    const { verdict, tookMs } = await check(settings, secrets, 1_000);
    expect(verdict).toMatchObject({ state: 'unknown', reason: 'timeout' });
    expect(tookMs).toBeLessThan(1_400);
  });
  it('hangs up in the middle', async () => {
    const { settings, secrets } = await hostile((stream) => {
      stream.write('@@memory\nMemTotal: 5 kB\n');
      setTimeout(() => stream.close(), 20);
    });
    const { verdict, facts } = await check(settings, secrets, 3_000);
    expect(verdict).toMatchObject({ state: 'unknown', reason: 'not-known' });
    expect(facts.notKnown).toContain('memory');
  });
  it('nonsense in every part stays nonsense, cleaned', async () => {
    const junk = '\x1b[31m<script>\u202e 999999999999999999999 -1 NaN md0 : active /\n';
    const names = [
      'cores',
      'load',
      'memory',
      'uptime',
      'boot',
      'ecc',
      'mce',
      'zones',
      'sensors',
      'mounts',
      'fstab',
      'df',
      'dfi',
      'mdstat',
      'zpool',
      'units',
      'queue',
      'summary',
      'network',
      'markers',
    ];
    const { settings, secrets } = await hostile((stream) => {
      stream.write(`${names.map((name) => `@@${name}\n${junk}@=0\n`).join('')}@@end\n`);
      stream.exit(0);
      stream.end();
    });
    const { verdict, shown } = await check(settings, secrets, 3_000);
    expect(verdict.state).toBe('unknown');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that they are gone is the test
    for (const { value } of shown) expect(value).not.toMatch(/[\x00-\x1f\u202e]/);
  });
  it('is no SSH server at all', async () => {
    const { port } = keep(await startTcp((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
    const { verdict } = await check(
      { address: '127.0.0.1', port, user: 'noc', keySecret: 'key', fingerprint: `SHA256:${'A'.repeat(43)}` },
      { key: utils.generateKeyPairSync('ed25519').private },
      2_000,
    );
    expect(verdict.state).toBe('unknown');
  });
  it('accepts and says nothing', async () => {
    const { port } = keep(await startTcp(() => {}));
    const { verdict, tookMs } = await check(
      { address: '127.0.0.1', port, user: 'noc', keySecret: 'key', fingerprint: `SHA256:${'A'.repeat(43)}` },
      { key: utils.generateKeyPairSync('ed25519').private },
      600,
    );
    expect(verdict).toMatchObject({ state: 'unknown', reason: 'timeout' });
    expect(tookMs).toBeLessThan(1_000);
  });
});

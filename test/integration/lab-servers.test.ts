/** Nights of single servers: real ones, behind real routers, each with what an admin reads of its fault. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../electron/setup/build.ts';
import type { Alert } from '../../shared/model/alert.ts';
import { endCommands } from '../support/cli.ts';
import { buildLab, deskAddress, type Lab } from '../support/lab.ts';
import { type Desk, siteInventory, startDesk } from '../support/lab-desk.ts';
import { startMariadb, startNameServer, startRedis, startSshd, startWeb } from '../support/lab-servers.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder.ts';

beforeAll(ensureBuilt, 180_000);
const cleanUps: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  await Promise.all(cleanUps.map((undo) => undo()));
  endCommands();
  removeTemporaryFolders();
});
async function newLab(): Promise<Lab> {
  const lab = await buildLab();
  cleanUps.push(lab.stop);
  return lab;
}

/** One host in the first prefix beside the web servers. */
const withHost = (id: string, checks: object[], more: object = {}): Record<string, unknown> => {
  const site = siteInventory();
  return { ...site, hosts: [...(site.hosts as object[]), { id, site: 'sd', address: '198.18.11.20', parents: ['p11'], checks }], ...more };
};
/** Waits for the one alert; nothing else was ever wrong. */
async function theOnlyAlert(desk: Desk, checks: string[]): Promise<Alert> {
  const [alert] = await desk.untilOpen(`${checks.join(', ')} is reported`, (open) => open.length > 0);
  expect(desk.everRaised()).toHaveLength(1);
  expect(desk.everBad()).toEqual(checks);
  expect(alert?.checks).toEqual(checks);
  expect(alert?.consequences).toEqual([]);
  return alert as Alert;
}

const zoneText = (serial: number, records = ''): string =>
  `$ORIGIN example.test.\n$TTL 60\n@ SOA ns1 hostmaster ${serial} 1 1 600 60\n@ NS ns1\n@ NS ns2\nns1 A 198.18.12.53\nns2 A 198.19.0.53\n${records}`;

describe.concurrent('name servers', () => {
  it('a secondary elsewhere is stuck on an old serial: it is named, and by how much', async () => {
    const lab = await newLab();
    const copy = ['min-refresh-time: 1', 'max-refresh-time: 1', 'min-retry-time: 1', 'max-retry-time: 1'];
    lab.run('internet', 'ip address add 198.19.0.53/32 dev lo');
    const primary = await startNameServer(lab, 'servers', '198.18.12.53', { 'example.test': zoneText(2026112001) }, [
      'provide-xfr: 198.19.0.53 NOKEY',
    ]);
    const transfer = ['request-xfr: AXFR 198.18.12.53 NOKEY', 'outgoing-interface: 198.19.0.53'];
    await Promise.all([startNameServer(lab, 'internet', '198.19.0.53', { 'example.test': null }, [...transfer, ...copy]), startWeb(lab)]);
    const check = { type: 'zone', zone: 'example.test', servers: ['198.18.12.53', '198.19.0.53'], primary: '198.18.12.53' };
    const services = [{ id: 'names', name: 'name service', site: 'sd', checks: [{ ...check, serialLagDegraded: '3s' }] }];
    const desk = await startDesk(lab, siteInventory({ services }));
    await desk.untilFine();

    // A change gets through.
    primary.change('example.test', zoneText(2026112002, 'www A 192.0.2.2\n'));
    await desk.untilSays('names/zone', '2 servers answer, all with serial 2026112002');
    // Then somebody's new firewall stops the transfers, and nothing but these.
    lab.run(
      'core',
      `printf 'table ip night {\\nchain forward {\\ntype filter hook forward priority 0;\\nip saddr 198.19.0.53 ip daddr 198.18.12.53 drop\\n}\\n}\\n' | nft -f -`,
    );
    primary.change('example.test', zoneText(2026112003, 'www A 192.0.2.3\n'));
    const alert = await theOnlyAlert(desk, ['names/zone']);
    expect(alert.severity).toBe('degraded');
    expect(alert.title).toMatch(/^Name service: serial 2026112002 at 198\.19\.0\.53 is 1 behind for \d+(\.\d)? s$/);
    lab.run('core', 'nft delete table ip night');
    await desk.untilOpen('it has caught up', (open) => open.length === 0);
    await desk.stop();
  });

  it('the zone above sends people elsewhere: the wrong server is named', async () => {
    const lab = await newLab();
    const above = (server: string): string =>
      `$ORIGIN test.\n$TTL 60\n@ SOA a.nic hostmaster 1 3600 900 604800 60\n@ NS a.nic\na.nic A 198.19.0.53\nexample NS ns1.example\nexample NS ${server}\nns1.example A 198.18.12.53\nns2.example A 198.18.13.53\nold.example A 198.18.14.53\n`;
    const own = `$ORIGIN example.test.\n$TTL 60\n@ SOA ns1 hostmaster 1 3600 900 604800 60\n@ NS ns1\n@ NS ns2\nns1 A 198.18.12.53\nns2 A 198.18.13.53\n`;
    lab.run('internet', 'ip address add 198.19.0.53/32 dev lo');
    const [registry] = await Promise.all([
      startNameServer(lab, 'internet', '198.19.0.53', { test: above('ns2.example') }),
      startNameServer(lab, 'servers', '198.18.12.53', { 'example.test': own }),
      startNameServer(lab, 'servers', '198.18.13.53', { 'example.test': own }),
      startWeb(lab),
    ]);
    const services = [
      {
        id: 'names',
        name: 'name service',
        site: 'sd',
        checks: [{ type: 'delegation', zone: 'example.test', parentServers: ['198.19.0.53'] }],
      },
    ];
    const desk = await startDesk(lab, siteInventory({ services }));
    await desk.untilFine();
    registry.change('test', above('old.example'));
    const alert = await theOnlyAlert(desk, ['names/delegation']);
    expect(alert.severity).toBe('degraded');
    expect(alert.title).toBe('DNS delegation of name service is degraded');
    expect(alert.text).toContain('nothing answers on old.example.test');
    expect(alert.text).toContain('ns2.example.test of the zone is not known above');
    registry.change('test', above('ns2.example'));
    await desk.untilOpen('it is put right', (open) => open.length === 0);
    await desk.stop();
  });
});

describe.concurrent('a server at night', () => {
  it.each([
    ['MariaDB', 'mysql', 3306, (lab: Lab) => startMariadb(lab, 'right-word'), { user: 'noc', passwordSecret: 'db' }],
    ['Redis', 'redis', 6379, startRedis, {}],
  ] as const)('%s is frozen: it still takes connections, and the stall is named', async (_, type, port, start, settings) => {
    const lab = await newLab();
    const [server] = await Promise.all([start(lab), startWeb(lab)]);
    const checks = [{ type: 'icmp' }, { type, ...settings }, { type: 'tcp', port }];
    const desk = await startDesk(lab, withHost('db1', checks), { db: 'right-word' });
    await desk.untilFine();
    server.freeze();
    const alert = await theOnlyAlert(desk, [`db1/${type}`]);
    expect(alert.severity).toBe('down');
    expect(alert.title).toMatch(/ on db1 fails$/);
    expect(alert.text).toContain(`port ${port} accepts connections, but the server says nothing. `);
    // What a plain check of the port sees.
    expect(alert.text).toContain('Ping and TCP port answer.');
    expect(desk.verdict('db1/tcp')?.state).toBe('ok');
    expect(desk.verdict(`db1/${type}`)?.reason).toBe('no-greeting');
    server.thaw();
    await desk.untilOpen('it runs again', (open) => open.length === 0);
    expect([...new Set(Object.values(desk.standings()))]).toEqual(['ok']);
    await desk.stop();
  });

  it('answers with another host key: that is an alert, which tells the key', async () => {
    const lab = await newLab();
    const [sshd] = await Promise.all([startSshd(lab), startWeb(lab)]);
    const desk = await startDesk(lab, withHost('shell1', [{ type: 'icmp' }, { type: 'ssh', fingerprint: sshd.fingerprint }]));
    await desk.untilFine();
    const other = await sshd.reinstall();
    const alert = await theOnlyAlert(desk, ['shell1/ssh']);
    expect(alert.severity).toBe('down');
    expect(alert.title).toBe('shell1: the SSH host key is another');
    expect(alert.text).toBe(`SSH: the host key is another: ssh-ed25519 ${other}. Ping answers.`);
    expect(desk.verdict('shell1/ssh')?.reason).toBe('host-key-changed');
    await desk.stop();
  });

  it('a backup does not call in any more', async () => {
    const lab = await newLab();
    await startWeb(lab);
    const token = 'nightly-backup-0123456789abcdef';
    const call = (): string => lab.run('servers', `curl -sf http://${deskAddress}:8790/push/${token}?message=12+GB`);
    const site = withHost('web9', [{ type: 'push', name: 'nightly-backup', token: 'backup', every: '10s', grace: '0ms' }]);
    const desk = await startDesk(
      lab,
      { ...site, desk: { ...(site.desk as object), push: { listen: `${deskAddress}:8790` } } },
      { backup: token },
    );
    call();
    await desk.untilFine();
    const alert = await theOnlyAlert(desk, ['web9/nightly-backup']);
    expect(alert).toMatchObject({ severity: 'down', title: 'Nightly backup on web9 is late' });
    expect(alert.text).toMatch(/^Nightly backup: the last call came 1\d s ago; expected every 10 s\.$/);
    call();
    await desk.untilOpen('it called', (open) => open.length === 0);
    await desk.stop();
  });

  it('has no new backup: late, though the server is fine', async () => {
    const lab = await newLab();
    const [sshd] = await Promise.all([startSshd(lab), startWeb(lab)]);
    const folder = temporaryFolder('lab-backup');
    const put = (name: string, age: string): string =>
      lab.run('servers', `head -c 100000 /dev/zero >${folder}/${name}; touch -d '${age} ago' ${folder}/${name}`);
    put('full-1.tar', '1 hour');
    const login = { user: 'root', keySecret: 'desk-key', fingerprint: sshd.fingerprint, timeout: '5s', interval: '5s' };
    const backup = { type: 'backup', ...login, full: `${folder}/full-*.tar`, fullDegraded: '24h', fullDown: '7d' };
    const desk = await startDesk(lab, withHost('db1', [{ type: 'icmp' }, backup]), { 'desk-key': sshd.key });
    await desk.untilFine();
    // A day goes by without another one.
    put('full-1.tar', '25 hours');
    const alert = await theOnlyAlert(desk, ['db1/backup']);
    expect(alert).toMatchObject({ severity: 'degraded', title: 'db1: the newest usable full backup is 1 d 1 h old' });
    expect(alert.text).toBe('Backup: the newest usable full backup is 1 d 1 h old. Ping answers.');
    put('full-2.tar', '10 minutes');
    await desk.untilOpen('there is a new one', (open) => open.length === 0);
    await desk.stop();
  });

  it('has a disk that became read-only: seen from inside, while everything still answers', async () => {
    const lab = await newLab();
    const [sshd] = await Promise.all([startSshd(lab), startWeb(lab)]);
    const folder = temporaryFolder('lab-disk');
    const [image, mount] = [join(folder, 'image'), join(folder, 'data')];
    execFileSync('truncate', ['-s', '8M', image]);
    execFileSync('mkfs.ext4', ['-q', image]);
    lab.run('servers', `mkdir ${mount}; mount -o loop ${image} ${mount}`);
    const login = { user: 'root', keySecret: 'desk-key', fingerprint: sshd.fingerprint, timeout: '8s', interval: '8s' };
    // This machine may be as full and busy as it likes.
    const patient = { loadDegraded: 1000, memoryDegraded: 100, memoryDown: 100, diskDegraded: 100, diskDown: 100, require: ['disks'] };
    const checks = [{ type: 'icmp' }, { type: 'http', scheme: 'http' }, { type: 'inside', ...login, ...patient }];
    const desk = await startDesk(lab, withHost('files1', checks), { 'desk-key': sshd.key });
    await desk.untilFine();
    lab.run('servers', `mount -o remount,ro ${mount}`);
    const alert = await theOnlyAlert(desk, ['files1/inside']);
    expect(alert.severity).toBe('down');
    expect(alert.text).toContain(`${mount} is read-only`);
    expect(alert.text).toContain('Ping and HTTP answer.');
    // What this server does not tell is said, and never taken for fine.
    expect(alert.text).toContain('not known: ');
    lab.run('servers', `mount -o remount,rw ${mount}`);
    await desk.untilOpen('it can be written again', (open) => open.length === 0);
    await desk.stop();
  });
});

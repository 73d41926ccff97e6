import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, freemem, totalmem, uptime } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { probeHost } from '../../electron/probes/host.ts';
import { linuxFacts } from '../../electron/probes/host-linux.ts';
import { otherFacts } from '../../electron/probes/host-other.ts';
import { host } from '../../shared/checks/host.ts';
import { tempFolder } from '../support/servers.ts';
import { probing } from '../support/web-servers.ts';

const config = host.config.parse({});
const look = () => probing((context) => probeHost(config, context));

describe('this computer', () => {
  test('tells what df, free and the kernel tell', async () => {
    const { facts } = await look();
    expect(host.observation.safeParse(facts).error).toBeUndefined();
    expect(facts.failure).toBeUndefined();
    expect(facts.cores).toBe(availableParallelism());
    expect(facts.memoryBytes).toBe(totalmem());
    expect(facts.memoryPercent).toBeGreaterThan(0);
    expect(facts.memoryPercent).toBeLessThanOrEqual((100 * (totalmem() - freemem())) / totalmem() + 5);
    expect(Math.abs((facts.uptimeSeconds ?? 0) - uptime())).toBeLessThan(5);
    expect(facts.bootId).toBe(readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
    const root = facts.disks?.find((disk) => disk.mount === '/');
    const df = Number(execFileSync('df', ['--output=pcent', '/']).toString().split('\n')[1]?.replace('%', ''));
    // df rounds up.
    expect(Math.abs((root?.percent ?? -10) - df)).toBeLessThan(1.5);
    expect(root?.readOnly).toBe(false);
  });

  test('names what it does not know, and never counts it as fine', async () => {
    const { facts } = await look();
    const verdict = host.judge(facts, config);
    for (const part of facts.notKnown ?? []) expect(verdict.text).toContain(part);
    expect(facts.notKnown?.includes('temperatures') ?? false).toBe(facts.temperatures === undefined);
  });

  test('knows from the second look on how busy the processors are', async () => {
    await look();
    const until = performance.now() + 60;
    while (performance.now() < until);
    const { facts } = await look();
    expect(facts.cpuPercent).toBeGreaterThanOrEqual(0);
    expect(facts.cpuPercent).toBeLessThanOrEqual(100);
  });

  test('a look costs less than 30 ms of processor time', async () => {
    await look();
    const before = process.cpuUsage();
    for (let n = 0; n < 10; n++) await look();
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 10_000).toBeLessThan(30);
  });

  test('systeminformation, for other systems, gives facts of the same form', async () => {
    const facts = await otherFacts([]);
    expect(host.observation.safeParse(facts).error).toBeUndefined();
    expect(facts.memoryBytes).toBe(totalmem());
    expect(facts.disks?.some((disk) => disk.mount === '/')).toBe(true);
  });
});

describe('computers that are not as this one', () => {
  const folder = tempFolder();
  const places = { proc: join(folder.path, 'proc'), sys: join(folder.path, 'sys') };
  const put = (file: string, text: string) => {
    mkdirSync(join(folder.path, file, '..'), { recursive: true });
    writeFileSync(join(folder.path, file), text);
  };
  const never = new AbortController().signal;
  beforeAll(() => {
    mkdirSync(places.proc);
    for (const file of ['loadavg', 'meminfo', 'stat', 'uptime']) cpSync(`/proc/${file}`, join(places.proc, file));
  });
  afterAll(() => folder.remove());

  test('a disk that became read-only, a network disk, a container and a snap', async () => {
    put(
      'proc/self/mountinfo',
      [
        // The folder of the test stands in for mounted disks: statfs must find something there.
        `36 27 8:1 / ${folder.path} ro,relatime - ext4 /dev/sda1 ro,errors=remount-ro`,
        `37 27 8:1 / ${folder.path}/a/longer/path rw - ext4 /dev/sda1 ro,errors=remount-ro`,
        `38 27 8:2 / ${places.proc} ro,relatime shared:1 - xfs /dev/sdb rw`,
        '39 27 0:50 / /mnt/home rw - nfs4 server:/home rw',
        '40 27 7:1 / /snap/core/1 ro - squashfs /dev/loop1 ro',
        '41 27 0:51 / / rw - overlay overlay rw',
        '42 27 0:52 / /mnt/with\\040space rw - fuse.sshfs x rw',
        'nonsense',
        '',
      ].join('\n'),
    );
    const facts = await linuxFacts([], never, places);
    const byMount = Object.fromEntries((facts.disks ?? []).map((disk) => [disk.mount, disk.readOnly]));
    expect(byMount).toEqual({ [folder.path]: true, [places.proc]: false, '/': false });
    expect(facts.skippedDisks).toEqual(['/mnt/home', '/mnt/with space']);
    const verdict = host.judge(facts, config);
    expect(verdict).toMatchObject({ state: 'down', reason: 'disk-read-only' });
    const ignoring = await linuxFacts([folder.path], never, places);
    expect(ignoring.disks?.map((disk) => disk.mount)).toEqual(['/', places.proc]);
  });

  test('sensors: labels, nonsense values, unplugged ones', async () => {
    put('sensors/class/hwmon/hwmon0/name', 'coretemp\n');
    put('sensors/class/hwmon/hwmon0/temp1_input', '91500\n');
    put('sensors/class/hwmon/hwmon0/temp1_label', 'Package id 0\n');
    put('sensors/class/hwmon/hwmon0/temp2_input', '-128000\n');
    put('sensors/class/hwmon/hwmon1/temp1_input', '');
    const facts = await linuxFacts([], never, { ...places, sys: join(folder.path, 'sensors') });
    expect(facts.temperatures).toEqual([{ sensor: 'coretemp Package id 0', celsius: 91.5 }]);
    expect(host.judge({ ...facts, disks: [], memoryPercent: 10, load5: 0 }, config)).toMatchObject({
      state: 'degraded',
      reason: 'temperature',
    });
  });

  test('a system that tells nothing is not known', async () => {
    const facts = await linuxFacts([], never, { proc: join(folder.path, 'none'), sys: join(folder.path, 'none') });
    expect(host.judge(facts, config)).toMatchObject({ state: 'unknown', reason: 'nothing-known' });
  });
});

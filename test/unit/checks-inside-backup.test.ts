import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filesOf, setOf, usableOf } from '../../electron/probes/backup-files.ts';
import { dfLines, disksOf, fstabOf, networkDisks, readOnlyMounts } from '../../electron/probes/inside-disks.ts';
import { mdstatOf, zpoolsOf } from '../../electron/probes/inside-raid.ts';
import { eccOf, failedUnitsOf, machineChecksOf, markersOf, queueOf, temperaturesOf } from '../../electron/probes/inside-read.ts';
import {
  coreScript,
  disksScript,
  filesScript,
  folderOf,
  markersScript,
  networkScript,
  raidScript,
  servicesScript,
} from '../../electron/probes/inside-scripts.ts';
import { sectionsOf } from '../../electron/probes/inside-sections.ts';
import { inLines } from '../../electron/probes/ssh-session.ts';
import { backup } from '../../shared/checks/backup.ts';
import type { BackupConfig, BackupFacts, BackupSet } from '../../shared/checks/backup-facts.ts';
import { inside } from '../../shared/checks/inside.ts';
import type { InsideConfig, InsideFacts, RaidArray } from '../../shared/checks/inside-facts.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';
import { cpuMs } from '../support/cpu-time.ts';

const now = Date.parse('2026-11-20T12:00:00Z');
const login = { address: '192.0.2.1', user: 'noc', keySecret: 'key', fingerprint: `SHA256:${'A'.repeat(43)}` };
const lines = (text: string): string[] => text.split('\n');

describe('inside: verdicts', () => {
  const array = (more: Partial<RaidArray> = {}): RaidArray => ({
    name: 'md0',
    level: 'raid1',
    active: true,
    wanted: 2,
    working: 2,
    failed: [],
    work: null,
    ...more,
  });
  const root = { mount: '/', kind: 'ext4', bytes: 5e11, percent: 52, inodePercent: 3, readOnly: false };
  const good: InsideFacts = {
    login: 'accepted',
    pinned: true,
    cores: 4,
    load1: 1,
    load5: 1,
    load15: 1,
    memoryBytes: 8e9,
    memoryPercent: 41,
    swapBytes: 0,
    disks: [root],
    temperatures: [{ sensor: 'cpu', celsius: 48 }],
    readOnlyMounts: [],
    arrays: [array()],
    failedUnits: [],
    mailQueue: 3,
    ecc: { corrected: 0, uncorrected: 0 },
    machineChecks: 0,
    uptimeSeconds: 9_000,
    bootId: 'a',
  };
  it.each<[string, InsideFacts, Record<string, unknown>, string, string, string]>([
    ['fine', good, {}, 'ok', 'ok', 'fullest disk / 52 %, memory 41 %, load 0.3 per core, 48 °C'],
    ['a part that need not be known', { ...good, notKnown: ['ecc', 'raid'] }, {}, 'ok', 'ok', 'not known: ECC and RAID'],
    ['a part that must be known', { ...good, notKnown: ['ecc'] }, { require: ['ecc'] }, 'unknown', 'not-known', 'does not tell: ECC'],
    ['disks not known', { ...good, disks: undefined, notKnown: ['disks'] }, {}, 'unknown', 'not-known', 'disks'],
    [
      'a fault stands above what is not known',
      { ...good, memoryPercent: 98, notKnown: ['disks'] },
      {},
      'down',
      'memory',
      'not known: disks',
    ],
    ['nothing known, nothing required', { login: 'accepted' }, { require: [] }, 'unknown', 'not-known', 'too little'],
    ['nothing tried', {}, {}, 'unknown', 'no-result', ''],
    [
      'no log-in',
      { failure: { code: 'login-refused', detail: 'does not take the key' }, login: 'refused' },
      {},
      'unknown',
      'login-refused',
      'key',
    ],
    ['refused', { failure: { code: 'refused', detail: 'connection refused' } }, {}, 'unknown', 'refused', 'refused'],
    [
      'another host key',
      { failure: { code: 'certificate', detail: 'x' }, pinned: false, keyType: 'ssh-rsa', fingerprint: 'SHA256:b' },
      {},
      'down',
      'host-key-changed',
      'SHA256:b',
    ],
    [
      'a lost disk',
      { ...good, arrays: [array({ working: 1, failed: ['sdb1'] })] },
      {},
      'degraded',
      'raid-degraded',
      'array md0 has 1 of 2 disks',
    ],
    [
      'a lost disk being replaced',
      { ...good, arrays: [array({ working: 1, work: { what: 'recovery', percent: 12.6 } })] },
      {},
      'degraded',
      'raid-degraded',
      'recovery at 12 %',
    ],
    ['a routine check of an array', { ...good, arrays: [array({ work: { what: 'check', percent: 50 } })] }, {}, 'ok', 'ok', ''],
    ['a failed spare', { ...good, arrays: [array({ failed: ['sdc1'] })] }, {}, 'degraded', 'raid-degraded', 'failed disks: sdc1'],
    ['RAID 5 without two', { ...good, arrays: [array({ level: 'raid5', wanted: 4, working: 2 })] }, {}, 'down', 'raid-down', '2 of 4'],
    [
      'RAID 6 without two',
      { ...good, arrays: [array({ level: 'raid6', wanted: 6, working: 4 })] },
      {},
      'degraded',
      'raid-degraded',
      '4 of 6',
    ],
    [
      'an array that does not run',
      { ...good, arrays: [array({ active: false, wanted: null, working: null })] },
      {},
      'down',
      'raid-down',
      'not running',
    ],
    ['RAID 0', { ...good, arrays: [array({ level: 'raid0', wanted: null, working: null })] }, {}, 'ok', 'ok', ''],
    [
      'a degraded pool',
      { ...good, pools: [{ name: 'tank', state: 'DEGRADED' }] },
      {},
      'degraded',
      'raid-degraded',
      'pool tank is DEGRADED',
    ],
    ['a faulted pool', { ...good, pools: [{ name: 'tank', state: 'FAULTED' }] }, {}, 'down', 'raid-down', 'pool tank is FAULTED'],
    ['a suspended pool', { ...good, pools: [{ name: 'tank', state: 'SUSPENDED' }] }, {}, 'down', 'raid-down', ''],
    [
      'a pool with errors',
      { ...good, pools: [{ name: 'tank', state: 'ONLINE', errors: '3 data errors' }] },
      {},
      'degraded',
      'raid-degraded',
      'with errors (3 data errors)',
    ],
    ['a read-only mount', { ...good, readOnlyMounts: ['/var'] }, {}, 'down', 'disk-read-only', 'disk /var is read-only'],
    [
      'a read-only disk is said once',
      { ...good, readOnlyMounts: ['/'], disks: [{ ...root, readOnly: true }] },
      {},
      'down',
      'disk-read-only',
      'disk / is read-only',
    ],
    ['a stuck network disk', { ...good, silentDisks: ['/mnt/nas'] }, {}, 'degraded', 'disk-silent', '/mnt/nas does not answer'],
    [
      'uncorrected memory errors',
      { ...good, ecc: { corrected: 0, uncorrected: 1 } },
      {},
      'degraded',
      'memory-errors',
      '1 uncorrected memory error',
    ],
    ['a few corrected ones', { ...good, ecc: { corrected: 99, uncorrected: 0 } }, {}, 'ok', 'ok', ''],
    ['many corrected ones', { ...good, ecc: { corrected: 100, uncorrected: 0 } }, {}, 'degraded', 'memory-errors', '100 corrected'],
    ['a machine check', { ...good, machineChecks: 2 }, {}, 'degraded', 'machine-check', '2 machine checks'],
    ['a failed unit', { ...good, failedUnits: ['a.service'] }, {}, 'degraded', 'unit-failed', 'failed: a.service'],
    ['a failed unit that does not count', { ...good, failedUnits: ['a.service'] }, { ignoreUnits: ['a.service'] }, 'ok', 'ok', ''],
    ['a long queue', { ...good, mailQueue: 500 }, {}, 'degraded', 'mail-queue', '500 messages'],
    ['a very long queue', { ...good, mailQueue: 900 }, { mailQueueDown: 900 }, 'down', 'mail-queue', '900 messages'],
    ['a limit for down alone', { ...good, mailQueue: 50 }, { mailQueueDown: 40 }, 'down', 'mail-queue', ''],
    [
      'an old marker',
      { ...good, markers: [{ path: '/m', touched: now - 27 * HOUR }] },
      { markers: [{ path: '/m', maxAge: '26h' }] },
      'degraded',
      'marker-late',
      '/m is 1 d 3 h old',
    ],
    [
      'a fresh marker',
      { ...good, markers: [{ path: '/m', touched: now - 26 * HOUR }] },
      { markers: [{ path: '/m', maxAge: '26h' }] },
      'ok',
      'ok',
      '',
    ],
    [
      'a missing marker',
      { ...good, markers: [{ path: '/m', touched: 'gone' }] },
      { markers: [{ path: '/m', maxAge: '26h' }] },
      'degraded',
      'marker-late',
      'not there',
    ],
    [
      'a marker that nobody can see',
      { ...good, markers: [{ path: '/m', touched: null }], notKnown: ['markers'] },
      { markers: [{ path: '/m', maxAge: '26h' }], require: ['markers'] },
      'unknown',
      'not-known',
      'markers',
    ],
  ])('%s', (_, facts, settings, state, reason, words) => {
    const config = inside.config.parse({ ...login, ...settings }) as InsideConfig;
    const verdict = inside.judge(facts, config, now);
    expect(verdict).toMatchObject({ state, reason });
    expect(verdict.text).toContain(words);
    expect(verdict.text.match(/disk \/ is read-only/g)?.length ?? 0).toBeLessThan(2);
    for (const text of Object.values(inside.explain(facts, verdict, config))) expect(text).toMatch(/^.+\.$/);
    expect(() => inside.facts(facts)).not.toThrow();
  });
  it.each<[string, InsideFacts, InsideFacts, string[]]>([
    ['a restart', { bootId: 'a' }, { bootId: 'b', uptimeSeconds: 60 }, ['reboot']],
    ['no restart', { bootId: 'a', uptimeSeconds: 90 }, { bootId: 'a', uptimeSeconds: 20 }, []],
    ['a failure between', { bootId: 'a' }, { failure: { code: 'timeout', detail: '' } }, []],
    [
      'memory errors',
      { bootId: 'a', ecc: { corrected: 0, uncorrected: 0 } },
      { bootId: 'a', ecc: { corrected: 5, uncorrected: 1 } },
      ['memory-errors'],
    ],
    ['counters begin anew', { bootId: 'a', machineChecks: 0 }, { bootId: 'b', machineChecks: 3 }, ['reboot']],
    ['a machine check', { machineChecks: 0 }, { machineChecks: 1 }, ['machine-check']],
    ['a disk lost', { arrays: [array()] }, { arrays: [array({ working: 1 })] }, ['raid']],
  ])('events: %s', (_, before, after, codes) => expect(inside.changes(before, after).map(({ code }) => code)).toEqual(codes));
});

describe('what servers print', () => {
  it('mdstat: well, degraded, rebuilding, checked, waiting, inactive, striped', () => {
    const text = `Personalities : [raid1] [raid6] [raid5] [raid4] [raid0]
md127 : active raid1 sdb1[1](F) sda1[0]
      976630336 blocks super 1.2 [2/1] [U_]
      bitmap: 3/8 pages [12KB], 65536KB chunk

md1 : active raid5 sdd1[3] sdc1[1] sda2[0]
      292945152 blocks level 5, 64k chunk, algorithm 2 [3/2] [UU_]
      [==>..................]  recovery = 12.6% (37043392/292945152) finish=127.5min speed=33440K/sec

md2 : active (auto-read-only) raid1 sde1[0] sdf1[1]
      1000 blocks super 1.2 [2/2] [UU]
        resync=PENDING

md3 : inactive sdg[0](S)
      3906886584 blocks super 1.2

md4 : active raid0 sdi1[1] sdh1[0]
      1000 blocks super 1.2 512k chunks

md5 : active raid6 a[0] b[1] c[2] d[3]
      1000 blocks super 1.2 level 6, 512k chunk, algorithm 2 [4/4] [UUUU]
      [=========>...........]  check = 49.0% (1/2) finish=1.0min speed=1K/sec

unused devices: <none>`;
    expect(mdstatOf(lines(text))).toEqual([
      { name: 'md127', level: 'raid1', active: true, wanted: 2, working: 1, failed: ['sdb1'], work: null },
      { name: 'md1', level: 'raid5', active: true, wanted: 3, working: 2, failed: [], work: { what: 'recovery', percent: 12.6 } },
      { name: 'md2', level: 'raid1', active: true, wanted: 2, working: 2, failed: [], work: { what: 'resync pending', percent: null } },
      { name: 'md3', level: null, active: false, wanted: null, working: null, failed: [], work: null },
      { name: 'md4', level: 'raid0', active: true, wanted: null, working: null, failed: [], work: null },
      { name: 'md5', level: 'raid6', active: true, wanted: 4, working: 4, failed: [], work: { what: 'check', percent: 49 } },
    ]);
    expect(mdstatOf(lines('Personalities : \nunused devices: <none>'))).toEqual([]);
    expect(mdstatOf(['cat: no such file'])).toBeNull();
  });
  it('zpool status -x', () => {
    expect(zpoolsOf(['all pools are healthy'])).toEqual({ pools: [], any: true });
    expect(zpoolsOf(['no pools available'])).toEqual({ pools: [], any: false });
    expect(zpoolsOf(['internal error: failed to initialize ZFS library'])).toBeNull();
    const text = `  pool: tank
 state: DEGRADED
status: One or more devices could not be used because the label is missing or
	invalid.  Sufficient replicas exist for the pool to continue
action: Replace the device using 'zpool replace'.
   see: https://openzfs.github.io/openzfs-docs/msg/ZFS-8000-4J
  scan: scrub repaired 0B in 00:10:00 with 0 errors on Sun Nov  8 00:34:01 2026
config:

	NAME        STATE     READ WRITE CKSUM
	tank        DEGRADED     0     0     0
	  mirror-0  DEGRADED     0     0     0
	    sda     ONLINE       0     0     0
	    sdb     UNAVAIL      0     0     0

errors: No known data errors
  pool: dozer
 state: SUSPENDED
errors: 12 data errors, use '-v' for a list`;
    expect(zpoolsOf(lines(text))?.pools).toMatchObject([
      { name: 'tank', state: 'DEGRADED', errors: 'No known data errors' },
      { name: 'dozer', state: 'SUSPENDED', errors: "12 data errors, use '-v' for a list" },
    ]);
  });
  it('df -P: long names, spaces, nothing known, filled beyond its end', () => {
    const found = dfLines(
      lines(`Filesystem           1024-blocks      Used Available Capacity Mounted on
/dev/mapper/a--very--long--volume--group--name-and--a--very--long--logical--volume   1000   850   150      85% /srv/with a space
/dev/sda1            1000 1005 -5 101% /
/dev/sdb1 0 0 0 - /none
map auto home  5 1 4 20% /home
no line at all`),
    );
    expect([...found]).toEqual([
      ['/srv/with a space', { total: 1_000, used: 850, free: 150 }],
      ['/', { total: 1_000, used: 1_005, free: -5 }],
      ['/none', { total: 0, used: 0, free: 0 }],
      ['/home', { total: 5, used: 1, free: 4 }],
    ]);
    const mountinfo =
      '27 1 254:0 / / rw - ext4 /dev/sda1 rw\n30 27 8:1 / /srv/with\\040a\\040space rw - xfs /dev/sdb rw\n31 27 8:9 / /home rw - autofs x rw';
    const disks = disksOf(found, dfLines(['/dev/sda1 100 40 60 40% /']), mountinfo, new Map(), []);
    expect(disks.map(({ mount, percent, inodePercent }) => [mount, Math.round(percent), inodePercent])).toEqual([
      ['/', 100, 40],
      ['/srv/with a space', 85, null],
    ]);
    expect(disksOf(found, new Map(), mountinfo, new Map([['/home', {}]]), ['/']).map(({ mount }) => mount)).toEqual([
      '/home',
      '/srv/with a space',
    ]);
  });
  it.each<[string, string, string, string[]]>([
    ['well', '1 0 8:1 / / rw - ext4 a rw,errors=remount-ro', '', []],
    ['turned read-only', '1 0 8:1 / / rw - ext4 a ro,errors=remount-ro', '', ['/']],
    ['turned read-only, as fstab does not want it', '1 0 8:1 / /var rw - ext4 a ro', 'UUID=x /var ext4 defaults 0 2', ['/var']],
    ['read-only as fstab wants it', '1 0 8:1 / /usr ro - ext4 a ro', 'UUID=x /usr ext4 ro,nodev 0 2', []],
    ['shut down after an error', '1 0 8:1 / /var rw - ext4 a rw,emergency_ro', '', ['/var']],
    ['a read-only bind mount', '1 0 8:1 / / rw - ext4 a rw\n2 1 8:1 /x /jail ro - ext4 a rw', '', []],
    ['a read-only bind mount that fstab wants to be written to', '2 1 8:1 /x /jail ro - ext4 a rw', '/x /jail none bind 0 0', ['/jail']],
    ['an image', '1 0 7:1 / /snap/x ro - squashfs /dev/loop1 ro', '', []],
    ['memory that fstab wants to be written to', '1 0 0:9 / /tmp ro - tmpfs tmpfs ro', 'tmpfs /tmp tmpfs size=1g 0 0', ['/tmp']],
    ['one disk at two places is told once', '1 0 8:1 / /srv rw - xfs a ro\n2 1 8:1 /x /srv/deeper rw - xfs a ro', '', ['/srv']],
    [
      'a bind mount of what is read-only on purpose',
      '1 0 8:1 / /usr rw - ext4 a ro\n2 1 8:1 /x /jail/usr rw - ext4 a ro',
      'a /usr ext4 ro 0 0',
      [],
    ],
    ['mounted over', '1 0 8:1 / /data ro - ext4 a ro\n2 1 8:2 / /data rw - ext4 b rw', '', []],
    ['a space', '1 0 8:1 / /a\\040b rw - ext4 a ro', 'x /a\\040b ext4 ro 0 0', []],
    ['a comment', '1 0 8:1 / /usr rw - ext4 a ro', '# x /usr ext4 ro 0 0', ['/usr']],
  ])('read-only: %s', (_, mountinfo, fstab, wrong) => expect(readOnlyMounts(mountinfo, fstabOf(lines(fstab)), [])).toEqual(wrong));
  it('network disks: full, silent, refused, ignored', () => {
    const text = `@w 1 nfs4 /mnt/nas
@w 2 nfs /mnt/gone
@w 3 cifs /mnt/with\\040space
@w 4 nfs /mnt/killed
@w 5 nfs /mnt/left
@n 3 1 
@n 4 137 
@n 1 0 1000 100 50 4096 200 20
@n 9 0 1 1 1 1 1 1`;
    const found = networkDisks(lines(text), ['/mnt/left']);
    expect(found.silent).toEqual(['/mnt/gone', '/mnt/killed']);
    expect(found.refused).toEqual(['/mnt/with space']);
    expect(found.disks).toEqual([
      { mount: '/mnt/nas', kind: 'nfs4', bytes: 4_096_000, percent: expect.closeTo(94.7, 1), inodePercent: 90, readOnly: false },
    ]);
  });
  it('memory errors and machine checks', () => {
    const mc = '/sys/devices/system/edac/mc/mc';
    expect(eccOf([`${mc}0/ce_count:12`, `${mc}0/ue_count:0`, `${mc}1/ce_count:3`, `${mc}1/ue_count:1`])).toEqual({
      corrected: 15,
      uncorrected: 1,
    });
    expect(eccOf([])).toBeUndefined();
    expect(eccOf([`${mc}0/ce_count:many`])).toBeUndefined();
    expect(machineChecksOf([' MCE:          0          2          1   Machine check exceptions'])).toBe(3);
    expect(machineChecksOf([])).toBeUndefined();
  });
  it('temperatures of monitors, else of zones', () => {
    const at = '/sys/class/hwmon/hwmon';
    const sensors = [
      `${at}0/name:coretemp`,
      `${at}0/temp1_label:Package id 0`,
      `${at}0/temp1_input:45000`,
      `${at}1/name:nvme`,
      `${at}1/temp1_input:-128000`,
      `${at}1/temp2_input:61850`,
    ];
    const zones = ['/sys/class/thermal/thermal_zone0/type:acpitz', '/sys/class/thermal/thermal_zone0/temp:27800'];
    expect(temperaturesOf(sensors, zones)).toEqual([
      { sensor: 'nvme', celsius: 61.85 },
      { sensor: 'coretemp Package id 0', celsius: 45 },
    ]);
    expect(temperaturesOf([], zones)).toEqual([{ sensor: 'acpitz', celsius: 27.8 }]);
  });
  it.each<[string, string[], number | null, string[] | undefined]>([
    ['none', [], 0, []],
    [
      'two, with and without a dot',
      ['nginx.service loaded failed failed nginx', '● data.mount loaded failed failed /data'],
      0,
      ['nginx.service', 'data.mount'],
    ],
    ['no systemd', [], 1, undefined],
    ['late', [], 137, undefined],
    ['cut off', ['a.service x'], null, undefined],
    ['other words', ['0 loaded units listed.'], 0, []],
  ])('failed units: %s', (_, text, code, units) => expect(failedUnitsOf({ lines: text, code })).toEqual(units));
  it.each<[string, string[] | null, number | null, string[] | null, number | null, number | undefined]>([
    ['counted', ['n 12'], 0, null, null, 12],
    ['cut off at its most', ['n 100002'], null, null, null, 100_002],
    ['broken off early is not known', ['n 12'], null, null, null, undefined],
    ['an old Postfix, empty', ['n 0'], 64, ['Mail queue is empty'], 0, 0],
    ['an old Postfix', ['n 0'], 64, ['-- 5 Kbytes in 2 Requests.'], 0, 2],
    ['one', null, null, ['-- 1 Kbytes in 1 Request.'], 0, 1],
    ['Sendmail', null, null, ['		Total requests: 41'], 0, 41],
    ['Sendmail, empty', null, null, ['/var/spool/mqueue is empty', 'Total requests: 0'], 0, 0],
    ['the mail system is down', ['n 0'], 69, ['postqueue: warning: Mail system is down'], 69, undefined],
    ['nothing there', null, null, null, null, undefined],
  ])('mail queue: %s', (_, counted, countedCode, summary, summaryCode, number) => {
    const section = (text: string[] | null, code: number | null) => (text ? { lines: text, code } : undefined);
    expect(queueOf(section(counted, countedCode), section(summary, summaryCode))).toBe(number);
  });
  it('markers are as old as the clock of the server says, whatever ours says', () => {
    expect(markersOf(['@t 1000', '@m 1 400 7', '@m 2 gone', '@m 3 hidden', '@m 9 1 1', '@m 4 x'], 5, now)).toEqual([
      now - 600_000,
      'gone',
      null,
      null,
      null,
    ]);
    expect(markersOf(['@m 1 400 7'], 1, now)).toEqual([null]);
  });
  it('no text makes a reader throw, and numbers stay numbers', () => {
    const words = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '@@df',
        '@=0',
        '@=137',
        '@b 1',
        '@c 3',
        '@r 0',
        '@gone',
        '@hidden',
        '@t 5',
        '@m 1 5 5',
        '@w 1 nfs /a',
        '@n 1 0 1 2 3 4 5 6',
        '1 2 81a4 /a',
        'md0 : active raid1 a[0](F)',
        '  [2/1] [U_]',
        '  recovery = 99.9%',
        ' pool: x',
        'Personalities',
        'x 1 2 3 4% /y',
        '1 0 8:1 / /a ro - ext4 x ro',
        'a /a ext4 ro',
        '/sys/class/hwmon/hwmon0/temp1_input:5000',
        ' MCE: 1 2',
      ),
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 30 }), (all) => {
        const text = all.join('\n');
        for (const section of sectionsOf(text).values()) failedUnitsOf(section);
        const facts: InsideFacts = {
          login: 'accepted',
          disks: disksOf(dfLines(all), dfLines(all), text, fstabOf(all), []),
          readOnlyMounts: readOnlyMounts(text, fstabOf(all), []),
          arrays: mdstatOf(all) ?? undefined,
          pools: zpoolsOf(all)?.pools,
          ecc: eccOf(all),
          machineChecks: machineChecksOf(all),
          temperatures: temperaturesOf(all, all),
          silentDisks: networkDisks(all, []).silent,
          mailQueue: queueOf({ lines: all, code: 0 }, { lines: all, code: 0 }),
        };
        inside.observation.parse(facts);
        const config = inside.config.parse(login) as InsideConfig;
        expect(inside.judge(facts, config, now).text).not.toContain('NaN');
        for (const found of filesOf(all, 2, now)) if (found) setOf(found, { settle: 0, smallPercent: 50 }, now);
        markersOf(all, 3, now);
      }),
    );
  });
  it('long hostile lines are read quickly', () => {
    const begin = cpuMs();
    for (const line of [
      ' '.repeat(2_000),
      '1 '.repeat(1_000),
      ' 1'.repeat(1_000),
      '@w 1 '.repeat(400),
      `md0 : active ${'raid1 '.repeat(300)}`,
      '[1/'.repeat(600),
    ]) {
      const all = Array<string>(500).fill(line);
      dfLines(all);
      mdstatOf(['Personalities', 'md0 : active', ...all]);
      networkDisks(all, []);
      zpoolsOf(all);
      queueOf(undefined, { lines: all, code: 0 });
      filesOf(all, 1, now);
    }
    expect(cpuMs() - begin).toBeLessThan(2_000);
  });
});

describe('scripts', () => {
  it('take no text from anywhere but checked paths, and write nothing', () => {
    for (const text of [coreScript, disksScript, networkScript, raidScript, servicesScript, markersScript(['/a']), filesScript(['/a/*'])])
      expect(text.replace(/2>\/dev\/null|>\/dev\/null/g, '')).not.toMatch(/[^-|&]>(?!&)|\b(rm|mv|cp|tee|dd|touch|sudo|kill)\b/);
    for (const path of ["/a'b", '/a b', '/a$(x)', '/a`x`', '/a;b', '/a\nb', 'a', '/a"b', '/a\\b', '/a&b', '/a|b', '/a>b'])
      expect(() => markersScript([path])).toThrow();
    expect(markersScript(['/a/b', '/c'])).toMatch(/^set -- '\/a\/b' '\/c'\n/);
  });
  it.each([
    ['/backup/db1/full-*.tar', '/backup/db1'],
    ['/backup/*/full.tar', '/backup'],
    ['/b?', '/'],
    ['/backup/full.tar', '/backup'],
  ])('the folder of %s is %s', (pattern, folder) => expect(folderOf(pattern)).toBe(folder));
  it('a key on one line gets its lines back; another text stays', () => {
    expect(inLines(`-----BEGIN OPENSSH PRIVATE KEY----- ${'A'.repeat(70)} BBB= -----END OPENSSH PRIVATE KEY-----`)).toBe(
      `-----BEGIN OPENSSH PRIVATE KEY-----\n${'A'.repeat(70)}\nBBB=\n-----END OPENSSH PRIVATE KEY-----\n`,
    );
    expect(inLines('no key')).toBe('no key');
  });
});

describe('backup', () => {
  const file = (age: number, bytes = 100, name = '/b/x') => ({ name, at: now - age, bytes });
  const settings = { settle: 5 * MINUTE, smallPercent: 50 };
  const set = (files: ReturnType<typeof file>[]): BackupSet => setOf({ files, count: files.length }, settings, now);
  it.each<[string, ReturnType<typeof file>[], Partial<BackupSet>]>([
    ['none', [], { newest: null, usable: null, usualBytes: null, small: false }],
    ['a single one has nothing to be held against', [file(DAY)], { usable: file(DAY), small: false, usualBytes: null }],
    ['an empty one is no backup', [file(DAY, 0)], { usable: null, small: true }],
    ['half of the usual is enough', [file(DAY, 50), file(2 * DAY)], { usable: file(DAY, 50), small: false, usualBytes: 100 }],
    ['less is not', [file(DAY, 49), file(2 * DAY)], { usable: file(2 * DAY), small: true }],
    [
      'the median is not moved by one giant',
      [file(DAY, 90), file(2 * DAY, 9_999), file(3 * DAY), file(4 * DAY)],
      { small: false, usualBytes: 100 },
    ],
    ['an even number of sizes', [file(DAY), file(2 * DAY, 100), file(3 * DAY, 200)], { usualBytes: 150 }],
    [
      'of more than 14 the newest count',
      [
        file(DAY),
        ...Array.from({ length: 14 }, (_, day) => file((day + 2) * DAY)),
        ...Array.from({ length: 40 }, (_, day) => file((day + 20) * DAY, 9_999)),
      ],
      { usualBytes: 100 },
    ],
    ['being written', [file(MINUTE), file(DAY)], { unfinished: file(MINUTE), newest: file(DAY), usable: file(DAY) }],
    ['from the future', [file(-HOUR), file(DAY)], { future: 1, newest: file(DAY) }],
    ['clocks differ a little', [file(-MINUTE), file(DAY)], { future: 0, unfinished: file(-MINUTE) }],
  ])('set: %s', (_, files, expected) => expect(set(files)).toMatchObject(expected));
  it('increments count after the full backup only, finished and not empty', () => {
    const increments = { files: [file(MINUTE), file(HOUR, 7), file(2 * HOUR, 0), file(3 * HOUR, 5), file(3 * DAY, 9)], count: 5 };
    expect(usableOf(set([file(2 * DAY)]), increments, settings, now)).toEqual({
      at: now - HOUR,
      full: file(2 * DAY),
      increments: 2,
      bytes: 112,
    });
    expect(usableOf(set([]), increments, settings, now)).toBeUndefined();
  });
  it('reads the list', () => {
    const text =
      '@t 1000\n@b 1\n900 5 81a4 /b/one two\n800 6 41ed /b/folder\n@c 2\n@r 0\n@b 2\n@c 0\n@gone\n@r 0\n@b 3\n@c 0\n@hidden\n@r 0\n@b 4\n900 5 81a4 /b/x\n@r 137';
    expect(filesOf(lines(text), 5, now)).toEqual([
      { files: [{ name: '/b/one two', at: now - 100_000, bytes: 5 }], count: 2 },
      { files: [], count: 0 },
      null,
      null,
      null,
    ]);
  });

  const usable = { at: now - DAY, full: file(DAY), increments: 0, bytes: 100 };
  const good: BackupFacts = {
    at: now,
    login: 'accepted',
    full: set([file(DAY), file(8 * DAY)]),
    usable,
  };
  const inc = { incremental: '/b/inc-*' };
  const call = (age: number | null, more = {}) => ({
    at: now,
    call: { since: now - 90 * DAY, at: age === null ? null : now - age, status: age === null ? null : ('ok' as const), text: '', ...more },
  });
  const push = { source: 'push', token: 'job', full: undefined };
  it.each<[string, BackupFacts, Record<string, unknown>, string, string, string]>([
    ['fine', good, {}, 'ok', 'ok', 'newest usable backup is 1 d old, 100 bytes'],
    ['at its limit', { ...good, full: set([file(8 * DAY)]) }, {}, 'ok', 'ok', ''],
    ['late', { ...good, full: set([file(8 * DAY + MINUTE)]) }, {}, 'degraded', 'full-late', '8 d'],
    ['too late', { ...good, full: set([file(16 * DAY)]) }, {}, 'down', 'full-late', '16 d'],
    ['none', { at: now, full: set([]) }, {}, 'down', 'full-late', 'there is no usable full backup'],
    ['not to be seen', { at: now, notKnown: ['full'] }, {}, 'unknown', 'not-known', 'full'],
    ['one part not to be seen', { ...good, notKnown: ['offsite'] }, { offsite: { pattern: '/o/*' } }, 'unknown', 'not-known', 'offsite'],
    [
      'a fault stands above what cannot be seen',
      { at: now, full: set([]), notKnown: ['offsite'] },
      { offsite: { pattern: '/o/*' } },
      'down',
      'full-late',
      'not known: offsite',
    ],
    ['too small', { ...good, full: set([file(DAY, 9), file(2 * DAY)]) }, {}, 'degraded', 'too-small', 'only 9 bytes, usual are 100 bytes'],
    [
      'increments late',
      { ...good, incremental: set([]), usable: { ...usable, at: now - 27 * HOUR } },
      inc,
      'degraded',
      'incremental-late',
      '1 d 3 h',
    ],
    ['a fresh full one stands in for an increment', { ...good, incremental: set([]) }, inc, 'ok', 'ok', ''],
    [
      'increments long gone',
      { ...good, incremental: set([]), usable: { ...usable, at: now - 4 * DAY } },
      inc,
      'down',
      'incremental-late',
      '4 d',
    ],
    ['no copy', { ...good, offsite: set([]) }, { offsite: { pattern: '/o/*' } }, 'degraded', 'offsite-late', 'no copy elsewhere'],
    ['an old copy', { ...good, offsite: set([file(9 * DAY)]) }, { offsite: { pattern: '/o/*' } }, 'degraded', 'offsite-late', '9 d'],
    ['never verified', { ...good, verified: 'gone' }, { verified: { path: '/v' } }, 'degraded', 'not-verified', 'no verified restore'],
    ['verified long ago', { ...good, verified: now - 36 * DAY }, { verified: { path: '/v' } }, 'degraded', 'not-verified', '36 d'],
    ['from the future', { ...good, full: set([file(-DAY), file(DAY)]) }, {}, 'degraded', 'from-the-future', '1 full backup'],
    ['no log-in', { failure: { code: 'timeout', detail: 'no answer' } }, {}, 'unknown', 'timeout', 'no answer'],
    ['another host key', { failure: { code: 'certificate', detail: 'x' }, pinned: false }, {}, 'down', 'host-key-changed', ''],
    ['called', call(HOUR), push, 'ok', 'ok', '1 h old'],
    ['called long ago', call(9 * DAY), push, 'degraded', 'full-late', '9 d'],
    ['called very long ago', call(16 * DAY), push, 'down', 'full-late', '16 d'],
    ['never called', call(null), push, 'down', 'full-late', 'never'],
    ['not called yet', call(null, { since: now - DAY }), push, 'unknown', 'never-called', ''],
    ['perhaps missed', call(9 * DAY, { since: now - DAY }), push, 'unknown', 'missed-perhaps', ''],
    ['the job failed', call(HOUR, { status: 'critical', text: 'disk full' }), push, 'down', 'reported', 'disk full'],
    ['the job warns', call(HOUR, { status: 'warning' }), push, 'degraded', 'reported', ''],
    ['nobody listens', { at: now }, push, 'unknown', 'not-listening', ''],
  ])('verdict: %s', (_, facts, more, state, reason, words) => {
    const config = backup.config.parse({ ...login, full: '/b/full-*', ...more }) as BackupConfig;
    const verdict = backup.judge(facts, config, now);
    expect(verdict).toMatchObject({ state, reason });
    expect(verdict.text).toContain(words);
    for (const text of Object.values(backup.explain(facts, verdict, config))) expect(text).toMatch(/^.+\.$/);
    backup.observation.parse(facts);
    expect(() => backup.facts(facts)).not.toThrow();
  });
  it.each<[string, BackupFacts, BackupFacts, string[]]>([
    ['a new one', { full: set([file(DAY)]) }, { full: set([file(HOUR), file(DAY)]) }, ['new-backup']],
    ['the first one', { full: set([]) }, { full: set([file(HOUR)]) }, ['new-backup']],
    ['the same, by a second off', { full: set([file(DAY)]) }, { full: set([file(DAY + 1_000)]) }, []],
    ['gone', { full: set([file(HOUR), file(DAY)]) }, { full: set([file(DAY)]) }, ['backup-gone']],
    ['all gone', { full: set([file(HOUR)]) }, { full: set([]) }, ['backup-gone']],
    ['not seen between', { full: set([file(HOUR)]) }, { notKnown: ['full'] }, []],
    ['seen for the first time', {}, { full: set([file(HOUR)]) }, []],
    [
      'an increment and a copy',
      { incremental: set([]), offsite: set([]) },
      { incremental: set([file(HOUR)]), offsite: set([file(HOUR)]) },
      ['new-backup', 'new-backup'],
    ],
  ])('events: %s', (_, before, after, codes) => expect(backup.changes(before, after).map(({ code }) => code)).toEqual(codes));
});

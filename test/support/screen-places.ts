/**
 * The site of the pictures of places: the routers of the lab with real name servers, an SNMP agent and an ssh server behind them. What the
 * machine db1 tells about itself over that ssh is made up, so that nothing of the machine that makes the pictures is seen.
 */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOUR, MINUTE } from '../../shared/time.ts';
import { buildLab, farHost, gateways, type Lab, prefixes } from './lab.ts';
import { startIn } from './lab-desk.ts';
import { startNameServer, startWeb } from './lab-servers.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The cable between the pictures' network and the lab's internet. */
const cable = { desk: '198.18.6.2', internet: '198.18.6.1' };
const names = { ns1: '198.18.13.53', ns2: '198.18.14.53', ns3: '198.19.0.53' };
/** What the resolver must know: the names of the name servers. */
export const placeNames = Object.entries(names)
  .map(([name, address]) => `${name}.harbor.example. 60 A ${address}\n`)
  .join('');
const domains = ['harbor.example', 'seaside.example', 'shop.example'];
const cut = prefixes.slice(0, 3).map(({ cidr }) => cidr);
const community = 'noc-reads';

export interface Places {
  inventory: string;
  secrets: Record<string, string>;
  /** Checks whose way was followed on a good day. */
  traced: readonly string[];
  usualMs(check: { id: string; type: string }): number;
  lossAt(check: string, agoMs: number): number;
  losePackets(): void;
  mendLevel3(): void;
  /** Cox takes packets for three ranges and lets them vanish. */
  dropPrefixes(): void;
  /** The server far away gets no newer zones. */
  stopTransfers(): Promise<void>;
}

export async function startPlaces(after: (undo: () => unknown) => void): Promise<Places> {
  const lab = await buildLab();
  after(() => lab.stop());
  const [, , internet = ''] = lab.within('internet');
  const ip = (line: string): void => void execFileSync('ip', line.split(' '));
  ip(`link add lab0 type veth peer name pictures netns ${internet}`);
  ip(`address add ${cable.desk}/30 dev lab0`);
  ip('link set lab0 up');
  lab.run('internet', `ip address add ${cable.internet}/30 dev pictures; ip link set pictures up; ip address add ${names.ns3}/32 dev lo`);
  ip(`route replace default via ${cable.internet}`);
  // The last range comes in over the other provider.
  lab.run('internet', 'ip route replace 198.18.14.0/24 via 198.18.2.2 metric 5');

  // What customers do, so that there is something to count.
  for (const address of ['198.18.13.1', '198.18.14.1']) startTraffic(lab, address);
  const [primary, ssh] = await Promise.all([startDns(lab), startDb1(lab), startWeb(lab), startRouter(lab)]);
  return {
    inventory: JSON.stringify(inventoryOf(ssh.fingerprint), null, 1),
    secrets: { 'desk-key': ssh.key, community },
    traced: ['range-1/icmp-198.18.10.1', 'range-2/icmp-198.18.11.1'],
    usualMs: ({ id, type }) => {
      if (id.endsWith('/optics')) return id.startsWith('cox') ? -6.4 : -11.3;
      if (id.endsWith('/gateway')) return id.startsWith('cox') ? 2.1 : 4.6;
      const usual: Record<string, number> = { icmp: 0.09, snmp: 28, inside: 61, backup: 20 };
      return usual[type] ?? 1;
    },
    lossAt: (check, agoMs) =>
      check.startsWith('level3') && agoMs < 70 * MINUTE
        ? 0.04 + 0.22 * (1 - agoMs / (70 * MINUTE))
        : agoMs % (7 * HOUR) < MINUTE
          ? 0.05
          : 0,
    losePackets: () => lab.losePackets('level3'),
    mendLevel3: () => lab.carryPrefixes('level3', []),
    dropPrefixes: () => lab.dropPrefixes('cox', cut, 'filter'),
    async stopTransfers() {
      const rule = `ip saddr ${names.ns3} ip daddr ${names.ns1} drop`;
      lab.run('core', `printf 'table ip night {\\nchain forward {\\ntype filter hook forward priority 0;\\n${rule}\\n}\\n}\\n' | nft -f -`);
      for (const zone of domains.slice(0, 2)) primary.change(zone, zoneText(zone, 2026112003));
    },
  };
}

/** Half a megabit a second each way; ends with the lab. */
function startTraffic(lab: Lab, address: string): void {
  const [program = '', ...args] = [...lab.within('internet'), 'ping', '-q', '-i', '0.02', '-s', '1400', address];
  spawn(program, args, { stdio: 'ignore' });
}

const zoneText = (zone: string, serial: number): string =>
  `$ORIGIN ${zone}.\n$TTL 300\n@ SOA ns1.harbor.example. hostmaster ${serial} 2 2 86400 60\n${Object.keys(names)
    .map((name) => `@ NS ${name}.harbor.example.\n`)
    .join('')}${
    zone === domains[0]
      ? Object.entries(names)
          .map(([name, address]) => `${name} A ${address}\n`)
          .join('')
      : ''
  }www A 198.18.13.${serial % 100}0\n`;

async function startDns(lab: Lab) {
  const more = [names.ns2, names.ns3].map((address) => `provide-xfr: ${address} NOKEY`);
  const primary = await startNameServer(
    lab,
    'servers',
    names.ns1,
    Object.fromEntries(domains.map((it) => [it, zoneText(it, 2026112001)])),
    more,
  );
  const copies = Object.fromEntries(domains.map((it) => [it, null]));
  const copying = (own: string): string[] => [
    `request-xfr: AXFR ${names.ns1} NOKEY`,
    `outgoing-interface: ${own}`,
    ...['min-refresh-time: 1', 'max-refresh-time: 1', 'min-retry-time: 1', 'max-retry-time: 1'],
  ];
  await Promise.all([
    startNameServer(lab, 'servers', names.ns2, copies, copying(names.ns2)),
    startNameServer(lab, 'internet', names.ns3, copies, copying(names.ns3)),
  ]);
  return primary;
}

/** The core router's agent; with the optics of its two ports. */
async function startRouter(lab: Lab): Promise<void> {
  const folder = temporaryFolder('places-snmpd');
  const file = join(folder, 'snmpd.conf');
  const optics = ['override 1.3.6.1.4.1.8072.9999.1.1.0 integer -640', 'override 1.3.6.1.4.1.8072.9999.1.2.0 integer -1130'];
  writeFileSync(file, `agentAddress udp:161,tcp:161\n[snmp] persistentDir ${folder}\nrocommunity ${community}\n${optics.join('\n')}\n`);
  await startIn(lab, 'core', ['/usr/sbin/snmpd', '-f', '-Le', '-m', '', '-M', folder, '-C', '-c', file, '-p', join(folder, 'pid')], 161);
}

const section = (name: string, text: string): string => `\n@@${name}\n${text}\n\n@=0\n`;
const told = {
  core: [
    section('cores', '16'),
    section('load', '2.84 3.12 2.31 3/642 9912'),
    section('memory', 'MemTotal: 65842312 kB\nMemAvailable: 25678501 kB\nSwapTotal: 8388604 kB\nSwapFree: 8120316 kB'),
    section('uptime', '8812345.11 98123456.00'),
    section('boot', '5d0a8c0e-6e0c-4f6b-9b1d-0f5c1a2b3c4d'),
    section('ecc', '/sys/devices/system/edac/mc/mc0/ce_count:3\n/sys/devices/system/edac/mc/mc0/ue_count:0'),
    section('mce', ' MCE: 0 0 Machine check exceptions'),
    section('zones', '/sys/class/thermal/thermal_zone0/type:x86_pkg_temp\n/sys/class/thermal/thermal_zone0/temp:58000'),
    section(
      'sensors',
      '/sys/class/hwmon/hwmon0/name:nvme\n/sys/class/hwmon/hwmon0/temp1_label:Composite\n/sys/class/hwmon/hwmon0/temp1_input:44850',
    ),
  ],
  disks: [
    section(
      'mounts',
      '22 1 9:0 / / rw,relatime - ext4 /dev/md0 rw\n23 22 9:1 / /var/lib/mysql rw,noatime - xfs /dev/md1 rw\n24 22 9:2 / /backup rw - ext4 /dev/md2 rw',
    ),
    section('fstab', '/dev/md0 / ext4 defaults 0 1\n/dev/md1 /var/lib/mysql xfs noatime 0 2\n/dev/md2 /backup ext4 defaults 0 2'),
    section(
      'df',
      'Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/md0 61252420 21438347 36670773 37% /\n/dev/md1 1875385008 1556569556 318815452 83% /var/lib/mysql\n/dev/md2 3844529116 2191381596 1457779244 61% /backup',
    ),
    section(
      'dfi',
      'Filesystem Inodes IUsed IFree IUse% Mounted on\n/dev/md0 3907584 312606 3594978 8% /\n/dev/md1 187538496 18753 187519743 1% /var/lib/mysql\n/dev/md2 244187136 97674 244089462 1% /backup',
    ),
  ],
  network: ['\n@@network\n'],
  raid: [
    section(
      'mdstat',
      'Personalities : [raid1] [raid10]\nmd1 : active raid10 nvme3n1p1[3](F) nvme2n1p1[2] nvme1n1p1[1] nvme0n1p1[0]\n      1875385344 blocks super 1.2 512K chunks 2 near-copies [4/3] [UUU_]\n\nmd0 : active raid1 sdb1[1] sda1[0]\n      61286400 blocks super 1.2 [2/2] [UU]\n\nunused devices: <none>',
    ),
  ],
  services: [section('units', ''), section('summary', 'Mail queue is empty')],
};

async function startDb1(lab: Lab): Promise<{ key: string; fingerprint: string }> {
  const folder = temporaryFolder('places-sshd');
  const at = (name: string): string => join(folder, name);
  for (const name of ['host', 'account']) execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(name)]);
  for (const [name, sections] of Object.entries(told)) writeFileSync(at(`told-${name}`), `${sections.join('')}\n@@end\n`);
  const cases = { 'run load': 'core', 'run df': 'disks', '@@network': 'network', 'run mdstat': 'raid', systemctl: 'services' };
  const lines = Object.entries(cases).map(([sign, name]) => `*"${sign}"*) cat ${folder}/told-${name} ;;`);
  writeFileSync(at('tell'), `#!/bin/sh\ns=$(cat)\ncase $s in\n${lines.join('\n')}\n*) printf '%s\\n' "$s" | sh -s ;;\nesac\n`);
  chmodSync(at('tell'), 0o755);
  const settings = ['UsePAM no', 'StrictModes no', `HostKey ${at('host')}`, 'PidFile none', `AuthorizedKeysFile ${at('account')}.pub`];
  writeFileSync(at('sshd_config'), `${[...settings, `ForceCommand ${at('tell')}`].join('\n')}\n`);
  lab.run('servers', 'mkdir -p -m 755 /run/sshd; mount -t tmpfs none /root; mount -t tmpfs none /srv; mkdir /srv/backup');
  const put = (name: string, kilobytes: number, age: string): string =>
    lab.run('servers', `head -c ${kilobytes}k /dev/zero >/srv/backup/${name}; touch -d '${age} ago' /srv/backup/${name}`);
  for (const [day, kilobytes] of [9_120, 9_080, 8_990].entries()) put(`full-${day}.tar`, kilobytes, `${day * 24 + 8} hours`);
  put('incremental-1.tar', 420, '2 hours');
  await startIn(lab, 'servers', ['/usr/sbin/sshd', '-D', '-e', '-f', at('sshd_config')], 22);
  return {
    key: readFileSync(at('account'), 'utf8'),
    fingerprint: execFileSync('ssh-keygen', ['-lf', `${at('host')}.pub`], { encoding: 'utf8' }).split(' ')[1] ?? '',
  };
}

const ranges = ['Hosting A', 'Hosting B', 'Mail and DNS', 'Servers', 'Customers'];

function inventoryOf(fingerprint: string): Record<string, unknown> {
  const snmp = { type: 'snmp', address: '198.18.5.1', communitySecret: 'community' };
  const counted = (name: string, oid: number): object[] => [
    { ...snmp, name: 'port', kind: 'interface', interface: name, speed: 2 },
    {
      ...snmp,
      name: 'optics',
      kind: 'value',
      oid: `1.3.6.1.4.1.8072.9999.1.${oid}.0`,
      label: 'Receive power',
      unit: 'dBm',
      scale: 0.01,
      degradedBelow: -14,
    },
  ];
  const login = { user: 'root', keySecret: 'desk-key', fingerprint, timeout: '5s', interval: '15s' };
  const host = (id: string, address: string, parent: string, checks: object[]): object => ({
    id,
    site: 'san-diego',
    address,
    parents: [parent],
    checks,
  });
  const web = (number: number, address: string, parent: string): object =>
    host(`web${number}`, address, parent, [
      { type: 'icmp', packets: 2 },
      { type: 'http', scheme: 'http', contains: ['all is well'] },
    ]);
  return {
    organization: { name: 'Harbor Hosting', timezone: 'America/Los_Angeles' },
    defaults: { interval: '8s', retryInterval: '2s', maxAttempts: 2, timeout: '2s' },
    desk: {
      anchors: [
        { type: 'icmp', name: 'gateway', address: 'default-gateway', packets: 1 },
        { type: 'icmp', name: 'far-host', address: farHost, packets: 1 },
      ],
    },
    sites: [
      {
        id: 'san-diego',
        name: 'San Diego',
        contacts: [
          { tier: 'Remote hands', name: 'Scale Mission Valley', phone: '+1 555 0142', email: 'hands@example.net' },
          { tier: 'Facility', name: 'Building desk', phone: '+1 555 0107' },
        ],
      },
    ],
    links: [
      {
        id: 'cox',
        site: 'san-diego',
        provider: 'Cox',
        circuit: '71.KGGS.004211',
        gateway: gateways.cox,
        hops: ['198.18.1.0/30', '198.18.3.1/32'],
        contacts: [
          { tier: 'NOC', name: 'Cox Business', phone: '+1 555 0119', email: 'noc@cox.example', url: 'https://portal.cox.example/tickets' },
        ],
        checks: counted('cox', 1),
      },
      {
        id: 'level3',
        site: 'san-diego',
        provider: 'Level3',
        circuit: 'BBPJ48219',
        gateway: gateways.level3,
        hops: ['198.18.2.0/30', '198.18.4.1/32'],
        contacts: [{ tier: 'NOC', name: 'Level3 repair', phone: '+1 555 0133' }],
        checks: counted('level3', 2),
      },
    ],
    prefixes: prefixes.map(({ cidr, representative }, index) => ({
      id: `range-${index + 1}`,
      name: ranges[index],
      cidr,
      site: 'san-diego',
      via: index < 3 ? ['cox'] : index === 3 ? ['cox', 'level3'] : ['level3'],
      representatives: [representative, representative.replace(/1$/, '65'), representative.replace(/1$/, '129')],
    })),
    hosts: [
      ...[10, 11, 12].map((last, index) => web(index + 1, `198.18.10.${last}`, 'range-1')),
      ...[10, 11].map((last, index) => web(index + 4, `198.18.11.${last}`, 'range-2')),
      host('mx1', '198.18.12.25', 'range-3', [
        { type: 'icmp', packets: 2 },
        { type: 'tcp', name: 'ssh', port: 22 },
      ]),
      host('db1', '198.18.13.20', 'range-4', [
        { type: 'icmp', packets: 2 },
        { type: 'ssh', fingerprint },
        { type: 'inside', ...login },
        {
          type: 'backup',
          ...login,
          full: '/srv/backup/full-*.tar',
          incremental: '/srv/backup/incremental-*.tar',
          fullDegraded: '26h',
          fullDown: '7d',
        },
      ]),
      web(6, '198.18.14.10', 'range-5'),
    ],
    services: [
      {
        id: 'names',
        name: 'Name service',
        checks: [
          ...domains.map((zone) => ({
            type: 'zone',
            name: zone,
            zone,
            servers: Object.keys(names).map((it) => `${it}.harbor.example`),
            primary: 'ns1.harbor.example',
            serialLagDegraded: '3s',
          })),
          {
            type: 'propagation',
            name: 'www-moves',
            query: 'www.harbor.example',
            expect: ['198.18.13.30'],
            resolvers: Object.values(names),
          },
        ],
      },
    ],
  };
}

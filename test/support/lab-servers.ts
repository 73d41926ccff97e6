/** Real servers in the lab, on their usual ports. They end with the lab. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab, Place } from './lab.ts';
import { startIn } from './lab-desk.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The number of a process as its own place counts it stands in `pidFile`. */
const signal = (lab: Lab, place: Place, name: string, pidFile: string): void => void lab.run(place, `kill -${name} $(cat ${pidFile})`);

/** nginx: every address of every prefix serves the same page. */
export async function startWeb(lab: Lab): Promise<void> {
  const folder = temporaryFolder('lab-web');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((it) => `${it}_temp_path ${folder}/${it};`).join(' ');
  const conf = join(folder, 'nginx.conf');
  writeFileSync(
    conf,
    `daemon off; user root; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log warn;
     events { worker_connections 256; }
     http { access_log off; ${temporary} server { listen 80; location / { return 200 "all is well"; } } }\n`,
  );
  await startIn(lab, 'servers', ['nginx', '-e', join(folder, 'error.log'), '-p', folder, '-c', conf], 80);
}

export interface NameServer {
  /** Puts another text of a zone in force. */
  change(zone: string, text: string): void;
}

/** @param zones text of each zone; null = a copy, fetched as `more` (lines of its settings) says */
export async function startNameServer(
  lab: Lab,
  place: Place,
  address: string,
  zones: Record<string, string | null>,
  more: readonly string[] = [],
): Promise<NameServer> {
  const folder = temporaryFolder('lab-nsd');
  const put = (zone: string, text: string): void => writeFileSync(join(folder, `${zone}.zone`), text);
  const lines = [
    'server:',
    `  ip-address: ${address}`,
    '  username: ""\n  chroot: ""\n  database: ""\n  server-count: 1\n  rrl-ratelimit: 0',
    `  zonesdir: "${folder}"\n  xfrdir: "${folder}"\n  xfrdfile: "${folder}/xfrd"\n  zonelistfile: "${folder}/list"\n  pidfile: "${folder}/pid"`,
    'remote-control:\n  control-enable: no',
  ];
  for (const [zone, text] of Object.entries(zones)) {
    if (text !== null) put(zone, text);
    lines.push('zone:', `  name: "${zone}"`, `  zonefile: "${zone}.zone"`, ...more.map((line) => `  ${line}`));
  }
  writeFileSync(join(folder, 'nsd.conf'), `${lines.join('\n')}\n`);
  await startIn(lab, place, ['nsd', '-d', '-c', join(folder, 'nsd.conf')], 53, address);
  return {
    change(zone, text) {
      put(zone, text);
      signal(lab, place, 'HUP', join(folder, 'pid'));
    },
  };
}

/** A server that can be frozen: it stays there, takes connections, and does nothing. */
export interface Freezing {
  freeze(): void;
  thaw(): void;
}
const freezing = (lab: Lab, pidFile: string): Freezing => ({
  freeze: () => signal(lab, 'servers', 'STOP', pidFile),
  thaw: () => signal(lab, 'servers', 'CONT', pidFile),
});

/** MariaDB with an account `noc`, who may see how it is. */
export async function startMariadb(lab: Lab, password: string): Promise<Freezing> {
  const folder = temporaryFolder('lab-mariadb');
  const data = join(folder, 'data');
  const plain = ['--no-defaults', `--datadir=${data}`, '--user=root'];
  execFileSync('mariadb-install-db', [...plain, '--auth-root-authentication-method=normal', '--skip-test-db'], { stdio: 'ignore' });
  writeFileSync(join(folder, 'init.sql'), `CREATE USER noc@'%' IDENTIFIED BY '${password}';\nGRANT SLAVE MONITOR ON *.* TO noc@'%';\n`);
  const own = [`--socket=${folder}/s`, `--pid-file=${folder}/pid`, '--innodb-buffer-pool-size=8M', `--init-file=${folder}/init.sql`];
  await startIn(lab, 'servers', ['mariadbd', ...plain, ...own, '--bind-address=0.0.0.0', '--skip-name-resolve'], 3306);
  return freezing(lab, join(folder, 'pid'));
}

export async function startRedis(lab: Lab): Promise<Freezing> {
  const folder = temporaryFolder('lab-redis');
  const own = ['--pidfile', join(folder, 'pid'), '--dir', folder, '--save', '', '--protected-mode', 'no'];
  await startIn(lab, 'servers', ['redis-server', ...own], 6379);
  return freezing(lab, join(folder, 'pid'));
}

export interface ShellServer {
  /** Of its host key. */
  fingerprint: string;
  /** Lets root in. */
  key: string;
  /** Sets it up anew with another host key. @returns its fingerprint */
  reinstall(): Promise<string>;
}

/** OpenSSH's server. */
export async function startSshd(lab: Lab): Promise<ShellServer> {
  const folder = temporaryFolder('lab-sshd');
  const make = (name: string): string => {
    const key = join(folder, name);
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    return key;
  };
  const account = make('account');
  // A home without what this machine's root runs at each log-in.
  lab.run('servers', 'mount -t tmpfs none /root');
  const start = async (name: string): Promise<string> => {
    const key = make(name);
    const conf = join(folder, 'sshd_config');
    writeFileSync(conf, `HostKey ${key}\nPidFile ${folder}/pid\nUsePAM no\nStrictModes no\nAuthorizedKeysFile ${account}.pub\n`);
    lab.run('servers', 'mkdir -p -m 755 /run/sshd');
    await startIn(lab, 'servers', ['/usr/sbin/sshd', '-D', '-e', '-f', conf], 22);
    return execFileSync('ssh-keygen', ['-lf', `${key}.pub`], { encoding: 'utf8' }).split(' ')[1] ?? '';
  };
  return {
    fingerprint: await start('first'),
    key: readFileSync(account, 'utf8'),
    async reinstall() {
      signal(lab, 'servers', 'TERM', join(folder, 'pid'));
      return start('second');
    },
  };
}

/** net-snmp's agent on the core router: its ports are named after where their cables lead. */
export async function startRouterAgent(lab: Lab, community: string): Promise<void> {
  const folder = temporaryFolder('lab-snmpd');
  const file = join(folder, 'snmpd.conf');
  writeFileSync(file, `agentAddress udp:161,tcp:161\n[snmp] persistentDir ${folder}\nrocommunity ${community}\n`);
  await startIn(lab, 'core', ['/usr/sbin/snmpd', '-f', '-Le', '-m', '', '-M', folder, '-C', '-c', file, '-p', join(folder, 'pid')], 161);
}

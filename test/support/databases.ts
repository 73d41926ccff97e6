/** Real MariaDB, PostgreSQL and Redis servers on 127.0.0.1, each with a folder of its own. Whatever is started here is stopped by `stop`. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, type Started, startProgram, tempFolder } from './servers.ts';

export interface Database extends Started {
  /** The server's process, to be stopped and continued. */
  pid: number;
  /** Its folder. */
  path: string;
}

const isRoot = process.getuid?.() === 0;

/** The process that listens on a port. */
const listenerOf = (port: number): number => {
  const found = /pid=(\d+)/.exec(execFileSync('ss', ['-Hltnp', `sport = :${port}`], { encoding: 'utf8' }));
  if (!found) throw new Error(`nobody listens on ${port}`);
  return Number(found[1]);
};

/** A key and a certificate for `name`, signed by itself. */
export function selfSigned(folder: string, name: string): { key: string; cert: string } {
  const [key, cert] = [join(folder, 'server.key'), join(folder, 'server.crt')];
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name},IP:127.0.0.1`];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '30',
      '-keyout',
      key,
      '-out',
      cert,
      ...subject,
    ],
    {
      stdio: 'ignore',
    },
  );
  chmodSync(key, 0o600);
  return { key, cert };
}

/** @param sql run at the start, one statement a line; @param options further ones of mariadbd */
export async function startMariadb(sql: string[], options: string[] = [], tls = false): Promise<Database> {
  const folder = tempFolder();
  const port = await freePort();
  const data = join(folder.path, 'data');
  const user = isRoot ? ['--user=root'] : [];
  execFileSync(
    'mariadb-install-db',
    ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db', ...user],
    {
      stdio: 'ignore',
    },
  );
  writeFileSync(join(folder.path, 'init.sql'), `${sql.join('\n')}\n`);
  const pair = tls ? selfSigned(folder.path, 'db.example.net') : null;
  const own = [
    '--no-defaults',
    ...user,
    `--datadir=${data}`,
    `--socket=${join(folder.path, 's')}`,
    `--pid-file=${join(folder.path, 'pid')}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    '--innodb-buffer-pool-size=8M',
    '--innodb-log-file-size=4M',
    `--init-file=${join(folder.path, 'init.sql')}`,
    ...(pair ? [`--ssl-cert=${pair.cert}`, `--ssl-key=${pair.key}`] : []),
    ...options,
  ];
  const stop = await startProgram('mariadbd', own, port);
  return { port, pid: listenerOf(port), path: folder.path, stop: () => stop().then(folder.remove) };
}

const postgresBin = (): string => {
  const versions = readdirSync('/usr/lib/postgresql').sort((a, b) => Number(b) - Number(a));
  return `/usr/lib/postgresql/${versions[0]}/bin`;
};
/** PostgreSQL does not run as root: it then runs as the user that its package made. */
const asPostgres = (command: string, args: string[]): [string, string[]] =>
  isRoot ? ['setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', command, ...args]] : [command, args];

async function runPostgres(folder: ReturnType<typeof tempFolder>, data: string): Promise<Database> {
  const port = await freePort();
  const [command, args] = asPostgres(join(postgresBin(), 'postgres'), [
    '-D',
    data,
    '-p',
    String(port),
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    `unix_socket_directories=${folder.path}`,
  ]);
  const stop = await startProgram(command, args, port);
  // For a moment its children have the port as well, and are gone soon: its own file says which process it is.
  const pid = Number.parseInt(readFileSync(join(data, 'postmaster.pid'), 'utf8'), 10);
  return { port, pid, path: folder.path, stop: () => stop().then(folder.remove) };
}

/** A primary; account `postgres` with the password `starter-word`. */
export async function startPostgres(options: { tls?: boolean; lines?: string[] } = {}): Promise<Database> {
  const folder = tempFolder();
  chmodSync(folder.path, 0o777);
  const data = join(folder.path, 'data');
  const word = join(folder.path, 'word');
  writeFileSync(word, 'starter-word\n');
  const run = (name: string, ...args: string[]): void => {
    const [command, all] = asPostgres(join(postgresBin(), name), args);
    execFileSync(command, all, { stdio: 'ignore', cwd: '/' });
  };
  run('initdb', '-D', data, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${word}`, '--no-sync', '--no-locale', '-E', 'UTF8');
  const lines = [
    'fsync = off',
    'shared_buffers = 8MB',
    'max_connections = 20',
    'superuser_reserved_connections = 1',
    'max_wal_size = 64MB',
    'min_wal_size = 32MB',
    ...(options.lines ?? []),
  ];
  if (options.tls) {
    const pair = selfSigned(folder.path, 'db.example.net');
    if (isRoot) execFileSync('chown', ['postgres', pair.key]);
    lines.push('ssl = on', `ssl_cert_file = '${pair.cert}'`, `ssl_key_file = '${pair.key}'`);
  }
  writeFileSync(join(data, 'postgresql.auto.conf'), `${lines.join('\n')}\n`);
  return runPostgres(folder, data);
}

/** A replica of it that streams. */
export async function startPostgresReplica(primary: Database): Promise<Database> {
  const folder = tempFolder();
  chmodSync(folder.path, 0o777);
  const data = join(folder.path, 'data');
  const [command, args] = asPostgres(join(postgresBin(), 'pg_basebackup'), [
    '-d',
    `host=127.0.0.1 port=${primary.port} user=postgres password=starter-word`,
    '-D',
    data,
    '-R',
    '-X',
    'stream',
    '--checkpoint=fast',
    '--no-sync',
  ]);
  execFileSync(command, args, { stdio: 'ignore', cwd: '/' });
  return runPostgres(folder, data);
}

export async function startRedis(options: string[] = []): Promise<Database> {
  const folder = tempFolder();
  const port = await freePort();
  const stop = await startProgram(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder.path, '--save', '', ...options],
    port,
  );
  return { port, pid: listenerOf(port), path: folder.path, stop: () => stop().then(folder.remove) };
}

/** An sshd whose keys the test chooses: it makes one of each kind that is named. */
export async function startSshdWith(kinds: string[], port?: number): Promise<Started & { fingerprints: Record<string, string> }> {
  const folder = tempFolder();
  const own = port ?? (await freePort());
  const fingerprints: Record<string, string> = {};
  const lines = [`Port ${own}`, 'ListenAddress 127.0.0.1', 'PidFile none', 'UsePAM no', 'StrictModes no'];
  for (const kind of kinds) {
    const key = join(folder.path, `key-${kind}`);
    execFileSync('ssh-keygen', ['-q', '-t', kind, '-N', '', '-f', key]);
    fingerprints[kind] = execFileSync('ssh-keygen', ['-lf', `${key}.pub`], { encoding: 'utf8' }).split(' ')[1] ?? '';
    lines.push(`HostKey ${key}`);
  }
  if (isRoot) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  writeFileSync(join(folder.path, 'sshd_config'), `${lines.join('\n')}\n`);
  const stop = await startProgram('/usr/sbin/sshd', ['-D', '-e', '-f', join(folder.path, 'sshd_config')], own);
  return { port: own, fingerprints, stop: () => stop().then(folder.remove) };
}

/** The programs and libraries of the system that the tests need: says what is missing, and as root on Debian or Ubuntu installs it. */

import { SetupProblem } from '../../electron/setup/fail.ts';
import { say } from '../../electron/setup/progress.ts';
import { readChild, runChild } from '../../electron/setup/run-child.ts';
import { electronLibraryPackages } from '../../electron/setup/system-libraries.ts';

/** Each package of a real server or tool, and a command that shows that it is there. */
const TOOLS: Readonly<Record<string, string>> = {
  fping: 'fping',
  nginx: 'nginx',
  'openssh-server': 'sshd',
  openssl: 'openssl',
  nsd: 'nsd',
  ldnsutils: 'ldns-signzone',
  unbound: 'unbound',
  postfix: 'postfix',
  'dovecot-core': 'dovecot',
  'dovecot-imapd': 'dovecot',
  'dovecot-pop3d': 'dovecot',
  'dovecot-lmtpd': 'dovecot',
  'dovecot-managesieved': 'dovecot',
  'dovecot-sieve': 'sievec',
  // What other tools say of the same faults: check_smtp, check_imap, check_pop.
  'monitoring-plugins-basic': '/usr/lib/nagios/plugins/check_smtp',
  'redis-server': 'redis-server',
  postgresql: 'pg_ctlcluster',
  'mariadb-server': 'mariadbd',
  iproute2: 'ip',
  nftables: 'nft',
  e2fsprogs: 'mkfs.ext4',
  'iputils-ping': 'ping',
  'mtr-tiny': 'mtr',
  traceroute: 'traceroute',
  snmpd: 'snmpd',
  chrony: 'chronyd',
  curl: 'curl',
  // Reads the PDFs that were printed.
  'poppler-utils': 'pdftotext',
  xvfb: 'Xvfb',
  xauth: 'xauth',
};
const FONTS = ['fonts-dejavu-core'];

/** Makes sure that everything is there. Throws SetupProblem with the command to run where it may not install. */
export async function ensureSystemPackages(): Promise<void> {
  if (!(await isDebian())) return expectCommands();
  const wanted = [...Object.keys(TOOLS), ...electronLibraryPackages, ...FONTS];
  const missing = await missingPackages(wanted);
  if (missing.length === 0) return;

  const root = process.getuid?.() === 0;
  if (!root) {
    throw new SetupProblem(
      `The tests need system packages that are not installed: ${missing.join(', ')}. Install them with\n\n` +
        `  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing.join(' ')}`,
    );
  }
  say(`Installing ${missing.length} system packages: ${missing.join(' ')}`);
  await apt(['update', '-q']);
  await apt(['install', '-y', '-q', '--no-install-recommends', ...(await availableNames(missing))]);
  const still = await missingPackages(wanted);
  if (still.length > 0) throw new SetupProblem(`apt-get ended well, but these packages are still missing: ${still.join(', ')}.`);
}

async function isDebian(): Promise<boolean> {
  return (await readChild('dpkg-query', ['--version'])).code === 0;
}

/** Since the change to 64-bit time some packages are called libasound2t64 and so on: either name will do. */
function names(name: string): string[] {
  return name.startsWith('lib') ? [name, `${name}t64`] : [name];
}

async function missingPackages(wanted: readonly string[]): Promise<string[]> {
  // dpkg-query ends with 1 when it does not know one of the names; what it knows it prints all the same.
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholders are dpkg-query's.
  const { stdout } = await readChild('dpkg-query', ['-W', '-f', '${db:Status-Status} ${Package}\n', ...wanted.flatMap(names)]);
  const installed = new Set(stdout.split('\n').flatMap((line) => (line.startsWith('installed ') ? [line.slice(10)] : [])));
  return wanted.filter((name) => !names(name).some((each) => installed.has(each)));
}

/** The name under which this release has each package. */
async function availableNames(missing: readonly string[]): Promise<string[]> {
  const { stdout } = await readChild('apt-cache', ['--no-all-versions', 'show', ...missing.flatMap(names)]);
  const known = new Set([...stdout.matchAll(/^Package: (\S+)$/gm)].map(([, name]) => name));
  return missing.map((name) => names(name).find((each) => known.has(each)) ?? name);
}

async function apt(args: string[]): Promise<void> {
  // RUNLEVEL=1 keeps invoke-rc.d from starting the servers; stdin is closed so that nothing can wait for an answer.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  // apt's own report goes to stderr, with the rest of our progress lines.
  const { code } = await runChild('apt-get', [...args, '-o', 'Dpkg::Use-Pty=0'], { env, stdio: ['ignore', 2, 2] });
  if (code !== 0) throw new SetupProblem(`"apt-get ${args.join(' ')}" failed with exit code ${code}. Its report is above.`);
}

async function expectCommands(): Promise<void> {
  const path = `${process.env.PATH ?? ''}:/usr/sbin:/sbin:/usr/local/sbin`;
  const found = await Promise.all(
    Object.values(TOOLS).map(async (command) => ({
      command,
      code: (await readChild('sh', ['-c', `command -v ${command}`], { env: { ...process.env, PATH: path } })).code,
    })),
  );
  const missing = found.flatMap(({ command, code }) => (code === 0 ? [] : [command]));
  if (missing.length === 0) return;
  throw new SetupProblem(
    `This is not Debian or Ubuntu, so nothing is installed here. The tests need these commands: ${missing.join(', ')}. ` +
      "Install them with your system's package manager and run the tests again.",
  );
}

/** A real OpenSSH server on 127.0.0.1 that lets the current user in with a key of its own. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { freePort, type Started, startProgram, tempFolder } from './servers.ts';

export interface SshAccount extends Started {
  user: string;
  /** Private keys: the one that is let in, the same with the passphrase "open sesame", and one that nobody knows. */
  key: string;
  lockedKey: string;
  strangersKey: string;
  fingerprint: string;
  /** Its folder: the first place where commands are looked for is `bin` in it. */
  path: string;
}

const isRoot = process.getuid?.() === 0;

/**
 * @param lines further settings of sshd
 * @param inNamespace shell commands that are run first, in a mount namespace of its own (root only)
 */
export async function startSshAccount(lines: string[] = [], inNamespace?: (folder: string) => string): Promise<SshAccount> {
  const folder = tempFolder();
  const at = (name: string): string => join(folder.path, name);
  const port = await freePort();
  for (const [name, passphrase] of [
    ['host', ''],
    ['account', ''],
    ['stranger', ''],
  ] as const)
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-f', at(name)]);
  writeFileSync(at('locked'), readFileSync(at('account')), { mode: 0o600 });
  execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'open sesame', '-f', at('locked')]);
  mkdirSync(at('bin'));
  const settings = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${at('host')}`,
    'PidFile none',
    'UsePAM no',
    'StrictModes no',
    `AuthorizedKeysFile ${at('account.pub')}`,
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    // A home of its own: what its owner has a shell do at the start is no part of the test.
    `SetEnv PATH=${at('bin')}:/usr/local/bin:/usr/bin:/bin HOME=${folder.path}`,
    ...lines,
  ];
  writeFileSync(at('sshd_config'), `${settings.join('\n')}\n`);
  // As root sshd wants this empty folder to lock its unprivileged half into.
  if (isRoot) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const sshd = ['/usr/sbin/sshd', '-D', '-e', '-f', at('sshd_config')];
  const command = inNamespace ? ['unshare', '-m', 'sh', '-ec', `${inNamespace(folder.path)}\nexec "$@"`, 'sh', ...sshd] : sshd;
  const stop = await startProgram(command[0] as string, command.slice(1), port);
  return {
    port,
    user: userInfo().username,
    key: readFileSync(at('account'), 'utf8'),
    lockedKey: readFileSync(at('locked'), 'utf8'),
    strangersKey: readFileSync(at('stranger'), 'utf8'),
    fingerprint: execFileSync('ssh-keygen', ['-lf', at('host.pub')], { encoding: 'utf8' }).split(' ')[1] ?? '',
    path: folder.path,
    stop: () => stop().then(folder.remove),
  };
}

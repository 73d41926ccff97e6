/** A signed zone and a resolver that checks signatures, with the tools that others use for it (ldns, unbound). */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, type Started, startProgram, tempFolder } from './servers.ts';

export interface SignedZone {
  /** The zone file with its signatures. */
  text: string;
  /** What a resolver must know to trust them. */
  anchor: string;
}

const dateOf = (ms: number): string => new Date(ms).toISOString().replace(/\D/g, '').slice(0, 14);

/** @param from, until when the signatures hold, epoch ms */
export function signZone(name: string, text: string, from: number, until: number): SignedZone {
  const folder = tempFolder();
  try {
    const key = execFileSync('ldns-keygen', ['-a', 'ECDSAP256SHA256', '-k', name], { cwd: folder.path, encoding: 'utf8' }).trim();
    writeFileSync(join(folder.path, 'zone'), text);
    execFileSync('ldns-signzone', ['-i', dateOf(from), '-e', dateOf(until), 'zone', key], { cwd: folder.path });
    return {
      text: readFileSync(join(folder.path, 'zone.signed'), 'utf8'),
      anchor: readFileSync(join(folder.path, `${key}.key`), 'utf8')
        .replace(/;.*$/m, '')
        .trim()
        .replace(/\s+/g, ' '),
    };
  } finally {
    folder.remove();
  }
}

/**
 * Unbound. Whatever it is asked it asks the name server on 127.0.0.1 in turn, so that nothing leaves this machine.
 * @param anchors keys that it trusts; none = it checks nothing
 */
export async function startUnbound(serverPort: number, anchors: readonly string[]): Promise<Started> {
  const folder = tempFolder();
  const port = await freePort();
  const lines = [
    'server:',
    `  interface: 127.0.0.1@${port}`,
    `  directory: "${folder.path}"`,
    '  pidfile: ""',
    '  username: ""',
    '  chroot: ""',
    '  use-syslog: no',
    '  num-threads: 1',
    '  do-ip6: no',
    '  do-not-query-localhost: no',
    '  local-zone: "test." nodefault',
    '  module-config: "validator iterator"',
    ...anchors.map((anchor) => `  trust-anchor: "${anchor}"`),
    'remote-control:',
    '  control-enable: no',
    ...['.', 'example.test.'].flatMap((name) => ['stub-zone:', `  name: "${name}"`, `  stub-addr: 127.0.0.1@${serverPort}`]),
  ];
  const file = join(folder.path, 'unbound.conf');
  writeFileSync(file, `${lines.join('\n')}\n`);
  const stop = await startProgram('/usr/sbin/unbound', ['-d', '-p', '-c', file], port);
  return { port, stop: () => stop().then(folder.remove) };
}

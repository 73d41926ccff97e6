/**
 * A network, host name and resolver of the pictures' own: usual ports are free there, nothing leaves it, and nothing of the machine that
 * makes the pictures can be seen in them. Linux, also as an ordinary user.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupProblem } from '../../electron/setup/fail.ts';
import { runChild } from '../../electron/setup/run-child.ts';
import { temporaryFolder } from './temporary-folder.ts';

export const resolverAddress = '127.0.0.53';
/** A host far away that answers: the second network has this address too. */
export const farAddress = '203.0.113.53';
const inside = 'NIGHTDESK_SCREENS_INSIDE';

/** A second network plays the gateway. It ends with its process, at the latest after an hour. */
const setUp = [
  'hostname noc-desk',
  'ip link set lo up',
  'unshare -n sleep 3600 & router=$!',
  'while [ "$(readlink /proc/self/ns/net)" = "$(readlink /proc/$router/ns/net)" ]; do sleep 0.05; done',
  'ip link add wan0 type veth peer name wan1 netns $router',
  'ip address add 198.18.0.2/30 dev wan0',
  'ip link set wan0 up',
  "nsenter -t $router -n sh -c 'ip address add 198.18.0.1/30 dev wan1 && ip address add 203.0.113.53/32 dev wan1 && ip link set wan1 up'",
  'ip route add default via 198.18.0.1',
  'mount --bind "$RESOLV_CONF" /etc/resolv.conf',
  '"$@" && code=0 || code=$?',
  'kill $router',
  'exit $code',
];

/** Runs this program again inside. @returns its exit code, or null when this is inside already */
export async function runInsideNetwork(): Promise<number | null> {
  if (process.env[inside] === '1') return null;
  // An ordinary user becomes root of a world of its own first.
  const flags = process.getuid?.() === 0 ? '-nmu' : '-rnmu';
  if (spawnSync('unshare', [flags, 'true']).status !== 0)
    throw new SetupProblem(
      `The pictures need a network of their own (unshare ${flags}), which this system does not let you make. Make them as root.`,
    );
  const resolvConf = join(temporaryFolder('screens-network'), 'resolv.conf');
  writeFileSync(resolvConf, `nameserver ${resolverAddress}\n`);
  const env = { ...process.env, [inside]: '1', RESOLV_CONF: resolvConf };
  const command = [flags, 'sh', '-e', '-c', setUp.join('\n'), 'sh', process.execPath, ...process.argv.slice(1)];
  return (await runChild('unshare', command, { env })).code;
}

const ip = (...words: string[]): void => void execFileSync('ip', words);

/** Makes every address of a prefix answer, as if its machines were there. */
export const joinPrefix = (cidr: string): void => ip('route', 'add', 'local', cidr, 'dev', 'lo');
/** From now on nothing comes back from there. */
export const cutPrefix = (cidr: string): void => ip('route', 'del', 'local', cidr, 'dev', 'lo');
/** The switch says that this one machine is not there. */
export const cutHost = (address: string): void => ip('route', 'add', 'unreachable', `${address}/32`, 'table', 'local');
/** The desk's own cable. */
export const unplug = (): void => ip('link', 'set', 'wan0', 'down');

/**
 * A network in which packets really get lost, for pings: a namespace of its own (also as an ordinary user), entered by a command that
 * stands in fping's place. Nothing leaves it.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder.ts';

/** Answers until `loseIt` is called. */
export const fadingAddress = '198.18.9.1';
/** Packets vanish. */
export const silentAddress = '198.18.7.1';
/** A router says that it cannot deliver. */
export const unreachableAddress = '198.18.6.9';
export const routerAddress = '198.18.5.2';

export interface LossyNetwork {
  /** A command to use in place of fping. */
  command: string;
  /** From now on the fading address answers no more. */
  loseIt(): void;
  stop(): Promise<void>;
}

const setUp = [
  'ip link set lo up',
  `ip addr add ${fadingAddress}/32 dev lo`,
  `ip route add blackhole ${silentAddress}/32`,
  // A second namespace plays the router.
  'unshare -n sleep 60 & router=$!',
  'while [ "$(readlink /proc/self/ns/net)" = "$(readlink /proc/$router/ns/net)" ]; do sleep 0.05; done',
  'ip link add west type veth peer name east netns $router',
  'ip addr add 198.18.5.1/24 dev west && ip link set west up',
  `nsenter -t $router -n sh -c 'ip addr add ${routerAddress}/24 dev east && ip link set east up && ip route add unreachable ${unreachableAddress}/32 && echo 1 >/proc/sys/net/ipv4/ip_forward && echo 0 >/proc/sys/net/ipv4/icmp_ratelimit'`,
  `ip route add ${unreachableAddress}/32 via ${routerAddress}`,
  'echo ready',
  'read lose',
  `ip addr del ${fadingAddress}/32 dev lo && ip route add blackhole ${fadingAddress}/32`,
  'read end',
  'kill $router',
];

export async function startLossyNetwork(): Promise<LossyNetwork> {
  if (spawnSync('unshare', ['-rnm', 'true']).status !== 0) return standIn();
  const command = join(temporaryFolder('lossy'), 'fping');
  const keeper: ChildProcess = spawn('unshare', ['-rnm', 'sh', '-e', '-c', setUp.join('\n')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(keeper, 'exit');
  const ready = await Promise.race([once(keeper.stdout as NodeJS.ReadableStream, 'data').then(() => true), ended.then(() => false)]);
  if (!ready) throw new Error('the network for the tests could not be set up; what failed stands above');
  script(command, `exec nsenter -U --preserve-credentials -n -t ${keeper.pid} fping "$@"`);
  return {
    command,
    loseIt: () => void keeper.stdin?.write('lose\n'),
    async stop() {
      keeper.stdin?.end('end\n');
      await ended;
    },
  };
}

function script(file: string, ...lines: string[]): void {
  writeFileSync(file, `#!/bin/sh\n${lines.join('\n')}\n`);
  chmodSync(file, 0o755);
}

/** Where namespaces are forbidden (some containers): says what fping 5.1 said in the network above when it was recorded. */
function standIn(): LossyNetwork {
  console.warn('── namespaces are forbidden here: recorded words of fping stand in for a network that loses packets');
  const command = join(temporaryFolder('lossy'), 'fping');
  const unreachable = `ICMP Host Unreachable from ${routerAddress} for ICMP Echo sent to ${unreachableAddress}`;
  const says: Record<string, string> = {
    [fadingAddress]: `${fadingAddress} : 0.041 0.019 - - -`,
    [silentAddress]: `${silentAddress} : - - - - -`,
    [unreachableAddress]: `${unreachable}\\n${unreachable}\\n${unreachableAddress} : - - - - -`,
  };
  const cases = Object.entries(says).map(([address, words]) => `${address}) printf '${words}\\n' >&2;;`);
  script(
    command,
    'while read address; do case $address in',
    ...cases,
    '*) echo "$address : 0.03 0.02 0.02 0.02 0.02" >&2;;',
    'esac; done',
    'sleep 0.4',
  );
  return { command, loseIt: () => {}, stop: async () => {} };
}

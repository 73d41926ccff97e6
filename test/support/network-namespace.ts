/**
 * A network of the tests' own, so that no test packet can reach the machine's real gateway or resolver: one namespace for the tests, joined
 * by a cable to a second one that plays the gateway, both in 198.18.0.0/30 (kept for tests by RFC 2544). Linux as root only.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readChild } from '../../electron/setup/run-child.ts';

export const gatewayAddress = '198.18.0.1';
const ownAddress = '198.18.0.2';

export interface TestNetwork {
  /** The namespace in which tests run, and the one that plays gateway and resolver: `ip netns exec NAME …`. */
  name: string;
  gatewayName: string;
  /** A command line that runs `command` inside. */
  wrap(command: string, args: readonly string[]): { command: string; args: string[] };
  remove(): Promise<void>;
}

const PREFIX = 'nightdesk-test-';

/**
 * Makes a network; answers with the reason in words where that is not possible here.
 * @param number tells several networks of one run apart
 */
export async function makeTestNetwork(number = 1): Promise<TestNetwork | { unavailable: string }> {
  if (process.platform !== 'linux') return { unavailable: 'only Linux has network namespaces' };
  if (process.getuid?.() !== 0) return { unavailable: 'making one takes root' };
  await removeLeftovers();

  const name = `${PREFIX}${process.pid}-${number}`;
  const gatewayName = `${name}-gw`;
  const resolver = join('/etc/netns', name);
  const remove = async (): Promise<void> => {
    for (const each of [name, gatewayName]) await readChild('ip', ['netns', 'delete', each]);
    rmSync(resolver, { recursive: true, force: true });
  };

  const commands = [
    `netns add ${name}`,
    `netns add ${gatewayName}`,
    `-n ${name} link set lo up`,
    `-n ${gatewayName} link set lo up`,
    `-n ${name} link add eth0 type veth peer name eth0 netns ${gatewayName}`,
    `-n ${name} address add ${ownAddress}/30 dev eth0`,
    `-n ${gatewayName} address add ${gatewayAddress}/30 dev eth0`,
    `-n ${name} link set eth0 up`,
    `-n ${gatewayName} link set eth0 up`,
    `-n ${name} route add default via ${gatewayAddress}`,
  ];
  for (const line of commands) {
    const { code, stderr } = await readChild('ip', line.split(' '));
    if (code === 0) continue;
    await remove();
    return { unavailable: `"ip ${line}" failed: ${stderr.trim()}` };
  }
  // `ip netns exec` shows this file as /etc/resolv.conf inside.
  mkdirSync(resolver, { recursive: true });
  writeFileSync(join(resolver, 'resolv.conf'), `nameserver ${gatewayAddress}\n`);

  return { name, gatewayName, remove, wrap: (command, args) => ({ command: 'ip', args: ['netns', 'exec', name, command, ...args] }) };
}

/** Namespaces of test runs that were killed: named after a process that is no more. */
async function removeLeftovers(): Promise<void> {
  for (const folder of ['/run/netns', '/etc/netns']) {
    if (!existsSync(folder)) continue;
    for (const entry of readdirSync(folder)) {
      const pid = new RegExp(`^${PREFIX}(\\d+)(?:-\\d+)?(?:-gw)?$`).exec(entry)?.[1];
      if (pid === undefined || existsSync(`/proc/${pid}`)) continue;
      if (folder === '/run/netns') await readChild('ip', ['netns', 'delete', entry]);
      else rmSync(join(folder, entry), { recursive: true, force: true });
    }
  }
}

/**
 * Somewhere beyond this computer that can be cut off: addresses behind the gateway of the tests' own network; where the tests have none,
 * servers on this computer's own address, which are as far away for Nightdesk.
 */
import { networkInterfaces } from 'node:os';
import { readChild } from '../../electron/setup/run-child.ts';
import { type Started, startTcp } from './servers.ts';

interface FarPlace {
  /** Three targets, each as the type and address of a check in YAML, without braces. */
  targets: [string, string, string];
  cut(): Promise<void>;
  join(): Promise<void>;
  remove(): Promise<void>;
}

/** Kept for documentation (RFC 5737): nobody has them. */
const addresses = ['198.51.100.1', '198.51.100.10', '198.51.100.11'] as const;

export async function startFarPlace(): Promise<FarPlace> {
  const { NIGHTDESK_TEST_GATEWAY_NAMESPACE: namespace } = process.env;
  return namespace ? behindGateway(namespace) : onOwnAddress();
}

async function behindGateway(namespace: string): Promise<FarPlace> {
  const change = async (what: 'add' | 'delete'): Promise<void> => {
    for (const address of addresses) {
      const { code, stderr } = await readChild('ip', ['-n', namespace, 'address', what, `${address}/32`, 'dev', 'lo']);
      if (code !== 0 && what === 'add') throw new Error(`ip address ${what}: ${stderr}`);
    }
  };
  await change('add');
  const target = (address: string): string => `type: icmp, packets: 1, address: ${address}`;
  return {
    targets: [target(addresses[0]), target(addresses[1]), target(addresses[2])],
    cut: () => change('delete'),
    join: () => change('add'),
    remove: () => change('delete'),
  };
}

async function onOwnAddress(): Promise<FarPlace> {
  const own = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .find((it) => !it.internal && it.family === 'IPv4')?.address;
  if (own === undefined) throw new Error('this computer has no address but its loopback, and the tests no network of their own');
  let servers: Started[] = [];
  const open = async (ports: readonly number[]): Promise<void> => {
    servers = await Promise.all(ports.map((port) => startTcp(() => undefined, own, port)));
  };
  const close = async (): Promise<void> => {
    await Promise.all(servers.splice(0).map((it) => it.stop()));
  };
  await open([0, 0, 0]);
  const ports = servers.map((it) => it.port);
  const target = (index: number): string => `type: tcp, address: ${own}, port: ${ports[index]}`;
  return { targets: [target(0), target(1), target(2)], cut: close, join: () => open(ports), remove: close };
}

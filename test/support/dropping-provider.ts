/**
 * A provider that keeps its gateway up and drops what it should carry: a router and, behind it, a rack with addresses of two ranges, in
 * namespaces of their own beside the network that the test runs in. Linux as root only.
 */
import { readChild } from '../../electron/setup/run-child.ts';

export const providerGateway = '198.19.9.2';
/** The provider's routers and cables, to name hops by. */
export const providerNetwork = '198.19.9.0/24';
/** Both kept for documentation (RFC 5737), as are the machines in them. */
export const ranges = [
  { cidr: '203.0.113.0/25', machine: '203.0.113.10' },
  { cidr: '203.0.113.128/25', machine: '203.0.113.138' },
] as const;

interface DroppingProvider {
  /** From now on packets for the range vanish at the provider, which says nothing. */
  drop(cidr: string): Promise<void>;
  remove(): Promise<void>;
}

/** Throws outside of the tests' own network: nothing may be sent to anybody's real addresses. */
export async function startDroppingProvider(): Promise<DroppingProvider> {
  if (process.env.NIGHTDESK_TEST_GATEWAY_NAMESPACE === undefined)
    throw new Error(
      'this test needs a network of its own: Linux with network namespaces, as root, started by npm test; or leave it out and say so: NIGHTDESK_TEST_WITHOUT_LAB=1',
    );
  const router = `nightdesk-drop-${process.pid}-router`;
  const rack = `nightdesk-drop-${process.pid}-rack`;
  const run = async (...args: string[]): Promise<void> => {
    const { code, stderr } = await readChild('ip', args);
    if (code !== 0) throw new Error(`"ip ${args.join(' ')}" failed: ${stderr.trim()}`);
  };
  const remove = async (): Promise<void> => {
    for (const name of [router, rack]) await readChild('ip', ['netns', 'delete', name]);
  };
  const lines = [
    `netns add ${router}`,
    `netns add ${rack}`,
    `link add circuit type veth peer name desk netns ${router}`,
    'address add 198.19.9.1/30 dev circuit',
    'link set circuit up',
    `-n ${router} link set lo up`,
    `-n ${router} address add ${providerGateway}/30 dev desk`,
    `-n ${router} link set desk up`,
    `-n ${router} link add rack type veth peer name eth0 netns ${rack}`,
    `-n ${router} address add 198.19.9.5/30 dev rack`,
    `-n ${router} link set rack up`,
    `-n ${rack} link set lo up`,
    `-n ${rack} address add 198.19.9.6/30 dev eth0`,
    `-n ${rack} link set eth0 up`,
    `-n ${rack} route add default via 198.19.9.5`,
    // A router that answers seldom would look like one that loses.
    `netns exec ${router} sysctl -qw net.ipv4.ip_forward=1 net.ipv4.icmp_ratelimit=0`,
    ...ranges.flatMap(({ cidr, machine }) => [
      `-n ${rack} address add ${machine}/32 dev lo`,
      `-n ${router} route add ${cidr} via 198.19.9.6`,
      `route add ${cidr} via ${providerGateway}`,
    ]),
  ];
  try {
    for (const line of lines) await run(...line.split(' '));
  } catch (error) {
    await remove();
    throw error;
  }
  const filter = 'add table ip drops; add chain ip drops forward { type filter hook forward priority 0; }';
  return {
    drop: (cidr) => run('netns', 'exec', router, 'nft', `${filter}; add rule ip drops forward ip daddr ${cidr} drop`),
    remove,
  };
}

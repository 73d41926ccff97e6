/**
 * A way of its own to follow: five namespaces in a row (desk, a router of ours, two of a provider, a server), in 198.19.0.0/16, which
 * is kept for tests (RFC 2544). Linux as root only.
 */
import { readChild } from '../../electron/setup/run-child.ts';

export const ours = '198.19.1.2';
export const provider = '198.19.2.2';
export const providerCore = '198.19.3.2';
export const server = '198.19.4.2';
const names = ['desk', 'ours', 'provider', 'core', 'server'] as const;
type Place = (typeof names)[number];

export interface TraceLab {
  /** A command line that runs `command` at the desk. */
  atDesk(command: string, args: readonly string[]): { command: string; args: string[] };
  /** Runs `ip` or `nft` at a place. Throws where it fails. */
  at(place: Place, command: string, ...args: string[]): Promise<void>;
  remove(): Promise<void>;
}

/** Throws where namespaces are not to be had. */
export async function makeTraceLab(): Promise<TraceLab> {
  const named = (place: Place): string => `nightdesk-trace-${process.pid}-${place}`;
  const run = async (command: string, args: readonly string[]): Promise<void> => {
    const { code, stderr } = await readChild(command, args);
    if (code !== 0)
      throw new Error(`"${command} ${args.join(' ')}" failed: ${stderr.trim()}. This test needs network namespaces: Linux, as root.`);
  };
  const at: TraceLab['at'] = (place, command, ...args) => run('ip', ['netns', 'exec', named(place), command, ...args]);
  const remove = async (): Promise<void> => {
    for (const place of names) await readChild('ip', ['netns', 'delete', named(place)]);
  };
  const ip = (place: Place, line: string): Promise<void> => run('ip', ['-n', named(place), ...line.split(' ')]);
  try {
    for (const place of names) {
      await run('ip', ['netns', 'add', named(place)]);
      await ip(place, 'link set lo up');
      // A router that answers seldom would look like one that loses.
      await at(place, 'sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.ipv4.icmp_ratelimit=0');
    }
    for (const [index, place] of names.slice(0, -1).entries()) {
      const next = names[index + 1] as Place;
      await ip(place, `link add to-${next} type veth peer name to-${place} netns ${named(next)}`);
      await ip(place, `address add 198.19.${index + 1}.1/30 dev to-${next}`);
      await ip(next, `address add 198.19.${index + 1}.2/30 dev to-${place}`);
      await ip(place, `link set to-${next} up`);
      await ip(next, `link set to-${place} up`);
    }
    await ip('desk', `route add default via ${ours}`);
    await ip('ours', `route add default via ${provider}`);
    await ip('provider', `route add default via ${providerCore}`);
    await ip('provider', 'route add 198.19.1.0/30 via 198.19.2.1');
    await ip('core', 'route add default via 198.19.3.1');
    await ip('server', 'route add default via 198.19.4.1');
  } catch (error) {
    await remove();
    throw error;
  }
  return { at, remove, atDesk: (command, args) => ({ command: 'ip', args: ['netns', 'exec', named('desk'), command, ...args] }) };
}

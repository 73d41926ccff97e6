/** Which router this computer sends everything to. */
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import type { Address, Family } from './addresses.ts';

/** Flags of a route: in force, and by way of a router (linux/route.h). */
const RTF_UP = 1;
const RTF_GATEWAY = 2;

/**
 * Reads /proc/net/route: one line a route, addresses as hexadecimal in the machine's byte order (little-endian on all that we run on).
 * @returns the router of the default route with the lowest metric
 */
export function gatewayOfRoutes(text: string): string | null {
  const routes = text
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/));
  const best = routes
    .filter(([, destination, , flags, , , , mask]) => destination === '00000000' && mask === '00000000' && usable(flags))
    .toSorted((a, b) => Number(a[6]) - Number(b[6]))[0];
  const hex = best?.[2];
  if (!hex || !/^[0-9A-F]{8}$/i.test(hex)) return null;
  return [6, 4, 2, 0].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join('.');
}

/** Reads /proc/net/ipv6_route. A router known by its link-local address comes with its interface: "fe80::1%eth0". */
export function gatewayOfRoutes6(text: string): string | null {
  const routes = text.split('\n').map((line) => line.trim().split(/\s+/));
  const zero = '0'.repeat(32);
  const best = routes
    .filter(([destination, length, , , router, , , , flags]) => destination === zero && length === '00' && router !== zero && usable(flags))
    .toSorted((a, b) => Number.parseInt(a[5] ?? '', 16) - Number.parseInt(b[5] ?? '', 16))[0];
  const hex = best?.[4];
  if (!hex || !/^[0-9a-f]{32}$/i.test(hex)) return null;
  const address = (hex.match(/.{4}/g) ?? []).map((group) => group.replace(/^0{1,3}/, '')).join(':');
  return /^fe[89ab]/i.test(hex) ? `${address}%${best?.[9] ?? ''}` : address;
}

const usable = (flags = '0'): boolean => (Number.parseInt(flags, 16) & (RTF_UP | RTF_GATEWAY)) === (RTF_UP | RTF_GATEWAY);

const readRoutes = (file: string): Promise<string> => readFile(file, 'latin1').catch(() => '');

/** @returns the default gateway of that family (0: IPv4 before IPv6), or null when there is none */
export async function findGateway(family: Family): Promise<Address | null> {
  if (process.platform !== 'linux') {
    // Loaded only where /proc does not tell: it is large.
    const { default: si } = await import('systeminformation');
    const found = await si.networkGatewayDefault();
    const is = isIP(found);
    return (is === 4 || is === 6) && (family === 0 || family === is) ? { address: found, family: is } : null;
  }
  const four = family === 6 ? null : gatewayOfRoutes(await readRoutes('/proc/net/route'));
  if (four) return { address: four, family: 4 };
  const six = family === 4 ? null : gatewayOfRoutes6(await readRoutes('/proc/net/ipv6_route'));
  return six ? { address: six, family: 6 } : null;
}

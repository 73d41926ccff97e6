/** The networks of an inventory, for naming the routers on a way. */
import type { Network } from '../trace.ts';
import { bitsOf } from './cidr.ts';
import type { Inventory } from './inventory.ts';

/** Links by their provider ("inside Cox"), and own prefixes. */
export function networksOf({ links, prefixes }: Inventory): Network[] {
  const alone = (address: string | undefined): string[] => {
    const bits = address === undefined ? null : bitsOf(address);
    return bits ? [`${address}/${bits.width}`] : [];
  };
  return [
    ...links.flatMap(({ provider, hops, gateway }) => [...hops, ...alone(gateway)].map((cidr): Network => ({ name: provider, cidr }))),
    ...prefixes.map(({ cidr, name }): Network => ({ name: name ?? cidr, cidr })),
  ];
}

/** The way of packets in a drill's world, hop by hop. */
import { fail, ok } from '../../shared/result.ts';
import { type Hop, sameAddress } from '../../shared/trace.ts';
import type { Clock } from '../engine/clock.ts';
import type { TraceRoute } from '../probes/trace.ts';
import { chanceOf, fixedOf, latencyOf } from './random.ts';
import type { World } from './world.ts';
import { bestOf } from './world-contact.ts';
import type { Circuit, Spot } from './world-topology.ts';

/** Our own router, and the network that sells us our way to the world. */
const nearby = ['198.51.100.251', '198.51.100.252'];
const usualTookMs = 3_000;
const deadTookMs = 14_000;

/** A router of a provider: the first address of its networks, or an invented one. */
function routersOf({ id, hops, gateway }: Circuit): string[] {
  const named = hops.slice(0, 3).flatMap((cidr) => firstOf(cidr) ?? []);
  const inside = named.length > 0 ? named : [`203.0.113.${Math.floor(fixedOf(`router ${id}`, 1, 250))}`];
  return [...inside, ...(gateway !== null && !inside.includes(gateway) ? [gateway] : [])];
}
/** The first address of a prefix of IPv4; of others the one that stands there. */
function firstOf(cidr: string): string | null {
  const [address = '', length] = cidr.split('/');
  const parts = address.split('.').map(Number);
  if (address.includes(':')) return address.endsWith('::') ? `${address}1` : address;
  if (parts.length !== 4 || length === '32') return address || null;
  return [...parts.slice(0, 3), Math.min(254, (parts[3] ?? 0) + 1)].join('.');
}

/** Follows ways in the world instead of the real one. */
export function worldTrace(world: World, clock: Clock): TraceRoute {
  const chance = chanceOf(world.seed, 'traces');
  const hopsTo = (address: string): { hops: Hop[]; reached: boolean } => {
    const moment = world.momentAt(clock.now(), chance);
    if (world.states.isOffline(moment)) return { hops: [], reached: false };
    const spot: Spot | null = world.topology.spotAt(address);
    const way = spot ? world.states.way(spot, moment, 'desk') : null;
    const off = spot?.machine ? world.states.machine(spot.machine, moment).power === 'off' : false;
    const by = way?.by ?? null;
    // Where the circuit itself is gone, nobody but its provider knows the way.
    const routers = by === null ? [] : way?.why === 'circuit' ? [] : routersOf(by);
    const seen = way && !way.open && way.why === 'dropped' ? routers.slice(0, Math.max(1, routers.length - 1)) : routers;
    const reached = way === null || (way.open && !off);
    const last = spot && sameAddress(seen.at(-1) ?? '', address) ? [] : reached ? [address] : [];
    const best = spot ? bestOf(spot) : fixedOf(`way ${address}`, 6, 30);
    const all = [...nearby, ...seen, ...last];
    const hops = all.map(
      (it, index): Hop => ({
        at: index + 1,
        // Where the inventory has that address for something else, they do not answer.
        address: index < nearby.length && world.topology.spotAt(it) ? null : it,
        name: null,
        lossPercent: way && index >= nearby.length ? Math.round(100 * way.loss) : 0,
        ms: latencyOf((best * (index + 1)) / (all.length + (reached ? 0 : 2)), chance) + (way && index >= nearby.length ? way.delayMs : 0),
      }),
    );
    return { hops, reached };
  };
  return (address, signal) =>
    new Promise((resolve) => {
      const { hops, reached } = hopsTo(address);
      const give = (): void =>
        resolve(signal.aborted ? fail({ code: 'internal', detail: 'Nightdesk was closing' }) : ok({ hops, cut: false }));
      clock.after(reached ? usualTookMs : deadTookMs, give);
    });
}

/** What a sentence of each kind claims of its culprits, and whether that is so in the world: also where it is only a consequence. */
import type { CauseKind, Explanation } from '../../shared/diagnosis/types.ts';
import type { Plan, PlannedCheck } from '../../shared/model/plan.ts';
import { sameAddress } from '../../shared/trace.ts';
import type { Seen } from './truth-seen.ts';
import type { Block, Spot } from './world-topology.ts';

interface Claim {
  named: Pick<Explanation, 'culprits' | 'prefixes' | 'explains'>;
  plan: Plan;
  seen: Seen;
  /** Epoch ms. */
  at: number;
}

const outside = 'desk';
/** A check of several servers says of none of them that it is the one. */
const asksOnly = ({ config: { server, servers } }: PlannedCheck, address: string): boolean => {
  const asked = [server, ...(Array.isArray(servers) ? servers : [])].filter((it) => typeof it === 'string');
  return asked.length > 0 && asked.every((it) => it === address || sameAddress(it, address));
};
const hostsAt = ({ seen }: Claim, address: string): string[] =>
  [...seen.world.topology.machines.values()].filter((it) => it.address !== null && sameAddress(it.address, address)).map((it) => it.id);
const seesTrouble = (wanted: (check: PlannedCheck) => boolean, { plan, seen, at }: Claim): boolean =>
  plan.checks.some((check) => wanted(check) && seen.touches(check, at));
const spotOf = (block: Block): Spot => ({ address: null, machine: null, block, circuits: block.via, gatewayOf: null, site: block.site });
const spotsOf = ({ seen }: Claim, host: string): Spot[] => {
  const machine = seen.world.topology.machines.get(host);
  const spot = machine?.address ? seen.world.topology.spotAt(machine.address) : null;
  return spot ? [spot] : [];
};
const isDark = (it: Claim, block: string): boolean => {
  const { topology, states } = it.seen.world;
  const found = topology.blocks.get(block);
  return found !== undefined && !states.way(spotOf(found), it.seen.momentAt(it.at), outside).open;
};
const isPoor = (it: Claim, block: string): boolean => {
  const { topology, states } = it.seen.world;
  const found = topology.blocks.get(block);
  if (!found) return false;
  const { open, loss, delayMs, jitterMs } = states.way(spotOf(found), it.seen.momentAt(it.at), outside);
  return !open || loss > 0 || delayMs > 0 || jitterMs > 0;
};
const isAway = (it: Claim, host: string): boolean => {
  const { topology, states } = it.seen.world;
  const machine = topology.machines.get(host);
  if (!machine) return false;
  const moment = it.seen.momentAt(it.at);
  return states.machine(machine, moment).power !== 'on' || spotsOf(it, host).some((spot) => !states.way(spot, moment, outside).open);
};
const some =
  (holds: (culprit: string, it: Claim) => boolean) =>
  (it: Claim): boolean =>
    it.named.culprits.some((culprit) => holds(culprit, it));
const ofSubject = (id: string, it: Claim): boolean => {
  const own = new Set([id, ...it.plan.subjects.flatMap((subject) => (subject.leg?.entry === id ? [subject.id] : []))]);
  return seesTrouble(({ subject }) => own.has(subject.id), it);
};

/** Of several culprits it is one. */
export const claims: Record<CauseKind, (claim: Claim) => boolean> = {
  desk: ({ seen, at }) => seen.world.states.isOffline(seen.momentAt(at)),
  site: some((site, it) => {
    const { topology, states } = it.seen.world;
    const circuits = [...topology.circuits.values()].filter((circuit) => circuit.site === site);
    return circuits.length > 0 && circuits.every((circuit) => !states.circuitUp(circuit, it.seen.momentAt(it.at)));
  }),
  link: some((link, it) => {
    const circuit = it.seen.world.topology.circuits.get(link);
    return circuit !== undefined && !it.seen.world.states.circuitUp(circuit, it.seen.momentAt(it.at));
  }),
  // Who names a prefix that works says something false, whatever else is so.
  'link-prefixes': (it) => it.named.prefixes.length > 0 && it.named.prefixes.every((prefix) => isDark(it, prefix)) && ridesOn(it),
  'link-loss': (it) =>
    ridesOn(it) &&
    [...it.seen.world.topology.blocks.values()].some(
      ({ id, via }) => isPoor(it, id) && via.some((one) => it.named.culprits.includes(one.id)),
    ),
  prefix: some((prefix, it) => isPoor(it, prefix)),
  host: some((host, it) => isAway(it, host)),
  'host-hangs': some((host, it) => {
    const { topology, states } = it.seen.world;
    const moment = it.seen.momentAt(it.at);
    const machine = topology.machines.get(host);
    const programs = machine ? [...topology.programs.values()].filter((program) => program.machines.includes(machine)) : [];
    return isAway(it, host) || (programs.length > 0 && programs.every((program) => states.service([program], moment) !== null));
  }),
  service: some(ofSubject),
  leg: some(ofSubject),
  mail: some(ofSubject),
  // "3 things that need web1 fail": says of web1 itself no more than the checks that it leans on.
  dependency: (it) =>
    it.named.culprits.some((id) => needing(id, it) >= 2) && it.named.explains.every((id) => seesTrouble((check) => check.id === id, it)),
  'name-server': some(
    (address, it) => seesTrouble((check) => asksOnly(check, address), it) || hostsAt(it, address).some((host) => isAway(it, host)),
  ),
  check: some((id, it) => seesTrouble((check) => check.id === id, it)),
};

/** How many things need this one and do not work. */
const needing = (culprit: string, it: Claim): number =>
  it.plan.subjects.filter(({ id, dependsOn, hosts }) => [...dependsOn.flat(), ...hosts].includes(culprit) && ofSubject(id, it)).length;

/** Something is wrong with one of the circuits that are named: it was not picked at random from those that carry the same. */
function ridesOn({ named, seen, at }: Claim): boolean {
  const { spells } = seen.momentAt(at);
  return spells.some(({ fault }) => 'link' in fault && named.culprits.includes(fault.link));
}

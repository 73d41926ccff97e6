/** What machines tell of themselves in a drill's world: this computer, servers from inside, SNMP agents. */
import type { HostConfig, HostFacts } from '../../shared/checks/host.ts';
import type { HostState } from '../../shared/checks/host-parts.ts';
import type { InsideConfig, InsideFacts } from '../../shared/checks/inside-facts.ts';
import type { InterfaceFacts, SnmpConfig, SnmpFacts } from '../../shared/checks/snmp-settings.ts';
import type { LoginFacts } from '../../shared/checks/ssh-login.ts';
import type { Facts } from '../../shared/checks/types.ts';
import { DAY, HOUR, SECOND } from '../../shared/time.ts';
import { type Chance, fixedOf } from './random.ts';
import {
  type Answer,
  type Asked,
  addressFacts,
  type Contact,
  darkAgent,
  isDark,
  noAnswer,
  nothingFrom,
  reach,
  refusal,
  type Said,
  tidy,
} from './world-contact.ts';
import { backlogAt } from './world-mail-backlog.ts';
import type { MachineState } from './world-state.ts';
import { bootIdOf, fingerprintOf } from './world-words.ts';

const percentOf = (words: string, least: number, most: number, chance: Chance): number =>
  Math.round((fixedOf(words, least, most) + 2 * chance()) * 10) / 10;

/** @param machine null = nothing ails it */
function stateOf(id: string, machine: MachineState | null, at: number, start: number, chance: Chance): HostState {
  const cores = 8;
  const load = Math.round(cores * (fixedOf(`load ${id}`, 0.1, 0.5) + 0.1 * chance()) * 100) / 100;
  const bootedAt = machine?.bootedAt ?? start - fixedOf(`up ${id}`, 40, 400) * DAY;
  return {
    cores,
    load1: load,
    load5: load,
    load15: load,
    cpuPercent: percentOf(`cpu ${id}`, 5, 30, chance),
    memoryBytes: 34_359_738_368,
    memoryPercent: percentOf(`memory ${id}`, 30, 60, chance),
    swapBytes: 4_294_967_296,
    swapPercent: 1,
    disks: [
      {
        mount: '/',
        kind: 'ext4',
        bytes: 480_000_000_000,
        percent: machine?.disk ?? percentOf(`disk ${id}`, 25, 60, chance),
        inodePercent: 8,
        readOnly: machine?.readOnly ?? false,
      },
    ],
    temperatures: [{ sensor: 'Package id 0', celsius: machine?.heat ?? percentOf(`heat ${id}`, 38, 52, chance) }],
    uptimeSeconds: Math.max(1, Math.floor((at - bootedAt) / SECOND)),
    bootId: bootIdOf(id, bootedAt),
  };
}

/** The computer that looks: the desk's own, or the agent's. */
export const thisComputer: Answer<HostConfig, HostFacts> = (asked) => {
  const { moment, start, chance, place, timeoutMs } = asked;
  if (isDark(asked)) return { facts: { failure: darkAgent }, tookMs: timeoutMs };
  return { facts: stateOf(place.check.vantage, null, moment.at, start, chance), tookMs: 40 };
};

/** The way in by ssh: to what is behind it, or why nobody gets in. */
export function logIn(asked: Asked<{ port: number; fingerprint?: readonly string[] | undefined }>): {
  contact: Contact;
  facts: LoginFacts;
  none: Said<LoginFacts & Facts> | null;
} {
  const contact = reach(asked, asked.place.door);
  const none = nothingFrom<LoginFacts & Facts>(contact, asked, asked.config.port, (connectMs) => ({ connectMs })) ?? refusedLogIn(contact);
  const key = asked.config.fingerprint?.[0] ?? fingerprintOf(contact.spot);
  const connectMs = tidy(contact.ms);
  return {
    contact,
    none,
    facts: {
      ...addressFacts(contact),
      connectMs,
      loginMs: tidy(6 * contact.ms + 40),
      keyType: 'ssh-ed25519',
      fingerprint: key,
      pinned: true,
      login: 'accepted',
    },
  };
}

function refusedLogIn(contact: Contact): Said<LoginFacts & Facts> | null {
  const { mode, ms } = contact;
  const facts = { ...addressFacts(contact), connectMs: tidy(ms) };
  const tookMs = 5 * ms + 30;
  if (mode === 'auth-fails')
    return { facts: { ...facts, login: 'refused', refusals: 1, failure: { code: 'login-refused', detail: 'log-in refused' } }, tookMs };
  return mode === 'error'
    ? { facts: { ...facts, failure: { code: 'closed', detail: 'the server closed the connection too early' } }, tookMs }
    : null;
}

export const fromInside: Answer<InsideConfig, InsideFacts> = (asked) => {
  const { config, moment, chance, topology, start } = asked;
  const { contact, facts, none } = logIn(asked);
  if (none) return none;
  const { machine: state, spot } = contact;
  const id = spot.machine?.id ?? String(spot.address);
  const told = stateOf(id, state, moment.at, start, chance);
  // What was started and ended at once is a failed unit.
  const failedUnits = moment.spells.flatMap(({ fault }) =>
    'service' in fault && fault.mode === 'refuse' && spot.machine && topology.programs.get(fault.service)?.machines.includes(spot.machine)
      ? [`${fault.service}.service`]
      : [],
  );
  return {
    facts: {
      ...told,
      ...facts,
      readOnlyMounts: state?.readOnly ? ['/'] : [],
      arrays: [],
      pools: [],
      ecc: { corrected: state?.memoryErrors ? 400 : 0, uncorrected: state?.memoryErrors ?? 0 },
      machineChecks: 0,
      failedUnits,
      mailQueue: backlogAt(asked, moment.at).messages,
      markers: config.markers.map(({ path, maxAge }) => ({ path, touched: moment.at - Math.min(maxAge / 2, HOUR) })),
    },
    tookMs: (facts.loginMs ?? 0) + 120,
  };
};

/** A number that nobody minds: between the limits. */
function calmValue({ degradedAbove, degradedBelow, downAbove, downBelow }: SnmpConfig, words: string): number {
  const top = Math.min(degradedAbove ?? Number.POSITIVE_INFINITY, downAbove ?? Number.POSITIVE_INFINITY);
  const bottom = Math.max(degradedBelow ?? Number.NEGATIVE_INFINITY, downBelow ?? Number.NEGATIVE_INFINITY);
  if (Number.isFinite(top) && Number.isFinite(bottom)) return tidy((top + bottom) / 2);
  if (Number.isFinite(top)) return tidy(top - Math.max(1, Math.abs(top) * fixedOf(words, 0.3, 0.6)));
  return Number.isFinite(bottom) ? tidy(bottom + Math.max(1, Math.abs(bottom) * fixedOf(words, 0.3, 0.6))) : 42;
}

export const agent: Answer<SnmpConfig, SnmpFacts> = (asked) => {
  const { config, chance, moment, start, states, place, topology, timeoutMs } = asked;
  // The agent of a router: its circuit may be down while it answers.
  const circuit = place.check.subject.kind === 'link' ? topology.circuits.get(place.check.subject.id) : undefined;
  const aside = circuit ? { ...place, spots: place.spots.map((spot) => ({ ...spot, circuits: [], gatewayOf: null })) } : place;
  const contact = reach({ ...asked, place: aside }, []);
  const { what, spot, ms, machine } = contact;
  if (what === 'refused') return { facts: { ...addressFacts(contact), failure: refusal(spot, config.port) }, tookMs: ms };
  if (what !== 'talks') return { facts: { ...addressFacts(contact), failure: noAnswer(spot, config.port) }, tookMs: timeoutMs };
  const id = spot.machine?.id ?? String(spot.address);
  const host = stateOf(id, machine, moment.at, start, chance);
  const facts: SnmpFacts = { ...addressFacts(contact), ms: tidy(2 * ms), agentUpSeconds: (host.uptimeSeconds ?? 0) - 30 };
  if (config.kind === 'interface') {
    const speed = (config.speed ?? 1_000) * 1e6;
    const up = !circuit || states.lineUp(circuit, moment);
    const use = up ? fixedOf(`use ${place.check.id}`, 0.15, 0.45) + 0.05 * chance() : 0;
    const name = config.interface;
    const found: InterfaceFacts = {
      index: typeof name === 'number' ? name : 1,
      ...(typeof name === 'string' && { name }),
      admin: 1,
      status: up ? 1 : 2,
      speed,
      bitsPerSecond: { in: Math.round(speed * use), out: Math.round(speed * use * 0.6) },
      errorsPerSecond: { in: 0, out: 0 },
      dropsPerSecond: { in: 0, out: 0 },
      counterBits: 64,
    };
    return { facts: { ...facts, interface: found }, tookMs: 2 * ms };
  }
  if (config.kind === 'value') {
    const isHeat = /°?C$/i.test(config.unit);
    const number = machine?.heat != null && isHeat ? machine.heat : calmValue(config, place.check.id);
    return { facts: { ...facts, value: { number } }, tookMs: ms };
  }
  const disks = (host.disks ?? []).map(({ mount, bytes, percent }) => ({ mount, bytes, percent }));
  const { cores, load1, load5, load15, memoryBytes, memoryPercent, uptimeSeconds } = host;
  return {
    facts: { ...facts, host: { cores, load1, load5, load15, memoryBytes, memoryPercent, disks, upSeconds: uptimeSeconds } },
    tookMs: 3 * ms,
  };
};

/** SNMP: a network interface, a single value, or load, memory and disks of a host, as its agent tells them. */
import type { Verdict } from '../model/words.ts';
import { clean } from '../text.ts';
import { humanDuration, humanLatency, SECOND } from '../time.ts';
import { judgeSnmpHost, snmpHostLines } from './snmp-host.ts';
import { humanBits, interfaceLines, judgeInterface, shareOf } from './snmp-interface.ts';
import { type SnmpConfig, type SnmpFacts, snmpConfig, snmpObservation } from './snmp-settings.ts';
import { failed } from './target.ts';
import type { Change, CheckDefinition, Explanation, FactLine } from './types.ts';

export type { SnmpConfig, SnmpFacts } from './snmp-settings.ts';

function judge(it: SnmpFacts, config: SnmpConfig): Verdict {
  const { failure } = it;
  if (failure?.code === 'login-refused') return { state: 'unknown', reason: 'login-refused', text: failure.detail };
  if (failure?.code === 'refused') return failed(failure, `no SNMP agent listens on port ${config.port}`);
  if (failure?.code === 'protocol') return failed(failure, failure.detail, 'not-snmp');
  // What is too long to read in time, or hidden from us, tells nothing of the device.
  if (failure?.code === 'too-large') return { state: 'unknown', reason: 'too-large', text: failure.detail };
  if (failure) return failed(failure);
  if (it.ms === undefined) return { state: 'unknown', reason: 'no-result', text: 'nothing was asked' };
  switch (config.kind) {
    case 'interface':
      return judgeInterface(it, config);
    case 'host':
      return judgeSnmpHost(it, config);
    case 'value':
      return judgeValue(it, config);
  }
}

const written = (value: number, unit: string): string => `${Number(value.toPrecision(6))}${unit === '' ? '' : ` ${unit}`}`;

function judgeValue({ value }: SnmpFacts, config: SnmpConfig): Verdict {
  const label = config.label ?? 'the value';
  const number = value?.number;
  if (number === undefined)
    return value?.text === undefined
      ? { state: 'unknown', reason: 'no-such-value', text: `the device does not have ${config.label ?? 'the value'} (${config.oid ?? ''})` }
      : { state: 'unknown', reason: 'no-number', text: clean(`${label} is no number: "${value.text}"`) };
  const is = `${label} is ${written(number, config.unit)}`;
  const { degradedAbove, degradedBelow, downAbove, downBelow, unit } = config;
  const [state, side, limit] =
    downAbove !== undefined && number > downAbove
      ? (['down', 'above', downAbove] as const)
      : downBelow !== undefined && number < downBelow
        ? (['down', 'below', downBelow] as const)
        : degradedAbove !== undefined && number > degradedAbove
          ? (['degraded', 'above', degradedAbove] as const)
          : degradedBelow !== undefined && number < degradedBelow
            ? (['degraded', 'below', degradedBelow] as const)
            : (['ok', null, 0] as const);
  if (side === null) return { state, reason: 'ok', text: is };
  return { state, reason: side === 'above' ? 'too-high' : 'too-low', text: `${is}, ${side} ${written(limit, unit)}` };
}

const advice: Record<string, Pick<Explanation, 'means' | 'todo'>> = {
  ok: { means: 'All is as it should be.', todo: 'Nothing.' },
  timeout: {
    means:
      'The device is off, the way is broken, its SNMP agent does not run, or the community is wrong: agents do not answer a wrong one.',
    todo: 'See whether the device answers to ping; then look at its agent, at who may ask it, and at the secret.',
  },
  refused: { means: 'The machine answers, but no SNMP agent runs there.', todo: 'Start the agent (snmpd) and look at its log.' },
  'login-refused': {
    means: 'Nothing is known about the device: it does not know the user, or the password or the protocol is wrong.',
    todo: 'Compare user, protocols and secrets with the device. After three refusals it is asked no more until a secret is changed, or after an hour.',
  },
  'not-snmp': {
    means: 'Something else answers on this port, or answers are forged on the way.',
    todo: 'Look at what listens on the port.',
  },
  'too-large': {
    means: 'Nothing is known: the device tells more than is read.',
    todo: 'Name the interface by its number instead of its name.',
  },
  'interface-down': {
    means: 'Nothing goes through it.',
    todo: 'Look at the cable, the optics and the other side; if it is a circuit, call its provider with its circuit id.',
  },
  'switched-off': { means: 'Somebody switched it off: nothing goes through it.', todo: 'Ask who did, and why; then switch it on.' },
  'no-such-interface': {
    means: 'It was renamed, or the card it is on is gone.',
    todo: 'Compare the name with what the device lists (ifName); look at its cards.',
  },
  dormant: { means: 'It waits to be dialled or logged in; nothing goes through it yet.', todo: 'Look at what it waits for on the device.' },
  'no-status': { means: 'The device does not say how the interface is.', todo: 'Look at the device itself.' },
  errors: {
    means: 'Packets are damaged on the way: connections are slow or break off.',
    todo: 'Look at cable, optics (receive power) and duplex on both sides.',
  },
  drops: {
    means: 'Packets are thrown away as there is no room for them: connections are slow.',
    todo: 'Look at what fills the interface; then at its queues.',
  },
  full: {
    means: 'There is no room for more: connections are slow.',
    todo: 'Look at who sends so much (an attack, a backup); move traffic to another link.',
  },
  'too-high': { means: 'It is beyond what was set as fine.', todo: 'Look at the device.' },
  'too-low': {
    means: 'It is beyond what was set as fine; for optics, less light arrives than should.',
    todo: 'Look at the device; for optics clean or change cable and module.',
  },
  'no-such-value': {
    means: 'Nothing is known: the device does not tell this value, or not to us.',
    todo: 'Compare the object id with what the device has (snmpwalk), and what the user may see.',
  },
  'disk-full': {
    means: 'When it is full, databases, mail and logs stop working.',
    todo: 'Find what grew, often logs, mail queues or backups; make room or enlarge the disk.',
  },
  memory: {
    means: 'When memory runs out, the system ends programs to save itself.',
    todo: 'See which program grew; restart it or add memory.',
  },
  load: {
    means: 'More work is waiting than the processors can do: everything is slow.',
    todo: 'See what runs; look at disks too, as waiting for a disk counts as load.',
  },
  'nothing-known': { means: 'Nothing can be said about this host.', todo: 'Look at what its agent shows, and to whom (view, access).' },
  unreachable: {
    means: 'A router on the way, or this computer, says that there is no way to the device.',
    todo: 'Look at routes and links: this comes from the network, not from the device.',
  },
  'name-not-found': { means: 'Nobody can reach it by this name.', todo: 'Look at the name in the inventory, then at its DNS records.' },
  'no-secret': {
    means: 'Nothing is known about the device: what it takes to ask it is not set here.',
    todo: 'Set the secret that the check names.',
  },
};
const lookHere = {
  means: 'Nothing is known about the device: the fault is on this computer.',
  todo: 'Look at the transcript, and whether this computer is overloaded.',
};

const what = (config: SnmpConfig): string =>
  config.kind === 'interface'
    ? `interface ${config.interface ?? ''} of `
    : config.kind === 'value'
      ? `${config.label ?? config.oid ?? ''} of `
      : '';
const target = (config: SnmpConfig): string => `${what(config)}${config.address}${config.port === 161 ? '' : ` port ${config.port}`}`;
const explain = (_: SnmpFacts, verdict: Verdict, config: SnmpConfig): Explanation => ({
  happened: `${target(config)}: ${verdict.text}.`,
  ...(advice[verdict.reason] ?? lookHere),
});

function facts(it: SnmpFacts): FactLine[] {
  const lines: FactLine[] = [];
  if (it.interface) lines.push(...interfaceLines(it.interface));
  if (it.value?.number !== undefined) lines.push({ label: 'Value', value: String(Number(it.value.number.toPrecision(8))) });
  if (it.value?.text !== undefined) lines.push({ label: 'Says', value: it.value.text });
  if (it.host) lines.push(...snmpHostLines(it.host));
  if (it.refusals)
    lines.push({
      label: 'Log-ins refused',
      value: `${it.refusals} in a row${it.nextLoginMs === undefined ? '' : `; the next is tried in ${humanDuration(it.nextLoginMs)} or when a secret changes`}`,
    });
  if (it.agentUpSeconds !== undefined) lines.push({ label: 'Agent running for', value: humanDuration(it.agentUpSeconds * SECOND) });
  if (it.ms !== undefined) lines.push({ label: 'Answers after', value: humanLatency(it.ms) });
  if (it.address !== undefined) lines.push({ label: 'Address', value: it.address });
  return lines;
}

/** sysUpTime begins anew after 497 days: near that age a lower one is no restart. */
const wrapSeconds = 2 ** 32 / 100;
const restarted = (before: number | undefined, after: number | undefined): boolean =>
  before !== undefined && after !== undefined && after < before && before < wrapSeconds - 86_400;

function changes(before: SnmpFacts, after: SnmpFacts): Change[] {
  const found: Change[] = [];
  if (restarted(before.host?.upSeconds, after.host?.upSeconds))
    found.push({
      code: 'reboot',
      text: `the host was restarted; it has been running for ${humanDuration((after.host?.upSeconds ?? 0) * SECOND)}`,
    });
  else if (restarted(before.agentUpSeconds, after.agentUpSeconds))
    found.push({
      code: 'agent-restarted',
      text: `the device, or its SNMP agent, was restarted; it has been running for ${humanDuration((after.agentUpSeconds ?? 0) * SECOND)}`,
    });
  const [was, is] = [before.interface?.speed, after.interface?.speed];
  if (was !== undefined && is !== undefined && was !== is)
    found.push({ code: 'speed', text: `the interface changed its speed from ${humanBits(was)} to ${humanBits(is)}` });
  return found;
}

/** Traffic or memory in per cent, or the value itself. */
function measure(it: SnmpFacts): number | null {
  if (it.interface) return shareOf(it.interface) ?? null;
  const number = it.value?.number ?? it.host?.memoryPercent;
  // History keeps thousandths in whole numbers: a counter that has run for years does not fit, and is no chart.
  return number === undefined || Math.abs(number) > 1e12 ? null : number;
}

export const snmp = {
  title: 'SNMP',
  summary: 'A network interface, a single value (optics, temperatures), or load, memory and disks of a host, by SNMP',
  config: snmpConfig,
  observation: snmpObservation,
  slotMs: 0,
  unit: '%',
  unitOf: (config) => (config.kind === 'value' ? config.unit : '%'),
  target,
  judge,
  explain,
  measure,
  facts,
  changes,
} satisfies CheckDefinition<SnmpConfig, SnmpFacts>;

/** What is known of a host from inside, put together from all of its checks: load, memory, disks, RAID, temperatures, backups. Pure. */
import { z } from 'zod';
import { capital } from '../../shared/alerting/names.ts';
import { checkOf } from '../../shared/checks/index.ts';
import type { FactLine } from '../../shared/checks/types.ts';
import type { SeenFacts } from '../../shared/contract.ts';
import type { PlannedCheck } from '../../shared/model/plan.ts';
import { clean } from '../../shared/text.ts';

export const factGroups = ['Load', 'Memory', 'Disks', 'RAID', 'Temperatures', 'Backups', 'Other'] as const;
export type FactGroup = (typeof factGroups)[number];

/** How the labels of each group begin, as the checks write them, in lower case. */
const beginnings: Record<Exclude<FactGroup, 'Other'>, readonly string[]> = {
  Load: ['load', 'processor', 'running for', 'uptime', 'cores'],
  Memory: ['memory', 'swap', 'ecc', 'machine check', 'memory errors'],
  Disks: ['disk', 'more disks', 'not looked at', 'file system', 'mount', 'stuck', 'network disk', 'nfs', 'read-only', 'inode'],
  RAID: ['raid', 'zfs', 'zpool', 'pool', 'array'],
  Temperatures: ['temperature', 'sensor', 'hottest'],
  // A file whose age tells that a job ran.
  Backups: ['backup', 'file /', 'full', 'incremental', 'off-site', 'restore', 'last verified', 'newest backup', 'newest usable'],
};
export function groupOfLabel(label: string): FactGroup {
  const low = label.toLowerCase();
  const found = factGroups.find((group) => group !== 'Other' && beginnings[group].some((word) => low.startsWith(word)));
  return found ?? 'Other';
}

/** Types that tell how a machine is from inside. */
const insideTypes = new Set<string>(['host', 'inside', 'snmp', 'backup']);
/** An interface tells of the network and not of the machine. */
export const isInsideCheck = (plan: PlannedCheck): boolean =>
  insideTypes.has(plan.type) && !(plan.type === 'snmp' && plan.config.kind === 'interface');

export interface HostLine extends FactLine {
  key: string;
  check: string;
  /** Per cent in use, for a meter; null where the value is none. */
  percent: number | null;
}

/** "85 % of 40.0 GB" fills 85 of 100. */
export function percentIn(value: string): number | null {
  const number = /^(\d{1,3})(?:\.\d+)? %/.exec(value)?.[1];
  return number === undefined ? null : Math.min(100, Number(number));
}

/** Facts of all checks of a host by group, groups without a fact left out. */
export function groupFacts(
  plans: readonly PlannedCheck[],
  seen: Record<string, SeenFacts | null>,
): { group: FactGroup; lines: HostLine[] }[] {
  const groups = new Map<FactGroup, HostLine[]>();
  for (const plan of plans) {
    const newest = seen[plan.id];
    if (!newest) continue;
    for (const [index, line] of linesOf(plan, newest).entries()) {
      const { label, value } = named(plan, clean(line.label, 120), clean(line.value, 600));
      const group = aboutProbe.test(label) ? 'Other' : (wholeGroup(plan) ?? groupOfLabel(label));
      // Several checks log in to the same server.
      if (group === 'Other' && groups.get(group)?.some((it) => it.label === label && (it.value === value || howLong.test(label)))) continue;
      const meter = group === 'Memory' || group === 'Disks' || label.startsWith('Processors') ? percentIn(value) : null;
      groups.set(group, [...(groups.get(group) ?? []), { key: `${plan.id} ${index}`, check: plan.id, label, value, percent: meter }]);
    }
  }
  return factGroups.flatMap((group) => {
    const lines = groups.get(group);
    return lines ? [{ group, lines }] : [];
  });
}
/** What a check tells of how it got its answer, and not of the machine. */
export const aboutProbe = /^(log-in|host key|address|agent running|answers after)/i;
const howLong = /^(log-in took|answers after)/i;
/** A single value goes by the name and the unit that the inventory gives it. */
function named({ type, config }: PlannedCheck, label: string, value: string): { label: string; value: string } {
  if (type !== 'snmp' || config.kind !== 'value' || label !== 'Value') return { label, value };
  return { label: config.label ? capital(String(config.label)) : label, value: `${value} ${String(config.unit ?? '')}`.trim() };
}
/** Checks that tell of one thing only. */
function wholeGroup({ type, config }: PlannedCheck): FactGroup | null {
  if (type === 'backup') return 'Backups';
  return type === 'snmp' && config.unit === '°C' ? 'Temperatures' : null;
}
/** What the check type itself would write; nothing where its facts are of another version. */
function linesOf(plan: PlannedCheck, { facts }: SeenFacts): FactLine[] {
  try {
    return checkOf(plan.type).facts(facts);
  } catch {
    return [];
  }
}

const withSensors = z.object({ temperatures: z.array(z.object({ sensor: z.string(), celsius: z.number() })) });
const withValue = z.object({ value: z.object({ number: z.number() }) });

export interface Temperature {
  check: string;
  sensor: string;
  celsius: number;
}
/** All temperatures that the checks of something know of, hottest first. */
export function temperaturesOf(plans: readonly PlannedCheck[], seen: Record<string, SeenFacts | null>): Temperature[] {
  return plans
    .flatMap((plan): Temperature[] => {
      const facts: unknown = seen[plan.id]?.facts;
      const sensors = withSensors.safeParse(facts);
      if (sensors.success)
        return sensors.data.temperatures.map((it) => ({ check: plan.id, sensor: clean(it.sensor, 60), celsius: it.celsius }));
      const value = plan.type === 'snmp' && plan.config.unit === '°C' ? withValue.safeParse(facts) : null;
      return value?.success
        ? [{ check: plan.id, sensor: clean(String(plan.config.label ?? plan.name), 60), celsius: value.data.value.number }]
        : [];
    })
    .sort((a, b) => b.celsius - a.celsius);
}

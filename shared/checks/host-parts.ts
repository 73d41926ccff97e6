/** What the checks that look at a computer share: this one (host), and others over ssh (inside). Limits, facts, findings, words. */
import { z } from 'zod';
import { type Level, severityOf } from '../model/words.ts';
import { humanDuration, SECOND } from '../time.ts';
import type { Change, Explanation, FactLine } from './types.ts';

const percent = z.number().min(1).max(100);

export const hostLimits = z.object({
  loadDegraded: z.number().min(0.1).max(1_000).default(2).describe('Load per processor core (mean of 5 minutes) from which it is degraded'),
  memoryDegraded: percent.default(90).describe('Memory in use, per cent, from which it is degraded'),
  memoryDown: percent.default(97).describe('Memory in use, per cent, from which it is down'),
  swapDegraded: percent.default(50).describe('Swap in use, per cent, from which it is degraded'),
  diskDegraded: percent.default(85).describe('Space (or file entries) of any disk in use, per cent, from which it is degraded'),
  diskDown: percent.default(95).describe('Space (or file entries) of any disk in use, per cent, from which it is down'),
  temperatureDegraded: z.number().min(1).max(200).default(80).describe('Hottest sensor, °C, from which it is degraded'),
  temperatureDown: z.number().min(1).max(200).default(95).describe('Hottest sensor, °C, from which it is down'),
  ignoreDisks: z
    .array(z.string().min(1).max(300))
    .max(50)
    .default([])
    .describe('Mount points that are not looked at, such as /media/archive'),
});
export type HostLimits = z.infer<typeof hostLimits>;

/** What can be missing on one system or another; it is named and never counted as fine. */
export const hostParts = ['load', 'memory', 'swap', 'disks', 'temperatures'] as const;
export type HostPart = (typeof hostParts)[number];

export const hostState = z.object({
  cores: z.number().optional(),
  load1: z.number().optional(),
  load5: z.number().optional(),
  load15: z.number().optional(),
  /** Busy share of all cores since the probe before; missing at the first. */
  cpuPercent: z.number().optional(),
  memoryBytes: z.number().optional(),
  memoryPercent: z.number().optional(),
  /** 0 = there is no swap. */
  swapBytes: z.number().optional(),
  swapPercent: z.number().optional(),
  disks: z
    .array(
      z.object({
        mount: z.string(),
        kind: z.string(),
        bytes: z.number(),
        percent: z.number(),
        inodePercent: z.number().nullable(),
        readOnly: z.boolean(),
      }),
    )
    .optional(),
  /** Disks that did not say how full they are in time. */
  silentDisks: z.array(z.string()).optional(),
  /** Network and other file systems that are not asked, as asking can hang. */
  skippedDisks: z.array(z.string()).optional(),
  temperatures: z.array(z.object({ sensor: z.string(), celsius: z.number() })).optional(),
  uptimeSeconds: z.number().optional(),
  /** New with every start of the computer; Linux only. */
  bootId: z.string().optional(),
});
export type HostState = z.infer<typeof hostState>;

export interface Finding {
  level: Level;
  reason: string;
  text: string;
  /** How far beyond its limit, to find the worst of one level. */
  weight: number;
}

const whole = (value: number): string => `${Math.floor(value)} %`;
const oneDigit = (value: number): string => value.toFixed(1);

/** What is beyond its limits. @param more findings of a kind that only one check knows. @returns the worst first */
export function hostFindings(it: HostState, config: HostLimits, more: readonly Finding[] = []): Finding[] {
  const found: Finding[] = [...more];
  const over = (value: number | undefined, limits: { degraded: number; down?: number }, reason: string, text: string): void => {
    if (value === undefined) return;
    const level = limits.down !== undefined && value >= limits.down ? 'down' : value >= limits.degraded ? 'degraded' : null;
    if (level) found.push({ level, reason, text, weight: value / limits.degraded });
  };
  for (const disk of it.disks ?? []) {
    if (disk.readOnly) found.push({ level: 'down', reason: 'disk-read-only', text: `disk ${disk.mount} is read-only`, weight: 10 });
    const limits = { degraded: config.diskDegraded, down: config.diskDown };
    over(disk.percent, limits, 'disk-full', `disk ${disk.mount} ${whole(disk.percent)} full`);
    if (disk.inodePercent !== null)
      over(disk.inodePercent, limits, 'disk-entries-full', `disk ${disk.mount} has used ${whole(disk.inodePercent)} of its file entries`);
  }
  for (const mount of it.silentDisks ?? [])
    found.push({ level: 'degraded', reason: 'disk-silent', text: `disk ${mount} does not answer`, weight: 5 });
  over(
    it.memoryPercent,
    { degraded: config.memoryDegraded, down: config.memoryDown },
    'memory',
    `memory ${whole(it.memoryPercent ?? 0)} in use`,
  );
  over(it.swapPercent, { degraded: config.swapDegraded }, 'swap', `swap ${whole(it.swapPercent ?? 0)} in use`);
  const perCore = loadPerCore(it);
  over(perCore, { degraded: config.loadDegraded }, 'load', `load ${oneDigit(perCore ?? 0)} per core`);
  const hottest = hottestOf(it);
  over(
    hottest?.celsius,
    { degraded: config.temperatureDegraded, down: config.temperatureDown },
    'temperature',
    `${hottest?.sensor} at ${Math.round(hottest?.celsius ?? 0)} °C`,
  );
  return found.sort((a, b) => severityOf(b.level) - severityOf(a.level) || b.weight - a.weight);
}

const loadPerCore = (it: HostState): number | undefined => (it.load5 === undefined || !it.cores ? undefined : it.load5 / it.cores);
const hottestOf = (it: HostState) =>
  it.temperatures?.reduce((a, b) => (b.celsius > a.celsius ? b : a), it.temperatures[0] as { sensor: string; celsius: number });
const fullestOf = (it: HostState) =>
  it.disks?.reduce((a, b) => (b.percent > a.percent ? b : a), it.disks[0] as NonNullable<HostState['disks']>[number]);

/** The sentence of a computer that is well: fullest disk, memory, load, temperature, where known. */
export function hostInShort(it: HostState): string {
  const seen: string[] = [];
  const perCore = loadPerCore(it);
  const fullest = fullestOf(it);
  const hottest = hottestOf(it);
  if (fullest) seen.push(`fullest disk ${fullest.mount} ${whole(fullest.percent)}`);
  if (it.memoryPercent !== undefined) seen.push(`memory ${whole(it.memoryPercent)}`);
  if (perCore !== undefined) seen.push(`load ${oneDigit(perCore)} per core`);
  if (hottest) seen.push(`${Math.round(hottest.celsius)} °C`);
  return seen.join(', ');
}

/** Whether a computer was started between two looks at it; null when it was not. @param who "this computer" */
export function restartOf(before: HostState, after: HostState, who: string): Change | null {
  const restarted =
    before.bootId !== undefined && after.bootId !== undefined
      ? before.bootId !== after.bootId
      : before.uptimeSeconds !== undefined && after.uptimeSeconds !== undefined && after.uptimeSeconds < before.uptimeSeconds;
  if (!restarted) return null;
  const up = after.uptimeSeconds === undefined ? '' : `; it has been running for ${humanDuration(after.uptimeSeconds * SECOND)}`;
  return { code: 'reboot', text: `${who} was restarted${up}` };
}

/** What each finding means and what to do first, by reason. */
export const hostAdvice: Record<string, Omit<Explanation, 'happened'>> = {
  'disk-read-only': {
    means: 'Nothing can be saved there: mail, databases and logs on it stand still. Linux often does this when a disk fails.',
    todo: 'Read the kernel log (dmesg) for disk errors before anything is remounted; save what can be saved.',
  },
  'disk-full': {
    means: 'When it is full, databases, mail and logs stop working.',
    todo: 'Find what grew (du -xh), often logs, mail queues or backups; make room or enlarge the disk.',
  },
  'disk-entries-full': {
    means: 'There may be space, but no new files can be made.',
    todo: 'Find folders with very many small files, often sessions, caches or mail queues.',
  },
  'disk-silent': { means: 'Programs that use this disk may hang.', todo: 'Read the kernel log (dmesg) for disk errors.' },
  memory: {
    means: 'When memory runs out, the system ends programs to save itself.',
    todo: 'See which program grew (ps, top); restart it or add memory.',
  },
  swap: {
    means: 'Memory ran short at some time: everything may be slow.',
    todo: 'See which program takes the memory (top, sorted by memory).',
  },
  load: {
    means: 'More work is waiting than the processors can do: everything is slow.',
    todo: 'See what runs (top); look at disks too, as waiting for a disk counts as load.',
  },
  temperature: {
    means: 'The machine slows down or switches off to protect itself.',
    todo: 'Look at fans, dust, and the cooling of the room.',
  },
};

/** Lines of the detail view, without what is not known. */
export function hostLines(it: HostState): FactLine[] {
  const lines: FactLine[] = [];
  const add = (label: string, value: string | undefined) => {
    if (value !== undefined && value !== '') lines.push({ label, value });
  };
  for (const disk of [...(it.disks ?? [])].sort((a, b) => b.percent - a.percent)) {
    add(
      `Disk ${disk.mount}`,
      `${whole(disk.percent)} of ${gigabytes(disk.bytes)}${disk.readOnly ? ', read-only' : ''}${disk.inodePercent === null ? '' : `, file entries ${whole(disk.inodePercent)}`}`,
    );
  }
  add('Disks without an answer', it.silentDisks?.join(', '));
  add('Not looked at', it.skippedDisks?.join(', '));
  add('Memory', it.memoryPercent === undefined ? undefined : `${whole(it.memoryPercent)} of ${gigabytes(it.memoryBytes ?? 0)}`);
  add(
    'Swap',
    it.swapBytes === 0 ? 'none' : it.swapPercent === undefined ? undefined : `${whole(it.swapPercent)} of ${gigabytes(it.swapBytes ?? 0)}`,
  );
  add(
    'Load (1, 5, 15 min)',
    it.load1 === undefined ? undefined : `${it.load1.toFixed(2)}, ${it.load5?.toFixed(2)}, ${it.load15?.toFixed(2)} on ${it.cores} cores`,
  );
  add('Processors busy', it.cpuPercent === undefined ? undefined : whole(it.cpuPercent));
  add('Temperatures', it.temperatures?.map((sensor) => `${sensor.sensor} ${Math.round(sensor.celsius)} °C`).join(', '));
  add('Running for', it.uptimeSeconds === undefined ? undefined : humanDuration(it.uptimeSeconds * SECOND));
  return lines;
}

export const gigabytes = (bytes: number): string => (bytes >= 1e12 ? `${oneDigit(bytes / 1e12)} TB` : `${oneDigit(bytes / 1e9)} GB`);

/** What load, memory and disks of a host mean, as its SNMP agent tells them. */
import { type Level, severityOf, type Verdict } from '../model/words.ts';
import { listOf } from '../text.ts';
import { humanDuration, SECOND } from '../time.ts';
import { verdictOfFindings } from './findings.ts';
import type { SnmpConfig, SnmpFacts, SnmpHostFacts } from './snmp-settings.ts';
import type { FactLine } from './types.ts';

const whole = (value: number): string => `${Math.floor(value)} %`;
const gigabytes = (bytes: number): string => (bytes >= 1e12 ? `${(bytes / 1e12).toFixed(1)} TB` : `${(bytes / 1e9).toFixed(1)} GB`);
const loadPerCore = (it: SnmpHostFacts): number | undefined => (it.load5 === undefined || !it.cores ? undefined : it.load5 / it.cores);

/** Only reached with an answer of the device. */
export function judgeSnmpHost({ host: it }: SnmpFacts, config: SnmpConfig): Verdict {
  const missing = it?.notKnown ?? [];
  const unknown = missing.length > 0 ? `; not known: ${listOf(missing, 5)}` : '';
  if (!it || (it.memoryPercent === undefined && (it.disks ?? []).length === 0))
    return { state: 'unknown', reason: 'nothing-known', text: `the host tells too little about itself${unknown}` };
  const found: { level: Level; reason: string; text: string; weight: number }[] = [];
  const over = (value: number | undefined, degraded: number, down: number | null, reason: string, text: string): void => {
    if (value === undefined || value < degraded) return;
    found.push({ level: down !== null && value >= down ? 'down' : 'degraded', reason, text, weight: value / degraded });
  };
  for (const disk of it.disks ?? [])
    over(disk.percent, config.diskDegraded, config.diskDown, 'disk-full', `disk ${disk.mount} ${whole(disk.percent)} full`);
  over(it.memoryPercent, config.memoryDegraded, config.memoryDown, 'memory', `memory ${whole(it.memoryPercent ?? 0)} in use`);
  const perCore = loadPerCore(it);
  over(perCore, config.loadDegraded, null, 'load', `load ${perCore?.toFixed(1)} per core`);
  const [first, ...rest] = found.sort((a, b) => severityOf(b.level) - severityOf(a.level) || b.weight - a.weight);
  if (first) return verdictOfFindings([first, ...rest], unknown);
  const seen: string[] = [];
  const fullest = it.disks?.[0];
  if (fullest) seen.push(`fullest disk ${fullest.mount} ${whole(fullest.percent)}`);
  if (it.memoryPercent !== undefined) seen.push(`memory ${whole(it.memoryPercent)}`);
  if (perCore !== undefined) seen.push(`load ${perCore.toFixed(1)} per core`);
  return { state: 'ok', reason: 'ok', text: `${seen.join(', ')}${unknown}` };
}

export function snmpHostLines(it: SnmpHostFacts): FactLine[] {
  const lines: FactLine[] = [];
  const add = (label: string, value: string | undefined): unknown => value !== undefined && value !== '' && lines.push({ label, value });
  for (const disk of it.disks ?? []) add(`Disk ${disk.mount}`, `${whole(disk.percent)} of ${gigabytes(disk.bytes)}`);
  if (it.moreDisks) add('More disks', String(it.moreDisks));
  if (it.memoryPercent !== undefined) add('Memory', `${whole(it.memoryPercent)} of ${gigabytes(it.memoryBytes ?? 0)}`);
  const loads = [it.load1, it.load5, it.load15].flatMap((load) => (load === undefined ? [] : [load.toFixed(2)]));
  if (loads.length > 0) add('Load (1, 5, 15 min)', `${loads.join(', ')}${it.cores === undefined ? '' : ` on ${it.cores} cores`}`);
  if (it.busyPercent !== undefined) add('Processors busy', whole(it.busyPercent));
  if (it.upSeconds !== undefined) add('Running for', humanDuration(it.upSeconds * SECOND));
  add('Not known', it.notKnown?.join(', '));
  return lines;
}

/** `nightdesk uptime`: how long everything was up, from the data folder of a desk that may be running. */
import { writeFileSync } from 'node:fs';
import { clean } from '../../shared/text.ts';
import { DAY, humanDuration, stamp } from '../../shared/time.ts';
import type { UptimeReport } from '../../shared/uptime/report.ts';
import { makeUptime } from '../store/make-uptime.ts';
import { momentOf, refuse, withHistory } from './cli-history.ts';
import { systemClock } from './clock.ts';

interface UptimeOptions {
  data: string;
  /** ISO; null = 30 days before the end. */
  from: string | null;
  /** ISO; null = now. */
  to: string | null;
  zone: string | null;
  /** A file, or `-` for standard output; null = no CSV. */
  csv: string | null;
  json: boolean;
}

const usualMs = 30 * DAY;

/** @returns the exit code: 0 told, 2 with a sentence on standard error */
export function runUptime(options: UptimeOptions): Promise<number> {
  return withHistory(options.data, options.zone, ({ store }, plan, zone) => {
    const now = systemClock.now();
    const to = options.to === null ? now : momentOf('--to', options.to, zone);
    if (typeof to === 'string') return refuse(to);
    const from = options.from === null ? to - usualMs : momentOf('--from', options.from, zone);
    if (typeof from === 'string') return refuse(from);
    const made = makeUptime(store, plan, { from, to, subjects: null, zone }, now);
    if (!made.ok) return refuse(made.failure.text);
    const { report, csv } = made.value;
    if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
    else if (options.csv === '-') process.stdout.write(csv);
    else if (options.csv === null) process.stdout.write(tableOf(report, zone));
    if (options.csv === null || options.csv === '-') return 0;
    try {
      writeFileSync(options.csv, csv);
    } catch (error) {
      return refuse(`--csv: ${options.csv} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
    }
    if (!options.json) process.stdout.write(`${options.csv}\n`);
    return 0;
  });
}

const heads = ['', 'available', 'up', 'degraded', 'down', 'unreachable', 'planned work', 'not known'];

/** For the eye; programs take --csv or --json. */
function tableOf(report: UptimeReport, zone: string): string {
  const duration = (ms: number): string => (ms === 0 ? '-' : humanDuration(ms));
  const rows = report.lines.map(({ kind, name, id, parts, availability }) => [
    `${kind === 'check' ? '  ' : ''}${clean(kind === 'check' ? id : name, 60)}`,
    availability === null ? '-' : `${percent(availability)} %`,
    ...[parts.up, parts.degraded, parts.down, parts.unreachable, parts.maintenance, parts.unknown].map(duration),
  ]);
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row.map((text, column) => (column === 0 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0))).join('  ');
  return [`${stamp(report.from, zone)} to ${stamp(report.to, zone)}`, ...[heads, ...rows].map(line), ''].join('\n');
}

/** Never rounded up: 99.9996 % is not 100. */
const percent = (value: number): string => (Math.floor(value * 1_000) / 1_000).toFixed(3);

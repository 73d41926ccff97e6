/** The uptime report as a table for spreadsheets. */
import { toCsv } from '../csv.ts';
import { drillTable } from '../documents/drill-band.ts';
import { clean } from '../text.ts';
import { MINUTE, stamp } from '../time.ts';
import type { UptimeParts, UptimeReport } from './report.ts';

/** In the order of the columns. Planned and unplanned downtime stand apart. */
const columns: readonly { part: keyof UptimeParts; title: string }[] = [
  { part: 'up', title: 'up' },
  { part: 'degraded', title: 'degraded' },
  { part: 'down', title: 'down (unplanned)' },
  { part: 'maintenance', title: 'down (planned)' },
  { part: 'unreachable', title: 'unreachable' },
  { part: 'unknown', title: 'not known' },
];

const minutes = (ms: number): string => (ms / MINUTE).toFixed(1);

/** Never rounded up to 100: a figure that says so must mean that nothing was down. */
function percent(value: number): string {
  const text = value.toFixed(4);
  return text === '100.0000' && value < 100 ? '99.9999' : text;
}

/** One line for each of the report's, with the range and its zone in every line, minutes and per cent for each part. @param drill it tells of a drill */
export function uptimeCsv(report: UptimeReport, zone: string, drill = false): string {
  const { from, to } = report;
  const range = [stamp(from, zone), stamp(to, zone)];
  const length = to - from;
  const header = [
    'from',
    'to',
    'zone',
    'site',
    'kind',
    'id',
    'name',
    'availability %',
    'range min',
    ...columns.map(({ title }) => `${title} min`),
    ...columns.map(({ title }) => `${title} %`),
    'outages (unplanned)',
    'longest outage min',
  ];
  const rows = report.lines.map((line) => [
    ...range,
    zone,
    clean(line.site ?? ''),
    line.kind,
    clean(line.id),
    clean(line.name),
    line.availability === null ? null : percent(line.availability),
    minutes(length),
    ...columns.map(({ part }) => minutes(line.parts[part])),
    ...columns.map(({ part }) => (length > 0 ? percent((line.parts[part] / length) * 100) : null)),
    line.outages,
    minutes(line.longestOutageMs),
  ]);
  const table = drill ? drillTable(header, rows) : { header, rows };
  return toCsv(table.header, table.rows);
}

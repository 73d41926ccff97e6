/** The uptime report as a table: grouped by site, sorted, with the checks of a row unfolded below it, and its numbers in words. Pure. */

import type { Standing } from '../../shared/model/words.ts';
import { count } from '../../shared/text.ts';
import { humanDuration, MINUTE } from '../../shared/time.ts';
import type { UptimeLine, UptimeParts, UptimeReport } from '../../shared/uptime/report.ts';

/** The parts as they are drawn, from left to right; planned stands apart from unplanned. */
export const parts: readonly { part: keyof UptimeParts; title: string; help: string; standing: Standing }[] = [
  { part: 'up', title: 'Up', help: 'it worked', standing: 'ok' },
  { part: 'degraded', title: 'Degraded', help: 'it worked, but not well', standing: 'degraded' },
  { part: 'down', title: 'Down', help: 'unplanned: this is what counts against it', standing: 'down' },
  { part: 'unreachable', title: 'Unreachable', help: 'behind something that had failed: not charged to it', standing: 'unreachable' },
  { part: 'maintenance', title: 'Planned', help: 'not up during planned work', standing: 'maintenance' },
  { part: 'unknown', title: 'Not known', help: 'nobody watched, or no fresh data', standing: 'unknown' },
];

export const sorts = ['inventory', 'availability', 'name', 'outages', 'longest'] as const;
export type Sort = (typeof sorts)[number];

/** A site with what is at it, or (line null) all that is at no site. */
interface Section {
  site: UptimeLine | null;
  things: { line: UptimeLine; checks: UptimeLine[] }[];
}

/** Checks stand below their subject's line, things below their site's: as uptimeOf orders them. */
export function sectionsOf(lines: readonly UptimeLine[]): Section[] {
  const sections: Section[] = [];
  for (const line of lines) {
    if (line.kind === 'site') {
      sections.push({ site: line, things: [] });
      continue;
    }
    let section = sections.at(-1);
    if (!section || (section.site !== null && section.site.id !== line.site)) {
      section = { site: null, things: [] };
      sections.push(section);
    }
    if (line.kind === 'check') section.things.at(-1)?.checks.push(line);
    else section.things.push({ line, checks: [] });
  }
  return sections;
}

export type Row =
  | { kind: 'elsewhere'; key: string }
  | {
      kind: 'site' | 'thing' | 'check';
      key: string;
      line: UptimeLine /** Number of checks below it; 0 = it cannot be unfolded. */;
      checks: number;
      open: boolean;
    };

/** What is not known goes last, the worst first. */
const byAvailability = (a: UptimeLine, b: UptimeLine): number =>
  (a.availability ?? 101) - (b.availability ?? 101) || b.longestOutageMs - a.longestOutageMs;
const order: Record<Exclude<Sort, 'inventory'>, (a: UptimeLine, b: UptimeLine) => number> = {
  availability: byAvailability,
  name: (a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }),
  outages: (a, b) => b.outages - a.outages || byAvailability(a, b),
  longest: (a, b) => b.longestOutageMs - a.longestOutageMs || byAvailability(a, b),
};

/**
 * @param open keys of rows whose checks are shown
 * @param typed only what has these words in its name or id (or in those of a check)
 */
export function rowsOf(report: Pick<UptimeReport, 'lines'>, sort: Sort, open: ReadonlySet<string>, typed: string): Row[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (...lines: UptimeLine[]) => {
    const text = lines
      .map((it) => `${it.name} ${it.id}`)
      .join(' ')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  };
  const compare = sort === 'inventory' ? null : order[sort];
  const sections = sectionsOf(report.lines);
  const sorted = compare
    ? sections.toSorted((a, b) => (a.site && b.site ? compare(a.site, b.site) : Number(a.site === null) - Number(b.site === null)))
    : sections;
  const rows: Row[] = [];
  for (const { site, things } of sorted) {
    const whole = site !== null && words.length > 0 && fits(site);
    const shown = things.filter((it) => whole || fits(it.line, ...it.checks));
    if (words.length > 0 && shown.length === 0 && !whole) continue;
    if (site) rows.push({ kind: 'site', key: `site ${site.id}`, line: site, checks: 0, open: false });
    else if (sorted.length > 1) rows.push({ kind: 'elsewhere', key: 'elsewhere' });
    for (const { line, checks } of compare ? shown.toSorted((a, b) => compare(a.line, b.line)) : shown) {
      rows.push({ kind: 'thing', key: line.id, line, checks: checks.length, open: open.has(line.id) });
      if (open.has(line.id)) {
        for (const check of compare ? checks.toSorted(compare) : checks)
          rows.push({ kind: 'check', key: check.id, line: check, checks: 0, open: false });
      }
    }
  }
  return rows;
}

/** "99.982 %"; never rounded up to 100, which must mean that nothing was down. */
export function availabilityText(value: number | null): string {
  if (value === null) return 'not known';
  if (value === 100) return '100 %';
  return `${(Math.floor(value * 1_000) / 1_000).toFixed(3)} %`;
}

/** "0.31 %" of the whole; what is more than nothing never reads as nothing, and what is less than all never as all. */
export function shareText(ms: number, whole: number): string {
  if (ms === 0 || whole <= 0) return '0 %';
  if (ms === whole) return '100 %';
  const percent = (ms / whole) * 100;
  if (percent < 0.01) return '<0.01 %';
  return `${(Math.floor(percent * 100) / 100).toFixed(2)} %`;
}

/** "1,204 min". */
export function minutesText(ms: number): string {
  if (ms === 0) return '0 min';
  if (ms < MINUTE) return '<1 min';
  return `${Math.round(ms / MINUTE).toLocaleString('en-US')} min`;
}

/** What the bar of a line shows, for those who do not see it. */
export function partsText(line: Pick<UptimeLine, 'parts'>, whole: number): string {
  return (
    parts
      .filter(({ part }) => line.parts[part] > 0)
      .map(({ part, title }) => `${title.toLowerCase()} ${shareText(line.parts[part], whole)}`)
      .join(', ') || 'nothing'
  );
}

/** The first sentence of the screen. */
export function summaryOf(report: UptimeReport): string {
  const things = report.lines.filter((it) => it.kind !== 'check' && it.kind !== 'site');
  if (things.length === 0) return 'Nothing is watched that has an uptime';
  if (things.every((it) => it.parts.unknown === report.to - report.from)) return 'Nothing is known of this time: nobody watched';
  const down = things.filter((it) => it.parts.down > 0);
  const planned = things.reduce((sum, it) => Math.max(sum, it.parts.maintenance), 0);
  const plannedText = planned > 0 ? `; planned work took up to ${humanDuration(planned)}` : '';
  if (down.length === 0) return `Nothing was down without a plan${plannedText}`;
  const worst = down.reduce((a, b) => (b.longestOutageMs > a.longestOutageMs ? b : a));
  return `${down.length} of ${count(things.length, 'thing')} ${down.length === 1 ? 'was' : 'were'} down; the longest outage: ${worst.name}, ${humanDuration(worst.longestOutageMs)}${plannedText}`;
}

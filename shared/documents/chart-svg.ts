/** Draws a chart as one SVG element that needs nothing else: no styles, no scripts, readable in print and without colours. Pure. */
import { DateTime } from 'luxon';
import { escapeHtml } from '../text.ts';
import { DAY, HOUR, MINUTE, SECOND, zoneName } from '../time.ts';
import type { Chart, ChartPoint, ChartState } from './chart.ts';
import { stripOf, valueWords } from './chart-words.ts';

const width = 700;
const left = 72;
const right = 8;
const valueHeight = 96;
const lossHeight = 34;
const stripHeight = 16;
const gap = 12;

/** Also told apart by height, for eyes and printers without colours. */
const looks: Record<ChartState, { colour: string; share: number }> = {
  ok: { colour: '#2f8f5b', share: 0.35 },
  degraded: { colour: '#c98a00', share: 0.7 },
  down: { colour: '#c0322b', share: 1 },
  unknown: { colour: '#c9ced6', share: 0.15 },
};

/**
 * @param words what it shows, for those who do not see it
 * @param id unique in the page, letters, digits and hyphens
 */
export function chartSvg(chart: Chart, words: string, id: string): string {
  const { from, to, points, stepMs, mark } = chart;
  const x = (at: number): number =>
    round(left + ((Math.min(Math.max(at, from), to) - from) / Math.max(1, to - from)) * (width - left - right));
  const values = points.some((it) => it.usual !== null);
  const losses = points.some((it) => it.loss !== null);
  let y = 6;
  const parts: string[] = [];
  const markAt = y;
  if (values) {
    parts.push(valuePanel(chart, x, y));
    y += valueHeight + gap;
  }
  if (losses) {
    parts.push(lossPanel(points, stepMs, x, y));
    y += lossHeight + gap;
  }
  parts.push(label('state', y + stripHeight - 4));
  for (const it of stripOf(chart)) {
    const { colour, share } = looks[it.state];
    const high = round(stripHeight * share);
    parts.push(
      `<rect x="${x(it.from)}" y="${round(y + stripHeight - high)}" width="${round(Math.max(1, x(it.to) - x(it.from)))}" height="${high}" fill="${colour}"/>`,
    );
  }
  y += stripHeight;
  const shade =
    mark && mark.to > from && mark.from < to
      ? `<rect x="${x(mark.from)}" y="${markAt - 4}" width="${round(Math.max(1, x(mark.to) - x(mark.from)))}" height="${y - markAt + 4}" fill="#fbeceb"/>`
      : '';
  parts.push(axis(chart, x, y));
  y += 22;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="${id}-title ${id}-desc" viewBox="0 0 ${width} ${y}" width="${width}" height="${y}" font-family="system-ui, sans-serif" font-size="11" fill="#3c434b">`,
    `<title id="${id}-title">${escapeHtml(chart.title)}</title>`,
    `<desc id="${id}-desc">${escapeHtml(words)}</desc>`,
    shade,
    ...parts,
    '</svg>',
  ].join('\n');
}

type Scale = (at: number) => number;
const round = (value: number): number => Math.round(value * 10) / 10;
const label = (text: string, y: number): string => `<text x="${left - 8}" y="${round(y)}" text-anchor="end">${escapeHtml(text)}</text>`;
const rule = (y: number): string => `<line x1="${left}" x2="${width - right}" y1="${y}" y2="${y}" stroke="#dfe3e8"/>`;

/** The usual value as a line, the high one as a pale band above it. A stretch without values is a hole. */
function valuePanel({ points, stepMs, unit }: Chart, x: Scale, top: number): string {
  const most = niceTop(points.reduce((so, it) => Math.max(so, it.high ?? it.usual ?? 0), 0));
  const y = (value: number): number => round(top + valueHeight - (Math.min(Math.max(value, 0), most) / most) * valueHeight);
  const runs: ChartPoint[][] = [];
  for (const it of points) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (it.usual === null) continue;
    if (run && last && it.at - last.at <= 2.5 * stepMs) run.push(it);
    else runs.push([it]);
  }
  const middle = (it: ChartPoint): number => x(it.at + stepMs / 2);
  const line = (of: ChartPoint[], value: (it: ChartPoint) => number): string => of.map((it) => `${middle(it)} ${y(value(it))}`).join('L');
  const drawn = runs.map((run) => {
    const usual = line(run, (it) => it.usual ?? 0);
    const high = line([...run].reverse(), (it) => it.high ?? it.usual ?? 0);
    const only = run.length === 1 && run[0] ? `<circle cx="${middle(run[0])}" cy="${y(run[0].usual ?? 0)}" r="1.5" fill="#1f5fae"/>` : '';
    return `<path d="M${usual}L${high}Z" fill="#1f5fae" fill-opacity="0.15"/><path d="M${usual}" fill="none" stroke="#1f5fae" stroke-width="1.3"/>${only}`;
  });
  return [
    ...[0, 0.5, 1].map((share) => rule(round(top + valueHeight - share * valueHeight))),
    label(valueWords(most, unit), top + 9),
    label(valueWords(0, unit), top + valueHeight),
    ...drawn,
  ].join('\n');
}

function lossPanel(points: readonly ChartPoint[], stepMs: number, x: Scale, top: number): string {
  const bars = points.flatMap((it) => {
    if (it.loss === null || it.loss === 0) return [];
    const high = round(Math.max(2, it.loss * lossHeight));
    const wide = round(Math.max(1, x(it.at + stepMs) - x(it.at)));
    return [`<rect x="${x(it.at)}" y="${round(top + lossHeight - high)}" width="${wide}" height="${high}" fill="#8a3fae"/>`];
  });
  return [rule(top), rule(top + lossHeight), label('100 % lost', top + 9), label('0 %', top + lossHeight), ...bars].join('\n');
}

/** 1, 2 or 5 times a power of ten, above the highest value. */
function niceTop(most: number): number {
  if (!(most > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return ([1, 2, 5].find((step) => step * power >= most) ?? 10) * power;
}

const steps = [
  10 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  14 * DAY,
  30 * DAY,
  90 * DAY,
  365 * DAY,
];

/** Some six times along the bottom, in the zone of the document, which stands at the left. */
function axis({ from, to, zone, clock }: Chart, x: Scale, top: number): string {
  const step = steps.find((it) => (to - from) / it <= 6) ?? 3_650 * DAY;
  const hours = clock === '12h' ? 'h:mm a' : 'HH:mm';
  const format = step >= DAY ? 'd LLL' : step < MINUTE ? (clock === '12h' ? 'h:mm:ss a' : 'HH:mm:ss') : hours;
  // From the full hour (or day) of that zone, so that the times are round there.
  const offset = DateTime.fromMillis(from, { zone }).offset * MINUTE;
  const ticks: string[] = [];
  for (let at = Math.ceil((from + offset) / step) * step - offset; at <= to; at += step) {
    const end = x(at) > width - 40 ? 'end' : x(at) < left + 20 ? 'start' : 'middle';
    ticks.push(
      `<line x1="${x(at)}" x2="${x(at)}" y1="${top}" y2="${top + 4}" stroke="#8a929c"/>`,
      `<text x="${x(at)}" y="${top + 16}" text-anchor="${end}">${escapeHtml(DateTime.fromMillis(at, { zone }).setLocale('en-US').toFormat(format))}</text>`,
    );
  }
  return [label(zoneName(from, zone), top + 16), ...ticks].join('\n');
}

/** Reads what trace programs print. All of it is hostile text: bounded, and nothing but addresses and numbers is taken from it. */
import { z } from 'zod';
import { bitsOf } from './model/cidr.ts';
import { type Hop, mostHops } from './trace.ts';

const mostLines = 2_000;
const mostLineLength = 400;
const mostMs = 60_000;

const number = z.union([z.number(), z.string().max(20).transform(Number)]);
const hub = z.looseObject({
  count: number.optional().catch(undefined),
  host: z.string().max(200),
  'Loss%': number.optional().catch(undefined),
  Avg: number.optional().catch(undefined),
});
const report = z.object({ report: z.looseObject({ hubs: z.array(z.unknown()).optional() }) });

const within = (value: number | undefined, most: number): number | null =>
  value === undefined || !Number.isFinite(value) || value < 0 || value > most ? null : Math.round(value * 1_000) / 1_000;

/**
 * What `mtr --json` printed. A report without hubs is one in which nothing answered.
 * @returns the hops in their order, or null where this is no report
 */
export function readMtr(text: string): Hop[] | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const read = report.safeParse(json);
  if (!read.success) return null;
  const hops: Hop[] = [];
  for (const [index, item] of (read.data.report.hubs ?? []).slice(0, mostHops).entries()) {
    const one = hub.safeParse(item);
    if (!one.success) continue;
    const address = bitsOf(one.data.host) ? one.data.host : null;
    const loss = within(one.data['Loss%'], 100);
    hops.push({
      at: numberOf(one.data.count) ?? index + 1,
      address,
      name: null,
      lossPercent: address === null ? 100 : loss,
      ms: address === null ? null : within(one.data.Avg, mostMs),
    });
  }
  return inOrder(hops);
}

/**
 * What `traceroute -n` or Windows' `tracert -d` printed, in any language: lines that begin with the number of the hop.
 * @returns the hops in their order; none where there was no such line
 */
export function readTraceroute(text: string): Hop[] {
  const hops: Hop[] = [];
  for (const whole of text.split(/\r?\n/, mostLines)) {
    const line = whole.slice(0, mostLineLength);
    const found = /^\s{0,6}(\d{1,3})\s+(\S.*)$/.exec(line);
    const at = numberOf(Number(found?.[1]));
    if (!found || at === null) continue;
    const words = (found[2] as string).split(/\s+/);
    const address = words.find((word) => bitsOf(word) !== null) ?? null;
    const times = words.flatMap((word, index) => (words[index + 1] === 'ms' ? timeOf(word) : []));
    const silent = words.filter((word) => word === '*').length;
    // A number in the middle of a sentence begins no hop.
    if (address === null && silent === 0) continue;
    // An address without a time is Windows' "192.0.2.1 reports: …".
    const refuses = address !== null && (words.some((word) => /^![A-Z<>0-9]*$/.test(word)) || (times.length === 0 && silent === 0));
    const asked = times.length + silent;
    hops.push({
      at,
      address,
      name: null,
      lossPercent: address === null ? 100 : asked === 0 ? null : Math.round((silent / asked) * 100),
      ms: times.length === 0 ? null : within(times.reduce((sum, ms) => sum + ms, 0) / times.length, mostMs),
      ...(refuses ? { refuses } : {}),
    });
    if (hops.length === mostHops) break;
  }
  return inOrder(hops);
}

const numberOf = (value: number | undefined): number | null =>
  value !== undefined && Number.isInteger(value) && value >= 1 && value <= 255 ? value : null;

/** "0.031", "<1", "1,5". */
function timeOf(word: string): number[] {
  const ms = /^<?\d{1,6}(?:[.,]\d{1,6})?$/.test(word) ? Number(word.replace('<', '').replace(',', '.')) : Number.NaN;
  return Number.isFinite(ms) ? [ms] : [];
}

/** By number, each once. */
function inOrder(hops: readonly Hop[]): Hop[] {
  const byNumber = new Map<number, Hop>();
  for (const hop of hops) if (!byNumber.has(hop.at)) byNumber.set(hop.at, hop);
  return [...byNumber.values()].sort((a, b) => a.at - b.at);
}

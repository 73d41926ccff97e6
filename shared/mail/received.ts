/**
 * The way of a message as its Received fields tell it (RFC 5321 4.4, RFC 5322 3.6.7). Written by every server on the way: hostile text, read
 * without trust, in linear time and with bounds.
 */
import { clean } from '../text.ts';

/** What one server wrote when it got the message. */
export interface Received {
  by?: string;
  from?: string;
  /** Epoch ms, by the clock of that server. */
  at?: number;
}

/** One leg of the way, in the order in which the message took them. */
export interface Hop {
  by: string;
  from?: string;
  /** Since the leg before, whole seconds; negative where clocks contradict each other, by so much; null where it is not told. */
  seconds: number | null;
}

const mostHeader = 65_536;
const mostFields = 30;
const mostField = 2_000;
const mostName = 120;
/** Longer is a wrong clock, not a way. */
const mostSeconds = 30 * 86_400;

/** Values of the fields of that name, unfolded (RFC 5322 2.2.3), topmost first, at most 30. */
export function headerFields(header: string, name: string): string[] {
  const wanted = `${name.toLowerCase()}:`;
  const found: string[] = [];
  let value: string | null = null;
  const keep = (): void => {
    if (value !== null && found.length < mostFields) found.push(value.slice(0, mostField));
    value = null;
  };
  for (const line of header.slice(0, mostHeader).split(/\r?\n/)) {
    // The body begins.
    if (line === '') break;
    if (/^[ \t]/.test(line)) {
      if (value !== null && value.length < mostField) value += ` ${line.trim()}`;
      continue;
    }
    keep();
    if (line.slice(0, wanted.length).toLowerCase() === wanted) value = line.slice(wanted.length).trim();
  }
  keep();
  return found;
}

/** Takes out what stands in parentheses, which nest (RFC 5322 3.2.2). */
function withoutComments(text: string): string {
  let depth = 0;
  let out = '';
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] as string;
    if (depth > 0 && char === '\\') at += 1;
    else if (char === '(') depth += 1;
    else if (char === ')') depth = Math.max(0, depth - 1);
    else if (depth === 0) out += char;
  }
  return out;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const dateTime =
  /(?:^|[\s,])(\d{1,2})\s{1,5}([a-z]{3})\s{1,5}(\d{4}|\d{2})\s{1,5}(\d{2}):(\d{2})(?::(\d{2}))?(?:\s{0,5}([+-]\d{4}|[a-z]{1,5}))?/i;
/** Zones of old (RFC 5322 4.3), hours from UTC; every other name says nothing and counts as UTC. */
const oldZones: Record<string, number> = { est: -5, edt: -4, cst: -6, cdt: -5, mst: -7, mdt: -6, pst: -8, pdt: -7 };

/** "Fri, 20 Nov 2026 12:14:41 +0000 (UTC)" as epoch ms; null where it is no date. */
export function parseMailDate(text: string): number | null {
  const match = dateTime.exec(withoutComments(text.slice(0, 200)));
  if (!match) return null;
  const month = months.indexOf((match[2] as string).toLowerCase());
  const [day, short, hour, minute] = [1, 3, 4, 5].map((at) => Number(match[at])) as [number, number, number, number];
  const second = Number(match[6] ?? 0);
  const year = match[3]?.length === 2 ? short + (short < 50 ? 2_000 : 1_900) : short;
  if (month < 0 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return null;
  const zone = match[7] ?? '';
  const digits = /^([+-])(\d{2})(\d{2})$/.exec(zone);
  const ahead = digits
    ? (digits[1] === '-' ? -1 : 1) * (Number(digits[2]) * 60 + Number(digits[3]))
    : (oldZones[zone.toLowerCase()] ?? 0) * 60;
  return Date.UTC(year, month, day, hour, minute - ahead, second);
}

/** @returns what the servers wrote, the newest first, as it stands in the header */
export function readReceived(header: string): Received[] {
  return headerFields(header, 'received').map((field) => {
    const end = field.lastIndexOf(';');
    const way = withoutComments(end < 0 ? field : field.slice(0, end));
    const word = (name: string): string | undefined => new RegExp(`(?:^|\\s)${name}\\s{1,5}([^\\s;]{1,500})`, 'i').exec(way)?.[1];
    const [by, from] = [word('by'), word('from')].map((it) => (it === undefined ? '' : clean(it, mostName)));
    const at = end < 0 ? null : parseMailDate(field.slice(end + 1));
    return { ...(by ? { by } : {}), ...(from ? { from } : {}), ...(at === null ? {} : { at }) };
  });
}

/**
 * The legs of the way, oldest first.
 * @param sentAt when it was handed in, epoch ms by our clock
 * @param wholeMs how long all of it took by our clock: no leg took longer
 */
export function hopsOf(received: readonly Received[], sentAt: number, wholeMs: number): Hop[] {
  let before: number | undefined = sentAt;
  return received.toReversed().map(({ by, from, at }) => {
    const seconds = before === undefined || at === undefined ? null : between(before, at, wholeMs);
    // A server that tells no time leaves the next leg to be measured from before it.
    before = at ?? before;
    return { by: by ?? 'unnamed', ...(from === undefined ? {} : { from }), seconds };
  });
}

/** Whole seconds are all that is written: one too few is none. */
function between(before: number, at: number, wholeMs: number): number | null {
  const seconds = Math.round((at - before) / 1_000);
  if (Math.abs(seconds) > mostSeconds) return null;
  if (at - before <= -2_000) return seconds;
  const whole = Math.floor(wholeMs / 1_000);
  // More than all of it together: cut off again, or another clock.
  return seconds <= whole + 2 ? Math.max(0, Math.min(seconds, whole)) : whole - seconds;
}

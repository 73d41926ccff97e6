/** Moments as people type them into the quick line: "@03:24" dates a line back, "by Friday" says when something is due. */
import { DateTime } from 'luxon';
import { DAY, HOUR, MINUTE, zoneName } from '../time.ts';

/** A clock that runs a little ahead is no date in the future. */
const slackMs = MINUTE;

export type ReadWhen =
  /** `rest`: what stands behind it. */
  { at: number; rest: string; hint: string | null } | { problem: string; rest: string };

const time = String.raw`(\d{1,2}):?(\d{2})(?::(\d{2}))?`;
const forms = {
  ago: /^@\s*-?\s*(?:(\d{1,3})\s*h(?:ours?|rs?)?)?\s*(?:(\d{1,4})\s*m(?:in(?:utes?)?)?)?(?:\s+ago)?(?=\s|$)\s*/i,
  dated: new RegExp(String.raw`^@\s*(\d{4}-\d{2}-\d{2})[T\s]\s*${time}(?=\s|$)\s*`, 'i'),
  clock: new RegExp(String.raw`^@\s*(yesterday\s+|today\s+)?${time}(?=\s|$)\s*`, 'i'),
};

/**
 * Reads "@03:24", "@yesterday 23:50", "@2026-11-19 23:50", "@20m" (ago) at the beginning of a line.
 * A time without a day is the newest such time that is over. Of a time that came twice the later one is meant, unless the zone's name
 * ("@01:30 PDT") or "UTC" stands behind it.
 * @returns null where the line does not begin with @
 */
export function readWhen(text: string, now: number, zone: string): ReadWhen | null {
  const line = text.trimStart();
  if (!line.startsWith('@')) return null;
  const ago = forms.ago.exec(line);
  if (ago && (ago[1] !== undefined || ago[2] !== undefined)) {
    const ms = Number(ago[1] ?? 0) * HOUR + Number(ago[2] ?? 0) * MINUTE;
    return { at: now - ms, rest: line.slice(ago[0].length), hint: null };
  }
  const dated = forms.dated.exec(line);
  const found = dated ?? forms.clock.exec(line);
  if (!found) {
    // What is being typed must not be scolded half-way, so the rest is only cut at a space.
    return { problem: 'Write the time as @03:24, @yesterday 23:50 or @2026-11-19 23:50.', rest: line.replace(/^@\S*\s*/, '') };
  }
  const [, day = '', hour = '', minute = '', second] = found;
  const typed = `${hour.padStart(2, '0')}:${minute}${second ? `:${second}` : ''}`;
  let rest = line.slice(found[0].length);
  if (!/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/.test(typed)) return { problem: `There is no ${typed} on any clock.`, rest };
  const named = /^(UTC|Z|[A-Z]{2,5}|UTC[+−-]\d{1,2}(?::\d{2})?)(?=\s|$)/.exec(rest)?.[1];
  const own = named === 'UTC' || named === 'Z' ? 'UTC' : zone;
  const days = dated ? [day] : daysOf(day.trim().toLowerCase(), now, own);
  const all = days.flatMap((it) => momentsAt(it, typed, own));
  const wanted = named === undefined || own !== zone ? all : all.filter((at) => zoneName(at, zone) === named);
  // A word in capitals that is no zone here ("RFO") belongs to the text.
  const isZoneName = named !== undefined && (own !== zone || wanted.length > 0);
  if (isZoneName) rest = rest.slice(named.length).trimStart();
  const over = (isZoneName ? wanted : all).filter((at) => at <= now + slackMs).sort((a, b) => b - a);
  const at = over[0];
  if (at === undefined)
    return { problem: all.length === 0 ? skipped(typed) : 'That is still to come. Write it down when it has happened.', rest };
  const twin = over.find((it) => it !== at && at - it < DAY / 2);
  const hint =
    twin === undefined || isZoneName
      ? null
      : `${typed} came twice: the later one is meant. Write @${typed} ${zoneName(twin, zone)} for the earlier one.`;
  return { at: Math.min(at, now), rest, hint };
}

const skipped = (typed: string): string => `There was no ${typed} on that day: the clocks were put forward.`;

function daysOf(word: string, now: number, zone: string): string[] {
  const today = DateTime.fromMillis(now, { zone });
  const yesterday = today.minus({ days: 1 }).toISODate() ?? '';
  if (word === 'yesterday') return [yesterday];
  return word === 'today' ? [today.toISODate() ?? ''] : [today.toISODate() ?? '', yesterday];
}

/** The moments of a day and a time in a zone: none where the clocks jump over it, two where it comes twice. */
function momentsAt(day: string, typed: string, zone: string): number[] {
  const read = DateTime.fromISO(`${day}T${typed}`, { zone });
  if (!read.isValid || read.toFormat('HH:mm') !== typed.slice(0, 5)) return [];
  return read.getPossibleOffsets().map((it) => it.toMillis());
}

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * Reads when something is due: "2026-11-25", "25 Nov", "Nov 25", "Friday", "tomorrow", "today", each with a time or (the end of that day)
 * without; "18:00"; "in 2 days", "30 min".
 * @returns epoch ms; null where it is none of these
 */
export function readDue(text: string, now: number, zone: string): number | null {
  const words = text.trim().replace(/\.$/, '').toLowerCase();
  const length = /^(?:in\s+)?(\d{1,4})\s*(min|minutes?|m|h|hours?|d|days?)$/.exec(words);
  if (length) return now + Number(length[1]) * (length[2]?.startsWith('m') ? MINUTE : length[2]?.startsWith('h') ? HOUR : DAY);
  const clock = /(?:^|[\st])(?:at\s+)?(\d{1,2}):(\d{2})$/.exec(words);
  const day = dayOf(words.slice(0, clock ? clock.index : words.length).trim(), now, zone);
  if (day === null) return null;
  const [hour, minute] = clock ? [Number(clock[1]), Number(clock[2])] : [23, 59];
  const at = day.set({ hour, minute, second: 0, millisecond: 0 });
  if (hour > 23 || minute > 59 || !at.isValid) return null;
  // Of a time alone the next one.
  return words === clock?.[0].trim() && at.toMillis() <= now ? at.plus({ days: 1 }).toMillis() : at.toMillis();
}

function dayOf(text: string, now: number, zone: string): DateTime | null {
  const today = DateTime.fromMillis(now, { zone });
  if (text === '' || text === 'today' || text === 'tonight') return today;
  if (text === 'tomorrow') return today.plus({ days: 1 });
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) {
    const day = DateTime.fromISO(text, { zone });
    return day.isValid ? day : null;
  }
  const weekday = /^(?:next\s+|on\s+)?([a-z]{3,9})$/.exec(text)?.[1];
  const index = weekday === undefined ? -1 : weekdays.findIndex((it) => it === weekday || it.slice(0, 3) === weekday);
  if (index >= 0) return today.plus({ days: (index + 1 - today.weekday + 7) % 7 || 7 });
  const [, before, name = '', after, year] = /^(\d{1,2})?\.?\s*([a-z]{3,9})\.?\s*(\d{1,2})?(?:,?\s+(\d{4}))?$/.exec(text) ?? [];
  const month = months.indexOf(name.slice(0, 3)) + 1;
  const dayNumber = Number(before ?? after);
  if (month === 0 || !dayNumber || (before !== undefined && after !== undefined)) return null;
  const it = DateTime.fromObject({ year: year ? Number(year) : today.year, month, day: dayNumber }, { zone });
  if (!it.isValid) return null;
  // "3 January" said in December is of the next year.
  return year === undefined && it < today.startOf('day') ? it.plus({ years: 1 }) : it;
}

/** Planned work as an iCalendar file (RFC 5545), to be opened by calendars or sent along. Pure. */
import { DateTime } from 'luxon';
import type { RequestFailure } from '../bind.ts';
import { mostOccurrences, occurrencesOf } from '../maintenance/calendar.ts';
import type { MaintenanceWindow, Occurrence } from '../model/maintenance.ts';
import { fail, ok, type Result } from '../result.ts';
import { clean } from '../text.ts';
import { DAY } from '../time.ts';
import { drillBand, drillTitle } from './drill-band.ts';
import { timeZone } from './ical-zone.ts';

/** Single times are written out for so long where a series is not plain. */
const aheadMs = 366 * DAY;
/** A plain series is bounded too: the rules of its zone are known for so long only. */
const seriesMs = 5 * 365 * DAY;

interface CalendarInput {
  window: MaintenanceWindow;
  /** Name of the event, and what it says; plain text of any length. */
  summary: string;
  description: string;
  organization: string;
  /** Raised by everything that was changed since the work was planned. */
  sequence: number;
  now: number;
  /** Nothing of it happens: said in the name, and the event takes the place of no real one. */
  drill?: boolean;
}

/** @returns the file's text; or, in words, why there is nothing to enter */
export function toCalendar(input: CalendarInput): Result<string, RequestFailure> {
  const events = eventsOf(input);
  if (events.length === 0) {
    const why =
      input.window.from === null && input.window.kind !== 'recurring'
        ? 'The day of this work is not fixed yet, so there is nothing to enter into a calendar. Fix the day first.'
        : 'No time of this work is still to come, so there is nothing to enter into a calendar.';
    return fail({ code: 'no-time', text: why });
  }
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Nightdesk//Nightdesk//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    ...events.flatMap((it) => it.zone ?? []),
    ...events.flatMap((it) => it.lines),
    'END:VCALENDAR',
  ];
  return ok(`${lines.map(folded).join('\r\n')}\r\n`);
}

interface Written {
  lines: string[];
  /** A VTIMEZONE that it needs. */
  zone?: string[];
}

function eventsOf(input: CalendarInput): Written[] {
  const { window } = input;
  const own = `${input.drill ? 'drill-' : ''}${uidOf(window, input.organization)}`;
  if (window.kind === 'recurring') return series(input, own) ?? singles(input, own);
  // As planned, also where it was called off: a calendar takes an event out by its old times.
  const from = window.startedAt ?? window.from;
  if (from === null) return [];
  const end = window.endedAt ?? window.to ?? (window.kind === 'fixed' && window.durationMs !== null ? from + window.durationMs : null);
  return [{ lines: event(input, own, [`DTSTART:${utc(from)}`, ...(end !== null && end > from ? [`DTEND:${utc(end)}`] : [])]) }];
}

function event(
  { window, summary, description, sequence, now, drill }: CalendarInput,
  uid: string,
  when: string[],
  cancelled = window.cancelledAt !== null,
): string[] {
  return [
    'BEGIN:VEVENT',
    `UID:${uid}`,
    `DTSTAMP:${utc(now)}`,
    `CREATED:${utc(window.createdAt)}`,
    ...when,
    `SEQUENCE:${Math.max(0, Math.min(2_147_483_647, Math.floor(sequence)))}`,
    `STATUS:${cancelled ? 'CANCELLED' : 'CONFIRMED'}`,
    `SUMMARY:${escaped(clean(drill ? drillTitle(summary) : summary, 300))}`,
    `DESCRIPTION:${escaped(drill ? `${drillBand}\n\n${description}` : description)}`,
    'CATEGORIES:MAINTENANCE',
    // Nobody is busy because a server is worked on.
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
  ];
}

/** A series that calendars can reckon themselves: one time of day, daily or on some weekdays, and never moved by a change of the clocks. */
function series(input: CalendarInput, uid: string): Written[] | null {
  const { window, now } = input;
  const rule = window.schedule && window.durationMs !== null ? ruleOf(window.schedule.cron) : null;
  if (!rule || !window.schedule) return null;
  const { zone } = window.schedule;
  const begin = window.from ?? window.createdAt;
  const whole = { ...window, cancelledAt: null, skipped: [], ends: [] };
  const until = Math.min(window.to ?? Number.POSITIVE_INFINITY, Math.max(begin, now) + seriesMs);
  const times = occurrencesOf(whole, begin, until).filter((it) => it.from >= begin);
  const [first] = times;
  const last = times.at(-1);
  if (!first || !last || times.length >= mostOccurrences) return null;
  // Cron moves a time that the clocks leave out; a calendar does it otherwise.
  const isPlain = times.every((it) => {
    const local = DateTime.fromMillis(it.from, { zone });
    return local.hour === rule.hour && local.minute === rule.minute && local.second === 0 && length(it) === window.durationMs;
  });
  if (!isPlain) return null;
  const inZone = (at: number): string => `TZID=${zone}:${DateTime.fromMillis(at, { zone }).toFormat("yyyyMMdd'T'HHmmss")}`;
  const ends = new Map(window.ends?.map((it) => [it.at, it.to]));
  const skipped = window.skipped.filter((at) => times.some((it) => it.from === at));
  const lines = event(input, uid, [
    `DTSTART;${inZone(first.from)}`,
    `DURATION:PT${Math.max(1, Math.round((window.durationMs ?? 0) / 1_000))}S`,
    `RRULE:${rule.text};UNTIL=${utc(last.from)}`,
    ...skipped.map((at) => `EXDATE;${inZone(at)}`),
  ]);
  const other = times.flatMap((it): Written[] => {
    const end = ends.get(it.from);
    if (end === undefined || end <= it.from || skipped.includes(it.from)) return [];
    return [{ lines: event(input, uid, [`RECURRENCE-ID;${inZone(it.from)}`, `DTSTART;${inZone(it.from)}`, `DTEND;${inZone(end)}`]) }];
  });
  return [{ lines, zone: timeZone(zone, first.from - DAY, last.to ?? last.from) }, ...other];
}

/** Each time of the next year as an event of its own; those that do not take place are called off. */
function singles(input: CalendarInput, uid: string): Written[] {
  const { window, now } = input;
  const to = now + aheadMs;
  const taking = occurrencesOf(window, now, to, 400);
  const kept = new Set(taking.map((it) => it.from));
  const all = occurrencesOf({ ...window, cancelledAt: null, skipped: [], ends: [] }, now, to, 400);
  const off = all.filter((it) => (window.cancelledAt !== null || window.skipped.includes(it.from)) && !kept.has(it.from));
  const write = (it: Occurrence, cancelled: boolean): Written => ({
    lines: event(
      input,
      `${utc(it.from)}-${uid}`,
      [`DTSTART:${utc(it.from)}`, ...(it.to === null ? [] : [`DTEND:${utc(it.to)}`])],
      cancelled,
    ),
  });
  return [...taking.map((it) => write(it, false)), ...off.map((it) => write(it, true))];
}

const length = (it: Occurrence): number => (it.to ?? it.from) - it.from;

const days = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'] as const;

/** "30 4 * * 0,3" as a rule; null for every line that is more than one time of day on all or some weekdays. */
function ruleOf(cron: string): { hour: number; minute: number; text: string } | null {
  const found = /^\s*(\d{1,2})\s+(\d{1,2})\s+\*\s+\*\s+(\*|[0-7](?:,[0-7])*)\s*$/.exec(cron);
  if (!found) return null;
  const [, minute, hour, weekdays = '*'] = found;
  const names = new Set(weekdays === '*' ? [] : weekdays.split(',').map((it) => days[Number(it) % 7] ?? 'SU'));
  return {
    hour: Number(hour),
    minute: Number(minute),
    text: names.size === 0 ? 'FREQ=DAILY' : `FREQ=WEEKLY;BYDAY=${[...names].join(',')}`,
  };
}

/** The same for every export of the same work, and no other's: a calendar then moves the event instead of adding one. */
function uidOf(window: MaintenanceWindow, organization: string): string {
  const plain = (text: string): string =>
    text
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .replace(/[^A-Za-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 80);
  return `${plain(window.id) || 'work'}@${plain(organization).toLowerCase() || 'nightdesk'}.nightdesk`;
}

const utc = (at: number): string => DateTime.fromMillis(at, { zone: 'UTC' }).toFormat("yyyyMMdd'T'HHmmss'Z'");

/** RFC 5545 section 3.3.11; what is no text at all goes. */
const escaped = (text: string): string =>
  text
    .slice(0, 20_000)
    .toWellFormed()
    .split(/\r\n|[\r\n]/)
    .map((line) => line.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, ' ').replace(/[\\;,]/g, '\\$&'))
    .join('\\n');

/** Lines of at most 75 octets, never cut through a character (RFC 5545 section 3.1). */
function folded(line: string): string {
  const pieces: string[] = [];
  let piece = '';
  let octets = 0;
  for (const letter of line) {
    const code = letter.codePointAt(0) ?? 0;
    const size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (octets + size > 75) {
      pieces.push(piece);
      // The space that continues a line counts.
      piece = ' ';
      octets = 1;
    }
    piece += letter;
    octets += size;
  }
  return [...pieces, piece].join('\r\n');
}

/** When planned work is, in one line for people. */
import { DateTime } from 'luxon';
import type { MaintenanceWindow } from '../model/maintenance.ts';
import { clean, listOf } from '../text.ts';
import { dayKey, humanDuration, zoneName } from '../time.ts';

const formatted = (at: number, zone: string, format: string): string =>
  DateTime.fromMillis(at, { zone }).setLocale('en-US').toFormat(format);

/** "Sun 22 Nov 2026 22:00 PST". */
export const momentWords = (at: number, zone: string): string => `${formatted(at, zone, 'ccc d LLL yyyy HH:mm')} ${zoneName(at, zone)}`;

/** "Sun 22 Nov 2026 22:00 to 23:30 PST"; a second day or a second zone name stands with the end. */
function stretchWords(from: number, to: number, zone: string): string {
  const sameZone = zoneName(from, zone) === zoneName(to, zone);
  const sameDay = dayKey(from, zone) === dayKey(to, zone);
  const begin = sameZone ? formatted(from, zone, 'ccc d LLL yyyy HH:mm') : momentWords(from, zone);
  return `${begin} to ${sameDay ? `${formatted(to, zone, 'HH:mm')} ${zoneName(to, zone)}` : momentWords(to, zone)}`;
}

/**
 * When a window is: "Sun 22 Nov 2026 22:00 to 23:30 PST", "every Sunday 04:00 PST for 30 min", "day not fixed yet".
 * @param zone of the reader; a recurring one is told in the zone of its schedule
 * @param now epoch ms: whether that zone is called PST or PDT. Without it a series that spans both is told with the zone's full name
 */
export function describeWindow(window: MaintenanceWindow, zone: string, now: number | null = null): string {
  const { kind, durationMs, schedule, startedAt, endedAt } = window;
  const lasting = durationMs === null ? '' : humanDuration(durationMs);
  if (kind === 'recurring') {
    if (!schedule) return 'no schedule';
    const named = now === null ? `(${schedule.zone})` : zoneName(now, schedule.zone);
    const bounds = [
      ...(window.from === null ? [] : [`from ${formatted(window.from, schedule.zone, 'ccc d LLL yyyy')}`]),
      ...(window.to === null ? [] : [`until ${formatted(window.to - 1, schedule.zone, 'ccc d LLL yyyy')}`]),
    ];
    return [`${scheduleWords(schedule.cron)} ${named}${lasting && ` for ${lasting}`}`, ...bounds].join(', ');
  }
  const from = startedAt ?? window.from;
  if (from === null) return `day not fixed yet${lasting && `, takes ${lasting}`}`;
  if (kind === 'flexible' && startedAt === null) {
    const within =
      window.to === null ? `from ${momentWords(from, zone)} on` : `between ${stretchWords(from, window.to, zone).replace(' to ', ' and ')}`;
    return `${lasting || 'some time'} from the first fault ${within}`;
  }
  const to =
    endedAt ??
    (kind === 'flexible' ? from + (durationMs ?? 0) : (window.to ?? (kind === 'fixed' && durationMs !== null ? from + durationMs : null)));
  return to === null ? `from ${momentWords(from, zone)} until it is finished` : stretchWords(from, to, zone);
}

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
const ordinals = ['', 'first', 'second', 'third', 'fourth', 'fifth'] as const;

/** "every Sunday 04:00", "every second Tuesday of the month 22:00"; a line that has no plain words stands as it is. */
export function scheduleWords(cron: string): string {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = cron.trim().split(/\s+/);
  const plain = /^\d{1,2}$/.test(minute) && /^\d{1,2}$/.test(hour) && month === '*';
  const when = plain ? dayWords(day, weekday) : null;
  return when === null ? `by the cron line “${clean(cron, 120)}”` : `${when} ${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
}

function dayWords(day: string, weekday: string): string | null {
  if (weekday === '*') {
    if (day === '*') return 'every day';
    return /^\d{1,2}$/.test(day) ? `on day ${Number(day)} of every month` : null;
  }
  if (day !== '*') return null;
  if (/^(1-5|mon-fri)$/i.test(weekday)) return 'Monday to Friday';
  const nth = /^(\w+)#([1-5])$/.exec(weekday);
  if (nth) {
    const name = weekdayWord(nth[1] ?? '');
    return name && `every ${ordinals[Number(nth[2])]} ${name} of the month`;
  }
  const names = weekday.split(',').map(weekdayWord);
  return names.some((it) => it === null) ? null : `every ${listOf(names as string[], 7)}`;
}

/** "0" to "7" (7 is Sunday too), or "sun". */
function weekdayWord(text: string): string | null {
  if (/^[0-7]$/.test(text)) return days[Number(text) % 7] ?? null;
  return days.find((it) => it.slice(0, 3).toLowerCase() === text.toLowerCase()) ?? null;
}

/** The stretches of time that uptime is asked for. Days and months are those of the organization's zone. Pure. */
import { DateTime } from 'luxon';
import { DAY } from '../../shared/time.ts';

export const rangeChoices = ['today', '7d', '30d', 'this-month', 'last-month', 'custom'] as const;
export type RangeChoice = (typeof rangeChoices)[number];
export const rangeLabels: Record<RangeChoice, string> = {
  today: 'Today',
  '7d': '7 days',
  '30d': '30 days',
  'this-month': 'This month',
  'last-month': 'Last month',
  custom: 'Days…',
};

export interface Range {
  from: number;
  to: number;
}
export type RangeReading = { range: Range } | { problem: string; field: 'first' | 'last' };

const dayOf = (text: string, zone: string): DateTime | null => {
  const day = DateTime.fromISO(text, { zone });
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && day.isValid ? day.startOf('day') : null;
};

/**
 * @param custom first and last day, "2026-11-01"; the last one is whole
 * @param now nothing is asked for that is still to come
 */
export function rangeOf(choice: RangeChoice, custom: { first: string; last: string }, zone: string, now: number): RangeReading {
  const today = DateTime.fromMillis(now, { zone });
  const until = (from: DateTime, to = now): RangeReading => ({ range: { from: from.toMillis(), to } });
  switch (choice) {
    case 'today':
      return until(today.startOf('day'));
    case '7d':
      return { range: { from: now - 7 * DAY, to: now } };
    case '30d':
      return { range: { from: now - 30 * DAY, to: now } };
    case 'this-month':
      return until(today.startOf('month'));
    case 'last-month':
      return until(today.startOf('month').minus({ months: 1 }), today.startOf('month').toMillis());
    case 'custom': {
      const first = dayOf(custom.first, zone);
      const last = dayOf(custom.last, zone);
      if (!first) return { problem: 'Choose the first day.', field: 'first' };
      if (!last) return { problem: 'Choose the last day.', field: 'last' };
      if (first.toMillis() >= now) return { problem: 'This day is still to come.', field: 'first' };
      if (last < first) return { problem: 'The last day is before the first.', field: 'last' };
      return { range: { from: first.toMillis(), to: Math.min(now, last.plus({ days: 1 }).startOf('day').toMillis()) } };
    }
  }
}

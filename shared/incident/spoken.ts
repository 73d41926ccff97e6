/** Numbers as people say them. */
import { count } from '../text.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../time.ts';

/** "40 seconds", "41 minutes", "3 hours 53 minutes", "2 days 3 hours": never more exact than a reader wants. */
export function spokenDuration(ms: number): string {
  if (!(ms >= SECOND)) return 'less than a second';
  if (Math.round(ms / SECOND) < 60) return count(Math.round(ms / SECOND), 'second');
  const minutes = Math.round(ms / MINUTE);
  if (minutes < 60) return count(minutes, 'minute');
  if (ms < 48 * HOUR) return two(Math.floor(minutes / 60), 'hour', minutes % 60, 'minute');
  const hours = Math.round(ms / HOUR);
  return ms < 60 * DAY ? two(Math.floor(hours / 24), 'day', hours % 24, 'hour') : count(Math.round(hours / 24), 'day');
}

const two = (big: number, bigName: string, small: number, smallName: string): string =>
  small === 0 ? count(big, bigName) : `${count(big, bigName)} ${count(small, smallName)}`;

const small = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'] as const;
/** "three", "14". */
export const spokenNumber = (n: number): string => small[n] ?? String(n);

/** "99.95 %", "99.999 %": as many places as it takes to tell it from 100. */
export function spokenPercent(percent: number): string {
  if (percent >= 100 || percent <= 0) return `${Math.max(0, Math.min(100, percent))} %`;
  const places = [2, 3, 4, 5, 6].find((it) => Number(percent.toFixed(it)) < 100) ?? 6;
  return `${Number(percent.toFixed(places))} %`;
}

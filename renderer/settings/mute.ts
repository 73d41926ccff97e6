/** Until when sounds can be muted. Pure. */
import { DateTime } from 'luxon';
import { HOUR, MINUTE } from '../../shared/time.ts';

export interface MuteChoice {
  label: string;
  until: number;
}

/** When the morning shift comes. */
const morning = 8;

export function muteChoices(zone: string, now: number): MuteChoice[] {
  const today = DateTime.fromMillis(now, { zone });
  const eight = today.set({ hour: morning, minute: 0, second: 0, millisecond: 0 });
  const next = eight.toMillis() > now ? eight : eight.plus({ days: 1 });
  return [
    { label: '15 min', until: now + 15 * MINUTE },
    { label: '1 h', until: now + HOUR },
    { label: '8 h', until: now + 8 * HOUR },
    { label: `until ${next.toFormat('HH:mm')}`, until: next.toMillis() },
  ];
}

/** Whether sounds are muted, and what is said of it. Pure. */
import { whenText } from '../../shared/headline-words.ts';
import { DAY } from '../../shared/time.ts';

/** Muted until somebody unmutes: the last moment that a date can name. */
export const forever = 8_640_000_000_000_000;

export const isMuted = (mutedUntil: number | null, now: number): boolean => mutedUntil !== null && mutedUntil > now;

/** "Muted until 06:12 PST", "Muted", "Sound is off"; null while it sounds. */
export function muteText(attention: { sound: boolean; mutedUntil: number | null }, now: number, zone: string): string | null {
  if (!attention.sound) return 'Sound is off';
  const { mutedUntil } = attention;
  if (mutedUntil === null || !isMuted(mutedUntil, now)) return null;
  return mutedUntil - now > 3_650 * DAY ? 'Muted' : `Muted until ${whenText(mutedUntil, now, zone)}`;
}

/**
 * A moment, in the organization's zone unless another is given. `clock` "05:39:12", `short` "05:39", `stamp` "2026-11-20 05:39:12 PST",
 * `since` "14 min" (moves by itself). The full stamp with its zone is always the tooltip; `withZone` also writes the zone behind the time,
 * which every place needs that does not name it once for all its times.
 */
import { clock, clockShort, humanDuration, stamp, zoneName } from '../../shared/time.ts';
import { useNow } from '../state/clock.ts';
import { useZone } from '../state/live.ts';

export interface TimeProps {
  at: number;
  format?: 'clock' | 'short' | 'stamp' | 'since';
  withZone?: boolean;
  zone?: string;
  className?: string | undefined;
}

export function Time({ at, format = 'clock', withZone, zone: given, className }: TimeProps) {
  const own = useZone();
  const zone = given ?? own;
  return (
    <time dateTime={new Date(at).toISOString()} title={stamp(at, zone)} className={className}>
      {format === 'since' ? (
        <Since at={at} />
      ) : format === 'stamp' ? (
        stamp(at, zone)
      ) : format === 'short' ? (
        clockShort(at, zone)
      ) : (
        clock(at, zone)
      )}
      {withZone && (format === 'clock' || format === 'short') && ` ${zoneName(at, zone)}`}
    </time>
  );
}

/** How long ago, to the minute ("under a minute" first); one shared clock moves all of them. */
function Since({ at }: { at: number }) {
  const now = useNow('quarter');
  return sinceText(at, now);
}

/** "under a minute", "14 min", "2 d 4 h": for text that moves every quarter of a minute, seconds would lie. */
export function sinceText(at: number, now: number): string {
  const ms = Math.max(0, now - at);
  return ms < 60_000 ? 'under a minute' : humanDuration(ms < 600_000 ? Math.floor(ms / 60_000) * 60_000 : ms);
}

/**
 * Whether what is on the screen is now: `null` while it is, else since when it is not and why. Watches main's word on the engine process and
 * the engine's own beat, so that a frozen engine is seen too.
 */
import type { EngineStatus } from '../../shared/contract.ts';
import { silentAfterMs } from '../../shared/headline.ts';
import { clock, humanDuration, SECOND, zoneName } from '../../shared/time.ts';
import { useNow } from './clock.ts';
import { useLive } from './live.ts';
import { inDrill } from './role.ts';

export interface Old {
  /** The picture is from then, epoch ms. */
  asOf: number;
  text: string;
}

/**
 * @param beatAt the engine's last beat; null when there was no picture yet
 * @returns null while the picture is fresh, or while there is none
 */
export function staleness(
  connection: 'connecting' | 'live' | 'lost',
  engine: EngineStatus,
  beatAt: number | null,
  now: number,
  zone: string,
): Old | null {
  if (beatAt === null || connection === 'connecting') return null;
  const at = (ms: number) => `${clock(ms, zone)} ${zoneName(ms, zone)}`;
  if (engine.state === 'stopped') {
    const wait = Math.ceil((engine.retryAt - now) / SECOND);
    const next = wait > 0 ? `Restarting in ${wait} s.` : 'Restarting now.';
    return { asOf: beatAt, text: `The watching process stopped at ${at(engine.at)} (${engine.exit}). What you see is from then. ${next}` };
  }
  if (engine.state === 'refused')
    return { asOf: beatAt, text: `The watching process cannot start. ${engine.text} What you see is from ${at(beatAt)}.` };
  if (connection === 'lost') return { asOf: beatAt, text: `The watching process is starting again. What you see is from ${at(beatAt)}.` };
  if (now - beatAt > silentAfterMs) {
    return {
      asOf: beatAt,
      text: `The watching process has not been heard from for ${humanDuration(now - beatAt)}. What you see is from ${at(beatAt)}.`,
    };
  }
  return null;
}

/**
 * The same in a drill: it has no beat to watch, because its clock and its picture come together and a drill that is paused is not old. Main sees
 * when its process hangs.
 * @param at how far the drill was, epoch ms of its own clock; null when there was no picture yet
 */
export function drillStaleness(
  connection: 'connecting' | 'live' | 'lost',
  engine: EngineStatus,
  at: number | null,
  zone: string,
): Old | null {
  if (at === null || connection !== 'lost') return null;
  const from = `What you see is from ${clock(at, zone)} ${zoneName(at, zone)} of the drill. The real watch goes on at the desk.`;
  if (engine.state === 'stopped') return { asOf: at, text: `The drill stopped (${engine.exit}). ${from}` };
  if (engine.state === 'refused') return { asOf: at, text: `The drill cannot go on. ${engine.text} ${from}` };
  return { asOf: at, text: `The drill is being set up again. ${from}` };
}

export function useStaleness(): Old | null {
  const now = useNow('second');
  const connection = useLive((live) => live.connection);
  const engine = useLive((live) => live.engine);
  const beatAt = useLive((live) => live.tables.desk.desk?.beatAt ?? null);
  const zone = useLive((live) => live.tables.desk.desk?.organization.timezone ?? 'UTC');
  const at = useLive((live) => live.tables.drill.drill?.at ?? null);
  return inDrill ? drillStaleness(connection, engine, at, zone) : staleness(connection, engine, beatAt, now, zone);
}

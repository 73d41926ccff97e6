/**
 * The sounds of the desk: a few short tones by severity, made on the spot. At most one in two seconds; of what comes meanwhile the worst
 * is heard after it, if it is worse.
 */
import type { Announcement } from '../../shared/contract.ts';
import { onDesktop } from './desktop.ts';
import { useSettings } from './settings.ts';

type Severity = Announcement['severity'];

/** One tone: when it begins and how long it lasts (seconds), its pitch (Hz), and how loud it is beside the others (0 to 1). */
interface Tone {
  at: number;
  lasts: number;
  pitch: number;
  loud: number;
}

/** Told apart by their shape and not by their pitch alone: two that fall, one, one soft and low, two that rise. */
const tones: Record<Severity, readonly Tone[]> = {
  down: [
    { at: 0, lasts: 0.22, pitch: 784, loud: 1 },
    { at: 0.24, lasts: 0.38, pitch: 523, loud: 1 },
  ],
  degraded: [{ at: 0, lasts: 0.3, pitch: 587, loud: 0.7 }],
  unknown: [{ at: 0, lasts: 0.25, pitch: 392, loud: 0.4 }],
  ok: [
    { at: 0, lasts: 0.14, pitch: 523, loud: 0.5 },
    { at: 0.15, lasts: 0.26, pitch: 784, loud: 0.5 },
  ],
};
const rank: Record<Severity, number> = { down: 3, degraded: 2, unknown: 1, ok: 0 };
const betweenMs = 2_000;
/** Full volume of the settings; a sine at 1 hurts. */
const loudest = 0.4;

/** Sounds one after the other. @param play makes the tones; false where it cannot @param nowMs a clock that does not jump */
export function createSounder(play: (tones: readonly Tone[], volume: number) => boolean, nowMs: () => number) {
  let last: { severity: Severity; at: number } | null = null;
  let next: { severity: Severity; volume: number } | null = null;
  const sound = (severity: Severity, volume: number): boolean => {
    last = { severity, at: nowMs() };
    return play(tones[severity], volume * loudest);
  };
  return (severity: Severity, volume: number): boolean => {
    const sinceMs = last ? nowMs() - last.at : betweenMs;
    if (!last || sinceMs >= betweenMs) return sound(severity, volume);
    if (rank[severity] <= rank[(next ?? last).severity]) return true;
    if (next === null)
      setTimeout(() => {
        if (next) sound(next.severity, next.volume);
        next = null;
      }, betweenMs - sinceMs);
    next = { severity, volume };
    return true;
  };
}

let context: AudioContext | null = null;

/** A tone swells and fades within hundredths of a second: cut off sharply it would click. */
function playTones(all: readonly Tone[], volume: number): boolean {
  try {
    context ??= new AudioContext();
    if (context.state === 'suspended') void context.resume().catch(() => undefined);
    const begin = context.currentTime + 0.02;
    for (const { at, lasts, pitch, loud } of all) {
      const voice = context.createOscillator();
      const gain = context.createGain();
      voice.frequency.value = pitch;
      gain.gain.setValueAtTime(0, begin + at);
      gain.gain.linearRampToValueAtTime(volume * loud, begin + at + 0.015);
      gain.gain.setTargetAtTime(0, begin + at + 0.05, lasts / 4);
      voice.connect(gain).connect(context.destination);
      voice.start(begin + at);
      voice.stop(begin + at + lasts + 0.1);
    }
    return true;
  } catch {
    // No sound card, or none that is free: the notification and the picture say it too.
    return false;
  }
}

/** Sounds a severity at a volume (0 to 1). @returns false where no sound could be made */
export const playSound = createSounder(playTones, () => performance.now());

/** Sounds what main announces to this page, unless sound is off or muted. @returns how to end it */
export const startSound = (): (() => void) =>
  onDesktop('announced', ({ severity }) => {
    const { sound, volume, mutedUntil } = useSettings.getState().attention;
    if (sound && volume > 0 && (mutedUntil ?? 0) <= Date.now()) playSound(severity, volume);
  });

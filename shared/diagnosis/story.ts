/**
 * How the diagnosis of an alert goes on from look to look: what is shown, what is told, and by what it goes once it has ended. Seeing goes on
 * in between: some checks have looked again and others have not, and neither may make a name come and go. Pure; `now` is monotonic ms.
 */
import { MINUTE, SECOND } from '../time.ts';
import type { Diagnosis } from './types.ts';

/** What is remembered of one alert. */
export interface Story {
  /** As it is shown. */
  diagnosis: Diagnosis | null;
  /** The surest of its widest extent: once the alert has ended it goes by this, as what is left in its last minute was not its cause. */
  peak: Diagnosis | null;
  /** A check has left the alert since `peak` was found. */
  shrunk: boolean;
  /** What was told last, and when. */
  told: { text: string; sureness: number; at: number } | null;
  /** Since when another one waits. */
  waitsSince: number | null;
}

export interface Look {
  found: Diagnosis | null;
  /** What is seen is not whole: after a gap, or since some of it recovered, not everything that fails has been looked at again. */
  held: boolean;
  /** A check left the alert. */
  shrank: boolean;
  /** For so long the alert has been there. */
  ageMs: number;
  /** One cycle of its checks: by then all have looked. */
  cycleMs: number;
  /** Of the alert: a guess that says no more is not told. */
  title: string;
  now: number;
}

/** However long that takes, what is seen then counts. */
const mostHeldMs = 5 * MINUTE;
/** The same told in surer or less sure words comes no faster than this. */
const againMs = 10 * SECOND;

const sureness = { unsure: 0, likely: 1, sure: 2 } as const;
const isSure = ({ confidence }: Diagnosis): boolean => confidence !== 'unsure';
const causeOf = ({ best: { kind, culprits, prefixes } }: Diagnosis): string => JSON.stringify([kind, culprits, prefixes]);
const textOf = ({ best, confidence }: Diagnosis): string => (confidence === 'unsure' ? `perhaps: ${best.sentence}` : best.sentence);

/** Of an alert that was not looked at before, or (with what it was kept with) before this engine began. */
export const storyOf = (kept: Diagnosis | undefined): Story => ({
  diagnosis: kept ?? null,
  peak: kept && isSure(kept) ? kept : null,
  shrunk: false,
  told: kept ? { text: textOf(kept), sureness: sureness[kept.confidence], at: Number.NEGATIVE_INFINITY } : null,
  waitsSince: null,
});

/**
 * Takes a look in.
 * @returns the story as it goes on; what is to be told now; and whether the clock alone may change it, so that it wants another look
 */
export function goOn(before: Story, look: Look): { story: Story; tell: Diagnosis | null; pending: boolean } {
  const taken = take(before, look);
  const { diagnosis } = taken;
  const say = toSay(taken, look);
  const pending = taken.waitsSince !== null || say === 'later';
  if (say !== 'now' || !diagnosis) return { story: taken, tell: null, pending };
  const told = { text: textOf(diagnosis), sureness: sureness[diagnosis.confidence], at: look.now };
  return { story: { ...taken, told }, tell: diagnosis, pending };
}

function take(before: Story, look: Look): Story {
  const { found, now } = look;
  const shrunk = before.shrunk || look.shrank;
  const waitsSince = before.waitsSince ?? now;
  const { diagnosis } = before;
  if (found === null) return { ...before, shrunk, waitsSince: null };
  const isOther = diagnosis !== null && isSure(diagnosis) && (!isSure(found) || causeOf(found) !== causeOf(diagnosis));
  // Surer things give way to a guess only when all have looked and it stays one; and to nothing while half of it is seen.
  const forMs = look.held ? mostHeldMs : isSure(found) ? 0 : look.cycleMs;
  if (isOther && now - waitsSince < forMs) return { ...before, shrunk, waitsSince };
  const known = { ...before, shrunk, diagnosis: found, waitsSince: null };
  const { peak } = before;
  const isWider = isSure(found) && (peak === null || !shrunk || found.best.explains.length >= peak.best.explains.length);
  return isWider ? { ...known, peak: found, shrunk: false } : known;
}

/** Whether it is to be told what is shown. */
function toSay({ diagnosis, told }: Story, { ageMs, cycleMs, title, now }: Look): 'now' | 'later' | 'no' {
  if (diagnosis === null) return 'no';
  const isRested = told === null || now - told.at >= againMs;
  const text = textOf(diagnosis);
  if (!isSure(diagnosis)) {
    if (told?.text === text || diagnosis.best.sentence === title) return 'no';
    // The first guess of a young alert is told by nobody: most of what could speak has not looked yet.
    return ageMs >= cycleMs && isRested ? 'now' : 'later';
  }
  if (told?.text !== text) return told !== null && told.text === `perhaps: ${text}` && !isRested ? 'later' : 'now';
  // That it is a little less sure is no news.
  return sureness[diagnosis.confidence] <= told.sureness ? 'no' : isRested ? 'now' : 'later';
}

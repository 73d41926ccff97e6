/**
 * How the diagnosis of an alert goes on from look to look: what is shown, what is told, and by what it goes once it has ended. Seeing goes on
 * in between: some checks have looked again and others have not, and neither may make a name come and go. Pure; `now` is monotonic ms.
 */
import { MINUTE, SECOND } from '../time.ts';
import { withoutFigures } from './figures.ts';
import type { Diagnosis } from './types.ts';

/** What is remembered of one alert. */
export interface Story {
  /** As it is shown, and since when it says this. */
  diagnosis: Diagnosis | null;
  shownSince: number;
  /** The newest sure one of its widest extent: once the alert has ended it goes by this, as what is left in its last minute was not its cause. */
  peak: Diagnosis | null;
  /** A check has left the alert since `peak` was found. */
  shrunk: boolean;
  /** What was told last. */
  told: Told | null;
  /** All that was told, the last one too: at most `mostTold`. */
  toldKeys: readonly string[];
  /** Since when another one waits. */
  waitsSince: number | null;
}
interface Told {
  /** The cause, and the words without their figures. */
  key: string;
  cause: string;
  words: string;
  sureness: number;
  at: number;
}

export interface Look {
  found: Diagnosis | null;
  /** What is seen is not whole: after a gap, or since some of it recovered, not everything that fails has been looked at again. */
  held: boolean;
  /** Nothing fails any more of what the one that is shown explained. */
  gone?: boolean;
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
/** The same told in surer or other words comes no faster than this. */
const againMs = 10 * SECOND;
/** What was told before is told again only when it has stood for so long: a server that starts over and over is one story. */
const steadyMs = 5 * MINUTE;
/** So much is told of one alert at once; whatever follows must have stood. */
const mostTold = 12;

const sureness = { unsure: 0, likely: 1, sure: 2 } as const;
const isSure = ({ confidence }: Diagnosis): boolean => confidence !== 'unsure';
const causeOf = ({ best: { kind, culprits, prefixes } }: Diagnosis): string => JSON.stringify([kind, culprits, prefixes]);

function toldOf(it: Diagnosis, at: number): Told {
  const perhaps = isSure(it) ? '' : 'perhaps ';
  const cause = causeOf(it);
  const words = withoutFigures(it.best.sentence);
  return { key: `${perhaps}${cause} ${words}`, cause, words: perhaps + words, sureness: sureness[it.confidence], at };
}

/** Of an alert that was not looked at before, or (with what it was kept with) before this engine began. */
export function storyOf(kept: Diagnosis | undefined): Story {
  const told = kept ? toldOf(kept, Number.NEGATIVE_INFINITY) : null;
  return {
    diagnosis: kept ?? null,
    shownSince: Number.NEGATIVE_INFINITY,
    peak: kept && isSure(kept) ? kept : null,
    shrunk: false,
    told,
    toldKeys: told ? [told.key] : [],
    waitsSince: null,
  };
}

/**
 * Takes a look in.
 * @returns the story as it goes on; what is to be told now; and whether the clock alone may change it, so that it wants another look
 */
export function goOn(before: Story, look: Look): { story: Story; tell: Diagnosis | null; pending: boolean } {
  const taken = take(before, look);
  const { diagnosis, toldKeys } = taken;
  const say = toSay(taken, look);
  const pending = taken.waitsSince !== null || say === 'later';
  if (say !== 'now' || !diagnosis) return { story: taken, tell: null, pending };
  const told = toldOf(diagnosis, look.now);
  return { story: { ...taken, told, toldKeys: [...new Set([...toldKeys, told.key])].slice(0, mostTold) }, tell: diagnosis, pending };
}

function take(before: Story, { found, held, gone = false, shrank, cycleMs, now }: Look): Story {
  const { diagnosis, peak } = before;
  const shrunk = before.shrunk || shrank;
  if (found === null) return { ...before, shrunk, waitsSince: null };
  const isNew = diagnosis === null || toldOf(diagnosis, now).key !== toldOf(found, now).key;
  const isOther = diagnosis !== null && (held ? isNew : causeOf(found) !== causeOf(diagnosis));
  const isWeaker = diagnosis !== null && isWeakerWord(diagnosis, found);
  // Surer things give way to a guess, or to themselves and less sure, only when all have looked twice and it stays so; and to nothing while
  // half of it is seen.
  const waits = diagnosis !== null && !gone && isSure(diagnosis) && (isOther || isWeaker || !isSure(found));
  const forMs = held ? mostHeldMs : isSure(found) && !isWeaker ? 0 : Math.min(2 * cycleMs, mostHeldMs);
  const waitsSince = before.waitsSince ?? now;
  // What worked beside it may have failed since: of that nothing old is said.
  if (waits && now - waitsSince < forMs)
    return { ...before, diagnosis: diagnosis.works === null ? diagnosis : { ...diagnosis, works: null }, shrunk, waitsSince };
  const known = { ...before, shrunk, diagnosis: found, shownSince: isNew ? now : before.shownSince, waitsSince: null };
  const isWider = isSure(found) && (peak === null || !shrunk || found.best.explains.length >= peak.best.explains.length);
  return isWider ? { ...known, peak: found, shrunk: false } : known;
}

/** The same is said of the same thing, only less surely, and nothing speaks against it: a machine that starts over and over looks so at every second look. */
function isWeakerWord(shown: Diagnosis, found: Diagnosis): boolean {
  const said = ({ best: { culprits, prefixes, sentence } }: Diagnosis): string =>
    JSON.stringify([culprits, prefixes, withoutFigures(sentence)]);
  return sureness[found.confidence] < sureness[shown.confidence] && found.best.contradicts.length === 0 && said(shown) === said(found);
}

/** Whether it is to be told what is shown. */
function toSay({ diagnosis, shownSince, told, toldKeys }: Story, { ageMs, cycleMs, title, now }: Look): 'now' | 'later' | 'no' {
  if (diagnosis === null) return 'no';
  const next = toldOf(diagnosis, now);
  const when = (isTime: boolean): 'now' | 'later' => (isTime ? 'now' : 'later');
  const isRested = told === null || now - told.at >= againMs;
  const isSteady = now - shownSince >= steadyMs;
  const isBack = toldKeys.includes(next.key) || toldKeys.length >= mostTold;
  if (!isSure(diagnosis)) {
    if (told?.key === next.key || told?.words === next.words || diagnosis.best.sentence === title) return 'no';
    // The first guess of a young alert is told by nobody: most of what could speak has not looked yet. Nor one that soon passes.
    return when(told === null ? ageMs >= cycleMs : isSteady);
  }
  // That it is a little less sure is no news.
  if (told?.key === next.key) return next.sureness <= told.sureness ? 'no' : when(isRested);
  if (told?.words === next.words) return 'no';
  return when(isBack ? isSteady : told?.cause !== next.cause || isRested);
}

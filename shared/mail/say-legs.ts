/** What a mail stack does and what it does not, in one sentence: "Receiving works, reading does not: IMAP refuses the log-in since 14:02 PDT". */

import { whenText } from '../headline-words.ts';
import type { Cover } from '../health/cover.ts';
import { worstStanding } from '../health/standing.ts';
import type { Standing } from '../model/words.ts';
import { clean, listOf } from '../text.ts';
import { type LegStanding, type LegWord, legNoun } from './leg-standing.ts';
import { legWords } from './legs.ts';

/** One check that stands as its leg does. */
export interface LegVoice {
  /** "IMAP", "MX mx1"; empty where the leg says it. */
  label: string;
  /** Of its newest verdict. */
  reason: string;
  text: string;
}

/** One leg, as the sentence needs it. */
export interface LegSaid extends LegStanding {
  standing: Standing;
  /** Epoch ms; null where nobody knows. */
  since: number | null;
  voices: readonly LegVoice[];
  cover: Cover | null;
}

/** One sentence, without a full stop at the end. Plain text: what servers said is cleaned. */
export interface LegSentence {
  standing: Standing;
  text: string;
}
export interface StackSaid extends LegSentence {
  /** All of it, sentence by sentence; `text` joins them. */
  sentences: LegSentence[];
}

const most = 12;
const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
const names = (legs: readonly LegSaid[]): string =>
  listOf(
    legs.map((it) => legNoun(it.leg)),
    most,
  );
const areSeveral = (legs: readonly LegSaid[]): boolean => legs.length > 1 || legs.some((it) => legWords[it.leg].several);
const verb = (legs: readonly LegSaid[], one: string, many: string): string => (areSeveral(legs) ? many : one);

/**
 * Tells what works and what does not. Only what is fresh, ok and not being tried again is called working; planned work, unreachable, unknown
 * and old data are each said for themselves.
 * @param legs in the order in which they shall be named @param now epoch ms @param zone in which people read times
 */
export function stackSentence(legs: readonly LegSaid[], now: number, zone: string): StackSaid {
  const standing = worstStanding(legs.map((it) => it.standing));
  const only = (text: string): StackSaid => ({ standing, text, sentences: [{ standing, text }] });
  if (legs.length === 0) return only('Nothing of this mail stack is checked leg by leg yet');
  if (legs.some((it) => it.cover?.kind === 'cut-off')) return only('This desk is offline: nothing is known of this mail stack');
  if (legs.every((it) => it.standing === 'pending')) return only('Waiting for the first results');
  const byWord = (word: LegWord) => legs.filter((it) => it.word === word);
  const unknown = (wanted: Standing) => byWord('unknown').filter((it) => it.standing === wanted);
  const as = (how: Standing, texts: readonly string[]): LegSentence[] => texts.map((text) => ({ standing: how, text }));
  const behind = (cover: string): string => (cover ? `: behind ${cover}` : '');
  const gone = forEachCover(byWord('unreachable'), (it, cover) => `${capital(names(it))} cannot be reached${behind(cover)}`);
  const hidden = forEachCover(unknown('unreachable'), (it, cover) => `Not all is known of ${names(it)}${behind(cover)}`);
  const unsure = unknown('unknown').map((it) => `Nothing certain is known of ${names([it])}${reasonsOf([it], now, zone)}`);
  const old = unknown('stale').map(
    (it) => `No fresh data of ${names([it])}${it.since === null ? '' : ` since ${whenText(it.since, now, zone)}`}`,
  );
  const waiting = some(unknown('pending'), (it) => `No result yet of ${names(it)}`);
  const again = some(
    unknown('ok'),
    (it) => `${capital(names(it))} ${verb(it, 'has', 'have')} just failed and ${verb(it, 'is', 'are')} tried again`,
  );
  const planned = forEachCover(byWord('planned'), (it, cover) => `Planned work on ${names(it)}${cover ? `: ${cover}` : ''}`);
  const sentences = [
    ...mainSentences(legs, now, zone),
    ...as('unreachable', [...gone, ...hidden]),
    ...as('unknown', unsure),
    ...as('stale', old),
    ...as('pending', waiting),
    ...as('unknown', again),
    ...as('maintenance', planned),
  ];
  return { standing, text: sentences.map(({ text }) => text).join('. '), sentences };
}

const some = (legs: LegSaid[], say: (legs: LegSaid[]) => string): string[] => (legs.length === 0 ? [] : [say(legs)]);

/** Legs that the same thing covers share a sentence. */
function forEachCover(legs: readonly LegSaid[], say: (legs: LegSaid[], cover: string) => string): string[] {
  const groups = Map.groupBy(legs, (it) => clean(it.cover?.name ?? '', 80));
  return [...groups].map(([cover, group]) => say(group, cover));
}

/** What works, what does not, what works badly, and why. */
function mainSentences(legs: readonly LegSaid[], now: number, zone: string): LegSentence[] {
  const byWord = (word: LegWord) => legs.filter((it) => it.word === word);
  const works = byWord('works');
  // Nobody uses the records themselves: they are named where they are all there is.
  const told = works.length > 1 ? works.filter((it) => it.leg !== 'records') : works;
  const [dead, partly, slow] = [byWord('fails'), byWord('partly'), byWord('degraded')];
  const down = [...dead, ...partly];
  const working = told.length === 0 ? null : `${names(told)} ${verb(told, 'works', 'work')}`;
  const degraded = slow.length === 0 ? null : `${names(slow)} ${verb(slow, 'is', 'are')} degraded`;
  if (down.length === 0) {
    const clauses = [working, degraded].filter((it) => it !== null);
    if (clauses.length === 0) return [];
    return [{ standing: slow.length > 0 ? 'degraded' : 'ok', text: `${capital(clauses.join(', '))}${reasonsOf(slow, now, zone)}` }];
  }
  const short = working !== null;
  const clauses = [
    working,
    dead.length === 0 ? null : `${names(dead)} ${verb(dead, 'does', 'do')} not${short ? '' : ' work'}`,
    partly.length === 0 ? null : `${names(partly)} ${short || dead.length > 0 ? '' : `${verb(partly, 'works', 'work')} `}only in part`,
  ].filter((it) => it !== null);
  const lead: LegSentence = { standing: 'down', text: `${capital(clauses.join(', '))}${reasonsOf(down, now, zone)}` };
  return degraded === null ? [lead] : [lead, { standing: 'degraded', text: `${capital(degraded)}${reasonsOf(slow, now, zone)}` }];
}

const mostReasons = 2;
/** ": IMAP and POP3 refuse the log-in since 14:02 PDT; Queue: 1,200 messages, since 13:50 PDT". */
function reasonsOf(legs: readonly LegSaid[], now: number, zone: string): string {
  const reasons = legs.flatMap((it) => reasonOf(it, now, zone) ?? []);
  const more = reasons.length - mostReasons;
  return reasons.length === 0 ? '' : `: ${reasons.slice(0, mostReasons).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

/** What these reasons say as a verb, of one and of several. */
const verbs: Readonly<Record<string, readonly [one: string, many: string]>> = {
  'login-refused': ['refuses the log-in', 'refuse the log-in'],
  refused: ['refuses the connection', 'refuse the connection'],
  timeout: ['does not answer', 'do not answer'],
  unreachable: ['does not answer', 'do not answer'],
};

function reasonOf({ voices, since, standing, cover }: LegSaid, now: number, zone: string): string | null {
  if (standing === 'unreachable') return cover ? `behind ${clean(cover.name, 80)}` : null;
  const first = voices[0];
  if (!first) return null;
  const when = since === null ? '' : `since ${whenText(since, now, zone)}`;
  const words = Object.hasOwn(verbs, first.reason) ? verbs[first.reason] : undefined;
  if (!words) return [[clean(first.label, 80), shortly(first.text)].filter(Boolean).join(': '), when].filter(Boolean).join(', ');
  const labels = [...new Set(voices.filter((it) => it.reason === first.reason).map((it) => clean(it.label, 80)))];
  return `${listOf(labels)} ${words[labels.length === 1 ? 0 : 1]} ${when}`.trimEnd();
}

/** The first of what a check says: there is more of it beside its name. */
const shortly = (text: string): string => clean(clean(text, 1_000).split('; ')[0] ?? '', 100).replace(/[.\s]+$/, '') || 'not ok';

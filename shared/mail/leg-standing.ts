/** How the legs of a mail stack stand, in words: which work, which do not, and of which nothing is known. */
import type { Cover } from '../health/cover.ts';
import { type CheckState, standingOf } from '../health/step.ts';
import type { PlannedCheck, Subject } from '../model/plan.ts';
import type { Standing } from '../model/words.ts';
import { listOf } from '../text.ts';
import { legId, legWords, type MailLeg, mailLegs } from './legs.ts';
import { isWay } from './ways.ts';

/**
 * One word for a leg. `works`: all of it is fresh and ok. `partly`: some ways are gone and some are not. `degraded`: also where only
 * something beside its ways is wrong, such as the queue.
 */
export type LegWord = 'works' | 'fails' | 'partly' | 'degraded' | 'unreachable' | 'planned' | 'unknown';

export interface LegStanding {
  leg: MailLeg;
  word: LegWord;
}

/** How one check stands, and why a problem of it does not count. */
interface HowItStands {
  plan: Pick<PlannedCheck, 'type' | 'config'>;
  state: CheckState;
  cover?: Cover | null;
}

/** @param checks all of one leg, at least one */
export function legWordOf(checks: readonly HowItStands[]): LegWord {
  const all = checks.map((it) => ({ standing: standingOfOne(it), way: isWay(it.plan) }));
  const some = (standing: Standing): boolean => all.some((it) => it.standing === standing);
  if (all.every((it) => it.standing === 'ok')) return 'works';
  // Records have no ways: they count by what is wrong with them.
  const ways = all.some((it) => it.way) ? all.filter((it) => it.way) : all;
  const gone = ways.filter(({ standing }) => standing === 'down' || standing === 'unreachable');
  if (gone.length === ways.length) return gone.some((it) => it.standing === 'down') ? 'fails' : 'unreachable';
  if (gone.length > 0) return 'partly';
  if (some('down') || some('degraded')) return 'degraded';
  return some('maintenance') ? 'planned' : 'unknown';
}

function standingOfOne({ state, cover }: HowItStands): Standing {
  const standing = standingOf(state, cover ?? null);
  // What is being made sure of is not known to work; and behind something or not, what could not look knows nothing.
  return (standing === 'ok' && state.soft !== null) || (standing === 'unreachable' && state.hard === 'unknown') ? 'unknown' : standing;
}

/**
 * The legs of one mail stack that are watched, in the order in which a message meets them.
 * @param checksOf the checks of a subject, by its id
 */
export function legStandings(
  entry: string,
  subjectOf: (id: string) => Subject | undefined,
  checksOf: (subject: string) => readonly HowItStands[],
): LegStanding[] {
  return mailLegs.flatMap((leg) => {
    const subject = subjectOf(legId(entry, leg));
    const checks = subject?.leg?.entry === entry ? checksOf(subject.id) : [];
    return checks.length > 0 ? [{ leg, word: legWordOf(checks) }] : [];
  });
}

/** "receiving", "file sharing", "DNS records of mail": as it stands within a sentence. */
export const legNoun = (leg: MailLeg): string => legWords[leg].title.replace(/^[A-Z](?![A-Z])/, (letter) => letter.toLowerCase());

/** How the legs of one word are told. @param many whether the verb takes the plural */
const tellings: Record<Exclude<LegWord, 'works' | 'fails'>, (names: string, many: boolean) => string> = {
  partly: (names, many) => `${names} work${many ? '' : 's'} only in part`,
  degraded: (names, many) => `${names} ${many ? 'are' : 'is'} degraded`,
  unreachable: (names) => `${names} cannot be reached`,
  planned: (names) => `planned work runs on ${names}`,
  unknown: (names, many) => `${names} ${many ? 'are' : 'is'} not known`,
};

/**
 * @returns "receiving and sending work, reading does not; delivery is not known" without a capital and a full stop; null of none
 */
export function legsSentence(legs: readonly LegStanding[]): string | null {
  const said = (word: LegWord): { names: string; many: boolean } | null => {
    const all = legs.filter((it) => it.word === word).map((it) => it.leg);
    // Nobody uses the records themselves: that they are fine is told where it is all that is.
    const those = word === 'works' && all.length > 1 ? all.filter((leg) => leg !== 'records') : all;
    const [only] = those;
    if (only === undefined) return null;
    return { names: listOf(those.map(legNoun), mailLegs.length), many: those.length > 1 || legWords[only].several };
  };
  const works = said('works');
  const fails = said('fails');
  const parts: string[] = [];
  if (works) parts.push(`${works.names} work${works.many ? '' : 's'}`);
  if (fails && works) parts[0] += `, ${fails.names} ${fails.many ? 'do' : 'does'} not`;
  else if (fails) parts.push(`${fails.names} fail${fails.many ? '' : 's'}`);
  for (const [word, tell] of Object.entries(tellings) as [keyof typeof tellings, (names: string, many: boolean) => string][]) {
    const it = said(word);
    if (it) parts.push(tell(it.names, it.many));
  }
  return parts.length > 0 ? parts.join('; ') : null;
}

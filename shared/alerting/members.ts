/** What an alert is about, as its words need it: the checks of one subject that are wrong, and what else it has. */
import type { LegStanding } from '../mail/leg-standing.ts';
import type { PlannedCheck, Subject } from '../model/plan.ts';
import { type Level, severityOf, type Verdict } from '../model/words.ts';
import { clean } from '../text.ts';
import { checkLabel } from './names.ts';

export type Severity = Exclude<Level, 'ok'>;

/** One check of an alert. */
export interface Member {
  plan: PlannedCheck;
  level: Severity;
  verdict: Verdict | null;
  /** False where results stopped coming (or have not come yet): what is said of it is its last known state. */
  fresh: boolean;
  /** It comes and goes. */
  flapping: boolean;
}

export interface Situation {
  subject: Subject;
  siteName: string | null;
  /** At least one. */
  members: Member[];
  /** Checks of the subject that are fresh, ok and not being retried. */
  working: PlannedCheck[];
  /** All checks of the subject. */
  all: readonly PlannedCheck[];
  /** How the other legs of its mail stack stand; none where it is no leg. */
  others: readonly LegStanding[];
}

/** The worst level of some members. */
export const severityOfMembers = (members: readonly Member[]): Severity =>
  members.reduce<Severity>((most, it) => (severityOf(it.level) > severityOf(most) ? it.level : most), 'unknown');
export const worstOf = ({ members }: Situation): Member[] => {
  const severity = severityOfMembers(members);
  return members.filter((it) => it.level === severity);
};

/** Reasons are codes of the check types: `slow`, `slow-first-byte`, `latency-high`. */
export const isSlow = (it: Member): boolean => it.verdict?.reason.split('-').some((word) => word === 'slow' || word === 'latency') ?? false;
/** Reasons with which an address or gateway gave no sign of life at all. */
const silence = new Set(['no-reply', 'timeout', 'unreachable']);
/** Reasons with which a thing cannot be had at all; a wrong page or an expired certificate is another matter. */
const gone = new Set([...silence, 'refused', 'reset', 'closed', 'name-not-found', 'no-greeting', 'login-stalled', 'key-exchange-stalled']);
export const isGone = (it: Member): boolean => it.verdict !== null && gone.has(it.verdict.reason);
export const isSilent = (it: Member): boolean => it.verdict !== null && silence.has(it.verdict.reason);
/** What it saw, as a part of a sentence. */
export const textOf = (it: Member, most = 160): string => clean(it.verdict?.text ?? '', most).replace(/[.\s]+$/, '');
/** What of it belongs in a title. */
export const titleTextOf = (it: Member, most = 160): string =>
  it.verdict?.title === undefined ? textOf(it, most) : clean(it.verdict.title, most).replace(/[.\s]+$/, '');
/** Whether several names stand before the verb. */
export const areSeveral = (members: readonly Member[]): boolean => new Set(members.map((it) => checkLabel(it.plan))).size > 1;

/** The words of an alert with several roots: what they have in common, and where. */

import { legsSentence } from '../mail/leg-standing.ts';
import type { SubjectKind } from '../model/words.ts';
import { clean, count, listOf } from '../text.ts';
import { sharedLegs, titleOfLegs } from './mail-group-words.ts';
import { isWhole } from './mail-words.ts';
import { isGone, isSilent, isSlow, type Member, type Severity, type Situation, severityOfMembers, textOf } from './members.ts';
import { capital, checkLabel, checkLabels, jointOf, longestTitle, nounOf, ownerOf } from './names.ts';
import { mostSeen, titleOf } from './words.ts';

/** What can be said of one root, as it is said of several: "are down". */
type Verb =
  | 'are down'
  | 'do not answer'
  | 'cannot be used'
  | 'fail'
  | 'answer slowly'
  | 'lose packets'
  | 'are degraded'
  | 'come and go'
  | 'cannot be checked';

function verbOf(situation: Situation, severity: Severity): Verb {
  const { subject, members, all } = situation;
  const worst = members.filter((it) => it.level === severity);
  if (worst.every((it) => it.flapping)) return 'come and go';
  if (severity === 'unknown') return 'cannot be checked';
  if (severity === 'degraded') {
    if (worst.every((it) => it.verdict?.reason === 'packet-loss')) return 'lose packets';
    return worst.every(isSlow) ? 'answer slowly' : 'are degraded';
  }
  if (subject.kind === 'link' && worst.some((it) => it.plan.name === 'gateway' && isSilent(it))) return 'do not answer';
  if (subject.kind === 'prefix' && worst.every(isSilent)) return 'do not answer';
  if (subject.leg ? !isWhole(situation) : worst.length < all.length) return 'fail';
  if (subject.kind === 'service') return 'cannot be used';
  return worst.every(isGone) ? 'are down' : 'fail';
}

/** A circuit that loses packets together with what it carries is the first suspect, so it is named: "Cox and 5 prefixes". */
function linkAndOthers(roots: readonly Situation[]): string | null {
  const [link, ...more] = roots.filter((it) => it.subject.kind === 'link');
  const others = roots.filter((it) => it !== link);
  if (!link || more.length > 0 || others.length < 2) return null;
  return `${clean(link.subject.name, 60)} and ${others.length} ${nounOf(others.map((it) => it.subject.kind))}`;
}

/** The label that all the worst checks of all roots share: "SMTP". */
function sharedLabel(roots: readonly Situation[]): string | null {
  const labels = new Set(roots.flatMap((it) => it.members.map(({ plan }) => checkLabel(plan))));
  const [only] = labels;
  return labels.size === 1 && only !== undefined ? capital(only) : null;
}

/**
 * @param roots worst first, at least two
 * @param site name of the site that they share, or null
 * @param kindsAtSite how many things of a kind are watched at that site; 0 = not known
 * @returns "5 servers at San Diego are down", "3 of 5 prefixes at San Diego do not answer", "web1 and db1 at San Diego are down",
 *   "Cox and 5 prefixes at San Diego lose packets"
 */
export function titleOfSeveral(roots: readonly Situation[], site: string | null, kindsAtSite: (kind: SubjectKind) => number): string {
  if (roots.every((it) => it.subject.leg)) return titleOfLegs(roots);
  const severities = roots.map((it) => severityOfMembers(it.members));
  const verbs = new Set(roots.map((it, index) => verbOf(it, severities[index] as Severity)));
  const [verb] = verbs;
  const at = site === null ? '' : ` at ${clean(site, 40)}`;
  const kinds = roots.map((it) => it.subject.kind);
  const [kind] = kinds;
  // Legs of mail are no things of their own beside others.
  const names = [
    ...new Set(roots.map(({ subject }) => (subject.leg ? `mail of ${clean(subject.leg.domain, 60)}` : clean(subject.name, 60)))),
  ];
  const alike = new Set(kinds).size === 1 && kind !== undefined && !roots.some((it) => it.subject.leg);
  const total = alike ? kindsAtSite(kind) : 0;
  const noun = alike ? nounOf(kinds) : 'things';
  const range = total > roots.length && (kind === 'prefix' || kind === 'link') ? `${roots.length} of ${total}` : String(names.length);
  const counted = `${total === roots.length ? (total === 2 ? 'Both' : `All ${total}`) : range} ${noun}${at}`;

  const says = verbs.size === 1 && verb !== undefined ? verb : severities.every((it) => it === 'down') ? 'fail' : 'have problems';
  const shared = says === 'fail' ? sharedLabel(roots) : null;
  const candidates: string[] = [];
  // Networks are told apart by numbers, which say nothing in a title.
  const byName = names.length <= 3 && !(alike && kind === 'prefix');
  if (shared !== null) {
    const where = byName ? `${listOf(names)}${at}` : counted.replace(/^(?:All|Both)/, (word) => word.toLowerCase());
    candidates.push(`${shared} ${jointOf(kind ?? 'host')} ${where} fails`);
  }
  if (roots.length === 2 && verbs.size > 1) candidates.push(roots.map(titleOf).join('; '));
  const mixed = says === 'lose packets' ? linkAndOthers(roots) : null;
  if (mixed !== null) candidates.push(`${mixed}${at} ${says}`);
  if (byName) candidates.push(`${capitalWords(listOf(names), roots)}${at} ${says}`);
  const plain = `${counted} ${says}`;
  return clean(candidates.find((it) => it.length <= longestTitle) ?? plain, longestTitle);
}

/** Names of machines stand as they are written; those of services are words. */
const capitalWords = (text: string, [first]: readonly Situation[]): string =>
  first?.subject.kind === 'service' || first?.subject.leg ? capital(text) : text;

/** @returns "Ping on web1, db1 and web2: no answer to 5 pings. HTTP on mail1: connection refused." */
export function textOfSeveral(roots: readonly Situation[]): string {
  const seen = new Map<string, { members: Member[]; names: Set<string>; kinds: Set<SubjectKind> }>();
  for (const { subject, members } of roots) {
    for (const it of members) {
      const key = `${it.fresh} ${it.flapping} ${textOf(it)}`;
      const group = seen.get(key) ?? { members: [], names: new Set(), kinds: new Set() };
      group.members.push(it);
      group.names.add(ownerOf(subject));
      group.kinds.add(subject.kind);
      seen.set(key, group);
    }
  }
  // What most have in common comes first.
  const groups = [...seen.values()].sort((a, b) => b.members.length - a.members.length);
  const sentences = groups.slice(0, mostSeen).map(({ members, names, kinds }) => {
    const [kind] = kinds;
    const [first] = members;
    const where = `${checkLabels(members.map((it) => it.plan))} ${kinds.size === 1 && kind ? jointOf(kind) : 'of'} ${listOf([...names])}`;
    const text = first ? textOf(first) : '';
    if (!first?.fresh) return `No fresh data from ${where}${text ? `; the last result was: ${text}` : ''}.`;
    if (first.flapping) return `Coming and going: ${where}${text ? `; the last result was: ${text}` : ''}.`;
    return `${capital(where)}: ${text || 'not ok'}.`;
  });
  const hidden = groups.slice(mostSeen).reduce((sum, it) => sum + it.members.length, 0);
  if (hidden > 0) sentences.push(`${count(hidden, 'more check')} not ok.`);
  const others = legsSentence(sharedLegs(roots));
  return [...sentences, ...(others ? [`${capital(others)}.`] : [])].join(' ');
}

/**
 * Folds what is unreachable into one sentence.
 * @param names of the things whose checks these are, at least one
 * @returns "14 checks of 6 things behind it cannot be reached: web1, db1, mail and 3 more."
 */
export function consequenceSentence(checks: number, names: readonly string[], severalRoots: boolean): string {
  const behind = severalRoots ? 'behind them' : 'behind it';
  const [only] = names;
  if (names.length === 1) return `${count(checks, 'check')} of ${only} ${behind} cannot be reached.`;
  return `${count(checks, 'check')} of ${count(names.length, 'thing')} ${behind} cannot be reached: ${listOf(names)}.`;
}

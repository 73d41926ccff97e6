/** The sentences of causes within a mail stack. */
import { goneTitles } from '../alerting/mail-words.ts';
import { subjectIdOf } from '../alerting/names.ts';
import { legNoun } from '../mail/leg-standing.ts';
import { legWords, type MailLeg, mailLegs } from '../mail/legs.ts';
import { isWay } from '../mail/ways.ts';
import { clean, listOf } from '../text.ts';
import type { DiagnosisInput, Sign } from './types.ts';
import { culpritsOf, explained, failingOf, longestSentence, nameOf, orOf, type Said, signsFor, thingOf } from './words-parts.ts';

/** Whether no way into a leg is left, as far as it was looked at. */
function isWholeLeg(subject: string, { signs }: DiagnosisInput): boolean {
  const own = [...signs.values()].filter((it) => it.plan.subject.id === subject);
  const ways = own.filter((it) => isWay(it.plan));
  return (ways.length > 0 ? ways : own).every((it) => it.word === 'fails');
}

/** "Mail of example.net cannot be read", "example.net: reading mail works only in part". */
export function legSentence({ input, most, weighed }: Said, subjects: readonly string[]): string {
  const legs = subjects.flatMap((id) => {
    const subject = input.graph.subject(id);
    return subject?.leg ? [{ id, ...subject.leg }] : [];
  });
  const [first] = legs;
  if (!first)
    return `Mail of ${orOf(
      subjects.map((id) => nameOf(input, id, most)),
      'domains',
    )} is in trouble`;
  const who = orOf([...new Set(legs.map((it) => clean(it.domain, most)))], 'domains');
  const { audience, several } = legWords[first.leg];
  if (legs.length > 1) return `${who}: ${orOf([...new Set(legs.map((it) => legNoun(it.leg)))], 'parts of mail')} fails`;
  const how = failingOf(signsFor(input, weighed.explains).filter((it) => it.plan.subject.id === first.id));
  if (how === 'late' || how === 'lossy') return `${who}: ${audience} ${several ? 'are' : 'is'} slow`;
  return isWholeLeg(first.id, input) ? goneTitles[first.leg](who) : `${who}: ${audience} work${several ? '' : 's'} only in part`;
}

/** "example.net: mail can neither be read nor sent, log-ins are refused". */
export function mailSentence(said: Said): string {
  const { weighed, input, most } = said;
  const { alert, graph } = input;
  const [entry] = weighed.cause.culprits;
  const failing = explained(said);
  const legs = [...new Set(failing.map((it) => it.plan.subject.id))];
  const isOwn = entry !== undefined && alert.checks.every((id) => thingOf(input, subjectIdOf(id)) === entry);
  const known = new Set(legs.flatMap((id) => graph.subject(id)?.leg?.leg ?? []));
  const told = isOwn && alert.title !== '' ? clean(alert.title, longestSentence - sharedMost) : legsSentence(said, legs, known);
  const shared = sharedReason(failing);
  return shared === null || told.includes(shared) ? clean(told, Math.max(most, longestSentence)) : `${told}, ${shared}`;
}

function legsSentence(said: Said, legs: readonly string[], known: ReadonlySet<MailLeg>): string {
  const [only] = legs;
  if (only !== undefined && legs.length === 1) return legSentence(said, [only]);
  const nouns = mailLegs.filter((leg) => known.has(leg)).map(legNoun);
  return nouns.length === 0 ? `Mail of ${culpritsOf(said)} is in trouble` : `${culpritsOf(said)}: ${listOf(nouns, 3)} fail`;
}

/** What all of them were told by the servers, where that says what they have in common. */
function sharedReason(failing: readonly Sign[]): string | null {
  const [reason, ...others] = new Set(failing.map((it) => it.reason ?? ''));
  return reason !== undefined && others.length === 0 && Object.hasOwn(shared, reason) ? (shared[reason] ?? null) : null;
}
const shared: Readonly<Record<string, string>> = {
  'login-refused': 'log-ins are refused',
  'certificate-expired': 'certificate expired',
  'server-unavailable': 'the servers cannot do their work',
  refused: 'connections are refused',
};
/** Letters that the longest of them takes. */
const sharedMost = 2 + Math.max(...Object.values(shared).map((it) => it.length));

/** The words of an alert about several legs: of one mail stack ("mail can neither be read nor sent"), or the same of many ("Mail of 200 domains"). */
import { type LegStanding, legNoun } from '../mail/leg-standing.ts';
import { legWords, type MailLeg, mailLegs } from '../mail/legs.ts';
import { severityOf } from '../model/words.ts';
import { clean, listOf } from '../text.ts';
import { goneTitles, isWhole, sharedWay, tellingText, titled, titleOfLeg } from './mail-words.ts';
import { isSlow, type Severity, type Situation, severityOfMembers, textOf, worstOf } from './members.ts';
import { capital, longestTitle } from './names.ts';

/** So many domains are named, unless their names are long; more are counted. */
const mostNamed = 2;

/** @param roots legs all, at least two @returns the title, by what is worst of it */
export function titleOfLegs(roots: readonly Situation[]): string {
  const severities = roots.map((it) => severityOfMembers(it.members));
  const severity = severities.reduce<Severity>((most, it) => (severityOf(it) > severityOf(most) ? it : most), 'unknown');
  const worst = roots.filter((_, index) => severities[index] === severity);
  const [first] = worst;
  if (worst.length === 1 && first?.subject.leg) return titleOfLeg(first, first.subject.leg);

  const byDomain = Map.groupBy(worst, (it) => it.subject.leg?.entry ?? it.subject.id);
  const who = whoOf(worst, byDomain.size);
  const legs = mailLegs.filter((leg) => worst.some((it) => it.subject.leg?.leg === leg));
  const [leg] = legs;
  const alike = [...byDomain.values()].every((it) => it.length === legs.length);
  const each = worst.flatMap(worstOf);
  const seen = new Set(worst.map(tellingText));
  const [said] = seen;
  // One certificate stands behind many doors.
  if (seen.size === 1 && said) return titled(who, said);
  const nouns = listOf(
    legs.map((it) => legWords[it].audience),
    mailLegs.length,
  );
  const are = legs.length > 1 || (leg && legWords[leg].several) ? 'are' : 'is';
  if (each.every((it) => it.flapping))
    return titled(who, `${listOf(legs.map(legNoun), 3)} come${are === 'is' ? 's' : ''} and go${are === 'is' ? 'es' : ''}`);
  if (severity === 'unknown') return titled(who, `${nouns} cannot be checked`);
  if (severity === 'degraded') {
    if (each.every(isSlow)) return titled(who, `${nouns} ${are} slow`);
    const texts = new Set(each.map((it) => textOf(it)));
    const [text] = texts;
    return titled(who, texts.size === 1 && text ? text : `${nouns} ${are} degraded`);
  }
  if (leg !== undefined && legs.length === 1) {
    if (worst.every(isWhole)) return clean(goneTitles[leg](who), longestTitle);
    const way = sharedWay(worst);
    return clean(way ? `${capital(way)} of ${who} fails` : `${who}: ${nouns} ${are} in trouble`, longestTitle);
  }
  if (!alike) return titled(who, `trouble with ${nouns}`);
  return goneOf(who, worst, legs);
}

/** Title of one mail stack, or of many with the same legs gone. @param legs at least two */
function goneOf(who: string, worst: readonly Situation[], legs: readonly MailLeg[]): string {
  const isGone = (leg: MailLeg): boolean => worst.every((it) => it.subject.leg?.leg !== leg || isWhole(it));
  const gone = legs.filter(isGone);
  const core = gone.filter((leg) => Object.hasOwn(predicates, leg));
  if (core.length === Object.keys(predicates).length) return clean(`Mail of ${who} is down`, longestTitle);
  const partly = legs.filter((leg) => !isGone(leg));
  const rest = gone.filter((leg) => !core.includes(leg));
  const clauses = [
    ...(core.length > 0 ? [`mail ${predicateOf(core)}`] : []),
    ...(rest.length > 0 ? [`${listOf(rest.map(legNoun), mailLegs.length)} ${failOf(rest)}`] : []),
    ...(partly.length > 0
      ? [`${listOf(partly.map(legNoun), mailLegs.length)} work${failOf(partly) === 'fails' ? 's' : ''} only in part`]
      : []),
  ];
  const full = `${who}: ${clauses.join('; ')}`;
  return full.length <= longestTitle ? full : titled(who, `${listOf(legs.map(legNoun), 3)} ${failOf(legs)}`);
}

const failOf = (legs: readonly MailLeg[]): string => (legs.length > 1 || (legs[0] && legWords[legs[0]].several) ? 'fail' : 'fails');

/** What is said of mail itself; the others are things of their own. */
const predicates: Readonly<Partial<Record<MailLeg, { word: string; can?: true }>>> = {
  receiving: { word: 'accepted' },
  delivery: { word: 'delivered' },
  reading: { word: 'read', can: true },
  sending: { word: 'sent', can: true },
};

/** "is not accepted and can neither be read nor sent". */
function predicateOf(legs: readonly MailLeg[]): string {
  const words = (can: boolean): string[] =>
    Object.entries(predicates).flatMap(([leg, it]) => (legs.includes(leg as MailLeg) && (it.can ?? false) === can ? [it.word] : []));
  const [is, can] = [words(false), words(true)];
  return [
    ...(is.length > 1 ? [`is neither ${is.join(' nor ')}`] : is.map((it) => `is not ${it}`)),
    ...(can.length > 1 ? [`can neither be ${can.join(' nor ')}`] : can.map((it) => `cannot be ${it}`)),
  ].join(' and ');
}

function whoOf(worst: readonly Situation[], entries: number): string {
  const domains = [...new Set(worst.map((it) => clean(it.subject.leg?.domain ?? it.subject.name, 60)))];
  const named = listOf(domains, mostNamed);
  return domains.length <= mostNamed && named.length <= 50 ? named : `${Math.max(entries, domains.length)} domains`;
}

/** How the legs stand that are not in the alert: of many stacks what is the same of all. */
export function sharedLegs(roots: readonly Situation[]): LegStanding[] {
  const inIt = new Set(roots.flatMap(({ subject: { leg } }) => (leg ? [`${leg.entry} ${leg.leg}`] : [])));
  const entries = new Map(roots.flatMap(({ subject: { leg }, others }) => (leg ? [[leg.entry, others] as const] : [])));
  const words = new Map<MailLeg, Set<LegStanding['word']>>();
  for (const [entry, others] of entries)
    for (const { leg, word } of others) if (!inIt.has(`${entry} ${leg}`)) words.set(leg, (words.get(leg) ?? new Set()).add(word));
  return mailLegs.flatMap((leg) => {
    const [word, another] = words.get(leg) ?? [];
    return word === undefined || another !== undefined ? [] : [{ leg, word }];
  });
}

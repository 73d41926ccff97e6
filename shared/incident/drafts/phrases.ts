/** What customers lost and what they kept, in their words. "Could not be used" fits one thing as well as several. */
import { capital } from '../../alerting/names.ts';
import { legWords, type MailLeg } from '../../mail/legs.ts';
import { clean, listOf } from '../../text.ts';
import { SECOND } from '../../time.ts';
import type { Statement } from '../draft.ts';
import type { AffectedFact } from '../report/schema-parts.ts';
import { spokenNumber } from '../spoken.ts';
import { type Page, say } from './page.ts';
import { isPublic } from './public-words.ts';

type How = AffectedFact['how'];
interface Words {
  past: string;
  now: string;
}

/** Worst first; what nobody could tell of is told as not known. */
const order = ['down', 'unreachable', 'wrong-content', 'partly', 'degraded', 'unknown'] as const satisfies readonly How[];
const verbs: Record<Exclude<How, 'unknown'>, Words> = {
  down: { past: 'could not be used', now: 'cannot be used' },
  unreachable: { past: 'could not be reached', now: 'cannot be reached' },
  'wrong-content': {
    past: 'could be reached, but came back with the wrong content',
    now: 'can be reached, but may come back with the wrong content',
  },
  partly: { past: 'could only be used in part', now: 'can only be used in part' },
  degraded: { past: 'could be slow or fail at times', now: 'may be slow or fail at times' },
};
/** Legs of mail that customers know by what they do with it. */
const done: Partial<Record<MailLeg, string>> = { receiving: 'received', sending: 'sent', delivery: 'delivered', reading: 'read' };

/** Things that the same happened to at the same time, to the minute. */
export interface Group {
  /** As customers call them. */
  names: string[];
  how: Exclude<How, 'unknown'>;
  verb: Words;
  from: number;
  to: number | null;
  /** Until then all of it, from then on a part of it. */
  partlyFrom: number | null;
  lastedMs: number;
  times: number;
  evidence: string[];
}

/** What customers lost, worst and longest first. Where no thing that customers know was hit, it is told what was, without its name. */
export function groupsOf(page: Page): Group[] {
  const { facts } = page;
  const known = facts.affected.filter((it) => isPublic(it) && it.how !== 'unknown');
  const groups =
    known.length > 0
      ? grouped(page, known)
      : unnamed(
          page,
          facts.affected.filter((it) => it.how !== 'unknown'),
        );
  return groups.sort((a, b) => order.indexOf(a.how) - order.indexOf(b.how) || b.lastedMs - a.lastedMs || a.from - b.from);
}

function grouped({ input }: Page, affected: readonly AffectedFact[]): Group[] {
  const byId = new Map(input.subjects.map((it) => [it.id, it]));
  const legOf = (it: AffectedFact): { domain: string; deed: string; always: string } | null => {
    const leg = byId.get(it.id)?.leg;
    const deed = leg && it.how !== 'wrong-content' ? done[leg.leg] : undefined;
    return leg && deed
      ? { domain: clean(leg.domain, 120), deed, always: it.how === 'down' || it.how === 'unreachable' ? '' : 'always ' }
      : null;
  };
  const keyOf = (it: AffectedFact): string => {
    const leg = legOf(it);
    return [leg ? `mail ${leg.domain} ${leg.always}` : it.how, it.times].join('|');
  };
  const alike: AffectedFact[][] = [];
  for (const it of affected.toSorted((a, b) => a.from - b.from)) {
    const group = alike.find((those) => those[0] !== undefined && keyOf(those[0]) === keyOf(it) && isAtOnce(those[0], it));
    if (group) group.push(it);
    else alike.push([it]);
  }
  return alike.map((those): Group => {
    const first = those[0] as AffectedFact;
    const legs = those.flatMap((it) => legOf(it) ?? []);
    const [leg] = legs;
    const deeds = [...new Set(legs.map((it) => it.deed))];
    const either = `${deeds.slice(0, -1).join(', ')}${deeds.length > 1 ? ' or ' : ''}${deeds.at(-1)}`;
    return {
      names: leg ? [`mail for ${leg.domain}`] : [...new Set(those.map((it) => clean(it.audience, 120)))],
      how: first.how as Group['how'],
      verb: leg
        ? { past: `could not ${leg.always}be ${either}`, now: `cannot ${leg.always}be ${either}` }
        : verbs[first.how as Group['how']],
      from: Math.min(...those.map((it) => it.from)),
      to: first.to === null ? null : Math.max(...those.map((it) => it.to ?? it.from)),
      partlyFrom: first.partlyFrom,
      lastedMs: Math.max(...those.map((it) => it.lastedMs)),
      times: first.times,
      evidence: those.flatMap((it) => it.evidence.slice(0, 2)),
    };
  });
}

/** Checks look at different moments: what begins and ends within this of another is told with it. */
const atOnceMs = 90 * SECOND;
const isAtOnce = (a: AffectedFact, b: AffectedFact): boolean =>
  (a.partlyFrom === null) === (b.partlyFrom === null) &&
  Math.abs(a.from - b.from) <= atOnceMs &&
  (a.to === null || b.to === null ? a.to === b.to : Math.abs(a.to - b.to) <= atOnceMs);

const unnamedWords = {
  host: ['one of our servers', 'of our servers'],
  link: ['one of our connections to the internet', 'of our connections to the internet'],
  prefix: ['a part of our addresses', 'parts of our addresses'],
  site: ['one of our datacenters', 'of our datacenters'],
} as const;

function unnamed({ facts }: Page, affected: readonly AffectedFact[]): Group[] {
  return [...Map.groupBy(affected, (it) => it.kind)].flatMap(([kind, those]): Group[] => {
    if (kind === 'desk' || kind === 'service' || kind === 'mail') return [];
    const [one, many] = unnamedWords[kind];
    const of = kind === 'prefix' ? facts.prefixes.length : 0;
    const name =
      of > 1
        ? `${spokenNumber(those.length)} of our ${spokenNumber(of)} address ranges`
        : those.length === 1
          ? one
          : `${spokenNumber(those.length)} ${many}`;
    const ended = those.every((it) => it.to !== null);
    const how = those.some((it) => it.how === 'down' || it.how === 'unreachable') ? 'unreachable' : 'degraded';
    return [
      {
        names: [name],
        how,
        verb: verbs[how],
        from: Math.min(...those.map((it) => it.from)),
        to: ended ? Math.max(...those.map((it) => it.to ?? it.from)) : null,
        partlyFrom: null,
        lastedMs: Math.max(...those.map((it) => it.lastedMs)),
        times: Math.max(...those.map((it) => it.times)),
        evidence: those.flatMap((it) => it.evidence.slice(0, 1)),
      },
    ];
  });
}

/** Whether anything that customers know by name is known to have been hit. */
export const isNamed = ({ facts }: Pick<Page, 'facts'>): boolean => facts.affected.some((it) => isPublic(it) && it.how !== 'unknown');

/** "Web sites and mail could not be used from 04:02 to 04:43 PST (41 minutes)." */
export function groupSentence({ times }: Pick<Page, 'times'>, group: Group, most = 8): string {
  const names = capital(listOf(group.names, most));
  const { from, to, partlyFrom, verb, lastedMs } = group;
  if (partlyFrom !== null && group.times === 1) {
    const rest = to === null ? 'and only in part since then' : `and only in part until ${times.moment(to)}`;
    return `${names} ${verb.past} ${times.lasting(from, partlyFrom)}, ${rest}.`;
  }
  if (to === null) {
    const often = group.times > 1 ? ', not all of the time' : '';
    return `${names} ${verb.now} at the moment; this began ${times.when(from)}${often}.`;
  }
  if (group.times > 1)
    return `${names} ${verb.past} ${spokenNumber(group.times)} times between ${times.span(from, to).replace(' to ', ' and ')}, ${times.duration(lastedMs)} in all.`;
  return `${names} ${verb.past} ${times.lasting(from, to)}.`;
}

/** "Web sites and mail could not be reached"; null where nothing is known to have been hit. @param most names */
export function headline(page: Page, most = 3): string | null {
  const groups = groupsOf(page);
  const worst = groups[0];
  if (!worst) return null;
  const ongoing = page.facts.ongoing && groups.some((it) => it.to === null);
  const alike = groups.filter((it) => it.verb.past === worst.verb.past && (!ongoing || it.to === null));
  const shown = alike.length > 0 ? alike : [worst];
  const names = [...new Set(shown.flatMap((it) => it.names))];
  return `${capital(listOf(names, most))} ${ongoing ? worst.verb.now : worst.verb.past}`;
}

/** What customers kept: names, and what that rests on. What people say was hit is not called well, whatever its checks saw. */
export function keptOf({ facts, input }: Pick<Page, 'facts' | 'input'>): { names: string[]; evidence: string[] } {
  const hit = new Set([...facts.affected.map((it) => it.id), ...(input.incident?.subjects ?? [])]);
  const kept = facts.notAffected.filter((it) => isPublic(it) && !hit.has(it.id) && it.only.length === 0);
  return { names: namesOfThings(input, kept), evidence: kept.flatMap((it) => it.evidence) };
}

/** "web sites", "mail for example.net (receiving, sending and webmail)": the legs of one domain are told together. */
export function namesOfThings(input: Page['input'], things: readonly { id: string; audience: string }[]): string[] {
  const byId = new Map(input.subjects.map((it) => [it.id, it]));
  const domains = new Map<string, string[]>();
  const names = new Set<string>();
  for (const it of things) {
    const leg = byId.get(it.id)?.leg;
    if (!leg) names.add(clean(it.audience, 120));
    else domains.set(leg.domain, [...(domains.get(leg.domain) ?? []), legWords[leg.leg].title.toLowerCase().replace(/^dns/, 'DNS')]);
  }
  const mail = [...domains].map(([domain, legs]) => `mail for ${clean(domain, 120)} (${listOf([...new Set(legs)], 12)})`);
  return [...names, ...mail];
}

/** "trouble with web sites", by the word of people. */
export function trouble({ input }: Page): string | null {
  const { incident } = input;
  const named = input.subjects.filter((it) => incident?.subjects.includes(it.id) && isPublic(it));
  return named.length > 0 ? `trouble with ${listOf(namesOfThings(input, named), 6)}` : null;
}

/** What only people say: when, and of what. */
export function byWord(page: Page): Statement[] {
  const { facts, input, times } = page;
  const { incident } = input;
  if (!incident || incident.from === null) return [];
  const what = trouble(page);
  const end = facts.recovery ?? facts.resolution ?? (incident.to === null ? null : { at: incident.to });
  const when = end ? times.lasting(incident.from, end.at) : `since ${times.moment(incident.from)}`;
  return say(`There ${facts.ongoing && !end ? 'has been' : 'was'} ${what ?? 'trouble'} ${when}.`, facts.incident?.evidence);
}

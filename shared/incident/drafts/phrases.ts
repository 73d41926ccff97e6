/** What customers lost and what they kept, in their words. "Could not be used" fits one thing as well as several. */
import { capital } from '../../alerting/names.ts';
import type { MailLeg } from '../../mail/legs.ts';
import { clean, listOf } from '../../text.ts';
import type { AffectedFact } from '../report/schema-parts.ts';
import { spokenNumber } from '../spoken.ts';
import type { Page } from './page.ts';
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
/** Of what has no name of its own for customers. */
const legVerbs: Partial<Record<MailLeg, Words>> = {
  receiving: { past: 'could not be received', now: 'cannot be received' },
  sending: { past: 'could not be sent', now: 'cannot be sent' },
  delivery: { past: 'could not be delivered', now: 'cannot be delivered' },
  reading: { past: 'could not be read', now: 'cannot be read' },
};
const legPart: Partial<Record<MailLeg, Words>> = {
  receiving: { past: 'could not always be received', now: 'cannot always be received' },
  sending: { past: 'could not always be sent', now: 'cannot always be sent' },
  delivery: { past: 'could be delivered late', now: 'may be delivered late' },
  reading: { past: 'could not always be read', now: 'cannot always be read' },
};

/** Things that the same happened to at the same time, to the minute. */
export interface Group {
  /** As customers call them. */
  names: string[];
  how: Exclude<How, 'unknown'>;
  verb: Words;
  from: number;
  to: number | null;
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

function grouped({ input, times }: Page, affected: readonly AffectedFact[]): Group[] {
  const byId = new Map(input.subjects.map((it) => [it.id, it]));
  const wordsOf = (it: AffectedFact): { name: string; verb: Words } => {
    const leg = byId.get(it.id)?.leg;
    const how = it.how as Exclude<How, 'unknown'>;
    const words =
      leg && (how === 'down' || how === 'unreachable' ? legVerbs[leg.leg] : how === 'wrong-content' ? undefined : legPart[leg.leg]);
    return leg && words ? { name: `mail for ${clean(leg.domain, 120)}`, verb: words } : { name: clean(it.audience, 120), verb: verbs[how] };
  };
  const minute = (at: number | null): string => (at === null ? 'still' : times.cell(at));
  const groups = Map.groupBy(affected, (it) => [wordsOf(it).verb.past, minute(it.from), minute(it.to), it.times].join('|'));
  return [...groups.values()].map((those): Group => {
    const first = those[0] as AffectedFact;
    return {
      names: [...new Set(those.map((it) => wordsOf(it).name))],
      how: first.how as Group['how'],
      verb: wordsOf(first).verb,
      from: Math.min(...those.map((it) => it.from)),
      to: first.to === null ? null : Math.max(...those.map((it) => it.to ?? it.from)),
      lastedMs: Math.max(...those.map((it) => it.lastedMs)),
      times: first.times,
      evidence: those.flatMap((it) => it.evidence.slice(0, 2)),
    };
  });
}

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
  const { from, to, verb, lastedMs } = group;
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

/** What customers kept: names, and what that rests on. */
export function keptOf({ facts }: Pick<Page, 'facts'>): { names: string[]; evidence: string[] } {
  const hit = new Set(facts.affected.map((it) => it.id));
  const kept = facts.notAffected.filter((it) => isPublic(it) && !hit.has(it.id) && it.only.length === 0);
  return { names: [...new Set(kept.map((it) => clean(it.audience, 120)))], evidence: kept.flatMap((it) => it.evidence) };
}

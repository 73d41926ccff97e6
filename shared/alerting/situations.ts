/** What is wrong in one alert, by subject, as its words need it. */
import { isRemote } from '../health/reach.ts';
import { legStandings } from '../mail/leg-standing.ts';
import type { Subject } from '../model/plan.ts';
import { type SubjectKind, type SubjectRef, severityOf } from '../model/words.ts';
import { clean } from '../text.ts';
import { consequenceSentence } from './group-words.ts';
import { type Member, type Severity, type Situation, severityOfMembers } from './members.ts';
import { subjectIdOf } from './names.ts';
import { type Item, siteOf, type Work } from './work.ts';

/** Nothing is known of it now: it stays as it was. */
export const isNewsless = (it: Item): boolean => it.held === 'no-data' || it.held === 'cut-off';

/** The level of a check in an alert. One that comes and goes is degraded while it is ok for a moment. */
export function levelOf({ state, held }: Item): Severity {
  // What a desk that is cut off sees says nothing.
  if (held === 'cut-off' || state.hard === 'pending') return 'unknown';
  if (state.hard === 'ok') return state.flapping ? 'degraded' : 'unknown';
  return state.hard;
}

/** The roots by subject, worst first, then by name. */
export function situationsOf(work: Work, items: readonly Item[]): Situation[] {
  const { input } = work;
  const situations = [...Map.groupBy(items, (it) => it.subject.id).values()].map((own): Situation => {
    const { subject } = own[0] as Item;
    const all = input.checksOf(subject.id);
    // In the order of the inventory, which people chose.
    if (own.length > 1) {
      const place = new Map(all.map(({ plan }, index) => [plan.id, index]));
      own.sort((a, b) => (place.get(a.plan.id) ?? 0) - (place.get(b.plan.id) ?? 0));
    }
    return {
      subject,
      siteName: subject.site === null ? null : (input.siteName(subject.site) ?? subject.site),
      members: own.map(
        (it): Member => ({
          plan: it.plan,
          level: levelOf(it),
          verdict: it.state.verdict,
          fresh: !isNewsless(it),
          flapping: it.state.flapping !== null,
        }),
      ),
      working: all.filter(({ plan, state }) => isFine(state) && !(input.cutOff && isRemote(plan))).map(({ plan }) => plan),
      all: all.map(({ plan }) => plan),
      others: subject.leg
        ? legStandings(subject.leg.entry, input.graph.subject, input.checksOf).filter((it) => it.leg !== subject.leg?.leg)
        : [],
    };
  });
  if (situations.length < 2) return situations;
  const ranked = situations.map((it) => ({ it, rank: severityOf(severityOfMembers(it.members)) }));
  return ranked.sort((a, b) => b.rank - a.rank || (a.it.subject.name < b.it.subject.name ? -1 : 1)).map(({ it }) => it);
}

const isFine = (state: Item['state']): boolean =>
  state.hard === 'ok' && state.staleSince === null && state.soft === null && !state.flapping;

/** The root itself; of several the mail stack of which they are legs, or the site that they share, or else the worst. */
export function subjectOf({ input }: Work, roots: readonly Situation[]): SubjectRef {
  const { kind, id, leg } = (roots[0] as Situation).subject;
  if (roots.length === 1) return { kind, id };
  const entry = leg && roots.every((it) => it.subject.leg?.entry === leg.entry) ? input.graph.subject(leg.entry) : undefined;
  if (entry) return { kind: entry.kind, id: entry.id };
  const sites = new Set(roots.map((it) => siteOf(it.subject)));
  const [site] = sites;
  return sites.size === 1 && site ? { kind: 'site', id: site } : { kind, id };
}

/** How many things of a kind have checks at a site. */
export function countAt({ input }: Work, subject: SubjectRef, kind: SubjectKind): number {
  if (subject.kind !== 'site') return 0;
  return input.graph.at(subject.id).filter((id) => input.graph.subject(id)?.kind === kind && input.checksOf(id).length > 0).length;
}

export function foldedOf({ input }: Work, consequences: readonly string[], several: boolean): string {
  const ids = [...new Set(consequences.map(subjectIdOf))];
  const name = (it: Subject | undefined, id: string): string => clean(it?.name ?? id, 120);
  return consequenceSentence(consequences.length, ids.map((id) => name(input.graph.subject(id), id)).sort(), several);
}

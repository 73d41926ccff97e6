/** What came before: changes, routines and planned work of the last seven days, the nearest in time and place first. */
import { placesOf } from '../../health/graph.ts';
import { occurrencesOf } from '../../maintenance/calendar.ts';
import { routineRuns } from '../../maintenance/routines.ts';
import type { Subject } from '../../model/plan.ts';
import { clean } from '../../text.ts';
import { DAY, MINUTE } from '../../time.ts';
import { alertKey, routineKey, windowKey } from '../evidence.ts';
import type { ReportFacts } from './schema.ts';
import type { NearbyFact } from './schema-parts.ts';
import { type Context, keys } from './things.ts';
import { allEvents } from './work.ts';

export const nearbyMs = 7 * DAY;
/** Clocks of servers are not quite ours. */
const slackMs = MINUTE;
const mostNearby = 50;

type Relation = NearbyFact['relation'];
const weight: Record<Relation, number> = { same: 1, carries: 0.8, beside: 0.5, site: 0.3, unknown: 0.2 };

/** Half as near after a day, a fourth after three: a routine of this minute stands before the patches of Wednesday. */
const nearnessOf = (relation: Relation, beforeMs: number): number =>
  Math.round((weight[relation] / (1 + Math.max(0, beforeMs) / DAY)) * 1e4) / 1e4;

export function nearbyFacts(context: Context): ReportFacts['nearby'] {
  const { input, facts } = context;
  const begin = facts.firstSymptom?.at ?? context.spells[0]?.from ?? input.alerts[0]?.firstAt ?? input.incident?.from ?? input.from;
  const relation = relationTo(context);
  const isBefore = (at: number): boolean => at <= begin + slackMs && at >= begin - nearbyMs;
  const made = (it: Omit<NearbyFact, 'beforeMs' | 'nearness'>): NearbyFact => ({
    ...it,
    beforeMs: begin - it.at,
    nearness: nearnessOf(it.relation, begin - it.at),
  });
  const found: NearbyFact[] = [];
  for (const event of allEvents(context)) {
    if (event.kind !== 'change' || !isBefore(event.at)) continue;
    const near = event.subject ? relation([event.subject.id]) : 'unknown';
    if (near === null) continue;
    const thing = event.subject ? context.thing(event.subject.id) : null;
    const text = clean(event.payload.text, 1_000);
    found.push(made({ kind: 'change', at: event.at, text, by: clean(event.actor, 80), thing, relation: near, evidence: [event.id] }));
  }
  for (const routine of input.routines ?? []) {
    const near = relation(routine.restarts);
    // Only its last run before the trouble: a routine of every minute is no news seven days long.
    const last =
      near === null
        ? undefined
        : routineRuns(routine, Math.max(begin - nearbyMs, begin - 8 * DAY), begin + slackMs).findLast((run) => isBefore(run.at));
    if (!last || near === null) continue;
    const named = input.alerts.filter((alert) => alert.related.some((it) => it.kind === 'routine' && it.at === last.at));
    const hit = routine.restarts.find((id) => relation([id]) === near);
    found.push(
      made({
        kind: 'routine',
        at: last.at,
        text: clean(routine.name, 200),
        by: null,
        thing: hit === undefined ? null : context.thing(hit),
        relation: near,
        evidence: keys([routineKey(routine.id, last.at), ...named.map((alert) => alertKey(alert.id))]),
      }),
    );
  }
  found.push(...fromAlerts(context, found, made, isBefore));
  for (const window of input.windows ?? []) {
    const near = relation(window.affects);
    if (near === null) continue;
    for (const { from, to } of occurrencesOf(window, begin - nearbyMs, begin + slackMs, 200).slice(-3)) {
      if (from > begin + slackMs) continue;
      // What is still in force when it begins is as near as can be.
      const at = Math.min(to ?? begin, begin);
      if (!isBefore(at)) continue;
      const hit = window.affects.find((id) => relation([id]) === near);
      const thing = hit === undefined ? null : context.thing(hit);
      found.push(
        made({
          kind: 'maintenance',
          at,
          text: clean(window.name, 200),
          by: clean(window.by, 80),
          thing,
          relation: near,
          evidence: [windowKey(window.id)],
        }),
      );
    }
  }
  return found.sort((a, b) => b.nearness - a.nearness || b.at - a.at).slice(0, mostNearby);
}

/** What alerts name beside them is there also where the inventory has changed since. */
function fromAlerts(
  context: Context,
  known: readonly NearbyFact[],
  made: (it: Omit<NearbyFact, 'beforeMs' | 'nearness'>) => NearbyFact,
  isBefore: (at: number) => boolean,
): NearbyFact[] {
  const added: NearbyFact[] = [];
  for (const alert of context.input.alerts)
    for (const it of alert.related) {
      if (it.kind === 'maintenance' || !isBefore(it.at)) continue;
      if ([...known, ...added].some((one) => one.kind === it.kind && one.at === it.at)) continue;
      const base = { kind: it.kind, at: it.at, text: clean(it.text, 300), by: null, thing: null };
      added.push(made({ ...base, relation: 'same', evidence: [alertKey(alert.id)] }));
    }
  return added;
}

/** How near things are to what failed; null = not at all. */
function relationTo({ facts, input, subjects, bySubject }: Context): (ids: readonly string[]) => Relation | null {
  const failed = new Set<string>([...facts.scope.subjects, ...bySubject.keys()]);
  const needsOf = (it: Subject | undefined): string[] =>
    it ? [...it.hosts, ...it.dependsOn.flat(), ...(it.leg ? [it.leg.entry] : [])] : [];
  const carries = new Set<string>();
  // All that it stands on, however deep.
  const walk = [...failed];
  for (let id = walk.pop(); id !== undefined; id = walk.pop()) {
    for (const need of needsOf(subjects.get(id))) {
      if (carries.has(need) || failed.has(need)) continue;
      carries.add(need);
      walk.push(need);
    }
  }
  const beside = new Set<string>();
  const sites = new Set<string>();
  for (const id of failed) for (const place of placesOf(subjects.get(id) ?? { site: null })) sites.add(place);
  for (const it of input.subjects) if (needsOf(it).some((id) => failed.has(id) || carries.has(id))) beside.add(it.id);
  const near = (id: string): Relation | null => {
    if (failed.has(id)) return 'same';
    if (carries.has(id)) return 'carries';
    if (beside.has(id)) return 'beside';
    return sites.has(id) || sites.has(subjects.get(id)?.site ?? '') ? 'site' : null;
  };
  return (ids) => {
    // Nothing is known to have failed: everything may have to do with it.
    if (failed.size === 0) return 'unknown';
    return ids.map(near).reduce<Relation | null>((best, it) => (it && (!best || weight[it] > weight[best]) ? it : best), null);
  };
}

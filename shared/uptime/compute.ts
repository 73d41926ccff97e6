/** Uptime of checks, of what they stand for, and of sites, from how every check stood over time. */
import { checkLabel } from '../alerting/names.ts';
import { occurrencesOf } from '../maintenance/calendar.ts';
import { reachedFrom } from '../maintenance/reached.ts';
import type { MaintenanceWindow } from '../model/maintenance.ts';
import type { Plan, PlannedCheck, Subject } from '../model/plan.ts';
import type { UptimeLine, UptimeParts, UptimeReport } from './report.ts';
import { combine, outagesOf, overlay, type Part, type Stretch, sumOf, type Tally, type Timeline, timelineOf, union } from './timeline.ts';

/** How a check stands from `at` on (epoch ms), until its next spell. Planned work is not in it: it is laid over here. */
export interface StandingSpell {
  at: number;
  standing: 'ok' | 'degraded' | 'down' | 'unreachable' | 'unknown';
}

export interface UptimeInput {
  /** All of it, whatever is asked for: things hang together. */
  plan: Pick<Plan, 'subjects' | 'checks'>;
  /** The range, epoch ms; the end must not lie in the future, where nothing is known yet. */
  from: number;
  to: number;
  /** By check, with the one in force at `from`. */
  spells: ReadonlyMap<string, readonly StandingSpell[]>;
  /** When nobody watched. */
  gaps: readonly Stretch[];
  /** All that touch the range, over or not. */
  windows: readonly MaintenanceWindow[];
  /** Ids of subjects and sites whose lines are wanted; null = everything that has checks, and all sites. */
  subjects?: readonly string[] | null;
  /** Ids of sites and links whose stretches are wanted too. */
  detail?: readonly string[];
}

/** Enough for every hour of five years. */
const mostOccurrences = 50_000;

/**
 * How things stood, exactly: the parts of each line add up to the range.
 * - A check is unknown before its first spell and while nobody watched. What was not up during planned work that affects its subject
 *   (by name, or by what it is reached through) is `maintenance`; up stays up, and unknown stays unknown.
 * - A host, link or prefix goes by its pings: down when all of them are, degraded while anything of it is not up. Without pings, or
 *   when nothing is known of them, all of its checks count alike.
 * - A service or mail domain stands as the worst of its own checks; without any, as its hosts carry it: gone only when all of them are.
 * - Each leg of a mail stack is a line of its own, by the worst of its checks; but mail exchangers stand in for each other, so that mail
 *   was received as long as one of them took it. The domain stands as the worst of its legs and of what checks it has beside them: it was up
 *   while all of its mail worked. Its DNS records are told on their own line only: nobody uses them themselves.
 * - A site is down when everything at it is gone, degraded while something is not up; unreachable (not charged) when nothing of it is
 *   down itself.
 * - What is not known of one check says nothing of the thing as long as others are known (but for services, where the worst counts).
 */
export function uptimeOf(input: UptimeInput): UptimeReport {
  const { plan, from } = input;
  const to = Math.max(from, input.to);
  const gaps = union(input.gaps, from, to);
  const plannedFor = plannedWork(input, to);
  const checksBySubject = Map.groupBy(plan.checks, (it) => it.subject.id);
  const checkTimeline = new Map(plan.checks.map((it) => [it.id, timelineOf((input.spells.get(it.id) ?? []).map(partOf), from, to)]));
  const timelines = new Map<string, Timeline>();

  const timelinesOf = (ids: readonly string[]): Timeline[] => ids.map((id) => timelines.get(id)).filter((it) => it !== undefined);
  const lay = (id: string, timeline: Timeline): Timeline => overlay(timeline, plannedFor(id), planned);
  const own = (it: Subject): Timeline | null => {
    const checks = checksBySubject.get(it.id) ?? [];
    if (checks.length === 0) return null;
    const stands = it.leg?.leg !== 'receiving' && (it.kind === 'service' || it.kind === 'mail') ? worstOf : together;
    const of = (some: readonly PlannedCheck[]) =>
      combine(
        some.map((one) => checkTimeline.get(one.id) as Timeline),
        stands,
      );
    const pings = checks.filter((one) => one.type === 'icmp');
    if (stands === worstOf || pings.length === 0) return of(checks);
    return combine([of(pings), of(checks)], (_, [ping, all]) => byPing(ping as Part, all as Part));
  };
  for (const it of plan.subjects) {
    const timeline = it.kind === 'site' ? null : own(it);
    if (timeline) timelines.set(it.id, lay(it.id, timeline));
  }
  const legs = Map.groupBy(
    plan.subjects.filter((it) => it.leg && it.leg.leg !== 'records'),
    (it) => it.leg?.entry,
  );
  for (const it of plan.subjects) {
    // Planned work on one leg is planned downtime of the domain: theirs are laid over already.
    const all = timelinesOf([it.id, ...(legs.get(it.id) ?? []).map((leg) => leg.id)]);
    if (legs.has(it.id) && all.length > 0) timelines.set(it.id, combine(all, worstOf));
  }
  for (const it of plan.subjects) {
    if ((it.kind !== 'service' && it.kind !== 'mail') || timelines.has(it.id)) continue;
    const hosts = timelinesOf(it.hosts);
    if (hosts.length > 0) timelines.set(it.id, lay(it.id, combine(hosts, together)));
  }

  const wanted = input.subjects ? new Set(input.subjects) : null;
  const detail = new Set(input.detail);
  const unseen = (timeline: Timeline): Timeline => overlay(timeline, gaps, () => 'unknown');
  /** What is gone together when a part of it is: all at a site; of a link the prefixes that ride on it alone. */
  const partsOf = (kind: UptimeLine['kind'], id: string): Timeline[] =>
    timelinesOf(
      plan.subjects.flatMap((it) =>
        kind === 'site'
          ? it.site === id
            ? it.id
            : []
          : it.kind === 'prefix' && it.dependsOn.some(([only, ...more]) => only === id && more.length === 0)
            ? it.id
            : [],
      ),
    );
  const line = (kind: UptimeLine['kind'], it: { id: string; name: string; site: string | null }, timeline: Timeline): UptimeLine => {
    const whole = unseen(timeline);
    const { parts, outages, longestOutageMs } = sumOf(whole, to);
    const made = { kind, id: it.id, name: it.name, site: it.site, parts, availability: availabilityOf(parts), outages, longestOutageMs };
    if (kind === 'check' || !detail.has(it.id)) return made;
    return { ...made, stretches: outagesOf(whole, partsOf(kind, it.id).map(unseen), to) };
  };
  const withChecks = (it: Subject): UptimeLine[] => {
    const timeline = timelines.get(it.id);
    if (!timeline || it.kind === 'desk' || (wanted && !wanted.has(it.id))) return [];
    const checks = (checksBySubject.get(it.id) ?? []).map((one) =>
      line('check', { id: one.id, name: checkLabel(one), site: it.site }, lay(it.id, checkTimeline.get(one.id) as Timeline)),
    );
    return [line(it.kind, it, timeline), ...checks];
  };
  const at = Map.groupBy(
    plan.subjects.filter((it) => it.kind !== 'site'),
    (it) => it.site,
  );
  const siteLines = plan.subjects
    .filter((it) => it.kind === 'site')
    .flatMap((site) => {
      const there = at.get(site.id) ?? [];
      const timeline = (): Timeline => {
        const all = timelinesOf(there.map((it) => it.id));
        return all.length === 0 ? [{ at: from, part: 'unknown' }] : lay(site.id, combine(all, together));
      };
      return [
        ...(wanted && !wanted.has(site.id) ? [] : [line('site', { ...site, site: site.id }, timeline())]),
        ...there.flatMap(withChecks),
      ];
    });
  const sites = new Set(plan.subjects.flatMap((it) => (it.kind === 'site' ? it.id : [])));
  const elsewhere = plan.subjects.filter((it) => it.kind !== 'site' && (it.site === null || !sites.has(it.site))).flatMap(withChecks);
  return { from, to, lines: [...siteLines, ...elsewhere] };
}

const partOf = ({ at, standing }: StandingSpell): { at: number; part: Part } => ({ at, part: standing === 'ok' ? 'up' : standing });

/** Within planned work. */
const planned = (part: Part): Part => (part === 'up' || part === 'unknown' ? part : 'maintenance');

/** (up + degraded) / (up + degraded + down), per cent; null where nothing was known, reachable and not planned. */
function availabilityOf({ up, degraded, down }: UptimeParts): number | null {
  const charged = up + degraded + down;
  return charged === 0 ? null : ((up + degraded) / charged) * 100;
}

/** Down when all that is known is gone and one of it is down; degraded while some is gone. What is gone by plan alone is planned. */
function together({ up, degraded, down, unreachable, maintenance }: Tally): Part {
  if (up + degraded === 0) return down > 0 ? 'down' : unreachable > 0 ? 'unreachable' : maintenance > 0 ? 'maintenance' : 'unknown';
  if (degraded + down + unreachable > 0) return 'degraded';
  return maintenance > 0 ? 'maintenance' : 'up';
}

const worstFirst: readonly Part[] = ['down', 'unreachable', 'degraded', 'maintenance', 'unknown', 'up'];
const worstOf = (tally: Tally): Part => worstFirst.find((part) => tally[part] > 0) ?? 'unknown';

/** A host as its pings say: gone when they are all gone; degraded when they answer while something else of it does not. */
function byPing(ping: Part, all: Part): Part {
  if (ping === 'down' || ping === 'unreachable') return ping;
  if (ping === 'unknown') return all;
  return all === 'up' ? 'up' : 'degraded';
}

/** When planned work affects a subject, within the range. */
function plannedWork({ plan, windows, from }: UptimeInput, to: number): (id: string) => Stretch[] {
  const reached = reachedFrom(plan.subjects);
  const bySubject = new Map<string, Stretch[]>();
  for (const window of windows) {
    const stretches = occurrencesOf(window, from, to, mostOccurrences).map((it) => ({ from: it.from, to: it.to ?? to }));
    if (stretches.length === 0) continue;
    for (const id of reached(window.affects, window.spares)) {
      const list = bySubject.get(id);
      if (list) list.push(...stretches);
      else bySubject.set(id, [...stretches]);
    }
  }
  return (id) => union(bySubject.get(id) ?? [], from, to);
}

/** Which routes take an alert. What a route does not name equals all. */
import { subjectIdOf } from '../alerting/names.ts';
import { placesOf } from '../health/graph.ts';
import type { Graph } from '../health/reach.ts';
import type { Alert } from '../model/alert.ts';
import type { NotifyConfig, Route } from '../model/notify.ts';
import { groupOf } from '../model/words.ts';
import { isWeeklyTime } from './weekly.ts';

/** What routes need to know of the inventory. */
export type Places = Pick<Graph, 'subject'>;
export interface RouteContext {
  config: Pick<NotifyConfig, 'routes'>;
  graph: Places;
  /** The organization's, for routes without one. */
  zone: string;
  now: number;
}
type Routed = Pick<Alert, 'subject' | 'checks' | 'severity'>;

/** Whoever names a site means all that is there; a mail entry, its legs. */
const around = (it: ReturnType<Places['subject']>): string[] => (it ? placesOf(it) : []);

/** @returns the routes that take this alert now, in their order: the first that fits, and later ones as long as those before `continue` */
export const routesFor = (alert: Routed, context: RouteContext): Route[] => routesAt(context)(alert);

/** The same for many alerts at one moment: what does not depend on the alert is worked out once. */
export function routesAt({ config, graph, zone, now }: RouteContext): (alert: Routed) => Route[] {
  const open = config.routes
    .filter(({ when, timezone }) => when.length === 0 || when.some((it) => isWeeklyTime(it, timezone ?? zone, now)))
    .map((route) => ({ route, wanted: new Set(route.subjects) }));
  return (alert) => {
    const subjects = new Set([alert.subject.id, ...alert.checks.map(subjectIdOf)]);
    const failed = [...new Set(alert.checks.map(subjectIdOf))].flatMap((id) => graph.subject(id)?.kind ?? []);
    // A site that fails as a whole is of the groups of what fails there.
    const groups = new Set((failed.length > 0 ? failed : [alert.subject.kind]).map(groupOf));
    const isAbout = (wanted: ReadonlySet<string>): boolean =>
      wanted.size === 0 || [...subjects].some((id) => wanted.has(id) || around(graph.subject(id)).some((it) => wanted.has(it)));
    const taking: Route[] = [];
    for (const { route, wanted } of open) {
      if (route.severities.length > 0 && !route.severities.includes(alert.severity)) continue;
      if (route.groups.length > 0 && !route.groups.some((group) => groups.has(group))) continue;
      if (!isAbout(wanted)) continue;
      taking.push(route);
      if (!route.continue) break;
    }
    return taking;
  };
}

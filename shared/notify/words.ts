/** Routes in words, so that nobody has to read the inventory to know who is told. */
import type { NotifyConfig, Route } from '../model/notify.ts';
import { weekdays } from '../model/notify.ts';
import { clean, listOf } from '../text.ts';
import { humanDuration, zoneName } from '../time.ts';
import { nameOf } from './targets.ts';
import type { Weekly } from './weekly.ts';

const groupWords: Record<Route['groups'][number], string> = { servers: 'servers', links: 'datacenter links', mail: 'mail' };
const dayNames: Record<(typeof weekdays)[number], string> = {
  mon: 'Mon',
  tue: 'Tue',
  wed: 'Wed',
  thu: 'Thu',
  fri: 'Fri',
  sat: 'Sat',
  sun: 'Sun',
};

/**
 * What every route does, in their order, one line each: "Mail, when down, Mon to Fri 18:00 to 08:00 (PST): Primary on call, after 30 s;
 * at most every 5 min; reminds every 4 h; if nobody takes it, Second tier after 15 min".
 * @param names the name of a subject (site, host, ...) by its id
 * @param zone of the organization
 * @param now epoch ms: what the zone is called then
 */
export function describeRoutes(
  notify: NotifyConfig,
  names: (subject: string) => string | undefined,
  zone: string,
  now: number,
): { id: string; text: string }[] {
  return notify.routes.map((route) => {
    const about = [whatOf(route, names), severitiesOf(route), timesOf(route, route.timezone ?? zone, now)].filter((it) => it !== '');
    const told = targetsOf(route.to, notify);
    const parts = [
      `${told}, ${route.wait === 0 ? 'at once' : `after ${duration(route.wait)}`}`,
      `at most every ${duration(route.interval)}`,
      `reminds every ${duration(route.repeat)}`,
      ...stepsOf(route, notify),
      ...(route.continue ? ['the routes below are looked at too'] : []),
    ];
    return { id: route.id, text: `${capital(about.join(', '))}: ${parts.join('; ')}` };
  });
}

function whatOf({ subjects, groups }: Route, names: (subject: string) => string | undefined): string {
  const groupList = groups.map((it) => groupWords[it]);
  if (subjects.length === 0) return groups.length === 0 ? 'everything' : listOf(groupList, 5);
  const some = listOf(
    subjects.map((id) => clean(names(id) ?? id, 80)),
    5,
  );
  return groups.length === 0 ? some : `${listOf(groupList, 5)} of ${some}`;
}

function severitiesOf({ severities }: Route): string {
  if (new Set(severities).size === 0 || new Set(severities).size === 3) return '';
  // The last "and" of the list is an "or" here: names of severities hold no "and".
  return `when ${listOf([...new Set(severities)].map((it) => (it === 'unknown' ? 'without data' : it))).replace(' and ', ' or ')}`;
}

function timesOf({ when }: Route, zone: string, now: number): string {
  if (when.length === 0) return '';
  const all = when.map(weeklyWords);
  // Neither days nor hours: the same as no limit.
  if (all.includes('')) return '';
  return `${listOf(all, 4)} (${zoneName(now, zone)})`;
}

/** "Mon to Fri 18:00 to 08:00", "Sat and Sun", "22:00 to 07:00"; nothing where it is always. */
function weeklyWords({ days, from = '00:00', to = '24:00' }: Weekly): string {
  const hours = from === '00:00' && (to === '24:00' || to === '00:00') ? '' : `${from} to ${to}`;
  return [dayWords(days), hours].filter((it) => it !== '').join(' ');
}

function dayWords(days: Weekly['days']): string {
  if (!days) return '';
  const runs: string[][] = [];
  for (const day of weekdays) {
    if (!days.includes(day)) continue;
    const last = runs.at(-1);
    const yesterday = weekdays[weekdays.indexOf(day) - 1];
    if (last && yesterday !== undefined && last.at(-1) === dayNames[yesterday]) last.push(dayNames[day]);
    else runs.push([dayNames[day]]);
  }
  if (runs[0]?.length === 7) return '';
  return listOf(
    runs.flatMap((run) => (run.length > 2 ? [`${run[0]} to ${run.at(-1)}`] : run)),
    7,
  );
}

function stepsOf({ escalation }: Route, notify: NotifyConfig): string[] {
  const steps = notify.escalations.find((it) => it.id === escalation)?.steps ?? [];
  return steps.map(
    (step, index) =>
      `${index === 0 ? 'if nobody takes it, ' : 'then '}${targetsOf(step.to, notify)} ${index === 0 ? 'after' : 'at'} ${duration(step.after)}`,
  );
}

/** Channels, people and rotas by their names. */
const targetsOf = (ids: readonly string[], notify: NotifyConfig): string =>
  listOf(
    ids.map((id) => {
      const named = notify.channels.find((it) => it.id === id) ?? notify.rotas.find((it) => it.id === id);
      return clean(named ? (named.name ?? named.id) : nameOf(notify, id), 80);
    }),
    5,
  );

const duration = (ms: number): string => humanDuration(ms).replace('.0 s', ' s');
const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

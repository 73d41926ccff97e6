/** Nights with everything that people typed: incidents with their logs, made after kinds of outages that happen. */
import type { DraftInput } from '../../shared/incident/input.ts';
import type { EventDraft } from '../../shared/model/event.ts';
import { type Incident, incidentSchema, type LogEntry } from '../../shared/model/incident.ts';
import { slaSchema } from '../../shared/model/inventory-sla.ts';
import type { MaintenanceWindow } from '../../shared/model/maintenance.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { alertLines, alertOf, check, coverage, outage, story, thing, verdict } from './story.ts';

export const incidentOf = (more: Partial<Incident> & { openedAt: number }): Incident =>
  incidentSchema.parse({
    id: 'I1',
    title: 'Trouble',
    severity: 'critical',
    lead: null,
    status: 'resolved',
    openedBy: 'Kim',
    how: 'alerts',
    alerts: [],
    subjects: [],
    from: null,
    to: null,
    identifiedAt: null,
    resolvedAt: null,
    reportedAt: null,
    mergedInto: null,
    owed: [],
    waiting: [],
    customers: 0,
    progress: null,
    ...more,
  });

/** A line of the log. */
export const line = (
  at: number,
  entry: LogEntry,
  actor = 'Kim',
  enteredAt: number | null = null,
  incident: string | null = 'I1',
): EventDraft => ({
  at,
  kind: 'logged',
  subject: null,
  actor,
  payload: { incident, entry, enteredAt },
});
export const contact = (
  at: number,
  more: Partial<Extract<LogEntry, { type: 'contact' }>> & { with: string; text: string },
  actor = 'Kim',
): EventDraft =>
  line(at, { type: 'contact', person: null, tier: null, channel: 'phone', direction: 'out', ticket: null, waiting: false, ...more }, actor);
export const status = (at: number, from: Incident['status'], to: Incident['status'], reason = '', actor = 'Kim'): EventDraft => ({
  at,
  kind: 'incident-status',
  subject: null,
  actor,
  payload: { incident: 'I1', title: 'Trouble', from, to, reason },
});
export const opened = (at: number, actor = 'Kim'): EventDraft => ({
  at,
  kind: 'incident-opened',
  subject: null,
  actor,
  payload: { incident: 'I1', title: 'Trouble', severity: 'critical', alerts: [], afterwards: false },
});
export const windowOf = (more: Partial<MaintenanceWindow> & { id: string; name: string }): MaintenanceWindow => ({
  kind: 'fixed',
  from: null,
  to: null,
  durationMs: null,
  schedule: null,
  affects: [],
  spares: [],
  reason: '',
  source: 'desk',
  by: 'Lee',
  createdAt: 0,
  startedAt: null,
  endedAt: null,
  cancelledAt: null,
  skipped: [],
  ...more,
});

const silent = verdict('down', 'no-reply', 'no answer to 5 pings');
const every = 30 * SECOND;

/** One of two upstreams drops three of five prefixes, its circuit well throughout; one prefix comes back first. All is well inside. */
export function upstreamStory(): DraftInput {
  const begin = Date.parse('2026-06-16T03:18:40-04:00');
  const at = (clock: string): number => Date.parse(`2026-06-16T${clock}:00-04:00`);
  const [partly, over] = [at('06:40'), at('07:05')];
  const site = thing('site', 'sd', { name: 'San Diego' });
  const links = [
    thing('link', 'east', {
      name: 'Eastern',
      provider: 'Eastern',
      site: 'sd',
      circuit: 'EA-1',
      contacts: [{ name: 'Eastern desk', tier: 'tier 1', phone: '+1 555 0100' }],
      sla: slaSchema.parse({
        target: 99.99,
        terms: [{ kind: 'per-started', percent: 5, every: '30m' }],
        fee: { amount: 2_000, currency: 'USD' },
        claimWithin: '72h',
      }),
    }),
    thing('link', 'west', { name: 'Western', provider: 'Western', site: 'sd' }),
  ];
  const prefixes = [1, 2, 3, 4, 5].map((n) =>
    thing('prefix', `p${n}`, { name: `range ${n}`, note: `198.51.${n}.0/24`, site: 'sd', dependsOn: [n <= 3 ? ['east'] : ['west']] }),
  );
  const dns = thing('service', 'dns', { name: 'DNS', audience: 'name service', site: 'sd', dependsOn: [['p1']] });
  const web = thing('host', 'web1', { site: 'sd', dependsOn: [['p2']] });
  const gateways = [check(links[0] as never, 'icmp', 'gateway'), check(links[1] as never, 'icmp', 'gateway')];
  const pings = prefixes.map((prefix) => check(prefix, 'icmp'));
  const ask = check(dns, 'dns');
  const look = check(web, 'inside');
  const dead = pings.slice(0, 3);
  const ends = [partly, over, over + SECOND];
  const alerts = dead.map((plan, index) =>
    alertOf(prefixes[index] as never, {
      title: `${prefixes[index]?.name} at San Diego does not answer`,
      checks: [plan.id],
      consequences: index === 0 ? [ask.id] : [],
      firstAt: begin + index * SECOND,
      raisedAt: begin + 80 * SECOND,
      endedAt: ends[index] as number,
      acknowledgement: index === 0 ? { by: 'Kim', comment: 'driving in', at: begin + 5 * MINUTE, sticky: false, until: null } : null,
    }),
  );
  const to = over + 10 * MINUTE;
  const n = Math.round((to - begin) / every);
  const well = [...gateways, ...pings.slice(3), look];
  return story({
    zone: 'America/New_York',
    from: begin,
    to,
    now: over + DAY,
    title: 'Part of our addresses was unreachable',
    incident: incidentOf({
      openedAt: begin + 6 * MINUTE,
      alerts: alerts.map((it) => it.id),
      identifiedAt: at('05:00'),
      resolvedAt: over,
      owed: [{ id: 'E-RFO', with: 'east', what: 'RFO', since: over, dueAt: over + 12 * HOUR, receivedAt: null }],
    }),
    alerts,
    subjects: [site, ...links, ...prefixes, dns, web],
    plans: [...gateways, ...pings, ask, look],
    coverage: {
      ...Object.fromEntries(well.map((plan) => [plan.id, coverage(n)])),
      ...Object.fromEntries([...dead, ask].map((plan) => [plan.id, coverage(n, 20)])),
    },
    months: [
      {
        month: '2026-06',
        from: Date.parse('2026-06-01T00:00:00-04:00'),
        to: Date.parse('2026-07-01T00:00:00-04:00'),
        report: {
          from: Date.parse('2026-06-01T00:00:00-04:00'),
          to: over + DAY,
          lines: links.map((link) => ({
            kind: 'link' as const,
            id: link.id,
            name: link.name,
            site: 'sd',
            parts: { up: 15 * DAY, degraded: 0, down: 0, unreachable: 0, maintenance: 0, unknown: 0 },
            availability: 100,
            outages: 0,
            longestOutageMs: 0,
            stretches: [],
          })),
        },
      },
    ],
    lines: [
      ...dead.flatMap((plan, index) => outage(plan, begin + index * SECOND, ends[index] as number, silent)),
      ...outage(ask, begin + 10 * SECOND, partly, verdict('down', 'timeout', 'no answer in time')),
      ...alerts.flatMap(alertLines),
      opened(begin + 6 * MINUTE),
      contact(at('04:10'), { with: 'east', tier: 'tier 1', channel: 'ticket', ticket: '4711', text: 'opened a ticket', waiting: true }),
      contact(at('04:20'), { with: 'west', tier: 'tier 1', text: 'their side is well; it must be Eastern' }),
      line(at('05:00'), { type: 'root-cause', text: 'Eastern announces three of our ranges wrongly and drops them' }),
      contact(at('05:30'), {
        with: 'east',
        tier: 'capacity on-call',
        direction: 'in',
        text: 'must go to the routing group',
        waiting: true,
      }),
      line(at('05:40'), { type: 'note', text: 'everything works internally' }),
      contact(at('06:06'), { with: 'east', tier: 'routing group', direction: 'in', text: 'confirms, works on it' }),
      contact(at('07:05'), { with: 'east', direction: 'in', text: 'fixed' }),
      status(over, 'identified', 'resolved', 'Eastern corrected its announcements'),
      {
        at: at('03:30'),
        kind: 'traced',
        subject: { kind: 'prefix', id: 'p1' },
        actor: 'engine',
        payload: {
          alert: 'A-p1',
          check: 'p1/icmp',
          target: '198.51.1.1',
          text: 'dies inside Eastern, after 203.0.113.1 (hop 2 of 2)',
          good: false,
          hops: [
            { at: 1, address: '192.0.2.1', name: null, lossPercent: 0, ms: 1 },
            { at: 2, address: '203.0.113.1', name: 'Eastern', lossPercent: 0, ms: 4 },
            { at: 3, address: null, name: null, lossPercent: 100, ms: null },
          ],
        },
      },
    ],
  });
}

/** An upgrade planned for five hours: the server answers again, but with the wrong pages; customers notice; it takes a day and more. */
export function overrunStory(): DraftInput {
  const at = (day: number, clock: string): number => Date.parse(`2026-05-${day}T${clock}:00-07:00`);
  const [begin, plannedEnd, answers, over] = [at(14, '00:09'), at(14, '05:09'), at(14, '05:16'), at(15, '02:25')];
  const web = thing('host', 'web1');
  const sites = thing('service', 'sites', { name: 'web sites', audience: 'your web sites', hosts: ['web1'], dependsOn: [['web1']] });
  const lists = thing('service', 'lists', { name: 'mailing lists', dependsOn: [['web1']] });
  const mail = thing('service', 'mail', { name: 'mail' });
  const ping = check(web, 'icmp');
  const page = check(sites, 'http');
  const post = check(lists, 'http');
  const smtp = check(mail, 'tcp');
  const refused = verdict('down', 'refused', 'connection refused');
  const work = windowOf({
    id: 'W1',
    name: 'Upgrade of web1',
    from: begin,
    to: plannedEnd,
    affects: ['web1'],
    spares: ['mail'],
    reason: 'a bigger disk',
  });
  const alert = alertOf(sites, {
    title: 'Web sites cannot be used',
    checks: [page.id],
    firstAt: begin + MINUTE,
    raisedAt: plannedEnd + MINUTE,
    endedAt: over,
  });
  const to = at(15, '09:00');
  return story({
    zone: 'America/Phoenix',
    from: begin,
    to,
    now: to,
    incident: incidentOf({ openedAt: at(14, '09:15'), alerts: [alert.id], resolvedAt: to }),
    alerts: [alert],
    windows: [work],
    subjects: [web, sites, lists, mail],
    plans: [ping, page, post, smtp],
    coverage: {
      [smtp.id]: coverage(3_900),
      [ping.id]: coverage(3_900, 3_000),
      [page.id]: coverage(3_900, 900),
      [post.id]: coverage(3_900, 800),
    },
    seen: {
      [page.id]: [
        {
          from: begin + MINUTE,
          to: answers - MINUTE,
          state: 'down',
          reason: 'refused',
          text: 'connection refused',
          last: 'connection refused',
          most: null,
        },
        {
          from: answers,
          to: over - 30 * SECOND,
          state: 'down',
          reason: 'text-missing',
          text: 'answers 200, but “Welcome” is missing',
          last: 'answers 200, but “Welcome” is missing',
          most: 40,
        },
        { from: over, to, state: 'ok', reason: '', text: '', last: '', most: 40 },
      ],
    },
    lines: [
      {
        at: begin,
        kind: 'maintenance-started',
        subject: null,
        actor: 'engine',
        payload: { window: 'W1', name: work.name, to: plannedEnd, affects: ['web1'] },
      },
      ...outage(ping, begin + 30 * SECOND, answers, silent),
      ...outage(page, begin + MINUTE, over, refused),
      {
        at: plannedEnd,
        kind: 'maintenance-ended',
        subject: null,
        actor: 'engine',
        payload: { window: 'W1', name: work.name, how: 'time', lastedMs: plannedEnd - begin },
      },
      {
        at: plannedEnd + SECOND,
        kind: 'maintenance-overrun',
        subject: null,
        actor: 'engine',
        payload: { window: 'W1', name: work.name, subjects: ['web1', 'sites'] },
      },
      ...alertLines(alert),
      line(at(14, '09:10'), { type: 'customer-report', count: 1, text: 'my pages are gone' }, 'Lee', at(14, '09:20')),
      line(at(14, '12:00'), { type: 'customer-report', count: 12, text: 'where are our sites?' }),
      contact(at(14, '10:20'), {
        with: 'Remote hands',
        direction: 'in',
        text: 'the new drive is in the server, the old one is not',
        waiting: true,
      }),
      line(at(14, '13:12'), { type: 'status-update', audience: 'customers', text: 'a placeholder page is up', nextAt: at(14, '14:00') }),
      line(at(14, '16:31'), { type: 'status-update', audience: 'customers', text: 'still at it', nextAt: at(14, '17:30') }),
      line(at(14, '17:31'), { type: 'status-update', audience: 'customers', text: 'still at it', nextAt: null }),
      line(at(14, '14:43'), { type: 'progress', done: 1, total: 3, what: 'parts of the panel', text: 'settings rescued' }),
      line(at(14, '15:00'), { type: 'follow-up', text: 'back up the panel on its own', owner: 'Lee', dueAt: at(28, '12:00') }),
    ],
  });
}

/** A server is lost: early symptoms, then nothing; restored from a backup that was twelve hours old, site by site. */
export function lostServerStory(): DraftInput {
  const begin = Date.parse('2026-12-23T15:00:00-08:00');
  const over = begin + 30 * HOUR;
  const web = thing('host', 'web1');
  const db = thing('service', 'db', { name: 'databases', audience: 'your databases', hosts: ['web1'] });
  const sites = thing('service', 'sites', { name: 'web sites', audience: 'your web sites', hosts: ['web1'] });
  const ping = check(web, 'icmp');
  const ssh = check(web, 'ssh');
  const saved = check(web, 'backup');
  const sql = check(db, 'mysql');
  const alert = alertOf(web, { checks: [ping.id, ssh.id], firstAt: begin + 20 * MINUTE, raisedAt: begin + 21 * MINUTE, endedAt: over });
  const early = alertOf(db, {
    title: 'MySQL of databases fails',
    checks: [sql.id],
    firstAt: begin,
    raisedAt: begin + MINUTE,
    endedAt: over,
  });
  return story({
    zone: 'America/Los_Angeles',
    from: begin,
    to: over + 10 * MINUTE,
    now: over + HOUR,
    incident: incidentOf({ openedAt: begin + 10 * MINUTE, alerts: [alert.id, early.id], resolvedAt: over }),
    alerts: [early, alert],
    subjects: [web, db, sites],
    plans: [ping, ssh, saved, sql],
    coverage: { [ping.id]: coverage(3_600, 60), [ssh.id]: coverage(3_600, 60), [sql.id]: coverage(3_600, 10), [saved.id]: coverage(10, 0) },
    backups: { [saved.id]: { at: begin - 30 * MINUTE, newestAt: begin - 12 * HOUR } },
    lines: [
      ...outage(sql, begin, over, verdict('down', 'closed', 'the connection was closed')),
      ...outage(ssh, begin + 20 * MINUTE, over, verdict('down', 'refused', 'connection refused')),
      ...outage(ping, begin + 20 * MINUTE, over, silent),
      ...outage(saved, begin + 40 * MINUTE, over, verdict('unknown', 'timeout', 'no answer')),
      ...alertLines(early),
      ...alertLines(alert),
      opened(begin + 10 * MINUTE),
      line(begin + 5 * HOUR, { type: 'decision', text: 'provision a new server and restore the full backup' }),
      line(begin + 12 * HOUR, { type: 'progress', done: 7, total: 43, what: 'sites', text: '' }),
      line(begin + 24 * HOUR, { type: 'progress', done: 43, total: 43, what: 'sites', text: 'databases last' }),
      line(over, { type: 'resolution', text: 'moved to a new server' }),
    ],
  });
}

/** Nights made after real outages (kinds of faults, not their names), as the engine would have written them. */
import type { DraftInput } from '../../shared/incident/input.ts';
import type { EventDraft } from '../../shared/model/event.ts';
import { HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { alertLines, alertOf, check, coverage, outage, story, thing, verdict } from './story.ts';

const refused = verdict('down', 'refused', 'connection refused on port 443');
const silent = verdict('down', 'no-reply', 'no answer to 5 pings');

/** A web server that does not come back after its weekly routine; host, mail and DNS are well. Sunday 04:00 local. */
export function webServerDoesNotComeBack(): DraftInput {
  const begin = Date.parse('2026-11-15T04:02:10-08:00');
  const end = begin + 41 * MINUTE;
  const web1 = thing('host', 'web1', { note: '192.0.2.10' });
  const db1 = thing('host', 'db1');
  const sites = thing('service', 'web-sites', { name: 'web sites', audience: 'web sites of our customers', hosts: ['web1'] });
  const shop = thing('service', 'shop', { name: 'shop', audience: 'the shop', hosts: ['db1'] });
  const lists = thing('service', 'lists', { name: 'mailing lists' });
  const mail = thing('mail', 'mail-example', { name: 'example.net', audience: 'mail for example.net' });
  const http = check(web1, 'http');
  const https = check(web1, 'http', 'https');
  const page = check(sites, 'http');
  const well = [
    check(web1, 'icmp'),
    check(web1, 'tcp', 'ssh'),
    check(db1, 'tcp', 'mysql'),
    check(mail, 'tcp', 'smtp'),
    check(mail, 'tcp', 'imap'),
  ];
  const hostAlert = alertOf(web1, {
    title: 'HTTP and HTTPS on web1 fail',
    checks: [http.id, https.id],
    firstAt: begin,
    raisedAt: begin + 20 * SECOND,
    acknowledgement: { by: 'Kim', comment: 'restarting it by hand', at: begin + 112 * SECOND, sticky: false, until: null },
    endedAt: end,
  });
  const siteAlert = alertOf(sites, {
    title: 'Web sites cannot be used',
    checks: [page.id],
    firstAt: begin + 5 * SECOND,
    raisedAt: begin + 25 * SECOND,
    endedAt: end + 5 * SECOND,
  });
  const from = begin - 10 * MINUTE;
  const to = end + 10 * MINUTE;
  const n = Math.round((to - from) / (30 * SECOND));
  return story({
    zone: 'America/Los_Angeles',
    from,
    to,
    now: to,
    alerts: [hostAlert, siteAlert],
    subjects: [web1, db1, sites, shop, lists, mail],
    plans: [http, https, page, ...well],
    coverage: {
      ...Object.fromEntries(well.map((plan) => [plan.id, coverage(n)])),
      [http.id]: coverage(n, n - 82),
      [https.id]: coverage(n, n - 82),
      [page.id]: coverage(n, n - 82),
    },
    lines: [
      ...outage(http, begin, end, refused),
      ...outage(https, begin + SECOND, end + SECOND, refused),
      ...outage(page, begin + 5 * SECOND, end + 5 * SECOND, verdict('down', 'refused', 'connection refused')),
      ...alertLines(hostAlert),
      ...alertLines(siteAlert),
      {
        at: begin + 30 * MINUTE,
        kind: 'note',
        actor: 'Kim',
        subject: { kind: 'host', id: 'web1' },
        payload: { text: 'ownership of the web root was wrong since the patches of Wednesday; set it back' },
      },
    ],
  });
}

/** An upstream drops three of five prefixes while its circuit stays up; everything inside works. Still open. */
export function upstreamDropsPrefixes(): DraftInput {
  const begin = Date.parse('2011-06-16T03:18:40-04:00');
  const now = begin + 2 * HOUR;
  const cox = thing('link', 'cox', { name: 'Cox', site: 'sd' });
  const level3 = thing('link', 'level3', { name: 'Level3', site: 'sd' });
  const sd = thing('site', 'sd', { name: 'San Diego' });
  const prefixes = [11, 12, 13, 14, 15].map((n) =>
    thing('prefix', `range-${n}`, { name: `198.18.${n}.0/24`, site: 'sd', dependsOn: [n > 12 ? ['cox'] : ['level3']] }),
  );
  const probes = prefixes.flatMap((prefix, index) =>
    [1, 2, 3].map((last) => check(prefix, 'icmp', `icmp-198.18.${11 + index}.${last}`, { target: `198.18.${11 + index}.${last}` })),
  );
  const gateways = [check(cox, 'icmp', 'gateway'), check(level3, 'icmp', 'gateway')];
  const lost = probes.filter((plan) => Number(plan.subject.id.slice(6)) >= 13);
  const alerts = prefixes.slice(2).map((prefix, index) =>
    alertOf(prefix, {
      title: `${prefix.name} at San Diego does not answer`,
      checks: lost.filter((plan) => plan.subject.id === prefix.id).map((plan) => plan.id),
      firstAt: begin + index * SECOND,
      raisedAt: begin + 80 * SECOND + index * SECOND,
    }),
  );
  const from = begin - 10 * MINUTE;
  const n = Math.round((now - from) / (30 * SECOND));
  return story({
    zone: 'America/New_York',
    from,
    to: now,
    now,
    alerts,
    subjects: [sd, cox, level3, ...prefixes],
    plans: [...gateways, ...probes],
    coverage: Object.fromEntries([...gateways, ...probes].map((plan) => [plan.id, lost.includes(plan) ? coverage(n, 20) : coverage(n)])),
    lines: [
      ...lost.flatMap((plan, index) => outage(plan, begin + Math.floor(index / 3) * SECOND, null, silent)),
      ...alerts.flatMap(alertLines),
    ],
  });
}

/** Mail cannot be read while delivery works; one of the hosts has not been watched for a while. */
export function mailCannotBeRead(): DraftInput {
  const begin = Date.parse('2026-11-20T05:25:00-08:00');
  const end = begin + 3 * HOUR;
  const mail = thing('mail', 'mail-sd', { name: 'example.net', audience: 'mail for example.net' });
  const web1 = thing('host', 'web1');
  const imap = check(mail, 'tcp', 'imap-login');
  const pop3 = check(mail, 'tcp', 'pop3-login');
  const smtp = check(mail, 'tcp', 'smtp');
  const submission = check(mail, 'tcp', 'submission');
  const ping = check(web1, 'icmp');
  const login = verdict('down', 'unexpected-banner', 'login refused: NO [UNAVAILABLE]');
  const alert = alertOf(mail, {
    title: 'IMAP login and POP3 login of example.net fail',
    checks: [imap.id, pop3.id],
    firstAt: begin,
    raisedAt: begin + 20 * SECOND,
    endedAt: end,
  });
  return story({
    zone: 'America/Los_Angeles',
    from: begin - 10 * MINUTE,
    to: end + 10 * MINUTE,
    now: end + HOUR,
    alerts: [alert],
    subjects: [mail, web1],
    plans: [imap, pop3, smtp, submission, ping],
    coverage: {
      [imap.id]: coverage(400, 40),
      [pop3.id]: coverage(400, 41),
      [smtp.id]: coverage(400),
      [submission.id]: coverage(400),
      [ping.id]: coverage(360, 360, 14 * MINUTE),
    },
    lines: [...outage(imap, begin, end, login), ...outage(pop3, begin + 4 * SECOND, end, login), ...alertLines(alert)],
  });
}

/** An upstream fails and takes five things with it; nobody answers at first, and a channel fails too. */
export function upstreamTakesAllDown(): DraftInput {
  const begin = Date.parse('2026-11-20T02:00:00-08:00');
  const end = begin + 50 * MINUTE;
  const sd = thing('site', 'sd', { name: 'San Diego' });
  const cox = thing('link', 'cox', { name: 'Cox', site: 'sd' });
  const hosts = ['web1', 'web2', 'db1'].map((id) => thing('host', id, { site: 'sd', dependsOn: [['cox']] }));
  const sites = thing('service', 'sites', { name: 'web sites', audience: 'web sites of our customers', hosts: ['web1', 'web2'] });
  const lists = thing('service', 'lists', { name: 'mailing lists', hosts: ['web1'] });
  const far = thing('host', 'far1');
  const gateway = check(cox, 'icmp', 'gateway');
  const pings = hosts.map((host) => check(host, 'icmp'));
  const page = check(sites, 'http');
  const farPing = check(far, 'icmp');
  const alert = alertOf(cox, {
    title: 'Cox at San Diego: gateway does not answer',
    checks: [gateway.id],
    consequences: [...pings, page].map((plan) => plan.id),
    firstAt: begin,
    raisedAt: begin + 20 * SECOND,
    endedAt: end,
    related: [{ kind: 'change', text: 'new route filters on Cox, 14 h before', at: begin - 14 * HOUR }],
  });
  const engine = { actor: 'engine', subject: alert.subject } as const;
  const named = { alert: alert.id, title: alert.title };
  const lost = verdict('down', 'no-reply', 'no answer to 5 pings');
  const from = begin - 10 * MINUTE;
  const to = end + 10 * MINUTE;
  const n = (to - from) / (30 * SECOND);
  const told = (at: number, to: string | null, channel: string, message: 'problem' | 'escalation' | 'recovery' | 'test'): EventDraft => ({
    at,
    actor: 'engine',
    subject: null,
    kind: 'notified',
    payload: { channel, to, message, title: alert.title, alerts: message === 'test' ? [] : [alert.id] },
  });
  return story({
    zone: 'America/Los_Angeles',
    from,
    to,
    now: to,
    alerts: [alert],
    subjects: [sd, cox, ...hosts, sites, lists, far],
    plans: [gateway, ...pings, page, farPing],
    coverage: {
      [farPing.id]: coverage(n),
      ...Object.fromEntries([gateway, ...pings, page].map((plan) => [plan.id, coverage(n, n - 100)])),
    },
    lines: [
      ...outage(gateway, begin, end, lost),
      ...[...pings, page].flatMap((plan, index) => outage(plan, begin + (5 + index) * SECOND, end + (2 + index) * SECOND, lost)),
      ...alertLines(alert),
      {
        ...engine,
        at: begin + 40 * SECOND,
        kind: 'alert-updated',
        payload: { ...named, severity: 'down', joined: [], left: [], consequences: { now: 4, before: 0 } },
      },
      told(begin + 50 * SECOND, 'kim', 'pager', 'problem'),
      told(begin + 51 * SECOND, null, 'ops-mail', 'problem'),
      told(begin + 5 * MINUTE, null, 'ops-mail', 'test'),
      {
        at: begin + 55 * SECOND,
        actor: 'engine',
        subject: null,
        kind: 'notify-failed',
        payload: {
          channel: 'chat',
          title: alert.title,
          attempt: 1,
          code: 'timeout',
          text: 'no answer within 10 s',
          retryAt: begin + 85 * SECOND,
        },
      },
      {
        ...engine,
        at: begin + 15 * MINUTE + 20 * SECOND,
        kind: 'escalated',
        payload: { ...named, step: 1, to: ['lee'], openMs: 15 * MINUTE },
      },
      told(begin + 15 * MINUTE + 21 * SECOND, 'lee', 'pager', 'escalation'),
      {
        ...engine,
        actor: 'Lee',
        at: begin + 17 * MINUTE,
        kind: 'acknowledged',
        payload: { ...named, comment: 'calling Cox', sticky: false, until: null, from: null },
      },
      {
        ...engine,
        actor: 'Kim',
        at: begin + 20 * MINUTE,
        kind: 'acknowledged',
        payload: { ...named, comment: 'awake now', sticky: false, until: null, from: 'Lee' },
      },
      told(end + SECOND, 'kim', 'pager', 'recovery'),
    ],
  });
}

/** Inputs of documents: the nights of report-cases.ts with their options, a web server that does not come back, mail, and planned work. */
import type { DocumentInput } from '../../shared/incident/drafts/index.ts';
import type { DraftInput } from '../../shared/incident/input.ts';
import { type MailLeg, mailLegs } from '../../shared/mail/legs.ts';
import type { DocumentOptions } from '../../shared/model/document.ts';
import type { EventDraft } from '../../shared/model/event.ts';
import type { MaintenanceWindow } from '../../shared/model/maintenance.ts';
import type { Subject } from '../../shared/model/plan.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { contact, incidentOf, line, opened, status, windowOf } from './report-cases.ts';
import { alertLines, alertOf, check, coverage, outage, story, thing, verdict, written } from './story.ts';

/** A document is asked for: in the zone of the story, with 24 hours, unless it says otherwise. */
export const asked = (
  input: DraftInput,
  options: Partial<DocumentOptions> = {},
  window: MaintenanceWindow | null = null,
): DocumentInput => ({
  ...input,
  window,
  options: { zone: input.zone, clock: '24h', ...options },
});

const refused = verdict('down', 'refused', 'connection refused on port 443');

/** Sunday 04:00: the weekly routine restarts the web server, which does not come back; patches of Wednesday had a part in it. */
export function routineStory(more: { ongoing?: boolean } = {}): DraftInput {
  const routineAt = Date.parse('2026-11-15T04:00:00-08:00');
  const begin = routineAt + 2 * MINUTE + 10 * SECOND;
  const end = begin + 41 * MINUTE;
  const to = more.ongoing ? begin + 12 * MINUTE : end + 10 * MINUTE;
  const web1 = thing('host', 'web1', { note: '192.0.2.10' });
  const ns1 = thing('host', 'ns1');
  const sites = thing('service', 'web-sites', {
    name: 'web sites',
    audience: 'web sites of our customers',
    hosts: ['web1'],
    dependsOn: [['web1']],
  });
  const dns = thing('service', 'dns', { name: 'DNS', audience: 'name service', hosts: ['ns1'] });
  const mail = thing('mail', 'mail-example', { name: 'example.net', audience: 'mail for example.net' });
  const http = check(web1, 'http');
  const https = check(web1, 'http', 'https');
  const page = check(sites, 'http');
  const well = [check(web1, 'icmp'), check(web1, 'ssh'), check(dns, 'dns'), check(mail, 'smtp'), check(mail, 'imap')];
  const ended = more.ongoing ? null : end;
  const hostAlert = alertOf(web1, {
    title: 'HTTP and HTTPS on web1 fail',
    checks: [http.id, https.id],
    firstAt: begin,
    raisedAt: begin + 20 * SECOND,
    acknowledgement: { by: 'Kim', comment: 'looking at it', at: begin + 112 * SECOND, sticky: false, until: null },
    endedAt: ended,
  });
  const siteAlert = alertOf(sites, {
    title: 'Web sites cannot be used',
    checks: [page.id],
    firstAt: begin + 5 * SECOND,
    raisedAt: begin + 25 * SECOND,
    endedAt: ended === null ? null : ended + 5 * SECOND,
  });
  const n = Math.round((to - begin) / (30 * SECOND));
  const later: EventDraft[] = more.ongoing
    ? []
    : [
        line(begin + 30 * MINUTE, { type: 'root-cause', text: 'the web root belonged to the wrong user, so Apache would not start' }),
        line(begin + 33 * MINUTE, { type: 'action', text: 'set the ownership of the web root back and started Apache by hand' }),
        line(end + MINUTE, { type: 'resolution', text: 'ownership set back, services started' }),
        line(end + 2 * MINUTE, { type: 'contributing', text: 'the patches of Wednesday changed the ownership of one folder' }),
        line(end + 3 * MINUTE, { type: 'trigger', text: 'the weekly log rotation restarts Apache' }),
        line(end + 4 * MINUTE, {
          type: 'follow-up',
          text: 'an alert when a service has not come back 10 minutes after a routine that restarts it',
          owner: 'Lee',
          dueAt: Date.parse('2026-12-01T12:00:00-08:00'),
        }),
        line(end + 5 * MINUTE, { type: 'follow-up', text: 'check the patch list for changes of ownership', owner: null, dueAt: null }),
        status(end + 5 * MINUTE, 'monitoring', 'resolved'),
      ];
  return story({
    zone: 'America/Los_Angeles',
    from: begin,
    to,
    now: to,
    title: 'Web server did not come back after the weekly routine',
    incident: incidentOf({
      title: 'Web server did not come back after the weekly routine',
      openedAt: begin + 3 * MINUTE,
      alerts: [hostAlert.id, siteAlert.id],
      lead: 'Kim',
      status: more.ongoing ? 'investigating' : 'resolved',
      resolvedAt: more.ongoing ? null : end + 5 * MINUTE,
    }),
    alerts: [hostAlert, siteAlert],
    subjects: [web1, ns1, sites, dns, mail],
    plans: [http, https, page, ...well],
    routines: [
      {
        id: 'rotate',
        name: 'weekly log rotation',
        cron: '0 4 * * 0',
        zone: 'America/Los_Angeles',
        usuallyMs: 5 * MINUTE,
        restarts: ['web1'],
      },
    ],
    earlier: written([
      {
        at: begin - 4 * DAY,
        kind: 'change',
        subject: { kind: 'host', id: 'web1' },
        actor: 'Lee',
        payload: { text: 'routine security patches' },
      },
    ]).map((event) => ({ ...event, id: `P${event.id}` })),
    coverage: {
      ...Object.fromEntries(well.map((plan) => [plan.id, coverage(n)])),
      ...Object.fromEntries([http, https, page].map((plan) => [plan.id, coverage(n, 2)])),
    },
    lines: [
      ...outage(http, begin, ended, refused),
      ...outage(https, begin + SECOND, ended === null ? null : ended + SECOND, refused),
      ...outage(page, begin + 5 * SECOND, ended === null ? null : ended + 5 * SECOND, verdict('down', 'refused', 'connection refused')),
      ...alertLines(hostAlert),
      ...alertLines(siteAlert),
      opened(begin + 3 * MINUTE),
      line(begin + 9 * MINUTE, { type: 'customer-report', count: 3, text: 'our page is gone' }),
      line(begin + 10 * MINUTE, {
        type: 'status-update',
        audience: 'customers',
        text: 'Web sites cannot be reached; we are working on it.',
        nextAt: begin + 40 * MINUTE,
      }),
      ...later,
    ],
  });
}

/** The mail stack of one domain: reading fails for three hours, receiving works; or receiving fails too. */
export function mailStory(broken: readonly MailLeg[] = ['reading'], more: { from?: number; lastsMs?: number | null } = {}): DraftInput {
  const begin = more.from ?? Date.parse('2026-11-20T05:25:00-08:00');
  const lasts = more.lastsMs === undefined ? 3 * HOUR : more.lastsMs;
  const end = lasts === null ? null : begin + lasts;
  const to = end === null ? begin + 2 * HOUR : end + 10 * MINUTE;
  const entry = thing('mail', 'mail', { name: 'example.net', audience: 'mail for example.net' });
  const words: Partial<Record<MailLeg, string>> = {
    receiving: 'receiving mail',
    sending: 'sending mail',
    reading: 'reading mail',
    webmail: 'webmail',
  };
  const legs = (['receiving', 'sending', 'reading', 'webmail'] as const).map((leg) =>
    thing('mail', `mail.${leg}`, {
      name: `example.net ${leg}`,
      audience: `${words[leg]} for example.net`,
      leg: { entry: 'mail', domain: 'example.net', leg },
    }),
  );
  const web = thing('service', 'sites', { name: 'web sites' });
  const typeOf = { receiving: 'smtp', sending: 'smtp', reading: 'imap', webmail: 'http' } as const;
  const checks = legs.map((leg) => check(leg, typeOf[leg.leg?.leg as keyof typeof typeOf]));
  const page = check(web, 'http');
  const hit = checks.filter((plan) => broken.includes(legs.find((it) => it.id === plan.subject.id)?.leg?.leg ?? 'records'));
  const alerts = hit.map((plan, index) =>
    alertOf(legs.find((it) => it.id === plan.subject.id) as Subject, {
      title: `${plan.subject.id} fails`,
      checks: [plan.id],
      firstAt: begin + index * SECOND,
      raisedAt: begin + 20 * SECOND,
      endedAt: end,
    }),
  );
  const n = Math.round((to - begin) / (30 * SECOND));
  return story({
    zone: 'America/Los_Angeles',
    from: begin,
    to,
    now: to,
    incident: incidentOf({
      title: 'Mail trouble',
      openedAt: begin + 5 * MINUTE,
      alerts: alerts.map((it) => it.id),
      status: end === null ? 'identified' : 'resolved',
      resolvedAt: end,
    }),
    title: 'Mail trouble',
    alerts,
    subjects: [entry, ...legs, web],
    plans: [...checks, page],
    coverage: Object.fromEntries([...checks, page].map((plan) => [plan.id, hit.includes(plan) ? coverage(n, 3) : coverage(n)])),
    lines: [
      ...hit.flatMap((plan, index) => outage(plan, begin + index * SECOND, end, verdict('down', 'timeout', 'no answer within 10 s'))),
      ...alerts.flatMap(alertLines),
      opened(begin + 5 * MINUTE),
    ],
  });
}

/** What a small provider has, for planned work: web sites, gateways for payments, a mail stack. */
function house(): Subject[] {
  const entry = thing('mail', 'mail', { name: 'example.net', audience: 'mail for example.net', hosts: ['mx1'] });
  const audience: Record<MailLeg, string> = {
    receiving: 'receiving mail',
    sending: 'sending mail',
    delivery: 'delivery of mail',
    reading: 'reading mail',
    webmail: 'webmail',
    calendar: 'the calendar',
    files: 'file sharing',
    lists: 'mailing lists',
    filters: 'mail filters',
    records: 'the DNS records of mail',
  };
  return [
    thing('host', 'mx1'),
    thing('host', 'web1'),
    entry,
    ...mailLegs.map((leg) =>
      thing('mail', `mail.${leg}`, {
        name: `example.net ${leg}`,
        audience: `${audience[leg]} for example.net`,
        leg: { entry: 'mail', domain: 'example.net', leg },
      }),
    ),
    thing('service', 'im', { name: 'instant messaging', hosts: ['mx1'] }),
    thing('service', 'sites', { name: 'web sites', hosts: ['web1'] }),
    thing('service', 'pay', { name: 'payment and donation gateways', hosts: ['web1'] }),
  ];
}

/** Planned work on the mail system, 22:00 to 23:00; as in two announcements of a small provider. */
export function mailWork(more: Partial<MaintenanceWindow> = {}, part: Partial<DraftInput> & { lines?: EventDraft[] } = {}): DocumentInput {
  const from = Date.parse('2026-12-16T22:00:00-08:00');
  const window = windowOf({
    id: 'W-mail',
    name: 'Mail maintenance',
    from,
    to: from + HOUR,
    affects: ['mail', 'im'],
    spares: ['sites', 'pay'],
    reason: 'routine maintenance of the mail system',
    createdAt: from - 10 * DAY,
    ...more,
  });
  const now = part.now ?? from - 5 * DAY;
  const { lines = [], ...rest } = part;
  const input = story({ zone: 'America/Los_Angeles', from: now - DAY, to: now, subjects: house(), windows: [window], ...rest, now, lines });
  return asked(input, {}, window);
}

/** A night without alerts that somebody wrote down afterwards, from what people said. */
export function handStory(): DraftInput {
  const begin = Date.parse('2026-11-18T21:00:00-08:00');
  const to = begin + 2 * HOUR;
  const sites = thing('service', 'sites', { name: 'web sites' });
  return story({
    zone: 'America/Los_Angeles',
    from: begin,
    to,
    now: begin + DAY,
    title: 'Customers could not log in',
    incident: incidentOf({
      title: 'Customers could not log in',
      openedAt: begin + 20 * HOUR,
      from: begin,
      to,
      resolvedAt: to,
      how: 'hand',
      subjects: ['sites'],
    }),
    subjects: [sites],
    plans: [check(sites, 'http')],
    coverage: { 'sites/http': coverage(240) },
    lines: [
      line(begin + 10 * MINUTE, { type: 'customer-report', count: 4, text: 'the login page says no' }, 'Kim', begin + 20 * HOUR),
      line(begin + HOUR, { type: 'root-cause', text: 'the session store was full' }, 'Kim', begin + 20 * HOUR),
      contact(begin + HOUR, { with: 'Panel vendor', text: 'asked for a fix', channel: 'mail' }),
    ],
  });
}

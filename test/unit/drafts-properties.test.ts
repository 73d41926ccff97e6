import fc from 'fast-check';
import { expect, it } from 'vitest';
import { drafts } from '../../shared/incident/drafts/index.ts';
import { mostShort } from '../../shared/incident/drafts/status-update.ts';
import { reportFacts } from '../../shared/incident/report-facts.ts';
import type { Alert } from '../../shared/model/alert.ts';
import { type DocumentKind, documentKinds } from '../../shared/model/document.ts';
import type { EventDraft } from '../../shared/model/event.ts';
import { incidentStatuses } from '../../shared/model/incident.ts';
import { HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { asked, mailStory, mailWork } from '../support/document-cases.ts';
import { expectReadable, textsOf } from '../support/document-reading.ts';
import { contact, incidentOf, line, opened, status, upstreamStory, windowOf } from '../support/report-cases.ts';
import { alertLines, alertOf, check, coverage, outage, story, thing, verdict } from '../support/story.ts';

/** A night of an hour before a change of the clocks, and after it. */
const from = Date.parse('2026-11-01T00:20:00-07:00');
const to = from + 4 * HOUR;

const site = thing('site', 'sd', { name: 'San Diego' });
const link = thing('link', 'cox', { name: 'Coxial', provider: 'Coxial', site: 'sd', circuit: 'CX-7' });
const prefix = thing('prefix', 'p1', { name: 'range 1', note: '198.51.100.0/24', site: 'sd', dependsOn: [['cox']] });
const web1 = thing('host', 'web1', { site: 'sd', dependsOn: [['p1']] });
const db2 = thing('host', 'db2', { site: 'sd' });
const shop = thing('service', 'shop', { name: 'shop', audience: 'the shop', hosts: ['web1'], dependsOn: [['web1']] });
const lists = thing('service', 'lists', { name: 'mailing lists' });
const mail = thing('mail', 'm.reading', {
  name: 'example.net reading',
  audience: 'reading mail for example.net',
  leg: { entry: 'm', domain: 'example.net', leg: 'reading' },
});
const receiving = thing('mail', 'm.receiving', {
  name: 'example.net receiving',
  audience: 'receiving mail for example.net',
  leg: { entry: 'm', domain: 'example.net', leg: 'receiving' },
});
const subjects = [site, link, prefix, web1, db2, shop, lists, mail, receiving];
const plans = [
  check(link, 'icmp', 'gateway'),
  check(prefix, 'icmp'),
  check(web1, 'http'),
  check(web1, 'icmp'),
  check(db2, 'backup'),
  check(shop, 'http'),
  check(mail, 'imap'),
  check(receiving, 'smtp'),
];
const engine = { subject: null, actor: 'engine' } as const;
const word = fc.constantFrom(
  'it broke',
  'restarted it by hand',
  'nobody answers',
  'A line, with a stop.',
  'why?',
  '“quoted”',
  'web1 is at fault',
  'ask Kim',
);
const moment = fc.integer({ min: from - HOUR, max: to }).map((at) => at - (at % SECOND));
/** Whom nobody ever heard of cannot be known by name. */
const person = fc.constant('Kim');

const bad = fc.record({
  plan: fc.constantFrom(...plans),
  at: moment,
  ms: fc.constantFrom(40 * SECOND, 20 * MINUTE, 2 * HOUR, null),
  level: fc.constantFrom('down', 'degraded', 'unknown'),
});
const log = fc.tuple(moment, person, word, fc.nat(11), fc.boolean()).map(([at, by, said, type, yes]): EventDraft => {
  // Nobody says the same twice.
  const text = `${['first', 'then', 'so'][type % 3]} ${type} ${said}`;
  const later = yes ? to : null;
  switch (type) {
    case 0:
      return line(at, { type: 'root-cause', text }, by, later);
    case 1:
      return line(at, { type: 'trigger', text }, by);
    case 2:
      return line(at, { type: 'contributing', text }, by, later);
    case 3:
      return line(at, { type: 'resolution', text }, by);
    case 4:
      return line(at, { type: 'follow-up', text, owner: yes ? by : null, dueAt: yes ? to + 9 * HOUR : null }, by);
    case 5:
      return line(at, { type: 'customer-report', count: yes ? 1 : 12, text }, by);
    case 6:
      return line(at, { type: 'status-update', audience: yes ? 'customers' : 'staff', text, nextAt: yes ? at + HOUR : null }, by);
    case 7:
      return line(at, { type: 'progress', done: yes ? 7 : 43, total: 43, what: 'sites', text: yes ? text : '' }, by);
    case 8:
      return contact(
        at,
        { with: yes ? 'cox' : 'Remote hands', text, waiting: yes, direction: yes ? 'in' : 'out', tier: yes ? 'tier 1' : null },
        by,
      );
    case 9:
      return line(at, { type: 'decision', text }, by);
    case 10:
      return line(at, { type: 'action', text }, by);
    default:
      return line(at, { type: 'owed', with: 'cox', what: 'RFO', dueAt: yes ? at + HOUR : null }, by);
  }
});
const other = fc.tuple(moment, word, fc.nat(11), person).map(([at, text, type, by]): EventDraft[] => {
  const until = at + 14 * MINUTE;
  switch (type) {
    case 0:
      return [{ ...engine, at: until, kind: 'gap', payload: { from: at, to: until, cause: 'asleep-or-frozen' } }];
    case 1:
      return [{ ...engine, at, kind: 'gap', payload: { from: at, to: at, cause: 'clock-jump' } }];
    case 2:
      return [
        { ...engine, at, kind: 'desk-cut-off', payload: { since: at, anchors: ['cox/gateway'] } },
        { ...engine, at: until, kind: 'desk-connected', payload: { from: at, to: until } },
      ];
    case 3:
      return [{ at, actor: by, subject: { kind: 'host', id: 'web1' }, kind: 'change', payload: { text } }];
    case 4:
      return [{ at, actor: by, subject: null, kind: 'note', payload: { text } }];
    case 5:
      return [
        { ...engine, at, kind: 'maintenance-started', payload: { window: 'W', name: 'new disk', to: until, affects: ['web1'] } },
        { ...engine, at: until + HOUR, kind: 'maintenance-overrun', payload: { window: 'W', name: 'new disk', subjects: ['web1'] } },
      ];
    case 6:
      return [
        {
          ...engine,
          at,
          kind: 'traced',
          payload: {
            alert: null,
            check: 'p1/icmp',
            target: '198.51.100.1',
            text: 'dies inside Coxial, after 203.0.113.1 (hop 2 of 3)',
            good: false,
            hops: [
              { at: 1, address: '203.0.113.1', name: null, lossPercent: 0, ms: 12.4 },
              { at: 2, address: null, name: null, lossPercent: null, ms: null },
            ],
          },
        },
      ];
    case 7:
      return [{ ...engine, at, kind: 'store-write-failed', payload: { code: 'full', text: 'the disk is full' } }];
    case 8:
      return [
        {
          ...engine,
          at,
          kind: 'notify-failed',
          payload: { channel: 'pager', title: 'x', attempt: 3, code: 'refused', text: 'refused', retryAt: null },
        },
      ];
    case 9:
      return [{ ...engine, at, kind: 'engine-crashed', payload: { exit: 'code 1' } }];
    case 10:
      return [status(at, 'investigating', incidentStatuses[at % incidentStatuses.length] ?? 'identified', text)];
    default:
      return [opened(at)];
  }
});

const night = fc
  .record({
    bad: fc.array(bad, { maxLength: 8 }),
    logs: fc.array(log, { maxLength: 12 }),
    others: fc.array(other, { maxLength: 8 }),
    alerts: fc.subarray([web1, shop, prefix, link, mail, receiving], { maxLength: 4 }),
    open: fc.boolean(),
    withIncident: fc.boolean(),
    cut: fc.boolean(),
    named: fc.subarray(['shop', 'sd']),
    good: fc.boolean(),
  })
  .map(({ bad, logs, others, alerts, open, withIncident, cut, named, good }) => {
    const raised: Alert[] = alerts.map((it, index) =>
      alertOf(it, {
        checks: plans.filter((plan) => plan.subject.id === it.id).map((plan) => plan.id),
        firstAt: from + index * MINUTE,
        raisedAt: from + index * MINUTE + 20 * SECOND,
        endedAt: open && index === 0 ? null : from + (index + 1) * 50 * MINUTE,
      }),
    );
    return story({
      organization: { name: 'Example Hosting' },
      zone: 'America/Los_Angeles',
      from,
      to,
      now: to + MINUTE,
      eventsCut: cut,
      alerts: raised,
      subjects,
      plans,
      windows: [windowOf({ id: 'W', name: 'new disk', from, to: from + HOUR, affects: ['web1'] })],
      backups: { 'db2/backup': { at: from - HOUR, newestAt: from - 12 * HOUR } },
      incident: withIncident
        ? incidentOf({
            openedAt: from + 5 * MINUTE,
            alerts: raised.map((it) => it.id),
            lead: 'Kim',
            subjects: named,
            from: named.length > 0 ? from : null,
            status: open ? 'investigating' : 'resolved',
            resolvedAt: open ? null : to,
          })
        : null,
      coverage: good ? Object.fromEntries(plans.map((plan) => [plan.id, coverage(480)])) : {},
      lines: [
        ...bad.flatMap((it) =>
          outage(it.plan, it.at, it.ms === null ? null : it.at + it.ms, verdict(it.level as 'down', 'refused', 'connection refused')),
        ),
        ...logs,
        ...others.flat(),
        ...raised.flatMap(alertLines),
      ],
    });
  });

const forCustomers: readonly DocumentKind[] = ['customer-report', 'status-update', 'maintenance-announcement', 'maintenance-postponement'];
const secret = /\b(web1|db2|Kim|Lee|Coxial|CX-7|p1)\b/;

it('whatever happened, in whatever order: every draft reads well, rests on evidence, and tells customers no names from inside', () => {
  fc.assert(
    fc.property(
      night,
      fc.record({
        clock: fc.constantFrom('12h', '24h'),
        update: fc.constantFrom('first', 'next', 'resolved', undefined),
        provider: fc.constantFrom('cox', 'sd', 'nobody', undefined),
      }),
      (input, { clock, update, provider }) => {
        const facts = reportFacts(input);
        for (const kind of documentKinds) {
          const options = { clock, ...(update && { update }), ...(provider && { provider }) } as const;
          const draft = drafts[kind]({ ...asked(input, options, input.windows?.[0] ?? null), facts });
          expectReadable(draft);
          if (forCustomers.includes(kind))
            for (const { kind: block, text } of textsOf(draft))
              if (block !== 'gap') expect([kind, text, secret.test(text)]).toEqual([kind, text, false]);
          const short = textsOf(draft).filter((it) => it.key === 'short-form' && it.kind === 'text');
          for (const { text } of short) expect([...text].length).toBeLessThanOrEqual(mostShort);
        }
      },
    ),
    { numRuns: 100 },
  );
}, 60_000);

it('planned work of every shape reads well', () => {
  const at = fc.constantFrom(null, Date.parse('2026-11-01T00:30:00-07:00'), Date.parse('2026-12-16T22:00:00-08:00'));
  fc.assert(
    fc.property(
      fc.record({
        kind: fc.constantFrom('fixed', 'flexible', 'open-ended', 'recurring'),
        from: at,
        lasts: fc.constantFrom(null, 20 * MINUTE, 3 * HOUR, 130 * HOUR),
        affects: fc.subarray(['mail', 'im', 'web1', 'nobody', 'mail.reading']),
        spares: fc.subarray(['sites', 'pay']),
        reason: fc.constantFrom('', 'a patch', 'ask Kim about web1.'),
        now: fc.constantFrom(Date.parse('2026-10-30T12:00:00Z'), Date.parse('2026-12-20T12:00:00Z')),
        cancelled: fc.boolean(),
        clock: fc.constantFrom('12h', '24h'),
      }),
      ({ kind, from, lasts, affects, spares, reason, now, cancelled, clock }) => {
        const input = mailWork(
          {
            kind: kind as 'fixed',
            from,
            to: from !== null && lasts !== null && kind !== 'open-ended' ? from + lasts : null,
            durationMs: lasts,
            schedule: kind === 'recurring' ? { cron: '0 4 * * 0', zone: 'America/Los_Angeles' } : null,
            affects,
            spares,
            reason,
            cancelledAt: cancelled ? now - HOUR : null,
          },
          { now },
        );
        for (const name of ['maintenance-announcement', 'maintenance-postponement'] as const)
          expectReadable(drafts[name]({ ...input, options: { ...input.options, clock: clock as '12h' } }));
      },
    ),
    { numRuns: 200 },
  );
}, 60_000);

it('a document that is asked for without what it is about says what is missing', () => {
  for (const kind of documentKinds) {
    const draft = drafts[kind](asked(story({ lines: [] })));
    expectReadable(draft);
  }
});

it('the evidence of every case resolves in every kind, also for an incident that is still going on', () => {
  for (const input of [upstreamStory(), mailStory(['receiving', 'sending', 'reading'], { lastsMs: null }), mailStory(['webmail'])])
    for (const kind of documentKinds) expectReadable(drafts[kind](asked(input)));
});

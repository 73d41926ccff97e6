import { describe, expect, it } from 'vitest';
import type { DraftInput } from '../../shared/incident/input.ts';
import { reportFacts, reportFactsSchema } from '../../shared/incident/report-facts.ts';
import type { EventDraft } from '../../shared/model/event.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { mailStack } from '../support/mail-legs.ts';
import { contact, incidentOf, line, opened, status, windowOf } from '../support/report-cases.ts';
import { alertLines, alertOf, check, coverage, outage, story, thing, verdict } from '../support/story.ts';

const refused = verdict('down', 'refused', 'connection refused');
const web1 = thing('host', 'web1', { site: 'sd' });
const web2 = thing('host', 'web2', { site: 'sd' });
const http = check(web1, 'http');
const ping = check(web1, 'icmp');
const other = check(web2, 'http');
const T = 10 * DAY;
const base = { subjects: [web1, web2], plans: [http, ping, other], from: T, to: T + 2 * HOUR, now: T + 2 * HOUR };
const alert = alertOf(web1, { checks: [http.id], firstAt: T, raisedAt: T + 20 * SECOND, endedAt: T + HOUR });
const usual = [...outage(http, T, T + HOUR, refused), ...alertLines(alert)];
const engine = { subject: null, actor: 'engine' } as const;
const facts = (part: Partial<Omit<DraftInput, 'events'>> & { lines: EventDraft[] }) => {
  const found = reportFacts(story({ ...base, ...part }));
  expect(reportFactsSchema.safeParse(found).error?.issues ?? []).toEqual([]);
  return found;
};

describe('an incident without alerts', () => {
  it('written down by hand, with nothing seen: the words of people are all there is', () => {
    const it = facts({
      incident: incidentOf({ openedAt: T + DAY, how: 'hand', from: T, to: T + HOUR, subjects: ['web1'], resolvedAt: T + HOUR }),
      lines: [line(T + 10 * MINUTE, { type: 'note', text: 'the pages were slow' }, 'Kim', T + DAY)],
    });
    expect(it.firstSymptom).toMatchObject({ at: T, source: 'people', check: null });
    expect(it.detection).toMatchObject({ by: 'people', at: T + 10 * MINUTE });
    expect(it.incident?.afterwards).toBe(true);
    expect([it.affected, it.recovery, it.acknowledgement, it.ongoing]).toEqual([[], null, null, false]);
    expect(it.resolution).toMatchObject({ at: T + HOUR });
    expect(it.durations.lastedMs).toBe(HOUR);
  });
  it('names a thing: what failed of it is its own, the rest is not', () => {
    const it = facts({
      incident: incidentOf({ openedAt: T, how: 'range', subjects: ['web1'] }),
      lines: [...outage(http, T + MINUTE, T + HOUR, refused), ...outage(other, T + MINUTE, T + HOUR, refused)],
    });
    expect(it.affected.map((one) => one.id)).toEqual(['web1']);
    expect(it.elsewhere.map((one) => one.id)).toEqual(['web2']);
    expect(it.recovery?.at).toBe(T + HOUR);
  });
  it('names a site: everything there', () => {
    const it = facts({
      subjects: [thing('site', 'sd'), web1, web2],
      incident: incidentOf({ openedAt: T, how: 'range', subjects: ['sd'] }),
      lines: [...outage(http, T + MINUTE, T + HOUR, refused), ...outage(other, T + MINUTE, T + HOUR, refused)],
    });
    expect(it.affected.map((one) => one.id)).toEqual(['web1', 'web2']);
  });
  it('a stretch of time that names nothing is about all that happened in it', () => {
    const it = facts({ lines: outage(other, T + MINUTE, null, refused) });
    expect(it.affected).toMatchObject([{ id: 'web2', to: null }]);
    expect([it.elsewhere, it.ongoing, it.recovery]).toEqual([[], true, null]);
  });
  it('nothing at all', () => {
    const it = facts({ lines: [] });
    expect([it.firstSymptom, it.detection, it.affected, it.ongoing, it.durations.lastedMs]).toEqual([null, null, [], false, 2 * HOUR]);
  });
});

describe('times', () => {
  it('customers who called before the alert knew first', () => {
    const it = facts({
      incident: incidentOf({ openedAt: T + MINUTE, alerts: [alert.id], resolvedAt: T + HOUR }),
      alerts: [alert],
      lines: [...usual, line(T + 5 * SECOND, { type: 'customer-report', count: 2, text: 'it is down' })],
    });
    expect(it.detection).toMatchObject({ by: 'customers', at: T + 5 * SECOND, alerts: 1 });
    expect(it.customers).toMatchObject({ beforeDetection: true, afterSymptomMs: 5 * SECOND });
  });
  it('who opened the incident took it on, where nobody acknowledged', () => {
    const it = facts({
      incident: incidentOf({ openedAt: T + 3 * MINUTE, alerts: [alert.id] }),
      alerts: [alert],
      lines: [...usual, opened(T + 3 * MINUTE)],
    });
    expect(it.acknowledgement).toMatchObject({ by: 'Kim', at: T + 3 * MINUTE });
    expect(it.durations.toAcknowledgeMs).toBe(160 * SECOND);
  });
  it.each([
    ['the cause alone', [line(T + 20 * MINUTE, { type: 'root-cause', text: 'a full disk' })], 'root-cause', 20, 'a full disk'],
    ['the status alone', [status(T + 25 * MINUTE, 'investigating', 'identified', 'it is the disk')], 'status', 25, 'it is the disk'],
    [
      'the earlier of the two',
      [line(T + 30 * MINUTE, { type: 'root-cause', text: 'a full disk' }), status(T + 25 * MINUTE, 'investigating', 'identified')],
      'status',
      25,
      '',
    ],
  ] as const)('identified by %s', (_, lines, how, minute, text) => {
    const it = facts({ incident: incidentOf({ openedAt: T, alerts: [alert.id] }), alerts: [alert], lines: [...usual, ...lines] });
    expect(it.identification).toMatchObject({ how, text, at: T + minute * MINUTE });
  });
  it('opened again: what was said before does not hold', () => {
    const it = facts({
      incident: incidentOf({ openedAt: T, alerts: [alert.id], status: 'resolved', resolvedAt: T + 90 * MINUTE }),
      alerts: [alert],
      lines: [
        ...usual,
        line(T + 30 * MINUTE, { type: 'resolution', text: 'restarted' }),
        status(T + 30 * MINUTE, 'investigating', 'resolved'),
        status(T + 40 * MINUTE, 'resolved', 'investigating', 'it is back'),
        status(T + 90 * MINUTE, 'investigating', 'resolved', 'a new disk'),
      ],
    });
    expect(it.resolution).toMatchObject({ at: T + 90 * MINUTE, text: 'a new disk' });
    expect(it.statusChanges).toHaveLength(3);
  });
  it('what left the inventory did not recover', () => {
    const lines: EventDraft[] = [
      ...outage(http, T, null, refused),
      ...alertLines({ ...alert, endedAt: null }),
      {
        at: T + HOUR,
        kind: 'alert-closed',
        subject: alert.subject,
        actor: 'engine',
        payload: { alert: alert.id, title: alert.title, why: 'it is no longer in the inventory' },
      },
    ];
    const it = facts({ alerts: [alert], lines });
    expect(it.recovery).toBeNull();
    expect(it.recoverySteps).toEqual([]);
    expect(it.alerts[0]?.end).toBe('closed');
  });
  it('what came and went recovers with its last recovery, not its first', () => {
    const lines = [0, 10, 20].flatMap((minute) => outage(http, T + minute * MINUTE, T + (minute + 5) * MINUTE, refused));
    const long = { ...alert, endedAt: T + 25 * MINUTE };
    const it = facts({ alerts: [long], lines: [...lines, ...alertLines(long)] });
    expect(it.firstRecovery?.at).toBe(T + 25 * MINUTE);
    expect(it.affected[0]).toMatchObject({ times: 3, lastedMs: 15 * MINUTE, how: 'partly', portion: { hit: 1, of: 2, what: 'checks' } });
  });
  it('a clock that was set back never makes a time below zero', () => {
    const back = { ...alert, raisedAt: T - HOUR, endedAt: T - 30 * MINUTE };
    const lines = [
      ...outage(http, T, null, refused),
      { ...engine, at: T - HOUR, kind: 'gap', payload: { from: T, to: T - HOUR, cause: 'clock-jump' } } as EventDraft,
      ...alertLines(back),
    ];
    const it = facts({ alerts: [back], lines, from: T - 2 * HOUR });
    expect(Object.values(it.durations).every((ms) => ms === null || ms >= 0)).toBe(true);
    expect(it.gaps.every((gap) => gap.to === null || gap.to >= gap.from)).toBe(true);
  });
  it('lasts an hour and not two over the change of the clocks', () => {
    const change = Date.parse('2026-11-01T01:30:00-07:00');
    const long = alertOf(web1, { checks: [http.id], firstAt: change, raisedAt: change + 20 * SECOND, endedAt: change + HOUR });
    const it = facts({
      zone: 'America/Los_Angeles',
      from: change,
      to: change + HOUR,
      alerts: [long],
      lines: [...outage(http, change, change + HOUR, refused), ...alertLines(long)],
    });
    expect(it.durations.toRecoverMs).toBe(HOUR);
  });
});

describe('gaps', () => {
  it('says when nobody watched, and never calls anything of that time fine', () => {
    const gap: EventDraft = {
      ...engine,
      at: T + HOUR,
      kind: 'gap',
      payload: { from: T + 10 * MINUTE, to: T + HOUR, cause: 'asleep-or-frozen' },
    };
    const cutOff: EventDraft[] = [
      { ...engine, at: T + 70 * MINUTE, kind: 'desk-cut-off', payload: { since: T + 69 * MINUTE, anchors: [] } },
      { ...engine, at: T + 80 * MINUTE, kind: 'desk-connected', payload: { from: T + 69 * MINUTE, to: T + 80 * MINUTE } },
    ];
    const broken: EventDraft[] = [
      { ...engine, at: T + 90 * MINUTE, kind: 'store-write-failed', payload: { code: 'full', text: 'the disk is full' } },
      { ...engine, at: T + 95 * MINUTE, kind: 'store-write-recovered', payload: { lostSamples: 10 } },
    ];
    const it = facts({
      alerts: [alert],
      coverage: { [other.id]: coverage(100, 100, 50 * MINUTE) },
      lines: [...usual, gap, ...cutOff, ...broken],
      eventsCut: true,
    });
    expect(it.gaps.map((one) => [one.why, one.to === null ? null : (one.to - one.from) / MINUTE])).toEqual([
      ['events-cut', 0],
      ['asleep-or-frozen', 50],
      ['cut-off', 11],
      ['store', 5],
    ]);
    expect(it.notAffected).toEqual([]);
  });
});

describe('overlapping incidents', () => {
  it('keeps the lines of each with each, and those on the night with both', () => {
    const lines = [
      ...usual,
      line(T + MINUTE, { type: 'note', text: 'ours' }),
      line(T + MINUTE, { type: 'note', text: 'of the night' }, 'Kim', null, null),
      line(T + MINUTE, { type: 'note', text: 'of another' }, 'Lee', null, 'I2'),
      line(T + 2 * MINUTE, { type: 'note', text: 'of one that became ours' }, 'Lee', null, 'I3'),
      {
        at: T + 3 * MINUTE,
        kind: 'incident-merged',
        subject: null,
        actor: 'Kim',
        payload: { incident: 'I3', title: 'x', into: 'I1', intoTitle: 'y' },
      } as EventDraft,
    ];
    const it = facts({ incident: incidentOf({ openedAt: T, alerts: [alert.id], merged: ['I3'] }), alerts: [alert], lines });
    expect(it.notes.map((note) => note.text)).toEqual(['ours', 'of the night', 'of one that became ours']);
  });
  it('keeps what is written long after the end', () => {
    const it = facts({
      incident: incidentOf({ openedAt: T, alerts: [alert.id] }),
      alerts: [alert],
      now: T + 10 * DAY,
      lines: [...usual, line(T + 5 * DAY, { type: 'root-cause', text: 'a bad cable' })],
    });
    expect(it.rootCause).toMatchObject([{ text: 'a bad cable' }]);
    expect(it.open.map((one) => one.key)).not.toContain('root-cause');
  });
});

describe('waiting and promises', () => {
  const made = (lines: EventDraft[], more: Partial<DraftInput> = {}) =>
    facts({ incident: incidentOf({ openedAt: T, alerts: [alert.id] }), alerts: [alert], lines: [...usual, ...lines], ...more });
  it('the wait ends with the next word with the same, however it is written', () => {
    const it = made([
      contact(T, { with: 'Cable Co', text: 'please call', waiting: true }),
      contact(T + 10 * MINUTE, { with: 'Other', text: 'hello' }),
      contact(T + 30 * MINUTE, { with: 'cable co ', direction: 'in', text: 'we look', waiting: true }),
    ]);
    expect(it.contacts.map((one) => one.waited)).toEqual([{ to: T + 30 * MINUTE, ms: 30 * MINUTE }, null, { to: null, ms: 90 * MINUTE }]);
  });
  it.each([
    ['open', null, null],
    ['open', T + 3 * HOUR, null],
    ['late', T + HOUR, null],
    ['received', T + HOUR, T + 100 * MINUTE],
  ] as const)('what is owed is %s', (state, dueAt, receivedAt) => {
    const owed = [{ id: 'X', with: 'web1', what: 'a report', since: T, dueAt, receivedAt }];
    const it = made([], { incident: incidentOf({ openedAt: T, alerts: [alert.id], owed }) });
    expect(it.owed).toMatchObject([{ state, name: 'web1' }]);
  });
});

describe('mail', () => {
  const stack = mailStack();
  const plansOf = (leg: string, names: string[]) =>
    names.map((name) => stack.plans.find((plan) => plan.id === `mail-example.${leg}/${name}`) as never);
  const n = 240;
  const night = (failed: ReturnType<typeof check>[], seen = refused, lasts = HOUR, more: Partial<DraftInput> = {}) => {
    const leg = failed[0]?.subject.id ?? '';
    const raised = alertOf(stack.subjects.find((it) => it.id === leg) ?? stack.entry, {
      checks: failed.map((plan) => plan.id),
      firstAt: T,
      raisedAt: T + 20 * SECOND,
      endedAt: T + lasts,
    });
    return facts({
      subjects: stack.subjects,
      plans: stack.plans,
      to: T + lasts + HOUR,
      now: T + lasts + HOUR,
      alerts: [raised],
      coverage: Object.fromEntries(stack.plans.map((plan) => [plan.id, failed.includes(plan) ? coverage(n, 10) : coverage(n)])),
      lines: [...failed.flatMap((plan) => outage(plan, T, T + lasts, seen)), ...alertLines(raised)],
      ...more,
    });
  };
  const legs = (it: ReturnType<typeof night>) => it.mail[0]?.legs.map((leg) => `${leg.leg} ${leg.state}`);
  const mx = plansOf('receiving', ['smtp', 'smtp-v6', 'smtp-mx2']);

  it('reading alone: nothing is held, nothing can be lost', () => {
    const it = night(plansOf('reading', ['imap', 'imaps', 'pop3', 'pop3s']));
    expect(legs(it)).toEqual(['receiving worked', 'sending worked', 'delivery worked', 'reading down', 'webmail worked', 'records worked']);
    expect(it.mail[0]?.held).toBeNull();
  });
  it('sending is down though the blocklists are well', () => {
    expect(legs(night(plansOf('sending', ['submission', 'submissions'])))?.[1]).toBe('sending down');
  });
  it('receiving: the senders keep it, nothing is lost within their four days', () => {
    const it = night(mx);
    expect(it.mail[0]?.held).toMatchObject({ where: 'senders', lost: 'nothing', fromMs: HOUR });
    expect(it.open.map((one) => one.key)).not.toContain('mail-lost');
  });
  it('one of the mail exchangers takes it: nothing is held', () => {
    const it = night(mx.slice(0, 1));
    expect(legs(it)?.[0]).toBe('receiving partly');
    expect(it.mail[0]?.held).toBeNull();
  });
  it('longer than senders try: possibly lost', () => {
    const it = night(mx, refused, 4 * DAY + HOUR);
    expect(it.mail[0]?.held).toMatchObject({ lost: 'possibly' });
    expect(it.open.map((one) => one.key)).toContain('mail-lost');
  });
  it('refused for good: possibly lost, however short', () => {
    const it = night(mx, verdict('down', 'recipient-refused', 'refuses the test mailbox: 550'), 10 * MINUTE);
    expect(it.mail[0]?.held).toMatchObject({ lost: 'possibly', why: 'mail was refused for good: refuses the test mailbox: 550' });
  });
  it('a long queue: late, with the delay as the queue check told it, and nothing lost', () => {
    const [queue] = plansOf('delivery', ['queue']) as [never];
    const id = 'mail-example.delivery/queue';
    const text = (delay: string) => `412 messages wait, the oldest for 2 h; mail is delayed by ${delay}; 3 on hold`;
    const it = night([queue], verdict('down', 'queue-long', '412 messages wait'), HOUR, {
      seen: {
        [id]: [
          {
            from: T,
            to: T + 10 * MINUTE,
            state: 'down',
            reason: 'queue-long',
            text: text('about 75 to 120 minutes'),
            last: text('at least 3 hours'),
            most: 412,
          },
          {
            from: T + 11 * MINUTE,
            to: T + HOUR,
            state: 'down',
            reason: 'queue-old',
            text: text('about 30 minutes'),
            last: text('about 20 minutes'),
            most: 90,
          },
        ],
      },
    });
    expect(legs(it)?.[2]).toBe('delivery degraded');
    expect(it.mail[0]?.delay).toMatchObject({
      worst: { text: 'mail is delayed by at least 3 hours', at: T + 10 * MINUTE },
      last: { text: 'mail is delayed by about 20 minutes' },
      waitingAtMost: 412,
    });
    expect(it.mail[0]?.held).toMatchObject({ where: 'queue', lost: 'nothing', fromMs: HOUR });
  });
  it('mail without legs is told by the types of its checks', () => {
    const mail = thing('mail', 'm', { name: 'example.net', note: 'example.net', audience: 'mail for example.net' });
    const smtp = check(mail, 'smtp', 'smtp', { config: { port: 25 } });
    const imap = check(mail, 'imap');
    const raised = alertOf(mail, { checks: [imap.id], firstAt: T, raisedAt: T, endedAt: T + HOUR });
    const it = facts({
      subjects: [mail],
      plans: [smtp, imap],
      alerts: [raised],
      coverage: { [smtp.id]: coverage(n), [imap.id]: coverage(n, 10) },
      lines: [...outage(imap, T, T + HOUR, refused), ...alertLines(raised)],
    });
    expect(legs(it)).toEqual(['receiving worked', 'reading down']);
  });
});

describe('what came before', () => {
  const change = (at: number, subject: string | null, text: string): EventDraft => ({
    at,
    kind: 'change',
    subject: subject === null ? null : { kind: 'host', id: subject },
    actor: 'Lee',
    payload: { text },
  });
  it('ranks by time and place, and leaves out what has nothing to do with it', () => {
    const site = thing('site', 'sd');
    const rack = thing('host', 'switch', { site: 'sd' });
    const own = { ...web1, dependsOn: [['switch']] };
    const far = thing('host', 'far');
    const [patched, rewired] = [change(T - 3 * DAY, 'web1', 'security patches'), change(T - 2 * HOUR, 'switch', 'rewired')];
    const it = facts({
      subjects: [site, rack, own, web2, far],
      alerts: [alert],
      earlier: [patched, rewired, change(T - HOUR, 'far', 'elsewhere'), change(T - 8 * DAY, 'web1', 'long ago')].map(
        (event, index) => ({ ...event, id: `B${index}` }) as never,
      ),
      routines: [{ id: 'rotate', name: 'weekly log rotation', cron: '0 0 * * *', zone: 'UTC', usuallyMs: 5 * MINUTE, restarts: ['web1'] }],
      windows: [windowOf({ id: 'W', name: 'New disks', from: T - DAY, to: T - 20 * HOUR, affects: ['web2'] })],
      lines: [...usual, change(T + 10 * MINUTE, 'web1', 'restarted it')],
    });
    expect(it.nearby.map((one) => [one.kind, one.text, one.relation])).toEqual([
      ['routine', 'weekly log rotation', 'same'],
      ['change', 'rewired', 'carries'],
      ['change', 'security patches', 'same'],
      ['maintenance', 'New disks', 'site'],
    ]);
    expect(it.nearby[0]).toMatchObject({ beforeMs: 0, nearness: 1, at: T });
  });
});

describe('planned work', () => {
  const work = { id: 'W', name: 'Patches', from: T, to: T + HOUR, affects: ['web1'], spares: ['web2'] };
  const started: EventDraft = {
    ...engine,
    at: T,
    kind: 'maintenance-started',
    payload: { window: 'W', name: 'Patches', to: T + HOUR, affects: ['web1'] },
  };
  const ended = (at: number, how: 'finished' | 'time' | 'cancelled', reason = ''): EventDraft => ({
    ...engine,
    at,
    kind: 'maintenance-ended',
    payload: { window: 'W', name: 'Patches', how, lastedMs: at - T, reason },
  });
  it.each([
    ['ends as planned', [ended(T + HOUR, 'time')], HOUR, 0, false],
    ['is finished early', [ended(T + 20 * MINUTE, 'finished', 'all well')], 20 * MINUTE, 0, false],
    ['is called off', [ended(T + 10 * MINUTE, 'cancelled', 'no parts')], 10 * MINUTE, 0, true],
    ['runs on: what it affects is not back', outage(http, T + MINUTE, null, refused), null, HOUR, false],
    ['ends by the clock, where nobody says so and nothing is out', [], HOUR, 0, false],
  ] as const)('%s', (_, lines, lasted, overrunMs, cancelled) => {
    const it = facts({ windows: [windowOf(work)], lines: [started, ...lines] });
    expect(it.work).toMatchObject([{ plannedFrom: T, plannedTo: T + HOUR, overrunMs, cancelled }]);
    expect(it.work[0]?.to ?? null).toBe(lasted === null ? null : T + lasted);
  });
  it('was postponed: what was changed and why', () => {
    const moved: EventDraft = {
      at: T - DAY,
      kind: 'maintenance-changed',
      subject: null,
      actor: 'Lee',
      payload: { window: 'W', name: 'Patches', what: 'moved to Friday', reason: 'no parts' },
    };
    const it = facts({ windows: [windowOf(work)], earlier: [{ ...moved, id: 'B1' } as never], lines: [started, ended(T + HOUR, 'time')] });
    expect(it.work[0]?.postponed).toMatchObject([{ by: 'Lee', text: 'moved to Friday: no parts' }]);
  });
});

describe('hostile text', () => {
  it('is one harmless line, and bounded', () => {
    const evil = '\u001b[31m\u202egnp.exe\u202c\n=cmd|x<script>'.repeat(500);
    const it = facts({
      incident: incidentOf({ openedAt: T, alerts: [alert.id], title: evil.slice(0, 200) }),
      alerts: [{ ...alert, title: evil }],
      lines: [
        ...usual,
        line(T, { type: 'note', text: evil.slice(0, 3_900) }),
        contact(T, { with: evil.slice(0, 100), text: evil.slice(0, 900) }),
      ],
    });
    const text = JSON.stringify(it);
    expect(['\u202e', '\u202c', '\\u001b', '\\n'].filter((sign) => text.includes(sign))).toEqual([]);
    expect(it.alerts[0]?.title.length).toBeLessThanOrEqual(200);
  });
});

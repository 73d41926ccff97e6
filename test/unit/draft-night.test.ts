/** Drafts with what belongs to a whole night: consequences, planned work, routines, people who are told, a desk that is cut off. */
import { describe, expect, it } from 'vitest';
import type { Draft } from '../../shared/incident/draft.ts';
import { draftIncident } from '../../shared/incident/draft-incident.ts';
import type { DraftInput } from '../../shared/incident/input.ts';
import { tellings } from '../../shared/incident/telling.ts';
import type { Alert } from '../../shared/model/alert.ts';
import { type EventDraft, type EventKind, eventKinds, type NightEvent } from '../../shared/model/event.ts';
import type { MaintenanceWindow } from '../../shared/model/maintenance.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { upstreamTakesAllDown } from '../support/draft-cases.ts';
import { expectSound, lines } from '../support/draft-reading.ts';
import { alertLines, alertOf, check, coverage, outage, story, thing, verdict } from '../support/story.ts';

const made = (input: DraftInput): Draft => {
  const draft = draftIncident(input);
  expectSound(draft);
  return draft;
};
type PayloadOf<K extends EventKind> = Extract<NightEvent, { kind: K }>['payload'];
const line = <K extends EventKind>(
  at: number,
  kind: K,
  payload: PayloadOf<K>,
  more: { actor?: string; subject?: EventDraft['subject'] } = {},
): EventDraft => ({ at, kind, payload, actor: 'engine', subject: null, ...more }) as EventDraft;

const down = verdict('down', 'refused', 'connection refused');

describe('an upstream that takes all behind it down', () => {
  const draft = made(upstreamTakesAllDown());
  it('counts what failed itself, and what was behind it apart', () => {
    expect(lines(draft, 'summary')).toEqual([
      'The first symptom came at 02:00:00: gateway of Cox, no answer to 5 pings.',
      'The alert “Cox at San Diego: gateway does not answer” was raised at 02:00:20, 20 s later.',
      'The first to be told was kim over pager, at 02:00:50; then ops-mail and lee over pager.',
      'Nobody had it for 15 min, so lee was told at 02:15:20 (step 1).',
      'Lee took it on at 02:17:00, 16 min after the alert: “calling Cox”.',
      'Kim took it over from Lee at 02:20:00: “awake now”.',
      'It was over at 02:50:00, 50 min after the first symptom.',
      '1 of 6 checks failed: gateway of Cox; 4 more things could not be reached because of it.',
      'chat did not take a message at 02:00:55: no answer within 10 s.',
    ]);
  });
  it('names what was behind it, customers first, with the lines that say so', () => {
    expect(lines(draft, 'affected')).toEqual([
      'Cox at San Diego: down from 02:00:00 to 02:50:00 (50 min): no answer to 5 pings.',
      '4 more things behind Cox at San Diego could not be reached: web sites of our customers, web1, web2 and db1.',
    ]);
    const block = draft.sections.find((section) => section.key === 'affected')?.blocks[0];
    const keys = block?.kind === 'list' ? block.statements[1]?.evidence : [];
    const kinds = keys?.map((key) => upstreamTakesAllDown().events.find((event) => event.id === key)?.kind);
    expect(kinds).toEqual(['alert-raised', 'alert-updated']);
  });
  it('calls none of that “not affected”', () => {
    expect(lines(draft, 'not-affected')).toEqual(['far1 answered throughout (140 of 140 results ok).']);
    expect(lines(draft, 'not-known')).toEqual(['Mailing lists: it has no check of its own, and web1 could not be reached.']);
  });
  it('tells the upstream in the table, not every thing behind it, nor a test message', () => {
    const rows = lines(draft, 'timeline');
    expect(rows.filter((row) => /Ping on|HTTP of|test/.test(row))).toEqual([]);
    expect(rows).toContain('02:17:00 | Acknowledged: Cox at San Diego: gateway does not answer: “calling Cox” | Lee');
    expect(rows.filter((row) => row.includes('Told:'))).toHaveLength(4);
    expect(rows.filter((row) => row.includes('Not told:'))).toHaveLength(1);
  });
  it('names a change as what was there, not as the cause', () => {
    expect(lines(draft, 'cause')).toEqual([
      'GAP What was the cause? The desk cannot know it. What is listed here came at about that time, which does not make it the cause.',
      'A change is on record: “new route filters on Cox, 14 h before”, made on 19 November 2026 at 12:00:00 PST, 14 h before the first symptom.',
    ]);
  });
});

describe('whose failure it is', () => {
  const cox = thing('link', 'cox', { name: 'Cox' });
  const level3 = thing('link', 'level3', { name: 'Level3' });
  const web1 = thing('host', 'web1', { dependsOn: [['cox']] });
  const gateway = check(cox, 'icmp', 'gateway');
  const other = check(level3, 'icmp', 'gateway');
  const http = check(web1, 'http');
  const end = 20 * MINUTE;
  const coxAlert = alertOf(cox, { title: 'Cox fails', checks: [gateway.id], firstAt: 0, raisedAt: 20 * SECOND, endedAt: end });
  const tell = (part: { subjects?: DraftInput['subjects']; alerts?: Alert[]; lines?: EventDraft[]; coverage?: DraftInput['coverage'] }) =>
    made(
      story({
        alerts: part.alerts ?? [coxAlert],
        subjects: part.subjects ?? [cox, level3, web1],
        plans: [gateway, other, http],
        coverage: part.coverage ?? {},
        lines: [
          ...outage(gateway, 0, end, down),
          ...(part.alerts ?? [coxAlert]).flatMap(alertLines),
          ...outage(http, 10 * SECOND, end + 5 * SECOND, down),
          ...(part.lines ?? []),
        ],
      }),
    );
  const unreached = '1 more thing behind Cox could not be reached: web1.';
  const elsewhere = 'At the same time there was trouble of its own with web1; it is not part of this report.';

  it('a child of what failed, though the alert no longer lists it', () => expect(lines(tell({}), 'affected')).toContain(unreached));
  it('a chain of parents counts as far as it goes', () => {
    const middle = thing('host', 'sw1', { dependsOn: [['cox']] });
    const far = thing('host', 'web1', { dependsOn: [['sw1']] });
    expect(lines(tell({ subjects: [cox, level3, middle, far] }), 'affected')).toContain(unreached);
  });
  it('one of two upstreams is no reason: the child failed by itself', () => {
    const redundant = thing('host', 'web1', { dependsOn: [['cox', 'level3']] });
    expect(lines(tell({ subjects: [cox, level3, redundant] }), 'affected')).toContain(elsewhere);
  });
  it('both of two upstreams are', () => {
    const redundant = thing('host', 'web1', { dependsOn: [['cox', 'level3']] });
    const site = alertOf(thing('site', 'sd', { name: 'San Diego' }), { checks: [gateway.id, other.id], firstAt: 0, raisedAt: 20 * SECOND });
    const told = tell({
      subjects: [thing('site', 'sd', { name: 'San Diego' }), cox, level3, redundant],
      alerts: [site],
      lines: outage(other, 0, end, down),
    });
    expect(lines(told, 'affected')).toEqual([
      'Cox: down from 00:00:00 to 00:20:00 (20 min): connection refused.',
      'Level3: down from 00:00:00 to 00:20:00 (20 min): connection refused.',
      '1 more thing behind what failed at San Diego could not be reached: web1.',
    ]);
    expect(lines(told, 'summary')).toContain(
      '2 of 3 checks failed: gateway of Cox and gateway of Level3; 1 more thing could not be reached because of it.',
    );
  });
  it('a child with an alert of its own failed by itself', () => {
    const own = alertLines(alertOf(web1, { checks: [http.id], raisedAt: 25 * SECOND, endedAt: end }));
    expect(lines(tell({ lines: own }), 'affected')).toContain(elsewhere);
  });
  it('a service without checks that depends on both of two things that failed is not known', () => {
    const pay = thing('service', 'pay', { name: 'payments', hosts: ['web9'], dependsOn: [['cox', 'web1']] });
    const web9 = thing('host', 'web9');
    const draft = made(
      story({
        alerts: [coxAlert],
        subjects: [cox, web1, web9, pay],
        plans: [gateway, http, check(web9, 'icmp')],
        coverage: { 'web9/icmp': coverage(120) },
        lines: [...outage(gateway, 0, end, down), ...alertLines(coxAlert), ...outage(http, SECOND, end, down)],
      }),
    );
    expect(lines(draft, 'not-known')).toEqual([
      'Payments: it has no check of its own, and depends on Cox and web1, which were all affected.',
    ]);
  });

  const first = alertOf(web1, { id: 'A-first', title: 'web1 is down', checks: [http.id], raisedAt: 15 * SECOND, endedAt: 30 * SECOND });
  const merged = line(
    30 * SECOND,
    'alert-merged',
    { alert: 'A-first', title: 'web1 is down', into: coxAlert.id, intoTitle: 'Cox fails' },
    { subject: first.subject },
  );
  it('an alert whose cause was found goes on as a consequence of that', () => {
    const draft = tell({ alerts: [first, { ...coxAlert, consequences: [http.id] }], lines: [merged] });
    expect(draft.title).toBe('Cox fails');
    expect(lines(draft, 'affected')).toContain(unreached);
    expect(lines(draft, 'summary')).toContain('It was over at 00:20:00, 20 min after the first symptom.');
    expect(lines(draft, 'timeline').join('\n')).toContain('Cause found: web1 is down: goes on as part of “Cox fails”');
  });
  it('one that went on elsewhere is not called over', () => {
    const draft = tell({ alerts: [first], lines: [merged] });
    expect(lines(draft, 'summary')).toContain('“web1 is down” went on as part of “Cox fails”, which is not part of this report.');
    expect(lines(draft, 'summary').join(' ')).not.toContain('was over');
  });
  it('an alert about a whole site speaks of the things, not of the site', () => {
    const sd = thing('site', 'sd', { name: 'San Diego' });
    const site = alertOf(sd, {
      title: '2 things at San Diego are down',
      checks: [gateway.id, http.id],
      raisedAt: 20 * SECOND,
      endedAt: end,
    });
    const draft = tell({ subjects: [sd, cox, level3, web1], alerts: [site] });
    expect(lines(draft, 'affected').map((it) => it.split(':')[0])).toEqual(['web1', 'Cox']);
    expect(lines(draft, 'summary')).toContain('2 of 3 checks failed: gateway of Cox and HTTP on web1.');
  });
});

describe('planned work', () => {
  const web1 = thing('host', 'web1');
  const sw1 = thing('host', 'sw1');
  const http = check(web1, 'http');
  const window: MaintenanceWindow = {
    id: 'w1',
    name: 'Replace the switch',
    kind: 'fixed',
    from: 10 * MINUTE,
    to: 40 * MINUTE,
    durationMs: null,
    schedule: null,
    affects: ['web1'],
    spares: [],
    reason: '',
    source: 'desk',
    by: 'Kim',
    createdAt: 0,
    startedAt: null,
    endedAt: null,
    cancelledAt: null,
    skipped: [],
  };
  const begins = line(10 * MINUTE, 'maintenance-started', { window: 'w1', name: window.name, to: 40 * MINUTE, affects: ['web1'] });
  const ends = line(40 * MINUTE, 'maintenance-ended', { window: 'w1', name: window.name, how: 'time', lastedMs: 30 * MINUTE });
  const overruns = line(40 * MINUTE, 'maintenance-overrun', { window: 'w1', name: window.name, subjects: ['web1'] });
  const alert = alertOf(web1, { checks: [http.id], firstAt: 12 * MINUTE, raisedAt: 40 * MINUTE, endedAt: 50 * MINUTE });
  const tell = (part: Partial<DraftInput> & { lines: EventDraft[] }) => made(story({ subjects: [web1, sw1], plans: [http], ...part }));

  it('a failure within it is told as planned, without an alert', () => {
    const draft = tell({ lines: [begins, ...outage(http, 12 * MINUTE, 38 * MINUTE, down), ends] });
    expect(lines(draft, 'affected')).toEqual(['Within planned work “Replace the switch” this failed: web1.']);
    expect(lines(draft, 'summary')).toEqual([
      'There was no alert from 00:00:00 to 01:00:00.',
      'Planned work “Replace the switch” was in force from 00:10:00 to 00:40:00 (30 min).',
    ]);
    expect([lines(draft, 'not-affected'), lines(draft, 'not-known')]).toEqual([[], ['sw1: nothing watches it.']]);
  });
  it('what recovers with the first result after the end was still planned', () => {
    const draft = tell({ lines: [begins, ...outage(http, 12 * MINUTE, 40 * MINUTE + 30 * SECOND, down), ends] });
    expect(lines(draft, 'affected').join()).toMatch(/^Within planned work/);
  });
  it('one that overran: planned and unplanned time apart, with its planned end', () => {
    const draft = tell({
      alerts: [alert],
      lines: [begins, ...outage(http, 12 * MINUTE, 50 * MINUTE, down), ends, overruns, ...alertLines(alert)],
    });
    expect(lines(draft, 'summary')).toContain(
      'Planned work “Replace the switch” was in force from 00:10:00 to 00:40:00 (30 min); it overran: web1 was not back at 00:40:00, its planned end.',
    );
    expect(lines(draft, 'summary')).toContain('Of 38 min of trouble, 28 min lay within planned work and 10 min did not.');
    expect(lines(draft, 'affected')).toEqual([
      'web1: down from 00:12:00 to 00:50:00 (38 min), of it 28 min within planned work “Replace the switch”: connection refused.',
    ]);
    const rows = lines(draft, 'timeline');
    expect(rows.filter((row) => /Work (begins|time over|overruns)/.test(row))).toHaveLength(3);
  });
  it('one entered afterwards covers an alert that was raised', () => {
    const late = { ...alert, raisedAt: 12 * MINUTE + 20 * SECOND, endedAt: 30 * MINUTE };
    const draft = tell({
      alerts: [late],
      windows: [{ ...window, createdAt: 55 * MINUTE }],
      lines: [...outage(http, 12 * MINUTE, 30 * MINUTE, down), ...alertLines(late)],
    });
    expect(lines(draft, 'summary')).toContain('All of the trouble (18 min) lay within planned work.');
    expect(lines(draft, 'summary')[0]).toBe(
      'The first symptom came at 00:12:00, within planned work “Replace the switch”: HTTP on web1, connection refused.',
    );
    expect(draft.evidence.some((it) => it.source.kind === 'window' && it.text.includes('entered by Kim 1970-01-01 00:55:00 UTC'))).toBe(
      true,
    );
  });
  it('covers what is reached only through what is worked on', () => {
    const behind = thing('host', 'web1', { dependsOn: [['sw1']] });
    const on = line(10 * MINUTE, 'maintenance-started', { window: 'w1', name: window.name, to: 40 * MINUTE, affects: ['sw1'] });
    const draft = tell({ subjects: [sw1, behind], lines: [on, ...outage(http, 12 * MINUTE, 38 * MINUTE, down)] });
    expect(lines(draft, 'affected').join()).toMatch(/^Within planned work/);
  });
  it('does not cover one of two that stand in for each other', () => {
    const other = thing('host', 'sw2');
    const behind = thing('host', 'web1', { dependsOn: [['sw1', 'sw2']] });
    const on = line(10 * MINUTE, 'maintenance-started', { window: 'w1', name: window.name, to: 40 * MINUTE, affects: ['sw1'] });
    const draft = tell({ subjects: [sw1, other, behind], lines: [on, ...outage(http, 12 * MINUTE, 38 * MINUTE, down)] });
    expect(lines(draft, 'affected').join()).not.toMatch(/^Within planned work/);
  });
  const table: [string, EventDraft[], string | null][] = [
    [
      'called off',
      [begins, line(20 * MINUTE, 'maintenance-ended', { window: 'w1', name: window.name, how: 'cancelled', lastedMs: 10 * MINUTE })],
      'Planned work “Replace the switch” was in force from 00:10:00 to 00:20:00 (10 min), when it was called off.',
    ],
    ['open-ended and not over', [begins], 'Planned work “Replace the switch” was in force since 00:10:00, without an end so far.'],
    [
      'begun before the events that were read',
      [line(5 * MINUTE, 'maintenance-ended', { window: 'w1', name: window.name, how: 'finished', lastedMs: 30 * MINUTE })],
      'Planned work “Replace the switch” was in force from 31 December 23:35:00 to 1 January 00:05:00 (30 min).',
    ],
    ['on something else', [{ ...begins, payload: { ...begins.payload, affects: ['sw1'] } } as EventDraft], null],
  ];
  it.each(table)('%s', (what, events, expected) => {
    const own = alertOf(web1, { checks: [http.id], firstAt: 45 * MINUTE, raisedAt: 46 * MINUTE });
    const draft = tell({
      alerts: what === 'on something else' ? [own] : [],
      lines: [...events, ...(what === 'on something else' ? [...outage(http, 45 * MINUTE, null, down), ...alertLines(own)] : [])],
    });
    const said = lines(draft, 'summary').filter((it) => it.startsWith('Planned work'));
    expect(said).toEqual(expected === null ? [] : [expected]);
  });
});

describe('what stands beside the cause', () => {
  const web1 = thing('host', 'web1', { site: 'sd' });
  const web2 = thing('host', 'web2');
  const http = check(web1, 'http');
  const begin = Date.parse('2026-11-15T04:00:12-08:00');
  const alert = (related: Alert['related']): Alert =>
    alertOf(web1, { checks: [http.id], firstAt: begin, raisedAt: begin + 20 * SECOND, related });
  const said = (related: Alert['related'], extra: EventDraft[] = []): string[] =>
    lines(
      made(
        story({
          zone: 'America/Los_Angeles',
          from: begin - MINUTE,
          to: begin + HOUR,
          alerts: [alert(related)],
          subjects: [web1, web2],
          plans: [http],
          lines: [...outage(http, begin, null, down), ...extra],
        }),
      ),
      'cause',
    ).slice(1);
  const changed = (subject: EventDraft['subject'], at = begin - 30 * MINUTE) =>
    line(at, 'change', { text: 'security patches' }, { actor: 'Kim', subject });
  const table: [string, Alert['related'], EventDraft[], string[]][] = [
    [
      'a routine',
      [{ kind: 'routine', text: 'weekly log rotation', at: begin - 12 * SECOND }],
      [],
      ['Weekly log rotation began at 04:00:00 PST, 12 s before the first symptom.'],
    ],
    [
      'a change of days before',
      [{ kind: 'change', text: 'security patches on web1, 2 d before', at: begin - 2 * DAY }],
      [],
      [
        'A change is on record: “security patches on web1, 2 d before”, made on 13 November 2026 at 04:00:12 PST, 2 d before the first symptom.',
      ],
    ],
    [
      'planned work',
      [{ kind: 'maintenance', text: 'Replace the switch', at: begin }],
      [],
      ['Planned work stands beside it: “Replace the switch”, at 04:00:12 PST, with the first symptom.'],
    ],
    [
      'a change by its line',
      [],
      [changed(web1)],
      ['Kim made a change on web1 at 03:30:12 PST, 30 min before the first symptom: “security patches”'],
    ],
    [
      'a change to everything',
      [],
      [changed(null)],
      ['Kim made a change at 03:30:12 PST, 30 min before the first symptom: “security patches”'],
    ],
    [
      'a change to its site',
      [],
      [changed({ kind: 'site', id: 'sd' })],
      ['Kim made a change on sd at 03:30:12 PST, 30 min before the first symptom: “security patches”'],
    ],
    ['a change to something else', [], [changed(web2)], []],
    [
      'a change afterwards',
      [],
      [changed(web1, begin + MINUTE)],
      ['Kim made a change on web1 at 04:01:12 PST, 1 min after the first symptom: “security patches”'],
    ],
    [
      'a change that stands in both is told once',
      [{ kind: 'change', text: 'security patches on web1', at: begin - 30 * MINUTE }],
      [changed(web1)],
      ['Kim made a change on web1 at 03:30:12 PST, 30 min before the first symptom: “security patches”'],
    ],
  ];
  it.each(table)('%s', (_what, related, extra, expected) => expect(said(related, extra)).toEqual(expected));
  it('the record of the alert carries what stands beside it', () => {
    const draft = made(
      story({
        alerts: [alertOf(web1, { checks: [http.id], related: [{ kind: 'routine', text: 'weekly log rotation', at: 0 }] })],
        subjects: [web1],
        plans: [http],
        lines: [],
      }),
    );
    expect(draft.evidence[0]?.text).toContain('open, beside it: weekly log rotation');
  });
});

describe('a desk that is cut off', () => {
  const desk = thing('desk', 'desk', { name: 'This desk' });
  const web1 = thing('host', 'web1');
  const web2 = thing('host', 'web2');
  const gateway = check(desk, 'icmp', 'gateway');
  const http = check(web1, 'http');
  const other = check(web2, 'http');
  const local = check(thing('host', 'self'), 'tcp', 'tcp', { config: { address: '127.0.0.1' } });
  const self = thing('host', 'self');
  const off = line(10 * MINUTE, 'desk-cut-off', { since: 10 * MINUTE, anchors: [gateway.id] }, { subject: { kind: 'desk', id: 'desk' } });
  const on = line(30 * MINUTE, 'desk-connected', { from: 10 * MINUTE, to: 30 * MINUTE }, { subject: { kind: 'desk', id: 'desk' } });
  const tell = (part: Partial<DraftInput> & { lines: EventDraft[] }) =>
    made(
      story({
        subjects: [desk, web1, web2, self],
        plans: [gateway, http, other, local],
        coverage: { [http.id]: coverage(120), [other.id]: coverage(120), [local.id]: coverage(120) },
        ...part,
      }),
    );

  it('nothing remote is called “not affected”, however good its results look', () => {
    const draft = tell({ lines: [off, on] });
    expect(lines(draft, 'not-affected')).toEqual(['self answered throughout (120 of 120 results ok).']);
    expect(lines(draft, 'not-known')).toEqual(['Servers: web1 and web2: this desk was cut off for 20 min of the time.']);
    expect(lines(draft, 'summary')).toContain(
      'This desk itself was cut off from 00:10:00 to 00:30:00 (20 min); what happened beyond it then is not known.',
    );
  });
  it('what it saw fail meanwhile is no failure', () => {
    const draft = tell({ lines: [off, ...outage(http, 10 * MINUTE + 5 * SECOND, 30 * MINUTE + 20 * SECOND, down), on] });
    expect(lines(draft, 'affected')).toEqual([]);
    expect(draft.title).toContain('No trouble');
  });
  it('what failed before and after stays one', () => {
    const alert = alertOf(web1, { checks: [http.id], firstAt: 5 * MINUTE, raisedAt: 6 * MINUTE, endedAt: 50 * MINUTE });
    const draft = tell({ alerts: [alert], lines: [...outage(http, 5 * MINUTE, 50 * MINUTE, down), off, on, ...alertLines(alert)] });
    expect(lines(draft, 'affected')).toEqual(['web1: down from 00:05:00 to 00:50:00 (45 min): connection refused.']);
    expect(lines(draft, 'timeline').filter((row) => /Desk (offline|online)/.test(row))).toHaveLength(2);
  });
  it('what did not come back with the connection failed itself', () => {
    const draft = tell({ lines: [off, ...outage(http, 10 * MINUTE + 5 * SECOND, 55 * MINUTE, down), on] });
    expect(lines(draft, 'affected').join()).toContain('trouble of its own with web1');
  });
  it('still cut off: what it saw fail is not known', () => {
    const draft = tell({ lines: [off, ...outage(http, 10 * MINUTE + 5 * SECOND, null, down)] });
    expect(lines(draft, 'affected')).toEqual([]);
    expect(lines(draft, 'summary')).toContain('This desk itself was cut off since 00:10:00; what happened beyond it then is not known.');
  });
  it('its own alert is about the desk, and lists nothing as behind it', () => {
    const alert = alertOf(desk, {
      title: 'This desk is offline',
      checks: [gateway.id],
      consequences: [http.id, other.id],
      firstAt: 10 * MINUTE,
      raisedAt: 10 * MINUTE,
      endedAt: 30 * MINUTE,
    });
    const draft = tell({ alerts: [alert], lines: [...outage(gateway, 10 * MINUTE, 30 * MINUTE, down), off, on, ...alertLines(alert)] });
    expect(lines(draft, 'affected')).toEqual(['This desk: cut off from 00:10:00 to 00:30:00 (20 min): connection refused.']);
    expect(lines(draft, 'summary').join(' ')).not.toContain('could not be reached');
  });
});

describe('people and channels', () => {
  const web1 = thing('host', 'web1');
  const http = check(web1, 'http');
  const alert = alertOf(web1, { checks: [http.id], raisedAt: 20 * SECOND });
  const named = { alert: alert.id, title: alert.title };
  const at = { subject: alert.subject };
  const tell = (extra: EventDraft[], more: Partial<DraftInput> = {}) =>
    made(
      story({
        alerts: [alert],
        subjects: [web1],
        plans: [http],
        ...more,
        lines: [...outage(http, 0, null, down), ...alertLines(alert), ...extra],
      }),
    );
  const ack = (minute: number, actor: string, from: string | null = null) =>
    line(minute * MINUTE, 'acknowledged', { ...named, comment: `by ${actor}`, sticky: false, until: null, from }, { ...at, actor });
  const mail = (
    second: number,
    to: string | null,
    channel: string,
    message: PayloadOf<'notified'>['message'] = 'problem',
    alerts = [alert.id],
  ) => line(second * SECOND, 'notified', { channel, to, message, title: alert.title, alerts });
  const notTold = (minute: number, retryAt: number | null, channel = 'chat') =>
    line(minute * MINUTE, 'notify-failed', {
      channel,
      title: alert.title,
      attempt: 1,
      code: 'refused',
      text: 'connection refused',
      retryAt,
    });

  const table: [string, EventDraft[], string[]][] = [
    ['nobody told', [], []],
    ['one channel', [mail(30, null, 'ops-mail')], ['The first to be told was ops-mail, at 00:00:30.']],
    [
      'the same again is told once',
      [mail(30, 'kim', 'pager'), mail(900, 'kim', 'pager', 'reminder')],
      ['The first to be told was kim over pager, at 00:00:30.'],
    ],
    ['about another alert', [mail(30, null, 'ops-mail', 'problem', ['A-other'])], []],
    ['a test and a recovery only', [mail(30, null, 'ops-mail', 'test', []), mail(60, null, 'ops-mail', 'recovery')], []],
    [
      'many',
      ['a', 'b', 'c', 'd', 'e', 'f'].map((to, n) => mail(30 + n, to, 'pager')),
      ['The first to be told was a over pager, at 00:00:30; then b over pager, c over pager, d over pager, e over pager and 1 more.'],
    ],
    [
      'given back and taken again',
      [ack(2, 'Kim'), line(3 * MINUTE, 'released', { ...named, comment: 'shift over' }, { ...at, actor: 'Kim' }), ack(5, 'Lee')],
      ['Kim gave it back at 00:03:00: “shift over”.', 'Lee took it on at 00:05:00: “by Lee”.'],
    ],
    [
      'open again as it grew',
      [ack(2, 'Kim'), line(4 * MINUTE, 'acknowledgement-cleared', { ...named, why: 'SSH joined' }, at), ack(6, 'Kim')],
      ['At 00:04:00 nobody had it any more, as SSH joined.', 'Kim took it on at 00:06:00: “by Kim”.'],
    ],
    ['acknowledged twice by one person', [ack(2, 'Kim'), ack(3, 'Kim', 'Kim')], []],
    ['a channel that failed once', [notTold(1, 2 * MINUTE)], ['chat did not take a message at 00:01:00: connection refused.']],
    [
      'one that was given up',
      [notTold(1, 2 * MINUTE), notTold(2, 4 * MINUTE), notTold(4, null)],
      ['chat did not take messages 3 times, the first at 00:01:00: connection refused. 1 message was given up.'],
    ],
    [
      'an escalation to two',
      [line(15 * MINUTE, 'escalated', { ...named, step: 2, to: ['lee', 'boss'], openMs: 15 * MINUTE }, at)],
      ['Nobody had it for 15 min, so lee and boss were told at 00:15:00 (step 2).'],
    ],
  ];
  const usual = /^(The first symptom|The alert|Nobody is on record|Kim took it on at 00:02|It was still open|1 of 1 check)/;
  it.each(table)('%s', (_what, extra, expected) => {
    expect(lines(tell(extra), 'summary').filter((it) => !usual.test(it))).toEqual(expected);
  });
  it('many messages make few rows', () => {
    const rows = lines(tell(Array.from({ length: 100 }, (_, n) => mail(30 + 20 * n, `p${n % 7}`, 'pager'))), 'timeline');
    const told = rows.filter((row) => row.includes('old: ') || row.includes('Again and again') || row.includes('told'));
    expect(told.length).toBeLessThanOrEqual(6);
    expect(told.join('\n')).toMatch(/\d+ × told/);
  });
  it('one acknowledgement of many alerts is one row; what others wrote stands apart', () => {
    const hosts = Array.from({ length: 8 }, (_, n) => thing('host', `h${n}`));
    const alerts = hosts.map((host) => alertOf(host, { checks: [`${host.id}/http`] }));
    const of = (it: Alert, actor: string, comment: string) =>
      line(
        MINUTE,
        'acknowledged',
        { alert: it.id, title: it.title, comment, sticky: false, until: null, from: null },
        { subject: it.subject, actor },
      );
    const draft = made(
      story({
        alerts,
        subjects: hosts,
        plans: [],
        lines: alerts.map((it, n) => of(it, n === 7 ? 'Lee' : 'Kim', n === 7 ? 'mine' : 'all of it')),
      }),
    );
    expect(lines(draft, 'timeline')).toEqual([
      '00:01:00 | Acknowledged: 7 alerts (“h0 is down”, “h1 is down”, “h2 is down”, “h3 is down”, “h4 is down” and 2 more): “all of it” | Kim',
      '00:01:00 | Acknowledged: h7 is down: “mine” | Lee',
    ]);
  });
  it('silences and flapping are told', () => {
    const draft = tell([
      line(2 * MINUTE, 'silenced', { silence: 's', subjects: ['web1'], until: HOUR, reason: 'known' }, { actor: 'Kim' }),
      line(3 * MINUTE, 'silenced', { silence: 't', subjects: ['web9'], until: HOUR, reason: 'other' }, { actor: 'Kim' }),
      line(5 * MINUTE, 'flapping-started', { check: http.id, percent: 25 }, at),
      line(25 * MINUTE, 'flapping-stopped', { check: http.id, percent: 4 }, at),
    ]);
    const rows = lines(draft, 'timeline').join('\n');
    expect(rows).toContain('Silenced: web1, for 58 min: “known” | Kim');
    expect(rows).not.toContain('other');
    expect(lines(draft, 'affected')).toContain('HTTP on web1 came and went from 00:05:00 to 00:25:00 (20 min).');
  });
});

it('a draft of a stretch of time tells everything', () => {
  const rows = lines(made({ ...upstreamTakesAllDown(), alerts: [] }), 'timeline').join('\n');
  expect(rows).toMatch(/Ping on web1/);
  expect(rows).toMatch(/Test sent: ops-mail/);
});

/** Facts about each kind that only reading can check; that none is forgotten the compiler sees to. */
it('what people did is never the first to go, and every line has somebody whose story it is', () => {
  const human: EventKind[] = [
    'acknowledged',
    'released',
    'silenced',
    'maintenance-planned',
    'maintenance-changed',
    'change',
    'note',
    'exported',
    'inventory-changed',
    'incident-opened',
    'incident-status',
    'incident-merged',
    'logged',
  ];
  expect(eventKinds.filter((kind) => tellings[kind].weight === 2).sort()).toEqual(human.sort());
});

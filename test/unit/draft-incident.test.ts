import { describe, expect, it } from 'vitest';
import type { Draft } from '../../shared/incident/draft.ts';
import { draftIncident } from '../../shared/incident/draft-incident.ts';
import type { DraftInput } from '../../shared/incident/input.ts';
import { mostRows } from '../../shared/incident/timeline.ts';
import type { EventDraft } from '../../shared/model/event.ts';
import { HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { cpuMs } from '../support/cpu-time.ts';
import { mailCannotBeRead, upstreamDropsPrefixes, webServerDoesNotComeBack } from '../support/draft-cases.ts';
import { expectSound, lines } from '../support/draft-reading.ts';
import { alertLines, alertOf, check, coverage, outage, story, thing, verdict } from '../support/story.ts';

it('a table that begins late says so', () => {
  const whole = webServerDoesNotComeBack();
  const draft = draftIncident({ ...whole, events: whole.events.slice(2), eventsCut: true });
  expectSound(draft);
  expect(lines(draft, 'timeline')[0]).toMatch(
    /^There are more events than this table is made of: it begins .+\. For what came before, draft a shorter stretch/,
  );
  expect(lines(draftIncident(whole), 'timeline')[0]).not.toContain('more events');
});

describe('drafts of real kinds of outages', () => {
  it('a web server that does not come back', () => {
    const draft = draftIncident(webServerDoesNotComeBack());
    expectSound(draft);
    expect([draft.title, draft.subtitle]).toEqual([
      'Web sites cannot be used, and 1 more problem',
      'Example Hosting · Sunday 15 November 2026 · all times PST (UTC−8) · 41 min',
    ]);
    expect(lines(draft, 'summary')).toEqual([
      'The first symptom came at 04:02:10: HTTP on web1, connection refused on port 443.',
      'The first of 2 alerts was raised at 04:02:30, 20 s later: “HTTP and HTTPS on web1 fail” and “Web sites cannot be used”.',
      'Kim took it on at 04:04:02, 1 min 32 s after the alert: “restarting it by hand”.',
      'All of it was over at 04:43:15, 41 min after the first symptom.',
      '3 of 8 checks failed: HTTP on web1, HTTPS on web1 and HTTP of web sites.',
    ]);
    expect(lines(draft, 'affected')).toEqual([
      'Web sites of our customers: down from 04:02:15 to 04:43:15 (41 min): connection refused.',
      'web1 (HTTP and HTTPS): down from 04:02:10 to 04:43:11 (41 min): connection refused on port 443.',
    ]);
    expect(lines(draft, 'not-affected')).toEqual([
      'The shop: db1, which carries it, answered throughout (122 of 122 results ok).',
      'db1 answered throughout (122 of 122 results ok).',
      'Mail for example.net answered throughout (244 of 244 results ok).',
      'Ping and SSH on web1 worked throughout (244 of 244 results ok).',
    ]);
    expect(lines(draft, 'not-known')).toEqual(['Mailing lists: nothing watches it.']);
    expect(lines(draft, 'cause')).toEqual([
      'GAP What was the cause? The desk cannot know it.',
      'Kim wrote on web1 at 04:32:10: “ownership of the web root was wrong since the patches of Wednesday; set it back”',
    ]);
    expect(lines(draft, 'actions')).toEqual(['GAP What do we do about it, who does it, and by when?']);
    const table = draft.sections.flatMap((section) => section.blocks).find((block) => block.kind === 'table');
    expect(table?.kind === 'table' && table.columns).toEqual(['Time (PST)', 'Event', 'By']);
    expect(lines(draft, 'timeline')[0]).toBe(
      '04:02:10 | Soft: 3 checks until 04:02:25 (HTTP on web1, HTTPS on web1 and HTTP of web sites) | Nightdesk',
    );
    expect(lines(draft, 'timeline')).toContain('04:04:02 | Acknowledged: HTTP and HTTPS on web1 fail: “restarting it by hand” | Kim');
  });

  it('an upstream that drops prefixes: the circuit is not called well, only its gateway', () => {
    const draft = draftIncident(upstreamDropsPrefixes());
    expectSound(draft);
    expect(draft.subtitle).toContain('all times EDT (UTC−4) · 2 h so far');
    expect(lines(draft, 'not-affected')).toEqual([
      'The gateways of Cox and Level3 answered throughout (520 of 520 results ok).',
      'Address ranges: 198.18.11.0/24 and 198.18.12.0/24 answered throughout (1560 of 1560 results ok).',
    ]);
    expect(lines(draft, 'summary')).toContain('All 3 were still open at 05:18:40, 2 h after the first symptom.');
    expect(lines(draft, 'summary')).toContain('Nobody is on record as having taken it on.');
  });

  it('mail that cannot be read: delivery worked, and what has a hole in its record is not known', () => {
    const draft = draftIncident(mailCannotBeRead());
    expectSound(draft);
    expect(lines(draft, 'affected')).toEqual([
      'Mail for example.net (IMAP login and POP3 login): down from 05:25:00 to 08:25:00 (3 h): login refused: NO [UNAVAILABLE].',
    ]);
    expect(lines(draft, 'not-affected')).toEqual(['SMTP and submission of example.net worked throughout (800 of 800 results ok).']);
    expect(lines(draft, 'not-known')).toEqual(['web1: no result of Ping for 14 min.']);
    const covered = draft.evidence.find((it) => it.source.kind === 'coverage' && it.source.checks.includes('mail-sd/smtp'));
    expect(covered?.source).toEqual({
      kind: 'coverage',
      checks: ['mail-sd/smtp', 'mail-sd/submission'],
      n: 800,
      ok: 800,
      longestGapMs: 31_000,
    });
    expect(covered?.text).toBe(
      'Results of SMTP and submission of example.net (2 checks), 05:15:00 to 08:35:00: 800 of 800 ok, longest time without one 31 s',
    );
  });
});

describe('what is called not affected', () => {
  const web1 = thing('host', 'web1');
  const web2 = thing('host', 'web2');
  const http = check(web1, 'http');
  const other = check(web2, 'http');
  const alert = alertOf(web1, { checks: [http.id], endedAt: 20 * MINUTE });
  const limit = 2 * other.intervalMs + other.timeoutMs;
  const make = (more: Partial<DraftInput>, extra: EventDraft[] = []): Draft => {
    const draft = draftIncident(
      story({
        alerts: [alert],
        subjects: [web1, web2],
        plans: [http, other],
        lines: [...outage(http, 0, 20 * MINUTE, verdict('down', 'refused')), ...alertLines(alert), ...extra],
        ...more,
      }),
    );
    expectSound(draft);
    return draft;
  };
  const table: [string, DraftInput['coverage'], string[], string[]][] = [
    ['every result ok, no hole', { [other.id]: coverage(120, 120, limit) }, ['web2 worked throughout (120 of 120 results ok).'], []],
    ['a hole', { [other.id]: coverage(120, 120, limit + 1) }, [], ['web2: no result of HTTP for 1 min 5 s.']],
    [
      'one bad result',
      { [other.id]: coverage(120, 119) },
      [],
      ['web2: 1 of 120 results of HTTP not ok, never so many in a row that it was called a failure.'],
    ],
    ['no samples', { [other.id]: coverage(0, 0, HOUR) }, [], ['web2: no result of HTTP at all.']],
    ['nothing at all', {}, [], ['web2: no result of HTTP at all.']],
  ];
  it.each(table)('%s', (_what, figures, worked, notKnown) => {
    const draft = make({ coverage: figures });
    expect([lines(draft, 'not-affected'), lines(draft, 'not-known')]).toEqual([worked, notKnown]);
  });
  it('is never what failed by an alert of its own, which is named instead', () => {
    const draft = make({ coverage: { [other.id]: coverage(120) } }, outage(other, 5 * MINUTE, 6 * MINUTE, verdict('down', 'refused')));
    expect(lines(draft, 'not-affected')).toEqual([]);
    expect(lines(draft, 'affected')).toContain('At the same time there was trouble of its own with web2; it is not part of this report.');
  });

  const shop = thing('service', 'shop', { audience: 'the shop', hosts: ['web1', 'web2'] });
  const pay = thing('service', 'pay', { name: 'payments', hosts: ['web2'], dependsOn: [['web1']] });
  it('a service without checks of its own is known by its hosts, and not beyond', () => {
    const draft = make({ subjects: [web1, web2, shop, pay], coverage: { [other.id]: coverage(120) } });
    expect(lines(draft, 'not-known')).toEqual([
      'The shop: it has no check of its own, and web1 was affected.',
      'Payments: it has no check of its own, and depends on web1, which was affected.',
    ]);
  });
  it('and is affected when every host that carries it was down at once', () => {
    const both = [alert, alertOf(web2, { checks: [other.id], endedAt: 20 * MINUTE })];
    const draft = make({ subjects: [web1, web2, shop], alerts: both }, outage(other, 5 * MINUTE, 30 * MINUTE, verdict('down', 'refused')));
    expect(lines(draft, 'affected')[0]).toBe('The shop: down from 00:05:00 to 00:20:00 (15 min), as web1 and web2 were all down.');
  });
});

describe('drafts at the edges', () => {
  const web1 = thing('host', 'web1');
  const http = check(web1, 'http');
  const down = verdict('down', 'refused', 'connection refused');

  it('a quiet stretch', () => {
    const draft = draftIncident(story({ subjects: [web1], plans: [http], coverage: { [http.id]: coverage(120) }, lines: [] }));
    expectSound(draft);
    expect([draft.title, lines(draft, 'summary')]).toEqual([
      'No trouble 00:00:00 to 01:00:00',
      ['There was no alert from 00:00:00 to 01:00:00.'],
    ]);
    expect(lines(draft, 'not-affected')).toEqual(['web1 worked throughout (120 of 120 results ok).']);
  });
  it('nothing watched at all', () => expectSound(draftIncident(story({ lines: [] }))));
  it('takes the title it is given', () =>
    expect(draftIncident(story({ title: ' Mail\nwas \x1b[1mdown ', lines: [] })).title).toBe('Mail was down'));
  it('an old alert whose own lines are gone still has evidence', () => {
    const draft = draftIncident(
      story({
        from: 10 * HOUR,
        to: 11 * HOUR,
        subjects: [web1],
        plans: [http],
        alerts: [alertOf(web1, { checks: [http.id], firstAt: HOUR, raisedAt: HOUR })],
        lines: [],
      }),
    );
    expectSound(draft);
    expect(draft.evidence[0]?.source.kind).toBe('alert');
    expect(lines(draft, 'affected')).toEqual(['web1: down since 01:00:00, still so as of 11:00:00 (10 h).']);
  });
  it('says that a thing left the inventory, not that it recovered', () => {
    const alert = alertOf(web1, { checks: [http.id], endedAt: 20 * MINUTE });
    const closing: EventDraft = {
      at: 20 * MINUTE,
      kind: 'alert-closed',
      subject: alert.subject,
      actor: 'engine',
      payload: { alert: alert.id, title: alert.title, why: 'it is no longer in the inventory' },
    };
    const draft = draftIncident(story({ alerts: [alert], lines: [...outage(http, 0, null, down), closing] }));
    expectSound(draft);
    expect(lines(draft, 'summary')).toContain('Whether “web1 is down” recovered is not known, as it is no longer in the inventory.');
    expect(lines(draft, 'affected')).toEqual([
      'web1 (no longer in the inventory): down from 00:00:00 to 00:20:00 (20 min), when it left the inventory: connection refused.',
    ]);
  });
  it('says when nobody was watching', () => {
    const gap: EventDraft = {
      at: 30 * MINUTE,
      kind: 'gap',
      subject: null,
      actor: 'engine',
      payload: { from: 10 * MINUTE, to: 30 * MINUTE, cause: 'asleep-or-frozen' },
    };
    const draft = draftIncident(story({ subjects: [web1], plans: [http], lines: [gap] }));
    expectSound(draft);
    expect(lines(draft, 'summary')).toContain('Nothing was watched from 00:10:00 to 00:30:00 (20 min); what happened then is not known.');
  });
  it('names the days where there are two, and each zone in the night the clocks change', () => {
    // 1 November 2026, 01:30 PDT; an hour later it is 01:30 again, PST.
    const begin = Date.parse('2026-11-01T01:30:00-07:00');
    const alert = alertOf(web1, { checks: [http.id], firstAt: begin, raisedAt: begin, endedAt: begin + HOUR });
    const part = {
      alerts: [alert],
      subjects: [web1],
      plans: [http],
      zone: 'America/Los_Angeles',
      lines: outage(http, begin, begin + HOUR, down),
    };
    const changed = draftIncident(story({ ...part, from: begin - MINUTE, to: begin + 2 * HOUR }));
    expect(lines(changed, 'affected')[0]).toBe('web1: down from 01:30:00 PDT to 01:30:00 PST (1 h): connection refused.');
    expect(changed.subtitle).toContain('times in America/Los_Angeles, the zone stands with each');
    const days = draftIncident(story({ ...part, zone: 'UTC', from: begin - 9 * HOUR, to: begin + 2 * HOUR }));
    expect(lines(days, 'summary')[0]).toBe('The first symptom came on 1 November at 08:30:00: HTTP on web1, connection refused.');
    expect(lines(days, 'timeline')[0]).toMatch(/^2026-11-01 08:30:00 \| Soft/);
    expect(days.subtitle).toContain('Saturday 31 October 2026 to Sunday 1 November 2026 · all times UTC');
  });
  it('leaves out what belongs to others, and keeps what people wrote about the night', () => {
    const web2 = thing('host', 'web2');
    const alert = alertOf(web1, { checks: [http.id], endedAt: 20 * MINUTE });
    const note = (text: string, subject: { kind: 'host'; id: string } | null): EventDraft => ({
      at: MINUTE,
      kind: 'note',
      actor: 'Kim',
      subject,
      payload: { text },
    });
    const lines1 = [
      ...outage(http, 0, 20 * MINUTE, down),
      ...outage(check(web2, 'http'), 0, MINUTE, down),
      note('about web2', { kind: 'host', id: 'web2' }),
      note('about the night', null),
    ];
    const draft = draftIncident(story({ alerts: [alert], subjects: [web1, web2], plans: [http, check(web2, 'http')], lines: lines1 }));
    const told = lines(draft, 'timeline').join('\n');
    expect(told).toContain('about the night');
    expect(told).not.toContain('web2');
  });
});

describe('long nights', () => {
  const down = verdict('down', 'refused', 'connection refused');
  it('folds a flapping check into one row and keeps its beginning and its end', () => {
    const web1 = thing('host', 'web1');
    const http = check(web1, 'http');
    const flaps = Array.from({ length: 100 }, (_, n) => outage(http, n * MINUTE, n * MINUTE + 40 * SECOND, down)).flat();
    const alert = alertOf(web1, { checks: [http.id], endedAt: 100 * MINUTE });
    const draft = draftIncident(story({ to: 2 * HOUR, alerts: [alert], subjects: [web1], plans: [http], lines: flaps }));
    expectSound(draft);
    const rows = lines(draft, 'timeline');
    expect(rows).toHaveLength(5);
    expect(rows[3]).toBe(
      '00:00:40 | Again and again: 99 × recovered, 198 × soft and 99 × down until 01:39:20; the first: HTTP on web1: answers | Nightdesk',
    );
    expect(rows[4]).toMatch(/Recovered: HTTP on web1/);
    expect(lines(draft, 'affected')[0]).toBe('web1: down 100 times between 00:00:00 and 01:39:40 (1 h 6 min in all): connection refused.');
  });
  it('stays readable when everything fails at once, and loses nothing that people did', () => {
    const hosts = Array.from({ length: 300 }, (_, n) => thing('host', `host${n}`));
    const plans = hosts.flatMap((host) => [check(host, 'icmp'), check(host, 'http')]);
    const alerts = hosts.map((host, n) =>
      alertOf(host, {
        checks: [`${host.id}/icmp`, `${host.id}/http`],
        firstAt: n * SECOND,
        raisedAt: n * SECOND + 20_000,
        endedAt: 40 * MINUTE + n * SECOND,
      }),
    );
    const night: EventDraft[] = [
      ...plans.flatMap((plan, n) => outage(plan, Math.floor(n / 2) * SECOND, 40 * MINUTE + n * 500, down)),
      ...alerts.flatMap(alertLines),
      ...Array.from(
        { length: 250 },
        (_, n): EventDraft => ({ at: n * 10_000, kind: 'note', actor: 'Kim', subject: null, payload: { text: `note ${n}` } }),
      ),
    ];
    const started = cpuMs();
    const draft = draftIncident(story({ to: 2 * HOUR, alerts, subjects: hosts, plans, lines: night }));
    expect(cpuMs() - started).toBeLessThan(3_000);
    expectSound(draft);
    const rows = lines(draft, 'timeline');
    expect(rows.length).toBeLessThanOrEqual(mostRows);
    expect(rows.filter((row) => row.includes('Left out:'))).toHaveLength(1);
    expect(lines(draft, 'affected').length).toBeLessThanOrEqual(41);
    expect(lines(draft, 'affected').at(-1)).toMatch(/^260 more servers: host40/);
    expect(lines(draft, 'summary').join(' ')).toContain('600 of 600 checks failed');
  });
});

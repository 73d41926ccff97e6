import { describe, expect, it } from 'vitest';
import { find } from '../../../renderer/desk/find.ts';
import { changesOf, emptyForm, formOf, readTimes } from '../../../renderer/incidents/incident-form.ts';
import { enteredText, factsOf, headlineOf, linesOf, owedText, spanOf, spanText } from '../../../renderer/incidents/incident-words.ts';
import { logWords, mergeLog } from '../../../renderer/incidents/log-rows.ts';
import { quickNames } from '../../../renderer/incidents/quick-names.ts';
import { kindsOf, passes } from '../../../renderer/timeline/filter.ts';
import { isAbout } from '../../../shared/incidents/about.ts';
import { namesOf } from '../../../shared/model/describe-event.ts';
import type { NightEvent } from '../../../shared/model/event.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import { DAY, HOUR, MINUTE } from '../../../shared/time.ts';
import { incidentOf } from '../../support/report-cases.ts';

const zone = 'America/Los_Angeles';
/** Friday 20 November 2026, 05:39 PST. */
const now = Date.parse('2026-11-20T05:39:00-08:00');
const cox = { kind: 'link', id: 'cox', name: 'Cox', site: 'sd', note: '', audience: '', dependsOn: [], hosts: [] } as const;
const names = namesOf([cox as never], []);
const incident = (more: Partial<Incident> = {}): Incident =>
  incidentOf({
    id: 'A',
    title: 'Cox drops three ranges',
    severity: 'major',
    status: 'investigating',
    openedAt: now - 2 * HOUR,
    ...more,
  });
const owed = (more: Partial<Incident['owed'][number]> = {}) => ({
  id: 'o',
  with: 'cox',
  what: 'RFO',
  since: now - HOUR,
  dueAt: null,
  receivedAt: null,
  ...more,
});

it('what is owed without a date is told with the day of the promise', () => {
  expect(owedText(owed(), names, zone, now)).toBe('RFO from Cox is owed since 04:39 PST');
});

describe('when an incident was', () => {
  const alerts = { a: { firstAt: now - 3 * HOUR, endedAt: null }, b: { firstAt: now - 2 * HOUR, endedAt: now - HOUR } };
  it.each([
    ['open, from the first symptom on', incident({ alerts: ['a', 'b'] }), 'since 02:39 PST · 3 h'],
    ['resolved, with its alert over', incident({ alerts: ['b'], status: 'resolved', resolvedAt: now }), 'today 03:39–04:39 PST · 1 h'],
    ['by the say of a person', incident({ from: now - DAY, to: now - DAY + HOUR, status: 'resolved' }), 'Thu 19 Nov 05:39–06:39 PST · 1 h'],
    [
      'with old alerts that are not at hand',
      incident({ alerts: ['gone'], status: 'reported', resolvedAt: now }),
      'opened 03:39 PST, resolved 05:39 PST',
    ],
    ['by hand, and still open', incident(), 'since 03:39 PST · 2 h'],
  ])('%s', (_what, it, text) => {
    expect(spanText(spanOf(it, alerts), zone, now)).toBe(text);
  });
});

describe('what waits', () => {
  it('is said with the late ones first', () => {
    const waiting = [{ id: 'w', with: 'cox', text: 'they look', since: now - 14 * MINUTE, endedAt: null }];
    const it = incident({
      waiting,
      owed: [owed({ dueAt: now - 2 * DAY })],
      customers: 12,
      progress: { done: 7, total: 43, what: 'sites', at: now },
    });
    expect(factsOf(it, names, zone, now)).toEqual([
      { key: 'o', text: 'RFO from Cox is 2 d overdue', tone: 'late' },
      { key: 'w', text: 'waiting for Cox for 14 min', tone: 'waits' },
      { key: 'customers', text: '12 customers have reported it', tone: 'plain' },
      { key: 'progress', text: '7 of 43 sites', tone: 'plain' },
    ]);
  });
  it('is not said of what is in, or answered', () => {
    const waiting = [{ id: 'w', with: 'cox', text: 'x', since: now - HOUR, endedAt: now }];
    expect(factsOf(incident({ waiting, owed: [owed({ receivedAt: now })] }), names, zone, now)).toEqual([]);
  });
});

describe('the list', () => {
  it('has the worst open one first, then what is still to be done, then the rest, and no merged ones', () => {
    const all = [
      incident({ id: 'done', status: 'reported' }),
      incident({ id: 'minor', severity: 'minor' }),
      incident({ id: 'owes', status: 'reported', owed: [owed()] }),
      incident({ id: 'merged', mergedInto: 'minor' }),
      incident({ id: 'critical', severity: 'critical', openedAt: now }),
      incident({ id: 'over', status: 'resolved' }),
    ];
    expect(linesOf(all).map((line) => line.key)).toEqual([
      'open',
      'critical',
      'minor',
      'to-report',
      'over',
      'owed',
      'owes',
      'done',
      'done',
    ]);
  });
  it.each([
    ['nothing', [], 'No incident is open'],
    ['one', [incident()], 'Cox drops three ranges'],
    ['several', [incident(), incident({ id: 'B', severity: 'critical', title: 'No mail' })], '2 incidents are open, the worst is: No mail'],
    ['only a debt', [incident({ status: 'reported', owed: [owed()] })], 'No incident is open. RFO from Cox is still owed'],
    [
      'a late debt',
      [incident({ status: 'reported', owed: [owed(), owed({ id: 'p', dueAt: now - DAY })] })],
      'No incident is open. RFO from Cox is overdue, and 1 more',
    ],
  ])('says in its first line: %s', (_what, all, text) => {
    expect(headlineOf(all, names, now).text).toBe(text);
  });
});

describe('the log', () => {
  const event = (id: string, at: number, more: object): NightEvent => ({ id, at, subject: null, actor: 'Kim', ...more }) as NightEvent;
  const note = (id: string, at: number, text = id) =>
    event(id, at, { kind: 'logged', payload: { incident: 'A', entry: { type: 'note', text }, enteredAt: null } });
  it('puts a line that was dated back where it happened, each line once', () => {
    const late = note('3', now - HOUR);
    const log = mergeLog([note('1', now - 2 * HOUR), note('2', now)], [late, note('2', now)], 'all');
    expect(log.map((it) => it.id)).toEqual(['2', '3', '1']);
  });
  it('tells people from the desk', () => {
    const byDesk = { ...note('2', now), actor: 'engine' };
    expect(mergeLog([note('1', now), byDesk], [], 'people').map((it) => it.id)).toEqual(['1']);
    expect(mergeLog([note('1', now), byDesk], [], 'desk').map((it) => it.id)).toEqual(['2']);
  });
  it.each([
    [
      'opened',
      { kind: 'incident-opened', payload: { incident: 'A', title: 'T', severity: 'major', alerts: [], afterwards: true } },
      'Opened: major, written down afterwards',
    ],
    [
      'a step',
      { kind: 'incident-status', payload: { incident: 'A', title: 'T', from: 'investigating', to: 'identified', reason: 'a filter' } },
      'Identified: from investigating to identified: “a filter”',
    ],
    [
      'a step back',
      { kind: 'incident-status', payload: { incident: 'A', title: 'T', from: 'reported', to: 'monitoring', reason: '' } },
      'Reopened: from reported to monitoring',
    ],
    [
      'another one goes on here',
      { kind: 'incident-merged', payload: { incident: 'B', title: 'Second', into: 'A', intoTitle: 'T' } },
      'Merged: “Second” goes on here',
    ],
    [
      'it goes on elsewhere',
      { kind: 'incident-merged', payload: { incident: 'A', title: 'T', into: 'B', intoTitle: 'Second' } },
      'Incident: T goes on as part of “Second”',
    ],
    [
      'what people wrote, harmless',
      { kind: 'logged', payload: { incident: 'A', entry: { type: 'note', text: 'a\u202eb\nc' }, enteredAt: now } },
      'Note: a b c',
    ],
  ])('words: %s', (_what, it, text) => {
    const words = logWords(event('1', now, it), 'A', names);
    expect(`${words.label}: ${words.text}`).toBe(text);
  });
  it('says when a line was entered later', () => {
    expect(enteredText(now, now - HOUR, zone)).toBe('entered later, 05:39 PST');
    expect(enteredText(now, now - 2 * DAY, zone)).toBe('entered later, Fri 20 Nov 05:39 PST, 2 d after it');
  });
  it('takes its own lines, those of what was merged into it and those of its alerts, and no others', () => {
    const it = { id: 'A', merged: ['B'], alerts: ['x'] };
    const of = (kind: string, payload: object) => isAbout(event('1', now, { kind, payload }), it);
    expect(of('logged', { incident: 'B' })).toBe(true);
    expect(of('logged', { incident: null })).toBe(false);
    expect(of('incident-merged', { incident: 'C', into: 'B' })).toBe(true);
    expect(of('acknowledged', { alert: 'x' })).toBe(true);
    expect(of('traced', { alert: null })).toBe(false);
    expect(of('notified', { alerts: ['y', 'x'] })).toBe(true);
    expect(of('notified', { alerts: ['y'] })).toBe(false);
    expect(of('hard', { check: 'x' })).toBe(false);
  });
  it('is a part of the filter of the timeline', () => {
    const kinds = kindsOf(['incidents']);
    expect(kinds).toContain('logged');
    expect(passes(note('1', now, 'fans'), { kinds, subjects: null, text: 'fans' }, names)).toBe(true);
    expect(passes(note('1', now), { kinds: kindsOf(['people']), subjects: null, text: '' }, names)).toBe(false);
  });
});

describe('the form', () => {
  it('changes nothing that was not touched, though it shows minutes only', () => {
    const it = incident({ from: now - HOUR - 17_250, to: now - 12_345, lead: 'Kim', subjects: ['cox'] });
    const form = formOf(it, zone);
    expect(changesOf(it, form, readTimes(form, zone, now))).toEqual([]);
  });
  it('sends what was changed', () => {
    const it = incident({ lead: 'Kim' });
    const form = {
      ...formOf(it, zone),
      title: 'Routes lost',
      severity: 'critical' as const,
      lead: ' ',
      times: 'said' as const,
      from: { day: '2026-11-20', time: '03:18' },
    };
    expect(changesOf(it, form, readTimes(form, zone, now))).toEqual([
      { kind: 'title', title: 'Routes lost' },
      { kind: 'severity', severity: 'critical' },
      { kind: 'lead', lead: null },
      { kind: 'times', from: Date.parse('2026-11-20T03:18:00-08:00'), to: null },
    ]);
  });
  it.each([
    ['the future', { day: '2026-11-20', time: '06:00' }, { day: '', time: '' }, { from: 'It cannot begin in the future.' }],
    [
      'an end before the beginning',
      { day: '2026-11-20', time: '04:00' },
      { day: '2026-11-20', time: '03:00' },
      { to: 'The end must come after the beginning.' },
    ],
    [
      'an end in the future',
      { day: '2026-11-20', time: '04:00' },
      { day: '2026-11-20', time: '07:00' },
      { to: 'It cannot have ended in the future.' },
    ],
    ['half an end', { day: '2026-11-20', time: '04:00' }, { day: '2026-11-20', time: '' }, { to: 'Write the time, such as 22:00.' }],
    ['an open end', { day: '2026-11-20', time: '04:00' }, { day: '', time: '' }, {}],
  ])('reads %s', (_what, from, to, problems) => {
    expect(readTimes({ ...emptyForm(''), times: 'said', from, to }, zone, now).problems).toEqual(problems);
  });
});

it('Find finds an incident by its title and how it stands, not by its id', () => {
  const tables = {
    subjects: {},
    plans: {},
    incidents: { a: incident({ id: '01KX199' }), b: incident({ id: 'b', title: 'Mail 199', status: 'resolved' }) },
  };
  expect(find(tables, '199').map((it) => it.incident?.id)).toEqual(['b']);
  expect(find(tables, 'incident investigating').map((it) => it.incident?.id)).toEqual(['01KX199']);
});

it('names of the quick line: those of the incident first', () => {
  const link = (id: string, site: string) => ({ ...cox, id, site, name: 'Cox' }) as never;
  const subjects = { la: link('la', 'west'), sd: link('sd', 'south'), web: { ...cox, id: 'web', kind: 'host', site: 'south' } as never };
  const alerts = { x: { subject: { kind: 'host', id: 'web' } } as never };
  expect(quickNames(incident({ alerts: ['x'] }), subjects, alerts).map((it) => it.id)).toEqual(['sd', 'la']);
});

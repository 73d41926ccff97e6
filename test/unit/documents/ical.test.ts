import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toCalendar } from '../../../shared/documents/ical.ts';
import { changeWindow } from '../../../shared/maintenance/plan.ts';
import type { MaintenanceWindow } from '../../../shared/model/maintenance.ts';
import { DAY, HOUR, MINUTE } from '../../../shared/time.ts';
import { hostile } from '../../support/hostile-text.ts';

const now = Date.UTC(2026, 10, 20, 12);
const from = Date.UTC(2026, 10, 25, 22);
const work: MaintenanceWindow = {
  id: '01WORK',
  name: 'New disks',
  kind: 'fixed',
  from,
  to: from + 2 * HOUR,
  durationMs: null,
  schedule: null,
  affects: ['web1'],
  spares: [],
  reason: '',
  source: 'desk',
  by: 'Ada',
  createdAt: now - DAY,
  startedAt: null,
  endedAt: null,
  cancelledAt: null,
  skipped: [],
};
const weekly: MaintenanceWindow = {
  ...work,
  kind: 'recurring',
  from: Date.UTC(2026, 10, 1),
  to: null,
  durationMs: 30 * MINUTE,
  schedule: { cron: '0 4 * * 0', zone: 'America/Los_Angeles' },
};
const said = { summary: 'New disks', description: 'What happens', organization: 'Example Hosting', sequence: 0, now };
const calendar = (window: MaintenanceWindow, more: Partial<typeof said> = {}): string => {
  const made = toCalendar({ window, ...said, ...more });
  if (!made.ok) throw new Error(made.failure.text);
  return made.value;
};
type Props = Record<string, string>;
/** As a calendar reads it (RFC 5545, 3.1): unfolded, each component with its properties. */
function read(ics: string): { kind: string; props: Props; within: string }[] {
  expect(ics.endsWith('\r\n')).toBe(true);
  const lines = ics.replaceAll('\r\n ', '').slice(0, -2).split('\r\n');
  const open: { kind: string; props: Props; within: string }[] = [];
  const all: typeof open = [];
  for (const line of lines) {
    const [, name = '', value = ''] = /^([A-Z-]+(?:;[A-Z]+=[^:;]+)*):(.*)$/s.exec(line) ?? [];
    expect([line, name === '']).toEqual([line, false]);
    if (name === 'BEGIN') {
      const it = { kind: value, props: {}, within: open.at(-1)?.kind ?? '' };
      open.push(it);
      all.push(it);
    } else if (name === 'END') expect(open.pop()?.kind).toBe(value);
    else {
      const props = open.at(-1)?.props ?? {};
      props[name] = name in props ? `${props[name]},${value}` : value;
    }
  }
  expect(open).toEqual([]);
  return all;
}
const events = (ics: string): Props[] => read(ics).flatMap((it) => (it.kind === 'VEVENT' ? [it.props] : []));
const bytes = (text: string): number => new TextEncoder().encode(text).length;

describe('planned work as a calendar', () => {
  it('a fixed time, in UTC', () => {
    const ics = calendar(work);
    expect(read(ics)[0]?.props).toMatchObject({ VERSION: '2.0', METHOD: 'PUBLISH' });
    expect(events(ics)).toEqual([
      {
        UID: '01WORK@example-hosting.nightdesk',
        DTSTAMP: '20261120T120000Z',
        CREATED: '20261119T120000Z',
        DTSTART: '20261125T220000Z',
        DTEND: '20261126T000000Z',
        SEQUENCE: '0',
        STATUS: 'CONFIRMED',
        SUMMARY: 'New disks',
        DESCRIPTION: 'What happens',
        CATEGORIES: 'MAINTENANCE',
        TRANSP: 'TRANSPARENT',
      },
    ]);
  });
  it('postponed: the same event, a higher sequence', () => {
    const moved = changeWindow(work, { kind: 'postpone', from: from + 7 * DAY, to: null }, {
      by: 'Ada',
      reason: 'disks are late',
      now,
      zone: 'UTC',
      overruns: false,
    } as never);
    if (!moved.ok) throw new Error('not moved');
    const [before] = events(calendar(work));
    const [after] = events(calendar(moved.value.window, { sequence: 1 }));
    expect(after?.UID).toBe(before?.UID);
    expect([after?.SEQUENCE, after?.DTSTART, after?.DTEND]).toEqual(['1', '20261202T220000Z', '20261203T000000Z']);
  });
  it.each<[string, MaintenanceWindow, Props]>([
    ['called off', { ...work, cancelledAt: now }, { STATUS: 'CANCELLED', DTSTART: '20261125T220000Z', DTEND: '20261126T000000Z' }],
    ['without an end', { ...work, kind: 'open-ended', to: null }, { DTSTART: '20261125T220000Z', STATUS: 'CONFIRMED' }],
    [
      'flexible: between these',
      { ...work, kind: 'flexible', durationMs: HOUR },
      { DTSTART: '20261125T220000Z', DTEND: '20261126T000000Z' },
    ],
    ['by its duration', { ...work, to: null, durationMs: HOUR }, { DTEND: '20261125T230000Z' }],
    ['of an id that is no plain word', { ...work, id: 'inventory:Ün named;x' }, { UID: 'inventory-Un-named-x@example-hosting.nightdesk' }],
  ])('%s', (_name, window, props) => {
    const [event] = events(calendar(window));
    expect(event).toMatchObject(props);
    if (window.kind === 'open-ended') expect(event).not.toHaveProperty('DTEND');
  });
  it('each week at the same hour: a rule in its zone, with every change of the clocks', () => {
    const ics = calendar({ ...weekly, skipped: [Date.UTC(2026, 11, 6, 12)] });
    const [event, more] = events(ics);
    expect(more).toBeUndefined();
    expect(event).toMatchObject({
      'DTSTART;TZID=America/Los_Angeles': '20261101T040000',
      DURATION: 'PT1800S',
      'EXDATE;TZID=America/Los_Angeles': '20261206T040000',
    });
    expect(event?.RRULE).toMatch(/^FREQ=WEEKLY;BYDAY=SU;UNTIL=2031\d{4}T\d{6}Z$/);
    const zone = read(ics).filter((it) => it.within === 'VTIMEZONE');
    expect(zone.length).toBeGreaterThan(9);
    expect(zone.map((it) => it.props)).toContainEqual({ DTSTART: '20270314T020000', TZOFFSETFROM: '-0800', TZOFFSETTO: '-0700' });
    expect(zone.find((it) => it.props.DTSTART === '20270314T020000')?.kind).toBe('DAYLIGHT');
    expect(zone.find((it) => it.props.DTSTART === '20271107T020000')).toMatchObject({
      kind: 'STANDARD',
      props: { TZOFFSETFROM: '-0700', TZOFFSETTO: '-0800' },
    });
  });
  it('one that ended otherwise stands beside the series', () => {
    const at = Date.UTC(2026, 10, 8, 12);
    const all = events(calendar({ ...weekly, ends: [{ at, to: at + HOUR, finished: false }] }));
    expect(all).toHaveLength(2);
    expect(all[1]).toMatchObject({
      UID: all[0]?.UID,
      'RECURRENCE-ID;TZID=America/Los_Angeles': '20261108T040000',
      'DTEND;TZID=America/Los_Angeles': '20261108T050000',
    });
  });
  it.each([
    ['at 02:30, which one night does not have', '30 2 * * *', 'America/Los_Angeles'],
    ['by a line that is not plain', '0 4 1-7 * 0', 'UTC'],
  ])('%s: single times of a year', (_name, cron, zone) => {
    const all = events(calendar({ ...weekly, schedule: { cron, zone } }));
    expect(all.length).toBeGreaterThan(10);
    expect(new Set(all.map((it) => it.UID)).size).toBe(all.length);
    for (const it of all) {
      expect(it).not.toHaveProperty('RRULE');
      expect(it.DTSTART).toMatch(/^202[67]\d{4}T\d{6}Z$/);
    }
  });
  it('single times that do not take place are called off', () => {
    const odd = { ...weekly, schedule: { cron: '0 4 1-7 * 0', zone: 'UTC' } };
    const [first] = events(calendar(odd));
    const at = Date.parse((first?.DTSTART ?? '').replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z'));
    const again = events(calendar({ ...odd, skipped: [at] })).find((it) => it.UID === first?.UID);
    expect(again?.STATUS).toBe('CANCELLED');
  });
  it('without a day, or over: a sentence', () => {
    expect(toCalendar({ window: { ...work, from: null, to: null }, ...said })).toMatchObject({
      ok: false,
      failure: { text: expect.stringMatching(/day of this work is not fixed/) },
    });
    const over = { ...weekly, to: Date.UTC(2026, 10, 2), schedule: { cron: '0 4 1-7 * 0', zone: 'UTC' } };
    expect(toCalendar({ window: over, ...said })).toMatchObject({ ok: false, failure: { text: expect.stringMatching(/still to come/) } });
  });
  it('hostile words stay words: no line of theirs, no line too long', () => {
    fc.assert(
      fc.property(
        fc.oneof(hostile, fc.constantFrom('a\r\nATTACH:http://evil.test', 'x\nEND:VEVENT', 'é'.repeat(200), '漢字🎉'.repeat(60), ';,\\')),
        (bad) => {
          const ics = calendar({ ...work, id: bad, name: bad }, { summary: bad, description: `${bad}\n${bad}`, organization: bad });
          const shape = read(ics);
          expect(shape.map((it) => it.kind)).toEqual(['VCALENDAR', 'VEVENT']);
          expect(Object.keys(shape[1]?.props ?? {}).sort()).toEqual(Object.keys(events(calendar(work))[0] ?? {}).sort());
          for (const line of ics.split('\r\n')) expect(bytes(line)).toBeLessThanOrEqual(75);
          expect(ics.replaceAll('\r\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** What a report is made of, read from a real store: lines of people however many there are of checks, reasons, backups, months. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gatherInput } from '../../electron/store/gather-input.ts';
import { openStore, type Store } from '../../electron/store/store.ts';
import { reportFacts } from '../../shared/incident/report-facts.ts';
import type { EventDraft, NightEvent } from '../../shared/model/event.ts';
import { slaSchema } from '../../shared/model/inventory-sla.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { plan } from '../support/plans.ts';
import { incidentOf, line } from '../support/report-cases.ts';
import { alertOf, check, outage, thing, verdict } from '../support/story.ts';

const from = Date.UTC(2026, 10, 18, 3);
const forever = { rawMs: Number.MAX_SAFE_INTEGER, minutesMs: Number.MAX_SAFE_INTEGER, hoursMs: Number.MAX_SAFE_INTEGER };
const web = thing('host', 'web1', { site: 'sd' });
const site = thing('site', 'sd', { sla: slaSchema.parse({ target: 99.9, terms: [{ kind: 'day-per', every: '30m' }] }) });
const [http, saved] = [check(web, 'http'), check(web, 'backup')];
const watch = plan({ subjects: [site, web], checks: [http, saved] });
const alert = alertOf(web, { checks: [http.id], firstAt: from, raisedAt: from + 20 * SECOND, endedAt: from + 2 * HOUR });

let folder = '';
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightdesk-store-'));
  const opened = openStore({ folder, now: () => from + DAY, retention: forever });
  if (!opened.ok) throw new Error(opened.failure.text);
  store = opened.value.store;
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

let written = 0;
/** In the order in which they are written, which gives them their ids. */
const put = (drafts: EventDraft[]): void => {
  const events = drafts.map((draft) => {
    written += 1;
    return { ...draft, id: `E${String(written).padStart(8, '0')}` } as NightEvent;
  });
  expect(store.commit({ events }).ok).toBe(true);
};
const about = { alerts: [alert], from, to: from + 2 * HOUR, title: null, zone: 'UTC' };
const soft = (at: number): EventDraft => ({
  at,
  kind: 'soft',
  subject: http.subject,
  actor: 'engine',
  payload: { check: http.id, level: 'down', attempt: 1, of: 3, verdict: verdict('down', 'refused') },
});

test('single results are left out where there are very many, people and the beginning never', () => {
  put(outage(http, from, from + 2 * HOUR, verdict('down', 'refused', 'connection refused')));
  put(Array.from({ length: 6_000 }, (_, index) => soft(from + HOUR + index * 500)));
  put([line(from + HOUR, { type: 'note', text: 'looking' })]);
  const input = gatherInput(store, watch, { ...about, incident: incidentOf({ openedAt: from, alerts: [alert.id] }) }, from + DAY);
  expect(input.events.map((event) => event.kind)).toEqual(['soft', 'soft', 'hard', 'hard', 'logged']);
  expect(input.leftOut).toBe(6_000);
  expect(input.eventsCut).toBe(false);
  expect(reportFacts(input).firstSymptom?.evidence).toEqual([input.events[0]?.id]);
});

test('a few single results are all there', () => {
  put([...outage(http, from, from + HOUR, verdict('down', 'refused')), soft(from + 90 * MINUTE)]);
  expect(gatherInput(store, watch, about, from + DAY)).toMatchObject({ leftOut: 0, events: { length: 5 } });
});

test('a stretch of time that reaches into the future ends now: of what is still to come nothing is known', () => {
  const now = from + HOUR;
  expect(gatherInput(store, watch, { ...about, exact: true }, now).to).toBe(now);
  expect(gatherInput(store, watch, { ...about, exact: true }, from + DAY).to).toBe(about.to);
});

test('a line that was dated back stands where it happened; what was written days later is read, that of others is not', () => {
  put(outage(http, from, from + 2 * HOUR, verdict('down', 'refused')));
  put([
    line(from + 5 * SECOND, { type: 'note', text: 'dated back' }, 'Kim', from + 3 * HOUR),
    line(from + 3 * DAY, { type: 'root-cause', text: 'found at last' }),
    line(from + 3 * DAY, { type: 'root-cause', text: 'of another' }, 'Kim', null, 'I2'),
  ]);
  const incident = incidentOf({ openedAt: from, alerts: [alert.id] });
  const input = gatherInput(store, watch, { ...about, incident }, from + 5 * DAY);
  expect(
    input.events.map((event) => (event.kind === 'logged' ? ('text' in event.payload.entry ? event.payload.entry.text : '') : event.kind)),
  ).toEqual(['soft', 'dated back', 'soft', 'hard', 'hard', 'found at last']);
});

test('what set it off may lie hours or weeks before it: lines of its own log are read whenever they happened, those of others are not', () => {
  put(outage(http, from, from + 2 * HOUR, verdict('down', 'refused')));
  const later = from + 3 * HOUR;
  put([
    line(from - 3 * HOUR, { type: 'trigger', text: 'the switch was restarted' }, 'Kim', later),
    line(from - 20 * DAY, { type: 'contributing', text: 'its firmware is old' }, 'Kim', later),
    line(from - 3 * HOUR, { type: 'trigger', text: 'of another' }, 'Kim', later, 'I2'),
    line(from - 20 * DAY, { type: 'note', text: 'of the merged one' }, 'Kim', later, 'I3'),
    line(from - 20 * DAY, { type: 'note', text: 'of another, long ago' }, 'Kim', later, 'I2'),
  ]);
  const incident = incidentOf({ openedAt: from, alerts: [alert.id], merged: ['I3'] });
  const input = gatherInput(store, watch, { ...about, incident }, from + DAY);
  expect(
    input.events.flatMap((event) => (event.kind === 'logged' && 'text' in event.payload.entry ? event.payload.entry.text : [])),
  ).toEqual(['its firmware is old', 'of the merged one', 'the switch was restarted']);
  const facts = reportFacts(input);
  expect(facts.trigger).toMatchObject([{ text: 'the switch was restarted' }]);
  expect(facts.contributing).toMatchObject([{ text: 'its firmware is old' }]);
});

test('changes and planned work of the week before stand apart', () => {
  const change = (at: number): EventDraft => ({ at, kind: 'change', subject: http.subject, actor: 'Kim', payload: { text: 'patched' } });
  put([change(from - 8 * DAY), change(from - 3 * DAY), change(from - 10 * MINUTE)]);
  const input = gatherInput(store, watch, about, from + DAY);
  expect(input.earlier?.map((event) => event.at)).toEqual([from - 3 * DAY]);
  expect(input.events.map((event) => event.at)).toEqual([from - 10 * MINUTE]);
});

test('why checks failed, as a few stretches; the newest backup; and the month of what has an SLA', () => {
  const sample = (at: number, state: 'ok' | 'down', detail: string | null, value: number | null = null, id = http.id) => ({
    check: id,
    at,
    vantage: 'desk',
    value,
    state,
    detail,
  });
  store.commit({
    samples: [
      ...Array.from({ length: 60 }, (_, index) => sample(from + index * MINUTE, 'down', 'refused: connection refused on port 443')),
      ...Array.from({ length: 60 }, (_, index) =>
        sample(from + HOUR + index * MINUTE, 'down', 'text-missing: answers 200, but: no “Welcome”'),
      ),
      sample(from + 2 * HOUR, 'ok', null, 12.5),
      sample(from - 30 * MINUTE, 'ok', null, 11.5, saved.id),
      sample(from + 10 * MINUTE, 'ok', null, 0.1, saved.id),
    ],
    spells: [
      { check: http.id, at: from - DAY, standing: 'ok' },
      { check: http.id, at: from, standing: 'down' },
      { check: http.id, at: from + 2 * HOUR, standing: 'ok' },
    ],
  });
  put(outage(http, from, from + 2 * HOUR, verdict('down', 'refused')));
  const input = gatherInput(store, watch, about, from + 2 * HOUR + MINUTE);
  expect(input.seen?.[http.id]).toEqual([
    {
      from,
      to: from + 59 * MINUTE,
      state: 'down',
      reason: 'refused',
      text: 'connection refused on port 443',
      last: 'connection refused on port 443',
      most: null,
    },
    {
      from: from + HOUR,
      to: from + 119 * MINUTE,
      state: 'down',
      reason: 'text-missing',
      text: 'answers 200, but: no “Welcome”',
      last: 'answers 200, but: no “Welcome”',
      most: null,
    },
    { from: from + 2 * HOUR, to: from + 2 * HOUR, state: 'ok', reason: '', text: '', last: '', most: 12.5 },
  ]);
  expect(input.backups).toEqual({ [saved.id]: { at: from - 30 * MINUTE, newestAt: from - 12 * HOUR } });
  const facts = reportFacts(input);
  expect(facts.wrongContent).toMatchObject([{ id: 'web1', from: from + HOUR, to: from + 2 * HOUR }]);
  expect(facts.backups).toMatchObject([{ lossMs: 12 * HOUR }]);
  // The site was down: all that is known of it was.
  expect(facts.sla).toMatchObject([{ month: '2026-11', downMs: 2 * HOUR, met: false, percent: 13.333333, complete: false }]);
});

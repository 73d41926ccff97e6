/** What the store gives back: the timeline with its filter, alerts, states, coverage, history. On a real file. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Opened, openDatabase } from '../../electron/store/database.ts';
import { longestGap } from '../../electron/store/read-coverage.ts';
import { historyReader } from '../../electron/store/read-history.ts';
import { type Batch, type EventQuery, type Sample, type Store, storeOn } from '../../electron/store/store.ts';
import type { CheckState } from '../../shared/health/step.ts';
import type { Alert } from '../../shared/model/alert.ts';
import type { NightEvent } from '../../shared/model/event.ts';
import { levels } from '../../shared/model/words.ts';
import { paperOf } from '../support/papers.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const start = Date.UTC(2026, 10, 20);
const empty: Batch = {
  samples: [],
  events: [],
  states: [],
  alerts: [],
  spells: [],
  windows: [],
  silences: [],
  incidents: [],
  papers: [],
  documents: [],
};

let folder = '';
let now = start;
let db: Opened['db'];
let store: Store;
let nth = 0;
/** A new, empty store in place of the last. */
function renew() {
  nth += 1;
  const opened = openDatabase({ folder: join(folder, String(nth)), now });
  if (!opened.ok) throw new Error(opened.failure.text);
  db = opened.value.db;
  db.exec('PRAGMA synchronous = OFF');
  store = storeOn(opened.value, () => now, { rawMs: 7 * DAY, minutesMs: 90 * DAY, hoursMs: 1_825 * DAY });
}
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightdesk-store-'));
  now = start;
  renew();
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});
const put = (batch: Partial<Batch>) => {
  const result = store.commit({ ...empty, ...batch });
  if (!result.ok) throw new Error(result.failure.text);
};
const maintainAll = () => {
  for (let more = true; more; ) {
    const result = store.maintain();
    if (!result.ok) throw new Error(result.failure.text);
    more = result.value.more;
  }
};
const sample = (at: number, more: Partial<Sample> = {}): Sample => ({
  check: 'c',
  at,
  vantage: 'desk',
  value: 10,
  state: 'ok',
  detail: null,
  ...more,
});

describe('the timeline', () => {
  const id = (n: number) => `01${String(n).padStart(8, '0')}`;
  const note = (n: number, text: string, subject: NightEvent['subject'] = null, actor = 'Ada'): NightEvent => ({
    id: id(n),
    at: start + n * 1_000,
    kind: 'note',
    subject,
    actor,
    payload: { text },
  });
  const ask = (query: Partial<EventQuery> = {}) =>
    store
      .events({ before: null, limit: 100, kinds: null, subjects: null, text: null, from: null, to: null, ...query })
      .map((event) => Number(event.id.slice(2)));
  const web1 = { kind: 'host', id: 'web1' } as const;

  beforeEach(() => {
    put({
      events: [
        note(1, 'fan replaced', web1),
        note(2, 'Kabel "B" gezogen, Müller prüft', { kind: 'host', id: 'web2' }),
        note(3, '100% sure, path C:\\temp_x', null, 'Bob'),
        {
          id: id(4),
          at: start + 4_000,
          kind: 'hard',
          subject: web1,
          actor: 'engine',
          payload: {
            check: 'http.web1.main',
            from: 'ok',
            to: 'down',
            firstAt: start,
            verdict: { state: 'down', reason: 'refused', text: 'connection refused on port 443' },
          },
        },
        { id: id(5), at: start + 5_000, kind: 'engine-stopped', subject: null, actor: 'engine', payload: {} },
      ],
    });
  });

  test.each<[string, Partial<EventQuery>, number[]]>([
    ['newest first', {}, [5, 4, 3, 2, 1]],
    ['a page', { limit: 2 }, [5, 4]],
    ['the page after it', { limit: 2, before: id(4) }, [3, 2]],
    ['the last page', { limit: 2, before: id(2) }, [1]],
    ['nothing before the first', { before: id(1) }, []],
    ['of some kinds', { kinds: ['hard', 'engine-stopped'] }, [5, 4]],
    ['of no kind', { kinds: [] }, []],
    ['of a subject', { subjects: ['web1'] }, [4, 1]],
    ['of two subjects', { subjects: ['web1', 'web2'] }, [4, 2, 1]],
    ['from, included', { from: start + 4_000 }, [5, 4]],
    ['to, included', { to: start + 2_000 }, [2, 1]],
    ['words, whatever their case', { text: 'FAN Replaced' }, [1]],
    ['words deep in a payload', { text: 'port 443' }, [4]],
    ['a quote', { text: 'Kabel "B"' }, [2]],
    ['letters with marks', { text: 'Müller' }, [2]],
    ['a per cent sign is only that', { text: '0%' }, [3]],
    ['an underscore is only that', { text: 'tempx' }, []],
    ['an underscore', { text: 'temp_x' }, [3]],
    ['a backslash', { text: 'C:\\temp' }, [3]],
    ['the words of the format are not the words of the event', { text: 'verdict' }, []],
    ['nor its punctuation', { text: '":' }, []],
    ['who', { text: 'bob' }, [3]],
    ['on what', { text: 'web2' }, [2]],
    ['white space is no filter', { text: '  ' }, [5, 4, 3, 2, 1]],
    ['all at once', { text: 'e', subjects: ['web1'], kinds: ['hard'], from: start, to: start + 9_000, before: id(5), limit: 9 }, [4]],
  ])('%s', (_, query, found) => {
    expect(ask(query)).toEqual(found);
  });

  test('comes back as it went in', () => {
    expect(store.eventsOf([id(2), id(4), 'none'])).toEqual([
      note(2, 'Kabel "B" gezogen, Müller prüft', { kind: 'host', id: 'web2' }),
      store.recentEvents(2)[0],
    ]);
    expect(store.recentEvents(2).map((event) => event.id)).toEqual([id(4), id(5)]);
  });

  test('paging sees every event once, whatever the page', () => {
    put({ events: Array.from({ length: 95 }, (_, n) => note(n + 6, `n ${n}`)) });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), (limit) => {
        const seen: number[] = [];
        for (let page = ask({ limit }); page.length > 0; page = ask({ limit, before: id(page[page.length - 1] as number) }))
          seen.push(...page);
        expect(seen).toEqual(Array.from({ length: 100 }, (_, n) => 100 - n));
      }),
    );
  });

  test('is append-only: written again it stays as it was, and the file refuses changes', () => {
    put({ events: [note(1, 'something else')] });
    expect(store.eventsOf([id(1)])).toMatchObject([{ payload: { text: 'fan replaced' } }]);
    expect(() => db.exec("UPDATE events SET actor = 'Eve'")).toThrow('append-only');
    expect(() => db.exec('DELETE FROM events')).toThrow('append-only');
  });

  test('rows that make no sense are left out and counted, and do not end a page early', () => {
    db.exec(
      `INSERT INTO events (id, at, kind, actor, payload) VALUES ('02A', 1, 'note', 'x', '{not json'), ('02B', 1, 'note', 'x', '{"text":7}'), ('02C', 1, 'party', 'x', '{}')`,
    );
    expect(ask({ limit: 2 })).toEqual([5, 4]);
    expect(store.skipped()).toBe(3);
    expect(ask({ text: 'fan' })).toEqual([1]);
  });

  test('reading part of it does not hold the log open', () => {
    ask({ limit: 1 });
    expect(db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()).toMatchObject({ busy: 0, log: 0 });
  });
});

describe('alerts, states and documents', () => {
  const alert = (id: string, firstAt: number, endedAt: number | null): Alert => ({
    id,
    firstAt,
    endedAt,
    subject: { kind: 'host', id: 'web1' },
    severity: 'down',
    title: 'web1 is down',
    text: 'x',
    checks: ['c'],
    consequences: [],
    related: [],
    raisedAt: firstAt,
    updatedAt: firstAt,
    acknowledgement: null,
    openSince: firstAt,
    escalation: 0,
    silencedUntil: null,
  });
  const ids = (alerts: Alert[]) => alerts.map(({ id }) => id);

  test('alerts are replaced by id, and found by when they were open', () => {
    put({ alerts: [alert('A', 100, null), alert('B', 200, null), alert('C', 300, 350)] });
    put({ alerts: [{ ...alert('A', 100, 250), acknowledgement: { by: 'Ada', comment: 'on it', at: 120, sticky: true, until: 900 } }] });
    expect(store.loadAlerts(0)).toMatchObject([{ id: 'A', endedAt: 250, acknowledgement: { by: 'Ada' } }, { id: 'B' }, { id: 'C' }]);
    expect(ids(store.loadAlerts(250))).toEqual(['A', 'B', 'C']);
    expect(ids(store.loadAlerts(251))).toEqual(['B', 'C']);
    expect(ids(store.alerts(0, 99))).toEqual([]);
    expect(ids(store.alerts(0, 100))).toEqual(['A']);
    expect(ids(store.alerts(251, 299))).toEqual(['B']);
    expect(ids(store.alerts(350, 9_999))).toEqual(['B', 'C']);
    expect(store.lastAlertEndedAt()).toBe(350);
    expect(ids(store.alertsById(['C', 'nope', 'A']))).toEqual(['A', 'C']);
    expect(store.alertsById([])).toEqual([]);
    db.exec(`UPDATE alerts SET body = '{}' WHERE id = 'B'`);
    expect(ids(store.loadAlerts(0))).toEqual(['A', 'C']);
    expect(store.skipped()).toBe(1);
  });

  test('states and documents come back as they were last written', () => {
    const state: CheckState = {
      hard: 'down',
      since: 1,
      soft: { level: 'down', attempt: 2, firstAt: 3 },
      verdict: { state: 'down', reason: 'refused', text: 't' },
      at: 4,
      staleSince: null,
      history: 'ood',
      flapping: { since: 2, percent: 31.2 },
    };
    put({
      states: [
        ['a', { ...state, hard: 'ok' }],
        ['b', { ...state, verdict: null, soft: null, hard: 'pending' }],
      ],
      documents: [['plan', '1']],
    });
    put({ states: [['a', state]], documents: [['plan', '2']] });
    expect([...store.loadStates()]).toEqual([
      ['a', state],
      ['b', { ...state, verdict: null, soft: null, hard: 'pending' }],
    ]);
    expect([store.document('plan'), store.document('none')]).toEqual(['2', null]);
    db.exec(`UPDATE states SET body = '{"hard":"fine"}' WHERE check_id = 'a'`);
    expect([...store.loadStates().keys()]).toEqual(['b']);
  });

  test('those of the first version are read as having neither flapped nor been silenced', () => {
    db.exec(`INSERT INTO states VALUES ('old', '{"hard":"ok","since":1,"soft":null,"verdict":null,"at":null,"staleSince":null}')`);
    expect(store.loadStates().get('old')).toMatchObject({ hard: 'ok', history: '', flapping: null });
    const { consequences, related, openSince, escalation, silencedUntil, ...old } = alert('old', 100, null);
    db.prepare('INSERT INTO alerts VALUES (?, ?, ?, ?)').run(
      'old',
      100,
      null,
      JSON.stringify({ ...old, acknowledgement: { by: 'Ada', comment: 'x', at: 1 } }),
    );
    expect(store.loadAlerts(0)).toEqual([
      {
        ...old,
        consequences: [],
        related: [],
        openSince: null,
        escalation: 0,
        silencedUntil: null,
        acknowledgement: { by: 'Ada', comment: 'x', at: 1, sticky: false, until: null },
      },
    ]);
  });

  test('an empty store has empty answers', () => {
    expect([store.lastSampleAt(), store.lastAlertEndedAt(), store.loadStates().size, store.sparks(40).size]).toEqual([null, null, 0, 0]);
  });
});

describe('samples', () => {
  test('come back whole; the newest of one ms counts; sparks are the newest, oldest first, over all vantages', () => {
    put({
      samples: [
        sample(start + 1, { value: 1.2345 }),
        sample(start + 2, { state: 'down', value: null, detail: 'refused: x' }),
        sample(start + 3, { vantage: 'sd-1', value: 3 }),
      ],
    });
    put({ samples: [sample(start + 1, { value: 9, state: 'degraded', detail: 'slow' })] });
    expect(store.samples('c', start, start + 3, 10)).toEqual([
      sample(start + 1, { value: 9, state: 'degraded', detail: 'slow' }),
      sample(start + 2, { state: 'down', value: null, detail: 'refused: x' }),
      sample(start + 3, { vantage: 'sd-1', value: 3 }),
    ]);
    expect(store.sparks(2)).toEqual(new Map([['c', [null, 3]]]));
    expect(store.sparks(9)).toEqual(new Map([['c', [9, null, 3]]]));
    expect(store.lastSampleAt()).toBe(start + 3);
  });
});

describe('coverage', () => {
  const naive = (samples: Sample[], from: number, to: number) => {
    const inside = samples.filter(({ at }) => at >= from && at <= to);
    const times = inside.map(({ at }) => at).sort((a, b) => a - b);
    const count = (level: string) => inside.filter(({ state }) => state === level).length;
    const edges = [from, ...times, to];
    return {
      n: inside.length,
      ok: count('ok'),
      degraded: count('degraded'),
      down: count('down'),
      unknown: count('unknown'),
      longestGapMs: Math.max(...edges.slice(1).map((at, i) => at - (edges[i] as number))),
    };
  };

  test('is what the samples say, rolled up or not, for any stretch', () => {
    const moments = fc.uniqueArray(fc.record({ at: fc.integer({ min: 0, max: 6 * HOUR - 1 }), state: fc.constantFrom(...levels) }), {
      maxLength: 60,
      selector: ({ at }) => at,
    });
    const edge = fc.oneof(
      fc.integer({ min: -HOUR, max: 7 * HOUR }),
      fc.integer({ min: -1, max: 7 }).chain((hour) => fc.constantFrom(hour * HOUR, hour * HOUR - 1)),
    );
    fc.assert(
      fc.property(moments, edge, edge, fc.integer({ min: 0, max: 9 }), (some, a, b, hoursPassed) => {
        store.close();
        renew();
        const samples = some.map(({ at, state }) => sample(start + at, { state }));
        const [from, to] = [start + Math.min(a, b), start + Math.max(a, b)];
        put({ samples });
        now = start + hoursPassed * HOUR;
        maintainAll();
        expect(store.coverage(['c'], from, to).get('c')).toEqual(naive(samples, from, to));
        // Late ones leave some hours due again.
        const late = sample(start + 3 * HOUR + 7, { state: 'degraded' });
        put({ samples: [late] });
        expect(store.coverage(['c'], from, to).get('c')).toEqual(naive([...samples.filter(({ at }) => at !== late.at), late], from, to));
      }),
      { numRuns: 60 },
    );
  });

  test('where samples are gone: whole hours stay exact, cut ones are as fine as minutes, then as hours', () => {
    const samples = Array.from({ length: 300 }, (_, i) => sample(start + i * MINUTE + 10_000)).filter((_, i) => i < 130 || i > 150);
    put({ samples });
    now = start + 30 * DAY;
    maintainAll();
    expect(store.samples('c', 0, now, 9)).toEqual([]);
    const whole = store.coverage(['c'], start, start + 5 * HOUR - 1).get('c');
    expect(whole).toEqual({ ...naive(samples, start, start + 5 * HOUR - 1) });
    expect(whole?.longestGapMs).toBe(22 * MINUTE);
    const cut = [start + 30 * MINUTE, start + 4 * HOUR + 30 * MINUTE] as const;
    const fine = store.coverage(['c'], ...cut).get('c');
    expect(Math.abs((fine?.n ?? 0) - naive(samples, ...cut).n)).toBeLessThanOrEqual(2);
    expect(fine?.longestGapMs).toBe(22 * MINUTE);
    now = start + 200 * DAY;
    maintainAll();
    expect(store.coverage(['c'], ...cut).get('c')).toMatchObject({ n: 279, longestGapMs: 22 * MINUTE });
  });

  test('a check without results was not watched; every check asked for is answered', () => {
    put({ samples: [sample(start + HOUR)] });
    const found = store.coverage(['c', 'never'], start, start + 3 * HOUR);
    expect(found.get('c')).toMatchObject({ n: 1, longestGapMs: 2 * HOUR });
    expect(found.get('never')).toEqual({ n: 0, ok: 0, degraded: 0, down: 0, unknown: 0, longestGapMs: 3 * HOUR });
  });

  test('two vantages: counts add up, the gap is that of the better one', () => {
    put({
      samples: [
        ...[0, 1, 2, 3].map((n) => sample(start + n * 10 * MINUTE)),
        sample(start + 15 * MINUTE, { vantage: 'sd-1', state: 'down' }),
      ],
    });
    expect(store.coverage(['c'], start, start + 30 * MINUTE).get('c')).toMatchObject({ n: 5, ok: 4, down: 1, longestGapMs: 10 * MINUTE });
  });

  test.each([
    ['nothing', [], 100],
    ['one in the middle', [{ first: 40, last: 40, gap: 0 }], 60],
    ['a gap within', [{ first: 0, last: 100, gap: 70 }], 70],
    [
      'between two, in any order',
      [
        { first: 80, last: 100, gap: 5 },
        { first: 0, last: 20, gap: 5 },
      ],
      60,
    ],
    [
      'one inside another',
      [
        { first: 0, last: 100, gap: 10 },
        { first: 30, last: 40, gap: 3 },
      ],
      10,
    ],
  ])('longest gap: %s', (_, spans, gap) => {
    expect(longestGap(spans, 0, 100)).toBe(gap);
  });
});

describe('history', () => {
  const read = (from: number, to: number) => historyReader(db)('c', from, to);
  const sum = (points: { n: number }[]) => points.reduce((total, { n }) => total + n, 0);
  /** One result a minute for some days, each 1,000th down; then all that is due is rolled up. */
  const watch = (days: number, everyMs = MINUTE) => {
    const count = Math.floor((days * DAY) / everyMs);
    for (let i = 0; i < count; i += 5_000) {
      put({
        samples: Array.from({ length: Math.min(5_000, count - i) }, (_, n) =>
          sample(start + (i + n) * everyMs, (i + n) % 1_000 === 0 ? { state: 'down', value: null } : { value: (i + n) % 100 }),
        ),
      });
    }
    now = start + count * everyMs;
    maintainAll();
  };

  test('an hour and a day of a minute check are single samples, up to now', () => {
    watch(2);
    expect(read(now - HOUR, now)).toMatchObject({ resolution: 'raw' });
    const day = read(now - DAY, now);
    expect(day.resolution).toBe('raw');
    expect(day.points).toHaveLength(1_440);
    expect(day.points.at(-1)).toEqual({
      at: now - MINUTE,
      n: 1,
      ok: 1,
      degraded: 0,
      down: 0,
      unknown: 0,
      min: 79,
      avg: 79,
      p50: 79,
      p95: 79,
      max: 79,
    });
    expect(day.points.find(({ down }) => down > 0)).toMatchObject({ n: 1, ok: 0, min: null, avg: null, p50: null, p95: null, max: null });
  });

  test('a week is minutes, few enough to draw, with nothing missing', () => {
    watch(7);
    const week = read(now - 7 * DAY, now);
    expect(week.resolution).toBe('minute');
    expect(week.points.length).toBeLessThanOrEqual(701);
    expect(week.points.length).toBeGreaterThan(300);
    expect(sum(week.points)).toBe(7 * 1_440);
    expect(week.points.reduce((total, { down }) => total + down, 0)).toBe(11);
    expect(week.points[5]).toMatchObject({ n: 15, min: expect.any(Number), p95: expect.any(Number) });
    expect(week.points.every(({ at }, i) => i === 0 || at > (week.points[i - 1]?.at ?? 0))).toBe(true);
  });

  test('longer ranges are hours; what is not rolled up yet is there all the same', () => {
    watch(20);
    const fresh = Array.from({ length: 50 }, (_, n) => sample(now + n * MINUTE, { value: 500 }));
    put({ samples: fresh });
    const to = now + 50 * MINUTE;
    const month = read(to - 90 * DAY, to);
    expect(month.resolution).toBe('hour');
    expect(sum(month.points)).toBe(20 * 1_440 + 50);
    expect(month.points.at(-1)).toMatchObject({ n: 50, min: 500, max: 500 });
    const fine = read(to - 3 * DAY, to);
    expect(fine.resolution).toBe('minute');
    expect(fine.points.at(-1)).toMatchObject({ max: 500 });
  });

  test('a busy check is not drawn sample by sample for a day', () => {
    watch(1, 5_000);
    expect(read(now - HOUR, now)).toMatchObject({ resolution: 'raw' });
    const day = read(now - DAY, now);
    expect(day.resolution).toBe('minute');
    expect(sum(day.points)).toBe(17_280);
  });

  test('old stretches: samples gone means minutes, minutes gone means hours', () => {
    watch(3);
    now = start + 20 * DAY;
    maintainAll();
    expect(read(start, start + HOUR - 1)).toMatchObject({ resolution: 'minute', points: { length: 60 } });
    now = start + 200 * DAY;
    maintainAll();
    const old = read(start, start + 3 * DAY);
    expect(old.resolution).toBe('hour');
    expect(sum(old.points)).toBe(3 * 1_440);
  });

  test('late samples of an hour that was rolled up are counted once, before and after it is made anew', () => {
    watch(10);
    put({ samples: [sample(now - 5 * HOUR + 1, { state: 'degraded', value: 7 })] });
    for (let i = 0; i < 2; i += 1) {
      for (const [days, resolution] of [
        [6, 'minute'],
        [10, 'hour'],
      ] as const) {
        const { points, ...read_ } = read(now - days * DAY, now);
        expect([read_.resolution, sum(points), points.reduce((total, { degraded }) => total + degraded, 0)]).toEqual([
          resolution,
          days * 1_440 + 1,
          1,
        ]);
      }
      maintainAll();
    }
  });

  test('late samples of an hour whose samples are gone are added', () => {
    watch(1);
    now = start + 20 * DAY;
    maintainAll();
    put({ samples: [sample(start + 30_000, { state: 'degraded', value: 7 })] });
    const points = read(start, start + HOUR - 1).points;
    expect(sum(points)).toBe(61);
    expect(points[0]).toMatchObject({ n: 2, degraded: 1 });
    maintainAll();
    expect(read(start, start + HOUR - 1).points).toEqual(points);
  });

  test('two vantages are drawn as one, an unknown check as nothing', () => {
    put({ samples: [sample(start, { value: 1 }), sample(start, { vantage: 'sd-1', value: 3 })] });
    expect(read(start, start + HOUR).points.map(({ avg }) => avg)).toEqual([1, 3]);
    expect(historyReader(db)('never', 0, now)).toEqual({ resolution: 'raw', points: [] });
    expect(read(start + DAY, start + 2 * DAY)).toEqual({ resolution: 'raw', points: [] });
  });
});

test('the kept states of a document are told without their text', () => {
  const paper = (revision: number, savedBy: string) =>
    paperOf({ Summary: `text ${revision}` }, { revision, savedAt: revision * 10, savedBy, draftedAt: 5 });
  for (const revision of [1, 2, 3]) put({ papers: [{ paper: paper(revision, `P${revision}`), drop: [] }] });
  put({ papers: [{ paper: paper(4, 'P4'), drop: [2] }] });
  expect(store.keptStates('01DOC')).toEqual([
    { revision: 4, savedAt: 40, savedBy: 'P4', draftedAt: 5 },
    { revision: 3, savedAt: 30, savedBy: 'P3', draftedAt: 5 },
    { revision: 1, savedAt: 10, savedBy: 'P1', draftedAt: null },
  ]);
  expect(store.revisions('01DOC').map((it) => it.revision)).toEqual([4, 3, 1]);
  expect(store.keptStates('nope')).toEqual([]);
});

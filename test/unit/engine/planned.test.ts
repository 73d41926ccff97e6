/** The whole engine and what was said beforehand: planned work of every kind, routines of servers, changes. */
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../../../shared/time.ts';
import type { UptimeLine } from '../../../shared/uptime/report.ts';
import {
  ask,
  hostLine,
  inventoryHead,
  must,
  openAlerts,
  type Rig,
  rigsOfThisFile,
  standing,
  untilSo,
  uptime,
} from '../../support/engine-rig.ts';

const start = rigsOfThisFile();

const set = (rig: Rig, answer: 'ok' | 'refused', ...hosts: string[]): void => {
  for (const host of hosts) rig.answers.set(host, answer);
};
const titles = (rig: Rig): string[] =>
  openAlerts(rig)
    .map((it) => it.title)
    .sort();
const calls = (rig: Rig): string[] => rig.announced.map((it) => `${it.kind}: ${it.title}`);
const told = (rig: Rig): string[] =>
  rig.events
    .filter((event) => event.kind.startsWith('maintenance-'))
    .map(({ kind, actor }) => `${kind.replace('maintenance-', '')} ${actor}`);
const minutes = (line: UptimeLine | undefined): Record<string, number> =>
  Object.fromEntries(
    Object.entries(line?.parts ?? {})
      .map(([part, ms]) => [part, Math.round(ms / MINUTE)] as const)
      .filter(([, rounded]) => rounded > 0),
  );

const inventory = `${inventoryHead}sites: [{ id: sd, name: San Diego }]
hosts:
${hostLine('gw')}${['web1', 'web2'].map((id) => hostLine(id, ', site: sd')).join('')}${hostLine('db1', ', parents: [gw]')}`;

const calm = async (text = inventory) => {
  const rig = await start({ inventory: text });
  await rig.clock.advance(5 * MINUTE);
  return rig;
};
const blank = { name: 'New switch', from: null, to: null, durationMs: null, schedule: null, affects: [], spares: [], reason: '' };
const plan = async (rig: Rig, kind: string, more: Record<string, unknown>): Promise<string> =>
  (await must(rig, 'planMaintenance', { id: null, by: 'Ada', plan: { ...blank, kind, ...more } })).id;
/** Times are minutes from now. */
const planned = (rig: Rig, kind: string, from: number, to: number | null, affects: string[], more: Record<string, unknown> = {}) =>
  plan(rig, kind, { from: rig.clock.now() + from * MINUTE, to: to === null ? null : rig.clock.now() + to * MINUTE, affects, ...more });
const change = (rig: Rig, window: string, what: Record<string, unknown>) =>
  ask(rig, 'changeMaintenance', { window, by: 'Bo', reason: '', change: what });

describe('planned work that is in force', () => {
  it('shows blue while all is well, and nobody is called when it is not', async () => {
    const rig = await calm();
    await planned(rig, 'fixed', 10, 40, ['web1']);
    expect(standing(rig, 'web1')).toBe('ok');
    await rig.clock.advance(11 * MINUTE);
    expect([standing(rig, 'web1'), standing(rig, 'web2')]).toEqual(['maintenance', 'ok']);
    set(rig, 'refused', 'web1');
    await rig.clock.advance(10 * MINUTE);
    expect([standing(rig, 'web1'), titles(rig), calls(rig)]).toEqual(['maintenance', [], []]);
    expect(Object.values(rig.tables().windows)).toMatchObject([{ running: { from: expect.any(Number) }, overrunSince: null }]);
    set(rig, 'ok', 'web1');
    await rig.clock.advance(25 * MINUTE);
    expect([standing(rig, 'web1'), calls(rig), rig.tables().windows]).toEqual(['ok', [], {}]);
    expect(told(rig)).toEqual(['planned Ada', 'started engine', 'ended engine']);
  });

  it.each<[string, string[], string[], string[]]>([
    ['a host covers what is behind it', ['gw'], ['gw', 'db1'], []],
    ['a site covers all at it', ['sd'], ['web1', 'web2'], []],
    ['one host does not cover another', ['web1'], ['web1', 'web2'], ['web2 is down']],
    ['a child does not cover its parent', ['db1'], ['gw', 'db1'], ['gw is down']],
    ['nothing covers nothing', [], ['web1'], ['web1 is down']],
  ])('on %s', async (_what, affects, failing, wanted) => {
    const rig = await calm();
    await planned(rig, 'fixed', 1, 60, affects);
    await rig.clock.advance(5 * MINUTE);
    set(rig, 'refused', ...failing);
    await rig.clock.advance(5 * MINUTE);
    expect(titles(rig)).toEqual(wanted);
    for (const host of failing)
      if (!wanted.some((it) => it.startsWith(host)) && affects.length > 0)
        expect([host, standing(rig, host)]).toEqual([host, 'maintenance']);
  });

  it('takes an open alert away without calling that it is over', async () => {
    const rig = await calm();
    set(rig, 'refused', 'web1');
    await rig.clock.advance(3 * MINUTE);
    await planned(rig, 'fixed', 1, 30, ['web1']);
    await rig.clock.advance(2 * MINUTE);
    expect(titles(rig)).toEqual([]);
    expect(rig.told('alert-closed')).toMatchObject([{ payload: { why: expect.stringContaining('New switch') } }]);
    expect(calls(rig)).toEqual(['raised: web1 is down']);
  });

  it('counts as planned in uptime, and what was up counts as up', async () => {
    const rig = await calm();
    const from = rig.clock.now();
    await planned(rig, 'fixed', 10, 40, ['web1']);
    await rig.clock.advance(20 * MINUTE);
    set(rig, 'refused', 'web1');
    await rig.clock.advance(10 * MINUTE);
    set(rig, 'ok', 'web1');
    await rig.clock.advance(30 * MINUTE);
    const lines = await uptime(rig, from);
    expect(minutes(lines['web1/tcp'])).toEqual({ up: 50, maintenance: 10 });
    expect(lines.web1).toMatchObject({ availability: 100, outages: 0 });
  });

  it('spares what it says it spares', async () => {
    const rig = await calm();
    await planned(rig, 'fixed', 1, 60, ['web1'], { spares: ['web2'] });
    await rig.clock.advance(5 * MINUTE);
    set(rig, 'refused', 'web2');
    await rig.clock.advance(3 * MINUTE);
    expect(titles(rig)).toEqual(['web2 is down']);
  });
});

describe('planned work whose time is over', () => {
  const overrun = async () => {
    const rig = await calm();
    const window = await planned(rig, 'fixed', 1, 20, ['web1']);
    await rig.clock.advance(10 * MINUTE);
    set(rig, 'refused', 'web1');
    await rig.clock.advance(5 * MINUTE);
    expect(titles(rig)).toEqual([]);
    await rig.clock.advance(6 * MINUTE);
    return { rig, window };
  };

  it('overruns when something is not back: told, shown, and raised with the work named', async () => {
    const { rig, window } = await overrun();
    expect(told(rig)).toEqual(['planned Ada', 'started engine', 'ended engine', 'overrun engine']);
    expect(rig.told('maintenance-overrun')).toMatchObject([{ payload: { window, subjects: ['web1'] } }]);
    expect(openAlerts(rig)).toMatchObject([
      { subject: { id: 'web1' }, related: [{ kind: 'maintenance', text: expect.stringMatching(/“New switch” was to end at .*UTC/) }] },
    ]);
    expect(openAlerts(rig)[0]?.text).toContain('New switch');
    expect(rig.announced).toHaveLength(1);
    expect(rig.tables().windows[window]).toMatchObject({ running: null, overrunSince: expect.any(Number) });
    set(rig, 'ok', 'web1');
    await rig.clock.advance(2 * MINUTE);
    expect(titles(rig)).toEqual([]);
    expect(rig.tables().windows[window]).toMatchObject({ overrunSince: null, overran: true });
  });

  it('can be finished when what it affects is back already, within a day of its end', async () => {
    const { rig, window } = await overrun();
    set(rig, 'ok', 'web1');
    await rig.clock.advance(23 * HOUR);
    expect(rig.tables().windows[window]).toMatchObject({ overrunSince: null, overran: true });
    expect(await change(rig, window, { kind: 'finish' })).toMatchObject({ ok: true });
    expect(rig.told('maintenance-ended').at(-1)).toMatchObject({ actor: 'Bo', payload: { how: 'finished' } });
    expect(rig.tables().windows).toEqual({});
    expect(await change(rig, window, { kind: 'finish' })).toMatchObject({ ok: false, failure: { code: 'over' } });
  });

  it('is over for good a day after its end, whether anybody finished it or not', async () => {
    const { rig, window } = await overrun();
    set(rig, 'ok', 'web1');
    await rig.clock.advance(DAY);
    expect(rig.tables().windows).toEqual({});
    expect(await change(rig, window, { kind: 'finish' })).toMatchObject({ ok: false, failure: { code: 'over' } });
  });

  it('is quiet again when it is extended, and overruns again after that', async () => {
    const { rig, window } = await overrun();
    expect(await change(rig, window, { kind: 'extend', to: rig.clock.now() + 30 * MINUTE })).toMatchObject({ ok: true });
    expect([titles(rig), standing(rig, 'web1')]).toEqual([[], 'maintenance']);
    expect(rig.tables().windows[window]).toMatchObject({ overrunSince: null, running: { to: rig.clock.now() + 30 * MINUTE } });
    await rig.clock.advance(29 * MINUTE);
    expect(titles(rig)).toEqual([]);
    await rig.clock.advance(2 * MINUTE);
    expect(titles(rig)).toHaveLength(1);
    expect(rig.told('maintenance-overrun')).toHaveLength(2);
  });

  it('is not charged for until then, and charged from then on', async () => {
    const { rig } = await overrun();
    const from = rig.clock.now() - 21 * MINUTE;
    await rig.clock.advance(9 * MINUTE);
    expect(minutes((await uptime(rig, from))['web1/tcp'])).toEqual({ up: 10, maintenance: 10, down: 10 });
  });

  it('a fault that began afterwards is no overrun', async () => {
    const rig = await calm();
    await planned(rig, 'fixed', 1, 5, ['web1']);
    await rig.clock.advance(10 * MINUTE);
    set(rig, 'refused', 'web1');
    await rig.clock.advance(3 * MINUTE);
    expect(openAlerts(rig)).toMatchObject([{ title: 'web1 is down', related: [] }]);
    expect(rig.told('maintenance-overrun')).toEqual([]);
  });

  it('finished by hand while something is not back, it overruns at once', async () => {
    const rig = await calm();
    const window = await planned(rig, 'fixed', 1, 60, ['web1']);
    await rig.clock.advance(10 * MINUTE);
    set(rig, 'refused', 'web1');
    await rig.clock.advance(5 * MINUTE);
    expect(await change(rig, window, { kind: 'finish' })).toMatchObject({ ok: true });
    expect(titles(rig)).toHaveLength(1);
    expect(told(rig)).toEqual(['planned Ada', 'started engine', 'ended Bo', 'overrun engine']);
  });

  it.each([
    ['one that overran is finished', true],
    ['it overran while nothing ran', false],
  ])('%s: what is back ends it', async (_what, finish) => {
    const { rig, window } = await overrun();
    if (finish) expect(await change(rig, window, { kind: 'finish' })).toMatchObject({ ok: true });
    rig.stop();
    await rig.clock.advance(HOUR);
    const again = await start({ before: rig });
    await again.clock.advance(MINUTE);
    expect(openAlerts(again)).toHaveLength(1);
    expect(again.told('maintenance-overrun', 'alert-raised')).toEqual([]);
    set(again, 'ok', 'web1');
    await again.clock.advance(MINUTE);
    expect([titles(again), Object.keys(again.tables().windows)]).toEqual([[], finish ? [] : [window]]);
  });
});

describe('what people do with planned work', () => {
  it('finished early, it covers no more', async () => {
    const rig = await calm();
    const window = await planned(rig, 'fixed', 1, 60, ['web1']);
    await rig.clock.advance(5 * MINUTE);
    expect(await change(rig, window, { kind: 'finish' })).toMatchObject({ ok: true });
    expect(standing(rig, 'web1')).toBe('ok');
    set(rig, 'refused', 'web1');
    await rig.clock.advance(3 * MINUTE);
    expect(titles(rig)).toEqual(['web1 is down']);
  });

  it('called off before it begins, it has no effect', async () => {
    const rig = await calm();
    const window = await planned(rig, 'fixed', 10, 60, ['web1']);
    expect(await change(rig, window, { kind: 'cancel', at: null })).toMatchObject({ ok: true });
    await rig.clock.advance(15 * MINUTE);
    expect([standing(rig, 'web1'), told(rig), rig.tables().windows]).toEqual(['ok', ['planned Ada', 'changed Bo'], {}]);
  });

  it('called off while it runs, what fails is raised', async () => {
    const rig = await calm();
    const window = await planned(rig, 'fixed', 1, 60, ['web1']);
    await rig.clock.advance(3 * MINUTE);
    set(rig, 'refused', 'web1');
    await rig.clock.advance(3 * MINUTE);
    expect(await change(rig, window, { kind: 'cancel', at: null })).toMatchObject({ ok: true });
    expect(titles(rig)).toHaveLength(1);
    expect(rig.told('maintenance-ended')).toMatchObject([{ actor: 'Bo', payload: { how: 'cancelled' } }]);
  });

  it('postponed, it begins at its new time and lasts as long', async () => {
    const rig = await calm();
    const window = await planned(rig, 'fixed', 10, 30, ['web1']);
    const from = rig.clock.now() + HOUR;
    expect(await change(rig, window, { kind: 'postpone', from, to: null })).toMatchObject({ ok: true });
    await rig.clock.advance(20 * MINUTE);
    expect(standing(rig, 'web1')).toBe('ok');
    await rig.clock.advance(41 * MINUTE);
    expect([standing(rig, 'web1'), rig.tables().windows[window]?.running]).toEqual([
      'maintenance',
      { window, from, to: from + 20 * MINUTE },
    ]);
  });

  it('started before its time, it is in force at once', async () => {
    const rig = await calm();
    const window = await planned(rig, 'fixed', 60, 90, ['web1']);
    expect(await change(rig, window, { kind: 'start' })).toMatchObject({ ok: true });
    expect(standing(rig, 'web1')).toBe('maintenance');
    await rig.clock.advance(2 * HOUR);
    expect(told(rig)).toEqual(['planned Ada', 'started Bo', 'ended engine']);
  });

  it('planned anew under its id before it begins, and no more afterwards', async () => {
    const rig = await calm();
    const window = await planned(rig, 'fixed', 10, 30, ['web1']);
    const other = { ...blank, kind: 'fixed', from: rig.clock.now() + 5 * MINUTE, to: rig.clock.now() + 8 * MINUTE, affects: ['web2'] };
    expect(await ask(rig, 'planMaintenance', { id: window, by: 'Ada', plan: other })).toMatchObject({ ok: true, value: { id: window } });
    expect(Object.values(rig.tables().windows)).toMatchObject([{ id: window, affects: ['web2'] }]);
    await rig.clock.advance(6 * MINUTE);
    expect([standing(rig, 'web1'), standing(rig, 'web2')]).toEqual(['ok', 'maintenance']);
    expect(await ask(rig, 'planMaintenance', { id: window, by: 'Ada', plan: { ...other, to: other.to + HOUR } })).toMatchObject({
      ok: false,
      failure: { code: 'not-changeable' },
    });
  });
});

describe('kinds of planned work', () => {
  it('open-ended: until somebody finishes it', async () => {
    const rig = await calm();
    const window = await planned(rig, 'open-ended', 1, null, ['web1']);
    await rig.clock.advance(2 * MINUTE);
    set(rig, 'refused', 'web1');
    await rig.clock.advance(HOUR);
    expect([standing(rig, 'web1'), titles(rig)]).toEqual(['maintenance', []]);
    set(rig, 'ok', 'web1');
    await rig.clock.advance(MINUTE);
    expect(await change(rig, window, { kind: 'finish' })).toMatchObject({ ok: true });
    expect(standing(rig, 'web1')).toBe('ok');
  });

  it('flexible: begins with the first fault, and lasts from there', async () => {
    const rig = await calm();
    const window = await planned(rig, 'flexible', 5, 60, ['web1'], { durationMs: 15 * MINUTE });
    await rig.clock.advance(20 * MINUTE);
    expect([standing(rig, 'web1'), rig.tables().windows[window]?.running]).toEqual(['ok', null]);
    set(rig, 'refused', 'web1');
    await rig.clock.advance(3 * MINUTE);
    const { startedAt } = rig.tables().windows[window] as { startedAt: number };
    expect(startedAt).toBe(rig.tables().checks['web1/tcp']?.state.since);
    expect([standing(rig, 'web1'), titles(rig), told(rig)]).toEqual(['maintenance', [], ['planned Ada', 'started engine']]);
    await rig.clock.advance(13 * MINUTE);
    expect(titles(rig)).toHaveLength(1);
    expect(rig.told('maintenance-overrun')).toHaveLength(1);
    expect(rig.store.windows()).toMatchObject([{ id: window, startedAt }]);
  });

  it('flexible: what fails before its time is told as ever', async () => {
    const rig = await calm();
    await planned(rig, 'flexible', 30, 60, ['web1'], { durationMs: 15 * MINUTE });
    set(rig, 'refused', 'web1');
    await rig.clock.advance(3 * MINUTE);
    expect(titles(rig)).toEqual(['web1 is down']);
  });

  it('without a day: no effect, until its day is fixed', async () => {
    const rig = await calm();
    const window = await plan(rig, 'fixed', { affects: ['web1'], durationMs: HOUR });
    await rig.clock.advance(MINUTE);
    expect(rig.tables().windows[window]).toMatchObject({ running: null, next: null });
    set(rig, 'refused', 'web1');
    await rig.clock.advance(3 * MINUTE);
    expect(titles(rig)).toEqual(['web1 is down']);
    const from = rig.clock.now() + 10 * MINUTE;
    expect(await change(rig, window, { kind: 'postpone', from, to: null })).toMatchObject({ ok: true });
    await rig.clock.advance(11 * MINUTE);
    expect([titles(rig), rig.tables().windows[window]?.running]).toEqual([[], { window, from, to: from + HOUR }]);
  });

  it('after the fact: corrects the uptime, and is no news', async () => {
    const rig = await calm();
    const from = rig.clock.now();
    await rig.clock.advance(10 * MINUTE);
    set(rig, 'refused', 'web1');
    await rig.clock.advance(20 * MINUTE);
    set(rig, 'ok', 'web1');
    await rig.clock.advance(30 * MINUTE);
    const before = (await uptime(rig, from)).web1;
    expect([minutes(before), before?.outages, Math.round(before?.availability as number)]).toEqual([{ up: 40, down: 20 }, 1, 67]);
    await planned(rig, 'fixed', -55, -25, ['web1']);
    const after = (await uptime(rig, from)).web1;
    expect([minutes(after), after?.outages, after?.availability]).toEqual([{ up: 40, maintenance: 20 }, 0, 100]);
    expect(after?.parts.maintenance).toBe(before?.parts.down);
    await rig.clock.advance(MINUTE);
    expect(told(rig)).toEqual(['planned Ada']);
    expect([standing(rig, 'web1'), rig.tables().windows]).toEqual(['ok', {}]);
  });

  it('after the fact, of a part: only that part is planned', async () => {
    const rig = await calm();
    const from = rig.clock.now();
    set(rig, 'refused', 'web1');
    await rig.clock.advance(30 * MINUTE);
    await planned(rig, 'fixed', -20, -10, ['sd']);
    expect(minutes((await uptime(rig, from))['web1/tcp'])).toMatchObject({ maintenance: 10, down: 20 });
  });

  it('recurring: at each of its times, and not at one that was called off', async () => {
    const rig = await calm();
    // Every hour on the hour; it is 05:05 UTC.
    const window = await plan(rig, 'recurring', {
      schedule: { cron: '0 * * * *', zone: 'UTC' },
      durationMs: 10 * MINUTE,
      affects: ['web1'],
    });
    const six = Date.UTC(2026, 10, 20, 6);
    expect(rig.tables().windows[window]?.next).toEqual({ window, from: six, to: six + 10 * MINUTE });
    expect(await change(rig, window, { kind: 'cancel', at: six + HOUR })).toMatchObject({ ok: true });
    const seen: string[] = [];
    for (let at = 0; at < 4; at += 1) {
      await rig.clock.advance(six + at * HOUR + 5 * MINUTE - rig.clock.now());
      seen.push(standing(rig, 'web1') as string);
      await rig.clock.advance(6 * MINUTE);
      expect(standing(rig, 'web1')).toBe('ok');
    }
    expect(seen).toEqual(['maintenance', 'ok', 'maintenance', 'maintenance']);
    expect(rig.told('maintenance-started')).toHaveLength(3);
    expect(rig.told('maintenance-ended')).toHaveLength(3);
  });

  it.each([
    ['after clocks go forward', Date.UTC(2027, 2, 14, 10, 50), Date.UTC(2027, 2, 14, 11)],
    ['after clocks go back', Date.UTC(2026, 10, 1, 11, 50), Date.UTC(2026, 10, 1, 12)],
  ])('recurring at 04:00 of its zone: %s too', async (_what, at, begins) => {
    const rig = await start({ inventory, at });
    const window = await plan(rig, 'recurring', {
      from: begins - 10 * DAY,
      schedule: { cron: '0 4 * * *', zone: 'America/Los_Angeles' },
      durationMs: 10 * MINUTE,
      affects: ['web1'],
    });
    await rig.clock.advance(begins - rig.clock.now() - SECOND);
    expect(standing(rig, 'web1')).toBe('ok');
    await rig.clock.advance(2 * SECOND);
    expect(standing(rig, 'web1')).toBe('maintenance');
    await rig.clock.advance(10 * MINUTE);
    expect(standing(rig, 'web1')).toBe('ok');
    const { occurrences } = await must(rig, 'maintenance', { from: begins - 26 * HOUR, to: begins + 2 * DAY });
    const [before, now, after] = occurrences.map((it) => it.from);
    expect([now, (now as number) - (before as number) === DAY, after]).toEqual([begins, false, begins + DAY]);
    expect(rig.tables().windows[window]?.next?.from).toBe(begins + DAY);
  });
});

describe('planned work of the inventory', () => {
  const written = (from: string, to: string) =>
    `${inventory}maintenance:\n  - { id: switch, name: New switch, from: "2026-11-20T${from}:00Z", to: "2026-11-20T${to}:00Z", affects: [gw] }\n`;

  it('is in force in its time, with all that is behind it', async () => {
    const rig = await calm(written('05:10', '05:40'));
    expect(rig.tables().windows.switch).toMatchObject({
      source: 'inventory',
      running: null,
      next: { from: Date.UTC(2026, 10, 20, 5, 10) },
    });
    await rig.clock.advance(6 * MINUTE);
    set(rig, 'refused', 'gw', 'db1');
    await rig.clock.advance(10 * MINUTE);
    expect([standing(rig, 'gw'), standing(rig, 'db1'), titles(rig)]).toEqual(['maintenance', 'maintenance', []]);
    await rig.clock.advance(20 * MINUTE);
    expect(openAlerts(rig)).toMatchObject([{ consequences: ['db1/tcp'], related: [{ kind: 'maintenance' }] }]);
    const lines = await uptime(rig, Date.UTC(2026, 10, 20, 5, 5));
    expect(lines.gw?.parts.maintenance).toBeGreaterThan(20 * MINUTE);
    expect(lines.db1?.parts.maintenance).toBeGreaterThan(20 * MINUTE);
  });

  it('what people did to it stays over a restart, until the file says other times', async () => {
    const rig = await calm(written('05:10', '05:40'));
    await rig.clock.advance(10 * MINUTE);
    const to = Date.UTC(2026, 10, 20, 6, 30);
    expect(await change(rig, 'switch', { kind: 'extend', to })).toMatchObject({ ok: true });
    rig.stop();
    const again = await start({ before: rig });
    expect(again.tables().windows.switch?.running?.to).toBe(to);
    await again.clock.advance(30 * MINUTE);
    expect(standing(again, 'gw')).toBe('maintenance');
    await again.rewrite(written('08:00', '09:00'));
    await again.clock.advance(SECOND);
    expect([standing(again, 'gw'), again.tables().windows.switch?.next?.from]).toEqual(['ok', Date.UTC(2026, 10, 20, 8)]);
  });

  it('that leaves the file is gone, and cannot be changed any more', async () => {
    const rig = await calm(written('05:10', '05:40'));
    await rig.clock.advance(10 * MINUTE);
    expect(standing(rig, 'gw')).toBe('maintenance');
    await rig.rewrite(inventory);
    await rig.clock.advance(SECOND);
    expect([standing(rig, 'gw'), rig.tables().windows]).toEqual(['ok', {}]);
    expect(await change(rig, 'switch', { kind: 'finish' })).toMatchObject({ ok: false, failure: { code: 'no-such-window' } });
  });

  it('cannot be rewritten from the window', async () => {
    const rig = await calm(written('08:10', '08:40'));
    expect(await ask(rig, 'planMaintenance', { id: 'switch', by: 'Ada', plan: { ...blank, kind: 'open-ended' } })).toMatchObject({
      ok: false,
      failure: { code: 'not-changeable' },
    });
  });
});

describe('a restart in the middle of planned work', () => {
  it('goes on with it, and tells no second beginning', async () => {
    const rig = await calm();
    const window = await planned(rig, 'fixed', 1, 60, ['web1']);
    await rig.clock.advance(5 * MINUTE);
    set(rig, 'refused', 'web1');
    await rig.clock.advance(5 * MINUTE);
    rig.stop();
    await rig.clock.advance(10 * MINUTE);
    const again = await start({ before: rig });
    expect([standing(again, 'web1'), again.tables().windows[window]?.running?.window]).toEqual(['maintenance', window]);
    await again.clock.advance(5 * MINUTE);
    expect([titles(again), told(again), calls(again)]).toEqual([[], [], []]);
    await again.clock.advance(40 * MINUTE);
    expect(told(again)).toEqual(['ended engine', 'overrun engine']);
    expect(openAlerts(again)).toMatchObject([{ related: [{ kind: 'maintenance' }] }]);
  });

  it('that lasts beyond its end finds the overrun', async () => {
    const rig = await calm();
    await planned(rig, 'fixed', 1, 20, ['web1']);
    await rig.clock.advance(5 * MINUTE);
    set(rig, 'refused', 'web1');
    await rig.clock.advance(5 * MINUTE);
    rig.stop();
    await rig.clock.advance(HOUR);
    const again = await start({ before: rig });
    await again.clock.advance(2 * MINUTE);
    expect(told(again)).toEqual(['ended engine', 'overrun engine']);
    expect(openAlerts(again)).toMatchObject([{ subject: { id: 'web1' }, related: [{ kind: 'maintenance' }] }]);
  });

  it('in which it began: told as begun at its time', async () => {
    const rig = await calm();
    await planned(rig, 'fixed', 10, 60, ['web1']);
    const from = rig.clock.now() + 10 * MINUTE;
    rig.stop();
    await rig.clock.advance(30 * MINUTE);
    const again = await start({ before: rig });
    expect([standing(again, 'web1'), again.told('maintenance-started').map((it) => it.at)]).toEqual(['maintenance', [from]]);
  });

  it('a sleep through all of it leaves nothing behind', async () => {
    const rig = await calm();
    await planned(rig, 'fixed', 10, 30, ['web1']);
    rig.clock.freeze(HOUR);
    await rig.clock.advance(2 * MINUTE);
    expect([standing(rig, 'web1'), titles(rig), rig.tables().windows]).toEqual(['ok', [], {}]);
    expect(rig.told('maintenance-overrun')).toEqual([]);
  });
});

describe('what cannot be planned or changed is said in clear words, and changes nothing', () => {
  const in10 = (rig: Rig) => rig.clock.now() + 10 * MINUTE;
  it.each<[string, (rig: Rig) => Record<string, unknown>, string, RegExp]>([
    [
      'ends before it starts',
      (rig) => ({ kind: 'fixed', from: in10(rig), to: in10(rig) - 1, affects: ['web1'] }),
      'ends-before-start',
      /ends before it starts/,
    ],
    [
      'ends when it starts',
      (rig) => ({ kind: 'fixed', from: in10(rig), to: in10(rig), affects: ['web1'] }),
      'ends-before-start',
      /later end/,
    ],
    [
      'is on something unknown',
      (rig) => ({ kind: 'fixed', from: in10(rig), to: in10(rig) + HOUR, affects: ['web9'] }),
      'no-such-subject',
      /“web9”/,
    ],
    [
      'spares something unknown',
      (rig) => ({ kind: 'fixed', from: in10(rig), to: in10(rig) + HOUR, affects: ['web1'], spares: ['x'] }),
      'no-such-subject',
      /“x”/,
    ],
    [
      'affects and spares the same',
      (rig) => ({ kind: 'fixed', from: in10(rig), to: in10(rig) + HOUR, affects: ['web1'], spares: ['web1'] }),
      'affected-and-spared',
      /web1/,
    ],
    ['has no end', (rig) => ({ kind: 'fixed', from: in10(rig), affects: ['web1'] }), 'no-end', /when it ends/],
    [
      'has no duration',
      (rig) => ({ kind: 'flexible', from: in10(rig), to: in10(rig) + HOUR, affects: ['web1'] }),
      'no-duration',
      /how long/,
    ],
    [
      'has a wrong schedule',
      () => ({ kind: 'recurring', schedule: { cron: '61 * * * *', zone: 'UTC' }, durationMs: HOUR }),
      'bad-schedule',
      /./,
    ],
    [
      'lasts until it comes again',
      () => ({ kind: 'recurring', schedule: { cron: '0 * * * *', zone: 'UTC' }, durationMs: 2 * HOUR }),
      'too-long',
      /until the next/,
    ],
    ['has no name', (rig) => ({ kind: 'open-ended', from: in10(rig), name: ' ' }), 'bad-input', /say what is done/],
  ])('work that %s', async (_what, said, code, words) => {
    const rig = await calm();
    expect(await ask(rig, 'planMaintenance', { id: null, by: 'Ada', plan: { ...blank, ...said(rig) } })).toMatchObject({
      ok: false,
      failure: { code, text: expect.stringMatching(words) },
    });
    expect([rig.tables().windows, rig.store.windows(), told(rig)]).toEqual([{}, [], []]);
  });

  it.each<[string, (rig: Rig) => Record<string, unknown>, string]>([
    ['finishing what does not run', () => ({ kind: 'finish' }), 'not-running'],
    ['postponing into the past', (rig) => ({ kind: 'postpone', from: rig.clock.now() - 1, to: null }), 'in-the-past'],
    [
      'postponing so that it ends before it starts',
      (rig) => ({ kind: 'postpone', from: in10(rig), to: in10(rig) - 1 }),
      'ends-before-start',
    ],
    ['extending into the past', (rig) => ({ kind: 'extend', to: rig.clock.now() - 1 }), 'in-the-past'],
    ['extending backwards', (rig) => ({ kind: 'extend', to: in10(rig) + MINUTE }), 'backwards'],
  ])('%s', async (_what, said, code) => {
    const rig = await calm();
    const window = await planned(rig, 'fixed', 10, 30, ['web1']);
    const before = structuredClone(rig.tables().windows);
    expect(await change(rig, window, said(rig))).toMatchObject({ ok: false, failure: { code, text: expect.any(String) } });
    expect([rig.tables().windows, rig.store.windows().map((it) => it.to)]).toEqual([before, [before[window]?.to]]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['finish', { kind: 'finish' }],
    ['start', { kind: 'start' }],
    ['call off', { kind: 'cancel', at: null }],
  ])('to %s what is gone or called off', async (_what, said) => {
    const rig = await calm();
    expect(await change(rig, 'gone', said)).toMatchObject({ ok: false, failure: { code: 'no-such-window' } });
    const window = await planned(rig, 'fixed', 10, 30, ['web1']);
    await change(rig, window, { kind: 'cancel', at: null });
    expect(await change(rig, window, said)).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
  });

  it('two that change the same work at once: the second is told how it stands', async () => {
    const rig = await calm();
    const window = await planned(rig, 'fixed', 1, 30, ['web1']);
    await rig.clock.advance(2 * MINUTE);
    const replies = await Promise.all([change(rig, window, { kind: 'finish' }), change(rig, window, { kind: 'finish' })]);
    expect(replies).toMatchObject([{ ok: true }, { ok: false, failure: { code: 'over' } }]);
    expect(rig.told('maintenance-ended')).toHaveLength(1);
  });

  it('what the disk does not take is not planned', async () => {
    const rig = await calm();
    rig.breakDisk({ code: 'full', text: 'no room' });
    const said = { ...blank, kind: 'open-ended', from: rig.clock.now(), affects: ['web1'] };
    expect(await ask(rig, 'planMaintenance', { id: null, by: 'Ada', plan: said })).toMatchObject({
      ok: false,
      failure: { code: 'not-saved' },
    });
    await rig.clock.advance(2 * SECOND);
    expect([rig.tables().windows, standing(rig, 'web1')]).toEqual([{}, 'ok']);
  });
});

describe('a routine of the servers', () => {
  // At 05:20 UTC, back within ten minutes.
  const withRoutine = `${inventory}routines:\n  - { id: rotate, name: weekly log rotation, schedule: "20 5 * * *", usually: 10m, restarts: [web1] }\n`;

  it('what is back in time is no news at all', async () => {
    const rig = await calm(withRoutine);
    await rig.clock.advance(15 * MINUTE + 30 * SECOND);
    set(rig, 'refused', 'web1');
    await rig.clock.advance(6 * MINUTE);
    expect([standing(rig, 'web1'), titles(rig)]).toEqual(['maintenance', []]);
    set(rig, 'ok', 'web1');
    await rig.clock.advance(10 * MINUTE);
    expect([standing(rig, 'web1'), calls(rig), rig.told('alert-raised')]).toEqual(['ok', [], []]);
  });

  it('while it works it stays green in its time', async () => {
    const rig = await calm(withRoutine);
    await rig.clock.advance(17 * MINUTE);
    expect(standing(rig, 'web1')).toBe('ok');
  });

  it('what is not back in time is raised, with the routine named', async () => {
    const rig = await calm(withRoutine);
    await rig.clock.advance(15 * MINUTE + 30 * SECOND);
    set(rig, 'refused', 'web1');
    const alertAt = Date.UTC(2026, 10, 20, 5, 30);
    await untilSo(rig, () => openAlerts(rig).length > 0, 20 * MINUTE);
    const [alert] = openAlerts(rig);
    expect((alert?.raisedAt as number) - alertAt).toBeLessThanOrEqual(6 * SECOND);
    expect(alert).toMatchObject({ related: [{ kind: 'routine', text: 'weekly log rotation (Friday 05:20 UTC)' }] });
    expect(alert?.title).toContain('weekly log rotation');
    expect(rig.announced).toMatchObject([{ kind: 'raised', title: alert?.title }]);
  });

  it('covers nothing else, and nothing at other times', async () => {
    const rig = await calm(withRoutine);
    await rig.clock.advance(15 * MINUTE + 30 * SECOND);
    set(rig, 'refused', 'web2');
    await rig.clock.advance(3 * MINUTE);
    expect(openAlerts(rig)).toMatchObject([{ title: 'web2 is down', related: [] }]);
    await rig.clock.advance(20 * MINUTE);
    set(rig, 'refused', 'web1');
    await rig.clock.advance(3 * MINUTE);
    expect(openAlerts(rig).flatMap((it) => it.related)).toEqual([]);
  });

  it('stands in the calendar', async () => {
    const rig = await calm(withRoutine);
    const from = rig.clock.now();
    expect((await must(rig, 'maintenance', { from, to: from + 2 * DAY })).routines).toMatchObject([
      { routine: 'rotate', at: Date.UTC(2026, 10, 20, 5, 20), to: Date.UTC(2026, 10, 20, 5, 30) },
      { routine: 'rotate', at: Date.UTC(2026, 10, 21, 5, 20) },
    ]);
  });
});

describe('a change that we made', () => {
  const entered = async (rig: Rig, ago: number, subject: string | null) =>
    must(rig, 'addChanges', { by: 'Ada', changes: [{ at: rig.clock.now() - ago, subject, text: 'security patches', by: null }] });

  it.each([
    ['two days before', 2 * DAY, 'web1', ['security patches on web1, 2 d before']],
    ['nine days before', 9 * DAY, 'web1', []],
    ['to something else', 2 * DAY, 'web2', []],
    ['to nothing in particular', 2 * DAY, null, []],
  ])('%s stands beside the fault, or does not', async (_what, ago, subject, wanted) => {
    const rig = await calm();
    await entered(rig, ago, subject);
    set(rig, 'refused', 'web1');
    await rig.clock.advance(3 * MINUTE);
    expect(openAlerts(rig)[0]?.related.map((it) => it.text)).toEqual(wanted);
  });

  it('is known after a restart, and listed', async () => {
    const rig = await calm();
    await entered(rig, 2 * DAY, 'web1');
    rig.stop();
    const again = await start({ before: rig });
    set(again, 'refused', 'web1');
    await again.clock.advance(3 * MINUTE);
    expect(openAlerts(again)[0]?.related.map((it) => it.text)).toEqual(['security patches on web1, 2 d before']);
    const listed = await must(again, 'changes', { from: again.clock.now() - 3 * DAY, to: again.clock.now(), subjects: ['web1'] });
    expect(listed).toMatchObject([{ subject: 'web1', text: 'security patches', by: 'Ada' }]);
    expect(again.store.recentEvents(100).filter((it) => it.kind === 'change')).toMatchObject([{ subject: { kind: 'host', id: 'web1' } }]);
  });

  it('that is entered when the alert is open already is not forced into it', async () => {
    const rig = await calm();
    set(rig, 'refused', 'web1');
    await rig.clock.advance(3 * MINUTE);
    await entered(rig, 2 * DAY, 'web1');
    await rig.clock.advance(MINUTE);
    expect(openAlerts(rig)).toHaveLength(1);
    expect(rig.told('alert-raised')).toHaveLength(1);
  });
});

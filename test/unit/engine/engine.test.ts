/** The whole engine under a fake clock: states, alerts, gaps, restarts, inventories, disks. */
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { answer } from '../../../shared/bind.ts';
import { engineContract } from '../../../shared/contract.ts';
import { standingOf } from '../../../shared/health/step.ts';
import type { NightEvent } from '../../../shared/model/event.ts';
import { HOUR, MINUTE, SECOND } from '../../../shared/time.ts';
import { inventoryOf, type Rig, startRig } from '../../support/engine-rig.ts';
import { removeTemporaryFolders } from '../../support/temporary-folder.ts';

const rigs: Rig[] = [];
const start = async (...args: Parameters<typeof startRig>): Promise<Rig> => {
  const rig = await startRig(...args);
  rigs.push(rig);
  return rig;
};
afterEach(() => {
  for (const rig of rigs.splice(0)) rig.stop();
});
afterAll(removeTemporaryFolders);

const standing = (rig: Rig, host: string) => standingOf(rig.tables().checks[`${host}/tcp`]?.state as never);
const kinds = (events: NightEvent[]): string[] => events.map((event) => event.kind);
const openAlerts = (rig: Rig) => Object.values(rig.tables().alerts).filter((alert) => alert.endedAt === null);
/** Asks as a window does: the input is parsed. */
const ask = (rig: Rig, name: keyof typeof engineContract.requests, input: unknown) =>
  answer(engineContract, rig.engine.handlers, name, input, (error) => {
    throw error;
  });

/** The board looks at all checks together, so long after the first that changed. */
const lookMs = 80;

describe('a check through a bad hour', () => {
  it('goes soft, hard and back at exact times, probed at its retry interval meanwhile', async () => {
    const rig = await start({ inventory: inventoryOf(['web1']) });
    await rig.clock.advance(MINUTE);
    const regular = rig.probed.get('web1')?.at(-1) as number;
    expect(standing(rig, 'web1')).toBe('ok');
    const base = rig.clock.now() - rig.clock.monotonic();
    rig.answers.set('web1', 'refused');
    await rig.clock.advance(4 * MINUTE);
    const [first, second, third, fourth, fifth] = (rig.probed.get('web1') ?? []).filter((at) => at > regular) as [
      number,
      number,
      number,
      number,
      number,
    ];
    expect(first).toBe(regular + 30_000);
    expect([second - first, third - second]).toEqual([10_000, 10_000]);
    // Hard: back to its own places.
    expect([fourth % 30_000, fifth - fourth]).toEqual([regular % 30_000, 30_000]);

    const soft = rig.told('soft');
    expect(soft.map((event) => [event.at - base, (event.payload as { attempt: number }).attempt])).toEqual([
      [first, 1],
      [second, 2],
    ]);
    const [hard] = rig.told('hard');
    expect(hard).toMatchObject({ at: base + third, payload: { check: 'web1/tcp', from: 'ok', to: 'down', firstAt: base + first } });
    expect(rig.told('alert-raised')).toHaveLength(1);
    expect(openAlerts(rig)).toMatchObject([
      { severity: 'down', firstAt: base + first, raisedAt: base + third + lookMs, checks: ['web1/tcp'] },
    ]);

    rig.answers.set('web1', 'ok');
    await rig.clock.advance(MINUTE);
    expect(openAlerts(rig)).toEqual([]);
    const [recovered] = rig.told('alert-recovered');
    const back = (rig.probed.get('web1') ?? []).find((at) => at > (fifth as number) && base + at + lookMs === recovered?.at);
    expect(back).toBeDefined();
    expect(recovered?.payload).toMatchObject({ lastedMs: (back as number) + lookMs - first });
    expect(standing(rig, 'web1')).toBe('ok');
  });

  it('says a blip and nothing more', async () => {
    const rig = await start({ inventory: inventoryOf(['web1']) });
    await rig.clock.advance(MINUTE);
    rig.answers.set('web1', 'refused');
    while (rig.told('soft').length === 0) await rig.clock.advance(SECOND);
    rig.answers.set('web1', 'ok');
    await rig.clock.advance(MINUTE);
    expect(kinds(rig.events.filter((event) => event.subject?.id === 'web1'))).toEqual(['soft', 'retry-ok']);
  });

  it('writes all of it down', async () => {
    const rig = await start({ inventory: inventoryOf(['web1']) });
    rig.answers.set('web1', 'refused');
    await rig.clock.advance(3 * MINUTE);
    const written = rig.store.recentEvents(100);
    expect(written).toEqual(rig.events);
    expect(Object.values(rig.tables().events)).toEqual(written);
    expect(rig.store.loadAlerts(0)).toEqual(openAlerts(rig));
    expect(rig.store.loadStates().get('web1/tcp')).toEqual(rig.tables().checks['web1/tcp']?.state);
    const samples = rig.store.samples('web1/tcp', 0, rig.clock.now(), 1_000);
    expect(samples).toHaveLength(rig.probed.get('web1')?.length as number);
    expect(samples[0]).toMatchObject({ state: 'down', detail: expect.stringContaining('refused: ') });
  });

  it('gives a probe up that never ends', async () => {
    const rig = await start({ inventory: inventoryOf(['web1', 'web2']), answers: new Map([['web1', 'hang']]) });
    await rig.clock.advance(3 * MINUTE);
    expect(standing(rig, 'web1')).toBe('down');
    expect(standing(rig, 'web2')).toBe('ok');
    expect(rig.tables().checks['web1/tcp']?.state.verdict?.reason).toBe('timeout');
  });
});

describe('no fresh data', () => {
  /** Thirty checks of one host and six permits: with all of them hanging, a round takes longer than results stay fresh. */
  it('is grey after two intervals and the time-out where a check does not get its turn, and says so once', async () => {
    const limitMs = 29 * SECOND;
    const checks = Array.from({ length: 30 }, (_, i) => `      - { type: tcp, name: c${i}, port: ${8_000 + i} }`).join('\n');
    const rig = await start({
      inventory: `defaults: { interval: 10s, retryInterval: 10s, timeout: 9s }\nhosts:\n  - id: web1\n    address: web1.test\n    checks:\n${checks}\n`,
    });
    await rig.clock.advance(30 * SECOND);
    expect(Object.values(rig.tables().checks).every((check) => standingOf(check.state) === 'ok')).toBe(true);
    rig.answers.set('web1', 'hang');
    for (let i = 0; i < 120; i += 1) {
      await rig.clock.advance(SECOND);
      for (const { state } of Object.values(rig.tables().checks)) {
        if (standingOf(state) === 'ok') expect(rig.clock.now() - (state.at as number)).toBeLessThanOrEqual(limitMs + SECOND);
      }
    }
    const stale = rig.told('stale') as { at: number; payload: { check: string; lastAt: number } }[];
    expect(stale.length).toBeGreaterThan(10);
    for (const { at, payload } of stale) {
      expect(at - payload.lastAt).toBeGreaterThan(limitMs);
      expect(at - payload.lastAt).toBeLessThanOrEqual(limitMs + SECOND);
    }
    // Once each time that it went without.
    expect(new Set(stale.map(({ payload }) => `${payload.check} ${payload.lastAt}`)).size).toBe(stale.length);
    expect(rig.tables().desk.desk?.lastCompleteCycleAt).toBeLessThan(rig.clock.now() - MINUTE);
  });

  it('does not call a check stale that was added a moment ago', async () => {
    const rig = await start({ inventory: inventoryOf(['web1']) });
    await rig.clock.advance(HOUR);
    await rig.rewrite(inventoryOf(['web1', 'web2']));
    expect(standing(rig, 'web2')).toBe('pending');
    await rig.clock.advance(10 * SECOND);
    expect(standing(rig, 'web2')).toBe('ok');
    expect(rig.told('stale', 'fresh')).toEqual([]);
  });
});

describe('a sleep', () => {
  const asleep = async (hosts: string[]) => {
    const rig = await start({ inventory: inventoryOf(hosts) });
    rig.answers.set('web2', 'refused');
    await rig.clock.advance(5 * MINUTE);
    const before = rig.events.length;
    return { rig, since: () => rig.events.slice(before) };
  };

  it('is one line; what is too old is grey at once, and comes back without a word', async () => {
    const { rig, since } = await asleep(['web1', 'web2', 'web3']);
    const from = rig.clock.now();
    rig.clock.freeze(8 * HOUR);
    await rig.clock.advance(1);
    expect(since()).toMatchObject([{ kind: 'gap', payload: { cause: 'asleep-or-frozen', to: from + 8 * HOUR } }]);
    const [gap] = since() as [NightEvent];
    expect((gap.payload as { from: number }).from).toBeGreaterThan(from - 2 * SECOND);
    for (const host of ['web1', 'web2', 'web3']) expect(standing(rig, host)).toBe('stale');
    // The open alert is held: no news is neither good nor bad.
    expect(openAlerts(rig)).toHaveLength(1);
    await rig.clock.advance(6 * SECOND);
    expect(['web1', 'web2', 'web3'].map((host) => standing(rig, host))).toEqual(['ok', 'down', 'ok']);
    expect(kinds(since())).toEqual(['gap']);
    expect(openAlerts(rig)).toHaveLength(1);
  });

  it('ends a probe that was under way without a verdict', async () => {
    const { rig, since } = await asleep(['web1', 'web2']);
    rig.answers.set('web1', 'slow');
    // Until just after it was sent out.
    const turn = (rig.probed.get('web1')?.at(-1) as number) + 30_000;
    await rig.clock.advance(turn - rig.clock.monotonic() + 1);
    expect(rig.probed.get('web1')?.at(-1)).toBe(turn);
    rig.answers.set('web1', 'hang');
    const newest = rig.tables().checks['web1/tcp']?.state.at;
    rig.clock.freeze(HOUR);
    await rig.clock.advance(1);
    // What it saw was seen an hour ago: it must not count as fresh.
    expect(rig.tables().checks['web1/tcp']?.state.at).toBe(newest);
    expect(standing(rig, 'web1')).toBe('stale');
    rig.answers.set('web1', 'ok');
    await rig.clock.advance(10 * SECOND);
    expect(standing(rig, 'web1')).toBe('ok');
    expect(kinds(since())).toEqual(['gap']);
  });

  it('that only the wall clock knows of is a gap as well', async () => {
    const { rig, since } = await asleep(['web1', 'web2']);
    rig.clock.jump(HOUR);
    await rig.clock.advance(SECOND);
    expect(kinds(since())).toEqual(['gap']);
    expect(standing(rig, 'web1')).toBe('stale');
    await rig.clock.advance(6 * SECOND);
    expect(standing(rig, 'web1')).toBe('ok');
  });

  it('of a few seconds is none', async () => {
    const { rig, since } = await asleep(['web1', 'web2']);
    rig.clock.freeze(5 * SECOND);
    await rig.clock.advance(MINUTE);
    expect(since()).toEqual([]);
  });
});

describe('a wall clock that is set back', () => {
  it('makes no false green: what stops answering afterwards is told in time', async () => {
    const rig = await start({ inventory: inventoryOf(['web1', 'web2']) });
    await rig.clock.advance(5 * MINUTE);
    rig.clock.jump(-HOUR);
    rig.answers.set('web1', 'refused');
    await rig.clock.advance(SECOND);
    expect(rig.told('gap')).toMatchObject([{ payload: { cause: 'clock-jump' } }]);
    for (const { state } of Object.values(rig.tables().checks))
      expect(Math.max(state.at as number, state.since)).toBeLessThanOrEqual(rig.clock.now());
    const back = rig.clock.now();
    await rig.clock.advance(MINUTE);
    const [hard] = rig.told('hard');
    expect(hard?.at).toBeLessThanOrEqual(back + 55 * SECOND);
    expect(openAlerts(rig)).toHaveLength(1);
    expect(openAlerts(rig)[0]?.firstAt).toBeGreaterThanOrEqual(back - SECOND);
    expect(standing(rig, 'web2')).toBe('ok');
  });

  it('keeps the last complete cycle from standing in the future', async () => {
    const rig = await start({ inventory: inventoryOf(['web1', 'web2']) });
    await rig.clock.advance(5 * MINUTE);
    expect(rig.tables().desk.desk?.lastCompleteCycleAt).toBeGreaterThan(rig.clock.now() - 6 * SECOND);
    rig.clock.jump(-HOUR);
    await rig.clock.advance(6 * SECOND);
    expect(rig.tables().desk.desk?.lastCompleteCycleAt).toBeLessThanOrEqual(rig.clock.now());
  });

  it('over a restart greys nothing late: a result of the future is taken for one of now', async () => {
    const first = await start({ inventory: inventoryOf(['web1']) });
    await first.clock.advance(5 * MINUTE);
    first.stop();
    first.clock.jump(-HOUR);
    const rig = await start({ before: first, answers: new Map([['web1', 'hang']]) });
    expect(rig.tables().checks['web1/tcp']?.state.at).toBeLessThanOrEqual(rig.clock.now());
    await rig.clock.advance(70 * SECOND);
    expect(standing(rig, 'web1')).not.toBe('ok');
  });
});

describe('a restart', () => {
  it('keeps the open alert, who has it, and where everything stands; nothing is raised twice', async () => {
    const first = await start({ inventory: inventoryOf(['web1', 'web2']), answers: new Map([['web1', 'refused']]) });
    await first.clock.advance(5 * MINUTE);
    const [alert] = openAlerts(first);
    expect(await ask(first, 'acknowledge', { alerts: [alert?.id], by: 'Ada', comment: 'on it' })).toEqual({ ok: true, value: null });
    await first.clock.advance(SECOND);
    first.stop();
    await first.clock.advance(10 * SECOND);
    const rig = await start({ before: first });
    expect(openAlerts(rig)).toMatchObject([{ id: alert?.id, acknowledgement: { by: 'Ada', comment: 'on it' } }]);
    expect(standing(rig, 'web1')).toBe('down');
    await rig.clock.advance(10 * MINUTE);
    expect(rig.told('alert-raised', 'alert-updated', 'hard', 'soft', 'acknowledgement-cleared')).toEqual([]);
    expect(openAlerts(rig)).toMatchObject([{ id: alert?.id, firstAt: alert?.firstAt, acknowledgement: { by: 'Ada' } }]);
    rig.answers.set('web1', 'ok');
    await rig.clock.advance(MINUTE);
    expect(rig.told('alert-recovered')).toMatchObject([{ payload: { alert: alert?.id } }]);
  });

  it('after a long pause is one line; old results are grey until there are new ones', async () => {
    const first = await start({ inventory: inventoryOf(['web1', 'web2']) });
    await first.clock.advance(5 * MINUTE);
    first.stop();
    await first.clock.advance(HOUR);
    const rig = await start({ before: first });
    expect(kinds(rig.events)).toEqual(['gap', 'inventory-loaded', 'engine-started']);
    expect(rig.events[0]).toMatchObject({ payload: { cause: 'not-running', to: rig.clock.now() } });
    expect([standing(rig, 'web1'), standing(rig, 'web2')]).toEqual(['stale', 'stale']);
    await rig.clock.advance(MINUTE);
    expect([standing(rig, 'web1'), standing(rig, 'web2')]).toEqual(['ok', 'ok']);
    expect(rig.events).toHaveLength(3);
  });

  it('that dies right after it greyed everything adds no line per check to the next one', async () => {
    const first = await start({ inventory: inventoryOf(['web1', 'web2']) });
    await first.clock.advance(5 * MINUTE);
    first.clock.freeze(HOUR);
    await first.clock.advance(1);
    expect(standing(first, 'web1')).toBe('stale');
    first.answers.set('web1', 'hang').set('web2', 'hang');
    await first.clock.advance(SECOND);
    first.stop();
    const rig = await start({ before: first, answers: new Map() });
    await rig.clock.advance(MINUTE);
    expect(rig.told('fresh', 'stale')).toEqual([]);
  });

  it('with an inventory that is mended only later greys old results silently too', async () => {
    const first = await start({ inventory: inventoryOf(['web1', 'web2']) });
    await first.clock.advance(5 * MINUTE);
    first.stop();
    await first.clock.advance(HOUR);
    const rig = await start({ before: first, inventory: 'hosts: [' });
    expect(rig.tables().checks).toEqual({});
    await rig.clock.advance(MINUTE);
    await rig.rewrite(inventoryOf(['web1', 'web2']));
    expect([standing(rig, 'web1'), standing(rig, 'web2')]).toEqual(['stale', 'stale']);
    await rig.clock.advance(MINUTE);
    expect(rig.told('stale', 'fresh')).toEqual([]);
    expect([standing(rig, 'web1'), standing(rig, 'web2')]).toEqual(['ok', 'ok']);
  });

  it('does not hide that the computer was restarted meanwhile', async () => {
    const inventory = 'hosts:\n  - id: here\n    checks:\n      - type: host\n';
    const facts = (bootId: string, uptimeSeconds: number) =>
      ({ cores: 4, load1: 0, load5: 0, load15: 0, memoryPercent: 10, bootId, uptimeSeconds }) as never;
    const first = await start({ inventory, answers: new Map([['host', facts('boot-one', 90_000)]]) });
    await first.clock.advance(2 * MINUTE);
    expect(first.told('observed')).toEqual([]);
    first.stop();
    await first.clock.advance(2 * MINUTE);
    const rig = await start({ before: first, answers: new Map([['host', facts('boot-two', 60)]]) });
    await rig.clock.advance(2 * MINUTE);
    expect(rig.told('observed')).toMatchObject([{ subject: { id: 'here' }, payload: { check: 'here/host' } }]);
  });
});

describe('a bug in one check', () => {
  it.each(['throw', 'nonsense'] as const)('(%s) is told once and leaves everything else alone', async (what) => {
    const rig = await start({ inventory: inventoryOf(['web1', 'web2']), answers: new Map([['web1', what]]) });
    await rig.clock.advance(5 * MINUTE);
    expect(rig.told('probe-bug')).toMatchObject([
      { subject: { id: 'web1' }, payload: { check: 'web1/tcp', text: expect.stringMatching(/\S/) } },
    ]);
    expect([standing(rig, 'web1'), standing(rig, 'web2')]).toEqual(['unknown', 'ok']);
    expect(rig.tables().desk.desk?.troubles).toEqual([]);
    rig.answers.set('web1', 'ok');
    await rig.clock.advance(MINUTE);
    expect(standing(rig, 'web1')).toBe('ok');
    rig.answers.set('web1', what);
    await rig.clock.advance(MINUTE);
    expect(rig.told('probe-bug')).toHaveLength(2);
    expect(await ask(rig, 'transcript', { check: 'web1/tcp' })).toMatchObject({
      ok: true,
      value: { newest: { verdict: { state: 'unknown' } } },
    });
  });
});

describe('a new inventory', () => {
  it('keeps where everything stands, and says so once', async () => {
    const rig = await start({ inventory: inventoryOf(['web1', 'web2']), answers: new Map([['web1', 'refused']]) });
    await rig.clock.advance(5 * MINUTE);
    const before = structuredClone(rig.tables().checks);
    await rig.rewrite(`# a remark\n${inventoryOf(['web1', 'web2', 'web3'])}`);
    expect(rig.tables().checks).toMatchObject(before);
    expect(openAlerts(rig)).toHaveLength(1);
    await rig.clock.advance(5 * MINUTE);
    expect(rig.told('inventory-loaded')).toHaveLength(2);
    expect(rig.told('alert-raised')).toHaveLength(1);
    expect(standing(rig, 'web3')).toBe('ok');
  });

  it('closes the alert of a check that is gone, and raises it anew when it comes back as bad as it was', async () => {
    const rig = await start({ inventory: inventoryOf(['web1', 'web2']), answers: new Map([['web1', 'refused']]) });
    await rig.clock.advance(5 * MINUTE);
    await rig.rewrite(inventoryOf(['web2']));
    expect(openAlerts(rig)).toEqual([]);
    expect(rig.told('alert-closed')).toHaveLength(1);
    expect(Object.keys(rig.tables().checks)).toEqual(['web2/tcp']);
    expect(Object.keys(rig.tables().subjects)).toEqual(['web2']);
    await rig.clock.advance(5 * MINUTE);
    await rig.rewrite(inventoryOf(['web1', 'web2']));
    await rig.clock.advance(5 * MINUTE);
    expect(standing(rig, 'web1')).toBe('down');
    expect(openAlerts(rig)).toMatchObject([{ subject: { id: 'web1' }, checks: ['web1/tcp'] }]);
    expect(rig.told('alert-raised')).toHaveLength(2);
  });

  it('does so too when it left while nobody watched', async () => {
    const first = await start({ inventory: inventoryOf(['web1', 'web2']), answers: new Map([['web1', 'refused']]) });
    await first.clock.advance(5 * MINUTE);
    first.stop();
    const second = await start({ before: first, inventory: inventoryOf(['web2']) });
    expect(second.told('alert-closed')).toHaveLength(1);
    await second.clock.advance(MINUTE);
    second.stop();
    const third = await start({ before: second, inventory: inventoryOf(['web1', 'web2']) });
    await third.clock.advance(5 * MINUTE);
    expect(openAlerts(third)).toMatchObject([{ subject: { id: 'web1' } }]);
    expect(openAlerts(third)[0]?.firstAt).toBeGreaterThan(third.clock.now() - 6 * MINUTE);
  });

  it('drops what was on its way for other settings, greys the check and looks again at once', async () => {
    const rig = await start({ inventory: inventoryOf(['web1', 'web2']) });
    await rig.clock.advance(5 * MINUTE);
    rig.answers.set('web1', 'slow');
    const turn = (rig.probed.get('web1')?.at(-1) as number) + 30_000;
    await rig.clock.advance(turn - rig.clock.monotonic() + 1);
    await rig.rewrite(inventoryOf(['web1', 'web2'], ', expect: hello'));
    expect(standing(rig, 'web1')).toBe('stale');
    await rig.clock.advance(2 * SECOND);
    // The result for the old settings came in by now.
    expect(standing(rig, 'web1')).toBe('stale');
    rig.answers.set('web1', 'ok');
    await rig.clock.advance(3 * SECOND);
    expect([standing(rig, 'web1'), standing(rig, 'web2')]).toEqual(['ok', 'ok']);
    expect(rig.told('stale', 'fresh')).toEqual([]);
  });

  it('that only asks more often changes no state', async () => {
    const rig = await start({ inventory: inventoryOf(['web1']) });
    await rig.clock.advance(5 * MINUTE);
    await rig.rewrite(inventoryOf(['web1'], ', interval: 5s'));
    expect(standing(rig, 'web1')).toBe('ok');
    const before = rig.probed.get('web1')?.length as number;
    await rig.clock.advance(MINUTE);
    expect((rig.probed.get('web1')?.length as number) - before).toBeGreaterThanOrEqual(11);
  });

  it('with a mistake leaves the last good one in force and says where; the mended one ends that', async () => {
    const good = inventoryOf(['web1']);
    const rig = await start({ inventory: good });
    await rig.clock.advance(MINUTE);
    await rig.rewrite(`${good}  - id: web2\n    checks:\n      - type: tpc\n`);
    expect(rig.told('inventory-rejected')).toMatchObject([
      { payload: { problems: [{ line: 10, where: expect.stringContaining('web2'), expected: expect.stringContaining('tcp') }] } },
    ]);
    expect(rig.tables().desk.desk).toMatchObject({
      inventory: { problems: [{ line: 10 }] },
      troubles: [{ code: 'inventory', text: expect.stringMatching(/line 10, column \d+.*The last good one stays in force/) }],
    });
    const probes = rig.probed.get('web1')?.length as number;
    await rig.clock.advance(5 * MINUTE);
    expect(rig.probed.get('web1')?.length).toBe(probes + 10);
    expect(standing(rig, 'web1')).toBe('ok');
    await rig.rewrite(good);
    expect(rig.tables().desk.desk).toMatchObject({ inventory: { problems: [] }, troubles: [] });
  });

  it('from the window is told once, not again by the watch on the file', async () => {
    const rig = await start({ inventory: inventoryOf(['web1']) });
    const host = { id: 'web9', name: 'Web nine', address: 'web9.test', site: null, group: 'servers', checks: [{ type: 'tcp', port: 80 }] };
    expect(await ask(rig, 'addHost', host)).toEqual({ ok: true, value: null });
    expect(rig.tables().checks['web9/tcp']).toBeDefined();
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(kinds(rig.events).filter((kind) => kind.startsWith('inventory'))).toEqual([
      'inventory-loaded',
      'inventory-changed',
      'inventory-loaded',
    ]);
    await rig.clock.advance(10 * SECOND);
    expect(standing(rig, 'web9')).toBe('ok');
  });
});

describe('the last complete cycle', () => {
  it('is there when every check has a result, and grows old when one stops', async () => {
    const rig = await start({ inventory: inventoryOf(['web1', 'web2', 'web3']) });
    expect(rig.tables().desk.desk?.lastCompleteCycleAt).toBeNull();
    await rig.clock.advance(MINUTE);
    expect(rig.tables().desk.desk?.lastCompleteCycleAt).toBeGreaterThanOrEqual(rig.clock.now() - 5 * SECOND);
    // A refused connection is a result; so is a time-out.
    rig.answers.set('web1', 'refused').set('web2', 'hang');
    await rig.clock.advance(10 * MINUTE);
    expect(rig.tables().desk.desk?.lastCompleteCycleAt).toBeGreaterThanOrEqual(rig.clock.now() - 10 * SECOND);
  });
});

describe('what is shown stays small', () => {
  it('forty values of a spark, five hundred events, alerts of a day', { timeout: 60_000 }, async () => {
    const rig = await start({ inventory: inventoryOf(['web1', 'web2'], ', interval: 10s, maxAttempts: 1') });
    // Slowly enough not to be called flapping.
    for (let i = 0; i < 300; i += 1) {
      rig.answers.set('web1', i % 2 === 0 ? 'refused' : 'ok');
      await rig.clock.advance(2 * MINUTE);
    }
    const tables = rig.tables();
    expect(tables.checks['web1/tcp']?.spark).toHaveLength(40);
    expect(Object.keys(tables.events)).toHaveLength(500);
    expect(rig.events.length).toBeGreaterThan(550);
    expect(Object.values(tables.events)).toEqual(rig.events.slice(-500));
    expect(Object.keys(tables.alerts).length).toBeGreaterThan(140);
    rig.answers.set('web1', 'ok');
    await rig.clock.advance(MINUTE);
    rig.clock.freeze(25 * HOUR);
    await rig.clock.advance(SECOND);
    expect(rig.tables().alerts).toEqual({});
  });

  it('at most 200 alerts that ended', { timeout: 60_000 }, async () => {
    const rig = await start({ inventory: inventoryOf(['web1'], ', interval: 10s, maxAttempts: 1') });
    // Slowly enough not to be called flapping.
    for (let i = 0; i < 500; i += 1) {
      rig.answers.set('web1', i % 2 === 0 ? 'refused' : 'ok');
      await rig.clock.advance(2 * MINUTE);
    }
    expect(Object.keys(rig.tables().alerts).length).toBe(200);
    const before = rig.tables().alerts;
    rig.stop();
    const again = await start({ before: rig });
    expect(Object.keys(again.tables().alerts).sort()).toEqual(Object.keys(before).sort());
  });
});

describe('what people do', () => {
  const withAlert = async () => {
    const rig = await start({ inventory: inventoryOf(['web1', 'web2']), answers: new Map([['web1', 'refused']]) });
    await rig.clock.advance(3 * MINUTE);
    return { rig, id: openAlerts(rig)[0]?.id as string };
  };
  const onDisk = (rig: Rig, kind: string) => rig.store.recentEvents(1_000).filter((event) => event.kind === kind);

  it('is on disk when it is answered, and shown', async () => {
    const { rig, id } = await withAlert();
    expect(await ask(rig, 'acknowledge', { alerts: [id], by: ' Ada ', comment: 'restarting nginx' })).toEqual({ ok: true, value: null });
    expect(onDisk(rig, 'acknowledged')).toMatchObject([{ actor: 'Ada', payload: { alert: id, comment: 'restarting nginx' } }]);
    expect(rig.store.loadAlerts(0)).toMatchObject([{ id, acknowledgement: { by: 'Ada' } }]);
    expect(rig.tables().alerts[id]?.acknowledgement).toMatchObject({ by: 'Ada', at: rig.clock.now() });
    expect(await ask(rig, 'note', { subject: { kind: 'host', id: 'web1' }, by: 'Bo', text: 'disk was full' })).toEqual({
      ok: true,
      value: null,
    });
    expect(onDisk(rig, 'note')).toMatchObject([{ actor: 'Bo', subject: { id: 'web1' } }]);
    expect(rig.told('note', 'acknowledged')).toHaveLength(2);
  });

  it('is not done, not shown and said so when the disk does not take it', async () => {
    const { rig, id } = await withAlert();
    rig.breakDisk({ code: 'full', text: 'The disk is full' });
    expect(await ask(rig, 'acknowledge', { alerts: [id], by: 'Ada', comment: 'x' })).toMatchObject({
      ok: false,
      failure: { code: 'not-saved', text: expect.stringContaining('disk is full') },
    });
    expect(await ask(rig, 'note', { subject: null, by: 'Ada', text: 'x' })).toMatchObject({ ok: false, failure: { code: 'not-saved' } });
    expect(rig.tables().alerts[id]?.acknowledgement).toBeNull();
    expect(rig.told('acknowledged', 'note')).toEqual([]);
    rig.breakDisk(null);
    await rig.clock.advance(5 * SECOND);
    expect(onDisk(rig, 'acknowledged')).toEqual([]);
    expect(onDisk(rig, 'note')).toEqual([]);
    // And it can be done now.
    expect(await ask(rig, 'acknowledge', { alerts: [id], by: 'Ada', comment: 'x' })).toEqual({ ok: true, value: null });
  });

  it('of two who take an alert at once the first has it; the other one is told, and may take it over', async () => {
    const { rig, id } = await withAlert();
    const take = (by: string, takeOver = false) => ask(rig, 'acknowledge', { alerts: [id], by, comment: `${by} is on it`, takeOver });
    const replies = await Promise.all([take('Ada'), take('Bo')]);
    expect(replies).toMatchObject([{ ok: true }, { ok: false, failure: { code: 'already-taken', text: expect.stringContaining('Ada') } }]);
    expect(onDisk(rig, 'acknowledged').map((event) => event.actor)).toEqual(['Ada']);
    expect(await take('Bo', true)).toEqual({ ok: true, value: null });
    expect(onDisk(rig, 'acknowledged')).toMatchObject([{ actor: 'Ada' }, { actor: 'Bo', payload: { from: 'Ada' } }]);
    expect(rig.tables().alerts[id]?.acknowledgement?.by).toBe('Bo');
    expect(rig.store.loadAlerts(0)[0]?.acknowledgement?.by).toBe('Bo');
    await rig.clock.advance(5 * MINUTE);
    expect(rig.tables().alerts[id]?.acknowledgement?.by).toBe('Bo');
  });

  it.each([
    ['nobody knows', 'no-such', 'alert-gone'],
    ['has a name of the language itself', '__proto__', 'alert-gone'],
  ])('an alert that %s is refused by name, and the other is left alone', async (_what, other, code) => {
    const { rig, id } = await withAlert();
    expect(await ask(rig, 'acknowledge', { alerts: [id, other], by: 'Ada', comment: 'x' })).toMatchObject({
      ok: false,
      failure: { code, text: expect.stringContaining(other) },
    });
    expect(rig.tables().alerts[id]?.acknowledgement).toBeNull();
  });

  it('an alert that ended meanwhile is refused', async () => {
    const { rig, id } = await withAlert();
    rig.answers.set('web1', 'ok');
    await rig.clock.advance(MINUTE);
    expect(await ask(rig, 'acknowledge', { alerts: [id], by: 'Ada', comment: 'x' })).toMatchObject({
      ok: false,
      failure: { code: 'alert-gone', text: expect.stringContaining('ended') },
    });
  });

  it.each([
    [{ alerts: ['x'], by: ' ', comment: 'x' }, 'say who you are'],
    [{ alerts: ['x'], by: 'Ada', comment: '' }, 'say what you do about it'],
    [{ alerts: [], by: 'Ada', comment: 'x' }, 'choose an alert'],
  ])('%j is not taken', async (input, text) => {
    const { rig } = await withAlert();
    expect(await ask(rig, 'acknowledge', input)).toMatchObject({
      ok: false,
      failure: { code: 'bad-input', text: expect.stringContaining(text) },
    });
  });

  it('"check now" probes now, and only what is there', async () => {
    const { rig } = await withAlert();
    const before = rig.probed.get('web2')?.length as number;
    expect(await ask(rig, 'checkNow', { checks: ['web2/tcp'] })).toEqual({ ok: true, value: null });
    await rig.clock.advance(1);
    expect(rig.probed.get('web2')?.length).toBe(before + 1);
    expect(await ask(rig, 'checkNow', { checks: ['web2/tcp', 'gone/tcp'] })).toMatchObject({
      ok: false,
      failure: { code: 'no-such-check', text: expect.stringContaining('gone/tcp') },
    });
    await rig.clock.advance(1);
    expect(rig.probed.get('web2')?.length).toBe(before + 1);
  });

  it('a draft, its export, histories and transcripts are answered', async () => {
    const { rig, id } = await withAlert();
    expect(await ask(rig, 'draft', { alerts: [id], from: null, to: null, title: null, zone: 'UTC' })).toMatchObject({
      ok: true,
      value: { markdown: expect.stringContaining('web1') },
    });
    expect(await ask(rig, 'draft', { alerts: ['gone'], from: null, to: null, title: null, zone: 'UTC' })).toMatchObject({
      ok: false,
      failure: { code: 'no-such-alert' },
    });
    expect(await ask(rig, 'exported', { title: 'web1 is down', format: 'markdown', by: 'Ada' })).toEqual({ ok: true, value: null });
    expect(onDisk(rig, 'exported')).toHaveLength(1);
    expect(await ask(rig, 'transcript', { check: 'web1/tcp' })).toMatchObject({
      ok: true,
      value: { newest: { verdict: { reason: 'refused' }, lines: ['+0 ms  asked, answer refused'] }, lastBad: {} },
    });
    expect(await ask(rig, 'transcript', { check: 'gone/tcp' })).toMatchObject({ ok: false, failure: { code: 'no-such-check' } });
    const history = await ask(rig, 'history', { check: 'web1/tcp', from: rig.clock.now() - HOUR, to: rig.clock.now() });
    expect(history).toMatchObject({
      ok: true,
      value: { points: expect.arrayContaining([expect.objectContaining({ down: expect.any(Number) })]) },
    });
    expect(
      await ask(rig, 'events', { before: null, limit: 3, kinds: ['alert-raised'], subjects: ['web1'], text: null, from: null, to: null }),
    ).toMatchObject({ ok: true, value: [{ payload: { alert: id } }] });
    expect(await ask(rig, 'alerts', { from: 0, to: rig.clock.now() })).toMatchObject({ ok: true, value: [{ id }] });
  });
});

describe('a disk that takes nothing', () => {
  it('is said aloud once; watching goes on, what happened is kept, and lost samples are counted at the end', async () => {
    const rig = await start({ inventory: inventoryOf(['web1', 'web2']) });
    await rig.clock.advance(MINUTE);
    rig.breakDisk({ code: 'full', text: 'no room' });
    rig.answers.set('web1', 'refused');
    await rig.clock.advance(10 * MINUTE);
    expect(rig.told('store-write-failed')).toMatchObject([{ payload: { code: 'full' } }]);
    expect(rig.tables().desk.desk?.troubles).toMatchObject([{ code: 'store-full', text: expect.stringContaining('The disk is full') }]);
    expect([standing(rig, 'web1'), standing(rig, 'web2')]).toEqual(['down', 'ok']);
    expect(openAlerts(rig)).toHaveLength(1);
    rig.breakDisk(null);
    await rig.clock.advance(6 * SECOND);
    expect(rig.tables().desk.desk?.troubles).toEqual([]);
    expect(rig.told('store-write-recovered')).toMatchObject([{ payload: { lostSamples: 0 } }]);
    await rig.clock.advance(SECOND);
    expect(rig.store.recentEvents(1_000)).toEqual(rig.events);
    expect(rig.store.samples('web1/tcp', 0, rig.clock.now(), 1_000)).toHaveLength(rig.probed.get('web1')?.length as number);
  });

  it('for keeping it small alone is one line too, not one every few seconds', async () => {
    const rig = await start({ inventory: inventoryOf(['web1']) });
    rig.breakMaintenance({ code: 'full', text: 'no room' });
    await rig.clock.advance(10 * MINUTE);
    expect(rig.told('store-write-failed', 'store-write-recovered')).toHaveLength(1);
    expect(rig.tables().desk.desk?.troubles).toHaveLength(1);
    rig.breakMaintenance(null);
    await rig.clock.advance(10 * SECOND);
    expect(rig.told('store-write-failed', 'store-write-recovered')).toHaveLength(2);
    expect(rig.tables().desk.desk?.troubles).toEqual([]);
  });
});

describe('the end', () => {
  it('writes what has gathered, and nothing is probed or told afterwards', async () => {
    const rig = await start({ inventory: inventoryOf(['web1', 'web2']), answers: new Map([['web1', 'hang']]) });
    await rig.clock.advance(20 * SECOND);
    rig.stop();
    rig.stop();
    const probes = rig.probed.get('web2')?.length;
    await rig.clock.advance(10 * MINUTE);
    expect(rig.probed.get('web2')?.length).toBe(probes);
    expect(rig.events.at(-1)?.kind).toBe('engine-stopped');
    const again = await start({ before: rig });
    expect(again.store.recentEvents(1_000).slice(0, rig.events.length)).toEqual(rig.events);
  });
});

/** The tracer within the engine: what is followed, when, and how little however much fails. */
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { TraceRoute } from '../../../electron/probes/trace.ts';
import { summarize } from '../../../shared/checks/icmp.ts';
import type { Facts } from '../../../shared/checks/types.ts';
import type { NightEvent } from '../../../shared/model/event.ts';
import { fail, ok } from '../../../shared/result.ts';
import { HOUR, MINUTE, SECOND } from '../../../shared/time.ts';
import type { Hop } from '../../../shared/trace.ts';
import { type Answer, ask, must, openAlerts, type Rig, startRig } from '../../support/engine-rig.ts';
import { removeTemporaryFolders } from '../../support/temporary-folder.ts';

const prefix = '203.0.113.9';
const gateway = '198.51.100.1';
const check = `customers/icmp-${prefix}`;
const hops = (...addresses: (string | null)[]): Hop[] =>
  addresses.map((address, index) => ({ at: index + 1, address, name: null, lossPercent: 0, ms: address === null ? null : 1 }));
type Traced = Extract<NightEvent, { kind: 'traced' }>;
const traced = (rig: Rig): Traced['payload'][] => rig.told('traced').map((event) => (event as Traced).payload);
const echo = (address: string, ms: number | null): Facts => ({ address, ...summarize(Array.from({ length: 20 }, () => ms)) }) as Facts;

/** A circuit of Cox, a prefix over it, and hosts `h1` … beside. */
const inventory = (hosts = 0): string => `organization: { name: Test, timezone: UTC }
defaults: { interval: 30s, retryInterval: 10s, timeout: 5s, maxAttempts: 3 }
sites:
  - { id: sd, name: San Diego }
links:
  - { id: cox, site: sd, provider: Cox, gateway: ${gateway}, hops: [198.51.100.0/24] }
prefixes:
  - { id: customers, site: sd, cidr: 203.0.113.0/24, via: [cox], representatives: [${prefix}] }
${hosts === 0 ? '' : 'hosts:\n'}${Array.from({ length: hosts }, (_, index) => `  - { id: h${index + 1}, address: 192.0.2.${index + 1}, checks: [{ type: icmp }] }\n`).join('')}`;

const usualWay = hops('10.0.0.1', gateway, '198.51.100.2', prefix);
const started: Rig[] = [];
afterEach(() => {
  for (const rig of started.splice(0)) rig.stop();
});
afterAll(removeTemporaryFolders);
const startStopped: typeof startRig = async (options) => {
  const rig = await startRig(options);
  started.push(rig);
  return rig;
};

/** An engine whose traces take 5 s and show what `ways` says, by address; the target itself one hop away where it says nothing. */
async function start(hosts = 0, before?: Rig) {
  const ways: Record<string, Hop[] | 'no-tool' | 'hang'> = { [prefix]: usualWay };
  const asked: { address: string; at: number }[] = [];
  let running = 0;
  let most = 0;
  let rig: Rig | null = null;
  const traceRoute: TraceRoute = async (address, signal) => {
    const { clock } = rig as Rig;
    asked.push({ address, at: clock.monotonic() });
    running += 1;
    most = Math.max(most, running);
    const way = ways[address] ?? hops(address);
    if (way === 'hang') await new Promise((resolve) => signal.addEventListener('abort', resolve));
    else await new Promise<void>((resolve) => void clock.after(5 * SECOND, resolve));
    running -= 1;
    if (way === 'hang') return fail({ code: 'internal', detail: 'closing' });
    return way === 'no-tool' ? fail({ code: 'tool-missing', detail: 'mtr is not installed' }) : ok({ hops: way, cut: false });
  };
  const answers = new Map<string, Answer>();
  const all = [gateway, prefix, ...Array.from({ length: hosts }, (_, index) => `192.0.2.${index + 1}`)];
  for (const address of all) answers.set(address, echo(address, 1));
  rig = await startStopped({ inventory: inventory(hosts), answers, traceRoute, ...(before && { before }) });
  const breakAll = (addresses: readonly string[]): void => {
    for (const address of addresses) answers.set(address, echo(address, null));
  };
  return { rig, ways, asked, breakAll, hosts: all.slice(2), most: () => most };
}

describe('what failed', () => {
  it('is followed for its alert beside the last good way, and the provider is named', async () => {
    const { rig, ways, asked, breakAll } = await start();
    await rig.clock.advance(3 * MINUTE);
    // Their usual ways are known by now; nothing was told of that.
    expect(asked.map(({ address }) => address).sort()).toEqual([gateway, prefix]);
    expect(rig.told('traced', 'observed')).toEqual([]);

    ways[prefix] = hops('10.0.0.1', gateway, null, null);
    breakAll([prefix]);
    await rig.clock.advance(3 * MINUTE);
    const [alert] = openAlerts(rig);
    expect(alert?.subject).toEqual({ kind: 'prefix', id: 'customers' });
    expect(traced(rig)).toEqual([
      {
        alert: alert?.id,
        check,
        target: prefix,
        text: `dies inside Cox, after ${gateway} (hop 2 of 4)`,
        hops: [
          { at: 1, address: '10.0.0.1', name: null, lossPercent: 0, ms: 1 },
          { at: 2, address: gateway, name: 'Cox', lossPercent: 0, ms: 1 },
        ],
        good: false,
      },
    ]);
    expect(await must(rig, 'lastTraces', { check })).toMatchObject({ good: { reached: true }, bad: { reached: false } });
    // Once for an alert, however long it lasts.
    await rig.clock.advance(10 * MINUTE);
    expect(traced(rig)).toHaveLength(1);
  });

  it('is followed again for the next alert', async () => {
    const { rig, breakAll } = await start();
    await rig.clock.advance(2 * MINUTE);
    breakAll([prefix]);
    await rig.clock.advance(3 * MINUTE);
    rig.answers.set(prefix, echo(prefix, 1));
    await rig.clock.advance(2 * MINUTE);
    breakAll([prefix]);
    await rig.clock.advance(3 * MINUTE);
    expect(new Set(traced(rig).map(({ alert }) => alert)).size).toBe(2);
  });

  it.each<[string, Answer, number]>([
    ['a reply that never comes', echo(prefix, null), 1],
    ['a name that is not found is none of the way', { failure: { code: 'name-not-found', detail: 'no such name' } }, 0],
    ['an address that is no address is none that is followed', { ...echo('-h', null) } as Facts, 1],
    ['its own computer', { ...echo('127.0.0.1', null) } as Facts, 0],
  ])('%s', async (_, answer, times) => {
    const { rig, asked } = await start();
    await rig.clock.advance(2 * MINUTE);
    const before = asked.length;
    rig.answers.set(prefix, answer);
    await rig.clock.advance(3 * MINUTE);
    expect(asked.length - before).toBe(times);
    for (const { address } of asked) expect([gateway, prefix]).toContain(address);
  });

  it('says that there is no program for it, until there is', async () => {
    const { rig, ways, breakAll } = await start();
    ways[prefix] = 'no-tool';
    ways[gateway] = 'no-tool';
    await rig.clock.advance(MINUTE);
    breakAll([prefix]);
    await rig.clock.advance(2 * MINUTE);
    expect(rig.told('traced')).toEqual([]);
    expect(rig.tables().desk.desk?.troubles.map(({ code }) => code)).toEqual(['trace']);
    ways[prefix] = usualWay;
    const asking = ask(rig, 'trace', { check });
    await rig.clock.advance(MINUTE);
    expect((await asking).ok).toBe(true);
    expect(rig.tables().desk.desk?.troubles).toEqual([]);
  });
});

describe('what does not count', () => {
  const window = (clock: Rig['clock'], from: number, affects: string) =>
    `maintenance:\n  - { id: work, name: Work, from: "${new Date(clock.now() + from).toISOString()}", to: "${new Date(clock.now() + from + HOUR).toISOString()}", affects: [${affects}] }\n`;

  it('planned work: neither the usual way of what is well nor a fault is followed, until it is over', async () => {
    const { rig, asked, breakAll } = await start();
    await rig.rewrite(inventory() + window(rig.clock, 0, 'customers'));
    await rig.clock.advance(20 * MINUTE);
    expect(asked.map(({ address }) => address)).toEqual([gateway]);
    breakAll([prefix]);
    await rig.clock.advance(20 * MINUTE);
    expect(asked).toHaveLength(1);
    await rig.clock.advance(30 * MINUTE);
    expect(openAlerts(rig)).toHaveLength(1);
    expect(traced(rig)).toHaveLength(1);
  });

  it('this desk is cut off: nothing is followed', async () => {
    const anchored = `desk: { anchors: [{ type: icmp, name: far, address: 192.0.2.200 }] }\n${inventory()}`;
    const { rig, asked, breakAll } = await start();
    rig.answers.set('192.0.2.200', echo('192.0.2.200', 1));
    await rig.rewrite(anchored);
    await rig.clock.advance(2 * MINUTE);
    const before = asked.length;
    breakAll(['192.0.2.200', gateway, prefix]);
    await rig.clock.advance(8 * HOUR);
    expect(rig.tables().desk.desk?.cutOffSince).not.toBeNull();
    expect(asked.slice(before)).toEqual([]);
  });

  it('what waits for its turn when planned work begins is left out', async () => {
    const { rig, asked, breakAll, hosts } = await start(20);
    breakAll(hosts);
    const followed = () => asked.filter(({ address }) => hosts.includes(address)).length;
    while (followed() < 2) await rig.clock.advance(SECOND);
    await rig.rewrite(inventory(20) + window(rig.clock, 0, hosts.map((_, index) => `h${index + 1}`).join(', ')));
    await rig.clock.advance(30 * MINUTE);
    expect(openAlerts(rig)).toEqual([]);
    expect(followed()).toBe(2);
  });
});

describe('however much fails', () => {
  it('two run at once, six start within a minute, twenty wait, and the rest is counted', async () => {
    const { rig, asked, breakAll, hosts, most } = await start(60);
    // What is wrong from the beginning has an alert each.
    breakAll(hosts);
    await rig.clock.advance(20 * MINUTE);
    const starts = asked.filter(({ address }) => address.startsWith('192.0.2.')).map(({ at }) => at);
    expect(openAlerts(rig).length).toBe(60);
    expect(most()).toBe(2);
    for (const at of starts) expect(starts.filter((other) => other >= at && other < at + MINUTE).length).toBeLessThanOrEqual(6);
    const told = traced(rig);
    expect(told.length).toBeGreaterThanOrEqual(20);
    expect(told.length).toBeLessThan(30);
    const left = told.flatMap(({ text }) => /(\d+) other ways? w/.exec(text)?.[1] ?? []).reduce((sum, n) => sum + Number(n), 0);
    expect(told.length + left).toBe(60);
  });

  it('four things of one alert are followed', async () => {
    const { rig, breakAll, hosts } = await start(20);
    await rig.clock.advance(2 * MINUTE);
    breakAll(hosts);
    await rig.clock.advance(5 * MINUTE);
    expect(openAlerts(rig)).toMatchObject([{ checks: { length: 20 } }]);
    expect(traced(rig)).toHaveLength(4);
  });
});

describe('what is well', () => {
  it('is followed soon after the start and every six hours, one at a time', async () => {
    const { rig, asked } = await start(3);
    await rig.clock.advance(HOUR);
    // Hosts that stand behind nothing are not: there is no way to tell apart.
    expect(asked.map(({ address }) => address).sort()).toEqual([gateway, prefix]);
    expect(Math.abs((asked[1]?.at ?? 0) - (asked[0]?.at ?? 0))).toBeGreaterThanOrEqual(29 * SECOND);
    await rig.clock.advance(6 * HOUR);
    expect(asked).toHaveLength(4);
    expect(rig.told('traced')).toEqual([]);
  });

  it('tells when the way has changed', async () => {
    const { rig, ways } = await start();
    await rig.clock.advance(HOUR);
    ways[prefix] = hops('10.0.0.1', '192.0.2.77', '192.0.2.78', prefix);
    await rig.clock.advance(6 * HOUR);
    expect(rig.told('observed').map(({ payload }) => payload)).toEqual([
      { check, code: 'path-changed', text: `the way to ${prefix} changed: through 203.0.113.0/24 instead of Cox and 203.0.113.0/24` },
    ]);
  });

  it('is not followed anew after a restart while its last way is fresh', async () => {
    const first = await start();
    await first.rig.clock.advance(HOUR);
    first.rig.stop();
    const again = await start(0, first.rig);
    await again.rig.clock.advance(HOUR);
    expect(again.asked).toEqual([]);
    expect(await must(again.rig, 'lastTraces', { check })).toMatchObject({ good: { reached: true, hops: { length: 4 } }, bad: null });
  });

  it('is left alone for an hour where its routers answer nobody', async () => {
    const { rig, ways, asked } = await start();
    ways[gateway] = hops(null, null);
    await rig.clock.advance(90 * MINUTE);
    expect(asked.filter(({ address }) => address === gateway)).toHaveLength(2);
    expect(await must(rig, 'lastTraces', { check: 'cox/gateway' })).toEqual({ good: null, bad: null });
  });
});

it('ways to what nobody looks at go after a month, those in use and fresh ones stay', async () => {
  const { rig } = await start();
  const kept = (daysAgo: number) => {
    const trace = { at: rig.clock.now() - daysAgo * 24 * HOUR, target: 'x', hops: [], reached: true };
    return JSON.stringify({ good: trace, bad: null, ways: [] });
  };
  const documents: [string, string][] = [
    ['trace:192.0.2.251', kept(31)],
    ['trace:192.0.2.252', kept(29)],
    [`trace:${prefix}`, kept(200)],
    ['trace:192.0.2.253', 'nonsense'],
    ['tracer', 'another'],
  ];
  const nothing = { samples: [], events: [], states: [], alerts: [], spells: [], windows: [], silences: [] };
  expect(rig.store.commit({ ...nothing, documents }).ok).toBe(true);
  await rig.clock.advance(11 * MINUTE);
  expect(rig.store.documentKeys('trace:').sort()).toEqual(['trace:192.0.2.252', `trace:${gateway}`, `trace:${prefix}`]);
  expect(rig.store.document('tracer')).toBe('another');
});

describe('on demand', () => {
  it('answers with the trace and the last good one, and tells it', async () => {
    const { rig, ways } = await start();
    await rig.clock.advance(2 * MINUTE);
    ways[prefix] = hops('10.0.0.1');
    const asking = must(rig, 'trace', { check });
    await rig.clock.advance(10 * SECOND);
    const { trace, text, lastGood } = await asking;
    expect(text).toBe('dies on the way into Cox, after 10.0.0.1 (hop 1 of 4)');
    expect([trace.reached, lastGood?.hops.length]).toEqual([false, 4]);
    expect(traced(rig)).toMatchObject([{ alert: null, check, good: false, text }]);
  });

  it.each([
    ['a check that is gone', 'nothing/icmp', 'no-such-check'],
    ['nonsense', '', 'no-such-check'],
  ])('%s', async (_, id, code) => {
    const { rig } = await start();
    expect(await ask(rig, 'trace', { check: id })).toMatchObject({ ok: false, failure: { code } });
    expect(await ask(rig, 'lastTraces', { check: id })).toMatchObject({ ok: false, failure: { code } });
  });

  it('one trace answers all who ask for it meanwhile', async () => {
    const { rig, asked } = await start();
    await rig.clock.advance(2 * MINUTE);
    const before = asked.length;
    const all = Promise.all(Array.from({ length: 5 }, () => must(rig, 'trace', { check })));
    await rig.clock.advance(MINUTE);
    expect((await all).every(({ trace }) => trace.reached)).toBe(true);
    expect(asked.length - before).toBe(1);
  });

  it('says that too many wait', async () => {
    const { rig, ways, hosts } = await start(30);
    await rig.clock.advance(MINUTE);
    for (const address of hosts) ways[address] = 'hang';
    const replies = hosts.map((_, index) => ask(rig, 'trace', { check: `h${index + 1}/icmp` }));
    const refused = await Promise.all(replies.slice(22));
    for (const reply of refused) expect(reply).toMatchObject({ ok: false, failure: { code: 'busy' } });
    // Who still waits is answered when all ends.
    rig.stop();
    expect((await Promise.all(replies)).every((reply) => !reply.ok)).toBe(true);
  });

  it('says so where no way can be followed', async () => {
    const rig = await startStopped({ inventory: inventory() });
    await rig.clock.advance(MINUTE);
    expect(await ask(rig, 'trace', { check })).toMatchObject({ ok: false, failure: { code: 'no-trace' } });
  });
});

it('keeps the pings of a circuit, and gives them as smoke', async () => {
  const { rig } = await start();
  const from = rig.clock.now();
  await rig.clock.advance(5 * MINUTE);
  rig.answers.set(gateway, { address: gateway, ...summarize([...Array<number>(17).fill(4), null, null, 90]) } as Facts);
  await rig.clock.advance(MINUTE);
  const { points } = await must(rig, 'smoke', { check: 'cox/gateway', from, to: rig.clock.now() });
  expect(points.length).toBeGreaterThanOrEqual(12);
  expect(points[0]).toMatchObject({ n: 1, lost: 0, sent: 20 });
  expect(points.at(-1)).toEqual({ at: expect.any(Number), n: 1, lost: 2, sent: 20, rtts: [...Array<number>(17).fill(4), 90] });
  expect(await must(rig, 'smoke', { check: 'nothing', from, to: rig.clock.now() })).toEqual({ points: [] });
});

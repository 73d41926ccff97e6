/** What is behind an alert, in the whole engine: when it is named, told, kept, and how little is done for it. */
import { describe, expect, it } from 'vitest';
import { createDiagnoses } from '../../../electron/engine/diagnoses.ts';
import type { TraceRoute } from '../../../electron/probes/trace.ts';
import type { Facts } from '../../../shared/checks/types.ts';
import { graphOf } from '../../../shared/health/graph.ts';
import type { CheckState } from '../../../shared/health/step.ts';
import type { Alert } from '../../../shared/model/alert.ts';
import type { NightEvent } from '../../../shared/model/event.ts';
import { ok } from '../../../shared/result.ts';
import { HOUR, MINUTE, SECOND } from '../../../shared/time.ts';
import type { Hop } from '../../../shared/trace.ts';
import { hostLine, inventoryHead, must, openAlerts, type Rig, rigsOfThisFile, untilSo } from '../../support/engine-rig.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { alertOf, check, hard, okState, thing, verdict } from '../../support/story.ts';

const start = rigsOfThisFile();
type Diagnosed = Extract<NightEvent, { kind: 'diagnosed' }>;
const told = (rig: Rig): Diagnosed[] => rig.told('diagnosed') as Diagnosed[];
const sentences = (rig: Rig): string[] => told(rig).map(({ payload }) => `${payload.confidence} ${payload.explanation.sentence}`);

const addresses = (n: number): string[] => [1, 2].map((k) => `203.0.113.${16 * n + k}`);
const prefix = (n: number, via: string): string =>
  `  - { id: p${n}, name: range ${n}, cidr: 203.0.113.${16 * n}/28, site: sd, via: [${via}], representatives: [${addresses(n)}] }\n`;
const network = (via: (n: number) => string): string => `${inventoryHead}sites: [{ id: sd, name: San Diego }]
links:
  - { id: cox, site: sd, provider: Cox, gateway: 198.51.100.1, hops: [198.51.100.0/25] }
  - { id: level3, site: sd, provider: Level3, gateway: 198.51.100.129, hops: [198.51.100.128/25] }
prefixes:
${[1, 2, 3, 4, 5].map((n) => prefix(n, via(n))).join('')}`;
const apart = network((n) => (n <= 3 ? 'cox' : 'level3'));
const shared = network(() => 'cox, level3');
const drop = (rig: Rig, ...prefixes: number[]): void => {
  for (const address of prefixes.flatMap(addresses)) rig.answers.set(address, 'refused');
};
const heal = (rig: Rig, ...prefixes: number[]): void => {
  for (const address of prefixes.flatMap(addresses)) rig.answers.delete(address);
};
const three = 'Cox at San Diego carries nothing for any of its 3 prefixes';
const two = 'Cox at San Diego carries nothing for 2 of 3 prefixes';
const only = (rig: Rig): Alert => {
  const alerts = Object.values(rig.tables().alerts);
  expect(alerts).toHaveLength(1);
  return alerts[0] as Alert;
};

async function broken(options: Parameters<typeof start>[0] = {}) {
  const rig = await start({ inventory: apart, ...options });
  await rig.clock.advance(2 * MINUTE);
  const from = rig.clock.now();
  drop(rig, 1, 2, 3);
  return { rig, from };
}

describe('an alert', () => {
  it('carries what is behind it in the very moment in which it is raised, and says so behind it in the timeline', async () => {
    const { rig } = await broken();
    await untilSo(rig, () => openAlerts(rig).length > 0);
    expect(only(rig).diagnosis).toMatchObject({
      best: { kind: 'link-prefixes', culprits: ['cox'], prefixes: ['p1', 'p2', 'p3'], sentence: three },
      works: expect.stringContaining('its circuit is up'),
    });
    const kinds = rig.told('alert-raised', 'diagnosed');
    expect(kinds.map((it) => it.kind)).toEqual(['alert-raised', 'diagnosed']);
    expect(kinds[1]).toMatchObject({ at: kinds[0]?.at, payload: { alert: only(rig).id, explanation: { sentence: three } } });
    expect(rig.announced[0]?.text).toMatch(/^Behind it(, most likely)?: Cox at San Diego carries nothing/);
  });

  it('is no other because of it: nothing counts as changed, and people find it in the store', async () => {
    const { rig } = await broken();
    await rig.clock.advance(5 * MINUTE);
    const updates = rig.told('alert-updated', 'alert-raised').map((it) => it.at);
    const alert = only(rig);
    expect(alert.updatedAt).toBe(updates.at(-1));
    await rig.clock.advance(MINUTE);
    expect(only(rig)).toBe(alert);
    expect(rig.store.alertsById([alert.id])).toEqual([alert]);
    await must(rig, 'acknowledge', { alerts: [alert.id], by: 'Ada', comment: 'calling Cox' });
    await rig.clock.advance(MINUTE);
    expect(only(rig)).toMatchObject({ acknowledgement: { by: 'Ada' }, diagnosis: alert.diagnosis });
    expect(rig.told('acknowledgement-cleared')).toEqual([]);
  });

  it('is told little of: once as soon as it is known, and when it is surer', async () => {
    const { rig } = await broken();
    await rig.clock.advance(HOUR);
    expect(sentences(rig)).toEqual([`likely ${three}`, `sure ${three}`]);
    const [first, second] = told(rig);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(10 * SECOND);
  });

  it('is renamed only when everything that still fails has looked again, and goes by its widest in the end', async () => {
    const { rig } = await broken();
    await rig.clock.advance(5 * MINUTE);
    heal(rig, 1);
    const healedAt = rig.clock.now();
    await rig.clock.advance(5 * MINUTE);
    const after = told(rig).filter((it) => it.at > healedAt);
    // One of two addresses answers again first: nothing is made of that.
    expect(after[0]?.payload.explanation).toMatchObject({ sentence: two, prefixes: ['p2', 'p3'] });
    expect(new Set(after.map((it) => it.payload.explanation.sentence))).toEqual(new Set([two]));
    heal(rig, 2, 3);
    await rig.clock.advance(5 * MINUTE);
    expect(only(rig)).toMatchObject({ endedAt: expect.any(Number), diagnosis: { best: { sentence: three }, confidence: 'sure' } });
    expect(rig.store.alertsById([only(rig).id])[0]?.diagnosis?.best.sentence).toBe(three);
    // What was left in its last minute is named by nobody.
    expect(new Set(sentences(rig).map((it) => it.replace(/^\w+ /, '')))).toEqual(new Set([three, two]));
  });
});

describe('over a restart', () => {
  it('an alert comes back with it, and is neither renamed nor told anew while the checks look again', async () => {
    const { rig } = await broken();
    await rig.clock.advance(5 * MINUTE);
    rig.stop();
    await rig.clock.advance(10 * MINUTE);
    const again = await start({ before: rig });
    expect(openAlerts(again)[0]?.diagnosis?.best.sentence).toBe(three);
    for (let second = 0; second < 120; second += 1) {
      await again.clock.advance(SECOND);
      expect(openAlerts(again)[0]?.diagnosis?.best.sentence).toBe(three);
    }
    expect(told(again)).toEqual([]);
    heal(again, 1, 2, 3);
    await again.clock.advance(5 * MINUTE);
    expect(only(again)).toMatchObject({ endedAt: expect.any(Number), diagnosis: { best: { sentence: three } } });
  });

  it('is found anew when something else is broken by then', async () => {
    const { rig } = await broken();
    await rig.clock.advance(5 * MINUTE);
    rig.stop();
    heal(rig, 1);
    await rig.clock.advance(10 * MINUTE);
    const again = await start({ before: rig });
    await again.clock.advance(3 * MINUTE);
    expect(sentences(again).at(-1)).toMatch(new RegExp(`${two}$`));
  });

  it('an alert of a store that knew nothing of it gets one', async () => {
    const { rig } = await broken();
    await rig.clock.advance(5 * MINUTE);
    rig.stop();
    const again = await start({ before: rig, start: false });
    const { diagnosis: _, ...old } = openAlerts(again)[0] as Alert;
    again.store.commit({
      ...{ samples: [], events: [], states: [], documents: [], spells: [], windows: [], silences: [], incidents: [], papers: [] },
      alerts: [old],
    });
    again.stop();
    const third = await start({ before: rig });
    expect(openAlerts(third)[0]?.diagnosis).toBeUndefined();
    await third.clock.advance(3 * MINUTE);
    expect(openAlerts(third)[0]?.diagnosis?.best.sentence).toBe(three);
  });
});

describe('traces', () => {
  const hop = (at: number, address: string): Hop => ({ at, address, name: null, lossPercent: 0, ms: 1 });
  const until =
    (rig: () => Rig, last: string): TraceRoute =>
    async (address) => {
      await new Promise<void>((resolve) => void rig().clock.after(5 * SECOND, resolve));
      // Every scripted ping has one address: while anything is dropped, no way comes through.
      const dead = rig().answers.size > 0;
      return ok({ hops: dead ? [hop(1, '10.0.0.1'), hop(2, last)] : [hop(1, '10.0.0.1'), hop(2, last), hop(3, address)], cut: false });
    };
  it.each<[string, string | null, string[]]>([
    ['where none is made, either may drop it', null, ['cox', 'level3']],
    ['that end in the network of one name that', '198.51.100.130', ['level3']],
  ])('%s', async (_, last, culprits) => {
    let made: Rig | null = null;
    const rig = await start({ inventory: shared, ...(last && { traceRoute: until(() => made as Rig, last) }) });
    made = rig;
    await rig.clock.advance(2 * MINUTE);
    drop(rig, 1, 2, 3);
    await rig.clock.advance(5 * MINUTE);
    expect(openAlerts(rig)[0]?.diagnosis?.best).toMatchObject({ kind: 'link-prefixes', culprits, prefixes: ['p1', 'p2', 'p3'] });
    rig.stop();
    // Traces of before count after a restart as well.
    const again = await start({ before: rig });
    await again.clock.advance(3 * MINUTE);
    expect(openAlerts(again)[0]?.diagnosis?.best.culprits).toEqual(culprits);
  });
});

it('a desk that is cut off says so, and thinks nothing new of what it cannot see', async () => {
  const inventory = `${inventoryHead}desk: { anchors: [{ type: tcp, name: far, address: far.test, port: 80 }] }
hosts:
${hostLine('web1')}${hostLine('web2')}${hostLine('db1', ', parents: [web1]')}`;
  const rig = await start({ inventory });
  await rig.clock.advance(2 * MINUTE);
  rig.answers.set('web1', 'refused');
  await rig.clock.advance(3 * MINUTE);
  const before = openAlerts(rig)[0];
  expect(before?.diagnosis?.best.kind).toMatch(/^(host|check)$/);
  const toldBefore = told(rig).length;
  for (const host of ['far', 'web2', 'db1']) rig.answers.set(host, { failure: { code: 'timeout', detail: 'no answer' } } as Facts);
  await rig.clock.advance(10 * MINUTE);
  const desk = openAlerts(rig).find((it) => it.subject.kind === 'desk');
  expect(desk?.diagnosis).toMatchObject({
    best: { kind: 'desk', sentence: 'This desk is offline', culprits: ['desk'] },
    confidence: 'sure',
  });
  expect(openAlerts(rig).find((it) => it.id === before?.id)?.diagnosis).toEqual(before?.diagnosis);
  expect(
    told(rig)
      .slice(toldBefore)
      .map((it) => it.payload.explanation.kind),
  ).toEqual(['desk']);
  rig.answers.clear();
  await rig.clock.advance(10 * MINUTE);
  expect(openAlerts(rig)).toEqual([]);
  expect(Object.values(rig.tables().alerts).map((it) => it.diagnosis?.best.kind)).toContain('desk');
});

describe('what it costs', () => {
  const hosts = Array.from({ length: 1_000 }, (_, n) => thing('host', `h${n}`));
  const bad = hard(verdict('down', 'no-reply', 'no answer'), 1_000);

  /** Diagnoses of a desk of 1,000 checks, and how often it looked at all of them. */
  function desk(failing: number) {
    const clock = createFakeClock(10_000);
    let surveys = 0;
    const watched = new Map(
      hosts.map((subject, n) => {
        const plan = check(subject, 'icmp');
        return [plan.id, { plan, subject, state: { ...(n < failing ? bad : okState), at: 5_000 }, cover: null }];
      }),
    );
    const all = watched.values.bind(watched);
    watched.values = () => {
      surveys += 1;
      return all();
    };
    const open = new Map<string, Alert>();
    for (const subject of hosts.slice(0, failing)) {
      const alert = alertOf(subject, { checks: [`${subject.id}/icmp`], firstAt: 1_000, raisedAt: 2_000 });
      open.set(alert.id, alert);
    }
    const puts: { at: number; alert: string }[] = [];
    const diagnoses = createDiagnoses({
      clock,
      keeper: () => ({ watched, open, isBlind: false }),
      put(alert) {
        open.set(alert.id, alert);
        puts.push({ at: clock.monotonic(), alert: alert.id });
      },
      tell() {},
      onChanged() {},
    });
    diagnoses.apply(graphOf(hosts), hosts);
    return { clock, diagnoses, open, puts, surveys: () => surveys };
  }
  const state = (more: Partial<CheckState> = {}): CheckState => ({ ...okState, at: 20_000, ...more });

  it('nothing while nothing is open', async () => {
    const it = desk(0);
    for (let n = 0; n < 10_000; n += 1) it.diagnoses.stepped('a/icmp', state(), n % 2 === 0 ? bad : state());
    it.diagnoses.tick();
    await it.clock.advance(MINUTE);
    expect(it.surveys()).toBe(0);
  });

  it('nothing while what is seen stays the same', async () => {
    const it = desk(1);
    it.diagnoses.settled();
    const before = it.surveys();
    for (let n = 0; n < 600; n += 1) {
      it.diagnoses.stepped('a/icmp', state(), state({ at: 21_000 + n }));
      await it.clock.advance(100);
      it.diagnoses.tick();
    }
    expect(it.surveys()).toBe(before);
  });

  it('one look a second, however fast things change', async () => {
    const it = desk(1);
    it.diagnoses.settled();
    const before = it.surveys();
    for (let n = 0; n < 600; n += 1) {
      it.diagnoses.stepped('a/icmp', state(), n % 2 === 0 ? bad : state());
      it.diagnoses.settled();
      await it.clock.advance(100);
    }
    expect(it.surveys() - before).toBeGreaterThan(50);
    expect(it.surveys() - before).toBeLessThanOrEqual(60);
  });

  it('a few alerts at a time, each in its turn', async () => {
    const it = desk(40);
    it.diagnoses.settled();
    const perLook = it.surveys();
    expect(perLook).toBe(3);
    await it.clock.advance(20 * SECOND);
    expect(it.surveys()).toBe(40);
    expect(new Set(it.puts.map(({ alert }) => alert)).size).toBe(40);
    // The one that is new comes before those that had their turn.
    it.diagnoses.settled();
    await it.clock.advance(SECOND);
    const late = alertOf(hosts[999] as never, { checks: ['h999/icmp'], severity: 'degraded', firstAt: 4_000 });
    it.open.set(late.id, late);
    it.diagnoses.stepped('a/icmp', state(), bad);
    const looked = it.surveys();
    await it.clock.advance(1_100);
    expect(it.surveys() - looked).toBe(3);
    expect(it.diagnoses.atItsEnd(late)).toBe(late);
  });

  it('stops with the engine', async () => {
    const it = desk(40);
    it.diagnoses.settled();
    const before = it.surveys();
    it.diagnoses.stop();
    await it.clock.advance(MINUTE);
    expect(it.surveys()).toBe(before);
  });
});

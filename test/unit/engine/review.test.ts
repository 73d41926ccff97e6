/** What a review found by playing nights: each was wrong once. */
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../../shared/time.ts';
import {
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
const anchors = ['gate', 'far'];
const desk = `desk: { anchors: [${anchors.map((id) => `{ type: icmp, name: ${id}, address: ${id}.test, interval: 10s, retryInterval: 5s }`).join(', ')}] }\n`;
const work = { name: 'Work', durationMs: null, schedule: null, affects: ['web1'], spares: [], reason: '' };
const plan = (rig: Rig, more: Record<string, unknown>) => must(rig, 'planMaintenance', { id: null, by: 'Kim', plan: { ...work, ...more } });
const takeAll = (rig: Rig, sticky: boolean) =>
  must(rig, 'acknowledge', {
    alerts: openAlerts(rig).map((it) => it.id),
    by: 'Kim',
    comment: 'disk ordered',
    sticky,
    until: null,
    takeOver: false,
  });

describe('uptime', () => {
  it('what was not known stays so when fresh data ends a later gap', async () => {
    const rig = await start({
      inventory: `${inventoryHead}${desk}hosts:\n${hostLine('web1').replace('port: 80', 'port: 80, interval: 10m, retryInterval: 5m')}`,
    });
    const from = rig.clock.now();
    await rig.clock.advance(25 * MINUTE);
    set(rig, 'refused', 'web1', ...anchors);
    await untilSo(rig, () => rig.told('desk-cut-off').length > 0);
    await rig.clock.advance(4 * MINUTE);
    set(rig, 'ok', 'web1', ...anchors);
    await rig.clock.advance(20 * MINUTE);
    const unknown = (await uptime(rig, from))['web1/tcp']?.parts.unknown as number;
    expect(unknown).toBeGreaterThan(4 * MINUTE);
    rig.clock.freeze(HOUR);
    await rig.clock.advance(HOUR);
    expect(standing(rig, 'web1')).toBe('ok');
    expect((await uptime(rig, from))['web1/tcp']?.parts.unknown).toBeGreaterThanOrEqual(unknown + HOUR);
  });

  it('a clock that ran ahead and was set right again takes nothing of the time that follows', async () => {
    const rig = await start({ inventory: `${inventoryHead}hosts:\n${hostLine('web1')}` });
    await rig.clock.advance(10 * MINUTE);
    rig.clock.jump(DAY);
    await rig.clock.advance(5 * MINUTE);
    set(rig, 'refused', 'web1');
    await rig.clock.advance(5 * MINUTE);
    rig.clock.jump(-DAY);
    await rig.clock.advance(MINUTE);
    const from = rig.clock.now();
    await rig.clock.advance(9 * MINUTE);
    set(rig, 'ok', 'web1');
    await rig.clock.advance(HOUR);
    const parts = (await uptime(rig, from))['web1/tcp']?.parts;
    expect(parts?.unknown).toBe(0);
    expect(Math.round((parts?.down as number) / MINUTE)).toBe(9);
    rig.clock.freeze(2 * DAY);
    await rig.clock.advance(MINUTE);
    const later = (await uptime(rig, from, from + HOUR))['web1/tcp']?.parts;
    expect(later).toMatchObject({ unknown: 0 });
  });
});

describe('a desk that is cut off', () => {
  const cutOff = async (more: Record<string, unknown>) => {
    const rig = await start({ inventory: `${inventoryHead}${desk}hosts:\n${hostLine('web1')}${hostLine('web2')}` });
    const now = rig.clock.now();
    await plan(rig, { from: now + MINUTE, to: now + 15 * MINUTE, ...more });
    await rig.clock.advance(10 * MINUTE);
    set(rig, 'refused', 'web1', 'web2', ...anchors);
    await rig.clock.advance(20 * MINUTE);
    set(rig, 'ok', 'web1', 'web2', ...anchors);
    await rig.clock.advance(5 * MINUTE);
    return rig;
  };

  it('begins no flexible window: what it sees is no fault of others', async () => {
    const rig = await cutOff({ kind: 'flexible', durationMs: 10 * MINUTE });
    expect(rig.told('maintenance-started')).toEqual([]);
  });

  it('calls no work late: nobody knows how it stands', async () => {
    const rig = await cutOff({ kind: 'fixed' });
    expect(rig.told('maintenance-ended')).toHaveLength(1);
    expect(rig.told('maintenance-overrun')).toEqual([]);
  });

  it('work that was not done when the desk lost its connection is called late once it is back', async () => {
    const rig = await start({ inventory: `${inventoryHead}${desk}hosts:\n${hostLine('web1')}` });
    const now = rig.clock.now();
    await plan(rig, { kind: 'fixed', from: now + MINUTE, to: now + 15 * MINUTE });
    await rig.clock.advance(5 * MINUTE);
    set(rig, 'refused', 'web1');
    await rig.clock.advance(5 * MINUTE);
    set(rig, 'refused', ...anchors);
    await rig.clock.advance(10 * MINUTE);
    set(rig, 'ok', ...anchors);
    await rig.clock.advance(5 * MINUTE);
    expect(rig.told('maintenance-overrun')).toHaveLength(1);
    expect(openAlerts(rig)[0]?.related).toMatchObject([{ kind: 'maintenance' }]);
  });
});

describe('planned work', () => {
  it('what it spares is watched as ever, also at the site it is about or behind what it stops', async () => {
    const rig = await start({
      inventory: `${inventoryHead}sites: [{ id: sd }]\nhosts:\n${hostLine('web1', ', site: sd')}${hostLine('pay1', ', site: sd')}${hostLine('shop1', ', site: sd, parents: [web1]')}`,
    });
    const from = rig.clock.now();
    await plan(rig, { kind: 'fixed', from: from + MINUTE, to: from + HOUR, affects: ['sd'], spares: ['pay1', 'shop1'] });
    await rig.clock.advance(10 * MINUTE);
    expect(['web1', 'pay1', 'shop1'].map((it) => standing(rig, it))).toEqual(['maintenance', 'ok', 'ok']);
    set(rig, 'refused', 'web1', 'pay1');
    await rig.clock.advance(5 * MINUTE);
    expect(openAlerts(rig).map((it) => it.checks)).toEqual([['pay1/tcp']]);
    set(rig, 'ok', 'web1', 'pay1');
    set(rig, 'refused', 'shop1');
    await rig.clock.advance(5 * MINUTE);
    expect(openAlerts(rig).map((it) => it.checks)).toEqual([['shop1/tcp']]);
    const lines = await uptime(rig, from);
    expect(lines.pay1?.parts).toMatchObject({ maintenance: 0 });
    expect(lines.pay1?.parts.down).toBeGreaterThan(4 * MINUTE);
    expect(lines.web1?.parts.down).toBe(0);
    await rig.clock.advance(HOUR);
    expect(rig.told('maintenance-overrun')).toEqual([]);
  });

  it('begins on time although the clock ran ahead when it was last looked for', async () => {
    const rig = await start({ inventory: `${inventoryHead}hosts:\n${hostLine('web1')}` });
    await rig.clock.advance(MINUTE);
    rig.clock.jump(3 * DAY);
    await rig.clock.advance(MINUTE);
    const now = rig.clock.now() - 3 * DAY;
    await plan(rig, { kind: 'fixed', from: now + 30 * MINUTE, to: now + HOUR });
    await rig.clock.advance(MINUTE);
    rig.clock.jump(-3 * DAY);
    await rig.clock.advance(32 * MINUTE);
    expect(standing(rig, 'web1')).toBe('maintenance');
  });
});

describe('an acknowledgement', () => {
  it('outlives the failure of something above: the older fault keeps its own alert', async () => {
    const rig = await start({
      inventory: `${inventoryHead}hosts:\n${hostLine('gw')}${hostLine('web1', ', parents: [gw]')}${hostLine('web2', ', parents: [gw]')}`,
    });
    await rig.clock.advance(5 * MINUTE);
    set(rig, 'refused', 'web1');
    await rig.clock.advance(10 * MINUTE);
    await takeAll(rig, true);
    set(rig, 'refused', 'gw', 'web2');
    await rig.clock.advance(10 * MINUTE);
    expect(openAlerts(rig).map((it) => [it.title, it.consequences, it.acknowledgement?.comment])).toEqual([
      ['web1 is down', [], 'disk ordered'],
      ['gw is down', ['web2/tcp'], undefined],
    ]);
    expect(standing(rig, 'web1')).toBe('unreachable');
    set(rig, 'ok', 'gw', 'web2');
    await rig.clock.advance(10 * MINUTE);
    expect(openAlerts(rig).map((it) => [it.title, it.acknowledgement?.comment])).toEqual([['web1 is down', 'disk ordered']]);
    expect(rig.announced.map((it) => [it.kind, it.title])).toEqual([
      ['raised', 'web1 is down'],
      ['raised', 'gw is down'],
      ['recovered', 'gw is down'],
    ]);
  });

  it.each([false, true])('of a server that keeps restarting stays with what it was given for (sticky: %s)', async (sticky) => {
    const rig = await start({
      inventory: `${inventoryHead}hosts:\n  - { id: web1, address: web1.test, checks: [{ type: tcp, name: one, port: 1 }, { type: tcp, name: two, port: 2 }, { type: tcp, name: three, port: 3 }] }\n`,
    });
    await rig.clock.advance(5 * MINUTE);
    set(rig, 'refused', 'web1:1', 'web1:2');
    await rig.clock.advance(5 * MINUTE);
    await takeAll(rig, sticky);
    set(rig, 'ok', 'web1:2');
    await rig.clock.advance(2 * MINUTE);
    set(rig, 'refused', 'web1:2');
    await rig.clock.advance(2 * MINUTE);
    expect(openAlerts(rig)[0]?.checks).toEqual(['web1/one', 'web1/two']);
    expect(rig.told('acknowledgement-cleared')).toEqual([]);
    set(rig, 'refused', 'web1:3');
    await rig.clock.advance(2 * MINUTE);
    expect(rig.told('acknowledgement-cleared')).toMatchObject([{ payload: { why: 'three joined' } }]);
  });
});

describe('a recovery', () => {
  it('goes by the name that people heard, whatever was the last of it', async () => {
    const rig = await start({
      inventory: `${inventoryHead}sites: [{ id: sd, name: San Diego }]\nhosts:\n${['web1', 'web2', 'web3'].map((id) => hostLine(id, ', site: sd')).join('')}`,
    });
    await rig.clock.advance(5 * MINUTE);
    set(rig, 'refused', 'web1', 'web2', 'web3');
    await rig.clock.advance(5 * MINUTE);
    const title = openAlerts(rig)[0]?.title as string;
    expect(title).toContain('3');
    for (const id of ['web1', 'web2', 'web3']) {
      set(rig, 'ok', id);
      await rig.clock.advance(2 * MINUTE);
    }
    expect(rig.told('alert-recovered')).toMatchObject([{ payload: { title } }]);
    expect(Object.values(rig.tables().alerts)).toMatchObject([{ title, text: expect.stringContaining('web3') }]);
    expect(rig.announced.at(-1)).toMatchObject({ kind: 'recovered', title });
  });
});

describe('a routine', () => {
  it('leaves the alert of what failed before it alone, and whoever took it still has it', async () => {
    const rig = await start({
      inventory: `${inventoryHead}routines: [{ id: rotate, name: log rotation, schedule: "20 5 * * *", usually: 5m, restarts: [web1] }]\nhosts:\n${hostLine('web1')}`,
    });
    await rig.clock.advance(5 * MINUTE);
    set(rig, 'refused', 'web1');
    await rig.clock.advance(5 * MINUTE);
    await takeAll(rig, false);
    await rig.clock.advance(30 * MINUTE);
    expect(openAlerts(rig).map((it) => it.acknowledgement?.by)).toEqual(['Kim']);
    expect(rig.told('alert-raised', 'alert-closed', 'alert-recovered', 'acknowledgement-cleared')).toHaveLength(1);
    expect(openAlerts(rig)[0]?.title).toBe('web1 is down');
  });
});

describe('another inventory on the same history', () => {
  it('is not green for what was never looked at, though something else had its id', async () => {
    const rig = await start({ inventory: `${inventoryHead}hosts:\n${hostLine('web1')}${hostLine('web2')}` });
    await rig.clock.advance(5 * MINUTE);
    rig.stop();
    const other = await start({
      before: rig,
      inventory: `${inventoryHead}hosts:\n${hostLine('web1').replace('web1.test', 'elsewhere.test')}${hostLine('web2')}`,
    });
    expect(['web1', 'web2'].map((it) => standing(other, it))).toEqual(['stale', 'ok']);
    await other.clock.advance(MINUTE);
    expect(['web1', 'web2'].map((it) => standing(other, it))).toEqual(['ok', 'ok']);
    expect(other.told('stale', 'fresh')).toEqual([]);
  });
});

describe('small documents of another version, or damaged ones', () => {
  it.each(['{}', 'null', '[]', '{no', '{"failed":1,"recovered":{},"cutOff":7,"seen":[],"overruns":0}'])('%s stop nothing', async (text) => {
    const rig = await start({ inventory: `${inventoryHead}${desk}hosts:\n${hostLine('web1')}` });
    await rig.clock.advance(MINUTE);
    const batch = { samples: [], events: [], states: [], alerts: [], spells: [], windows: [], silences: [] };
    const documents = ['connection', 'reach', 'windows', 'notify', 'plan'].map((key): [string, string] => [key, text]);
    await rig.clock.advance(2 * MINUTE);
    expect(rig.store.commit({ ...batch, documents }).ok).toBe(true);
    rig.stop();
    const later = await start({ before: rig });
    await later.clock.advance(MINUTE);
    expect(standing(later, 'web1')).toBe('ok');
  });
});

/** The whole engine sees what is behind what failed. */
import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../../shared/time.ts';
import { minutes, raised, set } from '../../support/board-rig.ts';
import { hostLine, inventoryHead, openAlerts, type Rig, rigsOfThisFile, standing, untilSo, uptime } from '../../support/engine-rig.ts';

const start = rigsOfThisFile();
const sleep = async (rig: Rig, ms: number): Promise<Rig> => {
  rig.clock.freeze(ms);
  return rig;
};
const beOff = async (rig: Rig, ms: number): Promise<Rig> => {
  rig.stop();
  await rig.clock.advance(ms);
  return start({ before: rig });
};
const behindOne = `${inventoryHead}hosts:
${hostLine('gw')}${['web1', 'web2', 'web3'].map((id) => hostLine(id, ', parents: [gw]')).join('')}${hostLine('apart')}`;
const behind = ['web1', 'web2', 'web3'];

describe('behind a host that failed', () => {
  const fallen = async (inventory = behindOne) => {
    const rig = await start({ inventory });
    await rig.clock.advance(5 * MINUTE);
    const failedAt = rig.clock.now();
    set(rig, 'refused', 'gw', ...behind);
    await rig.clock.advance(2 * MINUTE);
    return { rig, failedAt };
  };

  it('one alert names the host, and what is behind it are its consequences', async () => {
    const { rig } = await fallen();
    expect(openAlerts(rig)).toMatchObject([
      {
        subject: { kind: 'host', id: 'gw' },
        severity: 'down',
        title: 'gw is down',
        checks: ['gw/tcp'],
        consequences: ['web1/tcp', 'web2/tcp', 'web3/tcp'],
      },
    ]);
    expect(raised(rig)).toEqual(['gw is down']);
    expect(rig.announced.map((it) => [it.kind, it.title])).toEqual([['raised', 'gw is down']]);
    expect(openAlerts(rig)[0]?.text).toContain('web1');
    expect(rig.counts.at(-1)).toEqual({ down: 1, degraded: 0, unknown: 0, taken: 0 });
  });

  it('it is unreachable, not down, and is looked at all the same', async () => {
    const { rig } = await fallen();
    expect(behind.map((it) => standing(rig, it))).toEqual(['unreachable', 'unreachable', 'unreachable']);
    expect([standing(rig, 'gw'), standing(rig, 'apart')]).toEqual(['down', 'ok']);
    expect(rig.tables().checks['web1/tcp']?.cover).toMatchObject({ kind: 'unreachable', by: 'gw', always: false });
    const before = behind.map((it) => rig.probed.get(it)?.length as number);
    await rig.clock.advance(5 * MINUTE);
    expect(behind.map((it, at) => (rig.probed.get(it)?.length as number) - (before[at] as number))).toEqual([10, 10, 10]);
  });

  it('the timeline tells what is behind it in its own colour, whoever was looked at first', async () => {
    const { rig } = await fallen();
    const hard = rig.told('hard').filter((it) => it.kind === 'hard' && it.payload.to === 'down');
    expect(hard.map((it) => it.kind === 'hard' && [it.payload.check, it.payload.covered]).sort()).toEqual([
      ['gw/tcp', undefined],
      ['web1/tcp', 'unreachable'],
      ['web2/tcp', 'unreachable'],
      ['web3/tcp', 'unreachable'],
    ]);
  });

  it('its time is not charged, from its first symptom to the end', async () => {
    const { rig, failedAt } = await fallen();
    await rig.clock.advance(8 * MINUTE);
    set(rig, 'ok', 'gw', ...behind);
    await rig.clock.advance(5 * MINUTE);
    const from = failedAt - 3 * MINUTE;
    const lines = await uptime(rig, from);
    const range = rig.clock.now() - from;
    for (const host of behind) {
      expect(minutes(lines[`${host}/tcp`], range)).toEqual({ up: 8, unreachable: 10 });
      expect(lines[host]).toMatchObject({ availability: 100, outages: 0 });
    }
    expect(minutes(lines['gw/tcp'], range)).toEqual({ up: 8, down: 10 });
    expect(lines.gw).toMatchObject({ outages: 1 });
    expect(minutes(lines['apart/tcp'], range)).toEqual({ up: 18 });
  });

  it('what comes back with it in time has no alert of its own', async () => {
    const { rig } = await fallen();
    set(rig, 'ok', 'gw');
    await untilSo(rig, () => openAlerts(rig).length === 0);
    // Each at its own next turn, within a cycle.
    await rig.clock.advance(4 * SECOND);
    set(rig, 'ok', ...behind);
    await rig.clock.advance(5 * MINUTE);
    expect(raised(rig)).toEqual(['gw is down']);
    expect(rig.announced.map((it) => it.kind)).toEqual(['raised', 'recovered']);
    expect(behind.map((it) => standing(rig, it))).toEqual(['ok', 'ok', 'ok']);
  });

  it('what stays bad has a cycle to come back, then an alert of its own', async () => {
    const { rig } = await fallen();
    const from = rig.clock.now();
    set(rig, 'ok', 'gw', 'web2', 'web3');
    await untilSo(rig, () => openAlerts(rig).length === 0);
    const [recovered] = rig.told('alert-recovered');
    await rig.clock.advance(20 * SECOND);
    expect([standing(rig, 'web1'), openAlerts(rig).length]).toEqual(['unreachable', 0]);
    await untilSo(rig, () => openAlerts(rig).length > 0);
    expect(openAlerts(rig)).toMatchObject([{ title: 'web1 is down', checks: ['web1/tcp'], consequences: [] }]);
    const waited = (openAlerts(rig)[0]?.raisedAt as number) - (recovered?.at as number);
    expect(waited).toBeGreaterThanOrEqual(35 * SECOND);
    // With trouble around, the clock is looked at every five seconds.
    expect(waited).toBeLessThanOrEqual(41 * SECOND);
    expect(standing(rig, 'web1')).toBe('down');
    await rig.clock.advance(5 * MINUTE);
    // Charged from then on, not for the time behind the other.
    const parts = (await uptime(rig, from))['web1/tcp']?.parts;
    expect(parts?.down).toBe(rig.clock.now() - (openAlerts(rig)[0]?.raisedAt as number));
  });

  it('whoever is looked at first, the parent is asked at once', async () => {
    const rig = await start({
      inventory: behindOne.replace(
        'id: gw, address: gw.test, checks: [{ type: tcp, port: 80 }',
        'id: gw, address: gw.test, checks: [{ type: tcp, port: 80, interval: 5m, retryInterval: 10s }',
      ),
    });
    await rig.clock.advance(6 * MINUTE);
    const before = rig.probed.get('gw')?.length as number;
    set(rig, 'refused', 'gw', 'web2');
    await untilSo(rig, () => rig.told('soft').length > 0);
    const [symptom] = rig.told('soft');
    expect(symptom?.subject?.id).toBe('web2');
    const wallAhead = rig.clock.now() - rig.clock.monotonic();
    expect((rig.probed.get('gw')?.[before] as number) + wallAhead).toBe(symptom?.at);
    await rig.clock.advance(MINUTE);
    expect(raised(rig)).toEqual(['gw is down']);
    expect(openAlerts(rig)[0]?.consequences).toEqual(['web2/tcp']);
  });

  it('a parent that was asked a moment ago is not asked again', async () => {
    const rig = await start({ inventory: behindOne });
    await rig.clock.advance(5 * MINUTE);
    // All children fail, their parent does not: it is asked for the first of them only, within some seconds.
    const before = rig.probed.get('gw')?.length as number;
    set(rig, 'refused', ...behind);
    await rig.clock.advance(30 * SECOND);
    expect((rig.probed.get('gw')?.length as number) - before).toBeLessThanOrEqual(4);
    await rig.clock.advance(MINUTE);
    expect(
      openAlerts(rig)
        .flatMap((it) => it.checks)
        .sort(),
    ).toEqual(['web1/tcp', 'web2/tcp', 'web3/tcp']);
  });

  it.each([
    ['the host itself is fine', ['web1'], [['web1 is down', 0]]],
    ['the host fails, they do not', ['gw'], [['gw is down', 0]]],
    ['one of them fails with it', ['gw', 'web3'], [['gw is down', 1]]],
    ['something else fails with it', ['gw', 'web1', 'apart'], [['gw and apart are down', 1]]],
  ])('when %s', async (_what, failing, wanted) => {
    const rig = await start({ inventory: behindOne });
    await rig.clock.advance(5 * MINUTE);
    set(rig, 'refused', ...failing);
    await rig.clock.advance(3 * MINUTE);
    const found = openAlerts(rig).map((it) => [it.checks.length, it.consequences.length]);
    expect(openAlerts(rig)).toHaveLength(1);
    expect(found[0]?.[1]).toBe(wanted[0]?.[1]);
    expect(raised(rig)).toHaveLength(1);
  });

  it('a chain is named for its top', async () => {
    const rig = await start({
      inventory: `${inventoryHead}hosts:\n${hostLine('core')}${hostLine('edge', ', parents: [core]')}${hostLine('leaf', ', parents: [edge]')}`,
    });
    await rig.clock.advance(5 * MINUTE);
    set(rig, 'refused', 'core', 'edge', 'leaf');
    await rig.clock.advance(3 * MINUTE);
    expect(openAlerts(rig)).toMatchObject([{ title: 'core is down', consequences: ['edge/tcp', 'leaf/tcp'] }]);
    // The top comes back, the middle does not: the leaf is behind that one now.
    set(rig, 'ok', 'core');
    await rig.clock.advance(3 * MINUTE);
    expect(openAlerts(rig)).toMatchObject([{ title: 'edge is down', checks: ['edge/tcp'], consequences: ['leaf/tcp'] }]);
    expect(raised(rig)).toEqual(['core is down', 'edge is down']);
  });

  it('what was down long before keeps its own alert, though it is not charged for that time', async () => {
    const rig = await start({ inventory: behindOne });
    await rig.clock.advance(5 * MINUTE);
    const from = rig.clock.now();
    set(rig, 'refused', 'web1');
    await rig.clock.advance(20 * MINUTE);
    set(rig, 'refused', 'gw');
    await rig.clock.advance(10 * MINUTE);
    expect(openAlerts(rig)).toMatchObject([{ title: 'web1 is down' }, { title: 'gw is down', consequences: [] }]);
    expect(standing(rig, 'web1')).toBe('unreachable');
    set(rig, 'ok', 'gw');
    await rig.clock.advance(10 * MINUTE);
    expect(openAlerts(rig)).toMatchObject([{ title: 'web1 is down' }]);
    expect(raised(rig)).toEqual(['web1 is down', 'gw is down']);
    const { up = 0, down, unreachable } = minutes((await uptime(rig, from))['web1/tcp'], rig.clock.now() - from);
    expect([up, Math.abs((down as number) - 29) <= 1, Math.abs((unreachable as number) - 11) <= 1]).toEqual([0, true, true]);
  });

  it.each([
    ['a restart', beOff],
    ['a sleep', sleep],
  ])('%s of half an hour in the middle raises nothing again', async (_what, pause) => {
    const { rig } = await fallen();
    const [alert] = openAlerts(rig);
    const later = await pause(rig, 30 * MINUTE);
    const told = later.announced.length;
    await later.clock.advance(5 * MINUTE);
    expect(openAlerts(later)).toMatchObject([{ id: alert?.id, consequences: alert?.consequences }]);
    expect(later.told('alert-raised').length + later.told('alert-merged', 'alert-recovered').length).toBe(later === rig ? 1 : 0);
    expect(later.announced.length).toBe(told);
  });

  it('a short restart within the cool-down does not cut it short', async () => {
    const { rig } = await fallen();
    set(rig, 'ok', 'gw', 'web2', 'web3');
    await untilSo(rig, () => openAlerts(rig).length === 0);
    rig.stop();
    set(rig, 'ok', 'web1');
    const again = await start({ before: rig });
    expect(again.tables().checks['web1/tcp']?.state.hard).toBe('down');
    await again.clock.advance(3 * MINUTE);
    expect(again.told('alert-raised')).toEqual([]);
    expect(openAlerts(again)).toEqual([]);
  });
});

describe('two that stand in for each other', () => {
  const twoUplinks = `${inventoryHead}hosts:\n${hostLine('up1')}${hostLine('up2')}${hostLine('web1', ', parents: [up1, up2]')}`;
  const calm = async () => {
    const rig = await start({ inventory: twoUplinks });
    await rig.clock.advance(5 * MINUTE);
    return rig;
  };

  it('one of them down makes nothing unreachable', async () => {
    const rig = await calm();
    set(rig, 'refused', 'up1');
    await rig.clock.advance(5 * MINUTE);
    expect(openAlerts(rig)).toMatchObject([{ title: 'up1 is down', consequences: [] }]);
    expect(standing(rig, 'web1')).toBe('ok');
  });

  it('what fails while one of them works has failed itself', async () => {
    const rig = await calm();
    set(rig, 'refused', 'up1');
    await rig.clock.advance(5 * MINUTE);
    set(rig, 'refused', 'web1');
    await rig.clock.advance(3 * MINUTE);
    expect(standing(rig, 'web1')).toBe('down');
    expect(
      openAlerts(rig)
        .map((it) => it.title)
        .sort(),
    ).toEqual(['up1 is down', 'web1 is down']);
  });

  it('both down make it unreachable, in the alert of either', async () => {
    const rig = await calm();
    set(rig, 'refused', 'up1', 'up2', 'web1');
    await rig.clock.advance(3 * MINUTE);
    expect(standing(rig, 'web1')).toBe('unreachable');
    expect(
      openAlerts(rig)
        .flatMap((it) => it.checks)
        .sort(),
    ).toEqual(['up1/tcp', 'up2/tcp']);
    expect(openAlerts(rig).flatMap((it) => it.consequences)).toEqual(['web1/tcp']);
    // One comes back, and with it the way there.
    set(rig, 'ok', 'up2', 'web1');
    await rig.clock.advance(3 * MINUTE);
    expect([standing(rig, 'web1'), openAlerts(rig).length]).toEqual(['ok', 1]);
  });
});

describe('links, prefixes and services', () => {
  const network = `${inventoryHead}sites: [{ id: sd, name: San Diego }]
links:
  - { id: cox, site: sd, provider: Cox, gateway: cox.test }
  - { id: lumen, site: sd, provider: Lumen, gateway: lumen.test }
prefixes:
  - { id: p1, cidr: 192.0.2.0/24, site: sd, via: [cox, lumen], representatives: [192.0.2.10] }
hosts:
  - { id: web1, site: sd, address: web1.test, parents: [cox, lumen], checks: [{ type: tcp, port: 80 }] }
  - { id: web2, site: sd, address: web2.test, parents: [cox, lumen], checks: [{ type: tcp, port: 80 }] }
  - { id: db1, address: db1.test, checks: [{ type: tcp, port: 5432 }] }
services:
  - { id: sites, name: web sites, hosts: [web1, web2], checks: [{ type: tcp, address: sites.test, port: 443 }] }
  - { id: shop, name: the shop, dependsOn: [db1], checks: [{ type: tcp, address: shop.test, port: 443 }] }
`;
  const prefix = '192.0.2.10';
  it.each<[string, string[], Record<string, string>, string[]]>([
    ['one link is down', ['cox'], { 'cox/gateway': 'down', 'p1/icmp-192.0.2.10': 'ok', web1: 'ok' }, ['cox']],
    ['one link is down and the prefix with it', ['cox', prefix], { 'cox/gateway': 'down', 'p1/icmp-192.0.2.10': 'down' }, ['cox', 'p1']],
    [
      'both links are down',
      ['cox', 'lumen', prefix, 'web1', 'web2', 'sites'],
      { 'lumen/gateway': 'down', 'p1/icmp-192.0.2.10': 'unreachable', web1: 'unreachable', web2: 'unreachable', sites: 'unreachable' },
      ['cox', 'lumen'],
    ],
    ['a database is down', ['db1', 'shop'], { db1: 'down', shop: 'unreachable' }, ['db1']],
    ['a service fails, its database does not', ['shop'], { shop: 'down', db1: 'ok' }, ['shop']],
    ['one host of a service is down', ['web1'], { web1: 'down', sites: 'ok' }, ['web1']],
    ['one host of a service is down, and the service', ['web1', 'sites'], { web1: 'down', sites: 'down' }, ['sites', 'web1']],
    ['all hosts of a service are down', ['web1', 'web2', 'sites'], { web1: 'down', sites: 'unreachable' }, ['web1', 'web2']],
  ])('when %s', async (_what, failing, standings, roots) => {
    const rig = await start({ inventory: network });
    await rig.clock.advance(5 * MINUTE);
    set(rig, 'refused', ...failing);
    await rig.clock.advance(4 * MINUTE);
    for (const [check, wanted] of Object.entries(standings)) expect([check, standing(rig, check)]).toEqual([check, wanted]);
    const inAlerts = openAlerts(rig).flatMap((it) => it.checks.map((check) => check.split('/')[0]));
    expect([...new Set(inAlerts)].sort()).toEqual(roots);
    const unreachable = Object.entries(standings).filter(([, wanted]) => wanted === 'unreachable').length;
    expect(openAlerts(rig).reduce((sum, it) => sum + it.consequences.length, 0)).toBe(unreachable);
    set(rig, 'ok', ...failing);
    await rig.clock.advance(2 * MINUTE);
    expect(openAlerts(rig)).toEqual([]);
    expect(rig.told('alert-raised').length).toBe(rig.told('alert-recovered').length);
  });
});

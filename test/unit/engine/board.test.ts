/** The whole engine sees all checks together: what belongs together, and a storm. */
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../../shared/time.ts';
import { minutes, raised, set } from '../../support/board-rig.ts';
import { cpuMs } from '../../support/cpu-time.ts';
import { hostLine, inventoryHead, openAlerts, rigsOfThisFile, standing, untilSo, uptime } from '../../support/engine-rig.ts';

const start = rigsOfThisFile();
const behindOne = `${inventoryHead}hosts:
${hostLine('gw')}${['web1', 'web2', 'web3'].map((id) => hostLine(id, ', parents: [gw]')).join('')}${hostLine('apart')}`;

describe('what belongs together', () => {
  const twoSites = `${inventoryHead}sites: [{ id: sd, name: San Diego }, { id: la, name: Los Angeles }]
hosts:
${['sd1', 'sd2', 'sd3'].map((id) => hostLine(id, ', site: sd')).join('')}${['la1', 'la2'].map((id) => hostLine(id, ', site: la')).join('')}`;
  const calm = async () => {
    const rig = await start({ inventory: twoSites });
    await rig.clock.advance(5 * MINUTE);
    return rig;
  };

  it('things of one site that fail in the same minute make one alert, of the site', async () => {
    const rig = await calm();
    set(rig, 'refused', 'sd1', 'sd2');
    await rig.clock.advance(3 * MINUTE);
    expect(openAlerts(rig)).toMatchObject([{ subject: { kind: 'site', id: 'sd' }, checks: ['sd1/tcp', 'sd2/tcp'], severity: 'down' }]);
    expect(openAlerts(rig)[0]?.title).toContain('San Diego');
    expect(raised(rig)).toHaveLength(1);
  });

  it('of two sites they make two', async () => {
    const rig = await calm();
    set(rig, 'refused', 'sd1', 'la1');
    await rig.clock.advance(3 * MINUTE);
    expect(
      openAlerts(rig)
        .map((it) => it.subject.id)
        .sort(),
    ).toEqual(['la1', 'sd1']);
  });

  it('what was bad at the first look stays apart, as nobody knows that it began together', async () => {
    const rig = await start({
      inventory: twoSites,
      answers: new Map([
        ['sd1', 'refused'],
        ['sd2', 'refused'],
        ['sd3', 'refused'],
      ]),
    });
    await rig.clock.advance(3 * MINUTE);
    expect(
      openAlerts(rig)
        .map((it) => it.checks.join(' '))
        .sort(),
    ).toEqual(['sd1/tcp', 'sd2/tcp', 'sd3/tcp']);
  });

  it('what follows within a minute joins the alert that is there; it is told once', async () => {
    const rig = await calm();
    set(rig, 'refused', 'sd1');
    await untilSo(rig, () => openAlerts(rig).length === 1);
    const [first] = openAlerts(rig);
    set(rig, 'refused', 'sd2');
    await rig.clock.advance(3 * MINUTE);
    expect(openAlerts(rig)).toMatchObject([{ id: first?.id, checks: ['sd1/tcp', 'sd2/tcp'], subject: { kind: 'site', id: 'sd' } }]);
    expect(rig.told('alert-updated')).toMatchObject([{ payload: { joined: ['sd2/tcp'] } }]);
    expect(raised(rig)).toHaveLength(1);
  });

  it('what follows later has its own', async () => {
    const rig = await calm();
    set(rig, 'refused', 'sd1');
    await rig.clock.advance(3 * MINUTE);
    set(rig, 'refused', 'sd2');
    await rig.clock.advance(3 * MINUTE);
    expect(openAlerts(rig).map((it) => it.checks)).toEqual([['sd1/tcp'], ['sd2/tcp']]);
    expect(raised(rig)).toEqual(['sd1 is down', 'sd2 is down']);
  });

  it('one of several that comes back leaves the alert, which keeps the other', async () => {
    const rig = await calm();
    set(rig, 'refused', 'sd1', 'sd2');
    await rig.clock.advance(3 * MINUTE);
    const [alert] = openAlerts(rig);
    set(rig, 'ok', 'sd1');
    await rig.clock.advance(MINUTE);
    expect(openAlerts(rig)).toMatchObject([{ id: alert?.id, checks: ['sd2/tcp'] }]);
    set(rig, 'ok', 'sd2');
    await rig.clock.advance(MINUTE);
    expect(rig.told('alert-recovered')).toMatchObject([{ payload: { alert: alert?.id } }]);
    expect(rig.announced.map((it) => it.kind)).toEqual(['raised', 'recovered']);
  });

  it('several checks of one host make one alert, also when one joins an hour later', async () => {
    const rig = await start({
      inventory: `${inventoryHead}hosts:\n  - { id: web1, address: web1.test, checks: [{ type: tcp, name: a, port: 1 }, { type: tcp, name: b, port: 2 }, { type: tcp, name: c, port: 3 }] }\n`,
    });
    await rig.clock.advance(5 * MINUTE);
    set(rig, 'refused', 'web1:1');
    await rig.clock.advance(HOUR);
    const [alert] = openAlerts(rig);
    set(rig, 'refused', 'web1:2');
    await rig.clock.advance(3 * MINUTE);
    expect(openAlerts(rig)).toMatchObject([{ id: alert?.id, checks: ['web1/a', 'web1/b'], firstAt: alert?.firstAt }]);
  });

  it('a root that is found late takes the alert of its child over, under the same id', async () => {
    const rig = await start({ inventory: behindOne });
    await rig.clock.advance(5 * MINUTE);
    set(rig, 'refused', 'web1');
    await untilSo(rig, () => openAlerts(rig).length === 1);
    const [alert] = openAlerts(rig);
    expect(alert?.title).toBe('web1 is down');
    set(rig, 'refused', 'gw');
    await rig.clock.advance(2 * MINUTE);
    expect(openAlerts(rig)).toMatchObject([{ id: alert?.id, title: 'gw is down', checks: ['gw/tcp'], consequences: ['web1/tcp'] }]);
    expect(rig.told('alert-raised', 'alert-merged', 'alert-recovered')).toHaveLength(1);
  });
});

describe('a check that comes and goes', () => {
  it('has one alert that is held, and its recovery is told once', async () => {
    const rig = await start({ inventory: `${inventoryHead.replace('maxAttempts: 3', 'maxAttempts: 1')}hosts:\n${hostLine('web1')}` });
    await rig.clock.advance(15 * MINUTE);
    for (let i = 0; i < 60; i += 1) {
      set(rig, i % 2 === 0 ? 'refused' : 'ok', 'web1');
      await rig.clock.advance(30 * SECOND);
    }
    const [flapping] = rig.told('flapping-started');
    expect(flapping).toMatchObject({ payload: { check: 'web1/tcp' } });
    const since = (kind: 'alert-raised' | 'alert-recovered') =>
      rig.told(kind).filter((event) => event.at > (flapping?.at as number) + SECOND);
    expect([since('alert-raised').length, since('alert-recovered').length, openAlerts(rig).length]).toEqual([0, 0, 1]);
    expect(rig.tables().checks['web1/tcp']?.state.flapping).not.toBeNull();
    set(rig, 'ok', 'web1');
    await rig.clock.advance(30 * SECOND);
    // Ok for a moment is not green.
    expect([standing(rig, 'web1'), openAlerts(rig).length]).toEqual(['degraded', 1]);
    await rig.clock.advance(15 * MINUTE);
    expect(standing(rig, 'web1')).toBe('ok');
    expect([since('alert-raised').length, since('alert-recovered').length]).toEqual([0, 1]);
    expect(rig.told('flapping-started', 'flapping-stopped')).toHaveLength(2);
  });

  it('is as up and down in its uptime as it was', async () => {
    const rig = await start({ inventory: `${inventoryHead.replace('maxAttempts: 3', 'maxAttempts: 1')}hosts:\n${hostLine('web1')}` });
    await rig.clock.advance(15 * MINUTE);
    const from = rig.clock.now();
    for (let i = 0; i < 40; i += 1) {
      set(rig, i % 2 === 0 ? 'refused' : 'ok', 'web1');
      await rig.clock.advance(30 * SECOND);
    }
    const { up, down } = minutes((await uptime(rig, from))['web1/tcp'], rig.clock.now() - from);
    expect([up, down]).toEqual([10, 10]);
  });
});

describe('a storm', () => {
  const hosts = Array.from({ length: 200 }, (_, i) => `h${i}`);
  const ports = Array.from({ length: 25 }, (_, i) => i + 1);
  const large = (more: string) => `organization: { name: Test, timezone: UTC }
defaults: { interval: 1m, retryInterval: 10s, timeout: 5s, maxAttempts: 1 }
sites: [{ id: sd, name: San Diego }]
hosts:
${hostLine('gw', ', site: sd')}${hosts.map((id) => `  - { id: ${id}, address: ${id}.test, site: sd${more}, checks: [${ports.map((port) => `{ type: tcp, name: c${port}, port: ${port} }`).join(', ')}] }\n`).join('')}`;

  it.each([
    ['without a parent it is one alert of the site', '', 5_000, 0],
    ['behind a parent it is that one', ', parents: [gw]', 1, 5_000],
  ])('of five thousand checks within a second: %s', { timeout: 60_000 }, async (_what, more, own, folded) => {
    const rig = await start({ inventory: large(more) });
    await rig.clock.advance(2 * MINUTE);
    expect(Object.values(rig.tables().checks).every((check) => check.state.hard === 'ok')).toBe(true);
    if (folded > 0) {
      set(rig, 'refused', 'gw');
      await rig.engine.handlers.checkNow({ checks: ['gw/tcp'] });
      await rig.clock.advance(SECOND);
    }
    let deltas = 0;
    rig.engine.publisher.flush();
    rig.engine.publisher.subscribe(() => {
      deltas += 1;
    });
    set(rig, 'refused', ...hosts);
    const ids = Object.keys(rig.tables().checks).filter((id) => id !== 'gw/tcp');
    const begun = cpuMs();
    for (let i = 0; i < ids.length; i += 1_000) await rig.engine.handlers.checkNow({ checks: ids.slice(i, i + 1_000) });
    await rig.clock.advance(SECOND);
    const tookMs = cpuMs() - begun;
    expect(Object.values(rig.tables().checks).filter((check) => check.state.hard === 'down').length).toBe(5_000 + (folded > 0 ? 1 : 0));
    expect(openAlerts(rig).map((it) => [it.checks.length, it.consequences.length])).toEqual([[own, folded]]);
    expect(rig.told('alert-raised')).toHaveLength(1);
    expect(rig.announced).toHaveLength(1);
    // A few looks and a few deltas, however many results there are; the machine may be busy with other things.
    expect(deltas).toBeLessThanOrEqual(12);
    expect(tookMs).toBeLessThan(10_000);
    set(rig, 'ok', 'gw', ...hosts);
    await rig.clock.advance(2 * MINUTE);
    expect(openAlerts(rig)).toEqual([]);
    expect(rig.told('alert-raised')).toHaveLength(1);
  });
});

/** The whole engine while nobody watches, and on a desk that is cut off. */
import { describe, expect, it } from 'vitest';
import { isRemote } from '../../../shared/health/remote.ts';
import { HOUR, MINUTE, SECOND } from '../../../shared/time.ts';
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

describe('nobody watching', () => {
  it.each([
    ['a sleep', sleep],
    ['a time in which it did not run', beOff],
  ])('%s is neither up nor down', async (_what, pause) => {
    const rig = await start({ inventory: `${inventoryHead}hosts:\n${hostLine('web1')}${hostLine('web2')}` });
    await rig.clock.advance(10 * MINUTE);
    const from = rig.clock.now();
    set(rig, 'refused', 'web2');
    await rig.clock.advance(10 * MINUTE);
    const later = await pause(rig, 30 * MINUTE);
    await later.clock.advance(10 * MINUTE);
    const lines = await uptime(later, from);
    const range = later.clock.now() - from;
    expect(minutes(lines['web1/tcp'], range)).toEqual({ up: 20, unknown: 30 });
    // Up to its first symptom, and not known for some seconds until it was looked at again.
    const { down = 0, unknown } = minutes(lines['web2/tcp'], range);
    expect([Math.abs(down - 20) <= 1, unknown]).toEqual([true, 30]);
    expect(openAlerts(later)).toHaveLength(1);
  });
});

describe('a desk that is cut off', () => {
  const anchored = (anchors = ['gate', 'names', 'far']) => `${inventoryHead}desk:
  anchors:
${anchors.map((id) => `    - { type: tcp, name: ${id}, address: ${id}.test, port: 53, interval: 15s, retryInterval: 5s }\n`).join('')}hosts:
${['web1', 'web2', 'web3', 'web4'].map((id) => hostLine(id)).join('')}  - { id: here, address: 127.0.0.1, checks: [{ type: tcp, port: 80 }] }
`;
  const anchors = ['gate', 'names', 'far'];
  const remote = ['web1', 'web2', 'web3', 'web4'];
  const calm = async (inventory = anchored()) => {
    const rig = await start({ inventory });
    await rig.clock.advance(5 * MINUTE);
    expect(
      Object.values(rig.tables().plans)
        .filter(isRemote)
        .map((it) => it.id),
    ).toEqual(remote.map((id) => `${id}/tcp`));
    return rig;
  };
  const pull = (rig: Rig): void => set(rig, 'refused', ...anchors, ...remote);
  const plug = (rig: Rig): void => set(rig, 'ok', ...anchors, ...remote);

  it('says so in one alert, and everything remote is grey', async () => {
    const rig = await calm();
    pull(rig);
    await rig.clock.advance(10 * MINUTE);
    expect(openAlerts(rig)).toMatchObject([
      {
        subject: { kind: 'desk', id: 'desk' },
        title: 'This desk is offline',
        checks: anchors.map((it) => `desk/${it}`).sort(),
        consequences: [],
      },
    ]);
    expect(raised(rig)).toEqual(['This desk is offline']);
    expect(rig.announced).toMatchObject([{ kind: 'raised', title: 'This desk is offline' }]);
    expect(remote.map((it) => standing(rig, it))).toEqual(['stale', 'stale', 'stale', 'stale']);
    expect(standing(rig, 'here')).toBe('ok');
    expect(rig.told('desk-cut-off')).toHaveLength(1);
    expect(rig.tables().desk.desk?.cutOffSince).not.toBeNull();
  });

  it('goes on by itself, without a storm', async () => {
    const rig = await calm();
    pull(rig);
    await rig.clock.advance(10 * MINUTE);
    plug(rig);
    await rig.clock.advance(3 * MINUTE);
    expect(openAlerts(rig)).toEqual([]);
    expect(rig.announced.map((it) => it.kind)).toEqual(['raised', 'recovered']);
    expect(rig.told('alert-raised')).toHaveLength(1);
    expect(remote.map((it) => standing(rig, it))).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(rig.tables().desk.desk?.cutOffSince).toBeNull();
  });

  it('charges nobody for it', async () => {
    const rig = await calm();
    const from = rig.clock.now();
    await rig.clock.advance(5 * MINUTE);
    pull(rig);
    await rig.clock.advance(20 * MINUTE);
    plug(rig);
    await rig.clock.advance(10 * MINUTE);
    const lines = await uptime(rig, from);
    const range = rig.clock.now() - from;
    for (const host of remote) {
      const { up, unknown, ...rest } = minutes(lines[`${host}/tcp`], range);
      expect([rest, lines[`${host}/tcp`]?.availability]).toEqual([{}, 100]);
      expect(Math.abs((unknown as number) - 20)).toBeLessThanOrEqual(1);
      expect((up as number) + (unknown as number)).toBe(35);
    }
    expect(minutes(lines['here/tcp'], range)).toEqual({ up: 35 });
  });

  it('what is on this computer is told as ever', async () => {
    const rig = await calm();
    pull(rig);
    await rig.clock.advance(5 * MINUTE);
    set(rig, 'refused', '127.0.0.1');
    await rig.clock.advance(3 * MINUTE);
    expect(
      openAlerts(rig)
        .map((it) => it.title)
        .sort(),
    ).toEqual(['This desk is offline', 'here is down']);
  });

  it('an alert that was open is held as it was, and ends when it is known to be over', async () => {
    const rig = await calm();
    set(rig, 'refused', 'web1');
    await rig.clock.advance(5 * MINUTE);
    const [before] = openAlerts(rig);
    pull(rig);
    await rig.clock.advance(10 * MINUTE);
    expect(openAlerts(rig).find((it) => it.id === before?.id)).toMatchObject({
      title: before?.title,
      checks: ['web1/tcp'],
      severity: 'down',
    });
    expect(openAlerts(rig)).toHaveLength(2);
    plug(rig);
    await rig.clock.advance(3 * MINUTE);
    expect(openAlerts(rig)).toEqual([]);
    expect(rig.told('alert-recovered')).toHaveLength(2);
    expect(rig.told('alert-raised')).toHaveLength(2);
  });

  it('what is still bad afterwards has a cycle to come back, then its alert', async () => {
    const rig = await calm();
    pull(rig);
    await rig.clock.advance(10 * MINUTE);
    plug(rig);
    set(rig, 'refused', 'web3');
    await untilSo(rig, () => rig.told('desk-connected').length === 1);
    await rig.clock.advance(30 * SECOND);
    expect(openAlerts(rig)).toEqual([]);
    await rig.clock.advance(MINUTE);
    expect(openAlerts(rig)).toMatchObject([{ title: 'web3 is down' }]);
  });

  it.each<[string, string[], string[], string[]]>([
    ['one anchor still answers', ['gate', 'names', 'web1'], ['gate', 'names', 'far'], ['web1 is down']],
    ['something remote still answers', ['gate', 'names', 'far', 'web1', 'web2', 'web3'], ['gate', 'names', 'far'], []],
    ['there is no anchor', ['web1', 'web2', 'web3', 'web4'], [], []],
    ['the anchors alone fail', ['gate', 'names', 'far'], ['gate', 'names', 'far'], []],
  ])('it is not, when %s', async (_what, failing, names, titles) => {
    const rig = await start({ inventory: anchored(names).replace(/anchors:\n(?=hosts)/, 'anchors: []\n') });
    await rig.clock.advance(5 * MINUTE);
    set(rig, 'refused', ...failing);
    await rig.clock.advance(10 * MINUTE);
    expect(rig.told('desk-cut-off')).toEqual([]);
    const down = failing.filter((it) => it.startsWith('web'));
    expect(
      openAlerts(rig)
        .flatMap((it) => it.checks)
        .sort(),
    ).toEqual(down.map((it) => `${it}/tcp`));
    expect(down.map((it) => standing(rig, it))).toEqual(down.map(() => 'down'));
    if (titles.length > 0) expect(openAlerts(rig).map((it) => it.title)).toEqual(titles);
  });

  it('an anchor that never answered is no evidence, for or against', async () => {
    const rig = await start({ inventory: anchored(), answers: new Map([['far', 'refused']]) });
    await rig.clock.advance(5 * MINUTE);
    expect(openAlerts(rig)).toEqual([]);
    set(rig, 'refused', 'web1');
    await rig.clock.advance(3 * MINUTE);
    expect(openAlerts(rig)).toMatchObject([{ title: 'web1 is down' }]);
    set(rig, 'ok', 'web1');
    await rig.clock.advance(MINUTE);
    pull(rig);
    await rig.clock.advance(3 * MINUTE);
    expect(openAlerts(rig)).toMatchObject([{ title: 'This desk is offline', checks: ['desk/gate', 'desk/names'] }]);
  });

  it('anchors that never answered at all hide nothing', async () => {
    const rig = await start({ inventory: anchored(), answers: new Map(anchors.map((it) => [it, 'refused'])) });
    await rig.clock.advance(5 * MINUTE);
    set(rig, 'refused', ...remote);
    await rig.clock.advance(5 * MINUTE);
    expect(rig.told('desk-cut-off')).toEqual([]);
    expect(openAlerts(rig).flatMap((it) => it.checks)).toHaveLength(4);
  });

  it('the first remote answer counts for more than all anchors', async () => {
    const rig = await calm();
    pull(rig);
    await rig.clock.advance(5 * MINUTE);
    set(rig, 'ok', 'web2');
    await rig.clock.advance(2 * MINUTE);
    expect(rig.tables().desk.desk?.cutOffSince).toBeNull();
    expect(
      openAlerts(rig)
        .flatMap((it) => it.checks)
        .sort(),
    ).toEqual(['web1/tcp', 'web3/tcp', 'web4/tcp']);
  });

  it('a blip of the connection is nothing', async () => {
    const rig = await calm();
    pull(rig);
    await rig.clock.advance(8 * SECOND);
    plug(rig);
    await rig.clock.advance(5 * MINUTE);
    expect(rig.told('alert-raised', 'desk-cut-off', 'hard')).toEqual([]);
  });

  it.each([
    ['a moment', 5 * SECOND],
    ['an hour', HOUR],
  ])('is still so after a restart of %s, under the same alert', async (_what, pauseMs) => {
    const rig = await calm();
    pull(rig);
    await rig.clock.advance(5 * MINUTE);
    const [alert] = openAlerts(rig);
    rig.stop();
    await rig.clock.advance(pauseMs);
    const again = await start({ before: rig });
    expect(again.tables().desk.desk?.cutOffSince).toBe(rig.tables().desk.desk?.cutOffSince);
    await again.clock.advance(5 * MINUTE);
    expect(openAlerts(again)).toMatchObject([{ id: alert?.id, title: 'This desk is offline' }]);
    expect(again.told('alert-raised', 'desk-cut-off', 'desk-connected')).toEqual([]);
    expect(remote.map((it) => standing(again, it))).toEqual(['stale', 'stale', 'stale', 'stale']);
    plug(again);
    await again.clock.advance(3 * MINUTE);
    expect(openAlerts(again)).toEqual([]);
    expect(again.told('alert-raised')).toEqual([]);
    expect(again.told('desk-connected', 'alert-recovered')).toHaveLength(2);
  });

  it('is over after a restart when the connection came back meanwhile', async () => {
    const rig = await calm();
    pull(rig);
    await rig.clock.advance(5 * MINUTE);
    rig.stop();
    plug(rig);
    await rig.clock.advance(10 * MINUTE);
    const again = await start({ before: rig });
    await again.clock.advance(2 * MINUTE);
    expect(openAlerts(again)).toEqual([]);
    expect(again.told('alert-raised')).toEqual([]);
    expect(remote.map((it) => standing(again, it))).toEqual(['ok', 'ok', 'ok', 'ok']);
  });

  it('anchors that are taken out of the inventory end it', async () => {
    const rig = await calm();
    pull(rig);
    await rig.clock.advance(5 * MINUTE);
    await rig.rewrite(`${inventoryHead}hosts:\n${remote.map((id) => hostLine(id)).join('')}`);
    await rig.clock.advance(3 * MINUTE);
    expect(openAlerts(rig).some((it) => it.subject.kind === 'desk')).toBe(false);
    expect(
      openAlerts(rig)
        .flatMap((it) => it.checks)
        .sort(),
    ).toEqual(remote.map((id) => `${id}/tcp`));
  });
});

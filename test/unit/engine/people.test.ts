/** The whole engine and the people who answer it: taking alerts, silencing, being called, being sent messages. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { summarize } from '../../../shared/checks/icmp.ts';
import type { Facts } from '../../../shared/checks/types.ts';
import type { Delta } from '../../../shared/live.ts';
import type { Message } from '../../../shared/model/notify.ts';
import { HOUR, MINUTE, SECOND } from '../../../shared/time.ts';
import { ask, hostLine, inventoryHead, must, openAlerts, type Rig, rigsOfThisFile, untilSo } from '../../support/engine-rig.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const start = rigsOfThisFile();

const set = (rig: Rig, answer: 'ok' | 'refused', ...hosts: string[]): void => {
  for (const host of hosts) rig.answers.set(host, answer);
};
const called = (rig: Rig): string[] => rig.announced.map((it) => `${it.kind}: ${it.title}`);
const ackOf = (rig: Rig, id: string) => rig.tables().alerts[id]?.acknowledgement ?? null;

const inventory = `${inventoryHead}sites: [{ id: sd, name: San Diego }]
hosts:
${hostLine('gw')}${['web1', 'web2', 'web3'].map((id) => hostLine(id, ', site: sd')).join('')}${hostLine('db1', ', parents: [gw]')}`;

/** web1 is down, and nobody has it yet. */
async function withAlert(text = inventory): Promise<{ rig: Rig; id: string }> {
  const rig = await start({ inventory: text });
  await rig.clock.advance(5 * MINUTE);
  set(rig, 'refused', 'web1');
  await untilSo(rig, () => openAlerts(rig).length === 1);
  return { rig, id: openAlerts(rig)[0]?.id as string };
}
const take = (rig: Rig, id: string, more: Record<string, unknown> = {}) =>
  must(rig, 'acknowledge', { alerts: [id], by: 'Ada', comment: 'on it', ...more });

describe('an alert that somebody has', () => {
  it.each([
    ['plain', false],
    ['sticky', true],
  ])('is open again when more joins it (%s)', async (_what, sticky) => {
    const { rig, id } = await withAlert();
    await take(rig, id, { sticky });
    set(rig, 'refused', 'web2');
    await untilSo(rig, () => ackOf(rig, id) === null);
    expect(rig.told('acknowledgement-cleared')).toMatchObject([
      { actor: 'engine', payload: { alert: id, why: expect.stringContaining('web2') } },
    ]);
    expect(openAlerts(rig)).toMatchObject([
      { id, checks: ['web1/tcp', 'web2/tcp'], openSince: rig.told('acknowledgement-cleared')[0]?.at },
    ]);
    expect(rig.announced.map((it) => it.kind)).toEqual(['raised', 'again']);
  });

  it.each([
    ['plain', false],
    ['sticky', true],
  ])('stays taken when a part of it recovers (%s)', async (_what, sticky) => {
    const { rig, id } = await withAlert();
    set(rig, 'refused', 'web2');
    await untilSo(rig, () => openAlerts(rig)[0]?.checks.length === 2);
    await take(rig, id, { sticky });
    set(rig, 'ok', 'web2');
    await rig.clock.advance(2 * MINUTE);
    expect(openAlerts(rig)).toMatchObject([{ id, checks: ['web1/tcp'], acknowledgement: { by: 'Ada' } }]);
    expect(rig.told('acknowledgement-cleared')).toEqual([]);
  });

  it.each([
    ['plain: it is open again', false, 'down', 'degraded', 1],
    ['sticky: it stays taken', true, 'down', 'degraded', 0],
    ['plain and worse: it is open again', false, 'degraded', 'down', 1],
    ['sticky and worse: it is open again', true, 'degraded', 'down', 1],
  ] as const)('when it becomes another, %s', async (_what, sticky, first, then, cleared) => {
    const answers = { down: 'refused', degraded: { address: '192.0.2.1', ...summarize([1, 1, 1, null, null]) } as Facts } as const;
    const rig = await start({ inventory: `${inventoryHead}hosts:\n  - { id: web1, address: web1.test, checks: [{ type: icmp }] }\n` });
    await rig.clock.advance(5 * MINUTE);
    rig.answers.set('web1', answers[first]);
    await untilSo(rig, () => openAlerts(rig).length === 1);
    const id = openAlerts(rig)[0]?.id as string;
    await take(rig, id, { sticky });
    rig.answers.set('web1', answers[then]);
    await rig.clock.advance(2 * MINUTE);
    expect(openAlerts(rig)).toMatchObject([{ id, severity: then }]);
    expect(rig.told('acknowledgement-cleared')).toHaveLength(cleared);
    expect(ackOf(rig, id) === null).toBe(cleared === 1);
  });

  it('is counted at the start of the next engine, also when nothing changes', async () => {
    const { rig, id } = await withAlert();
    await take(rig, id);
    await rig.clock.advance(30 * SECOND);
    rig.stop();
    const again = await start({ before: rig });
    expect(again.counts.at(-1)).toEqual({ down: 1, degraded: 0, unknown: 0, taken: 1 });
  });

  it('stays taken while nothing changes, also when more is unreachable behind it', async () => {
    const rig = await start({ inventory });
    await rig.clock.advance(5 * MINUTE);
    set(rig, 'refused', 'gw');
    await untilSo(rig, () => openAlerts(rig).length === 1);
    const id = openAlerts(rig)[0]?.id as string;
    await take(rig, id);
    await rig.clock.advance(10 * MINUTE);
    set(rig, 'refused', 'db1');
    await rig.clock.advance(10 * MINUTE);
    expect(openAlerts(rig)).toMatchObject([{ id, consequences: ['db1/tcp'], acknowledgement: { by: 'Ada' } }]);
    expect(rig.announced.map((it) => it.kind)).toEqual(['raised']);
  });

  it('opens by itself when the time runs out, to the second or a few', async () => {
    const { rig, id } = await withAlert();
    const until = rig.clock.now() + 2 * HOUR;
    await take(rig, id, { until });
    await rig.clock.advance(2 * HOUR - SECOND);
    expect(ackOf(rig, id)).toMatchObject({ until });
    await rig.clock.advance(8 * SECOND);
    expect(ackOf(rig, id)).toBeNull();
    expect(rig.told('acknowledgement-cleared')).toMatchObject([{ payload: { why: 'its time ran out' } }]);
    expect((rig.told('acknowledgement-cleared')[0]?.at as number) - until).toBeLessThanOrEqual(6 * SECOND);
    expect(called(rig)).toEqual(['raised: web1 is down', 'again: web1 is down']);
  });

  it('opens at the start when the time ran out while nothing ran', async () => {
    const { rig, id } = await withAlert();
    await take(rig, id, { until: rig.clock.now() + HOUR });
    rig.stop();
    await rig.clock.advance(3 * HOUR);
    const again = await start({ before: rig });
    expect(ackOf(again, id)).toBeNull();
    expect(called(again)).toEqual(['again: web1 is down']);
  });

  it('is given back, and is open from then on', async () => {
    const { rig, id } = await withAlert();
    await take(rig, id, { sticky: true });
    await rig.clock.advance(10 * MINUTE);
    await must(rig, 'release', { alerts: [id], by: 'Bo', comment: 'Ada went home' });
    expect(rig.tables().alerts[id]).toMatchObject({ acknowledgement: null, openSince: rig.clock.now(), escalation: 0 });
    expect(rig.told('released')).toMatchObject([{ actor: 'Bo', payload: { alert: id, comment: 'Ada went home' } }]);
    expect(rig.store.loadAlerts(0)).toMatchObject([{ id, acknowledgement: null }]);
    expect(rig.counts.at(-1)).toMatchObject({ down: 1, taken: 0 });
  });

  it('is given back once, whoever is faster', async () => {
    const { rig, id } = await withAlert();
    await take(rig, id);
    const replies = await Promise.all(['Bo', 'Cy'].map((by) => ask(rig, 'release', { alerts: [id], by, comment: 'x' })));
    expect(replies).toMatchObject([
      { ok: true },
      { ok: false, failure: { code: 'not-taken', text: expect.stringContaining('web1 is down') } },
    ]);
    expect(rig.told('released')).toHaveLength(1);
  });

  it('counts as taken in the tray, and is as it was after a restart', async () => {
    const { rig, id } = await withAlert();
    await take(rig, id, { sticky: true, until: rig.clock.now() + 5 * HOUR });
    expect(rig.counts.at(-1)).toEqual({ down: 1, degraded: 0, unknown: 0, taken: 1 });
    const before = rig.tables().alerts[id];
    rig.stop();
    await rig.clock.advance(10 * MINUTE);
    const again = await start({ before: rig });
    expect(again.counts.at(-1)).toEqual({ down: 1, degraded: 0, unknown: 0, taken: 1 });
    await again.clock.advance(5 * MINUTE);
    // Its words say for a while that nothing fresh is known, and what is behind it is seen better by now; the rest is as it was.
    expect({ ...again.tables().alerts[id], updatedAt: before?.updatedAt, diagnosis: before?.diagnosis }).toEqual(before);
    expect(called(again)).toEqual([]);
  });

  it('ends with its recovery, which is called out', async () => {
    const { rig, id } = await withAlert();
    await take(rig, id);
    set(rig, 'ok', 'web1');
    await rig.clock.advance(MINUTE);
    expect(called(rig)).toEqual(['raised: web1 is down', 'recovered: web1 is down']);
    expect(rig.tables().alerts[id]).toMatchObject({ acknowledgement: { by: 'Ada' }, endedAt: expect.any(Number) });
    expect(rig.told('acknowledgement-cleared')).toEqual([]);
    expect(rig.counts.at(-1)).toEqual({ down: 0, degraded: 0, unknown: 0, taken: 0 });
  });

  it('is gone when it went on in the alert of its cause', async () => {
    const { rig } = await withAlert(`${inventory}${hostLine('db2', ', parents: [gw]')}`);
    set(rig, 'ok', 'web1');
    set(rig, 'refused', 'db1');
    await rig.clock.advance(90 * SECOND);
    set(rig, 'refused', 'db2');
    await rig.clock.advance(90 * SECOND);
    const id = openAlerts(rig).find((it) => it.subject.id === 'db2')?.id as string;
    set(rig, 'refused', 'gw');
    await rig.clock.advance(3 * MINUTE);
    expect(openAlerts(rig)).toMatchObject([{ title: 'gw is down', consequences: ['db1/tcp', 'db2/tcp'] }]);
    expect(await ask(rig, 'acknowledge', { alerts: [id], by: 'Ada', comment: 'x' })).toMatchObject({
      ok: false,
      failure: { code: 'alert-gone', text: expect.stringContaining('db2 is down') },
    });
  });
});

describe('three hundred alerts at once', () => {
  const hosts = Array.from({ length: 300 }, (_, i) => `h${i}`);
  const many = async () => {
    const rig = await start({
      inventory: `${inventoryHead}hosts:\n${hosts.map((id) => hostLine(id)).join('')}`,
      answers: new Map(hosts.map((id) => [id, 'refused' as const])),
    });
    await rig.clock.advance(2 * MINUTE);
    expect(openAlerts(rig)).toHaveLength(300);
    return { rig, ids: openAlerts(rig).map((it) => it.id) };
  };

  it('are taken with one answer, in one delta, on disk', async () => {
    const { rig, ids } = await many();
    const deltas: Delta[] = [];
    rig.engine.publisher.flush();
    rig.engine.publisher.subscribe((delta) => void deltas.push(structuredClone(delta)));
    await must(rig, 'acknowledge', { alerts: ids, by: 'Ada', comment: 'the power is out' });
    expect(deltas).toHaveLength(1);
    expect(Object.keys(deltas[0]?.put.alerts ?? {})).toHaveLength(300);
    expect(rig.store.loadAlerts(0).filter((it) => it.acknowledgement?.by === 'Ada')).toHaveLength(300);
    expect(rig.store.recentEvents(1_000).filter((it) => it.kind === 'acknowledged')).toHaveLength(300);
    expect(rig.counts.at(-1)).toMatchObject({ down: 300, taken: 300 });
  });

  it('are none of them taken when one has ended meanwhile, and that one is named', async () => {
    const { rig, ids } = await many();
    set(rig, 'ok', 'h7');
    await rig.clock.advance(MINUTE);
    expect(await ask(rig, 'acknowledge', { alerts: ids, by: 'Ada', comment: 'x' })).toMatchObject({
      ok: false,
      failure: { code: 'alert-gone', text: expect.stringMatching(/h7 is down.*Nothing was acknowledged/) },
    });
    expect(openAlerts(rig).some((it) => it.acknowledgement)).toBe(false);
  });
});

describe('a silence', () => {
  const quiet = (rig: Rig, subjects: string[], ms = HOUR) =>
    must(rig, 'silence', { subjects, by: 'Ada', reason: 'rack is being moved', until: rig.clock.now() + ms });

  it('is kept, shown, and calls nobody: only the recovery is called out', async () => {
    const rig = await start({ inventory });
    await rig.clock.advance(5 * MINUTE);
    await quiet(rig, ['web1']);
    expect(Object.values(rig.tables().silences)).toMatchObject([{ by: 'Ada', subjects: ['web1'] }]);
    set(rig, 'refused', 'web1');
    await rig.clock.advance(3 * MINUTE);
    expect(openAlerts(rig)).toMatchObject([{ title: 'web1 is down', silencedUntil: Object.values(rig.tables().silences)[0]?.until }]);
    expect(called(rig)).toEqual([]);
    set(rig, 'ok', 'web1');
    await rig.clock.advance(MINUTE);
    expect(called(rig)).toEqual(['recovered: web1 is down']);
  });

  it.each([
    ['its site', ['sd']],
    ['itself', ['web1']],
  ])('holds for an open alert at once, by %s', async (_what, subjects) => {
    const { rig, id } = await withAlert();
    await quiet(rig, subjects);
    expect(rig.tables().alerts[id]?.silencedUntil).toBe(rig.clock.now() + HOUR);
    expect(rig.store.silences(0)).toMatchObject([{ subjects }]);
  });

  it('of something else changes nothing', async () => {
    const { rig, id } = await withAlert();
    await quiet(rig, ['web2', 'db1']);
    expect(rig.tables().alerts[id]?.silencedUntil).toBeNull();
  });

  it('ends with its time; what is still open then and nobody has is called out', async () => {
    const rig = await start({ inventory });
    await rig.clock.advance(5 * MINUTE);
    await quiet(rig, ['web1', 'db1']);
    set(rig, 'refused', 'web1', 'db1');
    await rig.clock.advance(5 * MINUTE);
    const taken = openAlerts(rig).find((it) => it.subject.id === 'db1')?.id as string;
    await take(rig, taken);
    expect(called(rig)).toEqual([]);
    await rig.clock.advance(HOUR);
    expect(rig.tables().silences).toEqual({});
    expect(openAlerts(rig).map((it) => it.silencedUntil)).toEqual([null, null]);
    expect(rig.told('silence-ended')).toMatchObject([{ actor: 'engine', payload: { why: 'time', subjects: ['web1', 'db1'] } }]);
    expect(called(rig)).toEqual(['again: web1 is down']);
  });

  it('is ended by hand once, and says by whom', async () => {
    const { rig, id } = await withAlert();
    await quiet(rig, ['web1']);
    const [silence] = Object.keys(rig.tables().silences);
    const end = (by: string) => ask(rig, 'endSilence', { silence, by });
    const replies = [await end('Bo'), await end('Cy')];
    expect(replies).toMatchObject([{ ok: true }, { ok: false, failure: { code: 'silence-gone' } }]);
    expect(rig.told('silence-ended')).toMatchObject([{ actor: 'Bo', payload: { why: 'person' } }]);
    expect(rig.tables().alerts[id]?.silencedUntil).toBeNull();
    expect(rig.tables().silences).toEqual({});
    await rig.clock.advance(2 * HOUR);
    expect(rig.told('silence-ended')).toHaveLength(1);
  });

  it('goes on over a restart', async () => {
    const { rig, id } = await withAlert();
    await quiet(rig, ['web1']);
    const { silencedUntil } = rig.tables().alerts[id] as { silencedUntil: number };
    rig.stop();
    await rig.clock.advance(20 * MINUTE);
    const again = await start({ before: rig });
    expect(again.tables().alerts[id]?.silencedUntil).toBe(silencedUntil);
    await again.clock.advance(10 * MINUTE);
    expect(Object.keys(again.tables().silences)).toHaveLength(1);
    await again.clock.advance(HOUR);
    expect(again.tables().silences).toEqual({});
    expect(again.told('silence-ended')).toMatchObject([{ at: silencedUntil }]);
  });

  it('that ran out while nothing ran is over at the start, and told once', async () => {
    const { rig, id } = await withAlert();
    await quiet(rig, ['web1']);
    rig.stop();
    await rig.clock.advance(3 * HOUR);
    const again = await start({ before: rig });
    await again.clock.advance(MINUTE);
    expect(again.tables().alerts[id]?.silencedUntil).toBeNull();
    expect(again.told('silence-ended')).toMatchObject([{ payload: { why: 'time' } }]);
    again.stop();
    const third = await start({ before: again });
    await third.clock.advance(MINUTE);
    expect(third.told('silence-ended')).toEqual([]);
  });
});

describe('what cannot be done is said in clear words, and changes nothing', () => {
  it.each<[string, Parameters<typeof ask>[1], (rig: Rig, id: string) => unknown, string, RegExp]>([
    [
      'an acknowledgement until a time that is past',
      'acknowledge',
      (rig, id) => ({ alerts: [id], by: 'Ada', comment: 'x', until: rig.clock.now() - 1 }),
      'bad-input',
      /later time/,
    ],
    ['an acknowledgement of nothing', 'acknowledge', () => ({ alerts: [], by: 'Ada', comment: 'x' }), 'bad-input', /choose an alert/],
    ['giving back what nobody has', 'release', (_, id) => ({ alerts: [id], by: 'Ada', comment: 'x' }), 'not-taken', /Nobody has/],
    ['giving back an alert that is gone', 'release', () => ({ alerts: ['gone'], by: 'Ada', comment: 'x' }), 'alert-gone', /gone/],
    ['giving back without saying why', 'release', (_, id) => ({ alerts: [id], by: 'Ada', comment: ' ' }), 'bad-input', /say why/],
    [
      'a silence of something unknown',
      'silence',
      (rig) => ({ subjects: ['web1', 'nope'], by: 'Ada', reason: 'x', until: rig.clock.now() + HOUR }),
      'no-such-subject',
      /“nope”/,
    ],
    [
      'a silence that is over already',
      'silence',
      (rig) => ({ subjects: ['web1'], by: 'Ada', reason: 'x', until: rig.clock.now() }),
      'bad-input',
      /over already/,
    ],
    [
      'a silence of nothing',
      'silence',
      (rig) => ({ subjects: [], by: 'Ada', reason: 'x', until: rig.clock.now() + HOUR }),
      'bad-input',
      /choose what/,
    ],
    [
      'a silence without a reason',
      'silence',
      (rig) => ({ subjects: ['web1'], by: 'Ada', reason: '', until: rig.clock.now() + HOUR }),
      'bad-input',
      /say why/,
    ],
    ['the end of a silence that is gone', 'endSilence', () => ({ silence: 'gone', by: 'Ada' }), 'silence-gone', /over already/],
    [
      'the end of a silence with a name of the language itself',
      'endSilence',
      () => ({ silence: '__proto__', by: 'Ada' }),
      'silence-gone',
      /over already/,
    ],
    [
      'a change that is still to come',
      'addChanges',
      (rig) => ({ by: 'Ada', changes: [{ at: rig.clock.now() + HOUR, subject: 'web1', text: 'new disk', by: null }] }),
      'in-future',
      /future/,
    ],
    [
      'a change to something unknown',
      'addChanges',
      (rig) => ({
        by: 'Ada',
        changes: [
          { at: rig.clock.now(), subject: 'web1', text: 'a', by: null },
          { at: rig.clock.now(), subject: 'nope', text: 'b', by: null },
        ],
      }),
      'no-such-subject',
      /“nope”/,
    ],
    ['no change at all', 'addChanges', () => ({ by: 'Ada', changes: [] }), 'bad-input', /enter a change/],
    ['a test of a channel that is not there', 'testChannel', () => ({ channel: 'nope' }), 'no-such-channel', /nope/],
    [
      'an uptime that ends before it begins',
      'uptime',
      (rig) => ({ from: rig.clock.now(), to: rig.clock.now() - 1, subjects: null, zone: 'UTC' }),
      'bad-range',
      /after its beginning/,
    ],
  ])('%s', async (_what, name, input, code, words) => {
    const { rig, id } = await withAlert();
    const before = [structuredClone(rig.tables().alerts), rig.events.length];
    expect(await ask(rig, name, input(rig, id))).toMatchObject({ ok: false, failure: { code, text: expect.stringMatching(words) } });
    expect([rig.tables().alerts, rig.events.length]).toEqual(before);
    expect([rig.tables().silences, rig.store.silences(0)]).toEqual([{}, []]);
  });

  it('a silence that the disk does not take is not in force', async () => {
    const { rig, id } = await withAlert();
    rig.breakDisk({ code: 'full', text: 'no room' });
    const said = { subjects: ['web1'], by: 'Ada', reason: 'x', until: rig.clock.now() + HOUR };
    expect(await ask(rig, 'silence', said)).toMatchObject({ ok: false, failure: { code: 'not-saved' } });
    await rig.clock.advance(10 * SECOND);
    expect([rig.tables().silences, rig.tables().alerts[id]?.silencedUntil]).toEqual([{}, null]);
  });
});

describe('what the inventory cannot say is refused with its line', () => {
  const good = `${inventoryHead}hosts:\n${hostLine('web1')}`;
  it.each([
    ['an unknown channel', 'notify:\n  routes:\n    - id: all\n      to: [pager]\n', /pager/, 8],
    [
      'an unknown rota in an escalation',
      'notify:\n  channels: [{ id: sh, type: command, argv: [/bin/true] }]\n  escalations:\n    - id: up\n      steps:\n        - { after: 15m, to: [nobody] }\n',
      /nobody/,
      10,
    ],
    [
      'planned work that ends before it starts',
      'maintenance:\n  - id: w\n    name: W\n    from: 2026-12-01T10:00:00Z\n    to: 2026-12-01T09:00:00Z\n    affects: [web1]\n',
      /after `from`/,
      9,
    ],
    [
      'planned work on something unknown',
      'maintenance:\n  - id: w\n    name: W\n    from: 2026-12-01T08:00:00Z\n    to: 2026-12-01T09:00:00Z\n    affects: [web9]\n',
      /web9/,
      10,
    ],
    ['a routine with a wrong line', 'routines:\n  - id: r\n    name: R\n    schedule: "99 4 * * 0"\n    restarts: [web1]\n', /./, 8],
  ])('%s', async (_what, more, words, line) => {
    const rig = await start({ inventory: good });
    await rig.clock.advance(MINUTE);
    await rig.rewrite(good + more);
    const [rejected] = rig.told('inventory-rejected');
    expect(rejected).toMatchObject({ payload: { problems: [{ line, expected: expect.stringMatching(words) }] } });
    expect(rig.tables().desk.desk?.troubles).toMatchObject([{ code: 'inventory' }]);
    await rig.clock.advance(MINUTE);
    expect(rig.tables().checks['web1/tcp']?.state.hard).toBe('ok');
  });
});

describe('messages', () => {
  /** A program that writes down what it is told, one line a message. */
  const writer = (): { program: string; heard: () => Message[] } => {
    const folder = temporaryFolder('heard');
    const file = join(folder, 'heard');
    const program = join(folder, 'write.sh');
    writeFileSync(program, `#!/bin/sh\nsaid=$(cat)\nprintf '%s\\n' "$said" >> '${file}'\n`);
    chmodSync(program, 0o755);
    return {
      program,
      heard: () =>
        existsSync(file)
          ? readFileSync(file, 'utf8')
              .split('\n')
              .filter((line) => line !== '')
              .map((line) => JSON.parse(line) as Message)
          : [],
    };
  };
  const told = (program: string, more = '') => `${inventory}notify:
  channels: [{ id: sh, type: command, argv: [${program}] }]
  escalations: [{ id: up, steps: [{ after: 15m, to: [sh] }] }]
  routes: [{ id: all, to: [sh], wait: 30s, escalation: up${more} }]
`;
  /** Programs run in real time: waits for what they did, by real time. */
  const heardAtLast = async (heard: () => Message[], rig: Rig, wanted: number, notified = wanted): Promise<string[]> => {
    const until = performance.now() + 30_000;
    while (heard().length < wanted || rig.told('notified').length < notified) {
      if (performance.now() > until) throw new Error(`heard ${heard().length} and told ${rig.told('notified').length} of ${wanted}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return heard().map((it) => `${it.kind}: ${it.title}`);
  };
  const realMoment = () => new Promise((resolve) => setTimeout(resolve, 150));

  it('go out once, wait for company, escalate, tell the recovery, and are not repeated by a restart', async () => {
    const { program, heard } = writer();
    const { rig, id } = await withAlert(told(program));
    await rig.clock.advance(20 * SECOND);
    await realMoment();
    expect(heard()).toEqual([]);
    await rig.clock.advance(15 * SECOND);
    expect(await heardAtLast(heard, rig, 1)).toEqual(['problem: web1 is down']);
    expect(heard()[0]).toMatchObject({ severity: 'down', alerts: [{ id, subject: 'web1', ended: false }], organization: 'Test' });

    rig.stop();
    await rig.clock.advance(2 * MINUTE);
    const again = await start({ before: rig });
    await again.clock.advance(10 * MINUTE);
    await realMoment();
    expect(heard()).toHaveLength(1);
    await again.clock.advance(4 * MINUTE);
    expect(again.tables().alerts[id]?.escalation).toBe(1);
    expect(again.announced.map((it) => it.kind)).toEqual(['escalated']);
    expect(again.told('escalated')).toMatchObject([{ payload: { alert: id, step: 1 } }]);
    await heardAtLast(heard, again, 2, 1);

    // The step is not taken again by the next engine.
    again.stop();
    const third = await start({ before: again });
    await third.clock.advance(10 * MINUTE);
    expect(third.tables().alerts[id]?.escalation).toBe(1);
    expect(third.told('escalated')).toEqual([]);
    set(third, 'ok', 'web1');
    await third.clock.advance(2 * MINUTE);
    await heardAtLast(heard, third, 3, 1);
    expect(heard().map((it) => it.kind)).toEqual(['problem', 'escalation', 'recovery']);
  });

  it('are not sent of what is silenced; its recovery is nobody’s news then', async () => {
    const { program, heard } = writer();
    const rig = await start({ inventory: told(program) });
    await rig.clock.advance(5 * MINUTE);
    await must(rig, 'silence', { subjects: ['web1'], by: 'Ada', reason: 'x', until: rig.clock.now() + HOUR });
    set(rig, 'refused', 'web1', 'db1');
    await rig.clock.advance(20 * MINUTE);
    expect((await heardAtLast(heard, rig, 2)).every((it) => it.includes('db1'))).toBe(true);
    set(rig, 'ok', 'web1');
    await rig.clock.advance(10 * MINUTE);
    await realMoment();
    expect(heard().some((it) => it.title.includes('web1'))).toBe(false);
  });

  it('nobody is escalated to for what somebody has', async () => {
    const { program, heard } = writer();
    const { rig, id } = await withAlert(told(program));
    await rig.clock.advance(MINUTE);
    await heardAtLast(heard, rig, 1);
    await take(rig, id);
    await rig.clock.advance(HOUR);
    await realMoment();
    expect(heard()).toHaveLength(1);
    expect(rig.told('escalated')).toEqual([]);
    // Given back, the time counts anew.
    await must(rig, 'release', { alerts: [id], by: 'Ada', comment: 'going home' });
    await rig.clock.advance(14 * MINUTE);
    expect(rig.told('escalated')).toEqual([]);
    await rig.clock.advance(2 * MINUTE);
    expect(rig.told('escalated')).toHaveLength(1);
  });

  it('a channel that fails is on screen, and works again when its test does', async () => {
    const { program } = writer();
    const { rig } = await withAlert(told(`${program}.gone`));
    await rig.clock.advance(MINUTE);
    await untilTold(rig, 'notify-failed');
    expect(rig.tables().channels.sh).toMatchObject({ type: 'command', failing: { code: expect.any(String) } });
    expect(await ask(rig, 'testChannel', { channel: 'sh' })).toMatchObject({
      ok: false,
      failure: { text: expect.stringContaining('not taken') },
    });
    await rig.rewrite(told(program));
    expect(await ask(rig, 'testChannel', { channel: 'sh' })).toMatchObject({ ok: true, value: { reply: 'exit code 0' } });
    expect(rig.tables().channels.sh?.failing).toBeNull();
  });

  const untilTold = async (rig: Rig, kind: 'notify-failed'): Promise<void> => {
    for (const until = performance.now() + 30_000; rig.told(kind).length === 0; ) {
      if (performance.now() > until) throw new Error(`nothing was told of ${kind}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
});

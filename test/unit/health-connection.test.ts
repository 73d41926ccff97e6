import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Connection, type ConnectionInput, noConnection, stepConnection } from '../../shared/health/connection.ts';
import { age, type CheckState, pendingState, staleAfterMs, step } from '../../shared/health/step.ts';
import { describeEvent } from '../../shared/model/describe-event.ts';
import type { Level } from '../../shared/model/words.ts';
import { check, hard, stale, thing, verdict } from '../support/story.ts';

const NOW = 1_000_000;
const desk = thing('desk', 'desk');
const names = ['gateway', 'resolver', 'far1', 'far2'];
const plans = names.map((name) => check(desk, 'icmp', name));
const ids = plans.map(({ id }) => id);

/** `down:90` = hard down, first symptom 90 s ago; `retried:5` = soft; `ok:20` = last seen 20 s ago. */
function stateOf(word: string): CheckState {
  const [kind = '', seconds = '1'] = word.split(':');
  const at = NOW - Number(seconds) * 1_000;
  const ok = { ...hard(verdict('ok')), at };
  if (kind === 'ok') return ok;
  if (kind === 'pending') return pendingState(NOW - 1_000);
  if (kind === 'stale') return stale(hard(verdict('down'), at), NOW);
  if (kind === 'retried') return { ...ok, at: NOW, soft: { level: 'down', attempt: 1, firstAt: at } };
  return { ...hard(verdict(kind as Level), at), at: NOW };
}
const anchorsOf = (words: string): ConnectionInput['anchors'] =>
  words.split(' ').map((word, index) => ({ plan: plans[index] as (typeof plans)[number], state: stateOf(word) }));
const calm: Connection = { cutOff: null, suspected: false, everOk: ids };
const cut: Connection = { cutOff: { since: NOW - 60_000, anchors: ids }, suspected: false, everOk: ids };

/** "cut off 30" = since 30 s ago. */
const told = ({ cutOff, suspected }: Connection): string =>
  cutOff ? `cut off ${(NOW - cutOff.since) / 1_000}` : suspected ? 'suspected' : 'connected';

describe('stepConnection', () => {
  const table: [string, string, Connection, number | null, string][] = [
    ['all anchors answer', 'ok ok ok ok', calm, null, 'connected'],
    ['one fails', 'down:60 ok ok ok', calm, null, 'connected'],
    ['all but one fail', 'down:60 down:60 down:60 ok', calm, null, 'connected'],
    ['all fail hard: since the last one began to fail', 'down:60 down:50 down:30 down:40', calm, null, 'cut off 30'],
    ['not known is no answer either', 'unknown:60 unknown:60 down:60 down:30', calm, null, 'cut off 30'],
    ['a degraded anchor answers', 'down:60 down:60 down:60 degraded:60', calm, null, 'connected'],
    ['one is still being retried', 'down:60 down:60 down:60 retried:5', calm, null, 'suspected'],
    ['all are being retried', 'retried:5 retried:4 retried:3 retried:2', calm, null, 'suspected'],
    ['one fails and the others have not been looked at since', 'retried:5 ok:20 ok:10 ok:25', calm, null, 'suspected'],
    [
      'two fail, the others have not been looked at since, and a remote check was ok in between',
      'retried:8 retried:3 ok:20 ok:25',
      calm,
      5,
      'connected',
    ],
    ['one fails and another answered since', 'retried:5 ok:20 ok:4 ok:25', calm, null, 'connected'],
    ['one fails, the others are overdue', 'retried:5 ok:50 ok:50 ok:50', calm, null, 'connected'],
    ['one has been down for long, the others answer', 'down:9999 ok:20 ok:10 ok:25', calm, null, 'connected'],
    ['one without fresh data says nothing', 'down:60 down:60 down:60 stale:60', calm, null, 'connected'],
    ['all without fresh data', 'stale stale stale stale', calm, null, 'connected'],
    ['all pending', 'pending pending pending pending', noConnection, null, 'connected'],
    [
      'an anchor that never answered is no evidence',
      'down:60 down:50 down:30 down:10',
      { ...calm, everOk: ids.slice(0, 3) },
      null,
      'cut off 30',
    ],
    [
      'nor does it say that there is a connection while it is pending',
      'down:60 down:50 down:30 pending',
      { ...calm, everOk: ids.slice(0, 3) },
      null,
      'cut off 30',
    ],
    ['none that ever answered: no evidence at all', 'down:60 down:60 down:60 down:60', noConnection, null, 'connected'],
    ['a single anchor', 'down:30', calm, null, 'cut off 30'],
    ['a remote check was ok since the last began to fail', 'down:60 down:50 down:30 down:40', calm, 20, 'connected'],
    ['at that very moment', 'down:60 down:50 down:30 down:40', calm, 30, 'connected'],
    ['only before', 'down:60 down:50 down:30 down:40', calm, 31, 'cut off 30'],
    ['being retried, and a remote check was ok since', 'down:60 down:60 down:60 retried:5', calm, 4, 'connected'],
    ['being retried, and a remote check was ok before', 'down:60 down:60 down:60 retried:5', calm, 6, 'suspected'],
    ['not looked at since, and a remote check was ok since', 'retried:5 ok:20 ok:10 ok:25', calm, 3, 'connected'],
    ['blocked anchors, and remote checks that work, for long', 'down:9000 down:9000 down:9000 down:9000', calm, 1, 'connected'],
    ['cut off stays so', 'down:90 down:80 down:70 down:60', cut, null, 'cut off 60'],
    ['cut off ends with the first anchor that answers', 'down:90 down:80 ok down:60', cut, null, 'connected'],
    ['or is degraded', 'down:90 down:80 degraded:1 down:60', cut, null, 'connected'],
    ['or with one that never answered before', 'down:90 down:80 down:70 ok', { ...cut, everOk: ids.slice(0, 3) }, null, 'connected'],
    ['or with any remote check that is ok', 'down:90 down:80 down:70 down:60', cut, 59, 'connected'],
    ['not with one from before', 'down:90 down:80 down:70 down:60', cut, 61, 'cut off 60'],
    ['not when results stop coming', 'stale:90 stale:80 stale:70 stale:60', cut, null, 'cut off 60'],
    ['not when the kind of failure changes', 'unknown:1 unknown:1 unknown:1 unknown:1', cut, null, 'cut off 60'],
    ['it ends when its anchors leave the inventory', 'pending', { ...cut, everOk: ['desk/gone'] }, null, 'connected'],
    [
      'a clock that went back makes it no longer',
      'down:0 down:0 down:0 down:0',
      { ...cut, cutOff: { since: NOW + 5_000, anchors: ids } },
      null,
      'cut off 0',
    ],
  ];
  it.each(table)('%s', (_what, words, before, okSecondsAgo, expected) => {
    const lastRemoteOkAt = okSecondsAgo === null ? null : NOW - okSecondsAgo * 1_000;
    const { connection, events } = stepConnection({ anchors: anchorsOf(words), before, lastRemoteOkAt, now: NOW });
    expect(told(connection)).toBe(expected);
    const change = before.cutOff === null ? (connection.cutOff ? ['desk-cut-off'] : []) : connection.cutOff ? [] : ['desk-connected'];
    expect(events.map(({ kind }) => kind)).toEqual(change);
  });

  const near = [
    check(desk, 'icmp', 'gateway', { config: { address: 'default-gateway' } }),
    check(desk, 'dns', 'resolver', { config: { server: 'system' } }),
    ...plans.slice(2),
  ];
  it.each<[string, string, string[], number | null, string]>([
    ['the gateway answers while the line behind it is cut', 'ok ok down:60 down:50', ids, null, 'cut off 50'],
    ['all fail: since the last of the far ones did', 'down:20 down:30 down:60 down:50', ids, null, 'cut off 50'],
    ['the gateway drops pings', 'down:60 ok ok ok', ids, null, 'connected'],
    ['gateway and resolver fail, a far host answers', 'down:60 down:60 down:60 ok', ids, null, 'connected'],
    ['the far hosts fail, and a remote check is ok', 'ok ok down:60 down:50', ids, 10, 'connected'],
    ['one far host is still being retried', 'ok ok down:60 retried:5', ids, null, 'suspected'],
    ['the far hosts never answered: the near ones are all there is', 'ok ok down:60 down:50', ids.slice(0, 2), null, 'connected'],
    ['and these fail', 'down:60 down:40 down:60 down:50', ids.slice(0, 2), null, 'cut off 40'],
  ])('near and far: %s', (_what, words, everOk, okSecondsAgo, expected) => {
    const anchors = anchorsOf(words).map(({ state }, index) => ({ plan: near[index] as (typeof near)[number], state }));
    const lastRemoteOkAt = okSecondsAgo === null ? null : NOW - okSecondsAgo * 1_000;
    expect(told(stepConnection({ anchors, before: { ...calm, everOk }, lastRemoteOkAt, now: NOW }).connection)).toBe(expected);
  });

  it('without anchors there is nothing to go by', () =>
    expect(stepConnection({ anchors: [], before: noConnection, lastRemoteOkAt: null, now: NOW })).toEqual({
      connection: noConnection,
      events: [],
    }));
  it('learns which anchors answer, and forgets those that are gone', () => {
    const { connection } = stepConnection({
      anchors: anchorsOf('ok down:5 degraded:5'),
      before: { ...noConnection, everOk: ['desk/gone'] },
      lastRemoteOkAt: null,
      now: NOW,
    });
    expect(connection.everOk).toEqual(['desk/gateway', 'desk/far1']);
  });
  it('stays the very same while nothing changes', () => {
    for (const before of [calm, cut]) {
      const words = before.cutOff ? 'down:90 down:80 down:70 down:60' : 'ok ok ok ok';
      expect(stepConnection({ anchors: anchorsOf(words), before, lastRemoteOkAt: null, now: NOW }).connection).toBe(before);
    }
  });
  it('tells when and by what', () => {
    const begun = stepConnection({ anchors: anchorsOf('down:60 down:30'), before: calm, lastRemoteOkAt: null, now: NOW });
    const head = { at: NOW, subject: { kind: 'desk', id: 'desk' }, actor: 'engine' };
    expect(begun.events).toEqual([{ ...head, kind: 'desk-cut-off', payload: { since: NOW - 30_000, anchors: ids.slice(0, 2) } }]);
    const over = stepConnection({ anchors: anchorsOf('ok down:30'), before: begun.connection, lastRemoteOkAt: null, now: NOW });
    expect(over.events).toEqual([{ ...head, kind: 'desk-connected', payload: { from: NOW - 30_000, to: NOW } }]);
    const said = { subject: () => 'This desk', check: (id: string) => id, byId: (id: string) => id, channel: (id: string) => id };
    for (const event of [...begun.events, ...over.events]) expect(describeEvent({ ...event, id: 'E1' } as never, said).text).not.toBe('');
  });

  it('over any night: cut off only with no anchor answering and no remote ok since; each beginning has its end', () => {
    const moves = fc.array(
      fc.record({
        anchor: fc.nat({ max: 3 }),
        level: fc.option(fc.constantFrom<Level>('ok', 'down', 'down', 'down', 'unknown'), { freq: 8 }),
        remoteOk: fc.boolean(),
        wait: fc.integer({ min: -3_000, max: 9_000 }),
      }),
      // Long enough to come to something.
      { minLength: 30, maxLength: 120 },
    );
    let cutOffs = 0;
    fc.assert(
      fc.property(moves, fc.boolean(), (night, hasRemote) => {
        const states = names.map(() => pendingState(0));
        let connection = noConnection;
        let lastRemoteOkAt: number | null = null;
        let now = 1_000_000;
        let open = 0;
        for (const { anchor, level, remoteOk, wait } of night) {
          now += wait;
          if (level)
            states[anchor] = step(states[anchor] as CheckState, verdict(level), now, {
              maxAttempts: 2,
              flapping: { start: 20, stop: 5 },
            }).state;
          for (const [index, state] of states.entries()) states[index] = age(state, now, 0, staleAfterMs(30_000, 5_000)).state;
          if (hasRemote && remoteOk) lastRemoteOkAt = now;
          const anchors = plans.map((plan, index) => ({ plan, state: states[index] as CheckState }));
          const stepped = stepConnection({ anchors, before: connection, lastRemoteOkAt, now });
          for (const { kind } of stepped.events) open += kind === 'desk-cut-off' ? 1 : -1;
          connection = stepped.connection;
          expect(open).toBe(connection.cutOff ? 1 : 0);
          if (!connection.cutOff) continue;
          expect(connection.suspected).toBe(false);
          expect(connection.cutOff.since).toBeLessThanOrEqual(now);
          expect(lastRemoteOkAt ?? Number.NEGATIVE_INFINITY).toBeLessThan(connection.cutOff.since);
          expect(states.some((it) => it.hard === 'ok' && it.soft === null && it.staleSince === null)).toBe(false);
          cutOffs += 1;
        }
      }),
    );
    // It would prove nothing if it never came to that.
    expect(cutOffs).toBeGreaterThan(0);
  });
});

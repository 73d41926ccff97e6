import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyDelta,
  type Delta,
  emptyTables,
  type LiveTables,
  receive,
  type Snapshot,
  type TableName,
  tableNames,
} from '../../shared/live.ts';

const record = (id: string, n: number) => ({ id, n }) as never;
const put = (table: TableName, id: string, n: number): Pick<Delta, 'put' | 'drop'> => ({
  put: { [table]: { [id]: record(id, n) } },
  drop: {},
});

describe('applyDelta', () => {
  it('keeps the identity of all that did not change', () => {
    const before = applyDelta(applyDelta(emptyTables(), put('checks', 'a', 1)), put('alerts', 'x', 1));
    const after = applyDelta(before, put('checks', 'b', 2));
    expect(after.alerts).toBe(before.alerts);
    expect(after.checks.a).toBe(before.checks.a);
    expect(after.checks).not.toBe(before.checks);
    expect(Object.keys(before.checks)).toEqual(['a']);
  });
  it('keeps the identity of a table whose part of the delta says nothing', () => {
    const before = applyDelta(emptyTables(), put('checks', 'a', 1));
    const after = applyDelta(before, { put: { checks: {} }, drop: { checks: [], alerts: ['never-there'] } });
    for (const name of tableNames) expect(after[name]).toBe(before[name]);
  });
  it('drops what is put and dropped at once', () => {
    expect(applyDelta(emptyTables(), { put: { checks: { a: record('a', 1) } }, drop: { checks: ['a'] } }).checks).toEqual({});
  });
});

describe('receive', () => {
  const have = { epoch: 'e1', seq: 5 };
  const table: [typeof have | null, string, number, string][] = [
    [have, 'e1', 6, 'apply'],
    [have, 'e1', 5, 'ignore'],
    [have, 'e1', 1, 'ignore'],
    [have, 'e1', 7, 'ask-again'],
    [have, 'e2', 6, 'ask-again'],
    [have, 'e2', 1, 'ask-again'],
    [null, 'e1', 1, 'ask-again'],
  ];
  it.each(table)('having %j, a delta of %s %d: %s', (had, epoch, seq, reception) => expect(receive(had, { epoch, seq })).toBe(reception));
});

describe('a window and its engine', () => {
  type Act = { do: 'put' | 'drop'; table: TableName; id: string; n: number } | { do: 'restart' };
  const act: fc.Arbitrary<Act> = fc.oneof(
    {
      weight: 20,
      arbitrary: fc.record({
        do: fc.constantFrom('put' as const, 'drop' as const),
        table: fc.constantFrom(...tableNames),
        id: fc.constantFrom('a', 'b', 'c', 'd'),
        n: fc.nat(9),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
  );
  const fate = fc.constantFrom('arrives', 'arrives', 'arrives', 'lost', 'twice');
  const step = fc.record({ acts: fc.array(act, { maxLength: 4 }), fate });

  it('agree in the end whatever was lost, doubled or begun anew on the way', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (night) => {
        let engine: Snapshot = { epoch: 'e0', seq: 0, tables: emptyTables() };
        let epochs = 0;
        let window: { at: Snapshot | null; asked: number } = { at: null, asked: 0 };
        const ask = (): void => {
          // The snapshot crosses the port: what the window holds is a copy.
          window = { at: structuredClone(engine), asked: window.asked + 1 };
        };
        const arrive = (delta: Delta): void => {
          const reception = receive(window.at, delta);
          if (reception === 'ask-again') ask();
          else if (reception === 'apply' && window.at)
            window.at = { epoch: delta.epoch, seq: delta.seq, tables: applyDelta(window.at.tables, structuredClone(delta)) };
        };
        const publish = (acts: Act[], what: string): void => {
          const delta: Delta = { epoch: engine.epoch, seq: engine.seq + 1, put: {}, drop: {} };
          for (const it of acts) {
            if (it.do === 'restart') {
              epochs += 1;
              engine = { epoch: `e${epochs}`, seq: 0, tables: emptyTables() };
              Object.assign(delta, { epoch: engine.epoch, seq: 1, put: {}, drop: {} });
            } else if (it.do === 'put') {
              delta.put = { ...delta.put, [it.table]: { ...delta.put[it.table], [it.id]: record(it.id, it.n) } };
              delta.drop = { ...delta.drop, [it.table]: (delta.drop[it.table] ?? []).filter((id) => id !== it.id) };
            } else {
              const { [it.id]: _gone, ...rest } = (delta.put[it.table] ?? {}) as Record<string, never>;
              delta.put = { ...delta.put, [it.table]: rest };
              delta.drop = { ...delta.drop, [it.table]: [...(delta.drop[it.table] ?? []), it.id] };
            }
          }
          engine = { epoch: delta.epoch, seq: delta.seq, tables: applyDelta(engine.tables, delta) };
          if (what !== 'lost') arrive(delta);
          if (what === 'twice') arrive(delta);
        };
        for (const { acts, fate } of night) publish(acts, fate);
        // The engine's beat is a delta every few seconds, so a loss never stays unseen.
        publish([], 'arrives');
        expect(window.at).toEqual(engine);
        const seen: LiveTables | undefined = window.at?.tables;
        for (const name of tableNames)
          for (const [id, it] of Object.entries(seen?.[name] ?? {})) expect((it as { id: string }).id).toBe(id);
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { createPublisher } from '../../../electron/engine/publisher.ts';
import { applyDelta, type Delta, emptyTables, receive } from '../../../shared/live.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { subject } from '../../support/plans.ts';

describe('publisher', () => {
  it('squashes all that happens within 100 ms into one delta', async () => {
    const clock = createFakeClock();
    const publisher = createPublisher(clock, 'e1');
    const deltas: Delta[] = [];
    publisher.subscribe((delta) => void deltas.push(structuredClone(delta)));
    for (let i = 0; i < 300; i++) publisher.put('subjects', `h${i % 30}`, subject({ id: `h${i % 30}`, note: String(i) }));
    publisher.drop('subjects', 'h1');
    publisher.drop('subjects', 'never-there');
    await clock.advance(100);
    expect(deltas).toHaveLength(1);
    expect(deltas[0]?.seq).toBe(1);
    expect(Object.keys(deltas[0]?.put.subjects ?? {})).toHaveLength(29);
    expect(deltas[0]?.drop.subjects).toEqual(['h1']);
    await clock.advance(1_000);
    expect(deltas).toHaveLength(1);
  });

  it('lets a window that subscribed first and then asked for the picture end with the same tables', async () => {
    const clock = createFakeClock();
    const publisher = createPublisher(clock, 'e1');
    publisher.put('subjects', 'a', subject({ id: 'a' }));
    const heard: Delta[] = [];
    publisher.subscribe((delta) => void heard.push(structuredClone(delta)));
    publisher.put('subjects', 'b', subject({ id: 'b' }));
    const picture = structuredClone(publisher.snapshot());
    publisher.put('subjects', 'c', subject({ id: 'c' }));
    publisher.drop('subjects', 'a');
    await clock.advance(100);
    let { seq, tables } = picture;
    for (const delta of heard) {
      const what = receive({ epoch: picture.epoch, seq }, delta);
      expect(what).not.toBe('ask-again');
      if (what !== 'apply') continue;
      tables = applyDelta(tables, delta);
      seq = delta.seq;
    }
    expect(tables).toEqual({ ...emptyTables(), subjects: publisher.tables.subjects });
    expect(Object.keys(tables.subjects).sort()).toEqual(['b', 'c']);
  });
});

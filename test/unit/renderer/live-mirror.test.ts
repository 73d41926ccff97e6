import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMirror } from '../../../renderer/state/mirror.ts';
import type { Reply } from '../../../shared/bind.ts';
import { applyDelta, type Delta, emptyTables, type LiveTables, type Snapshot } from '../../../shared/live.ts';
import type { Alert } from '../../../shared/model/alert.ts';
import { fail, ok } from '../../../shared/result.ts';

const alert = (id: string, title: string): Alert => ({
  id,
  subject: { kind: 'host', id: 'web1' },
  severity: 'down',
  title,
  text: '',
  checks: [],
  consequences: [],
  related: [],
  firstAt: 0,
  raisedAt: 0,
  updatedAt: 0,
  acknowledgement: null,
  openSince: null,
  escalation: 0,
  silencedUntil: null,
  endedAt: null,
});
const delta = (seq: number, id: string, title: string, epoch = 'one'): Delta => ({
  epoch,
  seq,
  put: { alerts: { [id]: alert(id, title) } },
  drop: {},
});
const tables = (...titles: [string, string][]): LiveTables => ({
  ...emptyTables(),
  alerts: Object.fromEntries(titles.map(([id, title]) => [id, alert(id, title)])),
});

/** A mirror whose frames and snapshot answers come when the test says so. */
function bench() {
  const asked: ((reply: Reply<Snapshot>) => void)[] = [];
  const frames: (() => void)[] = [];
  const retries: (() => void)[] = [];
  const shown: LiveTables[] = [];
  const mirror = createMirror({
    ask: () => new Promise((resolve) => asked.push(resolve)),
    show: (picture) => shown.push(picture),
    soon: (work) => frames.push(work),
    later: (work) => retries.push(work),
  });
  const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 0));
  return {
    mirror,
    asked,
    frames,
    retries,
    shown,
    titles: () => Object.values(shown.at(-1)?.alerts ?? {}).map((it) => it.title),
    async answer(index: number, reply: Reply<Snapshot>) {
      asked[index]?.(reply);
      await settle();
    },
    frame() {
      const work = frames.splice(0);
      for (const it of work) it();
    },
  };
}

describe('the mirror of the live picture', () => {
  it('holds deltas until the snapshot is there, drops those that are in it, applies the others', async () => {
    const b = bench();
    b.mirror.restart();
    b.mirror.take(delta(4, 'a', 'in the snapshot'));
    b.mirror.take(delta(6, 'b', 'after it'));
    expect(b.shown).toHaveLength(0);
    await b.answer(0, ok({ epoch: 'one', seq: 5, tables: tables(['a', 'newer']) }));
    expect(b.titles()).toEqual(['newer', 'after it']);
  });

  it('shows a burst once per frame', async () => {
    const b = bench();
    b.mirror.restart();
    await b.answer(0, ok({ epoch: 'one', seq: 0, tables: emptyTables() }));
    for (let seq = 1; seq <= 50; seq += 1) b.mirror.take(delta(seq, 'a', `title ${seq}`));
    expect(b.frames).toHaveLength(1);
    expect(b.shown).toHaveLength(1);
    b.frame();
    expect(b.shown).toHaveLength(2);
    expect(b.titles()).toEqual(['title 50']);
  });

  it('keeps the identity of records that a delta does not touch', async () => {
    const b = bench();
    b.mirror.restart();
    const first = tables(['a', 'calm'], ['b', 'old']);
    await b.answer(0, ok({ epoch: 'one', seq: 0, tables: first }));
    b.mirror.take(delta(1, 'b', 'new'));
    b.frame();
    expect(b.shown.at(-1)?.alerts.a).toBe(first.alerts.a);
    expect(b.shown.at(-1)?.checks).toBe(first.checks);
  });

  it('asks again on a gap, goes on showing the old picture meanwhile, and then uses what waited', async () => {
    const b = bench();
    b.mirror.restart();
    await b.answer(0, ok({ epoch: 'one', seq: 1, tables: tables(['a', 'first']) }));
    b.mirror.take(delta(3, 'c', 'after the gap'));
    b.frame();
    expect(b.asked).toHaveLength(2);
    expect(b.titles()).toEqual(['first']);
    b.mirror.take(delta(4, 'd', 'later'));
    await b.answer(1, ok({ epoch: 'one', seq: 3, tables: tables(['c', 'after the gap']) }));
    expect(b.titles()).toEqual(['after the gap', 'later']);
  });

  it('takes a new epoch for a new engine', async () => {
    const b = bench();
    b.mirror.restart();
    await b.answer(0, ok({ epoch: 'one', seq: 9, tables: tables(['a', 'old engine']) }));
    b.mirror.take(delta(1, 'a', 'new engine', 'two'));
    b.frame();
    expect(b.asked).toHaveLength(2);
    await b.answer(1, ok({ epoch: 'two', seq: 1, tables: tables(['a', 'new engine']) }));
    expect(b.titles()).toEqual(['new engine']);
  });

  it('ignores the answer of a connection that is gone', async () => {
    const b = bench();
    b.mirror.restart();
    b.mirror.restart();
    await b.answer(0, ok({ epoch: 'one', seq: 1, tables: tables(['a', 'gone']) }));
    expect(b.shown).toHaveLength(0);
    await b.answer(1, ok({ epoch: 'two', seq: 1, tables: tables(['a', 'here']) }));
    expect(b.titles()).toEqual(['here']);
  });

  it('tries again when the snapshot was refused, but not for a connection that has ended', async () => {
    const b = bench();
    b.mirror.restart();
    await b.answer(0, fail({ code: 'engine-gone', text: '' }));
    expect(b.retries).toHaveLength(1);
    b.retries[0]?.();
    expect(b.asked).toHaveLength(2);
    b.mirror.stop();
    await b.answer(1, fail({ code: 'engine-gone', text: '' }));
    expect(b.retries).toHaveLength(1);
  });

  it('ends at the same picture as the engine, however deltas are lost, doubled and framed', async () => {
    const steps = fc.array(
      fc.record({
        id: fc.constantFrom('a', 'b', 'c'),
        title: fc.string(),
        fate: fc.constantFrom('sent', 'lost', 'twice'),
        frame: fc.boolean(),
      }),
      { maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const b = bench();
        let truth = emptyTables();
        let seq = 0;
        let answered = 0;
        const answer = async () => {
          while (answered < b.asked.length) await b.answer(answered++, ok({ epoch: 'one', seq, tables: truth }));
        };
        b.mirror.restart();
        await answer();
        for (const it of all) {
          seq += 1;
          const made = delta(seq, it.id, it.title);
          truth = applyDelta(truth, made);
          if (it.fate !== 'lost') b.mirror.take(made);
          if (it.fate === 'twice') b.mirror.take(made);
          if (it.frame) b.frame();
        }
        // A last delta, as the beat is: whatever was lost before comes to light.
        seq += 1;
        const beat = delta(seq, 'beat', 'beat');
        truth = applyDelta(truth, beat);
        b.mirror.take(beat);
        b.frame();
        await answer();
        b.frame();
        await answer();
        expect(b.shown.at(-1)).toEqual(truth);
      }),
      { numRuns: 60 },
    );
  });
});

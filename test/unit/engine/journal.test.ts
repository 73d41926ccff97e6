import { describe, expect, it } from 'vitest';
import { createJournal } from '../../../electron/engine/journal.ts';
import type { Batch, WriteFailure } from '../../../electron/store/store.ts';
import { pendingState } from '../../../shared/health/step.ts';
import type { Alert } from '../../../shared/model/alert.ts';
import type { EventDraft } from '../../../shared/model/event.ts';
import { fail, ok } from '../../../shared/result.ts';

function setUp() {
  const written: Batch[] = [];
  let tries = 0;
  let broken: WriteFailure | null = null;
  let ids = 0;
  const journal = createJournal(
    {
      commit(batch) {
        tries += 1;
        if (broken) return fail(broken);
        written.push(structuredClone(batch));
        return ok(null);
      },
    },
    () => `id-${ids++}`,
  );
  const breakDisk = (failure: WriteFailure | null): void => {
    broken = failure;
  };
  return { journal, written, tries: () => tries, breakDisk };
}
const full: WriteFailure = { code: 'full', text: 'no room' };
const note = (text: string): EventDraft => ({ kind: 'note', at: 1, subject: null, actor: 'Ada', payload: { text } });
const sample = (at: number) => ({ check: 'a/tcp', at, vantage: 'desk', value: 1, state: 'ok' as const, detail: null });
const alert = (id: string, title: string) => ({ id, title }) as Alert;

describe('journal', () => {
  it('writes all that has gathered in one transaction, the newest state and text only', () => {
    const { journal, written, tries } = setUp();
    journal.sample(sample(1));
    journal.sample(sample(2));
    journal.event(note('a'));
    journal.state('a/tcp', pendingState(1));
    journal.state('a/tcp', pendingState(2));
    journal.alert(alert('x', 'old'));
    journal.alert(alert('x', 'new'));
    journal.document('plan', 'one');
    journal.document('plan', 'two');
    expect(journal.flush()).toEqual(ok(null));
    expect(written).toMatchObject([
      {
        samples: [{ at: 1 }, { at: 2 }],
        events: [{ id: 'id-0' }],
        states: [['a/tcp', { since: 2 }]],
        alerts: [{ title: 'new' }],
        documents: [['plan', 'two']],
      },
    ]);
    // And then there is nothing to write.
    expect(journal.flush()).toEqual(ok(null));
    expect(tries()).toBe(1);
  });

  it('keeps what it could not write, in order, for the next time', () => {
    const { journal, written, breakDisk } = setUp();
    breakDisk(full);
    journal.event(note('a'));
    expect(journal.flush()).toEqual(fail(full));
    journal.event(note('b'));
    expect(journal.flush()).toEqual(fail(full));
    breakDisk(null);
    expect(journal.flush()).toEqual(ok(null));
    expect(written.flatMap((batch) => batch.events.map((event) => event.payload))).toEqual([{ text: 'a' }, { text: 'b' }]);
  });

  it('withdraws what people wrote when it cannot be written, but not what has gathered', () => {
    const { journal, written, breakDisk } = setUp();
    journal.event(note('gathered'));
    journal.alert(alert('x', 'as it was'));
    breakDisk(full);
    expect(journal.writeNow([note('withdrawn')], { alerts: [alert('x', 'acknowledged')] })).toEqual(fail(full));
    breakDisk(null);
    journal.flush();
    expect(written).toMatchObject([{ events: [{ payload: { text: 'gathered' } }], alerts: [{ title: 'as it was' }] }]);
  });

  it('writes what people wrote last, so that it is not overwritten by what gathered before it', () => {
    const { journal, written } = setUp();
    journal.alert(alert('x', 'as it was'));
    expect(journal.writeNow([note('mine')], { alerts: [alert('x', 'acknowledged')] })).toMatchObject({
      ok: true,
      value: [{ id: 'id-0', payload: { text: 'mine' } }],
    });
    expect(written[0]?.alerts.at(-1)).toEqual(alert('x', 'acknowledged'));
    journal.flush();
    expect(written).toHaveLength(1);
  });

  it('gives up the oldest samples of a long failure, and counts them once', () => {
    const { journal, written, breakDisk } = setUp();
    breakDisk(full);
    for (let second = 0; second < 5; second += 1) {
      for (let i = 0; i < 5_000; i += 1) journal.sample(sample(second * 5_000 + i));
      journal.flush();
    }
    breakDisk(null);
    journal.flush();
    expect(written[0]?.samples).toHaveLength(20_000);
    expect(written[0]?.samples[0]?.at).toBe(5_000);
    expect(journal.takeLostSamples()).toBe(5_000);
    expect(journal.takeLostSamples()).toBe(0);
  });
});

import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createSaver, type SaveState } from '../../../renderer/editor/saver.ts';
import type { Reply } from '../../../shared/bind.ts';
import { fail, ok } from '../../../shared/result.ts';

type Saved = Reply<{ revision: number; savedAt: number }>;

/** A saver with a page, a shelf in the window and an engine that answers when it is told to. */
function rig(answer: (written: string, revision: number) => Saved | Promise<Saved>) {
  const world = {
    text: 'start',
    shown: [] as SaveState[],
    kept: null as { revision: number; written: string } | null,
    asked: [] as [string, number][],
  };
  const saver = createSaver<string>(
    {
      read: () => world.text,
      async save(written, revision) {
        world.asked.push([written, revision]);
        return answer(written, revision);
      },
      keep: (kept) => {
        world.kept = kept;
      },
      show: (state) => world.shown.push(state),
      now: () => Date.now(),
      later(work, ms) {
        const timer = setTimeout(work, ms);
        return () => clearTimeout(timer);
      },
    },
    { revision: 1, savedAt: 0 },
  );
  const type = (text: string): void => {
    world.text = text;
    saver.touch();
  };
  return { world, saver, type, last: () => world.shown.at(-1)?.kind };
}
const fine = (_written: string, revision: number): Saved => ok({ revision: revision + 1, savedAt: Date.now() });
const refused = (code: string) => (): Saved => fail({ code, text: `because ${code}` });
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  return () => vi.useRealTimers();
});

describe('saving what is typed', () => {
  it('happens within two seconds after the last key', async () => {
    const { world, type, last } = rig(fine);
    for (const text of ['a', 'ab', 'abc']) {
      type(text);
      await pass(400);
    }
    expect(world.asked).toEqual([]);
    expect(last()).toBe('typed');
    await pass(1_600);
    expect(world.asked).toEqual([['abc', 1]]);
    expect(last()).toBe('saved');
    expect(world.kept).toBeNull();
  });

  it('happens within ten seconds also where somebody types on and on', async () => {
    const { world, type } = rig(fine);
    for (let at = 0; at < 35; at += 1) {
      type(`${at}`);
      await pass(1_000);
    }
    expect(world.asked.length).toBeGreaterThanOrEqual(3);
    expect(world.asked.map(([, revision]) => revision)).toEqual(world.asked.map((_, index) => index + 1));
  });

  it('keeps the text in the window until the engine has it', async () => {
    let free: (saved: Saved) => void = () => undefined;
    const { world, type } = rig(() => new Promise((resolve) => (free = resolve)));
    type('a');
    await pass(300);
    expect(world.kept).toEqual({ revision: 1, written: 'a' });
    await pass(2_000);
    type('ab');
    free(ok({ revision: 2, savedAt: 5 }));
    await pass(10);
    expect(world.kept, 'the newer letters are not on disk').toEqual({ revision: 2, written: 'ab' });
    await pass(2_000);
    free(ok({ revision: 3, savedAt: 6 }));
    await pass(10);
    expect(world.asked).toEqual([
      ['a', 1],
      ['ab', 2],
    ]);
    expect(world.kept).toBeNull();
  });

  it('one save at a time, each from the revision before', async () => {
    const { world, saver, type } = rig(async (_written, revision) => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      return ok({ revision: revision + 1, savedAt: 0 });
    });
    type('a');
    const first = saver.flush();
    type('b');
    const second = saver.flush();
    await pass(5_000);
    expect([await first, await second]).toEqual([true, true]);
    expect(world.asked).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
    expect(saver.revision()).toBe(3);
  });

  it('a failure is said, kept and tried again, more and more slowly, until it is done', async () => {
    let broken = true;
    const { world, saver, type, last } = rig((written, revision) => (broken ? refused('engine-gone')() : fine(written, revision)));
    type('a');
    await pass(1_600);
    expect(world.shown.at(-1)).toMatchObject({ kind: 'failed', text: 'because engine-gone', retryAt: Date.now() + 1_900 });
    expect(world.kept).toEqual({ revision: 1, written: 'a' });
    await pass(60_000);
    expect(world.asked.length).toBeGreaterThan(4);
    expect(world.asked.length).toBeLessThan(9);
    expect(await saver.flush()).toBe(false);
    broken = false;
    await pass(16_000);
    expect(last()).toBe('saved');
    expect(saver.isClean()).toBe(true);
  });

  it('stops where somebody saved meanwhile, and goes on from there once a person has chosen', async () => {
    let theirs = true;
    const { world, saver, type, last } = rig((written, revision) => (theirs ? refused('newer-revision')() : fine(written, revision)));
    type('mine');
    await pass(1_600);
    expect(last()).toBe('conflict');
    type('mine too');
    await pass(60_000);
    expect(world.asked).toHaveLength(1);
    expect(world.kept).toEqual({ revision: 1, written: 'mine too' });
    theirs = false;
    expect(await saver.continueFrom(7)).toBe(true);
    expect(world.asked.at(-1)).toEqual(['mine too', 7]);
    expect(saver.revision()).toBe(8);
    expect(last()).toBe('saved');
  });

  it('a window that closes sends what it has, and keeps it too', async () => {
    const { world, saver, type } = rig(() => new Promise(() => undefined));
    type('last words');
    saver.leave();
    expect(world.asked).toEqual([['last words', 1]]);
    expect(world.kept).toEqual({ revision: 1, written: 'last words' });
  });

  it('sends nothing where nothing was typed', async () => {
    const { world, saver } = rig(fine);
    expect(await saver.flush()).toBe(true);
    saver.leave();
    await pass(60_000);
    expect(world.asked).toEqual([]);
  });

  it('is no conflict where the engine made the newer revision for this very window', async () => {
    let answer = (_saved: Saved): void => undefined;
    const replies: (Saved | Promise<Saved>)[] = [new Promise((resolve) => (answer = resolve)), fine('', 9)];
    const { world, saver, type, last } = rig(() => replies.shift() as Saved);
    type('while it was drafted anew');
    await pass(2_000);
    saver.adopt(9, 99);
    answer(fail({ code: 'newer-revision', text: 'somebody saved' }));
    await pass(2_000);
    expect(world.asked).toEqual([
      ['while it was drafted anew', 1],
      ['while it was drafted anew', 9],
    ]);
    expect(last()).toBe('saved');
    expect(world.kept).toBeNull();
  });

  it('goes on from a revision that the engine made itself', async () => {
    const { world, saver, type } = rig(fine);
    saver.adopt(5, 99);
    expect(world.shown.at(-1)).toEqual({ kind: 'saved', at: 99 });
    type('a');
    await pass(2_000);
    expect(world.asked).toEqual([['a', 5]]);
  });
});

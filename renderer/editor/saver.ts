/**
 * Saves what is typed: at most two seconds after the last key and ten after the first, again and again until the engine has it on disk. Until
 * then the text is also kept in this window (kept.ts). Knows nothing of the page; the world around it comes as functions.
 */
import type { Reply } from '../../shared/bind.ts';

export type SaveState =
  | { kind: 'saved'; at: number }
  /** Typed, and not sent yet. */
  | { kind: 'typed' }
  | { kind: 'saving' }
  | { kind: 'failed'; text: string; code: string; retryAt: number }
  /** Somebody else saved meanwhile: a person has to choose. */
  | { kind: 'conflict'; text: string };

export interface SaverWorld<Written> {
  read(): Written;
  /** @param revision the one that it is made from */
  save(written: Written, revision: number): Promise<Reply<{ revision: number; savedAt: number }>>;
  /** Keeps the text in this window; null = the engine has all of it. */
  keep(kept: { revision: number; written: Written } | null): void;
  show(state: SaveState): void;
  now(): number;
  /** @returns how to call it off */
  later(work: () => void, ms: number): () => void;
}

const afterLastKeyMs = 1_500;
const afterFirstKeyMs = 10_000;
const keepAfterMs = 200;
const retryMs = [2_000, 4_000, 8_000, 15_000];

export interface Saver {
  /** Something was typed. */
  touch(): void;
  /** Saves now. @returns whether the engine has everything */
  flush(): Promise<boolean>;
  /** Without waiting for anything: for a window that closes. */
  leave(): void;
  /** The engine made a new revision itself (redraft, restore), and this window shows it. */
  adopt(revision: number, savedAt: number): void;
  /** Goes on from another revision, by the choice of a person. @returns whether it was saved */
  continueFrom(revision: number): Promise<boolean>;
  revision(): number;
  isClean(): boolean;
}

export function createSaver<Written>(world: SaverWorld<Written>, start: { revision: number; savedAt: number }): Saver {
  let { revision } = start;
  /** Counts what was typed, and how much of it the engine has. */
  let typed = 0;
  let saved = 0;
  let firstAt = 0;
  let tries = 0;
  let conflict = false;
  let failed = false;
  let running: Promise<void> | null = null;
  let cancelSave = (): void => undefined;
  let cancelKeep: (() => void) | null = null;

  const keep = (): void => {
    cancelKeep?.();
    cancelKeep = null;
    world.keep(typed > saved ? { revision, written: world.read() } : null);
  };
  const schedule = (ms: number): void => {
    cancelSave();
    cancelSave = world.later(() => void run(), Math.max(0, ms));
  };

  async function once(): Promise<void> {
    const mine = typed;
    const from = revision;
    world.show({ kind: 'saving' });
    const reply = await world.save(world.read(), from);
    if (reply.ok) {
      revision = reply.value.revision;
      saved = mine;
      tries = 0;
      failed = false;
      keep();
      if (typed === saved) return world.show({ kind: 'saved', at: reply.value.savedAt });
      firstAt = world.now();
      world.show({ kind: 'typed' });
      return schedule(afterLastKeyMs);
    }
    const { code, text } = reply.failure;
    keep();
    // Made by the engine for this window while the text was under way: it goes on from there.
    if (code === 'newer-revision' && revision !== from) return schedule(0);
    if (code === 'newer-revision') {
      conflict = true;
      return world.show({ kind: 'conflict', text });
    }
    const wait = retryMs[Math.min(tries, retryMs.length - 1)] ?? 15_000;
    tries += 1;
    failed = true;
    world.show({ kind: 'failed', text, code, retryAt: world.now() + wait });
    schedule(wait);
  }
  /** One save at a time: the next one is made from its revision. */
  async function run(): Promise<void> {
    cancelSave();
    if (running) return running;
    if (typed === saved || conflict) return;
    running = once().finally(() => {
      running = null;
    });
    return running;
  }
  async function flush(): Promise<boolean> {
    await run();
    // What was typed while that one was under way.
    if (typed > saved && !failed && !conflict) await run();
    return typed === saved;
  }

  return {
    touch() {
      if (typed === saved) firstAt = world.now();
      typed += 1;
      cancelKeep ??= world.later(keep, keepAfterMs);
      if (conflict || running) return;
      if (!failed) world.show({ kind: 'typed' });
      schedule(Math.min(afterLastKeyMs, firstAt + afterFirstKeyMs - world.now()));
    },
    flush,
    leave() {
      if (typed === saved) return;
      keep();
      if (!conflict) void world.save(world.read(), revision);
    },
    adopt(next, at) {
      revision = next;
      conflict = false;
      keep();
      if (typed === saved) world.show({ kind: 'saved', at });
      else schedule(afterLastKeyMs);
    },
    async continueFrom(next) {
      await running;
      revision = next;
      conflict = false;
      typed += 1;
      return flush();
    },
    revision: () => revision,
    isClean: () => typed === saved,
  };
}

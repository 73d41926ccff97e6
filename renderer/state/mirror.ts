/**
 * Keeps one copy of the engine's live picture. Deltas that come in before the snapshot wait for it; older ones are dropped; a gap or
 * a new epoch asks for a new snapshot. What comes within one frame is shown at once, so that a burst costs one redraw.
 * Pure but for what it is given: see live-mirror.test.ts.
 */
import type { Reply } from '../../shared/bind.ts';
import { applyDelta, type Delta, type LiveTables, receive, type Snapshot } from '../../shared/live.ts';

export interface MirrorTools {
  /** Asks the engine for the whole picture. */
  ask(): Promise<Reply<Snapshot>>;
  /** Shows a new picture. */
  show(tables: LiveTables): void;
  /** Calls back soon, at most once per frame. */
  soon(work: () => void): void;
  /** Calls back after a moment, for another try at a snapshot that was refused. */
  later(work: () => void): void;
}

export interface Mirror {
  /** A new connection stands: forgets the position (not the picture) and asks. */
  restart(): void;
  take(delta: Delta): void;
  /** The connection is gone: whatever still comes from it is ignored, what is shown stays. */
  stop(): void;
}

/** More than this many deltas waiting means that the page was away for long: a new snapshot is cheaper. */
const mostWaiting = 2_000;

export function createMirror(tools: MirrorTools): Mirror {
  let have: { epoch: string; seq: number } | null = null;
  let tables: LiveTables | null = null;
  let waiting: Delta[] = [];
  let asking = false;
  let planned = false;
  /** Counts connections: an answer from an older one says nothing. */
  let life = 0;

  const plan = () => {
    if (planned) return;
    planned = true;
    tools.soon(() => {
      planned = false;
      flush();
    });
  };

  const ask = () => {
    if (asking) return;
    asking = true;
    have = null;
    const mine = life;
    void tools.ask().then((reply) => {
      if (mine !== life) return;
      asking = false;
      if (!reply.ok) {
        tools.later(() => mine === life && ask());
        return;
      }
      have = { epoch: reply.value.epoch, seq: reply.value.seq };
      tables = reply.value.tables;
      flush(true);
    });
  };

  const flush = (fresh = false) => {
    if (!have || !tables) return;
    const before = tables;
    const taken = waiting;
    waiting = [];
    for (const [index, delta] of taken.entries()) {
      const what = receive(have, delta);
      if (what === 'ignore') continue;
      if (what === 'ask-again') {
        waiting = taken.slice(index);
        ask();
        break;
      }
      tables = applyDelta(tables, delta);
      have = { epoch: delta.epoch, seq: delta.seq };
    }
    if (fresh || tables !== before) tools.show(tables);
  };

  return {
    restart() {
      life += 1;
      asking = false;
      have = null;
      waiting = [];
      ask();
    },
    take(delta) {
      waiting.push(delta);
      if (waiting.length > mostWaiting) {
        waiting = [];
        ask();
      } else if (have) plan();
    },
    stop() {
      life += 1;
      asking = false;
      have = null;
      waiting = [];
    },
  };
}

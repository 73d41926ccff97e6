/** Notices that the inventory's content changed, however it was changed: saved, replaced by rename, checked out, re-linked. */
import { createHash } from 'node:crypto';
import { type FSWatcher, readFileSync, realpathSync, statSync, watch } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { mostBytes } from './read.ts';

export interface InventoryWatch {
  close(): void;
}

/**
 * Calls back when the content of a file is another one than before; the start counts as before, so watch first and read then.
 * A file that vanishes, and one that comes back, are changes too. A file that was only touched is none.
 *
 * The folder is watched, as editors and git put a new file in place of the old one; where the file is a link, the folder of what
 * it leads to as well. A slow look at the file's stat finds what fs.watch does not see (network shares, folders made anew).
 * @param times.debounceMs calm to wait for after a change
 * @param times.pollMs time between two slow looks
 */
export function watchInventory(file: string, onChange: () => void, times: { debounceMs?: number; pollMs?: number } = {}): InventoryWatch {
  const { debounceMs = 200, pollMs = 5_000 } = times;
  const path = resolve(file);
  const folders = new Map<string, FSWatcher>();
  let closed = false;
  let calm: NodeJS.Timeout | undefined;
  let content = fingerprint(path);
  let seen = glance(path);

  const look = (): void => {
    if (closed) return;
    seen = glance(path);
    follow();
    const next = fingerprint(path);
    if (next === content) return;
    content = next;
    onChange();
  };
  const soon = (): void => {
    clearTimeout(calm);
    calm = setTimeout(look, debounceMs);
  };

  /** Watches the folders that matter now: they change when a link is turned, and a folder that is gone cannot be watched. */
  const follow = (): void => {
    const wanted = new Set([dirname(path), dirname(real(path))]);
    for (const [folder, watcher] of folders) {
      if (wanted.has(folder)) continue;
      watcher.close();
      folders.delete(folder);
    }
    for (const folder of wanted) {
      if (folders.has(folder)) continue;
      try {
        const watcher = watch(folder, { persistent: false }, soon);
        const drop = (): void => {
          watcher.close();
          if (folders.get(folder) === watcher) folders.delete(folder);
        };
        watcher.on('error', drop);
        folders.set(folder, watcher);
      } catch {
        // No such folder, or no watches left: the slow look finds the change, and tries again.
      }
    }
  };
  follow();

  const poll = setInterval(() => {
    const now = glance(path);
    if (now !== seen) {
      // A watch may hang on a folder that was replaced; begin anew.
      for (const watcher of folders.values()) watcher.close();
      folders.clear();
      soon();
    } else if (folders.size === 0) follow();
  }, pollMs);
  poll.unref();

  return {
    close() {
      closed = true;
      clearTimeout(calm);
      clearInterval(poll);
      for (const watcher of folders.values()) watcher.close();
      folders.clear();
    },
  };
}

/** Tells contents apart; one that is too large to be read counts by its size and time. */
function fingerprint(path: string): string {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) return 'no file';
    if (stat.size > mostBytes) return `large ${stat.size} ${stat.mtimeMs}`;
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch (error) {
    return `none ${(error as NodeJS.ErrnoException).code}`;
  }
}

/** Changes with anything that could have changed the content, without reading it. */
function glance(path: string): string {
  try {
    const { ino, dev, size, mtimeMs, ctimeMs } = statSync(path);
    return [dev, ino, size, mtimeMs, ctimeMs].join(' ');
  } catch (error) {
    return `none ${(error as NodeJS.ErrnoException).code}`;
  }
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** What the list of backup files (filesScript of inside-scripts.ts) says. */
import type { BackupFacts, BackupFile, BackupSet } from '../../shared/checks/backup-facts.ts';
import { clean } from '../../shared/text.ts';
import { MINUTE } from '../../shared/time.ts';
import { wholeNumber } from './inside-sections.ts';

/** Clocks differ by so much; what is further ahead has a time that cannot be. */
const futureMs = 5 * MINUTE;
/** So many sizes make the usual one. */
const usualOf = 14;

/** Files that one pattern finds, newest first; null where nobody could see. */
export type Found = { files: BackupFile[]; count: number } | null;

/** @param wanted number of patterns; @param now epoch ms of the desk's clock: ages are taken by the server's */
export function filesOf(lines: readonly string[], wanted: number, now: number): Found[] {
  const clock = wholeNumber(lines.find((line) => line.startsWith('@t '))?.slice(3));
  const found: Found[] = Array(wanted).fill(null);
  let block: { index: number; files: BackupFile[]; count: number | null; hidden: boolean } | null = null;
  for (const line of lines) {
    const begins = /^@b (\d{1,2})$/.exec(line)?.[1];
    if (begins !== undefined) block = { index: Number(begins) - 1, files: [], count: null, hidden: false };
    else if (!block) continue;
    else if (line === '@hidden') block.hidden = true;
    else if (line === '@r 0') {
      if (block.index >= 0 && block.index < wanted && clock !== undefined && block.count !== null && !block.hidden)
        found[block.index] = { files: block.files.sort((a, b) => b.at - a.at), count: block.count };
      block = null;
    } else {
      const count = wholeNumber(/^@c (.*)$/.exec(line)?.[1]);
      const [, seconds, bytes, mode, name] = /^(\d{1,11}) (\d{1,15}) ([0-9a-f]{1,8}) (\/.*)$/.exec(line) ?? [];
      if (count !== undefined) block.count = count;
      // Regular files alone (stat(2), S_IFREG); folders and devices are no backups.
      else if (
        name !== undefined &&
        (Number.parseInt(mode ?? '', 16) & 0xf000) === 0x8000 &&
        clock !== undefined &&
        block.files.length < 100
      )
        block.files.push({ name: clean(name, 300), at: now - (clock - Number(seconds)) * 1_000, bytes: Number(bytes) });
    }
  }
  return found;
}

const median = (sorted: readonly number[]): number | null => {
  const { length } = sorted;
  if (length === 0) return null;
  const upper = sorted[Math.floor(length / 2)] as number;
  return length % 2 === 1 ? upper : Math.round((upper + (sorted[length / 2 - 1] as number)) / 2);
};

/** The usual size: the median of the 14 newest files. A single one has nothing to be held against. */
const usualSize = (files: readonly BackupFile[]): number | null =>
  files.length === 0
    ? null
    : median(
        files
          .slice(0, usualOf)
          .map((it) => it.bytes)
          .sort((a, b) => a - b),
      );

/** @param smallPercent of the usual size: less is not usable */
export function setOf(found: NonNullable<Found>, settings: { settle: number; smallPercent: number }, now: number): BackupSet {
  const past = found.files.filter((it) => it.at <= now + futureMs);
  const finished = past.filter((it) => now - it.at >= settings.settle);
  const isSmall = (it: BackupFile, before: readonly BackupFile[]): boolean => {
    const usual = usualSize(before);
    return it.bytes === 0 || (usual !== null && it.bytes < (usual * settings.smallPercent) / 100);
  };
  const [newest] = finished;
  const usable = finished.find((it, index) => !isSmall(it, finished.slice(index + 1)));
  return {
    count: found.count,
    newest: newest ?? null,
    usable: usable ?? null,
    usualBytes: usualSize(finished.slice(1)),
    small: newest !== undefined && isSmall(newest, finished.slice(1)),
    unfinished: past.find((it) => now - it.at < settings.settle) ?? null,
    future: found.files.length - past.length,
  };
}

/** What could be restored: the newest usable full backup, and all increments that were finished after it. */
export function usableOf(full: BackupSet | undefined, increments: Found, settings: { settle: number }, now: number): BackupFacts['usable'] {
  const base = full?.usable;
  if (!base) return undefined;
  const after = (increments?.files ?? []).filter((it) => it.at > base.at && now - it.at >= settings.settle && it.bytes > 0);
  return {
    at: Math.max(base.at, ...after.map((it) => it.at)),
    full: base,
    increments: after.length,
    bytes: after.reduce((sum, it) => sum + it.bytes, base.bytes),
  };
}

/** Disks of a server from inside: df -P, /proc/self/mountinfo (proc_pid_mountinfo(5)), /etc/fstab (fstab(5)), stat -f. */
import type { HostState } from '../../shared/checks/host-parts.ts';
import { clean } from '../../shared/text.ts';
import { mountsOf, readOctal, writableKinds } from './host-mounts.ts';
import { wholeNumber } from './inside-sections.ts';

export type Disk = NonNullable<HostState['disks']>[number];
const mostDisks = 100;

/** A line of df -P: its numbers, by mount point. Devices and mount points may hold spaces. */
export function dfLines(lines: readonly string[]): Map<string, { total: number; used: number; free: number }> {
  const found = new Map<string, { total: number; used: number; free: number }>();
  for (const line of lines) {
    const [, total, used, free, mount] = / (\d{1,18}) +(\d{1,18}) +(-?\d{1,18}) +(?:\d{1,4}%|-) +(\/.*)$/.exec(line) ?? [];
    if (mount !== undefined && found.size < 1_000) found.set(mount, { total: Number(total), used: Number(used), free: Number(free) });
  }
  return found;
}

/** As df counts it: what is kept back for root counts as gone. */
const share = (used: number, free: number): number => (used + Math.max(0, free) > 0 ? (100 * used) / (used + Math.max(0, free)) : 100);

/** Mount points of /etc/fstab and whether they are read-only on purpose. */
export function fstabOf(lines: readonly string[]): Map<string, { readOnly: boolean }> {
  const found = new Map<string, { readOnly: boolean }>();
  for (const line of lines) {
    const [device = '#', mount = '', , options = ''] = line.trim().split(/\s+/);
    if (device.startsWith('#') || !mount.startsWith('/')) continue;
    found.set(readOctal(mount), { readOnly: options.split(',').includes('ro') });
  }
  return found;
}

/** Disks with how full they are: those on local disks, and what else fstab lists. */
export function disksOf(
  space: ReadonlyMap<string, { total: number; used: number; free: number }>,
  entries: ReadonlyMap<string, { total: number; used: number; free: number }>,
  mountinfo: string,
  fstab: ReadonlyMap<string, unknown>,
  ignore: readonly string[],
): Disk[] {
  const local = new Map(mountsOf(mountinfo).local.map((it) => [it.mount, it]));
  const disks: Disk[] = [];
  for (const [mount, { total, used, free }] of space) {
    const known = local.get(mount);
    if ((!known && !fstab.has(mount)) || total === 0 || ignore.includes(mount)) continue;
    const files = entries.get(mount);
    disks.push({
      mount: clean(mount, 100),
      kind: known?.kind ?? 'other',
      bytes: total * 1_024,
      percent: share(used, free),
      inodePercent: files && files.total > 0 ? Math.min(100, (100 * files.used) / files.total) : null,
      readOnly: false,
    });
  }
  return disks.sort((a, b) => (a.mount < b.mount ? -1 : 1)).slice(0, mostDisks);
}

/**
 * File systems that are read-only and should not be: those that fstab does not say are, and of those that it does not list the kinds that
 * are written to in daily use. Linux turns a file system read-only when its disk fails (ext4 of Linux 6.16 and later says emergency_ro).
 */
export function readOnlyMounts(mountinfo: string, fstab: ReadonlyMap<string, { readOnly: boolean }>, ignore: readonly string[]): string[] {
  const byMount = new Map<string, { device: string; bad: boolean }>();
  for (const line of mountinfo.split('\n')) {
    const dash = line.indexOf(' - ');
    if (dash < 0) continue;
    const [, , device = '', , path, options = ''] = line.slice(0, dash).split(' ');
    const [kind = '', , own = ''] = line.slice(dash + 3).split(' ');
    if (path === undefined) continue;
    const mount = readOctal(path);
    const said = own.split(',');
    const dead = said.includes('ro') || said.includes('emergency_ro') || said.includes('shutdown');
    const listed = fstab.get(mount);
    const bad = listed
      ? !listed.readOnly && (dead || options.split(',').includes('ro'))
      : // A read-only bind mount of a healthy disk is no fault.
        writableKinds.has(kind) && dead;
    // What is mounted over another counts.
    byMount.set(mount, { device, bad });
  }
  const onPurpose = new Set([...byMount].flatMap(([mount, { device }]) => (fstab.get(mount)?.readOnly ? [device] : [])));
  const seen = new Set<string>();
  const found: string[] = [];
  for (const [mount, { device, bad }] of [...byMount].sort((a, b) => a[0].length - b[0].length)) {
    if (!bad || ignore.includes(mount) || seen.has(device) || (onPurpose.has(device) && !fstab.has(mount))) continue;
    seen.add(device);
    found.push(mount);
  }
  return found.slice(0, 50);
}

export interface NetworkDisks {
  disks: Disk[];
  silent: string[];
  /** Answered with an error: not known. */
  refused: string[];
}

/** @param lines of the network script, see there */
export function networkDisks(lines: readonly string[], ignore: readonly string[]): NetworkDisks {
  const asked = new Map<number, { kind: string; mount: string }>();
  const answers = new Map<number, string[]>();
  for (const line of lines) {
    const [, number, kind = '', path = ''] = /^@w (\d{1,2}) (\S{1,40}) (\/.*)$/.exec(line) ?? [];
    const [, answered, rest = ''] = /^@n (\d{1,2}) (.*)$/.exec(line) ?? [];
    if (number !== undefined) asked.set(Number(number), { kind, mount: readOctal(path) });
    else if (answered !== undefined) answers.set(Number(answered), rest.trim().split(' '));
  }
  const found: NetworkDisks = { disks: [], silent: [], refused: [] };
  for (const [number, { kind, mount }] of asked) {
    if (ignore.includes(mount)) continue;
    const shown = clean(mount, 100);
    const [code, ...numbers] = answers.get(number) ?? ['137'];
    const [blocks, free, available, size, files, freeFiles] = numbers.map(wholeNumber);
    if (code === '137') found.silent.push(shown);
    else if (code !== '0' || blocks === undefined || free === undefined || available === undefined || size === undefined)
      found.refused.push(shown);
    else if (blocks > 0)
      found.disks.push({
        mount: shown,
        kind: clean(kind, 40),
        bytes: blocks * size,
        percent: share(Math.max(0, blocks - free), available),
        inodePercent: files && freeFiles !== undefined ? Math.min(100, Math.max(0, (100 * (files - freeFiles)) / files)) : null,
        readOnly: false,
      });
  }
  return found;
}

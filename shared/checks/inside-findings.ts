/** What is wrong on a server, seen from inside. */
import { clean, count, listOf } from '../text.ts';
import { humanDuration } from '../time.ts';
import type { Finding } from './host-parts.ts';
import type { InsideConfig, InsideFacts, RaidArray, ZfsPool } from './inside-facts.ts';
import type { Explanation } from './types.ts';

/** So many disks each level can lose (md(4)); raid1 and raid10 work as long as md says that they do. */
const spares: Record<string, number> = { raid4: 1, raid5: 1, raid6: 2 };

export const workOf = ({ work }: RaidArray): string =>
  work ? `${work.what}${work.percent === null ? '' : ` at ${Math.floor(work.percent)} %`}` : '';

function arrayFinding(it: RaidArray): Finding | null {
  const finding = (level: Finding['level'], reason: string, text: string): Finding => ({ level, reason, text, weight: 8 });
  if (!it.active) return finding('down', 'raid-down', `array ${it.name} is not running`);
  const { wanted, working } = it;
  if (wanted !== null && working !== null && working < wanted) {
    const lost = wanted - working;
    const work = workOf(it);
    const text = `array ${it.name} has ${working} of ${wanted} disks${work ? `, ${work}` : ''}`;
    return working === 0 || lost > (spares[it.level ?? ''] ?? lost)
      ? finding('down', 'raid-down', text)
      : finding('degraded', 'raid-degraded', text);
  }
  return it.failed.length > 0 ? finding('degraded', 'raid-degraded', `array ${it.name} has failed disks: ${listOf(it.failed)}`) : null;
}

const deadPools: ReadonlySet<string> = new Set(['FAULTED', 'UNAVAIL', 'SUSPENDED', 'REMOVED', 'OFFLINE']);
const poolFinding = (it: ZfsPool): Finding => ({
  level: deadPools.has(it.state) ? 'down' : 'degraded',
  reason: deadPools.has(it.state) ? 'raid-down' : 'raid-degraded',
  text: clean(`pool ${it.name} is ${it.state}${it.state === 'ONLINE' && it.errors ? ` with errors (${it.errors})` : ''}`, 200),
  weight: 8,
});

/** All that host-parts.ts does not know of. */
export function insideFindings(it: InsideFacts, config: InsideConfig, now: number): Finding[] {
  const found: Finding[] = [];
  const add = (level: Finding['level'], reason: string, weight: number, text: string): unknown =>
    found.push({ level, reason, text, weight });
  const inDisks = new Set((it.disks ?? []).filter((disk) => disk.readOnly).map((disk) => disk.mount));
  for (const mount of it.readOnlyMounts ?? []) if (!inDisks.has(mount)) add('down', 'disk-read-only', 10, `disk ${mount} is read-only`);
  for (const array of it.arrays ?? []) found.push(...[arrayFinding(array)].filter((finding) => finding !== null));
  found.push(...(it.pools ?? []).map(poolFinding));
  if (it.ecc && it.ecc.uncorrected > 0)
    add('degraded', 'memory-errors', 7, `${count(it.ecc.uncorrected, 'uncorrected memory error')} since its start`);
  if (it.ecc && it.ecc.corrected >= config.correctedDegraded)
    add(
      'degraded',
      'memory-errors',
      it.ecc.corrected / config.correctedDegraded,
      `${count(it.ecc.corrected, 'corrected memory error')} since its start`,
    );
  if (it.machineChecks) add('degraded', 'machine-check', 6, `${count(it.machineChecks, 'machine check')} since its start`);
  const units = (it.failedUnits ?? []).filter((unit) => !config.ignoreUnits.includes(unit));
  if (units.length > 0) add('degraded', 'unit-failed', 3, `failed: ${listOf(units)}`);
  const { mailQueue } = it;
  if (mailQueue !== undefined && mailQueue >= Math.min(config.mailQueueDegraded, config.mailQueueDown ?? Number.POSITIVE_INFINITY)) {
    const down = config.mailQueueDown !== undefined && mailQueue >= config.mailQueueDown;
    add(down ? 'down' : 'degraded', 'mail-queue', mailQueue / config.mailQueueDegraded, `${count(mailQueue, 'message')} in the mail queue`);
  }
  for (const { path, touched } of it.markers ?? []) {
    const limit = config.markers.find((marker) => marker.path === path)?.maxAge;
    if (touched === 'gone') add('degraded', 'marker-late', 4, `the file ${path} is not there`);
    else if (touched !== null && limit !== undefined && now - touched > limit)
      add('degraded', 'marker-late', (now - touched) / limit, `the file ${path} is ${humanDuration(now - touched)} old`);
  }
  return found;
}

export const insideAdvice: Record<string, Omit<Explanation, 'happened'>> = {
  ok: { means: 'The server has room to work, and what it tells about itself is fine.', todo: 'Nothing.' },
  'raid-degraded': {
    means: 'A disk is lost. Everything still works, but the next fault may take the data along.',
    todo: "See that last night's backup is good, find the lost disk (mdadm --detail, zpool status, smartctl), and replace it.",
  },
  'raid-down': {
    means: 'An array does not run: what lies on it cannot be read.',
    todo: 'Touch nothing in haste: read mdadm --detail or zpool status, and the kernel log, before anything is assembled by force.',
  },
  'memory-errors': {
    means: 'A memory module is failing. Uncorrected errors can crash the server or spoil data.',
    todo: 'Find the module (edac-util, ras-mc-ctl --errors) and plan to replace it.',
  },
  'machine-check': {
    means: 'The processor reported a fault of the hardware.',
    todo: 'Read the kernel log (dmesg, mcelog, rasdaemon), and plan a replacement.',
  },
  'unit-failed': {
    means: 'Something that should run or have run on the server did not work.',
    todo: 'Look with "systemctl status" and "journalctl -u" at what failed.',
  },
  'mail-queue': {
    means: 'Mail is accepted but not delivered on, or a site on the server sends spam.',
    todo: 'Look at the queue (postqueue -p) for what waits and why.',
  },
  'marker-late': { means: 'A job did not run or did not end well, often a backup.', todo: 'Look at its log and at cron on the server.' },
  'not-known': {
    means: 'Something that must be known of the server is not: it may be fine or not.',
    todo: 'Look at the transcript for the part that did not answer; run its command by hand.',
  },
};

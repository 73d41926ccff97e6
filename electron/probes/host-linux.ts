/** Facts of a Linux computer from /proc and /sys: no process is started, nothing is read that can hang for long. */
import type { StatsFs } from 'node:fs';
import { readdir, readFile, statfs } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { HostFacts } from '../../shared/checks/host.ts';
import { clean } from '../../shared/text.ts';
import { mountsOf } from './host-mounts.ts';

/** Longest wait for a disk to say how full it is. */
const diskWaitMs = 2_000;
const mostDisks = 50;
const mostSensors = 40;

export interface HostPlaces {
  proc: string;
  sys: string;
}
export const linuxPlaces: HostPlaces = { proc: '/proc', sys: '/sys' };

const textOf = async (file: string): Promise<string | null> => readFile(file, 'latin1').catch(() => null);
const numbersOf = (line: string): number[] => line.trim().split(/\s+/).map(Number);

/**
 * Everything there is to know; what cannot be read is left out.
 * @param ignore mount points that are not asked
 */
export async function linuxFacts(ignore: readonly string[], signal: AbortSignal, places: HostPlaces = linuxPlaces): Promise<HostFacts> {
  const { proc } = places;
  const [load, meminfo, stat, uptime, bootId, mounts, temperatures] = await Promise.all([
    textOf(`${proc}/loadavg`),
    textOf(`${proc}/meminfo`),
    textOf(`${proc}/stat`),
    textOf(`${proc}/uptime`),
    textOf(`${proc}/sys/kernel/random/boot_id`),
    textOf(`${proc}/self/mountinfo`),
    temperaturesOf(places.sys),
  ]);
  const facts: HostFacts = { cores: availableParallelism() };
  if (load !== null) [facts.load1, facts.load5, facts.load15] = numbersOf(load);
  if (meminfo !== null) Object.assign(facts, memoryOf(meminfo));
  if (stat !== null) facts.cpuPercent = busySince(stat);
  if (uptime !== null) facts.uptimeSeconds = numbersOf(uptime)[0];
  if (bootId !== null) facts.bootId = clean(bootId, 60);
  if (temperatures.length > 0) facts.temperatures = temperatures;
  if (mounts !== null) Object.assign(facts, await disksOf(mounts, ignore, signal));
  return facts;
}

/** From /proc/meminfo. "Available" is what programs can still get (the kernel's own estimate); free memory alone says little. */
export function memoryOf(meminfo: string): Pick<HostFacts, 'memoryBytes' | 'memoryPercent' | 'swapBytes' | 'swapPercent'> {
  const kilobytes = (name: string): number | undefined => {
    const found = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(meminfo)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const [total, available, swapTotal, swapFree] = [
    kilobytes('MemTotal'),
    kilobytes('MemAvailable'),
    kilobytes('SwapTotal'),
    kilobytes('SwapFree'),
  ];
  return {
    ...(total && available !== undefined ? { memoryBytes: total * 1_024, memoryPercent: (100 * (total - available)) / total } : {}),
    ...(swapTotal !== undefined ? { swapBytes: swapTotal * 1_024 } : {}),
    ...(swapTotal && swapFree !== undefined ? { swapPercent: (100 * (swapTotal - swapFree)) / swapTotal } : {}),
  };
}

let ticksBefore: { all: number; idle: number } | null = null;
/** Busy share of the processors since the last call, per cent; undefined at the first. */
function busySince(stat: string): number | undefined {
  const ticks = numbersOf(stat.slice(0, stat.indexOf('\n')).replace(/^cpu\s+/, '')).slice(0, 8);
  const now = { all: ticks.reduce((a, b) => a + b, 0), idle: (ticks[3] ?? 0) + (ticks[4] ?? 0) };
  const before = ticksBefore;
  ticksBefore = now;
  if (!before || now.all <= before.all) return undefined;
  return Math.min(100, Math.max(0, 100 - (100 * (now.idle - before.idle)) / (now.all - before.all)));
}

/** A disk that hangs holds one of Node's few file threads for as long as it hangs, so it is asked again only when it let go. */
const hanging = new Map<string, Promise<unknown>>();

async function disksOf(
  mountinfo: string,
  ignore: readonly string[],
  signal: AbortSignal,
): Promise<Pick<HostFacts, 'disks' | 'silentDisks' | 'skippedDisks'>> {
  const found = mountsOf(mountinfo);
  const asked = found.local.filter((it) => !ignore.includes(it.mount)).slice(0, mostDisks);
  const disks: NonNullable<HostFacts['disks']> = [];
  const silentDisks: string[] = [];
  await Promise.all(
    asked.map(async ({ mount, kind, readOnly }) => {
      const shown = clean(mount, 100);
      const stats = await spaceOf(mount, signal);
      if (stats === 'silent') silentDisks.push(shown);
      else if (stats && stats.blocks > 0) {
        const used = stats.blocks - stats.bfree;
        // As df does it: what is kept back for root counts as gone.
        const percent = used + stats.bavail > 0 ? (100 * used) / (used + stats.bavail) : 100;
        const inodePercent = stats.files > 0 ? (100 * (stats.files - stats.ffree)) / stats.files : null;
        disks.push({ mount: shown, kind, bytes: stats.blocks * stats.bsize, percent, inodePercent, readOnly });
      }
    }),
  );
  disks.sort((a, b) => (a.mount < b.mount ? -1 : 1));
  return {
    ...(disks.length > 0 ? { disks } : {}),
    ...(silentDisks.length > 0 ? { silentDisks } : {}),
    ...(found.skipped.length > 0 ? { skippedDisks: found.skipped.slice(0, mostDisks).map((it) => clean(it, 100)) } : {}),
  };
}

async function spaceOf(mount: string, signal: AbortSignal): Promise<StatsFs | 'silent' | null> {
  if (hanging.has(mount)) return 'silent';
  const asking: Promise<StatsFs | null> = statfs(mount).catch(() => null);
  hanging.set(mount, asking);
  void asking.then(() => hanging.delete(mount));
  return new Promise((resolve) => {
    const giveUp = (): void => done('silent');
    const timer = setTimeout(giveUp, diskWaitMs);
    const done = (value: StatsFs | null | 'silent'): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      resolve(value);
    };
    signal.addEventListener('abort', giveUp, { once: true });
    void asking.then(done);
  });
}

let sensors: { at: string; found: { file: string; name: string }[]; lookedAt: number } | null = null;
/** Sensors are looked for again after so long; they are plugged in seldom. */
const lookAgainMs = 600_000;

/** Temperatures of hwmon, or where it has none of the thermal zones; values that no sensor can mean are left out. */
async function temperaturesOf(sys: string): Promise<{ sensor: string; celsius: number }[]> {
  if (!sensors || sensors.at !== sys || performance.now() - sensors.lookedAt > lookAgainMs) {
    const monitors = await hardwareMonitors(sys);
    sensors = {
      at: sys,
      found: (monitors.length > 0 ? monitors : await thermalZones(sys)).slice(0, mostSensors),
      lookedAt: performance.now(),
    };
  }
  const read = await Promise.all(
    sensors.found.map(async ({ file, name }) => {
      const text = await textOf(file);
      return { sensor: name, celsius: text === null || text.trim() === '' ? Number.NaN : Number(text) / 1_000 };
    }),
  );
  return read.filter((it) => it.celsius > 0 && it.celsius < 150);
}

async function hardwareMonitors(sys: string): Promise<{ file: string; name: string }[]> {
  const found: { file: string; name: string }[] = [];
  for (const chip of (await readdir(`${sys}/class/hwmon`).catch(() => [])).sort()) {
    const folder = `${sys}/class/hwmon/${chip}`;
    const chipName = (await textOf(`${folder}/name`))?.trim() ?? chip;
    for (const file of (await readdir(folder).catch(() => [])).filter((it) => /^temp\d+_input$/.test(it)).sort()) {
      const label = (await textOf(`${folder}/${file.replace('_input', '_label')}`))?.trim();
      found.push({ file: `${folder}/${file}`, name: clean(label ? `${chipName} ${label}` : chipName, 60) });
    }
  }
  return found;
}

async function thermalZones(sys: string): Promise<{ file: string; name: string }[]> {
  const zones = (await readdir(`${sys}/class/thermal`).catch(() => [])).filter((it) => it.startsWith('thermal_zone')).sort();
  return Promise.all(
    zones.map(async (zone) => ({
      file: `${sys}/class/thermal/${zone}/temp`,
      name: clean((await textOf(`${sys}/class/thermal/${zone}/type`)) ?? zone, 60),
    })),
  );
}

/** Logs in to a server once, and has it tell about itself: a few scripts side by side, so that one that hangs is alone with it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { InsideConfig, InsideFacts, InsidePart } from '../../shared/checks/inside-facts.ts';
import { clean } from '../../shared/text.ts';
import { memoryOf } from './host-linux.ts';
import { dfLines, disksOf, fstabOf, networkDisks, readOnlyMounts } from './inside-disks.ts';
import { mdstatOf, zpoolsOf } from './inside-raid.ts';
import { eccOf, failedUnitsOf, machineChecksOf, markersOf, queueOf, temperaturesOf } from './inside-read.ts';
import { coreScript, disksScript, markersScript, networkScript, raidScript, servicesScript } from './inside-scripts.ts';
import { type Section, sectionsOf, silenceOf } from './inside-sections.ts';
import { openSession, type Ran, type Session } from './ssh-session.ts';
import type { Probe, ProbeContext } from './types.ts';

/** Of one script: longer than any of its parts may take. */
const scriptMs = 7_000;
const scriptBytes = 65_536;

export const probeInside: Probe<InsideConfig, InsideFacts> = async (config, ctx) => {
  const facts: InsideFacts = {};
  const session = await openSession(config, facts, ctx);
  if (!session.ok) return { ...facts, failure: session.failure };
  try {
    const scripts = {
      core: coreScript,
      disks: disksScript,
      network: networkScript,
      raid: raidScript,
      services: servicesScript,
      ...(config.markers.length > 0 ? { markers: markersScript(config.markers.map((it) => it.path)) } : {}),
    };
    const told = await runAll(session.value, scripts, ctx);
    if ([...told.sections.keys()].length === 0)
      return {
        ...facts,
        failure: told.late
          ? { code: 'timeout', detail: 'logged in, but the server told nothing in time' }
          : { code: 'server-error', detail: 'logged in, but no commands can be run: "sh -s" gives nothing' },
      };
    read(facts, told.sections, config, ctx.now());
    const troubles = [...told.troubles, ...troublesIn(told.sections)];
    if (troubles.length > 0) facts.troubles = troubles.slice(0, 30);
    const notKnown = missingIn(facts, told.sections, config);
    if (notKnown.length > 0) facts.notKnown = notKnown;
    for (const trouble of troubles) ctx.note(trouble);
    ctx.note(`${facts.disks?.length ?? 0} disks, ${facts.temperatures?.length ?? 0} temperature sensors`);
    if (notKnown.length > 0) ctx.note(`not known: ${notKnown.join(', ')}`);
    return facts;
  } finally {
    session.value.end();
  }
};

const whyOf: Record<NonNullable<Ran['broken']>, string> = {
  'no-channel': 'the server opens no channel for it',
  timeout: 'did not come to its end in time',
  'too-large': 'tells more than is read',
  closed: 'the connection was closed before its end',
};

/** Runs scripts side by side; those that the server had no channel for (MaxSessions) once more, one by one. */
export async function runAll(
  session: Session,
  scripts: Readonly<Record<string, string>>,
  ctx: ProbeContext,
  limits = { ms: scriptMs, bytes: scriptBytes },
): Promise<{ sections: Map<string, Section>; troubles: string[]; late: boolean }> {
  const ran = new Map<string, Ran>();
  const all = Object.entries(scripts);
  await Promise.all(all.map(async ([name, script]) => ran.set(name, await session.run(script, limits))));
  for (const [name, script] of all) {
    for (let tries = 0; tries < 5 && ran.get(name)?.broken === 'no-channel'; tries += 1) {
      // The server counts a session until it has cleaned up behind it.
      if (tries > 0) await sleep(50);
      ran.set(name, await session.run(script, limits));
    }
  }
  const sections = new Map<string, Section>();
  const troubles: string[] = [];
  for (const [name, { text, broken }] of ran) {
    const found = sectionsOf(text);
    const ended = found.delete('end');
    // What stands last may be half a list.
    const last = [...found.values()].at(-1);
    if (!ended && last && last.code === null && name !== 'network') last.code = 137;
    for (const [key, section] of found) sections.set(key, section);
    if (broken !== null) troubles.push(`${name}: ${whyOf[broken]}`);
    else if (!ended && found.size > 0) troubles.push(`${name}: ended in the middle`);
  }
  ctx.note(`${all.length} scripts, ${sections.size} answers`);
  return { sections, troubles, late: [...ran.values()].some(({ broken }) => broken === 'timeout') };
}

/** Cut off where the script bounds it: what is there counts, but it is not all. */
const isCut = (section: Section | undefined): boolean => section !== undefined && section.code === null;

const troublesIn = (sections: ReadonlyMap<string, Section>): string[] =>
  [...sections].flatMap(([name, section]) => {
    if (section.code === 137) return [`${name} did not answer in time`];
    return isCut(section) && wholeParts.has(name) ? [`${name} tells more than is read`] : [];
  });
/** Sections that end with an exit code. */
const wholeParts: ReadonlySet<string> = new Set(['mounts', 'fstab', 'df', 'dfi', 'mdstat', 'zpool', 'units', 'sensors', 'ecc']);

function read(facts: InsideFacts, sections: ReadonlyMap<string, Section>, config: InsideConfig, now: number): void {
  /** Lines of a section that can be believed; undefined otherwise. */
  const lines = (name: string): string[] | undefined => {
    const section = sections.get(name);
    return section && silenceOf(section) === null ? section.lines : undefined;
  };
  const first = (name: string): string | undefined => lines(name)?.[0];

  const cores = Number(first('cores'));
  if (Number.isInteger(cores) && cores > 0 && cores < 100_000) facts.cores = cores;
  const loads = /^(\d{1,7}\.\d\d) (\d{1,7}\.\d\d) (\d{1,7}\.\d\d) /
    .exec(first('load') ?? '')
    ?.slice(1)
    .map(Number);
  if (loads) [facts.load1, facts.load5, facts.load15] = loads;
  Object.assign(facts, memoryOf((lines('memory') ?? []).join('\n')));
  const uptime = /^(\d{1,11}(?:\.\d{1,3})?) /.exec(first('uptime') ?? '')?.[1];
  if (uptime !== undefined) facts.uptimeSeconds = Number(uptime);
  const boot = first('boot');
  if (boot !== undefined && /^[0-9a-f-]{36}$/.test(boot)) facts.bootId = boot;
  const temperatures = temperaturesOf(lines('sensors') ?? [], lines('zones') ?? []);
  if (temperatures.length > 0) facts.temperatures = temperatures;
  facts.ecc = eccOf(lines('ecc') ?? []);
  facts.machineChecks = machineChecksOf(lines('mce') ?? []);

  const mountinfo = lines('mounts')?.join('\n');
  const fstab = fstabOf(lines('fstab') ?? []);
  const df = lines('df');
  const wrong = mountinfo === undefined ? undefined : readOnlyMounts(mountinfo, fstab, config.ignoreDisks);
  if (wrong) facts.readOnlyMounts = wrong.map((mount) => clean(mount, 100));
  const disks =
    df && mountinfo !== undefined ? disksOf(dfLines(df), dfLines(lines('dfi') ?? []), mountinfo, fstab, config.ignoreDisks) : [];
  const network = sections.has('network') ? networkDisks(sections.get('network')?.lines ?? [], config.ignoreDisks) : undefined;
  if (disks.length > 0) facts.disks = [...disks, ...(network?.disks ?? [])];
  for (const disk of facts.disks ?? []) disk.readOnly = facts.readOnlyMounts?.includes(disk.mount) ?? false;
  if (network && network.silent.length > 0) facts.silentDisks = network.silent;
  if (network && network.refused.length > 0) facts.refusedDisks = network.refused;

  facts.arrays = mdstatOf(lines('mdstat') ?? []) ?? undefined;
  const zfs = zpoolsOf(lines('zpool') ?? []);
  if (zfs?.any) facts.pools = zfs.pools;
  facts.failedUnits = failedUnitsOf(sections.get('units'));
  facts.mailQueue = queueOf(sections.get('queue'), sections.get('summary'));
  if (config.markers.length > 0) {
    const touched = markersOf(sections.get('markers')?.lines ?? [], config.markers.length, now);
    facts.markers = config.markers.map(({ path }, index) => ({ path, touched: touched[index] ?? null }));
  }
  if (!network || sections.get('network')?.lines.includes('@more')) facts.refusedDisks ??= [];
}

/** What the server did not tell. */
function missingIn(facts: InsideFacts, sections: ReadonlyMap<string, Section>, config: InsideConfig): InsidePart[] {
  const missing: InsidePart[] = [];
  const need = (part: InsidePart, known: boolean): unknown => known || missing.push(part);
  need('load', facts.load5 !== undefined && facts.cores !== undefined);
  need('memory', facts.memoryPercent !== undefined);
  need('swap', facts.swapBytes !== undefined && (facts.swapBytes === 0 || facts.swapPercent !== undefined));
  need('disks', facts.disks !== undefined && !isCut(sections.get('df')));
  need('temperatures', facts.temperatures !== undefined);
  need('uptime', facts.uptimeSeconds !== undefined || facts.bootId !== undefined);
  need('mounts', facts.readOnlyMounts !== undefined && !isCut(sections.get('mounts')));
  need('network-disks', facts.refusedDisks === undefined);
  // No array and no pool is no proof of anything: a controller of its own may hold the disks.
  need('raid', (facts.arrays?.length ?? 0) > 0 || facts.pools !== undefined);
  need('ecc', facts.ecc !== undefined);
  need('units', facts.failedUnits !== undefined);
  need('mail-queue', facts.mailQueue !== undefined);
  need('markers', config.markers.length === 0 || (facts.markers?.every((it) => it.touched !== null) ?? false));
  return missing;
}

/** The drills of a folder, for people to choose from. */
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Reply } from '../../shared/bind.ts';
import { problemLine } from '../../shared/model/inventory-problem.ts';
import { fail, ok } from '../../shared/result.ts';
import type { DrillInfo } from '../../shared/scenario/debrief.ts';
import { readScenario } from './read.ts';

/** More are no list. */
const mostDrills = 200;
/** What a file said when it was read last, by its path; null = it has a mistake. */
const known = new Map<string, { stamp: string; info: DrillInfo | null }>();

/** @returns by name; a file with a mistake is left out, and told on standard error. `no-drills` where the folder cannot be read. */
export async function listDrills(folder: string): Promise<Reply<DrillInfo[]>> {
  let names: string[];
  try {
    names = (await readdir(folder)).filter((it) => it.endsWith('.yaml')).sort();
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return fail({
      code: 'no-drills',
      text: `The drills that come with Nightdesk cannot be read (${why}). A drill file of your own can be opened all the same.`,
    });
  }
  const infos: DrillInfo[] = [];
  // One after the other: the watch goes on in between.
  for (const name of names.slice(0, mostDrills)) {
    const info = await infoOf(join(folder, name));
    if (info) infos.push(info);
  }
  return ok(infos.sort((a, b) => a.name.localeCompare(b.name, 'en')));
}

async function infoOf(file: string): Promise<DrillInfo | null> {
  const stamp = await stat(file).then(
    ({ size, mtimeMs }) => `${size} ${mtimeMs}`,
    () => '',
  );
  const before = known.get(file);
  if (before && before.stamp === stamp) return before.info;
  const read = await readScenario(file);
  if (!read.ok) {
    const [first] = read.failure.problems;
    console.error(`The drill ${file} is not listed: ${first ? problemLine(first) : 'it cannot be read'}`);
  }
  const info = read.ok ? tell(basename(file), read.value) : null;
  known.set(file, { stamp, info });
  return info;
}

type Read = Extract<Awaited<ReturnType<typeof readScenario>>, { ok: true }>['value'];
const tell = (drill: string, { scenario, inventory, start, end }: Read): DrillInfo => ({
  drill,
  name: scenario.name,
  about: scenario.about ?? '',
  lastsMs: end - start,
  faults: scenario.world.filter((it) => it.break !== undefined).length,
  checks: inventory.plan.checks.length,
});

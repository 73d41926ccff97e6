/** Reads a drill file: its text in; the story with every moment known out, or every mistake with its line and its column. */
import { basename, dirname, resolve } from 'node:path';
import type { z } from 'zod';
import type { InventoryProblem } from '../../shared/live.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { momentOf } from '../../shared/scenario/moments.ts';
import { type Deed, deedOf, faultSchemas, restoreSchemas, type Scenario, scenarioSchema } from '../../shared/scenario/scenario.ts';
import { type Mistake, mistakesOf } from '../inventory/issues.ts';
import {
  bounded,
  inventoryIn,
  parseYaml,
  problemsOf,
  type ReadInventory,
  type ReadYaml,
  readInventoryFile,
  readText,
} from '../inventory/read.ts';
import { mistakesIn } from './references.ts';
import { kindOf, type Spell, spellsOf, type Turn } from './world-faults.ts';

/** What a person does, with its moment, epoch ms. */
export interface DatedDeed {
  at: number;
  deed: Deed;
}

export interface ReadScenario {
  /** As it is called. */
  file: string;
  scenario: Scenario;
  inventory: ReadInventory & { text: string };
  /** Epoch ms. */
  start: number;
  end: number;
  spells: Spell[];
  /** In the order of their moments. */
  deeds: DatedDeed[];
}
/** Mistakes, and the file that they are in: the drill's own, or the inventory that it names. */
export interface DrillMistakes {
  file: string;
  problems: InventoryProblem[];
}

/** Reads a drill from its file. The inventory may stand in it, or in a file of its own beside it. */
export async function readScenario(file: string): Promise<Result<ReadScenario, DrillMistakes>> {
  const wrong = (problems: InventoryProblem[], where = file): Result<never, DrillMistakes> => fail({ file: where, problems });
  const text = await readText(file);
  if (!text.ok)
    return wrong([{ line: 1, column: 1, where: '', expected: text.failure.expected.replace('an inventory file', 'a drill file') }]);
  const yaml = parseYaml(text.value, file);
  if (!yaml.ok) return wrong(yaml.failure);
  const parsed = scenarioSchema.safeParse(yaml.value.plain);
  if (!parsed.success) return wrong(problemsOf(parsed.error.issues, tellerOf(yaml.value), yaml.value.place));
  const scenario = parsed.data;
  if (typeof scenario.inventory !== 'string') {
    const inventory = inventoryIn(yaml.value, ['inventory'], Date.parse(scenario.start));
    if (!inventory.ok) return wrong(inventory.failure);
    return tell(file, scenario, { ...inventory.value, text: JSON.stringify(scenario.inventory) }, yaml.value);
  }
  const beside = resolve(dirname(file), scenario.inventory);
  const inventory = await readInventoryFile(beside, Date.parse(scenario.start));
  return inventory.ok ? tell(file, scenario, inventory.value, yaml.value) : wrong(inventory.failure, beside);
}

type Issue = Parameters<typeof mistakesOf>[0];

/** Of a fault the key that names its subject says which settings it has. */
function tellerOf(yaml: ReadYaml): (issue: Issue) => Mistake[] {
  const schemas: Record<string, Record<string, z.ZodType>> = { break: faultSchemas, restore: restoreSchemas };
  const told = new Set<string>();
  return (issue) => {
    const [list, index, key] = issue.path;
    const options = list === 'world' && typeof index === 'number' ? schemas[String(key)] : undefined;
    const path = ['world', Number(index), String(key)];
    const value = options && path.reduce<unknown>((at, step) => (at as Record<PropertyKey, unknown>)[step], yaml.plain);
    const kind = Object.keys(options ?? {}).find((it) => value !== null && typeof value === 'object' && it in value);
    const schema = kind === undefined ? undefined : options?.[kind];
    if (!schema) return mistakesOf(issue, yaml.plain, scenarioSchema);
    // All of it at once, however many issues it was that led here.
    if (told.has(path.join())) return [];
    told.add(path.join());
    const inner = schema.safeParse(value).error?.issues ?? [];
    return inner.flatMap((it) => mistakesOf(it, value, schema)).map((it) => ({ ...it, path: [...path, ...it.path] }));
  };
}

function tell(file: string, scenario: Scenario, inventory: ReadScenario['inventory'], yaml: ReadYaml): Result<ReadScenario, DrillMistakes> {
  const [start, end] = [Date.parse(scenario.start), Date.parse(scenario.end)];
  const zone = inventory.plan.organization.timezone;
  const mistakes: Mistake[] = [];
  const datesOf = (list: 'world' | 'people'): number[] => {
    let after = start;
    return scenario[list].map(({ at: text }, index) => {
      const at = momentOf(text, { start, after, zone });
      const path = [list, index, 'at'];
      if (at === null) mistakes.push({ path, expected: `a time that there is; "${text}" is none` });
      else if (at < start || at > end)
        mistakes.push({ path, expected: `a time within the drill; this one is ${at < start ? 'before its start' : 'after its end'}` });
      after = at ?? after;
      return after;
    });
  };
  const worldDates = datesOf('world');
  const turns = scenario.world.map((entry, index): Turn => ({ ...entry, at: worldDates[index] ?? start }));
  const dates = datesOf('people');
  const deeds = scenario.people.map((entry, index): DatedDeed => ({ at: dates[index] ?? start, deed: deedOf(entry) }));
  const { spells, idle } = spellsOf(turns);
  for (const index of idle) {
    const restore = turns[index]?.restore;
    if (restore)
      mistakes.push({ path: ['world', index, 'restore'], expected: `something that is broken by then; this ${kindOf(restore)} is not` });
  }
  mistakes.push(...mistakesIn({ inventory, turns, deeds, start, zone }));
  if (mistakes.length > 0) return fail({ file, problems: bounded(mistakes.map(yaml.place), mistakes.length) });
  return ok({ file: basename(file), scenario, inventory, start, end, spells, deeds: deeds.sort((a, b) => a.at - b.at) });
}

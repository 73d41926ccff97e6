/**
 * Reads an inventory: YAML text in; the inventory and its plan out, or every mistake with its line, its column and what was
 * expected there. No text makes it throw.
 */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type Alias, type Document, isScalar, LineCounter, parseDocument, type Scalar, visit, type YAMLError } from 'yaml';
import { isRemote } from '../../shared/health/remote.ts';
import type { InventoryProblem } from '../../shared/live.ts';
import { type Inventory, inventorySchema } from '../../shared/model/inventory.ts';
import { checkEntrySchema } from '../../shared/model/inventory-parts.ts';
import { type Plan, type PlanProblem, planOf } from '../../shared/model/plan.ts';
import { notifyProblems } from '../../shared/notify/rules.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { clean } from '../../shared/text.ts';
import { writeDuration } from '../../shared/time.ts';
import { type Mistake, mistakesOf } from './issues.ts';
import { placeAt, placeOf, wordsOf } from './place.ts';

export interface ReadInventory {
  inventory: Inventory;
  plan: Plan;
  /** Not wrong, but most likely not meant. */
  warnings?: string[];
}

/** A larger file is refused: 5 MB of YAML is some 25,000 hosts, far beyond what one desk watches. */
export const mostBytes = 5_000_000;
/** One anchor may be used so often; what grows beyond `mostNodes` by aliases is refused. */
const mostAliases = 10_000;
const mostNodes = 1_000_000;
const deepest = 50;
const mostProblems = 50;
/** Finding a place takes time; a file that is wrong throughout needs no more of them. */
const mostPlaces = 500;

/** That keys are unique is seen to here (see `twice`): the library compares each with each, which takes minutes in a large file. */
export const yamlOptions = { merge: true, prettyErrors: false, logLevel: 'error', uniqueKeys: false } as const;

/** A text of YAML that can be read: what stands in it, and the way from a mistake to its place. */
export interface ReadYaml {
  /** Keys with nothing after them are left out. */
  plain: unknown;
  place(mistake: Mistake): InventoryProblem;
  warnings: string[];
}

/**
 * Reads the text of an inventory.
 * @param file its name, for problems of the file as a whole
 */
export function parseInventory(text: string, file: string, now?: number): Result<ReadInventory, InventoryProblem[]> {
  const yaml = parseYaml(text, file);
  return yaml.ok ? inventoryIn(yaml.value, [], now) : yaml;
}

/** Reads YAML of any kind. @param file its name, for problems of the file as a whole */
export function parseYaml(text: string, file: string): Result<ReadYaml, InventoryProblem[]> {
  if (text.length > mostBytes || Buffer.byteLength(text) > mostBytes)
    return whole(`a file of at most ${mostBytes / 1_000_000} MB; ${file} is larger`);
  const lines = new LineCounter();
  let data: unknown;
  let document: Document.Parsed | undefined;
  try {
    document = parseDocument(text, { ...yamlOptions, lineCounter: lines });
    const [first] = document.errors;
    // After the first mistake of syntax the rest is a guess.
    if (first) return fail([{ ...placeAt(lines, first.pos[0]), where: '', expected: syntax(first) }]);
    const again = twice(document);
    if (again)
      return fail([
        {
          ...placeAt(lines, again.range?.[0] ?? 0),
          where: '',
          expected: `each key once; "${clean(String(again.value), 60)}" stands here a second time`,
        },
      ]);
    data = document.toJS({ maxAliasCount: mostAliases });
  } catch {
    // The yaml library throws where an alias leads nowhere, where aliases multiply, and where nesting exhausts the stack.
    const stray = document && strayAlias(document);
    if (stray)
      return fail([
        {
          ...placeAt(lines, stray.range?.[0] ?? 0),
          where: '',
          expected: `an alias of something that stands above; there is no &${clean(stray.source, 60)}`,
        },
      ]);
    return whole(`a file that can be read; ${file} nests too deep, or its aliases (*name) multiply`);
  }
  const parsed = document;
  const size = measure(data);
  if (size !== 'fine') return whole(size);
  const plain = withoutNulls(data ?? {});
  return ok({
    plain,
    place: ({ path, expected, key }) => ({ ...placeOf(parsed, lines, path, key), where: wordsOf(path, plain), expected }),
    warnings: parsed.warnings.map((it) => clean(it.message)),
  });
}

/**
 * The inventory in a text that was read.
 * @param path where in it the inventory stands
 * @param now epoch ms of which it is read, for what it says of people on duty; a drill has a time of its own
 */
export function inventoryIn(yaml: ReadYaml, path: readonly string[] = [], now = Date.now()): Result<ReadInventory, InventoryProblem[]> {
  const data = path.reduce<unknown>((within, key) => (within as Record<string, unknown> | undefined)?.[key], yaml.plain);
  const problem = (it: Mistake): InventoryProblem => yaml.place({ ...it, path: [...path, ...it.path] });
  const read = inventorySchema.safeParse(data);
  if (!read.success) return fail(problemsOf(read.error.issues, (issue) => mistakesOf(issue, data), problem));
  const { plan, problems } = planOf(read.data);
  if (problems.length > 0) {
    const places = once(problems.slice(0, mostPlaces).flatMap(toldBySchema).map(problem));
    return fail(bounded(places, Math.max(places.length, problems.length)));
  }
  const warnings = [...yaml.warnings, ...oddities(read.data, plan, now)];
  return ok({ inventory: read.data, plan, ...(warnings.length > 0 && { warnings }) });
}

type Issue = Parameters<typeof mistakesOf>[0];
/** What zod found, as problems in the order of the file. */
export function problemsOf(
  issues: readonly Issue[],
  tell: (issue: Issue) => Mistake[],
  place: (mistake: Mistake) => InventoryProblem,
): InventoryProblem[] {
  const total = issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);
  return bounded(issues.slice(0, mostPlaces).flatMap(tell).slice(0, mostPlaces).map(place), total);
}

/** Reads an inventory from its file. A file that is missing or unreadable is a problem at line 1, column 1. */
export async function readInventoryFile(file: string, now?: number): Promise<Result<ReadInventory & { text: string }, InventoryProblem[]>> {
  const text = await readText(file);
  if (!text.ok) return whole(text.failure.expected);
  const parsed = parseInventory(text.value, file, now);
  return parsed.ok ? ok({ ...parsed.value, text: text.value }) : parsed;
}

export interface UnreadableFile {
  code: 'missing' | 'not-readable' | 'too-large' | 'not-text';
  expected: string;
}

/** The text of a file of at most `mostBytes`; never reads more, whatever the file is. */
export async function readText(file: string): Promise<Result<string, UnreadableFile>> {
  let handle: FileHandle | undefined;
  try {
    // Without O_NONBLOCK opening a named pipe would wait for its writer.
    handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stat = await handle.stat();
    if (!stat.isFile()) return fail({ code: 'not-readable', expected: `a file; ${file} is ${stat.isDirectory() ? 'a folder' : 'none'}` });
    if (stat.size > mostBytes)
      return fail({ code: 'too-large', expected: `a file of at most ${mostBytes / 1_000_000} MB; ${file} is larger` });
    const bytes = await handle.readFile();
    return ok(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return fail({ code: 'missing', expected: `an inventory file; there is no ${file}` });
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      return fail({ code: 'not-text', expected: `text in UTF-8; ${file} is written in another encoding` });
    const why = code === 'EACCES' || code === 'EPERM' ? 'this user may not read it' : `reading failed (${code ?? 'unknown'})`;
    return fail({ code: 'not-readable', expected: `a file that can be read; ${file}: ${why}` });
  } finally {
    await handle?.close();
  }
}

/** What the schema of a check says of a setting that stands elsewhere says more than the plan can. */
const toldBySchema = ({ misread, ...problem }: PlanProblem): Mistake[] =>
  misread ? mistakesOf(misread.issue, misread.data, checkEntrySchema).map((it) => ({ ...it, path: misread.place(it.path) })) : [problem];

const whole = (expected: string): Result<never, InventoryProblem[]> => fail([{ line: 1, column: 1, where: '', expected }]);

/** A setting may stand for many checks; a mistake in it is one mistake. */
function once(problems: InventoryProblem[]): InventoryProblem[] {
  const seen = new Set<string>();
  return problems.filter((it) => {
    const key = JSON.stringify(it);
    return !seen.has(key) && seen.add(key);
  });
}

/** The first ones in the order of the file. @param total how many there are in all */
export function bounded(problems: InventoryProblem[], total: number): InventoryProblem[] {
  const sorted = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
  const next = sorted[mostProblems];
  return next
    ? [
        ...sorted.slice(0, mostProblems),
        { ...next, where: '', expected: `no more mistakes; there are ${total - mostProblems} further ones` },
      ]
    : sorted;
}

/** The first key that its map has already. */
function twice(document: Document.Parsed): Scalar.Parsed | null {
  let found: Scalar.Parsed | null = null;
  visit(document, {
    Map: (_, map) => {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key) || key.value === '<<') continue;
        if (seen.has(key.value)) {
          found = key as Scalar.Parsed;
          return visit.BREAK;
        }
        seen.add(key.value);
      }
      return undefined;
    },
  });
  return found;
}

function syntax(error: YAMLError): string {
  const said = clean(error.message, 160);
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return 'spaces at the start of the line; there is a tab';
    case 'BAD_INDENT':
      return `another indentation, or a closing bracket (${said})`;
    case 'MULTIPLE_DOCS':
      return 'one document; a line "---" starts a second one here';
    default:
      return `valid YAML (${said})`;
  }
}

/** The first alias whose anchor does not stand above it. */
function strayAlias(document: Document.Parsed): Alias.Parsed | null {
  const anchors = new Set<string>();
  let stray: Alias.Parsed | null = null;
  visit(document, {
    Alias: (_, node) => {
      if (anchors.has(node.source)) return undefined;
      stray = node as Alias.Parsed;
      return visit.BREAK;
    },
    Value: (_, { anchor }) => void (anchor !== undefined && anchors.add(anchor)),
  });
  return stray;
}

/** Counts what the aliases expand to, and how deep it goes; a circle of aliases is endless depth. */
function measure(data: unknown): 'fine' | string {
  let nodes = 0;
  const within = (value: unknown, depth: number): 'fine' | string => {
    nodes += 1;
    if (nodes > mostNodes) return `a smaller file; its aliases (*name) expand to more than ${mostNodes} values`;
    if (depth > deepest) return `at most ${deepest} levels of nesting; an alias (*name) may stand inside what it repeats`;
    if (value === null || typeof value !== 'object') return 'fine';
    for (const inner of Object.values(value)) {
      const found = within(inner, depth + 1);
      if (found !== 'fine') return found;
    }
    return 'fine';
  };
  return within(data, 0);
}

/**
 * A key with nothing after it counts as left out: "hosts:" alone is an empty list of hosts. Not so deep inside a check, where null
 * can be a value that is looked for.
 */
function withoutNulls(value: unknown, inCheck = false): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutNulls(item, inCheck));
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(kept.map(([key, inner]) => [key, inCheck ? inner : withoutNulls(inner, key === 'checks')]));
}

/** A desk with so many remote checks should be able to tell its own outage from everybody else's. */
const mostWithoutAnchors = 10;

function oddities(inventory: Inventory, plan: Plan, now: number): string[] {
  const warnings: string[] = [];
  const carried = new Set(inventory.services.flatMap((it) => it.hosts).concat(inventory.mail.flatMap((it) => it.hosts)));
  const watched = new Set(plan.checks.map((check) => check.subject.id));
  // A mail entry is watched by its legs.
  for (const { leg } of plan.subjects) if (leg) watched.add(leg.entry);
  for (const it of plan.subjects) {
    const without = !watched.has(it.id) && it.hosts.length === 0 && !carried.has(it.id) && it.kind !== 'site';
    if (without) warnings.push(`The ${it.kind} "${it.id}" has no checks, so nothing is known about it.`);
  }
  for (const check of plan.checks) {
    if (check.timeoutMs > check.intervalMs) {
      warnings.push(
        `${check.id} may take ${writeDuration(check.timeoutMs)} but is due every ${writeDuration(check.intervalMs)}: a slow answer delays the next probe.`,
      );
    }
  }
  const remote = plan.checks.filter(isRemote).length;
  if (remote >= mostWithoutAnchors && inventory.desk.anchors.length === 0) {
    warnings.push(
      'There are no anchors (desk: anchors): when this computer itself loses its connection, everything will look down. Name its gateway, its resolver and a far host or two.',
    );
  }
  warnings.push(...notifyProblems(plan.notify, undefined, { zone: plan.organization.timezone, now }).warnings);
  return warnings.slice(0, mostProblems);
}

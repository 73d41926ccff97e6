/** Turns what zod found into what a person can act on: the place, and what was expected there. */
import { z } from 'zod';
import { checkConfigSchemas } from '../../shared/checks/index.ts';
import { inventorySchema } from '../../shared/model/inventory.ts';
import { clean, listOf } from '../../shared/text.ts';
import { nearest } from './nearest.ts';

type Issue = z.core.$ZodIssue;

/** A mistake before it has its place in the text. */
export interface Mistake {
  path: (string | number)[];
  expected: string;
  /** The key itself is wrong, not its value. */
  key?: boolean;
}

/** A map of thousands of unknown keys is another kind of file. */
const mostKeys = 500;

/**
 * Every mistake in one issue: a map with three unknown keys has three.
 * @param data what was read @param schema that it was read by
 */
export function mistakesOf(issue: Issue, data: unknown, schema: z.ZodType = inventorySchema): Mistake[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(path, data, schema);
    return issue.keys.slice(0, mostKeys).map((key) => ({ path: [...path, key], key: true, expected: knownKey(key, known) }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0 && !said(issue.message)) {
    // No words of its own: take those of the option that came nearest.
    const [fewest] = [...issue.errors].sort(
      (a, b) => Number(isOtherKind(a)) - Number(isOtherKind(b)) || depth(b) - depth(a) || a.length - b.length,
    );
    return (fewest ?? []).flatMap((inner) => mistakesOf({ ...inner, path: [...path, ...inner.path] } as Issue, data, schema));
  }
  const value = valueAt(path, data);
  const last = path.at(-1);
  if (value === undefined && issue.code === 'invalid_type') return [{ path, expected: `the key ${last}, which is missing` }];
  if (issue.code === 'invalid_union' && last === 'type') {
    const types = Object.keys(checkConfigSchemas);
    if (value === undefined) return [{ path, expected: `the key type, which is missing: one of ${types.join(', ')}` }];
    return [{ path, expected: `a check type: one of ${types.join(', ')}; ${quote(value)} is none${meant(value, types)}` }];
  }
  const found = mayBeSecret(path, value) ? 'something that is not shown, as it may be a secret' : quote(value);
  return [{ path, expected: `${wordsFor(issue)}; found ${found}${hint(issue, value)}` }];
}

/** Keys that hold the name of a secret: who writes the secret itself there must not find it on the timeline. */
const secretKeys = new Set(['password', 'token', 'routingKey', 'passwordSecret', 'bearerSecret']);

/** A webhook URL is a credential, and so is any URL with a user and a password, under whatever key (`webmail`, `files` …). */
function mayBeSecret(path: Mistake['path'], value: unknown): boolean {
  const key = path.at(-1);
  if (typeof value !== 'string' || typeof key !== 'string') return false;
  return secretKeys.has(key) || (key === 'url' && (path[0] === 'notify' || value.includes('@'))) || /:\/\/.*@/s.test(value);
}

/** It is text where a group is wanted, or the like: not what was meant. */
const isOtherKind = ([issue]: Issue[]): boolean =>
  issue !== undefined && issue.path.length === 0 && issue.code !== 'unrecognized_keys' && issue.code !== 'custom';
const depth = (issues: Issue[]): number => Math.max(0, ...issues.map((issue) => issue.path.length));

/** Messages of our own schemas begin with "expected"; zod's own do not. */
const said = (message: string): boolean => message.startsWith('expected ');

const kinds: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list (lines that start with "- ")',
  object: 'a group of keys',
};

function wordsFor(issue: Issue): string {
  if (said(issue.message)) return issue.message.slice('expected '.length);
  switch (issue.code) {
    case 'invalid_type':
      return kinds[issue.expected] ?? issue.expected;
    case 'too_small':
      if (issue.origin === 'string') return issue.minimum === 1 ? 'some text' : `at least ${issue.minimum} characters`;
      return issue.origin === 'array'
        ? `at least ${issue.minimum} items`
        : `a number ${issue.inclusive ? 'of at least' : 'above'} ${issue.minimum}`;
    case 'too_big':
      if (issue.origin === 'string') return `at most ${issue.maximum} characters`;
      return issue.origin === 'array'
        ? `at most ${issue.maximum} items`
        : `a number ${issue.inclusive ? 'of at most' : 'below'} ${issue.maximum}`;
    case 'invalid_value':
      return issue.values.length === 1 ? quote(issue.values[0]) : `one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_format':
      return formats[issue.format] ?? 'text of another form';
    case 'custom':
      return clean(issue.message);
    default:
      return clean(issue.message.replace(/^Invalid input:? ?/, '')) || 'something else';
  }
}
const formats: Record<string, string> = {
  email: 'an e-mail address',
  url: 'a web address such as https://www.example.net/',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  hostname: 'a host name',
};

function hint(issue: Issue, value: unknown): string {
  if (issue.code === 'invalid_value') return meant(value, issue.values.map(String));
  const plain = typeof value === 'number' || typeof value === 'boolean';
  if (!plain || issue.code !== 'invalid_type' || issue.expected !== 'string') return '';
  return issue.message.includes('duration') ? '; write the unit with it' : '; put it in quotes';
}

const meant = (value: unknown, known: readonly string[]): string => {
  const near = typeof value === 'string' ? nearest(value, known) : null;
  return near === null ? '' : `, did you mean ${near}?`;
};

function knownKey(key: string, known: string[]): string {
  const near = nearest(key, known);
  const instead = near === null ? `the keys here are ${listOf(known, 20)}` : `did you mean ${near}?`;
  return `a known key; "${clean(key, 60)}" is none, ${instead}`;
}

/** What stands there, short: numbers and text as they are, lists and maps by their kind. */
function quote(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'string') return value === '' ? 'an empty text' : `"${clean(value, 60)}"`;
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a group of keys' : String(value);
}

function valueAt(path: Mistake['path'], data: unknown): unknown {
  let at = data;
  for (const step of path) {
    if (at === null || typeof at !== 'object' || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string | number, unknown>)[step];
  }
  return at;
}

/** The keys that the schema knows at a path; the data says which check type it is. */
function keysAt(path: Mistake['path'], data: unknown, root: z.ZodType): string[] {
  let schema = bare(root, data);
  for (const [index, step] of path.entries()) {
    const next: unknown = schema instanceof z.ZodObject ? schema.shape[step] : schema instanceof z.ZodArray ? schema.element : undefined;
    if (next === undefined) return [];
    schema = bare(next as z.ZodType, valueAt(path.slice(0, index + 1), data));
  }
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** A schema without its wraps (optional, default, …); of a union by type, the option that the value names. */
function bare(schema: z.ZodType, value: unknown): z.ZodType {
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const { type } = (value ?? {}) as { type?: unknown };
    const option = (schema.options as unknown as z.ZodObject[]).find((it) => (it.shape.type as z.ZodLiteral | undefined)?.value === type);
    return option ?? schema;
  }
  if (schema instanceof z.ZodUnion) {
    const fits = Array.isArray(value) ? z.ZodArray : z.ZodObject;
    const option = (schema.options as z.ZodType[]).map((it) => bare(it, value)).find((it) => it instanceof fits);
    return option ?? schema;
  }
  const inner = (schema.def as { innerType?: z.ZodType; in?: z.ZodType }).innerType ?? (schema.def as { in?: z.ZodType }).in;
  return inner ? bare(inner, value) : schema;
}

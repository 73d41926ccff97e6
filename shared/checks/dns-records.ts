/** Records, and holding them against what is expected. Shared by dns and propagation. */
import { z } from 'zod';
import { clean, listOf } from '../text.ts';
import { sameForm } from './dns-names.ts';

export const recordTypes = ['A', 'AAAA', 'MX', 'TXT', 'NS', 'SOA', 'CNAME', 'PTR', 'CAA', 'SRV'] as const;
export type RecordType = (typeof recordTypes)[number];

const values = z.array(z.string().trim().min(1).max(1_000)).min(1).max(20).optional();

/** What the answers are held against; several of them must all hold. */
export const expectationSettings = {
  expect: values.describe('Values that must all be among the answers; for MX and SRV the host name will do'),
  equals: values.describe('The answers must be exactly these values, in any order'),
  oneOf: values.describe('Every answer must be one of these values'),
};
export interface Expectation {
  expect?: string[] | undefined;
  equals?: string[] | undefined;
  oneOf?: string[] | undefined;
}

const mostUnwanted = 20;
/** How the answers differ from what is expected. */
export const mismatchSchema = {
  /** Expected values that were not among the answers. */
  missing: z.array(z.string()).optional(),
  /** Answers that are none of the expected values, cleaned, the first 20. */
  unwanted: z.array(z.string()).max(mostUnwanted).optional(),
};
export interface Mismatch {
  missing?: string[] | undefined;
  unwanted?: string[] | undefined;
}

/** Names and addresses compare without regard to case, final dot or the way an IPv6 address is written; TXT and CAA letter by letter. */
const formOf = (record: RecordType): ((value: string) => string) =>
  record === 'TXT' || record === 'CAA' ? (value) => clean(value, 5_000) : sameForm;

/** The ways in which one answer may be named: for MX and SRV the host name alone will do. */
function formsOf(value: string, record: RecordType): string[] {
  const form = formOf(record);
  return record === 'MX' || record === 'SRV' ? [form(value), form(value.slice(value.lastIndexOf(' ') + 1))] : [form(value)];
}

/**
 * Which expected values are not among the answers.
 * @param answers the data of the answers of the wanted kind, in full
 */
export function missingOf(expected: readonly string[], answers: readonly string[], record: RecordType): string[] {
  const form = formOf(record);
  const have = new Set(answers.flatMap((value) => formsOf(value, record)));
  return expected.filter((value) => !have.has(form(value)));
}

/** Which answers are none of the allowed values, cleaned. */
export function unwantedOf(allowed: readonly string[], answers: readonly string[], record: RecordType): string[] {
  const known = new Set(allowed.map(formOf(record)));
  return answers
    .filter((value) => !formsOf(value, record).some((form) => known.has(form)))
    .slice(0, mostUnwanted)
    .map((value) => clean(value, 300));
}

/** Holds answers against all that is expected. An empty object where nothing is expected. */
export function mismatchOf(expectation: Expectation, answers: readonly string[], record: RecordType): Mismatch {
  const { expect, equals, oneOf } = expectation;
  const found: Mismatch = {};
  const needed = [...(expect ?? []), ...(equals ?? [])];
  if (needed.length > 0) found.missing = missingOf(needed, answers, record);
  if (equals || oneOf)
    found.unwanted = [...new Set([equals, oneOf].flatMap((allowed) => (allowed ? unwantedOf(allowed, answers, record) : [])))].slice(
      0,
      mostUnwanted,
    );
  return found;
}

const isAre = (items: readonly string[], one: string, many: string): string =>
  `${listOf(items.map((value) => clean(value, 80)))} ${items.length === 1 ? one : many}`;

/** What is wrong with the answers in words, or null where all is as expected. */
export function mismatchText({ missing = [], unwanted = [] }: Mismatch): string | null {
  const parts = [
    ...(missing.length > 0 ? [isAre(missing, 'is not among the answers', 'are not among the answers')] : []),
    ...(unwanted.length > 0 ? [isAre(unwanted, 'is not expected', 'are not expected')] : []),
  ];
  return parts.length > 0 ? parts.join('; ') : null;
}

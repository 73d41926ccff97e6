/** What an answer of a DNS blocklist means (RFC 5782), and what only looks like a listing. Pure. */
import { reversed } from '../checks/dns-names.ts';
import type { Looked } from './look.ts';

/** Why nothing is known. */
export type ListSilence =
  | 'blocked-resolver'
  | 'too-many-queries'
  | 'wrong-name'
  | 'no-list'
  | 'dead-list'
  | 'lists-everything'
  | 'no-ipv6'
  | 'no-answer';

export interface ListAnswer {
  /** Null = not known. */
  listed: boolean | null;
  /** The answers of a listing, "127.0.0.2, 127.0.0.4". */
  code?: string;
  why?: ListSilence;
  /** What makes it so: a code, or why nobody answered. */
  detail?: string;
}

/** Answers by which lists say something of whoever asks (Spamhaus; the last two also of others). */
const ofAsker: Record<string, ListSilence> = {
  '127.255.255.252': 'wrong-name',
  '127.255.255.254': 'blocked-resolver',
  '127.255.255.255': 'too-many-queries',
};
/** RFC 5782, section 2.1: nothing is listed by this one, and URIBL and SURBL turn people away with it. */
const turnedAway = '127.0.0.1';
const mostCodes = 10;

/** Reads the answer to the question for an A record. */
export function readListAnswer(it: Looked): ListAnswer {
  if (!it.ok) return { listed: null, why: 'no-answer', detail: it.detail };
  const [first] = it.values;
  if (first === undefined) return { listed: false };
  for (const value of it.values) {
    const why = ofAsker[value] ?? (value.startsWith('127.255.255.') || value === turnedAway ? 'blocked-resolver' : undefined);
    if (why) return { listed: null, why, detail: value };
  }
  const strange = it.values.find((value) => !value.startsWith('127.'));
  // A parked domain, or a resolver that sends people to its own page.
  if (strange !== undefined) return { listed: null, why: 'no-list', detail: strange };
  return { listed: true, code: it.values.slice(0, mostCodes).join(', ') };
}

export type TestKind = 'ipv4' | 'ipv6' | 'domain';

/** Lists of domains whose test entry is not the one of the RFC. */
const ownTests: Record<string, string> = {
  'dbl.spamhaus.org': 'dbltest.com',
  'multi.uribl.com': 'test.uribl.com',
  'multi.surbl.org': 'test.surbl.org',
};

/** What every list must list, and what none may (RFC 5782, section 5), as names to be put before that of the list. */
export function testPoints(kind: TestKind, list: string): { listed: string; notListed: string } {
  if (kind === 'domain') return { listed: ownTests[list] ?? 'test', notListed: 'invalid' };
  return kind === 'ipv4'
    ? { listed: reversed('127.0.0.2'), notListed: reversed('127.0.0.1') }
    : { listed: reversed('::ffff:7f00:2'), notListed: reversed('::ffff:7f00:1') };
}

/** Judges a list by its test points: why its answers count for nothing, or null when they do. */
export function judgeList(kind: TestKind, listed: ListAnswer, notListed: ListAnswer): { why: ListSilence; detail: string } | null {
  for (const it of [listed, notListed]) if (it.listed === null) return { why: it.why ?? 'no-answer', detail: it.detail ?? '' };
  if (notListed.listed) return { why: 'lists-everything', detail: notListed.code ?? '' };
  return listed.listed ? null : { why: kind === 'ipv6' ? 'no-ipv6' : 'dead-list', detail: '' };
}

const meanings: Record<string, Record<string, string>> = {
  'zen.spamhaus.org': {
    '127.0.0.2': 'SBL: known for spam',
    '127.0.0.3': 'CSS: sends spam',
    '127.0.0.4': 'XBL: a computer there is taken over',
    '127.0.0.9': 'DROP: a network of criminals',
    '127.0.0.10': 'PBL: its network says that no mail should come from it',
    '127.0.0.11': 'PBL: its network says that no mail should come from it',
  },
};

/** What a list means by its answer, where that is known. */
export const meaningOf = (list: string, code: string): string | undefined =>
  code
    .split(', ')
    .map((it) => meanings[list]?.[it])
    .find((it) => it !== undefined);

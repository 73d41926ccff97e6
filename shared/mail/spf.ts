/** Reads SPF records (RFC 7208, sections 4.6 and 5). */
import { z } from 'zod';
import { fail, ok, type Result } from '../result.ts';
import { isDomainSpec } from './spf-macro.ts';
import { longestRecord } from './tags.ts';

export type Qualifier = '+' | '-' | '~' | '?';
const mechanismNames = ['all', 'include', 'a', 'mx', 'ptr', 'ip4', 'ip6', 'exists'] as const;
type MechanismName = (typeof mechanismNames)[number];

export interface Mechanism {
  name: MechanismName;
  qualifier: Qualifier;
  /** As it stands in the record. */
  text: string;
  /** Still with its macros; null = the domain of the record. */
  domain: string | null;
  /** Of ip4 and ip6. */
  network: string | null;
  /** Bits that must fit, of either family. */
  bits4: number;
  bits6: number;
}

export interface SpfRecord {
  mechanisms: Mechanism[];
  redirect: string | null;
}

/** Whether a TXT record is one of SPF (section 4.5). */
export const isSpf = (text: string): boolean => /^v=spf1(?: |$)/i.test(text.slice(0, 10));

const ipv4 = z.ipv4();
const ipv6 = z.ipv6();
const mostTerms = 200;

/** "24" as a number from 0 to `most`, written without leading zeros; null otherwise. */
const bitsOfText = (text: string, most: number): number | null =>
  /^(?:0|[1-9]\d{0,2})$/.test(text) && Number(text) <= most ? Number(text) : null;

/** The length behind a name: "/24", "//64" or both, "/24//64". */
const lengths = /(?:\/(\d+))?(?:\/\/(\d+))?$/;

function readMechanism(term: string): Mechanism | null {
  const qualifier = /^[+\-~?]/.test(term) ? (term[0] as Qualifier) : '+';
  const match = /^[+\-~?]?([a-z0-9]+)(.*)$/i.exec(term);
  const name = mechanismNames.find((it) => it === match?.[1]?.toLowerCase());
  const rest = match?.[2] ?? '';
  if (!name) return null;
  const plain: Mechanism = { name, qualifier, text: term, domain: null, network: null, bits4: 32, bits6: 128 };
  switch (name) {
    case 'all':
      return rest === '' ? plain : null;
    case 'include':
    case 'exists':
      return rest.startsWith(':') && isDomainSpec(rest.slice(1)) ? { ...plain, domain: rest.slice(1) } : null;
    case 'ptr':
      if (rest === '') return plain;
      return rest.startsWith(':') && isDomainSpec(rest.slice(1)) ? { ...plain, domain: rest.slice(1) } : null;
    case 'ip4':
    case 'ip6': {
      const [network = '', length, ...more] = rest.slice(1).split('/');
      const most = name === 'ip4' ? 32 : 128;
      const bits = length === undefined ? most : bitsOfText(length, most);
      const isNetwork = (name === 'ip4' ? ipv4 : ipv6).safeParse(network).success;
      if (!rest.startsWith(':') || !isNetwork || bits === null || more.length > 0) return null;
      return { ...plain, network, ...(name === 'ip4' ? { bits4: bits } : { bits6: bits }) };
    }
    case 'a':
    case 'mx': {
      const [found = '', four, six] = lengths.exec(rest) ?? [];
      const domain = rest.slice(0, rest.length - found.length);
      const bits4 = four === undefined ? 32 : bitsOfText(four, 32);
      const bits6 = six === undefined ? 128 : bitsOfText(six, 128);
      if (bits4 === null || bits6 === null) return null;
      if (domain !== '' && !(domain.startsWith(':') && isDomainSpec(domain.slice(1)))) return null;
      return { ...plain, domain: domain === '' ? null : domain.slice(1), bits4, bits6 };
    }
  }
}

/**
 * Reads one record.
 * @param text a record that `isSpf`
 * @returns its parts, or what is wrong with it: after "the record"
 */
export function readSpf(text: string): Result<SpfRecord, string> {
  if (text.length > longestRecord) return fail('is too long');
  const terms = text
    .split(' ')
    .filter((term) => term !== '')
    .slice(1);
  if (terms.length > mostTerms) return fail('has too many parts');
  const mechanisms: Mechanism[] = [];
  const modifiers = new Map<string, string>();
  for (const term of terms) {
    const modifier = /^([a-z][a-z0-9_.-]*)=(.*)$/is.exec(term);
    if (modifier) {
      const [, name = '', value = ''] = modifier;
      const known = name.toLowerCase();
      if (known !== 'redirect' && known !== 'exp') continue;
      if (modifiers.has(known)) return fail(`says ${known}= twice`);
      if (!isDomainSpec(value)) return fail(`has "${term.slice(0, 60)}", which names no domain`);
      modifiers.set(known, value);
      continue;
    }
    const mechanism = readMechanism(term);
    if (!mechanism) return fail(`has "${term.slice(0, 60)}", which means nothing in SPF`);
    mechanisms.push(mechanism);
  }
  return ok({ mechanisms, redirect: modifiers.get('redirect') ?? null });
}

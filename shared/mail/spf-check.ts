/** Evaluates SPF as a receiver does (RFC 7208, section 4), and counts what that costs. */
import { isWithin, reverseName, sameForm } from '../checks/dns-names.ts';
import { isInside } from '../model/cidr.ts';
import { addressesBehind, type Look, sameAddress } from './look.ts';
import { isSpf, type Mechanism, type Qualifier, readSpf } from './spf.ts';
import { expandMacros, needsAddress } from './spf-macro.ts';

export type SpfResult = 'pass' | 'fail' | 'softfail' | 'neutral' | 'none' | 'permerror' | 'temperror';

export interface SpfQuestion {
  /** The domain of the sender. */
  domain: string;
  /** Who delivers; null = nobody, whom no mechanism fits, so that everything before `all` is looked at and counted. */
  address: string | null;
  helo: string;
}

export interface SpfOutcome {
  result: SpfResult;
  /** The mechanism that decided, as it stands in the record. */
  by: string | null;
  /** What made an error. */
  problem: string | null;
  /** Mechanisms that ask the DNS; ten are allowed. */
  lookups: number;
  /** Those of them that found nothing; two are allowed. */
  voids: number;
  /** How many lookups each mechanism of the first record costs, itself included; those that cost some. */
  costs: { text: string; lookups: number }[];
}

/** Section 4.6.4. */
export const mostLookups = 10;
export const mostVoids = 2;
const mostNames = 10;
/** Counting ends somewhere, too: a record may include itself. */
const mostCounted = 40;

type Ending = Pick<SpfOutcome, 'result' | 'by' | 'problem'>;
const results: Record<Qualifier, SpfResult> = { '+': 'pass', '-': 'fail', '~': 'softfail', '?': 'neutral' };
const error = (result: 'permerror' | 'temperror', problem: string): Ending => ({ result, by: null, problem });

/** Never rejects. Asks at most some hundred questions, whatever the records say. */
export async function checkSpf(question: SpfQuestion, look: Look): Promise<SpfOutcome> {
  const { address, helo } = question;
  const counting = address === null;
  const own = sameForm(question.domain);
  const sender = `postmaster@${own}`;
  const outcome: SpfOutcome = { result: 'none', by: null, problem: null, lookups: 0, voids: 0, costs: [] };

  /** Counts a lookup; false where there have been too many. */
  const pay = (): boolean => {
    outcome.lookups += 1;
    return outcome.lookups <= (counting ? mostCounted : mostLookups);
  };
  const tooMany = (): Ending => error('permerror', `needs more than ${mostLookups} lookups`);
  /** Counts a lookup that found nothing; false where there have been too many. */
  const payVoid = (): boolean => {
    outcome.voids += 1;
    return counting || outcome.voids <= mostVoids;
  };
  const tooVoid = (): Ending => error('permerror', `leads to more than ${mostVoids} names that have no records`);

  const namesAddress = (all: readonly string[], { bits4, bits6 }: Mechanism): boolean =>
    address !== null && all.some((it) => isInside(address, `${it}/${it.includes(':') ? bits6 : bits4}`));

  /** The addresses of a name in the family that counts. @returns an ending where they cannot be had */
  async function addressesFor(name: string): Promise<string[] | Ending> {
    if (address === null) {
      const { all, failed } = await addressesBehind(name, look);
      return all.length === 0 && failed !== null ? error('temperror', failed) : all;
    }
    const found = await look(name, address.includes(':') ? 'AAAA' : 'A');
    return found.ok ? found.values : error('temperror', found.detail);
  }

  async function fits(it: Mechanism, domain: string): Promise<boolean | Ending> {
    if (it.name === 'all') return true;
    if (it.network !== null) return address !== null && isInside(address, `${it.network}/${it.name === 'ip4' ? it.bits4 : it.bits6}`);
    if (!pay()) return tooMany();
    // What only the address decides cannot be asked without one.
    if (counting && (it.name === 'ptr' || needsAddress(it.domain ?? ''))) return false;
    const name = it.domain === null ? domain : expandMacros(it.domain, { address: address ?? '192.0.2.1', domain, sender, helo });
    if (it.name === 'include') {
      const inner = await evaluate(name, false);
      if (inner.result === 'none') return error('permerror', `includes ${name}, which has no SPF record`);
      if (inner.result === 'permerror' || inner.result === 'temperror') return inner;
      return inner.result === 'pass';
    }
    if (it.name === 'ptr') return hasName(name);
    if (it.name === 'exists') {
      const found = await look(name, 'A');
      if (!found.ok) return error('temperror', found.detail);
      return found.values.length > 0 ? !counting : payVoid() ? false : tooVoid();
    }
    let names = [name];
    if (it.name === 'mx') {
      const found = await look(name, 'MX');
      if (!found.ok) return error('temperror', found.detail);
      if (found.values.length === 0) return payVoid() ? false : tooVoid();
      if (found.values.length > mostNames) return error('permerror', `uses the MX of ${name}, of which there are more than ${mostNames}`);
      names = found.values.map((value) => value.slice(value.lastIndexOf(' ') + 1));
    }
    for (const host of names) {
      const found = await addressesFor(host);
      if (!Array.isArray(found)) return found;
      if (found.length === 0 && !payVoid()) return tooVoid();
      if (namesAddress(found, it)) return true;
    }
    return false;
  }

  /** `ptr`: a name of the address that leads back to it, within the domain (section 5.5). What cannot be asked does not fit. */
  async function hasName(domain: string): Promise<boolean | Ending> {
    if (address === null) return false;
    const found = await look(reverseName(address), 'PTR');
    if (!found.ok) return false;
    if (found.values.length === 0) return payVoid() ? false : tooVoid();
    for (const name of found.values.slice(0, mostNames)) {
      if (!isWithin(name, domain)) continue;
      const back = await addressesFor(name);
      if (Array.isArray(back) && back.some((it) => sameAddress(it, address))) return true;
    }
    return false;
  }

  /** @param top it is the record of the domain itself, or what that leads on to */
  async function evaluate(domain: string, top: boolean): Promise<Ending> {
    const found = await look(domain, 'TXT');
    if (!found.ok) return error('temperror', found.detail);
    const texts = found.values.filter(isSpf);
    if (texts.length === 0) return { result: 'none', by: null, problem: null };
    if (texts.length > 1)
      return error(
        'permerror',
        `${domain === own ? 'is' : `uses ${domain}, whose record is`} there ${texts.length} times; only one may be`,
      );
    const record = readSpf(texts[0] as string);
    const whose = domain === own ? '' : `uses ${domain}, whose record `;
    if (!record.ok) return error('permerror', `${whose}${record.failure}`);
    for (const it of record.value.mechanisms) {
      const before = outcome.lookups;
      const answer = await fits(it, domain);
      if (top && outcome.lookups > before) outcome.costs.push({ text: it.text, lookups: outcome.lookups - before });
      if (typeof answer !== 'boolean') return answer;
      if (answer) return { result: counting ? 'neutral' : results[it.qualifier], by: it.text, problem: null };
    }
    const { redirect, mechanisms } = record.value;
    // Behind an `all` a redirect says nothing (section 6.1).
    if (redirect === null || mechanisms.some((it) => it.name === 'all')) return { result: 'neutral', by: null, problem: null };
    if (!pay()) return tooMany();
    if (top) outcome.costs.push({ text: `redirect=${redirect}`, lookups: 1 });
    const to = expandMacros(redirect, { address: address ?? '192.0.2.1', domain, sender, helo });
    const inner = await evaluate(to, top);
    return inner.result === 'none' ? error('permerror', `leads on to ${to}, which has no SPF record`) : inner;
  }

  const ending = await evaluate(own, true);
  return { ...outcome, ...ending };
}

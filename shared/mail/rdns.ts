/** The names of addresses that send mail: receivers want one that leads back (RFC 1912, section 2.1), and that somebody chose. */
import { ipv6Digits, reverseName } from '../checks/dns-names.ts';
import { listOf } from '../text.ts';
import { type Aspect, aspectOf, notKnown } from './aspect.ts';
import { addressesBehind, type Look, sameAddress } from './look.ts';

const mostNames = 5;
/** What networks call addresses that belong to nobody in particular. */
const nobody =
  /(?:^|[^a-z])(?:dyn|dynamic|dhcp|dsl|adsl|vdsl|pool|ppp|pppoe|cable|dial|dialup|dialin|cust|customer|clients?|static|unassigned|unused)(?=[^a-z]|$)/;

/** Whether a name is made from the address by some machine, such as 192-0-2-25.dynamic.example.net. */
export function isGeneric(name: string, address: string): boolean {
  const text = name.toLowerCase();
  const digits = ipv6Digits(address);
  if (digits) {
    // Eight nibbles in a row, or all of the host's half one by one.
    const bare = text.replace(/[.-]/g, '');
    return bare.includes(digits.slice(16)) || bare.includes([...digits.slice(16)].reverse().join(''));
  }
  const parts = address.split('.');
  const numbers: string[] = text.match(/\d+/g) ?? [];
  const has = (wanted: readonly string[]): boolean => {
    for (let at = 0; at + wanted.length <= numbers.length; at += 1)
      if (wanted.every((part, index) => Number(numbers[at + index]) === Number(part))) return true;
    return false;
  };
  const joined = [
    parts.map((part) => part.padStart(3, '0')).join(''),
    parts.map((part) => Number(part).toString(16).padStart(2, '0')).join(''),
  ];
  if (has(parts) || has([...parts].reverse()) || joined.some((it) => text.includes(it))) return true;
  return nobody.test(text) && (has(parts.slice(2)) || has(parts.slice(2).reverse()));
}

/** Whether an outbound address has a name that leads back to it (FCrDNS). */
export async function lookAtReverse(address: string, look: Look): Promise<Aspect> {
  const found = await look(reverseName(address), 'PTR');
  if (!found.ok) return notKnown('rdns', address, found.detail);
  const names = found.values.slice(0, mostNames);
  const value = found.values.join(', ');
  const say = (state: 'ok' | 'degraded', reason: string, text: string): Aspect => aspectOf('rdns', address, state, reason, text, value);
  if (names.length === 0) return say('degraded', 'no-ptr', 'has no name (PTR): many receivers take no mail from it');
  const back = await Promise.all(names.map((name) => addressesBehind(name, look)));
  const good = names.filter((_, index) => back[index]?.all.some((it) => sameAddress(it, address)));
  if (good.length === 0) {
    const failed = back.flatMap((it) => it.failed ?? [])[0];
    if (failed !== undefined) return notKnown('rdns', address, failed);
    const to = back.flatMap(({ all }) => all);
    const text = to.length === 0 ? 'has no address' : `leads to ${listOf(to)}`;
    return say('degraded', 'not-forward-confirmed', `is called ${listOf(names)}, but that name ${text}`);
  }
  if (good.every((name) => isGeneric(name, address)))
    return say(
      'degraded',
      'generic-name',
      `is called ${good[0]}, which looks like the name of an address in nobody's use: some receivers refuse it`,
    );
  return say(
    'ok',
    'ok',
    `is called ${listOf(good)}, which leads back to it${names.length > 1 && good.length < names.length ? '; its other names do not' : ''}`,
  );
}

/** Whether the name by which servers introduce themselves (HELO) can be found. */
export async function lookAtHelo(helo: string, look: Look): Promise<Aspect> {
  const { all, failed } = await addressesBehind(helo, look);
  if (failed !== null) return notKnown('rdns', helo, failed);
  const value = [...all].sort().join(', ');
  return all.length > 0
    ? aspectOf('rdns', helo, 'ok', 'ok', `the name in HELO leads to ${listOf(all)}`, value)
    : aspectOf(
        'rdns',
        helo,
        'degraded',
        'helo-not-found',
        'the servers introduce themselves by this name (HELO), which has no address',
        value,
      );
}

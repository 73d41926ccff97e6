/** Where mail for a domain is delivered (RFC 5321, section 5.1), and whether that place can be found. */

import { sameForm } from '../checks/dns-names.ts';
import { bitsOf } from '../model/cidr.ts';
import { count, listOf } from '../text.ts';
import { type Aspect, aspectOf, downWhereAll, notKnown } from './aspect.ts';
import { addressesBehind, type Look } from './look.ts';

export interface MxHost {
  name: string;
  addresses: string[];
}
export interface MxFound {
  aspects: Aspect[];
  /** Null where it is not known. */
  hosts: MxHost[] | null;
  /** The MX records themselves come authenticated. */
  authenticated: boolean;
}

/** More are told by their number. */
export const mostHosts = 10;
/** A host of its own takes the mail where there is no MX record. */
const broken: ReadonlySet<string> = new Set(['mx-not-found', 'mx-is-address']);

/**
 * Looks up the MX records and the hosts behind them.
 * @param expected host names that must be there and no others; empty = no mail is wanted at all; undefined = any
 */
export async function lookAtMx(domain: string, expected: readonly string[] | undefined, look: Look): Promise<MxFound> {
  const found = await look(domain, 'MX');
  if (!found.ok) {
    const wrong = 'the signatures of the zone are wrong: senders that check them cannot find where mail goes';
    const aspect = found.bogus ? aspectOf('mx', domain, 'down', 'mx-bogus', wrong) : notKnown('mx', domain, found.detail);
    return { aspects: [aspect], hosts: null, authenticated: false };
  }
  const { authenticated } = found;
  const only = (state: 'ok' | 'degraded' | 'down', reason: string, text: string, value: string, hosts: MxHost[] = []): MxFound => ({
    aspects: [aspectOf('mx', domain, state, reason, text, value)],
    hosts,
    authenticated,
  });
  if (!found.exists) return only('down', 'domain-not-found', `${domain} does not exist`, '');
  const records = found.values.map(readMx).sort((a, b) => a.preference - b.preference || (a.name < b.name ? -1 : 1));
  const value = records.map((it) => `${it.preference} ${it.name}`).join(', ');
  // RFC 7505.
  if (records.length > 0 && records.every(({ name }) => name === '.')) {
    const wanted = expected?.length === 0;
    return only(wanted ? 'ok' : 'down', wanted ? 'ok' : 'null-mx', 'the domain says that it takes no mail (null MX)', value);
  }
  if (records.length === 0) {
    const { all, failed } = await addressesBehind(domain, look);
    if (all.length === 0 && failed !== null) return { aspects: [notKnown('mx', domain, failed)], hosts: null, authenticated };
    return all.length === 0
      ? only('down', 'no-mx', 'there is no MX record, and no address either: nobody can deliver mail', value)
      : only('degraded', 'no-mx', 'there is no MX record: mail goes to the address of the domain itself', value, [
          { name: sameForm(domain), addresses: all },
        ]);
  }
  const hosts = records.filter(({ name }) => name !== '.');
  const checked = await Promise.all(hosts.slice(0, mostHosts).map(({ name }) => lookAtHost(name, look)));
  return {
    aspects: [
      ofRecords(
        domain,
        hosts.map(({ name }) => name),
        expected,
        records.length - hosts.length,
        value,
      ),
      ...downWhereAll(
        checked.map(({ aspect }) => aspect),
        ({ reason }) => broken.has(reason),
      ),
    ],
    hosts: checked.map(({ host }) => host),
    authenticated,
  };
}

function readMx(value: string): { preference: number; name: string } {
  const space = value.indexOf(' ');
  return { preference: Number(value.slice(0, space)) || 0, name: sameForm(value.slice(space + 1)) };
}

function ofRecords(
  domain: string,
  names: readonly string[],
  expected: readonly string[] | undefined,
  nulls: number,
  value: string,
): Aspect {
  const say = (state: 'ok' | 'degraded' | 'down', reason: string, text: string): Aspect =>
    aspectOf('mx', domain, state, reason, text, value);
  if (nulls > 0) return say('degraded', 'null-mx', `there is a null MX beside ${listOf(names)}: some take it that no mail is wanted`);
  const wanted = (expected ?? names).map(sameForm);
  const missing = wanted.filter((name) => !names.includes(name));
  const strange = names.filter((name) => !wanted.includes(name));
  if (wanted.length > 0 && missing.length === wanted.length)
    return say('down', 'mx-elsewhere', `mail is sent to ${listOf(names)}, not to ${listOf(wanted)}`);
  if (strange.length > 0) return say('degraded', 'mx-unexpected', `${listOf(strange)} is not expected to take mail`);
  if (missing.length > 0) return say('degraded', 'mx-missing', `${listOf(missing)} is missing among the MX records`);
  return say('ok', 'ok', `mail goes to ${listOf([...new Set(names)])}`);
}

async function lookAtHost(name: string, look: Look): Promise<{ aspect: Aspect; host: MxHost }> {
  const none = { name, addresses: [] };
  if (bitsOf(name) !== null)
    return {
      aspect: aspectOf(
        'mx',
        name,
        'degraded',
        'mx-is-address',
        'is an address where a host name belongs: hardly anybody delivers there',
        '',
      ),
      host: none,
    };
  const { all, alias, failed } = await addressesBehind(name, look);
  if (failed !== null) return { aspect: notKnown('mx', name, failed), host: { name, addresses: all } };
  const value = [...all].sort().join(', ');
  if (all.length === 0)
    return { aspect: aspectOf('mx', name, 'degraded', 'mx-not-found', 'has no address: no mail gets there', value), host: none };
  const host = { name, addresses: all };
  // RFC 2181, section 10.3.
  if (alias !== null)
    return {
      aspect: aspectOf('mx', name, 'degraded', 'mx-alias', `is only another name for ${alias} (CNAME), which an MX must not be`, value),
      host,
    };
  return { aspect: aspectOf('mx', name, 'ok', 'ok', `leads to ${count(all.length, 'address', 'addresses')}`, value), host };
}

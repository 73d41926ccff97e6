/** What is to be said of a domain's SPF record, and of each address that sends for it. */
import { sameForm } from '../checks/dns-names.ts';
import { count } from '../text.ts';
import { type Aspect, type AspectKind, aspectOf, downWhereAll, notKnown, notThere } from './aspect.ts';
import type { Look } from './look.ts';
import { isSpf, type Qualifier, readSpf } from './spf.ts';
import { checkSpf, mostLookups, mostVoids, type SpfOutcome } from './spf-check.ts';

export interface SpfWish {
  domain: string;
  /** What the servers call themselves. */
  helo: string;
  outbound: readonly string[];
  required: ReadonlySet<AspectKind>;
}

export async function lookAtSpf(wish: SpfWish, look: Look): Promise<Aspect[]> {
  const { domain, outbound, required, helo } = wish;
  const found = await look(domain, 'TXT');
  if (!found.ok) return [notKnown('spf', domain, found.detail)];
  const records = found.values.filter(isSpf);
  if (records.length === 0)
    return [notThere('spf', domain, required, 'there is no SPF record: anybody may send in the name of this domain')];
  const counted = await checkSpf({ domain, address: null, helo }, look);
  const own = ofRecord(domain, records, counted);
  const each = await Promise.all(
    outbound.map(async (address) => ofAddress(address, domain, await checkSpf({ domain, address, helo }, look))),
  );
  return [own, ...downWhereAll(each, ({ reason }) => reason === 'spf-fail')];
}

function ofRecord(domain: string, records: readonly string[], it: SpfOutcome): Aspect {
  const value = [...records].sort().join(' | ');
  const say = (state: Aspect['state'], reason: string, text: string): Aspect => aspectOf('spf', domain, state, reason, text, value);
  if (records.length > 1) return say('degraded', 'spf-many', `there are ${records.length} SPF records; only one may be, so none counts`);
  const costs = [...it.costs]
    .sort((a, b) => b.lookups - a.lookups)
    .slice(0, 4)
    .map(({ text, lookups }) => `${text.slice(0, 60)} ${lookups}`)
    .join(', ');
  if (it.lookups > mostLookups)
    return say(
      'degraded',
      'spf-lookups',
      `the record needs ${it.lookups} lookups, more than the ${mostLookups} that are allowed (${costs})`,
    );
  if (it.result === 'permerror')
    return say('degraded', 'spf-broken', `the record ${it.problem ?? 'is wrong'}: receivers treat it as an error`);
  if (it.result === 'temperror') return { ...notKnown('spf', domain, `what the record leads to: ${it.problem ?? 'no answer'}`), value };
  if (it.voids > mostVoids)
    return say(
      'degraded',
      'spf-void',
      `the record leads to ${it.voids} names without records, more than the ${mostVoids} that are allowed`,
    );
  const end = endOf(records[0] as string);
  if (end === '+') return say('degraded', 'spf-all', 'the record allows everybody to send (+all)');
  const words = { '-': 'others are refused (-all)', '~': 'others are suspect (~all)', '?': 'nothing is said of others (?all)' };
  const rest =
    end === null ? 'nothing is said of others (no all)' : end === 'redirect' ? 'the rest stands elsewhere (redirect)' : words[end];
  const near = it.lookups >= mostLookups - 1 ? `, of ${mostLookups} that are allowed` : '';
  return say('ok', 'ok', `${rest}; ${count(it.lookups, 'lookup')}${near}`);
}

/** What the record says of everybody else. */
function endOf(record: string): Qualifier | 'redirect' | null {
  const read = readSpf(record);
  if (!read.ok) return null;
  return read.value.mechanisms.find(({ name }) => name === 'all')?.qualifier ?? (read.value.redirect === null ? null : 'redirect');
}

function ofAddress(address: string, domain: string, it: SpfOutcome): Aspect {
  const by = it.by === null ? '' : ` (${it.by.slice(0, 100)})`;
  const say = (state: Aspect['state'], reason: string, text: string): Aspect => aspectOf('spf', address, state, reason, text, it.result);
  switch (it.result) {
    case 'pass':
      return say('ok', 'ok', `may send for ${sameForm(domain)}${by}`);
    case 'fail':
      return say('degraded', 'spf-fail', `may not send for ${domain}${by}: receivers refuse its mail`);
    case 'softfail':
      return say('degraded', 'spf-softfail', `is not named as a sender of ${domain}${by}: its mail is suspect`);
    case 'temperror':
      return notKnown('spf', address, it.problem ?? 'no answer');
    case 'permerror':
      return say('degraded', 'spf-broken', `cannot be judged: the record ${it.problem ?? 'is wrong'}`);
    default:
      return say('degraded', 'spf-neutral', `the record says nothing of it${by}: it should be named as a sender`);
  }
}

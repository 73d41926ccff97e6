/** What DNS checks see in a drill's world. */
import type { DelegationConfig, DelegationFacts, HostAddresses } from '../../shared/checks/delegation.ts';
import type { DnsConfig, DnsFacts } from '../../shared/checks/dns.ts';
import type { PropagationConfig, PropagationFacts } from '../../shared/checks/propagation.ts';
import type { ZoneConfig, ZoneFacts, ZoneServer } from '../../shared/checks/zone.ts';
import type { Failure } from '../../shared/model/words.ts';
import { DAY } from '../../shared/time.ts';
import { fixedOf, latencyOf } from './random.ts';
import { type Answer, isCutOff, isDark, tidy } from './world-contact.ts';
import { isServer, isWithin, mismatchFor, type NameServer, serversOf, valuesFor, type World, zoneOf } from './world-dns-servers.ts';
import { isOf } from './world-faults.ts';
import { desk } from './world-ways.ts';

const medianOf = (all: readonly number[]): number => [...all].sort((a, b) => a - b)[all.length >> 1] ?? 0;

export const lookup: Answer<DnsConfig, DnsFacts> = (asked) => {
  const { config, chance, timeoutMs, place } = asked;
  const query = String(config.query);
  const isSystem = config.server === 'system';
  const ownMs = latencyOf(fixedOf(`resolver ${config.server}`, 2, 12), chance);
  const name = isSystem ? '192.0.2.53' : config.server;
  const silent = (): { facts: DnsFacts; tookMs: number } => ({
    facts: { server: name, tries: 3, failure: { code: 'timeout', detail: `no answer from ${name}` } },
    tookMs: timeoutMs,
  });
  // The resolver of an agent stands beside it, and finds what is on this side of a cut.
  const isBeside = isSystem && place.check.vantage !== desk;
  if (isBeside ? isDark(asked) : isSystem && isCutOff(asked)) return silent();
  const zone = zoneOf(asked, query);
  const direct = isSystem ? null : serversOf(asked, zone ?? query, [config.server])[0];
  const isOurs = direct?.spot !== null && direct !== undefined && direct !== null;
  if (!isSystem && !isOurs && isCutOff(asked)) return silent();
  if (direct && isOurs) {
    if (direct.state === 'silent') return silent();
    if (direct.state === 'refused') {
      const failure: Failure = { code: 'refused', detail: `connection refused by ${name}` };
      return { facts: { server: name, transport: 'udp', tries: 1, failure }, tookMs: direct.ms };
    }
  }
  // A resolver asks the servers of the zone in turn, and takes what the first has that answers.
  const asking = isOurs && direct ? [direct] : zone === null ? [] : serversOf(asked, zone);
  const heard = asking.find((it) => it.state === 'answers' || it.state === 'wrong');
  const ms = tidy(ownMs + (isOurs && direct ? direct.ms : 0));
  const base: DnsFacts = {
    server: name,
    transport: 'udp',
    ms,
    tries: 1,
    flags: { aa: isOurs, tc: false, ad: config.ad && !isOurs, ra: !isOurs },
  };
  const isLost = asking.length === 0 && isBeside && isCutOff(asked);
  if (isLost || (asking.length > 0 && !heard)) return { facts: { ...base, rcode: 'SERVFAIL', answers: [], found: 0 }, tookMs: ms };
  const isWrong = heard?.state === 'wrong';
  const values = heard?.state === 'wrong' ? [...heard.wrong] : valuesFor(config.record, query, config);
  const answers = values.map((data) => ({ name: query, type: config.record, ttl: 300, data: data.slice(0, 300) }));
  return {
    facts: { ...base, rcode: 'NOERROR', answers, found: answers.length, ...mismatchFor(config, isWrong ? values : []) },
    tookMs: ms,
  };
};

/** Years, months and days, and the second change of that day, as serials are often written. */
const serialOf = (start: number): number => Number(new Date(start - DAY).toISOString().slice(0, 10).replaceAll('-', '')) * 100 + 2;

export const zoneServers: Answer<ZoneConfig, ZoneFacts> = (asked) => {
  const { config, moment, start, timeoutMs } = asked;
  const open = serversOf(asked, config.zone, config.servers);
  const primary = config.primary === undefined ? undefined : serversOf(asked, config.zone, [config.primary])[0];
  const isHidden =
    primary !== undefined && !open.some((it) => it.host === primary.host || (it.address !== undefined && it.address === primary.address));
  const newest = serialOf(start);
  const facts = (it: NameServer, hidden: boolean): ZoneServer => {
    const known: ZoneServer = { name: it.text, address: it.address, port: it.port, ...(hidden && { hidden }) };
    if (it.state === 'silent') return { ...known, failure: { code: 'timeout', detail: `no answer from ${it.host}` } };
    if (it.state === 'refused') return { ...known, failure: { code: 'refused', detail: `connection refused by ${it.host}` } };
    if (it.state === 'servfail') return { ...known, rcode: 'SERVFAIL', aa: false, transport: 'udp', ms: it.ms };
    const behind = it.stale?.by ?? 0;
    return {
      ...known,
      rcode: 'NOERROR',
      aa: true,
      serial: newest - behind,
      behind,
      ...(it.stale && behind !== 0 && { behindMs: moment.at - it.stale.since }),
      ...(config.signed && { signature: { from: moment.at - 5 * DAY, until: moment.at + 9 * DAY } }),
      transport: 'udp',
      ms: it.ms,
    };
  };
  const all = [...open.map((it) => facts(it, false)), ...(primary && isHidden ? [facts(primary, true)] : [])];
  const good = all.filter((it) => it.serial !== undefined);
  const leading = primary ? good.filter((it) => it.name === primary.text || it.address === primary.address) : good;
  const serial = leading.length === 0 ? undefined : Math.max(...leading.map((it) => it.serial ?? 0));
  const from = leading.find((it) => it.serial === serial)?.name;
  const isSilent = all.some((it) => it.failure?.code === 'timeout');
  return {
    facts: {
      servers: all,
      ...(serial !== undefined && { serial, serialFrom: from }),
      ...(config.signed && config.resolver !== 'system' && { validation: 'valid' as const }),
    },
    tookMs: isSilent ? timeoutMs : medianOf(open.map((it) => it.ms)) * 2,
  };
};

export const delegated: Answer<DelegationConfig, DelegationFacts> = (asked) => {
  const { config, chance, timeoutMs } = asked;
  if (isCutOff(asked)) return { facts: { failure: { code: 'timeout', detail: 'no server of the zone above answers' } }, tookMs: timeoutMs };
  const servers = serversOf(asked, config.zone);
  const names = servers.map((it) => it.host);
  const replaced = replacedIn(asked, config.zone, servers);
  // It was replaced, and the zone above was not told.
  const above = names.map((name, index) => (index === replaced ? `old-${name}` : name));
  const addresses: HostAddresses[] = servers.map((it) => ({ name: it.host, addresses: [it.address ?? inventedAddress(it.host)] }));
  const glue = above
    .filter((name) => isWithin(name, config.zone))
    .map((name) => addresses.find((it) => it.name === name) ?? { name, addresses: [inventedAddress(name)] });
  const ms = latencyOf(14, chance);
  const failures: Partial<Record<NameServer['state'], Failure>> = {
    silent: { code: 'timeout', detail: 'no answer' },
    refused: { code: 'refused', detail: 'connection refused' },
  };
  const own = servers.map((it) => {
    const failure = failures[it.state];
    const address = it.address === undefined ? {} : { address: it.address };
    if (failure) return { name: it.host, ...address, failure };
    if (it.state === 'servfail') return { name: it.host, ...address, rcode: 'SERVFAIL', aa: false, ms: it.ms };
    return { name: it.host, ...address, rcode: 'NOERROR', aa: true, ns: names, ms: it.ms };
  });
  const gone = replaced !== null ? [{ name: above[replaced] ?? '', failure: { code: 'timeout', detail: 'no answer' } as Failure }] : [];
  return {
    facts: {
      parents: [{ name: 'ns.parent.example', address: '198.51.100.53', rcode: 'NOERROR', ns: above, glue, ms }],
      servers: [...own, ...gone],
      addresses,
    },
    tookMs: replaced !== null || own.some((it) => 'failure' in it) ? timeoutMs * 0.8 : 4 * ms,
  };
};
/** Which server the zone above names by an old name: the one that the fault names, or the last; null = all is right. */
function replacedIn(asked: World, zone: string, servers: readonly NameServer[]): number | null {
  const fault = asked.moment.spells.find(
    (it) => isOf('dns', it) && it.fault.mode === 'delegation-mismatch' && isWithin(zone, it.fault.dns),
  )?.fault;
  if (!fault || !('dns' in fault)) return null;
  const named = fault.server === undefined ? -1 : servers.findIndex((it) => isServer(asked, fault.server ?? '', it.host, it.spot));
  return named === -1 ? servers.length - 1 : named;
}

const inventedAddress = (name: string): string => `203.0.113.${Math.floor(fixedOf(`address ${name}`, 1, 254))}`;

export const propagated: Answer<PropagationConfig, PropagationFacts> = (asked) => {
  const { config, chance, timeoutMs } = asked;
  const offline = isCutOff(asked);
  const zone = zoneOf(asked, config.query);
  const servers = zone === null ? [] : serversOf(asked, zone);
  const answering = servers.filter((it) => it.state === 'answers' || it.state === 'wrong');
  const fine = valuesFor(config.record, config.query, config);
  const resolvers = config.resolvers.map((name, index) => {
    const ms = latencyOf(fixedOf(`resolver ${name}`, 8, 45), chance);
    if (offline) return { name, outcome: 'failed' as const, failure: { code: 'timeout', detail: `no answer from ${name}` } as Failure };
    if (servers.length > 0 && answering.length === 0) return { name, outcome: 'failed' as const, rcode: 'SERVFAIL', ms };
    // Each resolver asked another one of the servers.
    const from = answering[index % Math.max(1, answering.length)];
    if (from?.state === 'wrong') return { name, outcome: 'old' as const, values: [...from.wrong], ttl: 300, ms };
    if (from?.stale) return { name, outcome: 'old' as const, values: ['203.0.113.7'], ttl: 300, ms };
    return { name, outcome: 'seen' as const, values: fine.slice(0, 5), ttl: 300, ms };
  });
  return { facts: { resolvers }, tookMs: offline ? timeoutMs : 60 };
};

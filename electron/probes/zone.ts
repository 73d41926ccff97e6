/** Asks each name server of a zone once for its SOA record. */
import type packet from 'dns-packet';
import { newestSerial, readServer, sameForm, serialBehind, serverName } from '../../shared/checks/dns-names.ts';
import type { ZoneConfig, ZoneFacts, ZoneServer } from '../../shared/checks/zone.ts';
import { clean } from '../../shared/text.ts';
import { humanDuration } from '../../shared/time.ts';
import { ask } from './dns-ask.ts';
import type { Reply } from './dns-reply.ts';
import { type Finder, locate, nameServersOf, resolversOf, type Spot } from './dns-servers.ts';
import type { Probe, ProbeContext } from './types.ts';

/** Since when a server has been seen out of step, by address and port; monotonic ms. */
type OutOfStep = ReadonlyMap<string, number>;

export const probeZone: Probe<ZoneConfig, ZoneFacts> = async (config, context) => {
  const begin = context.monotonic();
  const { resolver, family, port } = config;
  const finder: Finder = { resolver, family, port, limitMs: context.timeoutMs / 4, context };
  const names = config.servers ? { ok: true as const, value: config.servers } : await nameServersOf(config.zone, finder);
  if (!names.ok) return { failure: names.failure };
  const [open, primary] = await Promise.all([
    locate(names.value, finder),
    locate(config.primary === undefined ? [] : [config.primary], finder),
  ]);
  const tookMs = context.monotonic() - begin;
  // With little time left, silence would say nothing about the servers.
  if (tookMs > context.timeoutMs * 0.6)
    return {
      failure: {
        code: 'resolver-failed',
        detail: `looking up the name servers took ${humanDuration(tookMs)}: no time was left to ask them`,
      },
    };

  const same = (a: Spot, b: Spot): boolean =>
    a.server !== undefined && a.server.address === b.server?.address && a.server.port === b.server.port;
  const hidden = primary.filter((it) => !open.some((other) => same(it, other)));
  const [answers, validation] = await Promise.all([
    Promise.all([...open.map((it) => askServer(it, false)), ...hidden.map((it) => askServer(it, true))]),
    config.signed && resolver !== 'system' ? validate(config, context) : {},
  ]);
  return { servers: answers, ...compare(answers), ...validation };

  async function askServer({ label, server, failure }: Spot, isHidden: boolean): Promise<ZoneServer> {
    const known: ZoneServer = {
      name: clean(label, 300),
      address: server?.address,
      port: server?.port,
      ...(isHidden ? { hidden: true } : {}),
    };
    if (!server) return { ...known, failure };
    // One question a round: servers that limit the rate of their answers are not driven to it.
    const asked = await ask({ name: config.zone, type: 'SOA', recurse: false, signatures: config.signed }, [server], context);
    if (!asked.reply) return { ...known, failure: asked.failure };
    return { ...known, ...soaOf(asked.reply, config, context.now()), transport: asked.transport, ms: asked.ms };
  }

  /** Works out who is out of step, and for how long. */
  function compare(servers: ZoneServer[]): Pick<ZoneFacts, 'serial' | 'serialFrom'> {
    const good = servers.filter((it) => it.serial !== undefined && it.aa === true);
    const wanted = config.primary === undefined ? null : primary;
    const isPrimary = (it: ZoneServer): boolean =>
      wanted?.some(({ server }) => server !== undefined && server.address === it.address && server.port === it.port) ?? true;
    const leading = good.filter(isPrimary);
    const serial = newestSerial(leading.map((it) => it.serial as number));
    // Without the primary nobody knows which serial is right.
    if (serial === undefined) return {};
    const now = context.monotonic();
    const late = new Map<string, number>();
    const before = context.remember<OutOfStep>(late);
    for (const it of servers) {
      const key = serverName(it.address ?? it.name, it.port ?? 0);
      const since = before?.get(key);
      if (!good.includes(it)) {
        // Silence does not tell that it caught up.
        if (since !== undefined) late.set(key, since);
        continue;
      }
      it.behind = serialBehind(it.serial as number, serial);
      if (it.behind === 0) continue;
      late.set(key, since ?? now);
      it.behindMs = Math.round(now - (since ?? now));
    }
    const from = leading.find((it) => it.serial === serial);
    return { serial, serialFrom: config.primary !== undefined ? readServer(config.primary)?.host : from?.name };
  }
};

/** What an answer says of the zone. */
function soaOf(reply: Reply, config: ZoneConfig, now: number): Partial<ZoneServer> {
  const own = (reply.answers ?? []).filter((it) => sameForm(it.name) === sameForm(config.zone));
  const soa = own.find((it) => it.type === 'SOA');
  const serial = soa?.data.serial;
  return {
    rcode: reply.rcode,
    aa: reply.flag_aa,
    ...(serial === undefined ? {} : { serial }),
    ...(config.signed && serial !== undefined ? { signature: signatureOf(own, now) } : {}),
  };
}

/** The signature of the SOA record that holds longest, or null. */
function signatureOf(records: readonly packet.Answer[], now: number): ZoneServer['signature'] {
  const all = records.flatMap((it) =>
    it.type === 'RRSIG' && it.data.typeCovered === 'SOA'
      ? [{ from: timeOf(it.data.inception, now), until: timeOf(it.data.expiration, now) }]
      : [],
  );
  // During a change of keys there may be several, of which one that holds is enough.
  const holding = all.filter((it) => it.from <= now);
  const pick = (some: typeof all) => some.reduce<(typeof all)[0] | null>((best, it) => (best && best.until >= it.until ? best : it), null);
  return pick(holding) ?? pick(all);
}

/** Times in signatures are seconds in 32 bits, read as the moment nearest to now (RFC 4034, section 3.1.5). @returns epoch ms */
function timeOf(seconds: number, now: number): number {
  const nowSeconds = Math.floor(now / 1_000);
  return (nowSeconds + ((seconds - nowSeconds) | 0)) * 1_000;
}

/** Asks the validating resolver whether the signatures hold. */
async function validate(config: ZoneConfig, context: ProbeContext): Promise<Pick<ZoneFacts, 'validation' | 'validationFailure'>> {
  const resolvers = resolversOf(config.resolver);
  const question = { name: config.zone, type: 'SOA', signatures: true } as const;
  const limitMs = context.timeoutMs * 0.35;
  const { reply, failure } = await ask(question, resolvers, context, limitMs);
  if (!reply) return { validationFailure: failure };
  if (reply.rcode === 'NOERROR') return { validation: reply.flag_ad ? 'valid' : 'insecure' };
  const unknown = { validationFailure: { code: 'resolver-failed' as const, detail: `${config.resolver} answers ${reply.rcode}` } };
  if (reply.rcode !== 'SERVFAIL') return unknown;
  // Answered only when it does not look at the signatures: so it is them.
  const unchecked = await ask({ ...question, unchecked: true }, resolvers, context, limitMs);
  return unchecked.reply?.rcode === 'NOERROR' ? { validation: 'bogus' } : unknown;
}

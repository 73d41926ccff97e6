/** Reads state and counters of one network interface (IF-MIB, RFC 2863). */
import type { Varbind } from 'net-snmp';
import { type CounterSample, ratesOf } from '../../shared/checks/snmp-rates.ts';
import type { InterfaceFacts, SnmpConfig } from '../../shared/checks/snmp-settings.ts';
import type { Failure } from '../../shared/model/words.ts';
import { ok, type Result } from '../../shared/result.ts';
import { type Agent, type Reader, upTimeOid } from './snmp-agent.ts';
import { numberOf, textOf, wholeOf } from './snmp-value.ts';
import type { ProbeContext } from './types.ts';

const ifTable = '1.3.6.1.2.1.2.2.1';
const ifXTable = '1.3.6.1.2.1.31.1.1.1';
const describing = {
  name: `${ifXTable}.1`,
  description: `${ifTable}.2`,
  alias: `${ifXTable}.18`,
  admin: `${ifTable}.7`,
  status: `${ifTable}.8`,
  speed: `${ifTable}.5`,
  highSpeed: `${ifXTable}.15`,
} as const;
const counting = {
  discontinuity: `${ifXTable}.19`,
  in64: `${ifXTable}.6`,
  out64: `${ifXTable}.10`,
  in32: `${ifTable}.10`,
  out32: `${ifTable}.16`,
  inErrors: `${ifTable}.14`,
  outErrors: `${ifTable}.20`,
  inDrops: `${ifTable}.13`,
  outDrops: `${ifTable}.19`,
} as const;
/** Large routers have a few thousand. */
const mostInterfaces = 10_000;
/** The newest sample is kept in place of the one before only after this: probes in quick succession would never tell a rate. */
const renewMs = 4_000;

interface Memory {
  index: number;
  sample: CounterSample | undefined;
}

export const readInterface: Reader = async (config, context, agent) => {
  // Put back where this probe fails: the next one measures over the longer time then.
  const before = context.remember<Memory | null>(null) ?? null;
  const found = await read(config, context, agent, before);
  context.remember<Memory | null>(found.ok ? found.value.memory : before);
  return found.ok ? ok(found.value.facts) : found;
};

type Read = { facts: Awaited<ReturnType<Reader>> extends Result<infer F, Failure> ? F : never; memory: Memory | null };

async function read(config: SnmpConfig, context: ProbeContext, agent: Agent, before: Memory | null): Promise<Result<Read, Failure>> {
  const wanted = config.interface ?? '';
  let index = typeof wanted === 'number' ? wanted : before?.index;
  let described = index === undefined ? null : await columns(agent, describing, index);
  if (described && !described.ok) return described;
  if (!described || (typeof wanted === 'string' && !isNamed(described.value.columns, wanted))) {
    const looked = await indexOf(agent, String(wanted));
    if (!looked.ok) return looked;
    index = looked.value;
    context.note(index === undefined ? 'the device lists no interface of this name' : `${wanted} is interface ${index}`);
    if (index === undefined) return ok({ facts: { noInterface: true }, memory: null });
    described = await columns(agent, describing, index);
    if (!described.ok) return described;
  }
  const it = described.value.columns;
  const place = index as number;
  const upTicks = wholeOf(described.value.upTime);
  const agentUp = upTicks === undefined ? {} : { agentUpSeconds: Number(upTicks / 100n) };
  // By its number: every interface has a state.
  if (numberOf(it.status) === undefined && textOf(it.description) === undefined && textOf(it.name) === undefined)
    return ok({ facts: { ...agentUp, noInterface: true }, memory: null });
  const counted = await columns(agent, counting, place);
  if (!counted.ok) return counted;
  const sample = sampleOf(place, counted.value, context.monotonic());
  const speed = speedOf(config, it);
  const rates = ratesOf(before?.index === place ? before.sample : undefined, sample, speed);
  const facts: InterfaceFacts = { index: place, counterBits: sample.bits, ...rates };
  const put = <K extends keyof InterfaceFacts>(key: K, value: InterfaceFacts[K] | undefined): void => {
    if (value !== undefined) facts[key] = value;
  };
  put('name', textOf(it.name));
  put('description', textOf(it.description));
  put('alias', textOf(it.alias));
  put('admin', numberOf(it.admin));
  put('status', numberOf(it.status));
  put('speed', speed);
  context.note(`state ${facts.status ?? 'not told'}, ${rates.noRates ? `no rates (${rates.noRates})` : 'with rates'}`);
  const kept = rates.noRates === 'too-soon' && before?.sample && sample.at - before.sample.at < renewMs * 2 ? before.sample : sample;
  return ok({ facts: { ...agentUp, interface: facts }, memory: { index: place, sample: kept } });
}

interface Columns<K extends string> {
  upTime: Varbind | undefined;
  columns: Record<K, Varbind | undefined>;
}

/** Some columns of one row, with the agent's clock at that moment, in one question. */
async function columns<K extends string>(agent: Agent, wanted: Record<K, string>, index: number): Promise<Result<Columns<K>, Failure>> {
  const names = Object.keys(wanted) as K[];
  const answer = await agent.get([upTimeOid, ...names.map((name) => `${wanted[name]}.${index}`)]);
  if (!answer.ok) return answer;
  const [upTime, ...found] = answer.value;
  return ok({ upTime, columns: Object.fromEntries(names.map((name, at) => [name, found[at]])) as Columns<K>['columns'] });
}

const isNamed = (it: { name: Varbind | undefined; description: Varbind | undefined }, wanted: string): boolean =>
  textOf(it.name, 255) === wanted || textOf(it.description, 255) === wanted;

/** Looks an interface up by ifName, then by ifDescr. */
async function indexOf(agent: Agent, wanted: string): Promise<Result<number | undefined, Failure>> {
  for (const column of [describing.name, describing.description]) {
    const rows = await agent.column(column, mostInterfaces);
    if (!rows.ok) return rows;
    const row = rows.value.find(({ index, varbind }) => /^\d{1,10}$/.test(index) && textOf(varbind, 255) === wanted);
    if (row) return ok(Number(row.index));
  }
  return ok(undefined);
}

function sampleOf(index: number, { upTime, columns: it }: Columns<keyof typeof counting>, at: number): CounterSample {
  const [in64, out64] = [wholeOf(it.in64), wholeOf(it.out64)];
  const bits = in64 === undefined && out64 === undefined ? 32 : 64;
  return {
    at,
    upTicks: wholeOf(upTime),
    discontinuity: wholeOf(it.discontinuity),
    index,
    octets: bits === 64 ? { in: in64, out: out64 } : { in: wholeOf(it.in32), out: wholeOf(it.out32) },
    errors: { in: wholeOf(it.inErrors), out: wholeOf(it.outErrors) },
    drops: { in: wholeOf(it.inDrops), out: wholeOf(it.outDrops) },
    bits,
  };
}

/** Bits per second. ifSpeed ends at 4.29 Gbit/s, where ifHighSpeed goes on; 0 is how both say that they do not know. */
function speedOf(config: SnmpConfig, it: { speed: Varbind | undefined; highSpeed: Varbind | undefined }): number | undefined {
  if (config.speed !== undefined) return config.speed * 1e6;
  const high = numberOf(it.highSpeed);
  if (high !== undefined && high > 0) return high * 1e6;
  const speed = numberOf(it.speed);
  return speed !== undefined && speed > 0 && speed < 4_294_967_295 ? speed : undefined;
}

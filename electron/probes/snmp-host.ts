/** Reads load, memory and disks of a host (HOST-RESOURCES-MIB, RFC 2790, and net-snmp's UCD-SNMP-MIB). */
import type { SnmpConfig, SnmpFacts } from '../../shared/checks/snmp-settings.ts';
import type { Failure } from '../../shared/model/words.ts';
import { ok, type Result } from '../../shared/result.ts';
import { type Agent, type Reader, type Row, upTimeOid } from './snmp-agent.ts';
import { numberOf, textOf } from './snmp-value.ts';

const ucd = '1.3.6.1.4.1.2021';
const hostResources = '1.3.6.1.2.1.25';
const storage = `${hostResources}.2.3.1`;
const processorTable = `${hostResources}.3.3.1`;
const ramType = '1.3.6.1.2.1.25.2.1.2';
const diskType = '1.3.6.1.2.1.25.2.1.4';
const singles = {
  upTime: upTimeOid,
  hostUpTime: `${hostResources}.1.1.0`,
  /** Load of 1, 5, 15 minutes in hundredths. */
  load1: `${ucd}.10.1.5.1`,
  load5: `${ucd}.10.1.5.2`,
  load15: `${ucd}.10.1.5.3`,
  /** Kilobytes. */
  total: `${ucd}.4.5.0`,
  free: `${ucd}.4.6.0`,
  buffers: `${ucd}.4.14.0`,
  cached: `${ucd}.4.15.0`,
} as const;
const mostRows = 512;
const mostDisks = 64;

type Single = keyof typeof singles;
type Numbers = Partial<Record<Single, number>>;
type Host = NonNullable<SnmpFacts['host']>;

export const readHost: Reader = async (config, context, agent) => {
  const names = Object.keys(singles) as Single[];
  const answer = await agent.get(names.map((name) => singles[name]));
  if (!answer.ok) return answer;
  const numbers: Numbers = {};
  names.forEach((name, at) => {
    const number = numberOf(answer.value[at]);
    if (number !== undefined && number >= 0) numbers[name] = number;
  });
  const processors = await agent.column(`${processorTable}.1`, mostRows);
  if (!processors.ok) return processors;
  // Only known some minutes after the agent was started.
  const busy = await agent.column(`${processorTable}.2`, mostRows);
  if (!busy.ok) return busy;
  const stores = await readStores(agent);
  if (!stores.ok) return stores;
  const host: Host = {
    ...loadOf(numbers, Math.max(processors.value.length, busy.value.length), busy.value),
    ...memoryOf(numbers, stores.value),
    ...disksOf(stores.value, config),
  };
  if (numbers.hostUpTime !== undefined) host.upSeconds = Math.floor(numbers.hostUpTime / 100);
  const notKnown: NonNullable<Host['notKnown']> = [];
  if (host.load5 === undefined) notKnown.push('load');
  if (host.memoryPercent === undefined) notKnown.push('memory');
  if (host.disks === undefined) notKnown.push('disks');
  if (notKnown.length > 0) host.notKnown = notKnown;
  context.note(`${processors.value.length} processors and ${stores.value.length} kinds of storage listed`);
  return ok({ host, ...(numbers.upTime !== undefined && { agentUpSeconds: Math.floor(numbers.upTime / 100) }) });
};

function loadOf(it: Numbers, cores: number, busy: Row[]): Host {
  const loads = busy.flatMap(({ varbind }) => numberOf(varbind) ?? []).filter((per) => per >= 0 && per <= 100);
  return {
    ...(it.load1 !== undefined && { load1: it.load1 / 100 }),
    ...(it.load5 !== undefined && { load5: it.load5 / 100 }),
    ...(it.load15 !== undefined && { load15: it.load15 / 100 }),
    ...(cores > 0 && { cores }),
    ...(loads.length > 0 && { busyPercent: loads.reduce((a, b) => a + b, 0) / loads.length }),
  };
}

interface Store {
  type: string;
  name: string;
  bytes: number;
  usedBytes: number;
}

async function readStores(agent: Agent): Promise<Result<Store[], Failure>> {
  const [type, name, unit, size, used] = [2, 3, 4, 5, 6].map((column) => `${storage}.${column}`) as [
    string,
    string,
    string,
    string,
    string,
  ];
  const byIndex = new Map<string, Partial<Store> & { unit?: number }>();
  const take = async (
    column: string,
    put: (it: Partial<Store> & { unit?: number }, row: Row['varbind']) => void,
  ): Promise<Failure | null> => {
    const rows = await agent.column(column, mostRows);
    if (!rows.ok) return rows.failure;
    for (const { index, varbind } of rows.value) {
      const it = byIndex.get(index) ?? {};
      byIndex.set(index, it);
      put(it, varbind);
    }
    return null;
  };
  const failure =
    (await take(type, (it, { value }) => {
      if (typeof value === 'string') it.type = value;
    })) ??
    (await take(name, (it, row) => {
      it.name = textOf(row, 200) ?? '';
    })) ??
    (await take(unit, (it, row) => {
      it.unit = numberOf(row) ?? 0;
    })) ??
    (await take(size, (it, row) => {
      it.bytes = unsigned(numberOf(row)) * (it.unit ?? 0);
    })) ??
    (await take(used, (it, row) => {
      it.usedBytes = unsigned(numberOf(row)) * (it.unit ?? 0);
    }));
  if (failure) return { ok: false, failure };
  return ok(
    [...byIndex.values()].filter(
      (it): it is Store =>
        it.type !== undefined && it.name !== undefined && (it.bytes ?? 0) > 0 && it.usedBytes !== undefined && it.usedBytes >= 0,
    ),
  );
}

/** Large disks overflow the signed 32 bits that the table has for them. */
const unsigned = (value: number | undefined): number => (value === undefined ? Number.NaN : value < 0 ? value + 2 ** 32 : value);
const percent = (part: number, whole: number): number => Math.min(100, Math.max(0, (part / whole) * 100));

function memoryOf(it: Numbers, stores: Store[]): Host {
  // Cache is room that is given back at need: it does not count as used.
  if (it.total && it.free !== undefined) {
    const free = it.free + (it.buffers ?? 0) + (it.cached ?? 0);
    return { memoryBytes: it.total * 1_024, memoryPercent: percent(it.total - free, it.total) };
  }
  const ram = stores.find(({ type }) => type === ramType);
  return ram ? { memoryBytes: ram.bytes, memoryPercent: percent(ram.usedBytes, ram.bytes) } : {};
}

function disksOf(stores: Store[], { ignoreDisks }: SnmpConfig): Host {
  const isIgnored = (name: string): boolean => ignoreDisks.some((it) => name === it || name.startsWith(it.endsWith('/') ? it : `${it}/`));
  const disks = stores
    .filter(({ type, name }) => type === diskType && !isIgnored(name))
    .map(({ name, bytes, usedBytes }) => ({ mount: name, bytes, percent: percent(usedBytes, bytes) }))
    .sort((a, b) => b.percent - a.percent);
  if (disks.length === 0) return {};
  return { disks: disks.slice(0, mostDisks), ...(disks.length > mostDisks && { moreDisks: disks.length - mostDisks }) };
}

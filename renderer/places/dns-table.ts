/** The DNS of the inventory as tables: zones x servers with their serials, and the lines below them. Pure. */
import { checks } from '../../shared/checks/index.ts';
import type { ZoneServer } from '../../shared/checks/zone.ts';
import type { SeenFacts } from '../../shared/contract.ts';
import { worstStanding } from '../../shared/health/standing.ts';
import type { LiveTables } from '../../shared/live.ts';
import type { PlannedCheck } from '../../shared/model/plan.ts';
import type { Standing } from '../../shared/model/words.ts';
import { clean } from '../../shared/text.ts';
import { humanDuration, humanLatency } from '../../shared/time.ts';
import { standingOfRecord } from '../state/derive.ts';

export type Seen = Record<string, SeenFacts | null>;

export interface ServerCell {
  tone: 'ok' | 'late' | 'bad' | 'unknown';
  /** "2026112001", or what is wrong: "no answer". */
  main: string;
  /** "3 behind for 20 min", "no AA flag", "signature expired". */
  notes: string[];
  latency: string;
}
export interface ZoneRow {
  check: string;
  subject: string;
  zone: string;
  standing: Standing;
  verdict: string;
  /** The serial that all should have; null where it is not known. */
  serial: string | null;
  /** By server column; empty where a server is not asked for this zone. */
  cells: ServerCell[][];
}
/** Zones that stand on the same servers share a table. */
export interface ZoneTable {
  servers: { name: string; hidden: boolean }[];
  rows: ZoneRow[];
  /** Servers that are behind, silent or wrong for at least one zone, with the zones: "ns2 is behind for 3 zones". */
  behind: string[];
}

const dnsTypes = ['zone', 'delegation', 'propagation', 'domain', 'dns'] as const;
type DnsType = (typeof dnsTypes)[number];

/** Checks of one DNS type, in the order of the inventory. */
export const dnsChecks = (tables: LiveTables, type: DnsType): PlannedCheck[] =>
  Object.values(tables.plans).filter((plan) => plan.type === type && plan.subject.kind !== 'desk');

/** How DNS stands as a whole; null where nothing of it is checked. */
export function dnsStanding(tables: LiveTables): Standing | null {
  const plans = dnsTypes.flatMap((type) => dnsChecks(tables, type));
  return plans.length === 0 ? null : worstStanding(plans.map((plan) => standingIn(tables, plan.id)));
}

const standingIn = (tables: LiveTables, check: string): Standing => {
  const record = tables.checks[check];
  return record ? standingOfRecord(record) : 'pending';
};
const verdictIn = (tables: LiveTables, check: string): string => tables.checks[check]?.state.verdict?.text ?? 'no result yet';

/** @param now epoch ms, for signatures that have expired */
export function serverCell(it: ZoneServer, now: number): ServerCell {
  const latency = it.ms === undefined ? '' : humanLatency(it.ms);
  if (it.failure) {
    const words: Partial<Record<string, string>> = { timeout: 'no answer', refused: 'nothing there', protocol: 'not DNS' };
    return { tone: 'bad', main: words[it.failure.code] ?? clean(it.failure.detail, 80), notes: [], latency };
  }
  if (it.rcode !== undefined && it.rcode !== 'NOERROR')
    return { tone: 'bad', main: it.rcode, notes: it.aa === false ? ['no AA flag'] : [], latency };
  const notes: string[] = [];
  if (it.aa === false) notes.push('no AA flag');
  const { behind = 0, behindMs } = it;
  if (behind !== 0) {
    const how = behind > 0 ? `${behind} behind` : `${-behind} ahead`;
    notes.push(behindMs === undefined ? how : `${how} for ${humanDuration(behindMs)}`);
  }
  const { signature } = it;
  const expired = signature != null && signature.until <= now;
  if (signature === null) notes.push('no signature');
  else if (expired) notes.push('signature expired');
  const useless = it.aa === false || it.serial === undefined || expired;
  return {
    tone: useless ? 'bad' : behind !== 0 ? 'late' : 'ok',
    main: it.serial === undefined ? 'no SOA record' : String(it.serial),
    notes,
    latency,
  };
}

/** The zones and their servers; zones without a result yet stand in a table of their own without servers. */
export function zoneTables(tables: LiveTables, seen: Seen, now: number): ZoneTable[] {
  const groups = new Map<string, { names: Map<string, boolean>; rows: { row: ZoneRow; servers: readonly ZoneServer[] }[] }>();
  for (const plan of dnsChecks(tables, 'zone')) {
    const read = checks.zone.observation.safeParse(seen[plan.id]?.facts ?? {});
    const facts = read.success ? read.data : {};
    const servers = facts.servers ?? [];
    const names = new Map<string, boolean>();
    for (const server of servers) names.set(server.name, (names.get(server.name) ?? true) && server.hidden === true);
    const key = [...names.keys()].sort().join('\n');
    const group = groups.get(key) ?? { names, rows: [] };
    groups.set(key, group);
    const row: ZoneRow = {
      check: plan.id,
      subject: plan.subject.id,
      zone: String(plan.config.zone ?? plan.name),
      standing: standingIn(tables, plan.id),
      verdict: verdictIn(tables, plan.id),
      serial: facts.serial === undefined ? null : String(facts.serial),
      cells: [],
    };
    group.rows.push({ row, servers });
  }
  return [...groups.values()].map(({ names, rows }) => {
    const servers = [...names].map(([name, hidden]) => ({ name, hidden })).sort((a, b) => Number(b.hidden) - Number(a.hidden));
    for (const { row, servers: own } of rows)
      row.cells = servers.map(({ name }) => own.filter((it) => it.name === name).map((it) => serverCell(it, now)));
    const lines = rows.map(({ row }) => row);
    return { servers, rows: lines, behind: servers.flatMap(({ name }, index) => tellServer(name, lines, index)) };
  });
}

/** What is wrong with one server over all zones of its table. */
function tellServer(name: string, rows: readonly ZoneRow[], index: number): string[] {
  const zonesWith = (tone: ServerCell['tone']): string[] =>
    rows.filter((row) => row.cells[index]?.some((cell) => cell.tone === tone)).map((row) => row.zone);
  const say = (what: string, zones: readonly string[]): string[] =>
    zones.length === 0
      ? []
      : [
          `${clean(name, 80)} ${what} ${zones.length === 1 ? zones[0] : rows.length === zones.length ? `all ${zones.length} zones` : `${zones.length} of ${rows.length} zones`}`,
        ];
  return [...say('does not answer properly for', zonesWith('bad')), ...say('is not in step for', zonesWith('late'))];
}

/** One check as a line: what it is about, how it stands, what it says. */
export interface DnsLine {
  check: string;
  subject: string;
  title: string;
  standing: Standing;
  text: string;
}
const lineOf = (tables: LiveTables, plan: PlannedCheck, title: unknown): DnsLine => ({
  check: plan.id,
  subject: plan.subject.id,
  title: String(title ?? plan.target),
  standing: standingIn(tables, plan.id),
  text: verdictIn(tables, plan.id),
});
export const delegationLines = (tables: LiveTables): DnsLine[] =>
  dnsChecks(tables, 'delegation').map((plan) => lineOf(tables, plan, plan.config.zone));
export const recordLines = (tables: LiveTables): DnsLine[] => dnsChecks(tables, 'dns').map((plan) => lineOf(tables, plan, plan.target));

export interface PropagationLine extends DnsLine {
  resolvers: { name: string; outcome: 'seen' | 'old' | 'failed'; text: string }[];
  seen: number;
}
export function propagationLines(tables: LiveTables, seen: Seen): PropagationLine[] {
  return dnsChecks(tables, 'propagation').map((plan) => {
    const read = checks.propagation.observation.safeParse(seen[plan.id]?.facts ?? {});
    const resolvers = (read.success ? (read.data.resolvers ?? []) : []).map((it) => ({
      name: it.name,
      outcome: it.outcome,
      text:
        it.outcome === 'failed'
          ? clean(it.failure?.detail ?? it.rcode ?? 'no answer', 80)
          : `${it.values?.join(', ') || 'nothing'}${it.outcome === 'old' && it.ttl !== undefined ? `, for ${humanDuration(it.ttl * 1_000)} more` : ''}`,
    }));
    return {
      ...lineOf(tables, plan, `${plan.config.query} ${plan.config.record ?? ''}`.trim()),
      resolvers,
      seen: resolvers.filter((it) => it.outcome === 'seen').length,
    };
  });
}

export interface DomainLine extends DnsLine {
  expiresAt: number | null;
  registrar: string;
}
/** What runs out first stands first; what is not known stands last. */
export function domainLines(tables: LiveTables, seen: Seen): DomainLine[] {
  return dnsChecks(tables, 'domain')
    .map((plan): DomainLine => {
      const read = checks.domain.observation.safeParse(seen[plan.id]?.facts ?? {});
      const facts = read.success ? read.data : {};
      return { ...lineOf(tables, plan, plan.config.domain), expiresAt: facts.expiresAt ?? null, registrar: facts.registrar ?? '' };
    })
    .sort((a, b) => (a.expiresAt ?? Number.POSITIVE_INFINITY) - (b.expiresAt ?? Number.POSITIVE_INFINITY) || (a.title < b.title ? -1 : 1));
}

/**
 * The matrix link x prefix of a site: which circuit should carry which address range, whether the circuit is up and whether traffic gets
 * through. A provider that keeps its gateway up and drops a range must be seen at a glance. Pure.
 */
import { standingWord, worstStanding } from '../../shared/health/standing.ts';
import type { LiveTables } from '../../shared/live.ts';
import type { Subject } from '../../shared/model/plan.ts';
import type { Standing } from '../../shared/model/words.ts';
import { clean, listOf } from '../../shared/text.ts';
import { checksOf, recordsOf, speaker, standingOfRecord, standingOfRecords } from '../state/derive.ts';

/** How the representatives of a prefix answer. */
export interface Traffic {
  standing: Standing;
  /** So many of its representatives do not answer. */
  dead: number;
  all: number;
}

/** What a cell shows. `no-traffic`: the circuit is up and the range is dead, which nobody would see at the circuit. */
export type CellLook = 'fine' | 'no-traffic' | 'some-traffic' | 'poor' | 'circuit-down' | 'carried-elsewhere' | 'planned' | 'not-known';

export interface Cell {
  link: string;
  look: CellLook;
  circuit: Standing;
  traffic: Traffic;
  /** In a few words, for the cell itself. */
  text: string;
}
export interface MatrixLink {
  id: string;
  name: string;
  standing: Standing;
}
export interface MatrixRow {
  id: string;
  name: string;
  /** The range, where its name is another one. */
  cidr: string;
  traffic: Traffic;
  /** What looking glasses say of its announcement; null where none is asked. */
  outside: { standing: Standing; text: string } | null;
  /** In the order of the links; null where the link does not carry it. */
  cells: (Cell | null)[];
}
export interface Matrix {
  links: MatrixLink[];
  rows: MatrixRow[];
}

const isGone = (standing: Standing): boolean => standing === 'down' || standing === 'unreachable';
const isUp = (standing: Standing): boolean => standing === 'ok' || standing === 'degraded';

/** Some dead ones of several make it degraded: traffic flows, and not everywhere. */
export function trafficOf(tables: LiveTables, prefix: string): Traffic {
  const ids = checksOf(tables, prefix);
  const pings = ids.filter((id) => tables.plans[id]?.type === 'icmp');
  const standings = recordsOf(tables, pings.length > 0 ? pings : ids).map(standingOfRecord);
  const dead = standings.filter(isGone).length;
  const partly = dead > 0 && dead < standings.length;
  const rest = standings.filter((it) => !isGone(it));
  return { standing: partly ? worstStanding(['degraded', ...rest]) : worstStanding(standings), dead, all: standings.length };
}

export function lookOf(circuit: Standing, traffic: Traffic): CellLook {
  if (circuit === 'maintenance' || traffic.standing === 'maintenance') return 'planned';
  if (isGone(circuit)) return isUp(traffic.standing) ? 'carried-elsewhere' : 'circuit-down';
  if (!isUp(circuit)) return 'not-known';
  if (isGone(traffic.standing)) return 'no-traffic';
  if (!isUp(traffic.standing)) return 'not-known';
  if (traffic.dead > 0) return 'some-traffic';
  return circuit === 'ok' && traffic.standing === 'ok' ? 'fine' : 'poor';
}

function textOf(look: CellLook, circuit: Standing, traffic: Traffic): string {
  switch (look) {
    case 'fine':
      return 'ok';
    case 'no-traffic':
      return 'circuit up, no traffic';
    case 'some-traffic':
      return `circuit up, ${traffic.dead} of ${traffic.all} dead`;
    case 'poor':
      return circuit === 'degraded' ? 'circuit degraded' : 'traffic degraded';
    case 'circuit-down':
      return `circuit ${standingWord[circuit]}`;
    case 'carried-elsewhere':
      return `circuit ${standingWord[circuit]}, traffic flows`;
    case 'planned':
      return 'planned work';
    case 'not-known':
      return unknownText(circuit, traffic);
  }
}
function unknownText(circuit: Standing, { standing, all }: Traffic): string {
  if (all === 0) return 'not checked';
  if (isUp(circuit)) return `circuit up, traffic ${grey(standing)}`;
  if (isGone(standing)) return `circuit ${grey(circuit)}, no traffic`;
  return `circuit ${grey(circuit)}`;
}
const grey = (standing: Standing): string =>
  standing === 'pending' ? 'not seen yet' : standing === 'stale' ? 'not known' : standingWord[standing];

/** @param site null = what stands at no site */
export function matrixOf(tables: LiveTables, site: string | null): Matrix {
  const subjects = Object.values(tables.subjects);
  const prefixes = subjects.filter((it) => it.kind === 'prefix' && it.site === site);
  const carrying = new Set(prefixes.flatMap(viaOf));
  const links = subjects
    .filter((it) => it.kind === 'link' && (it.site === site || carrying.has(it.id)))
    .map(({ id, name }) => ({ id, name, standing: standingOfRecords(recordsOf(tables, checksOf(tables, id))) }));
  const rows = prefixes.map((prefix): MatrixRow => {
    const traffic = trafficOf(tables, prefix.id);
    const via = viaOf(prefix);
    const cells = links.map((link): Cell | null => {
      if (!via.includes(link.id)) return null;
      const look = lookOf(link.standing, traffic);
      return { link: link.id, look, circuit: link.standing, traffic, text: textOf(look, link.standing, traffic) };
    });
    return {
      id: prefix.id,
      name: prefix.name,
      cidr: prefix.note === prefix.name ? '' : prefix.note,
      traffic,
      outside: outsideOf(tables, prefix.id),
      cells,
    };
  });
  return { links, rows };
}
function outsideOf(tables: LiveTables, prefix: string): MatrixRow['outside'] {
  const ids = checksOf(tables, prefix).filter((id) => tables.plans[id]?.type === 'visibility');
  if (ids.length === 0) return null;
  const records = recordsOf(tables, ids);
  const standing = worstStanding(records.map(standingOfRecord));
  return { standing, text: speaker(records, standing)?.state.verdict?.text ?? 'not asked yet' };
}
/** The links that announce a prefix. */
const viaOf = (prefix: Subject): string[] => prefix.dependsOn.flat();

/** One link of a matrix with the ranges that it carries. */
export function columnOf({ links, rows }: Matrix, link: string): Matrix {
  const index = links.findIndex((it) => it.id === link);
  return {
    links: links.filter((it) => it.id === link),
    rows: rows.filter((row) => row.cells[index]).map((row) => ({ ...row, cells: [row.cells[index] ?? null] })),
  };
}

export interface MatrixSentence {
  tone: 'bad' | 'warn' | 'calm';
  text: string;
}

/** What the matrix says, worst first: "Cox is up, but 192.0.2.0/24 and 198.51.100.0/24 get no traffic." */
export function readMatrix({ links, rows }: Matrix): MatrixSentence[] {
  if (rows.length === 0) return [];
  const said: MatrixSentence[] = [];
  const say = (tone: MatrixSentence['tone'], text: string): number => said.push({ tone, text });
  const nameOf = (id: string): string => clean(links.find((link) => link.id === id)?.name ?? id, 60);
  const names = (some: readonly MatrixRow[]): string =>
    listOf(
      some.map((row) => clean(row.name, 60)),
      6,
    );
  const cellsOf = (row: MatrixRow): Cell[] => row.cells.filter((cell) => cell !== null);

  /** Rows by the links that should carry them and are up. */
  const dead = Map.groupBy(
    rows.filter((row) => cellsOf(row).some((cell) => cell.look === 'no-traffic')),
    (row) =>
      cellsOf(row)
        .flatMap((cell) => (isUp(cell.circuit) ? [nameOf(cell.link)] : []))
        .join('\n'),
  );
  for (const [key, some] of dead) {
    const up = key.split('\n');
    const are = up.length === 1 ? 'is' : 'are';
    const get = some.length === 1 ? 'gets' : 'get';
    say(
      'bad',
      `${listOf(up)} ${are} up, but ${names(some)} ${get} no traffic${up.length === 1 ? '' : ': one of them drops it, or something behind them does'}.`,
    );
  }
  const partly = rows.filter((row) => cellsOf(row).some((cell) => cell.look === 'some-traffic'));
  if (partly.length > 0) say('warn', `Traffic reaches only parts of ${names(partly)}.`);
  for (const link of links.filter((it) => isGone(it.standing))) {
    const index = links.indexOf(link);
    const carried = rows.filter((row) => row.cells[index]);
    const lost = carried.filter((row) => row.cells[index]?.look === 'circuit-down' && isGone(row.traffic.standing));
    const alive = carried.filter((row) => row.cells[index]?.look === 'carried-elsewhere');
    const how = `${nameOf(link.id)} is ${standingWord[link.standing]}`;
    if (lost.length > 0) say('bad', `${how}, and so ${lost.length === 1 ? 'is' : 'are'} ${names(lost)}.`);
    else if (alive.length > 0)
      say(
        'warn',
        `${how}; ${alive.length === carried.length ? 'all it carries goes another way' : `${names(alive)} ${alive.length === 1 ? 'goes' : 'go'} another way`}.`,
      );
    else say('bad', `${how}.`);
  }
  const poor = links.filter((it) => it.standing === 'degraded');
  if (poor.length > 0) {
    const are = poor.length === 1 ? 'is' : 'are';
    say(
      'warn',
      `${listOf(poor.map((it) => nameOf(it.id)))} ${are} degraded: what goes over ${poor.length === 1 ? 'it' : 'them'} may be slow or get lost.`,
    );
  }
  if (said.length > 0) return said;
  const unsure = rows.filter((row) => row.cells.some((cell) => cell?.look === 'not-known'));
  if (unsure.length > 0) return [{ tone: 'warn', text: `Nothing certain is known of ${names(unsure)}.` }];
  if (rows.some((row) => row.cells.some((cell) => cell?.look === 'planned')))
    return [{ tone: 'calm', text: 'Work is going on as planned.' }];
  if (rows.some((row) => !isUp(row.traffic.standing))) return [{ tone: 'warn', text: 'Not all ranges are known to be reached.' }];
  return [
    {
      tone: 'calm',
      text: `${links.length === 1 ? 'The circuit is' : 'All circuits are'} up, and ${rows.length === 1 ? 'the range is' : `all ${rows.length} ranges are`} reached.`,
    },
  ];
}

/**
 * What the screens draw, made from the live tables: tiles per group, the checks behind each, how they stand. Each result is kept for as
 * long as the tables it was made from are the same ones, so that asking again costs nothing.
 */

import { capital, checkLabel as labelOf } from '../../shared/alerting/names.ts';
import { byUrgency } from '../../shared/alerting/urgency.ts';
import { unitOf } from '../../shared/checks/index.ts';
import type { Cover } from '../../shared/health/cover.ts';
import { carriedStanding, standingWord, worstStanding } from '../../shared/health/standing.ts';
import { standingOf } from '../../shared/health/step.ts';
import type { CheckLive, LiveTables } from '../../shared/live.ts';
import { legWords, type MailLeg, mailLegs } from '../../shared/mail/legs.ts';
import type { Alert } from '../../shared/model/alert.ts';
import { type EventNames, namesOf } from '../../shared/model/describe-event.ts';
import type { Incident } from '../../shared/model/incident.ts';
import type { Silence } from '../../shared/model/maintenance.ts';
import type { PlannedCheck, Subject } from '../../shared/model/plan.ts';
import { type Group, groupOf, groups, type Standing, type SubjectKind } from '../../shared/model/words.ts';
import { assertNever } from '../../shared/result.ts';
import { clean } from '../../shared/text.ts';
import { humanLatency } from '../../shared/time.ts';

/** One tile: a subject (a leg of a mail stack is one), a check that a mail entry has of its own, or a mail domain with all of its legs. */
export interface TileSpec {
  key: string;
  group: Group;
  kind: SubjectKind;
  subject: string;
  /** The check that a click opens; null = the worst or first. */
  check: string | null;
  title: string;
  /** Says what it is, where the title alone does not (tooltip, Find). */
  note: string;
  /** Checks that it stands for. */
  checks: readonly string[];
  /** Which leg of a mail stack it is, and of which mail entry; null of everything else. */
  leg: MailLeg | null;
  entry: string | null;
  /** Whose mail it is about, where there are several stacks; null where that is clear or means nothing. */
  domain: string | null;
  /** Of a mail domain that is folded into one tile: its legs and checks, which show themselves while they are in trouble. */
  parts: readonly TileSpec[];
}

const kept = <K extends object, V>(make: (key: K) => V): ((key: K) => V) => {
  const results = new WeakMap<K, V>();
  return (key) => {
    const have = results.get(key);
    if (have !== undefined) return have;
    const made = make(key);
    results.set(key, made);
    return made;
  };
};

const planIndex = kept((plans: LiveTables['plans']) => {
  const bySubject = new Map<string, string[]>();
  for (const plan of Object.values(plans)) {
    const list = bySubject.get(plan.subject.id);
    if (list) list.push(plan.id);
    else bySubject.set(plan.subject.id, [plan.id]);
  }
  return bySubject;
});

/** Ids of a subject's own checks, as the inventory orders them. */
export const checksOf = (tables: LiveTables, subject: string): readonly string[] => planIndex(tables.plans).get(subject) ?? [];

const legIndex = kept((subjects: LiveTables['subjects']) => {
  const byEntry = new Map<string, Subject[]>();
  for (const subject of Object.values(subjects)) {
    if (!subject.leg) continue;
    const list = byEntry.get(subject.leg.entry);
    if (list) list.push(subject);
    else byEntry.set(subject.leg.entry, [subject]);
  }
  const rank = ({ leg }: Subject): number => (leg ? mailLegs.indexOf(leg.leg) : 0);
  for (const legs of byEntry.values()) legs.sort((a, b) => rank(a) - rank(b));
  return byEntry;
});
const noLegs: readonly Subject[] = [];
/** The legs of a mail entry, in the order in which a message meets them; none for anything else. */
export const legsOf = (tables: Pick<LiveTables, 'subjects'>, entry: string): readonly Subject[] =>
  legIndex(tables.subjects).get(entry) ?? noLegs;

/** Ids of a subject's own checks; of a mail entry those of its legs before them. */
export const checksUnder = (tables: LiveTables, subject: string): readonly string[] => {
  const legs = legsOf(tables, subject);
  return legs.length === 0 ? checksOf(tables, subject) : [...legs.map(({ id }) => id), subject].flatMap((id) => checksOf(tables, id));
};

/** What a check is called where its subject is clear, to stand first in a line: "IMAP login". */
export const checkLabel = (plan: PlannedCheck): string => capital(labelOf(plan));

let tilesFrom: { subjects: unknown; plans: unknown; tiles: Record<Group, TileSpec[]> } | null = null;
/** The tiles of every group. They change with the inventory only, never with a result. */
export function tilesOf(tables: LiveTables): Record<Group, TileSpec[]> {
  if (tilesFrom && tilesFrom.subjects === tables.subjects && tilesFrom.plans === tables.plans) return tilesFrom.tiles;
  const tiles: Record<Group, TileSpec[]> = { servers: [], links: [], mail: [] };
  const subjects = Object.values(tables.subjects);
  const stacks = subjects.filter((subject) => subject.kind === 'mail' && !subject.leg).length;
  const folded = subjects.filter((subject) => legsOf(tables, subject.id).length > 0).length > stacksShown;
  for (const subject of subjects) {
    if (subject.kind === 'mail') {
      if (!subject.leg) tiles.mail.push(...mailTiles(tables, subject, stacks > 1, folded));
      continue;
    }
    const own = checksOf(tables, subject.id);
    if ((subject.kind === 'site' || subject.kind === 'desk') && own.length === 0) continue;
    // Without checks of its own it stands as the hosts that carry it do.
    tiles[groupOf(subject.kind)].push(tileOf(subject, own.length > 0 ? own : subject.hosts.flatMap((host) => checksOf(tables, host))));
  }
  tilesFrom = { subjects: tables.subjects, plans: tables.plans, tiles };
  return tiles;
}

/** So many mail domains are shown leg by leg; of more than that each is one tile, and only legs in trouble stand beside them. */
const stacksShown = 4;

/** Among mail, "DNS records" says it. */
const shortTitle = (leg: MailLeg): string => legWords[leg].title.replace(/ of mail$/, '');

/** The tiles of one mail entry: its legs, then the checks that it has of its own. */
function mailTiles(tables: LiveTables, entry: Subject, several: boolean, folded: boolean): TileSpec[] {
  const domain = several ? entry.name : null;
  const legs = legsOf(tables, entry.id).filter((leg) => checksOf(tables, leg.id).length > 0);
  const parts = [
    ...legs.map((it) => ({ ...tileOf(it, checksOf(tables, it.id)), title: it.leg ? shortTitle(it.leg.leg) : it.name, domain })),
    ...checksOf(tables, entry.id).flatMap((id) => {
      const plan = tables.plans[id];
      if (!plan) return [];
      const note = several ? entry.name : plan.target;
      return [{ ...tileOf(entry, [id]), key: id, check: id, title: checkLabel(plan), note, domain: legs.length > 0 ? domain : null }];
    }),
  ];
  if (parts.length === 0)
    return [
      tileOf(
        entry,
        entry.hosts.flatMap((host) => checksOf(tables, host)),
      ),
    ];
  if (!folded || legs.length === 0) return parts;
  return [
    {
      ...tileOf(
        entry,
        parts.flatMap((it) => it.checks),
      ),
      parts,
    },
  ];
}

const noParts: readonly TileSpec[] = [];
const tileOf = (subject: Subject, checks: readonly string[]): TileSpec => ({
  key: subject.id,
  group: groupOf(subject.kind),
  kind: subject.kind,
  subject: subject.id,
  check: null,
  title: subject.name,
  note: subject.note,
  checks,
  leg: subject.leg?.leg ?? null,
  entry: subject.leg?.entry ?? null,
  domain: null,
  parts: noParts,
});

/** The records of some checks; those without one yet are left out. */
export const recordsOf = (tables: LiveTables, ids: readonly string[]): CheckLive[] => {
  const records: CheckLive[] = [];
  for (const id of ids) {
    const record = tables.checks[id];
    if (record) records.push(record);
  }
  return records;
};

/** How a subject stands by its own checks, or by those of the hosts that carry it; a mail stack stands as its worst leg does. */
export function standingOfRecords(records: readonly CheckLive[], kind?: SubjectKind): Standing {
  const first = subjectIn(records[0]);
  if (kind === 'mail' || records.every((record) => subjectIn(record) === first)) return worstStanding(records.map(standingOfRecord));
  const bySubject = Map.groupBy(records, subjectIn);
  return carriedStanding([...bySubject.values()].map((own) => worstStanding(own.map(standingOfRecord))));
}
const subjectIn = (record: CheckLive | undefined): string => record?.id.slice(0, record.id.indexOf('/')) ?? '';
/** How one check stands, with what covers its problems. */
export const standingOfRecord = (record: CheckLive): Standing => standingOf(record.state, record.cover);

/** Since when a check has stood as it stands, epoch ms; null where nobody knows: before its first result, or while it cannot be seen from here. */
export function sinceOf({ state, cover }: CheckLive): number | null {
  // Of a thing that is merely worked on its own last change says nothing.
  if (cover?.kind === 'cut-off' || (cover?.always && state.hard === 'ok')) return null;
  if (state.staleSince !== null) return state.staleSince;
  if (state.hard === 'pending') return null;
  return state.hard === 'ok' && state.flapping ? state.flapping.since : state.since;
}

/** The record that a tile speaks of: the one that stands as the tile does, else the worst. */
export function speaker(records: readonly CheckLive[], standing: Standing): CheckLive | undefined {
  const standsSo = (wanted: Standing) => records.find((record) => standingOfRecord(record) === wanted);
  return standsSo(standing) ?? standsSo(worstStanding(records.map(standingOfRecord)));
}

/** What covers the problems of a check, in a few words: "behind Cox", "planned work: Mail upgrade"; null where nothing does. */
export function coverText(cover: Cover | null | undefined): string | null {
  if (!cover) return null;
  const name = clean(cover.name, 80);
  switch (cover.kind) {
    case 'unreachable':
      return `behind ${name}`;
    case 'maintenance':
      return `planned work: ${name}`;
    case 'routine':
      return `routine: ${name}`;
    case 'cut-off':
      return 'this desk is offline';
    default:
      return assertNever(cover.kind);
  }
}

/** Why a tile does not stand well, in a few words; led by the check's name where it stands for several. */
export function reasonOf(tile: TileSpec, standing: Standing, record: CheckLive | undefined, plan: PlannedCheck | undefined): string {
  if (tile.checks.length === 0) return 'nothing is checked here';
  const part = plan && tile.parts.find((it) => it.checks.includes(plan.id));
  if (part) return `${part.title}: ${reasonOf(part, standing, record, plan)}`;
  const covered = coverText(record?.cover);
  if (covered && (standing === 'unreachable' || standing === 'maintenance' || record?.cover?.kind === 'cut-off'))
    return plan && plan.subject.id !== tile.subject ? `${plan.subject.id}: ${covered}` : covered;
  const seen = record?.state.verdict?.text;
  const text = seen && record?.state.flapping && standing !== 'stale' ? `flapping, ${seen}` : seen;
  if (standing === 'pending') return text ? `trying again: ${text}` : 'waiting for the first result';
  if (standing === 'stale') return 'no fresh data';
  if (!record || !text) return standingWord[standing];
  if (plan && plan.subject.id !== tile.subject) return `${plan.subject.id}: ${text}`;
  return tile.checks.length > 1 && plan ? `${checkLabel(plan)}: ${text}` : text;
}

/** "3 ms", "42 %". */
export function valueText(plan: PlannedCheck | undefined, value: number | null): string {
  if (value === null || !plan) return '';
  const unit = unitOf(plan);
  if (unit === 'ms') return humanLatency(value);
  return unit === '%' ? `${Math.round(value)} %` : `${Number(value.toPrecision(4))} ${unit}`.trimEnd();
}

let standingsFrom: { checks: unknown; tiles: unknown; standings: Map<string, Standing> } | null = null;
/** How every tile stands, by its key; the parts of a folded one, too. */
export function standingsOf(tables: LiveTables): ReadonlyMap<string, Standing> {
  const tiles = tilesOf(tables);
  if (standingsFrom && standingsFrom.checks === tables.checks && standingsFrom.tiles === tiles) return standingsFrom.standings;
  const standings = new Map<string, Standing>();
  const stand = (tile: TileSpec): Standing => {
    const standing =
      tile.parts.length > 0 ? worstStanding(tile.parts.map(stand)) : standingOfRecords(recordsOf(tables, tile.checks), tile.kind);
    standings.set(tile.key, standing);
    return standing;
  };
  for (const group of groups) tiles[group].forEach(stand);
  standingsFrom = { checks: tables.checks, tiles, standings };
  return standings;
}

/** What has trouble of its own comes before what is merely behind it. */
const restless: readonly Standing[] = ['down', 'degraded', 'unknown', 'unreachable', 'stale'];
/** Whether a standing should float to where it is seen. Planned work and waiting are colour enough. */
export const isTrouble = (standing: Standing): boolean => restless.includes(standing);
/** Orders standings for where trouble floats up: worst first, all that is no trouble alike. */
export const troubleRank = (standing: Standing): number => (isTrouble(standing) ? restless.indexOf(standing) : restless.length);

/**
 * So many tiles can be kept in mind by their place; a larger grid shows its trouble first, in a part of its own. That part never holds
 * more: in a storm nearly every tile would move, and the picture would stand still over it.
 */
const placesKept = 80;
const none: TileSpec[] = [];
const unfold = kept((tiles: readonly TileSpec[]) => tiles.flatMap((tile) => (tile.parts.length > 0 ? tile.parts : [tile])));
/** Whether mail domains stand for their legs here. */
export const isFolded = (tiles: readonly TileSpec[]): boolean => tiles.some((tile) => tile.parts.length > 0);
/**
 * Tiles of a large group that are in trouble, worst first; none for a group that keeps every tile in its place. Of mail domains that are
 * folded it is their legs.
 */
export function floatedTiles(tables: LiveTables, group: Group): TileSpec[] {
  const placed = tilesOf(tables)[group];
  if (placed.length <= placesKept && !isFolded(placed)) return none;
  const tiles = unfold(placed);
  const standings = standingsOf(tables);
  const of = (tile: TileSpec) => standings.get(tile.key) ?? 'pending';
  return tiles
    .filter((tile) => isTrouble(of(tile)))
    .sort((a, b) => troubleRank(of(a)) - troubleRank(of(b)))
    .slice(0, placesKept);
}

export type Counts = Partial<Record<Standing, number>>;
/** How many tiles of a group stand how. */
export function countsOf(tables: LiveTables, group: Group): Counts {
  const standings = standingsOf(tables);
  const counts: Counts = {};
  for (const tile of tilesOf(tables)[group]) {
    const standing = standings.get(tile.key) ?? 'pending';
    counts[standing] = (counts[standing] ?? 0) + 1;
  }
  return counts;
}

export interface AlertLists {
  /** Nobody has them; the most urgent first (see byUrgency). */
  open: Alert[];
  /** Somebody has them; oldest acknowledgement first. */
  taken: Alert[];
  /** Nobody has them, and nobody is to be told of them for now; the most urgent first. */
  silenced: Alert[];
  /** Ended; newest first. */
  ended: Alert[];
}
/** The alert list in its parts, in the order they are shown. */
export const alertLists = kept((alerts: LiveTables['alerts']): AlertLists => {
  const all = Object.values(alerts);
  const running = all.filter((alert) => alert.endedAt === null);
  return {
    open: running.filter((alert) => !alert.acknowledgement && alert.silencedUntil === null).sort(byUrgency),
    taken: running.filter((alert) => alert.acknowledgement).sort((a, b) => (a.acknowledgement?.at ?? 0) - (b.acknowledgement?.at ?? 0)),
    silenced: running.filter((alert) => !alert.acknowledgement && alert.silencedUntil !== null).sort(byUrgency),
    ended: all.filter((alert) => alert.endedAt !== null).sort((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0)),
  };
});

/** The alerts that j and k walk through, in the order of the list. */
export const walkOf = kept((alerts: LiveTables['alerts']): Alert[] => {
  const { open, taken, silenced } = alertLists(alerts);
  return [...open, ...taken, ...silenced];
});

/** The incident that each alert is part of. */
export const incidentByAlert = kept(
  (incidents: LiveTables['incidents']): ReadonlyMap<string, Incident> =>
    new Map(Object.values(incidents).flatMap((incident) => incident.alerts.map((alert) => [alert, incident] as const))),
);

/** Silences in force; what ends first stands first. */
export const silencesInForce = kept((silences: LiveTables['silences']): Silence[] =>
  Object.values(silences)
    .filter((silence) => silence.endedAt === null)
    .sort((a, b) => a.until - b.until || (a.id < b.id ? -1 : 1)),
);

/** Where an alert's details are: its subject, or, for one that has no checks of its own (a site, the desk), that of its first check. */
export function placeOfAlert(tables: LiveTables, alert: Alert): { subject: string; check: string | null } | null {
  const check = alert.checks[0] ?? null;
  if (tables.subjects[alert.subject.id] && checksOf(tables, alert.subject.id).length > 0) return { subject: alert.subject.id, check };
  const owner = check === null ? undefined : tables.plans[check]?.subject.id;
  if (owner !== undefined) return { subject: owner, check };
  return alert.subject.kind === 'desk' ? null : { subject: alert.subject.id, check };
}

let namesFrom: { subjects: unknown; plans: unknown; channels: unknown; names: EventNames } | null = null;
/** Names for describeEvent. */
export function eventNames(tables: LiveTables): EventNames {
  const { subjects, plans, channels } = tables;
  if (namesFrom && namesFrom.subjects === subjects && namesFrom.plans === plans && namesFrom.channels === channels) return namesFrom.names;
  const names = namesOf(Object.values(subjects), Object.values(plans), channels);
  namesFrom = { subjects, plans, channels, names };
  return names;
}

/** The newest events that every window holds, newest first. */
export const newestEvents = kept((events: LiveTables['events']) => Object.values(events).sort((a, b) => (a.id < b.id ? 1 : -1)));

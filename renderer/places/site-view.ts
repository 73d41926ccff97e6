/** What stands where: sites with their links, ranges and hosts, and how each of them stands. Pure. */
import { standingWord, worstStanding } from '../../shared/health/standing.ts';
import type { LiveTables, WindowLive } from '../../shared/live.ts';
import type { Subject } from '../../shared/model/plan.ts';
import type { Standing } from '../../shared/model/words.ts';
import { checksOf, checksUnder, coverText, recordsOf, speaker, standingOfRecords } from '../state/derive.ts';

export interface Thing {
  id: string;
  name: string;
  note: string;
  standing: Standing;
  /** What its worst check says; empty while all is well. */
  text: string;
}

export function standingOfSubject(tables: LiveTables, subject: Subject): Thing {
  const ids = checksUnder(tables, subject.id);
  const records = recordsOf(tables, ids);
  const standing = standingOfRecords(records, subject.kind);
  const speaks = speaker(records, standing);
  const seen = standing === 'stale' ? standingWord.stale : (speaks?.state.verdict?.text ?? '');
  const said = standing === 'ok' ? '' : (coverText(speaks?.cover) ?? seen);
  return {
    id: subject.id,
    name: subject.name,
    note: subject.note === subject.name ? '' : subject.note,
    standing,
    text: ids.length === 0 ? 'nothing is checked here' : said,
  };
}

export interface SiteLine {
  /** Null = what stands at no site. */
  id: string | null;
  name: string;
  standing: Standing;
  links: Thing[];
}

/** Things that a site page shows. */
const shown = new Set<Subject['kind']>(['host', 'link', 'prefix']);

/** The sites in the order of the inventory, and what stands at none of them where there is such a thing. */
export function sitesOf(tables: LiveTables): SiteLine[] {
  const subjects = Object.values(tables.subjects);
  const line = (id: string | null, name: string, own: readonly Subject[]): SiteLine => {
    const at = subjects.filter((it) => shown.has(it.kind) && it.site === id);
    const checked = [...own, ...at].filter((it) => checksOf(tables, it.id).length > 0);
    return {
      id,
      name,
      standing: worstStanding(checked.map((it) => standingOfSubject(tables, it).standing)),
      links: at.filter((it) => it.kind === 'link').map((it) => standingOfSubject(tables, it)),
    };
  };
  const sites = subjects.filter((it) => it.kind === 'site');
  const lines = sites.map((site) => line(site.id, site.name, [site]));
  const loose = subjects.some((it) => shown.has(it.kind) && it.site === null);
  return loose ? [...lines, line(null, sites.length === 0 ? 'All servers' : 'At no site', [])] : lines;
}

/** Subjects of a kind at a site, as the inventory orders them. */
export const subjectsAt = (tables: LiveTables, site: string | null, kind: Subject['kind']): Subject[] =>
  Object.values(tables.subjects).filter((it) => it.kind === kind && it.site === site);

/** Ids of a site and of all that stands at it. */
export const idsAt = (tables: LiveTables, site: string | null): string[] => [
  ...(site === null ? [] : [site]),
  ...Object.values(tables.subjects)
    .filter((it) => it.site === site && it.kind !== 'site' && it.kind !== 'desk')
    .map((it) => it.id),
];

/** Planned work that is not over and touches any of these; what runs stands first, then what comes next. */
export function windowsOn(tables: LiveTables, subjects: readonly string[]): WindowLive[] {
  const touched = new Set(subjects);
  const when = (it: WindowLive): number => (it.running || it.overrunSince !== null ? 0 : (it.next?.from ?? Number.POSITIVE_INFINITY));
  return Object.values(tables.windows)
    .filter((it) => it.affects.some((id) => touched.has(id)))
    .sort((a, b) => when(a) - when(b) || (a.name < b.name ? -1 : 1));
}

export interface Dependence {
  subject: Thing;
  kind: Subject['kind'];
}
/** What a thing is reached through or carried by; of each group one must work. */
export const parentsOf = (tables: LiveTables, subject: Subject): Dependence[][] =>
  [...subject.dependsOn, ...(subject.hosts.length > 0 ? [subject.hosts] : [])]
    .map((group) => group.flatMap((id) => dependence(tables, id)))
    .filter((group) => group.length > 0);

/** What needs a thing, alone or as one of a group. */
export const dependantsOf = (tables: LiveTables, id: string): Dependence[] =>
  Object.values(tables.subjects)
    .filter((it) => it.id !== id && (it.hosts.includes(id) || it.dependsOn.some((group) => group.includes(id))))
    .flatMap((it) => dependence(tables, it.id));

function dependence(tables: LiveTables, id: string): Dependence[] {
  const subject = tables.subjects[id];
  return subject ? [{ subject: standingOfSubject(tables, subject), kind: subject.kind }] : [];
}

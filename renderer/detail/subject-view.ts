/** What the detail panel says of one subject, made from the live tables. Pure. */
import type { Cover } from '../../shared/health/cover.ts';
import type { CheckLive, LiveTables } from '../../shared/live.ts';
import type { Alert } from '../../shared/model/alert.ts';
import type { PlannedCheck, Subject } from '../../shared/model/plan.ts';
import type { Standing, SubjectKind } from '../../shared/model/words.ts';
import { checksOf, checksUnder, recordsOf, sinceOf, speaker, standingOfRecord, standingOfRecords } from '../state/derive.ts';
import type { Place } from '../state/view.ts';

export const kindWord: Record<SubjectKind, string> = {
  desk: 'this desk',
  site: 'site',
  host: 'server',
  service: 'service',
  link: 'upstream link',
  prefix: 'address range',
  mail: 'mail stack',
};

/** The page about a subject: its own, or, of an address range, that of its site with the matrix, or, of a leg, that of its mail stack. */
export function placeOfSubject({ kind, id, site, leg }: Subject): Exclude<Place, { kind: 'dns' }> | null {
  if (kind === 'mail') return { kind, id: leg?.entry ?? id };
  if (kind === 'site' || kind === 'link' || kind === 'host') return { kind, id };
  return kind === 'prefix' ? { kind: 'site', id: site } : null;
}

/** Checks to list under a subject: its own (of a mail entry those of its legs too), or, where it has none, those of the hosts that carry it. */
export function listedChecks(tables: LiveTables, subject: string): readonly string[] {
  const own = checksUnder(tables, subject);
  return own.length > 0 ? own : (tables.subjects[subject]?.hosts ?? []).flatMap((host) => checksOf(tables, host));
}

/** How the subject stands, and since when: the earliest of the checks that stand so; for ok the latest, as until then something was wrong. */
export function standingSince(records: readonly CheckLive[], kind?: SubjectKind): { standing: Standing; since: number | null } {
  const standing = standingOfRecords(records, kind);
  // Degraded because one of several hosts is gone: since that one went.
  const told = [standing, 'down', 'unreachable'].find((it) => records.some((record) => standingOfRecord(record) === it));
  const moments = records.filter((record) => standingOfRecord(record) === told).flatMap((record) => sinceOf(record) ?? []);
  if (moments.length === 0) return { standing, since: null };
  return { standing, since: standing === 'ok' ? Math.max(...moments) : Math.min(...moments) };
}

/** What covers the problems that make a subject stand as it does; null where nothing does, or not all of them. */
export function coverOf(records: readonly CheckLive[], standing: Standing): Cover | null {
  const told = records.filter((record) => standingOfRecord(record) === standing);
  return told.every((record) => record.cover !== null) ? (told[0]?.cover ?? null) : null;
}

/** The check to show: the chosen one if it is there, else the one that stands worst, else the first. */
export function shownCheck(tables: LiveTables, ids: readonly string[], chosen: string | null): PlannedCheck | undefined {
  if (chosen !== null && ids.includes(chosen)) return tables.plans[chosen];
  const records = recordsOf(tables, ids);
  const id = speaker(records, standingOfRecords(records, tables.plans[ids[0] ?? '']?.subject.kind))?.id ?? ids[0];
  return id === undefined ? undefined : tables.plans[id];
}

/** The open alert of a subject, if there is one. */
export const openAlertOf = (tables: LiveTables, subject: string): Alert | undefined =>
  Object.values(tables.alerts).find((alert) => alert.endedAt === null && alert.subject.id === subject);

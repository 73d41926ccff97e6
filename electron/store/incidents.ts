/** Incidents and the documents about them, as they stand in the file. */
import type { DatabaseSync } from 'node:sqlite';
import type { KeptState } from '../../shared/documents/revisions.ts';
import type { NightDocument } from '../../shared/model/document.ts';
import type { Incident } from '../../shared/model/incident.ts';
import type { Row, RowReader } from './rows.ts';

/** An incident with when it began and ended by what is known now. */
export interface KeptIncident {
  incident: Incident;
  began: number;
  ended: number | null;
}

export interface IncidentReader {
  incident(id: string): Incident | null;
  /** Those that touch a stretch of time, both ends included, and those that are not over; newest first. Merged ones are among them. */
  incidents(from: number, to: number): Incident[];
  /** The documents about an incident or planned work, oldest first. */
  papers(about: { incident: string } | { window: string }): NightDocument[];
  paper(id: string): NightDocument | null;
  /** One kept state. */
  revision(paper: string, revision: number): NightDocument | null;
  /** What is kept of a document, newest first; read at each save, so without its text. `draftedAt` is that of the newest two. */
  keptStates(paper: string): KeptState[];
  /** Every kept state of a document, newest first. */
  revisions(paper: string): NightDocument[];
}

export interface IncidentWriter {
  incidents(all: readonly KeptIncident[]): void;
  /** Puts a document in place and keeps this state of it; `drop` names older states that are kept no longer. */
  papers(all: readonly { paper: NightDocument; drop: readonly number[] }[]): void;
}

/** @returns must run within a transaction */
export function incidentWriter(db: DatabaseSync): IncidentWriter {
  const put = db.prepare(`INSERT INTO incidents (id, began, ended, body) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET began = excluded.began, ended = excluded.ended, body = excluded.body`);
  const putPaper = db.prepare(`INSERT INTO papers (id, incident, window, revision, saved_at, body) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET revision = excluded.revision, saved_at = excluded.saved_at, body = excluded.body`);
  const keep = db.prepare('INSERT OR REPLACE INTO revisions (paper, revision, at, by, body) VALUES (?, ?, ?, ?, ?)');
  const drop = db.prepare('DELETE FROM revisions WHERE paper = ? AND revision = ?');
  return {
    incidents(all) {
      for (const { incident, began, ended } of all) put.run(incident.id, began, ended, JSON.stringify(incident));
    },
    papers(all) {
      for (const { paper, drop: old } of all) {
        const body = JSON.stringify(paper);
        putPaper.run(paper.id, paper.incident, paper.window, paper.revision, paper.savedAt, body);
        keep.run(paper.id, paper.revision, paper.savedAt, paper.savedBy, body);
        for (const revision of old) drop.run(paper.id, revision);
      }
    },
  };
}

export function incidentReader(db: DatabaseSync, rows: RowReader): IncidentReader {
  const one = db.prepare('SELECT body FROM incidents WHERE id = ?');
  const touching = db.prepare(
    'SELECT body FROM incidents WHERE began <= ?2 AND (ended IS NULL OR ended >= ?1) ORDER BY began DESC, id DESC LIMIT 2000',
  );
  const ofIncident = db.prepare('SELECT body FROM papers WHERE incident = ? ORDER BY id');
  const ofWindow = db.prepare('SELECT body FROM papers WHERE window = ? ORDER BY id');
  const paper = db.prepare('SELECT body FROM papers WHERE id = ?');
  const revision = db.prepare('SELECT body FROM revisions WHERE paper = ? AND revision = ?');
  const states = db.prepare('SELECT revision, at, by FROM revisions WHERE paper = ? ORDER BY revision DESC');
  const revisions = db.prepare('SELECT body FROM revisions WHERE paper = ? ORDER BY revision DESC');
  const first = <T>(found: T[]): T | null => found[0] ?? null;
  const papersIn = (found: unknown[]) => found.flatMap((row) => rows.paper(row as Row) ?? []);
  const oneState = (id: string, number: number): NightDocument | null => first(papersIn(revision.all(id, number)));
  return {
    incident: (id) => first(one.all(id).flatMap((row) => rows.incident(row as Row) ?? [])),
    incidents: (from, to) => touching.all(from, to).flatMap((row) => rows.incident(row as Row) ?? []),
    papers: (about) => papersIn('incident' in about ? ofIncident.all(about.incident) : ofWindow.all(about.window)),
    paper: (id) => first(papersIn(paper.all(id))),
    revision: oneState,
    keptStates: (id) =>
      states.all(id).map((row, index) => {
        const number = Number(row.revision);
        const draftedAt = index < 2 ? (oneState(id, number)?.draftedAt ?? null) : null;
        return { revision: number, savedAt: Number(row.at), savedBy: String(row.by), draftedAt };
      }),
    revisions: (id) => papersIn(revisions.all(id)),
  };
}

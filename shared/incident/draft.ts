/** The shape of an incident draft: sections of sentences, each with the evidence behind it. */

/** One statement and its evidence. A statement without evidence does not go into a draft. */
export interface Statement {
  text: string;
  /** Keys into `Draft.evidence`; at least one. */
  evidence: string[];
}

export interface TableRow {
  cells: string[];
  /** Keys into `Draft.evidence`; at least one. */
  evidence: string[];
}

/** What a section holds: running text, a list, a table, or a gap that only a person can fill. */
export type Block =
  | { kind: 'text'; statements: Statement[] }
  | { kind: 'list'; statements: Statement[] }
  | { kind: 'table'; columns: string[]; rows: TableRow[] }
  | { kind: 'gap'; text: string };

export interface Section {
  /** Kebab-case; the same section has the same key in every draft of its kind. */
  key: string;
  title: string;
  blocks: Block[];
}

/** What a statement rests on. */
export type Source =
  /** A line of the timeline. */
  | { kind: 'event'; event: string; at: number }
  /** The record of an alert, where its own lines of the timeline lie outside the range or are gone. */
  | { kind: 'alert'; alert: string; at: number }
  /** What the samples of some checks say about the range, added up. */
  | { kind: 'coverage'; checks: string[]; n: number; ok: number; longestGapMs: number | null }
  /** Planned work, where its own lines of the timeline lie outside the range. */
  | { kind: 'window'; window: string; at: number }
  /** The record of the incident itself, where the line of the timeline lies outside the range. */
  | { kind: 'incident'; incident: string; at: number }
  /** A recurring job, as the inventory says that it runs; nobody saw it. */
  | { kind: 'routine'; routine: string; at: number }
  /** What a backup check saw last before the range. */
  | { kind: 'backup'; check: string; at: number }
  /** Uptime in a month, and what the inventory says of the SLA. */
  | { kind: 'uptime'; subject: string; from: number; to: number }
  /** The inventory: nothing that watches this subject. */
  | { kind: 'unwatched'; subject: string };

/** One footnote: a number as it stands in the text, and what it points at, in words. */
export interface Evidence {
  number: number;
  /** How statements name it: the event's id, `alert:<id>`, `window:<id>`, `incident:<id>`, `routine:…`, `backup:…`, `uptime:…`, `coverage:…` or `unwatched:<subject>`. */
  key: string;
  source: Source;
  /** When it happened, in the draft's zone, and what. */
  text: string;
}

export interface Draft {
  title: string;
  /** "Friday 20 November 2026 · all times PST (UTC−8) · 41 min". */
  subtitle: string;
  zone: string;
  from: number;
  to: number;
  sections: Section[];
  /** In the order of their first use, numbered from 1. */
  evidence: Evidence[];
}

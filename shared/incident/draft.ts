/** The shape of an incident draft: sections of sentences, each with the ids of the events behind it. */

/** One statement and its evidence. A statement without evidence does not go into a draft. */
export interface Statement {
  text: string;
  /** Event ids. */
  evidence: string[];
}

export interface TableRow {
  cells: string[];
  evidence: string[];
}

/** What a section holds: running text, a list, a table, or a gap that only a person can fill. */
export type Block =
  | { kind: 'text'; statements: Statement[] }
  | { kind: 'list'; statements: Statement[] }
  | { kind: 'table'; columns: string[]; rows: TableRow[] }
  | { kind: 'gap'; text: string };

export interface Section {
  key: 'summary' | 'affected' | 'not-affected' | 'timeline' | 'cause' | 'actions';
  title: string;
  blocks: Block[];
}

/** One footnote: a number as it stands in the text, and the event it points at, in words. */
export interface Evidence {
  number: number;
  event: string;
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
  evidence: Evidence[];
}

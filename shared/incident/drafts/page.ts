/** What every kind of document is written with: the facts, the times, and the rules of what may stand in it. */
import { type EventNames, namesOf } from '../../model/describe-event.ts';
import { clean } from '../../text.ts';
import type { Block, Draft, Section, Statement, TableRow } from '../draft.ts';
import { createEvidence, type EvidenceBook, few } from '../evidence.ts';
import type { ReportFacts } from '../report-facts.ts';
import { reportFacts } from '../report-facts.ts';
import { type Times, type TimesStyle, timesOf } from '../times.ts';
import type { DocumentInput } from './index.ts';

export interface Page {
  input: DocumentInput;
  facts: ReportFacts;
  times: Times;
  book: EvidenceBook;
  names: EventNames;
}

/** When the story itself goes on, epoch ms: its days stand in the head, every other day with its time. */
export function storyOf(facts: ReportFacts): { from: number; to: number } {
  const from = Math.min(facts.firstSymptom?.at ?? facts.from, facts.from);
  return { from, to: Math.max(from, facts.ongoing ? facts.to : (facts.recovery?.at ?? facts.resolution?.at ?? facts.to)) };
}

/** @param style of its times; every one of them names its zone, or stands in a table that does */
export function pageOf(input: DocumentInput, style: Omit<TimesStyle, 'clock' | 'zoned'> = {}): Page {
  const facts = input.facts ?? reportFacts(input);
  const { zone, clock } = input.options;
  const { from, to } = storyOf(facts);
  const names = namesOf(input.subjects, input.plans);
  const times = timesOf(zone, from, to, [], { ...style, clock, zoned: true });
  return { input, facts, times, names, book: createEvidence(input, names, times) };
}

/** Makes a statement; what nothing stands behind, or says nothing, is none. */
export function say(text: string, ...evidence: (readonly string[] | string | undefined)[]): Statement[] {
  const keys = few(evidence.flatMap((it) => it ?? []));
  return keys.length > 0 && text !== '' ? [{ text, evidence: keys }] : [];
}

export const prose = (...statements: (readonly Statement[])[]): Block => ({ kind: 'text', statements: statements.flat() });
export const list = (...statements: (readonly Statement[])[]): Block => ({ kind: 'list', statements: statements.flat() });
export const table = (columns: string[], rows: TableRow[]): Block => ({ kind: 'table', columns, rows });
export const row = (cells: string[], ...evidence: (readonly string[] | string)[]): TableRow[] =>
  say('row', ...evidence).map((it) => ({ cells, evidence: it.evidence }));
/** A question that only a person can answer. */
export const gap = (question: string): Block => ({ kind: 'gap', text: clean(question, 480) });

const isFull = (block: Block): boolean =>
  block.kind === 'gap' ? block.text !== '' : (block.kind === 'table' ? block.rows : block.statements).length > 0;

/** A section without anything in it is none. */
export function section(key: string, title: string, ...blocks: (Block | null | undefined)[]): Section[] {
  const full = blocks.filter((block): block is Block => !!block && isFull(block));
  return full.length > 0 ? [{ key, title, blocks: full }] : [];
}

export function finish(
  { input, times, book }: Pick<Page, 'input' | 'times' | 'book'>,
  title: string,
  sections: Section[],
  more = '',
): Draft {
  const organization = clean(input.organization.name, 120);
  return {
    title: clean(title, 300),
    subtitle: [organization, times.title, more].filter((it) => it !== '').join(' · '),
    zone: input.options.zone,
    from: input.from,
    to: input.to,
    sections,
    evidence: book.number(sections),
  };
}

/** What a machine said, at the end of a sentence. */
export const seen = (text: string, most = 200): string => clean(text, most).replace(/[.\s]+$/, '');
/** A person, link or site by the name that was given. */
export const called = (name: string): string => clean(name, 120) || 'somebody';
/** " of web1"; what is only called "backups" is not named again. */
export const backupOf = ({ name }: { name: string }): string => (/^backups?$/i.test(name.trim()) ? '' : ` of ${clean(name, 120)}`);

/** A draft as sections of Markdown that people can edit. Marks such as [^3] lead to the evidence. */
import type { Block, Draft, Evidence } from '../incident/draft.ts';
import type { DocumentSection } from '../model/document.ts';
import { escapeMarkdown } from '../text.ts';
import { gapMark } from './gaps.ts';

export interface Marked {
  sections: Pick<DocumentSection, 'key' | 'title' | 'drafted'>[];
  /** What was there, and what is new behind it: a number once given is never given to something else. */
  evidence: Evidence[];
}

/**
 * Writes the sections of a draft with the numbers that evidence has in a document already.
 * @param known the evidence of the document; none for a new one
 */
export function toSections(draft: Pick<Draft, 'sections' | 'evidence'>, known: readonly Evidence[]): Marked {
  const evidence = [...known];
  const numbers = new Map(known.map((it) => [it.key, it.number]));
  const drafted = new Map(draft.evidence.map((it) => [it.key, it]));
  let last = known.reduce((most, it) => Math.max(most, it.number), 0);
  const numberOf = (key: string): number => {
    const have = numbers.get(key);
    if (have !== undefined) return have;
    const found = drafted.get(key);
    if (!found) throw new Error(`a draft leans on evidence that is not there: ${key}`);
    last += 1;
    numbers.set(key, last);
    evidence.push({ ...found, number: last });
    return last;
  };
  const marks = (keys: readonly string[]): string => keys.map((key) => `[^${numberOf(key)}]`).join('');
  const sections = draft.sections.map(({ key, title, blocks }) => ({
    key,
    title,
    drafted: blocks.map((block) => write(block, marks)).join('\n\n'),
  }));
  // What was there may say more by now (an alert that has ended since).
  return { sections, evidence: evidence.map((it) => ({ ...(drafted.get(it.key) ?? it), number: it.number })) };
}

function write(block: Block, marks: (keys: readonly string[]) => string): string {
  const say = (it: { text: string; evidence: string[] }): string => `${escapeMarkdown(it.text)}${marks(it.evidence)}`;
  const row = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  switch (block.kind) {
    case 'gap':
      return gapMark(block.text);
    case 'text':
      return block.statements.map(say).join(' ');
    case 'list':
      return block.statements.map((it) => `- ${say(it)}`).join('\n');
    case 'table':
      return [
        row(block.columns.map(escapeMarkdown)),
        row(block.columns.map(() => '---')),
        ...block.rows.map((it) =>
          row(it.cells.map((cell, index) => escapeMarkdown(cell) + (index === Math.min(1, it.cells.length - 1) ? marks(it.evidence) : ''))),
        ),
      ].join('\n');
  }
}

/** Not one that is escaped. */
const markPattern = /(?<!\\)\[\^(\d{1,6})\]/g;
/** The evidence numbers that some Markdown uses, in the order of their first use. */
export const marksIn = (markdown: string): number[] => [...new Set([...markdown.matchAll(markPattern)].map((found) => Number(found[1])))];

/** Markdown without its marks. */
export const withoutMarks = (markdown: string): string => markdown.replace(markPattern, '');

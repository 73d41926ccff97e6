/** Gaps: what the desk cannot know and a person has to fill in, marked in the text. */
import type { NightDocument } from '../model/document.ts';

/** A gap stands in the Markdown as `[TO FILL: question]`: it survives every editor, and nobody overlooks it. */
export const gapMark = (question: string): string => `[TO FILL: ${question.replaceAll(/[[\]\n]/g, ' ')}]`;

/** Not one that is escaped: what a server said may look like a gap and is none. */
const gapPattern = /(?<!\\)\[TO FILL: ([^[\]\n]{1,500})\]/g;

export interface Gap {
  question: string;
  /** Where it stands, brackets included, in UTF-16 units. */
  from: number;
  to: number;
}

/** All gaps that are still in some text, in reading order. */
export const gapSpans = (markdown: string): Gap[] =>
  [...markdown.matchAll(gapPattern)].map((found) => ({
    question: (found[1] ?? '').trim(),
    from: found.index,
    to: found.index + found[0].length,
  }));

/** Their questions. */
export const gapsIn = (markdown: string): string[] => gapSpans(markdown).map((gap) => gap.question);

/** How many gaps a document still has. */
export const countGaps = (it: Pick<NightDocument, 'sections'>): number =>
  it.sections.reduce((n, section) => n + gapsIn(section.text).length, 0);

/** Gaps: what the desk cannot know and a person has to fill in, marked in the text. */
import type { NightDocument } from '../model/document.ts';

/** A gap stands in the Markdown as `[TO FILL: question]`: it survives every editor, and nobody overlooks it. */
export const gapMark = (question: string): string => `[TO FILL: ${question.replaceAll(/[[\]\n]/g, ' ')}]`;

const gapPattern = /\[TO FILL: ([^\]\n]{1,500})\]/g;

/** The questions of all gaps that are still in some text, in reading order. */
export const gapsIn = (markdown: string): string[] => [...markdown.matchAll(gapPattern)].map((found) => (found[1] ?? '').trim());

/** How many gaps a document still has. */
export const countGaps = (it: Pick<NightDocument, 'sections'>): number =>
  it.sections.reduce((n, section) => n + gapsIn(section.text).length, 0);

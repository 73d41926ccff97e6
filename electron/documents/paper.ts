/** A document as it leaves the house: its sections as blocks, the evidence that they use, its charts. All formats are written from this. */

import { type DocBlock, type Inline, mapMarks } from '../../shared/documents/blocks.ts';
import type { Chart } from '../../shared/documents/chart.ts';
import { chartWords } from '../../shared/documents/chart-words.ts';
import { showsEvidence } from '../../shared/documents/formats.ts';
import type { DocumentKind, NightDocument } from '../../shared/model/document.ts';
import { clean } from '../../shared/text.ts';
import { parseBlocks } from './parse.ts';

export interface PaperSection {
  key: string;
  /** "" where a person took its title away. */
  title: string;
  blocks: DocBlock[];
}

export interface PaperEvidence {
  /** From 1, in the order of first use: what stands in the text of every format. */
  number: number;
  text: string;
  /** Id of the line of the timeline, where it is one. */
  event: string | null;
  /** When it happened, epoch ms; null where it is no moment. */
  at: number | null;
}

export interface Paper {
  kind: DocumentKind;
  /** It tells of a drill, and says so on top. */
  drill: boolean;
  title: string;
  subtitle: string;
  sections: PaperSection[];
  evidence: PaperEvidence[];
  charts: { chart: Chart; words: string }[];
}

/** Longer ones are refused: nobody reads 500 pages, and the worker has a bound for its memory. */
export const mostLettersOfAll = 1_500_000;

/** How long a document is, UTF-16 units. */
export const lettersOf = (it: Pick<NightDocument, 'sections'>): number =>
  it.sections.reduce((sum, section) => sum + section.text.length, 0);

/**
 * Lays a document out. Marks are numbered anew, as people deleted some; a mark that leads nowhere is plain text. What goes to customers
 * shows no marks at all. Sections without words are left out.
 * @param drill it tells of a drill
 */
export function layOut(
  document: Pick<NightDocument, 'kind' | 'title' | 'subtitle' | 'sections' | 'evidence'>,
  charts: readonly Chart[] = [],
  drill = false,
): Paper {
  const known = new Map(document.evidence.map((it) => [it.number, it]));
  const numbers = new Map<number, number>();
  const shown = showsEvidence(document.kind);
  const numbered = (old: number): Inline => {
    if (known.has(old) && !shown) return { kind: 'text', text: '' };
    if (!known.has(old)) return { kind: 'text', text: `[^${old}]` };
    const number = numbers.get(old) ?? numbers.size + 1;
    numbers.set(old, number);
    return { kind: 'mark', number };
  };
  const sections = document.sections.flatMap((section): PaperSection[] => {
    const blocks = mapMarks(parseBlocks(section.text), numbered);
    return blocks.length > 0 ? [{ key: section.key, title: clean(section.title, 200), blocks }] : [];
  });
  const evidence = [...numbers].flatMap(([old, number]): PaperEvidence[] => {
    const it = known.get(old);
    if (!it) return [];
    const { source } = it;
    return [
      {
        number,
        text: clean(it.text, 2_000),
        event: source.kind === 'event' ? clean(source.event, 100) : null,
        at: 'at' in source ? source.at : null,
      },
    ];
  });
  return {
    kind: document.kind,
    drill,
    title: clean(document.title, 300),
    subtitle: clean(document.subtitle, 500),
    sections,
    evidence,
    charts: charts.map((it) => {
      const chart = { ...it, title: clean(it.title, 250) };
      return { chart, words: chartWords(chart) };
    }),
  };
}

/** Headings of what stands behind the sections, the same in every format. */
export const chartsTitle = 'What was measured';
export const evidenceTitle = 'Evidence';
/** One piece of evidence in words. */
export const evidenceWords = (it: PaperEvidence): string => (it.event === null ? it.text : `${it.text} (event ${it.event})`);

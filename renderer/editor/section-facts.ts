/** What is known of a section's text without drawing it: its blocks and sentences, how much of it has evidence. Pure. */
import { type Gap, gapSpans } from '../../shared/documents/gaps.ts';
import { blocksOf, sentenceAt, type TextBlock } from '../../shared/documents/sentences.ts';
import type { DocumentSection } from '../../shared/model/document.ts';

export interface SectionFacts {
  text: string;
  blocks: TextBlock[];
  statements: number;
  proven: number;
}

export function factsOf(text: string): SectionFacts {
  const blocks = blocksOf(text);
  const all = blocks.flatMap((block) => block.sentences);
  return { text, blocks, statements: all.length, proven: all.filter((it) => it.marks.length > 0).length };
}

/** Facts of each section, worked out anew only where its text changed. */
export function createFactsKeeper() {
  let kept = new Map<string, SectionFacts>();
  return (sections: readonly DocumentSection[]): ReadonlyMap<string, SectionFacts> => {
    const same = kept.size === sections.length && sections.every((it) => kept.get(it.key)?.text === it.text);
    if (!same)
      kept = new Map(
        sections.map((it) => {
          const before = kept.get(it.key);
          return [it.key, before?.text === it.text ? before : factsOf(it.text)];
        }),
      );
    return kept;
  };
}

/** Where the person is: a section, and a position in its text. */
export interface Caret {
  key: string;
  at: number;
  /** One mark was clicked, not its whole sentence. */
  mark?: number | undefined;
}

export interface Marked {
  key: string;
  block: number;
  sentence: number;
  text: string;
  marks: number[];
}

/** The sentence that the caret stands in; null = none. */
export function markedAt(facts: ReadonlyMap<string, SectionFacts>, caret: Caret | null): Marked | null {
  const section = caret && facts.get(caret.key);
  const found = section && sentenceAt(section.blocks, caret.at);
  const block = found && section.blocks[found.block];
  const sentence = found && block?.sentences[found.sentence];
  if (!caret || !section || !found || !block || !sentence) return null;
  const text = section.text.slice(block.from + sentence.from, block.from + sentence.to);
  return { key: caret.key, ...found, text, marks: caret.mark === undefined ? sentence.marks : [caret.mark] };
}

export interface PlacedGap extends Gap {
  key: string;
}

/** All gaps of a document, in reading order. */
export const gapsOf = (sections: readonly DocumentSection[]): PlacedGap[] =>
  sections.flatMap((it) => gapSpans(it.text).map((gap) => ({ ...gap, key: it.key })));

/** The gap behind the caret, the first one after the last. @returns its index; -1 = there is none */
export function nextGap(gaps: readonly PlacedGap[], order: readonly string[], caret: Caret | null): number {
  if (gaps.length === 0) return -1;
  if (!caret) return 0;
  const here = order.indexOf(caret.key);
  const next = gaps.findIndex((gap) => {
    const there = order.indexOf(gap.key);
    return there > here || (there === here && gap.from > caret.at);
  });
  return next < 0 ? 0 : next;
}

/** Everything that a document says as people left it: sentence by sentence and row by row, as linesOf (shared/scenario/score.ts) reads a draft. */
import { type DocBlock, type Inline, wordsOf } from '../../shared/documents/blocks.ts';
import type { NightDocument } from '../../shared/model/document.ts';
import type { Line } from '../../shared/scenario/score.ts';
import { parseBlocks } from './parse.ts';

/** Stands for a mark of evidence, which ends a statement. No text holds it: parseBlocks takes controls out. */
const end = '\u0000';

/** What a document asks for is not said. */
export function linesOfDocument({ title, subtitle, sections }: Pick<NightDocument, 'title' | 'subtitle' | 'sections'>): Line[] {
  return [
    { section: 'title', text: `${title} · ${subtitle}` },
    ...sections.flatMap((section) => textsOf(parseBlocks(section.text)).map((text) => ({ section: section.title, text }))),
  ];
}

const textsOf = (blocks: readonly DocBlock[]): string[] => blocks.flatMap(textsOfBlock).filter((text) => text !== '');

function textsOfBlock(block: DocBlock): string[] {
  switch (block.kind) {
    case 'paragraph':
    case 'heading':
      return statementsOf(block.inlines);
    case 'list':
      return block.items.flatMap((item) => textsOf(item.blocks));
    case 'quote':
      return textsOf(block.blocks);
    case 'table':
      return [block.columns, ...block.rows].map((row) => row.map((cell) => said(cell).replaceAll(end, '').trim()).join(' | '));
    case 'code':
      return block.text.split('\n').map((line) => line.trim());
    case 'rule':
      return [];
  }
}

const statementsOf = (inlines: readonly Inline[]): string[] =>
  said(inlines)
    .split(end)
    .map((text) => text.trim());
const said = (inlines: readonly Inline[]): string => wordsOf(withoutGaps(inlines), () => end);
const withoutGaps = (inlines: readonly Inline[]): Inline[] =>
  inlines.flatMap((it): Inline[] => {
    if (it.kind === 'gap') return [];
    return 'children' in it ? [{ ...it, children: withoutGaps(it.children) }] : [it];
  });

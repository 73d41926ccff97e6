/** A document as plain text: 72 columns, readable in any mail program. */
import { type DocBlock, isTight, taskWords, wordsOf } from '../../shared/documents/blocks.ts';
import { drillBand } from '../../shared/documents/drill-band.ts';
import { chartsTitle, evidenceTitle, evidenceWords, type Paper } from './paper.ts';
import { tableToText } from './text-table.ts';
import { fold, widthOf } from './text-width.ts';

const columns = 72;

/** @returns the whole document, ending in a line break */
export function paperToText(paper: Paper): string {
  const title = fold(paper.title, columns);
  const underline = (lines: string[], stroke: string): string =>
    [...lines, stroke.repeat(Math.min(columns, Math.max(...lines.map(widthOf), 1)))].join('\n');
  const section = (name: string, body: string): string => (name === '' ? body : `${underline(fold(name, columns), '-')}\n\n${body}`);
  return `${[
    ...(paper.drill ? [drillBand] : []),
    underline(title, '='),
    ...(paper.subtitle === '' ? [] : [fold(paper.subtitle, columns).join('\n')]),
    ...paper.sections.map((it) => section(it.title, blocksToText(it.blocks))),
    ...(paper.charts.length === 0
      ? []
      : [section(chartsTitle, paper.charts.map((it) => hanging('- ', fold(it.words, columns - 2))).join('\n'))]),
    ...(paper.evidence.length === 0
      ? []
      : [
          section(
            evidenceTitle,
            paper.evidence
              .map((it) => {
                const head = `[${it.number}] `;
                return hanging(head, fold(evidenceWords(it), columns - head.length));
              })
              .join('\n'),
          ),
        ]),
  ].join('\n\n')}\n`;
}

/** Some blocks as lines. @param width columns that there are */
export const blocksToText = (blocks: readonly DocBlock[], width = columns, between = '\n\n'): string =>
  blocks.map((it) => write(it, Math.max(20, width))).join(between);

const markWords = (number: number): string => `[${number}]`;

function write(block: DocBlock, width: number): string {
  switch (block.kind) {
    case 'paragraph':
      return foldLines(wordsOf(block.inlines, markWords), width);
    case 'heading':
      return foldLines(`* ${wordsOf(block.inlines, markWords)} *`, width);
    case 'list':
      return block.items
        .map((item, index) => {
          const head = `${block.start === null ? '-' : `${block.start + index}.`} ${item.checked === null ? '' : `${taskWords(item.checked)} `}`;
          return hanging(head, blocksToText(item.blocks, width - head.length, isTight(item) ? '\n' : '\n\n').split('\n'));
        })
        .join('\n');
    case 'table':
      return tableToText(
        block.columns.map((it) => wordsOf(it, markWords)),
        block.rows.map((row) => row.map((it) => wordsOf(it, markWords))),
        block.aligns,
        width,
      );
    case 'quote':
      return blocksToText(block.blocks, width - 2)
        .split('\n')
        .map((line) => (line === '' ? '>' : `> ${line}`))
        .join('\n');
    case 'code':
      // Not folded: in what programs print, columns mean something.
      return block.text
        .split('\n')
        .map((line) => (line === '' ? '' : `    ${line}`))
        .join('\n');
    case 'rule':
      return '-'.repeat(Math.min(width, 40));
  }
}

const foldLines = (words: string, width: number): string =>
  words
    .split('\n')
    .flatMap((line) => fold(line, width))
    .join('\n');

/** The head before the first line, as many spaces before the others. */
const hanging = (head: string, lines: readonly string[]): string =>
  lines
    .map((line, index) => (index === 0 ? `${head}${line}` : line === '' ? '' : `${' '.repeat(head.length)}${line}`))
    .join('\n')
    .trimEnd();

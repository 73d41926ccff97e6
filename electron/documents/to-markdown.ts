/** A document as one Markdown file, with footnotes. Reading it again gives the same blocks. */
import { type DocBlock, gapWords, type Inline, isTight, wordsOf } from '../../shared/documents/blocks.ts';
import { drillBand } from '../../shared/documents/drill-band.ts';
import { escapeMarkdown } from '../../shared/text.ts';
import { chartsTitle, evidenceTitle, evidenceWords, type Paper } from './paper.ts';

/** @returns the whole document, ending in a line break */
export function paperToMarkdown(paper: Paper): string {
  return `${[
    ...(paper.drill ? [`**${drillBand}**`] : []),
    `# ${escapeMarkdown(paper.title)}`,
    ...(paper.subtitle === '' ? [] : [escapeMarkdown(paper.subtitle)]),
    ...paper.sections.flatMap((it) => [...(it.title === '' ? [] : [`## ${escapeMarkdown(it.title)}`]), blocksToMarkdown(it.blocks)]),
    ...(paper.charts.length === 0 ? [] : [`## ${chartsTitle}`, paper.charts.map((it) => `- ${escapeMarkdown(it.words)}`).join('\n')]),
    // Readers of footnotes put them at the end by themselves; others show the definitions as they stand.
    ...(paper.evidence.length === 0
      ? []
      : [`## ${evidenceTitle}`, paper.evidence.map((it) => `[^${it.number}]: ${escapeMarkdown(evidenceWords(it))}`).join('\n')]),
  ].join('\n\n')}\n`;
}

/** Some blocks as Markdown, without a line break at the end. */
export function blocksToMarkdown(blocks: readonly DocBlock[], between = '\n\n'): string {
  let last: DocBlock | null = null;
  let bullet: '-' | '*' = '-';
  const written: string[] = [];
  for (const block of blocks) {
    // Two lists in a row stay two.
    bullet = block.kind === 'list' && last?.kind === 'list' && bullet === '-' ? '*' : '-';
    written.push(writeBlock(block, bullet));
    last = block;
  }
  return written.join(between);
}

function writeBlock(block: DocBlock, bullet: '-' | '*'): string {
  switch (block.kind) {
    case 'paragraph':
      return say(block.inlines);
    case 'heading':
      return `${'#'.repeat(block.level)} ${say(block.inlines).replaceAll('\\\n', ' ')}`;
    case 'list':
      return block.items
        .map((item, index) => {
          const head = block.start === null ? `${bullet} ` : `${Math.min(999_999_999, block.start + index)}${bullet === '-' ? '.' : ')'} `;
          const task = item.checked === null ? '' : item.checked ? '[x] ' : '[ ] ';
          const [first, ...rest] = blocksToMarkdown(item.blocks, isTight(item) ? '\n' : '\n\n').split('\n');
          return [`${head}${task}${first}`, ...rest.map((line) => (line === '' ? '' : `${' '.repeat(head.length)}${line}`))]
            .join('\n')
            .trimEnd();
        })
        .join('\n');
    case 'table': {
      const row = (cells: string[]): string => `| ${cells.join(' | ')} |`;
      const cell = (inlines: Inline[]): string => say(inlines, true).replaceAll('\\\n', ' ');
      return [
        row(block.columns.map(cell)),
        row(block.aligns.map((it) => ({ left: ':--', center: ':-:', right: '--:', none: '---' })[it ?? 'none'])),
        ...block.rows.map((it) => row(it.map(cell))),
      ].join('\n');
    }
    case 'quote':
      return blocksToMarkdown(block.blocks)
        .split('\n')
        .map((line) => (line === '' ? '>' : `> ${line}`))
        .join('\n');
    case 'code': {
      const longest = Math.max(2, ...[...block.text.matchAll(/`+/g)].map((found) => found[0].length));
      const fence = '`'.repeat(longest + 1);
      return `${fence}\n${block.text}\n${fence}`;
    }
    case 'rule':
      // Neither bullet makes another thing of it.
      return '___';
  }
}

const around = { strong: '**', emphasis: '_', struck: '~~' } as const;

/** @param inTable a bar ends a cell, even within code */
function say(inlines: readonly Inline[], inTable = false, within: readonly string[] = []): string {
  let written = '';
  inlines.forEach((it, index) => {
    const piece = write(it, inlines[index + 1]);
    // Behind a bracket a parenthesis would be the address of a link.
    written += written.endsWith(']') && piece.startsWith('(') ? `\\${piece}` : piece;
  });
  return written;

  function write(it: Inline, next: Inline | undefined): string {
    switch (it.kind) {
      case 'text':
        return escapeRun(it.text);
      case 'code':
        return codeSpan(it.text, inTable);
      case 'strong':
      case 'emphasis':
      case 'struck': {
        const words = say(it.children, inTable, [...within, it.kind]);
        const after = next === undefined ? '' : (wordsOf([next], () => '[')[0] ?? '');
        // Where the stars would stand against a letter, readers differ in what they make of them: the words alone then.
        const fits =
          !within.includes(it.kind) && /(?:^|[\s(])$/.test(written) && /^(?:$|[\s.,;:!?)[\\])/.test(after) && /^\S.*\S$|^\S$/s.test(words);
        return fits ? `${around[it.kind]}${words}${around[it.kind]}` : say(it.children, inTable, Object.keys(around));
      }
      case 'link':
        return it.children.length === 0 ? escapeRun(it.address) : `${say(it.children, inTable, within)} (${escapeRun(it.address)})`;
      case 'mark':
        return `[^${it.number}]`;
      case 'gap':
        // What stands in a gap may have been said by a server.
        return gapWords(escapeMarkdown(it.question).replace(/\\?[[\]]/g, ' '));
      case 'break':
        return '\\\n';
    }
  }
}

function codeSpan(text: string, inTable: boolean): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map((found) => found[0].length));
  const fence = '`'.repeat(longest + 1);
  const pad = /^`|`$/.test(text) ? ' ' : '';
  return `${fence}${pad}${inTable ? text.replaceAll('|', '\\|') : text}${pad}${fence}`;
}

/** escapeMarkdown takes a limited length at once. */
const mostAtOnce = 4_000;

/** Escaped text keeps the spaces at its ends. */
function escapeRun(text: string): string {
  const body = text.trim();
  if (body === '') return text === '' ? '' : ' ';
  const pieces: string[] = [];
  for (let at = 0; at < body.length; ) {
    const space = body.lastIndexOf(' ', at + mostAtOnce);
    const to = body.length - at <= mostAtOnce ? body.length : space > at ? space : at + mostAtOnce;
    pieces.push(`${/^ /.test(body.slice(at, to)) ? ' ' : ''}${escapeMarkdown(body.slice(at, to))}`);
    at = to;
  }
  return `${/^\s/.test(text) ? ' ' : ''}${pieces.join('')}${/\s$/.test(text) ? ' ' : ''}`;
}

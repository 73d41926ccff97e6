/** A draft as Markdown: plain enough to be read as text, safe whatever the names and messages in it contain. */
import { drillBand } from '../documents/drill-band.ts';
import { clean, escapeMarkdown } from '../text.ts';
import type { Block, Draft } from './draft.ts';

const raised = '⁰¹²³⁴⁵⁶⁷⁸⁹';
/** "¹²" for 12: letters, not markup, so that they survive any reader and a plain mail. */
export const superscript = (n: number): string => String(n).replace(/\d/g, (digit) => raised[Number(digit)] ?? digit);

/** @param drill it tells of a drill, and says so. @returns the whole report, ending in a line break */
export function toMarkdown(draft: Draft, drill = false): string {
  const numbers = new Map(draft.evidence.map((it) => [it.key, it.number]));
  const marks = (keys: readonly string[]): string => keys.map((key) => superscript(numbers.get(key) ?? 0)).join(' ');
  const say = (it: { text: string; evidence: string[] }): string => `${escapeMarkdown(it.text)}${marks(it.evidence)}`;
  const write = (block: Block): string => {
    if (block.kind === 'gap') return `> **To be filled in:** ${escapeMarkdown(block.text)}`;
    if (block.kind === 'text') return block.statements.map(say).join(' ');
    if (block.kind === 'list') return block.statements.map((it) => `- ${say(it)}`).join('\n');
    const row = (cells: string[]): string => `| ${cells.join(' | ')} |`;
    return [
      row(block.columns.map(escapeMarkdown)),
      row(block.columns.map(() => '---')),
      ...block.rows.map((it) => row(it.cells.map((cell, index) => escapeMarkdown(cell) + (index === 1 ? marks(it.evidence) : '')))),
    ].join('\n');
  };
  const parts = [
    ...(drill ? [`**${drillBand}**`] : []),
    `# ${escapeMarkdown(draft.title)}`,
    escapeMarkdown(draft.subtitle),
    ...draft.sections.flatMap((section) => [`## ${escapeMarkdown(section.title)}`, ...section.blocks.map(write)]),
    ...(draft.evidence.length > 0
      ? [
          '## Evidence',
          draft.evidence
            .map(
              (it) =>
                `${it.number}. ${escapeMarkdown(it.text)}${it.source.kind === 'event' ? ` (event ${escapeMarkdown(clean(it.source.event))})` : ''}`,
            )
            .join('\n'),
        ]
      : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

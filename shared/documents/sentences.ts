/**
 * Where the sentences of some Markdown stand, so that a click on one finds its words and a cursor finds its sentence. It looks at no more of
 * Markdown than that takes; what it takes for a sentence and is none does no harm. Positions are UTF-16 units. Pure.
 */
import { gapSpans } from './gaps.ts';
import { marksIn } from './to-sections.ts';

export interface Sentence {
  from: number;
  to: number;
  /** The evidence numbers that stand at it. */
  marks: number[];
}

/** What stands between two empty lines: a paragraph, a list, a table. */
export interface TextBlock {
  from: number;
  to: number;
  /** Positions count from the block's beginning. */
  sentences: Sentence[];
}

interface Line {
  text: string;
  from: number;
}

const fence = /^ {0,3}(```|~~~)/;
const blank = /^\s*$/;
const listItem = /^\s*(?:[-*+]|\d{1,9}[.)])\s+/;
const heading = /^ {0,3}#{1,6}(?:\s+|$)/;
const quote = /^\s{0,3}>\s?/;
const rule = /^\s*(?:[-*_=]\s*){3,}$|^\s*=+\s*$/;
const tableRule = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;
const indentedCode = /^(?: {4}|\t)/;

/** Cuts a text where an empty line ends a block. A fence, and what is indented below a list, stays whole. */
export function blocksOf(markdown: string): TextBlock[] {
  const blocks: TextBlock[] = [];
  let open: Line[] = [];
  let inFence: string | null = null;
  const close = (): void => {
    while (open.length > 0 && blank.test(open[open.length - 1]?.text ?? '')) open.pop();
    const [first] = open;
    const last = open[open.length - 1];
    if (first && last) blocks.push({ from: first.from, to: last.from + last.text.length, sentences: sentencesIn(open, first.from) });
    open = [];
  };
  for (const line of linesOf(markdown)) {
    const mark = fence.exec(line.text)?.[1] ?? null;
    if (inFence !== null) {
      if (mark === inFence) inFence = null;
    } else if (mark !== null) inFence = mark;
    else if (!blank.test(line.text) && open.length > 0 && blank.test(open[open.length - 1]?.text ?? '') && !/^(?: {2}|\t)/.test(line.text))
      close();
    if (open.length > 0 || !blank.test(line.text)) open.push(line);
  }
  close();
  return blocks;
}

function linesOf(text: string): Line[] {
  let from = 0;
  return text.split('\n').map((line) => {
    const at = from;
    from += line.length + 1;
    return { text: line, from: at };
  });
}

/** @param base where the block begins */
function sentencesIn(lines: readonly Line[], base: number): Sentence[] {
  const found: Sentence[] = [];
  let unit: { text: string; from: number } | null = null;
  let inFence = false;
  const end = (): void => {
    if (unit) for (const it of splitSentences(unit.text)) found.push(moved(it, unit.from));
    unit = null;
  };
  const ruleAt = lines.findIndex((line) => line.text.includes('|') && tableRule.test(line.text));
  for (const [index, line] of lines.entries()) {
    const from = line.from - base;
    if (fence.test(line.text)) {
      end();
      inFence = !inFence;
    } else if (inFence || blank.test(line.text) || (unit === null && indentedCode.test(line.text) && !listItem.test(line.text))) end();
    else if (ruleAt > 0 && index > ruleAt && line.text.includes('|')) {
      end();
      const row = tellingCell(line.text);
      if (row) found.push(moved(row, from));
    } else if (ruleAt > 0 && (index === ruleAt || index === ruleAt - 1)) end();
    else if (rule.test(line.text)) end();
    else if (heading.test(line.text)) end();
    else {
      const head = headOf(line.text);
      if (head > 0 || unit === null) {
        end();
        unit = { text: line.text.slice(head), from: from + head };
      } else unit.text += `\n${line.text}`;
    }
  }
  end();
  return found;
}

/** How much of a line is no text yet: marks of lists and quotes. */
function headOf(line: string): number {
  let at = 0;
  for (;;) {
    const mark = quote.exec(line.slice(at)) ?? listItem.exec(line.slice(at));
    if (!mark || mark[0].length === 0) return at;
    at += mark[0].length;
  }
}

const moved = (it: Sentence, by: number): Sentence => ({ ...it, from: it.from + by, to: it.to + by });

/** A row is one statement; its second cell (or its only one) stands for it. */
function tellingCell(line: string): Sentence | null {
  const bars = [...line.matchAll(/(?<!\\)\|/g)].map((it) => it.index);
  const edges = /^\s*\|/.test(line) ? bars : [-1, ...bars];
  if (edges.length === 0) return null;
  const cells = edges.flatMap((edge, index) => {
    const to = edges[index + 1] ?? line.length;
    const raw = line.slice(edge + 1, to);
    const from = edge + 1 + (raw.length - raw.trimStart().length);
    return index === edges.length - 1 && raw.trim() === '' ? [] : [{ from, to: from + raw.trim().length }];
  });
  const cell = cells[1] ?? cells[0];
  return cell && cell.to > cell.from ? { ...cell, marks: marksIn(line) } : null;
}

const abbreviation = /(?:^|[\s(])(?:\p{L}|e\.g|i\.e|a\.m|p\.m|No|Nr|vs|approx|ca|Dr|Mr|Mrs|Ms|St|Inc|Ltd|Co|Corp|etc|Fig|min|max)$/iu;
const markRun = /(?:\[\^\d{1,6}\])+/y;
const closers = /[)"”’'\]*_]*/y;
const ticks = /`+/y;

/** Cuts running text into sentences: behind its marks, and behind a full stop that ends one. Nothing is cut within code, bold text or a link. */
export function splitSentences(text: string): Sentence[] {
  const gaps = new Map(gapSpans(text).map((gap) => [gap.from, gap.to]));
  /** Runs of backticks that nothing closes any more. */
  const unclosed = new Set<string>();
  const found: Sentence[] = [];
  let from = 0;
  let strong = false;
  const cut = (to: number): void => {
    const raw = text.slice(from, to);
    const begin = from + (raw.length - raw.trimStart().length);
    const words = raw.trim();
    // A gap is no statement.
    if (words.replace(/\[TO FILL: [^[\]\n]{1,500}\]/g, '').trim() !== '')
      found.push({ from: begin, to: begin + words.length, marks: marksIn(words) });
    from = to;
  };
  const at = (pattern: RegExp, index: number): string => {
    pattern.lastIndex = index;
    return pattern.exec(text)?.[0] ?? '';
  };
  let index = 0;
  while (index < text.length) {
    const char = text[index] as string;
    const gapEnd = gaps.get(index);
    if (gapEnd !== undefined) {
      index = gapEnd;
      continue;
    }
    if (char === '\\') {
      index += 2;
      continue;
    }
    if (char === '`') {
      const run = at(ticks, index);
      const end = unclosed.has(run) ? -1 : text.indexOf(run, index + run.length);
      if (end < 0) unclosed.add(run);
      index = (end < 0 ? index : end) + run.length;
      continue;
    }
    if (char === '*' && text[index + 1] === '*') {
      strong = !strong;
      index += 2;
      continue;
    }
    const run = char === '[' ? at(markRun, index) : '';
    if (run !== '') {
      index += run.length;
      const rest = text.slice(index, index + 40);
      if (!strong && /^\s/.test(rest) && !/^\s+\p{Ll}/u.test(rest) && text[index - run.length - 1] !== ',') cut(index);
      continue;
    }
    if (char === '[') {
      // A link is not cut.
      const link = /^\[[^[\]\n]*\]\([^)\n]*\)/.exec(text.slice(index, index + 2_500));
      index += link?.[0].length ?? 1;
      continue;
    }
    if (/[.!?…]/.test(char)) {
      const stop = index + 1 + at(closers, index + 1).length;
      const rest = text.slice(stop, stop + 40);
      const goesOn = !/^\s+[^\s\p{Ll}]/u.test(rest) || (char === '.' && abbreviation.test(text.slice(Math.max(0, index - 12), index)));
      if (!strong && !goesOn) cut(stop);
      index += 1;
      continue;
    }
    index += 1;
  }
  cut(text.length);
  return found;
}

/** The sentence around a position, or right before it; null between two. @param at UTF-16 units from the beginning of the text */
export function sentenceAt(blocks: readonly TextBlock[], at: number): { block: number; sentence: number } | null {
  const block = blocks.findIndex((it) => it.from <= at && at <= it.to);
  if (block < 0) return null;
  const here = at - (blocks[block]?.from ?? 0);
  const sentences = blocks[block]?.sentences ?? [];
  const inside = sentences.findIndex((it) => it.from <= here && here < it.to);
  const sentence = inside >= 0 ? inside : sentences.findIndex((it) => it.to === here);
  return sentence < 0 ? null : { block, sentence };
}

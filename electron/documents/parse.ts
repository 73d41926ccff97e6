/** Reads a document's Markdown (CommonMark with GitHub's tables) into blocks. Bounded; HTML is text. */
import { Lexer, type Token, Tokenizer, type Tokens } from 'marked';
import type { Align, DocBlock, Inline, ListItem } from '../../shared/documents/blocks.ts';
import { clean, cleanLines } from '../../shared/text.ts';

const mostLetters = 500_000;
/** Quotes and lists within each other. */
const mostDepth = 10;
/** A longer paragraph or cell is taken as it is, without looking for bold text in it. */
const mostInline = 20_000;
const mostColumns = 30;
const mostRows = 2_000;
const mostAddress = 500;

/** @returns the blocks of one section; what is beyond the bounds is text or left out, never an error */
export function parseBlocks(markdown: string): DocBlock[] {
  const source = cleanLines(markdown, mostLetters)
    .split('\n')
    // No text is indented that far, and each step in is a list within a list.
    .map((line) => line.replace(/^ {60,}/, ' '.repeat(60)))
    .join('\n');
  if (source.split('\n').some(isDeep)) return plain(source);
  const lexer = new DocumentLexer();
  lexer.blockTokens(source, lexer.tokens);
  // inlineTokens may add to the queue.
  for (let at = 0; at < lexer.inlineQueue.length; at += 1) {
    const next = lexer.inlineQueue[at];
    if (next && next.src.length <= mostInline) lexer.inlineTokens(next.src, next.tokens);
    else next?.tokens.push({ type: 'text', raw: next.src, text: next.src });
  }
  return blocksOf(lexer.tokens, 0);
}

/** Of "> > > 1. - text" each mark is a level of its own, on a single line. */
const isDeep = (line: string): boolean => {
  let depth = 0;
  let rest = line;
  for (;;) {
    const mark = /^\s*(?:>|[-*+](?=\s)|\d{1,9}[.)](?=\s))/.exec(rest);
    if (!mark) return false;
    rest = rest.slice(mark[0].length);
    depth += 1;
    if (depth > mostDepth) return true;
  }
};

/** Paragraphs without any markup. */
const plain = (source: string): DocBlock[] =>
  source
    .split(/\n{2,}/)
    .filter((it) => it.trim() !== '')
    .map((it) => ({ kind: 'paragraph', inlines: textOf(it) }));

/** HTML is text, and no line far below can turn a word into a link or a mark of evidence into something else. */
class PlainTokenizer extends Tokenizer {
  override html(): undefined {}
  override tag(): undefined {}
  override def(): undefined {}
}

const markToken = {
  type: 'mark',
  pattern: /^\[\^(\d{1,6})\]/,
};
const gapToken = {
  type: 'gap',
  // As in shared/documents/gaps.ts.
  pattern: /^\[TO FILL: ([^\]\n]{1,500})\]/,
};

/** marked's lexer with marks of evidence and gaps. */
class DocumentLexer extends Lexer {
  constructor() {
    const own = [markToken, gapToken];
    super({
      gfm: true,
      breaks: false,
      tokenizer: new PlainTokenizer(),
      extensions: {
        renderers: {},
        childTokens: {},
        inline: own.map(({ type, pattern }) => (src: string) => {
          const found = pattern.exec(src);
          return found ? { type, raw: found[0], text: found[1] ?? '' } : undefined;
        }),
        startInline: [(src: string) => startOf(src, /\[\^\d|\[TO FILL: /)],
      },
    });
  }
}
const startOf = (src: string, pattern: RegExp): number | undefined => {
  const at = src.search(pattern);
  return at < 0 ? undefined : at;
};

function blocksOf(tokens: readonly Token[], depth: number): DocBlock[] {
  return tokens.flatMap((token) => blockOf(token as Tokens.Generic, depth));
}

function blockOf(token: Tokens.Generic, depth: number): DocBlock[] {
  if (depth > mostDepth) return paragraph(textOf(token.raw));
  switch (token.type) {
    case 'space':
    case 'checkbox':
      return [];
    case 'hr':
      return [{ kind: 'rule' }];
    case 'heading': {
      const level = Math.min(6, Math.max(3, Number(token.depth))) as 3 | 4 | 5 | 6;
      const inlines = inlinesOf(token.tokens);
      return inlines.length > 0 ? [{ kind: 'heading', level, inlines }] : [];
    }
    case 'code':
      return [{ kind: 'code', text: cleanLines(String(token.text), mostLetters).replace(/^\n+|\n+$/g, '') }];
    case 'blockquote':
      return [{ kind: 'quote', blocks: blocksOf(token.tokens ?? [], depth + 1) }];
    case 'list':
      return listOf(token as Tokens.List, depth);
    case 'table':
      return [tableOf(token as Tokens.Table)];
    default:
      // Paragraphs, and the text of a tight list's item.
      return paragraph(token.tokens ? inlinesOf(token.tokens) : joined(textOf(String(token.text ?? token.raw))));
  }
}

const paragraph = (inlines: Inline[]): DocBlock[] => (inlines.length > 0 ? [{ kind: 'paragraph', inlines }] : []);

/** Points without a word, as they stand there while somebody types, are none. */
function listOf({ ordered, start, items }: Tokens.List, depth: number): DocBlock[] {
  const full = items
    .map((item): ListItem => ({ checked: item.task ? item.checked === true : null, blocks: blocksOf(item.tokens, depth + 1) }))
    .filter((item) => item.blocks.length > 0);
  if (full.length === 0) return [];
  return [{ kind: 'list', start: ordered ? Math.min(999_999_999, Number(start) || (start === 0 ? 0 : 1)) : null, items: full }];
}

function tableOf({ header, align, rows }: Tokens.Table): DocBlock {
  const columns = header.slice(0, mostColumns).map((cell) => inlinesOf(cell.tokens));
  return {
    kind: 'table',
    aligns: columns.map((_, index): Align => align[index] ?? null),
    columns,
    rows: rows.slice(0, mostRows).map((row) => columns.map((_, index) => inlinesOf(row[index]?.tokens))),
  };
}

/** Neighbours of the same kind are one; spaces at either end go. */
function inlinesOf(tokens: readonly Token[] | undefined): Inline[] {
  return joined((tokens ?? []).flatMap((token) => inlineOf(token as Tokens.Generic, 0)));
}

function inlineOf(token: Tokens.Generic, depth: number): Inline[] {
  const children = (): Inline[] => (token.tokens ?? []).flatMap((it) => inlineOf(it as Tokens.Generic, depth + 1));
  if (depth > mostDepth) return textOf(token.raw);
  switch (token.type) {
    case 'checkbox':
      return [];
    case 'strong':
    case 'em':
    case 'del': {
      const within = merged(children());
      return within.length > 0
        ? [{ kind: token.type === 'em' ? 'emphasis' : token.type === 'del' ? 'struck' : 'strong', children: within }]
        : [];
    }
    case 'codespan': {
      const text = clean(String(token.text), mostInline);
      return text === '' ? [] : [{ kind: 'code', text }];
    }
    case 'br':
      return [{ kind: 'break' }];
    case 'link':
    case 'image':
      return linkOf(token, token.type === 'image' ? textOf(String(token.text)) : children());
    case 'mark':
      return [{ kind: 'mark', number: Number(token.text) }];
    case 'gap': {
      const question = clean(decoded(String(token.text).replace(/\\([!-/:-@[-`{-~])/g, '$1')), 500);
      return question === '' ? textOf(token.raw) : [{ kind: 'gap', question }];
    }
    case 'escape':
      return textOf(String(token.text), false);
    default:
      return token.tokens ? children() : textOf(String(token.text ?? token.raw));
  }
}

/** An address that people see is one that they can judge. Empty ones are no link at all. */
function linkOf(token: Tokens.Generic, children: Inline[]): Inline[] {
  const address = clean(decoded(String(token.href ?? '')), mostAddress);
  const words = joined(children);
  if (address === '') return words;
  const [only, more] = words;
  if (only?.kind !== 'text' || more) return [{ kind: 'link', children: words, address }];
  const speaks = ['', 'http://', 'mailto:'].some((scheme) => `${scheme}${only.text}` === address);
  return [speaks ? { kind: 'link', children: [], address: only.text } : { kind: 'link', children: words, address }];
}

/** Words as running text: what stands for a letter is that letter, white space is one space, a space at either end stays. */
function textOf(source: string, entities = true): Inline[] {
  const text = entities ? decoded(source) : source;
  const words = clean(text, mostLetters);
  if (words === '') return text === '' ? [] : [{ kind: 'text', text: ' ' }];
  return [{ kind: 'text', text: `${/^\s/.test(text) ? ' ' : ''}${words}${/\s$/.test(text) ? ' ' : ''}` }];
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** What escapeMarkdown writes, and the few that people write; all others stand as they are. */
const decoded = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos|nbsp));/g, (_all, decimal, hex, name) => {
    if (name !== undefined) return named[name] ?? '';
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : '\ufffd';
  });

function merged(inlines: readonly Inline[]): Inline[] {
  const out: Inline[] = [];
  for (const it of inlines) {
    const last = out.at(-1);
    if (it.kind === 'text' && last?.kind === 'text')
      out[out.length - 1] = { kind: 'text', text: (last.text + it.text).replace(/ {2,}/g, ' ') };
    else out.push(it);
  }
  return out;
}

/** Without spaces and breaks at either end. */
function joined(inlines: readonly Inline[]): Inline[] {
  const out = merged(inlines);
  const isEmpty = (it: Inline | undefined): boolean => it?.kind === 'break' || (it?.kind === 'text' && it.text.trim() === '');
  while (isEmpty(out[0])) out.shift();
  while (isEmpty(out.at(-1))) out.pop();
  const [first] = out;
  if (first?.kind === 'text') out[0] = { kind: 'text', text: first.text.trimStart() };
  const last = out.at(-1);
  if (last?.kind === 'text') out[out.length - 1] = { kind: 'text', text: last.text.trimEnd() };
  return out;
}

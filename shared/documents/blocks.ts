/** What a document's Markdown says, block by block. Every format is written from this, so that all of them hold the same. Pure. */

/** A piece of running text. Its words are clean: no controls, no invisible or turning letters, no line breaks. */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'emphasis' | 'strong' | 'struck'; children: Inline[] }
  /** Never active: its words, and the address to be read. `children` are empty where the address speaks for itself. */
  | { kind: 'link'; children: Inline[]; address: string }
  /** A mark of evidence: the number in Paper.evidence. */
  | { kind: 'mark'; number: number }
  /** A question that only a person can answer. */
  | { kind: 'gap'; question: string }
  | { kind: 'break' };

export type Align = 'left' | 'center' | 'right' | null;

export interface ListItem {
  /** Of a task; null = it is none. */
  checked: boolean | null;
  blocks: DocBlock[];
}

export type DocBlock =
  | { kind: 'paragraph'; inlines: Inline[] }
  /** Below the title of its section, which is of level 2. */
  | { kind: 'heading'; level: 3 | 4 | 5 | 6; inlines: Inline[] }
  /** `start` null = bullets. */
  | { kind: 'list'; start: number | null; items: ListItem[] }
  | { kind: 'table'; aligns: Align[]; columns: Inline[][]; rows: Inline[][][] }
  | { kind: 'quote'; blocks: DocBlock[] }
  /** Its lines and the spaces in them as they are. */
  | { kind: 'code'; text: string }
  | { kind: 'rule' };

export const gapWords = (question: string): string => `[TO FILL: ${question}]`;
/** Whether an item is a line with nothing but lists below it: these stand close together, as they were written. */
export const isTight = ({ blocks: [first, ...rest] }: ListItem): boolean =>
  first?.kind === 'paragraph' && rest.every((it) => it.kind === 'list');

/** What stands before the words of a task. */
export const taskWords = (checked: boolean): string => (checked ? '[x]' : '[ ]');

/** The words of running text. @param markWords how a mark of evidence reads; none where it is left out */
export function wordsOf(inlines: readonly Inline[], markWords: (number: number) => string = () => ''): string {
  return inlines.map((it) => wordOf(it, markWords)).join('');
}

function wordOf(it: Inline, markWords: (number: number) => string): string {
  switch (it.kind) {
    case 'text':
    case 'code':
      return it.text;
    case 'emphasis':
    case 'strong':
    case 'struck':
      return wordsOf(it.children, markWords);
    case 'link':
      return it.children.length === 0 ? it.address : `${wordsOf(it.children, markWords)} (${it.address})`;
    case 'mark':
      return markWords(it.number);
    case 'gap':
      return gapWords(it.question);
    case 'break':
      return '\n';
  }
}

/** Replaces marks within blocks, in reading order. */
export function mapMarks(blocks: readonly DocBlock[], change: (number: number) => Inline): DocBlock[] {
  const inline = (it: Inline): Inline => {
    if (it.kind === 'mark') return change(it.number);
    return 'children' in it ? { ...it, children: it.children.map(inline) } : it;
  };
  const run = (inlines: readonly Inline[]): Inline[] => inlines.map(inline);
  const all = (some: readonly DocBlock[]): DocBlock[] =>
    some.map((block): DocBlock => {
      switch (block.kind) {
        case 'paragraph':
        case 'heading':
          return { ...block, inlines: run(block.inlines) };
        case 'list':
          return { ...block, items: block.items.map((item) => ({ ...item, blocks: all(item.blocks) })) };
        case 'table':
          return { ...block, columns: block.columns.map(run), rows: block.rows.map((row) => row.map(run)) };
        case 'quote':
          return { ...block, blocks: all(block.blocks) };
        default:
          return block;
      }
    });
  return all(blocks);
}

/** How many pieces there are to write: lines, items, cells. */
export const countPieces = (blocks: readonly DocBlock[]): number =>
  blocks.reduce((sum, block) => {
    switch (block.kind) {
      case 'list':
        return sum + block.items.reduce((n, item) => n + 1 + countPieces(item.blocks), 0);
      case 'table':
        return sum + block.columns.length * (1 + block.rows.length);
      case 'quote':
        return sum + countPieces(block.blocks);
      case 'code':
        return sum + block.text.split('\n').length;
      default:
        return sum + 1;
    }
  }, 0);

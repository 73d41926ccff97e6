/** A document as DOCX (Office Open XML), for people who go on writing in Word or LibreOffice. Evidence stands in endnotes. */
import {
  AlignmentType,
  Bookmark,
  BorderStyle,
  convertMillimetersToTwip,
  Document,
  EndnoteReferenceRun,
  Footer,
  Header,
  HeadingLevel,
  type ILevelsOptions,
  InternalHyperlink,
  type IRunOptions,
  LevelFormat,
  NumberFormat,
  Packer,
  PageNumber,
  Paragraph,
  type ParagraphChild,
  Table,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
} from 'docx';
import { type DocBlock, gapWords, type Inline, taskWords } from '../../shared/documents/blocks.ts';
import { drillBand, drillTitle } from '../../shared/documents/drill-band.ts';
import { chartsTitle, evidenceTitle, evidenceWords, type Paper } from './paper.ts';

/** Word knows so many levels of lists. */
const mostLevels = 9;
const stepTwips = 360;
const headings = { 3: HeadingLevel.HEADING_3, 4: HeadingLevel.HEADING_4, 5: HeadingLevel.HEADING_5, 6: HeadingLevel.HEADING_6 } as const;
const aligns = { left: AlignmentType.LEFT, center: AlignmentType.CENTER, right: AlignmentType.RIGHT } as const;

type Piece = Paragraph | Table;

/** @returns the file's bytes */
export function paperToDocx(paper: Paper): Promise<Buffer> {
  const writer = createWriter(paper);
  const children: Piece[] = [
    ...(paper.drill ? [band()] : []),
    new Paragraph({ heading: HeadingLevel.TITLE, children: [new TextRun(paper.title)] }),
    ...(paper.subtitle === '' ? [] : [new Paragraph({ children: [new TextRun({ text: paper.subtitle, color: '565D66' })] })]),
    ...paper.sections.flatMap((it) => [...(it.title === '' ? [] : [heading(it.title)]), ...writer.blocks(it.blocks)]),
    ...(paper.charts.length === 0 ? [] : [heading(chartsTitle), ...writer.bullets(paper.charts.map((it) => it.words))]),
    // Endnotes follow the last line of a document.
    ...(paper.evidence.length === 0 ? [] : [heading(evidenceTitle)]),
  ];
  return Packer.toBuffer(
    new Document({
      title: paper.drill ? drillTitle(paper.title) : paper.title,
      creator: 'Nightdesk',
      lastModifiedBy: 'Nightdesk',
      styles: { default: { document: { run: { font: 'Arial', size: 21 }, paragraph: { spacing: { after: 120 } } } } },
      numbering: { config: writer.numbering() },
      endnotes: Object.fromEntries(
        paper.evidence.map((it) => [
          it.number,
          { children: [new Paragraph({ children: [new TextRun({ text: ` ${evidenceWords(it)}`, size: 17 })] })] },
        ]),
      ),
      sections: [
        {
          properties: {
            page: { size: { width: convertMillimetersToTwip(210), height: convertMillimetersToTwip(297) } },
            endnoteProperties: { numberFormat: { type: NumberFormat.DECIMAL } },
          },
          // On every page: pages get parted.
          ...(paper.drill && { headers: { default: new Header({ children: [band()] }) } }),
          footers: { default: new Footer({ children: [pageNumber()] }) },
          children,
        },
      ],
    }),
  );
}

const heading = (text: string): Paragraph => new Paragraph({ heading: HeadingLevel.HEADING_1, children: [new TextRun(text)] });

const band = (): Paragraph => new Paragraph({ children: [new TextRun({ text: drillBand, bold: true, highlight: 'yellow' })] });

const pageNumber = (): Paragraph =>
  new Paragraph({
    alignment: AlignmentType.RIGHT,
    children: [new TextRun({ size: 16, color: '565D66', children: ['Page ', PageNumber.CURRENT, ' of ', PageNumber.TOTAL_PAGES] })],
  });

/** Where in a list or quote a block stands. */
interface Place {
  level: number;
  indentTwips: number;
  /** Words before the first paragraph's own, and the list it begins an item of. */
  head: { words: string; reference: string; instance: number } | null;
}
const outermost: Place = { level: 0, indentTwips: 0, head: null };

function createWriter(paper: Paper) {
  const known = new Set(paper.evidence.map((it) => it.number));
  const referred = new Set<number>();
  /** Beginnings of ordered lists that there are. */
  const starts = new Set<number>();
  let lists = 0;

  function run(inlines: readonly Inline[], look: IRunOptions = {}): ParagraphChild[] {
    return inlines.flatMap((it) => child(it, look));
  }
  function child(it: Inline, look: IRunOptions): ParagraphChild[] {
    switch (it.kind) {
      case 'text':
        return [new TextRun({ ...look, text: it.text })];
      case 'code':
        return [new TextRun({ ...look, text: it.text, font: 'Courier New' })];
      case 'strong':
        return run(it.children, { ...look, bold: true });
      case 'emphasis':
        return run(it.children, { ...look, italics: true });
      case 'struck':
        return run(it.children, { ...look, strike: true });
      case 'link':
        // Not a hyperlink: an address that people see is one that they can judge.
        return it.children.length === 0
          ? [new TextRun({ ...look, text: it.address })]
          : [...run(it.children, look), new TextRun({ ...look, text: ` (${it.address})` })];
      case 'mark':
        return known.has(it.number) ? [mark(it.number)] : [];
      case 'gap':
        return [new TextRun({ ...look, text: gapWords(it.question), bold: true, highlight: 'yellow' })];
      case 'break':
        return [new TextRun({ break: 1 })];
    }
  }
  /** The first mark is the endnote itself, as Word numbers each of its references anew; later ones are its number, and lead to it. */
  function mark(number: number): ParagraphChild {
    const anchor = `evidence-${number}`;
    if (referred.has(number))
      return new InternalHyperlink({ anchor, children: [new TextRun({ text: String(number), superScript: true })] });
    referred.add(number);
    return new Bookmark({ id: anchor, children: [new EndnoteReferenceRun(number)] });
  }
  const paragraph = (children: ParagraphChild[], { level, indentTwips, head }: Place): Paragraph =>
    new Paragraph({
      ...(head
        ? { numbering: { reference: head.reference, level: Math.min(level, mostLevels - 1), instance: head.instance } }
        : { indent: { left: indentTwips } }),
      children: head && head.words !== '' ? [new TextRun(head.words), ...children] : children,
    });

  function blocks(all: readonly DocBlock[], place: Place = outermost): Piece[] {
    return all.flatMap((block, index) => write(block, index === 0 ? place : { ...place, head: null }));
  }
  function write(block: DocBlock, place: Place): Piece[] {
    switch (block.kind) {
      case 'paragraph':
        return [paragraph(run(block.inlines), place)];
      case 'heading':
        return [
          ...empty(place),
          new Paragraph({ heading: headings[block.level], indent: { left: place.indentTwips }, children: run(block.inlines) }),
        ];
      case 'list': {
        lists += 1;
        const instance = lists;
        const reference = block.start === null ? 'bullets' : `from-${block.start}`;
        if (block.start !== null) starts.add(block.start);
        const level = place.head ? place.level + 1 : place.level;
        return [
          ...empty(place),
          ...block.items.flatMap((item) => {
            const words = item.checked === null ? '' : `${taskWords(item.checked)} `;
            const within: Place = { level: level, indentTwips: (level + 1) * stepTwips, head: { words, reference, instance } };
            const [first] = item.blocks;
            if (!first) return [paragraph([], within)];
            return [...blocks([first], within), ...blocks(item.blocks.slice(1), { ...within, level: level + 1, head: null })];
          }),
        ];
      }
      case 'table':
        return [...empty(place), table(block), new Paragraph({ children: [] })];
      case 'quote':
        return [...empty(place), ...blocks(block.blocks, { ...place, indentTwips: place.indentTwips + stepTwips, head: null })];
      case 'code':
        return [
          ...empty(place),
          ...block.text.split('\n').map(
            (line) =>
              new Paragraph({
                spacing: { after: 0 },
                indent: { left: place.indentTwips },
                children: [new TextRun({ text: line, font: 'Courier New', size: 17 })],
              }),
          ),
          new Paragraph({ children: [] }),
        ];
      case 'rule':
        return [
          ...empty(place),
          new Paragraph({ border: { bottom: { style: BorderStyle.SINGLE, size: 6, color: 'DFE3E8', space: 1 } }, children: [] }),
        ];
    }
  }
  /** The point of an item that begins with something else than a paragraph. */
  const empty = (place: Place): Paragraph[] => (place.head ? [paragraph([], place)] : []);

  function table({ columns, rows, aligns: sides }: Extract<DocBlock, { kind: 'table' }>): Table {
    const cell = (inlines: readonly Inline[], index: number, bold: boolean): TableCell => {
      const side = sides[index];
      return new TableCell({
        children: [
          new Paragraph({
            spacing: { after: 40 },
            ...(side && { alignment: aligns[side] }),
            children: run(inlines, bold ? { bold, size: 19 } : { size: 19 }),
          }),
        ],
      });
    };
    const line = { style: BorderStyle.SINGLE, size: 4, color: 'DFE3E8' };
    const none = { style: BorderStyle.NONE, size: 0, color: 'auto' };
    return new Table({
      width: { size: 100, type: WidthType.PERCENTAGE },
      borders: { top: line, bottom: line, left: none, right: none, insideHorizontal: line, insideVertical: none },
      rows: [
        new TableRow({ tableHeader: true, children: columns.map((it, index) => cell(it, index, true)) }),
        ...rows.map((row) => new TableRow({ cantSplit: true, children: row.map((it, index) => cell(it, index, false)) })),
      ],
    });
  }

  return {
    blocks,
    bullets: (all: readonly string[]): Piece[] =>
      blocks([
        {
          kind: 'list',
          start: null,
          items: all.map((text) => ({ checked: null, blocks: [{ kind: 'paragraph', inlines: [{ kind: 'text', text }] }] })),
        },
      ]),
    /** To be asked after everything is written. */
    numbering: () => [
      { reference: 'bullets', levels: levels((level) => ({ format: LevelFormat.BULLET, text: ['•', '◦', '▪'][level % 3] ?? '•' })) },
      ...[...starts].map((start) => ({
        reference: `from-${start}`,
        levels: levels((level) => ({ format: LevelFormat.DECIMAL, text: `%${level + 1}.`, start })),
      })),
    ],
  };
}

const levels = (of: (level: number) => Omit<ILevelsOptions, 'level'>): ILevelsOptions[] =>
  Array.from({ length: mostLevels }, (_, level) => ({
    level,
    alignment: AlignmentType.LEFT,
    style: { paragraph: { indent: { left: (level + 1) * stepTwips, hanging: 260 } } },
    ...of(level),
  }));

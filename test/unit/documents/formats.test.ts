/** Every format of a document: the same words in each, and nothing active in any. */
import fc from 'fast-check';
import { marked } from 'marked';
import { describe, expect, it } from 'vitest';
import { layOut, type Paper } from '../../../electron/documents/paper.ts';
import { widthOf } from '../../../electron/documents/text-width.ts';
import { paperToDocx } from '../../../electron/documents/to-docx.ts';
import { paperToHtml } from '../../../electron/documents/to-html.ts';
import { paperToMarkdown } from '../../../electron/documents/to-markdown.ts';
import { paperToText } from '../../../electron/documents/to-text.ts';
import type { Chart } from '../../../shared/documents/chart.ts';
import { formatFacts, formatsOf, refusalOf } from '../../../shared/documents/formats.ts';
import { documentFormats, documentKinds, type NightDocument } from '../../../shared/model/document.ts';
import { MINUTE } from '../../../shared/time.ts';
import { hostile, pieces } from '../../support/hostile-text.ts';
import { evidenceAt, paperOf } from '../../support/papers.ts';
import { unzip, xmlProblem } from '../../support/unzip.ts';

const from = Date.UTC(2026, 10, 20, 11);
const chart: Chart = {
  check: 'web1/icmp',
  title: 'Ping of web1',
  unit: 'ms',
  from,
  to: from + 60 * MINUTE,
  zone: 'UTC',
  clock: '24h',
  mark: { from: from + 10 * MINUTE, to: from + 20 * MINUTE },
  stepMs: MINUTE,
  points: Array.from({ length: 60 }, (_, n) => {
    const down = n >= 10 && n < 20;
    return {
      at: from + n * MINUTE,
      usual: down ? null : 12,
      high: down ? null : 30,
      loss: down ? 1 : 0,
      ok: down ? 0 : 1,
      degraded: 0,
      down: down ? 1 : 0,
      unknown: 0,
    };
  }),
};

const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const decoded = (text: string): string =>
  text
    .replace(/&(amp|lt|gt|quot|apos);/g, (_, name) => named[name] ?? '')
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
/** Words and figures, in order; what only shapes or numbers them goes. */
const wordsIn = (text: string): string => (text.normalize('NFC').match(/[\p{L}\p{N}]+/gu) ?? []).join(' ');
const htmlWords = (html: string): string =>
  wordsIn(
    decoded(
      html
        .replace(/[\s\S]*?<body>/, '')
        .replace(/<svg[\s\S]*?<\/svg>/g, ' ')
        .replace(/<sup>.*?<\/sup>/g, ' ')
        .replace(/<\/?(?:strong|em|del|code|a|mark)\b[^>]*>/g, '')
        .replace(/<[^>]*>/g, ' '),
    ),
  );
const textWords = (text: string): string => wordsIn(text.replace(/\[\d+\]/g, ' '));
/** As a reader shows it. */
const markdownWords = (markdown: string): string => {
  const shown = markdown
    .replace(/^\[\^\d+\]: (.*)$/gm, '- $1')
    .replace(/\[\^\d+\]/g, ' ')
    // Readers draw a box.
    .replace(/^(\s*(?:[-*]|\d+[.)]) )\[x\] /gm, '$1x ');
  return htmlWords(`<body>${marked.parse(shown, { async: false })}`);
};
const docxWords = (parts: Map<string, string>): string => {
  const read = (xml: string): string => {
    let words = '';
    let inLink = false;
    for (const [all, found] of xml.matchAll(/<w:t(?: [^>]*)?>([^<]*)<\/w:t>|<\/w:p>|<w:br\/>|<w:hyperlink|<\/w:hyperlink>/g)) {
      if (all.includes('w:hyperlink')) inLink = !all.startsWith('</');
      else if (!inLink) words += found ?? ' ';
    }
    return decoded(words);
  };
  return wordsIn(`${read(parts.get('word/document.xml') ?? '')} ${read(parts.get('word/endnotes.xml') ?? '')}`);
};

const example = paperOf(
  {
    Summary:
      'The **web sites** were down for _41 min_[^4].[^2] [TO FILL: What was the root cause?]\n\nSee [our page](https://status.example.net/).',
    Timeline: '| Time (UTC) | What happened |\n|---|---|\n| 11:10:00 | Ping of web1 is down[^2] |\n| 11:20:00 | “on it” |',
    'What we do':
      '1. write\n2. test\n   - by `hand`\n   - [x] twice\n\n> as they said\n\n```\n1  192.0.2.1   1.2 ms\n```\n\n***\n\n### Later\n\nmore',
    Empty: ' ',
  },
  { evidence: [evidenceAt(1, 'not used'), evidenceAt(2, '11:10: Down. Ping of web1'), evidenceAt(4, 'Alert “web1”')] },
);

describe('a document in every format', () => {
  const paper = layOut(example, [chart]);
  const markdown = paperToMarkdown(paper);
  const html = paperToHtml(paper);
  const text = paperToText(paper);

  it('numbers its evidence by first use, and lists what is used', () => {
    expect(paper.evidence.map((it) => [it.number, it.text])).toEqual([
      [1, 'Alert “web1”'],
      [2, '11:10: Down. Ping of web1'],
    ]);
    expect(paper.sections.map((it) => it.title)).toEqual(['Summary', 'Timeline', 'What we do']);
    expect(markdown).toContain('_41 min_[^1].[^2]');
    expect(markdown).toMatch(/^\[\^1\]: Alert “web1” \(event E4\)$/m);
  });
  it('says the same in each', async () => {
    const wanted = htmlWords(html);
    expect(wanted).toContain('What was the root cause');
    expect(wanted).toContain('Ping of web1 11 00 00 to 12 00 00 UTC 50 results ok and 10 down');
    expect(markdownWords(markdown)).toBe(wanted);
    // A numbered list has its numbers in the text, where HTML and Word draw them.
    expect(textWords(text).replace('do 1 write 2 test', 'do write test')).toBe(wanted);
    const parts = unzip(await paperToDocx(paper));
    expect(docxWords(parts)).toBe(wanted);
  });
  it('as plain text fits into 72 columns', () => {
    for (const line of text.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(72);
    expect(text).toContain('Time (UTC)  What happened\n----------  -----------------------\n11:10:00    Ping of web1 is down[2]\n');
    expect(text).toContain('    1  192.0.2.1   1.2 ms');
  });
  it('as HTML stands alone, with charts for those who see them and those who do not', () => {
    expect(html).not.toMatch(/<script|<link|<img|<iframe|src=|url\(|@import|javascript:|\son\w+=/i);
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect([...html.matchAll(/href="([^"]*)"/g)].every((found) => /^#evidence-\d+$/.test(found[1] ?? ''))).toBe(true);
    expect(html).toMatch(/<svg [^>]*role="img" aria-labelledby="chart-1-title chart-1-desc"/);
    expect(xmlProblem(/<svg[\s\S]*?<\/svg>/.exec(html)?.[0] ?? '')).toBeNull();
  });
  it('as DOCX has headings, a table, real lists and endnotes', async () => {
    const parts = unzip(await paperToDocx(paper));
    const body = parts.get('word/document.xml') ?? '';
    for (const [name, xml] of parts) expect([name, xmlProblem(xml)]).toEqual([name, null]);
    expect(body.match(/<w:pStyle w:val="Heading1"\/>/g)).toHaveLength(5);
    expect(body.match(/<w:endnoteReference w:id="\d+"\/>/g)).toEqual(['<w:endnoteReference w:id="1"/>', '<w:endnoteReference w:id="2"/>']);
    // The second mark of the same leads to the first.
    expect(body).toMatch(/<w:hyperlink [^>]*w:anchor="evidence-2"/);
    expect(body).toContain('<w:numFmt w:val="decimal"/>');
    expect(body).toContain('<w:tbl>');
    expect(body).toContain('<w:numPr>');
    expect(parts.get('word/_rels/document.xml.rels')).not.toMatch(/TargetMode="External"/);
    expect(parts.get('docProps/core.xml')).toContain('<dc:title>Web sites were down</dc:title>');
  });
  it('for customers shows no evidence', async () => {
    const forThem = layOut({ ...example, kind: 'customer-report' }, [chart]);
    for (const it of [paperToMarkdown(forThem), paperToHtml(forThem), paperToText(forThem)])
      expect(it).not.toMatch(/Evidence|evidence-\d|\[\^?\d\]|E4/);
    expect(unzip(await paperToDocx(forThem)).get('word/document.xml')).not.toContain('endnoteReference');
  });
});

const poison = fc.oneof(
  hostile,
  fc
    .array(fc.constantFrom(...pieces, '\ufffe', '\uffff', ']]>', '<?xml?>', '<!DOCTYPE a>', 'a', ' '), { maxLength: 10 })
    .map((all) => all.join('')),
);
/** A document whose every word is hostile: as people write Markdown, and in its title and evidence. */
const poisoned = (bad: string): NightDocument =>
  paperOf(
    { [`S ${bad}`]: `${bad}[^1]\n\n- ${bad}\n\n| ${bad} | b |\n|---|---|\n| ${bad} | ${bad} |\n\n[TO FILL: ${bad}]`, Last: `end ${bad}` },
    { title: `T ${bad}`, subtitle: bad, evidence: [evidenceAt(1, `E ${bad}`)] },
  );
const dirty = /[^\P{Cc}\n]|[\p{Bidi_Control}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/u;

describe('hostile words', { timeout: 60_000 }, () => {
  const check = (paper: Paper): { html: string; markdown: string; text: string } => {
    const [html, markdown, text] = [paperToHtml(paper), paperToMarkdown(paper), paperToText(paper)];
    for (const it of [html, markdown, text]) expect(it).not.toMatch(dirty);
    return { html, markdown, text };
  };
  it('are inert in HTML, Markdown and plain text, and read the same in each', () => {
    fc.assert(
      fc.property(poison, (bad) => {
        const paper = layOut(poisoned(bad), [{ ...chart, title: bad }]);
        const { html, markdown, text } = check(paper);
        const tags = new Set([...html.matchAll(/<\/?([a-zA-Z!][^\s>/]*)/g)].map((found) => found[1]));
        expect([...tags].filter((tag) => !allowed.has(tag ?? ''))).toEqual([]);
        expect(html).not.toMatch(/<[^>]*\s(?:on\w+|style|src|srcset)=/);
        expect([...html.matchAll(/href="([^"]*)"/g)].every((found) => /^#evidence-\d+$/.test(found[1] ?? ''))).toBe(true);
        expect(xmlProblem(/<svg[\s\S]*?<\/svg>/.exec(html)?.[0] ?? '')).toBeNull();
        // What another reader of Markdown makes of it.
        expect(marked.parse(markdown.replace(/^\[\^\d+\]: /gm, ''), { async: false })).not.toMatch(
          /<(?:a|img|script|iframe|input(?! (?:checked="" )?disabled=""))\b/i,
        );
        const letters = (words: string): string => words.replaceAll(' ', '').replace(/\d/g, '');
        // Folded cells stand side by side: the letters are the same, in another order.
        const sorted = (words: string): string => [...letters(words)].sort().join('');
        expect(sorted(textWords(text))).toBe(sorted(htmlWords(html)));
        expect(letters(markdownWords(markdown))).toBe(letters(htmlWords(html)));
      }),
      { numRuns: 300 },
    );
  });
  it('are inert in DOCX, and read the same there', async () => {
    await fc.assert(
      fc.asyncProperty(poison, async (bad) => {
        const paper = layOut(poisoned(bad), [{ ...chart, title: bad }]);
        const parts = unzip(await paperToDocx(paper));
        for (const [name, xml] of parts)
          if (name.startsWith('word/document') || name.includes('endnotes') || name.startsWith('docProps'))
            expect([name, xmlProblem(xml)]).toEqual([name, null]);
        expect(parts.get('word/_rels/document.xml.rels')).not.toMatch(/TargetMode="External"/);
        expect(parts.get('word/document.xml')).not.toMatch(/<w:(?:instrText|object|fldSimple)|vbaProject/);
        const letters = (words: string): string => words.replaceAll(' ', '').replace(/\d/g, '');
        expect(letters(docxWords(parts))).toBe(letters(htmlWords(paperToHtml(paper))));
      }),
      { numRuns: 60 },
    );
  });
});
const allowed = new Set(
  '!doctype html head meta title style body header main section h1 h2 h3 h4 h5 h6 p sup a mark ul ol li table thead tbody tr th td blockquote pre code strong em del br hr figure figcaption svg desc rect line path circle text'.split(
    ' ',
  ),
);

describe('formats of each kind', () => {
  it.each(documentKinds.map((kind) => [kind] as const))('%s', (kind) => {
    expect(formatsOf(kind)).toContain('markdown');
    for (const format of documentFormats) expect(refusalOf(kind, format) === null).toBe(formatsOf(kind).includes(format));
  });
  it('a post-mortem goes into no calendar, planned work has no timeline', () => {
    expect(refusalOf('post-mortem', 'ical')).toMatch(/Only planned work goes into a calendar/);
    expect(refusalOf('maintenance-announcement', 'csv')).toMatch(/Only the post-mortem/);
    expect(new Set(Object.values(formatFacts).map((it) => it.ending)).size).toBe(documentFormats.length);
  });
});

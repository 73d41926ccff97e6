import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBlocks } from '../../../electron/documents/parse.ts';
import { blocksToMarkdown } from '../../../electron/documents/to-markdown.ts';
import { type DocBlock, type Inline, wordsOf } from '../../../shared/documents/blocks.ts';
import { gapMark } from '../../../shared/documents/gaps.ts';
import { escapeMarkdown } from '../../../shared/text.ts';
import { cpuMs } from '../../support/cpu-time.ts';
import { hostile, pieces } from '../../support/hostile-text.ts';

const text = (words: string): Inline => ({ kind: 'text', text: words });
const line = (...inlines: Inline[]): DocBlock => ({ kind: 'paragraph', inlines });

describe('Markdown as blocks', () => {
  const cases: [string, string, DocBlock[]][] = [
    [
      'words, bold, emphasis, code',
      'a **b** *c* `d`',
      [
        line(text('a '), { kind: 'strong', children: [text('b')] }, text(' '), { kind: 'emphasis', children: [text('c')] }, text(' '), {
          kind: 'code',
          text: 'd',
        }),
      ],
    ],
    ['marks of evidence', 'down[^1][^12].', [line(text('down'), { kind: 'mark', number: 1 }, { kind: 'mark', number: 12 }, text('.'))]],
    ['an escaped mark is text', 'a \\[^1]', [line(text('a [^1]'))]],
    [
      'a definition far below makes no mark a link',
      '[^1] x\n\n[^1]: http://evil.test',
      [
        line({ kind: 'mark', number: 1 }, text(' x')),
        line({ kind: 'mark', number: 1 }, text(': '), { kind: 'link', children: [], address: 'http://evil.test' }),
      ],
    ],
    [
      'nor a word',
      '[x]\n\n[x]: http://evil.test',
      [line(text('[x]')), line(text('[x]: '), { kind: 'link', children: [], address: 'http://evil.test' })],
    ],
    ['a gap', gapMark('Why *now*?'), [line({ kind: 'gap', question: 'Why *now*?' })]],
    ['an escaped gap is text', escapeMarkdown('[TO FILL: x]'), [line(text('[TO FILL: x]'))]],
    [
      'a link: words and address',
      '[our page](https://status.example.net "t")',
      [line({ kind: 'link', children: [text('our page')], address: 'https://status.example.net' })],
    ],
    [
      'a link that is its address',
      '<https://example.net/> or noc@example.net',
      [
        line({ kind: 'link', children: [], address: 'https://example.net/' }, text(' or '), {
          kind: 'link',
          children: [],
          address: 'noc@example.net',
        }),
      ],
    ],
    [
      'a link that lies about itself shows where it leads',
      '[https://example.net](https://evil.test)',
      [line({ kind: 'link', children: [text('https://example.net')], address: 'https://evil.test' })],
    ],
    [
      'a picture is words and address',
      '![seen](http://evil.test/p.png)',
      [line({ kind: 'link', children: [text('seen')], address: 'http://evil.test/p.png' })],
    ],
    ['HTML is text', 'a <b onclick=x>b</b> <!-- c -->', [line(text('a <b onclick=x>b</b> <!-- c -->'))]],
    ['a block of HTML is text', '<script>\nalert(1)\n</script>', [line(text('<script> alert(1) </script>'))]],
    ['letters that stand for others', '&lt;a&gt; &amp; &#124; &#x41; &copy; &#0;', [line(text('<a> & | A &copy; \ufffd'))]],
    ['letters that turn or hide', 'a&#x202e;b\u200bc\x1b[31md\x00', [line(text('a b cd'))]],
    [
      'headings stand below the section',
      '# a\n#### b',
      [
        { kind: 'heading', level: 3, inlines: [text('a')] },
        { kind: 'heading', level: 4, inlines: [text('b')] },
      ],
    ],
    [
      'lists and tasks',
      '3. a\n4. b\n\n- [ ] c\n- [x] d',
      [
        {
          kind: 'list',
          start: 3,
          items: [
            { checked: null, blocks: [line(text('a'))] },
            { checked: null, blocks: [line(text('b'))] },
          ],
        },
        {
          kind: 'list',
          start: null,
          items: [
            { checked: false, blocks: [line(text('c'))] },
            { checked: true, blocks: [line(text('d'))] },
          ],
        },
      ],
    ],
    [
      'a table',
      '| a | b |\n|:-:|--:|\n| x[^1] | y\\|z |\n| 1 |',
      [
        {
          kind: 'table',
          aligns: ['center', 'right'],
          columns: [[text('a')], [text('b')]],
          rows: [
            [[text('x'), { kind: 'mark', number: 1 }], [text('y|z')]],
            [[text('1')], []],
          ],
        },
      ],
    ],
    ['code keeps its columns', '```\n a   b\n\tc\n```', [{ kind: 'code', text: ' a   b\n    c' }]],
    [
      'quotes, rules, breaks',
      '> q\n\n***\n\na  \nb\\\nc',
      [
        { kind: 'quote', blocks: [line(text('q'))] },
        { kind: 'rule' },
        line(text('a'), { kind: 'break' }, text('b'), { kind: 'break' }, text('c')),
      ],
    ],
    ['nothing', ' \n\n', []],
  ];
  it.each(cases)('%s', (_name, markdown, blocks) => expect(parseBlocks(markdown)).toEqual(blocks));

  it.each([
    ['quotes in quotes', '> '.repeat(5_000)],
    ['lists in lists on one line', '1. '.repeat(5_000)],
    [
      'lists in lists, line by line',
      Array.from({ length: 3_000 }, (_, n) => `${'  '.repeat(n)}- a`)
        .join('\n')
        .slice(0, 900_000),
    ],
    ['open brackets', '['.repeat(100_000)],
    ['stars', '*a **b '.repeat(20_000)],
    ['backticks', Array.from({ length: 600 }, (_, n) => '`'.repeat(n)).join(' ')],
    ['a table of 100,000 cells', `${'|a'.repeat(100)}|\n${'|-'.repeat(100)}|\n${`${'|x'.repeat(100)}|\n`.repeat(1_000)}`],
    ['ten million letters', 'word '.repeat(2_000_000)],
  ])('%s take no time and no stack', (_name, markdown) => {
    const begin = cpuMs();
    const blocks = parseBlocks(markdown);
    expect(blocks.length).toBeGreaterThan(0);
    expect(cpuMs() - begin).toBeLessThan(5_000);
    expect(JSON.stringify(blocks).length).toBeLessThan(6_000_000);
  });
});

describe('blocks as Markdown', { timeout: 60_000 }, () => {
  const markdown = fc.oneof(
    hostile,
    fc
      .array(
        fc.constantFrom(
          ...pieces,
          '\n- ',
          '\n\n',
          '\n1. ',
          '**',
          '_',
          'a',
          ' ',
          '\n| a | b |\n|---|---|\n| c | d |\n',
          '[^1]',
          '[TO FILL: why?]',
          '\n```\n',
          '\n> ',
          '\n  - ',
        ),
        { maxLength: 20 },
      )
      .map((all) => all.join('')),
  );
  it('read again say the same, and writing settles', () => {
    fc.assert(
      fc.property(markdown, (source) => {
        const blocks = parseBlocks(source);
        const once = blocksToMarkdown(blocks);
        const again = parseBlocks(once);
        expect(plainOf(again)).toBe(plainOf(blocks));
      }),
      { numRuns: 3_000 },
    );
  });
});

/** Every word, and the marks and gaps, without what only shapes them. */
const plainOf = (blocks: readonly DocBlock[]): string => blocks.map(plain).join('\n').replace(/\s+/g, ' ');

const words = (inlines: readonly Inline[]): string => wordsOf(inlines, (n) => `{${n}}`);

function plain(it: DocBlock): string {
  switch (it.kind) {
    case 'paragraph':
    case 'heading':
      return `${it.kind}:${words(it.inlines)}`;
    case 'list':
      return `list:${it.items.map((item) => `${item.checked}${item.blocks.map(plain).join(' ')}`).join(';')}`;
    case 'table':
      return `table:${[it.columns, ...it.rows].map((row) => row.map(words).join('|')).join('/')}`;
    case 'quote':
      return `quote:${it.blocks.map(plain).join(' ')}`;
    case 'code':
      return `code:${it.text}`;
    case 'rule':
      return 'rule';
  }
}

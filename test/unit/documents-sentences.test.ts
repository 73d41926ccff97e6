import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gapSpans, gapsIn } from '../../shared/documents/gaps.ts';
import { blocksOf, sentenceAt, splitSentences } from '../../shared/documents/sentences.ts';
import { escapeMarkdown } from '../../shared/text.ts';
import { cpuMs } from '../support/cpu-time.ts';
import { hostile } from '../support/hostile-text.ts';

const sentences = (text: string): string[] => splitSentences(text).map((it) => text.slice(it.from, it.to));
/** Every sentence of a text, by blocks. */
const shown = (text: string): string[][] =>
  blocksOf(text).map((block) => block.sentences.map((it) => text.slice(block.from + it.from, block.from + it.to)));

describe('sentences', () => {
  it.each<[string, string, string[]]>([
    ['nothing', '', []],
    ['one', 'web1 is down', ['web1 is down']],
    ['two', 'It broke. We mended it.', ['It broke.', 'We mended it.']],
    [
      'marks belong to the sentence before them',
      'It broke.[^1][^2] Then it came back.[^3]',
      ['It broke.[^1][^2]', 'Then it came back.[^3]'],
    ],
    ['a mark ends one without a full stop', 'web1: down[^6] Web sites: fine[^7]', ['web1: down[^6]', 'Web sites: fine[^7]']],
    ['a mark in the middle does not', 'Cox,[^1] our provider, failed.[^2]', ['Cox,[^1] our provider, failed.[^2]']],
    ['a mark before a small letter does not', 'Cox[^1] failed.[^2]', ['Cox[^1] failed.[^2]']],
    ['numbers and abbreviations', 'At 3.5 s, i.e. No. 4 at 9 a.m. PST, it broke.', ['At 3.5 s, i.e. No. 4 at 9 a.m. PST, it broke.']],
    ['quotes behind the stop', 'He said “wait.” We did.', ['He said “wait.”', 'We did.']],
    ['a small letter goes on', 'It was ns1.example.net. and then nothing.', ['It was ns1.example.net. and then nothing.']],
    ['code is not cut', 'Run `a. B` now. Then wait.', ['Run `a. B` now.', 'Then wait.']],
    ['bold text is not cut', '**It broke. Badly.** We wait.', ['**It broke. Badly.** We wait.']],
    [
      'a link is not cut',
      'See [it. All](https://example.net/A. B) here. Then go.',
      ['See [it. All](https://example.net/A. B) here.', 'Then go.'],
    ],
    ['a gap is no statement', '[TO FILL: What was the cause? Who says so?]', []],
    ['a gap within one is not cut', 'The cause was [TO FILL: What? Who?]. We wait.', ['The cause was [TO FILL: What? Who?].', 'We wait.']],
    ['an escaped stop', 'A\\. B is one. C', ['A\\. B is one.', 'C']],
    ['an open backtick', 'one ` two. C', ['one ` two.', 'C']],
  ])('%s', (_name, text, expected) => expect(sentences(text)).toEqual(expected));

  it('tells the marks of each, once each, escaped ones left out', () => {
    expect(splitSentences('A.[^2][^1][^2] B \\[^9].').map((it) => it.marks)).toEqual([[2, 1], []]);
  });

  it('stay in order, do not overlap and are not empty, whatever the text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        let last = 0;
        for (const block of blocksOf(text)) {
          expect(block.from).toBeGreaterThanOrEqual(last);
          let end = 0;
          for (const it of block.sentences) {
            expect(it.from).toBeGreaterThanOrEqual(end);
            expect(text.slice(block.from + it.from, block.from + it.to).trim()).not.toBe('');
            expect(block.from + it.to).toBeLessThanOrEqual(block.to);
            end = it.to;
          }
          last = block.to;
        }
      }),
    );
  });

  it('of half a megabyte are found in no time, also where it is made to be hard', () => {
    for (const piece of ['It broke.[^1] Then it came back.[^2]\n\n', '` `` ', '[TO FILL: x', '**[a](', '| a | b |\n', '> - 1. x\n', '. ']) {
      const text = piece.repeat(Math.ceil(500_000 / piece.length));
      const start = cpuMs();
      blocksOf(text);
      expect(cpuMs() - start, piece).toBeLessThan(1_500);
    }
  });
});

describe('blocks', () => {
  it.each<[string, string, string[][]]>([
    ['paragraphs', 'One. Two.\n\n\nThree\ngoes on.\n', [['One.', 'Two.'], ['Three\ngoes on.']]],
    ['a list', '- One.[^1]\n- Two. Three.\n  More of it.', [['One.[^1]', 'Two.', 'Three.', 'More of it.']]],
    ['a numbered list in a quote', '> 1. One.\n> 2. Two.', [['One.', 'Two.']]],
    [
      'a table: the second cell speaks for its row',
      '| Time | What |\n| --- | --- |\n| 05:39 | It broke.[^1] |\n| 05:40 | a \\| b[^2] |',
      [['It broke.[^1]', 'a \\| b[^2]']],
    ],
    ['a table of one column', '| What |\n| --- |\n| It broke |', [['It broke']]],
    ['a table without outer bars', 'a | b\n--- | ---\n1 | two', [['two']]],
    ['headings and rules say nothing', '# Head\nText.\n***\nMore.', [['Text.', 'More.']]],
    ['code says nothing, empty lines in it cut nothing', '```\na. B\n\nc\n```\n\nEnd.', [[], ['End.']]],
    ['what is indented below a list stays with it', '- One.\n\n  Two.\n\nThree.', [['One.', 'Two.'], ['Three.']]],
    ['a gap', 'Before.\n\n[TO FILL: What?]', [['Before.'], []]],
  ])('%s', (_name, text, expected) => expect(shown(text)).toEqual(expected));

  it('a row of a table carries the marks of all its cells', () => {
    const [block] = blocksOf('| Time | What |\n|---|---|\n| 05:39[^4] | It broke.[^1] |');
    expect(block?.sentences[0]?.marks).toEqual([4, 1]);
  });
});

describe('the sentence at a position', () => {
  const text = 'One. Two.\n\n- Three.[^1]\n- Four.';
  const blocks = blocksOf(text);
  it.each([
    ['the beginning', 0, 'One.'],
    ['inside', 2, 'One.'],
    ['right behind it', 4, 'One.'],
    ['the next', 5, 'Two.'],
    ['the end of a paragraph', 9, 'Two.'],
    ['an empty line', 10, null],
    ['a bullet', 11, null],
    ['a mark', text.indexOf('[^1]') + 2, 'Three.[^1]'],
    ['the very end', text.length, 'Four.'],
    ['beyond', text.length + 5, null],
  ])('%s', (_name, at, expected) => {
    const found = sentenceAt(blocks, at);
    const block = found && blocks[found.block];
    const it = found && block?.sentences[found.sentence];
    expect(it && block ? text.slice(block.from + it.from, block.from + it.to) : null).toBe(expected);
  });
});

describe('gaps', () => {
  it('are found with their places', () => {
    const text = 'a [TO FILL: What?] b [TO FILL: Who?]';
    expect(gapSpans(text).map((gap) => [gap.question, text.slice(gap.from, gap.to)])).toEqual([
      ['What?', '[TO FILL: What?]'],
      ['Who?', '[TO FILL: Who?]'],
    ]);
  });

  it('what a server says is none', () => {
    expect(gapsIn(escapeMarkdown('[TO FILL: your password]'))).toEqual([]);
  });
});

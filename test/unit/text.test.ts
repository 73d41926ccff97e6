import fc from 'fast-check';
import { marked, type Token } from 'marked';
import { describe, expect, it } from 'vitest';
import { clean, count, escapeHtml, escapeMarkdown, listOf } from '../../shared/text.ts';
import { cpuMs } from '../support/cpu-time.ts';
import { hostile, pieces } from '../support/hostile-text.ts';

const decode = (html: string): string =>
  html.replace(/&(amp|lt|gt|quot|#39);/g, (_all, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" })[name] ?? '');
const flat = (tokens: Token[]): Token[] => tokens.flatMap((token) => [token, ...flat(('tokens' in token && token.tokens) || [])]);

describe('clean', () => {
  const table: [string, string][] = [
    ['plain text', 'plain text'],
    ['  two\n lines\t ', 'two lines'],
    ['\x1b[31;1mred\x1b[0m', 'red'],
    ['\x1b]0;title\x07after', 'after'],
    ['\x1b]8;;http://evil.test\x1b\\link\x1b]8;;\x1b\\', 'link'],
    ['a\u202eb\u2066c\u200bd\ufeff', 'a b c d'],
    ['tag\u{e0041}ged', 'tag ged'],
    ['a\u0301\u0301\u0301\u0301\u0301\u0301b', 'a\u0301\u0301\u0301b'],
    ['half \ud83d', 'half \ufffd'],
    ['', ''],
  ];
  it.each(table)('%j', (text, expected) => expect(clean(text)).toBe(expected));
  it('cuts between characters, never through one', () => {
    expect(clean('😀😀😀', 4)).toBe('😀…');
    expect(clean('abcdef', 4)).toBe('abc…');
    expect(clean('abcd', 4)).toBe('abcd');
  });
  it('makes one bounded, visible, whole line of anything, and of itself the same', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 2, max: 80 }), (text, most) => {
        const line = clean(text, most);
        expect(line.length).toBeLessThanOrEqual(most);
        expect(line.isWellFormed()).toBe(true);
        expect(line).not.toMatch(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\u200b-\u200f\ufeff]/u);
        expect(line).toBe(line.trim());
        expect(clean(line, most)).toBe(line);
      }),
      { numRuns: 2_000 },
    );
  });
  it('is quick with what is far too long', () => {
    const started = cpuMs();
    clean('\x1b]'.repeat(5_000_000));
    clean(' '.repeat(10_000_000));
    clean('a '.repeat(5_000_000));
    expect(cpuMs() - started).toBeLessThan(1_000);
  });
});

describe('escapeHtml', () => {
  it('leaves no way to begin a tag or to end an attribute', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const safe = escapeHtml(text);
        expect(safe).not.toMatch(/[<>"']/);
        expect(decode(safe)).toBe(text);
      }),
    );
  });
});

describe('escapeMarkdown', () => {
  const plain = (text: string): void => {
    const shown = clean(text, 10_000);
    // In the places where a draft puts it: a heading, a paragraph, a list, a quote, a table.
    const places: [string, string[]][] = [
      [`# ${escapeMarkdown(text)}`, ['heading']],
      [`${escapeMarkdown(text)}`, ['paragraph']],
      [`word ${escapeMarkdown(text)} word`, ['paragraph']],
      [`- ${escapeMarkdown(text)}`, ['list', 'list_item']],
      [`1. ${escapeMarkdown(text)}`, ['list', 'list_item']],
      [`> ${escapeMarkdown(text)}`, ['blockquote', 'paragraph']],
    ];
    for (const [source, allowed] of places) {
      const found = flat(marked.lexer(source)).map((token) => token.type);
      for (const type of found) expect([...allowed, 'text', 'escape', 'space']).toContain(type);
      const words = decode((marked.parse(source) as string).replace(/<\/?(h1|p|ul|ol|li|blockquote)>/g, '')).trim();
      expect(words).toBe(source.startsWith('word') ? `word ${shown === '' ? '' : shown} word` : shown);
    }
    const table = marked.lexer(`| a | b |\n| --- | --- |\n| ${escapeMarkdown(text)} | end |`)[0];
    expect(table?.type).toBe('table');
    if (table?.type === 'table') {
      expect(table.rows).toHaveLength(1);
      expect(table.rows[0]).toHaveLength(2);
      expect(table.rows[0]?.[1]?.text).toBe('end');
    }
  };
  it.each(pieces)('shows %j letter by letter', plain);
  it('shows anything letter by letter, wherever it stands', () => fc.assert(fc.property(hostile, plain), { numRuns: 1_500 }));
});

describe('lists and counts', () => {
  const table: [string[], number, string][] = [
    [[], 3, ''],
    [['a'], 3, 'a'],
    [['a', 'b'], 3, 'a and b'],
    [['a', 'b', 'c'], 3, 'a, b and c'],
    [['a', 'b', 'c', 'd'], 3, 'a, b, c and 1 more'],
    [['a', 'b', 'c', 'd'], 1, 'a and 3 more'],
  ];
  it.each(table)('%j, at most %d: %s', (items, most, text) => expect(listOf(items, most)).toBe(text));
  it('counts', () =>
    expect([count(0, 'check'), count(1, 'check'), count(2, 'check'), count(2, 'entry', 'entries')]).toEqual([
      '0 checks',
      '1 check',
      '2 checks',
      '2 entries',
    ]));
});

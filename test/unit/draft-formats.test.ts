import fc from 'fast-check';
import { marked, type Token } from 'marked';
import { describe, expect, it } from 'vitest';
import { draftIncident } from '../../shared/incident/draft-incident.ts';
import { draftFileName } from '../../shared/incident/file-name.ts';
import type { DraftInput } from '../../shared/incident/input.ts';
import { toHtml } from '../../shared/incident/to-html.ts';
import { superscript, toMarkdown } from '../../shared/incident/to-markdown.ts';
import { clean } from '../../shared/text.ts';
import { mailCannotBeRead, upstreamDropsPrefixes, upstreamTakesAllDown, webServerDoesNotComeBack } from '../support/draft-cases.ts';
import { hostile } from '../support/hostile-text.ts';

const cases: [string, () => DraftInput][] = [
  ['web server', webServerDoesNotComeBack],
  ['upstream', upstreamDropsPrefixes],
  ['mail', mailCannotBeRead],
  ['upstream with all behind it', upstreamTakesAllDown],
];
const kept = new Set([
  'kind',
  'id',
  'hosts',
  'dependsOn',
  'site',
  'check',
  'checks',
  'alert',
  'subject',
  'joined',
  'left',
  'type',
  'level',
  'state',
  'severity',
  'from',
  'to',
  'end',
  'cause',
  'zone',
  'reason',
  'consequences',
  'alerts',
  'message',
]);
/** Replaces every word that comes from people or servers. */
function poisoned(input: DraftInput, poison: string): DraftInput {
  const replace = (value: unknown, key = ''): unknown => {
    if (typeof value === 'string') return kept.has(key) ? value : poison;
    if (Array.isArray(value)) return value.map((it) => replace(it, key));
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, it]) => [name, replace(it, name)]));
    return value;
  };
  return {
    ...input,
    organization: { name: poison },
    title: null,
    alerts: replace(input.alerts) as never,
    events: replace(input.events) as never,
    subjects: replace(input.subjects) as never,
  };
}
type Shape = string[];
const flat = (tokens: Token[]): Token[] =>
  tokens.flatMap((token) => [
    token,
    ...flat(('tokens' in token && token.tokens) || []),
    ...flat(('items' in token && (token.items as Token[])) || []),
  ]);
/** The skeleton of a Markdown document: its blocks in order, and every kind of token in it. */
function shapeOf(markdown: string): { blocks: Shape; kinds: Set<string>; cells: number[] } {
  const tokens = marked.lexer(markdown);
  const blocks = tokens
    .filter((token) => token.type !== 'space')
    .map(
      (token) =>
        `${token.type}${token.type === 'heading' ? token.depth : token.type === 'list' ? token.items.length : token.type === 'table' ? token.rows.length : ''}`,
    );
  const cells = tokens.flatMap((token) => (token.type === 'table' ? token.rows.map((row: unknown[]) => row.length) : []));
  return { blocks, kinds: new Set(flat(tokens).map((token) => token.type)), cells };
}
const tagsOf = (html: string): string[] =>
  [...html.matchAll(/<[^>]*>/g)].map((match) => match[0].replace(/(href|id|value|scope|class)="[\w#-]*"/g, '$1'));

describe.each(cases)('formats of the %s case', (_name, make) => {
  const input = make();
  it('Markdown has the sections, a gap as a quote, and footnotes that all lead to the list', () => {
    const draft = draftIncident(input);
    const markdown = toMarkdown(draft);
    const { blocks, kinds, cells } = shapeOf(markdown);
    expect(blocks[0]).toBe('heading1');
    expect(blocks.filter((it) => it === 'heading2')).toHaveLength(draft.sections.length + 1);
    expect(blocks.at(-1)).toBe(`list${draft.evidence.length}`);
    expect(kinds.has('blockquote')).toBe(true);
    expect([...kinds].filter((kind) => ['link', 'image', 'html', 'code', 'codespan', 'em', 'del', 'hr'].includes(kind))).toEqual([]);
    expect(new Set(cells)).toEqual(new Set([3]));
    for (const { number } of draft.evidence) expect(markdown).toContain(superscript(number));
  });
  it('HTML stands alone: no scripts, no requests, and every footnote has its target', () => {
    const html = toHtml(draftIncident(input));
    expect(html.startsWith('<!doctype html>')).toBe(true);
    expect(html).not.toMatch(/<script|<link|<img|<iframe|src=|url\(|@import|javascript:|\son\w+=/i);
    const targets = new Set([...html.matchAll(/id="(evidence-\d+)"/g)].map((match) => match[1]));
    const links = [...html.matchAll(/href="#?([^"]*)"/g)].map((match) => match[1]);
    expect(links.length).toBeGreaterThan(0);
    for (const link of links) expect(targets.has(link)).toBe(true);
  });
  it('nothing that people or servers wrote changes the shape of either', () => {
    const plain = draftIncident(poisoned(input, 'word'));
    const shape = shapeOf(toMarkdown(plain));
    const tags = tagsOf(toHtml(plain));
    fc.assert(
      fc.property(hostile, (poison) => {
        // Empty words change the sentences, not the safety.
        fc.pre(clean(poison) !== '');
        const draft = draftIncident(poisoned(input, poison));
        const markdown = toMarkdown(draft);
        const found = shapeOf(markdown);
        expect(found.blocks.map((it) => it.replace(/\d+$/, ''))).toEqual(shape.blocks.map((it) => it.replace(/\d+$/, '')));
        expect([...found.kinds].filter((kind) => kind !== 'escape' && !shape.kinds.has(kind))).toEqual([]);
        expect(found.cells.every((n) => n === 3)).toBe(true);
        expect(marked.parse(markdown)).not.toMatch(/<(a|img|script|b|i|em|code|pre|del|input)\b/);
        expect(markdown.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
        const html = toHtml(draft);
        expect(new Set(tagsOf(html))).toEqual(new Set(tags));
        expect(html.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
      }),
      { numRuns: 60 },
    );
  });
});

describe('draftFileName', () => {
  const from = Date.UTC(2026, 10, 20, 3);
  const name = (title: string, zone = 'UTC') => draftFileName({ title, from, zone });
  const table: [string, string][] = [
    ['web1 is down', '2026-11-20 web1 is down'],
    ['198.18.13.0/24 at San Diego does not answer', '2026-11-20 198.18.13.0 24 at San Diego does not answer'],
    ['../../etc/passwd', '2026-11-20 .. .. etc passwd'],
    ['C:\\con "<x>|?*', '2026-11-20 C con x'],
    ['ends in dots...  ', '2026-11-20 ends in dots'],
    ['\u202egpj.exe\n', '2026-11-20 gpj.exe'],
    ['', '2026-11-20 report'],
    ['///', '2026-11-20 report'],
  ];
  it.each(table)('%j', (title, expected) => expect(name(title)).toBe(expected));
  it('uses the day of the zone', () => expect(name('x', 'America/Los_Angeles')).toBe('2026-11-19 x'));
  it('is safe whatever the title', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string({ unit: 'grapheme', minLength: 200, maxLength: 400 })), (title) => {
        const file = name(title);
        expect(file).not.toMatch(/[\\/:*?"<>|\p{Cc}]/u);
        expect(file).toMatch(/^2026-11-20 .*[^. ]$/);
        expect(new TextEncoder().encode(file).length).toBeLessThanOrEqual(140);
        expect(file.isWellFormed()).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

/** A drill whose names, pages and notes mean something elsewhere: nothing of that comes alive in what it leaves behind. */
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { marked, type Token } from 'marked';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeDrafts } from '../../../electron/drill/drafts.ts';
import { type Played, playScenario } from '../../../electron/drill/player.ts';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporary-folder.ts';

const files: { name: string; text: string }[] = [];
let played: Played;

beforeAll(async () => {
  const result = await playScenario(join(import.meta.dirname, '../../drills/hostile-names.yaml'));
  if (!result.ok) throw new Error(JSON.stringify(result.failure, null, 1));
  played = result.value;
  const folder = temporaryFolder('hostile-drill');
  await writeDrafts(played, folder);
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    if (extname(name) !== '') files.push({ name, text: readFileSync(join(folder, name), 'utf8') });
}, 60_000);
afterAll(() => {
  played?.close();
  removeTemporaryFolders();
});
const of = (ending: string): typeof files => files.filter(({ name }) => name.endsWith(ending));

const flat = (tokens: Token[]): Token[] =>
  tokens.flatMap((token): Token[] => {
    const {
      tokens: own = [],
      items = [],
      header = [],
      rows = [],
    } = token as Partial<Record<'tokens' | 'items' | 'header', Token[]>> & {
      rows?: { tokens: Token[] }[][];
    };
    const cells = [...(header as unknown as { tokens: Token[] }[]), ...rows.flat()].flatMap((cell) => cell.tokens);
    return [token, ...flat([...own, ...items, ...cells])];
  });

describe('a drill with hostile names', () => {
  it('plays to its end, and everything in it was done', () => {
    expect(played.refused).toEqual([]);
    expect(played.incidents).toHaveLength(1);
    expect(of('.md').length).toBeGreaterThan(3);
    expect(of('.html').length).toBe(of('.md').length);
  });

  it('has no letters in any file that hide, or turn the direction of text', () => {
    for (const { name, text } of files.filter((it) => !/\.(docx|pdf)$/.test(it.name)))
      expect(text.match(/\p{Bidi_Control}|\u200b|[^\P{Cc}\t\r\n]/u), name).toBeNull();
  });

  it('keeps what was written, as letters', () => {
    expect(of('.html').some(({ text }) => text.includes('&lt;script&gt;alert(4)&lt;/script&gt;'))).toBe(true);
    expect(of('.md').some(({ text }) => text.includes('&lt;script&gt;alert(4)&lt;/script&gt;'))).toBe(true);
  });

  it('has only the elements of a report in its pages, and nothing that runs or loads', () => {
    for (const { name, text } of of('.html')) {
      const tags = new Set([...text.matchAll(/<\/?([a-z][\w-]*)/gi)].map((it) => it[1]?.toLowerCase()));
      for (const tag of ['script', 'img', 'iframe', 'svg onload', 'object', 'embed', 'form', 'link', 'base'])
        expect(tags.has(tag), `${name}: ${tag}`).toBe(false);
      expect(text.match(/<[^>]*\son\w+\s*=/i), name).toBeNull();
      expect(text.match(/(?:href|src)\s*=\s*["']?\s*(?:javascript|https?):/i), name).toBeNull();
      // Its own style sheet and its own title, and no second ones; each chart has a title of its own.
      const page = text.replaceAll(/<svg[\s\S]*?<\/svg>/g, '');
      expect(page.match(/<style/g)?.length ?? 0, name).toBeLessThanOrEqual(1);
      expect(page.match(/<title/g)?.length ?? 0, name).toBeLessThanOrEqual(1);
    }
  });

  it('has no link, image, HTML or code in its Markdown, and no row with too many cells', () => {
    for (const { name, text } of of('.md')) {
      const tokens = flat(marked.lexer(text));
      const kinds = new Set(tokens.map((token) => token.type));
      for (const kind of ['link', 'image', 'html', 'code', 'codespan']) expect(kinds.has(kind), `${name}: ${kind}`).toBe(false);
      expect(tokens.filter((token) => token.type === 'heading' && token.depth === 1).length, name).toBe(1);
      for (const token of tokens)
        if (token.type === 'table') for (const row of token.rows) expect(row.length, name).toBe(token.header.length);
    }
  });

  it('has no formula in its tables', () => {
    for (const { name, text } of of('.csv')) expect(text.match(/(?:^|,)"?[=+@-](?!\d)/m), name).toBeNull();
  });
});

/** What holds for every draft of every kind: checked wherever one is made in tests. */
import { expect } from 'vitest';
import type { Draft } from '../../shared/incident/draft.ts';
import { expectSound } from './draft-reading.ts';

interface Text {
  key: string;
  kind: 'text' | 'list' | 'table' | 'gap' | 'head';
  text: string;
}

/** Every text of a draft with where it stands; gaps apart, as they may quote what customers must not read. */
export function textsOf(draft: Draft): Text[] {
  return [
    { key: 'title', kind: 'head', text: draft.title },
    { key: 'subtitle', kind: 'head', text: draft.subtitle },
    ...draft.sections.flatMap((section): Text[] => [
      { key: section.key, kind: 'head' as const, text: section.title },
      ...section.blocks.flatMap((block): Text[] => {
        if (block.kind === 'gap') return [{ key: section.key, kind: block.kind, text: block.text }];
        if (block.kind === 'table')
          return [...block.columns, ...block.rows.flatMap((row) => row.cells)].map((text) => ({
            key: section.key,
            kind: block.kind,
            text,
          }));
        return block.statements.map((it) => ({ key: section.key, kind: block.kind, text: it.text }));
      }),
    ]),
  ];
}

const time = /\b\d{1,2}:\d{2}(?::\d{2})?(?: [AP]M)?\b/g;
/** A zone; or the other end of a stretch, which has it. */
const zoned = /^(?: [A-Z]{2,5}\b| UTC[+−]| (?:to|and) (?:\d{1,2} \p{L}+ (?:\d{4} )?)?\d{1,2}:\d{2}(?::\d{2})?(?: [AP]M)? [A-Z])/u;

/** Reads as if a person had written it: nothing missing, nothing empty, no time without its zone. */
export function expectReadable(draft: Draft): void {
  expectSound(draft);
  const keys = draft.sections.map((section) => section.key);
  expect(new Set(keys).size).toBe(keys.length);
  for (const section of draft.sections) {
    expect([section.key, section.blocks.length > 0]).toEqual([section.key, true]);
    for (const block of section.blocks)
      if (block.kind !== 'gap')
        expect([section.key, (block.kind === 'table' ? block.rows : block.statements).length > 0]).toEqual([section.key, true]);
  }
  for (const { key, kind, text } of textsOf(draft)) {
    expect([key, text, /undefined|\bNaN\b|\bnull\b|\bN\/A\b|\[object|Infinity|Invalid/.test(text)]).toEqual([key, text, false]);
    expect([key, text, / {2}|[.!?]”\.|^\s|\s$|^$| [.,;:](?!\d)|\.\.(?!\.)|,,|\(\)|“”/.test(text)]).toEqual([key, text, false]);
    expect(text.length).toBeLessThan(6_000);
    if (kind !== 'text' && kind !== 'list') continue;
    // What people and servers wrote says its times as it likes.
    const own = text.replace(/“[^”]*”/g, '“”');
    for (const found of own.matchAll(time)) {
      const after = own.slice(found.index + found[0].length);
      expect([key, text, found[0], zoned.test(after)]).toEqual([key, text, found[0], true]);
    }
  }
  // The short form says the same as the long one, shorter.
  const statements = textsOf(draft).filter((it) => (it.kind === 'text' || it.kind === 'list') && it.key !== 'short-form');
  const twice = statements.filter((it, index) => statements.findIndex((other) => other.text === it.text && other.key !== it.key) > index);
  expect(twice).toEqual([]);
}

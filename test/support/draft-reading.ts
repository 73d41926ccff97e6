/** Reads drafts in tests. */
import { expect } from 'vitest';
import type { Draft, Section } from '../../shared/incident/draft.ts';
import { keysOf } from '../../shared/incident/evidence.ts';
import { mostRows } from '../../shared/incident/timeline.ts';

/** What a section says, line by line; table rows with their cells. */
export const lines = (draft: Draft, key: Section['key']): string[] =>
  draft.sections
    .filter((section) => section.key === key)
    .flatMap((section) => section.blocks)
    .flatMap((block) =>
      block.kind === 'gap'
        ? [`GAP ${block.text}`]
        : block.kind === 'table'
          ? block.rows.map((row) => row.cells.join(' | '))
          : block.statements.map((it) => it.text),
    );

/** What holds for every draft: no statement without evidence, no footnote that leads nowhere, none that nothing uses. */
export function expectSound(draft: Draft): void {
  const used = draft.sections.flatMap((section) => section.blocks.flatMap(keysOf));
  for (const block of draft.sections.flatMap((section) => section.blocks)) {
    if (block.kind === 'gap') continue;
    for (const it of block.kind === 'table' ? block.rows : block.statements) expect([it, it.evidence.length > 0]).toEqual([it, true]);
    if (block.kind === 'table') expect(block.rows.length).toBeLessThanOrEqual(mostRows);
  }
  expect(draft.evidence.map((it) => it.number)).toEqual(draft.evidence.map((_it, index) => index + 1));
  expect(new Set(draft.evidence.map((it) => it.key))).toEqual(new Set(used));
  expect(draft.evidence.every((it) => it.text !== '')).toBe(true);
}

/** How a draft's statements lead to their evidence. Pure. */
import type { Block, Draft, Evidence } from '../../shared/incident/draft.ts';

/** A statement or a table row, wherever it stands. */
export interface Said {
  text: string;
  evidence: readonly string[];
}

const saidIn = (block: Block): Said[] => {
  if (block.kind === 'gap') return [];
  if (block.kind === 'table') return block.rows.map((row) => ({ text: row.cells.join(' · '), evidence: row.evidence }));
  return block.statements;
};

interface DraftCount {
  statements: number;
  proven: number;
  gaps: string[];
}

/** "13 of 13 statements have evidence, 2 gaps left". */
export function countDraft(draft: Draft): DraftCount {
  const blocks = draft.sections.flatMap((section) => section.blocks);
  const said = blocks.flatMap(saidIn);
  return {
    statements: said.length,
    proven: said.filter((it) => it.evidence.length > 0).length,
    gaps: blocks.flatMap((block) => (block.kind === 'gap' ? [block.text] : [])),
  };
}

/** The footnotes behind a statement, in the order of their numbers; keys without a footnote are left out. */
export function evidenceOf(draft: Draft, keys: readonly string[]): Evidence[] {
  const wanted = new Set(keys);
  return draft.evidence.filter((it) => wanted.has(it.key)).sort((a, b) => a.number - b.number);
}

/** "1–3, 7" for 1, 2, 3, 7: two in a row stay "1, 2". */
export function writeNumbers(numbers: readonly number[]): string {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const runs: number[][] = [];
  for (const number of sorted) {
    const run = runs[runs.length - 1];
    if (run && run[run.length - 1] === number - 1) run.push(number);
    else runs.push([number]);
  }
  return runs.map((run) => (run.length > 2 ? `${run[0]}–${run[run.length - 1]}` : run.join(', '))).join(', ');
}

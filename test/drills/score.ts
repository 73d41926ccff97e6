/** Counts what the drafts of a drill state, miss and get wrong, by the facts that the drill itself names. */
import type { DrillDraft } from '../../electron/drill/drafts.ts';
import type { Draft } from '../../shared/incident/draft.ts';
import type { DocumentKind } from '../../shared/model/document.ts';
import type { Scenario } from '../../shared/scenario/scenario.ts';
import { stands } from './stands.ts';

export type Fact = Scenario['expected'][number];

/** A fact, and the place that states it. */
export interface Found {
  fact: string;
  /** Title of the section. */
  section: string;
  text: string;
}
export interface KindScore {
  kind: DocumentKind;
  stated: Found[];
  missing: Fact[];
  /** What is false and stands there all the same. */
  wrong: Found[];
}

interface Line {
  section: string;
  text: string;
}

/** Everything that a draft says, sentence by sentence and row by row. What it asks for is not said. */
export function linesOf({ title, subtitle, sections }: Draft): Line[] {
  return [
    { section: 'title', text: `${title} · ${subtitle}` },
    ...sections.flatMap((section) =>
      section.blocks.flatMap((block): Line[] => {
        if (block.kind === 'gap') return [];
        const texts = block.kind === 'table' ? block.rows.map((row) => row.cells.join(' | ')) : block.statements.map((it) => it.text);
        const head = block.kind === 'table' ? [block.columns.join(' | ')] : [];
        return [...head, ...texts].map((text) => ({ section: section.title, text }));
      }),
    ),
  ];
}

/** Whether a fact is meant for a kind of document. */
const isFor = (kind: DocumentKind, fact: Fact): boolean => fact.in === undefined || fact.in.includes(kind);

const find = ({ fact, any }: Fact, lines: readonly Line[]): Found | null => {
  const line = lines.find(({ text }) => any.some((pattern) => stands(pattern, text)));
  return line ? { fact, ...line } : null;
};

/** Of several documents of a kind, such as tickets to two providers, one is enough to state a fact, and one to get it wrong. */
export function scoreOf(
  { expected, forbidden }: Pick<Scenario, 'expected' | 'forbidden'>,
  drafts: readonly Pick<DrillDraft, 'kind' | 'draft'>[],
): KindScore[] {
  const named = [...expected, ...forbidden].flatMap((it) => (it.in ?? []) as DocumentKind[]);
  const kinds = [...new Set([...drafts.map((it) => it.kind), ...named])];
  return kinds.map((kind) => {
    const lines = drafts.filter((it) => it.kind === kind).flatMap((it) => linesOf(it.draft));
    const wanted = expected.filter((it) => isFor(kind, it));
    const found = wanted.map((fact) => ({ fact, at: find(fact, lines) }));
    return {
      kind,
      stated: found.flatMap(({ at }) => at ?? []),
      missing: found.filter(({ at }) => at === null).map(({ fact }) => fact),
      wrong: forbidden.filter((it) => isFor(kind, it)).flatMap((fact) => find(fact, lines) ?? []),
    };
  });
}

/** Counts what the documents of a drill state, miss and get wrong, by the facts that the drill itself names. */
import type { Draft } from '../incident/draft.ts';
import type { DocumentKind } from '../model/document.ts';
import type { FoundFact } from './debrief.ts';
import type { Scenario } from './scenario.ts';
import { stands } from './stands.ts';

export type Fact = Scenario['expected'][number];

export interface KindScore {
  kind: DocumentKind;
  /** Each with the place that states it. */
  stated: FoundFact[];
  missing: Fact[];
  /** What is false and stands there all the same. */
  wrong: FoundFact[];
}

/** Something that a document says: a sentence, or a row. */
export interface Line {
  /** Title of the section. */
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

const find = ({ fact, any }: Fact, lines: readonly Line[]): FoundFact | null => {
  const line = lines.find(({ text }) => any.some((pattern) => stands(pattern, text)));
  return line ? { fact, ...line } : null;
};

type Facts = Pick<Scenario, 'expected' | 'forbidden'>;

/** The kinds of document that the facts of a drill name. */
export const kindsNamed = ({ expected, forbidden }: Facts): DocumentKind[] => [
  ...new Set([...expected, ...forbidden].flatMap((it) => (it.in ?? []) as DocumentKind[])),
];

/** Of several documents of a kind, such as tickets to two providers, one is enough to state a fact, and one to get it wrong. */
export function scoreOf(facts: Facts, documents: readonly { kind: DocumentKind; lines: readonly Line[] }[]): KindScore[] {
  const { expected, forbidden } = facts;
  const kinds = [...new Set([...documents.map((it) => it.kind), ...kindsNamed(facts)])];
  return kinds.map((kind) => {
    const lines = documents.filter((it) => it.kind === kind).flatMap((it) => it.lines);
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

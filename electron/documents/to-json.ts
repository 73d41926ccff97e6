/** A document and the facts behind it as JSON, for programs. The form is shared/documents/exported-json.ts. */
import type { ExportedJson } from '../../shared/documents/exported-json.ts';
import type { ReportFacts } from '../../shared/incident/report-facts.ts';
import type { NightDocument } from '../../shared/model/document.ts';
import { clean, cleanLines } from '../../shared/text.ts';
import type { Paper } from './paper.ts';
import { blocksToMarkdown } from './to-markdown.ts';
import { blocksToText } from './to-text.ts';

const mostLetters = 20_000;

/** @param now epoch ms */
export function paperToJson(paper: Paper, document: NightDocument, facts: ReportFacts, now: number): string {
  const { id, kind, incident, window, options, draftedAt, revision, savedAt, savedBy } = document;
  const exported: ExportedJson = {
    form: 'nightdesk-document',
    version: 1,
    ...(paper.drill && { drill: true as const }),
    exportedAt: now,
    document: {
      id,
      kind,
      incident,
      window,
      options,
      draftedAt,
      revision,
      savedAt,
      savedBy: clean(savedBy, 80),
      title: paper.title,
      subtitle: paper.subtitle,
      sections: paper.sections.map((it) => ({
        key: clean(it.key, 60),
        title: it.title,
        markdown: blocksToMarkdown(it.blocks),
        text: blocksToText(it.blocks),
      })),
      evidence: paper.evidence,
      measured: paper.charts.map((it) => it.words),
    },
    facts: harmless(facts),
  };
  return `${JSON.stringify(exported, null, 2)}\n`;
}

/** The same data, every text in it without controls and letters that turn or hide. */
function harmless<T>(value: T): T {
  if (typeof value === 'string') return cleanLines(value, mostLetters) as T;
  if (Array.isArray(value)) return value.map(harmless) as T;
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, it]) => [key, harmless(it)])) as T;
  return value;
}

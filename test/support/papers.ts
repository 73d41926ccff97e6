/** Documents for tests of the formats. */
import type { Evidence } from '../../shared/incident/draft.ts';
import type { DocumentKind, NightDocument } from '../../shared/model/document.ts';

export const evidenceAt = (number: number, text: string, at = Date.UTC(2026, 10, 20, 11)): Evidence => ({
  number,
  key: `E${number}`,
  source: { kind: 'event', event: `E${number}`, at },
  text,
});

/** A document of a person: its sections by their Markdown. */
export function paperOf(sections: Record<string, string>, more: Partial<NightDocument> = {}): NightDocument {
  return {
    id: '01DOC',
    kind: 'post-mortem' as DocumentKind,
    incident: '01INC',
    window: null,
    title: 'Web sites were down',
    subtitle: 'Friday 20 November 2026 · all times UTC',
    options: { zone: 'UTC', clock: '24h' },
    sections: Object.entries(sections).map(([title, text]) => ({ key: title.toLowerCase(), title, drafted: '', text })),
    evidence: [],
    draftedAt: 0,
    revision: 2,
    savedAt: 0,
    savedBy: 'Ada',
    ...more,
  };
}

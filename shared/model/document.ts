/** A draft that people edit: sections of Markdown with evidence marks, and what each was when it was drafted. */
import { z } from 'zod';
import type { Evidence } from '../incident/draft.ts';

export const documentKinds = [
  'post-mortem',
  'customer-report',
  'status-update',
  'provider-ticket',
  'sla-credit',
  'maintenance-announcement',
  'maintenance-postponement',
] as const;
export const documentKindSchema = z.enum(documentKinds);
export type DocumentKind = z.infer<typeof documentKindSchema>;

export const documentOptionsSchema = z.object({
  /** IANA zone of every time in it. */
  zone: z.string(),
  clock: z.enum(['24h', '12h']),
  /** Of a status update: which one. */
  update: z.enum(['first', 'next', 'resolved']).optional(),
  /** Of a provider ticket or an SLA claim: id of the link or site. */
  provider: z.string().optional(),
});
export type DocumentOptions = z.infer<typeof documentOptionsSchema>;

export const documentFormats = ['markdown', 'html', 'pdf', 'docx', 'text', 'json', 'csv', 'ical'] as const;
export const documentFormatSchema = z.enum(documentFormats);
export type DocumentFormat = z.infer<typeof documentFormatSchema>;

export interface DocumentSection {
  key: string;
  title: string;
  /** Markdown as it was drafted last for this section, with evidence marks such as [^3]. */
  drafted: string;
  /** Markdown as it stands. The same as `drafted` where nobody edited it. */
  text: string;
}

export interface NightDocument {
  /** ULID. */
  id: string;
  kind: DocumentKind;
  /** What it is about: one of the two. */
  incident: string | null;
  window: string | null;
  title: string;
  subtitle: string;
  options: DocumentOptions;
  sections: DocumentSection[];
  /** What the marks point at: numbers as they stand in the text. */
  evidence: Evidence[];
  draftedAt: number;
  /** Counts saves; a save names the revision that it is made from. */
  revision: number;
  savedAt: number;
  savedBy: string;
}

/** What a section would be by what is known now. */
export interface SectionNews {
  key: string;
  title: string;
  /** `same`: nothing new, but for how long it lasts. `newer`: new facts, and nobody edited it. `conflict`: new facts, and a person edited it. `gone`: would not be drafted any more. `added`: is new. */
  state: 'same' | 'newer' | 'conflict' | 'gone' | 'added';
  /** As it would be drafted now; null where gone. */
  drafted: string | null;
  /** As it stands; null where added. */
  text: string | null;
}

export interface RevisionInfo {
  revision: number;
  at: number;
  by: string;
  /** Titles of the sections that changed since the one before. */
  changed: string[];
}

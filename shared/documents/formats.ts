/** The formats that documents leave the house in: which kind has which, and how each is called. */
import type { DocumentFormat, DocumentKind } from '../model/document.ts';

interface FormatFacts {
  /** As a dialog names it. */
  name: string;
  /** What it is good for: the end of "for …". */
  use: string;
  /** Ending of its files, without the dot. */
  ending: string;
  mediaType: string;
}

export const formatFacts: Record<DocumentFormat, FormatFacts> = {
  markdown: { name: 'Markdown', use: 'a ticket, a wiki, a repository', ending: 'md', mediaType: 'text/markdown; charset=utf-8' },
  html: { name: 'Web page', use: 'reading in a browser, with its charts', ending: 'html', mediaType: 'text/html; charset=utf-8' },
  pdf: { name: 'PDF', use: 'printing and sending', ending: 'pdf', mediaType: 'application/pdf' },
  docx: {
    name: 'Word document',
    use: 'people who go on writing in Word or LibreOffice',
    ending: 'docx',
    mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  },
  text: {
    name: 'Plain text',
    use: 'an e-mail or a ticket that shows no formatting',
    ending: 'txt',
    mediaType: 'text/plain; charset=utf-8',
  },
  json: { name: 'Data (JSON)', use: 'programs: the document and the facts behind it', ending: 'json', mediaType: 'application/json' },
  csv: { name: 'Timeline (CSV)', use: 'a spreadsheet', ending: 'csv', mediaType: 'text/csv; charset=utf-8' },
  ical: { name: 'Calendar (iCal)', use: 'the calendars of those it concerns', ending: 'ics', mediaType: 'text/calendar; charset=utf-8' },
};

const written: readonly DocumentFormat[] = ['markdown', 'html', 'pdf', 'docx', 'text', 'json'];
const plannedWork: readonly DocumentFormat[] = [...written, 'ical'];

const formats: Record<DocumentKind, readonly DocumentFormat[]> = {
  // Its timeline names people, servers and every retry: it is no reading for customers and providers.
  'post-mortem': [...written, 'csv'],
  'customer-report': written,
  'status-update': written,
  'provider-ticket': written,
  'sla-credit': written,
  'maintenance-announcement': plannedWork,
  'maintenance-postponement': plannedWork,
};

const forCustomers: ReadonlySet<DocumentKind> = new Set([
  'customer-report',
  'status-update',
  'maintenance-announcement',
  'maintenance-postponement',
]);

/** Whether a document shows its evidence where it leaves the house. What customers read leans on lines of ours that are not meant for them. */
export const showsEvidence = (kind: DocumentKind): boolean => !forCustomers.has(kind);

/** The formats that make sense for a kind of document, in the order in which a dialog lists them. */
export const formatsOf = (kind: DocumentKind): readonly DocumentFormat[] => formats[kind];

/** Why a kind does not come in a format: one sentence for people; null where it does. */
export function refusalOf(kind: DocumentKind, format: DocumentFormat): string | null {
  if (formats[kind].includes(format)) return null;
  if (format === 'ical') return 'Only planned work goes into a calendar. This document is about something else: choose another format.';
  if (format === 'csv') return 'Only the post-mortem has its timeline as a table: it names people and servers. Choose another format.';
  return `This document does not come as ${formatFacts[format].name}. Choose another format.`;
}

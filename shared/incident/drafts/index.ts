/** Every kind of document, and how it is drafted. A new kind is one file and one line here. */
import type { DocumentKind, DocumentOptions } from '../../model/document.ts';
import type { MaintenanceWindow } from '../../model/maintenance.ts';
import type { Draft } from '../draft.ts';
import type { DraftInput } from '../input.ts';
import { postMortem } from './post-mortem.ts';

/** What a document is about beside the events: the planned work that it announces. */
export interface DocumentInput extends DraftInput {
  options: DocumentOptions;
  /** Of an announcement or a postponement. */
  window: MaintenanceWindow | null;
}

export const documentTitles: Record<DocumentKind, string> = {
  'post-mortem': 'Post-mortem',
  'customer-report': 'Report to customers',
  'status-update': 'Status update',
  'provider-ticket': 'Ticket to a provider',
  'sla-credit': 'Request for an SLA credit',
  'maintenance-announcement': 'Announcement of planned work',
  'maintenance-postponement': 'Planned work postponed',
};

export const drafts: Partial<Record<DocumentKind, (input: DocumentInput) => Draft>> = {
  'post-mortem': postMortem,
};

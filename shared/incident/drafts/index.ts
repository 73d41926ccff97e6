/** Every kind of document, and how it is drafted. A new kind is one file and one line here. */
import type { DocumentKind, DocumentOptions } from '../../model/document.ts';
import type { MaintenanceWindow } from '../../model/maintenance.ts';
import type { Draft } from '../draft.ts';
import type { DraftInput } from '../input.ts';
import type { ReportFacts } from '../report-facts.ts';
import { customerReport } from './customer-report.ts';
import { maintenanceAnnouncement } from './maintenance-announcement.ts';
import { maintenancePostponement } from './maintenance-postponement.ts';
import { postMortem } from './post-mortem.ts';
import { providerTicket } from './provider-ticket.ts';
import { slaCredit } from './sla-credit.ts';
import { statusUpdate } from './status-update.ts';

/** What a document is about beside the events: the planned work that it announces. */
export interface DocumentInput extends DraftInput {
  options: DocumentOptions;
  /** Of an announcement or a postponement. */
  window: MaintenanceWindow | null;
  /** The facts of this input, where several documents are made of them; gathered where they are left out. */
  facts?: ReportFacts;
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

export const drafts = {
  'post-mortem': postMortem,
  'customer-report': customerReport,
  'status-update': statusUpdate,
  'provider-ticket': providerTicket,
  'sla-credit': slaCredit,
  'maintenance-announcement': maintenanceAnnouncement,
  'maintenance-postponement': maintenancePostponement,
} satisfies Record<DocumentKind, (input: DocumentInput) => Draft>;

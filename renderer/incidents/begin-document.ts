/** Begins a document of an incident (or opens the one that there is) in the editor; asks first where somebody must choose. */
import type { DocumentKind, DocumentOptions } from '../../shared/model/document.ts';
import { engine } from '../state/connect.ts';
import { useLive } from '../state/live.ts';
import { useSettings } from '../state/settings.ts';
import { openEditor, openIncidentDialog } from '../state/view.ts';

/** Of these a person says for whom, or which one. */
const asks = new Set<DocumentKind>(['status-update', 'provider-ticket', 'sla-credit']);

/** @returns what went wrong, in plain words; null where it is open, or a dialog asks on */
export async function beginDocument(incident: string, kind: DocumentKind): Promise<string | null> {
  const by = useSettings.getState().author.trim();
  if (by === '' || asks.has(kind)) {
    openIncidentDialog({ what: 'document', incident, document: kind });
    return null;
  }
  return draftDocument(incident, kind, {}, by);
}

/** @returns what went wrong, in plain words */
export async function draftDocument(
  incident: string,
  kind: DocumentKind,
  more: Pick<DocumentOptions, 'update' | 'provider'>,
  by: string,
): Promise<string | null> {
  const zone = useLive.getState().tables.desk.desk?.organization.timezone ?? 'UTC';
  const reply = await engine.openDocument({ kind, incident, window: null, options: { zone, clock: '24h', ...more }, by });
  if (!reply.ok) return reply.failure.text;
  openEditor(reply.value.id);
  return null;
}

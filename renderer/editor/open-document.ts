/** Drafts a document, or takes the one that there is, and opens it in the editor. */
import type { DocumentKind, DocumentOptions } from '../../shared/model/document.ts';
import { engine } from '../state/connect.ts';
import { openEditor, say } from '../state/view.ts';
import { author } from './session.ts';

/** @returns whether it is open */
export async function openDocument(
  kind: DocumentKind,
  about: { incident: string } | { window: string },
  options: DocumentOptions,
): Promise<boolean> {
  const reply = await engine.openDocument({ kind, incident: null, window: null, ...about, options, by: author() });
  if (reply.ok) openEditor(reply.value.id);
  else say(`The draft could not be made. ${reply.failure.text}`, 'bad');
  return reply.ok;
}

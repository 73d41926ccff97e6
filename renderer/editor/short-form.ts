/** The short form of a status update, for a status page or a text message. Pure. */
import { withoutMarks } from '../../shared/documents/to-sections.ts';
import type { DocumentSection } from '../../shared/model/document.ts';
import { readable } from './differences.ts';

/** Key of its section in a status update (shared/incident/drafts/status-update.ts). */
export const shortKey = 'short-form';

/** As it is sent: one line, without marks and escapes. */
const shortForm = (text: string): string => readable(withoutMarks(text)).replace(/\s+/g, ' ').trim();

/** In code points, as those count who set the bound. */
export const lengthOfUpdate = (text: string): number => [...shortForm(text)].length;

/** @returns null where the document has none */
export function shortOf(sections: readonly DocumentSection[]): string | null {
  const section = sections.find((it) => it.key === shortKey);
  return section ? shortForm(section.text) : null;
}

/**
 * Text that the engine does not have yet, kept in this window's own storage: it outlives the window, the engine and the page. Not in a drill:
 * its documents end with it, the next play gives the same ids to others, and the storage is the desk's.
 */
import { z } from 'zod';
import { inDrill } from '../state/role.ts';

const writtenSchema = z.object({
  title: z.string(),
  sections: z.array(z.object({ key: z.string(), title: z.string(), text: z.string() })),
});
export type Written = z.infer<typeof writtenSchema>;
const keptSchema = z.object({ revision: z.int(), written: writtenSchema, at: z.number() });
export type Kept = z.infer<typeof keptSchema>;

const prefix = 'nightdesk.unsaved.';

/** What was kept of a document; null = nothing that can be read. */
export function readKept(document: string): Kept | null {
  const text = inDrill ? null : localStorage.getItem(prefix + document);
  if (text === null) return null;
  try {
    const read = keptSchema.safeParse(JSON.parse(text));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}

/** @param kept null = there is nothing to keep any more */
export function keep(document: string, kept: Kept | null): void {
  if (inDrill) return;
  try {
    if (kept === null) localStorage.removeItem(prefix + document);
    else localStorage.setItem(prefix + document, JSON.stringify(kept));
  } catch {
    // The storage is full: the page still has the text, and saving goes on being tried.
  }
}

/** The documents of which something is kept. */
export const keptDocuments = (): string[] =>
  (inDrill ? [] : Object.keys(localStorage)).filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));

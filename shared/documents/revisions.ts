/** Which saved states of a document are kept: enough to find back what somebody wrote, and never without bound. */
import type { NightDocument, RevisionInfo } from '../model/document.ts';
import { MINUTE } from '../time.ts';

/** An autosave of one person who goes on writing replaces the one before. */
const sittingMs = 2 * MINUTE;
const mostKept = 200;

type Next = Pick<NightDocument, 'revision' | 'savedAt' | 'savedBy' | 'draftedAt'>;

/** A kept state, without its text. */
export interface KeptState extends Omit<Next, 'draftedAt'> {
  /** null = not read: only that of the newest two matters. */
  draftedAt: number | null;
}

/**
 * Names the states that need not be kept beside a new one.
 * @param kept those that are kept now, newest first
 * @returns revisions to drop; never the first one, which is what the machine drafted, and never one that a redraft or another person came after
 */
export function toDrop(kept: readonly KeptState[], next: Next): number[] {
  const [newest, before] = kept;
  const drop: number[] = [];
  const goesOn =
    newest &&
    before &&
    newest.revision !== 1 &&
    newest.savedBy === next.savedBy &&
    newest.draftedAt === next.draftedAt &&
    newest.draftedAt === before.draftedAt;
  // Measured from the state before: a long sitting leaves one state every two minutes, not only its last.
  if (goesOn && next.savedAt - before.savedAt < sittingMs && next.savedAt >= newest.savedAt) drop.push(newest.revision);
  const left = kept.filter((it) => !drop.includes(it.revision));
  // Of too many every second of the older half goes, the first one stays.
  if (left.length >= mostKept) {
    const older = left.slice(left.length >> 1, -1);
    drop.push(...older.filter((_, index) => index % 2 === 0).map((it) => it.revision));
  }
  return drop;
}

/** The list of kept states with what changed in each. @param all newest first */
export function revisionList(all: readonly NightDocument[]): RevisionInfo[] {
  return all.map((it, index) => {
    const before = all[index + 1];
    const texts = new Map(before?.sections.map((section) => [section.key, section]) ?? []);
    const changed = before
      ? [
          ...it.sections
            .filter((section) => texts.get(section.key)?.text !== section.text || texts.get(section.key)?.title !== section.title)
            .map((section) => section.title),
          ...before.sections.filter((section) => !it.sections.some((other) => other.key === section.key)).map((section) => section.title),
        ]
      : [];
    return { revision: it.revision, at: it.savedAt, by: it.savedBy, changed };
  });
}

/** Two texts of one document, section by section. Pure. */
import type { DocumentSection } from '../../shared/model/document.ts';
import type { Choice } from './ChooseSections.tsx';

/** The title as a line of its own, where it differs. */
const textWith = (section: DocumentSection, other: DocumentSection | undefined): string =>
  other && other.title !== section.title ? `${section.title}\n\n${section.text}` : section.text;

/** Sections that differ: those that stand here in their order, then those that only the others have. */
export function bothOf(mine: readonly DocumentSection[], theirs: readonly DocumentSection[]): Choice[] {
  const there = new Map(theirs.map((it) => [it.key, it]));
  const here = new Set(mine.map((it) => it.key));
  const differing = mine.flatMap((it): Choice[] => {
    const other = there.get(it.key);
    if (other && other.text === it.text && other.title === it.title) return [];
    const note = other ? 'Both wrote here.' : 'They took it out, or never had it.';
    return [{ key: it.key, title: it.title, note, mine: textWith(it, other), theirs: other ? textWith(other, it) : null }];
  });
  const only = theirs
    .filter((it) => !here.has(it.key))
    .map((it): Choice => ({ key: it.key, title: it.title, note: 'Only they have it.', mine: null, theirs: it.text }));
  return [...differing, ...only];
}

/**
 * @param taken keys of the sections of which their text is taken: one that only they have comes in, one that they do not have goes
 * @returns the sections to save, with what was drafted for them as the others have it
 */
export function choose(
  mine: readonly DocumentSection[],
  theirs: readonly DocumentSection[],
  taken: ReadonlySet<string>,
): DocumentSection[] {
  const there = new Map(theirs.map((it) => [it.key, it]));
  const all = mine.flatMap((it): DocumentSection[] => {
    const other = there.get(it.key);
    if (taken.has(it.key)) return other ? [other] : [];
    return [{ ...it, drafted: other?.drafted ?? it.drafted }];
  });
  for (const [index, it] of theirs.entries()) {
    if (!taken.has(it.key) || all.some((section) => section.key === it.key)) continue;
    const before = theirs.slice(0, index).findLast((other) => all.some((section) => section.key === other.key));
    all.splice(all.findIndex((section) => section.key === before?.key) + 1, 0, it);
  }
  return all;
}

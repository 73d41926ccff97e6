/** A document from its first draft to its newest revision. What a person wrote is never lost and never overwritten unasked. */
import type { RequestFailure } from '../bind.ts';
import type { Draft } from '../incident/draft.ts';
import type { DocumentKind, DocumentOptions, DocumentSection, NightDocument, SectionNews } from '../model/document.ts';
import { fail, ok, type Result } from '../result.ts';
import { clean } from '../text.ts';
import { withoutTicks } from './ticks.ts';
import { toSections } from './to-sections.ts';

interface By {
  by: string;
  now: number;
}

/** Begins a document from a draft. */
export function beginDocument(
  draft: Draft,
  about: { id: string; kind: DocumentKind; incident: string | null; window: string | null; options: DocumentOptions },
  { by, now }: By,
): NightDocument {
  const { sections, evidence } = toSections(draft, []);
  return {
    ...about,
    title: draft.title,
    subtitle: draft.subtitle,
    sections: sections.map((it) => ({ ...it, text: it.drafted })),
    evidence,
    draftedAt: now,
    revision: 1,
    savedAt: now,
    savedBy: by,
  };
}

const isEdited = (it: Pick<DocumentSection, 'drafted' | 'text'>): boolean => it.text !== it.drafted;

interface Written {
  title: string;
  sections: readonly { key: string; title: string; text: string }[];
}

const isSameText = (it: NightDocument, { title, sections }: Written): boolean =>
  it.title === clean(title, 300) &&
  it.sections.length === sections.length &&
  it.sections.every((section, index) => {
    const other = sections[index];
    return other && section.key === other.key && section.title === clean(other.title, 200) && section.text === other.text;
  });

/** What a save or a redraft is refused with when somebody saved meanwhile. Nothing is lost: the page still has its text. */
const newerRevision = (it: NightDocument): RequestFailure => ({
  code: 'newer-revision',
  text: `${clean(it.savedBy, 80)} saved this document meanwhile. Your text is still here: compare the two, then save yours over it or take over theirs.`,
});

/**
 * Saves what a person wrote. Sections that are not named are gone; ones with a key of their own are new.
 * @param from the revision that it was made from
 * @returns the new state; the very same one where these words stand there already
 */
export function saveDocument(it: NightDocument, written: Written, from: number, { by, now }: By): Result<NightDocument, RequestFailure> {
  // Sent again, as the answer was lost with the engine that wrote it.
  if (isSameText(it, written)) return ok(it);
  if (from !== it.revision) return fail(newerRevision(it));
  const drafted = new Map(it.sections.map((section) => [section.key, section.drafted]));
  const keys = written.sections.map((section) => section.key);
  if (new Set(keys).size < keys.length) return fail({ code: 'bad-input', text: 'Two sections have the same key. Nothing was saved.' });
  const sections = written.sections.map(({ key, title, text }) => ({
    key,
    title: clean(title, 200),
    drafted: drafted.get(key) ?? '',
    text,
  }));
  return ok({ ...it, title: clean(written.title, 300), sections, revision: it.revision + 1, savedAt: now, savedBy: by });
}

/** Compares every section with what it would be by what is known now; that time goes by is no news. Sections that people added are left out: nothing drafts them. */
export function newsOf(it: NightDocument, draft: Draft): SectionNews[] {
  const fresh = toSections(draft, it.evidence).sections;
  const now = new Map(fresh.map((section) => [section.key, section]));
  const have = new Set(it.sections.map((section) => section.key));
  const known = it.sections.flatMap((section): SectionNews[] => {
    const drafted = now.get(section.key)?.drafted ?? null;
    const { key, title, text } = section;
    // Never drafted: a person's own.
    if (drafted === null && section.drafted === '') return [];
    if (drafted === null) return [{ key, title, state: 'gone', drafted, text }];
    const state = withoutTicks(drafted) === withoutTicks(section.drafted) ? 'same' : isEdited(section) ? 'conflict' : 'newer';
    return [{ key, title, state, drafted, text }];
  });
  const added = fresh
    .filter((section) => !have.has(section.key))
    .map(({ key, title, drafted }): SectionNews => ({ key, title, state: 'added', drafted, text: null }));
  return [...known, ...added];
}

/**
 * Takes new drafts into some sections; all others stay as they are, letter by letter.
 * @param keys sections to draft anew, add, or (gone) take out
 * @param from the revision that the choice was made from
 */
export function redraftDocument(
  it: NightDocument,
  draft: Draft,
  chosen: { keys: readonly string[]; options: DocumentOptions | null; from: number },
  { by, now }: By,
): Result<NightDocument, RequestFailure> {
  if (chosen.from !== it.revision) return fail(newerRevision(it));
  const keys = new Set(chosen.keys);
  const { sections: fresh, evidence } = toSections(draft, it.evidence);
  const byKey = new Map(fresh.map((section) => [section.key, section]));
  const kept = it.sections.flatMap((section): DocumentSection[] => {
    if (!keys.has(section.key)) return [section];
    const anew = byKey.get(section.key);
    return anew ? [{ key: anew.key, title: anew.title, drafted: anew.drafted, text: anew.drafted }] : [];
  });
  const order = fresh.map((section) => section.key);
  for (const { key, title, drafted } of fresh) {
    if (!keys.has(key) || kept.some((section) => section.key === key)) continue;
    // Where the draft has it: behind the nearest section before it that is there.
    const before = order.slice(0, order.indexOf(key)).findLast((other) => kept.some((section) => section.key === other));
    kept.splice(kept.findIndex((section) => section.key === before) + 1, 0, { key, title, drafted, text: drafted });
  }
  return ok({
    ...it,
    subtitle: draft.subtitle,
    options: chosen.options ?? it.options,
    sections: kept,
    evidence,
    draftedAt: now,
    revision: it.revision + 1,
    savedAt: now,
    savedBy: by,
  });
}

/** Brings an old state back as the newest revision; its numbers of evidence keep what they mean. */
export function restoreDocument(it: NightDocument, old: NightDocument, { by, now }: By): NightDocument {
  const known = new Set(old.evidence.map((evidence) => evidence.key));
  return {
    ...old,
    evidence: [...old.evidence, ...it.evidence.filter((evidence) => !known.has(evidence.key))],
    revision: it.revision + 1,
    savedAt: now,
    savedBy: by,
  };
}

/** What a drill leaves behind: every document that can be drafted of its incidents and of its planned work, in files. */
import { join } from 'node:path';
import { beginDocument } from '../../shared/documents/document.ts';
import { drillFileName } from '../../shared/documents/drill-band.ts';
import type { Draft } from '../../shared/incident/draft.ts';
import { drafts } from '../../shared/incident/drafts/index.ts';
import { draftFileName } from '../../shared/incident/file-name.ts';
import { reportFacts } from '../../shared/incident/report-facts.ts';
import { mergeWindows } from '../../shared/maintenance/merge.ts';
import { type DocumentKind, type DocumentOptions, documentFormats, documentKinds } from '../../shared/model/document.ts';
import type { Incident } from '../../shared/model/incident.ts';
import type { MaintenanceWindow } from '../../shared/model/maintenance.ts';
import { fail } from '../../shared/result.ts';
import type { PrintPages } from '../documents/print-headless.ts';
import { type Writable, writeDocuments } from '../documents/write-documents.ts';
import { writeWhole } from '../documents/write-file.ts';
import { type DocumentRequest, documentInput, makeDocument } from '../store/make-document.ts';
import type { Played } from './player.ts';

/** One document of a drill that was played. */
export interface DrillDraft {
  kind: DocumentKind;
  /** What it is about: one of the two. */
  incident: Incident | null;
  window: MaintenanceWindow | null;
  options: DocumentOptions;
  draft: Draft;
}

const ofWork: ReadonlySet<DocumentKind> = new Set<DocumentKind>(['maintenance-announcement', 'maintenance-postponement']);
const perProvider: ReadonlySet<DocumentKind> = new Set<DocumentKind>(['provider-ticket', 'sla-credit']);

/** What drafts are made from: a drill as it stands. */
export type DraftsFrom = Pick<Played, 'plan' | 'store' | 'incidents' | 'now'>;

/**
 * Drafts everything that there is to write about in a drill as it stands.
 * @param kinds of document; all where left out
 */
export function draftsOf(played: DraftsFrom, kinds: readonly DocumentKind[] = documentKinds): DrillDraft[] {
  const { plan, store, incidents, now } = played;
  const zone = plan.organization.timezone;
  const base: DocumentOptions = { zone, clock: '24h' };
  const requests: DocumentRequest[] = [];
  const known = documentKinds.filter((kind) => drafts[kind] !== undefined && kinds.includes(kind));
  for (const incident of incidents) {
    const isOver = incident.resolvedAt !== null;
    for (const kind of known) {
      const add = (options: DocumentOptions): unknown => requests.push({ kind, options, incident, window: null });
      if (ofWork.has(kind)) continue;
      if (perProvider.has(kind)) for (const provider of providersOf(played, incident)) add({ ...base, provider });
      else if (kind === 'status-update') add({ ...base, update: isOver ? 'resolved' : 'next' });
      else add(base);
    }
  }
  const moved = new Set(
    eventsOf(played).flatMap((it) =>
      it.kind === 'maintenance-changed' && /postponed|called off/.test(it.payload.what) ? [it.payload.window] : [],
    ),
  );
  for (const window of mergeWindows(plan.maintenance, store.windows()))
    for (const kind of known)
      if (kind === 'maintenance-announcement' || (kind === 'maintenance-postponement' && moved.has(window.id)))
        requests.push({ kind, options: base, incident: null, window });
  return requests.flatMap((request) => {
    const made = makeDocument(store, plan, request, now);
    return made.ok ? [{ ...request, draft: made.value }] : [];
  });
}

const mostEvents = 100_000;
const eventsOf = ({ store, now }: DraftsFrom) =>
  store.events({
    before: null,
    limit: mostEvents,
    kinds: ['logged', 'maintenance-changed'],
    subjects: null,
    text: null,
    from: null,
    to: now,
  });

/** Links and sites that its log or its alerts name. */
function providersOf(played: DraftsFrom, incident: Incident): string[] {
  const { plan, store, now } = played;
  const called = eventsOf(played).flatMap((it) =>
    it.kind === 'logged' && it.payload.incident === incident.id && 'with' in it.payload.entry ? [it.payload.entry.with] : [],
  );
  const failed = store.alerts(0, now).flatMap((it) => (incident.alerts.includes(it.id) ? [it.subject.id] : []));
  const named = new Set([...called, ...failed]);
  return plan.subjects
    .filter((it) => (it.kind === 'link' || (it.kind === 'site' && called.includes(it.id))) && named.has(it.id))
    .map((it) => it.id);
}

/** How writing went: the files, what could not be made and why; or the reason for which it ended. */
export type WrittenDrafts = Awaited<ReturnType<typeof writeDocuments>>;

/**
 * Writes all drafts in every format, and `facts.json`: of each incident, and of each planned work, in a folder of its own.
 * @param options.overwrite what is there may go; else one file that is there keeps everything from being written
 * @param options.print how PDF is printed; left out: it is not, and said so
 */
export async function writeDrafts(
  played: Played,
  folder: string,
  { overwrite = false, print = null }: { overwrite?: boolean; print?: PrintPages | null } = {},
): Promise<WrittenDrafts> {
  const { plan, readers, store, now } = played;
  /** Folders by what they are about: two incidents may be called the same. */
  const places = new Map<string, string>();
  const stories = new Map<string, DrillDraft>();
  const documents = draftsOf(played).map((it): Writable => {
    const { kind, options, incident, window, draft } = it;
    const about = incident?.id ?? window?.id ?? '';
    const title = drillFileName(
      draftFileName({ title: incident?.title ?? window?.name ?? draft.title, from: draft.from, zone: draft.zone }),
    );
    const isTaken = [...places].some(([other, name]) => other !== about && name === title);
    const place = places.get(about) ?? (isTaken ? `${title} ${places.size + 1}` : title);
    places.set(about, place);
    if (incident) stories.set(place, it);
    const ids = { id: '', kind, incident: incident?.id ?? null, window: window?.id ?? null, options };
    const name = [kind, options.provider ?? options.update].filter((part) => part !== undefined).join('-');
    return { incident, window, document: beginDocument(draft, ids, { by: 'Nightdesk', now }), name: join(place, name) };
  });
  const redact = (text: string): string => text;
  const options = { readers, plan, documents, formats: documentFormats, folder, overwrite, now, redact, print, drill: true };
  const written = await writeDocuments(options);
  if (!written.ok) return written;
  for (const [place, story] of stories) {
    const file = join(folder, place, 'facts.json');
    const facts = reportFacts(documentInput(store, plan, story, now));
    const put = await writeWhole(file, `${JSON.stringify({ drill: true, ...facts }, null, 2)}\n`, overwrite);
    if (!put.ok) return fail({ code: put.failure.code, text: `${file} was not written: ${put.failure.reason}` });
    written.value.files.push(file);
  }
  return written;
}

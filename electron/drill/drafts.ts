/** What a drill leaves behind: every document that can be drafted of its incidents and of its planned work, in files. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Draft } from '../../shared/incident/draft.ts';
import { drafts } from '../../shared/incident/drafts/index.ts';
import { draftFileName } from '../../shared/incident/file-name.ts';
import { toHtml } from '../../shared/incident/to-html.ts';
import { toMarkdown } from '../../shared/incident/to-markdown.ts';
import { mergeWindows } from '../../shared/maintenance/merge.ts';
import { type DocumentKind, type DocumentOptions, documentKinds } from '../../shared/model/document.ts';
import type { Incident } from '../../shared/model/incident.ts';
import type { MaintenanceWindow } from '../../shared/model/maintenance.ts';
import { type DocumentRequest, makeDocument } from '../store/make-document.ts';
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

/** Drafts everything that there is to write about at the end of a drill. */
export function draftsOf(played: Played): DrillDraft[] {
  const { plan, store, incidents, now } = played;
  const zone = plan.organization.timezone;
  const base: DocumentOptions = { zone, clock: '24h' };
  const requests: DocumentRequest[] = [];
  const known = documentKinds.filter((kind) => drafts[kind] !== undefined);
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
const eventsOf = ({ store, now }: Played) =>
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
function providersOf(played: Played, incident: Incident): string[] {
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

/** Every form that a draft is written in. The other formats of electron/documents have their place here. */
const forms: readonly { ending: string; write(draft: Draft): string }[] = [
  { ending: 'md', write: toMarkdown },
  { ending: 'html', write: toHtml },
];

/** Writes all drafts: of each incident, and of each planned work, in a folder of its own. @returns the files */
export function writeDrafts(played: Played, folder: string): string[] {
  const files: string[] = [];
  /** Folders by what they are about: two incidents may be called the same. */
  const places = new Map<string, string>();
  for (const { kind, options, incident, window, draft } of draftsOf(played)) {
    const about = incident?.id ?? window?.id ?? '';
    const title = draftFileName({ title: incident?.title ?? window?.name ?? draft.title, from: draft.from, zone: draft.zone });
    const isTaken = [...places].some(([other, name]) => other !== about && name === title);
    const own = places.get(about) ?? (isTaken ? `${title} ${places.size + 1}` : title);
    places.set(about, own);
    const place = join(folder, own);
    mkdirSync(place, { recursive: true });
    const name = [kind, options.provider ?? options.update].filter((part) => part !== undefined).join('-');
    for (const { ending, write } of forms) {
      const file = join(place, `${name}.${ending}`);
      writeFileSync(file, write(draft));
      files.push(file);
    }
  }
  return files;
}

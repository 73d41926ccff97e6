/** Documents that people edit: drafted by the worker, saved on disk before anybody is told so. */
import type { Handlers, Reply } from '../../shared/bind.ts';
import type { EngineContract } from '../../shared/contract.ts';
import { beginDocument, newsOf, redraftDocument, restoreDocument, saveDocument } from '../../shared/documents/document.ts';
import { revisionList, toDrop } from '../../shared/documents/revisions.ts';
import type { Draft } from '../../shared/incident/draft.ts';
import { documentTitles } from '../../shared/incident/drafts/index.ts';
import type { DocumentOptions, NightDocument } from '../../shared/model/document.ts';
import type { EventDraft } from '../../shared/model/event.ts';
import type { Plan } from '../../shared/model/plan.ts';
import { fail, ok } from '../../shared/result.ts';
import type { HistoryReader } from '../store/history.ts';
import type { Store } from '../store/store.ts';
import type { Clock } from './clock.ts';
import type { Incidents } from './incidents.ts';
import type { Decided } from './journal.ts';
import type { Planned } from './planned.ts';
import { redactAll, redactExport } from './redact.ts';

type Wanted =
  | 'openDocument'
  | 'document'
  | 'saveDocument'
  | 'documentNews'
  | 'redraft'
  | 'revisions'
  | 'revision'
  | 'restoreRevision'
  | 'exportDocument';

const gone: Reply<never> = fail({ code: 'no-such-document', text: 'There is no such document any more.' });

export function documentHandlers(options: {
  clock: Clock;
  newId: () => string;
  store: Pick<Store, 'paper' | 'papers' | 'revision' | 'keptStates' | 'revisions'>;
  history: Pick<HistoryReader, 'document' | 'exportDocument'>;
  incidents: Pick<Incidents, 'get'>;
  planned: Pick<Planned, 'windows'>;
  plan: () => Plan;
  /** Takes secrets out of what leaves the house: people paste them into documents. */
  redact: (text: string) => string;
  /** What leaves the house says that it tells of a drill. */
  isDrill: boolean;
  flush(): void;
  keepOnDisk(events: EventDraft[], decided?: Decided): Reply<null>;
}): Pick<Handlers<EngineContract>, Wanted> {
  const { clock, newId, store, history, incidents, planned, keepOnDisk } = options;

  /** Drafts what a document is about by what is known now. */
  const draft = (
    about: Pick<NightDocument, 'kind' | 'incident' | 'window'>,
    wanted: DocumentOptions,
  ): Promise<Reply<Draft>> | Reply<never> => {
    const incident = about.incident === null ? null : incidents.get(about.incident);
    const window = about.window === null ? null : (planned.windows.get(about.window) ?? null);
    if (!incident && !window) return fail({ code: 'nothing-chosen', text: 'What this document is about is not there any more.' });
    options.flush();
    return history.document(options.plan(), { kind: about.kind, options: wanted, incident, window }, clock.now());
  };
  /** Puts a new state on disk. @param drop older states that it takes the place of */
  const put = (paper: NightDocument, events: EventDraft[] = [], drop = toDrop(store.keptStates(paper.id), paper)): Reply<NightDocument> => {
    const kept = keepOnDisk(events, { papers: [{ paper, drop }] });
    return kept.ok ? ok(paper) : kept;
  };
  const told = (paper: NightDocument, by: string, what: string): EventDraft => ({
    kind: 'drafted',
    at: clock.now(),
    subject: null,
    actor: by,
    payload: { document: paper.id, incident: paper.incident, what, title: paper.title },
  });

  return {
    async openDocument({ kind, incident, window, options: wanted, by }) {
      const about = incident !== null ? { incident } : window !== null ? { window } : null;
      if (!about) return fail({ code: 'nothing-chosen', text: 'Choose an incident, or planned work.' });
      const there = store.papers(about).find((it) => isSame(it, kind, wanted));
      if (there) return ok(there);
      const made = await draft({ kind, incident, window }, wanted);
      if (!made.ok) return made;
      const again = store.papers(about).find((it) => isSame(it, kind, wanted));
      if (again) return ok(again);
      const paper = beginDocument(made.value, { id: newId(), kind, incident, window, options: wanted }, { by, now: clock.now() });
      return put(paper, [told(paper, by, documentTitles[kind])]);
    },
    document({ document }) {
      const paper = store.paper(document);
      return paper ? ok(paper) : gone;
    },
    saveDocument({ document, revision, by, title, sections }) {
      const paper = store.paper(document);
      if (!paper) return gone;
      const saved = saveDocument(paper, { title, sections }, revision, { by, now: clock.now() });
      if (!saved.ok) return saved;
      const kept = saved.value === paper ? ok(paper) : put(saved.value);
      return kept.ok ? ok({ revision: kept.value.revision, savedAt: kept.value.savedAt }) : kept;
    },
    async documentNews({ document }) {
      const paper = store.paper(document);
      if (!paper) return gone;
      const made = await draft(paper, paper.options);
      return made.ok ? ok({ sections: newsOf(paper, made.value), checkedAt: clock.now() }) : made;
    },
    async redraft({ document, revision, by, sections, options: wanted }) {
      const before = store.paper(document);
      if (!before) return gone;
      const made = await draft(before, wanted ?? before.options);
      if (!made.ok) return made;
      // Read again: somebody may have saved while it was drafted.
      const paper = store.paper(document);
      if (!paper) return gone;
      const redrafted = redraftDocument(paper, made.value, { keys: sections, options: wanted, from: revision }, { by, now: clock.now() });
      return redrafted.ok ? put(redrafted.value, [told(redrafted.value, by, `${documentTitles[paper.kind]}, drafted anew`)]) : redrafted;
    },
    revisions: ({ document }) => (store.paper(document) ? ok(revisionList(store.revisions(document))) : gone),
    revision({ document, revision }) {
      const paper = store.revision(document, revision);
      return paper ? ok(paper) : gone;
    },
    restoreRevision({ document, revision, by }) {
      const paper = store.paper(document);
      const old = store.revision(document, revision);
      // What stood before is no step of one sitting: it stays, so that this can be taken back.
      return paper && old ? put(restoreDocument(paper, old, { by, now: clock.now() }), [], []) : gone;
    },
    async exportDocument({ document, format }) {
      const paper = store.paper(document);
      if (!paper) return gone;
      const incident = paper.incident === null ? null : incidents.get(paper.incident);
      const window = paper.window === null ? null : (planned.windows.get(paper.window) ?? null);
      options.flush();
      const { redact, isDrill: drill } = options;
      // Before it is written, as every format has its own way to write a letter; and after, as facts and charts come from the store.
      const request = { document: redactAll(paper, redact), format, incident, window, drill };
      const made = await history.exportDocument(options.plan(), request, clock.now());
      if (!made.ok) return made;
      const { fileName, text } = made.value;
      return ok({ ...made.value, fileName: redact(fileName), text: text === null ? null : redactExport(text, format, redact) });
    },
  };
}

/** One document of a kind; of tickets and claims one per provider, of updates one per step. */
const isSame = (it: NightDocument, kind: NightDocument['kind'], wanted: DocumentOptions): boolean =>
  it.kind === kind && it.options.provider === wanted.provider && it.options.update === wanted.update && wanted.update !== 'next';

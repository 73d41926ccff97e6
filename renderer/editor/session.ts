/**
 * One document that is being edited, from the moment it is opened until the engine has every word of it. It lives beside the page: another
 * screen, a closed editor or a killed engine does not end it while something is unsaved.
 */
import { createStore, type StoreApi } from 'zustand';
import type { Reply } from '../../shared/bind.ts';
import type { DocumentOptions, DocumentSection, NightDocument } from '../../shared/model/document.ts';
import { fail, ok } from '../../shared/result.ts';
import { engine } from '../state/connect.ts';
import { useLive } from '../state/live.ts';
import { useSettings } from '../state/settings.ts';
import { say } from '../state/view.ts';
import { type Kept, keep, keptDocuments, readKept, type Written } from './kept.ts';
import { passKey } from './news.ts';
import { createSaver, type Saver, type SaveState } from './saver.ts';
import type { Caret } from './section-facts.ts';
import { type Step, takeStep } from './section-steps.ts';

export interface EditorState {
  /** As the engine had it last; its sections are in `sections`. */
  document: NightDocument;
  title: string;
  sections: DocumentSection[];
  /** Steps that take back what was done to whole sections, newest last. */
  back: Step[];
  save: SaveState;
  caret: Caret | null;
  /** New facts that a person has seen and does not want. */
  passed: ReadonlySet<string>;
}

export interface Session {
  id: string;
  store: StoreApi<EditorState>;
  saver: Saver;
  write(key: string, change: Partial<Pick<DocumentSection, 'title' | 'text'>>): void;
  retitle(title: string): void;
  step(step: Step): boolean;
  takeBack(): void;
  pass(passed: readonly { key: string; fresh: string | null }[]): void;
  /** Takes new drafts into some sections. Everything typed is saved first. */
  redraft(keys: string[], options: DocumentOptions | null): Promise<Reply<null>>;
  restore(revision: number): Promise<Reply<null>>;
  /** Saves chosen texts over what somebody else saved meanwhile. */
  settle(theirs: NightDocument, sections: DocumentSection[], title: string): Promise<boolean>;
}

/** Under whose name things are saved. Nothing waits for a name: the editor asks for it. */
export const author = (): string => useSettings.getState().author.trim() || 'somebody at this desk';

const mostBack = 100;
const sessions = new Map<string, Session>();

/** Opens a document, with what was typed and not saved before. */
export async function openSession(id: string): Promise<Reply<Session>> {
  const open = sessions.get(id);
  if (open && !open.saver.isClean()) return ok(open);
  const reply = await engine.document({ document: id });
  if (!reply.ok) return open ? ok(open) : reply;
  // Opened twice at once, or typed into while it was asked for.
  const meanwhile = sessions.get(id);
  if (meanwhile && (meanwhile !== open || !meanwhile.saver.isClean())) return ok(meanwhile);
  open?.store.setState(shownOf(reply.value));
  open?.saver.adopt(reply.value.revision, reply.value.savedAt);
  const session = open ?? createSession(reply.value);
  sessions.set(id, session);
  const kept = readKept(id);
  if (kept) bringBack(session, reply.value, kept);
  return ok(session);
}

const shownOf = (document: NightDocument): Pick<EditorState, 'document' | 'title' | 'sections'> => ({
  document,
  title: document.title,
  sections: document.sections,
});

/** Whether the engine has these very words. */
const isThere = (it: NightDocument, written: Written): boolean =>
  it.title === written.title.trim() &&
  it.sections.length === written.sections.length &&
  it.sections.every((section, index) => {
    const other = written.sections[index];
    return section.key === other?.key && section.title === other.title.trim() && section.text === other.text;
  });

/** Puts the kept sections in the place of those that are there; what was drafted for them stays known. */
const merged = (document: NightDocument, written: Written): DocumentSection[] =>
  written.sections.map((it) => ({ drafted: document.sections.find((section) => section.key === it.key)?.drafted ?? '', ...it }));

function bringBack(session: Session, document: NightDocument, kept: Kept): void {
  if (isThere(document, kept.written)) {
    keep(session.id, null);
    return;
  }
  session.store.setState({ title: kept.written.title, sections: merged(document, kept.written) });
  // First: what counts as saved is kept in this window no longer.
  session.saver.touch();
  // Saved from an old revision, the engine refuses it, and the person is shown both.
  if (kept.revision !== document.revision) session.saver.adopt(kept.revision, document.savedAt);
  void session.saver.flush();
}

function createSession(document: NightDocument): Session {
  const { id } = document;
  const store = createStore<EditorState>(() => ({
    ...shownOf(document),
    back: [],
    save: { kind: 'saved', at: document.savedAt },
    caret: null,
    passed: new Set(),
  }));
  const { getState, setState } = store;
  const saver = createSaver<Written>(
    {
      read: () => {
        const { title, sections } = getState();
        return { title, sections: sections.map(({ key, title: of, text }) => ({ key, title: of, text })) };
      },
      save: (written, revision) =>
        // A document without a title cannot be filed; until one is typed it keeps the one it had.
        engine.saveDocument({ document: id, revision, by: author(), ...written, title: written.title.trim() || getState().document.title }),
      keep: (kept) => keep(id, kept && { ...kept, at: Date.now() }),
      show: (save) => setState({ save }),
      now: () => Date.now(),
      later: (work, ms) => {
        const timer = setTimeout(work, ms);
        return () => clearTimeout(timer);
      },
    },
    document,
  );
  /** Shows what the engine made of it. What was typed meanwhile stays, but in the sections that were to be made anew. */
  const adopt = (next: NightDocument, anew: ReadonlySet<string> | null): void => {
    const before = getState();
    if (saver.isClean()) setState(shownOf(next));
    else {
      const mine = new Map(before.sections.map((it) => [it.key, it]));
      const sections = next.sections.map((it) => {
        const own = mine.get(it.key);
        return own && anew && !anew.has(it.key) ? { ...it, title: own.title, text: own.text } : it;
      });
      setState({ document: next, title: before.title, sections });
    }
    saver.adopt(next.revision, next.savedAt);
  };
  const unsaved = (): Reply<never> => {
    const { save } = getState();
    const why = save.kind === 'failed' || save.kind === 'conflict' ? save.text : 'Your text is not saved yet. Try again in a moment.';
    return fail({ code: 'not-saved', text: why });
  };
  const session: Session = {
    id,
    store,
    saver,
    write(key, change) {
      setState(({ sections }) => ({ sections: sections.map((it) => (it.key === key ? { ...it, ...change } : it)) }));
      saver.touch();
    },
    retitle(title) {
      setState({ title });
      saver.touch();
    },
    step(step) {
      const { sections, back } = getState();
      const taken = takeStep(sections, step);
      if (!taken) return false;
      setState({ sections: taken.sections, back: [...back, taken.back].slice(-mostBack) });
      if (taken.back.kind === 'insert') session.pass([{ key: taken.back.section.key, fresh: taken.back.section.drafted }]);
      saver.touch();
      return true;
    },
    takeBack() {
      const { sections, back } = getState();
      const step = back[back.length - 1];
      if (!step) return;
      const taken = takeStep(sections, step);
      setState({ sections: taken?.sections ?? sections, back: back.slice(0, -1) });
      if (taken) saver.touch();
    },
    pass: (passed) =>
      setState((state) => ({ passed: new Set([...state.passed, ...passed.map((it) => passKey(it.key, it.fresh))].slice(-500)) })),
    async redraft(keys, options) {
      if (!(await saver.flush())) return unsaved();
      const reply = await engine.redraft({ document: id, revision: saver.revision(), by: author(), sections: keys, options });
      if (!reply.ok) return reply;
      adopt(reply.value, new Set(keys));
      return ok(null);
    },
    async restore(revision) {
      if (!(await saver.flush())) return unsaved();
      const reply = await engine.restoreRevision({ document: id, revision, by: author() });
      if (!reply.ok) return reply;
      adopt(reply.value, null);
      setState({ back: [] });
      return ok(null);
    },
    async settle(theirs, sections, title) {
      setState({ document: theirs, sections, title });
      return saver.continueFrom(theirs.revision);
    },
  };
  return session;
}

/** Saves what the last run left unsaved, as soon as there is an engine; where somebody saved meanwhile, the person is told. */
async function saveLeftovers(): Promise<void> {
  for (const id of keptDocuments()) {
    if (sessions.has(id)) continue;
    const reply = await openSession(id);
    // It stays kept, and is tried again the next time.
    if (!reply.ok) continue;
    const { store, saver } = reply.value;
    if (await saver.flush()) continue;
    const { save, title } = store.getState();
    if (save.kind === 'conflict')
      say(`What you wrote in “${title}” was not saved, and somebody else saved it since. Open it to choose what stays.`, 'bad');
  }
}

/** Once at the start of the desk: text is saved when the window goes, and again when the engine is back. */
export function startSaving(): void {
  const all = () => [...sessions.values()];
  // Before it is taken down: what is said in `pagehide` alone may not get out any more on a busy computer.
  for (const going of ['beforeunload', 'pagehide'])
    window.addEventListener(going, () => {
      for (const it of all()) it.saver.leave();
    });
  const soon = () => {
    for (const it of all()) void it.saver.flush();
  };
  window.addEventListener('blur', soon);
  document.addEventListener('visibilitychange', () => document.hidden && soon());
  let alive = false;
  useLive.subscribe(({ connection }) => {
    if ((connection === 'live') === alive) return;
    alive = connection === 'live';
    if (!alive) return;
    soon();
    void saveLeftovers();
  });
}

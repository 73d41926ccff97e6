/**
 * What this window shows: the screen, what is selected, which dialog is open, what it last said. Nothing here comes from the engine.
 * Components read with `useView(select)`; the functions below change it.
 */
import { create } from 'zustand';
import type { DocumentKind } from '../../shared/model/document.ts';
import type { EventKind } from '../../shared/model/event.ts';
import type { IncidentStatus } from '../../shared/model/incident.ts';
import type { Group, SubjectRef } from '../../shared/model/words.ts';

/** `settings` belongs to the desk, `debrief` to the window of a drill. */
export type Screen = 'desk' | 'timeline' | 'incidents' | 'maintenance' | 'uptime' | 'sites' | 'settings' | 'debrief';

/** What the detail panel shows: a subject, and one of its checks (null: its worst or first). */
export interface Selection {
  subject: string;
  check: string | null;
}

/** What the screen "Sites" shows: a site (null = what stands at none), a link, a host, a mail entry, or all of DNS. */
export type Place = { kind: 'site'; id: string | null } | { kind: 'link' | 'host' | 'mail'; id: string } | { kind: 'dns' };

/** What the screen "Incidents" shows: the list, one of them, or the quick report of alerts or a stretch of time. */
export type IncidentPage = { kind: 'list' } | { kind: 'incident'; id: string } | { kind: 'report' };

/** Dialogs about an incident, each named after what is done. */
export type IncidentDialog =
  /** From these alerts; none = by hand, or from a stretch of time. */
  | { what: 'open'; alerts: string[] }
  | { what: 'edit'; incident: string; field: 'title' | 'severity' | 'lead' | 'times' | 'about' }
  | { what: 'status'; incident: string; to: IncidentStatus }
  | { what: 'merge'; incident: string }
  | { what: 'join'; incident: string }
  | { what: 'leave'; incident: string; alert: string }
  | { what: 'received'; incident: string; owed: string }
  | { what: 'document'; incident: string; document: DocumentKind };

/** Ways out of a drill: on to its end, the same again, or away with it. */
export type LeaveDrill = 'finish' | 'again' | 'close';

export type OpenDialog =
  | { kind: 'acknowledge'; alerts: string[] }
  | { kind: 'release'; alerts: string[] }
  /** Subject ids. */
  | { kind: 'silence'; subjects: string[] }
  | { kind: 'end-silence'; silence: string }
  /** A change that we made; to what. */
  | { kind: 'change'; subject: string | null }
  /** Planned work: a window of the desk's own that is changed, or a new one that affects these. */
  | { kind: 'plan'; window: string | null; affects: string[] }
  | { kind: 'note'; subject: SubjectRef | null }
  | { kind: 'add'; group: Group }
  | { kind: 'incident'; of: IncidentDialog }
  /** The drills that can be played. */
  | { kind: 'drills' }
  /** Asks once more: what is written in a drill goes with it. */
  | { kind: 'leave-drill'; what: LeaveDrill }
  | { kind: 'find' }
  | { kind: 'help' };

export interface TimelineFilter {
  kinds: EventKind[] | null;
  subjects: string[] | null;
  text: string;
}

export interface Said {
  id: number;
  tone: 'good' | 'bad';
  text: string;
}

export interface View {
  screen: Screen;
  selection: Selection | null;
  /** Null = the first site. */
  place: Place | null;
  /** Where j and k stand in the alert list: an alert id. */
  cursor: string | null;
  /** Alerts chosen for a draft, or to be acknowledged or silenced at once. */
  chosen: string[];
  /** The one that was chosen last: Shift+click chooses from there. */
  anchor: string | null;
  dialog: OpenDialog | null;
  incidents: IncidentPage;
  /** Where j and k stand in the list of incidents. */
  incidentCursor: string | null;
  /** The document in the editor, by its id; null = none is open. */
  editing: string | null;
  timeline: TimelineFilter;
  said: Said | null;
}

export const useView = create<View>(() => ({
  screen: 'desk',
  selection: null,
  place: null,
  cursor: null,
  chosen: [],
  anchor: null,
  dialog: null,
  incidents: { kind: 'list' },
  incidentCursor: null,
  editing: null,
  timeline: { kinds: null, subjects: null, text: '' },
  said: null,
}));

const set = useView.setState;

export const showScreen = (screen: Screen): void => set({ screen });
/** Opens the detail panel of a subject; on the desk, because that is where it is. */
export const select = (subject: string, check: string | null = null): void => set({ selection: { subject, check }, screen: 'desk' });
export const openPlace = (place: Place): void => set({ place, screen: 'sites' });
export const deselect = (): void => set({ selection: null });
/** Opens a page of the screen "Incidents". */
export const openIncidents = (incidents: IncidentPage): void => set({ incidents, editing: null, screen: 'incidents' });
export const openIncident = (id: string): void => openIncidents({ kind: 'incident', id });
/** Opens a document in the editor, which belongs to the screen of incidents. */
export const openEditor = (document: string): void => set({ editing: document, screen: 'incidents' });
export const closeEditor = (): void => set({ editing: null });
export const openDialog = (dialog: OpenDialog): void => set({ dialog });
export const openIncidentDialog = (of: IncidentDialog): void => openDialog({ kind: 'incident', of });
export const closeDialog = (): void => set({ dialog: null });
export const setCursor = (cursor: string | null): void => set({ cursor });
export const toggleChosen = (alert: string): void =>
  set(({ chosen }) => ({ chosen: chosen.includes(alert) ? chosen.filter((id) => id !== alert) : [...chosen, alert], anchor: alert }));
/** Chooses these besides what is chosen already. */
export const chooseAlso = (alerts: readonly string[]): void => set(({ chosen }) => ({ chosen: [...new Set([...chosen, ...alerts])] }));
export const clearChosen = (): void => set({ chosen: [], anchor: null });
export const filterTimeline = (change: Partial<TimelineFilter>): void => set(({ timeline }) => ({ timeline: { ...timeline, ...change } }));

let count = 0;
/** Says what happened after an action, at the bottom of the page and to a screen reader; goes away by itself when it is good news. */
export const say = (text: string, tone: Said['tone'] = 'good'): void => {
  count += 1;
  set({ said: { id: count, tone, text } });
};
export const hush = (): void => set({ said: null });

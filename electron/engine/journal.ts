/**
 * What has to reach the disk. The engine's own observations are gathered and written once a second; what people write is
 * committed before anybody is told that it is. A disk that takes nothing does not stop the watching: events and states are kept
 * (bounded) until it does again, and somebody is told.
 */
import type { CheckState } from '../../shared/health/step.ts';
import type { Alert } from '../../shared/model/alert.ts';
import type { EventDraft, NightEvent } from '../../shared/model/event.ts';
import type { MaintenanceWindow, Silence } from '../../shared/model/maintenance.ts';
import { ok, type Result } from '../../shared/result.ts';
import type { KeptIncident } from '../store/incidents.ts';
import type { Batch, Sample, WriteFailure } from '../store/store.ts';

/** What people decide beside the events that tell it. */
export interface Decided {
  alerts?: readonly Alert[];
  windows?: readonly MaintenanceWindow[];
  silences?: readonly Silence[];
  incidents?: readonly KeptIncident[];
  papers?: Batch['papers'];
}

export interface Journal {
  /** Gives an event its id and keeps it for the next write. */
  event(draft: EventDraft): NightEvent;
  sample(sample: Sample): void;
  state(check: string, state: CheckState): void;
  alert(alert: Alert): void;
  spell(spell: Batch['spells'][number]): void;
  window(window: MaintenanceWindow): void;
  silence(silence: Silence): void;
  incident(incident: KeptIncident): void;
  /** A small text kept by key, such as the last facts of a check; null = it is kept no longer. */
  document(key: string, text: string | null): void;
  /** Writes all that has gathered. On failure it stays and goes with the next write. */
  flush(): Result<null, WriteFailure>;
  /** Writes these, and all that has gathered, at once. On failure these are withdrawn, as nobody was told of them. */
  writeNow(events: EventDraft[], decided?: Decided): Result<NightEvent[], WriteFailure>;
  /** How many samples were given up since this was last asked. */
  takeLostSamples(): number;
}

/** More than a night of events, or a few minutes of samples of a large desk, are not kept in memory while the disk refuses. */
const mostKept = 20_000;
/** A lost one would make uptime wrong for good; they come only when something changes. */
const mostSpellsKept = 200_000;

export function createJournal(store: { commit(batch: Batch): Result<null, WriteFailure> }, newId: () => string): Journal {
  let samples: Sample[] = [];
  let events: NightEvent[] = [];
  let spells: Batch['spells'][number][] = [];
  const states = new Map<string, CheckState>();
  const alerts = new Map<string, Alert>();
  const windows = new Map<string, MaintenanceWindow>();
  const silences = new Map<string, Silence>();
  const incidents = new Map<string, KeptIncident>();
  const documents = new Map<string, string | null>();
  let lostSamples = 0;

  const withId = (draft: EventDraft): NightEvent => ({ ...draft, id: newId() }) as NightEvent;
  const commit = (moreEvents: NightEvent[], decided: Decided): Result<null, WriteFailure> => {
    const batch: Batch = {
      samples,
      events: [...events, ...moreEvents],
      states: [...states],
      // What was decided just now comes last: it is the newest.
      alerts: [...alerts.values(), ...(decided.alerts ?? [])],
      documents: [...documents],
      spells,
      windows: [...windows.values(), ...(decided.windows ?? [])],
      silences: [...silences.values(), ...(decided.silences ?? [])],
      incidents: [...incidents.values(), ...(decided.incidents ?? [])],
      papers: decided.papers ?? [],
    };
    if (Object.values(batch).every((list) => list.length === 0)) return ok(null);
    const written = store.commit(batch);
    if (!written.ok) {
      if (samples.length > mostKept) lostSamples += samples.splice(0, samples.length - mostKept).length;
      if (events.length > mostKept) events.splice(0, events.length - mostKept);
      if (spells.length > mostSpellsKept) spells.splice(0, spells.length - mostSpellsKept);
      return written;
    }
    samples = [];
    events = [];
    spells = [];
    states.clear();
    alerts.clear();
    windows.clear();
    silences.clear();
    incidents.clear();
    documents.clear();
    return written;
  };

  return {
    event(draft) {
      const event = withId(draft);
      events.push(event);
      return event;
    },
    sample: (sample) => void samples.push(sample),
    state: (check, state) => void states.set(check, state),
    alert: (alert) => void alerts.set(alert.id, alert),
    spell: (spell) => void spells.push(spell),
    window: (window) => void windows.set(window.id, window),
    silence: (silence) => void silences.set(silence.id, silence),
    incident: (kept) => void incidents.set(kept.incident.id, kept),
    document: (key, text) => void documents.set(key, text),
    flush: () => commit([], {}),
    writeNow(drafts, decided = {}) {
      const made = drafts.map(withId);
      const written = commit(made, decided);
      return written.ok ? ok(made) : written;
    },
    takeLostSamples() {
      const lost = lostSamples;
      lostSamples = 0;
      return lost;
    },
  };
}

/**
 * What has to reach the disk. The engine's own observations are gathered and written once a second; what people write is
 * committed before anybody is told that it is. A disk that takes nothing does not stop the watching: events and states are kept
 * (bounded) until it does again, and somebody is told.
 */
import type { CheckState } from '../../shared/health/step.ts';
import type { Alert } from '../../shared/model/alert.ts';
import type { EventDraft, NightEvent } from '../../shared/model/event.ts';
import { ok, type Result } from '../../shared/result.ts';
import type { Sample, Store, WriteFailure } from '../store/store.ts';

export interface Journal {
  /** Gives an event its id and keeps it for the next write. */
  event(draft: EventDraft): NightEvent;
  sample(sample: Sample): void;
  state(check: string, state: CheckState): void;
  alert(alert: Alert): void;
  /** A small text kept by key, such as the last facts of a check. */
  document(key: string, text: string): void;
  /** Writes all that has gathered. On failure it stays and goes with the next write. */
  flush(): Result<null, WriteFailure>;
  /** Writes these, and all that has gathered, at once. On failure these are withdrawn, as nobody was told of them. */
  writeNow(events: EventDraft[], alerts: Alert[]): Result<NightEvent[], WriteFailure>;
  /** How many samples were given up since this was last asked. */
  takeLostSamples(): number;
}

/** More than a night of events, or a few minutes of samples of a large desk, are not kept in memory while the disk refuses. */
const mostKept = 20_000;

export function createJournal(store: Pick<Store, 'commit'>, newId: () => string): Journal {
  let samples: Sample[] = [];
  let events: NightEvent[] = [];
  const states = new Map<string, CheckState>();
  const alerts = new Map<string, Alert>();
  const documents = new Map<string, string>();
  let lostSamples = 0;

  const withId = (draft: EventDraft): NightEvent => ({ ...draft, id: newId() }) as NightEvent;
  const commit = (moreEvents: NightEvent[], moreAlerts: Alert[]): Result<null, WriteFailure> => {
    if (samples.length + events.length + moreEvents.length + states.size + alerts.size + moreAlerts.length + documents.size === 0)
      return ok(null);
    const written = store.commit({
      samples,
      events: [...events, ...moreEvents],
      states: [...states],
      alerts: [...alerts.values(), ...moreAlerts],
      documents: [...documents],
    });
    if (!written.ok) {
      if (samples.length > mostKept) lostSamples += samples.splice(0, samples.length - mostKept).length;
      if (events.length > mostKept) events.splice(0, events.length - mostKept);
      return written;
    }
    samples = [];
    events = [];
    states.clear();
    alerts.clear();
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
    document: (key, text) => void documents.set(key, text),
    flush: () => commit([], []),
    writeNow(drafts, changed) {
      const made = drafts.map(withId);
      const written = commit(made, changed);
      return written.ok ? ok(made) : written;
    },
    takeLostSamples() {
      const lost = lostSamples;
      lostSamples = 0;
      return lost;
    },
  };
}

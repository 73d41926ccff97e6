/** What a line of the log changes of its incident: what is owed, whom we wait for, how many customers called, how far a restore is. */
import type { RequestFailure } from '../bind.ts';
import type { EventDraft } from '../model/event.ts';
import type { Incident, LogEntry, LogType } from '../model/incident.ts';
import { fail, ok, type Result } from '../result.ts';
import { clean } from '../text.ts';
import { MINUTE } from '../time.ts';

type Entry<T extends LogType> = Extract<LogEntry, { type: T }>;
interface Line {
  /** Id of the line, for what it opens. */
  id: string;
  /** When it happened, epoch ms. */
  at: number;
}
type Effect<T extends LogType> = (incident: Incident, entry: Entry<T>, line: Line) => Incident;

const mostOpen = 100;
const same = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase();
const isBefore = (line: Line, at: number): boolean => line.at < at;

/** Only lines that change something are here. A line that is dated back never undoes what came after it. */
const effects: { [T in LogType]?: Effect<T> } = {
  contact: (it, entry, { id, at }) => {
    // Their answer, or our next call, ends the wait; whoever calls and has to wait again says so.
    const waiting = it.waiting.map((wait) =>
      same(wait.with, entry.with) && wait.endedAt === null && wait.since <= at ? { ...wait, endedAt: at } : wait,
    );
    const next = entry.waiting ? [...waiting, { id, with: entry.with, text: clean(entry.text, 300), since: at, endedAt: null }] : waiting;
    return { ...it, waiting: next.slice(-mostOpen) };
  },
  'customer-report': (it, entry) => ({ ...it, customers: Math.min(it.customers + entry.count, 1_000_000_000) }),
  progress: (it, { done, total, what }, line) =>
    it.progress && isBefore(line, it.progress.at)
      ? it
      : { ...it, progress: { done: Math.min(done, total), total, what: clean(what, 200), at: line.at } },
  owed: (it, entry, { id, at }) => ({
    ...it,
    owed: [...it.owed, { id, with: entry.with, what: clean(entry.what, 200), since: at, dueAt: entry.dueAt, receivedAt: null }].slice(
      -mostOpen,
    ),
  }),
  'owed-received': (it, entry, { at }) => ({
    ...it,
    owed: it.owed.map((one) => (one.id === entry.owed ? { ...one, receivedAt: at } : one)),
  }),
  'root-cause': (it, _, { at }) => ({ ...it, identifiedAt: it.identifiedAt === null ? at : Math.min(it.identifiedAt, at) }),
};

/** A clock that runs a little ahead is no date in the future. */
const slackMs = MINUTE;

/**
 * Adds a line to the log.
 * @param incident null = a line on the night
 * @param said `at` null = now; earlier = dated back, and marked so
 * @returns the changed incident (null where nothing of it changed) and the event; or `in-future`, `no-such-debt`, `merged`
 */
export function addLog(
  incident: Incident | null,
  entry: LogEntry,
  said: { by: string; at: number | null },
  { now, id }: { now: number; id: string },
): Result<{ incident: Incident | null; events: EventDraft[] }, RequestFailure> {
  const at = Math.min(said.at ?? now, now);
  if (said.at !== null && said.at > now + slackMs)
    return fail({ code: 'in-future', text: 'That is in the future. Nothing was written; write it down when it has happened.' });
  if (incident?.mergedInto)
    return fail({ code: 'merged', text: 'This incident goes on as part of another one. Nothing was written; write it there.' });
  if (entry.type === 'owed-received' && !incident?.owed.some((it) => it.id === entry.owed && it.receivedAt === null))
    return fail({ code: 'no-such-debt', text: 'Nothing of that kind is owed any more. Nothing was changed.' });
  const effect = effects[entry.type] as Effect<LogType> | undefined;
  const next = incident && effect ? effect(incident, entry, { id, at }) : null;
  const enteredAt = said.at !== null && now - at > slackMs ? now : null;
  const draft: EventDraft = {
    kind: 'logged',
    at,
    subject: null,
    actor: said.by,
    payload: { incident: incident?.id ?? null, entry, enteredAt },
  };
  return ok({ incident: next, events: [draft] });
}

/** What is owed and not in yet, oldest first. */
export const openDebts = (incidents: readonly Incident[]): { incident: Incident; owed: Incident['owed'][number] }[] =>
  incidents
    .flatMap((incident) =>
      incident.mergedInto === null ? incident.owed.filter((it) => it.receivedAt === null).map((owed) => ({ incident, owed })) : [],
    )
    .sort((a, b) => a.owed.since - b.owed.since);

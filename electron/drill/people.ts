/** What people do in a drill: each deed goes through the engine's own requests, as if typed at the desk. */
import { answer, type Reply } from '../../shared/bind.ts';
import { type EngineContract, engineContract } from '../../shared/contract.ts';
import type { Alert } from '../../shared/model/alert.ts';
import type { IncidentChange, LogEntry } from '../../shared/model/incident.ts';
import type { MaintenanceWindow } from '../../shared/model/maintenance.ts';
import { momentOf } from '../../shared/scenario/moments.ts';
import type { Deed, DeedKind } from '../../shared/scenario/scenario.ts';
import type { Engine } from '../engine/engine.ts';
import type { CallDeed } from './script.ts';

/** A deed that the engine did not take. */
export interface Refused {
  at: number;
  kind: DeedKind;
  text: string;
}

export interface People {
  /** Does it now. Null = done; else why not. */
  act(deed: Deed): Promise<string | null>;
  /** Whoever leads the incident takes on alerts that came since. */
  joinNew(): Promise<void>;
  /** Takes all alerts on as one incident where nobody has, so that there is something to write about. */
  openForDrafts(): Promise<void>;
}

/** Who is said to have done what the drill does not say who did. */
const somebody = 'on-call';
type Wanted<K extends DeedKind> = Extract<Deed, { kind: K }>;

/** What is written in the log when somebody calls. */
export function lineOf(deed: CallDeed): LogEntry {
  if (deed.kind === 'customerReport') return { type: 'customer-report', count: deed.count, text: deed.text };
  const { with: whom, tier = null, person = null, direction, text, channel = 'phone', ticket = null, waiting = false } = deed;
  return { type: 'contact', with: whom, person, tier, channel, direction, ticket, text, waiting };
}

export function peopleOf(options: { engine: Engine; now: () => number; start: number; zone: string }): People {
  const { engine, now, start, zone } = options;
  const { tables } = engine.publisher;
  /** The incident that is worked on, and who does. */
  let current: { id: string; by: string } | null = null;

  const ask = async <T>(name: keyof EngineContract['requests'], input: unknown): Promise<Reply<T>> =>
    (await answer(engineContract, engine.handlers, name, input, (error) => {
      throw error;
    })) as Reply<T>;
  const tell = async (name: keyof EngineContract['requests'], input: unknown): Promise<string | null> => {
    const reply = await ask(name, input);
    return reply.ok ? null : reply.failure.text;
  };
  const log = (by: string | undefined, entry: LogEntry): Promise<string | null> =>
    tell('log', { incident: current?.id ?? null, by: by ?? somebody, at: null, entry });
  const change = (by: string, to: IncidentChange, reason = ''): Promise<string | null> =>
    tell('changeIncident', { incident: current?.id ?? '', by, reason, change: to });
  const moment = (text: string): number => momentOf(text, { start, after: now(), zone }) ?? now();
  const momentOrNull = (text: string | undefined): number | null => (text === undefined ? null : moment(text));
  const alerts = (): Alert[] => Object.values(tables.alerts).sort((a, b) => a.firstAt - b.firstAt || (a.id < b.id ? -1 : 1));
  const open = (): Alert[] => alerts().filter((it) => it.endedAt === null);
  const free = (): Alert[] => {
    const taken = new Set(Object.values(tables.incidents).flatMap((it) => it.alerts));
    return alerts().filter((it) => !taken.has(it.id));
  };
  const isAbout = (alert: Alert, subject: string): boolean =>
    alert.subject.id === subject || alert.checks.some((check) => tables.plans[check]?.subject.id === subject);
  const window = (name: string): MaintenanceWindow | undefined =>
    Object.values(tables.windows).findLast((it) => it.name === name || it.id === name);
  const noWindow = (name: string): string => `There is no planned work called “${name}”.`;

  const deeds: { [K in DeedKind]: (deed: Wanted<K>) => Promise<string | null> } = {
    async acknowledge({ subject, by, comment, expires }) {
      const all = open().filter((it) => subject === undefined || isAbout(it, subject));
      const wanted = all.some((it) => it.acknowledgement === null) ? all.filter((it) => it.acknowledgement === null) : all;
      if (wanted.length === 0) return 'No alert is open that could be taken on.';
      const until = expires === undefined ? null : now() + expires;
      return tell('acknowledge', { alerts: wanted.map((it) => it.id), by, comment, until, takeOver: true });
    },
    note({ by, text, subject }) {
      if (subject === undefined && current) return log(by, { type: 'note', text });
      const known = subject === undefined ? undefined : tables.subjects[subject];
      return tell('note', { subject: known ? { kind: known.kind, id: known.id } : null, by, text });
    },
    contact: (deed) => log(deed.by, lineOf(deed)),
    customerReport: (deed) => log(deed.by, lineOf(deed)),
    statusUpdate: ({ by, audience, text, next }) => log(by, { type: 'status-update', audience, text, nextAt: momentOrNull(next) }),
    change: ({ by, what, subject = null, at }) =>
      tell('addChanges', { changes: [{ at: momentOrNull(at) ?? now(), subject, text: what, by }], by }),
    maintenance({ name, from, to, affects, spares = [], by = somebody, reason = '' }) {
      const plan = { name, kind: 'fixed', from: moment(from), to: moment(to), durationMs: null, schedule: null, affects, spares, reason };
      return tell('planMaintenance', { id: null, plan, by });
    },
    async postpone({ maintenance, by = somebody, from, to, reason = '' }) {
      const it = window(maintenance);
      if (!it) return noWindow(maintenance);
      if (from !== undefined) {
        const moved = { kind: 'postpone', from: moment(from), to: momentOrNull(to) };
        return tell('changeMaintenance', { window: it.id, by, reason, change: moved });
      }
      if (to !== undefined) return tell('changeMaintenance', { window: it.id, by, reason, change: { kind: 'extend', to: moment(to) } });
      // To a day that is not fixed yet.
      const { name, kind, schedule, affects, spares } = it;
      const durationMs = it.durationMs ?? (it.from !== null && it.to !== null ? it.to - it.from : null);
      const plan = { name, kind, from: null, to: null, durationMs, schedule, affects, spares, reason: reason || it.reason };
      return tell('planMaintenance', { id: it.id, plan, by });
    },
    async cancel({ maintenance, by = somebody, reason = '' }) {
      const it = window(maintenance);
      return it ? tell('changeMaintenance', { window: it.id, by, reason, change: { kind: 'cancel', at: null } }) : noWindow(maintenance);
    },
    async finish({ maintenance, by = somebody, reason = '' }) {
      const it = window(maintenance);
      return it ? tell('changeMaintenance', { window: it.id, by, reason, change: { kind: 'finish' } }) : noWindow(maintenance);
    },
    async incident({ by, title = null, severity = 'major' }) {
      const ongoing = free().filter((it) => it.endedAt === null);
      const chosen = (ongoing.length > 0 ? ongoing : free()).map((it) => it.id);
      const input = { title, severity, lead: by, alerts: chosen, subjects: [], from: null, to: null, by };
      const reply = await ask<{ id: string }>('openIncident', input);
      if (!reply.ok) return reply.failure.text;
      current = { id: reply.value.id, by };
      return null;
    },
    status: ({ by, status, reason = '' }) => change(by, { kind: 'status', status }, reason),
    progress: ({ by, done, total, what, text = '' }) => log(by, { type: 'progress', done, total, what, text }),
    decision: ({ by, text }) => log(by, { type: 'decision', text }),
    trigger: ({ by, text }) => log(by, { type: 'trigger', text }),
    contributing: ({ by, text }) => log(by, { type: 'contributing', text }),
    rootCause: ({ by, text }) => log(by, { type: 'root-cause', text }),
    resolution: ({ by, text }) => log(by, { type: 'resolution', text }),
    action: ({ by, text, owner = null, due }) => log(by, { type: 'follow-up', text, owner, dueAt: momentOrNull(due) }),
    did: ({ by, text }) => log(by, { type: 'action', text }),
    owed: ({ by, with: whom, what, due }) => log(by, { type: 'owed', with: whom, what, dueAt: momentOrNull(due) }),
  };

  return {
    act: (deed) => (deeds[deed.kind] as (deed: Deed) => Promise<string | null>)(deed),
    async joinNew() {
      const it = current && tables.incidents[current.id];
      if (!current || !it || it.status === 'resolved' || it.status === 'reported') return;
      const since = free().filter((alert) => alert.raisedAt >= it.openedAt);
      if (since.length > 0) await change(current.by, { kind: 'join', alerts: since.map((alert) => alert.id) });
    },
    async openForDrafts() {
      if (Object.keys(tables.incidents).length > 0 || alerts().length === 0) return;
      await deeds.incident({ kind: 'incident', by: somebody });
    },
  };
}

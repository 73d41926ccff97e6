/** What people do at the desk: take alerts, silence, plan work, note changes. On disk first, then in every window, then answered. */
import { acknowledge, release } from '../../shared/alerting/acknowledge.ts';
import { addSilence, endSilence } from '../../shared/alerting/silence.ts';
import type { Handlers, Reply } from '../../shared/bind.ts';
import type { EngineContract } from '../../shared/contract.ts';
import { latestAt, occurrencesOf } from '../../shared/maintenance/calendar.ts';
import { changeWindow, describeWindow, planWindow } from '../../shared/maintenance/plan.ts';
import { routineRuns } from '../../shared/maintenance/routines.ts';
import type { Alert } from '../../shared/model/alert.ts';
import type { EventDraft } from '../../shared/model/event.ts';
import type { MaintenanceWindow, Routine } from '../../shared/model/maintenance.ts';
import { fail, ok } from '../../shared/result.ts';
import type { Store } from '../store/store.ts';
import type { Clock } from './clock.ts';
import type { Decided } from './journal.ts';
import type { Planned } from './planned.ts';
import type { Publisher } from './publisher.ts';

type Wanted =
  | 'acknowledge'
  | 'release'
  | 'note'
  | 'exported'
  | 'silence'
  | 'endSilence'
  | 'planMaintenance'
  | 'changeMaintenance'
  | 'maintenance'
  | 'addChanges'
  | 'changes';

export function peopleHandlers(options: {
  clock: Clock;
  newId: () => string;
  store: Pick<Store, 'changes'>;
  publisher: Publisher;
  planned: Planned;
  routines: () => readonly Routine[];
  zone: () => string;
  /** Brings what has gathered to the disk, so that the store can be asked. */
  flush(): void;
  /** Puts on disk and shows; a failure says that nothing was changed. */
  keep(events: EventDraft[], decided?: Decided): Reply<null>;
}): Pick<Handlers<EngineContract>, Wanted> {
  const { clock, newId, publisher, planned, keep } = options;
  const known = (id: string): boolean => publisher.get('subjects', id) !== undefined;
  const kindOf = (id: string) => publisher.get('subjects', id)?.kind;
  const chosen = (ids: readonly string[]): Record<string, Alert> =>
    Object.fromEntries(ids.flatMap((id) => publisher.get('alerts', id) ?? []).map((alert) => [alert.id, alert]));
  const touching = ({ from, to }: { from: number; to: number }) => {
    const windows = [...planned.windows.values()];
    const occurrences = windows.flatMap((window) => occurrencesOf(window, from, to));
    const inRange = new Set(occurrences.map((it) => it.window));
    return {
      windows: windows.filter((it) => inRange.has(it.id) || isWaiting(it, from, to)),
      occurrences,
      routines: options
        .routines()
        .flatMap((routine) =>
          routineRuns(routine, from, to).map((run) => ({ routine: routine.id, name: routine.name, ...run, restarts: routine.restarts })),
        ),
    };
  };

  return {
    acknowledge({ alerts, ...said }) {
      const decided = acknowledge(chosen(alerts), alerts, said, clock.now());
      return decided.ok ? keep(decided.value.events, { alerts: decided.value.alerts }) : decided;
    },
    release({ alerts, ...said }) {
      const decided = release(chosen(alerts), alerts, said, clock.now());
      return decided.ok ? keep(decided.value.events, { alerts: decided.value.alerts }) : decided;
    },
    note: ({ subject, by, text }) => keep([{ kind: 'note', at: clock.now(), subject, actor: by, payload: { text } }]),
    exported: ({ title, format, by }) =>
      keep([{ kind: 'exported', at: clock.now(), subject: null, actor: by, payload: { title, format } }]),
    silence(input) {
      const made = addSilence(input, { now: clock.now(), newId, known });
      return made.ok ? keep(made.value.events, { silences: [made.value.silence] }) : made;
    },
    endSilence({ silence, by }) {
      const ended = endSilence(planned.silences.get(silence), { by, now: clock.now() });
      return ended.ok ? keep(ended.value.events, { silences: [ended.value.silence] }) : ended;
    },
    planMaintenance({ id, plan, by }) {
      const before = id === null ? undefined : planned.windows.get(id);
      const now = clock.now();
      if (
        id !== null &&
        (!before ||
          before.source === 'inventory' ||
          before.endedAt !== null ||
          before.cancelledAt !== null ||
          latestAt(before, now) !== null)
      ) {
        return fail({
          code: 'not-changeable',
          text: before
            ? 'This plan has begun, is over or stands in the inventory file: it can be moved, extended, finished or called off, but not rewritten. Nothing was changed.'
            : 'There is no such plan any more. Nothing was changed; save it as a new one.',
        });
      }
      const made = planWindow(plan, { id: id ?? newId(), by, now, known });
      if (!made.ok) return made;
      const window = made.value;
      const when = describeWindow(window, options.zone(), now);
      const events: EventDraft[] = before
        ? [
            {
              kind: 'maintenance-changed',
              at: now,
              subject: null,
              actor: by,
              payload: { window: window.id, name: window.name, what: `now ${when}`, reason: '' },
            },
          ]
        : [
            {
              kind: 'maintenance-planned',
              at: now,
              subject: null,
              actor: by,
              payload: { window: window.id, name: window.name, when, affects: window.affects, spares: window.spares },
            },
          ];
      const kept = keep(events, { windows: [window] });
      return kept.ok ? ok({ id: window.id }) : kept;
    },
    changeMaintenance({ window: id, change, by, reason }) {
      const window = planned.windows.get(id);
      if (!window) return fail({ code: 'no-such-window', text: 'There is no such planned work any more. Nothing was changed.' });
      const changed = changeWindow(window, change, { by, reason, now: clock.now(), zone: options.zone(), overran: planned.overran(id) });
      return changed.ok ? keep(changed.value.events, { windows: [changed.value.window] }) : changed;
    },
    maintenance: (range) => ok(touching(range)),
    addChanges({ changes, by }) {
      const missing = changes.find((it) => it.subject !== null && !known(it.subject));
      if (missing) {
        return fail({
          code: 'no-such-subject',
          text: `There is nothing called “${missing.subject}” in the inventory (“${missing.text}”). Nothing was added; choose what was changed from the list.`,
        });
      }
      const now = clock.now();
      const future = changes.find((it) => it.at > now);
      if (future)
        return fail({
          code: 'in-future',
          text: `“${future.text}” is dated in the future. Nothing was added; what is still to come is planned work.`,
        });
      const kept = keep(
        changes.map((it): EventDraft => {
          const kind = it.subject === null ? undefined : kindOf(it.subject);
          const subject = kind && it.subject !== null ? { kind, id: it.subject } : null;
          return { kind: 'change', at: it.at, subject, actor: it.by || by, payload: { text: it.text } };
        }),
      );
      return kept.ok ? ok({ added: changes.length }) : kept;
    },
    changes({ from, to, subjects }) {
      options.flush();
      return ok(options.store.changes(from, to, subjects));
    },
  } satisfies Pick<Handlers<EngineContract>, Wanted>;
}

/** Without a time of its own in a stretch, but of interest there: its day is not fixed, it waits for a fault, or it was called off. */
const isWaiting = ({ kind, from, to, startedAt, endedAt, cancelledAt }: MaintenanceWindow, begin: number, end: number): boolean => {
  if (kind === 'recurring' || startedAt !== null || endedAt !== null) return false;
  const touches = from !== null && from < end && (to === null || to > begin);
  return cancelledAt !== null ? touches : from === null || (kind === 'flexible' && touches);
};

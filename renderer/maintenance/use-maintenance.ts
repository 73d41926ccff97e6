/** What the maintenance screen shows: the month, what is selected, which form is open, and what the engine says about it. */
import { useMemo } from 'react';
import { create } from 'zustand';
import type { WindowLive } from '../../shared/live.ts';
import { DAY } from '../../shared/time.ts';
import { useAsk } from '../detail/use-ask.ts';
import { now as rightNow, useNow } from '../state/clock.ts';
import { engine } from '../state/connect.ts';
import { useLive } from '../state/live.ts';
import type { ActKind } from './act-form.ts';
import type { Week } from './calendar-grid.ts';

export type MaintenanceForm =
  | { kind: 'plan'; window: string | null; day: string | null }
  | { kind: 'change' }
  | { kind: 'act'; act: ActKind; window: string };

interface Shown {
  /** "2026-11"; null = the one that today is in. */
  month: string | null;
  /** The day that arrows move from, "2026-11-20"; null = today. */
  day: string | null;
  selected: { what: 'window' | 'routine'; id: string } | null;
  form: MaintenanceForm | null;
}

/** Stays while another screen is looked at; a form does not. */
export const useShown = create<Shown>(() => ({ month: null, day: null, selected: null, form: null }));
export const show = (change: Partial<Shown>): void => useShown.setState(change);

/** Changes by other desks come by delta; what lies in the past is asked for at this pace. */
const renewMs = 60_000;
const changesBackMs = 30 * DAY;
const routinesAheadMs = 35 * DAY;
const overBackMs = 90 * DAY;

/** A text that changes with the plans of all windows, not with every delta. */
export function usePlansVersion(): string {
  const windows = useLive((live) => live.tables.windows);
  return useMemo(
    () =>
      Object.values(windows)
        .map((it: WindowLive) => [it.id, it.name, it.from, it.to, it.startedAt, it.endedAt, it.schedule?.cron, it.skipped.length].join(' '))
        .join('\n'),
    [windows],
  );
}

export function useCalendar(weeks: readonly Week[], version: string) {
  const from = weeks[0]?.from ?? 0;
  const to = weeks.at(-1)?.to ?? 0;
  return useAsk(`calendar ${from} ${to}`, () => engine.maintenance({ from, to }), { version, everyMs: renewMs });
}

/** Routines of the time ahead, each with its next time. */
export function useRoutines(version: string) {
  return useAsk(
    'routines',
    async () => {
      const now = rightNow();
      const reply = await engine.maintenance({ from: now, to: now + routinesAheadMs });
      return reply.ok ? { ok: true as const, value: reply.value.routines } : reply;
    },
    { version, everyMs: 10 * renewMs },
  );
}

/** Windows that are over: asked for only once somebody wants to see them. */
export function useOver(wanted: boolean, version: string) {
  const live = useLive((it) => it.tables.windows);
  const asked = useAsk(
    wanted ? 'over' : null,
    () => {
      const now = rightNow();
      return engine.maintenance({ from: now - overBackMs, to: now });
    },
    { version, everyMs: renewMs },
  );
  const over = asked.value?.windows.filter((it) => !live[it.id]).sort((a, b) => endOf(b) - endOf(a)) ?? null;
  return { ...asked, over };
}
const endOf = (it: { endedAt: number | null; cancelledAt: number | null; to: number | null; from: number | null }): number =>
  it.cancelledAt ?? it.endedAt ?? it.to ?? it.from ?? 0;

export function useChanges() {
  const newest = useLive((live) => live.tables.events);
  const version = useMemo(() => Object.values(newest).reduce((id, it) => (it.kind === 'change' && it.id > id ? it.id : id), ''), [newest]);
  return useAsk(
    'changes',
    () => {
      const now = rightNow();
      return engine.changes({ from: now - changesBackMs, to: now + DAY, subjects: null });
    },
    { version, everyMs: 10 * renewMs },
  );
}

/** Windows as they stand now, and a clock for their words. */
export function useWindows(): { windows: Readonly<Record<string, WindowLive>>; now: number } {
  return { windows: useLive((live) => live.tables.windows), now: useNow('quarter') };
}

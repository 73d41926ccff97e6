/** Planned work in the range: when it was in force, for what, and whether it overran. */
import { occurrencesOf } from '../maintenance/calendar.ts';
import { reachedFrom } from '../maintenance/reached.ts';
import type { NightEvent } from '../model/event.ts';
import { MINUTE } from '../time.ts';
import { windowKey } from './evidence.ts';
import type { DraftInput } from './input.ts';
import type { Spell } from './spells.ts';
import type { Stretch } from './stretches.ts';

export interface PlannedWork extends Stretch {
  window: string;
  name: string;
  /** Its planned end where it is known, epoch ms. */
  plannedTo: number | null;
  /** Subject ids that it was announced for, and what is reached through them. */
  affects: readonly string[];
  covers: ReadonlySet<string>;
  /** It was over and these were not back. */
  overrun: { at: number; subjects: readonly string[]; evidence: string[] } | null;
  /** It was called off. */
  cancelled: boolean;
}

/** From the lines of the timeline, and from the windows themselves where those are given (entered afterwards, begun long before). */
export function plannedWork(input: DraftInput, events: readonly NightEvent[]): PlannedWork[] {
  const windows = new Map((input.windows ?? []).map((window) => [window.id, window]));
  const works: PlannedWork[] = [];
  const latest = new Map<string, PlannedWork>();
  const reached = reachedFrom(input.subjects);
  const begin = (it: Pick<PlannedWork, 'window' | 'name' | 'from' | 'to' | 'plannedTo' | 'affects' | 'evidence'>): PlannedWork => {
    const work: PlannedWork = { ...it, covers: reached(it.affects), overrun: null, cancelled: false };
    works.push(work);
    latest.set(it.window, work);
    return work;
  };
  for (const event of events) {
    if (event.kind === 'maintenance-started') {
      const { window, name, to, affects } = event.payload;
      begin({ window, name, from: event.at, to: null, plannedTo: to, affects, evidence: [event.id] });
    } else if (event.kind === 'maintenance-ended') {
      const { window, name, lastedMs, how } = event.payload;
      const known = latest.get(window);
      // Its time was over, and it overran: now somebody says that it is done. That does not make the overrun planned.
      if (known && known.to !== null && Math.abs(event.at - lastedMs - known.from) < MINUTE) {
        known.evidence.push(event.id);
        continue;
      }
      const affects = windows.get(window)?.affects ?? [];
      const running =
        known && known.to === null
          ? known
          : begin({ window, name, from: event.at - lastedMs, to: null, plannedTo: null, affects, evidence: [] });
      Object.assign(running, { to: event.at, cancelled: how === 'cancelled', evidence: [...running.evidence, event.id] });
    } else if (event.kind === 'maintenance-overrun') {
      const { window, name, subjects } = event.payload;
      const overrun = { at: event.at, subjects, evidence: [event.id] };
      const work =
        latest.get(window) ??
        begin({
          window,
          name,
          from: event.at,
          to: event.at,
          plannedTo: event.at,
          affects: windows.get(window)?.affects ?? subjects,
          evidence: [event.id],
        });
      work.overrun = overrun;
    }
  }
  for (const window of windows.values()) {
    for (const { from, to } of occurrencesOf(window, input.from, input.to)) {
      const told = works.some((work) => work.window === window.id && work.from <= (to ?? input.to) && (work.to ?? input.to) >= from);
      if (!told)
        begin({ window: window.id, name: window.name, from, to, plannedTo: to, affects: window.affects, evidence: [windowKey(window.id)] });
    }
  }
  return works.filter((work) => work.from <= input.to && (work.to ?? input.to) >= input.from).sort((a, b) => a.from - b.from);
}

/** The planned work that a subject was part of. */
export const workOn = (works: readonly PlannedWork[], subject: string): PlannedWork[] => works.filter((work) => work.covers.has(subject));

/** Results lag behind: what recovers with the first result after the end was not late. */
const graceMs = MINUTE;

/** The planned work that a spell lies in from its beginning to its end; undefined where part of it is unplanned. */
export const workAround = (works: readonly PlannedWork[], subject: string, spell: Spell): PlannedWork | undefined =>
  workOn(works, subject).find(
    (work) =>
      work.from <= spell.from &&
      (work.to === null || (spell.to !== null && spell.to <= work.to + (work.overrun && work.overrun.at <= spell.to ? 0 : graceMs))),
  );

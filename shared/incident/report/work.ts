/** Planned work: what was planned, what became of it, and how much longer it took. */
import type { NightEvent } from '../../model/event.ts';
import type { MaintenanceWindow } from '../../model/maintenance.ts';
import { clean } from '../../text.ts';
import { windowKey } from '../evidence.ts';
import type { PlannedWork } from '../planned.ts';
import type { ReportFacts } from './schema.ts';
import type { SaidFact, WorkFact } from './schema-parts.ts';
import { type Context, keys } from './things.ts';

const mostWorks = 50;

/** All lines there are, those before the range included. */
export const allEvents = ({ input }: Context): readonly NightEvent[] =>
  input.earlier && input.earlier.length > 0 ? [...input.earlier, ...input.events] : input.events;

export function workFacts(context: Context): ReportFacts['work'] {
  return context.facts.works.slice(0, mostWorks).map((work) => workFact(context, work));
}

function workFact(context: Context, work: PlannedWork): WorkFact {
  const { input, facts } = context;
  const window = input.windows?.find((it) => it.id === work.window);
  const ended = input.events.findLast(
    (event) => event.kind === 'maintenance-ended' && event.payload.window === work.window && event.at >= work.from,
  );
  const plannedTo = work.plannedTo ?? plannedEnd(window, work.from);
  const to = endOf(context, work, plannedTo);
  const over = plannedTo === null ? 0 : Math.max(0, (to ?? input.to) - plannedTo);
  const late = work.overrun !== null || (to !== null && plannedTo !== null && to > plannedTo) || (to === null && over > 0);
  const ids = [...context.bySubject.keys()];
  return {
    window: work.window,
    name: clean(work.name, 120),
    reason: clean(window?.reason ?? '', 1_000),
    by: clean(window?.by ?? '', 80),
    plannedFrom: window ? plannedBegin(window, work.from) : work.from,
    plannedTo,
    from: work.from,
    to,
    overrunMs: late ? over : 0,
    overrunAt: work.overrun?.at ?? null,
    notBack: (work.overrun?.subjects ?? []).slice(0, 50).map(context.name),
    cancelled: work.cancelled,
    how: ended?.kind === 'maintenance-ended' ? clean(ended.payload.reason ?? '', 1_000) : '',
    affects: work.affects.slice(0, 100).map(context.thing),
    spares: (window?.spares ?? []).slice(0, 100).map(context.thing),
    postponed: changesOf(context, work.window),
    coversIncident: ids.some((id) => work.covers.has(id)) || [...facts.scope.subjects].some((id) => work.covers.has(id)),
    evidence: keys([...work.evidence, ...(work.overrun?.evidence ?? []), ...(work.evidence.length === 0 ? [windowKey(work.window)] : [])]),
  };
}

/** A series has its own times; a window that was begun by hand was planned for another moment. */
const plannedBegin = (window: MaintenanceWindow, from: number): number | null =>
  window.kind === 'recurring' ? from : (window.from ?? null);
function plannedEnd(window: MaintenanceWindow | undefined, from: number): number | null {
  if (!window) return null;
  if (window.kind === 'recurring' || window.kind === 'flexible') return window.durationMs === null ? window.to : from + window.durationMs;
  return window.to;
}

/**
 * When the work was really over: by the say of a person, or by the clock; but where what it affects was not back by then, when that was
 * back. Null while that is not so.
 */
function endOf(context: Context, work: PlannedWork, plannedTo: number | null): number | null {
  const { input } = context;
  if (work.cancelled) return work.to;
  const late = work.to ?? plannedTo;
  if (late === null) return null;
  const begun = context.spells.filter(
    (spell) =>
      spell.level !== 'unknown' &&
      work.covers.has(context.subjectOf(spell.check)) &&
      spell.from <= late &&
      spell.from >= work.from &&
      (spell.to === null || spell.to > late),
  );
  if (begun.some((spell) => spell.to === null)) return null;
  // One that changed its level goes on as another spell.
  let end = Math.max(late, ...begun.map((spell) => spell.to ?? 0));
  for (const spell of context.spells) {
    if (spell.from > end || spell.from <= late || !begun.some((one) => one.check === spell.check)) continue;
    if (spell.to === null) return null;
    end = Math.max(end, spell.to);
  }
  // Without an overrun it ended when its window did, or it has not.
  if (end === late) return work.to ?? (late <= input.to && work.overrun === null ? late : null);
  return end;
}

/** Postponed, extended, its day fixed: what was changed and why. */
function changesOf(context: Context, window: string): SaidFact[] {
  return allEvents(context).flatMap((event) => {
    if (event.kind !== 'maintenance-changed' || event.payload.window !== window) return [];
    const { what, reason } = event.payload;
    const text = clean(reason === '' ? what : `${what}: ${reason}`, 1_000);
    return [{ at: event.at, by: clean(event.actor, 80), text, enteredAt: null, evidence: [event.id] }];
  });
}

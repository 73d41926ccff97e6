/** What people do with planned work: start, finish, cancel, postpone, extend. */
import type { RequestFailure } from '../bind.ts';
import type { MaintenanceChange } from '../contract.ts';
import type { EventDraft } from '../model/event.ts';
import type { MaintenanceWindow, Occurrence } from '../model/maintenance.ts';
import { fail, ok, type Result } from '../result.ts';
import { DAY } from '../time.ts';
import { isOver, latestAt, runningAt } from './calendar.ts';
import { basisOf } from './merge.ts';
import { describeWindow, momentWords } from './words.ts';

export interface ChangeContext {
  by: string;
  reason: string;
  now: number;
  /** In which the event's words give times. */
  zone?: string;
  /** Its time is over and what it affects was not back by then: it can still be finished. */
  overran?: boolean;
}
interface Changed {
  window: MaintenanceWindow;
  events: EventDraft[];
}
type Outcome = Result<Changed, RequestFailure>;

/** What ran out longer ago than this is planned anew, not extended. */
const extendableMs = 7 * DAY;
/** Longer than this is no window but a decision not to watch. */
export const longestMs = 366 * DAY;

const refuse = (code: string, text: string): Outcome => fail({ code, text: `${text} Nothing was changed.` });

/**
 * Carries out one change. The copy of a window of the inventory remembers what the file said (mergeWindows).
 * Who begins, finishes or calls off is told here; what the clock does is told by stepWindows.
 */
export function changeWindow(window: MaintenanceWindow, change: MaintenanceChange, context: ChangeContext): Outcome {
  const { now, zone = 'UTC' } = context;
  if (window.cancelledAt !== null)
    return refuse('cancelled', `“${window.name}” was called off ${momentWords(window.cancelledAt, zone)}. Plan it anew.`);
  const running = runningAt(window, now);
  const it: Work = { window, running, context: { ...context, zone } };
  switch (change.kind) {
    case 'start':
      return start(it);
    case 'finish':
      return finish(it);
    case 'cancel':
      return cancel(it, change.at);
    case 'postpone':
      return postpone(it, change.from, change.to);
    case 'extend':
      return extend(it, change.to);
  }
}

interface Work {
  window: MaintenanceWindow;
  running: Occurrence | null;
  context: ChangeContext & { zone: string };
}

const head = ({ by, now }: ChangeContext) => ({ at: now, subject: null, actor: by });
const ref = ({ id, name }: MaintenanceWindow) => ({ window: id, name });

/** @param told its event, or what was changed in words */
function done({ window, context }: Work, part: Partial<MaintenanceWindow>, told: string | EventDraft): Outcome {
  const basis = window.source === 'inventory' ? { basis: window.basis ?? basisOf(window) } : {};
  const event: EventDraft =
    typeof told === 'string'
      ? { ...head(context), kind: 'maintenance-changed', payload: { ...ref(window), what: told, reason: context.reason } }
      : told;
  return ok({ window: { ...window, ...basis, ...part }, events: [event] });
}

function over({ window, context: { now, zone } }: Work): Outcome {
  const last = latestAt(window, now);
  const since = last?.to == null ? '' : ` since ${momentWords(last.to, zone)}`;
  return refuse('over', `“${window.name}” is over${since}.`);
}

function start(it: Work): Outcome {
  const { window, running, context } = it;
  const { now } = context;
  if (window.kind === 'recurring')
    return refuse('starts-by-itself', `“${window.name}” begins by its schedule. For work outside of it, plan a window of its own.`);
  if (running) return refuse('running', `“${window.name}” has begun already.`);
  if (isOver(window, now)) return over(it);
  const to = runningAt({ ...window, startedAt: now }, now)?.to ?? null;
  return done(
    it,
    { startedAt: now },
    { ...head(context), kind: 'maintenance-started', payload: { ...ref(window), to, affects: window.affects, reason: context.reason } },
  );
}

/** Ends the time that runs, or that ran last. */
function endNow({ window, context: { now } }: Work, at: number): Partial<MaintenanceWindow> {
  return window.kind === 'recurring' ? { ends: withEnd(window, { at, to: now, finished: true }) } : { endedAt: now };
}
const withEnd = (window: MaintenanceWindow, end: NonNullable<MaintenanceWindow['ends']>[number]): MaintenanceWindow['ends'] => [
  ...(window.ends ?? []).filter((it) => it.at !== end.at),
  end,
];

function ended({ window, context }: Work, how: 'finished' | 'cancelled', from: number): EventDraft {
  const payload = { ...ref(window), how, lastedMs: Math.max(0, context.now - from), reason: context.reason };
  return { ...head(context), kind: 'maintenance-ended', payload };
}

function finish(it: Work): Outcome {
  const { window, running, context } = it;
  if (running) return done(it, endNow(it, running.from), ended(it, 'finished', running.from));
  const last = latestAt(window, context.now);
  if (last && context.overran && !wasFinished(window, last)) {
    // When it really ended goes on record; the overrun does not become planned time by that.
    const part =
      window.kind === 'recurring'
        ? { ends: withEnd(window, { at: last.from, to: last.to as number, finished: true }) }
        : { endedAt: context.now };
    return done(it, part, ended(it, 'finished', last.from));
  }
  return isOver(window, context.now)
    ? over(it)
    : refuse('not-running', `“${window.name}” does not run: there is nothing to finish. It can be called off.`);
}

/** Whether a person ended this time of it. */
export const wasFinished = (window: MaintenanceWindow, { from }: Pick<Occurrence, 'from'>): boolean =>
  window.kind === 'recurring' ? (window.ends?.some((it) => it.at === from && it.finished) ?? false) : window.endedAt !== null;

function cancel(it: Work, at: number | null): Outcome {
  const { window, running, context } = it;
  const { now, zone } = context;
  if (isOver(window, now)) return over(it);
  if (window.kind === 'recurring' && at !== null) {
    if (window.skipped.includes(at)) return refuse('cancelled', `“${window.name}” on ${momentWords(at, zone)} is called off already.`);
    if (running?.from === at) return done(it, endNow(it, at), ended(it, 'cancelled', at));
    if (at <= now) return refuse('over', `That time of “${window.name}” is over.`);
    if (latestAt(window, at)?.from !== at)
      return refuse('no-such-time', `“${window.name}” has no time that begins ${momentWords(at, zone)}.`);
    return done(it, { skipped: [...window.skipped, at] }, `does not take place on ${momentWords(at, zone)}`);
  }
  if (!running) return done(it, { cancelledAt: now }, window.kind === 'recurring' ? 'called off, with all times to come' : 'called off');
  return done(it, { cancelledAt: now, ...(window.kind === 'recurring' ? {} : { endedAt: now }) }, ended(it, 'cancelled', running.from));
}

function postpone(it: Work, from: number, to: number | null): Outcome {
  const { window, running, context } = it;
  const { now, zone } = context;
  if (window.kind === 'recurring')
    return refuse('starts-by-itself', `“${window.name}” begins by its schedule. Call the single time off and plan one of its own.`);
  if (running) return refuse('running', `“${window.name}” has begun already. It can be extended or finished.`);
  if (isOver(window, now)) return over(it);
  if (from <= now) return refuse('in-the-past', 'Expected a start that is still to come; work that begins now is started.');
  const length = window.from !== null && window.to !== null ? window.to - window.from : window.kind === 'fixed' ? window.durationMs : null;
  const end = window.kind === 'open-ended' ? null : (to ?? (length === null ? null : from + length));
  if (window.kind !== 'open-ended' && end === null) return refuse('no-end', 'Say also when it ends: how long it takes is not known.');
  if (end !== null && end <= from) return refuse('ends-before-start', 'It would end before it starts. Give it a later end.');
  if (end !== null && end - from > longestMs) return refuse('too-long', 'It would last more than 366 days.');
  const moved = { from, to: end };
  const when = describeWindow({ ...window, ...moved }, zone);
  const what =
    window.from === null
      ? `its day is fixed: ${when}`
      : `${from > window.from ? 'postponed' : 'moved'}: ${when}, instead of ${describeWindow(window, zone)}`;
  return done(it, moved, what);
}

function extend(it: Work, to: number): Outcome {
  const { window, running, context } = it;
  const { now, zone } = context;
  if (window.kind === 'recurring' && !running && !isRecent(it))
    return refuse('not-running', `“${window.name}” does not run: there is nothing to extend.`);
  const last = running ?? latestAt(window, now);
  if (last ? wasFinished(window, last) : window.endedAt !== null) return over(it);
  if (last && !running && !isRecent(it)) return over(it);
  if (!last && window.from === null) return refuse('no-day', `The day of “${window.name}” is not fixed yet. Fix it first.`);
  if (!last && isOver(window, now)) return over(it);
  const end = last ? last.to : window.to;
  if (to <= now) return refuse('in-the-past', 'Expected an end that is still to come; work that is done is finished.');
  if (end !== null && to <= end)
    return refuse('backwards', `It ends ${momentWords(end, zone)} already: expected a later time. To end it sooner, finish it.`);
  const from = last?.from ?? window.from ?? now;
  if (to <= from) return refuse('ends-before-start', 'It would end before it starts.');
  if (to - from > longestMs) return refuse('too-long', 'It would last more than 366 days.');
  const what = `${end === null ? 'is to end' : 'extended to'} ${momentWords(to, zone)}${end === null ? '' : `, instead of ${momentWords(end, zone)}`}`;
  if (window.kind === 'recurring') return done(it, { ends: withEnd(window, { at: from, to, finished: false }) }, what);
  return done(it, window.kind === 'flexible' && last ? { durationMs: to - from } : { to }, what);
}

/** Ended by the clock, not long ago. */
function isRecent({ window, context: { now } }: Work): boolean {
  const last = latestAt(window, now);
  return last?.to != null && now - last.to <= extendableMs;
}

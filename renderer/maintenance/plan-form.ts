/** What the form of planned work holds, and the plan it stands for. Pure: the dialog only draws it. */
import type { MaintenancePlan } from '../../shared/contract.ts';
import { cronProblem } from '../../shared/maintenance/cron.ts';
import type { MaintenanceWindow } from '../../shared/model/maintenance.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';
import { dayEdge, type Moment, momentOf, noMoment, parseLength, readMoment, writeLength } from './moments.ts';
import { cronOf, type Repetition, repetitionOf, usual } from './repetition.ts';

export type PlanKind = MaintenancePlan['kind'];

export interface PlanForm {
  name: string;
  kind: PlanKind;
  /** The day is not fixed yet. */
  dayOpen: boolean;
  from: Moment;
  to: Moment;
  /** As it was typed. */
  length: string;
  repetition: Repetition;
  /** First and last day of a series, or "". */
  firstDay: string;
  lastDay: string;
  affects: readonly string[];
  spares: readonly string[];
  reason: string;
}

export type PlanField = 'name' | 'from' | 'to' | 'length' | 'schedule' | 'lastDay' | 'affects' | 'spares';

export interface PlanProblem {
  text: string;
  /** Said at once, not only after an attempt to send: what was typed contradicts itself. */
  atOnce: boolean;
}
export interface PlanReading {
  /** Null as long as something is wrong. */
  plan: MaintenancePlan | null;
  /** The times alone, once they are right: a series shows its next ones while the rest is still being written. */
  times: Times | null;
  problems: Partial<Record<PlanField, PlanProblem>>;
  /** What people should know before they send it. */
  hints: Partial<Record<PlanField, string>>;
}

export const kindWords: Record<PlanKind, { label: string; help: string }> = {
  fixed: { label: 'At a fixed time', help: 'It begins and ends at set times.' },
  flexible: { label: 'Flexible', help: 'It begins with the first fault between two times, and lasts so long from there.' },
  'open-ended': { label: 'Open-ended', help: 'It goes on until somebody finishes it.' },
  recurring: { label: 'Recurring', help: 'It comes again and again, such as every Sunday.' },
};

/** When work is usually done: a day that was clicked begins with it. */
const usualStart = '22:00';

/**
 * An empty form.
 * @param day that was clicked, "2026-12-16"; null = today
 */
export function emptyPlan(affects: readonly string[], day: string | null, zone: string, now: number): PlanForm {
  const nextHour = Math.ceil((now + 1) / HOUR) * HOUR;
  const today = momentOf(now, zone).day;
  const from = day === null || day === today ? momentOf(nextHour, zone) : { day, time: usualStart };
  const begins = readMoment(from, zone);
  return {
    name: '',
    kind: 'fixed',
    dayOpen: false,
    from,
    to: 'at' in begins ? momentOf(begins.at + HOUR, zone) : noMoment,
    length: '',
    repetition: usual,
    // A series without a first day would reach back and call old outages planned.
    firstDay: from.day,
    lastDay: '',
    affects,
    spares: [],
    reason: '',
  };
}

/** The form of a window that is to be changed. */
export function formOf(window: MaintenanceWindow, zone: string): PlanForm {
  const recurring = window.kind === 'recurring';
  const moment = (at: number | null): Moment => (at === null || recurring ? noMoment : momentOf(at, zone));
  return {
    name: window.name,
    kind: window.kind,
    dayOpen: !recurring && window.from === null,
    from: moment(window.from),
    to: moment(window.to),
    length: window.durationMs === null ? '' : writeLength(window.durationMs),
    repetition: window.schedule ? repetitionOf(window.schedule.cron) : usual,
    firstDay: recurring && window.from !== null ? momentOf(window.from, zone).day : '',
    lastDay: recurring && window.to !== null ? momentOf(window.to - 1, zone).day : '',
    affects: window.affects,
    spares: window.spares,
    reason: window.reason,
  };
}

/** Moves the start; an end that was right moves along, so that the length stays. */
export function moveStart(form: PlanForm, from: Moment, zone: string): PlanForm {
  const was = readMoment(form.from, zone);
  const is = readMoment(from, zone);
  const end = readMoment(form.to, zone);
  if (!('at' in was && 'at' in is && 'at' in end) || end.at <= was.at) return { ...form, from };
  return { ...form, from, to: momentOf(end.at + is.at - was.at, zone) };
}

const shortest = MINUTE;
const longest = 366 * DAY;

/**
 * @param zone of the organization, in which the times were typed
 * @param scheduleZone zone in which the cron line of a recurring one is read: what it was, or the organization's
 */
export function readPlan(form: PlanForm, zone: string, scheduleZone: string, now: number): PlanReading {
  const problems: PlanReading['problems'] = {};
  const hints: PlanReading['hints'] = {};
  const wrong = (field: PlanField, text: string, atOnce = false) => {
    problems[field] ??= { text, atOnce };
  };
  const name = form.name.trim();
  if (name === '') wrong('name', 'Say what is done, such as “Mail maintenance”.');

  const times = readTimes(form, zone, scheduleZone, now, wrong, hints);

  if (form.affects.some((id) => form.spares.includes(id)))
    wrong('spares', 'The same thing cannot be affected and keep working: take it out of one of the two.', true);
  if (form.affects.length === 0) hints.affects = 'Nothing is chosen: alerts come as always, and only the calendar knows of the work.';

  const plan =
    Object.keys(problems).length > 0
      ? null
      : { name, kind: form.kind, ...times, affects: [...form.affects], spares: [...form.spares], reason: form.reason.trim() };
  const timeFields: PlanField[] = ['from', 'to', 'length', 'schedule', 'lastDay'];
  return { plan, times: timeFields.some((field) => problems[field]) ? null : times, problems, hints };
}

/** Complete enough to be judged while somebody still types: half a time is no mistake yet. */
const isTyped = (it: Moment): boolean => it.day !== '' && it.time.trim().length > 3;

/** Whether it matters how long it takes, beside when it begins and ends. */
export const asksLength = (form: Pick<PlanForm, 'kind' | 'dayOpen'>): boolean =>
  form.kind === 'recurring' || form.kind === 'flexible' || (form.kind === 'fixed' && form.dayOpen);

type Times = Pick<MaintenancePlan, 'from' | 'to' | 'durationMs' | 'schedule'>;

function readTimes(
  form: PlanForm,
  zone: string,
  scheduleZone: string,
  now: number,
  wrong: (field: PlanField, text: string, atOnce?: boolean) => void,
  hints: PlanReading['hints'],
): Times {
  const times: Times = { from: null, to: null, durationMs: null, schedule: null };

  const recurring = form.kind === 'recurring';
  if (asksLength(form)) {
    times.durationMs = parseLength(form.length);
    const typed = form.length.trim() !== '';
    if (times.durationMs === null) {
      if (typed) wrong('length', 'Write it as “30 min”, “1 h 30 min” or “2 h”.', true);
      else if (!(form.kind === 'fixed' && form.dayOpen)) wrong('length', 'Say how long it takes, such as “30 min”.');
    } else if (times.durationMs < shortest || times.durationMs > longest) {
      wrong('length', 'It takes at least a minute and at most a year.', true);
    }
  }

  if (recurring) {
    const cron = cronOf(form.repetition);
    const problem = cron === null || cron === '' ? null : cronProblem(cron, scheduleZone);
    if (cron === null)
      wrong(
        'schedule',
        form.repetition.time.trim() === '' ? 'Write the time at which it begins, such as 04:00.' : 'Write the time as 04:00.',
        form.repetition.time.trim().length > 3,
      );
    else if (cron === '') wrong('schedule', 'Write the line: minute, hour, day, month, weekday.');
    else if (problem) wrong('schedule', `Expected ${problem}.`);
    else times.schedule = { cron, zone: scheduleZone };
    times.from = form.firstDay === '' ? null : dayEdge(form.firstDay, zone, 'start');
    times.to = form.lastDay === '' ? null : dayEdge(form.lastDay, zone, 'end');
    if (times.from !== null && times.to !== null && times.to <= times.from) wrong('lastDay', 'The last day is before the first.', true);
    else if (times.to !== null && times.to <= now) wrong('lastDay', 'The last day is past: it would never come again.', true);
    return times;
  }
  if (form.dayOpen) return times;

  const from = readMoment(form.from, zone);
  if ('problem' in from) wrong('from', from.problem, isTyped(form.from));
  else {
    times.from = from.at;
    if (from.hint) hints.from = from.hint;
  }
  if (form.kind === 'open-ended') {
    if (times.from !== null && times.from < now) hints.from ??= 'This is past: the work counts as running since then.';
    return times;
  }

  const to = readMoment(form.to, zone);
  if ('problem' in to) wrong('to', to.problem, isTyped(form.to));
  else {
    times.to = to.at;
    if (to.hint) hints.to = to.hint;
  }
  if (times.from === null || times.to === null) return times;
  if (times.to <= times.from) {
    wrong(
      'to',
      times.to === times.from
        ? 'It ends when it begins. Give it a later end.'
        : 'It ends before it begins. Give it a later end, or another day.',
      true,
    );
  } else if (times.to - times.from > longest) {
    wrong('to', 'It lasts more than a year. Choose “Open-ended” if the end is not known.', true);
  } else if (form.kind === 'flexible') {
    if (times.to <= now) wrong('to', 'This is past: a flexible one waits for a fault still to come. Choose “At a fixed time”.', true);
  } else if (times.to <= now) {
    hints.to ??= 'This is past: it corrects the uptime of that time. Alerts of then stay as they were.';
  } else if (times.from < now) {
    hints.from ??= 'It has begun already: it is in force as soon as you send it.';
  }
  return times;
}

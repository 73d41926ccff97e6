/** What is asked of a window, in words, and what the form of it sends. Pure. */
import type { MaintenanceChange } from '../../shared/contract.ts';
import type { WindowLive } from '../../shared/live.ts';
import { HOUR } from '../../shared/time.ts';
import { type Moment, momentOf, noMoment, readMoment } from './moments.ts';
import { type Act, plannedLength, timeOf } from './window-words.ts';

export type ActKind = Exclude<Act, 'edit'>;

export interface ActForm {
  from: Moment;
  to: Moment;
  /** Of a recurring one that is called off: only this time, or all of them. */
  scope: 'once' | 'series';
}

/** Whether postponing gives a day to one that has none. */
export const fixesDay = (it: WindowLive): boolean => it.kind !== 'recurring' && it.from === null;

export function startAct(act: ActKind, it: WindowLive, zone: string, now: number): ActForm {
  const time = timeOf(it);
  const end = it.running?.to ?? it.overrunSince ?? time?.to ?? null;
  if (act === 'extend') return { from: noMoment, to: momentOf(Math.max(end ?? now, now) + HOUR, zone), scope: 'once' };
  if (act === 'postpone') {
    const from = fixesDay(it) ? noMoment : momentOf((time?.from ?? it.from ?? now) + 24 * HOUR, zone);
    return shiftEnd({ from, to: noMoment, scope: 'once' }, it, zone);
  }
  return { from: noMoment, to: noMoment, scope: 'once' };
}

/** Puts the end where it lies by the length of the work; it stays as it is where nobody knows that. */
export function shiftEnd(form: ActForm, it: WindowLive, zone: string): ActForm {
  const from = readMoment(form.from, zone);
  // A flexible one's two times are when it may begin; how long it takes is another thing.
  const length = it.kind === 'flexible' ? (it.from !== null && it.to !== null ? it.to - it.from : 4 * HOUR) : plannedLength(it, timeOf(it));
  return 'at' in from && length !== null && hasEnd(it) ? { ...form, to: momentOf(from.at + length, zone) } : form;
}

const hasEnd = (it: WindowLive): boolean => it.kind !== 'open-ended';

export interface ActReading {
  change: MaintenanceChange | null;
  problems: { from?: string; to?: string };
}

/** @returns the change to send, or what is wrong with the times */
export function readAct(act: ActKind, form: ActForm, it: WindowLive, zone: string, now: number): ActReading {
  switch (act) {
    case 'start':
      return { change: { kind: 'start' }, problems: {} };
    case 'finish':
      return { change: { kind: 'finish' }, problems: {} };
    case 'cancel': {
      const time = timeOf(it);
      const once = it.kind === 'recurring' && form.scope === 'once' && time !== null;
      return { change: { kind: 'cancel', at: once ? time.from : null }, problems: {} };
    }
    case 'extend': {
      const to = readMoment(form.to, zone);
      if ('problem' in to) return { change: null, problems: { to: to.problem } };
      if (to.at <= now) return { change: null, problems: { to: 'This is past. Choose an end that is still to come.' } };
      const end = it.running?.to ?? null;
      if (end !== null && to.at <= end) return { change: null, problems: { to: 'This is not later than it ends now.' } };
      return { change: { kind: 'extend', to: to.at }, problems: {} };
    }
    case 'postpone': {
      const from = readMoment(form.from, zone);
      const to = hasEnd(it) ? readMoment(form.to, zone) : null;
      const problems: ActReading['problems'] = {};
      if ('problem' in from) problems.from = from.problem;
      if (to && 'problem' in to) problems.to = to.problem;
      if (!('at' in from) || (to && !('at' in to))) return { change: null, problems };
      if (to && to.at <= from.at) return { change: null, problems: { to: 'It ends before it begins. Give it a later end.' } };
      if (from.at < now) return { change: null, problems: { from: 'This is past. Choose a time that is still to come.' } };
      return { change: { kind: 'postpone', from: from.at, to: to?.at ?? null }, problems: {} };
    }
  }
}

/** What keys and buttons alike do to a drill. What is refused is said. */
import { create } from 'zustand';
import type { Reply } from '../../shared/bind.ts';
import type { DrillAction } from '../../shared/contract.ts';
import type { DrillLive } from '../../shared/live.ts';
import { engine } from '../state/connect.ts';
import { desktop } from '../state/desktop.ts';
import { useLive } from '../state/live.ts';
import { type LeaveDrill, openDialog, say, showScreen } from '../state/view.ts';
import { asksBeforeLeaving, speeds } from './band-words.ts';

/** Whether a player wants to see what is broken before the drill is over. */
export const useRevealed = create<boolean>(() => false);
export const reveal = (): void => useRevealed.setState(true, true);

const drill = (): DrillLive | undefined => useLive.getState().tables.drill.drill;

async function tell(action: DrillAction): Promise<boolean> {
  return done(await engine.drill(action));
}
function done(reply: Reply<null>): boolean {
  if (!reply.ok) say(reply.failure.text, 'bad');
  return reply.ok;
}

export function pauseOrPlay(): void {
  const it = drill();
  if (!it || it.state === 'over') return;
  void tell(it.state === 'paused' ? { do: 'play', speed: it.speed } : { do: 'pause' });
}

/** Plays at a speed, also out of a pause. */
export function playAt(speed: number): void {
  if (drill()?.state !== 'over') void tell({ do: 'play', speed });
}

/** @param by 1 = the next faster of the speeds, -1 = the next slower */
export function changeSpeed(by: 1 | -1): void {
  const it = drill();
  const next = it && (by > 0 ? speeds.find((speed) => speed > it.speed) : speeds.findLast((speed) => speed < it.speed));
  if (next !== undefined) playAt(next);
}

export function jump(): void {
  const state = drill()?.state;
  if (state === 'playing' || state === 'paused') void tell({ do: 'jump' });
}

/** Asks first where something could be lost. */
export function leave(what: LeaveDrill): void {
  if (asksBeforeLeaving(drill(), what)) openDialog({ kind: 'leave-drill', what });
  else void leaveNow(what);
}

/** @returns whether it was done */
export async function leaveNow(what: LeaveDrill): Promise<boolean> {
  if (what === 'close') return done(await desktop.closeDrill({}));
  if (what === 'finish') {
    if (drill()?.state !== 'over' && !(await tell({ do: 'finish' }))) return false;
    reveal();
    showScreen('debrief');
    return true;
  }
  // Main loads this page anew with it.
  return done(await desktop.restartDrill({}));
}

/** @returns why it was not written down; null = it is in the log */
export async function writeCallDown(call: string, by: string): Promise<string | null> {
  const reply = await engine.drill({ do: 'log-call', call, by });
  return reply.ok ? null : reply.failure.text;
}

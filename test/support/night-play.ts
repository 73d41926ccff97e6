/** Nights as rows of a table, played on a night desk. */
import { expect, it } from 'vitest';
import type { Alert } from '../../shared/model/alert.ts';
import { bad, type NightDesk, nightDesk } from './night-desk.ts';

/** What was done, what stands on the board afterwards, and what was told by the last part of it. */
type Row = [name: string, night: (d: NightDesk) => void, board: string[], told?: string[]];
export const play = (rows: Row[]): void => {
  it.each(rows)('%s', (_name, night, board, told) => {
    const desk = nightDesk();
    night(desk);
    expect(desk.board()).toEqual(board);
    if (told) expect(desk.told()).toEqual(told);
    // Settling again with the same problems changes nothing.
    const before = [...desk.open.values()];
    desk.told();
    desk.at(desk.now);
    expect([...desk.open.values()]).toEqual(before);
    expect(desk.told()).toEqual([]);
  });
};
export const http = (d: NightDesk, state = bad(), now = 1_000): NightDesk => d.set({ 'web1/http': state }).at(now);
/** Forgets what was told so far. */
export const quietly = (d: NightDesk): NightDesk => {
  d.told();
  return d;
};
export const acknowledged = (d: NightDesk, more: Partial<NonNullable<Alert['acknowledgement']>> = {}): NightDesk => {
  for (const alert of d.open.values())
    d.open.set(alert.id, { ...alert, acknowledgement: { by: 'Kim', comment: 'on it', at: d.now, sticky: false, until: null, ...more } });
  return quietly(d);
};

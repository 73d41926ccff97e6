/** What the tests of the board do to an engine. */
import { expect } from 'vitest';
import { MINUTE } from '../../shared/time.ts';
import type { UptimeLine } from '../../shared/uptime/report.ts';
import type { Rig } from './engine-rig.ts';

/** Sets answers of several hosts. */
export const set = (rig: Rig, answer: 'ok' | 'refused', ...hosts: string[]): void => {
  for (const host of hosts) rig.answers.set(host, answer);
};
export const raised = (rig: Rig): string[] => rig.told('alert-raised').map(({ payload }) => (payload as { title: string }).title);
/** Minutes of each part that is there, rounded; they add up to the range exactly. */
export function minutes(line: UptimeLine | undefined, rangeMs: number): Record<string, number> {
  const parts = Object.entries(line?.parts ?? {});
  expect(parts.reduce((sum, [, ms]) => sum + ms, 0)).toBe(rangeMs);
  return Object.fromEntries(parts.map(([part, ms]) => [part, Math.round(ms / MINUTE)] as const).filter(([, rounded]) => rounded > 0));
}

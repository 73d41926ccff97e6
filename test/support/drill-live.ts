/** A drill as a window sees it. */
import type { DrillCall, DrillLive } from '../../shared/live.ts';

/** From 03:00 to 09:15 in New York; one hour in where nothing else is said. */
export const drillStart = Date.parse('2026-06-16T07:00:00Z');
export const drillEnd = drillStart + 6.25 * 3_600_000;

export const drillOf = (more: Partial<DrillLive> = {}): DrillLive => ({
  id: 'drill',
  name: 'An upstream drops three of our five address ranges',
  start: drillStart,
  end: drillEnd,
  at: drillStart + 3_600_000,
  speed: 10,
  state: 'playing',
  acts: 'player',
  calls: [],
  ...more,
});

export const callOf = (id: string, more: Partial<DrillCall> = {}): DrillCall => ({
  id,
  at: drillStart,
  kind: 'contact',
  channel: 'phone',
  who: 'Bluefin Carrier, routing group',
  text: 'We see it as well.',
  logged: false,
  ...more,
});

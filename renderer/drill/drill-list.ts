/** The drills to choose from in words, and where the choice stands. Pure. */
import type { DrillInfo } from '../../shared/scenario/debrief.ts';
import { clean, count } from '../../shared/text.ts';
import { humanDuration } from '../../shared/time.ts';

/** "6 h 15 min · 2 faults · 86 checks". */
export const sizeWords = (it: Pick<DrillInfo, 'lastsMs' | 'faults' | 'checks'>): string =>
  [humanDuration(it.lastsMs), count(it.faults, 'fault'), count(it.checks, 'check')].join(' · ');

/** By name, as people look for them; what stands in a file is bounded. */
export const listed = (all: readonly DrillInfo[]): DrillInfo[] =>
  all
    .map((it) => ({ ...it, name: clean(it.name, 120), about: clean(it.about, 600) }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en') || (a.drill < b.drill ? -1 : 1));

/** What is chosen while nobody has chosen, or what was chosen is gone: the first. */
export const chosenOf = (all: readonly DrillInfo[], wanted: string | null): DrillInfo | undefined =>
  all.find((it) => it.drill === wanted) ?? all[0];

/** "6 h 15 min take 38 min." At the speed of life there is nothing to say. */
export const lastsWords = (lastsMs: number, speed: number): string =>
  speed === 1 ? `It takes ${humanDuration(lastsMs)}.` : `${humanDuration(lastsMs)} take ${humanDuration(lastsMs / speed)}.`;

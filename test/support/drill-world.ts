/** A drill's world around the small provider of drill-inventory.ts, and what the checks of it say. */
import { describe, expect, it } from 'vitest';
import { createWorld, type World } from '../../electron/drill/world.ts';
import { spellsOf, type Turn } from '../../electron/drill/world-faults.ts';
import { checkOf } from '../../shared/checks/index.ts';
import type { PlannedCheck } from '../../shared/model/plan.ts';
import type { Verdict } from '../../shared/model/words.ts';
import { type Fault, faultSchemas } from '../../shared/scenario/scenario.ts';
import { MINUTE } from '../../shared/time.ts';
import { readEverything } from './drill-inventory.ts';

export const start = Date.parse('2026-06-16T03:00:00-04:00');
export const { inventory, plan } = readEverything();

export function checkNamed(id: string): PlannedCheck {
  const found = plan.checks.find((check) => check.id === id);
  if (!found) throw new Error(`no check ${id}; there are ${plan.checks.map((it) => it.id).join(' ')}`);
  return found;
}

/** As it is written in a file. */
export type Written = Record<string, unknown>;
export const faultOf = (written: Written): Fault => {
  const kind = Object.keys(faultSchemas).find((key) => key in written) as keyof typeof faultSchemas;
  return faultSchemas[kind].parse(written);
};
export const worldOf = (turns: readonly Turn[], seed: number | string = 7): World =>
  createWorld({ inventory, plan, start, seed, spells: spellsOf(turns).spells });
/** @param written faults that are there from the start */
export const worldWith = (...written: Written[]): World => worldOf(written.map((it) => ({ at: start, break: faultOf(it) })));

/** The same check, made by an agent inside a site. */
export const seenFrom = (vantage: string, check: PlannedCheck): PlannedCheck => ({ ...check, vantage });

/** What the engine would say of a check that is probed at a moment; what is seen is what its own schema allows, and comes in time. */
export function verdictOf(world: World, check: PlannedCheck, at: number): Verdict {
  const { facts, tookMs } = world.see(check, at);
  const definition = checkOf(check.type);
  expect(definition.observation.parse(facts)).toEqual(facts);
  expect(tookMs).toBeGreaterThanOrEqual(0);
  expect(tookMs).toBeLessThanOrEqual(check.timeoutMs);
  // As the engine does: once the probe has come to its end.
  return definition.judge(facts, check.config, at + tookMs);
}

/** "ok", or state and reason. */
export function saidOf(world: World, check: PlannedCheck, at: number): string {
  const { state, reason } = verdictOf(world, check, at);
  return state === 'ok' ? 'ok' : `${state} ${reason}`;
}

/** A fault that has lasted for a while (two minutes where left out), and what checks say of it: "check: ok" or "check: state reason". */
export interface FaultCase {
  name: string;
  fault: Written;
  after?: number;
  says: string[];
}
export function itSays(cases: readonly FaultCase[]): void {
  describe.each(cases)('$name', ({ fault, after = 2 * MINUTE, says }) => {
    it.each(says)('%s', (said) => {
      const [id = '', wanted = ''] = said.split(': ');
      expect(saidOf(worldWith(fault), checkNamed(id), start + after)).toBe(wanted);
    });
  });
}

/** A drill's world in which nothing is broken: every type of check is content, and brings what its own schema allows. */
import { describe, expect, it } from 'vitest';
import { createWorld } from '../../../electron/drill/world.ts';
import { type CheckType, checkOf, checks } from '../../../shared/checks/index.ts';
import { HOUR } from '../../../shared/time.ts';
import { readEverything } from '../../support/drill-inventory.ts';

const start = Date.parse('2026-06-16T03:00:00-04:00');
const { inventory, plan } = readEverything();
const world = createWorld({ inventory, plan, spells: [], start, seed: 1 });

describe('a calm world', () => {
  it('is looked at by every type of check', () => {
    expect([...new Set(plan.checks.map(({ type }) => type))].sort()).toEqual(Object.keys(checks).sort());
  });
  it.each(plan.checks.map((check) => [check.id, check] as const))('%s is ok', (_, check) => {
    for (let at = start; at < start + 5 * HOUR; at += HOUR) {
      const { facts, tookMs } = world.see(check, at);
      const definition = checkOf(check.type as CheckType);
      expect(definition.observation.parse(facts)).toEqual(facts);
      expect(definition.judge(facts, check.config, at)).toMatchObject({ state: 'ok' });
      expect(tookMs).toBeLessThan(check.timeoutMs);
    }
  });
});

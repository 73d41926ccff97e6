/** What holds in a drill's world whatever is broken in it: mended things are well, and figures are kept. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mulberry32 } from '../../../electron/drill/random.ts';
import { createWorld } from '../../../electron/drill/world.ts';
import { isOn, spellsOf, type Turn } from '../../../electron/drill/world-faults.ts';
import { checkOf } from '../../../shared/checks/index.ts';
import { backupModes, dnsModes, type Fault, hostModes, mailModes, type Restore, serviceModes } from '../../../shared/scenario/scenario.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../shared/time.ts';
import { readEverything } from '../../support/drill-inventory.ts';

const start = Date.parse('2026-06-16T07:00:00Z');
const { inventory, plan } = readEverything();
const course = fc.record(
  {
    flap: fc.record({ period: fc.integer({ min: SECOND, max: 10 * MINUTE }), down: fc.double({ min: 0, max: 1, noNaN: true }) }),
    portion: fc.double({ min: 0, max: 1, noNaN: true }),
  },
  { requiredKeys: [] },
);
const subjects: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ link: fc.constantFrom('north', 'sky') }),
  fc.record({ link: fc.constant('north'), prefixes: fc.subarray(['p1', 'p2'], { minLength: 1 }) }),
  fc.record({ link: fc.constant('sky'), loss: fc.double({ min: 0, max: 1, noNaN: true }), delayMs: fc.integer({ min: 0, max: 500 }) }),
  fc.record({ site: fc.constantFrom('bay', 'hill'), power: fc.boolean() }),
  fc.record({ host: fc.constantFrom('web1', 'db1', 'ns1', 'mail1'), mode: fc.constantFrom(...hostModes) }),
  fc.record({ service: fc.constantFrom('web', 'db', 'names'), mode: fc.constantFrom(...serviceModes) }),
  fc.record({ mail: fc.constantFrom('mail', 'example.net'), mode: fc.constantFrom(...mailModes) }),
  fc.record({ dns: fc.constant('example.net'), mode: fc.constantFrom(...dnsModes) }),
  fc.record({ backup: fc.constantFrom('web1', 'web1/push'), mode: fc.constantFrom(...backupModes) }),
  fc.record({ desk: fc.constant(true as const), mode: fc.constant('offline' as const) }),
);
const faults = fc.tuple(subjects, course).map(([subject, more]): Fault => ({ ...subject, ...more }));

/** Ends a fault, by naming its subject alone. */
const restoreOf = (fault: Fault): Restore => {
  const [key, value] = Object.entries(fault)[0] as [string, unknown];
  return { [key]: value } as Restore;
};

describe('after all is restored', () => {
  it('every check is ok again, once what has gathered is gone', () => {
    const broken = fc.array(fc.record({ fault: faults, from: fc.nat(HOUR), lasts: fc.integer({ min: 1, max: HOUR }) }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(broken, fc.integer(), (list, seed) => {
        const turns = list.flatMap(({ fault, from, lasts }): Turn[] => [
          { at: start + from, break: fault },
          { at: start + from + lasts, restore: restoreOf(fault) },
        ]);
        // One may end what another one of the same subject began; a last round mends what is left.
        const last = list.map(({ fault }): Turn => ({ at: start + 2 * HOUR, restore: restoreOf(fault) }));
        const world = createWorld({ inventory, plan, start, seed, spells: spellsOf([...turns, ...last]).spells });
        // A probe in the middle of it, so that messages are on their way.
        for (const check of plan.checks) world.see(check, start + HOUR);
        const at = start + 2 * HOUR + 8 * DAY;
        for (const check of plan.checks) {
          world.see(check, at - HOUR);
          const { facts, tookMs } = world.see(check, at);
          const { state, text } = checkOf(check.type).judge(facts, check.config, at + tookMs);
          expect([check.id, state, text]).toEqual([check.id, 'ok', text]);
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('figures are kept', () => {
  it('a fault that comes and goes is there for its share of each period', () => {
    fc.assert(
      fc.property(fc.integer({ min: SECOND, max: HOUR }), fc.double({ min: 0, max: 1, noNaN: true }), (period, down) => {
        const [spell] = spellsOf([{ at: start, break: { host: 'web1', mode: 'down', flap: { period, down } } }]).spells;
        if (!spell) throw new Error('there is no spell');
        const rounds = 20;
        const steps = 400;
        let on = 0;
        for (let i = 0; i < rounds * steps; i++) if (isOn(spell, start + (i * period) / steps, () => 0)) on += 1;
        expect(on / (rounds * steps)).toBeCloseTo(down, 1);
        expect(isOn(spell, start, () => 0)).toBe(down > 0);
      }),
    );
  });
  it('a portion hits that share of attempts', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer(), (portion, seed) => {
        const spells = spellsOf([{ at: start, break: { host: 'web1', mode: 'down', portion } }]).spells;
        const world = createWorld({ inventory, plan, start, seed, spells });
        const check = plan.checks.find((it) => it.id === 'web1/ssh');
        if (!check) throw new Error('there is no such check');
        const tries = 3_000;
        let failed = 0;
        for (let i = 0; i < tries; i++) if (world.see(check, start + i * 30 * SECOND).facts.failure) failed += 1;
        // Five standard deviations: one in a million runs is beyond.
        expect(Math.abs(failed / tries - portion)).toBeLessThan(5 * Math.sqrt(0.25 / tries));
      }),
      { numRuns: 15 },
    );
  });
  it('lost packets are lost in their share', () => {
    const spells = spellsOf([{ at: start, break: { link: 'north', loss: 0.3 } }]).spells;
    const world = createWorld({ inventory, plan, start, seed: 3, spells });
    const check = plan.checks.find((it) => it.id === 'north/gateway');
    if (!check) throw new Error('there is no such check');
    let [sent, received] = [0, 0];
    for (let i = 0; i < 1_000; i++) {
      const facts = world.see(check, start + i * 30 * SECOND).facts as { sent: number; received: number };
      sent += facts.sent;
      received += facts.received;
    }
    expect(1 - received / sent).toBeCloseTo(0.3, 1);
  });
});

describe('chance', () => {
  it('is that of mulberry32, and the same again for the same seed', () => {
    const first = mulberry32(1);
    expect([first(), first(), first()].map((it) => Math.round(it * 1e6))).toEqual([627_074, 2_736, 527_447]);
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const [a, b] = [mulberry32(seed), mulberry32(seed)];
        for (let i = 0; i < 20; i++) {
          const drawn = a();
          expect(drawn).toBe(b());
          expect(drawn >= 0 && drawn < 1).toBe(true);
        }
      }),
    );
  });
  it('of one check does not depend on how often others are asked', () => {
    const spells = spellsOf([{ at: start, break: { host: 'web1', mode: 'down', portion: 0.5 } }]).spells;
    const [quiet, busy] = [1, 2].map(() => createWorld({ inventory, plan, start, seed: 'a word', spells }));
    const [ssh, ping] = ['web1/ssh', 'web1/icmp'].map((id) => plan.checks.find((it) => it.id === id));
    if (!quiet || !busy || !ssh || !ping) throw new Error('there is no such check');
    for (let i = 0; i < 50; i++) {
      busy.see(ping, start + i);
      expect(busy.see(ssh, start + i * MINUTE)).toEqual(quiet.see(ssh, start + i * MINUTE));
    }
  });
});

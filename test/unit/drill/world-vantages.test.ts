/** What an agent inside a site sees, and what it does not: every type of check, from the desk, from inside its own site and from another one. */
import { describe, expect, it } from 'vitest';
import type { IcmpFacts } from '../../../shared/checks/icmp.ts';
import { HOUR, MINUTE } from '../../../shared/time.ts';
import { everywhere, inBay, inP1, onHill, onRelay1, without } from '../../support/drill-groups.ts';
import { checkNamed, plan, saidOf, seenFrom, start, type Written, worldWith } from '../../support/drill-world.ts';

const ways = ['north/gateway', 'sky/gateway', 'north/port'];
/** Seen from both sites, these lead out into the world, or to both of them. */
const outside = [
  'desk/far',
  'p1/visibility',
  'names/zone',
  'names/delegation',
  'names/propagation',
  'mail.sending/blocklist',
  'mail.records/posture',
];
/** What an agent at Bay cannot see when it is cut off; its resolver still finds the name server beside it. */
const lostToBay = [...outside, ...without(onHill, 'names/zone')];
/** What an agent on the hill cannot see then. */
const lostToHill = [...outside, ...without(inBay, 'names/zone')];
const behindNorth = without(inBay, 'sky/gateway', 'p1/visibility', 'north/port');

/** Faults, and what is not content from the desk, from an agent at Bay and from one on the hill. */
const rows: { what: string; faults: Written[]; desk: string[]; bay: string[]; hill: string[] }[] = [
  { what: 'nothing', faults: [], desk: [], bay: [], hill: [] },
  { what: 'a site cut off', faults: [{ site: 'bay' }], desk: inBay, bay: lostToBay, hill: inBay },
  {
    what: 'a site without power',
    faults: [{ site: 'bay', power: true }],
    desk: inBay,
    bay: plan.checks.map(({ id }) => id),
    hill: inBay,
  },
  {
    what: 'one of two circuits down',
    faults: [{ link: 'north' }],
    desk: ['north/gateway', 'north/port'],
    bay: ['north/gateway', 'north/port'],
    hill: ['north/gateway', 'north/port'],
  },
  {
    what: 'both circuits of a site down',
    faults: [{ link: 'north' }, { link: 'sky' }],
    desk: inBay,
    bay: [...ways, ...lostToBay],
    hill: inBay,
  },
  { what: 'one of two prefixes dropped', faults: [{ link: 'north', prefixes: ['p1'] }], desk: inP1, bay: [], hill: inP1 },
  {
    what: 'both prefixes dropped, so that no answer finds its way back',
    faults: [{ link: 'north', prefixes: ['p1', 'p2'] }],
    desk: without(inBay, ...ways, 'p1/visibility'),
    bay: without(lostToBay),
    hill: without(inBay, ...ways, 'p1/visibility'),
  },
  {
    what: 'every packet lost on the circuit that is used',
    faults: [{ link: 'north', loss: 1 }],
    desk: behindNorth,
    bay: ['north/gateway', ...lostToBay],
    hill: behindNorth,
  },
  {
    what: 'the only circuit of another site down',
    faults: [{ link: 'ridge' }],
    desk: onHill,
    bay: onHill,
    hill: ['ridge/gateway', ...lostToHill],
  },
  { what: 'another site cut off', faults: [{ site: 'hill' }], desk: onHill, bay: onHill, hill: lostToHill },
  { what: 'the desk offline', faults: [{ desk: true, mode: 'offline' }], desk: everywhere, bay: [], hill: [] },
  { what: 'the desk asleep', faults: [{ desk: true, mode: 'asleep' }], desk: [], bay: [], hill: [] },
  {
    what: 'a machine down',
    faults: [{ host: 'relay1' }],
    desk: onRelay1,
    bay: onRelay1,
    hill: onRelay1,
  },
];
const notContent = (faults: Written[], vantage: string): string[] => {
  const world = worldWith(...faults);
  return plan.checks.filter((check) => saidOf(world, seenFrom(vantage, check), start + 2 * MINUTE) !== 'ok').map(({ id }) => id);
};

describe.each(rows)('$what', ({ faults, ...by }) => {
  it.each(['desk', 'bay', 'hill'] as const)('from %s', (vantage) => {
    expect(notContent(faults, vantage).sort()).toEqual([...new Set(by[vantage])].sort());
  });
});

describe('an agent', () => {
  const medianOf = (vantage: string, id: string, ...faults: Written[]): number => {
    const { facts } = worldWith(...faults).see(seenFrom(vantage, checkNamed(id)), start + MINUTE);
    return (facts as IcmpFacts).medianMs ?? Number.NaN;
  };
  it('is near what stands beside it, and sees another site through the links of both', () => {
    expect(medianOf('bay', 'web1/icmp')).toBeLessThan(2);
    expect(medianOf('desk', 'web1/icmp')).toBeGreaterThan(3);
    expect(medianOf('hill', 'web1/icmp')).toBeGreaterThan(medianOf('desk', 'web1/icmp'));
    const slow: Written[] = [
      { link: 'north', delayMs: 100 },
      { link: 'ridge', delayMs: 50 },
    ];
    expect(medianOf('bay', 'web1/icmp', ...slow)).toBeLessThan(2);
    expect(medianOf('desk', 'web1/icmp', ...slow)).toBeGreaterThan(100);
    expect(medianOf('desk', 'web1/icmp', ...slow)).toBeLessThan(120);
    expect(medianOf('hill', 'web1/icmp', ...slow)).toBeGreaterThan(150);
  });
  it('loses packets on both links on its way to another site', () => {
    const lost = (vantage: string): number => {
      const world = worldWith({ link: 'north', loss: 0.2 }, { link: 'ridge', loss: 0.5 });
      let [sent, received] = [0, 0];
      for (let i = 0; i < 600; i++) {
        const facts = world.see(seenFrom(vantage, checkNamed('web1/icmp')), start + i * MINUTE).facts as IcmpFacts;
        sent += facts.sent ?? 0;
        received += facts.received ?? 0;
      }
      return 1 - received / sent;
    };
    expect(lost('bay')).toBe(0);
    expect(lost('desk')).toBeCloseTo(0.2, 1);
    expect(lost('hill')).toBeCloseTo(0.6, 1);
  });
  it('without power makes no sense of a job that calls, however long it lasts', () => {
    const world = worldWith({ site: 'bay', power: true });
    expect(saidOf(world, seenFrom('bay', checkNamed('web1/push')), start + 5 * HOUR)).not.toBe('ok');
    expect(saidOf(world, checkNamed('web1/push'), start + 5 * HOUR)).toBe('down late');
  });
  it('at a site that is cut off hears the calls of the jobs there; the desk does not', () => {
    const world = worldWith({ site: 'bay' });
    expect(saidOf(world, seenFrom('bay', checkNamed('web1/push')), start + 5 * HOUR)).toBe('ok');
    expect(saidOf(world, checkNamed('web1/push'), start + 5 * HOUR)).toBe('down late');
  });
});

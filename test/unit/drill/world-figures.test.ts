/** The figures of a fault are kept, whatever its subject: how often it comes and goes, what share of attempts it hits, what it does to a queue. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mulberry32 } from '../../../electron/drill/random.ts';
import { brokenFor, isOn, spellsOf, type Turn } from '../../../electron/drill/world-faults.ts';
import type { QueueFacts } from '../../../shared/checks/queue-facts.ts';
import type { RoundtripFacts } from '../../../shared/checks/roundtrip-facts.ts';
import type { VisibilityFacts } from '../../../shared/checks/visibility.ts';
import { HOUR, MINUTE, SECOND } from '../../../shared/time.ts';
import { checkNamed, faultOf, saidOf, start, type Written, worldOf, worldWith } from '../../support/drill-world.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true });

/** A fault of each kind, and a check that sees each time whether it is there. */
const seen: [fault: Written, check: string][] = [
  [{ link: 'north' }, 'north/gateway'],
  [{ link: 'north', prefixes: ['p1'] }, 'web1/icmp'],
  [{ link: 'north', blackhole: true }, 'mail.receiving/smtp'],
  [{ link: 'north', loss: 1 }, 'p2/icmp-192.0.2.129'],
  [{ site: 'bay' }, 'web1/ssh'],
  [{ site: 'bay', power: true }, 'web1/icmp'],
  [{ host: 'web1' }, 'web1/icmp'],
  [{ host: 'web1', mode: 'memory-errors' }, 'web1/inside'],
  [{ host: 'web1', mode: 'disk-full' }, 'web1/agent'],
  [{ service: 'web', mode: 'error' }, 'web/http'],
  [{ service: 'web', mode: 'expired-certificate' }, 'web/tls'],
  [{ service: 'db', mode: 'refuse' }, 'db/redis'],
  [{ service: 'db', mode: 'stalled' }, 'web/http'],
  [{ mail: 'mail', mode: 'auth-fails' }, 'mail.reading/imaps'],
  [{ mail: 'mail', mode: 'webmail-down' }, 'mail.webmail/webmail'],
  [{ mail: 'mail', mode: 'blocklisted' }, 'mail.sending/blocklist'],
  [{ dns: 'example.net', mode: 'servfail' }, 'names/dns'],
  [{ dns: 'example.net', mode: 'delegation-mismatch' }, 'names/delegation'],
  [{ backup: 'web1', mode: 'failed' }, 'web1/push'],
  [{ backup: 'web1', mode: 'corrupt' }, 'web1/backup'],
  [{ desk: true, mode: 'offline' }, 'desk/far'],
];

describe('a fault that comes and goes', () => {
  it.each(seen)('%j is there for its share of each period', (fault, id) => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 600 }), share, (seconds, down) => {
        const period = seconds * SECOND;
        const world = worldWith({ ...fault, flap: { period: `${seconds}s`, down } });
        const steps = 25;
        let hit = 0;
        for (let i = 0; i < 4 * steps; i++) {
          const into = ((i % steps) + 0.5) / steps;
          const at = start + Math.floor(i / steps) * period + into * period;
          const isHit = saidOf(world, checkNamed(id), at) !== 'ok';
          if (isHit) hit += 1;
        }
        expect(Math.abs(hit / (4 * steps) - down)).toBeLessThanOrEqual(1 / steps);
      }),
      { numRuns: 8 },
    );
  });
  it('begins with its fault, and was there as long as its parts together', () => {
    fc.assert(
      fc.property(fc.integer({ min: SECOND, max: HOUR }), share, fc.nat(20 * HOUR), (period, down, lasts) => {
        const [spell] = spellsOf([{ at: start, break: { host: 'web1', mode: 'down', flap: { period, down } } }]).spells;
        if (!spell) throw new Error('there is no spell');
        expect(isOn(spell, start, () => 0)).toBe(down > 0);
        const whole = brokenFor(spell, start + lasts);
        const halves = brokenFor({ ...spell, to: start + lasts / 2 }, start + lasts);
        expect(whole).toBeGreaterThanOrEqual(halves);
        expect(Math.abs(whole - down * lasts)).toBeLessThanOrEqual(period);
      }),
    );
  });
});

describe('a portion', () => {
  it.each(seen)('of %j hits that share of attempts', (fault, id) => {
    fc.assert(
      fc.property(share, fc.integer(), (portion, seed) => {
        const world = worldOf([{ at: start, break: faultOf({ ...fault, portion }) }], seed);
        const tries = 600;
        let hit = 0;
        for (let i = 0; i < tries; i++) if (saidOf(world, checkNamed(id), start + MINUTE + i * 30 * SECOND) !== 'ok') hit += 1;
        // Six standard deviations.
        expect(Math.abs(hit / tries - portion)).toBeLessThan(6 * Math.sqrt(0.25 / tries));
      }),
      { numRuns: 4 },
    );
  });
  it('of calls of a job leaves that share of them out', () => {
    const world = worldWith({ backup: 'web1/push', mode: 'late', portion: 0.5 });
    const check = checkNamed('web1/push');
    const came = new Set<number>();
    for (let at = start; at < start + 400 * HOUR; at += 10 * MINUTE) {
      const { lastAt } = world.see(check, at).facts as { lastAt: number };
      if (lastAt > start) came.add(lastAt);
    }
    expect(came.size / 400).toBeGreaterThan(0.4);
    expect(came.size / 400).toBeLessThan(0.6);
  });
});

describe('lost packets', () => {
  it.each([0.1, 0.3, 0.7])('are lost in their share: %d', (loss) => {
    const world = worldWith({ link: 'north', loss });
    let [sent, received] = [0, 0];
    for (let i = 0; i < 1_000; i++) {
      const facts = world.see(checkNamed('north/gateway'), start + i * 30 * SECOND).facts as { sent: number; received: number };
      sent += facts.sent;
      received += facts.received;
    }
    expect(1 - received / sent).toBeCloseTo(loss, 1);
  });
});

describe('a queue', () => {
  const queue = checkNamed('mail.delivery/queue');
  const totalOf = (turns: Turn[], at: number): number => ((worldOf(turns).see(queue, at).facts as QueueFacts).total ?? 0) - 3;
  const stuck = (more: Written = {}): Turn => ({ at: start, break: faultOf({ mail: 'mail', mode: 'queue-stuck', value: 20, ...more }) });

  it.each([
    ['grows by what comes in', {}, HOUR, 1_200],
    ['grows by the share that is stuck', { portion: 0.25 }, HOUR, 300],
    // Of ten minutes nine are stuck: 180 messages come, and 100 leave in the tenth.
    ['that moves now and then grows by what does not leave in between', { flap: { period: '10m', down: 0.9 } }, HOUR, 6 * 80],
    ['that moves for long enough is empty each time', { flap: { period: '10m', down: 0.5 } }, HOUR, 0],
    ['that moves has grown until then', { flap: { period: '10m', down: 0.5 } }, HOUR + 4 * MINUTE, 80],
  ] as const)('%s', (_, more, after, wanted) => {
    expect(Math.abs(totalOf([stuck(more)], start + after) - wanted)).toBeLessThan(30);
  });
  it('does not grow like clockwork, but never shrinks while it is stuck', () => {
    const world = worldOf([stuck()]);
    const totals = Array.from({ length: 60 }, (_, minute) => (world.see(queue, start + minute * MINUTE).facts as QueueFacts).total ?? 0);
    const steps = totals.slice(1).map((total, i) => total - (totals[i] ?? 0));
    expect(new Set(steps).size).toBeGreaterThan(3);
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(0);
  });
  it('empties five times as fast as it grew', () => {
    const turns: Turn[] = [stuck(), { at: start + HOUR, restore: { mail: 'mail' } }];
    expect(Math.abs(totalOf(turns, start + HOUR + 6 * MINUTE) - 600)).toBeLessThan(30);
    expect(totalOf(turns, start + HOUR + 13 * MINUTE)).toBeLessThan(5);
  });
  it('that holds a share of mail lets the rest of the round trips through', () => {
    const world = worldOf([stuck({ portion: 0.3 })]);
    const check = checkNamed('mail.delivery/roundtrip');
    let [came, tried] = [0, 0];
    for (let i = 0; i < 12; i++) {
      const facts = world.see(check, start + i * 5 * MINUTE).facts as RoundtripFacts;
      if (facts.heldBack) continue;
      tried += 1;
      if (facts.stage === 'done') came += 1;
    }
    expect(came).toBeGreaterThan(0);
    expect(came).toBeLessThan(tried);
  });
});

describe('a looking glass', () => {
  it('tells when a prefix was seen last', () => {
    const world = worldOf([{ at: start + HOUR, break: faultOf({ site: 'bay' }) }]);
    const look = (at: number) => world.see(checkNamed('p1/visibility'), at).facts as VisibilityFacts;
    expect(look(start + 59 * MINUTE).seeing).toBeGreaterThan(300);
    const later = look(start + 3 * HOUR);
    expect(later.seeing).toBe(0);
    expect(later.lastSeenAt).toBeLessThan(start + HOUR);
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
    const turns: Turn[] = [{ at: start, break: faultOf({ host: 'web1', portion: 0.5 }) }];
    const [quiet, busy] = [worldOf(turns, 'a word'), worldOf(turns, 'a word')];
    for (let i = 0; i < 50; i++) {
      busy.see(checkNamed('web1/icmp'), start + i);
      expect(busy.see(checkNamed('web1/ssh'), start + i * MINUTE)).toEqual(quiet.see(checkNamed('web1/ssh'), start + i * MINUTE));
    }
  });
});

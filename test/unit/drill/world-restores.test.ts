/** What holds in a drill's world whatever is broken in it: what is mended is well again, and only that. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Spell, spellsOf, type Turn } from '../../../electron/drill/world-faults.ts';
import {
  backupModes,
  dnsModes,
  type Fault,
  hostModes,
  mailModes,
  mailProtocols,
  type Restore,
  serviceModes,
} from '../../../shared/scenario/scenario.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../shared/time.ts';
import { checkNamed, faultOf, plan, saidOf, seenFrom, start, type Written, worldOf } from '../../support/drill-world.ts';

const vantages = ['desk', 'bay', 'hill'];
const course = fc.record(
  {
    flap: fc.record({ period: fc.integer({ min: SECOND, max: 10 * MINUTE }), down: fc.double({ min: 0, max: 1, noNaN: true }) }),
    portion: fc.double({ min: 0, max: 1, noNaN: true }),
  },
  { requiredKeys: [] },
);
const prefixes = fc.subarray(['p1', 'p2'], { minLength: 1 });
const subjects: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ link: fc.constantFrom('north', 'sky', 'ridge') }),
  fc.record({ link: fc.constant('north'), prefixes }),
  fc.record({ link: fc.constant('sky'), prefixes, blackhole: fc.boolean() }),
  fc.record({ link: fc.constant('sky'), loss: fc.double({ min: 0, max: 1, noNaN: true }), delayMs: fc.integer({ min: 0, max: 500 }) }),
  fc.record({ site: fc.constantFrom('bay', 'hill'), power: fc.boolean() }),
  fc.record({ host: fc.constantFrom('web1', 'db1', 'ns1', 'mail1', 'relay1'), mode: fc.constantFrom(...hostModes) }),
  fc.record({ service: fc.constantFrom('web', 'db', 'names', 'relay', 'shell'), mode: fc.constantFrom(...serviceModes) }),
  fc.record({ mail: fc.constantFrom('mail', 'example.net'), mode: fc.constantFrom(...mailModes) }),
  fc.record({
    mail: fc.constant('mail'),
    mode: fc.constantFrom(...mailModes),
    protocols: fc.subarray([...mailProtocols], { minLength: 1 }),
  }),
  fc.record({ dns: fc.constant('example.net'), mode: fc.constantFrom(...dnsModes) }),
  fc.record({ dns: fc.constant('example.net'), mode: fc.constantFrom(...dnsModes), server: fc.constantFrom('ns1', '203.0.113.20') }),
  fc.record({ backup: fc.constantFrom('web1', 'web1/push', 'relay1/backup'), mode: fc.constantFrom(...backupModes) }),
  fc.record({ desk: fc.constant(true as const), mode: fc.constant('offline' as const) }),
);
const faults = fc.tuple(subjects, course).map(([subject, more]): Fault => ({ ...subject, ...more }));

const subjectOf = (fault: Fault): [string, unknown] => Object.entries(fault)[0] as [string, unknown];
/** Ends a fault, by naming its subject alone. */
const restoreOf = (fault: Fault): Restore => Object.fromEntries([subjectOf(fault)]) as Restore;
/** Ends it part by part, as far as it has parts that can be named, in any order; else at once. */
function partsOf(fault: Fault): Restore[] {
  if ('link' in fault && fault.prefixes) return fault.prefixes.map((prefix) => ({ link: fault.link, prefixes: [prefix] }));
  if ('mail' in fault) {
    const protocols = fault.protocols ?? usual[fault.mode];
    if (protocols) return protocols.map((protocol) => ({ mail: fault.mail, mode: fault.mode, protocols: [protocol] }));
  }
  if ('dns' in fault && fault.server === undefined && fault.mode !== 'delegation-mismatch')
    return ['192.0.2.20', 'ns2'].map((server) => ({ dns: fault.dns, mode: fault.mode, server }));
  return [restoreOf(fault)];
}
/** What a fault of mail hits that names no protocols. */
const usual: Partial<Record<(typeof mailModes)[number], (typeof mailProtocols)[number][]>> = {
  'smtp-refuse': ['smtp'],
  'auth-fails': ['submission', 'imap', 'pop3', 'sieve'],
  'tls-broken': ['smtp', 'submission', 'imap', 'pop3', 'sieve'],
  'webmail-down': ['webmail'],
};

/** Everything that is not content, from everywhere, once what had gathered is gone. */
function unwellIn(turns: Turn[], seed: number, at: number): string[] {
  const world = worldOf(turns, seed);
  const all = vantages.flatMap((vantage) => plan.checks.map((check) => seenFrom(vantage, check)));
  // A probe in the middle of it, so that messages are on their way, and one before, as some need two looks.
  for (const check of all) world.see(check, start + HOUR);
  for (const check of all) world.see(check, at - HOUR);
  return all.flatMap((check) => {
    const said = saidOf(world, check, at);
    return said === 'ok' ? [] : [`${check.id} from ${check.vantage}: ${said}`];
  });
}

const broken = fc.array(fc.record({ fault: faults, from: fc.nat(HOUR), lasts: fc.integer({ min: 1, max: HOUR }) }), {
  minLength: 1,
  maxLength: 5,
});
const afterwards = start + 2 * HOUR + 8 * DAY;

describe('after all is restored', () => {
  it('every check is ok again, from everywhere, however faults lay over each other', () => {
    fc.assert(
      fc.property(broken, fc.integer(), (list, seed) => {
        const turns = list.flatMap(({ fault, from, lasts }): Turn[] => [
          { at: start + from, break: fault },
          { at: start + from + lasts, restore: restoreOf(fault) },
        ]);
        // One may end what another one of the same subject began; a last round mends what is left.
        const last = list.map(({ fault }): Turn => ({ at: start + 2 * HOUR, restore: restoreOf(fault) }));
        expect(unwellIn([...turns, ...last], seed, afterwards)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
  it('part by part, it is the same', () => {
    fc.assert(
      fc.property(faults, fc.integer(), fc.boolean(), (fault, seed, backwards) => {
        const parts = backwards ? partsOf(fault).reverse() : partsOf(fault);
        const turns = parts.map((restore, index): Turn => ({ at: start + HOUR + index * MINUTE, restore }));
        const { idle } = spellsOf([{ at: start, break: fault }, ...turns]);
        expect(idle).toEqual([]);
        expect(unwellIn([{ at: start, break: fault }, ...turns], seed, afterwards)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a restore', () => {
  it('mends its own subject, and leaves everything else as broken as if there had been nothing else', () => {
    const two = fc
      .tuple(subjects, subjects)
      .filter(([a, b]) => String(subjectOf(a)) !== String(subjectOf(b)) && !('mail' in a && 'mail' in b) && !isLossy(a));
    fc.assert(
      fc.property(two, fc.integer(), ([stays, mended], seed) => {
        const alone: Turn[] = [{ at: start, break: stays }];
        const both: Turn[] = [...alone, { at: start + MINUTE, break: mended }, { at: start + HOUR, restore: restoreOf(mended) }];
        expect(unwellIn(both, seed, afterwards)).toEqual(unwellIn(alone, seed, afterwards));
      }),
      { numRuns: 100 },
    );
  });
  const isLossy = (fault: Fault): boolean => 'link' in fault && fault.loss !== undefined;

  const said = (turns: Turn[], ids: string[]): string[] => {
    const world = worldOf(turns);
    return ids.map((id) => saidOf(world, checkNamed(id), start + 10 * MINUTE));
  };
  const cases: { name: string; break: Written; restore: Restore; says: Record<string, string> }[] = [
    {
      name: 'of one prefix of two',
      break: { link: 'north', prefixes: ['p1', 'p2'] },
      restore: { link: 'north', prefixes: ['p1'] },
      says: { 'web1/icmp': 'ok', 'mail1/icmp': 'down no-reply' },
    },
    {
      name: 'of one protocol, of a fault that names three',
      break: { mail: 'mail', mode: 'auth-fails', protocols: ['imap', 'pop3', 'submission'] },
      restore: { mail: 'mail', protocols: ['pop3'] },
      says: { 'mail.reading/pop3s': 'ok', 'mail.reading/imaps': 'down login-refused', 'mail.sending/submission': 'down login-refused' },
    },
    {
      name: 'of one protocol, of a fault that names none',
      break: { mail: 'example.net', mode: 'auth-fails' },
      restore: { mail: 'example.net', protocols: ['imap'] },
      says: { 'mail.reading/imaps': 'ok', 'mail.reading/pop3s': 'down login-refused', 'mail.filters/sieve': 'down login-refused' },
    },
    {
      name: 'of one name server, of a fault of all',
      break: { dns: 'example.net', mode: 'servfail' },
      restore: { dns: 'example.net', server: 'ns1' },
      says: { 'names/dns': 'ok', 'names/zone': 'degraded servfail', 'names/resolved': 'ok' },
    },
    {
      name: 'of one name server that a fault names',
      break: { dns: 'example.net', mode: 'server-down', server: '192.0.2.20' },
      restore: { dns: 'example.net', server: '192.0.2.20' },
      says: { 'names/dns': 'ok', 'names/zone': 'ok' },
    },
  ];
  it.each(cases)('$name', ({ break: written, restore, says }) => {
    const turns: Turn[] = [
      { at: start, break: faultOf(written) },
      { at: start + MINUTE, restore },
    ];
    expect(spellsOf(turns).idle).toEqual([]);
    expect(said(turns, Object.keys(says))).toEqual(Object.values(says));
  });
  it('of one mode leaves the other one of the same host', () => {
    const turns: Turn[] = [
      { at: start, break: faultOf({ host: 'web1', mode: 'hot', value: 98 }) },
      { at: start, break: faultOf({ host: 'web1', mode: 'disk-full' }) },
      { at: start + MINUTE, restore: { host: 'web1', mode: 'disk-full' } },
    ];
    expect(said(turns, ['web1/inside', 'web1/agent', 'web1/heat'])).toEqual(['down temperature', 'ok', 'degraded too-high']);
  });

  const idle: { name: string; break: Written; restore: Restore }[] = [
    { name: 'of a part of a circuit that is down as a whole', break: { link: 'north' }, restore: { link: 'north', prefixes: ['p1'] } },
    { name: 'of another mode', break: { host: 'web1', mode: 'hot' }, restore: { host: 'web1', mode: 'down' } },
    { name: 'of another protocol', break: { mail: 'mail', mode: 'smtp-refuse' }, restore: { mail: 'mail', protocols: ['imap'] } },
    {
      name: 'of another server',
      break: { dns: 'example.net', mode: 'servfail', server: 'ns1' },
      restore: { dns: 'example.net', server: 'ns2' },
    },
  ];
  it.each(idle)('$name ends nothing, and that is told', ({ break: written, restore }) => {
    const { spells, idle: told } = spellsOf([
      { at: start, break: faultOf(written) },
      { at: start + MINUTE, restore },
    ]);
    expect(told).toEqual([1]);
    expect(spells.map((it: Spell) => it.to)).toEqual([Number.POSITIVE_INFINITY]);
  });
  it('of the last part that is left ends the whole', () => {
    const { spells } = spellsOf([
      { at: start, break: faultOf({ mail: 'mail', mode: 'auth-fails' }) },
      { at: start + MINUTE, restore: { mail: 'mail', protocols: ['imap', 'pop3'] } },
      { at: start + 2 * MINUTE, restore: { mail: 'mail', protocols: ['submission', 'sieve'] } },
    ]);
    expect(spells.map((it) => it.to)).toEqual([start + 2 * MINUTE]);
  });
});

describe('a machine that comes back', () => {
  const at = (id: string, afterMs: number): string => {
    const world = worldOf([
      { at: start, break: faultOf({ host: 'web1' }) },
      { at: start + HOUR, restore: { host: 'web1' } },
    ]);
    return saidOf(world, checkNamed(id), start + HOUR + afterMs);
  };
  it('answers pings first, then log-ins, then one program after another', () => {
    expect([at('web1/icmp', SECOND), at('web1/ssh', SECOND), at('web/http', SECOND)]).toEqual(['ok', 'down refused', 'down refused']);
    expect([at('web1/ssh', 9 * SECOND), at('web/http', 9 * SECOND)]).toEqual(['ok', 'down refused']);
    expect(at('web/http', 34 * SECOND)).toBe('ok');
  });
});

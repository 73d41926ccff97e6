/** Verdicts on a registration. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRdap } from '../../electron/probes/rdap.ts';
import { type DomainConfig, type DomainFacts, domain } from '../../shared/checks/domain.ts';
import { DAY, HOUR } from '../../shared/time.ts';

const now = Date.parse('2026-11-20T12:00:00Z');

describe('domain', () => {
  const config = domain.config.parse({ domain: 'example.net', url: 'https://rdap.example/' }) as DomainConfig;
  const good: DomainFacts = { registered: true, askedAt: now - HOUR, expiresAt: now + 100 * DAY, status: ['active'] };
  const cases: [string, DomainFacts, string, string][] = [
    ['well', good, 'ok', 'ok'],
    ['31 days', { ...good, expiresAt: now + 31 * DAY }, 'ok', 'ok'],
    ['30 days', { ...good, expiresAt: now + 30 * DAY }, 'degraded', 'expires-soon'],
    ['15 days', { ...good, expiresAt: now + 15 * DAY }, 'degraded', 'expires-soon'],
    ['14 days', { ...good, expiresAt: now + 14 * DAY }, 'down', 'expires-soon'],
    ['run out', { ...good, expiresAt: now }, 'down', 'expired'],
    ['not registered', { registered: false, askedAt: now }, 'down', 'not-registered'],
    ['held by the registrar', { ...good, status: ['client hold'] }, 'down', 'held'],
    ['held, in the words of EPP', { ...good, status: ['serverHold'] }, 'down', 'held'],
    ['to be bought back', { ...good, status: ['redemption period'] }, 'down', 'held'],
    ['locked is fine', { ...good, status: ['client transfer prohibited', 'server delete prohibited'] }, 'ok', 'ok'],
    ['renewal under way is fine', { ...good, status: ['auto renew period'] }, 'ok', 'ok'],
    ['no date', { ...good, expiresAt: undefined }, 'unknown', 'no-expiry'],
    ['nothing', {}, 'unknown', 'no-result'],
    ['failure alone says nothing of the domain', { failure: { code: 'refused', detail: 'refused' } }, 'unknown', 'refused'],
    ['failure after a good answer', { ...good, failure: { code: 'refused', detail: 'refused' } }, 'ok', 'ok'],
    ['failure for too long', { ...good, askedAt: now - 8 * DAY, failure: { code: 'refused', detail: 'refused' } }, 'unknown', 'old-answer'],
  ];
  it.each(cases)('%s', (_, facts, state, reason) => {
    expect(domain.observation.safeParse(facts).success).toBe(true);
    const verdict = domain.judge(facts, config, now);
    expect(verdict).toMatchObject({ state, reason });
    const said = domain.explain(facts, verdict, config);
    for (const line of [said.happened, said.means, said.todo]) expect(line).toMatch(/^[A-Z].*\.$/);
  });
  it('tells what changed at the registry', () => {
    const before: DomainFacts = { ...good, registrar: 'One', nameServers: ['ns1.a', 'ns2.a'] };
    const after: DomainFacts = { ...good, registrar: 'Two', nameServers: ['NS2.a.', 'ns3.a'], expiresAt: now + 465 * DAY };
    expect(domain.changes(before, after).map(({ code }) => code)).toEqual(['registrar-changed', 'domain-renewed', 'name-servers-changed']);
    expect(domain.changes(before, { ...before, nameServers: ['ns2.a', 'NS1.a.'] })).toEqual([]);
    expect(domain.changes(before, {})).toEqual([]);
  });
  it.each([
    { domain: 'net', url: 'https://a.example/' },
    { domain: 'a b', url: 'https://a.example/' },
    { domain: 'a.net' },
    { domain: 'a.net', url: 'ftp://a.example/' },
    { domain: 'a.net', url: 'https://u:p@a.example/' },
    { domain: 'a.net', url: 'https://a.example/?x=1' },
  ])('%j is no setting', (settings) => expect(domain.config.safeParse(settings).success).toBe(false));
  it('reads any text without throwing', () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => void readRdap(text, 'example.net')));
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'small' },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('roles', 'eventAction', 'eventDate', 'vcardArray', 'ldhName', 'delegationSigned'), tie('any')),
      ),
    })).any;
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('status', 'events', 'entities', 'nameservers', 'secureDNS', 'errorCode'), value),
        (more) => {
          const read = readRdap(JSON.stringify({ objectClassName: 'domain', ldhName: 'example.net', ...more }), 'example.net');
          if (read.ok) expect(domain.observation.safeParse(read.value.facts).success).toBe(true);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

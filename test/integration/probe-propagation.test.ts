import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probePropagation } from '../../electron/probes/propagation.ts';
import { type PropagationConfig, propagation } from '../../shared/checks/propagation.ts';
import { probeContext } from '../support/probe-context.ts';
import { freePort, type Started, startNsd, startUdp } from '../support/servers.ts';
import { startUnbound } from '../support/signed-zone.ts';

const zoneText = (address: string, ttl: number): string => `$ORIGIN example.test.
$TTL ${ttl}
@ IN SOA ns1 hostmaster 1 3600 900 604800 2400
@ IN NS ns1
ns1 IN A 127.0.0.1
${address === '' ? '' : `www IN A ${address}`}
`;

const all: Started[] = [];
const start = async (address: string, ttl: number): Promise<string> => {
  const nsd = await startNsd({ 'example.test': zoneText(address, ttl) });
  all.push(nsd);
  return `127.0.0.1:${nsd.port}`;
};
let fresh: string;
let old: string;
let empty: string;
let mute: string;
let refusing: string;
beforeAll(async () => {
  const silent = await startUdp(() => {});
  const other = await startNsd({ 'other.test': zoneText('192.0.2.1', 60).replace('example', 'other') });
  all.push(silent, other);
  [fresh, old, empty] = await Promise.all([start('192.0.2.20', 3_600), start('192.0.2.10', 2_400), start('', 3_600)]);
  mute = `127.0.0.1:${silent.port}`;
  refusing = `127.0.0.1:${other.port}`;
});
afterAll(() => Promise.all(all.map((server) => server.stop())));

async function look(resolvers: string[], settings: Record<string, unknown> = {}, timeoutMs = 500) {
  const config = propagation.config.parse({
    query: 'www.example.test',
    equals: ['192.0.2.20'],
    resolvers,
    ...settings,
  }) as PropagationConfig;
  const facts = await probePropagation(config, probeContext({ timeoutMs }));
  expect(() => propagation.observation.parse(facts)).not.toThrow();
  const verdict = propagation.judge(facts, config);
  const said = propagation.explain(facts, verdict, config);
  for (const line of [said.happened, said.means, said.todo]) expect(line).toMatch(/^[A-Z].*\.$/s);
  return { facts, verdict, measure: propagation.measure(facts) };
}

describe('resolvers with and without a changed address', () => {
  it('is seen by all', async () => {
    const { verdict, measure } = await look([fresh, fresh, fresh]);
    expect(verdict).toEqual({ state: 'ok', reason: 'ok', text: 'seen by 3 of 3' });
    expect(measure).toBe(100);
  });

  it('is seen by some, and says when the rest will see it', async () => {
    const { verdict, facts, measure } = await look([...Array<string>(7).fill(fresh), old, old]);
    expect(verdict).toEqual({ state: 'degraded', reason: 'partly-seen', text: 'seen by 7 of 9, the rest expire in 40 min' });
    expect(facts.resolvers?.[8]).toMatchObject({ outcome: 'old', values: ['192.0.2.10'], ttl: 2_400 });
    expect(measure).toBe(78);
    expect((await look([fresh, old], { degradedBelow: 50 })).verdict.state).toBe('ok');
    expect((await look([fresh, old, old], { downBelow: 50 })).verdict).toMatchObject({ state: 'down', reason: 'not-seen' });
  });

  it('that there is nothing runs out too', async () => {
    const { facts, verdict } = await look([fresh, empty]);
    expect(facts.resolvers?.[1]).toMatchObject({ outcome: 'old', rcode: 'NXDOMAIN', values: [], ttl: 2_400 });
    expect(verdict.text).toBe('seen by 1 of 2, the rest expires in 40 min');
  });

  it('a resolver without an answer may have it or not', async () => {
    const silent = await look([fresh, mute]);
    expect(silent.verdict).toEqual({ state: 'unknown', reason: 'resolvers-silent', text: `seen by 1 of 2, no answer from ${mute}` });
    expect((await look([fresh, refusing])).facts.resolvers?.[1]).toMatchObject({ outcome: 'failed', rcode: 'REFUSED' });
    expect((await look([fresh, mute], { degradedBelow: 50 })).verdict.state).toBe('ok');
    expect((await look([fresh, old, mute])).verdict.state).toBe('degraded');
    const nothing = await look([mute, `127.0.0.1:${await freePort()}`]);
    expect(nothing.verdict).toEqual({ state: 'unknown', reason: 'no-answer', text: 'none of 2 resolvers has an answer' });
    expect(nothing.measure).toBeNull();
  });

  it('a real resolver counts the time down', async () => {
    const unbound = await startUnbound(Number(old.split(':')[1]), []);
    all.push(unbound);
    const at = `127.0.0.1:${unbound.port}`;
    await look([at], {}, 3_000);
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    const { facts } = await look([at]);
    expect(facts.resolvers?.[0]?.ttl).toBeGreaterThan(2_390);
    expect(facts.resolvers?.[0]?.ttl).toBeLessThan(2_399);
  });
});

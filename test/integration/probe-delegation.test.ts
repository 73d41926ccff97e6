import { afterEach, describe, expect, it } from 'vitest';
import { probeDelegation } from '../../electron/probes/delegation.ts';
import { type DelegationConfig, delegation } from '../../shared/checks/delegation.ts';
import { probeContext } from '../support/probe-context.ts';
import { freePort, type Started, startNsd, startUdp } from '../support/servers.ts';

const started: { stop(): Promise<void> }[] = [];
const keep = async <T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
  const server = await starting;
  started.push(server);
  return server;
};
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

const soa = 'SOA ns1.example.test. hostmaster.example.test. 1 3600 900 604800 60';
/** The zone above, which sends people to the servers of example.test. */
const parentText = (lines: string): string => `$ORIGIN test.\n$TTL 300\n@ ${soa}\n@ NS a.nic.test.\na.nic A 127.0.0.9\n${lines}\n`;
const zoneText = (lines: string): string => `$ORIGIN example.test.\n$TTL 300\n@ ${soa}\n${lines}\n`;

const rightAbove = 'example NS ns1.example\nexample NS ns2.example\nns1.example A 127.0.0.2\nns2.example A 127.0.0.3';
const rightZone = '@ NS ns1\n@ NS ns2\nns1 A 127.0.0.2\nns2 A 127.0.0.3';

/** @param zones what the servers at 127.0.0.2 and 127.0.0.3 have; null = another zone, so that they are lame */
async function lab(above: string, zones: (string | null)[]): Promise<{ parent: Started; port: number }> {
  const port = await freePort();
  const [parent] = await Promise.all([
    keep(startNsd({ test: parentText(above) })),
    ...zones.map((text, index) =>
      keep(
        startNsd(
          text === null ? { 'other.test': zoneText('@ NS ns1').replaceAll('example', 'other') } : { 'example.test': zoneText(text) },
          { host: `127.0.0.${index + 2}`, port },
        ),
      ),
    ),
  ]);
  return { parent: parent as Started, port };
}

async function look(settings: Record<string, unknown>, timeoutMs = 10_000) {
  const config = delegation.config.parse({ zone: 'example.test', ...settings }) as DelegationConfig;
  const context = probeContext({ timeoutMs });
  const begin = performance.now();
  const facts = await probeDelegation(config, context);
  expect(() => delegation.observation.parse(facts)).not.toThrow();
  const verdict = delegation.judge(facts, config);
  const said = delegation.explain(facts, verdict, config);
  for (const line of [said.happened, said.means, said.todo]) expect(line).toMatch(/^[A-Z].*\.$/s);
  return { facts, verdict, lines: delegation.facts(facts), tookMs: performance.now() - begin };
}

describe('two real name servers and the zone above', () => {
  const cases: [name: string, above: string, zones: (string | null)[], state: string, reason: string, text: string][] = [
    ['all is right', rightAbove, [rightZone, rightZone], 'ok', 'ok', 'the zone above and the zone itself name the same 2 servers'],
    ['one server was never set up', rightAbove, [rightZone, null], 'degraded', 'lame', 'ns2.example.test answers REFUSED'],
    [
      'none is set up',
      rightAbove,
      [null, null],
      'down',
      'lame',
      'no server that the zone above names is in charge: ns1.example.test answers REFUSED and ns2.example.test answers REFUSED',
    ],
    [
      'a server that is not known above',
      rightAbove,
      [`${rightZone}\n@ NS ns3\nns3 A 127.0.0.2`, `${rightZone}\n@ NS ns3\nns3 A 127.0.0.2`],
      'degraded',
      'ns-missing',
      'ns3.example.test of the zone is not known above',
    ],
    [
      'a server that only stands above',
      rightAbove,
      ['@ NS ns1\nns1 A 127.0.0.2\nns2 A 127.0.0.3', '@ NS ns1\nns1 A 127.0.0.2\nns2 A 127.0.0.3'],
      'degraded',
      'ns-extra',
      'above stands ns2.example.test, which the zone does not name',
    ],
    [
      'a server that has moved',
      rightAbove,
      [rightZone.replace('127.0.0.3', '127.0.0.4'), rightZone.replace('127.0.0.3', '127.0.0.4')],
      'degraded',
      'glue-differs',
      'above ns2.example.test is 127.0.0.3, really it is 127.0.0.4',
    ],
    [
      'an address that is not known above',
      rightAbove,
      [`${rightZone}\nns1 AAAA ::1`, `${rightZone}\nns1 AAAA ::1`],
      'degraded',
      'glue-differs',
      'above ns1.example.test lacks ::1',
    ],
    [
      'servers that do not agree',
      rightAbove,
      [`${rightZone}\n@ NS ns3\nns3 A 127.0.0.2`, rightZone],
      'degraded',
      'ns-missing',
      'ns3.example.test of the zone is not known above; the servers of the zone do not agree on which they are',
    ],
    [
      'nobody above knows it',
      'www A 192.0.2.1',
      [rightZone, rightZone],
      'down',
      'not-delegated',
      'the zone above does not know example.test',
    ],
  ];
  it.each(cases)('%s', async (_, above, zones, state, reason, text) => {
    const { parent, port } = await lab(above, zones);
    const { verdict, facts, lines } = await look({ parentServers: [`127.0.0.1:${parent.port}`], port });
    expect(verdict).toEqual({ state, reason, text });
    if (state === 'ok') {
      expect(facts.parents?.[0]).toMatchObject({ rcode: 'NOERROR', ns: ['ns1.example.test', 'ns2.example.test'] });
      expect(lines[0]?.value).toContain('with ns1.example.test 127.0.0.2, ns2.example.test 127.0.0.3');
    }
  });

  it('finds the servers above by itself', async () => {
    // One port for all: the servers above listen at the address that the zone above names.
    const port = await freePort();
    const root = `. 60 ${soa}\n. 60 NS a.root.\na.root. 60 A 127.0.0.9\n`;
    await keep(
      startNsd(
        { '.': `${root}test. 60 NS a.nic.test.\na.nic.test. 60 A 127.0.0.9\n`, test: parentText(rightAbove) },
        { host: '127.0.0.9', port },
      ),
    );
    const { facts, verdict } = await look({ zone: 'example.test', resolver: `127.0.0.9:${port}`, port });
    // The zone above is asked on port 53, where nothing listens: so its name and address were found, and no more is known.
    expect(facts.parents).toMatchObject([{ name: 'a.nic.test', address: '127.0.0.9', failure: { code: 'refused' } }]);
    expect(verdict).toMatchObject({ state: 'unknown', reason: 'parent-silent' });
  });

  it('two zones above that do not agree', async () => {
    const { parent, port } = await lab(rightAbove, [rightZone, rightZone]);
    const other = await keep(startNsd({ test: parentText(rightAbove.replace('example NS ns2.example\n', '')) }));
    const { verdict } = await look({ parentServers: [`127.0.0.1:${parent.port}`, `127.0.0.1:${other.port}`], port });
    expect(verdict).toEqual({ state: 'degraded', reason: 'parents-differ', text: 'the servers of the zone above do not agree' });
  });

  it('silence above is not known, silence of a server is told, and both end in time', async () => {
    const mute = await keep(startUdp(() => {}));
    const nobody = await look({ parentServers: [`127.0.0.1:${mute.port}`] }, 1_400);
    expect(nobody.verdict).toMatchObject({ state: 'unknown', reason: 'parent-silent' });
    expect(nobody.tookMs).toBeLessThan(1_400);
    const { parent, port } = await lab(rightAbove, [rightZone]);
    await keep(startUdp(() => {}, port, '127.0.0.3'));
    const { verdict } = await look({ parentServers: [`127.0.0.1:${parent.port}`], port }, 6_000);
    expect(verdict).toEqual({ state: 'degraded', reason: 'lame', text: 'ns2.example.test does not answer' });
  });
});

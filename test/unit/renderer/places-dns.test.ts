import { describe, expect, it } from 'vitest';
import {
  delegationLines,
  dnsStanding,
  domainLines,
  propagationLines,
  recordLines,
  type Seen,
  serverCell,
  zoneTables,
} from '../../../renderer/places/dns-table.ts';
import type { ZoneServer } from '../../../shared/checks/zone.ts';
import { pendingState } from '../../../shared/health/step.ts';
import { emptyTables, type LiveTables } from '../../../shared/live.ts';
import type { PlannedCheck } from '../../../shared/model/plan.ts';
import { DAY, MINUTE } from '../../../shared/time.ts';

const now = Date.UTC(2026, 10, 20, 12);
const ok = { state: 'ok', reason: 'ok', text: 'fine' } as const;

function tablesOf(checks: Record<string, { type: string; config: object; kind?: string }>): LiveTables {
  const tables = emptyTables();
  for (const [id, { type, config, kind = 'service' }] of Object.entries(checks)) {
    tables.plans[id] = {
      id,
      type,
      config,
      name: id,
      target: `target of ${id}`,
      subject: { kind, id: id.split('/')[0] },
    } as unknown as PlannedCheck;
    tables.checks[id] = { id, state: { ...pendingState(now), hard: 'ok', at: now, verdict: ok }, cover: null, value: null, spark: [] };
  }
  return tables;
}
const seen = (facts: Record<string, object>): Seen =>
  Object.fromEntries(Object.entries(facts).map(([id, it]) => [id, { at: now, facts: it as never, verdict: ok }]));
const server = (name: string, more: Partial<ZoneServer> = {}): ZoneServer => ({
  name,
  aa: true,
  serial: 7,
  rcode: 'NOERROR',
  ms: 3,
  ...more,
});
const zone = (name: string) => ({ type: 'zone', config: { zone: name } });

describe('a server of a zone', () => {
  it.each<[string, Partial<ZoneServer>, object]>([
    ['in step', {}, { tone: 'ok', main: '7', notes: [], latency: '3 ms' }],
    [
      'behind',
      { serial: 5, behind: 2, behindMs: 20 * MINUTE },
      { tone: 'late', main: '5', notes: ['2 behind for 20 min'], latency: '3 ms' },
    ],
    ['ahead', { serial: 9, behind: -2 }, { tone: 'late', main: '9', notes: ['2 ahead'], latency: '3 ms' }],
    ['without AA', { aa: false }, { tone: 'bad', main: '7', notes: ['no AA flag'], latency: '3 ms' }],
    ['refusing', { rcode: 'REFUSED', serial: undefined }, { tone: 'bad', main: 'REFUSED', notes: [], latency: '3 ms' }],
    ['without SOA', { serial: undefined }, { tone: 'bad', main: 'no SOA record', notes: [], latency: '3 ms' }],
    [
      'silent',
      { failure: { code: 'timeout', detail: 'no answer within 5 s' }, ms: undefined },
      { tone: 'bad', main: 'no answer', notes: [], latency: '' },
    ],
    ['unsigned', { signature: null }, { tone: 'ok', main: '7', notes: ['no signature'], latency: '3 ms' }],
    [
      'with an old signature',
      { signature: { from: 0, until: now - 1 } },
      { tone: 'bad', main: '7', notes: ['signature expired'], latency: '3 ms' },
    ],
    ['with a good one', { signature: { from: 0, until: now + DAY } }, { tone: 'ok', main: '7', notes: [], latency: '3 ms' }],
  ])('%s', (_name, more, expected) => expect(serverCell(server('ns1', more), now)).toEqual(expected));
});

describe('zones and servers', () => {
  const tables = tablesOf({ 'a/zone': zone('a.test'), 'b/zone': zone('b.test'), 'c/zone': zone('c.test'), 'd/zone': zone('d.test') });
  const facts = seen({
    'a/zone': { serial: 7, servers: [server('ns1'), server('ns2', { serial: 4, behind: 3 })] },
    'b/zone': { serial: 9, servers: [server('ns2', { failure: { code: 'timeout', detail: '' } }), server('ns1', { serial: 9 })] },
    'c/zone': {
      serial: 1,
      servers: [
        server('hidden', { hidden: true, serial: 1 }),
        server('ns9', { address: '192.0.2.1' }),
        server('ns9', { address: '2001:db8::1' }),
      ],
    },
  });
  const [shared, own, unseen] = zoneTables(tables, facts, now);

  it('puts zones on the same servers into one table, whatever order the servers came in', () => {
    expect(shared?.servers.map((it) => it.name)).toEqual(['ns1', 'ns2']);
    expect(shared?.rows.map((row) => [row.zone, row.serial, row.cells.map((cells) => cells.map((cell) => cell.main))])).toEqual([
      ['a.test', '7', [['7'], ['4']]],
      ['b.test', '9', [['9'], ['no answer']]],
    ]);
  });
  it('says who is behind', () =>
    expect(shared?.behind).toEqual(['ns2 does not answer properly for b.test', 'ns2 is not in step for a.test']));
  it('has the hidden primary first, and both addresses of one server', () => {
    expect(own?.servers).toEqual([
      { name: 'hidden', hidden: true },
      { name: 'ns9', hidden: false },
    ]);
    expect(own?.rows[0]?.cells.map((cells) => cells.length)).toEqual([1, 2]);
  });
  it('keeps a zone that has not been seen yet', () =>
    expect(unseen).toMatchObject({ servers: [], rows: [{ zone: 'd.test', serial: null }], behind: [] }));
  it('takes facts of another version for none', () =>
    expect(zoneTables(tablesOf({ 'a/zone': zone('a.test') }), seen({ 'a/zone': { servers: 'many' } }), now)).toMatchObject([
      { servers: [] },
    ]));
});

describe('the lines below', () => {
  const tables = tablesOf({
    'x/delegation': { type: 'delegation', config: { zone: 'a.test' } },
    'x/dns': { type: 'dns', config: {} },
    'x/move': { type: 'propagation', config: { query: 'www.a.test', record: 'A' } },
    'x/late': { type: 'domain', config: { domain: 'late.test' } },
    'x/soon': { type: 'domain', config: { domain: 'soon.test' } },
    'x/dark': { type: 'domain', config: { domain: 'dark.test' } },
    'desk/dns': { type: 'dns', config: {}, kind: 'desk' },
  });
  it('has delegations and records, and nothing of the desk itself', () => {
    expect(delegationLines(tables)).toMatchObject([{ title: 'a.test', standing: 'ok', text: 'fine' }]);
    expect(recordLines(tables).map((it) => it.check)).toEqual(['x/dns']);
    expect(dnsStanding(tablesOf({ 'desk/dns': { type: 'dns', config: {}, kind: 'desk' } }))).toBeNull();
    expect(dnsStanding(tables)).toBe('ok');
  });
  it('counts who has a changed record', () => {
    const resolvers = [
      { name: 'r1', outcome: 'seen', values: ['192.0.2.9'] },
      { name: 'r2', outcome: 'old', values: ['192.0.2.1'], ttl: 2_400 },
      { name: 'r3', outcome: 'failed', failure: { code: 'timeout', detail: 'no answer within 5 s' } },
    ];
    expect(propagationLines(tables, seen({ 'x/move': { resolvers } }))).toMatchObject([
      {
        title: 'www.a.test A',
        seen: 1,
        resolvers: [{ text: '192.0.2.9' }, { text: '192.0.2.1, for 40 min more' }, { text: 'no answer within 5 s' }],
      },
    ]);
    expect(propagationLines(tables, {})).toMatchObject([{ seen: 0, resolvers: [] }]);
  });
  it('orders registrations by what runs out first; what is not known stands last', () => {
    const facts = seen({ 'x/late': { expiresAt: now + 90 * DAY }, 'x/soon': { expiresAt: now + DAY, registrar: 'R' } });
    expect(domainLines(tables, facts).map((it) => [it.title, it.registrar])).toEqual([
      ['soon.test', 'R'],
      ['late.test', ''],
      ['dark.test', ''],
    ]);
  });
});

/** What legs of mail are behind: which fault counts, and which is a mere consequence, so that only the leg that failed is named. */
import { describe, expect, test } from 'vitest';
import { type CoverInput, coverProblems, graphOf, isRemote, provesConnection } from '../../shared/health/reach.ts';
import type { CheckState } from '../../shared/health/step.ts';
import { reachedFrom } from '../../shared/maintenance/reached.ts';
import { inventorySchema } from '../../shared/model/inventory.ts';
import { type Plan, planOf } from '../../shared/model/plan.ts';
import { hard, verdict } from '../support/story.ts';

const NOW = 10_000_000;
const failing = NOW - 400_000;
const states = {
  ok: { ...hard(verdict('ok')), at: NOW - 1_000 },
  down: { ...hard(verdict('down'), failing), at: NOW - 1_000 },
  degraded: { ...hard(verdict('degraded'), failing), at: NOW - 1_000 },
  unknown: { ...hard(verdict('unknown', 'cannot-read'), failing), at: NOW - 1_000 },
  /** Down once, and tried again. */
  retried: { ...hard(verdict('ok')), at: NOW - 1_000, soft: { level: 'down', attempt: 1, firstAt: NOW - 1_000 } },
  /** Not known since a moment ago. */
  'just-unknown': { ...hard(verdict('unknown', 'cannot-read'), NOW - 20_000), at: NOW - 1_000 },
  /** Ok when it was last looked at, which was before that. */
  'ok-before': { ...hard(verdict('ok')), at: NOW - 40_000 },
  /** Not known at the last look, a while ago; and well again since. */
  'unknown-then': { ...hard(verdict('unknown', 'cannot-read'), failing), at: NOW - 100_000 },
  'ok-again': { ...hard(verdict('ok'), NOW - 30_000), at: NOW - 1_000 },
} satisfies Record<string, CheckState>;

const inventory = {
  hosts: [
    { id: 'mail1', address: '192.0.2.25', checks: [{ type: 'icmp' }] },
    { id: 'mx2', address: '192.0.2.26', checks: [{ type: 'icmp' }] },
    { id: 'gw', address: '192.0.2.1', checks: [{ type: 'icmp' }] },
  ],
  services: [{ id: 'news', name: 'newsletter', dependsOn: ['m'], checks: [{ type: 'tcp', address: '192.0.2.40', port: 80 }] }],
  mail: [
    {
      id: 'm',
      domain: 'example.net',
      dependsOn: ['gw'],
      servers: { address: 'mail.example.net', host: 'mail1', mx: [{ host: 'mail1' }, { host: 'mx2' }] },
      mailbox: { address: 'nightdesk@example.net', passwordSecret: 'mail-probe' },
      outbound: ['192.0.2.25'],
      lists: ['monitor@lists.example.net'],
      queue: { source: 'http', url: 'http://192.0.2.25:9154/metrics' },
    },
    { id: 'other', domain: 'example.org', servers: { address: 'mail.example.net', host: 'mail1', mx: false } },
  ],
};
const planned = (sections: object = inventory): Plan => {
  const { plan, problems } = planOf(inventorySchema.parse(sections));
  expect(problems).toEqual([]);
  return plan;
};

/** @param stand "m.reading/imaps down, m.delivery/roundtrip unknown"; all others are ok @returns what is said of every problem */
function look(stand: string, more: Partial<CoverInput> = {}): string[] {
  const plan = planned();
  const said = new Map(stand.split(', ').map((part) => part.split(' ') as [string, keyof typeof states]));
  for (const id of said.keys())
    expect(
      plan.checks.some((it) => it.id === id || it.subject.id === id),
      id,
    ).toBe(true);
  const subjects = new Map(plan.subjects.map((it) => [it.id, it]));
  const all = plan.checks.map((check) => ({
    plan: check,
    subject: subjects.get(check.subject.id) as Plan['subjects'][number],
    state: states[said.get(check.id) ?? said.get(check.subject.id) ?? 'ok'] as CheckState,
  }));
  const { covered } = coverProblems({
    graph: graphOf(plan.subjects),
    problems: all.filter(({ state }) => state.hard !== 'ok'),
    checksOf: (id) => all.filter((it) => it.subject.id === id),
    cutOff: null,
    suspected: false,
    windows: [],
    routines: [],
    memory: { failed: new Set(), recovered: new Map() },
    now: NOW,
    ...more,
  });
  return [...covered].map(([id, { cover, hold }]) => `${id} ${cover ? `${cover.kind} by ${cover.by}` : 'counts'}${hold ? ' waits' : ''}`);
}

describe('only the leg that failed', () => {
  test.each<[what: string, stand: string, told: string[]]>([
    [
      'reading fails as a whole: the round trip cannot look, which is no news',
      'm.reading down, m.delivery/roundtrip unknown',
      ['m.delivery/roundtrip unreachable by m.reading', ...['imap', 'imaps', 'pop3', 'pop3s'].map((it) => `m.reading/${it} counts`)],
    ],
    [
      'the same where only the door of the round trip fails and others of the leg work',
      'm.reading/imaps down, m.delivery/roundtrip unknown',
      ['m.delivery/roundtrip unreachable by m.reading', 'm.reading/imaps counts'],
    ],
    [
      'and where that is not known either (its secret is missing)',
      'm.reading/imaps unknown, m.delivery/roundtrip unknown',
      ['m.delivery/roundtrip unreachable by m.reading', 'm.reading/imaps counts'],
    ],
    [
      'sending fails, though a blocklist of the same leg and the queue are ok',
      'm.sending/submission down, m.sending/submissions down, m.delivery/roundtrip unknown',
      ['m.sending/submission counts', 'm.sending/submissions counts', 'm.delivery/roundtrip unreachable by m.sending'],
    ],
    [
      'another door than its own says nothing',
      'm.sending/submissions down, m.reading/pop3s down, m.delivery/roundtrip unknown',
      ['m.sending/submissions counts', 'm.delivery/roundtrip counts', 'm.reading/pop3s counts'],
    ],
    [
      'a round trip that is stuck is told, whatever else fails',
      'm.reading/imaps down, m.delivery/roundtrip down',
      ['m.delivery/roundtrip counts', 'm.reading/imaps counts'],
    ],
    [
      'a queue that grows is told, also while nobody can send',
      'm.sending down, m.delivery/queue down, m.delivery/roundtrip unknown',
      [
        ...['submission', 'submissions', 'blocklist'].map((it) => `m.sending/${it} counts`),
        'm.delivery/queue counts',
        'm.delivery/roundtrip unreachable by m.sending',
      ],
    ],
    [
      'mail that is stuck is stuck for lists too',
      'm.delivery/roundtrip down, m.lists/list-monitor down',
      ['m.delivery/roundtrip counts', 'm.lists/list-monitor unreachable by m.delivery'],
    ],
    ['a list that alone is stuck is told', 'm.lists/list-monitor down', ['m.lists/list-monitor counts']],
    [
      'what a list and the plain round trip are behind is one thing',
      'm.reading/imaps down, m.delivery/roundtrip unknown, m.lists/list-monitor unknown',
      ['m.delivery/roundtrip unreachable by m.reading', 'm.reading/imaps counts', 'm.lists/list-monitor unreachable by m.reading'],
    ],
    ['a round trip that is not known though all doors work', 'm.delivery/roundtrip unknown', ['m.delivery/roundtrip counts']],
    [
      'a slow door lets through',
      'm.reading/imaps degraded, m.delivery/roundtrip unknown',
      ['m.delivery/roundtrip counts', 'm.reading/imaps counts'],
    ],
    [
      'a door that is being tried again is waited for',
      'm.reading/imaps retried, m.delivery/roundtrip unknown',
      ['m.delivery/roundtrip counts waits'],
    ],
    [
      'one that was not looked at since is waited for',
      'm.reading/imaps ok-before, m.delivery/roundtrip just-unknown',
      ['m.delivery/roundtrip counts waits'],
    ],
    [
      'what the round trip said before its door came back is old',
      'm.reading/imaps ok-again, m.delivery/roundtrip unknown-then',
      ['m.delivery/roundtrip unreachable by m.reading'],
    ],
    ['once it has looked again it counts', 'm.reading/imaps ok-again, m.delivery/roundtrip unknown', ['m.delivery/roundtrip counts']],
    [
      'the doors of another domain say nothing',
      'other.reading down, m.delivery/roundtrip unknown',
      ['m.delivery/roundtrip counts', ...['imap', 'imaps', 'pop3', 'pop3s'].map((it) => `other.reading/${it} counts`)],
    ],
  ])('%s', (_what, stand, told) => expect(look(stand)).toEqual(told));
});

describe('hosts and what is above', () => {
  test('of two exchangers one host is down: its own check is behind it, the leg goes on', () => {
    expect(look('mx2 down, m.receiving/smtp-192.0.2.26 down')).toEqual([
      'mx2/icmp counts',
      'm.receiving/smtp-192.0.2.26 unreachable by mx2',
    ]);
    expect(look('mx2 down, m.receiving/smtp down')).toEqual(['mx2/icmp counts', 'm.receiving/smtp counts']);
    expect(look('m.receiving/smtp-192.0.2.26 down')).toEqual(['m.receiving/smtp-192.0.2.26 counts']);
  });

  test('the only host of a leg takes all of it along, the round trip too', () => {
    const told = look('mail1 down, m.reading down, m.sending down, m.receiving/smtp down, m.delivery/roundtrip unknown');
    expect(told.filter((it) => !it.endsWith('unreachable by mail1'))).toEqual(['mail1/icmp counts']);
    expect(told.length).toBe(10);
  });

  test('what the entry depends on, its legs depend on', () => {
    const told = look('gw down, m.reading down, m.delivery/roundtrip unknown');
    expect(told.filter((it) => !it.endsWith('unreachable by gw'))).toEqual(['gw/icmp counts']);
    expect(told.length).toBe(6);
  });

  test('who depends on the entry needs one of receiving, sending and reading', () => {
    expect(look('m.reading down, m.sending down, news down').filter((it) => it.startsWith('news'))).toEqual(['news/tcp counts']);
    expect(look('m.reading down, m.sending down, m.receiving down, news down').filter((it) => it.startsWith('news'))).toEqual([
      'news/tcp unreachable by m.receiving',
    ]);
  });

  test('records, queues and blocklists say nothing of whether mail can be reached', () => {
    const stand = 'm.receiving down, m.sending/submission down, m.sending/submissions down, m.reading down, news down';
    expect(look(stand).filter((it) => it.startsWith('news'))).toEqual(['news/tcp unreachable by m.receiving']);
    expect(
      look('m.records down, m.delivery/queue down, m.sending/blocklist down, news down').filter((it) => it.startsWith('news')),
    ).toEqual(['news/tcp counts']);
  });
});

describe('planned work', () => {
  const window = (affects: string[], spares: string[] = []) => ({ windows: [{ id: 'w', name: 'Upgrade', affects, spares }] });
  const broken = 'm.reading/imaps down, m.receiving/smtp down, m.delivery/roundtrip unknown, m.records down';

  test('on the entry covers all of its legs', () => {
    expect(look(broken, window(['m']))).toEqual([
      'm.receiving/smtp maintenance by w',
      'm.delivery/roundtrip maintenance by w',
      'm.reading/imaps maintenance by w',
      'm.records/posture maintenance by w',
    ]);
  });

  test('on one leg covers that, and the round trip that could not look because of it', () => {
    expect(look(broken, window(['m.reading']))).toEqual([
      'm.receiving/smtp counts',
      'm.delivery/roundtrip maintenance by w',
      'm.reading/imaps maintenance by w',
      'm.records/posture counts',
    ]);
  });

  test('what it spares is watched as ever, a leg as well as a whole entry', () => {
    expect(look(broken, window(['m'], ['m.receiving']))[0]).toBe('m.receiving/smtp counts');
    expect(look('m.reading/imaps down', window(['mail1'], ['m']))).toEqual(['m.reading/imaps counts']);
    expect(look('m.reading/imaps down', window(['mail1']))).toEqual(['m.reading/imaps maintenance by w']);
  });

  test('on one host of two covers its exchanger', () => {
    expect(look('m.receiving/smtp-192.0.2.26 down, m.receiving/smtp down', window(['mx2']))).toEqual([
      'm.receiving/smtp counts',
      'm.receiving/smtp-192.0.2.26 maintenance by w',
    ]);
  });

  test('a routine that restarts the entry explains a fault of a leg', () => {
    const routines = [{ id: 'r', name: 'Nightly restart', restarts: ['m'] }];
    expect(look('m.reading/imaps down', { routines })).toEqual(['m.reading/imaps routine by r']);
  });

  test('what a window reaches: the legs of an entry, and what hangs on all of them', () => {
    const reached = reachedFrom(planned().subjects);
    const legs = ['m.receiving', 'm.sending', 'm.delivery', 'm.reading', 'm.lists', 'm.records'];
    expect([...reached(['m'])].sort()).toEqual(['m', ...legs, 'news'].sort());
    expect([...reached(['m'], ['m.reading'])].sort()).toEqual(['m', ...legs.filter((it) => it !== 'm.reading'), 'news'].sort());
    expect([...reached(['m.reading'])]).toEqual(['m.reading']);
    expect([...reached(['mail1'], ['m', 'other'])].filter((it) => /^(m|other)\b/.test(it))).toEqual([]);
  });
});

describe('whether a check looks beyond this computer', () => {
  const one = (check: object) => {
    const [made] = planned({ mail: [{ id: 'x', domain: 'example.net', checks: [check] }] }).checks;
    if (!made) throw new Error('no check');
    return [isRemote(made), provesConnection(made)];
  };
  const end = (address: string) => ({ address, user: 'a@example.net', passwordSecret: 's' });
  const trip = (send: string, fetch: string) => ({
    type: 'roundtrip',
    from: 'a@example.net',
    to: 'a@example.net',
    send: end(send),
    fetch: { protocol: 'imap', ...end(fetch) },
  });
  test.each<[what: string, check: object, remote: boolean, proves: boolean]>([
    ['a round trip to servers elsewhere', trip('192.0.2.25', '192.0.2.26'), true, true],
    ['a round trip of which one end is elsewhere', trip('127.0.0.1', '192.0.2.26'), true, true],
    ['a round trip on this computer', trip('127.0.0.1', 'localhost'), false, false],
    ['smtp on this computer', { type: 'smtp', address: '127.0.0.1' }, false, false],
    ['imap elsewhere', { type: 'imap', address: 'imap.example.net' }, true, true],
    ['the queue of this computer', { type: 'queue', source: 'local' }, false, false],
    ['a queue behind a URL', { type: 'queue', source: 'http', url: 'http://192.0.2.25/q' }, true, true],
    ['records, which a resolver may remember', { type: 'posture', domain: 'example.net' }, true, false],
    ['blocklists likewise', { type: 'blocklist', domains: ['example.net'] }, true, false],
  ])('%s', (_what, check, remote, proves) => expect(one(check)).toEqual([remote, proves]));
});

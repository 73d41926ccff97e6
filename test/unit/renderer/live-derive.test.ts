import { beforeEach, describe, expect, it } from 'vitest';
import { find } from '../../../renderer/desk/find.ts';
import { summaryText } from '../../../renderer/desk/group-words.ts';
import {
  alertLists,
  countsOf,
  floatedTiles,
  placeOfAlert,
  reasonOf,
  recordsOf,
  speaker,
  standingsOf,
  tilesOf,
  valueText,
} from '../../../renderer/state/derive.ts';
import type { Cover } from '../../../shared/health/cover.ts';
import { type CheckState, pendingState } from '../../../shared/health/step.ts';
import { emptyTables, type LiveTables } from '../../../shared/live.ts';
import type { Alert } from '../../../shared/model/alert.ts';
import type { PlannedCheck } from '../../../shared/model/plan.ts';
import type { Level, SubjectKind } from '../../../shared/model/words.ts';

let tables: LiveTables;
beforeEach(() => {
  tables = emptyTables();
});

const subject = (kind: SubjectKind, id: string, hosts: string[] = []) => {
  tables.subjects[id] = { kind, id, name: id, site: null, note: '192.0.2.7', audience: id, dependsOn: [], hosts };
};
const check = (
  kind: SubjectKind,
  of: string,
  name: string,
  state: Partial<CheckState> & { hard: Level | 'pending' },
  type: PlannedCheck['type'] = 'icmp',
) => {
  const id = `${of}/${name}`;
  tables.plans[id] = {
    id,
    type,
    subject: { kind, id: of },
    name,
    target: '192.0.2.7',
    vantage: 'desk',
    intervalMs: 1,
    retryIntervalMs: 1,
    timeoutMs: 1,
    maxAttempts: 3,
    permitKey: '',
    config: {},
  };
  const verdict = state.hard === 'pending' ? null : { state: state.hard, reason: 'x', text: `text of ${name}` };
  tables.checks[id] = { id, cover: null, value: 3.2, spark: [], state: { ...pendingState(0), verdict, ...state } };
};

describe('tiles', () => {
  it('draws hosts and services as servers, links and prefixes as links, each leg of a mail stack on its own, and no bare site', () => {
    subject('site', 'sd');
    subject('host', 'web1');
    subject('service', 'shop', ['web1']);
    subject('link', 'cox');
    subject('prefix', 'p1');
    subject('mail', 'mail');
    check('host', 'web1', 'icmp', { hard: 'ok' });
    check('mail', 'mail', 'imap-login', { hard: 'ok' }, 'tcp');
    check('mail', 'mail', 'mx', { hard: 'down' }, 'tcp');
    const tiles = tilesOf(tables);
    expect(tiles.servers.map((tile) => tile.title)).toEqual(['web1', 'shop']);
    expect(tiles.links.map((tile) => tile.key)).toEqual(['cox', 'p1']);
    expect(tiles.mail.map((tile) => [tile.title, tile.check])).toEqual([
      ['IMAP login', 'mail/imap-login'],
      ['MX', 'mail/mx'],
    ]);
  });

  it('never shows what has no fresh data as fine', () => {
    subject('host', 'web1');
    check('host', 'web1', 'icmp', { hard: 'ok', staleSince: 5 });
    check('host', 'web1', 'http', { hard: 'ok' }, 'http');
    subject('host', 'bare');
    expect(standingsOf(tables).get('web1')).toBe('stale');
    expect(standingsOf(tables).get('bare')).toBe('pending');
    expect(countsOf(tables, 'servers')).toEqual({ stale: 1, pending: 1 });
    expect(summaryText('servers', tilesOf(tables).servers, countsOf(tables, 'servers'))).toBe('2 hosts · 1 without fresh data · 1 waiting');
  });

  it('names the check in the reason where the tile stands for several', () => {
    subject('host', 'web1');
    check('host', 'web1', 'icmp', { hard: 'ok' });
    check('host', 'web1', 'http', { hard: 'down' }, 'http');
    const tile = tilesOf(tables).servers[0];
    if (!tile) throw new Error('no tile');
    const speaks = speaker(recordsOf(tables, tile.checks), 'down');
    expect(speaks?.id).toBe('web1/http');
    expect(reasonOf(tile, 'down', speaks, tables.plans['web1/http'])).toBe('HTTP: text of http');
    expect(reasonOf({ ...tile, checks: ['web1/http'] }, 'down', speaks, tables.plans['web1/http'])).toBe('text of http');
  });

  it('shows a service on several hosts as degraded while some of them work, and names the host that fails', () => {
    subject('host', 'web1');
    subject('host', 'web2');
    check('host', 'web1', 'icmp', { hard: 'ok' });
    check('host', 'web2', 'icmp', { hard: 'down' });
    subject('service', 'sites', ['web1', 'web2']);
    const tile = tilesOf(tables).servers.find((it) => it.key === 'sites');
    if (!tile) throw new Error('no tile');
    expect(standingsOf(tables).get('sites')).toBe('degraded');
    const speaks = speaker(recordsOf(tables, tile.checks), 'degraded');
    expect(reasonOf(tile, 'degraded', speaks, tables.plans[speaks?.id ?? ''])).toMatch(/^web2: /);
    check('host', 'web1', 'icmp', { hard: 'down' });
    tables.checks = { ...tables.checks };
    expect(standingsOf(tables).get('sites')).toBe('down');
  });

  it('makes new tiles only when the inventory changed', () => {
    subject('host', 'web1');
    check('host', 'web1', 'icmp', { hard: 'ok' });
    const before = tilesOf(tables);
    tables = { ...tables, checks: { ...tables.checks } };
    expect(tilesOf(tables)).toBe(before);
    tables = { ...tables, plans: { ...tables.plans } };
    expect(tilesOf(tables)).not.toBe(before);
  });

  it('floats trouble in a large group only', () => {
    for (let index = 0; index < 100; index += 1) {
      subject('host', `h${index}`);
      check('host', `h${index}`, 'icmp', { hard: index === 70 ? 'degraded' : index === 90 ? 'down' : 'ok' });
    }
    expect(floatedTiles(tables, 'servers').map((tile) => tile.key)).toEqual(['h90', 'h70']);
    const few = { ...tables, subjects: Object.fromEntries(Object.entries(tables.subjects).slice(60, 100)) };
    expect(floatedTiles(few, 'servers')).toEqual([]);
  });

  it.each([
    ['icmp', 3.2, '3 ms'],
    ['http', 1900, '1.9 s'],
    ['icmp', null, ''],
  ] as const)('writes a value of %s, %s, as "%s"', (type, value, text) => {
    check('host', 'web1', 'x', { hard: 'ok' }, type);
    expect(valueText(tables.plans['web1/x'], value)).toBe(text);
  });
});

const anAlert: Alert = {
  id: 'a',
  subject: { kind: 'host', id: 'web1' },
  severity: 'down',
  title: '',
  text: '',
  checks: [],
  consequences: [],
  related: [],
  firstAt: 0,
  raisedAt: 0,
  updatedAt: 0,
  acknowledgement: null,
  openSince: null,
  escalation: 0,
  silencedUntil: null,
  endedAt: null,
};
describe('the alert list', () => {
  const alert = (id: string, change: Partial<Alert>): Alert => ({ ...anAlert, id, title: id, ...change });
  const taken = (at: number) => ({ by: 'a', comment: 'c', at, sticky: false, until: null });
  it('puts what nobody has first (worst, then oldest), then the oldest acknowledgement, then what is silenced, then the newest end', () => {
    const all = [
      alert('slow', { severity: 'degraded', firstAt: 1 }),
      alert('new down', { firstAt: 9 }),
      alert('old down', { firstAt: 5 }),
      alert('taken late', { acknowledgement: taken(9) }),
      alert('taken early', { acknowledgement: taken(2) }),
      alert('silenced, slow', { silencedUntil: 99, severity: 'degraded' }),
      alert('silenced, down', { silencedUntil: 99, firstAt: 7 }),
      alert('silenced, but taken', { silencedUntil: 99, acknowledgement: taken(5) }),
      alert('over first', { endedAt: 3 }),
      alert('over last', { endedAt: 8, acknowledgement: taken(2) }),
    ];
    const lists = alertLists(Object.fromEntries(all.map((it) => [it.id, it])));
    expect(lists.open.map((it) => it.id)).toEqual(['old down', 'new down', 'slow']);
    expect(lists.taken.map((it) => it.id)).toEqual(['taken early', 'silenced, but taken', 'taken late']);
    expect(lists.silenced.map((it) => it.id)).toEqual(['silenced, down', 'silenced, slow']);
    expect(lists.ended.map((it) => it.id)).toEqual(['over last', 'over first']);
  });
});

describe('covers', () => {
  const covered = (id: string, cover: Cover) => {
    const record = tables.checks[id];
    if (record) tables.checks[id] = { ...record, cover };
  };
  const cover = (kind: Cover['kind'], name: string, always = false): Cover => ({ kind, by: 'x', name, always });
  const tileOfWeb1 = () => {
    const tile = tilesOf(tables).servers.find((it) => it.key === 'web1');
    if (!tile) throw new Error('no tile');
    const standing = standingsOf(tables).get('web1') ?? 'pending';
    const speaks = speaker(recordsOf(tables, tile.checks), standing);
    return `${standing}: ${reasonOf(tile, standing, speaks, tables.plans[speaks?.id ?? ''])}`;
  };
  const down = { hard: 'down' } as const;
  const flapping = { since: 0, percent: 34 };
  it.each<[string, Partial<CheckState> & { hard: Level | 'pending' }, Cover | null, string]>([
    ['behind a failed parent', down, cover('unreachable', 'Cox'), 'unreachable: behind Cox'],
    ['behind it, and yet it answers', { hard: 'ok' }, cover('unreachable', 'Cox'), 'ok: text of icmp'],
    ['planned work, gone', down, cover('maintenance', 'Mail upgrade', true), 'maintenance: planned work: Mail upgrade'],
    [
      'planned work, still answering',
      { hard: 'ok' },
      cover('maintenance', 'Mail upgrade', true),
      'maintenance: planned work: Mail upgrade',
    ],
    ['planned work on its parent, still answering', { hard: 'ok' }, cover('maintenance', 'Switch', false), 'ok: text of icmp'],
    [
      'planned work, and no data comes',
      { hard: 'ok', staleSince: 5 },
      cover('maintenance', 'Move', false),
      'maintenance: planned work: Move',
    ],
    ['a routine', down, cover('routine', 'weekly log rotation'), 'maintenance: routine: weekly log rotation'],
    ['a routine hides no missing data', { hard: 'ok', staleSince: 5 }, cover('routine', 'rotation'), 'stale: no fresh data'],
    ['the desk is offline', down, cover('cut-off', 'this desk'), 'stale: this desk is offline'],
    ['the desk is offline and it was ok', { hard: 'ok' }, cover('cut-off', 'this desk'), 'stale: this desk is offline'],
    ['flapping, now ok', { hard: 'ok', flapping }, null, 'degraded: flapping, text of icmp'],
    ['flapping, now down', { hard: 'down', flapping }, null, 'down: flapping, text of icmp'],
    ['flapping behind a failed parent', { hard: 'down', flapping }, cover('unreachable', 'Cox'), 'unreachable: behind Cox'],
    ['a hostile name', down, cover('unreachable', 'a\u202eb\u001b[31m'), 'unreachable: behind a b'],
  ])('%s', (_what, state, why, expected) => {
    subject('host', 'web1');
    check('host', 'web1', 'icmp', state);
    if (why) covered('web1/icmp', why);
    expect(tileOfWeb1()).toBe(expected);
  });

  it('lets an own failure speak before what is merely unreachable', () => {
    subject('host', 'web1');
    check('host', 'web1', 'icmp', down);
    check('host', 'web1', 'http', down, 'http');
    covered('web1/icmp', cover('unreachable', 'Cox'));
    expect(tileOfWeb1()).toBe('down: HTTP: text of http');
  });

  it('counts them in the heading by their words', () => {
    for (const id of ['web1', 'web2', 'web3', 'web4']) {
      subject('host', id);
      check('host', id, 'icmp', { hard: id === 'web4' ? 'ok' : 'down' });
    }
    covered('web1/icmp', cover('unreachable', 'Cox'));
    covered('web2/icmp', cover('maintenance', 'Work', true));
    expect(summaryText('servers', tilesOf(tables).servers, countsOf(tables, 'servers'))).toBe(
      '4 hosts · 1 down · 1 unreachable · 1 in planned work',
    );
  });

  it('lets only so many tiles of a storm float, the worst of them', () => {
    for (let index = 0; index < 2_000; index += 1) {
      subject('host', `h${index}`);
      check('host', `h${index}`, 'icmp', down);
      if (index !== 1_500) covered(`h${index}/icmp`, cover('unreachable', 'Cox'));
    }
    const floated = floatedTiles(tables, 'servers');
    expect(floated).toHaveLength(80);
    expect(floated[0]?.key).toBe('h1500');
  });
});

describe('where an alert leads', () => {
  const about = (kind: SubjectKind, id: string, checks: string[]): Alert => ({ ...anAlert, subject: { kind, id }, checks });
  it.each([
    ['its subject', about('host', 'web1', ['web1/icmp']), { subject: 'web1', check: 'web1/icmp' }],
    ['of a site: the thing that fails', about('site', 'sd', ['web1/icmp']), { subject: 'web1', check: 'web1/icmp' }],
    ['of the desk: what it looks at', about('desk', 'desk', ['web1/icmp']), { subject: 'web1', check: 'web1/icmp' }],
    ['of the desk without a check: nowhere', about('desk', 'desk', []), null],
    ['of what has left the inventory: its id', about('host', 'gone', ['gone/icmp']), { subject: 'gone', check: 'gone/icmp' }],
  ] as const)('%s', (_what, alert, expected) => {
    subject('site', 'sd');
    subject('host', 'web1');
    check('host', 'web1', 'icmp', { hard: 'down' });
    expect(placeOfAlert(tables, alert)).toEqual(expected);
  });
});

describe('find', () => {
  it('wants every word, knows addresses and checks, and puts names that begin so first', () => {
    subject('host', 'web1');
    subject('host', 'ph-web1');
    check('host', 'web1', 'http', { hard: 'ok' }, 'http');
    expect(find(tables, 'web').map((it) => it.key)).toEqual(['web1', 'ph-web1', 'web1/http']);
    expect(find(tables, 'web1 http').map((it) => it.key)).toEqual(['web1/http']);
    expect(find(tables, '192.0.2.7')).toHaveLength(3);
    expect(find(tables, '  ')).toEqual([]);
    expect(find(tables, 'web9')).toEqual([]);
  });
});

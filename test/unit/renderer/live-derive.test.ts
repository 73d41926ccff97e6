import { beforeEach, describe, expect, it } from 'vitest';
import { find } from '../../../renderer/desk/find.ts';
import { summaryText } from '../../../renderer/desk/group-words.ts';
import {
  alertLists,
  countsOf,
  floatedTiles,
  reasonOf,
  recordsOf,
  speaker,
  standingsOf,
  tilesOf,
  valueText,
} from '../../../renderer/state/derive.ts';
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
  tables.checks[id] = { id, value: 3.2, spark: [], state: { ...pendingState(0), verdict, ...state } };
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
    expect(summaryText('servers', tilesOf(tables).servers, countsOf(tables, 'servers'))).toBe('2 hosts · 1 no fresh data · 1 waiting');
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

describe('the alert list', () => {
  const alert = (id: string, change: Partial<Alert>): Alert => ({
    id,
    subject: { kind: 'host', id: 'web1' },
    severity: 'down',
    title: id,
    text: '',
    checks: [],
    firstAt: 0,
    raisedAt: 0,
    updatedAt: 0,
    acknowledgement: null,
    endedAt: null,
    ...change,
  });
  it('puts what nobody has first (worst, then oldest), then the oldest acknowledgement, then the newest end', () => {
    const all = [
      alert('slow', { severity: 'degraded', firstAt: 1 }),
      alert('new down', { firstAt: 9 }),
      alert('old down', { firstAt: 5 }),
      alert('taken late', { acknowledgement: { by: 'a', comment: 'c', at: 9 } }),
      alert('taken early', { acknowledgement: { by: 'a', comment: 'c', at: 2 } }),
      alert('over first', { endedAt: 3 }),
      alert('over last', { endedAt: 8, acknowledgement: { by: 'a', comment: 'c', at: 2 } }),
    ];
    const lists = alertLists(Object.fromEntries(all.map((it) => [it.id, it])));
    expect(lists.open.map((it) => it.id)).toEqual(['old down', 'new down', 'slow']);
    expect(lists.taken.map((it) => it.id)).toEqual(['taken early', 'taken late']);
    expect(lists.ended.map((it) => it.id)).toEqual(['over last', 'over first']);
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

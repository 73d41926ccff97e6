import { describe, expect, it } from 'vitest';
import { type CellLook, columnOf, lookOf, matrixOf, readMatrix, trafficOf } from '../../../renderer/places/matrix.ts';
import type { Cover } from '../../../shared/health/cover.ts';
import { type CheckState, pendingState } from '../../../shared/health/step.ts';
import { emptyTables, type LiveTables } from '../../../shared/live.ts';
import type { PlannedCheck, Subject } from '../../../shared/model/plan.ts';
import type { Standing, SubjectKind } from '../../../shared/model/words.ts';

const t0 = Date.UTC(2026, 10, 20, 12);
const behind: Cover = { kind: 'unreachable', id: 'cox', name: 'Cox' } as unknown as Cover;
const worked: Cover = { kind: 'maintenance', id: 'w', name: 'Work', always: true } as unknown as Cover;

const stateOf = (standing: Standing): { state: CheckState; cover: Cover | null } => {
  const hard = (change: Partial<CheckState>): CheckState => ({ ...pendingState(t0), at: t0, ...change });
  switch (standing) {
    case 'stale':
      return { state: hard({ hard: 'ok', staleSince: t0 }), cover: null };
    case 'unreachable':
      return { state: hard({ hard: 'down' }), cover: behind };
    case 'maintenance':
      return { state: hard({ hard: 'ok' }), cover: worked };
    default:
      return { state: hard({ hard: standing }), cover: null };
  }
};

/** Links with how their gateway stands; ranges with the links that carry them and how their representatives stand. */
function night(
  links: Record<string, Standing | null>,
  ranges: Record<string, { via: string[]; stand: Standing[]; site?: string | null }>,
): LiveTables {
  const tables = emptyTables();
  const subject = (kind: SubjectKind, id: string, more: Partial<Subject> = {}): void => {
    tables.subjects[id] = { kind, id, name: id, site: 'sd', note: id, audience: id, dependsOn: [], hosts: [], ...more };
  };
  const check = (owner: string, kind: SubjectKind, name: string, standing: Standing): void => {
    const id = `${owner}/${name}`;
    tables.plans[id] = { id, type: 'icmp', subject: { kind, id: owner }, name, target: name, config: {} } as unknown as PlannedCheck;
    tables.checks[id] = { id, ...stateOf(standing), value: null, spark: [] };
  };
  subject('site', 'sd', { name: 'San Diego', site: null });
  for (const [id, standing] of Object.entries(links)) {
    subject('link', id);
    if (standing !== null) check(id, 'link', 'gateway', standing);
  }
  for (const [id, { via, stand, site = 'sd' }] of Object.entries(ranges)) {
    subject('prefix', id, { site, dependsOn: via.length > 1 ? [via] : via.map((link) => [link]) });
    for (const [index, standing] of stand.entries()) check(id, 'prefix', `icmp-${index}`, standing);
  }
  return tables;
}
const texts = (tables: LiveTables) => readMatrix(matrixOf(tables, 'sd')).map((it) => `${it.tone}: ${it.text}`);

describe('traffic of a range', () => {
  it.each<[string, Standing[], object]>([
    ['all answer', ['ok', 'ok'], { standing: 'ok', dead: 0, all: 2 }],
    ['none answers', ['down', 'down'], { standing: 'down', dead: 2, all: 2 }],
    ['one of three is dead', ['ok', 'down', 'ok'], { standing: 'degraded', dead: 1, all: 3 }],
    ['one is dead and one not known', ['down', 'stale'], { standing: 'degraded', dead: 1, all: 2 }],
    ['one is lossy', ['ok', 'degraded'], { standing: 'degraded', dead: 0, all: 2 }],
    ['behind its link', ['unreachable', 'unreachable'], { standing: 'unreachable', dead: 2, all: 2 }],
    ['no fresh data is never green', ['ok', 'stale'], { standing: 'stale', dead: 0, all: 2 }],
    ['nothing is checked', [], { standing: 'pending', dead: 0, all: 0 }],
  ])('%s', (_name, stand, expected) => expect(trafficOf(night({}, { p1: { via: [], stand } }), 'p1')).toEqual(expected));

  it('counts pings, not what a looking glass says', () => {
    const tables = night({}, { p1: { via: [], stand: ['ok'] } });
    tables.plans['p1/visibility'] = { ...(tables.plans['p1/icmp-0'] as PlannedCheck), id: 'p1/visibility', type: 'visibility' as never };
    tables.checks['p1/visibility'] = { id: 'p1/visibility', ...stateOf('down'), value: null, spark: [] };
    expect(trafficOf(tables, 'p1')).toEqual({ standing: 'ok', dead: 0, all: 1 });
    expect(matrixOf(tables, 'sd').rows[0]?.outside).toEqual({ standing: 'down', text: 'not asked yet' });
  });
});

describe('what a cell looks like', () => {
  it.each<[CellLook, Standing, Standing, number]>([
    ['fine', 'ok', 'ok', 0],
    ['no-traffic', 'ok', 'down', 2],
    ['no-traffic', 'degraded', 'down', 2],
    ['no-traffic', 'ok', 'unreachable', 2],
    ['some-traffic', 'ok', 'degraded', 1],
    ['poor', 'ok', 'degraded', 0],
    ['poor', 'degraded', 'ok', 0],
    ['circuit-down', 'down', 'unreachable', 2],
    ['circuit-down', 'down', 'down', 2],
    ['circuit-down', 'unreachable', 'stale', 0],
    ['carried-elsewhere', 'down', 'ok', 0],
    ['carried-elsewhere', 'down', 'degraded', 1],
    ['planned', 'maintenance', 'down', 2],
    ['planned', 'ok', 'maintenance', 0],
    ['not-known', 'stale', 'ok', 0],
    ['not-known', 'unknown', 'down', 2],
    ['not-known', 'pending', 'pending', 0],
    ['not-known', 'ok', 'stale', 0],
  ])('%s: circuit %s, traffic %s', (look, circuit, standing, dead) => expect(lookOf(circuit, { standing, dead, all: 2 })).toBe(look));
});

describe('the matrix', () => {
  it('has a row per range, a column per link, and a cell only where the link carries the range', () => {
    const tables = night(
      { level3: 'ok', cox: 'ok' },
      {
        p1: { via: ['cox'], stand: ['down', 'down'] },
        p2: { via: ['level3', 'cox'], stand: ['ok'] },
        other: { via: ['cox'], stand: ['ok'], site: 'la' },
      },
    );
    const { links, rows } = matrixOf(tables, 'sd');
    expect(links.map((it) => it.id)).toEqual(['level3', 'cox']);
    expect(rows.map((row) => [row.id, row.cells.map((cell) => cell && `${cell.look}: ${cell.text}`)])).toEqual([
      ['p1', [null, 'no-traffic: circuit up, no traffic']],
      ['p2', ['fine: ok', 'fine: ok']],
    ]);
  });

  it('also has the links of other sites that carry a range of this one', () => {
    const tables = night({ cox: 'ok' }, { p1: { via: ['cox'], stand: ['ok'], site: 'la' } });
    expect(matrixOf(tables, 'la').links.map((it) => it.id)).toEqual(['cox']);
  });

  it.each<[string, Standing | null, Standing[], string]>([
    ['some representatives are dead', 'ok', ['ok', 'down', 'ok'], 'circuit up, 1 of 3 dead'],
    ['the circuit is down', 'down', ['unreachable'], 'circuit down'],
    ['the circuit is down and traffic flows', 'down', ['ok'], 'circuit down, traffic flows'],
    ['work is planned', 'maintenance', ['ok'], 'planned work'],
    ['traffic is not known', 'ok', ['stale'], 'circuit up, traffic not known'],
    ['the circuit is not known, the range dead', 'stale', ['down'], 'circuit not known, no traffic'],
    ['the range has no representatives', 'ok', [], 'not checked'],
    ['the link has no gateway', null, ['ok'], 'circuit not seen yet'],
    ['the circuit loses packets', 'degraded', ['ok'], 'circuit degraded'],
  ])('says it in a cell: %s', (_name, circuit, stand, text) =>
    expect(matrixOf(night({ cox: circuit }, { p1: { via: ['cox'], stand } }), 'sd').rows[0]?.cells[0]?.text).toBe(text),
  );
});

describe('one link of it', () => {
  const tables = night(
    { level3: 'ok', cox: 'ok' },
    { p1: { via: ['level3', 'cox'], stand: ['down'] }, p2: { via: ['level3'], stand: ['ok'] } },
  );
  it('has only the ranges that it carries', () => {
    const column = columnOf(matrixOf(tables, 'sd'), 'cox');
    expect([column.links.map((it) => it.id), column.rows.map((row) => [row.id, row.cells.length])]).toEqual([['cox'], [['p1', 1]]]);
    expect(readMatrix(column).map((it) => it.text)).toEqual(['cox is up, but p1 gets no traffic.']);
  });
  it('is empty for a link that is not there', () => expect(columnOf(matrixOf(tables, 'sd'), 'gone')).toEqual({ links: [], rows: [] }));
});

describe('the sentence over the matrix', () => {
  const dead = { via: ['cox'], stand: ['down', 'down'] as Standing[] };
  const fine = { via: ['level3'], stand: ['ok'] as Standing[] };
  it.each<[string, LiveTables, string[]]>([
    [
      'the provider drops three of five ranges while its circuit looks fine',
      night({ level3: 'ok', cox: 'ok' }, { p1: dead, p2: dead, p3: dead, p4: fine, p5: fine }),
      ['bad: cox is up, but p1, p2 and p3 get no traffic.'],
    ],
    [
      'both circuits are up, and one of them drops it',
      night({ level3: 'ok', cox: 'ok' }, { p1: { via: ['level3', 'cox'], stand: ['down'] }, p2: fine }),
      ['bad: level3 and cox are up, but p1 gets no traffic: one of them drops it, or something behind them does.'],
    ],
    [
      'the circuit is down and takes its ranges along',
      night({ level3: 'ok', cox: 'down' }, { p1: { via: ['cox'], stand: ['unreachable'] }, p2: fine }),
      ['bad: cox is down, and so is p1.'],
    ],
    [
      'the circuit is down and all fails over',
      night({ level3: 'ok', cox: 'down' }, { p1: { via: ['level3', 'cox'], stand: ['ok'] } }),
      ['warn: cox is down; all it carries goes another way.'],
    ],
    ['a circuit without ranges is down', night({ cox: 'down', level3: 'ok' }, { p1: fine }), ['bad: cox is down.']],
    [
      'a circuit that loses packets is not called fine',
      night({ cox: 'degraded', level3: 'ok' }, { p1: { via: ['cox'], stand: ['ok'] }, p2: fine }),
      ['warn: cox is degraded: what goes over it may be slow or get lost.'],
    ],
    [
      'parts of a range',
      night({ cox: 'ok' }, { p1: { via: ['cox'], stand: ['ok', 'down'] } }),
      ['warn: Traffic reaches only parts of p1.'],
    ],
    ['nothing is known', night({ cox: 'ok' }, { p1: { via: ['cox'], stand: ['stale'] } }), ['warn: Nothing certain is known of p1.']],
    ['planned work', night({ cox: 'maintenance' }, { p1: { via: ['cox'], stand: ['ok'] } }), ['calm: Work is going on as planned.']],
    [
      'a dead range that no link carries',
      night({ cox: 'ok' }, { p1: { via: [], stand: ['down'] } }),
      ['warn: Not all ranges are known to be reached.'],
    ],
    [
      'all is well',
      night({ cox: 'ok', level3: 'ok' }, { p1: fine, p2: fine }),
      ['calm: All circuits are up, and all 2 ranges are reached.'],
    ],
    ['there are no ranges', night({ cox: 'down' }, {}), []],
  ])('%s', (_name, tables, expected) => expect(texts(tables)).toEqual(expected));
});

import { describe, expect, it } from 'vitest';
import { placeOfSubject } from '../../../renderer/detail/subject-view.ts';
import { groupFacts, groupOfLabel, isInsideCheck, percentIn, temperaturesOf } from '../../../renderer/places/host-facts.ts';
import { dependantsOf, idsAt, parentsOf, sitesOf, windowsOn } from '../../../renderer/places/site-view.ts';
import { traceRows } from '../../../renderer/places/trace-rows.ts';
import { pendingState } from '../../../shared/health/step.ts';
import { emptyTables, type LiveTables, type WindowLive } from '../../../shared/live.ts';
import type { PlannedCheck, Subject } from '../../../shared/model/plan.ts';
import type { Standing, SubjectKind } from '../../../shared/model/words.ts';
import type { Hop, Trace } from '../../../shared/trace.ts';

const now = Date.UTC(2026, 10, 20, 12);
const ok = { state: 'ok', reason: 'ok', text: 'fine' } as const;
const plan = (type: string, config: object = {}, id = `h1/${type}`): PlannedCheck =>
  ({ id, type, config, name: type, subject: { kind: 'host', id: 'h1' } }) as unknown as PlannedCheck;
const seen = (facts: Record<string, object>) =>
  Object.fromEntries(Object.entries(facts).map(([id, it]) => [id, { at: now, facts: it as never, verdict: ok }]));

describe('facts of a host', () => {
  it.each([
    ['Load (1, 5, 15 min)', 'Load'],
    ['Processors busy', 'Load'],
    ['Running for', 'Load'],
    ['Memory', 'Memory'],
    ['Swap', 'Memory'],
    ['Memory errors', 'Memory'],
    ['Disk /var', 'Disks'],
    ['Disks without an answer', 'Disks'],
    ['Read-only', 'Disks'],
    ['Array md0', 'RAID'],
    ['Pool tank', 'RAID'],
    ['Temperatures', 'Temperatures'],
    ['File /var/backups/done', 'Backups'],
    ['Failed units', 'Other'],
    ['', 'Other'],
  ])('puts "%s" under %s', (label, group) => expect(groupOfLabel(label)).toBe(group));

  it.each([
    ['85 % of 40.0 GB', 85],
    ['99.5 % of it', 99],
    ['0 %', 0],
    ['250 % of one core', 100],
    ['none', null],
    ['about 5 %', null],
  ])('reads "%s" as %s per cent', (text, percent) => expect(percentIn(text)).toBe(percent));

  it('groups what several checks know, and leaves out what none knows', () => {
    const plans = [plan('host'), plan('snmp', { kind: 'host' })];
    const groups = groupFacts(
      plans,
      seen({
        'h1/host': { memoryPercent: 42, memoryBytes: 8e9 },
        'h1/snmp': { host: { disks: [{ mount: '/', bytes: 4e10, percent: 71 }] } },
      }),
    );
    expect(groups.map((it) => [it.group, it.lines.map((line) => `${line.label}: ${line.value} ${line.percent}`)])).toEqual([
      ['Memory', ['Memory: 42 % of 8.0 GB 42']],
      ['Disks', ['Disk /: 71 % of 40.0 GB 71']],
    ]);
    expect(groupFacts(plans, {})).toEqual([]);
  });
  it('gives a single value its name and unit, and tells once how all log in', () => {
    const optics = plan('snmp', { kind: 'value', label: 'receive power', unit: 'dBm' });
    const login = { login: 'accepted', loginMs: 100 };
    const groups = groupFacts(
      [optics, plan('inside'), plan('backup')],
      seen({ 'h1/snmp': { value: { number: -6.4 } }, 'h1/inside': login, 'h1/backup': { ...login, loginMs: 120 } }),
    );
    const lines = groups.flatMap((it) => it.lines.map((line) => `${it.group} ${line.label}: ${line.value}`));
    expect(lines).toContain('Other Receive power: -6.4 dBm');
    expect(lines.filter((line) => line.startsWith('Other Log-in:'))).toEqual(['Other Log-in: accepted']);
    expect(lines.filter((line) => line.includes('Log-in took'))).toHaveLength(1);
    expect(groups.map((it) => it.group)).not.toContain('Backups');
  });
  it('survives facts of another version', () => expect(groupFacts([plan('host')], seen({ 'h1/host': { disks: 7 } }))).toEqual([]));

  it('knows what looks inside', () =>
    expect(
      [plan('host'), plan('inside'), plan('backup'), plan('snmp', { kind: 'value' }), plan('snmp', { kind: 'interface' }), plan('tcp')].map(
        isInsideCheck,
      ),
    ).toEqual([true, true, true, true, false, false]));

  it('orders temperatures from everywhere, hottest first', () => {
    const plans = [
      plan('host'),
      plan('snmp', { kind: 'value', unit: '°C', label: 'inlet' }),
      plan('snmp', { kind: 'value', unit: 'dBm' }, 'h1/optics'),
    ];
    const facts = seen({
      'h1/host': { temperatures: [{ sensor: 'cpu', celsius: 61 }] },
      'h1/snmp': { value: { number: 70 } },
      'h1/optics': { value: { number: 99 } },
    });
    expect(temperaturesOf(plans, facts).map((it) => `${it.sensor} ${it.celsius}`)).toEqual(['inlet 70', 'cpu 61']);
    expect(temperaturesOf(plans, {})).toEqual([]);
  });
});

function provider(): LiveTables {
  const tables = emptyTables();
  const add = (kind: SubjectKind, id: string, standing: Standing | null, more: Partial<Subject> = {}): void => {
    tables.subjects[id] = { kind, id, name: id, site: 'sd', note: '', audience: id, dependsOn: [], hosts: [], ...more };
    if (standing === null) return;
    tables.plans[`${id}/x`] = { ...plan('tcp', {}, `${id}/x`), subject: { kind, id } };
    const verdict = { ...ok, text: `${id} says so` };
    tables.checks[`${id}/x`] = {
      id: `${id}/x`,
      state: { ...pendingState(now), at: now, hard: standing as 'ok', verdict },
      cover: null,
      value: null,
      spark: [],
    };
  };
  add('site', 'sd', null, { site: null });
  add('site', 'empty', null, { site: null });
  add('link', 'cox', 'ok');
  add('host', 'core', 'ok', { dependsOn: [['cox', 'gone']] });
  add('host', 'web1', 'down', { dependsOn: [['core']] });
  add('service', 'web', null, { hosts: ['web1'], site: null });
  add('host', 'loose', 'degraded', { site: null });
  return tables;
}

describe('sites', () => {
  it('stand as what is there does; what stands nowhere has a line of its own', () =>
    expect(sitesOf(provider()).map((it) => [it.id, it.name, it.standing, it.links.map((link) => link.id)])).toEqual([
      ['sd', 'sd', 'down', ['cox']],
      ['empty', 'empty', 'pending', []],
      [null, 'At no site', 'degraded', []],
    ]));
  it('are none without an inventory', () => expect(sitesOf(emptyTables())).toEqual([]));

  it('know what hangs on what', () => {
    const tables = provider();
    const ids = (all: readonly { subject: { id: string } }[]) => all.map((it) => it.subject.id);
    expect(parentsOf(tables, tables.subjects.core as Subject).map(ids)).toEqual([['cox']]);
    expect(ids(dependantsOf(tables, 'web1'))).toEqual(['web']);
    expect(ids(dependantsOf(tables, 'core'))).toEqual(['web1']);
    expect(dependantsOf(tables, 'web')).toEqual([]);
  });
  it('say what is wrong beside a name', () =>
    expect(dependantsOf(provider(), 'core')[0]?.subject).toMatchObject({ standing: 'down', text: 'web1 says so' }));

  it('show the work that touches them, running first', () => {
    const tables = provider();
    const work = (id: string, affects: string[], more: Partial<WindowLive> = {}): void => {
      tables.windows[id] = { id, name: id, affects, running: null, next: null, overrunSince: null, ...more } as WindowLive;
    };
    work('later', ['sd'], { next: { window: 'later', from: now + 9, to: null } });
    work('soon', ['web1'], { next: { window: 'soon', from: now + 1, to: null } });
    work('runs', ['cox'], { running: { window: 'runs', from: now, to: null } });
    work('open', ['core']);
    work('elsewhere', ['loose']);
    expect(windowsOn(tables, idsAt(tables, 'sd')).map((it) => it.id)).toEqual(['runs', 'soon', 'later', 'open']);
    expect(windowsOn(tables, idsAt(tables, null)).map((it) => it.id)).toEqual(['elsewhere']);
  });

  it.each<[SubjectKind, object | null]>([
    ['site', { kind: 'site', id: 'x' }],
    ['link', { kind: 'link', id: 'x' }],
    ['host', { kind: 'host', id: 'x' }],
    ['prefix', { kind: 'site', id: 'sd' }],
    ['service', null],
    ['mail', { kind: 'mail', id: 'x' }],
    ['desk', null],
  ])('have a page for a %s', (kind, place) => expect(placeOfSubject({ kind, id: 'x', site: 'sd' } as Subject)).toEqual(place));
});

describe('two traces side by side', () => {
  const hop = (at: number, address: string | null): Hop => ({ at, address, name: null, lossPercent: null, ms: null });
  const trace = (addresses: (string | null)[], reached: boolean): Trace => ({
    at: now,
    target: '203.0.113.9',
    hops: addresses.map((it, index) => hop(index + 1, it)),
    reached,
  });
  const good = trace(['10.0.0.1', '198.51.100.1', '198.51.100.2', '203.0.113.9'], true);
  const marks = (was: Trace | null, is: Trace | null) =>
    traceRows(was, is).map((row) =>
      [row.at, row.differs && 'differs', row.dies && 'dies', row.beyond && 'beyond'].filter(Boolean).join(' '),
    );
  it.each<[string, Trace | null, Trace | null, string[]]>([
    ['nothing', null, null, []],
    ['only a good one', good, null, ['1', '2', '3', '4']],
    ['it dies in the middle', good, trace(['10.0.0.1', '198.51.100.1'], false), ['1', '2 dies', '3 beyond', '4 beyond']],
    ['it dies behind another router', good, trace(['10.0.0.1', '192.0.2.7'], false), ['1', '2 differs dies', '3 beyond', '4 beyond']],
    ['a silent router in between', good, trace(['10.0.0.1', null, '198.51.100.2'], false), ['1', '2', '3 dies', '4 beyond']],
    ['not even the first answers', good, trace([], false), ['1 beyond', '2 beyond', '3 beyond', '4 beyond']],
    [
      'one that came through and is longer',
      good,
      trace(['10.0.0.1', '198.51.100.1', '198.51.100.2', '198.51.100.9', '203.0.113.9'], true),
      ['1', '2', '3', '4 differs', '5'],
    ],
    ['only a bad one', null, trace(['10.0.0.1'], false), ['1 dies']],
  ])('%s', (_name, was, is, expected) => expect(marks(was, is)).toEqual(expected));
});

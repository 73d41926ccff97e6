import { describe, expect, it } from 'vitest';
import { coverOf, listedChecks, openAlertOf, shownCheck, standingSince } from '../../../renderer/detail/subject-view.ts';
import { type CheckState, pendingState } from '../../../shared/health/step.ts';
import { emptyTables, type LiveTables } from '../../../shared/live.ts';
import type { Alert } from '../../../shared/model/alert.ts';
import type { PlannedCheck, Subject } from '../../../shared/model/plan.ts';
import type { SubjectKind } from '../../../shared/model/words.ts';

const t0 = Date.UTC(2026, 10, 20, 12);
const subject = (kind: SubjectKind, id: string, hosts: string[] = []): Subject => ({
  kind,
  id,
  name: id,
  site: null,
  note: '',
  audience: id,
  dependsOn: [],
  hosts,
});
const plan = (owner: Subject, name: string): PlannedCheck => ({
  id: `${owner.id}/${name}`,
  type: 'tcp',
  subject: { kind: owner.kind, id: owner.id },
  name,
  target: '',
  vantage: 'desk',
  intervalMs: 1,
  retryIntervalMs: 1,
  timeoutMs: 1,
  maxAttempts: 3,
  permitKey: '',
  config: {},
});
const state = (change: Partial<CheckState>): CheckState => ({ ...pendingState(t0), ...change });

function tablesOf(states: Record<string, CheckState>): LiveTables {
  const web1 = subject('host', 'web1');
  const sites = subject('service', 'sites', ['web1']);
  const plans = [plan(web1, 'ssh'), plan(web1, 'http')];
  return {
    ...emptyTables(),
    subjects: { web1, sites },
    plans: Object.fromEntries(plans.map((it) => [it.id, it])),
    checks: Object.fromEntries(Object.entries(states).map(([id, it]) => [id, { id, state: it, cover: null, value: null, spark: [] }])),
  };
}
const records = (tables: LiveTables) => Object.values(tables.checks);

describe('the subject of the detail panel', () => {
  it('lists its own checks, or those of its hosts', () => {
    const tables = tablesOf({});
    expect(listedChecks(tables, 'web1')).toEqual(['web1/ssh', 'web1/http']);
    expect(listedChecks(tables, 'sites')).toEqual(['web1/ssh', 'web1/http']);
    expect(listedChecks(tables, 'gone')).toEqual([]);
  });

  it.each([
    [
      'down since the first of two',
      { 'web1/ssh': state({ hard: 'down', since: t0 + 5 }), 'web1/http': state({ hard: 'down', since: t0 }) },
      { standing: 'down', since: t0 },
    ],
    [
      'ok since the last one came back',
      { 'web1/ssh': state({ hard: 'ok', since: t0 }), 'web1/http': state({ hard: 'ok', since: t0 + 5 }) },
      { standing: 'ok', since: t0 + 5 },
    ],
    [
      'no fresh data since it stopped',
      { 'web1/ssh': state({ hard: 'ok', since: t0, staleSince: t0 + 9 }), 'web1/http': state({ hard: 'ok', since: t0 }) },
      { standing: 'stale', since: t0 + 9 },
    ],
    ['waiting, since nobody knows when', { 'web1/ssh': state({}) }, { standing: 'pending', since: null }],
    ['nothing to check', {}, { standing: 'pending', since: null }],
  ] as const)('%s', (_name, states, expected) => expect(standingSince(records(tablesOf(states)))).toEqual(expected));

  it('shows the chosen check, else the worst, else the first', () => {
    const tables = tablesOf({ 'web1/ssh': state({ hard: 'ok' }), 'web1/http': state({ hard: 'degraded' }) });
    const ids = listedChecks(tables, 'web1');
    expect(shownCheck(tables, ids, 'web1/ssh')?.id).toBe('web1/ssh');
    expect(shownCheck(tables, ids, null)?.id).toBe('web1/http');
    expect(shownCheck(tables, ids, 'web2/http')?.id).toBe('web1/http');
    expect(shownCheck(tablesOf({}), ids, null)?.id).toBe('web1/ssh');
    expect(shownCheck(tables, [], null)).toBeUndefined();
  });

  const behindCox = { kind: 'unreachable', by: 'cox', name: 'Cox', always: false } as const;
  const atWork = { kind: 'maintenance', by: 'w1', name: 'Mail upgrade', always: true } as const;
  const offline = { kind: 'cut-off', by: 'desk', name: 'this desk', always: false } as const;
  it.each([
    [
      'behind a failed parent: since its own first symptom',
      state({ hard: 'down', since: t0 }),
      behindCox,
      { standing: 'unreachable', since: t0 },
    ],
    [
      'merely worked on: its own last change says nothing',
      state({ hard: 'ok', since: t0 }),
      atWork,
      { standing: 'maintenance', since: null },
    ],
    ['worked on and gone: since it went', state({ hard: 'down', since: t0 + 3 }), atWork, { standing: 'maintenance', since: t0 + 3 }],
    ['the desk is offline: grey, since nobody knows when', state({ hard: 'down', since: t0 }), offline, { standing: 'stale', since: null }],
    [
      'flapping: degraded',
      state({ hard: 'ok', since: t0, flapping: { since: t0 + 2, percent: 34 } }),
      null,
      { standing: 'degraded', since: t0 + 2 },
    ],
  ] as const)('%s', (_name, it, cover, expected) => {
    const all = records(tablesOf({ 'web1/ssh': it })).map((record) => ({ ...record, cover }));
    expect(standingSince(all)).toEqual(expected);
    expect(coverOf(all, expected.standing)).toBe(cover);
  });

  it('tells a cover only where all that makes the subject stand so is covered', () => {
    const [ssh, http] = records(tablesOf({ 'web1/ssh': state({ hard: 'down' }), 'web1/http': state({ hard: 'down' }) }));
    if (!ssh || !http) throw new Error('no records');
    const covered = { ...ssh, cover: behindCox };
    expect(coverOf([covered, http], 'down')).toBeNull();
    expect(coverOf([covered, { ...http, cover: behindCox }], 'unreachable')).toBe(behindCox);
  });

  it('finds the open alert of the subject only', () => {
    const alert = (id: string, more: Partial<Alert>): Alert => ({
      id,
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
      ...more,
    });
    const tables = {
      ...tablesOf({}),
      alerts: { a: alert('a', { endedAt: 5 }), b: alert('b', { subject: { kind: 'host', id: 'web2' } }), c: alert('c', {}) },
    };
    expect(openAlertOf(tables, 'web1')?.id).toBe('c');
    expect(openAlertOf(tables, 'web3')).toBeUndefined();
  });
});

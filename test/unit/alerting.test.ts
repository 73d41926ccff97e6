import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AlertInput, acknowledge, closeAlert, stages, stepAlert } from '../../shared/alerting/step.ts';
import type { CheckState } from '../../shared/health/step.ts';
import { age, pendingState, step } from '../../shared/health/step.ts';
import type { Alert } from '../../shared/model/alert.ts';
import type { Level } from '../../shared/model/words.ts';
import { alertOf, check, hard, okState, stale, thing, verdict } from '../support/story.ts';

const web1 = thing('host', 'web1');
const ping = check(web1, 'icmp');
const http = check(web1, 'http');
const ssh = check(web1, 'tcp', 'ssh');
const refused = verdict('down', 'refused', 'connection refused on port 443');
const silent = verdict('down', 'no-reply', 'no answer to 5 pings');
const slow = verdict('degraded', 'slow', 'answers in 1.9 s');

let ids = 0;
const run = (checks: AlertInput['checks'], open: Alert | null, now: number) => {
  ids = 0;
  return stepAlert({ subject: web1, checks, open, now, newId: () => `N${++ids}` });
};
const all = (p: CheckState, h: CheckState, s: CheckState) => [
  { plan: ping, state: p },
  { plan: http, state: h },
  { plan: ssh, state: s },
];
const raised = (checks: AlertInput['checks'], now = 1_000): Alert => run(checks, null, now).alert as Alert;

describe('stepAlert', () => {
  it('stays silent while nothing is hard', () => {
    const soft = step(okState, refused, 500, 3).state;
    const done = run(all(okState, soft, pendingState(0)), null, 1_000);
    expect(done).toMatchObject({ alert: null, events: [] });
    expect(ids).toBe(0);
    expect(done.decisions.map((it) => it.stage)).toEqual(Object.keys(stages));
    expect(done.decisions.every((it) => it.reason !== '')).toBe(true);
  });

  it('is raised at the first hard problem and names its first symptom', () => {
    const done = run(all(okState, hard(refused, 400), okState), null, 1_000);
    expect(done.alert).toEqual({
      id: 'N1',
      subject: { kind: 'host', id: 'web1' },
      severity: 'down',
      title: 'HTTP on web1 fails',
      text: 'HTTP: connection refused on port 443. Ping and SSH answer.',
      checks: ['web1/http'],
      firstAt: 400,
      raisedAt: 1_000,
      updatedAt: 1_000,
      acknowledgement: null,
      endedAt: null,
    });
    expect(done.events).toEqual([
      {
        kind: 'alert-raised',
        at: 1_000,
        actor: 'engine',
        subject: { kind: 'host', id: 'web1' },
        payload: { alert: 'N1', title: 'HTTP on web1 fails', severity: 'down', checks: ['web1/http'] },
      },
    ]);
  });

  it('raises with severity unknown when that is all there is', () => {
    const done = run(all(okState, hard(verdict('unknown', 'permission', 'no permission'), 5), okState), null, 10);
    expect(done.alert).toMatchObject({ severity: 'unknown', title: 'HTTP on web1 cannot be checked' });
  });

  it('returns the very same alert while nothing changes', () => {
    const checks = all(okState, hard(refused, 400), okState);
    const open = raised(checks);
    const done = run(checks, open, 9_000);
    expect(done.alert).toBe(open);
    expect(done.events).toEqual([]);
  });

  it('changes its words without a line in the timeline', () => {
    const open = raised(all(okState, hard(refused, 400), okState));
    const done = run(all(okState, hard(verdict('down', 'timeout', 'no answer within 10 s'), 400), okState), open, 2_000);
    expect(done.alert).toMatchObject({ text: 'HTTP: no answer within 10 s. Ping and SSH answer.', updatedAt: 2_000, id: open.id });
    expect(done.events).toEqual([]);
  });

  const growth: [string, AlertInput['checks'], { joined: string[]; left: string[]; severity: string; title: string }][] = [
    [
      'a check joins',
      all(hard(silent, 300), hard(refused, 400), okState),
      { joined: ['web1/icmp'], left: [], severity: 'down', title: 'Ping and HTTP on web1 fail' },
    ],
    [
      'all join',
      all(hard(silent, 300), hard(refused, 400), hard(refused, 450)),
      { joined: ['web1/icmp', 'web1/ssh'], left: [], severity: 'down', title: 'web1 is down' },
    ],
    [
      'one goes, one comes',
      all(okState, okState, hard(refused, 450)),
      { joined: ['web1/ssh'], left: ['web1/http'], severity: 'down', title: 'SSH on web1 fails' },
    ],
    [
      'it gets better',
      all(okState, hard(slow, 900), okState),
      { joined: [], left: [], severity: 'degraded', title: 'web1 answers slowly' },
    ],
  ];
  it.each(growth)('tells when %s', (_what, checks, expected) => {
    const open = raised(all(okState, hard(refused, 400), okState));
    const done = run(checks, open, 2_000);
    expect(done.events.map((event) => event.kind)).toEqual(['alert-updated']);
    expect(done.events[0]?.payload).toEqual({ alert: open.id, ...expected });
    expect(done.alert).toMatchObject({ id: open.id, raisedAt: 1_000, updatedAt: 2_000, title: expected.title });
  });

  it('keeps the first symptom when a problem changes its level', () => {
    const open = raised(all(okState, hard(slow, 100), okState));
    expect(run(all(okState, hard(refused, 1_500), okState), open, 1_500).alert?.firstAt).toBe(100);
  });

  it('recovers when none is left', () => {
    const open = raised(all(okState, hard(refused, 400), okState));
    const done = run(all(okState, okState, okState), open, 60_400);
    expect(done.alert).toEqual({ ...open, endedAt: 60_400, updatedAt: 60_400 });
    expect(done.events).toEqual([
      {
        kind: 'alert-recovered',
        at: 60_400,
        actor: 'engine',
        subject: open.subject,
        payload: { alert: open.id, title: open.title, lastedMs: 60_000 },
      },
    ]);
  });

  it('treats an alert that has ended as none', () => {
    const open = { ...raised(all(okState, hard(refused, 400), okState)), endedAt: 900 };
    expect(run(all(okState, okState, okState), open, 2_000)).toMatchObject({ alert: null, events: [] });
    expect(run(all(okState, hard(refused, 1_900), okState), open, 2_000).alert?.raisedAt).toBe(2_000);
  });

  describe('without fresh data', () => {
    it('takes nothing in', () => {
      expect(run(all(okState, stale(hard(refused, 400), 900), okState), null, 1_000).alert).toBeNull();
    });
    it('lets nothing go, and says so', () => {
      const open = raised(all(okState, hard(refused, 400), okState));
      const held = run(all(okState, stale(hard(refused, 400), 1_500), okState), open, 2_000);
      expect(held.events).toEqual([]);
      expect(held.alert).toMatchObject({
        endedAt: null,
        severity: 'down',
        checks: ['web1/http'],
        text: 'No fresh data from HTTP; the last result was: connection refused on port 443. Ping and SSH answer.',
      });
    });
    it('never counts a stale check among what works', () => {
      const done = run(all(stale(okState, 900), hard(refused, 400), okState), null, 1_000);
      expect(done.alert?.text).toBe('HTTP: connection refused on port 443. SSH answers.');
    });
    it('does not recover by a check whose settings changed and that has no result yet', () => {
      const open = raised(all(okState, hard(refused, 400), okState));
      const done = run(all(okState, pendingState(1_500), okState), open, 2_000);
      expect(done.alert).toMatchObject({ endedAt: null, checks: ['web1/http'], firstAt: 400 });
    });
  });

  describe('an acknowledgement', () => {
    const taken = (): Alert => ({
      ...raised(all(okState, hard(slow, 400), okState)),
      acknowledgement: { by: 'Kim', comment: 'on it', at: 1_100 },
    });
    const table: [string, AlertInput['checks'], string | null][] = [
      ['stays while nothing grows', all(okState, hard(slow, 400), okState), null],
      ['stays when only words change', all(okState, hard(verdict('degraded', 'slow', 'answers in 3 s'), 400), okState), null],
      ['goes when a check joins', all(hard(slow, 1_900), hard(slow, 400), okState), 'Ping joined'],
      ['goes when it gets worse', all(okState, hard(refused, 1_900), okState), 'it went from degraded to down'],
      ['goes by both', all(okState, hard(refused, 1_900), hard(refused, 1_900)), 'SSH joined and it went from degraded to down'],
      ['stays without fresh data', all(okState, stale(hard(slow, 400), 1_900), okState), null],
    ];
    it.each(table)('%s', (_what, checks, why) => {
      const open = taken();
      const done = run(checks, open, 2_000);
      const cleared = done.events.filter((event) => event.kind === 'acknowledgement-cleared');
      expect(cleared.map((event) => event.payload)).toEqual(why === null ? [] : [{ alert: open.id, title: done.alert?.title, why }]);
      expect(done.alert?.acknowledgement).toEqual(why === null ? open.acknowledgement : null);
      if (why !== null) expect(done.events.map((event) => event.kind)).toEqual(['alert-updated', 'acknowledgement-cleared']);
    });
    it('stays on the record of an alert that recovered', () => {
      expect(run(all(okState, okState, okState), taken(), 2_000).alert?.acknowledgement?.by).toBe('Kim');
    });
  });

  it('is closed, not recovered, when its checks are watched no longer', () => {
    const open = raised(all(okState, hard(refused, 400), okState));
    const done = run([{ plan: ping, state: okState }], open, 2_000);
    expect(done.events.map((event) => event.kind)).toEqual(['alert-closed']);
    expect(done.alert?.endedAt).toBe(2_000);
  });

  it('holds exactly what is hard and fresh, plus what it holds without fresh data, over any night', () => {
    const levels: Level[] = ['ok', 'degraded', 'down', 'unknown'];
    const move = fc.record({ which: fc.integer({ min: 0, max: 2 }), level: fc.constantFrom(...levels), silence: fc.boolean() });
    fc.assert(
      fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
        const states = [pendingState(0), pendingState(0), pendingState(0)];
        const plans = [ping, http, ssh];
        let open: Alert | null = null;
        moves.forEach(({ which, level, silence }, index) => {
          const now = (index + 1) * 1_000;
          const state = states[which] as CheckState;
          states[which] = silence ? age(state, now, -1_000_000, 10).state : step(state, verdict(level), now, 2).state;
          const before: Alert | null = open;
          const done = run(
            plans.map((plan, i) => ({ plan, state: states[i] as CheckState })),
            before,
            now,
          );
          const inIt = (done.alert && done.alert.endedAt === null ? done.alert.checks : []) as string[];
          plans.forEach((plan, i) => {
            const it = states[i] as CheckState;
            const fresh = it.staleSince === null && it.hard !== 'pending';
            if (fresh) expect(inIt.includes(plan.id)).toBe(it.hard !== 'ok');
            else expect(inIt.includes(plan.id)).toBe(before?.checks.includes(plan.id) ?? false);
          });
          // One life line: raised once, ended once, and an event for each change of scope or severity.
          const kinds = done.events.map((event) => event.kind);
          expect(kinds.includes('alert-raised')).toBe(!before && inIt.length > 0);
          expect(kinds.includes('alert-recovered')).toBe(before !== null && inIt.length === 0);
          if (done.alert) expect(done.alert.firstAt).toBeLessThanOrEqual(done.alert.raisedAt);
          open = done.alert && done.alert.endedAt === null ? done.alert : null;
        });
      }),
    );
  });
});

describe('closeAlert', () => {
  it('ends it and says why', () => {
    const closed = closeAlert(alertOf(web1), 'it is no longer in the inventory', 7);
    expect(closed.alert.endedAt).toBe(7);
    expect(closed.events).toEqual([
      {
        kind: 'alert-closed',
        at: 7,
        actor: 'engine',
        subject: { kind: 'host', id: 'web1' },
        payload: { alert: 'A-web1', title: 'web1 is down', why: 'it is no longer in the inventory' },
      },
    ]);
  });
});

describe('acknowledge', () => {
  const one = alertOf(web1);
  const two = alertOf(thing('host', 'web2'));
  const over = alertOf(thing('host', 'db1'), { endedAt: 50 });
  const known = { [one.id]: one, [two.id]: two, [over.id]: over };

  it('takes several on, each with its line', () => {
    const done = acknowledge(known, [one.id, two.id, one.id], ' Kim ', ' on it ', 99);
    expect(done).toEqual({
      ok: true,
      value: {
        alerts: [one, two].map((it) => ({ ...it, acknowledgement: { by: 'Kim', comment: 'on it', at: 99 }, updatedAt: 99 })),
        events: [one, two].map((it) => ({
          kind: 'acknowledged',
          at: 99,
          actor: 'Kim',
          subject: it.subject,
          payload: { alert: it.id, title: it.title, comment: 'on it' },
        })),
      },
    });
  });
  it('lets another person take over', () => {
    const first = acknowledge(known, [one.id], 'Kim', 'on it', 99);
    const held = first.ok ? first.value.alerts[0] : undefined;
    const second = acknowledge(new Map([[one.id, held as Alert]]), [one.id], 'Sam', 'my shift', 120);
    expect(second.ok && second.value.alerts[0]?.acknowledgement).toEqual({ by: 'Sam', comment: 'my shift', at: 120 });
    expect(second.ok && second.value.events[0]?.actor).toBe('Sam');
  });
  const refusals: [string, string[], string, string, string, RegExp][] = [
    ['one has ended', [one.id, over.id], 'Kim', 'x', 'alert-gone', /“db1 is down” \(A-db1\) has ended.*Nothing was acknowledged/],
    ['one is not there', [one.id, 'A-none'], 'Kim', 'x', 'alert-gone', /no alert A-none/],
    ['a name of the language is asked for', ['__proto__', 'constructor'], 'Kim', 'x', 'alert-gone', /__proto__ and constructor/],
    ['nobody says it', [one.id], '  ', 'x', 'bad-input', /who you are/],
    ['nothing is said', [one.id], 'Kim', ' ', 'bad-input', /what you do/],
    ['nothing is chosen', [], 'Kim', 'x', 'bad-input', /[Cc]hoose/],
  ];
  it.each(refusals)('does nothing when %s', (_what, ids, by, comment, code, text) => {
    const done = acknowledge(known, ids, by, comment, 99);
    expect(done.ok).toBe(false);
    if (!done.ok) {
      expect(done.failure.code).toBe(code);
      expect(done.failure.text).toMatch(text);
    }
  });
});

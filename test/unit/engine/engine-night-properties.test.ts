/** Random nights with the whole engine: faults of hosts, links and the desk's own line, people, planned work, sleeps, restarts. */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { makeUptime } from '../../../electron/store/make-uptime.ts';
import { isRemote } from '../../../shared/health/remote.ts';
import { staleAfterMs, standingOf } from '../../../shared/health/step.ts';
import { reachedFrom } from '../../../shared/maintenance/reached.ts';
import type { Alert } from '../../../shared/model/alert.ts';
import { eventSchema, type NightEvent } from '../../../shared/model/event.ts';
import type { Plan } from '../../../shared/model/plan.ts';
import { HOUR, MINUTE, SECOND } from '../../../shared/time.ts';
import { type Answer, hostLine, openAlerts, type Rig, startRig } from '../../support/engine-rig.ts';
import { removeTemporaryFolders } from '../../support/temporary-folder.ts';

afterAll(removeTemporaryFolders);

const inventory = `organization: { name: Test, timezone: UTC }
defaults: { interval: 20s, retryInterval: 5s, timeout: 3s, maxAttempts: 2 }
desk: { anchors: [{ type: tcp, name: gate, address: gate.test, port: 53 }, { type: tcp, name: far, address: far.test, port: 53, interval: 10s }] }
sites: [{ id: sd, name: San Diego }]
links: [{ id: cox, site: sd, provider: Cox, gateway: cox.test }, { id: lumen, site: sd, provider: Lumen, gateway: lumen.test }]
prefixes: [{ id: p1, cidr: 192.0.2.0/24, site: sd, via: [cox, lumen], representatives: [192.0.2.10] }]
hosts:
${hostLine('gw', ', site: sd, parents: [cox, lumen]')}${hostLine('web1', ', site: sd, parents: [gw]')}${hostLine('web2', ', site: sd, parents: [gw]')}${hostLine('db1')}  - { id: here, address: 127.0.0.1, checks: [{ type: tcp, port: 80 }] }
services: [{ id: shop, name: the shop, hosts: [web1, web2], dependsOn: [db1], checks: [{ type: tcp, address: shop.test, port: 443 }] }]
maintenance: [{ id: weekly, name: weekly work, schedule: "10 5 * * *", duration: 3m, affects: [web2] }]
routines: [{ id: rotate, name: log rotation, schedule: "15 5 * * *", usually: 2m, restarts: [db1] }]
`;
/** What breaks together. */
const faults: Record<string, string[]> = {
  gw: ['gw', 'web1', 'web2', 'shop'],
  web1: ['web1'],
  web2: ['web2'],
  db1: ['db1', 'shop'],
  cox: ['cox'],
  site: ['cox', 'lumen', '192.0.2.10', 'gw', 'web1', 'web2', 'shop'],
  gate: ['gate'],
  line: ['gate', 'far', 'gw', 'web1', 'web2', 'db1', 'shop', 'cox', 'lumen', '192.0.2.10'],
  here: ['127.0.0.1'],
};
const subjects = ['gw', 'web1', 'db1', 'cox', 'sd', 'shop'];

type Step =
  | { what: 'break' | 'heal'; fault: string; answer: Answer }
  | { what: 'acknowledge'; sticky: boolean; forMs: number | null }
  | { what: 'release' | 'end-silences' | 'finish-work' | 'heal-all' }
  | { what: 'silence' | 'plan'; subject: string; ms: number; inMs: number }
  | { what: 'sleep' | 'restart'; ms: number };
const only = <T extends string>(what: T) => fc.constant(what);
const ms = (most: number) => fc.integer({ min: SECOND, max: most });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      what: only('break'),
      fault: fc.constantFrom(...Object.keys(faults)),
      answer: fc.constantFrom<Answer>('refused', 'refused', 'hang'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ what: only('heal'), fault: fc.constantFrom(...Object.keys(faults)), answer: fc.constant<Answer>('ok') }),
  },
  fc.record({ what: fc.constantFrom('heal-all' as const, 'release' as const, 'end-silences' as const, 'finish-work' as const) }),
  fc.record({ what: only('acknowledge'), sticky: fc.boolean(), forMs: fc.option(ms(5 * MINUTE)) }),
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constantFrom('silence' as const, 'plan' as const),
      subject: fc.constantFrom(...subjects),
      ms: ms(5 * MINUTE),
      inMs: ms(MINUTE),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ what: fc.constantFrom('sleep' as const, 'restart' as const), ms: fc.oneof(ms(20 * SECOND), ms(30 * MINUTE)) }),
  },
);
const night = fc.array(fc.record({ step, seconds: fc.integer({ min: 1, max: 90 }) }), { minLength: 3, maxLength: 14 });

/** Carries out one step. Requests may be refused: that is an answer too. @returns the engine that runs afterwards */
async function carryOut(rig: Rig, it: Step): Promise<Rig> {
  const { handlers } = rig.engine;
  const now = rig.clock.now();
  switch (it.what) {
    case 'break':
    case 'heal':
      for (const host of faults[it.fault] ?? []) rig.answers.set(host, it.answer);
      return rig;
    case 'heal-all':
      rig.answers.clear();
      return rig;
    case 'acknowledge': {
      const ids = openAlerts(rig).map((alert) => alert.id);
      if (ids.length > 0)
        handlers.acknowledge({
          alerts: ids,
          by: 'Ada',
          comment: 'x',
          sticky: it.sticky,
          until: it.forMs === null ? null : now + it.forMs,
          takeOver: true,
        });
      return rig;
    }
    case 'release': {
      const ids = openAlerts(rig).flatMap((alert) => (alert.acknowledgement ? [alert.id] : []));
      if (ids.length > 0) handlers.release({ alerts: ids, by: 'Bo', comment: 'x' });
      return rig;
    }
    case 'silence':
      handlers.silence({ subjects: [it.subject], by: 'Ada', reason: 'x', until: now + it.ms });
      return rig;
    case 'end-silences':
      for (const silence of Object.keys(rig.tables().silences)) handlers.endSilence({ silence, by: 'Ada' });
      return rig;
    case 'plan': {
      const times = { from: now + it.inMs, to: now + it.inMs + it.ms, durationMs: null, schedule: null };
      const plan = { name: 'work', kind: 'fixed' as const, ...times, affects: [it.subject], spares: [], reason: '' };
      handlers.planMaintenance({ id: null, by: 'Ada', plan });
      return rig;
    }
    case 'finish-work':
      for (const window of Object.keys(rig.tables().windows))
        handlers.changeMaintenance({ window, by: 'Ada', reason: '', change: { kind: 'finish' } });
      return rig;
    case 'sleep':
      rig.clock.freeze(it.ms);
      return rig;
    case 'restart': {
      rig.stop();
      await rig.clock.advance(it.ms);
      return startRig({ before: rig });
    }
  }
}

/** What must hold at every moment. */
function look(rig: Rig): void {
  const { checks, plans, alerts } = rig.tables();
  const now = rig.clock.now();
  for (const { id, state, cover } of Object.values(checks)) {
    if (standingOf(state, cover) !== 'ok') continue;
    const plan = plans[id];
    if (state.hard !== 'ok' || now - (state.at as number) > staleAfterMs(plan?.intervalMs as number, plan?.timeoutMs as number) + SECOND)
      throw new Error(`false green: ${id} at ${now}: ${JSON.stringify(state)}`);
  }
  const seen = new Set<string>();
  for (const alert of Object.values(alerts)) {
    if (alert.endedAt !== null) continue;
    for (const check of [...alert.checks, ...alert.consequences]) {
      if (seen.has(check)) throw new Error(`${check} stands in two open alerts`);
      seen.add(check);
    }
    if (alert.checks.length === 0) throw new Error(`an open alert without checks: ${alert.title}`);
  }
  if (rig.tables().desk.desk?.cutOffSince) {
    for (const { id, state, cover } of Object.values(checks)) {
      const plan = plans[id];
      if (plan && isRemote(plan) && cover?.kind === 'cut-off' && standingOf(state, cover) !== 'stale')
        throw new Error(`${id} is told of while cut off`);
    }
  }
}

/** What must hold when all that happened has been looked at: on screen and on disk alike. */
function lookWell(rig: Rig): void {
  // Flushes.
  void rig.engine.handlers.alerts({ from: 0, to: 0 });
  look(rig);
  const now = rig.clock.now();
  const { checks, plans, windows, subjects: all } = rig.tables();
  const byId = (a: Alert, b: Alert): number => (a.id < b.id ? -1 : 1);
  expect(
    rig.store
      .loadAlerts(now + 1)
      .filter((it) => it.endedAt === null)
      .sort(byId),
  ).toEqual(openAlerts(rig).sort(byId));

  // What counts for uptime is how each check stands.
  const spells = rig.store.spells(null, now, now);
  for (const { id, state, cover } of Object.values(checks)) {
    const shown = standingOf({ ...state, flapping: null }, cover?.kind === 'unreachable' || cover?.kind === 'cut-off' ? cover : null);
    const counted = shown === 'pending' || shown === 'stale' || shown === 'maintenance' ? 'unknown' : shown;
    expect([id, spells.get(id)?.at(-1)?.standing]).toEqual([id, counted]);
  }
  // Nobody is called for what is being worked on.
  const reached = reachedFrom(Object.values(all));
  const working = new Set(Object.values(windows).flatMap((it) => (it.running ? [...reached(it.affects)] : [])));
  for (const alert of openAlerts(rig)) {
    for (const check of alert.checks) {
      const { hard, staleSince } = checks[check]?.state ?? { hard: 'pending', staleSince: 0 };
      // What has no fresh data, and what a desk that is cut off cannot see, stays in its alert.
      if (hard === 'ok' || staleSince !== null || checks[check]?.cover?.kind === 'cut-off') continue;
      if (working.has(plans[check]?.subject.id ?? '')) throw new Error(`${alert.title} is raised while ${check} is worked on`);
    }
  }
}

/** What must hold of the whole night. */
function lookBack(rig: Rig, events: NightEvent[], from: number): void {
  for (const event of events) eventSchema.parse(event);
  expect(rig.store.skipped()).toBe(0);
  const alertOf = (event: NightEvent): string => (event.payload as { alert: string }).alert;
  const raised = events.filter((it) => it.kind === 'alert-raised').map(alertOf);
  const ended = events
    .filter((it) => it.kind === 'alert-recovered' || it.kind === 'alert-closed' || it.kind === 'alert-merged')
    .map(alertOf);
  const open = openAlerts(rig).map((it) => it.id);
  expect(new Set(raised).size).toBe(raised.length);
  expect([...ended, ...open].sort()).toEqual(raised.sort());
  const begun = events.filter((it) => it.kind === 'desk-cut-off').length - events.filter((it) => it.kind === 'desk-connected').length;
  expect(begun).toBe(rig.tables().desk.desk?.cutOffSince == null ? 0 : 1);

  const now = rig.clock.now();
  const plan = JSON.parse(rig.store.document('plan') as string) as Plan;
  for (const begin of [from, from + 7 * MINUTE + 1]) {
    const made = makeUptime(rig.store, plan, { from: begin, to: now + HOUR, subjects: null, zone: 'UTC' }, now);
    if (!made.ok) {
      expect(begin).toBeGreaterThanOrEqual(now);
      continue;
    }
    // Anchors are the desk's own affair.
    expect(made.value.report.lines).toHaveLength(plan.checks.length - 2 + plan.subjects.length - 1);
    for (const { id, parts } of made.value.report.lines) {
      expect([id, Object.values(parts).reduce((sum, part) => sum + part, 0)]).toEqual([id, now - begin]);
      expect(Object.values(parts).every((part) => part >= 0)).toBe(true);
    }
  }
}

describe('whatever happens in a night', () => {
  it('nothing is falsely green, nothing is told twice, all of it is on disk, and it comes to rest', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(night, async (steps) => {
        let rig = await startRig({ inventory });
        const events: NightEvent[] = [];
        const from = rig.clock.now();
        try {
          for (const { step: it, seconds } of steps) {
            const before = new Map(openAlerts(rig).map((alert) => [alert.id, alert]));
            const next = await carryOut(rig, it);
            if (next !== rig) {
              events.push(...rig.events);
              rig = next;
              // Nothing is raised anew by a restart, and what somebody has stays theirs unless it is said that it does not. What waited for
              // its parent to be made sure of may be raised now.
              const known = new Set([...before.values()].flatMap((alert) => [...alert.checks, ...alert.consequences]));
              for (const { payload } of rig.told('alert-raised'))
                expect((payload as { checks: string[] }).checks.filter((check) => known.has(check))).toEqual([]);
              for (const alert of openAlerts(rig)) {
                if (!before.has(alert.id)) continue;
                const cleared = rig
                  .told('acknowledgement-cleared')
                  .some((event) => (event.payload as { alert: string }).alert === alert.id);
                if (!cleared) expect(alert.acknowledgement).toEqual(before.get(alert.id)?.acknowledgement);
                expect(alert.raisedAt).toBe(before.get(alert.id)?.raisedAt);
              }
            }
            for (let second = 0; second < seconds; second += 1) {
              await rig.clock.advance(SECOND);
              look(rig);
            }
            lookWell(rig);
          }
          rig.answers.clear();
          await rig.clock.advance(15 * MINUTE);
          lookWell(rig);
          lookBack(rig, [...events, ...rig.events], from);
          expect(openAlerts(rig)).toEqual([]);
          expect(
            Object.values(rig.tables().checks).filter((check) => !['ok', 'maintenance'].includes(standingOf(check.state, check.cover))),
          ).toEqual([]);
        } finally {
          rig.stop();
        }
      }),
      { numRuns: 20 },
    );
  });
});

/** What must hold at every moment, whatever happens: results, sleeps, clocks that jump, restarts, inventories, people. */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { staleAfterMs, standingOf } from '../../../shared/health/step.ts';
import { applyDelta, type Delta, type LiveTables, receive, tableNames } from '../../../shared/live.ts';
import { SECOND } from '../../../shared/time.ts';
import { type Answer, inventoryOf, type Rig, startRig } from '../../support/engine-rig.ts';
import { removeTemporaryFolders } from '../../support/temporary-folder.ts';

afterAll(removeTemporaryFolders);

const hosts = ['web1', 'web2', 'web3'];
const host = fc.constantFrom(...hosts);
type Step =
  | { what: 'answer'; host: string; answer: Answer }
  | { what: 'freeze' | 'jump'; ms: number }
  | { what: 'restart'; pauseMs: number; hosts: string[] }
  | { what: 'check-now'; host: string }
  | { what: 'acknowledge' }
  | { what: 'disk'; broken: boolean };
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constant('answer' as const),
      host,
      answer: fc.constantFrom<Answer>('ok', 'ok', 'refused', 'slow', 'hang', 'throw', 'nonsense'),
    }),
  },
  fc.record({ what: fc.constant('freeze' as const), ms: fc.integer({ min: 1, max: 300 * SECOND }) }),
  fc.record({
    what: fc.constant('jump' as const),
    ms: fc.oneof(fc.integer({ min: -3_600_000, max: 3_600_000 }), fc.integer({ min: -20_000, max: 20_000 })),
  }),
  fc.record({
    what: fc.constant('restart' as const),
    pauseMs: fc.integer({ min: 0, max: 300 * SECOND }),
    hosts: fc.subarray(hosts, { minLength: 1 }),
  }),
  fc.record({ what: fc.constant('check-now' as const), host }),
  fc.record({ what: fc.constant('acknowledge' as const) }),
  fc.record({ what: fc.constant('disk' as const), broken: fc.boolean() }),
);
const story = fc.array(fc.record({ step, seconds: fc.integer({ min: 1, max: 60 }) }), { maxLength: 25 });

/** A window: it subscribes, asks for the picture, and applies what comes. */
function openWindow({ engine }: Rig) {
  let have: { epoch: string; seq: number; tables: LiveTables } | null = null;
  const early: Delta[] = [];
  const hear = (delta: Delta): void => {
    if (!have) return void early.push(delta);
    const what = receive(have, delta);
    if (what === 'ask-again') throw new Error('the window lost the thread');
    if (what === 'apply') have = { ...have, seq: delta.seq, tables: applyDelta(have.tables, delta) };
  };
  const close = engine.publisher.subscribe((delta) => hear(structuredClone(delta)));
  have = structuredClone(engine.publisher.snapshot());
  early.forEach(hear);
  return { tables: () => have?.tables, seq: () => have?.seq, close };
}

/** Plays a story second by second. */
async function play(steps: { step: Step; seconds: number }[], look: (rig: Rig) => void, onRig: (rig: Rig) => void): Promise<void> {
  let rig = await startRig({ inventory: inventoryOf(hosts) });
  onRig(rig);
  for (const { step: it, seconds } of steps) {
    switch (it.what) {
      case 'answer':
        rig.answers.set(it.host, it.answer);
        break;
      case 'freeze':
        rig.clock.freeze(it.ms);
        break;
      case 'jump':
        rig.clock.jump(it.ms);
        break;
      case 'restart':
        rig.breakDisk(null);
        rig.stop();
        await rig.clock.advance(it.pauseMs);
        rig = await startRig({ before: rig, inventory: inventoryOf(it.hosts) });
        onRig(rig);
        look(rig);
        break;
      case 'check-now':
        await rig.engine.handlers.checkNow({ checks: [`${it.host}/tcp`] });
        break;
      case 'acknowledge':
        await rig.engine.handlers.acknowledge({
          alerts: Object.values(rig.tables().alerts)
            .filter((alert) => alert.endedAt === null)
            .map((alert) => alert.id),
          by: 'Ada',
          comment: 'x',
          sticky: false,
          until: null,
          takeOver: true,
        });
        break;
      case 'disk':
        rig.breakDisk(it.broken ? { code: 'full', text: 'no room' } : null);
        break;
    }
    for (let i = 0; i < seconds; i += 1) {
      await rig.clock.advance(SECOND);
      look(rig);
    }
  }
  rig.stop();
}

describe('at every moment', () => {
  it('green means a good result not older than two intervals and the time-out', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(story, async (steps) => {
        await play(
          steps,
          (rig) => {
            for (const { id, state } of Object.values(rig.tables().checks)) {
              if (standingOf(state) !== 'ok') continue;
              const plan = rig.tables().plans[id];
              const limit = staleAfterMs(plan?.intervalMs as number, plan?.timeoutMs as number);
              const ageMs = rig.clock.now() - (state.at as number);
              // The tick that greys comes once a second.
              expect(ageMs).toBeLessThanOrEqual(limit + SECOND);
              expect(ageMs).toBeGreaterThanOrEqual(-SECOND);
              if (!state.soft) expect(state.verdict?.state).toBe('ok');
            }
          },
          () => {},
        );
      }),
      { numRuns: 40 },
    );
  });

  it('green means that the probe itself said so a short while ago, by a clock that nobody sets', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(story, async (steps) => {
        /** When a probe last came back well, monotonic ms. */
        const good = new Map<string, number>();
        let jumpedAt = Number.NEGATIVE_INFINITY;
        let wallAhead = 0;
        await play(
          steps,
          (rig) => {
            const ahead = rig.clock.now() - rig.clock.monotonic();
            if (ahead < wallAhead) jumpedAt = rig.clock.monotonic();
            wallAhead = ahead;
            for (const { state, id } of Object.values(rig.tables().checks)) {
              if (standingOf(state) !== 'ok' || state.soft) continue;
              // A clock set back makes a result as young as the jump, and no younger.
              const since = Math.max(good.get(id.replace('/tcp', '')) ?? Number.NEGATIVE_INFINITY, jumpedAt);
              expect(rig.clock.monotonic() - since).toBeLessThanOrEqual(65 * SECOND + 2 * SECOND);
            }
          },
          (rig) => {
            const { answers } = rig;
            const get = answers.get.bind(answers);
            answers.get = (id) => {
              const said = get(id) ?? 'ok';
              // A slow one answers two seconds later; that is within the slack.
              if (said === 'ok' || said === 'slow') good.set(id, rig.clock.monotonic());
              return said;
            };
          },
        );
      }),
      { numRuns: 40 },
    );
  });

  it('a window that heard every delta shows what the engine shows', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(story, async (steps) => {
        let windows: ReturnType<typeof openWindow>[] = [];
        await play(
          steps,
          (rig) => {
            // Asking for the picture sends what has gathered, so from here all windows are level with it.
            const { seq, tables } = rig.engine.publisher.snapshot();
            for (const window of windows) {
              expect(window.seq()).toBe(seq);
              for (const name of tableNames) expect(window.tables()?.[name]).toEqual(tables[name]);
            }
            if (windows.length < 3) windows.push(openWindow(rig));
          },
          (rig) => {
            for (const window of windows) window.close();
            windows = [openWindow(rig)];
          },
        );
      }),
      { numRuns: 25 },
    );
  });

  it('every hard problem of which there is fresh news stands in exactly one open alert, and on disk it is as it is shown', {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(story, async (steps) => {
        await play(
          steps.filter(({ step: it }) => it.what !== 'disk'),
          (rig) => {
            // Who asks is told of what came within the last moment, too; else that is settled together with what else comes then (board.ts).
            void rig.engine.handlers.alerts({ from: 0, to: 0 });
            const { checks, alerts, plans } = rig.tables();
            const open = Object.values(alerts).filter((alert) => alert.endedAt === null);
            expect(new Set(open.map((alert) => alert.subject.id)).size).toBe(open.length);
            for (const alert of open) for (const id of alert.checks) expect(plans[id]).toBeDefined();
            for (const { id, state } of Object.values(checks)) {
              const inAlerts = open.filter((alert) => alert.checks.includes(id)).length;
              // One that comes and goes has an alert also while it is ok.
              const isIdle = state.hard === 'ok' && state.flapping !== null;
              if (state.staleSince === null && state.at !== null && !isIdle)
                expect(inAlerts).toBe(state.hard === 'ok' || state.hard === 'pending' ? 0 : 1);
              else expect(inAlerts).toBeLessThanOrEqual(1);
            }
            expect(
              rig.store
                .loadAlerts(rig.clock.now() + 1)
                .filter((alert) => alert.endedAt === null)
                .sort((a, b) => (a.id < b.id ? -1 : 1)),
            ).toEqual(open.sort((a, b) => (a.id < b.id ? -1 : 1)));
          },
          () => {},
        );
      }),
      { numRuns: 25 },
    );
  });
});

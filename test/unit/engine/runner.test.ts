import { describe, expect, it } from 'vitest';
import { createRunner } from '../../../electron/engine/runner.ts';
import type { probes } from '../../../electron/probes/index.ts';
import type { Pinger } from '../../../electron/probes/pinger.ts';
import type { Probe } from '../../../electron/probes/types.ts';
import type { Facts } from '../../../shared/checks/types.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { plannedCheck } from '../../support/plans.ts';

const pinger: Pinger = { name: 'fping', ping: async () => ({ ok: true, rttsMs: [1] }), close() {} };

function setUp(tcp: Probe<unknown, Facts>, limits: { permits?: number; permitsPerHost?: number } = {}) {
  const clock = createFakeClock();
  const runner = createRunner({ clock, probes: { tcp } as unknown as typeof probes, pinger, secret: () => undefined, ...limits });
  return { clock, runner };
}

describe('runner', () => {
  it('gives up a probe that never ends, whatever it does with its signal', async () => {
    const { clock, runner } = setUp(() => new Promise(() => {}));
    const running = runner.run(plannedCheck({ timeoutMs: 2_000 }));
    await clock.advance(2_301);
    const run = await running;
    expect(run.facts.failure).toEqual({ code: 'timeout', detail: 'no result within 2.0 s' });
    expect(run.bug).toBeNull();
    expect(run.durationMs).toBe(2_300);
  });

  it('takes the partial facts of a probe that heeds its signal', async () => {
    const { clock, runner } = setUp(
      (_config, { signal }) =>
        new Promise((resolve) =>
          signal.addEventListener('abort', () => resolve({ failure: { code: 'timeout', detail: 'connected, then nothing' } })),
        ),
    );
    const running = runner.run(plannedCheck({ timeoutMs: 2_000 }));
    await clock.advance(2_000);
    expect((await running).facts.failure?.detail).toBe('connected, then nothing');
  });

  it.each<[string, Probe<unknown, Facts>]>([
    [
      'at once',
      () => {
        throw new Error('a bug');
      },
    ],
    [
      'later',
      async () => {
        throw new Error('a bug');
      },
    ],
    ['with no error at all', () => Promise.reject(undefined)],
  ])('fences a probe that throws %s', async (_when, probe) => {
    const { runner } = setUp(probe);
    const run = await runner.run(plannedCheck({}));
    expect(run.facts.failure?.code).toBe('internal');
    expect(run.bug).not.toBeNull();
  });

  it('bounds and cleans the transcript', async () => {
    const { runner } = setUp(async (_config, { note }) => {
      for (let i = 0; i < 1_000; i++) note(`\u001b[31mline ${i}\r\n${'x'.repeat(5_000)}`);
      return {};
    });
    const { lines } = await runner.run(plannedCheck({}));
    expect(lines).toHaveLength(60);
    expect(lines[0]).toMatch(/^\+0 ms {2}line 0 x+…$/);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(320);
  });

  it('keeps to its permits, per host and all in all, and serves everybody in the end', async () => {
    let now = 0;
    const perHost = new Map<string, number>();
    let most = 0;
    let mostPerHost = 0;
    const { clock, runner } = setUp(
      async (config) => {
        const { host } = config as { host: string };
        now += 1;
        perHost.set(host, (perHost.get(host) ?? 0) + 1);
        most = Math.max(most, now);
        mostPerHost = Math.max(mostPerHost, perHost.get(host) as number);
        await new Promise<void>((resolve) => void clock.after(100, resolve));
        now -= 1;
        perHost.set(host, (perHost.get(host) as number) - 1);
        return {};
      },
      { permits: 10, permitsPerHost: 3 },
    );
    const runs = Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        runner.run(plannedCheck({ id: `c${i}`, permitKey: `host${i % 5}`, config: { host: `host${i % 5}` } })),
      ),
    );
    await clock.advance(5_000);
    expect(await runs).toHaveLength(100);
    expect(most).toBeLessThanOrEqual(10);
    expect(mostPerHost).toBeLessThanOrEqual(3);
  });

  it('sends nothing more once it is stopped, also for those that waited for a permit', async () => {
    let begun = 0;
    const { runner } = setUp(
      () => {
        begun += 1;
        return new Promise(() => {});
      },
      { permitsPerHost: 2 },
    );
    const runs = Promise.all(Array.from({ length: 20 }, (_, i) => runner.run(plannedCheck({ id: `c${i}` }))));
    runner.stop();
    for (const run of await runs) expect(run.facts.failure?.code).toBe('internal');
    expect((await runner.run(plannedCheck({ id: 'late' }))).facts.failure?.code).toBe('internal');
    expect(begun).toBe(2);
  });

  it('ends what is under way when it is stopped', async () => {
    const { runner } = setUp(() => new Promise(() => {}));
    const running = runner.run(plannedCheck({}));
    runner.stop();
    expect((await running).facts.failure?.code).toBe('internal');
  });
});

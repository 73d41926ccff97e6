import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createClock, now } from '../../../renderer/state/clock.ts';
import { drillStaleness, staleness } from '../../../renderer/state/freshness.ts';
import { useLive } from '../../../renderer/state/live.ts';
import { roleOf } from '../../../renderer/state/role.ts';
import type { EngineStatus } from '../../../shared/contract.ts';
import { type DrillLive, emptyTables } from '../../../shared/live.ts';
import { drillOf } from '../../support/drill-live.ts';

const real = Date.parse('2026-11-20T13:00:00Z');
const at = Date.parse('2026-06-16T07:24:10.400Z');
const show = (drill: DrillLive | null): void => useLive.setState({ tables: { ...emptyTables(), drill: drill ? { drill } : {} } });

beforeEach(() => {
  vi.useFakeTimers({ now: real });
  show(null);
});
afterEach(() => void vi.useRealTimers());

describe('what time it is', () => {
  it('is the computer’s, and in a drill the drill’s', () => {
    expect(now()).toBe(real);
    show(drillOf({ at }));
    vi.advanceTimersByTime(60_000);
    expect(now()).toBe(at);
    show(null);
    expect(now()).toBe(real + 60_000);
  });

  it('ticks by the computer at the desk, on whole paces', () => {
    vi.setSystemTime(real + 400);
    const clock = createClock(1_000);
    const seen: number[] = [];
    const stop = clock.subscribe(() => seen.push(clock.read()));
    vi.advanceTimersByTime(2_600);
    expect(seen).toEqual([real + 1_000, real + 2_000, real + 3_000]);
    stop();
    vi.advanceTimersByTime(5_000);
    expect(seen).toHaveLength(3);
    expect(clock.read()).toBe(real + 8_000);
  });

  it('ticks with the picture in a drill, tells nobody before it shows another time, and stands still with it', () => {
    show(drillOf({ at }));
    const clock = createClock(15_000);
    const seen: number[] = [];
    const stop = clock.subscribe(() => {
      if (clock.read() !== seen.at(-1)) seen.push(clock.read());
    });
    const told = vi.fn();
    const stopTold = clock.subscribe(told);
    show(drillOf({ at: at + 2_000 }));
    expect(told).not.toHaveBeenCalled();
    show(drillOf({ at: at + 12_000 }));
    show(drillOf({ at: at + 72_000 }));
    expect(told).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(120_000);
    expect(seen).toEqual([Date.parse('2026-06-16T07:24:15Z'), Date.parse('2026-06-16T07:25:15Z')]);
    stop();
    stopTold();
    show(drillOf({ at: at + 500_000 }));
    expect(seen).toHaveLength(2);
  });

  it('is the computer’s for what really takes time, also in a drill', () => {
    show(drillOf({ at }));
    const clock = createClock(1_000);
    const stop = clock.subscribe(() => {});
    vi.advanceTimersByTime(3_000);
    expect(clock.readReal()).toBe(real + 3_000);
    stop();
  });

  it('has no listener at the picture once nobody looks', () => {
    const before = vi.getTimerCount();
    const clock = createClock(1_000);
    const stop = clock.subscribe(() => {});
    expect(vi.getTimerCount()).toBe(before + 1);
    stop();
    expect(vi.getTimerCount()).toBe(before);
  });
});

describe('a picture of a drill', () => {
  const zone = 'America/New_York';
  const running: EngineStatus = { state: 'running', since: real };
  const stopped: EngineStatus = { state: 'stopped', at: real, exit: 'exit code 9', retryAt: real, restarts: 1 };
  const from = 'What you see is from 03:24:10 EDT of the drill. The real watch goes on at the desk.';
  it.each<[string, 'connecting' | 'live' | 'lost', EngineStatus, number | null, string | null]>([
    ['none yet', 'connecting', { state: 'starting' }, null, null],
    ['playing', 'live', running, at, null],
    ['its process is gone', 'lost', stopped, at, `The drill stopped (exit code 9). ${from}`],
    [
      'its process gave up',
      'lost',
      { state: 'refused', text: 'The disk is full.' },
      at,
      `The drill cannot go on. The disk is full. ${from}`,
    ],
    ['it is made anew', 'lost', { state: 'starting' }, at, `The drill is being set up again. ${from}`],
  ])('%s', (_what, connection, engine, drillAt, text) => {
    expect(drillStaleness(connection, engine, drillAt, zone)?.text ?? null).toBe(text);
  });
  it('is not old because the computer’s clock says something else: the real desk would be', () => {
    expect(staleness('live', running, at, real, zone)).not.toBeNull();
    expect(drillStaleness('live', running, at, zone)).toBeNull();
  });
});

it.each([
  ['?role=drill', 'drill'],
  ['?role=wall', 'wall'],
  ['?role=desk', 'desk'],
  ['', 'desk'],
  ['?role=DRILL', 'desk'],
  ['?role=__proto__', 'desk'],
])('the page at "%s" is the %s', (search, role) => expect(roleOf(search)).toBe(role));

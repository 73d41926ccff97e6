/** Checks of one account that come to their log-ins at the same moment, as after a start or a sleep of this computer. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { mailAccountFor } from '../../electron/probes/mail-account.ts';
import { inTurn } from '../../electron/probes/mail-turns.ts';

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
let user = 0;
function account(signal = new AbortController().signal) {
  user += 1;
  const name = `turn${user}@example.net`;
  const ctx = { secret: () => 'word', monotonic: () => performance.now(), signal, timeoutMs: 30_000 };
  const seen = { tried: 0, held: 0, now: 0, most: 0 };
  /** @param how what the server says, and after how long */
  const logIn = (port: number, how: 'accepted' | 'refused', ms = 5): Promise<void> =>
    inTurn(name, 'mail', ctx, async () => {
      const leave = mailAccountFor('smtp', { address: '127.0.0.1', port }, name, 'mail', ctx);
      if (!leave.ok) {
        seen.held += 1;
        return;
      }
      seen.tried += 1;
      seen.now += 1;
      seen.most = Math.max(seen.most, seen.now);
      await wait(ms);
      seen.now -= 1;
      leave.value[how]();
    });
  return { logIn, seen };
}
const ports = [587, 465, 143, 993, 110, 995, 4190, 2525];

describe('log-ins of one account at the same moment', () => {
  afterEach(() => void vi.useRealTimers());
  it('a wrong password costs three attempts, and not one of each check', async () => {
    const { logIn, seen } = account();
    await Promise.all(ports.map((port) => logIn(port, 'refused')));
    expect(seen).toMatchObject({ tried: 3, held: 5 });
  });
  it('a good one lets all of them in, a few at a time', async () => {
    const { logIn, seen } = account();
    await Promise.all(ports.map((port) => logIn(port, 'accepted')));
    expect(seen).toMatchObject({ tried: 8, held: 0, most: 3 });
  });
  it('two refusals leave room for one attempt', async () => {
    const { logIn, seen } = account();
    for (const port of [587, 465]) await logIn(port, 'refused');
    await Promise.all(ports.map((port) => logIn(port, 'refused')));
    expect(seen).toMatchObject({ tried: 3, most: 1 });
  });
  it('other accounts do not wait', async () => {
    vi.useFakeTimers();
    const [one, other] = [account(), account()];
    const slow = ports.map((port) => one.logIn(port, 'accepted', 200));
    const quick = other.logIn(587, 'accepted', 1);
    await vi.advanceTimersByTimeAsync(1);
    await quick;
    expect([one.seen.now, other.seen.tried]).toEqual([3, 1]);
    await vi.runAllTimersAsync();
    await Promise.all(slow);
  });
  it('log-ins that get no answer do not hold up a server that gives one', async () => {
    vi.useFakeTimers();
    const { logIn, seen } = account();
    for (const port of [587, 465, 2525]) void logIn(port, 'refused', 60_000);
    void logIn(993, 'accepted');
    await vi.advanceTimersByTimeAsync(4_900);
    expect(seen.tried).toBe(3);
    await vi.advanceTimersByTimeAsync(200);
    expect(seen.tried).toBe(4);
    await vi.runAllTimersAsync();
  });
  it('nobody waits longer than its check', async () => {
    const end = new AbortController();
    const { logIn, seen } = account(end.signal);
    const all = ports.map((port) => logIn(port, 'accepted', 300));
    await wait(20);
    expect(seen.tried).toBe(3);
    end.abort();
    await wait(20);
    expect(seen.tried).toBe(8);
    await Promise.all(all);
  });
});

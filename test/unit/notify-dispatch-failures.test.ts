/** Channels that do not take what they are given. */
import { describe, expect, it } from 'vitest';
import { channelsLive } from '../../shared/notify/live.ts';
import { settleDelivery, settleTest } from '../../shared/notify/outbox.ts';
import { emptyDispatch, readDispatch } from '../../shared/notify/state.ts';
import { DAY, HOUR, SECOND } from '../../shared/time.ts';
import { alertOf, type NotifyDesk, noon, notifyDesk, notifyOf, refused } from '../support/notify.ts';
import { all, base, eventsOf, mail, minutes } from '../support/notify-cases.ts';

const queued = {
  id: 'D9',
  channel: 'chat',
  person: null,
  people: [],
  message: { key: 'x', kind: 'problem', severity: 'down', title: 't', text: 't', at: 1, when: 'w', organization: 'o', alerts: [], more: 0 },
  about: ['x'],
  queuedAt: noon,
  attempts: 0,
  dueAt: noon,
  sending: false,
};

describe('dispatch: channels that fail', () => {
  const failing = (until: number, config: Record<string, unknown> = all): NotifyDesk => {
    const desk = notifyDesk(config);
    desk.answer = (_delivery, now) => (now < noon + until ? refused() : { ok: true, value: { reply: 'ok' } });
    return desk;
  };

  it('tries again after 15 s, 30 s, 1, 2, 5, 10 and then every 15 minutes, until it is taken', () => {
    const desk = failing(HOUR);
    desk.put({ id: 'web1' });
    desk.pass(2 * HOUR);
    expect(desk.attempts.map((it) => (it.at - 30_000) / 1_000)).toEqual([0, 15, 45, 105, 225, 525, 1_125, 2_025, 2_925, 3_825]);
    expect(desk.said()).toEqual(['+3855 s problem chat: web1 is down']);
    expect(eventsOf(desk, 'notify-failed')).toEqual([
      { channel: 'chat', title: 'web1 is down', attempt: 1, code: 'refused', text: 'connection refused', retryAt: noon + 45_000 },
    ]);
    expect(eventsOf(desk, 'notify-recovered')).toEqual([{ channel: 'chat', failedMs: 3_825_000 }]);
  });

  it('shows how it does meanwhile', () => {
    const desk = failing(HOUR);
    desk.put({ id: 'web1' });
    desk.pass(minutes(1));
    expect(channelsLive(desk.state, desk.config)).toEqual([
      {
        id: 'chat',
        type: 'slack',
        name: 'chat',
        lastSentAt: null,
        failing: { since: noon + 30_000, code: 'refused', text: 'connection refused', retryAt: noon + 75_000, waiting: 1 },
      },
      { id: 'mail', type: 'email', name: 'mail', lastSentAt: null, failing: null },
    ]);
    desk.pass(2 * HOUR);
    expect(channelsLive(desk.state, desk.config)[0]).toMatchObject({ lastSentAt: noon + 3_855_000, failing: null });
  });

  it('gives up after a day and says so; nobody is then told of a recovery', () => {
    const desk = failing(9 * DAY);
    desk.put({ id: 'web1' });
    desk.acknowledge('web1');
    desk.reopen('web1');
    desk.pass(minutes(1));
    desk.acknowledge('web1');
    desk.pass(25 * HOUR);
    const lines = eventsOf(desk, 'notify-failed');
    expect(lines.map((it) => it.retryAt === null)).toEqual([false, true]);
    expect(desk.state.queue).toEqual([]);
    desk.answer = () => ({ ok: true, value: { reply: 'ok' } });
    desk.end('web1');
    desk.pass(DAY);
    expect(desk.said()).toEqual([]);
  });

  it('gives up at once where it is no use', () => {
    const desk = notifyDesk(all);
    desk.answer = () => refused(true);
    desk.put({ id: 'web1' });
    desk.pass(minutes(10));
    expect(desk.attempts).toHaveLength(1);
    expect(eventsOf(desk, 'notify-failed')).toMatchObject([{ retryAt: null, attempt: 1, code: 'http-404' }]);
    expect(channelsLive(desk.state, desk.config)[0]?.failing).toMatchObject({ retryAt: null, waiting: 0 });
  });

  it('tells the recovery after the alarm, also where the alarm came late', () => {
    const desk = failing(minutes(20));
    desk.put({ id: 'web1' });
    desk.pass(minutes(5));
    desk.end('web1');
    desk.pass(HOUR);
    expect(desk.sent.map((it) => it.message.kind)).toEqual(['problem', 'recovery']);
    expect(desk.state.alerts).toEqual({});
  });

  it('one message that is never taken does not stop the others', () => {
    const desk = notifyDesk(all);
    desk.answer = ({ message }) => (message.title.startsWith('evil') ? refused() : { ok: true, value: { reply: 'ok' } });
    desk.put({ id: 'evil' });
    desk.pass(minutes(10));
    desk.acknowledge('evil');
    desk.put({ id: 'web1' });
    desk.pass(minutes(2));
    expect(desk.said()).toEqual(['+630 s problem chat: web1 is down']);
    expect(desk.state.queue.map((it) => it.message.title)).toEqual(['evil is down']);
  });

  it('one address that fails does not hold up another', () => {
    const desk = notifyDesk({ ...base, routes: [{ id: 'all', to: ['ada', 'bo'] }] });
    desk.answer = ({ person }) => (person === 'ada' ? refused() : { ok: true, value: { reply: 'ok' } });
    desk.put({ id: 'web1' });
    desk.pass(minutes(1));
    expect(desk.said()).toEqual(['+30 s problem mail/bo: web1 is down']);
    expect(eventsOf(desk, 'notify-recovered')).toEqual([]);
    expect(channelsLive(desk.state, desk.config)[1]).toMatchObject({ lastSentAt: noon + 30_000, failing: { code: 'refused' } });
  });

  it('keeps the newest 200 for a channel, and tells that it drops', () => {
    const desk = failing(2 * DAY, { ...base, routes: [{ id: 'all', to: ['chat'], wait: '0s', interval: '1s' }] });
    for (let n = 0; n < 230; n += 1) {
      desk.put({ id: `w${n}` });
      desk.pass(SECOND);
    }
    expect(desk.state.queue).toHaveLength(200);
    expect(desk.state.queue.at(-1)?.message.title).toBe('w229 is down');
    expect(desk.state.queue[0]?.message.title).toBe('w30 is down');
    expect(
      eventsOf(desk, 'notify-failed')
        .filter((it) => it.code === 'queue-full')
        .map((it) => it.text),
    ).toEqual([
      '1 message had to be dropped unsent, as 200 newer ones wait',
      '10 messages had to be dropped unsent, as 200 newer ones wait',
    ]);
    // Of what was dropped nobody heard.
    desk.end('w0');
    expect(desk.state.alerts.w0).toBeUndefined();
  });

  it('a channel that leaves the inventory takes its queue along, and says so once', () => {
    const desk = failing(DAY, { ...base, routes: [{ id: 'all', to: ['chat'], wait: '0s', interval: '1s' }] });
    for (const id of ['a', 'b', 'c']) {
      desk.put({ id });
      desk.pass(2 * SECOND);
    }
    desk.config = notifyOf({ channels: [mail] });
    desk.pass(SECOND);
    expect(desk.state).toMatchObject({ queue: [], lanes: {} });
    expect(eventsOf(desk, 'notify-failed').filter((it) => it.code === 'no-channel')).toHaveLength(1);
  });

  it('what was under way at a restart is sent again, and nothing else', () => {
    const desk = notifyDesk(all);
    desk.put({ id: 'web1' });
    desk.pass(minutes(1));
    const told = desk.state;
    const interrupted = { ...told, queue: [{ ...queued, sending: true }] };
    const next = readDispatch(JSON.stringify(interrupted));
    expect(next.queue).toEqual([{ ...queued, sending: false }]);
    expect({ ...next, queue: [] }).toEqual({ ...told, queue: [] });
    const again = notifyDesk(all);
    again.state = readDispatch(JSON.stringify(told));
    again.alerts.set('web1', alertOf({ id: 'web1', raisedAt: noon, openSince: noon }));
    again.now = noon + minutes(1);
    again.pass(HOUR);
    expect(again.said()).toEqual([]);
  });

  it.each([
    ['nothing kept', null],
    ['damaged', '{"alerts":'],
    ['of another shape', '{"alerts":[]}'],
  ])('begins anew: %s', (_name, text) => {
    expect(readDispatch(text)).toEqual(emptyDispatch);
  });

  it('a result for a delivery that is gone changes nothing', () => {
    expect(settleDelivery(emptyDispatch, { id: 'D1' }, refused(), noon)).toEqual({ state: emptyDispatch, events: [] });
  });

  it('a test message that is taken brings what waits on its way', () => {
    const desk = failing(DAY);
    desk.put({ id: 'web1' });
    desk.pass(HOUR);
    const settled = settleTest(desk.state, 'chat', 'Test', desk.now);
    expect(settled.events.map((it) => it.kind)).toEqual(['notified', 'notify-recovered']);
    expect(settled.state.queue.map((it) => it.dueAt)).toEqual([desk.now]);
    expect(settleTest(emptyDispatch, 'chat', 'Test', noon).state.lanes.chat).toMatchObject({ lastSentAt: noon, failing: null });
  });
});

/** Random nights: whatever happens, nobody hears of an end without a beginning, and nobody is told too often. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { laneOf } from '../../shared/notify/state.ts';
import { HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { type NotifyDesk, notifyDesk, refused } from '../support/notify.ts';

const config = {
  channels: [
    { id: 'mail', type: 'email', host: 'h.example', from: 'a@example.net', to: ['noc@example.net'] },
    { id: 'chat', type: 'slack', url: 'u' },
    { id: 'pager', type: 'pagerduty', routingKey: 'k' },
  ],
  people: [
    { id: 'ada', name: 'Ada', email: 'ada@example.net', channels: ['mail', 'chat'] },
    { id: 'bo', name: 'Bo', email: 'bo@example.net', channels: ['mail'] },
  ],
  rotas: [{ id: 'ops', rotation: { people: ['ada', 'bo'], every: '6h', since: '2026-11-20T00:00:00Z' } }],
  routes: [
    { id: 'bad', severities: ['down'], to: ['pager', 'ops'], escalation: 'up', continue: true },
    { id: 'night', when: [{ from: '13:00', to: '15:00' }], to: ['bo'] },
    { id: 'rest', to: ['chat'] },
  ],
  escalations: [
    {
      id: 'up',
      steps: [
        { after: '10m', to: ['ada'] },
        { after: '20m', to: ['ops', 'chat'] },
      ],
    },
  ],
};

const id = fc.constantFrom('a', 'b', 'c', 'e');
const action = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('raise' as const), id }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('end' as const), id }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('acknowledge' as const, 'reopen' as const), id }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('silence' as const), id, ms: fc.integer({ min: MINUTE, max: HOUR }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('severity' as const), id, to: fc.constantFrom('down' as const, 'degraded' as const) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('fail' as const),
      channel: fc.constantFrom('mail', 'chat', 'pager', 'none'),
      permanent: fc.boolean(),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: SECOND, max: 40 * MINUTE }) }) },
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

function live(actions: readonly Action[], written: Record<string, unknown>): NotifyDesk {
  const desk = notifyDesk(written);
  let failing = { channel: 'none', permanent: false };
  let serial = 0;
  const names = new Map<string, string>();
  const open = (name: string) => desk.alerts.get(names.get(name) ?? '');
  desk.answer = ({ channel }) => (channel === failing.channel ? refused(failing.permanent) : { ok: true, value: { reply: 'ok' } });
  for (const it of actions) {
    if (it.do === 'pass') desk.pass(it.ms);
    else if (it.do === 'fail') failing = it;
    else if (it.do === 'silence') desk.silence([it.id], it.ms);
    else if (it.do === 'raise') {
      if (open(it.id)) continue;
      const alert = `${it.id}${++serial}`;
      names.set(it.id, alert);
      desk.put({ id: alert, subject: { kind: 'host', id: it.id } });
    } else {
      const alert = open(it.id);
      if (!alert) continue;
      if (it.do === 'end') desk.end(alert.id);
      else if (it.do === 'acknowledge') desk.acknowledge(alert.id);
      else if (it.do === 'reopen' && alert.acknowledgement) desk.reopen(alert.id);
      else if (it.do === 'severity') desk.change(alert.id, { severity: it.to });
    }
  }
  // The channel works again and a day goes by.
  failing = { channel: 'none', permanent: false };
  for (const alert of [...desk.alerts.values()]) desk.end(alert.id);
  desk.pass(25 * HOUR);
  return desk;
}

const nights = (check: (desk: NotifyDesk, actions: readonly Action[]) => void, written: Record<string, unknown> = config) =>
  fc.assert(
    fc.property(fc.array(action, { minLength: 5, maxLength: 40 }), (actions) => check(live(actions, written), actions)),
    { numRuns: 80 },
  );

describe('random nights', { timeout: 60_000 }, () => {
  it('nobody is told of a recovery who was not told of the problem, and everybody who was is told of it once', () => {
    let recoveries = 0;
    nights((desk, actions) => {
      const heard = new Set<string>();
      for (const it of desk.sent) {
        const keys = it.about.map((alert) => `${laneOf(it)} ${alert}`);
        for (const key of keys) {
          if (it.message.kind !== 'recovery') heard.add(key);
          else {
            recoveries += 1;
            expect(heard).toContain(key);
            heard.delete(key);
          }
        }
      }
      // But where a channel refused for good.
      if (!actions.some((it) => it.do === 'fail' && it.permanent)) expect([...heard]).toEqual([]);
    });
    expect(recoveries).toBeGreaterThan(50);
  });

  it('never two messages of one route within its interval, recoveries and escalations apart', () => {
    let messages = 0;
    nights(
      (desk) => {
        // A failing channel brings late what was said in time: the moment of writing counts, which stands in no message but in its queue.
        const said = desk.queued.filter((it) => it.message.kind !== 'recovery' && it.message.kind !== 'escalation');
        messages += said.length;
        const gaps = said.slice(1).map((it, index) => it.queuedAt - (said[index]?.queuedAt ?? 0));
        expect(gaps.filter((ms) => ms < 5 * MINUTE)).toEqual([]);
      },
      { ...config, routes: [{ id: 'only', to: ['chat'], escalation: 'up', repeat: '20m' }] },
    );
    expect(messages).toBeGreaterThan(50);
  });

  it('nothing is left behind: no alert, no message', () => {
    nights((desk) => {
      expect(desk.state.alerts).toEqual({});
      expect(desk.state.queue).toEqual([]);
      expect(desk.sent.filter((it) => it.about.length === 0)).toEqual([]);
    });
  });
});

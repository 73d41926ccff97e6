import { describe, expect, it } from 'vitest';
import type { EventDraft, EventKind } from '../../shared/model/event.ts';
import { channelsLive } from '../../shared/notify/live.ts';
import { settleDelivery, settleTest } from '../../shared/notify/outbox.ts';
import { emptyDispatch, readDispatch } from '../../shared/notify/state.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { alertOf, type NotifyDesk, noon, notifyDesk, notifyOf, refused } from '../support/notify.ts';

const mail = { id: 'mail', type: 'email', host: 'h.example', from: 'a@example.net', to: ['noc@example.net'] };
const chat = { id: 'chat', type: 'slack', url: 'u' };
const pager = { id: 'pager', type: 'pagerduty', routingKey: 'k' };
const ada = { id: 'ada', name: 'Ada', email: 'ada@example.net', channels: ['mail'] };
const bo = { id: 'bo', name: 'Bo', email: 'bo@example.net', channels: ['mail'] };
const base = { channels: [chat, mail], people: [ada, bo] };
const all = { ...base, routes: [{ id: 'all', to: ['chat'] }] };
const ladder = {
  ...base,
  routes: [{ id: 'all', to: ['chat'], escalation: 'up' }],
  escalations: [
    {
      id: 'up',
      steps: [
        { after: '15m', to: ['ada'] },
        { after: '30m', to: ['ada', 'bo'] },
      ],
    },
  ],
};
const nightAndDay = {
  ...base,
  routes: [
    { id: 'day', to: ['chat'], when: [{ from: '08:00', to: '18:00' }] },
    { id: 'night', to: ['ada'] },
  ],
};
const minutes = (n: number): number => n * MINUTE;
type PayloadOf<K extends EventKind> = Extract<EventDraft, { kind: K }>['payload'];
const eventsOf = <K extends EventKind>(desk: NotifyDesk, kind: K): PayloadOf<K>[] =>
  desk.events.filter((it) => it.kind === kind).map((it) => it.payload as PayloadOf<K>);

type Case = [name: string, config: Record<string, unknown>, script: (desk: NotifyDesk) => void, said: string[]];

describe('dispatch: what is said when', () => {
  it.each<Case>([
    ['nothing is wrong, nothing is said', all, (d) => d.pass(DAY), []],
    [
      'the first message waits 30 s',
      all,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(29 * SECOND);
      },
      [],
    ],
    [
      'and then comes',
      all,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(30 * SECOND);
      },
      ['+30 s problem chat: web1 is down'],
    ],
    [
      'no route, no message',
      base,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(DAY);
      },
      [],
    ],
    [
      'a route may not wait at all',
      { ...base, routes: [{ id: 'all', to: ['chat'], wait: '0s' }] },
      (d) => d.put({ id: 'web1' }),
      ['+0 s problem chat: web1 is down'],
    ],
    [
      'what comes within the wait goes along',
      all,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(20 * SECOND);
        d.put({ id: 'web2' });
        d.pass(minutes(1));
      },
      ['+30 s problem chat: web1 is down and 1 more problem'],
    ],
    [
      'what comes later waits for the interval',
      all,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(minutes(1));
        d.put({ id: 'web2' });
        d.pass(minutes(10));
      },
      ['+30 s problem chat: web1 is down', '+330 s problem chat: web2 is down'],
    ],
    [
      'after the interval only the wait counts',
      all,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(minutes(20));
        d.put({ id: 'web2' });
        d.pass(minutes(10));
      },
      ['+30 s problem chat: web1 is down', '+1230 s problem chat: web2 is down'],
    ],
    [
      'over before the wait is over: nobody hears of it',
      all,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(20 * SECOND);
        d.end('web1');
        d.pass(HOUR);
      },
      [],
    ],
    [
      'recovery comes at once',
      all,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(minutes(2));
        d.end('web1');
        d.pass(minutes(1));
      },
      ['+30 s problem chat: web1 is down', '+120 s recovery chat: Recovered: web1 is down'],
    ],
    [
      'recoveries of one moment are one message',
      all,
      (d) => {
        d.put({ id: 'web1' });
        d.put({ id: 'web2' });
        d.pass(minutes(2));
        const now = d.now;
        d.alerts.set('web1', { ...alertOf({ id: 'web1' }), endedAt: now });
        d.end('web2');
        d.pass(minutes(1));
      },
      ['+30 s problem chat: web1 is down and 1 more problem', '+120 s recovery chat: Recovered: web1 is down and 1 more problem'],
    ],
    [
      'those that follow are bundled by half a minute',
      all,
      (d) => {
        for (const id of ['a', 'b', 'c', 'e']) d.put({ id });
        d.pass(minutes(2));
        for (const id of ['a', 'b', 'c', 'e']) {
          d.end(id);
          d.pass(5 * SECOND);
        }
        d.pass(minutes(2));
      },
      [
        '+30 s problem chat: a is down and 3 more problems',
        '+120 s recovery chat: Recovered: a is down',
        '+150 s recovery chat: Recovered: b is down and 2 more problems',
      ],
    ],
    [
      'only part of what was told recovers',
      all,
      (d) => {
        d.put({ id: 'a' });
        d.put({ id: 'b' });
        d.pass(minutes(2));
        d.end('b');
        d.pass(minutes(1));
      },
      ['+30 s problem chat: a is down and 1 more problem', '+120 s recovery chat: Recovered: b is down'],
    ],
    [
      'worse than told is told',
      all,
      (d) => {
        d.put({ id: 'web1', severity: 'degraded' });
        d.pass(minutes(10));
        d.change('web1', { severity: 'down' });
        d.pass(minutes(1));
      },
      ['+30 s problem chat: web1 is down', '+600 s update chat: Changed: web1 is down'],
    ],
    [
      'better than told is told',
      all,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(minutes(10));
        d.change('web1', { severity: 'degraded' });
        d.pass(minutes(1));
      },
      ['+30 s problem chat: web1 is down', '+600 s update chat: Changed: web1 is down'],
    ],
    [
      'a change within the interval waits for its end',
      all,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(minutes(1));
        d.change('web1', { severity: 'degraded' });
        d.pass(minutes(10));
      },
      ['+30 s problem chat: web1 is down', '+330 s update chat: Changed: web1 is down'],
    ],
    [
      'a change that is taken back meanwhile is not told',
      all,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(minutes(1));
        d.change('web1', { severity: 'degraded' });
        d.pass(minutes(1));
        d.change('web1', { severity: 'down' });
        d.pass(minutes(30));
      },
      ['+30 s problem chat: web1 is down'],
    ],
    [
      'a scope that grows is told',
      all,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(minutes(10));
        d.change('web1', { checks: ['web1/icmp', 'web1/http'] });
        d.pass(minutes(1));
      },
      ['+30 s problem chat: web1 is down', '+600 s update chat: Changed: web1 is down'],
    ],
    [
      'so are more consequences',
      all,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(minutes(10));
        d.change('web1', { consequences: ['db1/icmp'] });
        d.pass(minutes(1));
      },
      ['+30 s problem chat: web1 is down', '+600 s update chat: Changed: web1 is down'],
    ],
    [
      'a scope that shrinks is not',
      all,
      (d) => {
        d.put({ id: 'web1', consequences: ['db1/icmp'] });
        d.pass(minutes(10));
        d.change('web1', { consequences: [] });
        d.pass(HOUR);
      },
      ['+30 s problem chat: web1 is down'],
    ],
    [
      'other words for the same are no news',
      all,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(minutes(10));
        d.change('web1', { text: 'HTTP: 503', updatedAt: d.now });
        d.pass(HOUR);
      },
      ['+30 s problem chat: web1 is down'],
    ],
    [
      'a reminder comes after 4 hours, and again',
      all,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(9 * HOUR);
      },
      [
        '+30 s problem chat: web1 is down',
        '+14430 s reminder chat: Nobody has it yet: web1 is down',
        '+28830 s reminder chat: Nobody has it yet: web1 is down',
      ],
    ],
    [
      'a reminder names all that nobody has',
      { ...base, routes: [{ id: 'all', to: ['chat'], repeat: '1h' }] },
      (d) => {
        d.put({ id: 'a' });
        d.pass(minutes(10));
        d.put({ id: 'b' });
        d.pass(minutes(55));
      },
      [
        '+30 s problem chat: a is down',
        '+630 s problem chat: b is down',
        '+3630 s reminder chat: Nobody has it yet: a is down and 1 more problem',
      ],
    ],
    [
      'what is acknowledged is not reminded of',
      all,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(HOUR);
        d.acknowledge('web1');
        d.pass(DAY);
      },
      ['+30 s problem chat: web1 is down'],
    ],
    [
      'an acknowledgement is no message',
      all,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(HOUR);
        d.acknowledge('web1');
        d.pass(minutes(10));
      },
      ['+30 s problem chat: web1 is down'],
    ],
    [
      'acknowledged before the wait is over: nobody needs to hear',
      all,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(10 * SECOND);
        d.acknowledge('web1');
        d.pass(HOUR);
      },
      [],
    ],
    [
      'and its recovery neither',
      all,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(10 * SECOND);
        d.acknowledge('web1');
        d.pass(HOUR);
        d.end('web1');
        d.pass(HOUR);
      },
      [],
    ],
    [
      'the recovery of an acknowledged one is told',
      all,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(minutes(1));
        d.acknowledge('web1');
        d.pass(HOUR);
        d.end('web1');
        d.pass(HOUR);
      },
      ['+30 s problem chat: web1 is down', '+3660 s recovery chat: Recovered: web1 is down'],
    ],
    [
      'an acknowledgement that is cleared makes it new',
      all,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(minutes(1));
        d.acknowledge('web1');
        d.pass(minutes(10));
        d.reopen('web1');
        d.pass(minutes(1));
      },
      ['+30 s problem chat: web1 is down', '+690 s problem chat: web1 is down'],
    ],
    [
      'changes while somebody has it are not told',
      all,
      (d) => {
        d.put({ id: 'web1', severity: 'degraded' });
        d.pass(minutes(1));
        d.acknowledge('web1');
        d.change('web1', { severity: 'down' });
        d.pass(HOUR);
      },
      ['+30 s problem chat: web1 is down'],
    ],
    [
      'silenced: nothing is said',
      all,
      (d) => {
        d.silence(['web1'], 2 * HOUR);
        d.put({ id: 'web1' });
        d.pass(HOUR);
      },
      [],
    ],
    [
      'when the silence is over it is told, if it still is',
      all,
      (d) => {
        d.silence(['web1'], HOUR);
        d.put({ id: 'web1' });
        d.pass(2 * HOUR);
      },
      ['+3630 s problem chat: web1 is down'],
    ],
    [
      'over within the silence: nobody heard, nobody hears',
      all,
      (d) => {
        d.silence(['web1'], HOUR);
        d.put({ id: 'web1' });
        d.pass(minutes(30));
        d.end('web1');
        d.pass(DAY);
      },
      [],
    ],
    [
      'silenced after it was told: its recovery is told all the same',
      all,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(minutes(1));
        d.silence(['web1'], DAY);
        d.pass(6 * HOUR);
        d.end('web1');
        d.pass(minutes(1));
      },
      ['+30 s problem chat: web1 is down', '+21660 s recovery chat: Recovered: web1 is down'],
    ],
    [
      'a silence that ends does not tell again what was told',
      all,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(minutes(1));
        d.silence(['web1'], HOUR);
        d.pass(2 * HOUR);
      },
      ['+30 s problem chat: web1 is down'],
    ],
    [
      'a silence of a site holds for what is at it',
      all,
      (d) => {
        d.silence(['sd'], DAY);
        d.put({ id: 'web9' });
        d.pass(HOUR);
      },
      [],
    ],
    [
      'a silence of something else does not',
      all,
      (d) => {
        d.silence(['web2'], DAY);
        d.put({ id: 'web1' });
        d.pass(minutes(1));
      },
      ['+30 s problem chat: web1 is down'],
    ],
    [
      'to people: each at their own address',
      { ...base, routes: [{ id: 'all', to: ['ada', 'bo'] }] },
      (d) => {
        d.put({ id: 'web1' });
        d.pass(minutes(1));
      },
      ['+30 s problem mail/ada: web1 is down', '+30 s problem mail/bo: web1 is down'],
    ],
    [
      'two routes that both take it tell each of theirs',
      {
        ...base,
        routes: [
          { id: 'a', to: ['chat'], continue: true },
          { id: 'b', to: ['ada'], wait: '1m' },
        ],
      },
      (d) => {
        d.put({ id: 'web1' });
        d.pass(minutes(2));
      },
      ['+30 s problem chat: web1 is down', '+60 s problem mail/ada: web1 is down'],
    ],
    [
      'routes keep their distance each for itself',
      {
        ...base,
        routes: [
          { id: 'a', to: ['chat'], subjects: ['web1'] },
          { id: 'b', to: ['ada'] },
        ],
      },
      (d) => {
        d.put({ id: 'web1' });
        d.pass(minutes(1));
        d.put({ id: 'web2' });
        d.pass(minutes(1));
      },
      ['+30 s problem chat: web1 is down', '+90 s problem mail/ada: web2 is down'],
    ],
    [
      'recovery goes to who heard it, though the route has changed',
      all,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(minutes(1));
        d.config = notifyOf({ ...base, routes: [{ id: 'all', to: ['ada'] }] });
        d.end('web1');
        d.pass(minutes(1));
      },
      ['+30 s problem chat: web1 is down', '+60 s recovery chat: Recovered: web1 is down'],
    ],
    [
      'and though there is no route any more',
      all,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(minutes(1));
        d.config = notifyOf(base);
        d.end('web1');
        d.pass(minutes(1));
      },
      ['+30 s problem chat: web1 is down', '+60 s recovery chat: Recovered: web1 is down'],
    ],
    [
      'a channel that is gone is told nothing',
      all,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(minutes(1));
        d.config = notifyOf({ channels: [mail] });
        d.end('web1');
        d.pass(minutes(1));
      },
      ['+30 s problem chat: web1 is down'],
    ],
    [
      'by day one, by night another',
      nightAndDay,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(7 * HOUR);
        d.put({ id: 'web2' });
        d.pass(minutes(1));
      },
      [
        '+30 s problem chat: web1 is down',
        '+14430 s reminder chat: Nobody has it yet: web1 is down',
        '+21660 s problem mail/ada: web1 is down',
        '+25230 s problem mail/ada: web2 is down',
      ],
    ],
    [
      'recovery waits for no daylight',
      nightAndDay,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(minutes(1));
        d.acknowledge('web1');
        d.pass(12 * HOUR);
        d.end('web1');
        d.pass(minutes(1));
      },
      ['+30 s problem chat: web1 is down', '+43260 s recovery chat: Recovered: web1 is down'],
    ],
    [
      'what is not known when the desk comes back counts as over',
      all,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(minutes(1));
        d.alerts.clear();
        d.pass(minutes(1));
      },
      ['+30 s problem chat: web1 is down', '+60 s recovery chat: Recovered: web1 is down'],
    ],
    [
      'a clock that is set back makes no route silent for long',
      all,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(minutes(1));
        d.now -= 10 * HOUR;
        d.put({ id: 'web2' });
        d.pass(minutes(10));
      },
      ['+30 s problem chat: web1 is down', '+-35640 s problem chat: web2 is down'],
    ],
    [
      'escalation: nobody has it for 15 minutes, then for 30',
      ladder,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(minutes(31));
      },
      [
        '+30 s problem chat: web1 is down',
        '+900 s escalation mail/ada: Nobody has it for 15 min: web1 is down',
        '+1800 s escalation mail/ada: Nobody has it for 30 min: web1 is down',
        '+1800 s escalation mail/bo: Nobody has it for 30 min: web1 is down',
      ],
    ],
    [
      'each step once',
      ladder,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(3 * HOUR);
      },
      [
        '+30 s problem chat: web1 is down',
        '+900 s escalation mail/ada: Nobody has it for 15 min: web1 is down',
        '+1800 s escalation mail/ada: Nobody has it for 30 min: web1 is down',
        '+1800 s escalation mail/bo: Nobody has it for 30 min: web1 is down',
      ],
    ],
    [
      'acknowledged in time: no escalation',
      ladder,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(minutes(14));
        d.acknowledge('web1');
        d.pass(3 * HOUR);
      },
      ['+30 s problem chat: web1 is down'],
    ],
    [
      'acknowledged after the first step: not the second',
      ladder,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(minutes(20));
        d.acknowledge('web1');
        d.pass(3 * HOUR);
      },
      ['+30 s problem chat: web1 is down', '+900 s escalation mail/ada: Nobody has it for 15 min: web1 is down'],
    ],
    [
      'open again: it counts anew',
      ladder,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(minutes(20));
        d.acknowledge('web1');
        d.pass(minutes(40));
        d.reopen('web1');
        d.pass(minutes(16));
      },
      [
        '+30 s problem chat: web1 is down',
        '+900 s escalation mail/ada: Nobody has it for 15 min: web1 is down',
        '+3630 s problem chat: web1 is down',
        '+4500 s escalation mail/ada: Nobody has it for 15 min: web1 is down',
      ],
    ],
    [
      'silenced: no escalation, and its end begins the count',
      ladder,
      (d) => {
        d.silence(['web1'], HOUR);
        d.put({ id: 'web1' });
        d.pass(HOUR + minutes(14));
      },
      ['+3630 s problem chat: web1 is down'],
    ],
    [
      '15 minutes after the silence',
      ladder,
      (d) => {
        d.silence(['web1'], HOUR);
        d.put({ id: 'web1' });
        d.pass(HOUR + minutes(16));
      },
      ['+3630 s problem chat: web1 is down', '+4500 s escalation mail/ada: Nobody has it for 1 h 15 min: web1 is down'],
    ],
    [
      'recovery is told to whoever was told by escalation',
      ladder,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(minutes(16));
        d.end('web1');
        d.pass(minutes(1));
      },
      [
        '+30 s problem chat: web1 is down',
        '+900 s escalation mail/ada: Nobody has it for 15 min: web1 is down',
        '+960 s recovery chat: Recovered: web1 is down',
        '+960 s recovery mail/ada: Recovered: web1 is down',
      ],
    ],
    [
      'several alerts of one moment climb together',
      ladder,
      (d) => {
        d.put({ id: 'a' });
        d.put({ id: 'b' });
        d.pass(minutes(16));
      },
      [
        '+30 s problem chat: a is down and 1 more problem',
        '+900 s escalation mail/ada: Nobody has it for 15 min: a is down and 1 more problem',
      ],
    ],
    [
      'steps that were slept through are taken at once, each told once',
      ladder,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(minutes(1));
        d.now += HOUR;
        d.pass(SECOND);
      },
      [
        '+30 s problem chat: web1 is down',
        '+3660 s escalation mail/ada: Nobody has it for 1 h 1 min: web1 is down',
        '+3660 s escalation mail/bo: Nobody has it for 1 h 1 min: web1 is down',
      ],
    ],
    [
      'an alert that goes on in another one: its people hear of its end with that one',
      all,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(minutes(1));
        d.alerts.set('web1', { ...(d.alerts.get('web1') as never as ReturnType<typeof alertOf>), endedAt: d.now });
        d.put({ id: 'core', checks: ['core/icmp'], consequences: ['web1/icmp'] });
        d.pass(minutes(10));
        d.end('core');
        d.pass(minutes(1));
      },
      [
        '+30 s problem chat: web1 is down',
        '+330 s problem chat: core is down',
        '+660 s recovery chat: Recovered: web1 is down and 1 more problem',
      ],
    ],
    [
      'merged and over before the other was told: who heard the first hears of its end',
      all,
      (d) => {
        d.put({ id: 'web1' });
        d.pass(minutes(1));
        d.alerts.set('web1', { ...(d.alerts.get('web1') as never as ReturnType<typeof alertOf>), endedAt: d.now });
        d.put({ id: 'core', checks: ['core/icmp'], consequences: ['web1/icmp'] });
        d.pass(minutes(1));
        d.end('core');
        d.pass(minutes(1));
      },
      ['+30 s problem chat: web1 is down', '+120 s recovery chat: Recovered: web1 is down'],
    ],
  ])('%s', (_name, config, script, said) => {
    const desk = notifyDesk(config, [
      { id: 'sd', kind: 'site' },
      { id: 'web9', site: 'sd' },
    ]);
    script(desk);
    expect(desk.said()).toEqual(said);
  });

  it('a storm of 2,800 alerts is one message for each route and target, bounded', () => {
    const desk = notifyDesk({
      ...base,
      routes: [
        { id: 'all', to: ['chat', 'ada', 'bo'], continue: true },
        { id: 'second', to: ['mail'] },
      ],
    });
    for (let n = 1; n <= 2_800; n += 1)
      desk.alerts.set(`web${n}`, alertOf({ id: `web${n}`, severity: n === 2_000 ? 'down' : 'degraded', text: 'x'.repeat(5_000) }));
    desk.pass(HOUR);
    expect(desk.said()).toEqual(
      ['chat', 'mail/ada', 'mail/bo', 'mail'].map((it) => `+30 s problem ${it}: web2000 is down and 2799 more problems`),
    );
    const { message, about } = desk.sent[0] as NotifyDesk['sent'][number];
    expect(about).toHaveLength(2_800);
    expect(message.text.length).toBeLessThan(8_000);
    expect(message.text).toContain('and 2790 more');
    expect(message.alerts).toHaveLength(50);
    expect(message.more).toBe(2_750);
    expect(eventsOf(desk, 'notified')).toHaveLength(4);
    for (const [id, alert] of desk.alerts) desk.alerts.set(id, { ...alert, endedAt: desk.now });
    desk.pass(minutes(1));
    expect(desk.said().slice(4)).toEqual(
      ['chat', 'mail/ada', 'mail/bo', 'mail'].map((it) => `+3600 s recovery ${it}: Recovered: web2000 is down and 2799 more problems`),
    );
    expect(desk.state.alerts).toEqual({});
  });

  it('says what one alert is about, since when, and what lies behind it, in the zone of the organization', () => {
    const desk = notifyDesk(all, [], 'America/Los_Angeles');
    desk.put({
      id: 'web1',
      title: 'web1 is\u202e down\n',
      text: 'HTTP:\u0007 <b>connection refused</b>',
      consequences: ['db1/icmp', 'db1/mysql'],
      related: [{ kind: 'routine', text: 'weekly log rotation (Sunday 04:00 PST)', at: noon }],
    });
    desk.pass(minutes(1));
    expect(desk.sent[0]?.message).toEqual({
      key: 'web1',
      kind: 'problem',
      severity: 'down',
      title: 'web1 is down',
      text: 'HTTP: <b>connection refused</b>\n2 more checks cannot be reached because of it.\nSince 2026-11-20 03:59:00 PST.\nSee also: weekly log rotation (Sunday 04:00 PST)\n\nExample Hosting',
      at: noon - 60_000,
      when: '2026-11-20 03:59:00 PST',
      organization: 'Example Hosting',
      alerts: [{ id: 'web1', title: 'web1 is down', severity: 'down', subject: 'web1', ended: false }],
      more: 0,
    });
    desk.pass(minutes(13));
    desk.end('web1');
    expect(desk.sent[1]?.message).toMatchObject({
      kind: 'recovery',
      severity: 'ok',
      text: 'Recovered after 15 min: from 2026-11-20 03:59:00 PST to 2026-11-20 04:14:00 PST.\n\nExample Hosting',
    });
  });

  it('does not call it recovered when the thing only left the inventory', () => {
    const desk = notifyDesk(all);
    desk.put({ id: 'web1' });
    desk.pass(minutes(1));
    const state = desk.state;
    const gone = notifyDesk(all);
    gone.state = state;
    gone.now = desk.now;
    gone.removed.add('web1');
    gone.alerts.set('web1', { ...alertOf({ id: 'web1' }), endedAt: desk.now });
    gone.look();
    expect(gone.said()).toEqual(['+60 s recovery chat: No longer watched: web1 is down']);
    expect(gone.sent[0]?.message.text).toContain('Nobody knows whether it recovered');
  });

  it('tells the engine of each step, and the timeline whom it told', () => {
    const desk = notifyDesk(ladder);
    desk.put({ id: 'web1' });
    desk.pass(HOUR);
    expect(desk.escalated).toEqual([
      { alert: 'web1', step: 1 },
      { alert: 'web1', step: 2 },
    ]);
    expect(eventsOf(desk, 'escalated')).toEqual([
      { alert: 'web1', title: 'web1 is down', step: 1, to: ['Ada'], openMs: minutes(15) },
      { alert: 'web1', title: 'web1 is down', step: 2, to: ['Ada', 'Bo'], openMs: minutes(30) },
    ]);
  });

  it('takes no step again that the alert itself says was taken, when its memory is lost', () => {
    const desk = notifyDesk(ladder);
    desk.put({ id: 'web1', escalation: 1, openSince: noon - minutes(20) });
    desk.pass(minutes(11));
    expect(desk.escalated).toEqual([{ alert: 'web1', step: 2 }]);
  });

  it('a rota is whoever is on call when the message goes; in a hole all of them, and the hole is told once', () => {
    const rota = {
      id: 'ops',
      name: 'Operations',
      shifts: [
        { person: 'ada', from: '00:00', to: '12:10' },
        { person: 'bo', from: '20:00', to: '24:00' },
      ],
    };
    const desk = notifyDesk({ ...base, rotas: [rota], routes: [{ id: 'all', to: ['ops'] }] });
    const raise = (id: string, until: number): void => {
      desk.put({ id });
      desk.pass(minutes(1));
      desk.acknowledge(id);
      desk.pass(noon + until - desk.now);
    };
    raise('a', minutes(20));
    raise('b', minutes(40));
    raise('c', 8 * HOUR);
    raise('e', 8 * HOUR + minutes(20));
    expect(desk.said()).toEqual([
      '+30 s problem mail/ada: a is down',
      '+1230 s problem mail/ada: b is down',
      '+1230 s problem mail/bo: b is down',
      '+2430 s problem mail/ada: c is down',
      '+2430 s problem mail/bo: c is down',
      '+28830 s problem mail/bo: e is down',
    ]);
    expect(eventsOf(desk, 'rota-hole')).toEqual([{ rota: 'ops', name: 'Operations', instead: ['Ada', 'Bo'] }]);
    desk.pass(5 * HOUR + minutes(20));
    desk.pass(12 * HOUR);
    raise('f', DAY + 8 * HOUR);
    expect(eventsOf(desk, 'rota-hole')).toHaveLength(2);
  });

  it('PagerDuty gets one event for each alert, 20 at most, and the rest as one that is over with the last of them', () => {
    const desk = notifyDesk({ channels: [pager], routes: [{ id: 'all', to: ['pager'] }] });
    for (let n = 10; n < 33; n += 1) desk.alerts.set(`w${n}`, alertOf({ id: `w${n}` }));
    desk.pass(minutes(1));
    expect(desk.sent).toHaveLength(21);
    expect(desk.sent.map((it) => it.message.key).slice(0, 3)).toEqual(['w10', 'w11', 'w12']);
    expect(desk.sent.at(-1)).toMatchObject({
      message: { key: 'rest-w30', title: 'w30 is down and 2 more problems' },
      about: ['w30', 'w31', 'w32'],
    });
    desk.end('w10');
    desk.pass(minutes(1));
    desk.end('w30');
    desk.pass(minutes(1));
    desk.end('w31');
    desk.pass(minutes(1));
    expect(desk.sent.slice(21).map((it) => it.message.key)).toEqual(['w10']);
    desk.end('w32');
    desk.pass(minutes(1));
    expect(desk.sent.slice(22).map((it) => [it.message.key, it.message.title])).toEqual([
      ['rest-w30', 'Recovered: w30 is down and 2 more problems'],
    ]);
    desk.change('w12', { severity: 'degraded' });
    desk.pass(minutes(6));
    expect(desk.sent.at(-1)?.message).toMatchObject({ kind: 'update', key: 'w12' });
  });

  it('PagerDuty: what only left the inventory closes its event too, together with what recovered', () => {
    const desk = notifyDesk({ channels: [pager], routes: [{ id: 'all', to: ['pager'] }] });
    for (let n = 10; n < 32; n += 1) desk.alerts.set(`w${n}`, alertOf({ id: `w${n}` }));
    desk.pass(minutes(1));
    desk.removed.add('w31');
    for (const [id, alert] of desk.alerts) desk.alerts.set(id, { ...alert, endedAt: desk.now });
    desk.look();
    expect(desk.sent.slice(21).map((it) => it.message.key)).toEqual(desk.sent.slice(0, 21).map((it) => it.message.key));
    expect(desk.state.alerts).toEqual({});
  });
});

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

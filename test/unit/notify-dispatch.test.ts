/** What is said when: waits, intervals, changes, reminders, recoveries. */
import { describe } from 'vitest';
import { DAY, HOUR, SECOND } from '../../shared/time.ts';
import { alertOf } from '../support/notify.ts';
import { all, base, cases, minutes } from '../support/notify-cases.ts';

describe('dispatch: what is said when', () => {
  cases([
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
  ]);
});

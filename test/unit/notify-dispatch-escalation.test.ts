/** Who is told when nobody takes an alert on, and how alerts that merge are told. */
import { describe } from 'vitest';
import { HOUR, SECOND } from '../../shared/time.ts';
import type { alertOf } from '../support/notify.ts';
import { all, cases, ladder, minutes } from '../support/notify-cases.ts';

describe('dispatch: what is said when', () => {
  cases([
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
  ]);
});

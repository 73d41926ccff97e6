/** What is said when somebody has an alert, or has silenced it. */
import { describe } from 'vitest';
import { DAY, HOUR, SECOND } from '../../shared/time.ts';
import { all, cases, minutes } from '../support/notify-cases.ts';

describe('dispatch: what is said when', () => {
  cases([
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
  ]);
});

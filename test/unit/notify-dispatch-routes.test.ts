/** Which route takes a message, and to whom. */
import { describe } from 'vitest';
import { HOUR } from '../../shared/time.ts';
import { notifyOf } from '../support/notify.ts';
import { all, base, cases, mail, minutes, nightAndDay } from '../support/notify-cases.ts';

describe('dispatch: what is said when', () => {
  cases([
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
  ]);
});

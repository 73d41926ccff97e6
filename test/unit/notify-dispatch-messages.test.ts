/** What messages say, and who is told on a rota or by a pager. */
import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../../shared/time.ts';
import { alertOf, type NotifyDesk, noon, notifyDesk } from '../support/notify.ts';
import { all, base, eventsOf, ladder, minutes, pager } from '../support/notify-cases.ts';

describe('dispatch: what is said when', () => {
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

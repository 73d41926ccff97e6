import { describe, expect, it } from 'vitest';
import { hide, partsOf } from '../../electron/notify/hide.ts';
import type { Senders } from '../../electron/notify/index.ts';
import { createNotifier, type Notifier } from '../../electron/notify/notifier.ts';
import type { SendContext, SendResult } from '../../electron/notify/types.ts';
import type { Alert } from '../../shared/model/alert.ts';
import type { EventDraft } from '../../shared/model/event.ts';
import type { Channel, ChannelLive, Message } from '../../shared/model/notify.ts';
import { HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { cpuMs } from '../support/cpu-time.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { alertOf, noon, notifyOf } from '../support/notify.ts';

const chat = { id: 'chat', type: 'slack', url: 'u' };
const mail = { id: 'mail', type: 'email', host: 'h.example', from: 'a@example.net', to: ['noc@example.net'] };
const ada = { id: 'ada', name: 'Ada', email: 'ada@example.net', phone: '+1 555 0100', channels: ['mail'] };
const config = { channels: [chat, mail], people: [ada], routes: [{ id: 'all', to: ['chat'] }] };
const checks = [{ id: 'web1/icmp' }, { id: 'web2/icmp' }];

interface Rig {
  clock: FakeClock;
  notifier: Notifier;
  documents: Map<string, string>;
  sent: { channel: string; message: Message; context: SendContext }[];
  events: EventDraft[];
  live: Map<string, ChannelLive>;
  steps: { alert: string; step: number }[];
  configure(written: Record<string, unknown>, watched?: { id: string }[]): void;
  update(...alerts: Alert[]): void;
}

type Answer = (channel: Channel, message: Message, context: SendContext) => Promise<SendResult>;
const fine: Answer = async () => ({ ok: true, value: { reply: 'ok' } });

function rig(answer: Answer = fine, documents = new Map<string, string>(), clock = createFakeClock(noon)): Rig {
  const sent: Rig['sent'] = [];
  const events: EventDraft[] = [];
  const live = new Map<string, ChannelLive>();
  const steps: Rig['steps'] = [];
  const send: Answer = (channel, message, context) => {
    sent.push({ channel: channel.id, message, context });
    return answer(channel, message, context);
  };
  const senders = Object.fromEntries(
    ['email', 'slack', 'teams', 'ntfy', 'webhook', 'pagerduty', 'command'].map((type) => [type, send]),
  ) as unknown as Senders;
  let ids = 0;
  const notifier = createNotifier({
    clock,
    newId: () => `D${documents.size}${++ids}`,
    secret: () => undefined,
    document: { get: (key) => documents.get(key) ?? null, put: (key, text) => void documents.set(key, text) },
    tell: (event) => events.push(event),
    show: (channel) => live.set(channel.id, channel),
    hide: (id) => live.delete(id),
    onEscalated: (all) => steps.push(...all),
    senders,
  });
  return {
    clock,
    notifier,
    documents,
    sent,
    events,
    live,
    steps,
    configure: (written, watched = checks) =>
      notifier.configure(
        { notify: notifyOf(written), organization: { name: 'Example Hosting', timezone: 'UTC' }, checks: watched as never },
        { subject: (id) => ({ id, kind: 'host', site: null }) as never },
      ),
    update: (...alerts) => notifier.update(alerts, []),
  };
}
const web1 = alertOf({ id: 'web1', raisedAt: noon, openSince: noon });

describe('notifier', () => {
  it('shows every channel as soon as there is a plan, and drops what leaves it', () => {
    const it = rig();
    it.configure(config);
    expect([...it.live.keys()]).toEqual(['chat', 'mail']);
    it.configure({ channels: [mail] });
    expect([...it.live.keys()]).toEqual(['mail']);
  });

  it('sends by itself when the wait is over', async () => {
    const it = rig();
    it.configure(config);
    it.update(web1);
    await it.clock.advance(29 * SECOND);
    expect(it.sent).toEqual([]);
    await it.clock.advance(SECOND);
    expect(it.sent.map((each) => each.message.title)).toEqual(['web1 is down']);
    expect(it.events.map((each) => each.kind)).toEqual(['notified']);
    expect(it.live.get('chat')?.lastSentAt).toBe(noon + 30_000);
  });

  it('says nothing ended before it was told what is open', async () => {
    const first = rig();
    first.configure(config);
    first.update(web1);
    await first.clock.advance(MINUTE);
    first.notifier.stop();
    const second = rig(fine, first.documents, first.clock);
    second.configure(config);
    await second.clock.advance(HOUR);
    expect(second.sent).toEqual([]);
    second.update(web1);
    await second.clock.advance(HOUR);
    expect(second.sent).toEqual([]);
    second.update({ ...web1, endedAt: second.clock.now() });
    await second.clock.advance(SECOND);
    expect(second.sent.map((each) => each.message.kind)).toEqual(['recovery']);
  });

  it('what was under way when it stopped is sent after the next start', async () => {
    const first = rig(
      (_channel, _message, { signal }) =>
        new Promise((resolve) =>
          signal.addEventListener('abort', () => resolve({ ok: false, failure: { code: 'stopped', text: 'closing', permanent: false } })),
        ),
    );
    first.configure(config);
    first.update(web1);
    await first.clock.advance(MINUTE);
    first.notifier.stop();
    await first.clock.advance(MINUTE);
    expect(first.sent).toHaveLength(1);
    expect(first.events).toEqual([]);
    const second = rig(fine, first.documents, first.clock);
    second.configure(config);
    second.update(web1);
    await second.clock.advance(SECOND);
    expect(second.sent.map((each) => each.context.id)).toEqual(first.sent.map((each) => each.context.id));
  });

  it('sends four at a time at most', async () => {
    let underWay = 0;
    let most = 0;
    const clock = createFakeClock(noon);
    const it = rig(
      async () => {
        underWay += 1;
        most = Math.max(most, underWay);
        await new Promise<void>((resolve) => void clock.after(SECOND, resolve));
        underWay -= 1;
        return { ok: true, value: { reply: 'ok' } };
      },
      new Map(),
      clock,
    );
    const people = Array.from({ length: 12 }, (_each, n) => ({
      id: `p${n}`,
      name: `P${n}`,
      email: `p${n}@example.net`,
      channels: ['mail'],
    }));
    it.configure({ channels: [mail], people, routes: [{ id: 'all', to: people.map((each) => each.id), wait: '0s' }] });
    it.update(web1);
    await it.clock.advance(10 * SECOND);
    expect(it.sent).toHaveLength(12);
    expect(most).toBe(4);
    expect(it.sent.map((each) => each.context.to)).toEqual(people.map((each) => [each.email]));
  });

  it('a channel with a bug is fenced off, and its error is quoted nowhere', async () => {
    const it = rig(async () => {
      throw new Error('https://hooks.example/secret');
    });
    it.configure(config);
    it.update(web1);
    await it.clock.advance(MINUTE);
    expect(it.live.get('chat')?.failing).toMatchObject({ code: 'internal', text: 'the slack channel has a bug' });
    expect(JSON.stringify([it.events, [...it.documents]])).not.toContain('hooks.example');
  });

  it('a message that comes late says so', async () => {
    let up = false;
    const it = rig(async () =>
      up ? { ok: true, value: { reply: 'ok' } } : { ok: false, failure: { code: 'refused', text: 'no', permanent: false } },
    );
    it.configure(config);
    it.update(web1);
    await it.clock.advance(10 * MINUTE);
    up = true;
    await it.clock.advance(20 * MINUTE);
    expect(it.sent[0]?.message.text).not.toContain('late');
    expect(it.sent.at(-1)?.message.text).toMatch(/^This message is 1\d min .*late: it could not be sent before\.\n/);
  });

  it('tells the engine of steps that are taken', async () => {
    const it = rig();
    it.configure({
      ...config,
      routes: [{ id: 'all', to: ['chat'], escalation: 'up' }],
      escalations: [{ id: 'up', steps: [{ after: '15m', to: ['ada'] }] }],
    });
    it.update(web1);
    await it.clock.advance(20 * MINUTE);
    expect(it.steps).toEqual([{ alert: 'web1', step: 1 }]);
    expect(it.sent.map((each) => [each.channel, each.context.to, each.context.people])).toEqual([
      ['chat', [], []],
      ['mail', ['ada@example.net'], ['Ada']],
    ]);
  });

  it('does not call it recovered when only its checks left the inventory', async () => {
    const it = rig();
    it.configure(config);
    it.update(web1);
    await it.clock.advance(MINUTE);
    it.configure(config, [{ id: 'web1/http' }]);
    it.update({ ...web1, endedAt: it.clock.now() });
    await it.clock.advance(SECOND);
    expect(it.sent.at(-1)?.message.title).toBe('No longer watched: web1 is down');
  });

  it('says who is on call, with the number to call', () => {
    const it = rig();
    expect(it.notifier.onCall()).toEqual([]);
    it.configure({
      ...config,
      rotas: [
        { id: 'ops', name: 'Operations', shifts: [{ person: 'ada', from: '08:00', to: '18:00' }] },
        { id: 'night', shifts: [{ person: 'ada', from: '22:00' }] },
      ],
    });
    expect(it.notifier.onCall()).toEqual([
      { rota: 'ops', name: 'Operations', person: 'Ada', phone: '+1 555 0100', until: noon + 6 * HOUR },
      { rota: 'night', name: 'night', person: null, phone: null, until: noon + 10 * HOUR },
    ]);
  });

  it('tests an email channel that only serves people with the first of them', async () => {
    const it = rig();
    it.configure({ channels: [{ ...mail, to: [] }], people: [ada] });
    expect(await it.notifier.test('mail')).toMatchObject({ ok: true, value: { reply: 'ok' } });
    expect(it.sent[0]?.context.to).toEqual(['ada@example.net']);
  });

  it('5,000 alerts of one second are decided on in a fraction of one, and make one message', async () => {
    const it = rig();
    it.configure(config);
    const all = Array.from({ length: 5_000 }, (_each, n) => alertOf({ id: `w${n}`, raisedAt: noon, openSince: noon }));
    const startedAt = cpuMs();
    it.update(...all);
    expect(cpuMs() - startedAt).toBeLessThan(1_000);
    await it.clock.advance(MINUTE);
    expect(it.sent).toHaveLength(1);
  });
});

describe('hide', () => {
  const url = 'https://hooks.example.net/services/T0123/B0456/abc%2Fdef?sig=qwertz';
  it.each([
    ['the address as a whole', `cannot POST ${url}`, 'cannot POST […]'],
    ['its path', 'no route /services/T0123/B0456/abc%2Fdef here', 'no route […] here'],
    ['a part of it', 'unknown token B0456', 'unknown token […]'],
    ['a part of it, decoded', 'unknown abc/def', 'unknown […]'],
    ['in other letters', 'unknown QWERTZ', 'unknown […]'],
    ['its host', 'welcome to hooks.example.net', 'welcome to […]'],
    ['more than once', 'B0456 B0456', '[…] […]'],
    ['hidden in invisible characters', 'B04\u200b56', 'B04 56'],
    ['nothing of it', 'ok', 'ok'],
    ['controls', '\u001b[31mred\u0007\nline', 'red line'],
  ])('%s', (_name, said, shown) => {
    expect(hide(said, partsOf(url))).toBe(shown);
  });
  it('is bounded', () => {
    expect(hide('x'.repeat(100_000), [])).toHaveLength(200);
  });
});

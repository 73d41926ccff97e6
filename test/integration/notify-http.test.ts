/** Channels that speak HTTP, to a real server on 127.0.0.1 that keeps what it is sent. */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { senders } from '../../electron/notify/index.ts';
import { createNotifier } from '../../electron/notify/notifier.ts';
import type { SendResult } from '../../electron/notify/types.ts';
import type { EventDraft } from '../../shared/model/event.ts';
import type { Channel, ChannelLive, ChannelType, Message } from '../../shared/model/notify.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { alertOf, notifyOf } from '../support/notify.ts';
import { hostile, messageOf, sendContext } from '../support/notify-message.ts';
import { freePort } from '../support/servers.ts';
import { makeAuthority, removeFolder, scripted, webFolder } from '../support/web-servers.ts';

interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}
const received: Received[] = [];
type Answer = (response: ServerResponse, request: Received) => void;
const plainOk: Answer = (response) => void response.end('ok');
let answer: Answer = plainOk;
const receive = (request: import('node:http').IncomingMessage, response: ServerResponse): void => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const it = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() };
    received.push(it);
    answer(response, it);
  });
};
const server = createServer(receive);
const folder = webFolder();
const trusted = getCACertificates('default');
let port = 0;
let good: ReturnType<typeof createTlsServer>;
let strange: ReturnType<typeof createTlsServer>;

const listen = (it: typeof server): Promise<number> =>
  new Promise((resolve) => {
    it.listen(0, '127.0.0.1', () => resolve((it.address() as AddressInfo).port));
  });
beforeAll(async () => {
  const authority = makeAuthority(folder);
  setDefaultCACertificates([...trusted, readFileSync(authority.caFile, 'utf8')]);
  const wish = { altNames: 'DNS:localhost,IP:127.0.0.1', fromDays: -1, toDays: 30 };
  const files = (it: { certificate: string; key: string }) => ({ cert: readFileSync(it.certificate), key: readFileSync(it.key) });
  good = createTlsServer(files(authority.issue('good', wish)), receive);
  strange = createTlsServer(files(authority.issue('strange', { ...wish, stranger: true })), receive);
  port = await listen(server);
  await listen(good);
  await listen(strange);
});
afterEach(() => {
  received.length = 0;
  answer = plainOk;
});
afterAll(() => {
  setDefaultCACertificates(trusted);
  for (const it of [server, good, strange]) {
    it.closeAllConnections();
    it.close();
  }
  removeFolder(folder);
});

const path = '/services/T0SECRET/B0SECRET/x9SecretSecret?key=querySecret';
const urlOf = (): string => `http://127.0.0.1:${port}${path}`;
const channels = {
  slack: { id: 'c', type: 'slack', url: 'hook' },
  teams: { id: 'c', type: 'teams', url: 'hook' },
  ntfy: { id: 'c', type: 'ntfy', url: 'hook', token: 'token' },
  webhook: { id: 'c', type: 'webhook', url: 'hook', token: 'token' },
  pagerduty: { id: 'c', type: 'pagerduty', routingKey: 'routing', url: 'hook' },
} as const;
const secrets = (url = urlOf()): Record<string, string> => ({ hook: url, token: 'tk_bearerSecret', routing: 'R0routingSecret' });
const send = (type: keyof typeof channels, message: Message = messageOf(), url?: string, signal?: AbortSignal): Promise<SendResult> =>
  (senders[type] as (channel: Channel, message: Message, context: ReturnType<typeof sendContext>) => Promise<SendResult>)(
    channels[type] as Channel,
    message,
    sendContext(secrets(url), signal ? { signal } : {}),
  );
// biome-ignore lint/suspicious/noExplicitAny: whatever was sent
const jsonOf = (index = 0): Record<string, any> => JSON.parse(received[index]?.body ?? 'null');
const types = Object.keys(channels) as (keyof typeof channels)[];
/** Neither the address nor any part of it, neither token nor key. */
const keepsSecrets = (said: unknown): void => {
  const text = JSON.stringify(said).toLowerCase();
  for (const part of [
    'secret/',
    't0secret',
    'b0secret',
    'x9secret',
    'querysecret',
    'bearersecret',
    'routingsecret',
    '127.0.0.1',
    String(port),
    '/services',
  ])
    expect(text).not.toContain(part);
};

describe('what each channel sends', () => {
  it('Slack: a header and a section of plain text', async () => {
    expect(await send('slack')).toEqual({ ok: true, value: { reply: 'HTTP 200 ok' } });
    expect(received[0]).toMatchObject({ method: 'POST', path, headers: { 'content-type': 'application/json', 'user-agent': 'Nightdesk' } });
    expect(jsonOf()).toMatchObject({
      text: '🟥 web1 is down',
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: '🟥 web1 is down' } },
        { type: 'section', text: { type: 'plain_text', text: messageOf().text } },
      ],
      link_names: false,
    });
  });

  it('Teams: an Adaptive Card whose text is no markup', async () => {
    answer = (response) => response.writeHead(202).end();
    expect(await send('teams')).toEqual({ ok: true, value: { reply: 'HTTP 202' } });
    const [attachment] = jsonOf().attachments;
    expect(attachment.contentType).toBe('application/vnd.microsoft.card.adaptive');
    expect(
      attachment.content.body.map((it: { type: string; inlines: { type: string; text: string }[] }) => [
        it.type,
        it.inlines[0]?.type,
        it.inlines[0]?.text,
      ]),
    ).toEqual([
      ['RichTextBlock', 'TextRun', 'web1 is down'],
      ['RichTextBlock', 'TextRun', 'HTTP: connection refused on port 443.'],
      ['RichTextBlock', 'TextRun', 'Since 2026-11-20 05:39:12 PST.'],
      ['RichTextBlock', 'TextRun', 'Example Hosting'],
    ]);
  });

  it('ntfy: headers and text', async () => {
    expect((await send('ntfy')).ok).toBe(true);
    expect(received[0]).toMatchObject({
      headers: { title: 'web1 is down', priority: '5', tags: 'rotating_light', authorization: 'Bearer tk_bearerSecret' },
      body: messageOf().text,
    });
  });

  it('ntfy: a title in other letters, encoded in words that can be read again', async () => {
    const title = `Dušan’s Büro: ${'機器 ist weg 🟥 '.repeat(6)}`;
    await send('ntfy', messageOf({ title, severity: 'ok', kind: 'recovery' }));
    const words = String(received[0]?.headers.title).split(' ');
    expect(words.every((it) => it.length <= 75 && /^=\?UTF-8\?B\?[A-Za-z0-9+/=]+\?=$/.test(it))).toBe(true);
    expect(words.map((it) => Buffer.from(it.slice(10, -2), 'base64').toString()).join('')).toBe(title);
    expect(received[0]?.headers.tags).toBe('white_check_mark');
  });

  it('ntfy: no more text than fits a message there', async () => {
    await send('ntfy', messageOf({ text: '機'.repeat(5_000) }));
    expect(Buffer.byteLength(received[0]?.body ?? '')).toBeLessThanOrEqual(4_000);
    expect(received[0]?.body).toMatch(/^機+…$/);
  });

  it('webhook: the message as JSON, with a token and the same key for each attempt', async () => {
    expect((await send('webhook')).ok).toBe(true);
    expect(jsonOf()).toEqual(messageOf());
    expect(received[0]?.headers).toMatchObject({ authorization: 'Bearer tk_bearerSecret', 'idempotency-key': '01DELIVERY' });
  });

  it('PagerDuty: triggers', async () => {
    answer = (response) => response.writeHead(202).end('{"status":"success","message":"Event processed"}');
    expect(await send('pagerduty')).toEqual({ ok: true, value: { reply: 'HTTP 202 {"status":"success","message":"Event processed"}' } });
    expect(jsonOf()).toMatchObject({
      routing_key: 'R0routingSecret',
      event_action: 'trigger',
      dedup_key: 'nightdesk-01ALERT',
      payload: {
        summary: 'web1 is down',
        source: 'web1',
        severity: 'critical',
        timestamp: '2026-11-20T13:39:12.000Z',
        group: 'Example Hosting',
      },
    });
  });

  it('PagerDuty: resolves under the same key', async () => {
    await send('pagerduty', messageOf({ kind: 'recovery', severity: 'ok' }));
    expect(jsonOf()).toEqual({ routing_key: 'R0routingSecret', event_action: 'resolve', dedup_key: 'nightdesk-01ALERT' });
  });

  it('PagerDuty: a test is resolved at once', async () => {
    await send('pagerduty', messageOf({ kind: 'test', severity: 'ok', key: 'test', alerts: [] }));
    expect([jsonOf(0).event_action, jsonOf(1).event_action]).toEqual(['trigger', 'resolve']);
  });

  it.each(['slack', 'teams'] as const)('%s: hostile text mentions nobody and makes no link', async (type) => {
    await send(type, messageOf({ title: hostile, text: hostile }));
    const body = received[0]?.body ?? '';
    expect(body).not.toContain('@channel');
    expect(body).not.toContain('@everyone');
    expect(body).not.toContain('https://');
    if (type === 'slack') expect(jsonOf().text).not.toMatch(/<[!@#h]/);
    // What a reader sees is the same.
    expect(body.replaceAll('\u2060', '')).toContain('https://evil.example');
  });

  it.each(types)('%s: everything is bounded', async (type) => {
    await send(type, messageOf({ title: 'x'.repeat(20_000), text: 'line\n'.repeat(20), alerts: [] }));
    expect(received).toHaveLength(1);
  });
});

describe('what comes back', () => {
  const say =
    (status: number, body = '', headers: Record<string, string> = {}): Answer =>
    (response) =>
      void response.writeHead(status, headers).end(body);

  it.each([
    [200, true, null],
    [204, true, null],
    [400, false, true],
    [401, false, true],
    [403, false, true],
    [404, false, true],
    [410, false, true],
    [408, false, false],
    [425, false, false],
    [429, false, false],
    [500, false, false],
    [502, false, false],
    [503, false, false],
  ])('HTTP %i: taken %s, permanent %s', async (status, taken, permanent) => {
    answer = say(status, status === 204 ? '' : 'why');
    const sent = await send('webhook');
    expect(sent.ok).toBe(taken);
    if (!sent.ok) expect(sent.failure).toEqual({ code: `http-${status}`, text: `the other side answered HTTP ${status} why`, permanent });
  });

  it.each([301, 302, 303, 307, 308])('a redirect (%i) is not followed, as it would carry the message elsewhere', async (status) => {
    answer = say(status, '', { location: `http://127.0.0.1:${port}/elsewhere` });
    const sent = await send('webhook');
    expect(sent).toMatchObject({ ok: false, failure: { code: 'redirect', permanent: true } });
    expect(received).toHaveLength(1);
    keepsSecrets(sent);
  });

  it('a reply that has no end is read no further than its beginning', async () => {
    answer = (response) => {
      response.writeHead(200);
      const more = (): void => {
        while (response.write('\u001b[31mno end '.repeat(100)));
        response.once('drain', more);
      };
      more();
    };
    const sent = await send('webhook');
    expect(sent).toMatchObject({ ok: true, value: { reply: expect.stringMatching(/^HTTP 200 no end no end/) } });
    expect(JSON.stringify(sent).length).toBeLessThan(300);
  });

  it.each(types)('%s: a server that repeats all it was sent gets none of it shown', async (type) => {
    answer = (response, request) => {
      const url = `http://127.0.0.1:${port}${request.path}`;
      response
        .writeHead(500)
        .end(
          `${url} ${request.path} ${url.toUpperCase()} ${request.headers.authorization ?? ''} ${/"routing_key":"(\w+)"/.exec(request.body)?.[1] ?? ''} ${request.headers.host}`,
        );
    };
    const sent = await send(type);
    expect(sent.ok).toBe(false);
    keepsSecrets(sent);
  });

  it('nobody listens', async () => {
    const url = `http://127.0.0.1:${await freePort()}${path}`;
    const sent = await send('slack', messageOf(), url);
    expect(sent).toEqual({ ok: false, failure: { code: 'refused', text: 'connection refused by the other side', permanent: false } });
  });

  it('there is no such name', async () => {
    const sent = await send('slack', messageOf(), 'https://hooksecret.invalid/x9SecretSecret');
    expect(sent).toMatchObject({
      ok: false,
      failure: { code: expect.stringMatching(/^(name-not-found|resolver-failed)$/), permanent: false },
    });
    expect(JSON.stringify(sent)).not.toMatch(/hooksecret|x9secret/i);
  });

  it('hangs up without an answer', async () => {
    const rude = await scripted((socket) => socket.on('data', () => socket.destroy()));
    const sent = await send('slack', messageOf(), `http://127.0.0.1:${rude.port}${path}`);
    await rude.stop();
    expect(sent).toMatchObject({ ok: false, failure: { code: expect.stringMatching(/^(closed|reset)$/), permanent: false } });
    keepsSecrets(sent);
  });

  it('is no HTTP server', async () => {
    const odd = await scripted((socket) => socket.write('220 mail.example ESMTP\r\n'));
    const sent = await send('slack', messageOf(), `http://127.0.0.1:${odd.port}${path}`);
    await odd.stop();
    expect(sent).toMatchObject({ ok: false, failure: { code: 'protocol', permanent: false } });
    keepsSecrets(sent);
  });

  it('does not answer: given up after 15 s', async () => {
    answer = () => {};
    const startedAt = performance.now();
    const sent = await send('slack');
    expect(sent).toEqual({ ok: false, failure: { code: 'timeout', text: 'no answer within 15 s', permanent: false } });
    expect(performance.now() - startedAt).toBeGreaterThan(14_000);
  });

  it('is stopped while it waits', async () => {
    answer = () => {};
    const closing = new AbortController();
    const sending = send('slack', messageOf(), undefined, closing.signal);
    setTimeout(() => closing.abort(), 50);
    expect(await sending).toMatchObject({ ok: false, failure: { code: 'stopped' } });
  });

  it('over TLS with a certificate that is trusted', async () => {
    expect(await send('slack', messageOf(), `https://127.0.0.1:${(good.address() as AddressInfo).port}${path}`)).toMatchObject({
      ok: true,
    });
  });

  it('over TLS with one of a stranger', async () => {
    const sent = await send('slack', messageOf(), `https://127.0.0.1:${(strange.address() as AddressInfo).port}${path}`);
    expect(sent).toMatchObject({ ok: false, failure: { code: 'certificate', permanent: false } });
    expect(received).toEqual([]);
    keepsSecrets(sent);
  });

  it.each(['ftp://x9SecretSecret', 'x9SecretSecret', 'file:///x9SecretSecret', 'javascript:x9SecretSecret'])(
    '%s is no address',
    async (url) => {
      const sent = await send('slack', messageOf(), url);
      expect(sent).toEqual({
        ok: false,
        failure: { code: 'bad-url', text: 'the secret "hook" is not an address that begins with https:// or http://', permanent: true },
      });
    },
  );

  it('user and password in an address become a login', async () => {
    await send('slack', messageOf(), `http://me:pass%20word@127.0.0.1:${port}/x`);
    expect(received[0]?.headers.authorization).toBe(`Basic ${Buffer.from('me:pass word').toString('base64')}`);
  });

  it.each([
    ['slack', {}, 'hook'],
    ['webhook', { hook: 'http://127.0.0.1:1/' }, 'token'],
    ['pagerduty', {}, 'routing'],
  ] as const)('%s: a secret that is not set is named', async (type: ChannelType, there, missing) => {
    const sender = senders[type] as (channel: Channel, message: Message, context: ReturnType<typeof sendContext>) => Promise<SendResult>;
    expect(await sender(channels[type as 'slack'] as Channel, messageOf(), sendContext(there))).toEqual({
      ok: false,
      failure: { code: 'no-secret', text: `the secret "${missing}" is not set; set it in Settings`, permanent: false },
    });
  });
});

describe('the notifier over HTTP', () => {
  const waitFor = async (isSo: () => boolean): Promise<void> => {
    for (let tries = 0; tries < 400 && !isSo(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(isSo()).toBe(true);
  };
  const rig = (written: Record<string, unknown>) => {
    const clock = createFakeClock(Date.UTC(2026, 10, 20, 12));
    const documents = new Map<string, string>();
    const events: EventDraft[] = [];
    const live = new Map<string, ChannelLive>();
    let ids = 0;
    const notifier = createNotifier({
      clock,
      newId: () => `D${++ids}`,
      secret: (name) => secrets()[name],
      document: { get: (key) => documents.get(key) ?? null, put: (key, text) => void documents.set(key, text) },
      tell: (event) => events.push(event),
      show: (channel) => live.set(channel.id, channel),
      hide: (id) => live.delete(id),
      onEscalated: () => {},
    });
    const checks = [{ id: 'web1/icmp' }] as never;
    notifier.configure(
      { notify: notifyOf(written), organization: { name: 'Example Hosting', timezone: 'UTC' }, checks },
      { subject: (id) => ({ id, kind: 'host', site: null }) as never },
    );
    return { clock, documents, events, live, notifier, kinds: () => events.map((it) => it.kind) };
  };

  it('500, then 200: tried again by itself, both told once; the timeline and the picture hold no secret', async () => {
    const { clock, events, live, notifier, kinds, documents } = rig({
      channels: [{ ...channels.webhook, name: 'Own hook' }],
      routes: [{ id: 'all', to: ['c'], wait: '0s' }],
    });
    let calls = 0;
    answer = (response, request) => void (++calls < 3 ? response.writeHead(500).end(request.path) : response.end('ok'));
    notifier.update([alertOf({ id: 'web1' })], []);
    await waitFor(() => kinds().includes('notify-failed'));
    expect(live.get('c')).toMatchObject({ name: 'Own hook', failing: { code: 'http-500', retryAt: clock.now() + 15_000, waiting: 1 } });
    await clock.advance(15_000);
    await waitFor(() => calls === 2 && live.get('c')?.failing?.retryAt === clock.now() + 30_000);
    await clock.advance(30_000);
    await waitFor(() => kinds().includes('notify-recovered'));
    expect(kinds()).toEqual(['notify-failed', 'notified', 'notify-recovered']);
    expect(live.get('c')).toMatchObject({ lastSentAt: clock.now(), failing: null });
    expect(received).toHaveLength(3);
    expect(new Set(received.map((it) => it.headers['idempotency-key'])).size).toBe(1);
    keepsSecrets([events, [...live.values()], [...documents.values()]]);
    notifier.stop();
  });

  it('the heartbeat beats, tells once that it fails and once that it is back', async () => {
    const { clock, events, live, notifier, kinds } = rig({ heartbeat: { url: 'hook', every: '1m' } });
    await waitFor(() => received.length === 1 && live.get('heartbeat')?.lastSentAt !== null);
    expect(received[0]).toMatchObject({ method: 'GET', path });
    answer = say(503);
    for (let n = 2; n <= 4; n += 1) {
      await clock.advance(60_000);
      await waitFor(() => received.length === n && live.get('heartbeat')?.failing?.retryAt === clock.now() + 60_000);
    }
    expect(kinds()).toEqual(['notify-failed']);
    answer = plainOk;
    await clock.advance(60_000);
    await waitFor(() => live.get('heartbeat')?.failing === null);
    expect(kinds()).toEqual(['notify-failed', 'notify-recovered']);
    expect(events[1]?.payload).toMatchObject({ channel: 'heartbeat', failedMs: 180_000 });
    expect(await notifier.test('heartbeat')).toMatchObject({ ok: true, value: { reply: 'HTTP 200 ok' } });
    keepsSecrets([events, [...live.values()]]);
    notifier.stop();
    await clock.advance(600_000);
    expect(received).toHaveLength(6);
  });

  it('the test button shows the real reply, or why not', async () => {
    const { notifier, events, live } = rig({ channels: [channels.slack] });
    expect(await notifier.test('c')).toMatchObject({ ok: true, value: { reply: 'HTTP 200 ok' } });
    expect(jsonOf().text).toBe('✅ Test from Nightdesk at Example Hosting');
    expect(events).toMatchObject([{ kind: 'notified', payload: { channel: 'c', message: 'test' } }]);
    expect(live.get('c')?.lastSentAt).not.toBeNull();
    answer = say(404, 'no_service');
    expect(await notifier.test('c')).toEqual({
      ok: false,
      failure: { code: 'http-404', text: 'The test message was not taken: the other side answered HTTP 404 no_service.' },
    });
    expect(await notifier.test('gone')).toMatchObject({ ok: false, failure: { code: 'no-such-channel' } });
    notifier.stop();
  });

  function say(status: number, body = ''): Answer {
    return (response) => void response.writeHead(status).end(body);
  }
});

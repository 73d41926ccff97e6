import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { probeDomain } from '../../electron/probes/domain.ts';
import { type DomainConfig, domain } from '../../shared/checks/domain.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';
import { probeContext } from '../support/probe-context.ts';
import { freePort, startTcp } from '../support/servers.ts';

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
/** A registry on loopback; its base URL and what it was asked. */
async function registry(answer: Answer): Promise<{ url: string; asked: string[]; answerWith(answer: Answer): void }> {
  let current = answer;
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.accept}`);
    current(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/rdap/`,
    asked,
    answerWith: (next) => {
      current = next;
    },
  };
}

/** What a registry says of a domain (RFC 9083, section 5.3). */
const about = (expiresAt: number, more: Record<string, unknown> = {}) => ({
  rdapConformance: ['rdap_level_0'],
  objectClassName: 'domain',
  handle: '1_DOMAIN',
  ldhName: 'EXAMPLE.NET',
  status: ['client transfer prohibited', 'active'],
  entities: [
    { objectClassName: 'entity', roles: ['registrant'], handle: 'X' },
    {
      objectClassName: 'entity',
      roles: ['registrar'],
      handle: '9999',
      vcardArray: [
        'vcard',
        [
          ['version', {}, 'text', '4.0'],
          ['fn', {}, 'text', 'Example \u001b[31mRegistrar <b>Inc.'],
        ],
      ],
    },
  ],
  events: [
    { eventAction: 'registration', eventDate: '1999-02-03T04:05:06Z' },
    { eventAction: 'expiration', eventDate: new Date(expiresAt).toISOString() },
    { eventAction: 'last changed', eventDate: '2026-01-02' },
  ],
  nameservers: [
    { objectClassName: 'nameserver', ldhName: 'NS1.EXAMPLE.NET' },
    { objectClassName: 'nameserver', ldhName: 'ns2.example.net' },
  ],
  secureDNS: { delegationSigned: true },
  ...more,
});
const say =
  (body: unknown, status = 200, headers: Record<string, string> = { 'content-type': 'application/rdap+json' }): Answer =>
  (_, response) =>
    response.writeHead(status, headers).end(typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body));

async function look(url: string, settings: Record<string, unknown> = {}, memory: { value?: unknown } = {}, later = 0) {
  const config = domain.config.parse({ domain: 'example.net', url, ...settings }) as DomainConfig;
  const context = { ...probeContext({ timeoutMs: 1_500, memory }), now: () => Date.now() + later };
  const begin = performance.now();
  const facts = await probeDomain(config, context);
  expect(() => domain.observation.parse(facts)).not.toThrow();
  const verdict = domain.judge(facts, config, Date.now() + later);
  const said = domain.explain(facts, verdict, config);
  for (const line of [said.happened, said.means, said.todo]) expect(line).toMatch(/^[A-Z].*\.$/s);
  return { facts, verdict, lines: domain.facts(facts), tookMs: performance.now() - begin };
}

describe('a registry that speaks RDAP', () => {
  it('tells all about a registration', async () => {
    const expiresAt = Date.now() + 100 * DAY + MINUTE;
    const { url, asked } = await registry(say(about(expiresAt)));
    const { facts, verdict, lines } = await look(url);
    expect(verdict).toEqual({ state: 'ok', reason: 'ok', text: 'the registration runs out in 100 d' });
    expect(asked).toEqual(['/rdap/domain/example.net application/rdap+json, application/json']);
    expect(facts).toMatchObject({
      registered: true,
      expiresAt,
      registeredAt: Date.parse('1999-02-03T04:05:06Z'),
      changedAt: Date.parse('2026-01-02T00:00:00Z'),
      registrar: 'Example Registrar <b>Inc.',
      status: ['client transfer prohibited', 'active'],
      nameServers: ['ns1.example.net', 'ns2.example.net'],
      signed: true,
    });
    expect(lines.map(({ label }) => label)).toContain('Registrar');
  });

  it.each([
    [29, {}, 'degraded', 'expires-soon'],
    [13, {}, 'down', 'expires-soon'],
    [-2, {}, 'down', 'expired'],
    [200, { status: ['clientHold'] }, 'down', 'held'],
    [200, { status: ['pending delete'] }, 'down', 'held'],
    [200, { events: [] }, 'unknown', 'no-expiry'],
    [200, { events: [{ eventAction: 'expiration', eventDate: 'soon' }, 'nonsense', null, 7] }, 'unknown', 'no-expiry'],
    [200, { status: 'not a list', entities: { a: 1 }, nameservers: [null, 3], secureDNS: 'x' }, 'ok', 'ok'],
  ])('%d days left, with %o: %s, %s', async (days, more, state, reason) => {
    const { url } = await registry(say(about(Date.now() + days * DAY, more)));
    expect((await look(url)).verdict).toMatchObject({ state, reason });
  });

  it('a name that nobody has registered is told apart from a URL that is no registry', async () => {
    const free = await registry(say({ errorCode: 404, title: 'Not Found' }, 404));
    expect((await look(free.url)).verdict).toEqual({ state: 'down', reason: 'not-registered', text: 'nobody has registered example.net' });
    const web = await registry(say('<h1>Not Found</h1>', 404, { 'content-type': 'text/html' }));
    expect((await look(web.url)).verdict).toMatchObject({ state: 'unknown', reason: 'protocol' });
  });

  it('is asked once in six hours, and after a failure its last answer counts for a while', async () => {
    const it = await registry(say(about(Date.now() + 20 * DAY)));
    const memory = {};
    await look(it.url, {}, memory);
    await look(it.url, {}, memory, 5 * HOUR);
    expect(it.asked).toHaveLength(1);
    it.answerWith(say('later', 503));
    const failed = await look(it.url, {}, memory, 7 * HOUR);
    expect(it.asked).toHaveLength(2);
    expect(failed.verdict).toMatchObject({ state: 'degraded', reason: 'expires-soon' });
    expect(failed.lines.find(({ label }) => label === 'Newest attempt')?.value).toContain('503');
    await look(it.url, {}, memory, 7 * HOUR + 5 * MINUTE);
    expect(it.asked).toHaveLength(2);
    expect((await look(it.url, {}, memory, 9 * DAY)).verdict).toMatchObject({ state: 'unknown', reason: 'old-answer' });
    expect(it.asked).toHaveLength(3);
    it.answerWith(say('stop it', 429));
    await look(it.url, {}, memory, 9 * DAY + HOUR);
    await look(it.url, {}, memory, 9 * DAY + 2 * HOUR);
    expect(it.asked).toHaveLength(4);
    // A clock that was set back.
    await look(it.url, {}, memory, -DAY);
    expect(it.asked).toHaveLength(5);
  });

  it('follows a redirect to the registry that is in charge, and no further than three', async () => {
    const right = await registry(say(about(Date.now() + 100 * DAY)));
    const first = await registry(say('', 302, { location: `${right.url}domain/example.net` }));
    expect((await look(first.url)).verdict.state).toBe('ok');
    const round = await registry((request, response) => response.writeHead(302, { location: request.url ?? '' }).end());
    expect((await look(round.url)).verdict).toMatchObject({ state: 'unknown', reason: 'protocol' });
    expect(round.asked).toHaveLength(4);
  });

  it.each([
    'https://127.0.0.1:1/',
    'file:///etc/passwd',
    'ftp://127.0.0.1/',
    'http://user:word@127.0.0.1/',
    'gopher:x',
    '//[',
    'javascript:0',
  ])('does not follow a redirect to %s', async (location) => {
    const { url } = await registry(say('', 301, { location }));
    expect((await look(url)).verdict).toMatchObject({ state: 'unknown', reason: 'protocol' });
  });

  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  it.each<[string, Answer, string]>([
    ['HTML', say('<html>'), 'protocol'],
    ['nothing', say(''), 'protocol'],
    ['a list', say('[]'), 'protocol'],
    ['null', say('null'), 'protocol'],
    ['a very deep list', say(deep), 'protocol'],
    ['another domain', say(about(Date.now() + 300 * DAY, { ldhName: 'other.net' })), 'protocol'],
    ['a name server', say({ objectClassName: 'nameserver', ldhName: 'example.net' }), 'protocol'],
    ['a megabyte', say(' '.repeat(1_048_576)), 'too-large'],
    ['a packed gigabyte', say(gzipSync(Buffer.alloc(50_000_000, 32)), 200, { 'content-encoding': 'gzip' }), 'too-large'],
    ['an error', say('{}', 500), 'protocol'],
    ['403', say('{}', 403), 'permission'],
    ['nothing for ever', () => {}, 'timeout'],
    ['a body for ever', (_, response) => void response.writeHead(200).write('{'), 'timeout'],
  ])('%s is not known, named and soon over', async (_, answer, reason) => {
    const { url } = await registry(answer);
    const { verdict, tookMs } = await look(url);
    expect(verdict).toMatchObject({ state: 'unknown', reason });
    expect(tookMs).toBeLessThan(1_800);
  });

  it('a registry that is gone, or is none, is not known', async () => {
    expect((await look(`http://127.0.0.1:${await freePort()}`)).verdict).toMatchObject({ state: 'unknown', reason: 'refused' });
    const noise = await startTcp((socket) => socket.end('220 mail.example.net ESMTP\r\n'));
    stops.push(noise.stop);
    expect((await look(`http://127.0.0.1:${noise.port}`)).verdict).toMatchObject({ state: 'unknown', reason: 'protocol' });
  });
});

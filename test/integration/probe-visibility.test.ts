/** Prefix visibility against a local server that speaks RIPEstat's format, rightly and otherwise. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { readRouting, readValidation } from '../../electron/probes/ripestat.ts';
import { probeVisibility } from '../../electron/probes/visibility.ts';
import { type VisibilityConfig, visibility } from '../../shared/checks/visibility.ts';
import { hostile } from '../support/hostile-text.ts';
import { probeContext } from '../support/probe-context.ts';
import { freePort, startTcp } from '../support/servers.ts';

const now = Date.UTC(2026, 10, 20, 10);
const prefix = '192.0.2.0/24';
const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

/** What RIPEstat answers of a prefix that 328 of 331 see. */
const routing = (more: Record<string, unknown> = {}) => ({
  messages: [],
  see_also: [],
  version: '3.4',
  data_call_name: 'routing-status',
  data_call_status: 'supported',
  cached: false,
  status: 'ok',
  status_code: 200,
  time: '2026-11-20T09:59:00.000000',
  data: {
    resource: prefix,
    first_seen: { prefix, origin: '64500', time: '2010-01-01T00:00:00' },
    last_seen: { prefix, origin: '64500', time: '2026-11-20T08:00:00' },
    visibility: { v4: { ris_peers_seeing: 328, total_ris_peers: 331 }, v6: { ris_peers_seeing: 0, total_ris_peers: 340 } },
    origins: [{ origin: 64_500, route_objects: ['RIPE'] }],
    less_specifics: [],
    more_specifics: [],
    query_time: '2026-11-20T08:00:00',
    ...more,
  },
});
const validation = (status: string, more: Record<string, unknown> = {}) => ({
  messages: [],
  status: 'ok',
  status_code: 200,
  data: { resource: '64500', prefix, validating_roas: [], status, validator: 'routinator', ...more },
});
type Answer = (request: IncomingMessage, response: ServerResponse) => void;
const say =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(typeof body === 'string' ? body : JSON.stringify(body));

async function glass(status: Answer, rpki: Answer = say(validation('valid'))) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(String(request.url));
    const url = String(request.url);
    (url.includes('/rpki-validation/') ? rpki : status)(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/data/`, asked };
}
async function look(url: string, settings: Record<string, unknown> = {}, memory: { value?: unknown } = {}, later = 0) {
  const config = visibility.config.parse({ prefix, url, origins: [64_500], ...settings }) as VisibilityConfig;
  const begin = performance.now();
  const context = { ...probeContext({ timeoutMs: 1_500, memory }), now: () => now + later };
  const facts = await probeVisibility(config, context);
  expect(() => visibility.observation.parse(facts)).not.toThrow();
  const verdict = visibility.judge(facts, config, now);
  const said = visibility.explain(facts, verdict, config);
  for (const line of [said.happened, said.means, said.todo]) expect(line).toMatch(/^[A-Z].*\.$/s);
  for (const { value } of visibility.facts(facts)) expect(value).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  return { facts, verdict, lines: context.lines, tookMs: performance.now() - begin };
}

it('asks both data calls, and says who sees it', async () => {
  const { url, asked } = await glass(say(routing()));
  const { facts, verdict } = await look(url);
  expect(verdict).toEqual({ state: 'ok', reason: 'ok', text: 'seen by 328 of 331 observers, announced by AS64500, valid by RPKI' });
  expect(asked).toEqual([
    '/data/routing-status/data.json?resource=192.0.2.0%2F24',
    '/data/rpki-validation/data.json?resource=64500&prefix=192.0.2.0%2F24',
  ]);
  expect(visibility.measure(facts)).toBeCloseTo(99.09, 1);
  expect(visibility.facts(facts).slice(0, 3)).toEqual([
    { label: 'Seen by', value: '328 of 331 (99 %)' },
    { label: 'Announced by', value: 'AS64500' },
    { label: 'RPKI', value: 'AS64500: valid' },
  ]);
});

const seen = (seeing: number, total = 331) => ({ visibility: { v4: { ris_peers_seeing: seeing, total_ris_peers: total } } });
const from = (...origins: unknown[]) => ({ origins: origins.map((origin) => ({ origin, route_objects: [] })) });
describe('what is said of a prefix', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>, string, string]>([
    ['seen by nobody', { ...seen(0), ...from() }, {}, 'down', 'not-seen'],
    ['seen by hardly anybody', seen(30), {}, 'down', 'hardly-seen'],
    ['seen by some', seen(200), {}, 'degraded', 'partly-seen'],
    ['seen by enough for a lower limit', seen(200), { seenDegraded: 50 }, 'ok', 'ok'],
    ['just enough', seen(80, 100), {}, 'ok', 'ok'],
    ['more observers seeing than there are', seen(400), {}, 'ok', 'ok'],
    ['announced by somebody else', from(64_666), {}, 'down', 'wrong-origin'],
    ['announced by somebody else as well', from(64_500, 64_666), {}, 'degraded', 'foreign-origin'],
    ['announced by two of ours', from(64_500, 64_501), { origins: [64_500, 64_501] }, 'ok', 'ok'],
    ['by anybody where no origin is expected', from(64_666), { origins: [] }, 'ok', 'ok'],
    ['origins written otherwise', from('AS64500', '64500'), {}, 'ok', 'ok'],
    ['nobody says who announces it', { origins: undefined }, {}, 'unknown', 'no-origin'],
    ['origins that are no numbers', from('x', null, -1, 5e12), {}, 'unknown', 'no-origin'],
    [
      'a part announced by somebody else',
      { more_specifics: [{ prefix: '192.0.2.128/25', origin: 64_666 }] },
      {},
      'degraded',
      'foreign-part',
    ],
    ['a part announced by us', { more_specifics: [{ prefix: '192.0.2.128/25', origin: 64_500 }] }, {}, 'ok', 'ok'],
    ['no visibility told', { visibility: undefined }, {}, 'unknown', 'no-result'],
    ['visibility of no observers', seen(0, 0), {}, 'unknown', 'no-result'],
    ['numbers that are none', { visibility: { v4: { ris_peers_seeing: '328', total_ris_peers: 331 } } }, {}, 'unknown', 'no-result'],
    ['knowledge of two days ago', { query_time: '2026-11-18T08:00:00' }, {}, 'unknown', 'old-data'],
    ['old knowledge that is allowed', { query_time: '2026-11-18T08:00:00' }, { maxAge: '3d' }, 'ok', 'ok'],
    ['of no time', { query_time: undefined }, {}, 'unknown', 'no-time'],
    ['of a time that is none', { query_time: 'yesterday' }, {}, 'unknown', 'no-time'],
    ['another prefix', { resource: '198.51.100.0/24' }, {}, 'unknown', 'protocol'],
    ['another length', { resource: '192.0.2.0/23' }, {}, 'unknown', 'protocol'],
  ])('%s', async (_, more, settings, state, reason) => {
    const { url } = await glass(say(routing(more)));
    expect((await look(url, settings)).verdict).toMatchObject({ state, reason });
  });

  it('of IPv6 by those who carry IPv6', async () => {
    const six = '2001:db8::/32';
    const { url } = await glass(
      say(routing({ resource: '2001:0DB8::/32', visibility: { v6: { ris_peers_seeing: 170, total_ris_peers: 340 } } })),
      say(validation('valid', { prefix: six })),
    );
    expect((await look(url, { prefix: six })).verdict).toMatchObject({ state: 'degraded', text: 'seen by 170 of 340 observers only' });
  });
});

it('is asked seldom, and its last answer counts in between', async () => {
  const { url, asked } = await glass(say(routing()));
  const memory = {};
  const states: string[] = [];
  for (const later of [0, 60_000, 29 * 60_000, 31 * 60_000, -60_000]) states.push((await look(url, {}, memory, later)).verdict.state);
  expect(states).toEqual(['ok', 'ok', 'ok', 'ok', 'ok']);
  // At first, after half an hour, and once more when the clock was set back.
  expect(asked).toHaveLength(6);
  const broken = await glass(say('', 500));
  const other = {};
  for (const later of [0, 60_000, 4 * 60_000, 6 * 60_000]) expect((await look(broken.url, {}, other, later)).verdict.state).toBe('unknown');
  expect(broken.asked).toHaveLength(2);
});

describe('what RPKI says', () => {
  it.each<[string, unknown, 'valid' | 'not-invalid' | 'off', string, string]>([
    ['valid', validation('valid'), 'valid', 'ok', 'ok'],
    ['another origin is allowed', validation('invalid_asn'), 'not-invalid', 'degraded', 'rpki-invalid'],
    ['longer than allowed', validation('invalid_length'), 'not-invalid', 'degraded', 'rpki-invalid'],
    ['invalid, in older words', validation('invalid'), 'valid', 'degraded', 'rpki-invalid'],
    ['nothing vouches for it', validation('unknown'), 'not-invalid', 'ok', 'ok'],
    ['nothing vouches for it where something must', validation('unknown'), 'valid', 'degraded', 'rpki-unknown'],
    ['invalid where nobody asks', validation('invalid_asn'), 'off', 'ok', 'ok'],
    ['a state that is none', validation('perhaps'), 'not-invalid', 'unknown', 'rpki-not-known'],
    ['of another prefix', validation('valid', { prefix: '198.51.100.0/24' }), 'not-invalid', 'unknown', 'rpki-not-known'],
    [
      'an error of its own',
      { status: 'error', messages: [['error', 'The validator is gone']], data: {} },
      'not-invalid',
      'unknown',
      'rpki-not-known',
    ],
    ['nothing', '', 'not-invalid', 'unknown', 'rpki-not-known'],
  ])('%s', async (_, body, rpki, state, reason) => {
    const { url, asked } = await glass(say(routing()), say(body));
    expect((await look(url, { rpki })).verdict).toMatchObject({ state, reason });
    expect(asked).toHaveLength(rpki === 'off' ? 1 : 2);
  });
  it('of four origins at most', async () => {
    const { url, asked } = await glass(say(routing(from(...Array.from({ length: 300 }, (_, index) => index + 1)))));
    const { facts } = await look(url, { origins: [] });
    expect([facts.origins?.length, asked.length]).toEqual([8, 5]);
  });
});

describe('looking glasses that behave as none should', () => {
  it.each<[string, Answer, string, RegExp]>([
    ['no JSON', say('<html>'), 'protocol', /does not answer with JSON$/],
    ['other JSON', say([1, 2]), 'protocol', /does not answer in RIPEstat's format$/],
    [
      'a refusal in words',
      say({ status: 'error', messages: [['error', 'Prefix \u001b[31mbad']], data: {} }, 400),
      'protocol',
      /says "error": Prefix bad$/,
    ],
    ['no such page', say('gone', 404), 'protocol', /answers 404$/],
    ['broken', say('', 500), 'protocol', /answers 500$/],
    ['asked too often', say('', 429), 'permission', /turns us away/],
    [
      'another host',
      say('', 302, { location: 'http://127.0.0.2:1/data/' }),
      'protocol',
      /sends us to another place, http:\/\/127\.0\.0\.2:1$/,
    ],
    ['another port', say('', 302, { location: 'http://127.0.0.1:1/' }), 'protocol', /to another place/],
    ['no place', say('', 302, { location: 'file:///etc/passwd' }), 'protocol', /no place to follow/],
    ['round and round', say('', 302, { location: '/data/routing-status/data.json' }), 'protocol', /on and on$/],
    [
      'too much',
      (_, response) => void response.writeHead(200).end(`{"status":"ok","x":"${'x'.repeat(2_000_000)}"}`),
      'too-large',
      /more than 512 KB$/,
    ],
    ['silence', () => {}, 'timeout', /no first byte/],
    [
      'half an answer',
      (_, response) => void response.writeHead(200, { 'content-length': '500' }).write('{"status"'),
      'timeout',
      /did not end/,
    ],
    [
      'a flood without an end',
      (_, response) => {
        response.writeHead(200);
        const push = (): void => {
          if (!response.destroyed && response.write('x'.repeat(65_536))) setImmediate(push);
          else response.once('drain', push);
        };
        push();
      },
      'too-large',
      /512 KB/,
    ],
  ])('%s', async (_, answer, code, detail) => {
    const { url, asked } = await glass(answer);
    const { facts, verdict, tookMs } = await look(url);
    expect(facts.failure).toMatchObject({ code, detail: expect.stringMatching(detail) });
    // It says nothing of the prefix.
    expect(verdict).toMatchObject({ state: 'unknown', reason: code });
    expect(tookMs).toBeLessThan(2_500);
    expect(asked.length).toBeLessThanOrEqual(3);
    expect(visibility.measure(facts)).toBeNull();
  });
  it('follows a redirect within its host', async () => {
    const { url } = await glass((request, response) =>
      String(request.url).startsWith('/data/')
        ? say('', 301, { location: String(request.url).replace('/data/', '/new/') })(request, response)
        : say(routing())(request, response),
    );
    expect((await look(url)).verdict.state).toBe('ok');
  });
  it('refuses, and speaks no HTTP', async () => {
    expect((await look(`http://127.0.0.1:${await freePort()}/`)).verdict).toMatchObject({ state: 'unknown', reason: 'refused' });
    const server = await startTcp((socket) => void socket.end('SSH-2.0-x\r\n'));
    stops.push(server.stop);
    expect((await look(`http://127.0.0.1:${server.port}/`)).verdict).toMatchObject({ state: 'unknown', reason: 'protocol' });
  });
  it('any answer at all gives facts of the right form, or words', () => {
    const text = fc.oneof(
      hostile,
      fc.json(),
      fc.jsonValue().map((data) => JSON.stringify({ status: 'ok', data })),
    );
    const parts = fc.record(
      {
        resource: fc.constantFrom(prefix, 'x'),
        visibility: fc.jsonValue(),
        origins: fc.jsonValue(),
        more_specifics: fc.jsonValue(),
        query_time: fc.oneof(hostile, fc.jsonValue()),
        last_seen: fc.jsonValue(),
      },
      { requiredKeys: ['resource'] },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          text,
          parts.map((data) => JSON.stringify({ status: 'ok', data })),
        ),
        (body) => {
          const read = readRouting(body, prefix);
          if (read.ok) visibility.observation.parse(read.value);
          else expect(read.failure.length).toBeLessThan(400);
          const valid = readValidation(body, prefix);
          if (!valid.ok) expect(valid.failure.length).toBeLessThan(400);
        },
      ),
      { numRuns: 500 },
    );
  });
});

it.each([
  ['no URL: nobody is asked unless it is set', { prefix }],
  ['a password in the URL', { prefix, url: 'http://a:b@127.0.0.1/' }],
  ['a query in the URL', { prefix, url: 'http://127.0.0.1/?x=1' }],
  ['another protocol', { prefix, url: 'file:///etc/passwd' }],
  ['no prefix', { prefix: '192.0.2.1', url: 'http://127.0.0.1/' }],
  ['an origin that is none', { prefix, url: 'http://127.0.0.1/', origins: [0] }],
])('settings: %s', (_, settings) => expect(visibility.config.safeParse(settings).success).toBe(false));

it('tells a change of origin, and nothing where one is not known', () => {
  const of = (...origins: number[]) => ({ origins });
  expect(visibility.changes(of(64_500), of(64_666))).toEqual([{ code: 'origin-changed', text: 'announced by AS64666 instead of AS64500' }]);
  for (const [a, b] of [
    [of(64_500, 1), of(1, 64_500)],
    [of(), of(1)],
    [of(1), of()],
    [{}, of(1)],
  ] as const)
    expect(visibility.changes(a, b)).toEqual([]);
});

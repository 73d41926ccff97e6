import { closeSync, ftruncateSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { probeHttp } from '../../electron/probes/http.ts';
import { http } from '../../shared/checks/http.ts';
import { freePort } from '../support/servers.ts';
import {
  type Authority,
  makeAuthority,
  type Nginx,
  passwordLine,
  probing,
  removeFolder,
  type Scripted,
  scripted,
  startNginx,
  trickle,
  webFolder,
} from '../support/web-servers.ts';

let folder: string;
let nginx: Nginx;
let authority: Authority;
let [plain, secure, expired, other] = [0, 0, 0, 0];
const gibibyte = 2 ** 30;
const password = 'correct-horse-battery';

beforeAll(async () => {
  folder = webFolder();
  authority = makeAuthority(folder);
  const good = authority.issue('localhost', { altNames: 'DNS:localhost,DNS:www.nightdesk.test,IP:127.0.0.1', fromDays: -1, toDays: 60 });
  const old = authority.issue('old', { altNames: 'DNS:other.nightdesk.test', fromDays: -400, toDays: -35 });
  [plain, secure, expired, other] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const root = join(folder, 'root');
  mkdirSync(join(root, 'forbidden'), { recursive: true });
  writeFileSync(join(root, 'index.html'), '<h1>Willkommen bei Nachtdienst – Übersicht</h1>');
  writeFileSync(join(root, 'latin.html'), Buffer.from('<p>M\xfcnchen</p>', 'latin1'));
  writeFileSync(join(root, 'status.json'), JSON.stringify({ status: { db: 'up', queue: 3 }, nodes: [{ ok: true }, { ok: false }] }));
  writeFileSync(join(root, 'packed'), gzipSync('packed text inside'));
  writeFileSync(join(root, 'brotli'), brotliCompressSync('brotli text inside'));
  writeFileSync(join(root, 'bomb'), gzipSync(Buffer.alloc(200_000_000)));
  writeFileSync(join(root, 'ten-kilobytes'), 'x'.repeat(10_000));
  const big = openSync(join(root, 'big'), 'w');
  ftruncateSync(big, gibibyte);
  closeSync(big);
  writeFileSync(join(folder, 'passwords'), passwordLine('noc', password));
  const shared = `root ${root};`;
  nginx = await startNginx(
    folder,
    `
charset_types text/html;
server { listen 127.0.0.1:${plain}; listen [::1]:${plain}; ${shared}
  types { text/html html; application/json json; } default_type text/plain;
  location = /latin.html { charset iso-8859-1; }
  location = /missing { return 404 "nothing here"; }
  location = /broken { return 500 "Fatal error: out of cheese"; }
  location = /gone-away { return 503; }
  location = /once { return 301 /index.html; }
  location = /round { return 302 /round; }
  location = /secure { return 301 https://localhost:${secure}/headers; }
  location = /elsewhere { return 302 http://localhost:${other}/headers; }
  location = /elsewhere-post { return 307 http://localhost:${other}/headers; }
  location = /nowhere { return 302 "javascript:alert(1)"; }
  location = /private { auth_basic "desk"; auth_basic_user_file ${folder}/passwords; try_files /index.html =404; }
  location = /headers { return 200 "auth=[$http_authorization] key=[$http_x_key] host=[$http_host] agent=[$http_user_agent] method=[$request_method]"; add_header X-Backend web-7; }
  location = /packed { add_header Content-Encoding gzip; }
  location = /brotli { add_header Content-Encoding br; }
  location = /bomb { add_header Content-Encoding gzip; }
  location = /upload { proxy_pass http://127.0.0.1:${plain}/headers; }
}
server { listen 127.0.0.1:${other}; location = /headers { return 200 "auth=[$http_authorization] key=[$http_x_key] method=[$request_method]"; } location / { return 204; } }
server { listen 127.0.0.1:${secure} ssl; ssl_certificate ${good.certificate}; ssl_certificate_key ${good.key}; ${shared}
  location = /headers { return 200 "auth=[$http_authorization] sni=[$ssl_server_name] host=[$http_host]"; }
  location = /down { return 302 http://localhost:${plain}/index.html; } }
server { listen 127.0.0.1:${expired} ssl; ssl_certificate ${old.certificate}; ssl_certificate_key ${old.key}; location / { return 200 "secret=[$http_authorization]"; } }
`,
    plain,
  );
});
afterAll(async () => {
  await nginx.stop();
  removeFolder(folder);
});

type Settings = Record<string, unknown>;
async function check(settings: Settings, timeoutMs = 5_000, secrets: Record<string, string> = {}) {
  const config = http.config.parse(settings);
  const ran = await probing((context) => probeHttp(config, context), timeoutMs, secrets);
  // What a probe returns must be what the schema says: it is stored and sent to windows.
  expect(http.observation.safeParse(ran.facts).error).toBeUndefined();
  return { ...ran, config, verdict: http.judge(ran.facts, config) };
}
const at = (path: string) => `http://127.0.0.1:${plain}${path}`;

describe('answers of a real web server', () => {
  test.each([
    ['a page', '/index.html', {}, 'ok', 'ok'],
    ['a folder without an index', '/forbidden/', {}, 'down', 'wrong-status'],
    ['a missing page', '/missing', {}, 'down', 'wrong-status'],
    ['a missing page that is wanted', '/missing', { status: [404] }, 'ok', 'ok'],
    ['an error', '/broken', {}, 'down', 'wrong-status'],
    ['an error among classes', '/gone-away', { status: ['2xx', '5xx'] }, 'ok', 'ok'],
    ['a text that is there', '/index.html', { contains: ['Willkommen', 'Übersicht'] }, 'ok', 'ok'],
    ['a text that is not', '/index.html', { contains: ['Willkommen', 'Bye'] }, 'down', 'text-missing'],
    ['a text that must not be', '/broken', { status: [500], lacks: ['Fatal error'] }, 'down', 'text-unwanted'],
    ['another charset', '/latin.html', { contains: ['München'] }, 'ok', 'ok'],
    ['a JSON field', '/status.json', { json: { path: 'status.db', equals: 'up' } }, 'ok', 'ok'],
    ['a JSON list', '/status.json', { json: { path: 'nodes.1.ok', equals: false } }, 'ok', 'ok'],
    ['a wrong JSON value', '/status.json', { json: { path: 'status.queue', equals: 0 } }, 'down', 'json-mismatch'],
    ['a JSON field that is inherited only', '/status.json', { json: { path: 'status.constructor', equals: 'x' } }, 'down', 'json-mismatch'],
    ['no JSON at all', '/index.html', { json: { path: 'a', equals: 1 } }, 'down', 'json-mismatch'],
    ['a header', '/headers', { header: { name: 'X-Backend', contains: 'web-' } }, 'ok', 'ok'],
    ['a header without the text', '/headers', { header: { name: 'X-Backend', contains: 'db' } }, 'down', 'header-mismatch'],
    ['a missing header', '/index.html', { header: { name: 'X-Backend', contains: 'web' } }, 'down', 'header-mismatch'],
    ['a page that is too small', '/index.html', { minBytes: 1_000 }, 'down', 'too-small'],
    ['a page of the right size', '/ten-kilobytes', { minBytes: 10_000, maxBytes: 10_000 }, 'ok', 'ok'],
    ['a page that is too large', '/ten-kilobytes', { maxBytes: 9_999 }, 'degraded', 'too-large'],
    ['a redirect', '/once', { contains: ['Willkommen'] }, 'ok', 'ok'],
    ['a redirect that is wanted', '/once', { followRedirects: 0, status: [301] }, 'ok', 'ok'],
    ['a redirect that is not followed', '/once', { followRedirects: 0 }, 'down', 'wrong-status'],
    ['redirects in a circle', '/round', {}, 'down', 'too-many-redirects'],
    ['a redirect to a script', '/nowhere', {}, 'down', 'wrong-status'],
    ['gzip that was not asked for', '/packed', { contains: ['packed text'] }, 'ok', 'ok'],
    ['brotli that was not asked for', '/brotli', { contains: ['brotli text'] }, 'ok', 'ok'],
    ['HEAD', '/index.html', { method: 'HEAD' }, 'ok', 'ok'],
    ['POST', '/upload', { method: 'POST', body: 'a=1', contains: ['method=[POST]'] }, 'ok', 'ok'],
  ] as const)('%s', async (_, path, settings, state, reason) => {
    const { verdict } = await check({ url: at(path), ...settings });
    expect([verdict.state, verdict.reason, verdict.text]).toEqual([state, reason, expect.any(String)]);
  });

  test('every phase of an https request is told', async () => {
    const { facts, verdict, lines } = await check({ url: `https://localhost:${secure}/headers`, caFile: authority.caFile });
    expect(verdict.state).toBe('ok');
    expect(facts).toMatchObject({ status: 200, httpVersion: '1.1', address: expect.stringMatching(/^(127\.0\.0\.1|::1)$/) });
    for (const phase of ['dnsMs', 'connectMs', 'tlsMs', 'firstByteMs', 'totalMs'] as const)
      expect(facts[phase], phase).toBeGreaterThanOrEqual(0);
    expect(facts.totalMs).toBeGreaterThanOrEqual((facts.connectMs ?? 0) + (facts.tlsMs ?? 0) + (facts.firstByteMs ?? 0) - 1);
    expect([58, 59, 60]).toContain(facts.certificateDaysLeft);
    expect(lines.length).toBeGreaterThan(1);
  });

  test('an address takes the place of the name; Host header and SNI stay the URL’s', async () => {
    const { facts, verdict } = await check({
      url: `https://www.nightdesk.test:${secure}/headers`,
      address: '127.0.0.1',
      caFile: authority.caFile,
    });
    expect(verdict.state).toBe('ok');
    expect(facts.bodyStart).toContain('sni=[www.nightdesk.test]');
    expect(facts.bodyStart).toContain(`host=[www.nightdesk.test:${secure}]`);
  });

  test('a URL is made of address, scheme, port and path', async () => {
    const { facts, config } = await check({ address: '::1', scheme: 'http', port: plain, path: '/index.html' });
    expect(http.target(config)).toBe(`http://[::1]:${plain}/index.html`);
    expect(facts).toMatchObject({ status: 200, address: '::1' });
  });

  test('IPv4 and IPv6 can be forced', async () => {
    const url = `http://localhost:${plain}/index.html`;
    const [four, six] = [await check({ url, family: 4 }), await check({ url, family: 6, address: '::1' })];
    expect(four.facts.address).toBe('127.0.0.1');
    expect(six.facts.address).toBe('::1');
    const none = await check({ url, family: 6, address: '127.0.0.1' });
    expect(none.facts.failure?.code).toBe('name-not-found');
  });

  test('the chain of redirects is kept, and a fall from https to http is noted', async () => {
    const { facts, verdict } = await check({ url: `https://localhost:${secure}/down`, caFile: authority.caFile });
    expect(facts.redirects).toEqual([{ status: 302, to: `http://localhost:${plain}/index.html` }]);
    expect(verdict).toMatchObject({ state: 'degraded', reason: 'redirect-to-plain-http' });
  });
});

describe('passwords', () => {
  const basic = { basic: { user: 'noc', passwordSecret: 'web-noc' } };

  test('basic login works, and fails with the wrong one', async () => {
    const good = await check({ url: at('/private'), auth: basic }, 5_000, { 'web-noc': password });
    expect(good.verdict.state).toBe('ok');
    const bad = await check({ url: at('/private'), auth: basic }, 5_000, { 'web-noc': 'wrong' });
    expect(bad.facts.status).toBe(401);
    expect(bad.verdict.reason).toBe('wrong-status');
  });

  test('a secret that is not set leaves the page unknown', async () => {
    const { verdict, facts } = await check({ url: at('/private'), auth: basic });
    expect(facts.failure?.code).toBe('no-secret');
    expect(verdict.state).toBe('unknown');
  });

  test('a page that shows the secret does not get it into facts or transcript', async () => {
    for (const auth of [basic, { bearerSecret: 'web-noc' }]) {
      const { facts, lines, verdict } = await check(
        { url: at('/headers'), auth, json: { path: 'a', equals: 1 }, header: { name: 'x', contains: 'y' } },
        5_000,
        { 'web-noc': password },
      );
      expect(facts.bodyStart).toContain('auth=[B');
      expect(facts.bodyStart).toContain('•••');
      const all = JSON.stringify([facts, lines, verdict]);
      expect(all).not.toContain(password);
      expect(all).not.toContain(Buffer.from(`noc:${password}`).toString('base64'));
    }
  });

  test('neither login nor own headers follow a redirect to another origin', async () => {
    const settings = { headers: { 'X-Key': 'k-123' }, auth: { bearerSecret: 'token' } };
    const here = await check({ url: at('/headers'), ...settings, contains: ['auth=[Bearer t0p-secret]', 'key=[k-123]'] }, 5_000, {
      token: 't0p-secret',
    });
    expect(here.verdict.state).toBe('ok');
    const away = await check({ url: at('/elsewhere'), ...settings, contains: ['auth=[]', 'key=[]'] }, 5_000, { token: 't0p-secret' });
    expect(away.verdict).toMatchObject({ state: 'ok' });
  });

  test('what is posted is not sent on to another origin', async () => {
    const { verdict } = await check({ url: at('/elsewhere-post'), method: 'POST', body: 'pin=1234' });
    expect(verdict).toMatchObject({ reason: 'wrong-status', state: 'down' });
    expect(verdict.text).toContain('307');
  });

  test('nothing is asked of a server with a bad certificate', async () => {
    let heard = '';
    const eavesdropper = await scripted((socket) => socket.on('data', (data) => (heard += data.toString('latin1'))));
    const { facts, verdict } = await check(
      { url: `https://localhost:${expired}/`, caFile: authority.caFile, auth: { bearerSecret: 'token' } },
      5_000,
      { token: 't0p-secret' },
    );
    expect(facts.status).toBeUndefined();
    expect(verdict).toMatchObject({ state: 'down', reason: 'certificate' });
    expect(verdict.text).toContain('expired 35 d');
    expect(verdict.text).toContain('is for other.nightdesk.test, not for localhost');
    await eavesdropper.stop();
    expect(heard).toBe('');
  });

  test('insecure looks away from the certificate', async () => {
    const { verdict } = await check({ url: `https://localhost:${expired}/`, insecure: true });
    expect(verdict.state).toBe('ok');
  });

  test('a public check does not trust a private authority', async () => {
    const { verdict } = await check({ url: `https://localhost:${secure}/index.html` });
    expect(verdict).toMatchObject({ state: 'down', reason: 'certificate' });
    expect(verdict.text).toContain('no trusted issuer');
  });
});

describe('servers that misbehave', () => {
  const servers: Scripted[] = [];
  const serve = async (script: Parameters<typeof scripted>[0]) => {
    const server = await scripted(script);
    servers.push(server);
    return server;
  };
  afterAll(() => Promise.all(servers.map((server) => server.stop())));
  const url = (server: Scripted, scheme = 'http') => `${scheme}://127.0.0.1:${server.port}/`;
  const settle = () => new Promise((resolve) => setTimeout(resolve, 60));

  test('nothing listens', async () => {
    const { verdict } = await check({ url: `http://127.0.0.1:${await freePort()}/` });
    expect(verdict).toMatchObject({ state: 'down', reason: 'refused' });
  });

  test.each([
    ['says nothing', () => {}, 'http', 'no first byte after 300 ms', { connectMs: expect.any(Number) }],
    ['never shakes hands', () => {}, 'https', 'no TLS handshake after 300 ms', { connectMs: expect.any(Number) }],
    ['sends its head a byte at a time for ever', trickle('HTTP/1.1 200 OK\r\nX: y', 20), 'http', 'no complete answer after 300 ms', {}],
    [
      'sends its body a byte at a time for ever',
      (socket: Parameters<Parameters<typeof scripted>[0]>[0]) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nhello');
        trickle('z', 20)(socket);
      },
      'http',
      'did not end within 300 ms',
      { status: 200, firstByteMs: expect.any(Number), bodyStart: expect.stringContaining('hello') },
    ],
  ] as const)('%s: ends at the timeout with its phase, and hangs up', async (_, script, scheme, words, facts) => {
    const server = await serve(script as never);
    const ran = await check({ url: url(server, scheme) }, 300);
    expect(ran.tookMs).toBeLessThan(900);
    expect(ran.verdict).toMatchObject({ state: 'down', reason: 'timeout' });
    expect(ran.verdict.text).toContain(words);
    expect(ran.facts).toMatchObject(facts);
    await settle();
    expect(server.open()).toBe(0);
  });

  test.each([
    ['garbage', '\x00\x01\x02 SSH-2.0-OpenSSH\r\n', 'protocol'],
    ['a mail server’s greeting', '220 mail.example ESMTP\r\n', 'protocol'],
    ['headers without end', `HTTP/1.1 200 OK\r\n${'X-Bomb: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n'.repeat(2_000)}`, 'too-large'],
    ['one endless header', `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(1_000_000)}`, 'too-large'],
    ['half an answer', 'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf', 'closed'],
    ['broken chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nno\r\n', 'protocol'],
    ['gzip that is none', 'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nplain', 'protocol'],
    ['a switch of protocols', 'HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n', 'closed'],
    ['nothing before it hangs up', '', 'closed'],
  ] as const)('%s', async (_, bytes, code) => {
    const server = await serve((socket) => socket.once('data', () => socket.end(Buffer.from(bytes, 'latin1'))));
    const { facts, verdict } = await check({ url: url(server) }, 2_000);
    expect(facts.failure?.code).toBe(code);
    expect(verdict.state).toBe('down');
  });

  test('a slow answer is degraded, and the phase that took the time is told', async () => {
    const server = await serve((socket) => socket.once('data', () => setTimeout(() => socket.end('HTTP/1.1 204 No Content\r\n\r\n'), 120)));
    const { facts, verdict } = await check({ url: url(server), slowDegraded: '100ms' });
    expect(verdict).toMatchObject({ state: 'degraded', reason: 'slow' });
    expect(facts.firstByteMs).toBeGreaterThan(100);
    expect(facts.connectMs).toBeLessThan(100);
  });

  test('a connection that is reset', async () => {
    const server = await serve((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const { facts } = await check({ url: url(server) });
    expect(facts.failure?.code).toBe('reset');
  });

  test('plain text where https is expected', async () => {
    const server = await serve((socket) => socket.end('220 hello\r\n'));
    const { verdict } = await check({ url: url(server, 'https') });
    expect(verdict).toMatchObject({ state: 'down', reason: 'tls' });
    expect(verdict.text).toContain('answers, but not with TLS');
  });

  test('hostile text is cleaned before it becomes a fact', async () => {
    const server = await serve((socket) =>
      socket.once('data', () =>
        socket.end('HTTP/1.1 200 \x1b[31mred\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n\x1b]0;title\x07\u202Eabc\nline'),
      ),
    );
    const { facts } = await check({ url: url(server) });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is the point
    expect(JSON.stringify(facts)).not.toMatch(/\\u001b|\\u0007|\u202e|[\x00-\x1f]/);
  });

  test('one gigabyte costs neither time nor memory', async () => {
    const before = process.memoryUsage.rss();
    const { facts, verdict, tookMs } = await check({ url: at('/big') });
    expect(facts).toMatchObject({ bytes: 1_048_576, cut: true });
    expect(verdict.state).toBe('ok');
    expect(tookMs).toBeLessThan(2_000);
    const searched = await check({ url: at('/big'), contains: ['needle'], json: { path: 'a', equals: 1 } });
    expect(searched.verdict.text).toContain('within the first 1 MiB');
    const json = await check({ url: at('/big'), json: { path: 'a', equals: 1 } });
    expect(json.verdict).toMatchObject({ state: 'unknown', reason: 'too-large' });
    const counted = await check({ url: at('/big'), maxBytes: 50_000_000 });
    expect(counted.verdict).toMatchObject({ state: 'degraded', reason: 'too-large' });
    expect(process.memoryUsage.rss() - before).toBeLessThan(150_000_000);
  });

  test('a packed bomb is unpacked up to the limit only', async () => {
    const { facts, tookMs } = await check({ url: at('/bomb') });
    expect(facts).toMatchObject({ bytes: 1_048_576, cut: true });
    expect(tookMs).toBeLessThan(2_000);
  });
});

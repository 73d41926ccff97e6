import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { probeTls } from '../../electron/probes/tls.ts';
import { tls } from '../../shared/checks/tls.ts';
import { freePort } from '../support/servers.ts';
import {
  type Authority,
  type CertificateFiles,
  makeAuthority,
  type Nginx,
  probing,
  removeFolder,
  scripted,
  startNginx,
  trickle,
  webFolder,
} from '../support/web-servers.ts';

let folder: string;
let authority: Authority;
let nginx: Nginx;
const ports: Record<string, number> = {};

beforeAll(async () => {
  folder = webFolder();
  authority = makeAuthority(folder);
  const local = 'DNS:localhost,IP:127.0.0.1';
  const files: Record<string, CertificateFiles> = {
    good: authority.issue('good', { altNames: local, fromDays: -1, toDays: 90 }),
    in25: authority.issue('in25', { altNames: local, fromDays: -1, toDays: 25.5 }),
    in10: authority.issue('in10', { altNames: local, fromDays: -1, toDays: 10.5 }),
    in3: authority.issue('in3', { altNames: local, fromDays: -1, toDays: 3.5 }),
    expired: authority.issue('expired', { altNames: local, fromDays: -100, toDays: -10 }),
    early: authority.issue('early', { altNames: local, fromDays: 10, toDays: 90 }),
    other: authority.issue('other', { altNames: 'DNS:other.nightdesk.test,DNS:*.nightdesk.test', fromDays: -1, toDays: 90 }),
    worst: authority.issue('worst', { altNames: 'DNS:other.nightdesk.test', fromDays: -100, toDays: -10, stranger: true }),
    stranger: authority.issue('stranger-made', { altNames: local, fromDays: -1, toDays: 90, stranger: true }),
    own: authority.selfSigned('own', local),
    many: authority.issue('many', {
      altNames: Array.from({ length: 200 }, (_, index) => `DNS:n${index}.nightdesk.test`).join(','),
      fromDays: -1,
      toDays: 90,
    }),
  };
  const block = async (name: string, certificate: CertificateFiles, more = '') => {
    const port = await freePort();
    ports[name] = port;
    return `server { listen 127.0.0.1:${port} ssl; ssl_certificate ${certificate.certificate}; ssl_certificate_key ${certificate.key}; ${more} }`;
  };
  const blocks: string[] = [];
  for (const [name, certificate] of Object.entries(files)) blocks.push(await block(name, certificate));
  const good = files.good as CertificateFiles;
  blocks.push(await block('tls12', good, 'ssl_protocols TLSv1.2;'), await block('tls13', good, 'ssl_protocols TLSv1.3;'));
  blocks.push(await block('tls11', good, 'ssl_protocols TLSv1.1; ssl_ciphers "ALL:@SECLEVEL=0";'));
  nginx = await startNginx(folder, blocks.join('\n'), ports.good as number);
});
afterAll(async () => {
  await nginx.stop();
  removeFolder(folder);
});

async function check(settings: Record<string, unknown>, timeoutMs = 5_000) {
  const config = tls.config.parse({ address: '127.0.0.1', ...settings });
  const ran = await probing((context) => probeTls(config, context), timeoutMs);
  expect(tls.observation.safeParse(ran.facts).error).toBeUndefined();
  return { ...ran, config, verdict: tls.judge(ran.facts, config, Date.now()) };
}
const trusting = (name: string, more: Record<string, unknown> = {}) => check({ port: ports[name], caFile: authority.caFile, ...more });

describe('certificates of a real server', () => {
  test.each([
    ['good', 'ok', 'ok', 'certificate good for'],
    ['in25', 'degraded', 'certificate-expires-30', 'expires in 25 days'],
    ['in10', 'degraded', 'certificate-expires-14', 'expires in 10 days: renew it this week'],
    ['in3', 'degraded', 'certificate-expires-7', 'expires in 3 days: renew it today'],
    ['expired', 'down', 'certificate-expired', 'expired 10 d'],
    ['early', 'down', 'certificate-not-yet-valid', 'is not valid before 9 d'],
    ['other', 'down', 'certificate-wrong-name', 'is for other.nightdesk.test, *.nightdesk.test, not for 127.0.0.1'],
    ['stranger', 'down', 'certificate-untrusted', 'has no trusted issuer (UNABLE_TO_VERIFY_LEAF_SIGNATURE)'],
    ['own', 'down', 'certificate-self-signed', 'is self-signed'],
    ['tls12', 'ok', 'ok', 'TLSv1.2'],
    ['tls13', 'ok', 'ok', 'TLSv1.3'],
    ['tls11', 'degraded', 'old-protocol', 'speaks only TLSv1.1'],
  ])('%s', async (name, state, reason, words) => {
    const { verdict, facts } = await trusting(name);
    expect(verdict).toMatchObject({ state, reason });
    expect(verdict.text).toContain(words);
    expect(facts.connectMs).toBeGreaterThanOrEqual(0);
    expect(facts.handshakeMs).toBeGreaterThan(0);
    expect(facts.authorized).toBe(state !== 'down');
  });

  test('every problem is named, not only the first', async () => {
    const { verdict, facts } = await trusting('worst');
    expect(verdict.text).toContain('expired 10 d');
    expect(verdict.text).toContain('is for other.nightdesk.test, not for 127.0.0.1');
    expect(verdict.text).toContain('has no trusted issuer');
    expect(facts.certificate).toMatchObject({ nameFits: false, trusted: false });
  });

  test('an expired certificate of a trusted issuer is not called untrusted', async () => {
    const { facts, verdict } = await trusting('expired');
    expect(facts.certificate).toMatchObject({ trusted: true, authorizationCode: 'CERT_HAS_EXPIRED' });
    expect(verdict.text).not.toContain('issuer');
  });

  test('facts of the certificate', async () => {
    const { facts, lines } = await trusting('good', { serverName: 'localhost' });
    expect(facts).toMatchObject({
      protocol: expect.stringMatching(/^TLSv1\.[23]$/),
      cipher: expect.stringMatching(/\w/),
      daysLeft: 89,
      authorized: true,
      serverName: 'localhost',
    });
    expect(facts.certificate).toMatchObject({
      subject: 'good',
      issuer: 'trusted CA, Nightdesk tests',
      altNames: ['localhost', '127.0.0.1'],
      selfSigned: false,
      authorizationCode: null,
    });
    expect(facts.certificate?.chain.map((link) => link.subject)).toEqual(['good', 'trusted CA, Nightdesk tests']);
    expect(facts.certificate?.fingerprint256).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    expect(lines.length).toBeGreaterThan(0);
  });

  test('a server name is what the certificate must be good for', async () => {
    expect((await trusting('other', { serverName: 'mail.nightdesk.test' })).verdict.state).toBe('ok');
    expect((await trusting('other', { serverName: 'a.b.nightdesk.test' })).verdict.reason).toBe('certificate-wrong-name');
    const wrong = await trusting('other', { serverName: 'localhost' });
    expect(wrong.facts.certificate?.authorizationCode).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  });

  test('a pinned certificate needs no issuer, and no other will do', async () => {
    const fingerprint256 = (await check({ port: ports.own })).facts.certificate?.fingerprint256 ?? '';
    expect((await check({ port: ports.own, fingerprint256 })).verdict.state).toBe('ok');
    expect((await check({ port: ports.own, fingerprint256: fingerprint256.replaceAll(':', '').toLowerCase() })).verdict.state).toBe('ok');
    expect((await trusting('good', { fingerprint256 })).verdict).toMatchObject({ state: 'down', reason: 'certificate-not-the-pinned-one' });
  });

  test('without the file of its authority a private certificate is untrusted', async () => {
    expect((await check({ port: ports.good })).verdict).toMatchObject({ state: 'down', reason: 'certificate-untrusted' });
  });

  test('limits of days are settings', async () => {
    expect((await trusting('in25', { warnDays: [20, 5] })).verdict.state).toBe('ok');
    expect((await trusting('in3', { downDays: 7 })).verdict).toMatchObject({ state: 'down', reason: 'certificate-expires-7' });
  });

  test('an older version than wanted is degraded', async () => {
    expect((await trusting('tls12', { minProtocol: 'TLSv1.3' })).verdict).toMatchObject({ state: 'degraded', reason: 'old-protocol' });
    expect((await trusting('tls11', { minProtocol: 'TLSv1' })).verdict.state).toBe('ok');
  });

  test('two hundred names are bounded', async () => {
    const { facts } = await trusting('many', { serverName: 'n7.nightdesk.test' });
    expect(facts.certificate?.altNames).toHaveLength(50);
    expect(facts.certificate?.nameFits).toBe(true);
  });

  test('a replaced certificate is a change', async () => {
    const [before, after] = [await trusting('good'), await trusting('in25')];
    expect(tls.changes(before.facts, after.facts)).toMatchObject([{ code: 'certificate-changed' }]);
    expect(tls.changes(before.facts, before.facts)).toEqual([]);
  });
});

describe('files of authorities', () => {
  test('one that is not there, or holds none, leaves the answer unknown', async () => {
    const missing = await check({ port: ports.good, caFile: join(folder, 'nowhere.pem') });
    expect(missing.verdict.state).toBe('unknown');
    expect(missing.verdict.text).toContain('ENOENT');
    const empty = join(folder, 'empty.pem');
    writeFileSync(empty, 'hello');
    expect((await check({ port: ports.good, caFile: empty })).verdict.text).toContain('holds no certificate');
    writeFileSync(empty, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
    expect((await check({ port: ports.good, caFile: empty })).verdict.state).toBe('unknown');
  });
});

describe('ports that do not speak TLS', () => {
  test.each([
    ['accepts and says nothing', () => {}, 'timeout', 'no TLS handshake after 300 ms'],
    ['trickles a record for ever', trickle('\x16\x03\x03\x40\x00', 20), 'timeout', 'no TLS handshake after 300 ms'],
    [
      'greets like a mail server',
      (socket: { end(text: string): void }) => socket.end('220 mail.example ESMTP\r\n'),
      'tls',
      'answers, but not with TLS',
    ],
    [
      'answers with HTTP',
      (socket: { end(text: string): void }) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
      'tls',
      'answers, but not with TLS',
    ],
    ['hangs up', (socket: { end(): void }) => socket.end(), 'closed', 'closed the connection during the TLS handshake'],
    [
      'resets',
      (socket: { once(event: string, what: () => void): void; resetAndDestroy(): void }) =>
        socket.once('data', () => socket.resetAndDestroy()),
      'reset',
      'broke the connection off during the TLS handshake',
    ],
  ])('%s', async (_, script, code, words) => {
    const server = await scripted(script as never);
    const { facts, verdict, tookMs } = await check({ port: server.port }, 300);
    expect(facts.failure?.code).toBe(code);
    expect(verdict.state).toBe('down');
    expect(verdict.text).toContain(words);
    expect(facts.connectMs).toBeGreaterThanOrEqual(0);
    expect(tookMs).toBeLessThan(900);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(server.open()).toBe(0);
    await server.stop();
  });

  test('nothing listens', async () => {
    const { verdict, facts } = await check({ port: await freePort() });
    expect(verdict).toMatchObject({ state: 'down', reason: 'refused' });
    expect(facts.handshakeMs).toBeUndefined();
  });

  test('a server that has no certificate to show refuses', async () => {
    // The alert "handshake failure", as a server without any certificate sends it.
    const server = await scripted((socket) => socket.once('data', () => socket.end(Buffer.from([0x15, 3, 3, 0, 2, 2, 40]))));
    const { facts } = await check({ port: server.port });
    expect(facts.failure).toMatchObject({ code: 'tls', detail: expect.stringContaining('refused the TLS handshake') });
    await server.stop();
  });
});

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import packet from 'dns-packet';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { lookUp, probeDns } from '../../electron/probes/dns.ts';
import { type DnsConfig, dns } from '../../shared/checks/dns.ts';
import { DAY } from '../../shared/time.ts';
import { probeContext } from '../support/probe-context.ts';
import { freePort, type Started, startNsd, startUdp } from '../support/servers.ts';
import { signZone, startUnbound } from '../support/signed-zone.ts';

const zone = `$ORIGIN example.test.
$TTL 300
@ IN SOA ns1 hostmaster 2026112001 3600 900 604800 300
@ IN NS ns1
@ IN NS ns2
ns1 IN A 192.0.2.53
ns2 IN A 192.0.2.54
@ IN MX 10 mail
@ IN MX 20 backup.example.org.
@ IN TXT "v=spf1 mx -all"
@ IN CAA 0 issue "letsencrypt.org"
www IN A 192.0.2.10
www IN A 192.0.2.11
www IN AAAA 2001:db8::10
shop IN CNAME www
_imaps._tcp IN SRV 0 1 993 mail
_dmarc IN TXT "v=DMARC1; p=reject"
rude IN TXT "\\027[31mred \\226\\128\\174 <b>"
${Array.from({ length: 60 }, (_, i) => `big IN TXT "${String(i).padStart(2, '0')} ${'x'.repeat(120)}"`).join('\n')}
`;
const reverse = `$ORIGIN 2.0.192.in-addr.arpa.
$TTL 300
@ IN SOA ns1.example.test. hostmaster.example.test. 1 3600 900 604800 300
@ IN NS ns1.example.test.
10 IN PTR www.example.test.
`;

let nsd: Started;
beforeAll(async () => {
  nsd = await startNsd({ 'example.test': zone, '2.0.192.in-addr.arpa': reverse });
});
afterAll(() => nsd.stop());

const started: { stop(): Promise<void> }[] = [];
const keep = <T extends { stop(): Promise<void> }>(server: T): T => {
  started.push(server);
  return server;
};
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

async function ask(settings: Record<string, unknown>, timeoutMs = 2_000) {
  const config = dns.config.parse({ query: 'www.example.test', server: '127.0.0.1', port: nsd.port, ...settings }) as DnsConfig;
  const context = probeContext({ timeoutMs });
  const begin = performance.now();
  const facts = await probeDns(config, context);
  expect(() => dns.observation.parse(facts)).not.toThrow();
  const verdict = dns.judge(facts, config);
  return { facts, verdict, explanation: dns.explain(facts, verdict, config), lines: dns.facts(facts), tookMs: performance.now() - begin };
}

describe('a real name server', () => {
  it.each([
    ['A', 'www.example.test', ['192.0.2.10', '192.0.2.11']],
    ['A', 'WWW.Example.TEST.', ['192.0.2.10', '192.0.2.11']],
    ['AAAA', 'www.example.test', ['2001:db8::10']],
    ['MX', 'example.test', ['10 mail.example.test', '20 backup.example.org']],
    ['TXT', '_dmarc.example.test', ['v=DMARC1; p=reject']],
    ['NS', 'example.test', ['ns1.example.test', 'ns2.example.test']],
    ['SOA', 'example.test', ['ns1.example.test hostmaster.example.test 2026112001 3600 900 604800 300']],
    ['CAA', 'example.test', ['0 issue "letsencrypt.org"']],
    ['SRV', '_imaps._tcp.example.test', ['0 1 993 mail.example.test']],
    ['PTR', '192.0.2.10', ['www.example.test']],
    ['PTR', '10.2.0.192.in-addr.arpa', ['www.example.test']],
  ])('answers %s of %s', async (record, query, data) => {
    const { facts, verdict } = await ask({ record, query });
    expect(verdict.state).toBe('ok');
    expect(facts).toMatchObject({
      server: '127.0.0.1',
      rcode: 'NOERROR',
      transport: 'udp',
      tries: 1,
      flags: { aa: true, tc: false, ad: false, ra: false },
    });
    expect(facts.answers?.map((it) => it.data).sort()).toEqual([...data].sort());
    expect(facts.answers?.every((it) => it.ttl === 300)).toBe(true);
  });

  it('follows an alias', async () => {
    const { facts } = await ask({ query: 'shop.example.test' });
    expect(facts.answers?.map((it) => it.type)).toEqual(['CNAME', 'A', 'A']);
    expect(facts.found).toBe(2);
  });

  it.each([
    [{ query: 'nothing.example.test' }, 'nxdomain', 'the name nothing.example.test does not exist'],
    [{ query: 'www.example.test', record: 'MX' }, 'no-records', 'there is no MX record for www.example.test'],
    [{ query: 'www.example.com' }, 'query-refused', 'the server refuses to answer (REFUSED)'],
  ])('names what is wrong: %o', async (settings, reason, text) => {
    expect((await ask(settings)).verdict).toEqual({ state: 'down', reason, text });
  });

  it('takes the long way for an answer that is too long for UDP', async () => {
    const { facts, verdict } = await ask({ query: 'big.example.test', record: 'TXT', expect: [`59 ${'x'.repeat(120)}`] });
    expect(verdict.state).toBe('ok');
    expect(facts).toMatchObject({ transport: 'tcp', found: 60, flags: { tc: true } });
    // Judged on all, shown the first 50.
    expect(facts.answers).toHaveLength(50);
    expect(facts.missing).toEqual([]);
  });

  it('compares with what is expected', async () => {
    expect((await ask({ expect: ['192.0.2.11'] })).verdict.state).toBe('ok');
    expect((await ask({ record: 'AAAA', expect: ['2001:DB8:0::0010'] })).verdict.state).toBe('ok');
    expect((await ask({ query: 'example.test', record: 'MX', expect: ['MAIL.example.test.'] })).verdict.state).toBe('ok');
    const wrong = await ask({ expect: ['192.0.2.11', '192.0.2.99'] });
    expect(wrong.verdict).toEqual({ state: 'degraded', reason: 'unexpected-answer', text: '192.0.2.99 is not among the answers' });
  });

  it.each([
    [{ equals: ['192.0.2.11', '192.0.2.10'] }, null],
    [{ equals: ['192.0.2.11'] }, '192.0.2.10 is not expected'],
    [{ equals: ['192.0.2.11', '192.0.2.99'] }, '192.0.2.99 is not among the answers; 192.0.2.10 is not expected'],
    [{ oneOf: ['192.0.2.10', '192.0.2.11', '192.0.2.12'] }, null],
    [{ oneOf: ['192.0.2.12'] }, '192.0.2.10 and 192.0.2.11 are not expected'],
    [{ expect: ['192.0.2.10'], oneOf: ['192.0.2.10', '192.0.2.11'] }, null],
    [{ query: 'example.test', record: 'MX', equals: ['mail.example.test', '20 backup.example.org.'] }, null],
    [{ query: 'example.test', record: 'CAA', equals: ['0 issue "letsencrypt.org"'] }, null],
    [{ query: 'example.test', record: 'TXT', oneOf: ['v=spf1 -all'] }, 'v=spf1 mx -all is not expected'],
  ])('holds the answers against %o', async (settings, wrong) => {
    const { verdict, facts } = await ask(settings);
    if (wrong === null) expect(verdict.state).toBe('ok');
    else expect(verdict).toEqual({ state: 'degraded', reason: 'unexpected-answer', text: wrong });
    expect(facts.unwanted?.length ?? 0).toBe(wrong?.includes('not expected') ? wrong.split(' and ').length : 0);
  });

  it('wants an authenticated answer only from who gives one', async () => {
    const signed = signZone('example.test', zone, Date.now() - DAY, Date.now() + DAY);
    const server = keep(await startNsd({ 'example.test': signed.text }));
    const [validating, unaware] = await Promise.all([startUnbound(server.port, [signed.anchor]), startUnbound(server.port, [])]);
    keep(validating);
    keep(unaware);
    expect((await ask({ port: validating.port, ad: true })).verdict.state).toBe('ok');
    expect((await ask({ port: unaware.port })).verdict.state).toBe('ok');
    expect((await ask({ port: unaware.port, ad: true })).verdict).toEqual({
      state: 'degraded',
      reason: 'not-authenticated',
      text: 'the answer of 127.0.0.1 is not authenticated (no AD bit)',
    });
  });

  it('makes hostile records harmless', async () => {
    const { facts } = await ask({ query: 'rude.example.test', record: 'TXT' });
    expect(facts.answers?.[0]?.data).toBe('red <b>');
  });

  it('is named when it is slow, and when nothing listens', async () => {
    const slow = keep(await startUdp((message, reply) => setTimeout(() => reply(answerTo(message)), 80)));
    expect((await ask({ port: slow.port, slowDegraded: '50ms' })).verdict).toMatchObject({ state: 'degraded', reason: 'slow' });
    const port = await freePort();
    const gone = await ask({ port });
    expect(gone.verdict).toEqual({ state: 'down', reason: 'refused', text: `nothing answers on port ${port} of 127.0.0.1` });
    expect(gone.tookMs).toBeLessThan(1_000);
  });
});

/** A right answer to a question, changed as the test wants it. */
function answerTo(query: Buffer, change: Partial<packet.Packet> = {}): Buffer {
  const { id, questions } = packet.decode(query);
  return packet.encode({
    type: 'response',
    id,
    flags: packet.RECURSION_DESIRED,
    questions,
    answers: [{ name: questions?.[0]?.name ?? '', type: 'A', ttl: 60, data: '192.0.2.66' }],
    ...change,
  });
}

/** Changes one byte; a negative place counts from the end. */
function withByte(message: Buffer, at: number, value: number): Buffer {
  message.writeUInt8(value, at < 0 ? message.length + at : at);
  return message;
}

describe('liars', () => {
  const lies: [string, (query: Buffer) => Buffer][] = [
    ['another id', (query) => answerTo(query, { id: (query.readUInt16BE(0) + 1) & 0xffff })],
    ['another name', (query) => answerTo(query, { questions: [{ name: 'evil.example', type: 'A' }] })],
    ['another type', (query) => answerTo(query, { questions: [{ name: 'www.example.test', type: 'AAAA' }] })],
    ['no question', (query) => answerTo(query, { questions: [] })],
    ['the question thrown back', (query) => query],
    ['text', () => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['nothing', () => Buffer.alloc(0)],
    [
      'a name that points at itself',
      (query) => Buffer.concat([withByte(answerTo(query, { answers: [] }), 7, 1), Buffer.from([0xc0, query.length + 40, 0, 1, 0, 1])]),
    ],
    ['an address of five bytes', (query) => Buffer.concat([withByte(answerTo(query), -5, 5), Buffer.from([1])])],
    ['more answers than there are', (query) => withByte(answerTo(query), 7, 9)],
    ['an answer cut off', (query) => answerTo(query).subarray(0, -3)],
  ];
  it.each(lies)('%s is not believed, and named when nothing else comes', async (_, lie) => {
    const { port } = keep(await startUdp((message, reply) => reply(lie(message))));
    expect((await ask({ port }, 300)).verdict).toEqual({
      state: 'down',
      reason: 'not-dns',
      text: '127.0.0.1 answered with something that is not DNS',
    });
  });

  it.each(lies)('%s does not keep the right answer out', async (_, lie) => {
    const { port } = keep(
      await startUdp((message, reply) => {
        reply(lie(message));
        setTimeout(() => reply(answerTo(message)), 30);
      }),
    );
    const { facts, verdict } = await ask({ port });
    expect(verdict.state).toBe('ok');
    expect(facts.answers?.[0]?.data).toBe('192.0.2.66');
  });

  it('an answer from another address or port is not taken in', async () => {
    const strangers = ['127.0.0.1', '127.0.0.2'].map((host) => createSocket('udp4').bind(0, host));
    for (const stranger of strangers) keep({ stop: async () => void stranger.close() });
    let sent = 0;
    const { port } = keep(
      await startUdp((message, _, from) => {
        for (const stranger of strangers)
          stranger.send(answerTo(message), from.port, from.address, () => {
            sent += 1;
          });
      }),
    );
    expect((await ask({ port }, 300)).verdict).toMatchObject({ state: 'down', reason: 'no-answer' });
    expect(sent).toBe(4);
  });

  it('uses another id and another port for every question', async () => {
    const seen = new Set<string>();
    const { port } = keep(
      await startUdp((message, reply, from) => {
        seen.add(`${message.readUInt16BE(0)}`).add(`port ${from.port}`);
        reply(answerTo(message));
      }),
    );
    for (let i = 0; i < 20; i += 1) await ask({ port });
    // 20 ids and 20 ports; by chance one may come twice.
    expect(seen.size).toBeGreaterThan(36);
  });
});

describe('silence and loss', () => {
  it('asks again when a question is lost', async () => {
    let questions = 0;
    const { port } = keep(await startUdp((message, reply) => ++questions === 2 && reply(answerTo(message))));
    const { facts, verdict } = await ask({ port }, 600);
    expect(verdict.state).toBe('ok');
    expect(facts).toMatchObject({ tries: 2, silent: [] });
    expect(facts.ms).toBeLessThan(250);
  });

  it('still takes a slow answer to the first question', async () => {
    const { port } = keep(await startUdp((message, reply) => setTimeout(() => reply(answerTo(message)), 400)));
    const { facts, verdict } = await ask({ port }, 600);
    expect(verdict.state).toBe('ok');
    expect(facts.ms).toBeGreaterThan(390);
  });

  it('says how often it asked in vain', async () => {
    const { port } = keep(await startUdp(() => {}));
    const { verdict, tookMs } = await ask({ port }, 300);
    expect(verdict).toEqual({ state: 'down', reason: 'no-answer', text: 'no answer from 127.0.0.1 to 2 questions' });
    expect(tookMs).toBeLessThan(500);
  });

  it('goes on to the next resolver of the system and says which one is silent', async () => {
    const mute = keep(await startUdp(() => {}));
    const config = dns.config.parse({ query: 'www.example.test' }) as DnsConfig;
    const servers = [
      { address: '127.0.0.1', port: mute.port },
      { address: '127.0.0.1', port: nsd.port },
    ];
    const facts = await lookUp(config, servers, probeContext({ timeoutMs: 600 }));
    expect(facts).toMatchObject({ rcode: 'NOERROR', tries: 2 });
    const others = [{ address: '127.0.0.3', port: await freePort() }, servers[1] as (typeof servers)[0]];
    const refused = await lookUp(config, others, probeContext({ timeoutMs: 600 }));
    expect(refused).toMatchObject({ server: '127.0.0.1', silent: ['127.0.0.3'], tries: 2 });
    expect(dns.judge(refused, config)).toEqual({
      state: 'degraded',
      reason: 'resolver-silent',
      text: '127.0.0.3 did not answer; 127.0.0.1 does',
    });
  });

  it.each([
    ['nothing listens on TCP', null, 'refused'],
    ['TCP says nothing', '', 'no-answer'],
    ['TCP talks nonsense', '\x00\x10HTTP/1.1 400 Bad', 'not-dns'],
    ['TCP closes', 'close', 'closed'],
  ])('is truncated and %s', async (_, words, reason) => {
    const tcp = createServer((socket) => {
      socket.on('error', () => {});
      if (words === 'close') socket.end();
      else if (words) socket.write(Buffer.from(words, 'latin1'));
    }).listen(0, '127.0.0.1');
    await once(tcp, 'listening');
    const { port } = tcp.address() as { port: number };
    if (words === null) tcp.close();
    else keep({ stop: async () => void tcp.close() });
    const udp = keep(await startUdp((message, reply) => reply(answerTo(message, { flags: packet.TRUNCATED_RESPONSE, answers: [] })), port));
    const { verdict } = await ask({ port: udp.port }, 500);
    expect(verdict).toMatchObject({ state: 'down', reason });
    expect(verdict.text).toContain('TCP');
  });
});

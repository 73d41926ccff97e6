import packet from 'dns-packet';
import { afterEach, describe, expect, it } from 'vitest';
import { probeZone } from '../../electron/probes/zone.ts';
import { type ZoneConfig, zone } from '../../shared/checks/zone.ts';
import { DAY, HOUR } from '../../shared/time.ts';
import { probeContext } from '../support/probe-context.ts';
import { freePort, type Started, startNsd, startTcp, startUdp } from '../support/servers.ts';
import { signZone, startUnbound } from '../support/signed-zone.ts';

const started: { stop(): Promise<void> }[] = [];
const keep = async <T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
  const server = await starting;
  started.push(server);
  return server;
};
const stop = async (server: Started): Promise<void> => {
  started.splice(started.indexOf(server), 1);
  await server.stop();
};
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

/** A zone that a secondary looks for every second, and gives up after `expire` seconds without its primary. */
const zoneText = (serial: number, expire = 600, more = ''): string => `$ORIGIN example.test.
$TTL 300
@ IN SOA ns1 hostmaster ${serial} 1 1 ${expire} 60
@ IN NS ns1
@ IN NS ns2
ns1 IN A 127.0.0.1
ns2 IN A 127.0.0.1
www IN A 192.0.2.10
${more}`;

const key = (secret: string): string[] => ['key:', '  name: "transfer"', '  algorithm: hmac-sha256', `  secret: "${secret}"`];
const [rightKey, wrongKey] = [key('cmlnaHQgcmlnaHQgcmlnaHQgcmlnaHQ='), key('d3Jvbmcgd3Jvbmcgd3Jvbmcgd3Jvbmc=')];

const startPrimary = (serial: number, port: number, keyLines = rightKey, expire = 600): Promise<Started> =>
  keep(startNsd({ 'example.test': zoneText(serial, expire) }, { port, lines: keyLines, zone: ['provide-xfr: 127.0.0.0/8 transfer'] }));
const startSecondary = (primaryPort: number): Promise<Started> =>
  keep(
    startNsd(
      { 'example.test': null },
      {
        lines: rightKey,
        zone: [
          `request-xfr: AXFR 127.0.0.1@${primaryPort} transfer`,
          'min-refresh-time: 1',
          'max-refresh-time: 1',
          'min-retry-time: 1',
          'max-retry-time: 1',
        ],
      },
    ),
  );

const at = ({ port }: { port: number }): string => `127.0.0.1:${port}`;

async function look(settings: Record<string, unknown>, memory: { value?: unknown } = {}, timeoutMs = 2_000) {
  const config = zone.config.parse({ zone: 'example.test', ...settings }) as ZoneConfig;
  const context = probeContext({ timeoutMs, memory });
  const begin = performance.now();
  const facts = await probeZone(config, context);
  expect(() => zone.observation.parse(facts)).not.toThrow();
  const verdict = zone.judge(facts, config, Date.now());
  const said = zone.explain(facts, verdict, config);
  for (const line of [said.means, said.todo]) expect(line).toMatch(/^[A-Z].*\.$/s);
  return { facts, verdict, lines: zone.facts(facts), notes: context.lines, tookMs: performance.now() - begin };
}

/** Looks again and again until it is so; fails with the last thing seen. */
async function until(settings: Record<string, unknown>, isSo: (seen: Awaited<ReturnType<typeof look>>) => boolean, memory = {}) {
  for (let tries = 0; ; tries += 1) {
    const seen = await look(settings, memory);
    if (isSo(seen)) return seen;
    if (tries > 100) throw new Error(`it never came to that; the last is ${JSON.stringify(seen.verdict)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe('a real primary and its secondary', () => {
  it('are in step, then the secondary is stuck on an old serial because the keys do not fit, then it catches up', async () => {
    const port = await freePort();
    const primary = await startPrimary(2026111901, port);
    const secondary = await startSecondary(port);
    const settings = { servers: [at({ port }), at(secondary)], primary: at({ port }), serialLagDegraded: '300ms' };
    const memory = {};
    const fine = await until(settings, ({ verdict }) => verdict.state === 'ok', memory);
    expect(fine.verdict.text).toBe('2 servers answer, all with serial 2026111901');
    expect(fine.facts).toMatchObject({
      serial: 2026111901,
      serialFrom: '127.0.0.1',
      servers: [
        { aa: true, rcode: 'NOERROR', behind: 0, transport: 'udp' },
        { aa: true, behind: 0 },
      ],
    });

    await stop(primary);
    const changed = await startPrimary(2026111903, port, wrongKey);
    const first = await look(settings, memory);
    expect(first.verdict).toMatchObject({ state: 'ok', text: '2 servers answer, serial 2026111903, 1 server not there yet' });
    await new Promise((resolve) => setTimeout(resolve, 400));
    const late = await look(settings, memory);
    expect(late.verdict).toMatchObject({ state: 'degraded', reason: 'serial-behind' });
    expect(late.verdict.text).toMatch(new RegExp(`^serial 2026111901 at ${at(secondary)} is 2 behind for \\d+ ms$`));
    expect((await look({ ...settings, serialLagDown: '350ms' }, memory)).verdict.state).toBe('down');
    // Without a word about the primary the newest serial counts.
    expect((await look({ ...settings, primary: undefined, serialLagDegraded: '0s' })).facts).toMatchObject({ serial: 2026111903 });

    await stop(changed);
    await startPrimary(2026111903, port);
    const again = await until(settings, ({ verdict }) => verdict.state === 'ok' && verdict.text.includes('all with'), memory);
    expect(again.facts.servers?.[1]).toMatchObject({ serial: 2026111903, behind: 0 });
  });

  it('a copy that expires without its primary is answered with SERVFAIL, and a hidden primary that is gone is told', async () => {
    const port = await freePort();
    const primary = await startPrimary(7, port, rightKey, 2);
    const secondary = await startSecondary(port);
    const other = await keep(startNsd({ 'example.test': zoneText(7) }));
    const settings = { servers: [at(secondary), at(other)], primary: at({ port }) };
    const fine = await until(settings, ({ verdict }) => verdict.state === 'ok');
    expect(fine.facts.servers?.map((it) => it.hidden)).toEqual([undefined, undefined, true]);
    await stop(primary);
    const expired = await until(settings, ({ verdict }) => verdict.text.includes('SERVFAIL'));
    expect(expired.verdict).toEqual({
      state: 'degraded',
      reason: 'servfail',
      text: `${at(secondary)} answers SERVFAIL; nothing answers on ${at({ port })}`,
    });
    expect((await look({ servers: [at(secondary)] })).verdict).toEqual({
      state: 'down',
      reason: 'servfail',
      text: `${at(secondary)} answers SERVFAIL`,
    });
  });

  it('a primary put back to an older serial is ahead of by its copy', async () => {
    const [old, copy] = await Promise.all([
      keep(startNsd({ 'example.test': zoneText(5) })),
      keep(startNsd({ 'example.test': zoneText(9) })),
    ]);
    const { verdict } = await look({ servers: [at(old), at(copy)], primary: at(old), serialLagDegraded: '0s' }, {});
    expect(verdict.state).toBe('ok');
    const memory = {};
    await look({ servers: [at(old), at(copy)], primary: at(old), serialLagDegraded: '0s' }, memory);
    expect((await look({ servers: [at(old), at(copy)], primary: at(old), serialLagDegraded: '0s' }, memory)).verdict).toMatchObject({
      state: 'degraded',
      reason: 'serial-ahead',
    });
  });

  it('serial numbers go round (RFC 1982)', async () => {
    const [before, after] = await Promise.all([
      keep(startNsd({ 'example.test': zoneText(4294967295) })),
      keep(startNsd({ 'example.test': zoneText(2) })),
    ]);
    const { facts } = await look({ servers: [at(before), at(after)] });
    expect(facts).toMatchObject({ serial: 2, servers: [{ behind: 3 }, { behind: 0 }] });
  });
});

describe('servers that fail', () => {
  it('names each one and what is wrong with it', async () => {
    const [good, stranger, mute] = await Promise.all([
      keep(startNsd({ 'example.test': zoneText(1) })),
      keep(startNsd({ 'example.org': zoneText(1).replace('example.test', 'example.org') })),
      keep(startUdp(() => {})),
    ]);
    const closed = await freePort();
    const { verdict, lines } = await look({ servers: [at(good), at(stranger), at(mute), at({ port: closed })] }, {}, 600);
    expect(verdict).toEqual({
      state: 'degraded',
      reason: 'dns-error',
      text: `${at(stranger)} answers REFUSED; ${at(mute)} does not answer; nothing answers on ${at({ port: closed })}`,
    });
    expect(lines.find(({ label }) => label === at(good))?.value).toMatch(/^serial 1, .* ms$/);
  });

  it('is down when none answers', async () => {
    const [mute, other] = await Promise.all([keep(startUdp(() => {})), keep(startUdp(() => {}))]);
    const { verdict, tookMs } = await look({ servers: [at(mute), at(other)] }, {}, 400);
    expect(verdict).toEqual({ state: 'down', reason: 'no-answer', text: `${at(mute)} does not answer; ${at(other)} does not answer` });
    expect(tookMs).toBeLessThan(650);
  });

  it('a server that only passes on what others say is not one of the zone', async () => {
    const good = await keep(startNsd({ 'example.test': zoneText(1) }));
    const resolver = await keep(startUnbound(good.port, []));
    const { verdict } = await look({ servers: [at(good), at(resolver)] });
    expect(verdict.state).toBe('degraded');
    expect(verdict.text).toMatch(/REFUSED|does not answer for the zone itself/);
  });

  it('asks each server one question, and another one only after silence', async () => {
    const questions: number[] = [];
    const good = await keep(
      startUdp((message, reply) => {
        questions.push(message.readUInt16BE(2));
        reply(soa(message));
      }),
    );
    expect((await look({ servers: [at(good)] })).verdict.state).toBe('ok');
    // Without "recursion desired" (0x0100).
    expect(questions.map((flags) => flags & 0x0100)).toEqual([0]);
  });

  it('takes the way over TCP where a server limits its answers over UDP', async () => {
    const tcp = await keep(
      startTcp((socket) =>
        socket.on('data', (chunk: Buffer) => {
          const answer = soa(chunk.subarray(2));
          const length = Buffer.alloc(2);
          length.writeUInt16BE(answer.length);
          // Byte by byte.
          for (const byte of Buffer.concat([length, answer])) socket.write(Buffer.from([byte]));
        }),
      ),
    );
    let questions = 0;
    await keep(
      startUdp((message, reply) => {
        questions += 1;
        reply(soa(message, packet.TRUNCATED_RESPONSE));
      }, tcp.port),
    );
    const { facts, verdict } = await look({ servers: [at(tcp)] });
    expect(verdict.state).toBe('ok');
    expect(facts.servers?.[0]).toMatchObject({ transport: 'tcp', serial: 42 });
    expect(questions).toBe(1);
  });

  it('a flood of wrong answers ends soon and is named', async () => {
    const flood = await keep(
      startUdp((message, reply) => {
        const wrong = soa(message);
        wrong.writeUInt16BE((message.readUInt16BE(0) + 1) & 0xffff, 0);
        for (let i = 0; i < 2_000; i += 1) setTimeout(() => reply(wrong), i / 5);
      }),
    );
    const { facts, tookMs } = await look({ servers: [at(flood)] }, {}, 5_000);
    expect(facts.servers?.[0]?.failure?.code).toBe('protocol');
    expect(tookMs).toBeLessThan(4_500);
  });
});

describe('name servers by themselves', () => {
  it('finds them by the NS records, with all of their addresses', async () => {
    const other = await keep(startNsd({ 'example.test': zoneText(3) }, { host: '127.0.0.2' }));
    const text = zoneText(3).replace('ns2 IN A 127.0.0.1', 'ns2 IN A 127.0.0.1\nns2 IN A 127.0.0.2');
    await keep(startNsd({ 'example.test': text }, { port: other.port }));
    // A name server answers for its own names, which is all that is asked here.
    const { facts, verdict } = await look({ resolver: at({ port: other.port }), port: other.port });
    expect(verdict).toMatchObject({ state: 'ok', text: '3 servers answer, all with serial 3' });
    expect(facts.servers?.map((it) => it.name).sort()).toEqual([
      'ns1.example.test',
      `ns2.example.test (127.0.0.1:${other.port})`,
      `ns2.example.test (127.0.0.2:${other.port})`,
    ]);
  });

  it('over IPv6', async () => {
    const text = zoneText(3).replaceAll('IN A 127.0.0.1', 'IN AAAA ::1');
    const { port } = await keep(startNsd({ 'example.test': text }, { host: '::1' }));
    const { facts, verdict } = await look({ resolver: `[::1]:${port}`, port, family: 6 });
    expect(verdict).toMatchObject({ state: 'ok', text: '2 servers answer, all with serial 3' });
    expect(facts.servers?.map(({ address }) => address)).toEqual(['::1', '::1']);
    expect((await look({ servers: [`[::1]:${port}`] })).verdict.state).toBe('ok');
  });

  it('a zone that nobody knows is down, a resolver that knows nothing is unknown', async () => {
    const nsd = await keep(startNsd({ '.': '. 60 SOA a.test. b.test. 1 3600 900 604800 60\n. 60 NS a.test.\n' }));
    expect((await look({ resolver: at(nsd) })).verdict).toMatchObject({ state: 'down', reason: 'name-not-found' });
    const mute = await keep(startUdp(() => {}));
    expect((await look({ resolver: at(mute) }, {}, 400)).verdict).toMatchObject({ state: 'unknown', reason: 'resolver-failed' });
  });
});

describe('a signed zone', () => {
  const now = Date.now();
  const signed = (from: number, until: number) => signZone('example.test', zoneText(11), now + from, now + until);

  it('holds, expires soon, is expired, is not valid yet, and is not signed at all', async () => {
    const zones = [signed(-DAY, 10 * DAY), signed(-DAY, 2 * DAY), signed(-3 * DAY, -HOUR), signed(DAY, 10 * DAY)];
    const servers = await Promise.all(
      [...zones.map(({ text }) => text), zoneText(11)].map((text) => keep(startNsd({ 'example.test': text }))),
    );
    const seen = await Promise.all(servers.map((server) => look({ servers: [at(server)], signed: true })));
    expect(seen.map(({ verdict: { state, reason } }) => `${state} ${reason}`)).toEqual([
      'ok ok',
      'degraded signature-expires-soon',
      'down signature-expired',
      'down signature-not-yet-valid',
      'down not-signed',
    ]);
    expect(seen[1]?.verdict.text).toMatch(/expires in 1 d 23 h$/);
    expect(Math.abs((seen[0]?.facts.servers?.[0]?.signature?.until ?? 0) - (now + 10 * DAY))).toBeLessThan(1_001);
    // Others still have it: those who check signatures ask them.
    const some = await look({ servers: servers.slice(0, 3).map(at), signed: true, signatureDegraded: '0s' });
    expect(some.verdict).toMatchObject({ state: 'degraded', reason: 'signature-expired' });
  });

  it('is asked of a resolver that checks signatures: valid, insecure, bogus, silent', async () => {
    const [right, wrong] = [signed(-DAY, 10 * DAY), signed(-DAY, 10 * DAY)];
    const nsd = await keep(startNsd({ 'example.test': right.text }));
    const [validating, unaware, misled] = await Promise.all([
      keep(startUnbound(nsd.port, [right.anchor])),
      keep(startUnbound(nsd.port, [])),
      keep(startUnbound(nsd.port, [wrong.anchor])),
    ]);
    const base = { servers: [at(nsd)], signed: true };
    const valid = await look({ ...base, resolver: at(validating) });
    expect(valid.verdict.state).toBe('ok');
    expect(valid.facts.validation).toBe('valid');
    expect((await look({ ...base, resolver: at(unaware) })).verdict).toMatchObject({ state: 'degraded', reason: 'not-validated' });
    expect((await look({ ...base, resolver: at(misled) })).verdict).toMatchObject({ state: 'down', reason: 'bogus' });
    const mute = await keep(startUdp(() => {}));
    expect((await look({ ...base, resolver: at(mute) }, {}, 600)).verdict).toMatchObject({
      state: 'unknown',
      reason: 'validation-unknown',
    });
  });
});

/** A right answer with the SOA record of the zone. */
function soa(query: Buffer, flags = 0): Buffer {
  const { id, questions } = packet.decode(query);
  const data = { mname: 'ns1.example.test', rname: 'hostmaster.example.test', serial: 42, refresh: 1, retry: 1, expire: 1, minimum: 1 };
  return packet.encode({
    type: 'response',
    id,
    flags: packet.AUTHORITATIVE_ANSWER | flags,
    questions,
    answers: flags === 0 ? [{ name: 'example.test', type: 'SOA', ttl: 60, data }] : [],
  });
}

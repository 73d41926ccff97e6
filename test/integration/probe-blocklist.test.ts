import packet from 'dns-packet';
import { afterEach, describe, expect, it } from 'vitest';
import { probeBlocklist } from '../../electron/probes/blocklist.ts';
import { type BlocklistConfig, type BlocklistFacts, blocklist } from '../../shared/checks/blocklist.ts';
import { DAY, HOUR } from '../../shared/time.ts';
import { probeContext } from '../support/probe-context.ts';
import { startNsd, startUdp } from '../support/servers.ts';

const started: { stop(): Promise<void> }[] = [];
const keep = async <T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
  const server = await starting;
  started.push(server);
  return server;
};
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

const zone = (lines: string): string =>
  `@ 60 IN SOA ns1.example.net. hostmaster.example.net. 1 3600 900 604800 60\n@ 60 NS ns1.example.net.\n${lines}\n`;
/** The entries that every list has to have (RFC 5782, section 5). */
const test4 = '2.0.0.127 60 A 127.0.0.2';
const test6 = '2.0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0 60 A 127.0.0.2';
const ours = '25.2.0.192';
const ours6 = '5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2';

/** A resolver that has those lists. */
async function lists(zones: Record<string, string>): Promise<string> {
  const all = Object.entries(zones).map(([name, lines]) => [name, zone(lines)] as const);
  const { port } = await keep(startNsd({ '.': zone('').replaceAll('@', '.'), ...Object.fromEntries(all) }));
  return `127.0.0.1:${port}`;
}

async function look(
  server: string,
  settings: Record<string, unknown>,
  options: { memory?: { value?: unknown }; later?: number; timeoutMs?: number } = {},
) {
  const { memory = {}, later = 0, timeoutMs = 4_000 } = options;
  const config = blocklist.config.parse({ server, ...settings }) as BlocklistConfig;
  const context = { ...probeContext({ timeoutMs, memory }), now: () => Date.UTC(2026, 10, 20) + later };
  const begin = performance.now();
  const facts: BlocklistFacts = await probeBlocklist(config, context);
  expect(() => blocklist.observation.parse(facts)).not.toThrow();
  const verdict = blocklist.judge(facts, config);
  const said = blocklist.explain(facts, verdict, config);
  for (const line of [said.happened, said.means, said.todo]) expect(line).toMatch(/^[A-Z].*\.$/s);
  const asked = context.lines.filter((line) => line.startsWith('asking ')).map((line) => line.replace(/^.* for /, ''));
  return { facts, verdict, asked, lines: blocklist.facts(facts), tookMs: performance.now() - begin };
}

const one = { addresses: ['192.0.2.25'], lists: ['bl.example.org'], downOn: [] };

describe('lists served by a real name server', () => {
  it('not listed', async () => {
    const server = await lists({ 'bl.example.org': test4 });
    const { verdict, facts, asked } = await look(server, one);
    expect(verdict).toEqual({ state: 'ok', reason: 'ok', text: '192.0.2.25 is not listed by bl.example.org' });
    expect(facts.answers).toEqual([{ list: 'bl.example.org', about: '192.0.2.25', listed: false }]);
    expect(asked.sort()).toEqual(['A of 1.0.0.127.bl.example.org', 'A of 2.0.0.127.bl.example.org', 'A of 25.2.0.192.bl.example.org']);
  });

  it('listed, with what the list says of it; how bad it is depends on the list', async () => {
    const server = await lists({
      'bl.example.org': `${test4}\n${ours} 60 A 127.0.0.3\n${ours} 60 A 127.0.0.4\n${ours} 60 TXT "see \\027[31mhttps://bl.example.org/ <b>now"`,
    });
    const { verdict, lines } = await look(server, one);
    expect(verdict).toEqual({ state: 'degraded', reason: 'listed', text: '192.0.2.25 is listed by bl.example.org (127.0.0.3, 127.0.0.4)' });
    expect(lines[0]?.value).toBe('listed, 127.0.0.3, 127.0.0.4, see https://bl.example.org/ <b>now');
    expect((await look(server, { ...one, downOn: ['bl.example.org'] })).verdict.state).toBe('down');
  });

  it('an IPv6 address goes by nibbles; a list without IPv6 leaves nothing open', async () => {
    const server = await lists({ 'bl.example.org': `${test4}\n${test6}\n${ours6} 60 A 127.0.0.2`, 'old.example.org': test4 });
    const both = { addresses: ['2001:db8::25'], downOn: [] };
    expect((await look(server, { ...both, lists: ['bl.example.org', 'old.example.org'] })).verdict).toEqual({
      state: 'degraded',
      reason: 'listed',
      text: '2001:db8::25 is listed by bl.example.org (127.0.0.2)',
    });
    const server2 = await lists({ 'bl.example.org': `${test4}\n${test6}`, 'old.example.org': test4 });
    expect((await look(server2, { ...both, lists: ['bl.example.org', 'old.example.org'] })).verdict).toMatchObject({ state: 'ok' });
    expect((await look(server2, { ...both, lists: ['old.example.org'] })).verdict).toEqual({
      state: 'unknown',
      reason: 'no-ipv6',
      text: 'old.example.org keeps no IPv6 addresses',
    });
  });

  it('a domain is asked of the lists of domains', async () => {
    const server = await lists({ 'dbl.example.org': 'test 60 A 127.0.1.2\nspam.example.com 60 A 127.0.1.2', 'bl.example.org': test4 });
    const settings = { ...one, domainLists: ['dbl.example.org'], domains: ['Example.com', 'spam.example.com.'] };
    const { verdict, facts } = await look(server, settings);
    expect(facts.answers?.map(({ about, list, listed }) => `${about} ${list} ${listed}`)).toEqual([
      '192.0.2.25 bl.example.org false',
      'Example.com dbl.example.org false',
      'spam.example.com. dbl.example.org true',
    ]);
    expect(verdict).toMatchObject({ state: 'degraded', reason: 'listed' });
  });

  it.each<[string, string, string, string]>([
    ['this resolver is blocked', '* 60 A 127.255.255.254', 'blocked-resolver', 'bl.example.org does not answer this resolver'],
    ['too many questions', '* 60 A 127.255.255.255', 'too-many-queries', 'bl.example.org was asked too often by this resolver'],
    ['a mistyped name', '* 60 A 127.255.255.252', 'wrong-name', 'bl.example.org says that its name is mistyped'],
    ['turned away with 127.0.0.1', '* 60 A 127.0.0.1', 'blocked-resolver', 'bl.example.org does not answer this resolver'],
    ['a parked name', '* 60 A 203.0.113.80', 'no-list', 'bl.example.org answers 203.0.113.80, which is no answer of a blocklist'],
    ['everything is listed', '* 60 A 127.0.0.2', 'lists-everything', 'bl.example.org lists everything, even what nobody may list'],
    ['dead', '', 'dead-list', 'bl.example.org does not list its own test entry: it is dead, or does not answer this resolver'],
    [
      'blocked only where it counts',
      `${test4}\n${ours} 60 A 127.255.255.254`,
      'blocked-resolver',
      'bl.example.org does not answer this resolver',
    ],
    [
      'two answers, one of them ours',
      `${test4}\n${ours} 60 A 127.0.0.2\n${ours} 60 A 127.255.255.255`,
      'too-many-queries',
      'bl.example.org was asked too often by this resolver',
    ],
  ])('%s: not known, never listed', async (_, lines, reason, text) => {
    const { verdict, facts } = await look(await lists({ 'bl.example.org': lines }), one);
    expect(facts.answers).toMatchObject([{ listed: null, why: reason }]);
    expect(verdict).toEqual({ state: 'unknown', reason, text });
  });

  it('a list that tells nothing is no fault while others do, unless it counts for much', async () => {
    const server = await lists({ 'bl.example.org': test4, 'shy.example.org': '* 60 A 127.255.255.254' });
    const settings = { ...one, lists: ['bl.example.org', 'shy.example.org'] };
    expect((await look(server, settings)).verdict).toEqual({
      state: 'ok',
      reason: 'ok',
      text: '192.0.2.25 is not listed by bl.example.org; shy.example.org does not answer this resolver',
    });
    expect((await look(server, { ...settings, downOn: ['shy.example.org'] })).verdict).toEqual({
      state: 'unknown',
      reason: 'blocked-resolver',
      text: 'shy.example.org does not answer this resolver',
    });
  });

  it('silence ends in time and is not known; so is a resolver that refuses', async () => {
    const mute = await keep(startUdp(() => {}));
    const { verdict, tookMs, facts } = await look(
      `127.0.0.1:${mute.port}`,
      { ...one, addresses: ['192.0.2.25', '192.0.2.26'] },
      { timeoutMs: 1_500 },
    );
    expect(verdict).toMatchObject({ state: 'unknown', reason: 'no-answer' });
    expect(facts.answers).toHaveLength(2);
    expect(tookMs).toBeLessThan(1_600);
    const { port } = await keep(startNsd({ 'other.test': zone('') }));
    expect((await look(`127.0.0.1:${port}`, one)).verdict).toMatchObject({ state: 'unknown', reason: 'no-answer' });
  });
});

describe('how often the lists are asked for their test entries', () => {
  const isTest = (line: string): boolean => /0\.0\.127\.|^TXT/.test(line);
  it('once a day, and again before a new listing is believed', async () => {
    const { port, stop } = await startNsd({ 'bl.example.org': zone(test4) });
    const server = `127.0.0.1:${port}`;
    const memory = {};
    expect((await look(server, one, { memory })).asked.filter(isTest)).toHaveLength(2);
    expect((await look(server, one, { memory, later: 4 * HOUR })).asked).toEqual(['A of 25.2.0.192.bl.example.org']);
    expect((await look(server, one, { memory, later: 23 * HOUR })).asked).toHaveLength(1);
    expect((await look(server, one, { memory, later: DAY + HOUR })).asked).toHaveLength(3);
    await stop();
    // It closes down, and lists the whole world.
    const evil = await startNsd({ 'bl.example.org': zone('* 60 A 127.0.0.2') }, { port });
    const closed = await look(server, one, { memory, later: DAY + 2 * HOUR });
    expect(closed.verdict).toMatchObject({ state: 'unknown', reason: 'lists-everything' });
    await evil.stop();
    await keep(startNsd({ 'bl.example.org': zone(`${test4}\n${ours} 60 A 127.0.0.2`) }, { port }));
    const listed = await look(server, one, { memory, later: 3 * DAY });
    expect(listed.verdict).toMatchObject({ state: 'degraded', reason: 'listed' });
    // Known as listed: nothing is asked but the address itself, and why.
    expect((await look(server, one, { memory, later: 3 * DAY + HOUR })).asked).toEqual([
      'A of 25.2.0.192.bl.example.org',
      'TXT of 25.2.0.192.bl.example.org',
    ]);
  });

  it('a test that nobody answered is made again next time', async () => {
    const memory = {};
    const mute = await startUdp(() => {});
    const server = `127.0.0.1:${mute.port}`;
    expect((await look(server, one, { memory, timeoutMs: 800 })).verdict.state).toBe('unknown');
    await mute.stop();
    await keep(startNsd({ 'bl.example.org': zone(test4) }, { port: mute.port }));
    expect((await look(server, one, { memory, later: HOUR })).verdict.state).toBe('ok');
  });
});

describe('answers that are made to harm', () => {
  it('hundreds of addresses and a hostile reason are bounded and cleaned', async () => {
    const evil = await keep(
      startUdp((message, reply) => {
        const query = packet.decode(message);
        const [question] = query.questions ?? [];
        if (!question) return;
        const base = { type: 'response' as const, id: query.id ?? 0, questions: [question] };
        const { name } = question;
        if (name.startsWith('1.0.0.127')) return reply(packet.encode({ ...base, flags: 3 }));
        if (question.type === 'TXT')
          return reply(
            packet.encode({
              ...base,
              answers: [{ type: 'TXT', name, ttl: 1, data: ['\u001b[31m<script>', 'x'.repeat(250), 'x'.repeat(250)] }],
            }),
          );
        const answers = Array.from({ length: 60 }, (_, n) => ({ type: 'A' as const, name, ttl: 1, data: `127.0.1.${n}` }));
        reply(packet.encode({ ...base, answers }));
      }),
    );
    const { facts, verdict } = await look(`127.0.0.1:${evil.port}`, one);
    expect(verdict).toMatchObject({ state: 'degraded', reason: 'listed' });
    expect(facts.answers?.[0]?.text).toMatch(/^<script>x+…$/);
    expect(facts.answers?.[0]?.code?.split(', ')).toHaveLength(10);
  });
});

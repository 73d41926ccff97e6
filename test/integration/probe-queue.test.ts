/** The mail queue of a real Postfix: on this computer, over a real sshd, and from a real web server. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { probeQueue } from '../../electron/probes/queue.ts';
import { queue } from '../../shared/checks/queue.ts';
import type { QueueConfig } from '../../shared/checks/queue-facts.ts';
import { HOUR, MINUTE } from '../../shared/time.ts';
import { type MailStack, startMailStack } from '../support/mail-stack.ts';
import { probeContext } from '../support/probe-context.ts';
import { freePort, type Started, startTcp, tempFolder } from '../support/servers.ts';
import { type SshAccount, startSshAccount } from '../support/ssh-account.ts';
import { removeFolder, startNginx, webFolder } from '../support/web-servers.ts';

const started: { stop(): Promise<unknown> }[] = [];
const keep = <T extends { stop(): Promise<unknown> }>(server: T): T => {
  started.push(server);
  return server;
};
const folder = tempFolder();
const path = process.env.PATH;
afterEach(async () => {
  process.env.PATH = path;
  await Promise.all(started.splice(0).map((server) => server.stop()));
});
afterAll(() => folder.remove());

interface Options {
  timeoutMs?: number;
  secrets?: Record<string, string>;
  memory?: { value?: unknown };
  now?: () => number;
}
async function check(settings: Record<string, unknown>, { timeoutMs = 15_000, now, ...rest }: Options = {}) {
  const config = queue.config.parse(settings) as QueueConfig;
  const context = { ...probeContext({ timeoutMs, ...rest }), ...(now ? { now } : {}) };
  const begin = performance.now();
  const facts = await probeQueue(config, context);
  const tookMs = performance.now() - begin;
  expect(() => queue.observation.parse(facts)).not.toThrow();
  const verdict = queue.judge(facts, config, context.now());
  for (const text of Object.values(queue.explain(facts, verdict, config))) expect(text).toMatch(/^.+\.$/);
  for (const line of context.lines) expect(line).not.toContain('PRIVATE KEY');
  return { facts, verdict, lines: context.lines, shown: queue.facts(facts), tookMs };
}

/** Hands messages in as a stranger does, one recipient each. */
async function send(stack: MailStack, recipients: readonly string[]): Promise<void> {
  const words = recipients.flatMap((to) => ['MAIL FROM:<a@example.com>', `RCPT TO:<${to}>`, 'DATA', 'Subject: queue\r\n\r\nhello\r\n.']);
  const socket = connect(stack.ports.smtp, '127.0.0.1').setEncoding('utf8');
  const all = ['EHLO test.example.com', ...words, 'QUIT'];
  await new Promise<void>((resolve, reject) => {
    let text = '';
    socket.on('error', reject).on('close', () => resolve());
    socket.on('data', (part) => {
      text += part;
      const last = /(?:^|\n)(\d{3}) [^\n]*\n$/.exec(text);
      if (!last) return;
      if (Number(last[1]) >= 400) return socket.destroy(new Error(text));
      text = '';
      const word = all.shift();
      if (word !== undefined) socket.write(`${word}\r\n`);
    });
  });
}
async function until(what: () => boolean): Promise<void> {
  for (let tries = 0; !what(); tries += 1) {
    if (tries > 400) throw new Error('it does not come to that');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
const times = (n: number, text: string): string[] => Array<string>(n).fill(text);
/** Mail for others is taken, and the server that it should go to refuses connections. */
const stuck = async (): Promise<string[]> => [
  'mynetworks = 127.0.0.0/8',
  `default_transport = smtp:[127.0.0.1]:${await freePort()}`,
  'minimal_backoff_time = 300s',
  'queue_run_delay = 300s',
];

/** A program of its own in the way of the real one. */
function command(name: string, lines: string[], bin = join(folder.path, `bin-${Math.random().toString(36).slice(2)}`)): string {
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, name), `#!/bin/sh\n${lines.join('\n')}\n`);
  chmodSync(join(bin, name), 0o755);
  return bin;
}
const first = (bin: string): void => {
  process.env.PATH = `${bin}${delimiter}${path}`;
};

describe('a real Postfix on this computer', () => {
  let stack: MailStack;
  let settings: Record<string, unknown>;
  beforeAll(async () => {
    stack = await startMailStack();
    settings = { source: 'local', configDir: stack.configDir };
  });
  afterAll(() => stack.stop());
  const empty = (): void => void stack.run('/usr/sbin/postsuper', '-c', stack.configDir, '-d', 'ALL');
  afterEach(async () => {
    await stack.setPostfix([]);
    empty();
  });

  it('an empty queue', async () => {
    const { facts, verdict } = await check(settings);
    expect(facts).toMatchObject({ source: 'local', total: 0, deferred: 0, hold: 0, domains: [], reasons: [] });
    expect(verdict).toEqual({ state: 'ok', reason: 'ok', text: 'the queue is empty' });
  });

  it('a domain that does not take its mail', async () => {
    await stack.setPostfix(await stuck());
    await send(stack, [...times(17, 'someone@example.org'), ...times(3, 'someone@sub.example.com')]);
    await until(() => stack.queue().filter((it) => it.queue_name === 'deferred').length === 20);
    const { facts, verdict, shown } = await check({ ...settings, countDegraded: 20 });
    expect(facts).toMatchObject({
      total: 20,
      deferred: 20,
      hold: 0,
      domains: [
        { domain: 'example.org', count: 17, reason: { text: 'connection refused', count: 17 } },
        { domain: 'sub.example.com', count: 3 },
      ],
      reasons: [{ text: 'connection refused', count: 20 }],
    });
    expect(Math.abs((facts.oldestAt ?? 0) - Date.now())).toBeLessThan(10_000);
    expect(facts.oldestOwnAt).toBeUndefined();
    expect(verdict).toMatchObject({ state: 'degraded', reason: 'queue-long' });
    expect(verdict.text).toMatch(/^17 of 20 messages wait for example\.org: connection refused, the oldest for /);
    expect(shown).toContainEqual({ label: 'To be tried again', value: '20' });
  });

  it('mail of our own that is not delivered, and what is held', async () => {
    const mend = await stack.deferDelivery();
    await send(stack, times(6, stack.mailbox.address));
    await until(() => stack.queue().filter((it) => it.queue_name === 'deferred').length === 6);
    const later = () => Date.now() + 45 * MINUTE;
    const own = await check({ ...settings, own: ['example.net'] }, { now: later });
    expect(own.verdict).toMatchObject({ state: 'degraded', reason: 'queue-old' });
    expect(own.verdict.text).toMatch(
      /^all 6 messages wait for example\.net: connection refused, mail that should not wait at all for 45 min/,
    );
    expect((await check(settings, { now: later })).verdict.state).toBe('ok');
    await mend();
    await until(() => stack.queue().length === 0);

    const release = await stack.holdQueue();
    await send(stack, times(3, stack.mailbox.address));
    await until(() => stack.queue().filter((it) => it.queue_name === 'hold').length === 3);
    const held = await check({ ...settings, holdDegraded: 3 });
    expect(held.facts).toMatchObject({ total: 3, hold: 3, deferred: 0, domains: [], reasons: [] });
    expect(held.facts.oldestAt).toBeUndefined();
    expect(held.verdict).toEqual({
      state: 'degraded',
      reason: 'held',
      text: '3 messages are on hold and will not leave by themselves',
    });
    expect((await check(settings)).verdict).toMatchObject({ state: 'ok', text: 'the queue is empty, 3 on hold' });
    await release();
    await until(() => stack.queue().length === 0);
  });

  it('how fast it drains, and what that means for new mail', async () => {
    await stack.setPostfix(await stuck());
    await send(stack, times(60, 'someone@example.org'));
    await until(() => stack.queue().filter((it) => it.queue_name === 'deferred').length === 60);
    const memory = {};
    let now = Date.now() + 10 * MINUTE;
    for (let look = 0; look < 3; look += 1) {
      const { facts } = await check(settings, { memory, now: () => now });
      expect(facts.delayMinMs).toBeUndefined();
      const gone = stack.queue().slice(0, 5);
      for (const it of gone) stack.run('/usr/sbin/postsuper', '-c', stack.configDir, '-d', it.queue_id);
      now += 5 * MINUTE;
    }
    const { facts, verdict } = await check({ ...settings, countDegraded: 45 }, { memory, now: () => now });
    expect(facts).toMatchObject({ total: 45, ratePerMinute: -1, drainPerMinute: 1, delayOf: 'example.org' });
    expect(verdict.text).toMatch(
      /^all 45 messages wait for example\.org: connection refused, .*; 1 fewer a minute; mail for example\.org is delayed by about 45 minutes$/,
    );
  });

  it('reads it over ssh, where Postfix has a folder of its own', async () => {
    await stack.setPostfix(await stuck());
    await send(stack, times(12, 'someone@example.org'));
    await until(() => stack.queue().filter((it) => it.queue_name === 'deferred').length === 12);
    const server = keep(await startSshAccount());
    const login = { address: '127.0.0.1', port: server.port, user: server.user, keySecret: 'key', fingerprint: server.fingerprint };
    const { facts, verdict, lines } = await check(
      { ...login, configDir: stack.configDir, countDegraded: 12 },
      { secrets: { key: server.key } },
    );
    expect(facts).toMatchObject({ source: 'ssh', login: 'accepted', pinned: true, total: 12, deferred: 12 });
    expect(verdict.text).toMatch(/^all 12 messages wait for example\.org: connection refused/);
    expect(lines.filter((line) => line.startsWith('connected'))).toHaveLength(1);
  });

  it('from a web server that shows the list', async () => {
    await stack.setPostfix(await stuck());
    await send(stack, times(12, 'someone@example.org'));
    await until(() => stack.queue().filter((it) => it.queue_name === 'deferred').length === 12);
    const site = keep(await web({ 'queue.json': stack.run('/usr/sbin/postqueue', '-c', stack.configDir, '-j') }));
    const { facts, verdict } = await check({ source: 'http', url: `${site.url}/queue.json`, countDegraded: 12 });
    expect(facts).toMatchObject({ source: 'http', total: 12, deferred: 12 });
    expect(verdict.text).toMatch(/^all 12 messages wait for example\.org: connection refused/);
  });

  it('Postfix that does not run, and an account that may not look', async () => {
    // Root may look into the files themselves; everybody else hears no.
    const nobody = `mount --bind ${stack.configDir} /etc/postfix && exec setpriv --reuid nobody --regid nogroup --clear-groups /usr/sbin/postqueue -j`;
    first(command('postqueue', [`exec unshare -m sh -c '${nobody}'`]));
    expect((await check(settings)).verdict.state).toBe('ok');
    await stack.setPostfix(['authorized_mailq_users = root']);
    const refused = await check(settings);
    expect(refused.verdict).toMatchObject({ state: 'unknown', reason: 'server-error' });
    expect(refused.verdict.text).toContain('does not list its queue: User nobody(65534) is not allowed to view the mail queue');
    await stack.setPostfix([]);
    await stack.stopPostfix();
    const down = await check(settings);
    expect(down.verdict).toMatchObject({ state: 'unknown', reason: 'server-error' });
    expect(down.verdict.text).toContain('mail system is down');
    await stack.startPostfix();
  });
});

/** 100,000 messages, 50 MB: 60 % for one domain. */
function longList(): { file: string; bytes: number } {
  const file = join(folder.path, 'long');
  const parts: string[] = [];
  for (let i = 0; i < 100_000; i += 1) {
    const domain = i % 5 < 3 ? 'example.org' : `d${i}.example.com`;
    const reason = `host mx${i % 9}.${domain}[192.0.2.${i % 250}] said: 451 4.7.1 Greylisted, try again in ${i % 300} seconds, id ${i.toString(36)}abc12 (in reply to RCPT TO command)`;
    parts.push(
      `{"queue_name": "deferred", "queue_id": "4X${i.toString(36)}zzz", "arrival_time": ${1_790_000_000 + i}, "message_size": ${9_000 + i}, "forced_expire": false, "sender": "newsletter-with-a-long-name-${i}@sender.example.net", "recipients": [{"address": "somebody.with.a.name.${i}@${domain}", "delay_reason": "${reason}${' and more words'.repeat(8)}"}]}\n`,
    );
  }
  writeFileSync(file, parts.join(''));
  return { file, bytes: parts.reduce((sum, it) => sum + it.length, 0) };
}

describe('100,000 messages', () => {
  let long: { file: string; bytes: number };
  beforeAll(() => {
    long = longList();
  });
  const expectAll = ({ facts, verdict }: Awaited<ReturnType<typeof check>>): void => {
    expect(facts).toMatchObject({ total: 100_000, deferred: 100_000, domains: [{ domain: 'example.org', count: 60_000 }] });
    expect(facts.reasons?.[0]?.text).toMatch(/^451 4\.7\.1 Greylisted, try again in … seconds, id …/);
    expect(facts.reasons?.[0]?.count).toBe(100_000);
    expect(facts.failure).toBeUndefined();
    expect(verdict).toMatchObject({ state: 'down', reason: 'queue-long' });
    expect(verdict.text).toMatch(/^60000 of 100000 messages wait for example\.org: 451 4\.7\.1 Greylisted/);
  };
  /** Most memory in use above what there was before, MB. Garbage does not count: when it is collected depends on how busy the machine is. */
  async function memoryOf(work: () => Promise<unknown>): Promise<number> {
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    const used = (): number => {
      collect();
      const { heapUsed, external } = process.memoryUsage();
      return (heapUsed + external) / 1e6;
    };
    const before = used();
    let most = before;
    const timer = setInterval(() => {
      most = Math.max(most, used());
    }, 400);
    await work();
    clearInterval(timer);
    return most - before;
  }
  it('on this computer', { timeout: 40_000 }, async () => {
    expect(long.bytes).toBeGreaterThan(45e6);
    first(command('postqueue', [`exec cat ${long.file}`]));
    const grown = await memoryOf(async () => expectAll(await check({ source: 'local' })));
    expect(grown).toBeLessThan(80);
  });
  it.each([
    ['packed', []],
    ['where there is no gzip', ['exec cat']],
  ])('over ssh, %s', { timeout: 40_000 }, async (_, gzip) => {
    const server = keep(await startSshAccount());
    command('postqueue', [`exec cat ${long.file}`], join(server.path, 'bin'));
    if (gzip.length > 0) command('gzip', gzip, join(server.path, 'bin'));
    const login = { address: '127.0.0.1', port: server.port, user: server.user, keySecret: 'key', fingerprint: server.fingerprint };
    const grown = await memoryOf(async () => expectAll(await check(login, { secrets: { key: server.key }, timeoutMs: 30_000 })));
    expect(grown).toBeLessThan(80);
  });
  it('from a web server, packed', { timeout: 40_000 }, async () => {
    const site = keep(await web({ 'queue.json': readFileSync(long.file, 'utf8') }, 'gzip on; gzip_types *; gzip_comp_level 1;'));
    const grown = await memoryOf(async () =>
      expectAll(await check({ source: 'http', url: `${site.url}/queue.json` }, { timeoutMs: 30_000 })),
    );
    expect(grown).toBeLessThan(80);
  });
});

const isRunning = (name: string): boolean => {
  try {
    execFileSync('pgrep', ['-f', name]);
    return true;
  } catch {
    return false;
  }
};

describe('a list that does not come as it should', () => {
  const line = '{"queue_name": "deferred", "queue_id": "4X", "arrival_time": 4e9, "recipients": [{"address": "a@example.org"}]}';
  it('is never ended: what came counts as the least there is, and nothing is left running', async () => {
    const mark = `sleep 6${Date.now() % 1e6}`;
    first(command('postqueue', [`i=0; while [ $i -lt 40 ]; do echo '${line}'; i=$((i+1)); done`, `exec ${mark}`]));
    const { facts, verdict, tookMs } = await check({ source: 'local', countDegraded: 30, countDown: 50 }, { timeoutMs: 500 });
    expect(tookMs).toBeLessThan(1_000);
    expect(facts).toMatchObject({ total: 40, atLeast: true, failure: { code: 'timeout' } });
    expect(verdict).toMatchObject({ state: 'degraded', reason: 'queue-long' });
    expect(verdict.text).toMatch(/^at least all 40 messages wait for example\.org/);
    await until(() => !isRunning(mark));
    expect((await check({ source: 'local' }, { timeoutMs: 500 })).verdict).toMatchObject({ state: 'unknown', reason: 'timeout' });
  });
  it('a flood of one line is cut off', async () => {
    first(command('postqueue', ['exec tr "\\0" x </dev/zero']));
    const { verdict, tookMs } = await check({ source: 'local' }, { timeoutMs: 8_000 });
    expect(verdict.state).toBe('unknown');
    expect(['too-large', 'timeout']).toContain(verdict.reason);
    expect(tookMs).toBeLessThan(8_500);
  });
  it('there is no postqueue', async () => {
    process.env.PATH = folder.path;
    const real = command('postqueue', ['exit 127']);
    first(real);
    expect((await check({ source: 'local' })).verdict).toMatchObject({ state: 'unknown', reason: 'tool-missing' });
  });
  it.each<[string, string[], string, string]>([
    ['tells nothing', ['exit 70'], 'server-error', 'Postfix does not list its queue (code 70)'],
    ['tells an error', ['echo "postqueue: fatal: \x1b[31mdisk" >&2', 'exit 69'], 'server-error', 'does not list its queue: disk'],
    ['prints only half', [`echo '${line}'`, 'kill -9 $PPID'], 'server-error', 'ended in the middle'],
  ])('over ssh: %s', async (_, lines, reason, text) => {
    const server = keep(await startSshAccount());
    command('postqueue', lines, join(server.path, 'bin'));
    if (reason === 'server-error' && text.startsWith('ended')) command('timeout', ['shift 3', 'exec "$@"'], join(server.path, 'bin'));
    const { verdict } = await check(loginOf(server), { secrets: { key: server.key } });
    expect(verdict).toMatchObject({ state: 'unknown', reason });
    expect(verdict.text).toContain(text);
  });
  it('over ssh: never ends', async () => {
    const server = keep(await startSshAccount());
    command('postqueue', [`echo '${line}'`, 'exec sleep 600'], join(server.path, 'bin'));
    const { verdict, tookMs } = await check(loginOf(server), { secrets: { key: server.key }, timeoutMs: 2_500 });
    expect(verdict).toMatchObject({ state: 'unknown', reason: 'timeout' });
    expect(tookMs).toBeLessThan(3_000);
  });
  it('over ssh: an old Postfix that knows no -j is counted', async () => {
    const server = keep(await startSshAccount());
    command('postqueue', ['case $* in *-p*) echo "-- 45 Kbytes in 7 Requests.";; *) exit 69;; esac'], join(server.path, 'bin'));
    const { facts, verdict } = await check(loginOf(server), { secrets: { key: server.key } });
    expect(facts).toMatchObject({ total: 7 });
    expect(verdict).toMatchObject({ state: 'ok', text: '7 messages wait' });
  });
  it('over ssh: an account without commands, and a key that is not taken', async () => {
    const server = keep(await startSshAccount(['ForceCommand echo no shell for you']));
    expect((await check(loginOf(server), { secrets: { key: server.key } })).verdict).toMatchObject({
      state: 'unknown',
      reason: 'server-error',
    });
    expect((await check(loginOf(server), { secrets: { key: server.strangersKey } })).verdict).toMatchObject({ reason: 'login-refused' });
  });
  const loginOf = (server: SshAccount) => ({
    address: '127.0.0.1',
    port: server.port,
    user: server.user,
    keySecret: 'key',
    fingerprint: server.fingerprint,
  });
});

/** nginx with files. */
async function web(files: Record<string, string>, more = ''): Promise<Started & { url: string; folder: string }> {
  const place = webFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(place, name), text);
  const port = await freePort();
  const nginx = await startNginx(
    place,
    `types { application/json json; text/html html; text/plain txt; } ${more}
     server { listen 127.0.0.1:${port}; root ${place};
       location = /secret.json { if ($http_authorization != "Bearer open-sesame") { return 401; } } }`,
    port,
  );
  return { port, url: `http://127.0.0.1:${port}`, folder: place, stop: () => nginx.stop().then(() => removeFolder(place)) };
}

describe('from a web server', () => {
  const metrics = [
    '# TYPE postfix_showq_message_size_bytes histogram',
    'postfix_showq_message_size_bytes_count{queue="active"} 2',
    'postfix_showq_message_size_bytes_count{queue="deferred"} 428',
    'postfix_showq_message_size_bytes_count{queue="hold"} 5',
    'postfix_showq_message_age_seconds_bucket{queue="deferred",le="10000"} 400',
    'postfix_showq_message_age_seconds_bucket{queue="deferred",le="+Inf"} 428',
    'postfix_up{path="public/showq"} 1',
  ].join('\n');
  it('the metrics of an exporter, and how they change', async () => {
    const site = keep(await web({ metrics }));
    const settings = { source: 'http', url: `${site.url}/metrics` };
    const { facts, verdict } = await check(settings);
    expect(facts).toMatchObject({ total: 435, active: 2, deferred: 428, hold: 5, olderDegraded: 28, oldestOrEarlier: true });
    expect(verdict).toMatchObject({ state: 'degraded', reason: 'queue-long' });
    expect(verdict.text).toBe('430 messages wait, the oldest for 2 h 46 min or longer; 5 on hold');
    expect(facts.delayMinMs).toBeUndefined();
    const failed = keep(await web({ metrics: 'postfix_up{path="public/showq"} 0\n' }));
    expect((await check({ ...settings, url: `${failed.url}/metrics` })).verdict).toMatchObject({
      state: 'unknown',
      reason: 'server-error',
    });
  });
  it.each<[string, string, string, string, string]>([
    ['a few numbers', 'a.json', '{"total": 12, "deferred": 10, "hold": 1}\n', 'ok', '11 messages wait, 1 on hold'],
    ['numbers on several lines', 'a.json', '{\n  "total": 12,\n  "hold": 0\n}\n', 'ok', '12 messages wait'],
    ['the list of an empty queue', 'a.json', '', 'ok', 'the queue is empty'],
    ['an empty page', 'a.html', '', 'unknown', 'not marked as JSON'],
    ['some page', 'a.html', '<html>It works!</html>', 'unknown', 'neither a list'],
    ['metrics of something else', 'a.txt', 'go_goroutines 9\n', 'unknown', 'neither a list'],
    ['JSON of something else', 'a.json', '{"status": "ok"}', 'unknown', 'neither a list'],
    ['a page that is not there', 'b.json', '', 'unknown', 'answers 404'],
  ])('%s', async (_, name, text, state, words) => {
    const site = keep(await web(name === 'b.json' ? {} : { [name]: text }));
    const { verdict } = await check({ source: 'http', url: `${site.url}/${name}` });
    expect(verdict.state).toBe(state);
    expect(verdict.text).toContain(words);
  });
  it('a list that nobody renews is no list', async () => {
    const site = keep(await web({ 'queue.json': '' }));
    const settings = { source: 'http', url: `${site.url}/queue.json` };
    const old = new Date(Date.now() - HOUR);
    utimesSync(join(site.folder, 'queue.json'), old, old);
    const { verdict } = await check(settings);
    expect(verdict).toMatchObject({ state: 'unknown', reason: 'protocol' });
    expect(verdict.text).toContain('was last changed 1 h ago');
    expect((await check({ ...settings, maxAge: '2h' })).verdict.state).toBe('ok');
  });
  it('with a token; without it nothing is known', async () => {
    const site = keep(await web({ 'secret.json': '{"total": 3}' }));
    const settings = { source: 'http', url: `${site.url}/secret.json`, auth: { bearerSecret: 'word' } };
    const good = await check(settings, { secrets: { word: 'open-sesame' } });
    expect(good.verdict.state).toBe('ok');
    expect(good.lines.join()).not.toContain('open-sesame');
    expect((await check(settings, { secrets: { word: 'knock' } })).verdict).toMatchObject({ state: 'unknown', reason: 'permission' });
    expect((await check(settings)).verdict).toMatchObject({ state: 'unknown', reason: 'no-secret' });
  });
  it('half a list is no look; what came counts as the least there is', async () => {
    const line = '{"queue_name": "deferred", "arrival_time": 4e9, "recipients": []}\n';
    const { port } = keep(
      await startTcp((socket) => {
        socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n${line.repeat(40)}`));
      }),
    );
    const settings = { source: 'http', url: `http://127.0.0.1:${port}/` };
    const memory: { value?: unknown } = {};
    const { facts, verdict } = await check(settings, { memory });
    expect(facts).toMatchObject({ total: 40, atLeast: true, failure: { code: 'closed' } });
    expect(verdict).toMatchObject({ state: 'unknown', reason: 'closed' });
    expect((await check({ ...settings, countDegraded: 30 }, { memory })).verdict).toMatchObject({ state: 'degraded' });
    expect(memory.value).toEqual([]);
  });
  it('nobody there, and silence', async () => {
    expect((await check({ source: 'http', url: `http://127.0.0.1:${await freePort()}/` })).verdict).toMatchObject({
      state: 'unknown',
      reason: 'refused',
    });
    const { port } = keep(await startTcp(() => {}));
    const { verdict, tookMs } = await check({ source: 'http', url: `http://127.0.0.1:${port}/` }, { timeoutMs: 600 });
    expect(verdict).toMatchObject({ state: 'unknown', reason: 'timeout' });
    expect(tookMs).toBeLessThan(1_000);
  });
});

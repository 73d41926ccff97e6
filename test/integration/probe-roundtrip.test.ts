/** Test messages through a real Postfix and Dovecot, and what is said when one of the two does not do its part. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { probeRoundtrip } from '../../electron/probes/roundtrip.ts';
import { messageOf, tagOf } from '../../electron/probes/roundtrip-message.ts';
import { roundtrip } from '../../shared/checks/roundtrip.ts';
import { type RoundtripConfig, type RoundtripFacts, roundtripConfig } from '../../shared/checks/roundtrip-facts.ts';
import type { Verdict } from '../../shared/model/words.ts';
import { type MailStack, type Mend, startMailStack } from '../support/mail-stack.ts';
import { probeContext } from '../support/probe-context.ts';
import { freePort, scripted } from '../support/web-servers.ts';

const isRoot = process.getuid?.() === 0;
let stack: MailStack;
const mends: Mend[] = [];
type Part = { send?: object; fetch?: object } & Record<string, unknown>;

const settings = ({ send = {}, fetch = {}, ...part }: Part = {}): RoundtripConfig => {
  const { ports, caFile, serverName, mailbox, host } = stack;
  const server = { address: host, caFile, serverName };
  const login = { user: mailbox.user, passwordSecret: 'mail-probe' };
  return roundtripConfig.parse({
    send: { ...server, port: ports.submission, ...login, ...send },
    from: mailbox.address,
    to: mailbox.address,
    fetch: { ...server, port: ports.imaps, ...login, ...fetch },
    slowDegraded: '900ms',
    slowDown: '2s',
    pollEvery: '150ms',
    ...part,
  });
};
const fromOutside = (): object => ({ port: stack.ports.smtp, user: undefined, passwordSecret: undefined });
interface Seen {
  facts: RoundtripFacts;
  verdict: Verdict;
  lines: string[];
}
async function run(part: Part = {}, memory: { value?: unknown } = {}, timeoutMs = 8_000, secret = stack.mailbox.password): Promise<Seen> {
  const config = settings(part);
  const context = probeContext({ timeoutMs, secrets: { 'mail-probe': secret }, memory });
  const facts = await probeRoundtrip(config, context);
  expect(roundtrip.observation.safeParse(facts).error).toBeUndefined();
  return { facts, verdict: roundtrip.judge(facts, config, Date.now()), lines: context.lines };
}
const broken = async (mend: Mend | Promise<Mend>): Promise<void> => void mends.push(await mend);
const mended = async (): Promise<void> => {
  for (const mend of mends.splice(0).reverse()) await mend();
};
const until = async (what: () => boolean): Promise<void> => {
  for (let tries = 0; !what(); tries += 1) {
    if (tries > 400) throw new Error(`it does not come to pass: ${stack.log()}`);
    await wait(20);
  }
};
const doors: Record<string, () => Part> = {
  'submission with STARTTLS, IMAP with TLS': () => ({}),
  'submission with TLS, IMAP with STARTTLS': () => ({
    send: { port: stack.ports.submissions, encryption: 'tls' },
    fetch: { port: stack.ports.imap, encryption: 'starttls' },
  }),
  'submission, POP3 with TLS': () => ({ fetch: { protocol: 'pop3', port: stack.ports.pop3s } }),
  'submission, POP3 with STARTTLS': () => ({ fetch: { protocol: 'pop3', port: stack.ports.pop3, encryption: 'starttls' } }),
  'from outside, IMAP': () => ({ send: fromOutside() }),
};

describe.runIf(isRoot)('round trip', () => {
  beforeAll(async () => {
    stack = await startMailStack();
  });
  afterAll(() => stack?.stop());
  afterEach(async () => {
    await mended();
    // Whatever a test left on its way.
    await until(() => stack.queue().length === 0);
    stack.empty();
  });

  it.each(Object.keys(doors))('goes round: %s', async (name) => {
    const { facts, verdict, lines } = await run(doors[name]?.());
    expect(verdict).toMatchObject({ state: 'ok', reason: 'ok' });
    expect(facts).toMatchObject({ stage: 'done', deleted: true, leftovers: 0, acceptedBy: 'mail.example.net' });
    expect(facts.queueId).toMatch(/^[0-9A-F]{8,}$/);
    expect(facts.hops?.map((hop) => hop.by)).toEqual(['mail.example.net', 'mail.example.net']);
    for (const hop of facts.hops ?? []) expect(hop.seconds).toBeLessThan(3);
    expect(facts.submitMs).toBeGreaterThan(0);
    expect(facts.totalMs).toBeGreaterThanOrEqual(facts.foundMs ?? Number.NaN);
    expect(stack.messages()).toEqual([]);
    expect(JSON.stringify([facts, lines])).not.toContain(stack.mailbox.password);
  });
  it('sends a message that names itself and nobody', async () => {
    await broken(stack.delayDelivery(300));
    const going = run({ slowDown: '1s', slowDegraded: '1s' });
    let text = '';
    await until(() => {
      text ||= stack.messages()[0] ?? '';
      return text !== '';
    });
    await going;
    const config = settings();
    expect(text).toMatch(new RegExp(`\nSubject: Nightdesk probe ${tagOf(config)} [0-9a-z]{6,7} [0-9a-f]{16}\n`));
    expect(text).toContain(`\nX-Nightdesk-Probe: ${tagOf(config)}\n`);
    expect(text).toMatch(/\nAuto-Submitted: auto-generated\n/);
    expect(text).toMatch(/\nDate: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000\n/);
    // Neither was put in by the server, as it does with messages that have none.
    expect(text).toMatch(new RegExp(`\nMessage-ID: <${tagOf(config)}\\.[0-9a-f]{16}@example\\.net>\n`));
  });
  it('goes round by a list that changes the subject', async () => {
    const { facts, verdict } = await run({ to: stack.listAddress, list: true, send: fromOutside() });
    expect(verdict).toMatchObject({ state: 'ok' });
    // In by one server, out to the list, back again, and into the mailbox.
    expect(facts.hops).toHaveLength(3);
    expect(stack.messages()).toEqual([]);
  });
  it('held queue: says how far it got, then tells the late one and removes it', async () => {
    const memory = {};
    await broken(stack.holdQueue());
    const { facts, verdict } = await run({}, memory);
    const [held] = stack.queue();
    expect(held).toMatchObject({ queue_name: 'hold', queue_id: facts.queueId });
    expect(verdict).toEqual({
      state: 'down',
      reason: 'stuck',
      text: `accepted as ${facts.queueId} by mail.example.net, not in the mailbox after 2.0 s`,
    });
    expect(facts).toMatchObject({ stage: 'accepted' });
    const again = await run({}, memory);
    expect(again.verdict.text).toMatch(
      new RegExp(
        `^accepted as ${again.facts.queueId} by mail.example.net, not in the mailbox after 2.0 s; 1 earlier message on the way, the oldest for 4\\.\\d s$`,
      ),
    );
    await mended();
    await until(() => stack.messages().length === 2);
    const after = await run({}, memory);
    expect(after.verdict.state).toBe('ok');
    expect(after.verdict.text).toMatch(/^delivered in \d+ ms; 2 earlier ones came, the slowest after \d+\.\d s$/);
    expect(after.facts).toMatchObject({ leftovers: 2, late: [{ queueId: facts.queueId }, { queueId: again.facts.queueId }] });
    expect(after.facts.missing).toBeUndefined();
    expect(roundtrip.changes(again.facts, after.facts)).toMatchObject([{ code: 'late-mail' }]);
    expect(stack.messages()).toEqual([]);
  });
  it('sends no more when too many are on their way', async () => {
    const memory = {};
    await broken(stack.holdQueue());
    for (let i = 0; i < 5; i += 1) await run({ slowDegraded: '100ms', slowDown: '1s' }, memory, 700);
    const { facts, verdict } = await run({ slowDegraded: '100ms', slowDown: '1s' }, memory, 700);
    expect(facts).toMatchObject({ heldBack: true, missingCount: 5 });
    expect(verdict).toMatchObject({ state: 'down', reason: 'stuck' });
    expect(verdict.text).toMatch(
      /^accepted as [0-9A-F]+ by mail\.example\.net, not in the mailbox after .* s; 4 later messages on the way$/,
    );
    expect(stack.queue()).toHaveLength(5);
  });
  it('deferred delivery is stuck, too', async () => {
    await broken(stack.deferDelivery());
    const { facts, verdict } = await run({ slowDown: '1s' });
    expect(stack.queue()).toMatchObject([{ queue_name: 'deferred', queue_id: facts.queueId }]);
    expect(verdict).toMatchObject({ state: 'down', reason: 'stuck' });
  });
  it.each([
    ['returned to the sender', true],
    ['kept in the queue', false],
  ])('mailbox over quota, mail %s', async (_, bounce) => {
    await broken(stack.overQuota(bounce));
    const { facts, verdict } = await run({ slowDown: '1s' });
    expect(verdict).toMatchObject({
      state: 'down',
      reason: 'stuck',
      text: expect.stringContaining(`accepted as ${facts.queueId} by mail.example.net`),
    });
    await until(() => stack.queue().length === (bounce ? 0 : 1));
    expect(stack.messages()).toEqual([]);
  });
  it('slow delivery', async () => {
    await broken(stack.delayDelivery(1_200));
    const { facts, verdict } = await run({ slowDown: '4s' });
    expect(verdict).toMatchObject({
      state: 'degraded',
      reason: 'slow',
      text: expect.stringMatching(/^delivered after 1\.\d s, more than 900 ms/),
    });
    expect(facts).toMatchObject({ stage: 'done', deleted: true });
  });
  it('a time-out that leaves no time to wait says nothing of delivery', async () => {
    await broken(stack.delayDelivery(1_500));
    const { facts, verdict } = await run({ slowDegraded: '5s', slowDown: '10s' }, {}, 1_000);
    expect(verdict).toMatchObject({ state: 'unknown', reason: 'not-there-yet' });
    expect(facts.waitedMs).toBeLessThan(1_000);
    await until(() => stack.messages().length === 1);
  });
  it('wrong password at submission', async () => {
    const { facts, verdict } = await run({ send: { user: 'stranger@example.net' } });
    expect(verdict).toMatchObject({ state: 'unknown', reason: 'cannot-send', text: expect.stringContaining('log-in refused') });
    expect(facts).toMatchObject({ stage: 'submit', failedAt: 'send' });
  });
  it('server that takes no mail', async () => {
    await broken(stack.turnAway());
    expect((await run({ send: fromOutside() })).verdict).toMatchObject({ state: 'unknown', reason: 'cannot-send' });
  });
  it('greylisting', async () => {
    await broken(stack.greylist(1_000));
    const put = await run({ send: fromOutside() });
    expect(put.verdict).toMatchObject({ state: 'unknown', reason: 'cannot-send', text: expect.stringContaining('450 4.2.0') });
    await wait(1_000);
    expect((await run({ send: fromOutside() })).verdict.state).toBe('ok');
  });
  it('Dovecot stopped: nothing is sent, and nothing said of delivery', async () => {
    await stack.stopDovecot();
    mends.push(() => stack.startDovecot());
    const { facts, verdict } = await run({ send: fromOutside() });
    expect(verdict).toMatchObject({ state: 'unknown', reason: 'cannot-read' });
    expect(facts).toMatchObject({ failedAt: 'read', failure: { code: 'refused' } });
    expect(stack.queue()).toEqual([]);
  });
  it('Dovecot stopped while the message is on its way', async () => {
    await broken(stack.delayDelivery(600));
    const going = run({ send: fromOutside(), slowDown: '2s' });
    await until(() => stack.queue().length === 1);
    await stack.stopDovecot();
    mends.push(() => stack.startDovecot());
    const { facts, verdict } = await going;
    expect(verdict).toMatchObject({
      state: 'unknown',
      reason: 'cannot-read',
      text: expect.stringContaining(`accepted as ${facts.queueId}`),
    });
  });
  it('Dovecot started anew while the message is on its way', async () => {
    await broken(stack.delayDelivery(900));
    const going = run({ send: fromOutside(), slowDown: '4s', slowDegraded: '4s' });
    await wait(300);
    await stack.stopDovecot();
    await stack.startDovecot();
    expect((await going).verdict.state).toBe('ok');
  });
  it('log-ins that hang while the message is on its way', async () => {
    await broken(stack.delayDelivery(500));
    const going = run({ send: fromOutside(), fetch: { protocol: 'pop3', port: stack.ports.pop3s } }, {}, 3_000);
    await until(() => stack.queue().length === 1);
    await broken(stack.stallAuth());
    const { facts, verdict } = await going;
    expect(verdict).toMatchObject({
      state: 'unknown',
      reason: 'cannot-read',
      text: expect.stringContaining(`accepted as ${facts.queueId}`),
    });
  });
  it('a server that takes the message and never says so', async () => {
    const server = await scripted((socket) => {
      const answers = ['250 hi', '250 ok', '250 ok', '354 go on'];
      socket.write('220 <b>mail</b>.example.net ready\r\n');
      socket.on('data', () => void (answers.length > 0 && socket.write(`${answers.shift()}\r\n`)));
    });
    mends.push(server.stop);
    const { facts, verdict } = await run({ send: { ...fromOutside(), port: server.port, encryption: 'none' } }, {}, 1_000);
    expect(verdict).toMatchObject({ state: 'unknown', reason: 'cannot-send' });
    expect(facts).toMatchObject({ stage: 'submit', failure: { code: 'timeout' } });
  });
  it('a server whose words are not what they seem', async () => {
    const server = await scripted((socket) => {
      const answers = ['250 hi', '250 ok', '250 ok', '354 go on', '250 Ok: queued as <img src=x>\u001b[31m\u202e'];
      socket.write('220 <b>mail</b> ready\r\n');
      socket.on('data', () => void (answers.length > 0 && socket.write(`${answers.shift()}\r\n`)));
    });
    mends.push(server.stop);
    const { facts, verdict } = await run({ send: { ...fromOutside(), port: server.port, encryption: 'none' }, slowDown: '1s' });
    expect(facts).toMatchObject({ stage: 'accepted', acceptedBy: '127.0.0.1', reply: 'Ok: queued as <img src=x>' });
    expect(facts.queueId).toBeUndefined();
    expect(verdict.text).toBe('accepted by 127.0.0.1, not in the mailbox after 1.0 s');
  });
  it('log-ins of readers broken', async () => {
    await broken(stack.breakAuth());
    expect((await run({ send: fromOutside() })).verdict).toMatchObject({ state: 'unknown', reason: 'cannot-read' });
  });
  it('a certificate that is not good', async () => {
    await stack.certificate('expired');
    mends.push(() => stack.certificate('good'));
    expect((await run()).verdict).toMatchObject({ state: 'unknown', reason: 'cannot-read' });
    expect((await run({ fetch: { certificate: 'any' } })).verdict).toMatchObject({ state: 'unknown', reason: 'cannot-send' });
    expect((await run({ fetch: { certificate: 'any' }, send: { certificate: 'any' } })).verdict.state).toBe('ok');
  });
  it.each(['imap', 'pop3'] as const)('removes what earlier runs left, and nothing else, by %s', async (protocol) => {
    const fetch = protocol === 'imap' ? {} : { protocol, port: stack.ports.pop3s };
    const config = settings({ fetch });
    const tag = tagOf(config);
    const ours = (ageMs: number, from = tag): string => messageOf(config, from, '0123456789abcdef', Date.now() - ageMs);
    const minute = 60_000;
    for (let i = 0; i < 3; i += 1) stack.put(ours(5 * minute));
    stack.put(ours(2 * 86_400_000, 'aaaaaaaaaaaa'));
    const kept = [
      // Another desk's that is on its way; one just sent; an answer to one of ours; somebody's own.
      ours(5 * minute, 'bbbbbbbbbbbb'),
      ours(1_000),
      ours(5 * minute).replace('Subject: ', 'Subject: Re: '),
      ours(5 * minute).replace(/^X-Nightdesk-Probe: .*\r\n/m, ''),
      'From: a@example.net\r\nSubject: Nightdesk probe\r\n\r\nhello\r\n',
    ];
    for (const text of kept) stack.put(text);
    const { facts, verdict } = await run({ fetch });
    expect(verdict.state).toBe('ok');
    expect(facts.leftovers).toBe(4);
    expect(stack.messages().toSorted()).toEqual(kept.toSorted());
  });
  it.each(['imap', 'pop3'] as const)('says so when messages cannot be removed by %s', async (protocol) => {
    writeFileSync(join(stack.folder, 'rights'), '* owner lrwsik\n');
    await stack.setDovecot(['mail_plugins = acl', `plugin {\n acl = vfile:${stack.folder}/rights\n}`]);
    mends.push(() => stack.setDovecot([]));
    const fetch = protocol === 'imap' ? {} : { protocol, port: stack.ports.pop3s };
    const { facts, verdict, lines } = await run({ fetch });
    expect(lines.join()).toMatch(/cannot be removed/);
    expect(facts).toMatchObject({ stage: 'delivered', deleted: false });
    expect(verdict).toMatchObject({ state: 'degraded', reason: 'not-removed' });
  });
});

describe.runIf(isRoot)('round trip with a small disk', () => {
  beforeAll(async () => {
    stack = await startMailStack({ smallDisk: { mailKb: 512, queueKb: 2_048 }, postfix: ['message_size_limit = 100000'] });
  });
  afterAll(() => stack?.stop());
  afterEach(mended);

  it('disk of the mailboxes full: says under which name the message waits', async () => {
    expect((await run()).verdict.state).toBe('ok');
    // As between two runs: Dovecot has written down what there is, and a full disk does not keep it from opening the mailbox.
    await wait(2_500);
    expect((await run({ send: { port: await freePort() } })).verdict.reason).toBe('cannot-send');
    const memory = {};
    await broken(stack.fillDisk('mail'));
    const { facts, verdict } = await run({ slowDown: '1s' }, memory);
    expect(verdict).toMatchObject({ state: 'down', reason: 'stuck' });
    // It may just be tried again.
    expect(stack.queue()).toMatchObject([{ queue_id: facts.queueId, queue_name: expect.stringMatching(/^(active|deferred)$/) }]);
    await mended();
    await until(() => stack.messages().length === 1);
    expect((await run({}, memory)).facts).toMatchObject({ stage: 'done', late: [{ queueId: facts.queueId }] });
    expect(stack.messages()).toEqual([]);
  });
  it('disk of the mailboxes full and the mailbox shut by it: nothing is said of delivery', async () => {
    expect((await run()).verdict.state).toBe('ok');
    await broken(stack.fillDisk('mail'));
    const { facts, verdict } = await run();
    expect(verdict).toMatchObject({ state: 'unknown', reason: 'cannot-read' });
    expect(facts.failure?.code).toBe('server-error');
  });
  it('disk of the queue full: nothing can be handed in', async () => {
    await broken(stack.fillDisk('queue'));
    const { verdict } = await run({ send: fromOutside() });
    expect(verdict).toMatchObject({ state: 'unknown', reason: 'cannot-send', text: expect.stringContaining('452 4.3.1') });
  });
});

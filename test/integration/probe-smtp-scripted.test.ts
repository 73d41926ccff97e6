import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { probeSmtp } from '../../electron/probes/smtp.ts';
import { smtp } from '../../shared/checks/smtp.ts';
import type { SmtpConfig } from '../../shared/checks/smtp-settings.ts';
import { probeContext } from '../support/probe-context.ts';
import { type Started, startTcp } from '../support/servers.ts';
import { type CertificateFiles, makeAuthority, removeFolder, webFolder } from '../support/web-servers.ts';

const folder = webFolder();
let good: CertificateFiles;
let caFile: string;
beforeAll(() => {
  const authority = makeAuthority(folder);
  caFile = authority.caFile;
  good = authority.issue('good', { altNames: 'IP:127.0.0.1', fromDays: -1, toDays: 60 });
});
afterAll(() => removeFolder(folder));
const started: Started[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

type Answer = string | Buffer | null | ((socket: Socket) => void);
type Answers = Record<string, Answer | undefined>;
const plain: Answers = {
  greeting: '220 mail.example.net ESMTP\r\n',
  EHLO: '250-mail.example.net\r\n250 HELP\r\n',
  MAIL: '250 ok\r\n',
  RCPT: '250 ok\r\n',
  RSET: '250 ok\r\n',
  QUIT: '221 bye\r\n',
};

/** Answers each command by its first word; null = never. STARTTLS answered by "220" begins TLS. */
async function scripted(answers: Answers, lines: string[] = []): Promise<number> {
  const script = { ...plain, ...answers };
  const server = await startTcp((first) => {
    let socket: Socket = first;
    const say = (answer: Answer | undefined): void => {
      if (typeof answer === 'function') answer(socket);
      else if (answer !== null) socket.write(answer ?? '502 what?\r\n');
    };
    const onData = (chunk: Buffer): void => {
      for (const line of chunk.toString('latin1').split('\r\n').filter(Boolean)) {
        lines.push(line);
        const word = line.split(' ')[0] as string;
        const encrypted = socket === first ? '' : '+';
        const answer =
          `${encrypted}${word}` in script ? script[`${encrypted}${word}`] : word in script ? script[word] : (script.other ?? undefined);
        say(answer);
        if (word !== 'STARTTLS' || !String(answer).startsWith('220')) continue;
        first.off('data', onData);
        socket = new TLSSocket(first, {
          isServer: true,
          secureContext: createSecureContext({ cert: readFileSync(good.certificate), key: readFileSync(good.key) }),
        });
        socket.on('error', () => {}).on('data', onData);
      }
    };
    first.on('data', onData);
    say(script.greeting);
  });
  started.push(server);
  return server.port;
}

async function check(
  answers: Answers,
  settings: Record<string, unknown> = {},
  options: { timeoutMs?: number; memory?: { value?: unknown } } = {},
) {
  const lines: string[] = [];
  const port = await scripted(answers, lines);
  const config = smtp.config.parse({
    address: '127.0.0.1',
    port,
    encryption: 'none',
    recipient: 'probe@example.net',
    caFile,
    ...settings,
  }) as SmtpConfig;
  const context = probeContext({
    timeoutMs: options.timeoutMs ?? 2_000,
    secrets: { mail: 'pass word é' },
    ...(options.memory ? { memory: options.memory } : {}),
  });
  const begin = performance.now();
  const facts = await probeSmtp(config, context);
  const tookMs = performance.now() - begin;
  expect(() => smtp.observation.parse(facts)).not.toThrow();
  expect(JSON.stringify([facts, context.lines])).not.toMatch(/pass word|cGFzcyB3b3Jk/);
  return { facts, verdict: smtp.judge(facts, config, Date.now()), tookMs, lines, context };
}
const noise = '<b>\x00\x1b[31m\xff\u202e</b>';
const lots = 'x'.repeat(1_048_576);
/** A line of its own for ever, as fast as it goes. */
const endless =
  (line: string) =>
  (socket: Socket): void => {
    const more = (): void => {
      while (!socket.destroyed && socket.write(line.repeat(100)));
    };
    socket.on('drain', more);
    more();
  };

describe('a version of IP that a server need not have', () => {
  const look = (settings: object) => probeSmtp(smtp.config.parse({ encryption: 'none', ...settings }) as SmtpConfig, probeContext());
  it.each([
    ['is no fault where the name has no such address', { address: '127.0.0.1', family: 6, whereFound: true, port: 1 }, { noAddress: true }],
    [
      'is a fault where somebody said that it has one',
      { address: '127.0.0.1', family: 6, port: 1 },
      { failure: { code: 'name-not-found' } },
    ],
    ['is looked at where it is there', { address: '127.0.0.1', family: 4, whereFound: true, port: 1 }, { failure: { code: 'refused' } }],
    [
      'is a fault where the name is not there at all',
      { address: 'nobody.invalid', family: 6, whereFound: true, port: 1 },
      { stage: 'connect' },
    ],
  ])('%s', async (_, settings, expected) => {
    expect(await look(settings)).toMatchObject(expected);
  });
  it('cannot be told for a name that is nowhere', async () => {
    expect((await look({ address: 'nobody.invalid', family: 6, whereFound: true })).noAddress).toBeUndefined();
  });
});

describe('bad servers', () => {
  it.each<[string, Answers, string, string]>([
    ['says nothing', { greeting: null }, 'down', 'no-greeting'],
    ['stops in its greeting', { greeting: '220-mail.exam' }, 'down', 'stalled'],
    ['stops in a greeting of several lines', { greeting: '220-mail.example.net\r\n' }, 'down', 'stalled'],
    ['stops in its answer to EHLO', { EHLO: '250-mail.example.net\r\n250-SI' }, 'down', 'stalled'],
    ['stops in its answer to RCPT', { RCPT: '25' }, 'down', 'stalled'],
    ['never answers EHLO', { EHLO: null }, 'down', 'no-answer'],
    ['never answers RCPT', { RCPT: null }, 'down', 'no-answer'],
    ['hangs up at once', { greeting: (socket) => socket.end() }, 'down', 'closed'],
    ['hangs up at EHLO', { EHLO: (socket) => socket.end() }, 'down', 'closed'],
    ['hangs up in mid-answer', { RCPT: (socket) => socket.end('250') }, 'down', 'closed'],
    ['breaks off', { MAIL: (socket) => socket.resetAndDestroy() }, 'down', 'reset'],
    ['is an ssh server', { greeting: 'SSH-2.0-OpenSSH_9.2p1\r\n' }, 'down', 'protocol'],
    ['is an IMAP server', { greeting: '* OK IMAP4rev1 ready\r\n' }, 'down', 'protocol'],
    ['sends a line of 1 MB', { greeting: lots }, 'down', 'too-large'],
    ['sends a good line of 1 MB', { EHLO: `250 ${lots}\r\n` }, 'down', 'too-large'],
    ['greets without end', { greeting: endless('220-again\r\n') }, 'down', 'too-large'],
    ['says EHLO without end', { EHLO: endless('250-AGAIN\r\n') }, 'down', 'too-large'],
    ['sends zeros without end', { greeting: endless('\0') }, 'down', 'too-large'],
    ['answers before it is asked', { greeting: '220 a\r\n250 b\r\n' }, 'down', 'protocol'],
    ['answers twice', { EHLO: '250 a\r\n250 b\r\n' }, 'down', 'protocol'],
    ['begins an answer nobody asked for', { EHLO: '250 a\r\n25' }, 'down', 'protocol'],
    ['is about to shut down', { EHLO: '250 a\r\n421 4.3.2 shutting down\r\n' }, 'down', 'not-available'],
    ['says 421 at RCPT', { RCPT: (socket) => socket.end('421 4.3.2 shutting down\r\n') }, 'down', 'not-available'],
    ['is full', { greeting: '421 4.3.2 All server ports are busy\r\n' }, 'down', 'not-available'],
    ['knows nobody', { greeting: '554 No SMTP service here\r\n' }, 'down', 'no-service'],
    ['postscreen turns us away after its first line', { greeting: '220-mail.example.net\r\n521 5.7.1 blocked\r\n' }, 'unknown', 'turned-away'],
    ['wants no greeting of ours', { EHLO: '550 5.7.1 go away\r\n', HELO: '550 go away\r\n' }, 'down', 'hello-refused'],
    ['refuses the null sender', { MAIL: '550 5.1.0 no\r\n' }, 'down', 'sender-refused'],
    ['wants a log-in', { MAIL: '530 5.7.0 Authentication required\r\n' }, 'down', 'login-required'],
    ['has a broken filter', { RCPT: '451 4.3.0 lookup failed\r\n' }, 'down', 'temporary-fault'],
    ['puts newcomers off', { RCPT: '451 4.7.1 Greylisting in action\r\n' }, 'unknown', 'greylisted'],
    ['is full of noise', { greeting: `220 ${noise}\r\n`, EHLO: `250-${noise}\r\n250 ${noise}\r\n`, RCPT: `550 5.1.1 ${noise}\r\n` }, 'down', 'recipient-refused'],
  ])('%s', async (_, answers, state, reason) => {
    const { verdict, facts, tookMs } = await check(answers, {}, { timeoutMs: 400 });
    expect([verdict.state, verdict.reason]).toEqual([state, reason]);
    expect(tookMs).toBeLessThan(1_500);
    expect(JSON.stringify([verdict, smtp.facts(facts), smtp.explain(facts, verdict, smtp.config.parse({ address: '127.0.0.1' }) as SmtpConfig)])).not.toMatch(/\\u0000|\\u001b|\u202e/);
  }); // biome-ignore format: a table

  it('shows HTML as the text it is', async () => {
    const { facts, verdict } = await check({ greeting: '220 <img src=x onerror=alert(1)>\r\n', RCPT: '550 <script>\r\n' });
    expect(facts.banner).toBe('<img src=x onerror=alert(1)>');
    expect(verdict.text).toContain('<script>');
  });
  it('talks to one that knows no EHLO', async () => {
    const { verdict, lines } = await check({ EHLO: '502 what?\r\n', HELO: '250 hello\r\n' });
    expect(verdict.state).toBe('ok');
    expect(lines.slice(0, 2)).toEqual(['EHLO [127.0.0.1]', 'HELO [127.0.0.1]']);
  });
  it('greets by the name that it is given, and says good-bye', async () => {
    const { lines } = await check({}, { helo: 'desk.example.net', sender: 'a@example.net' });
    await expect.poll(() => lines.at(-1)).toBe('QUIT');
    expect(lines.slice(0, -1)).toEqual(['EHLO desk.example.net', 'MAIL FROM:<a@example.net>', 'RCPT TO:<probe@example.net>', 'RSET']);
  });
  it('keeps what EHLO says within bounds', async () => {
    const { facts } = await check({
      EHLO: `250-a\r\n${Array.from({ length: 150 }, (_, n) => `250-X${n} ${'y'.repeat(300)}\r\n`).join('')}250-AUTH ${Array.from({ length: 100 }, (_, n) => `M${n}`).join(' ')}\r\n250 END\r\n`,
    });
    expect(facts.extensions).toHaveLength(40);
    expect(facts.mechanisms).toHaveLength(20);
    expect(Math.max(...(facts.extensions ?? []).map((it) => it.length))).toBeLessThanOrEqual(60);
  });
  it('is bounded in time by a trickle', async () => {
    const { verdict, tookMs } = await check(
      {
        greeting: (socket) => {
          const timer = setInterval(() => (socket.destroyed ? clearInterval(timer) : socket.write('220-a\r\n')), 20);
        },
      },
      {},
      { timeoutMs: 500 },
    );
    expect(verdict.reason).toBe('stalled');
    expect(tookMs).toBeLessThan(900);
  });
});

describe('encryption', () => {
  const offers: Answers = { EHLO: '250-mail.example.net\r\n250 STARTTLS\r\n', '+EHLO': '250-mail.example.net\r\n250 AUTH PLAIN\r\n' };
  const starttls = { encryption: 'starttls' };
  it('begins', async () => {
    const { verdict, facts } = await check({ ...offers, STARTTLS: '220 go\r\n' }, starttls);
    expect(verdict.state).toBe('ok');
    expect(facts).toMatchObject({
      starttls: true,
      mechanisms: ['PLAIN'],
      plainAuthOffered: false,
      protocol: expect.stringMatching(/^TLS/),
    });
  });
  it.each([
    ['a whole answer', '220 go\r\n250-evil\r\n250 AUTH PLAIN\r\n'],
    ['the beginning of one', '220 go\r\n250-ev'],
    ['a single byte', '220 go\r\n2'],
  ])('words smuggled in before it are refused: %s', async (_, answer) => {
    const { verdict, facts, lines } = await check({ ...offers, STARTTLS: answer }, { ...starttls, user: 'probe', passwordSecret: 'mail' });
    expect(verdict).toMatchObject({ state: 'down', reason: 'protocol' });
    expect(facts.login).toBeUndefined();
    expect(lines.join()).not.toContain('AUTH');
  });
  it.each([
    ['refused', '454 4.7.0 TLS not available\r\n', 'starttls-refused'],
    ['unknown', '502 what?\r\n', 'starttls-refused'],
    ['no TLS behind it', (socket: Socket) => socket.write('220 go\r\n') && setTimeout(() => socket.write('250 no\r\n'), 50), 'tls'],
    ['silence behind it', (socket: Socket) => void socket.removeAllListeners('data').resume().write('220 go\r\n'), 'no-answer'],
    ['hangs up behind it', (socket: Socket) => void socket.end('220 go\r\n'), '(closed|reset)'],
  ] as [string, Answer, string][])('%s', async (_, answer, reason) => {
    const { verdict } = await check({ ...offers, STARTTLS: answer }, { ...starttls, requireTls: true }, { timeoutMs: 500 });
    expect(verdict).toMatchObject({ state: 'down', reason: expect.stringMatching(`^${reason}$`) });
  });
  it('mail goes on in the clear where a server cannot encrypt', async () => {
    const { verdict, facts } = await check({ ...offers, STARTTLS: '454 4.7.0 TLS not available\r\n' }, starttls);
    expect(verdict).toMatchObject({ state: 'degraded', reason: 'starttls-refused' });
    expect(facts.recipient).toBe('accepted');
  });
});

describe('log-in', () => {
  const settings = (name: string, more = {}) => ({
    user: `${name}@example.net`,
    passwordSecret: 'mail',
    requireTls: false,
    recipient: undefined,
    ...more,
  });
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const offering = (ways: string, more: Answers): Answers => ({ EHLO: `250-a\r\n250 AUTH ${ways}\r\n`, ...more });
  const say = (text: string): string => `334 ${base64(text)}\r\n`;

  it('PLAIN', async () => {
    const { verdict, lines } = await check(offering('PLAIN', { AUTH: '235 ok\r\n' }), settings('plain'));
    expect(verdict.state).toBe('ok');
    expect(lines).toContain(`AUTH PLAIN ${base64('\0plain@example.net\0pass word é')}`);
  });
  it('LOGIN', async () => {
    const steps = [say('Password:'), '235 ok\r\n'];
    const { verdict, lines } = await check(
      offering('LOGIN', { AUTH: say('Username:'), other: (socket) => void socket.write(steps.shift() ?? '') }),
      settings('login'),
    );
    expect(verdict.state).toBe('ok');
    expect(lines).toEqual(expect.arrayContaining(['AUTH LOGIN', base64('login@example.net'), base64('pass word é')]));
  });
  it('CRAM-MD5, before the others where nothing is encrypted', async () => {
    const { facts, lines } = await check(offering('PLAIN CRAM-MD5', { AUTH: say('<1@a>'), other: '235 ok\r\n' }), settings('cram'));
    expect(facts).toMatchObject({ login: 'accepted', mechanism: 'CRAM-MD5' });
    expect(lines).toContain(base64(`cram@example.net ${createHmac('md5', 'pass word é').update('<1@a>').digest('hex')}`));
  });
  it('no password is sent where encryption is wanted and there is none', async () => {
    const { verdict, lines } = await check(offering('PLAIN', { MAIL: '530 no\r\n' }), settings('none', { requireTls: undefined }));
    expect(verdict).toMatchObject({ state: 'degraded', reason: 'login-before-encryption' });
    expect(lines.join()).not.toContain('AUTH');
  });
  it.each<[string, Answers, string, string | undefined]>([
    ['535', { AUTH: '535 5.7.8 no\r\n' }, 'login-refused', 'refused'],
    ['550', { AUTH: '550 locked\r\n' }, 'login-refused', 'refused'],
    ['454', { AUTH: '454 4.7.0 Temporary authentication failure\r\n' }, 'login-failed', undefined],
    ['421', { AUTH: '421 4.7.0 too many errors\r\n' }, 'not-available', undefined],
    ['504', { AUTH: '504 5.5.4 no such way\r\n' }, 'login-failed', undefined],
    ['538', { AUTH: '538 encryption required\r\n' }, 'login-failed', undefined],
    ['334 without end', { AUTH: '334 \r\n' }, 'login-failed', undefined],
    ['hangs up', { AUTH: (socket) => void socket.end() }, 'closed', undefined],
    ['hangs', { AUTH: null }, 'no-answer', undefined],
  ])('%s', async (name, answers, reason, login) => {
    const { verdict, facts } = await check(offering('PLAIN', answers), settings(`r${name.replace(/\W/g, '')}`), { timeoutMs: 400 });
    expect(verdict).toMatchObject({ state: 'down', reason });
    expect(facts.login).toBe(login);
    expect(facts.refusals).toBe(login === 'refused' ? 1 : undefined);
  });
  it('ways that are not known here', async () => {
    const { verdict } = await check(offering('XOAUTH2 <b>', {}), settings('oauth'));
    expect(verdict).toMatchObject({ reason: 'login-not-offered', text: expect.stringContaining('XOAUTH2') });
  });
  it('the old way to write it', async () => {
    const { facts } = await check({ EHLO: '250-a\r\n250-AUTH=LOGIN PLAIN\r\n250 AUTH LOGIN\r\n', AUTH: '235 ok\r\n' }, settings('old'));
    expect(facts.mechanisms).toEqual(['LOGIN', 'PLAIN']);
  });
});

describe('strangers', () => {
  const relayTo = 'stranger@example.com';
  const byName =
    (stranger: string, lines: string[]): Answer =>
    (socket) =>
      void socket.write(lines.at(-1)?.includes(relayTo) ? stranger : '250 ok\r\n');
  async function meet(stranger: string, memory: { value?: unknown } = {}) {
    const lines: string[] = [];
    const port = await scripted({ RCPT: byName(stranger, lines) }, lines);
    const config = smtp.config.parse({
      address: '127.0.0.1',
      port,
      encryption: 'none',
      recipient: 'probe@example.net',
      relayTo,
    }) as SmtpConfig;
    const facts = await probeSmtp(config, probeContext({ timeoutMs: 500, memory }));
    return { facts, verdict: smtp.judge(facts, config, Date.now()), asked: lines.filter((line) => line.includes(relayTo)).length, lines };
  }
  it('are refused, whatever name they give', async () => {
    const memory = {};
    const { facts, asked, lines } = await meet('554 5.7.1 no\r\n', memory);
    expect([facts.relay, facts.relayReply, asked]).toEqual(['refused', '554 5.7.1 no', 2]);
    expect(lines).toContain('MAIL FROM:<probe@example.net>');
    expect(lines.join()).not.toContain('DATA');
    expect((await meet('250 ok\r\n', memory)).asked).toBe(0);
  });
  it('are let in', async () => {
    expect((await meet('250 2.1.5 ok\r\n')).verdict).toMatchObject({ state: 'degraded', reason: 'open-relay' });
  });
  it('put off are asked for again', async () => {
    const memory = {};
    const { facts, verdict } = await meet('450 4.2.0 later\r\n', memory);
    expect([facts.relay, verdict.state]).toEqual(['unclear', 'ok']);
    expect((await meet('250 ok\r\n', memory)).verdict.reason).toBe('open-relay');
  });
  it.each<[string, string, string]>([
    ['a refusal', '550 5.7.1 go away\r\n', 'refused'],
    ['421', '421 4.7.0 too many errors\r\n', 'unclear'],
  ])('whom the server hangs up on after %s leave the log-in to be looked at over another connection', async (_, said, plainMail) => {
    const drop: Answer = (socket) => void socket.end(said);
    const answers: Answers = {
      EHLO: '250-mail.example.net\r\n250 STARTTLS\r\n',
      '+EHLO': '250-mail.example.net\r\n250 AUTH PLAIN\r\n',
      STARTTLS: '220 go\r\n',
      RCPT: drop,
      '+RCPT': '250 ok\r\n',
      AUTH: '235 2.7.0 welcome\r\n',
    };
    const user = { user: `dropped-${plainMail}@example.net`, passwordSecret: 'mail', recipient: 'probe@example.net' };
    const { verdict, facts } = await check(answers, { encryption: 'starttls', certificate: 'any', ...user }, { memory: {} });
    expect(facts).toMatchObject({ login: 'accepted', plainMail });
    expect(verdict.state).toBe('ok');
  });
  it('put off by silence leave what is known of the mailbox', async () => {
    const { verdict, facts } = await meet('');
    expect(facts.recipient).toBe('accepted');
    expect(verdict).toMatchObject({ state: 'unknown', reason: 'no-answer' });
  });
});

it('leaves no connection behind', async () => {
  let open = 0;
  const server = await startTcp((socket) => {
    open += 1;
    socket.on('close', () => {
      open -= 1;
    });
    socket.write('220 a\r\n');
    socket.on('data', () => socket.write('250 ok\r\n'));
  });
  started.push(server);
  const config = smtp.config.parse({ address: '127.0.0.1', port: server.port, encryption: 'none' }) as SmtpConfig;
  await Promise.all(Array.from({ length: 20 }, () => probeSmtp(config, probeContext())));
  await expect.poll(() => open, { timeout: 2_000 }).toBe(0);
});

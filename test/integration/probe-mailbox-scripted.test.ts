import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { hostile } from '../support/hostile-text.ts';
import { type MailboxType, type Say, startScripted, tryMailbox } from '../support/mailbox-scripts.ts';
import { freePort, type Started, startTcp } from '../support/servers.ts';

const started: Started[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});
const serve = async (greeting: string | Buffer | null, answers: Record<string, Say> = {}) => {
  const server = await startScripted(greeting, answers);
  started.push(server);
  return server;
};
let users = 0;
/** An account of its own for each test: the guard remembers refusals. */
const login = () => ({ encryption: 'none', user: `u${++users}@example.net`, passwordSecret: 'word' });

const imapReady = '* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR UIDPLUS] ready\r\n';
const imapGood: Record<string, Say> = {
  'AUTHENTICATE PLAIN ': '$ OK [CAPABILITY IMAP4rev1 UIDPLUS] in\r\n',
  STATUS: '* STATUS INBOX (UNSEEN 1)\r\n$ OK\r\n',
  EXAMINE: '* FLAGS (\\Seen)\r\n* 2 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT 9] n\r\n$ OK [READ-ONLY] open\r\n',
  FETCH: '* 1 FETCH (INTERNALDATE "20-Nov-2026 12:00:00 +0000")\r\n* 2 FETCH (INTERNALDATE "20-Nov-2026 13:00:00 +0000")\r\n$ OK\r\n',
};
const popReady = '+OK ready\r\n';
const popGood: Record<string, Say> = {
  CAPA: '+OK\r\nUSER\r\nUIDL\r\nTOP\r\n.\r\n',
  USER: '+OK\r\n',
  PASS: '+OK in\r\n',
  STAT: '+OK 2 320\r\n',
};
const sieveReady = '"IMPLEMENTATION" "It"\r\n"SASL" "PLAIN"\r\n"SIEVE" "fileinto"\r\nOK "ready"\r\n';
const sieveGood: Record<string, Say> = { AUTHENTICATE: 'OK\r\n', LISTSCRIPTS: '"one"\r\n"two" ACTIVE\r\nOK\r\n' };

describe('all goes well', () => {
  it('imap', async () => {
    const { port } = await serve(imapReady, imapGood);
    const now = Date.parse('2026-11-20T14:00:00Z');
    const { verdict, facts } = await tryMailbox('imap', { ...login(), port, oldestDegraded: '3h' }, { now });
    expect(verdict).toMatchObject({ state: 'ok', reason: 'ok' });
    expect(facts).toMatchObject({
      stage: 'done',
      messages: 2,
      unseen: 1,
      oldestAt: now - 2 * 3_600_000,
      newestAt: now - 3_600_000,
      login: 'accepted',
    });
  });
  it('pop3', async () => {
    const { port } = await serve(popReady, popGood);
    const { verdict, facts } = await tryMailbox('pop3', { ...login(), port });
    expect(verdict.text).toMatch(/^the mailbox opens in .*, 2 messages$/);
    expect(facts).toMatchObject({ stage: 'done', messages: 2, bytes: 320, plainLogin: true });
  });
  it('sieve', async () => {
    const { port } = await serve(sieveReady, sieveGood);
    const { verdict, facts } = await tryMailbox('sieve', { ...login(), port });
    expect(verdict.state).toBe('ok');
    expect(facts).toMatchObject({ stage: 'done', scripts: 2, active: 'two', banner: 'It' });
  });
  it('in single bytes', async () => {
    const slow = await startTcp((socket) => {
      void (async () => {
        for (const char of imapReady) {
          socket.write(char);
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      })();
    });
    started.push(slow);
    expect((await tryMailbox('imap', { encryption: 'none', port: slow.port })).verdict).toMatchObject({
      state: 'ok',
      text: expect.stringContaining('nobody logged in'),
    });
  });
  it('without a log-in, what only an account can see is unknown', async () => {
    const { port } = await serve(imapReady);
    expect((await tryMailbox('imap', { encryption: 'none', port })).verdict.state).toBe('ok');
    expect((await tryMailbox('imap', { encryption: 'none', port, countDown: 5 })).verdict).toMatchObject({
      state: 'unknown',
      reason: 'backlog-unknown',
    });
  });
  it('a server older than CAPABILITY in its greeting, without SASL-IR, or without AUTH=PLAIN', async () => {
    const asked = await serve('* OK hi\r\n', {
      ...imapGood,
      CAPABILITY: '* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n$ OK\r\n',
      'AUTHENTICATE PLAIN ': '$ BAD not so\r\n',
      AUTHENTICATE: '+ \r\n',
      AHU: 'n2 OK [CAPABILITY IMAP4rev1] in\r\n',
    });
    expect((await tryMailbox('imap', { ...login(), port: asked.port })).verdict.state).toBe('ok');
    expect(asked.heard.slice(0, 2)).toEqual(['n1 CAPABILITY', 'n2 AUTHENTICATE PLAIN']);
    const plain = await serve('* OK [CAPABILITY IMAP4rev1] hi\r\n', {
      ...imapGood,
      LOGIN: '$ OK\r\n',
      CAPABILITY: '* CAPABILITY IMAP4rev1\r\n$ OK\r\n',
    });
    expect((await tryMailbox('imap', { ...login(), port: plain.port })).verdict.state).toBe('ok');
    expect(plain.heard[0]).toMatch(/^n1 LOGIN "u\d+@example.net" "right-word"$/);
  });
});

const flood = (piece: string | Buffer) => (_: string, socket: Socket) => {
  const more = (): void => {
    while (!socket.destroyed && socket.write(piece));
    socket.once('drain', more);
  };
  more();
};
const million = 'x'.repeat(1_000_000);

type Case = [name: string, greeting: string | Buffer | null, answers: Record<string, Say>, state: string, reason: string];
const imapCases: Case[] = [
  ['says nothing', null, {}, 'down', 'no-greeting'],
  ['another protocol', '220 mail.example.net ESMTP\r\n', {}, 'down', 'protocol'],
  ['HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n', {}, 'down', 'protocol'],
  ['garbage', randomBytes(4_000), {}, 'down', 'protocol'],
  ['NUL and 8-bit', Buffer.from('\0\xff\xfe\0\n', 'latin1'), {}, 'down', 'protocol'],
  ['a line of 1 MB', `* OK ${million}\r\n`, {}, 'down', 'too-large'],
  ['a line that never ends', `* OK ${'x'.repeat(70_000)}`, {}, 'down', 'too-large'],
  ['hangs up at once: BYE', '* BYE [UNAVAILABLE] too many users\r\n', {}, 'down', 'server-unavailable'],
  ['BYE without a reason', '* BYE\r\n', {}, 'down', 'server-error'],
  ['an answer instead of a greeting', 'n1 OK hello\r\n', {}, 'down', 'protocol'],
  ['never says what it can do', '* OK hi\r\n', {}, 'down', 'stalled'],
  ['refuses CAPABILITY', '* OK hi\r\n', { CAPABILITY: '$ BAD no\r\n' }, 'down', 'server-error'],
  ['endless untagged replies', '* OK hi\r\n', { CAPABILITY: flood('* 1 EXISTS\r\n'.repeat(1_000)) }, 'down', 'too-large'],
  ['endless replies of one byte', '* OK hi\r\n', { CAPABILITY: flood('\n'.repeat(10_000)) }, 'down', 'protocol'],
  ['the tagged reply of another command', '* OK hi\r\n', { CAPABILITY: 'n7 OK done\r\n' }, 'down', 'protocol'],
  ['asks for more out of the blue', '* OK hi\r\n', { CAPABILITY: '+ more\r\n' }, 'down', 'protocol'],
  ['counted bytes of 4 GB', imapReady, { ...imapGood, FETCH: '* 1 FETCH (INTERNALDATE {4294967296}\r\n' }, 'down', 'too-large'],
  [
    'counted bytes of a size beyond all numbers',
    imapReady,
    { ...imapGood, FETCH: `* 1 FETCH (X {${'9'.repeat(20)}}\r\n` },
    'down',
    'too-large',
  ],
  ['counted bytes that never come', imapReady, { ...imapGood, FETCH: '* 1 FETCH (INTERNALDATE {50}\r\nabc' }, 'down', 'mailbox-stalled'],
  [
    'many counted bytes',
    imapReady,
    { ...imapGood, FETCH: flood(`* 1 FETCH (X {60000}\r\n${'x'.repeat(60_000)})\r\n`) },
    'down',
    'too-large',
  ],
  ['wrong password', imapReady, { AUTHENTICATE: '$ NO [AUTHENTICATIONFAILED] no\r\n' }, 'down', 'login-refused'],
  ['a bare NO to the log-in', imapReady, { AUTHENTICATE: '$ NO login failed\r\n' }, 'down', 'login-refused'],
  ['account expired', imapReady, { AUTHENTICATE: '$ NO [EXPIRED] renew it\r\n' }, 'down', 'login-refused'],
  ['log-in backend gone', imapReady, { AUTHENTICATE: '$ NO [UNAVAILABLE] temporary\r\n' }, 'down', 'server-unavailable'],
  ['a bug of the server', imapReady, { AUTHENTICATE: '$ NO [SERVERBUG] oops\r\n' }, 'down', 'server-error'],
  ['BAD to the log-in', imapReady, { AUTHENTICATE: '$ BAD what\r\n' }, 'down', 'server-error'],
  ['too many sessions', imapReady, { AUTHENTICATE: '$ NO [LIMIT] 10 already\r\n' }, 'unknown', 'too-many-sessions'],
  ['mailbox in use', imapReady, { AUTHENTICATE: '$ NO [INUSE] locked\r\n' }, 'degraded', 'mailbox-in-use'],
  ['wants encryption', imapReady, { AUTHENTICATE: '$ NO [PRIVACYREQUIRED] tls\r\n' }, 'unknown', 'login-needs-tls'],
  ['BYE in mid-log-in', imapReady, { AUTHENTICATE: '* BYE shutting down\r\n' }, 'down', 'server-error'],
  ['hangs in the log-in', imapReady, {}, 'down', 'login-stalled'],
  ['dies in mid-reply', imapReady, { AUTHENTICATE: (_, socket) => void socket.end('n1 O') }, 'down', 'closed'],
  ['is reset in mid-reply', imapReady, { AUTHENTICATE: (_, socket) => void socket.resetAndDestroy() }, 'down', 'reset'],
  ['no such mailbox', imapReady, { ...imapGood, EXAMINE: '$ NO [NONEXISTENT] none\r\n' }, 'down', 'no-mailbox'],
  ['a mailbox that cannot be read', imapReady, { ...imapGood, EXAMINE: '$ NO cannot\r\n' }, 'down', 'mailbox-unreadable'],
  ['a mailbox that hangs', imapReady, { ...imapGood, EXAMINE: null }, 'down', 'mailbox-stalled'],
  ['BYE in the mailbox', imapReady, { ...imapGood, FETCH: '* BYE [UNAVAILABLE] disk gone\r\n' }, 'down', 'server-unavailable'],
  ['opens without saying what is in it', imapReady, { ...imapGood, EXAMINE: '$ OK\r\n' }, 'down', 'protocol'],
  ['does not tell what is unread', imapReady, { ...imapGood, STATUS: '$ NO not now\r\n' }, 'ok', 'ok'],
  ['no password without encryption', '* OK [CAPABILITY IMAP4rev1 LOGINDISABLED STARTTLS] hi\r\n', {}, 'unknown', 'login-needs-tls'],
];
const popCases: Case[] = [
  ['says nothing', null, {}, 'down', 'no-greeting'],
  ['another protocol', imapReady, {}, 'down', 'protocol'],
  ['a line of 1 MB', `+OK ${million}\r\n`, {}, 'down', 'too-large'],
  ['NUL', '+OK a\0b\r\n', popGood, 'ok', 'ok'],
  ['turns us away', '-ERR [SYS/TEMP] full\r\n', {}, 'down', 'server-unavailable'],
  ['knows no CAPA', popReady, { ...popGood, CAPA: '-ERR what\r\n' }, 'ok', 'ok'],
  ['endless capabilities', popReady, { ...popGood, CAPA: flood(`+OK\r\n${'X\r\n'.repeat(1_000)}`) }, 'down', 'too-large'],
  ['stalls in the capabilities', popReady, { ...popGood, CAPA: '+OK\r\nUSER\r\n' }, 'down', 'stalled'],
  ['wrong password', popReady, { ...popGood, PASS: '-ERR [AUTH] no\r\n' }, 'down', 'login-refused'],
  ['wrong user', popReady, { ...popGood, USER: '-ERR nobody\r\n' }, 'down', 'login-refused'],
  ['a bare -ERR', popReady, { ...popGood, PASS: '-ERR no\r\n' }, 'down', 'login-refused'],
  ['log-in backend gone', popReady, { ...popGood, PASS: '-ERR [SYS/TEMP] later\r\n' }, 'down', 'server-unavailable'],
  ['a lasting fault', popReady, { ...popGood, PASS: '-ERR [SYS/PERM] never\r\n' }, 'down', 'server-error'],
  ['mailbox locked', popReady, { ...popGood, PASS: '-ERR [IN-USE] locked\r\n' }, 'degraded', 'mailbox-in-use'],
  ['too soon', popReady, { ...popGood, PASS: '-ERR [LOGIN-DELAY] wait\r\n' }, 'unknown', 'login-delay'],
  ['no password without encryption', popReady, { CAPA: '+OK\r\nSTLS\r\n.\r\n' }, 'unknown', 'login-needs-tls'],
  ['SASL only', popReady, { ...popGood, CAPA: '+OK\r\nSASL PLAIN\r\n.\r\n', 'AUTH PLAIN ': '+OK\r\n' }, 'ok', 'ok'],
  ['hangs in the log-in', popReady, { ...popGood, PASS: null }, 'down', 'login-stalled'],
  ['hangs in STAT', popReady, { ...popGood, STAT: null }, 'down', 'mailbox-stalled'],
  ['STAT without numbers', popReady, { ...popGood, STAT: '+OK many\r\n' }, 'down', 'protocol'],
  ['STAT fails', popReady, { ...popGood, STAT: '-ERR cannot\r\n' }, 'down', 'mailbox-unreadable'],
  ['dies in mid-reply', popReady, { ...popGood, STAT: (_, socket) => void socket.end('+O') }, 'down', 'closed'],
];
const sieveCases: Case[] = [
  ['says nothing', null, {}, 'down', 'no-greeting'],
  ['another protocol', popReady, {}, 'down', 'protocol'],
  ['a line of 1 MB', `"${million}"\r\nOK\r\n`, {}, 'down', 'too-large'],
  ['counted bytes of 4 GB', '"SASL" {4294967296}\r\n', {}, 'down', 'too-large'],
  ['endless capabilities', '"X" "Y"\r\n'.repeat(50_000), {}, 'down', 'too-large'],
  ['turns us away', 'BYE (TRYLATER) "full"\r\n', {}, 'down', 'server-unavailable'],
  ['wrong password', sieveReady, { AUTHENTICATE: 'NO "no"\r\n' }, 'down', 'login-refused'],
  ['words in counted bytes', sieveReady, { AUTHENTICATE: 'NO {8}\r\nOK "yes"\r\n' }, 'down', 'login-refused'],
  ['log-in backend gone', sieveReady, { AUTHENTICATE: 'NO (TRYLATER) "later"\r\n' }, 'down', 'server-unavailable'],
  ['BYE in mid-log-in', sieveReady, { AUTHENTICATE: 'BYE "bye"\r\n' }, 'down', 'server-error'],
  ['wants encryption', sieveReady, { AUTHENTICATE: 'NO (ENCRYPT-NEEDED) "tls"\r\n' }, 'unknown', 'login-needs-tls'],
  ['no password without encryption', '"SASL" ""\r\n"STARTTLS"\r\nOK\r\n', {}, 'unknown', 'login-needs-tls'],
  ['does not list', sieveReady, { ...sieveGood, LISTSCRIPTS: 'NO "disk"\r\n' }, 'down', 'mailbox-unreadable'],
  ['hangs in the list', sieveReady, { ...sieveGood, LISTSCRIPTS: '"one"\r\n' }, 'down', 'mailbox-stalled'],
];

describe.each([
  ['imap', imapCases],
  ['pop3', popCases],
  ['sieve', sieveCases],
] as [MailboxType, Case[]][])('%s: a server that', (type, cases) => {
  it.each(cases)('%s', async (_, greeting, answers, state, reason) => {
    const { port } = await serve(greeting, answers);
    const { verdict, words, tookMs } = await tryMailbox(type, { ...login(), port }, { timeoutMs: 400 });
    expect(verdict).toMatchObject({ state, reason });
    expect(words.means).not.toContain('fault is on this computer');
    expect(tookMs).toBeLessThan(1_000);
  });
  it('nobody listens', async () => {
    expect((await tryMailbox(type, { ...login(), port: await freePort() })).verdict).toMatchObject({ state: 'down', reason: 'refused' });
  });
  it('is read with few bytes and little work, whatever it floods with', async () => {
    const server = await startTcp((socket) => flood(randomBytes(65_536))('', socket));
    started.push(server);
    const before = process.memoryUsage().rss;
    const { verdict } = await tryMailbox(type, { ...login(), port: server.port }, { timeoutMs: 400 });
    expect(['protocol', 'too-large']).toContain(verdict.reason);
    expect(process.memoryUsage().rss - before).toBeLessThan(80_000_000);
  });
  it('shows text as text', async () => {
    const dirt = '<b>\x1b[31mred\u202e</b>&\0';
    const greeting = { imap: `* OK [ALERT] ${dirt}\r\n`, pop3: `+OK ${dirt}\r\n`, sieve: `"IMPLEMENTATION" "${dirt}"\r\nOK\r\n` }[type];
    const { port } = await serve(greeting, { CAPABILITY: '* CAPABILITY IMAP4rev1\r\n$ OK\r\n', CAPA: '-ERR\r\n' });
    const { facts } = await tryMailbox(type, { encryption: 'none', port });
    expect(facts.banner).toBe('<b>red </b>&');
    if (type === 'imap') expect(facts.notice).toBe('<b>red </b>&');
  });
});

describe('anything at all, in any pieces', () => {
  const words: Record<MailboxType, string[]> = {
    imap: [
      '* OK hi',
      '* BYE',
      '* PREAUTH x',
      '* CAPABILITY IMAP4rev1',
      'n1 OK',
      'n2 OK',
      'n3 NO [ALERT]',
      '+ ',
      '* 3 EXISTS',
      '* 1 FETCH (X {3}',
      '{99999}',
      '\r\n',
      '\n',
    ],
    pop3: ['+OK', '-ERR', '+OK 2 9', '.', '..', 'USER', 'STLS', '+ ', '\r\n', '\n'],
    sieve: ['OK', 'NO', 'BYE', '"SASL" "PLAIN"', '"x" {3}', '(TRYLATER)', '{99999}', 'ACTIVE', '\r\n', '\n'],
  };
  it.each(['imap', 'pop3', 'sieve'] as const)('%s ends, and says what is wrong', async (type) => {
    let next: string[] = [];
    const server = await startTcp((socket) => {
      void (async () => {
        for (const piece of next) {
          socket.write(piece);
          await new Promise((resolve) => setImmediate(resolve));
        }
        socket.end();
      })();
    });
    started.push(server);
    const piece = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...words[type]) }, { weight: 1, arbitrary: hostile });
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 30 }), fc.constantFrom('none', 'starttls'), async (pieces, encryption) => {
        next = pieces;
        const { facts, verdict } = await tryMailbox(type, { ...login(), encryption, port: server.port }, { timeoutMs: 2_000 });
        // It may greet by chance; but whatever is called ok came to its end.
        if (verdict.state === 'ok') expect(facts.stage).toBe('done');
        expect(facts.failure?.code).not.toBe('internal');
        expect(facts.failure?.code).not.toBe('timeout');
      }),
      { numRuns: 150 },
    );
  });
});

describe('encryption that somebody keeps from coming about', () => {
  const offers: Record<MailboxType, (words: string) => [greeting: string, answers: Record<string, Say>]> = {
    imap: (words) => [`* OK [CAPABILITY IMAP4rev1 ${words}] hi\r\n`, {}],
    pop3: (words) => ['+OK hi\r\n', { CAPA: `+OK\r\nUSER\r\n${words === '' ? '' : 'STLS\r\n'}.\r\n` }],
    sieve: (words) => [`${words === '' ? '' : '"STARTTLS"\r\n'}"SASL" "PLAIN"\r\nOK\r\n`, {}],
  };
  const no = { imap: '$ NO broken\r\n', pop3: '-ERR broken\r\n', sieve: 'NO "broken"\r\n' };
  const yes = { imap: '$ OK go\r\n', pop3: '+OK go\r\n', sieve: 'OK\r\n' };
  const slipped = { imap: '* 99 EXISTS\r\n* OK [ALERT] call 555\r\n', pop3: '+OK in\r\n', sieve: 'OK "in"\r\n' };
  const command = { imap: 'STARTTLS', pop3: 'STLS', sieve: 'STARTTLS' };
  describe.each(['imap', 'pop3', 'sieve'] as const)('%s', (type) => {
    const run = async (word: string, answer: Say) => {
      const [greeting, answers] = offers[type](word);
      const server = await serve(greeting, { ...answers, [command[type]]: answer });
      const tried = await tryMailbox(type, { ...login(), encryption: 'starttls', port: server.port }, { timeoutMs: 500 });
      expect(server.heard.join('\n')).not.toMatch(/AUTH|LOGIN|PASS|USER|right-word/);
      return tried;
    };
    it('is not offered', async () => {
      expect((await run('', null)).verdict).toMatchObject({ state: 'down', reason: 'no-starttls' });
    });
    it('is offered and refused', async () => {
      const { verdict, facts } = await run('STARTTLS', no[type]);
      expect(verdict).toMatchObject({ state: 'down', reason: 'starttls-refused' });
      expect(facts.serverError?.text).toBe('broken');
    });
    it('words are slipped in behind the answer', async () => {
      const { verdict, facts } = await run('STARTTLS', yes[type] + slipped[type]);
      expect(verdict).toMatchObject({ state: 'down', reason: 'starttls-injected' });
      expect(facts.notice).toBeUndefined();
    });
    it('words are slipped in a little later', async () => {
      const { verdict } = await run('STARTTLS', (line, socket) => {
        socket.write(yes[type].replaceAll('$', line.split(' ')[0] ?? ''));
        setTimeout(() => socket.write(slipped[type]), 30);
      });
      expect(verdict).toMatchObject({ state: 'down', reason: 'tls' });
    });
    it('stalls in the handshake', async () => {
      const { verdict, facts } = await run('STARTTLS', yes[type]);
      expect(verdict).toMatchObject({ state: 'down', reason: 'timeout' });
      expect(facts.stage).toBe('tls');
    });
    it('hangs up in the handshake', async () => {
      const { verdict } = await run('STARTTLS', (line, socket) => void socket.end(yes[type].replaceAll('$', line.split(' ')[0] ?? '')));
      expect(verdict.state).toBe('down');
      expect(['closed', 'reset']).toContain(verdict.reason);
    });
  });
  it('takes us for logged in before encryption', async () => {
    const { port } = await serve('* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] welcome\r\n', imapGood);
    expect((await tryMailbox('imap', { ...login(), encryption: 'starttls', port })).verdict).toMatchObject({
      state: 'down',
      reason: 'no-starttls',
    });
  });
  it('speaks plain where encryption comes first', async () => {
    const { port } = await serve(imapReady);
    expect((await tryMailbox('imap', { ...login(), encryption: 'tls', port })).verdict).toMatchObject({ state: 'down', reason: 'tls' });
  });
  it('says nothing where encryption comes first', async () => {
    const { port } = await serve(null);
    expect((await tryMailbox('pop3', { ...login(), encryption: 'tls', port }, { timeoutMs: 300 })).verdict).toMatchObject({
      state: 'down',
      reason: 'timeout',
    });
  });
});

describe('names and passwords', () => {
  const nasty = 'p" \\ä';
  it('imap: beyond ASCII goes by counted bytes where PLAIN is not offered', async () => {
    const server = await serve('* OK [CAPABILITY IMAP4rev1] hi\r\n', { LOGIN: '+ \r\n' });
    await tryMailbox('imap', { ...login(), port: server.port }, { secret: nasty, timeoutMs: 300 });
    expect(server.heard[0]).toMatch(/^n1 LOGIN "u\d+@example.net" \{6\}$/);
    expect(Buffer.from(server.heard[1] ?? '', 'latin1').toString()).toBe(nasty);
  });
  it.each([
    ['imap', imapReady, imapGood, 'a\0b'],
    ['imap', '* OK [CAPABILITY IMAP4rev1] hi\r\n', imapGood, 'a\0b'],
    ['pop3', popReady, popGood, 'a\r\nDELE 1'],
    ['sieve', sieveReady, sieveGood, 'a\0b'],
  ] as [MailboxType, string, Record<string, Say>, string][])(
    '%s after %j: a secret that cannot be sent is not sent',
    async (type, greeting, answers, secret) => {
      const server = await serve(greeting, answers);
      expect((await tryMailbox(type, { ...login(), port: server.port }, { secret })).verdict).toMatchObject({
        state: 'unknown',
        reason: 'no-secret',
      });
      expect(server.heard.join('\n')).not.toMatch(/LOGIN "|AUTHENTICATE|PASS|DELE/);
    },
  );
  it('a line break in a password is counted bytes and no command', async () => {
    const server = await serve('* OK [CAPABILITY IMAP4rev1] hi\r\n', { LOGIN: '$ NO no\r\n' });
    await tryMailbox('imap', { ...login(), port: server.port }, { secret: 'a\r\nn9 LOGOUT' });
    expect(server.heard[0]).toMatch(/\{12\}$/);
    expect(server.heard[1]).not.toBe('n9 LOGOUT');
  });
  it('three refusals on whatever port, then no more until the secret changes', async () => {
    const settings = login();
    const one = await serve(imapReady, { AUTHENTICATE: '$ NO [AUTHENTICATIONFAILED] no\r\n' });
    const two = await serve(popReady, { ...popGood, PASS: '-ERR [AUTH] no\r\n' });
    for (const refusals of [1, 2])
      expect((await tryMailbox('imap', { ...settings, port: one.port })).facts).toMatchObject({ login: 'refused', refusals });
    expect((await tryMailbox('pop3', { ...settings, port: two.port })).facts).toMatchObject({ login: 'refused', refusals: 3 });
    const heard = one.heard.length + two.heard.length;
    for (const [type, { port }] of [
      ['imap', one],
      ['pop3', two],
    ] as const) {
      const { facts, verdict } = await tryMailbox(type, { ...settings, port });
      expect(facts).toMatchObject({ login: 'held-back', refusals: 3 });
      expect(verdict).toMatchObject({ state: 'down', reason: 'login-refused' });
    }
    expect(one.heard.slice(-2).concat(two.heard.slice(-2)).join('\n')).not.toMatch(/AUTHENTICATE PLAIN .*AUTHENTICATE/);
    expect(one.heard.filter((line) => line.includes('AUTHENTICATE'))).toHaveLength(2);
    expect(two.heard.filter((line) => line.startsWith('PASS'))).toHaveLength(1);
    expect(one.heard.length + two.heard.length).toBeGreaterThan(heard);
    await tryMailbox('imap', { ...settings, port: one.port }, { secret: 'another-word' });
    expect(one.heard.filter((line) => line.includes('AUTHENTICATE'))).toHaveLength(3);
  });
  it('no secret, or none named', async () => {
    const { port } = await serve(imapReady, imapGood);
    expect((await tryMailbox('imap', { encryption: 'none', port, user: 'noc', passwordSecret: 'nothing' })).verdict).toMatchObject({
      state: 'unknown',
      reason: 'no-secret',
    });
    expect((await tryMailbox('imap', { encryption: 'none', port, user: 'noc' })).verdict).toMatchObject({
      state: 'unknown',
      reason: 'no-secret',
    });
  });
});

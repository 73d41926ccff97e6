/** The mail server of the tests itself: it takes and delivers mail, and every fault it can make is the one it says. */
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type MailStack, type Mend, startMailStack } from '../support/mail-stack.ts';

let stack: MailStack;
let mend: Mend | undefined;
const isRoot = process.getuid?.() === 0;

/** Says one line after each answer; @returns all that came */
const talk = (port: number, lines: string[], host = '127.0.0.1'): Promise<string> =>
  new Promise((resolve) => {
    let text = '';
    const rest = [...lines];
    const socket = connect(port, host);
    const done = (): void => {
      socket.destroy();
      resolve(text);
    };
    socket.setTimeout(4_000, done);
    socket.on('error', done).on('close', done);
    socket.on('data', (chunk) => {
      text += chunk;
      const next = rest.shift();
      if (next === undefined) socket.end();
      else socket.write(`${next}\r\n`);
    });
  });
const outside = 'someone@example.org';
const send = (to = 'nightdesk@example.net', port = stack.ports.smtp, subject = 'hello'): Promise<string> =>
  talk(port, [
    'EHLO desk.example.org',
    `MAIL FROM:<${outside}>`,
    `RCPT TO:<${to}>`,
    'DATA',
    `Subject: ${subject}\r\n\r\ntext\r\n.`,
    'QUIT',
  ]);
const login = (word = 'probe-word'): Promise<string> => talk(stack.ports.imap, [`a LOGIN nightdesk@example.net ${word}`, 'b LOGOUT']);
const plain = Buffer.from('\0nightdesk@example.net\0probe-word').toString('base64');
const until = async (what: () => boolean): Promise<void> => {
  for (let tries = 0; !what(); tries += 1) {
    if (tries > 300) throw new Error(`it does not come to pass: ${stack.log()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
const certificateOf = (port: number): Promise<{ valid_to: string; subjectaltname?: string }> =>
  new Promise((resolve, reject) => {
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate());
      socket.destroy();
    });
    socket.on('error', reject);
  });

describe.runIf(isRoot)('the mail stack', () => {
  beforeAll(async () => {
    stack = await startMailStack({ ipv6: true });
  });
  afterAll(() => stack?.stop());
  afterEach(async () => {
    await mend?.();
    mend = undefined;
  });

  it('takes mail from outside and delivers it', async () => {
    expect(await send()).toMatch(/250 2\.0\.0 Ok: queued as [0-9A-F]+/);
    await until(() => stack.messages().length === 1);
    expect(stack.messages()[0]).toMatch(/with LMTP[\s\S]+\(Postfix\) with ESMTP[\s\S]+Subject: hello/);
  });
  it('sends for those who log in, and relays for nobody else', async () => {
    expect(await talk(stack.ports.smtp, ['EHLO x', `MAIL FROM:<${outside}>`, 'RCPT TO:<a@example.com>', 'QUIT'])).toContain('554 5.7.1');
    expect(await talk(stack.ports.submission, ['EHLO x', `MAIL FROM:<${outside}>`, 'QUIT'])).toContain('530 5.7.0 Must issue a STARTTLS');
  });
  it('speaks IMAP, POP3 and Sieve, on v6 too', async () => {
    expect(await login()).toContain('a OK');
    expect(await login('wrong')).toContain('a NO [AUTHENTICATIONFAILED]');
    expect(await talk(stack.ports.pop3, ['USER nightdesk@example.net', 'PASS probe-word', 'QUIT'])).toContain('+OK Logged in');
    expect(await talk(stack.ports.sieve, ['LOGOUT'])).toContain('"STARTTLS"');
    expect(await talk(stack.ports.imap, ['a LOGOUT'], '::1')).toContain('a OK');
    expect(await talk(stack.ports.smtp, ['QUIT'], '::1')).toContain('221');
  });
  it('greets on several lines as postscreen does', async () => {
    expect(await talk(stack.ports.postscreen, [])).toMatch(/^220-mail\.example\.net/);
  });
  it('has a list that changes the subject', async () => {
    await send(stack.listAddress, stack.ports.smtp, 'news');
    await until(() => stack.messages().some((it) => it.includes('Subject: [announce] news')));
  });
  it('breaks log-ins while it takes mail', async () => {
    mend = stack.breakAuth();
    expect(await login()).toContain('a NO [UNAVAILABLE]');
    expect(await send()).toContain('queued as');
    await mend();
    mend = undefined;
    expect(await login()).toContain('a OK');
  });
  it('lets log-ins hang', async () => {
    await login();
    mend = stack.stallAuth();
    const heard = login();
    expect(await Promise.race([heard, new Promise((resolve) => setTimeout(() => resolve('nothing'), 700))])).toBe('nothing');
    await mend();
    mend = undefined;
    expect(await heard).toContain('a OK');
  });
  it('holds its queue and lets it go', async () => {
    const before = stack.messages().length;
    mend = await stack.holdQueue();
    expect(await send()).toContain('queued as');
    await until(() => stack.queue().length === 1);
    expect(stack.queue()[0]).toMatchObject({ queue_name: 'hold' });
    await mend();
    mend = undefined;
    await until(() => stack.messages().length === before + 1);
  });
  it('defers delivery', async () => {
    const before = stack.messages().length;
    mend = await stack.deferDelivery();
    await send();
    await until(() => /refused/.test(stack.queue()[0]?.recipients[0]?.delay_reason ?? ''));
    await mend();
    mend = undefined;
    await until(() => stack.messages().length === before + 1);
    await until(() => stack.queue().length === 0);
  });
  it('delivers late', async () => {
    const before = stack.messages().length;
    mend = await stack.delayDelivery(700);
    const begin = performance.now();
    await send();
    await until(() => stack.messages().length === before + 1);
    expect(performance.now() - begin).toBeGreaterThan(650);
  });
  it('asks strangers to come again', async () => {
    mend = await stack.greylist(600);
    expect(await send()).toContain('450 4.2.0');
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(await send()).toContain('queued as');
  });
  it('greets late, or turns away', async () => {
    mend = await stack.tarpit(1);
    const begin = performance.now();
    await talk(stack.ports.smtp, ['QUIT']);
    expect(performance.now() - begin).toBeGreaterThan(950);
    await mend();
    mend = await stack.turnAway();
    expect(await talk(stack.ports.smtp, ['QUIT'])).toMatch(/^421 4\.3\.2/);
  });
  it('relays for everybody when told to', async () => {
    mend = await stack.openRelay();
    expect(await talk(stack.ports.smtp, ['EHLO x', `MAIL FROM:<${outside}>`, 'RCPT TO:<a@example.com>', 'QUIT'])).toContain('250 2.1.5');
  });
  it('has a mailbox over its quota', async () => {
    const before = stack.messages().length;
    mend = await stack.overQuota(false);
    await send();
    await until(() => /quota/i.test(stack.queue()[0]?.recipients[0]?.delay_reason ?? ''));
    await mend();
    mend = undefined;
    await until(() => stack.messages().length === before + 1);
  });
  it('hides its encryption behind a meddler', async () => {
    const port = await stack.stripTls('smtp');
    expect(await talk(port, ['EHLO x', 'QUIT'])).toContain('250-XXXXXXXX');
    expect(await talk(await stack.stripTls('imap'), ['a CAPABILITY', 'b LOGOUT'])).not.toContain('STARTTLS');
  });
  it('shows other certificates', async () => {
    await stack.certificate('expired');
    mend = () => stack.certificate('good');
    expect(Date.parse((await certificateOf(stack.ports.imaps)).valid_to)).toBeLessThan(Date.now());
    expect(Date.parse((await certificateOf(stack.ports.submissions)).valid_to)).toBeLessThan(Date.now());
    await stack.certificate('wrong-name');
    expect((await certificateOf(stack.ports.pop3s)).subjectaltname).toBe('DNS:other.example.org');
  });
  it('goes on taking mail while Dovecot is stopped', async () => {
    await stack.stopDovecot();
    mend = () => stack.startDovecot();
    expect(await login()).toBe('');
    expect(await send()).toContain('queued as');
  });
  it('puts a message of any age into a mailbox', async () => {
    stack.put('Subject: old\n\ntext\n', { user: stack.intake.user, ageMs: 3_600_000 });
    expect(stack.messages(stack.intake.user)).toHaveLength(1);
    const said = await talk(stack.ports.imap, [
      'a LOGIN intake@example.net probe-word',
      'b SELECT INBOX',
      'c FETCH 1 INTERNALDATE',
      'd LOGOUT',
    ]);
    const when = /INTERNALDATE "([^"]+)"/.exec(said)?.[1] ?? '';
    expect(Math.abs(Date.now() - 3_600_000 - Date.parse(when.replace(/(\d)-(\w+)-/, '$1 $2 ')))).toBeLessThan(5_000);
  });
  it('submits with a name and a password', async () => {
    const said = await new Promise<string>((resolve) => {
      let text = '';
      const lines = ['EHLO x', `AUTH PLAIN ${plain}`, 'QUIT'];
      const socket = connectTls({ port: stack.ports.submissions, host: '127.0.0.1', rejectUnauthorized: false });
      socket
        .on('close', () => resolve(text))
        .on('data', (chunk) => {
          text += chunk;
          socket.write(`${lines.shift() ?? 'QUIT'}\r\n`);
        });
    });
    expect(said).toContain('235 2.7.0');
  });
});

describe.runIf(isRoot)('the mail stack with a small disk', () => {
  beforeAll(async () => {
    stack = await startMailStack({ smallDisk: { mailKb: 256, queueKb: 2_048 }, postfix: ['message_size_limit = 100000'] });
  });
  afterAll(() => stack?.stop());
  afterEach(async () => {
    await mend?.();
    mend = undefined;
  });

  it('cannot deliver when the disk of the mailboxes is full', async () => {
    await send();
    await until(() => stack.messages().length === 1);
    mend = stack.fillDisk('mail');
    expect(await send()).toContain('queued as');
    await until(() => (stack.queue()[0]?.recipients[0]?.delay_reason ?? '') !== '');
    await mend();
    mend = undefined;
    await until(() => stack.messages().length === 2);
  });
  it('takes nothing when the disk of the queue is full', async () => {
    mend = stack.fillDisk('queue');
    expect(await send()).toContain('452 4.3.1');
  });
});

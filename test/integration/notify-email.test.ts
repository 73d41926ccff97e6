/** Email through a real Postfix, with certificates of an authority that the test makes. */
import { readFileSync } from 'node:fs';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendEmail } from '../../electron/notify/email.ts';
import { type ChannelOf, channelSchemas } from '../../shared/model/notify.ts';
import { hostile, messageOf, sendContext } from '../support/notify-message.ts';
import { type Postfix, startPostfix } from '../support/postfix.ts';
import { freePort } from '../support/servers.ts';
import { makeAuthority, removeFolder, type Scripted, scripted, webFolder } from '../support/web-servers.ts';

const folder = webFolder();
const trusted = getCACertificates('default');
let postfix: Postfix | undefined;
let stranger: Postfix | undefined;
let came = 0;
const isRoot = process.getuid?.() === 0;

beforeAll(async () => {
  const authority = makeAuthority(folder);
  setDefaultCACertificates([...trusted, readFileSync(authority.caFile, 'utf8')]);
  const wish = { altNames: 'DNS:localhost,IP:127.0.0.1', fromDays: -1, toDays: 30 };
  if (!isRoot) return;
  postfix = await startPostfix(authority.issue('mail', wish));
  stranger = await startPostfix(authority.issue('odd', { ...wish, stranger: true }));
});
afterAll(async () => {
  setDefaultCACertificates(trusted);
  await postfix?.stop();
  await stranger?.stop();
  removeFolder(folder);
});

const channelOf = (part: Record<string, unknown>): ChannelOf<'email'> =>
  channelSchemas.email.parse({ id: 'mail', type: 'email', host: '127.0.0.1', port: postfix?.port ?? 1, from: 'desk@example.net', ...part });
const send = (
  part: Record<string, unknown>,
  to: string[] = ['noc@example.net'],
  message = messageOf(),
  secrets: Record<string, string> = {},
) => sendEmail(channelOf(part), message, sendContext(secrets, { to }));
/** Sends, expects that it was taken, and reads it where it was delivered. */
const delivered = async (part: Record<string, unknown>, to?: string[], message = messageOf()): Promise<{ reply: string; mail: string }> => {
  const sent = await send(part, to, message);
  if (!sent.ok) throw new Error(sent.failure.text);
  came += to?.length ?? 1;
  const mail = (await postfix?.mail(came))?.at(-1) as string;
  return { reply: sent.value.reply, mail };
};
const headOf = (mail: string): string => mail.slice(0, mail.indexOf('\n\n'));
const header = (mail: string, name: string): string | undefined =>
  new RegExp(`^${name}: (.*(?:\n[ \t].*)*)`, 'im').exec(headOf(mail))?.[1]?.replace(/\n[ \t]/g, ' ');
/** RFC 2047: between two encoded words white space is nothing. */
const subjectOf = (mail: string): string =>
  (header(mail, 'Subject') ?? '')
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?UTF-8\?([BQ])\?(.*?)\?=/gi, (_all, how: string, what: string) =>
      how.toUpperCase() === 'B'
        ? Buffer.from(what, 'base64').toString()
        : Buffer.from(
            what.replaceAll('_', ' ').replace(/=([0-9A-F]{2})/g, (_code, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
            'latin1',
          ).toString(),
    );

// Postfix runs as root only.
describe.skipIf(!isRoot)('email over Postfix', () => {
  it('goes out with STARTTLS; the reply is what the server said', async () => {
    const { reply, mail } = await delivered({});
    expect(reply).toMatch(/^250 2\.0\.0 Ok: queued as \w+$/);
    expect(header(mail, 'Subject')).toBe('web1 is down');
    expect(header(mail, 'From')).toBe('Nightdesk <desk@example.net>');
    expect(header(mail, 'To')).toBe('noc@example.net');
    expect(header(mail, 'Date')).toBe('Fri, 20 Nov 2026 13:39:12 +0000');
    expect(header(mail, 'Auto-Submitted')).toBe('auto-generated');
    expect(header(mail, 'References')).toBe('<01ALERT@nightdesk.invalid>');
    expect(header(mail, 'Content-Type')).toBe('text/plain; charset=utf-8');
    expect(header(mail, 'Received')).toMatch(/with ESMTPS/);
    expect(mail.slice(mail.indexOf('\n\n') + 2).trim()).toBe(messageOf().text);
  });

  it('goes out over TLS from the first byte', async () => {
    const { mail } = await delivered({ port: postfix?.tlsPort, encryption: 'tls' });
    expect(header(mail, 'Received')).toMatch(/with ESMTPS/);
  });

  it('goes out unencrypted only where that is written', async () => {
    const { mail } = await delivered({ port: postfix?.plainPort, encryption: 'none' });
    expect(header(mail, 'Received')).toMatch(/with ESMTP /);
  });

  it('a server without STARTTLS gets nothing', async () => {
    const sent = await send({ port: postfix?.plainPort });
    expect(sent).toMatchObject({
      ok: false,
      failure: { code: 'no-starttls', text: expect.stringContaining('nothing was sent'), permanent: false },
    });
  });

  it('a certificate of a stranger is not believed', async () => {
    const sent = await send({ port: stranger?.port });
    expect(sent).toMatchObject({ ok: false, failure: { code: expect.stringMatching(/^(certificate|tls)$/), permanent: false } });
    const overTls = await send({ port: stranger?.tlsPort, encryption: 'tls' });
    expect(overTls).toMatchObject({ ok: false, failure: { code: 'certificate' } });
  });

  it('nothing in a title makes a header, and nothing in the text a part', async () => {
    const title = `web1\r\nBcc: everybody@example.net\r\n\r\n${hostile}\u0000\u202e`;
    const text = `first\r\n.\r\nRCPT TO:<x@example.net>\r\n--boundary\r\n${hostile}\nFrom someone`;
    const { mail } = await delivered({}, undefined, messageOf({ title, text, key: 'a\r\nX-Evil: 1 <b>' }));
    expect(header(mail, 'Bcc')).toBeUndefined();
    expect(header(mail, 'X-Evil')).toBeUndefined();
    expect(subjectOf(mail)).toMatch(/^web1 Bcc: everybody@example\.net x<\/title><!here>/);
    expect(mail).toContain('RCPT TO:<x@example.net>');
    // Had the dot ended the message, the next command would have made a second one.
    expect(await postfix?.mail(came)).toHaveLength(came);
  });

  it('letters of all languages arrive', async () => {
    const { mail } = await delivered({}, undefined, messageOf({ title: 'Dušan’s Büro: 機器 ist weg 🟥', text: 'Größe 機器 🟥' }));
    expect(subjectOf(mail)).toBe('Dušan’s Büro: 機器 ist weg 🟥');
    expect(Buffer.from(mail.slice(mail.indexOf('\n\n') + 2).trim(), 'base64').toString()).toBe('Größe 機器 🟥');
  });

  it.each([
    ['refused for good', ['refused@example.net'], 'smtp-550', '550 5.7.1', true],
    ['refused for now', ['later@example.net'], 'smtp-450', '450 4.2.0', false],
    ['relaying is refused', ['somebody@elsewhere.example'], 'smtp-554', '554 5.7.1', true],
    ['nobody to send to', [], 'no-address', 'no address', true],
  ] as const)('%s', async (_name, to, code, words, permanent) => {
    expect(await send({}, [...to])).toMatchObject({ ok: false, failure: { code, text: expect.stringContaining(words), permanent } });
  });

  it('taken for one of two addresses is taken, and says so', async () => {
    const sent = await send({}, ['noc@example.net', 'refused@example.net']);
    came += 1;
    expect(sent).toMatchObject({ ok: true, value: { reply: expect.stringMatching(/^250 .*\(refused for 1 of 2 addresses\)$/) } });
  });

  it('nobody listens', async () => {
    expect(await send({ port: await freePort() })).toMatchObject({
      ok: false,
      failure: { code: 'refused', permanent: false, text: expect.stringContaining('127.0.0.1 port') },
    });
  });

  it('a password that is not set is named', async () => {
    expect(await send({ user: 'desk', password: 'mail-password' })).toEqual({
      ok: false,
      failure: { code: 'no-secret', text: 'the secret "mail-password" is not set; set it in Settings', permanent: false },
    });
  });
});

describe('email to servers of another kind', () => {
  const servers: Scripted[] = [];
  const serve = async (script: (line: string) => string | null, greeting = '220 odd.example ESMTP\r\n'): Promise<number> => {
    const server = await scripted((socket) => {
      socket.write(greeting);
      socket.on('data', (data) => {
        for (const line of data.toString().split('\r\n').filter(Boolean)) {
          const answer = script(line);
          if (answer === null) socket.destroy();
          else socket.write(answer);
        }
      });
    });
    servers.push(server);
    return server.port;
  };
  afterAll(async () => {
    for (const server of servers) await server.stop();
  });

  it('a login that is refused; the server repeats the password, we do not', async () => {
    const port = await serve((line) =>
      line.startsWith('EHLO')
        ? '250-odd\r\n250 AUTH PLAIN\r\n'
        : line.startsWith('AUTH')
          ? '535 5.7.8 no, not hunter2-and-more\r\n'
          : '221 bye\r\n',
    );
    const sent = await send({ port, encryption: 'none', user: 'desk', password: 'pw' }, undefined, undefined, { pw: 'hunter2-and-more' });
    expect(sent).toEqual({
      ok: false,
      failure: { code: 'login', text: 'the mail server refused the login: 535 5.7.8 no, not […]', permanent: true },
    });
  });

  it('hangs up in the middle', async () => {
    const port = await serve((line) => (line.startsWith('EHLO') ? '250 odd\r\n' : null));
    expect(await send({ port, encryption: 'none' })).toMatchObject({
      ok: false,
      failure: { code: expect.stringMatching(/^(closed|reset)$/), permanent: false },
    });
  });

  it('is no mail server', async () => {
    const port = await serve(() => 'HTTP/1.1 400 Bad Request\r\n\r\n', 'HTTP/1.1 400 Bad Request\r\n\r\n');
    expect(await send({ port, encryption: 'none' })).toMatchObject({ ok: false, failure: { permanent: false } });
  });

  it('is stopped while it waits', async () => {
    const port = await serve(() => '', '');
    const closing = new AbortController();
    const sending = sendEmail(
      channelOf({ port, encryption: 'none' }),
      messageOf(),
      sendContext({}, { to: ['noc@example.net'], signal: closing.signal }),
    );
    setTimeout(() => closing.abort(), 100);
    const startedAt = performance.now();
    expect(await sending).toMatchObject({ ok: false, failure: { code: 'stopped' } });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});

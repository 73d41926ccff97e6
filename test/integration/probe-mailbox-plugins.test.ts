/** The same faults before Debian's check_imap and check_pop and before ours. Where they differ, the comment says why ours is right. */
import { execFile } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type MailStack, type Mend, startMailStack } from '../support/mail-stack.ts';
import { startScripted, tryMailbox } from '../support/mailbox-scripts.ts';

let stack: MailStack;
beforeAll(async () => {
  stack = await startMailStack();
}, 30_000);
afterAll(() => stack?.stop());

/** @returns the plugin's exit code: 0 ok, 1 warning, 2 critical */
const plugin = (name: 'check_imap' | 'check_pop', port: number, ...more: string[]): Promise<number> =>
  new Promise((resolve, reject) => {
    execFile(`/usr/lib/nagios/plugins/${name}`, ['-H', '127.0.0.1', '-p', String(port), '-t', '2', ...more], (error) => {
      if (error && typeof error.code !== 'number') reject(error);
      else resolve(Number(error?.code ?? 0));
    });
  });
/** With the log-in that check_imap can be taught to try: a text to send and a text to hope for. */
const loginOf = (password: string): string[] => [
  '-S',
  '-E',
  '-s',
  `a1 LOGIN ${stack.mailbox.user} ${password}\\r\\n`,
  '-e',
  'a1 OK',
  '-M',
  'crit',
];

async function ours(
  type: 'imap' | 'pop3',
  port: number,
  encryption: 'tls' | 'starttls',
  password = stack.mailbox.password,
): Promise<string> {
  const settings = {
    port,
    encryption,
    serverName: stack.serverName,
    caFile: stack.caFile,
    user: stack.mailbox.user,
    passwordSecret: 'word',
  };
  const { verdict } = await tryMailbox(type, settings, { secret: password, timeoutMs: 2_000 });
  return `${verdict.state} ${verdict.reason}`;
}
/** Looks again for two seconds, where it is not so yet. */
async function until(wanted: string, look: () => Promise<string>): Promise<string> {
  let seen = await look();
  for (let tries = 0; seen !== wanted && tries < 10; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    seen = await look();
  }
  return seen;
}
const none: Mend = async () => {};

it.each([
  ['all well', async () => none, { greeting: 0, tls: 0, login: 0, pop: 0 }, 'ok ok'],
  // They greet and never log in; taught to, they wait for the text until they time out and cannot say why.
  ['log-ins broken', async () => stack.breakAuth(), { greeting: 0, tls: 0, login: 2, pop: 0 }, 'down server-unavailable'],
  // -D is needed to see the date at all; a log-in without it hands the password over.
  ['expired certificate', () => showing('expired'), { greeting: 0, tls: 2, login: 0, pop: 0 }, 'down certificate-expired'],
  // They never compare the name, nor whether anybody vouches for it.
  ['certificate of another name', () => showing('wrong-name'), { greeting: 0, tls: 0, login: 0, pop: 0 }, 'down certificate-wrong-name'],
  ['certificate of a stranger', () => showing('stranger'), { greeting: 0, tls: 0, login: 0, pop: 0 }, 'down certificate-untrusted'],
  ['certificate runs out', () => showing('soon'), { greeting: 0, tls: 1, login: 0, pop: 0 }, 'degraded certificate-expires-soon'],
  ['mailbox over its quota', () => stack.overQuota(), { greeting: 0, tls: 0, login: 0, pop: 0 }, 'ok ok'],
  [
    'Dovecot stopped',
    async () => {
      await stack.stopDovecot();
      return () => stack.startDovecot();
    },
    { greeting: 2, tls: 2, login: 2, pop: 2 },
    'down refused',
  ],
] as [string, () => Promise<Mend>, { greeting: number; tls: number; login: number; pop: number }, string][])(
  '%s',
  async (_, make, theirs, our) => {
    const mend = await make();
    try {
      const { imap, imaps, pop3s } = stack.ports;
      // Dovecot goes on for a second with what it read before.
      const first = await until(our, () => ours('imap', imaps, 'tls'));
      expect(first).toBe(our);
      expect({
        greeting: await plugin('check_imap', imap),
        tls: await plugin('check_imap', imaps, '-S', '-D', '14,1'),
        login: await plugin('check_imap', imaps, ...loginOf(stack.mailbox.password)),
        pop: await plugin('check_pop', pop3s, '-S'),
      }).toEqual(theirs);
      expect(await until(our, () => ours('imap', imap, 'starttls'))).toBe(our);
      expect(await until(our, () => ours('pop3', pop3s, 'tls'))).toBe(our);
    } finally {
      await mend();
    }
  },
  20_000,
);

async function showing(which: 'expired' | 'wrong-name' | 'stranger' | 'soon'): Promise<Mend> {
  await stack.certificate(which);
  return () => stack.certificate('good');
}

it('a wrong password: they cannot tell it from a server that hangs', async () => {
  expect(await plugin('check_imap', stack.ports.imaps, ...loginOf('wrong'))).toBe(2);
  expect(await ours('imap', stack.ports.imaps, 'tls', 'wrong')).toBe('down login-refused');
});

it('STARTTLS stripped: they know no STARTTLS', async () => {
  const port = await stack.stripTls('imap');
  expect(await plugin('check_imap', port)).toBe(0);
  expect(await ours('imap', port, 'starttls')).toBe('down no-starttls');
});

it.each([
  // A greeting is all they ask for.
  ['greets, then says nothing more', '* OK ready\r\n', 0, 'down stalled'],
  // They compare the first letters only.
  ['is no IMAP server', '* OKAY, this is something else\r\n', 0, 'down protocol'],
  // Nobody is served: that is no warning.
  ['turns everybody away', '* BYE [UNAVAILABLE] too many users\r\n', 1, 'down server-unavailable'],
  ['says nothing', '', 2, 'down no-greeting'],
] as const)('a server that %s', async (_, greeting, theirs, our) => {
  const server = await startScripted(greeting);
  try {
    expect(await plugin('check_imap', server.port)).toBe(theirs);
    expect(await ours('imap', server.port, 'starttls')).toBe(our);
  } finally {
    await server.stop();
  }
});

/** Our verdicts beside those of Debian's check_smtp on the same faults: 0 OK, 1 warning, 2 critical, 3 unknown. Where they differ, why. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { probeSmtp } from '../../electron/probes/smtp.ts';
import { smtp } from '../../shared/checks/smtp.ts';
import type { SmtpConfig } from '../../shared/checks/smtp-settings.ts';
import { type MailStack, type Mend, startMailStack } from '../support/mail-stack.ts';
import { probeContext } from '../support/probe-context.ts';
import { startTcp } from '../support/servers.ts';

let stack: MailStack;
beforeAll(async () => {
  stack = await startMailStack({ smallDisk: { queueKb: 40_000 } });
}, 20_000);
afterAll(() => stack?.stop());

/** What counts as slow, in seconds. */
let slow = 1.6;
const codes: Record<number, string> = { 0: 'ok', 1: 'degraded', 2: 'down', 3: 'unknown' };

/** As people usually write it: STARTTLS, 14 days of certificate, and the test mailbox up to RCPT. */
async function plugin(port: number, ...more: string[]): Promise<string> {
  const child = spawn(
    '/usr/lib/nagios/plugins/check_smtp',
    ['-H', '127.0.0.1', '-p', String(port), '-w', String(slow), '-c', '4', '-t', '5', ...more],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  const [code] = (await once(child, 'exit')) as [number | null];
  return codes[code ?? -1] ?? `crash (${code})`;
}
const commands = () => [
  '-f',
  stack.mailbox.address,
  '-C',
  'MAIL FROM:<>',
  '-R',
  '250',
  '-C',
  `RCPT TO:<${stack.mailbox.address}>`,
  '-R',
  '250',
];
const receivingPlugin = (port = stack.ports.smtp) => plugin(port, '-S', ...commands());
const sendingPlugin = (port = stack.ports.submission) =>
  plugin(port, '-S', '-A', 'LOGIN', '-U', stack.mailbox.user, '-P', stack.mailbox.password);

async function ours(settings: Record<string, unknown>): Promise<string> {
  const config = smtp.config.parse({
    address: '127.0.0.1',
    caFile: stack.caFile,
    slowDegraded: `${slow * 1_000}ms`,
    slowDown: '4s',
    ...settings,
  }) as SmtpConfig;
  const context = probeContext({ timeoutMs: 5_000, secrets: { mail: stack.mailbox.password } });
  return smtp.judge(await probeSmtp(config, context), config, Date.now()).state;
}
const receiving = (port = stack.ports.smtp) => ours({ port, recipient: stack.mailbox.address, relayTo: 'stranger@example.com' });
const sending = (port = stack.ports.submission) => ours({ port, user: stack.mailbox.user, passwordSecret: 'mail' });

interface Fault {
  make(): Promise<Mend | { port: number; mend: Mend }>;
  side: 'receiving' | 'sending';
}
const nothing: Mend = async () => {};
const certificate = (which: Parameters<MailStack['certificate']>[0], side: Fault['side']): Fault => ({
  side,
  make: async () => {
    await stack.certificate(which);
    return () => stack.certificate('good');
  },
});
const postfix = (side: Fault['side'], ...lines: string[]): Fault => ({
  side,
  make: async () => {
    await stack.setPostfix(lines);
    return () => stack.setPostfix([]);
  },
});
const script = (onConnection: (socket: Socket) => void): Fault => ({
  side: 'receiving',
  make: async () => {
    const server = await startTcp(onConnection);
    return { port: server.port, mend: () => server.stop() };
  },
});

const policyGone = postfix(
  'receiving',
  'smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:1',
  'smtpd_policy_service_retry_delay = 1s',
  'smtpd_policy_service_try_limit = 1',
);
const submissionInTheClear: Fault = {
  side: 'sending',
  make: async () => {
    await stack.setPostfix(['smtpd_tls_auth_only = no', 'smtpd_sasl_auth_enable = yes']);
    return { port: stack.ports.smtp, mend: () => stack.setPostfix([]) };
  },
};
const tarpit: Fault = {
  side: 'receiving',
  make: async () => {
    const mend = await stack.tarpit(1);
    slow = 0.8;
    return () => {
      slow = 1.6;
      return mend();
    };
  },
};
const dovecotStopped: Fault = {
  side: 'sending',
  make: async () => {
    await stack.stopDovecot();
    return () => stack.startDovecot();
  },
};
const throughPort = (side: Fault['side'], port: () => number | Promise<number>): Fault => ({
  side,
  make: async () => ({ port: await port(), mend: nothing }),
});
const endless = script((socket) => {
  const timer = setInterval(() => (socket.destroyed ? clearInterval(timer) : socket.write('220-more\r\n'.repeat(1_000))), 10);
});
const same = 'alike';

const faults: [name: string, fault: Fault, ours: string, theirs: string, why: string][] = [
  ['all is well: receiving', throughPort('receiving', () => stack.ports.smtp), 'ok', 'ok', same],
  ['all is well: sending', throughPort('sending', () => stack.ports.submission), 'ok', 'ok', same],
  ['postscreen, 220- first', throughPort('receiving', () => stack.ports.postscreen), 'ok', 'ok', same],
  ['stopped in mid-reply', script((socket) => void socket.write('220-mail.exa')), 'down', 'down', same],
  ['another protocol', script((socket) => void socket.write('SSH-2.0-OpenSSH_9.2\r\n')), 'down', 'down', same],
  // Where Postfix closes just then, the plugin does not always know what it saw.
  ['Dovecot stopped', dovecotStopped, 'down', 'down or unknown', same],
  ['a tarpit', tarpit, 'degraded', 'degraded', same],
  ['no STARTTLS, receiving', postfix('receiving', 'smtpd_tls_security_level = none'), 'degraded', 'degraded', same],
  ['STARTTLS stripped, receiving', throughPort('receiving', () => stack.stripTls('smtp')), 'degraded', 'degraded', same],
  [
    'STARTTLS stripped, sending',
    throughPort('sending', () => stack.stripTls('submission')),
    'down',
    'degraded',
    'mail programs do not go on',
  ],
  [
    'expired, receiving',
    certificate('expired', 'receiving'),
    'degraded',
    'ok',
    'it never looks without -D; most servers deliver all the same',
  ],
  ['expired, sending', certificate('expired', 'sending'), 'down', 'ok', 'it never looks without -D; mail programs refuse'],
  ['wrong name, sending', certificate('wrong-name', 'sending'), 'down', 'ok', 'it never looks at the name; mail programs refuse'],
  ['unknown issuer, sending', certificate('stranger', 'sending'), 'down', 'ok', 'it never looks at the issuer; mail programs refuse'],
  ['expires in 5 days', certificate('soon', 'receiving'), 'degraded', 'ok', 'it never looks without -D'],
  ['421 instead of the greeting', { side: 'receiving', make: () => stack.turnAway() }, 'down', 'degraded', 'no mail comes in'],
  [
    'postscreen turns away',
    script((socket) => void socket.end('220-mail.example.net\r\n521 5.3.2 no\r\n')),
    'down',
    'degraded',
    'no mail comes in',
  ],
  ['no end of lines', endless, 'down', 'degraded', 'no mail comes in'],
  ['disk of the queue full', { side: 'receiving', make: async () => stack.fillDisk('queue') }, 'down', 'degraded', 'no mail comes in'],
  ['mailbox refused', postfix('receiving', 'virtual_mailbox_maps = inline:{nobody@example.net=x}'), 'down', 'degraded', 'mail is returned'],
  ['policy service gone', policyGone, 'down', 'degraded', 'no mail comes in'],
  [
    'greylisted',
    { side: 'receiving', make: () => stack.greylist(60_000) },
    'unknown',
    'degraded',
    'nothing is wrong, and nothing is known',
  ],
  ['open relay', { side: 'receiving', make: () => stack.openRelay() }, 'degraded', 'ok', 'it never tries'],
  ['log-in before encryption', submissionInTheClear, 'degraded', 'ok', 'it never looks'],
];

it.each(faults)(
  '%s',
  async (_, { side, make }, expected, theirs, why) => {
    const made = await make();
    const [port, mend] = typeof made === 'function' ? [undefined, made] : [made.port, made.mend];
    try {
      const seen =
        side === 'receiving' ? [await receiving(port), await receivingPlugin(port)] : [await sending(port), await sendingPlugin(port)];
      expect(seen[0]).toBe(expected);
      expect(theirs.split(' or ')).toContain(seen[1]);
      expect(why === same).toBe(theirs.split(' or ').includes(expected));
    } finally {
      await mend();
    }
  },
  30_000,
);

it('asked for the certificate (-D) it looks at dates, and at nothing else', async () => {
  const look = () => plugin(stack.ports.smtp, '-S', '-D', '14', ...commands());
  const seen: Record<string, string> = {};
  for (const which of ['good', 'expired', 'soon', 'wrong-name', 'stranger'] as const) {
    await stack.certificate(which);
    seen[which] = await look();
  }
  await stack.certificate('good');
  expect(seen).toEqual({ good: 'ok', expired: 'down', soon: 'degraded', 'wrong-name': 'ok', stranger: 'ok' });
  // And it looks at nothing behind it any more: a mailbox that is refused goes unseen.
  await stack.setPostfix(['virtual_mailbox_maps = inline:{nobody@example.net=x}']);
  expect(await look()).toBe('ok');
}, 30_000);

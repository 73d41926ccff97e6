import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probeSmtp } from '../../electron/probes/smtp.ts';
import { openSmtp } from '../../electron/probes/smtp-session.ts';
import { smtp } from '../../shared/checks/smtp.ts';
import type { SmtpConfig } from '../../shared/checks/smtp-settings.ts';
import { type MailStack, type Mend, startMailStack } from '../support/mail-stack.ts';
import { probeContext } from '../support/probe-context.ts';

let stack: MailStack;
beforeAll(async () => {
  stack = await startMailStack({ ipv6: true, smallDisk: { queueKb: 40_000 } });
}, 20_000);
afterAll(() => stack?.stop());

const relayTo = 'stranger@example.com';
type Options = { memory?: { value?: unknown }; secret?: string; timeoutMs?: number };

async function check(settings: Record<string, unknown>, { memory = {}, secret, timeoutMs = 5_000 }: Options = {}) {
  const config = smtp.config.parse({ address: '127.0.0.1', caFile: stack.caFile, ...settings }) as SmtpConfig;
  const context = probeContext({ timeoutMs, memory, secrets: { mail: secret ?? stack.mailbox.password } });
  const facts = await probeSmtp(config, context);
  expect(() => smtp.observation.parse(facts)).not.toThrow();
  const transcript = context.lines.join('\n');
  expect(transcript).not.toContain(stack.mailbox.password);
  expect(transcript).not.toContain(Buffer.from(`\0${stack.mailbox.user}\0${stack.mailbox.password}`).toString('base64'));
  return { facts, verdict: smtp.judge(facts, config, Date.now()), transcript };
}
const receiving = (more: Record<string, unknown> = {}, options?: Options) =>
  check({ port: stack.ports.smtp, recipient: stack.mailbox.address, relayTo, ...more }, options);
const sending = (more: Record<string, unknown> = {}, options?: Options) =>
  check({ port: stack.ports.submission, user: stack.mailbox.user, passwordSecret: 'mail', ...more }, options);
/** Whatever is seen during a fault, it is mended afterwards. */
async function during(mend: Mend, look: () => Promise<void>): Promise<void> {
  try {
    await look();
  } finally {
    await mend();
  }
}
async function withPostfix(lines: string[], look: () => Promise<void>): Promise<void> {
  await stack.setPostfix(lines);
  await during(() => stack.setPostfix([]), look);
}
/** What the leg beside the broken one says meanwhile. */
const others = async () => [(await receiving()).verdict.state, (await sending()).verdict.state];

describe('a real Postfix that is well', () => {
  it.each([4, 6] as const)('takes mail by IPv%i', async (family) => {
    const { verdict, facts } = await receiving({ address: family === 6 ? '::1' : '127.0.0.1', family });
    expect(verdict).toMatchObject({ state: 'ok' });
    expect(facts).toMatchObject({
      stage: 'done',
      starttls: true,
      plainAuthOffered: false,
      recipient: 'accepted',
      relay: 'refused',
      login: 'none',
    });
    expect(facts.banner).toContain('mail.example.net ESMTP');
    expect(facts.extensions).toContain('PIPELINING');
    expect(facts.protocol).toMatch(/^TLSv1\./);
    expect(facts.relayReply).toMatch(/^554 5\.7\.1 .*Relay access denied/);
    expect(stack.queue()).toEqual([]);
  });
  it('lets the test mailbox in with STARTTLS and takes mail of it', async () => {
    const { verdict, facts } = await sending({ recipient: 'somebody@example.com', relayTo, mechanisms: ['PLAIN'] });
    expect(verdict).toMatchObject({ state: 'ok' });
    expect(facts).toMatchObject({ login: 'accepted', mechanism: 'PLAIN', plainAuthOffered: false, plainMail: 'refused', relay: 'refused' });
    expect(facts).toMatchObject({ recipient: 'accepted' });
  });
  it('lets the test mailbox in with TLS from the first byte', async () => {
    const { verdict, facts } = await sending({ port: stack.ports.submissions, encryption: 'tls' });
    expect(verdict.state).toBe('ok');
    expect(facts.starttls).toBeUndefined();
  });
  it('lets nobody in before encryption', async () => {
    const { verdict, facts } = await sending({ encryption: 'none' });
    expect(verdict).toMatchObject({ state: 'ok', text: expect.stringContaining('lets nobody in before encryption') });
    expect(facts).toMatchObject({ plainMail: 'refused', mechanisms: [], login: 'none' });
  });
  it("asks strangers' questions once an hour only", async () => {
    const memory = {};
    expect((await receiving({}, { memory })).transcript).toContain(relayTo);
    const { transcript, facts, verdict } = await receiving({}, { memory });
    expect(transcript).not.toContain(relayTo);
    expect([facts.relay, verdict.state]).toEqual(['refused', 'ok']);
  });
  it('is greeted through postscreen, which says 220- first', async () => {
    const { facts, verdict } = await receiving({ port: stack.ports.postscreen, relayTo: undefined, greetingDegraded: '500ms' });
    expect(verdict).toMatchObject({ state: 'degraded', reason: 'greeting-late' });
    expect(facts).toMatchObject({ recipient: 'accepted', banner: expect.stringMatching(/^(mail.example.net ESMTP Postfix ?){2}$/) });
    expect(facts.greetingMs).toBeGreaterThan(900);
  });
  it('takes a message through the session, dots and all', async () => {
    const context = probeContext({ secrets: { mail: stack.mailbox.password } });
    const config = smtp.config.parse({ address: '127.0.0.1', port: stack.ports.submission, caFile: stack.caFile }) as SmtpConfig;
    const opened = await openSmtp(config, context);
    if (!opened.ok) throw new Error(opened.failure.detail);
    const session = opened.value;
    expect((await session.start()).ok).toBe(true);
    expect((await session.login(stack.mailbox.user, 'mail')).ok).toBe(true);
    expect(await session.mail(stack.mailbox.address)).toMatchObject({ ok: true, value: { code: 250 } });
    expect(await session.rcpt(stack.mailbox.address)).toMatchObject({ ok: true, value: { code: 250 } });
    const sent = await session.data('Subject: dots\nFrom: nightdesk@example.net\n\n.\n..two\nend\n');
    expect(sent).toMatchObject({ ok: true, value: { code: 250, text: expect.stringMatching(/queued as \w+/) } });
    session.quit();
    await expect.poll(() => stack.messages().filter((it) => it.includes('Subject: dots')), { timeout: 5_000 }).toHaveLength(1);
    expect(
      stack
        .messages()
        .find((it) => it.includes('Subject: dots'))
        ?.replaceAll('\r', ''),
    ).toContain('\n\n.\n..two\nend\n');
  });
});

describe('faults of a real Postfix', () => {
  it('an unknown mailbox is refused', async () => {
    expect((await receiving({ recipient: 'nobody@example.net' })).verdict).toMatchObject({ state: 'down', reason: 'recipient-refused' });
    expect((await receiving({ recipient: 'probe@elsewhere.example' })).verdict).toMatchObject({
      state: 'down',
      reason: 'recipient-refused',
    });
  });
  it('a wrong password is refused, three times, and then held back over all ports', async () => {
    const user = 'intake@example.net';
    for (let n = 1; n <= 3; n += 1) {
      const { verdict, facts } = await sending({ user }, { secret: 'wrong-word' });
      expect(verdict).toMatchObject({ state: 'down', reason: 'login-refused', text: expect.stringContaining('535 5.7.8') });
      expect(facts).toMatchObject({ login: 'refused', refusals: n });
    }
    expect((await sending({ user }, { secret: 'wrong-word' })).facts).toMatchObject({ login: 'held-back', refusals: 3 });
    expect((await sending({ user, port: stack.ports.submissions, encryption: 'tls' }, { secret: 'wrong-word' })).facts.login).toBe(
      'held-back',
    );
    expect((await sending({ user })).facts.login).toBe('accepted');
    expect(stack.log().split('SASL PLAIN authentication failed').length - 1).toBe(3);
  });
  it('broken log-in stops sending and not receiving', async () => {
    await during(stack.breakAuth(), async () => {
      // Postfix 3.7 says 535 of it, as of a wrong password; others 454.
      await expect
        .poll(async () => (await sending()).verdict.reason, { timeout: 5_000, interval: 1_100 })
        .toMatch(/^login-(refused|failed)$/);
      expect((await receiving()).verdict).toMatchObject({ state: 'ok' });
    });
    // Dovecot looks at its passwords once a second, and after three refusals nobody would log in any more.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await expect.poll(others, { timeout: 5_000, interval: 1_500 }).toEqual(['ok', 'ok']);
  });
  it('a log-in that hangs', async () => {
    await during(stack.stallAuth(), async () => {
      expect((await sending({}, { timeoutMs: 1_000 })).verdict).toMatchObject({
        state: 'down',
        reason: expect.stringMatching(/^no-(answer|greeting)$/),
      });
      expect((await receiving()).verdict).toMatchObject({ state: 'ok' });
    });
  });
  it('Dovecot stopped: nobody can log in to send, mail comes in', async () => {
    await stack.stopDovecot();
    await during(stack.startDovecot, async () => {
      const { verdict } = await sending();
      expect(verdict.state).toBe('down');
      expect(['not-available', 'login-not-offered', 'login-failed', 'closed', 'reset']).toContain(verdict.reason);
      expect((await receiving()).verdict).toMatchObject({ state: 'ok' });
    });
    await expect.poll(others, { timeout: 10_000 }).toEqual(['ok', 'ok']);
  }, 30_000);
  it.each([
    ['expired', 'certificate-expired'],
    ['wrong-name', 'certificate-wrong-name'],
    ['stranger', 'certificate-untrusted'],
  ] as const)(
    'a certificate: %s',
    async (which, reason) => {
      await stack.certificate(which);
      try {
        // Mail programs refuse it; servers deliver all the same.
        const people = await sending();
        expect(people.verdict).toMatchObject({ state: 'down', reason });
        expect(people.facts.login).toBeUndefined();
        const servers = await receiving();
        expect(servers.verdict).toMatchObject({ state: 'degraded', reason });
        expect(servers.facts.recipient).toBe('accepted');
        expect((await sending({ certificate: 'any' })).verdict.state).toBe('ok');
      } finally {
        await stack.certificate('good');
      }
    },
    30_000,
  );
  it('a certificate that expires soon', async () => {
    await stack.certificate('soon');
    try {
      expect((await receiving()).verdict).toMatchObject({ state: 'degraded', reason: 'certificate-expires' });
      expect((await sending()).verdict).toMatchObject({ state: 'degraded', reason: 'certificate-expires' });
      expect((await sending({ expiresDegraded: '2d' })).verdict.state).toBe('ok');
    } finally {
      await stack.certificate('good');
    }
  }, 30_000);
  it('421 instead of the greeting', async () => {
    await during(await stack.turnAway(), async () => {
      expect((await receiving()).verdict).toMatchObject({ state: 'down', reason: 'not-available' });
    });
    expect((await receiving()).verdict).toMatchObject({ state: 'ok' });
  });
  it('a tarpit', async () => {
    await during(await stack.tarpit(1), async () => {
      const { verdict, facts } = await receiving({ slowDegraded: '800ms' });
      expect(verdict).toMatchObject({ state: 'degraded', reason: 'slow' });
      expect(facts.greetingMs).toBeGreaterThan(900);
      expect((await receiving({ slowDegraded: '400ms', slowDown: '800ms' })).verdict).toMatchObject({ state: 'down', reason: 'slow' });
      expect((await receiving({}, { timeoutMs: 500 })).verdict).toMatchObject({ state: 'down', reason: 'no-greeting' });
    });
  });
  it('greylisting, told from refusal, until it ends', async () => {
    const memory = {};
    await during(await stack.greylist(1_500), async () => {
      const first = await receiving({}, { memory });
      expect(first.verdict).toMatchObject({ state: 'unknown', reason: 'greylisted', text: expect.stringContaining('450 4.2.0') });
      const second = await receiving({}, { memory });
      expect(second.facts).toMatchObject({ recipient: 'greylisted', putOffSince: first.facts.putOffSince });
      await new Promise((resolve) => setTimeout(resolve, 1_600));
      expect((await receiving({}, { memory })).verdict.state).toBe('ok');
    });
    await during(await stack.greylist(60_000), async () => {
      // Whoever was let in before is no newcomer.
      expect((await receiving({}, { memory })).verdict).toMatchObject({ state: 'degraded', reason: 'put-off' });
    });
  });
  it('postscreen knows this computer as a spammer', async () => {
    await withPostfix(['postscreen_access_list = static:reject', 'postscreen_denylist_action = drop'], async () => {
      const { verdict } = await receiving({ port: stack.ports.postscreen });
      expect(verdict).toMatchObject({ state: 'down', reason: 'no-service', text: expect.stringContaining('521 5.3.2') });
    });
  });
  it('a filter that is gone is no greylisting', async () => {
    await withPostfix(
      [
        'smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:1',
        'smtpd_policy_service_retry_delay = 1s',
        'smtpd_policy_service_try_limit = 1',
      ],
      async () => {
        expect((await receiving()).verdict).toMatchObject({
          state: 'down',
          reason: 'temporary-fault',
          text: expect.stringContaining('451 4.3.5'),
        });
      },
    );
  });
  it('an open relay', async () => {
    const memory = {};
    await during(await stack.openRelay(), async () => {
      expect((await receiving({}, { memory })).verdict).toMatchObject({ state: 'degraded', reason: 'open-relay' });
    });
    // An open one is looked at each time.
    expect((await receiving({}, { memory })).verdict.state).toBe('ok');
    expect(stack.queue()).toEqual([]);
  });
  it('log-in offered before encryption, and mail taken from strangers', async () => {
    await withPostfix(['smtpd_tls_auth_only = no', 'smtpd_sasl_auth_enable = yes'], async () => {
      const { verdict, facts } = await sending({ port: stack.ports.smtp });
      expect(facts).toMatchObject({ plainAuthOffered: true, plainMail: 'taken', login: 'accepted' });
      expect(verdict).toMatchObject({
        state: 'degraded',
        reason: 'login-before-encryption',
        text: expect.stringContaining('without encryption and log-in'),
      });
      expect((await sending({ port: stack.ports.smtp, encryption: 'none' })).verdict).toMatchObject({ state: 'degraded' });
    });
  });
  it('log-in that is not offered', async () => {
    expect((await sending({ port: stack.ports.smtp })).verdict).toMatchObject({ state: 'down', reason: 'login-not-offered' });
  });
  it('STARTTLS taken out on the way', async () => {
    expect((await sending({ port: await stack.stripTls('submission') })).verdict).toMatchObject({
      state: 'down',
      reason: 'starttls-masked',
    });
    const { verdict, facts } = await receiving({ port: await stack.stripTls('smtp') });
    expect(verdict).toMatchObject({ state: 'degraded', reason: 'starttls-masked' });
    expect(facts.recipient).toBe('accepted');
  });
  it('STARTTLS not offered', async () => {
    await withPostfix(['smtpd_tls_security_level = none'], async () => {
      expect((await receiving()).verdict).toMatchObject({ state: 'degraded', reason: 'starttls-missing' });
      expect((await receiving({ requireTls: true })).verdict).toMatchObject({ state: 'down', reason: 'starttls-missing' });
    });
  });
  it('a key that cannot be read', async () => {
    await withPostfix(['smtpd_tls_key_file = /nonexistent'], async () => {
      const { verdict } = await receiving();
      expect(verdict).toMatchObject({ state: 'degraded' });
      expect(['starttls-missing', 'starttls-refused']).toContain(verdict.reason);
      expect((await sending()).verdict.state).toBe('down');
    });
  });
  it('a full mailbox, refused at RCPT', async () => {
    await withPostfix(['smtpd_recipient_restrictions = check_recipient_access static:{452 4.2.2 Over quota}'], async () => {
      expect((await receiving()).verdict).toMatchObject({ state: 'degraded', reason: 'mailbox-full' });
    });
  });
  it('a full disk', async () => {
    await during(stack.fillDisk('queue'), async () => {
      expect((await receiving()).verdict).toMatchObject({
        state: 'down',
        reason: 'no-space',
        text: expect.stringContaining('452 4.3.1'),
      });
    });
    expect((await receiving()).verdict).toMatchObject({ state: 'ok' });
  });
  it('too many connections of ours say nothing of others', async () => {
    await withPostfix(['smtpd_client_connection_rate_limit = 1'], async () => {
      await receiving();
      expect((await receiving()).verdict).toMatchObject({
        state: 'unknown',
        reason: 'turned-away',
        text: expect.stringContaining('421 4.7.0'),
      });
    });
  });
  it('stopped', async () => {
    await stack.stopPostfix();
    expect(await Promise.all([receiving(), sending()].map(async (it) => (await it).verdict.reason))).toEqual(['refused', 'refused']);
    await stack.startPostfix();
    expect(await others()).toEqual(['ok', 'ok']);
  }, 20_000);
});

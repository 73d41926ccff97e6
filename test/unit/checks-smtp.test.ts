import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mailAccountFor } from '../../electron/probes/mail-account.ts';
import { smtp } from '../../shared/checks/smtp.ts';
import type { SmtpFacts } from '../../shared/checks/smtp-facts.ts';
import { mayBeGreylisting, meaningOf } from '../../shared/checks/smtp-reply-words.ts';
import type { SmtpConfig } from '../../shared/checks/smtp-settings.ts';
import type { Certificate } from '../../shared/checks/tls-certificate.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { hostile } from '../support/hostile-text.ts';

const address = 'mail.example.net';
const now = Date.UTC(2026, 10, 20, 12);
const recipient = 'probe@example.net';
const relayTo = 'stranger@example.com';
const inbound = { address, recipient, relayTo };
const submission = { address, port: 587, user: recipient, passwordSecret: 'mail' };
const overTls = { ...submission, port: 465, encryption: 'tls' };
const configOf = (settings: Record<string, unknown>) => smtp.config.parse(settings) as SmtpConfig;

const certificate: Certificate = {
  subject: address,
  issuer: 'Test CA',
  altNames: [address],
  validFrom: now - DAY,
  validTo: now + 60 * DAY,
  fingerprint256: 'AA',
  selfSigned: false,
  nameFits: true,
  trusted: true,
  authorizationCode: null,
  chain: [{ subject: address, issuer: 'Test CA', validTo: now + 60 * DAY }],
};
const received: SmtpFacts = {
  stage: 'done',
  address: '192.0.2.25',
  connectMs: 1,
  greetingMs: 20,
  banner: 'mail.example.net ESMTP Postfix',
  extensions: ['PIPELINING', 'SIZE 10240000'],
  starttls: true,
  plainAuthOffered: false,
  protocol: 'TLSv1.3',
  certificate,
  mechanisms: [],
  login: 'none',
  recipient: 'accepted',
  relay: 'refused',
  relayAt: now,
  relayReply: '554 5.7.1 Relay access denied',
  totalMs: 85,
};
const sent: SmtpFacts = { ...received, mechanisms: ['PLAIN', 'LOGIN'], login: 'accepted', mechanism: 'PLAIN', loginMs: 9, recipient: 'not-tried', relay: 'not-tried' }; // biome-ignore format: a table
const answer = (code: number, text = 'text', enhanced?: string) => ({ code, text, ...(enhanced ? { enhanced } : {}) });
const error = { code: 'server-error' as const, detail: 'the server says no' };
const late = { code: 'timeout' as const, detail: 'mail.example.net:25 did not answer in time' };
const expired: Certificate = { ...certificate, validTo: now - 3 * DAY, authorizationCode: 'CERT_HAS_EXPIRED' };

describe('settings', () => {
  it('defaults', () => {
    expect(configOf({ address })).toMatchObject({
      port: 25,
      encryption: 'starttls',
      certificate: 'verify',
      sender: '',
      mechanisms: [],
      slowDegraded: 15 * SECOND,
      slowDown: 30 * SECOND,
      greetingDegraded: 10 * SECOND,
      putOffDegraded: 30 * MINUTE,
      expiresDegraded: 14 * DAY,
    });
  });
  it.each([
    ['a user without the name of a secret', { user: 'a@example.net' }],
    ['a user with a line break', { user: 'a\r\nRCPT', passwordSecret: 'mail' }],
    ['a user with NUL', { user: 'a\0b', passwordSecret: 'mail' }],
    ['a recipient that is a command', { recipient: 'a@example.net>\r\nDATA' }],
    ['a recipient that is no address', { recipient: 'postmaster' }],
    ['a greeting that is a command', { helo: 'a\r\nDATA' }],
    ['slow limits turned round', { slowDegraded: '40s' }],
    ['a way to log in in small letters', { mechanisms: ['plain'] }],
    ['a password instead of the name of a secret', { user: 'a', passwordSecret: 'P@ss word' }],
  ])('%s is refused', (_, settings) => {
    expect(smtp.config.safeParse({ address, ...settings }).success).toBe(false);
  });
  it('says what it looks at', () => {
    expect(smtp.target(configOf({ address }))).toBe('SMTP mail.example.net:25');
    expect(smtp.target(configOf({ address: '2001:db8::1', port: 587, family: 6 }))).toBe('SMTP [2001:db8::1]:587 (IPv6)');
  });
});

type Row = [name: string, settings: Record<string, unknown>, facts: SmtpFacts, state: string, reason: string, text?: RegExp];
const noPort: SmtpFacts = { stage: 'connect', address: '192.0.2.25' };
const at = (stage: SmtpFacts['stage'], more: SmtpFacts = {}): SmtpFacts => ({ stage, connectMs: 1, greetingMs: 2, ...more });
const rows: Row[] = [
  ['receives', inbound, received, 'ok', 'ok', /^takes mail for probe@example.net, encrypted \(TLSv1.3\), in 85 ms$/],
  ['sends', submission, sent, 'ok', 'ok', /^lets the test mailbox log in/],
  ['greets', { address }, { ...received, recipient: 'not-tried', relay: 'not-tried' }, 'ok', 'ok', /^greets/],
  ['keeps strangers out', { ...submission, encryption: 'none' }, { ...at('done'), login: 'none', plainMail: 'refused', mechanisms: [], totalMs: 5 }, 'ok', 'ok', /lets nobody in before encryption/],

  ['no address of that version', { address, family: 6, whereFound: true }, { stage: 'connect', noAddress: true }, 'ok', 'no-address', /no IPv6 address/],
  ['no way of our own', { address, family: 6 }, { stage: 'connect', failure: { code: 'no-gateway', detail: 'this computer has no way to IPv6 addresses' } }, 'unknown', 'no-gateway', /this computer/],
  ['nothing listens', inbound, { ...noPort, failure: { code: 'refused', detail: 'x' } }, 'down', 'refused', /refused on port 25/],
  ['no way', inbound, { ...noPort, failure: { code: 'unreachable', detail: 'no way' } }, 'down', 'unreachable'],
  ['no resolver', inbound, { stage: 'connect', failure: { code: 'resolver-failed', detail: 'x' } }, 'unknown', 'resolver-failed'],
  ['no such name', inbound, { stage: 'connect', failure: { code: 'name-not-found', detail: 'x' } }, 'down', 'name-not-found'],
  ['nothing tried', inbound, {}, 'unknown', 'no-result'],
  ['no greeting', inbound, { stage: 'greeting', connectMs: 1, failure: late }, 'down', 'no-greeting'],
  ['half a greeting', inbound, { stage: 'greeting', connectMs: 1, failure: late, began: true }, 'down', 'stalled', /in the middle of its answer to the connection/],
  ['half an answer to RCPT', inbound, at('rcpt', { failure: late, began: true }), 'down', 'stalled', /test mailbox/],
  ['no answer to EHLO', inbound, at('ehlo', { failure: late }), 'down', 'no-answer', /EHLO/],
  ['hangs up', inbound, at('mail', { failure: { code: 'closed', detail: 'x' } }), 'down', 'closed', /instead of an answer/],
  ['breaks off', inbound, at('mail', { failure: { code: 'reset', detail: 'x' } }), 'down', 'reset'],
  ['no SMTP', inbound, at('greeting', { failure: { code: 'protocol', detail: 'not SMTP' } }), 'down', 'protocol'],
  ['no end', inbound, at('greeting', { failure: { code: 'too-large', detail: 'no end' } }), 'down', 'too-large'],
  ['stalls at strangers after it took the mailbox', inbound, at('relay', { recipient: 'accepted', failure: late }), 'unknown', 'no-answer', /strangers/],

  ['421 to everybody', inbound, at('greeting', { failure: error, reply: answer(421, 'shutting down', '4.3.2') }), 'down', 'not-available', /421 4.3.2 shutting down/],
  ['421 to us', inbound, at('greeting', { failure: error, reply: answer(421, 'too many connections', '4.7.0') }), 'unknown', 'turned-away'],
  ['554 to us', inbound, at('greeting', { failure: error, reply: answer(554, 'blocked', '5.7.1') }), 'unknown', 'turned-away'],
  ['554 to everybody', inbound, at('greeting', { failure: error, reply: answer(554, 'no SMTP service here') }), 'down', 'no-service'],
  ['421 in the middle', inbound, at('rcpt', { failure: error, reply: answer(421) }), 'down', 'not-available'],
  ['EHLO refused', inbound, at('ehlo', { failure: error, reply: answer(550) }), 'down', 'hello-refused'],

  ['no STARTTLS at a port for people', submission, at('tls', { starttls: false, failure: { code: 'tls', detail: 'x' } }), 'down', 'starttls-missing'],
  ['STARTTLS masked', submission, at('tls', { starttls: false, masked: true, failure: { code: 'tls', detail: 'x' } }), 'down', 'starttls-masked'],
  ['no STARTTLS at a port for servers', inbound, { ...received, starttls: false, protocol: undefined, certificate: undefined }, 'degraded', 'starttls-missing'],
  ['no STARTTLS where it must be', { ...inbound, requireTls: true }, at('tls', { starttls: false, failure: { code: 'tls', detail: 'x' } }), 'down', 'starttls-missing'],
  ['STARTTLS refused to people', submission, at('tls', { starttls: true, reply: answer(454, 'no key', '4.7.0'), failure: { code: 'tls', detail: 'x' } }), 'down', 'starttls-refused'],
  ['STARTTLS refused to servers', inbound, { ...received, protocol: undefined, certificate: undefined, starttlsReply: answer(454, 'no key', '4.7.0') }, 'degraded', 'starttls-refused', /454 4.7.0 no key/],
  ['no handshake in time at 465', overTls, { stage: 'tls', connectMs: 1, failure: late }, 'down', 'no-greeting', /^port 465 accepts connections, but the TLS handshake does not come to its end$/],
  ['hangs up during the handshake at 465', overTls, { stage: 'tls', connectMs: 1, failure: { code: 'closed', detail: 'x' } }, 'down', 'closed', /^hangs up during the TLS handshake$/],
  ['breaks off the handshake at 465', overTls, { stage: 'tls', connectMs: 1, failure: { code: 'reset', detail: 'x' } }, 'down', 'reset', /^hangs up during the TLS handshake$/],
  ['no answer to STARTTLS', submission, at('tls', { starttls: true, failure: late }), 'down', 'no-answer', /STARTTLS/],
  ['no handshake', inbound, at('tls', { starttls: true, failure: { code: 'tls', detail: 'refused' } }), 'down', 'tls'],
  ['expired for people', submission, at('tls', { starttls: true, certificate: expired, failure: { code: 'certificate', detail: 'x' } }), 'down', 'certificate-expired', /expired 3 d ago/],
  ['expired for servers', inbound, { ...received, certificate: expired }, 'degraded', 'certificate-expired', /expired 3 d ago/],
  ['wrong name for servers', inbound, { ...received, certificate: { ...certificate, nameFits: false, altNames: ['other.example.net'] } }, 'degraded', 'certificate-wrong-name', /other.example.net, not for mail.example.net/],
  ['any certificate will do', { ...inbound, certificate: 'any' }, { ...received, certificate: expired }, 'ok', 'ok'],
  ['expires soon', inbound, { ...received, certificate: { ...certificate, validTo: now + 13 * DAY } }, 'degraded', 'certificate-expires', /13 days/],
  ['expires later than that', inbound, { ...received, certificate: { ...certificate, validTo: now + 15 * DAY } }, 'ok', 'ok'],

  ['log-in refused', submission, at('login', { login: 'refused', failure: { code: 'login-refused', detail: 'log-in refused: 535 5.7.8 no' } }), 'down', 'login-refused', /535/],
  ['log-in held back', submission, at('login', { login: 'held-back', failure: { code: 'login-refused', detail: 'not tried for 58 min' } }), 'down', 'login-refused', /58 min/],
  ['log-in not offered', submission, at('login', { login: 'not-offered', failure: error }), 'down', 'login-not-offered'],
  ['log-in cannot be checked', submission, at('login', { reply: answer(454, 'Temporary authentication failure', '4.7.0'), failure: error }), 'down', 'login-failed', /454/],
  ['no secret', submission, at('login', { failure: { code: 'no-secret', detail: 'x' } }), 'unknown', 'no-secret'],
  ['log-in before encryption', submission, { ...sent, plainAuthOffered: true }, 'degraded', 'login-before-encryption'],
  ['log-in before encryption where that is allowed', { ...submission, requireTls: false }, { ...sent, plainAuthOffered: true }, 'ok', 'ok'],
  ['mail before encryption', submission, { ...sent, plainMail: 'taken' }, 'degraded', 'mail-before-encryption'],
  ['a way to log in is missing', { ...submission, mechanisms: ['LOGIN', 'XOAUTH2'] }, sent, 'degraded', 'login-way-missing', /XOAUTH2/],

  ['newcomers put off', inbound, { ...received, recipient: 'greylisted', putOffSince: now - 5 * MINUTE, reply: answer(450, 'Greylisted', '4.2.0') }, 'unknown', 'greylisted', /450 4.2.0 Greylisted/],
  ['newcomers put off for long', inbound, { ...received, recipient: 'greylisted', putOffSince: now - 31 * MINUTE, reply: answer(450) }, 'degraded', 'put-off', /31 min/],
  ['put off though known', inbound, { ...received, recipient: 'put-off', acceptedAt: now - 2 * MINUTE, putOffSince: now, reply: answer(451, 'x', '4.7.1') }, 'degraded', 'put-off', /took 2 min ago/],
  ['put off though known, for long', inbound, { ...received, recipient: 'put-off', acceptedAt: now - HOUR, putOffSince: now - 40 * MINUTE, reply: answer(451, 'x', '4.7.1') }, 'down', 'put-off'],
  ['unknown mailbox', inbound, at('rcpt', { recipient: 'refused', reply: answer(550, 'no such user', '5.1.1'), failure: error }), 'down', 'recipient-refused'],
  ['full disk at MAIL', inbound, at('mail', { reply: answer(452, 'Insufficient system storage', '4.3.1'), failure: error }), 'down', 'no-space'],
  ['mailbox full for now', inbound, at('rcpt', { recipient: 'put-off', reply: answer(452, 'over quota', '4.2.2'), failure: error }), 'degraded', 'mailbox-full'],
  ['mailbox full', inbound, at('rcpt', { recipient: 'refused', reply: answer(552, 'over quota', '5.2.2'), failure: error }), 'degraded', 'mailbox-full'],
  ['a broken look-up', inbound, at('rcpt', { recipient: 'put-off', reply: answer(451, 'lookup failed', '4.3.0'), failure: error }), 'down', 'temporary-fault'],
  ['null sender refused', inbound, at('mail', { reply: answer(550, 'no', '5.1.7'), failure: error }), 'down', 'sender-refused'],
  ['log-in wanted at 25', inbound, at('mail', { reply: answer(530, 'log in', '5.7.0'), failure: error }), 'down', 'login-required'],
  ['the mailbox was not tried', inbound, { ...received, recipient: undefined }, 'unknown', 'recipient-unknown'],
  ['strangers were not tried', inbound, { ...received, relay: undefined }, 'unknown', 'relay-unknown'],
  ['open relay', inbound, { ...received, relay: 'open', relayReply: '250 2.1.5 Ok' }, 'degraded', 'open-relay', /stranger@example.com.*250 2.1.5 Ok/],
  ['an unclear answer to strangers is tried again', inbound, { ...received, relay: 'unclear' }, 'ok', 'ok'],
  ['open relay and no log-in', { ...submission, relayTo }, at('login', { relay: 'open', failure: { code: 'no-secret', detail: 'no secret' } }), 'degraded', 'open-relay', /no secret/],

  ['slow', inbound, { ...received, totalMs: 16_000 }, 'degraded', 'slow', /16\.0 s/],
  ['too slow', inbound, { ...received, totalMs: 31_000 }, 'down', 'slow'],
  ['greets late', inbound, { ...received, greetingMs: 10_100 }, 'degraded', 'greeting-late'],
  ['several at once', inbound, { ...received, totalMs: 31_000, relay: 'open' }, 'down', 'slow', /also takes mail/],
]; // biome-ignore format: a table

describe('verdicts', () => {
  it.each(rows)('%s', (_, settings, facts, state, reason, text) => {
    const config = configOf(settings);
    const verdict = smtp.judge(smtp.observation.parse(facts), config, now);
    expect(verdict).toMatchObject({ state, reason });
    if (text) expect(verdict.text).toMatch(text);
    const said = smtp.explain(facts, verdict, config);
    for (const line of [said.happened, said.means, said.todo]) expect(line).toMatch(/^[A-Z][^{}]*\.$/s);
    if (state === 'ok') expect(said.todo).toBe('Nothing.');
    // Advice of its own for every reason that is the server's.
    if (!['no-result', 'no-secret', 'resolver-failed'].includes(reason)) expect(said.means).not.toMatch(/fault is on this computer/);
  });
  it('speaks of receiving and of sending', () => {
    const verdict = { state: 'down' as const, reason: 'refused', text: 'connection refused' };
    expect(smtp.explain({}, verdict, configOf(inbound)).means).toMatch(/Mail from outside does not come in/);
    expect(smtp.explain({}, verdict, configOf(submission)).means).toMatch(/Nobody can send/);
  });
  it('never calls anything ok that did not come to its end, and never throws', () => {
    const reply = fc.record({ code: fc.integer({ min: 200, max: 559 }), text: hostile, enhanced: fc.constantFrom('4.7.1', '5.1.1', '4.2.2') }, { requiredKeys: ['code', 'text'] }); // biome-ignore format: short
    const facts = fc.record(
      {
        stage: fc.constantFrom('connect', 'greeting', 'ehlo', 'tls', 'login', 'mail', 'rcpt', 'relay', 'done'),
        connectMs: fc.constant(1),
        totalMs: fc.nat(60_000),
        reply,
        began: fc.boolean(),
        starttls: fc.boolean(),
        protocol: fc.constant('TLSv1.3'),
        recipient: fc.constantFrom('accepted', 'greylisted', 'put-off', 'refused', 'not-tried'),
        relay: fc.constantFrom('refused', 'open', 'unclear', 'not-tried'),
        login: fc.constantFrom('accepted', 'refused', 'held-back', 'not-offered', 'none'),
        failure: fc.record({
          code: fc.constantFrom('timeout', 'closed', 'server-error', 'tls', 'protocol', 'login-refused'),
          detail: fc.constant('some words'),
        }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(facts, fc.constantFrom(inbound, submission, { address }), (some, settings) => {
        const config = configOf(settings);
        const verdict = smtp.judge(some as SmtpFacts, config, now);
        if (some.failure || some.stage !== 'done') expect(verdict.state).not.toBe('ok');
        if (settings === inbound && some.recipient !== 'accepted') expect(verdict.state).not.toBe('ok');
        if (settings === submission && some.login !== 'accepted') expect(verdict.state).not.toBe('ok');
        if (some.protocol === undefined) expect(verdict.state).not.toBe('ok');
        expect(verdict.text.length).toBeGreaterThan(3);
        expect(smtp.explain(some as SmtpFacts, verdict, config).happened).toContain('SMTP');
        for (const line of smtp.facts(some as SmtpFacts)) expect(line.value).not.toBe('');
      }),
    );
  });
});

describe('what answers mean', () => {
  it.each([
    [450, '4.2.0', true],
    [451, '4.7.1', true],
    [450, '4.7.0', true],
    [451, '4.7.650', true],
    [450, undefined, true],
    [451, undefined, true],
    [450, '4.1.1', false],
    [450, '4.1.2', false],
    [450, '4.2.1', false],
    [451, '4.3.0', false],
    [451, '4.3.5', false],
    [451, '4.4.3', false],
    [452, '4.2.2', false],
    [452, '4.3.1', false],
    [452, undefined, false],
    [421, '4.7.0', false],
    [454, '4.7.0', false],
    [550, '5.7.1', false],
  ])('%i %s may be greylisting: %s', (code, enhanced, greylisting) => {
    expect(mayBeGreylisting({ code, text: '', ...(enhanced ? { enhanced } : {}) })).toBe(greylisting);
  });
  it('every stage and code has a meaning', () => {
    for (const stage of ['greeting', 'ehlo', 'tls', 'login', 'mail', 'rcpt', 'relay'] as const)
      for (const code of [421, 450, 451, 452, 454, 500, 503, 530, 535, 550, 552, 554])
        for (const enhanced of [undefined, '4.3.1', '5.7.1', '4.2.2'])
          expect(meaningOf(stage, { code, text: 'x', ...(enhanced ? { enhanced } : {}) }).reason).toMatch(/^[a-z-]+$/);
  });
});

describe('a newcomer that is put off', () => {
  const greylisted: SmtpFacts = {
    ...received,
    recipient: 'greylisted',
    putOffSince: now - 5 * MINUTE,
    reply: answer(450, 'later', '4.2.0'),
  };
  const judge = (facts: SmtpFacts) => smtp.judge(facts, configOf(inbound), now);
  it('is waited for: nothing is known, and nothing is wrong yet', () =>
    expect(judge(greylisted)).toMatchObject({ state: 'unknown', reason: 'greylisted', waits: true }));
  it.each<[string, SmtpFacts]>([
    ['for too long', { ...greylisted, putOffSince: now - 31 * MINUTE }],
    ['by a server with a bad certificate', { ...greylisted, certificate: expired }],
    ['by a server that is slow', { ...greylisted, totalMs: 16 * SECOND }],
    ['and something else is not known either', { ...greylisted, relay: undefined }],
    ['though it was taken before', { ...greylisted, recipient: 'put-off', acceptedAt: now - MINUTE }],
  ])('is not only waited for: %s', (_, facts) => expect(judge(facts)).not.toHaveProperty('waits'));
});

describe('what changes', () => {
  it.each([
    ['nothing', {}, []],
    ['certificate', { certificate: { ...certificate, fingerprint256: 'BB', issuer: 'Other CA' } }, ['certificate-changed']],
    ['encryption', { starttls: false }, ['starttls']],
    ['ways to log in', { mechanisms: ['LOGIN'] }, ['mechanisms']],
    ['the order of the ways to log in', { mechanisms: [] }, []],
    ['relay', { relay: 'open' as const }, ['relay']],
  ])('%s', (_, after, codes) => {
    expect(smtp.changes(received, { ...received, ...after }).map((it) => it.code)).toEqual(codes);
  });
});

describe('accounts', () => {
  let clock = 0;
  const context = { secret: () => 'wrong', monotonic: () => clock };
  const ask = (protocol: string, port: number, user: string) => mailAccountFor(protocol, { address, port }, user, 'mail', context);
  const use = (protocol: string, port: number, user: string, how: 'accepted' | 'refused') => {
    const account = ask(protocol, port, user);
    if (account.ok) account.value[how]();
    return account.ok;
  };
  it('a wrong password costs three attempts over all ports', () => {
    const user = 'all@example.net';
    expect([use('smtp', 587, user, 'refused'), use('smtp', 465, user, 'refused'), use('imap', 993, user, 'refused')]).toEqual([
      true,
      true,
      true,
    ]);
    expect([ask('smtp', 587, user).ok, ask('pop3', 995, user).ok]).toEqual([false, false]);
    expect(ask('smtp', 587, 'other@example.net').ok).toBe(true);
    clock += 30 * MINUTE;
    expect(ask('smtp', 587, user).ok).toBe(false);
    clock += 31 * MINUTE;
    expect([use('smtp', 587, user, 'refused'), ask('pop3', 995, user).ok]).toEqual([true, false]);
  });
  it('what one port accepts does not keep another going', () => {
    const user = 'one@example.net';
    for (let n = 0; n < 3; n += 1) {
      clock += 1;
      expect(use('imap', 993, user, 'refused')).toBe(true);
      clock += 1;
      expect(use('smtp', 587, user, 'accepted')).toBe(true);
    }
    expect([ask('imap', 993, user).ok, ask('smtp', 587, user).ok]).toEqual([false, true]);
    // Once in ten minutes, as long as the other accepts.
    clock += 10 * MINUTE;
    expect(use('imap', 993, user, 'refused')).toBe(true);
    clock += 1;
    expect([use('smtp', 587, user, 'accepted'), use('imap', 993, user, 'refused')]).toEqual([true, false]);
    clock += 10 * MINUTE;
    expect([use('imap', 993, user, 'accepted'), use('imap', 993, user, 'accepted')]).toEqual([true, true]);
  });
  it('nobody logs in without the name of a secret', () => {
    expect(mailAccountFor('smtp', { address, port: 587 }, 'x', undefined, context)).toMatchObject({
      ok: false,
      failure: { code: 'no-secret' },
    });
  });
});

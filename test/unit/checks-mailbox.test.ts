import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checks } from '../../shared/checks/index.ts';
import { type BacklogSample, growthOf } from '../../shared/checks/mailbox-backlog.ts';
import { type BacklogFacts, mailboxStages } from '../../shared/checks/mailbox-facts.ts';
import { failureCodes } from '../../shared/model/words.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../shared/time.ts';

const { imap, pop3, sieve } = checks;
const address = '192.0.2.25';
const now = Date.parse('2026-11-20T12:00:00Z');
const certificate = {
  subject: 'mail.example.net',
  issuer: 'Test CA',
  altNames: ['mail.example.net'],
  validFrom: now - 30 * DAY,
  validTo: now + 60 * DAY,
  fingerprint256: 'AA',
  selfSigned: false,
  nameFits: true,
  trusted: true,
  authorizationCode: null,
  chain: [],
};
const good: BacklogFacts = {
  stage: 'done',
  address,
  connectMs: 1,
  tlsMs: 4,
  greetingMs: 2,
  loginMs: 10,
  totalMs: 45,
  login: 'accepted',
  messages: 3,
  unseen: 1,
  newestAt: now - MINUTE,
  oldestAt: now - HOUR,
  protocol: 'TLSv1.3',
  certificate,
};
const failing = (
  code: NonNullable<BacklogFacts['failure']>['code'],
  stage: BacklogFacts['stage'],
  more: BacklogFacts = {},
): BacklogFacts => ({
  connectMs: 1,
  stage,
  failure: { code, detail: 'it failed' },
  ...more,
});
const saying = (code: string, stage: BacklogFacts['stage'] = 'login'): BacklogFacts =>
  failing('server-error', stage, { serverError: { code, text: 'so it says' } });

describe('settings', () => {
  it('defaults', () => {
    expect(imap.config.parse({ address })).toMatchObject({
      port: 993,
      encryption: 'tls',
      certificate: 'verify',
      mailbox: 'INBOX',
      slowDegraded: 15 * SECOND,
      slowDown: 30 * SECOND,
      expiresDegraded: 14 * DAY,
    });
    expect(pop3.config.parse({ address })).toMatchObject({ port: 995, encryption: 'tls' });
    expect(sieve.config.parse({ address })).toMatchObject({ port: 4190, encryption: 'starttls' });
  });
  it.each([
    ['a mailbox with a line break', { mailbox: 'INBOX\r\nn2 LOGOUT' }],
    ['a mailbox without a name', { mailbox: '' }],
    ['a user with a line break', { user: 'noc\r\n' }],
    ['no message is too many', { countDown: 0 }],
    ['an age without unit', { oldestDown: 300 }],
    ['an age of nothing', { oldestDown: '1s' }],
    ['growth of nothing', { growthDegraded: 0 }],
  ])('%s is refused', (_, settings) => {
    expect(imap.config.safeParse({ address, ...settings }).success).toBe(false);
  });
});

describe('imap', () => {
  const cases: [string, BacklogFacts, Record<string, unknown>, string, string, string][] = [
    ['all well', good, {}, 'ok', 'ok', 'INBOX opens in 45 ms, 3 messages'],
    ['another mailbox', good, { mailbox: 'Intake' }, 'ok', 'ok', 'Intake opens in 45 ms, 3 messages'],
    [
      'an alert of the server',
      { ...good, notice: 'nearly full' },
      {},
      'ok',
      'ok',
      'INBOX opens in 45 ms, 3 messages, the server says "nearly full"',
    ],
    ['nobody logs in', { ...good, login: 'none', messages: undefined }, {}, 'ok', 'ok', 'greets in 45 ms, nobody logged in'],
    ['nothing was tried', {}, {}, 'unknown', 'no-result', 'nothing was tried'],
    [
      'it stopped half-way',
      { connectMs: 1, greetingMs: 1, stage: 'login' },
      {},
      'unknown',
      'no-result',
      'the check did not come to its end',
    ],
    ['refused', { stage: 'connect', failure: { code: 'refused', detail: 'x' } }, {}, 'down', 'refused', 'connection refused on port 993'],
    ['no way there', { stage: 'connect', failure: { code: 'unreachable', detail: 'no way' } }, {}, 'down', 'unreachable', 'no way'],
    [
      'no name',
      { stage: 'connect', failure: { code: 'resolver-failed', detail: 'no resolver' } },
      {},
      'unknown',
      'resolver-failed',
      'no resolver',
    ],
    ['silent', failing('timeout', 'greeting'), {}, 'down', 'no-greeting', 'port 993 accepts connections, but the server says nothing'],
    ['stalls', failing('timeout', 'capability'), {}, 'down', 'stalled', 'the server greets, then says nothing more'],
    ['stalls in TLS', failing('timeout', 'tls'), {}, 'down', 'timeout', 'it failed'],
    [
      'stalls in the log-in',
      failing('timeout', 'login'),
      {},
      'down',
      'login-stalled',
      'the server greets, but lets nobody in: the log-in got no answer',
    ],
    [
      'stalls at the mailbox',
      failing('timeout', 'select'),
      {},
      'down',
      'mailbox-stalled',
      'lets people in, but the mailbox does not open in time',
    ],
    [
      'stalls at the dates',
      failing('timeout', 'state'),
      {},
      'down',
      'mailbox-stalled',
      'lets people in, but the mailbox does not open in time',
    ],
    [
      'log-in refused',
      failing('login-refused', 'login', { login: 'refused', serverError: { code: 'AUTHENTICATIONFAILED', text: 'no' } }),
      {},
      'down',
      'login-refused',
      'it failed',
    ],
    ['log-in held back', failing('login-refused', 'login', { login: 'held-back', refusals: 3 }), {}, 'down', 'login-refused', 'it failed'],
    ['no secret', failing('no-secret', 'login'), {}, 'unknown', 'no-secret', 'it failed'],
    ['backend gone', saying('UNAVAILABLE'), {}, 'down', 'server-unavailable', 'the server cannot do its work for now: so it says'],
    ['bug', saying('SERVERBUG'), {}, 'down', 'server-error', 'the server met a fault of its own: so it says'],
    ['bug at the mailbox', saying('SERVERBUG', 'select'), {}, 'down', 'server-error', 'the server met a fault of its own: so it says'],
    ['in use', saying('INUSE', 'select'), {}, 'degraded', 'mailbox-in-use', 'another program holds the mailbox: so it says'],
    ['limit', saying('LIMIT'), {}, 'unknown', 'too-many-sessions', 'too many sessions of this account from here: so it says'],
    ['no mailbox', saying('NONEXISTENT', 'select'), {}, 'down', 'no-mailbox', 'the mailbox is not there: so it says'],
    ['unreadable', saying('NO', 'select'), {}, 'down', 'mailbox-unreadable', 'it failed'],
    ['BYE', saying('BYE', 'greeting'), {}, 'down', 'server-error', 'it failed'],
    [
      'stripped',
      failing('tls', 'tls', { trouble: 'no-starttls' }),
      {},
      'down',
      'no-starttls',
      'offers no STARTTLS: encryption is turned off, or was stripped on the way; no password was sent',
    ],
    [
      'refused TLS',
      failing('server-error', 'tls', { trouble: 'starttls-refused', serverError: { code: 'UNAVAILABLE', text: 'x' } }),
      {},
      'down',
      'starttls-refused',
      'offers STARTTLS, then refuses it; no password was sent',
    ],
    [
      'needs TLS',
      failing('login-refused', 'login', { trouble: 'login-needs-tls' }),
      { encryption: 'none' },
      'unknown',
      'login-needs-tls',
      'the server takes no password without encryption, and the check uses none',
    ],
    [
      'no passwords',
      failing('login-refused', 'login', { trouble: 'no-password-login' }),
      {},
      'down',
      'no-password-login',
      'the server offers no log-in by password',
    ],
    [
      'expired',
      failing('certificate', 'tls', { certificate: { ...certificate, validTo: now - 2 * DAY } }),
      {},
      'down',
      'certificate-expired',
      'certificate expired 2 d ago',
    ],
    [
      'wrong name',
      failing('certificate', 'tls', { certificate: { ...certificate, nameFits: false } }),
      { serverName: 'imap.example.net' },
      'down',
      'certificate-wrong-name',
      'certificate is for mail.example.net, not for imap.example.net',
    ],
    [
      'stranger',
      failing('certificate', 'tls', { certificate: { ...certificate, trusted: false, authorizationCode: 'X' } }),
      {},
      'down',
      'certificate-untrusted',
      'certificate has no trusted issuer (X)',
    ],
    ['no certificate', failing('certificate', 'tls'), {}, 'down', 'certificate', 'it failed'],
    [
      'certificate runs out',
      { ...good, certificate: { ...certificate, validTo: now + 5 * DAY } },
      {},
      'degraded',
      'certificate-expires-soon',
      'certificate expires in 5 days',
    ],
    [
      'certificate runs out, but any will do',
      { ...good, certificate: { ...certificate, validTo: now - DAY } },
      { certificate: 'any' },
      'ok',
      'ok',
      'INBOX opens in 45 ms, 3 messages',
    ],
    ['slow', { ...good, totalMs: 15_001 }, {}, 'degraded', 'slow', 'takes 15.0 s, more than 15.0 s'],
    ['very slow', { ...good, totalMs: 30_001 }, {}, 'down', 'slow', 'takes 30.0 s, more than 30.0 s'],
    [
      'slow by its own measure',
      { ...good, totalMs: 400 },
      { slowDegraded: '300ms', slowDown: '1s' },
      'degraded',
      'slow',
      'takes 400 ms, more than 300 ms',
    ],
  ];
  it.each(cases)('%s', (_, facts, settings, state, reason, text) => {
    const config = imap.config.parse({ address, ...settings });
    const parsed = imap.observation.parse(facts);
    const verdict = imap.judge(parsed, config, now);
    expect(verdict).toEqual({ state, reason, text });
    const { happened, means, todo } = imap.explain(parsed, verdict, config);
    expect(happened).toBe(`IMAP ${address}:993: ${text}.`);
    // The fault is on this computer only where nothing is known of the other.
    expect(means.includes('fault is on this computer')).toBe(['no-result', 'resolver-failed', 'no-secret'].includes(reason));
    expect(todo.length).toBeGreaterThan(5);
    expect(imap.facts(parsed).every((line) => line.value !== '' && line.value !== 'undefined')).toBe(true);
  });

  const backlog: [string, BacklogFacts, Record<string, unknown>, string, string, string | RegExp][] = [
    ['few enough', good, { countDegraded: 4, countDown: 9 }, 'ok', 'ok', /3 messages/],
    ['many', good, { countDegraded: 3, countDown: 9 }, 'degraded', 'backlog', '3 messages lie there'],
    [
      'too many',
      { ...good, messages: 9, growthPerHour: 4 },
      { countDegraded: 3, countDown: 9 },
      'down',
      'backlog',
      '9 messages lie there (+4 per hour)',
    ],
    ['too many, degraded not given', { ...good, messages: 9 }, { countDown: 9 }, 'down', 'backlog', '9 messages lie there'],
    ['old', good, { oldestDegraded: '1h', oldestDown: '2h' }, 'degraded', 'backlog-old', 'the oldest message has been there for 1 h'],
    ['too old', good, { oldestDegraded: '10m', oldestDown: '1h' }, 'down', 'backlog-old', 'the oldest message has been there for 1 h'],
    ['young enough', good, { oldestDegraded: '2h' }, 'ok', 'ok', /3 messages/],
    [
      'empty is never old',
      { ...good, messages: 0, oldestAt: undefined, newestAt: undefined },
      { oldestDown: '1h', countDown: 1 },
      'ok',
      'ok',
      /0 messages/,
    ],
    ['an age that is not known', { ...good, oldestAt: undefined }, { oldestDown: '1h' }, 'unknown', 'age-unknown', /not known how old/],
    [
      'nothing comes',
      { ...good, newestAt: now - 3 * HOUR },
      { newestDegraded: '2h' },
      'degraded',
      'nothing-comes',
      'the newest message came 3 h ago',
    ],
    ['it comes', good, { newestDegraded: '2h' }, 'ok', 'ok', /3 messages/],
    ['nothing lies there', { ...good, messages: 0, newestAt: undefined }, { newestDegraded: '2h' }, 'unknown', 'age-unknown', /is empty/],
    [
      'grows',
      { ...good, growthPerHour: 50 },
      { growthDegraded: 50 },
      'degraded',
      'backlog-grows',
      'the messages become more: +50 per hour',
    ],
    ['shrinks', { ...good, growthPerHour: -50 }, { growthDegraded: 50 }, 'ok', 'ok', /3 messages/],
    ['growth not known yet', good, { growthDegraded: 50 }, 'ok', 'ok', /3 messages/],
    [
      'nobody logged in',
      { ...good, login: 'none', messages: undefined },
      { countDown: 1 },
      'unknown',
      'backlog-unknown',
      /not known how many/,
    ],
    [
      'the worst comes first',
      { ...good, totalMs: 20_000 },
      { countDown: 1 },
      'down',
      'backlog',
      '3 messages lie there; also takes 20.0 s, more than 15.0 s',
    ],
  ];
  it.each(backlog)('backlog: %s', (_, facts, settings, state, reason, text) => {
    const config = imap.config.parse({ address, ...settings });
    const verdict = imap.judge(facts, config, now);
    expect(verdict).toMatchObject({ state, reason });
    if (typeof text === 'string') expect(verdict.text).toBe(text);
    else expect(verdict.text).toMatch(text);
    expect(imap.explain(facts, verdict, config).means).not.toContain('fault is on this computer');
  });
});

describe('pop3 and sieve', () => {
  it.each([
    ['pop3', good, 'the mailbox opens in 45 ms, 3 messages'],
    ['sieve', { ...good, messages: undefined }, 'the filters can be read in 45 ms'],
  ] as const)('%s', (type, facts, text) => {
    const config = { pop3: pop3.config.parse({ address }), sieve: sieve.config.parse({ address }) };
    expect(type === 'pop3' ? pop3.judge(facts, config.pop3, now) : sieve.judge(facts, config.sieve, now)).toEqual({
      state: 'ok',
      reason: 'ok',
      text,
    });
  });
  it.each([
    ['SYS/TEMP', 'down', 'server-unavailable'],
    ['SYS/PERM', 'down', 'server-error'],
    ['IN-USE', 'degraded', 'mailbox-in-use'],
    ['LOGIN-DELAY', 'unknown', 'login-delay'],
    ['TRYLATER', 'down', 'server-unavailable'],
    ['ENCRYPT-NEEDED', 'unknown', 'login-needs-tls'],
    ['-ERR', 'down', 'server-error'],
  ])('%s', (code, state, reason) => {
    expect(pop3.judge(saying(code), pop3.config.parse({ address }), now)).toMatchObject({ state, reason });
  });
  it('size and scripts are told', () => {
    expect(pop3.facts({ ...good, bytes: 2_500_000 })).toContainEqual({ label: 'Size of the mailbox', value: '2.5 MB' });
    expect(sieve.facts({ scripts: 2, active: 'main' })).toContainEqual({ label: 'Scripts', value: '2, in use is "main"' });
  });
});

it('nothing that is missing is judged ok, and nothing throws', () => {
  const some = fc.record(
    {
      failure: fc.record({ code: fc.constantFrom(...failureCodes), detail: fc.string({ maxLength: 50 }) }),
      stage: fc.constantFrom(...mailboxStages),
      connectMs: fc.nat(),
      greetingMs: fc.nat(),
      totalMs: fc.nat(),
      messages: fc.nat(),
      login: fc.constantFrom('accepted', 'none'),
      serverError: fc.record({ code: fc.constantFrom('UNAVAILABLE', 'constructor', '__proto__', 'NO'), text: fc.string() }),
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<BacklogFacts>;
  const config = imap.config.parse({ address, countDown: 10 });
  fc.assert(
    fc.property(some, (facts) => {
      const verdict = imap.judge(facts, config, now);
      imap.explain(facts, verdict, config);
      imap.facts(facts);
      if (verdict.state === 'ok') {
        expect(facts.failure).toBeUndefined();
        expect(facts).toMatchObject({ stage: 'done', greetingMs: expect.any(Number), messages: expect.any(Number) });
      }
    }),
  );
});

describe('growth', () => {
  const play = (samples: BacklogSample[]): number | undefined => {
    let kept: BacklogSample[] = [];
    let last: number | undefined;
    for (const it of samples) {
      const grown = growthOf(kept, it);
      kept = grown.kept;
      last = grown.perHour;
      expect(kept.length).toBeLessThanOrEqual(62);
    }
    return last;
  };
  it.each([
    ['one look', [[0, 5]], undefined],
    [
      'too short a time',
      [
        [0, 5],
        [9, 500],
      ],
      undefined,
    ],
    [
      'ten minutes',
      [
        [0, 5],
        [10, 15],
      ],
      60,
    ],
    ['an hour', Array.from({ length: 61 }, (_, at) => [at, 100 + at]), 60],
    [
      'only the last hour counts',
      [
        [0, 0],
        [30, 1_000],
        [80, 1_000],
        [91, 1_000],
      ],
      0,
    ],
    [
      'emptied',
      [
        [0, 100],
        [30, 0],
      ],
      -200,
    ],
    [
      'after a pause of hours nothing is known',
      [
        [0, 0],
        [300, 1_000],
      ],
      undefined,
    ],
    [
      'the clock went back',
      [
        [100, 5],
        [0, 50],
      ],
      undefined,
    ],
  ] as [string, number[][], number | undefined][])('%s', (_, samples, expected) => {
    const grown = play(samples.map(([minute = 0, messages = 0]) => ({ at: minute * MINUTE, messages })));
    if (expected === undefined) expect(grown).toBeUndefined();
    else expect(grown).toBeCloseTo(expected);
  });
  it('stays small, however often it looks', () => {
    play(Array.from({ length: 5_000 }, (_, at) => ({ at: at * SECOND, messages: at })));
  });
});

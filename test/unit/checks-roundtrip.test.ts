import { describe, expect, it } from 'vitest';
import { leftoversOf, type Mark, messageOf, newToken, readMark, tagOf } from '../../electron/probes/roundtrip-message.ts';
import { roundtrip } from '../../shared/checks/roundtrip.ts';
import { type RoundtripConfig, type RoundtripFacts, roundtripConfig } from '../../shared/checks/roundtrip-facts.ts';
import { maySend } from '../../shared/checks/roundtrip-pending.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../shared/time.ts';

const now = Date.parse('2026-11-20T12:00:00Z');
const login = { user: 'nightdesk@example.net', passwordSecret: 'mail-probe' };
const written = {
  send: { address: 'mail.example.net', ...login },
  from: 'nightdesk@example.net',
  to: 'nightdesk@example.net',
  fetch: { address: 'mail.example.net', ...login },
};
const config: RoundtripConfig = roundtripConfig.parse(written);

describe('round trip: settings', () => {
  it('has the usual limits', () => {
    expect(config).toMatchObject({
      slowDegraded: 15 * SECOND,
      slowDown: 120 * SECOND,
      pollEvery: 2 * SECOND,
      list: false,
      send: { port: 587, encryption: 'starttls' },
      fetch: { protocol: 'imap', encryption: 'tls', mailbox: 'INBOX' },
    });
  });
  it.each<[string, object, string]>([
    ['a sender that would be a header of its own', { from: 'a@example.net\r\nBcc: b@example.net' }, 'from'],
    ['a recipient that is no address', { to: 'nightdesk' }, 'to'],
    ['a user without a secret', { send: { address: 'mail.example.net', user: 'nightdesk@example.net' } }, 'send.passwordSecret'],
    ['nobody who reads', { fetch: { address: 'mail.example.net', passwordSecret: 'mail-probe' } }, 'fetch.user'],
    ['a user that would be a command', { fetch: { ...written.fetch, user: 'a\r\nb' } }, 'fetch.user'],
    ['limits that contradict each other', { slowDegraded: '3m' }, 'slowDown'],
  ])('refuses %s', (_, part, path) => {
    expect(roundtripConfig.safeParse({ ...written, ...part }).error?.issues.map((it) => it.path.join('.'))).toContain(path);
  });
});

const taken = { acceptedAt: now - 130 * SECOND, queueId: '4XyZ5T1Q9jz', acceptedBy: 'mail.example.net', submitMs: 180 };
const done: RoundtripFacts = { ...taken, stage: 'done', foundMs: 1_100, totalMs: 1_280, deleted: true, leftovers: 0, at: now };
const waiting: RoundtripFacts = { ...taken, stage: 'accepted', waitedMs: 120_004, at: now };
const old = (minutes: number, queueId?: string) => ({ acceptedAt: now - minutes * MINUTE, ...(queueId ? { queueId } : {}) });
const as = 'accepted as 4XyZ5T1Q9jz by mail.example.net';

describe('round trip: verdicts', () => {
  it.each<[string, RoundtripFacts, string, string]>([
    ['delivered', done, 'ok ok', 'delivered in 1.3 s'],
    ['slow', { ...done, totalMs: 16_000 }, 'degraded slow', 'delivered after 16.0 s, more than 15.0 s'],
    [
      'slow, and a server tells where',
      {
        ...done,
        totalMs: 16_000,
        hops: [
          { by: 'mx.example.net', seconds: 1 },
          { by: 'store.example.net', from: 'mx.example.net', seconds: 14 },
        ],
      },
      'degraded slow',
      'delivered after 16.0 s, more than 15.0 s; 14 s of it before store.example.net had it',
    ],
    [
      'slow, and one server had it at most for the second that its clock can tell',
      { ...done, totalMs: 16_000, hops: [{ by: 'mx.example.net', seconds: 2 }] },
      'degraded slow',
      'delivered after 16.0 s, more than 15.0 s; 2 s of it before mx.example.net had it',
    ],
    [
      'slow, with clocks that contradict each other',
      { ...done, totalMs: 16_000, hops: [{ by: 'mx.example.net', seconds: -584 }] },
      'degraded slow',
      'delivered after 16.0 s, more than 15.0 s',
    ],
    ['at the limit', { ...done, totalMs: 15_000 }, 'ok ok', 'delivered in 15.0 s'],
    ['too slow', { ...done, totalMs: 121_000 }, 'down slow', 'delivered after 121.0 s, more than 120.0 s'],
    [
      'not removed',
      { ...done, stage: 'delivered', deleted: false },
      'degraded not-removed',
      'delivered in 1.3 s, but the test message cannot be removed from the mailbox',
    ],
    [
      'a late one',
      { ...done, late: [{ ...old(14), tookMs: 14 * MINUTE }] },
      'ok ok',
      'delivered in 1.3 s; an earlier message came after 14 min',
    ],
    [
      'several late ones',
      { ...done, late: [5, 9].map((it) => ({ ...old(it), tookMs: it * MINUTE })) },
      'ok ok',
      'delivered in 1.3 s; 2 earlier ones came, the slowest after 9 min',
    ],
    ['one that is lost', { ...done, missing: [old(20)], missingCount: 1 }, 'ok ok', 'delivered in 1.3 s; one sent earlier has not come'],
    ['one that may still come', { ...done, missing: [old(1)], missingCount: 1 }, 'ok ok', 'delivered in 1.3 s'],
    ['stuck', waiting, 'down stuck', `${as}, not in the mailbox after 2 min`],
    [
      'stuck at a server that names neither itself nor the message',
      { ...waiting, queueId: undefined, acceptedBy: undefined },
      'down stuck',
      'accepted, not in the mailbox after 2 min',
    ],
    [
      'stuck, as before',
      { ...waiting, missing: [old(12), old(7)], missingCount: 2 },
      'down stuck',
      `${as}, not in the mailbox after 2 min; 2 earlier messages on the way, the oldest for 12 min`,
    ],
    [
      'no time to wait, but earlier ones are overdue',
      { ...waiting, waitedMs: 8_000, missing: [old(5)], missingCount: 1 },
      'down stuck',
      `${as}, not in the mailbox after 8.0 s; 1 earlier message on the way, the oldest for 5 min`,
    ],
    [
      'late already, no time to wait on',
      { ...waiting, waitedMs: 20_000 },
      'degraded not-there-yet',
      `${as}, not in the mailbox after 20 s`,
    ],
    [
      'no time to wait at all',
      { ...waiting, waitedMs: 8_000 },
      'unknown not-there-yet',
      `${as}, not in the mailbox after 8.0 s; the check ends before it can be waited for longer`,
    ],
    [
      'none sent, as too many are on their way',
      { stage: 'submit', heldBack: true, missing: [old(40, 'A1B2C3'), old(35)], missingCount: 5, at: now },
      'down stuck',
      'accepted as A1B2C3, not in the mailbox after 40 min; 4 later messages on the way',
    ],
    [
      'none sent, though none is overdue',
      { stage: 'submit', heldBack: true, missing: [old(1)], missingCount: 1, at: now },
      'degraded not-there-yet',
      'accepted, not in the mailbox after 1 min',
    ],
    [
      'not handed in',
      { stage: 'submit', failedAt: 'send', failure: { code: 'login-refused', detail: 'log-in refused: 535 5.7.8 no' } },
      'unknown cannot-send',
      'no message could be handed in: log-in refused: 535 5.7.8 no',
    ],
    [
      'mailbox closed',
      { stage: 'submit', failedAt: 'read', failure: { code: 'refused', detail: 'connection refused by 192.0.2.1:993' } },
      'unknown cannot-read',
      'the mailbox cannot be looked at: connection refused by 192.0.2.1:993',
    ],
    [
      'mailbox closed meanwhile',
      { ...waiting, failedAt: 'read', failure: { code: 'closed', detail: 'it hung up' } },
      'unknown cannot-read',
      `${as}, but the mailbox cannot be looked at: it hung up`,
    ],
    ['ended by the runner', { failure: { code: 'timeout', detail: 'no result within 10 s' } }, 'unknown timeout', 'no result within 10 s'],
    ['nothing at all', {}, 'unknown no-result', 'the round trip did not come to its end'],
    [
      'accepted and nothing more',
      { ...taken, stage: 'accepted' },
      'unknown not-there-yet',
      `${as}, not in the mailbox after 0 ms; the check ends before it can be waited for longer`,
    ],
    ['found in no time that is known', { ...taken, stage: 'done' }, 'unknown no-result', 'the round trip did not come to its end'],
  ])('%s', (_, facts, level, text) => {
    const verdict = roundtrip.judge(facts, config, now);
    expect(`${verdict.state} ${verdict.reason}`).toBe(level);
    expect(verdict.text).toBe(text);
    expect(roundtrip.observation.safeParse(facts).error).toBeUndefined();
    const told = roundtrip.explain(facts, verdict, config);
    expect(told.happened).toBe(`Test message to nightdesk@example.net by mail.example.net:587: ${text}.`);
    expect(told.means).not.toBe('');
    expect(told.todo).not.toBe('');
  });
  it('measures the whole way, and nothing where there is none', () => {
    expect(roundtrip.measure(done)).toBe(1_280);
    expect(roundtrip.measure(waiting)).toBeNull();
  });
  it('shows each leg, and clocks that contradict each other by name', () => {
    const facts: RoundtripFacts = {
      ...done,
      hops: [
        { by: 'mx.example.net', from: '[192.0.2.1]', seconds: -40 },
        { by: 'filter.example.net', seconds: null },
        { by: 'store.example.net', seconds: 0 },
        { by: 'store.example.net', seconds: 62 },
      ],
      late: [{ ...old(14, 'A1B2C3'), tookMs: 14 * MINUTE }],
    };
    expect(roundtrip.facts(facts).map(({ label, value }) => `${label}: ${value}`)).toEqual(
      expect.arrayContaining([
        'How far it got: in the mailbox, and removed again',
        'From there to the mailbox: 1.1 s',
        'Queue id: 4XyZ5T1Q9jz',
        'Leg 1: [192.0.2.1] to mx.example.net: clocks cannot be compared',
        'Leg 2: filter.example.net: time not told',
        'Leg 3: store.example.net: less than 1 s',
        'Leg 4: store.example.net: 1 min 2 s',
        'Came late: sent 2026-11-20 11:46:00 UTC, queue id A1B2C3, after 14 min',
      ]),
    );
  });
  it('tells as a change what came late', () => {
    const late = [
      { ...old(14), tookMs: 14 * MINUTE },
      { ...old(9), tookMs: 9 * MINUTE },
    ];
    expect(roundtrip.changes(done, { ...done, late: late.slice(0, 1) })).toEqual([
      { code: 'late-mail', text: 'a test message of 2026-11-20 11:46:00 UTC came after 14 min' },
    ]);
    expect(roundtrip.changes(done, { ...done, late })).toEqual([
      { code: 'late-mail', text: '2 test messages came late, the slowest after 14 min' },
    ]);
    expect(roundtrip.changes(done, done)).toEqual([]);
  });
});

describe('round trip: how many are sent while none comes', () => {
  it.each<[string, number[], boolean]>([
    ['none on its way', [], true],
    ['four', [1, 2, 3, 4], true],
    ['five', [1, 2, 3, 4, 5], false],
    ['five, the newest half an hour ago', [30, 40, 50, 60, 70], true],
    ['a dozen, the newest half an hour ago', Array.from({ length: 12 }, (_, i) => 30 * (i + 1)), false],
    ['a dozen, the newest two hours ago', Array.from({ length: 12 }, (_, i) => 120 + 30 * i), true],
  ])('%s', (_, minutes, may) => {
    expect(
      maySend(
        minutes.map((it) => now - it * MINUTE),
        now,
      ),
    ).toBe(may);
  });
  it('makes no more than a few dozen of a queue that is held for a weekend', () => {
    const sent: number[] = [];
    for (let at = now; at < now + 60 * HOUR; at += MINUTE) if (maySend(sent, at)) sent.push(at);
    expect(sent.length).toBeLessThan(45);
    // And all the while a way that works again is seen within two hours.
    expect(Math.max(...sent.slice(1).map((at, index) => at - (sent[index] as number)))).toBeLessThanOrEqual(2 * HOUR);
  });
});

describe('round trip: the message', () => {
  const tag = tagOf(config);
  const message = messageOf(config, tag, '0123456789abcdef', now);
  it('is small, plain, and says that a machine sent it', () => {
    expect(message.split('\r\n')).toEqual([
      'From: nightdesk@example.net',
      'To: nightdesk@example.net',
      'Date: Fri, 20 Nov 2026 12:00:00 +0000',
      `Message-ID: <${tag}.0123456789abcdef@example.net>`,
      `Subject: Nightdesk probe ${tag} ${(now / 1_000).toString(36)} 0123456789abcdef`,
      'Auto-Submitted: auto-generated',
      `X-Nightdesk-Probe: ${tag}`,
      '',
      'A test message of Nightdesk, which watches this mail service. It is removed by itself.',
      '',
    ]);
  });
  it("has a tag that is the check's own and stays, and a token that does not", () => {
    expect(tagOf(config)).toBe(tag);
    expect(tagOf({ ...config, to: 'announce@lists.example.net' })).not.toBe(tag);
    expect(tagOf({ ...config, slowDown: 1 })).toBe(tag);
    expect(new Set(Array.from({ length: 100 }, newToken)).size).toBe(100);
  });
  const head = (subject: string, more = ''): string => `Received: by a; x\r\n${more}Subject: ${subject}\r\n\r\nbody`;
  const plain = `Nightdesk probe ${tag} ${(now / 1_000).toString(36)} 0123456789abcdef`;
  it.each<[string, string, Partial<Mark> | null]>([
    ['as it was sent', message, { tag, sentAt: now, token: '0123456789abcdef', marked: true }],
    ['by a list that puts its name before and takes our header', head(`[announce] ${plain}`), { tag, marked: false }],
    ['folded', head(plain.replace(' probe', '\r\n probe')), { tag }],
    ['marked as spam', head(`***SPAM*** ${plain}`), { tag }],
    ['with a word behind', head(`${plain} (was: nothing)`), { tag }],
    ['with the header of another check', head(plain, 'X-Nightdesk-Probe: aaaaaaaaaaaa\r\n'), { tag, marked: false }],
    ['an answer', head(`Re: ${plain}`), null],
    ['an answer in the words of other programs', head(`AW: ${plain}`), null],
    ['an answer by a list', head(`[announce] Re: ${plain}`), null],
    ['passed on', head(`Fwd: ${plain}`), null],
    ['a token too long', head(`${plain}0`), null],
    ["somebody's own", head('Nightdesk probe'), null],
    ['in the body alone', `Subject: hello\r\n\r\nSubject: ${plain}`, null],
    ['nothing', '', null],
  ])('is known again: %s', (_, header, mark) => {
    if (mark === null) expect(readMark(header)).toBeNull();
    else expect(readMark(header)).toMatchObject(mark);
  });
});

describe('round trip: what is removed from the mailbox', () => {
  const own = { tag: 'aaaaaaaaaaaa', list: false };
  const mark = (ageMs: number, part: Partial<Mark> = {}): { mark: Mark } => ({
    mark: { tag: own.tag, sentAt: now - ageMs, token: '0'.repeat(16), marked: true, ...part },
  });
  const isKnown = (token: string): boolean => token === '1'.repeat(16);
  it.each<[string, ReturnType<typeof mark>, boolean]>([
    ['one that is waited for', mark(0, { token: '1'.repeat(16), marked: false }), true],
    ['an old one of this check', mark(5 * MINUTE), true],
    ['one from the future of a clock that was set back', mark(-DAY), true],
    ['one just sent, by somebody else who runs this check', mark(10 * SECOND), false],
    ['an old one without our header', mark(5 * MINUTE, { marked: false }), false],
    ["another desk's", mark(5 * MINUTE, { tag: 'bbbbbbbbbbbb' }), false],
    ["another desk's that it has forgotten", mark(25 * HOUR, { tag: 'bbbbbbbbbbbb' }), true],
    ['the same without our header', mark(25 * HOUR, { tag: 'bbbbbbbbbbbb', marked: false }), false],
  ])('%s', (_, it, goes) => {
    expect(leftoversOf([it], own, isKnown, now)).toEqual(goes ? [it] : []);
  });
  it('by a list that takes our header away', () => {
    const it = mark(5 * MINUTE, { marked: false });
    expect(leftoversOf([it], { ...own, list: true }, isKnown, now)).toEqual([it]);
  });
  it('young ones but the newest three, in whatever order they lie', () => {
    const all = [9, 1, 7, 3, 5].map((seconds) => mark(seconds * SECOND));
    expect(leftoversOf(all, own, isKnown, now).map(({ mark }) => now - mark.sentAt)).toEqual([9_000, 7_000]);
  });
});

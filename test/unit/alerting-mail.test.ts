import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphOf } from '../../shared/health/graph.ts';
import type { CheckState } from '../../shared/health/step.ts';
import { type LegStanding, legNoun, legStandings, legsSentence, legWordOf } from '../../shared/mail/leg-standing.ts';
import { mailLegs } from '../../shared/mail/legs.ts';
import { notifySchema } from '../../shared/model/notify.ts';
import { routesFor } from '../../shared/notify/route.ts';
import { mailStack, type Stack } from '../support/mail-legs.ts';
import {
  bad,
  behind,
  fine,
  flapping,
  fromTheStart,
  type NightDesk,
  nightDesk,
  refused,
  routine,
  unclear,
  work,
} from '../support/night-desk.ts';
import { check, hard, stale, thing, verdict } from '../support/story.ts';

const noLogin = verdict('down', 'login-refused', 'the log-in is refused: Authentication failed');
const noService = verdict('down', 'server-error', 'the server says: Internal error occurred');
const expired = verdict('down', 'certificate-expired', 'certificate expired 2 d ago');
const stuck = verdict('down', 'stuck', 'accepted as 4XyZ by mail.example.net, not in the mailbox after 2 min');
const cannotSend = verdict('unknown', 'cannot-send', 'no message could be sent: the log-in is refused');
const cannotRead = verdict('unknown', 'cannot-read', 'the mailbox could not be opened: the log-in is refused');
const listed = verdict('degraded', 'listed', 'outbound address 192.0.2.25 is on zen.spamhaus.org');
const delayed = verdict('degraded', 'delayed', 'mail is delayed by about 75 to 120 minutes');
const slow = verdict('degraded', 'slow', 'took 17 s, more than 15 s');
const spf = verdict('down', 'spf-lookups', 'SPF needs 12 lookups, more than 10 are not allowed');

const sd = thing('site', 'sd', { name: 'San Diego' });
const web1 = thing('host', 'web1', { site: 'sd' });
/** A desk that watches these stacks. */
function watching(stacks: Stack[], ...others: (typeof web1)[]): NightDesk {
  const plans = Map.groupBy(
    stacks.flatMap((it) => it.plans),
    (plan) => plan.subject.id,
  );
  return nightDesk(
    [...stacks.flatMap((it) => it.subjects), ...others],
    (it) => plans.get(it.id) ?? (it.kind === 'host' ? [check(it, 'icmp'), check(it, 'http')] : []),
  );
}
const all: Record<string, readonly string[]> = {
  receiving: ['smtp', 'smtp-v6', 'smtp-mx2'],
  sending: ['submission', 'submissions'],
  reading: ['imap', 'imaps', 'pop3', 'pop3s'],
  delivery: ['queue', 'roundtrip'],
};
/** States of checks of one stack: "reading" = all ways of the leg, "reading/imap" = one. */
const states = (some: Record<string, CheckState>, entry = 'mail-example'): Record<string, CheckState> =>
  Object.fromEntries(
    Object.entries(some).flatMap(([key, state]) => {
      const [leg = '', one] = key.split('/');
      return (one === undefined ? (all[leg] ?? []) : [one]).map((name) => [`${entry}.${leg}/${name}`, state]);
    }),
  );
/** The one alert that these states make. */
const said = (some: Record<string, CheckState>, stack = mailStack()): string[] => {
  const { title, text } = watching([stack]).set(states(some)).at(1_000).alert();
  return [title, text];
};

describe('one leg', () => {
  const rest = 'Receiving, sending, delivery and webmail work.';
  const table: [name: string, states: Record<string, CheckState>, title: string, text: string][] = [
    [
      'nobody can read',
      { reading: bad(refused) },
      'Mail of example.net cannot be read',
      `IMAP, IMAPS, POP3 and 1 more: connection refused. ${rest}`,
    ],
    [
      'one protocol of reading',
      { 'reading/imap': bad(noService), 'reading/imaps': bad(noService) },
      'IMAP of example.net fails',
      `IMAP and IMAPS: the server says: Internal error occurred. POP3 and POP3S work. ${rest}`,
    ],
    [
      'one port of reading',
      { 'reading/imaps': bad(refused) },
      'IMAPS of example.net fails',
      `IMAPS: connection refused. IMAP, POP3 and POP3S work. ${rest}`,
    ],
    [
      'ports of two protocols',
      { 'reading/imaps': bad(refused), 'reading/pop3s': bad(refused) },
      'IMAPS and POP3S of example.net fail',
      `IMAPS and POP3S: connection refused. IMAP and POP3 work. ${rest}`,
    ],
    [
      'an expired certificate',
      { 'reading/imap': bad(expired), 'reading/imaps': bad(expired) },
      'example.net: certificate expired 2 d ago',
      `IMAP and IMAPS: certificate expired 2 d ago. POP3 and POP3S work. ${rest}`,
    ],
    [
      'nothing is taken in',
      { receiving: bad(refused) },
      'Mail to example.net is not accepted',
      'SMTP, SMTP IPv6 and SMTP mx2: connection refused. Sending, delivery, reading and webmail work.',
    ],
    [
      'one of two exchangers',
      { 'receiving/smtp': bad(refused), 'receiving/smtp-v6': bad(refused) },
      'mx1.example.net does not accept mail for example.net',
      'SMTP and SMTP IPv6: connection refused. SMTP mx2 works. Sending, delivery, reading and webmail work.',
    ],
    [
      'IPv6 of an exchanger',
      { 'receiving/smtp-v6': bad(refused) },
      'mx1.example.net does not accept mail for example.net over IPv6',
      'SMTP IPv6: connection refused. SMTP and SMTP mx2 work. Sending, delivery, reading and webmail work.',
    ],
    [
      'nobody can send, whatever blocklists say',
      { sending: bad(noLogin) },
      'example.net cannot send mail',
      'Submission and submission over TLS: the log-in is refused: Authentication failed. Blocklists are fine. Receiving, delivery, reading and webmail work.',
    ],
    [
      'blocklisted',
      { 'sending/blocklist': bad(listed) },
      'example.net: outbound address 192.0.2.25 is on zen.spamhaus.org',
      'Blocklists: outbound address 192.0.2.25 is on zen.spamhaus.org. Submission and submission over TLS work. Receiving, delivery, reading and webmail work.',
    ],
    [
      'slow',
      { sending: bad(slow) },
      'example.net: sending mail is slow',
      'Submission and submission over TLS: took 17 s, more than 15 s. Blocklists are fine. Receiving, delivery, reading and webmail work.',
    ],
    [
      'one way is slow',
      { 'sending/submission': bad(slow) },
      'Submission of example.net is slow',
      'Submission: took 17 s, more than 15 s. Submission over TLS and blocklists are fine. Receiving, delivery, reading and webmail work.',
    ],
    [
      'a queue whose sentence on new mail stands behind what waits',
      {
        'delivery/queue': bad({
          ...verdict(
            'degraded',
            'queue-long',
            '600 messages wait, the oldest for 3 min; 12 more a minute; mail is delayed by about 20 minutes',
          ),
          title: 'mail is delayed by about 20 minutes',
        }),
      },
      'example.net: mail is delayed by about 20 minutes',
      expect.stringMatching(/^Queue: 600 messages wait/) as never,
    ],
    [
      'a server elsewhere whose reason sounds like a sentence of ours',
      {
        'delivery/queue': bad(
          verdict('degraded', 'queue-long', '600 messages wait for example.org: 450 no; mail to you is delayed by thieves'),
        ),
      },
      'example.net: 600 messages wait for example.org: 450 no',
      expect.stringMatching(/^Queue: 600 messages wait/) as never,
    ],
    [
      'a queue',
      { 'delivery/queue': bad(delayed) },
      'example.net: mail is delayed by about 75 to 120 minutes',
      'Queue: mail is delayed by about 75 to 120 minutes. Round trip works. Receiving, sending, reading and webmail work.',
    ],
    [
      'a round trip that is stuck',
      { 'delivery/roundtrip': bad(stuck) },
      'Mail to example.net is not delivered',
      'Round trip: accepted as 4XyZ by mail.example.net, not in the mailbox after 2 min. Queue is fine. Receiving, sending, reading and webmail work.',
    ],
    [
      'webmail',
      { 'webmail/webmail': bad(verdict('down', 'wrong-status', 'answers 503, expected 200')) },
      'Webmail of example.net is down',
      'Webmail: answers 503, expected 200. Receiving, sending, delivery and reading work.',
    ],
    [
      'records',
      { 'records/posture': bad(spf) },
      'DNS records of mail for example.net: SPF needs 12 lookups, more than 10 are not allowed',
      'Mail records: SPF needs 12 lookups, more than 10 are not allowed. Receiving, sending, delivery, reading and webmail work.',
    ],
    [
      'it cannot be looked at',
      { reading: bad(unclear) },
      'Reading mail for example.net cannot be checked',
      `IMAP, IMAPS, POP3 and 1 more: no permission to ping. ${rest}`,
    ],
    [
      'it comes and goes',
      { 'reading/imap': flapping(fine), 'reading/imaps': flapping(fine) },
      'IMAP of example.net comes and goes',
      `IMAP and IMAPS come and go; the last result was: answers. POP3 and POP3S work. ${rest}`,
    ],
    [
      'no fresh data of another leg',
      { reading: bad(refused), 'delivery/roundtrip': stale(fine, 500), receiving: stale(fine, 500) },
      'Mail of example.net cannot be read',
      'IMAP, IMAPS, POP3 and 1 more: connection refused. Sending and webmail work; receiving and delivery are not known.',
    ],
    [
      'another leg is being made sure of',
      { reading: bad(refused), 'webmail/webmail': { ...fine, soft: { level: 'down', attempt: 1, firstAt: 900 } } },
      'Mail of example.net cannot be read',
      'IMAP, IMAPS, POP3 and 1 more: connection refused. Receiving, sending and delivery work; webmail is not known.',
    ],
  ];
  it.each(table)('%s', (_name, some, title, text) => {
    expect(said(some)).toEqual([title, text]);
  });

  it.each([
    ['lists', 'list-announce', 'Mailing lists of example.net do not work'],
    ['filters', 'sieve', 'Mail filters of example.net cannot be changed'],
    ['calendar', 'calendar', 'Calendar of example.net is down'],
    ['files', 'files', 'File sharing of example.net is down'],
  ])('%s', (leg, name, title) => {
    expect(said({ [`${leg}/${name}`]: bad(refused) }, mailStack('mail-example', 'example.net', [...mailLegs]))[0]).toBe(title);
  });

  it('planned work on another leg is told as that', () => {
    const d = watching([mailStack()])
      .set(states({ reading: bad(refused), 'webmail/webmail': bad(refused), 'delivery/queue': bad(delayed) }))
      .why({ 'mail-example.webmail/webmail': work(), 'mail-example.delivery/queue': routine() })
      .at(1_000);
    expect(d.alert().text).toMatch(/ Receiving and sending work; planned work runs on delivery and webmail\.$/);
  });

  it('what a long domain or a long text says stays within a title', () => {
    const domain = `${'x'.repeat(60)}.${'y'.repeat(60)}.example`;
    const long = verdict('degraded', 'listed', 'z'.repeat(300));
    const d = watching([mailStack('mail-example', domain)]);
    expect(
      d
        .set(states({ 'sending/blocklist': bad(long) }))
        .at(1_000)
        .alert().title.length,
    ).toBeLessThanOrEqual(100);
    expect(
      watching([mailStack('mail-example', domain)])
        .set(states({ reading: bad() }))
        .at(1_000)
        .alert().title.length,
    ).toBeLessThanOrEqual(100);
  });
});

describe('several legs of one stack', () => {
  const table: [name: string, states: Record<string, CheckState>, title: string, others: string][] = [
    [
      'the log-in is broken',
      { sending: bad(noLogin), reading: bad(noLogin) },
      'example.net: mail can neither be read nor sent',
      'Receiving, delivery and webmail work.',
    ],
    [
      'the mail server is gone',
      { receiving: bad(), sending: bad() },
      'example.net: mail is not accepted and cannot be sent',
      'Delivery, reading and webmail work.',
    ],
    [
      'all but delivery',
      { receiving: bad(), sending: bad(), reading: bad() },
      'example.net: mail is not accepted and can neither be read nor sent',
      'Delivery and webmail work.',
    ],
    [
      'taken in by nobody',
      { receiving: bad(), 'delivery/roundtrip': bad(stuck) },
      'example.net: mail is neither accepted nor delivered',
      'Sending, reading and webmail work.',
    ],
    [
      'everything',
      { receiving: bad(), sending: bad(), reading: bad(), 'delivery/roundtrip': bad(stuck) },
      'Mail of example.net is down',
      'Webmail works.',
    ],
    [
      'webmail too',
      { reading: bad(), 'webmail/webmail': bad() },
      'example.net: mail cannot be read; webmail fails',
      'Receiving, sending and delivery work.',
    ],
    [
      'part of one',
      { sending: bad(), 'reading/imaps': bad() },
      'example.net: mail cannot be sent; reading works only in part',
      'Receiving, delivery and webmail work.',
    ],
    [
      'one certificate',
      { receiving: bad(expired), sending: bad(expired), reading: bad(expired) },
      'example.net: certificate expired 2 d ago',
      'Delivery and webmail work.',
    ],
    [
      'slow',
      { sending: bad(slow), reading: bad(slow) },
      'example.net: sending mail and reading mail are slow',
      'Receiving, delivery and webmail work.',
    ],
    [
      'the worst first',
      { sending: bad(slow), reading: bad(noLogin) },
      'Mail of example.net cannot be read',
      'Receiving, delivery and webmail work.',
    ],
    [
      'not to be looked at',
      { sending: bad(unclear), reading: bad(unclear) },
      'example.net: sending mail and reading mail cannot be checked',
      'Receiving, delivery and webmail work.',
    ],
  ];
  it.each(table)('%s', (_name, some, title, others) => {
    const alert = watching([mailStack()]).set(states(some)).at(1_000).alert();
    expect([alert.title, alert.text.slice(-others.length)]).toEqual([title, others]);
    // An alert of several legs is one of their stack.
    expect(alert.subject).toEqual({ kind: 'mail', id: 'mail-example' });
  });

  it('what they saw is told once, in the name of the domain', () => {
    expect(said({ sending: bad(noLogin), reading: bad(noLogin) })[1]).toBe(
      'IMAP, IMAPS, POP3 and 3 more of example.net: the log-in is refused: Authentication failed. Receiving, delivery and webmail work.',
    );
  });

  it('becomes one alert by growing, and names the leg again when the others are well', () => {
    const d = watching([mailStack()])
      .set(states({ reading: bad(noLogin, 0) }))
      .at(1_000);
    d.set(states({ sending: bad(noLogin, 20_000) })).at(30_000);
    expect(d.alert().title).toBe('example.net: mail can neither be read nor sent');
    d.set(states({ reading: fine })).at(60_000);
    expect([d.alert().title, d.alert().subject.id]).toEqual(['example.net cannot send mail', 'mail-example.sending']);
    d.set(states({ sending: fine })).at(90_000);
    expect(d.ended.map((it) => it.title)).toEqual(['example.net: mail can neither be read nor sent']);
  });

  it('what had been wrong before anybody looked stays apart, and each names the other', () => {
    const d = watching([mailStack()])
      .set(states({ reading: fromTheStart(noLogin), sending: fromTheStart(noLogin) }))
      .at(1_000);
    expect([...d.open.values()].map((it) => it.title)).toEqual(['Mail of example.net cannot be read', 'example.net cannot send mail']);
    expect([...d.open.values()][0]?.text).toMatch(/ Receiving, delivery and webmail work, sending does not\.$/);
  });
});

describe('many stacks', () => {
  const many = (n: number, legs: Parameters<typeof mailStack>[2] = ['receiving', 'sending', 'reading']) =>
    Array.from({ length: n }, (_, index) => mailStack(`m${index}`, `d${index}.example`, legs, { site: 'sd' }));
  const broken = (stacks: Stack[], some: Record<string, CheckState>) =>
    Object.assign({}, ...stacks.map((it) => states(some, it.entry.id))) as Record<string, CheckState>;

  it.each<[name: string, n: number, states: Record<string, CheckState>, title: string]>([
    ['the same leg of 200', 200, { reading: bad() }, 'Mail of 200 domains cannot be read'],
    ['of two by name', 2, { receiving: bad() }, 'Mail to d0.example and d1.example is not accepted'],
    ['two legs of each', 200, { reading: bad(noLogin), sending: bad(noLogin) }, '200 domains: mail can neither be read nor sent'],
    ['one protocol of each', 12, { 'reading/imap': bad(), 'reading/imaps': bad() }, 'IMAP of 12 domains fails'],
    ['slow', 12, { sending: bad(slow) }, '12 domains: sending mail is slow'],
    ['one certificate of all', 12, { reading: bad(expired) }, '12 domains: certificate expired 2 d ago'],
  ])('%s', (_name, n, some, title) => {
    const stacks = many(n);
    const d = watching(stacks, sd).set(broken(stacks, some)).at(1_000);
    expect(d.alert().title).toBe(title);
    expect(d.alert().subject).toEqual({ kind: 'site', id: 'sd' });
    expect(d.alert().text.length).toBeLessThan(400);
  });

  it('what works in all of them is told, what differs is not', () => {
    const stacks = many(3);
    const d = watching(stacks, sd)
      .set(broken(stacks, { reading: bad() }))
      .set({ 'm1.sending/submission': stale(fine, 500) })
      .at(1_000);
    expect(d.alert().text).toBe(
      'IMAP, IMAPS, POP3 and 9 more of d0.example, d1.example and d2.example: connection refused. Receiving works.'.replace(
        'POP3 and 9 more',
        'POP3 and 1 more',
      ),
    );
  });

  it('other legs of others are no single story', () => {
    const stacks = many(2);
    const d = watching(stacks, sd)
      .set({ ...states({ reading: bad() }, 'm0'), ...states({ sending: bad() }, 'm1') })
      .at(1_000);
    expect(d.alert().title).toBe('d0.example and d1.example: trouble with sending mail and reading mail');
  });

  it('stands beside a server of the same site and minute', () => {
    const [stack] = many(1) as [Stack];
    const d = watching([stack], sd, web1)
      .set(broken([stack], { reading: bad(), sending: bad() }))
      .set({ 'web1/http': bad(), 'web1/icmp': bad() })
      .at(1_000);
    expect(d.alert().title).toBe('Mail of d0.example and web1 at San Diego are down');
  });
});

describe('a round trip that could not begin', () => {
  const trip = 'mail-example.delivery/roundtrip';

  it('says nothing of delivery: the leg that it needs tells the fault', () => {
    const d = watching([mailStack()])
      .set({ ...states({ sending: bad(noLogin) }), [trip]: bad(cannotSend) })
      .why({ [trip]: behind('mail-example.sending') })
      .at(1_000);
    expect(d.board()).toEqual([`example.net cannot send mail: mail-example.sending/submission mail-example.sending/submissions + ${trip}`]);
    // And it is not told twice, as something that cannot be reached.
    expect(d.alert().text).toBe(
      'Submission and submission over TLS: the log-in is refused: Authentication failed. Blocklists are fine. Receiving, reading and webmail work; delivery is not known.',
    );
  });
  it('nor where the mailbox cannot be opened', () => {
    const d = watching([mailStack()])
      .set({ ...states({ 'reading/imaps': bad(noLogin) }), [trip]: bad(cannotRead) })
      .why({ [trip]: behind('mail-example.reading') })
      .at(1_000);
    expect([d.alert().title, d.alert().text.endsWith('Receiving, sending and webmail work; delivery is not known.')]).toEqual([
      'IMAPS of example.net fails',
      true,
    ]);
  });
  it('has a story of its own where nothing else tells it', () => {
    const d = watching([mailStack()])
      .set({ [trip]: bad(cannotSend) })
      .at(1_000);
    expect(d.alert().title).toBe('Delivery of mail for example.net cannot be checked');
  });
  it('what else lies behind the alert is told', () => {
    const d = watching([mailStack(), mailStack('other', 'example.org', ['delivery'])])
      .set({ ...states({ sending: bad(noLogin) }), [trip]: bad(cannotSend), 'other.delivery/roundtrip': bad(cannotSend) })
      .why({ [trip]: behind('mail-example.sending'), 'other.delivery/roundtrip': behind('mail-example.sending') })
      .at(1_000);
    expect(d.alert().text).toMatch(/delivery is not known\. 1 check of example\.org delivery behind it cannot be reached\.$/);
  });
});

describe('silences', () => {
  it('of the entry hold for its legs', () => {
    const d = watching([mailStack()]);
    d.silences = [{ id: 's', by: 'Kim', reason: 'moving it', subjects: ['mail-example'], at: 0, until: 50_000, endedAt: null }];
    d.set(states({ reading: bad() })).at(1_000);
    expect(d.alert().silencedUntil).toBe(50_000);
  });
});

describe('routes', () => {
  it('that name the entry take alerts of its legs', () => {
    const { subjects } = mailStack();
    const config = notifySchema.parse({
      routes: [{ id: 'mail', subjects: ['mail-example'], to: ['mail-sd'] }],
    });
    const taken = (id: string) =>
      routesFor(
        { subject: { kind: 'mail', id }, checks: [`${id}/imap`], severity: 'down' },
        { config, graph: graphOf([...subjects, web1]), zone: 'UTC', now: 0 },
      ).map((it) => it.id);
    expect([taken('mail-example.reading'), taken('web1')]).toEqual([['mail'], []]);
  });
});

describe('whatever stands how', () => {
  const stack = mailStack('mail-example', 'example.net', [...mailLegs], { site: 'sd' });
  const seen = [fine, bad(refused), bad(noLogin), bad(slow), bad(unclear), stale(fine, 500), stale(bad(refused), 500), flapping(fine)];
  it('titles are short, and only what is fresh and ok is said to work', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(seen.length - 1), { minLength: stack.plans.length, maxLength: stack.plans.length }), (picks) => {
        const told = Object.fromEntries(stack.plans.map((plan, index) => [plan.id, seen[picks[index] ?? 0] ?? fine]));
        const d = watching([stack], sd).set(told).at(1_000);
        for (const alert of d.open.values()) expect(alert.title.length).toBeLessThanOrEqual(100);
        const checksOf = (id: string) =>
          stack.plans.filter((plan) => plan.subject.id === id).map((plan) => ({ plan, state: told[plan.id] ?? fine }));
        const standings = legStandings(stack.entry.id, (id) => stack.legs.find((leg) => leg.id === id), checksOf);
        expect(standings.map((it) => it.word === 'works')).toEqual(
          stack.legs.map((leg) => checksOf(leg.id).every(({ state }) => state === fine)),
        );
      }),
    );
  });
});

describe('how legs stand in words', () => {
  const cover = (kind: 'maintenance' | 'unreachable', always = false) => ({ kind, by: 'x', name: 'x', always });
  it.each([
    ['all fresh and ok', [{ state: fine }, { state: fine }], 'works'],
    ['one old', [{ state: fine }, { state: stale(fine, 1) }], 'unknown'],
    ['one of two down', [{ state: fine }, { state: bad() }], 'partly'],
    ['both down', [{ state: bad() }, { state: bad() }], 'fails'],
    ['slow', [{ state: fine }, { state: bad(slow) }], 'degraded'],
    ['coming and going', [{ state: flapping(fine) }], 'degraded'],
    ['behind something', [{ state: bad(), cover: cover('unreachable') }], 'unreachable'],
    ['part of it behind something', [{ state: bad(), cover: cover('unreachable') }, { state: fine }], 'partly'],
    ['ok while it is worked on', [{ state: fine, cover: cover('maintenance', true) }], 'planned'],
    ['down by plan', [{ state: bad(), cover: cover('maintenance') }, { state: fine }], 'planned'],
    ['never looked at', [{ state: { ...hard(verdict('ok')), hard: 'pending' as const } }], 'unknown'],
  ])('%s', (_name, checks, word) => {
    const plan = { type: 'tcp', config: {} } as const;
    expect(legWordOf(checks.map((it) => ({ plan, ...it })))).toBe(word);
  });

  const one = (word: LegStanding['word'], ...legs: LegStanding['leg'][]): LegStanding[] => legs.map((leg) => ({ leg, word }));
  it.each<[LegStanding[], string | null]>([
    [[], null],
    [one('works', 'receiving'), 'receiving works'],
    [[...one('works', 'receiving', 'sending'), ...one('fails', 'reading')], 'receiving and sending work, reading does not'],
    [one('fails', 'lists'), 'mailing lists fail'],
    [[...one('works', 'lists'), ...one('fails', 'reading', 'sending')], 'mailing lists work, reading and sending do not'],
    [[...one('works', 'receiving', 'records'), ...one('unknown', 'delivery')], 'receiving works; delivery is not known'],
    [one('works', 'records'), 'DNS records of mail work'],
    [
      [...one('partly', 'reading'), ...one('unreachable', 'webmail', 'files')],
      'reading works only in part; webmail and file sharing cannot be reached',
    ],
    [[...one('degraded', 'sending'), ...one('planned', 'lists')], 'sending is degraded; planned work runs on mailing lists'],
  ])('%j', (legs, text) => {
    expect(legsSentence(legs)).toBe(text);
  });
  it('names stand within sentences', () => {
    expect(mailLegs.map(legNoun)).toEqual([
      'receiving',
      'sending',
      'delivery',
      'reading',
      'webmail',
      'calendar',
      'file sharing',
      'mailing lists',
      'mail filters',
      'DNS records of mail',
    ]);
  });
});

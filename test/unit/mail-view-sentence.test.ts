import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cover } from '../../shared/health/cover.ts';
import type { LegWord } from '../../shared/mail/leg-standing.ts';
import { type MailLeg, mailLegs } from '../../shared/mail/legs.ts';
import { type LegSaid, type LegVoice, stackSentence } from '../../shared/mail/say-legs.ts';
import type { Standing } from '../../shared/model/words.ts';

const zone = 'America/Los_Angeles';
const now = Date.UTC(2026, 8, 20, 23, 30);
const at = Date.UTC(2026, 8, 20, 21, 2);

const words: Record<Standing, LegWord> = {
  ok: 'works',
  down: 'fails',
  degraded: 'degraded',
  unreachable: 'unreachable',
  maintenance: 'planned',
  unknown: 'unknown',
  stale: 'unknown',
  pending: 'unknown',
};
const leg = (name: MailLeg, standing: Standing, more: Partial<LegSaid> = {}): LegSaid => ({
  leg: name,
  standing,
  word: words[standing],
  since: standing === 'ok' ? null : at,
  voices: [],
  cover: null,
  ...more,
});
const voice = (label: string, reason: string, text = 'text'): LegVoice => ({ label, reason, text });
const cover = (kind: Cover['kind'], name: string): Cover => ({ kind, by: 'x', name, always: false });
const refused = [voice('IMAP', 'login-refused'), voice('IMAP', 'login-refused'), voice('POP3', 'login-refused')];

describe('the sentence over a mail stack', () => {
  it.each<[string, LegSaid[], string]>([
    ['nothing is watched', [], 'Nothing of this mail stack is checked leg by leg yet'],
    [
      'all of it works',
      [leg('receiving', 'ok'), leg('sending', 'ok'), leg('reading', 'ok'), leg('records', 'ok')],
      'Receiving, sending and reading work',
    ],
    ['only records, and they are fine', [leg('records', 'ok')], 'DNS records of mail work'],
    [
      'people cannot log in, mail comes in',
      [leg('receiving', 'ok'), leg('reading', 'down', { voices: [voice('IMAP', 'login-refused')] })],
      'Receiving works, reading does not: IMAP refuses the log-in since 14:02 PDT',
    ],
    [
      'both protocols refuse',
      [leg('receiving', 'ok'), leg('sending', 'ok'), leg('reading', 'down', { voices: refused })],
      'Receiving and sending work, reading does not: IMAP and POP3 refuse the log-in since 14:02 PDT',
    ],
    [
      'some of the ways work',
      [leg('receiving', 'ok'), leg('reading', 'down', { word: 'partly', voices: [voice('POP3', 'timeout')] })],
      'Receiving works, reading only in part: POP3 does not answer since 14:02 PDT',
    ],
    ['nothing works', [leg('receiving', 'down'), leg('sending', 'down')], 'Receiving and sending do not work'],
    [
      'only in part, and nothing else is watched',
      [leg('reading', 'down', { word: 'partly', voices: [voice('POP3', 'x', 'certificate expired 3 d ago.')] })],
      'Reading works only in part: POP3: certificate expired 3 d ago, since 14:02 PDT',
    ],
    [
      'one is slow',
      [leg('receiving', 'ok'), leg('delivery', 'degraded', { voices: [voice('Queue', 'queue-long', '240 messages wait')] })],
      'Receiving works, delivery is degraded: Queue: 240 messages wait, since 14:02 PDT',
    ],
    [
      'the queue is down, delivery is only worse',
      [leg('receiving', 'ok'), leg('delivery', 'down', { word: 'degraded', voices: [voice('Queue', 'queue-old', 'too old')] })],
      'Receiving works, delivery is degraded: Queue: too old, since 14:02 PDT',
    ],
    [
      'one fails and one is slow',
      [leg('receiving', 'ok'), leg('delivery', 'degraded'), leg('reading', 'down', { voices: refused.slice(0, 1) })],
      'Receiving works, reading does not: IMAP refuses the log-in since 14:02 PDT. Delivery is degraded',
    ],
    [
      'too many reasons',
      (['receiving', 'sending', 'reading'] as const).map((it) => leg(it, 'down', { voices: [voice(it, 'refused')] })),
      'Receiving, sending and reading do not work: receiving refuses the connection since 14:02 PDT; sending refuses the connection since 14:02 PDT; and 1 more',
    ],
    [
      'it lies behind something',
      [
        leg('sending', 'ok'),
        leg('receiving', 'unreachable', { cover: cover('unreachable', 'Cox') }),
        leg('reading', 'unreachable', { cover: cover('unreachable', 'Cox') }),
      ],
      'Sending works. Receiving and reading cannot be reached: behind Cox',
    ],
    [
      'planned work',
      [leg('sending', 'ok'), leg('webmail', 'maintenance', { cover: cover('maintenance', 'Upgrade') })],
      'Sending works. Planned work on webmail: Upgrade',
    ],
    ['old data', [leg('sending', 'ok'), leg('reading', 'stale')], 'Sending works. No fresh data of reading since 14:02 PDT'],
    [
      'the secret is missing',
      [leg('reading', 'unknown', { voices: [voice('IMAP', 'no-secret', 'the secret "mail-probe" is not set')] })],
      'Nothing certain is known of reading: IMAP: the secret "mail-probe" is not set, since 14:02 PDT',
    ],
    [
      'it has just failed',
      [leg('receiving', 'ok'), leg('reading', 'ok', { word: 'unknown' })],
      'Receiving works. Reading has just failed and is tried again',
    ],
    ['first results', [leg('receiving', 'pending'), leg('reading', 'pending')], 'Waiting for the first results'],
    ['one result is missing', [leg('receiving', 'ok'), leg('lists', 'pending')], 'Receiving works. No result yet of mailing lists'],
    [
      'the desk is cut off',
      [leg('receiving', 'stale', { cover: cover('cut-off', 'x') })],
      'This desk is offline: nothing is known of this mail stack',
    ],
    [
      'yesterday',
      [leg('reading', 'down', { since: at - 86_400_000, voices: refused.slice(0, 1) })],
      'Reading does not work: IMAP refuses the log-in since 19 September 14:02 PDT',
    ],
  ])('%s', (_, legs, text) => expect(stackSentence(legs, now, zone).text).toBe(text));

  it('never calls working what is not fresh and ok, and makes one harmless line of what servers say', () => {
    const some = fc.record({
      standing: fc.constantFrom<Standing>('ok', 'down', 'degraded', 'unreachable', 'maintenance', 'unknown', 'stale', 'pending'),
      sure: fc.boolean(),
      text: fc.string({ unit: 'binary', maxLength: 400 }),
    });
    fc.assert(
      fc.property(fc.array(some, { maxLength: mailLegs.length }), (all) => {
        const legs = all.map((it, index) =>
          leg(mailLegs[index] as MailLeg, it.standing, {
            word: it.standing === 'ok' && !it.sure ? 'unknown' : words[it.standing],
            voices: it.standing === 'ok' ? [] : [voice('check', 'some-reason', it.text.replaceAll('work', ''))],
          }),
        );
        const { text } = stackSentence(legs, now, zone);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is there is the point
        expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
        if (!legs.some((it) => it.word === 'works')) expect(text).not.toMatch(/^[^:]* works?(,|$|\.)/);
      }),
    );
  });
});

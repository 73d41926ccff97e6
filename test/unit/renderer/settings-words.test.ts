import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { muteChoices } from '../../../renderer/settings/mute.ts';
import { channelWords, exampleNotify, onCallText } from '../../../renderer/settings/notify-words.ts';
import { type ChannelLive, notifySchema } from '../../../shared/model/notify.ts';
import { HOUR, MINUTE } from '../../../shared/time.ts';

const la = 'America/Los_Angeles';
const now = Date.parse('2026-11-20T05:39:00-08:00');
const channel: ChannelLive = { id: 'mail', type: 'email', name: 'Mail', lastSentAt: null, failing: null };
const failing = {
  since: now - 14 * MINUTE,
  code: 'refused',
  text: 'connection refused by mail.example.net:587.',
  retryAt: now + 5 * MINUTE,
  waiting: 2,
};

describe('how a channel does', () => {
  it.each<[string, Partial<ChannelLive>, object]>([
    ['not used yet', {}, { standing: 'pending', text: 'Nobody was told over it yet', trouble: null }],
    ['used', { lastSentAt: now - 20 * MINUTE }, { standing: 'ok', text: 'Last told today 05:19 PST, 20 min ago' }],
    ['used a moment ago', { lastSentAt: now - 20_000 }, { text: 'Last told today 05:38 PST, under a minute ago' }],
    ['used yesterday', { lastSentAt: now - 20 * HOUR }, { text: 'Last told 2026-11-19 09:39:00 PST, 20 h ago' }],
    ['the sign of life', { type: 'heartbeat', lastSentAt: now - 20_000 }, { text: 'Last called today 05:38 PST, under a minute ago' }],
    [
      'fails, and is tried again',
      { failing },
      {
        standing: 'down',
        trouble:
          'Fails since today 05:25 PST, for 14 min: connection refused by mail.example.net:587. It is tried again at 05:44 PST. 2 messages wait.',
      },
    ],
    [
      'is tried again now',
      { failing: { ...failing, retryAt: now, waiting: 1 } },
      {
        trouble:
          'Fails since today 05:25 PST, for 14 min: connection refused by mail.example.net:587. It is tried again now. 1 message waits.',
      },
    ],
    [
      'gave up',
      { failing: { ...failing, retryAt: null, waiting: 0 } },
      {
        trouble:
          'Fails since today 05:25 PST, for 14 min: connection refused by mail.example.net:587. The message was given up; the next one is tried as always.',
      },
    ],
    [
      'said something hostile',
      { failing: { ...failing, text: 'no\u202e\u001b[31m way', waiting: 0 } },
      { trouble: 'Fails since today 05:25 PST, for 14 min: no way. It is tried again at 05:44 PST.' },
    ],
  ])('%s', (_name, change, wanted) => expect(channelWords({ ...channel, ...change }, la, now)).toMatchObject(wanted));
});

describe('who is on call', () => {
  const rota = { rota: 'ops', name: 'Operations', person: 'Kim', phone: null, until: Date.parse('2026-11-20T08:00:00-08:00') };
  it.each<[string, Partial<typeof rota> | { person: null; until?: null }, string]>([
    ['somebody', {}, 'Kim until 08:00 PST'],
    ['somebody for good', { until: null as never }, 'Kim'],
    ['nobody', { person: null as never }, 'Nobody is on call until 08:00 PST'],
  ])('%s', (_name, change, wanted) => expect(onCallText({ ...rota, ...change }, la, now)).toBe(wanted));
});

describe('muting', () => {
  it('goes to the next morning, in the zone of the organization', () => {
    expect(muteChoices(la, now).map((it) => it.label)).toEqual(['15 min', '1 h', '8 h', 'until 08:00']);
    expect(muteChoices(la, now)[3]?.until).toBe(Date.parse('2026-11-20T08:00:00-08:00'));
    expect(muteChoices(la, Date.parse('2026-11-20T08:00:00-08:00'))[3]?.until).toBe(Date.parse('2026-11-21T08:00:00-08:00'));
    // The night in which the clocks are put back has an hour more.
    expect(muteChoices(la, Date.parse('2026-10-31T22:00:00-07:00'))[3]?.until).toBe(Date.parse('2026-11-01T08:00:00-08:00'));
  });
});

describe('the example to copy', () => {
  it('is a notify part that the inventory takes', () => {
    const read = notifySchema.safeParse(parse(exampleNotify).notify);
    expect(read.error?.issues ?? []).toEqual([]);
    expect(read.data?.routes[0]?.to).toEqual(['mail']);
  });
});

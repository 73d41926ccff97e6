/** Mail is taken and not delivered, or late, or there is no room for it. */
import { describe, expect, it } from 'vitest';
import { isRoot, mailWorld, testFaults, ways } from '../support/mail-faults.ts';

describe.runIf(isRoot)('a mail stack with one fault', () => {
  const world = mailWorld();

  testFaults([
    [
      'the queue is held',
      ({ stack }) => stack.holdQueue(),
      {
        title: 'Mail to example.net is not delivered',
        legs: { delivery: 'fails' },
        reasons: { 'delivery/roundtrip': 'stuck', 'delivery/queue': 'held' },
        text: /on hold and will not leave by .* Receiving, sending, reading and webmail work\.$/,
      },
    ],
    [
      'delivery is deferred',
      ({ stack }) => stack.deferDelivery(),
      {
        title: 'Mail to example.net is not delivered',
        legs: { delivery: 'fails' },
        reasons: { 'delivery/roundtrip': 'stuck' },
      },
    ],
    [
      'delivery is slow',
      ({ stack }) => stack.delayDelivery(1_700),
      {
        title: 'example.net: delivery of mail is slow',
        legs: { delivery: 'degraded' },
        reasons: { 'delivery/roundtrip': 'slow' },
      },
    ],
    [
      'the mailbox is over its quota',
      ({ stack }) => stack.overQuota(false),
      {
        title: 'Mail to example.net is not delivered',
        legs: { delivery: 'fails' },
        reasons: { 'delivery/roundtrip': 'stuck' },
      },
    ],
    [
      'newcomers are put off (greylisting)',
      ({ stack }) => stack.greylist(60_000),
      {
        title: 'Mail to example.net is put off',
        legs: { receiving: 'degraded' },
        reasons: { 'receiving/smtp': 'put-off' },
      },
    ],
  ]);
  it('all of that left hardly a message in the mailbox', () => {
    expect(world().stack.messages().length).toBeLessThan(6);
  });
});

describe.runIf(isRoot)('a mail stack whose disk is full', () => {
  mailWorld({ smallDisk: { mailKb: 256, queueKb: 2_048 }, postfix: ['message_size_limit = 100000'] });

  testFaults([
    [
      'where mailboxes lie: mail is not delivered',
      async ({ stack }) => stack.fillDisk('mail'),
      {
        title: 'Mail to example.net is not delivered',
        legs: { delivery: 'fails' },
        reasons: { 'delivery/roundtrip': 'stuck' },
      },
    ],
    [
      'where the queue lies: mail is neither taken in nor sent',
      async ({ stack }) => stack.fillDisk('queue'),
      {
        title: 'example.net: mail is not accepted and cannot be sent',
        legs: { receiving: 'fails', sending: 'fails', delivery: 'unknown' },
        reasons: { 'receiving/smtp': 'no-space', ...ways.sending('no-space') },
        text: / Reading and webmail work; delivery is not known\.$/,
      },
    ],
  ]);
});

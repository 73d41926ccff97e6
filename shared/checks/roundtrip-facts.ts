/** Settings of the round trip, what its probe finds out, and how that reads. */
import { z } from 'zod';
import { failureSchema, idSchema } from '../model/words.ts';
import { clean, count } from '../text.ts';
import { durationSchema, HOUR, humanDuration, humanLatency, MINUTE, SECOND, stamp } from '../time.ts';
import { loginUser, mailPlaceSettings } from './mail-settings.ts';
import { portSetting } from './tls-settings.ts';
import type { Change, FactLine } from './types.ts';

const mailbox = z.email('expected a mail address').max(254);

const send = z
  .strictObject({ ...mailPlaceSettings(587, 'starttls'), ...loginUser })
  .refine((it) => it.user === undefined || it.passwordSecret !== undefined, {
    path: ['passwordSecret'],
    message: 'expected the name of a secret, as there is a user',
  });
const fetch = z.strictObject({
  protocol: z.enum(['imap', 'pop3']).default('imap').describe('How the mailbox is read'),
  ...mailPlaceSettings(993, 'tls'),
  port: portSetting.optional().describe('Port; 993 for imap and 995 for pop3 where left out'),
  user: loginUser.user.unwrap().describe('Whom to log in as, usually the address of the test mailbox'),
  passwordSecret: idSchema.describe('Name of the secret that holds the password, never the password itself'),
  mailbox: z.string().min(1).max(255).default('INBOX').describe('Folder in which messages arrive (imap)'),
});

export const roundtripConfig = z
  .object({
    send: send.describe('Where the message is handed in: submission with a user, or port 25 without one, as from outside'),
    from: mailbox.describe('Sender, in the envelope and in the message'),
    to: mailbox.describe('Recipient: the test mailbox, or a list that it is a member of'),
    fetch: fetch.describe(
      'Where the message is looked for. The mailbox should be one that nobody uses: old test messages in it are removed',
    ),
    slowDegraded: durationSchema(100, HOUR)
      .default(15 * SECOND)
      .describe('Degraded when it takes longer from handing in to the mailbox'),
    slowDown: durationSchema(SECOND, HOUR)
      .default(120 * SECOND)
      .describe('Down when it is not there after so long. The time-out of the check must be longer, as the probe waits for it'),
    pollEvery: durationSchema(100, MINUTE)
      .default(2 * SECOND)
      .describe('So often the mailbox is looked at; more often at first, and seldom by and by with pop3, where each look is a log-in'),
    list: z
      .boolean()
      .default(false)
      .describe(
        'The recipient is a mailing list, which may change subject and header: the message is known by the mark in its subject alone',
      ),
  })
  .refine((it) => it.slowDegraded <= it.slowDown, { path: ['slowDown'], message: 'expected a duration no shorter than slowDegraded' });
export type RoundtripConfig = z.infer<typeof roundtripConfig>;

/** How far a message got: not taken yet, taken by the server, seen in the mailbox, removed from it. */
const stages = ['submit', 'accepted', 'delivered', 'done'] as const;

const onItsWay = z.object({
  /** When it was accepted, epoch ms. */
  acceptedAt: z.number(),
  /** What the server calls the message, as it stands in its log and queue. */
  queueId: z.string().max(80).optional(),
  /** The server that took it, as it calls itself. */
  acceptedBy: z.string().max(120).optional(),
});
export type OnItsWay = z.infer<typeof onItsWay>;

export const roundtripObservation = z.object({
  ...onItsWay.partial().shape,
  failure: failureSchema.optional(),
  /** Which end the failure is of. */
  failedAt: z.enum(['send', 'read']).optional(),
  stage: z.enum(stages).optional(),
  /** From the first packet to the server's word that it has the message. */
  submitMs: z.number().optional(),
  /** The words with which the server took it. */
  reply: z.string().max(300).optional(),
  /** From acceptance until it was found. */
  foundMs: z.number().optional(),
  /** How long it was looked for, where it was not found. */
  waitedMs: z.number().optional(),
  /** From the first packet until it was found. */
  totalMs: z.number().optional(),
  hops: z
    .array(z.object({ by: z.string().max(120), from: z.string().max(120).optional(), seconds: z.number().nullable() }))
    .max(30)
    .optional(),
  /** The message found was removed again. */
  deleted: z.boolean().optional(),
  /** Test messages of earlier times that lay in the mailbox and were removed. */
  leftovers: z.int().optional(),
  /** Earlier ones of which it is known when they were sent: they came after all. */
  late: z
    .array(onItsWay.extend({ tookMs: z.number() }))
    .max(10)
    .optional(),
  /** Earlier ones that have not come, oldest first; without the one of this run. */
  missing: z.array(onItsWay).max(10).optional(),
  /** How many those are in all. */
  missingCount: z.int().optional(),
  /** No message was sent this time: too many are on their way. */
  heldBack: z.boolean().optional(),
  /** When all this was seen, epoch ms. */
  at: z.number().optional(),
});
export type RoundtripFacts = z.infer<typeof roundtripObservation>;

/** "as 4XyZ by mail.example.net", as far as it is known; else empty. */
export const takenAs = (it: Partial<OnItsWay>): string =>
  `${it.queueId ? ` as ${it.queueId}` : ''}${it.acceptedBy ? ` by ${it.acceptedBy}` : ''}`;

/** Servers write whole seconds: no tenths are told of them. */
export const legTime = (seconds: number): string => (seconds < 10 ? `${seconds} s` : humanDuration(seconds * SECOND));

const hopWords = (hop: NonNullable<RoundtripFacts['hops']>[number]): string => {
  const took =
    hop.seconds === null
      ? 'time not told'
      : hop.seconds < 0
        ? 'clocks cannot be compared'
        : hop.seconds === 0
          ? 'less than 1 s'
          : legTime(hop.seconds);
  return `${hop.from ? `${hop.from} to ` : ''}${hop.by}: ${took}`;
};

const stageWords: Record<(typeof stages)[number], string> = {
  submit: 'not taken by the server',
  accepted: 'taken by the server',
  delivered: 'in the mailbox',
  done: 'in the mailbox, and removed again',
};

export function roundtripLines(it: RoundtripFacts): FactLine[] {
  const lines: FactLine[] = [];
  const add = (label: string, value: string | undefined | false): unknown => value && lines.push({ label, value });
  const ms = (label: string, value: number | undefined): unknown => add(label, value === undefined ? undefined : humanLatency(value));
  if (it.stage) add('How far it got', it.heldBack ? 'none was sent, as earlier ones are on their way' : stageWords[it.stage]);
  ms('Handing in', it.submitMs);
  ms('From there to the mailbox', it.foundMs);
  ms('In all', it.totalMs);
  ms('Looked for', it.waitedMs);
  add('Queue id', it.queueId);
  add('Taken by', it.acceptedBy);
  for (const [index, hop] of (it.hops ?? []).entries()) add(`Leg ${index + 1}`, hopWords(hop));
  for (const old of it.late ?? []) add('Came late', `${sentWords(old)}, after ${humanDuration(old.tookMs)}`);
  for (const old of it.missing ?? []) add('Not come yet', sentWords(old));
  const more = (it.missingCount ?? 0) - (it.missing?.length ?? 0);
  add('More that have not come', more > 0 && String(more));
  add('Server said', it.reply);
  add('Old test messages removed', it.leftovers ? String(it.leftovers) : undefined);
  if (it.deleted === false) add('Removed again', 'no');
  return lines;
}

const sentWords = (it: OnItsWay): string => `sent ${stamp(it.acceptedAt, 'UTC')}${it.queueId ? `, queue id ${it.queueId}` : ''}`;

/** Messages that came after all. */
export function roundtripChanges(_before: RoundtripFacts, { late = [] }: RoundtripFacts): Change[] {
  const [first] = late;
  if (!first) return [];
  const longest = humanDuration(Math.max(...late.map((it) => it.tookMs)));
  const one = `a test message of ${stamp(first.acceptedAt, 'UTC')} came after ${longest}`;
  const text = late.length === 1 ? one : `${count(late.length, 'test message')} came late, the slowest after ${longest}`;
  return [{ code: 'late-mail', text: clean(text, 300) }];
}

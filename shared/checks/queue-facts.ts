/** The mail queue of a server: where its list is got from, how long and how old it may be, and what was found in it. */
import { z } from 'zod';
import { failureSchema } from '../model/words.ts';
import { DAY, durationSchema, HOUR, MINUTE } from '../time.ts';
import { httpConfig, readUrl } from './http-settings.ts';
import { pathSetting } from './inside-facts.ts';
import { loginFacts, loginSettings } from './ssh-login.ts';
import { targetAddress } from './target.ts';
import { caFileSetting } from './tls-settings.ts';

const messages = z.int().min(1).max(10_000_000);
const age = (ms: number) => durationSchema(MINUTE, 365 * DAY).default(ms);
const { address: _, ...login } = loginSettings;

/** Domains and reasons that are told; the largest ones. */
export const mostTold = 10;

export const queueConfig = z
  .object({
    source: z
      .enum(['ssh', 'local', 'http'])
      .default('ssh')
      .describe('ssh: the list of Postfix on a server, over its SSH server; local: of Postfix on this computer; http: from a URL'),
    address: targetAddress.optional().describe('IP address or host name of the mail server (source ssh)'),
    ...login,
    user: login.user.optional(),
    keySecret: login.keySecret.optional(),
    fingerprint: login.fingerprint.optional(),
    configDir: pathSetting.optional().describe('Folder of main.cf where it is not the usual one (postqueue -c)'),
    url: z
      .string()
      .max(2_000)
      .refine((text) => readUrl(text) !== null, 'expected a URL such as http://192.0.2.25:9154/metrics, without user name and password')
      .optional()
      .describe(
        'source http: what "postqueue -j" prints, the metrics of a Postfix exporter, or JSON such as {"total": 12, "deferred": 10, "hold": 0}',
      ),
    auth: httpConfig.shape.auth,
    caFile: caFileSetting,
    metric: z
      .string()
      .regex(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,199}$/, 'expected the name of a metric')
      .optional()
      .describe('source http: metric with the number of messages and a label "queue"; those of the usual exporters are known'),
    maxAge: durationSchema(MINUTE, DAY)
      .default(15 * MINUTE)
      .describe('source http: a list that was last changed longer ago (by its Last-Modified) counts for nothing'),
    own: z
      .array(z.hostname('expected a domain').max(253))
      .max(200)
      .default([])
      .describe('Domains whose mail is delivered here. One old message for them is enough'),
    countDegraded: messages.default(100).describe('Degraded when so many messages wait; those on hold do not count'),
    countDown: messages.default(1_000).describe('Down when so many messages wait'),
    oldestDegraded: age(30 * MINUTE).describe('Degraded when mail has waited so long'),
    oldestDown: age(4 * HOUR).describe('Down when mail has waited so long'),
    oldestMessages: messages
      .default(20)
      .describe(
        'So many messages must have waited so long, as a few always wait days for servers that are gone. One is enough for a domain of `own`, and where Postfix has not looked at it yet',
      ),
    growthDegraded: z
      .number()
      .min(0.1)
      .max(1_000_000)
      .optional()
      .describe('Degraded when the queue grows by so many messages a minute, over about 15 minutes'),
    holdDegraded: messages.default(10).describe('Degraded when so many messages are on hold: they leave only when somebody lets them'),
  })
  .refine((it) => it.source !== 'ssh' || (it.user !== undefined && it.keySecret !== undefined && it.fingerprint !== undefined), {
    error: 'expected user, keySecret and fingerprint',
    path: ['source'],
  })
  .refine((it) => (it.source === 'http') === (it.url !== undefined), {
    error: 'expected a url with source http, and only there',
    path: ['url'],
  });
export type QueueConfig = z.infer<typeof queueConfig>;

const number = z.number();
const reason = z.object({ text: z.string().max(160), count: number });

/** Names of Postfix's queues, as `postqueue -j` has them; what has another name counts as `other`. */
export const queueNames = ['incoming', 'active', 'deferred', 'hold', 'other'] as const;
export type QueueName = (typeof queueNames)[number];

export const queueObservation = z.object({
  ...loginFacts,
  failure: failureSchema.optional(),
  source: z.enum(['ssh', 'local', 'http']).optional(),
  /** When it was looked, epoch ms. */
  at: number.optional(),
  /** Messages in all; those on hold among them. */
  total: number.optional(),
  incoming: number.optional(),
  active: number.optional(),
  deferred: number.optional(),
  hold: number.optional(),
  other: number.optional(),
  /** The list did not come to its end: there are at least so many. */
  atLeast: z.boolean().optional(),
  /** When the oldest message that is not on hold came, epoch ms by the desk's clock. */
  oldestAt: number.optional(),
  /** It came then or earlier: the source tells no more. */
  oldestOrEarlier: z.boolean().optional(),
  /** The same of mail that should not wait at all: for domains of our own, or not looked at yet. */
  oldestOwnAt: number.optional(),
  /** Messages that have waited longer than the limits for degraded and down. */
  olderDegraded: number.optional(),
  olderDown: number.optional(),
  /** What waits, by domain of its recipients; a message to several counts for each. The most common reason of each is told with it. */
  domains: z
    .array(z.object({ domain: z.string().max(100), count: number, oldestAt: number, reason: reason.optional() }))
    .max(mostTold)
    .optional(),
  reasons: z.array(reason).max(mostTold).optional(),
  /** Lines that could not be read; they count as messages where they look like one. */
  unread: number.optional(),
  /** How the number of waiting messages changes, per minute, over about 15 minutes. */
  ratePerMinute: number.optional(),
  /** How many of those that had to wait leave the queue per minute. */
  drainPerMinute: number.optional(),
  /** How long new mail that has to wait will, as far as it can be told. */
  delayMinMs: number.optional(),
  delayMaxMs: number.optional(),
  /** The domain that this is true for; absent = for mail in general. */
  delayOf: z.string().max(100).optional(),
  tookMs: number.optional(),
});
export type QueueFacts = z.infer<typeof queueObservation>;

/** Messages that wait: all but those on hold. */
export const waitingIn = ({ total, hold = 0 }: QueueFacts): number | undefined =>
  total === undefined ? undefined : Math.max(0, total - hold);

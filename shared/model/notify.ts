/** Who is told what, how and when: the part `notify` of the inventory. Secrets are named, never written here. */
import { z } from 'zod';
import { DAY, durationSchema, HOUR, isZone, MINUTE, SECOND } from '../time.ts';
import { groups, idSchema } from './words.ts';

const name = z.string().trim().min(1).max(120);
const secret = (what: string) => idSchema.describe(`Name of the secret that holds ${what}`);
const zone = z.string().refine(isZone, 'expected an IANA time zone such as Europe/Berlin');
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'expected a time of day such as "18:00"');
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const days = z.array(z.enum(weekdays)).min(1);
/** A weekly time: on these days (all where left out) from `from` to `to`; over midnight where `to` is not later than `from`. */
const weekly = {
  days: days.optional().describe('All where left out. A time over midnight belongs to the day it begins on'),
  from: timeOfDay.optional().describe('00:00 where left out'),
  to: timeOfDay.optional().describe('24:00 where left out; earlier than `from` means the next morning'),
};

const common = { id: idSchema, name: name.optional() };
/** One schema per kind of channel. A new kind is one line here, one file in electron/notify/ and one line in its index. */
export const channelSchemas = {
  email: z.strictObject({
    ...common,
    type: z.literal('email'),
    host: z.hostname().or(z.ipv4()).or(z.ipv6()).describe('The mail server that takes it'),
    port: z.int().min(1).max(65_535).default(587),
    encryption: z.enum(['starttls', 'tls', 'none']).default('starttls').describe('starttls: refused where the server cannot'),
    user: z.string().max(200).optional(),
    password: secret('the password of `user`').optional(),
    from: z.email(),
    to: z.array(z.email()).default([]).describe('Besides these, a person who is told over this channel gets it at their own address'),
  }),
  slack: z.strictObject({ ...common, type: z.literal('slack'), url: secret('the webhook URL') }),
  teams: z.strictObject({ ...common, type: z.literal('teams'), url: secret('the webhook URL') }),
  ntfy: z.strictObject({
    ...common,
    type: z.literal('ntfy'),
    url: secret('the URL of the topic'),
    token: secret('an access token').optional(),
  }),
  webhook: z.strictObject({
    ...common,
    type: z.literal('webhook'),
    url: secret('the URL'),
    token: secret('a bearer token').optional(),
  }),
  pagerduty: z.strictObject({
    ...common,
    type: z.literal('pagerduty'),
    routingKey: secret('the integration (routing) key'),
    url: secret('another URL of the Events API v2').optional(),
  }),
  command: z.strictObject({
    ...common,
    type: z.literal('command'),
    argv: z
      .array(z.string().min(1).max(4_000))
      .min(1)
      .max(50)
      .describe('Program and arguments; no shell. The message comes as JSON on standard input, and its parts as NIGHTDESK_… variables'),
    timeout: durationSchema(SECOND, 5 * MINUTE).default(30 * SECOND),
  }),
} as const;
export type ChannelType = keyof typeof channelSchemas;
export const channelSchema = z.discriminatedUnion(
  'type',
  Object.values(channelSchemas) as unknown as [typeof channelSchemas.email],
) as unknown as z.ZodType<Channel>;
export type ChannelOf<T extends ChannelType> = z.infer<(typeof channelSchemas)[T]>;
export type Channel = { [T in ChannelType]: ChannelOf<T> }[ChannelType];

const targets = z.array(idSchema).min(1, 'expected somebody to tell').describe('Ids of channels, people or rotas');

const person = z.strictObject({
  id: idSchema,
  name,
  email: z.email().optional(),
  phone: z.string().max(60).optional().describe('Shown on the desk to whoever needs to call'),
  channels: z.array(idSchema).default([]).describe('How this person is told'),
});

const rota = z.strictObject({
  id: idSchema,
  name: name.optional(),
  timezone: zone.optional().describe("The organization's where left out"),
  /** The first of overrides, shifts, rotation that names somebody wins. */
  overrides: z
    .array(
      z.strictObject({
        person: idSchema,
        from: z.iso.datetime({ offset: true }),
        to: z.iso.datetime({ offset: true }),
      }),
    )
    .default([])
    .describe('Who stands in, and when: before everything else'),
  shifts: z
    .array(z.strictObject({ person: idSchema, ...weekly }))
    .default([])
    .describe('Weekly shifts'),
  rotation: z
    .strictObject({
      people: z.array(idSchema).min(1),
      every: durationSchema(HOUR, 365 * DAY).default(7 * DAY),
      since: z.iso
        .datetime({ offset: true })
        .describe('When the first of them began; a whole number of days keeps the hour over a change of the clocks'),
    })
    .optional()
    .describe('People who take turns where no shift says otherwise'),
});

const route = z.strictObject({
  id: idSchema,
  subjects: z.array(idSchema).default([]).describe('Only alerts about these; a site stands for all that is at it. Empty: all'),
  groups: z.array(z.enum(groups)).default([]).describe('Only alerts of these groups. Empty: all'),
  severities: z
    .array(z.enum(['down', 'degraded', 'unknown']))
    .default([])
    .describe('Only alerts of these. Empty: all'),
  when: z.array(z.strictObject(weekly)).default([]).describe('Only at these times of the week. Empty: always'),
  timezone: zone.optional().describe("The zone of `when`; the organization's where left out"),
  to: targets,
  wait: durationSchema(0, HOUR)
    .default(30 * SECOND)
    .describe('Waits so long for company before the first message'),
  interval: durationSchema(SECOND, DAY)
    .default(5 * MINUTE)
    .describe('Least time between two messages about what is going on'),
  repeat: durationSchema(MINUTE, 30 * DAY)
    .default(4 * HOUR)
    .describe('Reminds after this time, as long as nobody has taken it'),
  escalation: idSchema.optional().describe('Which escalation applies while nobody has taken it'),
  continue: z.boolean().default(false).describe('Whether later routes are looked at too once this one fits'),
});

const escalation = z.strictObject({
  id: idSchema,
  steps: z
    .array(
      z.strictObject({
        after: durationSchema(SECOND, 30 * DAY).describe('So long after the alert was raised, or opened again'),
        to: targets,
      }),
    )
    .min(1),
});

export const notifySchema = z.strictObject({
  channels: z.array(channelSchema).default([]).describe('How people are told: email, slack, teams, ntfy, webhook, pagerduty, command'),
  people: z.array(person).default([]).describe('Who is told, and over which channels'),
  rotas: z.array(rota).default([]).describe('Who is on call'),
  routes: z.array(route).default([]).describe('In this order; the first that fits takes the alert'),
  escalations: z.array(escalation).default([]).describe('Who is told next while nobody has taken it'),
  heartbeat: z
    .strictObject({ url: secret('the URL that is called'), every: durationSchema(10 * SECOND, HOUR).default(MINUTE) })
    .optional()
    .describe('Says "the desk is alive" to a watchdog elsewhere'),
});
/** Who is told what, how and when. Durations are milliseconds. */
export type NotifyConfig = z.infer<typeof notifySchema>;
export type Route = NotifyConfig['routes'][number];
export type Rota = NotifyConfig['rotas'][number];

const problem = z.enum(['down', 'degraded', 'unknown']);
export const messageSchema = z.object({
  /** The same for all messages about one alert (its id), or about one bundle of alerts: for channels that thread or replace (PagerDuty's dedup key). */
  key: z.string(),
  kind: z.enum(['problem', 'update', 'reminder', 'escalation', 'recovery', 'test']),
  severity: z.enum([...problem.options, 'ok']),
  /** One line without markup: "web1 is down". */
  title: z.string(),
  /** Plain text of a few lines. */
  text: z.string(),
  /** Epoch ms of the first symptom, or of the message. */
  at: z.number(),
  /** Zoned, for people: "2026-11-20 05:39:12 PST". */
  when: z.string(),
  organization: z.string(),
  /** At most 50, the worst first. */
  alerts: z.array(z.object({ id: z.string(), title: z.string(), severity: problem, subject: z.string(), ended: z.boolean() })),
  /** So many more alerts it is about. */
  more: z.int(),
});
/** What a channel is given to send. */
export type Message = z.infer<typeof messageSchema>;

/** How a channel is doing, as windows show it. */
export interface ChannelLive {
  id: string;
  type: ChannelType | 'heartbeat';
  name: string;
  lastSentAt: number | null;
  /** Its last attempt failed: since when, in what words, when it is tried again (null: given up for that message). */
  failing: { since: number; code: string; text: string; retryAt: number | null; waiting: number } | null;
}

/** A drill file: an inventory, what really goes wrong in its world, and what people do meanwhile. */
import { z } from 'zod';
import { contactChannels } from '../model/incident.ts';
import { DAY, durationSchema, MINUTE, SECOND } from '../time.ts';

const iso = z.iso.datetime({ offset: true, error: 'expected a time with its offset, such as 2026-06-16T03:00:00-04:00' });
/** ISO; HH:MM[:SS] in the organization's zone (the first such time after the entry before it); or +1h20m from the start. */
export const momentPattern = /^(\d{1,2}:\d{2}(:\d{2})?|\+(\d+d)?(\d+h)?(\d+m)?(\d+s)?|\d{4}-\d{2}-\d{2}T.*)$/;
const at = z
  .string()
  .regex(momentPattern, 'expected HH:MM, HH:MM:SS, +1h20m (from the start) or a time with date and offset')
  .describe('When: HH:MM[:SS] in the zone of the organization, +1h20m from the start, or ISO with offset');

const id = z.string().min(1).max(64);
const ids = z.array(id).min(1);
const share = z.number().min(0).max(1);
const ms = z.number().min(0).max(600_000);
const value = z.union([z.number(), z.string()]).optional();

/** Beside any subject: the fault comes and goes, or hits a share of attempts only. */
const course = {
  flap: z
    .strictObject({ period: durationSchema(SECOND, 60 * MINUTE), down: share.describe('Share of each period in which it is broken') })
    .optional(),
  portion: share.optional().describe('Share of attempts that it hits'),
};

export const hostModes = ['down', 'hang', 'reboot', 'boot-loop', 'read-only-disk', 'disk-full', 'memory-errors', 'hot'] as const;
export const serviceModes = [
  'refuse',
  'timeout',
  'slow',
  'error',
  'wrong-content',
  'expired-certificate',
  'auth-fails',
  'stalled',
] as const;
export const mailModes = [
  'queue-stuck',
  'delivery-delayed',
  'smtp-refuse',
  'auth-fails',
  'webmail-down',
  'tls-broken',
  'blocklisted',
] as const;
/** What of mail a fault is limited to. */
export const mailProtocols = ['smtp', 'submission', 'imap', 'pop3', 'sieve', 'webmail'] as const;
export const dnsModes = ['server-down', 'stale-serial', 'servfail', 'wrong-answer', 'delegation-mismatch'] as const;
export const backupModes = ['late', 'failed', 'corrupt'] as const;

/** One schema per kind of subject; the key that names it tells them apart. */
export const faultSchemas = {
  link: z.strictObject({
    link: id,
    prefixes: ids.optional().describe('Only traffic for these that rides on this link dies; the gateway answers'),
    blackhole: z
      .boolean()
      .optional()
      .describe('The link goes on announcing what it drops, so that nothing fails over; default with prefixes'),
    loss: share.optional(),
    delayMs: ms.optional(),
    jitterMs: ms.optional(),
    ...course,
  }),
  site: z.strictObject({ site: id, power: z.boolean().optional().describe('Agents inside are dark too'), ...course }),
  host: z.strictObject({ host: id, mode: z.enum(hostModes).default('down'), value, ...course }),
  service: z.strictObject({ service: id, mode: z.enum(serviceModes), value, ...course }),
  mail: z.strictObject({
    mail: id,
    mode: z.enum(mailModes),
    protocols: z.array(z.enum(mailProtocols)).min(1).optional(),
    value,
    ...course,
  }),
  dns: z.strictObject({ dns: z.string().min(1).max(253), mode: z.enum(dnsModes), server: z.string().optional(), value, ...course }),
  backup: z.strictObject({ backup: z.string().min(1).max(130), mode: z.enum(backupModes), ...course }),
  desk: z.strictObject({ desk: z.literal(true), mode: z.enum(['offline', 'asleep']), ...course }),
} as const;
export type FaultKind = keyof typeof faultSchemas;
const kindsInWords = 'expected one of link, site, host, service, mail, dns, backup, desk, with its own settings';
const faultSchema = z.union(Object.values(faultSchemas), kindsInWords);
export type Fault = z.infer<typeof faultSchema>;
export type FaultOf<K extends FaultKind> = z.infer<(typeof faultSchemas)[K]>;

/** Ends what was broken with the same subject, or a part of it. */
export const restoreSchemas = {
  link: z.strictObject({ link: id, prefixes: ids.optional() }),
  site: z.strictObject({ site: id }),
  host: z.strictObject({ host: id, mode: z.enum(hostModes).optional() }),
  service: z.strictObject({ service: id, mode: z.enum(serviceModes).optional() }),
  mail: z.strictObject({ mail: id, mode: z.enum(mailModes).optional(), protocols: z.array(z.enum(mailProtocols)).min(1).optional() }),
  dns: z.strictObject({ dns: z.string().min(1).max(253), mode: z.enum(dnsModes).optional(), server: z.string().optional() }),
  backup: z.strictObject({ backup: z.string().min(1).max(130) }),
  desk: z.strictObject({ desk: z.literal(true) }),
} as const;
const restoreSchema = z.union(Object.values(restoreSchemas), kindsInWords);
export type Restore = z.infer<typeof restoreSchema>;

const by = z.string().min(1).max(80);
const text = z.string().min(1).max(4_000);
const when = iso.or(at);

const deeds = {
  acknowledge: z.strictObject({ subject: id.optional(), by, comment: text, expires: durationSchema(MINUTE).optional() }),
  note: z.strictObject({ by, text, subject: id.optional() }),
  contact: z.strictObject({
    with: id,
    tier: z.string().optional(),
    by: by.optional(),
    direction: z.enum(['in', 'out']),
    text,
    person: z.string().optional(),
    channel: z.enum(contactChannels).optional(),
    ticket: z.string().optional(),
    waiting: z.boolean().optional(),
  }),
  customerReport: z.strictObject({ count: z.int().min(1), text, by: by.optional() }),
  statusUpdate: z.strictObject({ by, audience: z.string().min(1), text, next: when.optional() }),
  change: z.strictObject({ by, what: text, subject: id.optional(), at: when.optional() }),
  maintenance: z.strictObject({
    name: z.string().min(1),
    from: when,
    to: when,
    affects: ids,
    spares: z.array(id).optional(),
    by: by.optional(),
    reason: z.string().optional(),
  }),
  postpone: z.strictObject({
    maintenance: z.string(),
    by: by.optional(),
    from: when.optional(),
    to: when.optional(),
    reason: z.string().optional(),
  }),
  cancel: z.strictObject({ maintenance: z.string(), by: by.optional(), reason: z.string().optional() }),
  finish: z.strictObject({ maintenance: z.string(), by: by.optional(), reason: z.string().optional() }),
  incident: z.strictObject({ by, title: z.string().optional(), severity: z.enum(['critical', 'major', 'minor']).optional() }),
  status: z.strictObject({
    by,
    status: z.enum(['investigating', 'identified', 'monitoring', 'resolved', 'reported']),
    reason: z.string().optional(),
  }),
  progress: z.strictObject({ by, done: z.int().min(0), total: z.int().min(1), what: z.string(), text: z.string().optional() }),
  decision: z.strictObject({ by, text }),
  trigger: z.strictObject({ by, text }),
  contributing: z.strictObject({ by, text }),
  rootCause: z.strictObject({ by, text }),
  resolution: z.strictObject({ by, text }),
  action: z.strictObject({ by, text, owner: z.string().optional(), due: when.optional() }),
  did: z.strictObject({ by, text }),
  owed: z.strictObject({ by: by.optional(), with: id, what: z.string(), due: when.optional() }),
} as const;
export type DeedKind = keyof typeof deeds;
export const deedKinds = Object.keys(deeds) as DeedKind[];
export type Deed = { [K in DeedKind]: { kind: K } & z.infer<(typeof deeds)[K]> }[DeedKind];

/** `{ at, <one of the deeds> }`. */
const deedEntry = z
  .strictObject({
    at,
    ...(Object.fromEntries(Object.entries(deeds).map(([kind, schema]) => [kind, schema.optional()])) as {
      [K in DeedKind]: z.ZodOptional<(typeof deeds)[K]>;
    }),
  })
  .refine((it) => deedKinds.filter((kind) => it[kind] !== undefined).length === 1, `expected exactly one of ${deedKinds.join(', ')}`);

const worldEntry = z
  .strictObject({ at, break: faultSchema.optional(), restore: restoreSchema.optional() })
  .refine((it) => (it.break === undefined) !== (it.restore === undefined), 'expected either break or restore');

/** A statement that the report of a drill must make, for the debrief and for tests. */
const expectedFact = z.strictObject({
  fact: z.string().min(1).max(200).describe('What must be stated, in words for the table'),
  any: z
    .array(z.string().min(1))
    .min(1)
    .describe('The draft states it when one of these stands in it (case does not matter; " … " within it stands for some words)'),
  in: z.array(z.string()).optional().describe('Only in these kinds of document; all where left out'),
});
const forbiddenFact = z.strictObject({
  fact: z.string().min(1).max(200),
  any: z.array(z.string().min(1)).min(1),
  in: z.array(z.string()).optional(),
});

/** More is a slip of the pen: nobody plays it to its end. */
const mostDays = 31;

export const scenarioSchema = z
  .strictObject({
    name: z.string().trim().min(1).max(200),
    about: z.string().max(2_000).optional().describe('What it teaches, for the list of drills'),
    start: iso,
    end: iso,
    seed: z.union([z.int(), z.string()]).default(1).describe('Makes latency and chance repeatable'),
    inventory: z.union([z.string().min(1), z.record(z.string(), z.unknown())]).describe('Inline, or a path relative to the scenario'),
    world: z.array(worldEntry).default([]),
    people: z.array(deedEntry).default([]),
    expected: z.array(expectedFact).default([]).describe('What a good report must state'),
    forbidden: z.array(forbiddenFact).default([]).describe('What would be false'),
  })
  .refine((it) => Date.parse(it.end) > Date.parse(it.start), { path: ['end'], error: 'expected a time after `start`' })
  .refine((it) => Date.parse(it.end) - Date.parse(it.start) <= mostDays * DAY, {
    path: ['end'],
    error: `expected a time at most ${mostDays} days after \`start\``,
  });
export type Scenario = z.infer<typeof scenarioSchema>;

/** The one deed of an entry, with its kind. */
export function deedOf(entry: Scenario['people'][number]): Deed {
  const kind = deedKinds.find((it) => entry[it] !== undefined) as DeedKind;
  return { kind, ...(entry[kind] as object) } as Deed;
}

/**
 * The inventory: what is watched, written by people in one YAML file. This schema is its validation, its documentation
 * (docs/inventory.md is generated from it) and the JSON Schema for editors.
 */
import { z } from 'zod';
import { readListen } from '../checks/push.ts';
import { DAY, durationSchema, HOUR, isZone, MINUTE, SECOND } from '../time.ts';
import { mail } from './inventory-mail.ts';
import { addressSchema, checks, dependsOn, id, ids, name, parents } from './inventory-parts.ts';
import { slaSchema } from './inventory-sla.ts';
import { notifySchema } from './notify.ts';
import { idSchema } from './words.ts';

const cidr = z.union([z.cidrv4(), z.cidrv6()], 'expected a prefix such as 192.0.2.0/24 or 2001:db8::/48');
const zone = z.string().refine(isZone, 'expected an IANA time zone such as America/Los_Angeles');
const cron = z
  .string()
  .regex(/^\s*([\w*,/?#-]+\s+){4}[\w*,/?#-]+\s*$/, 'expected a cron line of five fields, such as "30 3 * * 0"')
  .describe('A cron line: minute hour day month weekday');
const iso = z.iso.datetime({ offset: true, error: 'expected a time with its offset, such as 2026-12-16T22:00:00-08:00' });

const contact = z
  .strictObject({
    name: name.describe('Who answers'),
    tier: z.string().optional().describe('Such as "tier 1" or "routing group"'),
    phone: z.string().optional(),
    email: z.email().optional(),
    url: z.httpUrl().optional().describe('Ticket system or status page'),
  })
  .meta({ id: 'contact' });

const site = z.strictObject({
  id,
  name: name.optional(),
  timezone: z
    .string()
    .refine(isZone, 'expected an IANA time zone such as America/Los_Angeles')
    .optional()
    .describe("The site's own zone, for its wall clock"),
  contacts: z.array(contact).default([]).describe('Whom to call at the datacenter'),
  sla: slaSchema.optional().describe('What the datacenter promised'),
});

const link = z.strictObject({
  id,
  name: name.optional(),
  site: idSchema.describe('The site it ends at'),
  provider: name.describe('The upstream provider'),
  circuit: z.string().optional().describe("The provider's name of the circuit, for tickets"),
  gateway: addressSchema.optional().describe("The provider's side of the circuit; pinged"),
  hops: z.array(cidr).default([]).describe("Networks of this provider's routers, to name the hops of a trace"),
  contacts: z.array(contact).default([]).describe('Whom to call when it is down'),
  sla: slaSchema.optional().describe('What the provider promised'),
  parents,
  checks,
});

const prefix = z.strictObject({
  id,
  name: name.optional(),
  cidr: cidr.describe('One of our IP allocations'),
  site: idSchema,
  via: ids.describe('The links that announce it'),
  representatives: z
    .array(z.union([z.ipv4(), z.ipv6()], 'expected an IP address'))
    .default([])
    .describe('Addresses inside it that always answer; pinged'),
  checks,
});

const host = z.strictObject({
  id,
  name: name.optional(),
  site: idSchema.optional(),
  address: addressSchema.optional().describe('Where its checks go unless they name another address'),
  parents,
  checks,
});

const service = z.strictObject({
  id,
  name: name.describe('What a customer calls it: "web sites", "webmail"'),
  audience: z.string().optional().describe('How a report to customers words it; the name where left out'),
  site: idSchema.optional(),
  hosts: ids.describe('Hosts that carry it; without checks of its own it stands as they stand'),
  dependsOn,
  checks,
});

const maintenance = z.strictObject({
  id,
  name,
  kind: z
    .enum(['fixed', 'flexible', 'open-ended', 'recurring'])
    .optional()
    .describe(
      'fixed: from `from` to `to`. flexible: begins with the first fault between the two. open-ended: until it is finished. recurring: at each time of `schedule`. Found out from the other keys where left out',
    ),
  from: iso.optional().describe('Left out while the day is not fixed'),
  to: iso.optional(),
  duration: durationSchema(MINUTE).optional().describe('How long a flexible or recurring one lasts'),
  schedule: cron.optional().describe('When a recurring one begins: minute hour day month weekday'),
  timezone: zone.optional().describe("The zone of `schedule`; the organization's where left out"),
  affects: ids.describe('What may be down meanwhile, with all that is reached through it'),
  spares: ids.describe('What keeps working: announced so, and watched as ever'),
  reason: z.string().max(1_000).optional().describe('What is done, and why'),
});

const routine = z.strictObject({
  id,
  name: name.describe('Such as "weekly log rotation"'),
  schedule: cron,
  timezone: zone.optional().describe("The organization's where left out"),
  usually: durationSchema(SECOND)
    .default(5 * MINUTE)
    .describe('What it restarts must be back so long after its start; then an alert names this routine'),
  restarts: ids.describe('What it restarts'),
});

const deskSelf = z.strictObject({
  anchors: checks.describe(
    'How Nightdesk knows that it is connected itself: the gateway, the resolver, one or two far hosts. When all of them (or all far ones) fail, nothing else is called down',
  ),
  push: z
    .strictObject({
      listen: z
        .string()
        .refine((it) => readListen(it) !== null, 'expected an IP address and a port, such as 127.0.0.1:8790 or [::1]:8790')
        .describe(
          'IP address and port. It speaks plain HTTP: on other addresses than those of this computer itself put it behind a tunnel or a proxy',
        ),
    })
    .optional()
    .describe('Where Nightdesk listens for the calls that `push` checks wait for; off where left out'),
});

const flapping = z
  .strictObject({
    start: z
      .number()
      .min(1)
      .max(100)
      .default(20)
      .describe('Flapping begins when so many per cent of the last 20 results changed the state'),
    stop: z.number().min(0).max(99).default(5).describe('It ends at so many per cent or less'),
  })
  .refine((it) => it.stop < it.start, { path: ['stop'], error: 'expected a smaller number than `start`' })
  .prefault({})
  .describe('When a check that comes and goes is called flapping (Nagios)');

/** The whole file. Unknown keys are errors, so that a typing mistake is found and not ignored. */
export const inventorySchema = z
  .strictObject({
    organization: z
      .strictObject({
        name: name.default('My organization'),
        timezone: z
          .string()
          .refine(isZone, 'expected an IANA time zone such as Europe/Berlin')
          .default('UTC')
          .describe('The zone in which people read times; stored is UTC'),
      })
      .prefault({})
      .describe('Whose desk this is'),
    defaults: z
      .strictObject({
        interval: durationSchema(SECOND, DAY)
          .default(30 * SECOND)
          .describe('Time between two probes while all is well'),
        retryInterval: durationSchema(SECOND, DAY)
          .default(10 * SECOND)
          .describe('Time between two probes while a problem is still soft'),
        maxAttempts: z.int().min(1).max(20).default(3).describe('So many bad results in a row make a problem hard: only then it alerts'),
        timeout: durationSchema(100, 10 * MINUTE)
          .default(10 * SECOND)
          .describe('After this a probe is ended; never longer than the interval, unless a check says so itself'),
      })
      .prefault({})
      .describe('Timing of every check that does not say otherwise'),
    retention: z
      .strictObject({
        raw: durationSchema(HOUR)
          .default(7 * DAY)
          .describe('Every single result'),
        minutes: durationSchema(DAY)
          .default(90 * DAY)
          .describe('Roll-ups by the minute, and the lines of retries and of missing results on the timeline; all other lines stay'),
        hours: durationSchema(DAY)
          .default(5 * 365 * DAY)
          .describe('Roll-ups by the hour'),
      })
      .prefault({})
      .describe('How long history is kept'),
    flapping,
    desk: deskSelf.prefault({}).describe('Nightdesk itself'),
    sites: z.array(site).default([]).describe('Datacenters'),
    links: z.array(link).default([]).describe("Upstream providers' circuits, each at a site"),
    prefixes: z.array(prefix).default([]).describe('Our IP allocations, and the links that announce them'),
    hosts: z.array(host).default([]).describe('Machines: what has an address'),
    services: z.array(service).default([]).describe('What a customer knows, and what carries it'),
    mail: z.array(mail).default([]).describe('Mail domains, with the legs of their mail stack'),
    maintenance: z
      .array(maintenance)
      .default([])
      .describe('Planned work: nobody is woken for what it affects, and uptime tells it apart. More can be entered in the window'),
    routines: z.array(routine).default([]).describe('Recurring jobs of the servers themselves: what they restart must be back in time'),
    notify: notifySchema.prefault({}).describe('Who is told what, how, and when; every key with examples in docs/notifications.md'),
  })
  .describe('The inventory of Nightdesk');

/** An inventory after validation: durations are milliseconds, every default is filled in. */
export type Inventory = z.infer<typeof inventorySchema>;

export type Contact = z.infer<typeof contact>;

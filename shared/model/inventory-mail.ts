/**
 * The `mail:` entry of the inventory: a domain, its servers and a test mailbox, which expand into the checks of the whole mail stack
 * (shared/mail/expand.ts). What is meant for a check goes to it as it is written: that check's own schema reads it then.
 */
import { z } from 'zod';
import { urlSetting } from '../checks/http-settings.ts';
import { portSetting } from '../checks/tls-settings.ts';
import { addressSchema, checks, dependsOn, id, ids, name } from './inventory-parts.ts';
import { idSchema } from './words.ts';

/** Settings of a check type, read by its own schema once it is known which check they are for. */
const settings = z.record(z.string(), z.unknown());

const families = z
  .array(z.union([z.literal(4), z.literal(6)], 'expected 4 or 6'))
  .min(1)
  .max(2)
  .optional();
const where = {
  address: addressSchema.optional().describe('Where it listens; the address of its host where left out'),
  host: idSchema.optional().describe('The host of this inventory that it runs on. While that is down, its checks are behind it'),
  serverName: z
    .hostname('expected a host name')
    .optional()
    .describe('Name that its certificate must be good for; the address where left out'),
};
const mxServer = z.strictObject({
  ...where,
  port: portSetting.optional().describe('25 where left out'),
  families: families.describe('IP versions that are checked, each by a check of its own; [4, 6] for a name'),
});
const own = [addressSchema, z.literal(false)] as const;
const port = (usual: number) => z.union([portSetting, z.literal(false)], `expected a port such as ${usual}, or false`).optional();
const server = (starttls: number, tls: number) =>
  z.union([
    ...own,
    z.strictObject({
      ...where,
      starttls: port(starttls).describe(`Port that begins plain and turns to TLS; ${starttls} where left out, false for none`),
      tls: port(tls).describe(`Port that is encrypted from the first byte; ${tls} where left out, false for none`),
      families: families.describe('IP versions that are checked, each by a check of its own; where left out the resolver chooses'),
    }),
  ]);
const mx = z.union([addressSchema, mxServer]);

const servers = z.union([
  addressSchema,
  z.strictObject({
    ...where,
    families: families.describe('IP versions that all of them are checked by'),
    mx: z
      .union([addressSchema, z.literal(false), mxServer, z.array(mx).min(1).max(20)])
      .optional()
      .describe('Mail exchangers (port 25): one or a list'),
    submission: server(587, 465).optional().describe('Where people send mail: 587 and 465'),
    imap: server(143, 993).optional().describe('143 and 993'),
    pop3: server(110, 995).optional().describe('110 and 995'),
    sieve: z
      .union([
        ...own,
        z.strictObject({
          ...where,
          port: portSetting.optional().describe('4190 where left out'),
          families: families.describe('IP versions that are checked'),
        }),
      ])
      .optional()
      .describe('ManageSieve: only where it is named'),
  }),
]);

const page = (what: string) =>
  z
    .union(
      [urlSetting, z.looseObject({ url: urlSetting.describe('What is asked for, and any other setting of an http check beside it') })],
      'expected a URL such as https://webmail.example.net/ (without user name and password), or a group with the key url',
    )
    .optional()
    .describe(`${what}: a URL, or a group of the settings of an http check (url, contains …)`);

export const mail = z.strictObject({
  id,
  domain: z.hostname('expected a domain such as example.net').describe('The part after the @'),
  name: name.optional(),
  site: idSchema.optional(),
  address: addressSchema.optional().describe('The mail server, where its checks name no other address'),
  hosts: ids.describe('Hosts that carry it'),
  dependsOn,
  servers: servers
    .optional()
    .describe(
      'The mail servers: one address for all (mx, submission, imap and pop3), or a group that tells them apart. Each is an address or a group; false = there is none. With it this entry expands into the checks of the mail stack (`nightdesk expand` shows them; docs/mail.md explains them)',
    ),
  mailbox: z
    .strictObject({
      address: z.email().describe('A mailbox for Nightdesk alone: what is in it may be deleted'),
      user: z.string().min(1).max(254).optional().describe('Whom to log in as; the address where left out'),
      passwordSecret: idSchema.optional().describe('Name of the secret that holds its password, never the password itself'),
    })
    .optional()
    .describe('The test mailbox. Without it nobody logs in, and no round trip is made'),
  certificate: z
    .enum(['verify', 'any'])
    .optional()
    .describe('For all legs. verify: certificates must be good for their names; any: encrypted, whoever it is'),
  caFile: z.string().min(1).max(1_000).optional().describe('For all legs: PEM file with the certificate authorities of a private CA'),
  relayTo: z
    .union([z.literal(false), z.email()], 'expected a foreign e-mail address, or false')
    .default('relay-probe@example.com')
    .describe('A foreign address that port 25 must refuse to take mail for (nothing is sent); false = not tried'),
  roundtrip: z
    .union(
      [
        z.boolean(),
        z.looseObject({
          via: z.enum(['submission', 'mx']).optional().describe('Where the message is handed in; submission where left out'),
        }),
      ],
      'expected true, false, or a group of settings',
    )
    .optional()
    .describe(
      'A message from the test mailbox to itself every 5 min. On where mailbox, submission and imap (or pop3) are known. A group holds settings of the roundtrip check (interval, slowDegraded, slowDown, from, to …), and `via: mx` to hand it in on port 25 as a stranger would',
    ),
  queue: settings
    .optional()
    .describe('Settings of the queue check (source, user, keySecret, fingerprint …; `host`): how mail is looked at that waits'),
  intake: z
    .array(settings)
    .max(50)
    .default([])
    .describe(
      'Mailboxes whose backlog is watched: settings of an imap check (user, passwordSecret, mailbox, countDegraded, oldestDegraded …)',
    ),
  webmail: page('Webmail'),
  calendar: page('Calendar'),
  files: page('File sharing'),
  lists: z
    .array(z.email())
    .max(20)
    .default([])
    .describe(
      'Mailing lists that the test mailbox may post to and is a member of. Every member gets each test message: use lists made for it',
    ),
  outbound: z
    .array(z.union([z.ipv4(), z.ipv6()], 'expected an IP address'))
    .max(20)
    .default([])
    .describe('Addresses that mail leaves from: their reverse DNS, SPF and DNS blocklists are looked at'),
  dkim: z.array(z.string().min(1).max(120)).max(10).default([]).describe('DKIM selectors whose keys must be there'),
  blocklists: z
    .union([z.literal(false), z.array(z.string()).min(1).max(30)], 'expected a list of DNS blocklists, or false')
    .optional()
    .describe('Zones of the DNS blocklists that are asked; the usual ones where left out, false for none'),
  records: z.boolean().optional().describe('The DNS records of mail, every 4 h. On where servers are named'),
  resolver: z.string().max(300).optional().describe('Name server for records and blocklists; that of this computer where left out'),
  without: z.array(z.string()).max(200).default([]).describe('Names of expanded checks that are not wanted, such as pop3'),
  adjust: z
    .record(z.string(), settings)
    .default({})
    .describe('Any setting or timing of expanded checks, by their names: { imaps: { interval: 2m, slowDegraded: 5s } }'),
  checks: checks.describe('Further checks. With `leg: reading` one belongs to that leg, otherwise to the entry as a whole'),
});
/** A mail entry after validation. What goes to its checks is as it was written: durations in it are still text. */
export type MailEntry = z.infer<typeof mail>;

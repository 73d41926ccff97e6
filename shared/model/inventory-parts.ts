/** Parts of the inventory's schema that its sections share: ids, names, addresses, what needs what, and checks. */
import { z } from 'zod';
import { checkConfigSchemas } from '../checks/index.ts';
import { isAddress } from '../checks/tls-settings.ts';
import { type MailLeg, mailLegSchema } from '../mail/legs.ts';
import { DAY, durationSchema, MINUTE, SECOND } from '../time.ts';
import { idSchema } from './words.ts';

export const id = idSchema.describe('Stands in references and keys all history: unique in the file, kept when the name changes');
export const name = z.string().trim().min(1).max(120);
/** An address of a target. Host names are strict: a name such as `-h` or `;reboot` never reaches a resolver or another program. */
export const addressSchema = z
  .union([z.ipv4(), z.ipv6(), z.hostname()], 'expected an IP address or a host name')
  .refine(isAddress, 'expected an IP address with four numbers from 0 to 255');
export const ids = z.array(idSchema).default([]);
/** Ids that are all needed; a list within the list is a redundancy group, of which one is enough. */
const needs = z.array(z.union([idSchema, z.array(idSchema).min(2, 'expected at least two ids that stand in for each other')])).default([]);
export const parents = needs.describe(
  'What must work for this to be reached. Several of one kind stand in for each other (two upstreams fail only together), of different kinds all are needed; a list within the list is a redundancy group of its own',
);
export const dependsOn = needs.describe('What it cannot work without; of a list within the list, such as [db1, db2], one is enough');

/** Timing of a check; what is left out comes from `defaults`. */
const timing = {
  interval: durationSchema(SECOND, DAY).optional().describe('Time between two probes while all is well'),
  retryInterval: durationSchema(SECOND, DAY).optional().describe('Time between two probes while a problem is still soft'),
  maxAttempts: z.int().min(1).max(20).optional().describe('So many bad results in a row make a problem hard'),
  timeout: durationSchema(100, 10 * MINUTE)
    .optional()
    .describe('After this a probe is ended, whatever the target does'),
};

const checkName = idSchema.optional().describe('Tells two checks of one type apart; the type where left out');

/** Which part of a mail entry a check belongs to; mistakes anywhere else (see plan-rules.ts). */
const place = {
  leg: mailLegSchema.optional().describe('Within a mail entry: the leg of the mail stack that it belongs to'),
  host: idSchema
    .optional()
    .describe(
      'Within a mail entry: the host that it goes to, whose address is taken where none is given. While that is down it is not blamed',
    ),
};

const checkTypes = Object.keys(checkConfigSchemas);

/**
 * One check as written in the inventory: its type, its timing, and the settings of that type. An address (or a prefix) may be left out
 * here, as the host, link, mail or prefix entry around it has one; planOf fills it in or says that there is none.
 */
export const checkEntrySchema = z
  .discriminatedUnion(
    'type',
    Object.entries(checkConfigSchemas).map(([type, config]) => {
      const settings = config as z.ZodObject;
      const own = settings.shape.address as z.ZodType | undefined;
      const ownPrefix = settings.shape.prefix as z.ZodType | undefined;
      // safeExtend keeps the rules that a type has across its settings. What it knows of the types is lost here on purpose.
      return settings
        .safeExtend({
          type: z.literal(type),
          name: checkName,
          ...place,
          ...timing,
          ...(own && { address: own.optional() }),
          ...(ownPrefix && { prefix: ownPrefix.optional() }),
        } as never)
        .strict();
    }) as unknown as [z.ZodObject<{ type: z.ZodLiteral<string> }>],
    { error: (issue) => (issue.code === 'invalid_union' ? `expected a check type: one of ${checkTypes.join(', ')}` : undefined) },
  )
  .meta({ id: 'check' });
export const checks = z.array(checkEntrySchema).default([]).describe('What is probed here');

/** A check entry after validation; the settings of its type stand beside these common fields. */
export interface CheckEntry {
  type: string;
  name?: string | undefined;
  interval?: number | undefined;
  retryInterval?: number | undefined;
  maxAttempts?: number | undefined;
  timeout?: number | undefined;
  leg?: MailLeg | undefined;
  host?: string | undefined;
  [setting: string]: unknown;
}

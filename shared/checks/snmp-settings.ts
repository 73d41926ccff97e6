/** Settings of the snmp check, and what its probe brings back. */
import { z } from 'zod';
import { failureSchema, idSchema } from '../model/words.ts';
import { targetAddress } from './target.ts';
import { familySetting, portSetting } from './tls-settings.ts';

const percent = z.number().min(1).max(100);
const perSecond = z.number().min(0).max(1e9);
const limit = z.number().min(-1e15).max(1e15).optional();
const oid = z
  .string()
  .max(300)
  .regex(/^\.?[0-2](?:\.\d{1,10}){2,60}$/, 'expected an object id of numbers, such as 1.3.6.1.2.1.1.3.0');

export const authProtocols = ['md5', 'sha', 'sha224', 'sha256', 'sha384', 'sha512'] as const;
export const privProtocols = ['des', 'aes', 'aes256b', 'aes256r'] as const;

export const snmpConfig = z
  .object({
    address: targetAddress.describe('IP address or host name of the device'),
    port: portSetting.default(161).describe('Port'),
    version: z.enum(['2c', '3']).default('2c').describe('SNMP version'),
    communitySecret: idSchema.optional().describe('Version 2c: name of the secret that holds the community'),
    user: z
      .string()
      .min(1)
      .max(32)
      .regex(/^[\x21-\x7e]+$/, 'expected a user name')
      .optional()
      .describe('Version 3: user name'),
    authSecret: idSchema
      .optional()
      .describe('Version 3: name of the secret that holds the password for authentication (8 characters or more)'),
    authProtocol: z.enum(authProtocols).default('sha').describe('Version 3: how it is authenticated'),
    privSecret: idSchema.optional().describe('Version 3: name of the secret that holds the password for encryption (8 characters or more)'),
    privProtocol: z
      .enum(privProtocols)
      .default('aes')
      .describe('Version 3: how it is encrypted; aes256b and aes256r are the two ways in use of making its keys'),
    context: z.string().max(32).optional().describe('Version 3: context name'),
    kind: z
      .enum(['interface', 'value', 'host'])
      .describe('What is looked at: a network interface, a single value, or load, memory and disks of a host'),
    interface: z
      .union([z.int().min(1).max(2_147_483_647), z.string().min(1).max(255)], 'expected the name of an interface, or its number')
      .optional()
      .describe('Kind interface: its name as the device calls it (ifName, else ifDescr), such as xe-0/0/1, or its number (ifIndex)'),
    speed: z
      .number()
      .min(0.001)
      .max(10_000_000)
      .optional()
      .describe("Kind interface: megabits per second that count as full; the port's own where left out"),
    useDegraded: percent
      .default(90)
      .describe('Kind interface: traffic in either direction, per cent of the speed, from which it is degraded'),
    errorsDegraded: perSecond.default(1).describe('Kind interface: errors per second in either direction from which it is degraded'),
    dropsDegraded: perSecond
      .default(10)
      .describe('Kind interface: packets dropped per second in either direction from which it is degraded'),
    oid: oid.optional().describe('Kind value: object id of a number'),
    label: z.string().trim().min(1).max(60).optional().describe('Kind value: what it is, such as "receive power"'),
    unit: z.string().trim().max(12).default('').describe('Kind value: its unit, such as dBm or °C'),
    scale: z
      .number()
      .min(-1e12)
      .max(1e12)
      .refine((it) => it !== 0, 'expected another number than 0')
      .default(1)
      .describe('Kind value: the number is multiplied by this, such as 0.01 where the device counts hundredths'),
    degradedAbove: limit.describe('Kind value: degraded when it is higher'),
    degradedBelow: limit.describe('Kind value: degraded when it is lower'),
    downAbove: limit.describe('Kind value: down when it is higher'),
    downBelow: limit.describe('Kind value: down when it is lower'),
    loadDegraded: z
      .number()
      .min(0.1)
      .max(1_000)
      .default(2)
      .describe('Kind host: load per processor core (mean of 5 minutes) from which it is degraded'),
    memoryDegraded: percent.default(90).describe('Kind host: memory in use, per cent, from which it is degraded'),
    memoryDown: percent.default(97).describe('Kind host: memory in use, per cent, from which it is down'),
    diskDegraded: percent.default(85).describe('Kind host: space of any disk in use, per cent, from which it is degraded'),
    diskDown: percent.default(95).describe('Kind host: space of any disk in use, per cent, from which it is down'),
    ignoreDisks: z
      .array(z.string().min(1).max(300))
      .max(50)
      .default(['/snap', '/run', '/dev', '/sys', '/proc', '/boot/efi'])
      .describe('Kind host: mount points that are not looked at, with all below them'),
    family: familySetting,
  })
  .refine((it) => it.version !== '2c' || it.communitySecret !== undefined, {
    path: ['communitySecret'],
    error: 'expected the name of a secret, as version 2c needs a community',
  })
  .refine((it) => it.version !== '3' || it.user !== undefined, { path: ['user'], error: 'expected a user name, as version 3 needs one' })
  .refine((it) => it.privSecret === undefined || it.authSecret !== undefined, {
    path: ['authSecret'],
    error: 'expected the name of a secret: there is no encryption without authentication',
  })
  .refine((it) => it.kind !== 'interface' || it.interface !== undefined, {
    path: ['interface'],
    error: 'expected the name or number of an interface',
  })
  .refine((it) => it.kind !== 'value' || it.oid !== undefined, { path: ['oid'], error: 'expected an object id' });
export type SnmpConfig = z.infer<typeof snmpConfig>;

/** Something that goes in and out; a direction that is not known is left out. */
const bothWays = z.object({ in: z.number().optional(), out: z.number().optional() });
export type BothWays = z.infer<typeof bothWays>;

const interfaceFacts = z.object({
  index: z.int(),
  name: z.string().optional(),
  description: z.string().optional(),
  alias: z.string().optional(),
  /** ifAdminStatus and ifOperStatus of RFC 2863. */
  admin: z.int().optional(),
  status: z.int().optional(),
  /** What counts as full, bits per second. */
  speed: z.number().optional(),
  bitsPerSecond: bothWays.optional(),
  errorsPerSecond: bothWays.optional(),
  dropsPerSecond: bothWays.optional(),
  /** Why there are no rates. */
  noRates: z.enum(['first', 'restarted', 'too-soon', 'too-fast', 'not-counted']).optional(),
  counterBits: z.union([z.literal(32), z.literal(64)]).optional(),
});
export type InterfaceFacts = z.infer<typeof interfaceFacts>;

/** What can be missing on one host or another; it is named and never counted as fine. */
export const snmpHostParts = ['load', 'memory', 'disks'] as const;
const hostFacts = z.object({
  cores: z.int().optional(),
  load1: z.number().optional(),
  load5: z.number().optional(),
  load15: z.number().optional(),
  /** Mean of what the processors say of themselves. */
  busyPercent: z.number().optional(),
  memoryBytes: z.number().optional(),
  memoryPercent: z.number().optional(),
  disks: z
    .array(z.object({ mount: z.string(), bytes: z.number(), percent: z.number() }))
    .max(64)
    .optional(),
  /** More disks than are kept. */
  moreDisks: z.int().optional(),
  upSeconds: z.number().optional(),
  notKnown: z.array(z.enum(snmpHostParts)).optional(),
});
export type SnmpHostFacts = z.infer<typeof hostFacts>;

export const snmpObservation = z.object({
  failure: failureSchema.optional(),
  /** The IP address that was asked. */
  address: z.string().optional(),
  lookupMs: z.number().optional(),
  /** All questions together. */
  ms: z.number().optional(),
  /** How long the agent has been running (sysUpTime), seconds. */
  agentUpSeconds: z.number().optional(),
  /** The device said that user or password is wrong, so many times in a row. */
  refusals: z.int().optional(),
  /** After several refusals: when a login is tried again. */
  nextLoginMs: z.number().optional(),
  /** No such interface, though the whole list was read. */
  noInterface: z.boolean().optional(),
  interface: interfaceFacts.optional(),
  value: z
    .object({
      /** After scaling. */
      number: z.number().optional(),
      /** What came that is no number. */
      text: z.string().max(200).optional(),
    })
    .optional(),
  host: hostFacts.optional(),
});
export type SnmpFacts = z.infer<typeof snmpObservation>;

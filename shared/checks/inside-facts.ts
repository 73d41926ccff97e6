/** What a server tells of itself from inside: facts, and the settings that they are held against. */
import { z } from 'zod';
import { failureSchema } from '../model/words.ts';
import { durationSchema, MINUTE } from '../time.ts';
import { hostLimits, hostParts, hostState } from './host-parts.ts';
import { loginFacts, loginSettings } from './ssh-login.ts';

/** Parts that a server can tell about. What one does not tell is named and never counted as fine. */
export const insideParts = [...hostParts, 'uptime', 'mounts', 'network-disks', 'raid', 'ecc', 'units', 'mail-queue', 'markers'] as const;
export type InsidePart = (typeof insideParts)[number];

/** A path that can stand in quotes on any shell's line: no quotes, no spaces, no signs that a shell reads. */
export const pathSetting = z
  .string()
  .regex(/^\/[A-Za-z0-9._/@+,=:%-]{1,299}$/, 'expected an absolute path of letters, digits and . _ / @ + , = : % -')
  .refine((path) => !path.split('/').includes('..'), 'expected a path without ".."');

export const insideConfig = z.object({
  ...loginSettings,
  ...hostLimits.shape,
  require: z
    .array(z.enum(insideParts))
    .max(insideParts.length)
    .default(['load', 'memory', 'disks'])
    .describe('Parts that must be known: where one of them is not, the check is unknown. Others that are missing are only named'),
  correctedDegraded: z
    .int()
    .min(1)
    .max(1e9)
    .default(100)
    .describe('Corrected memory errors (ECC) since its start, from which it is degraded'),
  mailQueueDegraded: z.int().min(1).max(100_000).default(500).describe('Messages in the mail queue, from which it is degraded'),
  mailQueueDown: z.int().min(1).max(100_000).optional().describe('Messages in the mail queue, from which it is down'),
  ignoreUnits: z
    .array(z.string().min(1).max(256))
    .max(100)
    .default([])
    .describe('Failed units that do not count, such as "motd-news.service"'),
  markers: z
    .array(
      z.strictObject({
        path: pathSetting.describe('A file that a job touches when it is done'),
        maxAge: durationSchema(MINUTE).describe('Older than this is late'),
      }),
    )
    .max(20)
    .default([])
    .describe('Files whose age tells that a job ran, such as a backup'),
});
export type InsideConfig = z.infer<typeof insideConfig>;

const raidArray = z.object({
  name: z.string(),
  level: z.string().nullable(),
  active: z.boolean(),
  /** Disks that it should have and that work; null where the level knows no spare copy. */
  wanted: z.number().nullable(),
  working: z.number().nullable(),
  failed: z.array(z.string()),
  /** "recovery", "resync", "check", with its per cent where it runs. */
  work: z.object({ what: z.string(), percent: z.number().nullable() }).nullable(),
});
export type RaidArray = z.infer<typeof raidArray>;

const zfsPool = z.object({
  name: z.string(),
  state: z.string(),
  status: z.string().optional(),
  scan: z.string().optional(),
  errors: z.string().optional(),
});
export type ZfsPool = z.infer<typeof zfsPool>;

export const insideObservation = hostState.extend({
  ...loginFacts,
  failure: failureSchema.optional(),
  /** Read-only and should not be, disks among them. */
  readOnlyMounts: z.array(z.string()).optional(),
  /** Network file systems that refuse an answer: not known. */
  refusedDisks: z.array(z.string()).optional(),
  arrays: z.array(raidArray).optional(),
  /** Pools that are not well; none where all are. */
  pools: z.array(zfsPool).optional(),
  ecc: z.object({ corrected: z.number(), uncorrected: z.number() }).optional(),
  machineChecks: z.number().optional(),
  failedUnits: z.array(z.string()).optional(),
  mailQueue: z.number().optional(),
  /** When each marker was touched, epoch ms by the desk's clock; 'gone' = not there; null = nobody could see. */
  markers: z.array(z.object({ path: z.string(), touched: z.union([z.number(), z.literal('gone'), z.null()]) })).optional(),
  notKnown: z.array(z.enum(insideParts)).optional(),
  /** Parts that should have answered and did not, with why: "raid: zpool did not answer in time". */
  troubles: z.array(z.string()).optional(),
});
export type InsideFacts = z.infer<typeof insideObservation>;

/** Backups of a host: where they lie, how old they may be, and what was found of them. */
import { z } from 'zod';
import { failureSchema, idSchema } from '../model/words.ts';
import { DAY, durationSchema, HOUR, MINUTE } from '../time.ts';
import { pathSetting } from './inside-facts.ts';
import { pushStatuses } from './push.ts';
import { loginFacts, loginSettings } from './ssh-login.ts';
import { targetAddress } from './target.ts';

/** Stands in quotes on a shell's line, as paths do; only * and ? mean more than themselves. */
export const patternSetting = z
  .string()
  .regex(
    /^\/[A-Za-z0-9._/@+,=:%*?-]{1,299}$/,
    'expected an absolute path of letters, digits and . _ / @ + , = : % -, with * and ? for what changes',
  )
  .refine((path) => !path.split('/').includes('..'), 'expected a path without ".."');

const age = (ms: number) => durationSchema(MINUTE, 3650 * DAY).default(ms);
const { address: _, ...login } = loginSettings;

const where = {
  address: targetAddress.optional().describe('IP address or host name of the server that holds the files (source ssh)'),
  port: login.port,
  family: login.family,
  user: login.user.optional(),
  keySecret: login.keySecret.optional(),
  passphraseSecret: login.passphraseSecret,
  fingerprint: login.fingerprint.optional(),
};

export const backupConfig = z
  .object({
    source: z
      .enum(['ssh', 'local', 'push'])
      .default('ssh')
      .describe(
        'ssh: files on a server, over its SSH server; local: files on this computer; push: the job calls Nightdesk when it is done',
      ),
    ...where,
    token: idSchema.optional().describe('source push: name of the secret that holds the token of the call, as for the check type push'),
    full: patternSetting.optional().describe('Where full backups lie, such as /backup/db1/full-*.tar.gz; the newest file counts'),
    fullDegraded: age(8 * DAY).describe('Degraded when the newest usable full backup is older'),
    fullDown: age(15 * DAY).describe('Down when the newest usable full backup is older'),
    incremental: patternSetting.optional().describe('Where incremental backups lie'),
    incrementalDegraded: age(26 * HOUR).describe('Degraded when the newest usable backup of either kind is older'),
    incrementalDown: age(3 * DAY).describe('Down when the newest usable backup of either kind is older'),
    smallPercent: z
      .number()
      .min(0)
      .max(100)
      .default(50)
      .describe('A full backup smaller than so many per cent of the usual (median of the 14 before it) is degraded, and not usable'),
    smallIncrementalPercent: z.number().min(0).max(100).default(5).describe('The same for incremental ones, whose size changes more'),
    settle: durationSchema(0, DAY)
      .default(5 * MINUTE)
      .describe('A file that was written to a shorter time ago is taken for unfinished'),
    offsite: z
      .strictObject({
        pattern: patternSetting.describe('Where the copies lie'),
        degraded: age(8 * DAY).describe('Degraded when the newest copy is older'),
        ...where,
        port: login.port.removeDefault().optional().describe('Port of its SSH server'),
      })
      .optional()
      .describe('A copy elsewhere. What is left out of the log-in is that of the backups themselves'),
    verified: z
      .strictObject({
        path: pathSetting.describe('A file that is touched when a restore was tried and found good'),
        degraded: age(35 * DAY).describe('Degraded when it is older'),
      })
      .optional()
      .describe('The last verified restore'),
  })
  .refine((it) => it.source === 'push' || it.full !== undefined, { error: 'expected where full backups lie', path: ['full'] })
  .refine((it) => it.source !== 'push' || it.token !== undefined, {
    error: 'expected the name of the secret with the token',
    path: ['token'],
  })
  .refine((it) => it.source !== 'push' || (!it.full && !it.incremental && !it.offsite && !it.verified), {
    error: 'expected no files where the job calls; use two checks',
    path: ['source'],
  })
  .refine((it) => it.source !== 'ssh' || (it.user !== undefined && it.keySecret !== undefined && it.fingerprint !== undefined), {
    error: 'expected user, keySecret and fingerprint',
    path: ['source'],
  })
  .refine(
    ({ source, offsite }) =>
      source !== 'local' || offsite?.address === undefined || (offsite.user && offsite.keySecret && offsite.fingerprint),
    { error: 'expected user, keySecret and fingerprint of the copy', path: ['offsite'] },
  )
  // Another server has other keys, and nobody logs in to one whose key is not known.
  .refine(({ offsite }) => offsite?.address === undefined || offsite.fingerprint !== undefined, {
    error: 'expected the fingerprint of the other server',
    path: ['offsite', 'fingerprint'],
  });
export type BackupConfig = z.infer<typeof backupConfig>;

const file = z.object({ name: z.string(), at: z.number(), bytes: z.number() });
export type BackupFile = z.infer<typeof file>;

const backupSet = z.object({
  /** How many files there are. */
  count: z.number(),
  newest: file.nullable(),
  /** Newest one that is finished, not too small, and not from the future. */
  usable: file.nullable(),
  usualBytes: z.number().nullable(),
  /** The newest finished one is far smaller than usual. */
  small: z.boolean(),
  /** Being written. */
  unfinished: file.nullable(),
  /** Files with a time that has not come: nobody knows how old they are. */
  future: z.number(),
});
export type BackupSet = z.infer<typeof backupSet>;

/** Parts of a backup that can be looked at. */
export const backupParts = ['full', 'incremental', 'offsite', 'verified'] as const;
export type BackupPart = (typeof backupParts)[number];

export const backupObservation = z.object({
  ...loginFacts,
  failure: failureSchema.optional(),
  /** When it was looked, epoch ms. */
  at: z.number().optional(),
  full: backupSet.optional(),
  incremental: backupSet.optional(),
  offsite: backupSet.optional(),
  /** When the last restore was verified, epoch ms; 'gone' = the file is not there. */
  verified: z.union([z.number(), z.literal('gone')]).optional(),
  /** What could be restored at this moment: a full backup, and the increments after it. */
  usable: z
    .object({
      /** The moment that can be gone back to, epoch ms. */
      at: z.number(),
      full: file,
      increments: z.number(),
      bytes: z.number(),
    })
    .optional(),
  /** What a job said that calls. */
  call: z
    .object({ since: z.number(), at: z.number().nullable(), status: z.enum(pushStatuses).nullable(), text: z.string().max(300) })
    .optional(),
  notKnown: z.array(z.enum(backupParts)).optional(),
  /** Why the copy elsewhere is not known. */
  offsiteTrouble: z.string().optional(),
});
export type BackupFacts = z.infer<typeof backupObservation>;

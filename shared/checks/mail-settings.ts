/** Settings that smtp, imap, pop3 and sieve share, and roundtrip for each of its two ends. */
import { z } from 'zod';
import { idSchema } from '../model/words.ts';
import { DAY, durationSchema, HOUR, SECOND } from '../time.ts';
import { targetAddress } from './target.ts';
import { caFileSetting, familySetting, portSetting, serverNameSetting } from './tls-settings.ts';

const encryptionModes = ['starttls', 'tls', 'none'] as const;
export type MailEncryption = (typeof encryptionModes)[number];

/**
 * Where a mail server is and how it is talked to.
 * @param port where such a server usually listens
 * @param encryption how encryption usually starts there
 */
export const mailPlaceSettings = (port: number, encryption: MailEncryption) => ({
  address: targetAddress.describe('IP address or host name to connect to'),
  port: portSetting.default(port).describe('Port'),
  family: familySetting,
  encryption: z
    .enum(encryptionModes)
    .default(encryption)
    .describe('starttls: begins plain and is encrypted before anything else is said; tls: encrypted from the first byte; none: plain'),
  certificate: z
    .enum(['verify', 'any'])
    .default('verify')
    .describe('verify: it must be good for the name, and no password is sent otherwise; any: encrypted, whoever it is'),
  serverName: serverNameSetting.optional().describe('Name that the certificate must be good for; the address where left out'),
  caFile: caFileSetting,
});

/** That, and what of the server counts. */
export const mailServerSettings = (port: number, encryption: MailEncryption) => ({
  ...mailPlaceSettings(port, encryption),
  expiresDegraded: durationSchema(HOUR, 3_650 * DAY)
    .default(14 * DAY)
    .describe('Degraded when the certificate is good for no longer than this'),
  slowDegraded: durationSchema(1, 10 * 60 * SECOND)
    .default(15 * SECOND)
    .describe('Degraded when all of it takes longer'),
  slowDown: durationSchema(1, 10 * 60 * SECOND)
    .default(30 * SECOND)
    .describe('Down when all of it takes longer; a time-out of the check before that is down anyway'),
});

/** What of these settings the code that opens a connection needs. */
export interface MailPlace {
  address: string;
  port: number;
  family: 'auto' | 4 | 6;
  encryption: MailEncryption;
  certificate: 'verify' | 'any';
  serverName?: string | undefined;
  caFile?: string | undefined;
}

export const loginUser = {
  user: z
    .string()
    .min(1)
    .max(254)
    // A line break in it would be a command of its own; NUL ends a field of AUTH PLAIN.
    .refine((it) => !/\p{Cc}/u.test(it), 'expected the name of an account, without control characters')
    .optional()
    .describe('Whom to log in as, usually the address of the test mailbox. Without it nobody logs in'),
  passwordSecret: idSchema
    .optional()
    .describe('Name of the secret that holds the password, never the password itself. After 3 refusals only one log-in an hour is tried'),
};

/** Settings that mysql, postgres and redis share. */
import { z } from 'zod';
import { idSchema } from '../model/words.ts';
import { durationSchema, HOUR, MINUTE, SECOND } from '../time.ts';
import { targetAddress } from './target.ts';
import { caFileSetting, familySetting, portSetting, serverNameSetting } from './tls-settings.ts';

/** How a value must look; all that is given must hold. Plain text and no pattern: a pattern over hostile text can hang. */
export const expectSetting = z
  .strictObject({
    equals: z.string().max(1_000).optional().describe('The value is exactly this'),
    contains: z.string().min(1).max(1_000).optional().describe('This stands in the value'),
    min: z.number().optional().describe('The value is a number, and at least this'),
    max: z.number().optional().describe('The value is a number, and at most this'),
  })
  .refine((it) => Object.values(it).some((value) => value !== undefined), 'expected at least one of equals, contains, min, max')
  .refine((it) => it.min === undefined || it.max === undefined || it.min <= it.max, 'min is more than max');
export type Expect = z.infer<typeof expectSetting>;

/** How far a replica may be behind, ms. */
const lag = (ms: number) => durationSchema(100, 30 * 24 * HOUR).default(ms);

/** @param port where such a server usually listens */
export const serverSettings = (port: number) => ({
  address: targetAddress.describe('IP address or host name to connect to'),
  port: portSetting.default(port).describe('Port'),
  family: familySetting,
  tls: z
    .enum(['off', 'encrypt', 'verify'])
    .default('off')
    .describe('off: plain; encrypt: encrypted, whoever it is; verify: encrypted, and the certificate must be good for the name'),
  serverName: serverNameSetting.optional().describe('Name that the certificate must be good for; the address where left out'),
  caFile: caFileSetting,
});

export const passwordSetting = idSchema
  .optional()
  .describe('Name of the secret that holds the password, never the password itself. After 3 refusals only one log-in an hour is tried');

export const judgeSettings = {
  role: z
    .enum(['any', 'primary', 'replica'])
    .default('any')
    .describe('What the server must be. A replica whose state cannot be read is unknown; with any it is only looked at where it can be'),
  lagDegraded: lag(30 * SECOND).describe('Degraded when a replica is further behind'),
  lagDown: lag(10 * MINUTE).describe('Down when a replica is further behind'),
  connectionsDegraded: z
    .number()
    .min(1)
    .max(100)
    .default(90)
    .describe('Degraded when so many per cent of the allowed connections are in use'),
  slowDegraded: durationSchema(1, MINUTE).optional().describe('Degraded when connecting and all questions take longer together'),
};

/** Least and most of a number that may be a limit. */
export const replicasSetting = z.int().min(1).max(1_000).optional().describe('On a primary: so many replicas at least must be connected');

export const querySettings = {
  user: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .describe('Whom to log in as. Without it only the greeting is looked at, and nothing is known about what is behind'),
  passwordSecret: passwordSetting,
  database: z.string().min(1).max(128).optional().describe('Database to open'),
  query: z
    .string()
    .trim()
    .min(1)
    .max(4_000)
    .optional()
    .describe('A question to ask, in a read-only transaction; the first cell of the first row counts'),
  expect: expectSetting.optional().describe('How that cell must look; without it the question need only be answered'),
};

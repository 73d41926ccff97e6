/** Settings of the http check, and the URL that they come down to. */
import { z } from 'zod';
import { idSchema } from '../model/words.ts';
import { durationSchema } from '../time.ts';
import { addressSetting, caFileSetting, familySetting, hostAndPort, isAddress, portSetting } from './tls-settings.ts';

export const MEBIBYTE = 1_048_576;
const text = z.string().min(1).max(1_000);

/** The parts of a URL that are used. Every runtime of ours has URL, though the compiler's plain language library does not list it. */
export interface WebUrl {
  readonly href: string;
  readonly protocol: string;
  readonly username: string;
  readonly password: string;
  readonly hostname: string;
  readonly host: string;
  readonly port: string;
  readonly origin: string;
  readonly pathname: string;
  readonly search: string;
}
declare const URL: { parse(text: string, base?: string): WebUrl | null };

/**
 * Reads a URL.
 * @param base what a relative one is relative to
 * @returns null where it is no http(s) URL, names no proper host, or carries a user name or password
 */
export function readUrl(text: string, base?: string): WebUrl | null {
  const url = URL.parse(text, base);
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null;
  if (url.username !== '' || url.password !== '') return null;
  return isAddress(hostOf(url)) ? url : null;
}

/** The host of a URL without the brackets of an IPv6 address. */
export const hostOf = (url: WebUrl): string => url.hostname.replace(/^\[|\]$/g, '');

/** Headers that the client itself must set, or that carry passwords (those come from the secret store, see `auth`). */
const reserved = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'upgrade',
  'expect',
  'te',
  'trailer',
  'keep-alive',
  'accept-encoding',
  'authorization',
  'proxy-authorization',
  'cookie',
]);
const headerName = z
  .string()
  .max(100)
  .regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/, 'expected the name of a header')
  .refine(
    (name) => !reserved.has(name.toLowerCase()),
    'expected a header that may be set here; for passwords and tokens use auth with the name of a secret',
  );
const headerValue = z
  .string()
  .max(2_000)
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'expected one line of text');

/** A URL that an http check can ask for. Zod's own kind of URL knows neither IP addresses nor names without a dot. */
export const urlSetting = z
  .string()
  .max(2_000)
  .refine((text) => readUrl(text) !== null, 'expected a URL such as https://www.example.net/status, without user name and password')
  .meta({ format: 'uri' });

export const httpConfig = z.object({
  url: urlSetting.optional().describe('What to ask for; where left out it is made of scheme, address, port and path'),
  address: addressSetting.describe(
    "IP address or host name to connect to instead of the URL's own; the host's where left out. Host header and certificate name stay the URL's",
  ),
  scheme: z.enum(['http', 'https']).default('https').describe('Where no url is given'),
  port: portSetting.optional().describe('Where no url is given; 443 or 80 where left out'),
  path: z
    .string()
    .max(1_500)
    .regex(/^\/[\x21-\x7e]*$/, 'expected a path that starts with /')
    .default('/')
    .describe('Where no url is given'),
  method: z.enum(['GET', 'HEAD', 'POST']).default('GET').describe('How it is asked'),
  body: z.string().max(65_536).optional().describe('Sent with POST'),
  headers: z
    .record(headerName, headerValue)
    .default({})
    .describe('Further headers; sent to the first place only, never along a redirect to another'),
  status: z
    .array(z.union([z.int().min(100).max(599), z.string().regex(/^[1-5]xx$/)], 'expected a status such as 200 or a class such as "2xx"'))
    .min(1)
    .default(['2xx'])
    .describe('Answers that are fine, after redirects'),
  contains: z.array(text).max(20).default([]).describe('Texts that must be in the answer'),
  lacks: z.array(text).max(20).default([]).describe('Texts that must not be in the answer, such as "Fatal error"'),
  json: z
    .strictObject({
      path: z.string().min(1).max(300).describe('Names and list positions with dots: status.db, nodes.0.state'),
      equals: z.union([z.string(), z.number(), z.boolean(), z.null()]),
    })
    .optional()
    .describe('A field of a JSON answer and the value it must have'),
  header: z
    .strictObject({ name: z.string().min(1).max(100), contains: z.string().min(1).max(500) })
    .optional()
    .describe('A header of the answer and a text that must be in it'),
  minBytes: z
    .int()
    .min(0)
    .max(1024 * MEBIBYTE)
    .optional()
    .describe('The answer must have at least so many bytes'),
  maxBytes: z
    .int()
    .min(0)
    .max(1024 * MEBIBYTE)
    .optional()
    .describe('The answer should have at most so many bytes'),
  bodyLimit: z
    .int()
    .min(1_024)
    .max(64 * MEBIBYTE)
    .default(MEBIBYTE)
    .describe('So many bytes are read and searched at most'),
  followRedirects: z.int().min(0).max(5).default(3).describe('So many redirects are followed'),
  auth: z
    .strictObject({
      basic: z.strictObject({ user: z.string().min(1).max(200), passwordSecret: idSchema }).optional(),
      bearerSecret: idSchema.optional(),
    })
    .refine((it) => (it.basic === undefined) !== (it.bearerSecret === undefined), 'expected either basic or bearerSecret')
    .optional()
    .describe('Login: names of secrets in the secret store, never the secrets themselves'),
  insecure: z.boolean().default(false).describe('Do not look at the certificate at all'),
  caFile: caFileSetting,
  warnDays: z
    .int()
    .min(0)
    .max(365)
    .default(7)
    .describe('Report an https certificate that has at most so many days left (the tls check warns earlier)'),
  slowDegraded: durationSchema().optional().describe('An answer that takes longer in all counts as degraded'),
  family: familySetting,
});
export type HttpConfig = z.infer<typeof httpConfig>;

/** The URL asked for, or null where the settings name no place at all. */
export function urlOf(config: HttpConfig): WebUrl | null {
  if (config.url !== undefined) return readUrl(config.url);
  if (config.address === undefined) return null;
  const port = config.port ?? (config.scheme === 'https' ? 443 : 80);
  return readUrl(`${config.scheme}://${hostAndPort(config.address, port)}${config.path}`);
}

/** Whether a status is one of those that are fine. */
export const statusFits = (status: number, wanted: HttpConfig['status']): boolean =>
  wanted.some((it) => (typeof it === 'number' ? it === status : Math.floor(status / 100) === Number(it[0])));

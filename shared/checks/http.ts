/** HTTP: whether a web page answers, and whether it is the right one. */
import { z } from 'zod';
import type { Verdict } from '../model/words.ts';
import { failureSchema } from '../model/words.ts';
import { count } from '../text.ts';
import { humanDuration, humanLatency } from '../time.ts';
import { explainHttp } from './http-explain.ts';
import { type HttpConfig, httpConfig, statusFits, urlOf } from './http-settings.ts';
import { levelOfFailure } from './tls-settings.ts';
import type { CheckDefinition, FactLine } from './types.ts';

export type { HttpConfig } from './http-settings.ts';

const observation = z.object({
  failure: failureSchema.optional(),
  /** Where the last answer came from, without the query. */
  url: z.string().optional(),
  address: z.string().optional(),
  status: z.number().optional(),
  statusText: z.string().optional(),
  httpVersion: z.string().optional(),
  /** Phases of the last request; totalMs is from the start of the first. */
  dnsMs: z.number().optional(),
  connectMs: z.number().optional(),
  tlsMs: z.number().optional(),
  firstByteMs: z.number().optional(),
  totalMs: z.number().optional(),
  redirects: z.array(z.object({ status: z.number(), to: z.string() })).optional(),
  /** A redirect led from https to plain http. */
  downgraded: z.boolean().optional(),
  tooManyRedirects: z.boolean().optional(),
  contentType: z.string().optional(),
  /** Bytes of the answer after unpacking, as far as it was read. */
  bytes: z.number().optional(),
  /** The answer was longer than what was read. */
  cut: z.boolean().optional(),
  bodyStart: z.string().optional(),
  certificateDaysLeft: z.number().optional(),
  /** Rules that were not met. */
  missing: z.array(z.string()).optional().describe('texts that should be there and are not'),
  unwanted: z.array(z.string()).optional().describe('texts that should not be there and are'),
  json: z.object({ found: z.string().nullable(), why: z.enum(['differs', 'absent', 'no-json', 'cut']) }).optional(),
  header: z.object({ found: z.string().nullable() }).optional(),
});
export type HttpFacts = z.infer<typeof observation>;

const quoted = (texts: readonly string[]): string => texts.map((it) => `"${it.length > 60 ? `${it.slice(0, 59)}…` : it}"`).join(', ');

function judge(it: HttpFacts, config: HttpConfig): Verdict {
  const verdict = (state: Verdict['state'], reason: string, text: string): Verdict => ({ state, reason, text });
  if (it.failure) return verdict(levelOfFailure(it.failure.code), it.failure.code, it.failure.detail);
  if (it.status === undefined) return verdict('unknown', 'no-answer-seen', 'the probe brought no answer');
  if (it.tooManyRedirects)
    return verdict('down', 'too-many-redirects', `still redirects after ${count(it.redirects?.length ?? 0, 'redirect')}`);
  if (!statusFits(it.status, config.status)) {
    return verdict(
      'down',
      'wrong-status',
      `answers ${it.status}${it.statusText ? ` ${it.statusText}` : ''}, expected ${config.status.join(' or ')}`,
    );
  }
  const within = it.cut ? ` within the first ${bytes(it.bytes ?? 0)}` : '';
  if (it.missing?.length) return verdict('down', 'text-missing', `answers ${it.status}, but ${quoted(it.missing)} is missing${within}`);
  if (it.unwanted?.length) return verdict('down', 'text-unwanted', `answers ${it.status}, but the page says ${quoted(it.unwanted)}`);
  if (it.json && config.json) {
    const field = `the field ${config.json.path}`;
    if (it.json.why === 'cut')
      return verdict('unknown', 'too-large', `${field} cannot be read: the answer is longer than ${bytes(config.bodyLimit)}`);
    if (it.json.why === 'no-json') return verdict('down', 'json-mismatch', 'the answer is not JSON');
    if (it.json.why === 'absent') return verdict('down', 'json-mismatch', `${field} is not in the answer`);
    return verdict('down', 'json-mismatch', `${field} is ${it.json.found}, expected ${JSON.stringify(config.json.equals)}`);
  }
  if (it.header && config.header) {
    const found = it.header.found;
    return verdict(
      'down',
      'header-mismatch',
      found === null
        ? `the header ${config.header.name} is missing`
        : `the header ${config.header.name} is "${found}", expected "${config.header.contains}" in it`,
    );
  }
  const size = it.bytes ?? 0;
  if (config.minBytes !== undefined && size < config.minBytes)
    return verdict('down', 'too-small', `the answer has ${bytes(size)}, expected at least ${bytes(config.minBytes)}`);
  if (config.maxBytes !== undefined && size > config.maxBytes)
    return verdict(
      'degraded',
      'too-large',
      `the answer has ${it.cut ? 'more than ' : ''}${bytes(it.cut ? config.maxBytes : size)}, expected at most ${bytes(config.maxBytes)}`,
    );
  if (it.downgraded) return verdict('degraded', 'redirect-to-plain-http', 'redirects from https to plain http');
  const days = it.certificateDaysLeft;
  if (days !== undefined && days <= config.warnDays && !config.insecure) {
    return verdict(
      'degraded',
      'certificate-expires-soon',
      days < 1 ? 'certificate expires within a day' : `certificate expires in ${count(days, 'day')}`,
    );
  }
  const took = it.totalMs;
  if (took !== undefined && config.slowDegraded !== undefined && took > config.slowDegraded) {
    return verdict(
      'degraded',
      'slow',
      `answers ${it.status}, but takes ${humanDuration(took)}, expected at most ${humanDuration(config.slowDegraded)}`,
    );
  }
  return verdict('ok', 'ok', `answers ${it.status}${took === undefined ? '' : ` in ${humanLatency(took)}`}`);
}

/** "512 bytes", "1.5 KiB", "64 MiB". */
function bytes(n: number): string {
  if (n < 1_024) return count(n, 'byte');
  for (const [unit, size] of [
    ['GiB', 2 ** 30],
    ['MiB', 2 ** 20],
    ['KiB', 2 ** 10],
  ] as const) {
    if (n >= size) return `${Math.round((n / size) * 10) / 10} ${unit}`;
  }
  return `${n} bytes`;
}

function facts(it: HttpFacts): FactLine[] {
  const lines: FactLine[] = [];
  const add = (label: string, value: string | undefined) => {
    if (value !== undefined && value !== '') lines.push({ label, value });
  };
  const ms = (label: string, value: number | undefined) => add(label, value === undefined ? undefined : humanLatency(value));
  add('Status', it.status === undefined ? undefined : `${it.status} ${it.statusText ?? ''}`.trim());
  ms('Total', it.totalMs);
  ms('Name lookup', it.dnsMs);
  ms('Connect', it.connectMs);
  ms('TLS handshake', it.tlsMs);
  ms('First byte', it.firstByteMs);
  add('Certificate', it.certificateDaysLeft === undefined ? undefined : `${count(it.certificateDaysLeft, 'day')} left`);
  add('Redirects', it.redirects?.map((hop) => `${hop.status} → ${hop.to}`).join(', '));
  add('Answered by', it.status === undefined ? undefined : it.url);
  add('Connected to', it.address);
  add('Size', it.bytes === undefined ? undefined : `${bytes(it.bytes)}${it.cut ? ' read, there is more' : ''}`);
  add('Type', it.contentType);
  add('HTTP version', it.httpVersion);
  add('Missing text', it.missing?.length ? quoted(it.missing) : undefined);
  add('Unwanted text', it.unwanted?.length ? quoted(it.unwanted) : undefined);
  add('Begins with', it.bodyStart);
  return lines;
}

export const http = {
  title: 'HTTP',
  summary: 'A web page or API: status, texts, JSON field, redirects, size, certificate and how long each phase takes.',
  config: httpConfig,
  observation,
  slotMs: 0,
  unit: 'ms',
  target: (config) => {
    const url = urlOf(config)?.href ?? 'no URL';
    return config.url !== undefined && config.address !== undefined ? `${url} at ${config.address}` : url;
  },
  judge,
  explain: explainHttp,
  // How long it took to be turned away is no answering time.
  measure: (it) => (it.status === undefined ? null : (it.totalMs ?? null)),
  facts,
} satisfies CheckDefinition<HttpConfig, HttpFacts>;

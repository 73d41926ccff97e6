/** What the probes of mysql, postgres and redis find out, and how it reads. */
import { z } from 'zod';
import { failureSchema } from '../model/words.ts';
import { count } from '../text.ts';
import { humanDuration, humanLatency, SECOND } from '../time.ts';
import type { Expect } from './database-settings.ts';
import type { Change, FactLine } from './types.ts';

/** How far a probe came. */
export const stages = ['connect', 'greeting', 'tls', 'login', 'state', 'query', 'done'] as const;

const upstream = z.object({
  /** Whom it copies from, as the server names it. */
  name: z.string(),
  /** Fetches changes; null = it does not say. */
  fetching: z.boolean().nullable(),
  /** Applies what it fetched. */
  applying: z.boolean().nullable(),
  lagMs: z.number().nullable(),
  error: z.string().optional(),
});
export type Upstream = z.infer<typeof upstream>;

export const databaseFacts = {
  failure: failureSchema.optional(),
  stage: z.enum(stages).optional(),
  address: z.string().optional(),
  dnsMs: z.number().optional(),
  connectMs: z.number().optional(),
  /** From the connection (or the first question) to the first word of the server. */
  greetingMs: z.number().optional(),
  loginMs: z.number().optional(),
  totalMs: z.number().optional(),
  protocol: z.string().optional().describe('TLS version, where encrypted'),
  product: z.string().optional(),
  version: z.string().optional(),
  /** The server turned us away before or after the greeting; its own code and words. */
  serverError: z.object({ code: z.string(), text: z.string() }).optional(),
  login: z.enum(['accepted', 'refused', 'held-back', 'none']).optional(),
  /** Log-ins refused in a row, by this and other checks of the same account. */
  refusals: z.int().optional(),
  /** Until the next log-in is tried. */
  nextLoginMs: z.number().optional(),
  uptimeSeconds: z.number().optional(),
  connections: z.number().optional(),
  active: z.number().optional(),
  connectionsLimit: z.number().optional(),
  role: z.enum(['primary', 'replica']).optional(),
  readOnly: z.boolean().optional(),
  /** Servers it copies from. */
  upstreams: z.array(upstream).max(20).optional(),
  /** Replicas that copy from it. */
  replicas: z.int().optional(),
  /** 0, 1, or 2 for more than one. */
  rows: z.int().optional(),
  /** First cell of the first row, cleaned; null = the server's NULL. */
  cell: z.string().max(300).nullable().optional(),
  /** Whether the cell is as expected; it was looked at in full. */
  matched: z.boolean().optional(),
  /** What could not be learnt, and why. */
  notKnown: z.array(z.string().max(300)).max(10).optional(),
};
const all = z.object(databaseFacts);
export type DatabaseFacts = z.infer<typeof all>;

/** Whether a value is as expected. NULL (or nothing) never is. */
export function meets(expect: Expect, value: string | null): boolean {
  if (value === null) return false;
  if (expect.equals !== undefined && value !== expect.equals) return false;
  if (expect.contains !== undefined && !value.includes(expect.contains)) return false;
  if (expect.min === undefined && expect.max === undefined) return true;
  const number = value.trim() === '' ? Number.NaN : Number(value);
  if (!Number.isFinite(number)) return false;
  return (expect.min === undefined || number >= expect.min) && (expect.max === undefined || number <= expect.max);
}

/** "42", "from 1 to 5", 'text with "ok" in it'. */
export function expectWords(expect: Expect): string {
  const words: string[] = [];
  if (expect.equals !== undefined) words.push(`"${expect.equals}"`);
  if (expect.contains !== undefined) words.push(`text with "${expect.contains}" in it`);
  if (expect.min !== undefined && expect.max !== undefined) words.push(`a number from ${expect.min} to ${expect.max}`);
  else if (expect.min !== undefined) words.push(`a number of at least ${expect.min}`);
  else if (expect.max !== undefined) words.push(`a number of at most ${expect.max}`);
  return words.join(' and ');
}

/** How far behind the furthest upstream is; null where any is not known, undefined without any. */
export function worstLag(it: DatabaseFacts): number | null | undefined {
  if (!it.upstreams || it.upstreams.length === 0) return undefined;
  return it.upstreams.some((up) => up.lagMs === null) ? null : Math.max(...it.upstreams.map((up) => up.lagMs ?? 0));
}

/** "MariaDB 10.11.6". */
export const nameOf = (it: DatabaseFacts, fallback: string): string => [it.product ?? fallback, it.version].filter(Boolean).join(' ');

const loginWords = { accepted: 'accepted', refused: 'refused', 'held-back': 'not tried', none: 'not asked for' };

export function databaseFactLines(it: DatabaseFacts, product: string): FactLine[] {
  const lines: FactLine[] = [];
  const add = (label: string, value: string | undefined): unknown => value && lines.push({ label, value });
  const ms = (label: string, value: number | undefined): unknown => add(label, value === undefined ? undefined : humanLatency(value));
  if (it.version !== undefined) add('Server', nameOf(it, product));
  add('Role', it.role === undefined ? undefined : `${it.role}${it.readOnly ? ', read-only' : ''}`);
  for (const up of it.upstreams ?? []) {
    const parts = [`${up.lagMs === null ? 'not known how far' : humanDuration(up.lagMs)} behind`];
    if (up.fetching !== null) parts.push(up.fetching ? 'fetching' : 'not fetching');
    if (up.applying !== null) parts.push(up.applying ? 'applying' : 'not applying');
    add(`Copies from ${up.name}`, `${parts.join(', ')}${up.error ? `: ${up.error}` : ''}`);
  }
  if (it.replicas !== undefined) add('Replicas connected', String(it.replicas));
  if (it.connections !== undefined)
    add(
      'Connections',
      `${it.connections}${it.connectionsLimit === undefined ? '' : ` of ${it.connectionsLimit}`}${it.active === undefined ? '' : `, ${it.active} at work`}`,
    );
  if (it.uptimeSeconds !== undefined) add('Running for', humanDuration(it.uptimeSeconds * SECOND));
  if (it.cell !== undefined) add('Answer', it.cell === null ? 'NULL' : `"${it.cell}"`);
  if (it.rows === 0) add('Answer', 'no row');
  if (it.matched !== undefined) add('As expected', it.matched ? 'yes' : 'no');
  if (it.login !== undefined) add('Log-in', loginWords[it.login]);
  if (it.refusals)
    add(
      'Log-ins refused',
      `${it.refusals} in a row${it.nextLoginMs === undefined ? '' : `; the next is tried in ${humanDuration(it.nextLoginMs)} or when the secret changes`}`,
    );
  if (it.serverError) add('Server says', `${it.serverError.text} (${it.serverError.code})`);
  add('Not known', it.notKnown?.join('; '));
  add('Encrypted', it.protocol);
  ms('Connect', it.connectMs);
  ms('Greeting after', it.greetingMs);
  ms('Log-in took', it.loginMs);
  ms('In all', it.totalMs);
  ms('Name lookup', it.dnsMs);
  add('Address', it.address);
  return lines;
}

/** A restart, another version, another role. */
export function databaseChanges(before: DatabaseFacts, after: DatabaseFacts): Change[] {
  const changes: Change[] = [];
  const [was, is] = [before.uptimeSeconds, after.uptimeSeconds];
  if (was !== undefined && is !== undefined && is < was)
    changes.push({ code: 'restart', text: `the server was restarted; it has been running for ${humanDuration(is * SECOND)}` });
  if (before.version !== undefined && after.version !== undefined && before.version !== after.version)
    changes.push({ code: 'version', text: `the version changed from ${before.version} to ${after.version}` });
  if (before.role !== undefined && after.role !== undefined && before.role !== after.role)
    changes.push({ code: 'role', text: `the server was a ${before.role} and is a ${after.role} now` });
  if (before.replicas !== undefined && after.replicas !== undefined && before.replicas !== after.replicas)
    changes.push({ code: 'replicas', text: `${count(after.replicas, 'replica')} connected, ${before.replicas} before` });
  return changes;
}

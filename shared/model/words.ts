/** The words of the product that everything else is built from: ids, subjects, groups, levels. */
import { z } from 'zod';

/** Ids are typed by people, stand in file names and in check ids, and sort: lower case, digits, dot, dash, underscore. */
export const idSchema = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,62}$/,
    'expected an id: lower-case letters, digits, dot, dash or underscore, starting with a letter or digit',
  );

/** Everything that can be watched or talked about. `desk` is Nightdesk itself. */
export const subjectKinds = ['desk', 'site', 'host', 'service', 'link', 'prefix', 'mail'] as const;
export const subjectKindSchema = z.enum(subjectKinds);
export type SubjectKind = z.infer<typeof subjectKindSchema>;

export const subjectRefSchema = z.object({ kind: subjectKindSchema, id: z.string() });
/** Names one subject. Ids are unique over all kinds within one inventory. */
export type SubjectRef = z.infer<typeof subjectRefSchema>;

/** The three grids of the desk. */
export const groups = ['servers', 'links', 'mail'] as const;
export type Group = (typeof groups)[number];

const groupByKind: Record<SubjectKind, Group> = {
  desk: 'servers',
  site: 'servers',
  host: 'servers',
  service: 'servers',
  link: 'links',
  prefix: 'links',
  mail: 'mail',
};
/** Which grid a subject of this kind is drawn in. */
export const groupOf = (kind: SubjectKind): Group => groupByKind[kind];

/** What a verdict can say, best first. */
export const levels = ['ok', 'degraded', 'down', 'unknown'] as const;
export const levelSchema = z.enum(levels);
export type Level = z.infer<typeof levelSchema>;

/**
 * How a check or subject stands on the screen. `pending` = no result yet; `stale` = results stopped coming; `unreachable` and
 * `maintenance` are set by later stages (reachability, downtime windows) and have their place in the look already.
 */
export const standings = ['ok', 'degraded', 'down', 'unreachable', 'maintenance', 'unknown', 'stale', 'pending'] as const;
export type Standing = (typeof standings)[number];

/** Why a probe did not get what it came for. Decisions are made on these codes, never on an error's text. */
export const failureCodes = [
  'refused',
  'timeout',
  'unreachable',
  'reset',
  'closed',
  'name-not-found',
  'resolver-failed',
  'certificate',
  'tls',
  'protocol',
  'too-large',
  'permission',
  'no-gateway',
  'no-secret',
  // The other side said no to a name and password.
  'login-refused',
  // It answered in its protocol, with an error of its own.
  'server-error',
  'tool-missing',
  'internal',
] as const;
export const failureSchema = z.object({
  code: z.enum(failureCodes),
  /** Short and cleaned (see `clean` in text.ts): it may quote what a server said. */
  detail: z.string().max(400),
});
export type Failure = z.infer<typeof failureSchema>;
export type FailureCode = Failure['code'];

export const verdictSchema = z.object({
  state: levelSchema,
  /** Machine-readable reason, kebab-case, such as `refused` or `certificate-expires-soon`. */
  reason: z.string(),
  /** One plain sentence without a full stop, such as "connection refused on port 443". */
  text: z.string(),
  /**
   * What belongs in a title, where that is not the text: what it means for people ("mail is delayed by about 75 to 120 minutes"), or what was
   * found without what could not be read beside it.
   */
  title: z.string().optional(),
  /**
   * Nothing is known yet, and nothing is wrong: the other side asked to come back later. A check without a result stays pending then, which
   * is no more green than unknown is, and nobody is called for it. The judge must end this by itself.
   */
  waits: z.literal(true).optional(),
  /** Of a check that asks several servers: the address of the only one that is not right. */
  server: z.string().optional(),
});
/** What we judge of an observation. */
export type Verdict = z.infer<typeof verdictSchema>;

/** Orders levels by how much they want a human: ok < unknown < degraded < down. */
export const severityOf = (level: Level): number => severities[level];
const severities: Record<Level, number> = { ok: 0, unknown: 1, degraded: 2, down: 3 };

/** The worst of some levels; `ok` of none. */
export const worst = (all: readonly Level[]): Level => all.reduce<Level>((a, b) => (severityOf(b) > severityOf(a) ? b : a), 'ok');

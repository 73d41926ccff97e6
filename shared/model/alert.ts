import { z } from 'zod';
import { diagnosisSchema } from '../diagnosis/types.ts';
import { subjectRefSchema } from './words.ts';

/** "I am on it." Author and comment are always there. */
const acknowledgementSchema = z.object({
  by: z.string(),
  comment: z.string(),
  at: z.int(),
  /** A plain one ends when what is wrong changes (its recovery aside), a sticky one stays until all is ok. Neither outlives a scope that grows. */
  sticky: z.boolean().default(false),
  /** Runs out at this moment, epoch ms; null = not by itself. */
  until: z.int().nullable().default(null),
  /** What was wrong when it was given: that it comes back after a while is no growth. Not in those of the first version. */
  scope: z.object({ checks: z.array(z.string()), severity: z.enum(['degraded', 'down', 'unknown']) }).optional(),
});
export type Acknowledgement = z.infer<typeof acknowledgementSchema>;

/** Something known that stands beside an alert: the routine that ran just before, a change made to the same thing, work that overran. */
const relatedSchema = z.object({
  kind: z.enum(['routine', 'maintenance', 'change']),
  /** "weekly log rotation (Sunday 04:00 PST)", "security patches on web1, 2 d before". */
  text: z.string(),
  at: z.int(),
});
export type Related = z.infer<typeof relatedSchema>;

export const alertSchema = z.object({
  /** ULID. */
  id: z.string(),
  /** The root: what failed itself. A site where several things of it failed in the same minute; `desk` when the desk is cut off. */
  subject: subjectRefSchema,
  severity: z.enum(['degraded', 'down', 'unknown']),
  /** "web1 is down", "HTTP on web1 fails", "Cox at San Diego: gateway does not answer". */
  title: z.string(),
  /** What is seen, and what of the same subject still works. */
  text: z.string(),
  /** Ids of the checks that are hard and not ok now (or flapping) and are no mere consequence; those of its last moment once it has ended. */
  checks: z.array(z.string()),
  /** Ids of checks that fail only because the root does: unreachable behind it. */
  consequences: z.array(z.string()).default([]),
  related: z.array(relatedSchema).default([]),
  /** First symptom, epoch ms. */
  firstAt: z.int(),
  /** When it went hard. */
  raisedAt: z.int(),
  updatedAt: z.int(),
  acknowledgement: acknowledgementSchema.nullable(),
  /** Since when nobody has it: raised, or its acknowledgement cleared. Escalation counts from here. Null in alerts of the first version. */
  openSince: z.int().nullable().default(null),
  /** How many escalation steps have been taken since then. */
  escalation: z.int().default(0),
  /** Nobody is told of it until this moment, epoch ms; null = it is not silenced. */
  silencedUntil: z.int().nullable().default(null),
  /** When it ended (recovered or closed), or null while it is open. */
  endedAt: z.int().nullable(),
  /** What is behind it, as far as it can be told; kept from its last moment once it has ended. Absent until it was looked at. */
  diagnosis: diagnosisSchema.optional(),
  /** How it was called at its worst: once it has ended it goes by that name again, which is the one that people heard. */
  peak: z.object({ title: z.string(), text: z.string(), weight: z.int() }).optional(),
});
/** A state that wants a human: what failed, with everything that fails because of it. */
export type Alert = z.infer<typeof alertSchema>;

import { z } from 'zod';
import { subjectRefSchema } from './words.ts';

/** "I am on it." Author and comment are always there. */
const acknowledgementSchema = z.object({ by: z.string(), comment: z.string(), at: z.int() });

export const alertSchema = z.object({
  /** ULID. */
  id: z.string(),
  subject: subjectRefSchema,
  severity: z.enum(['degraded', 'down', 'unknown']),
  /** "web1 is down", "HTTP on web1 fails". */
  title: z.string(),
  /** What is seen, and what of the same subject still works. */
  text: z.string(),
  /** Ids of the checks that are hard and not ok now; those of its last moment once it has ended. */
  checks: z.array(z.string()),
  /** First symptom, epoch ms. */
  firstAt: z.int(),
  /** When it went hard. */
  raisedAt: z.int(),
  updatedAt: z.int(),
  acknowledgement: acknowledgementSchema.nullable(),
  /** When it ended (recovered or closed), or null while it is open. */
  endedAt: z.int().nullable(),
});
/** A state that wants a human: all hard problems of one subject. */
export type Alert = z.infer<typeof alertSchema>;

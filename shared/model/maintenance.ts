/** Planned work, routines, silences: what people say beforehand about what may happen. */
import { z } from 'zod';

/**
 * A maintenance (downtime) window. Times are epoch ms.
 * - `fixed`: from `from` to `to`. Entered after the fact when `to` is past: it corrects uptime.
 * - `flexible`: begins with the first fault of what it affects within [from, to], lasts `durationMs` from there.
 * - `open-ended`: from `from` until somebody finishes it.
 * - `recurring`: at each time of `schedule`, for `durationMs`; `from`/`to` bound the series where given.
 * `from` null = the day is not fixed yet (fixed, flexible, open-ended): listed, without effect.
 */
export const windowSchema = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['fixed', 'flexible', 'open-ended', 'recurring']),
  from: z.int().nullable(),
  to: z.int().nullable(),
  durationMs: z.int().nullable(),
  /** A cron line of five fields, and the IANA zone in which it is read. */
  schedule: z.object({ cron: z.string(), zone: z.string() }).nullable(),
  /** Subject ids that may be down meanwhile; what is reached through them is covered too. */
  affects: z.array(z.string()),
  /** Subject ids that keep working: announced, and watched as ever, also at an affected site or behind what is affected. */
  spares: z.array(z.string()),
  reason: z.string(),
  source: z.enum(['desk', 'inventory']),
  by: z.string(),
  createdAt: z.int(),
  /** When it really began (by hand, or with the first fault of a flexible one); null = as planned, or not yet. */
  startedAt: z.int().nullable(),
  /** When it was finished or called off while it ran; null = as planned, or not yet. */
  endedAt: z.int().nullable(),
  cancelledAt: z.int().nullable(),
  /** Starts (epoch ms) of single times of a recurring one that do not take place. */
  skipped: z.array(z.int()),
  /** Single times of a recurring one (by their start) that end otherwise: finished early, or extended. */
  ends: z.array(z.object({ at: z.int(), to: z.int(), finished: z.boolean() })).optional(),
  /** Of one of the inventory: the times that the file gave when people (or a fault) changed it; see mergeWindows. */
  basis: z.string().optional(),
});
export type MaintenanceWindow = z.infer<typeof windowSchema>;

/** One stretch in which a window is (or was, or would be) in force. */
export interface Occurrence {
  window: string;
  from: number;
  /** null = open-ended and not finished. */
  to: number | null;
}

/** A recurring job of the servers themselves, such as Sunday's log rotation: what it restarts must be back in time. */
export interface Routine {
  id: string;
  name: string;
  cron: string;
  zone: string;
  /** What it restarts must be back so long after its start. */
  usuallyMs: number;
  restarts: string[];
}

export const silenceSchema = z.object({
  id: z.string(),
  by: z.string(),
  reason: z.string(),
  /** Subject ids: every alert whose root or failed checks are of one of these. */
  subjects: z.array(z.string()),
  at: z.int(),
  until: z.int(),
  /** Ended before its time. */
  endedAt: z.int().nullable(),
});
/** "Do not tell me until …": alerts stay on the screen, nobody is sent anything and nothing sounds. Recovery is told all the same. */
export type Silence = z.infer<typeof silenceSchema>;

/** Something we did, such as "security patches": shown beside later faults of the same thing. */
export interface Change {
  id: string;
  at: number;
  subject: string | null;
  text: string;
  by: string;
}

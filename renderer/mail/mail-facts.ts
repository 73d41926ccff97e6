/** What the page of a mail domain reads of the newest probes, by purpose. Facts of another version are left out, never guessed. Pure. */
import { z } from 'zod';
import type { BlocklistAnswer } from '../../shared/checks/blocklist.ts';
import { checks } from '../../shared/checks/index.ts';
import { type QueueFacts, queueObservation } from '../../shared/checks/queue-facts.ts';
import { type RoundtripFacts, roundtripObservation } from '../../shared/checks/roundtrip-facts.ts';
import { certificateSchema } from '../../shared/checks/tls-certificate.ts';
import type { SeenFacts } from '../../shared/contract.ts';
import type { Aspect } from '../../shared/mail/aspect.ts';

export type Seen = Record<string, SeenFacts | null>;

/** One field of another shape must not take the others along. */
const maybe = <T>(schema: z.ZodType<T>) => schema.optional().catch(undefined);
const number = maybe(z.number());

const serverSchema = z.object({ greetingMs: number, loginMs: number, certificate: maybe(certificateSchema), certificateDaysLeft: number });
export type ServerFacts = z.infer<typeof serverSchema>;

/** Facts are read once: the tables of the page are made anew with every delta of the engine. */
const known = new WeakMap<SeenFacts, Map<unknown, unknown>>();

function read<T>(schema: z.ZodType<T>, seen: SeenFacts | null | undefined): T | null {
  if (!seen) return null;
  const kept = known.get(seen) ?? new Map<unknown, unknown>();
  known.set(seen, kept);
  if (!kept.has(schema)) {
    const result = schema.safeParse(seen.facts);
    kept.set(schema, result.success ? result.data : null);
  }
  return kept.get(schema) as T | null;
}
/** Each is null where nothing is remembered of the newest probe. */
export const serverFacts = (seen: SeenFacts | null | undefined): ServerFacts | null => read(serverSchema, seen);
export const queueFacts = (seen: SeenFacts | null | undefined): QueueFacts | null => read(queueObservation, seen);
export const tripFacts = (seen: SeenFacts | null | undefined): RoundtripFacts | null => read(roundtripObservation, seen);
export const aspectsIn = (seen: SeenFacts | null | undefined): Aspect[] | null => read(checks.posture.observation, seen)?.aspects ?? null;
export const answersIn = (seen: SeenFacts | null | undefined): BlocklistAnswer[] | null =>
  read(checks.blocklist.observation, seen)?.answers ?? null;

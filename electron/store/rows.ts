/** Reads rows of the file: what does not fit its schema is skipped and counted, so that one bad row never hides the rest. */
import { z } from 'zod';
import type { CheckState } from '../../shared/health/step.ts';
import { type Alert, alertSchema } from '../../shared/model/alert.ts';
import { documentKindSchema, documentOptionsSchema, type NightDocument } from '../../shared/model/document.ts';
import { eventSchema, type NightEvent } from '../../shared/model/event.ts';
import { type Incident, incidentSchema } from '../../shared/model/incident.ts';
import { type MaintenanceWindow, type Silence, silenceSchema, windowSchema } from '../../shared/model/maintenance.ts';
import { levels, verdictSchema } from '../../shared/model/words.ts';
import type { StandingSpell } from '../../shared/uptime/compute.ts';
import { unpackStanding } from './codec.ts';

export type Row = Record<string, unknown>;

const problem = z.enum(['degraded', 'down', 'unknown']);
const stateSchema = z.object({
  hard: z.enum([...levels, 'pending']),
  since: z.number(),
  soft: z.object({ level: problem, attempt: z.number(), firstAt: z.number() }).nullable(),
  verdict: verdictSchema.nullable(),
  at: z.number().nullable(),
  staleSince: z.number().nullable(),
  history: z.string().default(''),
  flapping: z.object({ since: z.number(), percent: z.number() }).nullable().default(null),
}) satisfies z.ZodType<CheckState>;

/** Written by our own side: its frame is looked at, its text is anybody's. */
const paperSchema = z.object({
  id: z.string(),
  kind: documentKindSchema,
  incident: z.string().nullable(),
  window: z.string().nullable(),
  title: z.string(),
  subtitle: z.string(),
  options: documentOptionsSchema,
  sections: z.array(z.object({ key: z.string(), title: z.string(), drafted: z.string(), text: z.string() })),
  evidence: z.array(z.custom<NightDocument['evidence'][number]>((it) => typeof it === 'object' && it !== null && 'number' in it)),
  draftedAt: z.int(),
  revision: z.int(),
  savedAt: z.int(),
  savedBy: z.string(),
}) satisfies z.ZodType<NightDocument>;

export interface RowReader {
  event(row: Row): NightEvent | null;
  alert(row: Row): Alert | null;
  state(row: Row): CheckState | null;
  window(row: Row): MaintenanceWindow | null;
  silence(row: Row): Silence | null;
  incident(row: Row): Incident | null;
  paper(row: Row): NightDocument | null;
  /** Never left out: where it makes no sense it is not known how the check stood, and what held before it no longer does. */
  spell(row: Row): StandingSpell;
  /** How many rows did not fit since the file was opened. */
  skipped(): number;
}

export function rowReader(): RowReader {
  let skipped = 0;
  const read = <T>(schema: z.ZodType<T>, value: () => unknown): T | null => {
    let input: unknown;
    try {
      input = value();
    } catch {
      // JSON that is none: the schema refuses `undefined`.
    }
    const parsed = schema.safeParse(input);
    if (parsed.success) return parsed.data;
    skipped += 1;
    return null;
  };
  const body = (row: Row) => JSON.parse(String(row.body));
  return {
    event: (row) =>
      read(eventSchema, () => ({
        id: row.id,
        at: row.at,
        kind: row.kind,
        actor: row.actor,
        subject: row.subject_kind === null ? null : { kind: row.subject_kind, id: row.subject },
        payload: JSON.parse(String(row.payload)),
      })),
    alert: (row) => read(alertSchema, () => body(row)),
    state: (row) => read(stateSchema, () => body(row)),
    window: (row) => read(windowSchema, () => body(row)),
    silence: (row) => read(silenceSchema, () => body(row)),
    incident: (row) => read(incidentSchema, () => body(row)),
    paper: (row) => read(paperSchema, () => body(row)),
    spell(row) {
      const standing = unpackStanding(Number(row.standing));
      if (standing === null) skipped += 1;
      return { at: Number(row.at), standing: standing ?? 'unknown' };
    },
    skipped: () => skipped,
  };
}

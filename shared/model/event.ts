/** Events: every line of the timeline. Append-only; everything that people did is one. */
import { z } from 'zod';
import { confidences, explanationSchema } from '../diagnosis/types.ts';
import { incidentSeveritySchema, incidentStatusSchema, logEntrySchema } from './incident.ts';
import { subjectRefSchema, verdictSchema } from './words.ts';

const problem = z.enum(['degraded', 'down', 'unknown']);
const level = z.enum(['ok', 'degraded', 'down', 'unknown']);

/** What each kind of event carries. A new kind is one line here; describeEvent (describe-event.ts) is made to follow by the compiler. */
export const payloadSchemas = {
  'engine-started': z.object({ version: z.string(), checks: z.int() }),
  'engine-stopped': z.object({}),
  /** The engine ended without a word; told by whoever restarted it. */
  'engine-crashed': z.object({ exit: z.string() }),
  /** Nothing was watched for a while: the computer slept, the engine was frozen or not running. */
  gap: z.object({ from: z.int(), to: z.int(), cause: z.enum(['asleep-or-frozen', 'not-running', 'clock-jump']) }),
  'inventory-loaded': z.object({ file: z.string(), checks: z.int(), subjects: z.int() }),
  'inventory-rejected': z.object({
    file: z.string(),
    problems: z.array(z.object({ line: z.int(), column: z.int(), where: z.string(), expected: z.string() })),
  }),
  'inventory-changed': z.object({ what: z.string() }),
  soft: z.object({ check: z.string(), level: problem, attempt: z.int(), of: z.int(), verdict: verdictSchema }),
  'retry-ok': z.object({ check: z.string(), attempts: z.int(), verdict: verdictSchema }),
  hard: z.object({
    check: z.string(),
    from: z.enum(['pending', 'ok', 'degraded', 'down', 'unknown']),
    to: level,
    firstAt: z.int(),
    verdict: verdictSchema,
    /** Known at that moment not to count against the check, and why. */
    covered: z.enum(['maintenance', 'routine', 'unreachable', 'cut-off']).optional(),
  }),
  stale: z.object({ check: z.string(), lastAt: z.int().nullable() }),
  fresh: z.object({ check: z.string(), goneMs: z.number() }),
  /** Something notable between two observations, such as a reboot. */
  observed: z.object({ check: z.string(), code: z.string(), text: z.string() }),
  /** The way to something was followed, hop by hop. */
  traced: z.object({
    /** The alert it was done for; null where somebody asked. */
    alert: z.string().nullable(),
    check: z.string(),
    target: z.string(),
    /** "dies inside Cox, after 198.51.100.1 (hop 4 of 9)". */
    text: z.string(),
    hops: z.array(
      z.object({
        at: z.int(),
        address: z.string().nullable(),
        name: z.string().nullable(),
        lossPercent: z.number().nullable(),
        ms: z.number().nullable(),
      }),
    ),
    /** It came through. */
    good: z.boolean(),
  }),
  'flapping-started': z.object({ check: z.string(), percent: z.number() }),
  'flapping-stopped': z.object({ check: z.string(), percent: z.number() }),
  /** The desk itself lost its connection: what it sees of everything else means nothing. */
  'desk-cut-off': z.object({ since: z.int(), anchors: z.array(z.string()) }),
  'desk-connected': z.object({ from: z.int(), to: z.int() }),
  'alert-raised': z.object({
    alert: z.string(),
    title: z.string(),
    severity: problem,
    checks: z.array(z.string()),
    /** How many checks fail only because of it. */
    consequences: z.int().default(0),
  }),
  'alert-updated': z.object({
    alert: z.string(),
    title: z.string(),
    severity: problem,
    joined: z.array(z.string()),
    left: z.array(z.string()),
    /** How many checks fail only because of it now, and before. */
    consequences: z.object({ now: z.int(), before: z.int() }).default({ now: 0, before: 0 }),
  }),
  /** What is behind an alert was told, or is another than was told before. */
  diagnosed: z.object({
    alert: z.string(),
    explanation: explanationSchema,
    confidence: z.enum(confidences),
    /** What still works. */
    works: z.string().nullable(),
    /** First symptom, epoch ms. */
    since: z.int(),
  }),
  /** Its cause has an alert of its own: what was in this one goes on there. */
  'alert-merged': z.object({ alert: z.string(), title: z.string(), into: z.string(), intoTitle: z.string() }),
  'alert-recovered': z.object({ alert: z.string(), title: z.string(), lastedMs: z.number() }),
  /** The thing left the inventory, or its check did; nobody can say whether it recovered. */
  'alert-closed': z.object({ alert: z.string(), title: z.string(), why: z.string() }),
  acknowledged: z.object({
    alert: z.string(),
    title: z.string(),
    comment: z.string(),
    sticky: z.boolean().default(false),
    until: z.int().nullable().default(null),
    /** Who had it until then. */
    from: z.string().nullable().default(null),
  }),
  /** Given back by a person. */
  released: z.object({ alert: z.string(), title: z.string(), comment: z.string() }),
  'acknowledgement-cleared': z.object({ alert: z.string(), title: z.string(), why: z.string() }),
  silenced: z.object({ silence: z.string(), subjects: z.array(z.string()), until: z.int(), reason: z.string() }),
  'silence-ended': z.object({ silence: z.string(), subjects: z.array(z.string()), why: z.enum(['time', 'person']) }),
  /** An escalation step was taken, as nobody had the alert. */
  escalated: z.object({ alert: z.string(), title: z.string(), step: z.int(), to: z.array(z.string()), openMs: z.number() }),
  /** A message went out, and the channel took it. */
  notified: z.object({
    channel: z.string(),
    /** Person, where the channel was used for one. */
    to: z.string().nullable(),
    message: z.enum(['problem', 'update', 'reminder', 'escalation', 'recovery', 'test']),
    title: z.string(),
    alerts: z.array(z.string()),
  }),
  /** A channel did not take a message. `retryAt` null: given up. */
  'notify-failed': z.object({
    channel: z.string(),
    title: z.string(),
    attempt: z.int(),
    code: z.string(),
    text: z.string(),
    retryAt: z.int().nullable(),
  }),
  'notify-recovered': z.object({ channel: z.string(), failedMs: z.number() }),
  /** Nobody is on call where a message should go to whoever is. */
  'rota-hole': z.object({ rota: z.string(), name: z.string(), instead: z.array(z.string()) }),
  'maintenance-planned': z.object({
    window: z.string(),
    name: z.string(),
    when: z.string(),
    affects: z.array(z.string()),
    spares: z.array(z.string()),
  }),
  /** Postponed, extended, its day fixed: in words. */
  'maintenance-changed': z.object({ window: z.string(), name: z.string(), what: z.string(), reason: z.string() }),
  /** `reason`: what whoever began it by hand said. */
  'maintenance-started': z.object({
    window: z.string(),
    name: z.string(),
    to: z.int().nullable(),
    affects: z.array(z.string()),
    reason: z.string().optional(),
  }),
  /** `reason`: what whoever ended it by hand said: how it went, or why it was called off. */
  'maintenance-ended': z.object({
    window: z.string(),
    name: z.string(),
    how: z.enum(['finished', 'time', 'cancelled']),
    lastedMs: z.number(),
    reason: z.string().optional(),
  }),
  /** Its time is over and what it affects is not back. */
  'maintenance-overrun': z.object({ window: z.string(), name: z.string(), subjects: z.array(z.string()) }),
  /** Something we did; `subject` says to what. */
  change: z.object({ text: z.string() }),
  note: z.object({ text: z.string() }),
  'incident-opened': z.object({
    incident: z.string(),
    title: z.string(),
    severity: incidentSeveritySchema,
    alerts: z.array(z.string()),
    /** It is written down afterwards: it began long before. */
    afterwards: z.boolean(),
  }),
  /** Title, severity, lead, times, subjects: in words. */
  'incident-changed': z.object({ incident: z.string(), title: z.string(), what: z.string(), reason: z.string() }),
  'incident-status': z.object({
    incident: z.string(),
    title: z.string(),
    from: incidentStatusSchema,
    to: incidentStatusSchema,
    reason: z.string(),
  }),
  'incident-joined': z.object({ incident: z.string(), title: z.string(), alerts: z.array(z.string()), titles: z.array(z.string()) }),
  'incident-left': z.object({ incident: z.string(), title: z.string(), alerts: z.array(z.string()), titles: z.array(z.string()) }),
  'incident-merged': z.object({ incident: z.string(), title: z.string(), into: z.string(), intoTitle: z.string() }),
  /** A line that a person added, with an incident or on its own. `enteredAt`: when it was typed, where it is dated back; null = at once. */
  logged: z.object({ incident: z.string().nullable(), entry: logEntrySchema, enteredAt: z.int().nullable() }),
  /** A document was begun, or drafted anew. */
  drafted: z.object({ document: z.string(), incident: z.string().nullable(), what: z.string(), title: z.string() }),
  exported: z.object({ title: z.string(), format: z.string() }),
  'store-set-aside': z.object({ file: z.string(), why: z.string() }),
  'store-write-failed': z.object({ code: z.string(), text: z.string() }),
  'store-write-recovered': z.object({ lostSamples: z.int() }),
  'probe-bug': z.object({ check: z.string(), text: z.string() }),
} as const satisfies Record<string, z.ZodObject>;

export type EventKind = keyof typeof payloadSchemas;
export const eventKinds = Object.keys(payloadSchemas) as [EventKind, ...EventKind[]];

const head = z.object({
  /** ULID: sorts by time of writing. */
  id: z.string(),
  /** When it happened, epoch ms UTC. */
  at: z.int(),
  subject: subjectRefSchema.nullable(),
  /** `engine`, or the name of the person who did it. */
  actor: z.string(),
});

type EventOf<K extends EventKind> = z.infer<typeof head> & { kind: K; payload: z.infer<(typeof payloadSchemas)[K]> };
/** One line of the timeline. */
export type NightEvent = { [K in EventKind]: EventOf<K> }[EventKind];
/** An event before it is written: the store gives it its id. */
export type EventDraft = { [K in EventKind]: Omit<EventOf<K>, 'id'> }[EventKind];

/** Reads an event from outside (the store's file, a port). */
export const eventSchema = z.discriminatedUnion(
  'kind',
  eventKinds.map((kind) => head.extend({ kind: z.literal(kind), payload: payloadSchemas[kind] })) as never,
) as unknown as z.ZodType<NightEvent>;

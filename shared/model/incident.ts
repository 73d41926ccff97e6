/** An incident: alerts that a human took on as one story; and what people write down while it lasts. */
import { z } from 'zod';

/** In the order in which a story goes. `reported`: its report is out. */
export const incidentStatuses = ['investigating', 'identified', 'monitoring', 'resolved', 'reported'] as const;
export type IncidentStatus = (typeof incidentStatuses)[number];
export const incidentStatusSchema = z.enum(incidentStatuses);

/** How bad it is for customers, by the say of a person: worst first. */
export const incidentSeverities = ['critical', 'major', 'minor'] as const;
export type IncidentSeverity = (typeof incidentSeverities)[number];
export const incidentSeveritySchema = z.enum(incidentSeverities);

const text = (what: string) => z.string().trim().min(1, what).max(4_000);
const short = z.string().trim().max(200);
const moment = z.int();

/** What somebody owes us ("RFO from Cox"), open until it is in. */
const owedSchema = z.object({
  /** Id of the log line that said so. */
  id: z.string(),
  /** Id of a link or site, or a name. */
  with: z.string(),
  what: z.string(),
  since: moment,
  dueAt: moment.nullable(),
  receivedAt: moment.nullable(),
});
export type Owed = z.infer<typeof owedSchema>;

/** Somebody whose answer we wait for. */
const waitingSchema = z.object({ id: z.string(), with: z.string(), text: z.string(), since: moment, endedAt: moment.nullable() });

export const incidentSchema = z.object({
  /** ULID. */
  id: z.string(),
  title: z.string(),
  severity: incidentSeveritySchema,
  /** Who leads; null = nobody yet. */
  lead: z.string().nullable(),
  status: incidentStatusSchema,
  openedAt: moment,
  openedBy: z.string(),
  /** From alerts, from a stretch of time, or by hand. */
  how: z.enum(['alerts', 'range', 'hand']),
  alerts: z.array(z.string()),
  /** What it is about where no alert says so. */
  subjects: z.array(z.string()),
  /** When it began and ended by the say of a person, epoch ms; null = as its alerts say (first symptom, last recovery). */
  from: moment.nullable(),
  to: moment.nullable(),
  /** When people first said so, epoch ms. */
  identifiedAt: moment.nullable(),
  resolvedAt: moment.nullable(),
  reportedAt: moment.nullable(),
  mergedInto: z.string().nullable(),
  /** Ids of the incidents that went on as part of this one: their lines are its lines. */
  merged: z.array(z.string()).max(200).optional(),
  owed: z.array(owedSchema).max(100),
  waiting: z.array(waitingSchema).max(100),
  /** How many customers have reported it, added up. */
  customers: z.int(),
  /** "7 of 43 sites", the newest. */
  progress: z.object({ done: z.int(), total: z.int(), what: z.string(), at: moment }).nullable(),
});
export type Incident = z.infer<typeof incidentSchema>;

/** How people talked: with a provider, or anybody else. */
export const contactChannels = ['phone', 'ticket', 'mail', 'chat', 'on-site'] as const;
export type ContactChannel = (typeof contactChannels)[number];

/** One line that a person adds while an incident lasts, or afterwards. */
export const logEntrySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('note'), text: text('write the note') }),
  /** A call, ticket or mail with a provider (or anybody else). */
  z.object({
    type: z.literal('contact'),
    /** Id of a link or site, or a name. */
    with: short.min(1, 'say with whom'),
    person: short.nullable(),
    /** "tier 1", "routing group". */
    tier: short.nullable(),
    channel: z.enum(contactChannels),
    direction: z.enum(['in', 'out']),
    ticket: short.nullable(),
    text: text('write what was said'),
    /** We wait for their answer from now on; a later contact with the same ends that. */
    waiting: z.boolean(),
  }),
  z.object({ type: z.literal('customer-report'), count: z.int().min(1).max(1_000_000), text: text('write what they say') }),
  /** What was done about it. */
  z.object({ type: z.literal('action'), text: text('write what was done') }),
  z.object({
    type: z.literal('progress'),
    done: z.int().min(0),
    total: z.int().min(1),
    what: short.min(1, 'say of what: "sites"'),
    text: z.string().trim().max(4_000),
  }),
  z.object({ type: z.literal('decision'), text: text('write what was decided') }),
  z.object({
    type: z.literal('status-update'),
    audience: short.min(1, 'say for whom'),
    text: text('write what they were told'),
    nextAt: moment.nullable(),
  }),
  /** What set it off; what else had a part in it; why it could happen at all. */
  z.object({ type: z.literal('trigger'), text: text('write what set it off') }),
  z.object({ type: z.literal('contributing'), text: text('write what had a part in it') }),
  z.object({ type: z.literal('root-cause'), text: text('write the cause') }),
  z.object({ type: z.literal('resolution'), text: text('write what ended it') }),
  /** What is still to be done afterwards. */
  z.object({ type: z.literal('follow-up'), text: text('write what is to be done'), owner: short.nullable(), dueAt: moment.nullable() }),
  /** Somebody owes us something: "RFO". */
  z.object({ type: z.literal('owed'), with: short.min(1, 'say who'), what: short.min(1, 'say what'), dueAt: moment.nullable() }),
  z.object({ type: z.literal('owed-received'), owed: z.string(), text: z.string().trim().max(4_000) }),
]);
export type LogEntry = z.infer<typeof logEntrySchema>;
export type LogType = LogEntry['type'];

export const incidentChangeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('title'), title: text('write a title').max(200) }),
  z.object({ kind: z.literal('severity'), severity: incidentSeveritySchema }),
  z.object({ kind: z.literal('lead'), lead: short.nullable() }),
  /** Back to an earlier one is a reopening. */
  z.object({ kind: z.literal('status'), status: incidentStatusSchema }),
  z.object({ kind: z.literal('times'), from: moment.nullable(), to: moment.nullable() }),
  z.object({ kind: z.literal('join'), alerts: z.array(z.string()).min(1, 'choose an alert').max(1_000) }),
  z.object({ kind: z.literal('leave'), alerts: z.array(z.string()).min(1, 'choose an alert').max(1_000) }),
  z.object({ kind: z.literal('subjects'), subjects: z.array(z.string()).max(1_000) }),
  /** This one goes on as part of another one. */
  z.object({ kind: z.literal('merge'), into: z.string() }),
]);
export type IncidentChange = z.infer<typeof incidentChangeSchema>;

/** The facts of a report as one object: what `facts.json` holds, and what every draft is made of. */
import { z } from 'zod';
import { incidentSeveritySchema, incidentStatusSchema } from '../../model/incident.ts';
import {
  affectedFact,
  alertFact,
  backupFact,
  contactFact,
  customersFact,
  diagnosisFact,
  elsewhereFact,
  escalationFact,
  evidence,
  gapFact,
  linkFact,
  mailFact,
  moment,
  momentFact,
  nearbyFact,
  notKnownFact,
  notToldFact,
  owedFact,
  prefixFact,
  saidFact,
  slaFact,
  span,
  stepFact,
  thingFact,
  toldFact,
  traceFact,
  vantageFact,
  workedFact,
  workFact,
} from './schema-parts.ts';

const after = span.nullable();

/** The facts of a report. Pure results: what was seen, and what people typed; nothing else. Times are epoch ms UTC. */
export const reportFactsSchema = z
  .object({
    version: z.literal(1).describe('Of this form'),
    organization: z.string(),
    zone: z.string().describe('IANA zone in which its times are read'),
    from: moment.describe('The stretch of time it is about'),
    to: moment,
    now: moment.describe('When these facts were gathered'),
    title: z.string().describe('Of the incident, or of the worst alert; "" where there is neither'),
    incident: z
      .object({
        id: z.string(),
        severity: incidentSeveritySchema,
        status: incidentStatusSchema,
        lead: z.string().nullable(),
        openedAt: moment,
        openedBy: z.string(),
        afterwards: z.boolean().describe('Written down more than an hour after it began'),
        evidence,
      })
      .nullable()
      .describe('The incident that a person took on'),
    ongoing: z.boolean().describe('Not over at the end of the range: something still fails, or nobody says that it is resolved'),
    alerts: z.array(alertFact).max(1_000),

    diagnosis: z
      .array(diagnosisFact)
      .max(50)
      .describe(
        'What the desk named as broken, and when it said so first; guesses are left out. It is what was seen, not why it came about',
      ),

    firstSymptom: momentFact
      .extend({
        check: z.string().nullable(),
        checkName: z.string(),
        thing: thingFact.nullable(),
        text: z.string(),
        planned: z.string().nullable().describe('Name of the planned work that it lay in'),
        dueBackAt: z.int().nullable().describe('When that work was to be over: what failed until then was meant to'),
        source: z.enum(['desk', 'people']).describe('people: by the say of a person (they set when it began)'),
      })
      .nullable(),
    detection: momentFact
      .extend({
        by: z.enum(['desk', 'customers', 'people']).describe('Who knew first: an alert, a customer, or a person who wrote it down'),
        text: z.string(),
        alerts: z.int().describe('How many alerts there were'),
      })
      .nullable(),
    acknowledgement: momentFact.extend({ by: z.string(), comment: z.string() }).nullable(),
    identification: momentFact
      .extend({
        by: z.string(),
        how: z.enum(['root-cause', 'status']).describe('A line of the log that names the cause, or the status "identified"'),
        text: z.string().describe('The cause as it was written; "" where only the status was set'),
      })
      .nullable(),
    firstRecovery: momentFact.extend({ text: z.string() }).nullable().describe('The first sign that something of it works again'),
    recovery: momentFact.nullable().describe('Everything of it works again, as the desk saw it'),
    resolution: momentFact
      .extend({ by: z.string(), text: z.string().describe('What ended it, as it was written; "" where only the status was set') })
      .nullable()
      .describe('By the say of a person'),
    statusChanges: z.array(momentFact.extend({ by: z.string(), from: incidentStatusSchema, to: incidentStatusSchema, reason: z.string() })),
    durations: z
      .object({
        lastedMs: span.describe('From the first symptom to the recovery, else to the resolution, else to the end of the range'),
        toDetectMs: after.describe('From the first symptom'),
        toAcknowledgeMs: after.describe('From the detection'),
        toIdentifyMs: after.describe('From the first symptom'),
        toFirstRecoveryMs: after.describe('From the first symptom'),
        toRecoverMs: after.describe('From the first symptom'),
        toResolveMs: after.describe('From the first symptom'),
      })
      .describe('null where one end is not known'),

    affected: z.array(affectedFact).max(1_000).describe('Services and mail first'),
    notAffected: z
      .array(workedFact)
      .max(1_000)
      .describe('A check of it was fresh and ok throughout; everything else that is not affected stands in notKnown'),
    notKnown: z.array(notKnownFact).max(1_000),
    elsewhere: z.array(elsewhereFact).max(200).describe('Other trouble at the same time, which is no part of this'),
    watched: z.object({ failed: z.int(), of: z.int() }).describe('Checks that failed, of all'),
    recoverySteps: z.array(stepFact).max(500),
    vantage: vantageFact,
    prefixes: z.array(prefixFact),
    links: z.array(linkFact).describe('Link state against traffic state'),
    traces: z.array(traceFact).max(20),
    wrongContent: z.array(affectedFact).describe('What answered, but with something else than it should; also in `affected`'),
    mail: z.array(mailFact),
    backups: z.array(backupFact),

    contacts: z.array(contactFact).max(500),
    customers: customersFact.nullable(),
    statusUpdates: z.array(
      saidFact.extend({
        audience: z.string(),
        nextAt: moment.nullable().describe('When the next one was promised'),
        kept: z
          .boolean()
          .nullable()
          .describe('The next one came in time (10 min grace); null = nothing was promised, or it is not due yet'),
      }),
    ),
    owed: z.array(owedFact),
    progress: z.array(saidFact.extend({ done: z.int(), total: z.int(), what: z.string() })),
    actions: z.array(saidFact),
    decisions: z.array(saidFact),
    notes: z.array(saidFact.extend({ thing: thingFact.nullable() })),
    trigger: z.array(saidFact).describe('What set it off, by the say of people'),
    contributing: z.array(saidFact),
    rootCause: z.array(saidFact),
    resolutions: z.array(saidFact),
    followUps: z.array(saidFact.extend({ owner: z.string().nullable(), dueAt: moment.nullable() })),
    people: z.array(z.string()).describe('Everybody who did or wrote something'),

    work: z.array(workFact).describe('Planned work that touches the range'),
    nearby: z.array(nearbyFact).max(50).describe('Changes, routines and planned work in the seven days before, the nearest first'),
    told: z.array(toldFact).max(100).describe('The first message to each'),
    notTold: z.array(notToldFact),
    escalations: z.array(escalationFact).max(100),
    gaps: z.array(gapFact).max(200).describe('When nobody can say what happened'),
    sla: z.array(slaFact),
    open: z
      .array(
        z.object({
          key: z.enum([
            'root-cause',
            'trigger',
            'resolution',
            'follow-ups',
            'mail-lost',
            'data-lost',
            'inside',
            'customers',
            'which-link',
            'credit',
            'end',
          ]),
          text: z.string().describe('The question that only a person can answer'),
        }),
      )
      .describe('What the desk cannot know and nobody has written yet'),
  })
  .describe('The facts of a report');

export type ReportFacts = z.infer<typeof reportFactsSchema>;

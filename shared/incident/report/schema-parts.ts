/** What the facts of a report are made of, part by part. Every fact carries the keys of what it rests on (see evidence.ts). */
import { z } from 'zod';
import { causeKinds } from '../../diagnosis/types.ts';
import { mailLegSchema } from '../../mail/legs.ts';
import { contactChannels } from '../../model/incident.ts';
import { subjectKindSchema } from '../../model/words.ts';

export const evidence = z
  .array(z.string())
  .min(1)
  .describe(
    'What it rests on: ids of events, alert:<id>, window:<id>, incident:<id>, coverage:<checks>, unwatched:<thing>, routine:…, backup:…, uptime:…',
  );
export const moment = z.int().describe('Epoch ms, UTC');
export const span = z.int().min(0).describe('Milliseconds');
const words = z.string();
const by = words.describe('Who, by the name that was given');

/** Something of the inventory, as people call it. */
export const thingFact = z.object({
  id: words.describe('Id in the inventory'),
  kind: subjectKindSchema,
  name: words.describe('Name within the house'),
  audience: words.describe("In the customers' words: those of services and mail; of other things their name"),
  site: words.nullable().describe('Name of its site'),
});
export type ThingFact = z.infer<typeof thingFact>;

export const momentFact = z.object({ at: moment, evidence });

/** A line that a person wrote: these are their words, nothing that the desk saw. */
export const saidFact = momentFact.extend({
  by,
  text: words,
  enteredAt: moment.nullable().describe('When it was typed, where it was dated back; null = at once'),
});
export type SaidFact = z.infer<typeof saidFact>;

export const alertFact = z.object({
  id: words,
  title: words.describe('As it was called at its worst'),
  thing: words.describe('Id of what failed itself'),
  severity: z.enum(['degraded', 'down', 'unknown']),
  firstAt: moment.describe('First symptom'),
  raisedAt: moment,
  endedAt: moment.nullable(),
  end: z
    .enum(['open', 'recovered', 'closed', 'merged'])
    .describe('closed: its thing left the inventory, nobody knows whether it recovered; merged: it went on as part of another alert'),
  evidence,
});

export const diagnosisFact = momentFact.extend({
  role: z
    .enum(['first', 'main'])
    .describe('main: what stood longest of its alert; first: earlier words that named the same thing, where they were others'),
  alert: words.describe('Id of the alert that it is behind'),
  kind: z.enum(causeKinds),
  culprits: z.array(words).describe('Ids of what is named; several = one of them. Of a name server its address'),
  prefixes: z.array(words).describe('Ids of the prefixes that a link drops'),
  sentence: words.describe('"Cox at San Diego carries nothing for 3 of 5 prefixes"'),
  confidence: z.enum(['sure', 'likely']).describe('The surest that it was of this'),
  sureAt: moment.nullable().describe('When it was sure of it first; null = never'),
  works: words.nullable().describe('What still worked beside it'),
  saysMore: z.boolean().describe('It says something else than its alert was called at any time'),
  explains: z.int().min(0).describe('Checks that failed because of it when it was named; more than 50 are not counted'),
});
export type DiagnosisFact = z.infer<typeof diagnosisFact>;

/** How much of a thing was hit at the worst: "3 of 5 checks". */
export const portionFact = z.object({ hit: z.int(), of: z.int(), what: words.describe('"prefixes", "addresses", "checks", "servers"') });
export type PortionFact = z.infer<typeof portionFact>;

export const stretchFact = z.object({
  from: moment,
  to: moment.nullable().describe('null: not over at the end of the range'),
  level: z.enum(['down', 'degraded', 'unknown']),
  evidence,
});
export type StretchFact = z.infer<typeof stretchFact>;

export const affectedFact = thingFact.extend({
  how: z
    .enum(['down', 'partly', 'degraded', 'wrong-content', 'unreachable', 'unknown'])
    .describe(
      'down: all of it failed; partly: some of it (see portion); wrong-content: it answered, but not with what it should; unreachable: nothing is wrong with it, what it is reached through failed; unknown: its checks could not tell',
    ),
  through: words
    .nullable()
    .describe('Id of what failed instead of it: the host that carries it, or what it is reached through; null = itself'),
  from: moment.describe('First symptom'),
  to: moment.nullable(),
  lastedMs: span.describe('All its stretches together, until the end of the range where it is not over'),
  times: z.int().min(1).describe('How many stretches'),
  stretches: z.array(stretchFact).max(50),
  portion: portionFact.nullable().describe('null where all of it was hit, or that cannot be said'),
  partlyFrom: moment.nullable().describe('Until then all of it was gone, from then on a part of it; null where that cannot be said'),
  seen: words.describe('What was seen when it was at its worst; "" where that is not known'),
  reason: words.describe('Code of that verdict, such as `refused`'),
  checks: z.array(words).describe('Labels of the checks that failed'),
  plannedMs: span.describe('How much of it lay within planned work'),
  cameAndWent: z.boolean().describe('It was called flapping'),
  evidence,
});
export type AffectedFact = z.infer<typeof affectedFact>;

export const workedFact = thingFact.extend({
  n: z.int().min(1).describe('Results in the range, all of them ok'),
  answersOnly: z.boolean().describe('Only pings and connects looked at it: it answered, which is not the same as that it worked'),
  through: z.array(words).describe('Names of the hosts that its checks are of, where it has none of its own'),
  only: z.array(words).describe('Labels of the checks that it is said of, where others of the same thing failed; else empty'),
  evidence,
});
export type WorkedFact = z.infer<typeof workedFact>;

export const notKnownFact = thingFact.extend({ why: words.describe('"no result of Ping for 14 min"'), evidence });

export const elsewhereFact = thingFact.extend({ from: moment, to: moment.nullable(), evidence });

/** One step back to normal. */
export const stepFact = momentFact.extend({
  thing: thingFact,
  back: z.int().min(0).describe('How much of it works again after this step'),
  of: z.int().min(1),
  what: words.describe('"addresses", "checks", "prefixes"'),
  full: z.boolean().describe('All of this thing is back'),
  all: z.boolean().describe('With this step nothing of the incident is out any more'),
  thingsBack: z.int().describe('Things that are back altogether, with this step'),
  thingsOf: z.int().describe('Of all that failed'),
  text: words.describe('What came back: names of the checks or things'),
});
export type StepFact = z.infer<typeof stepFact>;

const sideThing = thingFact.extend({ state: z.enum(['worked', 'failed', 'not-known']), evidence });

export const vantageFact = z.object({
  outside: z.object({
    things: z.array(sideThing).max(200).describe('What the checks from outside say of each thing of the incident'),
  }),
  inside: z.object({
    watched: z.boolean().describe('Whether any check looks from inside'),
    things: z.array(sideThing).max(200),
  }),
  said: z.array(saidFact).max(20).describe('What people wrote of inside and outside; their words'),
});

export const prefixFact = thingFact.extend({
  cidr: words,
  via: z.array(words).describe('Names of the links that announce it'),
  state: z.enum(['worked', 'dead', 'partly', 'degraded', 'not-known']),
  from: moment.nullable(),
  to: moment.nullable(),
  portion: portionFact.nullable(),
  evidence,
});

export const linkFact = thingFact.extend({
  provider: words,
  circuit: words.nullable(),
  contacts: z.array(
    z.object({ name: words, tier: words.nullable(), phone: words.nullable(), email: words.nullable(), url: words.nullable() }),
  ),
  gateway: z
    .enum(['worked', 'down', 'degraded', 'not-known', 'unwatched'])
    .describe("The provider's side of the circuit: whether the link itself is up"),
  gatewayEvidence: z.array(z.string()),
  traffic: z.enum(['worked', 'dead', 'partly', 'not-known', 'unwatched']).describe('Whether the address ranges that ride on it answered'),
  prefixes: z.object({ hit: z.int(), of: z.int(), names: z.array(words) }).describe('Of the address ranges that ride on it'),
  upButDead: z.boolean().describe('The circuit was up throughout, and yet traffic did not pass: a routing problem, not a line problem'),
  alone: z.boolean().describe('Every address range that failed rides on this link, and this is so of no other link'),
  blamed: z.boolean().describe('Traces that failed end within the network of this provider'),
  from: moment.nullable(),
  to: moment.nullable(),
  evidence: z.array(z.string()),
});
export type LinkFact = z.infer<typeof linkFact>;

export const traceFact = momentFact.extend({
  target: words,
  text: words.describe('"dies inside Cox, after 198.51.100.1 (hop 4 of 9)"'),
  good: z.boolean(),
  hops: z.array(
    z.object({
      at: z.int(),
      address: words.nullable(),
      name: words.nullable(),
      lossPercent: z.number().nullable(),
      ms: z.number().nullable(),
    }),
  ),
});

export const legFact = z.object({
  leg: mailLegSchema,
  thing: thingFact,
  state: z.enum(['worked', 'down', 'partly', 'degraded', 'wrong-content', 'unreachable', 'not-known']),
  from: moment.nullable(),
  to: moment.nullable(),
  lastedMs: span,
  seen: words,
  evidence,
});
export type LegFact = z.infer<typeof legFact>;

export const mailFact = z.object({
  entry: words.describe('Id of the mail entry'),
  domain: words,
  audience: words,
  legs: z.array(legFact).describe('Receiving, sending, delivery, reading and the others that are watched, apart'),
  delay: z
    .object({
      worst: momentFact.extend({ text: words }).nullable().describe('The longest delay that the queue check told'),
      last: momentFact.extend({ text: words }).nullable(),
      waitingAtMost: z.int().nullable().describe('Most messages that the queue check told of'),
    })
    .nullable(),
  held: z
    .object({
      where: z.enum(['senders', 'queue', 'both']).describe('senders: the sending servers keep it and try again; queue: in our own queue'),
      fromMs: span.describe('For how long mail could not be taken, or not be delivered on'),
      lost: z
        .enum(['nothing', 'possibly', 'not-known'])
        .describe(
          'nothing: every sending server had to go on trying for longer than it lasted (RFC 5321 section 4.5.4.1: 4 to 5 days); possibly: mail was refused for good, or it lasted longer than senders try; not-known: it cannot be said from what was seen',
        ),
      why: words,
      evidence,
    })
    .nullable()
    .describe('null: receiving and delivery were not hit, or nothing is known of them'),
});
export type MailFact = z.infer<typeof mailFact>;

export const backupFact = thingFact.extend({
  check: words,
  newestAt: moment.nullable().describe('The moment that could be gone back to when the trouble began; null = there was no usable backup'),
  faultAt: moment.describe('First symptom'),
  lossMs: span.nullable().describe('What was written in this time may be lost if the host must be restored'),
  hit: z.boolean().describe('The host of this backup failed itself, or a person speaks of a restore'),
  evidence,
});

export type BackupFact = z.infer<typeof backupFact>;

export const contactFact = saidFact.extend({
  with: words.describe('Id of a link or site, or a name'),
  name: words,
  person: words.nullable(),
  tier: words.nullable(),
  channel: z.enum(contactChannels),
  direction: z.enum(['in', 'out']),
  ticket: words.nullable(),
  waited: z
    .object({ to: moment.nullable(), ms: span })
    .nullable()
    .describe('We waited for them from then on; to null = still; null = no wait'),
});
export type ContactFact = z.infer<typeof contactFact>;

export const customersFact = z.object({
  count: z.int().min(1),
  first: saidFact.extend({ count: z.int() }),
  reports: z.array(saidFact.extend({ count: z.int() })).max(200),
  beforeDetection: z.boolean().describe('Customers said so before the desk raised an alert'),
  afterSymptomMs: span.nullable(),
});

export const owedFact = z.object({
  id: words,
  with: words,
  name: words,
  what: words,
  since: moment,
  dueAt: moment.nullable(),
  receivedAt: moment.nullable(),
  state: z.enum(['open', 'late', 'received']),
  evidence,
});

export const workFact = z.object({
  window: words,
  name: words,
  reason: words,
  by: words,
  plannedFrom: moment.nullable(),
  plannedTo: moment.nullable(),
  from: moment.nullable().describe('When it really began'),
  to: moment.nullable().describe('When it really ended: by the say of a person, or when what it affects was back; null = not yet'),
  overrunMs: span.describe('How much longer than planned; so far, where it is not over'),
  overrunAt: moment.nullable(),
  notBack: z.array(words).describe('What was not back at the planned end, by name'),
  cancelled: z.boolean(),
  how: words.describe('What was said when it was finished or called off; "" = nothing'),
  affects: z.array(thingFact),
  spares: z.array(thingFact),
  postponed: z.array(saidFact).describe('Postponed, extended, its day fixed: what was changed and why'),
  coversIncident: z.boolean().describe('Something of the incident is part of it'),
  evidence,
});
export type WorkFact = z.infer<typeof workFact>;

export const nearbyFact = momentFact.extend({
  kind: z.enum(['change', 'routine', 'maintenance']),
  beforeMs: z.int().describe('How long before the first symptom; below zero = after it'),
  text: words,
  by: words.nullable().describe('Who made the change; null for routines'),
  thing: thingFact.nullable().describe('What it was done to; null = not said'),
  relation: z
    .enum(['same', 'carries', 'beside', 'site', 'unknown'])
    .describe('same: what failed; carries: what it needs; beside: what needs the same; site: only the same site; unknown: not said'),
  nearness: z.number().describe('1 = at once and the same thing, 0 = far; the list is sorted by it'),
});
export type NearbyFact = z.infer<typeof nearbyFact>;

export const escalationFact = momentFact.extend({ alert: words, title: words, step: z.int(), to: z.array(words), openMs: span });
export const toldFact = momentFact.extend({ channel: words, to: words.nullable(), message: words });
export const notToldFact = momentFact.extend({ channel: words, times: z.int(), givenUp: z.int(), text: words });
export const gapFact = z.object({
  from: moment,
  to: moment.nullable(),
  why: z.enum(['asleep-or-frozen', 'not-running', 'clock-jump', 'crashed', 'cut-off', 'events-cut', 'store']),
  text: words,
  evidence,
});

export const creditFact = z.object({
  kind: z.enum(['per-started', 'below-target', 'tiers', 'day-per']),
  percent: z.number().describe('Of the monthly fee'),
  days: z.number().nullable(),
  text: words.describe('How it was reckoned: "5 started periods of 30 min, 5 % each"'),
});

export const slaFact = z.object({
  thing: thingFact,
  month: words.describe('"2026-11", in the zone of the organization'),
  from: moment,
  to: moment.describe('End of the month'),
  complete: z.boolean().describe('The month is over; else all of it is so far'),
  target: z.number(),
  uptimePercent: z.number().describe('Whole month less what is charged; time that is not known, not reachable or planned is not charged'),
  chargedMs: span,
  downMs: span,
  degradedMs: span,
  partialMs: span,
  plannedMs: span,
  unknownMs: span,
  outages: z.int(),
  met: z.boolean(),
  credits: z.array(creditFact),
  percent: z.number().describe('Of the monthly fee, all terms together, capped'),
  amount: z.object({ value: z.number(), currency: words }).nullable().describe('null where the fee is not in the inventory'),
  terms: words.describe('The terms in words, as in the inventory'),
  claimBy: moment.nullable().describe('Until then a claim must be made; null = no deadline known, or it lasts'),
  claimLate: z.boolean(),
  evidence,
});
export type SlaFact = z.infer<typeof slaFact>;

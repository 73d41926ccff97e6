/** When what happened: first symptom, detection, taken on, identified, first sign of recovery, over, resolved; and how long each took. */
import type { NightEvent } from '../../model/event.ts';
import { incidentStatuses } from '../../model/incident.ts';
import { clean, count, listOf } from '../../text.ts';
import { HOUR } from '../../time.ts';
import { incidentKey } from '../evidence.ts';
import { workOn } from '../planned.ts';
import { type Line, ofType } from './log.ts';
import type { ReportFacts } from './schema.ts';
import type { StepFact } from './schema-parts.ts';
import { type Context, keys } from './things.ts';

type Milestones = Pick<
  ReportFacts,
  | 'incident'
  | 'ongoing'
  | 'firstSymptom'
  | 'detection'
  | 'acknowledgement'
  | 'identification'
  | 'firstRecovery'
  | 'recovery'
  | 'resolution'
  | 'statusChanges'
  | 'durations'
>;
type StatusEvent = Extract<NightEvent, { kind: 'incident-status' }>;

const earlier = <T extends { at: number }>(...all: (T | null)[]): T | null =>
  all.reduce<T | null>((a, b) => (b && (!a || b.at < a.at) ? b : a), null);

export function milestones(context: Context, lines: readonly Line[], steps: readonly StepFact[]): Milestones {
  const { input, facts } = context;
  const statuses = input.events.filter(
    (event): event is StatusEvent => event.kind === 'incident-status' && event.payload.incident === input.incident?.id,
  );
  const firstSymptom = symptomOf(context);
  const detection = detectionOf(context, lines);
  const acknowledgement = takenOn(context);
  const identification = identificationOf(context, lines, statuses);
  const recovery = recoveryOf(context, steps);
  const resolution = resolutionOf(context, lines, statuses);
  const firstRecovery = steps[0]
    ? { at: steps[0].at, text: `${steps[0].text} of ${steps[0].thing.name}`, evidence: steps[0].evidence }
    : null;
  const since = (from: { at: number } | null, to: { at: number } | null): number | null =>
    from && to ? Math.max(0, to.at - from.at) : null;
  const stillOut = facts.open.length > 0 || context.spells.some((spell) => spell.to === null);
  const said = input.incident?.status;
  const begun = firstSymptom?.at ?? detection?.at ?? input.from;
  const end = recovery?.at ?? (stillOut ? input.to : (resolution?.at ?? input.to));
  return {
    incident: incidentOf(context),
    ongoing: stillOut || (said !== undefined && said !== 'resolved' && said !== 'reported' && recovery === null),
    firstSymptom,
    detection,
    acknowledgement,
    identification,
    firstRecovery,
    recovery,
    resolution,
    statusChanges: statuses.map((event) => ({
      at: event.at,
      by: clean(event.actor, 80),
      from: event.payload.from,
      to: event.payload.to,
      reason: clean(event.payload.reason, 1_000),
      evidence: [event.id],
    })),
    durations: {
      lastedMs: Math.max(0, end - begun),
      toDetectMs: since(firstSymptom && { at: Math.max(firstSymptom.at, firstSymptom.dueBackAt ?? 0) }, detection),
      toAcknowledgeMs: since(detection, acknowledgement),
      toIdentifyMs: since(firstSymptom, identification),
      toFirstRecoveryMs: since(firstSymptom, firstRecovery),
      toRecoverMs: since(firstSymptom, recovery),
      toResolveMs: since(firstSymptom, resolution),
    },
  };
}

/** Later than this it was written down afterwards. */
const afterwardsMs = HOUR;

function incidentOf({ input }: Context): Milestones['incident'] {
  const { incident } = input;
  if (!incident) return null;
  const opened = input.events.find((event) => event.kind === 'incident-opened' && event.payload.incident === incident.id);
  return {
    id: incident.id,
    severity: incident.severity,
    status: incident.status,
    lead: incident.lead && clean(incident.lead, 120),
    openedAt: incident.openedAt,
    openedBy: clean(incident.openedBy, 80),
    afterwards: opened?.kind === 'incident-opened' ? opened.payload.afterwards : incident.openedAt - input.from > afterwardsMs,
    evidence: [opened?.id ?? incidentKey(incident.id)],
  };
}

function symptomOf(context: Context): Milestones['firstSymptom'] {
  const { input, facts } = context;
  const seen = facts.firstSymptom ?? firstOf(context);
  if (seen) {
    const id = context.subjectOf(seen.check);
    // What began in planned work and outlasted it is not planned, but nobody had to notice it before.
    const work = seen.work ?? workOn(facts.works, id).find((it) => it.from <= seen.at && (it.to === null || seen.at <= it.to));
    return {
      at: seen.at,
      check: seen.check,
      checkName: context.checkName(seen.check),
      thing: context.thing(id),
      text: clean(seen.text, 400),
      planned: work ? clean(work.name, 120) : null,
      dueBackAt: work ? (work.overrun?.at ?? work.plannedTo ?? work.to) : null,
      source: 'desk',
      evidence: keys([...seen.evidence, ...(work?.evidence ?? [])]),
    };
  }
  const { incident } = input;
  if (!incident || incident.from === null) return null;
  return {
    at: incident.from,
    check: null,
    checkName: '',
    thing: incident.subjects[0] === undefined ? null : context.thing(incident.subjects[0]),
    text: '',
    planned: null,
    dueBackAt: null,
    source: 'people',
    evidence: [incidentKey(incident.id)],
  };
}

/** Of a stretch of time that nobody tied to anything: the first trouble in it. */
function firstOf(context: Context): { at: number; check: string; text: string; work: null; evidence: string[] } | null {
  const [first] = context.spells;
  return first ? { at: first.from, check: first.check, text: first.text, work: null, evidence: first.evidence.slice(0, 1) } : null;
}

function detectionOf(context: Context, lines: readonly Line[]): Milestones['detection'] {
  const { facts, input } = context;
  const desk = facts.detection && {
    at: facts.detection.at,
    by: 'desk' as const,
    text: listOf(
      facts.detection.alerts.map((alert) => clean(alert.peak?.title ?? alert.title, 120)),
      4,
    ),
    alerts: facts.detection.alerts.length,
    evidence: keys(facts.detection.evidence),
  };
  const [report] = ofType(lines, 'customer-report');
  const customers = report && {
    at: report.said.at,
    by: 'customers' as const,
    text: `${count(report.entry.count, 'customer')}: ${report.said.text}`,
    alerts: desk?.alerts ?? 0,
    evidence: report.said.evidence,
  };
  const known = earlier<NonNullable<Milestones['detection']>>(desk, customers ?? null);
  if (known) return known;
  const [line] = lines;
  const { incident } = input;
  const written = line && { at: line.said.at, text: line.said.text, evidence: line.said.evidence };
  const opened = incident && { at: incident.openedAt, text: clean(incident.title, 200), evidence: [incidentKey(incident.id)] };
  const first = earlier(written ?? null, opened ?? null);
  return first && { ...first, by: 'people', alerts: 0 };
}

/** An incident means that a human took it on. */
function takenOn(context: Context): Milestones['acknowledgement'] {
  const { facts, input } = context;
  const opened = incidentOf(context);
  const byOpening =
    opened && !opened.afterwards ? { at: opened.openedAt, by: opened.openedBy, comment: '', evidence: opened.evidence } : null;
  const { acknowledgement: it } = facts;
  const taken =
    it && it.at <= input.to ? { at: it.at, by: clean(it.by, 80), comment: clean(it.comment, 1_000), evidence: it.evidence } : null;
  return earlier(taken, byOpening);
}

function identificationOf({ input }: Context, lines: readonly Line[], statuses: readonly StatusEvent[]): Milestones['identification'] {
  const causes = ofType(lines, 'root-cause').map(({ said }) => ({ ...said, how: 'root-cause' as const }));
  const status = statuses.find((event) => event.payload.to === 'identified');
  const set = status && {
    at: status.at,
    by: clean(status.actor, 80),
    how: 'status' as const,
    text: clean(status.payload.reason, 1_000),
    evidence: [status.id],
  };
  const first = earlier<NonNullable<Milestones['identification']>>(causes[0] ?? null, set ?? null);
  if (first) return { at: first.at, by: first.by, how: first.how, text: first.text, evidence: first.evidence };
  const { incident } = input;
  if (!incident || incident.identifiedAt === null) return null;
  return {
    at: incident.identifiedAt,
    by: clean(incident.lead ?? incident.openedBy, 80),
    how: 'status',
    text: '',
    evidence: [incidentKey(incident.id)],
  };
}

/** As the desk saw it. What merely left the inventory did not recover. */
function recoveryOf(context: Context, steps: readonly StepFact[]): Milestones['recovery'] {
  const { facts, input } = context;
  if (facts.recovery && facts.closed.length < facts.told.length) {
    // What could only not be reached is seen again with its own next result, a little later than what it was behind.
    const { at, evidence } = facts.recovery;
    const last = facts.consequences.reduce<Context['spells'][number] | null>(
      (late, spell) => ((spell.to ?? 0) > (late?.to ?? at) && (spell.to ?? 0) <= input.to ? spell : late),
      null,
    );
    return last ? { at: last.to ?? at, evidence: keys([...evidence, ...last.evidence.slice(-1)]) } : { at, evidence };
  }
  if (facts.told.length > 0 || context.spells.some((spell) => spell.end !== 'recovered' && spell.end !== 'changed')) return null;
  const last = steps.at(-1);
  return last?.all ? { at: last.at, evidence: last.evidence } : null;
}

function resolutionOf({ input }: Context, lines: readonly Line[], statuses: readonly StatusEvent[]): Milestones['resolution'] {
  const rank = (status: StatusEvent['payload']['to']): number => incidentStatuses.indexOf(status);
  const over = rank('resolved');
  // What was said before it was opened again does not hold.
  const reopened = statuses.findLast((event) => rank(event.payload.from) >= over && rank(event.payload.to) < over);
  const holds = (at: number): boolean => !reopened || at >= reopened.at;
  const status = statuses.find((event) => rank(event.payload.to) >= over && rank(event.payload.from) < over && holds(event.at));
  const line = ofType(lines, 'resolution').findLast(({ said }) => holds(said.at));
  const set = status && { at: status.at, by: clean(status.actor, 80), text: clean(status.payload.reason, 1_000), evidence: [status.id] };
  if (set || line) {
    const first = earlier(set ?? null, line?.said ?? null) as NonNullable<typeof set>;
    const text = line?.said.text ?? set?.text ?? '';
    return { at: first.at, by: first.by, text, evidence: keys([...first.evidence, ...(line?.said.evidence ?? [])]) };
  }
  const { incident } = input;
  if (!incident || incident.resolvedAt === null || incident.resolvedAt > input.now) return null;
  return { at: incident.resolvedAt, by: clean(incident.lead ?? incident.openedBy, 80), text: '', evidence: [incidentKey(incident.id)] };
}

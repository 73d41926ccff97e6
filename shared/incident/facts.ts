/** What the events and alerts of a stretch of time say, before any words are made of it. */
import type { Alert } from '../model/alert.ts';
import type { NightEvent } from '../model/event.ts';
import { MINUTE } from '../time.ts';
import { cutOffsOf, isDesksOwn } from './cut-off.ts';
import { alertKey } from './evidence.ts';
import type { DraftInput } from './input.ts';
import { type PlannedWork, plannedWork, workAround } from './planned.ts';
import { type Scope, scopeOf } from './scope.ts';
import { type Spell, spellsOf } from './spells.ts';
import type { Stretch } from './stretches.ts';

export interface Moment {
  at: number;
  /** Keys of evidence. */
  evidence: string[];
}

export interface IncidentFacts {
  scope: Scope;
  /** The earliest bad result of what then went hard. */
  firstSymptom: (Moment & { check: string; text: string; work: PlannedWork | null }) | null;
  /** The first alert. */
  detection: (Moment & { alerts: Alert[] }) | null;
  /** Who took it first, how long after the detection. */
  acknowledgement: (Moment & { by: string; comment: string; afterMs: number }) | null;
  /** When the last alert ended; null while one is open (or where there was none). */
  recovery: Moment | null;
  /** Alerts with an end of their own: those that did not go on as part of another one. */
  told: Alert[];
  open: Alert[];
  /** Alerts that ended without anyone knowing whether they recovered. */
  closed: { alert: Alert; why: string; evidence: string[] }[];
  /** Alerts that went on as part of one that is not told here. */
  gone: { alert: Alert; into: string; evidence: string[] }[];
  /** From the first symptom to the recovery, or to the end of the range. */
  lastedMs: number;
  /** Of what failed itself, by time. */
  spells: Spell[];
  /** Of what failed only because of that. */
  consequences: Spell[];
  /** When checks could not look because of that: nothing is known of what they look at. */
  blind: Spell[];
  /** Within planned work from beginning to end, whosever they are. */
  planned: { spell: Spell; work: PlannedWork }[];
  /** Of all other subjects. */
  elsewhere: Spell[];
  failedChecks: string[];
  /** How many checks there were to fail. */
  watched: number;
  works: PlannedWork[];
  /** When checks of the incident came and went. */
  flapping: (Stretch & { check: string })[];
  /** When the desk itself was cut off. */
  cutOffs: Stretch[];
  /** Times in which nothing was watched. */
  gaps: (Moment & { to: number; crashed: boolean })[];
}

/** A consequence that was bad for longer than this before the root was is not what began it. */
const earlyMs = 5 * MINUTE;

/** What the facts are made of: drafts of the same night are made of the same. */
const partsOf = (input: DraftInput): readonly unknown[] => [
  input.from,
  input.to,
  input.alerts,
  input.subjects,
  input.plans,
  input.windows,
  input.coverage,
  input.incident,
];
const gathered = new WeakMap<readonly NightEvent[], { parts: readonly unknown[]; facts: IncidentFacts }>();

/** Gathers the facts of an incident. Pure; everything in it points at its evidence. The last ones of the same events are kept. */
export function incidentFacts(input: DraftInput): IncidentFacts {
  const parts = partsOf(input);
  const known = gathered.get(input.events);
  if (known && parts.every((part, index) => part === known.parts[index])) return known.facts;
  const facts = gather(input);
  gathered.set(input.events, { parts, facts });
  return facts;
}

function gather(input: DraftInput): IncidentFacts {
  const events = input.events.filter((event) => event.at <= input.to);
  const scope = scopeOf(input, events);
  const works = plannedWork(input, events);
  const cutOffs = cutOffsOf(input, events);
  const { spells, consequences, blind, planned, elsewhere } = sortOut(input, events, scope, works, cutOffs);

  const raised = new Map(events.flatMap((event) => (event.kind === 'alert-raised' ? [[event.payload.alert, event] as const] : [])));
  const byRaised = input.alerts.toSorted((a, b) => a.raisedAt - b.raisedAt);
  const evidenceOfAlert = (alert: Alert): string => raised.get(alert.id)?.id ?? alertKey(alert.id);
  const first = byRaised[0];
  const detection = first ? { at: first.raisedAt, alerts: byRaised, evidence: byRaised.map(evidenceOfAlert) } : null;

  const endOf = (alert: Alert): number | null => (alert.endedAt !== null && alert.endedAt <= input.to ? alert.endedAt : null);
  const gone = byRaised.flatMap((alert) => {
    const merged = scope.merged.get(alert.id);
    return merged && !merged.within ? [{ alert, into: merged.event.payload.intoTitle, evidence: [merged.event.id] }] : [];
  });
  // What went on as part of another one ends with that.
  const told = byRaised.filter((alert) => !scope.merged.has(alert.id));
  const open = told.filter((alert) => endOf(alert) === null);
  const last = told.toSorted((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0)).at(-1);
  const recoveredEvent = events.findLast((event) => event.kind === 'alert-recovered' && event.payload.alert === last?.id);
  const closings = new Map(events.flatMap((event) => (event.kind === 'alert-closed' ? [[event.payload.alert, event] as const] : [])));
  const closed = told.flatMap((alert) => {
    const event = closings.get(alert.id);
    return event ? [{ alert, why: event.payload.why, evidence: [event.id] }] : [];
  });
  const recovery =
    last && open.length === 0 && gone.length === 0 && last.endedAt !== null
      ? { at: last.endedAt, evidence: [recoveredEvent?.id ?? closed.find((it) => it.alert === last)?.evidence[0] ?? alertKey(last.id)] }
      : null;

  const firstSymptom = symptomOf({ scope, spells, consequences, planned }, events);
  const begin = Math.min(firstSymptom?.at ?? Number.POSITIVE_INFINITY, first?.firstAt ?? Number.POSITIVE_INFINITY);
  const failedChecks = [...new Set(spells.map((spell) => spell.check))];
  return {
    scope,
    firstSymptom,
    detection,
    acknowledgement: acknowledgementOf(input.alerts, events, first?.raisedAt ?? input.from),
    recovery,
    told,
    open,
    closed,
    gone,
    lastedMs: Math.max(0, (recovery?.at ?? input.to) - (Number.isFinite(begin) ? begin : input.from)),
    spells,
    consequences,
    blind,
    planned,
    elsewhere,
    failedChecks,
    watched: new Set([...input.plans.map((plan) => plan.id), ...failedChecks]).size,
    works,
    flapping: flappingOf(input, events, scope),
    cutOffs,
    gaps: gapsOf(input, events),
  };
}

/** Whose each spell is: the desk's own, planned work's, the incident's, its consequences', or somebody else's. */
function sortOut(
  input: DraftInput,
  events: readonly NightEvent[],
  scope: Scope,
  works: readonly PlannedWork[],
  cutOffs: readonly Stretch[],
): Pick<IncidentFacts, 'spells' | 'consequences' | 'blind' | 'planned' | 'elsewhere'> {
  const plans = new Map(input.plans.map((plan) => [plan.id, plan]));
  const hardAt = new Map(events.flatMap((event) => (event.kind === 'hard' ? [[event.id, event.at] as const] : [])));
  const sorted: ReturnType<typeof sortOut> = {
    spells: [],
    consequences: [],
    blind: [],
    planned: [],
    elsewhere: [],
  };
  // What went down in the work that the incident came of, and stayed so beyond it, is part of it.
  const ownWork = works.filter((work) => [...scope.subjects].some((id) => work.covers.has(id)));
  for (const spell of spellsOf(input, events, scope)) {
    const subject = scope.subjectOf(spell.check);
    if (isDesksOwn(cutOffs, plans.get(spell.check), spell, hardAt.get(spell.evidence[0] ?? '') ?? spell.from)) continue;
    const work = workAround(works, subject, spell);
    if (work) sorted.planned.push({ spell, work });
    else if (scope.roots.has(spell.check)) sorted.spells.push(spell);
    else if (spell.level === 'unknown' && scope.isBeside(subject)) sorted.blind.push(spell);
    // What it saw when it could look again is no consequence.
    else if (spell.level === 'degraded' && scope.isBeside(subject)) sorted.elsewhere.push(spell);
    else if (scope.consequences.has(spell.check)) sorted.consequences.push(spell);
    else if (scope.subjects.has(subject)) sorted.spells.push(spell);
    else if (scope.behind.has(subject) && !scope.isOthers(spell.check) && spell.level !== 'degraded') sorted.consequences.push(spell);
    else if (ownWork.some((it) => it.covers.has(subject) && it.from <= spell.from && (it.to ?? spell.from) >= spell.from))
      sorted.spells.push(spell);
    else sorted.elsewhere.push(spell);
  }
  return sorted;
}

function symptomOf(
  { scope, spells, consequences, planned }: Pick<IncidentFacts, 'scope' | 'spells' | 'consequences' | 'planned'>,
  events: readonly NightEvent[],
): IncidentFacts['firstSymptom'] {
  const own = [...spells.map((spell) => ({ spell, work: null })), ...planned.filter((it) => scope.roots.has(it.spell.check))].sort(
    (a, b) => a.spell.from - b.spell.from,
  );
  const begun = own[0];
  if (!begun) return null;
  const early = consequences.find((spell) => spell.from < begun.spell.from && spell.from >= begun.spell.from - earlyMs);
  const { spell: first, work } = early ? { spell: early, work: null } : begun;
  const soft = events.find((event) => event.kind === 'soft' && event.payload.check === first.check && event.at >= first.from);
  const evidence = soft?.kind === 'soft' && soft.at <= (first.to ?? soft.at) ? [soft.id] : first.evidence.slice(0, 1);
  const text = soft?.kind === 'soft' && evidence[0] === soft.id ? soft.payload.verdict.text : first.text;
  return { at: first.from, check: first.check, text, work, evidence };
}

function acknowledgementOf(alerts: Alert[], events: readonly NightEvent[], raisedAt: number): IncidentFacts['acknowledgement'] {
  const ids = new Set(alerts.map((alert) => alert.id));
  for (const event of events) {
    if (event.kind !== 'acknowledged' || !ids.has(event.payload.alert)) continue;
    return {
      at: event.at,
      by: event.actor,
      comment: event.payload.comment,
      afterMs: Math.max(0, event.at - raisedAt),
      evidence: [event.id],
    };
  }
  const alert = alerts.filter((it) => it.acknowledgement).sort((a, b) => (a.acknowledgement?.at ?? 0) - (b.acknowledgement?.at ?? 0))[0];
  if (!alert?.acknowledgement) return null;
  const { at, by, comment } = alert.acknowledgement;
  return { at, by, comment, afterMs: Math.max(0, at - raisedAt), evidence: [alertKey(alert.id)] };
}

function flappingOf(input: DraftInput, events: readonly NightEvent[], scope: Scope): IncidentFacts['flapping'] {
  const found: IncidentFacts['flapping'] = [];
  for (const event of events) {
    if (event.kind !== 'flapping-started' && event.kind !== 'flapping-stopped') continue;
    const { check } = event.payload;
    if (!scope.roots.has(check) && !scope.subjects.has(scope.subjectOf(check))) continue;
    const open = found.findLast((it) => it.check === check && it.to === null);
    if (event.kind === 'flapping-started') found.push({ check, from: event.at, to: null, evidence: [event.id] });
    else if (open) Object.assign(open, { to: event.at, evidence: [...open.evidence, event.id] });
  }
  return found.filter((it) => (it.to ?? input.to) >= input.from);
}

function gapsOf(input: DraftInput, events: readonly NightEvent[]): IncidentFacts['gaps'] {
  return events.flatMap((event): IncidentFacts['gaps'] => {
    if (event.kind === 'gap' && event.payload.to >= input.from)
      return [{ at: event.payload.from, to: event.payload.to, crashed: false, evidence: [event.id] }];
    if (event.kind === 'engine-crashed' && event.at >= input.from)
      return [{ at: event.at, to: event.at, crashed: true, evidence: [event.id] }];
    return [];
  });
}

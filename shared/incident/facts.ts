/** What the events and alerts of a stretch of time say, before any words are made of it. */
import type { Alert } from '../model/alert.ts';
import type { NightEvent } from '../model/event.ts';
import type { Level } from '../model/words.ts';
import { severityOf } from '../model/words.ts';
import { alertKey } from './evidence.ts';
import type { DraftInput } from './input.ts';

export interface Moment {
  at: number;
  /** Keys of evidence. */
  evidence: string[];
}

/** A stretch in which one check was hard at one level. */
export interface Spell {
  check: string;
  level: Exclude<Level, 'ok'>;
  /** Its first symptom, epoch ms. */
  from: number;
  /** null: not over at the end of the range. */
  to: number | null;
  /** `closed`: its thing left the inventory; nobody can say whether it recovered. `changed`: a spell of another level follows at once. */
  end: 'recovered' | 'changed' | 'closed' | 'open';
  /** What was seen when it began. */
  text: string;
  evidence: string[];
}

export interface IncidentFacts {
  /** The earliest bad result of what then went hard. */
  firstSymptom: (Moment & { check: string; text: string }) | null;
  /** The first alert. */
  detection: (Moment & { alerts: Alert[] }) | null;
  /** Who took it first, how long after the detection. */
  acknowledgement: (Moment & { by: string; comment: string; afterMs: number }) | null;
  /** When the last alert ended; null while one is open (or where there was none). */
  recovery: Moment | null;
  open: Alert[];
  /** Alerts that ended without anyone knowing whether they recovered. */
  closed: { alert: Alert; why: string; evidence: string[] }[];
  /** From the first symptom to the recovery, or to the end of the range. */
  lastedMs: number;
  /** Of the subjects of the alerts, by time. */
  spells: Spell[];
  /** Of all other subjects. */
  elsewhere: Spell[];
  failedChecks: string[];
  /** How many checks there were to fail. */
  watched: number;
  /** Times in which nothing was watched. */
  gaps: (Moment & { to: number; crashed: boolean })[];
}

/** Gathers the facts of an incident. Pure; everything in it points at its evidence. */
export function incidentFacts(input: DraftInput): IncidentFacts {
  const events = input.events.filter((event) => event.at <= input.to);
  const inScope = new Set(input.alerts.map((alert) => alert.subject.id));
  const subjectOf = new Map(input.plans.map((plan) => [plan.id, plan.subject.id]));
  // Ids of checks begin with that of their subject; this still tells it when the check has left the plan.
  const subjectIdOf = (check: string): string => subjectOf.get(check) ?? check.split('/')[0] ?? check;
  const all = spellsOf(input, events);
  const spells = all.filter((spell) => inScope.has(subjectIdOf(spell.check)));
  const elsewhere = all.filter((spell) => !inScope.has(subjectIdOf(spell.check)));

  const raised = new Map(events.flatMap((event) => (event.kind === 'alert-raised' ? [[event.payload.alert, event] as const] : [])));
  const byRaised = input.alerts.toSorted((a, b) => a.raisedAt - b.raisedAt);
  const evidenceOfAlert = (alert: Alert): string => raised.get(alert.id)?.id ?? alertKey(alert.id);
  const first = byRaised[0];
  const detection = first ? { at: first.raisedAt, alerts: byRaised, evidence: byRaised.map(evidenceOfAlert) } : null;

  const endOf = (alert: Alert): number | null => (alert.endedAt !== null && alert.endedAt <= input.to ? alert.endedAt : null);
  const open = byRaised.filter((alert) => endOf(alert) === null);
  const last = byRaised.toSorted((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0)).at(-1);
  const recoveredEvent = events.findLast((event) => event.kind === 'alert-recovered' && event.payload.alert === last?.id);
  const closings = new Map(events.flatMap((event) => (event.kind === 'alert-closed' ? [[event.payload.alert, event] as const] : [])));
  const closed = byRaised.flatMap((alert) => {
    const event = closings.get(alert.id);
    return event ? [{ alert, why: event.payload.why, evidence: [event.id] }] : [];
  });
  const recovery =
    last && open.length === 0 && last.endedAt !== null
      ? { at: last.endedAt, evidence: [recoveredEvent?.id ?? closed.find((it) => it.alert === last)?.evidence[0] ?? alertKey(last.id)] }
      : null;

  const firstSymptom = symptomOf(spells, events);
  const begin = Math.min(firstSymptom?.at ?? Number.POSITIVE_INFINITY, first?.firstAt ?? Number.POSITIVE_INFINITY);
  const failedChecks = [...new Set(spells.map((spell) => spell.check))];
  return {
    firstSymptom,
    detection,
    acknowledgement: acknowledgementOf(input.alerts, events, first?.raisedAt ?? input.from),
    recovery,
    open,
    closed,
    lastedMs: Math.max(0, (recovery?.at ?? input.to) - (Number.isFinite(begin) ? begin : input.from)),
    spells,
    elsewhere,
    failedChecks,
    watched: new Set([...input.plans.map((plan) => plan.id), ...failedChecks]).size,
    gaps: gapsOf(input, events),
  };
}

/** Cuts the hard events of each check into spells; what began before the events is known from the alerts. */
function spellsOf(input: DraftInput, events: NightEvent[]): Spell[] {
  const spells: Spell[] = [];
  const running = new Map<string, Spell>();
  const alertOf = (check: string, at: number): Alert | undefined =>
    input.alerts.find(
      (alert) => check.startsWith(`${alert.subject.id}/`) && alert.firstAt <= at && (alert.endedAt ?? Number.POSITIVE_INFINITY) >= at,
    );
  for (const event of events) {
    if (event.kind === 'alert-closed') {
      for (const [check, spell] of running) {
        if (!check.startsWith(`${event.subject?.id}/`)) continue;
        Object.assign(spell, { to: event.at, end: 'closed', evidence: [...spell.evidence, event.id] });
        running.delete(check);
      }
    }
    if (event.kind !== 'hard') continue;
    const { check, from, to, firstAt, verdict } = event.payload;
    let before = running.get(check);
    if (!before && (from === 'degraded' || from === 'down' || from === 'unknown')) {
      const alert = alertOf(check, event.at);
      before = {
        check,
        level: from,
        from: alert?.firstAt ?? Math.min(input.from, event.at),
        to: null,
        end: 'open',
        text: '',
        evidence: alert ? [alertKey(alert.id)] : [],
      };
      spells.push(before);
    }
    if (before) {
      Object.assign(before, { to: event.at, end: to === 'ok' ? 'recovered' : 'changed', evidence: [...before.evidence, event.id] });
      running.delete(check);
    }
    if (to === 'ok') continue;
    const spell: Spell = {
      check,
      level: to,
      from: Math.min(firstAt, event.at),
      to: null,
      end: 'open',
      text: verdict.text,
      evidence: [event.id],
    };
    running.set(check, spell);
    spells.push(spell);
  }
  // Problems older than the events leave no line in them; the alert itself still says that they were there.
  const byCheck = Map.groupBy(spells, (spell) => spell.check);
  for (const alert of input.alerts) {
    for (const check of alert.checks) {
      const known = byCheck.get(check);
      if (known?.some((spell) => spell.from <= (alert.endedAt ?? input.to) && (spell.to ?? input.to) >= alert.firstAt)) continue;
      const to = alert.endedAt !== null && alert.endedAt <= input.to ? alert.endedAt : null;
      const spell: Spell = {
        check,
        level: alert.severity,
        from: alert.firstAt,
        to,
        end: to === null ? 'open' : 'recovered',
        text: '',
        evidence: [alertKey(alert.id)],
      };
      spells.push(spell);
      if (known) known.push(spell);
      else byCheck.set(check, [spell]);
    }
  }
  return spells.filter((spell) => spell.from <= input.to && (spell.to === null || spell.to >= input.from)).sort((a, b) => a.from - b.from);
}

function symptomOf(spells: Spell[], events: NightEvent[]): IncidentFacts['firstSymptom'] {
  const first = spells[0];
  if (!first) return null;
  const soft = events.find((event) => event.kind === 'soft' && event.payload.check === first.check && event.at >= first.from);
  const evidence = soft?.kind === 'soft' && soft.at <= (first.to ?? soft.at) ? [soft.id] : first.evidence.slice(0, 1);
  const text = soft?.kind === 'soft' && evidence[0] === soft.id ? soft.payload.verdict.text : first.text;
  return { at: first.from, check: first.check, text, evidence };
}

function acknowledgementOf(alerts: Alert[], events: NightEvent[], raisedAt: number): IncidentFacts['acknowledgement'] {
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

function gapsOf(input: DraftInput, events: NightEvent[]): IncidentFacts['gaps'] {
  return events.flatMap((event): IncidentFacts['gaps'] => {
    if (event.kind === 'gap' && event.payload.to >= input.from)
      return [{ at: event.payload.from, to: event.payload.to, crashed: false, evidence: [event.id] }];
    if (event.kind === 'engine-crashed' && event.at >= input.from)
      return [{ at: event.at, to: event.at, crashed: true, evidence: [event.id] }];
    return [];
  });
}

/** The worst level of some spells. */
export const worstOf = (spells: readonly Spell[]): Spell['level'] =>
  spells.reduce<Spell['level']>((most, spell) => (severityOf(spell.level) > severityOf(most) ? spell.level : most), 'unknown');

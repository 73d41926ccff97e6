/** Cuts the hard events of each check into stretches of trouble. */
import type { Alert } from '../model/alert.ts';
import type { NightEvent } from '../model/event.ts';
import { type Level, severityOf } from '../model/words.ts';
import { alertKey } from './evidence.ts';
import type { DraftInput } from './input.ts';
import type { Scope } from './scope.ts';

/** A stretch in which one check was hard at one level. */
export interface Spell {
  check: string;
  level: Exclude<Level, 'ok'>;
  /** Its first symptom, epoch ms. */
  from: number;
  /** null: not over at the end of the range. */
  to: number | null;
  /**
   * `closed`: its thing left the inventory; nobody can say whether it recovered. `changed`: a spell of another level follows at once.
   * `merged`: from then on it is told by another alert.
   */
  end: 'recovered' | 'changed' | 'closed' | 'merged' | 'open';
  /** What was seen when it began, and the code of that; "" where it is not known. */
  text: string;
  reason: string;
  evidence: string[];
}

/** @returns every spell that touches the range, by time; what began before the events is known from the alerts */
export function spellsOf(input: DraftInput, events: readonly NightEvent[], scope: Scope): Spell[] {
  const spells: Spell[] = [];
  const running = new Map<string, Spell>();
  const isIn = (check: string, alert: Alert): boolean => scope.checksOf(alert.id).has(check) || alert.consequences.includes(check);
  const alertOf = (check: string, at: number): Alert | undefined =>
    input.alerts.find((alert) => isIn(check, alert) && alert.firstAt <= at && (alert.endedAt ?? Number.POSITIVE_INFINITY) >= at);
  for (const event of events) {
    if (event.kind === 'alert-closed') {
      const gone = scope.checksOf(event.payload.alert);
      for (const [check, spell] of running) {
        if (!gone.has(check) && !check.startsWith(`${event.subject?.id}/`)) continue;
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
        reason: '',
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
      reason: verdict.reason,
      evidence: [event.id],
    };
    running.set(check, spell);
    spells.push(spell);
  }
  addFromAlerts(input, scope, spells);
  return spells.filter((spell) => spell.from <= input.to && (spell.to === null || spell.to >= input.from)).sort((a, b) => a.from - b.from);
}

/** Problems older than the events leave no line in them; the alert itself still says that they were there. */
function addFromAlerts(input: DraftInput, scope: Scope, spells: Spell[]): void {
  const byCheck = Map.groupBy(spells, (spell) => spell.check);
  for (const alert of input.alerts) {
    for (const check of alert.checks) {
      const known = byCheck.get(check);
      if (known?.some((spell) => spell.from <= (alert.endedAt ?? input.to) && (spell.to ?? input.to) >= alert.firstAt)) continue;
      const to = alert.endedAt !== null && alert.endedAt <= input.to ? alert.endedAt : null;
      const end = to === null ? 'open' : scope.merged.has(alert.id) ? 'merged' : 'recovered';
      const spell: Spell = {
        check,
        level: alert.severity,
        from: alert.firstAt,
        to,
        end,
        text: '',
        reason: '',
        evidence: [alertKey(alert.id)],
      };
      spells.push(spell);
      if (known) known.push(spell);
      else byCheck.set(check, [spell]);
    }
  }
}

/** The worst level of some spells. */
export const worstOf = (spells: readonly Spell[]): Spell['level'] =>
  spells.reduce<Spell['level']>((most, spell) => (severityOf(spell.level) > severityOf(most) ? spell.level : most), 'unknown');

/** What every part of the facts is looked up with: things by id, checks by thing, and which trouble belongs to the incident. */
import { subjectIdOf } from '../../alerting/names.ts';
import { namesOf } from '../../model/describe-event.ts';
import type { PlannedCheck, Subject } from '../../model/plan.ts';
import { clean } from '../../text.ts';
import type { IncidentFacts } from '../facts.ts';
import type { DraftInput } from '../input.ts';
import type { Spell } from '../spells.ts';
import type { ThingFact } from './schema-parts.ts';

export interface Context {
  input: DraftInput;
  facts: IncidentFacts;
  subjects: ReadonlyMap<string, Subject>;
  plans: ReadonlyMap<string, PlannedCheck>;
  plansOf(subject: string): readonly PlannedCheck[];
  subjectOf(check: string): string;
  thing(id: string): ThingFact;
  /** Names of things, as people call them; of what is not in the inventory the id or name that was typed. */
  name(id: string): string;
  /** "HTTP on web1". */
  checkName(id: string): string;
  /** Trouble of the incident's own things, planned work included, by time. */
  spells: readonly Spell[];
  byCheck: ReadonlyMap<string, readonly Spell[]>;
  bySubject: ReadonlyMap<string, readonly Spell[]>;
  /** All trouble there was, whosever: by check. */
  troubled: ReadonlyMap<string, readonly Spell[]>;
}

export function contextOf(input: DraftInput, facts: IncidentFacts): Context {
  const subjects = new Map(input.subjects.map((it) => [it.id, it]));
  const plans = new Map(input.plans.map((it) => [it.id, it]));
  const plansBySubject = Map.groupBy(input.plans, (plan) => plan.subject.id);
  const subjectOf = (check: string): string => plans.get(check)?.subject.id ?? subjectIdOf(check);
  const names = namesOf(input.subjects, input.plans);
  const name = (id: string): string => clean(subjects.get(id)?.name ?? id, 120);
  const planned = facts.planned.map((it) => it.spell);
  // A stretch of time that nobody tied to anything is about all that happened in it.
  const own = facts.scope.subjects.size === 0 ? [...facts.spells, ...facts.elsewhere] : facts.spells;
  const spells = [...own, ...planned].sort((a, b) => a.from - b.from);
  const all = [...facts.spells, ...facts.consequences, ...facts.blind, ...planned, ...facts.elsewhere];
  return {
    input,
    facts,
    subjects,
    plans,
    plansOf: (id) => plansBySubject.get(id) ?? [],
    subjectOf,
    name,
    checkName: (id) => clean(names.check(id), 200),
    thing(id) {
      const it = subjects.get(id);
      if (!it) return { id, kind: 'host', name: clean(id, 120), audience: clean(id, 120), site: null };
      const spoken = it.kind === 'service' || it.kind === 'mail' ? it.audience : it.name;
      return { id, kind: it.kind, name: name(id), audience: clean(spoken, 120), site: it.site === null ? null : name(it.site) };
    },
    spells,
    byCheck: Map.groupBy(spells, (spell) => spell.check),
    bySubject: Map.groupBy(spells, (spell) => subjectOf(spell.check)),
    troubled: Map.groupBy(all, (spell) => spell.check),
  };
}

/** In the order in which customers ask. */
export const kindOrder = ['service', 'mail', 'host', 'link', 'prefix', 'site', 'desk'] as const;
export const byKind = (a: Pick<ThingFact, 'kind'>, b: Pick<ThingFact, 'kind'>): number =>
  kindOrder.indexOf(a.kind) - kindOrder.indexOf(b.kind);

/** At most so many keys of evidence, from the first and the last ones. */
export const mostKeys = 12;
export function keys(all: readonly string[]): string[] {
  const unique = [...new Set(all)];
  return unique.length <= mostKeys ? unique : [...unique.slice(0, mostKeys - 4), ...unique.slice(-4)];
}

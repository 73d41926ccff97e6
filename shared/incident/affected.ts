/** What was affected: services in the words of customers first, then the things themselves. */
import { capital, checkLabel, placeOf } from '../alerting/names.ts';
import type { PlannedCheck, Subject } from '../model/plan.ts';
import { clean, count, listOf } from '../text.ts';
import { humanDuration } from '../time.ts';
import type { Block, Statement } from './draft.ts';
import { few, namesList } from './evidence.ts';
import { type IncidentFacts, type Spell, worstOf } from './facts.ts';
import type { DraftInput } from './input.ts';
import type { Times } from './times.ts';

/** A stretch of time; `to` null = still so at the end of the range. */
interface Stretch {
  from: number;
  to: number | null;
  evidence: string[];
}

/** Subjects of one kind named one by one; a list longer than this is no reading. */
const mostPerKind = 40;
const kindOrder = ['service', 'host', 'link', 'prefix', 'mail', 'site', 'desk'] as const;
const kindWord = {
  service: 'service',
  host: 'server',
  link: 'link',
  prefix: 'address range',
  mail: 'mail domain',
  site: 'site',
  desk: 'desk',
} as const;
const levelWord = { down: 'down', degraded: 'degraded', unknown: 'in an unknown state' } as const;

export interface AffectedPart {
  blocks: Block[];
  /** Ids of the subjects that are accounted for here. */
  subjects: Set<string>;
}

/** @returns the blocks of the section, and which subjects they speak of */
export function affectedPart(input: DraftInput, facts: IncidentFacts, times: Times): AffectedPart {
  const bySubject = groupBySubject(input, facts.spells);
  const statements: Statement[] = [];
  const subjects = new Set<string>(bySubject.keys());

  for (const kind of kindOrder) {
    const those = input.subjects.filter((it) => it.kind === kind);
    const found = those.flatMap((subject) => {
      const spells = bySubject.get(subject.id);
      if (spells) return [{ subject, statement: statementOf(input, subject, spells, times) }];
      if (kind !== 'service' && kind !== 'mail') return [];
      const byHosts = hostsAllDown(input, subject, facts);
      if (!byHosts) return [];
      subjects.add(subject.id);
      return [{ subject, statement: throughHosts(input, subject, byHosts, times) }];
    });
    statements.push(...found.slice(0, mostPerKind).map((it) => it.statement));
    const rest = found.slice(mostPerKind);
    if (rest.length > 0) {
      const evidence = few(rest.flatMap((it) => it.statement.evidence));
      statements.push({
        text: `${count(rest.length, `more ${kindWord[kind]}`)}: ${namesList(
          rest.map((it) => it.subject.name),
          40,
        )}.`,
        evidence,
      });
    }
  }
  for (const [id, spells] of bySubject) {
    if (input.subjects.some((it) => it.id === id)) continue;
    const gone = {
      kind: 'host',
      id,
      name: `${id} (no longer in the inventory)`,
      site: null,
      note: '',
      audience: id,
      dependsOn: [],
      hosts: [],
    } as const;
    statements.push(statementOf(input, { ...gone, dependsOn: [], hosts: [] }, spells, times));
  }

  const blocks: Block[] = statements.length > 0 ? [{ kind: 'list', statements }] : [];
  const others = [...groupBySubject(input, facts.elsewhere)];
  if (others.length > 0) {
    const names = others.map(([id]) => input.subjects.find((it) => it.id === id)?.name ?? id);
    const text = `At the same time there was trouble of its own with ${namesList(names)}; it is not part of this report.`;
    blocks.push({
      kind: 'text',
      statements: [{ text, evidence: few(others.flatMap(([, spells]) => spells.flatMap((spell) => spell.evidence.slice(0, 1)))) }],
    });
    for (const [id] of others) subjects.add(id);
  }
  return { blocks, subjects };
}

function groupBySubject(input: DraftInput, spells: readonly Spell[]): Map<string, Spell[]> {
  const subjectOf = new Map(input.plans.map((plan) => [plan.id, plan.subject.id]));
  const groups = new Map<string, Spell[]>();
  for (const spell of spells) {
    const id = subjectOf.get(spell.check) ?? spell.check.split('/')[0] ?? spell.check;
    groups.set(id, [...(groups.get(id) ?? []), spell]);
  }
  return groups;
}

/** "web1 (HTTP and TLS): down from 05:12:10 to 05:26:40 (14 min): connection refused on port 443." */
function statementOf(input: DraftInput, subject: Subject, spells: Spell[], times: Times): Statement {
  const plans = input.plans.filter((plan) => plan.subject.id === subject.id);
  const failed = plans.filter((plan) => spells.some((spell) => spell.check === plan.id));
  const site = input.subjects.find((it) => it.id === subject.site)?.name ?? null;
  const name = subject.kind === 'service' || subject.kind === 'mail' ? capital(clean(subject.audience, 120)) : placeOf(subject, site);
  const which = failed.length > 0 && failed.length < plans.length ? ` (${listOf(failed.map(checkLabel), 6)})` : '';
  const level = worstOf(spells);
  const seen = spells.find((spell) => spell.level === level && spell.text !== '')?.text;
  const text = `${name}${which}: ${levelWord[level]} ${lastingOf(merge(spells), input, times, spells)}${seen ? `: ${clean(seen, 200).replace(/\.$/, '')}` : ''}.`;
  return { text, evidence: few(spells.flatMap((spell) => spell.evidence)) };
}

/** "from … to … (14 min)", "3 times …", "since …, still open at …". */
function lastingOf(stretches: Stretch[], input: DraftInput, times: Times, spells: readonly Spell[]): string {
  const first = stretches[0] as Stretch;
  const last = stretches.at(-1) as Stretch;
  const closed = spells.some((spell) => spell.end === 'closed') ? ', when it left the inventory' : '';
  if (stretches.length === 1) {
    if (first.to === null)
      return `since ${times.cell(first.from)}, still so at ${times.cell(input.to)} (${humanDuration(input.to - first.from)})`;
    return `${times.lasting(first.from, first.to)}${closed}`;
  }
  const sum = stretches.reduce((ms, it) => ms + ((it.to ?? input.to) - it.from), 0);
  const end =
    last.to === null
      ? `${times.cell(first.from)} and ${times.cell(input.to)}, still so then`
      : `${times.cell(first.from)} and ${times.cell(last.to)}`;
  return `${stretches.length} times between ${end} (${humanDuration(sum)} in all)${closed}`;
}

/** Lays stretches that touch or overlap together. */
export function merge(stretches: readonly Stretch[]): Stretch[] {
  const merged: Stretch[] = [];
  for (const it of stretches.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (!last || (last.to !== null && it.from > last.to)) merged.push({ from: it.from, to: it.to, evidence: [...it.evidence] });
    else
      Object.assign(last, {
        to: last.to === null || it.to === null ? null : Math.max(last.to, it.to),
        evidence: [...last.evidence, ...it.evidence],
      });
  }
  return merged;
}

/** The stretches that lie in both. */
export function overlap(a: readonly Stretch[], b: readonly Stretch[]): Stretch[] {
  return a.flatMap((one) =>
    b.flatMap((other) => {
      const from = Math.max(one.from, other.from);
      const to = one.to === null ? other.to : other.to === null ? one.to : Math.min(one.to, other.to);
      return to === null || to > from ? [{ from, to, evidence: [...one.evidence, ...other.evidence] }] : [];
    }),
  );
}

/** When a host was down as a whole: all of its checks at once. */
function hostDown(plans: readonly PlannedCheck[], spells: readonly Spell[]): Stretch[] {
  const each = plans.map((plan) => merge(spells.filter((spell) => spell.check === plan.id && spell.level === 'down')));
  return each.length === 0 ? [] : each.reduce((a, b) => overlap(a, b));
}

/** When every host that carries a service without checks of its own was down; null where that never was. */
function hostsAllDown(input: DraftInput, subject: Subject, facts: IncidentFacts): Stretch[] | null {
  if (subject.hosts.length === 0 || input.plans.some((plan) => plan.subject.id === subject.id)) return null;
  const each = subject.hosts.map((host) =>
    hostDown(
      input.plans.filter((plan) => plan.subject.id === host),
      facts.spells,
    ),
  );
  const all = merge(each.reduce((a, b) => overlap(a, b)));
  return all.length > 0 ? all : null;
}

function throughHosts(input: DraftInput, subject: Subject, stretches: Stretch[], times: Times): Statement {
  const hosts = namesList(subject.hosts.map((id) => input.subjects.find((it) => it.id === id)?.name ?? id));
  const text = `${capital(clean(subject.audience, 120))}: down ${lastingOf(stretches, input, times, [])}, as ${hosts} ${subject.hosts.length === 1 ? 'was' : 'were all'} down.`;
  return { text, evidence: few(stretches.flatMap((it) => it.evidence)) };
}

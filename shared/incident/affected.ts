/** What was affected: services in the words of customers first, then the things themselves. */
import { capital, checkLabel, placeOf } from '../alerting/names.ts';
import { namesOf } from '../model/describe-event.ts';
import type { PlannedCheck, Subject } from '../model/plan.ts';
import { clean, count, listOf } from '../text.ts';
import { humanDuration, MINUTE } from '../time.ts';
import { reachedStatements } from './consequences.ts';
import type { Block, Statement } from './draft.ts';
import { few, namesList } from './evidence.ts';
import type { IncidentFacts } from './facts.ts';
import type { DraftInput } from './input.ts';
import { type PlannedWork, workOn } from './planned.ts';
import { type Spell, worstOf } from './spells.ts';
import { merge, overlap, type Stretch, sumOf } from './stretches.ts';
import type { Times } from './times.ts';

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
  /** Of these, the ones that could only not be reached. */
  unreached: ReadonlySet<string>;
}

/** @returns the blocks of the section, and which subjects they speak of */
export function affectedPart(input: DraftInput, facts: IncidentFacts, times: Times): AffectedPart {
  const bySubject = groupBySubject(facts, facts.spells);
  const statements: Statement[] = [];
  const subjects = new Set<string>(bySubject.keys());

  for (const kind of kindOrder) {
    const those = input.subjects.filter((it) => it.kind === kind);
    const found = those.flatMap((subject) => {
      const spells = bySubject.get(subject.id);
      if (spells) return [{ subject, statement: statementOf(input, facts, subject, spells, times) }];
      if (kind !== 'service' && kind !== 'mail') return [];
      const byHosts = hostsAllDown(input, subject, facts.spells);
      if (!byHosts) return [];
      subjects.add(subject.id);
      return [{ subject, statement: throughHosts(input, subject, byHosts, times) }];
    });
    statements.push(...found.slice(0, mostPerKind).map((it) => it.statement));
    const rest = found.slice(mostPerKind);
    if (rest.length > 0) {
      const evidence = few(rest.flatMap((it) => it.statement.evidence));
      statements.push({
        text: `${count(rest.length, `more ${rest.some((it) => it.subject.leg) ? 'mail service' : kindWord[kind]}`)}: ${namesList(
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
    } as const;
    statements.push(statementOf(input, facts, { ...gone, dependsOn: [], hosts: [] }, spells, times));
  }

  statements.push(...flappingStatements(input, facts, times));
  const reached = reachedStatements(input, facts, namesOfSubjects(input));
  statements.push(...reached.statements, ...plannedStatements(input, facts, subjects));
  for (const id of reached.subjects) subjects.add(id);

  const blocks: Block[] = statements.length > 0 ? [{ kind: 'list', statements }] : [];
  const others = [...groupBySubject(facts, facts.elsewhere)];
  if (others.length > 0) {
    const names = others.map(([id]) => input.subjects.find((it) => it.id === id)?.name ?? id);
    const text = `At the same time there was trouble of its own with ${namesList(names)}; it is not part of this report.`;
    blocks.push({
      kind: 'text',
      statements: [{ text, evidence: few(others.flatMap(([, spells]) => spells.flatMap((spell) => spell.evidence.slice(0, 1)))) }],
    });
    for (const [id] of others) subjects.add(id);
  }
  return { blocks, subjects, unreached: reached.subjects };
}

const groupBySubject = (facts: IncidentFacts, spells: readonly Spell[]): Map<string, Spell[]> =>
  Map.groupBy(spells, (spell) => facts.scope.subjectOf(spell.check));

/** In the words of customers where there are any. */
function namesOfSubjects(input: DraftInput): (ids: Iterable<string>) => string[] {
  const byId = new Map(input.subjects.map((subject) => [subject.id, subject]));
  const rank = (id: string): number => kindOrder.indexOf(byId.get(id)?.kind ?? 'desk');
  return (ids) =>
    [...ids]
      .sort((a, b) => rank(a) - rank(b))
      .map((id) => {
        const subject = byId.get(id);
        return subject ? (subject.kind === 'service' || subject.kind === 'mail' ? subject.audience : subject.name) : id;
      });
}

/** "HTTP on web1 came and went from 00:05:00 to 01:40:00 (1 h 35 min)." */
function flappingStatements(input: DraftInput, facts: IncidentFacts, times: Times): Statement[] {
  const names = namesOf(input.subjects, input.plans);
  return [...Map.groupBy(facts.flapping, (it) => it.check)].slice(0, 10).map(([check, stretches]) => ({
    text: `${names.check(check)} came and went ${lastingOf(
      stretches.map((it) => untilItStayedAway(it, facts)),
      input,
      times,
      [],
    )}.`,
    evidence: few(stretches.flatMap((it) => it.evidence)),
  }));
}

/** That a check flaps is called off long after: one that went and did not come back came and went only until then. */
function untilItStayedAway(it: Stretch & { check: string }, { spells, consequences, blind }: IncidentFacts): Stretch {
  const { check, from, to } = it;
  if (to === null) return it;
  const own = [...spells, ...consequences, ...blind].filter((spell) => spell.check === check && spell.from > from);
  let last = own.find((spell) => spell.from < to && (spell.to === null || spell.to > to));
  if (!last) return it;
  // A spell that changed its level goes on as another one.
  const before = (at: number): Spell | undefined => own.find((spell) => spell.to === at && spell.from < at);
  for (let one: Spell | undefined = last; one; one = before(one.from)) last = one;
  return { ...it, to: last.from };
}

/** "Within planned work “Replace the switch” these failed: web1 and web2." Adds them to what is accounted for. */
function plannedStatements(input: DraftInput, facts: IncidentFacts, subjects: Set<string>): Statement[] {
  const names = namesOfSubjects(input);
  return [...Map.groupBy(facts.planned, (it) => it.work)].map(([work, those]) => {
    const ids = new Set(those.map(({ spell }) => facts.scope.subjectOf(spell.check)));
    for (const id of ids) subjects.add(id);
    const text = `Within planned work “${clean(work.name, 120)}” ${ids.size === 1 ? 'this' : 'these'} failed: ${namesList(names(ids))}.`;
    return { text, evidence: few([...work.evidence, ...those.flatMap(({ spell }) => spell.evidence.slice(0, 1))]) };
  });
}

/** So much longer must a part of it have failed for that to be told. */
const partMs = 5 * MINUTE;

/** "web1 (HTTP and TLS): down from 05:12:10 to 05:26:40 (14 min): connection refused on port 443." */
function statementOf(input: DraftInput, facts: IncidentFacts, subject: Subject, spells: Spell[], times: Times): Statement {
  const plans = input.plans.filter((plan) => plan.subject.id === subject.id);
  const failed = plans.filter((plan) => spells.some((spell) => spell.check === plan.id));
  const site = input.subjects.find((it) => it.id === subject.site)?.name ?? null;
  const name = subject.kind === 'service' || subject.kind === 'mail' ? capital(clean(subject.audience, 120)) : placeOf(subject, site);
  const which = failed.length > 0 && failed.length < plans.length ? ` (${listOf(failed.map(checkLabel), 6)})` : '';
  const level = worstOf(spells);
  const seen = spells.find((spell) => spell.level === level && spell.text !== '')?.text;
  const stretches = merge(spells);
  const within = withinWork(input, stretches, workOn(facts.works, subject.id));
  const cutOff = subject.kind === 'desk' && overlap(stretches, facts.cutOffs).length > 0;
  // All of it was gone for a part of that time only.
  const whole = level === 'down' && plans.length > 1 && which === '' ? hostDown(plans, spells) : [];
  const isPart = whole.length > 0 && sumOf(stretches, input.to) - sumOf(whole, input.to) >= partMs;
  const when = `${isPart ? `${lastingOf(whole, input, times, [])}, in part ` : ''}${lastingOf(stretches, input, times, spells)}`;
  const text = `${name}${which}: ${cutOff ? 'cut off' : levelWord[level]} ${when}${within.text}${seen ? `: ${clean(seen, 200).replace(/\.$/, '')}` : ''}.`;
  return { text, evidence: few([...within.evidence, ...spells.flatMap((spell) => spell.evidence)]) };
}

/** ", of it 1 h within planned work “Replace the switch”". */
function withinWork(input: DraftInput, stretches: readonly Stretch[], works: readonly PlannedWork[]): { text: string; evidence: string[] } {
  const meant = works.filter((work) => overlap(stretches, [work]).length > 0);
  const [first] = meant;
  if (!first) return { text: '', evidence: [] };
  const ms = sumOf(overlap(stretches, merge(meant)), input.to);
  const which = meant.length === 1 ? ` “${clean(first.name, 120)}”` : '';
  return { text: `, of it ${humanDuration(ms)} within planned work${which}`, evidence: meant.flatMap((work) => work.evidence.slice(0, 2)) };
}

/** "from … to … (14 min)", "3 times …", "since …, still open at …". */
function lastingOf(stretches: Stretch[], input: DraftInput, times: Times, spells: readonly Spell[]): string {
  const first = stretches[0] as Stretch;
  const last = stretches.at(-1) as Stretch;
  const closed = spells.some((spell) => spell.end === 'closed')
    ? ', when it left the inventory'
    : spells.some((spell) => spell.end === 'merged')
      ? ', from then on as part of another alert'
      : '';
  if (stretches.length === 1) {
    if (first.to === null)
      return `since ${times.moment(first.from)}, still so as of ${times.moment(input.to)} (${humanDuration(input.to - first.from)})`;
    return `${times.lasting(first.from, first.to)}${closed}`;
  }
  const sum = stretches.reduce((ms, it) => ms + ((it.to ?? input.to) - it.from), 0);
  const end =
    last.to === null
      ? `${times.moment(first.from)} and now, as of ${times.moment(input.to)}`
      : `${times.moment(first.from)} and ${times.moment(last.to)}`;
  return `${stretches.length} times between ${end} (${humanDuration(sum)} in all)${closed}`;
}

/** They look at a host by logging in, or wait for it to call: while it is down they know nothing. */
const lookWithin: ReadonlySet<string> = new Set(['inside', 'backup', 'push', 'queue']);

/** When a host was down as a whole: all of its checks from outside at once. */
export function hostDown(plans: readonly PlannedCheck[], spells: readonly Spell[]): Stretch[] {
  const outside = plans.filter((plan) => !lookWithin.has(plan.type));
  const each = (outside.length > 0 ? outside : plans).map((plan) =>
    merge(spells.filter((spell) => spell.check === plan.id && spell.level === 'down')),
  );
  return each.length === 0 ? [] : each.reduce((a, b) => overlap(a, b));
}

/** When every host that carries a service without checks of its own was down; null where that never was. */
export function hostsAllDown(input: DraftInput, subject: Subject, spells: readonly Spell[]): Stretch[] | null {
  if (subject.hosts.length === 0 || input.plans.some((plan) => plan.subject.id === subject.id)) return null;
  const each = subject.hosts.map((host) =>
    hostDown(
      input.plans.filter((plan) => plan.subject.id === host),
      spells,
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

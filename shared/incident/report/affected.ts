/** What was affected, since when and how; what was not; and what nobody can say anything about. */
import { checkLabel } from '../../alerting/names.ts';
import { isWay } from '../../mail/ways.ts';
import type { Alert } from '../../model/alert.ts';
import type { PlannedCheck, Subject } from '../../model/plan.ts';
import { severityOf } from '../../model/words.ts';
import { clean } from '../../text.ts';
import { hostsAllDown } from '../affected.ts';
import { unreachedByAlert } from '../consequences.ts';
import { alertKey, coverageKey, tally, unwatchedKey } from '../evidence.ts';
import type { SeenRun } from '../input.ts';
import { workOn } from '../planned.ts';
import { type Spell, worstOf } from '../spells.ts';
import { merge, overlap, type Stretch, sumOf } from '../stretches.ts';
import { answersOnly, judgeOthers } from '../unaffected.ts';
import type { ReportFacts } from './schema.ts';
import type { AffectedFact, PortionFact, StretchFact, WorkedFact } from './schema-parts.ts';
import { byKind, type Context, keys } from './things.ts';

/** Reasons that say: it answered, but not with what it should. */
const wrongAnswers: ReadonlySet<string> = new Set([
  'text-missing',
  'text-unwanted',
  'json-mismatch',
  'header-mismatch',
  'too-small',
  'unexpected-answer',
]);
export const isWrongContent = (reason: string): boolean => wrongAnswers.has(reason);

const mostStretches = 50;

/** What checks of these look at is what people use: a failed one says something of the services on its host. */
const ofUse: ReadonlySet<string> = new Set([
  'http',
  'tls',
  'tcp',
  'udp',
  'smtp',
  'imap',
  'pop3',
  'sieve',
  'mysql',
  'postgres',
  'redis',
  'dns',
]);

export function affectedFacts(context: Context): Pick<ReportFacts, 'affected' | 'notAffected' | 'notKnown' | 'elsewhere' | 'wrongContent'> {
  const { input, facts } = context;
  const affected: AffectedFact[] = [...context.bySubject].map(([id, spells]) => ownFact(context, id, spells));
  const known = new Set(context.bySubject.keys());
  for (const subject of input.subjects) {
    if (known.has(subject.id) || subject.hosts.length === 0 || context.plansOf(subject.id).length > 0) continue;
    const found = carriedFact(context, subject);
    if (!found) continue;
    affected.push(found);
    known.add(subject.id);
  }
  const unreached = new Set<string>();
  for (const [alert, ids] of unreachedByAlert(facts)) {
    for (const id of ids) {
      if (known.has(id)) continue;
      known.add(id);
      unreached.add(id);
      affected.push(unreachedFact(context, id, alert));
    }
  }
  // A service that is known by its hosts only is as much out of reach as all of them.
  for (const { id, hosts } of input.subjects) {
    const alert = facts.scope.behind.get(id);
    if (!alert || known.has(id) || context.plansOf(id).length > 0 || hosts.length === 0 || !hosts.every((host) => unreached.has(host)))
      continue;
    known.add(id);
    unreached.add(id);
    affected.push(unreachedFact(context, id, alert));
  }
  affected.sort((a, b) => byKind(a, b) || a.from - b.from);
  // In a stretch of time that nobody tied to anything, all trouble is its own.
  const elsewhere = facts.elsewhere.filter((spell) => !context.byCheck.has(spell.check));
  const others = [...Map.groupBy(elsewhere, (spell) => context.subjectOf(spell.check))].filter(([id]) => !known.has(id));
  const { judged, partly } = judgeOthers(input, facts, { subjects: new Set([...known, ...others.map(([id]) => id)]), unreached });
  return {
    affected: affected.slice(0, 1_000),
    wrongContent: wrongContent(context),
    notAffected: [
      ...judged.flatMap(({ subject, checks, why }) => (why === null ? [workedFact(context, subject, checks, [])] : [])),
      ...partly.map(({ subject, working }) => workedFact(context, subject, working, working.map(checkLabel))),
    ]
      .sort(byKind)
      .slice(0, 1_000),
    notKnown: judged
      .flatMap(({ subject, checks, why, evidence = [] }) => {
        if (why === null) return [];
        const rests = checks.length > 0 ? coverageKey(checks.slice(0, 50)) : unwatchedKey(subject.id);
        return [{ ...context.thing(subject.id), why, evidence: keys([...evidence, rests]) }];
      })
      .sort(byKind)
      .slice(0, 1_000),
    elsewhere: others
      .map(([id, spells]) => {
        const stretches = merge(spells);
        const first = stretches[0] as Stretch;
        return { ...context.thing(id), from: first.from, to: (stretches.at(-1) as Stretch).to, evidence: keys(first.evidence) };
      })
      .slice(0, 200),
  };
}

function unreachedFact(context: Context, id: string, alert: Alert): AffectedFact {
  const { input, facts } = context;
  const to = alert.endedAt !== null && alert.endedAt <= input.to ? alert.endedAt : null;
  const own = facts.consequences.filter((spell) => context.subjectOf(spell.check) === id);
  const stretches = own.length > 0 ? merge(own) : [{ from: alert.firstAt, to, evidence: [alertKey(alert.id)] }];
  return {
    ...shape(context, id, stretches, 'down', [alertKey(alert.id)]),
    how: 'unreachable',
    through: alert.subject.id,
    seen: own.find((spell) => spell.text !== '')?.text ?? '',
    reason: own.find((spell) => spell.reason !== '')?.reason ?? '',
    checks: [],
    portion: null,
    cameAndWent: false,
  };
}

function workedFact(context: Context, subject: Subject, checks: readonly PlannedCheck[], only: string[]): WorkedFact {
  const own = checks.some((plan) => plan.subject.id === subject.id);
  return {
    ...context.thing(subject.id),
    n: tally(context.input, checks).n,
    answersOnly: answersOnly(checks),
    through: own ? [] : subject.hosts.map(context.name),
    only: [...new Set(only)],
    evidence: [coverageKey(checks.slice(0, 50))],
  };
}

/** What all kinds of affected things have in common. */
function shape(context: Context, id: string, stretches: readonly Stretch[], level: Spell['level'], more: string[]) {
  const { input, facts } = context;
  const first = stretches[0] as Stretch;
  const last = stretches.at(-1) as Stretch;
  const works = workOn(facts.works, id);
  return {
    ...context.thing(id),
    from: first.from,
    to: last.to,
    lastedMs: Math.max(0, sumOf(stretches, input.to)),
    times: stretches.length,
    stretches: stretches
      .slice(0, mostStretches)
      .map((it): StretchFact => ({ from: it.from, to: it.to, level, evidence: keys(it.evidence) })),
    plannedMs: works.length === 0 ? 0 : Math.max(0, sumOf(overlap(stretches, merge(works)), input.to)),
    evidence: keys([...stretches.flatMap((it) => it.evidence), ...more]),
  };
}

function ownFact(context: Context, id: string, spells: readonly Spell[]): AffectedFact {
  const level = worstOf(spells);
  const worst = spells.filter((spell) => spell.level === level);
  const seen = worst.find((spell) => spell.text !== '');
  const portion = portionOf(context, id, worst);
  // A queue that is long stands beside the ways of a leg: mail goes on.
  const ways = waysOf(context, id);
  const beside = ways !== null && !worst.some((spell) => ways.includes(spell.check));
  const wrong = worst.filter((spell) => isWrongContent(spell.reason));
  const how: AffectedFact['how'] =
    wrong.length > 0 && wrong.length === worst.length
      ? 'wrong-content'
      : level === 'unknown'
        ? 'unknown'
        : level === 'degraded' || beside
          ? 'degraded'
          : portion
            ? 'partly'
            : 'down';
  const failed = [...new Set(spells.map((spell) => spell.check))];
  return {
    ...shape(context, id, merge(spells), level, []),
    stretches: levelsOf(spells),
    how,
    through: null,
    portion,
    seen: clean(seen?.text ?? '', 400),
    reason: seen?.reason ?? '',
    checks: failed.flatMap((check) => {
      const plan = context.plans.get(check);
      return plan ? [checkLabel(plan)] : [];
    }),
    cameAndWent: context.facts.flapping.some((it) => failed.includes(it.check)),
  };
}

/** Stretches by their worst level: where several checks overlap, the worst of them tells. */
function levelsOf(spells: readonly Spell[]): StretchFact[] {
  const stretches: StretchFact[] = [];
  for (const it of merge(spells)) {
    const within = spells.filter((spell) => spell.from >= it.from && (it.to === null || spell.from <= it.to));
    const level = worstOf(within);
    stretches.push({ from: it.from, to: it.to, level, evidence: keys(it.evidence) });
    if (stretches.length === mostStretches) break;
  }
  return stretches;
}

/** Ids of the checks by which people use a leg of mail; null of everything else, and where it has none. */
function waysOf(context: Context, id: string): string[] | null {
  if (!context.subjects.get(id)?.leg) return null;
  const ways = context.plansOf(id).filter(isWay);
  return ways.length > 0 ? ways.map((plan) => plan.id) : null;
}

const whatOf = ({ kind }: Pick<Subject, 'kind'>, plans: readonly PlannedCheck[]): string =>
  kind === 'prefix' && plans.every((plan) => plan.type === 'icmp') ? 'addresses' : 'checks';

/** The most of its checks that had failed at once, of all; null where that is all of them. */
function portionOf(context: Context, id: string, spells: readonly Spell[]): PortionFact | null {
  const ways = waysOf(context, id);
  const plans = context.plansOf(id).filter((plan) => ways === null || ways.includes(plan.id));
  const own = new Set(plans.map((plan) => plan.id));
  const edges = spells
    .filter((spell) => own.has(spell.check))
    .flatMap((spell) => [
      { at: spell.from, by: 1 },
      { at: spell.to ?? Number.POSITIVE_INFINITY, by: -1 },
    ])
    .sort((a, b) => a.at - b.at || a.by - b.by);
  let [now, hit] = [0, 0];
  for (const { by } of edges) {
    now += by;
    hit = Math.max(hit, now);
  }
  const subject = context.subjects.get(id);
  // A check that could not look (a log-in to a host that is down) says nothing of how much was hit.
  const failed = new Set(spells.map((spell) => spell.check));
  const blind = plans.filter((plan) => !failed.has(plan.id) && context.troubled.get(plan.id)?.some((spell) => spell.level === 'unknown'));
  const of = plans.length - blind.length;
  return subject && hit > 0 && hit < of ? { hit, of, what: whatOf(subject, plans) } : null;
}

/** A service that is known by its hosts only: gone when all of them are, hit in part when something that people use failed on all of them. */
function carriedFact(context: Context, subject: Subject): AffectedFact | null {
  const gone = hostsAllDown(context.input, subject, context.spells);
  const through = subject.hosts.length === 1 ? (subject.hosts[0] ?? null) : null;
  if (gone) {
    const seen = context.bySubject.get(subject.hosts[0] ?? '')?.find((spell) => spell.level === 'down' && spell.text !== '');
    const common = { seen: clean(seen?.text ?? '', 400), reason: seen?.reason ?? '', checks: [], portion: null, cameAndWent: false };
    return { ...shape(context, subject.id, gone, 'down', []), how: 'down', through, ...common };
  }
  const each = subject.hosts.map((host) =>
    (context.bySubject.get(host) ?? []).filter(
      (spell) => spell.level !== 'unknown' && ofUse.has(context.plans.get(spell.check)?.type ?? ''),
    ),
  );
  if (each.length === 0 || each.some((spells) => spells.length === 0)) return null;
  const stretches = merge(each.map((spells) => merge(spells)).reduce((a, b) => overlap(a, b)));
  if (stretches.length === 0) return null;
  const all = each.flat();
  const worst = all.toSorted((a, b) => severityOf(b.level) - severityOf(a.level))[0] as Spell;
  const labels = [...new Set(all.map((spell) => spell.check))].flatMap((check) => {
    const plan = context.plans.get(check);
    return plan ? [checkLabel(plan)] : [];
  });
  return {
    ...shape(context, subject.id, stretches, worst.level, []),
    how: worst.level === 'degraded' ? 'degraded' : 'partly',
    through,
    seen: clean(worst.text, 400),
    reason: worst.reason,
    checks: [...new Set(labels)],
    portion: null,
    cameAndWent: false,
  };
}

/** What answered with the wrong content, by the results themselves where they are there: a hard state does not tell when its reason changed. */
function wrongContent(context: Context): AffectedFact[] {
  const { input } = context;
  const found: AffectedFact[] = [];
  for (const [id, spells] of context.bySubject) {
    const checks = [...new Set(spells.map((spell) => spell.check))];
    const stretches = checks.flatMap((check): (Stretch & { text: string; reason: string })[] => {
      const own = spells.filter((spell) => spell.check === check);
      const runs = input.seen?.[check];
      if (!runs) return own.filter((spell) => isWrongContent(spell.reason)).map((spell) => ({ ...spell }));
      return runs.flatMap((run, index) => wrongRun(run, runs[index + 1], own));
    });
    if (stretches.length === 0) continue;
    const merged = merge(stretches);
    const first = stretches.toSorted((a, b) => a.from - b.from)[0] as (typeof stretches)[number];
    const labels = checks.flatMap((check) => (context.plans.get(check) ? [checkLabel(context.plans.get(check) as PlannedCheck)] : []));
    found.push({
      ...shape(context, id, merged, worstOf(spells), []),
      how: 'wrong-content',
      through: null,
      seen: clean(first.text, 400),
      reason: first.reason,
      checks: labels,
      portion: null,
      cameAndWent: false,
    });
  }
  return found.sort((a, b) => byKind(a, b) || a.from - b.from).slice(0, 200);
}

/** A run of wrong answers within a spell, until the next other result. */
function wrongRun(run: SeenRun, next: SeenRun | undefined, spells: readonly Spell[]): (Stretch & { text: string; reason: string })[] {
  if (!isWrongContent(run.reason)) return [];
  const spell = spells.find((it) => it.from <= run.to && (it.to === null || it.to >= run.from));
  if (!spell) return [];
  const to = next ? next.from : spell.to;
  return [{ from: run.from, to, text: run.text, reason: run.reason, evidence: spell.evidence }];
}

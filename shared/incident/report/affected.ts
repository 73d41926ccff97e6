/** What was affected, since when and how; what was not; and what nobody can say anything about. */
import { checkLabel } from '../../alerting/names.ts';
import { isWay } from '../../mail/ways.ts';
import type { Alert } from '../../model/alert.ts';
import type { PlannedCheck, Subject } from '../../model/plan.ts';
import { clean } from '../../text.ts';
import { MINUTE } from '../../time.ts';
import { hostDown } from '../affected.ts';
import { unreachedByAlert } from '../consequences.ts';
import { alertKey, coverageKey, tally, unwatchedKey } from '../evidence.ts';
import { type Spell, worstOf } from '../spells.ts';
import { merge, type Stretch } from '../stretches.ts';
import { answersOnly, judgeOthers } from '../unaffected.ts';
import { carriedFact } from './carried.ts';
import type { ReportFacts } from './schema.ts';
import type { AffectedFact, PortionFact, StretchFact, WorkedFact } from './schema-parts.ts';
import { mostStretches, shape } from './shape.ts';
import { isSilent } from './silent.ts';
import { byKind, type Context, keys } from './things.ts';
import { isWrongContent, wrongContent } from './wrong-content.ts';

export function affectedFacts(context: Context): Pick<ReportFacts, 'affected' | 'notAffected' | 'notKnown' | 'elsewhere' | 'wrongContent'> {
  const { input, facts } = context;
  const affected: AffectedFact[] = [...context.bySubject].map(([id, spells]) => ownFact(context, id, spells));
  const known = new Set(context.bySubject.keys());
  /** Mail entries that are told by their legs. */
  const legged = new Set(input.subjects.flatMap(({ leg }) => (leg ? [leg.entry] : [])));
  for (const subject of input.subjects) {
    if (known.has(subject.id) || legged.has(subject.id) || subject.hosts.length === 0 || context.plansOf(subject.id).length > 0) continue;
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
      if (!legged.has(id)) affected.push(unreachedFact(context, id, alert));
    }
  }
  for (const { id, leg } of input.subjects) if (leg && known.has(id)) known.add(leg.entry);
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
    // What answered, with an error of its own, was reached.
    how: own.some(({ level, reason }) => level === 'down' && !isSilent(reason)) ? 'down' : 'unreachable',
    through: alert.subject.id,
    seen: own.find((spell) => spell.text !== '')?.text ?? '',
    reason: own.find((spell) => spell.reason !== '')?.reason ?? '',
    checks: [],
    portion: null,
    partlyFrom: partlyFrom(context, id, own),
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
    partlyFrom: how === 'down' ? partlyFrom(context, id, spells) : null,
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

/** A part that comes back this much earlier than the rest is worth telling. */
const partMs = 5 * MINUTE;

/** When a part of what was gone altogether came back, well before the rest of it. */
function partlyFrom(context: Context, id: string, spells: readonly Spell[]): number | null {
  const ways = waysOf(context, id);
  const plans = context.plansOf(id).filter((plan) => ways === null || ways.includes(plan.id));
  const whole = plans.length > 1 ? hostDown(plans, spells) : [];
  const back = whole.at(-1)?.to ?? null;
  const last = merge(spells.filter((spell) => spell.level === 'down')).at(-1);
  return back !== null && whole.length === 1 && last && (last.to ?? Number.POSITIVE_INFINITY) - back >= partMs ? back : null;
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

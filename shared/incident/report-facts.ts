/** The facts of a report: everything that was seen or typed, put together once for all drafts. */
import { subjectIdOf } from '../alerting/names.ts';
import { clean } from '../text.ts';
import { nearOf } from './cause.ts';
import { alertKey } from './evidence.ts';
import { incidentFacts } from './facts.ts';
import type { DraftInput } from './input.ts';
import { affectedFacts } from './report/affected.ts';
import { backupFacts } from './report/backups.ts';
import { slaFacts } from './report/credits.ts';
import { diagnosisFacts } from './report/diagnosis.ts';
import { linesOf, logFacts } from './report/log.ts';
import { mailFacts } from './report/mail.ts';
import { milestones } from './report/milestones.ts';
import { nearbyFacts } from './report/nearby.ts';
import { openQuestions } from './report/questions.ts';
import { recoverySteps } from './report/recovery.ts';
import type { ReportFacts } from './report/schema.ts';
import { type Context, contextOf } from './report/things.ts';
import { gapFacts, toldFacts } from './report/told.ts';
import { vantageFacts } from './report/vantage.ts';
import { wayFacts } from './report/ways.ts';
import { workFacts } from './report/work.ts';

export { type ReportFacts, reportFactsSchema } from './report/schema.ts';

/** Gathers the facts of a report. Pure; every fact points at its evidence. */
export function reportFacts(input: DraftInput): ReportFacts {
  const facts = incidentFacts(input);
  const context = contextOf(input, facts);
  const lines = linesOf(context);
  const steps = recoverySteps(context);
  const affected = affectedFacts(context);
  const log = logFacts(context, lines, nearOf(input, facts));
  const times = milestones(context, lines, steps);
  const ways = wayFacts(context);
  const said = [...log.notes, ...log.actions, ...log.decisions, ...log.contacts, ...log.rootCause, ...log.resolutions].sort(
    (a, b) => a.at - b.at,
  );
  const found: Omit<ReportFacts, 'open'> = {
    version: 1,
    organization: clean(input.organization.name, 120),
    zone: input.zone,
    from: input.from,
    to: input.to,
    now: input.now,
    title: clean(input.title ?? input.incident?.title ?? facts.told[0]?.title ?? '', 200),
    ...times,
    alerts: alertFacts(context),
    diagnosis: diagnosisFacts(context),
    ...affected,
    // A gateway that answers is no link that works: it is told with the links.
    notAffected: affected.notAffected.filter((it) => !ways.links.some((link) => link.id === it.id && link.prefixes.hit > 0)),
    watched: { failed: new Set(context.spells.map((spell) => spell.check)).size, of: facts.watched },
    recoverySteps: steps,
    vantage: vantageFacts(context, said),
    ...ways,
    mail: mailFacts(context, affected.affected),
    backups: backupFacts(context, said, log.progress),
    ...log,
    work: workFacts(context),
    nearby: nearbyFacts(context),
    ...toldFacts(context),
    gaps: gapFacts(context),
    sla: slaFacts(context, ways.links, ways.prefixes, times.recovery?.at ?? times.resolution?.at ?? null),
  };
  return { ...found, open: openQuestions(found) };
}

function alertFacts({ input, facts }: Context): ReportFacts['alerts'] {
  const closed = new Set(facts.closed.map((it) => it.alert.id));
  return input.alerts.slice(0, 1_000).map((alert) => ({
    id: alert.id,
    title: clean(alert.peak?.title ?? alert.title, 200),
    thing: alert.subject.id || subjectIdOf(alert.checks[0] ?? ''),
    severity: alert.severity,
    firstAt: alert.firstAt,
    raisedAt: alert.raisedAt,
    endedAt: alert.endedAt !== null && alert.endedAt <= input.to ? alert.endedAt : null,
    end: facts.scope.merged.has(alert.id)
      ? 'merged'
      : alert.endedAt === null || alert.endedAt > input.to
        ? 'open'
        : closed.has(alert.id)
          ? 'closed'
          : 'recovered',
    evidence: [alertKey(alert.id)],
  }));
}

/** Every moment that a draft may name: for the choice of how its times are written. */
export function momentsOf(facts: ReportFacts): number[] {
  const found: number[] = [];
  const walk = (value: unknown, key: string): void => {
    if (typeof value === 'number') {
      if (named.has(key)) found.push(value);
    } else if (Array.isArray(value)) for (const it of value) walk(it, key);
    else if (typeof value === 'object' && value !== null)
      for (const [inner, it] of Object.entries(value)) if (!silent.has(inner)) walk(it, inner);
  };
  walk(facts, '');
  return found;
}
const named: ReadonlySet<string> = new Set([
  'at',
  'from',
  'to',
  'firstAt',
  'raisedAt',
  'endedAt',
  'plannedFrom',
  'plannedTo',
  'receivedAt',
  'since',
  'newestAt',
]);
/** Whole months, and days to come, are named by their dates wherever they stand. */
const silent: ReadonlySet<string> = new Set(['sla', 'traces', 'dueAt', 'nextAt']);

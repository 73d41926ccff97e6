/** Chooses what a document shows charts of, and reads it. */
import { checkLabel } from '../../shared/alerting/names.ts';
import { unitOf } from '../../shared/checks/index.ts';
import type { History } from '../../shared/contract.ts';
import type { Chart, ChartPoint } from '../../shared/documents/chart.ts';
import type { Alert } from '../../shared/model/alert.ts';
import type { DocumentKind, DocumentOptions } from '../../shared/model/document.ts';
import type { Plan, PlannedCheck } from '../../shared/model/plan.ts';
import type { SmokePoint } from '../../shared/smoke.ts';
import { clean } from '../../shared/text.ts';
import { MINUTE } from '../../shared/time.ts';

export interface ChartReaders {
  /** Results of a check between two moments, epoch ms. */
  history(check: string, from: number, to: number): History;
  pings(check: string, from: number, to: number): SmokePoint[];
}

/** Customers are told in words what happened to them; what a check measured is of use to those who run it. */
const withCharts: ReadonlySet<DocumentKind> = new Set(['post-mortem', 'provider-ticket', 'sla-credit']);
const mostCharts = 6;
const mostPoints = 240;

/**
 * Charts of the checks that failed, the worst alert first.
 * @param about.from first symptom, epoch ms; `to` null = it lasts
 */
export function chartsOf(
  readers: ChartReaders,
  plan: Plan,
  about: {
    kind: DocumentKind;
    options: DocumentOptions;
    alerts: readonly Alert[];
    subjects: readonly string[];
    from: number;
    to: number | null;
  },
  now: number,
): Chart[] {
  if (!withCharts.has(about.kind)) return [];
  const end = Math.min(about.to ?? now, now);
  const around = Math.max(10 * MINUTE, (end - about.from) * 0.15);
  const from = Math.max(0, Math.floor(about.from - around));
  const to = Math.min(now, Math.ceil(end + around));
  if (to <= from) return [];
  return wantedChecks(plan, about)
    .slice(0, mostCharts)
    .flatMap((check) => chartOf(readers, plan, check, { ...about, from, to, mark: { from: about.from, to: end } }) ?? []);
}

function wantedChecks(
  plan: Plan,
  { alerts, subjects, options }: { alerts: readonly Alert[]; subjects: readonly string[]; options: DocumentOptions },
): PlannedCheck[] {
  const worst = { down: 0, degraded: 1, unknown: 2 } as const;
  const sorted = [...alerts].sort((a, b) => worst[a.severity] - worst[b.severity] || a.firstAt - b.firstAt);
  // One of each alert, then the second of each: three checks of one thing leave room for the others.
  const lists = sorted.map((alert) => alert.checks);
  const inTurn = Array.from({ length: Math.max(0, ...lists.map((it) => it.length)) }, (_, at) =>
    lists.flatMap((it) => it[at] ?? []),
  ).flat();
  const byId = new Map(plan.checks.map((it) => [it.id, it]));
  const ofSubjects = plan.checks.filter((it) => subjects.includes(it.subject.id) && alerts.length === 0);
  const all = [...new Set([...inTurn.flatMap((id) => byId.get(id) ?? []), ...ofSubjects])];
  if (options.provider === undefined) return all;
  // What a provider is told of: its circuit, and what is reached through it.
  const theirs = plan.subjects.filter(
    (it) =>
      it.id === options.provider || it.site === options.provider || it.dependsOn.some((group) => group.includes(options.provider ?? '')),
  );
  const ids = new Set(theirs.map((it) => it.id));
  return all.filter((it) => ids.has(it.subject.id));
}

function chartOf(
  { history, pings }: ChartReaders,
  plan: Plan,
  check: PlannedCheck,
  it: { options: DocumentOptions; from: number; to: number; mark: Chart['mark'] },
): Chart | null {
  const { from, to, mark, options } = it;
  const raw = history(check.id, from, to);
  if (raw.points.length === 0) return null;
  const least = Math.max(
    Math.ceil((to - from) / mostPoints),
    raw.resolution === 'hour' ? 60 * MINUTE : raw.resolution === 'minute' ? MINUTE : check.intervalMs,
  );
  const found = new Map<number, ChartPoint & { usuals: number[]; lost: number; sent: number }>();
  const at = (moment: number) => {
    const start = from + Math.floor((moment - from) / least) * least;
    const have = found.get(start) ?? {
      at: start,
      usual: null,
      high: null,
      loss: null,
      ok: 0,
      degraded: 0,
      down: 0,
      unknown: 0,
      usuals: [],
      lost: 0,
      sent: 0,
    };
    found.set(start, have);
    return have;
  };
  for (const point of raw.points) {
    const into = at(Math.max(from, point.at));
    for (const state of ['ok', 'degraded', 'down', 'unknown'] as const) into[state] += point[state];
    if (point.p50 !== null) into.usuals.push(point.p50);
    if (point.p95 !== null) into.high = Math.max(into.high ?? 0, point.p95);
  }
  for (const ping of pings(check.id, from, to)) {
    const into = at(Math.max(from, ping.at));
    into.lost += ping.lost;
    into.sent += ping.sent;
  }
  const points = [...found.values()]
    .sort((a, b) => a.at - b.at)
    .map(({ usuals, lost, sent, ...point }): ChartPoint => {
      usuals.sort((a, b) => a - b);
      return { ...point, usual: usuals[usuals.length >> 1] ?? null, loss: sent > 0 ? lost / sent : null };
    });
  const subject = plan.subjects.find((one) => one.id === check.subject.id);
  return {
    check: check.id,
    title: `${clean(checkLabel(check), 80)} of ${clean(subject?.name ?? check.subject.id, 120)}`,
    unit: clean(unitOf(check), 20),
    from,
    to,
    zone: options.zone,
    clock: options.clock,
    mark,
    points,
    stepMs: least,
  };
}

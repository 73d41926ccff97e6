/** The length of a mail queue from numbers alone: metrics of an exporter (Prometheus text format), or a small JSON. */
import { z } from 'zod';
import { type QueueFacts, type QueueName, queueNames } from '../../shared/checks/queue-facts.ts';
import { SECOND } from '../../shared/time.ts';

/** Messages by the label "queue", as the usual exporters call it, best first. */
const lengthNames = ['postfix_showq_message_size_bytes_count', 'postfix_showq_queue_depth', 'postfix_queue_length'];
/** A histogram of the seconds that messages have waited, and a gauge of the oldest one's. */
const ageHistogram = 'postfix_showq_message_age_seconds';
const ageGauge = 'postfix_queue_age';

const mostSeries = 500;

interface AgeLimits {
  oldestDegraded: number;
  oldestDown: number;
}

/** Where only the oldest message is known: one at least is so old. */
const oldestOnly = (seconds: number, limits: AgeLimits, now: number): QueueFacts => ({
  olderDegraded: seconds * SECOND >= limits.oldestDegraded ? 1 : 0,
  olderDown: seconds * SECOND >= limits.oldestDown ? 1 : 0,
  ...(seconds > 0 ? { oldestAt: now - seconds * SECOND } : {}),
});

/** "name{a="b",c="d"} 1.5e3 1700000000": name, labels and value; null where it is none. */
export function readSeries(line: string): { name: string; labels: Map<string, string>; value: number } | null {
  const [, name = '', rest = ''] = /^([a-zA-Z_:][a-zA-Z0-9_:]{0,199})(.*)$/.exec(line) ?? [];
  const labels = new Map<string, string>();
  let at = 0;
  if (rest.startsWith('{')) {
    const label = /\s*([a-zA-Z_][a-zA-Z0-9_]{0,99})\s*=\s*"((?:[^"\\]|\\.){0,300})"\s*,?/y;
    label.lastIndex = 1;
    for (let found = label.exec(rest); found && labels.size < 50; found = label.exec(rest)) {
      labels.set(found[1] ?? '', found[2] ?? '');
      at = label.lastIndex;
    }
    const end = /\s*\}/y;
    end.lastIndex = Math.max(1, at);
    if (!end.test(rest)) return null;
    at = end.lastIndex;
  }
  const text = /^\s+([-+]?(?:\d[\d.]*(?:e[-+]?\d+)?|Inf))(?:\s|$)/i.exec(rest.slice(at))?.[1];
  if (name === '' || text === undefined) return null;
  const value = /inf$/i.test(text) ? (text.startsWith('-') ? -1 : 1) * Number.POSITIVE_INFINITY : Number(text);
  return Number.isNaN(value) ? null : { name, labels, value };
}

const nameOf = (label: string | undefined): QueueName =>
  label === 'maildrop' ? 'incoming' : (queueNames.find((it) => it === label) ?? 'other');

/** @param metric name of the metric with the number of messages; those of the usual exporters where left out */
export function createMetrics(metric: string | undefined, limits: AgeLimits) {
  const wanted = metric === undefined ? lengthNames : [metric];
  const names = new Set([...wanted, `${ageHistogram}_bucket`, `${ageHistogram}_count`, `${ageHistogram}_sum`, ageGauge, 'postfix_up']);
  const series: { name: string; labels: Map<string, string>; value: number }[] = [];
  const valuesOf = (name: string) => series.filter((it) => it.name === name);
  return {
    line(line: string): void {
      if (series.length >= mostSeries || !names.has(/^[a-zA-Z0-9_:]*/.exec(line)?.[0] ?? '')) return;
      const read = readSeries(line);
      if (read) series.push(read);
    },
    /** @returns null where no such metric was there; `failed` where the exporter says that it cannot see the queue */
    facts(now: number): { facts: QueueFacts; failed: boolean } | null {
      const failed = valuesOf('postfix_up').some(({ value }) => value === 0);
      const lengths = wanted.map(valuesOf).find((it) => it.length > 0);
      if (!lengths) return failed ? { facts: {}, failed } : null;
      const totals: Partial<Record<QueueName, number>> = {};
      for (const { labels, value } of lengths) {
        if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER)) continue;
        const name = nameOf(labels.get('queue'));
        totals[name] = (totals[name] ?? 0) + value;
      }
      const total = Object.values(totals).reduce((sum, it) => sum + it, 0);
      return { facts: { total, ...totals, ...agesOf(valuesOf, limits, now) }, failed };
    },
  };
}

type ValuesOf = (name: string) => { labels: Map<string, string>; value: number }[];

/** A histogram tells how many are older than each of its steps: all that is told of it is true at least. */
function agesOf(valuesOf: ValuesOf, limits: AgeLimits, now: number): QueueFacts {
  const waits = ({ labels }: { labels: Map<string, string> }): boolean => labels.get('queue') !== 'hold';
  const steps = new Map<number, number>();
  for (const { labels, value } of valuesOf(`${ageHistogram}_bucket`).filter(waits)) {
    const le = Number(labels.get('le')?.replace(/^\+Inf$/i, 'Infinity') ?? Number.NaN);
    if (!Number.isNaN(le)) steps.set(le, (steps.get(le) ?? 0) + value);
  }
  const gauges = valuesOf(ageGauge).filter(waits);
  if (gauges.length > 0) {
    const oldest = Math.max(...gauges.map(({ value }) => value));
    return Number.isFinite(oldest) ? oldestOnly(oldest, limits, now) : {};
  }
  const all = steps.get(Number.POSITIVE_INFINITY);
  if (all === undefined) return {};
  const olderThan = (seconds: number): number => {
    const step = [...steps.keys()].filter((le) => le >= seconds).sort((a, b) => a - b)[0];
    return step === undefined ? 0 : Math.max(0, all - (steps.get(step) ?? all));
  };
  const passed = [...steps].filter(([le, n]) => Number.isFinite(le) && all - n > 0).map(([le]) => le);
  // The oldest is no younger than the average.
  const means = valuesOf(`${ageHistogram}_sum`)
    .filter(waits)
    .map(({ labels, value }) => {
      const count = valuesOf(`${ageHistogram}_count`).find((it) => it.labels.get('queue') === labels.get('queue'))?.value ?? 0;
      return count > 0 ? value / count : 0;
    });
  const least = Math.max(0, ...passed, ...means.filter((it) => Number.isFinite(it)));
  return {
    olderDegraded: olderThan(limits.oldestDegraded / SECOND),
    olderDown: olderThan(limits.oldestDown / SECOND),
    ...(least > 0 ? { oldestAt: now - least * SECOND, oldestOrEarlier: true } : {}),
  };
}

const amount = z.int().min(0).max(Number.MAX_SAFE_INTEGER).optional();
const summarySchema = z.object({
  total: amount,
  incoming: amount,
  maildrop: amount,
  active: amount,
  deferred: amount,
  hold: amount,
  other: amount,
  oldestSeconds: z.number().min(0).max(1e10).optional(),
});

/** {"total": 12, "deferred": 10, "hold": 1, "oldestSeconds": 900}: any of them, but the total or a queue. Null where it is none. */
export function readSummary(text: string, limits: AgeLimits, now: number): QueueFacts | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const read = summarySchema.safeParse(json);
  if (!read.success) return null;
  const { total, maildrop, oldestSeconds, ...named } = read.data;
  const totals: Partial<Record<QueueName, number>> = {};
  for (const name of queueNames) if (named[name] !== undefined) totals[name] = named[name];
  if (maildrop !== undefined) totals.incoming = (totals.incoming ?? 0) + maildrop;
  const sum = Object.values(totals).reduce((a, b) => a + b, 0);
  if (total === undefined && Object.keys(totals).length === 0) return null;
  return {
    total: Math.max(total ?? 0, sum),
    ...totals,
    ...(oldestSeconds === undefined ? {} : oldestOnly(oldestSeconds, limits, now)),
  };
}

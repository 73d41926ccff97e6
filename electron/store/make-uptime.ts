/** Gathers what uptime is made of from the store. The figures are made by shared/uptime. */
import type { Reply } from '../../shared/bind.ts';
import { drillFileName } from '../../shared/documents/drill-band.ts';
import { staleAfterMs } from '../../shared/health/step.ts';
import { mergeWindows } from '../../shared/maintenance/merge.ts';
import type { Plan } from '../../shared/model/plan.ts';
import { fail, ok } from '../../shared/result.ts';
import { dayKey, MINUTE } from '../../shared/time.ts';
import { uptimeOf } from '../../shared/uptime/compute.ts';
import type { UptimeReport } from '../../shared/uptime/report.ts';
import { uptimeCsv } from '../../shared/uptime/to-csv.ts';
import type { StoreReader } from './store.ts';

export interface UptimeRequest {
  /** Epoch ms. */
  from: number;
  to: number;
  /** Subject ids; null = everything that has checks, and all sites. */
  subjects: readonly string[] | null;
  zone: string;
  /** It tells of a drill: whatever is written says so. */
  drill?: boolean;
}
export interface MadeUptime {
  report: UptimeReport;
  csv: string;
  fileName: string;
}

type Stretch = { from: number; to: number };
export type UptimeStore = Pick<StoreReader, 'spells' | 'gaps' | 'windows' | 'lastSampleAt'>;

/** A year of a thousand checks takes a while: in the app only the history worker calls this. @param now epoch ms */
export function makeUptime(store: UptimeStore, plan: Plan, request: UptimeRequest, now: number): Reply<MadeUptime> {
  const { subjects, zone, drill = false } = request;
  if (request.to <= request.from) return fail({ code: 'bad-range', text: 'The end of the stretch must come after its beginning.' });
  if (request.from >= now) return fail({ code: 'bad-range', text: 'This stretch has not begun yet: nothing is known of it.' });
  const [from, to] = [request.from, Math.min(request.to, now)];
  const report = readUptime(store, plan, { from, to, subjects });
  const name = fileNameOf(from, to, zone);
  return ok({ report, csv: uptimeCsv(report, zone, drill), fileName: drill ? drillFileName(name) : name });
}

/** @param wanted a range that does not end in the future; see UptimeInput */
export function readUptime(
  store: UptimeStore,
  plan: Plan,
  { from, to, ...wanted }: Stretch & { subjects: readonly string[] | null; detail?: readonly string[] },
): UptimeReport {
  return uptimeOf({
    plan,
    from,
    to,
    ...wanted,
    spells: store.spells(
      plan.checks.map((check) => check.id),
      from,
      to,
    ),
    gaps: [...store.gaps(from, to), ...unwatched(store.lastSampleAt(), plan, from, to)],
    windows: mergeWindows(plan.maintenance, store.windows(from)),
  });
}

/**
 * Nobody says when an engine was killed, until the next one starts: what came after the last result was not watched, once the most
 * frequent check should have given another.
 */
function unwatched(lastAt: number | null, plan: Plan, from: number, to: number): Stretch[] {
  const patienceMs = Math.max(MINUTE, Math.min(...plan.checks.map((check) => staleAfterMs(check.intervalMs, check.timeoutMs))));
  if (lastAt !== null && to - lastAt <= patienceMs) return [];
  return [{ from: Math.max(from, lastAt ?? from), to }];
}

/** A stretch that ends at midnight ends with the day before. */
function fileNameOf(from: number, to: number, zone: string): string {
  const [first, last] = [dayKey(from, zone), dayKey(to - 1, zone)];
  return `uptime ${first}${first === last ? '' : ` to ${last}`}.csv`;
}

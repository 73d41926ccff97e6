/** Keeps what statements rest on, and numbers it in the order of use. */
import { checkLabel } from '../alerting/names.ts';
import { staleAfterMs } from '../health/step.ts';
import { describeEvent, type EventNames } from '../model/describe-event.ts';
import type { NightEvent } from '../model/event.ts';
import type { PlannedCheck } from '../model/plan.ts';
import { clean, count, listOf } from '../text.ts';
import { humanDuration } from '../time.ts';
import type { Block, Evidence, Section } from './draft.ts';
import type { DraftInput } from './input.ts';
import type { Times } from './times.ts';

export const alertKey = (id: string): string => `alert:${id}`;
export const windowKey = (id: string): string => `window:${id}`;
export const incidentKey = (id: string): string => `incident:${id}`;
export const coverageKey = (checks: readonly Pick<PlannedCheck, 'id'>[]): string => `coverage:${checks.map((check) => check.id).join(',')}`;
export const unwatchedKey = (subject: string): string => `unwatched:${subject}`;
export const routineKey = (routine: string, at: number): string => `routine:${routine}@${at}`;
export const backupKey = (check: string): string => `backup:${check}`;
export const uptimeKey = (subject: string, month: string): string => `uptime:${subject}@${month}`;

/** So many footnotes may one statement carry; what happened between the first and the last of them stands in the timeline. */
const mostPerStatement = 6;
export const few = (keys: readonly string[]): string[] => {
  const unique = [...new Set(keys)];
  return unique.length <= mostPerStatement ? unique : [...unique.slice(0, mostPerStatement - 2), ...unique.slice(-2)];
};

/** How many results there were and how many were ok, added up over some checks. */
export interface Tally {
  n: number;
  ok: number;
  /** Longest time without a result of any one of them; null where one had none at all. */
  longestGapMs: number | null;
}

export interface EvidenceBook {
  /** @returns the key of the evidence that some checks did (or did not) give good results over the range */
  coverage(name: string, checks: readonly PlannedCheck[]): string;
  /** @returns the key of the evidence that nothing watches a subject */
  unwatched(subject: { kind: string; id: string; name: string }): string;
  /** Numbers everything that the sections use. Throws where a key leads nowhere: that is a bug. */
  number(sections: readonly Section[]): Evidence[];
}

type Known = Omit<Evidence, 'number' | 'key'>;

/** Puts into words what statements rest on; only what is used is ever put into words. */
export function createEvidence(input: DraftInput, names: EventNames, times: Times): EvidenceBook {
  const events = new Map<string, NightEvent>();
  const known = new Map<string, Known>();
  const plans = new Map(input.plans.map((plan) => [plan.id, plan]));

  const byKind: Record<string, (id: string) => Known | null> = {
    alert: (id) => ofAlert(input, times, id),
    window(id) {
      const window = input.windows?.find((it) => it.id === id);
      if (!window) return null;
      const text = `Planned work “${clean(window.name, 120)}”, entered by ${clean(window.by, 80)} ${times.stamp(window.createdAt)}`;
      return { source: { kind: 'window', window: id, at: window.createdAt }, text };
    },
    incident(id) {
      const { incident } = input;
      if (incident?.id !== id) return null;
      const text = `Incident “${clean(incident.title, 200)}”, opened by ${clean(incident.openedBy, 80)} ${times.stamp(incident.openedAt)}, ${incident.status}`;
      return { source: { kind: 'incident', incident: id, at: incident.openedAt }, text };
    },
    coverage(ids) {
      const checks = ids.split(',').flatMap((id) => plans.get(id) ?? []);
      return checks.length > 0
        ? covered(
            listOf(
              checks.map((plan) => names.check(plan.id)),
              6,
            ),
            checks,
          )
        : null;
    },
    unwatched(id) {
      const subject = input.subjects.find((it) => it.id === id);
      return subject ? unwatched(subject) : null;
    },
    routine(key) {
      const [id = '', at = ''] = key.split('@');
      const routine = input.routines?.find((it) => it.id === id);
      if (!routine) return null;
      const text = `Inventory: “${clean(routine.name, 120)}” runs at ${times.stamp(Number(at))} (${clean(routine.cron, 60)}, ${clean(routine.zone, 60)})`;
      return { source: { kind: 'routine', routine: id, at: Number(at) }, text };
    },
    backup(check) {
      const sight = input.backups?.[check];
      if (!sight) return null;
      const newest =
        sight.newestAt === null ? 'no backup could be restored' : `the newest usable backup was of ${times.stamp(sight.newestAt)}`;
      return { source: { kind: 'backup', check, at: sight.at }, text: `${times.stamp(sight.at)}: ${names.check(check)}: ${newest}` };
    },
    uptime(key) {
      const [id = '', month = ''] = key.split('@');
      const it = input.months?.find((one) => one.month === month);
      const subject = input.subjects.find((one) => one.id === id);
      const line = it?.report.lines.find((one) => one.id === id);
      if (!it || !subject) return null;
      const down = !line ? 'nothing known' : line.parts.down > 0 ? humanDuration(line.parts.down) : 'at no time';
      const text = `Uptime of ${clean(subject.name, 120)} in ${month}: down ${down}; SLA of the inventory: ${subject.sla ? `${subject.sla.target} %` : 'none'}`;
      return { source: { kind: 'uptime', subject: id, from: it.report.from, to: it.report.to }, text };
    },
  };

  function covered(name: string, checks: readonly PlannedCheck[]): Known {
    const sum = tally(input, checks);
    const gap = sum.longestGapMs === null ? '' : `, longest time without one ${humanDuration(sum.longestGapMs)}`;
    const of = checks.length > 1 ? ` (${count(checks.length, 'check')})` : '';
    return {
      source: { kind: 'coverage', checks: checks.map((check) => check.id), ...sum },
      text: `Results of ${clean(name, 400)}${of}, ${times.span(input.from, input.to)}: ${sum.ok} of ${sum.n} ok${gap}`,
    };
  }
  const unwatched = (subject: { id: string; name: string }): Known => ({
    source: { kind: 'unwatched', subject: subject.id },
    text: `Inventory: ${clean(subject.name, 120)} has no check`,
  });
  const ofEvent = (event: NightEvent): Known => {
    const { label, text } = describeEvent(event, names);
    return {
      source: { kind: 'event', event: event.id, at: event.at },
      text: `${times.stamp(event.at)}: ${label}. ${clean(text, 500)}`,
    };
  };
  const find = (key: string): Known | null => {
    const event = events.get(key);
    if (event) return ofEvent(event);
    const cut = key.indexOf(':');
    return known.get(key) ?? byKind[key.slice(0, cut)]?.(key.slice(cut + 1)) ?? null;
  };
  return {
    coverage(name, checks) {
      const key = coverageKey(checks);
      known.set(key, covered(name, checks));
      return key;
    },
    unwatched(subject) {
      const key = unwatchedKey(subject.id);
      known.set(key, unwatched(subject));
      return key;
    },
    number(sections) {
      const keys = new Set(sections.flatMap((section) => section.blocks.flatMap(keysOf)));
      // Of 100,000 lines a draft cites some hundreds.
      for (const lines of [input.earlier ?? [], input.events])
        for (const event of lines) if (keys.has(event.id)) events.set(event.id, event);
      return [...keys].map((key, index) => {
        const found = find(key);
        if (!found) throw new Error(`a draft leans on evidence that is not there: ${key}`);
        return { number: index + 1, key, ...found };
      });
    },
  };
}

function ofAlert(input: DraftInput, times: Times, id: string): Known | null {
  const alert = input.alerts.find((it) => it.id === id);
  if (!alert) return null;
  const end = alert.endedAt === null ? 'open' : `ended ${times.stamp(alert.endedAt)}`;
  const more = [
    ...(alert.consequences.length > 0 ? [`${count(alert.consequences.length, 'check')} unreachable because of it`] : []),
    ...alert.related.map((it) => `beside it: ${clean(it.text, 200)}`),
  ];
  const text = [
    `${times.stamp(alert.raisedAt)}: Alert “${clean(alert.title, 200)}”`,
    `first symptom ${times.stamp(alert.firstAt)}`,
    end,
    ...more.slice(0, 6),
  ].join(', ');
  return { source: { kind: 'alert', alert: id, at: alert.raisedAt }, text };
}

/** The evidence that a block uses, in reading order. */
export function keysOf(block: Block): string[] {
  if (block.kind === 'gap') return [];
  return (block.kind === 'table' ? block.rows : block.statements).flatMap((it) => it.evidence);
}

/** Adds up what the samples of some checks say about the range. */
export function tally(input: Pick<DraftInput, 'coverage'>, checks: readonly PlannedCheck[]): Tally {
  let sum: Tally = { n: 0, ok: 0, longestGapMs: 0 };
  for (const { id } of checks) {
    const it = Object.hasOwn(input.coverage, id) ? input.coverage[id] : undefined;
    const gap = it && it.n > 0 && sum.longestGapMs !== null ? Math.max(sum.longestGapMs, it.longestGapMs) : null;
    sum = { n: sum.n + (it?.n ?? 0), ok: sum.ok + (it?.ok ?? 0), longestGapMs: gap };
  }
  return sum;
}

/** Whether a check was fresh and ok over the whole range: without a single bad result and without a hole. */
export function wasFine(input: Pick<DraftInput, 'coverage'>, plan: PlannedCheck): boolean {
  const sum = tally(input, [plan]);
  return sum.n > 0 && sum.ok === sum.n && sum.longestGapMs !== null && sum.longestGapMs <= staleAfterMs(plan.intervalMs, plan.timeoutMs);
}

/** Why nobody can say how a check did: "no result of Ping for 14 min". */
export function whyNotKnown(input: Pick<DraftInput, 'coverage'>, plan: PlannedCheck): string {
  const sum = tally(input, [plan]);
  const label = checkLabel(plan);
  if (sum.n === 0) return `no result of ${label} at all`;
  if (sum.ok < sum.n)
    return `${sum.n - sum.ok} of ${count(sum.n, 'result')} of ${label} not ok, never so many in a row that it was called a failure`;
  return `no result of ${label} for ${humanDuration(sum.longestGapMs ?? 0)}`;
}

/** "web1, web2 and 7 more", cleaned. */
export const namesList = (names: readonly string[], most = 12): string =>
  listOf(
    names.map((name) => clean(name, 120)),
    most,
  );

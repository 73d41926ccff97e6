/** Keeps what statements rest on, and numbers it in the order of use. */
import { checkLabel } from '../alerting/names.ts';
import { staleAfterMs } from '../health/step.ts';
import { describeEvent, type EventNames } from '../model/describe-event.ts';
import type { PlannedCheck } from '../model/plan.ts';
import { clean, count, listOf } from '../text.ts';
import { humanDuration } from '../time.ts';
import type { Block, Evidence, Section, Source } from './draft.ts';
import type { DraftInput } from './input.ts';
import type { Times } from './times.ts';

export const alertKey = (id: string): string => `alert:${id}`;
export const windowKey = (id: string): string => `window:${id}`;

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

export function createEvidence(input: DraftInput, names: EventNames, times: Times): EvidenceBook {
  const known = new Map<string, { source: Source; text: string }>();
  for (const event of input.events) {
    const { label, text } = describeEvent(event, names);
    known.set(event.id, {
      source: { kind: 'event', event: event.id, at: event.at },
      text: `${times.stamp(event.at)}: ${label}. ${clean(text, 500)}`,
    });
  }
  for (const alert of input.alerts) {
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
    known.set(alertKey(alert.id), { source: { kind: 'alert', alert: alert.id, at: alert.raisedAt }, text });
  }
  for (const window of input.windows ?? []) {
    const text = `Planned work “${clean(window.name, 120)}”, entered by ${clean(window.by, 80)} ${times.stamp(window.createdAt)}`;
    known.set(windowKey(window.id), { source: { kind: 'window', window: window.id, at: window.createdAt }, text });
  }
  return {
    coverage(name, checks) {
      const sum = tally(input, checks);
      const key = `coverage:${checks.map((check) => check.id).join(',')}`;
      const gap = sum.longestGapMs === null ? '' : `, longest time without one ${humanDuration(sum.longestGapMs)}`;
      const of = checks.length > 1 ? ` (${count(checks.length, 'check')})` : '';
      known.set(key, {
        source: { kind: 'coverage', checks: checks.map((check) => check.id), ...sum },
        text: `Results of ${clean(name, 400)}${of}, ${times.span(input.from, input.to)}: ${sum.ok} of ${sum.n} ok${gap}`,
      });
      return key;
    },
    unwatched(subject) {
      const key = `unwatched:${subject.id}`;
      known.set(key, { source: { kind: 'unwatched', subject: subject.id }, text: `Inventory: ${clean(subject.name, 120)} has no check` });
      return key;
    },
    number(sections) {
      const keys = new Set(sections.flatMap((section) => section.blocks.flatMap(keysOf)));
      return [...keys].map((key, index) => {
        const found = known.get(key);
        if (!found) throw new Error(`a draft leans on evidence that is not there: ${key}`);
        return { number: index + 1, key, ...found };
      });
    },
  };
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

/** The table of what happened: everything that belongs to the story, long runs of the same folded into one row. */
import { describeEvent, type EventNames } from '../model/describe-event.ts';
import type { EventKind, NightEvent } from '../model/event.ts';
import type { Subject } from '../model/plan.ts';
import { clean, count, listOf } from '../text.ts';
import { MINUTE, SECOND } from '../time.ts';
import type { TableRow } from './draft.ts';
import { few } from './evidence.ts';
import type { DraftInput } from './input.ts';
import type { Times } from './times.ts';

/** More rows than this are read by nobody. */
export const mostRows = 200;

interface Line {
  at: number;
  /** Last moment of a folded line. */
  until: number;
  label: string;
  text: string;
  by: string;
  evidence: string[];
  /** Lines of one thread may be folded together (a check, the alerts of a subject); null = never. */
  thread: string | null;
  /** What of one kind happened to many things at about the same time may be folded together. */
  crowd: { name: string; noun: 'check' | 'alert'; seen: string | null } | null;
  /** What goes first when there is still too much: 0 before 1 before 2. */
  weight: 0 | 1 | 2;
}

const threadOf: Partial<Record<EventKind, (event: NightEvent) => string>> = {
  soft: checkThread,
  'retry-ok': checkThread,
  hard: checkThread,
  stale: checkThread,
  fresh: checkThread,
  'probe-bug': checkThread,
  'alert-raised': alertThread,
  'alert-updated': alertThread,
  'alert-recovered': alertThread,
  'acknowledgement-cleared': alertThread,
  gap: () => 'gap',
  'engine-started': () => 'engine',
  'engine-stopped': () => 'engine',
  'engine-crashed': () => 'engine',
  'inventory-loaded': () => 'inventory',
  'inventory-rejected': () => 'inventory',
  'store-write-failed': () => 'store',
  'store-write-recovered': () => 'store',
};
function checkThread(event: NightEvent): string {
  return `check:${'check' in event.payload ? event.payload.check : ''}`;
}
function alertThread(event: NightEvent): string {
  return `alert:${event.subject?.id}`;
}
const light: ReadonlySet<EventKind> = new Set([
  'soft',
  'retry-ok',
  'fresh',
  'stale',
  'inventory-loaded',
  'engine-started',
  'engine-stopped',
]);
const human: ReadonlySet<EventKind> = new Set(['acknowledged', 'note', 'inventory-changed', 'exported']);

/** @returns at most `mostRows` rows: time, event, by whom */
export function timelineRows(input: DraftInput, names: EventNames, times: Times): TableRow[] {
  const related = relatedTo(input);
  const lines = input.events.filter((event) => event.at <= input.to && related(event)).map((event) => lineOf(event, names));
  // Each way says less than the one before; the first that is short enough is taken.
  const ways = [() => foldCrowds(foldThreads(lines, 8, times), times), () => foldCrowds(foldThreads(lines, 3, times), times)];
  let shown = lines;
  for (const fold of ways) {
    shown = fold();
    if (shown.length <= mostRows) break;
  }
  return leaveOut(shown, times).map((line) => ({
    cells: [times.cell(line.at), `${line.label}: ${line.text}`, line.by],
    evidence: few(line.evidence),
  }));
}

/** What belongs to the story: its subjects, what carries or is carried by them, the desk itself, and words on the night as a whole. */
function relatedTo(input: DraftInput): (event: NightEvent) => boolean {
  if (input.alerts.length === 0) return () => true;
  const ids = new Set(input.alerts.map((alert) => alert.subject.id));
  const alerts = new Set(input.alerts.map((alert) => alert.id));
  const near = (subject: Subject): boolean => [...subject.hosts, ...subject.dependsOn].some((id) => ids.has(id)) || ids.has(subject.id);
  const close = new Set(
    input.subjects
      .filter(near)
      .flatMap((subject) => [subject.id, ...(ids.has(subject.id) ? [...subject.hosts, ...subject.dependsOn] : [])]),
  );
  return (event) => {
    if ('alert' in event.payload) return alerts.has(event.payload.alert) || (event.subject !== null && ids.has(event.subject.id));
    if (event.subject === null || event.subject.kind === 'desk') return true;
    return ids.has(event.subject.id) || close.has(event.subject.id);
  };
}

function lineOf(event: NightEvent, names: EventNames): Line {
  const { label, text } = describeEvent(event, names);
  return {
    at: event.at,
    until: event.at,
    label,
    text,
    by: event.actor === 'engine' ? 'Nightdesk' : clean(event.actor, 80),
    evidence: [event.id],
    thread: threadOf[event.kind]?.(event) ?? null,
    crowd: crowdOf(event, names),
    weight: human.has(event.kind) ? 2 : light.has(event.kind) ? 0 : 1,
  };
}

/** Of each thread with more than `keep` lines the first three and the last stay (one each where it must be shorter still). */
function foldThreads(lines: Line[], keep: number, times: Times): Line[] {
  const replaced = new Map<Line, Line | null>();
  for (const [name, thread] of Map.groupBy(lines, (line) => line.thread)) {
    if (name === null || thread.length <= keep) continue;
    const middle = thread.slice(keep > 3 ? 3 : 1, -1);
    if (middle.length < 2) continue;
    const [first] = middle as [Line];
    const last = middle.at(-1) as Line;
    const text = `${whatIn(middle)} until ${times.cell(last.until)}; the first: ${clean(first.text, 300)}`;
    for (const line of middle) replaced.set(line, null);
    replaced.set(first, {
      ...first,
      until: last.until,
      label: 'Again and again',
      text,
      evidence: few(middle.flatMap((line) => line.evidence)),
      crowd: null,
    });
  }
  return lines.flatMap((line) => (replaced.has(line) ? (replaced.get(line) ?? []) : line));
}

function crowdOf(event: NightEvent, names: EventNames): Line['crowd'] {
  if (event.kind === 'alert-raised' || event.kind === 'alert-recovered')
    return { name: `“${event.payload.title}”`, noun: 'alert', seen: null };
  if (event.kind === 'soft' || event.kind === 'hard' || event.kind === 'retry-ok')
    return { name: names.check(event.payload.check), noun: 'check', seen: event.payload.verdict.text };
  if (event.kind === 'stale' || event.kind === 'fresh') return { name: names.check(event.payload.check), noun: 'check', seen: null };
  return null;
}

/** So many alike make a crowd. */
const leastCrowd = 4;

/** What happened to several things within a minute, and alike, becomes one row at the time of the first. */
function foldCrowds(lines: Line[], times: Times): Line[] {
  const crowds: Line[][] = [];
  const latest = new Map<string, Line[]>();
  for (const line of lines) {
    if (line.crowd === null) continue;
    const crowd = latest.get(line.label);
    if (crowd?.[0] && line.at - crowd[0].at <= MINUTE) crowd.push(line);
    else {
      const begun = [line];
      latest.set(line.label, begun);
      crowds.push(begun);
    }
  }
  const replaced = new Map<Line, Line | null>();
  for (const crowd of crowds) {
    const names = [...new Set(crowd.map((line) => line.crowd?.name as string))];
    if (crowd.length < leastCrowd || names.length < 3) continue;
    const first = crowd[0] as Line;
    const seen = new Set(crowd.map((line) => line.crowd?.seen));
    const alike = seen.size === 1 && first.crowd?.seen ? `: ${first.crowd.seen}` : '';
    const until = (crowd.at(-1) as Line).at;
    const when = until - first.at >= SECOND ? ` until ${times.cell(until)}` : '';
    const text = clean(`${count(names.length, first.crowd?.noun ?? 'line')}${when} (${listOf(names, 5)})${alike}`, 1_000);
    for (const line of crowd) replaced.set(line, null);
    replaced.set(first, { ...first, until, text, evidence: crowd.flatMap((line) => line.evidence), crowd: null });
  }
  return lines.flatMap((line) => (replaced.has(line) ? (replaced.get(line) ?? []) : line));
}

/** The last resort: what people did and what alerts said stays longest; what goes is counted in one row. */
function leaveOut(lines: Line[], times: Times): Line[] {
  if (lines.length <= mostRows) return lines;
  const byWeight = lines.map((line, index) => ({ line, index })).sort((a, b) => b.line.weight - a.line.weight || a.index - b.index);
  const kept = new Set(byWeight.slice(0, mostRows - 1).map((it) => it.line));
  const gone = lines.filter((line) => !kept.has(line));
  const first = gone[0] as Line;
  const last = gone.at(-1) as Line;
  const row: Line = {
    ...first,
    label: 'Left out',
    text: `${count(gone.length, 'more line')} until ${times.cell(last.until)}: ${whatIn(gone)}`,
    by: 'Nightdesk',
    evidence: few(gone.flatMap((line) => line.evidence)),
    thread: null,
    crowd: null,
  };
  return lines.flatMap((line) => (line === first ? row : kept.has(line) ? line : []));
}

/** "12 × down, 12 × recovered and 20 × soft". */
function whatIn(lines: readonly Line[]): string {
  const counts = new Map<string, number>();
  for (const { label } of lines) counts.set(label, (counts.get(label) ?? 0) + 1);
  return listOf(
    [...counts].map(([label, n]) => `${n} × ${label.toLowerCase()}`),
    6,
  );
}

/**
 * Keeps what is behind each open alert: has it weighed (shared/diagnosis) when something that speaks for or against it changed, puts it
 * into the alert, and tells it. Looks once a second at most, and at so many alerts at a time that no probe is held up for long.
 */
import { deskDiagnosis } from '../../shared/diagnosis/desk.ts';
import { diagnose } from '../../shared/diagnosis/diagnose.ts';
import { fineAfterMs, signsOf } from '../../shared/diagnosis/signs.ts';
import { goOn, type Story, storyOf } from '../../shared/diagnosis/story.ts';
import type { Diagnosis, Sign, WayEnd } from '../../shared/diagnosis/types.ts';
import { type Followed, followedOf, waysOf } from '../../shared/diagnosis/ways.ts';
import type { Cover } from '../../shared/health/cover.ts';
import { type Graph, graphOf } from '../../shared/health/graph.ts';
import type { CheckState } from '../../shared/health/step.ts';
import { cycleOf } from '../../shared/health/vitals.ts';
import type { Alert } from '../../shared/model/alert.ts';
import type { EventDraft } from '../../shared/model/event.ts';
import type { PlannedCheck, Subject } from '../../shared/model/plan.ts';
import { severityOf } from '../../shared/model/words.ts';
import { MINUTE, SECOND } from '../../shared/time.ts';
import type { Clock } from './clock.ts';

/** What of a watched check is seen here. */
interface Seen {
  plan: PlannedCheck;
  state: CheckState;
  cover: Cover | null;
}

export interface Diagnoses {
  /** A new plan comes into force. Call it before alerts are settled by it. */
  apply(graph: Graph, subjects: readonly Subject[]): void;
  /** Alerts changed, began or ended. */
  settled(): void;
  /** A check has another state than before. */
  stepped(check: string, before: CheckState, after: CheckState): void;
  /** A check is covered by something else than before. */
  covered(): void;
  /** Sees what is told: traces show where ways end. */
  notice(event: EventDraft): void;
  /** Looks at what the clock alone changes. */
  tick(): void;
  /** An alert that ends, as it goes by from now on. */
  atItsEnd(alert: Alert): Alert;
  stop(): void;
}

/** No engine weighs more often; one of many checks, for which it takes longer, less often: a millisecond more for each. */
const lookEveryMs = SECOND;
/** Results of one moment come one after the other. */
const squashMs = 100;
/** A look takes in so many checks, over all alerts that it weighs: of 1,000 checks three alerts, which takes 3 to 35 ms. */
const mostSigns = 3_000;
/** By now the other checks of it have looked, whatever their interval. */
const longestCycleMs = 2 * MINUTE;
const mostFollowed = 200;
/** The line of the timeline names so many checks; the alert has them all. */
const mostNamed = 50;

interface Kept {
  story: Story;
  /** What it was weighed from, and what came of it. */
  seen: string | null;
  found: Diagnosis | null;
  /** Its checks and consequences at the last look. */
  checks: ReadonlySet<string>;
  /** Checks that it was the explanation of and that are well again, and when one of them was last seen so first, epoch ms. */
  back: ReadonlySet<string>;
  backAt: number;
  pending: boolean;
  /** When something that passes has done so for long enough to be called fine, epoch ms. */
  fineAt: number;
}

export function createDiagnoses(options: {
  clock: Clock;
  /** Whoever watches: known only once that is there. */
  keeper(): { watched: ReadonlyMap<string, Seen>; open: ReadonlyMap<string, Alert>; isBlind: boolean };
  /** Writes the alert down and shows it. */
  put(alert: Alert): void;
  tell(draft: EventDraft): void;
  /** Alerts carry another diagnosis than before, and nobody else has said so. */
  onChanged(): void;
}): Diagnoses {
  const { clock, keeper } = options;
  const kept = new Map<string, Kept>();
  const followed: Followed[] = [];
  /** When each check last saw something that is not right, epoch ms. */
  const badAt = new Map<string, number>();
  let graph: Graph = graphOf([]);
  let links: Subject[] = [];
  /** Something changed since the alerts were last put in line. */
  let changed = false;
  /** Alerts that are to be looked at, in this order. */
  let line: string[] = [];
  let lookedAt = Number.NEGATIVE_INFINITY;
  let cancel: (() => void) | null = null;
  let newestFirstAt = Number.NEGATIVE_INFINITY;

  /** Until the next look may come. */
  const restMs = (): number => Math.max(lookEveryMs, keeper().watched.size) - (clock.monotonic() - lookedAt);
  const mark = (): void => {
    changed = true;
    if (keeper().open.size > 0) cancel ??= clock.after(Math.max(squashMs, restMs()), onTime);
  };
  const onTime = (): void => {
    cancel = null;
    if (look()) options.onChanged();
  };

  /** What was never looked at comes first, then who waits already, then the others; each the worst first. */
  const lineUp = (): string[] => {
    const waiting = new Set(line);
    const rank = ({ id }: Alert): number => (!kept.has(id) ? 0 : waiting.has(id) ? 1 : 2);
    return [...keeper().open.values()]
      .sort(
        (a, b) => rank(a) - rank(b) || severityOf(b.severity) - severityOf(a.severity) || a.firstAt - b.firstAt || (a.id < b.id ? -1 : 1),
      )
      .map(({ id }) => id);
  };

  /** @returns whether an alert carries another diagnosis */
  const look = (): boolean => {
    cancel?.();
    cancel = null;
    const { open, watched } = keeper();
    for (const id of [...kept.keys()]) if (!open.has(id)) kept.delete(id);
    newestFirstAt = [...open.values()].reduce((newest, it) => Math.max(newest, it.firstAt), Number.NEGATIVE_INFINITY);
    if (changed) line = lineUp();
    changed = false;
    lookedAt = clock.monotonic();
    const turn = line.splice(0, Math.max(1, Math.floor(mostSigns / Math.max(1, watched.size))));
    const news = turn.map((id) => open.get(id)).filter((alert) => alert !== undefined && lookAt(alert));
    if (line.length > 0) cancel = clock.after(restMs(), onTime);
    return news.length > 0;
  };

  const lookAt = (alert: Alert): boolean => {
    const known = kept.get(alert.id);
    const it: Kept = known ?? {
      story: storyOf(alert.diagnosis),
      seen: null,
      found: null,
      checks: new Set(),
      back: new Set(),
      backAt: 0,
      pending: false,
      fineAt: Number.POSITIVE_INFINITY,
    };
    kept.set(alert.id, it);
    const now = clock.now();
    const checks = new Set([...alert.checks, ...alert.consequences]);
    const left = [...it.checks].filter((id) => !checks.has(id));
    it.checks = checks;
    const explains = it.story.diagnosis?.best.explains ?? [];
    const back = [...left, ...explains].filter(isWell);
    for (const id of back) if (!it.back.has(id)) it.backAt = Math.max(it.backAt, keeper().watched.get(id)?.state.at ?? 0);
    it.back = new Set(back);
    const isDesk = alert.subject.kind === 'desk';
    // Of what a desk that is (or may be) cut off sees, only that says something.
    if (!isDesk && keeper().isBlind) {
      it.pending = true;
      return false;
    }
    if (isDesk) it.found = deskDiagnosis(alert);
    else weigh(it, alert, now);
    const { story, tell, pending } = goOn(it.story, {
      found: it.found,
      held: !isDesk && isHeld(alert, it.backAt),
      gone: explains.length > 0 && explains.every(isWell),
      shrank: left.length > 0,
      ageMs: now - alert.raisedAt,
      cycleMs: cycleMsOf(alert),
      title: alert.title,
      now: clock.monotonic(),
    });
    const isNew = story.diagnosis !== null && !isSame(alert.diagnosis, story.diagnosis);
    Object.assign(it, { story, pending });
    if (isNew && story.diagnosis) options.put({ ...alert, diagnosis: story.diagnosis });
    if (tell) options.tell(toldOf(alert, tell, now));
    return isNew;
  };

  const weigh = (it: Kept, alert: Alert, now: number): void => {
    const signs = signsOf(keeper().watched.values(), { since: alert.firstAt, cutOff: false, now, badAt: (id) => badAt.get(id) });
    it.fineAt = Number.POSITIVE_INFINITY;
    for (const sign of signs.values()) if (sign.badAt !== undefined) it.fineAt = Math.min(it.fineAt, sign.badAt + fineAfterMs);
    const ways = waysOf(followed, links, graph, alert.firstAt);
    const seen = fingerprint(alert, signs, ways);
    if (seen === it.seen) return;
    it.seen = seen;
    it.found = diagnose({ graph, signs, ways, alert, now });
  };

  const isWell = (id: string): boolean => {
    const state = keeper().watched.get(id)?.state;
    return state !== undefined && state.hard === 'ok' && state.soft === null && state.staleSince === null;
  };
  /** What fails of it has not been looked at since a gap, or since something recovered that has the same cause: it may be well, too. */
  const isHeld = ({ checks }: Alert, backAt: number): boolean =>
    checks.some((id) => {
      const one = keeper().watched.get(id);
      if (!one) return false;
      const { state, cover } = one;
      return state.staleSince !== null || cover?.kind === 'cut-off' || (state.at ?? 0) < backAt;
    });
  const cycleMsOf = ({ checks }: Alert): number =>
    Math.min(
      longestCycleMs,
      checks.reduce((longest, id) => {
        const one = keeper().watched.get(id);
        return one ? Math.max(longest, cycleOf(one.plan)) : longest;
      }, 0),
    );

  return {
    apply(next, subjects) {
      graph = next;
      links = subjects.filter((it) => it.kind === 'link');
      for (const it of kept.values()) it.seen = null;
      for (const [id, at] of badAt) if (at < clock.now() - fineAfterMs) badAt.delete(id);
      mark();
    },
    settled() {
      changed = true;
      if (restMs() <= 0) look();
      else mark();
    },
    stepped(check, before, after) {
      if (after.at !== null && after.verdict !== null && after.verdict.state !== 'ok') badAt.set(check, after.at);
      if (keeper().open.size > 0 && speaksOtherwise(before, after, newestFirstAt)) mark();
    },
    covered() {
      mark();
    },
    notice(event) {
      const way = event.kind === 'traced' ? followedOf(event) : null;
      if (!way) return;
      followed.push(way);
      if (followed.length > mostFollowed) followed.shift();
      mark();
    },
    tick() {
      if (cancel === null && [...kept.values()].some((it) => it.pending || it.fineAt <= clock.now())) mark();
    },
    atItsEnd(alert) {
      const peak = kept.get(alert.id)?.story.peak;
      return peak ? { ...alert, diagnosis: peak } : alert;
    },
    stop() {
      cancel?.();
    },
  };
}

/** Whether a check says something else than before, or something at all where it had not looked since an alert began. */
const speaksOtherwise = (a: CheckState, b: CheckState, newestFirstAt: number): boolean =>
  a.hard !== b.hard ||
  a.soft?.attempt !== b.soft?.attempt ||
  (a.flapping === null) !== (b.flapping === null) ||
  (a.staleSince === null) !== (b.staleSince === null) ||
  a.verdict?.state !== b.verdict?.state ||
  a.verdict?.reason !== b.verdict?.reason ||
  (a.at ?? 0) < newestFirstAt;

/** What the weighing goes by, as one text. */
function fingerprint({ checks, consequences, firstAt, title }: Alert, signs: ReadonlyMap<string, Sign>, ways: readonly WayEnd[]): string {
  const parts: string[] = [title, String(firstAt), JSON.stringify(ways), checks.join(), consequences.join()];
  for (const { word, symptom, reason, server, since, badAt } of signs.values())
    parts.push(
      word === 'passes' ? (badAt === undefined ? '+' : '~') : word === 'unknown' ? '?' : `${symptom} ${reason} ${server} ${since}`,
    );
  return parts.join('\n');
}

const isSame = (a: Diagnosis | undefined, b: Diagnosis): boolean => a === b || (a !== undefined && JSON.stringify(a) === JSON.stringify(b));

const toldOf = ({ id, subject }: Alert, { best, confidence, works, since }: Diagnosis, at: number): EventDraft => ({
  kind: 'diagnosed',
  at,
  subject,
  actor: 'engine',
  payload: {
    alert: id,
    explanation: { ...best, explains: best.explains.slice(0, mostNamed), contradicts: best.contradicts.slice(0, mostNamed) },
    confidence,
    works,
    since,
  },
});

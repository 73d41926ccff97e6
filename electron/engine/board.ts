/**
 * Sees all checks together: whether the desk itself is connected, what planned work covers, what lies behind what failed, and which
 * alerts follow. Settled at most ten times a second, so that a storm of thousands of results costs no more than a few looks.
 * All decisions are made by pure functions in shared/; this file only carries them out.
 */
import { z } from 'zod';
import { settle } from '../../shared/alerting/settle.ts';
import { type Connection, stepConnection } from '../../shared/health/connection.ts';
import type { Cover } from '../../shared/health/cover.ts';
import { type Covered, type CoverMemory, coverProblems, type Graph, isRemote, workedOn } from '../../shared/health/reach.ts';
import { type CheckState, standingOf } from '../../shared/health/step.ts';
import type { Alert } from '../../shared/model/alert.ts';
import type { EventDraft } from '../../shared/model/event.ts';
import type { PlannedCheck, Subject } from '../../shared/model/plan.ts';
import { MINUTE } from '../../shared/time.ts';
import type { StandingSpell } from '../../shared/uptime/compute.ts';
import type { Clock } from './clock.ts';
import type { Journal } from './journal.ts';
import type { Planned } from './planned.ts';

/** What of a watched check is seen here. */
export interface Seen {
  plan: PlannedCheck;
  subject: Subject;
  state: CheckState;
  cover: Cover | null;
  /** How it stands, and since when, as the store knows it; null = nothing yet. */
  spell: StandingSpell | null;
}

/** What had failed, as it is kept in the store: after a restart nothing fresh is known of it, and yet what is behind it is no news. */
export const keptMemorySchema = z.object({ failed: z.array(z.string()), recovered: z.array(z.tuple([z.string(), z.number()])) });
type KeptMemory = z.infer<typeof keptMemorySchema>;

export interface Board {
  /** A new plan: how things hang together. */
  apply(graph: Graph): void;
  /** A check's state changed in a way that matters to others: looked at within 100 ms. */
  touch(it: Seen): void;
  /** Looks now. */
  settle(): void;
  /** Looks now if a check changed since the last look. */
  catchUp(): void;
  /** Looks if something is due by the clock: a silence or an acknowledgement that runs out, a window, a cool-down. */
  tick(): void;
  /** The clock went back: what is known of the time that comes again gives way to how things stand now. */
  wentBack(): void;
  /** A remote check was ok: the desk is connected. */
  sawRemote(at: number): void;
  /** Whether something that this one is reached through has failed as a whole. */
  isBehindFailed(subject: string): boolean;
  readonly cutOffSince: number | null;
  /** It is cut off, or may be: that is being made sure of. What it sees of anything remote means nothing meanwhile. */
  readonly isBlind: boolean;
}

/**
 * Results of a storm come for seconds; a look takes in what came within this long. A little less than the publisher's, so that what failed
 * and its alert leave in one delta.
 */
const squashMs = 80;
/** With trouble around, the clock alone may change something. */
const lookEveryMs = 5_000;

export function createBoard<S extends Seen>(options: {
  clock: Clock;
  newId: () => string;
  journal: Journal;
  planned: Planned;
  watched: ReadonlyMap<string, S>;
  bySubject: ReadonlyMap<string, readonly S[]>;
  open: ReadonlyMap<string, Alert>;
  siteName(id: string): string | undefined;
  /** As the engine before left them. */
  connection: Connection;
  memory: KeptMemory | null;
  tell(draft: EventDraft): void;
  showAlert(alert: Alert): void;
  showCover(it: S): void;
  /** An alert that ends, as it goes by from now on. */
  atItsEnd(alert: Alert): Alert;
  /** All checks were looked at together: whether each counts is known now, save for those that are held until their parent is made sure of. */
  onLooked(isHeld: (check: string) => boolean): void;
  /** Alerts changed: those that did, ended ones included, what was told of them, and how they were before, by id. */
  onSettled(alerts: readonly Alert[], events: readonly EventDraft[], before: ReadonlyMap<string, Alert>): void;
}): Board {
  const { clock, newId, journal, planned, watched, bySubject, open, tell } = options;
  let graph: Graph | null = null;
  /** Ids of checks with a hard problem or flapping. */
  const problems = new Set<string>();
  /** Whose standing may have changed since the last look. */
  const touched = new Set<S>();
  let covered = new Map<string, Cover>();
  let memory: CoverMemory = { failed: new Set(options.memory?.failed), recovered: new Map(options.memory?.recovered) };
  let connection = options.connection;
  /** What failed since then may be the desk's own fault, epoch ms: while it is cut off (or that is being made sure of), and just after. */
  let blindSince = Number.POSITIVE_INFINITY;
  let lastRemoteOkAt: number | null = null;
  let cancel: (() => void) | null = null;
  let lookedAt = Number.NEGATIVE_INFINITY;

  const note = (it: S): void => {
    const { hard } = it.state;
    if ((hard !== 'ok' && hard !== 'pending') || it.state.flapping) problems.add(it.plan.id);
    else problems.delete(it.plan.id);
  };

  /** Covers of this moment, by check id, and where each problem's root lies. */
  const look = (list: readonly S[], now: number): { covers: Map<string, Cover>; found: Map<string, Covered> } => {
    const board = graph as Graph;
    const result = coverProblems({
      graph: board,
      problems: list,
      checksOf: (subject) => bySubject.get(subject) ?? [],
      cutOff: connection.cutOff,
      suspected: connection.suspected,
      windows: planned.running,
      routines: planned.routines,
      memory,
      now,
    });
    if (result.memory !== memory) {
      memory = result.memory;
      const kept: KeptMemory = { failed: [...memory.failed], recovered: [...memory.recovered] };
      journal.document('reach', JSON.stringify(kept));
    }
    const covers = new Map<string, Cover>();
    for (const [subject, cover] of workedOn(board, planned.running))
      for (const it of bySubject.get(subject) ?? []) covers.set(it.plan.id, cover);
    if (connection.cutOff) {
      const cover: Cover = { kind: 'cut-off', by: 'desk', name: 'This desk', always: true };
      for (const it of watched.values()) if (isRemote(it.plan)) covers.set(it.plan.id, cover);
    }
    for (const [id, { cover }] of result.covered) if (cover && covers.get(id)?.kind !== 'cut-off') covers.set(id, cover);
    return { covers, found: result.covered };
  };

  /** What of a check counts for its uptime from now on, and since when. */
  const writeSpell = (it: S, roots: readonly string[], now: number): void => {
    const standing = chargedStanding(it);
    const { spell } = it;
    if (spell?.standing === standing) return;
    const began = spell === null ? now : Math.min(now, beganAt(it, standing, roots, now));
    // What was not known is not made good by what is known now, however long that has been so.
    const at = spell?.standing === 'unknown' && began < spell.at ? Math.min(now, it.state.at ?? now) : began;
    it.spell = { at, standing };
    journal.spell({ check: it.plan.id, at, standing });
  };
  const beganAt = (it: S, standing: StandingSpell['standing'], roots: readonly string[], now: number): number => {
    const { state, plan } = it;
    if (state.staleSince !== null) return Math.min(state.staleSince, (state.at ?? now) + plan.intervalMs);
    if (standing === 'unknown' && it.cover?.kind === 'cut-off') return connection.cutOff?.since ?? now;
    if (standing !== 'unreachable') return it.cover === null && covered.has(plan.id) ? now : state.since;
    const rootsSince = Math.min(
      ...roots.flatMap((id) => (bySubject.get(id) ?? []).filter((one) => problems.has(one.plan.id)).map((one) => one.state.since)),
    );
    // Whoever looked first, what broke at about the same time broke because of it.
    if (!Number.isFinite(rootsSince) || state.since >= rootsSince - 2 * plan.intervalMs) return state.since;
    return rootsSince;
  };

  const isDoubtful = ({ plan, state, cover }: S): boolean =>
    isRemote(plan) && state.since >= blindSince && (connection.cutOff !== null || connection.suspected || cover?.kind === 'cut-off');

  const settleNow = (): void => {
    cancel?.();
    cancel = null;
    if (!graph) return;
    const now = clock.now();
    lookedAt = clock.monotonic();
    const anchors = bySubject.get('desk') ?? [];
    const connected = stepConnection({ anchors, before: connection, lastRemoteOkAt, now });
    if (JSON.stringify(connected.connection) !== JSON.stringify(connection))
      journal.document('connection', JSON.stringify(connected.connection));
    connection = connected.connection;
    // Whoever looked first: a check may have failed a little before the last of the anchors did.
    if (connection.cutOff) blindSince = connection.cutOff.since - MINUTE;
    else if (connection.suspected) blindSince = now - MINUTE;
    const bad = new Map<string, number>();
    const list: S[] = [];
    for (const id of problems) {
      const it = watched.get(id);
      if (it) list.push(it);
      if (it && it.state.hard !== 'ok' && !isDoubtful(it)) bad.set(it.subject.id, Math.min(it.state.since, bad.get(it.subject.id) ?? now));
    }
    const events = [...connected.events, ...planned.step(now, bad)];

    const { covers, found } = look(list, now);
    for (const id of new Set([...covered.keys(), ...covers.keys()])) {
      const it = watched.get(id);
      const cover = covers.get(id) ?? null;
      if (!it || sameCover(it.cover, cover)) continue;
      it.cover = cover;
      options.showCover(it);
      touched.add(it);
    }
    for (const it of touched) writeSpell(it, found.get(it.plan.id)?.roots ?? [], now);
    covered = covers;
    touched.clear();

    const settled = settle({
      problems: list.map((it) => {
        const { roots, hold } = found.get(it.plan.id) ?? { roots: [it.subject.id], hold: false };
        return { plan: it.plan, subject: it.subject, state: it.state, cover: it.cover, roots, hold };
      }),
      open: [...open.values()],
      silences: [...planned.silences.values()],
      graph,
      siteName: options.siteName,
      checksOf: (subject) => bySubject.get(subject) ?? [],
      isWatched: (id) => watched.has(id),
      cutOff: connection.cutOff,
      relatedTo: planned.relatedTo,
      now,
      newId,
    });
    options.onLooked((check) => found.get(check)?.hold ?? false);
    for (const event of events) tell(event);
    const before = new Map(settled.alerts.flatMap(({ id }) => open.get(id) ?? []).map((alert) => [alert.id, alert]));
    const alerts = settled.alerts.map((alert) => (alert.endedAt === null ? alert : options.atItsEnd(alert)));
    for (const alert of alerts) {
      journal.alert(alert);
      options.showAlert(alert);
    }
    for (const event of settled.events) tell(event);
    options.onSettled(alerts, settled.events, before);
  };

  return {
    apply(next) {
      graph = next;
      for (const id of [...problems]) if (!watched.has(id)) problems.delete(id);
      for (const it of watched.values()) {
        note(it);
        touched.add(it);
      }
      settleNow();
    },
    touch(it) {
      note(it as S);
      touched.add(it as S);
      cancel ??= clock.after(squashMs, settleNow);
    },
    settle: settleNow,
    catchUp() {
      if (cancel) settleNow();
    },
    tick() {
      const due = planned.isDue(clock.now());
      const trouble = (problems.size > 0 || open.size > 0 || connection.cutOff !== null) && clock.monotonic() - lookedAt >= lookEveryMs;
      if (due || trouble) settleNow();
    },
    wentBack() {
      const at = clock.now();
      lastRemoteOkAt = lastRemoteOkAt === null ? null : Math.min(lastRemoteOkAt, at);
      for (const it of watched.values()) {
        if (!it.spell || it.spell.at <= at) continue;
        it.spell = { ...it.spell, at };
        journal.spell({ check: it.plan.id, ...it.spell });
      }
    },
    sawRemote(at) {
      lastRemoteOkAt = Math.max(lastRemoteOkAt ?? 0, at);
    },
    isBehindFailed: (subject) =>
      graph?.needs(subject).some((group) => group.length > 0 && group.every((id) => memory.failed.has(id))) ?? false,
    get cutOffSince() {
      return connection.cutOff?.since ?? null;
    },
    get isBlind() {
      return connection.cutOff !== null || connection.suspected;
    },
  };
}

const sameCover = (a: Cover | null, b: Cover | null): boolean =>
  a === b || (a !== null && b !== null && a.kind === b.kind && a.by === b.by && a.name === b.name && a.always === b.always);

/** Planned work is laid over uptime when it is asked for, so that work entered afterwards corrects it too: it is left out here. */
function chargedStanding({ state, cover }: Seen): StandingSpell['standing'] {
  const counted = cover?.kind === 'unreachable' || cover?.kind === 'cut-off' ? cover : null;
  const standing = standingOf({ ...state, flapping: null }, counted);
  return standing === 'ok' || standing === 'degraded' || standing === 'down' || standing === 'unreachable' ? standing : 'unknown';
}

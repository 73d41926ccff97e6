/** What the checks of a subject say of it as a whole: whether what is reached through it can still be reached. */
import type { PlannedCheck, Subject } from '../model/plan.ts';
import type { CheckState } from './step.ts';

export interface Judged {
  readonly plan: PlannedCheck;
  readonly state: CheckState;
}

export interface Vitals {
  /**
   * `failed`: everything that counts is hard down. `works`: something that counts answers. `retried`: nothing answers, and not all of
   * it is hard yet. `unclear`: no fresh result says anything (stale, pending, not known).
   */
  word: 'failed' | 'works' | 'retried' | 'unclear';
  /** There is something that counts. */
  has: boolean;
  /** It comes and goes. */
  flapping: boolean;
  /** First symptom of a failed one, epoch ms. */
  firstAt: number;
  /** When it was last looked at, and by when the next look is due, epoch ms. */
  lookedAt: number;
  dueAt: number;
  /** One cycle of what counts: its longest interval with its time-out. */
  cycleMs: number;
}

/** One cycle of a check: within it a result must come. */
export const cycleOf = ({ intervalMs, timeoutMs }: PlannedCheck): number => intervalMs + timeoutMs;

/** What one check says now; null = nothing. */
function sign({ hard, soft, staleSince }: CheckState): 'down' | 'retried' | 'works' | null {
  if (staleSince !== null) return null;
  if (soft) return soft.level === 'degraded' ? 'works' : 'retried';
  if (hard === 'down') return 'down';
  return hard === 'ok' || hard === 'degraded' ? 'works' : null;
}

/**
 * The checks that decide: the most telling ones of which any says something now.
 * A link stands by its gateway, a host by its pings, anything else by all its checks. How full a disk is says nothing of reachability.
 */
function decisive({ kind }: Subject, checks: readonly Judged[]): readonly Judged[] {
  const [only, another] = checks;
  // Nearly every subject of a large inventory: nothing to choose from.
  if (only && !another && only.plan.type !== 'host') return checks;
  const all = checks.filter(({ plan }) => plan.type !== 'host');
  const gateway = kind === 'link' ? all.filter(({ plan }) => plan.name === 'gateway') : [];
  const pings = kind === 'link' || kind === 'host' ? all.filter(({ plan }) => plan.type === 'icmp') : [];
  const lists = [gateway, pings, all];
  return lists.find((list) => list.some(({ state }) => sign(state) !== null)) ?? lists.find((list) => list.length > 0) ?? all;
}

/** Judges a subject by its own checks. */
export function vitalsOf(subject: Subject, checks: readonly Judged[]): Vitals {
  const counted = decisive(subject, checks);
  const vitals: Vitals = {
    word: 'unclear',
    has: counted.length > 0,
    flapping: false,
    firstAt: 0,
    lookedAt: Number.NEGATIVE_INFINITY,
    dueAt: Number.NEGATIVE_INFINITY,
    cycleMs: 0,
  };
  for (const { plan, state } of counted) {
    const said = sign(state);
    if (said === 'works') vitals.word = 'works';
    else if (said === 'retried' && vitals.word !== 'works') vitals.word = 'retried';
    else if (said === 'down') {
      if (vitals.word === 'unclear') vitals.word = 'failed';
      vitals.firstAt = Math.max(vitals.firstAt, state.since);
    }
    const cycle = cycleOf(plan);
    if (state.staleSince === null) {
      vitals.flapping ||= state.flapping !== null;
      vitals.lookedAt = Math.max(vitals.lookedAt, state.at ?? Number.NEGATIVE_INFINITY);
    }
    vitals.dueAt = Math.max(vitals.dueAt, (state.staleSince ?? state.at ?? state.since) + cycle);
    vitals.cycleMs = Math.max(vitals.cycleMs, cycle);
  }
  if (vitals.word === 'failed' && subject.kind === 'host' && answersOtherwise(counted, checks, vitals.firstAt)) vitals.word = 'works';
  return vitals;
}

/** A host that drops pings but answered at the same address after its pings failed is there. */
const answersOtherwise = (pings: readonly Judged[], checks: readonly Judged[], since: number): boolean =>
  checks.some(
    (it) =>
      it.plan.type !== 'host' &&
      sign(it.state) === 'works' &&
      it.state.at !== null &&
      it.state.at > since &&
      pings.some(({ plan }) => plan.permitKey === it.plan.permitKey),
  );

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

/**
 * They say nothing of whether their subject can be reached: this computer's load, calls and files, what others tell, and what becomes of
 * mail (a message that is stuck, a queue that grows, a record that is missing).
 */
const apart: ReadonlySet<string> = new Set([
  'host',
  'push',
  'backup',
  'domain',
  'visibility',
  'roundtrip',
  'queue',
  'posture',
  'blocklist',
]);
/** Others answer for a thing that stands somewhere: the name servers of a zone are not the host that the check stands on. */
const ofOthers: ReadonlySet<PlannedCheck['type']> = new Set(['zone', 'delegation', 'propagation']);
/** What they call down is told by the host itself, or by its mail server: it is there. */
const fromWithin: ReadonlySet<PlannedCheck['type']> = new Set(['inside', 'snmp', 'smtp', 'imap', 'pop3', 'sieve']);
const lost: ReadonlySet<string> = new Set(['timeout', 'unreachable', 'refused', 'reset', 'closed', 'name-not-found', 'host-key-changed']);
/** A database that says so answers. */
const answered: ReadonlySet<string> = new Set([
  'wrong-answer',
  'no-row',
  'query-failed',
  'wrong-role',
  'read-only',
  'replication-stopped',
  'replication-lag',
]);
/** Down, and there all the same. */
const isThere = (type: PlannedCheck['type'], reason: string): boolean =>
  answered.has(reason) || (fromWithin.has(type) && !lost.has(reason));

/** Whether a check of such a subject says anything of whether that can be reached. */
export const tells = (kind: Subject['kind'], { type }: PlannedCheck): boolean =>
  !apart.has(type) && !(ofOthers.has(type) && (kind === 'host' || kind === 'link' || kind === 'prefix'));

/** What one check says now; null = nothing. */
function sign({ plan, state: { hard, soft, staleSince, verdict } }: Judged): 'down' | 'retried' | 'works' | null {
  if (staleSince !== null) return null;
  if (plan.subject.kind === 'host' && verdict?.state === 'down' && isThere(plan.type, verdict.reason)) return 'works';
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
  if (only && !another && tells(kind, only.plan)) return checks;
  const all = checks.filter(({ plan }) => tells(kind, plan));
  const gateway = kind === 'link' ? all.filter(({ plan }) => plan.name === 'gateway') : [];
  const pings = kind === 'link' || kind === 'host' ? all.filter(({ plan }) => plan.type === 'icmp') : [];
  const lists = [gateway, pings, all];
  return lists.find((list) => list.some((it) => sign(it) !== null)) ?? lists.find((list) => list.length > 0) ?? all;
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
  for (const it of counted) {
    const { plan, state } = it;
    const said = sign(it);
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
      tells('host', it.plan) &&
      sign(it) === 'works' &&
      it.state.at !== null &&
      it.state.at > since &&
      pings.some(({ plan }) => plan.permitKey === it.plan.permitKey),
  );

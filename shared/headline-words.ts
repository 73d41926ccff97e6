/** The parts of the headline's sentence: what works meanwhile, what lies behind a failure, planned work that runs. */
import { behindOf } from './alerting/behind.ts';
import { capital, checkLabel, checkOnSubject, subjectIdOf } from './alerting/names.ts';
import { worksSentence } from './alerting/words.ts';
import { diagnosisOf } from './diagnosis/types.ts';
import type { Cover } from './health/cover.ts';
import { type CheckState, pendingState, standingOf } from './health/step.ts';
import type { DeskLive, LiveTables, WindowLive } from './live.ts';
import { legStandings, legsSentence } from './mail/leg-standing.ts';
import { legId } from './mail/legs.ts';
import type { Alert } from './model/alert.ts';
import type { PlannedCheck } from './model/plan.ts';
import { type Group, groupOf, groups } from './model/words.ts';
import { clean, count, listOf } from './text.ts';
import { clockShort, dayKey, dayShort, humanDuration, SECOND, zoneName } from './time.ts';

interface BadCheck {
  plan: PlannedCheck;
  state: CheckState;
}
interface CoveredCheck extends BadCheck {
  cover: Cover;
}

/** Every planned check by how it stands. */
export interface Sorted {
  all: readonly PlannedCheck[];
  /** Fresh, ok, not being retried, and nothing is being done to them: only these are ever called fine. */
  fine: PlannedCheck[];
  stale: { plan: PlannedCheck; since: number }[];
  waiting: PlannedCheck[];
  /** Not ok, and nothing says why that does not count; flapping ones too. */
  bad: BadCheck[];
  unreachable: CoveredCheck[];
  /** Planned work or a routine is under way on them. */
  planned: CoveredCheck[];
  retrying: number;
}

export function sortChecks(tables: LiveTables): Sorted {
  const found: Sorted = {
    all: Object.values(tables.plans),
    fine: [],
    stale: [],
    waiting: [],
    bad: [],
    unreachable: [],
    planned: [],
    retrying: 0,
  };
  for (const plan of found.all) {
    const record = tables.checks[plan.id];
    if (!record) {
      found.waiting.push(plan);
      continue;
    }
    const { state, cover } = record;
    const standing = standingOf(state, cover);
    if (standing === 'stale') found.stale.push({ plan, since: state.at ?? state.staleSince ?? state.since });
    else if (standing === 'pending') found.waiting.push(plan);
    else if (standing === 'unreachable' && cover) found.unreachable.push({ plan, state, cover });
    else if (standing === 'maintenance' && cover) found.planned.push({ plan, state, cover });
    else if (standing !== 'ok') found.bad.push({ plan, state });
    else if (state.soft === null) found.fine.push(plan);
    if (state.soft && state.staleSince === null && cover === null) found.retrying += 1;
  }
  return found;
}

/**
 * What an alert's failure takes with it.
 * @returns the ids of its consequences by subject, in the order they come; what is of the root itself, or of its mail stack, is left out
 */
export function behindAlert(
  alert: Pick<Alert, 'subject' | 'checks' | 'consequences'>,
  { plans, subjects }: Pick<LiveTables, 'plans' | 'subjects'>,
): Map<string, string[]> {
  const bySubject = new Map<string, string[]>();
  for (const id of behindOf(alert, (subject) => subjects[subject])) {
    // A check that has left the inventory still has its subject's id before the slash.
    const subject = plans[id]?.subject.id ?? id.slice(0, Math.max(0, id.indexOf('/')));
    if (subject === alert.subject.id) continue;
    const list = bySubject.get(subject);
    if (list) list.push(id);
    else bySubject.set(subject, [id]);
  }
  return bySubject;
}

/**
 * What is behind an alert, where that says more than its title does.
 * @returns `perhaps`: it is a guess, which no title may state
 */
export function whatIsBehind(alert: Pick<Alert, 'title' | 'diagnosis' | 'checks'>): { sentence: string; perhaps: boolean } | null {
  const diagnosis = diagnosisOf(alert);
  if (!diagnosis) return null;
  // One of its own things, while others of it fail for another reason: the title says more.
  const own = new Set(alert.checks.map(subjectIdOf));
  if (diagnosis.unexplained.length > 0 && diagnosis.best.culprits.every((id) => own.has(id))) return null;
  const sentence = clean(diagnosis.best.sentence, 120);
  return sentence === '' || sentence === clean(alert.title, 120) ? null : { sentence, perhaps: diagnosis.confidence === 'unsure' };
}

/** What works beside an alert as its diagnosis tells it; null where that is a guess, or does not know. */
export const knownToWork = ({ diagnosis }: Pick<Alert, 'diagnosis'>): string | null =>
  !diagnosis || diagnosis.confidence === 'unsure' || diagnosis.works === null ? null : clean(diagnosis.works, 160) || null;

/** What is known to work: other checks of the same subject, the rest of its group, the other groups. */
export function whatWorks(tables: LiveTables, found: Sorted, alert: Alert | null, open: readonly Alert[]): string | null {
  const fine = new Set(found.fine.map((plan) => plan.id));
  const own = alert ? found.fine.filter((plan) => plan.subject.id === alert.subject.id) : [];
  const legs = alert ? legsBeside(tables, alert) : null;
  const parts = [own.length > 0 ? worksSentence(own) : null, legs].filter((it) => it !== null);
  const inTrouble = new Set(open.map((it) => it.subject.id));
  // How the other legs of its mail stack stand is told leg by leg.
  const entry = alert ? entryOf(tables, alert.subject.id) : undefined;
  const isOwn = ({ subject }: PlannedCheck): boolean =>
    subject.id === alert?.subject.id || (entry !== undefined && entryOf(tables, subject.id) === entry);

  const names: string[] = [];
  for (const group of groups) {
    const plans = found.all.filter((plan) => groupOf(plan.subject.kind) === group);
    const others = plans.filter((plan) => !isOwn(plan));
    // "The others are fine" would be misread where another of them has an alert of its own.
    if (others.length === 0 || !others.every((plan) => fine.has(plan.id)) || others.some((plan) => inTrouble.has(plan.subject.id)))
      continue;
    names.push(others.length === plans.length ? groupWord[group] : `other ${groupWord[group]}`);
  }
  if (names.length > 0) {
    // "mail is", "links are", "links and mail are".
    const verb = names.length === 1 && names[0]?.endsWith('mail') ? 'is' : 'are';
    parts.push(`${listOf(names)} ${verb} fine`);
  }
  return parts.length > 0 ? parts.join(legs === null ? ', ' : '; ') : null;
}

/** The mail entry that a subject is, or is a leg of. */
function entryOf({ subjects }: LiveTables, id: string): string | undefined {
  const subject = subjects[id];
  return subject?.leg?.entry ?? (subject?.kind === 'mail' ? id : undefined);
}

/** "receiving and sending work; delivery is not known": the legs of the alert's mail stack in which it has no root. */
function legsBeside(tables: LiveTables, alert: Alert): string | null {
  const entry = entryOf(tables, alert.subject.id);
  if (entry === undefined) return null;
  const failed = new Set(alert.checks.map(subjectIdOf));
  const plans = Map.groupBy(Object.values(tables.plans), (plan) => plan.subject.id);
  const checksOf = (id: string) =>
    (plans.get(id) ?? []).map((plan) => {
      const it = tables.checks[plan.id];
      return { plan, state: it?.state ?? pendingState(0), cover: it?.cover ?? null };
    });
  const legs = legStandings(entry, (id) => tables.subjects[id], checksOf).filter(({ leg }) => !failed.has(legId(entry, leg)));
  return legsSentence(legs);
}
const groupWord: Record<Group, string> = { servers: 'servers', links: 'links', mail: 'mail' };

/** "All quiet. 214 checks fine. Planned work runs on mail1 until 23:30 PST"; without planned work the last trouble stands there. */
export function quietSentence(tables: LiveTables, found: Sorted, desk: DeskLive, now: number): string {
  const fine = found.fine.length > 0 ? ` ${count(found.fine.length, 'check')} fine.` : '';
  const planned = plannedSentence(tables, found, now);
  const last = desk.lastTroubleAt === null ? '' : ` Last trouble ${humanDuration(Math.max(SECOND, now - desk.lastTroubleAt))} ago.`;
  return `All quiet.${fine}${planned ? ` ${planned}.` : last}`.replace(/\.$/, '');
}

/** What is being done now: "Planned work runs on mail1 until 23:30 PST", "weekly log rotation restarts web1"; null when nothing is. */
function plannedSentence(tables: LiveTables, found: Sorted, now: number): string | null {
  const running = Object.values(tables.windows).filter((it) => it.running !== null);
  const parts: string[] = [];
  if (running.length > 0) {
    const names = namesOf(tables, [...new Set(running.flatMap((it) => it.affects))]);
    const what = names !== '' ? `Planned work runs on ${names}` : `Planned work runs: ${listOf(running.map(windowName), 2)}`;
    const ends = running.map((it) => it.running?.to ?? null);
    const last = ends.includes(null) ? null : Math.max(...ends.filter((it) => it !== null));
    const until = last === null ? '' : `${running.length > 1 ? ', the last of it' : ''} until ${whenText(last, now, zoneOf(tables))}`;
    parts.push(`${what}${until}`);
  }
  const routines = Map.groupBy(
    found.planned.filter((it) => it.cover.kind === 'routine'),
    (it) => it.cover.name,
  );
  for (const [name, checks] of routines)
    parts.push(`${capital(clean(name, 80))} restarts ${namesOf(tables, [...new Set(checks.map((it) => it.plan.subject.id))])}`);
  return parts.length > 0 ? parts.join('. ') : null;
}

/** "Planned work “Mail upgrade” should be over since 23:30 PST, and mail1 is not back". */
export function overrunSentence(tables: LiveTables, found: Sorted, window: WindowLive, now: number): string {
  const late = new Set(
    [...found.bad, ...found.unreachable].flatMap(({ plan: { subject } }) => [subject.id, entryOf(tables, subject.id) ?? []].flat()),
  );
  const subjects = window.affects.filter((id) => late.has(id) || tables.subjects[id]?.hosts.some((host) => late.has(host)));
  const names = namesOf(tables, subjects);
  const rest = names === '' ? '' : `, and ${names} ${subjects.length === 1 ? 'is' : 'are'} not back`;
  return `Planned work ${windowName(window)} should be over since ${whenText(window.overrunSince ?? now, now, zoneOf(tables))}${rest}`;
}

const windowName = (it: WindowLive): string => `“${clean(it.name, 80)}”`;
const namesOf = (tables: LiveTables, ids: readonly string[]): string =>
  listOf(
    ids.map((id) => clean(tables.subjects[id]?.name ?? id, 80)),
    2,
  );
export const zoneOf = (tables: LiveTables): string => tables.desk.desk?.organization.timezone ?? 'UTC';

/** "23:30 PST"; with the day where that is not today: "21 November 02:30 PST". */
export function whenText(at: number, now: number, zone: string): string {
  const day = dayKey(at, zone) === dayKey(now, zone) ? '' : `${dayShort(at, zone)} `;
  return `${day}${clockShort(at, zone)} ${zoneName(at, zone)}`;
}

/** "HTTP on web1". */
export function checkName(tables: LiveTables, plan: PlannedCheck): string {
  const subject = tables.subjects[plan.subject.id];
  return subject ? checkOnSubject(checkLabel(plan), subject) : capital(checkLabel(plan));
}

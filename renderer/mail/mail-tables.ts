/** The tables of a mail domain's page: posture, blocklists, certificates, and how one message travelled. Pure. */
import { silenceWords } from '../../shared/checks/blocklist-explain.ts';
import { nameOf } from '../../shared/checks/posture.ts';
import { legTime, type RoundtripFacts, takenAs } from '../../shared/checks/roundtrip-facts.ts';
import { certificateProblems, daysLeft, timeLeft } from '../../shared/checks/tls-certificate.ts';
import { standingWord } from '../../shared/health/standing.ts';
import type { LiveTables } from '../../shared/live.ts';
import { type Aspect, aspectTitles } from '../../shared/mail/aspect.ts';
import { legWords } from '../../shared/mail/legs.ts';
import type { PlannedCheck } from '../../shared/model/plan.ts';
import type { Level } from '../../shared/model/words.ts';
import { clean } from '../../shared/text.ts';
import { DAY, humanDuration, stamp } from '../../shared/time.ts';
import { checkLabel } from '../state/derive.ts';
import { answersIn, aspectsIn, type Seen, serverFacts } from './mail-facts.ts';

/** The checks of a mail entry that are of one type. */
export const plansOfType = (tables: LiveTables, ids: readonly string[], type: string): PlannedCheck[] =>
  ids.flatMap((id) => {
    const plan = tables.plans[id];
    return plan && plan.type === type ? [plan] : [];
  });

export interface PostureRow {
  key: string;
  aspect: string;
  about: string;
  state: Level;
  text: string;
  /** "ok", "degraded", "not there". */
  word: string;
  /** What stands there now; empty where nothing does, or it is not known. */
  value: string;
  /** When it changed last, epoch ms, as far as the timeline was read; null where no change was seen. */
  changedAt: number | null;
}
/** A change between two looks, from the timeline. */
export interface Drift {
  id: string;
  at: number;
  code: string;
  text: string;
}
/** Everything that the world sees of a mail domain; null where no look at it is remembered. @param drift newest first */
export function postureRows(plans: readonly PlannedCheck[], seen: Seen, drift: readonly Drift[]): PostureRow[] | null {
  const changed = (it: Aspect): number | null =>
    drift.find(({ code, text }) => code === `${it.aspect}-changed` && text.startsWith(`${nameOf(it)} changed`))?.at ?? null;
  const known = plans.flatMap((plan) => {
    const aspects = aspectsIn(seen[plan.id]);
    return aspects ? [{ plan, aspects }] : [];
  });
  if (known.length === 0) return null;
  return known.flatMap(({ plan, aspects }) =>
    aspects.map((it, index) => ({
      key: `${plan.id} ${index}`,
      aspect: aspectTitles[it.aspect],
      about: it.about,
      state: it.state,
      word: it.reason === 'not-there' && it.state === 'ok' ? 'not there' : standingWord[it.state],
      text: it.text,
      value: it.value ?? '',
      changedAt: changed(it),
    })),
  );
}

export interface ListCell {
  state: 'ok' | 'down' | 'unknown';
  word: string;
  /** Why it is listed, or why nothing is known. */
  text: string;
}
export interface ListTable {
  lists: string[];
  rows: { about: string; cells: (ListCell | null)[] }[];
}
/** Addresses by blocklist; null where no look at them is remembered. A list that does not answer properly lists nothing and clears nothing. */
export function listTable(plans: readonly PlannedCheck[], seen: Seen): ListTable | null {
  const known = plans.flatMap((plan) => answersIn(seen[plan.id]) ?? []);
  if (known.length === 0) return null;
  const lists = [...new Set(known.map((it) => it.list))];
  const rows = [...Map.groupBy(known, (it) => it.about)].map(([about, answers]) => ({
    about,
    cells: lists.map((list): ListCell | null => {
      const it = answers.find((answer) => answer.list === list);
      if (!it) return null;
      if (it.listed === null) return { state: 'unknown', word: 'not known', text: it.why ? silenceWords[it.why](it.detail ?? '') : '' };
      if (!it.listed) return { state: 'ok', word: 'not listed', text: '' };
      return { state: 'down', word: 'listed', text: [it.code, it.text].filter(Boolean).join(': ') };
    }),
  }));
  return { lists, rows };
}

export interface CertificateRow {
  key: string;
  /** The names it is good for, the first few. */
  names: string;
  /** "Reading: IMAP, POP3; Receiving: MX". */
  usedBy: string;
  state: 'ok' | 'degraded' | 'down';
  /** "62 days", "expired 3 d ago". */
  left: string;
  /** What is wrong besides, in words; empty while all is well. */
  problem: string;
  /** Epoch ms; null where only the days left are known. */
  validTo: number | null;
  issuer: string;
}

const usualDegradedMs = 14 * DAY;
const mostNames = 3;

/** The certificates that the legs showed, the one that runs out first on top; one row however many places show it. @param now epoch ms */
export function certificateRows(tables: LiveTables, ids: readonly string[], seen: Seen, now: number): CertificateRow[] {
  const found = new Map<string, { row: CertificateRow; users: Map<string, Set<string>>; at: number }>();
  for (const id of ids) {
    const plan = tables.plans[id];
    const facts = plan && serverFacts(seen[id]);
    if (!plan || !facts) continue;
    const row = facts.certificate
      ? rowOf(facts.certificate, plan, now)
      : facts.certificateDaysLeft === undefined
        ? null
        : daysRow(plan, facts.certificateDaysLeft);
    if (!row) continue;
    const kept = found.get(row.key) ?? {
      row,
      users: new Map<string, Set<string>>(),
      at: row.validTo ?? now + (facts.certificateDaysLeft ?? 0) * DAY,
    };
    found.set(row.key, kept);
    const leg = tables.subjects[plan.subject.id]?.leg;
    const title = leg ? legWords[leg.leg].title : '';
    kept.users.set(title, (kept.users.get(title) ?? new Set()).add(checkLabel(plan)));
  }
  return [...found.values()]
    .sort((a, b) => a.at - b.at)
    .map(({ row, users }) => ({
      ...row,
      usedBy: [...users].map(([leg, labels]) => (leg ? `${leg}: ${[...labels].join(', ')}` : [...labels].join(', '))).join('; '),
    }));
}

type Shown = NonNullable<NonNullable<ReturnType<typeof serverFacts>>['certificate']>;

function rowOf(it: Shown, { config }: PlannedCheck, now: number): CertificateRow {
  const asked = String(config.serverName ?? config.address ?? '');
  // Where any certificate will do, only its end counts.
  const counts = (reason: string): boolean => config.certificate !== 'any' || reason.endsWith('expired');
  const problems = certificateProblems(it, asked, now).filter(({ reason }) => counts(reason));
  const soon = typeof config.expiresDegraded === 'number' ? config.expiresDegraded : usualDegradedMs;
  const over = now > it.validTo;
  const names = it.altNames.length > 0 ? it.altNames : [it.subject];
  return {
    // The same one can be good for one of its users and not for another.
    key: `${it.fingerprint256} ${problems.map(({ reason }) => reason).join(' ')}`,
    names: `${names
      .slice(0, mostNames)
      .map((name) => clean(name, 100))
      .join(', ')}${names.length > mostNames ? ` and ${names.length - mostNames} more` : ''}`,
    usedBy: '',
    state: problems.length > 0 ? 'down' : it.validTo - now <= soon ? 'degraded' : 'ok',
    left: over ? `expired ${humanDuration(now - it.validTo)} ago` : timeLeft(it.validTo, now),
    problem: problems
      .filter(({ reason }) => reason !== 'certificate-expired')
      .map(({ text }) => clean(text, 200))
      .join(', and '),
    validTo: it.validTo,
    issuer: clean(it.issuer, 120),
  };
}

/** Of a web page only the days are known. */
function daysRow(plan: PlannedCheck, days: number): CertificateRow {
  const place = /^\w+:\/\/([^/?#]+)/.exec(String(plan.config.url ?? ''))?.[1] ?? plan.target;
  const whole = Math.floor(days);
  return {
    key: `${plan.id} days`,
    names: clean(place, 100),
    usedBy: '',
    state: days < 0 ? 'down' : days * DAY <= usualDegradedMs ? 'degraded' : 'ok',
    left: days < 0 ? `expired ${-daysLeft(days * DAY, 0)} d ago` : `${whole} ${whole === 1 ? 'day' : 'days'}`,
    problem: '',
    validTo: null,
    issuer: '',
  };
}

export interface TripStep {
  /** "0.3 s"; empty where it is not known. */
  took: string;
  text: string;
}
/** How the newest test message travelled, step by step, and how far it got; empty where nothing of it is known. */
export function tripSteps(it: RoundtripFacts): TripStep[] {
  const steps: TripStep[] = [];
  if (it.submitMs !== undefined) steps.push({ took: humanDuration(it.submitMs), text: `handed in, accepted${takenAs(it)}` });
  for (const { by, from, seconds } of it.hops ?? []) {
    // Two clocks that differ make a message arrive before it was sent.
    const odd = seconds !== null && seconds < 0;
    const took = seconds === null || odd ? '' : seconds === 0 ? 'under 1 s' : legTime(seconds);
    steps.push({ took, text: `until ${by} had it${from ? ` from ${from}` : ''}${odd ? ' (the clocks of the two differ)' : ''}` });
  }
  if (it.foundMs !== undefined) steps.push({ took: humanDuration(it.foundMs), text: 'from acceptance until it was found in the mailbox' });
  else if (it.stage === 'accepted' && it.waitedMs !== undefined)
    steps.push({ took: humanDuration(it.waitedMs), text: 'looked for in the mailbox, and not there' });
  return steps;
}

/** Earlier test messages that came late or have not come. */
export const tripOthers = (it: RoundtripFacts, zone: string): string[] => [
  ...(it.missing ?? []).map((old) => `The one of ${stamp(old.acceptedAt, zone)}${idOf(old)} has not come.`),
  ...(it.late ?? []).map((old) => `The one of ${stamp(old.acceptedAt, zone)}${idOf(old)} came after ${humanDuration(old.tookMs)}.`),
];
const idOf = ({ queueId }: { queueId?: string | undefined }): string => (queueId ? ` (${queueId})` : '');

/** The boxes of a mail stack's picture: what each stands for, how it stands, and what was measured there. Pure. */
import type { CheckType } from '../../shared/checks/index.ts';
import { waitingIn } from '../../shared/checks/queue-facts.ts';
import type { CheckLive, LiveTables } from '../../shared/live.ts';
import { legWords, type MailLeg } from '../../shared/mail/legs.ts';
import type { PlannedCheck } from '../../shared/model/plan.ts';
import type { Standing } from '../../shared/model/words.ts';
import { clean } from '../../shared/text.ts';
import { humanDuration, humanLatency } from '../../shared/time.ts';
import { standingSince } from '../detail/subject-view.ts';
import { checksOf, legsOf, recordsOf, speaker, valueText } from '../state/derive.ts';
import { answersIn, aspectsIn, queueFacts, type Seen, serverFacts, tripFacts } from './mail-facts.ts';
import { plansOf, standingOfAll } from './stack.ts';

export type NodeKey =
  | 'mx'
  | 'queue'
  | 'mailbox'
  | 'imap'
  | 'pop3'
  | 'webmail'
  | 'submission'
  | 'outside'
  | 'calendar'
  | 'files'
  | 'lists'
  | 'filters'
  | 'records';

/** One box of the picture. */
export interface StackNode {
  key: NodeKey;
  title: string;
  /** Where a click leads: what speaks for it; null where nothing is checked. */
  subject: string | null;
  check: string | null;
  /** Null = nothing is checked here. */
  standing: Standing | null;
  since: number | null;
  /** What was measured: "18 waiting, oldest 40 s"; empty where nothing is known of it. */
  figure: string;
  /** What its worst check says; empty while all is well. */
  text: string;
}

interface NodeRule {
  key: NodeKey;
  title: string;
  leg: MailLeg;
  takes(plan: PlannedCheck): boolean;
  figure?(plans: readonly PlannedCheck[], seen: Seen, now: number): string | null;
}

const isOf =
  (type: CheckType) =>
  (plan: PlannedCheck): boolean =>
    plan.type === type;
/** Plain checks that somebody put into the leg go by their names. */
const isPop = (plan: PlannedCheck): boolean => isOf('pop3')(plan) || (!isOf('imap')(plan) && /pop/.test(plan.name));
const whole = (key: NodeKey & MailLeg): NodeRule => ({ key, title: legWords[key].title, leg: key, takes: () => true });

const rules: readonly NodeRule[] = [
  { key: 'mx', title: 'MX', leg: 'receiving', takes: () => true, figure: greetings },
  { key: 'submission', title: 'Submission', leg: 'sending', takes: (plan) => !isOf('blocklist')(plan), figure: logins },
  { key: 'queue', title: 'Queue', leg: 'delivery', takes: isOf('queue'), figure: waiting },
  { key: 'mailbox', title: 'Mailbox', leg: 'delivery', takes: (plan) => !isOf('queue')(plan), figure: delivered },
  { key: 'imap', title: 'IMAP', leg: 'reading', takes: (plan) => !isPop(plan), figure: logins },
  { key: 'pop3', title: 'POP3', leg: 'reading', takes: isPop, figure: logins },
  whole('webmail'),
  { key: 'outside', title: 'Internet', leg: 'sending', takes: isOf('blocklist'), figure: listed },
  whole('calendar'),
  whole('files'),
  { ...whole('lists'), figure: delivered },
  { ...whole('filters'), figure: logins },
  { ...whole('records'), title: 'DNS records', figure: inOrder },
];

/** The boxes of one mail entry, all of them: what is not checked is told, too. @param now epoch ms */
export function stackNodes(tables: LiveTables, entry: string, seen: Seen, now: number): StackNode[] {
  const legs = legsOf(tables, entry);
  return rules.map((rule): StackNode => {
    const subject = legs.find((it) => it.leg?.leg === rule.leg);
    const plans = subject ? plansOf(tables, checksOf(tables, subject.id)).filter(rule.takes) : [];
    const empty = { key: rule.key, title: rule.title, subject: null, check: null, standing: null, since: null, figure: '', text: '' };
    if (!subject || plans.length === 0) return empty;
    const ids = plans.map((plan) => plan.id);
    const records = recordsOf(tables, ids);
    const standing = standingOfAll(tables, ids);
    const speaks = speaker(records, standing);
    return {
      ...empty,
      subject: subject.id,
      check: speaks?.id ?? ids[0] ?? null,
      standing,
      since: standingSince(records).since,
      figure: rule.figure?.(plans, seen, now) ?? newestValue(tables, plans, speaks),
      text: standing === 'ok' ? '' : clean(speaks?.state.verdict?.text ?? '', 160),
    };
  });
}

/** The newest value of the check that speaks, else of the first that has one. */
function newestValue(tables: LiveTables, plans: readonly PlannedCheck[], speaks: CheckLive | undefined): string {
  const plan = plans.find((it) => it.id === speaks?.id) ?? plans[0];
  return valueText(plan, plan ? (tables.checks[plan.id]?.value ?? null) : null);
}

const largest = (values: readonly number[]): number | null => (values.length === 0 ? null : Math.max(...values));
const oneOf = (some: number, all: number): string => (all > 1 ? `${some} of ${all}, ` : '');

/** "2 of 2, greeting 41 ms": servers that greeted, and the slowest of them. */
function greetings(plans: readonly PlannedCheck[], seen: Seen): string | null {
  const times = plans.flatMap((plan) => serverFacts(seen[plan.id])?.greetingMs ?? []);
  const slowest = largest(times);
  return slowest === null ? null : `${oneOf(times.length, plans.length)}greeting ${humanLatency(slowest)}`;
}

/** "log-in 80 ms", of the slowest; "1 of 2, log-in 80 ms" where not all let us in. */
function logins(plans: readonly PlannedCheck[], seen: Seen): string | null {
  const times = plans.flatMap((plan) => serverFacts(seen[plan.id])?.loginMs ?? []);
  const slowest = largest(times);
  if (slowest !== null) return `${times.length < plans.length ? oneOf(times.length, plans.length) : ''}log-in ${humanLatency(slowest)}`;
  return greetings(plans, seen);
}

/** "18 waiting, oldest 40 s". */
function waiting(plans: readonly PlannedCheck[], seen: Seen, now: number): string | null {
  const facts = plans.map((plan) => queueFacts(seen[plan.id])).find((it) => it !== null);
  const length = facts ? waitingIn(facts) : undefined;
  if (!facts || length === undefined) return null;
  const held = facts.hold ? `, ${facts.hold} on hold` : '';
  if (length === 0) return `empty${held}`;
  const oldest = facts.oldestAt === undefined ? '' : `, oldest ${humanDuration(Math.max(1_000, now - facts.oldestAt))}`;
  return `${length} waiting${oldest}${held}`;
}

/** "arrives after 2.1 s", of the slowest. */
function delivered(plans: readonly PlannedCheck[], seen: Seen): string | null {
  const slowest = largest(plans.flatMap((plan) => tripFacts(seen[plan.id])?.foundMs ?? []));
  return slowest === null ? null : `arrives after ${humanDuration(slowest)}`;
}

/** "listed on 1 of 5", "listed on none of 5"; lists that say nothing are left out. */
function listed(plans: readonly PlannedCheck[], seen: Seen): string {
  const answers = plans.flatMap((plan) => answersIn(seen[plan.id]) ?? []).filter((it) => it.listed !== null);
  if (answers.length === 0) return '';
  const lists = new Set(answers.map((it) => it.list));
  const on = new Set(answers.filter((it) => it.listed).map((it) => it.list));
  return on.size === 0 ? `listed on none of ${lists.size}` : `listed on ${on.size} of ${lists.size}`;
}

/** "14 of 16 in order". */
function inOrder(plans: readonly PlannedCheck[], seen: Seen): string {
  const aspects = plans.flatMap((plan) => aspectsIn(seen[plan.id]) ?? []);
  return aspects.length === 0 ? '' : `${aspects.filter((it) => it.state === 'ok').length} of ${aspects.length} in order`;
}

/** A mail stack: its checks, how it stands, and its legs for the sentence over its page. Pure. */
import { checkOf } from '../../shared/checks/index.ts';
import { worstStanding } from '../../shared/health/standing.ts';
import type { LiveTables } from '../../shared/live.ts';
import { legWordOf } from '../../shared/mail/leg-standing.ts';
import type { LegSaid, LegVoice } from '../../shared/mail/say-legs.ts';
import type { PlannedCheck, Subject } from '../../shared/model/plan.ts';
import type { Standing } from '../../shared/model/words.ts';
import { coverOf, standingSince } from '../detail/subject-view.ts';
import { checkLabel, checksOf, checksUnder, isTrouble, legsOf, recordsOf, standingOfRecord, troubleRank } from '../state/derive.ts';

/** How a mail entry stands, by all of its checks; null where it has none. */
export function stackStanding(tables: LiveTables, entry: string): Standing | null {
  const ids = checksUnder(tables, entry);
  return ids.length === 0 ? null : standingOfAll(tables, ids);
}
/** A check without a record yet is waited for. */
export const standingOfAll = (tables: LiveTables, ids: readonly string[]): Standing =>
  worstStanding(ids.map((id) => (tables.checks[id] ? standingOfRecord(tables.checks[id]) : 'pending')));

const mailEntries = (tables: LiveTables): Subject[] =>
  Object.values(tables.subjects).filter((subject) => subject.kind === 'mail' && !subject.leg);

/** A mail entry in the list of the screen. */
export interface MailLine {
  id: string;
  name: string;
  standing: Standing;
}
export const mailLines = (tables: LiveTables): MailLine[] =>
  mailEntries(tables).map(({ id, name }) => ({ id, name, standing: stackStanding(tables, id) ?? 'pending' }));

/** So many stand in the list without further ado. */
const mostListed = 10;
/** Which of many mail entries the list shows: the chosen one and what is in trouble, worst first, filled up with the first ones. */
export function shownMail(lines: readonly MailLine[], chosen: string | null): MailLine[] {
  if (lines.length <= mostListed) return [...lines];
  const trouble = lines.filter((it) => isTrouble(it.standing)).sort((a, b) => troubleRank(a.standing) - troubleRank(b.standing));
  const own = lines.filter((it) => it.id === chosen);
  return [...new Set([...own, ...trouble, ...lines])].slice(0, Math.max(mostListed, Math.min(trouble.length + own.length, 3 * mostListed)));
}

export const plansOf = (tables: LiveTables, ids: readonly string[]): PlannedCheck[] => ids.flatMap((id) => tables.plans[id] ?? []);

/** Their title says it better than the names of their ports and encryptions. */
const protocols: ReadonlySet<string> = new Set(['imap', 'pop3', 'sieve']);

/** The legs of a mail entry for the sentence over its page. */
export function legsSaid(tables: LiveTables, entry: string): LegSaid[] {
  return legsOf(tables, entry).flatMap((subject): LegSaid[] => {
    const plans = plansOf(tables, checksOf(tables, subject.id));
    if (!subject.leg || plans.length === 0) return [];
    const ids = plans.map((plan) => plan.id);
    const records = recordsOf(tables, ids);
    const standing = standingOfAll(tables, ids);
    const judged = plans.flatMap((plan) => {
      const record = tables.checks[plan.id];
      return record ? [{ plan, state: record.state, cover: record.cover }] : [];
    });
    const word = legWordOf(judged);
    return [
      {
        leg: subject.leg.leg,
        // What has no result yet is not known to work.
        word: word === 'works' && judged.length < plans.length ? 'unknown' : word,
        standing,
        since: standingSince(records).since,
        voices: plans.flatMap((plan) => voiceOf(tables, plan, standing)),
        cover: coverOf(records, standing),
      },
    ];
  });
}

function voiceOf(tables: LiveTables, plan: PlannedCheck, standing: Standing): LegVoice[] {
  const record = tables.checks[plan.id];
  const verdict = record?.state.verdict;
  if (!record || !verdict || standingOfRecord(record) !== standing) return [];
  return [{ label: spokenLabel(tables, plan), reason: verdict.reason, text: verdict.text }];
}

function spokenLabel(tables: LiveTables, plan: PlannedCheck): string {
  if (plan.type === 'posture') return '';
  if (protocols.has(plan.type)) return checkOf(plan.type).title;
  return plan.type === 'smtp' && tables.subjects[plan.subject.id]?.leg?.leg === 'sending' ? 'Submission' : checkLabel(plan);
}

/** The words of an alert's card that are not in the alert itself. Pure. */
import { behindOf as behindOfStack } from '../../shared/alerting/behind.ts';
import { consequenceSentence } from '../../shared/alerting/group-words.ts';
import { subjectIdOf } from '../../shared/alerting/names.ts';
import { relatedSentences } from '../../shared/alerting/related-words.ts';
import { behindAlert, knownToWork, whatIsBehind, whenText } from '../../shared/headline-words.ts';
import type { LiveTables } from '../../shared/live.ts';
import type { Acknowledgement, Alert } from '../../shared/model/alert.ts';
import { clean, count } from '../../shared/text.ts';
import { checkLabel } from '../state/derive.ts';

/** What an alert says of itself: what the card tells in lines of its own (what is behind it, what is related) is not told twice. */
export function ownText(alert: Alert, subjects: LiveTables['subjects']): string {
  const checks = behindOfStack(alert, (id) => subjects[id]);
  const behind = [...new Set(checks.map(subjectIdOf))].map((id) => clean(subjects[id]?.name ?? id, 120)).sort();
  const told = [false, true].flatMap((several) => [
    ...(behind.length > 0 ? [consequenceSentence(checks.length, behind, several)] : []),
    ...relatedSentences(alert.related, alert, several),
  ]);
  return told.reduce((text, sentence) => text.replace(` ${sentence}`, () => ''), alert.text);
}

/** "3rd", "2nd", "11th". */
function ordinal(n: number): string {
  const last = n % 100 >= 11 && n % 100 <= 13 ? 0 : n % 10;
  return `${n}${['th', 'st', 'nd', 'rd'][last] ?? 'th'}`;
}

/** "told 2nd tier": the first tier is told by the route itself. Null where nothing was escalated. */
export const escalationText = (alert: Pick<Alert, 'escalation'>): string | null =>
  alert.escalation > 0 ? `told ${ordinal(alert.escalation + 1)} tier` : null;

/** How long an acknowledgement holds: "until 08:00 PST", "until all is ok", "until all is ok, at most until 08:00 PST"; null where nothing was said. */
export function holdsText({ sticky, until }: Pick<Acknowledgement, 'sticky' | 'until'>, now: number, zone: string): string | null {
  if (until === null) return sticky ? 'until all is ok' : null;
  const end = whenText(until, now, zone);
  return sticky ? `until all is ok, at most until ${end}` : `until ${end}`;
}

interface Cause {
  word: 'Behind it' | 'Perhaps';
  sentence: string;
  /** What still works beside it; of a guess nobody knows. */
  works: string | null;
}

/** What is broken, where that is something else than what the alert is called; null where it is not. */
export function causeOf(alert: Pick<Alert, 'title' | 'diagnosis' | 'checks'>): Cause | null {
  const behind = whatIsBehind(alert);
  return behind && { word: behind.perhaps ? 'Perhaps' : 'Behind it', sentence: behind.sentence, works: knownToWork(alert) };
}

interface Behind {
  /** "14 checks of 6 things behind it cannot be reached". */
  summary: string;
  /** Each thing with its checks, as many as can be read. */
  lines: { subject: string; name: string; checks: string }[];
  /** Things that are not in `lines`. */
  more: number;
}

/** So many things are listed under a failed root. */
const mostLines = 100;
const mostChecks = 6;

/** What an alert took with it; null where that is nothing. */
export function behindOf(alert: Alert, { subjects, plans }: Pick<LiveTables, 'subjects' | 'plans'>): Behind | null {
  const bySubject = behindAlert(alert, { subjects, plans });
  if (bySubject.size === 0) return null;
  const checks = [...bySubject.values()].reduce((sum, ids) => sum + ids.length, 0);
  const shown = [...bySubject].slice(0, mostLines);
  return {
    summary: `${count(checks, 'check')} of ${count(bySubject.size, 'thing')} behind it cannot be reached`,
    lines: shown.map(([subject, ids]) => ({
      subject,
      name: clean(subjects[subject]?.name ?? subject, 120),
      checks: labelsOf(ids, plans),
    })),
    more: bySubject.size - shown.length,
  };
}

function labelsOf(ids: readonly string[], plans: LiveTables['plans']): string {
  const labels = ids.slice(0, mostChecks).map((id) => (plans[id] ? checkLabel(plans[id]) : id.slice(id.indexOf('/') + 1)));
  return `${labels.join(', ')}${ids.length > mostChecks ? ` and ${ids.length - mostChecks} more` : ''}`;
}

/** Messages in words: plain text, bounded however much is wrong. Whatever servers and people wrote in it comes out harmless. */
import type { Message } from '../model/notify.ts';
import type { SubjectRef } from '../model/words.ts';
import { clean, count } from '../text.ts';
import { humanDuration, stamp } from '../time.ts';

/** An alert as a message tells it. */
export interface Item {
  id: string;
  title: string;
  text: string;
  /** What is behind it, as a sentence; null = not known, or the title says it. */
  behind: string | null;
  severity: 'down' | 'degraded' | 'unknown';
  subject: SubjectRef;
  firstAt: number;
  /** Null = it is open. */
  endedAt: number | null;
  /** It ended only as the thing left the inventory. */
  closed: boolean;
  /** Since when nobody has it. */
  openSince: number;
  /** How many checks cannot be reached because of it. */
  consequences: number;
  related: string[];
}
export interface Speaker {
  organization: { name: string; timezone: string };
  now: number;
}

const mostTold = 10;
const mostListed = 50;
const urgency = { down: 2, degraded: 1, unknown: 0 };

/** The worst first, then the oldest. */
export const byUrgency = (a: Item, b: Item): number =>
  urgency[b.severity] - urgency[a.severity] || a.firstAt - b.firstAt || (a.id < b.id ? -1 : 1);

/** @param items at least one */
export function messageOf(
  kind: Exclude<Message['kind'], 'test'>,
  key: string,
  items: readonly Item[],
  { organization, now }: Speaker,
): Message {
  const zone = organization.timezone;
  const sorted = [...items].sort(byUrgency);
  const at = kind === 'recovery' ? now : Math.min(...sorted.map((it) => it.firstAt));
  const shown = sorted.slice(0, mostTold);
  const parts = shown.map((it) =>
    sorted.length === 1
      ? linesOf(it, kind, zone, now)
      : [`- ${clean(it.title, 200)}`, ...linesOf(it, kind, zone, now).map((line) => `  ${line}`)],
  );
  const rest = sorted.length - shown.length;
  const organizationName = clean(organization.name, 120);
  return {
    key,
    kind,
    severity: kind === 'recovery' ? 'ok' : (sorted[0] as Item).severity,
    title: titleOf(kind, sorted, now),
    text: [...parts.flat(), ...(rest > 0 ? [`and ${rest} more`] : []), '', organizationName].join('\n'),
    at,
    when: stamp(at, zone),
    organization: organizationName,
    alerts: sorted
      .slice(0, mostListed)
      .map((it) => ({ id: it.id, title: clean(it.title, 200), severity: it.severity, subject: it.subject.id, ended: it.endedAt !== null })),
    more: Math.max(0, sorted.length - mostListed),
  };
}

/** "web1 is down and 41 more problems". */
function titleOf(kind: Message['kind'], sorted: readonly Item[], now: number): string {
  const first = sorted[0] as Item;
  const rest = sorted.length - 1;
  const what = `${clean(first.title, 160)}${rest > 0 ? ` and ${count(rest, 'more problem')}` : ''}`;
  if (kind === 'update') return `Changed: ${what}`;
  if (kind === 'reminder') return `Nobody has it yet: ${what}`;
  if (kind === 'escalation') return `Nobody has it for ${humanDuration(now - Math.min(...sorted.map((it) => it.openSince)))}: ${what}`;
  if (kind === 'recovery') return `${sorted.every((it) => it.closed) ? 'No longer watched' : 'Recovered'}: ${what}`;
  return what;
}

function linesOf(it: Item, kind: Message['kind'], zone: string, now: number): string[] {
  if (it.endedAt !== null) {
    const lasted = humanDuration(Math.max(0, it.endedAt - it.firstAt));
    const times = `from ${stamp(it.firstAt, zone)} to ${stamp(it.endedAt, zone)}`;
    return [
      it.closed
        ? `No longer watched since ${stamp(it.endedAt, zone)}: it left the inventory. Nobody knows whether it recovered.`
        : `Recovered after ${lasted}: ${times}.`,
    ];
  }
  const text = clean(it.text, 400);
  const related = it.related.slice(0, 2).map((line) => `See also: ${clean(line, 200)}`);
  return [
    ...(text === '' ? [] : [text]),
    ...(it.behind === null ? [] : [it.behind]),
    ...(it.consequences > 0 ? [`${count(it.consequences, 'more check')} cannot be reached because of it.`] : []),
    `Since ${stamp(it.firstAt, zone)}${kind === 'problem' ? '' : `; nobody has had it for ${humanDuration(Math.max(0, now - it.openSince))}`}.`,
    ...related,
  ];
}

/** What the test button sends. */
export function testMessage({ organization, now }: Speaker): Message {
  const name = clean(organization.name, 120);
  const when = stamp(now, organization.timezone);
  return {
    key: 'test',
    kind: 'test',
    severity: 'ok',
    title: `Test from Nightdesk at ${name}`,
    text: `This is a test. Alerts will come this way.\nSent ${when}.\n\n${name}`,
    at: now,
    when,
    organization: name,
    alerts: [],
    more: 0,
  };
}

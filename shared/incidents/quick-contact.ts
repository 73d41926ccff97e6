/** The head of a line about a call, ticket or mail: "cox tier 1, Jane #48213". */
import type { LogEntry } from '../model/incident.ts';
import { knownName, type QuickName } from './quick-words.ts';

type Contact = Extract<LogEntry, { type: 'contact' }>;
type Head = Pick<Contact, 'with' | 'person' | 'tier' | 'ticket' | 'direction' | 'waiting'>;

const groups = /\b(?:tier|level|group|team|desk|noc|support|department|engineering|shift)\b/i;
const tierWords = /\b((?:tier|level)\s*[\w-]+|(?:\d(?:st|nd|rd|th)|first|second|third)\s+(?:tier|level))\b/i;

/**
 * Reads whom, by whom, which tier and which ticket.
 * @param head what stands between the leading word and the colon
 * @param isTicket a number alone is the ticket's
 * @returns null where nobody is named
 */
export function readContactHead(head: string, names: readonly QuickName[], isTicket: boolean): Head | null {
  let rest = head.trim();
  const [way = ''] = /^(?:from|by|in|to|with|out|at)\b\s*/i.exec(rest) ?? [];
  const direction = /^(?:from|by|in)/i.test(way) ? 'in' : 'out';
  rest = rest.slice(way.length);
  let ticket: string | null = null;
  rest = rest.replace(/(?:\bticket\s+|\bcase\s+)?#\s?([\w./-]{1,60})|\b(?:ticket|case)\s+([\w./-]*\d[\w./-]*)/i, (_, hash, word) => {
    ticket = hash ?? word;
    return ' ';
  });
  const waiting = /(?:^|[\s,(])wait(?:ing)?\)?$/i.test(rest);
  if (waiting) rest = rest.replace(/[\s,(]*wait(?:ing)?\)?$/i, '');
  const known = knownName(rest, names);
  const whom = known?.id ?? /^[^,(]*?(?=\s*(?:,|\(|$|\b(?:tier|level)\b))/i.exec(rest)?.[0].trim() ?? '';
  if (whom === '') return null;
  rest = known ? known.rest : rest.slice(rest.indexOf(whom) + whom.length);
  let tier: string | null = null;
  rest = rest.replace(tierWords, (found) => {
    tier = found;
    return ',';
  });
  const people: string[] = [];
  for (const part of rest.split(/[,()]|\s{2,}/).map((it) => it.trim())) {
    if (part === '') continue;
    if (isTicket && ticket === null && /^[\w./-]*\d[\w./-]*$/.test(part)) ticket = part;
    else if (tier === null && groups.test(part)) tier = part;
    else people.push(part);
  }
  return { with: whom.slice(0, 200), person: people.join(', ').slice(0, 200) || null, tier, ticket, direction, waiting };
}

const waits = /[\s,;–-]*\(\s*(?:we(?:\s+are)?\s+)?wait(?:ing)?(?:\s+for\s+[^)]{1,40})?\s*\)\s*$/i;

/** "… (waiting)" at the end says that we wait for their answer. */
export function readWaiting(text: string): { text: string; waiting: boolean } {
  return waits.test(text) ? { text: text.replace(waits, '').trim(), waiting: true } : { text, waiting: false };
}

/** Puts "(waiting)" at the end of a line, or takes it away. */
export const toggleWaiting = (line: string): string => (waits.test(line) ? line.replace(waits, '') : `${line.trimEnd()} (waiting)`);

const said: [RegExp, Contact['channel']][] = [
  [/\s+(?:calls|called|rings|rang)(?:\s+back)?$/i, 'phone'],
  [/\s+(?:writes|wrote|mails|mailed)$/i, 'mail'],
  [/\s+(?:answers|answered|replies|replied)$/i, 'ticket'],
];

/** "cox calls", "Cox answers": somebody of the inventory who speaks to us. */
export function readSpeaker(head: string, names: readonly QuickName[]): (Head & { channel: Contact['channel'] }) | null {
  const found = said.find(([words]) => words.test(head));
  if (!found) return null;
  const whom = head.replace(found[0], '');
  const read = knownName(whom, names) && readContactHead(whom, names, false);
  return read && { ...read, direction: 'in', channel: found[1] };
}

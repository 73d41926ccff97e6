/**
 * The quick line of an incident: one line of text that a tired person types becomes an entry of the log. Whatever is not understood is a
 * note, word for word; nothing that was typed is ever thrown away without being said.
 */
import type { LogEntry } from '../model/incident.ts';
import { readContactHead, readSpeaker, readWaiting } from './quick-contact.ts';
import { readDebt, readReceived } from './quick-debts.ts';
import { readDue, readWhen } from './quick-moment.ts';
import { colonOf, leadOf, type Parts, type QuickContext, type QuickKind, quickWords, type Read, short } from './quick-words.ts';

export interface QuickLine {
  entry: LogEntry;
  kind: QuickKind;
  /** When it happened, epoch ms; null = now. */
  at: number | null;
  /** What the person should know before sending it. */
  hint: string | null;
}
export type ReadLine = { line: QuickLine } | { problem: string; kind: QuickKind } | { empty: true; kind: QuickKind };

const longest = 4_000;

/** Reads a line. Pure: `now` and the names come from outside. */
export function readQuickLine(text: string, context: QuickContext): ReadLine {
  const when = readWhen(text, context.now, context.zone);
  const rest = (when ? when.rest : text).trim().slice(0, longest);
  const read = rest === '' ? null : readRest(rest, context);
  const kind = read?.kind ?? 'note';
  if (when && 'problem' in when) return { problem: when.problem, kind };
  if (!read) return { empty: true, kind };
  if ('problem' in read) return { problem: read.problem, kind };
  return { line: { entry: read.entry, kind, at: when?.at ?? null, hint: when?.hint ?? read.hint ?? null } };
}

function readRest(text: string, context: QuickContext): Read & { kind: QuickKind } {
  const progress = readProgress(text);
  if (progress) return { ...progress, kind: 'progress' };
  const colon = colonOf(text);
  const head = colon < 0 ? '' : text.slice(0, colon).trim();
  const body = colon < 0 ? '' : text.slice(colon + 1).trim();
  const debt = readDebt(text, context);
  if (debt) return { ...debt, kind: 'owed' };
  const lead = leadOf(colon < 0 ? text : head);
  if (lead?.kind === 'received') {
    const received = readReceived({ head: lead.rest, body }, context, colon >= 0);
    if (received) return { ...received, kind: 'received' };
  }
  if (colon >= 0) {
    const counted = /^(\d{1,9})\s+customers?(?:\s+report(?:s|ed)?)?$/i.exec(head) ?? (/^customer$/i.test(head) ? [head, '1'] : null);
    const customers = counted && readCustomers({ head: counted[1] ?? '', body });
    if (customers) return { ...customers, kind: 'customers' };
    const speaker = readSpeaker(head, context.names);
    if (speaker)
      return { ...withText(body, (it) => ({ ...speaker, ...readWaitingEntry(it, speaker.waiting) })), kind: channelKind[speaker.channel] };
    const read = lead && readers[lead.kind]?.({ head: lead.rest, body }, context);
    if (lead && read) return { ...read, kind: lead.kind };
  }
  const meant = colon < 0 && lead && lead.kind !== 'note' && lead.rest !== '' ? lead.kind : null;
  return {
    kind: 'note',
    entry: { type: 'note', text },
    ...(meant && { hint: `This is written as a note. With a colon it is something else: “${quickWords[meant].example}”.` }),
  };
}

const channelKind = { phone: 'call', ticket: 'ticket', mail: 'mail', chat: 'chat', 'on-site': 'on-site' } as const;
const readWaitingEntry = (body: string, already: boolean) => {
  const { text, waiting } = readWaiting(body);
  return { type: 'contact' as const, text, waiting: waiting || already };
};

/** Makes the entry where there is something to write. */
const withText = (body: string, make: (text: string) => LogEntry): Read =>
  body === '' ? { problem: 'Write it behind the colon.' } : { entry: make(body) };

/** A kind that takes nothing between its word and the colon. */
const plain =
  (type: 'note' | 'action' | 'decision' | 'trigger' | 'contributing' | 'root-cause' | 'resolution') =>
  ({ head, body }: Parts): Read | null =>
    head === '' ? withText(body, (text) => ({ type, text })) : null;

const contact =
  (channel: Extract<LogEntry, { type: 'contact' }>['channel']) =>
  ({ head, body }: Parts, { names }: QuickContext): Read => {
    const read = readContactHead(head, names, channel === 'ticket');
    if (!read) return { problem: 'Say with whom, before the colon: “call cox: …”.' };
    const said = readWaitingEntry(body, read.waiting);
    return said.text === '' ? { problem: 'Write what was said, behind the colon.' } : { entry: { channel, ...read, ...said } };
  };

/** Null: the word means something else here, so it is a note. */
const readers: { [K in QuickKind]?: (parts: Parts, context: QuickContext) => Read | null } = {
  note: plain('note'),
  action: plain('action'),
  decision: plain('decision'),
  trigger: plain('trigger'),
  contributing: plain('contributing'),
  cause: plain('root-cause'),
  resolution: plain('resolution'),
  call: contact('phone'),
  ticket: contact('ticket'),
  mail: contact('mail'),
  chat: contact('chat'),
  'on-site': contact('on-site'),
  customers: readCustomers,
  update: ({ head, body }, { now, zone }) => {
    const next = /[\s,;.(]*\bnext(?:\s+update)?\s+(?:at\s+|in\s+)?([^,;()]{2,30}?)\)?\.?$/i.exec(body);
    const nextAt = next ? readDue(next[1] ?? '', now, zone) : null;
    const text = next && nextAt !== null ? body.slice(0, next.index).trim() : body;
    return withText(text, (it) => ({
      type: 'status-update',
      audience: short(head.replace(/^(?:to|for)\s+/i, '')) || 'customers',
      text: it,
      nextAt,
    }));
  },
  'to-do': ({ head, body }, { now, zone }) => {
    const due = /(?:^|\s)(?:by|until)\s+(.+)$/i.exec(head);
    const dueAt = due ? readDue(due[1] ?? '', now, zone) : null;
    if (due && dueAt === null) return { problem: `“${due[1]}” is no day: write “by Friday”, “by 25 Nov” or “by 2026-11-25”.` };
    const owner = short((due ? head.slice(0, due.index) : head).replace(/^(?:for)\s+/i, '')) || null;
    return withText(body, (text) => ({ type: 'follow-up', text, owner, dueAt }));
  },
};

function readCustomers({ head, body }: Parts): Read | null {
  if (head !== '' && !/^\d[\d\s.,]*$/.test(head)) return null;
  const many = Number(head.replace(/[\s.,]/g, ''));
  if (many < 1) return { problem: 'Say how many: “customers 12: …”.' };
  if (many > 1_000_000) return { problem: 'That is more than a million customers.' };
  return withText(body, (text) => ({ type: 'customer-report', count: many, text }));
}

/** "7/43 sites restored", "7 of 43 sites: the rest by noon", "progress 7/43 sites". */
function readProgress(text: string): Read | null {
  const found = /^(progress\b\s*:?\s*)?(\d{1,9})\s*(?:\/|of|out of)\s*(\d{1,9})(?=[\s:,]|$)/i.exec(text);
  if (!found) return null;
  const [start, said, done = '', total = ''] = found;
  const rest = text.slice(start.length);
  const colon = colonOf(rest);
  const what = short(colon < 0 ? rest : rest.slice(0, colon));
  // "24/7 support called" and "3 of 4 people who …" are notes.
  if (!said && (Number(done) > Number(total) || what.length > 60)) return null;
  if (Number(total) < 1 || Number(done) > Number(total))
    return { problem: 'The first number is how many are done, the second how many there are.' };
  if (what === '') return { problem: 'Say of what: “7/43 sites restored”.' };
  return {
    entry: { type: 'progress', done: Number(done), total: Number(total), what, text: colon < 0 ? '' : rest.slice(colon + 1).trim() },
  };
}

/** Puts another leading word before what was typed; what dates it back stays in front. @returns the line, and where the cursor belongs */
export function withKind(text: string, kind: QuickKind): { text: string; cursor: number } {
  const [date = ''] = /^\s*@(?:yesterday\s+|today\s+|\d{4}-\d{2}-\d{2}\s+)?\S*\s*/i.exec(text) ?? [];
  const rest = text.slice(date.length);
  const colon = colonOf(rest);
  const head = colon < 0 ? '' : rest.slice(0, colon);
  const known = colon >= 0 && leadOf(head) !== null;
  const body = (known ? rest.slice(colon + 1) : rest).trim();
  const [before = '', after = ''] = quickWords[kind].template.split('|');
  const begins = date === '' || /\s$/.test(date) ? date : `${date} `;
  // Where nothing goes before the colon, one goes on writing at the end.
  const line = after === '' ? `${begins}${before}${body}` : `${begins}${before}${after}${body}`;
  return { text: line, cursor: after === '' ? line.length : begins.length + before.length };
}

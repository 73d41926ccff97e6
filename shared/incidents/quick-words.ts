/** What a line of the log may begin with, as the quick line reads it and its chooser offers it; and what its readers share. */
import type { LogEntry, Owed } from '../model/incident.ts';

export const quickKinds = [
  'note',
  'call',
  'ticket',
  'mail',
  'chat',
  'on-site',
  'customers',
  'action',
  'progress',
  'decision',
  'update',
  'trigger',
  'contributing',
  'cause',
  'resolution',
  'to-do',
  'owed',
  'received',
] as const;
export type QuickKind = (typeof quickKinds)[number];

interface QuickWords {
  label: string;
  /** Words that a line of this kind begins with, in small letters. */
  leads: readonly string[];
  /** What the chooser puts before the text; the cursor goes to the bar. */
  template: string;
  example: string;
}

export const quickWords: Record<QuickKind, QuickWords> = {
  note: { label: 'Note', leads: ['note'], template: '|', example: 'web sites answer again from outside' },
  call: {
    label: 'Call',
    leads: ['call', 'called', 'phone', 'phoned', 'rang'],
    template: 'call |: ',
    example: 'call cox tier 1: they see nothing (waiting)',
  },
  ticket: { label: 'Ticket', leads: ['ticket'], template: 'ticket |: ', example: 'ticket cox #48213: handed to their routing group' },
  mail: { label: 'Mail', leads: ['mail', 'email', 'e-mail', 'mailed'], template: 'mail |: ', example: 'mail from cox Jane: RFO follows' },
  chat: { label: 'Chat', leads: ['chat'], template: 'chat |: ', example: 'chat level3: they take our ranges' },
  'on-site': {
    label: 'On site',
    leads: ['on site', 'on-site', 'onsite'],
    template: 'on site |: ',
    example: 'on site sd: the fans stand still',
  },
  customers: { label: 'Customers report', leads: ['customers', 'customer'], template: 'customers |: ', example: 'customers 12: no mail' },
  action: { label: 'Action', leads: ['action', 'did', 'done'], template: 'action: |', example: 'action: restarted the mail store' },
  progress: { label: 'Progress', leads: ['progress'], template: '|', example: '7/43 sites restored' },
  decision: { label: 'Decision', leads: ['decision', 'decided'], template: 'decision: |', example: 'decision: no traffic over Cox' },
  update: {
    label: 'Update to customers',
    leads: ['update', 'status update', 'told', 'informed'],
    template: 'update: |',
    example: 'update customers: mail is delayed, next 06:00',
  },
  trigger: { label: 'Trigger', leads: ['trigger', 'set off by'], template: 'trigger: |', example: 'trigger: nightly security patches' },
  contributing: {
    label: 'Had a part in it',
    leads: ['contributing', 'had a part', 'had a part in it', 'part'],
    template: 'contributing: |',
    example: 'contributing: the spare controller was of the same batch',
  },
  cause: { label: 'Cause', leads: ['cause', 'root cause', 'root-cause'], template: 'cause: |', example: 'cause: route filter at Cox' },
  resolution: {
    label: 'Resolution',
    leads: ['resolution', 'resolved', 'fix', 'fixed'],
    template: 'resolution: |',
    example: 'resolution: Cox put the filter right',
  },
  'to-do': {
    label: 'To do',
    leads: ['to do', 'todo', 'to-do', 'follow up', 'follow-up'],
    template: 'to do: |',
    example: 'to do Kim by Friday: watch each range by itself',
  },
  owed: { label: 'Owed to us', leads: ['owed', 'due from'], template: 'owed |: ', example: 'owed cox: RFO by Friday' },
  received: { label: 'Received', leads: ['received', 'got'], template: 'received |', example: 'received RFO: by mail' },
};

/** The longest lead that the text begins with, and what follows it; null where there is none. */
export function leadOf(text: string): { kind: QuickKind; rest: string } | null {
  const low = text.toLowerCase();
  let best: { kind: QuickKind; length: number } | null = null;
  for (const kind of quickKinds) {
    for (const lead of quickWords[kind].leads) {
      const next = low.charAt(lead.length);
      if (low.startsWith(lead) && (next === '' || /[\s:,(#]/.test(next)) && lead.length > (best?.length ?? 0))
        best = { kind, length: lead.length };
    }
  }
  return best && { kind: best.kind, rest: text.slice(best.length).trim() };
}

/** Where the head of a line ends: the first colon that is neither in a time ("03:24") nor in an address ("https://"); -1 where there is none. */
export function colonOf(text: string): number {
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) {
    const inTime = /\d/.test(text.charAt(at - 1)) && /\d/.test(text.charAt(at + 1));
    if (!inTime && !text.startsWith('//', at + 1)) return at;
  }
  return -1;
}

/** A name that a line may mean: a link, a site. */
export interface QuickName {
  id: string;
  name: string;
}

/** The longest known name (or id) that the text begins with, and what follows it. */
export function knownName(text: string, names: readonly QuickName[]): { id: string; rest: string } | null {
  const low = text.toLowerCase();
  let best: { id: string; length: number } | null = null;
  for (const { id, name } of names) {
    for (const word of [id, name]) {
      const next = text.charAt(word.length);
      if (word !== '' && low.startsWith(word.toLowerCase()) && !/[\p{L}\p{N}_-]/u.test(next) && word.length > (best?.length ?? 0))
        best = { id, length: word.length };
    }
  }
  return best && { id: best.id, rest: text.slice(best.length).trim() };
}

export interface QuickContext {
  now: number;
  /** Of the organization: times without a zone are read in it. */
  zone: string;
  /** Links, sites and whoever else has a name here. */
  names: readonly QuickName[];
  /** What is owed and not in yet. */
  owed: readonly Pick<Owed, 'id' | 'with' | 'what'>[];
}

/** What a part of the reader makes of a line. */
export type Read = { entry: LogEntry; hint?: string } | { problem: string };
export interface Parts {
  /** Between the leading word and the colon; empty where there is none. */
  head: string;
  body: string;
}

export const short = (text: string): string => text.trim().slice(0, 200);

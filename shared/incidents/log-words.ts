/** One line of an incident's log in words. Closed over all types: a new one does not compile without its words. */
import type { EventNames } from '../model/describe-event.ts';
import type { LogEntry, LogType } from '../model/incident.ts';
import { clean, count } from '../text.ts';

type Entry<T extends LogType> = Extract<LogEntry, { type: T }>;
export interface LogWords {
  /** One or two words: "Call", "Customers report". */
  label: string;
  text: string;
}

const ways = {
  phone: { in: 'calls', out: 'called' },
  ticket: { in: 'answers in the ticket', out: 'ticket to' },
  mail: { in: 'writes', out: 'mail to' },
  chat: { in: 'writes in the chat', out: 'chat with' },
  'on-site': { in: 'says on site', out: 'on site with' },
} as const;
const contactLabel = { phone: 'Call', ticket: 'Ticket', mail: 'Mail', chat: 'Chat', 'on-site': 'On site' } as const;

const describers: { [T in LogType]: (entry: Entry<T>, names: EventNames) => LogWords } = {
  note: (it) => ({ label: 'Note', text: it.text }),
  contact: (it, names) => {
    const firm = names.byId(it.with);
    const whom = `${it.person ? `${it.person} of ${firm}` : firm}${it.tier ? ` (${it.tier})` : ''}`;
    const way = ways[it.channel][it.direction];
    const what = it.direction === 'in' ? `${whom} ${way}` : `${way} ${whom}`;
    return {
      label: contactLabel[it.channel],
      text: `${what}${it.ticket ? `, ticket ${it.ticket}` : ''}: ${it.text}${it.waiting ? ' (we wait for them)' : ''}`,
    };
  },
  'customer-report': (it) => ({ label: 'Customers report', text: `${count(it.count, 'customer')}: ${it.text}` }),
  action: (it) => ({ label: 'Action', text: it.text }),
  progress: (it) => ({ label: 'Progress', text: `${it.done} of ${it.total} ${it.what}${it.text ? `: ${it.text}` : ''}` }),
  decision: (it) => ({ label: 'Decision', text: it.text }),
  'status-update': (it) => ({ label: 'Update', text: `to ${it.audience}: ${it.text}` }),
  trigger: (it) => ({ label: 'Trigger', text: it.text }),
  contributing: (it) => ({ label: 'Had a part in it', text: it.text }),
  'root-cause': (it) => ({ label: 'Cause', text: it.text }),
  resolution: (it) => ({ label: 'Resolution', text: it.text }),
  'follow-up': (it) => ({ label: 'To do', text: `${it.text}${it.owner ? ` (${it.owner})` : ''}` }),
  owed: (it, names) => ({ label: 'Owed', text: `${names.byId(it.with)} owes us: ${it.what}` }),
  'owed-received': (it) => ({ label: 'Received', text: it.text || 'what was owed is in' }),
};

/** Puts a log line into words: what people typed comes out as one harmless line. */
export function describeLog(entry: LogEntry, names: EventNames): LogWords {
  const { label, text } = (describers[entry.type] as (entry: LogEntry, names: EventNames) => LogWords)(entry, names);
  return { label, text: clean(text, 4_500) };
}

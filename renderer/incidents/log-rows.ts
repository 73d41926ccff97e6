/** The lines of an incident's log, newest first, and each of them in words. Pure. */
import { describeLog } from '../../shared/incidents/log-words.ts';
import { describeEvent, type EventNames, type EventWords } from '../../shared/model/describe-event.ts';
import type { NightEvent } from '../../shared/model/event.ts';
import type { IncidentStatus } from '../../shared/model/incident.ts';
import { clean, listOf } from '../../shared/text.ts';
import { statusTitles } from './incident-words.ts';

export type LogFilter = 'all' | 'people' | 'desk';
export const logFilters: Record<LogFilter, string> = { all: 'Everything', people: 'People', desk: 'What Nightdesk saw' };

export const isByDesk = (event: NightEvent): boolean => event.actor === 'engine';

/** What the engine answered and what came live since, each once: what happened last stands first, whenever it was written. */
export function mergeLog(asked: readonly NightEvent[], live: readonly NightEvent[], filter: LogFilter): NightEvent[] {
  const all = new Map([...asked, ...live].map((event) => [event.id, event]));
  return [...all.values()]
    .filter((event) => filter === 'all' || isByDesk(event) === (filter === 'desk'))
    .sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
}

const why = (reason: string): string => (reason.trim() === '' ? '' : `: “${reason.trim()}”`);

/** An event on the page of its own incident: what the page says already (its title) is left out. */
export function logWords(event: NightEvent, incident: string, names: EventNames): EventWords {
  const words = ownWords(event, incident, names);
  return words
    ? { label: words.label, text: clean(words.text, 4_500), mark: isByDesk(event) ? 'info' : 'human' }
    : describeEvent(event, names);
}

function ownWords(event: NightEvent, incident: string, names: EventNames): { label: string; text: string } | null {
  switch (event.kind) {
    case 'logged':
      return describeLog(event.payload.entry, names);
    case 'incident-opened': {
      const { severity, afterwards, title, incident: own } = event.payload;
      const what = `${severity}${afterwards ? ', written down afterwards' : ''}`;
      return { label: 'Opened', text: own === incident ? what : `${title} (${what})` };
    }
    case 'incident-status': {
      const { from, to, reason } = event.payload;
      const back = order.indexOf(to) < order.indexOf(from);
      return {
        label: back ? 'Reopened' : statusTitles[to],
        text: `from ${statusTitles[from].toLowerCase()} to ${statusTitles[to].toLowerCase()}${why(reason)}`,
      };
    }
    case 'incident-changed':
      return { label: 'Changed', text: `${event.payload.what}${why(event.payload.reason)}` };
    case 'incident-joined':
      return { label: 'Alert joined', text: listOf(event.payload.titles, 5) };
    case 'incident-left':
      return { label: 'Alert taken out', text: listOf(event.payload.titles, 5) };
    case 'incident-merged':
      return event.payload.into === incident ? { label: 'Merged', text: `“${event.payload.title}” goes on here` } : null;
    default:
      return null;
  }
}
const order = Object.keys(statusTitles) as IncidentStatus[];

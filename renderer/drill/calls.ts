/** Calls to the player of a drill: which still want an answer, and their words. */
import { create } from 'zustand';
import type { DrillCall } from '../../shared/live.ts';
import type { ContactChannel } from '../../shared/model/incident.ts';
import { clean, count } from '../../shared/text.ts';

/** Let go by the player, by id. There are at most as many as calls in a drill. */
export const useDismissed = create<ReadonlySet<string>>(() => new Set());
export const dismissCall = (id: string): void => useDismissed.setState((all) => new Set([...all, id]), true);

/** Newest first: those that nobody wrote down or let go. */
export const waitingCalls = (calls: readonly DrillCall[], dismissed: ReadonlySet<string>): DrillCall[] =>
  calls.filter((call) => !call.logged && !dismissed.has(call.id)).toReversed();

const comes: Record<ContactChannel, string> = {
  phone: 'The phone rings',
  ticket: 'The ticket is answered',
  mail: 'A mail comes',
  chat: 'Somebody writes in the chat',
  'on-site': 'Somebody stands before you',
};
/** "The phone rings: Bluefin Carrier, routing group", "A mail comes: …", "Customers report it: 6 customers". */
export const callHead = ({ channel, who }: Pick<DrillCall, 'channel' | 'who'>): string =>
  `${channel === null ? 'Customers report it' : comes[channel]}: ${clean(who, 120)}`;

/** What the button under the calls says. @param hidden how many are not shown while it is closed */
export function moreCalls(hidden: number, isOpen: boolean, isOver: boolean): string {
  if (isOpen) return isOver ? 'Hide them' : 'Show the newest only';
  return isOver ? `${count(hidden, 'call')} not written down …` : `${count(hidden, 'earlier call')} …`;
}

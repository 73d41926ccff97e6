/** What ails mail in a drill's world: by protocol, and what has gathered in its queue. */
import type { FaultOf } from '../../shared/scenario/scenario.ts';
import { MINUTE, SECOND } from '../../shared/time.ts';
import type { Asked } from './world-contact.ts';
import { isOf, type Spell } from './world-faults.ts';
import type { Program } from './world-topology.ts';
import { numberOf } from './world-values.ts';

type MailFault = FaultOf<'mail'>;
type Mode = MailFault['mode'];
export type Protocol = NonNullable<MailFault['protocols']>[number];

/** What a fault hits that names no protocols. */
const usual: Record<Mode, readonly Protocol[]> = {
  'queue-stuck': [],
  'delivery-delayed': [],
  'smtp-refuse': ['smtp'],
  'auth-fails': ['submission', 'imap', 'pop3', 'sieve'],
  'webmail-down': ['webmail'],
  'tls-broken': ['smtp', 'submission', 'imap', 'pop3', 'sieve'],
  blocklisted: [],
};
const byPort: Readonly<Record<number, Protocol>> = {
  25: 'smtp',
  587: 'submission',
  465: 'submission',
  143: 'imap',
  993: 'imap',
  110: 'pop3',
  995: 'pop3',
  4190: 'sieve',
};

const isAbout = (fault: MailFault, programs: readonly Program[]): boolean =>
  programs.some((it) => it.kind === 'mail' && (it.id === fault.mail || it.domain === fault.mail));

/** Mail that a check looks at: of its own entry, or what runs on the machine that it goes to. */
function mailOf({ place, topology }: Pick<Asked<unknown>, 'place' | 'topology'>): Program[] {
  const own = place.programs.filter((it) => it.kind === 'mail');
  if (own.length > 0) return own;
  const machine = place.spots[0]?.machine;
  return machine ? [...topology.programs.values()].filter((it) => it.kind === 'mail' && it.machines.includes(machine)) : [];
}

/** What ails a protocol: the first that bites. */
export function protocolFault(asked: Pick<Asked<unknown>, 'place' | 'topology' | 'moment'>, protocol: Protocol): MailFault | null {
  const { spells } = asked.moment;
  if (spells.length === 0) return null;
  const programs = mailOf(asked);
  const found = spells.find(
    (it): it is Spell<MailFault> =>
      isOf('mail', it) && isAbout(it.fault, programs) && (it.fault.protocols ?? usual[it.fault.mode]).includes(protocol),
  );
  return found?.fault ?? null;
}

/** The same for a port. */
export function doorFault(asked: Pick<Asked<unknown>, 'place' | 'topology' | 'moment'>, port: number): MailFault | null {
  const protocol = byPort[port];
  return protocol === undefined ? null : protocolFault(asked, protocol);
}

/** A fault of this mode that bites. */
export const mailFault = (asked: Pick<Asked<unknown>, 'place' | 'topology' | 'moment'>, mode: Mode): MailFault | null =>
  asked.moment.spells.find((it): it is Spell<MailFault> => isOf('mail', it) && it.fault.mode === mode && isAbout(it.fault, mailOf(asked)))
    ?.fault ?? null;

/** A queue that is let go empties so many times as fast as it grew. */
const drainTimes = 5;
/** Messages that come in a minute where a fault does not say. */
const usualPerMinute = 8;
const usualDeliveryMs = 1_400;

export interface Backlog {
  messages: number;
  /** When the oldest came, epoch ms; null = none waits. */
  oldestAt: number | null;
  perMinute: number;
  /** They leave again. */
  isDraining: boolean;
}

const holds = (setting: Pick<Asked<unknown>, 'place' | 'topology' | 'spells'>): Spell<MailFault>[] => {
  const programs = mailOf(setting);
  return setting.spells.filter(
    (it): it is Spell<MailFault> =>
      isOf('mail', it) && isAbout(it.fault, programs) && (it.fault.mode === 'queue-stuck' || it.fault.mode === 'delivery-delayed'),
  );
};

/** What waits in the queue at a moment. */
export function backlogAt(setting: Pick<Asked<unknown>, 'place' | 'topology' | 'spells'>, at: number): Backlog {
  const none: Backlog = { messages: 0, oldestAt: null, perMinute: 0, isDraining: false };
  return holds(setting).reduce((all, spell) => {
    const one = heldBy(spell, at);
    if (one.messages < 1) return all;
    return {
      messages: all.messages + one.messages,
      oldestAt: Math.min(all.oldestAt ?? at, one.oldestAt ?? at),
      perMinute: all.perMinute + one.perMinute,
      isDraining: all.isDraining || one.isDraining,
    };
  }, none);
}

function heldBy({ fault, from, to }: Spell<MailFault>, at: number): Backlog {
  const none: Backlog = { messages: 0, oldestAt: null, perMinute: 0, isDraining: false };
  if (at < from) return none;
  const isStuck = fault.mode === 'queue-stuck';
  const perMinute = isStuck ? numberOf(fault) : usualPerMinute;
  const held = Math.min(at, to) - from;
  // What is only late leaves as fast as it comes, later.
  const waitingMs = isStuck ? held : Math.min(held, numberOf(fault));
  const gathered = Math.floor((perMinute * waitingMs) / MINUTE);
  if (at < to) return { messages: gathered, oldestAt: at - waitingMs, perMinute: waitingMs === held ? perMinute : 0, isDraining: false };
  const left = gathered - Math.floor((perMinute * drainTimes * (at - to)) / MINUTE);
  if (left < 1) return none;
  return { messages: left, oldestAt: to - (waitingMs * left) / gathered, perMinute: -perMinute * drainTimes, isDraining: true };
}

/** When a message that was taken at a moment is in the mailbox, epoch ms; Infinity = not in this drill. */
export function deliveryOf(setting: Pick<Asked<unknown>, 'place' | 'topology' | 'spells'>, takenAt: number): number {
  let arrives = takenAt + usualDeliveryMs;
  for (const { fault, from, to } of holds(setting)) {
    if (takenAt < from || takenAt >= to) continue;
    // First come, first served, once it moves again.
    const released = fault.mode === 'queue-stuck' ? to + (takenAt - from) / drainTimes : takenAt + numberOf(fault);
    arrives = Math.max(arrives, released + SECOND);
  }
  return arrives;
}

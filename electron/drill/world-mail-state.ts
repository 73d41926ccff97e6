/** What ails mail in a drill's world, by protocol. */
import type { FaultOf } from '../../shared/scenario/scenario.ts';
import type { Asked } from './world-contact.ts';
import { isMended, isOf, type Protocol, protocolsOf, type Spell } from './world-faults.ts';
import type { Program } from './world-topology.ts';

type MailFault = FaultOf<'mail'>;
type Mode = MailFault['mode'];

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

export const isAbout = (fault: MailFault, programs: readonly Program[]): boolean =>
  programs.some((it) => it.kind === 'mail' && (it.id === fault.mail || it.domain === fault.mail));

/** Mail that a check looks at: of its own entry, or what runs on the machine that it goes to. */
export function mailOf({ place, topology }: Pick<Asked<unknown>, 'place' | 'topology'>): Program[] {
  const own = place.programs.filter((it) => it.kind === 'mail');
  if (own.length > 0) return own;
  const machine = place.spots[0]?.machine;
  return machine ? [...topology.programs.values()].filter((it) => it.kind === 'mail' && it.machines.includes(machine)) : [];
}

/** What ails a protocol: the first that bites. */
export function protocolFault(asked: Pick<Asked<unknown>, 'place' | 'topology' | 'moment'>, protocol: Protocol): MailFault | null {
  const { at, spells } = asked.moment;
  if (spells.length === 0) return null;
  const programs = mailOf(asked);
  const found = spells.find(
    (it): it is Spell<MailFault> =>
      isOf('mail', it) &&
      isAbout(it.fault, programs) &&
      protocolsOf(it.fault).includes(protocol) &&
      !isMended(it, at, (part) => part === protocol),
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

/** What waits in the queue of a mail server in a drill's world, and when a message gets through. */
import type { FaultOf } from '../../shared/scenario/scenario.ts';
import { MINUTE, SECOND } from '../../shared/time.ts';
import { fixedOf } from './random.ts';
import type { Asked } from './world-contact.ts';
import { brokenFor, isOf, isOn, type Spell } from './world-faults.ts';
import { isAbout, mailOf } from './world-mail-state.ts';
import { numberOf } from './world-values.ts';

type MailSpell = Spell<FaultOf<'mail'>>;
type Setting = Pick<Asked<unknown>, 'place' | 'topology' | 'spells'>;

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
const none: Backlog = { messages: 0, oldestAt: null, perMinute: 0, isDraining: false };

function holds(setting: Setting): MailSpell[] {
  const programs = mailOf(setting);
  return setting.spells.filter(
    (it): it is MailSpell =>
      isOf('mail', it) && isAbout(it.fault, programs) && (it.fault.mode === 'queue-stuck' || it.fault.mode === 'delivery-delayed'),
  );
}

/** What waits in the queue at a moment. */
export function backlogAt(setting: Setting, at: number): Backlog {
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

/** Messages that a fault holds back, for each minute. */
const rateOf = ({ fault }: MailSpell): number => (fault.mode === 'queue-stuck' ? numberOf(fault) : usualPerMinute) * (fault.portion ?? 1);

/** Mail does not come like clockwork: so much of what comes in a minute came early, or late. @param minutes since it began */
function unevenly(spell: MailSpell, minutes: number): number {
  const early = (minute: number): number => (minute === 0 ? 0 : fixedOf(`comes ${spell.fault.mail} ${spell.from} ${minute}`, -0.45, 0.45));
  const whole = Math.floor(minutes);
  const part = minutes - whole;
  return minutes + early(whole) * (1 - part) + early(whole + 1) * part;
}

/** Time for which mail has come in that still waits, ms, while a fault lasts. */
function waitingMs(spell: MailSpell, at: number): number {
  const { fault, from } = spell;
  // What is only late leaves as fast as it comes, later.
  if (fault.mode === 'delivery-delayed') return brokenFor(spell, at) - brokenFor(spell, at - numberOf(fault));
  const { flap } = fault;
  const lasted = at - from;
  if (!flap) return lasted;
  // What gathers in one part of a round leaves in the other.
  const down = flap.down * flap.period;
  const leaves = drainTimes * (flap.period - down);
  const into = lasted % flap.period;
  const left = Math.floor(lasted / flap.period) * Math.max(0, down - leaves);
  return into < down ? left + into : Math.max(0, left + down - drainTimes * (into - down));
}

function heldBy(spell: MailSpell, at: number): Backlog {
  const { from, to } = spell;
  if (at < from) return none;
  const perMinute = rateOf(spell);
  const waiting = waitingMs(spell, Math.min(at, to));
  const gathered = perMinute * unevenly(spell, waiting / MINUTE);
  const gone = at < to ? 0 : (perMinute * drainTimes * (at - to)) / MINUTE;
  const messages = Math.floor(gathered - gone);
  if (messages < 1) return none;
  const isDraining = at >= to || (spell.fault.mode === 'queue-stuck' && !isOn(spell, at, always));
  const isEven = spell.fault.mode === 'delivery-delayed' && brokenFor(spell, at) > waiting;
  return {
    messages,
    oldestAt: Math.max(from, Math.min(at, to) - waiting * (messages / gathered)),
    perMinute: isDraining ? -perMinute * drainTimes : isEven ? 0 : perMinute,
    isDraining,
  };
}
const always = (): number => 0;

/**
 * When a message that was taken at a moment is in the mailbox, epoch ms; Infinity = not in this drill.
 * @param moment which faults hit this message, of those that hit a share
 */
export function deliveryOf(setting: Setting & Pick<Asked<unknown>, 'moment'>, takenAt: number): number {
  let arrives = takenAt + usualDeliveryMs;
  for (const spell of holds(setting)) {
    if (!isOn(spell, takenAt, always)) continue;
    if (spell.fault.portion !== undefined && !setting.moment.spells.includes(spell)) continue;
    const released = spell.fault.mode === 'queue-stuck' ? releasedAt(spell, takenAt) : takenAt + numberOf(spell.fault);
    arrives = Math.max(arrives, released + SECOND);
  }
  return arrives;
}

/** First come, first served, as soon as it moves. */
function releasedAt(spell: MailSpell, takenAt: number): number {
  const { fault, from, to } = spell;
  const needed = waitingMs(spell, takenAt) / drainTimes;
  const { flap } = fault;
  if (!flap) return to + needed;
  const down = flap.down * flap.period;
  const moves = flap.period - down;
  const begins = from + Math.floor((takenAt - from) / flap.period) * flap.period + down;
  const released = moves <= 0 ? Number.POSITIVE_INFINITY : begins + Math.floor(needed / moves) * flap.period + (needed % moves);
  if (released <= to) return released;
  const moved = to - takenAt - (brokenFor(spell, to) - brokenFor(spell, takenAt));
  return to + Math.max(0, needed - moved);
}

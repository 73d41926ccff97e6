/** The test message of a round trip, and how it is known again. */
import { createHash, randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { RoundtripConfig } from '../../shared/checks/roundtrip-facts.ts';
import { headerFields } from '../../shared/mail/received.ts';
import { DAY, SECOND } from '../../shared/time.ts';

/** First words of every subject: by them mailboxes are searched, as all servers have subjects at hand. */
export const subjectWords = 'Nightdesk probe';
const markField = 'X-Nightdesk-Probe';

/** What a subject says of its message. */
export interface Mark {
  /** Of the check that sent it. */
  tag: string;
  /** Epoch ms, to the second, by the clock of the sender. */
  sentAt: number;
  /** Not to be guessed. */
  token: string;
  /** The header names that tag, too. */
  marked: boolean;
}

/** Names a check of this computer to itself, the same after every start: another desk must not take its messages away. */
export const tagOf = ({ send, from, to, fetch }: RoundtripConfig): string =>
  createHash('sha256')
    .update(JSON.stringify([hostname(), send.address, send.port, from, to, fetch.user]))
    .digest('hex')
    .slice(0, 12);

export const newToken = (): string => randomBytes(8).toString('hex');

/** @param at epoch ms; @returns the whole message, lines ending in CRLF */
export function messageOf({ from, to }: Pick<RoundtripConfig, 'from' | 'to'>, tag: string, token: string, at: number): string {
  const seconds = Math.floor(at / SECOND).toString(36);
  return [
    `From: ${from}`,
    `To: ${to}`,
    `Date: ${new Date(at).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${tag}.${token}@${from.slice(from.lastIndexOf('@') + 1)}>`,
    `Subject: ${subjectWords} ${tag} ${seconds} ${token}`,
    'Auto-Submitted: auto-generated',
    `${markField}: ${tag}`,
    '',
    'A test message of Nightdesk, which watches this mail service. It is removed by itself.',
    '',
  ].join('\r\n');
}

/** Lists and filters put words before a subject ("[announce]", "***SPAM***"), or behind it. */
const subjectMark = new RegExp(`^(.{0,200}?)\\b${subjectWords} ([0-9a-f]{12}) ([0-9a-z]{6,7}) ([0-9a-f]{16})(?![0-9a-f])`);
/** An answer to it, or one that is passed on: somebody's own message. */
const answered = /(?:^|[\s\]])(?:re|aw|antw|sv|vs|fwd?|wg|tr|rv|auto(?:matic reply)?)(?:\[\d+\])?\s?:/i;

/** @param header of any message; @returns null where it is none of ours */
export function readMark(header: string): Mark | null {
  const [subject = ''] = headerFields(header, 'Subject');
  const match = subjectMark.exec(subject.replace(/\s+/g, ' '));
  if (!match || answered.test(match[1] ?? '')) return null;
  const [, , tag = '', seconds = '', token = ''] = match;
  const marked = headerFields(header, markField).some((value) => value === tag);
  return { tag, sentAt: Number.parseInt(seconds, 36) * SECOND, token, marked };
}

/** Younger ones may be looked for at this moment, by somebody who runs the same check by hand. */
const graceMs = 30 * SECOND;
/** But never more of them than this. */
const mostYoung = 3;

/**
 * Which messages of a mailbox are to be removed before another one is sent: those that this check waited for, what else it has left (however
 * it ended), and what another desk has forgotten for a day. Never one without our mark in its header, which others cannot have by
 * chance; lists may take it away.
 * @param isKnown whether a token is of a message that is on its way
 */
export function leftoversOf<T extends { mark: Mark }>(
  all: readonly T[],
  own: { tag: string; list: boolean },
  isKnown: (token: string) => boolean,
  now: number,
): T[] {
  const ageOf = ({ mark }: T): number => Math.abs(now - mark.sentAt);
  const young = all
    .filter((it) => it.mark.tag === own.tag && !isKnown(it.mark.token) && ageOf(it) <= graceMs)
    .sort((a, b) => ageOf(a) - ageOf(b));
  const spared = new Set(young.slice(0, mostYoung));
  return all.filter((it) => {
    if (isKnown(it.mark.token)) return true;
    if (it.mark.tag === own.tag) return (it.mark.marked || own.list) && !spared.has(it);
    return it.mark.marked && ageOf(it) > DAY;
  });
}

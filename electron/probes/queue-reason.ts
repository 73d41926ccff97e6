/** Why mail waits, in words that are the same for all that waits for the same cause. */
import { clean } from '../../shared/text.ts';

const mostRead = 600;
const mostTold = 160;

/** Whom Postfix talked to: "mx1.example.org[192.0.2.1]:25", "mail.example.org[private/dovecot-lmtp]". */
const peer = String.raw`[^\s\[\]]{1,255}\[[^\s\[\]]{1,255}\](?::\d{1,5})?`;
/** Postfix's own sentences (smtp, lmtp, qmgr), from which server and name are taken; what is left is the cause. */
const sentences: [form: RegExp, cause: string][] = [
  [/^delivery temporarily suspended: /i, ''],
  [new RegExp(`^connect to ${peer}: `, 'i'), ''],
  [new RegExp(`^host ${peer} (?:said|refused to talk to me): `, 'i'), ''],
  [new RegExp(`^(lost connection with|conversation with) ${peer} `, 'i'), '$1 the server '],
  [/^Host or domain name not found\. Name service error for name=\S{1,255} type=(\w{1,10}): /i, 'no $1 record to be had: '],
  [/ ?\(in reply to [A-Z .-]{1,40}(?:command)?\)$/i, ''],
];
/** The same inside a sentence. */
const anyPeer = new RegExp(peer, 'g');

/**
 * Folds a delay reason: servers, addresses, links, queue ids, times and numbers go, so that reasons can be counted. The code of an SMTP
 * reply stays, as it tells what kind of no it is.
 * @param raw hostile text of any length
 */
export function foldReason(raw: string): string {
  let text = clean(raw.slice(0, mostRead), mostRead);
  for (const [form, cause] of sentences) text = text.replace(form, cause);
  const code = /^(?:[245]\d\d(?:[ -][245]\.\d{1,3}\.\d{1,3})?|[245]\.\d{1,3}\.\d{1,3})(?=[ :]|$)/.exec(text)?.[0] ?? '';
  const rest = text
    .slice(code.length)
    .replace(anyPeer, '…')
    .replace(/\b[a-z][a-z0-9+.-]{1,15}:\/\/\S+/gi, '…')
    .replace(/<?[^\s<>@"(]{1,100}@[^\s<>@",)]{1,255}>?/g, '…')
    // Queue ids and the like: letters and digits mixed; names of hosts with a digit are among them.
    .replace(/(?<![\w.])(?=[\w.-]{0,60}\d)(?=[\w.-]{0,60}[a-z])[\w.-]{6,}/gi, '…')
    .replace(/\d+(?:[.:,/-]\d+)*/g, '…')
    .replace(/…(?:[\s…:,;.#=-]*…)+/g, '…')
    .trim();
  const told =
    code === ''
      ? rest.replace(/^(?:Connection|No|Network|Operation|Host|Server|Mail|Name)(?= )/, (word) => word.toLowerCase())
      : `${code} ${rest}`.trim();
  return clean(told, mostTold) || 'no reason given';
}

/** A mailbox that is full or closed (RFC 3463, X.2.1 and X.2.2): its owner's affair, and no fault of the mail system. */
export const isMailboxAffair = (raw: string): boolean => /(?:^|[\s:])[45]\.2\.[12](?=\s|$)/.test(raw.slice(0, mostRead));

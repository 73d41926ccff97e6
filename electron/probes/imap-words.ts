/** What we say to an IMAP server: nothing that a name, a password or a mailbox holds may be read as a command. */

/** Text of our own, or a value of somebody else that must be quoted. */
export type Word = string | { value: string };

/** Printable ASCII: all that may stand between quotes everywhere. */
const quotable = /^[ -~]*$/;

/**
 * One command, as the pieces that are sent one after the other: before each but the first the server says "+". What cannot stand
 * between quotes goes as counted bytes (literals, RFC 3501 4.3).
 * @returns null where a value holds NUL, which IMAP cannot carry
 */
export function commandOf(tag: string, words: readonly Word[]): string[] | null {
  const pieces: string[] = [];
  let piece = tag;
  for (const word of words) {
    if (typeof word === 'string') piece += ` ${word}`;
    else if (word.value.includes('\0')) return null;
    else if (quotable.test(word.value)) piece += ` "${word.value.replace(/["\\]/g, '\\$&')}"`;
    else {
      pieces.push(`${piece} {${Buffer.byteLength(word.value)}}\r\n`);
      piece = word.value;
    }
  }
  return [...pieces, `${piece}\r\n`];
}

/** Name of a mailbox as it goes over the wire (modified UTF-7, RFC 3501 5.1.3): "Entwürfe" is "Entw&APw-rfe". */
export const mailboxWord = (name: string): Word => ({
  value: name.replace(/&|[^ -~]+/g, (found) =>
    found === '&' ? '&-' : `&${Buffer.from(found, 'utf16le').swap16().toString('base64').replace(/=+$/, '').replaceAll('/', ',')}-`,
  ),
});

/**
 * Name and password for SASL PLAIN (RFC 4616), in base64.
 * @returns null where one holds NUL, which ends a field there
 */
export const plainToken = (user: string, password: string): string | null =>
  user.includes('\0') || password.includes('\0') ? null : Buffer.from(`\0${user}\0${password}`).toString('base64');

/** What an IMAP server says (RFC 3501 section 7, RFC 9051 section 7), taken apart as far as we ask. */

/** A response as it came: text, and between the texts the counted bytes (literals), which mean nothing but themselves. */
export type Pieces = (string | Buffer)[];

export interface Status {
  kind: 'status';
  /** "*" or the tag of a command. */
  tag: string;
  word: 'OK' | 'NO' | 'BAD' | 'BYE' | 'PREAUTH';
  /** Name of the response code in upper case, such as AUTHENTICATIONFAILED, and what follows it. */
  code?: { name: string; words: string };
  text: string;
}
export type ImapReply =
  | Status
  | { kind: 'more' }
  /** `* 12 FETCH (…)`, `* CAPABILITY …`: the number where there is one, the word in upper case, and the rest. */
  | { kind: 'data'; number?: number; word: string; rest: Pieces };

const statusLine = /^(\*|[^\s*+"(){%\\\]]{1,40}) (OK|NO|BAD|BYE|PREAUTH)(?: (.*))?$/is;
const codeStart = /^\[([^\]\s]{1,60})(?: ([^\]]*))?\] ?(.*)$/s;
const dataLine = /^\* (?:(\d{1,10}) )?([A-Z][A-Z0-9.-]{0,40})(?: (.*))?$/is;
const literalEnd = /~?\{(\d{1,20})\+?\}$/;

/**
 * Whether counted bytes follow a line. Never after a status: its text is for people and may look like anything.
 * @param first whether the line begins a response
 * @returns how many, and the line without their count
 */
export function literalAfter(line: string, first: boolean): { size: number; text: string } | null {
  if (first && statusLine.test(line)) return null;
  const found = literalEnd.exec(line);
  return found ? { size: Number(found[1]), text: line.slice(0, found.index) } : null;
}

/** @returns null where it is no response of IMAP */
export function parseReply(pieces: Pieces): ImapReply | null {
  const [first, ...others] = pieces;
  if (typeof first !== 'string') return null;
  if (first === '+' || first.startsWith('+ ')) return { kind: 'more' };
  const status = others.length === 0 ? statusLine.exec(first) : null;
  if (status) {
    const [, tag = '', word = '', said = ''] = status;
    const coded = codeStart.exec(said);
    return {
      kind: 'status',
      tag,
      word: word.toUpperCase() as Status['word'],
      ...(coded ? { code: { name: (coded[1] ?? '').toUpperCase(), words: coded[2] ?? '' } } : {}),
      text: coded ? (coded[3] ?? '') : said,
    };
  }
  const data = dataLine.exec(first);
  if (!data) return null;
  const [, number, word = '', rest = ''] = data;
  return {
    kind: 'data',
    ...(number === undefined ? {} : { number: Number(number) }),
    word: word.toUpperCase(),
    rest: [rest, ...others],
  };
}

/** The texts alone: what stands in literals is no syntax. */
const textOf = (pieces: Pieces): string => pieces.filter((it) => typeof it === 'string').join(' ');

/** Words of a CAPABILITY response or response code, in upper case, the first 200. */
export const capabilitiesIn = (text: string): string[] =>
  text
    .toUpperCase()
    .split(' ', 200)
    .filter((it) => it !== '');

/** Numbers of a SEARCH response, at most `most`. */
export const numbersIn = (pieces: Pieces, most: number): number[] =>
  textOf(pieces)
    .split(' ', most)
    .filter((it) => /^\d{1,10}$/.test(it))
    .map(Number);

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const dateTime = /^ ?(\d{1,2})-([a-z]{3})-(\d{4}) (\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2})$/i;

/** " 7-Feb-1994 21:52:25 -0800" (date-time of RFC 3501 section 9) as epoch ms; null where it is none. */
export function parseInternalDate(text: string): number | null {
  const found = dateTime.exec(text);
  if (!found) return null;
  const [day, year, hour, minute, second, east, apart] = [1, 3, 4, 5, 6, 8, 9].map((at) => Number(found[at])) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const month = months.indexOf((found[2] ?? '').toLowerCase());
  if (month < 0 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60 || east > 14 || apart > 59) return null;
  const offset = (east * 60 + apart) * (found[7] === '-' ? -1 : 1);
  return Date.UTC(year, month, day, hour, minute - offset, second);
}

/** When a message came, by a FETCH response. */
export function internalDateIn(pieces: Pieces): number | null {
  const found = /\bINTERNALDATE "([^"]{20,30})"/i.exec(textOf(pieces));
  return found ? parseInternalDate(found[1] ?? '') : null;
}

/** The UID in a FETCH response. */
export function uidIn(pieces: Pieces): number | null {
  const found = /(?:^|[ (])UID (\d{1,10})(?=[ )]|$)/i.exec(textOf(pieces));
  return found ? Number(found[1]) : null;
}

const bodyBefore = /BODY\[[^\]]*\](?:<\d{1,10}>)? $/i;
const bodyQuoted = /BODY\[[^\]]*\](?:<\d{1,10}>)? "((?:[^"\\]|\\.)*)"/i;

/** The part of a message in a FETCH response: counted bytes or, if short, a quoted text. */
export function bodyIn(pieces: Pieces): string | null {
  for (const [at, piece] of pieces.entries()) {
    const before = pieces[at - 1];
    if (typeof piece !== 'string' && typeof before === 'string' && bodyBefore.test(before)) return piece.toString('utf8');
  }
  const quoted = bodyQuoted.exec(textOf(pieces));
  return quoted ? (quoted[1] ?? '').replace(/\\(.)/g, '$1') : null;
}

/** Numbers of a STATUS response: "INBOX (MESSAGES 3 UNSEEN 1)". */
export function statusNumbers(pieces: Pieces): Map<string, number> {
  const list = /\(([^()]*)\)$/.exec(textOf(pieces))?.[1] ?? '';
  const found = new Map<string, number>();
  for (const [, name = '', value] of list.matchAll(/([A-Z]{1,20}) (\d{1,15})(?= |$)/gi)) found.set(name.toUpperCase(), Number(value));
  return found;
}

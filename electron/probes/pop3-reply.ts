/** What a POP3 server says (RFC 1939, 2449, 3206), taken apart as far as we ask. */

export interface Pop3Status {
  ok: boolean;
  /** Extended response code (RFC 2449 8), in upper case, such as "AUTH" or "SYS/TEMP". */
  code?: string;
  text: string;
}

const statusLine = /^(\+OK|-ERR)(?: (.*))?$/is;
const codeStart = /^\[([A-Z0-9/_-]{1,60})\] ?(.*)$/is;

/** @returns null where the line is no answer of POP3 */
export function parseStatus(line: string): Pop3Status | null {
  const found = statusLine.exec(line);
  if (!found) return null;
  const said = found[2] ?? '';
  const isOk = found[1]?.toUpperCase() === '+OK';
  const coded = codeStart.exec(said);
  return coded ? { ok: isOk, code: (coded[1] ?? '').toUpperCase(), text: coded[2] ?? '' } : { ok: isOk, text: said };
}

/** Two numbers: of STAT (messages, bytes) and of a line of LIST (number, bytes). */
export function twoNumbers(text: string): [number, number] | null {
  const found = /^(\d{1,10}) (\d{1,15})(?: |$)/.exec(text);
  return found ? [Number(found[1]), Number(found[2])] : null;
}

/** A line of UIDL: number and unique id (RFC 1939: 1 to 70 printable characters; somewhat more is taken). */
export function uidLine(text: string): { number: number; uid: string } | null {
  const found = /^(\d{1,10}) ([!-~]{1,200})$/.exec(text);
  return found ? { number: Number(found[1]), uid: found[2] ?? '' } : null;
}

/** Capabilities by name in upper case, with what follows them. */
export const capabilitiesIn = (lines: readonly string[]): Map<string, string[]> =>
  new Map(
    lines.slice(0, 100).map((line) => {
      const [name = '', ...words] = line.toUpperCase().split(' ', 50);
      return [name, words];
    }),
  );

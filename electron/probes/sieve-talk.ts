/** Question and answer with a ManageSieve server (RFC 5804). */
import type { Failure } from '../../shared/model/words.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { Link } from './mailbox-link.ts';

/** One line: its strings in order, with the words around them left out. */
interface Line {
  /** In upper case: OK, NO or BYE where it ends an answer, ACTIVE behind the script in use. */
  word: string | null;
  strings: string[];
  /** Response code, in upper case, such as TRYLATER. */
  code?: string;
}
export interface SieveAnswer {
  status: 'OK' | 'NO' | 'BYE';
  code?: string;
  text: string;
  lines: Line[];
}

const literalEnd = /\{(\d{1,20})\+?\}$/;
const codeStart = /^\(([A-Z0-9/_-]{1,40})[^)]*\) ?/i;
const nextQuoted = /^"((?:[^"\\]|\\.)*)" ?/;
const nextWord = /^([A-Z]{1,20})(?: |$)/i;

/** Takes one line apart; counted bytes (literals) stand between its pieces. @returns null where it is none of ManageSieve */
export function parseLine(pieces: readonly (string | Buffer)[]): Line | null {
  const line: Line = { word: null, strings: [] };
  for (const piece of pieces) {
    if (typeof piece !== 'string') {
      line.strings.push(piece.toString('utf8'));
      continue;
    }
    let rest = piece.trimStart();
    while (rest !== '') {
      const quoted = nextQuoted.exec(rest);
      const code = quoted || line.word === null ? null : codeStart.exec(rest);
      const word = quoted || code || line.word !== null ? null : nextWord.exec(rest);
      const found = quoted ?? code ?? word;
      if (!found || line.strings.length >= 20) return null;
      if (quoted) line.strings.push((quoted[1] ?? '').replace(/\\(.)/g, '$1'));
      else if (code) line.code = (code[1] ?? '').toUpperCase();
      else line.word = (found[1] ?? '').toUpperCase();
      rest = rest.slice(found[0].length);
    }
  }
  return line.word === null && line.strings.length === 0 ? null : line;
}

/** Sends a line (none to hear the greeting) and reads up to OK, NO or BYE. */
export async function askSieve(link: Link, line: string | null, what: string): Promise<Result<SieveAnswer, Failure>> {
  if (line !== null) link.say(`${line}\r\n`);
  const lines: Line[] = [];
  for (;;) {
    const pieces: (string | Buffer)[] = [];
    for (;;) {
      const next = await link.line(what);
      if (!next.ok) return next;
      const literal = literalEnd.exec(next.value);
      pieces.push(literal ? next.value.slice(0, literal.index) : next.value);
      if (!literal) break;
      const bytes = await link.bytes(Number(literal[1]), what);
      if (!bytes.ok) return bytes;
      pieces.push(bytes.value);
    }
    const it = parseLine(pieces);
    if (!it) return fail({ code: 'protocol', detail: `${link.where} sends something that is not ${what}` });
    const begins = typeof pieces[0] === 'string' && /^(?:OK|NO|BYE)(?: |$)/i.test(pieces[0]);
    if (begins)
      return ok({
        status: it.word as SieveAnswer['status'],
        ...(it.code === undefined ? {} : { code: it.code }),
        text: it.strings.join(' '),
        lines,
      });
    lines.push(it);
  }
}

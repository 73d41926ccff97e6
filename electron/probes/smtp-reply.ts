/** Answers of SMTP servers (RFC 5321 4.2), read from bytes that come in any pieces. */
import { clean } from '../../shared/text.ts';

export interface SmtpReply {
  /** Of its last line: postscreen greets with "220-", and turns people away with another code in the line that ends it. */
  code: number;
  /** Enhanced status code (RFC 3463), such as "5.1.1". */
  enhanced?: string;
  /** What the lines of that code say, cleaned and in one. */
  text: string;
  /** The text of every line, as it came. */
  lines: readonly string[];
}

/** RFC 5321 allows lines of 512 bytes; others send longer ones. */
const mostBytes = 65_536;
const mostLines = 200;
/** Code, "-" where more lines follow, and text; the space after the last code may be left out with the text. */
const replyLine = /^([2-5][0-5][0-9])(?:([- ])(.*))?$/s;
const enhancedStart = /^([245]\.\d{1,3}\.\d{1,3})(?=\s|$)/;

export type Unreadable = 'garbage' | 'too-large';

export interface ReplyReader {
  /** @returns the answers that these bytes complete; or why what came can be none, after which nothing is read any more */
  push(chunk: Buffer): SmtpReply[] | Unreadable;
  /** Whether an answer has begun and not ended. */
  began(): boolean;
}

export function createReplyReader(): ReplyReader {
  let parts: Buffer[] = [];
  let size = 0;
  let lines: { code: string; text: string }[] = [];
  let broken: Unreadable | null = null;
  const fail = (why: Unreadable): Unreadable => {
    broken = why;
    parts = [];
    lines = [];
    return why;
  };
  return {
    began: () => size > 0,
    push(chunk) {
      if (broken) return broken;
      const replies: SmtpReply[] = [];
      let from = 0;
      while (from < chunk.length) {
        const end = chunk.indexOf(0x0a, from);
        const piece = chunk.subarray(from, end < 0 ? chunk.length : end + 1);
        from += piece.length;
        size += piece.length;
        if (size > mostBytes) return fail('too-large');
        parts.push(piece);
        if (end < 0) break;
        const line = (parts.length === 1 ? piece : Buffer.concat(parts)).toString('utf8').replace(/\r?\n$/, '');
        parts = [];
        const match = replyLine.exec(line);
        if (!match) return fail('garbage');
        lines.push({ code: match[1] as string, text: match[3] ?? '' });
        if (match[2] === '-') {
          if (lines.length >= mostLines) return fail('too-large');
          continue;
        }
        replies.push(replyOf(lines));
        lines = [];
        size = 0;
      }
      return replies;
    },
  };
}

function replyOf(lines: { code: string; text: string }[]): SmtpReply {
  const { code } = lines.at(-1) as { code: string };
  const decisive = lines.filter((line) => line.code === code).map((line) => line.text);
  const found = decisive.map((text) => enhancedStart.exec(text)?.[1]).findLast((it) => it !== undefined);
  // A class that contradicts the code says nothing.
  const enhanced = found?.[0] === code[0] ? found : undefined;
  return {
    code: Number(code),
    ...(enhanced ? { enhanced } : {}),
    text: clean(decisive.map((text) => text.replace(enhancedStart, '')).join(' ')),
    lines: lines.map((line) => line.text),
  };
}

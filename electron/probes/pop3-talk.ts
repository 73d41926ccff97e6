/** Question and answer with a POP3 server. */
import type { MailboxFacts } from '../../shared/checks/mailbox-facts.ts';
import type { Failure } from '../../shared/model/words.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { Link } from './mailbox-link.ts';
import { serverError } from './mailbox-login.ts';
import { type Pop3Status, parseStatus } from './pop3-reply.ts';

export interface Pop3Talk {
  greeting(): Promise<Result<Pop3Status, Failure>>;
  /** Sends a line; asks for no more than the status. @param name of the command, for sentences */
  ask(line: string, name: string): Promise<Result<Pop3Status, Failure>>;
  /** Sends a line whose answer has many. @returns the status where it is -ERR, else the lines up to the dot, unstuffed */
  list(line: string, name: string): Promise<Result<Pop3Status | string[], Failure>>;
  /** Sends a line that the server answers by "+" (RFC 5034), then what is to follow. */
  askTwice(line: string, then: string, name: string): Promise<Result<Pop3Status, Failure>>;
}

export function talkOn(link: Link): Pop3Talk {
  const status = async (what: string): Promise<Result<Pop3Status, Failure>> => {
    const line = await link.line(what);
    if (!line.ok) return line;
    const found = parseStatus(line.value);
    return found ? ok(found) : fail({ code: 'protocol', detail: `${link.where} sends something that is not ${what}` });
  };
  const answerTo = (name: string): string => `the answer to ${name}`;
  return {
    greeting: () => status('a POP3 greeting'),
    ask(line, name) {
      link.say(`${line}\r\n`);
      return status(answerTo(name));
    },
    async list(line, name) {
      link.say(`${line}\r\n`);
      const first = await status(answerTo(name));
      if (!first.ok || !first.value.ok) return first;
      const lines: string[] = [];
      for (;;) {
        const next = await link.line(answerTo(name));
        if (!next.ok) return next;
        if (next.value === '.') return ok(lines);
        lines.push(next.value.startsWith('.') ? next.value.slice(1) : next.value);
      }
    },
    async askTwice(line, then, name) {
      link.say(`${line}\r\n`);
      const first = await link.line(answerTo(name));
      if (!first.ok) return first;
      if (first.value === '+' || first.value.startsWith('+ ')) {
        link.say(`${then}\r\n`);
        return status(answerTo(name));
      }
      const found = parseStatus(first.value);
      // A "+OK" before the password was sent means nothing.
      if (found && !found.ok) return ok(found);
      return fail({ code: 'protocol', detail: `${link.where} sends something that is not ${answerTo(name)}` });
    },
  };
}

/** Writes down that the server said no. */
export const setError = (it: Pop3Status, facts: MailboxFacts, doing: string): Failure =>
  serverError(facts, it.code ?? '-ERR', it.text, doing);

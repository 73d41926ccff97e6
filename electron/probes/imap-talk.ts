/** Question and answer with an IMAP server: tags, counted bytes, and its right to hang up at any time. */
import type { MailboxFacts } from '../../shared/checks/mailbox-facts.ts';
import type { Failure } from '../../shared/model/words.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { clean } from '../../shared/text.ts';
import { capabilitiesIn, type ImapReply, literalAfter, type Pieces, parseReply, type Status } from './imap-reply.ts';
import type { Link } from './mailbox-link.ts';
import { serverError } from './mailbox-login.ts';

type Data = Extract<ImapReply, { kind: 'data' }>;
/** What is to be done with a response that comes before the answer. */
export type Take = (data: Data) => void;

export interface ImapTalk {
  /** The first response of the server. */
  greeting(): Promise<Result<Status, Failure>>;
  /** A tag for the next command. */
  tag(): string;
  /**
   * Sends a command, its first piece led by a tag of `tag()`.
   * @param what is asked, for sentences: "the answer to LOGIN"
   * @param take gets the untagged data, and response codes of untagged statuses as data of their own ([UIDNEXT 5] as UIDNEXT)
   * @returns the tagged answer, OK or not; failure `server-error` after a BYE, `protocol` after anything that answers nothing of ours
   */
  ask(tag: string, pieces: readonly string[], what: string, take?: Take): Promise<Result<Status, Failure>>;
  /** As the server last told them; null = not told since the last `forget`. */
  capabilities(): ReadonlySet<string> | null;
  /** What was said before encryption counts no more. */
  forget(): void;
}

export function talkOn(link: Link, facts: MailboxFacts): ImapTalk {
  let count = 0;
  let known: ReadonlySet<string> | null = null;

  const notImap = (what: string): Result<never, Failure> =>
    fail({ code: 'protocol', detail: `${link.where} sends something that is not ${what}` });

  const read = async (what: string): Promise<Result<ImapReply, Failure>> => {
    const pieces: Pieces = [];
    for (;;) {
      const line = await link.line(what);
      if (!line.ok) return line;
      const literal = literalAfter(line.value, pieces.length === 0);
      pieces.push(literal ? literal.text : line.value);
      if (!literal) break;
      const bytes = await link.bytes(literal.size, what);
      if (!bytes.ok) return bytes;
      pieces.push(bytes.value);
    }
    const reply = parseReply(pieces);
    if (!reply) return notImap(what);
    notice(reply);
    if (reply.kind === 'status' && reply.word === 'BYE') return fail(setError(reply, facts, 'the server hangs up'));
    return ok(reply);
  };

  const notice = (reply: ImapReply): void => {
    const told = reply.kind === 'status' ? reply.code : null;
    if (told?.name === 'CAPABILITY') known = new Set(capabilitiesIn(told.words));
    if (reply.kind === 'status' && told?.name === 'ALERT') facts.notice = clean(reply.text, 200);
    if (reply.kind === 'data' && reply.word === 'CAPABILITY' && typeof reply.rest[0] === 'string')
      known = new Set(capabilitiesIn(reply.rest[0]));
  };

  return {
    tag: () => `n${++count}`,
    capabilities: () => known,
    forget: () => {
      known = null;
    },
    async greeting() {
      const what = 'an IMAP greeting';
      const reply = await read(what);
      if (!reply.ok) return reply;
      if (reply.value.kind !== 'status' || reply.value.tag !== '*' || (reply.value.word !== 'OK' && reply.value.word !== 'PREAUTH'))
        return notImap(what);
      return ok(reply.value);
    },
    async ask(tag, pieces, what, take) {
      const [first = '', ...later] = pieces;
      link.say(first);
      for (;;) {
        const reply = await read(what);
        if (!reply.ok) return reply;
        const it = reply.value;
        if (it.kind === 'more') {
          const next = later.shift();
          // It asks for more than there is to say.
          if (next === undefined) return notImap(what);
          link.say(next);
        } else if (it.kind === 'data') take?.(it);
        else if (it.tag === '*') {
          if (it.code && take) take({ kind: 'data', word: it.code.name, rest: [it.code.words] });
        } else if (it.tag !== tag || it.word === 'PREAUTH') return notImap(what);
        else return reply as Result<Status, Failure>;
      }
    },
  };
}

/** Writes down that the server said no. */
export const setError = (it: Status, facts: MailboxFacts, doing: string): Failure =>
  serverError(facts, it.code && it.code.name !== 'ALERT' ? it.code.name : it.word, it.text, doing);

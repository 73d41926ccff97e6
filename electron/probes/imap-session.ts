/** An IMAP session and the few questions that checks have. Used by imap and roundtrip. */
import type { MailboxFacts } from '../../shared/checks/mailbox-facts.ts';
import type { Failure } from '../../shared/model/words.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { capabilitiesOf, enter } from './imap-login.ts';
import { bodyIn, internalDateIn, numbersIn, type Status, statusNumbers, uidIn } from './imap-reply.ts';
import { type ImapTalk, setError, type Take, talkOn } from './imap-talk.ts';
import { commandOf, mailboxWord, type Word } from './imap-words.ts';
import { type Link, openLink } from './mailbox-link.ts';
import type { MailLogin } from './mailbox-login.ts';
import type { ProbeContext } from './types.ts';

/** A mailbox that was opened. */
export interface OpenMailbox {
  messages: number;
  /** A change of it means that all UIDs are new. */
  uidValidity?: number;
  uidNext?: number;
}

export interface ImapSession {
  /** Opens a mailbox: `select` may change it, `examine` only reads. */
  select(mailbox: string): Promise<Result<OpenMailbox, Failure>>;
  examine(mailbox: string): Promise<Result<OpenMailbox, Failure>>;
  /** MESSAGES, UNSEEN and others of a mailbox that is not open; those that the server does not tell are missing. */
  status(mailbox: string, names: readonly string[]): Promise<Result<Map<string, number>, Failure>>;
  /** When messages came, epoch ms. @param numbers ranges such as "1:10,90:99" */
  dates(numbers: string): Promise<Result<number[], Failure>>;
  /** UIDs of messages with such a header, at most 1,000. */
  searchHeader(name: string, value: string): Promise<Result<number[], Failure>>;
  /** The header of a message, at most 64 KB; null where there is no such message. */
  fetchHeader(uid: number): Promise<Result<string | null, Failure>>;
  /** Removes messages. Where a server cannot remove them alone (no UIDPLUS), others that are marked as deleted go with them. */
  deleteUids(uids: readonly number[]): Promise<Result<null, Failure>>;
  /** Has the server tell what is new. */
  noop(): Promise<Result<null, Failure>>;
  logout(): void;
}

const mostFound = 1_000;
const mostHeader = 65_536;
/**
 * Connects, encrypts as the settings say, and logs in where they name a user. What is learnt on the way goes into `facts`, whose `stage`
 * tells how far it came.
 * @returns a session to be ended by `logout`; or the failure, everything being closed then
 */
export async function openImap(login: MailLogin, facts: MailboxFacts, ctx: ProbeContext): Promise<Result<ImapSession, Failure>> {
  const link = await openLink(login, facts, ctx);
  if (!link.ok) return link;
  const talk = talkOn(link.value, facts);
  const failure = await enter(link.value, talk, login, facts, ctx);
  if (failure) {
    link.value.end(facts.stage === 'tls' ? undefined : `${talk.tag()} LOGOUT\r\n`);
    return fail(failure);
  }
  return ok(sessionOn(link.value, talk, facts));
}

function sessionOn(link: Link, talk: ImapTalk, facts: MailboxFacts): ImapSession {
  const ask = async (words: readonly Word[], take?: Take, doing?: string): Promise<Result<Status, Failure>> => {
    const tag = talk.tag();
    const name = words
      .filter((it) => typeof it === 'string')
      .join(' ')
      .slice(0, 40);
    const pieces = commandOf(tag, words);
    if (!pieces) return fail({ code: 'internal', detail: `a value for ${name} holds a character that IMAP cannot carry` });
    const answer = await talk.ask(tag, pieces, `the answer to ${name}`, take);
    if (!answer.ok || answer.value.word === 'OK') return answer;
    return fail(setError(answer.value, facts, doing ?? `does not do ${name}`));
  };
  const open = async (command: string, mailbox: string): Promise<Result<OpenMailbox, Failure>> => {
    let messages: number | undefined;
    const told = new Map<string, number>();
    const take: Take = (data) => {
      if (data.word === 'EXISTS') messages = data.number;
      else if ((data.word === 'UIDVALIDITY' || data.word === 'UIDNEXT') && /^\d{1,10}$/.test(String(data.rest[0])))
        told.set(data.word, Number(data.rest[0]));
    };
    const answer = await ask([command, mailboxWord(mailbox)], take, 'does not open the mailbox');
    if (!answer.ok) {
      // Not every server says by a code that there is no such mailbox; a list without it does.
      if (facts.serverError?.code === 'NO') {
        let there = false;
        const listed = await ask(['LIST ""', mailboxWord(mailbox)], ({ word }) => {
          there ||= word === 'LIST';
        });
        if (listed.ok && !there) facts.serverError.code = 'NONEXISTENT';
      }
      return answer;
    }
    if (messages === undefined) return fail({ code: 'protocol', detail: `${link.where} opens a mailbox without saying what is in it` });
    const [uidValidity, uidNext] = [told.get('UIDVALIDITY'), told.get('UIDNEXT')];
    return ok({ messages, ...(uidValidity === undefined ? {} : { uidValidity }), ...(uidNext === undefined ? {} : { uidNext }) });
  };
  return {
    select: (mailbox) => open('SELECT', mailbox),
    examine: (mailbox) => open('EXAMINE', mailbox),
    async status(mailbox, names) {
      let found = new Map<string, number>();
      const tag = talk.tag();
      const pieces = commandOf(tag, ['STATUS', mailboxWord(mailbox), `(${names.join(' ')})`]) ?? [];
      const answer = await talk.ask(tag, pieces, 'the answer to STATUS', ({ word, rest }) => {
        if (word === 'STATUS') found = statusNumbers(rest);
      });
      return answer.ok ? ok(found) : answer;
    },
    async dates(numbers) {
      const found: number[] = [];
      const answer = await ask([`FETCH ${numbers} (INTERNALDATE)`], ({ word, rest }) => {
        const at = word === 'FETCH' ? internalDateIn(rest) : null;
        if (at !== null) found.push(at);
      });
      return answer.ok ? ok(found) : answer;
    },
    async searchHeader(name, value) {
      const found: number[] = [];
      const answer = await ask(['UID SEARCH HEADER', { value: name }, { value }], ({ word, rest }) => {
        if (word === 'SEARCH') found.push(...numbersIn(rest, mostFound - found.length));
      });
      return answer.ok ? ok(found) : answer;
    },
    async fetchHeader(uid) {
      let header: string | null = null;
      const answer = await ask([`UID FETCH ${uid} (BODY.PEEK[HEADER]<0.${mostHeader}>)`], ({ word, rest }) => {
        if (word === 'FETCH' && uidIn(rest) === uid) header = bodyIn(rest)?.slice(0, mostHeader) ?? header;
      });
      return answer.ok ? ok(header) : answer;
    },
    async deleteUids(uids) {
      if (uids.length === 0) return ok(null);
      const set = uids.slice(0, mostFound).join(',');
      const marked = await ask([`UID STORE ${set} +FLAGS.SILENT (\\Deleted)`]);
      if (!marked.ok) return marked;
      const can = await capabilitiesOf(talk, facts);
      if (!can.ok) return can;
      const answer = await ask([can.value.has('UIDPLUS') ? `UID EXPUNGE ${set}` : 'EXPUNGE']);
      return answer.ok ? ok(null) : answer;
    },
    async noop() {
      const answer = await ask(['NOOP']);
      return answer.ok ? ok(null) : answer;
    },
    logout: () => link.end(`${talk.tag()} LOGOUT\r\n`),
  };
}

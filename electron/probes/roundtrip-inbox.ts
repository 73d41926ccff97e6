/** The mailbox at the end of a round trip, by IMAP or POP3: old test messages are swept out, the new one is taken out. */
import type { MailboxFacts } from '../../shared/checks/mailbox-facts.ts';
import type { RoundtripConfig } from '../../shared/checks/roundtrip-facts.ts';
import type { Failure } from '../../shared/model/words.ts';
import { ok, type Result } from '../../shared/result.ts';
import { type ImapSession, openImap } from './imap-session.ts';
import { openPop3, type Pop3Session } from './pop3-session.ts';
import { isLeftover, type Mark, readMark, subjectWords } from './roundtrip-message.ts';
import type { ProbeContext } from './types.ts';

export interface Swept {
  removed: number;
  /** Those that were asked for by token. */
  came: Mark[];
}
export interface Taken {
  header: string;
  /** Whether it is out of the mailbox. */
  removed: boolean;
}

export interface Inbox {
  /** Removes old test messages, at most 100. @param isKnown whether a token is of a message that is on its way */
  sweep(isKnown: (token: string) => boolean): Promise<Result<Swept, Failure>>;
  /** Looks for one message and removes it; null where it is not there. */
  take(token: string): Promise<Result<Taken | null, Failure>>;
  /** How long to wait before the next look at least, ms: a look may be a log-in. */
  gapMs(looks: number): number;
  end(): void;
}

const mostLooked = 100;

type Own = { tag: string; list: boolean };

/** Whether it is known, or nobody waits for it. */
const goes = (mark: Mark, own: Own, isKnown: (token: string) => boolean, now: number): boolean =>
  isKnown(mark.token) || isLeftover(mark, own, now);

export function openInbox(config: RoundtripConfig, tag: string, ctx: ProbeContext): Inbox {
  const own = { tag, list: config.list };
  return config.fetch.protocol === 'imap' ? imapInbox(config, own, ctx) : pop3Inbox(config, own, ctx);
}

/** Looks soon at first, then as often as the settings say. */
const quickGaps = [50, 100, 200, 400, 800];

function imapInbox({ fetch, pollEvery }: RoundtripConfig, own: Own, ctx: ProbeContext): Inbox {
  let session: ImapSession | null = null;
  const end = (): void => {
    session?.logout();
    session = null;
  };
  /** One session for all looks; after a failure the next look begins a new one. */
  const within = async <T>(work: (session: ImapSession) => Promise<Result<T, Failure>>): Promise<Result<T, Failure>> => {
    if (!session) {
      const facts: MailboxFacts = {};
      const opened = await openImap({ ...fetch, port: fetch.port ?? 993 }, facts, ctx);
      if (!opened.ok) return opened;
      session = opened.value;
      const selected = await session.select(fetch.mailbox);
      if (!selected.ok) {
        end();
        return selected;
      }
      ctx.note(`${fetch.mailbox} opens: ${selected.value.messages} messages`);
    }
    const done = await work(session);
    if (!done.ok) end();
    return done;
  };
  return {
    end,
    gapMs: (looks) => Math.min(pollEvery, quickGaps[looks] ?? pollEvery),
    sweep: (isKnown) =>
      within(async (session) => {
        const uids = await session.searchHeader('Subject', subjectWords);
        if (!uids.ok) return uids;
        const came: Mark[] = [];
        const gone: number[] = [];
        for (const uid of uids.value.slice(0, mostLooked)) {
          const header = await session.fetchHeader(uid);
          if (!header.ok) return header;
          const mark = readMark(header.value ?? '');
          if (!mark || !goes(mark, own, isKnown, ctx.now())) continue;
          gone.push(uid);
          if (isKnown(mark.token)) came.push(mark);
        }
        const deleted = await session.deleteUids(gone);
        if (!deleted.ok) ctx.note(`old messages cannot be removed: ${deleted.failure.detail}`);
        return ok({ removed: deleted.ok ? gone.length : 0, came });
      }),
    take: (token) =>
      within(async (session) => {
        const told = await session.noop();
        if (!told.ok) return told;
        const uids = await session.searchHeader('Subject', token);
        if (!uids.ok) return uids;
        for (const uid of uids.value.slice(0, 5)) {
          const header = await session.fetchHeader(uid);
          if (!header.ok) return header;
          if (header.value === null || readMark(header.value)?.token !== token) continue;
          const deleted = await session.deleteUids(uids.value.slice(0, 5));
          if (!deleted.ok) ctx.note(`the message cannot be removed: ${deleted.failure.detail}`);
          return ok({ header: header.value, removed: deleted.ok });
        }
        return ok(null);
      }),
  };
}

/** POP3 shows what was there at the log-in, one session at a time. */
function pop3Inbox({ fetch, pollEvery }: RoundtripConfig, own: Own, ctx: ProbeContext): Inbox {
  /** So many messages have been looked at and are not ours, or stay. */
  let known = 0;
  /** @param work gets numbers and marks of ours; @returns which are to be removed, and what it made of them */
  const look = async <T>(
    from: number,
    work: (marks: { number: number; mark: Mark; header: string }[]) => { gone: number[]; value: T },
  ): Promise<Result<{ value: T; removed: boolean }, Failure>> => {
    const facts: MailboxFacts = {};
    const opened = await openPop3({ ...fetch, port: fetch.port ?? 995 }, facts, ctx);
    if (!opened.ok) return opened;
    const session: Pop3Session = opened.value;
    const stat = await session.stat();
    if (!stat.ok) {
      session.end();
      return stat;
    }
    const { messages } = stat.value;
    const first = Math.max(messages < from ? 1 : from + 1, messages - mostLooked + 1);
    const marks: { number: number; mark: Mark; header: string }[] = [];
    for (let number = messages; number >= first; number -= 1) {
      const header = await session.top(number, 0);
      if (!header.ok) {
        session.end();
        return header;
      }
      const mark = header.value === null ? null : readMark(header.value);
      if (mark && header.value !== null) marks.push({ number, mark, header: header.value });
    }
    const { gone, value } = work(marks);
    let removed = true;
    for (const number of gone) removed = (await session.dele(number)).ok && removed;
    if (gone.length === 0) session.end();
    // Only the answer to QUIT says that they are gone (RFC 1939 6).
    else removed = (await session.quit()).ok && removed;
    known = removed ? messages - gone.length : messages;
    if (!removed) ctx.note('messages cannot be removed');
    return ok({ value, removed });
  };
  return {
    end: () => {},
    gapMs: (looks) => Math.min(15_000, Math.max(pollEvery, 300) * 1.3 ** Math.max(0, looks - 3)) * (looks < 3 ? 0.3 : 1),
    async sweep(isKnown) {
      const looked = await look(0, (marks) => {
        const ours = marks.filter(({ mark }) => goes(mark, own, isKnown, ctx.now()));
        return { gone: ours.map(({ number }) => number), value: ours.map(({ mark }) => mark) };
      });
      if (!looked.ok) return looked;
      const { value, removed } = looked.value;
      return ok({ removed: removed ? value.length : 0, came: value.filter(({ token }) => isKnown(token)) });
    },
    async take(token) {
      const looked = await look(known, (marks) => {
        const ours = marks.filter(({ mark }) => mark.token === token);
        return { gone: ours.map(({ number }) => number), value: ours[0]?.header ?? null };
      });
      if (!looked.ok) return looked;
      const { value, removed } = looked.value;
      return ok(value === null ? null : { header: value, removed });
    },
  };
}

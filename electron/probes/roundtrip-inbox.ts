/** The mailbox at the end of a round trip, by IMAP or POP3: old test messages are swept out, the new one is taken out. */
import type { MailboxFacts } from '../../shared/checks/mailbox-facts.ts';
import type { RoundtripConfig } from '../../shared/checks/roundtrip-facts.ts';
import type { Failure } from '../../shared/model/words.ts';
import { ok, type Result } from '../../shared/result.ts';
import { type ImapSession, openImap } from './imap-session.ts';
import { openPop3, type Pop3Session } from './pop3-session.ts';
import { leftoversOf, type Mark, readMark, subjectWords } from './roundtrip-message.ts';
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
  /** How long to wait before the next look, ms. @param looks so many there were; @param waitedMs since the first */
  gapMs(looks: number, waitedMs: number): number;
  end(): void;
}

const mostLooked = 100;
/** A message may come twice. */
const mostCopies = 5;

type Own = { tag: string; list: boolean };

const cameOf = (old: readonly { mark: Mark }[], isKnown: (token: string) => boolean): Mark[] =>
  old.flatMap(({ mark }) => (isKnown(mark.token) ? mark : []));

export function openInbox(config: RoundtripConfig, tag: string, ctx: ProbeContext): Inbox {
  const own = { tag, list: config.list };
  return config.fetch.protocol === 'imap' ? imapInbox(config, own, ctx) : pop3Inbox(config, own, ctx);
}

/** Looks soon at first, then as often as the settings say, and seldom when it takes long: a tenth more or less tells nothing then. */
const quickGaps = [50, 100, 200, 400, 800];
const imapGap = (pollEvery: number, looks: number, waitedMs: number): number =>
  Math.max(Math.min(pollEvery, quickGaps[looks] ?? pollEvery), waitedMs / 10);
/** Each look is a log-in: few at first, and fewer than by IMAP later. */
const pop3Gap = (pollEvery: number, looks: number, waitedMs: number): number =>
  Math.max(Math.min(pollEvery, [150, 600, 600][looks] ?? pollEvery), waitedMs / 5);

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
  /** Looks whether they are gone: servers say OK to marks and removals that the account has no right to. @returns how many are */
  const remove = async (session: ImapSession, uids: readonly number[], word: string): Promise<number> => {
    if (uids.length === 0) return 0;
    const deleted = await session.deleteUids(uids);
    const left = deleted.ok ? await session.searchHeader('Subject', word) : deleted;
    const stay = new Set(left.ok ? left.value : uids);
    const gone = uids.filter((uid) => !stay.has(uid)).length;
    if (gone < uids.length) ctx.note(`messages cannot be removed${left.ok ? '' : `: ${left.failure.detail}`}`);
    return gone;
  };
  return {
    end,
    gapMs: (looks, waitedMs) => imapGap(pollEvery, looks, waitedMs),
    sweep: (isKnown) =>
      within(async (session) => {
        const uids = await session.searchHeader('Subject', subjectWords);
        if (!uids.ok) return uids;
        const seen: { uid: number; mark: Mark }[] = [];
        for (const uid of uids.value.slice(-mostLooked)) {
          const header = await session.fetchHeader(uid);
          if (!header.ok) return header;
          const mark = readMark(header.value ?? '');
          if (mark) seen.push({ uid, mark });
        }
        const old = leftoversOf(seen, own, isKnown, ctx.now());
        const gone = old.map(({ uid }) => uid);
        return ok({ removed: await remove(session, gone, subjectWords), came: cameOf(old, isKnown) });
      }),
    take: (token) =>
      within(async (session) => {
        const told = await session.noop();
        if (!told.ok) return told;
        const uids = await session.searchHeader('Subject', token);
        if (!uids.ok) return uids;
        const copies: number[] = [];
        let found: string | null = null;
        for (const uid of uids.value.slice(-mostCopies)) {
          const header = await session.fetchHeader(uid);
          if (!header.ok) return header;
          // An answer to it that quotes the subject is somebody's own message.
          if (header.value === null || readMark(header.value)?.token !== token) continue;
          found ??= header.value;
          copies.push(uid);
        }
        if (found === null) return ok(null);
        return ok({ header: found, removed: (await remove(session, copies, token)) === copies.length });
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
    gapMs: (looks, waitedMs) => pop3Gap(pollEvery, looks, waitedMs),
    async sweep(isKnown) {
      const looked = await look(0, (marks) => {
        const old = leftoversOf(marks, own, isKnown, ctx.now());
        return { gone: old.map(({ number }) => number), value: old };
      });
      if (!looked.ok) return looked;
      const { value, removed } = looked.value;
      return ok({ removed: removed ? value.length : 0, came: cameOf(value, isKnown) });
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

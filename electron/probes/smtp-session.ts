/** A conversation with an SMTP server (RFC 5321), step by step. Used by smtp and roundtrip. */
import { isIP, type Socket } from 'node:net';
import type { DetailedPeerCertificate } from 'node:tls';
import type { MailPlace } from '../../shared/checks/mail-settings.ts';
import type { SmtpFacts } from '../../shared/checks/smtp-facts.ts';
import { hostAndPort } from '../../shared/checks/tls-settings.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { clean } from '../../shared/text.ts';
import { inspectMailTls } from './mail-tls.ts';
import { inTurn } from './mail-turns.ts';
import { encrypt, serverNameOf, trustFor } from './secure.ts';
import { type SmtpLogin, type SmtpLoginFailure, smtpLogin } from './smtp-login.ts';
import type { SmtpReply } from './smtp-reply.ts';
import { openWire, type SmtpFailure, type SmtpWire } from './smtp-wire.ts';
import { asTls, dial, familyOf, type Progress } from './tls-dial.ts';
import type { ProbeContext } from './types.ts';
import { farewell, since } from './wire.ts';

/** Filled in on the way, so that a failure still leaves what was seen. */
export type SmtpSeen = Pick<
  SmtpFacts,
  | 'stage'
  | 'address'
  | 'dnsMs'
  | 'connectMs'
  | 'greetingMs'
  | 'banner'
  | 'extensions'
  | 'starttls'
  | 'masked'
  | 'protocol'
  | 'certificate'
  | 'mechanisms'
  | 'plainAuthOffered'
>;

export interface SmtpSession {
  /**
   * EHLO, or HELO where the server knows no EHLO. What it offers is in `seen`.
   * @param name how we call ourselves; our address literal where left out (RFC 5321 4.1.3)
   */
  ehlo(name?: string): Promise<Result<SmtpReply, SmtpFailure>>;
  /**
   * STARTTLS and the handshake (RFC 3207); EHLO must follow.
   * @returns failure `tls` (not offered, refused, no handshake), `certificate`, `protocol` (words smuggled in before the encryption)
   */
  startTls(): Promise<Result<null, SmtpFailure>>;
  /** EHLO, STARTTLS where the place says so, and EHLO again. */
  start(name?: string): Promise<Result<SmtpReply, SmtpFailure>>;
  /** Logs in with leave of the guard (mail-account.ts), by the best way that both sides know. */
  login(user: string, passwordSecret: string | undefined): Promise<Result<SmtpLogin, SmtpLoginFailure>>;
  /** @param sender '' = the null sender */
  mail(sender: string): Promise<Result<SmtpReply, SmtpFailure>>;
  /** @param options such as NOTIFY=NEVER (RFC 3461), where the server offers them */
  rcpt(recipient: string, options?: string): Promise<Result<SmtpReply, SmtpFailure>>;
  rset(): Promise<Result<SmtpReply, SmtpFailure>>;
  /** @param message whole, lines ending in LF or CRLF; @returns the last answer: 354 is never one */
  data(message: string): Promise<Result<SmtpReply, SmtpFailure>>;
  /** What the server showed in the handshake, with its chain; null while nothing is encrypted. */
  peer(): DetailedPeerCertificate | null;
  /** Says good-bye and hangs up, without waiting. Must be called whatever happened before. */
  quit(): void;
}

export const isGood = (reply: SmtpReply): boolean => reply.code >= 200 && reply.code < 300;

/** A failure out of an answer that ends the conversation. */
export const refusedBy = (reply: SmtpReply, where: string): SmtpFailure => ({
  code: 'server-error',
  detail: clean(`${where} says ${[reply.code, reply.enhanced, reply.text].filter(Boolean).join(' ')}`, 400),
  reply,
});

/**
 * Connects, encrypts where that comes first, and hears the greeting.
 * @param seen is filled in on the way
 * @returns a session whose `quit` must be called; or a failure, with `reply` where the server turned us away
 */
export async function openSmtp(place: MailPlace, ctx: ProbeContext, seen: SmtpSeen = {}): Promise<Result<SmtpSession, SmtpFailure>> {
  const where = hostAndPort(place.address, place.port);
  seen.stage = 'connect';
  const trusted = place.encryption === 'none' ? null : await trustFor(encryptionOf(place), ctx);
  if (trusted && !trusted.ok) return trusted;
  const trust = trusted?.value ?? null;
  const progress: Progress = { phase: 'dns' };
  const tls = trust && place.encryption === 'tls' ? { tls: { serverName: serverNameOf(encryptionOf(place)), context: trust.context } } : {};
  const dialled = await dial({ host: place.address, port: place.port, family: familyOf(place.family), ...tls }, progress, ctx);
  Object.assign(seen, { address: progress.address, dnsMs: progress.dnsMs, connectMs: progress.connectMs });
  if (!dialled.ok) {
    if (progress.phase === 'tls') seen.stage = 'tls';
    return dialled;
  }
  let socket: Socket = dialled.value;
  ctx.note(`connected to ${seen.address} port ${place.port}`);
  const giveUp = (failure: SmtpFailure): Result<never, SmtpFailure> => {
    farewell(socket);
    return fail(failure);
  };
  if (trust && place.encryption === 'tls') {
    seen.stage = 'tls';
    const problem = inspectMailTls(asTls(socket), progress.certificate, place, trust, seen, ctx);
    if (problem) return giveUp(problem);
  }

  seen.stage = 'greeting';
  const connectedAt = ctx.monotonic();
  let wire: SmtpWire = openWire(socket, where, ctx.signal);
  const ask = async (line: string | null, shown = line): Promise<Result<SmtpReply, SmtpFailure>> => {
    const answer = await wire.ask(line);
    if (answer.ok)
      ctx.note(`${shown === null ? 'greeting' : shown}: ${answer.value.code} ${answer.value.enhanced ?? ''} ${answer.value.text}`);
    return answer;
  };
  const greeting = await ask(null);
  if (!greeting.ok) return giveUp(greeting.failure);
  seen.greetingMs = since(connectedAt, ctx);
  seen.banner = clean(greeting.value.lines.join(' '));
  if (greeting.value.code !== 220) return giveUp(refusedBy(greeting.value, where));

  const isEncrypted = (): boolean => seen.protocol !== undefined;
  const session: SmtpSession = {
    async ehlo(name = literalOf(socket)) {
      seen.stage = 'ehlo';
      const answer = await ask(`EHLO ${name}`);
      if (!answer.ok) return answer;
      if (isGood(answer.value)) {
        readExtensions(answer.value, seen, isEncrypted());
        return answer;
      }
      if (answer.value.code < 500) return fail(refusedBy(answer.value, where));
      const old = await ask(`HELO ${name}`);
      if (!old.ok) return old;
      if (!isGood(old.value)) return fail(refusedBy(old.value, where));
      readExtensions({ ...old.value, lines: [] }, seen, isEncrypted());
      return old;
    },
    async startTls() {
      seen.stage = 'tls';
      if (!trust) throw new Error('STARTTLS on a connection that is meant to be plain');
      if (!seen.starttls) return fail({ code: 'tls', detail: `${where} offers no encryption (STARTTLS)` });
      const answer = await ask('STARTTLS');
      if (!answer.ok) return answer;
      if (answer.value.code !== 220) return fail({ ...refusedBy(answer.value, where), code: 'tls' });
      // What came in the clear behind this answer would be taken for an answer inside (CVE-2011-0411).
      if (wire.unasked()) return fail({ code: 'protocol', detail: `${where} sends words between STARTTLS and the encryption` });
      wire.release();
      const shown: { certificate?: DetailedPeerCertificate } = {};
      const secured = await encrypt(socket, { ...encryptionOf(place), tls: 'encrypt' }, trust, ctx, shown);
      if (!secured.ok) {
        socket.destroy();
        return secured;
      }
      socket = secured.value;
      const problem = inspectMailTls(secured.value, shown.certificate, place, trust, seen, ctx);
      if (problem) return fail(problem);
      wire = openWire(socket, where, ctx.signal);
      return ok(null);
    },
    async start(name) {
      const first = await session.ehlo(name);
      if (!first.ok || place.encryption !== 'starttls') return first;
      const secured = await session.startTls();
      return secured.ok ? session.ehlo(name) : secured;
    },
    login: (user, passwordSecret) => {
      seen.stage = 'login';
      return inTurn(user, passwordSecret, ctx, () =>
        smtpLogin({ ask, offered: seen.mechanisms ?? [], encrypted: isEncrypted(), place, user, passwordSecret, ctx }),
      );
    },
    mail(sender) {
      seen.stage = 'mail';
      return ask(`MAIL FROM:<${sender}>`);
    },
    rcpt(recipient, options) {
      seen.stage = 'rcpt';
      return ask(`RCPT TO:<${recipient}>${options === undefined ? '' : ` ${options}`}`);
    },
    rset: () => ask('RSET'),
    async data(message) {
      const ready = await ask('DATA');
      if (!ready.ok) return ready;
      if (ready.value.code !== 354) return isGood(ready.value) ? fail(refusedBy(ready.value, where)) : ready;
      return ask(`${stuff(message)}\r\n.`, 'message');
    },
    peer: () => ('getPeerCertificate' in socket ? asTls(socket).getPeerCertificate(true) : null),
    quit() {
      wire.release();
      if (!socket.destroyed) socket.write('QUIT\r\n');
      // Its last words are read and not looked at, so that the connection ends in order.
      socket.resume();
      farewell(socket);
    },
  };
  return ok(session);
}

const encryptionOf = (place: MailPlace) => ({
  address: place.address,
  port: place.port,
  tls: place.certificate === 'verify' ? ('verify' as const) : ('encrypt' as const),
  serverName: place.serverName,
  caFile: place.caFile,
});

/** Cisco's and other firewalls write X over the words they do not want. */
const maskedWord = /^X{6,}$/;

function readExtensions(reply: SmtpReply, seen: SmtpSeen, encrypted: boolean): void {
  const lines = reply.lines.slice(1).map((line) => line.trim());
  const words = lines.map((line) => line.toUpperCase());
  // "AUTH=LOGIN" is how it was written before there was a standard, and some servers still say both.
  const mechanisms = words
    .filter((line) => /^AUTH[ =]/.test(line))
    .flatMap((line) => line.slice(5).split(/\s+/))
    .filter((word) => /^[A-Z0-9_-]{1,20}$/.test(word));
  seen.extensions = lines
    .slice(0, 40)
    .map((line) => clean(line, 60))
    .filter((line) => line !== '');
  seen.mechanisms = [...new Set(mechanisms)].slice(0, 20);
  if (encrypted) return;
  seen.starttls = words.some((line) => line === 'STARTTLS' || line.startsWith('STARTTLS '));
  if (words.some((line) => maskedWord.test(line))) seen.masked = true;
  seen.plainAuthOffered = words.some((line) => /^AUTH[ =]/.test(line));
}

/** "[192.0.2.1]", "[IPv6:2001:db8::1]": our end of the connection. */
function literalOf(socket: Socket): string {
  const address = (socket.localAddress ?? '127.0.0.1').replace(/^::ffff:/, '').replace(/%.*$/, '');
  return isIP(address) === 6 ? `[IPv6:${address}]` : `[${address}]`;
}

/** CRLF line ends, and a dot before every line that begins with one (RFC 5321 4.5.2). */
const stuff = (message: string): string =>
  message
    .replace(/\r?\n$/, '')
    .replace(/\r?\n/g, '\r\n')
    .replace(/^\./gm, '..');

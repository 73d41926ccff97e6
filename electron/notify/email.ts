/** Email, handed to a mail server (submission). */
import { createTransport } from 'nodemailer';
import { fail, ok } from '../../shared/result.ts';
import { clean } from '../../shared/text.ts';
import { failureOf } from '../probes/socket-failure.ts';
import { hide } from './hide.ts';
import { type Sender, type SendFailure, secretOf } from './types.ts';

const stepTimeoutMs = 30_000;
/** However slowly it goes on. */
const wholeTimeoutMs = 120_000;

export const sendEmail: Sender<'email'> = async (channel, message, context) => {
  const { host, port, encryption, user } = channel;
  const where = `${host} port ${port}`;
  const password = channel.password === undefined ? ok('') : secretOf(context, channel.password);
  if (!password.ok) return password;
  if (context.to.length === 0) return fail({ code: 'no-address', text: 'there is no address to send to', permanent: true });
  const transport = createTransport({
    host,
    port,
    secure: encryption === 'tls',
    requireTLS: encryption === 'starttls',
    ignoreTLS: encryption === 'none',
    ...(user === undefined ? {} : { auth: { user, pass: password.value } }),
    connectionTimeout: stepTimeoutMs,
    greetingTimeout: stepTimeoutMs,
    socketTimeout: stepTimeoutMs,
    dnsTimeout: stepTimeoutMs,
    tls: { minVersion: 'TLSv1.2' },
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
  });
  const thread = `<${message.key.replaceAll(/[^A-Za-z0-9.-]/g, '-')}@nightdesk.invalid>`;
  try {
    const info = await transport.sendMail({
      from: { name: 'Nightdesk', address: channel.from },
      to: context.to.map((address) => ({ name: '', address })),
      subject: clean(message.title, 200),
      text: message.text,
      date: new Date(context.now),
      priority: message.severity === 'down' ? 'high' : 'normal',
      // Mail programs show what belongs to one alert together; no auto-responder answers.
      references: thread,
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Nightdesk-Kind': message.kind },
      signal: AbortSignal.any([context.signal, AbortSignal.timeout(wholeTimeoutMs)]),
    });
    const refused = info.rejected.length === 0 ? '' : ` (refused for ${info.rejected.length} of ${context.to.length} addresses)`;
    return ok({ reply: hide(`${info.response}${refused}`, [password.value]) });
  } catch (error) {
    return fail(failureIn(error, where, [password.value], context.signal.aborted));
  } finally {
    transport.close();
  }
};

/** nodemailer's own codes (errors.js there); what a system call or TLS said stands in `originalCode`. */
function failureIn(error: unknown, where: string, hidden: string[], stopped: boolean): SendFailure {
  const { code, originalCode, responseCode, response } = error as Record<'code' | 'originalCode' | 'response', unknown> & {
    responseCode?: number;
  };
  if (stopped) return { code: 'stopped', text: 'Nightdesk was closing', permanent: false };
  // Tried again: whoever stands in between may be gone then.
  if (code === 'ETLS' && typeof responseCode === 'number')
    return { code: 'no-starttls', text: `${where} does not begin encryption (STARTTLS), so nothing was sent`, permanent: false };
  if (typeof responseCode === 'number' && typeof response === 'string') {
    const kind = code === 'EAUTH' ? 'login' : `smtp-${responseCode}`;
    const text = `${code === 'EAUTH' ? 'the mail server refused the login' : 'the mail server refused it'}: ${hide(response, hidden)}`;
    return { code: kind, text, permanent: responseCode >= 500 };
  }
  if (code === 'ETIMEDOUT' || code === 'EABORT') return { code: 'timeout', text: `no answer from ${where} in time`, permanent: false };
  if (code === 'EAUTH' || code === 'ENOAUTH')
    return { code: 'login', text: `no way to log in at ${where}: check user and password`, permanent: true };
  if (code === 'EENVELOPE') return { code: 'no-address', text: 'the mail server is given no address that it could take', permanent: true };
  if (code === 'EDNS') return { code: 'name-not-found', text: `there is no address for the name ${clean(where, 260)}`, permanent: false };
  const failure = failureOf({ code: originalCode ?? code }, where);
  if (failure.code !== 'internal') return { code: failure.code, text: failure.detail, permanent: false };
  if (code === 'ETLS') return { code: 'tls', text: `no encrypted connection with ${where}`, permanent: false };
  if (code === 'EPROTOCOL') return { code: 'protocol', text: `${where} does not answer like a mail server`, permanent: false };
  if (code === 'ECONNECTION') return { code: 'closed', text: `${where} closed the connection too early`, permanent: false };
  return { code: 'internal', text: failure.detail, permanent: false };
}

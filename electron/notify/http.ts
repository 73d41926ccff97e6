/** One HTTP request to somebody else's server, for all channels that speak it. */
import { fail, ok } from '../../shared/result.ts';
import { failureOf } from '../probes/socket-failure.ts';
import { hide, partsOf } from './hide.ts';
import { type SendContext, type SendFailure, type SendResult, secretOf } from './types.ts';

const timeoutMs = 15_000;
const mostReplyBytes = 2_000;
/** Refusals that are only for now (RFC 9110, 6585, 8470); any other 4xx comes again however often it is tried. */
const notNow = new Set([408, 425, 429]);

export interface HttpRequest {
  method?: 'GET' | 'POST';
  /** Name of the secret that holds the URL; or a URL that is no secret. */
  url: { secret: string } | { plain: string };
  headers?: Record<string, string>;
  /** Name of the secret that holds a bearer token. */
  token?: string | undefined;
  body?: string;
  /** What else must not be seen in a reply. */
  hidden?: readonly string[];
  /** Changes the address, such as to a path below it. */
  at?: (url: URL) => URL;
}

/** Sends, and reads the beginning of the reply. No redirect is followed: it would carry the message, and the token, to somebody else. */
export async function exchange(request: HttpRequest, context: Pick<SendContext, 'secret' | 'signal'>): Promise<SendResult> {
  const address = 'plain' in request.url ? ok(request.url.plain) : secretOf(context, request.url.secret);
  if (!address.ok) return address;
  const token = request.token === undefined ? ok(null) : secretOf(context, request.token);
  if (!token.ok) return token;
  const url = readUrl(address.value);
  if (!url) {
    const which = 'secret' in request.url ? `the secret "${request.url.secret}"` : 'the address';
    return fail({ code: 'bad-url', text: `${which} is not an address that begins with https:// or http://`, permanent: true });
  }
  const hidden = [...partsOf(address.value), ...(token.value === null ? [] : [token.value]), ...(request.hidden ?? [])];
  const login =
    url.username === '' && url.password === ''
      ? null
      : Buffer.from(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`);
  url.username = '';
  url.password = '';
  try {
    const response = await fetch(url, {
      method: request.method ?? 'POST',
      headers: {
        'user-agent': 'Nightdesk',
        ...request.headers,
        ...(login ? { authorization: `Basic ${login.toString('base64')}` } : {}),
        ...(token.value === null ? {} : { authorization: `Bearer ${token.value}` }),
      },
      ...(request.body === undefined ? {} : { body: request.body }),
      redirect: 'manual',
      signal: AbortSignal.any([context.signal, AbortSignal.timeout(timeoutMs)]),
    });
    const said = hide(await beginningOf(response), hidden);
    const reply = `HTTP ${response.status}${said === '' ? '' : ` ${said}`}`;
    if (response.ok) return ok({ reply });
    return fail(refusal(response.status, reply));
  } catch (error) {
    return fail(failureIn(error));
  }
}

function readUrl(text: string): URL | null {
  const url = URL.parse(text.trim());
  return url && (url.protocol === 'https:' || url.protocol === 'http:') ? url : null;
}

/** Reads only so much, then hangs up: a reply without an end is no reason to wait. */
async function beginningOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const reader = response.body?.getReader();
  while (reader && bytes < mostReplyBytes) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    bytes += value.length;
  }
  void reader?.cancel().catch(() => {});
  return Buffer.concat(chunks).subarray(0, mostReplyBytes).toString('utf8');
}

function refusal(status: number, reply: string): SendFailure {
  if (status >= 300 && status < 400)
    return {
      code: 'redirect',
      text: `the other side sends elsewhere (HTTP ${status}), which is not followed; set the final address`,
      permanent: true,
    };
  return {
    code: `http-${status}`,
    text: `the other side answered ${reply}`,
    permanent: status >= 400 && status < 500 && !notNow.has(status),
  };
}

/** The text of an error quotes hosts and addresses; only codes are looked at. */
function failureIn(error: unknown): SendFailure {
  const cause = (error as { cause?: unknown }).cause ?? error;
  const code = (cause as { code?: unknown }).code;
  const name = (error as { name?: unknown }).name;
  if (name === 'TimeoutError' || (typeof code === 'string' && /^UND_ERR_\w*TIMEOUT$/.test(code)))
    return { code: 'timeout', text: `no answer within ${timeoutMs / 1_000} s`, permanent: false };
  if (name === 'AbortError') return { code: 'stopped', text: 'Nightdesk was closing', permanent: false };
  if ((cause as { name?: unknown }).name === 'HTTPParserError')
    return { code: 'protocol', text: 'the other side answers, but not with HTTP', permanent: false };
  if (code === 'UND_ERR_SOCKET')
    return { code: 'closed', text: 'the other side closed the connection without an answer', permanent: false };
  const failure = failureOf(cause, 'the other side');
  return { code: failure.code, text: failure.detail, permanent: false };
}

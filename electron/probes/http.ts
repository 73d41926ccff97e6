/** Asks a web server for a page, follows redirects, and holds the answer against the rules of the check. */
import type { HttpFacts } from '../../shared/checks/http.ts';
import { type HttpConfig, hostOf, readUrl, urlOf, type WebUrl } from '../../shared/checks/http-settings.ts';
import { certificateProblems, certificateSentence, daysLeft } from '../../shared/checks/tls-certificate.ts';
import { hostAndPort } from '../../shared/checks/tls-settings.ts';
import { clean } from '../../shared/text.ts';
import { humanLatency } from '../../shared/time.ts';
import { certificateFacts } from './certificate-facts.ts';
import { type Answer, exchange } from './http-exchange.ts';
import { type Login, loginFor } from './http-login.ts';
import { limitsOf, weigh } from './http-rules.ts';
import { asTls, dial, familyOf, type Progress } from './tls-dial.ts';
import { type Trust, trustOf } from './tls-trust.ts';
import type { Probe, ProbeContext } from './types.ts';

const userAgent = 'Nightdesk';
const redirectCodes: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const onlyHttp = ['http/1.1'];
/** A redirect's own body is of no interest; a few bytes are read so that the connection ends in order. */
const redirectLimits = { readBytes: 4_096, keepBytes: 0 };

interface Hop {
  url: WebUrl;
  method: string;
  body: string | undefined;
}

export const probeHttp: Probe<HttpConfig, HttpFacts> = async (config, ctx) => {
  const first = urlOf(config);
  if (!first) return { failure: { code: 'name-not-found', detail: 'the check names neither a url nor an address' } };
  const login = loginFor(config, ctx);
  if (!login.ok) return { failure: login.failure };
  const trust = await trustOf(config.caFile, ctx.monotonic());
  if (!trust.ok) return { failure: trust.failure };

  const startedAt = ctx.monotonic();
  const facts: HttpFacts = {};
  let hop: Hop = { url: first, method: config.method, body: config.method === 'POST' ? (config.body ?? '') : undefined };
  for (;;) {
    const answer = await ask(hop, first, config, login.value, trust.value, facts, ctx);
    facts.totalMs = ctx.monotonic() - startedAt;
    if (!answer) {
      if (facts.failure) ctx.note(facts.failure.detail);
      return facts;
    }
    const next = answer.failure ? null : nextHop(hop, answer, config, facts, login.value, ctx);
    if (!next) {
      Object.assign(facts, weigh(answer, config, login.value.scrub));
      ctx.note(
        `${answer.status ?? 'no status'}, ${answer.bytes} bytes${answer.cut ? ' and more' : ''}, ${humanLatency(facts.totalMs)} in all`,
      );
      return facts;
    }
    hop = next;
  }
};

/** One request. Fills in the facts; null where there was no answer at all. */
async function ask(
  hop: Hop,
  first: WebUrl,
  config: HttpConfig,
  login: Login,
  trust: Trust,
  facts: HttpFacts,
  ctx: ProbeContext,
): Promise<Answer | null> {
  const { url } = hop;
  const name = hostOf(url);
  const secure = url.protocol === 'https:';
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  const progress: Progress = { phase: 'dns' };
  const place = {
    // The address stands in for the name of the first URL wherever that name comes up again.
    host: config.address !== undefined && name === hostOf(first) ? config.address : name,
    port,
    family: familyOf(config.family),
    ...(secure ? { tls: { serverName: name, context: trust.context, alpn: onlyHttp } } : {}),
  };
  const dialled = await dial(place, progress, ctx);
  facts.address = progress.address;
  facts.dnsMs = progress.dnsMs;
  facts.connectMs = progress.connectMs;
  facts.tlsMs = progress.tlsMs;
  facts.firstByteMs = undefined;
  facts.certificateDaysLeft = undefined;
  facts.status = undefined;
  facts.url = shortUrl(url);
  if (!dialled.ok) {
    facts.failure = dialled.failure;
    return null;
  }
  const socket = dialled.value;
  try {
    if (secure && !config.insecure) {
      const certificate = certificateFacts(asTls(socket), progress.certificate, name, trust);
      if (certificate) facts.certificateDaysLeft = daysLeft(certificate.validTo, ctx.now());
      const problems = certificate ? certificateProblems(certificate, name, ctx.now()) : [];
      if (!certificate || problems.length > 0) {
        // Nothing has been sent yet, least of all a password.
        facts.failure = {
          code: 'certificate',
          detail: certificate ? clean(certificateSentence(problems), 400) : 'the server showed no certificate',
        };
        return null;
      }
    }
    const where = hostAndPort(name, port);
    ctx.note(`${hop.method} ${shortUrl(url)} at ${hostAndPort(progress.address ?? name, port)}`);
    const headers = ['Host', url.host, 'User-Agent', userAgent, 'Accept', '*/*', 'Accept-Encoding', 'identity'];
    if (url.origin === first.origin) {
      for (const [key, value] of Object.entries(config.headers)) setHeader(headers, key, value);
      if (login.authorization !== null) headers.push('Authorization', login.authorization);
    }
    if (hop.body !== undefined) headers.push('Content-Length', String(Buffer.byteLength(hop.body)));
    const limits = limitsOf(config);
    const answer = await exchange(
      socket,
      { method: hop.method, path: url.pathname + url.search, headers, body: hop.body, where },
      (head) =>
        redirectCodes.has(head.statusCode ?? 0) && config.followRedirects > 0 && head.headers.location !== undefined
          ? redirectLimits
          : limits,
      ctx,
    );
    if (answer.status !== undefined) {
      facts.status = answer.status;
      facts.statusText = login.scrub(clean(answer.statusText ?? '', 60));
      facts.httpVersion = answer.httpVersion;
      facts.firstByteMs = answer.firstByteMs;
    }
    if (answer.failure) facts.failure = answer.failure;
    return answer;
  } finally {
    socket.destroy();
  }
}

/** Where the answer sends us, or null where it is the last one. */
function nextHop(hop: Hop, answer: Answer, config: HttpConfig, facts: HttpFacts, login: Login, ctx: ProbeContext): Hop | null {
  const status = answer.status ?? 0;
  const location = answer.headers?.location;
  if (!redirectCodes.has(status) || location === undefined || config.followRedirects === 0) return null;
  const url = readUrl(location, hop.url.href);
  const shown = url ? shortUrl(url) : clean(location, 200);
  facts.redirects ??= [];
  facts.redirects.push({ status, to: login.scrub(shown) });
  if (!url) {
    ctx.note(`${status}, but "${login.scrub(shown)}" is no place to follow`);
    return null;
  }
  if (facts.redirects.length > config.followRedirects) {
    facts.tooManyRedirects = true;
    return null;
  }
  const becomesGet = status === 303 || (hop.method === 'POST' && (status === 301 || status === 302));
  const method = becomesGet && hop.method !== 'HEAD' ? 'GET' : hop.method;
  if (method === 'POST' && url.origin !== hop.url.origin) {
    ctx.note(`${status} to ${login.scrub(shown)}: what was sent is not sent on to another place`);
    return null;
  }
  if (hop.url.protocol === 'https:' && url.protocol === 'http:') {
    facts.downgraded = true;
    ctx.note('the redirect leads from https to plain http');
  }
  ctx.note(`${status} to ${login.scrub(shown)}`);
  return { url, method, body: method === 'POST' ? hop.body : undefined };
}

/** Origin and path; a query may carry a token. */
const shortUrl = (url: WebUrl): string => clean(`${url.origin}${url.pathname}${url.search === '' ? '' : '?…'}`, 200);

/** A header of the settings takes the place of ours. */
function setHeader(headers: string[], name: string, value: string): void {
  const at = headers.findIndex((it, index) => index % 2 === 0 && it.toLowerCase() === name.toLowerCase());
  if (at >= 0) headers[at + 1] = value;
  else headers.push(name, value);
}

/** One GET over a connection of its own: connects, proves the certificate, asks. For probes that fetch something rather than watch a page. */
import type { IncomingMessage } from 'node:http';
import { hostOf, type WebUrl } from '../../shared/checks/http-settings.ts';
import { certificateProblems, certificateSentence } from '../../shared/checks/tls-certificate.ts';
import { hostAndPort } from '../../shared/checks/tls-settings.ts';
import type { Failure } from '../../shared/model/words.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { clean } from '../../shared/text.ts';
import { certificateFacts } from './certificate-facts.ts';
import type { BodyLimits } from './http-body.ts';
import { type Answer, exchange } from './http-exchange.ts';
import { asTls, dial, type Progress } from './tls-dial.ts';
import { trustOf } from './tls-trust.ts';
import type { ProbeContext } from './types.ts';

/** Host and port of a URL, as people write them: "www.example.net:443". */
export const placeOf = (url: WebUrl): string =>
  hostAndPort(hostOf(url), url.port !== '' ? Number(url.port) : url.protocol === 'https:' ? 443 : 80);

export interface Wanted {
  url: WebUrl;
  /** Certificate authorities to trust instead of the public ones. */
  caFile?: string | undefined;
  /** Name and value in turn, such as Accept. Host and User-Agent are set here. */
  headers: string[];
  /** Decides by the head how much of the body is wanted. */
  limitsFor(head: IncomingMessage): BodyLimits;
}

/**
 * Asks once; redirects are the caller's.
 * @returns the answer, with `failure` where its body did not come whole; or the failure where there is no answer. Nothing is sent to a
 *   server whose certificate is not good for the name.
 */
export async function getOnce({ url, caFile, headers, limitsFor }: Wanted, ctx: ProbeContext): Promise<Result<Answer, Failure>> {
  const [name, secure, where] = [hostOf(url), url.protocol === 'https:', placeOf(url)];
  const trust = await trustOf(caFile, ctx.monotonic());
  if (!trust.ok) return trust;
  const progress: Progress = { phase: 'dns' };
  const tls = secure ? { tls: { serverName: name, context: trust.value.context, alpn: ['http/1.1'] } } : {};
  const port = Number(where.slice(where.lastIndexOf(':') + 1));
  const dialled = await dial({ host: name, port, family: 0, ...tls }, progress, ctx);
  if (!dialled.ok) return dialled;
  const socket = dialled.value;
  try {
    if (secure) {
      const certificate = certificateFacts(asTls(socket), progress.certificate, name, trust.value);
      const problems = certificate ? certificateProblems(certificate, name, ctx.now()) : [];
      if (!certificate) return fail<Failure>({ code: 'certificate', detail: 'the server showed no certificate' });
      if (problems.length > 0) return fail<Failure>({ code: 'certificate', detail: clean(certificateSentence(problems), 400) });
    }
    const all = ['Host', url.host, 'User-Agent', 'Nightdesk', ...headers];
    const answer = await exchange(socket, { method: 'GET', path: url.pathname + url.search, headers: all, where }, limitsFor, ctx);
    return answer.failure && answer.status === undefined ? fail(answer.failure) : ok(answer);
  } finally {
    socket.destroy();
  }
}

/** Fetches the MTA-STS policy of a domain as a careful sender does (RFC 8461, section 3.3): no redirects, and the certificate must be good. */
import { certificateProblems, certificateSentence } from '../../shared/checks/tls-certificate.ts';
import { hostAndPort } from '../../shared/checks/tls-settings.ts';
import type { Fetched } from '../../shared/mail/sts-aspect.ts';
import type { Failure } from '../../shared/model/words.ts';
import { clean } from '../../shared/text.ts';
import { certificateFacts } from './certificate-facts.ts';
import { exchange } from './http-exchange.ts';
import { asTls, dial, type Progress } from './tls-dial.ts';
import { trustOf } from './tls-trust.ts';
import type { ProbeContext } from './types.ts';

/** Section 3.3 suggests that more than 64 KB is refused. */
const limits = { readBytes: 65_536, keepBytes: 65_536 };
const path = '/.well-known/mta-sts.txt';
const okStatus = 200;

export interface PolicyPlace {
  /** "mta-sts.example.net": what the certificate must be for. */
  name: string;
  /** Addresses to try in turn, at least one. */
  addresses: readonly string[];
  port: number;
  caFile: string | undefined;
}

/** @returns the text of the policy; or why there is none */
export async function fetchPolicy({ name, addresses, port, caFile }: PolicyPlace, context: ProbeContext): Promise<Fetched> {
  const failed = (failure: Failure): Fetched => ({ ok: false, failure });
  const refuse = (code: Failure['code'], detail: string): Fetched => failed({ code, detail: clean(detail, 400) });
  const trust = await trustOf(caFile, context.monotonic());
  if (!trust.ok) return failed(trust.failure);
  const tls = { serverName: name, context: trust.value.context, alpn: ['http/1.1'] };
  for (const [index, host] of addresses.entries()) {
    const progress: Progress = { phase: 'dns' };
    context.note(`fetching https://${hostAndPort(name, port)}${path} at ${host}`);
    const dialled = await dial({ host, port, family: 0, tls }, progress, context);
    if (!dialled.ok) {
      if (index + 1 < addresses.length && !context.signal.aborted) continue;
      return failed(dialled.failure);
    }
    const socket = dialled.value;
    try {
      const certificate = certificateFacts(asTls(socket), progress.certificate, name, trust.value);
      if (!certificate) return refuse('certificate', `${name} showed no certificate`);
      const problems = certificateProblems(certificate, name, context.now());
      if (problems.length > 0) return refuse('certificate', certificateSentence(problems));
      const headers = [
        'Host',
        port === 443 ? name : hostAndPort(name, port),
        'User-Agent',
        'Nightdesk',
        'Accept',
        'text/plain',
        'Accept-Encoding',
        'identity',
      ];
      const answer = await exchange(socket, { method: 'GET', path, headers, where: name }, () => limits, context);
      if (answer.failure) return failed(answer.failure);
      if (answer.status !== okStatus) return refuse('protocol', `${name} answers ${answer.status}, and a redirect does not count`);
      if (answer.cut) return refuse('too-large', `${name} answers with more than 64 KB`);
      return { ok: true, text: answer.kept.toString('utf8') };
    } finally {
      socket.destroy();
    }
  }
  return refuse('name-not-found', `${name} has no address`);
}

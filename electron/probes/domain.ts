/** Asks a registry for a domain, at most once in so many hours. */
import type { DomainConfig, DomainFacts } from '../../shared/checks/domain.ts';
import { hostOf, readUrl, type WebUrl } from '../../shared/checks/http-settings.ts';
import { certificateProblems, certificateSentence } from '../../shared/checks/tls-certificate.ts';
import { hostAndPort } from '../../shared/checks/tls-settings.ts';
import type { Failure } from '../../shared/model/words.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { clean } from '../../shared/text.ts';
import { HOUR, humanDuration, MINUTE } from '../../shared/time.ts';
import { certificateFacts } from './certificate-facts.ts';
import { type Answer, exchange } from './http-exchange.ts';
import { readRdap } from './rdap.ts';
import { asTls, dial, type Progress } from './tls-dial.ts';
import { trustOf } from './tls-trust.ts';
import type { Probe, ProbeContext } from './types.ts';

/** What is kept between two probes: the last good answer, and when to ask again. */
interface Memory {
  good: DomainFacts | null;
  failure: Failure | null;
  /** Epoch ms. */
  triedAt: number;
  askAgainAt: number;
}

/** After a failure the registry is left in peace for so long; longer where it says that it was asked too often. */
const afterFailureMs = 10 * MINUTE;
const afterTooOftenMs = 2 * HOUR;
const mostRedirects = 3;
const redirectCodes: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const limits = { readBytes: 262_144, keepBytes: 262_144 };
const rdapType = 'application/rdap+json';

export const probeDomain: Probe<DomainConfig, DomainFacts> = async (config, context) => {
  const now = context.now();
  const empty: Memory = { good: null, failure: null, triedAt: 0, askAgainAt: 0 };
  const before = context.remember(empty) ?? empty;
  context.remember(before);
  // A clock that was set back must not silence the check.
  if (now < before.askAgainAt && now >= before.triedAt) {
    context.note(
      `the registry was asked ${humanDuration(now - before.triedAt)} ago; the next time is in ${humanDuration(before.askAgainAt - now)}`,
    );
    return factsOf(before);
  }
  const asked = await askRegistry(config, context);
  const memory: Memory = asked.ok
    ? { good: asked.value, failure: null, triedAt: now, askAgainAt: now + config.refresh }
    : { good: before.good, failure: asked.failure.failure, triedAt: now, askAgainAt: now + pauseAfter(asked.failure, config) };
  if (memory.failure) context.note(memory.failure.detail);
  context.remember(memory);
  return factsOf(memory);
};

const factsOf = ({ good, failure }: Memory): DomainFacts => ({ ...good, ...(failure ? { failure } : {}) });

interface Refusal {
  failure: Failure;
  tooOften?: boolean;
}
const pauseAfter = ({ tooOften = false }: Refusal, { refresh }: DomainConfig): number =>
  Math.min(tooOften ? afterTooOftenMs : afterFailureMs, refresh);

async function askRegistry(config: DomainConfig, context: ProbeContext): Promise<Result<DomainFacts, Refusal>> {
  const refuse = (code: Failure['code'], detail: string, tooOften = false) =>
    fail({ failure: { code, detail: clean(detail, 400) }, tooOften });
  let url = readUrl(`${config.url.replace(/\/+$/, '')}/domain/${config.domain.toLowerCase().replace(/\.$/, '')}`);
  const first = url;
  const begin = context.monotonic();
  for (let redirects = 0; ; redirects += 1) {
    if (!url || !first) return refuse('protocol', 'the registry sends us to something that is no place to follow');
    const where = hostAndPort(hostOf(url), portOf(url));
    const answer = await get(url, config, context);
    if (answer.failure) return fail({ failure: answer.failure });
    const { status = 0, headers = {} } = answer;
    context.note(`${where} answers ${status}, ${answer.bytes} bytes`);
    if (redirectCodes.has(status) && headers.location !== undefined) {
      if (redirects === mostRedirects) return refuse('protocol', `${where} sends us on and on`);
      url = readUrl(headers.location, url.href);
      if (url && url.protocol !== first.protocol)
        return refuse('protocol', `${where} sends us from ${first.protocol.slice(0, -1)} to ${url.protocol.slice(0, -1)}`);
      continue;
    }
    if (status === 429 || status === 403)
      return refuse('permission', `${where} turns us away (${status}): it was asked too often, or not by the right people`, true);
    if (answer.cut) return refuse('too-large', `${where} answered with more than 256 KB`);
    const isRdap = String(headers['content-type'] ?? '')
      .toLowerCase()
      .startsWith(rdapType);
    const read = readRdap(answer.kept.toString('utf8'), config.domain);
    const known = { askedAt: context.now(), from: clean(where, 200), ms: Math.round(context.monotonic() - begin) };
    // A web server that knows nothing of RDAP says 404 too.
    if (status === 404) {
      if (isRdap || (read.ok && read.value.errorCode === 404)) return ok({ ...known, registered: false });
      return refuse('protocol', `${where} has no such page (404): is the URL the one of its RDAP service?`);
    }
    if (status !== 200) return refuse('protocol', `${where} answers ${status}`);
    if (!read.ok) return refuse('protocol', `${where} ${read.failure}`);
    return ok({ ...read.value.facts, ...known, registered: true });
  }
}

const portOf = (url: WebUrl): number => (url.port !== '' ? Number(url.port) : url.protocol === 'https:' ? 443 : 80);

async function get(url: WebUrl, config: DomainConfig, context: ProbeContext): Promise<Answer> {
  const nothing = (failure: Failure): Answer => ({ bytes: 0, cut: false, kept: Buffer.alloc(0), failure });
  const trust = await trustOf(config.caFile, context.monotonic());
  if (!trust.ok) return nothing(trust.failure);
  const [name, port, secure] = [hostOf(url), portOf(url), url.protocol === 'https:'];
  const progress: Progress = { phase: 'dns' };
  const tls = secure ? { tls: { serverName: name, context: trust.value.context, alpn: ['http/1.1'] } } : {};
  context.note(`asking ${clean(`${url.origin}${url.pathname}`, 200)}`);
  const dialled = await dial({ host: name, port, family: 0, ...tls }, progress, context);
  if (!dialled.ok) return nothing(dialled.failure);
  const socket = dialled.value;
  try {
    if (secure) {
      const certificate = certificateFacts(asTls(socket), progress.certificate, name, trust.value);
      const problems = certificate ? certificateProblems(certificate, name, context.now()) : [];
      if (!certificate) return nothing({ code: 'certificate', detail: 'the server showed no certificate' });
      if (problems.length > 0) return nothing({ code: 'certificate', detail: clean(certificateSentence(problems), 400) });
    }
    const headers = ['Host', url.host, 'User-Agent', 'Nightdesk', 'Accept', `${rdapType}, application/json`, 'Accept-Encoding', 'identity'];
    const where = hostAndPort(name, port);
    return await exchange(socket, { method: 'GET', path: url.pathname + url.search, headers, where }, () => limits, context);
  } finally {
    socket.destroy();
  }
}

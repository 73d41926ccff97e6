/** What web checks see in a drill's world: pages and certificates. */
import type { HttpFacts } from '../../shared/checks/http.ts';
import type { HttpConfig } from '../../shared/checks/http-settings.ts';
import type { TlsConfig, TlsFacts } from '../../shared/checks/tls.ts';
import { DAY } from '../../shared/time.ts';
import { fixedOf, latencyOf } from './random.ts';
import { certificateFor, expiryOf } from './world-certificates.ts';
import { type Answer, type Asked, addressFacts, noAnswer, noTls, nothingFrom, reach, refusal, tidy } from './world-contact.ts';
import { doorFault, protocolFault } from './world-mail-state.ts';
import { numberOf, textOf } from './world-values.ts';

const statusTexts: Readonly<Record<number, string>> = {
  200: 'OK',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** Scheme, name and port that a check asks. */
function webPlace({ url, address, scheme, port }: HttpConfig): { secure: boolean; name: string; port: number; shown: string } {
  const parts = /^(https?):\/\/(?:\[([^\]]+)\]|([^/:?#]+))(?::(\d+))?([^?#]*)/i.exec(url ?? '');
  const secure = (parts?.[1]?.toLowerCase() ?? scheme) === 'https';
  const name = parts?.[2] ?? parts?.[3] ?? address ?? '';
  const shown = parts?.[0] ?? `${scheme}://${name}/`;
  return { secure, name, port: Number(parts?.[4] ?? port ?? (secure ? 443 : 80)), shown };
}

/** What a page is like: the status, and what of the rules it breaks. */
function pageOf(asked: Asked<HttpConfig>, mode: string | null): Partial<HttpFacts> {
  const { config } = asked;
  const wanted = config.status[0] ?? '2xx';
  const fine = typeof wanted === 'number' ? wanted : Number(wanted[0]) * 100;
  const usual = Math.round(fixedOf(`page ${asked.place.check.id}`, 9_000, 40_000));
  const least = config.minBytes ?? 0;
  const bytes = Math.max(least, Math.min(usual, config.maxBytes ?? usual));
  const page = { status: fine, statusText: statusTexts[fine] ?? '', contentType: 'text/html; charset=utf-8', bytes, cut: false };
  if (mode === null || mode === 'slow') return { ...page, missing: [], unwanted: [], bodyStart: config.contains[0] ?? '<!doctype html>' };
  return { ...page, bytes: 1_190, missing: [...config.contains], unwanted: [] };
}

export const webPage: Answer<HttpConfig, HttpFacts> = (asked) => {
  const { config, chance, moment, timeoutMs } = asked;
  const { secure, name, port, shown } = webPlace(config);
  const contact = reach(asked);
  const none = nothingFrom<HttpFacts>(contact, asked, port, (connectMs) => ({ connectMs }));
  if (none) return { ...none, facts: { url: shown, ...none.facts, totalMs: tidy(none.tookMs) } };
  const isWebmail = asked.place.check.subject.id.endsWith('.webmail');
  const { fault, ms, spot } = contact;
  const webmail = isWebmail ? protocolFault(asked, 'webmail')?.mode : undefined;
  if (webmail === 'smtp-refuse') {
    const failure = refusal(spot, port);
    return { facts: { url: shown, ...addressFacts(contact), failure, totalMs: tidy(ms) }, tookMs: ms };
  }
  const mode = webmail === 'auth-fails' || webmail === 'webmail-down' ? webmail : contact.mode;
  const facts: HttpFacts = { url: shown, ...addressFacts(contact), connectMs: tidy(ms), ...(secure && { tlsMs: tidy(1.4 * ms) }) };
  const dialledMs = ms * (secure ? 2.4 : 1);
  if (secure && webmail === 'tls-broken')
    return { facts: { ...facts, failure: noTls(spot, port), totalMs: tidy(dialledMs) }, tookMs: dialledMs };
  if (secure && !config.insecure) {
    const certificate = certificateFor(asked, name);
    const why = expiryOf(certificate, moment.at);
    facts.certificateDaysLeft = Math.floor((certificate.validTo - moment.at) / DAY);
    if (why) return { facts: { ...facts, failure: { code: 'certificate', detail: why }, totalMs: tidy(dialledMs) }, tookMs: dialledMs };
  }
  const answerMs = latencyOf(fixedOf(`serves ${asked.place.check.id}`, 12, 80), chance) + (mode === 'slow' && fault ? numberOf(fault) : 0);
  const totalMs = tidy(dialledMs + ms + answerMs);
  if (totalMs >= timeoutMs) return { facts: { ...facts, failure: noAnswer(spot, port), totalMs: timeoutMs }, tookMs: timeoutMs };
  const answered: HttpFacts = { ...facts, httpVersion: '1.1', firstByteMs: tidy(ms + answerMs), totalMs };
  const refused = (status: number): HttpFacts => ({
    ...answered,
    status,
    statusText: statusTexts[status] ?? '',
    bytes: 310,
    cut: false,
    missing: [...config.contains],
    unwanted: [],
  });
  if (mode === 'webmail-down') return { facts: refused(502), tookMs: totalMs };
  if (mode === 'error') return { facts: refused(fault ? numberOf(fault) : 500), tookMs: totalMs };
  // Who does not log in is let see the page.
  if (mode === 'auth-fails' && config.auth) return { facts: refused(401), tookMs: totalMs };
  if (mode !== 'wrong-content') return { facts: { ...answered, ...pageOf(asked, mode === 'slow' ? mode : null) }, tookMs: totalMs };
  const text = fault ? textOf(fault) : '';
  const body = { bodyStart: text.slice(0, 200), unwanted: config.lacks.filter((it) => text.includes(it)) };
  const rules: Partial<HttpFacts> = {
    ...(config.json && { json: { found: null, why: 'no-json' as const } }),
    ...(config.header && { header: { found: null } }),
  };
  const page = pageOf(asked, mode);
  const missing = config.contains.filter((it) => !text.includes(it));
  return { facts: { ...answered, ...page, ...body, ...rules, missing }, tookMs: totalMs };
};

export const certificate: Answer<TlsConfig, TlsFacts> = (asked) => {
  const { config, moment } = asked;
  const contact = reach(asked);
  const none = nothingFrom<TlsFacts>(contact, asked, config.port, (connectMs) => ({ connectMs }));
  if (none) return none;
  const { ms, spot } = contact;
  const door = doorFault(asked, config.port)?.mode;
  if (door === 'smtp-refuse') return { facts: { ...addressFacts(contact), failure: refusal(spot, config.port) }, tookMs: ms };
  if (door === 'tls-broken')
    return { facts: { ...addressFacts(contact), connectMs: tidy(ms), failure: noTls(spot, config.port) }, tookMs: 2 * ms };
  const name = config.serverName ?? config.address ?? spot.address ?? '';
  const shown = certificateFor(asked, name, config.fingerprint256);
  const handshakeMs = tidy(1.4 * ms);
  return {
    facts: {
      ...addressFacts(contact),
      serverName: name,
      connectMs: tidy(ms),
      handshakeMs,
      protocol: 'TLSv1.3',
      cipher: 'TLS_AES_256_GCM_SHA384',
      certificate: shown,
      daysLeft: Math.floor((shown.validTo - moment.at) / DAY),
      authorized: expiryOf(shown, moment.at) === null,
    },
    tookMs: ms + handshakeMs,
  };
};

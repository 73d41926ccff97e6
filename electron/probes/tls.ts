/** Shakes hands with a port and looks at the certificate. Nothing is sent inside the connection. */

import type { TlsConfig, TlsFacts } from '../../shared/checks/tls.ts';
import { type Certificate, certificateProblems, daysLeft } from '../../shared/checks/tls-certificate.ts';
import { hostAndPort } from '../../shared/checks/tls-settings.ts';
import { clean } from '../../shared/text.ts';
import { humanLatency } from '../../shared/time.ts';
import { certificateFacts } from './certificate-facts.ts';
import { asTls, dial, familyOf, type Place, type Progress } from './tls-dial.ts';
import { trustOf } from './tls-trust.ts';
import type { Probe } from './types.ts';

/** Codes by which a server that speaks only older versions turns a modern client away (OpenSSL and BoringSSL). */
const tooOld = /UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION|VERSION_TOO_LOW/;

export const probeTls: Probe<TlsConfig, TlsFacts> = async (config, ctx) => {
  const host = config.address ?? '';
  const serverName = config.serverName ?? host;
  const progress: Progress = { phase: 'dns' };
  const trust = await trustOf(config.caFile, ctx.monotonic());
  if (!trust.ok) return { failure: trust.failure };
  const place: Place = { host, port: config.port, family: familyOf(config.family), tls: { serverName, context: trust.value.context } };
  let dialled = await dial(place, progress, ctx);
  if (!dialled.ok && tooOld.test(progress.errorCode ?? '') && !ctx.signal.aborted) {
    ctx.note('the server turns TLS 1.2 and newer away; trying older versions');
    const again = await dial({ ...place, tls: { serverName, context: trust.value.old() } }, progress, ctx);
    if (again.ok) dialled = again;
  }
  const facts: TlsFacts = { address: progress.address, serverName, dnsMs: progress.dnsMs, connectMs: progress.connectMs };
  if (!dialled.ok) return { ...facts, failure: dialled.failure };

  const socket = asTls(dialled.value);
  let certificate: Certificate | null;
  try {
    facts.handshakeMs = progress.tlsMs;
    facts.protocol = clean(socket.getProtocol() ?? 'unknown', 20);
    facts.cipher = clean(socket.getCipher()?.name ?? '', 60);
    certificate = certificateFacts(socket, progress.certificate, serverName, trust.value);
  } finally {
    // Also where a certificate cannot be taken apart: a socket left behind at every probe uses up all there are within a day.
    socket.destroy();
  }
  ctx.note(
    `${facts.protocol} with ${hostAndPort(progress.address ?? host, config.port)} in ${humanLatency((progress.connectMs ?? 0) + (progress.tlsMs ?? 0))}`,
  );
  if (!certificate) return facts;
  facts.certificate = certificate;
  facts.daysLeft = daysLeft(certificate.validTo, ctx.now());
  const problems = certificateProblems(certificate, serverName, ctx.now(), config.fingerprint256);
  facts.authorized = problems.length === 0;
  ctx.note(`certificate of ${certificate.subject}, issued by ${certificate.issuer}, ${facts.daysLeft} days left`);
  for (const problem of problems) ctx.note(`certificate ${problem.text}`);
  return facts;
};

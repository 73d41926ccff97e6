/** From Node's view of a peer certificate to cleaned, bounded facts. Shared by http and tls. */
import { checkServerIdentity, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import { aboutDates, type Certificate } from '../../shared/checks/tls-certificate.ts';
import { clean } from '../../shared/text.ts';
import type { Trust } from './tls-trust.ts';

const mostNames = 50;
const mostLinks = 10;

/** Facts by certificate, name and authorities: the same certificate comes thousands of times, and taking it apart is slow. */
const known = new WeakMap<Trust, Map<string, Certificate>>();
const mostKnown = 2_000;

/**
 * Facts of the certificate that a server showed, straight after the handshake.
 * @param seen the chain, where the handshake brought it along (Progress.certificate)
 * @param serverName name or IP address that it should be for
 * @returns null where the server showed none
 */
export function certificateFacts(
  socket: TLSSocket,
  seen: DetailedPeerCertificate | undefined,
  serverName: string,
  trust: Trust,
): Certificate | null {
  // Never getPeerX509Certificate: it takes the leaf out of OpenSSL's own list (nodejs/node#65579), and the next look finds nothing.
  const certificate = seen ?? socket.getPeerCertificate(true);
  if (!certificate?.fingerprint256) return null;
  const links = linksOf(certificate);
  // Only what the verification found in order is remembered: its verdict is made anew at every handshake.
  const good = socket.authorized;
  const key = `${links.map((link) => link.fingerprint256).join(' ')} ${serverName}`;
  const before = good ? known.get(trust)?.get(key) : undefined;
  if (before) return before;
  // Node's types call it an Error; it is the code.
  const code = socket.authorizationError as unknown as string | null | undefined;
  const made = take(links, certificate, good || !code ? null : String(code), serverName, trust);
  if (good) remember(key, made, trust);
  return made;
}

function remember(key: string, certificate: Certificate, trust: Trust): void {
  let of = known.get(trust);
  if (!of || of.size >= mostKnown) {
    of = new Map();
    known.set(trust, of);
  }
  of.set(key, certificate);
}

function take(
  links: DetailedPeerCertificate[],
  certificate: DetailedPeerCertificate,
  authorizationCode: string | null,
  serverName: string,
  trust: Trust,
): Certificate {
  const top = links.at(-1) ?? certificate;
  const selfSigned = links.length === 1 && certificate.issuerCertificate === certificate;
  const rooted = top.issuerCertificate === top && trust.roots().has(top.fingerprint256);
  const nameFits = checkServerIdentity(serverName, certificate) === undefined;
  return {
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    altNames: altNamesOf(certificate.subjectaltname),
    validFrom: Date.parse(certificate.valid_from),
    validTo: Date.parse(certificate.valid_to),
    fingerprint256: certificate.fingerprint256,
    selfSigned,
    nameFits,
    trusted: authorizationCode === null || (aboutDates.has(authorizationCode) && rooted),
    authorizationCode: authorizationCode ?? (nameFits ? null : 'ERR_TLS_CERT_ALTNAME_INVALID'),
    chain: links.map((link) => ({ subject: nameOf(link.subject), issuer: nameOf(link.issuer), validTo: Date.parse(link.valid_to) })),
  };
}

/** The chain from the leaf up; a root is its own issuer. */
function linksOf(leaf: DetailedPeerCertificate): DetailedPeerCertificate[] {
  const links = [leaf];
  let link = leaf;
  while (links.length < mostLinks && link.issuerCertificate?.fingerprint256 && link.issuerCertificate !== link) {
    link = link.issuerCertificate;
    links.push(link);
  }
  return links;
}

type DistinguishedName = Record<string, string | string[] | undefined>;

/** "CN, O" of a distinguished name; repeated parts come as lists. */
function nameOf(parts: unknown): string {
  const from = (parts ?? {}) as DistinguishedName;
  const part = (key: string) => [from[key] ?? []].flat()[0];
  const name = [part('CN'), part('O')].filter((it) => it !== undefined && it !== '');
  return clean([...new Set(name.length > 0 ? name : Object.values(from).flat())].join(', '), 120) || 'no name';
}

/** "DNS:a.example, IP Address:192.0.2.1"; names that hold a comma or quote come as JSON strings, which are left as they are. */
function altNamesOf(text: string | undefined): string[] {
  if (!text) return [];
  return text
    .split(', ', mostNames)
    .map((it) => clean(it.replace(/^(DNS|IP Address):/, ''), 120))
    .filter((it) => it !== '');
}

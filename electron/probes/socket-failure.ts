/** From Node's error codes to our failure codes. Decisions are made on codes only; an error's text is never read. */
import type { Failure, FailureCode } from '../../shared/model/words.ts';
import { clean } from '../../shared/text.ts';

type Words = (what: string, code: string) => string;

const wordsOf: Partial<Record<FailureCode, Words>> = {
  refused: (what) => `connection refused by ${what}`,
  timeout: (what) => `no answer from ${what}`,
  unreachable: (what) => `no way to ${what}: the network cannot reach it`,
  reset: (what) => `${what} broke the connection off`,
  closed: (what) => `${what} closed the connection too early`,
  'name-not-found': (what) => `there is no address for the name ${what}`,
  'resolver-failed': (what) => `the resolver of this computer could not look up ${what}`,
  permission: (what) => `this computer does not allow the connection to ${what}`,
  certificate: (what, code) => `the certificate of ${what} is not accepted (${code})`,
  tls: (what, code) => `no encrypted connection with ${what} (${code})`,
  protocol: (what, code) => `${what} answered in a way that the protocol does not allow (${code})`,
  'too-large': (what, code) => `${what} answered with more than is accepted (${code})`,
  internal: (what, code) => `this computer could not make the connection to ${what} (${code})`,
};

const byCode = new Map(
  Object.entries<FailureCode>({
    ECONNREFUSED: 'refused',
    ETIMEDOUT: 'timeout',
    ESOCKETTIMEDOUT: 'timeout',
    ABORT_ERR: 'timeout',
    EHOSTUNREACH: 'unreachable',
    ENETUNREACH: 'unreachable',
    EHOSTDOWN: 'unreachable',
    ENETDOWN: 'unreachable',
    ECONNRESET: 'reset',
    ECONNABORTED: 'reset',
    EPIPE: 'closed',
    ERR_STREAM_PREMATURE_CLOSE: 'closed',
    // getaddrinfo: the name is known not to exist, or has no address of the wanted family.
    ENOTFOUND: 'name-not-found',
    ENODATA: 'name-not-found',
    // getaddrinfo: the resolver is silent, refuses, or answers with an error of its own.
    EAI_AGAIN: 'resolver-failed',
    EAI_FAIL: 'resolver-failed',
    EAI_NODATA: 'name-not-found',
    EAI_NONAME: 'name-not-found',
    EACCES: 'permission',
    EPERM: 'permission',
    EPROTO: 'tls',
    HOSTNAME_MISMATCH: 'certificate',
    DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate',
    SELF_SIGNED_CERT_IN_CHAIN: 'certificate',
    UNABLE_TO_GET_ISSUER_CERT: 'certificate',
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate',
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate',
    INVALID_CA: 'certificate',
    INVALID_PURPOSE: 'certificate',
    PATH_LENGTH_EXCEEDED: 'certificate',
    HPE_HEADER_OVERFLOW: 'too-large',
  }),
);

/** Families of codes by how they begin; the first that fits counts. */
const byStart: [start: string, code: FailureCode][] = [
  ['ERR_TLS_CERT_', 'certificate'],
  ['CERT_', 'certificate'],
  ['CRL_', 'certificate'],
  ['ERR_TLS_', 'tls'],
  ['ERR_SSL_', 'tls'],
  ['ERR_OSSL_', 'tls'],
  ['HPE_', 'protocol'],
  ['ERR_HTTP2_', 'protocol'],
];

/**
 * Names the failure behind an error of Node's net, tls, dns, dgram or http modules.
 * @param error what was thrown or emitted; an AggregateError (several addresses tried) counts as its first error
 * @param what whom we talked to, as people write it: "192.0.2.1 port 25"
 * @returns a failure with a short, cleaned sentence; code `internal` where the error is none of the known
 */
export function failureOf(error: unknown, what: string): Failure {
  const nodeCode = codeOf(error);
  const code = byCode.get(nodeCode) ?? byStart.find(([start]) => nodeCode.startsWith(start))?.[1] ?? 'internal';
  const words = wordsOf[code] ?? ((subject: string) => subject);
  return { code, detail: clean(words(what, nodeCode), 400) };
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'no code';
  const { code, name, errors } = error as { code?: unknown; name?: unknown; errors?: unknown };
  if (typeof code === 'string' && code !== '') return code;
  if (Array.isArray(errors) && errors.length > 0) return codeOf(errors[0]);
  // An abort is a DOMException: its code is a number, its name is what is specified.
  if (name === 'AbortError' || name === 'TimeoutError') return 'ABORT_ERR';
  return 'no code';
}

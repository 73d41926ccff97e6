/** What an answer of a web server means, in plain words. */
import type { Verdict } from '../model/words.ts';
import type { HttpFacts } from './http.ts';
import { type HttpConfig, urlOf } from './http-settings.ts';
import type { Explanation } from './types.ts';

type Advice = Omit<Explanation, 'happened'>;

const byReason: Record<string, Advice> = {
  ok: { means: 'Visitors get the page.', todo: 'Nothing.' },
  refused: {
    means: 'Nothing listens on that port: visitors get no page.',
    todo: 'Look whether the web server runs; start it and read its log.',
  },
  unreachable: { means: 'There is no way to the server from here.', todo: 'Look at the link and at the host itself first.' },
  reset: {
    means: 'The server or a firewall breaks connections off: visitors get no page.',
    todo: 'Read the web server’s log; look at load balancer and firewall.',
  },
  closed: {
    means: 'The server hangs up without an answer: visitors get no page.',
    todo: 'Read the web server’s log for crashing workers.',
  },
  'name-not-found': {
    means: 'The name leads nowhere: visitors cannot find the server.',
    todo: 'Look at the DNS zone, and whether the domain is still registered.',
  },
  certificate: {
    means: 'Browsers refuse the page or show a warning. Nothing was asked of the server, so that no password went to a stranger.',
    todo: 'Renew or correct the certificate and its chain. For a private CA name its file (caFile).',
  },
  tls: {
    means: 'No encrypted connection comes about: visitors get no page.',
    todo: 'Look whether this port speaks https at all, then at the TLS settings of the server.',
  },
  protocol: { means: 'Something answers that is not a web server, or a broken one.', todo: 'Look what runs on this port.' },
  'too-many-redirects': {
    means: 'Visitors go round in a circle and see an error.',
    todo: 'Look at the redirect rules (http to https, with and without www) of server and application.',
  },
  'text-missing': {
    means: 'The server answers, but not with the page that is expected: it may be empty, a login page or another site.',
    todo: 'Open the page and compare; look at the last deployment.',
  },
  'text-unwanted': { means: 'The page shows an error to its visitors.', todo: 'Open the page; read the application’s log.' },
  'json-mismatch': {
    means: 'The application reports that a part of it is not well, or its answer has changed.',
    todo: 'Open the address and read the whole answer.',
  },
  'header-mismatch': {
    means: 'The answer comes from something else than expected, or its settings changed.',
    todo: 'Look at the settings of server and proxy.',
  },
  'too-small': { means: 'The page is emptier than it should be.', todo: 'Open the page; read the application’s log.' },
  'too-large': {
    means: 'The answer is larger than what was agreed for this check.',
    todo: 'Open the page; if the size is right, raise maxBytes or bodyLimit.',
  },
  'redirect-to-plain-http': {
    means: 'Visitors who come encrypted are sent on unencrypted.',
    todo: 'Correct the redirect so that it leads to https.',
  },
  'certificate-expires-soon': {
    means: 'Nobody is affected yet. After that day browsers refuse the page.',
    todo: 'Renew the certificate and reload the server; look why renewal did not run.',
  },
  slow: {
    means: 'Visitors wait longer than agreed.',
    todo: 'See which phase takes the time: lookup, connect, TLS, or the first byte (the application).',
  },
  'no-secret': {
    means: 'Nightdesk could not log in, so it does not say how the page is.',
    todo: 'Enter the secret in the settings, or correct its name in the inventory.',
  },
};

const phaseAdvice = (it: HttpFacts): Advice => {
  if (it.connectMs === undefined)
    return {
      means: 'The server does not answer at all: it is off, overloaded or cut off.',
      todo: 'Look at the host and the way to it (ping), then at the firewall.',
    };
  if (it.status === undefined)
    return {
      means: 'The server takes connections but does not answer: visitors wait in vain.',
      todo: 'Look at load, at waiting workers, and at the database behind the application.',
    };
  return {
    means: 'The answer begins but does not end in time: visitors see half a page or none.',
    todo: 'Look at load and at the way to the server for lost packets.',
  };
};

const statusAdvice = (status: number): Advice => {
  if (status === 401)
    return {
      means: 'The page wants a login, or the one that is used is no longer right.',
      todo: 'Compare user name and secret with the server.',
    };
  if (status === 403)
    return {
      means: 'The server refuses the page: often rights of a folder, or a firewall rule.',
      todo: 'Read the web server’s error log; look at the rights of the web folder.',
    };
  if (status === 404)
    return { means: 'The page is not there: moved, deleted, or not deployed.', todo: 'Look at the address and at the last deployment.' };
  if (status === 429)
    return { means: 'The server thinks that it is asked too often.', todo: 'Probe less often, or let this desk’s address through.' };
  if (status === 502 || status === 503 || status === 504)
    return {
      means: 'The web server runs, but the application behind it does not answer.',
      todo: 'Look at the application (PHP, app server, database) and its log.',
    };
  if (status >= 500)
    return {
      means: 'The application fails: visitors see an error.',
      todo: 'Read the application’s log from the time of the first failure.',
    };
  if (status >= 300 && status < 400)
    return { means: 'The server sends visitors elsewhere.', todo: 'If that is right, allow redirects (followRedirects) or this status.' };
  return { means: 'Visitors do not get the page.', todo: 'Open the page and read the web server’s log.' };
};

/** Plain words for one observation and its verdict. */
export function explainHttp(it: HttpFacts, verdict: Verdict, config: HttpConfig): Explanation {
  const happened = `${urlOf(config)?.href ?? 'The page'}: ${verdict.text}.`;
  if (verdict.reason === 'wrong-status' && it.status !== undefined) return { happened, ...statusAdvice(it.status) };
  if (verdict.reason === 'timeout') return { happened, ...phaseAdvice(it) };
  const advice = byReason[verdict.reason];
  if (advice) return { happened, ...advice };
  if (verdict.state === 'unknown')
    return {
      happened,
      means: 'Nightdesk could not look, so it does not say how the page is.',
      todo: 'Look at the transcript; the trouble is on this side.',
    };
  return { happened, means: 'Visitors do not get the page.', todo: 'Look at the transcript, then at the web server.' };
}

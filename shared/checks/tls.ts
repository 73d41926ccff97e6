/** TLS: the certificate and the protocol that a port offers. */
import { z } from 'zod';
import type { Verdict } from '../model/words.ts';
import { failureSchema } from '../model/words.ts';
import { humanLatency, stamp } from '../time.ts';
import { certificateProblems, certificateSchema, certificateSentence, daysLeft, timeLeft } from './tls-certificate.ts';
import {
  addressSetting,
  caFileSetting,
  familySetting,
  hostAndPort,
  levelOfFailure,
  portSetting,
  serverNameSetting,
} from './tls-settings.ts';
import type { CheckDefinition, Explanation, FactLine } from './types.ts';

/** Oldest first. */
export const protocols = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;

const config = z.object({
  address: addressSetting,
  port: portSetting.default(443).describe('Port'),
  serverName: serverNameSetting
    .optional()
    .describe('Name that the certificate must be good for (also sent as SNI); the address where left out'),
  starttls: z.enum(['none']).default('none').describe('How encryption starts: at once'),
  warnDays: z
    .array(z.int().min(1).max(3_650))
    .min(1)
    .max(5)
    .default([30, 14, 7])
    .describe('The certificate is reported as running out when it has at most so many days left, in ever stronger words'),
  downDays: z.int().min(0).max(3_650).default(0).describe('Count it as down when at most so many days are left; 0 = only once it expired'),
  minProtocol: z.enum(protocols).default('TLSv1.2').describe('Oldest TLS version that is fine'),
  fingerprint256: z
    .string()
    .regex(/^([0-9a-fA-F]{2}:?){31}[0-9a-fA-F]{2}$/, 'expected a SHA-256 fingerprint: 64 hexadecimal digits, with or without colons')
    .optional()
    .describe('Accept exactly this certificate (SHA-256), self-signed or not'),
  caFile: caFileSetting,
  family: familySetting,
});
export type TlsConfig = z.infer<typeof config>;

const observation = z.object({
  failure: failureSchema.optional(),
  address: z.string().optional().describe('Where the connection went'),
  serverName: z.string().optional(),
  dnsMs: z.number().optional(),
  connectMs: z.number().optional(),
  handshakeMs: z.number().optional(),
  protocol: z.string().optional(),
  cipher: z.string().optional(),
  certificate: certificateSchema.optional(),
  daysLeft: z.number().optional(),
  /** Whether the certificate would be accepted by a careful client. */
  authorized: z.boolean().optional(),
});
export type TlsFacts = z.infer<typeof observation>;

const nameFor = (it: TlsFacts, config: TlsConfig): string => config.serverName ?? it.serverName ?? config.address ?? '';

function judge(it: TlsFacts, config: TlsConfig, now: number): Verdict {
  if (it.failure) return { state: levelOfFailure(it.failure.code), reason: it.failure.code, text: it.failure.detail };
  if (!it.certificate) return { state: 'unknown', reason: 'no-certificate', text: 'the server showed no certificate' };
  const { validTo } = it.certificate;
  const problems = certificateProblems(it.certificate, nameFor(it, config), now, config.fingerprint256);
  const first = problems[0];
  if (first) return { state: 'down', reason: first.reason, text: certificateSentence(problems) };

  const days = daysLeft(validTo, now);
  const tiers = [...config.warnDays].sort((a, b) => a - b);
  const tier = tiers.find((limit) => days <= limit);
  const left = `certificate expires in ${timeLeft(validTo, now)}`;
  if (config.downDays > 0 && days <= config.downDays)
    return { state: 'down', reason: `certificate-expires-${config.downDays}`, text: left };
  const old =
    it.protocol !== undefined &&
    protocols.indexOf(it.protocol as never) >= 0 &&
    protocols.indexOf(it.protocol as never) < protocols.indexOf(config.minProtocol);
  const oldText = `speaks only ${it.protocol}, wanted is ${config.minProtocol} or newer`;
  if (tier !== undefined) {
    // The smallest limit is the last warning, the largest a reminder.
    const urgency = tier === tiers[0] ? ': renew it today' : tier === tiers.at(-1) ? '' : ': renew it this week';
    return { state: 'degraded', reason: `certificate-expires-${tier}`, text: `${left}${urgency}${old ? `; ${oldText}` : ''}` };
  }
  if (old) return { state: 'degraded', reason: 'old-protocol', text: oldText };
  const took = measure(it);
  return {
    state: 'ok',
    reason: 'ok',
    text: `certificate good for ${timeLeft(validTo, now)}, ${it.protocol ?? 'TLS'}${took === null ? '' : ` in ${humanLatency(took)}`}`,
  };
}

const measure = (it: TlsFacts): number | null => (it.handshakeMs === undefined ? null : (it.connectMs ?? 0) + it.handshakeMs);

function explain(it: TlsFacts, verdict: Verdict, config: TlsConfig): Explanation {
  const where = hostAndPort(config.address ?? 'the server', config.port);
  const happened = `${where}: ${verdict.text}.`;
  const reason = verdict.reason;
  if (verdict.state === 'ok')
    return { happened, means: 'Visitors and mail programs get an encrypted connection without a warning.', todo: 'Nothing.' };
  if (reason.startsWith('certificate-expires-'))
    return {
      happened,
      means: 'Nobody is affected yet. Once it has expired, browsers and mail programs refuse the connection or show a warning.',
      todo: 'Renew the certificate and reload the server. If renewal is automatic, look why it did not run.',
    };
  if (reason === 'certificate-expired' || reason === 'certificate-chain-expired')
    return {
      happened,
      means: 'Browsers and mail programs refuse the connection or show a warning now.',
      todo: 'Renew the certificate (and its chain), reload the server, and look why renewal did not run.',
    };
  if (reason === 'certificate-not-yet-valid')
    return {
      happened,
      means: 'Clients refuse it until then.',
      todo: 'Compare the clocks of this computer and of the server; else install the certificate that is valid now.',
    };
  if (reason === 'certificate-wrong-name')
    return {
      happened,
      means: 'Clients that ask for this name refuse the connection or show a warning.',
      todo: 'Look which certificate the server is set up with for this name, or whether the address belongs to another server.',
    };
  if (reason === 'certificate-not-the-pinned-one')
    return {
      happened,
      means: 'Somebody replaced the certificate, or the connection ends at another machine.',
      todo: 'If it was replaced on purpose, write the new fingerprint into the inventory. If not, find out where the connection goes.',
    };
  if (reason === 'certificate-self-signed' || reason === 'certificate-untrusted')
    return {
      happened,
      means: 'Clients that do not know this issuer refuse the connection or show a warning.',
      todo: 'Install the full chain of a trusted issuer. For an own authority name its file (caFile), for one own certificate its fingerprint (fingerprint256).',
    };
  if (reason === 'old-protocol')
    return {
      happened,
      means: 'Old TLS versions are weak; newer programs refuse them.',
      todo: 'Turn on TLS 1.2 and 1.3 in the server and restart it.',
    };
  if (verdict.state === 'unknown')
    return {
      happened,
      means: 'Nightdesk could not look, so it does not say how the server is.',
      todo: 'Look at the transcript; the trouble is on this side.',
    };
  const shaken = it.connectMs !== undefined;
  return {
    happened,
    means: shaken
      ? 'The port is open but no encrypted connection comes about: people cannot use what is behind it.'
      : 'The port cannot be reached: people cannot use what is behind it.',
    todo: shaken
      ? 'Look at the log of the server on this port and at its TLS settings.'
      : 'Look whether the server runs and listens on this port, then at the firewall and the way there.',
  };
}

function facts(it: TlsFacts): FactLine[] {
  const lines: FactLine[] = [];
  const add = (label: string, value: string | undefined) => {
    if (value !== undefined && value !== '') lines.push({ label, value });
  };
  const cert = it.certificate;
  if (cert) {
    add('Valid until', `${stamp(cert.validTo, 'UTC')}${it.daysLeft === undefined ? '' : ` (${it.daysLeft} days)`}`);
    add('Valid from', stamp(cert.validFrom, 'UTC'));
    add(
      'Good for',
      cert.altNames.length > 0
        ? cert.altNames.slice(0, 12).join(', ') + (cert.altNames.length > 12 ? ` and ${cert.altNames.length - 12} more` : '')
        : cert.subject,
    );
    add('Name fits', cert.nameFits ? 'yes' : 'no');
    add('Trusted', cert.trusted ? 'yes' : `no (${cert.selfSigned ? 'self-signed' : (cert.authorizationCode ?? 'unknown issuer')})`);
    add('Issued by', cert.issuer);
    add('Chain', cert.chain.map((link) => link.subject).join(' ← '));
    add('SHA-256', cert.fingerprint256);
  }
  add('Protocol', it.protocol);
  add('Cipher', it.cipher);
  add('Connected to', it.address);
  add('Name lookup', it.dnsMs === undefined ? undefined : humanLatency(it.dnsMs));
  add('Connect', it.connectMs === undefined ? undefined : humanLatency(it.connectMs));
  add('TLS handshake', it.handshakeMs === undefined ? undefined : humanLatency(it.handshakeMs));
  return lines;
}

export const tls = {
  title: 'TLS',
  summary: 'The certificate of a port: name, chain, days left, and the TLS version it speaks.',
  config,
  observation,
  slotMs: 0,
  unit: 'ms',
  target: (config) =>
    `TLS ${hostAndPort(config.address ?? '', config.port)}${config.serverName && config.serverName !== config.address ? ` (${config.serverName})` : ''}`,
  judge,
  explain,
  measure,
  facts,
  changes(before, after) {
    const [old, now] = [before.certificate, after.certificate];
    if (!old || !now || old.fingerprint256 === now.fingerprint256) return [];
    return [
      {
        code: 'certificate-changed',
        text: `the certificate was replaced: the new one is from ${now.issuer} and valid until ${stamp(now.validTo, 'UTC')}`,
      },
    ];
  },
} satisfies CheckDefinition<TlsConfig, TlsFacts>;

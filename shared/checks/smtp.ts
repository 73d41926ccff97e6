/** SMTP: does a server take mail for the test mailbox (25), or let it log in to send (587, 465), and is it safe about both. */
import { explainSmtp } from './smtp-explain.ts';
import { type SmtpFacts, smtpChanges, smtpFactLines, smtpObservation } from './smtp-facts.ts';
import { judgeSmtp } from './smtp-judge.ts';
import { type SmtpConfig, smtpSettings } from './smtp-settings.ts';
import { hostAndPort } from './tls-settings.ts';
import type { CheckDefinition } from './types.ts';

const target = (config: SmtpConfig): string =>
  `SMTP ${hostAndPort(config.address, config.port)}${config.family === 'auto' ? '' : ` (IPv${config.family})`}`;

export const smtp = {
  title: 'SMTP',
  summary:
    'Whether a mail server greets, encrypts, and takes mail for a test mailbox, or lets it log in to send; and whether it keeps strangers from sending',
  config: smtpSettings,
  observation: smtpObservation,
  slotMs: 0,
  unit: 'ms',
  target,
  judge: judgeSmtp,
  explain: (_, verdict, config) => explainSmtp(verdict, target(config), config),
  measure: (it) => (it.failure ? null : (it.totalMs ?? null)),
  facts: smtpFactLines,
  changes: smtpChanges,
} satisfies CheckDefinition<SmtpConfig, SmtpFacts>;

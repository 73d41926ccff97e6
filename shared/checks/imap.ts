/** IMAP: can people log in and read their mail, and does mail gather in a mailbox that somebody should empty. */
import { z } from 'zod';
import { loginUser, mailServerSettings } from './mail-settings.ts';
import { ageSettings, backlogFindings, countSettings } from './mailbox-backlog.ts';
import { explainMailbox } from './mailbox-explain.ts';
import { backlogFacts, mailboxChanges, mailboxFacts, mailboxLines } from './mailbox-facts.ts';
import { judgeMailbox } from './mailbox-judge.ts';
import { hostAndPort } from './tls-settings.ts';
import type { CheckDefinition } from './types.ts';

const config = z.object({
  ...mailServerSettings(993, 'tls'),
  ...loginUser,
  mailbox: z
    .string()
    .min(1)
    .max(200)
    .refine((it) => !/\p{Cc}/u.test(it), 'expected the name of a mailbox, without control characters')
    .default('INBOX')
    .describe('Mailbox to open, read-only'),
  ...countSettings,
  ...ageSettings,
});
export type ImapConfig = z.infer<typeof config>;

const observation = z.object({ ...mailboxFacts, ...backlogFacts });
export type ImapFacts = z.infer<typeof observation>;

const target = (config: ImapConfig): string => `IMAP ${hostAndPort(config.address, config.port)}`;

export const imap = {
  title: 'IMAP',
  summary: 'Whether people can read their mail by IMAP: greeting, encryption, log-in, mailbox; and what gathers in a mailbox',
  config,
  observation,
  slotMs: 0,
  unit: 'ms',
  target,
  judge: (it, config, now) =>
    judgeMailbox(
      it,
      config,
      now,
      `${config.mailbox.length > 40 ? `${config.mailbox.slice(0, 39)}…` : config.mailbox} opens`,
      backlogFindings(it, config, now),
    ),
  explain: (_, verdict, config) => explainMailbox(verdict, target(config)),
  measure: (it) => it.totalMs ?? null,
  facts: mailboxLines,
  changes: mailboxChanges,
} satisfies CheckDefinition<ImapConfig, ImapFacts>;

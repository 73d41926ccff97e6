/** POP3: can people log in and fetch their mail. */
import { z } from 'zod';
import { loginUser, mailServerSettings } from './mail-settings.ts';
import { backlogFindings, countSettings } from './mailbox-backlog.ts';
import { explainMailbox } from './mailbox-explain.ts';
import { backlogFacts, mailboxChanges, mailboxFacts, mailboxLines } from './mailbox-facts.ts';
import { judgeMailbox } from './mailbox-judge.ts';
import { hostAndPort } from './tls-settings.ts';
import type { CheckDefinition } from './types.ts';

const config = z.object({ ...mailServerSettings(995, 'tls'), ...loginUser, ...countSettings });
export type Pop3Config = z.infer<typeof config>;

const observation = z.object({
  ...mailboxFacts,
  growthPerHour: backlogFacts.growthPerHour,
  /** Of all messages together. */
  bytes: z.number().optional(),
});
export type Pop3Facts = z.infer<typeof observation>;

const target = (config: Pop3Config): string => `POP3 ${hostAndPort(config.address, config.port)}`;

export const pop3 = {
  title: 'POP3',
  summary: 'Whether people can fetch their mail by POP3: greeting, encryption, log-in, mailbox',
  config,
  observation,
  slotMs: 0,
  unit: 'ms',
  target,
  judge: (it, config, now) => judgeMailbox(it, config, now, 'the mailbox opens', backlogFindings(it, config, now)),
  explain: (_, verdict, config) => explainMailbox(verdict, target(config)),
  measure: (it) => it.totalMs ?? null,
  facts: (it) => [
    ...mailboxLines(it),
    ...(it.bytes === undefined
      ? []
      : [
          {
            label: 'Size of the mailbox',
            value: it.bytes < 1e5 ? `${(it.bytes / 1e3).toFixed(1)} kB` : `${(it.bytes / 1e6).toFixed(1)} MB`,
          },
        ]),
  ],
  changes: mailboxChanges,
} satisfies CheckDefinition<Pop3Config, Pop3Facts>;

/** ManageSieve: can people log in and change the filters of their mail (RFC 5804). */
import { z } from 'zod';
import { loginUser, mailServerSettings } from './mail-settings.ts';
import { explainMailbox } from './mailbox-explain.ts';
import { mailboxChanges, mailboxFacts, mailboxLines } from './mailbox-facts.ts';
import { judgeMailbox } from './mailbox-judge.ts';
import { hostAndPort } from './tls-settings.ts';
import type { CheckDefinition } from './types.ts';

const config = z.object({ ...mailServerSettings(4190, 'starttls'), ...loginUser });
export type SieveConfig = z.infer<typeof config>;

const observation = z.object({
  ...mailboxFacts,
  scripts: z.int().optional(),
  /** Name of the one that is in use; null = none is. */
  active: z.string().max(120).nullable().optional(),
});
export type SieveFacts = z.infer<typeof observation>;

const target = (config: SieveConfig): string => `ManageSieve ${hostAndPort(config.address, config.port)}`;

export const sieve = {
  title: 'ManageSieve',
  summary: 'Whether people can change their mail filters: greeting, encryption, log-in, list of scripts',
  config,
  observation,
  slotMs: 0,
  unit: 'ms',
  target,
  judge: (it, config, now) => judgeMailbox(it, config, now, 'the filters can be read'),
  explain: (_, verdict, config) => explainMailbox(verdict, target(config)),
  measure: (it) => it.totalMs ?? null,
  facts: (it) => [
    ...(it.scripts === undefined
      ? []
      : [{ label: 'Scripts', value: `${it.scripts}${it.active ? `, in use is "${it.active}"` : ', none in use'}` }]),
    ...mailboxLines(it),
  ],
  changes: mailboxChanges,
} satisfies CheckDefinition<SieveConfig, SieveFacts>;

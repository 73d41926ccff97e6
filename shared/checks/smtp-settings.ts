/** Settings of the smtp check. */
import { z } from 'zod';
import { DAY, durationSchema, MINUTE, SECOND } from '../time.ts';
import { loginUser, mailServerSettings } from './mail-settings.ts';

const mailbox = z.email('expected a mail address').max(254);

export const smtpSettings = z
  .object({
    ...mailServerSettings(25, 'starttls'),
    ...loginUser,
    helo: z
      .hostname('expected a host name')
      .optional()
      .describe('Name by which the desk greets (EHLO); its address in brackets where left out'),
    sender: z
      .union([z.literal(''), mailbox], 'expected a mail address, or nothing for the null sender')
      .default('')
      .describe('Sender to name; empty is the null sender, as of bounces. With a user that is an address, it is that one'),
    recipient: mailbox.optional().describe('Test mailbox, which must be accepted. No message is ever sent'),
    relayTo: mailbox
      .optional()
      .describe('Somebody at a foreign domain, who must not be accepted from a stranger. Tried once an hour, and no message is ever sent'),
    mechanisms: z
      .array(z.string().regex(/^[A-Z0-9_-]{1,20}$/, 'expected a way to log in, such as PLAIN'))
      .max(20)
      .default([])
      .describe('Ways to log in that must be offered, such as PLAIN and LOGIN'),
    requireTls: z
      .boolean()
      .optional()
      .describe(
        'Down without good encryption, degraded where log-in or mail is taken before it, and no password is sent without it; true where there is a user. Without it missing or bad encryption is degraded, as most servers deliver all the same',
      ),
    whereFound: z
      .boolean()
      .default(false)
      .describe('Only looked at where the name has an address of the IP version in `family`: that it has none is no fault then'),
    greetingDegraded: durationSchema(1, 10 * MINUTE)
      .default(10 * SECOND)
      .describe('Degraded when the greeting takes longer. Postscreen lets newcomers wait 6 s'),
    putOffDegraded: durationSchema(MINUTE, 2 * DAY)
      .default(30 * MINUTE)
      .describe('Degraded when the test mailbox is put off as a newcomer (greylisting) for longer; down when it was taken before'),
  })
  .refine((it) => it.user === undefined || it.passwordSecret !== undefined, {
    path: ['passwordSecret'],
    message: 'expected the name of a secret, as there is a user',
  })
  .refine((it) => it.slowDegraded <= it.slowDown, { path: ['slowDown'], message: 'slowDown is less than slowDegraded' });
export type SmtpConfig = z.infer<typeof smtpSettings>;

/** Whether nothing works for people here without good encryption: submission, unless the settings say otherwise. */
export const wantsTls = (config: SmtpConfig): boolean => config.requireTls ?? config.user !== undefined;
/** A submission port that is only looked at from outside: it must not let anybody in before encryption. */
export const isOutsideLook = (config: SmtpConfig): boolean => config.encryption === 'none' && wantsTls(config);

/** The legs of mail stacks as subjects with checks, as a `mail:` entry expands into them, for tests of the words. */
import { legId, legWords, type MailLeg, mailLegs } from '../../shared/mail/legs.ts';
import type { PlannedCheck, Subject } from '../../shared/model/plan.ts';
import { check, thing } from './story.ts';

/** Names of checks by leg; the type is the first word of what stands behind the colon. */
const usual: Record<MailLeg, readonly string[]> = {
  receiving: ['smtp', 'smtp-v6:smtp', 'smtp-mx2:smtp'],
  sending: ['submission:smtp', 'submissions:smtp', 'blocklist'],
  delivery: ['queue', 'roundtrip'],
  reading: ['imap', 'imaps:imap', 'pop3', 'pop3s:pop3'],
  webmail: ['webmail:http'],
  calendar: ['calendar:http'],
  files: ['files:http'],
  lists: ['list-announce:roundtrip'],
  filters: ['sieve'],
  records: ['posture'],
};
export interface Stack {
  entry: Subject;
  legs: Subject[];
  subjects: Subject[];
  plans: PlannedCheck[];
}

/** @param legs those that are watched */
export function mailStack(
  entry = 'mail-example',
  domain = 'example.net',
  legs: readonly MailLeg[] = ['receiving', 'sending', 'delivery', 'reading', 'webmail', 'records'],
  more: Partial<Subject> = {},
): Stack {
  const own = thing('mail', entry, { name: domain, audience: `mail for ${domain}`, ...more });
  const made = mailLegs
    .filter((leg) => legs.includes(leg))
    .map((leg) =>
      thing('mail', legId(entry, leg), {
        name: `${domain} ${leg}`,
        audience: `${legWords[leg].audience} for ${domain}`,
        leg: { entry, domain, leg },
        ...more,
      }),
    );
  const plans = made.flatMap((leg) => (leg.leg ? usual[leg.leg.leg] : []).map((name) => planOf(leg, name)));
  return { entry: own, legs: made, subjects: [own, ...made], plans };
}

function planOf(leg: Subject, written: string): PlannedCheck {
  const [name = '', type = name] = written.split(':');
  const config = {
    smtp: { address: 'mx1.example.net', family: 4 },
    'smtp-v6': { address: 'mx1.example.net', family: 6 },
    'smtp-mx2': { address: 'mx2.example.net', family: 4 },
  }[name];
  return check(leg, type as PlannedCheck['type'], name, config ? { config } : {});
}

import { describe, expect, it } from 'vitest';
import { mailAccountFor } from '../../electron/probes/mail-account.ts';
import { HOUR } from '../../shared/time.ts';

let user = 0;
/** An account of its own: says how log-ins end, on which port. */
function account() {
  user += 1;
  let now = 0;
  const ask = (port: number) =>
    mailAccountFor('smtp', { address: '127.0.0.1', port }, `doubt${user}@example.net`, 'mail', {
      secret: () => 'word',
      monotonic: () => now,
    });
  return {
    /** @returns whether a log-in was tried */
    use(port: number, how: 'accepted' | 'refused' | 'unchecked'): boolean {
      const leave = ask(port);
      if (leave.ok) leave.value[how]();
      return leave.ok;
    },
    later(ms: number) {
      now += ms;
    },
  };
}
const [smtp, smtps, imap, pop3] = [587, 465, 993, 995];

describe('a server that cannot look up passwords', () => {
  it('holds no port back but the one that says no', () => {
    const { use } = account();
    expect([use(smtp, 'refused'), use(imap, 'unchecked'), use(smtp, 'refused'), use(smtps, 'refused'), use(smtp, 'refused')]).toEqual([
      true,
      true,
      true,
      true,
      true,
    ]);
    expect([use(smtp, 'refused'), use(smtps, 'refused'), use(imap, 'unchecked'), use(pop3, 'unchecked')]).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });
  it('is tried on all ports at once when it can again', () => {
    const { use } = account();
    use(imap, 'unchecked');
    for (let n = 0; n < 4; n += 1) for (const port of [smtp, smtps]) use(port, 'refused');
    expect([use(smtp, 'refused'), use(smtps, 'refused')]).toEqual([false, false]);
    expect([use(imap, 'accepted'), use(smtp, 'accepted'), use(smtps, 'accepted')]).toEqual([true, true, true]);
  });
  it('but a password that is refused after that holds all back as ever', () => {
    const { use, later } = account();
    use(imap, 'unchecked');
    use(imap, 'accepted');
    for (const port of [smtp, smtps, imap]) expect(use(port, 'refused')).toBe(true);
    expect([use(smtp, 'refused'), use(imap, 'unchecked'), use(pop3, 'refused')]).toEqual([false, false, false]);
    later(HOUR + 1);
    expect(use(imap, 'accepted')).toBe(true);
  });
});

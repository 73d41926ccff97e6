/** Part of a mail stack is gone, or does not answer as it should: the leg that it is in is told, and no other. */
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { allFine, expectFault, isRoot, mailWorld, testFaults, ways } from '../support/mail-faults.ts';

describe.runIf(isRoot)('a mail stack with one fault', () => {
  const world = mailWorld();

  it('the log-in is broken while mail is taken', async () => {
    const mend = world().stack.breakAuth();
    const alert = await expectFault({
      title: 'example.net: mail can neither be read nor sent',
      legs: { sending: 'fails', reading: 'fails', delivery: 'unknown' },
      // Postfix 3.7 calls it a refusal; Dovecot says what it is.
      reasons: { ...ways.reading('server-unavailable'), ...ways.sending('login-refused') },
      text: /Temporary authentication failure\. Submission and .* Receiving and webmail work; delivery is not known\.$/,
    }).finally(mend);
    await allFine();
    const draft = await world().engine.handlers.draft({
      alerts: [alert.id],
      from: alert.firstAt - 1_000,
      to: null,
      title: null,
      zone: 'UTC',
    });
    if (!draft.ok) throw new Error(draft.failure.text);
    const part = (title: string): string => new RegExp(`^## ${title}\n\n([^#]*)`, 'm').exec(draft.value.markdown)?.[1] ?? '';
    expect(part('What was affected')).toMatch(/Sending mail for example\.net.*: down [\s\S]*Reading mail for example\.net: down/);
    expect(part('What was not affected')).toMatch(/receiving mail for example\.net.* worked throughout/);
    expect(part('What was not affected')).not.toMatch(/delivery/i);
    // What was on its way may come late, which is told as what it is.
    expect(draft.value.markdown).toMatch(
      /Delivery of mail for example\.net: round trip could not be made|of its own with example\.net delivery/,
    );
  });
  testFaults([
    [
      'Dovecot is gone',
      async ({ stack }) => {
        await stack.stopDovecot();
        return () => stack.startDovecot();
      },
      {
        title: 'example.net: mail can neither be read nor sent',
        legs: { sending: 'fails', reading: 'fails', delivery: 'unknown' },
        reasons: ways.reading('closed'),
      },
    ],
    [
      'log-ins get no answer',
      async ({ stack }) => stack.stallAuth(),
      {
        title: 'example.net: mail can neither be read nor sent',
        legs: { sending: 'fails', reading: 'fails', delivery: 'unknown' },
        // Which of its processes stands still first is chance: no greeting, or no answer.
        reasons: {},
      },
    ],
    [
      'Postfix is gone',
      async ({ stack }) => {
        await stack.stopPostfix();
        return () => stack.startPostfix();
      },
      {
        title: 'example.net: mail is not accepted and cannot be sent',
        legs: { receiving: 'fails', sending: 'fails', delivery: 'unknown' },
        reasons: { 'receiving/smtp': 'closed', ...ways.sending('closed') },
      },
    ],
    [
      'the server greets late',
      ({ stack }) => stack.tarpit(1),
      {
        title: /^SMTP of example\.net: greets only after 1\.\d s$/,
        legs: { receiving: 'degraded' },
        reasons: { 'receiving/smtp': 'greeting-late' },
      },
    ],
    [
      'the server turns everybody away with 421',
      ({ stack }) => stack.turnAway(),
      {
        title: 'Mail to example.net is not accepted',
        legs: { receiving: 'fails' },
        reasons: { 'receiving/smtp': 'not-available' },
        text: /421 4\.3\.2 .*Come back later/,
      },
    ],
    [
      'the server stops in the middle of a reply',
      async ({ wires }) => {
        wires.smtp.meddle('stall');
        return async () => wires.smtp.meddle('none');
      },
      {
        title: 'Mail to example.net is not accepted',
        legs: { receiving: 'fails' },
        reasons: { 'receiving/smtp': 'stalled' },
      },
    ],
    [
      'webmail is gone',
      async ({ webmail }) => {
        const { port } = webmail.address() as AddressInfo;
        await new Promise((resolve) => {
          webmail.close(resolve);
          webmail.closeAllConnections();
        });
        return () => new Promise((resolve) => webmail.listen(port, '127.0.0.1', resolve));
      },
      { title: 'Webmail of example.net is down', legs: { webmail: 'fails' }, reasons: { 'webmail/webmail': 'refused' } },
    ],
  ]);
});

/** Plain words for what can be wrong with reading mail. */
import type { Verdict } from '../model/words.ts';
import type { Explanation } from './types.ts';

type Advice = Pick<Explanation, 'means' | 'todo'>;
const noPasswordSent = 'Mail programs refuse to go on, or would send their passwords in clear. Nightdesk sent none.';
const restart = "Read the server's log; look at its load, its disks and its count of processes; restart it if it hangs.";
const refusedTls = 'Mail programs refuse the connection or show a warning. No password was sent.';

const advice: Record<string, Advice> = {
  ok: { means: 'People can get at what is behind it.', todo: 'Nothing.' },
  refused: {
    means: 'The machine answers, but no such server listens there: nobody can use it.',
    todo: 'Start the server and read its log for why it ended.',
  },
  timeout: {
    means: 'Connections go nowhere or come to no end: mail programs wait.',
    todo: 'See whether the machine answers to ping; then look at its load and at the firewall.',
  },
  'no-greeting': { means: 'The port is open, but the server serves nobody: it hangs, or has no process left.', todo: restart },
  stalled: { means: 'The server greets, but serves nobody.', todo: restart },
  'login-stalled': {
    means: 'Nobody new gets in: the server waits for whatever checks its passwords.',
    todo: 'Look at the log-in backend (database, LDAP, auth process) of the mail server.',
  },
  'mailbox-stalled': {
    means: 'People get in, but see no mail: the store is slow, or something holds it locked.',
    todo: 'Look at the disks (or the network storage) of the mail store, and for locks.',
  },
  'mailbox-unreadable': {
    means: 'People get in, but this mailbox cannot be read; others may be struck too.',
    todo: "Read the server's log: rights of the files, a full disk or a damaged index are the usual causes.",
  },
  'no-mailbox': {
    means: 'The log-in works, but the mailbox that the check looks at is not there.',
    todo: 'Look at the name in the inventory, then whether somebody removed or renamed the mailbox.',
  },
  'login-refused': {
    means: 'The server works, but does not accept this account. If others are refused too, nobody can read mail.',
    todo: 'Try another account; then look at the account and at the secret on this desk. Log-ins go on at one an hour, or at once when the secret is changed.',
  },
  'server-unavailable': {
    means: 'The server answers, but cannot do its work: nobody, or not everybody, gets in.',
    todo: 'Look at what it leans on: the log-in backend (database, LDAP, auth process) and the mail store. Its log names it.',
  },
  'server-error': { means: 'The server answers with an error of its own.', todo: 'Read what it says, and its log.' },
  'mailbox-in-use': {
    means: 'Another program is reading this mailbox; it is one at a time here. Others are not struck.',
    todo: 'See who uses the test mailbox; give the check one of its own.',
  },
  'too-many-sessions': {
    means: 'This account has too many open sessions from here. Others may get in; nothing is known about them.',
    todo: 'Give the check an account of its own, or raise the limit per account and address.',
  },
  'login-delay': {
    means: 'The server wants longer pauses between log-ins. Nothing is known about others.',
    todo: 'Give the check a longer interval, or exempt its account.',
  },
  'no-starttls': {
    means: noPasswordSent,
    todo: "Look at the TLS settings and the log of the server; if it does offer STARTTLS there, something between here and there takes it out (a firewall's mail inspection does).",
  },
  'starttls-refused': { means: noPasswordSent, todo: 'Look at the certificate and key that the server is set up with, and at its log.' },
  'starttls-injected': {
    means: 'Somebody between here and the server, or a broken server, speaks in clear where it must be silent. No password was sent.',
    todo: 'Take it seriously: find out what stands on the way, and use the port with encryption from the first byte.',
  },
  'login-needs-tls': {
    means: 'The server is right to want encryption, but the check cannot log in, so nothing is said about reading mail.',
    todo: 'Set encryption: starttls or tls in the check.',
  },
  'no-password-login': {
    means: 'Mail programs that log in by password cannot get in.',
    todo: 'Look at the log-in methods that the server is set up with; if that is on purpose, let the check run without a user.',
  },
  'certificate-expired': { means: refusedTls, todo: 'Renew the certificate, reload the server, and look why renewal did not run.' },
  'certificate-wrong-name': {
    means: refusedTls,
    todo: 'Look which certificate the server is set up with, and whether the name in the inventory is the one that people use.',
  },
  'certificate-expires-soon': {
    means: 'Nobody is affected yet. Once it has expired, mail programs refuse the connection.',
    todo: 'Renew the certificate and reload the server: mail servers go on showing the old one until then.',
  },
  certificate: {
    means: refusedTls,
    todo: 'Renew or fix the certificate; for an own authority name its file (caFile).',
  },
  tls: { means: 'No encrypted connection comes about. No password was sent.', todo: 'Look at the TLS settings of the server.' },
  protocol: { means: 'Something else answers on this port, or something that is broken.', todo: 'Look at what listens there.' },
  'too-large': { means: 'It sends more than such a server should.', todo: 'Look at what listens there, and at its log.' },
  closed: {
    means: 'The server hangs up before it says anything useful.',
    todo: "Read the server's log: it may be full, or turn this computer away.",
  },
  reset: {
    means: 'The connection was broken off: the server crashed, or a firewall turned it away.',
    todo: "Read the server's log, then look at the firewall.",
  },
  unreachable: {
    means: 'A router on the way, or this computer, says that there is no way to the address.',
    todo: 'Look at routes and links: this comes from the network, not from the machine.',
  },
  'name-not-found': { means: 'Nobody can reach it by this name.', todo: 'Look at the name in the inventory, then at its DNS records.' },
  slow: { means: 'It works, but people wait.', todo: 'Look at the load and the disks of the machine, and at its log-in backend.' },
  backlog: {
    means: 'Messages gather that somebody, or some program, should have taken.',
    todo: 'Look at whoever or whatever empties this mailbox.',
  },
  'nothing-comes': {
    means: 'No new message has come for longer than usual. Mail may not get as far as this mailbox.',
    todo: 'Look at receiving mail and at the queue; then send a message to it.',
  },
  'age-unknown': { means: 'What the check asks for cannot be seen, so nothing is said about it.', todo: 'Look at the transcript.' },
};
const lookHere: Advice = {
  means: 'Nothing is known about the server: the fault is on this computer.',
  todo: 'Look at the transcript, at the secret, and whether this computer is overloaded.',
};

function adviceFor(reason: string): Advice {
  const known = advice[reason];
  if (known) return known;
  if (reason.startsWith('certificate-')) return advice.certificate as Advice;
  if (reason.startsWith('backlog-')) return advice[reason === 'backlog-unknown' ? 'age-unknown' : 'backlog'] as Advice;
  return lookHere;
}

export const explainMailbox = (verdict: Verdict, target: string): Explanation => ({
  happened: `${target}: ${verdict.text}.`,
  ...adviceFor(verdict.reason),
});

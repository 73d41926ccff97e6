/** Plain words for what can be wrong with an SMTP server. */
import type { Verdict } from '../model/words.ts';
import type { SmtpConfig } from './smtp-settings.ts';
import type { Explanation } from './types.ts';

type Advice = Pick<Explanation, 'means' | 'todo'>;

const log = "Read the server's mail log.";
/** "{stop}" stands for what it means for people that nothing goes through this port. */
const advice: Record<string, Advice> = {
  refused: { means: 'The machine answers, but no mail server listens there. {stop}', todo: `Start the mail server. ${log}` },
  timeout: {
    means: 'Connections go nowhere: the machine is off, the way is broken, or a firewall drops them. {stop}',
    todo: 'See whether the machine answers to ping, then look at the firewall. Many providers block port 25 outwards: try from elsewhere.',
  },
  'no-greeting': {
    means: 'The port is open, but the mail server serves nobody: it hangs, or all its processes are busy. {stop}',
    todo: `Look at the load of the machine and at the number of connections. ${log}`,
  },
  'no-answer': {
    means: 'The mail server greets, but then hangs: often it waits for something behind it (a filter, the directory of users, DNS). {stop}',
    todo: `See what it waits for. ${log}`,
  },
  stalled: {
    means: 'The mail server stops in the middle of a word: it hangs or has crashed, or the network loses large packets. {stop}',
    todo: `${log} If the server is well, look for a packet size (MTU) that the way does not carry.`,
  },
  closed: { means: 'The mail server hangs up on people. {stop}', todo: `${log} It may have crashed, or turn this computer away.` },
  reset: {
    means: 'The connection is broken off: the mail server crashed, or a firewall turned it away. {stop}',
    todo: `${log} Then look at the firewall.`,
  },
  unreachable: {
    means: 'A router on the way, or this computer, says that there is no way to the address. {stop}',
    todo: 'Look at routes and links: this comes from the network, not from the machine. For IPv6, see whether this computer has it.',
  },
  'no-address': {
    means:
      'Nobody tries to reach the server by this IP version, as its name has no such address. That is no fault, unless it should have one.',
    todo: 'Nothing.',
  },
  'no-gateway': {
    means: 'This computer has no way into that part of the Internet, so it cannot tell whether the server answers there.',
    todo: 'Give this computer IPv6, or write `families: [4]` at the server in the inventory.',
  },
  'name-not-found': {
    means: 'Nobody finds the server by this name. {stop}',
    todo: 'Look at the name in the inventory, then at its DNS records.',
  },
  'turned-away': {
    means: 'The mail server does not want to talk to this computer; others may be served. Nothing is known about it from here.',
    todo: 'See whether this computer connects too often or stands on a blocklist, and let the server know it as a friend.',
  },
  'no-service': {
    means: 'Something answers that takes no mail at all. {stop}',
    todo: 'See which machine answers at this address, and what it is set up for. Postscreen says so (521) to whom it takes for a spammer: see whether this computer is on its lists.',
  },
  'not-available': {
    means: 'The mail server says itself that it cannot serve anybody now: it is overloaded, out of room, or shutting down. {stop}',
    todo: `${log} Look at load, disks and the number of connections.`,
  },
  'hello-refused': {
    means: 'The mail server does not let this computer begin. {stop}',
    todo: `${log} Give the check a name to greet with (helo) if the server insists on one.`,
  },
  'starttls-missing': {
    means: 'No encryption is offered. Mail programs and careful servers refuse to go on; others send in the clear.',
    todo: 'Look whether the certificate or its key can be read by the server (many switch encryption off then), and at its settings. If the server offers it, somebody on the way takes it out.',
  },
  'starttls-masked': {
    means: 'A firewall or somebody else on the way rewrites what the server says, so that nothing is encrypted.',
    todo: 'Turn off SMTP inspection (fixup, ESMTP inspect) in the firewall, or find out who sits on the way.',
  },
  'starttls-refused': {
    means: 'The mail server cannot encrypt now. {stop}',
    todo: `${log} Its certificate or key may be missing or unreadable.`,
  },
  certificate: {
    means: 'The server cannot be told from another that pretends to be it. {cert}',
    todo: 'Look at the certificate of the server.',
  },
  'certificate-expired': {
    means: 'The certificate is over. {cert}',
    todo: 'Renew it, reload the mail server, and look why renewal did not run (often the server was not reloaded).',
  },
  'certificate-chain-expired': {
    means: 'A certificate that it leans on is over. {cert}',
    todo: 'Install the current chain of the issuer and reload the mail server.',
  },
  'certificate-not-yet-valid': {
    means: 'The certificate is not valid yet. {cert}',
    todo: 'Compare the clocks of this computer and of the server.',
  },
  'certificate-wrong-name': {
    means: 'The certificate is made out for another name. {cert}',
    todo: 'Install one that holds this name, or name the one it is for (serverName) if people use that.',
  },
  'certificate-self-signed': {
    means: 'Nobody vouches for the certificate. {cert}',
    todo: 'Install one of a trusted issuer; for an own authority name its file (caFile).',
  },
  'certificate-untrusted': {
    means: 'The issuer of the certificate is not known. {cert}',
    todo: 'Install the full chain of a trusted issuer; for an own authority name its file (caFile).',
  },
  'certificate-expires': {
    means: 'Nobody is affected yet.',
    todo: 'Renew the certificate and reload the mail server. If renewal is automatic, look why it did not run.',
  },
  tls: { means: 'No encrypted connection comes about. {stop}', todo: `Look at the TLS settings and the certificate of the server. ${log}` },
  protocol: {
    means: 'Something answers in a way that no mail server may: another program, one that is broken, or somebody on the way.',
    todo: 'Look at what listens on this port.',
  },
  'too-large': { means: 'Something answers without end: no mail server does.', todo: 'Look at what listens on this port.' },
  'login-refused': {
    means: 'The server does not accept the name or password of the test mailbox. If others are refused too, nobody can send.',
    todo: 'If the log-in to read mail fails by an error of the server, mend that first: Postfix says the same when Dovecot cannot look up passwords. Else look at the account on the server and at the secret on this desk. After three refusals log-ins go on at one an hour (every ten minutes while another port accepts them), or at once when the secret is changed.',
  },
  'login-not-offered': {
    means:
      'The server lets nobody log in here, so nobody can send: its log-in service (often Dovecot or saslauthd) is not connected or not switched on.',
    todo: `See whether that service runs, and whether the mail server may use its socket. ${log}`,
  },
  'login-failed': {
    means:
      'The server cannot check passwords, so nobody can send: what it asks (Dovecot, saslauthd, LDAP, a database) does not answer. No account was refused.',
    todo: `See whether that service runs. ${log}`,
  },
  'login-unknown': { means: 'Whether people can log in was not seen.', todo: 'Look at the transcript of the check.' },
  'login-required': {
    means: 'The server takes mail only from those who log in or encrypt. On a port for mail from outside that stops all mail.',
    todo: 'Look at its settings, or let the check encrypt or log in.',
  },
  'login-way-missing': {
    means: 'Mail programs that are set up for that way cannot log in.',
    todo: 'Look at the ways to log in (mechanisms) in the settings of the server.',
  },
  'login-before-encryption': {
    means: 'A mail program that is not set up well sends its password so that everybody on the way can read it.',
    todo: 'Allow log-in after encryption only (in Postfix smtpd_tls_auth_only = yes).',
  },
  'mail-before-encryption': {
    means: 'Strangers can hand in mail on a port that is meant for people with an account: spam gets in beside the filters of port 25.',
    todo: 'Demand encryption and log-in on this port (in Postfix smtpd_tls_security_level = encrypt, and reject after permit_sasl_authenticated).',
  },
  'mailbox-full': {
    means: 'Only the test mailbox is known to be full; others get their mail.',
    todo: 'Empty it, see why the desk could not, and raise its quota.',
  },
  'no-space': {
    means: 'The server has no room for new mail. {stop}',
    todo: 'Make room on the disk of the queue (df), and see what filled it.',
  },
  'sender-refused': {
    means: 'The server does not take mail of the sender that the check names. The null sender must be accepted: bounces have it.',
    todo: `${log} Look at its rules for senders.`,
  },
  'temporary-fault': {
    means:
      'The server cannot take mail now: something behind it (the directory of users, a filter, the mailbox store, DNS) does not answer. {stop}',
    todo: `${log} It names what did not answer.`,
  },
  'recipient-refused': {
    means:
      'The test mailbox is refused. If it is set up as ever, real mailboxes are refused too, and that mail is lost: it goes back to its senders at once.',
    todo: `See whether the mailbox and its domain are still set up, whether the directory of users is complete, and whether this computer is on a blocklist. ${log}`,
  },
  'recipient-unknown': { means: 'Whether mail is taken was not seen.', todo: 'Look at the transcript of the check.' },
  greylisted: {
    means: 'The server puts newcomers off for some minutes and takes their mail then. Known senders are not affected.',
    todo: 'Wait some minutes. If it stays so, exempt this computer from greylisting.',
  },
  'put-off': {
    means:
      'Mail is put off and not taken: either greylisting forgets who has been here, or something that checks mail has failed. Senders try again, so mail comes late.',
    todo: `${log} See whether greylisting and filters work; exempt this computer from greylisting.`,
  },
  'open-relay': {
    means:
      'If strangers can do this too, spam goes out through the server, and its addresses are on blocklists within hours. A trusted network may do it.',
    todo: 'See whether this computer is in a network that may send (in Postfix mynetworks): leave out relayTo then. If not, close the relay now.',
  },
  'relay-unknown': {
    means: 'Whether strangers can send through the server was not seen; the rest is well.',
    todo: 'Look at the transcript of the check.',
  },
  slow: {
    means: 'It works, but takes long: overload, a filter that is slow, or a trap for senders (tarpit).',
    todo: `Look at the load of the machine, its DNS and its filters. ${log}`,
  },
  'greeting-late': {
    means: 'Senders wait before they can begin. Some delay is meant to keep spam out; long ones drive good senders away.',
    todo: 'Look at the number of connections, at DNS (reverse names are looked up first) and at the greeting delay in the settings.',
  },
};
const lookHere: Advice = {
  means: 'Nothing is known about the server: the fault is on this computer.',
  todo: 'Look at the transcript, at the secret, and whether this computer is overloaded.',
};

const receiving = {
  ok: 'Mail from outside is taken.',
  stop: 'Mail from outside does not come in here; its senders try other servers of the domain, and again for some days.',
  cert: 'Most servers deliver all the same; those that insist (MTA-STS, DANE) do not.',
};
const sending = {
  ok: 'People can log in to send.',
  stop: 'Nobody can send through this port.',
  cert: 'Mail programs warn or refuse to send. No password was sent.',
};

export function explainSmtp(verdict: Verdict, target: string, config: SmtpConfig): Explanation {
  const words = config.user === undefined ? receiving : sending;
  const { means, todo } = verdict.reason === 'ok' ? { means: words.ok, todo: 'Nothing.' } : (advice[verdict.reason] ?? lookHere);
  return { happened: `${target}: ${verdict.text}.`, means: means.replace('{stop}', words.stop).replace('{cert}', words.cert), todo };
}

/** Plain words for what can be wrong with a database. */
import type { Verdict } from '../model/words.ts';
import type { Explanation } from './types.ts';

const restart = 'Look at the log and the load of the machine; restart the server if it hangs.';
const advice: Record<string, Pick<Explanation, 'means' | 'todo'>> = {
  ok: { means: 'The database works.', todo: 'Nothing.' },
  refused: {
    means: 'The machine answers, but no database server listens there. Everything that needs it fails.',
    todo: 'Start the server and read its log for why it ended.',
  },
  timeout: {
    means: 'Connections go nowhere or come to no end: whatever needs the database waits.',
    todo: 'See whether the machine answers to ping; then look at the load and the firewall.',
  },
  'no-greeting': {
    means: 'The port is open, but the server serves nobody: it hangs, or is stopped. Everything that needs it waits.',
    todo: restart,
  },
  'login-stalled': { means: 'The server greets, but nobody gets in. Everything that needs it waits.', todo: restart },
  'query-stalled': {
    means: 'The server lets people in, but does not answer in time: it is overloaded, or waits for a lock or a disk.',
    todo: 'Look at what runs (process list), for locks, and at the disks of the machine.',
  },
  'login-refused': {
    means: 'The server works, but does not accept this account. If others use it too, they are locked out as well.',
    todo: 'Look at the account on the server and at the secret on this desk. Log-ins go on at one an hour, or at once when the secret is changed.',
  },
  'too-many-connections': {
    means: 'Nobody new gets in: pages and programs fail with database errors.',
    todo: 'See who holds the connections (process list); end what hangs, then raise the limit.',
  },
  connections: {
    means: 'Soon nobody new gets in.',
    todo: 'See who holds the connections (process list); end what hangs, or raise the limit.',
  },
  starting: {
    means: 'The server is on its way up or down and serves nobody yet.',
    todo: 'Wait, and read its log: a recovery may take long.',
  },
  'host-blocked': {
    means: 'The server turns this computer away after too many broken connections; others may get in. Nothing is known about it from here.',
    todo: 'Run mysqladmin flush-hosts on the server, and give the check a user, so that its connections count as complete.',
  },
  'host-not-allowed': {
    means: 'The server lets nobody in from this computer; others may get in. Nothing is known about it from here.',
    todo: 'Allow this computer on the server, or let the check start from another one.',
  },
  'not-logged-in': {
    means: 'What the check asks for cannot be seen, so nothing is said about it.',
    todo: 'Name an account and its secret in the check.',
  },
  'query-failed': {
    means: 'The server works, but cannot answer the question of this check.',
    todo: 'Read what it says; look at the tables and at the rights of the account.',
  },
  'wrong-answer': {
    means: 'The server works, but what it holds is not what should be there.',
    todo: 'Look at what fills or should fill this data.',
  },
  'no-row': { means: 'The server works, but what is asked for is not there.', todo: 'Look at what fills or should fill this data.' },
  'wrong-role': {
    means: 'The servers have changed places, or two think that they are the primary. Changes may go to the wrong one.',
    todo: 'Find out which one takes changes before anything is written; then fix the set-up or the inventory.',
  },
  'read-only': { means: 'Nothing can be changed or saved.', todo: 'Find out who made it read-only, and why, before it is turned off.' },
  'replication-stopped': {
    means: 'The copy grows old: whoever reads from it sees the past, and it is no good for taking over.',
    todo: 'Read the error of the replica, mend its cause, and start replication again.',
  },
  'replication-lag': {
    means: 'The copy is behind: whoever reads from it sees the past.',
    todo: 'Look at the load and the disks of the replica, and for long changes on the primary.',
  },
  'replicas-missing': { means: 'Fewer copies are kept than planned.', todo: 'Look at the replicas and at the way to them.' },
  slot: {
    means: 'The primary keeps old log for a replica that does not fetch it: its disk fills up.',
    todo: 'Bring the replica back, or drop its slot.',
  },
  memory: { means: 'Soon it throws things away or refuses to store more.', todo: 'Look at what grew; raise the limit or clear keys.' },
  'save-failed': {
    means: 'What is in memory is not saved: a restart would lose it, and it may refuse changes.',
    todo: 'Look at its disk and log.',
  },
  loading: { means: 'It is reading its data from disk and answers nothing yet.', todo: 'Wait; a large set takes minutes.' },
  slow: { means: 'It works, but people wait.', todo: 'Look at what runs (process list), and at the load and disks of the machine.' },
  certificate: {
    means: 'The server cannot be told from another that pretends to be it. No password was sent.',
    todo: 'Renew or fix the certificate; for an own authority name its file (caFile).',
  },
  tls: { means: 'No encrypted connection comes about. No password was sent.', todo: 'Look at the TLS settings of the server.' },
  protocol: { means: 'Something else answers on this port, or something that is broken.', todo: 'Look at what listens there.' },
  'too-large': { means: 'It sends more than a check reads.', todo: 'Ask for less: one row, one cell.' },
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
  'server-error': { means: 'The server answers with an error.', todo: 'Read what it says, and its log.' },
};
const notKnown = {
  means: 'What the check asks for cannot be seen, so nothing is said about it.',
  todo: 'Give the account the right to read it: for MySQL REPLICATION CLIENT (MariaDB: SLAVE MONITOR), for PostgreSQL pg_monitor.',
};
const lookHere = {
  means: 'Nothing is known about the server: the fault is on this computer.',
  todo: 'Look at the transcript, at the secret, and whether this computer is overloaded.',
};

export const explainDatabase = (verdict: Verdict, target: string): Explanation => ({
  happened: `${target[0]?.toUpperCase() ?? ''}${target.slice(1)}: ${verdict.text}.`,
  ...(advice[verdict.reason] ?? (verdict.reason.endsWith('-unknown') ? notKnown : lookHere)),
});

/** The words of an alert about one subject: a title that names the thing, and a text that says what is seen and what still works. */
import { legsSentence } from '../mail/leg-standing.ts';
import type { PlannedCheck, Subject } from '../model/plan.ts';
import { type SubjectKind, severityOf } from '../model/words.ts';
import { count } from '../text.ts';
import { titleOfLeg } from './mail-words.ts';
import {
  areSeveral,
  isGone,
  isSilent,
  isSlow,
  type Member,
  type Situation,
  severityOfMembers,
  textOf,
  titleTextOf,
  worstOf,
} from './members.ts';
import { capital, checkLabel, checkLabels, jointOf, placeOf } from './names.ts';

/** So long may a verdict be to serve as a title. */
const titleLength = 60;

/** @returns "web1 is down", "HTTP on web1 fails", "db2 answers slowly", "Cox at San Diego: gateway does not answer" */
export function titleOf(situation: Situation): string {
  if (situation.subject.leg) return titleOfLeg(situation, situation.subject.leg);
  const severity = severityOfMembers(situation.members);
  const worst = worstOf(situation);
  const total = situation.all.length;
  const place = placeOf(situation.subject, situation.siteName);
  const saw = worst.length === 1 && worst[0] ? titleTextOf(worst[0]) : '';
  // Names of machines stand as they are written; those of services are words.
  const about: About = {
    kind: situation.subject.kind,
    start: situation.subject.kind === 'service' ? capital(place) : place,
    named: namedBy(situation.subject, checkLabels(worst.map((it) => it.plan)), place),
    worst,
    all: worst.length === total,
    total,
    several: areSeveral(worst),
    // What a single check saw, where that is short enough for a title.
    saw: saw !== '' && saw.length <= titleLength ? saw : null,
  };
  if (worst.every((it) => it.flapping)) return `${about.named} come${about.several ? '' : 's'} and go${about.several ? '' : 'es'}`;
  if (severity === 'unknown') return `${about.all && about.kind !== 'mail' ? about.start : about.named} cannot be checked`;
  return severity === 'degraded' ? titleOfDegraded(about) : titleOfDown(about);
}

/** What these see says more than that they fail: "web1: certificate expired 2 d ago", "This computer: disk / is read-only". */
const telling: ReadonlySet<PlannedCheck['type']> = new Set([
  'tls',
  'host',
  'inside',
  'snmp',
  'backup',
  'zone',
  'delegation',
  'propagation',
  'domain',
  'visibility',
]);
const late = new Set(['late', 'never-came']);

interface About {
  kind: SubjectKind;
  start: string;
  named: string;
  worst: Member[];
  all: boolean;
  total: number;
  several: boolean;
  saw: string | null;
}

function titleOfDegraded({ kind, start, named, worst, all, several, saw }: About): string {
  if (worst.every(isSlow)) {
    if (kind === 'service') return `${start}: slow answers`;
    return all || kind === 'host' ? `${start} answers slowly` : `${named} answer${several ? '' : 's'} slowly`;
  }
  return saw ? `${start}: ${saw}` : `${named} ${several ? 'are' : 'is'} degraded`;
}

function titleOfDown({ kind, start, named, worst, all, total, several, saw }: About): string {
  if (kind === 'link') {
    if (worst.some((it) => it.plan.name === 'gateway' && isSilent(it))) return `${start}: gateway does not answer`;
    if (saw) return `${start}: ${saw}`;
  }
  if (kind === 'prefix' && worst.every(isSilent)) {
    return all
      ? `${start} does not answer`
      : `${start}: ${worst.length} of ${total} addresses do${worst.length === 1 ? 'es' : ''} not answer`;
  }
  const [first] = worst;
  if (first && worst.every((it) => it.verdict?.reason === 'host-key-changed')) return `${start}: the SSH host key is another`;
  if (saw && first && telling.has(first.plan.type) && !isGone(first)) return `${start}: ${saw}`;
  if (worst.every((it) => it.plan.type === 'push' && late.has(it.verdict?.reason ?? ''))) return `${named} ${several ? 'are' : 'is'} late`;
  if (all && kind === 'service') return `${start} cannot be used`;
  if (all && worst.every(isGone) && (kind !== 'mail' || total > 1))
    return `${kind !== 'mail' || /^mail\b/i.test(start) ? start : `Mail of ${start}`} is down`;
  return `${named} fail${several ? '' : 's'}`;
}

/** "HTTP and SSH on web1", "IMAP of example.net", "Cox at San Diego: gateway". */
function namedBy(subject: Subject, labels: string, place: string): string {
  if (subject.kind === 'link' || subject.kind === 'prefix') return `${place}: ${labels}`;
  return `${capital(labels)} ${jointOf(subject.kind)} ${place}`;
}

export const mostSeen = 5;

/** @returns "HTTP: connection refused on port 443. No fresh data from TLS, last seen: … . Ping and SSH answer." */
export function textOfAlert(situation: Situation): string {
  const seen = new Map<string, Member[]>();
  for (const it of [...situation.members].sort((a, b) => severityOf(b.level) - severityOf(a.level))) {
    const key = `${it.fresh} ${it.flapping} ${textOf(it)}`;
    seen.set(key, [...(seen.get(key) ?? []), it]);
  }
  const groups = [...seen.values()];
  const sentences = groups.slice(0, mostSeen).map((group) => sentenceOf(group));
  const hidden = groups.slice(mostSeen).flat().length;
  if (hidden > 0) sentences.push(`${count(hidden, 'more check')} not ok.`);
  const beside = [worksSentence(situation.working), legsSentence(situation.others)];
  return [...sentences, ...beside.flatMap((it) => (it ? [`${capital(it)}.`] : []))].join(' ');
}

function sentenceOf(group: Member[]): string {
  const labels = checkLabels(group.map((it) => it.plan));
  const text = group[0] ? textOf(group[0]) : '';
  if (group[0]?.fresh && group[0].flapping) {
    const one = !areSeveral(group);
    return `${capital(labels)} come${one ? 's' : ''} and go${one ? 'es' : ''}${text ? `; the last result was: ${text}` : ''}.`;
  }
  if (group[0]?.fresh) return `${capital(labels)}: ${text || 'not ok'}.`;
  return `No fresh data from ${labels}${text ? `; the last result was: ${text}` : ''}.`;
}

const answering = new Set(['icmp', 'tcp', 'http', 'dns', 'ssh', 'mysql', 'postgres', 'redis', 'ntp', 'udp']);

/** They do what their users do. */
const plural: ReadonlySet<string> = new Set(['blocklist', 'posture']);
const serving: ReadonlySet<string> = new Set(['smtp', 'imap', 'pop3', 'sieve', 'roundtrip']);

/** @returns "Ping and SSH answer", "POP3 works", "TLS is fine", or null where nothing is known to work */
export function worksSentence(working: readonly PlannedCheck[]): string | null {
  if (working.length === 0) return null;
  const one = new Set(working.map(checkLabel)).size === 1 && !working.every((plan) => plural.has(plan.type));
  const verbs = working.every((plan) => serving.has(plan.type))
    ? (['works', 'work'] as const)
    : working.every((plan) => answering.has(plan.type))
      ? (['answers', 'answer'] as const)
      : (['is fine', 'are fine'] as const);
  return `${checkLabels(working)} ${verbs[one ? 0 : 1]}`;
}

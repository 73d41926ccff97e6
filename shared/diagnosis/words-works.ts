/** What still works beside a fault: first what is nearest to it, then what is like it, then whole groups. Only what passes is ever named. */
import { worksSentence } from '../alerting/words.ts';
import { legNoun } from '../mail/leg-standing.ts';
import { type MailLeg, mailLegs } from '../mail/legs.ts';
import type { Subject } from '../model/plan.ts';
import { type Group, groupOf, groups, type SubjectKind } from '../model/words.ts';
import { clean, listOf } from '../text.ts';
import type { Weighed } from './cause.ts';
import type { CauseKind, DiagnosisInput, Sign } from './types.ts';
import {
  answeringHost,
  articled,
  bySubject,
  fittingList,
  hostAt,
  isPlural,
  longestWorks,
  nameOf,
  type SignsBySubject,
} from './words-parts.ts';

interface Seen {
  best: Weighed;
  input: DiagnosisInput;
  signs: SignsBySubject;
  /** What the cause is about itself: subjects that are told by the nearest, and are never "others". */
  own: ReadonlySet<string>;
}
/** Groups of which all passes, and what they are called. */
interface Wholes {
  subjects: readonly string[];
  names: readonly string[];
  are: 'is' | 'are';
}

/** Letters of one name. */
const nameMost = 40;

/**
 * Tells what is known to work.
 * @returns at most 160 letters without a full stop, such as "its circuit is up; Meridian Transit, range D and range E are fine"; null where nothing is known
 */
export function worksOf(best: Weighed, input: DiagnosisInput): string | null {
  if (best.cause.kind === 'desk') return null;
  const signs = bySubject(input.signs);
  const seen: Seen = { best, input, signs, own: ownOf(best, input, signs) };
  const parts = [...nearest[best.cause.kind](seen)];
  const room = (): number => longestWorks - parts.reduce((sum, it) => sum + it.length + 2, 0);
  const fine = siblings[best.cause.kind](seen).filter((id) => !seen.own.has(id) && isFine(seen, id));
  // Of a site that is gone people ask for the other sites.
  const wholes = best.cause.kind === 'site' && fine.length > 0 ? null : wholeGroups(seen);
  const told = new Set(wholes?.subjects);
  const beside = fine.filter((id) => !told.has(id));
  const names = [...new Set(beside.map((id) => articled(input.graph.subject(id), nameOf(input, id, nameMost))))];
  const whole = wholes === null ? null : `${wholes.are} ${listOf(wholes.names)}`;
  const list = fittingList(names, room() - ' are fine'.length - (whole === null ? 0 : `, so ${whole}`.length));
  if (list !== null) parts.push(`${list} ${isOne(beside, input) ? 'is' : 'are'} fine${whole === null ? '' : `, so ${whole}`}`);
  else if (wholes !== null) parts.push(`${listOf(wholes.names)} ${wholes.are} fine`);
  while (parts.length > 1 && parts.join('; ').length > longestWorks) parts.pop();
  return parts.length === 0 ? null : clean(parts.join('; '), longestWorks);
}

function isOne(ids: readonly string[], input: DiagnosisInput): boolean {
  const [only, another] = ids;
  return only !== undefined && another === undefined && !isPlural(input.graph.subject(only), nameOf(input, only, nameMost));
}

const signsAt = ({ signs }: Seen, id: string): readonly Sign[] => signs.get(id) ?? [];
const passing = (seen: Seen, ids: Iterable<string>): Sign[] =>
  [...ids].flatMap((id) => signsAt(seen, id)).filter((it) => it.word === 'passes');
/** All that is looked at there passes, and has for a while; of a site, all that stands there. */
const isFine = (seen: Seen, id: string): boolean => {
  const { graph } = seen.input;
  const all = graph.subject(id)?.kind === 'site' ? [id, ...graph.at(id)].flatMap((it) => signsAt(seen, it)) : signsAt(seen, id);
  return all.length > 0 && all.every((it) => it.word === 'passes' && it.badAt === undefined);
};
const kindOf = ({ input }: Seen, id: string): SubjectKind | undefined => input.graph.subject(id)?.kind;
const entryOf = ({ graph }: DiagnosisInput, id: string): string | undefined => {
  const subject = graph.subject(id);
  return subject?.leg?.entry ?? (subject?.kind === 'mail' ? id : undefined);
};

/** Subjects that the cause speaks of: the culprits, all of a site, all of a mail stack. */
function ownOf({ cause, explains }: Weighed, input: DiagnosisInput, signs: SignsBySubject): Set<string> {
  if (cause.kind === 'check') return new Set(cause.culprits.flatMap((id) => input.signs.get(id)?.plan.subject.id ?? []));
  if (cause.kind === 'name-server') return new Set(explains.flatMap((id) => input.signs.get(id)?.plan.subject.id ?? []));
  const own = new Set(cause.culprits);
  if (cause.kind === 'site') for (const site of cause.culprits) for (const id of input.graph.at(site)) own.add(id);
  const entries = new Set(cause.culprits.flatMap((id) => entryOf(input, id) ?? []));
  if (entries.size > 0) for (const id of signs.keys()) if (entries.has(entryOf(input, id) ?? '')) own.add(id);
  return own;
}

type Tell = (seen: Seen) => string[];
const nothing: Tell = () => [];

/** What of the culprit itself passes: "Ping and SSH answer". */
const ownPasses: Tell = (seen) => {
  const text = worksSentence(passing(seen, seen.own).map((it) => it.plan));
  return text === null ? [] : [text];
};
/** The same of what others need: its sentence is about those. "db1: Ping answers". */
const culpritPasses: Tell = (seen) => {
  const { best, input } = seen;
  const [culprit = '', another] = best.cause.culprits;
  const plans = passing(seen, seen.own).map((it) => it.plan);
  // That a machine answers is in the sentence already.
  const text = answeringHost(best.cause, input) && plans.every(({ type }) => type === 'icmp') ? null : worksSentence(plans);
  return text === null || another !== undefined ? [] : [`${nameOf(input, culprit, nameMost)}: ${text}`];
};
/** A circuit is up while its gateway answers. */
const circuitIsUp: Tell = (seen) => {
  const { culprits } = seen.best.cause;
  const isUp = (id: string): boolean => signsAt(seen, id).some((it) => it.plan.name === 'gateway' && it.word === 'passes');
  if (!culprits.every(isUp)) return [];
  return [culprits.length === 1 ? 'its circuit is up' : culprits.length === 2 ? 'both circuits are up' : 'their circuits are up'];
};
/** What carries a thing answers, where all of it does: "web1 itself answers". */
const carrierAnswers: Tell = (seen) => {
  const { graph } = seen.input;
  const hosts = [...new Set(seen.best.cause.culprits.flatMap((id) => graph.subject(id)?.hosts ?? []))];
  const answers = (id: string): boolean => signsAt(seen, id).some((it) => it.plan.type === 'icmp' && it.word === 'passes');
  if (hosts.length === 0 || !hosts.every(answers)) return [];
  if (hosts.length === 1) return [`${nameOf(seen.input, hosts[0] as string, nameMost)} itself answers`];
  return ['its servers answer'];
};
/** Circuits that a range rides on. */
const circuitsAreUp: Tell = (seen) => {
  const { graph } = seen.input;
  const links = [...new Set(seen.best.cause.culprits.flatMap((id) => graph.needs(id).flat()))].filter((id) => kindOf(seen, id) === 'link');
  if (links.length === 0 || !links.every((id) => isFine(seen, id))) return [];
  return [links.length === 1 ? 'its circuit is up' : 'its circuits are up'];
};

/** "mail is still received and sent", "webmail works". */
const mailStillWorks: Tell = (seen) => {
  const failed = new Set(seen.best.explains.map((id) => seen.input.signs.get(id)?.plan.subject.id));
  const legs = new Set<MailLeg>();
  for (const id of seen.own) {
    const leg = seen.input.graph.subject(id)?.leg?.leg;
    if (leg !== undefined && !failed.has(id) && isFine(seen, id)) legs.add(leg);
  }
  const still = mailLegs.flatMap((leg) => (legs.has(leg) ? (verbs[leg] ?? []) : []));
  const others = mailLegs.filter((leg) => legs.has(leg) && verbs[leg] === undefined && leg !== 'records');
  return [
    ...(still.length > 0 ? [`mail is still ${listOf(still, still.length)}`] : []),
    ...(others.length > 0 ? [`${listOf(others.map(legNoun))} ${others.length > 1 || /s$/.test(others[0] ?? '') ? 'work' : 'works'}`] : []),
  ];
};
const verbs: Readonly<Partial<Record<MailLeg, string>>> = {
  receiving: 'received',
  delivery: 'delivered',
  reading: 'read',
  sending: 'sent',
};

/** The machine itself, and the servers beside it that give the right answers to the same checks' kind. */
const otherNameServers: Tell = (seen) => {
  const { best, input } = seen;
  const bad = new Set(best.cause.culprits);
  const [address] = best.cause.culprits;
  const host = bad.size === 1 && address !== undefined ? hostAt(input, address) : undefined;
  const isThere = host !== undefined && signsAt(seen, host.id).some((it) => it.plan.type === 'icmp' && it.word === 'passes');
  const asked = Map.groupBy(
    [...seen.own].flatMap((id) => signsAt(seen, id)).filter((it) => typeof it.plan.config.server === 'string'),
    (it) => String(it.plan.config.server),
  );
  const fine = [...asked].filter(([server, all]) => !bad.has(server) && all.every((it) => it.word === 'passes')).map(([server]) => server);
  const names = fine.map((server) => clean(hostAt(input, server)?.name ?? server, nameMost));
  const list = fittingList(names, 80);
  return [
    ...(isThere ? [`${clean(host.name, nameMost)} itself answers pings`] : []),
    ...(list === null ? [] : [`${list} ${names.length === 1 ? 'answers' : 'answer'} rightly`]),
  ];
};

/** What stands nearest to the fault and works. */
const nearest: Record<CauseKind, Tell> = {
  desk: nothing,
  site: nothing,
  link: ownPasses,
  'link-prefixes': circuitIsUp,
  'link-loss': nothing,
  prefix: circuitsAreUp,
  host: ownPasses,
  'host-hangs': nothing,
  service: (seen) => [...ownPasses(seen), ...carrierAnswers(seen)],
  dependency: (seen) => [...culpritPasses(seen), ...carrierAnswers(seen)],
  leg: mailStillWorks,
  mail: mailStillWorks,
  'name-server': otherNameServers,
  check: ownPasses,
};

/** Ids of what stands beside it, those first that are most like it. They are told as far as they pass. */
type Beside = (seen: Seen) => string[];
const nobody: Beside = () => [];
/** Subjects of some kinds, in the order of the plan within each kind, at the sites of the culprits. */
const atSameSite =
  (...kinds: SubjectKind[]): Beside =>
  (seen) => {
    const sites = new Set(seen.best.cause.culprits.map((id) => seen.input.graph.subject(id)?.site ?? null));
    const all = [...seen.signs.keys()].map((id) => seen.input.graph.subject(id)).filter((it): it is Subject => it !== undefined);
    return kinds.flatMap((kind) => all.filter((it) => it.kind === kind && (it.site === null || sites.has(it.site))).map((it) => it.id));
  };
const network = atSameSite('link', 'prefix', 'service');
const servers = atSameSite('host', 'service');
/** Other sites, where all that stands there passes. */
const otherSites: Beside = ({ input: { graph }, best, signs }) => {
  const sites = new Set([...signs.keys()].flatMap((id) => graph.subject(id)?.site ?? []));
  for (const id of best.cause.culprits) sites.delete(id);
  return [...sites];
};
const siblings: Record<CauseKind, Beside> = {
  desk: nobody,
  site: otherSites,
  link: network,
  'link-prefixes': network,
  'link-loss': network,
  prefix: network,
  host: servers,
  'host-hangs': servers,
  service: atSameSite('service'),
  dependency: atSameSite('service', 'host'),
  leg: nobody,
  mail: nobody,
  'name-server': nobody,
  check: nobody,
};

const groupOfSigns = ([first]: readonly Sign[]): Group | null => (first ? groupOf(first.plan.subject.kind) : null);
const groupWord: Record<Group, string> = { servers: 'servers', links: 'links', mail: 'mail' };

/** "other servers", "links": groups of which all passes that is not the culprit's own. */
function wholeGroups(seen: Seen): Wholes | null {
  const subjects: string[] = [];
  const names: string[] = [];
  for (const group of groups) {
    const all = [...seen.signs.keys()].filter((id) => groupOfSigns(signsAt(seen, id)) === group);
    const others = all.filter((id) => !seen.own.has(id));
    if (others.length === 0 || !others.every((id) => isFine(seen, id))) continue;
    subjects.push(...others);
    names.push(others.length === all.length ? groupWord[group] : `other ${groupWord[group]}`);
  }
  if (names.length === 0) return null;
  return { subjects, names, are: names.length === 1 && names[0]?.endsWith('mail') ? 'is' : 'are' };
}

/** What the sentences of a diagnosis are put together from: names of the right length, places, and what was seen of a thing. */
import { capital, checkLabel, checkOnSubject } from '../alerting/names.ts';
import type { Subject } from '../model/plan.ts';
import { clean, listOf } from '../text.ts';
import type { Weighed } from './cause.ts';
import type { CauseKind, DiagnosisInput, Sign } from './types.ts';

/** Longest sentence, and longest text of what works. */
export const longestSentence = 120;
export const longestWorks = 160;

/** So many of several culprits are named. */
const mostCulprits = 3;

/** What is seen of each subject, by its id, in the order of the plan. */
export type SignsBySubject = ReadonlyMap<string, readonly Sign[]>;
export function bySubject(signs: DiagnosisInput['signs']): SignsBySubject {
  const found = new Map<string, Sign[]>();
  for (const sign of signs.values()) {
    const list = found.get(sign.plan.subject.id);
    if (list) list.push(sign);
    else found.set(sign.plan.subject.id, [sign]);
  }
  return found;
}

/** Name of a subject, as it stands within a sentence. @param most letters */
export const nameOf = ({ graph }: Pick<DiagnosisInput, 'graph'>, id: string, most: number): string =>
  clean(graph.subject(id)?.name || id, most);

/** "HTTP on web1". @param most letters of each of its names */
export function checkNameOf({ signs, graph }: DiagnosisInput, id: string, most: number): string {
  const plan = signs.get(id)?.plan;
  const subject = plan && graph.subject(plan.subject.id);
  if (!plan || !subject) return clean(id, most);
  const leg = subject.leg && { ...subject.leg, domain: clean(subject.leg.domain, most) };
  const label = clean(checkLabel(plan), most);
  const owner = { kind: subject.kind, name: clean(subject.name, most), ...(leg && { leg }) };
  // An address stands as it is written.
  return checkOnSubject(subject.kind === 'prefix' ? label : capital(label), owner);
}

/** "the web shops", "Web server 2": words of an inventory that stand for a thing take an article. */
export const articled = (subject: Pick<Subject, 'kind'> | undefined, name: string): string =>
  subject?.kind === 'service' && /^[a-z]+ [a-z]/.test(name) && !name.startsWith('the ') ? `the ${name}` : name;

/** Names of machines stand as they are written; those of services are words. */
export const started = (subject: Subject | undefined, name: string): string => (subject?.kind === 'service' ? capital(name) : name);

/** Whether the name of a service is a word for several things, "web sites", which takes a plural verb; "DNS", "redis" and "status page" are none. */
export function isPlural(subject: Pick<Subject, 'kind'> | undefined, name: string): boolean {
  const [noun = ''] = name.split(/ (?:at|for|from|in|of|on) /);
  return subject?.kind === 'service' && /^[a-z].*[a-z]s$/.test(noun) && !/(?:[siu]s|gres)$/.test(noun);
}

/** "a", "a or b", "a, b or c"; of more than that "one of 5 links". */
export function orOf(names: readonly string[], noun: string): string {
  if (names.length > mostCulprits) return `one of ${names.length} ${noun}`;
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} or ${names[names.length - 1]}`;
}

/** Names all of a list, or says how many more there are: at most so many letters, or null where not even one fits. */
export function fittingList(names: readonly string[], most: number): string | null {
  for (let shown = Math.min(names.length, 4); shown > 0; shown -= 1) {
    const text = listOf(names, shown);
    if (text.length <= most) return text;
  }
  return null;
}

/** " at San Diego" where all stand at the same site, else nothing. */
export function atSite(input: DiagnosisInput, ids: readonly string[], most: number): string {
  const [site, ...others] = new Set(ids.map((id) => input.graph.subject(id)?.site ?? null));
  return site && others.length === 0 ? ` at ${nameOf(input, site, most)}` : '';
}

/** So long may each name be, one after the other, until the sentence fits. */
const nameLengths = [80, 48, 30, 18, 10];

/** @param make a sentence with names of at most so many letters @returns the first that fits; the shortest is cut where none does */
export function shortened(make: (most: number) => string, most: number = longestSentence): string {
  let text = '';
  for (const length of nameLengths) {
    text = clean(make(length), most + 1);
    if (text.length <= most) return text;
  }
  return clean(text, most);
}

/** Reasons with which answers get lost, and with which they come late. */
const losing = new Set(['packet-loss']);
const isLate = (reason: string): boolean => reason.split('-').some((word) => word === 'slow' || word === 'latency' || word === 'jitter');

/**
 * How those that fail do so, as a whole. `gone`: nothing answers. `loses`, `late`, `lossy`: packets get lost, answers come late, both or not
 * known which. `wrong`: what answers says no. `unsteady`: they come and go. `mixed`: not all of them the same way.
 */
export type Failing = 'gone' | 'loses' | 'late' | 'lossy' | 'wrong' | 'unsteady' | 'mixed';
export function failingOf(signs: readonly Sign[]): Failing {
  const failing = signs.filter((it) => it.word === 'fails');
  const [symptom, ...others] = new Set(failing.map((it) => it.symptom));
  if (symptom === null && others.length === 0) return 'unsteady';
  if (!symptom || others.length > 0) return 'mixed';
  if (symptom !== 'lossy') return symptom;
  if (failing.every(({ reason }) => reason !== null && losing.has(reason))) return 'loses';
  return failing.every(({ reason }) => reason !== null && isLate(reason)) ? 'late' : 'lossy';
}

/** The signs of some checks, as far as there are any. */
export const signsFor = ({ signs }: DiagnosisInput, checks: readonly string[]): Sign[] => checks.flatMap((id) => signs.get(id) ?? []);

/** What a thing is counted as: legs of a mail stack are one thing. */
export const thingOf = ({ graph }: DiagnosisInput, subject: string): string => graph.subject(subject)?.leg?.entry ?? subject;

/** The host that has an address, by what is watched of it; its name is how people call a name server. */
export function hostAt({ signs, graph }: DiagnosisInput, address: string): Subject | undefined {
  for (const { plan } of signs.values()) {
    if (plan.subject.kind !== 'host') continue;
    const subject = graph.subject(plan.subject.id);
    if (subject && (subject.note === address || plan.config.address === address)) return subject;
  }
  return undefined;
}

/** Of a cause on one machine: that machine, where its pings come back. */
export function answeringHost({ culprits }: Weighed['cause'], { graph, signs }: DiagnosisInput): Subject | undefined {
  const [only, another] = culprits;
  const host = only === undefined || another !== undefined ? undefined : graph.subject(only);
  if (host?.kind !== 'host') return undefined;
  const pings = [...signs.values()].filter(({ plan }) => plan.subject.id === host.id && plan.type === 'icmp');
  return pings.length > 0 && pings.every(({ word }) => word === 'passes') ? host : undefined;
}

/** What people call several causes of a kind: "one of 5 links". */
export const nounOfCause: Record<CauseKind, string> = {
  desk: 'connections',
  site: 'sites',
  link: 'links',
  'link-prefixes': 'links',
  'link-loss': 'links',
  prefix: 'prefixes',
  host: 'servers',
  'host-hangs': 'servers',
  service: 'services',
  dependency: 'things',
  leg: 'parts of mail',
  mail: 'mail domains',
  'name-server': 'name servers',
  check: 'checks',
};

/** What a sentence is made from; names have at most `most` letters. */
export interface Said {
  weighed: Weighed;
  input: DiagnosisInput;
  most: number;
}

/** What it explains, as it is seen. */
export const explained = ({ weighed, input }: Said): Sign[] => signsFor(input, weighed.explains);
/** "Cox", "Cox or Level3". */
export const culpritsOf = ({ weighed: { cause }, input, most }: Said): string =>
  orOf(
    cause.culprits.map((id) => nameOf(input, id, most)),
    nounOfCause[cause.kind],
  );

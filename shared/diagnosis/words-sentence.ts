/** The sentence of a cause: what fails, and where. One line of a table for each kind. */
import { subjectIdOf } from '../alerting/names.ts';
import { tells } from '../health/vitals.ts';
import { clean, count, listOf } from '../text.ts';
import type { Weighed } from './cause.ts';
import type { CauseKind, DiagnosisInput, Sign } from './types.ts';
import { nameServerSentence } from './words-dns.ts';
import { legSentence, mailSentence } from './words-mail.ts';
import {
  answeringHost,
  articled,
  atSite,
  checkNameOf,
  culpritsOf,
  explained,
  type Failing,
  failingOf,
  isPlural,
  longestSentence,
  nameOf,
  nounOfCause,
  orOf,
  type Said,
  shortened,
  signsFor,
  started,
  thingOf,
} from './words-parts.ts';

/**
 * Says what is broken and where, without a full stop. Where the cause is just what the alert is about, it is the title of the alert.
 * @returns at most 120 letters: "Bluefin Carrier at Norfolk carries nothing for 3 of 5 prefixes"
 */
export function sentenceOf(weighed: Weighed, input: DiagnosisInput): string {
  if (isAlertItself[weighed.cause.kind](weighed, input)) {
    const title = clean(input.alert.title, longestSentence);
    if (title !== '') return title;
  }
  return shortened((most) => sentences[weighed.cause.kind]({ weighed, input, most }));
}

/** So many of the things that fail with a machine are named. */
const mostThings = 4;

type Test = (weighed: Weighed, input: DiagnosisInput) => boolean;
const never: Test = () => false;
/** All of the alert is the culprit's own. */
const ownAlert: Test = ({ cause: { culprits } }, { alert }) => {
  const [only, another] = culprits;
  return only !== undefined && another === undefined && alert.subject.id === only && alert.checks.every((id) => subjectIdOf(id) === only);
};
/** Nothing of the machine answers, as far as it was looked at, its pings neither: that only one check tells of it says less. */
const isDown: Test = ({ cause: { culprits } }, { signs }) => {
  const own = [...signs.values()].filter(({ word, plan }) => word !== 'unknown' && culprits.includes(plan.subject.id));
  return own.some(({ plan }) => plan.type === 'icmp') && own.every(({ word, symptom }) => word === 'fails' && symptom === 'gone');
};
/** Whether the title of the alert says all that is to say. */
const isAlertItself: Record<CauseKind, Test> = {
  desk: (_, { alert }) => alert.subject.kind === 'desk',
  // An alert of a site is one of several things there; that nothing there answers says more.
  site: never,
  link: ownAlert,
  'link-prefixes': never,
  'link-loss': ownAlert,
  prefix: ownAlert,
  host: (weighed, input) => ownAlert(weighed, input) && (input.alert.title.includes('is down') || !isDown(weighed, input)),
  'host-hangs': never,
  service: ownAlert,
  dependency: ownAlert,
  leg: ownAlert,
  mail: never,
  'name-server': never,
  check: ({ cause }, { alert }) => alert.checks.length === 1 && alert.checks[0] === cause.culprits[0],
};

const comes = 'comes and goes';
const sentences: Record<CauseKind, (said: Said) => string> = {
  desk: () => 'This computer has lost its own connection',
  site: (said) => `Nothing at ${culpritsOf(said)} answers`,
  link: (said) => `${culpritsOf(said)}${placeOf(said)} ${failingOf(ownOr(said)) === 'unsteady' ? comes : 'is down'}`,
  'link-prefixes': (said) => {
    const one = said.weighed.cause.culprits.length === 1;
    return `${culpritsOf(said)}${placeOf(said)} ${one ? 'carries nothing for' : 'drops'} ${prefixesOf(said, one ? 'any of its' : 'all')}`;
  },
  'link-loss': (said) => `${culpritsOf(said)}${placeOf(said)} ${lossVerbs[failingOf(explained(said))]}`,
  prefix: (said) => `${culpritsOf(said)}${placeOf(said)} ${prefixVerbs[failingOf(explained(said))]}`,
  host: (said) => `${culpritsOf(said)} ${hostVerbs[failingOf(ownOr(said))]}`,
  'host-hangs': (said) => `${culpritsOf(said)} answers pings, but none of its programs does`,
  service: (said) => `${startedCulprits(said)} ${serviceVerb(ownSigns(said), areMany(said))}`,
  dependency: dependencySentence,
  leg: (said) => legSentence(said, said.weighed.cause.culprits),
  mail: mailSentence,
  'name-server': nameServerSentence,
  check: checkSentence,
};

const placeOf = ({ weighed: { cause }, input, most }: Said): string => atSite(input, cause.culprits, most);
const startedCulprits = (said: Said): string => started(said.input.graph.subject(said.weighed.cause.culprits[0] ?? ''), culpritsOf(said));
/** Whether the culprit is a word for several things. */
const areMany = ({ weighed: { cause }, input }: Said): boolean => {
  const [only, another] = cause.culprits;
  const subject = only === undefined || another !== undefined ? undefined : input.graph.subject(only);
  return isPlural(subject, subject?.name ?? '');
};
/** What is seen of the culprits themselves. */
const ownSigns = ({ weighed: { cause }, input }: Said): Sign[] =>
  [...input.signs.values()].filter((it) => cause.culprits.includes(it.plan.subject.id) && it.word !== 'unknown');
/** What is seen of them, or of what fails with them where nobody looks at them. */
const ownOr = (said: Said): Sign[] => {
  const own = ownSigns(said).filter((it) => it.word === 'fails');
  return own.length > 0 ? own : explained(said);
};

const lossVerbs: Record<Failing, string> = {
  gone: 'loses packets',
  loses: 'loses packets',
  late: 'delays packets',
  lossy: 'loses or delays packets',
  wrong: 'loses or delays packets',
  unsteady: comes,
  mixed: 'loses or delays packets',
};
const prefixVerbs: Record<Failing, string> = {
  gone: 'does not answer',
  loses: 'loses packets',
  late: 'answers slowly',
  lossy: 'answers slowly or in part',
  wrong: 'is in trouble',
  unsteady: comes,
  mixed: 'is in trouble',
};
const hostVerbs: Record<Failing, string> = { ...prefixVerbs, gone: 'is down', wrong: 'fails', mixed: 'fails' };
const checkVerbs: Record<Failing, string> = { ...prefixVerbs, gone: 'fails', wrong: 'fails', mixed: 'fails' };

function serviceVerb(own: readonly Sign[], many: boolean): string {
  const failing = own.filter((it) => it.word === 'fails');
  if (failing.length > 0 && failing.length < own.length) return `work${many ? '' : 's'} only in part`;
  const how = failingOf(failing);
  if (how === 'unsteady') return many ? 'come and go' : comes;
  if (how === 'late') return `answer${many ? '' : 's'} slowly`;
  return how === 'lossy' || how === 'loses' ? `answer${many ? '' : 's'} slowly or in part` : 'cannot be used';
}

/** "3 of 5 prefixes", of those that ride on the culprits; a single one by its name. */
function prefixesOf({ weighed: { cause }, input, most }: Said, all: string): string {
  const [only, another] = cause.prefixes;
  if (only !== undefined && another === undefined) return nameOf(input, only, most);
  const rides = new Set(
    cause.culprits.flatMap((id) => input.graph.children(id)).filter((id) => input.graph.subject(id)?.kind === 'prefix'),
  );
  const total = Math.max(rides.size, cause.prefixes.length);
  return total === cause.prefixes.length ? `${all} ${total} prefixes` : `${cause.prefixes.length} of ${total} prefixes`;
}

/**
 * "Database db1 fails, and 4 things that need it"; of a machine that answers: "web1 answers, but web sites and databases on it do not work";
 * where nobody looks at it: "4 things that need Storage fail".
 */
function dependencySentence(said: Said): string {
  const { weighed, input } = said;
  const { culprits } = weighed.cause;
  const own = ownSigns(said).some((it) => it.word === 'fails');
  const known = new Set(weighed.explains);
  // In the order of the inventory.
  const things = new Set([...input.signs.values()].flatMap(({ plan }) => (known.has(plan.id) ? thingOf(input, plan.subject.id) : [])));
  for (const id of culprits) things.delete(thingOf(input, id));
  if (things.size > 0 && answeringHost(weighed.cause, input)) return `${culpritsOf(said)} answers, but ${brokenThings(said, [...things])}`;
  const needing = count(things.size, 'thing');
  const [that, fail] = things.size === 1 ? ['that needs', 'fails'] : ['that need', 'fail'];
  const [fails, it] = areMany(said) ? ['fail', 'them'] : ['fails', 'it'];
  if (things.size === 0) return `${startedCulprits(said)} ${fails}`;
  if (own) return `${startedCulprits(said)} ${fails}, and ${needing} ${that} ${it}`;
  const named = culprits.length === 1 ? articled(input.graph.subject(culprits[0] ?? ''), culpritsOf(said)) : culpritsOf(said);
  return `${needing} ${that} ${named} ${fail}`;
}

/** What fails beside a machine that answers, by name: "web sites and databases on it do not work", "web shops that need it are in trouble". */
function brokenThings({ weighed: { cause }, input, most }: Said, things: readonly string[]): string {
  const own = Map.groupBy(input.signs.values(), ({ plan: { subject } }) => thingOf(input, subject.id));
  const works = ({ word, symptom, plan: { subject }, plan }: Sign): boolean =>
    tells(subject.kind, plan) && (word === 'passes' || (word === 'fails' && (symptom === null || symptom === 'lossy')));
  const isWhole = !things.some((id) => own.get(id)?.some(works));
  const names = things.map((id) => nameOf(input, id, most));
  const isOne = things.length === 1 && !isPlural(input.graph.subject(things[0] ?? ''), names[0] ?? '');
  const isOnIt = things.every((id) => input.graph.subject(id)?.hosts.includes(cause.culprits[0] ?? ''));
  const where = isOnIt ? (names.some((it) => it.includes(' on ')) ? '' : ' on it') : ` that need${isOne ? 's' : ''} it`;
  const [does, are] = isOne ? ['does', 'is'] : ['do', 'are'];
  return `${listOf(names, mostThings)}${where} ${isWhole ? `${does} not work` : `${are} in trouble`}`;
}

/** "HTTP on web1 fails". */
function checkSentence({ weighed: { cause }, input, most }: Said): string {
  const names = cause.culprits.map((id) => checkNameOf(input, id, most));
  return `${orOf(names, nounOfCause.check)} ${checkVerbs[failingOf(signsFor(input, cause.culprits))]}`;
}

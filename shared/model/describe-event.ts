/** One line of the timeline in words. Closed over all kinds: a new kind of event does not compile without its words. */
import { checkLabel, checkOnSubject } from '../alerting/names.ts';
import { clean, count, listOf } from '../text.ts';
import { humanDuration } from '../time.ts';
import type { EventKind, NightEvent } from './event.ts';
import { problemLine } from './inventory-problem.ts';
import type { PlannedCheck, Subject } from './plan.ts';
import type { Standing, SubjectRef } from './words.ts';

export interface EventNames {
  /** "web1". */
  subject(ref: SubjectRef): string;
  /** "HTTP on web1", by check id. */
  check(id: string): string;
}
export interface EventWords {
  /** One or two words: "Alert raised", "Soft", "Acknowledged". */
  label: string;
  text: string;
  /** Which mark stands beside it: a standing, something a person did, or neither. */
  mark: Standing | 'human' | 'info';
}

type Describer<K extends EventKind> = (event: Extract<NightEvent, { kind: K }>, names: EventNames) => EventWords;

const gapCause = {
  'asleep-or-frozen': 'the computer slept or stood still',
  'not-running': 'Nightdesk was not running',
  'clock-jump': 'the clock of this computer was changed',
} as const;

const withSubject = (event: NightEvent, names: EventNames, text: string): string =>
  event.subject ? `${names.subject(event.subject)}: ${text}` : text;
const checkNames = (ids: readonly string[], names: EventNames): string => listOf(ids.map((id) => names.check(id)));

const describers = {
  'engine-started': (e) => ({
    label: 'Started',
    text: `Nightdesk ${e.payload.version} watches ${count(e.payload.checks, 'check')}`,
    mark: 'info',
  }),
  'engine-stopped': () => ({ label: 'Stopped', text: 'Nightdesk was ended; nothing is watched until it starts again', mark: 'info' }),
  'engine-crashed': (e) => ({
    label: 'Crashed',
    text: `The watching process ended by itself (${e.payload.exit}) and was started again`,
    mark: 'unknown',
  }),
  gap: (e) => ({
    label: 'Gap',
    text: `Nothing was watched for ${humanDuration(e.payload.to - e.payload.from)}: ${gapCause[e.payload.cause]}`,
    mark: 'stale',
  }),
  'inventory-loaded': (e) => ({
    label: 'Inventory',
    text: `${e.payload.file} is in force: ${count(e.payload.checks, 'check')} of ${count(e.payload.subjects, 'thing')}`,
    mark: 'info',
  }),
  'inventory-rejected': (e) => {
    const [first, ...rest] = e.payload.problems;
    const where = first ? `, ${problemLine(first)}` : '';
    return {
      label: 'Inventory refused',
      text: `${e.payload.file}${where}${rest.length > 0 ? ` and ${count(rest.length, 'more problem')}` : ''}. What was in force before stays so`,
      mark: 'degraded',
    };
  },
  'inventory-changed': (e) => ({ label: 'Inventory', text: e.payload.what, mark: 'human' }),
  soft: (e, n) => ({
    label: 'Soft',
    text: `${n.check(e.payload.check)}: ${e.payload.verdict.text} (attempt ${e.payload.attempt} of ${e.payload.of})`,
    mark: e.payload.level,
  }),
  'retry-ok': (e, n) => ({
    label: 'Retry succeeded',
    text: `${n.check(e.payload.check)}: ${e.payload.verdict.text}, after ${count(e.payload.attempts, 'bad result')}`,
    mark: 'ok',
  }),
  hard: (e, n) => ({
    label: e.payload.to === 'ok' ? 'Recovered' : { degraded: 'Degraded', down: 'Down', unknown: 'Not known' }[e.payload.to],
    text: `${n.check(e.payload.check)}: ${e.payload.verdict.text}`,
    mark: e.payload.to,
  }),
  stale: (e, n) => ({
    label: 'No fresh data',
    text: `${n.check(e.payload.check)}: ${e.payload.lastAt === null ? 'no result has come yet' : `results stopped coming ${humanDuration(e.at - e.payload.lastAt)} before`}`,
    mark: 'stale',
  }),
  fresh: (e, n) => ({
    label: 'Data again',
    text: `${n.check(e.payload.check)}: results come again after ${humanDuration(e.payload.goneMs)}`,
    mark: 'info',
  }),
  observed: (e, n) => ({
    label: e.payload.code === 'reboot' || e.payload.code === 'rebooted' ? 'Reboot' : 'Seen',
    text: withSubject(e, n, e.payload.text),
    mark: 'info',
  }),
  'alert-raised': (e) => ({
    label: 'Alert raised',
    text: `${e.payload.title} (${count(e.payload.checks.length, 'check')} ${e.payload.severity === 'unknown' ? 'not known' : e.payload.severity})`,
    mark: e.payload.severity,
  }),
  'alert-updated': (e, n) => {
    const { joined, left, title, severity } = e.payload;
    const parts = [
      ...(joined.length > 0 ? [`${checkNames(joined, n)} joined`] : []),
      ...(left.length > 0 ? [`${checkNames(left, n)} ${left.length === 1 ? 'is' : 'are'} out of it`] : []),
    ];
    const label = joined.length > 0 ? 'Alert grew' : left.length > 0 ? 'Alert shrank' : 'Alert changed';
    return {
      label,
      text: `${title}${parts.length > 0 ? `: ${parts.join('; ')}` : `: now ${severity === 'unknown' ? 'not known' : severity}`}`,
      mark: severity,
    };
  },
  'alert-recovered': (e) => ({
    label: 'Alert over',
    text: `${e.payload.title}: recovered after ${humanDuration(e.payload.lastedMs)}`,
    mark: 'ok',
  }),
  'alert-closed': (e) => ({ label: 'Alert closed', text: `${e.payload.title}: ${e.payload.why}`, mark: 'info' }),
  acknowledged: (e) => ({ label: 'Acknowledged', text: `${e.payload.title}: “${e.payload.comment}”`, mark: 'human' }),
  'acknowledgement-cleared': (e) => ({
    label: 'Open again',
    text: `${e.payload.title}: nobody has it any more, as ${e.payload.why}`,
    mark: 'info',
  }),
  note: (e, n) => ({ label: 'Note', text: withSubject(e, n, e.payload.text), mark: 'human' }),
  exported: (e) => ({ label: 'Exported', text: `${e.payload.title} (${e.payload.format})`, mark: 'human' }),
  'store-set-aside': (e) => ({
    label: 'History damaged',
    text: `The damaged history was set aside as ${e.payload.file} (${e.payload.why}); a new one was begun`,
    mark: 'degraded',
  }),
  'store-write-failed': (e) => ({
    label: 'History not written',
    text: `${e.payload.text} (${e.payload.code}). Watching goes on`,
    mark: 'degraded',
  }),
  'store-write-recovered': (e) => ({
    label: 'History written again',
    text: e.payload.lostSamples > 0 ? `${count(e.payload.lostSamples, 'result')} could not be kept` : 'Nothing was lost',
    mark: 'info',
  }),
  'probe-bug': (e, n) => ({ label: 'Bug in a check', text: `${n.check(e.payload.check)}: ${e.payload.text}`, mark: 'unknown' }),
} satisfies { [K in EventKind]: Describer<K> };

/** Puts an event into words. What servers and people wrote in it comes out as one harmless line. */
export function describeEvent(event: NightEvent, names: EventNames): EventWords {
  const describe = describers[event.kind] as (event: NightEvent, names: EventNames) => EventWords;
  const words = describe(event, names);
  return { ...words, text: clean(words.text, 4_500) };
}

/** Names by the plan; what has left the inventory is called by its id. */
export function namesOf(subjects: Iterable<Subject>, plans: Iterable<PlannedCheck>): EventNames {
  const subjectById = new Map([...subjects].map((subject) => [subject.id, subject]));
  const planById = new Map([...plans].map((plan) => [plan.id, plan]));
  return {
    subject: (ref) => (ref.kind === 'desk' ? 'Nightdesk' : clean(subjectById.get(ref.id)?.name ?? ref.id, 120)),
    check(id) {
      const plan = planById.get(id);
      const subject = plan && subjectById.get(plan.subject.id);
      return plan && subject ? checkOnSubject(checkLabel(plan), subject) : id;
    },
  };
}

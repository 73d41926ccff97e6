/** One line of the timeline in words. Closed over all kinds: a new kind of event does not compile without its words. */
import { checkLabel, checkOnSubject } from '../alerting/names.ts';
import { describeLog } from '../incidents/log-words.ts';
import { clean, count, listOf } from '../text.ts';
import { humanDuration, MINUTE } from '../time.ts';
import type { EventKind, NightEvent } from './event.ts';
import { problemLine } from './inventory-problem.ts';
import type { PlannedCheck, Subject } from './plan.ts';
import type { Standing, SubjectRef } from './words.ts';

export interface EventNames {
  /** "web1". */
  subject(ref: SubjectRef): string;
  /** "HTTP on web1", by check id. */
  check(id: string): string;
  /** "web1", by subject id. */
  byId(id: string): string;
  /** A channel of notification, by its id. */
  channel(id: string): string;
}
export interface EventWords {
  /** One or two words: "Alert raised", "Soft", "Acknowledged". */
  label: string;
  text: string;
  /** Which mark stands beside it: a standing, something a person did, or neither. */
  mark: Standing | 'human' | 'info';
}

type Describer<K extends EventKind> = (event: Extract<NightEvent, { kind: K }>, names: EventNames) => EventWords;

/** How long somebody wants it to hold: two hours stay two hours, though the form was open for some seconds before it was sent. */
const spanText = (ms: number): string => humanDuration(ms > 2 * MINUTE ? Math.round(ms / MINUTE) * MINUTE : ms);

const gapCause = {
  'asleep-or-frozen': 'the computer slept or stood still',
  'not-running': 'Nightdesk was not running',
  'clock-jump': 'the clock of this computer was changed',
} as const;

const withSubject = (event: NightEvent, names: EventNames, text: string): string =>
  event.subject ? `${names.subject(event.subject)}: ${text}` : text;
const checkNames = (ids: readonly string[], names: EventNames): string => listOf(ids.map((id) => names.check(id)));

const subjectNames = (ids: readonly string[], names: EventNames): string => listOf(ids.map((id) => names.byId(id)));

const saidWhy = (reason: string | undefined): string => (reason ? `, “${reason}”` : '');

/** A problem that does not count against its check is not told in the colours of one that does. */
const coveredLine = {
  unreachable: { label: 'Unreachable', mark: 'unreachable' },
  'cut-off': { label: 'Cut off', mark: 'stale' },
  maintenance: { label: 'In planned work', mark: 'maintenance' },
  routine: { label: 'In its routine', mark: 'maintenance' },
} as const;

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
  hard: (e, n) => {
    const { to, covered } = e.payload;
    const text = `${n.check(e.payload.check)}: ${e.payload.verdict.text}`;
    if (covered !== undefined && to !== 'ok') return { ...coveredLine[covered], text };
    return { label: { ok: 'Recovered', degraded: 'Degraded', down: 'Down', unknown: 'Not known' }[to], text, mark: to };
  },
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
  traced: (e, n) => ({
    label: e.payload.good ? 'Way followed' : 'Way broken',
    text: withSubject(e, n, `the way to ${e.payload.target} ${e.payload.text}`),
    mark: 'info',
  }),
  'flapping-started': (e, n) => ({
    label: 'Flapping',
    text: `${n.check(e.payload.check)} comes and goes: ${Math.round(e.payload.percent)} % of its last results changed its state`,
    mark: 'degraded',
  }),
  'flapping-stopped': (e, n) => ({ label: 'Steady again', text: `${n.check(e.payload.check)} no longer comes and goes`, mark: 'info' }),
  'desk-cut-off': (e, n) => ({
    label: 'Desk offline',
    text: `This desk lost its own connection (${checkNames(e.payload.anchors, n)}). Nothing is known of what lies beyond it`,
    mark: 'stale',
  }),
  'desk-connected': (e) => ({
    label: 'Desk online',
    text: `This desk is connected again after ${humanDuration(e.payload.to - e.payload.from)}`,
    mark: 'info',
  }),
  'alert-raised': (e) => ({
    label: 'Alert raised',
    text: `${e.payload.title} (${count(e.payload.checks.length, 'check')} ${e.payload.severity === 'unknown' ? 'not known' : e.payload.severity}${e.payload.consequences > 0 ? `, ${e.payload.consequences} more unreachable because of it` : ''})`,
    mark: e.payload.severity,
  }),
  'alert-updated': (e, n) => {
    const { joined, left, title, severity, consequences } = e.payload;
    const parts = [
      ...(joined.length > 0 ? [`${checkNames(joined, n)} joined`] : []),
      ...(left.length > 0 ? [`${checkNames(left, n)} ${left.length === 1 ? 'is' : 'are'} out of it`] : []),
      ...(consequences.now !== consequences.before
        ? [`${count(consequences.now, 'check')} unreachable because of it (${consequences.before} before)`]
        : []),
    ];
    const grew = joined.length > 0 || (left.length === 0 && consequences.now > consequences.before);
    const shrank = left.length > 0 || consequences.now < consequences.before;
    const label = grew ? 'Alert grew' : shrank ? 'Alert shrank' : 'Alert changed';
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
  diagnosed: (e) => ({
    label: 'Diagnosis',
    text: `${e.payload.confidence === 'unsure' ? 'perhaps: ' : ''}${e.payload.explanation.sentence}${e.payload.works === null ? '' : `; ${e.payload.works}`}`,
    mark: 'info',
  }),
  'alert-merged': (e) => ({ label: 'Cause found', text: `${e.payload.title}: goes on as part of “${e.payload.intoTitle}”`, mark: 'info' }),
  acknowledged: (e) => ({
    label: e.payload.from === null ? 'Acknowledged' : 'Taken over',
    text: `${e.payload.title}: “${e.payload.comment}”${e.payload.from === null ? '' : ` (${e.payload.from} had it)`}${e.payload.until === null ? '' : `, for ${spanText(e.payload.until - e.at)}`}`,
    mark: 'human',
  }),
  released: (e) => ({ label: 'Given back', text: `${e.payload.title}: “${e.payload.comment}”`, mark: 'human' }),
  'acknowledgement-cleared': (e) => ({
    label: 'Open again',
    text: `${e.payload.title}: nobody has it any more, as ${e.payload.why}`,
    mark: 'info',
  }),
  silenced: (e, n) => ({
    label: 'Silenced',
    text: `${subjectNames(e.payload.subjects, n)}, for ${spanText(e.payload.until - e.at)}: “${e.payload.reason}”`,
    mark: 'human',
  }),
  'silence-ended': (e, n) => ({
    label: 'Silence over',
    text: `${subjectNames(e.payload.subjects, n)}: ${e.payload.why === 'time' ? 'its time ran out' : 'ended by hand'}`,
    mark: e.payload.why === 'time' ? 'info' : 'human',
  }),
  escalated: (e) => ({
    label: 'Escalated',
    text: `${e.payload.title}: nobody has had it for ${humanDuration(e.payload.openMs)}, so ${listOf(e.payload.to)} ${e.payload.to.length === 1 ? 'is' : 'are'} told (step ${e.payload.step})`,
    mark: 'info',
  }),
  notified: (e, n) => ({
    label: e.payload.message === 'test' ? 'Test sent' : e.payload.message === 'reminder' ? 'Reminded' : 'Told',
    text: `${e.payload.to === null ? n.channel(e.payload.channel) : `${e.payload.to} over ${n.channel(e.payload.channel)}`}: ${e.payload.title}`,
    mark: 'info',
  }),
  'notify-failed': (e, n) => ({
    label: 'Not told',
    text: `${n.channel(e.payload.channel)} did not take “${e.payload.title}”: ${e.payload.text.replace(/\.$/, '')}. ${e.payload.retryAt === null ? 'It is given up' : `It is tried again in ${humanDuration(e.payload.retryAt - e.at)}`}`,
    mark: 'degraded',
  }),
  'notify-recovered': (e, n) => ({
    label: 'Channel works again',
    text: `${n.channel(e.payload.channel)} takes messages again after ${humanDuration(e.payload.failedMs)}`,
    mark: 'info',
  }),
  'rota-hole': (e) => ({
    label: 'Nobody on call',
    text: `${e.payload.name} has nobody on call now${e.payload.instead.length > 0 ? `, so ${listOf(e.payload.instead)} ${e.payload.instead.length === 1 ? 'is' : 'are'} told` : ''}`,
    mark: 'degraded',
  }),
  'maintenance-planned': (e, n) => ({
    label: 'Planned work',
    text: `${e.payload.name}, ${e.payload.when}; affects ${e.payload.affects.length === 0 ? 'nothing by name' : subjectNames(e.payload.affects, n)}${e.payload.spares.length === 0 ? '' : `; keeps working: ${subjectNames(e.payload.spares, n)}`}`,
    mark: 'human',
  }),
  'maintenance-changed': (e) => ({
    label: 'Planned work changed',
    text: `${e.payload.name}: ${e.payload.what}${saidWhy(e.payload.reason)}`,
    mark: 'human',
  }),
  'maintenance-started': (e, n) => ({
    label: 'Work begins',
    text: `${e.payload.name}, ${e.payload.to === null ? 'until it is finished' : `for ${humanDuration(e.payload.to - e.at)}`}; may be down meanwhile: ${e.payload.affects.length === 0 ? 'nothing by name' : subjectNames(e.payload.affects, n)}${saidWhy(e.payload.reason)}`,
    mark: 'maintenance',
  }),
  'maintenance-ended': (e) => ({
    label: { finished: 'Work finished', time: 'Work time over', cancelled: 'Work called off' }[e.payload.how],
    text: `${e.payload.name}, after ${humanDuration(e.payload.lastedMs)}${saidWhy(e.payload.reason)}`,
    mark: 'maintenance',
  }),
  'maintenance-overrun': (e, n) => ({
    label: 'Work overruns',
    text: `${e.payload.name}: its time is over and ${subjectNames(e.payload.subjects, n)} ${e.payload.subjects.length === 1 ? 'is' : 'are'} not back`,
    mark: 'degraded',
  }),
  change: (e, n) => ({ label: 'Change', text: withSubject(e, n, e.payload.text), mark: 'human' }),
  note: (e, n) => ({ label: 'Note', text: withSubject(e, n, e.payload.text), mark: 'human' }),
  'incident-opened': (e) => ({
    label: 'Incident',
    text: `${e.payload.title} (${e.payload.severity})${e.payload.afterwards ? ', written down afterwards' : ''}`,
    mark: 'human',
  }),
  'incident-changed': (e) => ({
    label: 'Incident',
    text: `${e.payload.title}: ${e.payload.what}${saidWhy(e.payload.reason)}`,
    mark: 'human',
  }),
  'incident-status': (e) => ({
    label: e.payload.to === 'investigating' ? 'Incident reopened' : `Incident ${e.payload.to}`,
    text: `${e.payload.title}${saidWhy(e.payload.reason)}`,
    mark: 'human',
  }),
  'incident-joined': (e) => ({ label: 'Incident', text: `${e.payload.title}: joined by ${listOf(e.payload.titles)}`, mark: 'human' }),
  'incident-left': (e) => ({ label: 'Incident', text: `${e.payload.title}: ${listOf(e.payload.titles)} taken out`, mark: 'human' }),
  'incident-merged': (e) => ({ label: 'Incident', text: `${e.payload.title} goes on as part of “${e.payload.intoTitle}”`, mark: 'human' }),
  logged: (e, n) => {
    const { label, text } = describeLog(e.payload.entry, n);
    return { label, text: `${withSubject(e, n, text)}${e.payload.enteredAt === null ? '' : ' (entered later)'}`, mark: 'human' };
  },
  drafted: (e) => ({ label: 'Drafted', text: `${e.payload.what}: ${e.payload.title}`, mark: 'human' }),
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
export function namesOf(
  subjects: Iterable<Subject>,
  plans: Iterable<PlannedCheck>,
  channels: Readonly<Record<string, { name: string }>> = {},
): EventNames {
  const subjectById = new Map([...subjects].map((subject) => [subject.id, subject]));
  const planById = new Map([...plans].map((plan) => [plan.id, plan]));
  return {
    subject: (ref) => (ref.kind === 'desk' ? 'Nightdesk' : clean(subjectById.get(ref.id)?.name ?? ref.id, 120)),
    channel: (id) => clean(Object.hasOwn(channels, id) ? (channels[id]?.name ?? id) : id, 120),
    byId: (id) => (id === 'desk' ? 'Nightdesk' : clean(subjectById.get(id)?.name ?? id, 120)),
    check(id) {
      const plan = planById.get(id);
      const subject = plan && subjectById.get(plan.subject.id);
      if (!plan || !subject) return clean(id, 120);
      return subject.kind === 'desk' ? `${checkLabel(plan)} of this desk` : checkOnSubject(checkLabel(plan), subject);
    },
  };
}

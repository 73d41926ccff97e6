/** The debrief of a drill, at any moment of it: how each fault was met, what the desk got wrong, what people did, what the documents state. */
import { openIncident } from '../../shared/incidents/open.ts';
import { mergeWindows } from '../../shared/maintenance/merge.ts';
import type { DocumentKind, NightDocument } from '../../shared/model/document.ts';
import type { EventKind, NightEvent } from '../../shared/model/event.ts';
import type { Incident, LogType } from '../../shared/model/incident.ts';
import type { Debrief, DebriefDocument } from '../../shared/scenario/debrief.ts';
import { type KindScore, kindsNamed, linesOf, scoreOf } from '../../shared/scenario/score.ts';
import { clean } from '../../shared/text.ts';
import { SECOND } from '../../shared/time.ts';
import { linesOfDocument } from '../documents/document-lines.ts';
import type { Store } from '../store/store.ts';
import { alertKinds, alertStories } from './alert-stories.ts';
import { type DrillDraft, draftsOf } from './drafts.ts';
import { faultStories } from './fault-stories.ts';
import type { ReadScenario } from './read.ts';
import { type Acts, isScene } from './script.ts';
import { truthOf } from './truth.ts';

export interface DebriefOptions {
  read: ReadScenario;
  /** With everything that has gathered on disk. */
  store: Store;
  /** Epoch ms of the drill. */
  now: number;
  over: boolean;
  /** Whether the people of the script acted; else what they do all the same is no deed of the player. */
  acts: Acts;
  /** What the desk would draft by itself, where that has been drafted already. */
  drafts?: readonly DrillDraft[];
}

const mostEvents = 100_000;
const mostFalse = 200;

export function debriefOf(options: DebriefOptions): Debrief {
  const { read, store, now, over } = options;
  const readEvents = (kinds: EventKind[] | null): NightEvent[] =>
    store
      .events({ before: null, limit: mostEvents, kinds, subjects: null, text: null, from: null, to: now })
      .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const events = readEvents([...alertKinds, 'maintenance-overrun', 'gap']);
  const truth = truthOf(read);
  return {
    name: read.scenario.name,
    zone: read.inventory.plan.organization.timezone,
    start: read.start,
    at: now,
    over,
    faults: faultStories(read, truth, events, now),
    falseSentences: alertStories(events)
      .flatMap(({ sentences }) => sentences)
      .filter(({ explanation, confidence, at }) => truth.judge(explanation, confidence, at) === 'false')
      .map(({ at, explanation }) => ({ at, sentence: explanation.sentence }))
      .sort((a, b) => a.at - b.at)
      .slice(0, mostFalse),
    deeds: deedsOf(readEvents(deedKinds), options),
    documents: documentsOf(options),
  };
}

/** What people do, as one counts it: "3 notes". */
const logged: Record<LogType, string> = {
  note: 'note',
  contact: 'contact',
  'customer-report': 'customer report',
  action: 'step',
  progress: 'progress report',
  decision: 'decision',
  'status-update': 'status update',
  trigger: 'trigger',
  contributing: 'contributing factor',
  'root-cause': 'root cause',
  resolution: 'resolution',
  'follow-up': 'follow-up',
  owed: 'debt',
  'owed-received': 'settled debt',
};
const deeds = {
  acknowledged: 'acknowledgement',
  released: 'release',
  silenced: 'silence',
  note: 'note',
  change: 'change',
  'maintenance-planned': 'plan of work',
  'maintenance-changed': 'change of planned work',
  'maintenance-started': 'start of work',
  'maintenance-ended': 'end of work',
  'incident-opened': 'incident',
  'incident-changed': 'change of an incident',
  'incident-status': 'change of status',
  'incident-joined': 'addition to an incident',
  'incident-left': 'removal from an incident',
  'incident-merged': 'merger of incidents',
  drafted: 'draft',
  exported: 'export',
} as const satisfies Partial<Record<EventKind, string>>;
const deedKinds: EventKind[] = [...(Object.keys(deeds) as (keyof typeof deeds)[]), 'logged'];

function deedsOf(events: readonly NightEvent[], { read, acts }: DebriefOptions): Debrief['deeds'] {
  const counted = new Map<string, Debrief['deeds'][number]>();
  for (const event of events) {
    if (event.actor === 'engine' || (acts === 'player' && isOfOthers(event, read))) continue;
    const kind = event.kind === 'logged' ? logged[event.payload.entry.type] : deeds[event.kind as keyof typeof deeds];
    const known = counted.get(kind);
    if (known) known.count += 1;
    else counted.set(kind, { kind, count: 1, firstAt: event.at });
  }
  return [...counted.values()].sort((a, b) => a.firstAt - b.firstAt);
}

/** Planned work and changes of the script happen all the same. */
const isOfOthers = (event: NightEvent, { deeds: all }: ReadScenario): boolean =>
  (event.kind === 'change' || event.kind.startsWith('maintenance-')) &&
  all.some(
    // A change may be dated back; who says so is the same.
    ({ at, deed }) =>
      isScene(deed.kind) && 'by' in deed && deed.by === event.actor && (event.kind === 'change' || Math.abs(event.at - at) < SECOND),
  );

/** What the player wrote; of other kinds that the drill has something to expect of, what the desk would draft by itself. */
function documentsOf(options: DebriefOptions): DebriefDocument[] {
  const { read, store, now } = options;
  const { scenario, inventory } = read;
  const { plan } = inventory;
  const incidents = store
    .incidents(0, now)
    .filter((it) => it.mergedInto === null)
    .reverse();
  const written = [
    ...incidents.flatMap(({ id }) => store.papers({ incident: id })),
    ...mergeWindows(plan.maintenance, store.windows()).flatMap(({ id }) => store.papers({ window: id })),
  ];
  const own = new Set(written.map(({ kind }) => kind));
  const others = kindsNamed(scenario).filter((kind) => !own.has(kind));
  const from = { plan, store, incidents: incidents.length > 0 ? incidents : unopened(options), now };
  const drafts = options.drafts?.filter(({ kind }) => others.includes(kind)) ?? draftsOf(from, others);
  const scored = (by: DebriefDocument['by'], kinds: ReadonlySet<DocumentKind>, scores: readonly KindScore[]): DebriefDocument[] =>
    scores
      .filter(({ kind }) => kinds.has(kind))
      .map(({ kind, stated, missing, wrong }) => ({ kind, by, stated, missing: missing.map(({ fact }) => fact), wrong }));
  return [
    ...scored(
      'player',
      own,
      scoreOf(
        scenario,
        written.map((it: NightDocument) => ({ kind: it.kind, lines: linesOfDocument(it) })),
      ),
    ),
    ...scored(
      'desk',
      new Set(others),
      scoreOf(
        scenario,
        drafts.map(({ kind, draft }) => ({ kind, lines: linesOf(draft) })),
      ),
    ),
  ];
}

/** The incident that nobody opened, of all alerts that there were: only looked at, and kept nowhere. None where there was no alert. */
function unopened({ read, store, now }: DebriefOptions): Incident[] {
  const alerts = store.alerts(0, now);
  const names = new Map(read.inventory.plan.subjects.map(({ id, name }) => [id, clean(name, 80)]));
  const opened = openIncident(
    { title: null, severity: 'major', lead: null, alerts: alerts.map(({ id }) => id), subjects: [], from: null, to: null, by: 'on-call' },
    { now, alert: (id) => alerts.find((it) => it.id === id), subject: (id) => names.get(id), incidentOf: () => undefined },
    'none',
  );
  return opened.ok && alerts.length > 0 ? [opened.value.incident] : [];
}

/** What people did and wrote while it lasted, and afterwards: their words as they stand, each with who and when. */
import { storyIds } from '../../incidents/about.ts';
import type { NightEvent } from '../../model/event.ts';
import type { LogEntry, LogType } from '../../model/incident.ts';
import { clean } from '../../text.ts';
import { MINUTE } from '../../time.ts';
import { incidentKey } from '../evidence.ts';
import type { ReportFacts } from './schema.ts';
import type { ContactFact, SaidFact } from './schema-parts.ts';
import type { Context } from './things.ts';

type Logged = Extract<NightEvent, { kind: 'logged' }>;
export interface Line<T extends LogType = LogType> {
  event: Logged;
  entry: Extract<LogEntry, { type: T }>;
  said: SaidFact;
}

const mostText = 4_000;
const mostLines = 500;
/** Promised for ten, told at five past: nobody calls that broken. */
const graceMs = 10 * MINUTE;

/** The lines of the log that belong to the incident, by when they happened: its own, those of what was merged into it, and those on the night as a whole. */
export function linesOf({ input }: Context): Line[] {
  const { incident } = input;
  const own = incident ? storyIds(incident) : [];
  return input.events
    .flatMap((event): Line[] => {
      if (event.kind !== 'logged') return [];
      const { incident: of, entry, enteredAt } = event.payload;
      const isOurs = of === null ? event.at >= input.from && event.at <= input.to : incident ? own.includes(of) : true;
      if (!isOurs) return [];
      const text = 'text' in entry ? entry.text : 'what' in entry ? entry.what : '';
      const said = { at: event.at, by: clean(event.actor, 80), text: clean(text, mostText), enteredAt, evidence: [event.id] };
      return [{ event, entry, said }];
    })
    .sort((a, b) => a.event.at - b.event.at)
    .slice(0, mostLines);
}

export const ofType = <T extends LogType>(lines: readonly Line[], type: T): Line<T>[] =>
  lines.filter((line) => line.entry.type === type) as unknown as Line<T>[];
const saidOf = (lines: readonly Line[], type: LogType): SaidFact[] => ofType(lines, type).map((line) => line.said);

type LogFacts = Pick<
  ReportFacts,
  | 'contacts'
  | 'customers'
  | 'statusUpdates'
  | 'owed'
  | 'progress'
  | 'actions'
  | 'decisions'
  | 'notes'
  | 'trigger'
  | 'contributing'
  | 'rootCause'
  | 'resolutions'
  | 'followUps'
  | 'people'
>;

export function logFacts(context: Context, lines: readonly Line[], near: (event: NightEvent) => boolean): LogFacts {
  const { input } = context;
  const notes = input.events.flatMap((event) =>
    event.kind === 'note' && event.at <= input.to && near(event)
      ? [
          {
            at: event.at,
            by: clean(event.actor, 80),
            text: clean(event.payload.text, mostText),
            enteredAt: null,
            thing: event.subject ? context.thing(event.subject.id) : null,
            evidence: [event.id],
          },
        ]
      : [],
  );
  const people = new Set<string>();
  for (const event of input.events)
    if (event.actor !== 'engine' && event.at <= input.to && (event.kind !== 'logged' || lines.some((line) => line.event === event)))
      people.add(clean(event.actor, 80));
  return {
    contacts: contactsOf(context, lines),
    customers: customersOf(context, lines),
    statusUpdates: updatesOf(context, lines),
    owed: owedOf(context, lines),
    progress: ofType(lines, 'progress').map(({ said, entry }) => ({
      ...said,
      done: Math.min(entry.done, entry.total),
      total: entry.total,
      what: clean(entry.what, 200),
    })),
    actions: saidOf(lines, 'action'),
    decisions: saidOf(lines, 'decision'),
    notes: [...notes, ...saidOf(lines, 'note').map((said) => ({ ...said, thing: null }))].sort((a, b) => a.at - b.at).slice(0, mostLines),
    trigger: saidOf(lines, 'trigger'),
    contributing: saidOf(lines, 'contributing'),
    rootCause: saidOf(lines, 'root-cause'),
    resolutions: saidOf(lines, 'resolution'),
    followUps: ofType(lines, 'follow-up').map(({ said, entry }) => ({
      ...said,
      owner: entry.owner && clean(entry.owner, 120),
      dueAt: entry.dueAt,
    })),
    people: [...people].slice(0, 100),
  };
}

const same = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase();

function contactsOf(context: Context, lines: readonly Line[]): ContactFact[] {
  const all = ofType(lines, 'contact');
  return all.map(({ said, entry }, index) => {
    const answer = all.slice(index + 1).find((later) => same(later.entry.with, entry.with));
    const to = answer?.said.at ?? null;
    const ms = Math.max(0, (to ?? context.input.to) - said.at);
    return {
      ...said,
      with: clean(entry.with, 200),
      name: context.name(entry.with),
      person: entry.person && clean(entry.person, 120),
      tier: entry.tier && clean(entry.tier, 120),
      channel: entry.channel,
      direction: entry.direction,
      ticket: entry.ticket && clean(entry.ticket, 120),
      waited: entry.waiting ? { to, ms } : null,
    };
  });
}

function customersOf({ facts }: Context, lines: readonly Line[]): LogFacts['customers'] {
  const reports = ofType(lines, 'customer-report').map(({ said, entry }) => ({ ...said, count: entry.count }));
  const [first] = reports;
  if (!first) return null;
  const symptom = facts.firstSymptom?.at ?? null;
  return {
    count: reports.reduce((sum, it) => sum + it.count, 0),
    first,
    reports: reports.slice(0, 200),
    beforeDetection: facts.detection === null || first.at < facts.detection.at,
    afterSymptomMs: symptom === null ? null : Math.max(0, first.at - symptom),
  };
}

function updatesOf({ input }: Context, lines: readonly Line[]): LogFacts['statusUpdates'] {
  const all = ofType(lines, 'status-update');
  return all.map(({ said, entry }, index) => {
    const next = all.slice(index + 1).find((later) => same(later.entry.audience, entry.audience));
    const { nextAt } = entry;
    const known = Math.max(input.to, input.now);
    const kept =
      nextAt === null ? null : next ? next.said.at <= nextAt + graceMs : known > nextAt + graceMs && !isOver(input, nextAt) ? false : null;
    return { ...said, audience: clean(entry.audience, 200), nextAt, kept };
  });
}

/** Where it was over by then, no further word was due. */
const isOver = ({ incident }: Context['input'], at: number): boolean =>
  incident?.resolvedAt !== undefined && incident.resolvedAt !== null && incident.resolvedAt <= at;

function owedOf(context: Context, lines: readonly Line[]): LogFacts['owed'] {
  const { input } = context;
  const known = new Set(lines.map((line) => line.event.id));
  const received = new Map(ofType(lines, 'owed-received').map((line) => [line.entry.owed, line]));
  // Without an incident nobody keeps account; the lines themselves tell.
  const debts =
    input.incident?.owed ??
    ofType(lines, 'owed').map(({ event, entry, said }) => ({
      id: event.id,
      with: entry.with,
      what: entry.what,
      since: said.at,
      dueAt: entry.dueAt,
      receivedAt: received.get(event.id)?.said.at ?? null,
    }));
  return debts.map((it) => ({
    id: it.id,
    with: clean(it.with, 200),
    name: context.name(it.with),
    what: clean(it.what, 200),
    since: it.since,
    dueAt: it.dueAt,
    receivedAt: it.receivedAt,
    state: it.receivedAt !== null ? 'received' : it.dueAt !== null && it.dueAt < input.now ? 'late' : 'open',
    evidence: [
      ...(known.has(it.id) ? [it.id] : input.incident ? [incidentKey(input.incident.id)] : [it.id]),
      ...(received.has(it.id) ? [(received.get(it.id) as Line).event.id] : []),
    ],
  }));
}

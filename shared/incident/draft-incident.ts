/** Drafts the report of an incident: a pure function of what was seen. What the desk cannot know stays a gap for a person. */
import type { Alert } from '../model/alert.ts';
import { namesOf } from '../model/describe-event.ts';
import { type SubjectKind, severityOf } from '../model/words.ts';
import { clean, count } from '../text.ts';
import { humanDuration } from '../time.ts';
import { affectedPart } from './affected.ts';
import { cause } from './cause.ts';
import type { Block, Draft, Section } from './draft.ts';
import { createEvidence } from './evidence.ts';
import { type IncidentFacts, incidentFacts } from './facts.ts';
import type { DraftInput } from './input.ts';
import { summary } from './summary.ts';
import { timelineRows } from './timeline.ts';
import { type Times, timesOf } from './times.ts';
import { unaffectedParts } from './unaffected.ts';

export type { DraftInput } from './input.ts';

/** @returns the draft; every statement in it has evidence, and every piece of evidence is used */
export function draftIncident(input: DraftInput): Draft {
  const names = namesOf(input.subjects, input.plans);
  const facts = incidentFacts(input);
  const moments = [
    ...input.events.filter((event) => event.at <= input.to).map((event) => event.at),
    ...[...facts.spells, ...facts.consequences, ...facts.elsewhere].map((spell) => spell.from),
    ...[...facts.works, ...facts.cutOffs].map((it) => it.from),
    ...input.alerts.flatMap((alert) => [alert.firstAt, alert.raisedAt]),
  ];
  const times = timesOf(input.zone, input.from, input.to, moments);
  const book = createEvidence(input, names, times);
  const affected = affectedPart(input, facts, times);
  const { worked, notKnown } = unaffectedParts(input, facts, affected, book);
  const rows = timelineRows(input, facts, names, times);

  const sections: Section[] = [
    { key: 'summary', title: 'Summary', blocks: summary(input, facts, times, book, names.check) },
    ...section('affected', 'What was affected', affected.blocks),
    ...section('not-affected', 'What was not affected', worked),
    ...section('not-known', 'What is not known', notKnown),
    ...section('timeline', 'Timeline', [
      ...cut(input, times),
      ...(rows.length > 0 ? [{ kind: 'table' as const, columns: [times.column, 'Event', 'By'], rows }] : []),
    ]),
    { key: 'cause', title: 'Cause', blocks: cause(input, facts, times) },
    { key: 'actions', title: 'What we do now', blocks: [{ kind: 'gap', text: 'What do we do about it, who does it, and by when?' }] },
  ];
  const still = facts.open.length > 0 ? ' so far' : '';
  return {
    title: titleOf(input, facts, times),
    subtitle: `${clean(input.organization.name, 120)} · ${times.title} · ${input.alerts.length > 0 ? `${humanDuration(facts.lastedMs)}${still}` : humanDuration(input.to - input.from)}`,
    zone: input.zone,
    from: input.from,
    to: input.to,
    sections,
    evidence: book.number(sections),
  };
}

const section = (key: Section['key'], title: string, blocks: Block[]): Section[] => (blocks.length > 0 ? [{ key, title, blocks }] : []);

/** What customers know names a report better than a machine does. */
const kindOrder: readonly SubjectKind[] = ['service', 'mail', 'link', 'prefix', 'site', 'host', 'desk'];

function titleOf(input: DraftInput, facts: IncidentFacts, times: Times): string {
  const given = clean(input.title ?? '', 200);
  if (given !== '') return given;
  const rank = (alert: Alert): number => kindOrder.indexOf(alert.subject.kind);
  // What went on as part of another alert is told by that one.
  const alerts = facts.told.length > 0 ? facts.told : input.alerts;
  const worst = alerts.toSorted((a, b) => severityOf(b.severity) - severityOf(a.severity) || rank(a) - rank(b) || a.firstAt - b.firstAt)[0];
  if (!worst)
    return facts.spells.length + facts.planned.length + facts.elsewhere.length > 0
      ? `What happened ${times.span(input.from, input.to)}`
      : `No trouble ${times.span(input.from, input.to)}`;
  return `${clean(worst.title, 200)}${alerts.length > 1 ? `, and ${count(alerts.length - 1, 'more problem')}` : ''}`;
}

/** A table that begins late must not look as if nothing had happened before. */
function cut(input: DraftInput, times: Times): Block[] {
  const [first] = input.events;
  if (!input.eventsCut || !first) return [];
  const text = `There are more events than this table is made of: it begins ${times.when(first.at)}. For what came before, draft a shorter stretch of time.`;
  return [{ kind: 'text', statements: [{ text, evidence: [first.id] }] }];
}

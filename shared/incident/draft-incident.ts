/** Drafts the report of an incident: a pure function of what was seen. What the desk cannot know stays a gap for a person. */
import type { Alert } from '../model/alert.ts';
import { namesOf } from '../model/describe-event.ts';
import { type SubjectKind, severityOf } from '../model/words.ts';
import { clean, count, listOf } from '../text.ts';
import { humanDuration } from '../time.ts';
import { affectedPart } from './affected.ts';
import type { Block, Draft, Section, Statement } from './draft.ts';
import { alertKey, createEvidence, type EvidenceBook, few, namesList } from './evidence.ts';
import { type IncidentFacts, incidentFacts } from './facts.ts';
import type { DraftInput } from './input.ts';
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
    ...[...facts.spells, ...facts.elsewhere].map((spell) => spell.from),
    ...input.alerts.flatMap((alert) => [alert.firstAt, alert.raisedAt]),
  ];
  const times = timesOf(input.zone, input.from, input.to, moments);
  const book = createEvidence(input, names, times);
  const affected = affectedPart(input, facts, times);
  const { worked, notKnown } = unaffectedParts(input, facts, affected.subjects, book);
  const rows = timelineRows(input, names, times);

  const sections: Section[] = [
    { key: 'summary', title: 'Summary', blocks: summary(input, facts, times, book, names.check) },
    ...section('affected', 'What was affected', affected.blocks),
    ...section('not-affected', 'What was not affected', worked),
    ...section('not-known', 'What is not known', notKnown),
    ...section('timeline', 'Timeline', [
      ...cut(input, times),
      ...(rows.length > 0 ? [{ kind: 'table' as const, columns: [times.column, 'Event', 'By'], rows }] : []),
    ]),
    { key: 'cause', title: 'Cause', blocks: cause(input, times) },
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
  const worst = input.alerts.toSorted(
    (a, b) => severityOf(b.severity) - severityOf(a.severity) || rank(a) - rank(b) || a.firstAt - b.firstAt,
  )[0];
  if (!worst)
    return facts.spells.length + facts.elsewhere.length > 0
      ? `What happened ${times.span(input.from, input.to)}`
      : `No trouble ${times.span(input.from, input.to)}`;
  return `${clean(worst.title, 200)}${input.alerts.length > 1 ? `, and ${count(input.alerts.length - 1, 'more problem')}` : ''}`;
}

/** What failed, since when, who took it, when it was over; exact numbers. */
function summary(input: DraftInput, facts: IncidentFacts, times: Times, book: EvidenceBook, nameOfCheck: (id: string) => string): Block[] {
  const { firstSymptom, detection, acknowledgement, recovery } = facts;
  const said: Statement[] = [];
  if (!detection) {
    const key =
      input.plans.length > 0 ? book.coverage('all checks', input.plans) : book.unwatched({ kind: 'desk', id: 'desk', name: 'The desk' });
    said.push({ text: `There was no alert from ${times.span(input.from, input.to)}.`, evidence: [key] });
  } else {
    const [alert, ...others] = detection.alerts;
    if (firstSymptom) {
      const seen = firstSymptom.text ? `, ${clean(firstSymptom.text, 200).replace(/\.$/, '')}` : '';
      said.push({
        text: `The first symptom came ${times.when(firstSymptom.at)}: ${nameOfCheck(firstSymptom.check)}${seen}.`,
        evidence: firstSymptom.evidence,
      });
    }
    const after = firstSymptom && detection.at > firstSymptom.at ? `, ${humanDuration(detection.at - firstSymptom.at)} later` : '';
    said.push(
      others.length === 0
        ? {
            text: `The alert “${clean(alert?.title ?? '', 200)}” was raised ${times.when(detection.at)}${after}.`,
            evidence: detection.evidence,
          }
        : {
            text: `The first of ${count(detection.alerts.length, 'alert')} was raised ${times.when(detection.at)}${after}: ${listOf(
              detection.alerts.map((it) => `“${clean(it.title, 120)}”`),
              4,
            )}.`,
            evidence: few(detection.evidence),
          },
    );
    said.push(
      acknowledgement
        ? {
            text: `${clean(acknowledgement.by, 80)} took it on ${times.when(acknowledgement.at)}, ${humanDuration(acknowledgement.afterMs)} after the alert: “${clean(acknowledgement.comment, 300)}”.`,
            evidence: acknowledgement.evidence,
          }
        : { text: 'Nobody is on record as having taken it on.', evidence: few(detection.alerts.map((it) => alertKey(it.id))) },
    );
    said.push(...ending(input, facts, times, recovery));
    if (facts.failedChecks.length > 0) {
      const evidence = few(
        facts.failedChecks.flatMap((id) => facts.spells.find((spell) => spell.check === id)?.evidence.slice(0, 1) ?? []),
      );
      said.push({
        text: `${facts.failedChecks.length} of ${count(facts.watched, 'check')} failed: ${whatFailed(input, facts, nameOfCheck)}.`,
        evidence,
      });
    }
  }
  for (const gap of facts.gaps.slice(0, 5)) {
    const text = gap.crashed
      ? `The watching process of the desk ended by itself ${times.when(gap.at)} and was started again.`
      : `Nothing was watched ${times.lasting(gap.at, gap.to)}; what happened then is not known.`;
    said.push({ text, evidence: gap.evidence });
  }
  return [{ kind: 'text', statements: said }];
}

/** The checks by name where they are few, otherwise the things that they belong to. */
function whatFailed(input: DraftInput, facts: IncidentFacts, nameOfCheck: (id: string) => string): string {
  if (facts.failedChecks.length <= 4) return namesList(facts.failedChecks.map(nameOfCheck));
  const ids = new Set(facts.failedChecks.map((id) => id.split('/')[0]));
  return `those of ${namesList(
    [...ids].map((id) => input.subjects.find((it) => it.id === id)?.name ?? String(id)),
    8,
  )}`;
}

function ending(input: DraftInput, facts: IncidentFacts, times: Times, recovery: IncidentFacts['recovery']): Statement[] {
  const said: Statement[] = [];
  const begin = facts.firstSymptom ? 'the first symptom' : 'it began';
  if (facts.closed.length > 0) {
    const names = listOf(
      facts.closed.map(({ alert }) => `“${clean(alert.title, 120)}”`),
      4,
    );
    said.push({
      text: `Whether ${names} recovered is not known, as ${clean(facts.closed[0]?.why ?? '', 200)}.`,
      evidence: few(facts.closed.flatMap((it) => it.evidence)),
    });
  }
  if (facts.open.length > 0) {
    const all = facts.open.length === input.alerts.length;
    const were = facts.open.length === 1 ? 'was' : 'were';
    const which =
      input.alerts.length === 1
        ? 'It was'
        : all
          ? `All ${facts.open.length} were`
          : `${facts.open.length} of ${input.alerts.length} alerts ${were}`;
    said.push({
      text: `${which} still open ${times.when(input.to)}, ${humanDuration(facts.lastedMs)} after ${begin}.`,
      evidence: few(facts.open.map((it) => alertKey(it.id))),
    });
  } else if (recovery && facts.closed.length < input.alerts.length) {
    said.push({
      text: `${input.alerts.length === 1 ? 'It was over' : 'All of it was over'} ${times.when(recovery.at)}, ${humanDuration(facts.lastedMs)} after ${begin}.`,
      evidence: recovery.evidence,
    });
  }
  return said;
}

/** A table that begins late must not look as if nothing had happened before. */
function cut(input: DraftInput, times: Times): Block[] {
  const [first] = input.events;
  if (!input.eventsCut || !first) return [];
  const text = `There are more events than this table is made of: it begins ${times.when(first.at)}. For what came before, draft a shorter stretch of time.`;
  return [{ kind: 'text', statements: [{ text, evidence: [first.id] }] }];
}

/** The desk sees what fails, never why; people who wrote something down are quoted as what they are: people who said it. */
function cause(input: DraftInput, times: Times): Block[] {
  const ids = new Set(input.alerts.map((alert) => alert.subject.id));
  const notes = input.events.flatMap((event) => {
    if (event.kind !== 'note' || event.at > input.to) return [];
    if (event.subject && ids.size > 0 && !isNear(input, event.subject.id, ids)) return [];
    const about = event.subject
      ? ` on ${clean(input.subjects.find((it) => it.id === event.subject?.id)?.name ?? event.subject.id, 120)}`
      : '';
    return [
      {
        text: `${clean(event.actor, 80)} wrote${about} ${times.when(event.at)}: “${clean(event.payload.text, 1_000)}”`,
        evidence: [event.id],
      },
    ];
  });
  const gap: Block = { kind: 'gap', text: 'What was the cause? The desk cannot know it.' };
  return notes.length > 0 ? [gap, { kind: 'list', statements: notes.slice(0, 20) }] : [gap];
}

function isNear(input: DraftInput, id: string, ids: ReadonlySet<string>): boolean {
  if (ids.has(id)) return true;
  const subject = input.subjects.find((it) => it.id === id);
  const carried = input.subjects.some((it) => ids.has(it.id) && (it.hosts.includes(id) || it.dependsOn.includes(id) || it.site === id));
  return carried || (subject !== undefined && [...subject.hosts, ...subject.dependsOn].some((it) => ids.has(it)));
}

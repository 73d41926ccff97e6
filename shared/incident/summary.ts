/** What failed, since when, who was told and took it, when it was over; exact numbers. */
import { clean, count, listOf } from '../text.ts';
import { humanDuration } from '../time.ts';
import { unreachedByAlert } from './consequences.ts';
import type { Block, Statement } from './draft.ts';
import { alertKey, type EvidenceBook, few, namesList } from './evidence.ts';
import type { IncidentFacts } from './facts.ts';
import type { DraftInput } from './input.ts';
import { escalationStatements, handStatements, notToldStatements, toldStatements } from './people.ts';
import { type PlannedWork, workOn } from './planned.ts';
import { quoted } from './quote.ts';
import { merge, sumOf, without } from './stretches.ts';
import type { Times } from './times.ts';

export function summary(
  input: DraftInput,
  facts: IncidentFacts,
  times: Times,
  book: EvidenceBook,
  nameOfCheck: (id: string) => string,
): Block[] {
  const story = [
    ...detectionStatements(input, facts, times, nameOfCheck),
    ...endStatements(input, facts, times),
    ...failedStatements(input, facts, nameOfCheck),
  ];
  const said: Statement[] = facts.detection ? story : [quiet(input, times, book)];
  said.push(...workStatements(input, facts, times), ...blindStatements(facts, times), ...notToldStatements(input, times));
  return [{ kind: 'text', statements: said }];
}

/** When nobody could see: the desk cut off, nothing watched. */
function blindStatements(facts: IncidentFacts, times: Times): Statement[] {
  const said: Statement[] = [];
  for (const it of facts.cutOffs.slice(0, 5)) {
    const when = it.to === null ? `since ${times.moment(it.from)}` : times.lasting(it.from, it.to);
    said.push({ text: `This desk itself was cut off ${when}; what happened beyond it then is not known.`, evidence: it.evidence });
  }
  for (const gap of facts.gaps.slice(0, 5)) {
    const text = gap.crashed
      ? `The watching process of the desk ended by itself ${times.when(gap.at)} and was started again.`
      : `Nothing was watched ${times.lasting(gap.at, gap.to)}; what happened then is not known.`;
    said.push({ text, evidence: gap.evidence });
  }
  return said;
}

function quiet(input: DraftInput, times: Times, book: EvidenceBook): Statement {
  const key =
    input.plans.length > 0 ? book.coverage('all checks', input.plans) : book.unwatched({ kind: 'desk', id: 'desk', name: 'The desk' });
  return { text: `There was no alert from ${times.span(input.from, input.to)}.`, evidence: [key] };
}

/** The first symptom, the alert, who was told, who took it. @param taken what is said where nobody acknowledged an alert */
export function detectionStatements(
  input: DraftInput,
  facts: IncidentFacts,
  times: Times,
  nameOfCheck: (id: string) => string,
  taken: readonly Statement[] = [],
): Statement[] {
  const { firstSymptom, detection, acknowledgement, scope } = facts;
  if (!detection) return [];
  const said: Statement[] = [];
  const [alert, ...others] = detection.alerts;
  if (firstSymptom) {
    const seen = firstSymptom.text ? `, ${clean(firstSymptom.text, 200).replace(/\.$/, '')}` : '';
    const within = firstSymptom.work ? `, within planned work “${clean(firstSymptom.work.name, 120)}”` : '';
    said.push({
      text: `The first symptom came ${times.when(firstSymptom.at)}${within}: ${nameOfCheck(firstSymptom.check)}${seen}.`,
      evidence: few([...firstSymptom.evidence, ...(firstSymptom.work?.evidence ?? [])]),
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
  said.push(...toldStatements(input, scope, times), ...escalationStatements(input, scope, times));
  said.push(
    acknowledgement
      ? {
          text: `${clean(acknowledgement.by, 80)} took it on ${times.when(acknowledgement.at)}, ${humanDuration(acknowledgement.afterMs)} after the alert: ${quoted(acknowledgement.comment, 300)}`,
          evidence: acknowledgement.evidence,
        }
      : (taken[0] ?? { text: 'Nobody is on record as having taken it on.', evidence: few(detection.alerts.map((it) => alertKey(it.id))) }),
  );
  said.push(...handStatements(input, scope, times));
  return said;
}

/** "3 of 8 checks failed: …; 6 more things could not be reached because of it." */
function failedStatements(input: DraftInput, facts: IncidentFacts, nameOfCheck: (id: string) => string): Statement[] {
  if (facts.failedChecks.length === 0) return [];
  const first = new Map(facts.spells.toReversed().map((spell) => [spell.check, spell.evidence[0]]));
  const unreached = new Set([...unreachedByAlert(facts).values()].flatMap((ids) => [...ids])).size;
  const more = unreached > 0 ? `; ${count(unreached, 'more thing')} could not be reached because of it` : '';
  return [
    {
      text: `${facts.failedChecks.length} of ${count(facts.watched, 'check')} failed: ${whatFailed(input, facts, nameOfCheck)}${more}.`,
      evidence: few(facts.failedChecks.flatMap((id) => first.get(id) ?? [])),
    },
  ];
}

/** The checks by name where they are few, otherwise the things that they belong to. */
function whatFailed(input: DraftInput, facts: IncidentFacts, nameOfCheck: (id: string) => string): string {
  if (facts.failedChecks.length <= 4) return namesList(facts.failedChecks.map(nameOfCheck));
  const ids = new Set(facts.failedChecks.map(facts.scope.subjectOf));
  return `those of ${namesList(
    [...ids].map((id) => input.subjects.find((it) => it.id === id)?.name ?? String(id)),
    8,
  )}`;
}

/** When it was over, or that it is not. */
function endStatements(input: DraftInput, facts: IncidentFacts, times: Times): Statement[] {
  if (!facts.detection) return [];
  const { told, open, closed, gone, recovery } = facts;
  const said: Statement[] = [];
  const begin = facts.firstSymptom ? 'the first symptom' : 'it began';
  const titles = (those: readonly { alert: { title: string } }[]): string =>
    listOf(
      those.map(({ alert }) => `“${clean(alert.title, 120)}”`),
      4,
    );
  for (const [into, those] of Map.groupBy(gone, (it) => it.into))
    said.push({
      text: `${titles(those)} went on as part of “${clean(into, 200)}”, which is not part of this report.`,
      evidence: few(those.flatMap((it) => it.evidence)),
    });
  if (closed.length > 0) {
    said.push({
      text: `Whether ${titles(closed)} recovered is not known, as ${clean(closed[0]?.why ?? '', 200)}.`,
      evidence: few(closed.flatMap((it) => it.evidence)),
    });
  }
  if (open.length > 0) {
    const were = open.length === 1 ? 'was' : 'were';
    const which =
      told.length === 1
        ? 'It was'
        : open.length === told.length
          ? `All ${open.length} were`
          : `${open.length} of ${told.length} alerts ${were}`;
    said.push({
      text: `${which} still open ${times.when(input.to)}, ${humanDuration(facts.lastedMs)} after ${begin}.`,
      evidence: few(open.map((it) => alertKey(it.id))),
    });
  } else if (recovery && closed.length < told.length) {
    said.push({
      text: `${told.length === 1 ? 'It was over' : 'All of it was over'} ${times.when(recovery.at)}, ${humanDuration(facts.lastedMs)} after ${begin}.`,
      evidence: recovery.evidence,
    });
  }
  return said;
}

/** When planned work was in force, whether it overran, and how much of the trouble lay within it. */
export function workStatements(input: DraftInput, facts: IncidentFacts, times: Times): Statement[] {
  const { scope, works } = facts;
  const meant = works.filter((work) => scope.alerts.size === 0 || [...scope.subjects].some((id) => work.covers.has(id)));
  const said = meant
    .slice(0, 5)
    .map((work) => ({ text: workText(input, work, times), evidence: few([...work.evidence, ...(work.overrun?.evidence ?? [])]) }));
  const own = [...facts.spells, ...facts.planned.flatMap(({ spell }) => (scope.subjects.has(scope.subjectOf(spell.check)) ? [spell] : []))];
  const total = sumOf(merge(own), input.to);
  const left = [...Map.groupBy(own, (spell) => scope.subjectOf(spell.check))].flatMap(([subject, spells]) =>
    without(merge(spells), workOn(works, subject), input.to),
  );
  const unplanned = sumOf(merge(left), input.to);
  if (meant.length === 0 || own.length === 0 || unplanned >= total) return said;
  const still = own.some((spell) => spell.to === null) ? ' so far' : '';
  const text =
    unplanned === 0
      ? `All of the trouble${still} (${humanDuration(total)}) lay within planned work.`
      : `Of ${humanDuration(total)} of trouble${still}, ${humanDuration(total - unplanned)} lay within planned work and ${humanDuration(unplanned)} did not.`;
  return [...said, { text, evidence: few([...meant.flatMap((work) => work.evidence), ...own.flatMap((spell) => spell.evidence)]) }];
}

function workText(input: DraftInput, work: PlannedWork, times: Times): string {
  const when =
    work.to === null ? `in force since ${times.moment(work.from)}, without an end so far` : `in force ${times.lasting(work.from, work.to)}`;
  const off = work.cancelled ? ', when it was called off' : '';
  if (!work.overrun) return `Planned work “${clean(work.name, 120)}” was ${when}${off}.`;
  const names = namesList(work.overrun.subjects.map((id) => input.subjects.find((it) => it.id === id)?.name ?? id));
  const were = work.overrun.subjects.length === 1 ? 'was' : 'were';
  const end = times.when(work.plannedTo ?? work.overrun.at);
  return `Planned work “${clean(work.name, 120)}” was ${when}${off}; it overran: ${names} ${were} not back ${end}, its planned end.`;
}

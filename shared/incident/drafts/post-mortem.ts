/** The internal report: what happened, who was hit, how it was found and ended, and what is learnt from it. */
import { capital } from '../../alerting/names.ts';
import { clean } from '../../text.ts';
import { affectedPart } from '../affected.ts';
import type { Block, Draft, Section } from '../draft.ts';
import { type IncidentFacts, incidentFacts } from '../facts.ts';
import { notToldStatements } from '../people.ts';
import { detectionStatements, workStatements } from '../summary.ts';
import { mostRead, timelineOf } from '../timeline.ts';
import { unaffectedParts } from '../unaffected.ts';
import type { DocumentInput } from './index.ts';
import { namedWhen } from './named-words.ts';
import { called, finish, list, type Page, pageOf, prose, say, section, table } from './page.ts';
import { causeBlocks, contributingBlocks, resolutionBlocks, triggerBlocks } from './post-mortem-causes.ts';
import { dataStatements, impactStatements, mailStatements, summaryStatements } from './post-mortem-impact.ts';
import { lessons } from './post-mortem-lessons.ts';
import { networkBlocks } from './post-mortem-network.ts';
import { actionBlocks, contactBlocks, customerBlocks, owedStatements, plannedBlocks, progressBlocks } from './post-mortem-people.ts';
import { slaStatements } from './sla-words.ts';

/** Drafts the post-mortem. Beside what was seen it says only what somebody wrote, and who did. */
export function postMortem(input: DocumentInput): Draft {
  const page = pageOf(input);
  const { times, book, names } = page;
  const facts = incidentFacts(input);
  const affected = affectedPart(input, facts, times);
  const { worked, notKnown } = unaffectedParts(input, facts, affected, book);
  const { rows, rest } = timelineOf(input, facts, names, times, mostRead);
  const columns = [times.column, 'Event', 'By'];
  const learnt = lessons(page);

  const sections: Section[] = [
    ...section('summary', 'Summary', prose(...summaryStatements(page))),
    ...section('impact', 'Impact', list(...impactStatements(page))),
    ...section('detection', 'How it was noticed', ...detectionBlocks(page, facts)),
    ...section('affected', 'What was affected', ...affected.blocks),
    ...section('not-affected', 'What was not affected', ...worked),
    ...section('not-known', 'What is not known', list(...gapStatements(page)), ...notKnown),
    ...section('network', 'Links and traffic', ...networkBlocks(page)),
    ...section('mail-and-data', 'Mail and data', list(...mailStatements(page), ...dataStatements(page)), ...openGaps(page)),
    ...section('timeline', 'Timeline', ...lateStart(input, page), table(columns, rows)),
    ...section('trigger', 'Trigger', ...triggerBlocks(page)),
    ...section('contributing', 'Contributing factors', ...contributingBlocks(page)),
    ...section('cause', 'Cause', ...causeBlocks(page)),
    ...section('resolution', 'Resolution', ...resolutionBlocks(page)),
    ...section('planned', 'Planned against actual', ...plannedBlocks(page, workStatements(input, facts, times))),
    ...section('contacts', 'Contact log', ...contactBlocks(page)),
    ...section('customers', 'Customers', ...customerBlocks(page)),
    ...section('progress', 'Restore progress', ...progressBlocks(page)),
    ...section('went-well', 'What went well', ...learnt.well),
    ...section('went-badly', 'What went badly', ...learnt.badly),
    ...section('luck', 'Where we were lucky', ...learnt.luck),
    ...section('actions', 'What we do now', ...actionBlocks(page)),
    ...section('owed', 'What is owed to us', list(...owedStatements(page))),
    ...section('sla', 'Service level', list(...slaStatements(page))),
    ...section(
      'appendix',
      'Appendix: the rest of the timeline',
      ...(rest.length > 0 ? [prose(...bounded(page, rest.length)), table(columns, rest)] : []),
    ),
  ];
  const lasted = page.facts.durations.lastedMs;
  const still = page.facts.ongoing ? ' so far' : '';
  return finish(page, titleOf(page), sections, `${times.duration(lasted > 0 ? lasted : input.to - input.from)}${lasted > 0 ? still : ''}`);
}

function titleOf({ facts, times, input }: Page): string {
  if (facts.title !== '') return facts.title;
  return facts.affected.length + facts.elsewhere.length > 0
    ? `What happened ${times.span(input.from, input.to)}`
    : `No trouble ${times.span(input.from, input.to)}`;
}

/** The first symptom, the alert, who was told, who took it, and who could not be told. */
function detectionBlocks(page: Page, facts: IncidentFacts): Block[] {
  const { input, facts: report, times, names } = page;
  const { detection, customers, identification } = report;
  const { acknowledgement: opened } = report;
  const took =
    facts.acknowledgement === null && opened && facts.detection
      ? say(
          `${called(opened.by)} took it on ${times.when(opened.at)}${opened.at > facts.detection.at ? `, ${times.duration(opened.at - facts.detection.at)} after the alert,` : ''} by opening an incident.`,
          opened.evidence,
        )
      : [];
  const noticed = detectionStatements(input, facts, times, names.check, took);
  const known =
    detection && detection.by !== 'desk' && facts.detection === null
      ? say(
          `It was ${detection.by === 'customers' ? 'reported by customers' : 'written down'} ${times.when(detection.at)}; the desk raised no alert.`,
          detection.evidence,
        )
      : [];
  const before =
    customers?.beforeDetection && facts.detection && customers.first.at < facts.detection.at
      ? say(
          `Customers were first: they reported it ${times.when(customers.first.at)}, ${times.duration(facts.detection.at - customers.first.at)} before the alert.`,
          customers.first.evidence,
        )
      : [];
  const found =
    identification && report.firstSymptom
      ? say(
          `The cause was ${identification.how === 'status' ? 'called identified' : 'written down'} ${times.when(identification.at)}${since(identification.at - report.firstSymptom.at, times)}.`,
          identification.evidence,
        )
      : [];
  return [prose(noticed, known, before, namedWhen(page), found, notToldStatements(input, times))];
}

const since = (ms: number, times: Page['times']): string => (ms >= 1_000 ? `, ${times.duration(ms)} after the first symptom` : '');

/** A table that begins late must not look as if nothing had happened before. */
function lateStart(input: DocumentInput, { times }: Page): Block[] {
  const [first] = input.events;
  if (!input.eventsCut || !first) return [];
  return [prose(say(`There are more events than this table is made of: it begins ${times.when(first.at)}.`, first.id))];
}

function bounded({ input }: Page, rows: number) {
  const last = input.events.at(-1);
  const left = input.leftOut ?? 0;
  const more = left > 0 ? ` ${left} lines of single retries are left out; the desk keeps them.` : '';
  return [
    say(
      `${rows === 1 ? 'This line is' : `These ${rows} lines are`} not in the table above. Every single event is in the CSV of the timeline.${more}`,
      last?.id,
    ),
  ];
}

/** When nobody could see: nothing watched, the desk cut off, the store damaged. */
function gapStatements({ facts, times }: Page) {
  const shown = facts.gaps.filter((it) => it.why !== 'events-cut').slice(0, 8);
  return shown.map((it) => {
    const when = it.to === null ? `since ${times.moment(it.from)}` : it.to > it.from ? times.lasting(it.from, it.to) : times.when(it.from);
    const text = {
      'asleep-or-frozen': `Nothing was watched ${when}: the computer of the desk slept or stood still.`,
      'not-running': `Nothing was watched ${when}: Nightdesk was not running.`,
      'clock-jump': `The clock of the desk's computer was changed ${when}; times around that may be off.`,
      crashed: `The watching process of the desk ended by itself ${when} and was started again.`,
      'cut-off': `The desk itself was cut off ${when}: what it saw of anything remote then means nothing.`,
      'events-cut': '',
      store: `${capital(clean(it.text, 300))} (${when}).`,
    }[it.why];
    return say(text, it.evidence);
  });
}

/** What was seen of mail and data leaves open. */
function openGaps({ facts }: Page): Block[] {
  return facts.open.filter((it) => it.key === 'mail-lost' || it.key === 'data-lost').map((it) => ({ kind: 'gap' as const, text: it.text }));
}

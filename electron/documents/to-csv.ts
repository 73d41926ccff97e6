/** The timeline of a story as a table for spreadsheets: every line of it, also those that the document folds together. */
import { toCsv } from '../../shared/csv.ts';
import { drillTable } from '../../shared/documents/drill-band.ts';
import { belongsTo } from '../../shared/incident/belongs.ts';
import { incidentFacts } from '../../shared/incident/facts.ts';
import type { DraftInput } from '../../shared/incident/input.ts';
import { describeEvent, namesOf } from '../../shared/model/describe-event.ts';
import type { NightEvent } from '../../shared/model/event.ts';
import { clean, count } from '../../shared/text.ts';
import { stamp } from '../../shared/time.ts';
import type { InputStore } from '../store/gather-input.ts';
import type { Paper } from './paper.ts';

const mostRows = 120_000;
const pageRows = 2_000;

export type TimelineRow = (string | number | null)[];

/** Reads the lines of the story, as cells, newest first: id, then what a row shows. One page at a time, as events are large. */
export function timelineOf(store: Pick<InputStore, 'events'>, input: DraftInput): { rows: TimelineRow[]; cut: boolean } {
  const names = namesOf(input.subjects, input.plans);
  const isOurs = belongsTo(input, incidentFacts(input));
  const row = (event: NightEvent): TimelineRow => {
    const { label, text } = describeEvent(event, names);
    const { at, actor, id } = event;
    return [isoOf(at), stamp(at, input.zone), clean(label, 200), clean(text, 4_500), clean(actor ?? '', 120), clean(id, 100)];
  };
  // What was written after the end and dated back, or belongs to the incident, is in the input alone.
  const late = input.events.filter((it) => it.at > input.to && isOurs(it));
  const rows = [...late].reverse().map(row);
  const seen = new Set(late.map((it) => it.id));
  for (let before: string | null = null; rows.length < mostRows; ) {
    const page: NightEvent[] = store.events({
      before,
      limit: pageRows,
      kinds: null,
      subjects: null,
      text: null,
      from: input.from,
      to: input.to,
    });
    rows.push(...page.filter((it) => !seen.has(it.id) && isOurs(it)).map(row));
    if (page.length < pageRows) return { rows, cut: false };
    before = page.at(-1)?.id ?? null;
  }
  return { rows, cut: true };
}

/** @param timeline as timelineOf reads it; the number of a line in the document's evidence stands with it */
export function paperToCsv(paper: Paper, timeline: ReturnType<typeof timelineOf>, zone: string): string {
  const numbers = new Map(paper.evidence.map((it) => [it.event, it.number]));
  const cut: TimelineRow[] = timeline.cut
    ? [[null, null, `There were more than ${count(mostRows, 'line')}: earlier ones are left out.`, null, null, null, null]]
    : [];
  const header = ['Time (UTC)', `Time (${zone})`, 'What', 'Details', 'Who', 'Event', 'Evidence in the document'];
  const rows = [...cut, ...timeline.rows.toReversed().map((row) => [...row, numbers.get(String(row[5])) ?? null])];
  const table = paper.drill ? drillTable(header, rows) : { header, rows };
  return toCsv(table.header, table.rows);
}

/** ISO 8601 in seconds; a clock that was far off gives no time at all. */
const isoOf = (at: number): string => (Math.abs(at) <= 8.64e15 ? new Date(at).toISOString().replace(/\.\d+Z$/, 'Z') : '');

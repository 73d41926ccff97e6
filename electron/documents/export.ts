/** Brings a document into one format. Reads the store first, then writes: nothing of it changes in between. */
import type { Reply } from '../../shared/bind.ts';
import type { ExportedDocument } from '../../shared/contract.ts';
import { countPieces } from '../../shared/documents/blocks.ts';
import type { Chart } from '../../shared/documents/chart.ts';
import { drillFileName } from '../../shared/documents/drill-band.ts';
import { formatFacts, refusalOf } from '../../shared/documents/formats.ts';
import { toCalendar } from '../../shared/documents/ical.ts';
import { draftFileName } from '../../shared/incident/file-name.ts';
import { type ReportFacts, reportFacts } from '../../shared/incident/report-facts.ts';
import type { DocumentFormat, NightDocument } from '../../shared/model/document.ts';
import type { Plan } from '../../shared/model/plan.ts';
import { fail, ok } from '../../shared/result.ts';
import type { InputStore } from '../store/gather-input.ts';
import { type About, documentInput, storyOf } from '../store/make-document.ts';
import { type ChartReaders, chartsOf } from './charts.ts';
import { layOut, lettersOf, mostLettersOfAll, type Paper } from './paper.ts';
import { paperToCsv, timelineOf } from './to-csv.ts';
import { paperToHtml } from './to-html.ts';
import { paperToJson } from './to-json.ts';
import { paperToMarkdown } from './to-markdown.ts';
import { blocksToText, paperToText } from './to-text.ts';

export interface ExportReaders {
  store: InputStore;
  /** null: without charts. */
  charts: ChartReaders | null;
}

/** What is exported, and what it is about. */
export interface ExportRequest extends About {
  document: NightDocument;
  format: DocumentFormat;
  /** It tells of a drill: whatever is written says so. */
  drill?: boolean;
}

/** Everything that a document is exported from, read. */
export interface Prepared extends Pick<ExportRequest, 'document' | 'window'> {
  organization: string;
  drill: boolean;
  /** When the story began, epoch ms: its day is the first word of the file's name. */
  from: number;
  charts: Chart[];
  /** Raised by what was changed of planned work. */
  sequence: number;
  /** Every line of the story, and its facts; null where the format has no use for them. */
  timeline: ReturnType<typeof timelineOf> | null;
  facts: ReportFacts | null;
  now: number;
}

/** Reads what it takes. A year takes seconds: only the worker calls this in the app. @param now epoch ms */
export function prepare({ store, charts }: ExportReaders, plan: Plan, request: ExportRequest, now: number): Prepared {
  const { document, format, window, incident, drill = false } = request;
  const { kind, options } = document;
  const story = storyOf(store, request, now);
  const about = { ...story, kind, options, subjects: incident?.subjects ?? [] };
  const input = format === 'json' || format === 'csv' ? documentInput(store, plan, { ...request, options }, now) : null;
  return {
    document,
    window,
    organization: plan.organization.name,
    drill,
    // Planned work is called after its own day, also when that is still to come.
    from: window?.from ?? story.from,
    charts: charts && format !== 'csv' && format !== 'ical' ? chartsOf(charts, plan, about, now) : [],
    sequence: window === null ? 0 : changesOf(store, window),
    timeline: input && format === 'csv' ? timelineOf(store, input) : null,
    facts: input && format === 'json' ? reportFacts(input) : null,
    now,
  };
}

const mostEvents = 100_000;
/** Each takes some 20 KB while it is written. */
const mostDocxPieces = 10_000;

/** How often planned work was changed: what calendars go by to tell the newer of two. Of the inventory's nobody tells; it was read anew then. */
function changesOf(store: InputStore, window: { id: string; source: 'desk' | 'inventory' }): number {
  const all = store.events({
    before: null,
    limit: mostEvents,
    kinds: [
      'maintenance-changed',
      'maintenance-started',
      'maintenance-ended',
      ...(window.source === 'inventory' ? (['inventory-loaded'] as const) : []),
    ],
    subjects: null,
    text: null,
    from: null,
    to: null,
  });
  return all.filter((it) => it.kind === 'inventory-loaded' || ('window' in it.payload && it.payload.window === window.id)).length;
}

/** Writes what was read. PDF comes as the HTML that is printed. */
export async function write(prepared: Prepared, format: DocumentFormat): Promise<Reply<ExportedDocument>> {
  const { document, charts, from, timeline, facts, now, drill } = prepared;
  const refusal = refusalOf(document.kind, format);
  if (refusal !== null) return fail({ code: 'bad-format', text: refusal });
  if (lettersOf(document) > mostLettersOfAll)
    return fail({ code: 'too-long', text: 'This document is too long to be exported (more than 1.5 million letters). Shorten it first.' });
  const { ending, mediaType } = formatFacts[format];
  const name = `${draftFileName({ title: document.title, from, zone: document.options.zone })}.${ending}`;
  const fileName = drill ? drillFileName(name) : name;
  const done = (text: string | null, base64: string | null = null) => ok({ fileName, format, mediaType, text, base64 });
  const paper = layOut(document, charts, drill);
  switch (format) {
    case 'markdown':
      return done(paperToMarkdown(paper));
    case 'html':
    case 'pdf':
      return done(paperToHtml(paper));
    case 'text':
      return done(paperToText(paper));
    case 'json':
      return facts ? done(paperToJson(paper, document, facts, now)) : notPrepared(format);
    case 'csv':
      return timeline ? done(paperToCsv(paper, timeline, document.options.zone)) : notPrepared(format);
    case 'docx': {
      if (paper.sections.reduce((sum, it) => sum + countPieces(it.blocks), 0) > mostDocxPieces)
        return fail({
          code: 'too-long',
          text: 'This document is too long for a Word document (more than 10,000 lines and cells). Choose another format.',
        });
      // Only here: it is large, and wanted seldom.
      const { paperToDocx } = await import('./to-docx.ts');
      return done(null, (await paperToDocx(paper)).toString('base64'));
    }
    case 'ical': {
      const made = calendarOf(paper, prepared);
      return made.ok ? done(made.value) : made;
    }
  }
}

const notPrepared = (format: DocumentFormat): never => {
  throw new Error(`what ${format} is made of was not read`);
};

function calendarOf(paper: Paper, { window, organization, sequence, now }: Prepared): Reply<string> {
  if (!window)
    return fail({
      code: 'no-time',
      text: 'The planned work that this document is about is not there any more, so there is nothing to enter into a calendar.',
    });
  const said = paper.sections.map((it) => [it.title, blocksToText(it.blocks)].filter((part) => part !== '').join('\n'));
  const description = [paper.subtitle, ...said].filter((part) => part !== '').join('\n\n');
  return toCalendar({ window, summary: paper.title, description, organization, sequence, now, drill: paper.drill });
}

/** How a drill went, in words: for the screen of the debrief, and as text to take along. Pure. */
import { documentTitles } from '../../shared/incident/drafts/index.ts';
import type { Debrief, DebriefDocument, FaultStory } from '../../shared/scenario/debrief.ts';
import { clean, count } from '../../shared/text.ts';
import { clock, dayKey, dayName, humanDuration, zoneName, zoneTitle } from '../../shared/time.ts';

export type Tone = 'good' | 'bad' | 'open';
/** One cell of a fault's row. */
export interface Step {
  title: string;
  tone: Tone;
  /** "03:18:34 EDT"; null = not (yet). */
  time: string | null;
  /** "after 24 s", "by Anna", "not yet". */
  note: string;
  /** What was said at that moment, or null. */
  quote: string | null;
}

/** "after 6 min"; what comes within a second came at once. */
export const afterText = (from: number, at: number): string => (at - from < 1_000 ? 'at once' : `after ${humanDuration(at - from)}`);

/** "03:18:34 EDT", with its day where that is not the drill's first one. */
export function timeText(at: number, { start, zone }: Pick<Debrief, 'start' | 'zone'>): string {
  const time = `${clock(at, zone)} ${zoneName(at, zone)}`;
  return dayKey(at, zone) === dayKey(start, zone) ? time : `${dayName(at, zone).replace(/ \d{4}$/, '')}, ${time}`;
}

/** The five moments of a fault, in the order in which they should come. */
export function stepsOf(it: FaultStory, debrief: Pick<Debrief, 'start' | 'zone' | 'over'>): Step[] {
  const missing = (late: string): string => (debrief.over ? late : 'not yet');
  const step = (title: string, at: number | null, note: string, late: string, quote: string | null = null): Step =>
    at === null
      ? { title, tone: debrief.over ? 'bad' : 'open', time: null, note: missing(late), quote: null }
      : { title, tone: 'good', time: timeText(at, debrief), note, quote: quote === null ? null : clean(quote, 300) };
  const after = (at: number | null): string => (at === null ? '' : afterText(it.from, at));
  const by = it.acknowledgedBy === null ? '' : `by ${clean(it.acknowledgedBy, 80)}, `;
  const lasts = it.to === null;
  return [
    {
      title: 'Began',
      tone: 'open',
      time: timeText(it.from, debrief),
      note: it.to === null ? 'and lasts' : `until ${timeText(it.to, debrief)}`,
      quote: null,
    },
    step('Shown', it.shownAt, after(it.shownAt), 'never shown', it.shownAs),
    step('Taken', it.acknowledgedAt, `${by}${after(it.acknowledgedAt)}`, 'nobody took it'),
    step('Rightly named', it.namedAt, after(it.namedAt), 'never named', it.namedAs),
    lasts && it.overAt === null
      ? { title: 'Over', tone: 'open', time: null, note: debrief.over ? 'not within the drill' : 'not yet', quote: null }
      : step('Over', it.overAt, overNote(it), it.shownAt === null ? 'there was no alert' : 'its alert did not end'),
  ];
}
/** "40 s after it was mended". An alert may end before: what was left of the fault was not worth one. */
function overNote({ to, overAt }: FaultStory): string {
  if (to === null || overAt === null) return '';
  const ms = overAt - to;
  if (ms < -1_000) return `${humanDuration(-ms)} before it was mended`;
  return ms < 1_000 ? 'as soon as it was mended' : `${humanDuration(ms)} after it was mended`;
}

/** "3 notes", "2 changes of planned work". */
export function deedText({ kind, count: n }: Pick<Debrief['deeds'][number], 'kind' | 'count'>): string {
  const [, head = '', rest = ''] = /^(.*?)( (?:of|to|from) .*)?$/.exec(clean(kind, 60)) ?? [];
  return count(n, `${head}${rest}`, `${head}s${rest}`);
}

export const documentTitle = (it: Pick<DebriefDocument, 'kind'>): string => documentTitles[it.kind];
/** What is missing can still be written while the drill goes on; what is false is false. */
export function documentTone({ missing, wrong }: Pick<DebriefDocument, 'missing' | 'wrong'>, over: boolean): Tone {
  if (wrong.length > 0) return 'bad';
  return missing.length === 0 ? 'good' : over ? 'bad' : 'open';
}
export const documentBy = (it: Pick<DebriefDocument, 'by'>): string =>
  it.by === 'player' ? 'as it was written' : 'nobody wrote one: as Nightdesk would draft it';
/** "12 of 14 facts stated, nothing false". */
export function documentScore({ stated, missing, wrong }: Pick<DebriefDocument, 'stated' | 'missing' | 'wrong'>): string {
  const all = stated.length + missing.length;
  const facts = all === 0 ? 'nothing is expected of it' : `${stated.length} of ${count(all, 'fact')} stated`;
  return `${facts}, ${wrong.length === 0 ? 'nothing false' : count(wrong.length, 'false statement')}`;
}

/** Good news first, then bad news; a drill that goes on is not judged for what can still come. */
export function summaryOf(debrief: Debrief): { good: string[]; bad: string[] } {
  const { faults, falseSentences, documents, over } = debrief;
  const good: string[] = [];
  const bad: string[] = [];
  const of = (n: number, what: string, missed: string): void => {
    const all = faults.length;
    if (n > 0)
      good.push(
        `${n === all ? (all === 1 ? 'The fault' : `All ${all} faults`) : `${n} of ${count(all, 'fault')}`} ${n === 1 ? 'was' : 'were'} ${what}.`,
      );
    if (over && n < all) bad.push(`${count(all - n, 'fault')} ${all - n === 1 ? 'was' : 'were'} ${missed}.`);
  };
  if (faults.length > 0) {
    of(faults.filter((it) => it.shownAt !== null).length, 'shown', 'never shown');
    of(faults.filter((it) => it.acknowledgedAt !== null).length, 'taken by somebody', 'taken by nobody');
    of(faults.filter((it) => it.namedAt !== null).length, 'rightly named', 'never rightly named');
  }
  if (falseSentences.length === 0) {
    if (faults.some((it) => it.shownAt !== null)) good.push('No sentence of the desk was false.');
  } else bad.push(`${count(falseSentences.length, 'sentence')} of the desk named something that was not broken.`);
  const missing = documents.reduce((sum, it) => sum + it.missing.length, 0);
  const wrong = documents.reduce((sum, it) => sum + it.wrong.length, 0);
  const stated = documents.reduce((sum, it) => sum + it.stated.length, 0);
  if (stated > 0) good.push(`${stated} of ${count(stated + missing, 'expected fact')} ${stated + missing === 1 ? 'is' : 'are'} stated.`);
  if (over && missing > 0) bad.push(`${count(missing, 'fact')} ${missing === 1 ? 'is' : 'are'} missing in the documents.`);
  if (wrong > 0) bad.push(`${count(wrong, 'statement')} in the documents ${wrong === 1 ? 'is' : 'are'} false.`);
  return { good, bad };
}

/** Each in the order of the screen. What is quoted stands on one line. */
export function debriefText(debrief: Debrief): string {
  const { name, start, at, zone, over, faults, falseSentences, deeds, documents } = debrief;
  const { good, bad } = summaryOf(debrief);
  const lines = [
    'DRILL. This was an exercise; nothing of it happened.',
    '',
    `Debrief: ${clean(name, 200)}`,
    `${dayName(start, zone)}, ${timeText(start, debrief)} to ${timeText(at, debrief)}. All times in ${zoneTitle(start, zone)}.${over ? '' : ' The drill goes on.'}`,
    ...list('Good news', good),
    ...list('Bad news', bad),
  ];
  for (const it of faults) {
    lines.push('', clean(it.what, 300));
    for (const step of stepsOf(it, debrief)) {
      const words = [step.time, step.note && (step.time ? `(${step.note})` : step.note), step.quote && `“${step.quote}”`];
      lines.push(`  ${step.title}: ${words.filter(Boolean).join(' ')}`);
    }
  }
  lines.push(
    ...list(
      'False sentences',
      falseSentences.map((it) => `${timeText(it.at, debrief)}: “${clean(it.sentence, 300)}”`),
    ),
    ...list(
      'Done',
      deeds.map((it) => `${deedText(it)}, first ${timeText(it.firstAt, debrief)}`),
    ),
  );
  for (const it of documents) {
    lines.push('', `${documentTitle(it)} (${documentBy(it)}): ${documentScore(it)}`);
    for (const fact of it.wrong) lines.push(`  False: ${clean(fact.fact, 300)} (${clean(fact.section, 100)}: “${clean(fact.text, 300)}”)`);
    for (const fact of it.missing) lines.push(`  Missing: ${clean(fact, 300)}`);
    for (const fact of it.stated) lines.push(`  Stated: ${clean(fact.fact, 300)} (${clean(fact.section, 100)})`);
  }
  return `${lines.join('\n')}\n`;
}
const list = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];

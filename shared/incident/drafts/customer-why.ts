import { clean, listOf } from '../../text.ts';
import { HOUR, MINUTE } from '../../time.ts';
import type { Block, Statement } from '../draft.ts';
import { quoted } from '../quote.ts';
import type { SaidFact, WorkFact } from '../report/schema-parts.ts';
import { gap, type Page, prose, say } from './page.ts';
import { publicName, sorted } from './public-words.ts';

export function why(page: Page, isInternal: (text: string) => boolean): Block[] {
  const { facts } = page;
  const cause = sorted(facts.rootCause.slice(-1), isInternal);
  const trigger = sorted(facts.trigger.slice(-1), isInternal);
  const ended = sorted(facts.resolutions.slice(-1), isInternal);
  const line = (lead: string, those: readonly SaidFact[]): Statement[] =>
    those.flatMap((it) => say(`${lead} ${quoted(it.text)}`, it.evidence));
  const blocks: Block[] = [
    prose(line('Our team found this cause:', cause.fit), line('What set it off:', trigger.fit), line('What ended it:', ended.fit)),
  ];
  const [named] = [...cause.unfit, ...trigger.unfit];
  if (named) blocks.push(gap(`Say in plain words what the cause was. The log says: ${clean(named.text, 300)}`));
  else if (facts.rootCause.length === 0) blocks.push(gap('What was the cause, in plain words?'));
  const [done] = ended.unfit;
  if (done) blocks.push(gap(`Say in plain words what ended it. The log says: ${clean(done.text, 300)}`));
  return blocks;
}

/** So long that customers ask why. */
const longMs = HOUR;

export function howLong(page: Page, isInternal: (text: string) => boolean): Block[] {
  const { facts, times } = page;
  const waits = waitsOf(page).flatMap(({ whom, from, to, evidence }) => {
    if (to === null && facts.ongoing) return say(`We have been waiting for ${whom} since ${times.moment(from)}.`, evidence);
    return say(`We waited for ${whom} ${to === null ? `from ${times.moment(from)} on` : times.lasting(from, to)}.`, evidence);
  });
  const taken =
    facts.acknowledgement && facts.detection && facts.acknowledgement.at - facts.detection.at >= 10 * MINUTE
      ? say(
          `It took ${times.duration(facts.acknowledgement.at - facts.detection.at)} from the alarm until somebody could work on it.`,
          facts.detection.evidence,
          facts.acknowledgement.evidence,
        )
      : [];
  const late =
    facts.escalations.length > 0 && taken.length > 0
      ? say(`More people were called ${times.when(facts.escalations[0]?.at ?? 0)}.`, facts.escalations[0]?.evidence)
      : [];
  const over = (facts.recovery ?? facts.resolution)?.at ?? facts.to;
  const identified =
    facts.identification &&
    facts.identification.at < over &&
    facts.firstSymptom &&
    facts.identification.at - facts.firstSymptom.at >= 30 * MINUTE
      ? say(
          `The cause was clear ${times.when(facts.identification.at)}, ${times.duration(facts.identification.at - facts.firstSymptom.at)} after it began.`,
          facts.identification.evidence,
        )
      : [];
  const decisions = sorted(facts.decisions, isInternal).fit.slice(0, 3);
  const chosen = decisions.flatMap((it) => say(`What we decided ${times.when(it.at)}: ${quoted(it.text)}`, it.evidence));
  const found = [
    taken,
    late,
    identified,
    waits.slice(0, 6),
    progress(page),
    ...facts.work.filter((it) => it.coversIncident).map((it) => overran(page, it)),
    chosen,
  ].flat();
  // That a cause was found says little of why it took long.
  if (found.length > identified.length || (found.length > 0 && facts.durations.lastedMs >= longMs)) return [prose(found)];
  return facts.durations.lastedMs >= longMs && !facts.ongoing ? [gap('Why did it take so long? Nothing on record says so.')] : [];
}

/** Waits for the same, one after the other, are one; short ones say nothing. */
function waitsOf(page: Page): { whom: string; from: number; to: number | null; evidence: string[] }[] {
  const found: { whom: string; from: number; to: number | null; evidence: string[] }[] = [];
  for (const { at, waited, with: id, evidence } of page.facts.contacts) {
    if (!waited) continue;
    const whom = publicName(page, id);
    const to = waited.to === null ? null : at + waited.ms;
    const last = found.findLast((it) => it.whom === whom);
    if (last && (last.to === null || at - last.to <= MINUTE)) {
      // Of two waits at once the longer one tells when it was over.
      last.to = last.to === null || to === null ? null : Math.max(last.to, to);
      last.evidence.push(...evidence);
    } else found.push({ whom, from: at, to, evidence: [...evidence] });
  }
  return found.filter((it) => it.to === null || it.to - it.from >= 10 * MINUTE);
}

/** "By 20:45 PST 7 of 43 sites were restored, by 22:10 PST 43 of 43." */
function progress({ facts, times }: Page): Statement[] {
  return [...Map.groupBy(facts.progress, (it) => it.what.trim().toLowerCase())].slice(0, 3).flatMap(([, lines]) => {
    const shown = lines.length <= 4 ? lines : [lines[0], lines[lines.length >> 1], lines.at(-1)].flatMap((it) => it ?? []);
    const steps = shown.map(
      (it, index) => `${it.done} of ${it.total}${index === 0 ? ` ${clean(it.what, 60)}` : ''} by ${times.moment(it.at)}`,
    );
    return say(
      `Done step by step: ${listOf(steps, 4)}.`,
      shown.flatMap((it) => it.evidence),
    );
  });
}

function overran({ facts, times }: Page, it: WorkFact): Statement[] {
  if (it.plannedTo === null || it.overrunMs < MINUTE) return [];
  const begun = it.from === null ? '' : `, begun ${times.when(it.from)},`;
  const end = it.to === null ? (facts.ongoing ? 'and is not finished yet' : '') : `and took until ${times.moment(it.to)}`;
  return say(
    `The planned work${begun} was to end ${times.when(it.plannedTo)} ${end}: ${times.duration(it.overrunMs)} longer than planned.`.replace(
      ' :',
      ':',
    ),
    it.evidence,
  );
}

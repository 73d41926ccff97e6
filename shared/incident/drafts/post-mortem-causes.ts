/** Why it happened and what ended it: what people wrote, and what came before. The desk itself never says why. */
import { capital } from '../../alerting/names.ts';
import { clean, count, listOf } from '../../text.ts';
import { DAY, HOUR, MINUTE } from '../../time.ts';
import type { Block, Statement } from '../draft.ts';
import { quoted } from '../quote.ts';
import type { NearbyFact, SaidFact, StepFact } from '../report/schema-parts.ts';
import { called, gap, list, type Page, prose, say } from './page.ts';

/** "Kim wrote at 04:32:10 PST: “…”", with a mark where it was written later. */
function wrote({ times }: Pick<Page, 'times'>, it: SaidFact, verb = 'wrote'): Statement[] {
  const later = it.enteredAt === null ? '' : ` (typed ${times.when(it.enteredAt)})`;
  return say(`${called(it.by)} ${verb} ${times.when(it.at)}${later}: ${quoted(it.text, 1_000)}`, it.evidence);
}

const question = ({ facts }: Page, key: Page['facts']['open'][number]['key'], otherwise: string): Block =>
  gap(facts.open.find((it) => it.key === key)?.text ?? otherwise);

/** So near to the first symptom, something that was done to the same thing stands beside the question. */
const nearMs = HOUR;
const isNear = (it: NearbyFact): boolean =>
  it.beforeMs >= 0 && it.beforeMs <= nearMs && (it.relation === 'same' || it.relation === 'carries');

export function triggerBlocks(page: Page): Block[] {
  const { facts } = page;
  if (facts.trigger.length > 0) return [list(...facts.trigger.map((it) => wrote(page, it)))];
  const near = facts.nearby.filter(isNear).slice(0, 3);
  return [
    ...(near.length > 0 ? [list(...near.map((it) => nearbyStatement(page, it)))] : []),
    ...(facts.firstSymptom || facts.alerts.length > 0
      ? [
          near.length > 0
            ? gap('Was it set off by this? That it came just before does not say so.')
            : question(page, 'trigger', 'What set it off?'),
        ]
      : []),
  ];
}

/** Changes and routines of the seven days before, the nearest first. */
export function contributingBlocks(page: Page): Block[] {
  const { facts } = page;
  const near = new Set(facts.trigger.length > 0 ? [] : facts.nearby.filter(isNear).slice(0, 3));
  const rest = facts.nearby.filter((it) => !near.has(it) && it.beforeMs >= 0).slice(0, 10);
  const more = facts.nearby.length - near.size - rest.length;
  const lead =
    rest.length > 0
      ? say(
          `Before it, the nearest first (that something came before does not make it a cause${more > 0 && rest.length === 10 ? `; ${count(more, 'farther one')} left out` : ''}):`,
          rest[0]?.evidence,
        )
      : [];
  return [list(...facts.contributing.map((it) => wrote(page, it))), prose(lead), list(...rest.map((it) => nearbyStatement(page, it)))];
}

function nearbyStatement({ times, facts }: Page, it: NearbyFact): Statement[] {
  const beside = {
    same: 'what failed itself',
    carries: 'what failed needs it',
    beside: 'it needs the same as what failed',
    site: 'at the same site',
    unknown: '',
  }[it.relation];
  const thing = it.thing ? ` on ${clean(it.thing.name, 120)}` : '';
  const marks = beside === '' || (it.relation === 'site' && it.thing?.kind === 'site') ? '' : ` (${beside})`;
  const ago =
    it.beforeMs === 0
      ? 'with the first symptom'
      : `${times.duration(round(Math.abs(it.beforeMs)))} ${it.beforeMs > 0 ? 'before' : 'after'} the first symptom`;
  const first = facts.firstSymptom ? `, ${ago}` : '';
  const what = {
    change: `${it.by ? called(it.by) : 'Somebody'} made a change${thing}${marks} ${times.exact(it.at)}${first}: ${quoted(it.text, 500)}`,
    routine: `${capital(clean(it.text, 200))} began${thing}${marks} ${times.exact(it.at)}${first}.`,
    maintenance:
      it.beforeMs <= 0
        ? `Planned work “${clean(it.text, 200)}”${thing}${marks} was in force when it began.`
        : `Planned work “${clean(it.text, 200)}”${thing}${marks} ended ${times.exact(it.at)}${first}.`,
  }[it.kind];
  return say(what, it.evidence);
}

/** Seconds say nothing of what was hours before. */
const round = (ms: number): number => (ms < HOUR ? ms : ms < 2 * DAY ? Math.round(ms / 60_000) * 60_000 : Math.round(ms / HOUR) * HOUR);

export function causeBlocks(page: Page): Block[] {
  const { facts } = page;
  if (facts.rootCause.length > 0) return [list(...facts.rootCause.map((it) => wrote(page, it)))];
  if (!facts.firstSymptom && facts.alerts.length === 0) return [];
  const notes = facts.notes.slice(0, 8);
  return [
    question(page, 'root-cause', 'What was the cause? The desk cannot know it.'),
    ...(notes.length > 0 ? [list(...notes.map((it) => noteStatement(page, it)))] : []),
  ];
}

function noteStatement(page: Page, it: Page['facts']['notes'][number]): Statement[] {
  return wrote(page, it, it.thing ? `noted on ${clean(it.thing.name, 120)}` : 'noted');
}

/** What was done, how it came back, and what is said to have ended it. */
export function resolutionBlocks(page: Page): Block[] {
  const { facts, times } = page;
  const told = facts.resolution;
  // The status "resolved" came with words of its own.
  const closing =
    told && told.text !== '' && facts.resolutions.length === 0
      ? say(`${called(told.by)} called it resolved ${times.when(told.at)}: ${quoted(told.text, 1_000)}`, told.evidence)
      : [];
  const said = [closing, ...facts.resolutions.map((it) => wrote(page, it))];
  const done = facts.actions.slice(0, 20).map((it) => wrote(page, it, 'did this'));
  const decided = facts.decisions.slice(0, 10).map((it) => wrote(page, it, 'decided'));
  const together = facts.recoverySteps.length > fewSteps ? foldSteps(facts.recoverySteps) : facts.recoverySteps.map((it) => [it]);
  const steps = together.slice(0, mostSteps).map((those) => stepStatement(page, those));
  const rest = together.slice(mostSteps).flat();
  const last = rest.at(-1);
  if (last) steps.push(say(`${capital(count(rest.length, 'more step'))} followed until ${times.moment(last.at)}.`, last.evidence));
  const over = facts.recovery;
  const all =
    over && !facts.recoverySteps.some((it) => it.all) ? say(`Everything worked again ${times.when(over.at)}.`, over.evidence) : [];
  const closed = facts.alerts.filter((it) => it.end === 'closed');
  const unsure =
    closed.length > 0
      ? say(
          `Whether ${listOf(
            closed.map((it) => `“${clean(it.title, 120)}”`),
            4,
          )} recovered is not known: what they were about left the inventory.`,
          closed.flatMap((it) => it.evidence.slice(0, 1)),
        )
      : [];
  const statements = [...said, ...done, ...decided, ...steps, all, unsure];
  const asked =
    !facts.ongoing && facts.resolutions.length === 0 && closing.length === 0 && (facts.alerts.length > 0 || facts.firstSymptom !== null);
  return [list(...statements), ...(asked ? [question(page, 'resolution', 'What ended it?')] : [])];
}

const fewSteps = 8;
const mostSteps = 12;
/** What comes back one after the other with less than this between is one step. */
const togetherMs = 5 * MINUTE;

function foldSteps(steps: readonly StepFact[]): StepFact[][] {
  const folded: StepFact[][] = [];
  for (const it of steps) {
    const last = folded.at(-1);
    const before = last?.at(-1);
    if (last && before?.full && it.full && it.at - before.at <= togetherMs) last.push(it);
    else folded.push([it]);
  }
  return folded;
}

function stepStatement({ times }: Page, steps: readonly StepFact[]): Statement[] {
  const [it] = steps;
  const last = steps.at(-1);
  if (!it || !last) return [];
  const names = [...new Set(steps.map((step) => clean(step.thing.name, 120)))];
  const with_ = last.all ? ', and with that everything' : '';
  if (steps.length > 1)
    return say(
      `${capital(times.lasting(it.at, last.at).replace(/ \([^)]*\)$/, ''))} ${listOf(names, 5)} came back in full${with_}.`,
      steps.flatMap((step) => step.evidence.slice(0, 1)),
    );
  const [name] = names;
  const what =
    it.all || it.full
      ? `${name} came back${it.all ? '' : ' in full'}${with_}`
      : `${it.back} of ${it.of} ${clean(it.what, 60)} of ${name} came back`;
  const which = it.text !== '' && !it.full ? ` (${clean(it.text, 200)})` : '';
  return say(`${capital(times.when(it.at))} ${what}${which}.`, it.evidence);
}

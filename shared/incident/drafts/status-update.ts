/** What customers are told while it lasts: a text, and one short enough for a message. */
import { capital } from '../../alerting/names.ts';
import { clean, listOf } from '../../text.ts';
import { MINUTE } from '../../time.ts';
import type { Draft, Statement } from '../draft.ts';
import type { DocumentInput } from './index.ts';
import { finish, gap, type Page, pageOf, prose, say, section } from './page.ts';
import { byWord, type Group, groupSentence, groupsOf, headline, isNamed, keptOf, trouble } from './phrases.ts';
import { internalNames, isTold, publicName } from './public-words.ts';

type Step = 'first' | 'next' | 'resolved';
/** What a message on a telephone, and most public channels, take. */
export const mostShort = 280;

/** Drafts an update: the first, a further one, or that it is over. */
export function statusUpdate(input: DocumentInput): Draft {
  const page = pageOf(input, { plain: true });
  const { facts } = page;
  const step = input.options.update ?? (facts.ongoing ? (earlier(page).length > 0 ? 'next' : 'first') : 'resolved');
  const groups = groupsOf(page);
  const next = step === 'resolved' ? null : promised(page);
  const body = step === 'resolved' ? overText(page, groups) : runningText(page, groups, step);
  const still = groups.filter((it) => it.to === null);
  const unsaid =
    !isNamed(page) && trouble(page) === null ? [gap('What do customers notice? Nothing that failed is a service that they know.')] : [];
  const early =
    step === 'resolved' && (still.length > 0 || facts.alerts.some((it) => it.end === 'open'))
      ? [gap('This says that it is over, but something still fails. Look before it goes out.')]
      : [];
  const short = shortForm(page, groups, step, next);
  const head = headline(page) ?? capital(trouble(page) ?? 'trouble with our services');
  return finish(
    page,
    `${{ first: '', next: 'Update: ', resolved: 'Resolved: ' }[step]}${step === 'first' ? head : head.replace(/^\p{Lu}(?=\p{Ll})/u, (it) => it.toLowerCase())}`,
    [
      ...section('update', 'Update', ...unsaid, ...early, prose(groups.length === 0 ? byWord(page) : [], ...body)),
      ...section('next-update', 'Next update', ...nextText(page, step, next)),
      ...section('short-form', `Short form (at most ${mostShort} characters)`, short && prose(short)),
    ],
  );
}

const earlier = ({ facts }: Page): Page['facts']['statusUpdates'] => facts.statusUpdates.filter((it) => isTold(it.audience));

/** The time that was promised for the next one, if it is still to come. */
function promised(page: Page): { at: number; evidence: string[] } | null {
  const last = earlier(page).at(-1);
  return last?.nextAt && last.nextAt > page.input.now ? { at: last.nextAt, evidence: last.evidence } : null;
}

function nextText({ input, times }: Page, step: Step, next: ReturnType<typeof promised>) {
  if (step === 'resolved') return [];
  if (next) return [prose(say(`The next update comes by ${times.moment(next.at)}.`, next.evidence))];
  const round = 5 * MINUTE;
  const half = Math.ceil((input.now + 30 * MINUTE) / round) * round;
  return [gap(`When does the next update come? In half an hour it is ${times.moment(half)}.`)];
}

function runningText(page: Page, groups: readonly Group[], step: Step): Statement[][] {
  const { times } = page;
  const open = groups.filter((it) => it.to === null);
  const over = groups.filter((it) => it.to !== null);
  const shown = (step === 'first' && open.length > 0 ? open : groups).slice(0, 5);
  const since = earlier(page).at(-1)?.at ?? 0;
  const kept = keptOf(page);
  const back = step === 'next' && over.length > 0 && open.length > 0 ? over : [];
  return [
    shown.filter((it) => !back.includes(it)).flatMap((it) => say(groupSentence(page, it), it.evidence)),
    back.slice(0, 3).flatMap((it) => say(`${capital(listOf(it.names, 5))} – back since ${times.moment(it.to ?? it.from)}.`, it.evidence)),
    kept.names.length > 0 ? say(`${capital(listOf(kept.names, 6))} can be used as usual.`, kept.evidence) : [],
    step === 'next' ? news(page, since) : [],
    stateOf(page),
  ];
}

/** What is new since the last update: how far a restore is, who works on it. */
function news(page: Page, since: number): Statement[] {
  const { facts, times } = page;
  const last = facts.progress.findLast((it) => it.at > since);
  const done = last ? say(`${last.done} of ${last.total} ${clean(last.what, 60)} are done so far.`, last.evidence) : [];
  const steps = facts.recoverySteps.filter((it) => it.at > since && !it.full && it.back > 0 && facts.ongoing).at(-1);
  const partly = steps ? say(`A part of it has come back since ${times.moment(steps.at)}.`, steps.evidence) : [];
  return [...partly, ...done];
}

/** What we do about it, as far as people have said so. */
function stateOf(page: Page): Statement[] {
  const { facts } = page;
  const waiting = facts.contacts.findLast((it) => it.waited?.to === null);
  const incident = facts.incident;
  const last = facts.statusChanges.at(-1);
  const evidence = last?.evidence ?? incident?.evidence;
  const said = {
    investigating: 'We are looking for the cause.',
    identified: 'We know what it is and are working on it.',
    monitoring: 'It has been put right, and we are watching it.',
    resolved: '',
    reported: '',
  } as const;
  const status =
    incident && evidence
      ? say(said[incident.status], evidence)
      : facts.acknowledgement
        ? say('We are working on it.', facts.acknowledgement.evidence)
        : [];
  const wait =
    waiting && facts.ongoing ? say(`We are in touch with ${publicName(page, waiting.with)} and wait for them.`, waiting.evidence) : [];
  return [...status, ...wait];
}

function overText(page: Page, groups: readonly Group[]): Statement[][] {
  const { facts, times } = page;
  const last = facts.recovery ?? facts.resolution;
  const isInternal = internalNames(page);
  const cause = facts.rootCause.filter((it) => !isInternal(it.text)).at(-1);
  const held = facts.mail.find((it) => it.held);
  return [
    groups.slice(0, 5).flatMap((it) => say(groupSentence(page, it), it.evidence)),
    last && !groups.some((it) => it.to === null) && !(groups.length === 1 && last.at - (groups[0]?.to ?? 0) < MINUTE)
      ? say(`Everything has worked again since ${times.moment(last.at)}.`, last.evidence)
      : [],
    held?.held?.lost === 'nothing' ? say('No mail was lost; some of it arrives late.', held.held.evidence) : [],
    cause ? say(`The cause: ${clean(cause.text, 300).replace(/[.\s]+$/, '')}.`, cause.evidence) : [],
  ];
}

interface Part {
  text: string;
  evidence: readonly string[];
}

/** Says as much as fits: what goes first is what readers can do without. */
function shortForm(page: Page, groups: readonly Group[], step: Step, next: ReturnType<typeof promised>): Statement[] | null {
  const { times } = page;
  const kept = step === 'resolved' ? { names: [], evidence: [] } : keptOf(page);
  const state = stateOf(page)[0];
  const nextPart: Part[] = next ? [{ text: `Next update by ${times.moment(next.at)}.`, evidence: next.evidence }] : [];
  const stillOpen = groups.filter((it) => it.to === null);
  const told = step === 'resolved' || stillOpen.length === 0 ? groups : stillOpen;
  if (told.length === 0) return byWord(page);
  const ways = [8, 4, 3, 2, 1].flatMap((names) => {
    const first = mainPart(page, told, step, names);
    const rest: Part[][] = [
      [...keptPart(kept, 4), ...(state && step !== 'resolved' ? [state] : []), ...nextPart],
      [...keptPart(kept, 2), ...(state && step !== 'resolved' ? [state] : []), ...nextPart],
      [...(state && step !== 'resolved' ? [state] : []), ...nextPart],
      nextPart,
      [],
    ];
    return rest.map((more) => [first, ...more]);
  });
  const fits = ways.find((parts) => length(parts) <= mostShort);
  if (fits) return [{ text: fits.map((it) => it.text).join(' '), evidence: [...new Set(fits.flatMap((it) => it.evidence))].slice(0, 6) }];
  const first = mainPart(page, told, step, 1);
  return say(cutAtWord(first.text, mostShort), first.evidence);
}

const keptPart = (kept: { names: string[]; evidence: string[] }, most: number): Part[] =>
  kept.names.length > 0 ? [{ text: `${capital(listOf(kept.names, most))} can be used as usual.`, evidence: kept.evidence }] : [];

/** What is told with one beginning and one end. */
const nearMs = 5 * MINUTE;
const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= nearMs;

/** One sentence of all that was lost; where it was lost in several ways or not at once, without saying how. */
function mainPart({ times }: Page, groups: readonly Group[], step: Step, most: number): Part {
  const [worst] = groups as [Group];
  const names = listOf([...new Set(groups.flatMap((it) => it.names))], most);
  const evidence = groups.flatMap((it) => it.evidence.slice(0, 2));
  const from = Math.min(...groups.map((it) => it.from));
  const to = groups.some((it) => it.to === null) ? null : Math.max(...groups.map((it) => it.to ?? it.from));
  const [past, now] = groups.every(
    (it) => it.verb.past === worst.verb.past && isNear(it.from, from) && (it.to === null || isNear(it.to, to ?? it.to)),
  )
    ? [`${names} ${worst.verb.past}`, `${names} ${worst.verb.now}`]
    : [`trouble with ${names}`, `trouble with ${names}`];
  if (to === null) return { text: `Since ${times.moment(from)}: ${now}.`, evidence };
  return { text: `${step === 'resolved' ? `Resolved: ${past}` : capital(past)} ${times.lasting(from, to)}.`, evidence };
}

const length = (parts: readonly Part[]): number => [...parts.map((it) => it.text).join(' ')].length;

/** Cuts between words, counted in code points. */
export function cutAtWord(text: string, most: number): string {
  const letters = [...text];
  if (letters.length <= most) return text;
  const room = letters.slice(0, most - 1).join('');
  const cut = room.lastIndexOf(' ');
  // A single word that is too long cannot be kept whole.
  return `${(cut > 0 ? room.slice(0, cut) : room).replace(/[\s,;:–-]+$/, '')}…`;
}

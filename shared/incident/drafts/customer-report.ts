/** What customers are told afterwards: plain words, no names from inside the house, nobody's fault. */
import { capital } from '../../alerting/names.ts';
import { clean, count, listOf } from '../../text.ts';
import { dayKey, dayShort, HOUR, MINUTE } from '../../time.ts';
import type { Block, Draft, Section, Statement } from '../draft.ts';
import type { MailFact, SaidFact, WorkFact } from '../report/schema-parts.ts';
import { spokenNumber } from '../spoken.ts';
import type { DocumentInput } from './index.ts';
import { finish, gap, list, type Page, pageOf, prose, quoted, say, section, storyOf } from './page.ts';
import { type Group, groupSentence, groupsOf, headline, isNamed, keptOf } from './phrases.ts';
import { internalNames, isPublic, isTold, publicName, sorted } from './public-words.ts';

/** Drafts the report to customers. What a person wrote with names in it stands in a gap, to be put into other words. */
export function customerReport(input: DocumentInput): Draft {
  const page = pageOf(input, { plain: true });
  const { facts, times } = page;
  const isInternal = internalNames(page);
  const groups = groupsOf(page);
  const sections: Section[] = [
    ...section('what-happened', 'What happened', ...happened(page, groups)),
    ...section('not-affected', 'What went on working', prose(...worked(page))),
    ...section('mail-and-data', 'Your mail and your data', ...kept(page)),
    ...section('why', facts.resolutions.length > 0 ? 'Why it happened, and what ended it' : 'Why it happened', ...why(page, isInternal)),
    ...section('how-long', facts.ongoing ? 'What has taken so long' : 'Why it took so long', ...howLong(page, isInternal)),
    ...section('told', 'What we told you, and when', list(...told(page, isInternal))),
    ...section('what-changes', 'What changes now', ...changes(page, isInternal)),
    ...section('questions', 'Questions', gap('Where can customers turn with questions?')),
  ];
  const head = headline(page);
  const title = head === null ? 'What happened' : facts.ongoing ? head : `${head} ${days(page)}`;
  return finish(page, title, sections);
}

/** "on Sunday 15 November 2026", "from 14 May to 15 May 2026". */
function days({ facts, times, input }: Page): string {
  const { from, to } = storyOf(facts);
  const { zone } = input.options;
  return dayKey(from, zone) === dayKey(to, zone)
    ? `on ${times.day(from)}`
    : `from ${dayShort(from, zone)} to ${times.day(to).replace(/^\S+ /, '')}`;
}

function happened(page: Page, groups: readonly Group[]): Block[] {
  const { facts, times } = page;
  const { customers } = facts;
  const first = facts.firstSymptom;
  const sentences = groups.slice(0, 6).flatMap((group) => say(groupSentence(page, group), group.evidence));
  const rest = groups.slice(6);
  if (rest.length > 0) {
    const names = listOf([...new Set(rest.flatMap((it) => it.names))], 8);
    sentences.push(
      ...say(
        `There was also trouble with ${names}.`,
        rest.flatMap((it) => it.evidence),
      ),
    );
  }
  const noticed =
    first && facts.detection && facts.detection.at - first.at >= 15 * MINUTE
      ? say(
          `${facts.detection.by === 'customers' ? 'Customers told us about it' : 'We noticed it'} ${times.when(facts.detection.at)}, ${times.duration(facts.detection.at - first.at)} after it began.`,
          facts.detection.evidence,
        )
      : [];
  const heard =
    customers && customers.count > 1
      ? say(
          `${capital(spokenNumber(customers.count))} customers reported it to us; thank you.`,
          customers.reports.flatMap((it) => it.evidence),
        )
      : [];
  const wrong = facts.wrongContent
    .filter((it) => isPublic(it) && !sentences.some((one) => one.text.includes('wrong content')))
    .slice(0, 3)
    .flatMap((it) => {
      const when = it.to === null ? `since ${times.moment(it.from)}` : times.lasting(it.from, it.to);
      return say(
        `In a part of that time they could be reached, but came back with the wrong content: ${clean(it.audience, 120)}, ${when}.`,
        it.evidence,
      );
    });
  const block = prose(sentences, wrong, noticed, heard, ...ends(page, groups));
  return isNamed(page) ? [block] : [gap('What did customers notice? Nothing that failed is a service that they know.'), block];
}

/** Step by step where it was so, and when all of it was back. */
function ends({ facts, times }: Page, groups: readonly Group[]): Statement[][] {
  // What customers know may all have come back at once.
  const end = Math.min(...groups.map((it) => it.to ?? facts.to));
  const partly = facts.firstRecovery && facts.recovery && end - facts.firstRecovery.at >= 5 * MINUTE;
  const first =
    partly && facts.firstRecovery
      ? say(`The first of it came back ${times.when(facts.firstRecovery.at)}.`, facts.firstRecovery.evidence)
      : [];
  if (facts.ongoing) {
    const over = groups.length > 0 && groups.every((it) => it.to !== null);
    return [first, over && facts.recovery ? say('Everything works again, and we are watching it.', facts.recovery.evidence) : []];
  }
  const last = facts.recovery ?? facts.resolution;
  const needed = last && groups.some((it) => it.times > 1 || last.at - (it.to ?? last.at) >= 5 * MINUTE);
  return [first, last && needed ? say(`Since ${times.moment(last.at)} everything has worked again.`, last.evidence) : []];
}

function worked(page: Page): Statement[][] {
  const { facts, times } = page;
  const { names, evidence } = keptOf(page);
  const verb = facts.ongoing ? 'can be used as usual' : 'could be used as usual throughout';
  const good = names.length > 0 ? say(`${capital(listOf(names, 12))} ${verb}.`, evidence) : [];
  const unclear = facts.notKnown.filter(isPublic).slice(0, 12);
  const blind = facts.gaps.reduce((ms, it) => ms + ((it.to ?? it.from) - it.from), 0);
  const unseen =
    blind >= 2 * MINUTE
      ? say(
          `For ${times.duration(blind)} of that time our own monitoring did not see anything; what happened then we cannot say.`,
          facts.gaps.flatMap((it) => it.evidence),
        )
      : [];
  const rest =
    unclear.length > 0
      ? say(
          `For ${listOf([...new Set(unclear.map((it) => clean(it.audience, 120)))], 12)} we have no complete measurements of that time, so we cannot say.`,
          unclear.flatMap((it) => it.evidence),
        )
      : [];
  return [good, rest, unseen];
}

function kept(page: Page): Block[] {
  const mail = page.facts.mail.flatMap((it) => mailStatements(page, it));
  const open = new Map(page.facts.open.map((it) => [it.key, it.text]));
  const backups = page.facts.backups.filter((it) => it.hit);
  const oldest = backups.filter((it) => it.newestAt !== null).sort((a, b) => (a.newestAt ?? 0) - (b.newestAt ?? 0))[0];
  const data =
    oldest && oldest.newestAt !== null
      ? say(
          `The newest backup from before the trouble is from ${page.times.moment(oldest.newestAt)}. What was changed in the ${page.times.duration(oldest.lossMs ?? 0)} after that may be lost where data has to be restored from it.`,
          oldest.evidence,
        )
      : [];
  return [
    prose(mail, data),
    ...(open.has('mail-lost') ? [gap('Was any mail lost? Nothing that was seen can tell.')] : []),
    ...(open.has('data-lost') ? [gap('Was any data of customers lost?')] : []),
  ];
}

function mailStatements({ times, facts }: Page, it: MailFact): Statement[] {
  const domain = clean(it.audience, 120);
  const { held, delay } = it;
  const worst = delay?.worst;
  const late = worst ? say(`Mail was delayed: ${clean(worst.text, 160).replace(/\.$/, '')} ${times.when(worst.at)}.`, worst.evidence) : [];
  if (!held) return late;
  const how = times.duration(held.fromMs);
  const where =
    held.where === 'senders'
      ? `The servers that send mail keep what they cannot hand over and try again`
      : held.where === 'queue'
        ? `It was kept in our own queue`
        : `It was kept by the sending servers and in our own queue`;
  const lost = {
    nothing: facts.ongoing ? 'nothing is lost, it arrives late' : 'nothing was lost, it arrived late',
    possibly: 'most of it arrives late, but some may have gone back to its sender',
    'not-known': null,
  }[held.lost];
  const text = `Mail for you could not be taken or delivered for ${how} (${domain}). ${where}${lost ? `: ${lost}` : ''}.`;
  return [...say(text, held.evidence), ...late];
}

function why(page: Page, isInternal: (text: string) => boolean): Block[] {
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

function howLong(page: Page, isInternal: (text: string) => boolean): Block[] {
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
  const identified =
    facts.identification && facts.firstSymptom && facts.identification.at - facts.firstSymptom.at >= 30 * MINUTE
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
  if (found.length > 0) return [prose(found)];
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
    if (last && last.to !== null && at - last.to <= MINUTE) Object.assign(last, { to, evidence: [...last.evidence, ...evidence] });
    else found.push({ whom, from: at, to, evidence: [...evidence] });
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

function told({ facts, times }: Page, isInternal: (text: string) => boolean): Statement[][] {
  const lines = facts.statusUpdates.filter((it) => isTold(it.audience) && !isInternal(it.text));
  const shown = lines.length <= 12 ? lines : [...lines.slice(0, 6), ...lines.slice(-6)];
  const more = lines.length - shown.length;
  const all = shown.map((it) => say(`${capital(times.when(it.at))}: ${quoted(it.text, 500)}`, it.evidence));
  const between =
    more > 0 ? [say(`Between those there ${more === 1 ? 'was' : 'were'} ${count(more, 'more update')}.`, lines[6]?.evidence)] : [];
  return [...all.slice(0, 6), ...between, ...all.slice(6)];
}

function changes({ facts, times }: Page, isInternal: (text: string) => boolean): Block[] {
  const { fit, unfit } = sorted(facts.followUps.slice(0, 20), isInternal);
  const done = (it: (typeof fit)[number]): string => (it.dueAt === null ? '' : ` (by ${times.day(it.dueAt)})`);
  const said = fit.map((it) => say(`${capital(clean(it.text, 500)).replace(/[.\s]+$/, '')}${done(it)}.`, it.evidence));
  return [
    list(...said),
    ...unfit.slice(0, 5).map((it) => gap(`Put into words for customers: ${clean(it.text, 300)}`)),
    ...(facts.followUps.length === 0 ? [gap('What do we change so that it does not happen again?')] : []),
  ];
}

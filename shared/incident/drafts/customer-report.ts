/** What customers are told afterwards: plain words, no names from inside the house, nobody's fault. */
import { capital } from '../../alerting/names.ts';
import { clean, count, listOf } from '../../text.ts';
import { dayKey, dayShort, MINUTE } from '../../time.ts';
import type { Block, Draft, Section, Statement } from '../draft.ts';
import { quoted } from '../quote.ts';
import type { MailFact } from '../report/schema-parts.ts';
import { spokenNumber } from '../spoken.ts';
import { minutesRead } from '../times.ts';
import { howLong, why } from './customer-why.ts';
import type { DocumentInput } from './index.ts';
import { finish, gap, list, type Page, pageOf, prose, say, section, storyOf } from './page.ts';
import { byWord, type Group, groupSentence, groupsOf, headline, isNamed, keptOf, namesOfThings, trouble } from './phrases.ts';
import { internalNames, isPublic, isTold, sorted } from './public-words.ts';

/** Drafts the report to customers. What a person wrote with names in it stands in a gap, to be put into other words. */
export function customerReport(input: DocumentInput): Draft {
  const page = pageOf(input, { plain: true });
  const { facts } = page;
  const isInternal = internalNames(page);
  const groups = groupsOf(page);
  const sections: Section[] = [
    ...section('what-happened', 'What happened', ...happened(page, groups)),
    ...section('not-affected', 'What went on working', prose(...worked(page))),
    ...section('mail-and-data', 'Your mail and your data', ...kept(page)),
    ...section('why', facts.resolutions.length > 0 ? 'Why it happened, and what ended it' : 'Why it happened', ...why(page, isInternal)),
    ...section('how-long', facts.ongoing ? 'What has taken so long' : 'Why it took so long', ...howLong(page, isInternal)),
    ...section('told', 'What we told you, and when', list(...told(page, isInternal)), ...untold(page, isInternal)),
    ...section('what-changes', 'What changes now', ...changes(page, isInternal)),
    ...section('questions', 'Questions', gap('Where can customers turn with questions?')),
  ];
  const head = headline(page);
  const what = head ?? capital(trouble(page) ?? 'what happened');
  const title = facts.ongoing ? what : `${what} ${days(page)}`;
  return finish(page, title, sections);
}

/** "on Sunday 15 November 2026", "from 14 May to 15 May 2026". */
function days({ facts, times, input }: Page): string {
  const { from, to } = storyOf(facts);
  const { zone } = input.options;
  if (dayKey(from, zone) === dayKey(to, zone)) return `on ${times.day(from)}`;
  const [first, last] = [dayShort(from, zone), times.day(to).replace(/^\S+ /, '')];
  const sameMonth = dayKey(from, zone).slice(0, 7) === dayKey(to, zone).slice(0, 7);
  return `from ${sameMonth ? first.replace(/ .*$/, '') : first} to ${last}`;
}

function happened(page: Page, groups: readonly Group[]): Block[] {
  const { facts, times } = page;
  const { customers } = facts;
  const first = facts.firstSymptom;
  const sentences =
    groups.length === 0 ? byWord(page) : groups.slice(0, 6).flatMap((group) => say(groupSentence(page, group), group.evidence));
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
    first && facts.detection && facts.durations.toDetectMs !== null && facts.durations.toDetectMs >= 15 * MINUTE
      ? say(
          `${facts.detection.by === 'customers' ? 'Customers told us about it' : 'We noticed it'} ${times.when(facts.detection.at)}, ${times.duration(facts.durations.toDetectMs)} after ${first.dueBackAt === null ? 'it began' : 'the work was to be over'}.`,
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
  return isNamed(page) || (groups.length === 0 && trouble(page) !== null)
    ? [block]
    : [gap('What did customers notice? Nothing that failed is a service that they know.'), block];
}

/** Step by step where it was so, and when all of it was back. */
function ends({ facts, times }: Page, groups: readonly Group[]): Statement[][] {
  // What customers know may all have come back at once.
  const end = Math.min(...groups.map((it) => it.to ?? facts.to));
  const begun = facts.recoverySteps.find((it) => isPublic(it.thing) && it.back > 0);
  const partly = begun && facts.recovery && end - begun.at >= 5 * MINUTE;
  const first = partly ? say(`The first of it came back ${times.when(begun.at)}.`, begun.evidence) : [];
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
  const said = new Set(page.input.incident?.subjects);
  const unclear = facts.notKnown.filter((it) => isPublic(it) && !said.has(it.id)).slice(0, 12);
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
          `For ${listOf(namesOfThings(page.input, unclear), 12)} we have no complete measurements of that time, so we cannot say.`,
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
  if (!held) return [...taken(it, facts.ongoing), ...late];
  const leg = it.legs.find((one) => one.leg === 'receiving');
  const isWhole = held.where !== 'queue' && leg && leg.from !== null && leg.to !== null && leg.lastedMs === leg.to - leg.from;
  // As long as it is above, where people reckon with the minutes that they read.
  const how = times.duration(isWhole ? minutesRead(leg.from ?? 0, leg.to ?? 0) : held.fromMs);
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
  const failed =
    facts.ongoing && it.legs.some((leg) => leg.to === null && leg.from !== null)
      ? 'cannot be taken or delivered at the moment'
      : `could not be taken or delivered for ${how}`;
  const text = `Mail for you ${failed} (${domain}). ${where}${lost ? `: ${lost}` : ''}.`;
  return [...say(text, held.evidence), ...late];
}

/** Who cannot read their mail thinks that it is gone. */
function taken({ audience, legs }: MailFact, ongoing: boolean): Statement[] {
  const reading = legs.find((it) => it.leg === 'reading' && (it.state === 'down' || it.state === 'partly' || it.state === 'unreachable'));
  const receiving = legs.find((it) => it.leg === 'receiving' && it.state === 'worked');
  if (!reading || !receiving) return [];
  const text = ongoing ? 'Mail that is sent to you is taken all the time' : 'Mail that was sent to you was taken all the time';
  return say(`${text}; only reading it ${ongoing ? 'fails' : 'failed'} (${clean(audience, 120)}).`, receiving.evidence, reading.evidence);
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

/** With names in them they are not said again as they are. */
const untold = ({ facts, times }: Page, isInternal: (text: string) => boolean): Block[] =>
  facts.statusUpdates
    .filter((it) => isTold(it.audience) && isInternal(it.text))
    .slice(0, 5)
    .map((it) => gap(`What were customers told ${times.when(it.at)}? The log says: ${clean(it.text, 300)}`));

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

/** What it did: in a few sentences, in numbers, and to the network, mail and data. */
import { capital, nounOf } from '../../alerting/names.ts';
import { clean, count, listOf } from '../../text.ts';
import { SECOND } from '../../time.ts';
import type { Statement } from '../draft.ts';
import { quoted } from '../quote.ts';
import type { AffectedFact, MailFact } from '../report/schema-parts.ts';
import { namedShortly } from './named-words.ts';
import { backupOf, called, type Page, say, seen } from './page.ts';
import { groupSentence, groupsOf, keptOf } from './phrases.ts';
import { isPublic } from './public-words.ts';

/** Three or four sentences for whoever reads nothing else. */
export function summaryStatements(page: Page): Statement[][] {
  const { facts, times, book, input } = page;
  const groups = groupsOf(page);
  const shown = groups.slice(0, 3).flatMap((it) => say(groupSentence(page, it, 5), it.evidence));
  const told = new Set(groups.slice(0, 3).flatMap((it) => it.names));
  const rest = groups.slice(3).filter((it) => it.names.some((name) => !told.has(name)));
  const others =
    rest.length > 0
      ? say(
          `Also hit: ${listOf([...new Set(rest.flatMap((it) => it.names.filter((name) => !told.has(name))))], 6)}.`,
          rest.flatMap((it) => it.evidence),
        )
      : [];
  const roots = rootsOf(page);
  const kept = keptOf(page);
  const well =
    kept.names.length > 0 && groups.length > 0
      ? say(`${capital(listOf(kept.names, 4))} ${facts.ongoing ? 'can be used as usual' : 'could be used throughout'}.`, kept.evidence)
      : [];
  const cause = facts.rootCause.at(-1);
  const why = cause ? say(`The cause, by the word of ${called(cause.by)}: ${quoted(cause.text, 400)}`, cause.evidence) : [];
  if (facts.alerts.length + facts.affected.length === 0 && facts.firstSymptom === null) {
    const key =
      input.plans.length > 0 ? book.coverage('all checks', input.plans) : book.unwatched({ kind: 'desk', id: 'desk', name: 'The desk' });
    return [say(`There was no alert from ${times.span(input.from, input.to)}.`, key), why];
  }
  return [shown, others, roots, namedShortly(page), well, course(page), why];
}

/** What failed itself, by the names of the house, where that is not what customers lost. */
function rootsOf({ facts }: Page): Statement[] {
  const own = facts.affected.filter((it) => it.through === null && it.how !== 'unreachable' && !isPublic(it));
  if (own.length === 0) return [];
  const kinds = [...Map.groupBy(own, (it) => it.kind)].map(([kind, those]) => {
    const names = listOf(
      those.map((it) => clean(it.name, 80)),
      5,
    );
    const of = kind === 'prefix' && facts.prefixes.length > those.length ? ` of ${facts.prefixes.length}` : '';
    return kind === 'prefix' && those.length > 1 ? `${those.length}${of} address ranges (${names})` : names;
  });
  const alone = facts.links.filter((it) => it.alone || it.blamed).map((it) => clean(it.name, 80));
  const over = own.some((it) => it.kind === 'prefix') && alone.length > 0 ? `, all over ${listOf(alone, 3)}` : '';
  return say(
    `What failed itself: ${listOf(kinds, 5)}${over}.`,
    own.flatMap((it) => it.evidence.slice(0, 2)),
  );
}

/** "It was noticed after 20 s, taken on after 1 min 52 s and over after 41 min." */
function course({ facts, times, input }: Page): Statement[] {
  const first = facts.firstSymptom;
  if (!first) return [];
  const { detection, acknowledgement, recovery, resolution } = facts;
  const end = recovery ?? resolution;
  // What failed in planned work was meant to; it counts from when it was to be back.
  const start = Math.max(first.at, first.dueBackAt ?? 0);
  const after = (at: number): string => (at - start < SECOND ? 'at once' : `after ${times.duration(at - start)}`);
  const steps = [
    ...(detection ? [`noticed ${after(detection.at)}`] : []),
    ...(acknowledgement ? [`taken on ${after(acknowledgement.at)}`] : []),
    ...(end && !facts.ongoing ? [`over ${after(end.at)}`] : []),
  ];
  const evidence = [first.evidence, detection?.evidence.slice(0, 2) ?? [], acknowledgement?.evidence ?? [], end?.evidence ?? []];
  const begun =
    steps.length > 0
      ? say(
          `Counted from ${start > first.at ? 'the planned end of the work' : 'the first symptom'} ${times.when(start)}, it was ${listOf(steps, 4)}.`,
          ...evidence,
        )
      : [];
  if (!facts.ongoing) return begun;
  const open = facts.alerts.filter((it) => it.end === 'open');
  const text =
    open.length > 0
      ? `It is not over: as of ${times.moment(input.to)}, ${times.duration(input.to - first.at)} after the first symptom, ${open.length === 1 ? 'an alert is' : `${open.length} alerts are`} open.`
      : recovery
        ? `Everything has worked again since ${times.moment(recovery.at)}; nobody has called it resolved yet.`
        : `It is not called resolved yet.`;
  return [
    ...begun,
    ...say(text, open.length > 0 ? open.flatMap((it) => it.evidence.slice(0, 1)) : (recovery?.evidence ?? facts.incident?.evidence)),
  ];
}

function wordOf(kind: AffectedFact['kind'], those: readonly AffectedFact[]): string {
  const one = those.length === 1;
  if (kind === 'prefix') return one ? 'address range' : 'address ranges';
  return kind === 'mail' ? (one ? 'mail service' : 'mail services') : nounOf(those.map(() => kind));
}

/** Exact numbers. */
export function impactStatements(page: Page): Statement[][] {
  const { facts, times } = page;
  const { watched, affected, customers } = facts;
  const own = affected.filter((it) => it.through === null && it.how !== 'unreachable');
  const byKind = [...Map.groupBy(own, (it) => it.kind)].map(([kind, those]) => `${those.length} ${wordOf(kind, those)}`);
  const failed =
    watched.failed > 0
      ? say(
          `${watched.failed} of ${count(watched.of, 'check')} failed: those of ${listOf(byKind, 6)}.`,
          own.flatMap((it) => it.evidence.slice(0, 1)),
        )
      : [];
  const portions = own
    .filter((it) => it.portion !== null && it.portion.hit < it.portion.of)
    .slice(0, 6)
    .map((it) => say(`${clean(it.name, 120)}: ${it.portion?.hit} of ${it.portion?.of} ${it.portion?.what} at the worst.`, it.evidence));
  const ranges = facts.prefixes.filter((it) => it.state === 'dead' || it.state === 'partly');
  const prefixes =
    ranges.length > 0 && facts.prefixes.length > 1
      ? say(
          `${ranges.length} of ${facts.prefixes.length} address ranges could not be reached${ranges.every((it) => it.state === 'partly') ? ' in full' : ''}.`,
          ranges.flatMap((it) => it.evidence.slice(0, 2)),
        )
      : [];
  const down = affected.filter((it) => isPublic(it) && it.how !== 'unknown').toSorted((a, b) => b.lastedMs - a.lastedMs)[0];
  const longest =
    down && affected.filter(isPublic).length > 1
      ? say(
          `The longest of all: ${clean(down.audience, 120)}, ${times.duration(down.lastedMs)}${down.to === null ? ' so far' : ''}.`,
          down.evidence,
        )
      : [];
  const reports = customers
    ? say(
        `${count(customers.count, 'customer')} reported it${customers.afterSymptomMs !== null && customers.afterSymptomMs >= SECOND ? `, the first ${times.duration(customers.afterSymptomMs)} after the first symptom` : ''}.`,
        customers.reports.flatMap((it) => it.evidence),
      )
    : [];
  return [failed, prefixes, ...portions, ...facts.wrongContent.slice(0, 4).map((it) => wrongContent(page, it)), longest, reports];
}

/** What answers is not what works. */
function wrongContent({ times, facts }: Page, it: AffectedFact): Statement[] {
  const when = it.to === null ? `since ${times.moment(it.from)}` : times.lasting(it.from, it.to);
  const what = it.seen === '' ? '' : ` (${seen(it.seen)})`;
  const text = `${capital(clean(it.audience, 120))} answered ${when}, but with the wrong content${what}: whoever only looks for an answer sees nothing wrong.`;
  return say(it.to === null && facts.ongoing ? text.replace(' answered ', ' has answered ') : text, it.evidence);
}

/** What was held, and whether anything was lost. (Receiving, sending and reading stand apart with what was affected.) */
export const mailStatements = (page: Page): Statement[][] =>
  page.facts.mail.slice(0, 6).flatMap((it) => [delayed(page, it), held(page, it)]);

function delayed({ times }: Page, { delay, domain }: MailFact): Statement[] {
  if (!delay?.worst) return [];
  const most = delay.waitingAtMost === null || delay.waitingAtMost === 0 ? '' : ` At most ${count(delay.waitingAtMost, 'message')} waited.`;
  return say(
    `The longest delay that was seen for ${clean(domain, 120)}: ${seen(delay.worst.text)}, ${times.when(delay.worst.at)}.${most}`,
    delay.worst.evidence,
  );
}

function held({ times, facts }: Page, { held: it, domain, legs }: MailFact): Statement[] {
  if (!it) return [];
  const where = { senders: "in the senders' queues", queue: 'in our own queue', both: "in the senders' queues and our own" }[it.where];
  const lost = { nothing: 'nothing was lost', possibly: 'some of it may be lost', 'not-known': 'whether any was lost is not known' }[
    it.lost
  ];
  const still = facts.ongoing && legs.some((leg) => leg.from !== null && leg.to === null) ? ' so far' : '';
  return say(
    `For ${times.duration(it.fromMs)}${still} mail for ${clean(domain, 120)} waited ${where}; ${lost} (${seen(it.why, 300)}).`,
    it.evidence,
  );
}

/** The newest usable backup, and what may be lost since. */
export function dataStatements({ facts, times }: Page): Statement[][] {
  return facts.backups
    .filter((it) => it.hit)
    .slice(0, 6)
    .map((it) =>
      say(
        it.newestAt === null
          ? `There was no usable backup${backupOf(it)} when the trouble began.`
          : `The newest usable backup${backupOf(it)} was of ${times.stamp(it.newestAt)}: what was written in the ${times.duration(it.lossMs ?? 0)} until the first symptom may be lost.`,
        it.evidence,
      ),
    );
}

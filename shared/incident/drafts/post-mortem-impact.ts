/** What it did: in a few sentences, in numbers, and to the network, mail and data. */
import { capital, nounOf } from '../../alerting/names.ts';
import { legWords } from '../../mail/legs.ts';
import { clean, count, listOf } from '../../text.ts';
import { SECOND } from '../../time.ts';
import type { Block, Statement } from '../draft.ts';
import type { AffectedFact, LegFact, LinkFact, MailFact } from '../report/schema-parts.ts';
import { called, list, type Page, quoted, row, say, seen, table } from './page.ts';
import { groupSentence, groupsOf, keptOf } from './phrases.ts';
import { isPublic } from './public-words.ts';

/** Three or four sentences for whoever reads nothing else. */
export function summaryStatements(page: Page): Statement[][] {
  const { facts, times, book, input } = page;
  const groups = groupsOf(page);
  const shown = groups.slice(0, 3).flatMap((it) => say(groupSentence(page, it, 5), it.evidence));
  const rest = groups.slice(3);
  const others =
    rest.length > 0
      ? say(
          `Also hit: ${listOf([...new Set(rest.flatMap((it) => it.names))], 6)}.`,
          rest.flatMap((it) => it.evidence),
        )
      : [];
  const kept = keptOf(page);
  const well =
    kept.names.length > 0 && groups.length > 0 ? say(`${capital(listOf(kept.names, 4))} could be used throughout.`, kept.evidence) : [];
  const cause = facts.rootCause.at(-1);
  const why = cause ? say(`The cause, by the word of ${called(cause.by)}: ${quoted(cause.text, 400)}`, cause.evidence) : [];
  if (facts.alerts.length + facts.affected.length === 0 && facts.firstSymptom === null) {
    const key =
      input.plans.length > 0 ? book.coverage('all checks', input.plans) : book.unwatched({ kind: 'desk', id: 'desk', name: 'The desk' });
    return [say(`There was no alert from ${times.span(input.from, input.to)}.`, key), why];
  }
  return [shown, others, well, course(page), why];
}

/** "It was noticed after 20 s, taken on after 1 min 52 s and over after 41 min." */
function course({ facts, times, input }: Page): Statement[] {
  const first = facts.firstSymptom;
  if (!first) return [];
  const { detection, acknowledgement, recovery, resolution } = facts;
  const end = recovery ?? resolution;
  const after = (at: number): string => (at - first.at < SECOND ? 'at once' : `after ${times.duration(at - first.at)}`);
  const steps = [
    ...(detection ? [`noticed ${after(detection.at)}`] : []),
    ...(acknowledgement ? [`taken on ${after(acknowledgement.at)}`] : []),
    ...(end && !facts.ongoing ? [`over ${after(end.at)}`] : []),
  ];
  const evidence = [first.evidence, detection?.evidence.slice(0, 2) ?? [], acknowledgement?.evidence ?? [], end?.evidence ?? []];
  const begun =
    steps.length > 0 ? say(`Counted from the first symptom ${times.when(first.at)}, it was ${listOf(steps, 4)}.`, ...evidence) : [];
  if (!facts.ongoing) return begun;
  const open = facts.alerts.filter((it) => it.end === 'open');
  const text =
    open.length > 0
      ? `It is not over: ${times.when(input.to)}, ${times.duration(input.to - first.at)} after the first symptom, ${open.length === 1 ? 'an alert is' : `${open.length} alerts are`} open.`
      : recovery
        ? `Everything has worked again since ${times.moment(recovery.at)}; nobody has called it resolved yet.`
        : `It is not called resolved yet.`;
  return [
    ...begun,
    ...say(text, open.length > 0 ? open.flatMap((it) => it.evidence.slice(0, 1)) : (recovery?.evidence ?? facts.incident?.evidence)),
  ];
}

/** Exact numbers. */
export function impactStatements(page: Page): Statement[][] {
  const { facts, times } = page;
  const { watched, affected, customers } = facts;
  const own = affected.filter((it) => it.through === null && it.how !== 'unreachable');
  const behind = affected.filter((it) => it.through !== null || it.how === 'unreachable');
  const byKind = [...Map.groupBy(own, (it) => it.kind)].map(([kind, those]) => `${those.length} ${nounOf(those.map(() => kind))}`);
  const failed =
    watched.failed > 0
      ? say(
          `${watched.failed} of ${count(watched.of, 'check')} failed: those of ${listOf(byKind, 6)}.`,
          own.flatMap((it) => it.evidence.slice(0, 1)),
        )
      : [];
  const reached =
    behind.length > 0
      ? say(
          `${capital(count(behind.length, own.length > 0 ? 'more thing' : 'thing'))} could not be reached or could not work because of that.`,
          behind.flatMap((it) => it.evidence.slice(0, 1)),
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
  return [failed, reached, prefixes, ...portions, ...facts.wrongContent.slice(0, 4).map((it) => wrongContent(page, it)), longest, reports];
}

/** What answers is not what works. */
function wrongContent({ times, facts }: Page, it: AffectedFact): Statement[] {
  const when = it.to === null ? `since ${times.moment(it.from)}` : times.lasting(it.from, it.to);
  const what = it.seen === '' ? '' : ` (${seen(it.seen)})`;
  const text = `${capital(clean(it.audience, 120))} answered ${when}, but with the wrong content${what}: whoever only looks for an answer sees nothing wrong.`;
  return say(it.to === null && facts.ongoing ? text.replace(' answered ', ' has answered ') : text, it.evidence);
}

const gatewayWords: Record<LinkFact['gateway'], string> = {
  worked: 'up',
  down: 'down',
  degraded: 'lossy or slow',
  'not-known': 'not known',
  unwatched: 'not watched',
};
const trafficWords: Record<LinkFact['traffic'], string> = {
  worked: 'passed',
  dead: 'did not pass',
  partly: 'passed in part',
  'not-known': 'not known',
  unwatched: 'not watched',
};

/** Link state against traffic state, inside against outside, and where the way ends. */
export function networkBlocks(page: Page): Block[] {
  const { facts, times } = page;
  const hit =
    facts.links.some((it) => it.from !== null || it.prefixes.hit > 0) ||
    facts.prefixes.some((it) => it.state === 'dead' || it.state === 'partly');
  const rows = hit
    ? facts.links.flatMap((it) =>
        row(
          [
            `${clean(it.name, 80)}${it.circuit ? ` (${clean(it.circuit, 60)})` : ''}`,
            gatewayWords[it.gateway],
            trafficWords[it.traffic],
            it.prefixes.of > 0 ? `${it.prefixes.hit} of ${it.prefixes.of} hit` : 'none of ours',
          ],
          it.evidence,
        ),
      )
    : [];
  const dead = hit
    ? facts.prefixes
        .filter((it) => it.state === 'dead' || it.state === 'partly')
        .slice(0, 20)
        .flatMap((it) => {
          const when = it.from === null ? '' : it.to === null ? ` since ${times.moment(it.from)}` : ` ${times.lasting(it.from, it.to)}`;
          const part = it.portion && it.portion.hit < it.portion.of ? `, ${it.portion.hit} of ${it.portion.of} ${it.portion.what}` : '';
          const state = it.state === 'partly' ? 'could not be reached in full' : 'could not be reached';
          return say(
            `${clean(it.cidr, 60)} (over ${listOf(
              it.via.map((name) => clean(name, 60)),
              4,
            )}) ${state}${when}${part}.`,
            it.evidence,
          );
        })
    : [];
  const routed = facts.links
    .filter((it) => it.upButDead)
    .flatMap((it) =>
      say(
        `The circuit of ${clean(it.name, 80)} was up throughout, and yet its traffic did not pass: that is routing, not the line.`,
        it.evidence,
      ),
    );
  const alone = facts.links
    .filter((it) => it.alone && hit)
    .flatMap((it) => say(`Every address range that failed rides on ${clean(it.name, 80)}, and on no other link is that so.`, it.evidence));
  const trace = facts.traces.filter((it) => !it.good).at(-1);
  const way = trace
    ? say(`The way to ${clean(trace.target, 80)} ${seen(trace.text)}, as followed ${times.when(trace.at)}.`, trace.evidence)
    : [];
  const sides = hit ? vantage(page) : [];
  const which = hit ? facts.open.filter((it) => it.key === 'which-link' || it.key === 'inside') : [];
  return [
    table(['Link', 'Circuit', 'Traffic', 'Address ranges'], rows),
    list(dead, routed, alone, way, sides),
    ...which.map((it): Block => ({ kind: 'gap', text: it.text })),
  ];
}

function vantage({ facts, times }: Page): Statement[] {
  const { inside, outside, said } = facts.vantage;
  const failedOutside = outside.things.filter((it) => it.state === 'failed').length;
  const workedInside = inside.things.filter((it) => it.state === 'worked');
  const failedInside = inside.things.filter((it) => it.state === 'failed');
  const seenInside =
    inside.watched && inside.things.length > 0
      ? say(
          failedInside.length === 0 && workedInside.length > 0
            ? `Seen from inside everything that is looked at from there worked (${listOf(
                workedInside.map((it) => clean(it.name, 80)),
                6,
              )}); seen from outside ${count(failedOutside, 'thing')} did not.`
            : `Seen from inside ${count(failedInside.length, 'thing')} failed and ${workedInside.length} worked; seen from outside ${failedOutside} failed.`,
          inside.things.flatMap((it) => it.evidence.slice(0, 1)),
        )
      : [];
  return [
    ...seenInside,
    ...said.slice(0, 3).flatMap((it) => say(`${called(it.by)} wrote ${times.when(it.at)}: ${quoted(it.text, 300)}`, it.evidence)),
  ];
}

const legStates: Partial<Record<LegFact['state'], string>> = {
  down: 'did not work',
  partly: 'worked in part',
  degraded: 'was slow or failed at times',
  'wrong-content': 'answered wrongly',
  unreachable: 'could not be reached',
};

/** Receiving, sending and reading apart, what was held, and whether anything was lost. */
export function mailStatements(page: Page): Statement[][] {
  return page.facts.mail.slice(0, 6).flatMap((it) => [legs(page, it), delayed(page, it), held(page, it)]);
}

function legs({ times }: Page, it: MailFact): Statement[] {
  const hit = it.legs.filter((leg) => legStates[leg.state] !== undefined);
  const well = it.legs.filter((leg) => leg.state === 'worked');
  if (it.legs.length === 0) return [];
  const name = (leg: LegFact): string => legWords[leg.leg].title.toLowerCase().replace(/^dns/, 'DNS');
  const parts = hit.map((leg) => {
    const state = legWords[leg.leg].several ? legStates[leg.state]?.replace(/^was /, 'were ') : legStates[leg.state];
    const when = leg.from === null ? '' : leg.to === null ? ` since ${times.moment(leg.from)}` : ` ${times.lasting(leg.from, leg.to)}`;
    return `${name(leg)} ${state}${when}`;
  });
  const fine = well.length > 0 ? `${listOf(well.map(name), 6)} worked throughout` : '';
  const text = [...parts, fine].filter((part) => part !== '').join('; ');
  return hit.length > 0 && text !== ''
    ? say(
        `Mail for ${clean(it.domain, 120)}: ${text}.`,
        [...hit, ...well].flatMap((leg) => leg.evidence.slice(0, 1)),
      )
    : [];
}

function delayed({ times }: Page, { delay, domain }: MailFact): Statement[] {
  if (!delay?.worst) return [];
  const most = delay.waitingAtMost === null || delay.waitingAtMost === 0 ? '' : ` At most ${count(delay.waitingAtMost, 'message')} waited.`;
  return say(
    `The longest delay that was seen for ${clean(domain, 120)}: ${seen(delay.worst.text)}, ${times.when(delay.worst.at)}.${most}`,
    delay.worst.evidence,
  );
}

function held({ times }: Page, { held: it, domain }: MailFact): Statement[] {
  if (!it) return [];
  const where = { senders: "in the senders' queues", queue: 'in our own queue', both: "in the senders' queues and our own" }[it.where];
  const lost = { nothing: 'nothing was lost', possibly: 'some of it may be lost', 'not-known': 'whether any was lost is not known' }[
    it.lost
  ];
  return say(
    `For ${times.duration(it.fromMs)} mail for ${clean(domain, 120)} waited ${where}; ${lost} (${seen(it.why, 300)}).`,
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
          ? `There was no usable backup of ${clean(it.name, 120)} when the trouble began.`
          : `The newest usable backup of ${clean(it.name, 120)} was of ${times.stamp(it.newestAt)}: what was written in the ${times.duration(it.lossMs ?? 0)} until the first symptom may be lost.`,
        it.evidence,
      ),
    );
}

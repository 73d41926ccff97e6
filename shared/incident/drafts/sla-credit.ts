/** A request for a credit: what was promised, how the month went, what is due, and until when it must be asked for. */
import { capital } from '../../alerting/names.ts';
import { clean, count } from '../../text.ts';
import { MINUTE } from '../../time.ts';
import type { OutageStretch } from '../../uptime/report.ts';
import type { Block, Draft, Statement } from '../draft.ts';
import { uptimeKey } from '../evidence.ts';
import { quoted } from '../quote.ts';
import type { SlaFact } from '../report/schema-parts.ts';
import { spokenPercent } from '../spoken.ts';
import { type Times, timesOf } from '../times.ts';
import { spokeWords } from './contact-words.ts';
import type { DocumentInput } from './index.ts';
import { called, finish, gap, list, type Page, pageOf, prose, row, say, section, table } from './page.ts';
import { creditWords, money, monthName, stillOf } from './sla-words.ts';

const mostOutages = 60;

/** Drafts the claim against `options.provider`; left out, the one that is worth most. */
export function slaCredit(input: DocumentInput): Draft {
  const page = pageOf(input);
  const { facts } = page;
  const wanted = input.options.provider;
  const own = facts.sla.filter((it) => !wanted || it.thing.id === wanted);
  const worst = own.toSorted((a, b) => b.percent - a.percent || a.uptimePercent - b.uptimePercent)[0];
  const these = worst ? own.filter((it) => it.thing.id === worst.thing.id) : [];
  if (!worst) return finish(page, 'Request for an SLA credit', [...section('claim', 'What we ask', gap(unknown(page, wanted)))]);
  const provider = providerOf(page, worst);
  const circuit = input.subjects.find((it) => it.id === worst.thing.id)?.circuit;
  const sections = [
    ...section(
      'claim',
      'What we ask',
      prose(...these.map((it) => claim(page, it, provider, circuit))),
      gap('What is our customer or contract number with them?'),
    ),
    ...section('terms', 'What was promised', prose(...terms(page, worst))),
    ...section('uptime', 'How the month went', list(...these.flatMap((it) => uptime(page, it)))),
    ...section('outages', 'Outages', ...these.flatMap((it) => outages(page, it))),
    ...section('excluded', 'What is not counted', list(...these.flatMap((it) => excluded(page, it)))),
    ...section('credit', 'How the credit is reckoned', list(...these.flatMap((it) => reckoned(page, it)))),
    ...section('deadline', 'Until when', prose(...these.map((it) => deadline(page, it)))),
    ...section('contacts', 'What was said meanwhile', list(...contacts(page, worst))),
  ];
  const months = these.map((it) => monthName(it.month)).join(' and ');
  return finish(page, `SLA credit for ${months}: ${provider}${circuit ? `, circuit ${clean(circuit, 80)}` : ''}`, sections);
}

function unknown({ input }: Page, wanted: string | undefined): string {
  const subject = input.subjects.find((it) => it.id === wanted);
  const name = subject ? clean(subject.name, 120) : wanted ? clean(wanted, 120) : null;
  return name === null
    ? 'Which provider is this about? Nothing of this incident has an SLA in the inventory.'
    : `What did ${name} promise us? The inventory holds no SLA of it that this incident touches.`;
}

const providerOf = ({ input }: Page, it: SlaFact): string => {
  const subject = input.subjects.find((one) => one.id === it.thing.id);
  return called(subject?.provider ?? it.thing.name);
};

function claim({ facts, times }: Page, it: SlaFact, provider: string, circuit: string | undefined): Statement[] {
  const what = circuit ? `circuit ${clean(circuit, 80)}` : clean(it.thing.name, 120);
  const month = monthName(it.month);
  const target = spokenPercent(it.target);
  const so = stillOf(it);
  if (it.met)
    return say(
      `In ${month}${so} ${what} was up ${spokenPercent(it.uptimePercent)}, and the target of ${target} is kept: there is nothing to claim from ${provider}.`,
      it.evidence,
    );
  const due =
    it.percent > 0
      ? `We ask ${provider} for a credit of ${creditWords(it)}${it.complete ? '' : ', as things stand'}.`
      : `The terms that are on record give no credit for that.`;
  const ongoing = facts.ongoing && it.claimBy === null ? ' The outage is not over yet.' : '';
  return say(
    `In ${month}${so} ${what} was up ${spokenPercent(it.uptimePercent)}; ${target} was promised. Counted as down: ${times.duration(it.chargedMs)} in ${count(it.outages, 'outage')}. ${due}${ongoing}`,
    it.evidence,
  );
}

const terms = (_page: Page, it: SlaFact): Statement[][] => [
  say(`Availability of ${spokenPercent(it.target)} per calendar month.`, it.evidence),
  it.terms === '' ? [] : say(`The terms: ${quoted(it.terms, 800)}`, it.evidence),
];

function uptime(page: Page, it: SlaFact): Statement[][] {
  const { times, input } = page;
  // Within a month an hour says nothing without its day.
  const { exact } = monthTimes(page, it);
  const end = exact(it.complete ? it.to : Math.min(input.now, it.to)).replace(/^(at|on) /, '');
  const so = stillOf(it);
  const parts = [
    ...(it.downMs > 0 ? [`${times.duration(it.downMs)} down`] : []),
    ...(it.partialMs > 0 ? [`${times.duration(it.partialMs)} gone in part`] : []),
    ...(it.degradedMs > 0 ? [`${times.duration(it.degradedMs)} slow or lossy`] : []),
  ];
  return [
    say(
      `From ${exact(it.from).replace(/^(at|on) /, '')}${it.complete ? ' until' : ', as of'} ${end}: up ${spokenPercent(it.uptimePercent)} of the whole month.`,
      it.evidence,
    ),
    parts.length > 0 ? say(`In it${so}: ${parts.join(', ')}; ${times.duration(it.chargedMs)} count under the terms.`, it.evidence) : [],
  ];
}

const monthTimes = ({ input: { options } }: Page, { from, to }: SlaFact): Times =>
  timesOf(options.zone, from, to, [], { clock: options.clock });

const partWords: Record<OutageStretch['part'], string> = { down: 'down', degraded: 'slow or lossy', partial: 'gone in part' };

/** Every outage of the month with its times; where the uptime has none, those of this incident. */
function outages(page: Page, it: SlaFact): Block[] {
  const { input, facts } = page;
  const times = monthTimes(page, it);
  const line = input.months
    ?.find((month) => month.month === it.month)
    ?.report.lines.find((one) => one.id === it.thing.id && one.kind !== 'check');
  const own = facts.affected.find((one) => one.id === it.thing.id)?.stretches ?? [];
  const link = facts.links.find((one) => one.id === it.thing.id);
  const dead = facts.prefixes.filter((one) => link && one.state === 'dead' && one.from !== null && one.via.includes(link.name));
  const found: { from: number; to: number | null; what: string; evidence: string[] }[] = [
    ...(line?.stretches ?? []).map((one) => ({ ...one, what: partWords[one.part], evidence: [uptimeKey(it.thing.id, it.month)] })),
    ...(line?.stretches?.length
      ? []
      : own.filter((one) => one.level !== 'unknown').map((one) => ({ ...one, what: one.level === 'down' ? 'down' : 'slow or lossy' }))),
    ...(it.partialMs > 0
      ? dead.map((one) => ({ from: one.from ?? it.from, to: one.to, what: `${clean(one.cidr, 60)} not reached`, evidence: one.evidence }))
      : []),
  ].filter((one) => one.from < it.to && (one.to ?? input.to) > it.from);
  const rows = found
    .sort((a, b) => a.from - b.from)
    .slice(0, mostOutages)
    .flatMap((one) => {
      const from = Math.max(one.from, it.from);
      const to = one.to === null ? null : Math.min(one.to, it.to);
      return row(
        [times.cell(from), to === null ? 'not over' : times.cell(to), times.duration((to ?? input.to) - from), one.what],
        one.evidence,
        it.evidence,
      );
    });
  const rest = found.length - rows.length;
  const head = times.column.replace('Time ', '');
  return [
    table([`From ${head}`, `To ${head}`, 'Lasted', 'What'], rows),
    prose(rest > 0 ? say(`${count(rest, 'more outage')} of the same month.`, it.evidence) : []),
  ];
}

function excluded({ times }: Page, it: SlaFact): Statement[][] {
  const planned =
    it.plannedMs >= MINUTE
      ? say(`Planned work${stillOf(it)}: ${times.duration(it.plannedMs)} of ${monthName(it.month)}.`, it.evidence)
      : [];
  const unknownTime =
    it.unknownMs >= MINUTE
      ? say(
          `Time of which we have no measurements${stillOf(it)}: ${times.duration(it.unknownMs)} of ${monthName(it.month)}. It is counted as if all had been well.`,
          it.evidence,
        )
      : [];
  return planned.length + unknownTime.length > 0
    ? [planned, unknownTime]
    : [
        say(
          `Nothing had to be left out of ${monthName(it.month)}: there was no planned work, and the measurements have no holes.`,
          it.evidence,
        ),
      ];
}

function reckoned(_page: Page, it: SlaFact): Statement[][] {
  if (it.met) return [];
  const each = it.credits.map((credit) =>
    say(`${monthName(it.month)}: ${clean(credit.text, 300)}; ${spokenPercent(credit.percent)} of the monthly fee.`, it.evidence),
  );
  const all = it.credits.length > 1 ? say(`All terms together: ${spokenPercent(it.percent)} of the monthly fee.`, it.evidence) : [];
  const amount = it.amount ? say(`That is ${money(it.amount)} for ${monthName(it.month)}.`, it.evidence) : [];
  return [...each, all, amount];
}

function deadline({ times, facts }: Page, it: SlaFact): Statement[] {
  if (it.met || it.percent === 0) return [];
  if (it.claimBy === null) return facts.ongoing ? say('The time for the claim begins to run when the outage is over.', it.evidence) : [];
  const by = times.exact(it.claimBy).replace(/^(at|on) /, '');
  return it.claimLate ? say(`The claim was due by ${by}; that is past.`, it.evidence) : say(`The claim must be in by ${by}.`, it.evidence);
}

function contacts({ facts, times }: Page, it: SlaFact): Statement[][] {
  return facts.contacts
    .filter((one) => one.with === it.thing.id)
    .slice(-6)
    .map((one) => {
      const ticket = one.ticket ? ` (ticket ${clean(one.ticket, 60)})` : '';
      return say(`${capital(spokeWords(one))} ${times.when(one.at)}${ticket}; our log says: ${quoted(one.text, 300)}`, one.evidence);
    });
}

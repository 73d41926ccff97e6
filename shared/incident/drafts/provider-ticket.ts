/** A ticket that the first tier of a provider can act on: what we see, since when, from where, what works, what we ask. */
import { capital } from '../../alerting/names.ts';
import { clean, listOf } from '../../text.ts';
import type { Block, Draft, Statement } from '../draft.ts';
import { quoted } from '../quote.ts';
import type { ContactFact, LinkFact } from '../report/schema-parts.ts';
import { isSilent } from '../report/silent.ts';
import { spokeWords } from './contact-words.ts';
import type { DocumentInput } from './index.ts';
import { called, finish, gap, list, type Page, pageOf, prose, row, say, section, table } from './page.ts';
import {
  hitOf,
  isMachine,
  keysOf,
  liesElsewhere,
  rangeOf,
  seenFrom,
  shareOf,
  sinceWhen,
  type To,
  traceBlocks,
  whatWeSee,
  whatWorks,
} from './ticket-sights.ts';

/** Drafts the ticket to `options.provider`; left out, to whose link or site most speaks for. */
export function providerTicket(input: DocumentInput): Draft {
  const page = pageOf(input);
  const { facts } = page;
  const to = receiver(page);
  const ours = facts.contacts.filter((it) => to !== null && (it.with === to.id || it.name === to.name));
  const link = to?.link ?? null;
  const sections = [
    ...section('to', 'To', to === null ? gap('Which provider does this go to?') : null, ...address(page, to, ours)),
    ...section('what-we-see', 'What we see', ...whatWeSee(page, to)),
    ...section('since', 'Since when', prose(...sinceWhen(page, to))),
    ...section('seen-from', 'Seen from', ...seenFrom(page)),
    ...section('what-works', 'What works', list(...whatWorks(page, to))),
    ...section('traces', 'Traces', ...traceBlocks(page, link)),
    ...section('so-far', 'What was said so far', list(...soFar(page, ours))),
    ...section('what-we-ask', 'What we ask', ...asks(page, to)),
    ...section('our-contact', 'Our contact', ...ourContact(page)),
  ];
  return finish(page, subjectOf(page, to), sections);
}

function receiver({ input, facts }: Page): To | null {
  const wanted = input.options.provider;
  const weight = (it: LinkFact): number =>
    (it.blamed ? 8 : 0) + (it.alone ? 4 : 0) + (it.gateway === 'down' ? 4 : 0) + (it.upButDead ? 2 : 0) + (it.prefixes.hit > 0 ? 1 : 0);
  const chosen = wanted
    ? facts.links.find((it) => it.id === wanted)
    : facts.links.filter((it) => weight(it) > 0).toSorted((a, b) => weight(b) - weight(a))[0];
  if (chosen) return { id: chosen.id, name: chosen.provider || chosen.name, link: chosen, site: siteOf(input, chosen.id) };
  const subject = input.subjects.find((it) => it.id === wanted);
  if (subject) {
    const site = subject.kind === 'site' ? subject : siteOf(input, subject.id);
    return {
      id: subject.id,
      name: clean(subject.provider ?? subject.name, 120),
      link: null,
      site: site && { id: site.id, name: clean(site.name, 120) },
    };
  }
  if (wanted) return { id: wanted, name: called(wanted), link: null, site: null };
  const sites = [
    ...new Set(
      facts.affected
        .filter((it) => it.through === null)
        .map((it) => it.site)
        .filter((it) => it !== null),
    ),
  ];
  const site = sites.length === 1 ? input.subjects.find((it) => it.kind === 'site' && clean(it.name, 120) === sites[0]) : undefined;
  return site ? { id: site.id, name: clean(site.name, 120), link: null, site: { id: site.id, name: clean(site.name, 120) } } : null;
}

function siteOf(input: DocumentInput, id: string): { id: string; name: string } | null {
  const at = input.subjects.find((it) => it.id === id)?.site;
  const site = input.subjects.find((it) => it.id === at);
  return site ? { id: site.id, name: clean(site.name, 120) } : null;
}

function subjectOf(page: Page, to: To | null): string {
  const { facts } = page;
  const link = to?.link;
  const over = facts.ongoing ? '' : ' (over)';
  const circuit = link?.circuit ? `Circuit ${link.circuit}: ` : link ? `${clean(link.name, 80)}: ` : '';
  if (link && link.prefixes.hit > 0 && link.gateway !== 'down')
    return liesElsewhere(page, link)
      ? `${circuit}${shareOf(link)} not reached${over}`
      : `${circuit}traffic to ${shareOf(link)} ${facts.ongoing ? 'does' : 'did'} not pass${over}`;
  if (link) return `${circuit}${facts.ongoing ? 'down' : 'was down'}${over}`;
  const hit = hitOf(page, to).filter(isMachine);
  const at = to?.site ? ` at ${to.site.name}` : '';
  if (hit.length === 0) return `Trouble${at}${over}`;
  const mute = hit.every((it) => isSilent(it.reason));
  const one = hit.length === 1;
  const verb = mute ? `${facts.ongoing ? (one ? 'does' : 'do') : 'did'} not answer` : facts.ongoing ? (one ? 'fails' : 'fail') : 'failed';
  return `${one ? clean(hit[0]?.name ?? '', 80) : `${hit.length} of our servers`}${at} ${verb}${over}`;
}

/** Who takes tickets there, as the inventory has it. */
function address({ facts, input }: Page, to: To | null, ours: readonly ContactFact[]): Block[] {
  if (!to) return [];
  const evidence =
    to.link && keysOf(to.link).length > 0 ? keysOf(to.link) : (hitOf({ facts, input }, to)[0]?.evidence ?? facts.firstSymptom?.evidence);
  const people = to.link?.contacts ?? input.subjects.find((it) => it.id === to.id)?.contacts ?? [];
  const lines = people.slice(0, 6).map((it) => {
    const ways = [it.phone, it.email, it.url].filter((way) => way != null).map((way) => clean(way, 120));
    return say(
      `${clean(it.name, 80)}${it.tier ? `, ${clean(it.tier, 80)}` : ''}${ways.length > 0 ? `: ${ways.join(', ')}` : ''}`,
      evidence,
    );
  });
  const ticket = ours.findLast((it) => it.ticket !== null);
  const circuit = to.link?.circuit ? say(`Circuit ${clean(to.link.circuit, 120)}${to.site ? ` at ${to.site.name}` : ''}`, evidence) : [];
  return [
    list(say(called(to.name), evidence), circuit, ticket ? say(`Ticket ${clean(ticket.ticket ?? '', 80)}`, ticket.evidence) : [], ...lines),
    ...(to.link && !to.link.circuit ? [gap('What is the number of the circuit?')] : []),
  ];
}

const soFar = ({ times }: Page, ours: readonly ContactFact[]): Statement[][] =>
  ours.slice(-8).map((it) => {
    const who = [it.person, it.tier].filter((part) => part !== null).map((part) => clean(part, 80));
    const whom = who.length > 0 ? ` (${who.join(', ')})` : '';
    return say(`${capital(times.when(it.at))} ${spokeWords(it)}${whom}; our log says: ${quoted(it.text, 400)}`, it.evidence);
  });

/** Numbered, so that an answer can name what it answers. */
function asks(page: Page, to: To | null): Block[] {
  const { facts } = page;
  const link = to?.link;
  const dead = facts.prefixes.filter((it) => it.state === 'dead' || it.state === 'partly');
  const ranges = listOf(dead.map(rangeOf), 8);
  const evidence = link && keysOf(link).length > 0 ? keysOf(link) : (hitOf(page, to)[0]?.evidence ?? facts.firstSymptom?.evidence ?? []);
  const owed = facts.owed.filter((it) => it.with === to?.id && it.receivedAt === null);
  const questions = facts.ongoing
    ? [
        'Confirm this ticket, and tell us its number and who works on it.',
        ...(link && dead.length > 0
          ? [
              `Check how you announce and route ${ranges}: what goes out to your peers, which filters apply, and whether your routers drop it.`,
              ...(link.gateway === 'worked'
                ? ['Please do not stop at the line: it is up. If this is for your routing group, pass it on to them now.']
                : []),
            ]
          : link
            ? ['Check the circuit and your side of it.']
            : ['Look at what is listed above, and tell us what you find.']),
        'Tell us when you expect it to be put right, and call us when it is.',
        'Send us the reason for the outage in writing afterwards.',
      ]
    : link && liesElsewhere(page, link)
      ? ['Tell us what you saw of our routes and our traffic in that time.']
      : [
          'Tell us what it was, from when to when by your records, and what ended it.',
          ...(owed.length > 0 ? [] : ['Send us the reason for the outage in writing.']),
          'Tell us what you do so that it does not come again.',
        ];
  const rows = questions.flatMap((text, index) => row([String(index + 1), text], evidence));
  const late = owed
    .slice(0, 3)
    .flatMap((it, index) =>
      row([String(questions.length + index + 1), `You promised us: ${clean(it.what, 160)}. Please send it.`], it.evidence),
    );
  return [table(['No.', 'Please'], [...rows, ...late])];
}

function ourContact({ facts }: Page): Block[] {
  const lead = facts.incident?.lead;
  const who = lead
    ? say(`${called(lead)} ${facts.ongoing ? 'leads' : 'led'} this on our side.`, facts.incident?.evidence)
    : facts.acknowledgement
      ? say(`${called(facts.acknowledgement.by)} ${facts.ongoing ? 'works' : 'worked'} on it on our side.`, facts.acknowledgement.evidence)
      : [];
  return [prose(who), gap('How can they reach us (name, phone, hours)?')];
}

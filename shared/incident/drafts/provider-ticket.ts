/** A ticket that the first tier of a provider can act on: what we see, since when, from where, what works, what we ask. */
import { capital } from '../../alerting/names.ts';
import { clean, count, listOf } from '../../text.ts';
import type { Block, Draft, Statement } from '../draft.ts';
import type { AffectedFact, ContactFact, LinkFact } from '../report/schema-parts.ts';
import type { ReportFacts } from '../report-facts.ts';
import { timesOf } from '../times.ts';
import type { DocumentInput } from './index.ts';
import { called, finish, gap, list, type Page, pageOf, prose, quoted, row, say, section, seen, table } from './page.ts';
import { isPublic } from './public-words.ts';

/** Whom it goes to. */
interface To {
  id: string;
  name: string;
  link: LinkFact | null;
  site: { id: string; name: string } | null;
}

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

/** What failed that this provider can do something about. */
const hitOf = ({ facts }: Page, to: To | null): AffectedFact[] => {
  const own = facts.affected.filter((it) => it.through === null && it.how !== 'unknown');
  const ours = own.filter((it) => !isPublic(it));
  if (!to) return ours.length > 0 ? ours : own;
  const here = own.filter((it) => it.id === to.id || (to.site !== null && (it.id === to.site.id || it.site === to.site.name)));
  return here.length > 0 ? here : ours.length > 0 ? ours : own;
};

function subjectOf(page: Page, to: To | null): string {
  const { facts } = page;
  const link = to?.link;
  const over = facts.ongoing ? '' : ' (over)';
  const circuit = link?.circuit ? `Circuit ${link.circuit}: ` : link ? `${clean(link.name, 80)}: ` : '';
  if (link && link.prefixes.hit > 0 && link.gateway !== 'down')
    return `${circuit}traffic to ${shareOf(link)} ${facts.ongoing ? 'does' : 'did'} not pass${over}`;
  if (link) return `${circuit}${facts.ongoing ? 'down' : 'was down'}${over}`;
  const hit = hitOf(page, to).filter((it) => it.kind === 'host' || it.kind === 'site');
  const at = to?.site ? ` at ${to.site.name}` : '';
  if (hit.length === 0) return `Trouble${at}${over}`;
  return hit.length === 1
    ? `${clean(hit[0]?.name ?? '', 80)}${at} ${facts.ongoing ? 'does' : 'did'} not answer${over}`
    : `${hit.length} of our servers${at} ${facts.ongoing ? 'do' : 'did'} not answer${over}`;
}

/** "3 of our 5 address ranges", "all 3 of our address ranges". */
function shareOf({ prefixes: { hit, of } }: LinkFact): string {
  if (hit < of) return `${hit} of our ${of} address ranges`;
  return of === 1 ? 'our address range' : `all ${of} of our address ranges`;
}

const keysOf = (link: LinkFact): string[] => [...link.evidence, ...link.gatewayEvidence];

/** Who takes tickets there, as the inventory has it. */
function address({ facts }: Page, to: To | null, ours: readonly ContactFact[]): Block[] {
  if (!to) return [];
  const evidence =
    to.link && keysOf(to.link).length > 0 ? keysOf(to.link) : (hitOf({ facts } as Page, to)[0]?.evidence ?? facts.firstSymptom?.evidence);
  const lines = (to.link?.contacts ?? []).slice(0, 6).map((it) => {
    const ways = [it.phone, it.email, it.url].filter((way) => way !== null).map((way) => clean(way, 120));
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

function whatWeSee(page: Page, to: To | null): Block[] {
  const { facts } = page;
  const now = facts.ongoing;
  const link = to?.link;
  if (!link) {
    const things = hitOf(page, to)
      .slice(0, 15)
      .map((it) => say(`${clean(it.name, 120)}: ${thingWords(it, now)}.`, it.evidence));
    return things.length > 0 ? [list(...things)] : [gap('What do we see there?')];
  }
  const circuit = {
    worked: `The circuit itself is up: your side of it answers every ping.`,
    down: `Your side of the circuit ${link.to === null ? 'does not answer' : 'did not answer'} our pings.`,
    degraded: `Your side of the circuit ${link.to === null ? 'answers' : 'answered'} with loss or delay.`,
    'not-known': null,
    unwatched: null,
  }[link.gateway];
  const up =
    circuit === null
      ? []
      : say(
          now || link.gateway !== 'worked' ? circuit : 'The circuit itself was up throughout: your side of it answered every ping.',
          link.gatewayEvidence,
        );
  const pass = link.to === null ? ['does', 'are not reached'] : ['did', 'were not reached'];
  const traffic =
    link.prefixes.hit > 0
      ? say(`Traffic for ${shareOf(link)} on it ${pass[0]} not pass: they ${pass[1]} from outside.`, link.evidence)
      : [];
  const dead = facts.prefixes.filter((it) => it.state === 'dead' || it.state === 'partly' || it.state === 'degraded');
  const { times } = page;
  const rows = dead
    .slice(0, 40)
    .flatMap((it) =>
      row(
        [
          rangeOf(it),
          it.state === 'dead'
            ? `nothing ${it.to === null ? 'answers' : 'answered'}`
            : it.state === 'partly'
              ? portion(it.portion, it.to === null)
              : 'loss or delay',
          it.from === null ? 'not known' : times.cell(it.from),
          it.to === null ? 'still so' : times.cell(it.to),
        ],
        it.evidence,
      ),
    );
  const where = facts.traces.findLast((it) => !it.good);
  const way =
    where && link.blamed
      ? say(`Traces end within your network: the way to ${clean(where.target, 80)} ${seen(where.text)}.`, where.evidence)
      : [];
  const head = times.column.replace('Time ', '');
  return [prose(up, traffic, way), table(['Address range', 'State', `From ${head}`, `To ${head}`], rows)];
}

const rangeOf = ({ cidr, name }: { cidr: string; name: string }): string => clean(cidr || name, 80);
const portion = (it: { hit: number; of: number; what: string } | null, now: boolean): string =>
  it ? `${it.hit} of ${it.of} ${clean(it.what, 40)} ${now ? 'do' : 'did'} not answer` : `answer${now ? 's' : 'ed'} in part`;

function thingWords(it: AffectedFact, now: boolean): string {
  const still = it.to === null && now;
  const words = {
    down: still ? 'does not answer' : 'did not answer',
    partly: still ? 'answers in part' : 'answered in part',
    degraded: still ? 'is slow, or fails at times' : 'was slow, or failed at times',
    'wrong-content': still ? 'answers, but not with what is on it' : 'answered, but not with what is on it',
    unreachable: still ? 'cannot be reached' : 'could not be reached',
    unknown: 'not known',
  }[it.how];
  return it.seen === '' ? words : `${words} (${seen(it.seen)})`;
}

/** Providers read UTC; we say both. */
function sinceWhen(page: Page, to: To | null): Statement[][] {
  const { facts, input } = page;
  const utc = timesOf('UTC', input.from, input.to, [], { clock: input.options.clock });
  const both = (at: number): string => {
    const own = page.times.stamp(at);
    return own.endsWith(' UTC') ? own : `${own} (${utc.stamp(at)})`;
  };
  const from =
    to?.link?.from ??
    hitOf(page, to)
      .map((it) => it.from)
      .sort((a, b) => a - b)[0] ??
    facts.firstSymptom?.at;
  if (from === undefined || from === null) return [];
  const end = to?.link ? to.link.to : (facts.recovery?.at ?? null);
  const evidence =
    to?.link && to.link.evidence.length > 0 ? to.link.evidence : (facts.firstSymptom?.evidence ?? hitOf(page, to)[0]?.evidence);
  const text =
    end !== null && !facts.ongoing
      ? `From ${both(from)} until ${both(end)}, ${page.times.duration(end - from)} in all.`
      : end !== null
        ? `From ${both(from)} until ${both(end)}; not everything is back.`
        : `Since ${both(from)}; ${page.times.duration(input.to - from)} by ${page.times.moment(input.to)}, and it lasts.`;
  const steps = facts.recoverySteps.filter((it) => !it.full && it.back > 0 && it.thing.kind === 'prefix').slice(-2);
  const back = steps.flatMap((it) =>
    say(
      `${capital(page.times.when(it.at))} ${it.back} of ${it.of} ${clean(it.what, 40)} of ${clean(it.thing.name, 80)} came back.`,
      it.evidence,
    ),
  );
  return [say(text, evidence), back];
}

function seenFrom({ input, facts }: Page): Block[] {
  const { inside } = facts.vantage;
  const well = inside.things.filter((it) => it.state === 'worked');
  const failed = inside.things.filter((it) => it.state === 'failed');
  const from = inside.watched
    ? failed.length === 0 && well.length > 0
      ? say(
          `From inside our network these worked all the time: ${listOf(
            well.map((it) => clean(it.name, 80)),
            6,
          )}, so that what ${facts.ongoing ? 'fails lies' : 'failed lay'} on the way to it.`,
          well.flatMap((it) => it.evidence.slice(0, 1)),
        )
      : failed.length > 0
        ? say(
            `From inside our network ${count(failed.length, 'thing')} failed as well.`,
            failed.flatMap((it) => it.evidence.slice(0, 1)),
          )
        : []
    : [];
  const desk = facts.firstSymptom?.evidence ?? facts.alerts[0]?.evidence;
  return [
    prose(say(`Seen from the monitoring desk of ${clean(input.organization.name, 120)}.`, desk), from),
    gap('From which network does the desk look (address, provider)?'),
  ];
}

function whatWorks({ facts, input }: Page, to: To | null): Statement[][] {
  const now = facts.ongoing;
  const others = facts.links.filter((it) => it.id !== to?.id && it.gateway === 'worked' && it.traffic === 'worked');
  const links = others.flatMap((it) =>
    say(`Our other circuit, ${clean(it.name, 80)}: up, and traffic ${now ? 'passes' : 'passed'}.`, keysOf(it)),
  );
  const ranges = facts.prefixes.filter((it) => it.state === 'worked');
  const fine =
    ranges.length > 0
      ? say(
          `${listOf(ranges.map(rangeOf), 12)}: every address that we ping ${now ? 'answers' : 'answered'}.`,
          ranges.flatMap((it) => it.evidence.slice(0, 1)),
        )
      : [];
  if (to?.link) return [fine, links];
  const here = facts.notAffected.filter((it) => it.site === to?.site?.name && it.kind === 'host');
  const hosts =
    here.length > 0 && input.subjects.length > 0
      ? say(
          `${listOf(
            here.map((it) => clean(it.name, 80)),
            10,
          )} at the same place ${now ? 'can be reached' : 'could be reached throughout'}.`,
          here.flatMap((it) => it.evidence.slice(0, 1)),
        )
      : [];
  return [fine, links, hosts];
}

const mostHops = 40;

/** The newest trace that failed, and beside it the last one that came through. */
function traceBlocks(page: Page, link: LinkFact | null): Block[] {
  const { facts } = page;
  const failed = facts.traces.findLast((it) => !it.good);
  const same = facts.traces.filter((it) => it.good && (!failed || it.target === failed.target));
  const good = failed ? (same.findLast((it) => it.at <= failed.at) ?? same.at(-1)) : undefined;
  const blocks = [
    ...(failed ? traceBlock(page, failed, 'Failed') : []),
    ...(good ? traceBlock(page, good, 'The last one that came through') : []),
  ];
  return blocks.length > 0 || !link ? blocks : [gap('Paste a trace to one of the addresses that do not answer.')];
}

function traceBlock({ times }: Page, it: ReportFacts['traces'][number], head: string): Block[] {
  const rows = it.hops
    .slice(0, mostHops)
    .flatMap((hop) =>
      row(
        [
          String(hop.at),
          hop.address === null ? 'no answer' : clean(hop.address, 80),
          hop.name === null ? '–' : clean(hop.name, 120),
          hop.lossPercent === null ? '–' : `${Math.round(hop.lossPercent)} %`,
          hop.ms === null ? '–' : `${hop.ms < 10 ? hop.ms.toFixed(1) : Math.round(hop.ms)} ms`,
        ],
        it.evidence,
      ),
    );
  return [
    prose(say(`${head}: to ${clean(it.target, 80)}, ${times.stamp(it.at)}: ${seen(it.text)}.`, it.evidence)),
    table(['Hop', 'Address', 'Name', 'Loss', 'Time'], rows),
  ];
}

const soFar = ({ times }: Page, ours: readonly ContactFact[]): Statement[][] =>
  ours.slice(-8).map((it) => {
    const who = [it.person, it.tier].filter((part) => part !== null).map((part) => clean(part, 80));
    const whom = who.length > 0 ? ` (${who.join(', ')})` : '';
    const way = { phone: 'by phone', ticket: 'in the ticket', mail: 'by mail', chat: 'in the chat', 'on-site': 'on site' }[it.channel];
    return say(
      `${capital(times.when(it.at))} ${it.direction === 'in' ? `you told us ${way}${whom}` : `we told you ${way}${whom}`}: ${quoted(it.text, 400)}`,
      it.evidence,
    );
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

/** What a provider is shown: what we see of its circuit or place, since when, from where, what works, and the traces. */
import { capital } from '../../alerting/names.ts';
import { clean, count, listOf } from '../../text.ts';
import type { Block, Statement } from '../draft.ts';
import type { AffectedFact, LinkFact } from '../report/schema-parts.ts';
import { isSilent } from '../report/silent.ts';
import type { ReportFacts } from '../report-facts.ts';
import { timesOf } from '../times.ts';
import { namedToProvider } from './named-words.ts';
import { gap, type Page, prose, row, say, seen, table } from './page.ts';
import { isPublic } from './public-words.ts';

/** Whom it goes to. */
export interface To {
  id: string;
  name: string;
  link: LinkFact | null;
  site: { id: string; name: string } | null;
}

/** What failed that this provider can do something about. */
export const hitOf = ({ facts, input }: Pick<Page, 'facts' | 'input'>, to: To | null): AffectedFact[] => {
  const own = facts.affected.filter((it) => it.through === null && it.how !== 'unknown');
  const ours = own.filter((it) => !isPublic(it));
  if (!to) return ours.length > 0 ? ours : own;
  const site = to.site;
  const hostsOf = new Map(input.subjects.map((it) => [it.id, it.hosts]));
  const siteOfHost = new Map(input.subjects.map((it) => [it.id, it.site]));
  /** What runs on servers there, and nowhere else. */
  const runsAt = (id: string): boolean => {
    const hosts = hostsOf.get(id) ?? [];
    return site !== null && to.link === null && hosts.length > 0 && hosts.every((host) => siteOfHost.get(host) === site.id);
  };
  const here = own.filter((it) => it.id === to.id || (site !== null && (it.id === site.id || it.site === site.name)) || runsAt(it.id));
  return here.length > 0 ? here : ours.length > 0 ? ours : own;
};

/** What stands at a provider's place, and what a ticket to it is named after. */
export const isMachine = ({ kind }: Pick<AffectedFact, 'kind'>): boolean => kind === 'host' || kind === 'site';

/** "3 of our 5 address ranges", "all 3 of our address ranges". */
export function shareOf({ prefixes: { hit, of } }: LinkFact): string {
  if (hit < of) return `${hit} of our ${of} address ranges`;
  return of === 1 ? 'our address range' : `all ${of} of our address ranges`;
}

/** It carries what was not reached, but the traces end in the network of another provider: this one can only say what it saw. */
export const liesElsewhere = ({ facts }: Pick<Page, 'facts'>, link: LinkFact): boolean =>
  !link.blamed && !link.alone && link.gateway !== 'down' && facts.links.some((it) => it.blamed && it.id !== link.id);

export const keysOf = (link: LinkFact): string[] => [...link.evidence, ...link.gatewayEvidence];

export function whatWeSee(page: Page, to: To | null): Block[] {
  const { facts } = page;
  const now = facts.ongoing;
  const link = to?.link;
  if (!link) {
    const { times } = page;
    const hit = hitOf(page, to);
    // What answered again before it was well, but with the wrong things, is told beside.
    const wrong = facts.wrongContent.filter((it) => hit.some((one) => one.id === it.id && one.how !== 'wrong-content'));
    const things = [...hit.slice(0, 15), ...wrong.slice(0, 5)].flatMap((it) =>
      row([clean(it.name, 120), thingWords(it, now), times.cell(it.from), it.to === null ? 'still so' : times.cell(it.to)], it.evidence),
    );
    const head = times.column.replace('Time ', '');
    return things.length > 0 ? [table(['What', 'State', `From ${head}`, `To ${head}`], things)] : [gap('What do we see there?')];
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
      ? say(
          liesElsewhere(page, link)
            ? `Not reached from outside on it or any other circuit of ours: ${shareOf(link)}.`
            : `Traffic for ${shareOf(link)} on it ${pass[0]} not pass: they ${pass[1]} from outside.`,
          link.evidence,
        )
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
  return [prose(up, traffic, way, namedToProvider(page, link.id)), table(['Address range', 'State', `From ${head}`, `To ${head}`], rows)];
}

export const rangeOf = ({ cidr, name }: { cidr: string; name: string }): string => clean(cidr || name, 80);
const portion = (it: { hit: number; of: number; what: string } | null, now: boolean): string =>
  it ? `${it.hit} of ${it.of} ${clean(it.what, 40)} ${now ? 'do' : 'did'} not answer` : `answer${now ? 's' : 'ed'} in part`;

function thingWords(it: AffectedFact, now: boolean): string {
  const still = it.to === null && now;
  const words = {
    down: isSilent(it.reason) ? (still ? 'does not answer' : 'did not answer') : still ? 'fails' : 'failed',
    partly: still ? 'answers in part' : 'answered in part',
    degraded: still ? 'is slow, or fails at times' : 'was slow, or failed at times',
    'wrong-content': still ? 'answers, but not with what is on it' : 'answered, but not with what is on it',
    unreachable: still ? 'cannot be reached' : 'could not be reached',
    unknown: 'not known',
  }[it.how];
  return it.seen === '' ? words : `${words} (${seen(it.seen)})`;
}

/** Providers read UTC; we say both. */
export function sinceWhen(page: Page, to: To | null): Statement[][] {
  const { facts, input } = page;
  const utc = timesOf('UTC', input.from, input.to, [], { clock: input.options.clock });
  const both = (at: number): string => {
    const own = page.times.stamp(at);
    return own.endsWith(' UTC') ? own : `${own} (${utc.stamp(at)})`;
  };
  const all = hitOf(page, to);
  // A ticket on a server is about the time in which that failed; what ran on it may have gone sooner and come back later.
  const named = all.filter(isMachine);
  const hit = named.length > 0 ? named : all;
  const from = to?.link?.from ?? hit.map((it) => it.from).sort((a, b) => a - b)[0] ?? facts.firstSymptom?.at;
  if (from === undefined || from === null) return [];
  const end = to?.link
    ? to.link.to
    : hit.length > 0
      ? hit.some((it) => it.to === null)
        ? null
        : Math.max(...hit.map((it) => it.to ?? 0))
      : ((facts.recovery ?? facts.resolution)?.at ?? null);
  const evidence = to?.link && to.link.evidence.length > 0 ? to.link.evidence : (hit[0]?.evidence ?? facts.firstSymptom?.evidence);
  const text =
    end !== null && !facts.ongoing
      ? `From ${both(from)} until ${both(end)}, ${page.times.duration(end - from)} in all.`
      : end !== null
        ? `From ${both(from)} until ${both(end)}; not everything is back.`
        : facts.ongoing
          ? `Since ${both(from)}; ${page.times.duration(input.to - from)} as of ${page.times.moment(input.to)}, and it lasts.`
          : `Since ${both(from)}.`;
  const steps = facts.recoverySteps.filter((it) => !it.full && it.back > 0 && it.thing.kind === 'prefix').slice(-2);
  const back = steps.flatMap((it) =>
    say(
      `${capital(page.times.when(it.at))} ${it.back} of ${it.of} ${clean(it.what, 40)} of ${clean(it.thing.name, 80)} came back.`,
      it.evidence,
    ),
  );
  return [say(text, evidence), back];
}

export function seenFrom({ input, facts }: Page): Block[] {
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

export function whatWorks({ facts, input }: Page, to: To | null): Statement[][] {
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
export function traceBlocks(page: Page, link: LinkFact | null): Block[] {
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
          hop.address === null ? (hop.ms === null ? 'no answer' : 'not known') : clean(hop.address, 80),
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

import { clean, count, listOf } from '../../text.ts';
import type { Block, Statement } from '../draft.ts';
import { quoted } from '../quote.ts';
import type { LinkFact } from '../report/schema-parts.ts';
import { called, list, type Page, row, say, seen, table } from './page.ts';

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
            rangesOf(it),
          ],
          it.evidence,
          it.gatewayEvidence,
        ),
      )
    : [];
  // Where something points at one of the links, the others only carried the same address ranges.
  const pointed = facts.links.some((it) => it.upButDead && (it.blamed || it.alone));
  const routed = facts.links
    .filter((it) => it.upButDead && (!pointed || it.blamed || it.alone))
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
    list(routed, alone, way, sides),
    ...which.map((it): Block => ({ kind: 'gap', text: it.text })),
  ];
}

function rangesOf({ prefixes: { hit, of, names } }: LinkFact): string {
  if (of === 0) return 'none';
  return hit === 0
    ? `all ${of} answered`
    : `${hit} of ${of} hit: ${listOf(
        names.map((name) => clean(name, 60)),
        8,
      )}`;
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

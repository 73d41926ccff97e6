/** Uptime against the SLA in each month of the incident, and what it may be worth. */
import { uptimeKey } from '../evidence.ts';
import { claimBy, type Outage, slaOf } from '../sla.ts';
import { merge, type Stretch, without } from '../stretches.ts';
import type { ReportFacts } from './schema.ts';
import type { LinkFact, SlaFact } from './schema-parts.ts';
import { type Context, keys } from './things.ts';

/**
 * Of everything with an SLA that this incident touches; its own months only.
 * @param links for the address ranges that ride on several links: they count for one where traces or all of what failed lead there
 */
export function slaFacts(
  context: Context,
  links: readonly LinkFact[],
  prefixes: ReportFacts['prefixes'],
  endedAt: number | null,
): SlaFact[] {
  const { input } = context;
  const facts: SlaFact[] = [];
  for (const month of input.months ?? []) {
    for (const line of month.report.lines) {
      const subject = context.subjects.get(line.id);
      if (!subject?.sla || line.kind === 'check') continue;
      const isTouched = subject.kind === 'site' ? touchesSite(context, subject.id) : touchesLink(context, links, subject.id);
      if (!isTouched) continue;
      const partial = subject.kind === 'link' ? deadOn(links, prefixes, subject.id) : [];
      const outages = withPartial(line.stretches ?? [], partial, month.report.to);
      const result = slaOf(subject.sla, month, outages, subject.kind === 'link' ? 1 : 0);
      const deadline = claimBy(subject.sla, month, endedAt);
      const evidence = [uptimeKey(subject.id, month.month), ...partial.flatMap((it) => it.evidence)];
      facts.push({
        thing: context.thing(subject.id),
        month: month.month,
        from: month.from,
        to: month.to,
        complete: month.report.to >= month.to,
        target: subject.sla.target,
        ...result,
        plannedMs: line.parts.maintenance,
        unknownMs: line.parts.unknown,
        terms: subject.sla.credit ?? '',
        claimBy: deadline,
        claimLate: deadline !== null && deadline < input.now,
        evidence: keys(evidence),
      });
    }
  }
  return facts;
}

const touchesSite = (context: Context, site: string): boolean =>
  [...context.bySubject.keys()].some((id) => id === site || context.subjects.get(id)?.site === site);
const touchesLink = (context: Context, links: readonly LinkFact[], id: string): boolean =>
  context.bySubject.has(id) || links.some((link) => link.id === id && link.prefixes.hit > 0 && (link.alone || link.blamed));

/** When address ranges were dead that ride on this link, where nothing else can be to blame. */
function deadOn(links: readonly LinkFact[], prefixes: ReportFacts['prefixes'], id: string): Stretch[] {
  const link = links.find((it) => it.id === id);
  if (!link || !(link.alone || link.blamed) || link.gateway === 'down') return [];
  return prefixes
    .filter((it) => it.from !== null && it.state === 'dead' && it.via.includes(link.name))
    .map((it) => ({ from: it.from ?? 0, to: it.to, evidence: it.evidence }));
}

/** What was gone in part counts only where it was not gone as a whole. */
function withPartial(outages: readonly Outage[], partial: readonly Stretch[], end: number): Outage[] {
  const known = outages.filter((it) => it.part !== 'degraded').map((it): Stretch => ({ from: it.from, to: it.to, evidence: [] }));
  const added = partial.length === 0 ? [] : without(merge(partial), known, end);
  const rest = added.map((it): Outage => ({ from: it.from, to: it.to ?? end, part: 'partial' }));
  return [...outages, ...rest];
}

/** All ways in which things could be broken that touch a failing check of an alert. Pure. */
import { isNear, isRemote } from '../health/remote.ts';
import type { PlannedCheck, Subject } from '../model/plan.ts';
import { mailHypotheses, nameServerHypotheses } from './candidates-mail.ts';
import { linkHypotheses, prefixHypothesis } from './candidates-network.ts';
import { machineHypotheses, programHypotheses } from './candidates-programs.ts';
import { causeOf, type Hypothesis, only, type Seen, spreading } from './hypothesis.ts';
import { deskInDoubt, prior } from './likelihood.ts';
import { type Expectations, expect } from './predict.ts';
import type { Topology } from './topology.ts';

/** Of more failing checks than this no single one is what is wrong: its share would be nothing. */
const mostSingle = 60;
/** A site is named where so many things at it do not answer, its circuits and ranges not counted. */
const fewestOfSite = 2;

export function hypothesesOf(topology: Topology, seen: Seen, byId: ReadonlyMap<string, PlannedCheck>): Hypothesis[] {
  const failing = seen.failing.flatMap((id) => byId.get(id) ?? []);
  const touched = above(topology, failing);
  const found: Hypothesis[] = failing.slice(0, mostSingle).map((plan) => only(topology, causeOf('check', plan.id), [plan]));
  const sites = new Set<string>();
  const entries = new Set<string>();
  for (const subject of touched) {
    if (subject.site !== null) sites.add(subject.site);
    if (subject.leg) entries.add(subject.leg.entry);
    found.push(...bySubject[subject.kind](topology, subject, seen));
  }
  for (const site of sites) found.push(...siteHypotheses(topology, site, seen));
  for (const entry of entries) found.push(...mailHypotheses(topology, entry, seen));
  found.push(...nameServerHypotheses(topology, failing, seen), ...deskHypotheses(topology, seen));
  return found;
}

type Make = (topology: Topology, subject: Subject, seen: Seen) => Hypothesis[];
const nothing: Make = () => [];
const bySubject: Record<Subject['kind'], Make> = {
  desk: nothing,
  site: nothing,
  link: linkHypotheses,
  prefix: prefixHypothesis,
  host: machineHypotheses,
  service: programHypotheses,
  mail: programHypotheses,
};

/** The subjects of failing checks, where these go, and all that they need; by id. */
function above(topology: Topology, failing: readonly PlannedCheck[]): Subject[] {
  const found = new Map<string, Subject>();
  const first = failing.flatMap((plan) => {
    const { host, prefix } = topology.targetOf(plan);
    return [plan.subject.id, host, prefix, ...(plan.through ?? [])].filter((id) => id !== null);
  });
  const queue = [...new Set(first)];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    const subject = topology.subject(id);
    if (!subject || found.has(id)) continue;
    found.set(id, subject);
    for (const group of topology.needs(id)) for (const member of group) if (!found.has(member)) queue.push(member);
  }
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Circuits, ranges and machines of a site; its programs where no machine carries them. */
function siteHypotheses(topology: Topology, site: string, { of }: Seen): Hypothesis[] {
  const all = topology.at(site).flatMap((id) => topology.subject(id) ?? []);
  const isSilent = ({ id }: Subject): boolean => {
    const own = topology.checksOf(id);
    return own.some((plan) => of.get(plan.id) !== 'passes') && own.every((plan) => of.get(plan.id) !== 'passes');
  };
  const things = all.filter((it) => it.kind !== 'link' && it.kind !== 'prefix' && isSilent(it));
  if (things.length < fewestOfSite) return [];
  const roots = all.filter(({ kind, hosts }) => kind === 'link' || kind === 'prefix' || kind === 'host' || hosts.length === 0);
  return [spreading(topology, causeOf('site', site), [site, ...roots.map(({ id }) => id)], { how: 'dead', isWay: true })];
}

/** Everything that is not on this computer; only where no far anchor answers. */
function deskHypotheses(topology: Topology, { of }: Seen): Hypothesis[] {
  const anchors = topology.plans.filter((plan) => plan.subject.kind === 'desk');
  if (anchors.some((plan) => !isNear(plan) && of.get(plan.id) === 'passes')) return [];
  const isInDoubt = anchors.some((plan) => of.has(plan.id) && of.get(plan.id) !== 'passes');
  const expectations: Expectations = new Map();
  const fallen = new Set<string>();
  for (const plan of topology.plans) {
    if (plan.subject.kind !== 'desk' && !isRemote(plan)) continue;
    expect(expectations, plan, isNear(plan) || plan.vantage !== 'desk' ? 'open' : 'dead');
    fallen.add(plan.subject.id);
  }
  return [{ cause: causeOf('desk', 'desk'), prior: isInDoubt ? deskInDoubt : prior.desk, expectations, fallen }];
}

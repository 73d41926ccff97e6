/** How machines and programs can be broken, and what several things need. Pure. */
import { tells } from '../health/vitals.ts';
import type { PlannedCheck, Subject } from '../model/plan.ts';
import { causeOf, type Hypothesis, only, type Seen, spreading } from './hypothesis.ts';
import { prior, rarer } from './likelihood.ts';
import { endpointOf, serverOf, type Topology } from './topology.ts';
import type { CauseKind } from './types.ts';

/** So many of those that need a thing fail, or may: then it is something shared. */
const fewestDependents = 2;
/** Of a machine that hangs so many programs say nothing, or may. */
const fewestPrograms = 2;

/** A machine is down; it starts over and over; it hangs; something on it that several things need is broken. */
export function machineHypotheses(topology: Topology, { id }: Subject, seen: Seen): Hypothesis[] {
  const down = spreading(topology, causeOf('host', id), [id], { how: 'dead' });
  const found = [down];
  const asked = [...down.expectations].flatMap(([check, wanted]) => (wanted === 'dead' ? [check] : []));
  const plans = new Map([...topology.checksOf(id), ...topology.goingTo(id)].map((plan) => [plan.id, plan]));
  const silent = asked.flatMap((check) => {
    const plan = plans.get(check);
    return plan && plan.type !== 'icmp' && seen.of.get(check) !== 'passes' ? [endpointOf(plan) ?? check] : [];
  });
  if (new Set(silent).size >= fewestPrograms) {
    const expectations = new Map(down.expectations);
    for (const check of asked) {
      const plan = plans.get(check);
      if (plan?.type === 'icmp') expectations.delete(check);
      // The kernel takes connections for a program that hangs.
      else if (plan) expectations.set(check, plan.type === 'tcp' && plan.config.expect === undefined ? 'open' : 'hung');
    }
    found.push({ ...only(topology, causeOf('host-hangs', id), []), expectations, fallen: down.fallen });
  }
  found.push(...restarting(down, topology, seen));
  if (isShared(topology, id, seen)) found.push(spreading(topology, causeOf('dependency', id), [id], { how: 'hurt' }));
  return found;
}

/** Only where its pings fail, something on it says nothing, and something refuses or stalls: else it is down, or up. */
function restarting(down: Hypothesis, topology: Topology, { of }: Seen): Hypothesis[] {
  const asked = [...down.expectations].filter(([, wanted]) => wanted === 'dead').map(([check]) => check);
  const [host = ''] = down.cause.culprits;
  const pings = topology.checksOf(host).filter(({ type }) => type === 'icmp');
  const isDark = pings.length > 0 && pings.every(({ id }) => of.get(id) === 'gone' || of.get(id) === 'unclear');
  const others = asked.filter((check) => !pings.some(({ id }) => id === check)).map((check) => of.get(check));
  const comesUp = others.some((word) => word === 'refused' || word === 'stalled');
  if (!isDark || !comesUp || !others.includes('gone')) return [];
  const expectations = new Map(down.expectations);
  for (const check of asked) expectations.set(check, 'restarts');
  return [{ ...down, prior: down.prior * rarer.restarts, expectations }];
}

/** A program or a leg is broken, with what needs it or alone; or a part of it is. */
export function programHypotheses(topology: Topology, subject: Subject, seen: Seen): Hypothesis[] {
  const { id } = subject;
  const own = topology.checksOf(id);
  const isFailing = own.some((plan) => isBad(seen, plan));
  const kind: CauseKind = isShared(topology, id, seen) ? 'dependency' : subject.leg ? 'leg' : subject.kind === 'mail' ? 'mail' : 'service';
  if (!isFailing)
    return kind === 'dependency'
      ? [spreading(topology, causeOf(kind, id), [id], { how: 'hurt', own: [[tellingOf(subject, own), 'any']] })]
      : [];
  const cause = causeOf(kind, id);
  // That others need it makes it no rarer a fault.
  const usual = kind === 'dependency' ? prior.service / prior.dependency : 1;
  const telling = tellingOf(subject, own);
  const shared = alike(topology, telling);
  const all = [...telling, ...shared];
  const found = [spreading(topology, cause, [id], { how: 'hurt', own: [[all, 'any']], rarer: usual })];
  const alone = causeOf(subject.leg ? 'leg' : subject.kind === 'mail' ? 'mail' : 'service', id);
  const some = (plans: readonly PlannedCheck[], less: number): unknown =>
    plans.length > 0 && found.push(only(topology, alone, plans, less, 'any', [id]));
  some(all, rarer.alone);
  const groups = [
    ...Map.groupBy(telling, (plan) => plan.type).values(),
    ...Map.groupBy(telling, (plan) => topology.targetOf(plan).host).values(),
  ];
  for (const group of groups) if (group.length > 1 && group.length < telling.length && !areOfOneServer(group)) some(group, rarer.sort);
  const failing = own.filter((plan) => isBad(seen, plan));
  if (failing.length > 1 && failing.length < own.length && !areOfOneServer(failing))
    some([...failing, ...alike(topology, failing)], rarer.some);
  return found;
}

/** They all ask one name server: that is a cause of its own. */
const areOfOneServer = (plans: readonly PlannedCheck[]): boolean =>
  plans.every((plan) => serverOf(plan) !== null && serverOf(plan) === serverOf(plans[0] ?? plan));

const isBad = ({ of }: Seen, { id }: PlannedCheck): boolean => (of.get(id) ?? 'passes') !== 'passes';

/** Those that say whether the thing works; all, where none says so. */
export function tellingOf({ kind }: Subject, own: readonly PlannedCheck[]): readonly PlannedCheck[] {
  const telling = own.filter((plan) => tells(kind, plan));
  return telling.length > 0 ? telling : own;
}

/** Other checks of the same doors. */
function alike(topology: Topology, plans: readonly PlannedCheck[]): PlannedCheck[] {
  return plans.flatMap((plan) => {
    const endpoint = endpointOf(plan);
    return endpoint === null ? [] : topology.asking(endpoint).filter((it) => it.subject.kind === 'host');
  });
}

/** Several things that need it fail, or may; one at least does. */
function isShared(topology: Topology, id: string, { of }: Seen): boolean {
  let failing = 0;
  let silent = 0;
  for (const child of topology.children(id)) {
    if (!topology.needs(child).some((group) => group.length === 1 && group[0] === id)) continue;
    const words = topology.checksOf(child).map((plan) => of.get(plan.id));
    if (words.some((word) => word !== undefined && word !== 'passes')) failing += 1;
    else if (words.length > 0 && words.every((word) => word === undefined)) silent += 1;
  }
  return failing > 0 && failing + silent >= fewestDependents;
}

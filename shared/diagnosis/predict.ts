/** What would fail if something were broken: how a failure spreads over what hangs on it, and what each check would see. Pure. */
import { tells } from '../health/vitals.ts';
import type { PlannedCheck, Subject } from '../model/plan.ts';
import type { Topology } from './topology.ts';

/**
 * What a check is expected to see. `dead`: no packet comes through. `restarts`: none comes through, or the machine just comes up. `hung`: the machine takes connections and says nothing. `lossy`: answers are late
 * or lost. `any`: it is broken, in whatever way. `hurt`: something that it needs is, which may show or not. `open` and `open-dead`: it may
 * fail for that or go on; the latter cannot see something wrong then. Of a check that is not named it is expected that it passes.
 */
export type Expectation = 'dead' | 'restarts' | 'hung' | 'lossy' | 'any' | 'hurt' | 'open' | 'open-dead';
export type Expectations = Map<string, Expectation>;

/** `dead`: nothing gets to it. `hurt`: what it needs to do its work does not work. `part`: some of the hosts that carry it are gone. */
export type Fall = 'dead' | 'hurt' | 'part';
export type Fallen = ReadonlyMap<string, Fall>;

const strength: Record<Fall, number> = { part: 1, hurt: 2, dead: 3 };
const firmness: Record<Expectation, number> = { open: 1, 'open-dead': 2, hurt: 3, lossy: 4, any: 5, hung: 6, restarts: 7, dead: 8 };
const onTheWay: ReadonlySet<Subject['kind']> = new Set(['host', 'link', 'prefix', 'site']);
const isNetwork = (kind: Subject['kind'] | undefined): boolean => kind !== undefined && kind !== 'host' && onTheWay.has(kind);

/** Notes what a check is expected to see, where nothing firmer is expected of it. */
export function expect(expectations: Expectations, { id }: PlannedCheck, wanted: Expectation): void {
  const have = expectations.get(id);
  if (have === undefined || firmness[wanted] > firmness[have]) expectations.set(id, wanted);
}

/** How a failure spreads: of each group that something needs one member must work. */
export function fallOf(topology: Topology, roots: readonly string[], how: 'dead' | 'hurt'): Map<string, Fall> {
  const fallen = new Map<string, Fall>(roots.map((id) => [id, how]));
  const queue = [...roots];
  for (let parent = queue.pop(); parent !== undefined; parent = queue.pop()) {
    for (const id of topology.children(parent)) {
      const have = fallen.get(id);
      if (have === 'dead') continue;
      const now = standing(topology, id, fallen);
      if (now === null || (have !== undefined && strength[now] <= strength[have])) continue;
      fallen.set(id, now);
      // What half of its hosts still carry works for those who need it.
      if (now !== 'part') queue.push(id);
    }
  }
  return fallen;
}

function standing(topology: Topology, id: string, fallen: Fallen): Fall | null {
  const subject = topology.subject(id);
  if (!subject) return null;
  let worst: Fall | null = null;
  for (const group of topology.needs(id)) {
    const gone = group.filter((member) => (fallen.get(member) ?? 'part') !== 'part');
    if (gone.length === 0) continue;
    const isCarried = group.every((member) => subject.hosts.includes(member));
    let now: Fall | null = gone.length < group.length ? (isCarried ? 'part' : null) : 'hurt';
    if (now === 'hurt' && group.every((member) => fallen.get(member) === 'dead')) {
      const isWay =
        isCarried ||
        (onTheWay.has(subject.kind) ? isAll(topology, group, onTheWay) : group.every((it) => isNetwork(topology.subject(it)?.kind)));
      if (isWay) now = 'dead';
    }
    if (now !== null && (worst === null || strength[now] > strength[worst])) worst = now;
  }
  return worst;
}

const isAll = (topology: Topology, ids: readonly string[], kinds: ReadonlySet<Subject['kind']>): boolean =>
  ids.every((id) => kinds.has(topology.subject(id)?.kind ?? 'desk'));

/**
 * What all checks would see.
 * @param isWay a circuit, a range or a site is gone: an agent at the same site would not notice
 */
export function expectationsOf(topology: Topology, fallen: Fallen, isWay: boolean): Expectations {
  const all: Expectations = new Map();
  for (const [id, fall] of fallen) {
    const subject = topology.subject(id);
    if (!subject) continue;
    for (const plan of topology.checksOf(id)) {
      const wanted = expected(topology, plan, subject, fall, fallen, isWay);
      if (wanted) expect(all, plan, wanted);
    }
    if (fall !== 'part' && onTheWay.has(subject.kind))
      for (const plan of topology.goingTo(id)) {
        if (plan.subject.kind === 'link') continue;
        if (isWay && isNear(topology, plan)) continue;
        expect(all, plan, fall === 'hurt' ? 'open' : tells(plan.subject.kind, plan) ? 'dead' : 'open-dead');
      }
    if (fall !== 'part')
      for (const plan of topology.through(id)) expect(all, plan, fall === 'dead' && tells(plan.subject.kind, plan) ? 'dead' : 'open');
  }
  open(topology, all);
  return all;
}

/** Round trips may not come back when one of their doors is broken. */
export function open(topology: Topology, all: Expectations): void {
  for (const id of [...all.keys()]) for (const plan of topology.through(id)) expect(all, plan, 'open');
}

/** It looks from inside the site of what it looks at. */
const isNear = (topology: Topology, { vantage, subject: { id } }: PlannedCheck): boolean =>
  vantage !== 'desk' && vantage === topology.subject(id)?.site;

function expected(
  topology: Topology,
  plan: PlannedCheck,
  subject: Subject,
  fall: Fall,
  fallen: Fallen,
  isWay: boolean,
): Expectation | null {
  if (isWay && isNear(topology, plan)) return null;
  const { host } = topology.targetOf(plan);
  if (fall === 'part') return host === null ? 'open' : null;
  const isTelling = tells(subject.kind, plan);
  // What cannot be reached from here still works for those beside it.
  if (fall === 'hurt') return isTelling && !isWay && !onTheWay.has(subject.kind) ? 'hurt' : 'open';
  // What is seen of a circuit but its far end may be the state of a port.
  if (subject.kind === 'link') return plan.type === 'icmp' ? 'dead' : isTelling ? 'any' : 'open';
  if (!isTelling) return 'open-dead';
  const isElsewhere = host !== null && host !== subject.id && fallen.get(host) !== 'dead';
  return isElsewhere ? 'open' : 'dead';
}

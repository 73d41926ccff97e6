/** The inventory as diagnosis walks it: the graph, and besides where the packets of each check go, whatever the inventory says of dependence. */
import { hostOf, readUrl } from '../checks/http-settings.ts';
import type { Graph } from '../health/graph.ts';
import { bitsOf } from '../model/cidr.ts';
import type { PlannedCheck, Subject } from '../model/plan.ts';

export interface Topology {
  subject(id: string): Subject | undefined;
  /** Groups of ids of which each must have one that works: those of the inventory, and the prefix that a host's address lies in. */
  needs(id: string): readonly (readonly string[])[];
  children(id: string): readonly string[];
  /** Ids of what is at a site; of the legs of a mail entry. */
  at(place: string): readonly string[];
  checksOf(id: string): readonly PlannedCheck[];
  /** Checks that go to the address of a host, or into a prefix, wherever they stand in the inventory. */
  goingTo(id: string): readonly PlannedCheck[];
  /** Checks that go through something, by the id of a subject or a check. */
  through(id: string): readonly PlannedCheck[];
  /** Checks that ask at a port, wherever they stand; see `endpointOf`. */
  asking(endpoint: string): readonly PlannedCheck[];
  /** The host and the prefix that a check goes to, where its settings hold an address of one. */
  targetOf(plan: PlannedCheck): Target;
  plans: readonly PlannedCheck[];
}
export interface Target {
  host: string | null;
  prefix: string | null;
}

const none: readonly never[] = [];
const nowhere: Target = { host: null, prefix: null };

function add<T>(index: Map<string, T[]>, key: string, it: T): void {
  const list = index.get(key);
  if (!list) index.set(key, [it]);
  else if (list.at(-1) !== it) list.push(it);
}

const built = new WeakMap<Graph, Topology>();

/** @param plans all checks; the same graph with the same checks is indexed once */
export function topologyOf(graph: Graph, plans: readonly PlannedCheck[]): Topology {
  const have = built.get(graph);
  if (have && have.plans.length === plans.length && plans.every((plan, index) => plan === have.plans[index])) return have;
  const made = build(graph, plans);
  built.set(graph, made);
  return made;
}

function build(graph: Graph, plans: readonly PlannedCheck[]): Topology {
  const subjects = allSubjects(graph, plans);
  const byAddress = new Map<string, string>();
  for (const { kind, id, note } of subjects)
    if (kind === 'host' && note !== '' && !byAddress.has(keyOf(note))) byAddress.set(keyOf(note), id);
  const prefixes = subjects
    .filter(({ kind }) => kind === 'prefix')
    .flatMap((it) => rangeOf(it) ?? [])
    .sort((a, b) => Number(a.shift - b.shift));
  const prefixAt = new Map<string, string | null>();
  const prefixOf = (address: string): string | null => {
    const known = prefixAt.get(address);
    if (known !== undefined) return known;
    const bits = bitsOf(address);
    const found = (bits && prefixes.find(({ width, shift, value }) => width === bits.width && bits.value >> shift === value)?.id) ?? null;
    prefixAt.set(address, found);
    return found;
  };

  const extra = new Map<string, string[][]>();
  const children = new Map<string, string[]>();
  for (const { kind, id, note } of subjects) {
    const prefix = kind === 'host' ? prefixOf(note) : null;
    if (prefix === null || graph.needs(id).some((group) => group.includes(prefix))) continue;
    extra.set(id, [...graph.needs(id).map((group) => [...group]), [prefix]]);
    add(children, prefix, id);
  }
  for (const [parent, list] of children) children.set(parent, [...new Set([...graph.children(parent), ...list])]);

  const checksOf = new Map<string, PlannedCheck[]>();
  const goingTo = new Map<string, PlannedCheck[]>();
  const through = new Map<string, PlannedCheck[]>();
  const asking = new Map<string, PlannedCheck[]>();
  const targets = new Map<string, Target>();
  for (const plan of plans) {
    add(checksOf, plan.subject.id, plan);
    for (const id of plan.through ?? none) add(through, id, plan);
    const endpoint = endpointOf(plan);
    if (endpoint !== null) add(asking, endpoint, plan);
    const address = addressOf(plan);
    if (address === null) continue;
    const target = { host: byAddress.get(keyOf(address)) ?? null, prefix: prefixOf(address) };
    if (target.host !== null) add(goingTo, target.host, plan);
    if (target.prefix !== null) add(goingTo, target.prefix, plan);
    targets.set(plan.id, target);
  }
  return {
    plans: [...plans],
    subject: graph.subject,
    needs: (id) => extra.get(id) ?? graph.needs(id),
    children: (id) => children.get(id) ?? graph.children(id),
    at: graph.at,
    checksOf: (id) => checksOf.get(id) ?? none,
    goingTo: (id) => goingTo.get(id) ?? none,
    through: (id) => through.get(id) ?? none,
    asking: (endpoint) => asking.get(endpoint) ?? none,
    targetOf: ({ id }) => targets.get(id) ?? nowhere,
  };
}

/** What the checks stand on, with all that hangs together with it; by id. */
function allSubjects(graph: Graph, plans: readonly PlannedCheck[]): Subject[] {
  const found = new Map<string, Subject>();
  const queue = [...new Set(plans.map((plan) => plan.subject.id))];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    const subject = graph.subject(id);
    if (!subject || found.has(id)) continue;
    found.set(id, subject);
    queue.push(...graph.needs(id).flat(), ...graph.children(id), ...graph.at(id));
    if (subject.site !== null) queue.push(subject.site, ...(found.has(subject.site) ? [] : graph.at(subject.site)));
    if (subject.leg) queue.push(subject.leg.entry);
  }
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

interface Range {
  id: string;
  width: number;
  /** Bits behind the prefix, and what stands before them. */
  shift: bigint;
  value: bigint;
}

/** The second line of a prefix is the prefix. */
function rangeOf({ id, note }: Subject): Range | null {
  const [network = '', length = ''] = note.split('/');
  const bits = bitsOf(network);
  if (!bits || !/^\d{1,3}$/.test(length) || Number(length) > bits.width) return null;
  const shift = BigInt(bits.width - Number(length));
  return { id, width: bits.width, shift, value: bits.value >> shift };
}

/** Two ways of writing one address are one key. */
export function keyOf(address: string): string {
  const bits = bitsOf(address);
  return bits ? `${bits.width} ${bits.value}` : address.toLowerCase().replace(/\.$/, '');
}

/** Whom a check of DNS asks; null = this computer's own resolver, or no check of DNS. */
export const serverOf = ({ type, config: { server } }: PlannedCheck): string | null =>
  type === 'dns' && typeof server === 'string' && server !== 'system' ? server : null;

/** The address or name that a check goes to. */
function addressOf(plan: PlannedCheck): string | null {
  const { address, url } = plan.config;
  if (plan.type === 'dns') return serverOf(plan);
  if (typeof address === 'string') return address;
  const read = typeof url === 'string' ? readUrl(url) : null;
  return read ? hostOf(read) : null;
}

/** "192.0.2.1 443": the place that answers a check; null where the check asks at no port. */
export function endpointOf(plan: PlannedCheck): string | null {
  const address = addressOf(plan);
  const { port, url } = plan.config;
  if (address === null) return null;
  if (typeof port === 'number') return `${keyOf(address)} ${port}`;
  const read = typeof url === 'string' ? readUrl(url) : null;
  return read ? `${keyOf(address)} ${read.port || (read.protocol === 'https:' ? '443' : '80')}` : null;
}

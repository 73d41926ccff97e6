/** A small provider and what its checks would see of one broken thing, for tests of diagnosis. Shares no code with diagnosis or health. */

import type { DiagnosisInput, Sign, WayEnd } from '../../shared/diagnosis/types.ts';
import { type Graph, graphOf } from '../../shared/health/graph.ts';
import { inventorySchema } from '../../shared/model/inventory.ts';
import { type Plan, type PlannedCheck, planOf } from '../../shared/model/plan.ts';

const icmp = { type: 'icmp' };
const ssh = { type: 'tcp', name: 'ssh', port: 22, expect: 'SSH-' };

/** Two sites: Norfolk with two circuits, on which all but its last range ride; Leeds with one. */
export const provider = {
  desk: { anchors: [{ type: 'icmp', name: 'far', address: '203.0.113.250' }] },
  sites: [
    { id: 'norfolk', name: 'Norfolk' },
    { id: 'leeds', name: 'Leeds' },
  ],
  links: [
    { id: 'bluefin', site: 'norfolk', provider: 'Bluefin', gateway: '203.0.113.17' },
    { id: 'meridian', site: 'norfolk', provider: 'Meridian', gateway: '203.0.113.1' },
    { id: 'delta', site: 'leeds', provider: 'Delta', gateway: '203.0.113.33' },
  ],
  prefixes: [
    ...['a', 'b', 'c', 'd'].map((id, index) => ({
      id,
      cidr: `192.0.2.${index * 32}/27`,
      site: 'norfolk',
      via: ['bluefin', 'meridian'],
      representatives: [`192.0.2.${index * 32 + 1}`],
    })),
    { id: 'e', cidr: '192.0.2.128/27', site: 'norfolk', via: ['bluefin'], representatives: ['192.0.2.129'] },
    { id: 'west', cidr: '198.51.100.0/24', site: 'leeds', via: ['delta'], representatives: ['198.51.100.1'] },
  ],
  hosts: [
    { id: 'ns1', site: 'norfolk', address: '192.0.2.3', parents: ['a'], checks: [icmp] },
    { id: 'web1', site: 'norfolk', address: '192.0.2.35', parents: ['b'], checks: [icmp, ssh] },
    // Nothing says what range these are in but their addresses.
    { id: 'web2', site: 'norfolk', address: '192.0.2.67', checks: [icmp, ssh] },
    { id: 'mail1', site: 'norfolk', address: '192.0.2.99', parents: ['d'], checks: [icmp] },
    { id: 'db1', site: 'norfolk', address: '192.0.2.130', parents: ['e'], checks: [icmp, ssh] },
    { id: 'ns2', site: 'leeds', address: '198.51.100.3', parents: ['west'], checks: [icmp] },
    { id: 'web3', site: 'leeds', address: '198.51.100.4', parents: ['west'], checks: [icmp, ssh] },
    { id: 'web4', site: 'leeds', address: '198.51.100.5', parents: ['west'], checks: [icmp, ssh] },
  ],
  services: [
    {
      id: 'web',
      name: 'web sites',
      hosts: ['web1'],
      dependsOn: ['db'],
      checks: [{ type: 'http', url: 'https://www.example.net/', address: '192.0.2.35' }],
    },
    {
      id: 'shops',
      name: 'web shops',
      hosts: ['web2'],
      dependsOn: ['db'],
      checks: [{ type: 'http', url: 'https://shop.example.com/', address: '192.0.2.67' }],
    },
    {
      id: 'db',
      name: 'databases',
      hosts: ['db1'],
      checks: [{ type: 'mysql', address: '192.0.2.130', user: 'watch', passwordSecret: 'db' }],
    },
    {
      id: 'leeds-web',
      name: 'web sites at Leeds',
      hosts: ['web3', 'web4'],
      checks: [
        { type: 'http', name: 'http-3', url: 'https://leeds.example.net/', address: '198.51.100.4' },
        { type: 'http', name: 'http-4', url: 'https://leeds.example.net/', address: '198.51.100.5' },
      ],
    },
    {
      id: 'dns',
      name: 'DNS',
      hosts: ['ns1', 'ns2'],
      checks: [
        { type: 'dns', name: 'a-ns1', query: 'www.example.net', server: '192.0.2.3' },
        { type: 'dns', name: 'mx-ns1', query: 'example.net', record: 'MX', server: '192.0.2.3' },
        { type: 'dns', name: 'a-ns2', query: 'www.example.net', server: '198.51.100.3' },
        { type: 'dns', name: 'mx-ns2', query: 'example.net', record: 'MX', server: '198.51.100.3' },
      ],
    },
  ],
  mail: [
    {
      id: 'mail',
      domain: 'example.net',
      hosts: ['mail1'],
      servers: { address: '192.0.2.99' },
      mailbox: { address: 'desk@example.net', passwordSecret: 'mail' },
      webmail: { url: 'https://webmail.example.net/', address: '192.0.2.99' },
      records: false,
    },
  ],
};

/** What a check sees: null = it passes. */
export type Outcome = Pick<Sign, 'symptom' | 'reason' | 'server'> | null;
export const gone: Outcome = { symptom: 'gone', reason: 'timeout' };
export const wrong: Outcome = { symptom: 'wrong', reason: 'wrong-status' };
export const lossy: Outcome = { symptom: 'lossy', reason: 'packet-loss' };

export type Fault =
  | { kind: 'desk' }
  | {
      kind: 'site' | 'link' | 'link-loss' | 'prefix' | 'host' | 'host-hangs' | 'service' | 'leg' | 'mail' | 'name-server' | 'check';
      id: string;
    }
  | { kind: 'link-prefixes'; id: string; prefixes: readonly string[] };

export const planFor = (written: object): Plan => {
  const { plan, problems } = planOf(inventorySchema.parse(written));
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return plan;
};

interface Written {
  links: readonly { id: string; site: string }[];
  prefixes: readonly { id: string; site: string; via: readonly string[]; cidr: string }[];
  hosts: readonly { id: string; site: string; address: string }[];
  services: readonly { id: string; dependsOn?: readonly string[] }[];
}

const addressOf = ({ type, config }: PlannedCheck): string => String(type === 'dns' ? config.server : config.address);

/** What each check would see if this were broken and nothing else. */
export function outcomesOf(written: Written, plan: Plan, fault: Fault, how: Outcome = wrong): Map<string, Outcome> {
  const hostAt = new Map(written.hosts.map((it) => [it.address, it]));
  const rangeOf = (address: string) => written.prefixes.find(({ cidr }) => within(address, cidr));
  const isDark = (site: string): boolean => fault.kind === 'site' && fault.id === site;
  const reaches = (address: string): boolean => {
    if (fault.kind === 'desk') return false;
    const range = rangeOf(address);
    if (!range) return true;
    if (isDark(range.site) || (fault.kind === 'prefix' && fault.id === range.id)) return false;
    if (fault.kind === 'link-prefixes') return !fault.prefixes.includes(range.id);
    return fault.kind !== 'link' || range.via.some((id) => id !== fault.id);
  };
  const isLossy = (address: string): boolean => fault.kind === 'link-loss' && rangeOf(address)?.via[0] === fault.id;
  const needsOf = (id: string): readonly string[] => written.services.find((it) => it.id === id)?.dependsOn ?? [];
  const runsOn = new Map(plan.subjects.map((it) => [it.id, it.hosts]));
  const isBroken = (id: string): boolean =>
    (fault.kind === 'service' && fault.id === id) ||
    ((fault.kind === 'host' || fault.kind === 'host-hangs') && (runsOn.get(id) ?? []).some((host) => host === fault.id));
  const look = (check: PlannedCheck): Outcome => {
    const address = addressOf(check);
    const { kind, id } = check.subject;
    if (kind === 'link') {
      const link = written.links.find((it) => it.id === id);
      if (fault.kind === 'desk' || (fault.kind === 'link' && fault.id === id) || (link && isDark(link.site))) return gone;
      return fault.kind === 'link-loss' && fault.id === id ? lossy : null;
    }
    if (!reaches(address)) return gone;
    const host = hostAt.get(address);
    if (fault.kind === 'host' && host?.id === fault.id) return gone;
    if (fault.kind === 'host-hangs' && host?.id === fault.id && check.type !== 'icmp') return gone;
    if (fault.kind === 'check' && fault.id === check.id) return how;
    if (fault.kind === 'service' && fault.id === id) return how;
    if (fault.kind === 'leg' && fault.id === id) return how;
    if (fault.kind === 'mail' && fault.id === plan.subjects.find((it) => it.id === id)?.leg?.entry && check.config.user !== undefined)
      return { symptom: 'wrong', reason: 'login-refused' };
    if (fault.kind === 'name-server' && check.type === 'dns' && address === fault.id) return how;
    if (check.type !== 'icmp' && needsOf(id).some(isBroken)) return wrong;
    return check.type === 'icmp' && isLossy(address) ? lossy : null;
  };
  return new Map(plan.checks.filter((it) => it.type !== 'roundtrip' && it.type !== 'blocklist').map((it) => [it.id, look(it)]));
}

/** Whether an IPv4 address lies in a prefix. */
function within(address: string, cidr: string): boolean {
  const [network = '', length = '32'] = cidr.split('/');
  const bits = (text: string): number => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(length));
  return Math.floor(bits(address) / size) === Math.floor(bits(network) / size);
}

export const firstAt = 1_000_000;

export const signOf = (plan: PlannedCheck, outcome: Outcome | undefined): Sign =>
  outcome === undefined
    ? { plan, word: 'unknown', symptom: null, reason: null, since: null, at: null }
    : outcome === null
      ? { plan, word: 'passes', symptom: null, reason: null, since: null, at: firstAt + 30_000 }
      : { plan, word: 'fails', ...outcome, since: firstAt, at: firstAt + 30_000 };

const graphs = new WeakMap<Plan, Graph>();
/** One per plan, as in the engine. */
function graphFor(plan: Plan): Graph {
  const graph = graphs.get(plan) ?? graphOf(plan.subjects);
  graphs.set(plan, graph);
  return graph;
}

/** An alert about everything that fails, unless some are named. */
export function inputOf(
  plan: Plan,
  outcomes: ReadonlyMap<string, Outcome>,
  {
    checks,
    ways = [],
    order = plan.checks,
  }: { checks?: readonly string[]; ways?: readonly WayEnd[]; order?: readonly PlannedCheck[] } = {},
): DiagnosisInput {
  const failing = [...outcomes].flatMap(([id, outcome]) => (outcome ? [id] : []));
  const first = plan.checks.find((it) => it.id === (checks ?? failing)[0]);
  return {
    graph: graphFor(plan),
    signs: new Map(order.map((it) => [it.id, signOf(it, outcomes.get(it.id))])),
    ways,
    alert: {
      id: 'A',
      subject: first?.subject ?? { kind: 'desk', id: 'desk' },
      title: 'Something fails',
      checks: [...(checks ?? failing)],
      consequences: [],
      firstAt,
    },
    now: firstAt + 60_000,
  };
}

/** Delegation: does the parent zone send people to the servers that the zone itself names, at the addresses that it names. */
import { z } from 'zod';
import { failureSchema, type Verdict } from '../model/words.ts';
import { count, listOf } from '../text.ts';
import { humanLatency } from '../time.ts';
import { explainDelegation } from './delegation-explain.ts';
import { dnsName, isWithin, resolverOrSystem, sameForm, serverSetting } from './dns-names.ts';
import { failed } from './target.ts';
import { familySetting, levelOfFailure, portSetting } from './tls-settings.ts';
import type { CheckDefinition, FactLine } from './types.ts';

const config = z.object({
  zone: dnsName.refine((name) => name !== '.', 'expected a zone below another one').describe('Name of the zone, such as example.net'),
  parentServers: z
    .array(serverSetting)
    .min(1)
    .max(20)
    .optional()
    .describe('Name servers of the zone above, with ports where they are not the usual ones; found by itself where left out'),
  port: portSetting.default(53).describe("Port of the zone's own name servers"),
  family: familySetting,
  resolver: resolverOrSystem.describe('Looks up the servers of the zone above, and names outside of the zone'),
});
export type DelegationConfig = z.infer<typeof config>;

const mostNames = 20;
const name = z.string().max(300);
const addressList = z.array(z.string()).max(20);
const hostAddresses = z.object({ name, addresses: addressList });
export type HostAddresses = z.infer<typeof hostAddresses>;

const parentFacts = z.object({
  name,
  address: z.string().optional(),
  failure: failureSchema.optional(),
  rcode: z.string().optional(),
  /** The name servers that it sends people to. */
  ns: z.array(name).max(mostNames).optional(),
  /** The addresses that it gives along with them. */
  glue: z.array(hostAddresses).max(mostNames).optional(),
  ms: z.number().optional(),
});
export type ParentFacts = z.infer<typeof parentFacts>;

const serverFacts = z.object({
  name,
  address: z.string().optional(),
  failure: failureSchema.optional(),
  rcode: z.string().optional(),
  aa: z.boolean().optional(),
  /** The name servers of the zone by this server. */
  ns: z.array(name).max(mostNames).optional(),
  ms: z.number().optional(),
});
export type DelegatedServer = z.infer<typeof serverFacts>;

const observation = z.object({
  failure: failureSchema.optional(),
  parents: z.array(parentFacts).max(20).optional(),
  /** The servers that the parent names, and those that only the zone itself names. */
  servers: z.array(serverFacts).max(80).optional(),
  /** True addresses of the servers: by the zone for names within, by a resolver for others. What is not known is left out. */
  addresses: z.array(hostAddresses).max(40).optional(),
});
export type DelegationFacts = z.infer<typeof observation>;

/** All that parent and zone do not say alike. Names in lower case without a final dot, addresses in one form. */
export interface Differences {
  /** The servers that the parent names. */
  delegated: string[];
  /** The servers that the zone names. */
  own: string[];
  /** In the zone, not at the parent. */
  missing: string[];
  /** At the parent, not in the zone. */
  extra: string[];
  /** Names within the zone that nobody finds without an address from the parent, which gives none. */
  noGlue: string[];
  /** The parent's addresses that are not the server's, and the other way round. */
  glue: { name: string; wrong: string[]; missing: string[] }[];
  /** The parent's servers do not agree. */
  parentsDiffer: boolean;
  /** The zone's servers do not agree. */
  ownDiffer: boolean;
}

const union = (sets: readonly (readonly string[])[]): string[] => [...new Set(sets.flat().map(sameForm))].sort();
const differ = (sets: readonly (readonly string[])[]): boolean => new Set(sets.map((set) => union([set]).join(' '))).size > 1;
const without = (all: readonly string[], others: readonly string[]): string[] => all.filter((it) => !others.includes(it));

/** Those that are not among the others, however either is written; each once, as written. */
function lacking(some: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others.map(sameForm));
  return [...new Map(some.map((it) => [sameForm(it), it]))].flatMap(([form, it]) => (known.has(form) ? [] : [it])).sort();
}

/** Works out the differences. @returns null where the parent or the zone gave no answer at all */
export function differencesOf({ parents = [], servers = [], addresses = [] }: DelegationFacts, zone: string): Differences | null {
  const parentSets = parents.flatMap(({ ns }) => (ns && ns.length > 0 ? [ns] : []));
  const ownSets = servers.flatMap(({ ns, aa }) => (aa && ns && ns.length > 0 ? [ns] : []));
  if (parentSets.length === 0 || ownSets.length === 0) return null;
  const [delegated, own] = [union(parentSets), union(ownSets)];
  const given = new Map<string, string[]>();
  for (const { name, addresses: some } of parents.flatMap(({ glue = [] }) => glue))
    given.set(sameForm(name), [...(given.get(sameForm(name)) ?? []), ...some]);
  const glue = addresses.flatMap(({ name, addresses: real }) => {
    const at = given.get(sameForm(name));
    if (!at) return [];
    const [wrong, missing] = [lacking(at, real), lacking(real, at)];
    return wrong.length + missing.length > 0 ? [{ name: sameForm(name), wrong, missing }] : [];
  });
  return {
    delegated,
    own,
    missing: without(own, delegated),
    extra: without(delegated, own),
    noGlue: delegated.filter((name) => isWithin(name, zone) && !given.has(name)),
    glue,
    parentsDiffer: differ(parentSets),
    ownDiffer: differ(ownSets),
  };
}

/** Why a server is no good for the zone; null = it is. */
function lamenessOf({ name, failure, rcode, aa }: DelegatedServer): string | null {
  if (failure?.code === 'timeout') return `${name} does not answer`;
  if (failure?.code === 'refused') return `nothing answers on ${name}`;
  if (failure) return `${name}: ${failure.detail}`;
  if (rcode !== undefined && rcode !== 'NOERROR') return `${name} answers ${rcode}`;
  return aa === true ? null : `${name} does not answer for the zone itself`;
}

const isOurs = ({ failure }: DelegatedServer): boolean => failure !== undefined && levelOfFailure(failure.code) === 'unknown';
const down = (reason: string, text: string): Verdict => ({ state: 'down', reason, text });

function judge(it: DelegationFacts, config: DelegationConfig): Verdict {
  if (it.failure) return failed(it.failure);
  const { parents = [], servers = [] } = it;
  const heard = parents.filter(({ rcode }) => rcode === 'NOERROR' || rcode === 'NXDOMAIN');
  if (heard.length === 0)
    return {
      state: 'unknown',
      reason: 'parent-silent',
      text:
        parents.length === 0 ? 'nobody was asked' : `no server of the zone above tells anything (${reasonOf(parents[0] as ParentFacts)})`,
    };
  const unaware = heard.filter(({ ns = [] }) => ns.length === 0);
  if (unaware.length === heard.length) return down('not-delegated', `the zone above does not know ${config.zone}`);
  const lame = servers.filter((server) => !isOurs(server)).flatMap((server) => lamenessOf(server) ?? []);
  const unsure = servers.filter(isOurs).flatMap((server) => lamenessOf(server) ?? []);
  if (servers.length > 0 && lame.length === servers.length)
    return down('lame', `no server that the zone above names is in charge: ${listOf(lame)}`);
  const problems: [reason: string, text: string][] = [];
  const add = (wrong: boolean, reason: string, text: () => string): unknown => wrong && problems.push([reason, text()]);
  add(lame.length > 0, 'lame', () => listOf(lame));
  add(unaware.length > 0, 'parents-differ', () => `${listOf(unaware.map(({ name }) => name))} of the zone above does not know it`);
  const found = differencesOf(it, config.zone);
  if (!found)
    return {
      state: lame.length > 0 ? 'degraded' : 'unknown',
      reason: 'servers-unknown',
      text: listOf([...lame, ...unsure]) || 'the servers of the zone could not be asked',
    };
  const { missing, extra, noGlue, glue } = found;
  add(missing.length > 0, 'ns-missing', () => `${listOf(missing)} of the zone ${missing.length === 1 ? 'is' : 'are'} not known above`);
  add(extra.length > 0, 'ns-extra', () => `above stands ${listOf(extra)}, which the zone does not name`);
  add(noGlue.length > 0, 'glue-missing', () => `above no address stands for ${listOf(noGlue)}`);
  add(glue.length > 0, 'glue-differs', () =>
    listOf(
      glue.map(({ name, wrong, missing: lacks }) =>
        wrong.length > 0
          ? `above ${name} is ${listOf(wrong)}${lacks.length > 0 ? `, really it is ${listOf(lacks)}` : ', which it is not'}`
          : `above ${name} lacks ${listOf(lacks)}`,
      ),
      2,
    ),
  );
  add(found.parentsDiffer, 'parents-differ', () => 'the servers of the zone above do not agree');
  add(found.ownDiffer, 'servers-differ', () => 'the servers of the zone do not agree on which they are');
  const first = problems[0];
  if (first)
    return {
      state: 'degraded',
      reason: first[0],
      text: problems
        .map(([, text]) => text)
        .slice(0, 4)
        .join('; '),
    };
  if (unsure.length > 0) return { state: 'unknown', reason: 'servers-unknown', text: listOf(unsure, 2) };
  return { state: 'ok', reason: 'ok', text: `the zone above and the zone itself name the same ${count(found.own.length, 'server')}` };
}

const reasonOf = ({ name, failure, rcode }: ParentFacts): string => (failure ? failure.detail : `${name} answers ${rcode ?? 'nothing'}`);

const target = (config: DelegationConfig): string => `delegation of ${config.zone}`;

function facts(it: DelegationFacts): FactLine[] {
  const lines: FactLine[] = [];
  const add = (label: string, parts: readonly (string | undefined)[]): number =>
    lines.push({ label, value: parts.filter((part) => part !== undefined && part !== '').join(', ') });
  const listed = (all: readonly HostAddresses[] = []): string =>
    all.map(({ name, addresses }) => `${name} ${addresses.join(' ')}`).join(', ');
  for (const parent of it.parents ?? [])
    add(`Above, ${parent.name}`, [
      parent.failure?.detail,
      parent.rcode === 'NOERROR' ? undefined : parent.rcode,
      parent.ns?.join(', '),
      parent.glue && parent.glue.length > 0 ? `with ${listed(parent.glue)}` : undefined,
    ]);
  for (const server of it.servers ?? [])
    add(`${server.name}${server.address === undefined ? '' : ` (${server.address})`}`, [
      lamenessOf(server) ?? 'in charge',
      server.ns?.join(', '),
      server.ms === undefined ? undefined : humanLatency(server.ms),
    ]);
  if (it.addresses && it.addresses.length > 0) add('Addresses', [listed(it.addresses)]);
  return lines;
}

const median = (all: readonly number[]): number | null => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? null;

function changes(before: DelegationFacts, after: DelegationFacts): { code: string; text: string }[] {
  const [old, now] = [before, after].map(({ parents = [] }) => union(parents.flatMap(({ ns }) => (ns ? [ns] : []))));
  if (!old?.length || !now?.length || old.join() === now.join()) return [];
  const [gone, come] = [without(old, now), without(now, old)];
  const words = [...(come.length > 0 ? [`${listOf(come)} came`] : []), ...(gone.length > 0 ? [`${listOf(gone)} went`] : [])];
  return [{ code: 'delegation-changed', text: `the zone above names other servers: ${words.join(', ')}` }];
}

export const delegation = {
  title: 'DNS delegation',
  summary: 'Whether the zone above sends people to the servers that a zone itself names, at their real addresses',
  config,
  observation,
  slotMs: 0,
  unit: 'ms',
  target,
  judge,
  explain: (_, verdict, config) => explainDelegation(`Delegation of ${config.zone}: ${verdict.text}.`, verdict),
  measure: (it) => median((it.servers ?? []).flatMap(({ ms }) => ms ?? [])),
  facts,
  changes,
} satisfies CheckDefinition<DelegationConfig, DelegationFacts>;

/** What the legs of a mail stack have in common, and name servers. Pure. */
import type { PlannedCheck } from '../model/plan.ts';
import { tellingOf } from './candidates-programs.ts';
import { causeOf, type Hypothesis, only, type Seen } from './hypothesis.ts';
import { rarer } from './likelihood.ts';
import { keyOf, serverOf, type Topology } from './topology.ts';

type Common = (plan: PlannedCheck) => boolean;
const doors: ReadonlySet<PlannedCheck['type']> = new Set<PlannedCheck['type']>(['smtp', 'imap', 'pop3', 'sieve']);
const every: Common = () => true;
/** What can be broken at all doors at once. */
const commons: readonly Common[] = [
  every,
  // Who logs in: the place where passwords are kept.
  ({ config }) => config.user !== undefined,
  // Who encrypts: the certificate.
  ({ type, config }) => doors.has(type) && config.encryption !== 'none',
];

/** All legs, or what logs in, or what encrypts; only where two legs fail, or may. */
export function mailHypotheses(topology: Topology, entry: string, { of }: Seen): Hypothesis[] {
  const legs = topology.at(entry).flatMap((id) => {
    const subject = topology.subject(id);
    return subject?.leg ? [{ id, plans: tellingOf(subject, topology.checksOf(id)) }] : [];
  });
  return commons.flatMap((isOne) => {
    const parts = legs.map(({ id, plans }) => ({ id, plans: plans.filter(isOne) })).filter(({ plans }) => plans.length > 0);
    const words = parts.map(({ plans }) => plans.map(({ id }) => of.get(id)));
    const failing = words.filter((them) => them.some((word) => word !== undefined && word !== 'passes')).length;
    const silent = words.filter((them) => them.every((word) => word === undefined)).length;
    if (failing === 0 || failing + silent < 2) return [];
    const plans = [...parts.flatMap((it) => it.plans), ...topology.checksOf(entry)];
    return [
      only(topology, causeOf('mail', entry), plans, isOne === every ? rarer.allOfMail : 1, 'any', [entry, ...parts.map(({ id }) => id)]),
    ];
  });
}

/**
 * One name server of several: who asks it gets nothing or something wrong; or only its copy of a zone is wrong, which not every question shows.
 * Whether a check of the whole zone tells is open, unless it names the server.
 */
export function nameServerHypotheses(topology: Topology, failing: readonly PlannedCheck[], seen: Seen): Hypothesis[] {
  const asked = new Map<string, string>();
  for (const plan of failing) {
    const server = serverOf(plan) ?? seen.server.get(plan.id)?.address ?? null;
    if (server !== null && !asked.has(keyOf(server))) asked.set(keyOf(server), server);
  }
  if (asked.size === 0) return [];
  const byServer = Map.groupBy(
    topology.plans.filter((plan) => serverOf(plan) !== null),
    (plan) => keyOf(serverOf(plan) as string),
  );
  const zones = topology.plans.filter((plan) => plan.type === 'zone' || plan.type === 'delegation');
  return [...asked].flatMap(([key, server]) => {
    const naming = zones.filter(({ id }) => seen.server.get(id)?.key === key);
    const asking = byServer.get(key) ?? [];
    const isOneOfMany = naming.length > 0 || byServer.size > 1 || asking.length > 1;
    if (!isOneOfMany) return [];
    const all = only(topology, causeOf('name-server', server), [...asking, ...naming]);
    for (const plan of zones) if (!seen.server.has(plan.id) && mayAsk(plan, key)) all.expectations.set(plan.id, 'open');
    if (naming.length === 0) return [all];
    const copy = only(topology, causeOf('name-server', server), naming);
    for (const [id] of all.expectations) if (!copy.expectations.has(id)) copy.expectations.set(id, 'open');
    return [all, copy];
  });
}

/** It names the server, or none at all. */
const mayAsk = ({ config: { servers } }: PlannedCheck, key: string): boolean =>
  !Array.isArray(servers) || servers.some((it) => typeof it === 'string' && keyOf(it) === key);

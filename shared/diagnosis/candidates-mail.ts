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

/** One name server of several: who asks it gets nothing or something wrong. Whether a check of the whole zone tells is open. */
export function nameServerHypotheses(topology: Topology, failing: readonly PlannedCheck[]): Hypothesis[] {
  const asked = new Map<string, string>();
  for (const plan of failing) {
    const server = serverOf(plan);
    if (server !== null && !asked.has(keyOf(server))) asked.set(keyOf(server), server);
  }
  if (asked.size === 0) return [];
  const byServer = Map.groupBy(
    topology.plans.filter((plan) => serverOf(plan) !== null),
    (plan) => keyOf(serverOf(plan) as string),
  );
  if (byServer.size < 2 && (byServer.values().next().value?.length ?? 0) < 2) return [];
  const zones = topology.plans.filter((plan) => plan.type === 'zone' || plan.type === 'delegation');
  return [...asked].map(([key, server]) => {
    const hypothesis = only(topology, causeOf('name-server', server), byServer.get(key) ?? []);
    for (const plan of zones) if (mayAsk(plan, key)) hypothesis.expectations.set(plan.id, 'open');
    return hypothesis;
  });
}

/** It names the server, or none at all. */
const mayAsk = ({ config: { servers } }: PlannedCheck, key: string): boolean =>
  !Array.isArray(servers) || servers.some((it) => typeof it === 'string' && keyOf(it) === key);

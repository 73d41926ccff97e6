/** An inventory with all that it stands for written out: every check with every setting, as it could be written by hand. */
import { z } from 'zod';
import { type CheckType, checkConfigSchemas } from '../../shared/checks/index.ts';
import type { Inventory } from '../../shared/model/inventory.ts';
import type { Plan, PlannedCheck } from '../../shared/model/plan.ts';
import { durationPattern, writeDuration } from '../../shared/time.ts';

type Json = z.core.JSONSchema.JSONSchema;
type Group = Record<string, unknown>;

/**
 * @returns sections of an inventory that watches the same without shorthands (mail stacks, gateways, representatives). What is not about
 * checks (planned work, routines, notifications) is left out. Secrets are named, as everywhere.
 */
export function expandedInventory({ organization, desk, ...inventory }: Inventory, plan: Plan): Group {
  const legs = new Map(plan.subjects.flatMap(({ id, leg }) => (leg ? [[id, leg] as const] : [])));
  const byEntry = Map.groupBy(plan.checks, ({ subject }) => legs.get(subject.id)?.entry ?? subject.id);
  const checksOf = (id: string): { checks?: Group[] } => {
    const all = (byEntry.get(id) ?? []).map((check) => asWritten(check, legs.get(check.subject.id)?.leg));
    return all.length > 0 ? { checks: all } : {};
  };
  const { checks: anchors } = checksOf('desk');
  const sections: Record<string, Group[]> = {
    sites: inventory.sites.map(({ id, name, timezone }) => ({ id, name, timezone })),
    links: inventory.links.map(({ id, name, site, provider, circuit, parents }) => ({
      ...{ id, name, site, provider, circuit, parents },
      ...checksOf(id),
    })),
    prefixes: inventory.prefixes.map(({ id, name, cidr, site, via }) => ({ ...{ id, name, cidr, site, via }, ...checksOf(id) })),
    hosts: inventory.hosts.map(({ id, name, site, address, parents }) => ({ ...{ id, name, site, address, parents }, ...checksOf(id) })),
    services: inventory.services.map(({ id, name, audience, site, hosts, dependsOn }) => ({
      ...{ id, name, audience, site, hosts, dependsOn },
      ...checksOf(id),
    })),
    mail: inventory.mail.map(({ id, domain, name, site, address, hosts, dependsOn }) => ({
      ...{ id, domain, name, site, address, hosts, dependsOn },
      ...checksOf(id),
    })),
  };
  return {
    organization,
    ...(anchors && { desk: { anchors, ...(desk.push && { push: desk.push }) } }),
    ...Object.fromEntries(Object.entries(sections).flatMap(([key, all]) => (all.length > 0 ? [[key, all.map(withoutEmpty)]] : []))),
  };
}

const withoutEmpty = (group: Group): Group =>
  Object.fromEntries(Object.entries(group).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)));

/** One check as its entry in the inventory would be. */
function asWritten(
  { type, name, intervalMs, retryIntervalMs, timeoutMs, maxAttempts, through = [], config }: PlannedCheck,
  leg?: string,
): Group {
  const host = through.find((id) => !id.includes('/'));
  return {
    ...(leg !== undefined && { leg }),
    type,
    name,
    ...(host !== undefined && { host }),
    interval: writeDuration(intervalMs),
    retryInterval: writeDuration(retryIntervalMs),
    timeout: writeDuration(timeoutMs),
    maxAttempts,
    ...withoutEmpty(withDurations(config, schemaOf(type)) as Group),
  };
}

const schemas = new Map<CheckType, Json>();
function schemaOf(type: CheckType): Json {
  const have = schemas.get(type) ?? (z.toJSONSchema(checkConfigSchemas[type], { io: 'input' }) as Json);
  schemas.set(type, have);
  return have;
}

/** Settings with their durations as people write them; the schema says which numbers are milliseconds. */
function withDurations(value: unknown, schema: Json): unknown {
  const options = [schema, ...((schema.anyOf ?? schema.oneOf ?? []) as Json[])];
  if (typeof value === 'number') return options.some((it) => it.pattern === durationPattern.source) ? writeDuration(value) : value;
  if (value === null || typeof value !== 'object') return value;
  const within = (key: string): Json => options.map((it) => it.properties?.[key] as Json | undefined).find((it) => it !== undefined) ?? {};
  if (Array.isArray(value)) {
    const items = options.map((it) => it.items as Json | undefined).find((it) => it !== undefined) ?? {};
    return value.map((it) => withDurations(it, items));
  }
  // In the order of the schema, however it was written.
  const order = options.flatMap((it) => Object.keys(it.properties ?? {}));
  const place = (key: string): number => (order.includes(key) ? order.indexOf(key) : order.length);
  const entries = Object.entries(value).toSorted(([a], [b]) => place(a) - place(b));
  return Object.fromEntries(entries.map(([key, inner]) => [key, withDurations(inner, within(key))]));
}

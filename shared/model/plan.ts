/**
 * The plan: an inventory turned into the flat list of subjects and checks that the engine runs. What the schema cannot see is
 * checked here: ids that clash, references to nothing, circles, checks without an address.
 */
import { checks } from '../checks/index.ts';
import type { CheckType } from '../checks/index.ts';
import { count } from '../text.ts';
import type { CheckEntry, Inventory } from './inventory.ts';
import type { SubjectKind, SubjectRef } from './words.ts';

/** One thing of the inventory as the desk shows it. */
export interface Subject extends SubjectRef {
  name: string;
  site: string | null;
  /** Address, provider, prefix or domain: the second line of its detail view. */
  note: string;
  /** How a report to customers words it. */
  audience: string;
  /** Ids of what must work for this one to be reached or to work. */
  dependsOn: string[];
  /** Hosts that carry it (services and mail). */
  hosts: string[];
}

/** One check, ready to run: every default filled in, every address known. */
export interface PlannedCheck {
  /** `<subject id>/<check name>`; stable over edits, keys all history. */
  id: string;
  type: CheckType;
  subject: SubjectRef;
  /** The check's own name within its subject. */
  name: string;
  target: string;
  vantage: 'desk';
  intervalMs: number;
  retryIntervalMs: number;
  timeoutMs: number;
  maxAttempts: number;
  /** Permits are counted per host; this is the host's address, or the target where there is none. */
  permitKey: string;
  config: Record<string, unknown>;
}

export interface Plan {
  organization: { name: string; timezone: string };
  subjects: Subject[];
  checks: PlannedCheck[];
}

/** A mistake in an inventory. `path` leads to the place in the file, as in zod issues. */
export interface PlanProblem {
  path: (string | number)[];
  expected: string;
}

interface Entry {
  kind: SubjectKind;
  path: (string | number)[];
  subject: Subject;
  address: string | null;
  checks: CheckEntry[];
  /** Reference fields and what they may point at. */
  references: { field: string; ids: string[]; kinds: readonly SubjectKind[] }[];
}

const parentKinds = ['host', 'link', 'prefix', 'service', 'mail', 'site'] as const;

function entriesOf(inventory: Inventory): Entry[] {
  const site = (id: string | undefined) => ({ field: 'site', ids: id === undefined ? [] : [id], kinds: ['site'] as const });
  const as = (checks: unknown): CheckEntry[] => checks as CheckEntry[];
  return [
    ...inventory.sites.map((it, index): Entry => ({
      kind: 'site',
      path: ['sites', index],
      subject: subject('site', it.id, { name: it.name ?? it.id, note: count(it.contacts.length, 'contact') }),
      address: null,
      checks: [],
      references: [],
    })),
    ...inventory.links.map((it, index): Entry => ({
      kind: 'link',
      path: ['links', index],
      subject: subject('link', it.id, { name: it.name ?? it.provider, site: it.site, note: it.circuit ?? it.provider, dependsOn: it.parents }),
      address: it.gateway ?? null,
      checks: [...(it.gateway ? [{ type: 'icmp', name: 'gateway', address: it.gateway }] : []), ...as(it.checks)],
      references: [site(it.site), { field: 'parents', ids: it.parents, kinds: parentKinds }],
    })),
    ...inventory.prefixes.map((it, index): Entry => ({
      kind: 'prefix',
      path: ['prefixes', index],
      subject: subject('prefix', it.id, { name: it.name ?? it.cidr, site: it.site, note: it.cidr, dependsOn: it.via }),
      address: null,
      checks: [...it.representatives.map((address) => ({ type: 'icmp', name: `icmp-${address.replaceAll(':', '-')}`, address })), ...as(it.checks)],
      references: [site(it.site), { field: 'via', ids: it.via, kinds: ['link'] }],
    })),
    ...inventory.hosts.map((it, index): Entry => ({
      kind: 'host',
      path: ['hosts', index],
      subject: subject('host', it.id, { name: it.name ?? it.id, site: it.site, note: it.address ?? '', dependsOn: it.parents }),
      address: it.address ?? null,
      checks: as(it.checks),
      references: [site(it.site), { field: 'parents', ids: it.parents, kinds: parentKinds }],
    })),
    ...inventory.services.map((it, index): Entry => ({
      kind: 'service',
      path: ['services', index],
      subject: subject('service', it.id, { name: it.name, site: it.site, audience: it.audience, dependsOn: it.dependsOn, hosts: it.hosts }),
      address: null,
      checks: as(it.checks),
      references: [site(it.site), { field: 'hosts', ids: it.hosts, kinds: ['host'] }, { field: 'dependsOn', ids: it.dependsOn, kinds: parentKinds }],
    })),
    ...inventory.mail.map((it, index): Entry => ({
      kind: 'mail',
      path: ['mail', index],
      subject: subject('mail', it.id, { name: it.name ?? it.domain, site: it.site, note: it.domain, audience: `mail for ${it.domain}`, dependsOn: it.dependsOn, hosts: it.hosts }),
      address: it.address ?? null,
      checks: as(it.checks),
      references: [site(it.site), { field: 'hosts', ids: it.hosts, kinds: ['host'] }, { field: 'dependsOn', ids: it.dependsOn, kinds: parentKinds }],
    })),
  ];
}

function subject(kind: SubjectKind, id: string, more: Partial<Omit<Subject, 'site' | 'audience'>> & { site?: string | undefined; audience?: string | undefined }): Subject {
  const name = more.name ?? id;
  return { note: '', dependsOn: [], hosts: [], ...more, kind, id, name, site: more.site ?? null, audience: more.audience ?? name };
}

/**
 * Expands an inventory into the plan.
 * @returns the plan and every problem found; a plan with problems must not be put in force.
 */
export function planOf(inventory: Inventory): { plan: Plan; problems: PlanProblem[] } {
  const entries = entriesOf(inventory);
  const problems: PlanProblem[] = [];
  const byId = new Map<string, Entry>();
  for (const entry of entries) {
    const first = byId.get(entry.subject.id);
    if (first) problems.push({ path: [...entry.path, 'id'], expected: `an id of its own: "${entry.subject.id}" is already a ${first.kind}` });
    else byId.set(entry.subject.id, entry);
  }
  for (const entry of entries) {
    for (const { field, ids, kinds } of entry.references) {
      ids.forEach((id, index) => {
        const found = byId.get(id);
        const path = field === 'site' ? [...entry.path, field] : [...entry.path, field, index];
        if (!found) problems.push({ path, expected: `the id of a ${kinds.join(', ')}; there is no "${id}"` });
        else if (!kinds.includes(found.kind)) problems.push({ path, expected: `the id of a ${kinds.join(', ')}; "${id}" is a ${found.kind}` });
      });
    }
  }
  const listed = [...inventory.maintenance.map((it, index) => ({ it: [...it.affects.map((id, i) => ({ id, at: ['affects', i] as const })), ...it.spares.map((id, i) => ({ id, at: ['spares', i] as const }))], path: ['maintenance', index] as const })), ...inventory.routines.map((it, index) => ({ it: it.restarts.map((id, i) => ({ id, at: ['restarts', i] as const })), path: ['routines', index] as const }))];
  for (const { it, path } of listed) {
    for (const { id, at } of it) if (!byId.has(id)) problems.push({ path: [...path, ...at], expected: `the id of something in this inventory; there is no "${id}"` });
  }
  inventory.maintenance.forEach((it, index) => {
    if (it.from && it.to && Date.parse(it.to) <= Date.parse(it.from)) problems.push({ path: ['maintenance', index, 'to'], expected: 'a time after `from`' });
  });
  problems.push(...circles(entries, byId));

  const planned: PlannedCheck[] = [];
  for (const entry of entries) {
    const own = entry.checks.length - (entry.kind === 'link' && entry.address ? 1 : 0) - (entry.kind === 'prefix' ? inventory.prefixes[entry.path[1] as number]?.representatives.length ?? 0 : 0);
    const names = new Set<string>();
    entry.checks.forEach((check, index) => {
      const path = [...entry.path, 'checks', index - (entry.checks.length - own)];
      const name = check.name ?? check.type;
      if (names.has(name)) {
        problems.push({ path: [...path, 'name'], expected: `a name of its own: ${entry.subject.id} has two checks named "${name}"` });
        return;
      }
      names.add(name);
      const made = plannedCheck(entry, check, name, inventory.defaults);
      if (typeof made === 'string') problems.push({ path, expected: made });
      else planned.push(made);
    });
  }
  return { plan: { organization: inventory.organization, subjects: entries.map((entry) => entry.subject), checks: planned }, problems };
}

function plannedCheck(entry: Entry, check: CheckEntry, name: string, defaults: Inventory['defaults']): PlannedCheck | string {
  const { type, name: _name, interval, retryInterval, maxAttempts, timeout, ...settings } = check;
  const definition = checks[type as CheckType];
  const wantsAddress = 'address' in definition.config.shape;
  const address = settings.address ?? entry.address ?? undefined;
  if (wantsAddress && address === undefined) return `an address, here or on ${entry.kind} "${entry.subject.id}"`;
  const parsed = definition.config.safeParse(wantsAddress ? { ...settings, address } : settings);
  if (!parsed.success) return parsed.error.issues.map((issue) => issue.message).join('; ');
  const intervalMs = interval ?? defaults.interval;
  return {
    id: `${entry.subject.id}/${name}`,
    type: type as CheckType,
    subject: { kind: entry.kind, id: entry.subject.id },
    name,
    target: definition.target(parsed.data as never),
    vantage: 'desk',
    intervalMs,
    retryIntervalMs: Math.min(retryInterval ?? defaults.retryInterval, intervalMs),
    timeoutMs: timeout ?? defaults.timeout,
    maxAttempts: maxAttempts ?? defaults.maxAttempts,
    permitKey: String(address ?? entry.address ?? entry.subject.id),
    config: parsed.data as Record<string, unknown>,
  };
}

/** Finds circles in dependsOn / parents / via; each is reported once, at the entry that closes it. */
function circles(entries: Entry[], byId: Map<string, Entry>): PlanProblem[] {
  const problems: PlanProblem[] = [];
  const done = new Set<string>();
  const visit = (id: string, trail: string[]): void => {
    const start = trail.indexOf(id);
    const entry = byId.get(id);
    if (!entry || (start < 0 && done.has(id))) return;
    if (start >= 0) {
      problems.push({ path: entry.path, expected: `no circle in what depends on what: ${[...trail.slice(start), id].join(' → ')}` });
      return;
    }
    for (const next of entry.subject.dependsOn) visit(next, [...trail, id]);
    done.add(id);
  };
  for (const entry of entries) visit(entry.subject.id, []);
  return problems;
}

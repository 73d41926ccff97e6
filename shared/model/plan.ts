/**
 * The plan: an inventory turned into the flat list of subjects and checks that the engine runs. What the schema cannot see is
 * checked here: ids that clash, references to nothing, circles, checks without an address.
 */
import { z } from 'zod';
import { type CheckType, checks } from '../checks/index.ts';
import { hostAndPort } from '../checks/tls-settings.ts';
import type { LegRef } from '../mail/legs.ts';
import { routineOf, windowOf } from '../maintenance/from-inventory.ts';
import type { Network } from '../trace.ts';
import type { Contact, Inventory } from './inventory.ts';
import type { Sla } from './inventory-sla.ts';
import type { MaintenanceWindow, Routine } from './maintenance.ts';
import { networksOf } from './networks.ts';
import type { NotifyConfig } from './notify.ts';
import { entriesOf } from './plan-entries.ts';
import type { Entry, Path, Written } from './plan-entry.ts';
import { brokenRules } from './plan-rules.ts';
import { addWays } from './plan-ways.ts';
import type { SubjectRef } from './words.ts';

/** One thing of the inventory as the desk shows it. */
export interface Subject extends SubjectRef {
  name: string;
  site: string | null;
  /** Address, provider, prefix or domain: the second line of its detail view. */
  note: string;
  /** How a report to customers words it. */
  audience: string;
  /** What must work for this one to be reached or to work: of each group of ids at least one (most groups hold a single id). */
  dependsOn: string[][];
  /** Hosts that carry it (services and mail). */
  hosts: string[];
  /** Whom to call (sites and links). */
  contacts?: Contact[];
  /** The provider, and its name of the circuit, for tickets (links). */
  provider?: string;
  circuit?: string;
  /** What was promised of it (sites and links). */
  sla?: Sla;
  /** Which leg of a mail stack it is; absent of a mail entry itself and of everything else. */
  leg?: LegRef;
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
  /** From where it looks: `desk`, or the id of the site inside which an agent does. */
  vantage: string;
  intervalMs: number;
  retryIntervalMs: number;
  timeoutMs: number;
  maxAttempts: number;
  /** Permits are counted per host; this is the host's address (of mail with its port), or the target where there is none. */
  permitKey: string;
  config: Record<string, unknown>;
  /**
   * What it goes through: ids of subjects, behind which it is while they have failed, and of checks that look at its parts. While one of
   * those fails, that this one could not look is no news.
   */
  through?: string[];
}

export interface Plan {
  organization: { name: string; timezone: string };
  subjects: Subject[];
  checks: PlannedCheck[];
  /** Planned work that is written in the inventory. */
  maintenance: MaintenanceWindow[];
  routines: Routine[];
  notify: NotifyConfig;
  flapping: { start: number; stop: number };
  /** What routers on the way to something can belong to. */
  networks: Network[];
}

/** A mistake in an inventory. `path` leads to the place in the file, as in zod issues. */
export interface PlanProblem {
  path: (string | number)[];
  expected: string;
  /** The key itself is wrong, not its value. */
  key?: boolean;
  /** What the schema of a check said of settings that stand elsewhere in the file than in a check; it says more than `expected`. */
  misread?: Misread;
}
interface Misread {
  issue: z.core.$ZodIssue;
  /** The whole check as its schema saw it. */
  data: unknown;
  /** From a path within the check to one in the file. */
  place(path: readonly (string | number)[]): Path;
}

/**
 * Expands an inventory into the plan.
 * @returns the plan and every problem found; a plan with problems must not be put in force.
 */
export function planOf(inventory: Inventory): { plan: Plan; problems: PlanProblem[] } {
  const entries = entriesOf(inventory);
  const problems: PlanProblem[] = [];
  const byId = new Map<string, Entry>();
  for (const it of entries) {
    const { id } = it.subject;
    const first = byId.get(id);
    if (first)
      problems.push({ path: [...it.path, 'id'], expected: `an id of its own; "${id}" is already the id of a ${first.subject.kind}` });
    else if (id === 'desk' && it.subject.kind !== 'desk')
      problems.push({ path: [...it.path, 'id'], expected: 'another id; "desk" is Nightdesk itself' });
    else byId.set(id, it);
  }
  problems.push(...brokenRules(inventory, entries, byId));

  const planned: PlannedCheck[] = [];
  for (const it of entries) {
    const names = new Set<string>();
    for (const written of it.checks) {
      const { check, path } = written;
      const name = check.name ?? check.type;
      if (names.has(name)) {
        problems.push({
          path: written.implied || written.expanded || check.name === undefined ? path : [...path, 'name'],
          expected: `a name of its own; "${it.subject.id}" has two checks named "${name}"`,
        });
        continue;
      }
      names.add(name);
      const made = planCheck(it, written, name, inventory.defaults, byId);
      if (typeof made === 'string') problems.push({ path, expected: made });
      else planned.push(made);
    }
  }
  addWays(planned, byId);
  const { organization, flapping, notify } = inventory;
  const plan: Plan = {
    organization,
    subjects: entries.map((it) => it.subject),
    checks: planned,
    maintenance: inventory.maintenance.map((it) => windowOf(it, organization.timezone)),
    routines: inventory.routines.map((it) => routineOf(it, organization.timezone)),
    notify,
    flapping,
    networks: networksOf(inventory),
  };
  return { plan, problems };
}

function planCheck(
  it: Entry,
  { check, implied }: Written,
  name: string,
  defaults: Inventory['defaults'],
  byId: Map<string, Entry>,
): PlannedCheck | string {
  const { type, name: _name, interval, retryInterval, maxAttempts, timeout, leg: _leg, host, ...settings } = check;
  const definition = checks[type as CheckType];
  const { kind, id } = it.subject;
  const around = (host === undefined ? null : byId.get(host)?.address) ?? addressAround(it, settings, byId);
  const read = implied ? definition.config.safeParse(settings) : withAddress(definition.config, settings, around);
  if (!read.success) return `an address that ${type} can use; "${settings.address ?? around}" is none`;
  const config: Record<string, unknown> = read.data;
  if ('address' in definition.config.shape && config.address === undefined && config.url === undefined && config.source !== 'local')
    return `an address, here or on ${kind} "${it.subject.leg?.entry ?? id}"`;
  if ('prefix' in definition.config.shape && config.prefix === undefined) {
    if (kind !== 'prefix') return `a prefix, as ${kind} "${id}" is none`;
    config.prefix = it.cidr;
  }
  const intervalMs = interval ?? defaults.interval;
  return {
    id: `${id}/${name}`,
    type: type as CheckType,
    subject: { kind, id },
    name,
    target: definition.target(config as never),
    vantage: 'desk',
    intervalMs,
    retryIntervalMs: Math.min(retryInterval ?? defaults.retryInterval, intervalMs),
    // A probe that takes longer than its interval would be in the way of the next one; who wants that must write it.
    timeoutMs: timeout ?? Math.min(defaults.timeout, intervalMs),
    maxAttempts: maxAttempts ?? defaults.maxAttempts,
    permitKey: permitKeyOf(kind, config) ?? it.address ?? id,
    config,
    ...(host !== undefined && { through: [host] }),
  };
}

/**
 * Probes of one place that may run at once are counted by this. Mail servers are made for many connections, and let some wait on purpose:
 * each of their ports is a place of its own, so that 200 domains on one server fit into a minute.
 */
function permitKeyOf(kind: SubjectRef['kind'], { address, port, url }: Record<string, unknown>): string | undefined {
  if (address === undefined) return placeOf(url);
  return kind === 'mail' && port !== undefined ? hostAndPort(String(address), Number(port)) : String(address);
}

/** Host and port of a URL. */
const placeOf = (url: unknown): string | undefined => (typeof url === 'string' ? /^\w+:\/\/([^/?#]+)/.exec(url)?.[1] : undefined);

/**
 * Where a check goes that names no address: to the one of its entry, or of the only host that carries the entry. A check with a
 * URL goes to the host that it stands on; elsewhere it goes where the URL leads, as its visitors do.
 */
function addressAround(it: Entry, settings: Record<string, unknown>, byId: Map<string, Entry>): string | undefined {
  if (settings.url !== undefined) return it.subject.kind === 'host' ? (it.address ?? undefined) : undefined;
  const [host, ...others] = it.subject.hosts;
  return it.address ?? (host !== undefined && others.length === 0 ? byId.get(host)?.address : null) ?? undefined;
}

/**
 * Fills in the address of a check that names none. Its other settings went through their schema with the file: parsing them again
 * would read a duration twice.
 */
function withAddress(
  config: z.ZodObject,
  settings: Record<string, unknown>,
  around: string | undefined,
): z.ZodSafeParseResult<Record<string, unknown>> {
  const schema = config.shape.address as z.ZodType | undefined;
  if (!schema || settings.address !== undefined || around === undefined) return { success: true, data: settings };
  return z
    .object({ address: schema })
    .transform(({ address }) => ({ ...settings, address }))
    .safeParse({ address: around });
}

/** Every subject of an inventory in one form, with its checks and what it refers to, each with its place in the file. */
import { count } from '../text.ts';
import { SECOND } from '../time.ts';
import type { CheckEntry, Contact, Inventory } from './inventory.ts';
import type { Subject } from './plan.ts';
import type { SubjectKind } from './words.ts';

export type Path = (string | number)[];

/** A check with the place in the file that it comes from. */
export interface Written {
  check: CheckEntry;
  path: Path;
  /** Not written as a check (a link's gateway): its settings have not been through the schema of its type. */
  implied?: boolean;
}

/** An id in the inventory that must be the id of something else. */
export interface Reference {
  id: string;
  path: Path;
  kinds: readonly SubjectKind[];
  /** Whether it says what depends on what, where circles are mistakes. */
  depends: boolean;
}

export interface Entry {
  path: Path;
  subject: Subject;
  address: string | null;
  /** Of a prefix. */
  cidr?: string;
  checks: Written[];
  references: Reference[];
}

const upstream = ['host', 'link', 'prefix', 'service', 'mail', 'site'] as const;

/** As written: an id, or a list of ids of which one is enough. */
type Needs = readonly (string | readonly string[])[];

interface Listed {
  id: string;
  name?: string | undefined;
  site?: string | undefined;
  checks?: unknown[];
}
interface Details {
  name?: string;
  note?: string;
  audience?: string | undefined;
  address?: string | undefined;
  hosts?: string[];
  contacts?: Contact[];
  circuit?: string | undefined;
  dependsOn?: { field: string; needs: Needs; kinds: readonly SubjectKind[]; together?: boolean };
  /** Checks that the entry stands for without naming them. */
  implied?: Written[];
}

const groupsOf = (needs: Needs, together: boolean): string[][] => {
  const groups = needs.map((need) => (typeof need === 'string' ? [need] : [...need]));
  return together && groups.length > 1 ? [groups.flat()] : groups;
};

function entry(kind: SubjectKind, path: Path, it: Listed, more: Details): Entry {
  const name = it.name ?? more.name ?? it.id;
  const refer = (field: string, ids: string[], kinds: readonly SubjectKind[]): Reference[] =>
    ids.map((id, index) => ({ id, path: [...path, field, index], kinds, depends: true }));
  const needed = (field: string, needs: Needs, kinds: readonly SubjectKind[]): Reference[] =>
    needs.flatMap((need, index) =>
      typeof need === 'string'
        ? [{ id: need, path: [...path, field, index], kinds, depends: true }]
        : need.map((id, at) => ({ id, path: [...path, field, index, at], kinds, depends: true })),
    );
  const { dependsOn, hosts = [] } = more;
  return {
    path,
    subject: {
      kind,
      id: it.id,
      name,
      site: it.site ?? null,
      note: more.note ?? '',
      audience: more.audience ?? name,
      dependsOn: groupsOf(dependsOn?.needs ?? [], dependsOn?.together ?? false),
      hosts,
      ...(more.contacts && more.contacts.length > 0 && { contacts: more.contacts }),
      ...(more.circuit !== undefined && { circuit: more.circuit }),
    },
    address: more.address ?? null,
    checks: [
      ...(more.implied ?? []),
      ...((it.checks ?? []) as CheckEntry[]).map((check, index) => ({ check, path: [...path, 'checks', index] })),
    ],
    references: [
      ...(it.site === undefined ? [] : [{ id: it.site, path: [...path, 'site'], kinds: ['site'] as const, depends: false }]),
      ...refer('hosts', hosts, ['host']),
      ...(dependsOn ? needed(dependsOn.field, dependsOn.needs, dependsOn.kinds) : []),
    ],
  };
}

const ping = (name: string, address: string, path: Path, more: Partial<CheckEntry> = {}): Written => ({
  check: { type: 'icmp', name, address, ...more },
  path,
  implied: true,
});

/** A circuit is looked at more closely than a host: enough packets for loss, jitter and a smoke chart. */
const gatewayPackets = 20;
/** So many packets and the wait for the last of them fit in here (see `fitInto` of the probe). */
const gatewayTimeoutMs = 7 * SECOND;

export function entriesOf(inventory: Inventory): Entry[] {
  const { sites, links, prefixes, hosts, services, mail, desk } = inventory;
  const parents = (it: { parents: Needs }) => ({ field: 'parents', needs: it.parents, kinds: upstream });
  const dependsOn = (it: { dependsOn: Needs }) => ({ field: 'dependsOn', needs: it.dependsOn, kinds: upstream });
  const self = entry('desk', ['desk'], { id: 'desk', name: 'This desk' }, { note: 'how Nightdesk itself is connected' });
  const anchors = desk.anchors.map((check, index) => ({ check, path: ['desk', 'anchors', index] }));
  const { interval, timeout } = inventory.defaults;
  const closely = { packets: gatewayPackets, timeout: Math.min(interval, Math.max(timeout, gatewayTimeoutMs)) };
  const all = [
    ...(anchors.length > 0 ? [{ ...self, checks: anchors }] : []),
    ...sites.map((it, index) =>
      entry(
        'site',
        ['sites', index],
        { id: it.id, name: it.name },
        { note: it.contacts.length > 0 ? count(it.contacts.length, 'contact') : '', contacts: it.contacts },
      ),
    ),
    ...links.map((it, index) => {
      const path = ['links', index];
      const implied = it.gateway === undefined ? [] : [ping('gateway', it.gateway, [...path, 'gateway'], closely)];
      return entry('link', path, it, {
        name: it.provider,
        note: it.circuit ?? it.provider,
        contacts: it.contacts,
        circuit: it.circuit,
        address: it.gateway,
        dependsOn: parents(it),
        implied,
      });
    }),
    ...prefixes.map((it, index) => {
      const path = ['prefixes', index];
      const implied = it.representatives.map((address, at) =>
        ping(`icmp-${address.toLowerCase().replaceAll(':', '-')}`, address, [...path, 'representatives', at]),
      );
      const made = entry('prefix', path, it, {
        name: it.cidr,
        note: it.cidr,
        // Announced over several links, it is lost only with all of them.
        dependsOn: { field: 'via', needs: it.via, together: true, kinds: ['link'] },
        implied,
      });
      return { ...made, cidr: it.cidr };
    }),
    ...hosts.map((it, index) => entry('host', ['hosts', index], it, { note: it.address, address: it.address, dependsOn: parents(it) })),
    ...services.map((it, index) =>
      entry('service', ['services', index], it, { audience: it.audience, hosts: it.hosts, dependsOn: dependsOn(it) }),
    ),
    ...mail.map((it, index) =>
      entry('mail', ['mail', index], it, {
        name: it.domain,
        note: it.domain,
        audience: `mail for ${it.domain}`,
        address: it.address,
        hosts: it.hosts,
        dependsOn: dependsOn(it),
      }),
    ),
  ];
  standIn(inventory, all);
  return all;
}

/** Parents of one kind stand in for each other, unless they are written as groups. */
function standIn(inventory: Inventory, all: Entry[]): void {
  const kindOf = new Map(all.map(({ subject }) => [subject.id, subject.kind]));
  const written = new Map([...inventory.hosts, ...inventory.links].map((it) => [it.id, it.parents]));
  for (const { subject } of all) {
    const parents = subject.kind === 'host' || subject.kind === 'link' ? written.get(subject.id) : undefined;
    if (!parents) continue;
    const single = parents.filter((need) => typeof need === 'string');
    const groups = parents.filter((need) => typeof need !== 'string');
    subject.dependsOn = [...Map.groupBy(single, (id) => kindOf.get(id)).values(), ...groups];
  }
}

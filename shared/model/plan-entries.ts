/** Every subject of an inventory in one form, with its checks and what it refers to, each with its place in the file. */
import { count } from '../text.ts';
import { SECOND } from '../time.ts';
import type { Inventory } from './inventory.ts';
import type { CheckEntry } from './inventory-parts.ts';
import { type Entry, entry, type Needs, type Path, upstream, type Written } from './plan-entry.ts';
import { mailEntries } from './plan-mail.ts';

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
  const addresses = new Map(hosts.map((it) => [it.id, it.address]));
  const all: Entry[] = [
    ...(anchors.length > 0 ? [{ ...self, checks: anchors }] : []),
    ...sites.map((it, index) =>
      entry(
        'site',
        ['sites', index],
        { id: it.id, name: it.name },
        { note: it.contacts.length > 0 ? count(it.contacts.length, 'contact') : '', contacts: it.contacts, sla: it.sla },
      ),
    ),
    ...links.map((it, index) => {
      const path = ['links', index];
      const implied = it.gateway === undefined ? [] : [ping('gateway', it.gateway, [...path, 'gateway'], closely)];
      return entry('link', path, it, {
        name: it.provider,
        note: it.circuit ?? it.provider,
        contacts: it.contacts,
        provider: it.provider,
        circuit: it.circuit,
        sla: it.sla,
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
    ...mail.flatMap((it, index) => mailEntries(it, index, (id) => addresses.get(id))),
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

/** A small drill for tests: two circuits, two ranges, a web site with its database, mail, two name servers. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ReadScenario, readScenario } from '../../electron/drill/read.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** @param world entries of its world @param people entries of its people, both as YAML @param more keys of its inventory */
export const nightText = (world: string, people = '[]', more = ''): string => `name: A night
start: 2026-06-16T03:00:00-04:00
end: 2026-06-16T05:00:00-04:00
seed: 5
inventory:
  organization: { name: Harbour Hosting, timezone: America/New_York }
  defaults: { interval: 30s, retryInterval: 10s, timeout: 8s }
  desk:
    push: { listen: "127.0.0.1:8790" }
    anchors: [{ type: icmp, name: far, address: 203.0.113.200 }, { type: icmp, name: farther, address: 203.0.113.201 }]
  sites: [{ id: bay, name: Bay }, { id: hill, name: Hill }]
  links:
    - { id: north, site: bay, provider: Northline, gateway: 198.51.100.1, hops: [198.51.100.0/28] }
    - { id: sky, site: bay, provider: Skyroute, gateway: 198.51.100.65, hops: [198.51.100.64/28] }
    - { id: lone, site: hill, provider: Loneline, gateway: 198.51.100.129 }
  prefixes:
    - { id: p1, name: range one, cidr: 192.0.2.0/25, site: bay, via: [north, sky], representatives: [192.0.2.1] }
    - { id: p2, name: range two, cidr: 192.0.2.128/25, site: bay, via: [north, sky], representatives: [192.0.2.129] }
  hosts:
    - { id: web1, name: Web server, site: bay, address: 192.0.2.10, parents: [p1], checks: [{ type: icmp }, { type: ssh }, { type: inside, user: noc, keySecret: k, fingerprint: "SHA256:${'A'.repeat(43)}" }, { type: push, token: nightly, every: 20m, grace: 5m }] }
    - { id: db1, name: Database server, site: bay, address: 192.0.2.11, parents: [p1], checks: [{ type: icmp }] }
    - { id: ns1, site: bay, address: 192.0.2.130, parents: [p2], checks: [{ type: icmp }] }
    - { id: ns2, site: hill, address: 203.0.113.20, checks: [{ type: icmp, interval: 5m }] }
    - { id: mail1, name: Mail server, site: bay, address: 192.0.2.140, parents: [p2], checks: [{ type: icmp }] }
  services:
    - { id: web, name: web sites, audience: your web sites, hosts: [web1], dependsOn: [db], checks: [{ type: http, url: "https://www.example.net/", contains: [Welcome] }] }
    - { id: shop, name: web shop, audience: the web shop, hosts: [web1], checks: [{ type: tcp, port: 8443 }] }
    - { id: db, name: databases, hosts: [db1], checks: [{ type: tcp, port: 5432 }] }
    - id: dns
      name: DNS
      hosts: [ns1, ns2]
      checks:
        - { type: dns, name: ns1, query: www.example.net, server: 192.0.2.130, equals: [192.0.2.10] }
        - { type: dns, name: ns2, query: www.example.net, server: 203.0.113.20, equals: [192.0.2.10] }
        - { type: zone, zone: example.net, servers: [192.0.2.130, 203.0.113.20], primary: 192.0.2.130, serialLagDegraded: 5m }
  mail:
    - { id: mail, domain: example.net, hosts: [mail1], servers: { address: 192.0.2.140 }, mailbox: { address: noc@example.net, passwordSecret: k }, records: false }
${more}
world:
${world}
people: ${people}
`;

/** Writes it to a folder of its own, and reads it. @throws where it has mistakes */
export async function readNight(world: string, people = '[]', more = ''): Promise<ReadScenario> {
  const file = join(temporaryFolder('drill-bay'), 'night.yaml');
  writeFileSync(file, nightText(world, people, more));
  const read = await readScenario(file);
  if (!read.ok) throw new Error(JSON.stringify(read.failure, null, 1));
  return read.value;
}

/** "03:18" or "03:18:30" of that night, epoch ms. */
export const nightAt = (text: string): number => Date.parse(`2026-06-16T${text.length === 5 ? `${text}:00` : text}-04:00`);

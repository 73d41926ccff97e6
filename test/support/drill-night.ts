/** A drill of two hours: two circuits, two prefixes, a web server. */

/** @param world its entries, as YAML @param people theirs @param more keys of the inventory */
export const night = (world: string, people = '[]', more = ''): string => `name: A night
start: 2026-06-16T03:00:00-04:00
end: 2026-06-16T05:00:00-04:00
seed: 5
inventory:
  organization: { name: Harbour Hosting, timezone: America/New_York }
  desk:
    anchors: [{ type: icmp, name: far, address: 203.0.113.200 }, { type: icmp, name: farther, address: 203.0.113.201 }]
  sites: [{ id: bay, name: Bay }]
  links:
    - { id: north, site: bay, provider: Northline, gateway: 198.51.100.1, hops: [198.51.100.0/28] }
    - { id: sky, site: bay, provider: Skyroute, gateway: 198.51.100.65, hops: [198.51.100.64/28] }
  prefixes:
    - { id: p1, cidr: 192.0.2.0/25, site: bay, via: [north, sky], representatives: [192.0.2.1] }
    - { id: p2, cidr: 192.0.2.128/25, site: bay, via: [north, sky], representatives: [192.0.2.129] }
  hosts:
    - { id: web1, site: bay, address: 192.0.2.10, parents: [p1], checks: [{ type: icmp }, { type: ssh }] }
  services:
    - { id: web, name: web sites, hosts: [web1], checks: [{ type: http, url: "https://www.example.net/" }] }
  notify:
    channels: [{ id: pager, type: ntfy, url: topic }]
    people: [{ id: anna, name: Anna, channels: [pager] }]
    routes: [{ id: all, to: [anna] }]
    heartbeat: { url: watchdog }
${more}
world:
${world}
people: ${people}
`;

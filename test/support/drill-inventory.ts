/** A small provider with every type of check, for tests of a drill's world. */
import { fail } from 'node:assert';
import { parseInventory, type ReadInventory } from '../../electron/inventory/read.ts';

const key = `SHA256:${'A'.repeat(43)}`;

export const everything = `
organization: { name: Harbour Hosting, timezone: America/New_York }
defaults: { interval: 30s, retryInterval: 10s, timeout: 10s, maxAttempts: 3 }
desk:
  push: { listen: "127.0.0.1:8790" }
  anchors:
    - { type: icmp, name: far, address: 203.0.113.200 }
sites:
  - { id: bay, name: Bay }
  - { id: hill, name: Hill }
links:
  - id: north
    site: bay
    provider: Northline
    gateway: 198.51.100.1
    hops: [198.51.100.0/28]
    checks:
      - { type: snmp, name: port, address: 192.0.2.250, kind: interface, interface: xe-0/0/1, communitySecret: snmp }
  - { id: sky, site: bay, provider: Skyroute, gateway: 198.51.100.65, hops: [198.51.100.64/28] }
  - { id: ridge, site: hill, provider: Ridgeline, gateway: 198.51.100.129 }
prefixes:
  - id: p1
    cidr: 192.0.2.0/25
    site: bay
    via: [north, sky]
    representatives: [192.0.2.1]
    checks: [{ type: visibility, url: "https://looking.example.net/", origins: [64500] }]
  - { id: p2, cidr: 192.0.2.128/25, site: bay, via: [north, sky], representatives: [192.0.2.129] }
hosts:
  - id: web1
    site: bay
    address: 192.0.2.10
    checks:
      - { type: icmp }
      - { type: ssh, fingerprint: "${key}" }
      - { type: inside, user: noc, keySecret: k, fingerprint: "${key}" }
      - { type: snmp, name: agent, kind: host, communitySecret: snmp }
      - { type: snmp, name: heat, kind: value, oid: 1.3.6.1.4.1.1, unit: "°C", degradedAbove: 70, communitySecret: snmp }
      - { type: backup, user: noc, keySecret: k, fingerprint: "${key}", full: "/backup/full-*.tar.gz", incremental: "/backup/part-*.tar.gz" }
      - { type: push, token: nightly, every: 1h }
      - { type: ntp }
  - id: db1
    site: bay
    address: 192.0.2.11
    checks: [{ type: icmp }]
  - id: ns1
    site: bay
    address: 192.0.2.20
  - id: ns2
    site: hill
    address: 203.0.113.20
  - id: mail1
    site: bay
    address: 192.0.2.130
    checks: [{ type: icmp }]
  - id: relay1
    site: hill
    address: 203.0.113.25
    checks:
      - { type: inside, user: noc, keySecret: k, fingerprint: "${key}" }
      - { type: backup, user: noc, keySecret: k, fingerprint: "${key}", full: "/backup/full-*.tar.gz" }
  - { id: here, address: 127.0.0.1, checks: [{ type: host }] }
services:
  - id: web
    name: web sites
    hosts: [web1]
    dependsOn: [db]
    checks:
      - { type: http, url: "https://www.example.net/", contains: [Welcome] }
      - { type: tls, port: 443, serverName: www.example.net }
      - { type: tcp, port: 80 }
  - id: db
    name: databases
    hosts: [db1]
    checks:
      - { type: mysql, user: noc, passwordSecret: k, query: select 1, expect: { equals: "1" } }
      - { type: postgres, user: noc, passwordSecret: k }
      - { type: redis }
      - { type: udp, port: 9000, send: hi, expect: ho }
      - { type: tcp, name: greeter, port: 7000, expect: READY }
  - id: names
    name: name service
    hosts: [ns1, ns2]
    checks:
      - { type: zone, zone: example.net, servers: [192.0.2.20, 203.0.113.20], serialLagDegraded: 1m }
      - { type: delegation, zone: example.net }
      - { type: dns, query: www.example.net, server: 192.0.2.20, equals: [192.0.2.10] }
      - { type: dns, name: resolved, query: www.example.net, equals: [192.0.2.10] }
      - { type: propagation, query: www.example.net, equals: [192.0.2.10], resolvers: [203.0.113.53, 203.0.113.54] }
      - { type: domain, domain: example.net, url: "https://rdap.example.net/" }
  - id: relay
    name: mail relay
    hosts: [relay1]
    checks:
      - { type: smtp, serverName: relay.example.net, requireTls: true }
      - { type: smtp, name: submission, port: 587, user: noc, passwordSecret: k, serverName: relay.example.net }
      - { type: imap, user: noc, passwordSecret: k, serverName: relay.example.net }
      - { type: pop3, user: noc, passwordSecret: k, serverName: relay.example.net }
      - { type: sieve, user: noc, passwordSecret: k, serverName: relay.example.net }
      - { type: tls, port: 993, serverName: relay.example.net }
      - { type: snmp, kind: host, communitySecret: snmp }
  - id: shell
    name: log-in by ssh
    hosts: [relay1]
    checks:
      - { type: ssh, fingerprint: "${key}" }
      - { type: ntp }
      - { type: http, name: console, url: "https://console.example.net:8443/", auth: { basic: { user: noc, passwordSecret: k } }, contains: [Welcome] }
mail:
  - id: mail
    domain: example.net
    site: bay
    hosts: [mail1]
    servers: { address: 192.0.2.130, serverName: mail.example.net, sieve: 192.0.2.130 }
    mailbox: { address: nightdesk@example.net, passwordSecret: k }
    outbound: [192.0.2.130]
    queue: { source: ssh, host: mail1, user: noc, keySecret: k, fingerprint: "${key}" }
    webmail: "https://webmail.example.net/"
`;

export function readEverything(): ReadInventory {
  const read = parseInventory(everything, 'everything.yaml');
  return read.ok ? read.value : fail(JSON.stringify(read.failure, null, 1));
}

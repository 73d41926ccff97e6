/** The inventory of the pictures: four sites, planned work, routines, and who is told. */
import { DateTime } from 'luxon';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';
import { farAddress } from './screen-network.ts';

const zone = 'America/Los_Angeles';

interface Parts {
  /** Epoch ms: the times of the planned work follow it. */
  now: number;
  /** The first three numbers of each site's addresses. */
  prefixes: Record<'san-diego' | 'ashburn' | 'phoenix' | 'dallas' | 'elsewhere', string>;
  hosts: readonly string[];
  mail: { address: string; caFile: string; legs: readonly string[] };
}

export function screenInventory({ now, prefixes, hosts, mail }: Parts): string {
  const at = (ms: number): DateTime => DateTime.fromMillis(ms, { zone });
  /** A moment for YAML. */
  const iso = (ms: number): string => JSON.stringify(at(ms).startOf('minute').toISO({ suppressMilliseconds: true }));
  /** So many days from now at an hour of the day. */
  const on = (days: number, hour: number, minute = 0): number =>
    at(now + days * DAY)
      .startOf('day')
      .set({ hour, minute })
      .toMillis();
  const started = at(now);
  return `# Harbor Hosting: what the desk watches.
organization: { name: Harbor Hosting, timezone: ${zone} }
defaults: { interval: 5s, retryInterval: 2s, maxAttempts: 3, timeout: 2s }

desk:
  anchors:
    - { type: icmp, name: gateway, address: default-gateway, packets: 1 }
    - { type: icmp, name: far-host, address: ${farAddress}, packets: 1 }

sites:
  - { id: san-diego, name: San Diego, timezone: ${zone} }
  - { id: ashburn, name: Ashburn, timezone: America/New_York }
  - { id: phoenix, name: Phoenix, timezone: America/Phoenix }
  - { id: dallas, name: Dallas, timezone: America/Chicago }

links:
  - { id: cox, site: san-diego, provider: Cox, circuit: 71.KGGS.004211, gateway: ${prefixes['san-diego']}.1 }
  - { id: level3, site: san-diego, provider: Level3, circuit: BBPJ48219, gateway: ${prefixes['san-diego']}.2 }
  - { id: zayo, site: ashburn, provider: Zayo, circuit: OGYX/121033, gateway: ${prefixes.ashburn}.1 }
  - { id: lumen, site: phoenix, provider: Lumen, circuit: BCBR9931, gateway: ${prefixes.phoenix}.1 }

prefixes:
  - id: range-sd
    name: Customers SD
    cidr: ${prefixes['san-diego']}.0/24
    site: san-diego
    via: [cox, level3]
    representatives: [${prefixes['san-diego']}.10, ${prefixes['san-diego']}.130]
  - { id: range-ash, name: Customers ASH, cidr: ${prefixes.ashburn}.0/24, site: ashburn, via: [zayo], representatives: [${prefixes.ashburn}.10] }

hosts:
${hosts.join('\n')}

services:
  - { id: web-sites, name: Web sites, audience: web sites of our customers, site: san-diego, hosts: [web3, web4, web5, web6] }
  - { id: shop, name: Shop, audience: the order form, site: san-diego, hosts: [shop1, shop2], dependsOn: [[db1, db2]] }

mail:
  - id: mail
    domain: example.net
    site: san-diego
    address: ${mail.address}
    checks:
${mail.legs.join('\n')}
      - { type: http, name: webmail, url: https://webmail.example.net/, address: ${mail.address}, caFile: ${mail.caFile}, contains: [Welcome] }
      - { type: tls, name: certificate, serverName: webmail.example.net, caFile: ${mail.caFile} }

maintenance:
  - id: nfs2-disks
    name: New disks in nfs2
    from: ${iso(now - 20 * MINUTE)}
    to: ${iso(now + 70 * MINUTE)}
    affects: [nfs2]
    spares: [nfs1]
    reason: Two disks report errors.
  - { id: level3-move, name: Level3 moves our circuit, from: ${iso(on(5, 22))}, to: ${iso(on(6, 1, 30))}, affects: [level3], spares: [cox], reason: Their ticket 4711. }
  - { id: mail-patches, name: Mail maintenance, schedule: "0 23 * * 2#2", duration: 90m, affects: [mail], reason: Patches of the mail servers. }
  - { id: kernels, name: Kernel updates, schedule: "30 3 * * 3", duration: 1h, affects: [kvm1, kvm2] }
  - { id: ups, name: New UPS at Ashburn, affects: [ashburn], duration: 4h, reason: The supplier has not named the day. }
  - { id: phoenix-switch, name: Switch firmware at Phoenix, from: ${iso(on(-6, 2))}, to: ${iso(on(-6, 3))}, affects: [phoenix] }

routines:
  - { id: rotation, name: nightly log rotation, schedule: "${started.minute} ${started.hour} * * *", usually: 1m, restarts: [web7] }
  - { id: reindex, name: weekly reindex, schedule: "0 4 * * 0", usually: 20m, restarts: [db1, db2] }

notify:
  channels:
    - { id: chat, name: NOC chat, type: webhook, url: chat-hook }
    - { id: mail-out, name: Mail relay, type: email, host: 127.0.0.1, port: 2525, encryption: none, from: desk@example.net, to: [noc@example.net] }
  people:
    - { id: kim, name: Kim Ortega, phone: "+1 555 0133", channels: [chat] }
    - { id: ada, name: Ada Berg, phone: "+1 555 0178", channels: [chat, mail-out], email: ada@example.net }
  rotas:
    - { id: primary, name: Primary on call, rotation: { people: [kim, ada], every: 7d, since: ${iso(now - 9 * DAY + 5 * HOUR)} } }
  routes:
    - { id: nights, severities: [down], when: [{ from: "18:00", to: "08:00" }], to: [primary, mail-out], wait: 5s, escalation: ladder }
    - { id: mail-team, groups: [mail], to: [chat], continue: true }
    - { id: rest, to: [chat, mail-out], wait: 5s }
  escalations:
    - { id: ladder, steps: [{ after: 15m, to: [ada] }] }
`;
}

/** What nearly all of the two thousand listen on. */
export const stormPort = 2_049;

/** Two thousand machines at four sites. */
export function stormInventory(prefix: string): string {
  const sites = ['San Diego', 'Ashburn', 'Phoenix', 'Dallas'];
  const id = (site: string): string => site.toLowerCase().replace(' ', '-');
  const hosts = Array.from({ length: 2_000 }, (_, at) => {
    const port = at % 50 === 0 ? 22 : stormPort;
    const name = `${['web', 'app', 'db', 'vm'][at % 4]}${Math.floor(at / 4) + 1}`;
    return `  - { id: ${name}, site: ${id(sites[Math.floor(at / 500)] as string)}, address: ${prefix}.${Math.floor(at / 250)}.${(at % 250) + 1}, checks: [{ type: tcp, port: ${port} }] }`;
  });
  return `organization: { name: Harbor Hosting, timezone: ${zone} }
defaults: { interval: 10s, retryInterval: 2s, maxAttempts: 2, timeout: 2s }
sites:
${sites.map((site) => `  - { id: ${id(site)}, name: ${site} }`).join('\n')}
hosts:
${hosts.join('\n')}
`;
}

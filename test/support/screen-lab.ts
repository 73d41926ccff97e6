/** A small provider in a network of its own: some forty machines on 127.0.1.x with real servers, and ways to break them. */

import { once } from 'node:events';
import { chmodSync, mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type Started, startTcp } from './servers.ts';
import { type Authority, makeAuthority, type Nginx, startNginx } from './web-servers.ts';

const names = [
  ...['web1', 'web2', 'web3', 'web4', 'web5', 'web6', 'web7', 'web8', 'web9'],
  ...['app1', 'app2', 'app3', 'app4', 'shop1', 'shop2', 'panel1', 'db1', 'db2', 'db3', 'cache1', 'cache2', 'ns1', 'ns2'],
  ...['nfs1', 'nfs2', 'backup1', 'backup2', 'log1', 'mon1', 'git1', 'build1', 'vpn1', 'wiki1', 'lists1', 'mx1', 'mx2', 'imap1'],
  ...['kvm1', 'kvm2', 'kvm3', 'kvm4'],
];
const labAddress = (name: string): string => `127.0.1.${names.indexOf(name) + 1}`;
/** A machine that is there and not watched yet. */
export const newAddress = '127.0.1.60';
/** Usual answering times of the web servers, ms. */
const webMs: Record<string, number> = {
  web1: 12,
  web2: 9,
  web3: 31,
  web4: 14,
  web5: 8,
  web6: 22,
  web7: 17,
  web8: 11,
  web9: 26,
  app1: 44,
  app2: 39,
  app3: 52,
  app4: 41,
  shop1: 63,
  shop2: 58,
  panel1: 35,
  git1: 71,
  wiki1: 48,
  lists1: 29,
  mon1: 18,
};
const openPort: Record<string, { port: number; name: string }> = {
  db1: { port: 3306, name: 'mariadb' },
  db2: { port: 3306, name: 'mariadb' },
  db3: { port: 5432, name: 'postgres' },
  cache1: { port: 6379, name: 'redis' },
  cache2: { port: 6379, name: 'redis' },
  ns1: { port: 53, name: 'dns' },
  ns2: { port: 53, name: 'dns' },
};
/** The mail legs: what each greets with. */
const mailLegs = [
  { name: 'smtp', port: 25, says: '220 mx1.example.net ESMTP Postfix', expect: '220' },
  { name: 'submission', port: 587, says: '220 mx1.example.net ESMTP Postfix', expect: '220' },
  { name: 'imap', port: 143, says: '* OK [CAPABILITY IMAP4rev1 STARTTLS] Dovecot ready.', expect: '* OK' },
  { name: 'pop3', port: 110, says: '+OK Dovecot ready.', expect: '+OK' },
  { name: 'sieve', port: 4190, says: '"IMPLEMENTATION" "Dovecot Pigeonhole"', expect: 'IMPLEMENTATION' },
] as const;
type Leg = (typeof mailLegs)[number]['name'];

export interface Lab {
  inventory: string;
  /** The usual size of a check's value, for a day that is made up: milliseconds. */
  usualMs(check: { id: string; type: string }): number;
  stopWeb7(): Promise<void>;
  startWeb7(): Promise<void>;
  /** From now on the shop needs this much longer for every answer. */
  slowShop(byMs: number): void;
  stopLeg(leg: Leg): Promise<void>;
  startLeg(leg: Leg): Promise<void>;
}

/**
 * @param folder one that nginx's workers may read
 * @param after is told how to stop each server, as soon as that runs
 */
export async function startLab(folder: string, after: (undo: () => unknown) => void): Promise<Lab> {
  chmodSync(folder, 0o755);
  const authority = makeAuthority(folder);
  let shopMs = 0;
  const backend = await startBackend(() => shopMs);
  after(() => backend.stop());
  const others = await startNginx(folder, serversFor(folder, authority, backend.port), 80);
  after(() => others.stop());
  const web7Folder = `${folder}/web7`;
  mkdirSync(web7Folder, { mode: 0o755 });
  const serveWeb7 = (): Promise<Nginx> =>
    startNginx(web7Folder, `server { listen ${labAddress('web7')}:80; listen 127.0.0.1:8081; ${proxy('web7', backend.port)} }`, 8081);
  let web7: Nginx | null = await serveWeb7();
  after(() => web7?.stop());

  const ssh = await startTcp((socket) => void socket.write('SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u7\r\n'), '0.0.0.0', 22);
  after(() => ssh.stop());
  const silent = await Promise.all(Object.entries(openPort).map(([name, { port }]) => startTcp(() => undefined, labAddress(name), port)));
  after(() => Promise.all(silent.map((it) => it.stop())));
  const legs = new Map<Leg, Started>();
  after(() => Promise.all([...legs.values()].map((it) => it.stop())));
  const startLeg = async (leg: Leg): Promise<void> => {
    const it = mailLegs.find(({ name }) => name === leg) as (typeof mailLegs)[number];
    legs.set(leg, await startTcp((socket) => void socket.write(`${it.says}\r\n`), labAddress('mx1'), it.port));
  };
  const stopLeg = async (leg: Leg): Promise<void> => {
    await legs.get(leg)?.stop();
    legs.delete(leg);
  };
  for (const { name } of mailLegs) await startLeg(name);

  return {
    inventory: inventoryOf(authority),
    usualMs({ id, type }) {
      const [subject = '', name] = id.split('/');
      if (type === 'http') return name === 'webmail' ? 46 : (webMs[subject] ?? 20) + 3;
      return type === 'icmp' ? 0.02 : type === 'tls' ? 4 : 0.4;
    },
    async stopWeb7() {
      await web7?.stop();
      web7 = null;
    },
    async startWeb7() {
      web7 ??= await serveWeb7();
    },
    slowShop: (byMs) => {
      shopMs = byMs;
    },
    startLeg,
    stopLeg,
  };
}

const proxy = (name: string, port: number): string => `location / { proxy_pass http://127.0.0.1:${port}/${name}; }`;

function serversFor(folder: string, authority: Authority, backend: number): string {
  const issued = (name: string, toDays: number): string => {
    const { certificate, key } = authority.issue(name, { altNames: `DNS:${name}`, fromDays: -60, toDays });
    return `ssl_certificate ${certificate}; ssl_certificate_key ${key};`;
  };
  const plain = Object.keys(webMs)
    .filter((name) => name !== 'web7')
    .map((name) => `server { listen ${labAddress(name)}:80; ${proxy(name, backend)} }`);
  return [
    `server { listen 127.0.0.1:80; root ${folder}; }`,
    `server { listen ${newAddress}:80; ${proxy('web1', backend)} }`,
    ...plain,
    `server { listen ${labAddress('panel1')}:443 ssl; ${issued('panel.example.net', 9.3)} ${proxy('panel1', backend)} }`,
    `server { listen ${labAddress('mx1')}:443 ssl; ${issued('webmail.example.net', 61.2)} ${proxy('webmail', backend)} }`,
  ].join('\n');
}

/** The pages behind nginx, each as fast as it usually is. */
async function startBackend(shopMs: () => number): Promise<{ port: number; stop(): Promise<void> }> {
  const server: Server = createServer((request, response) => {
    const name = request.url?.slice(1) ?? '';
    const usual = name === 'webmail' ? 40 : (webMs[name] ?? 10);
    const waits = usual * (0.85 + Math.random() * 0.3) + (name === 'shop1' ? shopMs() : 0);
    setTimeout(() => response.end(`<title>Welcome</title>`), waits);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    port,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const webUrl = (name: string): string => `http://${name}.example.net/`;

function hostOf(name: string, authority: Authority): string {
  const checks: string[] = [];
  if (webMs[name] !== undefined) checks.push(`{ type: http, url: ${webUrl(name)}, contains: [Welcome], slowDegraded: 1s }`);
  const open = openPort[name];
  if (open) checks.push(`{ type: tcp, name: ${open.name}, port: ${open.port} }`);
  if (name === 'panel1') checks.push(`{ type: tls, name: certificate, serverName: panel.example.net, caFile: ${authority.caFile} }`);
  checks.push('{ type: icmp, name: ping, packets: 2 }', '{ type: tcp, name: ssh, port: 22, expect: SSH-2.0 }');
  const site = /^(web[6-9]|app[34]|db3|cache2|ns2|backup2|mx2|kvm[34])$/.test(name) ? 'ashburn' : 'san-diego';
  return `  - id: ${name}\n    site: ${site}\n    address: ${labAddress(name)}\n    checks:\n${checks.map((it) => `      - ${it}`).join('\n')}`;
}

function inventoryOf(authority: Authority): string {
  const legs = mailLegs.map(
    ({ name, port, expect }) => `      - { type: tcp, name: ${name}, port: ${port}, expect: ${JSON.stringify(expect)} }`,
  );
  return `# Harbor Hosting: what the desk watches.
organization: { name: Harbor Hosting, timezone: America/Los_Angeles }
defaults: { interval: 5s, retryInterval: 2s, maxAttempts: 3, timeout: 3s }

sites:
  - { id: san-diego, name: San Diego, timezone: America/Los_Angeles }
  - { id: ashburn, name: Ashburn, timezone: America/New_York }

links:
  - { id: cox, site: san-diego, provider: Cox, circuit: 71.KGGS.004211, gateway: 127.0.2.1 }
  - { id: level3, site: san-diego, provider: Level3, circuit: BBPJ48219, gateway: 127.0.2.2 }
  - { id: zayo, site: ashburn, provider: Zayo, circuit: OGYX/121033, gateway: 127.0.2.3 }

prefixes:
  - id: range-sd
    name: Customers SD
    cidr: 127.0.3.0/24
    site: san-diego
    via: [cox, level3]
    representatives: [127.0.3.10, 127.0.3.130]

hosts:
${names.map((name) => hostOf(name, authority)).join('\n')}

services:
  - { id: web-sites, name: Web sites, audience: web sites of our customers, site: ashburn, hosts: [web6, web7, web8, web9] }
  - { id: shop, name: Shop, audience: the order form, site: san-diego, hosts: [shop1, shop2], dependsOn: [db1] }

mail:
  - id: mail
    domain: example.net
    site: san-diego
    address: ${labAddress('mx1')}
    checks:
${legs.join('\n')}
      - { type: http, name: webmail, url: https://webmail.example.net/, address: ${labAddress('mx1')}, caFile: ${authority.caFile}, contains: [Welcome] }
      - { type: tls, name: certificate, serverName: webmail.example.net, caFile: ${authority.caFile} }
`;
}

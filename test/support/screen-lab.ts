/** A small provider in a network of its own: some forty machines with real servers at four sites, and ways to break them. */

import { once } from 'node:events';
import { chmodSync, mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { screenInventory } from './screen-inventory.ts';
import { cutHost, cutPrefix, joinPrefix, unplug } from './screen-network.ts';
import { type Started, startTcp } from './servers.ts';
import { type Authority, makeAuthority, type Nginx, startNginx } from './web-servers.ts';

const names = [
  ...['web1', 'web2', 'web3', 'web4', 'web5', 'web6', 'web7', 'web8', 'web9'],
  ...['app1', 'app2', 'app3', 'app4', 'shop1', 'shop2', 'panel1', 'db1', 'db2', 'db3', 'cache1', 'cache2', 'ns1', 'ns2'],
  ...['nfs1', 'nfs2', 'backup1', 'backup2', 'log1', 'mon1', 'git1', 'build1', 'vpn1', 'wiki1', 'lists1', 'mx1', 'mx2', 'imap1'],
  ...['kvm1', 'kvm2', 'kvm3', 'kvm4'],
];
/** Where things stand; what stands nowhere is rented elsewhere. */
type Place = 'san-diego' | 'ashburn' | 'phoenix' | 'dallas';
const prefixes: Record<Place | 'elsewhere', string> = {
  'san-diego': '10.10.0',
  ashburn: '10.20.0',
  phoenix: '10.30.0',
  dallas: '10.40.0',
  elsewhere: '10.50.0',
};
const placeOf = (name: string): Place | 'elsewhere' =>
  /^(web[89]|app[34]|db3|cache2|ns2|backup2|mx2|kvm[34])$/.test(name)
    ? 'ashburn'
    : /^(web7|backup1|build1|log1)$/.test(name)
      ? 'phoenix'
      : /^(panel1|vpn1)$/.test(name)
        ? 'dallas'
        : name === 'wiki1'
          ? 'elsewhere'
          : 'san-diego';
const labAddress = (name: string): string => `${prefixes[placeOf(name)]}.${names.indexOf(name) + 11}`;
/** A machine that is there and not watched yet. */
export const newAddress = '10.10.0.60';
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

/** Where the chat takes messages: the secret `chat-hook`. */
export const hookUrl = 'http://127.0.0.1:8443/noc';

export interface Lab {
  inventory: string;
  /** The usual size of a check's value, for a day that is made up: milliseconds. */
  usualMs(check: { id: string; type: string }): number;
  /** What the message channel was sent, newest last. */
  readonly told: readonly string[];
  /** Nothing at Ashburn can be reached any more. */
  cutAshburn(): void;
  /** nfs2 is taken out of its rack. */
  cutNfs2(): void;
  /** The desk's own cable, and all that is behind it. */
  unplugDesk(): void;
  stopWeb7(): Promise<void>;
  startWeb7(): Promise<void>;
  /** From now on the wiki needs this much longer for every answer. */
  slowWiki(byMs: number): void;
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
  for (const it of Object.values(prefixes)) joinPrefix(`${it}.0/24`);
  let wikiMs = 0;
  const backend = await startBackend(() => wikiMs);
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
  const hook = await startHook();
  after(() => hook.stop());

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
    told: hook.told,
    cutAshburn: () => cutPrefix(`${prefixes.ashburn}.0/24`),
    cutNfs2: () => cutHost(labAddress('nfs2')),
    unplugDesk() {
      for (const it of ['san-diego', 'phoenix', 'dallas', 'elsewhere'] as const) cutPrefix(`${prefixes[it]}.0/24`);
      unplug();
    },
    slowWiki: (byMs) => {
      wikiMs = byMs;
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
async function startBackend(wikiMs: () => number): Promise<{ port: number; stop(): Promise<void> }> {
  const server: Server = createServer((request, response) => {
    const name = request.url?.slice(1) ?? '';
    const usual = name === 'webmail' ? 40 : (webMs[name] ?? 10);
    const waits = usual * (0.85 + Math.random() * 0.3) + (name === 'wiki1' ? wikiMs() : 0);
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
  const place = placeOf(name);
  const site = place === 'elsewhere' ? '' : `    site: ${place}\n`;
  return `  - id: ${name}\n${site}    address: ${labAddress(name)}\n${place === 'ashburn' ? '    parents: [zayo]\n' : ''}    checks:\n${checks.map((it) => `      - ${it}`).join('\n')}`;
}

function inventoryOf(authority: Authority): string {
  return screenInventory({
    now: Date.now(),
    prefixes,
    hosts: names.map((name) => hostOf(name, authority)),
    mail: {
      address: labAddress('mx1'),
      caFile: authority.caFile,
      legs: mailLegs.map(
        ({ name, port, expect }) => `      - { type: tcp, name: ${name}, port: ${port}, expect: ${JSON.stringify(expect)} }`,
      ),
    },
  });
}

/** The chat that messages go to. */
async function startHook(): Promise<{ port: number; told: string[]; stop(): Promise<void> }> {
  const told: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => {
      body += part;
    });
    request.on('end', () => {
      told.push(body);
      response.end('ok');
    });
  }).listen(8443, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: 8443,
    told,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

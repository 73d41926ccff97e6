/**
 * What watching 200 mail domains costs: `mail:` entries as people write them, against a real Postfix and Dovecot (and nginx for pages and
 * the queue), which run in processes of their own. By itself: `node test/bench/mail-bench.ts`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseInventory } from '../../electron/inventory/read.ts';
import { probes } from '../../electron/probes/index.ts';
import type { Probe } from '../../electron/probes/types.ts';
import { checkOf } from '../../shared/checks/index.ts';
import type { Facts } from '../../shared/checks/types.ts';
import type { Plan, PlannedCheck } from '../../shared/model/plan.ts';
import { type MailStack, startMailStack } from '../support/mail-stack.ts';
import { probeContext } from '../support/probe-context.ts';
import { freePort, removeFolder, startNginx, webFolder } from '../support/web-servers.ts';
import { type EngineFigure, measureEngine } from './engine-bench.ts';
import { addressOf } from './storm-figures.ts';

const domains = 200;
const password = 'probe-word';
const secrets = { 'mail-probe': password };
const domainOf = (i: number): string => `d${i}.example.net`;

export interface MailFigures {
  domains: number;
  /** The engine on all of them. */
  all: { engine: EngineFigure; perMinute: number; percentOfOneCore: number };
  /** CPU of one probe with its verdict, by name of the check. */
  each: { name: string; cpuMs: number; ok: number; of: number }[];
}

/** Every domain has an address of its own; behind all of them is the same server. */
function inventory(stack: MailStack, pages: number): string {
  const { ports, serverName, caFile } = stack;
  const entries = Array.from({ length: domains }, (_, i) => {
    const domain = domainOf(i);
    const [address, second] = [addressOf(i), addressOf(i + domains)];
    const named = `serverName: ${serverName}`;
    const page = (name: string): string => `address: ${address}, url: "http://${name}.${domain}:${pages}/${name}"`;
    return `  - id: mail-${i}
    domain: ${domain}
    servers:
      mx: [{ address: ${address}, port: ${ports.smtp}, ${named} }, { address: ${second}, port: ${ports.smtp}, ${named} }]
      submission: { address: ${address}, starttls: ${ports.submission}, tls: ${ports.submissions}, ${named} }
      imap: { address: ${address}, starttls: ${ports.imap}, tls: ${ports.imaps}, ${named} }
      pop3: { address: ${address}, starttls: ${ports.pop3}, tls: ${ports.pop3s}, ${named} }
      sieve: { address: ${address}, port: ${ports.sieve}, ${named} }
    mailbox: { address: nightdesk@${domain}, passwordSecret: mail-probe }
    intake:
      - { user: support@${domain}, passwordSecret: mail-probe, countDegraded: 100 }
      - { user: abuse@${domain}, passwordSecret: mail-probe, countDegraded: 100 }
    caFile: ${caFile}
    queue: { source: http, url: "http://${address}:${pages}/queue.json" }
    webmail: { ${page('webmail')}, contains: Inbox }
    calendar: { ${page('calendar')} }
    files: { ${page('files')} }
    records: false
    blocklists: false`;
  });
  return `defaults: { timeout: 10s }\nmail:\n${entries.join('\n')}\n`;
}

/** A server that keeps up: its processes serve many connections each, and it takes mail for all domains. */
async function startServers() {
  const stack = await startMailStack({
    host: '0.0.0.0',
    postfix: [
      'inet_interfaces = all',
      `virtual_mailbox_domains = ${Array.from({ length: domains }, (_, i) => domainOf(i)).join(', ')}`,
      'virtual_mailbox_maps = static:x',
    ],
    dovecot: [
      `passdb {\n driver = static\n args = password=${password}\n}`,
      'mail_max_userip_connections = 100',
      ...['imap-login', 'pop3-login', 'managesieve-login'].map((it) => `service ${it} {\n service_count = 0\n process_min_avail = 1\n}`),
      ...['imap', 'pop3', 'managesieve'].map((it) => `service ${it} {\n service_count = 500\n}`),
    ],
  });
  const folder = webFolder();
  const line = {
    queue_name: 'deferred',
    arrival_time: 4e9,
    recipients: [{ address: 'a@example.org', delay_reason: 'connection refused' }],
  };
  mkdirSync(join(folder, 'pages'));
  for (const name of ['webmail', 'calendar', 'files']) writeFileSync(join(folder, 'pages', name), 'Inbox '.repeat(2_000));
  writeFileSync(join(folder, 'pages', 'queue.json'), `${JSON.stringify(line)}\n`.repeat(50));
  const port = await freePort('0.0.0.0');
  const nginx = await startNginx(
    folder,
    `types { application/json json; } server { listen 0.0.0.0:${port}; root ${folder}/pages; expires -1; }`,
    port,
  );
  return { stack, port, stop: () => Promise.all([stack.stop(), nginx.stop()]).then(() => removeFolder(folder)) };
}

/** One probe of a check and its verdict, as the engine does it, without the engine. */
async function once(check: PlannedCheck, memory: { value?: unknown }): Promise<boolean> {
  const context = probeContext({ timeoutMs: check.timeoutMs, secrets, memory });
  const facts = await (probes[check.type] as Probe<unknown, Facts>)(check.config, context);
  return checkOf(check.type).judge(facts, check.config, Date.now()).state === 'ok';
}

/** CPU of a check, ms, over one probe for each of the domains, `atOnce` at a time. */
async function costOf(checks: readonly PlannedCheck[], atOnce: number): Promise<{ cpuMs: number; ok: number; of: number }> {
  let [ok, next] = [0, 0];
  const before = process.cpuUsage();
  const work = async (): Promise<void> => {
    for (let check = checks[next++]; check; check = checks[next++]) if (await once(check, {})) ok += 1;
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1_000 / checks.length, ok, of: checks.length };
}

/** What each check of an entry costs, without the engine. */
async function costs(plan: Plan, tell: (what: string) => void): Promise<MailFigures['each']> {
  const each: MailFigures['each'] = [];
  for (const [name, checks] of Map.groupBy(plan.checks, (it) => it.name.replace(/^smtp-.*/, 'smtp'))) {
    tell(name);
    const atOnce = name === 'roundtrip' ? 20 : 2;
    // Compiled once, and mailboxes made.
    await costOf(checks.slice(0, 60), atOnce);
    each.push({ name, ...(await costOf(checks.slice(60, 160), atOnce)) });
  }
  return each;
}

/** @param tell called before each part */
export async function benchMail(tell: (what: string) => void): Promise<MailFigures> {
  const servers = await startServers();
  try {
    const text = inventory(servers.stack, servers.port);
    const read = parseInventory(text, 'bench.yaml');
    if (!read.ok) throw new Error(JSON.stringify(read.failure.slice(0, 3)));
    const each = await costs(read.value.plan, tell);
    tell(`${domains} domains in the engine`);
    const engine = await measureEngine('mail', text, 70_000, 120_000, secrets);
    const perMinute = (60 * engine.checks) / engine.seconds;
    return { domains, each, all: { engine, perMinute, percentOfOneCore: (engine.cpuPerThousand * perMinute) / 600 } };
  } finally {
    await servers.stop();
  }
}

if (import.meta.main) console.log(JSON.stringify(await benchMail((what) => console.error(what)), null, 1));

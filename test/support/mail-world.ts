/** The whole of a mail stack as a desk sees it: a `mail:` entry, the real engine, real Postfix, Dovecot and nsd. */
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Engine } from '../../electron/engine/engine.ts';
import { openEngine } from '../../electron/engine/open-engine.ts';
import { type MailStack, type MailStackOptions, startMailStack } from './mail-stack.ts';
import { type MailWire, startMailWire } from './mail-wire.ts';
import { freePort, startNsd } from './servers.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Its id in the inventory. */
export const entry = 'mail-example';
const wired = ['smtp', 'submission', 'submissions', 'imap', 'imaps', 'pop3', 'pop3s'] as const;

export interface World {
  stack: MailStack;
  wires: Record<(typeof wired)[number], MailWire>;
  engine: Engine;
  webmail: Server;
  /** Serves the blocklist anew. */
  list(listed: boolean): Promise<void>;
  stop(): Promise<void>;
}

const zone = (lines: string): string =>
  `@ 60 IN SOA ns1.example.org. hostmaster.example.org. 1 3600 900 604800 60\n@ 60 NS ns1.example.org.\n2.0.0.127 60 A 127.0.0.2\n${lines}\n`;

/** Starts all of it and waits for nothing. */
export async function startWorld(options: MailStackOptions = {}): Promise<World> {
  const stack = await startMailStack(options);
  const wires = {} as World['wires'];
  for (const name of wired) wires[name] = await startMailWire(stack.ports[name]);
  const webmail = createServer((_, response) => void response.end('Welcome to webmail'));
  await new Promise<void>((resolve) => webmail.listen(0, '127.0.0.1', resolve));
  const dnsPort = await freePort();
  let dns: { stop(): Promise<void> } | null = null;
  const list = async (listed: boolean): Promise<void> => {
    await dns?.stop();
    dns = await startNsd(
      { 'bl.example.org': zone(listed ? '25.2.0.192 60 A 127.0.0.2\n25.2.0.192 60 TXT "spam"' : '') },
      { port: dnsPort },
    );
  };
  await list(false);

  const folder = temporaryFolder('legs');
  const file = join(folder, 'inventory.yaml');
  const mail = {
    id: entry,
    domain: stack.domain,
    servers: {
      address: '127.0.0.1',
      serverName: stack.serverName,
      mx: { port: wires.smtp.port },
      submission: { starttls: wires.submission.port, tls: wires.submissions.port },
      imap: { starttls: wires.imap.port, tls: wires.imaps.port },
      pop3: { starttls: wires.pop3.port, tls: wires.pop3s.port },
    },
    mailbox: { address: stack.mailbox.address, user: stack.mailbox.user, passwordSecret: 'mail-probe' },
    caFile: stack.caFile,
    outbound: ['192.0.2.25'],
    blocklists: ['bl.example.org'],
    resolver: `127.0.0.1:${dnsPort}`,
    records: false,
    checks: [{ type: 'http', name: 'webmail', leg: 'webmail', url: `http://127.0.0.1:${(webmail.address() as AddressInfo).port}/` }],
    ...(options.smallDisk ? {} : { queue: { source: 'local', configDir: stack.configDir, holdDegraded: 1 } }),
    roundtrip: {
      interval: '2s',
      retryInterval: '1s',
      maxAttempts: 1,
      slowDegraded: '1500ms',
      slowDown: '2500ms',
      pollEvery: '200ms',
      timeout: '8s',
    },
    adjust: {
      ...Object.fromEntries([...wired, ...(options.smallDisk ? [] : ['queue'])].map((name) => [name, { interval: '1s', timeout: '2s' }])),
      smtp: { interval: '1s', timeout: '2s', greetingDegraded: '500ms' },
      blocklist: { interval: '1s', retryInterval: '1s', domains: [] },
    },
  };
  writeFileSync(
    file,
    `organization: { name: Example, timezone: UTC }\nflapping: { start: 100, stop: 99 }\ndefaults: { interval: 1s, retryInterval: 1s, timeout: 2s, maxAttempts: 2 }\nmail:\n  - ${JSON.stringify(mail)}\n`,
  );
  const opened = await openEngine({
    version: '1.2.3',
    dataFolder: join(folder, 'data'),
    inventoryFile: file,
    historyWorker: new URL('../../electron/store/history-worker.ts', import.meta.url),
    secret: (name) => (name === 'mail-probe' ? stack.mailbox.password : undefined),
    secrets: () => [stack.mailbox.password],
  });
  if (!opened.ok) throw new Error(opened.failure.text);
  const engine = opened.value;
  await engine.start();
  const { problems } = engine.publisher.tables.desk.desk?.inventory ?? {};
  if (problems && problems.length > 0) throw new Error(JSON.stringify(problems));
  return {
    stack,
    wires,
    engine,
    webmail,
    list,
    async stop() {
      engine.stop();
      await Promise.all([...Object.values(wires).map((it) => it.stop()), dns?.stop(), new Promise((resolve) => webmail.close(resolve))]);
      await stack.stop();
    },
  };
}

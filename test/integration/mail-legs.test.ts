/**
 * The whole of a mail stack as a desk sees it: a `mail:` entry, the real engine, real Postfix, Dovecot and nsd. Fault after fault is made for
 * real; each must be told of the leg that it is in, with its reason and in words, and of no other leg.
 */
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../electron/engine/engine.ts';
import { openEngine } from '../../electron/engine/open-engine.ts';
import { headline } from '../../shared/headline.ts';
import { type LegWord, legStandings } from '../../shared/mail/leg-standing.ts';
import type { MailLeg } from '../../shared/mail/legs.ts';
import type { Alert } from '../../shared/model/alert.ts';
import { type MailStack, type MailStackOptions, type Mend, startMailStack } from '../support/mail-stack.ts';
import { type MailWire, startMailWire } from '../support/mail-wire.ts';
import { freePort, startNsd } from '../support/servers.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder.ts';

const entry = 'mail-example';
const wired = ['smtp', 'submission', 'submissions', 'imap', 'imaps', 'pop3', 'pop3s'] as const;
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const isRoot = process.getuid?.() === 0;

interface World {
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

async function startWorld(options: MailStackOptions = {}): Promise<World> {
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
    roundtrip: process.env.NOTRIP
      ? false
      : {
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

let world: World;
let mend: Mend | undefined;

const tables = () => world.engine.publisher.tables;
const openAlerts = (): Alert[] => Object.values(tables().alerts).filter((it) => it.endedAt === null);
/** How each leg stands: "reading fails". */
function legs(): Partial<Record<MailLeg, LegWord>> {
  const { subjects, plans, checks } = tables();
  const checksOf = (id: string) =>
    Object.values(plans).flatMap((plan) => {
      const it = plan.subject.id === id ? checks[plan.id] : undefined;
      return it ? [{ plan, state: it.state, cover: it.cover }] : [];
    });
  return Object.fromEntries(legStandings(entry, (id) => subjects[id], checksOf).map(({ leg, word }) => [leg, word]));
}
const fine: Partial<Record<MailLeg, LegWord>> = {
  receiving: 'works',
  sending: 'works',
  delivery: 'works',
  reading: 'works',
  webmail: 'works',
};
/** Reason and words of each check that is not ok: "reading/imap: refused, connection refused on port 143". */
const reasons = (): Record<string, string> =>
  Object.fromEntries(
    Object.values(tables().checks).flatMap(({ id, state: { hard, verdict } }) =>
      hard === 'ok' ? [] : [[id.replace(`${entry}.`, ''), `${verdict?.reason}: ${verdict?.text}`]],
    ),
  );
const whatIs = (): string =>
  JSON.stringify({ alerts: openAlerts().map(({ title, text }) => `${title}: ${text}`), legs: legs(), reasons: reasons() }, null, 1);

async function until(what: string, isSo: () => boolean, patienceMs = 20_000): Promise<void> {
  for (const end = performance.now() + patienceMs; !isSo(); await wait(50))
    if (performance.now() > end) throw new Error(`waited in vain for ${what}: ${whatIs()}`);
}
const isSame = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b);
const allFine = (): Promise<void> => until('all to be well', () => openAlerts().length === 0 && isSame(legs(), fine), 30_000);

interface Fault {
  title: string | RegExp;
  /** Legs that do not simply work. */
  legs: Partial<Record<MailLeg, LegWord>>;
  /** Reason of each of these checks, by "leg/name". */
  reasons: Record<string, string>;
  /** In the alert's text. */
  text?: RegExp;
}
/** Waits for the one alert of a fault, and holds every leg against what is expected. */
async function expectFault({ title, legs: notFine, reasons: wantedReasons, text }: Fault): Promise<Alert> {
  const wanted = { ...fine, ...notFine };
  await until(`“${title}”`, () => {
    const [alert, ...others] = openAlerts();
    return (
      alert !== undefined &&
      (typeof title === 'string' ? alert.title === title : title.test(alert.title)) &&
      (text?.test(alert.text) ?? true) &&
      others.length === 0 &&
      isSame(legs(), wanted)
    );
  });
  const { checks } = tables();
  expect(Object.fromEntries(Object.keys(wantedReasons).map((id) => [id, checks[`${entry}.${id}`]?.state.verdict?.reason]))).toEqual(
    wantedReasons,
  );
  const [alert] = openAlerts() as [Alert];
  expect(headline(tables(), Date.now()).title).toBe(alert.title);
  return alert;
}

const ways = {
  reading: (reason: string) => ({ 'reading/imap': reason, 'reading/imaps': reason, 'reading/pop3': reason, 'reading/pop3s': reason }),
  sending: (reason: string) => ({ 'sending/submission': reason, 'sending/submissions': reason }),
};

describe.runIf(isRoot)('a mail stack with one fault', () => {
  beforeAll(async () => {
    world = await startWorld();
    await allFine();
  }, 60_000);
  afterAll(async () => {
    await world?.stop();
    removeTemporaryFolders();
  });
  afterEach(async () => {
    await mend?.();
    mend = undefined;
    await allFine();
  }, 40_000);

  it('the log-in is broken while mail is taken', async () => {
    mend = world.stack.breakAuth();
    const alert = await expectFault({
      title: 'example.net: mail can neither be read nor sent',
      legs: { sending: 'fails', reading: 'fails', delivery: 'unknown' },
      // Postfix 3.7 calls it a refusal; Dovecot says what it is.
      reasons: { ...ways.reading('server-unavailable'), ...ways.sending('login-refused') },
      text: /Temporary authentication failure\. Submission and .* Receiving and webmail work; delivery is not known\.$/,
    });
    await mend();
    mend = undefined;
    await allFine();
    const draft = await world.engine.handlers.draft({
      alerts: [alert.id],
      from: alert.firstAt - 1_000,
      to: null,
      title: null,
      zone: 'UTC',
    });
    if (!draft.ok) throw new Error(draft.failure.text);
    const part = (title: string): string => new RegExp(`^## ${title}\n\n([^#]*)`, 'm').exec(draft.value.markdown)?.[1] ?? '';
    expect(part('What was affected')).toMatch(/Sending mail for example\.net.*: down [\s\S]*Reading mail for example\.net: down/);
    expect(part('What was not affected')).toMatch(/receiving mail for example\.net.* worked throughout/);
    expect(part('What was not affected')).not.toMatch(/delivery/i);
    // What was on its way may come late, which is told as what it is.
    expect(draft.value.markdown).toMatch(
      /Delivery of mail for example\.net: round trip could not be made|of its own with example\.net delivery/,
    );
  });
  it('Dovecot is gone', async () => {
    await world.stack.stopDovecot();
    mend = () => world.stack.startDovecot();
    await expectFault({
      title: 'example.net: mail can neither be read nor sent',
      legs: { sending: 'fails', reading: 'fails', delivery: 'unknown' },
      reasons: ways.reading('closed'),
    });
  });
  it('log-ins get no answer', async () => {
    mend = world.stack.stallAuth();
    await expectFault({
      title: 'example.net: mail can neither be read nor sent',
      legs: { sending: 'fails', reading: 'fails', delivery: 'unknown' },
      // Which of its processes stands still first is chance: no greeting, or no answer.
      reasons: {},
    });
  });
  it('Postfix is gone', async () => {
    await world.stack.stopPostfix();
    mend = () => world.stack.startPostfix();
    await expectFault({
      title: 'example.net: mail is not accepted and cannot be sent',
      legs: { receiving: 'fails', sending: 'fails', delivery: 'unknown' },
      reasons: { 'receiving/smtp': 'closed', ...ways.sending('closed') },
    });
  });
  it('the queue is held', async () => {
    mend = await world.stack.holdQueue();
    await expectFault({
      title: 'Mail to example.net is not delivered',
      legs: { delivery: 'fails' },
      reasons: { 'delivery/roundtrip': 'stuck', 'delivery/queue': 'held' },
      text: /on hold and will not leave by .* Receiving, sending, reading and webmail work\.$/,
    });
  });
  it('delivery is deferred', async () => {
    mend = await world.stack.deferDelivery();
    await expectFault({
      title: 'Mail to example.net is not delivered',
      legs: { delivery: 'fails' },
      reasons: { 'delivery/roundtrip': 'stuck' },
    });
  });
  it('delivery is slow', async () => {
    mend = await world.stack.delayDelivery(1_700);
    await expectFault({
      title: 'example.net: delivery of mail is slow',
      legs: { delivery: 'degraded' },
      reasons: { 'delivery/roundtrip': 'slow' },
    });
  });
  it('the mailbox is over its quota', async () => {
    mend = await world.stack.overQuota(false);
    await expectFault({
      title: 'Mail to example.net is not delivered',
      legs: { delivery: 'fails' },
      reasons: { 'delivery/roundtrip': 'stuck' },
    });
  });
  it('newcomers are put off (greylisting)', async () => {
    mend = await world.stack.greylist(60_000);
    await expectFault({
      title: 'Mail to example.net is put off',
      legs: { receiving: 'degraded' },
      reasons: { 'receiving/smtp': 'put-off' },
    });
  });
  it('the server greets late', async () => {
    mend = await world.stack.tarpit(1);
    await expectFault({
      title: /^SMTP of example\.net: greets only after 1\.\d s$/,
      legs: { receiving: 'degraded' },
      reasons: { 'receiving/smtp': 'greeting-late' },
    });
  });
  it('the server turns everybody away with 421', async () => {
    mend = await world.stack.turnAway();
    await expectFault({
      title: 'Mail to example.net is not accepted',
      legs: { receiving: 'fails' },
      reasons: { 'receiving/smtp': 'not-available' },
      text: /421 4\.3\.2 .*Come back later/,
    });
  });
  it('the server stops in the middle of a reply', async () => {
    world.wires.smtp.meddle('stall');
    mend = async () => world.wires.smtp.meddle('none');
    await expectFault({
      title: 'Mail to example.net is not accepted',
      legs: { receiving: 'fails' },
      reasons: { 'receiving/smtp': 'stalled' },
    });
  });
  it('somebody strips STARTTLS', async () => {
    for (const name of ['imap', 'pop3'] as const) world.wires[name].meddle('strip');
    mend = async () => {
      for (const name of ['imap', 'pop3'] as const) world.wires[name].meddle('none');
    };
    await expectFault({
      title: 'IMAP and POP3 of example.net fail',
      legs: { reading: 'partly' },
      reasons: { 'reading/imap': 'no-starttls', 'reading/pop3': 'no-starttls' },
      text: /IMAPS and POP3S work\. Receiving, sending, delivery and webmail work\.$/,
    });
  });
  it('the certificate has expired', async () => {
    await world.stack.certificate('expired');
    mend = () => world.stack.certificate('good');
    await expectFault({
      title: 'example.net: certificate expired 1 d ago',
      legs: { receiving: 'degraded', sending: 'fails', reading: 'fails', delivery: 'unknown' },
      reasons: { 'receiving/smtp': 'certificate-expired', ...ways.sending('certificate-expired'), ...ways.reading('certificate-expired') },
    });
  });
  it('the certificate is for another name', async () => {
    await world.stack.certificate('wrong-name');
    mend = () => world.stack.certificate('good');
    await expectFault({
      title: 'example.net: certificate is for other.example.org, not for mail.example.net',
      legs: { receiving: 'degraded', sending: 'fails', reading: 'fails', delivery: 'unknown' },
      reasons: { 'receiving/smtp': 'certificate-wrong-name', ...ways.reading('certificate-wrong-name') },
    });
  });
  it('the address that sends is on a blocklist', async () => {
    await world.list(true);
    mend = () => world.list(false);
    await expectFault({
      title: 'example.net: 192.0.2.25 is listed by bl.example.org (127.0.0.2)',
      legs: { sending: 'degraded' },
      reasons: { 'sending/blocklist': 'listed' },
      text: /Submission and submission over TLS work\. Receiving, delivery, reading and webmail work\.$/,
    });
  });
  it('webmail is gone', async () => {
    const { port } = world.webmail.address() as AddressInfo;
    await new Promise((resolve) => {
      world.webmail.close(resolve);
      world.webmail.closeAllConnections();
    });
    mend = () => new Promise((resolve) => world.webmail.listen(port, '127.0.0.1', resolve));
    await expectFault({ title: 'Webmail of example.net is down', legs: { webmail: 'fails' }, reasons: { 'webmail/webmail': 'refused' } });
  });
  it('all of that left hardly a message in the mailbox', () => {
    expect(world.stack.messages().length).toBeLessThan(6);
  });
});

describe.runIf(isRoot)('a mail stack whose disk is full', () => {
  beforeAll(async () => {
    world = await startWorld({ smallDisk: { mailKb: 256, queueKb: 2_048 }, postfix: ['message_size_limit = 100000'] });
    await allFine();
  }, 60_000);
  afterAll(async () => {
    await world?.stop();
    removeTemporaryFolders();
  });
  afterEach(async () => {
    await mend?.();
    mend = undefined;
    await allFine();
  }, 40_000);

  it('where mailboxes lie: mail is not delivered', async () => {
    mend = world.stack.fillDisk('mail');
    await expectFault({
      title: 'Mail to example.net is not delivered',
      legs: { delivery: 'fails' },
      reasons: { 'delivery/roundtrip': 'stuck' },
    });
  });
  it('where the queue lies: mail is neither taken in nor sent', async () => {
    mend = world.stack.fillDisk('queue');
    await expectFault({
      title: 'example.net: mail is not accepted and cannot be sent',
      legs: { receiving: 'fails', sending: 'fails', delivery: 'unknown' },
      reasons: { 'receiving/smtp': 'no-space', ...ways.sending('no-space') },
      text: / Reading and webmail work; delivery is not known\.$/,
    });
  });
});

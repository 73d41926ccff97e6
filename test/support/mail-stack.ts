/**
 * A whole mail server for tests: Debian's Postfix and Dovecot in a folder of their own, on high ports of loopback, and the faults of mail made
 * for real. Root only, as both are. Each fault function returns what mends it.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import {
  domain,
  dovecotConf,
  listAddress,
  listRules,
  type Place,
  type PortName,
  passwordsConf,
  passwordsFile,
  portNames,
  postfixMain,
  postfixMaster,
  serverName,
} from './mail-stack-config.ts';
import { alone, childrenOf, greets, makeDisk, nameOf, type Running, start } from './mail-stack-process.ts';
import { freePort, isFree } from './servers.ts';
import { type Authority, makeAuthority, removeFolder, webFolder } from './web-servers.ts';

export interface MailStackOptions {
  /** First address to listen on; default 127.0.0.1. Dovecot takes plain passwords without TLS from a client with the same address. */
  host?: string;
  /** Listen on ::1 too, on the same ports. */
  ipv6?: boolean;
  /** Who puts mail into the Maildir: Dovecot by LMTP (the default), or Postfix itself, which goes on while Dovecot is stopped. */
  delivery?: 'lmtp' | 'maildir';
  /** Mail (or the queue) lies on a tmpfs of so many KB in a mount namespace of its own, so that it can be full. */
  smallDisk?: { mailKb?: number; queueKb?: number };
  postfix?: readonly string[];
  dovecot?: readonly string[];
}

/** Mends a fault. */
export type Mend = () => Promise<void>;

export interface MailStack {
  host: string;
  ports: Readonly<Record<PortName, number>>;
  /** PEM file of the authority to trust. The certificate is for mail.example.net, localhost and loopback addresses. */
  caFile: string;
  domain: string;
  serverName: string;
  mailbox: { address: string; user: string; password: string };
  /** A second mailbox, with the same password. */
  intake: { address: string; user: string; password: string };
  listAddress: string;
  folder: string;
  /** For `postqueue -c`. */
  configDir: string;
  /** Replaces the lines that the test adds to main.cf, and waits until they hold. */
  setPostfix(lines: readonly string[]): Promise<void>;
  setDovecot(lines: readonly string[]): Promise<void>;
  stopDovecot(): Promise<void>;
  startDovecot(): Promise<void>;
  stopPostfix(): Promise<void>;
  startPostfix(): Promise<void>;
  /** Log-ins fail by a fault of the server (IMAP: NO [UNAVAILABLE], SMTP: 454), while mail is taken. */
  breakAuth(): Mend;
  /** Log-ins get no answer: the process that checks passwords stands still. */
  stallAuth(): Mend;
  /** New mail is taken and held. */
  holdQueue(): Promise<Mend>;
  /** New mail is taken and deferred: nobody listens where it should go. */
  deferDelivery(): Promise<Mend>;
  /** Mail is delivered, each so much later. */
  delayDelivery(ms: number): Promise<Mend>;
  /** Strangers and recipients that were not seen before hear 450 for so long, as RFC 6647 describes it. */
  greylist(ms: number): Promise<Mend>;
  /** The greeting of port smtp comes so late. */
  tarpit(seconds: number): Promise<Mend>;
  /** Port smtp says 421 instead of its greeting. */
  turnAway(): Promise<Mend>;
  openRelay(): Promise<Mend>;
  /** The mailbox is over its quota. `bounce` = the message is returned (552), else it waits in the queue (452). */
  overQuota(bounce?: boolean): Promise<Mend>;
  /** Fills the small disk of the mail or of the queue to the last block. */
  fillDisk(which?: 'mail' | 'queue'): Mend;
  /** A port whose connections reach the one named, with STARTTLS and STLS taken out of what the server offers. */
  stripTls(name: PortName): Promise<number>;
  certificate(which: 'good' | 'expired' | 'wrong-name' | 'soon' | 'stranger'): Promise<void>;
  /** Makes the queue try again at once. */
  flush(): void;
  /** Runs a program where the stack sees its files (`postqueue`, `postsuper`). */
  run(command: string, ...args: string[]): string;
  /** What lies in the queue, as `postqueue -j` tells it. */
  queue(): { queue_name: string; queue_id: string; recipients: { address: string; delay_reason?: string }[] }[];
  /** The messages in the mailbox as they lie there. */
  messages(user?: string): string[];
  /** Removes all that lies in a mailbox. */
  empty(user?: string): void;
  /** Puts a message into a mailbox. */
  put(message: string, options?: { user?: string; ageMs?: number }): void;
  /** Newest lines of both logs, or all of one. */
  log(which?: 'maillog' | 'dovecot.log'): string;
  stop(): Promise<void>;
}

const password = 'probe-word';
const users = [`nightdesk@${domain}`, `intake@${domain}`] as const;

/** @param again whether to start once more on other ports where one was taken between its choice and the start */
export async function startMailStack(options: MailStackOptions = {}, again = true): Promise<MailStack> {
  if (process.getuid?.() !== 0) throw new Error('Postfix and Dovecot can be started by root only');
  const folder = webFolder();
  const at = (name: string): string => join(folder, name);
  const host = options.host ?? '127.0.0.1';
  const ports = {} as Record<PortName, number>;
  for (const name of portNames) ports[name] = await freePort(host);
  const place: Place = {
    folder,
    mail: at('mail'),
    hosts: options.ipv6 ? [host, '::1'] : [host],
    ports,
    delivery: options.delivery ?? 'lmtp',
    users,
  };
  for (const name of ['etc', 'queue', 'data', 'mail', 'run', 'state']) mkdirSync(at(name));
  const disk = options.smallDisk ? makeDisk(folder, options.smallDisk) : null;
  const seen = (path: string): string => (disk ? `/proc/${disk.pid}/root${path}` : path);
  const inside = (command: string, args: readonly string[]): [string, string[]] =>
    disk ? ['nsenter', ['-m', '-t', String(disk.pid), command, ...args]] : [command, [...args]];
  execFileSync('chown', ['postfix', at('data')]);
  chmodSync(at('data'), 0o700);
  execFileSync('chown', ['nobody:nogroup', seen(place.mail)]);
  writeFileSync(at('etc/dynamicmaps.cf'), '');
  writeFileSync(at(join('etc', listRules.name)), listRules.text);
  const writePasswords = (word: string | null): void => {
    // Another file each time: by that Dovecot sees that it is a new one.
    writeFileSync(at('passwords.new'), passwordsFile(place, word));
    renameSync(at('passwords.new'), at('passwords'));
  };
  writePasswords(password);
  writeFileSync(at('passwords.conf'), passwordsConf(place));
  const authority = makeAuthority(folder);
  const issued = new Map<string, { certificate: string; key: string }>();
  show('good');

  let postfixLines = [...(options.postfix ?? [])];
  let dovecotLines = [...(options.dovecot ?? [])];
  const processes: { postfix: Running | null; dovecot: Running | null } = { postfix: null, dovecot: null };
  const helpers = new Set<Server>();

  function show(which: Parameters<MailStack['certificate']>[0]): void {
    const pair = issued.get(which) ?? issue(authority, which);
    issued.set(which, pair);
    for (const [from, to] of [
      [pair.certificate, 'shown.pem'],
      [pair.key, 'shown.key'],
    ] as const)
      writeFileSync(at(to), readFileSync(from));
  }
  const write = (): void => {
    writeFileSync(at('etc/main.cf'), postfixMain(place, postfixLines));
    writeFileSync(at('etc/master.cf'), postfixMaster(place));
    writeFileSync(at('dovecot.conf'), dovecotConf(place, dovecotLines));
    // Every process of Postfix waits until its settings are two seconds old, lest it read half a file.
    const earlier = Date.now() / 1_000 - 10;
    for (const name of ['etc/main.cf', 'etc/master.cf']) utimesSync(at(name), earlier, earlier);
  };
  const logOf = (name: string): string => (existsSync(at(name)) ? readFileSync(at(name), 'utf8') : '');
  const log = (which?: 'maillog' | 'dovecot.log'): string =>
    which ? logOf(which) : `${logOf('maillog').slice(-4_000)}\n${logOf('dovecot.log').slice(-4_000)}`;

  const startPostfix = async (): Promise<void> => {
    processes.postfix = await start(inside('unshare', [...alone, '/usr/lib/postfix/sbin/master', '-c', at('etc'), '-d']));
    await greets(processes.postfix, ports.smtp, host, log);
  };
  const startDovecot = async (): Promise<void> => {
    processes.dovecot = await start(inside('unshare', [...alone, '/usr/sbin/dovecot', '-F', '-c', at('dovecot.conf')]));
    await greets(processes.dovecot, ports.imap, host, log);
  };
  const stopPostfix = async (): Promise<void> => {
    await processes.postfix?.stop();
    processes.postfix = null;
  };
  const stopDovecot = async (): Promise<void> => {
    await processes.dovecot?.stop();
    processes.dovecot = null;
  };
  /** Started anew: after a mere reload idle processes serve one more client by the old settings. */
  const restart = async (which: 'postfix' | 'dovecot'): Promise<void> => {
    if (!processes[which]) return;
    await (which === 'postfix' ? stopPostfix().then(startPostfix) : stopDovecot().then(startDovecot));
    // Its idle processes would ask the old Dovecot first, and answer 454 once each.
    if (which === 'dovecot') await restart('postfix');
  };
  const setPostfix = async (lines: readonly string[]): Promise<void> => {
    postfixLines = [...lines];
    write();
    await restart('postfix');
  };
  const setDovecot = async (lines: readonly string[]): Promise<void> => {
    dovecotLines = [...lines];
    write();
    await restart('dovecot');
  };
  /** Adds lines to what holds; the mending takes exactly these away. */
  const withPostfix = async (...lines: string[]): Promise<Mend> => {
    await setPostfix([...postfixLines, ...lines]);
    return () => setPostfix(postfixLines.filter((line) => !lines.includes(line)));
  };
  const run = (command: string, ...args: string[]): string =>
    execFileSync(...inside(command, args), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const flush = (): void => void run('/usr/sbin/postqueue', '-c', at('etc'), '-f');
  const helper = async (onConnection: (socket: Socket) => void): Promise<{ port: number; close(): void }> => {
    const server = createServer((socket) => onConnection(socket.on('error', () => socket.destroy())));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    helpers.add(server);
    server.unref();
    return { port: (server.address() as { port: number }).port, close: () => void server.close() };
  };
  const boxOf = (user: string): string => seen(join(place.mail, user, 'Maildir'));
  const filesOf = (user: string): string[] =>
    ['cur', 'new'].flatMap((part) => {
      const path = join(boxOf(user), part);
      return existsSync(path)
        ? readdirSync(path)
            .sort()
            .map((name) => join(path, name))
        : [];
    });

  const stop = async (): Promise<void> => {
    await Promise.all([stopPostfix(), stopDovecot()]);
    for (const server of helpers) server.close();
    disk?.stop();
    removeFolder(folder);
  };
  try {
    write();
    // Makes the folders of the queue, and says what is wrong.
    execFileSync(...inside('/usr/sbin/postfix', ['-c', at('etc'), 'check']), { stdio: ['ignore', 'ignore', 'pipe'] });
    await Promise.all([startPostfix(), startDovecot()]);
  } catch (error) {
    await stop();
    const free = await Promise.all(place.hosts.flatMap((address) => Object.values(ports).map((port) => isFree(port, address))));
    if (again && free.includes(false)) return startMailStack(options, false);
    throw error;
  }

  return {
    host,
    ports,
    caFile: authority.caFile,
    domain,
    serverName,
    mailbox: { address: users[0], user: users[0], password },
    intake: { address: users[1], user: users[1], password },
    listAddress,
    folder,
    configDir: at('etc'),
    setPostfix,
    setDovecot,
    stopDovecot,
    startDovecot: () => startDovecot().then(() => restart('postfix')),
    stopPostfix,
    startPostfix,
    breakAuth() {
      writePasswords(null);
      return async () => writePasswords(password);
    },
    stallAuth() {
      const pids = childrenOf(processes.dovecot?.pid ?? 0).filter((pid) => nameOf(pid) === 'auth');
      if (pids.length === 0) throw new Error('Dovecot runs no auth process');
      for (const pid of pids) process.kill(pid, 'SIGSTOP');
      return async () => {
        for (const pid of pids) process.kill(pid, 'SIGCONT');
      };
    },
    async holdQueue() {
      const mend = await withPostfix('smtpd_end_of_data_restrictions = check_client_access static:HOLD');
      return async () => {
        await mend();
        run('/usr/sbin/postsuper', '-c', at('etc'), '-H', 'ALL');
        flush();
      };
    },
    async deferDelivery() {
      const nobody = await freePort(host);
      const mend = await withPostfix(`virtual_transport = lmtp:inet:${host}:${nobody}`);
      return async () => {
        await mend();
        flush();
      };
    },
    async delayDelivery(ms) {
      const { port, close } = await helper((socket) => {
        socket.pause();
        const timer = setTimeout(() => {
          const onwards = connect(ports.lmtp, host);
          onwards.on('error', () => socket.destroy()).on('close', () => socket.destroy());
          socket.on('close', () => onwards.destroy());
          socket.pipe(onwards).pipe(socket);
        }, ms);
        socket.on('close', () => clearTimeout(timer));
      });
      const mend = await withPostfix(`virtual_transport = lmtp:inet:127.0.0.1:${port}`, 'lmtp_connection_cache_on_demand = no');
      return async () => {
        await mend();
        close();
      };
    },
    async greylist(ms) {
      const first = new Map<string, number>();
      const { port, close } = await helper((socket) => {
        let text = '';
        socket.setEncoding('utf8').on('data', (part) => {
          text += part;
          for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
            const asked = text.slice(0, end);
            text = text.slice(end + 2);
            const of = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(asked)?.[1] ?? '';
            const key = [of('client_address'), of('sender'), of('recipient')].join(' ');
            const since = first.get(key) ?? Date.now();
            first.set(key, since);
            const action = Date.now() - since < ms ? '450 4.2.0 Greylisted, please try again later' : 'dunno';
            socket.write(`action=${action}\n\n`);
          }
        });
      });
      const mend = await withPostfix(`smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:${port}`);
      return async () => {
        await mend();
        close();
      };
    },
    tarpit: (seconds) => withPostfix('smtpd_delay_reject = no', `smtpd_client_restrictions = sleep ${seconds}`),
    turnAway: () =>
      withPostfix('smtpd_delay_reject = no', 'smtpd_client_restrictions = check_client_access static:{421 4.3.2 Come back later}'),
    openRelay: () => withPostfix('mynetworks = 127.0.0.0/8 [::1]/128'),
    async overQuota(bounce = true) {
      const before = dovecotLines;
      await setDovecot([
        ...before,
        'mail_plugins = quota',
        'protocol imap {\n mail_plugins = quota imap_quota\n}',
        // One byte is less than any message.
        `plugin {\n quota = count:User quota\n quota_vsizes = yes\n quota_rule = *:storage=1B\n}`,
        `quota_full_tempfail = ${bounce ? 'no' : 'yes'}`,
      ]);
      return async () => {
        await setDovecot(before);
        flush();
      };
    },
    fillDisk(which = 'mail') {
      const path = seen(at(`${which}/filler`));
      if (!disk) throw new Error('fillDisk needs the option smallDisk');
      const file = openSync(path, 'w');
      try {
        // Block by block, so that not even a small file finds room.
        for (;;) writeSync(file, Buffer.alloc(4_096));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      } finally {
        closeSync(file);
      }
      return async () => {
        removeFolder(path);
        flush();
      };
    },
    async stripTls(name) {
      const { port } = await helper((socket) => {
        const onwards = connect(ports[name], host);
        onwards.on('error', () => socket.destroy()).on('close', () => socket.destroy());
        socket.on('close', () => onwards.destroy());
        socket.pipe(onwards);
        onwards.on('data', (part) =>
          socket.write(
            part.toString('latin1').replace(/STARTTLS|STLS/g, (word) => 'X'.repeat(word.length)),
            'latin1',
          ),
        );
      });
      return port;
    },
    async certificate(which) {
      show(which);
      await restart(processes.dovecot ? 'dovecot' : 'postfix');
    },
    flush,
    run,
    queue: () =>
      run('/usr/sbin/postqueue', '-c', at('etc'), '-j')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
    messages: (user = users[0]) => filesOf(user).map((path) => readFileSync(path, 'utf8')),
    empty(user = users[0]) {
      for (const path of filesOf(user)) removeFolder(path);
    },
    put(message, { user = users[0], ageMs = 0 } = {}) {
      const box = boxOf(user);
      for (const part of ['cur', 'new', 'tmp']) mkdirSync(join(box, part), { recursive: true });
      count += 1;
      const path = join(box, 'new', `${Math.floor((Date.now() - ageMs) / 1_000)}.P${process.pid}Q${count}.test`);
      writeFileSync(path, message);
      const when = (Date.now() - ageMs) / 1_000;
      utimesSync(path, when, when);
      execFileSync('chown', ['-R', 'nobody:nogroup', seen(join(place.mail, user))]);
    },
    log,
    stop,
  };
}
let count = 0;

function issue(authority: Authority, which: Parameters<MailStack['certificate']>[0]): { certificate: string; key: string } {
  const loopback = ['127.0.0.1', '127.0.0.2', '127.0.0.3', '::1'].map((address) => `IP:${address}`).join(',');
  const altNames = which === 'wrong-name' ? 'DNS:other.example.org' : `DNS:${serverName},DNS:localhost,${loopback}`;
  const [fromDays, toDays] = which === 'expired' ? [-90, -1] : which === 'soon' ? [-80, 5] : [-1, 60];
  return authority.issue(`mail-${which}`, { altNames, fromDays, toDays, stranger: which === 'stranger' });
}

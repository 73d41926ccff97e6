/** Debian's Postfix in a folder of its own, on high ports of 127.0.0.1; what it takes goes into a Maildir. Root only, as Postfix is. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort, removeFolder, webFolder } from './web-servers.ts';

export interface Postfix {
  /** Submission with STARTTLS. */
  port: number;
  /** TLS from the first byte. */
  tlsPort: number;
  /** Knows no TLS. */
  plainPort: number;
  /** The messages that came for anybody at example.net, as they lie in the Maildir, oldest first. Waits until there are so many. */
  mail(count: number): Promise<string[]>;
  stop(): Promise<void>;
}

const idOf = (name: string, kind: '-u' | '-g'): number => Number(execFileSync('id', [kind, name]).toString());

export async function startPostfix(tls: { certificate: string; key: string }): Promise<Postfix> {
  const folder = webFolder();
  const inFolder = (name: string): string => join(folder, name);
  const [port, tlsPort, plainPort] = [await freePort(), await freePort(), await freePort()];
  for (const name of ['etc', 'queue', 'data', 'mail']) mkdirSync(inFolder(name));
  execFileSync('chown', ['postfix', inFolder('data')]);
  chmodSync(inFolder('data'), 0o700);
  execFileSync('chown', ['nobody', inFolder('mail')]);
  writeFileSync(inFolder('etc/dynamicmaps.cf'), '');
  const settings = [
    'compatibility_level = 3.6',
    `queue_directory = ${inFolder('queue')}`,
    `data_directory = ${inFolder('data')}`,
    `maillog_file = ${inFolder('maillog')}`,
    `maillog_file_prefixes = ${folder}`,
    'myhostname = mail.example.net',
    'mydestination =',
    'inet_interfaces = 127.0.0.1',
    'inet_protocols = ipv4',
    'alias_maps =',
    'virtual_mailbox_domains = example.net',
    'virtual_mailbox_maps = static:inbox/',
    `virtual_mailbox_base = ${inFolder('mail')}`,
    `virtual_uid_maps = static:${idOf('nobody', '-u')}`,
    `virtual_gid_maps = static:${idOf('nobody', '-g')}`,
    'virtual_minimum_uid = 1',
    'smtpd_relay_restrictions = reject_unauth_destination',
    'smtpd_recipient_restrictions = check_recipient_access inline:{ {refused@example.net=550 5.7.1 nobody of that name} {later@example.net=450 4.2.0 come back later} }',
    `smtpd_tls_cert_file = ${tls.certificate}`,
    `smtpd_tls_key_file = ${tls.key}`,
    'smtpd_tls_security_level = may',
    'smtpd_peername_lookup = no',
  ];
  const services = [
    `127.0.0.1:${port} inet n - n - - smtpd`,
    `127.0.0.1:${tlsPort} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes`,
    `127.0.0.1:${plainPort} inet n - n - - smtpd -o smtpd_tls_security_level=none`,
    'cleanup unix n - n - 0 cleanup',
    'qmgr unix n - n 300 1 qmgr',
    'tlsmgr unix - - n 1000? 1 tlsmgr',
    'rewrite unix - - n - - trivial-rewrite',
    ...['bounce', 'defer', 'trace'].map((it) => `${it} unix - - n - 0 bounce`),
    'proxymap unix - - n - - proxymap',
    ...['error', 'retry'].map((it) => `${it} unix - - n - - error`),
    'virtual unix - n n - - virtual',
    'anvil unix - - n - 1 anvil',
    'postlog unix-dgram n - n - 1 postlogd',
  ];
  writeFileSync(inFolder('etc/main.cf'), `${settings.join('\n')}\n`);
  writeFileSync(inFolder('etc/master.cf'), `${services.join('\n')}\n`);

  const child = spawn('/usr/sbin/postfix', ['-c', inFolder('etc'), 'start-fg'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said = (said + chunk).slice(-4_000);
    });
  const log = (): string => (existsSync(inFolder('maillog')) ? readFileSync(inFolder('maillog'), 'utf8').slice(-4_000) : '');
  for (let tries = 0; !(await greets(plainPort)); tries += 1) {
    if (child.exitCode !== null || tries > 200) throw new Error(`Postfix does not start: ${said}${log()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    port,
    tlsPort,
    plainPort,
    async mail(count) {
      const inbox = inFolder('mail/inbox/new');
      for (let tries = 0; tries < 200; tries += 1) {
        const names = existsSync(inbox) ? readdirSync(inbox).sort((a, b) => cameAt(a) - cameAt(b)) : [];
        if (names.length >= count) return names.map((name) => readFileSync(join(inbox, name), 'utf8'));
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(`not ${count} messages came: ${log()}`);
    },
    async stop() {
      if (child.exitCode === null) {
        const ended = once(child, 'exit');
        // The master is a child of what was started, and ends its servers with it.
        process.kill(Number(readFileSync(inFolder('queue/pid/master.pid'), 'utf8')));
        await ended;
      }
      removeFolder(folder);
    },
  };
}

/** When a message was delivered, in µs, by the name of its file in a Maildir: "1795182517.V801I2ef1M93871.mail.example.net". */
const cameAt = (name: string): number => {
  const [, seconds, micros] = /^(\d+)\.\w*?M(\d+)\./.exec(name) ?? [];
  if (micros === undefined) throw new Error(`no name of a Maildir: ${name}`);
  return Number(seconds) * 1e6 + Number(micros);
};

const greets = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', (data) => {
      resolve(data.toString().startsWith('220 '));
      socket.end('QUIT\r\n');
    });
    socket.once('error', () => resolve(false));
  });

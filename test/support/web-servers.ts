/** Real web servers for tests: nginx in a folder of its own, certificates made by openssl, and scripted misbehaviour. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { ProbeContext } from '../../electron/probes/types.ts';
import { probeContext } from './probe-context.ts';
import { startProgram, tempFolder } from './servers.ts';

export { freePort } from './servers.ts';

const DAY = 86_400_000;

/** A folder that nginx's workers (another user when tests run as root) can read. */
export function webFolder(): string {
  const { path } = tempFolder();
  chmodSync(path, 0o755);
  return path;
}

export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true });

export interface CertificateWish {
  /** Such as "DNS:localhost,IP:127.0.0.1". */
  altNames: string;
  fromDays: number;
  toDays: number;
  /** A second authority that nobody trusts signs it. */
  stranger?: boolean;
}
export interface CertificateFiles {
  certificate: string;
  key: string;
}
export interface Authority {
  /** PEM file to trust. */
  caFile: string;
  issue(name: string, wish: CertificateWish): CertificateFiles;
  selfSigned(name: string, altNames: string): CertificateFiles;
}

const stampOf = (days: number): string => `${new Date(Date.now() + days * DAY).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;

/** Makes two authorities with openssl (one to be trusted) that issue certificates with any dates. */
export function makeAuthority(folder: string): Authority {
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'], cwd: folder });
  const authority = (name: string): void => {
    openssl(
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
      '-days',
      '3650',
      '-subj',
      `/CN=${name} CA/O=Nightdesk tests`,
    );
    mkdirSync(join(folder, `${name}-issued`));
    writeFileSync(join(folder, `${name}.index`), '');
    writeFileSync(
      join(folder, `${name}.cnf`),
      [
        '[ca]',
        'default_ca=it',
        '[it]',
        `database=${name}.index`,
        `new_certs_dir=${name}-issued`,
        `certificate=${name}.pem`,
        `private_key=${name}.key`,
        'rand_serial=yes',
        'default_md=sha256',
        'unique_subject=no',
        'copy_extensions=copy',
        'policy=names',
        '[names]',
        'commonName=supplied',
        '',
      ].join('\n'),
    );
  };
  authority('trusted');
  authority('stranger');
  const files = (name: string): CertificateFiles => ({ certificate: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) });
  const key = (name: string): void => openssl('ecparam', '-genkey', '-name', 'prime256v1', '-noout', '-out', `${name}.key`);
  return {
    caFile: join(folder, 'trusted.pem'),
    issue(name, wish) {
      key(name);
      openssl(
        'req',
        '-new',
        '-key',
        `${name}.key`,
        '-out',
        `${name}.csr`,
        '-subj',
        `/CN=${name}`,
        '-addext',
        `subjectAltName=${wish.altNames}`,
      );
      const by = wish.stranger ? 'stranger' : 'trusted';
      openssl(
        'ca',
        '-batch',
        '-notext',
        '-config',
        `${by}.cnf`,
        '-in',
        `${name}.csr`,
        '-out',
        `${name}.pem`,
        '-startdate',
        stampOf(wish.fromDays),
        '-enddate',
        stampOf(wish.toDays),
      );
      return files(name);
    },
    selfSigned(name, altNames) {
      key(name);
      openssl(
        'req',
        '-x509',
        '-new',
        '-key',
        `${name}.key`,
        '-out',
        `${name}.pem`,
        '-days',
        '90',
        '-subj',
        `/CN=${name}`,
        '-addext',
        `subjectAltName=${altNames}`,
      );
      return files(name);
    },
  };
}

/** The password line of an htpasswd file, made by openssl. */
export const passwordLine = (user: string, password: string): string =>
  `${user}:${execFileSync('openssl', ['passwd', '-apr1', '-stdin'], { input: password }).toString().trim()}\n`;

export interface Nginx {
  stop(): Promise<void>;
}

/** Root of a user namespace (as `unshare -r` makes one) has no other users that nginx's workers could be. */
const mappedRoot =
  process.getuid?.() === 0 && process.platform === 'linux' && !/^\s*0\s+0\s+4294967295/.test(readFileSync('/proc/self/uid_map', 'utf8'));

/**
 * Starts nginx in the foreground and waits until it answers.
 * @param servers the `server { … }` blocks
 * @param port one of their ports on 127.0.0.1, to see that it is up
 */
export async function startNginx(folder: string, servers: string, port: number): Promise<Nginx> {
  const conf = join(folder, 'nginx.conf');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((it) => `${it}_temp_path ${folder}/temp-${it};`).join('\n');
  writeFileSync(
    conf,
    `daemon off; ${mappedRoot ? 'user root; ' : ''}worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log warn;
events { worker_connections 4096; }
http { access_log off; ${temporary}
${servers}
}
`,
  );
  return { stop: await startProgram('nginx', ['-e', join(folder, 'error.log'), '-p', folder, '-c', conf], port) };
}

export interface Scripted {
  port: number;
  /** Connections that are open right now. */
  open(): number;
  stop(): Promise<void>;
}

/** A server that does to each connection what the script says. */
export function scripted(script: (socket: Socket) => void, host = '127.0.0.1'): Promise<Scripted> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    script(socket);
    // Without a reader a socket never learns that the other side has hung up.
    socket.resume();
  });
  return new Promise((resolve, reject) => {
    server.on('error', reject).listen(0, host, () =>
      resolve({
        port: (server.address() as AddressInfo).port,
        open: () => sockets.size,
        stop: () =>
          new Promise((done) => {
            for (const socket of sockets) socket.destroy();
            server.close(() => done());
          }),
      }),
    );
  });
}

/** Sends the text a byte at a time, and when it is out, its last byte for ever. */
export const trickle =
  (text: string, everyMs: number) =>
  (socket: Socket): void => {
    let at = 0;
    const timer = setInterval(() => socket.write(text[Math.min(at++, text.length - 1)] ?? ''), everyMs);
    socket.on('close', () => clearInterval(timer));
  };

/** Runs a probe as the runner does: with a hard timeout and a transcript. */
export async function probing<T>(
  probe: (context: ProbeContext) => Promise<T>,
  timeoutMs = 5_000,
  secrets: Record<string, string> = {},
): Promise<{ facts: T; lines: string[]; tookMs: number }> {
  const context = probeContext({ timeoutMs, secrets });
  const startedAt = performance.now();
  const facts = await probe(context);
  return { facts, lines: context.lines, tookMs: performance.now() - startedAt };
}

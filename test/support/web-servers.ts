/** Real web servers for tests: nginx in a folder of its own, certificates made by openssl, and scripted misbehaviour. */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const DAY = 86_400_000;

/** A folder that nginx's workers (another user when tests run as root) can read. */
export function webFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'nightdesk-web-'));
  chmodSync(folder, 0o755);
  return folder;
}

/** A port on 127.0.0.1 that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

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
    openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', `${name}.key`, '-out', `${name}.pem`, '-days', '3650', '-subj', `/CN=${name} CA/O=Nightdesk tests`);
    mkdirSync(join(folder, `${name}-issued`));
    writeFileSync(join(folder, `${name}.index`), '');
    writeFileSync(
      join(folder, `${name}.cnf`),
      ['[ca]', 'default_ca=it', '[it]', `database=${name}.index`, `new_certs_dir=${name}-issued`, `certificate=${name}.pem`, `private_key=${name}.key`, 'rand_serial=yes', 'default_md=sha256', 'unique_subject=no', 'copy_extensions=copy', 'policy=names', '[names]', 'commonName=supplied', ''].join('\n'),
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
      openssl('req', '-new', '-key', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`, '-addext', `subjectAltName=${wish.altNames}`);
      const by = wish.stranger ? 'stranger' : 'trusted';
      openssl('ca', '-batch', '-notext', '-config', `${by}.cnf`, '-in', `${name}.csr`, '-out', `${name}.pem`, '-startdate', stampOf(wish.fromDays), '-enddate', stampOf(wish.toDays));
      return files(name);
    },
    selfSigned(name, altNames) {
      key(name);
      openssl('req', '-x509', '-new', '-key', `${name}.key`, '-out', `${name}.pem`, '-days', '90', '-subj', `/CN=${name}`, '-addext', `subjectAltName=${altNames}`);
      return files(name);
    },
  };
}

/** The password line of an htpasswd file, made by openssl. */
export const passwordLine = (user: string, password: string): string =>
  `${user}:${execFileSync('openssl', ['passwd', '-apr1', '-stdin'], { input: password }).toString().trim()}\n`;

export interface Nginx {
  pid: number;
  stop(): Promise<void>;
}

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
    `daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log warn;
events { worker_connections 4096; }
http { access_log off; ${temporary}
${servers}
}
`,
  );
  const child = spawn('nginx', ['-e', join(folder, 'error.log'), '-p', folder, '-c', conf], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (data: Buffer) => (said += data.toString()));
  let ended = false;
  const end = new Promise<void>((resolve) => child.once('exit', () => resolve((ended = true) as unknown as void)));
  for (let tries = 0; !(await accepts(port)); tries++) {
    if (ended || tries > 100) throw new Error(`nginx did not start: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    pid: child.pid as number,
    async stop() {
      child.kill('SIGTERM');
      await end;
    },
  };
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

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
export const trickle = (text: string, everyMs: number) => (socket: Socket): void => {
  let at = 0;
  const timer = setInterval(() => socket.write(text[Math.min(at++, text.length - 1)] ?? ''), everyMs);
  socket.on('close', () => clearInterval(timer));
};

export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true });

/** Real and scripted servers on 127.0.0.1 for integration tests. Whatever is started here is stopped by `stop`. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answersQuestions } from './name-server.ts';

export interface Started {
  port: number;
  stop(): Promise<void>;
}

/** An empty folder of its own; `remove` takes it away with all that is in it. */
export function tempFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'nightdesk-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

const firstPort = 20_000;
const portCount = 12_000;
let portsGiven = Math.floor(Math.random() * portCount);

/**
 * A port that nothing listens on at this moment. It lies below those that the system gives out by itself, so that no connection that is made
 * before its server starts (or starts again) takes it; and it is a new one each time, since the last one may not be listened on yet.
 */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (let tries = 0; tries < 50; tries += 1) {
    portsGiven += 1;
    const port = firstPort + (portsGiven % portCount);
    if (await isFree(port, host)) return port;
  }
  throw new Error(`no port of ${host} is free`);
}

export async function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  const server = createServer().listen(port, host);
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}

/** A TCP server that does with each connection what the test says. */
export async function startTcp(
  onConnection: (socket: Socket) => void,
  host = '127.0.0.1',
  port = 0,
): Promise<Started & { connections(): number }> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {}); // Probes hang up in the middle; that is what is tested.
    onConnection(socket);
  }).listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A UDP server that does with each datagram what the test says; a reply after its end goes nowhere. */
export async function startUdp(
  onMessage: (message: Buffer, reply: (answer: Buffer) => void, from: RemoteInfo) => void,
  port = 0,
  host = '127.0.0.1',
): Promise<Started> {
  const socket = createSocket('udp4');
  let open = true;
  socket.on('message', (message, from) => onMessage(message, (answer) => open && socket.send(answer, from.port, from.address), from));
  socket.bind(port, host);
  await once(socket, 'listening');
  return {
    port: socket.address().port,
    async stop() {
      open = false;
      socket.close();
      await once(socket, 'close');
    },
  };
}

/** Tries again and again until it is true; throws after a while, with what the process said. */
async function until(isReady: () => Promise<boolean>, child: ChildProcess, said: () => string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended: ${said()}`);
    if (await isReady()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`${child.spawnfile} does not answer: ${said()}`);
}

const accepts = (port: number, host: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, host);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

/** Starts a server program in the foreground and waits until its port accepts connections. */
export async function startProgram(command: string, args: string[], port: number, host = '127.0.0.1'): Promise<() => Promise<void>> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const hear = (chunk: Buffer): void => {
    said = (said + chunk).slice(-4_000);
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const failed = once(child, 'error').then(([error]) => Promise.reject(error));
  await Promise.race([
    until(
      () => accepts(port, host),
      child,
      () => said,
    ),
    failed,
  ]);
  return async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill();
    await ended;
  };
}

/** Debian's OpenSSH server with a host key of its own. */
export async function startSshd(): Promise<Started> {
  const folder = tempFolder();
  const port = await freePort();
  const key = join(folder.path, 'key');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  // As root sshd wants this empty folder to lock its unprivileged half into.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const config = [`Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${key}`, 'PidFile none', 'UsePAM no', 'StrictModes no'];
  writeFileSync(join(folder.path, 'sshd_config'), `${config.join('\n')}\n`);
  const stop = await startProgram('/usr/sbin/sshd', ['-D', '-e', '-f', join(folder.path, 'sshd_config')], port);
  return { port, stop: () => stop().then(folder.remove) };
}

/**
 * NSD, an authoritative name server.
 * @param zones text of each zone file, by the zone's name; null = a copy that is fetched from elsewhere
 * @param more where it listens, and further lines of its settings: of the whole (`key:`), of the server, and of each zone
 */
export async function startNsd(
  zones: Record<string, string | null>,
  more: { host?: string; port?: number; lines?: string[]; server?: string[]; zone?: string[] } = {},
): Promise<Started> {
  const folder = tempFolder();
  const { host = '127.0.0.1', lines: others = [], server = [], zone = [] } = more;
  const port = more.port ?? (await freePort(host));
  const inFolder = (name: string): string => join(folder.path, name);
  const lines = [
    'server:',
    `  ip-address: ${host}@${port}`,
    '  username: ""',
    '  chroot: ""',
    '  database: ""',
    '  server-count: 1',
    // Else a burst of questions from one address times out.
    '  rrl-ratelimit: 0',
    `  zonesdir: "${folder.path}"`,
    `  pidfile: "${inFolder('nsd.pid')}"`,
    `  xfrdfile: "${inFolder('xfrd.state')}"`,
    `  xfrdir: "${folder.path}"`,
    `  zonelistfile: "${inFolder('zone.list')}"`,
    ...server.map((line) => `  ${line}`),
    'remote-control:',
    '  control-enable: no',
    ...others,
  ];
  for (const [name, text] of Object.entries(zones)) {
    if (text !== null) writeFileSync(inFolder(`${name}.zone`), text);
    lines.push('zone:', `  name: "${name}"`, `  zonefile: "${name}.zone"`, ...zone.map((line) => `  ${line}`));
  }
  writeFileSync(inFolder('nsd.conf'), `${lines.join('\n')}\n`);
  const stop = await startProgram('/usr/sbin/nsd', ['-d', '-c', inFolder('nsd.conf')], port, host);
  // Its port is open before there is anybody behind it.
  for (let tries = 0; !(await answersQuestions(host, port)); tries += 1) if (tries > 100) throw new Error('nsd answers no questions');
  return { port, stop: () => stop().then(folder.remove) };
}

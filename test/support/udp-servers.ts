/** Real servers that speak UDP, each with a folder of its own: net-snmp's agent and chrony's time server. */
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, type Started, startProgram, tempFolder } from './servers.ts';

/**
 * net-snmp's agent.
 * @param lines of its settings: users, communities, what it shows
 */
export async function startSnmpd(lines: readonly string[], port?: number): Promise<Started & { pid(): number }> {
  const folder = tempFolder();
  const at = port ?? (await freePort());
  const file = join(folder.path, 'snmpd.conf');
  const pidFile = join(folder.path, 'pid');
  // Over TCP too, so that it can be told when it is there.
  writeFileSync(
    file,
    `${[`agentAddress udp:127.0.0.1:${at},tcp:127.0.0.1:${at}`, `[snmp] persistentDir ${folder.path}`, ...lines].join('\n')}\n`,
  );
  const stop = await startProgram('/usr/sbin/snmpd', ['-f', '-Le', '-m', '', '-M', folder.path, '-C', '-c', file, '-p', pidFile], at);
  return { port: at, pid: () => Number(readFileSync(pidFile, 'utf8')), stop: () => stop().then(folder.remove) };
}

/** chrony's time server; it never touches this computer's clock. @param lines of its settings, such as `local stratum 5` */
export async function startChronyd(lines: readonly string[]): Promise<Started> {
  const folder = tempFolder();
  chmodSync(folder.path, 0o755);
  const port = await freePort();
  const file = join(folder.path, 'chrony.conf');
  const settings = [
    `port ${port}`,
    'bindaddress 127.0.0.1',
    'cmdport 0',
    'bindcmdaddress /',
    `pidfile ${join(folder.path, 'pid')}`,
    'user root',
    ...lines,
  ];
  writeFileSync(file, `${settings.join('\n')}\n`);
  const child = spawn('/usr/sbin/chronyd', ['-d', '-x', '-f', file], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said = (said + chunk).slice(-4_000);
    });
  await once(child, 'spawn');
  for (let tries = 0; !(await answersNtp(port)); tries += 1) {
    if (child.exitCode === null && tries < 100) continue;
    child.kill();
    folder.remove();
    throw new Error(`chronyd does not answer: ${said}`);
  }
  return {
    port,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit');
        child.kill();
        await ended;
      }
      folder.remove();
    },
  };
}

/** One question, and 50 ms for whatever answer. */
function answersNtp(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  return new Promise((resolve) => {
    const end = (found: boolean): void => {
      clearTimeout(timer);
      socket.close();
      resolve(found);
    };
    const timer = setTimeout(() => end(false), 50);
    socket.on('error', () => {}).on('message', () => end(true));
    socket.send(Buffer.concat([Buffer.from([0x23]), Buffer.alloc(47, 1)]), port, '127.0.0.1');
  });
}

/** A real name server for a resolver's address of the tests' own networks, so that the computer's own resolver works there. */
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'dns-packet';
import { temporaryFolder } from './temporary-folder.ts';

const zone = `. 60 SOA a.root.test. hostmaster.test. 1 3600 900 604800 60
. 60 NS a.root.test.
a.root.test. 60 A 198.18.0.1
`;

interface NameServer {
  stop(): Promise<void>;
}

/** Starts nsd as the resolver that the test network's /etc/resolv.conf names. @returns null outside of that network */
export async function startGatewayNameServer(): Promise<NameServer | null> {
  const { NIGHTDESK_TEST_GATEWAY: address, NIGHTDESK_TEST_GATEWAY_NAMESPACE: namespace } = process.env;
  return address && namespace ? startNameServer(address, ['ip', 'netns', 'exec', namespace]) : null;
}

/**
 * @param within the command that leads into the network where the address is
 * @param records more lines of its root zone
 */
export async function startNameServer(address: string, within: readonly string[] = [], records = ''): Promise<NameServer> {
  const folder = temporaryFolder('nsd');
  const inFolder = (name: string): string => join(folder, name);
  writeFileSync(inFolder('root.zone'), `${zone}${records}`);
  const server = [
    'username: ""',
    'chroot: ""',
    'database: ""',
    'server-count: 1',
    'rrl-ratelimit: 0',
    `zonesdir: "${folder}"`,
    `xfrdir: "${folder}"`,
  ];
  const files = [`pidfile: "${inFolder('nsd.pid')}"`, `xfrdfile: "${inFolder('xfrd.state')}"`, `zonelistfile: "${inFolder('zone.list')}"`];
  const conf = [
    'server:',
    `ip-address: ${address}@53`,
    ...server,
    ...files,
    'remote-control:',
    'control-enable: no',
    'zone:',
    'name: "."',
    'zonefile: "root.zone"',
  ];
  writeFileSync(inFolder('nsd.conf'), `${conf.join('\n')}\n`);
  const [command = '', ...args] = [...within, 'nsd', '-d', '-c', inFolder('nsd.conf')];
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  for (let tries = 0; !(await answersQuestions(address)); tries += 1) {
    if (child.exitCode !== null || tries > 50) throw new Error(`nsd does not answer at ${address}: ${said}`);
  }
  return {
    async stop() {
      if (child.exitCode !== null) return;
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}

/** Whether a question over UDP gets any answer within 100 ms. */
export function answersQuestions(address: string, port = 53): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    const end = (answered: boolean): void => {
      clearTimeout(timer);
      socket.close();
      resolve(answered);
    };
    const timer = setTimeout(end, 100, false);
    socket.once('message', () => end(true));
    // A closed port is told by an error, if at all.
    socket.on('error', () => undefined);
    socket.send(encode({ type: 'query', id: 1, questions: [{ type: 'NS', name: '.' }] }), port, address);
  });
}

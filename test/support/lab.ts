/**
 * The lab: real networks and routers on this machine, in which providers fail as they do at night. Six namespaces without a name, each
 * held by a process of its own; when the tests end, however they end, these processes read the end of their input and all of it is gone.
 * Only addresses of 198.18.0.0/15 (kept for tests by RFC 2544); nothing is joined to this machine's own network. Linux as root only.
 *
 *   desk ── internet ──┬── cox ─────┬── core ── servers (five prefixes)
 *           far host   └── level3 ──┘
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

const places = ['desk', 'internet', 'cox', 'level3', 'core', 'servers'] as const;
export type Place = (typeof places)[number];
export type Provider = 'cox' | 'level3';

/** Our allocations, 198.18.10.0/24 to 198.18.14.0/24. */
export const prefixes = [10, 11, 12, 13, 14].map((third) => ({
  id: `p${third}`,
  cidr: `198.18.${third}.0/24`,
  representative: `198.18.${third}.1`,
}));
/** The providers' sides of the circuits. */
export const gateways: Record<Provider, string> = { cox: '198.18.3.1', level3: '198.18.4.1' };
/** Answers somewhere in the internet, whatever becomes of the site. */
export const farHost = '198.19.0.1';
/** Where jobs of the servers reach the desk. */
export const deskAddress = '198.18.0.2';

/** Holds them all. */
const wide = '198.18.8.0/21';
/** What the providers announce for us: the prefixes, and the addresses of our routers. */
const announced = [...prefixes.map(({ cidr }) => cidr), '198.18.5.0/30'];
const shows = (cidrs: readonly string[], rest: string): string[] => cidrs.map((cidr) => `route replace ${cidr} ${rest}`);

/** A provider's ways to us. */
const inward = (core: string): string[] => shows([wide, '198.18.5.0/30'], `via ${core}`);

/** What each place has, in the language of `ip -batch`. A null route keeps what cannot be delivered from going round in circles. */
const settings: Record<Place, string[]> = {
  desk: ['address add 198.18.0.2/30 dev internet', 'link set internet up', 'route add default via 198.18.0.1'],
  internet: [
    `address add ${farHost}/32 dev lo`,
    'address add 198.18.0.1/30 dev desk',
    'address add 198.18.1.1/30 dev cox',
    'address add 198.18.2.1/30 dev level3',
    ...['desk', 'cox', 'level3'].map((name) => `link set ${name} up`),
    'route add 198.18.3.0/30 via 198.18.1.2',
    'route add 198.18.4.0/30 via 198.18.2.2',
    ...shows(announced, 'via 198.18.1.2 metric 10'),
    ...shows(announced, 'via 198.18.2.2 metric 20'),
  ],
  cox: [
    'address add 198.18.1.2/30 dev internet',
    'address add 198.18.3.1/30 dev core',
    'link set internet up',
    'link set core up',
    'route add default via 198.18.1.1',
    ...inward('198.18.3.2'),
    `route add blackhole ${wide} metric 4000`,
    'route add blackhole 198.18.3.0/30 metric 4000',
  ],
  level3: [
    'address add 198.18.2.2/30 dev internet',
    'address add 198.18.4.1/30 dev core',
    'link set internet up',
    'link set core up',
    'route add default via 198.18.2.1',
    ...inward('198.18.4.2'),
    `route add blackhole ${wide} metric 4000`,
    'route add blackhole 198.18.4.0/30 metric 4000',
  ],
  core: [
    'address add 198.18.3.2/30 dev cox',
    'address add 198.18.4.2/30 dev level3',
    'address add 198.18.5.1/30 dev servers',
    ...['cox', 'level3', 'servers'].map((name) => `link set ${name} up`),
    'route add default via 198.18.3.1 metric 10',
    'route add default via 198.18.4.1 metric 20',
    `route add ${wide} via 198.18.5.2`,
  ],
  servers: [
    'address add 198.18.5.2/30 dev core',
    'link set core up',
    ...prefixes.map(({ representative }) => `address add ${representative}/24 dev lo`),
    'route add default via 198.18.5.1',
  ],
};
const cables: [Place, Place][] = [
  ['desk', 'internet'],
  ['internet', 'cox'],
  ['internet', 'level3'],
  ['cox', 'core'],
  ['level3', 'core'],
  ['core', 'servers'],
];
const routing =
  'echo 1 >ip_forward; echo 0 >icmp_ratelimit; for i in conf/*; do echo 0 >"$i/rp_filter"; echo 1 >"$i/ignore_routes_with_linkdown"; done';

export interface Lab {
  /** The command that leads into a place; what is started so runs there, and ends with the lab (except on the desk). */
  within(place: Place): string[];
  /** Runs a shell command in a place to its end. Throws when it fails. */
  run(place: Place, command: string): string;
  /** The circuit between a provider and our core router breaks: both routers see it, and the internet is told to go the other way. */
  cutCircuit(provider: Provider): void;
  mendCircuit(provider: Provider): void;
  /** Routers and servers of the site lose their power. */
  darken(): void;
  /** The desk's own network cable. */
  pullCable(): void;
  plugIn(): void;
  /** The provider takes packets for these prefixes and lets them vanish; its gateway is fine. */
  dropPrefixes(provider: Provider, cidrs: readonly string[], how: 'route' | 'filter'): void;
  carryPrefixes(provider: Provider, cidrs: readonly string[]): void;
  /** Three packets of ten that go through the provider, or to its gateway, are lost, evenly. */
  losePackets(provider: Provider): void;
  stop(): Promise<void>;
}

/** A process that does nothing but hold a namespace until its input ends. */
async function hold(place: Place): Promise<ChildProcess> {
  // Processes of a place are a world of their own, which ends with its first one. The desk's engine is told apart by its real id instead.
  const flags = place === 'desk' ? ['-nm'] : ['-nmpf', '--kill-child', '--mount-proc'];
  const keeper = spawn('unshare', [...flags, 'sh', '-c', 'echo ready; exec cat >/dev/null'], { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  keeper.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  keeper.on('error', (error) => (said += error.message));
  keeper.stdin.on('error', () => {});
  const ready = await Promise.race([once(keeper.stdout, 'data').then(() => true), once(keeper, 'close').then(() => false)]);
  if (!ready) throw new Error(`no network namespace can be made here, so the lab cannot be built (${said.trim()}); ${wayOut}`);
  return keeper;
}

const wayOut = 'run the tests as root on Linux, or leave the lab out and say so: NIGHTDESK_TEST_WITHOUT_LAB=1';

/** Builds the lab, which takes about half a second. Throws in words where that cannot be done. */
export async function buildLab(): Promise<Lab> {
  if (process.platform !== 'linux') throw new Error(`the lab is made of network namespaces, which only Linux has; ${wayOut}`);
  if (process.getuid?.() !== 0) throw new Error(`only root can build the lab; ${wayOut}`);
  const settled = await Promise.allSettled(places.map(hold));
  const keepers = settled.flatMap((it) => (it.status === 'fulfilled' ? [it.value] : []));
  const end = async (): Promise<void> => {
    await Promise.all(
      keepers.map(async (keeper) => {
        if (keeper.exitCode !== null || keeper.signalCode !== null) return;
        const ended = once(keeper, 'exit');
        keeper.stdin?.end();
        await ended;
      }),
    );
  };
  const failed = settled.find((it) => it.status === 'rejected');
  if (failed) {
    await end();
    throw failed.reason;
  }
  const pids = Object.fromEntries(places.map((place, index) => [place, keepers[index]?.pid as number])) as Record<Place, number>;
  // A keeper of a world is the parent of its first process.
  for (const place of places)
    if (place !== 'desk') pids[place] = Number(readFileSync(`/proc/${pids[place]}/task/${pids[place]}/children`, 'utf8'));

  const within = (place: Place): string[] => {
    return ['nsenter', '-t', String(pids[place]), '-n', '-m', ...(place === 'desk' ? [] : ['-p']), '--'];
  };
  const into = (place: Place, command: string[], input = ''): string => {
    const [program = '', ...args] = [...within(place), ...command];
    return execFileSync(program, args, { encoding: 'utf8', input, stdio: ['pipe', 'pipe', 'pipe'] });
  };
  const ip = (place: Place, lines: string[]): string => into(place, ['ip', '-batch', '-'], `${lines.join('\n')}\n`);
  const core: Record<Provider, { near: string; metric: number }> = {
    cox: { near: '198.18.1.2', metric: 10 },
    level3: { near: '198.18.2.2', metric: 20 },
  };
  const filter = (place: Place, hooks: Record<string, string[]>): string =>
    into(
      place,
      ['nft', '-f', '-'],
      Object.entries(hooks)
        .flatMap(([hook, rules]) => [`table ip night {`, `chain ${hook} {`, `type filter hook ${hook} priority 0;`, ...rules, '}', '}', ''])
        .join('\n'),
    );

  const lab: Lab = {
    within,
    run: (place, command) => into(place, ['sh', '-e', '-c', command]),
    cutCircuit(provider) {
      // A router does not answer for the address of an interface that is down, and lets go of what it announced.
      ip(provider, ['link set core down', `address del ${gateways[provider]}/30 dev core`]);
      const { near, metric } = core[provider];
      ip(
        'internet',
        announced.map((cidr) => `route del ${cidr} via ${near} metric ${metric}`),
      );
    },
    mendCircuit(provider) {
      const { near, metric } = core[provider];
      ip(provider, [`address add ${gateways[provider]}/30 dev core`, 'link set core up']);
      const ours = gateways[provider].replace(/1$/, '2');
      ip(provider, inward(ours));
      ip('internet', shows(announced, `via ${near} metric ${metric}`));
    },
    darken() {
      lab.cutCircuit('cox');
      lab.cutCircuit('level3');
      ip('servers', ['link set core down']);
    },
    pullCable: () => void ip('internet', ['link set desk down']),
    plugIn: () => void ip('internet', ['link set desk up']),
    dropPrefixes(provider, cidrs, how) {
      if (how === 'route')
        ip(
          provider,
          cidrs.map((cidr) => `route add blackhole ${cidr}`),
        );
      else filter(provider, { forward: [`ip daddr { ${cidrs.join(', ')} } drop`] });
    },
    carryPrefixes(provider, cidrs) {
      into(provider, ['sh', '-c', 'nft list ruleset | grep -q night && nft delete table ip night; exit 0']);
      for (const cidr of cidrs) into(provider, ['sh', '-c', `ip route del blackhole ${cidr} 2>/dev/null; exit 0`]);
    },
    losePackets(provider) {
      // One counter for each way, so that each loses the same share.
      const lose = (to: string): string => `ip daddr ${to} numgen inc mod 10 { 0, 3, 6 } drop`;
      filter(provider, { input: [lose(gateways[provider])], forward: prefixes.map(({ cidr }) => lose(cidr)) });
    },
    stop: end,
  };
  try {
    execFileSync('ip', ['-batch', '-'], {
      input: cables.map(([a, b]) => `link add ${b} netns ${pids[a]} type veth peer name ${a} netns ${pids[b]}\n`).join(''),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    for (const place of places) {
      into(place, ['sh', '-c', `cd /proc/sys/net/ipv4; ${routing}`]);
      ip(place, ['link set lo up', ...settings[place]]);
    }
  } catch (error) {
    await end();
    const { stderr } = error as { stderr?: string };
    throw new Error(`the lab could not be built: ${stderr?.trim() || String(error)}; ${wayOut}`);
  }
  return lab;
}

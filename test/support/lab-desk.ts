/** The headless engine on a desk in the lab, and what an admin reads there. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { projectRoot } from '../../electron/setup/paths.ts';
import { openStoreToRead, type StoreReader } from '../../electron/store/store.ts';
import type { Alert } from '../../shared/model/alert.ts';
import { startCommand } from './cli.ts';
import { farHost, gateways, type Lab, type Place, prefixes } from './lab.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** An inventory as it is written; YAML understands JSON. */
type Written = Record<string, unknown>;

/** Two circuits to San Diego, five prefixes, and a web server in each of these. */
export function siteInventory(more: Written = {}): Written {
  return {
    organization: { name: 'Night Hosting', timezone: 'America/Los_Angeles' },
    defaults: { interval: '2s', retryInterval: '1s', maxAttempts: 2, timeout: '1s' },
    desk: {
      anchors: [
        { type: 'icmp', name: 'gateway', address: 'default-gateway' },
        { type: 'icmp', name: 'far-host', address: farHost },
      ],
    },
    sites: [{ id: 'sd', name: 'San Diego' }],
    links: [
      { id: 'cox', site: 'sd', provider: 'Cox', circuit: 'CX-1', gateway: gateways.cox },
      { id: 'level3', site: 'sd', provider: 'Level3', circuit: 'L3-1', gateway: gateways.level3 },
    ],
    prefixes: prefixes.map(({ id, cidr, representative }) => ({
      id,
      cidr,
      site: 'sd',
      via: ['cox', 'level3'],
      representatives: [representative],
    })),
    hosts: prefixes.map(({ id, cidr }, index) => ({
      id: `web${index + 1}`,
      site: 'sd',
      address: cidr.replace('0/24', '10'),
      parents: [id],
      checks: [{ type: 'icmp' }, { type: 'http', scheme: 'http', contains: ['all is well'] }],
    })),
    ...more,
  };
}

export interface Desk {
  data: string;
  /** Open alerts, oldest first. */
  open(): Alert[];
  /** Every alert there ever was here. */
  everRaised(): Alert[];
  /** Waits until the open alerts are so, and that has been told to whoever reads; fails with what they were last. */
  untilOpen(what: string, areSo: (open: Alert[]) => boolean, patienceMs?: number): Promise<Alert[]>;
  /** Waits until every check has been ok at least once, with nothing open. */
  untilFine(patienceMs?: number): Promise<void>;
  /** Waits until a check says so. */
  untilSays(check: string, text: string): Promise<void>;
  /** How each check stands now, as uptime counts it: check id → ok, degraded, down, unreachable, unknown. */
  standings(): Record<string, string>;
  /** Ids of checks that had a hard bad result at any time, in the order of the alphabet. */
  everBad(): string[];
  /** What a check said last. */
  verdict(check: string): { state: string; reason: string; text: string } | null;
  /** The lines of one kind of event. */
  lines(kind: string): unknown[];
  /** Ends the engine, which must end well. */
  stop(): Promise<void>;
}

/** Starts the engine on the desk's place in the lab. @param secrets by name */
export async function startDesk(lab: Lab, inventory: Written, secrets: Record<string, string> = {}): Promise<Desk> {
  const folder = temporaryFolder('lab');
  const [file, data] = [join(folder, 'inventory.yaml'), join(folder, 'data')];
  writeFileSync(file, JSON.stringify(inventory, null, 1));
  const env = Object.fromEntries(
    Object.entries(secrets).map(([name, value]) => [`NIGHTDESK_SECRET_${name.toUpperCase().replaceAll('-', '_')}`, value]),
  );
  const program = [...lab.within('desk'), process.execPath, join(projectRoot, 'out', 'main', 'cli.js')];
  const engine = startCommand(['run', file, '--data', data], { program, env });
  await engine.event('engine-started');

  const read = <T>(from: (store: StoreReader) => T): T => {
    const opened = openStoreToRead(data);
    if (!opened.ok) throw new Error(opened.failure.text);
    try {
      return from(opened.value);
    } finally {
      opened.value.close();
    }
  };
  const open = (): Alert[] => read((store) => store.loadAlerts(Number.MAX_SAFE_INTEGER));
  const until = async (what: string, isSo: () => boolean, patienceMs: number, said: () => string): Promise<void> => {
    for (const end = performance.now() + patienceMs; !isSo(); await wait(150)) {
      if (engine.child.exitCode !== null) throw new Error(`the engine ended: ${engine.stderr()}`);
      if (performance.now() > end) throw new Error(`waited in vain until ${what}; ${said()}`);
    }
  };
  const verdict = (check: string): ReturnType<Desk['verdict']> => read((store) => store.loadStates().get(check)?.verdict ?? null);
  const tell = (): string =>
    JSON.stringify(
      open().map(({ title, text, checks, consequences }) => ({ title, text, checks, consequences })),
      null,
      1,
    );
  return {
    data,
    open,
    everRaised: () => read((store) => store.loadAlerts(0)),
    async untilOpen(what, areSo, patienceMs = 25_000) {
      await until(what, () => areSo(open()), patienceMs, tell);
      return open();
    },
    async untilFine(patienceMs = 25_000) {
      const bad = (): string[] =>
        read((store) =>
          [...store.loadStates()].flatMap(([id, state]) =>
            state.hard === 'ok' && !state.soft ? [] : [`${id} ${JSON.stringify(state.verdict)}`],
          ),
        );
      const loaded = (await engine.event('inventory-loaded')).payload as { checks: number };
      const isFine = (): boolean => read((store) => store.loadStates().size) === loaded.checks && bad().length === 0 && open().length === 0;
      await until('everything is fine', isFine, patienceMs, () => `not fine: ${bad().join(', ')}; open: ${tell()}`);
    },
    untilSays: (check, text) =>
      until(
        `${check} says "${text}"`,
        () => verdict(check)?.text === text,
        25_000,
        () => `it says ${JSON.stringify(verdict(check))}`,
      ),
    standings: () =>
      read((store) =>
        Object.fromEntries(
          [...store.spells(null, 0, Number.MAX_SAFE_INTEGER)].map(([check, spells]) => [check, spells.at(-1)?.standing ?? 'none']),
        ),
      ),
    everBad: () =>
      [
        ...new Set(engine.events().flatMap((event) => (event.kind === 'hard' && event.payload.to !== 'ok' ? [event.payload.check] : []))),
      ].sort(),
    verdict,
    lines: (kind) => engine.events().flatMap((event) => (event.kind === kind ? [event.payload] : [])),
    async stop() {
      engine.child.kill('SIGTERM');
      const said = await engine.ended;
      if (said.code !== 0 || said.stderr !== '') throw new Error(`the engine ended with ${said.code}: ${said.stderr}`);
    },
  };
}

/** Starts a server program in a place of the lab and waits until its port answers there. It ends with the lab. */
export async function startIn(lab: Lab, place: Place, command: string[], port: number, address = '127.0.0.1'): Promise<void> {
  // The shell stands between: what leads in would stop itself when the server is frozen, and then hold up the end of the lab.
  const [program = '', ...args] = [...lab.within(place), 'sh', '-c', '"$@" & wait', 'sh', ...command];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const hear = (chunk: Buffer): void => {
    said = (said + chunk).slice(-4_000);
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  child.on('error', (error) => (said += error.message));
  const [enter = '', ...inside] = lab.within(place);
  for (let tries = 0; ; tries += 1) {
    const looking = spawn(enter, [...inside, 'bash', '-c', `: </dev/tcp/${address}/${port}`], { stdio: 'ignore' });
    const [code] = await once(looking, 'exit');
    if (code === 0) return;
    if (child.exitCode !== null || tries > 100) throw new Error(`${command[0]} does not answer in the lab: ${said}`);
    await wait(50);
  }
}

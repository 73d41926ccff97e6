/**
 * What a day costs in a drill: 24 hours of 500 checks every 30 seconds, as fast as it goes, with a circuit that drops a prefix, a machine
 * that hangs, and loss. By itself: `node test/bench/drill-bench.ts`.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { playScenario } from '../../electron/drill/player.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

export interface DrillFigures {
  checks: number;
  hours: number;
  events: number;
  seconds: number;
  /** Of the processor. */
  cpuSeconds: number;
}

const hosts = 124;
const hours = 24;

function dayText(): string {
  const host = (i: number): string => {
    const address = `192.0.2.${i + 2}`;
    const checks = ['{ type: icmp }', '{ type: ssh }', '{ type: tcp, port: 80 }', '{ type: tcp, name: tls, port: 443 }'];
    return `    - { id: h${i}, site: bay, address: ${address}, parents: [range], checks: [${checks.join(', ')}] }`;
  };
  return `name: A day
start: 2026-06-16T00:00:00-04:00
end: 2026-06-17T00:00:00-04:00
inventory:
  organization: { name: Harbour Hosting, timezone: America/New_York }
  defaults: { interval: 30s, retryInterval: 10s, timeout: 8s }
  desk: { anchors: [{ type: icmp, name: far, address: 203.0.113.200 }] }
  sites: [{ id: bay, name: Bay }]
  links:
    - { id: north, site: bay, provider: Northline, gateway: 198.51.100.1 }
    - { id: sky, site: bay, provider: Skyroute, gateway: 198.51.100.65 }
  prefixes: [{ id: range, cidr: 192.0.2.0/24, site: bay, via: [north, sky], representatives: [192.0.2.254] }]
  hosts:
${Array.from({ length: hosts }, (_, i) => host(i)).join('\n')}
world:
  - { at: "03:18", break: { link: north, prefixes: [range] } }
  - { at: "05:00", restore: { link: north } }
  - { at: "09:00", break: { host: h7, mode: hang } }
  - { at: "11:00", restore: { host: h7 } }
  - { at: "14:00", break: { link: sky, loss: 0.2 } }
  - { at: "15:00", restore: { link: sky } }
`;
}

export async function benchDrill(): Promise<DrillFigures> {
  const file = join(temporaryFolder('drill-bench'), 'day.yaml');
  writeFileSync(file, dayText());
  // As `nightdesk drill` does.
  setFlagsFromString('--max-semi-space-size=64');
  let events = 0;
  const [began, before] = [performance.now(), process.cpuUsage()];
  const onEvent = (): void => {
    events += 1;
  };
  const played = await playScenario(file, { onEvent });
  if (!played.ok) throw new Error(JSON.stringify(played.failure));
  const used = process.cpuUsage(before);
  const seconds = (performance.now() - began) / 1_000;
  const checks = played.value.plan.checks.length;
  played.value.close();
  return { checks, hours, events, seconds, cpuSeconds: (used.user + used.system) / 1e6 };
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(await benchDrill(), null, 1)}\n`);

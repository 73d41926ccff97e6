/** What a diagnosis costs: 1,000 checks of 200 things, a third of which fail as a circuit drops some of its ranges. By itself: `node test/bench/diagnosis-bench.ts`. */
import { diagnose } from '../../shared/diagnosis/diagnose.ts';
import type { DiagnosisInput } from '../../shared/diagnosis/types.ts';
import { gone, inputOf, type Outcome, planFor } from '../support/diagnosis-world.ts';

const ranges = 20;
const perRange = 8;
const address = (range: number, host: number): string => `198.18.${range}.${host + 10}`;
const all = Array.from({ length: ranges }, (_, range) =>
  Array.from({ length: perRange }, (__, host) => ({ range, host, id: `h${range}-${host}` })),
).flat();
const inventory = {
  sites: [{ id: 'site' }],
  links: ['one', 'two'].map((id, index) => ({ id, site: 'site', provider: id, gateway: `203.0.113.${index + 1}` })),
  prefixes: Array.from({ length: ranges }, (_, range) => ({
    id: `p${range}`,
    cidr: `198.18.${range}.0/24`,
    site: 'site',
    via: ['one', 'two'],
    representatives: [`198.18.${range}.1`],
  })),
  hosts: all.map(({ id, range, host }) => ({
    id,
    site: 'site',
    address: address(range, host),
    checks: ['icmp', 'ssh', 'web', 'mail', 'db', 'api'].map((name, port) =>
      name === 'icmp' ? { type: 'icmp' } : { type: 'tcp', name, port: 20 + port },
    ),
  })),
  services: all
    .filter(({ host }) => host === 0)
    .map(({ id, range, host }) => ({
      id: `s-${id}`,
      name: id,
      hosts: [id],
      checks: [{ type: 'http', url: 'https://www.example.net/', address: address(range, host) }],
    })),
};
const plan = planFor(inventory);
/** Six ranges: 6 of their own checks, 288 of hosts and 6 of services. */
const isDropped = (text: string): boolean => /198\.18\.[0-5]\./.test(text);
const failing = plan.checks.filter((it) => isDropped(`${it.target} ${String(it.config.address)}`)).map((it) => it.id);
const dropped = new Set(failing);
const input: DiagnosisInput = inputOf(plan, new Map<string, Outcome>(plan.checks.map((it) => [it.id, dropped.has(it.id) ? gone : null])));

const times = 40;
/** CPU time of each run, ms, ascending: the machine may be busy with other things. */
function measured(run: () => unknown): number[] {
  return Array.from({ length: times }, () => {
    const from = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(from);
    return (user + system) / 1_000;
  });
}

export interface DiagnosisFigures {
  checks: number;
  subjects: number;
  failing: number;
  /** CPU, ms: the first of an inventory, one after it, and the worst of those. */
  firstMs: number;
  medianMs: number;
  worstMs: number;
  sentence: string;
}

export function diagnosisBench(): DiagnosisFigures {
  const [firstMs = 0, ...others] = measured(() => diagnose(input));
  const sorted = others.toSorted((a, b) => a - b);
  return {
    checks: plan.checks.length,
    subjects: plan.subjects.length,
    failing: failing.length,
    firstMs,
    medianMs: sorted[sorted.length >> 1] ?? 0,
    worstMs: sorted.at(-1) ?? 0,
    sentence: diagnose(input)?.best.sentence ?? '',
  };
}

if (import.meta.main) console.log(diagnosisBench());

/** Real traces over real routers, one of which is cut in the middle; and programs that behave as none should. Nothing leaves the namespaces. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createTraceRoute, type Tool, tools } from '../../electron/probes/trace.ts';
import { type Network, nameHops, pathChange, type Trace, traceOf, wayWords, whereItDies } from '../../shared/trace.ts';
import { makeTraceLab, ours, provider, providerCore, server, type TraceLab } from '../support/trace-lab.ts';

const networks: Network[] = [
  { name: 'Cox', cidr: '198.19.2.0/24' },
  { name: 'Cox', cidr: '198.19.3.0/24' },
  { name: 'customers', cidr: '198.19.4.0/24' },
];
type Cut = 'ours' | 'provider' | 'core';
let lab: TraceLab;
beforeAll(async () => {
  lab = await makeTraceLab();
});
afterAll(() => lab?.remove());
const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each();
});

/** The real programs with their real arguments, at the desk of the lab. */
const inLab = (tool: Tool): Tool => ({ ...lab.atDesk(tool.command, tool.args), read: tool.read });
async function follow(tool: 'mtr' | 'traceroute', address = server): Promise<Trace> {
  const found = await createTraceRoute({ tools: [inLab(tools[tool])] })(address, new AbortController().signal);
  if (!found.ok) throw new Error(found.failure.detail);
  return traceOf(nameHops(found.value.hops, networks), address, Date.now(), found.value.cut);
}
const addresses = ({ hops }: Trace): (string | null)[] => hops.map(({ address }) => address);
/** Drops what goes through a router to the server, or some of it. */
async function dropAt(place: Cut, what = 'drop'): Promise<void> {
  undo.push(() => lab.at(place, 'nft', 'delete', 'table', 'ip', 'cut'));
  await lab.at(place, 'nft', 'add table ip cut; add chain ip cut way { type filter hook forward priority 0; }');
  await lab.at(place, 'nft', `add rule ip cut way ip daddr ${server} ${what}`);
}
async function routeAt(place: Cut, kind: 'blackhole' | 'unreachable'): Promise<void> {
  undo.push(() => lab.at(place, 'ip', 'route', 'delete', `${server}/32`));
  await lab.at(place, 'ip', 'route', 'add', kind, `${server}/32`);
}

type CutCase = [what: string, place: Cut, kind: 'drop' | 'blackhole' | 'unreachable', sentence: string];
const moreCuts: CutCase[] = [
  ['a filter in the core of the provider', 'core', 'drop', `dies at the last step, after ${providerCore} (hop 3 of 4)`],
  ['a black hole at the edge of the provider', 'provider', 'blackhole', `dies on the way into Cox, after ${ours} (hop 1 of 4)`],
];
describe.each(['mtr', 'traceroute'] as const)('%s', (tool) => {
  let good: Trace;
  beforeAll(async () => {
    good = await follow(tool);
  });

  it('follows a way that works, and names it', () => {
    expect(addresses(good)).toEqual([ours, provider, providerCore, server]);
    expect(good.hops.map(({ name }) => name)).toEqual([null, 'Cox', 'Cox', 'customers']);
    expect(good.reached).toBe(true);
    for (const { ms, lossPercent } of good.hops) {
      expect(ms).toBeGreaterThan(0);
      expect(lossPercent).toBe(0);
    }
    expect(wayWords(good)).toBe(`reaches ${server} in 4 hops through Cox and customers`);
  });

  // A filter leaves the router itself in the trace; a black hole takes it out, as the packet is dropped before its time is looked at.
  it.each<CutCase>([
    ['a filter at the edge of the provider', 'provider', 'drop', `dies inside Cox, after ${provider} (hop 2 of 4)`],
    ['a black hole in the core of the provider', 'core', 'blackhole', `dies inside Cox, after ${provider} (hop 2 of 4)`],
    // Each takes mtr some seconds; what these two tell does not hang on the program.
    ...(tool === 'mtr' ? [] : moreCuts),
    ['a black hole at our own router', 'ours', 'blackhole', `no router on the way answers; usually the first is ${ours}`],
    ['no route at the edge of the provider', 'provider', 'unreachable', `dies inside Cox, after ${provider} (hop 2 of 4)`],
  ])('%s', async (_, place, kind, sentence) => {
    if (kind === 'drop') await dropAt(place);
    else await routeAt(place, kind);
    const trace = await follow(tool);
    expect(trace.reached).toBe(false);
    const refusal = kind === 'unreachable' && tool === 'traceroute' ? ', which says that it knows no way on' : '';
    expect(whereItDies(trace, good)).toBe(sentence + refusal);
    expect(pathChange(good, trace)).toBeNull();
  });
});

it('mtr tells where packets begin to be lost', async () => {
  await dropAt('ours', 'numgen inc mod 4 < 2 drop');
  const trace = await follow('mtr');
  const { lossPercent = 0 } = trace.hops.at(-1) ?? {};
  expect(lossPercent).toBeGreaterThanOrEqual(20);
  // Half of what our router passes on is gone; which hop is hit in which round is chance.
  expect(wayWords(trace)).toMatch(/^reaches 198\.19\.4\.2 in 4 hops through Cox and customers; \d+ % lost, from 198\.19\.[234]\.2 \(/);
});

it('a router on the way is a target as any other', async () => {
  const trace = await follow('traceroute', provider);
  expect([trace.reached, addresses(trace)]).toEqual([true, [ours, provider]]);
});

describe('programs that behave as none should', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'nightdesk-trace-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let scripts = 0;
  const script = (text: string): Tool => {
    scripts += 1;
    const command = join(folder, `tool-${scripts}`);
    writeFileSync(command, `#!/bin/sh\n${text}\n`);
    chmodSync(command, 0o755);
    return { command, args: [], read: tools.traceroute.read };
  };
  const missing: Tool = { command: '/nowhere/mtr', args: [], read: tools.mtr.read };
  const aWay = script.bind(null, 'echo " 1  192.0.2.1  1 ms"');
  const run = (mine: Tool[], address = '192.0.2.9', timeoutMs = 500, signal = new AbortController().signal) =>
    createTraceRoute({ tools: mine, timeoutMs })(address, signal);

  it('one that is missing gives way to the next', async () => {
    expect(await run([missing, aWay()])).toMatchObject({ ok: true, value: { hops: [{ address: '192.0.2.1' }], cut: false } });
  });
  it('one that fails does, too', async () => {
    expect(await run([script('echo "not permitted" >&2; exit 1'), aWay()])).toMatchObject({ ok: true });
  });
  it.each<[string, () => Tool[], string, RegExp]>([
    ['none at all', () => [missing, { ...missing, command: '/nowhere/traceroute' }], 'tool-missing', /install \/nowhere\/mtr or/],
    ['one that complains', () => [script('printf "\\033[31mno raw sockets\\n" >&2; exit 1')], 'protocol', /: no raw sockets$/],
    ['one that says nothing', () => [script('exit 0')], 'protocol', /said nothing that is a trace$/],
    ['one that never ends and says nothing', () => [script('exec sleep 60')], 'timeout', /did not come to an end$/],
    ['one that floods', () => [script('exec yes nonsense')], 'timeout', /did not come to an end$/],
    ['one that may not be started', () => [{ ...aWay(), command: folder }], 'permission', /EACCES/],
  ])('%s', async (_, mine, code, detail) => {
    const begin = performance.now();
    expect(await run(mine())).toMatchObject({ ok: false, failure: { code, detail: expect.stringMatching(detail) } });
    expect(performance.now() - begin).toBeLessThan(2_000);
  });
  it('what one said before it was ended counts as far as it goes', async () => {
    const found = await run([script('echo " 1  192.0.2.1  1 ms"; exec sleep 60')]);
    expect(found).toMatchObject({ ok: true, value: { cut: true } });
    if (found.ok)
      expect(whereItDies(traceOf(found.value.hops, '192.0.2.9', 0, found.value.cut), null)).toBe(
        'the trace took too long; it came to 192.0.2.1 (hop 1)',
      );
  });
  it('one whose child holds its output open is not waited for', async () => {
    const begin = performance.now();
    expect(await run([script('sleep 5 & echo " 1  192.0.2.1  1 ms"; exit 0')])).toMatchObject({ ok: true, value: { hops: { length: 1 } } });
    expect(performance.now() - begin).toBeLessThan(2_000);
  });
  it('ends when Nightdesk does', async () => {
    const pid = join(folder, 'pid');
    const closing = new AbortController();
    const running = run([script(`echo $$ > ${pid}; exec sleep 60`)], '192.0.2.9', 30_000, closing.signal);
    while (!existsSync(pid) || readFileSync(pid, 'utf8').trim() === '') await new Promise((resolve) => setTimeout(resolve, 10));
    closing.abort();
    expect(await running).toMatchObject({ ok: false });
    const id = readFileSync(pid, 'utf8').trim();
    for (let tries = 0; existsSync(`/proc/${id}/exe`) && tries < 100; tries += 1) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(existsSync(`/proc/${id}/exe`)).toBe(false);
  });
  it.each(['-h', '--help', 'localhost', '192.0.2.1; reboot', '$(reboot)', '', '192.0.2.1 -i 0', 'fe80::1%eth0', '1'])(
    '%j reaches no program',
    async (address) => {
      const told = join(folder, 'told');
      expect(await run([script(`echo "$@" > ${told}`)], address)).toMatchObject({ ok: false, failure: { code: 'internal' } });
      expect(existsSync(told)).toBe(false);
    },
  );
});

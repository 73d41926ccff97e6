import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { choosePinger } from '../../electron/probes/choose-pinger.ts';
import { createFping } from '../../electron/probes/fping.ts';
import { probeIcmp } from '../../electron/probes/icmp.ts';
import { createNpmPing } from '../../electron/probes/npm-ping.ts';
import type { Pinger } from '../../electron/probes/pinger.ts';
import { type IcmpConfig, icmp } from '../../shared/checks/icmp.ts';
import { fadingAddress, routerAddress, silentAddress, startLossyNetwork, unreachableAddress } from '../support/lossy-network.ts';
import { probeContext } from '../support/probe-context.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});
function fping(command?: string): Pinger {
  const pinger = createFping(command);
  stops.push(() => pinger.close());
  return pinger;
}

async function check(pinger: Pinger, settings: Record<string, unknown>, timeoutMs = 5_000) {
  const config = icmp.config.parse(settings) as IcmpConfig;
  const facts = await probeIcmp(config, probeContext({ pinger, timeoutMs }));
  expect(() => icmp.observation.parse(facts)).not.toThrow();
  const verdict = icmp.judge(facts, config);
  return { facts, verdict, explanation: icmp.explain(facts, verdict, config) };
}

/** A command that counts how often it was started and with what, then becomes fping. */
function countingFping(): { command: string; starts(): string[] } {
  const folder = temporaryFolder('fping');
  const command = join(folder, 'fping');
  writeFileSync(command, `#!/bin/sh\necho "$@" > ${folder}/start.$$\nexec fping "$@"\n`);
  chmodSync(command, 0o755);
  return {
    command,
    starts: () =>
      readdirSync(folder)
        .filter((name) => name.startsWith('start.'))
        .map((name) => readFileSync(join(folder, name), 'utf8').trim()),
  };
}

/** How many processes of this name are children of this one. */
const children = (name: string): number =>
  readdirSync('/proc').filter((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return stat.includes(`(${name}) `) && stat.split(') ')[1]?.split(' ')[1] === String(process.pid) && !/\) Z/.test(stat);
    } catch {
      return false;
    }
  }).length;

describe.each([
  ['fping', () => fping()],
  ['the system ping', () => createNpmPing()],
] as const)('%s on loopback', (_, create) => {
  it.each(['127.0.0.1', '127.0.0.2', '::1', 'localhost'])('gets answers of %s', async (address) => {
    const { facts, verdict } = await check(create(), { address, packets: 3 });
    expect(verdict.state).toBe('ok');
    expect(facts).toMatchObject({ sent: 3, received: 3, lossPercent: 0 });
    for (const rtt of facts.rttsMs ?? []) expect(rtt).toBeLessThan(500);
    expect(facts.jitterMs).toBeGreaterThanOrEqual(0);
  });

  it.each(['-h', ';reboot', 'a b', '', '127.0.0.1\n127.0.0.2', '$(id)'])(
    'refuses %j even when it gets past the schema',
    async (address) => {
      const reply = await create().ping({ address, packets: 1, replyTimeoutMs: 500 }, new AbortController().signal);
      expect(reply).toMatchObject({ ok: false, failure: { code: 'internal' } });
    },
  );
});

describe('one process for many', () => {
  it('serves IPv4, IPv6 and double addresses with one start', async () => {
    const { command, starts } = countingFping();
    const pinger = fping(command);
    const addresses = [...Array.from({ length: 100 }, (_, i) => `127.0.1.${i + 1}`), '::1', '127.0.1.1', '127.0.1.1'];
    const all = await Promise.all(addresses.map((address) => check(pinger, { address, packets: 2 })));
    expect(all.map((it) => it.verdict.state)).toEqual(addresses.map(() => 'ok'));
    expect(all.every((it, index) => it.facts.address === addresses[index])).toBe(true);
    expect(starts()).toHaveLength(1);
    expect(starts()[0]).not.toContain('127.0.');
  });

  it('starts another for another number of packets, and beyond 250 addresses', async () => {
    const { command, starts } = countingFping();
    const pinger = fping(command);
    const many = Array.from({ length: 251 }, (_, i) => ({ address: `127.1.${i >> 7}.${(i & 127) + 1}`, packets: 1 }));
    const all = await Promise.all([...many, { address: '127.0.0.1', packets: 2 }].map((settings) => check(pinger, settings)));
    expect(all.filter((it) => it.verdict.state === 'ok')).toHaveLength(252);
    expect(starts()).toHaveLength(3);
  });

  it('gives one up without ending the others, and ends the process when nobody waits any more', async () => {
    const pinger = fping();
    const [first, second] = [new AbortController(), new AbortController()];
    const request = { packets: 5, replyTimeoutMs: 500 };
    const one = pinger.ping({ ...request, address: '127.0.0.1' }, first.signal);
    const other = pinger.ping({ ...request, address: '127.0.0.2' }, second.signal);
    setTimeout(() => first.abort(), 300);
    expect(await one).toMatchObject({ ok: false, failure: { code: 'internal' } });
    expect(children('fping')).toBe(1);
    expect(await other).toMatchObject({ ok: true });

    const third = new AbortController();
    const alone = pinger.ping({ ...request, packets: 20, address: '127.0.0.3' }, third.signal);
    await expect.poll(() => children('fping')).toBe(1);
    third.abort();
    expect(await alone).toMatchObject({ ok: false });
    await expect.poll(() => children('fping')).toBe(0);
  });

  it('ends its processes when it is closed', async () => {
    const pinger = createFping();
    const waiting = pinger.ping({ address: '127.0.0.1', packets: 20, replyTimeoutMs: 500 }, new AbortController().signal);
    await expect.poll(() => children('fping')).toBe(1);
    pinger.close();
    expect(await waiting).toMatchObject({ ok: false, failure: { code: 'internal' } });
    await expect.poll(() => children('fping')).toBe(0);
    expect(await pinger.ping({ address: '127.0.0.1', packets: 1, replyTimeoutMs: 500 }, new AbortController().signal)).toMatchObject({
      ok: false,
    });
  });
});

describe('a network that loses packets', () => {
  it('tells loss, silence and a router that says no apart', async () => {
    const network = await startLossyNetwork();
    stops.push(() => network.stop());
    const pinger = fping(network.command);
    setTimeout(() => network.loseIt(), 500);
    const [fading, silent, unreachable, fine] = await Promise.all(
      [fadingAddress, silentAddress, unreachableAddress, '127.0.0.1'].map((address) =>
        pinger.ping({ address, packets: 5, replyTimeoutMs: 500 }, AbortSignal.timeout(5_000)),
      ),
    );
    expect(fine).toMatchObject({ ok: true, rttsMs: Array(5).fill(expect.any(Number)) });
    expect(silent).toEqual({ ok: true, rttsMs: Array(5).fill(null) });
    expect(unreachable).toMatchObject({
      ok: false,
      failure: { code: 'unreachable', detail: `${routerAddress} says that it cannot reach ${unreachableAddress}` },
    });

    const rtts = fading?.ok ? fading.rttsMs : [];
    expect(rtts).toHaveLength(5);
    expect(rtts[0]).toEqual(expect.any(Number));
    expect(rtts[4]).toBeNull();
  });
});

describe('what is missing on this computer', () => {
  it('says that fping is not there, and takes ping instead', async () => {
    const { verdict } = await check(fping('no-such-fping'), { address: '127.0.0.1' });
    expect(verdict).toEqual({ state: 'unknown', reason: 'tool-missing', text: 'fping is not installed' });

    const none = await choosePinger('no-such-fping');
    expect(none.pinger.name).toBe('ping');
    expect(none.missing).toContain('fping is not installed');
    expect(await choosePinger()).toMatchObject({ pinger: { name: 'fping' }, missing: null });
  });

  it('says unknown when fping dies without a word', async () => {
    expect((await check(fping('false'), { address: '127.0.0.1' })).verdict).toMatchObject({ state: 'unknown', reason: 'internal' });
  });

  it('reads nothing into garbage and is not flooded', async () => {
    const command = join(temporaryFolder('garbage'), 'fping');
    writeFileSync(command, '#!/bin/sh\nexec yes "127.0.0.9 : 0.1 garbage" >&2\n');
    chmodSync(command, 0o755);
    expect((await check(fping(command), { address: '127.0.0.9' })).verdict).toMatchObject({ state: 'unknown', reason: 'internal' });
    await expect.poll(() => children('yes')).toBe(0);
  });

  it('finds the default gateway of the routing table, or says that there is none', async () => {
    const pinged: string[] = [];
    const pinger: Pinger = {
      name: 'ping',
      async ping({ address }) {
        pinged.push(address);
        return { ok: true, rttsMs: [1] };
      },
      close() {},
    };
    const { verdict, facts } = await check(pinger, { address: 'default-gateway', family: 4 });
    // The kernel's own view, by another way.
    const hex = existsSync('/proc/net/route') && /\t00000000\t([0-9A-F]{8})\t/.exec(readFileSync('/proc/net/route', 'utf8'))?.[1];
    if (!hex) expect(verdict).toMatchObject({ state: 'unknown', reason: 'no-gateway' });
    else {
      const expected = [...Buffer.from(hex, 'hex')].reverse().join('.');
      expect(pinged).toEqual([expected]);
      expect(facts.address).toBe(expected);
    }
  });
});

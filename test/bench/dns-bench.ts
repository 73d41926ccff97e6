/**
 * What the DNS checks cost: 1,000 questions a second for a while, put by the probes themselves to real name servers on loopback and
 * judged. By itself: `node test/bench/dns-bench.ts [seconds]`.
 */
import { probeDns } from '../../electron/probes/dns.ts';
import { probeZone } from '../../electron/probes/zone.ts';
import { type DnsConfig, dns } from '../../shared/checks/dns.ts';
import { type ZoneConfig, zone } from '../../shared/checks/zone.ts';
import { startNsd } from '../support/servers.ts';

const perSecond = 1_000;
const tickMs = 20;
const noPinger = { name: 'ping' as const, ping: () => Promise.reject(new Error('no pinger here')), close: () => undefined };

/** Starts so many probes a second, evenly, whatever becomes of them. */
async function sustain(seconds: number, questionsEach: number, probe: (context: never) => Promise<boolean>) {
  const each = (perSecond * tickMs) / 1_000 / questionsEach;
  let [sent, fine, late, underWay, most, owed] = [0, 0, 0, 0, 0, 0];
  let worstMs = 0;
  const begin = performance.now();
  const before = process.cpuUsage();
  const one = async (): Promise<void> => {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), 5_000);
    const started = performance.now();
    const context = {
      signal: controller.signal,
      timeoutMs: 5_000,
      now: Date.now,
      monotonic: () => performance.now(),
      note: () => undefined,
      secret: () => undefined,
      remember: () => undefined,
      pushed: () => null,
      pinger: noPinger,
    };
    underWay += 1;
    most = Math.max(most, underWay);
    if (await probe(context as never)) fine += 1;
    underWay -= 1;
    clearTimeout(timer);
    worstMs = Math.max(worstMs, performance.now() - started);
  };
  for (let tick = 0; tick * tickMs < seconds * 1_000; tick += 1) {
    const wait = begin + tick * tickMs - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    else if (wait < -tickMs) late += 1;
    owed += each;
    for (; owed >= 1; owed -= 1) {
      sent += 1;
      void one();
    }
  }
  while (underWay > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const took = performance.now() - begin;
  const { user, system } = process.cpuUsage(before);
  return {
    questionsPerSecond: Math.round((sent * questionsEach) / (took / 1_000)),
    failed: sent - fine,
    cpuPercentOfOneCore: Math.round((user + system) / took) / 10,
    cpuMsPerQuestion: Math.round((user + system) / sent / questionsEach) / 1_000,
    latestMs: Math.round(worstMs),
    mostUnderWay: most,
    lateTicks: late,
  };
}

/** @param seconds of each of the two runs */
export async function dnsBench(seconds: number) {
  const text = '$ORIGIN example.test.\n$TTL 300\n@ SOA ns1 h 1 3600 900 604800 60\n@ NS ns1\nns1 A 127.0.0.1\nwww A 192.0.2.1\n';
  const servers = await Promise.all([startNsd({ 'example.test': text }), startNsd({ 'example.test': text })]);
  try {
    const port = servers[0]?.port ?? 0;
    const dnsConfig = dns.config.parse({ query: 'www.example.test', server: '127.0.0.1', port, equals: ['192.0.2.1'] }) as DnsConfig;
    const zoneConfig = zone.config.parse({ zone: 'example.test', servers: servers.map((it) => `127.0.0.1:${it.port}`) }) as ZoneConfig;
    // Warm up: the first second compiles.
    await sustain(1, 1, async (context) => dns.judge(await probeDns(dnsConfig, context), dnsConfig).state === 'ok');
    return {
      dns: await sustain(seconds, 1, async (context) => dns.judge(await probeDns(dnsConfig, context), dnsConfig).state === 'ok'),
      zone: await sustain(
        seconds,
        2,
        async (context) => zone.judge(await probeZone(zoneConfig, context), zoneConfig, Date.now()).state === 'ok',
      ),
    };
  } finally {
    await Promise.all(servers.map((it) => it.stop()));
  }
}

if (import.meta.main) console.log(JSON.stringify(await dnsBench(Number(process.argv[2] ?? 10)), null, 1));

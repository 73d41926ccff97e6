/** Facts of a computer that is not Linux, by systeminformation. Nothing that a person wrote is ever passed to it. */
import { availableParallelism, loadavg, platform, uptime } from 'node:os';
import type { HostFacts } from '../../shared/checks/host.ts';
import { clean } from '../../shared/text.ts';

/** Kinds of file systems that are read-only by nature, such as a mounted disk image. */
const readOnlyByNature = /^(iso9660|udf|cd9660|cdfs|squashfs)$/i;

/** Everything there is to know; what the library does not know is left out. */
export async function otherFacts(ignore: readonly string[]): Promise<HostFacts> {
  // Loaded on first use: it is large, and Linux does without it.
  const { default: si } = await import('systeminformation');
  const [memory, disks, temperature, load] = await Promise.all([si.mem(), si.fsSize(), si.cpuTemperature(), si.currentLoad()]);
  const facts: HostFacts = { cores: availableParallelism(), uptimeSeconds: uptime() };
  // Windows has no load average; Node answers 0 there, which would be a lie.
  if (platform() !== 'win32') [facts.load1, facts.load5, facts.load15] = loadavg();
  if (load.currentLoad >= 0) facts.cpuPercent = load.currentLoad;
  if (memory.total > 0 && memory.available > 0) {
    facts.memoryBytes = memory.total;
    facts.memoryPercent = (100 * (memory.total - memory.available)) / memory.total;
    facts.swapBytes = memory.swaptotal;
    if (memory.swaptotal > 0) facts.swapPercent = (100 * memory.swapused) / memory.swaptotal;
  }
  const known = disks.filter((it) => it.size > 0 && !ignore.includes(it.mount) && !readOnlyByNature.test(it.type));
  if (known.length > 0) {
    facts.disks = known.map((it) => ({
      mount: clean(it.mount, 100),
      kind: clean(it.type, 30),
      bytes: it.size,
      percent: it.use,
      inodePercent: null,
      // The system volume of macOS is sealed: read-only by design.
      readOnly: it.rw === false && !(platform() === 'darwin' && it.mount === '/'),
    }));
  }
  if (typeof temperature.main === 'number' && temperature.main > 0)
    facts.temperatures = [{ sensor: 'processor', celsius: temperature.main }];
  return facts;
}

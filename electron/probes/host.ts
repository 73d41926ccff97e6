/** Looks at this computer. */
import { platform } from 'node:os';
import type { HostConfig, HostFacts } from '../../shared/checks/host.ts';
import type { HostPart } from '../../shared/checks/host-parts.ts';
import { linuxFacts } from './host-linux.ts';
import { otherFacts } from './host-other.ts';
import type { Probe } from './types.ts';

export const probeHost: Probe<HostConfig, HostFacts> = async (config, ctx) => {
  const gathered = platform() === 'linux' ? linuxFacts(config.ignoreDisks, ctx.signal) : otherFacts(config.ignoreDisks);
  const facts = await withinTime(gathered, ctx.signal);
  if (!facts) return { failure: { code: 'timeout', detail: 'this computer did not tell about itself in time' } };
  const notKnown = missingIn(facts);
  if (notKnown.length > 0) facts.notKnown = notKnown;
  ctx.note(
    `${facts.disks?.length ?? 0} disks, ${facts.temperatures?.length ?? 0} temperature sensors${notKnown.length > 0 ? `; not known: ${notKnown.join(', ')}` : ''}`,
  );
  if (facts.skippedDisks) ctx.note(`not asked, as asking can hang: ${facts.skippedDisks.join(', ')}`);
  return facts;
};

/** What this computer did not tell. */
function missingIn(facts: HostFacts): HostPart[] {
  const missing: HostPart[] = [];
  if (facts.load5 === undefined) missing.push('load');
  if (facts.memoryPercent === undefined) missing.push('memory');
  if (facts.swapBytes === undefined || (facts.swapBytes > 0 && facts.swapPercent === undefined)) missing.push('swap');
  if (!facts.disks) missing.push('disks');
  if (!facts.temperatures) missing.push('temperatures');
  return missing;
}

/** A promise that is given up at the signal; undefined then. */
function withinTime<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const late = (): void => resolve(undefined);
    if (signal.aborted) return late();
    signal.addEventListener('abort', late, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', late));
  });
}

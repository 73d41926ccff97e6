/** Pings one address; the Pinger sends for many checks at once. */
import { DEFAULT_GATEWAY, type IcmpConfig, type IcmpFacts, summarize } from '../../shared/checks/icmp.ts';
import type { Failure } from '../../shared/model/words.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { count } from '../../shared/text.ts';
import { type Address, type Family, resolveAddress } from './addresses.ts';
import { findGateway } from './default-gateway.ts';
import { hasRoute } from './has-route.ts';
import { sendingMs } from './pinger.ts';
import type { Probe, ProbeContext } from './types.ts';

/** Longest wait for a reply. Slower than this is as good as lost. */
const mostReplyMs = 1_000;

export const probeIcmp: Probe<IcmpConfig, IcmpFacts> = async (config, context) => {
  const found = await addressOf(config, context);
  if (!found.ok) return { failure: found.failure };
  const { address } = found.value;
  if (address !== config.address) context.note(`${config.address} is ${address}`);

  const { packets, replyTimeoutMs } = fitInto(config.packets, context.timeoutMs);
  if (packets < config.packets)
    context.note(`only ${count(packets, 'packet')} instead of ${config.packets}, to be done within the time-out`);
  const reply = await context.pinger.ping({ address, packets, replyTimeoutMs }, context.signal);
  if (!reply.ok) {
    context.note(reply.failure.detail);
    return { address, failure: reply.failure };
  }
  context.note(`${address}: ${reply.rttsMs.map((rtt) => (rtt === null ? 'lost' : `${rtt} ms`)).join(', ')}`);
  const facts = { address, ...summarize(reply.rttsMs) };
  if (facts.received > 0 || (await hasRoute(found.value))) return facts;
  return { ...facts, failure: { code: 'unreachable', detail: `this computer knows no way to ${address}` } };
};

async function addressOf(config: IcmpConfig, context: ProbeContext): Promise<Result<Address, Failure>> {
  const family: Family = config.family === 'auto' ? 0 : config.family;
  if (config.address === DEFAULT_GATEWAY) {
    const gateway = await findGateway(family);
    return gateway ? ok(gateway) : fail({ code: 'no-gateway', detail: 'this computer has no default gateway' });
  }
  const resolved = await resolveAddress(config.address, family, context.signal);
  return resolved.ok ? ok(resolved.value[0] as Address) : resolved;
}

/** What can be sent and waited for within a check's time-out; a probe cut off half way would not know what it lost. */
export function fitInto(packets: number, timeoutMs: number): { packets: number; replyTimeoutMs: number } {
  let fitting = packets;
  while (fitting > 1 && sendingMs(fitting) + mostReplyMs > timeoutMs) fitting -= 1;
  const replyTimeoutMs = Math.round(Math.min(mostReplyMs, Math.max(50, timeoutMs - sendingMs(fitting))));
  return { packets: fitting, replyTimeoutMs };
}

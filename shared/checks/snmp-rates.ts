/** From counters to rates. A counter that wrapped, was reset, or ran too fast to be read gives no rate instead of a wrong one. */
import { MINUTE, SECOND } from '../time.ts';
import type { BothWays, InterfaceFacts } from './snmp-settings.ts';

interface Counted {
  in?: bigint | undefined;
  out?: bigint | undefined;
}

/** The counters of an interface at one moment. */
export interface CounterSample {
  /** When they were read, by our monotonic clock, ms. */
  at: number;
  /** The agent's own clock, hundredths of a second (sysUpTime); it begins anew with the agent and after 497 days. */
  upTicks: bigint | undefined;
  /** ifCounterDiscontinuityTime: changes when counters are set back. */
  discontinuity: bigint | undefined;
  index: number;
  octets: Counted;
  errors: Counted;
  drops: Counted;
  /** Of the octet counters. */
  bits: 32 | 64;
}

export type Rates = Pick<InterfaceFacts, 'bitsPerSecond' | 'errorsPerSecond' | 'dropsPerSecond' | 'noRates'>;

/** Agents read their counters every few seconds: over a shorter time the difference says little. */
const leastMs = 4 * SECOND;
/** The agent's clock and ours may differ by this much over one interval, or by a tenth of it. */
const slackMs = 5 * SECOND;
const most32 = 2n ** 32n;

/**
 * @param speed of the interface, bits per second; undefined = not known
 * @returns rates per second, or why there are none
 */
export function ratesOf(before: CounterSample | undefined, now: CounterSample, speed: number | undefined): Rates {
  const all = [now.octets, now.errors, now.drops].flatMap((it) => [it.in, it.out]);
  if (all.every((it) => it === undefined)) return { noRates: 'not-counted' };
  if (!before || before.index !== now.index || before.bits !== now.bits) return { noRates: 'first' };
  const byOurs = now.at - before.at;
  let elapsedMs = byOurs;
  if (before.upTicks !== undefined && now.upTicks !== undefined) {
    const byTheirs = Number(now.upTicks - before.upTicks) * 10;
    if (byTheirs < 0 || Math.abs(byTheirs - byOurs) > Math.max(slackMs, byOurs / 10)) return { noRates: 'restarted' };
    elapsedMs = byTheirs;
  }
  if (before.discontinuity !== now.discontinuity) return { noRates: 'restarted' };
  if (elapsedMs < leastMs) return { noRates: 'too-soon' };
  // Half of a turn: with more nobody can say how often the counter went round.
  const tooFast = now.bits === 32 && (speed === undefined ? elapsedMs > MINUTE : (speed / 8) * (elapsedMs / SECOND) > Number(most32 / 2n));
  const seconds = elapsedMs / SECOND;
  let fellBack = false;
  const rate = (a: bigint | undefined, b: bigint | undefined): number | undefined => {
    if (a === undefined || b === undefined) return undefined;
    if (b < a) {
      fellBack = true;
      return undefined;
    }
    return Number(b - a) / seconds;
  };
  const both = (a: Counted, b: Counted, times = 1): BothWays => {
    const [into, out] = [rate(a.in, b.in), rate(a.out, b.out)];
    return { ...(into !== undefined && { in: into * times }), ...(out !== undefined && { out: out * times }) };
  };
  const bitsPerSecond = tooFast ? {} : both(before.octets, now.octets, 8);
  const errorsPerSecond = both(before.errors, now.errors);
  const dropsPerSecond = both(before.drops, now.drops);
  return {
    bitsPerSecond,
    errorsPerSecond,
    dropsPerSecond,
    ...(fellBack ? { noRates: 'restarted' as const } : tooFast ? { noRates: 'too-fast' as const } : {}),
  };
}

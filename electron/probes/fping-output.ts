/** Reads what `fping -C N` says on stderr. */

export interface FpingResult {
  kind: 'result';
  address: string;
  /** Round trips in the order sent, null = lost. */
  rttsMs: (number | null)[];
}
/** A router's word that a packet could not be delivered. */
export interface FpingUnreachable {
  kind: 'unreachable';
  address: string;
  /** The router that said so. */
  by: string;
}

// "192.0.2.1   : 0.32 - 0.35": padded to the longest name.
const resultLine = /^(\S+)\s*: ((?:-|[\d.]+)(?: (?:-|[\d.]+))*)$/;
// "ICMP Host Unreachable from 192.0.2.254 for ICMP Echo sent to 192.0.2.1"; a redirect is of the same form and no failure.
const unreachableLine = /^ICMP (?:.*Unreachable.*|Time Exceeded) from (\S+) for ICMP Echo sent to (\S+)/;

/** @returns what the line says, or null for any other line */
export function readFpingLine(line: string): FpingResult | FpingUnreachable | null {
  const result = resultLine.exec(line);
  if (result) {
    const [, address = '', times = ''] = result;
    return { kind: 'result', address, rttsMs: times.split(' ').map((time) => (time === '-' ? null : Number(time))) };
  }
  const unreachable = unreachableLine.exec(line);
  return unreachable ? { kind: 'unreachable', by: unreachable[1] ?? '', address: unreachable[2] ?? '' } : null;
}

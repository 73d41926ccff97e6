/**
 * How round trips stand in the file: ascending, two bytes each (little-endian), in units of 20 µs. Finer than a LAN needs, and with
 * 1.3 s longer than a ping is waited for. Changing anything here needs a migration.
 */

const unitsPerMs = 50;
const most = 0xffff;

/** @param rttsMs null = lost; their order does not matter */
export function packPings(rttsMs: readonly (number | null)[]): { lost: number; rtts: Buffer } {
  const units: number[] = [];
  for (const ms of rttsMs) if (ms !== null && Number.isFinite(ms)) units.push(Math.min(most, Math.max(0, Math.round(ms * unitsPerMs))));
  units.sort((a, b) => a - b);
  const rtts = Buffer.alloc(2 * units.length);
  for (const [index, unit] of units.entries()) rtts.writeUInt16LE(unit, 2 * index);
  return { lost: rttsMs.length - units.length, rtts };
}

/** @returns ms, ascending; half a number at the end of a damaged row is left out */
export function unpackPings(rtts: Uint8Array): number[] {
  const found: number[] = [];
  for (let at = 0; at + 1 < rtts.length; at += 2) found.push(((rtts[at] as number) | ((rtts[at + 1] as number) << 8)) / unitsPerMs);
  return found;
}

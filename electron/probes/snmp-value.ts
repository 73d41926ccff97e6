/** From what an agent sends to numbers and texts. Whatever is not of the right kind is undefined: not known. */
import { isVarbindError, ObjectType, type Varbind } from 'net-snmp';
import { clean } from '../../shared/text.ts';

/** A whole number of any SNMP type. */
export function wholeOf(it: Varbind | undefined): bigint | undefined {
  if (!it || isVarbindError(it)) return undefined;
  const { type, value } = it;
  if (type === ObjectType.Counter64) {
    if (!Buffer.isBuffer(value) || value.length === 0) return undefined;
    // A ninth byte is the sign of a number whose first bit is set.
    const bytes = value.length === 9 && value[0] === 0 ? value.subarray(1) : value;
    return bytes.length > 8 ? undefined : BigInt(`0x${bytes.toString('hex')}`);
  }
  if (type === ObjectType.Integer || type === ObjectType.Counter || type === ObjectType.Gauge || type === ObjectType.TimeTicks)
    return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : undefined;
  return undefined;
}

export function numberOf(it: Varbind | undefined): number | undefined {
  const whole = wholeOf(it);
  return whole === undefined ? undefined : Number(whole);
}

/** What agents say where a sensor has nothing to say (ENTITY-SENSOR-MIB has its own states for it, few use them). */
const nothing: ReadonlySet<number> = new Set([2_147_483_647, -2_147_483_648]);

/** A number however it is told: also as an Opaque float (net-snmp), or as text such as "-7.21 dBm". */
export function measuredOf(it: Varbind | undefined): number | undefined {
  const whole = numberOf(it);
  if (whole !== undefined) return nothing.has(whole) && it?.type === ObjectType.Integer ? undefined : whole;
  if (!it || isVarbindError(it) || !Buffer.isBuffer(it.value)) return undefined;
  const bytes = it.value;
  if (it.type === ObjectType.Opaque) {
    // 9f 78 04 is a float, 9f 79 08 a double (net-snmp's own encoding).
    if (bytes[0] !== 0x9f) return undefined;
    const found =
      bytes.length === 7 && bytes[1] === 0x78 && bytes[2] === 4
        ? bytes.readFloatBE(3)
        : bytes.length === 11 && bytes[1] === 0x79 && bytes[2] === 8
          ? bytes.readDoubleBE(3)
          : Number.NaN;
    return Number.isFinite(found) ? found : undefined;
  }
  if (it.type !== ObjectType.OctetString || bytes.length > 60) return undefined;
  const [, digits] = /^\s*([+-]?\d{1,15}(?:\.\d{1,15})?)\s*[a-zA-Z%°µ/]{0,10}\s*$/.exec(bytes.toString('utf8')) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** @returns cleaned text; undefined for none or an empty one */
export function textOf(it: Varbind | undefined, most = 120): string | undefined {
  if (!it || isVarbindError(it) || it.type !== ObjectType.OctetString || !Buffer.isBuffer(it.value)) return undefined;
  return clean(it.value.subarray(0, 2_000).toString('utf8'), most) || undefined;
}

/** Anything at all, for a transcript. */
export const shownOf = (it: Varbind | undefined): string | undefined =>
  !it || isVarbindError(it)
    ? undefined
    : (textOf(it, 200) ?? clean(Buffer.isBuffer(it.value) ? it.value.subarray(0, 60).toString('hex') : String(it.value), 200));

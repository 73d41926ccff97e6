/** Base64 and as much of DER as a public key needs; shared code has neither Node nor a page to ask. */

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const digitOf: ReadonlyMap<string, number> = new Map([...alphabet].map((char, index) => [char, index]));

/** @returns null for what is not base64; white space within does not count (RFC 6376, section 2.10) */
export function fromBase64(text: string): number[] | null {
  const body = text.replace(/\s+/g, '').replace(/={1,2}$/, '');
  if (body.length % 4 === 1) return null;
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const char of body) {
    const value = digitOf.get(char);
    if (value === undefined) return null;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 0xff);
    }
  }
  return bytes;
}

interface Element {
  tag: number;
  body: number[];
  rest: number[];
}

/** The first element of some DER (X.690, section 8.1) and what comes after it; null where it is cut off or makes no sense. */
function elementOf(bytes: readonly number[]): Element | null {
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined) return null;
  let length = first;
  let at = 2;
  if (first >= 0x80) {
    const size = first - 0x80;
    if (size < 1 || size > 3) return null;
    length = bytes.slice(2, 2 + size).reduce((sum, byte) => sum * 256 + byte, 0);
    at += size;
  }
  return bytes.length < at + length ? null : { tag, body: bytes.slice(at, at + length), rest: bytes.slice(at + length) };
}

const [INTEGER, BIT_STRING, SEQUENCE] = [0x02, 0x03, 0x30];

/** How many bits an RSA key has: of a SubjectPublicKeyInfo, or of the bare key inside it (RFC 8017, A.1.1). Null for anything else. */
export function rsaBits(bytes: readonly number[], depth = 0): number | null {
  const outer = elementOf(bytes);
  if (outer?.tag !== SEQUENCE || depth > 1) return null;
  const first = elementOf(outer.body);
  if (first?.tag === INTEGER) {
    const modulus = first.body.slice(
      Math.max(
        0,
        first.body.findIndex((byte) => byte !== 0),
      ),
    );
    const exponent = elementOf(first.rest);
    if (modulus.length === 0 || exponent?.tag !== INTEGER) return null;
    return modulus.length * 8 - Math.clz32(modulus[0] as number) + 24;
  }
  const key = first?.tag === SEQUENCE ? elementOf(first.rest) : null;
  // The first byte of a bit string tells how many bits of its last one do not count.
  return key?.tag === BIT_STRING && key.body[0] === 0 ? rsaBits(key.body.slice(1), depth + 1) : null;
}

/** Arithmetic of IP prefixes, for addresses that the inventory schema has already checked. */

/** The 32 or 128 bits of an address as a number, with its width; null when it is neither IPv4 nor IPv6. */
export function bitsOf(address: string): { width: 32 | 128; value: bigint } | null {
  if (!address.includes(':')) {
    const parts = address.split('.').map(Number);
    if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) return null;
    return { width: 32, value: parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n) };
  }
  // "::ffff:192.0.2.1" ends in an IPv4 address: two groups.
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(address);
  const four = tail ? bitsOf(tail[2] as string) : null;
  const text = tail && four ? `${tail[1]}${(four.value >> 16n).toString(16)}:${(four.value & 0xffffn).toString(16)}` : address;
  const [left = '', right, ...more] = text.split('::');
  if (more.length > 0) return null;
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const head = groups(left);
  const rest = right === undefined ? [] : groups(right);
  const missing = 8 - head.length - rest.length;
  if (right === undefined ? missing !== 0 : missing < 0) return null;
  const all = [...head, ...Array<string>(missing).fill('0'), ...rest];
  if (!all.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  return { width: 128, value: all.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n) };
}

/** Whether an address lies inside a prefix such as "192.0.2.0/24"; false for anything that is not of that form. */
export function isInside(address: string, cidr: string): boolean {
  const [network = '', length = ''] = cidr.split('/');
  const a = bitsOf(address);
  const n = bitsOf(network);
  if (!a || !n || a.width !== n.width || !/^\d+$/.test(length) || Number(length) > a.width) return false;
  const shift = BigInt(a.width - Number(length));
  return a.value >> shift === n.value >> shift;
}

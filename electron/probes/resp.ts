/** The answers of Redis (RESP, version 2): https://redis.io/docs/latest/develop/reference/protocol-spec/ */
import type { Reading } from './wire.ts';

export type Reply = { kind: 'text'; text: string } | { kind: 'error'; text: string } | { kind: 'value'; bytes: Buffer | null };

/** No line is longer. */
const mostLine = 4_096;

/** Reads one answer. Lists are none of those that our questions bring. */
export function readReply(bytes: Buffer): Reading<Reply> {
  const type = String.fromCharCode(bytes[0] ?? 0);
  if (bytes.length > 0 && !'+-:$'.includes(type)) return 'garbage';
  const end = bytes.indexOf('\r\n');
  if (end < 0 || end > mostLine) return bytes.length > mostLine ? 'garbage' : { need: bytes.length + 1 };
  const line = bytes.toString('utf8', 1, end);
  const used = end + 2;
  if (type === '+') return { value: { kind: 'text', text: line }, used };
  if (type === '-') return { value: { kind: 'error', text: line }, used };
  if (type === ':') return /^-?\d{1,19}$/.test(line) ? { value: { kind: 'text', text: line }, used } : 'garbage';
  if (line === '-1') return { value: { kind: 'value', bytes: null }, used };
  if (!/^\d{1,10}$/.test(line)) return 'garbage';
  const whole = used + Number(line) + 2;
  if (bytes.length < whole) return { need: whole };
  if (bytes[whole - 2] !== 0x0d || bytes[whole - 1] !== 0x0a) return 'garbage';
  return { value: { kind: 'value', bytes: bytes.subarray(used, whole - 2) }, used: whole };
}

/** A question: a list of counted texts, so that nothing in them means anything. */
export const writeCommand = (words: readonly string[]): string =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;

/** The lines "name:value" of INFO. */
export function readInfo(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0 && line[0] !== '#') found.set(line.slice(0, colon), line.slice(colon + 1));
  }
  return found;
}

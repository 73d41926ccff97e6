/** The first packet of a MySQL or MariaDB server (protocol 10), or the error that it sends instead. */
import { clean } from '../../shared/text.ts';
import type { Reading } from './wire.ts';

export type MysqlGreeting =
  | { version: string; product: 'MySQL' | 'MariaDB'; encrypts: boolean }
  | { error: { code: string; text: string } };

/** No greeting is longer. */
export const mostGreeting = 4_096;

/** Reads it without taking it off: `used` is 0, so that all of it goes back into the socket for the library. */
export function readMysqlGreeting(bytes: Buffer): Reading<MysqlGreeting> {
  if (bytes.length < 5) return { need: 5 };
  const length = bytes.readUIntLE(0, 3);
  // Packets are numbered from 0.
  if (bytes[3] !== 0 || length < 3 || length > mostGreeting - 4) return 'garbage';
  if (bytes.length < 4 + length) return { need: 4 + length };
  const packet = bytes.subarray(4, 4 + length);
  if (packet[0] === 0xff) {
    const said = packet.subarray(3).toString('utf8');
    return { value: { error: { code: String(packet.readUInt16LE(1)), text: clean(said.replace(/^#.{5}/, ''), 300) } }, used: 0 };
  }
  const end = packet.indexOf(0, 1);
  if (packet[0] !== 10 || end < 2 || end > 200) return 'garbage';
  const full = clean(packet.toString('latin1', 1, end), 100);
  // Old clients of MySQL 5.5 refused a version of two digits: MariaDB puts this before its own.
  const version = full.replace(/^5\.5\.5-(?=\d)/, '').replace(/-mariadb.*$/i, '');
  // Thread (4), scramble (8), filler (1), then the lower capabilities; 0x0800 = CLIENT_SSL.
  const at = end + 1 + 4 + 8 + 1;
  const encrypts = packet.length >= at + 2 && (packet.readUInt16LE(at) & 0x0800) !== 0;
  return { value: { version, product: /mariadb/i.test(full) ? 'MariaDB' : 'MySQL', encrypts }, used: 0 };
}

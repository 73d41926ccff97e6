/** The identification line of an SSH server, and what it may say before it (RFC 4253, section 4.2). */
import { clean } from '../../shared/text.ts';
import type { Reading } from './wire.ts';

export interface SshBanner {
  /** "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3", cleaned. */
  banner: string;
  protocol: string;
  /** What follows the version: "OpenSSH_9.2p1 Debian-2+deb12u3". */
  software: string;
  /** Lines before it, cleaned, the first few. */
  before: string[];
}

/** The line itself has at most 255 characters; old or careless servers get some more. */
const mostLine = 1_024;
const mostLinesBefore = 50;
export const mostBanner = 16_384;

/** `used` leaves the identification line where it is: the library reads it again. */
export function readSshBanner(bytes: Buffer): Reading<SshBanner> {
  const before: string[] = [];
  let at = 0;
  for (let lines = 0; lines <= mostLinesBefore; lines += 1) {
    const end = bytes.indexOf(0x0a, at);
    if (end < 0) return bytes.length - at > mostLine ? 'garbage' : { need: bytes.length + 1 };
    if (end - at > mostLine) return 'garbage';
    const line = bytes.toString('utf8', at, end).replace(/\r$/, '');
    const found = /^SSH-([0-9.]{1,10})-([^\s-][^\r]*)$/.exec(line);
    if (found) {
      const [, protocol = '', software = ''] = found;
      return { value: { banner: clean(line, 255), protocol, software: clean(software, 200), before }, used: at };
    }
    if (line.startsWith('SSH-')) return 'garbage';
    if (before.length < 5) before.push(clean(line, 200));
    at = end + 1;
  }
  return 'garbage';
}

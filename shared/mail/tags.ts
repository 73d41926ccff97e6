/** Lists of tags such as "v=DMARC1; p=reject" (RFC 6376, section 3.2), in which DKIM, DMARC, MTA-STS and TLS reports are written. */
import { fail, ok, type Result } from '../result.ts';

const mostTags = 50;

/** A record that is longer is none that anybody uses; looking at all of it would only cost. */
export const longestRecord = 8_000;

/**
 * Reads a list of tags. Names are case-sensitive; white space around names and values does not count, nor does a final semicolon.
 * @returns the tags in their order, or what is wrong with the list
 */
export function readTags(text: string): Result<Map<string, string>, string> {
  if (text.length > longestRecord) return fail('is too long');
  const tags = new Map<string, string>();
  const parts = text.split(';');
  if (parts.at(-1)?.trim() === '') parts.pop();
  if (parts.length > mostTags) return fail('has too many parts');
  for (const part of parts) {
    const equals = part.indexOf('=');
    const name = part.slice(0, Math.max(0, equals)).trim();
    if (!/^[A-Za-z][A-Za-z0-9_-]{0,62}$/.test(name)) return fail(`has "${part.trim().slice(0, 40)}" where a name=value belongs`);
    if (tags.has(name)) return fail(`says ${name}= twice`);
    tags.set(name, part.slice(equals + 1).trim());
  }
  return ok(tags);
}

/** Whether a record begins with that version: "v=DMARC1" and then the end or a semicolon. */
export function hasVersion(text: string, version: string): boolean {
  const first = text.slice(0, 100).split(';', 1)[0] ?? '';
  const [name = '', value = ''] = first.split('=', 2);
  return name.trim() === 'v' && value.trim() === version;
}

/** Keys that signatures of mail are checked with (RFC 6376, section 3.6.1; RFC 8463 for ed25519; RFC 8301 for what is too weak). */
import { type Aspect, type AspectKind, aspectOf, notKnown } from './aspect.ts';
import { fromBase64, rsaBits } from './bytes.ts';
import type { Look } from './look.ts';
import { readTags } from './tags.ts';

export interface KeyJudgement {
  state: 'ok' | 'degraded';
  reason: string;
  text: string;
}

const bad = (reason: string, text: string): KeyJudgement => ({ state: 'degraded', reason, text });
/** RFC 8301, section 3.2: fewer must not be accepted; twice as many should be used. */
const leastBits = 1_024;
const goodBits = 2_048;
const ed25519Bytes = 32;

const listIn = (value: string): string[] => value.split(':').map((part) => part.trim().toLowerCase());

/** Judges the text of one key record. */
export function judgeKey(record: string): KeyJudgement {
  const read = readTags(record);
  if (!read.ok) return bad('dkim-broken', `the key record ${read.failure}`);
  const tags = read.value;
  const version = tags.get('v');
  if (version !== undefined && (version !== 'DKIM1' || [...tags.keys()][0] !== 'v'))
    return bad('dkim-broken', 'the key record does not begin with v=DKIM1');
  const key = tags.get('p');
  if (key === undefined) return bad('dkim-broken', 'the key record has no key (p=)');
  if (key === '') return bad('dkim-revoked', 'the key is withdrawn (p= is empty): signatures with it count for nothing');
  const hashes = tags.get('h');
  if (hashes !== undefined && !listIn(hashes).includes('sha256'))
    return bad('dkim-hash', `the key is for ${hashes} only, which nobody accepts any more: sha256 is missing`);
  const services = tags.get('s');
  if (services !== undefined && !listIn(services).some((it) => it === '*' || it === 'email'))
    return bad('dkim-service', `the key is not for mail (s=${services})`);
  const bytes = fromBase64(key);
  const kind = (tags.get('k') ?? 'rsa').toLowerCase();
  if (!bytes) return bad('dkim-broken', 'the key is not written in base64');
  const notes: string[] = [];
  if (kind === 'ed25519') {
    if (bytes.length !== ed25519Bytes) return bad('dkim-broken', `the ed25519 key has ${bytes.length} bytes instead of ${ed25519Bytes}`);
    notes.push('ed25519 key', 'some receivers know only RSA');
  } else if (kind === 'rsa') {
    const bits = rsaBits(bytes);
    if (bits === null) return bad('dkim-broken', 'the key is no RSA key: perhaps it was cut off');
    if (bits < leastBits) return bad('dkim-too-short', `the key has ${bits} bits: receivers accept none below ${leastBits}`);
    notes.push(`RSA key of ${bits} bits`, ...(bits < goodBits ? [`that is weak, ${goodBits} are usual`] : []));
  } else return bad('dkim-kind', `the key is of a kind that receivers do not know (${kind})`);
  const testing = listIn(tags.get('t') ?? '').includes('y');
  if (testing) notes.push('marked as a test (t=y), so that receivers may pass over bad signatures');
  return { state: 'ok', reason: 'ok', text: notes.join('; ') };
}

/** Whether there is a usable key for a selector. */
export async function lookAtKey(selector: string, domain: string, look: Look): Promise<Aspect> {
  const kind: AspectKind = 'dkim';
  const name = `${selector}._domainkey.${domain}`;
  const found = await look(name, 'TXT');
  if (!found.ok) return notKnown(kind, name, found.detail);
  const value = found.values.join(' | ');
  if (found.values.length === 0)
    return aspectOf(kind, name, 'degraded', 'dkim-missing', 'there is no key: signatures with this selector cannot be checked', value);
  // Section 3.6.2.2: what becomes of several is not said.
  if (found.values.length > 1)
    return aspectOf(
      kind,
      name,
      'degraded',
      'dkim-many',
      `there are ${found.values.length} records where one belongs: receivers take any`,
      value,
    );
  const { state, reason, text } = judgeKey(found.values[0] as string);
  return aspectOf(kind, name, state, reason, text, value);
}

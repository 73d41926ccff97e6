/** Invented names and keys of a drill's world: always the same for the same thing. */
import { bitsOf, mulberry32 } from './random.ts';
import type { Spot } from './world-topology.ts';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const hex = '0123456789abcdef';

function lettersOf(words: string, count: number, from: string): string {
  const draw = mulberry32(bitsOf(words));
  return Array.from({ length: count }, () => from[Math.floor(draw() * from.length)]).join('');
}

/** Asked for at every probe. */
const fingerprints = new Map<string, string>();
const mostKept = 5_000;

/** As ssh-keygen -l prints it. */
export function fingerprintOf(spot: Pick<Spot, 'address' | 'machine'>): string {
  const words = `key ${spot.machine?.id ?? spot.address}`;
  const known = fingerprints.get(words);
  if (known !== undefined) return known;
  if (fingerprints.size >= mostKept) fingerprints.clear();
  const made = `SHA256:${lettersOf(words, 43, letters)}`;
  fingerprints.set(words, made);
  return made;
}

/** SHA-256 of a certificate, with colons. */
export const certificateOf = (name: string, version: number): string =>
  (lettersOf(`certificate ${name} ${version}`, 64, hex).toUpperCase().match(/../g) ?? []).join(':');

/** A boot id, as Linux makes one at every start. */
export const bootIdOf = (machine: string, bootedAt: number): string => lettersOf(`boot ${machine} ${bootedAt}`, 32, hex);

/** What a mail server calls a message. */
export const queueIdOf = (words: string): string => lettersOf(`queue ${words}`, 11, letters);

/** The sentence of a name server that is not right, or not there. */
import { clean } from '../text.ts';
import type { Sign } from './types.ts';
import { explained, failingOf, hostAt, nounOfCause, orOf, type Said } from './words-parts.ts';

/** "Name server ns2 (192.0.2.53) gives old answers". */
export const nameServerSentence = (said: Said): string => `Name server ${serversOf(said)} ${verbOf(explained(said))}`;

/** "ns2 (192.0.2.53)". */
const serversOf = ({ weighed: { cause }, input, most }: Said): string =>
  orOf(
    cause.culprits.map((address) => {
      const host = hostAt(input, address);
      const shown = clean(address, 45);
      return host && host.name !== address ? `${clean(host.name, most)} (${shown})` : shown;
    }),
    nounOfCause['name-server'],
  );

/** What a name server says that is not right, by the reasons of the checks that ask it. */
const answers: [verb: string, reasons: ReadonlySet<string>][] = [
  ['gives old answers', new Set(['serial-behind'])],
  ['gives newer answers than the others', new Set(['serial-ahead'])],
  ['does not answer', new Set(['timeout', 'unreachable', 'no-answer', 'no-reply', 'refused', 'closed', 'reset'])],
  ['answers slowly', new Set(['slow'])],
  ['refuses to answer', new Set(['query-refused'])],
  ['answers with errors', new Set(['servfail', 'dns-error', 'not-supported', 'not-understood', 'not-dns'])],
  ['does not know the zone', new Set(['lame', 'no-soa', 'not-authoritative', 'nxdomain', 'no-records'])],
  [
    'gives signatures that do not hold',
    new Set(['not-signed', 'signature-expired', 'signature-not-yet-valid', 'signature-expires-soon', 'bogus']),
  ],
  ['gives wrong answers', new Set(['unexpected-answer'])],
];
function verbOf(failing: readonly Sign[]): string {
  const reasons = new Set(failing.map((it) => it.reason ?? ''));
  // That an answer is not the expected one follows from an old copy.
  if (reasons.has('serial-behind')) reasons.delete('unexpected-answer');
  const said = answers.find(([, those]) => reasons.size > 0 && [...reasons].every((it) => those.has(it)))?.[0];
  return said ?? (failingOf(failing) === 'gone' ? 'does not answer' : 'fails');
}

/** What `value` means beside each mode, and what it is where it is left out. */
import type { Fault } from '../../shared/scenario/scenario.ts';
import { DAY, durationPattern, HOUR, MINUTE, parseDuration, SECOND } from '../../shared/time.ts';
import { kindOf } from './world-faults.ts';

type Kind = 'duration' | 'number' | 'text' | 'none';
interface Meaning {
  kind: Kind;
  /** As it is without a `value`. */
  usual: number | string;
  /** For who writes a drill. */
  what: string;
}
const none: Meaning = { kind: 'none', usual: 0, what: '' };

/** By subject and mode. */
const meanings: Record<string, Meaning> = {
  'host reboot': { kind: 'duration', usual: 3 * MINUTE, what: 'how long it is away' },
  'host boot-loop': { kind: 'duration', usual: 3 * MINUTE, what: 'how long one round takes' },
  'host disk-full': { kind: 'number', usual: 100, what: 'per cent of the disk in use' },
  'host memory-errors': { kind: 'number', usual: 4, what: 'uncorrected errors' },
  'host hot': { kind: 'number', usual: 91, what: 'degrees Celsius' },
  'service slow': { kind: 'duration', usual: 12 * SECOND, what: 'how long an answer takes' },
  'service error': { kind: 'number', usual: 500, what: 'the HTTP status' },
  'service wrong-content': { kind: 'text', usual: 'Coming soon', what: 'what the page says' },
  'service expired-certificate': { kind: 'duration', usual: 6 * HOUR, what: 'how long it has been expired when it begins' },
  'mail queue-stuck': { kind: 'number', usual: 8, what: 'messages that come in a minute' },
  'mail delivery-delayed': { kind: 'duration', usual: 45 * MINUTE, what: 'how late mail arrives' },
  'mail blocklisted': { kind: 'text', usual: '', what: 'the name of the blocklist; the first that is looked at where left out' },
  'dns stale-serial': { kind: 'number', usual: 3, what: 'how many serials it is behind' },
  'dns wrong-answer': { kind: 'text', usual: '203.0.113.250', what: 'what it answers instead' },
};

const meaningOf = (fault: Fault): Meaning => meanings[`${kindOf(fault)} ${(fault as { mode?: string }).mode}`] ?? none;

/** What is wrong with the `value` of a fault, as what was expected; null where it fits. */
export function valueProblem(fault: Fault): string | null {
  const value = 'value' in fault ? fault.value : undefined;
  if (value === undefined) return null;
  const { kind, what } = meaningOf(fault);
  switch (kind) {
    case 'none':
      return 'no value: this fault takes none';
    case 'duration':
      return typeof value === 'string' && durationPattern.test(value) && (parseDuration(value) ?? 0) <= 30 * DAY
        ? null
        : `a duration such as "4m": ${what}`;
    case 'number':
      return typeof value === 'number' && value >= 0 ? null : `a number: ${what}`;
    case 'text':
      return typeof value === 'string' ? null : `text: ${what}`;
  }
}

/** The value of a fault as a number: of a duration in ms. */
export function numberOf(fault: Fault): number {
  const value = 'value' in fault ? fault.value : undefined;
  if (typeof value === 'number') return value;
  return (typeof value === 'string' ? parseDuration(value) : null) ?? Number(meaningOf(fault).usual);
}

/** The value of a fault as text. */
export const textOf = (fault: Fault): string => String(('value' in fault ? fault.value : undefined) ?? meaningOf(fault).usual);

/** MTA-STS (RFC 8461): a domain says over the web that its mail servers speak TLS, and which they are. */
import { sameForm } from '../checks/dns-names.ts';
import { fail, ok, type Result } from '../result.ts';
import { DAY } from '../time.ts';
import { hasVersion, readTags } from './tags.ts';

export interface StsPolicy {
  mode: 'enforce' | 'testing' | 'none';
  /** Host names, and "*.example.net" for all names one step below. */
  mx: string[];
  maxAgeSeconds: number;
}

/** Section 3.2: about a year. */
const mostSeconds = 31_557_600;
/** Below a day nobody remembers it long enough to be protected by it (section 10.2 advises weeks). */
export const shortAgeMs = DAY;
const mostHosts = 100;

/** Whether a TXT record is one of MTA-STS. */
export const isSts = (text: string): boolean => hasVersion(text, 'STSv1');

/** The id of a record; null where it has none that may be (section 3.1). */
export function stsIdOf(record: string): string | null {
  const read = readTags(record);
  const id = read.ok ? read.value.get('id') : undefined;
  return id !== undefined && /^[A-Za-z0-9]{1,32}$/.test(id) ? id : null;
}

const pattern = /^(?:\*\.)?(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.?$/i;

/** @returns the policy, or what is wrong with it: after "the policy" */
export function readStsPolicy(text: string): Result<StsPolicy, string> {
  const mx: string[] = [];
  const fields = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '') continue;
    const colon = line.indexOf(':');
    const key = line.slice(0, Math.max(0, colon)).trim();
    if (key === '') return fail(`has the line "${line.trim().slice(0, 40)}", which is no "key: value"`);
    const value = line.slice(colon + 1).trim();
    if (key === 'mx') {
      if (!pattern.test(value.slice(0, 300))) return fail(`names "${value.slice(0, 60)}" as mx, which is no host name`);
      if (mx.length < mostHosts) mx.push(sameForm(value));
      // Of several of a kind the first counts (section 3.2).
    } else if (!fields.has(key)) fields.set(key, value);
  }
  if (fields.get('version') !== 'STSv1') return fail('does not say version: STSv1');
  const mode = (['enforce', 'testing', 'none'] as const).find((it) => it === fields.get('mode'));
  if (!mode) return fail(fields.has('mode') ? `has a mode that nobody knows (${fields.get('mode')?.slice(0, 30)})` : 'says no mode');
  const age = fields.get('max_age') ?? '';
  if (!/^\d{1,10}$/.test(age) || Number(age) > mostSeconds) return fail('has no max_age from 0 to a year in seconds');
  if (mx.length === 0 && mode !== 'none') return fail('names no mail server (mx)');
  return ok({ mode, mx, maxAgeSeconds: Number(age) });
}

/** Whether a mail server is one of those that a pattern stands for: "*." is exactly one label (section 4.1). */
export function fitsPattern(host: string, wanted: string): boolean {
  const [name, form] = [sameForm(host), sameForm(wanted)];
  if (!form.startsWith('*.')) return name === form;
  const dot = name.indexOf('.');
  return dot > 0 && name.slice(dot) === form.slice(1);
}

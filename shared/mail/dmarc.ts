/** What receivers shall do with mail that somebody forged (RFC 7489). */
import { fail, ok, type Result } from '../result.ts';
import { type Aspect, type AspectKind, aspectOf, notKnown, notThere } from './aspect.ts';
import type { Look } from './look.ts';
import { hasVersion, readTags } from './tags.ts';

export type DmarcPolicy = 'none' | 'quarantine' | 'reject';
export interface DmarcRecord {
  policy: DmarcPolicy;
  /** For names below the domain. */
  below: DmarcPolicy;
  percent: number;
  /** Where reports go. */
  reports: string[];
}

const policies: readonly DmarcPolicy[] = ['none', 'quarantine', 'reject'];
const policyOf = (text: string | undefined): DmarcPolicy | undefined => policies.find((it) => it === text?.toLowerCase());
const mostReports = 10;

/** Whether a TXT record is one of DMARC. */
const isDmarc = (text: string): boolean => hasVersion(text, 'DMARC1');

/** @returns the policy, or what is wrong with the record: after "the record" */
export function readDmarc(text: string): Result<DmarcRecord, string> {
  const read = readTags(text);
  if (!read.ok) return fail(read.failure);
  const tags = read.value;
  const reports = (tags.get('rua') ?? '')
    .split(',')
    .map((it) => it.trim())
    .filter((it) => it !== '')
    .slice(0, mostReports);
  const strange = reports.find((it) => !/^[a-z][a-z0-9+.-]*:[!-~]+$/i.test(it));
  if (strange !== undefined)
    return fail(`wants reports at "${strange.slice(0, 60)}", which is no address such as mailto:reports@example.net`);
  const policy = policyOf(tags.get('p'));
  const below = tags.has('sp') ? policyOf(tags.get('sp')) : policy;
  // Section 6.6.3: a record without a policy that holds counts as "none" where it asks for reports, else not at all.
  if (!policy) return fail(tags.has('p') ? `has a policy that nobody knows (p=${tags.get('p')?.slice(0, 40)})` : 'has no policy (p=)');
  if (!below) return fail(`has a policy for names below that nobody knows (sp=${tags.get('sp')?.slice(0, 40)})`);
  const percent = tags.get('pct') ?? '100';
  if (!/^\d{1,3}$/.test(percent) || Number(percent) > 100) return fail(`says pct=${percent.slice(0, 20)}, which is no percentage`);
  for (const tag of ['adkim', 'aspf']) {
    const value = tags.get(tag);
    if (value !== undefined && !/^[rs]$/i.test(value)) return fail(`says ${tag}=${value.slice(0, 20)}, where only r or s may stand`);
  }
  return ok({ policy, below, percent: Number(percent), reports });
}

/** The domain, then the names above it, down to two labels: without a list of public suffixes this is how far one can walk. */
export function placesOf(domain: string): string[] {
  const labels = domain.split('.');
  return labels
    .slice(0, Math.max(1, labels.length - 1))
    .map((_, index) => labels.slice(index).join('.'))
    .slice(0, 8);
}

/** Finds the policy that is in force for a domain, its own or that of a name above. */
export async function lookAtDmarc(domain: string, required: ReadonlySet<AspectKind>, look: Look): Promise<Aspect> {
  for (const place of placesOf(domain)) {
    const found = await look(`_dmarc.${place}`, 'TXT');
    if (!found.ok) return notKnown('dmarc', domain, found.detail);
    const records = found.values.filter(isDmarc);
    if (records.length > 0) return ofRecords(domain, place, records);
    const mistyped = place === domain ? found.values.find((text) => /^\s*v\s*=\s*dmarc/i.test(text.slice(0, 50))) : undefined;
    if (mistyped !== undefined)
      return aspectOf(
        'dmarc',
        domain,
        'degraded',
        'dmarc-broken',
        'the record does not begin with v=DMARC1 and counts for nothing',
        mistyped,
      );
  }
  return notThere('dmarc', domain, required, 'there is no DMARC record: receivers decide on forged mail as they like');
}

function ofRecords(domain: string, place: string, records: readonly string[]): Aspect {
  const value = [...records].sort().join(' | ');
  const say = (state: 'ok' | 'degraded', reason: string, text: string): Aspect => aspectOf('dmarc', domain, state, reason, text, value);
  if (records.length > 1)
    return say('degraded', 'dmarc-many', `there are ${records.length} DMARC records; only one may be, so none counts`);
  const read = readDmarc(records[0] as string);
  if (!read.ok) return say('degraded', 'dmarc-broken', `the record ${read.failure}`);
  const { policy, below, percent, reports } = read.value;
  const inForce = place === domain ? policy : below;
  const words = {
    none: 'forged mail is only counted (p=none), not turned away',
    quarantine: 'forged mail goes to the spam folder (quarantine)',
    reject: 'forged mail is refused (reject)',
  };
  const notes = [
    `${words[inForce]}${place === domain ? '' : `, as ${place} says`}`,
    ...(percent < 100 && inForce !== 'none' ? [`only for ${percent} per cent of it`] : []),
    ...(reports.length === 0 ? ['nobody gets reports'] : []),
  ];
  return say('ok', inForce === 'none' ? 'policy-none' : 'ok', notes.join('; '));
}

/** Where others shall report failures of TLS (RFC 8460, section 3). */
import { type Aspect, type AspectKind, aspectOf, notKnown, notThere } from './aspect.ts';
import type { Look } from './look.ts';
import { hasVersion, readTags } from './tags.ts';

/** @returns what is wrong with a record, after "the record"; null when it is in order */
export function tlsReportProblem(record: string): string | null {
  const read = readTags(record);
  if (!read.ok) return read.failure;
  const places = (read.value.get('rua') ?? '').split(',').map((it) => it.trim());
  if (places[0] === '') return 'names no place for reports (rua=)';
  const strange = places.find((it) => !/^(?:mailto:[!-~]+@[!-~]+|https:\/\/[!-~]+)$/i.test(it.slice(0, 1_000)));
  return strange === undefined ? null : `wants reports at "${strange.slice(0, 60)}", which is neither mailto: nor https:`;
}

export async function lookAtTlsReports(domain: string, required: ReadonlySet<AspectKind>, look: Look): Promise<Aspect> {
  const name = `_smtp._tls.${domain}`;
  const found = await look(name, 'TXT');
  if (!found.ok) return notKnown('tls-rpt', name, found.detail);
  const records = found.values.filter((text) => hasVersion(text, 'TLSRPTv1'));
  if (records.length === 0) return notThere('tls-rpt', name, required, 'nobody is asked to report failures of encryption');
  const value = records.join(' | ');
  if (records.length > 1)
    return aspectOf(
      'tls-rpt',
      name,
      'degraded',
      'tls-rpt-many',
      `there are ${records.length} records; only one may be, so none counts`,
      value,
    );
  const problem = tlsReportProblem(records[0] as string);
  return problem === null
    ? aspectOf('tls-rpt', name, 'ok', 'ok', 'failures of encryption are reported', value)
    : aspectOf('tls-rpt', name, 'degraded', 'tls-rpt-broken', `the record ${problem}`, value);
}

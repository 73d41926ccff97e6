/** Judges the MTA-STS policy of a domain by its record, by what the web server gave, and by the mail servers there are. */
import type { Failure, FailureCode } from '../model/words.ts';
import { listOf } from '../text.ts';
import { humanDuration, SECOND } from '../time.ts';
import { type Aspect, type AspectKind, aspectOf, notKnown, notThere } from './aspect.ts';
import type { Look } from './look.ts';
import { fitsPattern, isSts, readStsPolicy, type StsPolicy, shortAgeMs, stsIdOf } from './mta-sts.ts';

/** What came of fetching the policy. */
export type Fetched = { ok: true; text: string } | { ok: false; failure: Failure };

/** Failures by which the web server shows that it does not give the policy out; others say as little of it as of us. */
const told: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'refused',
  'reset',
  'closed',
  'certificate',
  'tls',
  'protocol',
  'too-large',
  'name-not-found',
]);

export interface StsFound {
  aspect: Aspect;
  /** Null where there is none, or it is not known. */
  policy: StsPolicy | null;
}

/**
 * @param hosts names of the MX; null = not known
 * @param fetch gets the policy; called only where there is a record that announces one
 */
export async function lookAtSts(
  domain: string,
  hosts: readonly string[] | null,
  required: ReadonlySet<AspectKind>,
  look: Look,
  fetch: (() => Promise<Fetched>) | null,
): Promise<StsFound> {
  const none = (aspect: Aspect): StsFound => ({ aspect, policy: null });
  const found = await look(`_mta-sts.${domain}`, 'TXT');
  if (!found.ok) return none(notKnown('mta-sts', domain, found.detail));
  const records = found.values.filter(isSts);
  if (records.length === 0) return none(notThere('mta-sts', domain, required, 'there is no MTA-STS policy'));
  const record = records.join(' | ');
  const bad = (reason: string, text: string, value?: string): StsFound =>
    none(aspectOf('mta-sts', domain, 'degraded', reason, text, value));
  if (records.length > 1)
    return bad('sts-many', `there are ${records.length} records that announce a policy; only one may be, so none counts`, record);
  const id = stsIdOf(records[0] as string);
  if (id === null) return bad('sts-record-broken', 'the record that announces the policy has no id such as id=20261120', record);
  if (!fetch) return none(aspectOf('mta-sts', domain, 'ok', 'ok', 'a policy is announced; it is not fetched', record));
  const got = await fetch();
  if (!got.ok) {
    const { code, detail } = got.failure;
    // A value is left out: what stands there now is not known, so nothing has changed.
    return told.has(code) ? bad('sts-not-fetched', `the policy cannot be fetched: ${detail}`) : none(notKnown('mta-sts', domain, detail));
  }
  const read = readStsPolicy(got.text);
  if (!read.ok) return bad('sts-policy-broken', `the policy ${read.failure}`, got.text);
  const { mode, mx, maxAgeSeconds } = read.value;
  const value = `${mode}, mx ${[...mx].sort().join(' ')}, ${maxAgeSeconds} s, id ${id}`;
  const left = mode === 'none' ? [] : (hosts ?? []).filter((host) => !mx.some((wanted) => fitsPattern(host, wanted)));
  const done = (state: Aspect['state'], reason: string, text: string): StsFound => ({
    aspect: aspectOf('mta-sts', domain, state, reason, text, value),
    policy: read.value,
  });
  if (left.length > 0) {
    const refused = mode === 'enforce' ? 'senders refuse to deliver there' : 'senders would refuse to deliver there, were it not a test';
    const all = mode === 'enforce' && left.length === hosts?.length;
    return done(all ? 'down' : 'degraded', 'sts-mx', `the policy does not name ${listOf(left)}: ${refused}`);
  }
  if (hosts === null)
    return { ...done('unknown', 'not-asked', 'the policy is there; whether it names the mail servers is not known'), policy: read.value };
  const ageMs = maxAgeSeconds * SECOND;
  const words = {
    enforce: 'the policy is in force and names every mail server',
    testing: 'the policy names every mail server, as a test only (mode testing)',
    none: 'the policy is switched off (mode none)',
  };
  return done(
    'ok',
    'ok',
    `${words[mode]}${ageMs < shortAgeMs && mode !== 'none' ? `; it is remembered for ${humanDuration(ageMs)} only` : ''}`,
  );
}

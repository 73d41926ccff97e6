/** Looks up all that the world can see of a mail domain. */
import { sameForm } from '../../shared/checks/dns-names.ts';
import { mostAspects, type PostureConfig, type PostureFacts } from '../../shared/checks/posture.ts';
import { type Aspect, type AspectKind, aspectKinds, downWhereAll } from '../../shared/mail/aspect.ts';
import { lookAtCaa } from '../../shared/mail/caa.ts';
import { judgeCertificate, judgeDane, noDelivery, type Shown } from '../../shared/mail/dane.ts';
import { lookAtKey } from '../../shared/mail/dkim.ts';
import { lookAtDmarc } from '../../shared/mail/dmarc.ts';
import { addressesBehind, type Look } from '../../shared/mail/look.ts';
import { lookAtMx, type MxFound, type MxHost } from '../../shared/mail/mx.ts';
import { lookAtHelo, lookAtReverse } from '../../shared/mail/rdns.ts';
import { lookAtSpf } from '../../shared/mail/spf-aspects.ts';
import { type Fetched, lookAtSts } from '../../shared/mail/sts-aspect.ts';
import { lookAtTlsReports } from '../../shared/mail/tls-rpt.ts';
import { lookVia } from './dns-look.ts';
import { noResolver, resolversOf } from './dns-servers.ts';
import { showCertificate } from './mx-certificate.ts';
import { fetchPolicy } from './sts-policy.ts';
import type { Probe, ProbeContext } from './types.ts';
import { since } from './wire.ts';

/** One silent server must not use up the time of all others. */
const mostQuestionMs = 5_000;
const shareOfQuestion = 0.2;
const mostPolicyAddresses = 3;

export const probePosture: Probe<PostureConfig, PostureFacts> = async (config, context) => {
  const begin = context.monotonic();
  const resolvers = resolversOf(config.server);
  if (resolvers.length === 0) return { failure: noResolver };
  const look = lookVia(resolvers, Math.min(mostQuestionMs, context.timeoutMs * shareOfQuestion), context);
  const domain = sameForm(config.domain);
  const required: ReadonlySet<AspectKind> = new Set(config.require);
  const found = await Promise.all([
    lookAtWay(domain, config, required, look, context),
    Promise.all(config.outbound.map((address) => lookAtReverse(address, look))),
    config.helo === undefined ? [] : lookAtHelo(config.helo, look),
    lookAtSpf({ domain, helo: config.helo ?? domain, outbound: config.outbound, required }, look),
    Promise.all(config.dkim.map((selector) => lookAtKey(selector, domain, look))),
    lookAtDmarc(domain, required, look),
    lookAtTlsReports(domain, required, look),
    lookAtCaa(domain, required, look),
  ]);
  const aspects = found.flat().sort((a, b) => aspectKinds.indexOf(a.aspect) - aspectKinds.indexOf(b.aspect));
  return { aspects: aspects.slice(0, mostAspects), ms: since(begin, context) };
};

/** The way in: MX, and what is promised of the encryption on it. */
async function lookAtWay(
  domain: string,
  config: PostureConfig,
  required: ReadonlySet<AspectKind>,
  look: Look,
  context: ProbeContext,
): Promise<Aspect[]> {
  const mx = await lookAtMx(domain, config.mx, look);
  const names = mx.hosts?.map(({ name }) => name) ?? null;
  const fetch = config.mtaSts ? () => policyOf(domain, config, look, context) : null;
  const sts = await lookAtSts(domain, names, required, look, fetch);
  const promised = sts.policy !== null && sts.policy.mode !== 'none';
  const both = await Promise.all((mx.hosts ?? []).map((host) => lookAtHost(host, promised, mx, config, required, look, context)));
  return [
    ...mx.aspects,
    sts.aspect,
    ...downWhereAll(
      both.flatMap(({ dane }) => dane),
      noDelivery,
    ),
    ...both.flatMap(({ certificate }) => certificate),
  ];
}

async function policyOf(
  domain: string,
  { policyAddress, policyPort: port, caFile }: PostureConfig,
  look: Look,
  context: ProbeContext,
): Promise<Fetched> {
  const name = `mta-sts.${domain}`;
  const found = policyAddress === undefined ? await addressesBehind(name, look) : { all: [policyAddress], failed: null };
  if (found.all.length === 0)
    return {
      ok: false,
      failure:
        found.failed === null
          ? { code: 'name-not-found', detail: `${name} has no address` }
          : { code: 'resolver-failed', detail: found.failed.slice(0, 400) },
    };
  return fetchPolicy({ name, addresses: found.all.slice(0, mostPolicyAddresses), port, caFile }, context);
}

/** @param promised an MTA-STS policy says that the certificate of the host is good */
async function lookAtHost(
  { name, addresses }: MxHost,
  promised: boolean,
  { authenticated }: MxFound,
  config: PostureConfig,
  required: ReadonlySet<AspectKind>,
  look: Look,
  context: ProbeContext,
): Promise<{ dane: Aspect; certificate: Aspect[] }> {
  const tlsa = await look(`_25._tcp.${name}`, 'TLSA');
  const wanted = config.dane && tlsa.ok && tlsa.values.length > 0 && tlsa.authenticated;
  let shown: Shown | null = null;
  const [address] = addresses;
  if (address !== undefined && (wanted || promised)) shown = await showCertificate(name, address, config.smtpPort, config.caFile, context);
  const now = context.now();
  const certificate = promised && shown ? judgeCertificate(name, config.smtpPort, shown, now) : null;
  return {
    dane: judgeDane({ host: name, required, mxAuthenticated: authenticated, now }, tlsa, config.dane ? shown : null),
    certificate: certificate ? [certificate] : [],
  };
}

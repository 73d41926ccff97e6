/** What the world says of us in a drill: registries and looking glasses. */
import type { DomainConfig, DomainFacts } from '../../shared/checks/domain.ts';
import type { VisibilityConfig, VisibilityFacts } from '../../shared/checks/visibility.ts';
import { DAY, SECOND } from '../../shared/time.ts';
import { fixedOf } from './random.ts';
import { type Answer, darkAgent, isCutOff, isDark, tidy } from './world-contact.ts';

export const registration: Answer<DomainConfig, DomainFacts> = (asked) => {
  const { config, moment, start, timeoutMs } = asked;
  if (isDark(asked)) return { facts: { failure: darkAgent }, tookMs: timeoutMs };
  const facts: DomainFacts = {
    registered: true,
    expiresAt: Math.round(start + fixedOf(`domain ${config.domain}`, 120, 600) * DAY),
    registeredAt: Math.round(start - fixedOf(`registered ${config.domain}`, 2_000, 7_000) * DAY),
    registrar: 'Example Registrar',
    status: ['active'],
    nameServers: [`ns1.${config.domain}`, `ns2.${config.domain}`],
    askedAt: moment.at,
    from: 'rdap.example.net',
    ms: 120,
  };
  if (!isCutOff(asked)) return { facts, tookMs: 120 };
  const failure = { code: 'timeout' as const, detail: 'no answer from the registry' };
  return { facts: { ...facts, askedAt: Math.min(start, moment.at), failure }, tookMs: timeoutMs };
};

const observers = 342;
/** Looking glasses hear of it so much later. */
const lagMs = 40 * SECOND;

export const visibleFrom: Answer<VisibilityConfig, VisibilityFacts> = (asked) => {
  const { config, moment, place, states, timeoutMs, kept, start } = asked;
  if (isCutOff(asked)) return { facts: { failure: { code: 'timeout', detail: 'no answer from the looking glass' } }, tookMs: timeoutMs };
  const block = place.spots[0]?.block ?? null;
  const via = block?.via ?? [];
  const announcers = block ? states.announcers(block, moment).length : 0;
  const announced = via.length === 0 || announcers > 0;
  // Without one of its links a few observers have not found the other way yet.
  const isPart = announcers < via.length;
  const dataAt = moment.at - lagMs;
  if (announced) kept.seenAt = dataAt;
  const seeing = !announced ? 0 : isPart ? observers - 9 : observers - 2;
  const origins = announced ? (config.origins.length > 0 ? config.origins.slice(0, 1) : [64_500]) : [];
  return {
    facts: {
      seeing,
      observers,
      origins,
      rpki: origins.map((origin) => ({ origin, state: 'valid' as const, said: 'valid' })),
      dataAt,
      lastSeenAt: Math.min(dataAt, kept.seenAt ?? start),
      moreSpecifics: [],
      from: 'looking-glass.example.net',
      ms: tidy(210),
    },
    tookMs: 210,
  };
};

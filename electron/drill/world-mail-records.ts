/** What the world can look up of a mail domain in a drill: its records, and blocklists. */
import type { BlocklistAnswer, BlocklistConfig, BlocklistFacts } from '../../shared/checks/blocklist.ts';
import type { PostureConfig, PostureFacts } from '../../shared/checks/posture.ts';
import type { Aspect, AspectKind } from '../../shared/mail/aspect.ts';
import { type Answer, isCutOff, tidy } from './world-contact.ts';
import { serversOf } from './world-dns-servers.ts';
import { mailFault } from './world-mail-state.ts';
import { textOf } from './world-values.ts';

export const records: Answer<PostureConfig, PostureFacts> = (asked) => {
  const { config, timeoutMs, chance } = asked;
  const { domain } = config;
  if (isCutOff(asked)) return { facts: { failure: { code: 'resolver-failed', detail: 'no answer from the resolver' } }, tookMs: timeoutMs };
  const servers = serversOf(asked, domain);
  const heard = servers.find((it) => it.state === 'answers' || it.state === 'wrong');
  const exchangers = config.mx ?? [`mail.${domain}`];
  const aspect = (kind: AspectKind, about: string, text: string, value: string): Aspect => ({
    aspect: kind,
    about,
    state: 'ok',
    reason: 'ok',
    text,
    value,
  });
  const all: Aspect[] = [
    aspect('mx', domain, `mail goes to ${exchangers.join(', ') || 'nobody'}`, exchangers.join(' ')),
    ...config.outbound.map((address) => aspect('rdns', address, `its name leads back to it`, exchangers[0] ?? domain)),
    aspect('spf', domain, 'the addresses that send are allowed', 'v=spf1 mx -all'),
    ...config.dkim.map((selector) => aspect('dkim', `${selector}._domainkey.${domain}`, 'the key can be used', `${selector} rsa 2048`)),
    aspect('dmarc', domain, 'mail that fails is put aside', 'v=DMARC1; p=quarantine'),
  ];
  const ms = tidy(180 + 60 * chance());
  if (servers.length > 0 && !heard) {
    const text = 'could not be asked: the resolver answers SERVFAIL';
    return {
      facts: { aspects: all.map(({ value: _, ...it }) => ({ ...it, state: 'unknown', reason: 'not-asked', text })), ms },
      tookMs: ms,
    };
  }
  if (heard?.state !== 'wrong') return { facts: { aspects: all, ms }, tookMs: ms };
  const wrong = heard.wrong.join(' ');
  const [mx, ...others] = all as [Aspect, ...Aspect[]];
  const told: Aspect = { ...mx, state: config.mx ? 'down' : 'degraded', reason: 'mx-differs', text: `mail goes to ${wrong}`, value: wrong };
  return { facts: { aspects: [told, ...others], ms }, tookMs: ms };
};

export const blocklists: Answer<BlocklistConfig, BlocklistFacts> = (asked) => {
  const { config, timeoutMs } = asked;
  if (isCutOff(asked)) return { facts: { failure: { code: 'resolver-failed', detail: 'no answer from the resolver' } }, tookMs: timeoutMs };
  const fault = mailFault(asked, 'blocklisted');
  const things = [
    ...config.addresses.flatMap((about) => config.lists.map((list) => ({ list, about }))),
    ...config.domains.flatMap((about) => config.domainLists.map((list) => ({ list, about }))),
  ];
  const named = fault ? textOf(fault) || things[0]?.list : undefined;
  const answers = things
    .slice(0, 600)
    .map(
      ({ list, about }): BlocklistAnswer =>
        list === named ? { list, about, listed: true, code: '127.0.0.2', text: 'sends spam' } : { list, about, listed: false },
    );
  return { facts: { answers, ms: 90 }, tookMs: 90 };
};

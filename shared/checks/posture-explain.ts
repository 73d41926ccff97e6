/** What a verdict on the records of a mail domain means for people, and what to do. */
import type { Verdict } from '../model/words.ts';
import type { Explanation } from './types.ts';

type Advice = Pick<Explanation, 'means' | 'todo'>;

const notFound: Advice = {
  means: 'Nobody can deliver mail to this domain; senders try for some days, then give up.',
  todo: 'Look whether the domain has run out, then at its zone and what was changed there last.',
};
const wrongMx: Advice = {
  means: 'Mail may be delivered to the wrong place, or not at all.',
  todo: 'Compare the MX records with what should be there. If nobody here changed them, look who has access to the zone.',
};
const badName: Advice = {
  means: 'Many receivers refuse mail from such an address, or treat it as spam.',
  todo: 'Have whoever owns the address set its reverse DNS to the host name of the server, and see that this name leads back to the address.',
};
const badSpf: Advice = {
  means: 'Receivers cannot tell genuine mail from forged mail, and some refuse both.',
  todo: 'Correct the SPF record: one record, no mechanism that means nothing, and fewer includes. What changed last is in the events.',
};
const notAllowed: Advice = {
  means: 'Receivers refuse mail that this address sends for the domain, or treat it as spam.',
  todo: 'Put the address into the SPF record. If it should not send at all, take it off the list of outbound addresses.',
};
const badKey: Advice = {
  means: 'Signatures of outgoing mail cannot be checked, so that receivers trust it less or refuse it.',
  todo: 'Compare the key in the DNS with the one that the mail server signs with. If the selector is no longer used, take it out of the inventory.',
};
const badSts: Advice = {
  means: 'Careful senders may refuse to deliver mail here once their copy of the policy runs out, or are no longer protected by it.',
  todo: 'Look at https://mta-sts.<domain>/.well-known/mta-sts.txt: can it be fetched, is its certificate good, does it name every MX. Change the id in the DNS after that.',
};
const badDane: Advice = {
  means: 'Senders that check DANE do not deliver here: their mail waits, then comes back to them.',
  todo: 'Publish the TLSA record of the certificate in use, or put the old certificate back. Next time publish the new record before changing the certificate.',
};
const passedOver = 'Receivers pass over the policy: forged mail is not turned away.';
const badReports: Advice = { means: 'Nothing is turned away, but nobody learns of failures.', todo: 'Correct the record.' };
const missing: Advice = {
  means: 'It is expected here, and others judge the mail of this domain by it.',
  todo: 'Publish the record, or take it off what the check requires.',
};

const advice: Record<string, Advice> = {
  ok: { means: 'Others find what they need to send mail here and to trust mail from here.', todo: 'Nothing.' },
  'domain-not-found': notFound,
  'no-mx': notFound,
  'null-mx': notFound,
  'mx-not-found': notFound,
  'mx-is-address': notFound,
  'mx-bogus': {
    means: 'For senders that check signatures (DNSSEC), among them the largest, this domain does not exist.',
    todo: 'Sign the zone anew and look why that did not happen by itself; or take its DS record out at the registrar.',
  },
  'mx-elsewhere': wrongMx,
  'mx-unexpected': wrongMx,
  'mx-missing': wrongMx,
  'mx-alias': {
    means: 'Most senders cope with it, some do not deliver.',
    todo: 'Put the real host name into the MX record, or give this name addresses of its own.',
  },
  'no-ptr': badName,
  'not-forward-confirmed': badName,
  'generic-name': badName,
  'helo-not-found': badName,
  'spf-many': badSpf,
  'spf-lookups': badSpf,
  'spf-broken': badSpf,
  'spf-void': badSpf,
  'spf-all': { means: 'Anybody may send in the name of this domain.', todo: 'End the record with -all or ~all.' },
  'spf-fail': notAllowed,
  'spf-softfail': notAllowed,
  'spf-neutral': notAllowed,
  'dmarc-many': { means: passedOver, todo: 'Leave one DMARC record.' },
  'dmarc-broken': { means: passedOver, todo: 'Correct the DMARC record.' },
  'tls-rpt-many': badReports,
  'tls-rpt-broken': badReports,
  missing,
  'dane-mismatch': badDane,
  'dane-bogus': badDane,
  'dane-unusable': {
    means: 'Senders that check DANE encrypt without checking whom they talk to.',
    todo: 'Publish a record that mail senders can use: usage 3, selector 1, matching 1 is the usual one.',
  },
  'dane-no-tls': badDane,
  certificate: {
    means: 'Senders that keep to the MTA-STS policy refuse to deliver to this server.',
    todo: 'Renew the certificate, or have it issued for the name of the MX, by an authority that everybody trusts.',
  },
  'dane-not-authenticated': {
    means: 'Whether DANE works here is not known: this resolver does not vouch for the record.',
    todo: 'Name a resolver that checks signatures (setting `server`). If the zone is not signed, the record is of no use: sign it, or remove it.',
  },
};

const prefixes: [start: string, advice: Advice][] = [
  ['dkim-', badKey],
  ['sts-', badSts],
];
const lookHere: Advice = {
  means: 'Nothing is known about what could not be asked; it may well be in order.',
  todo: 'Look whether the resolver answers at all, and at the transcript for what it was asked.',
};

/** @param happened what was seen, a whole sentence */
export function explainPosture(happened: string, verdict: Verdict): Explanation {
  const found = advice[verdict.reason] ?? prefixes.find(([start]) => verdict.reason.startsWith(start))?.[1];
  return { happened, ...(found ?? lookHere) };
}

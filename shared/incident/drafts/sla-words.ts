/** What an SLA says of a month, in words. */
import { clean, count } from '../../text.ts';
import type { Statement } from '../draft.ts';
import type { SlaFact } from '../report/schema-parts.ts';
import { spokenPercent } from '../spoken.ts';
import { type Page, say } from './page.ts';

const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
/** "November 2026" for "2026-11". */
export function monthName(month: string): string {
  const [year = '', number = ''] = month.split('-');
  return `${months[Number(number) - 1] ?? month} ${year}`;
}

/** "USD 12.50". */
export const money = ({ value, currency }: { value: number; currency: string }): string => `${clean(currency, 10)} ${value.toFixed(2)}`;

/** Of a month that is not over. */
export const stillOf = ({ complete }: Pick<SlaFact, 'complete'>): string => (complete ? '' : ' so far');

/** "10 % of the monthly fee (USD 12.50)". */
export const creditWords = (it: SlaFact): string =>
  `${spokenPercent(it.percent)} of the monthly fee${it.amount ? `, ${money(it.amount)}` : ''}`;

/** For the post-mortem: uptime against the target, the credit, and until when it must be claimed. */
export function slaStatements({ facts, times, input }: Page): Statement[][] {
  return facts.sla.slice(0, 12).map((it) => {
    const so = stillOf(it);
    const kept = it.met ? 'kept' : 'missed';
    const down = it.outages > 0 ? `, ${times.duration(it.chargedMs)} down in ${count(it.outages, 'outage')}` : '';
    const credit = it.met ? '' : it.percent > 0 ? ` Credit due: ${creditWords(it)}.` : ' The terms give no credit for that.';
    const by =
      it.claimBy === null || it.met || it.percent === 0
        ? ''
        : it.claimBy < input.now
          ? ` The claim was due ${times.exact(it.claimBy)}.`
          : ` Claim it by ${times.exact(it.claimBy).replace(/^(at|on) /, '')}.`;
    return say(
      `${clean(it.thing.name, 120)} in ${monthName(it.month)}${so}: ${spokenPercent(it.uptimePercent)} up${down}; the target of ${spokenPercent(it.target)} is ${kept}.${credit}${by}`,
      it.evidence,
    );
  });
}

/** What an SLA makes of the outages of a month: uptime against the target, and the credit under the terms. Pure; no clock. */
import { DateTime } from 'luxon';
import type { Sla, SlaTerm } from '../model/inventory-sla.ts';
import { count } from '../text.ts';
import { DAY, humanDuration } from '../time.ts';
import type { UptimeReport } from '../uptime/report.ts';

/** A calendar month and what is known of it. */
export interface Month {
  /** "2026-11". */
  month: string;
  /** Epoch ms; with a change of the clocks it is an hour longer or shorter. */
  from: number;
  to: number;
}
export interface MonthUptime extends Month {
  /** From the beginning of the month until its end, or until now. */
  report: UptimeReport;
}

/** The calendar months that a stretch touches, oldest first. @param most the newest ones are kept */
export function monthsOf(from: number, to: number, zone: string, most = 24): Month[] {
  const months: Month[] = [];
  let at = DateTime.fromMillis(Math.max(from, to - (most + 1) * 31 * DAY), { zone }).startOf('month');
  while (at.toMillis() < to || months.length === 0) {
    const next = at.plus({ months: 1 });
    months.push({ month: at.toFormat('yyyy-MM'), from: at.toMillis(), to: next.toMillis() });
    at = next;
  }
  return months.slice(-most);
}

/** A stretch that was not as promised, epoch ms. What is not known, not reachable or planned is none. */
export interface Outage {
  from: number;
  to: number;
  part: 'down' | 'degraded' | 'partial';
}

export interface Credit {
  kind: SlaTerm['kind'];
  /** Of the monthly fee. */
  percent: number;
  days: number | null;
  /** How it was reckoned. */
  text: string;
}

export interface SlaResult {
  uptimePercent: number;
  chargedMs: number;
  downMs: number;
  degradedMs: number;
  partialMs: number;
  /** How many stretches were charged; those that touch are one. */
  outages: number;
  met: boolean;
  credits: Credit[];
  /** All terms together, 100 at most. */
  percent: number;
  amount: { value: number; currency: string } | null;
}

/** Figures are quotients: this much beside a limit is on it. */
const tiny = 1e-9;

/**
 * Uptime of a month and the credit for it. Uptime is the whole month less what is charged, so that it is an upper bound while the month lasts.
 * No credit while the target is kept.
 * @param outages apart from each other; those that reach beyond the month are cut
 * @param partialWeight what counts where the inventory says nothing
 */
export function slaOf(sla: Sla, month: Month, outages: readonly Outage[], partialWeight: 0 | 1): SlaResult {
  const within = outages
    .map((it) => ({ ...it, from: Math.max(it.from, month.from), to: Math.min(it.to, month.to) }))
    .filter((it) => it.to > it.from)
    .sort((a, b) => a.from - b.from);
  const weights = { down: 1, degraded: sla.weights.degraded, partial: sla.weights.partial ?? partialWeight };
  const msOf = (part: Outage['part']): number => within.reduce((ms, it) => (it.part === part ? ms + it.to - it.from : ms), 0);
  const each = chargedEach(within, weights);
  const chargedMs = each.reduce((sum, ms) => sum + ms, 0);
  const length = month.to - month.from;
  const uptimePercent = (100 * (length - chargedMs)) / length;
  const met = uptimePercent >= sla.target - tiny;
  const days = Math.round(length / DAY);
  const credits = met ? [] : sla.terms.map((term) => creditOf(term, { target: sla.target, uptimePercent, chargedMs, each, days }));
  const percent = Math.min(
    100,
    credits.reduce((sum, it) => sum + it.percent, 0),
  );
  return {
    uptimePercent,
    chargedMs,
    downMs: msOf('down'),
    degradedMs: msOf('degraded'),
    partialMs: msOf('partial'),
    outages: each.length,
    met,
    credits,
    percent,
    amount: sla.fee && sla.terms.length > 0 ? { value: Math.round(sla.fee.amount * percent) / 100, currency: sla.fee.currency } : null,
  };
}

/** What each outage counts, ms; stretches that touch are one outage, and what counts nothing is none. */
function chargedEach(outages: readonly Outage[], weights: Record<Outage['part'], number>): number[] {
  const each: number[] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const { from, to, part } of outages) {
    if (weights[part] === 0) continue;
    const ms = (to - from) * weights[part];
    if (from <= end) each[each.length - 1] = (each.at(-1) ?? 0) + ms;
    else each.push(ms);
    end = Math.max(end, to);
  }
  return each;
}

interface Reckoning {
  target: number;
  uptimePercent: number;
  chargedMs: number;
  each: readonly number[];
  days: number;
}

const capped = (percent: number, upTo: number): { percent: number; cap: string } =>
  percent > upTo ? { percent: upTo, cap: `, ${upTo} % at most` } : { percent: Math.round(percent * 1e6) / 1e6, cap: '' };

function creditOf(term: SlaTerm, it: Reckoning): Credit {
  switch (term.kind) {
    case 'per-started': {
      const periods =
        term.per === 'outage'
          ? it.each.reduce((sum, ms) => sum + Math.ceil(ms / term.every - tiny), 0)
          : Math.ceil(it.chargedMs / term.every - tiny);
      const { percent, cap } = capped(periods * term.percent, term.upTo);
      const text = `${count(periods, 'started period')} of ${humanDuration(term.every)}, ${term.percent} % each${cap}`;
      return { kind: term.kind, percent, days: null, text };
    }
    case 'below-target': {
      const exact = (it.target - it.uptimePercent) / term.each;
      const steps = Math.max(0, term.started ? Math.ceil(exact - tiny) : Math.floor(exact + tiny));
      const { percent, cap } = capped(steps * term.percent, term.upTo);
      const whole = term.started ? 'started step' : 'full step';
      return {
        kind: term.kind,
        percent,
        days: null,
        text: `${count(steps, whole)} of ${term.each} % below target, ${term.percent} % each${cap}`,
      };
    }
    case 'tiers': {
      const reached = term.tiers.filter((tier) => it.uptimePercent < tier.below - tiny).sort((a, b) => b.percent - a.percent)[0];
      const text = reached ? `uptime below ${reached.below} %: ${reached.percent} %` : 'no tier was reached';
      return { kind: term.kind, percent: reached?.percent ?? 0, days: null, text };
    }
    case 'day-per': {
      const exact = it.chargedMs / term.every;
      const days = term.started ? Math.ceil(exact - tiny) : Math.floor(exact + tiny);
      const { percent, cap } = capped((100 * days) / it.days, term.upTo);
      const period = `${term.started ? 'started' : 'full'} ${humanDuration(term.every)}`;
      return {
        kind: term.kind,
        percent,
        days,
        text: `${count(days, "day's fee", "days' fees")}, one for each ${period} of downtime${cap}`,
      };
    }
  }
}

/**
 * Until when a claim must be made, epoch ms; null where no deadline is known, or what it counts from is not over.
 * @param endedAt end of the outage; null = it lasts
 */
export function claimBy(sla: Sla, month: Month, endedAt: number | null): number | null {
  if (sla.claimWithin === undefined) return null;
  if (sla.claimFrom === 'month') return month.to + sla.claimWithin;
  return endedAt === null ? null : endedAt + sla.claimWithin;
}

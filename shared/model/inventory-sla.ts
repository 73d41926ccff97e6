/** What a datacenter or a provider promised, and what it owes when it does not keep that. Reckoned by shared/incident/sla.ts. */
import { z } from 'zod';
import { DAY, durationSchema, HOUR, MINUTE } from '../time.ts';

const percent = z.number().min(0).max(100);
const upTo = percent.default(100).describe('Per cent of the monthly fee at most');
const every = durationSchema(MINUTE, 31 * DAY);

const term = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('per-started'),
    percent: percent.describe('Per cent of the monthly fee for each period that was begun'),
    every: every.describe('Length of a period, such as 30m'),
    per: z
      .enum(['month', 'outage'])
      .default('month')
      .describe('month: the downtime of the month is added up first; outage: each outage begins a period of its own'),
    upTo,
  }),
  z.strictObject({
    kind: z.literal('below-target'),
    percent: percent.describe('Per cent of the monthly fee for each step'),
    each: z.number().min(0.001).max(100).describe('Points of a step: 0.1 is "for each 0.1 % below target"'),
    started: z.boolean().default(false).describe('Also for a step that was only begun'),
    upTo,
  }),
  z.strictObject({
    kind: z.literal('tiers'),
    tiers: z
      .array(
        z.strictObject({
          below: percent.describe('Uptime below this, per cent'),
          percent: percent.describe('Per cent of the monthly fee'),
        }),
      )
      .min(1)
      .max(20)
      .describe('The highest one that is reached counts'),
  }),
  z.strictObject({
    kind: z.literal('day-per'),
    every: every.describe("Downtime that is worth a day's fee, such as 30m; the month is added up"),
    started: z.boolean().default(false).describe('Also for a period that was only begun'),
    upTo,
  }),
]);
export type SlaTerm = z.infer<typeof term>;

export const slaSchema = z.strictObject({
  target: percent.describe(
    'Promised availability per calendar month (in the zone of the organization), per cent; no credit while it is kept',
  ),
  credit: z.string().max(1_000).optional().describe('The terms in words'),
  terms: z.array(term).max(10).default([]).describe('The terms to reckon with; what several of them give is added up, to 100 % at most'),
  fee: z
    .strictObject({
      amount: z.number().min(0).describe('Per month'),
      currency: z.string().regex(/^[A-Z]{3}$/, 'expected a currency such as USD or EUR'),
    })
    .optional()
    .describe('Where it is left out, credits are told in per cent only'),
  claimWithin: durationSchema(HOUR).optional().describe('A claim must be made within this time'),
  claimFrom: z
    .enum(['outage', 'month'])
    .default('outage')
    .describe('What `claimWithin` counts from: the end of the outage, or the end of its month'),
  weights: z
    .strictObject({
      degraded: z.number().min(0).max(1).default(0).describe('What a minute counts in which it was slow or lossy, but not down'),
      partial: z
        .number()
        .min(0)
        .max(1)
        .optional()
        .describe(
          'What a minute counts in which a part was gone: of a link an address range that rides on it, of a site some of what is there. Left out: 1 for a link, 0 for a site, where it may be our own server',
        ),
    })
    .prefault({})
    .describe('Most contracts count only what is gone altogether'),
});
/** An SLA as the plan has it: durations in ms. */
export type Sla = z.infer<typeof slaSchema>;

/** One thing that the world can see of a mail domain, and what is to be said of it. */
import { z } from 'zod';
import { type Level, levelSchema } from '../model/words.ts';
import { clean } from '../text.ts';

/** In the order in which they are shown. */
export const aspectKinds = ['mx', 'rdns', 'spf', 'dkim', 'dmarc', 'mta-sts', 'tls-rpt', 'dane', 'caa', 'certificates'] as const;
export type AspectKind = (typeof aspectKinds)[number];

export const aspectTitles: Record<AspectKind, string> = {
  mx: 'MX',
  rdns: 'Reverse DNS',
  spf: 'SPF',
  dkim: 'DKIM',
  dmarc: 'DMARC',
  'mta-sts': 'MTA-STS',
  'tls-rpt': 'TLS reports',
  dane: 'DANE',
  caa: 'CAA',
  certificates: 'Certificate',
};

const mostText = 400;
export const aspectSchema = z.object({
  aspect: z.enum(aspectKinds),
  /** The name or address that it is about. */
  about: z.string().max(300),
  state: levelSchema,
  reason: z.string().max(60),
  /** One plain sentence without a full stop. */
  text: z.string().max(mostText),
  /** What stands there now, in a form that compares; empty = nothing. Left out where it is not known. */
  value: z.string().max(1_000).optional(),
});
export type Aspect = z.infer<typeof aspectSchema>;

/** Puts one together. All text is cleaned and bounded here: most of it was written by strangers. */
export const aspectOf = (aspect: AspectKind, about: string, state: Level, reason: string, text: string, value?: string): Aspect => ({
  aspect,
  about: clean(about, 300),
  state,
  reason,
  text: clean(text, mostText),
  ...(value === undefined ? {} : { value: clean(value, 1_000) }),
});

/** What could not be asked is not known, and nothing is said of it. */
export const notKnown = (aspect: AspectKind, about: string, detail: string): Aspect =>
  aspectOf(aspect, about, 'unknown', 'not-asked', `could not be asked: ${detail}`);

/** What is wished for, but must not be there: fine, unless the settings want it. */
export const notThere = (aspect: AspectKind, about: string, required: ReadonlySet<AspectKind>, text: string): Aspect =>
  aspectOf(aspect, about, required.has(aspect) ? 'degraded' : 'ok', required.has(aspect) ? 'missing' : 'not-there', text, '');

/**
 * Faults that are a nuisance one by one are an outage where nothing works any more: of several, all must be broken for that.
 * @param isBroken which aspects stand for something that does not work at all
 */
export const downWhereAll = (all: readonly Aspect[], isBroken: (it: Aspect) => boolean): Aspect[] =>
  all.length > 0 && all.every(isBroken) ? all.map((it) => ({ ...it, state: 'down' })) : [...all];

/** The legs of a mail stack: what of mail can break on its own, in the words of the people who use it. */
import { z } from 'zod';

/** In the order in which a message meets them. */
export const mailLegs = [
  'receiving',
  'sending',
  'delivery',
  'reading',
  'webmail',
  'calendar',
  'files',
  'lists',
  'filters',
  'records',
] as const;
export const mailLegSchema = z.enum(mailLegs);
export type MailLeg = z.infer<typeof mailLegSchema>;

/** Which leg of which mail entry a subject is. */
export interface LegRef {
  /** Id of the entry in the inventory. */
  entry: string;
  domain: string;
  leg: MailLeg;
}

interface LegWords {
  /** On a tile: "Reading". */
  title: string;
  /** What customers call it, before "for example.net": "reading mail". */
  audience: string;
  /** In "reading works": whether it takes a plural verb. */
  several: boolean;
}

export const legWords: Record<MailLeg, LegWords> = {
  receiving: { title: 'Receiving', audience: 'receiving mail', several: false },
  sending: { title: 'Sending', audience: 'sending mail', several: false },
  delivery: { title: 'Delivery', audience: 'delivery of mail', several: false },
  reading: { title: 'Reading', audience: 'reading mail', several: false },
  webmail: { title: 'Webmail', audience: 'webmail', several: false },
  calendar: { title: 'Calendar', audience: 'the calendar', several: false },
  files: { title: 'File sharing', audience: 'file sharing', several: false },
  lists: { title: 'Mailing lists', audience: 'mailing lists', several: true },
  filters: { title: 'Mail filters', audience: 'mail filters', several: true },
  records: { title: 'DNS records of mail', audience: 'the DNS records of mail', several: true },
};

/** Id of the subject that a leg is: "mail-example.reading". */
export const legId = (entry: string, leg: MailLeg): string => `${entry}.${leg}`;

/** What the subject is called beside all others: "example.net reading". @param name of the entry */
export function legName(name: string, leg: MailLeg): string {
  const { title } = legWords[leg];
  // "DNS records of mail" begins with an acronym.
  return `${name} ${/^[A-Z][A-Z]/.test(title) ? title : title.toLowerCase()}`;
}

/** DANE: which certificate a mail server must show, as its own zone says (RFC 6698, RFC 7672). Pure: the hashes are made elsewhere. */

export interface Tlsa {
  usage: number;
  selector: number;
  matching: number;
  /** Hexadecimal, small letters. */
  data: string;
}

/** One certificate of a chain in the forms that a record may name, each hexadecimal: whole, SHA-256, SHA-512. */
export interface CertificateForms {
  /** Selector 0: the certificate; 1: its public key. */
  forms: [certificate: string[], key: string[]];
}

/** Reads "3 1 1 0123abcd…". */
export function readTlsa(value: string): Tlsa | null {
  const match = /^(\d{1,3}) (\d{1,3}) (\d{1,3}) ([0-9a-f]*)$/.exec(value);
  if (!match) return null;
  return { usage: Number(match[1]), selector: Number(match[2]), matching: Number(match[3]), data: match[4] ?? '' };
}

const lengths: Record<number, number> = { 1: 64, 2: 128 };

/** Whether senders can make use of a record at all: RFC 7672, section 3.1.3 leaves out usage 0 and 1. */
export const isUsable = ({ usage, selector, matching, data }: Tlsa): boolean =>
  (usage === 2 || usage === 3) &&
  (selector === 0 || selector === 1) &&
  matching <= 2 &&
  data !== '' &&
  data.length === (lengths[matching] ?? data.length);

/** Which of some records fits the chain that a server shows, its own certificate first; null where none does. */
export function fitting(records: readonly Tlsa[], chain: readonly CertificateForms[]): Tlsa | null {
  const fits = ({ selector, matching, data }: Tlsa, it: CertificateForms | undefined): boolean =>
    it?.forms[selector === 1 ? 1 : 0][matching] === data;
  const usable = records.filter(isUsable);
  // The server's own certificate says more than an authority above it: neither name nor date count then (section 3.1.1).
  return (
    usable.find((it) => it.usage === 3 && fits(it, chain[0])) ??
    usable.find((it) => it.usage === 2 && chain.slice(1).some((link) => fits(it, link))) ??
    null
  );
}

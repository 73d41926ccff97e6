/** What a resolver says, as the rules of mail need it. The rules are handed a `Look`; who answers it is not their business. */
import { sameForm } from '../checks/dns-names.ts';

export type LookType = 'A' | 'AAAA' | 'MX' | 'TXT' | 'PTR' | 'TLSA' | 'CAA';

/** An answer, `exists` false where there is no such name at all; or why there is none. */
export type Looked =
  | {
      ok: true;
      /** As zone files write them, names in small letters without a final dot, in order of the alphabet; texts of TXT as they came, byte by byte. */
      values: string[];
      exists: boolean;
      /** The resolver checked signatures and found them good (AD bit). */
      authenticated: boolean;
      /** The name is another name for this one. */
      alias: string | null;
    }
  | { ok: false; detail: string /** The signatures are wrong: it would have been answered without looking at them. */; bogus?: boolean };

/** Never rejects; a name that cannot be one is answered as one that does not exist. */
export type Look = (name: string, type: LookType) => Promise<Looked>;

export interface Addresses {
  all: string[];
  alias: string | null;
  /** Why there may be more. */
  failed: string | null;
}

/** All addresses of a name, of both families. */
export async function addressesBehind(name: string, look: Look): Promise<Addresses> {
  const both = await Promise.all([look(name, 'A'), look(name, 'AAAA')]);
  const failed = both.flatMap((it) => (it.ok ? [] : [it.detail]))[0] ?? null;
  const alias = both.flatMap((it) => (it.ok && it.alias !== null ? [it.alias] : []))[0] ?? null;
  return { all: both.flatMap((it) => (it.ok ? it.values : [])), alias, failed };
}

/** Whether two addresses are the same one, however written. */
export const sameAddress = (a: string, b: string): boolean => sameForm(a) === sameForm(b);

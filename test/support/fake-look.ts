/** A resolver that knows what the test says, for the rules of mail. */
import { dnsName, sameForm } from '../../shared/checks/dns-names.ts';
import type { Look } from '../../shared/mail/look.ts';

/** Stands among the records of a name that cannot be looked up. */
export const silence = 'SILENCE';

/**
 * @param lines such as { 'MX example.net': ['10 mx.example.net'], 'CNAME www.example.net': ['web.example.net'] }
 * @returns the resolver, and every question it was asked
 */
export function fakeLook(lines: Record<string, string[]>, authenticated = false): { look: Look; asked: string[] } {
  const zone = new Map(Object.entries(lines).map(([key, values]) => [key, values]));
  const names = new Set(Object.keys(lines).map((key) => key.slice(key.indexOf(' ') + 1)));
  const asked: string[] = [];
  const look: Look = async (name, type) => {
    asked.push(`${type} ${name}`);
    const alias = zone.get(`CNAME ${sameForm(name)}`)?.[0] ?? null;
    const at = alias ?? sameForm(name);
    const values = dnsName.safeParse(name).success ? (zone.get(`${type} ${at}`) ?? []) : [];
    if (values.includes(silence)) return { ok: false, detail: 'no answer from 192.0.2.53' };
    return { ok: true, values: [...values].sort(), exists: names.has(at), authenticated, alias };
  };
  return { look, asked };
}

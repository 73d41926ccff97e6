/** What may stand in a text for customers: their own words for things, never the names of servers, people or providers. */
import type { Subject } from '../../model/plan.ts';
import { clean } from '../../text.ts';
import type { SaidFact } from '../report/schema-parts.ts';
import type { Page } from './page.ts';

const address = /\b\d{1,3}(\.\d{1,3}){3}\b|\b[\da-f]{1,4}(:[\da-f]{0,4}){3,}/i;
/** Nobody but us uses a name like web1, db-main or mx.lan; "mail" and "shop" are words. */
const isName = (name: string): boolean => /[\d._-]/.test(name);

/** Knows which words are nobody's business. Made once per draft. */
export function internalNames({ input, facts }: { input: Page['input']; facts: Page['facts'] | null }): (text: string) => boolean {
  const { incident } = input;
  const people = [
    incident?.lead ?? '',
    incident?.openedBy ?? '',
    input.window?.by ?? '',
    ...(facts?.people ?? []),
    ...(facts?.contacts.map((it) => it.person ?? '') ?? []),
  ];
  const sites = new Set(input.subjects.filter((it) => it.kind === 'site').map((it) => it.id));
  const providers = [
    ...input.subjects.filter((it) => it.kind === 'link').flatMap((it) => [it.name, it.provider ?? '', short(it.provider ?? it.name)]),
    // Customers know where their sites stand.
    ...[...(facts?.contacts ?? []), ...(facts?.owed ?? [])].filter((it) => !sites.has(it.with)).map((it) => it.name),
  ];
  const things = input.subjects.filter((it) => !isPublic(it) && it.kind !== 'site').flatMap((it) => [it.id, it.name]);
  const words = new Set(
    [...people, ...providers, ...things.filter(isName)]
      .map((it) => plain(clean(it, 120)).trim())
      .filter((it) => it.length > 1 && it !== 'engine'),
  );
  return (text) => {
    if (address.test(text)) return true;
    const low = plain(` ${text} `);
    // "web1." at the end of a sentence is web1.
    const bare = low.replace(/[._-]+(?= )|(?<= )[._-]+/g, '');
    return [...words].some((word) => low.includes(` ${word} `) || bare.includes(` ${word} `));
  };
}

/** What people call "Example Carrier" among themselves. */
const short = (name: string): string => name.trim().split(/\s+/)[0] ?? '';
const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}._-]+/gu, ' ');

/** Lines that can go out as they are, and those that a person must put into other words first. */
export function sorted<T extends Pick<SaidFact, 'text'>>(
  lines: readonly T[],
  isInternal: (text: string) => boolean,
): { fit: T[]; unfit: T[] } {
  return { fit: lines.filter((it) => !isInternal(it.text)), unfit: lines.filter((it) => isInternal(it.text)) };
}

/** What customers call whoever we wait for. */
export function publicName({ input }: Pick<Page, 'input'>, id: string): string {
  const kind = input.subjects.find((it) => it.id === id)?.kind;
  return kind === 'link' ? 'our network provider' : kind === 'site' ? 'our datacenter' : 'a supplier of ours';
}

/** What customers call it. */
export const audienceOf = ({ kind, audience, name }: Pick<Subject, 'kind' | 'audience' | 'name'>): string =>
  clean(kind === 'service' || kind === 'mail' ? audience : name, 120);

/** Only these are known to customers by name. */
export const isPublic = ({ kind }: Pick<Subject, 'kind'>): boolean => kind === 'service' || kind === 'mail';

const staff = /\b(staff|internal|team|teams|management|boss|board|providers?|noc|admins?|engineers?|colleagues?|on-?call)\b/i;
/** Whether what was told to them is no secret to customers. */
export const isTold = (audience: string): boolean => !staff.test(audience);

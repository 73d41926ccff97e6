/** Reads the answer of a registry (RDAP, RFC 9083). Everything in it is hostile text. */
import { z } from 'zod';
import { sameForm } from '../../shared/checks/dns-names.ts';
import type { DomainFacts } from '../../shared/checks/domain.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { clean } from '../../shared/text.ts';

const mostStatus = 30;
const mostServers = 20;

/** Whatever is not of the right form is as good as missing: registries differ, and the rest of the answer still counts. */
const loose = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);
const list = <T extends z.ZodType>(item: T) =>
  loose(z.array(item.nullable().catch(null)).transform((all) => all.flatMap((it) => it ?? [])));

const answerSchema = z.object({
  objectClassName: loose(z.string()),
  errorCode: loose(z.number()),
  ldhName: loose(z.string()),
  status: list(z.string()),
  events: list(z.object({ eventAction: z.string(), eventDate: z.string() })),
  entities: list(z.object({ roles: list(z.string()), vcardArray: loose(z.array(z.unknown())), handle: loose(z.string()) })),
  nameservers: list(z.object({ ldhName: z.string() })),
  secureDNS: loose(z.object({ delegationSigned: loose(z.boolean()) })),
});
type Entity = { roles?: string[] | undefined; vcardArray?: unknown[] | undefined; handle?: string | undefined };

export interface Rdap {
  errorCode: number | undefined;
  facts: DomainFacts;
}

/**
 * @param text the body, at most some hundred KB
 * @param domain whom we asked for
 * @returns the facts, or in words what is wrong with the answer: "does not answer with JSON"
 */
export function readRdap(text: string, domain: string): Result<Rdap, string> {
  const json = parse(text);
  if (json === undefined) return fail('does not answer with JSON');
  const read = answerSchema.safeParse(json);
  if (!read.success) return fail('does not answer with RDAP');
  const it = read.data;
  if (it.errorCode !== undefined) return ok({ errorCode: it.errorCode, facts: {} });
  if (it.objectClassName !== 'domain' || it.ldhName === undefined) return fail('does not answer with RDAP about a domain');
  if (sameForm(it.ldhName) !== sameForm(domain)) return fail(`answers about ${clean(it.ldhName, 100)} instead of ${domain}`);
  const when = (action: string): number | undefined => {
    const dates = (it.events ?? [])
      .filter(({ eventAction }) => eventAction.toLowerCase() === action)
      .map(({ eventDate }) => timeOf(eventDate));
    return dates.find((date) => date !== null) ?? undefined;
  };
  return ok({
    errorCode: undefined,
    facts: {
      expiresAt: when('expiration'),
      registeredAt: when('registration'),
      changedAt: when('last changed'),
      registrar: registrarOf(it.entities ?? []),
      status: (it.status ?? []).slice(0, mostStatus).map((word) => clean(word, 60)),
      nameServers: (it.nameservers ?? []).slice(0, mostServers).map(({ ldhName }) => clean(ldhName, 255).toLowerCase()),
      signed: it.secureDNS?.delegationSigned,
    },
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** RFC 3339; a date alone, which some registries give, is its beginning in UTC. */
function timeOf(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}(?:$|[Tt ]\d{2}:\d{2})/.test(text)) return null;
  const at = Date.parse(/\d:\d{2}(?::\d{2}(?:\.\d+)?)?$/.test(text) ? `${text}Z` : text);
  return Number.isFinite(at) ? at : null;
}

/** The name on the registrar's card (jCard, RFC 7095), or its number at the registry. */
function registrarOf(entities: readonly Entity[]): string | undefined {
  const registrar = entities.find(({ roles = [] }) => roles.includes('registrar'));
  const card = registrar?.vcardArray?.[1];
  const line = Array.isArray(card) ? card.find((entry) => Array.isArray(entry) && entry[0] === 'fn') : undefined;
  const name: unknown = line?.[3];
  const found = typeof name === 'string' && name.trim() !== '' ? name : registrar?.handle;
  return found === undefined ? undefined : clean(found, 120);
}

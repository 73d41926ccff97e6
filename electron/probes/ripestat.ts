/** Reads the answers of a looking glass in RIPEstat's format (routing-status, rpki-validation). Everything in them is hostile text. */
import { z } from 'zod';
import { mostOrigins, type VisibilityFacts } from '../../shared/checks/visibility.ts';
import { bitsOf } from '../../shared/model/cidr.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import { clean } from '../../shared/text.ts';

const mostParts = 20;
const loose = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);
/** Entries that are not of the right form are left out; so is all behind the first some hundred. */
const list = <T extends z.ZodType>(item: T) =>
  loose(
    z.array(z.unknown()).transform((all) =>
      all.slice(0, 500).flatMap((one) => {
        const read = item.safeParse(one);
        return read.success ? [read.data] : [];
      }),
    ),
  );

/** 64500, "64500" or "AS64500". */
const asNumber = z
  .union([
    z.number(),
    z
      .string()
      .max(20)
      .transform((text) => Number(text.replace(/^AS/i, '') || Number.NaN)),
  ])
  .pipe(z.int().min(0).max(4_294_967_295));
const peers = z.object({ ris_peers_seeing: z.int().min(0), total_ris_peers: z.int().min(0) });
const head = z.object({ status: z.string(), data: loose(z.unknown()), messages: loose(z.array(z.unknown())) });
const routing = z.object({
  resource: z.string().max(100),
  visibility: loose(z.object({ v4: loose(peers), v6: loose(peers) })),
  origins: list(z.object({ origin: asNumber })),
  more_specifics: list(z.object({ prefix: z.string().max(60), origin: asNumber })),
  last_seen: loose(z.object({ time: z.string().max(40) })),
  query_time: loose(z.string().max(40)),
});
const validation = z.object({
  status: z.string().max(40),
  prefix: loose(z.string().max(100)),
  resource: loose(z.union([z.string().max(30), z.number()])),
});

/** The `data` of an answer, or in words what is wrong with it: "does not answer with JSON". */
function dataOf(text: string): Result<unknown, string> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return fail('does not answer with JSON');
  }
  const read = head.safeParse(json);
  if (!read.success) return fail("does not answer in RIPEstat's format");
  if (read.data.status === 'ok') return ok(read.data.data);
  const said = (read.data.messages ?? []).flat().filter((it) => typeof it === 'string' && it !== 'error');
  return fail(`says "${clean(read.data.status, 40)}"${said.length > 0 ? `: ${clean(said.join(' '), 200)}` : ''}`);
}

/** @param text at most some hundred KB @param prefix the one that was asked about */
export function readRouting(text: string, prefix: string): Result<VisibilityFacts, string> {
  const data = dataOf(text);
  if (!data.ok) return data;
  const read = routing.safeParse(data.value);
  if (!read.success) return fail('does not answer with a routing status');
  const it = read.data;
  if (!samePrefix(it.resource, prefix)) return fail(`answers about ${clean(it.resource, 80)} instead of ${prefix}`);
  const seen = prefix.includes(':') ? it.visibility?.v6 : it.visibility?.v4;
  const parts = it.more_specifics?.flatMap(({ prefix: part, origin }) =>
    bitsOf(part.split('/')[0] ?? '') === null ? [] : [{ prefix: clean(part, 60), origin }],
  );
  return ok({
    seeing: seen?.ris_peers_seeing,
    observers: seen?.total_ris_peers,
    origins: it.origins && [...new Set(it.origins.map(({ origin }) => origin))].slice(0, mostOrigins),
    moreSpecifics: parts?.slice(0, mostParts),
    dataAt: timeOf(it.query_time),
    lastSeenAt: timeOf(it.last_seen?.time),
  });
}

/** @returns the state of one announcement; `said` is the looking glass's own word for it */
export function readValidation(text: string, prefix: string): Result<{ state: 'valid' | 'invalid' | 'unknown'; said: string }, string> {
  const data = dataOf(text);
  if (!data.ok) return data;
  const read = validation.safeParse(data.value);
  if (!read.success) return fail('does not answer with a validation');
  const { status, prefix: about } = read.data;
  if (about !== undefined && !samePrefix(about, prefix)) return fail(`answers about ${clean(about, 80)} instead of ${prefix}`);
  const said = clean(status, 40).toLowerCase();
  if (said === 'valid' || said === 'unknown') return ok({ state: said, said });
  if (/^invalid(_(asn|as|length))?$/.test(said)) {
    const why: Record<string, string> = {
      invalid_asn: 'invalid: another origin is allowed',
      invalid_as: 'invalid: another origin is allowed',
      invalid_length: 'invalid: it is longer than allowed',
    };
    return ok({ state: 'invalid', said: why[said] ?? said });
  }
  if (said === 'not_found' || said === 'not-found') return ok({ state: 'unknown', said: 'unknown' });
  return fail(`says "${said}", which is no state of RPKI`);
}

function samePrefix(a: string, b: string): boolean {
  const [x = '', xLength = ''] = a.trim().split('/');
  const [y = '', yLength = ''] = b.trim().split('/');
  const [m, n] = [bitsOf(x), bitsOf(y)];
  return m !== null && n !== null && m.width === n.width && m.value === n.value && xLength === yLength;
}

/** "2026-11-20T08:00:00", in UTC where it names no zone. */
function timeOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text)) return undefined;
  const at = Date.parse(/(Z|[+-]\d{2}:?\d{2})$/i.test(text) ? text : `${text}Z`);
  return Number.isFinite(at) ? at : undefined;
}

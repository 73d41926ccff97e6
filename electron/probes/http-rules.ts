/** Holds an answer against what is wanted of it. The body stays here; only what did not fit becomes a fact. */
import type { HttpFacts } from '../../shared/checks/http.ts';
import type { HttpConfig } from '../../shared/checks/http-settings.ts';
import { clean } from '../../shared/text.ts';
import type { Answer } from './http-exchange.ts';

/** Bytes of the body that are kept when no rule looks into it: enough for its first line. */
const startBytes = 1_200;

/** Whether any rule has to look into the body. */
const readsBody = (config: HttpConfig): boolean => config.contains.length > 0 || config.lacks.length > 0 || config.json !== undefined;

/** How much of the body has to be read (for the size rules) and kept (for the text rules). */
export const limitsOf = (config: HttpConfig): { readBytes: number; keepBytes: number } => ({
  readBytes: Math.max(config.bodyLimit, config.minBytes ?? 0, (config.maxBytes ?? -1) + 1),
  keepBytes: readsBody(config) ? config.bodyLimit : startBytes,
});

const textual = /^(text\/|application\/([\w.-]+\+)?(json|xml|javascript)|$)/;

/**
 * What of an answer becomes facts: type, start, and every rule that was not met.
 * @param scrub takes secrets out of text before it is cut to length, so that no part of one stays behind
 */
export function weigh(answer: Answer, config: HttpConfig, scrub: (text: string) => string): Partial<HttpFacts> {
  const show = (text: string, most: number): string => clean(scrub(text), most);
  const type = answer.headers?.['content-type'] ?? '';
  const facts: Partial<HttpFacts> = { bytes: answer.bytes };
  if (answer.cut) facts.cut = true;
  if (type !== '') facts.contentType = show(type, 100);
  if (textual.test(type.toLowerCase()) && answer.kept.length > 0)
    facts.bodyStart = show(textOf(answer.kept.subarray(0, startBytes), type), 300);
  if (config.header) {
    const value = answer.headers?.[config.header.name.toLowerCase()];
    const found = value === undefined ? null : [value].flat().join(', ');
    if (!found?.includes(config.header.contains)) facts.header = { found: found === null ? null : show(found, 200) };
  }
  if (!readsBody(config)) return facts;
  const body = textOf(answer.kept, type);
  const missing = config.contains.filter((it) => !body.includes(it));
  const unwanted = config.lacks.filter((it) => body.includes(it));
  if (missing.length > 0) facts.missing = missing;
  if (unwanted.length > 0) facts.unwanted = unwanted;
  const json = config.json && weighJson(body, answer.bytes > answer.kept.length || answer.cut, config.json, show);
  if (json) facts.json = json;
  return facts;
}

function weighJson(
  body: string,
  cut: boolean,
  wanted: NonNullable<HttpConfig['json']>,
  show: (text: string, most: number) => string,
): HttpFacts['json'] {
  if (cut) return { found: null, why: 'cut' };
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { found: null, why: 'no-json' };
  }
  for (const key of wanted.path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return { found: null, why: 'absent' };
    value = (value as Record<string, unknown>)[key];
  }
  return value === wanted.equals ? undefined : { found: show(JSON.stringify(value), 200), why: 'differs' };
}

/** Bytes as text in the charset that the server names; UTF-8 where it names none or one that nobody knows. */
function textOf(bytes: Buffer, contentType: string): string {
  const charset = /charset="?([\w.:-]+)/i.exec(contentType)?.[1]?.toLowerCase();
  if (charset === undefined || charset === 'utf-8' || charset === 'utf8' || charset === 'us-ascii') return bytes.toString('utf8');
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return bytes.toString('utf8');
  }
}

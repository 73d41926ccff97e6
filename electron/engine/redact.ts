/**
 * Takes secrets out of text, as the last guard: a server may echo a password, and an error may quote a URL that is one. Must see the
 * text before it is cut to length, as half a secret is not recognized.
 */

import type { DocumentFormat } from '../../shared/model/document.ts';

/** Shorter ones would take apart words that have nothing to do with them. */
const leastLength = 4;
/** A part of a Base64 text below this many characters stands in other texts by chance. */
const leastBase64 = 6;
const mark = '[secret]';

type Redactor = (text: string) => string;

/**
 * @param values the secrets there are now; asked at every call, as they come and go while the engine runs
 * @returns replaces every secret by `[secret]`: as it is, in a URL, in Base64 (also within a longer text, as in `Basic user:password`), in JSON
 */
export function createRedactor(values: () => Iterable<string>): Redactor {
  let known: string[] = [];
  let forms: string[] = [];
  return (text) => {
    if (!isSame(values(), known)) {
      known = [...values()];
      forms = [...new Set(known.filter((value) => value.length >= leastLength).flatMap(formsOf))];
    }
    const found = forms.filter((form) => text.includes(form));
    return found.length === 0 ? text : without(text, found);
  };
}

/** Asked for every line of every probe: without a copy. */
function isSame(values: Iterable<string>, known: readonly string[]): boolean {
  let at = 0;
  for (const value of values) {
    if (value !== known[at]) return false;
    at += 1;
  }
  return at === known.length;
}

/**
 * Redacts every text within plain data; keys and numbers stay. Not to be had by redacting its JSON: a secret of digits would make
 * numbers into something that is no JSON any more.
 * @returns a copy, or the very same value where there was no secret in it
 */
export function redactAll<T>(value: T, redact: Redactor): T {
  if (typeof value === 'string') return redact(value) as T;
  if (typeof value !== 'object' || value === null) return value;
  // Nearly always: nothing to copy for each of many results.
  if (Object.values(value).every((item) => redactAll(item, redact) === item)) return value;
  if (Array.isArray(value)) return value.map((item) => redactAll(item, redact)) as T;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactAll(item, redact)])) as T;
}

/** Redacts a written document. JSON stays JSON: a secret of digits stands in its numbers by chance. */
export const redactExport = (text: string, format: DocumentFormat, redact: Redactor): string =>
  format === 'json' && redact(text) !== text ? `${JSON.stringify(redactAll(JSON.parse(text), redact), null, 2)}\n` : redact(text);

/** A stretch of the text: first character, and the one after the last. */
type Stretch = [from: number, to: number];

const placesOf = (text: string, form: string): Stretch[] => {
  const places: Stretch[] = [];
  for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) places.push([at, at + form.length]);
  return places;
};

/** Secrets that overlap go as one: nothing of either is left. */
function without(text: string, found: readonly string[]): string {
  const marks = placesOf(text, mark);
  const places = found
    .flatMap((form) => placesOf(text, form))
    // A secret that is "secret": what was redacted already stays so.
    .filter(([from, to]) => !marks.some((it) => it[0] <= from && to <= it[1]))
    .sort((a, b) => a[0] - b[0]);
  let cleaned = '';
  let done = 0;
  for (const [from, to] of places) {
    if (from >= done) cleaned += text.slice(done, from) + mark;
    done = Math.max(done, to);
  }
  return cleaned + text.slice(done);
}

function formsOf(secret: string): string[] {
  // Halves of characters cannot be encoded.
  const whole = secret.toWellFormed();
  const encoded = encodeURIComponent(whole);
  // RFC 3986 lets these be encoded too; forms (application/x-www-form-urlencoded) write a space as a plus sign.
  const strict = encoded.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  const inUrl = [encoded, strict, encoded.replaceAll('%20', '+'), strict.replaceAll('%20', '+'), encodeURI(whole)];
  const escaped = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    ...inUrl,
    ...inUrl.map((text) => text.replace(/%../g, (code) => code.toLowerCase())),
    escaped,
    // Written by those who escape the slash, too, or every letter beyond ASCII.
    escaped.replaceAll('/', '\\/'),
    escaped.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`),
    ...base64Of(whole),
  ];
}

/** What of a Base64 text shows the secret, at each of the three places it can begin at within a group of three bytes. */
function base64Of(secret: string): string[] {
  const parts = [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
    // Characters that also carry bits of what stands beside the secret cannot be known.
    const part = bytes.toString('base64').slice(Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6));
    return part.length >= leastBase64 ? [part] : [];
  });
  // By itself it is known to its end, padding included.
  const alone = Buffer.from(secret).toString('base64');
  return [...parts, alone, alone.replace(/=+$/, '')].flatMap((text) => [text, text.replaceAll('+', '-').replaceAll('/', '_')]);
}

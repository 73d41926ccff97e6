/** Everything a server sends is hostile text. These are the only ways it reaches a screen, a file or a report. */

/** Escape sequences of terminals: CSI (colours, cursor) and OSC (titles, links), with either form of their introducer. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the purpose
const terminal = /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b\]|\x9d)[^\x07\x1b\x9c\n]{0,2000}(?:\x07|\x1b\\|\x9c)/g;
/** Controls, line separators, and all that is invisible or turns the direction of text. */
const unseen = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\ufff9-\ufffb]+/gu;
/** Marks piled up on one letter reach over the lines above and below. */
const piledMarks = /(\p{M}{3})\p{M}+/gu;
const harmless = /^[!-~]+(?: [!-~]+)*$/;

/**
 * Makes one harmless line of text from a server: control characters (terminal escapes among them), invisible characters,
 * bidirectional overrides, halves of characters and line breaks go, white space folds, the length is bounded.
 * @param most longest result, UTF-16 units
 */
export function clean(text: string, most = 300): string {
  if (text.length <= most && harmless.test(text)) return text;
  // What cannot be shown anyway need not be looked at: a server may send a gigabyte.
  const flat = text
    .slice(0, 20 * most + 10_000)
    .toWellFormed()
    .replace(terminal, '')
    .replace(unseen, ' ')
    .replace(piledMarks, '$1')
    .replace(/\s+/gu, ' ')
    .trim();
  if (flat.length <= most) return flat;
  // Never cut through a character of two halves.
  return `${flat.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/**
 * The same for text of several lines, such as what a person wrote: line breaks stay, and the spaces within a line (a tab is four).
 * @param most so much of it is looked at, UTF-16 units; what is beyond is left out
 */
export function cleanLines(text: string, most: number): string {
  return text
    .slice(0, most)
    .toWellFormed()
    .replace(terminal, '')
    .split(/\r\n|\r|\n/)
    .map((line) => line.replaceAll('\t', '    ').replace(unseen, ' ').replace(piledMarks, '$1'))
    .join('\n');
}

const html: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
/** Escapes text for HTML content and quoted attributes. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => html[char] ?? char);

/** Escapes text so that Markdown (CommonMark and GitHub's, tables included) shows it letter by letter: no HTML, no link, no image. */
export const escapeMarkdown = (text: string): string =>
  clean(text, 10_000)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_[\]$~@]/g, '\\$&')
    // Only at the start of a line do these make a list, a heading or a rule.
    .replace(/^(\d+)(?=[.)](?:\s|$))/, '$1\\')
    .replace(/^[-=+#:]/, '\\$&')
    // A table would end its cell at `\|` in some readers.
    .replace(/\|/g, '&#124;')
    // Auto-linking is a way to smuggle a link into a report.
    .replace(/(https?|ftp|mailto|xmpp):/gi, '$1&#58;')
    .replace(/www\./gi, (found) => `${found.slice(0, 3)}&#46;`);

/** "a", "a and b", "a, b and c"; more than `most` end in "and N more". */
export function listOf(items: readonly string[], most = 3): string {
  if (items.length === 0) return '';
  if (items.length === 1) return items[0] as string;
  const [shown, rest] = items.length > most ? [items.slice(0, most), items.length - most] : [items.slice(0, -1), 0];
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : `${shown.join(', ')} and ${items[items.length - 1]}`;
}

/** "1 check", "3 checks". */
export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

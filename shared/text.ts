/** Everything a server sends is hostile text. These are the only ways it reaches a screen, a file or a report. */

/**
 * Makes one harmless line of text from a server: control characters (ANSI escapes among them), bidirectional overrides and
 * line breaks go, white space folds, the length is bounded.
 */
export function clean(text: string, most = 300): string {
  const flat = text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the purpose
    .replace(/\x1b\[[0-9;?]*[ -/]*[@-~]/g, '')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the purpose
    .replace(/[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return flat.length > most ? `${flat.slice(0, most - 1)}…` : flat;
}

const html: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
/** Escapes text for HTML content and quoted attributes. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => html[char] ?? char);

/** Escapes text so that Markdown (CommonMark, with tables) shows it letter by letter, and no HTML passes. */
export const escapeMarkdown = (text: string): string =>
  clean(text, 10_000)
    .replace(/[\\`*_{}[\]()#+!|~]/g, '\\$&')
    .replace(/^(\s*)(\d+)([.)])/, '$1$2\\$3')
    .replace(/^(\s*)([-=])/, '$1\\$2')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    // Auto-linking is a way to smuggle a link into a report.
    .replace(/\b(https?|ftp|mailto):/gi, '$1&#58;')
    .replace(/\bwww\./gi, 'www&#46;');

/** "a", "a and b", "a, b and c"; more than `most` end in "and N more". */
export function listOf(items: readonly string[], most = 3): string {
  if (items.length === 0) return '';
  if (items.length === 1) return items[0] as string;
  const [shown, rest] = items.length > most ? [items.slice(0, most), items.length - most] : [items.slice(0, -1), 0];
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : `${shown.join(', ')} and ${items[items.length - 1]}`;
}

/** "1 check", "3 checks". */
export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

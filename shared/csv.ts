/** Tables as CSV (RFC 4180), safe to open in a spreadsheet. */

/**
 * A cell that begins with one of these is run as a formula by spreadsheets (OWASP, "CSV Injection"), also behind blanks and in the
 * wide forms of Japanese keyboards.
 */
const formula = /^[\s\p{Default_Ignorable_Code_Point}]*[=+\-@＝＋－＠]|^[\t\r\n]/u;

/** Text for one cell. What would be a formula gets an apostrophe in front: spreadsheets then show it as text. */
function cellOf(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const text = value.toWellFormed();
  const safe = formula.test(text) ? `'${text}` : text;
  return /[",;\t\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * Commas, CRLF after every line, and a byte order mark in front: without it Excel takes UTF-8 for the old code page of its computer.
 * Other readers take `utf-8-sig`, or skip it.
 * @param rows numbers are written with a decimal point; null is an empty cell
 */
export function toCsv(header: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  return `\ufeff${[header, ...rows].map((row) => `${row.map(cellOf).join(',')}\r\n`).join('')}`;
}

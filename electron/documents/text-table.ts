/** A table in plain text. */
import type { Align } from '../../shared/documents/blocks.ts';
import { fold, widthOf } from './text-width.ts';

const between = '  ';
const leastColumn = 6;
/** A table of more columns is told row by row. */
const mostColumns = 6;

/** Columns side by side, cells folded; or, where that is too narrow, each row as lines of "column: cell". */
export function tableToText(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  aligns: readonly Align[],
  width: number,
): string {
  const all = [columns, ...rows].map((row) => columns.map((_, index) => (row[index] ?? '').replaceAll('\n', ' ')));
  const widths = widthsOf(all, width);
  if (!widths)
    return rows
      .map((row) =>
        columns
          .map((name, index) => [`${name}: ${row[index] ?? ''}`.trim()])
          .flatMap((it) => fold(it[0] ?? '', width))
          .join('\n'),
      )
      .join('\n\n');
  const line = (row: readonly string[]): string => {
    const cells = row.map((cell, index) => fold(cell, widths[index] ?? 1, true));
    const high = Math.max(...cells.map((it) => it.length));
    return Array.from({ length: high }, (_, at) =>
      cells
        .map((cell, index) => padded(cell[at] ?? '', widths[index] ?? 1, aligns[index] ?? null))
        .join(between)
        .trimEnd(),
    ).join('\n');
  };
  const [head = [], ...body] = all;
  return [...(head.some((it) => it !== '') ? [line(head)] : []), widths.map((it) => '-'.repeat(it)).join(between), ...body.map(line)].join(
    '\n',
  );
}

const padded = (text: string, width: number, align: Align): string => {
  const space = Math.max(0, width - widthOf(text));
  if (align === 'right') return ' '.repeat(space) + text;
  if (align === 'center') return ' '.repeat(space >> 1) + text + ' '.repeat(space - (space >> 1));
  return text + ' '.repeat(space);
};

/** Narrow columns are as wide as they need; the others share what is left, by how much they hold. */
function widthsOf(rows: readonly (readonly string[])[], width: number): number[] | null {
  const n = rows[0]?.length ?? 0;
  if (n === 0 || n > mostColumns) return null;
  const wanted = Array.from({ length: n }, (_, index) => rows.reduce((most, row) => Math.max(most, widthOf(row[index] ?? '')), 1));
  let left = width - between.length * (n - 1);
  if (wanted.reduce((a, b) => a + b, 0) <= left) return wanted;
  const widths: number[] = wanted.map(() => 0);
  // Columns that fit into an even share get what they need; that leaves more for the others.
  let open = wanted.map((_, index) => index);
  for (let again = true; again && open.length > 0; ) {
    again = false;
    const share = Math.floor(left / open.length);
    for (const index of open) {
      const want = wanted[index] ?? 1;
      if (want > share) continue;
      widths[index] = want;
      left -= want;
      again = true;
    }
    open = open.filter((index) => widths[index] === 0);
  }
  for (const [at, index] of open.entries()) {
    const share = Math.floor(left / (open.length - at));
    widths[index] = share;
    left -= share;
  }
  return widths.some((it, index) => it < Math.min(leastColumn, wanted[index] ?? 1)) ? null : widths;
}

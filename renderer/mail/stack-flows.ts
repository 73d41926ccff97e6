/** Where the boxes of a mail stack's picture stand, and how the lines between them run. Pure. */
import type { NodeKey } from './stack-nodes.ts';

/** The boxes of the picture by column and row; what is not here stands in the row below it. */
export const places: Partial<Record<NodeKey | 'internet' | 'user', { column: number; row: number }>> = {
  internet: { column: 0, row: 0 },
  mx: { column: 1, row: 0 },
  user: { column: 0, row: 2 },
  submission: { column: 1, row: 2 },
  queue: { column: 2, row: 1 },
  mailbox: { column: 3, row: 0 },
  outside: { column: 3, row: 2 },
  imap: { column: 4, row: 0 },
  pop3: { column: 4, row: 1 },
  webmail: { column: 4, row: 2 },
};
/** How mail flows. A line stands as the box that it leads to does. */
export const flows: readonly (readonly [from: keyof typeof places, to: keyof typeof places])[] = [
  ['internet', 'mx'],
  ['mx', 'queue'],
  ['user', 'submission'],
  ['submission', 'queue'],
  ['queue', 'mailbox'],
  ['queue', 'outside'],
  ['mailbox', 'imap'],
  ['mailbox', 'pop3'],
  ['mailbox', 'webmail'],
];

/** Share of the picture's width that lies between two columns, and of its height between two rows. */
export const gaps = { column: 0.045, row: 0.08 };
const columns = 5;
const rows = 3;

/**
 * Where a line runs in a picture of this size, as an SVG path: from the right edge of one box to the left edge of the other.
 * @param tip room for the head of the arrow, px
 */
export function flowPath(from: keyof typeof places, to: keyof typeof places, size: { width: number; height: number }, tip: number): string {
  const [a, b] = [places[from], places[to]];
  if (!a || !b) return '';
  const boxWidth = (1 - gaps.column * (columns - 1)) / columns;
  const boxHeight = (1 - gaps.row * (rows - 1)) / rows;
  const px = (value: number): number => Math.round(value * 10) / 10;
  const left = (column: number): number => column * (boxWidth + gaps.column) * size.width;
  const middle = (row: number): number => px((row * (boxHeight + gaps.row) + boxHeight / 2) * size.height);
  const [x1, y1] = [px(left(a.column) + boxWidth * size.width), middle(a.row)];
  const [x2, y2] = [px(left(b.column) - tip), middle(b.row)];
  const bend = px((x1 + x2) / 2);
  return y1 === y2 ? `M${x1} ${y1}H${x2}` : `M${x1} ${y1}C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}`;
}

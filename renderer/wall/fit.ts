/**
 * How a panel of the wall uses its place: the worst as large cards on top, all others as cells with names, as large as they fit; too
 * many for names become dots; too many for dots, only the count in the heading. Nothing ever scrolls. Pure; all measures in px.
 */

export interface Room {
  width: number;
  height: number;
  /** Root font size: large cards are measured in it. */
  rem: number;
}

export interface Fit {
  /** Large cards, worst first. */
  cards: number;
  cardColumns: number;
  mode: 'names' | 'dots' | 'count';
  /** Of one cell: its height (names) or its diameter (dots). */
  size: number;
  columns: number;
  gap: number;
}

export const cardHeightRem = 5.5;
const cardWidthRem = 17;
const gapRem = 0.4;
/** Cards may take this share of a panel while there is something else to show. */
const cardShare = 0.5;
const largestName = 2.6;
/** Below this a name cannot be read from a few metres away. */
const smallestName = 1.2;
const nameAspect = 3.5;
const largestDot = 1.4;
const smallestDotPx = 5;

/**
 * @param trouble how many of `total` want a large card
 * @param total tiles of the panel
 */
export function fit({ width, height, rem }: Room, trouble: number, total: number): Fit {
  const gap = gapRem * rem;
  const cardColumns = Math.max(1, Math.floor((width + gap) / (cardWidthRem * rem + gap)));
  const cardRow = cardHeightRem * rem + gap;
  const onlyTrouble = trouble === total;
  const rowsFor = (share: number) => Math.floor((height * share + gap) / cardRow);
  const wanted = Math.ceil(trouble / cardColumns);
  const rows = onlyTrouble && wanted <= rowsFor(1) ? wanted : Math.min(wanted, Math.max(1, rowsFor(cardShare)));
  const cards = Math.min(trouble, rows * cardColumns);
  const left = height - Math.ceil(cards / cardColumns) * cardRow;
  const cells = total - cards;
  return { cards, cardColumns, ...fitCells(width, left, rem, cells) };
}

function fitCells(width: number, height: number, rem: number, cells: number): Pick<Fit, 'mode' | 'size' | 'columns' | 'gap'> {
  const gap = gapRem * rem;
  if (cells === 0) return { mode: 'names', size: largestName * rem, columns: 1, gap };
  for (let size = largestName * rem; size >= smallestName * rem; size -= 0.05 * rem) {
    const space = Math.min(gap, size * 0.2);
    const columns = Math.max(1, Math.floor((width + space) / (size * nameAspect + space)));
    if (Math.ceil(cells / columns) * (size + space) - space <= height) return { mode: 'names', size, columns, gap: space };
  }
  for (let size = largestDot * rem; size >= smallestDotPx; size -= 0.5) {
    const space = size * 0.4;
    const columns = Math.floor((width + space) / (size + space));
    if (columns > 0 && Math.ceil(cells / columns) * (size + space) - space <= height) return { mode: 'dots', size, columns, gap: space };
  }
  return { mode: 'count', size: 0, columns: 1, gap };
}

/** Where the picture sits, against burn-in: a slow walk round a small square, one step every three minutes. */
export function shiftAt(now: number): { x: number; y: number } {
  const walk = [0, 1, 2, 2, 2, 1, 0, 0];
  const step = Math.floor(now / 180_000) % walk.length;
  return { x: (walk[step] ?? 0) * 3 - 3, y: (walk[(step + 2) % walk.length] ?? 0) * 3 - 3 };
}
